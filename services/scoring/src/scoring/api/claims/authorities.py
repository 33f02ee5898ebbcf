"""Who got how many awards, or written instructions of leaders (批示), from whom."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Outgoing
from scoring.api.claims.records import context_of, units_read
from scoring.api.explanation.readers import duties_of
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.claims import AwardsAlike, awards_alike
from scoring.rules.claims.checks import ClaimContext
from scoring.rules.scheme.document import BonusRule

router = Router("/cycles/{cycle_id}/claims", tags=["claims"])

MOST_NAMED = 50
"""How many authorities are named of a unit by one rule, those that gave most."""


class AwardsGiven(Outgoing):
    """How many claims of a unit name an authority, or a leader, however they write it: those that
    nobody has decided about, and those that count."""

    authority: str
    waiting: int
    counting: int


class AwardsOfUnit(Outgoing):
    """A unit's claims for bonus by one rule: how many wait, how many count, and how many of these
    are more than the rule's `limit`, where it has one; the weightiest count then.

    `given` tells from whom, at most fifty of them; `not_named` is how many more there are.
    """

    unit: str
    rule: str
    limit: int | None
    waiting: int
    counting: int
    over_limit: int
    given: list[AwardsGiven]
    not_named: int


class AwardsByAuthority(Outgoing):
    """The units that have claimed awards, by unit and rule."""

    cycle_id: UUID
    items: list[AwardsOfUnit]


@router.get(
    "/by-authority", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered)
)
async def list_awards_by_authority(
    cycle_id: UUID,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
    rule: Annotated[Code | None, Query(description="By this rule.")] = None,
) -> AwardsByAuthority:
    """List who got how many awards from whom by each rule for bonus, above all written instructions
    of leaders, of which a rule may count so many of a unit.

    A unit gets its own; who decides in the place of the office those that it decides about. What
    was rejected or taken back is not counted, nor is what no rule fits.
    """
    context = await context_of(ask, cycle_id)
    readable: set[str] | None = None
    if not permit.allows():
        readable = units_read(permit, await duties_of(ask, permit, cycle_id))
    if readable is not None and unit is not None:
        readable &= {unit}
    for table in ("claim", "claim_state"):
        await require_intact(db, str(cycle_id), table)
    wanted = {unit} if readable is None and unit is not None else readable
    found = _by_rule(await awards_alike(db, cycle_id, wanted), context)
    return AwardsByAuthority(
        cycle_id=cycle_id,
        items=[_told(of, *found[of, code]) for of, code in sorted(found) if rule in (None, code)],
    )


def _by_rule(
    found: Iterable[AwardsAlike], context: ClaimContext
) -> dict[tuple[str, str], tuple[BonusRule, list[AwardsAlike]]]:
    """Return the claims by unit and by the rule that fits them."""
    groups = dict[tuple[str, str], tuple[BonusRule, list[AwardsAlike]]]()
    for each in found:
        rule = context.bonus_rule(each.unit, each.level, each.authority, each.place)
        if rule is not None:
            groups.setdefault((each.unit, rule.code), (rule, []))[1].append(each)
    return groups


def _told(unit: str, rule: BonusRule, found: Collection[AwardsAlike]) -> AwardsOfUnit:
    named = dict[str, str]()
    waiting, counting = Counter[str](), Counter[str]()
    for each in found:
        named.setdefault(each.authority_key, each.authority)
        waiting[each.authority_key] += each.waiting
        counting[each.authority_key] += each.counting
    order = sorted(named, key=lambda key: (-waiting[key] - counting[key], key))
    limit, total = rule.limit, counting.total()
    return AwardsOfUnit(
        unit=unit,
        rule=rule.code,
        limit=limit,
        waiting=waiting.total(),
        counting=total,
        over_limit=0 if limit is None else max(total - limit, 0),
        given=[
            AwardsGiven(authority=named[key], waiting=waiting[key], counting=counting[key])
            for key in order[:MOST_NAMED]
        ],
        not_named=max(len(order) - MOST_NAMED, 0),
    )
