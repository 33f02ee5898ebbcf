"""What all tables of this service have in common."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    DateTime,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr

from chassis.db import metadata, recorded_in


class Base(DeclarativeBase):
    """The tables of this service, and of no other."""

    metadata = metadata()
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text(),
        dict[str, Any]: JSONB(),
        dt.datetime: DateTime(timezone=True),
    }

    @declared_attr
    def record(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy calls it so
        """Which transaction added the row."""
        return recorded_in(cls.__tablename__)


class Derived(DeclarativeBase):
    """Tables that follow from others: the database keeps them, and compares them with those.

    The journal vouches for what they follow from.
    """

    metadata = Base.metadata
    type_annotation_map = Base.type_annotation_map
