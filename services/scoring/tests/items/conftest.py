"""A service whose database has a clock of its own, which days can pass on."""

from itertools import count
from uuid import uuid4

import asyncpg
import pytest
from services.scoring.tests.conftest import Cycle
from services.scoring.tests.items.working import Items


class Clock:
    """The clock of the database; it only goes on."""

    def __init__(self, service) -> None:
        self._service = service

    async def pass_days(self, days: int) -> None:
        await self._service.sql("UPDATE shifted.clock SET days = days + $1", days)

    async def today(self) -> str:
        """The day in the scheme's time zone."""
        told = "SELECT timezone('Asia/Shanghai', shifted.clock_timestamp())::date::text AS day"
        return (await self._service.sql(told))[0]["day"]


# Before the catalogue's own, so that whoever asks what time it is is told by this one.
_SHIFTED = """
    CREATE SCHEMA shifted;
    CREATE TABLE shifted.clock (days integer NOT NULL);
    INSERT INTO shifted.clock VALUES (0);
    CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
      'SELECT pg_catalog.clock_timestamp() + days * interval ''1 day'' FROM shifted.clock';
    GRANT USAGE ON SCHEMA shifted TO PUBLIC;
    GRANT SELECT ON shifted.clock TO PUBLIC;
    """


@pytest.fixture(scope="session")
async def shifting(run_service, databases, postgres, others, tmp_path_factory):
    from scoring.app import create_app
    from scoring.settings import Settings

    urls = databases("scoring")
    name = urls.app.rsplit("/", 1)[1].partition("?")[0]
    connection = await asyncpg.connect(postgres.url(name), ssl=False)
    await connection.execute(_SHIFTED)
    await connection.execute(f"ALTER DATABASE {name} SET search_path = shifted, pg_catalog, public")
    await connection.close()
    kept = tmp_path_factory.mktemp("evidence")
    stores = {"evidence_store": str(kept), "complaint_keys": str(kept / "complaint-keys")}
    more = {"settings": Settings, "urls": urls, **stores}
    return await run_service("scoring", create_app, peers=others, **more)


@pytest.fixture(scope="session")
def clock(shifting) -> Clock:
    return Clock(shifting)


@pytest.fixture(scope="session")
def new_items(shifting):
    """A factory of cycles with items, on the clock that days pass on."""
    numbers = count(1)

    def make() -> Items:
        cycle_id = uuid4()
        path = f"/api/v1/cycles/{cycle_id}"
        return Items(Cycle(shifting, cycle_id, path, next(numbers)))

    return make


@pytest.fixture
def items(new_items) -> Items:
    return new_items()
