"""What became of the rows that a collector sent: batch by batch, by unit and outcome."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from survey.rules.batch import Outcome
from survey.rules.states import WaveState

UnitAndOutcome = tuple[str, str]
"""Which unit and outcome a row says; an empty text where that is none of the survey."""

_OUTCOMES = frozenset(Outcome)


def said(unit: str | None, outcome: str | None, units: Collection[str]) -> UnitAndOutcome:
    """Return what a row is counted under that was not stored."""
    return (unit if unit in units else "") or "", (outcome if outcome in _OUTCOMES else "") or ""


def left_out(
    fates: Iterable[tuple[str, str | None, str | None]], units: Collection[str]
) -> Mapping[UnitAndOutcome, Counter[str]]:
    """Return how many rows were left out, by what they say: of each its fate (unchanged, refused),
    its unit and its outcome."""
    found = defaultdict[UnitAndOutcome, Counter[str]](Counter)
    for fate, unit, outcome in fates:
        found[said(unit, outcome, units)][fate] += 1
    return found


@dataclass(frozen=True, slots=True)
class Fates:
    """How many rows of one batch, unit and outcome were stored, unchanged and refused; those of a
    batch that was withdrawn are `withdrawn` besides."""

    batch_no: str
    unit: str
    outcome: str
    stored: int = 0
    unchanged: int = 0
    refused: int = 0
    withdrawn: int = 0

    @property
    def sent(self) -> int:
        """How many were sent."""
        return self.stored + self.unchanged + self.refused


def totals(fates: Iterable[Fates]) -> Fates:
    """Return the sums of rows, without batch, unit and outcome."""
    found = Fates("", "", "")
    for each in fates:
        found = replace(
            found,
            stored=found.stored + each.stored,
            unchanged=found.unchanged + each.unchanged,
            refused=found.refused + each.refused,
            withdrawn=found.withdrawn + each.withdrawn,
        )
    return found


def is_told_all(state: WaveState, relations: Collection[str]) -> bool:
    """Say whether a reader may know of other contacts than completed ones: of a wave that is open
    its collector alone does."""
    return "collector" in relations or state not in (WaveState.PLANNED, WaveState.OPEN)


def told_to(fates: Iterable[Fates], *, hidden: Collection[str], everything: bool) -> list[Fates]:
    """Return what a reader may know: nothing of `hidden` units, and unless it is `everything`, as
    of an open wave to others than its collector, completed contacts alone."""
    return [
        each
        for each in fates
        if each.unit not in hidden and (everything or each.outcome == Outcome.COMPLETED)
    ]
