"""The rounds of a survey, and what became of each."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Integer,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from survey.rules.states import WaveState
from survey.tables.base import Base, InWave, now, refers_to


class WaveRow(InWave, Base):
    """One round of a survey; writers lock it FOR SHARE, its steps FOR UPDATE.

    One that repeats a voided wave `stands_for` a wave of the scheme, whose number is another. The
    version of the questionnaire is the newest one of when it opened.
    """

    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint(
            "state IN ('planned', 'open', 'stopped', 'closed', 'voided')", name="state"
        ),
        refers_to("survey"),
    )

    state: Mapped[str] = mapped_column(Text, default=WaveState.PLANNED)
    stands_for: Mapped[int | None]
    questionnaire_version: Mapped[int | None]

    @property
    def planned(self) -> int:
        """The number of the wave of the scheme that this is, or is instead of."""
        return self.stands_for or self.wave

    @property
    def key(self) -> dict[str, Any]:
        """The columns by which a row of another table belongs to the wave."""
        return {"cycle_id": self.cycle_id, "survey_id": self.survey_id, "wave": self.wave}


class WaveReopeningRow(InWave, Base):
    """That a stopped wave was opened again, and why; what was said of that stop has lapsed."""

    __tablename__ = "wave_reopening"
    __table_args__ = (refers_to("wave", "wave"),)

    stop_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    reopened_by: Mapped[str] = mapped_column(Text)
    reopened_person: Mapped[str] = mapped_column(Text)
    reopened_at: Mapped[dt.datetime] = now()


class WaveAttestationRow(InWave, Base):
    """What a supervising body said of a wave as it was stopped with what it held then."""

    __tablename__ = "wave_attestation"
    __table_args__ = (
        CheckConstraint("verdict IN ('attested', 'objected')", name="verdict"),
        refers_to("wave", "wave"),
    )

    stop_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    content_digest: Mapped[str] = mapped_column(Text, primary_key=True)
    body: Mapped[str] = mapped_column(Text, primary_key=True)
    verdict: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(Text)
    given_person: Mapped[str] = mapped_column(Text)
    given_at: Mapped[dt.datetime] = now()


class WaveVoidingRow(InWave, Base):
    """A proposal to void a wave; what became of it is a row of its own."""

    __tablename__ = "wave_voiding"
    __table_args__ = (refers_to("wave", "wave"),)

    voiding_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[dt.datetime] = now()


class WaveVoidingDecisionRow(InWave, Base):
    """What somebody else decided on a proposal to void a wave."""

    __tablename__ = "wave_voiding_decision"
    __table_args__ = (
        CheckConstraint("decision IN ('confirm', 'refuse')", name="decision"),
        refers_to("wave_voiding", "wave", "voiding_no"),
    )

    voiding_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    decision: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(Text)
    decided_person: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[dt.datetime] = now()
