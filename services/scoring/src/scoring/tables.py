"""The scoring schema. Facts are added and never changed; only a ledger's phase is."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import Document, metadata, recorded_in
from scoring.rules.ledger.states import DRAFT, OPEN
from scoring.rules.reports.outlook import Timetable


class Base(DeclarativeBase):
    """The tables of this service, and of no other."""

    metadata = metadata()
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text(),
        dict[str, Any]: JSONB(),
        dt.datetime: DateTime(timezone=True),
    }

    record: Mapped[int] = recorded_in()


class LedgerRow(Base):
    """The phase of a cycle's ledger; writers lock it FOR SHARE, the seal FOR UPDATE."""

    __tablename__ = "ledger"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    phase: Mapped[str] = mapped_column(default=OPEN)
    sealed_at: Mapped[dt.datetime | None]


class LedgerEntryRow(Base):
    """One entry of the ledger (台账), as it was entered; `number` is the order of arrival.

    `author` is the subject of the caller who wrote it, `author_person` the human being behind that
    account, `author_unit` that caller's unit. A reversal is an entry too and names in `reverses`
    the one it takes out: once, says the key. What corrects a draft or a returned entry names that
    in `replaces`.
    `state` and `step` are those of its latest state; the database sets them when one is added.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(
            "uq_ledger_entry_cycle_id_reverses",
            "cycle_id",
            "reverses",
            unique=True,
            # Only of reversals: in a new cycle it would serve the lookup of every foreign key else.
            postgresql_where=text("reverses IS NOT NULL"),
        ),
        Index(None, "cycle_id", "number"),
        Index(None, "cycle_id", "unit", "indicator"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    unit: Mapped[str]
    indicator: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str | None]
    item: Mapped[str | None]
    period: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric)
    word: Mapped[str | None]
    occurred_on: Mapped[dt.date | None] = mapped_column(Date)
    note: Mapped[str | None]
    author: Mapped[str]
    author_unit: Mapped[str]
    author_person: Mapped[str]
    reverses: Mapped[uuid.UUID | None]
    replaces: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(server_default=DRAFT)
    step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class LedgerEntryStateRow(Base):
    """A state that an entry entered; that of its highest `step`, from 1, is its present one."""

    __tablename__ = "ledger_entry_state"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "entry_id"], ["ledger_entry.cycle_id", "ledger_entry.entry_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[str]
    actor: Mapped[str]
    reason: Mapped[str | None]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ClaimRow(Base):
    """A bonus or deduction claim (加减分申报) as it was handed in; scoring decides it.

    `fingerprint`, `number_key` and `authority_key` tell its document in the one form in which
    claims are compared, over units, categories and cycles (rules/awards.py). `counted_before` is
    the claimants' own word, of claims from when they were asked for it; nothing is decided by it.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("cycle_id", "unit", "claim_no"),
        Index(None, "cycle_id", "number"),
        Index("ix_claim_fingerprint", "fingerprint"),
        Index("ix_claim_number_key", "number_key"),
        Index("ix_claim_authority_key_document_date", "authority_key", "document_date"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    claim_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    claim_no: Mapped[str]
    unit: Mapped[str]
    kind: Mapped[str]
    level: Mapped[str | None]
    authority: Mapped[str | None]
    holder_name: Mapped[str | None]
    document_no: Mapped[str | None]
    document_date: Mapped[dt.date | None] = mapped_column(Date)
    work_year: Mapped[int | None]
    event_key: Mapped[str]
    linked_indicator: Mapped[str | None]
    rule: Mapped[str | None]
    counted_before: Mapped[bool | None]
    fingerprint: Mapped[str]
    number_key: Mapped[str]
    authority_key: Mapped[str]
    author: Mapped[str]
    author_person: Mapped[str]
    author_unit: Mapped[str | None]
    handed_in_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ClaimStateRow(Base):
    """A state that a claim entered; that of its highest `step`, from 1, is its present one.

    `award`, `item` and `counts` are what the person who confirmed it said about its document.
    """

    __tablename__ = "claim_state"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "claim_id"], ["claim.cycle_id", "claim.claim_id"]),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    claim_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[str]
    award: Mapped[str | None]
    item: Mapped[str | None]
    counts: Mapped[uuid.UUID | None]
    counted_earlier: Mapped[bool]
    actor: Mapped[str]
    person: Mapped[str]
    reason: Mapped[str | None]
    document_no: Mapped[str | None]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CountedAwardRow(Base):
    """What a claim takes of an award, from the `step` that said so until `ended_at`.

    The keys of what has not ended hold over all cycles: one claim has the whole of an award, or
    each unit one share. A trigger keeps the shares from coming to more than the whole.
    """

    __tablename__ = "counted_award"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "claim_id", "step"],
            ["claim_state.cycle_id", "claim_state.claim_id", "claim_state.step"],
        ),
        Index(
            "uq_counted_award_fingerprint_item_unit",
            "fingerprint",
            "item",
            "unit",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_counted_award_fingerprint_item",
            "fingerprint",
            "item",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND share = 1"),
        ),
        Index(
            "uq_counted_award_cycle_id_claim_id",
            "cycle_id",
            "claim_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    claim_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    fingerprint: Mapped[str]
    item: Mapped[str]
    unit: Mapped[str]
    share: Mapped[Decimal] = mapped_column(Numeric)
    ended_at: Mapped[dt.datetime | None]


class ScoreSheetRow(Base):
    """One edition of the score sheet: what it was computed from, and whose scores it holds.

    `basis` are the categories, the digests of all inputs, what is the same for all units of a
    category, the engine and the place in the journal's chain up to which the ledger was read;
    `units` (unit, category, total, digest of its `unit_score`) in the scheme's order. `digest` is
    of the document that is given out. `missing` counts the scores that could not be computed.
    `timetable` is what the scheme said about time, `ledger_phase` whether more entries could come.

    Editions from before keep the whole document as `content` instead.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (CheckConstraint("(content IS NULL) = (basis IS NOT NULL)", name="kept"),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    digest: Mapped[str]
    content: Mapped[dict[str, Any] | None]
    basis: Mapped[dict[str, Any] | None]
    units: Mapped[list[Any] | None] = mapped_column(JSONB)
    missing: Mapped[int]
    ledger_phase: Mapped[str]
    timetable: Mapped[Timetable | None] = mapped_column(Document(Timetable))
    computed_by: Mapped[str]
    computed_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class UnitScoreRow(Base):
    """What one unit scored in one edition, and what that was computed from (rules/sheet/record).

    Compressed JSON; its digest, by which it is vouched for, stands in the edition.
    """

    __tablename__ = "unit_score"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "edition"], ["score_sheet.cycle_id", "score_sheet.edition"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    packed: Mapped[bytes]


class InputDocumentRow(Base):
    """A document that editions were computed from, kept once: compressed JSON by its SHA-256.

    The scheme, the names, and of each unit its targets and what the surveys found.
    """

    __tablename__ = "input_document"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    packed: Mapped[bytes]


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


class FeedbackRow(Base):
    """That an edition was fed back: from then on each unit may read its own explanation."""

    __tablename__ = "feedback"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "edition"], ["score_sheet.cycle_id", "score_sheet.edition"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    fed_back_by: Mapped[str]
    fed_back_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
