"""The score sheet (得分表): from the scheme and what was entered to every unit's total."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from scoring.rules.claims.checks import Claim
from scoring.rules.claims.decisions import Decision, decide
from scoring.rules.ledger.entries import BY_ID, Entry
from scoring.rules.ledger.samples import Satisfaction
from scoring.rules.ledger.sources import Sources
from scoring.rules.scheme.document import Scheme, Target, UnitName
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.category import CategoryScores, score_category
from scoring.rules.sheet.totals import UnitScores, block_columns, unit_scores


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What all units of the chosen categories scored, and what became of their claims."""

    units: tuple[UnitScores, ...]
    claims: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Computation:
    """A score sheet, with the columns that it was put together from, by category."""

    sheet: ScoreSheet
    categories: tuple[CategoryScores, ...]

    def entries_read(self) -> set[UUID]:
        """Return the entries on which anything rests, a score or why there is none.

        What is entered for an item or a node that no target plans is not among them.
        """
        return {
            entry
            for unit in self.sheet.units
            for outcome in unit.outcomes.values()
            for used in outcome.used()
            for entry in used.entries
        }

    def entries_left_out(self) -> set[UUID]:
        """Return the entries that were looked at and count for nothing, such as an event that
        occurred in another year."""
        used = [
            each
            for unit in self.sheet.units
            for outcome in unit.outcomes.values()
            for each in outcome.used()
        ]
        counted = {entry for each in used if each.counted for entry in each.entries}
        return {entry for each in used for entry in each.entries} - counted


def compute(
    scheme: Scheme,
    categories: Collection[str],
    *,
    entries: Iterable[Entry],
    targets: Iterable[Target],
    satisfaction: Mapping[tuple[str, str], Satisfaction],
    claims: Iterable[Claim],
    names: Iterable[UnitName],
) -> Computation:
    """Return the score sheet of these categories.

    `entries` are the counted ones only, `satisfaction` is by survey and unit. Units come in the
    scheme's order, claims in that of unit and number; neither depends on the order of the inputs.
    """
    entries = sorted(entries, key=BY_ID)
    targets = list(targets)
    plans = [plan_of(scheme, each) for each in scheme.categories if each.code in categories]
    members = {unit for plan in plans for unit in plan.category.units}
    decisions = decide((claim for claim in claims if claim.unit in members), scheme, names)
    by_unit: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_unit.setdefault(decision.claim.unit, []).append(decision)
    scored, units = list[CategoryScores](), list[UnitScores]()
    for plan in plans:
        group = plan.category.units
        sources = Sources(
            scheme, group, group=group, entries=entries, targets=targets, satisfaction=satisfaction
        )
        found = score_category(plan, scheme.rounding, sources)
        blocks = block_columns(found)
        scored.append(found)
        decided = found.decided_rows()
        units += (
            unit_scores(scheme, found, blocks, row, by_unit.get(unit, ()), decided=row in decided)
            for row, unit in enumerate(group)
        )
    return Computation(ScoreSheet(tuple(units), tuple(decisions)), tuple(scored))
