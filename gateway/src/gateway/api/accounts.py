"""Accounts: who can sign in, with which roles, for which unit."""

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Matrix, Permit
from chassis.db import Snapshot
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.hashing import Hasher, generated
from gateway.rules import accounts as rules
from gateway.rules.accounts import AccountsRejected, Wish
from gateway.tables import AccountRow

router = Router(tags=["accounts"])


class NewAccount(Incoming):
    """An account to create. Without a `secret` one is generated and shown once."""

    subject: Code
    kind: Literal["person", "client"]
    name: Text
    unit: Code | None = None
    roles: Annotated[list[Code], Field(min_length=1, max_length=10)]
    secret: Annotated[str, Field(max_length=200)] | None = None


class NewAccounts(Incoming):
    """Accounts to create together: all of them, or none."""

    accounts: Annotated[list[NewAccount], Field(min_length=1, max_length=200)]


class CreatedAccount(Outgoing):
    """An account that now exists. `secret` is the generated one, null when it was chosen."""

    subject: str
    secret: str | None


class CreatedAccounts(Outgoing):
    """What was created. A repeated request is answered without the secrets: they are not kept."""

    accounts: list[CreatedAccount]
    receipt: Receipt


class Account(Outgoing):
    """An account as it is kept, without its secret."""

    subject: str
    kind: str
    name: str
    unit: str | None
    roles: list[str]
    created_at: datetime
    disabled_at: datetime | None


class Me(Outgoing):
    """Who the caller is, as the token says."""

    subject: str
    roles: list[str]
    unit: str | None


@router.post(
    "/accounts",
    status_code=201,
    response_model=CreatedAccounts,
    responses=documents(AccountsRejected, SignInElsewhere),
)
async def create_accounts(
    new: NewAccounts, request: Request, permit: Permit, _: idempotency.DeclaredKey = None
) -> Response:
    """Create accounts, all or none."""
    require_embedded(request)
    key = await _key(new, request, permit.caller)
    matrix: Matrix = request.app.state.matrix
    hasher: Hasher = request.app.state.hasher
    wishes = [Wish(a.subject, a.kind, a.roles, a.secret) for a in new.accounts]
    rules.check(wishes, matrix.roles, matrix.exclusive)
    fresh = [generated() if a.secret is None else None for a in new.accounts]
    hashes = [
        await hasher.hash(made or a.secret or "", is_generated=made is not None)
        for a, made in zip(new.accounts, fresh, strict=True)
    ]
    async with request.app.state.sessions.begin() as db:
        await (await db.connection()).run_sync(key.check)
        await add_accounts(db, new.accounts, hashes)
        receipt = await record_creation(db, new.accounts, permit.caller)
        await db.execute(key.insert(_answer(new, [None] * len(fresh), receipt)))
    return _answer(new, fresh, receipt)


@router.get("/accounts", responses=documents(SignInElsewhere))
async def list_accounts(
    request: Request, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[Account]:
    """Give the accounts in the order of their subjects."""
    require_embedded(request)
    rows = await db.scalars(
        select(AccountRow)
        .where(AccountRow.subject > (page.after or ""))
        .order_by(AccountRow.subject)
        .limit(page.limit + 1)
    )
    found = [Account.model_validate(row) for row in rows]
    return Page.of(found, page.limit, lambda account: account.subject)


@router.get("/me")
async def read_me(permit: Permit) -> Me:
    """Say who the caller is."""
    caller = permit.caller
    return Me(subject=caller.subject, roles=sorted(caller.roles), unit=caller.unit)


async def add_accounts(db: AsyncSession, new: list[NewAccount], hashes: list[str]) -> None:
    """Insert accounts with the hashes of their secrets; refuse them all when one is there."""
    values = [
        {**account.model_dump(exclude={"secret"}), "secret_hash": kept}
        for account, kept in zip(new, hashes, strict=True)
    ]
    # ON CONFLICT and then counting: two requests at once cannot both believe a subject is free.
    added = set(
        await db.scalars(
            insert(AccountRow).values(values).on_conflict_do_nothing().returning(AccountRow.subject)
        )
    )
    wishes = [Wish(a.subject, a.kind, a.roles, None) for a in new]
    rules.reject(rules.taken(wishes, {a.subject for a in new} - added))


async def record_creation(db: AsyncSession, new: list[NewAccount], caller: Caller) -> Receipt:
    """Record in the journal who created which accounts; secrets stay out."""
    body = {"accounts": [account.model_dump(exclude={"secret"}) for account in new]}
    return await journal.record(
        db, chain="accounts", caller=caller, event="gateway.accounts-created", body=body
    )


async def _key(new: NewAccounts, request: Request, caller: Caller) -> idempotency.Key:
    """Return the idempotency key with a fingerprint that secrets have no part in.

    The usual fingerprint is a fast hash of the whole body. Kept beside an Argon2id hash it would
    be the easy way to guess a chosen secret.
    """
    usual = await idempotency.key_of(request, caller.subject)
    told = new.model_dump(exclude={"accounts": {"__all__": {"secret"}}})
    chosen = [account.secret is not None for account in new.accounts]
    fingerprint = hashlib.sha256(journal.canonical({**told, "chosen": chosen})).digest()
    return idempotency.Key(usual.caller, usual.key, fingerprint)


def _answer(new: NewAccounts, secrets: list[str | None], receipt: Receipt) -> Response:
    created = [
        CreatedAccount(subject=account.subject, secret=secret)
        for account, secret in zip(new.accounts, secrets, strict=True)
    ]
    body = CreatedAccounts(accounts=created, receipt=receipt).model_dump_json()
    headers = {"Cache-Control": "no-store"}
    return Response(body, 201, headers, media_type="application/json")
