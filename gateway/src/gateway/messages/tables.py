"""Keys that clients sign their messages with, and the archive of what was signed; all facts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Document
from gateway.tables import Base


class MessageKeyRow(Base):
    """A public key that an account signs its messages with; `key_id` is its thumbprint (RFC 7638).

    It is in effect at once, or where it `awaits_confirmation` once a second person has confirmed
    it.
    """

    __tablename__ = "message_key"

    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), primary_key=True)
    key_id: Mapped[str] = mapped_column(Text, primary_key=True)
    jwk: Mapped[dict[str, Any]] = mapped_column(Document(dict[str, Any]))
    reason: Mapped[str] = mapped_column(Text)
    awaits_confirmation: Mapped[bool]
    added_by: Mapped[str] = mapped_column(Text)
    added_by_person: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


def _of_a_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["subject", "key_id"], ["message_key.subject", "message_key.key_id"]
    )


class MessageKeyConfirmationRow(Base):
    """That a second person agreed to a key; a fact, added once."""

    __tablename__ = "message_key_confirmation"
    __table_args__ = (_of_a_key(),)

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    key_id: Mapped[str] = mapped_column(Text, primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_by_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class MessageKeyWithdrawalRow(Base):
    """That a key signs nothing any more; a fact, added once. What it signed before stays signed."""

    __tablename__ = "message_key_withdrawal"
    __table_args__ = (_of_a_key(),)

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    key_id: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ReceivedMessageRow(Base):
    """A signed message as it came, before anything was done about it.

    `headers` are those that the signature covers, and the two of the signature itself. `body` is
    null where it may hold a secret: of that the digest is kept.
    """

    __tablename__ = "received_message"
    __table_args__ = (Index(None, "subject", "message_id"),)

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    headers: Mapped[dict[str, str]] = mapped_column(Document(dict[str, str]))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class AnsweredMessageRow(Base):
    """The answer to a signed message, as it was signed and sent; `receipt` is the hash of the
    journal's entry, where the answer has one."""

    __tablename__ = "answered_message"

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("received_message.message_id"), primary_key=True
    )
    status: Mapped[int] = mapped_column(Integer)
    headers: Mapped[dict[str, str]] = mapped_column(Document(dict[str, str]))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    receipt: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
