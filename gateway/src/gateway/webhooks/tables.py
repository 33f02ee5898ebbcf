"""The tables of webhooks: which hosts may be called, who wants what, and what was sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    Uuid,
    column,
    func,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Document
from gateway.tables import Base


class HostRow(Base):
    """That webhooks may be sent to a host and port; a fact, which its withdrawal ends."""

    __tablename__ = "webhook_host"

    host_id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str | None] = mapped_column(Text)
    host: Mapped[str] = mapped_column(Text)
    port: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    awaits_confirmation: Mapped[bool]
    approved_by: Mapped[str] = mapped_column(Text)
    approved_by_person: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class HostConfirmationRow(Base):
    """That a second person agreed to a host; a fact, added once."""

    __tablename__ = "webhook_host_confirmation"

    host_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_host.host_id"), primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_by_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class HostWithdrawalRow(Base):
    """That nothing is sent to a host any more; a fact, added once."""

    __tablename__ = "webhook_host_withdrawal"

    host_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_host.host_id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class WebhookRow(Base):
    """What an account wants to be sent: where to, which events, and from which on."""

    __tablename__ = "webhook"

    webhook_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), index=True)
    url: Mapped[str] = mapped_column(Text)
    types: Mapped[list[str] | None] = mapped_column(Document(list[str]))
    cycle_id: Mapped[UUID | None]
    start: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class StepRow(Base):
    """That a webhook was begun, paused, resumed, disabled or ended; its latest step holds."""

    __tablename__ = "webhook_step"

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.webhook_id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class WebhookSecretRow(Base):
    """A secret that messages are signed with, sealed; those before it end at `others_end_at`."""

    __tablename__ = "webhook_secret"

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.webhook_id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    others_end_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ProgressRow(Base):
    """How far a webhook is, and which process works at it until when.

    The one row here that changes. What was frozen and what was tried are facts beside it: messages
    up to `frozen` are there, those up to `settled` were taken or given up. A change of what the
    account may know begins another `generation` of those that were not. Of the requests to send
    again those up to `redelivery` are done, and of the next one up to `redelivered`.
    """

    __tablename__ = "webhook_progress"

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.webhook_id"), primary_key=True)
    generation: Mapped[int] = mapped_column(Integer, server_default="0")
    standing: Mapped[str | None] = mapped_column(Text)
    frozen: Mapped[int] = mapped_column(BigInteger, server_default="0")
    settled: Mapped[int] = mapped_column(BigInteger, server_default="0")
    redelivery: Mapped[int] = mapped_column(Integer, server_default="0")
    redelivered: Mapped[int] = mapped_column(BigInteger, server_default="0")
    failing_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    is_idle: Mapped[bool] = mapped_column(server_default="false")
    holder: Mapped[UUID | None]
    held_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MessageRow(Base):
    """An event as it is sent, frozen with the cursor of whoever has read up to it.

    The payload is sealed, and taken away when it was kept for long enough; nothing else changes.
    """

    __tablename__ = "webhook_message"
    __table_args__ = (
        Index(None, "webhook_id", "event_id"),
        Index("ix_webhook_message_kept", "frozen_at", postgresql_where=text("payload IS NOT NULL")),
    )

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.webhook_id"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    generation: Mapped[int] = mapped_column(Integer, primary_key=True)
    event_id: Mapped[str] = mapped_column(Text)
    event_type: Mapped[str] = mapped_column(Text)
    standing: Mapped[str] = mapped_column(Text)
    cursor: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(Text)
    frozen_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class AttemptRow(Base):
    """That a message was sent and what came of it; a fact, added once. Tests have position 0."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (
        Index(
            "ix_webhook_attempt_given_up",
            "webhook_id",
            "position",
            postgresql_where=text("outcome = 'given-up'"),
        ),
    )

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.webhook_id"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    generation: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    redelivery: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(Text)
    status: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(Text)
    milliseconds: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class RedeliveryRow(Base):
    """That deliveries of a range are to be sent again; a fact, added once."""

    __tablename__ = "webhook_redelivery"

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.webhook_id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


WEBHOOKS = table(
    "webhook_present",
    column("webhook_id", Uuid),
    column("subject", Text),
    column("url", Text),
    column("types", JSONB),
    column("cycle_id", Uuid),
    column("start", Text),
    column("created_at", DateTime(timezone=True)),
    column("step", Integer),
    column("state", Text),
    column("state_reason", Text),
    column("state_since", DateTime(timezone=True)),
)
"""What each webhook is at this moment: the view of its latest step."""
