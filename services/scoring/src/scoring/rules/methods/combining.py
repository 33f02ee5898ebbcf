"""Values of shorter periods put together to that of a longer one: the latest, their sum or mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.rules.columns.column import Rows
from scoring.rules.columns.quotients import Quotients, total
from scoring.rules.columns.whole import Array
from scoring.rules.ledger.sources import Slot

WHOLE = {
    "last": "latest of its periods",
    "sum": "sum of its periods",
    "mean": "mean of its periods",
}
"""What the value is called that others make."""

NOT_ENTERED = "not entered"
"""What the shorter periods are called for which there is no value."""


@dataclass(frozen=True, slots=True)
class ShorterPeriods:
    """The shorter periods of a longer one, in order, with what was entered for each; `all_wanted`
    where a missing one leaves none."""

    how: str
    all_wanted: bool
    periods: tuple[str, ...]
    slots: tuple[Slot | None, ...]

    def counts(self, rows: Rows) -> Array:
        """Return how many entries each row has for each period."""
        nothing = np.zeros(len(rows), dtype=np.intp)
        return np.stack([nothing if s is None else s.counts[rows] for s in self.slots])

    def values(self, rows: Rows) -> Quotients:
        """Return what the values that rows have come to; 0 where there is none."""
        held = [slot for slot in self.slots if slot is not None]
        columns = [slot.numbers.take(rows) for slot in held]
        if not held:
            return Quotients.same(0, len(rows))
        if self.how == "last":
            return _latest(columns, [slot.counts[rows] > 0 for slot in held])
        whole = total(columns)
        if self.how == "sum":
            return whole
        number = (self.counts(rows) > 0).sum(axis=0)
        return whole.by(Quotients.of([max(1, each) for each in number.tolist()]))

    def lacking(self, row: int) -> tuple[str, ...]:
        """Return the periods for which a row has no value, and which its value lacks: of the
        latest there is, those after it alone."""
        there = [slot is not None and bool(slot.counts[row]) for slot in self.slots]
        if self.how == "last" and not self.all_wanted and any(there):
            return self.periods[len(there) - there[::-1].index(True) :]
        return tuple(p for p, held in zip(self.periods, there, strict=True) if not held)


def _latest(columns: Sequence[Quotients], there: Sequence[Array]) -> Quotients:
    first, *later = columns
    for column, mask in zip(later, there[1:], strict=True):
        first = column.where(mask, first)
    return first
