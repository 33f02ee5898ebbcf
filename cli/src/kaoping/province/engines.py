"""The engines that run the texts of `queries/` over the tables: DuckDB and, where it is installed,
Spark. The same text over the same tables gives the same rows, and so the same digest.
"""

import csv
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from kaoping.faults import KaopingFault
from kaoping.province.store import Store
from kaoping.province.tables import TABLES, TEXT, Value

_FOLDER = Path(__file__).parent / "queries"
QUERIES: Mapping[str, str] = {
    file.stem: file.read_text("utf-8") for file in sorted(_FOLDER.glob("*.sql"))
}
"""The texts by their names. They use what the engines have in common: `cast`, `case`, windows,
whole numbers that are divided after the remainder is taken off, and no order left to chance."""

Files = Mapping[str, Sequence[Path]]
Ask = Callable[[str], "Result"]


class Result(NamedTuple):
    """What a query gave: the names of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]

    @property
    def digest(self) -> str:
        """The SHA-256 of its columns and rows as lines of JSON, whichever engine made them."""
        lines = (json.dumps(row, ensure_ascii=False) for row in (self.columns, *self.rows))
        return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()

    def write(self, file: Path) -> None:
        """Write it as CSV; a text that begins like a formula has an apostrophe before it."""
        with file.open("w", encoding="utf-8-sig", newline="") as written:
            out = csv.writer(written)
            out.writerow(self.columns)
            out.writerows([_cell(each) for each in row] for row in self.rows)


def _cell(value: Value) -> Value:
    is_formula = isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{value}" if is_formula else value


def result(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Result:
    """Return what an engine gave, with its numbers as whole ones; a fraction is a fault."""
    return Result(tuple(columns), [tuple(map(_whole, row)) for row in rows])


def _whole(value: object) -> Value:
    if isinstance(value, Decimal) and value == int(value):
        return int(value)
    if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
        return value
    raise KaopingFault(f"{value!r} is no whole number and no text")


@contextmanager
def in_duckdb(files: Files) -> Iterator[Ask]:
    """Give what runs a query in this process, reaching nothing but the files."""
    import duckdb

    with duckdb.connect() as db:
        for name in TABLES:
            db.execute(f"CREATE TABLE {name} ({_columns(name, 'VARCHAR')})")
            for file in files[name]:
                db.execute(
                    f"INSERT INTO {name} BY NAME"  # noqa: S608 - our own names
                    " SELECT * FROM read_parquet(?, hive_partitioning = false)",
                    [str(file)],
                )
        db.execute("SET enable_external_access = false")

        def ask(text: str) -> Result:
            found = db.execute(text)
            return result([each[0] for each in found.description or ()], found.fetchall())

        yield ask


@contextmanager
def in_spark(files: Files) -> Iterator[Ask]:
    """Give what runs a query in a local Spark: the same text goes to a cluster as it is."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise KaopingFault("Spark is not installed: pip install pyspark, and Java 17") from error
    with tempfile.TemporaryDirectory() as folder:
        session = (
            SparkSession.builder.master("local[2]")
            .appName("kaoping")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.warehouse.dir", folder)
            .config("spark.sql.ansi.enabled", "true")
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("ERROR")
        try:
            for name in TABLES:
                empty = session.createDataFrame([], _columns(name, "string"))
                some = [str(file) for file in files[name]]
                frame = session.read.parquet(*some) if some else empty
                frame.createOrReplaceTempView(name)

            def ask(text: str) -> Result:
                found = session.sql(text)
                return result(found.columns, found.collect())

            yield ask
        finally:
            session.stop()


def _columns(table: str, text: str) -> str:
    told = TABLES[table].columns.items()
    return ", ".join(f"{name} {text if kind == TEXT else 'bigint'}" for name, kind in told)


ENGINES = {"duckdb": in_duckdb, "spark": in_spark}


def compare(store: Store, engine: str, into: Path) -> dict[str, Result]:
    """Run every query over all that is stored, and write its rows as CSV and the digests beside
    them; return what was found."""
    with tempfile.TemporaryDirectory() as folder:
        files = store.fetch(Path(folder))
        with ENGINES[engine](files) as ask:
            found = {name: ask(text) for name, text in QUERIES.items()}
    into.mkdir(parents=True, exist_ok=True)
    for name, told in found.items():
        told.write(into / f"{name}.csv")
    digests = {name: told.digest for name, told in found.items()}
    (into / "digests.json").write_text(json.dumps(digests, indent=1) + "\n", "utf-8")
    return found
