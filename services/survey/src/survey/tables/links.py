"""Links of online forms, and the box in which what was answered waits until the wave stops."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from survey.tables.base import Base, InWave, drawn, now, refers_to


class FormLinkRow(InWave, Base):
    """A link by which one respondent answers once, about these units under the names that are put
    to him; of the secret there is the SHA-256."""

    __tablename__ = "form_link"
    __table_args__ = (
        Index(None, "link"),
        refers_to("wave", "wave"),
    )

    link: Mapped[str] = mapped_column(Text, primary_key=True)
    draw_no: Mapped[int] = mapped_column(Integer)
    units: Mapped[dict[str, str]] = mapped_column(JSONB)
    respondent_group: Mapped[str | None] = mapped_column(Text)
    stratum: Mapped[str | None] = mapped_column(Text)
    drawn_by: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[dt.datetime] = now()


class FormLinkUseRow(InWave, Base):
    """That a link was used; nothing here leads to what was answered by it, and nothing that the
    journal has of it to the link."""

    __tablename__ = "form_link_use"
    __table_args__ = (refers_to("form_link", "wave", "link"),)

    link: Mapped[str] = mapped_column(Text, primary_key=True)
    blinding: Mapped[uuid.UUID] = drawn()


class FormLinkWithdrawalRow(InWave, Base):
    """That those links of a draw that have not been used can be used no more."""

    __tablename__ = "form_link_withdrawal"
    __table_args__ = (refers_to("wave", "wave"),)

    draw_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[dt.datetime] = now()


class BoxedFormRow(InWave, Base):
    """What was answered by a link that is not named here, under a key that is drawn.

    While its wave is open `form` holds the answers. When the wave stops all forms leave together,
    in no order, for `response`, and the random text beside each is drawn anew, so that what the
    journal has of the row leads to no answer.
    """

    __tablename__ = "boxed_form"
    __table_args__ = (refers_to("wave", "wave"),)

    form_id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=func.gen_random_uuid()
    )
    respondent_group: Mapped[str | None] = mapped_column(Text)
    stratum: Mapped[str | None] = mapped_column(Text)
    form: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    blinding: Mapped[uuid.UUID] = drawn()
