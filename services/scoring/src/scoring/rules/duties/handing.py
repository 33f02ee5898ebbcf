"""Since when it counts what a unit handed in, where entries follow one another."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

Cell = tuple[str, str, str]
"""A unit, an indicator and a period."""


class Counting(NamedTuple):
    """An entry that counts, or did until another took its place; without `entry_id` the first of
    several about a cell that follow none.

    `former` is the entry that it follows, `counts` whether it counts itself.
    """

    entry_id: UUID | None
    former: UUID | None
    counts: bool
    unit: str
    indicator: str
    period: str
    handed_in: dt.datetime

    @property
    def cell(self) -> Cell:
        """What it is about."""
        return self.unit, self.indicator, self.period


def first_of(entries: Iterable[Counting]) -> dict[Cell, dt.datetime]:
    """Return the moment from which on there is something that counts, by what it is about.

    What takes the place of an entry that counted goes on from the moment of that one: a value that
    is restated was not late. An entry about something else is not gone on from.
    """
    found = [*entries]
    before = {each.entry_id: each for each in found}
    first: dict[Cell, dt.datetime] = {}
    for each in found:
        if each.counts:
            moment = _begun(each, before)
            first[each.cell] = min(first.get(each.cell, moment), moment)
    return first


def _begun(entry: Counting, before: Mapping[UUID | None, Counting]) -> dt.datetime:
    moment, former = entry.handed_in, entry.former
    while former and (one := before.get(former)) is not None and one.cell == entry.cell:
        moment, former = min(moment, one.handed_in), one.former
    return moment
