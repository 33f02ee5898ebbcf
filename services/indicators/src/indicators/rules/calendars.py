"""The calendar of a year (日历): which days differ from the plain week, by whose word, as it was
known at a moment.

Offices work from Monday to Friday. Each autumn the State Council announces the public holidays of
the next year (法定节假日) and the days of weekends that are worked for them (调休上班). Of a year
that has not been announced nothing follows from the years before.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from chassis.refusals import Conflict, Fault, Invalid, pointer
from indicators.rules.publication import ReasonMissing

DayKind = Literal["working", "resting", "plain"]

RevisionKind = Literal["supplied", "announcement", "correction"]

MOST_DAYS = 60
"""How many days of a year may differ from the plain week; in fact there are about thirty."""

_SATURDAY = 5


class CalendarRefused(Invalid):
    """Some of these days cannot be days of the calendar, so nothing was recorded."""

    zh = "部分日期不能作为该年日历的内容，全部未登记。"
    remedy = (
        "Mend or leave out the days that `errors` names, and send all of them again. Days that are "
        "worked or rest by the plain week are not named.",
        "请改正或去掉 `errors` 所指的日期，然后重新提交。照常上班、照常休息的日期不必列出。",
    )


class YearNotAnnounced(Conflict):
    """The holidays of this year have not been announced; there is nothing to correct."""

    zh = "该年的节假日安排尚未公布，无可更正。"
    remedy = (
        "Record the announcement of the whole year first.",
        "请先登记该年的节假日安排。",
    )


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that is worked though it is of a weekend, rests though it is not, or is plain again.

    Its names say for which holiday; a plain day has none.
    """

    day: dt.date
    kind: DayKind
    name_zh: str | None = None
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarRevision:
    """What was recorded at once of a year: all its days, or corrections of single ones."""

    revision: int
    kind: RevisionKind
    document_no: str | None
    recorded_at: dt.datetime
    days: Sequence[CalendarDay]


@dataclass(frozen=True, slots=True)
class KnownYear:
    """What is known of a year: its days that differ, each with the revision that says so.

    `recorded_at` is None where all is as it was supplied, which counts at every moment.
    """

    revision: int = 0
    document_no: str | None = None
    recorded_at: dt.datetime | None = None
    announced: bool = False
    days: Mapping[dt.date, tuple[CalendarDay, int]] | None = None

    def of(self, day: dt.date) -> CalendarDay:
        """Return how a day stands."""
        found = (self.days or {}).get(day)
        return found[0] if found else CalendarDay(day, "plain")


def known_year(
    revisions: Iterable[CalendarRevision], as_of: dt.datetime | None = None
) -> KnownYear:
    """Return what is known of a year by its revisions in their order, or was at a moment.

    What is supplied was known always. An announcement takes the place of all before it.
    """
    known = KnownYear()
    for each in revisions:
        if as_of is None or each.kind == "supplied" or each.recorded_at <= as_of:
            known = _then(known, each)
    return known


def _then(known: KnownYear, each: CalendarRevision) -> KnownYear:
    """Return what is known once a revision has been recorded."""
    replaces = each.kind != "correction"
    days = {} if replaces else dict(known.days or {})
    days |= {day.day: (day, each.revision) for day in each.days}
    return KnownYear(
        each.revision,
        each.document_no if replaces else known.document_no,
        None if each.kind == "supplied" else each.recorded_at,
        announced=True,
        days={day: told for day, told in sorted(days.items()) if told[0].kind != "plain"},
    )


def check_announcement(
    year: int, days: Sequence[CalendarDay], known: KnownYear, reason: str | None
) -> None:
    """Refuse days that cannot be those of a year, and a second announcement without a reason."""
    _refuse_any(_faults(year, days))
    if known.announced and reason is None:
        raise ReasonMissing(
            f"The calendar of {year} is known already.", f"{year} 年的日历已经登记。"
        )


def check_correction(year: int, days: Sequence[CalendarDay], known: KnownYear) -> None:
    """Refuse to correct a year that is not announced, or by days that cannot be or say nothing
    new."""
    if not known.announced:
        raise YearNotAnnounced(f"The year is {year}.", f"年份为 {year}。")
    _refuse_any(chain(_faults(year, days), _name_faults(days), _unchanged(days, known)))
    differing = set(known.days or ()) | {each.day for each in days if each.kind != "plain"}
    differing -= {each.day for each in days if each.kind == "plain"}
    if len(differing) > MOST_DAYS:
        n = len(differing)
        raise CalendarRefused(
            f"{n} days of the year would differ from the plain week, more than {MOST_DAYS}.",
            f"该年将有 {n} 日与平常不同，超过 {MOST_DAYS} 日。",
        )


def _refuse_any(found: Iterable[Fault]) -> None:
    faults = list(found)
    if faults:
        n = len(faults)
        raise CalendarRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def _faults(year: int, days: Sequence[CalendarDay]) -> Iterator[Fault]:
    seen = set[dt.date]()
    for i, each in enumerate(days):
        at, day = pointer("days", i, "day"), each.day
        if day.year != year:
            yield Fault(
                at, "not-of-this-year", f"{day} is no day of {year}.", f"{day} 不在 {year} 年。"
            )
        if day in seen:
            yield Fault(at, "named-twice", f"{day} is named twice.", f"{day} 重复列出。")
        seen.add(day)
        yield from _language_faults(each, pointer("days", i))
        is_of_weekend = day.weekday() >= _SATURDAY
        if each.kind == "working" and not is_of_weekend:
            yield Fault(
                at,
                "works-already",
                f"{day} is no day of a weekend: it is worked without being named.",
                f"{day} 不是周末，本来就是工作日。",
            )
        if each.kind == "resting" and is_of_weekend:
            yield Fault(
                at,
                "rests-already",
                f"{day} is a day of a weekend: it rests without being named.",
                f"{day} 是周末，本来就是休息日。",
            )


def _language_faults(day: CalendarDay, at: str) -> Iterator[Fault]:
    """Yield a name that is in the other language."""
    if day.name_zh is not None and not _HAN.search(day.name_zh):
        en, zh = f"{day.name_zh} is no Chinese name.", "应为中文名称。"
        yield Fault(f"{at}/name_zh", "not-chinese", en, zh)
    if day.name_en is not None and _HAN.search(day.name_en):
        yield Fault(f"{at}/name_en", "not-english", "An English name is wanted.", "应为英文名称。")


_HAN = re.compile("[\u4e00-\u9fff]")


def is_announced_so(
    revisions: Sequence[CalendarRevision], document_no: str, days: Sequence[CalendarDay]
) -> bool:
    """Say whether the same announcement is the latest that was recorded of a year."""
    last = revisions[-1] if revisions else None
    if last is None or last.kind == "correction" or last.document_no != document_no:
        return False
    ordered = sorted(days, key=lambda each: each.day)
    return ordered == sorted(last.days, key=lambda each: each.day)


NOVEMBER = 11
"""The month by which the next year's holidays are announced."""


def year_wanting(today: dt.date, announced: Collection[int]) -> int | None:
    """Return a year of which the announcement is missing though it is needed by a day: this one,
    or from November on the next."""
    years = (today.year, today.year + 1) if today.month >= NOVEMBER else (today.year,)
    return next((year for year in years if year not in announced), None)


def _name_faults(days: Sequence[CalendarDay]) -> Iterator[Fault]:
    for i, each in enumerate(days):
        for name in ("name_zh", "name_en"):
            at, is_named = pointer("days", i, name), getattr(each, name) is not None
            if each.kind == "plain" and is_named:
                yield Fault(at, "name-unused", "A plain day has no name.", "平常的日子没有名称。")
            if each.kind != "plain" and not is_named:
                yield Fault(
                    at, "name-missing", "The day needs the holiday's name.", "须写明节日名称。"
                )


def _unchanged(days: Sequence[CalendarDay], known: KnownYear) -> Iterator[Fault]:
    for i, each in enumerate(days):
        if known.of(each.day) == each:
            yield Fault(
                pointer("days", i),
                "unchanged",
                f"{each.day} stands so already.",
                f"{each.day} 已是如此。",
            )
