"""Who reads nothing of a category before its release although the role would let them (回避).

Whoever decides about a ranking and belongs to a unit of it would read what the own unit and its
competitors have, and the other units' people cannot. The release is read by everybody.
"""

from collections.abc import Collection, Mapping, Set

from chassis.refusals import Forbidden
from scoring.rules.ledger.states import SECOND_BODY

DECIDERS = frozenset({"committee", "standing_committee"})
"""The roles that read every category before its release but the one of the own unit."""

READERS_AT_WORK = frozenset({"performance_office", "auditor"})
"""The roles that read every category before its release: one computes it, one checks it."""


class ReadAfterRelease(Forbidden):
    """The caller reads of this category once it has been released."""

    zh = "该类别的结果须待公布后，调用者方可查阅。"


def is_limited(unit: str | None, roles: Collection[str]) -> bool:
    """Say whether a caller with these roles may have to abstain from some category."""
    held = frozenset(roles)
    if held & READERS_AT_WORK:
        return False
    return SECOND_BODY in held or (unit is not None and bool(held & DECIDERS))


def gets_no_digest(unit: str | None, roles: Collection[str], own: Set[str]) -> bool:
    """Say whether a caller gets no digest of what other units than those shown have a part in.

    By one, what was left out could be guessed. A second body compares them when it takes the
    office's place about units, which are `own`.
    """
    return is_limited(unit, roles) and not own


def hidden_units(
    categories: Mapping[str, str], unit: str | None, roles: Collection[str], own: Set[str]
) -> frozenset[str]:
    """Return the units of which a limited caller reads nothing.

    `categories` are those of all units by their code; `own` are the units about which the
    caller's unit decides in the office's place.
    """
    competing = {category for one, category in categories.items() if one == unit}
    if DECIDERS & frozenset(roles):
        hidden = competing
    else:
        hidden = set(categories.values()) - {categories[each] for each in own & categories.keys()}
        hidden |= competing
    return frozenset(one for one, category in categories.items() if category in hidden)
