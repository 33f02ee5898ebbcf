"""Whether a database has had every migration, told without Alembic as Alembic tells it."""

import asyncio

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from kaoping.revisions import administered, behind, newest
from kaoping.system import NAMES, _home


async def run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_newest_revision_by_its_number_is_the_head_that_alembic_finds(name: str) -> None:
    """Planted bug: two revisions with one number, or a file whose number is not its revision."""
    heads = ScriptDirectory.from_config(Config(_home(name) / "alembic.ini")).get_heads()
    assert [newest(_home(name))] == heads


def test_a_database_is_behind_until_it_has_had_the_newest_revision(databases) -> None:  # type: ignore[no-untyped-def]
    """Planted bug: a table that is not there yet counts as current, and nothing is migrated."""
    home = _home("ranking")
    urls = {"ranking": databases("ranking")}
    assert behind(urls, {"ranking": home}) == set()
    asyncio.run(run(urls["ranking"].owner, "UPDATE alembic_version SET version_num = '0001'"))
    assert behind(urls, {"ranking": home}) == {"ranking"}
    asyncio.run(run(urls["ranking"].owner, "DROP TABLE alembic_version"))
    assert behind(urls, {"ranking": home}) == {"ranking"}


def test_an_administrator_is_seen_who_is_plainly_in_effect(databases) -> None:  # type: ignore[no-untyped-def]
    """Planted bug: whether the account was disabled is not asked."""
    urls = databases("gateway")
    assert not administered(urls)
    account = """
        INSERT INTO account (subject, kind, name, person, roles, secret_hash)
        VALUES ('a', 'person', '办', 'a', '["system_administrator"]', '')
        """
    asyncio.run(run(urls.owner, account))
    assert administered(urls)
    change = "ALTER TABLE account DISABLE TRIGGER USER; UPDATE account SET "
    for fact, opposite in (
        ("disabled_at = clock_timestamp()", "disabled_at = NULL"),
        ("awaits_confirmation = true", "awaits_confirmation = false"),
        ("roles = '[]'", "roles = '[\"system_administrator\"]'"),
    ):
        asyncio.run(run(urls.owner, change + fact))
        assert not administered(urls)
        asyncio.run(run(urls.owner, change + opposite))
