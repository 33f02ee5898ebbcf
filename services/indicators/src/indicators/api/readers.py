"""As whom a caller reads what each unit may know of itself alone."""

from chassis.authorisation import Permission


def reader_of(permit: Permission) -> str | None:
    """Return the unit as which the caller reads; None for who reads all.

    A member of the committee whose account belongs to a unit reads as that unit.
    """
    unit = permit.caller.organisation
    if permit.allows(() if unit else {"unaffiliated"}):
        return None
    permit.require({"own_unit"} if unit else set())
    return unit
