"""The gateway's own schema: accounts, where no outside provider keeps them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import Document, metadata


class Base(DeclarativeBase):
    """The tables of the gateway, and of nobody else."""

    metadata = metadata()


class AccountRow(Base):
    """Somebody, or some system, that can sign in.

    The role of the gateway may change `failures` and `locked_until` and nothing else: neither the
    roles nor the hash of an account can be rewritten by taking over the process.
    """

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("kind IN ('person', 'client')", name="kind"),)

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(Document(list[str]))
    secret_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    failures: Mapped[int] = mapped_column(server_default="0")
    locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
