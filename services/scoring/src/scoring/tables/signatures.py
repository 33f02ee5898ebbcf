"""Signatures of a second person of a unit, beside the entries that it hands in."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class EntrySignatureRow(Base):
    """That a second person of the unit that made it has signed an entry off: once, says the key.

    Without a foreign key to the entry, whose check could read all entries of a cycle.
    """

    __tablename__ = "entry_signature"
    __table_args__ = (ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    signer: Mapped[str]
    signer_person: Mapped[str]
    signed_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
