"""Items of rectification reports (整改报告): opened once people have decided on one, withdrawn once
it was revoked, and told to whoever decided."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import NotAllowed, Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.deadlines import local_day
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, OneOf, Outgoing
from scoring.api.items.documents import PEERS, ItemReport, ItemState, around_of
from scoring.api.items.keeping import HELD, Held, store_item, store_move
from scoring.peers import AskPeers, Peers
from scoring.queries import hold
from scoring.queries.items import require_true_items, whole_items
from scoring.queries.ledger import now, open_ledger, phase_of_ledger, seen_phase
from scoring.queries.reports import items_by_hand, items_of_reports, rows_of
from scoring.rules.duties.owed import years_of
from scoring.rules.items.refusals import SupervisedItemsRejected, reject_if
from scoring.rules.items.reports import (
    WAITS,
    Beside,
    Opening,
    Report,
    ReportKey,
    Waiting,
    anew_faults,
    opened,
    parted,
    withdrawn,
)
from scoring.rules.items.standing import Said
from scoring.rules.items.states import DISPATCH, OVER, RECTIFICATION, WITHDRAW, WITHDRAWN
from scoring.rules.ledger.states import OPEN, SEALED
from scoring.rules.scheme.document import Scheme
from scoring.rules.scheme.succession import Succession
from scoring.tables.items import ItemMoveRow, ItemRow

router = Router("/cycles/{cycle_id}", tags=["items"])

_REVOKED = "整改报告已撤销。"


class NewReportReference(Incoming):
    """A rectification report: the cycle in which it was decided, and its number there."""

    cycle_id: UUID
    number: Annotated[int, Field(ge=1, le=2**31 - 1)]


class NewReportItems(Incoming):
    """Of which reports that wait as `opened-by-hand` the item is another one: each opens its own
    now."""

    anew: Annotated[list[NewReportReference], Field(max_length=500)] = Field(default_factory=list)

    def keys(self) -> list[ReportKey]:
        """Return them as the rules know them."""
        return [(each.cycle_id, each.number) for each in self.anew]


class OpenedReport(Outgoing):
    """A report whose item was opened, or withdrawn: the unit that has it, and by when it is due."""

    report: ItemReport
    item_id: UUID
    unit: str
    until: dt.date


class WaitingReport(Outgoing):
    """A report that was decided and has no item yet, and why; `item_id` is the one that a person
    registered by the same document."""

    report: ItemReport
    unit: str
    reason: Annotated[str, OneOf(*WAITS)]
    item_id: UUID | None


class ReportItems(Outgoing):
    """The reports whose items were opened or withdrawn by this command, and those that wait."""

    opened: list[OpenedReport]
    withdrawn: list[OpenedReport]
    waiting: list[WaitingReport]
    receipt: Receipt | None


class ItemOfReport(Outgoing):
    """How the item of a report stands, and since when; it may be of a later cycle than the
    report."""

    number: int
    cycle_id: UUID
    item_id: UUID
    step: int
    state: ItemState
    due: dt.date | None
    changed_at: dt.datetime


class ItemsOfReports(Outgoing):
    """The items of the reports that were decided in a cycle, by the numbers of these."""

    items: list[ItemOfReport]


@router.post(
    "/supervised-items/reports",
    status_code=201,
    responses=documents(SupervisedItemsRejected, StoredDataAltered, *PEERS),
)
async def open_report_items(
    cycle_id: UUID,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    new: NewReportItems | None = None,
) -> ReportItems:
    """Open the items of the rectification reports that were decided in this cycle, or in the year
    before whose ledger is sealed, each once, and dispatch them; withdraw those whose report was
    revoked.

    An item is confidential, given whole to the unit, or to the one that goes on from it, and due on
    the last day of the report. A report that opens none is told with the reason.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    of_year, is_followed = await _years(ask, cycle_id)
    years = [*of_year]
    for each in years:  # what it does not reach would stay behind, and nobody would be told
        permit.within(each)
    told, successions = await _reports(ask, of_year)
    held = await _hold(db, cycle_id, permit, ask, scheme, years)
    reports = await _own_reports(db, cycle_id, told)
    there = await items_of_reports(db, years)
    by_hand = await items_by_hand(db, cycle_id)
    anew = _said_anew(new, permit)
    beside = Beside(successions, by_hand, anew, held.phase != OPEN, is_followed)
    reject_if([*anew_faults(reports, {*there}, held.around, beside)])
    openings, waiting = parted(opened(reports, {*there}, held.around, beside))
    made = await _open(db, cycle_id, permit, held, openings)
    here = {key: row.item_id for key, row in there.items() if row.cycle_id == cycle_id}
    gone = await _withdraw(db, cycle_id, held, permit, withdrawn(told, here))
    receipt = await _record(db, cycle_id, permit, made, gone)
    left = [_waiting(each) for each in waiting]
    return ReportItems(opened=made, withdrawn=gone, waiting=left, receipt=receipt)


def _said_anew(new: NewReportItems | None, permit: Permission) -> list[ReportKey]:
    """Return of which reports somebody of the office says that their item is another one: the daily
    round, which gives the same command, decides nothing."""
    if new is None or not new.anew:
        return []
    if "daily_round" in permit.caller.roles:
        raise NotAllowed("The office alone decides what is opened anew.", "另行交办由绩效办决定。")
    return new.keys()


async def _own_reports(db: AsyncSession, cycle_id: UUID, told: Sequence[Report]) -> list[Report]:
    """Return the reports that a cycle opens: its own, and those of a sealed year before."""
    others = {each.key[0] for each in told} - {cycle_id}
    sealed = {each for each in others if await seen_phase(db, each) == SEALED}
    return [each for each in told if each.key[0] in {cycle_id, *sealed}]


async def _years(ask: Peers, cycle_id: UUID) -> tuple[Mapping[UUID, int | None], bool]:
    """Return the cycles of which reports are looked at with their years, the earlier first, and
    whether there is a cycle with a scheme that opens what this one cannot once it is sealed."""
    cycles = sorted(await ask.indicators.cycles(), key=lambda each: each.cycle_id)
    own = next((each for each in cycles if each.cycle_id == cycle_id), None)
    if own is None:
        return {cycle_id: None}, False
    before = {each.cycle_id: each.assessment_year for each in cycles if own.follows(each)}
    after = [each.scheme_version for each in cycles if each.follows(own)]
    return before | {cycle_id: own.assessment_year}, any(each is not None for each in after)


async def _reports(
    ask: Peers, of_year: Mapping[UUID, int | None]
) -> tuple[list[Report], list[Succession]]:
    """Ask for the reports of some cycles, and who goes on from whom."""
    found = [
        told.ruled(each, year)
        for each, year in of_year.items()
        for told in await ask.ranking.reports(cycle_id=each)
    ]
    units = await ask.indicators.units() if found else []
    goes_on = [Succession(u.code, e.predecessor, e.effective_on) for u in units for e in u.succeeds]
    return found, goes_on


async def _hold(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    ask: Peers,
    scheme: Scheme,
    years: Sequence[UUID],
) -> Held:
    """Keep other commands from the items until the commit, and the ledger in its phase: of two
    cycles that look at one report the later waits."""
    calendar = await ask.working_days(years_of(scheme.assessment_year), await now(db))
    for each in years:
        await hold(db, HELD, each)
    phase = await phase_of_ledger(db, cycle_id)
    permit.require(phase=phase)
    await require_true_items(db, cycle_id)
    moment = await now(db)
    around = around_of(scheme, local_day(moment, scheme.time_zone), calendar)
    return Held(scheme, moment, around, {}, phase)


async def _open(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    held: Held,
    openings: Sequence[Opening],
) -> list[OpenedReport]:
    """Register and dispatch the items of reports: two people have decided on each."""
    if not openings:
        return []  # and no ledger was begun either
    await open_ledger(db, cycle_id)
    made = list[OpenedReport]()
    for each in openings:
        report = each.report
        said = {
            "kind": RECTIFICATION,
            "title": report.title,
            "text": report.text,
            "document_no": report.document_no,
            "confidential": True,
            "until": report.until_on,
            "report_cycle_id": report.key[0],
            "report_number": report.key[1],
        }
        item_id = await store_item(db, cycle_id, permit.caller, held.moment, said, each.shares)
        made.append(_told(report, item_id, each.unit))
    ids = [each.item_id for each in made]
    stored = await whole_items(db, cycle_id, await rows_of(db, cycle_id, ids))
    for item_id in ids:
        await store_move(db, held, stored[item_id], Said(DISPATCH), permit.caller)
    return made


async def _withdraw(
    db: AsyncSession,
    cycle_id: UUID,
    held: Held,
    permit: Permission,
    revoked: Mapping[UUID, Report],
) -> list[OpenedReport]:
    """Withdraw the items of revoked reports that are not over: what was accepted stays so."""
    stored = await whole_items(db, cycle_id, await rows_of(db, cycle_id, [*revoked]))
    gone = list[OpenedReport]()
    for item_id, item in stored.items():
        if item.moves[-1].state not in OVER:
            await store_move(db, held, item, Said(WITHDRAW, _REVOKED), permit.caller)
            gone.append(_told(revoked[item_id], item_id, item.shares[0].unit))
    return gone


async def _record(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    made: Sequence[OpenedReport],
    gone: Sequence[OpenedReport],
) -> Receipt | None:
    """Put on record what was opened and dispatched, and each item that was withdrawn."""
    entries = list[tuple[str, dict[str, Any]]]()
    if made:
        ids = [str(each.item_id) for each in made]
        reports = [each.report.model_dump(mode="json") for each in made]
        units = dict(Counter(each.unit for each in made))
        registered = {"item_ids": ids, "count": len(ids), "reports": reports}
        dispatched = {"item_ids": ids, "move": DISPATCH, "units": units}
        entries.append(("scoring.supervised-items-registered", registered))
        entries.append(("scoring.supervised-items-dispatched", dispatched))
    for each in gone:
        moved = {"item_id": str(each.item_id), "move": WITHDRAW, "state": WITHDRAWN}
        told = {"report": each.report.model_dump(mode="json"), "units": {each.unit: 1}}
        entries.append(("scoring.supervised-item-moved", {**moved, **told}))
    receipt, chain, caller = None, str(cycle_id), permit.caller
    for n, (event, body) in enumerate(entries, 1):
        last = n == len(entries)
        receipt = await journal.record(
            db, chain=chain, caller=caller, event=event, body=body, last=last
        )
    return receipt


def _told(report: Report, item_id: UUID, unit: str) -> OpenedReport:
    return OpenedReport(report=_named(report), item_id=item_id, unit=unit, until=report.until_on)


def _named(report: Report) -> ItemReport:
    return ItemReport(cycle_id=report.key[0], number=report.key[1])


def _waiting(each: Waiting) -> WaitingReport:
    report = each.report
    return WaitingReport(
        report=_named(report), unit=report.unit, reason=each.reason, item_id=each.item_id
    )


@router.get("/report-items", responses=documents(StoredDataAltered))
async def list_report_items(cycle_id: UUID, db: Snapshot, permit: Permit) -> ItemsOfReports:
    """List how the items stand that were opened for the rectification reports of this cycle, also
    those of a later one, as far as the scope of the token reaches."""
    permit.require(())
    reached, found = permit.reached(), await items_of_reports(db, [cycle_id])
    rows = [row for row in found.values() if reached(row.cycle_id)]
    told = list[ItemOfReport]()
    for each in {row.cycle_id for row in rows}:
        await require_true_items(db, each)
        stored = await whole_items(db, each, [row for row in rows if row.cycle_id == each])
        told += [_stands(item.row, item.moves[-1]) for item in stored.values()]
    return ItemsOfReports(items=sorted(told, key=lambda one: one.number))


def _stands(row: ItemRow, last: ItemMoveRow) -> ItemOfReport:
    names = ("step", "state", "due")
    return ItemOfReport(
        number=row.report_number or 0,
        cycle_id=row.cycle_id,
        item_id=row.item_id,
        changed_at=last.entered_at,
        **{name: getattr(last, name) for name in names},
    )
