"""Self-evaluations (自我评估): self marks, that they were handed in, and how far they are from the
record."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, ForeignKeyConstraint, Numeric, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class SelfMarkRow(Base):
    """A self mark of a unit in an indicator; of several, the one of the highest `version` stands.

    `evidence` are the ids of the files that it names; `person` is the human being behind `actor`.
    """

    __tablename__ = "self_mark"
    __table_args__ = (ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    round_code: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mark: Mapped[Decimal] = mapped_column(Numeric)
    text: Mapped[str]
    evidence: Mapped[list[Any]] = mapped_column(JSONB)
    actor: Mapped[str]
    person: Mapped[str]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class SelfEvaluationRow(Base):
    """That a unit has handed in its self marks of a round, once; `late` where it was after the
    round's last day, `until`."""

    __tablename__ = "self_evaluation"
    __table_args__ = (ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    round_code: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[dt.date] = mapped_column(Date)
    late: Mapped[bool] = mapped_column(Boolean)
    actor: Mapped[str]
    person: Mapped[str]
    handed_in_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class SelfEvaluationComparisonRow(Base):
    """That a round was compared with the record as it stood at a moment, once."""

    __tablename__ = "self_evaluation_comparison"
    __table_args__ = (ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    round_code: Mapped[str] = mapped_column(primary_key=True)
    tolerance: Mapped[Decimal] = mapped_column(Numeric)
    actor: Mapped[str]
    person: Mapped[str]
    compared_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class SelfEvaluationGapRow(Base):
    """A self mark beside what the record had `earned` of an indicator's `points`; `mark` is null
    where the unit gave none. `over` says that the gap is above the tolerance; where it is
    `withheld` others have a part in the score, and it never is."""

    __tablename__ = "self_evaluation_gap"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "round_code"],
            ["self_evaluation_comparison.cycle_id", "self_evaluation_comparison.round_code"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    round_code: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[Decimal] = mapped_column(Numeric)
    mark: Mapped[Decimal | None] = mapped_column(Numeric)
    earned: Mapped[Decimal] = mapped_column(Numeric)
    withheld: Mapped[bool] = mapped_column(Boolean)
    over: Mapped[bool] = mapped_column(Boolean)
