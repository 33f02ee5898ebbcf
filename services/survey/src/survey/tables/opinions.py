"""What people said in their own words, and what was decided about it."""

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Integer,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from survey.tables.base import Base, InWave, now, refers_to


class OpinionRow(Base):
    """A free text about a unit, as it was sent: quarantined, whatever becomes of it.

    Its id is drawn at random, and says nothing of when it came. One that came with an interview has
    the token and the generation of its response; one that came alone may have a `channel`.
    """

    __tablename__ = "opinion"
    __table_args__ = (refers_to("wave", "wave"),)

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


class OpinionReviewRow(Base):
    """What somebody proposes to become of an opinion; the newest one of it may be confirmed.

    An accepted one has the `wording` in which it may be read, with nothing in it that identifies
    anybody.
    """

    __tablename__ = "opinion_review"
    __table_args__ = (
        CheckConstraint("verdict IN ('accept', 'reject', 'merge')", name="verdict"),
        ForeignKeyConstraint(
            ["cycle_id", "opinion_id"], ["opinion.cycle_id", "opinion.opinion_id"]
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    opinion_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    review_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    verdict: Mapped[str] = mapped_column(Text)
    wording: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    merged_into: Mapped[uuid.UUID | None]
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[dt.datetime] = now()


class OpinionReviewConfirmationRow(Base):
    """The confirmation of a review by somebody else: one for each opinion, for good."""

    __tablename__ = "opinion_review_confirmation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "opinion_id", "review_no"],
            ["opinion_review.cycle_id", "opinion_review.opinion_id", "opinion_review.review_no"],
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    opinion_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    review_no: Mapped[int] = mapped_column(Integer)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[dt.datetime] = now()


class OpinionPublicationRow(InWave, Base):
    """That the accepted opinions of a wave were published."""

    __tablename__ = "opinion_publication"
    __table_args__ = (refers_to("wave", "wave"),)

    published: Mapped[int] = mapped_column(Integer)
    published_by: Mapped[str] = mapped_column(Text)
    published_person: Mapped[str] = mapped_column(Text)
    published_at: Mapped[dt.datetime] = now()
