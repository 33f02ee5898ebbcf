"""Resets of accounts (账户重置): two administrators help who forgot a password or lost a device."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Matrix, Permit
from chassis.db import Snapshot, commit, once
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway import queries, second_factors, sessions
from gateway.api.accounts import (
    created_for_once,
    powerful_roles,
    present_account,
)
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.attempts import Attempts
from gateway.fresh_secrets import Fresh, drawn, give_for_once
from gateway.neighbours import Neighbours
from gateway.queries import PresentAccount
from gateway.rules import persons
from gateway.rules import resets as rules
from gateway.rules.changes import OwnAccount, check_own
from gateway.rules.persons import ConfirmedByAnother, NoSuchAccount
from gateway.rules.resets import (
    KnownReset,
    NoSuchReset,
    NothingToReset,
    ResetNeedsTwo,
    ResetOver,
    ResetState,
    Resettable,
)
from gateway.rules.second_factors import ForPersons, require_person
from gateway.rules.separation import NobodyToConfirm
from gateway.separation import confirming
from gateway.tables import ResetEffectRow, ResetRow

router = Router("/accounts/{subject}", tags=["accounts"])

ResetNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


class NewReset(Incoming):
    """What is to be taken back from a person who cannot sign in, and why."""

    what: Annotated[list[Resettable], Field(min_length=1, max_length=2)]
    reason: Text


class NewUnlock(Incoming):
    """Why signing in is not to be slowed down any more."""

    reason: Text


class AccountReset(Outgoing):
    """A reset as it is now, by whom and why.

    One that waits is `overtaken` by the next one, and `lapsed` after seven days. `confirmed_by` is
    null where nobody has confirmed it, or nobody could, because there was only one administrator.
    """

    number: int
    what: list[Resettable] = Field(max_length=2)
    state: ResetState
    reason: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    effected_at: datetime | None


class AccountResets(Outgoing):
    """The resets of an account, the first one first."""

    subject: str
    resets: list[AccountReset]


class DoneReset(Outgoing):
    """A reset, and where it is in effect and took the password back a `secret` for its person.

    That signs in for 24 hours, once, and only for another password to be chosen. It is shown this
    once: a repeated request is answered with null.
    """

    subject: str
    reset: AccountReset
    secret: str | None
    receipt: Receipt | None


class UnlockedAccount(Outgoing):
    """An account for which signing in is not slowed down any more."""

    subject: str
    receipt: Receipt | None


@router.get("/resets", responses=documents(NoSuchAccount, SignInElsewhere))
async def list_account_resets(
    subject: Code, request: Request, db: Snapshot, permit: Permit
) -> AccountResets:
    """List the resets of an account, with who proposed and who confirmed them."""
    require_embedded(request)
    await present_account(db, subject, permit.caller, first=True)
    known, now = await queries.resets_of(db, subject), await queries.now(db)
    return AccountResets(subject=subject, resets=[_shown(each, known, now) for each in known])


@router.post(
    "/resets",
    status_code=201,
    response_model=DoneReset,
    responses=documents(
        NoSuchAccount,
        ForPersons,
        OwnAccount,
        NothingToReset,
        ResetNeedsTwo,
        NobodyToConfirm,
        SignInElsewhere,
    ),
)
async def propose_account_reset(
    subject: Code,
    new: NewReset,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Propose to take back somebody's password, second factor, or both.

    It is in effect once a second administrator has confirmed it. While there is only one it is in
    effect at once for an account without powerful roles, and refused for others.
    """
    require_embedded(request)
    caller, matrix = permit.caller, request.app.state.matrix
    key = None if mode == CHECK else await idempotency.key_of(request, caller)
    fresh = await drawn(request.app.state.hasher)
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        account = await present_account(db, subject, permit.caller, first=True)
        how = await _judged(db, account, new, caller, matrix)
        number = await _propose(db, account, new, caller)
        is_done = how == "granted-by-one"
        gives = is_done and await _effect(db, account, number, fresh, caller, confirmed=False)
        body = {"what": sorted({*new.what}), "reason": new.reason, "grant": how}
        event = "gateway.reset-proposed"
        done = await _recorded(db, subject, number, caller, event, body)
        answer = _answer(done)
        await commit(db, key, answer)
    return _answer(done, fresh.secret if gives else None) if key else answer


@router.post(
    "/resets/{number}/confirmation",
    status_code=201,
    response_model=DoneReset,
    responses=documents(NoSuchAccount, NoSuchReset, ResetOver, ConfirmedByAnother, SignInElsewhere),
)
async def confirm_account_reset(
    subject: Code,
    number: ResetNumber,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Put a reset into effect; not as the person who proposed it or whose account it is.

    All sessions of the account end. The secret in the answer is for its person alone.
    """
    require_embedded(request)
    caller = permit.caller
    key = None if mode == CHECK else await idempotency.key_of(request, caller)
    fresh = await drawn(request.app.state.hasher)
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        permit.require(phase=(await confirming(db, permit.caller.realm)).phase)
        account = await present_account(db, subject, permit.caller, first=True)
        known = await queries.resets_of(db, subject)
        reset = rules.found(known, number)
        rules.check_confirmable(reset, known[-1].number, await queries.now(db))
        persons.confirm(
            person=account.person,
            creator=reset.proposed_by_person,
            confirmer=caller.person,
            is_pending=True,
        )
        gives = await _effect(db, account, number, fresh, caller, confirmed=True)
        body = {"what": sorted(reset.what), "confirmed_by_person": caller.person}
        event = "gateway.reset-confirmed"
        done = await _recorded(db, subject, number, caller, event, body)
        answer = _answer(done)
        await commit(db, key, answer)
    return _answer(done, fresh.secret if gives else None) if key else answer


@router.post(
    "/unlock",
    status_code=201,
    response_model=UnlockedAccount,
    responses=documents(NoSuchAccount, SignInElsewhere),
)
async def unlock_account(
    subject: Code,
    new: NewUnlock,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Have signing in to an account not be slowed down any more by what was tried before.

    Addresses that failed for many accounts go on to wait.
    """
    require_embedded(request)
    caller = permit.caller
    key = None if mode == CHECK else await idempotency.key_of(request, caller)
    async with once(request.app.state.sessions, key) as db:
        permit.require(phase=(await confirming(db, permit.caller.realm)).phase)
        await present_account(db, subject, permit.caller, first=True)
        body = {"subject": subject, "person": caller.person, "reason": new.reason}
        event = "gateway.account-unlocked"
        receipt = await journal.record(db, chain="accounts", caller=caller, event=event, body=body)
        told = UnlockedAccount(subject=subject, receipt=receipt).model_dump_json()
        answer = Response(told, 201, media_type="application/json")
        await commit(db, key, answer)
    if key:
        attempts: Attempts = request.app.state.attempts
        neighbours: Neighbours = request.app.state.neighbours
        attempts.unlock(subject)
        await neighbours.exchange()
    return answer


async def _judged(
    db: AsyncSession, account: PresentAccount, new: NewReset, caller: Caller, matrix: Matrix
) -> persons.Grant:
    """Say how a reset comes into effect; refuse one that is not the caller's to propose."""
    require_person(account.kind)
    check_own(account.person, caller.person)
    if "second-factor" in new.what and await second_factors.present(db, account.subject) is None:
        raise NothingToReset("There is none.", "没有启用。")
    confirmers = await confirming(db, caller.realm)
    how = rules.grant(account.roles, powerful_roles(matrix), confirmers.count)
    confirmers.check(how, by=caller.person, person=account.person)
    return how


async def _propose(db: AsyncSession, account: PresentAccount, new: NewReset, caller: Caller) -> int:
    number = len(await queries.resets_of(db, account.subject)) + 1
    values = {
        "subject": account.subject,
        "number": number,
        "password": "password" in new.what,
        "second_factor": "second-factor" in new.what,
        "reason": new.reason,
        "proposed_by": caller.subject,
        "proposed_by_person": caller.person,
    }
    await db.execute(insert(ResetRow).values(values))
    return number


async def _effect(
    db: AsyncSession,
    account: PresentAccount,
    number: int,
    fresh: Fresh,
    caller: Caller,
    *,
    confirmed: bool,
) -> bool:
    """Put a reset into effect; say whether the secret takes the place of the password."""
    subject = account.subject
    reset = rules.found(await queries.resets_of(db, subject), number)
    secret_number = None
    if reset.password:
        secret_number = await give_for_once(db, subject, fresh, caller)
    effect = {
        "subject": subject,
        "number": number,
        "secret_number": secret_number,
        "confirmed_by": caller.subject if confirmed else None,
        "confirmed_by_person": caller.person if confirmed else None,
    }
    await db.execute(insert(ResetEffectRow).values(effect))
    await sessions.end_all(db, subject, "reset", caller)
    return reset.password


async def _recorded(
    db: AsyncSession,
    subject: str,
    number: int,
    caller: Caller,
    event: str,
    more: dict[str, Any],
) -> DoneReset:
    """Record what became of a reset; return it as it is then, without its secret."""
    body = {"subject": subject, "number": number, "person": caller.person} | more
    receipt = await journal.record(db, chain="accounts", caller=caller, event=event, body=body)
    known = await queries.resets_of(db, subject)
    shown = _shown(rules.found(known, number), known, await queries.now(db))
    return DoneReset(subject=subject, reset=shown, secret=None, receipt=receipt)


def _shown(reset: KnownReset, known: list[KnownReset], now: datetime) -> AccountReset:
    told = {name: getattr(reset, name) for name in AccountReset.model_fields if name != "state"}
    return AccountReset(**told, state=rules.state_of(reset, known[-1].number, now))


def _answer(done: DoneReset, secret: str | None = None) -> Response:
    return created_for_once(done.model_copy(update={"secret": secret}))
