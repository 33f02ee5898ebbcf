"""Hosts that webhooks may be sent to (推送主机): approved, confirmed by a second one, withdrawn."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Query, Request
from pydantic import Field
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Incoming, Outgoing, Text
from gateway import queries
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.rules import destinations, persons
from gateway.rules import webhook_hosts as rules
from gateway.rules.approvals import ApprovalState
from gateway.rules.separation import NobodyToConfirm
from gateway.rules.webhook_hosts import (
    HostConfirmedByAnother,
    HostKnown,
    HostNotPending,
    HostRejected,
    HostWithdrawn,
    NoSuchHost,
)
from gateway.separation import confirming
from gateway.webhooks import hosts
from gateway.webhooks.hosts import KeptHost
from gateway.webhooks.tables import HostConfirmationRow, HostRow, HostWithdrawalRow

router = Router("/webhook-hosts", tags=["webhooks"])


class NewWebhookHost(Incoming):
    """A host that webhooks may be sent to, by its full name or its number, and why."""

    host: Annotated[str, Field(min_length=1, max_length=253)]
    port: Annotated[int, Field(ge=1, le=65_535)] = 443
    reason: Text


class HostWithdrawal(Incoming):
    """Why nothing is to be sent to a host any more."""

    reason: Text


class WebhookHost(Outgoing):
    """A host that webhooks may be sent to while it is `effective`, who approved it and who
    confirmed or withdrew it; one that nobody confirmed in 7 days is withdrawn by itself."""

    host_id: UUID
    host: str
    port: int
    state: ApprovalState
    reason: str
    approved_by: str
    approved_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawal_reason: str | None


class ChangedWebhookHost(Outgoing):
    """A host after what was done to it."""

    host: WebhookHost
    receipt: Receipt | None


@router.get("", responses=documents(SignInElsewhere))
async def list_webhook_hosts(
    request: Request,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    state: Annotated[ApprovalState | None, Query(description="Hosts in this state.")] = None,
) -> Page[WebhookHost]:
    """Give the hosts that webhooks may be sent to, or might, in the order of their ids."""
    require_embedded(request)
    wanted = [hosts.is_of(permit.caller.realm)]
    wanted += [] if page.after_id is None else [HostRow.host_id > page.after_id]
    wanted += [] if state is None else [hosts.IN_STATE[state]]
    found = await hosts.hosts(db, *wanted, most=page.limit + 1)
    return Page.of([_shown(each) for each in found], page.limit, lambda host: str(host.host_id))


@router.post(
    "",
    status_code=201,
    responses=documents(HostRejected, HostKnown, NobodyToConfirm, SignInElsewhere),
)
async def approve_webhook_host(
    new: NewWebhookHost, request: Request, db: Transaction, permit: Permit
) -> ChangedWebhookHost:
    """Approve a host that webhooks may be sent to.

    It is in effect once a second administrator has confirmed it, except while there is only one.
    """
    require_embedded(request)
    networks = request.app.state.settings.webhook_networks
    rules.reject(
        [
            *destinations.host_faults(new.host, "/host"),
            *destinations.number_faults(new.host, "/host", networks),
        ]
    )
    await queries.lock_accounts(db)
    if await hosts.is_known(db, permit.caller.realm, new.host, new.port):
        raise HostKnown(f"{new.host}:{new.port}", f"{new.host}:{new.port}")
    confirmers = await confirming(db, permit.caller.realm)
    how = persons.by_two(confirmers.count)
    confirmers.check(how, by=permit.caller.person, person=permit.caller.person)
    values = new.model_dump() | {
        "host_id": uuid4(),
        "jurisdiction": permit.caller.realm,
        "awaits_confirmation": how == "awaits-confirmation",
        "approved_by": permit.caller.subject,
        "approved_by_person": permit.caller.person,
    }
    await db.execute(insert(HostRow).values(values))
    more = {"grant": how, "reason": new.reason}
    return await _recorded(db, values["host_id"], permit.caller, "approved", **more)


@router.post(
    "/{host_id}/confirmation",
    status_code=201,
    responses=documents(NoSuchHost, HostNotPending, HostConfirmedByAnother, SignInElsewhere),
)
async def confirm_webhook_host(
    host_id: UUID, request: Request, db: Transaction, permit: Permit
) -> ChangedWebhookHost:
    """Put a host into effect; not as the person who approved it."""
    require_embedded(request)
    await queries.lock_accounts(db)
    permit.require(phase=(await confirming(db, permit.caller.realm)).phase)
    found = await _found(db, host_id, permit.caller)
    rules.confirm(found.state, found.made.approved_by_person, permit.caller.person)
    added = insert(HostConfirmationRow).values(
        host_id=host_id,
        confirmed_by=permit.caller.subject,
        confirmed_by_person=permit.caller.person,
    )
    await db.execute(added)
    return await _recorded(db, host_id, permit.caller, "confirmed")


@router.post(
    "/{host_id}/withdrawal",
    status_code=201,
    responses=documents(NoSuchHost, HostWithdrawn, SignInElsewhere),
)
async def withdraw_webhook_host(
    host_id: UUID, new: HostWithdrawal, request: Request, db: Transaction, permit: Permit
) -> ChangedWebhookHost:
    """Have nothing sent to a host any more, at once; one administrator is enough."""
    require_embedded(request)
    await queries.lock_accounts(db)
    found = await _found(db, host_id, permit.caller)
    rules.withdraw(found.state)
    added = insert(HostWithdrawalRow).values(
        host_id=host_id, reason=new.reason, withdrawn_by=permit.caller.subject
    )
    await db.execute(added)
    return await _recorded(db, host_id, permit.caller, "withdrawn", reason=new.reason)


async def _found(db: AsyncSession, host_id: UUID, caller: Caller) -> KeptHost:
    found = await hosts.host(db, caller.realm, host_id)
    if found is None:
        raise NoSuchHost(f"Nothing is known of {host_id}.", f"推送主机 {host_id} 不存在。")
    return found


async def _recorded(
    db: AsyncSession, host_id: UUID, caller: Caller, what: str, **more: str
) -> ChangedWebhookHost:
    found = await _found(db, host_id, caller)
    about = {"host_id": str(host_id), "host": found.made.host, "port": found.made.port}
    receipt = await journal.record(
        db,
        chain="accounts",
        caller=caller,
        event=f"gateway.webhook-host-{what}",
        body=about | {"person": caller.person} | more,
    )
    return ChangedWebhookHost(host=_shown(found), receipt=receipt)


def _shown(found: KeptHost) -> WebhookHost:
    made, confirmation, withdrawal, _ = found
    return WebhookHost(
        state=found.state,
        confirmed_by=confirmation and confirmation.confirmed_by,
        confirmed_at=confirmation and confirmation.confirmed_at,
        withdrawn_by=withdrawal and withdrawal.withdrawn_by,
        withdrawn_at=withdrawal and withdrawal.withdrawn_at,
        withdrawal_reason=withdrawal and withdrawal.reason,
        **{
            name: getattr(made, name)
            for name in ("host_id", "host", "port", "reason", "approved_by", "approved_at")
        },
    )
