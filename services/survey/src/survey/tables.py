"""The survey schema. A respondent is an opaque token; there is no column for a phone number."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import Document, metadata, recorded_in
from survey.rules.counts import MeetingForms, Votes
from survey.rules.definition import SurveyDefinition
from survey.rules.export_mapping import ExportMapping
from survey.rules.plans import PlannedCell
from survey.rules.questionnaires import Wording
from survey.rules.satisfaction import Tally
from survey.rules.states import WaveState
from survey.rules.weights import UnitWeights


class Base(DeclarativeBase):
    """The tables of this service, and of no other."""

    metadata = metadata()

    record: Mapped[int] = recorded_in()


class SurveyRow(Base):
    """A survey of one cycle, with what the published scheme said of it when it was created."""

    __tablename__ = "survey"
    __table_args__ = (UniqueConstraint("cycle_id", "code"), Index(None, "survey_id"))

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    scheme_version: Mapped[int]
    scheme_digest: Mapped[str] = mapped_column(Text)
    definition: Mapped[SurveyDefinition] = mapped_column(Document(SurveyDefinition))


class SurveyUnitRow(Base):
    """A unit that the survey asks about."""

    __tablename__ = "survey_unit"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "survey_id"], ["survey.cycle_id", "survey.survey_id"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)


class ExportMappingRow(Base):
    """One version of what the columns of a collector's own files are; later ones replace it."""

    __tablename__ = "export_mapping"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "survey_id"], ["survey.cycle_id", "survey.survey_id"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    document: Mapped[ExportMapping] = mapped_column(Document(ExportMapping))
    saved_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class WaveRow(Base):
    """One round of a survey; writers lock it FOR SHARE, its steps FOR UPDATE.

    One that repeats a voided wave `stands_for` a wave of the scheme, whose number is another. The
    version of the questionnaire is the newest one of when it opened.
    """

    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint(
            "state IN ('planned', 'open', 'stopped', 'closed', 'voided')", name="state"
        ),
        ForeignKeyConstraint(["cycle_id", "survey_id"], ["survey.cycle_id", "survey.survey_id"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
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


class QuestionnaireRow(Base):
    """A version of what the people of a survey are asked, word for word, by language."""

    __tablename__ = "questionnaire"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "survey_id"], ["survey.cycle_id", "survey.survey_id"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[Wording]] = mapped_column(Document(list[Wording]))
    entered_by: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class WaveReopeningRow(Base):
    """That a stopped wave was opened again, and why; what was said of that stop has lapsed."""

    __tablename__ = "wave_reopening"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    stop_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    reopened_by: Mapped[str] = mapped_column(Text)
    reopened_person: Mapped[str] = mapped_column(Text)
    reopened_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class WaveAttestationRow(Base):
    """What a supervising body said of a wave as it was stopped with what it held then."""

    __tablename__ = "wave_attestation"
    __table_args__ = (
        CheckConstraint("verdict IN ('attested', 'objected')", name="verdict"),
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    stop_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    content_digest: Mapped[str] = mapped_column(Text, primary_key=True)
    body: Mapped[str] = mapped_column(Text, primary_key=True)
    verdict: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(Text)
    given_person: Mapped[str] = mapped_column(Text)
    given_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class WaveVoidingRow(Base):
    """A proposal to void a wave; what became of it is a row of its own."""

    __tablename__ = "wave_voiding"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    voiding_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class WaveVoidingDecisionRow(Base):
    """What somebody else decided on a proposal to void a wave."""

    __tablename__ = "wave_voiding_decision"
    __table_args__ = (
        CheckConstraint("decision IN ('confirm', 'refuse')", name="decision"),
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "voiding_no"],
            [
                "wave_voiding.cycle_id",
                "wave_voiding.survey_id",
                "wave_voiding.wave",
                "wave_voiding.voiding_no",
            ],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    voiding_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    decision: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(Text)
    decided_person: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class SamplePlanRow(Base):
    """A version of the sample plan of a wave; the newest one at its opening holds."""

    __tablename__ = "sample_plan"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    aim: Mapped[Decimal | None] = mapped_column(Numeric)
    cells: Mapped[list[PlannedCell]] = mapped_column(Document(list[PlannedCell]))
    entered_by: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class WaveWeightsRow(Base):
    """The weights of the answers of a wave as they were when it closed, by its plan."""

    __tablename__ = "wave_weights"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    plan_version: Mapped[int | None]
    units: Mapped[list[UnitWeights]] = mapped_column(Document(list[UnitWeights]))


class BatchRow(Base):
    """A batch as the collector numbered it, with the SHA-256 of its rows in canonical form."""

    __tablename__ = "batch"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    accepted: Mapped[int]
    digest: Mapped[str] = mapped_column(Text)


class BatchWithdrawalRow(Base):
    """That a batch was wrong: its responses stay, and count nowhere."""

    __tablename__ = "batch_withdrawal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "batch_no"],
            ["batch.cycle_id", "batch.survey_id", "batch.wave", "batch.batch_no"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class BatchLeftOutRow(Base):
    """How many rows of a batch were not stored, by what they say; an empty text where that is no
    unit of the survey or no outcome."""

    __tablename__ = "batch_left_out"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "batch_no"],
            ["batch.cycle_id", "batch.survey_id", "batch.wave", "batch.batch_no"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    outcome: Mapped[str] = mapped_column(Text, primary_key=True)
    unchanged: Mapped[int]
    refused: Mapped[int]


class BatchFileRow(Base):
    """That a batch came as a file: the SHA-256 of it, and by which mapping it was read; without one
    its columns are called as ours."""

    __tablename__ = "batch_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "batch_no"],
            ["batch.cycle_id", "batch.survey_id", "batch.wave", "batch.batch_no"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    mapping: Mapped[str | None] = mapped_column(Text)
    mapping_version: Mapped[int | None] = mapped_column(Integer)


class RefusedRowRow(Base):
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

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    batch_no: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    faults: Mapped[list[list[str]]] = mapped_column(JSONB)


class ResponseRow(Base):
    """One contact with one respondent about one unit; the key is what stops a second ballot.

    `occasion` is 0 for the completed one and else the attempt. `generation` is how many batches of
    the wave had been withdrawn before: what corrects one has the same respondents. `answer` holds
    the option of the one question, or those of several in their order, parted by commas.

    There is no foreign key: the posting transaction holds the wave and has checked the unit,
    and a check per row would cost more than the row.
    """

    __tablename__ = "response"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
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


class AnswerVoidRow(Base):
    """That the answers which an interviewer brought in count nowhere: about one unit, or all."""

    __tablename__ = "answer_void"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    interviewer: Mapped[str] = mapped_column(Text, primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    """The unit, or an empty text for all."""
    decision_no: Mapped[int] = mapped_column(Integer)


class WaveResultRow(Base):
    """What a closed wave says about one unit, with the tallies it was computed from."""

    __tablename__ = "wave_result"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_sample: Mapped[int]
    score: Mapped[Decimal | None] = mapped_column(Numeric)
    insufficient: Mapped[bool]
    tallies: Mapped[list[Tally]] = mapped_column(Document(list[Tally]))


class SampleDecisionRow(Base):
    """What shall count for units with too few answers in a wave; in force once confirmed."""

    __tablename__ = "sample_decision"
    __table_args__ = (
        CheckConstraint(
            "treatment IN ('counted', 'other_waves', 'pooled', 'category_mean', 'not_rated')",
            name="treatment",
        ),
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    decision_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    units: Mapped[list[str]] = mapped_column(JSONB)
    treatment: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class SampleConfirmationRow(Base):
    """The confirmation of a decision; of several about a unit the last by position is in force."""

    __tablename__ = "sample_confirmation"
    __table_args__ = (
        UniqueConstraint("cycle_id", "survey_id", "wave", "position"),
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "decision_no"],
            [
                "sample_decision.cycle_id",
                "sample_decision.survey_id",
                "sample_decision.wave",
                "sample_decision.decision_no",
            ],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    decision_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ScreenDecisionRow(Base):
    """What findings of a stopped wave lead to; in force once confirmed."""

    __tablename__ = "screen_decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('keep', 'void_interviewer')", name="verdict"),
        CheckConstraint(
            "(verdict = 'void_interviewer') = (interviewer IS NOT NULL)", name="interviewer"
        ),
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
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
    proposed_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ScreenConfirmationRow(Base):
    """The confirmation of a decision on findings by somebody else."""

    __tablename__ = "screen_confirmation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "decision_no"],
            [
                "screen_decision.cycle_id",
                "screen_decision.survey_id",
                "screen_decision.wave",
                "screen_decision.decision_no",
            ],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    decision_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class MeetingCountRow(Base):
    """The forms of one meeting as they were counted; it counts once another person has confirmed
    it by counting the same."""

    __tablename__ = "meeting_count"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    count_no: Mapped[str] = mapped_column(Text, primary_key=True)
    respondent_group: Mapped[str | None] = mapped_column(Text)
    forms: Mapped[MeetingForms] = mapped_column(Document(MeetingForms))
    votes: Mapped[list[Votes]] = mapped_column(Document(list[Votes]))
    void: Mapped[list[str]] = mapped_column(JSONB)
    """Why it counts nothing; empty where it counts."""
    counted_by: Mapped[str] = mapped_column(Text)
    counted_person: Mapped[str] = mapped_column(Text)
    counted_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class MeetingCountStepRow(Base):
    """That a count was confirmed, or withdrawn."""

    __tablename__ = "meeting_count_step"
    __table_args__ = (
        CheckConstraint("step IN ('confirmed', 'withdrawn')", name="step"),
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "count_no"],
            [
                "meeting_count.cycle_id",
                "meeting_count.survey_id",
                "meeting_count.wave",
                "meeting_count.count_no",
            ],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    count_no: Mapped[str] = mapped_column(Text, primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str | None] = mapped_column(Text)
    taken_by: Mapped[str] = mapped_column(Text)
    taken_person: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class SeatRow(Base):
    """A seat from which one ballot is cast in a wave, and the account that holds it."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("cycle_id", "survey_id", "wave", "account"),
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    seat: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    respondent_group: Mapped[str | None] = mapped_column(Text)


class UrnRow(Base):
    """The urn of a wave: the public part of the key for which its ballots are sealed."""

    __tablename__ = "urn"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_key: Mapped[bytes]
    set_up_by: Mapped[str] = mapped_column(Text)
    set_up_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class BallotRow(Base):
    """The ballot from a seat, sealed for the urn: nobody who reads this table can open it."""

    __tablename__ = "ballot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "seat"],
            ["seat.cycle_id", "seat.survey_id", "seat.wave", "seat.seat"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    seat: Mapped[str] = mapped_column(Text, primary_key=True)
    sealed: Mapped[bytes]


class UrnOpeningRow(Base):
    """What all ballots of a wave come to, counted when its urn was opened; of no single one."""

    __tablename__ = "urn_opening"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["urn.cycle_id", "urn.survey_id", "urn.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wave: Mapped[int] = mapped_column(Integer, primary_key=True)
    ballots: Mapped[int]
    tallies: Mapped[dict[str, list[Tally]]] = mapped_column(Document(dict[str, list[Tally]]))
    opened_by: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
