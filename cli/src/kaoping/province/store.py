"""Where the tables lie: as Parquet by table, jurisdiction and year, in a folder or an S3 bucket.

A year has one file in each table, which is replaced when the year is collected anew. The names of
the folders are those by which other engines find jurisdiction and year, too.
"""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from kaoping.faults import KaopingFault
from kaoping.province.tables import TABLES, TEXT, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from obstore.store import ObjectStore

_FILE = re.compile(r"(\w+)/jurisdiction=\d{6,12}/assessment_year=\d{4}/([0-9a-f-]{36})\.parquet")


class Year(NamedTuple):
    """A cycle: its jurisdiction's division code, its assessment year, its id."""

    jurisdiction: str
    assessment_year: int
    cycle_id: str

    def place(self, table: str) -> str:
        """Return where the rows of a table lie; raise `KaopingFault` for what is no year."""
        at = f"jurisdiction={self.jurisdiction}/assessment_year={self.assessment_year}"
        place = f"{table}/{at}/{UUID(self.cycle_id)}.parquet"
        if not _FILE.fullmatch(place):
            raise KaopingFault(f"{place} is no place of a year")
        return place


def write(db: "DuckDBPyConnection", file: Path, table: str, rows: Iterable[Row]) -> int:
    """Write the rows of a table as Parquet, in the order of its key; return how many there are."""
    names, key = [*TABLES[table].columns], ", ".join(TABLES[table].key)
    lines, number = file.with_suffix(".ndjson"), 0
    with lines.open("w", encoding="utf-8") as written:
        for number, row in enumerate(rows, 1):  # noqa: B007 - how many there were is told
            told = dict(zip(names, row, strict=True))
            written.write(json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n")
    read = f"read_json('{lines}', format = 'newline_delimited', columns = {_struct(table)})"
    copied = db.execute(
        f"COPY (SELECT * FROM {read} ORDER BY {key}) TO '{file}'"  # noqa: S608 - our own names
        " (FORMAT parquet, COMPRESSION zstd)"
    )
    copied.fetchall()
    few = f"SELECT {key} FROM '{file}' GROUP BY {key} HAVING count(*) > 1 LIMIT 1"  # noqa: S608
    if found := db.execute(few).fetchone():
        raise KaopingFault(f"{table}: {' '.join(map(str, found))} is there twice")
    return number


def _struct(table: str) -> str:
    told = TABLES[table].columns.items()
    types = (f"{name}: '{'VARCHAR' if kind == TEXT else 'BIGINT'}'" for name, kind in told)
    return "{" + ", ".join(types) + "}"


class Store:
    """A folder, or a bucket as `s3://bucket/prefix` with the environment's `AWS_…` for it."""

    def __init__(self, where: str) -> None:
        self._store = _store(where)

    def put(self, year: Year, tables: Mapping[str, Iterable[Row]]) -> dict[str, int]:
        """Store the tables of a year in the place of those before; return how many rows each has.

        All are made before the first is put: rows that are refused leave what is there as it is.
        """
        import duckdb
        import obstore

        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as db:
            files = {name: Path(folder) / f"{name}.parquet" for name in tables}
            written = {name: write(db, files[name], name, rows) for name, rows in tables.items()}
            for name in TABLES:
                if name in tables:
                    obstore.put(self._store, year.place(name), files[name])
                else:  # what is told no more does not stay from before
                    self._remove(year.place(name))
        return written

    def _remove(self, place: str) -> None:
        import obstore
        from obstore.exceptions import NotFoundError

        with suppress(FileNotFoundError, NotFoundError):
            obstore.delete(self._store, place)

    def fetch(self, into: Path) -> dict[str, list[Path]]:
        """Write all files into a folder; return which belong to each table, in a fixed order."""
        import obstore

        found: dict[str, list[Path]] = {name: [] for name in TABLES}
        for place in sorted(self._listed()):
            told = _FILE.fullmatch(place)
            if told is None or told[1] not in found:
                continue
            file = into / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(bytes(obstore.get(self._store, place).bytes()))
            found[told[1]].append(file)
        return found

    def _listed(self) -> Iterator[str]:
        import obstore

        for some in obstore.list(self._store):
            yield from (each["path"] for each in some)


def _store(where: str) -> "ObjectStore":
    from obstore.store import LocalStore, S3Store

    if where.startswith("s3://"):
        return S3Store.from_url(where)
    folder = Path(where)
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)
