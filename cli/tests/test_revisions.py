"""Whether a database has had every migration, told without Alembic as Alembic tells it."""

import asyncio
import shutil

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from kaoping.revisions import Unknown, administered, behind, revisions
from kaoping.system import NAMES
from kaoping.system import home as home_of


async def run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_newest_revision_by_its_number_is_the_head_that_alembic_finds(name: str) -> None:
    """Planted bug: two revisions with one number, or a file whose number is not its revision."""
    heads = ScriptDirectory.from_config(Config(home_of(name) / "alembic.ini")).get_heads()
    assert [revisions(home_of(name))[-1]] == heads


def test_a_database_is_behind_until_it_has_had_the_newest_revision(databases, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Planted bug: a table that is not there yet counts as current, and nothing is migrated."""
    urls, home = {"ranking": databases("ranking")}, home_of("ranking")
    assert behind(urls, {"ranking": home}) == set()
    shutil.copytree(home / "migrations/versions", tmp_path / "migrations/versions")
    (tmp_path / "migrations/versions/9999_more.py").touch()
    assert behind(urls, {"ranking": tmp_path}) == {"ranking"}
    asyncio.run(run(urls["ranking"].owner, "DROP TABLE alembic_version"))
    assert behind(urls, {"ranking": home}) == {"ranking"}


@pytest.mark.parametrize("other", ["0001", "9999"])
def test_a_database_of_a_version_that_is_not_known_is_refused_by_name(databases, other) -> None:  # type: ignore[no-untyped-def]
    """Planted bugs: such a database counts as behind, so that it is migrated half or not at all;
    only older ones are refused."""
    urls, home = {"ranking": databases("ranking")}, home_of("ranking")
    change = f"UPDATE alembic_version SET version_num = '{other}'"  # noqa: S608 - ours
    asyncio.run(run(urls["ranking"].owner, change))
    with pytest.raises(Unknown, match=f"of ranking is at revision {other}, .*installing.md"):
        behind(urls, {"ranking": home})


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
