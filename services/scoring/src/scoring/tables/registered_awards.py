"""Awards and titles of units (奖项、称号), their holders, and the states they have been in."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, Date, ForeignKeyConstraint, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class RegisteredAwardRow(Base):
    """An award or a title as somebody registered it, with its document, whether or not anybody
    claims points for it.

    `fingerprint` is that of the document, as claims have it: what is only written another way is
    equal, over cycles. `authority` is whoever gave it, `granted_by` its code where it is a unit;
    `priority` is the special priority by which it was given in the own name of who evaluates.
    """

    __tablename__ = "registered_award"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(None, "cycle_id", "number"),
        Index("ix_registered_award_fingerprint", "fingerprint"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    award_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    kind: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    level: Mapped[str]
    authority: Mapped[str]
    granted_by: Mapped[str | None]
    document_no: Mapped[str]
    document_date: Mapped[dt.date] = mapped_column(Date)
    awarded_on: Mapped[dt.date] = mapped_column(Date)
    in_own_name: Mapped[bool]
    priority: Mapped[str | None]
    fingerprint: Mapped[str]
    author: Mapped[str]
    author_person: Mapped[str]
    author_unit: Mapped[str | None]
    registered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class RegisteredAwardHolderRow(Base):
    """Who has a registered award: a unit, a body below it, or a person of it, under the name that
    the document gives; `holder_key` is that name in the form in which names are compared."""

    __tablename__ = "registered_award_holder"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "award_id"], ["registered_award.cycle_id", "registered_award.award_id"]
        ),
        Index(None, "cycle_id", "unit"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    award_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    holder_no: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit: Mapped[str]
    holder_name: Mapped[str]
    holder_kind: Mapped[str]
    holder_key: Mapped[str]


class RegisteredAwardStateRow(Base):
    """A state that a registered award entered; that of its highest `step`, from 1, is its present
    one."""

    __tablename__ = "registered_award_state"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "award_id"], ["registered_award.cycle_id", "registered_award.award_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    award_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[str]
    reason: Mapped[str | None]
    actor: Mapped[str]
    person: Mapped[str]
    entered_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
