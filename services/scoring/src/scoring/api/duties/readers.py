"""Of which units somebody reads who is in charge, which cards there are, and how far they are."""

from chassis.authorisation import Permission
from scoring.rules.scheme.document import Scheme


def units_read(permit: Permission, asked: str | None) -> frozenset[str] | None:
    """Return of which units the caller reads what is asked for of one, or of all: None is all.

    A unit reads its own; another that it asks for has nothing for it.
    """
    own, sees_all = permit.caller.organisation, permit.allows()
    permit.require(("own_unit",) if own else ())
    if sees_all:
        return None if asked is None else frozenset({asked})
    return frozenset({own}) if own is not None and asked in (None, own) else frozenset()


def unit_that_reads(permit: Permission, scheme: Scheme) -> str | None:
    """Return the unit that reads its own, None for who reads of all; refuse who reads nothing."""
    if permit.allows():
        return None
    own = permit.caller.organisation
    permit.require({"own_unit"} if own in scheme.category_of() else ())
    return own
