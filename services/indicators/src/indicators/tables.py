"""The indicators schema. Of what is published here nothing is changed, only added to."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.sql.functions import func

from chassis.db import Document, metadata, recorded_in
from indicators.rules.calendars import DayKind, RevisionKind
from indicators.rules.compiled import CompiledScheme
from indicators.rules.publication import CyclePhase
from indicators.rules.scheme import Scheme

NO_ITEM = ""
"""Stands in a key for the item of a target that is of the whole indicator."""


class Base(DeclarativeBase):
    """The tables of this service, and of no other."""

    metadata = metadata()

    @declared_attr
    def record(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy calls it so
        """Which transaction added the row."""
        return recorded_in(cls.__tablename__)


def _stamp() -> Mapped[dt.datetime]:
    return mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


def _of_unit(name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["jurisdiction", name], ["unit.jurisdiction", "unit.code"])


OWN_CHAIN = "'{}' || CASE WHEN jurisdiction = '' THEN '' ELSE ':' || jurisdiction END"
"""The chain of what is of no cycle (`chassis.realms.chain_of`), in SQL."""


class JurisdictionRow(Base):
    """A jurisdiction (辖区) that the installation serves, by its division code for ever."""

    __tablename__ = "jurisdiction"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    superior: Mapped[str | None] = mapped_column(Text, ForeignKey("jurisdiction.code"))
    founded_on: Mapped[dt.date]
    registered_by: Mapped[str] = mapped_column(Text)
    registered_person: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[dt.datetime] = _stamp()


class JurisdictionConfirmationRow(Base):
    """That another person agreed to a jurisdiction, which has accounts from then on; a fact, added
    once."""

    __tablename__ = "jurisdiction_confirmation"

    code: Mapped[str] = mapped_column(Text, ForeignKey("jurisdiction.code"), primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[dt.datetime] = _stamp()


class JurisdictionSuccessionRow(Base):
    """That another code takes the place of a jurisdiction's (代码变更), as it was proposed; the one
    that was confirmed holds."""

    __tablename__ = "jurisdiction_succession"

    code: Mapped[str] = mapped_column(Text, ForeignKey("jurisdiction.code"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    succeeded_by: Mapped[str] = mapped_column(Text, ForeignKey("jurisdiction.code"))
    effective_on: Mapped[dt.date]
    document_no: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[dt.datetime] = _stamp()


class SuccessionConfirmationRow(Base):
    """That another person agreed to a proposed succession; a fact, added once."""

    __tablename__ = "jurisdiction_succession_confirmation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["code", "number"], ["jurisdiction_succession.code", "jurisdiction_succession.number"]
        ),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int]
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[dt.datetime] = _stamp()


def _owner(*, is_key: bool = False) -> Mapped[str]:
    """Return the column that says whose a row is: the code of a jurisdiction, or nothing."""
    return mapped_column(Text, primary_key=is_key, server_default="", sort_order=-2)


def _chain(name: str) -> Mapped[str]:
    """Return the column that says by which chain of the journal a row is vouched for."""
    return mapped_column(Text, Computed(OWN_CHAIN.format(name)), sort_order=900)


class UnitRow(Base):
    """A unit: one that is assessed, or a body that only measures others or is asked."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("kind IN ('assessed', 'body')", name="kind"),
        UniqueConstraint("jurisdiction", "uscc"),
    )

    jurisdiction: Mapped[str] = _owner(is_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    uscc: Mapped[str | None] = mapped_column(Text)
    chain: Mapped[str] = _chain("units")
    registered_at: Mapped[dt.datetime] = _stamp()


class UnitKindCorrectionRow(Base):
    """That a unit is of another kind than was said; the one with the highest number holds."""

    __tablename__ = "unit_kind_correction"
    __table_args__ = (
        CheckConstraint("kind IN ('assessed', 'body')", name="kind"),
        _of_unit("unit"),
    )

    jurisdiction: Mapped[str] = _owner(is_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = _chain("units")
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    corrected_by: Mapped[str] = mapped_column(Text)
    corrected_person: Mapped[str] = mapped_column(Text)
    corrected_at: Mapped[dt.datetime] = _stamp()


class UnitNameRow(Base):
    """A name of a unit from a day until just before another; only an open end may be filled.

    `key` is the unit with whose it is: the journal knows names by it, and those from before there
    were jurisdictions by the code alone.
    """

    __tablename__ = "unit_name"
    __table_args__ = (
        CheckConstraint("kind IN ('legal', 'alias')", name="kind"),
        CheckConstraint("valid_from < valid_to", name="valid"),
        _of_unit("unit"),
        Index(None, "jurisdiction", "unit"),
    )

    key: Mapped[str] = mapped_column(
        Text,
        Computed("CASE WHEN jurisdiction = '' THEN '' ELSE jurisdiction || ':' END || unit"),
        primary_key=True,
        sort_order=-3,
    )
    jurisdiction: Mapped[str] = _owner()
    unit: Mapped[str] = mapped_column(Text)
    chain: Mapped[str] = _chain("units")
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_from: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    valid_to: Mapped[dt.date | None]


class UnitSuccessionRow(Base):
    """That a unit goes on from another from a day on: merged from several, or split off one."""

    __tablename__ = "unit_succession"
    __table_args__ = (
        CheckConstraint("unit <> predecessor", name="another"),
        _of_unit("unit"),
        _of_unit("predecessor"),
    )

    jurisdiction: Mapped[str] = _owner(is_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    predecessor: Mapped[str] = mapped_column(Text, primary_key=True)
    chain: Mapped[str] = _chain("units")
    effective_on: Mapped[dt.date]
    document_no: Mapped[str] = mapped_column(Text)


class CycleRow(Base):
    """An assessment year of a jurisdiction and its phase."""

    __tablename__ = "cycle"
    __table_args__ = (CheckConstraint("phase IN ('draft', 'open')", name="phase"),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    jurisdiction: Mapped[str] = mapped_column(Text)
    assessment_year: Mapped[int]
    phase: Mapped[str] = mapped_column(Text, default=CyclePhase.DRAFT)
    created_at: Mapped[dt.datetime] = _stamp()


class SchemeVersionRow(Base):
    """A scheme as it was saved, with the SHA-256 of its canonical form."""

    __tablename__ = "scheme_version"

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle.cycle_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[Scheme] = mapped_column(Document(Scheme))
    digest: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    saved_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[dt.datetime] = _stamp()


class CompiledSchemeRow(Base):
    """The compiled form of a version, with the SHA-256 of its canonical form.

    It follows from the scheme. It is kept so that what was computed by it can be computed again,
    whatever later programs make of the same scheme.
    """

    __tablename__ = "compiled_scheme"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "version"], ["scheme_version.cycle_id", "scheme_version.version"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    format: Mapped[int]
    digest: Mapped[str] = mapped_column(Text)
    compiled: Mapped[CompiledScheme] = mapped_column(Document(CompiledScheme))


class SchemePublicationRow(Base):
    """The moment a version came into force; the one with the highest number is in force."""

    __tablename__ = "scheme_publication"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "version"], ["scheme_version.cycle_id", "scheme_version.version"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    published_by: Mapped[str] = mapped_column(Text)
    published_at: Mapped[dt.datetime] = _stamp()


class TargetRow(Base):
    """One version of what a unit is to reach; the state of the highest one is the target's.

    `lowered` says whether it asks less than any that was in force before. `set_by_person` is the
    human being behind the account; null in versions from before that was kept. `baseline_from` is
    the earlier cycle, and the entries of its ledger, that the baseline was taken from, as whoever
    set it said.
    """

    __tablename__ = "target"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'returned', 'approved', 'issue_pending', 'issued',"
            " 'revision_requested', 'revision_supported', 'revision_pending', 'revised',"
            " 'withdrawal_pending', 'withdrawn', 'refused', 'request_withdrawn')",
            name="state",
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle.cycle_id"), primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    indicator: Mapped[str] = mapped_column(Text, primary_key=True)
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    target: Mapped[Decimal | None] = mapped_column(Numeric)
    baseline: Mapped[Decimal | None] = mapped_column(Numeric)
    pledge: Mapped[Decimal | None] = mapped_column(Numeric)
    state: Mapped[str] = mapped_column(Text)
    lowered: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    document_no: Mapped[str | None] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(Text)
    set_by_person: Mapped[str | None] = mapped_column(Text)
    set_at: Mapped[dt.datetime] = _stamp()
    baseline_from: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class TargetCauseRow(Base):
    """What caused the revision that is the `version` of a target: a document of the superior."""

    __tablename__ = "target_cause"
    __table_args__ = (
        CheckConstraint("caused_by IN ('superior')", name="caused_by"),
        ForeignKeyConstraint(
            ["cycle_id", "unit", "indicator", "item", "version"],
            ["target.cycle_id", "target.unit", "target.indicator", "target.item", "target.version"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    indicator: Mapped[str] = mapped_column(Text, primary_key=True)
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    caused_by: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)


class WorkPlanRow(Base):
    """One version of how a unit divides a target among months and persons, and by which measures it
    is to be reached (工作计划)."""

    __tablename__ = "work_plan"

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle.cycle_id"), primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    indicator: Mapped[str] = mapped_column(Text, primary_key=True)
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)
    set_by: Mapped[str] = mapped_column(Text)
    set_by_person: Mapped[str] = mapped_column(Text)
    set_at: Mapped[dt.datetime] = _stamp()


class ProjectRow(Base):
    """One version of a project: who leads it, which units take part, and which milestones are its
    nodes. How far these are stands in the ledger alone."""

    __tablename__ = "project"

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle.cycle_id"), primary_key=True)
    project: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    set_by: Mapped[str] = mapped_column(Text)
    set_by_person: Mapped[str] = mapped_column(Text)
    set_at: Mapped[dt.datetime] = _stamp()


class InspectionRow(Base):
    """One version of an inspection (督查检查考核): who inspects whom, when, and what for."""

    __tablename__ = "inspection"

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle.cycle_id"), primary_key=True)
    inspection: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    set_by: Mapped[str] = mapped_column(Text)
    set_by_person: Mapped[str] = mapped_column(Text)
    set_at: Mapped[dt.datetime] = _stamp()


class DecompositionRow(Base):
    """One version of whose the points of the superior's scheme are (责任分解)."""

    __tablename__ = "decomposition"

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle.cycle_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    set_by: Mapped[str] = mapped_column(Text)
    set_by_person: Mapped[str] = mapped_column(Text)
    set_at: Mapped[dt.datetime] = _stamp()


class HandingUpRow(Base):
    """That a version of the decomposition was handed up (上报) to the superior whose cycle it is
    of, as the `unit` that one's own jurisdiction is there by its scheme."""

    __tablename__ = "handing_up"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "version"], ["decomposition.cycle_id", "decomposition.version"]
        ),
        Index(None, "superior_cycle", "unit"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    superior_cycle: Mapped[uuid.UUID]
    scheme_version: Mapped[int]
    unit: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)
    document_date: Mapped[dt.date]
    handed_up_by: Mapped[str] = mapped_column(Text)
    handed_up_person: Mapped[str] = mapped_column(Text)
    handed_up_at: Mapped[dt.datetime] = _stamp()


class ConsultationRow(Base):
    """That units are asked about a draft of the scheme (征求意见), until a last day."""

    __tablename__ = "consultation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "version"], ["scheme_version.cycle_id", "scheme_version.version"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(Text)
    closes_on: Mapped[dt.date]
    opened_by: Mapped[str] = mapped_column(Text)
    opened_person: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[dt.datetime] = _stamp()


class SchemeCommentRow(Base):
    """What a unit says of a draft, or of a category or an indicator in it."""

    __tablename__ = "scheme_comment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "version"], ["consultation.cycle_id", "consultation.version"]
        ),
        Index(None, "cycle_id", "version"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    comment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    unit: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    indicator: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    said_by: Mapped[str] = mapped_column(Text)
    said_person: Mapped[str] = mapped_column(Text)
    said_at: Mapped[dt.datetime] = _stamp()


class CommentAnswerRow(Base):
    """What becomes of a comment, and why; it is said once."""

    __tablename__ = "comment_answer"
    __table_args__ = (
        CheckConstraint("outcome IN ('adopted', 'partly_adopted', 'not_adopted')", name="outcome"),
        ForeignKeyConstraint(
            ["cycle_id", "comment_id"], ["scheme_comment.cycle_id", "scheme_comment.comment_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    comment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[str] = mapped_column(Text)
    answered_person: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[dt.datetime] = _stamp()


class SuperiorStandingRow(Base):
    """What was known on a day of how an indicator of the superior's stands; of an indicator the one
    with the highest number holds.

    `version` is that of the decomposition of then, and `points` what the indicator had in it.
    """

    __tablename__ = "superior_standing"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "version"], ["decomposition.cycle_id", "decomposition.version"]
        ),
        CheckConstraint("won >= 0 AND lost >= 0 AND won + lost <= points", name="within_points"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    as_of: Mapped[dt.date]
    points: Mapped[Decimal] = mapped_column(Numeric)
    won: Mapped[Decimal] = mapped_column(Numeric)
    lost: Mapped[Decimal] = mapped_column(Numeric)
    causes: Mapped[list[list[str]]] = mapped_column(JSONB)
    basis: Mapped[str] = mapped_column(Text)
    reported_by: Mapped[str] = mapped_column(Text)
    reported_person: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[dt.datetime] = _stamp()


class TargetSettlementRow(Base):
    """One version of what was said about targets of a matter that differ; the state of the highest
    one is the settlement's.

    `targets` are by indicator the values that stand beside each other, as texts of their digits.
    """

    __tablename__ = "target_settlement"
    __table_args__ = (
        CheckConstraint("state IN ('settlement_pending', 'settled', 'refused')", name="state"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle.cycle_id"), primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    matter: Mapped[str] = mapped_column(Text, primary_key=True)
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    targets: Mapped[dict[str, list[str | None]]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(Text)
    set_by_person: Mapped[str] = mapped_column(Text)
    set_at: Mapped[dt.datetime] = _stamp()


class ResponsibilityLetterRow(Base):
    """One version of a unit's responsibility letter (目标责任书), with the SHA-256 of what it
    says."""

    __tablename__ = "responsibility_letter"

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle.cycle_id"), primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(Text)
    drawn_by: Mapped[str] = mapped_column(Text)
    drawn_person: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[dt.datetime] = _stamp()


class LetterSignatureRow(Base):
    """That somebody signed a version of a letter for one side; `digest` is what was signed.

    `signed_person` is the human being behind the account, and never one for both sides.
    """

    __tablename__ = "letter_signature"
    __table_args__ = (
        CheckConstraint("side IN ('office', 'unit')", name="side"),
        ForeignKeyConstraint(
            ["cycle_id", "unit", "version"],
            [
                "responsibility_letter.cycle_id",
                "responsibility_letter.unit",
                "responsibility_letter.version",
            ],
        ),
        UniqueConstraint("cycle_id", "unit", "version", "signed_person"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(Text)
    signed_person: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[dt.datetime] = _stamp()


class IdSchemeRow(Base):
    """Codes by which another system names units, indicators, or both (代码体系).

    What it has no codes of goes by ours. `system` is who uses it.
    """

    __tablename__ = "id_scheme"
    __table_args__ = (CheckConstraint("units OR indicators", name="codes"),)

    jurisdiction: Mapped[str] = _owner(is_key=True)
    id_scheme: Mapped[str] = mapped_column(Text, primary_key=True)
    chain: Mapped[str] = _chain("id-schemes")
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    system: Mapped[str] = mapped_column(Text)
    units: Mapped[bool]
    indicators: Mapped[bool]
    registered_by: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[dt.datetime] = _stamp()


class CodeMappingRow:
    """What a code of another system means from a day until just before another.

    Only its state moves, and its end comes earlier; the database refuses that a code means two
    things on one day. Of each step is kept who took it; `proposed_person` and `decided_person` are
    the human beings behind the accounts, and never one where it was confirmed.
    """

    mapping_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id_scheme: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[dt.datetime] = _stamp()
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_person: Mapped[str | None] = mapped_column(Text)
    decided_reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_person: Mapped[str | None] = mapped_column(Text)
    ended_reason: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


def _mapping_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("state IN ('proposed', 'confirmed', 'refused', 'ended')", name="state"),
        CheckConstraint("valid_from <= valid_to", name="valid"),
        CheckConstraint(
            "state IN ('proposed', 'refused') OR decided_person <> proposed_person",
            name="two_people",
        ),
    )


class UnitMappingRow(CodeMappingRow, Base):
    """Which unit a code of another system means (单位代码对照)."""

    __tablename__ = "unit_mapping"
    __table_args__ = (
        *_mapping_checks(),
        Index(None, "id_scheme", "code"),
        _of_unit("unit"),
        ForeignKeyConstraint(
            ["jurisdiction", "id_scheme"], ["id_scheme.jurisdiction", "id_scheme.id_scheme"]
        ),
    )

    jurisdiction: Mapped[str] = _owner()
    chain: Mapped[str] = _chain("id-schemes")
    meaning: Mapped[str] = mapped_column("unit", Text)


class IndicatorMappingRow(CodeMappingRow, Base):
    """Which indicator of a cycle a code of another system means (指标代码对照)."""

    __tablename__ = "indicator_mapping"
    __table_args__ = (*_mapping_checks(), Index(None, "cycle_id", "id_scheme", "code"))

    cycle_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("cycle.cycle_id"), primary_key=True, sort_order=-1
    )
    meaning: Mapped[str] = mapped_column("indicator", Text)


class CalendarRevisionRow(Base):
    """What was recorded at once about the days of a year: the whole of it, or single days.

    What is `supplied` came with the program; an `announcement` takes the place of all before it, a
    `correction` only of the days that it names.
    """

    __tablename__ = "calendar_revision"
    __table_args__ = (
        CheckConstraint("kind IN ('supplied', 'announcement', 'correction')", name="kind"),
        CheckConstraint("kind = 'supplied' OR recorded_person IS NOT NULL", name="by"),
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[RevisionKind] = mapped_column(Text)
    document_no: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str | None] = mapped_column(Text)
    recorded_person: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = _stamp()


class CalendarDayRow(Base):
    """A day that is worked though it is of a weekend, rests though it is not, or is plain again."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN extract(isodow FROM day) < 6 THEN kind IN ('resting', 'plain')"
            " ELSE kind IN ('working', 'plain') END",
            name="kind",
        ),
        CheckConstraint(
            "(kind = 'plain') = (name_zh IS NULL) AND (kind = 'plain') = (name_en IS NULL)",
            name="name",
        ),
        CheckConstraint("extract(year FROM day) = year", name="year"),
        ForeignKeyConstraint(
            ["year", "revision"], ["calendar_revision.year", "calendar_revision.revision"]
        ),
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(Text)
    name_zh: Mapped[str | None] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
