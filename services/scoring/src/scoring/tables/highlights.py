"""Highlights of units, the states they have been in, and the files that support them."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class HighlightRow(Base):
    """A highlight (亮点) as a unit reported it: `adopted_by` is who took it up, at which `level`
    and by which document, where somebody did."""

    __tablename__ = "highlight"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(None, "cycle_id", "number"),
        Index(None, "cycle_id", "unit"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    highlight_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    unit: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    adopted_by: Mapped[str | None]
    level: Mapped[str | None]
    document_no: Mapped[str | None]
    author: Mapped[str]
    author_person: Mapped[str]
    reported_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class HighlightStateRow(Base):
    """A state that a highlight entered; that of its highest `step`, from 1, is its present one.

    `publish` says that it is to be published with the ranking of its category.
    """

    __tablename__ = "highlight_state"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "highlight_id"], ["highlight.cycle_id", "highlight.highlight_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    highlight_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[str]
    publish: Mapped[bool]
    reason: Mapped[str | None]
    actor: Mapped[str]
    person: Mapped[str]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class HighlightEvidenceRow(Base):
    """That a highlight names a file as its evidence."""

    __tablename__ = "highlight_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "evidence_id"], ["evidence.cycle_id", "evidence.evidence_id"]
        ),
        ForeignKeyConstraint(
            ["cycle_id", "highlight_id"], ["highlight.cycle_id", "highlight.highlight_id"]
        ),
        Index(None, "cycle_id", "evidence_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    highlight_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
