"""A column: one exact number for every row, or the reasons why a row has none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.rules.columns.gaps import Reason
from scoring.rules.columns.quotients import Quotients

Rows = NDArray[np.intp]
"""Positions of rows, ascending."""

Reasons = tuple[Reason, ...]

Gaps = Mapping[int, Reasons]
"""Why rows have no number, by their position; a row that is not in here has one."""

NO_GAPS: Gaps = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was done to get a number: a value was `carried` over, or a sample is short."""

    reason: Reason
    carried: bool


Notes = Mapping[int, tuple[Note, ...]]


@dataclass(frozen=True, slots=True)
class Column:
    """Exact numbers by row; that of a row with a gap is 0 and means nothing."""

    values: Quotients
    gaps: Gaps = field(default_factory=dict)
    notes: Notes = field(default_factory=dict)

    def take(self, rows: Rows) -> "Column":
        """Return the column of these rows, which then count from 0."""
        if len(rows) == len(self.values):
            return self  # rows are ascending: all of them
        return Column(self.values.take(rows), moved(self.gaps, rows), moved(self.notes, rows))


def moved(found: Mapping[int, Any], rows: Rows) -> dict[int, Any]:
    """Return what is known of some rows under the places that these rows have in `rows`."""
    if not found:
        return {}
    return {at: found[row] for at, row in enumerate(rows.tolist()) if row in found}


def joined(columns: Iterable[Mapping[int, tuple[Any, ...]]]) -> dict[int, tuple[Any, ...]]:
    """Return what several columns say of each row, one after the other."""
    whole: dict[int, tuple[Any, ...]] = {}
    for one in columns:
        for row, said in one.items():
            whole[row] = (*whole.get(row, ()), *said)
    return whole


def without(rows: int, gaps: Mapping[int, object]) -> Rows:
    """Return the positions of the rows, of so many, that have no gap."""
    kept = np.ones(rows, dtype=np.bool_)
    kept[list(gaps)] = False
    return np.flatnonzero(kept)
