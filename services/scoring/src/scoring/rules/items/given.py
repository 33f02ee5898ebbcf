"""What an item is given to: units with their shares, and a term; and what is wrong with these."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from chassis.deadlines import Calendar
from chassis.refusals import Fault
from scoring.rules.items.states import LEAD, READER

WHOLE = 100
"""Shares of an item are whole percents: what it costs is shared out by them."""


class Share(NamedTuple):
    """A unit of an item, as what it is, and its share in percent; whoever only reads has none."""

    unit: str
    role: str
    share: int


class Term(NamedTuple):
    """How long there is: `until` a day, or `within` so many working days; None where unsaid."""

    until: dt.date | None = None
    within: int | None = None

    @property
    def is_given(self) -> bool:
        """Say whether it says anything."""
        return self.until is not None or self.within is not None

    def due(self, day: dt.date, calendar: Calendar) -> dt.date:
        """Return the last day, of a term that begins on a day."""
        return self.until or calendar.after(day, self.within or 0)


NO_TERM = Term()


def handlers(shares: Collection[Share]) -> list[Share]:
    """Return who has to do with an item, without those who only read."""
    return [each for each in shares if each.role != READER]


def share_faults(at: str, shares: Sequence[Share], assessed: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with the units of an item: one leads, their shares come to the whole."""
    yield from _unit_faults(
        ((f"{at}/{n}/unit", each.unit) for n, each in enumerate(shares)), (), assessed
    )
    leads = sum(each.role == LEAD for each in shares)
    if leads != 1:
        yield Fault(
            at,
            "one-lead",
            f"One unit leads; {leads} do here.",
            f"须有且仅有一个牵头单位，现有{leads}个。",
        )
    total = sum(each.share for each in shares)
    if total != WHOLE:
        yield Fault(
            at,
            "shares-sum",
            f"Shares sum to 100, not to {total}.",
            f"份额之和为{total}，应为100。",
        )


def deciders(shares: Collection[Share], bodies: Mapping[str, str]) -> set[str] | None:
    """Return the bodies that decide about an item in the office's place, by their `bodies` by unit;
    None where the office does."""
    named = {bodies[each.unit] for each in handlers(shares) if each.unit in bodies}
    return named or None


def undecided_faults(
    at: str, shares: Collection[Share], bodies: Mapping[str, str]
) -> Iterator[Fault]:
    """Yield that nobody could decide about an item: each body that decides about one of its units
    in the office's place is itself one of them."""
    named, own = deciders(shares, bodies), {each.unit for each in handlers(shares)}
    if named is not None and named <= own:
        told = ", ".join(sorted(named))
        yield Fault(
            at,
            "nobody-decides",
            f"{told} would decide about it in the office's place, and it is given to {told}.",
            f"按方案应由 {told} 代为办理，但该事项由其承办，无人可以办理；请分开登记。",
        )


def reader_faults(
    at: str, readers: Sequence[str], shares: Collection[Share], assessed: Collection[str]
) -> Iterator[Fault]:
    """Yield readers who are named twice, have to do with the item anyway, or are not assessed."""
    places = ((f"{at}/{n}", unit) for n, unit in enumerate(readers))
    yield from _unit_faults(places, {each.unit for each in shares}, assessed)


def _unit_faults(
    places: Iterable[tuple[str, str]], named: Collection[str], assessed: Collection[str]
) -> Iterator[Fault]:
    """Yield units that are named before, or that the scheme does not assess, by their places."""
    seen = {*named}
    for where, unit in places:
        if unit in seen:
            yield Fault(where, "named-twice", f"{unit} is named before.", f"{unit} 重复。")
        elif unit not in assessed:
            en, zh = f"The scheme does not assess {unit}.", f"方案不评估 {unit}。"
            yield Fault(where, "not-assessed", en, zh)
        seen.add(unit)


def term_faults(
    at: str, term: Term, day: dt.date, last: dt.date, calendar: Calendar, after: dt.date | None
) -> Iterator[Fault]:
    """Yield what is wrong with a term that is given on a day: it ends neither before that, nor
    after the `last` day, and `after` another where it takes its place."""
    if not term.is_given:
        return
    if term.until is not None and term.within is not None:
        yield Fault(
            f"{at}/within",
            "not-wanted",
            "Say until when, or within how many working days.",
            "`until` 与 `within` 只能填写一项。",
        )
        return
    where = f"{at}/until" if term.until else f"{at}/within"
    due = term.due(day, calendar)
    if not day <= due <= last:
        yield Fault(
            where,
            "day-outside",
            f"It is due from {day} to {last}.",
            f"期限应在 {day} 至 {last} 之间。",
        )
    elif after is not None and due <= after:
        yield Fault(
            where, "not-later", f"It is due {after} already.", f"现有期限为 {after}，应晚于该日。"
        )


def term_missing(at: str) -> Fault:
    """Return the fault of a move that lacks its term."""
    return Fault(
        f"{at}/until",
        "missing",
        "Say until when, or within how many working days.",
        "须填写 `until` 或 `within`。",
    )


def with_readers(shares: Sequence[Share], readers: Sequence[str]) -> list[Share]:
    """Return the units of an item and those that only read it."""
    named = {each.unit for each in shares}
    return [*shares, *(Share(unit, READER, 0) for unit in readers if unit not in named)]
