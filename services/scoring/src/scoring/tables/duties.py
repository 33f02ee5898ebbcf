"""Cards that were drawn for duties, and who is in charge of these: never taken back."""

import datetime as dt
import uuid

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Identity,
    Index,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class DutyCardRow(Base):
    """A warning or a card that a duty has earned: once for each light, says the key.

    `shown_on` is the first day that earned it, by the record when it was written; `due` the last
    day on time.
    """

    __tablename__ = "duty_card"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(None, "cycle_id", "number"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    light: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    due: Mapped[dt.date] = mapped_column(Date)
    shown_on: Mapped[dt.date] = mapped_column(Date)
    written_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class DutyCardEventRow(Base):
    """What has become of a yellow or a red card where the scheme has cards count: the event that it
    is entered as, or why it stays a card alone.

    `handed_in_on` is when the duty was done, as it was known when the card was written. Without a
    foreign key to the entry, whose check could read all entries of a cycle.
    """

    __tablename__ = "duty_card_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "unit", "indicator", "period", "light"],
            [f"duty_card.{name}" for name in ("cycle_id", "unit", "indicator", "period", "light")],
        ),
        CheckConstraint("(entry_id IS NULL) <> (kept_alone IS NULL)", name="entered_or_not"),
        Index(None, "entry_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    light: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID | None]
    kept_alone: Mapped[str | None]
    handed_in_on: Mapped[dt.date | None] = mapped_column(Date)


class DutyPersonRow(Base):
    """Who is in charge, from a day on, of what a unit owes for an indicator, or for all of them.

    `lead` and `deputy` are named as people know them; a later row takes the place of none.
    """

    __tablename__ = "duty_person"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(None, "cycle_id", "number"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    unit: Mapped[str]
    indicator: Mapped[str | None]
    lead: Mapped[str]
    deputy: Mapped[str]
    assigned_by: Mapped[str]
    assigned_person: Mapped[str]
    from_day: Mapped[dt.date] = mapped_column(Date)
    assigned_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
