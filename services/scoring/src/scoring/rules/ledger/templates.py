"""What a data source unit still has to enter, row by row: the rows of a form that it fills in."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from typing import NamedTuple

from scoring.rules.ledger.entries import EVENT, NOT_APPLICABLE, span_of
from scoring.rules.ledger.progress import Cell, Sought, cells_of
from scoring.rules.ledger.slots import About
from scoring.rules.scheme.compiled import EntryForm
from scoring.rules.scheme.document import Category, Indicator, Scheme

MOST_ROWS = 5_000
"""The most rows of a form: a batch takes no more."""

_Slot = tuple[str | None, ...]


class ToEnter(NamedTuple):
    """An entry that is expected: what it is about, and the form that it has to have.

    Null is what nobody but who enters it can say: the key of an event, an item of the unit's own,
    and the period where one of several will do.
    """

    unit: str
    indicator: Indicator
    form: EntryForm
    key: str | None
    item: str | None
    period: str | None


def expected_entries(
    scheme: Scheme, category: Category, source: str, there: Iterable[About], today: date
) -> Iterator[ToEnter]:
    """Yield what a unit has to enter for a category, without what is `there` already and what lies
    in the future.

    An event, or a report that there was none, answers its period; that an indicator does not apply
    to a unit answers all of it. Marks from seats are nobody's of the unit to enter.
    """
    found = _Answered(there)
    compiled, indicators = scheme.compiled_of[category.code], category.indicators()
    for cell in cells_of(scheme, [category], Sought(data_source_unit=source)):
        form = compiled[cell.indicator].form_for(cell.unit)
        if form is None or cell.is_marked:
            continue
        if span_of(cell.period)[0] <= today:
            for each in _of_cell(scheme, cell, indicators[cell.indicator], form):
                if not found.has(each):
                    yield each


class _Answered:
    """What has been entered, by what it answers."""

    def __init__(self, there: Iterable[About]) -> None:
        self._slots, self._without = set[_Slot](), set[_Slot]()
        for each in there:
            if each.kind == NOT_APPLICABLE:
                self._without.add((each.unit, each.indicator))
            for key, item in ((each.key, each.item), (None, None)):
                for period in (each.period, None):
                    self._slots.add((each.unit, each.indicator, each.kind, key, item, period))

    def has(self, wanted: ToEnter) -> bool:
        """Say whether something answers what is expected."""
        about = (wanted.unit, wanted.indicator.code)
        slot = (*about, wanted.form.kind, wanted.key, wanted.item, wanted.period)
        return about in self._without or slot in self._slots


def _of_cell(
    scheme: Scheme, cell: Cell, indicator: Indicator, form: EntryForm
) -> Iterator[ToEnter]:
    """Yield the entries of one cell: for each key that is read for its period, and each item."""
    if form.kind == EVENT:
        yield ToEnter(cell.unit, indicator, form, None, None, cell.period)
        return
    ending, keys = cell.period.removeprefix(str(scheme.assessment_year)), form.keys or (None,)
    # A cell of the whole year, of which no key is read for the year: any of its periods will do.
    is_choice = not any(ending in form.endings_for(key) for key in keys)
    period = None if is_choice else cell.period
    read = [key for key in keys if is_choice or ending in form.endings_for(key)]
    for key, item in product(read, form.items or (None,)):
        yield ToEnter(cell.unit, indicator, form, key, item, period)
