"""Deliveries of a webhook (推送记录): what was sent and what came of it, tests, and once more."""

import time
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NoReturn, Self
from uuid import UUID

import orjson
from fastapi import Path, Query, Request
from pydantic import Field, model_validator

from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.modes import is_checked
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.wire import Incoming, OneOf, Outgoing
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.api.webhooks import found, recorded
from gateway.rules import webhooks as rules
from gateway.rules.webhooks import (
    DeliveryState,
    NoSuchDelivery,
    NoSuchWebhook,
    RedeliveryRejected,
    TestedJustNow,
    TooManyRedeliveries,
    WebhookStateDiffers,
)
from gateway.webhooks import deliveries, store
from gateway.webhooks.queue import FAILED, GIVEN_UP, TAKEN
from gateway.webhooks.sender import Sender
from gateway.webhooks.store import KeptWebhook

router = Router("/webhooks/{webhook_id}", tags=["webhooks"])

_Position = Annotated[int, Field(ge=1, le=2**53)]


class Delivery(Outgoing):
    """An event that is sent, and what came of the last try; `position` counts what is sent here.

    It is `pending` until it was taken (`delivered`) or given up (`dead`); `has_payload` says
    whether it can be sent again. `status` is null where nobody answered.
    """

    position: int
    event_id: str
    event_type: str
    state: DeliveryState
    has_payload: bool
    frozen_at: datetime
    tries: int
    tried_at: datetime | None
    status: int | None
    reason: str | None


class DeliveryAttempt(Outgoing):
    """A try to send a message; `redelivery` is the number of the request to send it again, or 0."""

    number: int
    redelivery: int
    outcome: Annotated[str, OneOf(TAKEN, FAILED, GIVEN_UP)]
    status: int | None
    reason: str | None
    milliseconds: int
    at: datetime


class DeliveryInFull(Outgoing):
    """A delivery with its last hundred tries, the first one first."""

    delivery: Delivery
    attempts: list[DeliveryAttempt]


class NewRedelivery(Incoming):
    """Which deliveries are to be sent again: that of an event, or those from one to another."""

    event_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    first: _Position | None = None
    last: _Position | None = None

    @model_validator(mode="after")
    def _names_one_or_a_range(self) -> Self:
        if (self.event_id is None) == (self.first is None) or (
            (self.first is None) != (self.last is None)
        ):
            raise ValueError("give event_id, or first and last")
        return self


class Redelivery(Outgoing):
    """That deliveries are sent again, each once it is its turn, under the ids that they had."""

    number: int
    first: int
    last: int
    receipt: Receipt | None


class TestedWebhook(Outgoing):
    """What came of a test: `reason` is null where the receiver took it; where it was only checked
    nothing was sent."""

    outcome: Literal["taken", "failed", "not-sent"]
    status: int | None
    reason: str | None
    milliseconds: int | None
    receipt: Receipt | None


@router.get("/deliveries", responses=documents(NoSuchWebhook, SignInElsewhere))
async def list_webhook_deliveries(
    webhook_id: UUID,
    request: Request,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    state: Annotated[DeliveryState | None, Query(description="Deliveries in this state.")] = None,
) -> Page[Delivery]:
    """Give the deliveries of a webhook in their order."""
    require_embedded(request)
    await found(db, permit, webhook_id)
    kept = await deliveries.listed(db, webhook_id, page.after_number, page.limit + 1, state)
    shown = [Delivery.model_validate(each) for each in kept]
    return Page.of(shown, page.limit, lambda delivery: str(delivery.position))


@router.get(
    "/deliveries/{position}",
    responses=documents(NoSuchWebhook, NoSuchDelivery, SignInElsewhere),
)
async def read_webhook_delivery(
    webhook_id: UUID,
    position: Annotated[int, Path(ge=1, le=2**53)],
    request: Request,
    db: Snapshot,
    permit: Permit,
) -> DeliveryInFull:
    """Give one delivery with its tries."""
    require_embedded(request)
    await found(db, permit, webhook_id)
    kept = await deliveries.one(db, webhook_id, position)
    if kept is None:
        raise NoSuchDelivery(f"There is no {position}.", f"没有第 {position} 条推送。")
    tried = await deliveries.attempts(db, webhook_id, position)
    return DeliveryInFull(
        delivery=Delivery.model_validate(kept),
        attempts=[DeliveryAttempt.model_validate(each) for each in tried],
    )


@router.post(
    "/redeliveries",
    status_code=201,
    responses=documents(
        NoSuchWebhook,
        WebhookStateDiffers,
        RedeliveryRejected,
        TooManyRedeliveries,
        SignInElsewhere,
    ),
)
async def redeliver(
    webhook_id: UUID, new: NewRedelivery, request: Request, db: Transaction, permit: Permit
) -> Redelivery:
    """Have deliveries sent again, before those that wait: one by its event, or a range."""
    require_embedded(request)
    sender: Sender = request.app.state.sender
    await store.lock(db, webhook_id)
    kept = await found(db, permit, webhook_id)
    rules.check_alive(kept.state)
    first, last = new.first, new.last
    if new.event_id is not None:
        first = last = await deliveries.position_of(db, webhook_id, new.event_id)
    if first is None or last is None:
        _refuse("/event_id", "no-such-event", "It was not sent.", "没有推送过该事件。")
    rules.check_range(first, last, kept.position)
    standing = await sender.standing_of(kept)
    if await deliveries.without_payload(db, webhook_id, first, last, standing):
        en = "A payload is not kept any more, or is of rights that the account had before."
        zh = "内容已过保存期，或属于本账户以前的权限。"
        _refuse("", "payload-not-kept", en, zh)
    before, waits = await deliveries.waiting(db, webhook_id)
    if waits >= rules.MOST_WAITING:
        raise TooManyRedeliveries(f"{waits} wait.", f"有 {waits} 个请求在等待。")
    await deliveries.ask_again(db, webhook_id, before + 1, first, last)
    await store.due(db, webhook_id)
    told = {"number": before + 1, "first": first, "last": last}
    receipt = await recorded(db, webhook_id, permit.caller, "redelivery-asked", **told)
    return Redelivery(**told, receipt=receipt)


@router.post(
    "/test",
    status_code=201,
    responses=documents(NoSuchWebhook, WebhookStateDiffers, TestedJustNow, SignInElsewhere),
)
async def test_webhook(
    webhook_id: UUID, request: Request, db: Transaction, permit: Permit
) -> TestedWebhook:
    """Send a signed event of type `webhook.test` at once, and say what came of it.

    A request that is sent again may send it again.
    """
    require_embedded(request)
    sender: Sender = request.app.state.sender
    # Before the transaction of the command: while somebody answers, no connection is held.
    async with request.app.state.sessions() as before:
        kept = await found(before, permit, webhook_id)
        rules.check_alive(kept.state)
        is_early = await deliveries.tested_lately(before, webhook_id)
    if is_early or sender.was_tested(webhook_id):
        raise TestedJustNow("Some seconds ago.", "仅数秒之前。")
    if is_checked(request):
        return TestedWebhook(
            outcome="not-sent", status=None, reason=None, milliseconds=None, receipt=None
        )
    name = f"test-{uuid.uuid4().hex}"
    body = _body(kept, name, request.app.state.settings.event_source)
    sender.note_test(webhook_id)
    answer = await sender.try_once(kept, name, 0, body)
    await store.lock(db, webhook_id)
    if await deliveries.tested_lately(db, webhook_id):
        raise TestedJustNow("Some seconds ago.", "仅数秒之前。")
    told: dict[str, Any] = {"status": answer.status, "reason": answer.reason}
    await deliveries.add_test(db, webhook_id, **told, spent=answer.milliseconds)
    receipt = await recorded(db, webhook_id, permit.caller, "tested", answer=told)
    return TestedWebhook(
        outcome="taken" if answer.is_taken else "failed",
        **told,
        milliseconds=answer.milliseconds,
        receipt=receipt,
    )


def _body(kept: KeptWebhook, name: str, source: str) -> bytes:
    moment = datetime.fromtimestamp(int(time.time()), UTC).isoformat().replace("+00:00", "Z")
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": name,
            "source": f"{source}:gateway",
            "type": "webhook.test",
            "subject": "webhooks",
            "time": moment,
            "datacontenttype": "application/json",
            "data": {"webhook_id": str(kept.webhook_id)},
        }
    )


def _refuse(at: str, code: str, en: str, zh: str) -> NoReturn:
    raise RedeliveryRejected(en, zh, faults=[Fault(at, code, en, zh)])
