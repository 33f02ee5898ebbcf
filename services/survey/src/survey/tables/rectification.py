"""What units are asked to mend (整改事项), and what came of it."""

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from survey.tables.base import Base, now


class RectificationItemRow(Base):
    """That a unit is asked to mend something by a day; the `origin` says why, by its kind and
    id."""

    __tablename__ = "rectification_item"
    __table_args__ = (
        CheckConstraint("origin_kind IN ('opinion')", name="origin_kind"),
        UniqueConstraint("cycle_id", "origin_kind", "origin_id", "unit"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    origin_kind: Mapped[str] = mapped_column(Text)
    origin_id: Mapped[uuid.UUID]
    unit: Mapped[str] = mapped_column(Text)
    request: Mapped[str] = mapped_column(Text)
    deadline: Mapped[dt.date] = mapped_column(Date)
    assigned_by: Mapped[str] = mapped_column(Text)
    assigned_person: Mapped[str] = mapped_column(Text)
    assigned_at: Mapped[dt.datetime] = now()


class RectificationStepRow(Base):
    """A reply of the unit, or what became of it; the last one says how far the item is."""

    __tablename__ = "rectification_step"
    __table_args__ = (
        CheckConstraint("step IN ('replied', 'accepted', 'returned')", name="step"),
        ForeignKeyConstraint(
            ["cycle_id", "item_id"],
            ["rectification_item.cycle_id", "rectification_item.item_id"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    step: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    taken_by: Mapped[str] = mapped_column(Text)
    taken_person: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[dt.datetime] = now()
