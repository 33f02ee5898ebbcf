"""Who acts for the performance office about units: the office, or the body that takes its place."""

from collections.abc import Collection

from chassis.authorisation import Permission
from ranking.rules.interest import check_interest, check_office, relations_of, second_bodies
from ranking.rules.scheme import Scheme


def require_office(scheme: Scheme, units: Collection[str], permit: Permission) -> None:
    """Refuse whoever may not act for the office about units: who competes with them, and the office
    where another body takes its place."""
    caller, bodies = permit.caller, second_bodies(scheme, units)
    permit.require(relations_of(bodies, caller.organisation))
    check_office(bodies, caller.organisation, caller.roles)
    check_interest(units, caller.organisation)
