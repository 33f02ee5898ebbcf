"""The score sheet (得分表): from the scheme and what was entered to every unit's total."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from scoring.rules.claims.checks import Claim
from scoring.rules.claims.decisions import Decision, decide
from scoring.rules.ledger.entries import BY_ID, Entry
from scoring.rules.ledger.samples import Satisfaction
from scoring.rules.ledger.sources import Sources
from scoring.rules.methods.group_facts import GroupFacts
from scoring.rules.scheme.document import Scheme, Target, UnitName
from scoring.rules.scheme.plan import Plan, plan_of
from scoring.rules.sheet.category import CategoryScores, score_category
from scoring.rules.sheet.normalising import NormalisedGroup, common_scales, on_one_scale
from scoring.rules.sheet.totals import UnitScores, block_columns, unit_scores


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What all units of the chosen categories scored, and what became of their claims."""

    units: tuple[UnitScores, ...]
    claims: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Computation:
    """A score sheet, with the columns that it was put together from, by category, and the groups
    whose marks were put on one scale."""

    sheet: ScoreSheet
    categories: tuple[CategoryScores, ...]
    normalised: tuple[NormalisedGroup, ...] = ()

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
    normalised: bool = False,
) -> Computation:
    """Return the score sheet of these categories.

    Where it is to be `normalised` as the scheme says, the categories whose marks are put on one
    scale with theirs are scored with them, and `entries` are those of all of them.
    `entries` are the counted ones only, `satisfaction` is by survey and unit. Units come in the
    scheme's order, claims in that of unit and number; neither depends on the order of the inputs.
    """
    marked, plans = _plans(scheme, categories, normalised=normalised)
    members = {unit for plan in plans for unit in plan.category.units}
    decisions = decide((claim for claim in claims if claim.unit in members), scheme, names)
    score = partial(_score, scheme, sorted(entries, key=BY_ID), list(targets), satisfaction)
    before = [(plan.category, score(plan).outcomes) for plan in marked]
    facts, groups = common_scales(scheme, before)
    scored = tuple(score(plan, facts.get(plan.category.code)) for plan in plans)
    told = tuple(each for each in groups if each.category in categories)
    units = tuple(_units(scheme, scored, decisions))
    return Computation(ScoreSheet(units, tuple(decisions)), scored, told)


def _plans(
    scheme: Scheme, categories: Collection[str], *, normalised: bool
) -> tuple[list[Plan], list[Plan]]:
    """Return the plans of the categories whose marks are put on one scale, none where nothing is,
    and of those that are asked for."""
    scaled = on_one_scale(scheme, categories) if normalised else frozenset[str]()
    needed = {*categories, *scaled}
    found = {c.code: plan_of(scheme, c) for c in scheme.categories if c.code in needed}
    marked = [each for code, each in found.items() if code in scaled]
    return marked, [each for code, each in found.items() if code in categories]


def _score(
    scheme: Scheme,
    entries: Sequence[Entry],
    targets: Sequence[Target],
    satisfaction: Mapping[tuple[str, str], Satisfaction],
    plan: Plan,
    facts: GroupFacts | None = None,
) -> CategoryScores:
    """Score a category, with what its units take from the marks of others."""
    group = plan.category.units
    sources = Sources(
        scheme, group, group=group, entries=entries, targets=targets, satisfaction=satisfaction
    )
    return score_category(plan, scheme.rounding, sources, facts)


def _units(
    scheme: Scheme, scored: Iterable[CategoryScores], decisions: Iterable[Decision]
) -> Iterator[UnitScores]:
    by_unit: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_unit.setdefault(decision.claim.unit, []).append(decision)
    for found in scored:
        blocks, decided = block_columns(found), found.decided_rows()
        for row, unit in enumerate(found.sources.units):
            claims = by_unit.get(unit, ())
            yield unit_scores(scheme, found, blocks, row, claims, decided=row in decided)
