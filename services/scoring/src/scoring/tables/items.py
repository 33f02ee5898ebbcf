"""Supervised items, the moves that they made, to whom they are given, and the files of moves."""

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
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class ItemRow(Base):
    """A supervised item (督办事项) as it was registered: due `until` a day, or `within` so many
    working days of its dispatch. `source_ref` is how the system that sent it names it;
    `restored_from` is the digest of the archive that it came back out of. What was opened for a
    rectification report names that: by the cycle in which it was decided, and its number there."""

    __tablename__ = "supervised_item"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(None, "cycle_id", "number"),
        Index(
            "uq_supervised_item_cycle_id_source_ref",
            "cycle_id",
            "source_ref",
            unique=True,
            postgresql_where=text("source_ref IS NOT NULL"),
        ),
        Index(
            "uq_supervised_item_report",
            *("report_cycle_id", "report_number"),
            unique=True,
            postgresql_where=text("report_cycle_id IS NOT NULL AND restored_from IS NULL"),
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    source_ref: Mapped[str | None]
    kind: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    document_no: Mapped[str | None]
    document_date: Mapped[dt.date | None] = mapped_column(Date)
    meeting: Mapped[str | None]
    confidential: Mapped[bool]
    until: Mapped[dt.date | None] = mapped_column(Date)
    within: Mapped[int | None] = mapped_column(Integer)
    report_every: Mapped[str | None]
    author: Mapped[str]
    author_person: Mapped[str]
    registered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
    restored_from: Mapped[str | None]
    report_cycle_id: Mapped[uuid.UUID | None]
    report_number: Mapped[int | None] = mapped_column(Integer)


class ItemMoveRow(Base):
    """A move of an item, and how the item stands after it; that of the highest `step`, from 1, is
    how it stands at present.

    It is due on a day, in the term that began with the step `term`; while the clock stands still
    `days_left` working days are left. `done_on` is when it was replied to, `asked` until when more
    time was asked for, `assigned` the step that said to which units it is given. `source_ref` is
    how the system of the unit that sent it names it.
    """

    __tablename__ = "supervised_item_move"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "item_id"], ["supervised_item.cycle_id", "supervised_item.item_id"]
        ),
        Index(
            "uq_supervised_item_move_source_ref",
            *("cycle_id", "item_id", "unit", "source_ref"),
            unique=True,
            postgresql_where=text("source_ref IS NOT NULL"),
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    move: Mapped[str]
    state: Mapped[str]
    due: Mapped[dt.date | None] = mapped_column(Date)
    days_left: Mapped[int | None] = mapped_column(Integer)
    term: Mapped[int | None] = mapped_column(BigInteger)
    done_on: Mapped[dt.date | None] = mapped_column(Date)
    completion: Mapped[int] = mapped_column(Integer)
    report_due: Mapped[dt.date | None] = mapped_column(Date)
    asked: Mapped[dt.date | None] = mapped_column(Date)
    assigned: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str | None]
    actor: Mapped[str]
    person: Mapped[str]
    unit: Mapped[str | None]
    source_ref: Mapped[str | None]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ItemUnitRow(Base):
    """That a step gives an item to a unit: as its lead or a support with a share in percent, or as
    a reader, who has none."""

    __tablename__ = "supervised_item_unit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "item_id", "step"],
            [f"supervised_item_move.{name}" for name in ("cycle_id", "item_id", "step")],
        ),
        Index(None, "cycle_id", "unit"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    share: Mapped[int] = mapped_column(Integer)


class ItemEvidenceRow(Base):
    """That a move of an item names a file as its evidence."""

    __tablename__ = "supervised_item_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "item_id", "step"],
            [f"supervised_item_move.{name}" for name in ("cycle_id", "item_id", "step")],
        ),
        ForeignKeyConstraint(
            ["cycle_id", "evidence_id"], ["evidence.cycle_id", "evidence.evidence_id"]
        ),
        Index(None, "cycle_id", "evidence_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())


class ItemEventRow(Base):
    """What an item has earned for a unit by a step: once, says the key. `shown_on` is the first day
    that earned it, `due` the day that was to be kept, `share` the unit's part in percent.

    Where the scheme has items count, the event that it is entered as, or why it is none.
    """

    __tablename__ = "supervised_item_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "item_id", "step"],
            [f"supervised_item_move.{name}" for name in ("cycle_id", "item_id", "step")],
        ),
        CheckConstraint("entry_id IS NULL OR kept_alone IS NULL", name="entered_or_not"),
        Index(None, "cycle_id", "unit"),
        Index(None, "entry_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    share: Mapped[int] = mapped_column(Integer)
    due: Mapped[dt.date | None] = mapped_column(Date)
    shown_on: Mapped[dt.date] = mapped_column(Date)
    entry_id: Mapped[uuid.UUID | None]
    kept_alone: Mapped[str | None]
    written_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
