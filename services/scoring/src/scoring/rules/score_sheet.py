"""The score sheet (得分表), and what it takes to come from scheme and ledger to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.rules.claim_checks import Claim
from scoring.rules.claims import Decision, decide
from scoring.rules.entries import Entry
from scoring.rules.facts import Facts
from scoring.rules.samples import Satisfaction
from scoring.rules.scheme import Category, Scheme, Target, UnitName
from scoring.rules.unit_scores import UnitScores as UnitScores


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What all units of the chosen categories scored, and what became of their claims."""

    units: tuple[UnitScores, ...]
    claims: tuple[Decision, ...]


def facts_of(
    scheme: Scheme,
    entries: Iterable[Entry],
    targets: Iterable[Target],
    satisfaction: Mapping[tuple[str, str], Satisfaction],
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
