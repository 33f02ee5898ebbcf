"""Accounts: who can sign in, with which roles, for which unit, and which person that is."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import func, null
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Matrix, Permit
from chassis.db import Snapshot, commit, once
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.pages import Page, PageQuery, SoughtText
from chassis.problems import documents
from chassis.refusals import Fault, pointer
from chassis.routes import Router
from chassis.scopes import LONGEST
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway import queries
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.asking import Services
from gateway.hashing import Hasher, generated
from gateway.queries import KeptAccount, PresentAccount
from gateway.refusals import ServiceDown
from gateway.registered_units import all_registered, registered
from gateway.rules import accounts as rules
from gateway.rules import jurisdictions, persons, scopes
from gateway.rules.accounts import AccountsRejected, Kind, RequestedAccount
from gateway.rules.persons import Grant, NewState, NoSuchAccount, State
from gateway.rules.separation import SYSTEM, NobodyToConfirm
from gateway.separation import confirming
from gateway.tables import AccountRow

router = Router(tags=["accounts"])

ScopeText = Annotated[str, Field(max_length=LONGEST)]


class NewAccount(Incoming):
    """An account to create. Without a `secret` one is generated and shown once. One without roles
    reads what everybody reads who is signed in.

    One that a second administrator has to confirm is created without a `secret`: it gets its first
    one then, which whoever created it does not know.

    `person` identifies the human being who uses it, by a staff number for example; every account
    of one person carries the same. Without it the subject stands for the person. The tokens of a
    client reach no more than its `scope`, null for all that its roles may.

    An account is of one `jurisdiction` for ever, or of none, and its subject begins with the code
    of it and a dot. Null is the caller's own.
    """

    subject: Code
    jurisdiction: Code | None = None
    person: Code | None = None
    kind: Kind
    name: Text
    unit: Code | None = None
    roles: Annotated[list[Code], Field(max_length=10)]
    scope: ScopeText | None = None
    secret: Annotated[str, Field(max_length=200)] | None = None


class NewAccounts(Incoming):
    """Accounts to create together: all of them, or none."""

    accounts: Annotated[list[NewAccount], Field(min_length=1, max_length=200)]


class CreatedAccount(Outgoing):
    """An account that now exists. `secret` is the generated one, null when it was chosen.

    A `pending` account signs nobody in until a second administrator has confirmed it, and has no
    secret before. `unit_registered` says whether its unit is registered, null where it has none or
    nothing was heard: an account is made before its unit, too.
    """

    subject: str
    state: NewState
    secret: str | None
    unit_registered: bool | None


class CreatedAccounts(Outgoing):
    """What was created. A repeated request is answered without the secrets: they are not kept."""

    accounts: list[CreatedAccount]
    receipt: Receipt | None


class Account(Outgoing):
    """An account as it is now, without its secret, and who created and confirmed it.

    It is what its latest change that is in effect made of it, the `version`th; `pending_version` is
    a later one that waits to be confirmed. From the day `expires_on` on it signs nobody in.
    `created_by` is null for an account from before this was kept.
    """

    subject: str
    jurisdiction: str | None
    person: str
    state: State
    kind: Kind
    name: str
    unit: str | None
    roles: list[str]
    version: int
    pending_version: int | None
    expires_on: date | None
    scope: str | None
    created_by: str | None
    created_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


@router.post(
    "/accounts",
    status_code=201,
    response_model=CreatedAccounts,
    responses=documents(AccountsRejected, NobodyToConfirm, SignInElsewhere),
)
async def create_accounts(
    new: NewAccounts,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Create accounts, all or none. Those with powerful roles take effect once a second
    administrator has confirmed them, who is then given their first secrets. Once there is a
    security administrator that one confirms every account, with roles or without.

    A unit that is not registered is told of, and refuses none.
    """
    require_embedded(request)
    told = _without_secrets(new)
    key = None if mode == CHECK else await key_without_secrets(request, permit.caller, told)
    matrix: Matrix = request.app.state.matrix
    hasher: Hasher = request.app.state.hasher
    wishes = _checked(new.accounts, matrix)
    whose = await _whose(request, wishes, new.accounts, permit.caller)
    units = await registered(request, permit.caller.subject, [a.unit for a in new.accounts])
    fresh, hashes = await _secrets(new.accounts, hasher, kept=key is not None)
    async with once(request.app.state.sessions, key) as db:
        grants = await grant(db, wishes, matrix, permit.caller, whose)
        rules.reject([*persons.chosen(wishes, grants)])
        days: int = request.app.state.settings.client_secret_days
        await add_accounts(db, new.accounts, hashes, grants, permit.caller, days, whose)
        receipt = await record_creation(db, new.accounts, grants, permit.caller, whose)
        answer = _answer(new, grants, [None] * len(fresh), units, receipt)
        await commit(db, key, answer)
    return _answer(new, grants, fresh, units, receipt) if key else answer


@router.get("/accounts", responses=documents(SignInElsewhere, ServiceDown))
async def list_accounts(
    request: Request,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    role: Annotated[Code | None, Query(description="Accounts that hold this role.")] = None,
    unit: Annotated[Code | None, Query(description="Accounts of this unit.")] = None,
    state: Annotated[State | None, Query(description="Accounts in this state.")] = None,
    q: Annotated[
        SoughtText | None, Query(description="Part of the subject or of the name.")
    ] = None,
    unit_registered: Annotated[
        bool | None, Query(description="Accounts of units that are registered, or are not.")
    ] = None,
) -> Page[Account]:
    """Give the accounts in the order of their subjects."""
    require_embedded(request)
    after = AccountRow.subject > page.after_code
    conditions = queries.asked_for(role, unit, state, q)
    conditions.append(queries.is_kept_by(permit.caller.realm))
    if unit_registered is not None:
        known = await all_registered(request, permit.caller.subject)
        conditions.append(queries.of_units(known, among=unit_registered))
    wanted = queries.listed(after, *conditions).limit(page.limit + 1)
    found = [shown(queries.kept(row)) for row in await db.execute(wanted)]
    return Page.of(found, page.limit, lambda account: account.subject)


async def _secrets(
    new: list[NewAccount], hasher: Hasher, *, kept: bool
) -> tuple[list[str | None], list[str]]:
    """Return the secrets that are generated, and the hashes of all."""
    if not kept:  # there is nothing to guess then, and hashing takes a second for a few
        return [None] * len(new), [""] * len(new)
    fresh = [generated() if each.secret is None else None for each in new]
    hashes = [
        await hasher.hash(made or each.secret or "", is_generated=made is not None)
        for each, made in zip(new, fresh, strict=True)
    ]
    return fresh, hashes


def shown(account: KeptAccount) -> Account:
    """Return an account as it is shown."""
    made, confirmation, present = account
    known = {
        name: getattr(of, name)
        for of in (made, present)
        for name in Account.model_fields
        if hasattr(of, name)
    }
    return Account.model_validate(
        known
        | {
            "confirmed_by": confirmation.confirmed_by if confirmation else None,
            "confirmed_at": confirmation.confirmed_at if confirmation else None,
        }
    )


async def present_account(
    db: AsyncSession, subject: str, caller: Caller, *, first: bool = False
) -> PresentAccount:
    """Return what an account is at this moment; refuse a name that nobody has in the caller's
    jurisdiction, who reaches the `first` account of each where the installation keeps it."""
    account = await queries.present_account(db, subject)
    if account is None or not _is_reached(account, caller, first=first):
        raise unknown_account(subject)
    return account


async def kept_account(
    db: AsyncSession, subject: str, caller: Caller, *, first: bool = False
) -> KeptAccount:
    """Return an account as it was made, confirmed and is now; refuse a name as
    `present_account`."""
    account = await queries.account_and_confirmation(db, subject)
    if account is None or not _is_reached(account.present, caller, first=first):
        raise unknown_account(subject)
    return account


def _is_reached(account: PresentAccount, caller: Caller, *, first: bool) -> bool:
    is_ours = caller.realm is None and first and account.is_first
    return account.jurisdiction == caller.realm or is_ours


def unknown_account(subject: str) -> NoSuchAccount:
    """Return the refusal of a name that nobody has."""
    return NoSuchAccount(f"Nothing is known of {subject}.", f"账户 {subject} 不存在。")


def created_for_once(told: BaseModel) -> Response:
    """Return the answer (201) to a command that may hold a secret: nobody on the way keeps it."""
    headers = {"Cache-Control": "no-store"}
    return Response(told.model_dump_json(), 201, headers, media_type="application/json")


def _checked(new: list[NewAccount], matrix: Matrix) -> list[RequestedAccount]:
    """Return the wishes that the rules speak of; refuse what is wrong with them in themselves."""
    wishes = wishes_of(new)
    rules.check(wishes, matrix.roles, matrix.exclusive)
    limits = [(pointer("accounts", i, "scope"), each) for i, each in enumerate(new)]
    found = [scopes.faults(each.scope, each.kind, matrix.scopes, at) for at, each in limits]
    rules.reject([fault for faults in found for fault in faults])
    return wishes


def powerful_roles(matrix: Matrix) -> set[str]:
    """Return the roles that two people grant."""
    return {role for role, told in matrix.roles.items() if told.get("powerful")}


def wishes_of(new: list[NewAccount]) -> list[RequestedAccount]:
    """Return the wishes that the rules speak of."""
    return [RequestedAccount(a.subject, a.kind, a.roles, a.secret, a.person, a.unit) for a in new]


async def _whose(
    request: Request, wishes: list[RequestedAccount], new: list[NewAccount], caller: Caller
) -> str | None:
    """Return the jurisdiction that all of the accounts will be of; refuse one that there is not."""
    asked = [each.jurisdiction for each in new]
    rules.reject([*jurisdictions.faults(wishes, caller.realm, asked)])
    whose = caller.realm or asked[0]
    if caller.realm is None and whose is not None:
        services: Services = request.app.state.services
        target = f"/api/v1/jurisdictions/{whose}"
        heard = await services.read(request, caller.subject, "indicators", target)
        if not heard.answered and heard.refusal is None:
            raise ServiceDown("The jurisdictions could not be read.", "无法读取辖区清单。")
        if not isinstance(heard.document, dict) or heard.document.get("state") != "confirmed":
            en, zh = f"{whose} is not registered and confirmed.", f"{whose} 未登记或未确认。"
            at = pointer("accounts", 0, "jurisdiction")
            rules.reject([Fault(at, "jurisdiction-unknown", en, zh)])
    return whose


async def _require_first(
    db: AsyncSession, wishes: list[RequestedAccount], whose: str | None, caller: Caller
) -> None:
    """Refuse another account that the installation would make for a jurisdiction which has its
    administrator, and one whose names somebody has who is not of it."""
    if caller.realm is not None or whose is None:
        return
    if len(wishes) > 1 or await queries.has_administrator(db, whose, SYSTEM):
        en, zh = f"{whose} has its administrator.", f"{whose} 已有系统管理员。"
        rules.reject([Fault("/accounts", "not-the-first", en, zh)])
    if await queries.are_names_taken(db, whose):
        en = f"Accounts that are not of {whose} have names that begin with it."
        zh = f"已有账户名以“{whose}.”开头而不属于该辖区。"
        rules.reject([Fault("/accounts", "names-taken", en, zh)])


async def grant(
    db: AsyncSession,
    wishes: list[RequestedAccount],
    matrix: Matrix,
    caller: Caller,
    whose: str | None = None,
) -> list[Grant]:
    """Say how each account comes into effect; refuse what one person may not hold together.

    Holds the lock on accounts until the commit, so that this stays true.
    """
    await queries.lock_accounts(db)
    await _require_first(db, wishes, whose, caller)
    existing = await queries.holdings(db, whose, persons.names(wishes))
    taken = rules.taken(wishes, {holding.subject for holding in existing})
    together = persons.faults(wishes, existing, matrix.roles, matrix.exclusive)
    rules.reject([*taken, *together])
    confirmers = await confirming(db, caller.realm)
    powerful = powerful_roles(matrix)
    grants = [confirmers.grant(wish.roles, powerful) for wish in wishes]
    for wish, how in zip(wishes, grants, strict=True):
        confirmers.check(how, by=caller.person, person=wish.who)
    return grants


async def add_accounts(
    db: AsyncSession,
    new: list[NewAccount],
    hashes: list[str],
    grants: list[Grant],
    caller: Caller,
    days: int,
    whose: str | None = None,
) -> None:
    """Insert accounts with the hashes of their secrets; refuse them all when one is there.

    The secret of a client opens it for so many days.
    """
    values = [
        {
            **account.model_dump(exclude={"secret"}),
            "jurisdiction": whose,
            "person": account.person or account.subject,
            "scope": scopes.canonical(account.scope),
            "secret_hash": kept,
            "secret_expires_on": func.current_date() + days if account.kind == "client" else null(),
            "awaits_confirmation": how == "awaits-confirmation",
            "created_by": caller.subject,
            "created_by_person": caller.person,
        }
        for account, kept, how in zip(new, hashes, grants, strict=True)
    ]
    # ON CONFLICT and then counting: two requests at once cannot both believe a subject is free.
    added = set(
        await db.scalars(
            insert(AccountRow).values(values).on_conflict_do_nothing().returning(AccountRow.subject)
        )
    )
    rules.reject(rules.taken(wishes_of(new), {a.subject for a in new} - added))


async def record_creation(
    db: AsyncSession,
    new: list[NewAccount],
    grants: list[Grant],
    caller: Caller,
    whose: str | None = None,
) -> Receipt | None:
    """Record in the journal who created which accounts, and granted how; secrets stay out."""
    accounts: list[dict[str, Any]] = [
        {
            **account.model_dump(exclude={"secret", "jurisdiction"}),
            **({} if whose is None else {"jurisdiction": whose}),
            "person": account.person or account.subject,
            "grant": how,
        }
        for account, how in zip(new, grants, strict=True)
    ]
    subjects = [account.subject for account in new]
    body = {"accounts": accounts, "subjects": subjects, "person": caller.person}
    return await journal.record(
        db, chain="accounts", caller=caller, event="gateway.accounts-created", body=body
    )


async def key_without_secrets(
    request: Request, caller: Caller, told: dict[str, Any]
) -> idempotency.Key:
    """Return the idempotency key with a fingerprint of what is `told`, in which no secret stands.

    The usual fingerprint is a fast hash of the whole body. Kept beside an Argon2id hash it would
    be the easy way to guess a chosen secret.
    """
    usual = await idempotency.key_of(request, caller)
    asked = idempotency.told_by(caller) + journal.canonical(told)
    return idempotency.Key(usual.caller, usual.key, hashlib.sha256(asked).digest())


def _without_secrets(new: NewAccounts) -> dict[str, Any]:
    told = new.model_dump(exclude={"accounts": {"__all__": {"secret"}}})
    return told | {"chosen": [account.secret is not None for account in new.accounts]}


def _answer(
    new: NewAccounts,
    grants: list[Grant],
    secrets: list[str | None],
    units: Mapping[str, bool],
    receipt: Receipt | None,
) -> Response:
    created = [
        CreatedAccount(
            subject=account.subject,
            state="pending" if how == "awaits-confirmation" else "effective",
            secret=None if how == "awaits-confirmation" else secret,
            unit_registered=units.get(account.unit or ""),
        )
        for account, how, secret in zip(new.accounts, grants, secrets, strict=True)
    ]
    return created_for_once(CreatedAccounts(accounts=created, receipt=receipt))
