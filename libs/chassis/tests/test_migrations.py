"""Migrations: when a database counts as up to date."""

import asyncio
from pathlib import Path

import asyncpg
from alembic.config import Config

from chassis.migrations import is_current


async def run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def test_a_database_that_has_had_every_revision_is_current(databases):
    """Planted bug: a table that is not there yet counts as current, and nothing is migrated."""
    home = Path(__file__).parent
    config = Config(home / "alembic.ini")
    config.set_main_option("script_location", str(home / "lending_migrations"))
    urls = databases("lending", home)
    assert is_current(config, urls.owner)
    asyncio.run(run(urls.owner, "UPDATE alembic_version SET version_num = '0000'"))
    assert not is_current(config, urls.owner)
    asyncio.run(run(urls.owner, "DROP TABLE alembic_version"))
    assert not is_current(config, urls.owner)
