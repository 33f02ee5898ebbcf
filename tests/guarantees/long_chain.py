"""Fills the journal of a database with a long chain, each entry of which follows from the last.

`python -m tests.guarantees.long_chain URL CHAIN NUMBER` as superuser, of any part; the rows of a
table of the library can be vouched for as well, as a command for each would have done it.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import asyncpg

from chassis import journal
from chassis.journal import JournalEntry

BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
COLUMNS = (
    "chain", "seq", "recorded_at", "subject", "unit", "event", "body", "previous", "hash",
    "record", "tables", "rows", "home",
)  # fmt: skip
BODY = json.dumps({"indicator": "PIECE", "item": "件" * 20, "value": "1.25"}, ensure_ascii=False)
LOANS = "SELECT record, digest, marks FROM journal_sets('loan', $1, NULL, NULL, true) ORDER BY 1"


def linked(chain: str, number: int, rows: Iterator[str]) -> Iterator[tuple[object, ...]]:
    """Give the entries of a chain as rows of the table, each with what it says of rows."""
    previous = journal.START
    for seq in range(1, number + 1):
        said = next(rows)
        named = [one["table"] for one in json.loads(said)["tables"]]
        entry = JournalEntry.model_construct(
            seq=seq,
            recorded_at=BEGAN + timedelta(milliseconds=seq),
            subject="zhang",
            organisation="U1",
            event="lent",
            body=BODY,
            rows=said,
        )
        hashed = journal.digest(chain, entry, previous)
        moment = entry.recorded_at
        told = (chain, seq, moment, entry.subject, entry.organisation, entry.event, entry.body)
        yield (*told, previous, hashed, seq, named, said)
        previous = hashed


async def fill(url: str, chain: str, number: int, *, loans: bool = False) -> None:
    """Fill a chain that there is not yet; `loans` vouch for a row each."""
    connection = await asyncpg.connect(url, ssl=False)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            rows = _none(number)
            if loans:
                rows = iter([said async for said in _lent(connection, number)])
            entries = list[tuple[object, ...]]()
            home = await connection.fetchval("SELECT journal_home($1)", chain)
            for entry in linked(chain, number, rows):
                entries.append((*entry, home))
                if len(entries) == 10_000 or entry[1] == number:
                    told = {"records": entries, "columns": COLUMNS}
                    await connection.copy_records_to_table("journal_entry", **told)
                    last, entries = entry, []
            await connection.execute(
                "INSERT INTO journal_head (chain, seq, hash, recorded_at, home)"
                " VALUES ($1, $2, $3, $4, $5)",
                *(chain, last[1], last[8], last[2], home),
            )
            await connection.execute("SELECT setval('journal_record_number', $1)", number + 1)
        await connection.execute("VACUUM ANALYZE journal_entry")
    finally:
        await connection.close()


def _none(number: int) -> Iterator[str]:
    for record in range(1, number + 1):
        yield json.dumps({"record": record, "tables": []})


async def _lent(connection: asyncpg.Connection, number: int) -> AsyncIterator[str]:
    await connection.execute(
        "INSERT INTO loan (book, days, record) SELECT 'B' || n, 3, n FROM generate_series(1, $1) n",
        number,
    )
    columns = await connection.fetchval("SELECT journal_columns('loan')")
    async for one in connection.cursor(LOANS, columns, prefetch=10_000):
        table = {"table": "loan", "columns": columns, "number": 1}
        table |= {"digest": one["digest"], "marks": one["marks"]}
        yield json.dumps({"record": one["record"], "tables": [table]})


if __name__ == "__main__":
    asyncio.run(fill(sys.argv[1], sys.argv[2], int(sys.argv[3])))
