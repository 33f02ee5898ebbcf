"""What this process computed last, from which the next computation starts.

A city's sheet is computed again and again while the year goes on, and mostly a few entries have
come since. Scoring again after a change gives the bytes of a full computation
(rules/computation.py); what is kept here only saves time, and is compared with all that was read
just now before it is used.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from scoring.api.evidence import Evidence
from scoring.api.explanations import canonical, tree_of
from scoring.api.sheet_documents import UnitScoreSheet, sheet_of
from scoring.rules.claim_checks import Claim
from scoring.rules.computation import Computation, change_since, compute, entries_since, rescore
from scoring.rules.entries import Entry
from scoring.rules.scheme import Scheme, UnitName
from scoring.rules.score_sheet import UnitScores

MOST_CELLS = 50_000
"""How many cells (a unit's indicator) are kept at most; each takes some kilobytes."""


@dataclass(frozen=True)
class Written:
    """What is told of one unit's scores, written once and only when it is asked for."""

    scores: UnitScores

    @cached_property
    def sheet(self) -> UnitScoreSheet:
        """The unit's part of the score sheet."""
        return sheet_of(self.scores)

    @cached_property
    def tree(self) -> bytes:
        """The canonical JSON of the tree that explains it."""
        return canonical(tree_of(self.scores.explanation))

    @cached_property
    def tree_digest(self) -> str:
        """The SHA-256 by which that tree is known."""
        return hashlib.sha256(self.tree).hexdigest()


@dataclass(frozen=True, slots=True)
class Computed:
    """A computation, and what is told of it by unit, in the scheme's order."""

    computation: Computation
    units: Mapping[str, Written]

    def with_entries(self, entries: Sequence[Entry]) -> "Computed":
        """Return what other entries come to, all else being the same."""
        change = entries_since(self.computation, entries)
        return _told(rescore(self.computation, change), self.units)

    @property
    def cells(self) -> int:
        """How many cells were computed."""
        plans = self.computation.plans
        return sum(len(plan.indicators) * len(plan.category.units) for plan in plans)


class Recent:
    """The last computations, by cycle and categories; `most_cells` of them, and always one."""

    def __init__(self, most_cells: int = MOST_CELLS) -> None:
        self.kept: Mapping[tuple[object, ...], Computed] = {}
        self._most_cells = most_cells

    def computed(
        self,
        cycle_id: UUID,
        evidence: Evidence,
        entries: Sequence[Entry],
        claims: Sequence[Claim],
        categories: Sequence[str],
    ) -> Computed:
        """Return what the evidence comes to; takes as long as much has changed since the last."""
        key = (cycle_id, *categories)
        # Not in place: two threads may come to the same, and either is right.
        kept = {each: one for each, one in self.kept.items() if each != key}
        done = _computed(self.kept.get(key), evidence, entries, claims, categories)
        kept[key] = done
        while len(kept) > 1 and sum(one.cells for one in kept.values()) > self._most_cells:
            kept.pop(next(iter(kept)))
        self.kept = kept
        return done


def _computed(
    last: Computed | None,
    evidence: Evidence,
    entries: Sequence[Entry],
    claims: Sequence[Claim],
    categories: Sequence[str],
) -> Computed:
    scheme = evidence.published.scheme
    names = _names(evidence, scheme, categories)
    if last is None or (last.computation.scheme, last.computation.names) != (scheme, names):
        return computed_by(scheme, evidence, entries, claims, categories)
    change = change_since(
        last.computation,
        entries=entries,
        targets=evidence.targets.targets,
        satisfaction=evidence.satisfaction.by_unit(),
        claims=claims,
    )
    return _told(rescore(last.computation, change), last.units)


def computed_by(
    scheme: Scheme,
    evidence: Evidence,
    entries: Sequence[Entry],
    claims: Sequence[Claim],
    categories: Sequence[str],
) -> Computed:
    """Return what the evidence comes to by a scheme, which may be another than that in force."""
    computation = compute(
        scheme,
        categories,
        entries=entries,
        targets=evidence.targets.targets,
        satisfaction=evidence.satisfaction.by_unit(),
        claims=claims,
        names=_names(evidence, scheme, categories),
    )
    return _told(computation, {})


def _names(evidence: Evidence, scheme: Scheme, categories: Sequence[str]) -> tuple[UnitName, ...]:
    """Return the names of the units that are scored; whoever reads more asks for the same."""
    scored = set(scheme.units_of(categories))
    return tuple(name for name in evidence.names if name.unit in scored)


def _told(computation: Computation, before: Mapping[str, Written]) -> Computed:
    """Return the computation with what was written before of those units that it left alone."""
    units = {
        unit: before[unit] if unit in before and before[unit].scores is scores else Written(scores)
        for unit, scores in computation.units.items()
    }
    return Computed(computation, units)


def _recent(request: Request) -> Recent:
    recent: Recent = request.app.state.recent
    return recent


KeptComputations = Annotated[Recent, Depends(_recent)]
"""What this process computed last."""
