"""Seats from which ballots are cast: named before a wave opens, and given to another account while
no ballot has come from them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from survey.api.waves import WaveNo
from survey.queries.counts import seats_of
from survey.queries.surveys import Lock, NoSuchWave, find_wave, in_wave, surveyed_units
from survey.rules.ballots import (
    BALLOTS,
    BallotCast,
    NotByBallot,
    Seat,
    SeatsFixed,
    SeatsRejected,
    check_holder,
    check_seats,
)
from survey.rules.states import WaveNotPlanned, WaveState, require
from survey.tables.counts import BallotRow, SeatReplacementRow, SeatRow, UrnOpeningRow, UrnRow
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}/seats", tags=["waves"])

Account = Annotated[str, Field(min_length=1, max_length=200)]
SeatNo = Annotated[Code, Path(description="Number of the seat within the wave.")]


class NoSuchSeat(Missing):
    """The wave has no seat of this number."""

    zh = "本轮没有这一编号的席位。"
    remedy = ("Look the number up in the list of seats.", "请在席位名单中查对编号。")


class NewSeat(Incoming):
    """A seat, the account that holds it, the unit about which it says nothing, and its group."""

    seat: Code
    account: Account
    unit: Code | None = None
    group: Code | None = None


class NewSeats(Incoming):
    """All seats of a wave; they are named once, before it opens."""

    seats: Annotated[list[NewSeat], Field(min_length=1, max_length=5_000)]


class NewSeatReplacement(Incoming):
    """The account that is to hold a seat instead, and why: a misspelt name, somebody who left."""

    account: Account
    reason: Text


class SeatReplacement(Outgoing):
    """That a seat was given to an `account`, and why."""

    account: str
    reason: str
    replaced_by: str
    replaced_at: dt.datetime


class SeatStanding(Outgoing):
    """A seat, and whether its ballot has been cast; of what it says nobody is told.

    The `account` is the one that holds it now; `replacements` are in their order.
    """

    seat: str
    account: str
    unit: str | None
    group: str | None
    cast: bool
    replacements: list[SeatReplacement]


class Seats(Outgoing):
    """The seats of a wave, whether its urn has been set up, and when it was opened."""

    survey_id: UUID
    wave: int
    seats: list[SeatStanding]
    urn: bool
    opened_at: dt.datetime | None


class RecordedSeats(Seats):
    """Seats that have just been named, with the receipt of the journal."""

    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(NoSuchWave, WaveNotPlanned, NotByBallot, SeatsRejected, SeatsFixed),
)
async def name_seats(
    survey_id: UUID, wave: WaveNo, new: NewSeats, db: Transaction, permit: Permit
) -> RecordedSeats:
    """Name the seats of a planned wave, all at once; who holds one can be replaced later."""
    survey, row = await by_ballot(db, survey_id, wave, Lock.ALONE, permit)
    require((WaveState.PLANNED,), WaveState(row.state), wave)
    permit.require(phase=row.state)
    seats = [Seat(e.seat, e.account, e.unit, e.group) for e in new.seats]
    if await seats_of(db, row):
        raise SeatsFixed("The seats have been named.", "席位已经列出。")
    check_seats(survey.definition, set(await surveyed_units(db, survey)), seats)
    rows = [
        {**row.key, "seat": e.seat, "account": e.account, "unit": e.unit,
         "respondent_group": e.group}
        for e in seats
    ]  # fmt: skip
    await db.execute(insert(SeatRow), rows)
    receipt = await record(db, permit, survey, row, "seats-named", {"seats": len(rows)})
    return RecordedSeats(**dict(await _shown(db, row)), receipt=receipt)


@router.post(
    "/{seat}/replacement",
    status_code=201,
    responses=documents(NoSuchWave, NotByBallot, NoSuchSeat, BallotCast, SeatsRejected),
)
async def replace_seat(
    survey_id: UUID,
    wave: WaveNo,
    seat: SeatNo,
    new: NewSeatReplacement,
    db: Transaction,
    permit: Permit,
) -> RecordedSeats:
    """Give a seat from which no ballot has been cast to another account.

    The list of seats names who held it before, and why that was changed.
    """
    # Alone: a ballot was cast before, or is cast by whoever holds the seat afterwards.
    survey, row = await by_ballot(db, survey_id, wave, Lock.ALONE, permit)
    permit.require(phase=row.state)
    before = await _shown(db, row)
    held = {each.seat: each for each in before.seats}
    if seat not in held:
        raise NoSuchSeat(f"There is no seat {seat}.", f"没有席位 {seat}。")
    if held[seat].cast:
        raise BallotCast("A ballot was cast from this seat.", "该席位已经投票。")
    check_holder(new.account, {each.account for each in before.seats})
    replaced = {"seat": seat, "replacement_no": 1 + len(held[seat].replacements)}
    told = {**new.model_dump(), "replaced_by": permit.caller.subject}
    await db.execute(insert(SeatReplacementRow), [{**row.key, **replaced, **told}])
    receipt = await record(db, permit, survey, row, "seat-replaced", {"seat": seat, **dict(new)})
    return RecordedSeats(**dict(await _shown(db, row)), receipt=receipt)


@router.get("", responses=documents(NoSuchWave))
async def list_seats(survey_id: UUID, wave: WaveNo, db: Snapshot, permit: Permit) -> Seats:
    """List the seats of a wave, and from which a ballot has been cast."""
    _, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    return await _shown(db, row)


async def by_ballot(
    db: AsyncSession, survey_id: UUID, wave: int, lock: Lock, permit: Permission
) -> tuple[SurveyRow, WaveRow]:
    """Return a wave in which ballots are cast, held as asked for."""
    survey, row = await find_wave(db, survey_id, wave, lock)
    permit.within(row.cycle_id)
    if survey.definition.mode not in BALLOTS:
        raise NotByBallot("It has another mode.", "该调查采用其他方式。")
    return survey, row


async def _shown(db: AsyncSession, wave: WaveRow) -> Seats:
    cast = set(await db.scalars(select(BallotRow.seat).where(*in_wave(wave, BallotRow))))
    opened = select(UrnOpeningRow.opened_at).where(*in_wave(wave, UrnOpeningRow))
    urns = select(func.count()).select_from(UrnRow).where(*in_wave(wave, UrnRow))
    replacements = defaultdict[str, list[SeatReplacement]](list)
    of = SeatReplacementRow
    for each in await db.scalars(select(of).where(*in_wave(wave, of)).order_by(of.replacement_no)):
        replacements[each.seat].append(SeatReplacement.model_validate(each))
    return Seats(
        survey_id=wave.survey_id,
        wave=wave.wave,
        seats=[
            SeatStanding(
                seat=each.seat,
                account=each.account,
                unit=each.unit,
                group=each.group,
                cast=each.seat in cast,
                replacements=replacements[each.seat],
            )
            for each in await seats_of(db, wave)
        ],
        urn=bool(await db.scalar(urns)),
        opened_at=await db.scalar(opened),
    )


async def record(
    db: AsyncSession,
    permit: Permission,
    survey: SurveyRow,
    row: WaveRow,
    step: str,
    more: Mapping[str, Any],
) -> Receipt | None:
    """Write a step of the voting in the journal."""
    return await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=f"survey.{step}",
        body={"survey_id": str(row.survey_id), "code": survey.code, "wave": row.wave, **more},
    )
