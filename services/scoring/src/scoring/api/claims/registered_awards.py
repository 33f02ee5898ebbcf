"""The register of awards and titles (奖项、称号登记), whether or not points are claimed."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.realms import realm_of
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code
from scoring.api.claims.award_documents import (
    AwardHolder,
    AwardKind,
    AwardsByUnit,
    AwardsOfLevel,
    AwardState,
    ClaimOnAward,
    HolderOfAward,
    MovedAward,
    NewAwardConfirmation,
    NewAwardWithdrawal,
    NewRegisteredAward,
    RegisteredAward,
)
from scoring.api.claims.records import hold_documents
from scoring.api.claims.stand_ins import decided_about
from scoring.api.claims.transitions import actor_of
from scoring.api.ledger.entries import Word
from scoring.api.ledger.holding import hold_open
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import open_ledger, today
from scoring.queries.registered_awards import (
    AwardsAlike,
    LinkedClaim,
    NoSuchAward,
    Readable,
    StoredAward,
    Wanted,
    awards_by_unit,
    awards_on_page,
    claimed_besides,
    find_award,
    holders_of,
    linked_claims,
    no_such_award,
    parties_of,
    require_true_awards,
    standing_holders,
)
from scoring.rules.claims.awards import fingerprint_of
from scoring.rules.claims.registering import (
    AWARD_STATES,
    CONFIRMED,
    REGISTERED,
    TAKEN_BACK,
    TITLE,
    AwardNotRegistered,
    AwardRefused,
    GivenAward,
    Holder,
    award_faults,
    confirming_faults,
    is_outside,
    priorities_of,
    refuse_if,
    refuse_to_register,
    taking_back_faults,
    twice_faults,
)
from scoring.rules.claims.states import ClaimsBusy
from scoring.rules.ledger.states import SECOND_BODY, LedgerSealed
from scoring.rules.ledger.writing import plain_item
from scoring.rules.scheme.document import Scheme
from scoring.tables.registered_awards import (
    RegisteredAwardHolderRow,
    RegisteredAwardRow,
    RegisteredAwardStateRow,
)

router = Router("/cycles/{cycle_id}/awards", tags=["claims"])

_HELD = "registered-awards"
"""The word by which commands about the register wait for one another."""

OWN_UNIT, OWN_ACT = "own_unit", "own_act"

_PEERS = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)


@router.post(
    "", status_code=201, responses=documents(AwardNotRegistered, ClaimsBusy, LedgerSealed, *_PEERS)
)
async def register_award(
    cycle_id: UUID, new: NewRegisteredAward, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedAward:
    """Register an award or a title while the ledger is open: a unit its own, whoever gave it what
    it gave, the performance office any. The same award of one document is registered once for each
    holder, over all years."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    units = {each.code for each in await ask.indicators.units()}
    caller, holders = permit.caller, [Holder(e.unit, e.holder_name) for e in new.holders]
    await open_ledger(db, cycle_id)
    await hold_open(db, cycle_id, permit, _HELD, _relations(new, caller.organisation))
    told = new.model_dump(exclude={"kind", "level", "authority", "holders"})
    given = GivenAward(**told, holders=holders)
    faults = [*award_faults(given, scheme, units, await today(db, scheme.time_zone))]
    whose = realm_of(cycle_id)
    fingerprint = fingerprint_of(new.document_no, new.document_date, whose)
    await hold_documents(db, [fingerprint])
    there = await standing_holders(db, fingerprint, plain_item(new.name))
    refuse_to_register([*faults, *twice_faults(holders, there)])
    row = RegisteredAwardRow(
        cycle_id=cycle_id,
        award_id=uuid4(),
        **new.model_dump(exclude={"holders"}),
        name_key=plain_item(new.name),
        fingerprint=fingerprint,
        author=caller.subject,
        author_person=caller.person,
        author_unit=caller.organisation,
    )
    db.add(row)
    await db.flush()
    db.add_all(_holder_rows(row, new.holders))
    body = new.model_dump(mode="json")
    return await _moved(db, permit, row, 1, (REGISTERED, None), "registered", body)


def _relations(new: NewRegisteredAward, own: str | None) -> set[str]:
    """Return what a caller has to do with an award: it has it alone, or gave it."""
    if own is None:
        return set()
    mine = all(each.unit == own for each in new.holders)
    return ({OWN_UNIT} if mine else set()) | ({OWN_ACT} if new.granted_by == own else set())


def _holder_rows(
    row: RegisteredAwardRow, holders: Sequence[AwardHolder]
) -> list[RegisteredAwardHolderRow]:
    key = {"cycle_id": row.cycle_id, "award_id": row.award_id}
    return [
        RegisteredAwardHolderRow(
            **key, holder_no=n, **each.model_dump(), holder_key=plain_item(each.holder_name)
        )
        for n, each in enumerate(holders, 1)
    ]


@router.post(
    "/confirmation",
    responses=documents(AwardRefused, NoSuchAward, ClaimsBusy, LedgerSealed, *_PEERS),
)
async def confirm_award(
    cycle_id: UUID, new: NewAwardConfirmation, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedAward:
    """Confirm that a registered award is what its document says, or reject it.

    Never who registered it, nor somebody of a unit that has it or competes with one that has. While
    the ledger is open it may be examined anew, with a reason.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    stands_in = permit.caller.organisation in {each.body for each in scheme.recusals}
    await hold_open(db, cycle_id, permit, _HELD, {SECOND_BODY} if stands_in else ())
    found = await find_award(db, cycle_id, new.award_id)
    rows = (await holders_of(db, cycle_id, [new.award_id]))[new.award_id]
    actor, parties = actor_of(permit.caller), parties_of(found, rows)
    faults = [*confirming_faults(parties, new.decision, new.reason, actor, scheme)]
    if new.decision == CONFIRMED:
        await hold_documents(db, [found.row.fingerprint])
        besides = (found.row.fingerprint, found.row.name_key, new.award_id)
        there = await standing_holders(db, *besides)
        faults += twice_faults([Holder(each.unit, each.holder_name) for each in rows], there)
    refuse_if(faults)
    said, body = (new.decision, new.reason), new.model_dump(mode="json")
    return await _moved(db, permit, found.row, found.state.step + 1, said, "examined", body)


@router.post("/withdrawal", responses=documents(AwardRefused, NoSuchAward, LedgerSealed, *_PEERS))
async def withdraw_award(
    cycle_id: UUID, new: NewAwardWithdrawal, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedAward:
    """Take an award back that the caller's own unit registered, or of the office's the office,
    until it is confirmed."""
    await ask.indicators.published_scheme(cycle_id=cycle_id)
    own = permit.caller.organisation
    await hold_open(db, cycle_id, permit, _HELD, {OWN_ACT} if own else ())
    found = await find_award(db, cycle_id, new.award_id)
    if found.row.author_unit != own and not permit.allows((), "open"):  # as good as unknown
        raise no_such_award(new.award_id)
    rows = (await holders_of(db, cycle_id, [new.award_id]))[new.award_id]
    refuse_if([*taking_back_faults(parties_of(found, rows), own)])
    said, body = (TAKEN_BACK, new.reason), new.model_dump(mode="json")
    return await _moved(db, permit, found.row, found.state.step + 1, said, "withdrawn", body)


async def _moved(
    db: AsyncSession,
    permit: Permission,
    row: RegisteredAwardRow,
    step: int,
    said: tuple[str, str | None],
    what: str,
    told: dict[str, object],
) -> MovedAward:
    """Record the state that an award enters, and answer with it."""
    caller, (state, reason) = permit.caller, said
    key = {"cycle_id": row.cycle_id, "award_id": row.award_id, "step": step}
    by = {"actor": caller.subject, "person": caller.person}
    db.add(RegisteredAwardStateRow(**key, **by, state=state, reason=reason))
    await db.flush()
    holders = (await holders_of(db, row.cycle_id, [row.award_id]))[row.award_id]
    units = {each.unit: 1 for each in holders}
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=caller,
        event=f"scoring.award-{what}",
        body={"award_id": str(row.award_id), "units": units, **told},
    )
    return MovedAward(award_id=row.award_id, state=state, receipt=receipt)


@router.get("", response_model=Page[RegisteredAward], responses=documents(*_PEERS))
async def list_registered_awards(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="That this unit has.")] = None,
    level: Annotated[Word | None, Query(description="Of this level.")] = None,
    kind: Annotated[AwardKind | None, Query(description="Awards, or titles.")] = None,
    state: Annotated[
        list[AwardState] | None,
        Query(max_length=len(AWARD_STATES), description="In one of these states."),
    ] = None,
    year: Annotated[
        int | None, Query(ge=1949, le=2999, description="Awarded in this year.")
    ] = None,
) -> Page[RegisteredAward]:
    """List the awards and titles of the register, with the claims on their documents.

    A unit gets its own part of what it has; whoever gave or registered some those; who decides in
    the place of the office those of the categories in which it does.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    readable = _readable(permit, scheme)
    await require_true_awards(db, cycle_id)
    wanted = Wanted(unit, level, kind, state or (), year)
    found = await awards_on_page(db, cycle_id, page, readable, wanted)
    ids = [each.row.award_id for each in found]
    holders = await holders_of(db, cycle_id, ids)
    claims = await linked_claims(db, cycle_id, ids, None if readable is None else readable.units)
    told = [_told(e, holders[e.row.award_id], claims, scheme, readable) for e in found]
    return Page[RegisteredAward].of(told, page.limit, lambda each: str(each.award_id))


def _readable(permit: Permission, scheme: Scheme) -> Readable | None:
    """Return the units whose awards the caller reads, and the body whose own acts it does; None for
    all."""
    if permit.allows():
        return None
    own = permit.caller.organisation
    acting = set[str]() if own is None else {own}
    mine = acting & {*scheme.category_of()}
    related = {OWN_UNIT: mine, SECOND_BODY: decided_about(permit, scheme), OWN_ACT: acting}
    permit.require({word for word, units in related.items() if units})
    body = own if permit.allows({OWN_ACT}) else None
    held = (related[word] for word in (OWN_UNIT, SECOND_BODY) if permit.allows({word}))
    return Readable(frozenset[str]().union(*held), body)


_AS_REGISTERED = (
    "award_id", "kind", "name", "level", "authority", "granted_by", "document_no", "document_date",
    "awarded_on", "in_own_name", "priority", "author", "registered_at",
)  # fmt: skip


def _told(
    found: StoredAward,
    holders: Sequence[RegisteredAwardHolderRow],
    claims: Sequence[LinkedClaim],
    scheme: Scheme,
    readable: Readable | None,
) -> RegisteredAward:
    row, state = found.row, found.state
    shown = holders if readable is None else readable.part_of(row, holders)
    of_it = [each for each in claims if each.award_id == row.award_id]
    return RegisteredAward(
        **{name: getattr(row, name) for name in _AS_REGISTERED},
        outside=is_outside(scheme, in_own_name=row.in_own_name, priority=row.priority),
        holders=[HolderOfAward(**{n: getattr(e, n) for n in _HOLDER}) for e in shown],
        claims=[ClaimOnAward(**{n: getattr(e, n) for n in _CLAIM}) for e in of_it],
        state=state.state,
        reason=state.reason,
        changed_by=state.actor,
        changed_at=state.entered_at,
    )


_HOLDER, _CLAIM = [*HolderOfAward.model_fields], [*ClaimOnAward.model_fields]


@router.get("/by-unit", responses=documents(*_PEERS))
async def count_registered_awards(
    cycle_id: UUID,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
) -> AwardsByUnit:
    """Count the awards and titles of each unit by level, and what is claimed beside the register.

    A unit gets its own. What was rejected or taken back is not counted.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    readable = _readable(permit, scheme)
    units = _asked_for(readable, unit)
    await require_true_awards(db, cycle_id)
    found = await awards_by_unit(db, cycle_id, units, priorities_of(scheme))
    besides = await claimed_besides(db, cycle_id, units)
    rows = {(each.unit, each.level) for each in found} | {*besides}
    items = [_of_level(row, found, besides.get(row, 0)) for row in sorted(rows)]
    return AwardsByUnit(cycle_id=cycle_id, items=items)


def _asked_for(readable: Readable | None, unit: str | None) -> set[str] | None:
    """Return the units that are counted: the readable ones, or of these one; None for all."""
    if readable is None:
        return None if unit is None else {unit}
    return {*readable.units} if unit is None else {*readable.units} & {unit}


def _number(found: Sequence[AwardsAlike], name: str, value: object) -> int:
    return sum(each.number for each in found if getattr(each, name) == value)


def _of_level(
    row: tuple[str, str], found: Sequence[AwardsAlike], claimed_besides: int
) -> AwardsOfLevel:
    """Return how many awards a unit has of a level."""
    mine, (unit, level) = [each for each in found if (each.unit, each.level) == row], row
    return AwardsOfLevel(
        unit=unit,
        level=level,
        confirmed=_number(mine, "state", CONFIRMED),
        waiting=_number(mine, "state", REGISTERED),
        titles=_number(mine, "kind", TITLE),
        outside=_number(mine, "outside", True),
        claimed_besides=claimed_besides,
    )
