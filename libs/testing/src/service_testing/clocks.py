"""A database with a clock of its own, which days can pass on."""

from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg

from chassis.recording import IS_CLUSTER
from service_testing import Running


def in_the_city(moment: str) -> str:
    """Return an instant with the local time of the city, eight hours ahead of UTC."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo("Asia/Shanghai")).isoformat()


class Clock:
    """The clock of a database; it only goes on."""

    def __init__(self, service: Running) -> None:
        self._service = service

    async def pass_days(self, days: int) -> None:
        """Let days pass."""
        await self._service.sql("UPDATE shifted.clock SET days = days + $1", days)

    async def today(self) -> str:
        """Return the day in the scheme's time zone."""
        told = "SELECT timezone('Asia/Shanghai', shifted.clock_timestamp())::date::text AS day"
        day: str = (await self._service.sql(told))[0]["day"]
        return day


# Before the catalogue's own, so that whoever asks what time it is is told by this one.
_CLOCK = """
    CREATE SCHEMA shifted;
    CREATE TABLE shifted.clock (days integer NOT NULL);
    INSERT INTO shifted.clock VALUES (0)
    """
# A cluster asks other machines, and itself, for what is of the catalogue by its bare name.
_SHIFTED = """
    CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
      SET search_path = pg_catalog AS
      'SELECT pg_catalog.clock_timestamp() + days * interval ''1 day'' FROM shifted.clock';
    CREATE FUNCTION shifted.now() RETURNS timestamptz LANGUAGE sql STABLE
      SET search_path = pg_catalog AS
      'SELECT pg_catalog.now() + days * interval ''1 day'' FROM shifted.clock';
    CREATE FUNCTION shifted.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
      SET search_path = pg_catalog AS
      'SELECT pg_catalog.statement_timestamp() + days * interval ''1 day'' FROM shifted.clock';
    GRANT USAGE ON SCHEMA shifted TO PUBLIC;
    GRANT SELECT ON shifted.clock TO PUBLIC;
    """
_ON_EVERY_MACHINE = "SELECT create_reference_table('shifted.clock')"


async def shift(url: str, name: str) -> None:
    """Give the database of that name, at its owner's URL, a clock that days can pass on; on a
    cluster one for all machines."""
    connection = await asyncpg.connect(url, ssl=False)
    try:
        await connection.execute(_CLOCK)
        if await connection.fetchval(IS_CLUSTER):
            await connection.execute(_ON_EVERY_MACHINE)
        for each in _SHIFTED.strip().removesuffix(";").split(";\n"):
            await connection.execute(each)
        await connection.execute(
            f"ALTER DATABASE {name} SET search_path = shifted, pg_catalog, public"
        )
    finally:
        await connection.close()
