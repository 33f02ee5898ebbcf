"""Explanations grown again from what was kept: the scores have to come out as they were kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.rules.claims.decisions import Decision
from scoring.rules.explanation.evaluator import Contradiction, contradictions
from scoring.rules.explanation.nodes import Node
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import BY_ID, Entry
from scoring.rules.ledger.samples import Satisfaction
from scoring.rules.ledger.sources import Sources
from scoring.rules.scheme.document import Category, Scheme, Target
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.category import score_category
from scoring.rules.sheet.record import read_facts, written
from scoring.rules.sheet.totals import UnitScores, block_columns, unit_scores


@dataclass(frozen=True, slots=True)
class KeptUnit:
    """What was kept of a unit: its part of the sheet, and what that was computed from.

    `facts` is what it takes from other units, `claims` those that were decided.
    """

    sheet: Mapping[str, Any]
    facts: dict[str, Any]
    claims: Sequence[Decision]
    entries: Sequence[Entry]
    targets: Sequence[Target]
    satisfaction: Mapping[str, Satisfaction]


@dataclass(frozen=True, slots=True)
class Grown:
    """An explanation, and where it does not hold: then nobody may be told it.

    `differs` says that other scores come out than were kept, `contradictions` that a formula does
    not give the number beside it.
    """

    scores: UnitScores
    tree: Node
    differs: bool
    contradictions: tuple[Contradiction, ...]

    @property
    def holds(self) -> bool:
        """Whether it may be told."""
        return not (self.differs or self.contradictions)


def grow(
    scheme: Scheme, shared: Mapping[str, dict[str, Any]], kept: Mapping[str, KeptUnit]
) -> dict[str, Grown]:
    """Grow the explanations of some units, by unit; `shared` are the facts of each category."""
    found: dict[str, Grown] = {}
    for category in scheme.categories:
        units = [unit for unit in category.units if unit in kept]
        if units:
            found.update(_of_category(scheme, category, shared[category.code], units, kept))
    return found


def _of_category(
    scheme: Scheme,
    category: Category,
    shared: dict[str, Any],
    units: Sequence[str],
    kept: Mapping[str, KeptUnit],
) -> Iterator[tuple[str, Grown]]:
    chosen = [kept[unit] for unit in units]
    sources = Sources(
        scheme,
        units,
        group=category.units,
        entries=_in_order(entry for each in chosen for entry in each.entries),
        targets=[target for each in chosen for target in each.targets],
        satisfaction={
            (survey, unit): found
            for unit, each in zip(units, chosen, strict=True)
            for survey, found in each.satisfaction.items()
        },
    )
    facts = read_facts(shared, {row: each.facts for row, each in enumerate(chosen)})
    scored = score_category(plan_of(scheme, category), scheme.rounding, sources, facts)
    blocks = block_columns(scored)
    for row, each in enumerate(chosen):
        unit = unit_scores(scheme, scored, blocks, row, each.claims)
        tree = explain(unit)
        yield (
            units[row],
            Grown(
                unit,
                tree,
                _differs(written(unit), each.sheet),
                tuple(contradictions(tree)),
            ),
        )


def _differs(now: dict[str, Any], kept: Mapping[str, Any]) -> bool:
    """Tell whether other scores come out; a sheet of before told of no vetoed blocks."""
    if "vetoed_totals" not in kept:
        now = {name: each for name, each in now.items() if name != "vetoed_totals"}
    return _scores(now) != _scores(kept)


def _scores(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Return a unit's part of a sheet without sentences, which a later version may put better."""
    decisions = [{**each, "en": None, "zh": None} for each in sheet["decisions"]]
    missing = [each["indicator"] for each in sheet["missing"]]
    return {**sheet, "decisions": decisions, "missing": missing}


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=BY_ID)
