"""Desks at which citizens raise complaints, and what they are reached by: sealed, read, erased."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, ForeignKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base

_COMPLAINT = ["complaint.cycle_id", "complaint.complaint_id"]


class ComplaintDeskRow(Base):
    """That the office opens or closes the way for citizens (受理窗口); the highest `step` says how
    it is."""

    __tablename__ = "complaint_desk"
    __table_args__ = (ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    is_open: Mapped[bool]
    actor: Mapped[str]
    person: Mapped[str]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ComplaintContactRow(Base):
    """How whoever raised a complaint is reached, sealed by a key of its own that lies outside the
    database."""

    __tablename__ = "complaint_contact"
    __table_args__ = (ForeignKeyConstraint(["cycle_id", "complaint_id"], _COMPLAINT),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    given_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
    blinding: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())


class ComplaintContactReadingRow(Base):
    """That somebody read how whoever raised a complaint is reached, and why."""

    __tablename__ = "complaint_contact_reading"
    __table_args__ = (ForeignKeyConstraint(["cycle_id", "complaint_id"], _COMPLAINT),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reading_no: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    reason: Mapped[str]
    actor: Mapped[str]
    person: Mapped[str]
    read_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ComplaintErasureRow(Base):
    """That the key of a contact was destroyed, so that nobody reads it any more."""

    __tablename__ = "complaint_erasure"
    __table_args__ = (ForeignKeyConstraint(["cycle_id", "complaint_id"], _COMPLAINT),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    actor: Mapped[str]
    person: Mapped[str]
    erased_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
