"""Until when targets that are or were in force may be moved (目标调整截止)."""

import datetime as dt
from collections.abc import Iterable, Sequence

from chassis.deadlines import local_day
from chassis.refusals import Conflict, Fault
from indicators.rules.scheme import Scheme
from indicators.rules.target_moves import Standings, former_of
from indicators.rules.targets import Key, overridden

DEADLINE = "target_revision_deadline"
"""The step of a scheme's calendar after which no target in force is changed (目标调整截止)."""


class RevisionTooLate(Conflict):
    """The deadline for moving targets that are or were in force has passed."""

    zh = "已过目标调整截止日期，已下达过的目标不再变动。"
    remedy = (
        "The targets stay as they are. The deadline stands in the scheme's calendar; only "
        "another version of the scheme moves it.",
        "目标维持不变。截止日期由方案日程规定，只有公布新版方案才能变更。",
    )


def passed_deadline(
    published: Sequence[tuple[Scheme, dt.datetime]], now: dt.datetime
) -> dt.date | None:
    """Return the deadline that has passed, None while targets in force may still be moved.

    `published` are the schemes of a cycle, in the order in which they came into force, and when.
    Days are those of the city. A deadline that passed while its scheme was in force stays passed:
    a later version cannot reopen what everybody's results are held against. Where the calendar
    has no such step it is the last day of the assessment year.
    """
    until = [at for _, at in published[1:]] + [now]
    for (scheme, _), end in zip(published, until, strict=True):
        day = deadline_of(scheme)
        if local_day(end, scheme.time_zone) > day:
            return day
    return None


def check_deadline(
    moved: Iterable[tuple[str, Key]],
    standings: Standings,
    scheme: Scheme,
    passed: dt.date | None,
    today: dt.date,
) -> None:
    """Refuse to move targets that are or ever were in force once the deadline has passed, and to
    set what would count in their place; each stands somewhere in what was sent."""
    if passed is None:
        return
    former = former_of(standings)
    en, zh = f"It was {passed}; today is {today}.", f"截止日期为 {passed}，今天是 {today}。"
    faults = [
        Fault(at, "too-late", en, zh)
        for at, key in moved
        if key in former or overridden(key, former, scheme)
    ]
    if faults:
        raise RevisionTooLate(en, zh, faults=faults, deadline=passed.isoformat())


def deadline_of(scheme: Scheme) -> dt.date:
    """Return until when targets may be moved, by a scheme's calendar."""
    for step in scheme.calendar:
        day = step.due or step.closes or step.date
        if step.step == DEADLINE and day is not None:
            return day
    return dt.date(scheme.assessment_year, 12, 31)
