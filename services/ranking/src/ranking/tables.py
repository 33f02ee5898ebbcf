"""The ranking schema: reports, editions, approvals and releases, none of which ever changes."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from chassis.db import Document, metadata, recorded_in
from ranking.rules.chain import Word
from ranking.rules.consequences import Cause, ConsequenceKind, ConsequenceState
from ranking.rules.linked import Assessment, LinkedState
from ranking.rules.notices import Outcome
from ranking.rules.reports import ReportKind, ReportState
from ranking.rules.results import UnitResult


class Base(DeclarativeBase):
    """The tables of this service, and of no other."""

    metadata = metadata()

    @declared_attr
    def record(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy calls it so
        """Which transaction added the row."""
        return recorded_in(cls.__tablename__)


class _Reported:
    """A veto or demotion as it was reported; `number` is drawn and counts nothing.

    `reported_by_person` is the human being behind the account; null where it was not kept yet.
    """

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    code: Mapped[str]
    document_no: Mapped[str]
    decided_on: Mapped[dt.date]
    note: Mapped[str | None]
    reported_by: Mapped[str]
    reported_by_person: Mapped[str | None]
    reported_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class VetoRow(_Reported, Base):
    """A veto (一票否决) of a unit, the document that decided it, and whose that is.

    `late_reason` says why it was reported after the last day for it.
    """

    __tablename__ = "veto"

    decided_by: Mapped[str | None]
    expires_on: Mapped[dt.date | None]
    late_reason: Mapped[str | None]


class DemotionRow(_Reported, Base):
    """An event that demotes a unit (降等), and the document that decided it.

    Where that is a superior's list, `rank` is the unit's of the `list_size` in it.
    """

    __tablename__ = "demotion"

    rank: Mapped[int | None]
    list_size: Mapped[int | None]


class ReportStepRow(Base):
    """What became of a report: confirmed, refused, to be lifted, lifted; the last step holds."""

    __tablename__ = "report_step"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[ReportKind] = mapped_column(String, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ReportState] = mapped_column(String)
    reason: Mapped[str | None]
    document_no: Mapped[str | None]
    subject: Mapped[str]
    person: Mapped[str]
    taken_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class RankingRow(Base):
    """One edition: a category ranked once, from the inputs that the digests name.

    `survey_errors` say how sure its surveys are, and `voided_waves` how many waves of each were
    voided; null where nobody looked, and the former where nothing rests on a survey. `chain` are
    the steps that the scheme asked for when it was ranked; null where that was the usual chain.
    `normalised` are the groups of marks of all categories that the score sheet put on one scale;
    null where it did not.
    """

    __tablename__ = "ranking"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    score_sheet_edition: Mapped[int]
    digests: Mapped[dict[str, str]] = mapped_column(JSONB)
    units: Mapped[list[UnitResult]] = mapped_column(Document(list[UnitResult]))
    digest: Mapped[str]
    survey_errors: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    voided_waves: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    chain: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    normalised: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    engine: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    ranked_by: Mapped[str]
    ranked_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ApprovalRow(Base):
    """What somebody said in a step of an edition's approval chain; nothing said is ever taken back.

    `person` is the human being behind the account, `behind` the one in whose place it was said,
    under the `delegation` of that number. `state` is the edition's after it, null for the usual
    chain of early days. `basis` are the documents, and what the minutes of a meeting say.
    """

    __tablename__ = "approval"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "edition"], ["ranking.cycle_id", "ranking.edition"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, server_default="1")
    word: Mapped[Word] = mapped_column(String, server_default="approved")
    state: Mapped[str | None]
    sent_back_to: Mapped[str | None]
    reason: Mapped[str | None]
    basis: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    delegation: Mapped[int | None]
    behind: Mapped[str | None]
    subject: Mapped[str]
    person: Mapped[str | None]
    note: Mapped[str | None]
    taken_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class DelegationRow(Base):
    """Who lets whom sign which steps in the own place, until when, by which document.

    The newest of a giver to a delegate holds. `person` and `unit` are the giver's, `role` the one
    that the steps are of, `delegate` an account.
    """

    __tablename__ = "delegation"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    giver: Mapped[str]
    person: Mapped[str]
    unit: Mapped[str | None]
    role: Mapped[str]
    delegate: Mapped[str]
    steps: Mapped[list[str]] = mapped_column(JSONB)
    until: Mapped[dt.date]
    document_no: Mapped[str]
    given_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ReleaseRow(Base):
    """What was published: complete in itself, so that readers need nothing unpublished.

    `predecessor` is the release of the same category that this one replaces.
    """

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("cycle_id", "edition"),
        ForeignKeyConstraint(["cycle_id", "edition"], ["ranking.cycle_id", "ranking.edition"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    release: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    edition: Mapped[int]
    predecessor: Mapped[int | None]
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str]
    published_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class NoticeRow(Base):
    """A notice of an edition: what everybody may read of it, and until when they may object.

    `steps` is how many steps of the approval chain the edition had taken by then.
    """

    __tablename__ = "notice"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "edition"], ["ranking.cycle_id", "ranking.edition"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    notice: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[int]
    category: Mapped[str]
    steps: Mapped[int]
    closes_on: Mapped[dt.date]
    closes_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str]
    subject: Mapped[str]
    person: Mapped[str]
    opened_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class NoticeObjectionRow(Base):
    """An objection to a notice: of a unit, or of somebody without an account, who has a token."""

    __tablename__ = "notice_objection"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "notice"], ["notice.cycle_id", "notice.notice"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    notice: Mapped[int]
    unit: Mapped[str | None]
    about: Mapped[str | None]
    text: Mapped[str]
    token: Mapped[str | None]
    subject: Mapped[str]
    person: Mapped[str | None]
    filed_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class NoticeAnswerRow(Base):
    """What was answered to an objection, and the corrections of the record that follow from it."""

    __tablename__ = "notice_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "reference"], ["notice_objection.cycle_id", "notice_objection.reference"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(String)
    text: Mapped[str]
    corrections: Mapped[list[str]] = mapped_column(JSONB)
    subject: Mapped[str]
    person: Mapped[str]
    answered_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


_OBJECTION = ["notice_objection.cycle_id", "notice_objection.reference"]


class NoticeWithdrawalRow(Base):
    """That an objection to a notice was taken back by who filed it."""

    __tablename__ = "notice_withdrawal"
    __table_args__ = (ForeignKeyConstraint(["cycle_id", "reference"], _OBJECTION),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    person: Mapped[str | None]
    withdrawn_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class NoticeContactRow(Base):
    """How whoever objected to a notice is reached, sealed by the key `key_id` that lies outside the
    database."""

    __tablename__ = "notice_contact"
    __table_args__ = (ForeignKeyConstraint(["cycle_id", "reference"], _OBJECTION),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[uuid.UUID]
    sealed: Mapped[bytes]
    given_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class NoticeContactReadingRow(Base):
    """That somebody read how whoever objected is reached, and why."""

    __tablename__ = "notice_contact_reading"
    __table_args__ = (ForeignKeyConstraint(["cycle_id", "reference"], _OBJECTION),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    reason: Mapped[str]
    subject: Mapped[str]
    person: Mapped[str]
    read_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class NoticeContactErasureRow(Base):
    """That the key of a contact was destroyed, so that nobody reads it any more."""

    __tablename__ = "notice_contact_erasure"
    __table_args__ = (ForeignKeyConstraint(["cycle_id", "reference"], _OBJECTION),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    person: Mapped[str]
    erased_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class ReleaseInstantRow(Base):
    """From which instant on a release is public (禁发期): the latest step holds.

    A release that was published at once has none.
    """

    __tablename__ = "release_instant"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "release"], ["release.cycle_id", "release.release"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    release: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    public_from: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None]
    subject: Mapped[str]
    person: Mapped[str]
    named_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ConsequenceRow(Base):
    """What a result leads to for a unit, as it was proposed; `number` is drawn."""

    __tablename__ = "consequence"
    __table_args__ = (Index("ix_consequence_kind_unit", "kind", "unit"),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    kind: Mapped[ConsequenceKind] = mapped_column(String)
    cause: Mapped[Cause] = mapped_column(String)
    cause_ref: Mapped[str | None]
    document_no: Mapped[str | None]
    reason: Mapped[str | None]
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]
    name: Mapped[str | None]
    amount: Mapped[Decimal | None]
    subject: Mapped[str]
    person: Mapped[str]
    proposed_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ConsequenceStepRow(Base):
    """What became of a consequence: the last step holds. `money` was paid by it, or came back. Of a
    rectification report `item_state` is how its supervised item stood, which may be of another
    cycle."""

    __tablename__ = "consequence_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "number"], ["consequence.cycle_id", "consequence.number"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ConsequenceState] = mapped_column(String)
    reason: Mapped[str | None]
    document_no: Mapped[str | None]
    item_id: Mapped[str | None]
    item_cycle_id: Mapped[uuid.UUID | None]
    item_state: Mapped[str | None]
    money: Mapped[Decimal | None]
    subject: Mapped[str]
    person: Mapped[str]
    taken_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class LinkedResultRow(Base):
    """A result of another assessment as it was typed first: a team's score, or what is `sealed`
    about a person: name and grade. `corrects` is the result whose place it takes once confirmed."""

    __tablename__ = "linked_result"
    __table_args__ = (Index("ix_linked_result_cycle_id_unit", "cycle_id", "unit"),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    result_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    unit: Mapped[str]
    kind: Mapped[Assessment] = mapped_column(String)
    person_code: Mapped[str | None]
    score: Mapped[Decimal | None]
    sealed: Mapped[bytes | None]
    issuer: Mapped[str]
    document_no: Mapped[str]
    document_day: Mapped[dt.date]
    document_digest: Mapped[str]
    corrects: Mapped[uuid.UUID | None]
    reason: Mapped[str | None]
    subject: Mapped[str]
    person: Mapped[str]
    entered_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class LinkedStepRow(Base):
    """That a result was confirmed by being typed again, or refused; there is one at most."""

    __tablename__ = "linked_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "result_id"], ["linked_result.cycle_id", "linked_result.result_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    result_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[LinkedState] = mapped_column(String)
    reason: Mapped[str | None]
    subject: Mapped[str]
    person: Mapped[str]
    taken_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class LinkedReadingRow(Base):
    """That somebody read the linked results of a unit, which of them, and why."""

    __tablename__ = "linked_reading"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(JSONB)
    combined: Mapped[bool]
    results: Mapped[list[str]] = mapped_column(JSONB)
    reason: Mapped[str]
    subject: Mapped[str]
    person: Mapped[str]
    organisation: Mapped[str | None]
    read_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class LinkedErasureRow(Base):
    """That what was sealed about a person was made unreadable."""

    __tablename__ = "linked_erasure"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "result_id"], ["linked_result.cycle_id", "linked_result.result_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    result_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    person: Mapped[str]
    erased_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
