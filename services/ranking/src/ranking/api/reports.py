"""Vetoes and demotions: what is reported of a unit, confirmed and lifted by others; all is kept."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, TypeVar, get_args
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.elsewhere import NOT_ASKED, Elsewhere, page_of
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery, PageRequest
from chassis.problems import documents
from chassis.refusals import Conflict
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from ranking.api.codes import ReadInScheme, beside_of
from ranking.api.readers import sight_of
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, successions_of
from ranking.queries import (
    VetoesBefore,
    came,
    free_number,
    hold_cycle,
    kind_of,
    place_of,
    reported_after,
    reports_in,
    reports_of,
    state_of_report,
    steps_of_reports,
    today,
    vetoes_so_far,
)
from ranking.rules import interest
from ranking.rules.codes import OWN_CODES, IdSchemeUnknown
from ranking.rules.demotions import PlaceInList
from ranking.rules.documents import is_one_number
from ranking.rules.interest import (
    DeciderBarred,
    HiddenResults,
    category_units,
    check_interest,
    check_office,
    second_bodies,
)
from ranking.rules.reports import (
    Report,
    ReportRejected,
    ReportState,
    VetoLimitReached,
    check_demotion,
    check_report,
    check_veto_limit,
    refuse_future,
    relations_of,
    reporters_of_demotions,
    reporters_of_vetoes,
)
from ranking.rules.scheme import Scheme
from ranking.rules.vetoes import NO_VETOES, TooManyVetoedBlocks, check_blocks, check_day
from ranking.tables import DemotionRow, ReportStepRow, VetoRow

router = Router(prefix="/cycles/{cycle_id}", tags=["vetoes and demotions"])

Row = TypeVar("Row", VetoRow, DemotionRow)


class AlreadyReported(Conflict):
    """This was reported of the unit before, by the same document."""

    zh = "该单位的同一事项已依据同一文件报送。"
    remedy = (
        "Nothing needs to be done; report another matter by its own document.",
        "无需重复报送；另一事项请依据其自身文件报送。",
    )


WHERE_GIVEN = Field(exclude_if=lambda value: value is None)
"""For what is said of few reports: without it a report is told as it always was."""

LONGEST_LIST = 1_000_000
"""How many a superior's list may have at most."""

Reporters = Mapping[str, Collection[str]]
"""The responsible units of everything that can be reported, by its code."""


class NewPlace(Incoming):
    """A unit's rank in a superior's list of so many, 1 being the best."""

    rank: Annotated[int, Field(ge=1, le=LONGEST_LIST)]
    of: Annotated[int, Field(ge=1, le=LONGEST_LIST)]


class NewReport(Incoming):
    """A veto or demotion of a unit: its code in the scheme, and the document that decided it."""

    unit: Code
    code: Code
    document_no: Text
    decided_on: dt.date
    note: Text | None = None

    def report(self) -> Report:
        """Return the report as the rules see it."""
        return Report(self.unit, self.code, self.document_no, self.decided_on, self.note)


class NewVeto(NewReport):
    """A veto of a unit, who decided it, and until when it counts, if not for good.

    `late_reason` says why it comes after the last day that the scheme has for it.
    """

    decided_by: Text | None = None
    expires_on: dt.date | None = None
    late_reason: Text | None = None

    def report(self) -> Report:
        """Return the report as the rules see it."""
        return replace(NewReport.report(self), expires_on=self.expires_on)


class NewDemotion(NewReport):
    """A demotion of a unit; `place` is the one in a superior's list, where it is about that."""

    place: NewPlace | None = None

    def report(self) -> Report:
        """Return the report as the rules see it."""
        place = None if self.place is None else PlaceInList(self.place.rank, self.place.of)
        return replace(NewReport.report(self), place=place)


class ReportStep(Outgoing):
    """What became of a report: the state it came into, why, by which document, and by whom."""

    state: ReportState
    reason: str | None
    document_no: str | None
    subject: str
    taken_at: dt.datetime


class ReportedPlace(Outgoing):
    """A unit's rank in a superior's list of so many, 1 being the best."""

    rank: int
    of: int


class Reported(Outgoing):
    """A veto or demotion on record, named by a `number` that counts nothing.

    It counts while it is `confirmed` or `lifting`; `steps` led to its state. `place` is that in a
    superior's list, null where it is not about one. Of a veto it may be said who decided it, until
    when it counts, and why it was reported late.
    """

    number: int
    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    code: str
    document_no: str
    decided_on: dt.date
    note: str | None
    place: ReportedPlace | None
    reported_by: str
    reported_at: dt.datetime
    state: ReportState
    steps: list[ReportStep]
    decided_by: Annotated[str | None, WHERE_GIVEN] = None
    expires_on: Annotated[dt.date | None, WHERE_GIVEN] = None
    late_reason: Annotated[str | None, WHERE_GIVEN] = None


class VetoReported(Outgoing):
    """A veto that is now on record."""

    veto: Reported
    receipt: Receipt | None


class DemotionReported(Outgoing):
    """A demotion that is now on record."""

    demotion: Reported
    receipt: Receipt | None


Matter = Annotated[Code | None, Query(description="What was reported, by its code in the scheme.")]
States = Annotated[
    list[ReportState] | None,
    Query(max_length=len(get_args(ReportState)), description="In one of these states."),
]

REFUSALS = (DeciderBarred, PeerDown, PeerMissing, PeerRefused, StoredDataAltered)


@router.post(
    "/vetoes",
    status_code=201,
    responses=documents(
        AlreadyReported, *REFUSALS, ReportRejected, TooManyVetoedBlocks, VetoLimitReached
    ),
)
async def report_veto(
    cycle_id: UUID, new: NewVeto, db: Transaction, permit: Permit, ask: AskPeers
) -> VetoReported:
    """Report a veto of a unit; it caps the unit's grade, has a block count for nothing, or bars it
    from a title, once another person has confirmed.

    After the last day that the scheme has for it, it needs `late_reason`; after a publication, a
    new edition and a release that replaces the former.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    check_report(scheme, reporters_of_vetoes(scheme), new.report())
    check_reporter(scheme, reporters_of_vetoes(scheme), new.unit, new.code, permit)
    is_added = scheme.vetoes.adds_to_last_year(new.code)
    successions = successions_of(await ask.indicators.units()) if is_added else ()

    await hold_cycle(db, cycle_id)
    check_day(scheme, new.report(), new.late_reason, await today(db, scheme.time_zone))
    known = await reports_of(db, VetoRow, cycle_id)
    check_veto_limit(scheme, {e.code for e in known if e.state != "lifted"}, new.code)
    before = await vetoes_so_far(db, scheme, successions) if is_added else VetoesBefore()
    check_blocks(scheme, new.report(), known, before.of.get(new.unit, NO_VETOES))
    veto = await _keep(db, VetoRow, cycle_id, new, permit)
    receipt = await record_report(db, "ranking.veto-reported", cycle_id, veto, permit)
    return VetoReported(veto=veto, receipt=receipt)


@router.get(
    "/vetoes",
    response_model=Page[Reported],
    responses=documents(IdSchemeUnknown, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def list_vetoes(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
    code: Matter = None,
    state: States = None,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """Give the vetoes of a cycle in the order in which they were reported."""
    sight = await sight_of(ask, permit, cycle_id)
    beside = await beside_of(ask, cycle_id, id_scheme)
    wanted = asked_for(VetoRow, unit, code, state)
    return page_of(await _page(db, VetoRow, cycle_id, page, sight, wanted), beside)


@router.post(
    "/demotions",
    status_code=201,
    responses=documents(AlreadyReported, *REFUSALS, ReportRejected),
)
async def report_demotion(
    cycle_id: UUID, new: NewDemotion, db: Transaction, permit: Permit, ask: AskPeers
) -> DemotionReported:
    """Report an event, or a place in a superior's list, that demotes a unit once another person has
    confirmed.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    check_demotion(scheme, new.report())
    check_reporter(scheme, reporters_of_demotions(scheme), new.unit, new.code, permit)

    await hold_cycle(db, cycle_id)
    refuse_future(new.report(), await today(db, scheme.time_zone))
    demotion = await _keep(db, DemotionRow, cycle_id, new, permit)
    receipt = await record_report(db, "ranking.demotion-reported", cycle_id, demotion, permit)
    return DemotionReported(demotion=demotion, receipt=receipt)


@router.get(
    "/demotions",
    response_model=Page[Reported],
    responses=documents(IdSchemeUnknown, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def list_demotions(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
    code: Matter = None,
    state: States = None,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """Give the reported demotions of a cycle in the order in which they were reported."""
    sight = await sight_of(ask, permit, cycle_id)
    beside = await beside_of(ask, cycle_id, id_scheme)
    wanted = asked_for(DemotionRow, unit, code, state)
    return page_of(await _page(db, DemotionRow, cycle_id, page, sight, wanted), beside)


def check_reporter(
    scheme: Scheme, reporters: Reporters, unit: str, code: str, permit: Permission
) -> None:
    """Refuse whoever may not report this of that unit: who competes with it, above all."""
    caller, units = permit.caller, category_units(scheme, unit)
    bodies = second_bodies(scheme, units)
    relations = reporter_relations(scheme, reporters, unit, code, permit)
    permit.require(relations)
    check_interest(units, caller.organisation)
    if not ("responsible" in relations and "responsible_body" in caller.roles):
        check_office(bodies, caller.organisation, caller.roles)


def reporter_relations(
    scheme: Scheme, reporters: Reporters, unit: str, code: str, permit: Permission
) -> frozenset[str]:
    """Return how the caller stands to a report of this about that unit."""
    caller = permit.caller
    bodies = second_bodies(scheme, category_units(scheme, unit))
    responsible = relations_of(reporters, code, caller.organisation)
    return responsible | interest.relations_of(bodies, caller.organisation)


async def _keep(
    db: AsyncSession, table: type[Row], cycle_id: UUID, new: NewReport, permit: Permission
) -> Reported:
    """Add a report under a number of its own, unless the same document made it before;
    one that was refused may be made again."""
    alike = await db.execute(
        select(table.number, table.document_no).where(
            table.cycle_id == cycle_id, table.unit == new.unit, table.code == new.code
        )
    )
    # Reported twice in two writings it would stay in force when one of the two is lifted.
    known = [number for number, written in alike if is_one_number(written, new.document_no)]
    steps = await steps_of_reports(db, kind_of(table), cycle_id)
    for number in known:
        if state_of_report(steps.get(number, ())) != "refused":
            # Perhaps by somebody else, whose report is not the caller's to move.
            raise AlreadyReported("It is on record.", "已经登记。")
    place = new.report().place
    row = table(
        cycle_id=cycle_id,
        number=await free_number(db, table, cycle_id),
        reported_by=permit.caller.subject,
        reported_by_person=permit.caller.person,
        **new.model_dump(exclude={"place"}),
        **({} if place is None else {"rank": place.rank, "list_size": place.of}),
    )
    db.add(row)
    await db.flush()
    return reported_of(row, [])


def reported_of(row: VetoRow | DemotionRow, steps: list[ReportStepRow]) -> Reported:
    """Return the document of a report with what became of it."""
    stored = Reported.model_fields.keys() - {"place", "state", "steps", "unit_in_scheme"}
    return Reported(
        **{name: getattr(row, name, None) for name in stored},
        place=place_of(row) and ReportedPlace.model_validate(place_of(row)),
        state=state_of_report(steps),
        steps=[ReportStep.model_validate(each) for each in steps],
    )


async def record_report(
    db: AsyncSession, event: str, cycle_id: UUID, reported: Reported, permit: Permission
) -> Receipt | None:
    """Put a report, or a step of it, on record in the journal."""
    return await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event=event,
        body=reported.model_dump(mode="json"),
    )


def asked_for(
    table: type[Row], unit: str | None, code: str | None, states: Collection[ReportState] | None
) -> list[ColumnElement[bool]]:
    """Return what holds of the reports that are asked for."""
    found = list[ColumnElement[bool]]()
    if unit is not None:
        found.append(table.unit == unit)
    if code is not None:
        found.append(table.code == code)
    if states:
        found.append(reports_in(table, states))
    return found


async def _page(
    db: AsyncSession,
    table: type[Row],
    cycle_id: UUID,
    page: PageRequest,
    sight: HiddenResults,
    wanted: Sequence[ColumnElement[bool]],
) -> Page[Reported]:
    readable = [table.cycle_id == cycle_id, table.unit.not_in(sight.units)]
    rows = (
        await db.scalars(
            select(table)
            .where(*readable, *reported_after(table, page, readable))
            .where(*wanted)
            .order_by(*came(table))
            .limit(page.limit + 1)
        )
    ).all()
    await require_intact(db, str(cycle_id), table.__tablename__)
    steps = await steps_of_reports(db, kind_of(table), cycle_id, [row.number for row in rows])
    found = [reported_of(row, steps.get(row.number, [])) for row in rows]
    return Page.of(found, page.limit, lambda report: str(report.number))
