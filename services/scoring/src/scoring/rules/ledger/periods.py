"""Periods that close (关账): what is no longer let into the ledger, and by which permission it is.

A month, a quarter or a half-year is closed once it is over. From then on nothing about it is
entered, handed in, restated or reversed without a dated permission, and what comes in by one is
marked as late for good. The whole year is closed by the seal.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple, Protocol, Self

from chassis.refusals import Conflict, Fault, Invalid
from scoring.rules.ledger.entries import BY_OFFICE, PERIODS, months_of, span_of, year_of
from scoring.rules.ledger.progress import Cell


class PeriodClosed(Conflict):
    """The period is closed."""

    zh = "该期间已经关账。"
    remedy = (
        "What still comes in about it needs a permission of the performance office "
        "(`POST …/period-permissions`), with a reason and an end date.",
        "补录须经绩效办许可（`POST …/period-permissions`），写明理由和截止日期。",
    )


class PeriodNotOver(Conflict):
    """The period is not over yet."""

    zh = "该期间尚未结束。"
    remedy = ("Close a period once its last day is over.", "请在期间最后一日过后再关账。")


class PeriodOpen(Conflict):
    """The period is not closed: whoever may enter needs no permission."""

    zh = "该期间没有关账，无须许可。"
    remedy = ("Enter as always.", "请照常录入。")


class NoSuchPeriod(Invalid):
    """There is no such month, quarter or half-year of the assessment year."""

    zh = "评估年度中没有这个月、季或半年。"
    remedy = (
        'Give a period such as "2025-07", "2025Q3" or "2025H1" of the assessment year.',
        "请给出评估年度内的期间，例如“2025-07”“2025Q3”“2025H1”。",
    )


class PermissionUseless(Invalid):
    """Nobody could make use of such a permission."""

    zh = "这样的许可无法使用。"
    remedy = ("Mend what `errors` names.", "请改正 `errors` 所指各处。")


@dataclass(frozen=True, slots=True)
class Closing:
    """That a period was closed, and when."""

    period: str
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Leave:
    """A permission to enter about a closed period until a moment: for all that a unit enters about
    it, or for one indicator."""

    permission_no: int
    period: str
    unit: str
    indicator: str | None
    valid_until: datetime

    def holds(self, entering: "Entering", moment: datetime) -> bool:
        """Say whether it is given to who enters, for the indicator, and still good."""
        is_theirs = self.unit == entering.author_unit
        return (
            is_theirs and self.indicator in (None, entering.indicator) and moment < self.valid_until
        )


class Dated(Protocol):
    """An entry, as far as periods go."""

    @property
    def indicator(self) -> str:
        """The indicator that it is for."""

    @property
    def period(self) -> str:
        """The period that it is about."""

    @property
    def occurred_on(self) -> date | None:
        """The day of what happened, of an event."""


class Entering(NamedTuple):
    """What an entry is about, as far as periods go, and the unit that enters it."""

    indicator: str
    period: str
    occurred_on: date | None
    author_unit: str


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of a cycle that are closed, and the permissions that were given since."""

    closed: tuple[Closing, ...] = ()
    leaves: tuple[Leave, ...] = ()

    def closing_of(self, entering: Entering) -> Closing | None:
        """Return the closing that an entry comes after: of its own period or of one around it, or
        of the period in which it happened."""
        return next((c for c in self.closed if _is_about(c.period, entering)), None)

    def leave_for(self, entering: Entering, moment: datetime) -> Leave | None:
        """Return a permission by which an entry about closed periods is let in, if there is one.

        Where its own period is closed and the day of what happened too, both need one.
        """
        of_period = self._leaves(lambda each: _within(entering.period, each))
        of_day = self._leaves(lambda each: _has(each, entering.occurred_on))
        found = [
            next((each for each in leaves if each.holds(entering, moment)), None)
            for is_closed, leaves in (of_period, of_day)
            if is_closed
        ]
        return found[0] if found and all(found) else None

    def _leaves(self, about: Callable[[str], bool]) -> tuple[bool, Iterator[Leave]]:
        """Return whether a period is closed of which something holds, and the leaves for such."""
        is_closed = any(about(each.period) for each in self.closed)
        return is_closed, (each for each in self.leaves if about(each.period))

    def shuts(self, entering: Entering) -> bool:
        """Say whether what somebody enters is about a closed period, and none of the permissions,
        all of which are taken to be good, lets it in."""
        closed = self.closing_of(entering) is not None
        return closed and self.leave_for(entering, _BEFORE_ALL) is None

    def good_until(self, entering: Entering) -> datetime | None:
        """Return until when what somebody enters about a closed period is let in at the latest, by
        the permissions that are good; None where none is."""
        good = (
            each.valid_until
            for each in self.leaves
            if _within(entering.period, each.period) and each.holds(entering, _BEFORE_ALL)
        )
        return max(good, default=None)

    def is_closed(self, period: str) -> bool:
        """Say whether a period is closed, by itself or by one around it."""
        return any(_within(period, each.period) for each in self.closed)

    def at(self, moment: datetime, granted: Collection[int] = ()) -> Self:
        """Return these periods as they were at a moment, with the permissions, of those that had
        been `granted` by then, that were good."""
        return type(self)(
            tuple(each for each in self.closed if each.closed_at <= moment),
            tuple(
                each
                for each in self.leaves
                if each.permission_no in granted and moment < each.valid_until
            ),
        )

    def with_closed(self, period: str, moment: datetime) -> Self:
        """Return these periods with one more that is closed."""
        return type(self)((*self.closed, Closing(period, moment)), self.leaves)

    def with_leave(self, leave: Leave) -> Self:
        """Return these periods with one more permission."""
        return type(self)(self.closed, (*self.leaves, leave))


NO_PERIODS = Periods()
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Made(Dated, Protocol):
    """A stored entry, as far as periods go."""

    @property
    def unit(self) -> str:
        """The unit that it is about."""

    @property
    def author_unit(self) -> str:
        """The unit that made it."""


def moving(entry: Made) -> Entering:
    """Return what a stored entry is about that is handed in or taken out.

    It is let in by a permission of the unit that made it; a card, which none has made, by one of
    the unit that it is about.
    """
    is_card = entry.author_unit == BY_OFFICE
    return entering_of(entry, entry.unit if is_card else entry.author_unit)


def entering_of(entry: Dated, author_unit: str | None) -> Entering:
    """Return what an entry is about that a unit enters, or takes out."""
    return Entering(entry.indicator, entry.period, entry.occurred_on, author_unit or "")


class Admitted(NamedTuple):
    """Which entries come in late by which permission, and what is wrong with those that do not."""

    late: dict[int, Leave]
    faults: dict[int, Fault]


def admitted(
    periods: Periods,
    entering: Mapping[int, Sequence[Entering]],
    moment: datetime,
    where: str = "entries",
) -> Admitted:
    """Return which of some entries come in late, and the faults of those whose period is closed.

    Each is named with what it takes the place of, or takes out: that may have happened in another
    period, and both have to be open, or permitted.
    """
    found = Admitted({}, {})
    for row, abouts in entering.items():
        leaves = list[Leave]()
        for each in abouts:
            closing, leave = periods.closing_of(each), periods.leave_for(each, moment)
            if closing is not None and leave is None:
                found.faults[row] = closed_fault(closing, f"/{where}/{row}")
            leaves += [leave] if leave else []
        if leaves and row not in found.faults:
            found.late[row] = leaves[0]
    return found


def closed_fault(closing: Closing, at: str) -> Fault:
    """Return what is wrong with an entry whose period is closed."""
    # Of when it was closed `GET …/periods` tells: a moment here would be one of no time zone.
    return Fault(
        at,
        "period-closed",
        f"{closing.period} is closed; entries about it need a permission.",
        f"期间 {closing.period} 已经关账，补录须经许可。",
    )


def check_period(period: str, year: int) -> None:
    """Refuse what is no month, quarter or half-year of the assessment year."""
    if period not in periods_of(year):
        raise NoSuchPeriod(
            f"{period} is no month, quarter or half-year of {year}.",
            f"{period} 不是 {year} 年的月、季或半年。",
        )


def check_over(period: str, today: date) -> None:
    """Refuse a period whose last day is not over."""
    last = span_of(period)[1]
    if today <= last:
        raise PeriodNotOver(f"{period} ends on {last}.", f"{period} 于 {last} 结束。")


def periods_of(year: int) -> list[str]:
    """Return the months, quarters and half-years of a year."""
    return [f"{year}{ending}" for endings in PERIODS.values() for ending in endings]


def cells_within(cells: Iterable[Cell], period: str) -> list[Cell]:
    """Return what is expected for a period and those within it."""
    return [each for each in cells if _within(each.period, period)]


def useless(
    until: date, today: date, *, has_unit: bool, has_indicator: bool, enters: bool
) -> Iterator[Fault]:
    """Yield why nobody could make use of a permission."""
    if until < today:
        yield Fault("/until", "over", f"It is {today} already.", f"今日已是 {today}。")
    if not has_unit:
        en, zh = "There is no such unit.", "没有这个单位。"
        yield Fault("/unit", "unknown-unit", en, zh)
    if not has_indicator:
        en, zh = "The scheme has no such indicator.", "方案中没有这项指标。"
        yield Fault("/indicator", "unknown-indicator", en, zh)
    if has_unit and has_indicator and not enters:
        en, zh = "This unit enters nothing of that.", "该单位不录入这些内容。"
        yield Fault("/unit", "does-not-enter", en, zh)


def _is_about(closed: str, entering: Entering) -> bool:
    """Say whether an entry is about a period, or about something that happened in it."""
    return _within(entering.period, closed) or _has(closed, entering.occurred_on)


def _has(period: str, day: date | None) -> bool:
    """Say whether a day is one of a period."""
    first, last = span_of(period)
    return day is not None and first <= day <= last


def _within(period: str, other: str) -> bool:
    """Say whether all months of a period are months of another."""
    if year_of(period) != year_of(other):
        return False
    months = months_of(period)
    return bool(months) and months <= months_of(other)
