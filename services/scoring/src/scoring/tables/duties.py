"""Cards that were drawn for duties: each once, and never taken back."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, Date, ForeignKeyConstraint, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class DutyCardRow(Base):
    """A warning or a card that a duty has earned: once for each light, says the key.

    `shown_on` is the first day that showed it, whenever it was written; `due` the last day on time.
    """

    __tablename__ = "duty_card"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(None, "cycle_id", "number"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    light: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    due: Mapped[dt.date] = mapped_column(Date)
    shown_on: Mapped[dt.date] = mapped_column(Date)
    written_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
