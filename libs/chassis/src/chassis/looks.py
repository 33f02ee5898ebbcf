"""What every service looks at when somebody watches it: its database, journal, disks and marks."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import metrics, watching
from chassis.db import one_row
from chassis.health import Readiness
from chassis.settings import Settings

_MOST_MARKS = 20

JOURNAL_ENTRIES = metrics.gauge("journal_entries", "Entries of the journal, of all its chains.")
JOURNAL_LAST = metrics.gauge(
    "journal_last_entry_timestamp_seconds", "When the newest entry of the journal was recorded."
)
LONGEST = metrics.gauge(
    "database_longest_transaction_seconds", "For how long the oldest transaction has been open."
)
DATABASE_SIZE = metrics.gauge("database_size_bytes", "Bytes of the database.")
CLOCK = metrics.gauge(
    "clock_difference_seconds", "How far the clock of the database is ahead of the machine's."
)
LAST_SUCCESS = metrics.gauge(
    "last_success_timestamp_seconds",
    "When something that is done again and again went well.",
    "what",
)

_QUESTION = """
    SELECT (SELECT coalesce(sum(seq), 0)::float8 FROM journal_head),
      (SELECT coalesce(extract(epoch FROM max(e.recorded_at)), 0)::float8
        FROM journal_head h JOIN journal_entry e
          ON e.home = h.home AND e.chain = h.chain AND e.seq = h.seq),
      (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8
        FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()),
      pg_database_size(current_database())::float8,
      extract(epoch FROM clock_timestamp())::float8
    """


def of_service(app: FastAPI, settings: Settings) -> dict[str, watching.Look]:
    """Return what a service looks at, by name; one adds to that by `WATCH.add`."""
    readiness: Readiness = app.state.readiness

    async def ready() -> None:
        await readiness.holds()

    places = {"temporary": Path(tempfile.gettempdir()), **settings.watched_disks}
    if settings.checkpoints is not None:
        places["checkpoints"] = settings.checkpoints
    found: dict[str, watching.Look] = {"ready": ready, "database": _database(app.state.looks)}
    found["disks"] = watching.disks(places)
    if settings.marks is not None:
        found["marks"] = marks(settings.marks)
    return found


def _database(engine: AsyncEngine) -> watching.Look:
    async def look() -> None:
        before = time.time()
        entries, last, longest, size, clock = await one_row(engine, _QUESTION)
        after = time.time()
        JOURNAL_ENTRIES.set(entries)
        JOURNAL_LAST.set(last)
        LONGEST.set(longest)
        DATABASE_SIZE.set(size)
        CLOCK.set(clock - min(max(clock, before), after))

    return look


def marks(folder: Path) -> watching.Look:
    """Return the look at the marks that other programs leave when something went well."""

    async def look() -> None:
        for name, at in _marked(folder).items():
            LAST_SUCCESS.labels(name).set(at)

    return look


def _marked(folder: Path) -> Mapping[str, float]:
    found = sorted(each for each in folder.iterdir() if each.name.replace("-", "").isalpha())
    return {each.name: each.stat().st_mtime for each in found[:_MOST_MARKS]}
