"""Who reads nothing of a category before its release although the role would let them (回避).

Whoever decides about a ranking and belongs to a unit of it would read what the own unit and its
competitors have, and the other units' people cannot. The release is read by everybody.
"""

from collections.abc import Collection, Mapping, Set

from chassis.refusals import Forbidden
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import Scheme

DECIDERS = frozenset({"committee", "standing_committee", "vice_mayor"})
"""The roles that read every category before its release but the one of the own unit."""

READERS_AT_WORK = frozenset({"performance_office", "auditor"})
"""The roles that read every category before its release: one computes it, one checks it."""


ORGANISER = "organiser"
"""The role of accounts that read the categories that their unit leads, and the relation of it."""


class ReadAfterRelease(Forbidden):
    """The caller reads of this category once it has been released."""

    zh = "该类别的结果须待公布后，调用者方可查阅。"
    remedy = (
        "Ask again once the category has been released.",
        "请在该类别公布后查阅。",
    )


def is_limited(unit: str | None, roles: Collection[str]) -> bool:
    """Say whether a caller with these roles may have to abstain from some category."""
    held = frozenset(roles)
    if held & READERS_AT_WORK:
        return False
    if SECOND_BODY in held:
        return True
    return unit is not None if held & DECIDERS else ORGANISER in held


def led_by(scheme: Scheme, unit: str | None) -> frozenset[str]:
    """Return the categories that a unit leads (组织单位) and in which it is not assessed itself.

    Where it is, it reads what its competitors may.
    """
    return frozenset(
        each.code
        for each in scheme.categories
        if unit is not None and each.organiser == unit and unit not in each.units
    )


def only_leads(unit: str | None, roles: Collection[str]) -> bool:
    """Say whether a caller reads of its own categories alone, and of others not even a digest."""
    held = frozenset(roles)
    return is_limited(unit, held) and not held & {SECOND_BODY, *DECIDERS}


def gets_no_digest(unit: str | None, roles: Collection[str], own: Set[str]) -> bool:
    """Say whether a caller gets no digest of what other units than those shown have a part in.

    By one, what was left out could be guessed. A second body compares them when it takes the
    office's place about units, which are `own`.
    """
    return is_limited(unit, roles) and not own


def hidden_units(
    categories: Mapping[str, str],
    unit: str | None,
    roles: Collection[str],
    own: Set[str] = frozenset(),
    led: Set[str] = frozenset(),
) -> frozenset[str]:
    """Return the units of which a limited caller reads nothing.

    `categories` are those of all units by their code; `own` are the units about which the
    caller's unit decides in the office's place, `led` the categories that it leads.
    """
    competing = {category for one, category in categories.items() if one == unit}
    if DECIDERS & frozenset(roles):
        hidden = competing
    else:
        shown = {categories[each] for each in own & categories.keys()} | led
        hidden = (set(categories.values()) - shown) | competing
    return frozenset(one for one, category in categories.items() if category in hidden)
