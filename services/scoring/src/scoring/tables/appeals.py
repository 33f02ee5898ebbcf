"""Objections, the moves that they made, and the files that units name with them."""

import datetime as dt
import uuid

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class ObjectionRow(Base):
    """An objection (异议) of a unit to the `edition` that was fed back to it, as it was filed; of a
    remark (意见) on the open record there is no edition, and `put_to` is the unit that is to answer
    it first.

    `objection_no` counts those of the unit, from 1. It is about a mark (`indicator`), a claim, an
    entry, a card (`indicator`, `period`, `light`) or a wave (`survey`, `wave`). `score` is what the
    edition gave, as a text of its digits, where it is about a mark or a claim.
    """

    __tablename__ = "objection"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "edition"], ["score_sheet.cycle_id", "score_sheet.edition"]
        ),
        Index(None, "cycle_id", "number"),
        Index(
            "uq_objection_cycle_id_unit_objection_no",
            "cycle_id",
            "unit",
            "objection_no",
            unique=True,
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    objection_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    unit: Mapped[str]
    objection_no: Mapped[int] = mapped_column(Integer)
    edition: Mapped[int | None] = mapped_column(BigInteger)
    put_to: Mapped[str | None]
    about: Mapped[str]
    indicator: Mapped[str | None]
    claim_id: Mapped[uuid.UUID | None]
    entry_id: Mapped[uuid.UUID | None]
    period: Mapped[str | None]
    light: Mapped[str | None]
    survey: Mapped[str | None]
    wave: Mapped[int | None] = mapped_column(Integer)
    score: Mapped[str | None]
    asks: Mapped[str]
    author: Mapped[str]
    author_person: Mapped[str]
    filed_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ObjectionMoveRow(Base):
    """A move of an objection, and how it stands after it: at which `level`, from 1, and while it is
    to be decided by when. `stands` is what should stand, in the words of who decided;
    `carried_out_by` the entry or the claim that has changed by it."""

    __tablename__ = "objection_move"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "objection_id"], ["objection.cycle_id", "objection.objection_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    objection_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    move: Mapped[str]
    state: Mapped[str]
    level: Mapped[int] = mapped_column(Integer)
    due: Mapped[dt.date | None] = mapped_column(Date)
    text: Mapped[str]
    stands: Mapped[str | None]
    carried_out_by: Mapped[uuid.UUID | None]
    actor: Mapped[str]
    person: Mapped[str]
    unit: Mapped[str | None]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ObjectionEvidenceRow(Base):
    """That a move of an objection names a file, which existed on a day of the year or before."""

    __tablename__ = "objection_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "objection_id", "step"],
            [f"objection_move.{name}" for name in ("cycle_id", "objection_id", "step")],
        ),
        ForeignKeyConstraint(
            ["cycle_id", "evidence_id"], ["evidence.cycle_id", "evidence.evidence_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    objection_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    existed_on: Mapped[dt.date] = mapped_column(Date)
