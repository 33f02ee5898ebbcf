"""What people said in their own words."""

import uuid

from sqlalchemy import ForeignKeyConstraint, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.tables.base import Base


class OpinionRow(Base):
    """A free text about a unit, as it was sent: quarantined, whatever becomes of it.

    Its id is drawn at random, and says nothing of when it came. One that came with an interview has
    the token and the generation of its response; one that came alone may have a `channel`.
    """

    __tablename__ = "opinion"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"], ["wave.cycle_id", "wave.survey_id", "wave.wave"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    opinion_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID]
    wave: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(Text)
    batch_no: Mapped[str] = mapped_column(Text)
    respondent_token: Mapped[str | None] = mapped_column(Text)
    generation: Mapped[int | None] = mapped_column(Integer)
    interviewer: Mapped[str | None] = mapped_column(Text)
    respondent_group: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
