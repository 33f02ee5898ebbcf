"""A service whose database has a clock that tests set: a year's days pass in a minute."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import asyncpg
from tests.system.computed_otherwise import CITY

from postgres_supervisor import Postgres, Urls

# Before the catalogue's own, so that whoever asks what time it is is told by this one; columns
# that are filled by themselves were bound to the other one when they were made.
_CLOCK = """
    CREATE SCHEMA set_clock;
    CREATE TABLE set_clock.ahead (by interval NOT NULL);
    INSERT INTO set_clock.ahead VALUES ('0');
    CREATE FUNCTION set_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
      'SELECT pg_catalog.clock_timestamp() + by FROM set_clock.ahead';
    GRANT USAGE ON SCHEMA set_clock TO PUBLIC;
    GRANT SELECT ON set_clock.ahead TO PUBLIC;
    DO $$
    DECLARE of record;
    BEGIN
      FOR of IN SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_default = 'clock_timestamp()'
          AND (table_name ~ '^(supervised|complaint|self_|check|ledger_entry|evidence)'
            OR table_name ~ '^(feedback|objection|correction)')
      LOOP
        EXECUTE format('ALTER TABLE public.%I ALTER %I SET DEFAULT set_clock.clock_timestamp()',
          of.table_name, of.column_name);
      END LOOP;
    END $$;
"""


# Releases ask for the moment of their transaction.
_NOW = """
    CREATE FUNCTION set_clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS
      'SELECT pg_catalog.now() + by FROM set_clock.ahead';
"""


def whose_days_pass(
    postgres: Postgres, databases: Callable[[str], Urls], of: str = "scoring"
) -> Callable[[str], Urls]:
    """Return what makes databases, the one of a service with a clock that is set."""

    def make(part: str) -> Urls:
        urls = databases(part)
        if part == of:
            name = urls.app.rsplit("/", 1)[1].partition("?")[0]
            clock = _CLOCK + (_NOW if of == "ranking" else "")
            asyncio.run(_install(postgres.url(name), name, clock))
        return urls

    return make


async def _install(url: str, name: str, clock: str) -> None:
    connection = await asyncpg.connect(url, ssl=False)
    await connection.execute(clock)
    path = "set_clock, pg_catalog, public"
    await connection.execute(f"ALTER DATABASE {name} SET search_path = {path}")
    await connection.close()


@dataclass
class Clock:
    """The clock of a service's database; it only goes on."""

    run: Callable[..., None]
    ask: Callable[[str], dt.datetime]

    def now(self) -> dt.datetime:
        """Return how late it is there."""
        return self.ask("SELECT set_clock.clock_timestamp()")

    def set(self, moment: dt.datetime) -> None:
        """Let it be so late."""
        sql = "UPDATE set_clock.ahead SET by = $1::timestamptz - pg_catalog.clock_timestamp()"
        self.run(sql, moment)

    def begin(self, day: dt.date) -> None:
        """Let a day begin, in the city."""
        self.set(dt.datetime.combine(day, dt.time(8), CITY))

    def back(self) -> None:
        """Let it be as late as it is."""
        self.run("UPDATE set_clock.ahead SET by = '0'")


@contextmanager
def clock_of(url: str) -> Iterator[Clock]:
    """Give the clock of a database, which is set right afterwards."""
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect(url, ssl=False))
    clock = Clock(
        lambda *told: loop.run_until_complete(connection.execute(*told)),
        lambda sql: loop.run_until_complete(connection.fetchval(sql)),
    )
    try:
        yield clock
        clock.back()
    finally:
        loop.run_until_complete(connection.close())
        loop.close()
