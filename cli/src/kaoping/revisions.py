"""Whether databases have had every migration, asked without Alembic.

Each start of a system asks, and it is nearly always so; Alembic takes longer to import than the
five databases to answer.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

from postgres_supervisor import Urls


def newest(home: Path) -> str:
    """Return the newest revision in a project folder; files are numbered in their order."""
    return max(file.name.partition("_")[0] for file in (home / "migrations/versions").glob("*.py"))


def behind(databases: Mapping[str, Urls], homes: Mapping[str, Path]) -> set[str]:
    """Return the names of the databases that have not had the newest revision of their service."""

    async def applied() -> dict[str, str | None]:
        asked = [_applied(urls.owner) for urls in databases.values()]
        return dict(zip(databases, await asyncio.gather(*asked), strict=True))

    with ThreadPoolExecutor(1) as pool:  # whoever starts a system may be inside an event loop
        found = pool.submit(asyncio.run, applied()).result()
    return {name for name, revision in found.items() if revision != newest(homes[name])}


async def _applied(owner_url: str) -> str | None:
    url = owner_url.replace("postgresql+asyncpg://", "postgresql://", 1)
    connection = await asyncpg.connect(url, ssl=False)
    try:
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
    return revision
