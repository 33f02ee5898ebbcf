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


class Unknown(Exception):
    """A database is at a revision that this version does not have."""


def revisions(home: Path) -> list[str]:
    """Return the revisions in a project folder, oldest first; files are numbered in their order."""
    files = (home / "migrations/versions").glob("*.py")
    return sorted(file.name.partition("_")[0] for file in files)


def behind(databases: Mapping[str, Urls], homes: Mapping[str, Path]) -> set[str]:
    """Return the names of the databases that have not had the newest revision of their service.

    One that was migrated by an older version than the first that is known, or by a newer, is
    refused before anything is changed in any.
    """
    found = _each([(urls.owner, _REVISION) for urls in databases.values()])
    known = {name: revisions(homes[name]) for name in databases}
    applied = dict(zip(databases, found, strict=True))
    for name, revision in applied.items():
        if revision is not None and revision not in known[name]:
            raise Unknown(
                f"the database of {name} is at revision {revision}, and this version knows only"
                f" {known[name][0]} to {known[name][-1]}: its data cannot be taken over"
                " (docs/installing.md, Another version)"
            )
    return {name for name, revision in applied.items() if revision != known[name][-1]}


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
