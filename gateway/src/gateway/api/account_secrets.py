"""Secrets of clients (密钥): two at a time, so that a system changes over without a stop."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import Field
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Matrix, Permit
from chassis.db import Snapshot, Transaction, commit, once
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.problems import documents
from chassis.refusals import Fault, TooManyRequests
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway import queries
from gateway.api.accounts import (
    created_for_once,
    key_without_secrets,
    powerful_roles,
    present_account,
)
from gateway.api.signing_in import LONGEST_SECRET, Opened, opens_still, prove
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.fresh_secrets import drawn
from gateway.queries import PresentAccount
from gateway.rules import persons
from gateway.rules import secrets as rules
from gateway.rules.changes import OwnAccount, check_own
from gateway.rules.persons import ConfirmedByAnother, NoSuchAccount
from gateway.rules.secrets import (
    KnownSecret,
    NoSuchSecret,
    SecretOver,
    SecretRejected,
    SecretsOfClients,
    SecretState,
    TwoSecretsAlive,
)
from gateway.rules.separation import NobodyToConfirm
from gateway.separation import confirming
from gateway.tables import SecretConfirmationRow, SecretRevocationRow, SecretRow
from gateway.waiting import SignInBusy

router = Router(tags=["accounts"])

SecretNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


class NewSecret(Incoming):
    """A secret to be made for a client, and why.

    From the day `expires_on` on it opens nothing; without one, or null, it holds as long as a
    secret may.
    """

    expires_on: date | None = None
    reason: Text


class NewOwnSecret(Incoming):
    """A secret that a client wants for itself, and the one that it signs in with at `current`:
    whoever got hold of its token alone gets none that lasts."""

    current: Annotated[str, Field(max_length=LONGEST_SECRET)]
    expires_on: date | None = None


class NewRevocation(Incoming):
    """Why a secret is to open nothing any more."""

    reason: Text


class AccountSecret(Outgoing):
    """A secret as it is now, and never the secret itself or a hash of it.

    Number 1 was made with the account. `replaced` is a person's password after which another was
    chosen; one that nobody confirmed in 7 days is `expired`. `last_used_at`, of the last minutes
    not exact, is null where it was not used since this is kept; `made_by` is null where that is not
    known.
    """

    number: int
    state: SecretState
    made_by: str | None
    made_at: datetime
    expires_on: date | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    revoked_by: str | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class AccountSecrets(Outgoing):
    """The secrets that an account has and had, the first one first, and when it was last used."""

    subject: str
    last_used_at: datetime | None
    secrets: list[AccountSecret]


class MadeSecret(Outgoing):
    """A secret that was made or confirmed. It is shown this once: a repeated request is answered
    with null.

    A `pending` one is drawn, and shown, when a second administrator confirms it.
    """

    subject: str
    secret: str | None
    kept: AccountSecret
    receipt: Receipt | None


class ChangedSecret(Outgoing):
    """What a secret is after it was revoked."""

    subject: str
    kept: AccountSecret
    receipt: Receipt | None


@router.get("/accounts/{subject}/secrets", responses=documents(NoSuchAccount, SignInElsewhere))
async def list_secrets(
    subject: Code, request: Request, db: Snapshot, permit: Permit
) -> AccountSecrets:
    """List the secrets of an account, which of them open it, and when they were last used."""
    require_embedded(request)
    return await _listed(db, await present_account(db, subject, permit.caller))


@router.post(
    "/accounts/{subject}/secrets",
    status_code=201,
    response_model=MadeSecret,
    responses=documents(
        NoSuchAccount, SecretsOfClients, TwoSecretsAlive, SecretRejected, OwnAccount,
        NobodyToConfirm, SignInElsewhere,
    ),
)  # fmt: skip
async def make_secret(
    subject: Code,
    new: NewSecret,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Make a second secret for a client; the first one goes on until it ends or is revoked.

    For an account with a powerful role a second administrator confirms it, and is given it then:
    else whoever makes one could act in the account's place. Once there is a security administrator
    that one confirms, for every account.
    """
    require_embedded(request)
    key = None if mode == CHECK else await idempotency.key_of(request, permit.caller)
    return await _make(request, permit.caller, subject, new, key)


@router.post(
    "/accounts/{subject}/secrets/{number}/confirmation",
    status_code=201,
    response_model=MadeSecret,
    responses=documents(
        NoSuchAccount, NoSuchSecret, SecretOver, ConfirmedByAnother, SignInElsewhere
    ),
)
async def confirm_secret(
    subject: Code,
    number: SecretNumber,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Have a waiting secret open its account; not as the person who made it or who stands behind
    the account. It is drawn now, and in the answer."""
    require_embedded(request)
    caller = permit.caller
    key = None if mode == CHECK else await idempotency.key_of(request, caller)
    fresh = await drawn(request.app.state.hasher)
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        permit.require(phase=(await confirming(db, permit.caller.realm)).phase)
        account = await present_account(db, subject, caller)
        secret = rules.found(await queries.secrets_of(db, subject), number)
        rules.check_confirmable(secret)
        persons.confirm(
            person=account.person,
            creator=secret.made_by_person,
            confirmer=caller.person,
            is_pending=True,
        )
        values = {
            "subject": subject,
            "number": number,
            "secret_hash": fresh.hashed,
            "confirmed_by": caller.subject,
            "confirmed_by_person": caller.person,
        }
        await db.execute(insert(SecretConfirmationRow).values(values))
        changed = await _changed(db, account, number, caller, "gateway.secret-confirmed", {})
        answer = _given(changed, None)
        await commit(db, key, answer)
    return _given(changed, fresh.secret) if key else answer


@router.post(
    "/accounts/{subject}/secrets/{number}/revocation",
    status_code=201,
    responses=documents(NoSuchAccount, NoSuchSecret, SecretsOfClients, SecretOver, SignInElsewhere),
)
async def revoke_secret(
    subject: Code,
    number: SecretNumber,
    why: NewRevocation,
    request: Request,
    db: Transaction,
    permit: Permit,
) -> ChangedSecret:
    """Have a client's secret open nothing any more, at once; tokens that were got for it end within
    seconds."""
    require_embedded(request)
    return await _revoke(db, permit.caller, subject, number, why)


@router.get("/me/secrets", responses=documents(NoSuchAccount, SignInElsewhere))
async def list_own_secrets(request: Request, db: Snapshot, permit: Permit) -> AccountSecrets:
    """List the caller's own secrets, which of them are good, and when they were last used."""
    require_embedded(request)
    return await _listed(db, await present_account(db, permit.caller.subject, permit.caller))


@router.post(
    "/me/secrets",
    status_code=201,
    response_model=MadeSecret,
    responses=documents(
        NoSuchAccount, SecretsOfClients, TwoSecretsAlive, SecretRejected, SignInElsewhere,
        TooManyRequests, SignInBusy,
    ),
)  # fmt: skip
async def make_own_secret(
    new: NewOwnSecret,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Make a client a second secret of its own, by the one that it has; then change over to it, and
    revoke the old one.

    Who tries out secrets is slowed down as at signing in.
    """
    require_embedded(request)
    caller = permit.caller
    told = {"secret": str(new.expires_on)}
    key = None if mode == CHECK else await key_without_secrets(request, caller, told)
    async with request.app.state.sessions() as db:
        rules.require_client((await present_account(db, caller.subject, caller)).kind)
    proved = await prove(request, caller.subject, new.current, "client")
    if proved is None:
        raise _wrong()
    return await _make(request, caller, caller.subject, new, key, proved)


@router.post(
    "/me/secrets/{number}/revocation",
    status_code=201,
    responses=documents(NoSuchAccount, NoSuchSecret, SecretsOfClients, SecretOver, SignInElsewhere),
)
async def revoke_own_secret(
    number: SecretNumber, why: NewRevocation, request: Request, db: Transaction, permit: Permit
) -> ChangedSecret:
    """Have one of the client's own secrets open nothing any more, at once; tokens that were got for
    it end within seconds."""
    require_embedded(request)
    return await _revoke(db, permit.caller, permit.caller.subject, number, why)


async def _listed(db: AsyncSession, account: PresentAccount) -> AccountSecrets:
    secrets = await queries.secrets_of(db, account.subject)
    latest = max(secret.number for secret in secrets)
    used = [each.last_used_at for each in secrets if each.last_used_at is not None]
    return AccountSecrets(
        subject=account.subject,
        last_used_at=max(used, default=None),
        secrets=[_shown(each, account, latest) for each in secrets],
    )


def _shown(secret: KnownSecret, account: PresentAccount, latest: int) -> AccountSecret:
    known = {n: getattr(secret, n) for n in AccountSecret.model_fields if hasattr(secret, n)}
    state = rules.state_of(secret, account.kind, latest)
    return AccountSecret.model_validate(known | {"state": state})


async def _make(
    request: Request,
    caller: Caller,
    subject: str,
    new: NewSecret | NewOwnSecret,
    key: idempotency.Key | None,
    proved: Opened | None = None,
) -> Response:
    """Make a secret and give it; what is kept under the key is the answer without it.

    Where it was asked for by another secret, that is looked at once more: it may be revoked since.
    """
    fresh = await drawn(request.app.state.hasher)
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        if proved is not None and not await opens_still(db, proved):
            raise _wrong()
        account = await present_account(db, subject, caller)
        body, number = await _add(request, db, account, new, fresh.hashed, caller)
        changed = await _changed(db, account, number, caller, "gateway.secret-made", body)
        answer = _given(changed, None)
        await commit(db, key, answer)
    is_shown = key is not None and changed.kept.state != "pending"
    return _given(changed, fresh.secret) if is_shown else answer


def _wrong() -> SecretRejected:
    en, zh = "It is no secret that opens the account.", "该密钥不能登录本账户。"
    return SecretRejected(en, zh, faults=[Fault("/current", "wrong-secret", en, zh)])


async def _add(
    request: Request,
    db: AsyncSession,
    account: PresentAccount,
    new: NewSecret | NewOwnSecret,
    hashed: str,
    caller: Caller,
) -> tuple[dict[str, Any], int]:
    """Insert a secret; return what the journal is told of it, and its number."""
    number = rules.check_new(account.kind, await queries.secrets_of(db, account.subject))
    today: date = (await db.execute(select(func.current_date()))).scalar_one()
    expires_on = rules.end_of(new.expires_on, today, request.app.state.settings.client_secret_days)
    body: dict[str, Any] = {"expires_on": expires_on.isoformat()}
    awaits = False
    if isinstance(new, NewSecret):
        check_own(account.person, caller.person)
        matrix: Matrix = request.app.state.matrix
        confirmers = await confirming(db, caller.realm)
        how = confirmers.grant(account.roles, powerful_roles(matrix))
        confirmers.check(how, by=caller.person, person=account.person)
        awaits = how == "awaits-confirmation"
        body |= {"grant": how, "reason": new.reason}
    added = SecretRow(
        subject=account.subject,
        number=number,
        secret_hash=hashed,
        expires_on=expires_on,
        made_by=caller.subject,
        made_by_person=caller.person,
        awaits_confirmation=awaits,
    )
    db.add(added)
    await db.flush()
    return body, number


async def _revoke(
    db: AsyncSession, caller: Caller, subject: str, number: int, why: NewRevocation
) -> ChangedSecret:
    await queries.lock_accounts(db)
    account = await present_account(db, subject, caller)
    rules.require_client(account.kind)
    rules.check_revocable(rules.found(await queries.secrets_of(db, subject), number))
    values = {"revoked_by": caller.subject, "revoked_by_person": caller.person}
    key = {"subject": subject, "number": number, "reason": why.reason}
    await db.execute(insert(SecretRevocationRow).values(key | values))
    body = {"reason": why.reason}
    return await _changed(db, account, number, caller, "gateway.secret-revoked", body)


async def _changed(
    db: AsyncSession,
    account: PresentAccount,
    number: int,
    caller: Caller,
    event: str,
    more: dict[str, Any],
) -> ChangedSecret:
    """Record what became of a secret; return the secret as it is then."""
    body = {"subject": account.subject, "number": number, "person": caller.person} | more
    receipt = await journal.record(db, chain="accounts", caller=caller, event=event, body=body)
    secrets = await queries.secrets_of(db, account.subject)
    kept = _shown(rules.found(secrets, number), account, max(each.number for each in secrets))
    return ChangedSecret(subject=account.subject, kept=kept, receipt=receipt)


def _given(changed: ChangedSecret, secret: str | None) -> Response:
    made = MadeSecret(
        subject=changed.subject, secret=secret, kept=changed.kept, receipt=changed.receipt
    )
    return created_for_once(made)
