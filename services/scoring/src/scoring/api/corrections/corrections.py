"""Corrections of the sealed record (封存后更正): proposed with a document, decided by another."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code
from scoring.api.corrections.claims import (
    Rules,
    known_claim,
    proposed_for,
    rules_of,
)
from scoring.api.corrections.documents import (
    DOCUMENT,
    CorrectionState,
    MovedCorrection,
    NewCorrection,
    NewCorrectionDecision,
    NewCorrectionWithdrawal,
    SealedCorrection,
    SealedCorrections,
    told,
)
from scoring.api.corrections.falling import refuse_a_fall
from scoring.api.corrections.interests import require_no_interest, require_no_scorer
from scoring.api.corrections.keeping import (
    add_decision,
    charged_by,
    check_correction,
    hold_corrections,
    known_before,
    of_id,
    proposed,
    proposed_aim,
    proposed_result,
    recorded,
    require_new,
    require_no_speaker,
    require_upheld,
)
from scoring.api.ledger.stand_ins import may_know_of, require_office_of
from scoring.api.sheet.evidence import corrections_digest, gather
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.corrections import (
    StoredCorrection,
    corrections_of,
    hands_of,
    told_corrections,
)
from scoring.queries.ledger import today
from scoring.rules.corrections.aims import AIMS
from scoring.rules.corrections.correcting import (
    APPROVED,
    CORRECTION_STATES,
    OBJECTION,
    Correction,
    CorrectionBarred,
    CorrectionDecided,
    CorrectionRefused,
    LedgerNotSealed,
    NoSuchCorrection,
    check_decision,
    refused,
    require_proposed,
)
from scoring.rules.corrections.surveyed import SATISFACTION
from scoring.rules.explanation.abstention import gets_no_digest
from scoring.rules.ledger.states import SEALED, SECOND_BODY
from scoring.rules.reports.falling import is_held
from scoring.rules.scheme.document import Scheme
from scoring.tables.corrections import CorrectionRow

router = Router("/cycles/{cycle_id}/corrections", tags=["corrections"])

_REFUSALS = (
    *(CorrectionBarred, CorrectionRefused, LedgerNotSealed),
    *(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)


@router.post("", status_code=201, responses=documents(*_REFUSALS))
async def propose_correction(
    cycle_id: UUID, new: NewCorrection, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedCorrection:
    """Propose what a sealed ledger is to say instead, with the document of a court, an auditor or
    the superior, or that upheld an objection. It counts once somebody of the committee approved it.
    """
    rules = await rules_of(ask, cycle_id)
    scheme = rules.context.scheme
    bodies = {each.body for each in scheme.recusals}
    own = permit.caller.organisation
    stored = await hold_corrections(db, cycle_id, permit, {SECOND_BODY} if own in bodies else ())
    if new.document_date > await today(db, scheme.time_zone):
        raise refused([Fault("/document_date", "in-the-future", "It is to come.", "日期未到。")])
    correction = await _asked_for(db, cycle_id, new, stored, rules, permit)
    charged = await charged_by(db, cycle_id, new.origin, correction, scheme)
    await require_no_interest(db, cycle_id, correction, charged, scheme, own)
    require_office_of(correction.unit, scheme, permit, SEALED, CorrectionBarred)
    await require_no_speaker(db, cycle_id, new.objection_id, permit.caller.person)
    await require_upheld(db, cycle_id, new, correction, scheme, stored)
    require_new(new, correction, stored)
    await check_correction(db, cycle_id, correction, rules, stored)
    document = new.model_dump(include={*DOCUMENT})
    row = CorrectionRow(
        **correction._asdict(),
        **document,
        cycle_id=cycle_id,
        reason=new.reason,
        actor=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(row)
    moved = StoredCorrection(row, None)
    return await recorded(db, permit, moved, "proposed", scheme.time_zone)


async def _asked_for(
    db: AsyncSession,
    cycle_id: UUID,
    new: NewCorrection,
    stored: Sequence[StoredCorrection],
    rules: Rules,
    permit: Permission,
) -> Correction:
    """Return the correction that is asked for, of what counts and the caller may know of."""
    if new.claim_id is not None:
        claim = await known_claim(db, cycle_id, new.claim_id, rules, permit)
        return proposed_for(new, claim, stored, rules.context.year)
    if new.kind in AIMS:
        return proposed_aim(new, stored, rules.context.year)
    if new.kind == SATISFACTION:
        return proposed_result(new, stored, rules.context.year)
    before = await known_before(db, cycle_id, new.corrects, stored, rules.context.scheme, permit)
    return proposed(new, before)


@router.post(
    "/{correction_id}/decision",
    status_code=201,
    responses=documents(NoSuchCorrection, CorrectionDecided, *_REFUSALS),
)
async def decide_correction(
    cycle_id: UUID,
    correction_id: UUID,
    new: NewCorrectionDecision,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedCorrection:
    """Approve or refuse a correction, as one of the committee who did not propose it, had no part
    in what it corrects or in the objection that it rests on, and is of no unit of the category, nor
    of one that entered it, reviews it or collects it.

    From then on scores are computed with it; editions of before stay as they are. What rests on an
    upheld objection lowers neither the unit's score of the indicator nor its total, unless the
    scheme lets it. The points of a joint award are corrected in
    all its shares. Where the scheme has an overturned entry cost points, the unit that entered it
    is charged with the approval, once.
    """
    rules = await rules_of(ask, cycle_id)
    scheme = rules.context.scheme
    approved = new.decision == APPROVED
    weighed = approved and is_held(OBJECTION, scheme)
    evidence = await gather(ask, cycle_id, None) if weighed else None
    stored = await hold_corrections(db, cycle_id, permit)
    known = [each for each in stored if _works_on(each.row.unit, scheme, permit)]
    found = of_id(known, correction_id)
    origin = found.row.origin
    charged = await charged_by(db, cycle_id, origin, found.counted, scheme)
    own = permit.caller.organisation
    await require_no_interest(db, cycle_id, found.counted, charged, scheme, own)
    await require_no_scorer(db, cycle_id, found.counted, scheme, own)
    hands = await hands_of(db, cycle_id, found, stored)
    check_decision(found.state, hands, new.decision, new.text, permit.caller.person)
    if approved:
        await require_upheld(db, cycle_id, found.row, found.counted, scheme, stored)
        others = [each for each in stored if each is not found]
        await check_correction(db, cycle_id, found.counted, rules, others)
    if evidence is not None and is_held(origin, scheme):
        await refuse_a_fall(db, cycle_id, found.counted, evidence)
    decided = await add_decision(db, found.row, new, charged, stored, permit.caller)
    moved = StoredCorrection(found.row, decided)
    return await recorded(db, permit, moved, "decided", scheme.time_zone)


@router.post(
    "/{correction_id}/withdrawal",
    status_code=201,
    responses=documents(NoSuchCorrection, CorrectionDecided, *_REFUSALS),
)
async def withdraw_correction(
    cycle_id: UUID,
    correction_id: UUID,
    new: NewCorrectionWithdrawal,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedCorrection:
    """Take back a correction that nobody has decided about, as one of the body that proposes about
    its unit, with a reason. What it was to change can be proposed anew.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    bodies = {each.body for each in scheme.recusals}
    own = permit.caller.organisation
    stored = await hold_corrections(db, cycle_id, permit, {SECOND_BODY} if own in bodies else ())
    known = [each for each in stored if may_know_of(each.row.unit, scheme, permit, SEALED)]
    found = of_id(known, correction_id)
    require_office_of(found.row.unit, scheme, permit, SEALED, CorrectionBarred)
    await require_no_interest(db, cycle_id, found.counted, None, scheme, own)
    await require_no_speaker(db, cycle_id, found.row.objection_id, permit.caller.person)
    require_proposed(found.state)
    decided = await add_decision(db, found.row, new, None, stored, permit.caller)
    moved = StoredCorrection(found.row, decided)
    return await recorded(db, permit, moved, "withdrawn", scheme.time_zone)


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_corrections(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="About this unit.")] = None,
    state: Annotated[
        list[CorrectionState] | None,
        Query(max_length=len(CORRECTION_STATES), description="In one of these states."),
    ] = None,
) -> SealedCorrections:
    """List the corrections of a sealed ledger in the order of their ids.

    Those about a unit's category are left out for whoever decides and is assessed in it. A unit
    gets those about itself, once they are in a score sheet that was fed back.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    stored = await corrections_of(db, cycle_id)
    readable = await _readable(db, cycle_id, stored, scheme, permit)
    wanted = [
        each
        for each in page.later_of(readable, lambda each: each.row.correction_id)
        if unit in (None, each.row.unit) and each.state in (state or CORRECTION_STATES)
    ]
    at_work = _is_at_work(permit, scheme)
    day, zone = await today(db, scheme.time_zone), scheme.time_zone
    shown = [told(each, day, zone, at_work=at_work) for each in wanted[: page.limit + 1]]
    counted = [each.counted for each in stored if each.state == APPROVED]
    listed = Page[SealedCorrection].of(shown, page.limit, lambda each: str(each.correction_id))
    digest = corrections_digest(counted) if _compares(permit, scheme) else None
    return SealedCorrections(items=listed.items, next=listed.next, digest=digest)


def _is_at_work(permit: Permission, scheme: Scheme) -> bool:
    """Say whether a caller reads corrections because of its work, and not as an assessed unit."""
    own = permit.caller.organisation
    bodies = {each.body for each in scheme.recusals}
    return permit.allows({SECOND_BODY} if own in bodies else ())


def _compares(permit: Permission, scheme: Scheme) -> bool:
    """Say whether a caller gets the digest of what counts, by which it is compared with a score
    sheet's: not who decides and is of a unit, whose category it could be that was corrected."""
    own, roles = permit.caller.organisation, permit.caller.roles
    stands_in = frozenset(each.unit for each in scheme.recusals if each.body == own)
    is_body = SECOND_BODY in roles
    barred = gets_no_digest(own, roles, stands_in if is_body else frozenset())
    return _is_at_work(permit, scheme) and not barred


async def _readable(
    db: AsyncSession,
    cycle_id: UUID,
    stored: Sequence[StoredCorrection],
    scheme: Scheme,
    permit: Permission,
) -> list[StoredCorrection]:
    own, categories = permit.caller.organisation or "", scheme.category_of()
    competing = categories.get(own)
    at_work = _is_at_work(permit, scheme)
    if not at_work:
        permit.require({"own_unit"} if competing else ())
    found = list[StoredCorrection]()
    told = await told_corrections(db, cycle_id)
    for each in stored:
        unit = each.row.unit
        works = at_work and _works_on(unit, scheme, permit)
        if works or (unit == own and each.row.correction_id in told):
            found.append(each)
    return found


def _works_on(unit: str, scheme: Scheme, permit: Permission) -> bool:
    """Say whether corrections about a unit are read by the caller's roles: all by the office and
    the auditor, by the committee those of other categories, by a second body its own."""
    roles, own = permit.caller.roles, permit.caller.organisation
    if {"performance_office", "auditor"} & roles:
        return True
    category = scheme.category_of().get(unit)
    if category is not None and own in category.units:
        return False
    if {"committee", "standing_committee"} & roles:
        return True
    return own is not None and scheme.second_body_of(unit) == own
