"""Re-checks and spot checks (复检, 抽查): the lists that were fixed, and the seeds told later."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import BigInteger, Date, ForeignKeyConstraint, Index, Numeric, func
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class CheckCommitmentRow(Base):
    """That the lists of a check were fixed: `content` is the text that binds it, with the lists'
    digests and the source and day of the seed; `digest` is its SHA-256.

    `readers` are who reads it and what is drawn; `person` is the human being behind `actor`.
    """

    __tablename__ = "check_commitment"
    __table_args__ = (ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    check_code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    readers: Mapped[str]
    seed_source: Mapped[str]
    seed_on: Mapped[dt.date] = mapped_column(Date)
    content: Mapped[str]
    digest: Mapped[str]
    actor: Mapped[str]
    person: Mapped[str]
    committed_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CheckListRow(Base):
    """A list of a check, an id a line in the order of bytes: the units of a category, or the
    entries of a `unit`. The first `draws` are drawn."""

    __tablename__ = "check_list"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "check_code"],
            ["check_commitment.cycle_id", "check_commitment.check_code"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    check_code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]
    unit: Mapped[str | None]
    draws: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[str]
    digest: Mapped[str]


class CheckDrawRow(Base):
    """The seed of a check, once, and where it can be looked up. What is drawn follows from it."""

    __tablename__ = "check_draw"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "check_code"],
            ["check_commitment.cycle_id", "check_commitment.check_code"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    check_code: Mapped[str] = mapped_column(primary_key=True)
    seed: Mapped[str]
    found_in: Mapped[str]
    digest: Mapped[str]
    actor: Mapped[str]
    person: Mapped[str]
    drawn_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CheckPoolRow(Base):
    """Who may check whom, fixed before the day of the seed: `content` has unit, `|` and person, a
    line each in the order of bytes, `digest` is its SHA-256. A team has so many `members`."""

    __tablename__ = "check_pool"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "check_code"],
            ["check_commitment.cycle_id", "check_commitment.check_code"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    check_code: Mapped[str] = mapped_column(primary_key=True)
    members: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[str]
    digest: Mapped[str]
    actor: Mapped[str]
    person: Mapped[str]
    fixed_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CheckReviewerRow(Base):
    """A reviewer as he was named: his unit, if any, and the units in which he declared an interest,
    with a comma between."""

    __tablename__ = "check_reviewer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "check_code"],
            ["check_pool.cycle_id", "check_pool.check_code"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    check_code: Mapped[str] = mapped_column(primary_key=True)
    reviewer: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str | None]
    conflicts: Mapped[str]


class CheckTeamMemberRow(Base):
    """A member of the `number`th team, from 1, that was named for a drawn unit, and why; the last
    one stands in the place of any other."""

    __tablename__ = "check_team_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "check_code"],
            ["check_commitment.cycle_id", "check_commitment.check_code"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    check_code: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    reviewer: Mapped[str] = mapped_column(primary_key=True)
    reviewer_unit: Mapped[str | None]
    reason: Mapped[str]
    actor: Mapped[str]
    person: Mapped[str]
    named_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CheckFindingRow(Base):
    """What a member of a team found about an entry of a drawn unit: that it is right, or tells
    another value or word than was found. The unit answers until the day `answer_by`."""

    __tablename__ = "check_finding"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "check_code"],
            ["check_commitment.cycle_id", "check_commitment.check_code"],
        ),
        ForeignKeyConstraint(
            ["cycle_id", "entry_id"], ["ledger_entry.cycle_id", "ledger_entry.entry_id"]
        ),
        Index(None, "cycle_id", "unit"),
        Index(None, "cycle_id", "entry_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    check_code: Mapped[str]
    unit: Mapped[str]
    entry_id: Mapped[uuid.UUID]
    verdict: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric)
    word: Mapped[str | None]
    text: Mapped[str]
    answer_by: Mapped[dt.date] = mapped_column(Date)
    actor: Mapped[str]
    person: Mapped[str]
    found_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CheckFindingStepRow(Base):
    """What became of a finding: `step` 1 is the first after it was reported. Where one that differs
    was upheld, `restated_by` is the entry that took the place of what was found wrong.

    Where the scheme has an overstatement cost points, `overstated_as` is the event that it was
    entered as, or `kept_alone` says why it is none.
    """

    __tablename__ = "check_finding_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "finding_id"], ["check_finding.cycle_id", "check_finding.finding_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[str]
    text: Mapped[str | None]
    restated_by: Mapped[uuid.UUID | None]
    overstated_as: Mapped[uuid.UUID | None]
    kept_alone: Mapped[str | None]
    actor: Mapped[str]
    person: Mapped[str]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CheckFraudStepRow(Base):
    """What became of a finding that was put forward as fraud (弄虚作假): `step` 1 puts it forward,
    and the unit makes its statement until `heard_by`.

    A decision names its document. One that finds fraud says what it costs by the scheme of then,
    and `marked_as` is the entry by which it counts.
    """

    __tablename__ = "check_fraud_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "finding_id"], ["check_finding.cycle_id", "check_finding.finding_id"]
        ),
        Index(None, "marked_as"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[str]
    text: Mapped[str]
    heard_by: Mapped[dt.date] = mapped_column(Date)
    document_no: Mapped[str | None]
    marked_as: Mapped[uuid.UUID | None]
    voids: Mapped[bool | None]
    grade_cap: Mapped[str | None]
    actor: Mapped[str]
    person: Mapped[str]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CheckSecondMarkRow(Base):
    """What another of the team found about an entry without knowing the first mark: how far apart
    both are (`gap`, a share of the greater), and whether that is `within` the tolerance of then."""

    __tablename__ = "check_second_mark"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "finding_id"], ["check_finding.cycle_id", "check_finding.finding_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric)
    word: Mapped[str | None]
    text: Mapped[str]
    gap: Mapped[Decimal] = mapped_column(Numeric)
    within: Mapped[bool]
    actor: Mapped[str]
    person: Mapped[str]
    marked_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CheckFindingEvidenceRow(Base):
    """That a finding names a file as its evidence."""

    __tablename__ = "check_finding_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "finding_id"], ["check_finding.cycle_id", "check_finding.finding_id"]
        ),
        ForeignKeyConstraint(
            ["cycle_id", "evidence_id"], ["evidence.cycle_id", "evidence.evidence_id"]
        ),
        Index(None, "cycle_id", "evidence_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
