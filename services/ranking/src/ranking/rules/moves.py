"""What a change would do to a category: how totals, ranks and grades move."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ranking.rules.reports import Report
from ranking.rules.results import UnitResult, results
from ranking.rules.scheme import Scheme
from ranking.rules.sheet import SheetIncomplete, UnitSheet, marks_to_rank
from ranking.rules.vetoes import EarlierVetoes


@dataclass(frozen=True, slots=True)
class Move:
    """A unit before and after; None on the side on which the category does not have it.

    `total_change` is in points, above 0 for a gain; `rank_change` in places, above 0 for a rise.
    Both are None where one side has no total or rank.
    """

    unit: str
    name: str
    before: UnitResult | None
    after: UnitResult | None

    @property
    def total_change(self) -> Decimal | None:
        """Points gained, or lost below 0."""
        before, after = self._both("final_total")
        return None if before is None or after is None else after - before

    @property
    def rank_change(self) -> int | None:
        """Places gained, or lost below 0."""
        before, after = self._both("rank")
        return None if before is None or after is None else before - after

    @property
    def grade_changed(self) -> bool:
        """Whether the grade is another, or there was or will be none."""
        before, after = self._both("grade")
        return bool(before != after)

    def _both(self, field: str) -> tuple[Any, Any]:
        return getattr(self.before, field, None), getattr(self.after, field, None)


LastRanks = Mapping[str, int]
"""The ranks of last year's release by unit, of which a scheme may name another than before."""

LastVetoes = Mapping[str, EarlierVetoes]
"""What last year's releases tell of the vetoes of a unit, of which the same holds."""


@dataclass(frozen=True, slots=True)
class RankingContext:
    """What stays the same on both sides: the legal names by unit, and what has been reported."""

    names: Mapping[str, str]
    vetoes: Sequence[Report]
    demotions: Sequence[Report]

    def ranked(
        self,
        scheme: Scheme,
        code: str,
        sheets: Iterable[UnitSheet],
        last_ranks: LastRanks,
        last_vetoes: LastVetoes,
    ) -> list[UnitResult]:
        """Rank the category of that code as the scheme says; refuse as a real ranking would."""
        category = scheme.category(code)
        composition, leave_out = scheme.composition_of(category), scheme.leaves_out(category)
        marks = marks_to_rank(sheets, category, composition, leave_out=leave_out)
        return results(
            scheme,
            category,
            marks,
            self.names,
            vetoes=self.vetoes,
            demotions=self.demotions,
            last_ranks=last_ranks,
            earlier_vetoes=last_vetoes,
        )

    def ranked_if_complete(
        self,
        scheme: Scheme,
        code: str,
        sheets: Iterable[UnitSheet],
        last_ranks: LastRanks,
        last_vetoes: LastVetoes,
    ) -> list[UnitResult]:
        """Rank as `ranked`; give nobody where the category is new or lacks marks."""
        if not scheme.units_of(code):
            return []
        try:
            return self.ranked(scheme, code, sheets, last_ranks, last_vetoes)
        except SheetIncomplete:
            return []


def moves(before: Sequence[UnitResult], after: Sequence[UnitResult]) -> list[Move]:
    """Return every unit of either result, in the order of the later one; those that left last."""
    old, new = ({each.unit: each for each in side} for side in (before, after))
    return [
        Move(unit, (new.get(unit) or old[unit]).name, old.get(unit), new.get(unit))
        for unit in dict.fromkeys([*new, *old])
    ]
