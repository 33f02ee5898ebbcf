"""The score sheet (得分表): from scheme and ledger to every unit's points, and the way there.

One pure function. Its result does not depend on the order in which anything was entered.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.rules.claim_checks import Claim
from scoring.rules.claims import Decision, decide
from scoring.rules.entries import Entry
from scoring.rules.evaluation import Evaluation, declared_among
from scoring.rules.facts import Facts
from scoring.rules.plan import plan_of
from scoring.rules.scheme import Category, Scheme, Target, UnitName
from scoring.rules.unit_scores import UnitScores as UnitScores
from scoring.rules.unit_scores import unit_scores


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What all units of the chosen categories scored, and what became of their claims."""

    units: tuple[UnitScores, ...]
    claims: tuple[Decision, ...]


def score_categories(
    scheme: Scheme,
    categories: Collection[str],
    *,
    entries: Iterable[Entry],
    targets: Iterable[Target],
    satisfaction: Mapping[tuple[str, str], Decimal | None],
    claims: Iterable[Claim],
    names: Iterable[UnitName],
) -> ScoreSheet:
    """Return the score sheet of the categories, whose codes are given.

    `entries` are the counted ones only, `satisfaction` is by survey and unit. Units come in the
    scheme's order, claims in that of unit and number.
    """
    entries = list(entries)
    chosen = [category for category in scheme.categories if category.code in categories]
    facts = facts_of(scheme, entries, targets, satisfaction)
    decisions = decided(scheme, chosen, claims, names)
    of_unit = by_unit(decisions)
    units = list[UnitScores]()
    for plan in map(plan_of, chosen):
        declared = declared_among(entries, plan)
        columns = Evaluation(plan, scheme.rounding, facts, declared).run()
        units += (unit_scores(scheme, plan, u, columns, of_unit) for u in plan.category.units)
    return ScoreSheet(tuple(units), tuple(decisions))


def facts_of(
    scheme: Scheme,
    entries: Iterable[Entry],
    targets: Iterable[Target],
    satisfaction: Mapping[tuple[str, str], Decimal | None],
) -> Facts:
    """Return what is known, as the scheme wants it read."""
    return Facts(
        scheme.assessment_year,
        zero_report_required=scheme.ledger.zero_report_required,
        entries=entries,
        targets=targets,
        satisfaction=satisfaction,
    )


def decided(
    scheme: Scheme,
    categories: Iterable[Category],
    claims: Iterable[Claim],
    names: Iterable[UnitName],
) -> list[Decision]:
    """Return the decisions on the claims about the units of these categories."""
    members = {unit for category in categories for unit in category.units}
    return decide((claim for claim in claims if claim.unit in members), scheme, names)


def by_unit(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Return the decisions on claims by the unit that they are about."""
    found: dict[str, list[Decision]] = {}
    for decision in decisions:
        found.setdefault(decision.claim.unit, []).append(decision)
    return found
