"""The tables of webhooks: which hosts may be called, who wants what, and what was sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Integer, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from gateway.tables import Base


class HostRow(Base):
    """That webhooks may be sent to a host and port; a fact, which its withdrawal ends."""

    __tablename__ = "webhook_host"

    host_id: Mapped[UUID] = mapped_column(primary_key=True)
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
