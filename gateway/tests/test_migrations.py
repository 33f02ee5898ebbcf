"""The revision scripts and the tables say the same."""

from sqlalchemy.ext.asyncio import create_async_engine

import gateway.messages.tables  # noqa: F401 - its tables are among them
from gateway.webhooks.tables import Base
from service_testing import schema_differences


async def test_the_tables_are_as_the_migrations_make_them(databases):
    engine = create_async_engine(databases("gateway").owner)
    async with engine.connect() as connection:
        assert await connection.run_sync(schema_differences, Base.metadata) == []
    await engine.dispose()
