"""Proposals about accounts that are not to be confirmed: declined by another, or withdrawn."""

from typing import Annotated

from fastapi import Path, Request
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.persons import is_same
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway import queries
from gateway.api.account_changes import EndedProposal, shown_end
from gateway.api.accounts import kept_account
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.rules import proposals as rules
from gateway.rules.changes import NoSuchChange
from gateway.rules.persons import NoSuchAccount
from gateway.rules.proposals import NothingProposed
from gateway.separation import confirming
from gateway.tables import ProposalEndRow

router = Router("/accounts/{subject}", tags=["accounts"])

_OWN_ACT = "own_act"


class NewRefusal(Incoming):
    """Why what was proposed is not to be confirmed."""

    reason: Text


class RefusedProposal(Outgoing):
    """A proposal that waits no more: `withdrawn` by whoever made it, `declined` by another."""

    subject: str
    ended: EndedProposal
    receipt: Receipt | None


@router.post(
    "/refusal",
    status_code=201,
    responses=documents(NoSuchAccount, NothingProposed, SignInElsewhere),
)
async def refuse_account(
    subject: Code, new: NewRefusal, request: Request, db: Transaction, permit: Permit
) -> RefusedProposal:
    """Decline an account that waits to be confirmed, or withdraw one that the caller has made.

    It signs nobody in; a change that gives it roles anew waits like any other.
    """
    require_embedded(request)
    await queries.lock_accounts(db)
    account = await kept_account(db, subject, permit.caller, first=True)
    proposer = account.made.created_by_person
    await _require(db, permit, proposer)
    rules.check_waiting(waits=account.present.is_pending)
    return await _end(db, permit, (subject, 1), proposer, new.reason)


@router.post(
    "/changes/{version}/refusal",
    status_code=201,
    responses=documents(NoSuchAccount, NoSuchChange, NothingProposed, SignInElsewhere),
)
async def refuse_account_change(
    subject: Code,
    version: Annotated[int, Path(ge=2, le=2**31 - 1)],
    new: NewRefusal,
    request: Request,
    db: Transaction,
    permit: Permit,
) -> RefusedProposal:
    """Decline a change of an account that waits to be confirmed, or withdraw one's own."""
    require_embedded(request)
    await queries.lock_accounts(db)
    account = await kept_account(db, subject, permit.caller, first=True)
    made_by = {
        change.version: change.changed_by_person
        for change, _ in await queries.changes_of(db, subject)
    }
    await _require(db, permit, made_by.get(version))
    if version not in made_by:
        raise NoSuchChange(f"There is no version {version}.", f"没有第 {version} 版。")
    rules.check_waiting(waits=account.present.pending_version == version)
    return await _end(db, permit, (subject, version), made_by[version], new.reason)


async def _require(db: AsyncSession, permit: Permission, proposer: str | None) -> None:
    """Refuse whoever neither proposed it nor may confirm such things."""
    is_own = is_same(proposer, permit.caller.person)
    permit.require({_OWN_ACT} if is_own else (), (await confirming(db, permit.caller.realm)).phase)


async def _end(
    db: AsyncSession, permit: Permission, of: tuple[str, int], proposer: str | None, reason: str
) -> RefusedProposal:
    caller, (subject, version) = permit.caller, of
    values = {
        "subject": subject,
        "version": version,
        "how": rules.end_of(proposed_by=proposer, person=caller.person),
        "reason": reason,
        "ended_by": caller.subject,
        "ended_by_person": caller.person,
    }
    await db.execute(insert(ProposalEndRow).values(values))
    body = {name: values[name] for name in ("subject", "version", "how", "reason")}
    receipt = await journal.record(
        db,
        chain="accounts",
        caller=caller,
        event="gateway.proposal-ended",
        body=body | {"person": caller.person},
    )
    ended = {each.version: each for each in await queries.ended_proposals(db, subject)}
    return RefusedProposal(subject=subject, ended=shown_end(ended[version]), receipt=receipt)
