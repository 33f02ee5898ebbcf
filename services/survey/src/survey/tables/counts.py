"""Forms that were counted at meetings, and ballots that were cast from seats."""

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Document
from survey.rules.counts import MeetingForms, Votes
from survey.rules.satisfaction import Tally
from survey.tables.base import Base, InWave, drawn, now, refers_to


class MeetingCountRow(InWave, Base):
    """The forms of one meeting as they were counted; it counts once another person has confirmed
    it by counting the same."""

    __tablename__ = "meeting_count"
    __table_args__ = (refers_to("wave", "wave"),)

    count_no: Mapped[str] = mapped_column(Text, primary_key=True)
    respondent_group: Mapped[str | None] = mapped_column(Text)
    forms: Mapped[MeetingForms] = mapped_column(Document(MeetingForms))
    votes: Mapped[list[Votes]] = mapped_column(Document(list[Votes]))
    void: Mapped[list[str]] = mapped_column(JSONB)
    """Why it counts nothing; empty where it counts."""
    counted_by: Mapped[str] = mapped_column(Text)
    counted_person: Mapped[str] = mapped_column(Text)
    counted_at: Mapped[dt.datetime] = now()
    blinding: Mapped[uuid.UUID] = drawn()


class MeetingCountStepRow(InWave, Base):
    """That a count was confirmed, or withdrawn."""

    __tablename__ = "meeting_count_step"
    __table_args__ = (
        CheckConstraint("step IN ('confirmed', 'withdrawn')", name="step"),
        refers_to("meeting_count", "wave", "count_no"),
    )

    count_no: Mapped[str] = mapped_column(Text, primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str | None] = mapped_column(Text)
    taken_by: Mapped[str] = mapped_column(Text)
    taken_person: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[dt.datetime] = now()


class SeatRow(InWave, Base):
    """A seat from which one ballot is cast in a wave, and the account that holds it."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("cycle_id", "survey_id", "wave", "account"),
        refers_to("wave", "wave"),
    )

    seat: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    respondent_group: Mapped[str | None] = mapped_column(Text)


class SeatReplacementRow(InWave, Base):
    """That another account holds a seat from which no ballot has been cast; the newest holds."""

    __tablename__ = "seat_replacement"
    __table_args__ = (refers_to("seat", "wave", "seat"),)

    seat: Mapped[str] = mapped_column(Text, primary_key=True)
    replacement_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    account: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    replaced_by: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[dt.datetime] = now()


class UrnRow(InWave, Base):
    """The urn of a wave: the public part of the key for which its ballots are sealed."""

    __tablename__ = "urn"
    __table_args__ = (refers_to("wave", "wave"),)

    public_key: Mapped[bytes]
    set_up_by: Mapped[str] = mapped_column(Text)
    set_up_at: Mapped[dt.datetime] = now()


class BallotRow(InWave, Base):
    """The ballot from a seat, sealed for the urn: nobody who reads this table can open it."""

    __tablename__ = "ballot"
    __table_args__ = (refers_to("seat", "wave", "seat"),)

    seat: Mapped[str] = mapped_column(Text, primary_key=True)
    sealed: Mapped[bytes]


class VoterRow(InWave, Base):
    """That a person has cast a ballot in a wave, whichever account it was; the name is folded."""

    __tablename__ = "voter"
    __table_args__ = (refers_to("ballot", "wave", "seat"),)

    person: Mapped[str] = mapped_column(Text, primary_key=True)
    seat: Mapped[str] = mapped_column(Text)


class UrnOpeningRow(InWave, Base):
    """What all ballots of a wave come to, counted when its urn was opened; of no single one."""

    __tablename__ = "urn_opening"
    __table_args__ = (refers_to("urn", "wave"),)

    ballots: Mapped[int]
    tallies: Mapped[dict[str, list[Tally]]] = mapped_column(Document(dict[str, list[Tally]]))
    opened_by: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[dt.datetime] = now()
    blinding: Mapped[uuid.UUID] = drawn()
