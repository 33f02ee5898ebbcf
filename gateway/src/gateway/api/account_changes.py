"""Changes of accounts (账户变更): other roles, another unit, an end, disabled and enabled again."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Matrix, Permission, Permit
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction, commit, once
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.kept import document
from chassis.modes import CHECK, Mode
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway import queries, sessions
from gateway.api.accounts import (
    Account,
    ScopeText,
    created_for_once,
    kept_account,
    powerful_roles,
    shown,
)
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.fresh_secrets import drawn, take_the_place_of_all
from gateway.queries import PresentAccount
from gateway.registered_units import registered
from gateway.rules import changes as rules
from gateway.rules import persons, scopes
from gateway.rules.accounts import RequestedAccount
from gateway.rules.changes import (
    AccountPending,
    AccountTerms,
    ChangeOvertaken,
    ChangeRejected,
    LastAdministrator,
    NoSuchChange,
    OwnAccount,
)
from gateway.rules.persons import PENDING, ConfirmedByAnother, Grant, NoSuchAccount
from gateway.rules.proposals import ProposalEnd
from gateway.rules.separation import APART, NobodyToConfirm
from gateway.separation import confirming
from gateway.tables import ChangeConfirmationRow, ChangeRow, ProposalEndRow

router = Router("/accounts/{subject}", tags=["accounts"])

_FIELDS = ("name", "unit", "roles", "enabled", "expires_on", "scope")

Version = Annotated[int, Path(ge=2, le=2**31 - 1)]


class NewChange(Incoming):
    """What is to become of an account, and why; what is left out stays as it is.

    From the day `expires_on` on it signs nobody in; null takes the end away. `unit` null is none.
    The tokens of a client reach no more than its `scope`: names of groups of routes, and `cycle:`
    with the id of a cycle, between spaces; null takes the limit away.
    """

    name: Text | None = None
    unit: Code | None = None
    roles: Annotated[list[Code], Field(max_length=10)] | None = None
    enabled: bool | None = None
    expires_on: date | None = None
    scope: ScopeText | None = None
    reason: Text

    def of(self, before: AccountTerms) -> AccountTerms:
        """Return what an account becomes by it; a null stands for none only where there can be
        none."""
        said = self.model_fields_set
        return AccountTerms(
            self.name or before.name,
            self.unit if "unit" in said else before.unit,
            tuple(before.roles if self.roles is None else self.roles),
            before.enabled if self.enabled is None else self.enabled,
            self.expires_on if "expires_on" in said else before.expires_on,
            scopes.canonical(self.scope) if "scope" in said else before.scope,
        )


class AccountChange(Outgoing):
    """What an account is from a change on, by whom and why; null `confirmed_by` where nobody had to
    confirm it, or has yet. The account as it was made is version 1."""

    version: int
    name: str
    unit: str | None
    roles: list[str]
    enabled: bool
    expires_on: date | None
    scope: str | None
    reason: str
    awaits_confirmation: bool
    changed_by: str
    changed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


class EndedProposal(Outgoing):
    """That an account (version 1) or a change which waited was not confirmed: withdrawn by whoever
    proposed it, or declined by another."""

    version: int
    how: ProposalEnd
    reason: str
    ended_by: str
    ended_at: datetime


class AccountChanges(Outgoing):
    """The changes of an account since it was made, the first ones first, and which proposals were
    `ended`."""

    subject: str
    changes: list[AccountChange]
    ended: list[EndedProposal]


class ChangedAccount(Outgoing):
    """The account after a change, and the change; it is in effect unless it waits to be
    confirmed. `unit_registered` says whether the unit that it was given is registered, null where
    it was given none or nothing was heard."""

    account: Account
    change: AccountChange
    unit_registered: bool | None
    receipt: Receipt | None


class ConfirmedChange(Outgoing):
    """The account after a change was confirmed, and where that gave it a powerful role, by which
    nobody acted before, or its first role, its new `secret`, for its person or system alone.

    No secret of before opens the account then, and all its sessions have ended. A person's new one
    signs in for 24 hours, once, and only for another password to be chosen. It is shown this once:
    a repeated request is answered with null.
    """

    account: Account
    change: AccountChange
    receipt: Receipt | None
    secret: str | None


@router.get("", response_model=Account, responses=documents(NoSuchAccount, SignInElsewhere))
async def read_account(subject: Code, request: Request, db: Snapshot, permit: Permit) -> Response:
    """Give one account as it is now."""
    require_embedded(request)
    return document(await _as_read(db, subject, permit.caller), request)


@router.get("/changes", responses=documents(NoSuchAccount, SignInElsewhere))
async def list_account_changes(
    subject: Code, request: Request, db: Snapshot, permit: Permit
) -> AccountChanges:
    """Give the changes of an account, with who made and who confirmed them."""
    require_embedded(request)
    await kept_account(db, subject, permit.caller, first=True)
    told = [_told(*each) for each in await queries.changes_of(db, subject)]
    ended = [shown_end(each) for each in await queries.ended_proposals(db, subject)]
    return AccountChanges(subject=subject, changes=told, ended=ended)


@router.post(
    "/changes",
    status_code=201,
    responses=documents(
        NoSuchAccount,
        AccountPending,
        ChangeRejected,
        OwnAccount,
        LastAdministrator,
        NobodyToConfirm,
        SignInElsewhere,
    ),
)
async def change_account(
    subject: Code,
    new: NewChange,
    request: Request,
    db: Transaction,
    permit: Permit,
    same: Precondition,
) -> ChangedAccount:
    """Change what an account may do, for whom, until when, within which limits, or whether at all.

    What gives it a powerful role, in another unit, for longer or in a wider scope too, is in effect
    once a second administrator has confirmed it; all else at once, and the account's tokens end
    within seconds. A change that waits is overtaken by the next one. Once there is a security
    administrator, what a system administrator proposes of roles waits for that one, and a first
    role for a second person whoever proposes it: the account gets a new secret by it.
    """
    require_embedded(request)
    caller, matrix = permit.caller, request.app.state.matrix
    units = await registered(request, caller.subject, [new.unit])
    await queries.lock_accounts(db)
    account = await kept_account(db, subject, permit.caller)
    present = account.present
    rules.check_own(present.person, caller.person)
    await same.require(lambda: _as_read(db, subject, permit.caller))
    if present.state == PENDING:
        raise AccountPending("It was not changed.", "未作变更。")
    before = _terms(present)
    rules.reject(scopes.faults(new.scope, present.kind, matrix.scopes, "/scope"))
    after = new.of(before)
    await _check(db, present, before, after, matrix)
    today: date = (await db.execute(select(func.current_date()))).scalar_one()
    how = await _grant(db, before, after, today, permit)
    (await confirming(db, permit.caller.realm)).check(how, by=caller.person, person=present.person)
    awaits = how == "awaits-confirmation"
    change = await _add(db, present, after, new.reason, caller, awaits=awaits)
    if not awaits and not change.enabled:
        await sessions.end_all(db, subject, "account-disabled", caller)
    body = _body(present, change) | {"grant": how, "person": caller.person}
    receipt = await journal.record(
        db, chain="accounts", caller=caller, event="gateway.account-changed", body=body
    )
    return ChangedAccount(
        account=await _as_read(db, subject, permit.caller),
        change=_told(change, None),
        unit_registered=units.get(new.unit or ""),
        receipt=receipt,
    )


@router.post(
    "/changes/{version}/confirmation",
    status_code=201,
    response_model=ConfirmedChange,
    responses=documents(
        NoSuchAccount,
        NoSuchChange,
        ChangeOvertaken,
        ConfirmedByAnother,
        ChangeRejected,
        LastAdministrator,
        SignInElsewhere,
    ),
)
async def confirm_account_change(
    subject: Code,
    version: Version,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Put a change into effect; not as the person who made it or who uses the account.

    What its person holds by then, and who is left, is looked at again: others wait beside it.
    Where it gives the account a powerful role or its first one, the account gets a new secret,
    which is in the answer: whoever proposed it may know those of before.
    """
    require_embedded(request)
    caller = permit.caller
    key = None if mode == CHECK else await idempotency.key_of(request, caller)
    fresh = await drawn(request.app.state.hasher)
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        permit.require(phase=(await confirming(db, permit.caller.realm)).phase)
        before = (await kept_account(db, subject, permit.caller)).present
        change = await _to_confirm(db, before, version, caller)
        matrix: Matrix = request.app.state.matrix
        await _check(db, before, _terms(before), _terms(change), matrix)
        added = insert(ChangeConfirmationRow).values(
            subject=subject,
            version=version,
            confirmed_by=caller.subject,
            confirmed_by_person=caller.person,
        )
        confirmed = await db.scalar(added.returning(ChangeConfirmationRow))
        if not change.enabled:
            await sessions.end_all(db, subject, "account-disabled", caller)
        body = _body(before, change) | {"confirmed_by_person": caller.person}
        gives = await _gives_power(request, db, before, change)
        if gives:
            days: int = request.app.state.settings.client_secret_days
            number = await take_the_place_of_all(db, before, fresh, caller, days)
            body["secret_number"] = number
        event = "gateway.account-change-confirmed"
        receipt = await journal.record(db, chain="accounts", caller=caller, event=event, body=body)
        told = ConfirmedChange(
            account=await _as_read(db, subject, permit.caller),
            change=_told(change, confirmed),
            receipt=receipt,
            secret=None,
        )
        answer = created_for_once(told)
        await commit(db, key, answer)
    if key is None or not gives:
        return answer
    return created_for_once(told.model_copy(update={"secret": fresh.secret}))


async def _to_confirm(
    db: AsyncSession, account: PresentAccount, version: int, caller: Caller
) -> ChangeRow:
    """Return a change that the caller may confirm."""
    known = {change.version: change for change, _ in await queries.changes_of(db, account.subject)}
    if version not in known:
        raise NoSuchChange(f"There is no version {version}.", f"没有第 {version} 版。")
    change = known[version]
    rules.check_confirmable(version, account.pending_version)
    persons.confirm(
        person=account.person,
        creator=change.changed_by_person,
        confirmer=caller.person,
        is_pending=True,
    )
    return change


async def _grant(
    db: AsyncSession, before: AccountTerms, after: AccountTerms, today: date, permit: Permission
) -> Grant:
    """Say how a change comes into effect by the caller's hand."""
    confirmers = await confirming(db, permit.caller.realm)
    gives = confirmers.gives_roles(permit.caller.roles)
    waiting = powerful_roles(permit.matrix) if gives else {*permit.matrix.roles}
    apart = confirmers.is_separated
    return rules.grant_change(
        before, after, waiting, confirmers.count, today, gives_roles=gives, apart=apart
    )


async def _gives_power(
    request: Request, db: AsyncSession, account: PresentAccount, change: ChangeRow
) -> bool:
    today: date = (await db.execute(select(func.current_date()))).scalar_one()
    powerful = powerful_roles(request.app.state.matrix)
    return rules.is_new_power(_terms(account), _terms(change), powerful, today)


async def _as_read(db: AsyncSession, subject: str, caller: Caller) -> Account:
    return shown(await kept_account(db, subject, caller, first=True))


def _terms(present: PresentAccount | ChangeRow) -> AccountTerms:
    return AccountTerms(
        present.name,
        present.unit,
        tuple(present.roles),
        present.enabled,
        present.expires_on,
        present.scope,
    )


async def _check(
    db: AsyncSession,
    present: PresentAccount,
    before: AccountTerms,
    after: AccountTerms,
    matrix: Matrix,
) -> None:
    """Refuse what the account cannot become beside the others."""
    wish = RequestedAccount(
        present.subject, present.kind, after.roles, None, present.person, after.unit
    )
    whose = present.jurisdiction
    others = await queries.holdings(db, whose, persons.names([wish]))
    others = [each for each in others if each.subject != present.subject]
    rules.check_change(wish, before, after, others, matrix.roles, matrix.exclusive)
    for role in sorted(rules.leaving(before, after, APART)):
        holders = await queries.lasting_holders(db, whose, {role})
        rules.check_last(holders, present.person, leaves=True)


async def _add(
    db: AsyncSession,
    present: PresentAccount,
    after: AccountTerms,
    reason: str,
    caller: Caller,
    *,
    awaits: bool,
) -> ChangeRow:
    earlier = await queries.changes_of(db, present.subject)
    values = {name: getattr(after, name) for name in _FIELDS} | {"roles": list(after.roles)}
    change: ChangeRow | None = await db.scalar(
        insert(ChangeRow)
        .values(
            subject=present.subject,
            version=len(earlier) + 2,
            reason=reason,
            awaits_confirmation=awaits,
            changed_by=caller.subject,
            changed_by_person=caller.person,
            **values,
        )
        .returning(ChangeRow)
    )
    assert change is not None  # noqa: S101 - narrows for mypy
    return change


def _body(present: PresentAccount, change: ChangeRow) -> dict[str, Any]:
    """Return what the journal is told of a change: what it was and what it becomes."""
    now = {name: _plain(getattr(change, name)) for name in _FIELDS}
    before = {name: _plain(getattr(present, name)) for name in _FIELDS}
    return {
        "subject": change.subject,
        "version": change.version,
        "reason": change.reason,
        "from": {name: before[name] for name in _FIELDS if before[name] != now[name]},
        "to": {name: now[name] for name in _FIELDS if before[name] != now[name]},
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def shown_end(row: ProposalEndRow) -> EndedProposal:
    """Return how a proposal ended as it is shown."""
    told = {name: getattr(row, name) for name in EndedProposal.model_fields}
    return EndedProposal.model_validate(told)


def _told(change: ChangeRow, confirmation: ChangeConfirmationRow | None) -> AccountChange:
    own = {
        name: getattr(change, name)
        for name in AccountChange.model_fields
        if not name.startswith("confirmed")
    }
    return AccountChange.model_validate(
        own
        | {
            "confirmed_by": confirmation.confirmed_by if confirmation else None,
            "confirmed_at": confirmation.confirmed_at if confirmation else None,
        }
    )
