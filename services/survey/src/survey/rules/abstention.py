"""Who reads nothing of a category before its release although the role would let them (回避)."""

from collections.abc import Collection, Iterable

DECIDERS = frozenset({"committee", "standing_committee", "vice_mayor"})
"""The roles that read every category before its release but the one of the own unit."""

SECOND_BODY = "second_body"
"""The role that needs to know here that nothing changed, and reads of no unit."""

ORGANISER = "organiser"
"""The role of accounts that read the categories that their unit leads, and the relation of it."""

READERS_AT_WORK = frozenset({"performance_office", "auditor"})
"""The roles that read every category before its release."""


SUPERVISION = "supervision"
"""The role of supervising bodies, which attest waves and see how they were held."""


def abstains(unit: str | None, roles: Collection[str]) -> bool:
    """Say whether a caller reads nothing here of the own unit's category: who decides, or who
    supervises and belongs to a unit."""
    held = frozenset(roles)
    if SUPERVISION in held and not held & READERS_AT_WORK:
        return unit is not None
    return bool(DECIDERS & held) and is_limited(unit, held)


def is_limited(unit: str | None, roles: Collection[str]) -> bool:
    """Say whether a caller with these roles may have to abstain from some category."""
    held = frozenset(roles)
    if held & READERS_AT_WORK:
        return False
    if SECOND_BODY in held:
        return True
    return unit is not None if held & DECIDERS else ORGANISER in held


def is_hidden(
    asked: str, unit: str | None, roles: Collection[str], categories: Iterable[Collection[str]]
) -> bool:
    """Say whether a limited caller reads nothing of the unit `asked`; `categories` are their
    units."""
    if not DECIDERS & frozenset(roles):
        return True
    return any(unit in units and asked in units for units in categories)
