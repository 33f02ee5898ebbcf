"""Whether databases are ready to work with, asked without what would make them so.

Each start of a system asks, and it is nearly always so; Alembic takes longer to import than the
five databases to answer.
"""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg

from postgres_supervisor import Urls


def newest(home: Path) -> str:
    """Return the newest revision in a project folder; files are numbered in their order."""
    return max(file.name.partition("_")[0] for file in (home / "migrations/versions").glob("*.py"))


def behind(databases: Mapping[str, Urls], homes: Mapping[str, Path]) -> set[str]:
    """Return the names of the databases that have not had the newest revision of their service."""

    found = _each([(urls.owner, _REVISION) for urls in databases.values()])
    applied = dict(zip(databases, found, strict=True))
    return {name for name, revision in applied.items() if revision != newest(homes[name])}


def administered(gateway: Urls) -> bool:
    """Return whether an account is plainly in effect that may make all others.

    Where it is not plain the gateway finds out itself, and makes one if there is none.
    """
    [found] = _each([(gateway.owner, _ADMINISTERED)])
    return bool(found)


_REVISION = "SELECT version_num FROM alembic_version"
_ADMINISTERED = """
    SELECT true FROM account_present WHERE roles ? 'system_administrator'
      AND enabled AND NOT is_pending AND expires_on IS NULL LIMIT 1
    """


def _each(questions: Sequence[tuple[str, str]]) -> list[Any]:
    """Ask each database its question, all at once; None where its table is not there yet."""

    async def ask() -> list[Any]:
        return await asyncio.gather(*[_asked(*question) for question in questions])

    with ThreadPoolExecutor(1) as pool:  # whoever starts a system may be inside an event loop
        return pool.submit(asyncio.run, ask()).result()


async def _asked(owner_url: str, question: str) -> Any:  # noqa: ANN401 - whatever is asked for
    url = owner_url.replace("postgresql+asyncpg://", "postgresql://", 1)
    connection = await asyncpg.connect(url, ssl=False)
    try:
        return await connection.fetchval(question)
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
