"""The ledger: its phase, its entries, and the states that each entry has been in."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    FetchedValue,
    ForeignKeyConstraint,
    Identity,
    Index,
    Numeric,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Document
from scoring.rules.ledger.periods import Periods
from scoring.rules.ledger.states import DRAFT, OPEN
from scoring.tables.base import Base, Derived


class LedgerRow(Base):
    """The phase of a cycle's ledger, and its periods that are closed.

    Writers lock it FOR SHARE, the seal and who closes a period FOR UPDATE.
    """

    __tablename__ = "ledger"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    phase: Mapped[str] = mapped_column(default=OPEN)
    sealed_at: Mapped[dt.datetime | None]
    periods: Mapped[Periods | None] = mapped_column(Document(Periods))


class LedgerEntryRow(Base):
    """One entry of the ledger (台账), as it was entered; `number` is the order of arrival.

    `author` is the subject of the caller who wrote it, `author_person` the human being behind that
    account, `author_unit` that caller's unit. A reversal is an entry too and names in `reverses`
    the one it takes out: once, says the key. What corrects a draft or a returned entry names that
    in `replaces`; what restates a verified entry names that in `restates`, and takes it out when it
    is verified itself. A mark from a seat (席位) names its panel in `panel`, the seat in `item`.
    Of a place in a list of the superior (上级排名) there is how many are `listed`, by which value,
    and in which document.
    `source_ref` is how the system that it comes from names it; of the entries that the unit made
    under one name it is the `source_version`th.
    `state` and `step` are those of its latest state; the database sets them when one is added.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint(
            "(source_ref IS NULL) = (source_version IS NULL)", name="source_ref_counted"
        ),
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(
            "uq_ledger_entry_cycle_id_reverses",
            "cycle_id",
            "reverses",
            unique=True,
            # Only of reversals: in a new cycle it would serve the lookup of every foreign key else.
            postgresql_where=text("reverses IS NOT NULL"),
        ),
        # Not unique: whether one is under way already depends on its state, and an index that looks
        # at the state would have to be written whenever an entry changes it.
        Index(
            None,
            "cycle_id",
            "restates",
            postgresql_where=text("restates IS NOT NULL"),
        ),
        # Of the id alone.
        Index(None, "entry_id"),
        Index(None, "cycle_id", "number"),
        Index(None, "cycle_id", "unit", "indicator"),
        # What a plain event can clash with; of events themselves a cell may have hundreds.
        # One expression, so that no other one serves however few rows are guessed.
        Index(
            "ix_ledger_entry_beside_events",
            text("((((cycle_id::text || ' '::text) || unit) || ' '::text) || indicator)"),
            "number",
            postgresql_where=text("key IS NULL OR key = 'zero_report'"),
        ),
        # The cycle as a text: no other index serves.
        Index(
            "ix_ledger_entry_restating",
            text("((cycle_id)::text)"),
            "number",
            postgresql_where=text("restates IS NOT NULL"),
        ),
        # In the order of seats and persons. One expression: no other index serves.
        Index(
            "ix_ledger_entry_seats",
            text("((cycle_id::text || ' '::text) || panel)"),
            "item",
            "author_person",
            postgresql_where=text("panel IS NOT NULL"),
        ),
        # A number in the place of a long text; one expression, so that no other index serves.
        Index(
            "ix_ledger_entry_subject",
            text(
                "hashtext((((((((((((cycle_id::text || ' '::text) || unit) || ' '::text)"
                " || indicator) || ' '::text) || kind) || ' '::text) || period) || ' '::text)"
                " || COALESCE(key, ''::text)) || ' '::text) || COALESCE(item, ''::text))"
            ),
            "number",
        ),
        Index(
            "ix_ledger_entry_on_a_day",
            text(
                "hashtext((((((((((((cycle_id::text || ' '::text) || unit) || ' '::text)"
                " || indicator) || ' '::text) || kind) || ' @'::text)"
                " || ((occurred_on - '2000-01-01'::date))::text) || ' '::text)"
                " || COALESCE(key, ''::text)) || ' '::text) || COALESCE(item, ''::text))"
            ),
            "number",
            postgresql_where=text("occurred_on IS NOT NULL"),
        ),
        # Of all cycles: a result counts in one of them.
        Index("ix_ledger_entry_results", "unit", postgresql_where=text("kind = 'external_result'")),
        # Two at once cannot both be the first under a name, nor both follow the same one.
        Index(
            "uq_ledger_entry_source_ref",
            text("((cycle_id::text || ' '::text) || source_ref)"),
            "author_unit",
            "source_version",
            "cycle_id",
            unique=True,
            postgresql_where=text("source_ref IS NOT NULL"),
        ),
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
    listed: Mapped[int | None] = mapped_column(BigInteger)
    published_value: Mapped[Decimal | None] = mapped_column(Numeric)
    document_no: Mapped[str | None]
    document_date: Mapped[dt.date | None] = mapped_column(Date)
    authority: Mapped[str | None]
    about_from: Mapped[dt.date | None] = mapped_column(Date)
    about_until: Mapped[dt.date | None] = mapped_column(Date)
    author: Mapped[str]
    author_unit: Mapped[str]
    author_person: Mapped[str]
    reverses: Mapped[uuid.UUID | None]
    replaces: Mapped[uuid.UUID | None]
    restates: Mapped[uuid.UUID | None]
    panel: Mapped[str | None]
    source_ref: Mapped[str | None]
    source_version: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default=DRAFT)
    step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class EntryStandingRow(Derived):
    """Where an entry stands: by `state`, in order of arrival, with all that readers differ by.

    An index over the state on the entries themselves would be written, with all their others, by
    every move. `author` is there of marks from a seat only.
    """

    __tablename__ = "ledger_entry_standing"
    __table_args__ = (
        *(
            # One expression, so that no other index serves however few rows are guessed.
            Index(
                f"ix_ledger_entry_standing_{column}",
                "cycle_id",
                text(f"(({column} || ' '::text) || state)"),
                "number",
                postgresql_where=text("author IS NOT NULL") if column == "author" else None,
            )
            for column in ("unit", "indicator", "author_unit", "author", "kind", "period")
        ),
        Index(
            "ix_ledger_entry_standing_source",
            "cycle_id",
            text("((((author_unit || ' '::text) || indicator) || ' '::text) || state)"),
            "number",
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[uuid.UUID]
    unit: Mapped[str]
    indicator: Mapped[str]
    author_unit: Mapped[str]
    panel: Mapped[str | None]
    author: Mapped[str | None]
    kind: Mapped[str]
    period: Mapped[str]


class EntryLikenessRow(Base):
    """By the number of which `document` an entry is known, and which latest entry of its unit
    before it, `like_id`, names it too; with "", which is about the same. `number` is the order of
    arrival.

    Without a foreign key to the entry, whose check could read all entries of a cycle.
    """

    __tablename__ = "entry_likeness"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(
            "ix_entry_likeness_document",
            text("((((cycle_id::text || ' '::text) || unit) || ' '::text) || document)"),
            "number",
        ),
        Index(
            "ix_entry_likeness_unit",
            text("((cycle_id::text || ' '::text) || unit)"),
            "number",
            postgresql_where=text("like_id IS NOT NULL"),
        ),
        Index(
            "ix_entry_likeness_cycle",
            text("((cycle_id)::text)"),
            "number",
            postgresql_where=text("like_id IS NOT NULL"),
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    unit: Mapped[str]
    like_id: Mapped[uuid.UUID | None]


class LedgerCountRow(Derived):
    """How many entries about a unit, or with "" of the whole cycle, are in a state.

    It is the sum over all slots: who writes at the same time counts in a slot of its own.
    """

    __tablename__ = "ledger_count"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)


class HandInRow(Base):
    """That an organiser declared its category complete (汇总上报): the latest `number` counts.

    `digest` is of how every entry about its units stood: once one moves, the hand-in is withdrawn.
    `missing` scores and `waiting` entries there were, for the `reason`.
    """

    __tablename__ = "hand_in"
    __table_args__ = (ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str]
    actor: Mapped[str]
    person: Mapped[str]
    reason: Mapped[str | None]
    missing: Mapped[int] = mapped_column(BigInteger)
    waiting: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str]
    handed_in_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class LedgerEntryStateRow(Base):
    """A state that an entry entered; that of its highest `step`, from 1, is its present one.

    There is no state without its entry: the database looks, without a foreign key, whose check
    could read all entries of a cycle.

    `person` is the human being behind the account `actor` who decided about it; null where it was
    no decision, or from before it was kept.
    """

    __tablename__ = "ledger_entry_state"
    __table_args__ = (Index("ix_ledger_entry_state_record", "record", "entry_id"),)

    # The states of one record are listed in the order of their entries; a seal is one record.
    record: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue(), sort_order=1000)
    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[str]
    actor: Mapped[str]
    person: Mapped[str | None]
    reason: Mapped[str | None]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
