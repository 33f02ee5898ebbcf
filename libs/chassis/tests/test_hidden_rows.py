"""Rows that somebody with all rights removed, and hid from whoever asks the database for them."""

from pathlib import Path

import lending
import pytest
import sqlalchemy as sa
from test_stored import Library

from chassis.stored import StoredDataAltered, require_intact


@pytest.fixture
async def library(databases, postgres):
    urls = databases("lending", Path(lending.__file__).parent)
    database = urls.app.rsplit("/", 1)[1].partition("?")[0]
    made = Library(urls, postgres.url(database))
    yield made
    await made.engine.dispose()


@pytest.mark.parametrize(
    "hidden",
    ["tables = '{}'", "tables = NULL", "tables = '{shelf}'", "record = 0", "record = NULL"],
)
async def test_rows_are_missed_whatever_their_entry_is_listed_under(library, hidden):
    """No hash covers what an entry is listed under, by which the database finds it.

    Planted bug: look for entries only where they are listed.
    """
    position = await library.lend("a", "b")
    kept = await library.lend("c")
    async with library.sessions() as db:
        found = await db.execute(sa.text("SELECT seq, record FROM journal_entry"))
        record = {row.seq: row.record for row in found}
    await library.tamper("DELETE FROM loan WHERE book <> 'c'")
    await library.tamper(f"UPDATE journal_entry SET {hidden} WHERE seq = {position}")  # noqa: S608
    async with library.sessions() as db:
        await require_intact(db, "loans", "shelf")
        await require_intact(db, "loans", "loan", records=[record[kept]])
        for records in (None, [record[position]], list(record.values())):
            with pytest.raises(StoredDataAltered) as refused:
                await require_intact(db, "loans", "loan", records=records)
            assert refused.value.facts["rows"] == [
                {"position": position, "table": "loan", "what": "missing", "key": None}
            ]
    assert await library.found("loan") == [("loan", "missing", None, position)]


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        (
            "journal_altered",
            "CREATE OR REPLACE FUNCTION journal_altered(the_chain text, names text[],"
            " the_records bigint[]) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT false $$",
        ),
        (
            "journal_rows",
            "CREATE FUNCTION journal_rows(the_table text) RETURNS boolean LANGUAGE sql"
            " AS $$ SELECT false $$",
        ),
    ],
)
async def test_a_database_that_was_taught_to_deny_is_found_out(library, name, statement):
    """Planted bug: believe what the functions of the database say of its rows."""
    await library.lend("a", "b")
    await library.tamper("DELETE FROM loan")
    assert [each[0] for each in await library.found()] == ["loan"]
    await library.tamper(statement)
    assert await library.found() == [(name, "contradicted", None, None)]
