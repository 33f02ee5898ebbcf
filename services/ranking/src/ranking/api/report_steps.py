"""What becomes of a veto or demotion: another person confirms or refuses it, or it is lifted."""

from collections.abc import Collection, Mapping
from typing import Literal, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.wire import Incoming, Text
from ranking.api.reports import (
    REFUSALS,
    DemotionReported,
    Reported,
    VetoReported,
    check_reporter,
    record_report,
    reported_of,
    reporter_relations,
)
from ranking.peers import AskPeers, Peers
from ranking.queries import Number, hold_cycle, kind_of, state_of_report, steps_of_reports
from ranking.rules import interest
from ranking.rules.interest import category_units, check_interest, check_office, second_bodies
from ranking.rules.reports import (
    OwnReport,
    Part,
    ReasonMissing,
    ReportNotOpen,
    ReportState,
    check_second_person,
    decided,
    lifting,
    reporters_of_demotions,
    reporters_of_vetoes,
)
from ranking.tables import DemotionRow, ReportStepRow, VetoRow

router = Router(prefix="/cycles/{cycle_id}", tags=["vetoes and demotions"])

Row = TypeVar("Row", VetoRow, DemotionRow)


class NoSuchReport(Missing):
    """The cycle has no report of this number."""

    zh = "本评估年度没有该编号的报送。"
    remedy = (
        "Look the number up in the list of vetoes or demotions.",
        "请在一票否决或降等事项清单中查对编号。",
    )


MOVING = (*REFUSALS, NoSuchReport, OwnReport, ReasonMissing, ReportNotOpen)


class NewLifting(Incoming):
    """Why a report shall count no longer, and the document that decided it."""

    reason: Text
    document_no: Text


class NewConfirmation(Incoming):
    """A second person's word on the report itself, or on lifting it; refusing needs a reason."""

    of: Part
    decision: Literal["confirm", "refuse"]
    reason: Text | None = None


@router.post("/vetoes/{number}/confirmation", status_code=201, responses=documents(*MOVING))
async def confirm_veto(
    cycle_id: UUID,
    number: Number,
    new: NewConfirmation,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> VetoReported:
    """Confirm a veto or its lifting, as another person than the one who asked; or refuse it."""
    veto, receipt = await _confirm(db, VetoRow, cycle_id, number, new, permit, ask)
    return VetoReported(veto=veto, receipt=receipt)


@router.post("/vetoes/{number}/lifting", status_code=201, responses=documents(*MOVING))
async def lift_veto(
    cycle_id: UUID, number: Number, new: NewLifting, db: Transaction, permit: Permit, ask: AskPeers
) -> VetoReported:
    """Ask to lift a veto; it counts until another person has confirmed the lifting."""
    veto, receipt = await _lift(db, VetoRow, cycle_id, number, new, permit, ask)
    return VetoReported(veto=veto, receipt=receipt)


@router.post("/demotions/{number}/confirmation", status_code=201, responses=documents(*MOVING))
async def confirm_demotion(
    cycle_id: UUID,
    number: Number,
    new: NewConfirmation,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> DemotionReported:
    """Confirm a demotion or its lifting, as another person than the one who asked; or refuse."""
    demotion, receipt = await _confirm(db, DemotionRow, cycle_id, number, new, permit, ask)
    return DemotionReported(demotion=demotion, receipt=receipt)


@router.post("/demotions/{number}/lifting", status_code=201, responses=documents(*MOVING))
async def lift_demotion(
    cycle_id: UUID, number: Number, new: NewLifting, db: Transaction, permit: Permit, ask: AskPeers
) -> DemotionReported:
    """Ask to lift a reported demotion; it counts until another person has confirmed the lifting."""
    demotion, receipt = await _lift(db, DemotionRow, cycle_id, number, new, permit, ask)
    return DemotionReported(demotion=demotion, receipt=receipt)


async def _confirm(
    db: AsyncSession,
    table: type[Row],
    cycle_id: UUID,
    number: int,
    new: NewConfirmation,
    permit: Permission,
    ask: Peers,
) -> tuple[Reported, Receipt | None]:
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    row, steps = await _held(db, table, cycle_id, number)
    caller, units = permit.caller, category_units(scheme, row.unit) or (row.unit,)
    bodies = second_bodies(scheme, units)
    _known_to(permit, interest.relations_of(bodies, caller.organisation), number)
    check_interest(units, caller.organisation)
    check_office(bodies, caller.organisation, caller.roles)

    confirmed = new.decision == "confirm"
    state = decided(state_of_report(steps), new.of, confirmed=confirmed)
    asked_by = steps[-1].person if steps else row.reported_by_person or row.reported_by
    check_second_person(asked_by, caller.person, confirmed=confirmed, reason=new.reason)
    told = {"reason": new.reason, "document_no": None}
    return await _add_step(db, row, steps, state, told, permit)


async def _lift(
    db: AsyncSession,
    table: type[Row],
    cycle_id: UUID,
    number: int,
    new: NewLifting,
    permit: Permission,
    ask: Peers,
) -> tuple[Reported, Receipt | None]:
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    row, steps = await _held(db, table, cycle_id, number)
    of_table = reporters_of_vetoes if table is VetoRow else reporters_of_demotions
    reporters = of_table(scheme)
    _known_to(permit, reporter_relations(scheme, reporters, row.unit, row.code, permit), number)
    check_reporter(scheme, reporters, row.unit, row.code, permit)

    state = lifting(state_of_report(steps))
    return await _add_step(db, row, steps, state, new.model_dump(), permit)


async def _held(
    db: AsyncSession, table: type[Row], cycle_id: UUID, number: int
) -> tuple[Row, list[ReportStepRow]]:
    await hold_cycle(db, cycle_id)
    row = await db.get(table, (cycle_id, number))
    if row is None:
        raise _no_such(number)
    steps = await steps_of_reports(db, kind_of(table), cycle_id, [number])
    return row, steps.get(number, [])


def _known_to(permit: Permission, relations: Collection[str], number: int) -> None:
    """Let a report that is not theirs be as good as unknown: what is reported is not told."""
    if not permit.allows(relations):
        raise _no_such(number)


def _no_such(number: int) -> NoSuchReport:
    return NoSuchReport(f"There is no number {number}.", f"没有第{number}号。")


async def _add_step(
    db: AsyncSession,
    row: VetoRow | DemotionRow,
    steps: list[ReportStepRow],
    state: ReportState,
    told: Mapping[str, str | None],
    permit: Permission,
) -> tuple[Reported, Receipt | None]:
    kind = kind_of(type(row))
    taken = ReportStepRow(
        cycle_id=row.cycle_id,
        kind=kind,
        number=row.number,
        step=len(steps) + 1,
        state=state,
        subject=permit.caller.subject,
        person=permit.caller.person,
        **told,
    )
    db.add(taken)
    await db.flush()
    reported = reported_of(row, [*steps, taken])
    event = f"ranking.{kind}-{state}"
    return reported, await record_report(db, event, row.cycle_id, reported, permit)
