"""Links of online forms, and the box in which what was answered waits until the wave stops."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from survey.tables.base import Base, InWave, now, refers_to

_KEY = ["cycle_id", "survey_id", "wave", "link"]


class FormLinkRow(InWave, Base):
    """A link by which one respondent answers once, about these units under the names that are put
    to him; of the secret there is the SHA-256."""

    __tablename__ = "form_link"
    __table_args__ = (
        UniqueConstraint("link"),
        refers_to("wave", "wave"),
    )

    link: Mapped[str] = mapped_column(Text, primary_key=True)
    draw_no: Mapped[int] = mapped_column(Integer)
    units: Mapped[dict[str, str]] = mapped_column(JSONB)
    respondent_group: Mapped[str | None] = mapped_column(Text)
    stratum: Mapped[str | None] = mapped_column(Text)
    drawn_by: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[dt.datetime] = now()


class FormLinkEndRow(InWave, Base):
    """That a link was used, or withdrawn.

    While its wave is open `form` holds what was answered. When the wave stops all forms leave
    together, in no order, for `response`, and nothing here says any more which was whose.
    `blinding` is random, so that what the journal has of the row leads to no answer either.
    """

    __tablename__ = "form_link_end"
    __table_args__ = (
        CheckConstraint("step IN ('used', 'withdrawn')", name="step"),
        CheckConstraint(
            "(form IS NULL) = (blinding IS NULL) AND (form IS NULL OR step = 'used')", name="form"
        ),
        ForeignKeyConstraint(_KEY, [f"form_link.{name}" for name in _KEY]),
    )

    link: Mapped[str] = mapped_column(Text, primary_key=True)
    step: Mapped[str] = mapped_column(Text)
    form: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    blinding: Mapped[str | None] = mapped_column(Text)
