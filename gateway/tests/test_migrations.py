"""A database that was in use before."""

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

import gateway.messages.tables  # noqa: F401 - its tables are among them
from gateway.webhooks.tables import Base
from postgres_supervisor import provision
from service_testing import home_of, migrate, schema_differences


async def test_the_tables_are_as_the_migrations_make_them(databases):
    engine = create_async_engine(databases("gateway").owner)
    async with engine.connect() as connection:
        assert await connection.run_sync(schema_differences, Base.metadata) == []
    await engine.dispose()


async def test_accounts_of_before_are_in_effect_and_stand_for_one_person_each(postgres):
    """Planted bug: have existing accounts wait for a confirmation, or leave them a lock."""
    urls = provision(postgres, ["gateway_of_before"])["gateway_of_before"]
    migrate(home_of("gateway"), urls.owner, "0001")
    connection = await asyncpg.connect(urls.owner.replace("+asyncpg", ""), ssl=False)
    app = await asyncpg.connect(urls.app.replace("+asyncpg", ""), ssl=False)
    try:
        await connection.execute(
            "INSERT INTO account (subject, kind, name, roles, secret_hash, failures, locked_until)"
            """ VALUES ('li', 'person', '李', '["committee"]', 'h', 5, now() + interval '1 day')"""
        )
        migrate(home_of("gateway"), urls.owner)
        row = await app.fetchrow("SELECT person, awaits_confirmation, created_by FROM account")
        assert tuple(row) == ("li", False, None)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("UPDATE account SET roles = '[]'")
    finally:
        await app.close()
        await connection.close()
