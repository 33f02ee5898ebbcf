"""What a city's full year takes on disk: rows and bytes by table, indexes and all, and what a
province and the country come to by that.

The year is played day by day by the API; nothing is vacuumed or packed before it is measured.
"""

import asyncio
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import asyncpg
from benchmarks.reference_city import EXAMPLE, UNLIMITED

from kaoping.people import People
from kaoping.playing import read_whole
from kaoping.steps import Steps
from kaoping.system import NAMES, System
from kaoping.year import Year

PROVINCE, COUNTRY = 100, 3_000
"""So many cities as large as the reference city."""
SHOWN = 1_000_000
"""Bytes from which on a table is listed."""

_TABLES = """
    SELECT c.relname AS name, pg_table_size(c.oid) AS own, pg_indexes_size(c.oid) AS indexes
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
    """


class Size(NamedTuple):
    """Rows of a table, and bytes of it and of its indexes."""

    rows: int
    own: int
    indexes: int

    @property
    def bytes(self) -> int:
        """Bytes of both."""
        return self.own + self.indexes

    def __sub__(self, other: "Size") -> "Size":
        """Return what came since another measurement."""
        return Size(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


Sizes = dict[tuple[str, str], Size]
"""By database and table."""


def sizes(system: System) -> Sizes:
    """Measure all tables of all databases."""

    async def of(name: str) -> Sizes:
        connection = await asyncpg.connect(system.postgres.url(name), ssl=False)
        try:
            found = {}
            for table, own, indexes in await connection.fetch(_TABLES):
                rows = await connection.fetchval(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - names of the catalogue
                found[name, table] = Size(rows, own, indexes)
            return found
        finally:
            await connection.close()

    async def everything() -> Sizes:
        return {key: size for name in NAMES for key, size in (await of(name)).items()}

    return asyncio.run(everything())


def stored_files(system: System) -> Size:
    """Return how many files of evidence are kept, and their bytes."""
    found = [each for each in (system.directory / "evidence").rglob("*") if each.is_file()]
    return Size(len(found), sum(_size(each) for each in found), 0)


def _size(path: Path) -> int:
    return path.stat().st_size


def show(found: Sizes, files: Size) -> None:
    """Print each large table, each database, and all of it; for many cities too."""
    print(f"\n{'':<38} {'rows':>10} {'MB':>9} {'indexes':>9} {'bytes a row':>12}")
    of_database = Counter[str]()
    for (name, table), size in sorted(found.items(), key=lambda each: -each[1].bytes):
        of_database[name] += size.bytes
        if size.bytes >= SHOWN:
            _row(f"{name}.{table}", size)
    _row("files of evidence", files)
    for name, size in of_database.most_common():
        print(f"{name:<38} {'':>10} {size / 1e6:>9.1f}")
    whole, rows = of_database.total() + files.bytes, sum(size.rows for size in found.values())
    print(f"{'':<20} {'rows':>16} {'GB':>12}")
    for name, many in (("a city", 1), ("a province", PROVINCE), ("the country", COUNTRY)):
        print(f"{name:<20} {rows * many:>16,} {whole * many / 1e9:>12,.1f}")


def _row(name: str, size: Size) -> None:
    each = size.bytes / size.rows if size.rows else 0.0
    print(
        f"{name:<38} {size.rows:>10,} {size.bytes / 1e6:>9.1f} {size.indexes / 1e6:>9.1f}"
        f" {each:>12,.0f}"
    )


def measure() -> None:
    """Play a city's full year, and measure what it left."""
    with System.temporary(environment=UNLIMITED) as system:
        before = sizes(system)
        with system.card.client() as administrator, People(administrator, system.card.client) as of:
            Year(read_whole(EXAMPLE, [], daily=True), of, Steps()).play()
        after = sizes(system)
        show({key: size - before[key] for key, size in after.items()}, stored_files(system))
