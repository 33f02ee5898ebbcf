"""What is checked in the place of a drawn entry that counts no longer."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple
from uuid import UUID

from scoring.rules.ledger.entries import LAST_YEAR, ZERO_REPORT, months_of, year_of


class Link(NamedTuple):
    """An entry and what it was restated as: the `first`, what stands for it by now, whether nothing
    of the line counts any more (`is_gone`), and all entries of the line."""

    first: UUID
    stands: UUID
    is_gone: bool
    line: Sequence[UUID]


class InCell(NamedTuple):
    """An entry, and of what it is: which unit, indicator, key and item, for which period."""

    entry_id: UUID
    unit: str
    indicator: str
    key: str | None
    item: str | None
    period: str


class Drawn(NamedTuple):
    """A drawn entry, and what counts in its cell instead where its own line is gone."""

    entry_id: UUID
    link: Link
    beside: Sequence[UUID]

    @property
    def checked(self) -> Sequence[UUID]:
        """What is checked for it: nothing is lost, so that the entry itself where nothing counts in
        its place."""
        return self.beside or [self.link.stands]

    def is_lost(self, found: AbstractSet[UUID]) -> bool:
        """Say whether nothing counts in its place and nobody has found anything about it."""
        return self.link.is_gone and not self.beside and not found & {*self.link.line}


def line_of(steps: Sequence[tuple[UUID, bool, bool]]) -> Link:
    """Return the line of a drawn entry by its steps, the first first: each with its id, whether it
    counts, and whether a finding put it there, which is not checked again."""
    ids = [each for each, _, _ in steps]
    last, counts, by_finding = steps[-1]
    stands = ids[-2] if by_finding and len(ids) > 1 else last
    return Link(ids[0], stands, not counts, ids)


def stand_ins(gone: InCell, others: Iterable[InCell]) -> list[UUID]:
    """Return which entries are of the cell of one that is gone: of the same key and item, or one
    that says that there was nothing, for a period that has a month with it in common."""
    return sorted(
        each.entry_id
        for each in others
        if (each.unit, each.indicator) == (gone.unit, gone.indicator)
        and (each.key in (gone.key, ZERO_REPORT, None) or gone.key in (ZERO_REPORT, None))
        and (each.item == gone.item or LAST_YEAR in (each.item, gone.item))
        and year_of(each.period) == year_of(gone.period)
        and months_of(each.period) & months_of(gone.period)
    )
