"""What all tables of this service have in common."""

from sqlalchemy.orm import DeclarativeBase, Mapped

from chassis.db import metadata, recorded_in


class Base(DeclarativeBase):
    """The tables of this service, and of no other."""

    metadata = metadata()

    record: Mapped[int] = recorded_in()
