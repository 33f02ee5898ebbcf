"""Explanations of editions that were fed back, each kept once."""

import uuid
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class ExplanationTreeRow(Base):
    """How a total came about, down to the ledger entries; kept once for all editions that say so.

    `digest` is the SHA-256 of the tree's canonical JSON, which is kept compressed; those from
    before are kept as JSON.
    """

    __tablename__ = "explanation_tree"
    __table_args__ = (CheckConstraint("(tree IS NULL) = (packed IS NOT NULL)", name="kept"),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    tree: Mapped[dict[str, Any] | None]
    packed: Mapped[bytes | None]


class ExplanationRow(Base):
    """Which tree explains one unit's total in one edition that was fed back."""

    __tablename__ = "explanation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "edition"], ["score_sheet.cycle_id", "score_sheet.edition"]
        ),
        ForeignKeyConstraint(
            ["cycle_id", "digest"], ["explanation_tree.cycle_id", "explanation_tree.digest"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
