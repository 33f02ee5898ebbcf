"""Lists of supervised items by unit, kind, state and light, and each with its moves."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.deadlines import local_day
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code
from scoring.api.duties.duties import At
from scoring.api.items.documents import (
    PEERS,
    ItemKind,
    ItemLight,
    ItemState,
    SupervisedItem,
    SupervisedItemHistory,
    around_of,
    history,
    reach_of,
    shown,
)
from scoring.api.ledger.entries import Word
from scoring.peers import ALWAYS, AskPeers
from scoring.queries.items import (
    ItemAsked,
    find_items,
    items_on_page,
    no_such_item,
    require_true_items,
)
from scoring.queries.ledger import now
from scoring.rules.duties.moments import MomentAhead, moment_of
from scoring.rules.duties.owed import years_of
from scoring.rules.items.clock import ITEM_LIGHTS, yellow_until
from scoring.rules.items.refusals import NoSuchSupervisedItem
from scoring.rules.items.states import ITEM_STATES

router = Router("/cycles/{cycle_id}/supervised-items", tags=["items"])


@router.get("", responses=documents(MomentAhead, StoredDataAltered, *PEERS))
async def list_supervised_items(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Given to this unit.")] = None,
    kind: Annotated[ItemKind | None, Query(description="Of this kind.")] = None,
    state: Annotated[
        list[ItemState] | None,
        Query(max_length=len(ITEM_STATES), description="In one of these states."),
    ] = None,
    source_ref: Annotated[
        Word | None, Query(description="That the system which sent it names so.")
    ] = None,
    light: Annotated[
        list[ItemLight] | None,
        Query(max_length=len(ITEM_LIGHTS), description="Showing one of these lights."),
    ] = None,
    at: At = None,
) -> Page[SupervisedItem]:
    """List items as they stand, or stood at a moment, in the order in which they were registered.

    A unit gets those that are given to it, and those that name it as a reader, once they are
    dispatched; the office gets all. Whoever reads of other units for another reason gets none that
    are confidential; a leader gets those that he was asked to rule on.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reach = reach_of(permit, scheme)
    calendar = await ask.working_days(years_of(scheme.assessment_year), at or ALWAYS)
    await require_true_items(db, cycle_id)
    day = local_day(moment_of(at, await now(db)), scheme.time_zone)
    around, asked = (
        around_of(scheme, day, calendar),
        ItemAsked(unit, kind, state or (), light or (), source_ref),
    )
    days = day, yellow_until(day, calendar)
    found = await items_on_page(db, cycle_id, page, reach, asked, at, days)
    told = [shown(each, around) for each in found]
    return Page[SupervisedItem].of(told, page.limit, lambda each: str(each.item_id))


@router.get(
    "/{item_id}",
    responses=documents(MomentAhead, NoSuchSupervisedItem, StoredDataAltered, *PEERS),
)
async def read_supervised_item(
    cycle_id: UUID,
    item_id: UUID,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    at: At = None,
) -> SupervisedItemHistory:
    """Read an item with all its moves: who made each, when, and with which words and files."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reach = reach_of(permit, scheme)
    calendar = await ask.working_days(years_of(scheme.assessment_year), at or ALWAYS)
    await require_true_items(db, cycle_id)
    day = local_day(moment_of(at, await now(db)), scheme.time_zone)
    found = await find_items(db, cycle_id, [item_id], reach, at)
    if item_id not in found:
        raise no_such_item(item_id)
    return history(found[item_id], around_of(scheme, day, calendar))
