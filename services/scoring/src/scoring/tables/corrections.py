"""Corrections of the sealed record (封存后更正): what was proposed, and what was decided."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import Date, ForeignKeyConstraint, Index, Numeric, func, text
from sqlalchemy.orm import Mapped, mapped_column

from scoring.rules.corrections.correcting import APPROVED
from scoring.tables.base import Base


class CorrectionRow(Base):
    """A correction of a sealed ledger as it was proposed, with the document that it rests on.

    `objection_id` is the objection that was upheld, where it rests on one. `corrects` is the entry,
    the claim or the correction whose place it takes or that it takes out; null where it adds an
    entry. `claim_id` is the claim that it is about, if it is; then it is no indicator's. What an
    overturned entry costs is added by a correction of its own that `rests_on` the one which
    overturned it, as is what the points of a joint award are to its other units: one for each, says
    the index. The rest is what an entry would tell. `person` is the human being behind `actor`.
    """

    __tablename__ = "correction"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        ForeignKeyConstraint(
            ["cycle_id", "rests_on"],
            ["correction.cycle_id", "correction.correction_id"],
            name="fk_correction_rests_on",
        ),
        ForeignKeyConstraint(
            ["cycle_id", "claim_id"],
            ["claim.cycle_id", "claim.claim_id"],
            name="fk_correction_claim_id",
        ),
        Index("ix_correction_claim_id", "claim_id"),
        Index(
            "uq_correction_rests_on_unit",
            "cycle_id",
            "rests_on",
            "unit",
            unique=True,
            postgresql_where=text("rests_on IS NOT NULL"),
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    correction_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    origin: Mapped[str]
    issuer: Mapped[str]
    document_no: Mapped[str]
    document_date: Mapped[dt.date] = mapped_column(Date)
    objection_id: Mapped[uuid.UUID | None]
    rests_on: Mapped[uuid.UUID | None]
    reason: Mapped[str]
    what: Mapped[str]
    corrects: Mapped[uuid.UUID | None]
    unit: Mapped[str]
    indicator: Mapped[str | None]
    kind: Mapped[str]
    key: Mapped[str | None]
    item: Mapped[str | None]
    period: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric)
    word: Mapped[str | None]
    occurred_on: Mapped[dt.date | None] = mapped_column(Date)
    claim_id: Mapped[uuid.UUID | None]
    actor: Mapped[str]
    person: Mapped[str]
    proposed_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CorrectionDecisionRow(Base):
    """What was decided about a correction, once, by another person than who proposed it. Of what
    `corrects` the same only one is approved, says the index. `kept_alone` says why what it
    overturned costs nobody, where the scheme has that cost something."""

    __tablename__ = "correction_decision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "correction_id"],
            ["correction.cycle_id", "correction.correction_id"],
        ),
        Index(
            "uq_correction_decision_corrects",
            "cycle_id",
            "corrects",
            unique=True,
            postgresql_where=text(f"corrects IS NOT NULL AND decision = '{APPROVED}'"),
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    correction_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    decision: Mapped[str]
    corrects: Mapped[uuid.UUID | None]
    text: Mapped[str | None]
    kept_alone: Mapped[str | None]
    actor: Mapped[str]
    person: Mapped[str]
    decided_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
