"""Moves of supervised items (督办事项办理): by its units, by the office, and by a leader."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Fault, pointer
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing, Text
from scoring.api.evidence.named import EvidenceIds, require_readable
from scoring.api.items.again import sent_before
from scoring.api.items.documents import (
    PEERS,
    ItemUnits,
    MovedItem,
    Within,
)
from scoring.api.items.keeping import Held, actor_of, hold_items, store_move
from scoring.api.ledger.entries import Word
from scoring.peers import AskPeers
from scoring.queries.items import no_such_item
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.items.given import Term
from scoring.rules.items.moving import move_faults
from scoring.rules.items.refusals import ItemMoved, ItemRefused, NoSuchSupervisedItem, refuse_if
from scoring.rules.items.standing import Said
from scoring.rules.items.states import (
    BY_LEAD,
    BY_LEADER,
    BY_OFFICE,
    BY_UNIT,
    DISPATCH,
    STATES_ZH,
    UNTOLD,
)
from scoring.rules.ledger.states import LedgerSealed

router = Router("/cycles/{cycle_id}/supervised-items", tags=["items"])

Step = Annotated[int, Field(ge=1, le=1_000)]


class NewItemAnswer(Incoming):
    """What a unit does about an item that is given to it, as it stood after the move `step`.

    `sign` for it; `return` it, because it is not ours, within seven working days and once;
    `dispute` the answer to that within three; `report` how far it is; `reply`, with how many
    percent are done, all unless given; `ask_extension` before it is due, `until` a later day or
    `within` so many working days. Words are wanted with all but the first. `source_ref` is how the
    system of the unit names what it sends: the same again changes nothing, whatever has become of
    the item since, and something else under that name is refused.
    """

    step: Step
    move: Literal["sign", "return", "dispute", "report", "reply", "ask_extension"]
    text: Text | None = None
    completion: Annotated[int, Field(ge=0, le=100)] | None = None
    until: dt.date | None = None
    within: Within | None = None
    evidence_ids: EvidenceIds = Field(default_factory=list)
    source_ref: Word | None = None


class NewItemDirection(Incoming):
    """What the office does about an item, as it stood after the move `step`.

    It calls off what is not dispatched yet (`call_off`); urges; stops the clock and lets it go on
    (`suspend`, `resume`). Of what a unit returned it says that it stays (`insist`), or gives it to
    other `units` with a new term (`reassign`). It grants an extension, until the day asked for
    unless it says another, or refuses it. Of a reply it says that the item is closed, to be done
    again by a new term (`redo`), or that the part which is done is accepted (`accept_part`). What
    is closed it reopens with a new term.
    """

    step: Step
    move: Literal[
        "call_off",
        "urge",
        "suspend",
        "resume",
        "insist",
        "reassign",
        "grant_extension",
        "refuse_extension",
        "close",
        "redo",
        "accept_part",
        "reopen",
    ]
    text: Text | None = None
    units: ItemUnits | None = None
    until: dt.date | None = None
    within: Within | None = None


class NewItemRuling(Incoming):
    """How a leader rules on a dispute: the item stays where it is, or other units have it."""

    step: Step
    move: Literal["insist", "reassign"]
    text: Text | None = None
    units: ItemUnits | None = None
    until: dt.date | None = None
    within: Within | None = None


class NewItemDispatch(Incoming):
    """Which items are dispatched together."""

    item_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]


class DispatchedItems(Outgoing):
    """The items that were dispatched, with the receipt of the journal."""

    items: list[MovedItem]
    receipt: Receipt | None


_MOVING = (ItemRefused, ItemMoved, NoSuchSupervisedItem, StoredDataAltered, *PEERS)
_REFUSALS = documents(*_MOVING)
_WHILE_OPEN = documents(*_MOVING, LedgerSealed)
_WITH_FILES = documents(*_MOVING, EvidenceNotNamed)


@router.post("/dispatch", responses=_WHILE_OPEN)
async def dispatch_supervised_items(
    cycle_id: UUID, new: NewItemDispatch, db: Transaction, permit: Permit, ask: AskPeers
) -> DispatchedItems:
    """Dispatch items that another person registered: their units are told, and their terms begin.

    All of them are dispatched, or none. Once the ledger is sealed none is: it can be called off.
    """
    held = await hold_items(db, cycle_id, permit, ask, new.item_ids, while_open=True)
    said, faults = Said(DISPATCH), list[Fault]()
    for n, item_id in enumerate(new.item_ids):
        at, item = pointer("item_ids", n), held.found.get(item_id)
        if item is None:
            raise no_such_item(item_id)
        actor = actor_of(item.shares, held.scheme, permit.caller, {BY_OFFICE})
        faults += move_faults(item.now(held.scheme.time_zone), said, actor, held.around, at)
    refuse_if(faults)
    found = [held.found[item_id] for item_id in new.item_ids]
    moved = [await store_move(db, held, item, said, permit.caller) for item in found]
    units = Counter(each.unit for item in found for each in item.shares)
    body = {"item_ids": list(map(str, new.item_ids)), "move": DISPATCH, "units": dict(units)}
    event, chain = "scoring.supervised-items-dispatched", str(cycle_id)
    receipt = await journal.record(db, chain=chain, caller=permit.caller, event=event, body=body)
    return DispatchedItems(items=moved, receipt=receipt)


@router.post("/{item_id}/answers", status_code=201, responses=_WITH_FILES)
async def answer_supervised_item(
    cycle_id: UUID,
    item_id: UUID,
    new: NewItemAnswer,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedItem:
    """Sign for an item that is given to the caller's unit, return it, report, ask for more time or
    reply: the lead unit all of it, a support returns and reports."""
    said = _said(new, files=len(new.evidence_ids), completion=new.completion)
    held = await hold_items(db, cycle_id, permit, ask, [item_id])
    if new.source_ref is not None:
        sent = permit.caller.organisation, new.source_ref, said, new.evidence_ids
        if (before := sent_before(held, item_id, *sent)) is not None:
            return before
    await require_readable(db, cycle_id, permit, ask, new.evidence_ids, "")
    return await _move(db, held, permit, (item_id, new.step), said, {BY_UNIT, BY_LEAD}, new)


@router.post("/{item_id}/directions", status_code=201, responses=_REFUSALS)
async def direct_supervised_item(
    cycle_id: UUID,
    item_id: UUID,
    new: NewItemDirection,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedItem:
    """Urge, stop and go on, decide on returns, extensions and replies, close and reopen an item.

    What it decides on was brought about by another person, and its units have no part in it.
    """
    held = await hold_items(db, cycle_id, permit, ask, [item_id])
    said = _said(new, units=new.units)
    return await _move(db, held, permit, (item_id, new.step), said, {BY_OFFICE}, new)


@router.post("/{item_id}/ruling", status_code=201, responses=_REFUSALS)
async def rule_on_supervised_item(
    cycle_id: UUID,
    item_id: UUID,
    new: NewItemRuling,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedItem:
    """Rule, as a leader, on an item that a unit still says is not its own: for good."""
    held = await hold_items(db, cycle_id, permit, ask, [item_id])
    said = _said(new, units=new.units)
    return await _move(db, held, permit, (item_id, new.step), said, {BY_LEADER}, new)


Spoken = NewItemAnswer | NewItemDirection | NewItemRuling


def _said(
    new: Spoken, *, units: ItemUnits | None = None, files: int = 0, completion: int | None = None
) -> Said:
    shares = [each.told() for each in units or ()]
    return Said(new.move, new.text, Term(new.until, new.within), shares, completion, files)


async def _move(
    db: AsyncSession,
    held: Held,
    permit: Permission,
    which: tuple[UUID, int],
    said: Said,
    by: Collection[str],
    new: Spoken,
) -> MovedItem:
    (item_id, step), caller = which, permit.caller
    item = held.found.get(item_id)
    if item is None:
        raise no_such_item(item_id)
    now_, last = item.now(held.scheme.time_zone), item.moves[-1]
    if step != last.step:
        raise ItemMoved(
            f"Its latest move is {last.step}, and it is {last.state}.",
            f"其最近一步为第{last.step}步，处于“{STATES_ZH[last.state]}”状态。",
            step=last.step,
            state=last.state,
        )
    actor = actor_of(item.shares, held.scheme, caller, by)
    refuse_if([*move_faults(now_, said, actor, held.around)])
    files, ref = (
        (new.evidence_ids, new.source_ref) if isinstance(new, NewItemAnswer) else ((), None)
    )
    moved = await store_move(db, held, item, said, caller, files, ref)
    told = {"item_id": str(item_id), "move": said.move, "state": moved.state}
    # No unit is told of what was never dispatched to it.
    given = () if moved.state in UNTOLD else (*item.shares, *said.shares)
    units = {each.unit: 1 for each in given}
    receipt = await journal.record(
        db,
        chain=str(item.row.cycle_id),
        caller=caller,
        event="scoring.supervised-item-moved",
        body=told | {"units": units},
    )
    return moved.model_copy(update={"receipt": receipt})
