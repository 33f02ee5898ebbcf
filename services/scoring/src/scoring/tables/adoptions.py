"""Which entries were taken over from another cycle."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class AdoptedEntryRow(Base):
    """That an entry was taken over (沿用) from one of another cycle, which it names.

    `digest` is of all that the other one said then; it never changes. Without foreign keys to the
    entries, whose check could read all entries of a cycle, and to the other cycle, which need not
    be here where this one was restored.
    """

    __tablename__ = "adopted_entry"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(None, "cycle_id", "number"),
        Index(None, "from_entry_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    from_cycle_id: Mapped[uuid.UUID]
    from_entry_id: Mapped[uuid.UUID]
    digest: Mapped[str]
    adopted_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
