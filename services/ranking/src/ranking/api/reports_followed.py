"""Rectification reports (整改报告) as their supervised items stand."""

from uuid import UUID

from chassis.authorisation import Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Outgoing
from ranking.api.consequences import Consequence, told
from ranking.api.consequences_stored import (
    StoredConsequence,
    add_step,
    lacks_item,
    record,
    stored,
)
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import hold_cycle, today
from ranking.rules.consequences import followed
from ranking.tables import ConsequenceRow

router = Router(prefix="/cycles/{cycle_id}", tags=["consequences"])


class FollowedReports(Outgoing):
    """The reports of which something new is known by their items, and the numbers of those that
    were decided, hold by now and have no item yet."""

    moved: list[Consequence]
    without_item: list[int]
    receipt: Receipt | None


@router.post(
    "/consequences/reports",
    status_code=201,
    responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def follow_reports(
    cycle_id: UUID, db: Transaction, permit: Permit, ask: AskPeers
) -> FollowedReports:
    """Follow the supervised items that were opened for the rectification reports of this cycle: a
    report is carried out once its item is closed, and is to be carried out again once that is
    reopened.

    Each change is a step of the report, once, whoever gives the command and how often.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    items = {e.number: e for e in (await ask.scoring.report_items(cycle_id=cycle_id)).items}
    permit.require(())
    await hold_cycle(db, cycle_id)
    of, moved, without = ConsequenceRow, list[StoredConsequence](), list[int]()
    day = await today(db, scheme.time_zone)
    reports = await stored(db, of.cycle_id == cycle_id, of.kind == "rectification_report")
    for each in reports:
        item = items.get(each.row.number)
        if item is None:
            if lacks_item(each) and each.row.from_on <= day:
                without.append(each.row.number)
        elif to := followed(each.state, each.item, str(item.item_id), item.state):
            seen = {"item_id": str(item.item_id), "item_cycle_id": item.cycle_id}
            step = await add_step(db, each, to, permit, item_state=item.state, **seen)
            moved.append(step)
    receipt = await record(db, cycle_id, "consequence-moved", permit, moved) if moved else None
    return FollowedReports(
        moved=[told(each) for each in moved], without_item=without, receipt=receipt
    )
