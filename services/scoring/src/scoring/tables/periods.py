"""Periods that are closed, permissions to enter about them, and what came in by these."""

import datetime as dt
import uuid

from sqlalchemy import Date, ForeignKeyConstraint, Integer, func
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class PeriodClosingRow(Base):
    """That a month, a quarter or a half-year of a cycle was closed; no row takes it back."""

    __tablename__ = "period_closing"
    __table_args__ = (ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    closed_by: Mapped[str]
    closed_person: Mapped[str]
    closed_at: Mapped[dt.datetime]


class PeriodPermissionRow(Base):
    """A permission for a unit to enter about a closed period until the end of a day."""

    __tablename__ = "period_permission"
    __table_args__ = (ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    permission_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    period: Mapped[str]
    unit: Mapped[str]
    indicator: Mapped[str | None]
    until: Mapped[dt.date] = mapped_column(Date)
    valid_until: Mapped[dt.datetime]
    reason: Mapped[str]
    document_no: Mapped[str]
    granted_by: Mapped[str]
    granted_person: Mapped[str]
    granted_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class LateEntryRow(Base):
    """That an entry came in after its period was closed, and by which permission."""

    __tablename__ = "late_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "entry_id"], ["ledger_entry.cycle_id", "ledger_entry.entry_id"]
        ),
        ForeignKeyConstraint(
            ["cycle_id", "permission_no"],
            ["period_permission.cycle_id", "period_permission.permission_no"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    permission_no: Mapped[int] = mapped_column(Integer)
