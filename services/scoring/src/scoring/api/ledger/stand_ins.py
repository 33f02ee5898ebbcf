"""Whether the office acts about a unit, or the body that stands in where it is barred."""

from chassis.authorisation import Permission
from chassis.refusals import Forbidden
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import Scheme


def require_office_of(
    unit: str, scheme: Scheme, permit: Permission, phase: str, barred: type[Forbidden]
) -> None:
    """Refuse a caller, as `barred`, who is not the one that acts about a unit in this phase: the
    office, or the second body where the scheme has the office recused."""
    own, body = permit.caller.organisation, scheme.second_body_of(unit)
    office = permit.allows((), phase)
    if not (office if body is None else own == body and permit.allows({SECOND_BODY}, phase)):
        raise barred(
            f"{body or 'The office'} acts about {unit}.",
            f"{unit} 的事项由{body or '绩效办'}办理。",
            cause="recused",
        )


def may_know_of(unit: str, scheme: Scheme, permit: Permission, phase: str) -> bool:
    """Say whether who acts about units may know what there is about one: the office of all, a
    second body of its own. Of others it is told what it would be told if there were nothing."""
    own = permit.caller.organisation
    return permit.allows((), phase) or scheme.second_body_of(unit) == own
