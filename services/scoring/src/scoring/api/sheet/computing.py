"""Scores computed from what was read: of the scheme in force, or of one that is tried."""

from collections.abc import Sequence

from scoring.api.sheet.evidence import Evidence
from scoring.rules.claims.checks import Claim
from scoring.rules.corrections.aims import with_aims
from scoring.rules.corrections.correcting import Correction
from scoring.rules.corrections.surveyed import with_results
from scoring.rules.ledger.entries import Entry
from scoring.rules.scheme.document import Scheme
from scoring.rules.sheet.year import Computation, compute


def computed(
    evidence: Evidence,
    entries: Sequence[Entry],
    claims: Sequence[Claim],
    categories: Sequence[str],
    scheme: Scheme | None = None,
    corrections: Sequence[Correction] = (),
    *,
    normalised: bool = False,
) -> Computation:
    """Return what the evidence comes to, by the scheme in force unless another is given, and by the
    targets and the results of surveys with what corrections of a sealed record say of them; only if
    it is to be `normalised` are marks of several scorers put on one scale."""
    scheme = scheme or evidence.published.scheme
    scored = set(scheme.units_of(categories))
    return compute(
        scheme,
        categories,
        entries=entries,
        targets=with_aims(evidence.targets.targets, corrections),
        satisfaction=with_results(evidence.satisfaction.by_unit(), corrections),
        claims=claims,
        names=[name for name in evidence.names if name.unit in scored],
        normalised=normalised,
    )
