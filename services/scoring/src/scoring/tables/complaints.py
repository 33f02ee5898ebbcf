"""Complaints, the moves that they made, and the units that handle them or are complained of."""

import datetime as dt
import uuid

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class ComplaintRow(Base):
    """A complaint (投诉) as it was raised: its `reference` is what a citizen follows it by, with a
    token of which the digest is here. `source_ref` is how the system that sent it names it.

    In each row there is random text, so that nobody finds from its digest what it says.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        UniqueConstraint("cycle_id", "reference"),
        Index(None, "cycle_id", "number"),
        Index(
            "uq_complaint_cycle_id_source_ref",
            "cycle_id",
            "source_ref",
            unique=True,
            postgresql_where=text("source_ref IS NOT NULL"),
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    reference: Mapped[str]
    source_ref: Mapped[str | None]
    channel: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    about_office: Mapped[bool]
    token: Mapped[str | None]
    author: Mapped[str]
    author_person: Mapped[str]
    raised_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
    blinding: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())


class ComplaintMoveRow(Base):
    """A move of a complaint, and how it stands after it; that of the highest `step`, from 1, is how
    it stands at present.

    It is answered by the day `due`; `late` says that this very move came after its day. `assigned`
    is the step that said which units handle it, 0 for none; `classified` the one that said of whom
    it complains. `word` is what whoever raised it says of the answer, `first` the complaint that it
    repeats.
    """

    __tablename__ = "complaint_move"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "complaint_id"], ["complaint.cycle_id", "complaint.complaint_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    move: Mapped[str]
    state: Mapped[str]
    kind: Mapped[str]
    due: Mapped[dt.date | None] = mapped_column(Date)
    late: Mapped[bool]
    assigned: Mapped[int] = mapped_column(BigInteger)
    classified: Mapped[int] = mapped_column(BigInteger)
    word: Mapped[str | None]
    first: Mapped[uuid.UUID | None]
    text: Mapped[str | None]
    actor: Mapped[str]
    person: Mapped[str]
    unit: Mapped[str | None]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
    blinding: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())


class ComplaintUnitRow(Base):
    """That a step of a complaint names a unit: as the one that answers, as one that supports it, or
    as one that is complained of."""

    __tablename__ = "complaint_unit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "complaint_id", "step"],
            [f"complaint_move.{name}" for name in ("cycle_id", "complaint_id", "step")],
        ),
        Index(None, "cycle_id", "unit"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]


class ComplaintEventRow(Base):
    """What a complaint has earned for a unit by a step, as a supervised item may: once, says the
    key. Where the scheme has complaints count, the event that it is entered as, or why it is none.
    """

    __tablename__ = "complaint_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "complaint_id", "step"],
            [f"complaint_move.{name}" for name in ("cycle_id", "complaint_id", "step")],
        ),
        CheckConstraint("entry_id IS NULL OR kept_alone IS NULL", name="entered_or_not"),
        Index(None, "entry_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    share: Mapped[int] = mapped_column(Integer)
    due: Mapped[dt.date | None] = mapped_column(Date)
    shown_on: Mapped[dt.date] = mapped_column(Date)
    entry_id: Mapped[uuid.UUID | None]
    kept_alone: Mapped[str | None]
    written_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
