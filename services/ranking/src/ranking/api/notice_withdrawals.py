"""Objections to a notice that are taken back by who filed them: nothing waits for them any more."""

from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Transaction
from chassis.followers import WITHOUT_ACCOUNT, Reference
from chassis.identity import Caller
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from ranking.api.notice_objections import (
    NoticeObjection,
    NoticeObjectionMade,
    Token,
    record_objection,
    theirs,
    told_objection,
)
from ranking.api.noticed import TABLES
from ranking.queries import Number, hold_cycle, now
from ranking.rules.notices import NoSuchNoticeObjection, NoticeObjectionSettled, refuse_settled
from ranking.tables import NoticeAnswerRow, NoticeObjectionRow, NoticeWithdrawalRow

_AT = "/notices/{notice}/objections/{reference}/withdrawal"
router = Router(prefix=f"/cycles/{{cycle_id}}{_AT}", tags=["notices"])
public = Router(prefix=f"/public/cycles/{{cycle_id}}{_AT}", tags=["notices"])

_REFUSALS = (NoSuchNoticeObjection, NoticeObjectionSettled, StoredDataAltered)


@router.post("", status_code=201, responses=documents(*_REFUSALS))
async def withdraw_notice_objection(
    cycle_id: UUID, notice: Number, reference: Reference, db: Transaction, permit: Permit
) -> NoticeObjectionMade:
    """Take back an objection of the own unit before it is answered: the next step of the approval
    chain waits for it no longer, and it stays on record."""
    caller = permit.caller
    permit.require({"own_unit"} if caller.organisation else ())
    await hold_cycle(db, cycle_id)
    row = await db.get(NoticeObjectionRow, (cycle_id, reference))
    if row is None or row.unit != caller.organisation or row.notice != notice:
        raise NoSuchNoticeObjection("The unit has none.", "本单位没有该编号的异议。")
    gone = await _take_back(db, row, caller)
    receipt = await record_objection(db, row, caller, "withdrawn")
    return NoticeObjectionMade(objection=told_objection(row, None, gone), receipt=receipt)


@public.post("", status_code=201, responses=documents(*_REFUSALS))
async def withdraw_in_public(
    cycle_id: UUID,
    notice: Number,
    reference: Reference,
    request: Request,
    response: Response,
    token: Token = "",
) -> NoticeObjection:
    """Take back an objection that was filed without an account, by its number and token, before it
    is answered. A contact that was left with it is read by nobody from then on."""
    response.headers["Cache-Control"] = "no-store"
    async with request.app.state.sessions.begin() as db:
        row = await theirs(db, cycle_id, notice, reference, token)
        await hold_cycle(db, cycle_id)
        gone = await _take_back(db, row, WITHOUT_ACCOUNT)
        await record_objection(db, row, WITHOUT_ACCOUNT, "withdrawn")
        return told_objection(row, None, gone)


async def _take_back(
    db: AsyncSession, row: NoticeObjectionRow, caller: Caller
) -> NoticeWithdrawalRow:
    key = row.cycle_id, row.reference
    await require_intact(db, str(row.cycle_id), *TABLES)
    refuse_settled(
        answered=await db.get(NoticeAnswerRow, key) is not None,
        withdrawn=await db.get(NoticeWithdrawalRow, key) is not None,
    )
    gone = NoticeWithdrawalRow(
        cycle_id=row.cycle_id,
        reference=row.reference,
        subject=caller.subject,
        person=None if caller is WITHOUT_ACCOUNT else caller.person,
        withdrawn_at=await now(db),
    )
    db.add(gone)
    await db.flush()
    return gone
