"""Which unit goes on from which (沿革)."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Succession:
    """That a unit goes on from another from a day on."""

    unit: str
    predecessor: str
    effective_on: dt.date
