"""The calendars that came with the program, as the State Council announced them."""

import csv
from datetime import date
from pathlib import Path

from chassis.deadlines import Calendar

HOLIDAYS = Path(__file__).parents[3] / "services/indicators/migrations/holidays.csv"


def announced(*years: int) -> Calendar:
    """The calendar of years as the State Council announced them."""
    with HOLIDAYS.open(encoding="utf-8") as file:
        days = [(date.fromisoformat(row["day"]), row["kind"]) for row in csv.DictReader(file)]
    known = [(day, kind) for day, kind in days if day.year in years]
    working = frozenset(day for day, kind in known if kind == "working")
    resting = frozenset(day for day, kind in known if kind == "resting")
    return Calendar(working, resting, frozenset(years))


YEARS = announced(2024, 2025, 2026)
