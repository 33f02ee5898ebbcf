"""What all tables of this service have in common."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import DateTime, ForeignKeyConstraint, Integer, Uuid, func
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column

from chassis.db import metadata, recorded_in


class Base(DeclarativeBase):
    """The tables of this service, and of no other."""

    metadata = metadata()

    @declared_attr
    def record(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy calls it so
        """Which transaction added the row."""
        return recorded_in(cls.__tablename__)


class InSurvey:
    """The part of a key that says of which survey a row is; it comes first."""

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-3)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-2)


class InWave(InSurvey):
    """The part of a key that says of which wave a row is; it comes first."""

    wave: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-1)


def now() -> MappedColumn[dt.datetime]:
    """Return a column for the moment at which the database took the row."""
    return mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


def drawn() -> MappedColumn[uuid.UUID]:
    """Return a random column: without it nobody finds from the digest of a row what it says."""
    return mapped_column(Uuid(), server_default=func.gen_random_uuid())


def refers_to(table: str, *key: str) -> ForeignKeyConstraint:
    """Return the constraint that there is a row of another table with the same survey, and the
    same values of the other columns of its key."""
    names: list[Any] = ["cycle_id", "survey_id", *key]
    return ForeignKeyConstraint(names, [f"{table}.{name}" for name in names])
