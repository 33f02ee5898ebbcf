"""Editions of the score sheet, what they were computed from, and that they were fed back."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Document
from scoring.rules.reports.outlook import Timetable
from scoring.tables.base import Base


class ScoreSheetRow(Base):
    """One edition of the score sheet: what it was computed from, and whose scores it holds.

    `basis` are the categories, the digests of all inputs, what is the same for all units of a
    category, the engine and the place in the journal's chain up to which the ledger was read;
    `units` (unit, category, total, digest of its `unit_score`) in the scheme's order. `digest` is
    of the document that is given out. `missing` counts the scores that could not be computed.
    `timetable` is what the scheme said about time, `ledger_phase` whether more entries could come.

    Editions from before keep the whole document as `content` instead.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (CheckConstraint("(content IS NULL) = (basis IS NOT NULL)", name="kept"),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    digest: Mapped[str]
    content: Mapped[dict[str, Any] | None]
    basis: Mapped[dict[str, Any] | None]
    units: Mapped[list[Any] | None] = mapped_column(JSONB)
    missing: Mapped[int]
    ledger_phase: Mapped[str]
    timetable: Mapped[Timetable | None] = mapped_column(Document(Timetable))
    computed_by: Mapped[str]
    computed_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class UnitScoreRow(Base):
    """What one unit scored in one edition, and what that was computed from (rules/sheet/record).

    Compressed JSON; its digest, by which it is vouched for, stands in the edition.
    """

    __tablename__ = "unit_score"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "edition"], ["score_sheet.cycle_id", "score_sheet.edition"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    packed: Mapped[bytes]


class InputDocumentRow(Base):
    """A document that editions were computed from, kept once: compressed JSON by its SHA-256.

    The scheme, the names, and of each unit its targets and what the surveys found.
    """

    __tablename__ = "input_document"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    packed: Mapped[bytes]


class FeedbackRow(Base):
    """That an edition was fed back: from then on each unit may read its own explanation."""

    __tablename__ = "feedback"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "edition"], ["score_sheet.cycle_id", "score_sheet.edition"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    fed_back_by: Mapped[str]
    fed_back_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
