"""Webhooks (推送订阅): a client has events sent to its own system, to a host that is approved."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Matrix, Permission, Permit
from chassis.db import Snapshot, Transaction, commit, once
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.wire import Incoming, Outgoing
from gateway import queries
from gateway.api.accounts import created_for_once
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.asking import Services
from gateway.feed import END, Events, Listener, PartSilent, Question
from gateway.rules import destinations
from gateway.rules import webhooks as rules
from gateway.rules.destinations import Destination
from gateway.rules.webhooks import (
    ClientsOnly,
    NoSuchWebhook,
    TooManyWebhooks,
    TwoSecretsSign,
    WebhookRejected,
    WebhookState,
    WebhookStateDiffers,
)
from gateway.sealed import Sealer
from gateway.settings import Settings
from gateway.webhooks import hosts, store
from gateway.webhooks.signing import new_secret
from gateway.webhooks.store import AliveSecret, KeptWebhook

router = Router("/webhooks", tags=["webhooks"])

OWN = ("own_account",)


Type = Annotated[str, Field(max_length=100)]


class NewWebhook(Incoming):
    """Where events are to be sent, which ones, and from which on: those of now, or the first.

    Without `types` all that the account may know of, without `cycle_id` those of every cycle.
    """

    url: Annotated[str, Field(min_length=1, max_length=destinations.LONGEST)]
    types: Annotated[list[Type], Field(min_length=1, max_length=100)] | None = None
    cycle_id: UUID | None = None
    start: Literal["now", "first"] = "now"


class NewWebhookSecret(Incoming):
    """How many hours the present secret signs beside the new one; 0 ends all others at once."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class WebhookSecret(Outgoing):
    """A secret that messages are signed with; `ends_at` is null for the newest."""

    number: int
    made_at: datetime
    ends_at: datetime | None


class Webhook(Outgoing):
    """A webhook of an account, as it is now.

    Deliveries up to `position` were taken or given up; `failing_since` is null while the receiver
    takes what it is sent. Of a disabled one `state_reason` says why.
    """

    webhook_id: UUID
    subject: str
    url: str
    types: list[str] | None
    cycle_id: UUID | None
    created_at: datetime
    state: WebhookState
    state_since: datetime
    state_reason: str | None
    position: int
    failing_since: datetime | None
    secrets: list[WebhookSecret]


class ChangedWebhook(Outgoing):
    """A webhook after what was done to it."""

    webhook: Webhook
    receipt: Receipt | None


class NewlySigned(Outgoing):
    """A webhook and its new secret, `whsec_…`, which is shown once: a repeated request is answered
    without."""

    webhook: Webhook
    secret: str | None
    receipt: Receipt | None


@router.get("", responses=documents(SignInElsewhere))
async def list_webhooks(
    request: Request,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    state: Annotated[WebhookState | None, Query(description="Webhooks in this state.")] = None,
) -> Page[Webhook]:
    """Give the caller's own webhooks, to administrators and auditors all, in the order of ids."""
    require_embedded(request)
    wanted = [queries.of_accounts(store.SUBJECT, permit.caller.realm)]
    wanted += [] if permit.allows() else [permit.caller.subject == store.SUBJECT]
    wanted += [] if page.after_id is None else [page.after_id < store.WEBHOOK_ID]
    wanted += [] if state is None else [state == store.STATE]
    cycles = permit.parts()
    wanted += [] if cycles is None else [store.CYCLE_ID.in_(cycles)]
    found = await store.webhooks(db, *wanted, most=page.limit + 1)
    secrets = await store.secrets_of(db, [each.webhook_id for each in found])
    shown = [_shown(each, secrets[each.webhook_id]) for each in found]
    return Page.of(shown, page.limit, lambda webhook: str(webhook.webhook_id))


@router.post(
    "",
    status_code=201,
    response_model=NewlySigned,
    responses=documents(WebhookRejected, ClientsOnly, TooManyWebhooks, PartSilent, SignInElsewhere),
)
async def create_webhook(
    new: NewWebhook,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Have events sent to an address of an approved host, signed, in order, and at least once.

    Whoever may not read events by the token, or only those of some cycles, has no others sent.
    """
    require_embedded(request)
    request.app.state.matrix.scopes.check_route("GET /api/v1/events", permit.caller.scope)
    permit.within_scope(new.cycle_id)
    caller, settings = permit.caller, request.app.state.settings
    key = None if mode == CHECK else await idempotency.key_of(request, caller)
    to = destinations.read(new.url, "/url", plain=settings.webhook_plain_http)
    faults = [*_faults(new, to, request, caller), *await _cycle_faults(new, request, caller)]
    _reject(faults)
    start = await _start(new, request, caller)
    secret, webhook_id = new_secret(), uuid4()
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        await _check(db, caller, to, settings)
        values = {"webhook_id": webhook_id, "subject": caller.subject, "start": start}
        values |= new.model_dump(include={"url", "types", "cycle_id"})
        await store.begin(db, sealer_of(request), secret, values)
        receipt = await recorded(db, webhook_id, caller, "created", start=new.start)
        return await _signed(db, key, webhook_id, secret, receipt)


@router.get("/{webhook_id}", responses=documents(NoSuchWebhook, SignInElsewhere))
async def read_webhook(webhook_id: UUID, request: Request, db: Snapshot, permit: Permit) -> Webhook:
    """Give one webhook as it is now."""
    require_embedded(request)
    await found(db, permit, webhook_id)
    return await _as_read(db, webhook_id)


_STEPS = documents(NoSuchWebhook, WebhookStateDiffers, SignInElsewhere)


@router.post("/{webhook_id}/pause", status_code=201, responses=_STEPS)
async def pause_webhook(
    webhook_id: UUID, request: Request, db: Transaction, permit: Permit
) -> ChangedWebhook:
    """Have nothing sent until it is resumed; nothing is missed meanwhile."""
    return await _taken(webhook_id, request, db, permit, rules.PAUSED)


@router.post("/{webhook_id}/resumption", status_code=201, responses=_STEPS)
async def resume_webhook(
    webhook_id: UUID, request: Request, db: Transaction, permit: Permit
) -> ChangedWebhook:
    """Have a paused or disabled webhook go on where it was."""
    return await _taken(webhook_id, request, db, permit, rules.ACTIVE)


@router.post("/{webhook_id}/ending", status_code=201, responses=_STEPS)
async def end_webhook(
    webhook_id: UUID, request: Request, db: Transaction, permit: Permit
) -> ChangedWebhook:
    """End a webhook for good."""
    return await _taken(webhook_id, request, db, permit, rules.ENDED)


@router.post(
    "/{webhook_id}/secrets",
    status_code=201,
    response_model=NewlySigned,
    responses=documents(NoSuchWebhook, WebhookStateDiffers, TwoSecretsSign, SignInElsewhere),
)
async def rotate_webhook_secret(
    webhook_id: UUID,
    new: NewWebhookSecret,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Make another secret; for some hours messages carry the signatures of both."""
    require_embedded(request)
    key = None if mode == CHECK else await idempotency.key_of(request, permit.caller)
    secret = new_secret()
    async with once(request.app.state.sessions, key) as db:
        await store.lock(db, webhook_id)
        kept = await found(db, permit, webhook_id)
        rules.check_alive(kept.state)
        alive = (await store.secrets_of(db, [webhook_id]))[webhook_id]
        rules.check_secrets(len(alive), new.overlap_hours)
        number, overlap = alive[0].number + 1, timedelta(hours=new.overlap_hours)
        await store.add_secret(db, sealer_of(request), webhook_id, number, secret, overlap)
        more = {"number": number, "overlap_hours": new.overlap_hours}
        receipt = await recorded(db, webhook_id, permit.caller, "secret-rotated", **more)
        return await _signed(db, key, webhook_id, secret, receipt)


async def found(db: AsyncSession, permit: Permission, webhook_id: UUID) -> KeptWebhook:
    """Return a webhook that the caller may know of; what is another's is not there for him."""
    whose = queries.of_accounts(store.SUBJECT, permit.caller.realm)
    kept = await store.webhook(db, webhook_id, whose)
    own = OWN if kept is not None and kept.subject == permit.caller.subject else ()
    if not permit.allows(own) or kept is None:
        permit.parts()  # of what is not there nothing is told
        raise NoSuchWebhook(f"There is no {webhook_id}.", f"没有推送订阅 {webhook_id}。")
    permit.within_scope(kept.cycle_id)
    return kept


async def recorded(
    db: AsyncSession, webhook_id: UUID, caller: Caller, what: str, **more: object
) -> Receipt | None:
    """Record in the journal what was done with a webhook; no secret and no path stands there."""
    kept = await store.webhook(db, webhook_id)
    assert kept is not None  # noqa: S101 - it was there, and stays
    about = {
        "webhook_id": str(webhook_id),
        "subject": kept.subject,
        "host": store.host_of(kept.url),
    }
    return await journal.record(
        db,
        chain="accounts",
        caller=caller,
        event=f"gateway.webhook-{what}",
        body=about | {"person": caller.person} | more,
    )


def sealer_of(request: Request) -> Sealer:
    """Return what seals the secrets and payloads of webhooks."""
    return Sealer(request.app.state.sealing_key, "webhooks")


async def _taken(
    webhook_id: UUID, request: Request, db: AsyncSession, permit: Permission, state: WebhookState
) -> ChangedWebhook:
    require_embedded(request)
    await store.lock(db, webhook_id)
    kept = await found(db, permit, webhook_id)
    rules.step(kept.state, state)
    await store.step(db, kept, state, permit.caller.subject)
    what = {rules.PAUSED: "paused", rules.ACTIVE: "resumed", rules.ENDED: "ended"}[state]
    webhook = await _as_read(db, webhook_id)
    receipt = await recorded(db, webhook_id, permit.caller, what)
    return ChangedWebhook(webhook=webhook, receipt=receipt)


def _faults(
    new: NewWebhook, to: Destination | Fault, request: Request, caller: Caller
) -> list[Fault]:
    networks = request.app.state.settings.webhook_networks
    matrix: Matrix = request.app.state.matrix
    where = [to] if isinstance(to, Fault) else destinations.number_faults(to.host, "/url", networks)
    heard = [name for name in matrix.events if matrix.rows_for_event(name, caller.roles)]
    return [*where, *rules.type_faults(new.types or (), matrix.events, heard)]


async def _cycle_faults(new: NewWebhook, request: Request, caller: Caller) -> list[Fault]:
    if new.cycle_id is None:
        return []
    services: Services = request.app.state.services
    target = f"/api/v1/cycles/{new.cycle_id}"
    heard = await services.read(request, caller.subject, "indicators", target)
    if heard.answered:
        return []
    if heard.refusal is None:
        raise PartSilent("indicators did not answer.", "指标服务没有应答。")
    return [Fault("/cycle_id", "unknown-cycle", "There is no such cycle.", "没有这个评估年度。")]


def _reject(faults: list[Fault]) -> None:
    if faults:
        n = len(faults)
        raise WebhookRejected(f"{n} fault(s).", f"共 {n} 处问题。", faults=faults)


async def _start(new: NewWebhook, request: Request, caller: Caller) -> str | None:
    """Return the cursor behind what has happened, None for the first event."""
    if new.start == "first":
        return None
    events: Events = request.app.state.events
    told = {"authorization": request.headers.get("authorization", "")}
    types = None if new.types is None else frozenset(new.types)
    page = await events.read(Listener(caller, told), END, Question(types, new.cycle_id))
    return page.cursor


async def _check(
    db: AsyncSession, caller: Caller, to: Destination | Fault, settings: Settings
) -> None:
    account = await queries.account_in_effect(db, caller.subject)
    if account is None or account.kind != "client":
        raise ClientsOnly("It is a person's.", "这是个人账户。")
    if isinstance(to, Fault) or not await hosts.is_approved(db, caller.subject, to.host, to.port):
        _reject([rules.host_fault()])
    if await store.number_of(db, caller.subject) >= settings.webhooks_per_client:
        n = settings.webhooks_per_client
        raise TooManyWebhooks(f"At most {n}.", f"至多 {n} 个。")


async def _signed(
    db: AsyncSession,
    key: idempotency.Key | None,
    webhook_id: UUID,
    secret: str,
    receipt: Receipt | None,
) -> Response:
    """Commit with an answer that holds no secret, and give one that does."""
    told = NewlySigned(webhook=await _as_read(db, webhook_id), secret=None, receipt=receipt)
    answer = created_for_once(told)
    await commit(db, key, answer)
    return created_for_once(told.model_copy(update={"secret": secret})) if key else answer


async def _as_read(db: AsyncSession, webhook_id: UUID) -> Webhook:
    kept = await store.webhook(db, webhook_id)
    assert kept is not None  # noqa: S101 - it was there, and stays
    return _shown(kept, (await store.secrets_of(db, [webhook_id]))[webhook_id])


def _shown(kept: KeptWebhook, secrets: list[AliveSecret]) -> Webhook:
    told: dict[str, Any] = {name: getattr(kept, name) for name in KeptWebhook._fields}
    alive = [WebhookSecret.model_validate(each) for each in secrets]
    return Webhook.model_validate({**told, "secrets": alive})
