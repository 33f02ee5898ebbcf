"""Rows that wait beside the ledger until their codes mean something, and what became of them."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Numeric,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class ParkedRow(Base):
    """A row of a batch as it was sent, with codes of an `id_scheme` that meant nothing (`unknown`).

    It is to become an entry in the state `wanted`, by who sent it, and is read by what its codes
    mean on the day of what happened, else on that on which it was `sent_on`.
    """

    __tablename__ = "parked_row"
    __table_args__ = (
        CheckConstraint(
            "(source_ref IS NULL) = (source_version IS NULL)", name="source_ref_counted"
        ),
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(
            "uq_parked_row_source_ref",
            text("((cycle_id::text || ' '::text) || source_ref)"),
            "author_unit",
            "source_version",
            "cycle_id",
            unique=True,
            postgresql_where=text("source_ref IS NOT NULL"),
        ),
        Index("ix_parked_row_cycle", text("((cycle_id)::text)"), "number"),
        Index(
            "ix_parked_row_source",
            text("((cycle_id::text || ' '::text) || author_unit)"),
            "number",
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    parked_row_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    batch: Mapped[uuid.UUID]
    position: Mapped[int] = mapped_column(Integer)
    id_scheme: Mapped[str]
    sent_on: Mapped[dt.date] = mapped_column(Date)
    wanted: Mapped[str]
    unit: Mapped[str]
    indicator: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str | None]
    item: Mapped[str | None]
    period: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric)
    word: Mapped[str | None]
    occurred_on: Mapped[dt.date | None] = mapped_column(Date)
    note: Mapped[str | None]
    listed: Mapped[int | None] = mapped_column(BigInteger)
    published_value: Mapped[Decimal | None] = mapped_column(Numeric)
    document_no: Mapped[str | None]
    document_date: Mapped[dt.date | None] = mapped_column(Date)
    authority: Mapped[str | None]
    about_from: Mapped[dt.date | None] = mapped_column(Date)
    about_until: Mapped[dt.date | None] = mapped_column(Date)
    source_ref: Mapped[str | None]
    source_version: Mapped[int | None] = mapped_column(Integer)
    author: Mapped[str]
    author_unit: Mapped[str]
    author_person: Mapped[str]
    unknown: Mapped[str]
    parked_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ParkedRowOutcomeRow(Base):
    """That a parked row waits no longer: it became an entry, another took its place, or somebody
    discarded it for a reason. There is one at most, says the key."""

    __tablename__ = "parked_row_outcome"
    __table_args__ = (
        CheckConstraint("state IN ('entered', 'replaced', 'discarded')", name="state"),
        ForeignKeyConstraint(
            ["cycle_id", "parked_row_id"], ["parked_row.cycle_id", "parked_row.parked_row_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    parked_row_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    entry_id: Mapped[uuid.UUID | None]
    actor: Mapped[str]
    person: Mapped[str]
    reason: Mapped[str | None]
    settled_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
