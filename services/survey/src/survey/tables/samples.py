"""What a wave was to hold, what it held, and what is decided where that is too little."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Document
from survey.rules.plans import PlannedCell
from survey.rules.satisfaction import Tally
from survey.rules.weights import UnitWeights
from survey.tables.base import Base, InWave, drawn, now, refers_to


class SamplePlanRow(InWave, Base):
    """A version of the sample plan of a wave; the newest one at its opening holds."""

    __tablename__ = "sample_plan"
    __table_args__ = (refers_to("wave", "wave"),)

    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    aim: Mapped[Decimal | None] = mapped_column(Numeric)
    cells: Mapped[list[PlannedCell]] = mapped_column(Document(list[PlannedCell]))
    entered_by: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[dt.datetime] = now()


class WaveWeightsRow(InWave, Base):
    """The weights of the answers of a wave as they were when it closed, by its plan."""

    __tablename__ = "wave_weights"
    __table_args__ = (refers_to("wave", "wave"),)

    plan_version: Mapped[int | None]
    units: Mapped[list[UnitWeights]] = mapped_column(Document(list[UnitWeights]))
    blinding: Mapped[uuid.UUID] = drawn()


class WaveResultRow(InWave, Base):
    """What a closed wave says about one unit, with the tallies it was computed from."""

    __tablename__ = "wave_result"
    __table_args__ = (refers_to("wave", "wave"),)

    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_sample: Mapped[int]
    score: Mapped[Decimal | None] = mapped_column(Numeric)
    insufficient: Mapped[bool]
    tallies: Mapped[list[Tally]] = mapped_column(Document(list[Tally]))
    blinding: Mapped[uuid.UUID] = drawn()


class SampleDecisionRow(InWave, Base):
    """What shall count for units with too few answers in a wave; in force once confirmed."""

    __tablename__ = "sample_decision"
    __table_args__ = (
        CheckConstraint(
            "treatment IN ('counted', 'other_waves', 'pooled', 'category_mean', 'not_rated')",
            name="treatment",
        ),
        refers_to("wave", "wave"),
    )

    decision_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    units: Mapped[list[str]] = mapped_column(JSONB)
    treatment: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[dt.datetime] = now()


class SampleConfirmationRow(InWave, Base):
    """The confirmation of a decision; of several about a unit the last by position is in force."""

    __tablename__ = "sample_confirmation"
    __table_args__ = (
        UniqueConstraint("cycle_id", "survey_id", "wave", "position"),
        refers_to("sample_decision", "wave", "decision_no"),
    )

    decision_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[dt.datetime] = now()
