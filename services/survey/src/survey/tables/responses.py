"""Batches, the responses that they brought, and which of these count nowhere."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from survey.tables.base import Base, InWave, drawn, now, refers_to


class BatchRow(InWave, Base):
    """A batch as the collector numbered it, with the SHA-256 of its rows in canonical form."""

    __tablename__ = "batch"
    __table_args__ = (refers_to("wave", "wave"),)

    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    accepted: Mapped[int]
    digest: Mapped[str] = mapped_column(Text)
    blinding: Mapped[uuid.UUID] = drawn()


class BatchWithdrawalRow(InWave, Base):
    """That a batch was wrong: its responses stay, and count nowhere."""

    __tablename__ = "batch_withdrawal"
    __table_args__ = (refers_to("batch", "wave", "batch_no"),)

    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[dt.datetime] = now()


class BatchLeftOutRow(InWave, Base):
    """How many rows of a batch were not stored, by what they say; an empty text where that is no
    unit of the survey or no outcome."""

    __tablename__ = "batch_left_out"
    __table_args__ = (refers_to("batch", "wave", "batch_no"),)

    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    outcome: Mapped[str] = mapped_column(Text, primary_key=True)
    unchanged: Mapped[int]
    refused: Mapped[int]


class BatchFileRow(InWave, Base):
    """That a batch came as a file: the SHA-256 of it, and by which mapping it was read; without one
    its columns are called as ours."""

    __tablename__ = "batch_file"
    __table_args__ = (refers_to("batch", "wave", "batch_no"),)

    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    mapping: Mapped[str | None] = mapped_column(Text)
    mapping_version: Mapped[int | None] = mapped_column(Integer)


class RefusedRowRow(InWave, Base):
    """What is wrong with a row of a file that was not stored, by its columns; not what it says."""

    __tablename__ = "refused_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "batch_no"],
            ["batch.cycle_id", "batch.survey_id", "batch.wave", "batch.batch_no"],
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    faults: Mapped[list[list[str]]] = mapped_column(JSONB)


class ResponseRow(InWave, Base):
    """One contact with one respondent about one unit; the key is what stops a second ballot.

    `occasion` is 0 for the completed one and else the attempt. `generation` is how many batches of
    the wave had been withdrawn before: what corrects one has the same respondents. `answer` holds
    the option of the one question, or those of several in their order, parted by commas.

    There is no foreign key: the posting transaction holds the wave and has checked the unit,
    and a check per row would cost more than the row.
    """

    __tablename__ = "response"

    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    respondent_token: Mapped[str] = mapped_column(Text, primary_key=True)
    occasion: Mapped[int] = mapped_column(Integer, primary_key=True)
    generation: Mapped[int] = mapped_column(Integer, primary_key=True)
    batch_no: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    respondent_group: Mapped[str | None] = mapped_column(Text)
    attempt: Mapped[int] = mapped_column(Integer)
    stratum: Mapped[str | None] = mapped_column(Text)
    cluster: Mapped[str | None] = mapped_column(Text)
    interviewer: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class AnswerVoidRow(InWave, Base):
    """That the answers which an interviewer brought in count nowhere: about one unit, or all."""

    __tablename__ = "answer_void"
    __table_args__ = (refers_to("wave", "wave"),)

    interviewer: Mapped[str] = mapped_column(Text, primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    """The unit, or an empty text for all."""
    decision_no: Mapped[int] = mapped_column(Integer)


class ScreenDecisionRow(InWave, Base):
    """What findings of a stopped wave lead to; in force once confirmed."""

    __tablename__ = "screen_decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('keep', 'void_interviewer')", name="verdict"),
        CheckConstraint(
            "(verdict = 'void_interviewer') = (interviewer IS NOT NULL)", name="interviewer"
        ),
        refers_to("wave", "wave"),
    )

    decision_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    verdict: Mapped[str] = mapped_column(Text)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """As they were told, with their counts: a finding with other counts is another one."""
    interviewer: Mapped[str | None] = mapped_column(Text)
    units: Mapped[list[str]] = mapped_column(JSONB)
    """Those about which the interviewer's answers are void; all where none is named."""
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[dt.datetime] = now()


class ScreenConfirmationRow(InWave, Base):
    """The confirmation of a decision on findings by somebody else."""

    __tablename__ = "screen_confirmation"
    __table_args__ = (refers_to("screen_decision", "wave", "decision_no"),)

    decision_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[dt.datetime] = now()
