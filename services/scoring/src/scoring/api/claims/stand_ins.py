"""Whom a second body decides about, beside claims, in the place of the performance office."""

from chassis.authorisation import Permission
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import Scheme


def decided_about(permit: Permission, scheme: Scheme) -> set[str]:
    """Return the units of the categories in which the caller's unit decides in the place of the
    office, and is not assessed itself."""
    own = permit.caller.organisation
    if SECOND_BODY not in permit.caller.roles:
        return set()
    about = {each.unit for each in scheme.recusals if each.body == own}
    led = (c.units for c in scheme.categories if own not in c.units and about & {*c.units})
    return {unit for units in led for unit in units}
