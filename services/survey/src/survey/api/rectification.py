"""Rectification items (整改事项): assigned to units, replied to, accepted or returned."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Path, Query
from pydantic import Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Missing, Refusal
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from survey.api.opinion_reviews import refuse_reader, require_reviewer
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused, Scheme
from survey.queries.opinions import opinion_in
from survey.queries.rectification import AssignedItem, find_item, items_of, today_in
from survey.queries.surveys import find_survey, hold_survey, surveyed_units
from survey.rules.abstention import SECOND_BODY
from survey.rules.decisions import DeciderBarred, SamePersonConfirms, refuse_same
from survey.rules.opinion_reviews import OpinionState
from survey.rules.rectification import (
    ItemNotOpen,
    ItemNotReplied,
    ItemsRejected,
    ItemState,
    ItemStep,
    ItemVoid,
    ReplyDecisionRejected,
    ReplyVerdict,
    check_assignment,
    check_reply,
    check_reply_decision,
    is_overdue,
)
from survey.tables.rectification import RectificationItemRow, RectificationStepRow

router = Router(prefix="/cycles/{cycle_id}/rectification-items", tags=["rectification"])

ItemId = Annotated[UUID, Path(description="Id of the item.")]
_PEERS = documents(PeerDown, PeerMissing, PeerRefused)


class NoSuchItem(Missing):
    """The cycle has no such rectification item."""

    zh = "本年度没有这一整改事项。"
    remedy = (
        "Look it up in the list of rectification items.",
        "请在整改事项清单中查对。",
    )


class NewItemOrigin(Incoming):
    """What an item comes from: an accepted opinion."""

    kind: Literal["opinion"]
    id: UUID


class NewItems(Incoming):
    """What units are asked to mend, and by when: each gets an item of its own."""

    origin: NewItemOrigin
    units: Annotated[list[Code], Field(min_length=1, max_length=100)]
    deadline: dt.date
    request: Text


class NewReply(Incoming):
    """What the unit has done about it."""

    text: Text


class NewReplyDecision(Incoming):
    """Whether a reply is accepted; returning it needs a reason."""

    decision: ReplyVerdict
    reason: Text | None = None


class ItemOrigin(Outgoing):
    """What an item comes from: the kind of it, and its id."""

    kind: Literal["opinion"]
    id: UUID


class ItemStepTaken(Outgoing):
    """A reply, or what became of it: the `text` is the reply, or why it was returned."""

    step: ItemStep
    text: str | None
    taken_by: str
    taken_at: dt.datetime


class RectificationItem(Outgoing):
    """What a unit is asked to mend.

    The `wording` is that in which the opinion was accepted, and null where it is void. It
    `is_overdue` where the unit is to reply and the deadline is past, in the scheme's time zone.
    """

    item_id: UUID
    origin: ItemOrigin
    unit: str
    wording: str | None
    request: str
    deadline: dt.date
    state: ItemState
    is_overdue: bool
    is_void: bool
    assigned_at: dt.datetime
    steps: list[ItemStepTaken]


class AssignedItems(Outgoing):
    """Items that have just been assigned, with the receipt of the journal."""

    items: list[RectificationItem]
    receipt: Receipt | None


class RecordedItem(RectificationItem):
    """An item to which something was done just now, with the receipt of the journal."""

    receipt: Receipt | None


@router.post("", status_code=201, responses={**_PEERS, **documents(ItemsRejected, DeciderBarred)})
async def assign_items(
    cycle_id: UUID, new: NewItems, db: Transaction, permit: Permit, ask: AskIndicators
) -> AssignedItems:
    """Ask units to mend what an accepted opinion says, and to reply by a day.

    Those who review the opinion assign it, to the unit that it is about or to others. The units
    read the wording that was accepted, and nothing else of the opinion.
    """
    scheme = (await ask.published_scheme(cycle_id=cycle_id)).scheme
    found, today = await opinion_in(db, cycle_id, new.origin.id), await _today(db, scheme)
    survey, asked, assigned = None, [*new.units], set[str]()
    if found is not None:
        survey = await find_survey(db, found.opinion.survey_id)
        await hold_survey(db, survey)
        asked += await surveyed_units(db, survey)
        known = await items_of(db, cycle_id, origins=[new.origin.id])
        assigned = {each.item.unit for each in known}
    require_reviewer(scheme, asked, permit, None)
    check_assignment(
        new.units,
        {unit for each in scheme.categories for unit in each.units},
        assigned,
        new.deadline,
        today,
        accepted=found is not None and found.standing.state is OpinionState.ACCEPTED,
    )
    assert survey is not None  # noqa: S101 - what has not been found is not accepted
    by = {"assigned_by": permit.caller.subject, "assigned_person": permit.caller.person}
    same = {"cycle_id": cycle_id, "origin_kind": new.origin.kind, "origin_id": new.origin.id}
    same |= {"request": new.request, "deadline": new.deadline}
    rows = [{**same, **by, "item_id": uuid4(), "unit": unit} for unit in new.units]
    await db.execute(insert(RectificationItemRow), rows)
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="survey.rectification-assigned",
        body={
            "survey_id": str(survey.survey_id),
            "code": survey.code,
            "origin": {"kind": new.origin.kind, "id": str(new.origin.id)},
            "units": new.units,
            "deadline": str(new.deadline),
        },
    )
    items = await items_of(db, cycle_id, new.units, origins=[new.origin.id])
    return AssignedItems(items=[_shown(each, today) for each in items], receipt=receipt)


@router.get("", responses=_PEERS)
async def list_items(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskIndicators,
    unit: Annotated[Code | None, Query(description="Those of the unit of this code.")] = None,
) -> Page[RectificationItem]:
    """Give the rectification items of a cycle: a unit those that it was asked, those who review
    opinions all about which they may decide."""
    scheme = (await ask.published_scheme(cycle_id=cycle_id)).scheme
    units = _readable(scheme, permit)
    found = await items_of(db, cycle_id, units if unit is None else units & {unit}, page)
    today = await _today(db, scheme)
    return Page[RectificationItem].of(
        [_shown(each, today) for each in found], page.limit, lambda each: str(each.item_id)
    )


@router.post(
    "/{item_id}/replies",
    status_code=201,
    responses={**_PEERS, **documents(NoSuchItem, ItemNotOpen, ItemVoid)},
)
async def reply_to_item(
    cycle_id: UUID,
    item_id: ItemId,
    new: NewReply,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> RecordedItem:
    """Say what the own unit has done about an item that is open or was returned."""
    scheme = (await ask.published_scheme(cycle_id=cycle_id)).scheme
    found = await _item(db, cycle_id, item_id)
    is_own = permit.caller.organisation == found.item.unit
    permit.require({"own_unit"} if is_own else ())
    check_reply(found.state, void=found.is_void)
    return await _take(db, scheme, permit, found, ItemStep.REPLIED, new.text)


@router.post(
    "/{item_id}/decisions",
    status_code=201,
    responses={
        **_PEERS,
        **documents(
            NoSuchItem,
            ItemNotReplied,
            ItemVoid,
            ReplyDecisionRejected,
            DeciderBarred,
            SamePersonConfirms,
        ),
    },
)
async def decide_on_reply(
    cycle_id: UUID,
    item_id: ItemId,
    new: NewReplyDecision,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> RecordedItem:
    """Accept the reply of a unit, or return it with a reason, to be replied to again; nobody
    decides on a reply of their own."""
    scheme = (await ask.published_scheme(cycle_id=cycle_id)).scheme
    found = await _item(db, cycle_id, item_id)
    survey = await find_survey(db, found.origin.opinion.survey_id)
    asked = [found.item.unit, *await surveyed_units(db, survey)]
    require_reviewer(scheme, asked, permit, None)
    void = found.is_void
    step = check_reply_decision(found.state, new.decision, new.reason, void=void)
    refuse_same(found.replied_by, permit.caller.person)
    return await _take(db, scheme, permit, found, step, new.reason)


def _readable(scheme: Scheme, permit: Permission) -> frozenset[str]:
    """Return the units whose items a caller reads: the own one, and those about which he reviews
    opinions, or audits."""
    caller = permit.caller
    every = {unit for each in scheme.categories for unit in each.units}
    acts = {SECOND_BODY} if caller.organisation in scheme.second_bodies(every) else set[str]()
    permit.require({"own_unit", *acts})
    own = {caller.organisation or ""} if "assessed_unit" in caller.roles else set[str]()
    reviewed = every if permit.allows(acts) else ()
    return frozenset(own.union(unit for unit in reviewed if _may_read(scheme, unit, permit)))


def _may_read(scheme: Scheme, unit: str, permit: Permission) -> bool:
    try:
        refuse_reader(scheme, [unit], permit)
    except Refusal:
        return False
    return True


async def _today(db: AsyncSession, scheme: Scheme) -> dt.date:
    return await today_in(db, scheme.time_zone)


async def _item(db: AsyncSession, cycle_id: UUID, item_id: UUID) -> AssignedItem:
    found = await find_item(db, cycle_id, item_id)
    if found is None:
        raise NoSuchItem(f"There is no item {item_id}.", f"没有整改事项 {item_id}。")
    return found


async def _take(
    db: AsyncSession,
    scheme: Scheme,
    permit: Permission,
    found: AssignedItem,
    step: ItemStep,
    text: str | None,
) -> RecordedItem:
    """Keep a step; the journal says that it was taken, not what was written."""
    item = found.item
    taken = RectificationStepRow(
        cycle_id=item.cycle_id,
        item_id=item.item_id,
        step_no=1 + len(found.steps),
        step=step,
        text=text,
        taken_by=permit.caller.subject,
        taken_person=permit.caller.person,
    )
    db.add(taken)
    await db.flush()
    await db.refresh(taken)
    receipt = await journal.record(
        db,
        chain=str(item.cycle_id),
        caller=permit.caller,
        event=f"survey.rectification-{step}",
        body={"item_id": str(item.item_id), "unit": item.unit},
    )
    now = AssignedItem(item, found.origin, found.is_void, [*found.steps, taken])
    told = _shown(now, await _today(db, scheme))
    return RecordedItem(**dict(told), receipt=receipt)


def _shown(each: AssignedItem, today: dt.date) -> RectificationItem:
    item, review = each.item, each.origin.review
    return RectificationItem(
        item_id=item.item_id,
        origin=ItemOrigin(kind="opinion", id=item.origin_id),
        unit=item.unit,
        wording=review.wording if review and not each.is_void else None,
        request=item.request,
        deadline=item.deadline,
        state=each.state,
        is_overdue=is_overdue(each.state, item.deadline, today),
        is_void=each.is_void,
        assigned_at=item.assigned_at,
        steps=[ItemStepTaken.model_validate(step) for step in each.steps],
    )
