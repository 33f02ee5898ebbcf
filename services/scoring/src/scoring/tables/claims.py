"""Bonus and deduction claims, their states, and what each takes of an award."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKeyConstraint,
    Identity,
    Index,
    Numeric,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class ClaimRow(Base):
    """A bonus or deduction claim (加减分申报) as it was handed in; scoring decides it.

    `fingerprint`, `number_key` and `authority_key` tell its document in the one form in which
    claims are compared, over units, categories and cycles (rules/awards.py); `matter_key` is the
    number of a matter that its event is known by, in that form. `counted_before` is
    the claimants' own word, of claims from when they were asked for it; nothing is decided by it.
    `revokes` is the claim of an earlier year whose award was revoked since, which brought
    `revoked_points` there.
    `carried_from` is the claim of the cycle before that arrived as this one; one arrives once.
    What several units filed together has `filed_with`, the claim of the unit that leads, in each
    of their claims, and the `proposed_share` of each where they share the award.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("cycle_id", "unit", "claim_no"),
        Index(None, "cycle_id", "number"),
        Index("ix_claim_fingerprint", "fingerprint"),
        Index("ix_claim_number_key", "number_key"),
        Index("ix_claim_authority_key_document_date", "authority_key", "document_date"),
        Index("uq_claim_carried_from", "carried_from", unique=True),
        ForeignKeyConstraint(
            ["carried_from_cycle", "carried_from"],
            ["claim.cycle_id", "claim.claim_id"],
            name="fk_claim_carried_from",
        ),
        ForeignKeyConstraint(
            ["cycle_id", "filed_with"],
            ["claim.cycle_id", "claim.claim_id"],
            name="fk_claim_filed_with",
        ),
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
    place: Mapped[str | None]
    holder_kind: Mapped[str]
    revokes: Mapped[uuid.UUID | None]
    revoked_points: Mapped[Decimal | None] = mapped_column(Numeric)
    counted_before: Mapped[bool | None]
    fingerprint: Mapped[str]
    number_key: Mapped[str]
    authority_key: Mapped[str]
    matter_key: Mapped[str] = mapped_column(server_default="")
    author: Mapped[str]
    author_person: Mapped[str]
    author_unit: Mapped[str | None]
    carried_from_cycle: Mapped[uuid.UUID | None]
    carried_from: Mapped[uuid.UUID | None]
    filed_with: Mapped[uuid.UUID | None]
    proposed_share: Mapped[Decimal | None] = mapped_column(Numeric)
    handed_in_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ClaimStateRow(Base):
    """A state that a claim entered; that of its highest `step`, from 1, is its present one.

    `award`, `item` and `counts` are what the person who confirmed it said about its document.
    `proposed` is what the rules said of it then, with their points; `against` are the points that
    were decided against that. `earlier_points` is what its event brought in earlier years, where
    the scheme looks at them. `agreed` is what the unit says of a filing that another made for it.
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
    proposed: Mapped[str | None]
    proposed_points: Mapped[Decimal | None] = mapped_column(Numeric)
    against: Mapped[Decimal | None] = mapped_column(Numeric)
    earlier_points: Mapped[Decimal | None] = mapped_column(Numeric)
    agreed: Mapped[bool | None]
    actor: Mapped[str]
    person: Mapped[str]
    reason: Mapped[str | None]
    document_no: Mapped[str | None]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class CountedAwardRow(Base):
    """What a claim takes of an award, from the `step` that said so until `ended_at`.

    The keys of what has not ended hold over all cycles: one claim has the whole of an award, or
    each unit one share. A trigger keeps the shares from coming to more than the whole. What is
    `listed` counts beside that, for the `holder` that the document's list names.
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
            postgresql_where=text("ended_at IS NULL AND share = 1 AND NOT listed"),
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
    holder: Mapped[str]
    listed: Mapped[bool]
    ended_at: Mapped[dt.datetime | None]
