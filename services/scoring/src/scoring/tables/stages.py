"""Stages: results so far as they were frozen, and the steps to the release of their ranks."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class StageRow(Base):
    """Results so far of a cycle, as they stood at a `cut_off`; never changed.

    `head` is what is said of all units together: the day, the ledger's phase, the days ahead, and
    the digests of everything that was read. `units` (unit, category, rank, digest of its
    `unit_stage`) are in the scheme's order. `digest` is of the document that is given out. Where
    it was restored, `restored_from` is the digest of the archive.
    """

    __tablename__ = "stage"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    stage_no: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    label: Mapped[str]
    cut_off: Mapped[dt.datetime]
    digest: Mapped[str]
    head: Mapped[dict[str, Any]] = mapped_column(JSONB)
    units: Mapped[list[Any]] = mapped_column(JSONB)
    frozen_by: Mapped[str]
    frozen_person: Mapped[str]
    frozen_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
    restored_from: Mapped[str | None]


class UnitStageRow(Base):
    """How far one unit was: as the office reads it, and as the unit does. Compressed JSON, for
    which the stage vouches by its digest."""

    __tablename__ = "unit_stage"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "stage_no"], ["stage.cycle_id", "stage.stage_no"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    stage_no: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    packed: Mapped[bytes]


class StageStateRow(Base):
    """A state that a stage came into; that of its highest `step`, from 1, is its present one, and
    without any it is frozen.

    `readers` are who reads the ranks by it; `person` the human being behind the account `actor`.
    """

    __tablename__ = "stage_state"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "stage_no"], ["stage.cycle_id", "stage.stage_no"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    stage_no: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[str]
    readers: Mapped[str]
    reason: Mapped[str | None]
    document_no: Mapped[str | None]
    actor: Mapped[str]
    person: Mapped[str]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
