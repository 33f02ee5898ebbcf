"""The archive of signed messages (签名报文档案): what was asked, and what was answered."""

import base64
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from sqlalchemy import Select, select

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.wire import Code, OneOf, Outgoing
from gateway.messages.tables import AnsweredMessageRow, ReceivedMessageRow
from gateway.queries import of_accounts

router = Router("/messages", tags=["messages"])


class NoSuchMessage(Missing):
    """The archive has no such message."""

    zh = "档案中没有这一报文。"
    remedy = ("Look it up in the list of messages.", "请在报文列表中查找。")


class ArchivedMessage(Outgoing):
    """A signed message, and the status and receipt of its answer; null while there is none."""

    message_id: UUID
    subject: str
    key_id: str
    method: Annotated[str, OneOf("POST", "PUT", "PATCH", "DELETE")]
    target: str
    received_at: datetime
    status: int | None
    answered_at: datetime | None
    receipt: str | None


class WholeMessage(ArchivedMessage):
    """A signed message with everything that its signatures cover.

    Headers are those that were signed and the signatures; bodies are in base64, null where they may
    hold a secret.
    """

    headers: dict[str, str]
    body: str | None
    answer_headers: dict[str, str] | None
    answer_body: str | None


@router.get("")
async def list_messages(
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    subject: Annotated[Code | None, Query(description="Messages of this account.")] = None,
) -> Page[ArchivedMessage]:
    """Give the signed messages in the order of their ids."""
    wanted = _archived(permit).order_by(ReceivedMessageRow.message_id).limit(page.limit + 1)
    if page.after_id is not None:
        wanted = wanted.where(ReceivedMessageRow.message_id > page.after_id)
    if subject is not None:
        wanted = wanted.where(ReceivedMessageRow.subject == subject)
    found = await db.execute(wanted)
    rows = [ArchivedMessage(**_told(row[0], row[1])) for row in found]
    return Page.of(rows, page.limit, lambda each: str(each.message_id))


@router.get("/{message_id}", responses=documents(NoSuchMessage))
async def read_message(message_id: UUID, db: Snapshot, permit: Permit) -> WholeMessage:
    """Give a signed message and its answer as they were signed, to verify them again."""
    asked = _archived(permit).where(ReceivedMessageRow.message_id == message_id)
    row = (await db.execute(asked)).one_or_none()
    if row is None:
        raise NoSuchMessage(f"There is no message {message_id}.", f"没有报文 {message_id}。")
    received, answered = row[0], row[1]
    return WholeMessage(
        **_told(received, answered),
        headers=received.headers,
        body=_base64(received.body),
        answer_headers=None if answered is None else answered.headers,
        answer_body=None if answered is None else _base64(answered.body),
    )


def _archived(permit: Permission) -> Select[ReceivedMessageRow, AnsweredMessageRow | None]:
    same = AnsweredMessageRow.message_id == ReceivedMessageRow.message_id
    whole = select(ReceivedMessageRow, AnsweredMessageRow).outerjoin(AnsweredMessageRow, same)
    return whole.where(of_accounts(ReceivedMessageRow.subject, permit.caller.realm))


def _told(received: ReceivedMessageRow, answered: AnsweredMessageRow | None) -> dict[str, Any]:
    names = ("message_id", "subject", "key_id", "method", "target", "received_at")
    return {name: getattr(received, name) for name in names} | {
        "status": answered and answered.status,
        "answered_at": answered and answered.answered_at,
        "receipt": answered and answered.receipt,
    }


def _base64(body: bytes | None) -> str | None:
    return None if body is None else base64.b64encode(body).decode()
