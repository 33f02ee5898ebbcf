"""Keys that an account signs its messages with (报文密钥): added, confirmed, withdrawn."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path, Request
from pydantic import Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Conflict, Fault, Invalid, Missing
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway import queries
from gateway.api.accounts import present_account
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.messages.keys import MOST, KeptKey, keys_of
from gateway.messages.signatures import read_key
from gateway.messages.tables import (
    MessageKeyConfirmationRow,
    MessageKeyRow,
    MessageKeyWithdrawalRow,
)
from gateway.rules import persons
from gateway.rules.approvals import PENDING, WITHDRAWN, ApprovalState
from gateway.rules.persons import AlreadyInEffect, ConfirmedByAnother, NoSuchAccount
from gateway.rules.separation import NobodyToConfirm
from gateway.separation import confirming

router = Router("/accounts/{subject}/message-keys", tags=["messages"])

_Number = Annotated[str, Field(max_length=100)]
KeyId = Annotated[str, Path(max_length=64)]


class NoSuchMessageKey(Missing):
    """The account has no such key."""

    zh = "该账户没有这把报文密钥。"
    remedy = ("Look it up in the list of its keys.", "请在该账户的报文密钥列表中查找。")


class MessageKeyRefused(Invalid):
    """The key cannot be added."""

    zh = "报文密钥不能添加。"
    remedy = (
        "Send the public half of a key over Ed25519, P-256 or SM2 as a JWK (RFC 7517) of a client.",
        "请以 `JWK` 格式提交系统账户的 `Ed25519`、`P-256` 或 `SM2` 公钥，不要提交私钥。",
    )


class MessageKeyKnown(Conflict):
    """The account has the key, or as many as it may have."""

    zh = "该账户已有这把密钥，或密钥数量已达上限。"
    remedy = ("Withdraw a key that is not used any more.", "请先撤销不再使用的密钥。")


class MessageKeyWithdrawn(Conflict):
    """The key was withdrawn before."""

    zh = "该密钥此前已经撤销。"
    remedy = ("Add another key.", "请添加另一把密钥。")


class SignedMessagesOff(Conflict):
    """Messages are not signed in this installation."""

    zh = "本系统未启用报文签名。"
    remedy = (
        "Ask whoever runs the system to set `SIGNED_MESSAGES`.",
        "请系统运行人员启用 `SIGNED_MESSAGES` 设置。",
    )


class PublicKey(Incoming):
    """A public key as a JWK (RFC 7517): over Ed25519 (`OKP`), P-256 (`EC`), or SM2 (`EC`) where the
    installation has it."""

    kty: Literal["OKP", "EC"]
    crv: Literal["Ed25519", "P-256", "SM2"]
    x: _Number
    y: _Number | None = None


class NewMessageKey(Incoming):
    """A public key that the account is to sign its messages with, and why."""

    jwk: PublicKey
    reason: Text


class MessageKeyWithdrawal(Incoming):
    """Why a key signs nothing any more."""

    reason: Text


class MessageKey(Outgoing):
    """A key of an account; messages have to be signed with one that is `effective`. One that nobody
    confirmed in 7 days is withdrawn by itself."""

    subject: str
    key_id: str
    kty: str
    crv: str
    x: str
    y: str | None
    state: ApprovalState
    reason: str
    added_by: str
    added_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None


class MessageKeys(Outgoing):
    """All keys of an account, the first ones first."""

    keys: list[MessageKey]


class ChangedMessageKey(Outgoing):
    """A key after what was done to it."""

    key: MessageKey
    receipt: Receipt | None


@router.get("", responses=documents(NoSuchAccount, SignInElsewhere))
async def list_message_keys(
    subject: Code, request: Request, db: Snapshot, permit: Permit
) -> MessageKeys:
    """Give the keys that an account signs its messages with, those that were withdrawn too."""
    require_embedded(request)
    await present_account(db, subject, permit.caller)
    return MessageKeys(keys=[_shown(each) for each in await keys_of(db, subject)])


@router.post(
    "",
    status_code=201,
    responses=documents(
        NoSuchAccount,
        MessageKeyRefused,
        MessageKeyKnown,
        SignedMessagesOff,
        NobodyToConfirm,
        SignInElsewhere,
    ),
)
async def add_message_key(
    subject: Code, new: NewMessageKey, request: Request, db: Transaction, permit: Permit
) -> ChangedMessageKey:
    """Add a key of a client. From when it is in effect each of its commands has to be signed.

    It is in effect once a second administrator has confirmed it, except while there is only one.
    """
    _require_signing(request)
    await queries.lock_accounts(db)
    account = await present_account(db, subject, permit.caller)
    given = {name: value for name, value in new.jwk.model_dump().items() if value is not None}
    try:
        key_id, jwk = read_key(given)
    except ValueError:
        raise _refused("/jwk", "not-a-key", "It is no such key.", "不是有效的公钥。") from None
    if account.kind != "client":
        raise _refused("/jwk", "not-a-client", "A person signs in.", "个人账户不签署报文。")
    known = await keys_of(db, subject)
    standing = [each for each in known if each.state != WITHDRAWN]
    if key_id in {each.made.key_id for each in known} or len(standing) >= MOST:
        raise MessageKeyKnown(f"{len(standing)} key(s).", f"现有{len(standing)}把密钥。")
    confirmers = await confirming(db, permit.caller.realm)
    how = persons.by_two(confirmers.count)
    confirmers.check(how, by=permit.caller.person, person=account.person)
    values = {
        "subject": subject,
        "key_id": key_id,
        "jwk": jwk,
        "reason": new.reason,
        "awaits_confirmation": how == "awaits-confirmation",
        "added_by": permit.caller.subject,
        "added_by_person": permit.caller.person,
    }
    await db.execute(insert(MessageKeyRow).values(values))
    more = {"grant": how, "reason": new.reason}
    return await _recorded(db, subject, key_id, permit.caller, "added", **more)


@router.post(
    "/{key_id}/confirmation",
    status_code=201,
    responses=documents(
        NoSuchAccount,
        NoSuchMessageKey,
        AlreadyInEffect,
        MessageKeyWithdrawn,
        ConfirmedByAnother,
        SignInElsewhere,
    ),
)
async def confirm_message_key(
    subject: Code, key_id: KeyId, request: Request, db: Transaction, permit: Permit
) -> ChangedMessageKey:
    """Put a key into effect; not as the person who added it."""
    require_embedded(request)
    await queries.lock_accounts(db)
    permit.require(phase=(await confirming(db, permit.caller.realm)).phase)
    account = await present_account(db, subject, permit.caller)
    found = await _found(db, subject, key_id, permit.caller)
    if found.state == WITHDRAWN:
        raise MessageKeyWithdrawn("It was not changed.", "未作改动。")
    persons.confirm(
        person=account.person,
        creator=found.made.added_by_person,
        confirmer=permit.caller.person,
        is_pending=found.state == PENDING,
    )
    values = {
        "subject": subject,
        "key_id": key_id,
        "confirmed_by": permit.caller.subject,
        "confirmed_by_person": permit.caller.person,
    }
    await db.execute(insert(MessageKeyConfirmationRow).values(values))
    return await _recorded(db, subject, key_id, permit.caller, "confirmed")


@router.post(
    "/{key_id}/withdrawal",
    status_code=201,
    responses=documents(NoSuchAccount, NoSuchMessageKey, MessageKeyWithdrawn, SignInElsewhere),
)
async def withdraw_message_key(
    subject: Code,
    key_id: KeyId,
    new: MessageKeyWithdrawal,
    request: Request,
    db: Transaction,
    permit: Permit,
) -> ChangedMessageKey:
    """Have a key sign nothing any more, within seconds; one administrator is enough.

    What it signed before stays in the archive. An account without a key signs nothing.
    """
    require_embedded(request)
    await queries.lock_accounts(db)
    if (await _found(db, subject, key_id, permit.caller)).state == WITHDRAWN:
        raise MessageKeyWithdrawn("It was not changed.", "未作改动。")
    about = {"subject": subject, "key_id": key_id, "reason": new.reason}
    added = insert(MessageKeyWithdrawalRow).values(**about, withdrawn_by=permit.caller.subject)
    await db.execute(added)
    return await _recorded(db, subject, key_id, permit.caller, "withdrawn", reason=new.reason)


def _require_signing(request: Request) -> None:
    require_embedded(request)
    if not request.app.state.settings.signed_messages:
        raise SignedMessagesOff("Nothing was added.", "未作改动。")


def _refused(at: str, code: str, en: str, zh: str) -> MessageKeyRefused:
    return MessageKeyRefused(en, zh, faults=[Fault(at, code, en, zh)])


async def _found(db: AsyncSession, subject: str, key_id: str, caller: Caller) -> KeptKey:
    await present_account(db, subject, caller)
    found = [each for each in await keys_of(db, subject) if each.made.key_id == key_id]
    if not found:
        raise NoSuchMessageKey(f"There is no key {key_id[:64]}.", f"没有密钥 {key_id[:64]}。")
    return found[0]


async def _recorded(
    db: AsyncSession, subject: str, key_id: str, caller: Caller, what: str, **more: str
) -> ChangedMessageKey:
    found = await _found(db, subject, key_id, caller)
    receipt = await journal.record(
        db,
        chain="accounts",
        caller=caller,
        event=f"gateway.message-key-{what}",
        body={"subject": subject, "key_id": key_id, "person": caller.person, **more},
    )
    return ChangedMessageKey(key=_shown(found), receipt=receipt)


def _shown(found: KeptKey) -> MessageKey:
    made, confirmation, withdrawal, _ = found
    return MessageKey(
        subject=made.subject,
        key_id=made.key_id,
        **{name: made.jwk.get(name) for name in ("kty", "crv", "x", "y")},
        state=found.state,
        reason=made.reason,
        added_by=made.added_by,
        added_at=made.added_at,
        confirmed_by=confirmation and confirmation.confirmed_by,
        confirmed_at=confirmation and confirmation.confirmed_at,
        withdrawn_by=withdrawal and withdrawal.withdrawn_by,
        withdrawn_at=withdrawal and withdrawal.withdrawn_at,
    )
