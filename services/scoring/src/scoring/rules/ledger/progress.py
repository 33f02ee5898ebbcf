"""How far the entries of a year are: what the scheme expects, held against what has come (进度).

A cell is a unit, an indicator and one of the periods for which values are taken; where any period
will do, the whole year. Events are expected only where silence has to be reported, then for each
period of the indicator's frequency. An entry answers the cells whose months its own period shares.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import astuple, dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import product
from typing import Literal, NamedTuple

from scoring.rules.ledger.entries import (
    EVENT,
    FREQUENCIES,
    MEASURED_VALUE,
    MILESTONE,
    NOT_APPLICABLE,
    YEAR,
    ZERO_REPORT,
    months_of,
    span_of,
)
from scoring.rules.ledger.states import CHECKED, LOCKED, RETURNED, SUBMITTED, VERIFIED
from scoring.rules.scheme.compiled import CompiledIndicator, EntryForm
from scoring.rules.scheme.document import OWN_UNIT, Category, Indicator, Scheme

By = Literal["category", "unit", "indicator", "period", "data_source_unit"]

COUNTED = (SUBMITTED, CHECKED, VERIFIED, LOCKED, RETURNED)
"""The states that progress is told of; drafts are still their author's own."""

_SETTLED = frozenset({VERIFIED, LOCKED})


class Cell(NamedTuple):
    """What is expected: an entry about a unit, for an indicator and a period, from a unit.

    Where it takes several values, `wants` are their keys and items: all of them make it complete.
    """

    category: str
    unit: str
    indicator: str
    period: str
    data_source_unit: str
    is_marked: bool
    wants: tuple[tuple[str | None, str | None], ...] = ()


class Arrived(NamedTuple):
    """That there are entries about a unit, for an indicator and a period, in a state."""

    unit: str
    indicator: str
    period: str
    kind: str
    state: str


@dataclass(slots=True)
class Progress:
    """Cells counted: `expected` in all, `due` those whose period is over, `received` those with an
    entry handed in, `verified` those of them in which all entries are, `returned` those where one
    was sent back, `overdue` those that are due and have none handed in."""

    expected: int = 0
    due: int = 0
    received: int = 0
    verified: int = 0
    returned: int = 0
    overdue: int = 0

    def add(self, found: Set[str], *, is_due: bool) -> None:
        """Count one more cell, with the states of its entries."""
        handed_in = found - {RETURNED}
        self.expected += 1
        self.due += is_due
        self.received += bool(handed_in)
        self.verified += bool(handed_in) and found <= _SETTLED
        self.returned += RETURNED in found
        self.overdue += is_due and not handed_in


def sum_of(parts: Iterable[Progress]) -> Progress:
    """Return the progress of all cells that are counted in some parts."""
    counts = [astuple(part) for part in parts]
    return Progress(*map(sum, zip(*counts, strict=True)))


class Sought(NamedTuple):
    """Which cells are asked for: those that have all in common of what is said."""

    category: str | None = None
    unit: str | None = None
    indicator: str | None = None
    period: str | None = None
    data_source_unit: str | None = None


class Reach(NamedTuple):
    """Which cells somebody may know of: those about some units, and those that a unit is to fill,
    without marks; every cell where `units` is None."""

    units: frozenset[str] | None = None
    source: str | None = None


EVERY_CELL, ALL, NONE = Sought(), Reach(), Reach(frozenset())


def cells_of(
    scheme: Scheme,
    categories: Iterable[Category] | None = None,
    sought: Sought = EVERY_CELL,
    reach: Reach = ALL,
) -> Iterator[Cell]:
    """Yield what a scheme expects, in its own order; of some categories where they are given. What
    is not asked for, or not for the caller to know, is not made either: a year of many units has
    some hundred thousand cells."""
    for category in scheme.categories if categories is None else categories:
        if sought.category in (None, category.code):
            yield from _of_category(scheme, category, sought, reach)


def _of_category(
    scheme: Scheme, category: Category, sought: Sought, reach: Reach
) -> Iterator[Cell]:
    kinds = _by_unit([*_kinds(scheme, category, sought, reach)], sought, reach)
    for unit in category.units:
        for kind in kinds(unit) if sought.unit in (None, unit) else ():
            for period, is_marked, wants in kind.expected_of(unit):
                source = kind.source or unit
                yield Cell(category.code, unit, kind.code, period, source, is_marked, wants)


class _Expected(NamedTuple):
    """What is expected for a period of every unit for which an indicator takes the same."""

    period: str
    is_marked: bool
    wants: tuple[tuple[str | None, str | None], ...]


@dataclass(frozen=True)
class _Kind:
    """What all cells of an indicator in a category have in common; without a `source` each unit is
    its own."""

    code: str
    source: str | None
    compiled: CompiledIndicator
    expects: Callable[[EntryForm | None], list[_Expected]]

    @cached_property
    def usual(self) -> list[_Expected]:
        """What is expected about units without parameters of their own: found once for all."""
        return self.expects(self.compiled.takes)

    def expected_of(self, unit: str) -> list[_Expected]:
        """Return what is expected about a unit."""
        special = self.compiled.takes_of_unit
        return self.expects(special[unit]) if unit in special else self.usual


def _kinds(scheme: Scheme, category: Category, sought: Sought, reach: Reach) -> Iterator[_Kind]:
    known = category.indicators()
    rates = scheme.complaints.rates if scheme.complaints else None
    # What is entered by itself is owed by nobody, like marks from seats.
    by_itself = frozenset(rates.named().values() if rates else ())
    for code, each in scheme.compiled_of[category.code].items():
        source = known[code].data_source_unit
        is_sought = sought.data_source_unit in (None, source) or source == OWN_UNIT
        if is_sought and sought.indicator in (None, code):
            told = sought.period, code in by_itself, reach.units is None
            expects = partial(_expected, scheme, known[code], *told)
            yield _Kind(code, None if source == OWN_UNIT else source, each, expects)


def _by_unit(
    kinds: Sequence[_Kind], sought: Sought, reach: Reach
) -> Callable[[str], Sequence[_Kind]]:
    """Return what is asked for of a unit, and for the caller to know: the same of all units that
    are read alike, but of one that is asked for, or may know of something, as its own source."""
    asked = sought.data_source_unit

    def chosen(is_read: bool, own: str | None) -> list[_Kind]:
        sources = ((each, each.source or own) for each in kinds)
        sends = {reach.source} - {None}
        return [k for k, s in sources if asked in (None, s) and (is_read or s in sends)]

    def of_unit(unit: str) -> list[_Kind]:
        is_read = reach.units is None or unit in reach.units
        return chosen(is_read, unit) if unit in (asked, reach.source) else usual[is_read]

    usual = {is_read: chosen(is_read, None) for is_read in (False, True)}
    return of_unit


def _expected(
    scheme: Scheme,
    indicator: Indicator,
    period: str | None,
    by_itself: bool,
    marks: bool,
    form: EntryForm | None,
) -> list[_Expected]:
    """Return what is expected of units for which an indicator takes a form; with `marks` also what
    nobody owes."""
    if form is None:
        return []
    is_marked = form.panel is not None or by_itself
    periods = ((f"{scheme.assessment_year}{e}", e) for e in _endings(scheme, indicator, form))
    return [
        _Expected(each, is_marked, wanted_of(form, ending))
        for each, ending in periods
        if period in (None, each) and (marks or not is_marked)
    ]


@lru_cache(maxsize=4096)  # there are as many as indicators and periods, asked for each unit
def _wanted(
    keys: tuple[str, ...], items: tuple[str, ...]
) -> tuple[tuple[str | None, str | None], ...]:
    found = tuple(product(keys or (None,), items or (None,)))
    return found if len(found) > 1 else ()


def wanted_of(form: EntryForm, ending: str) -> tuple[tuple[str | None, str | None], ...]:
    """Return the keys and items that are wanted for a period, where there are several; nothing
    where any entry will do: of events, of pieces, or where units name their own items."""
    if form.any_item or ZERO_REPORT in form.keys or form.kind not in (MEASURED_VALUE, MILESTONE):
        return ()
    months = months_of(f"0000{ending}")
    keys = tuple(
        key
        for key in form.keys
        if any(months & months_of(f"0000{each}") for each in form.endings_for(key))
    )
    return _wanted(keys, form.items)


def _endings(scheme: Scheme, indicator: Indicator, form: EntryForm) -> Iterable[str]:
    if form.kind == EVENT:
        wanted = FREQUENCIES.get(indicator.frequency, YEAR)
        return wanted if scheme.ledger.zero_report_required else ()
    own = (ending for endings in form.endings_of_key.values() for ending in endings)
    taken = dict.fromkeys([*form.endings, *own])
    months = [month for ending in taken for month in months_of(f"{scheme.assessment_year}{ending}")]
    # Periods within one another are a choice: not each of them is expected.
    return taken if taken and len(months) == len(set(months)) else YEAR


def progress_of(
    cells: Iterable[Cell], arrived: Iterable[Arrived], by: Sequence[By], today: date
) -> dict[tuple[str, ...], Progress]:
    """Count the cells by all that they have in common, in their order.

    That an indicator does not apply to a unit answers all its cells.
    """
    states, parts = _states(arrived), dict[tuple[str, ...], Progress]()
    for cell in cells:
        months = months_of(cell.period)
        key = tuple(getattr(cell, name) for name in by)
        came = states.get((cell.unit, cell.indicator), {})
        found = {state for period in came if months_of(period) & months for state in came[period]}
        is_due = span_of(cell.period)[1] < today
        parts.setdefault(key, Progress()).add(found, is_due=is_due)
    return parts


def wanting(cells: Iterable[Cell], arrived: Iterable[Arrived], today: date) -> dict[str, int]:
    """Count, by period, the cells about which nothing has come although their period has begun.

    Entries that are drafts or were sent back wait for something else.
    """
    states, found = _states(arrived), dict[str, int]()
    for cell in cells:
        came = states.get((cell.unit, cell.indicator), {})
        months = months_of(cell.period)
        if span_of(cell.period)[0] <= today and not any(months_of(p) & months for p in came):
            found[cell.period] = found.get(cell.period, 0) + 1
    return found


def _states(arrived: Iterable[Arrived]) -> Mapping[tuple[str, str], Mapping[str, set[str]]]:
    """Return by unit and indicator the states of entries, by period."""
    states: dict[tuple[str, str], dict[str, set[str]]] = {}
    for each in arrived:
        period = each.period[:4] if each.kind == NOT_APPLICABLE else each.period
        of_cell = states.setdefault((each.unit, each.indicator), {})
        of_cell.setdefault(period, set()).add(each.state)
    return states
