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


ALWAYS = (
    "CREATE OR REPLACE FUNCTION journal_is_listed(tables text[], record bigint, rows text)"
    " RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN true; END $$"
)
"""Says of every entry that it is listed where it belongs."""


async def test_nobody_rests_on_a_database_that_was_taught_to_deny(library):
    """Planted bug: ask the functions of the database, and never whether they are ours."""
    position = await library.lend("a", "b")
    async with library.sessions() as db:
        await require_intact(db, "loans", "loan")
    await library.tamper(ALWAYS)
    await library.tamper("DELETE FROM loan")
    await library.tamper(f"UPDATE journal_entry SET tables = '{{}}' WHERE seq = {position}")  # noqa: S608
    async with library.sessions() as db:
        for tables in (("loan",), ("shelf",)):
            with pytest.raises(StoredDataAltered) as refused:
                await require_intact(db, "loans", *tables)
            assert [each["table"] for each in refused.value.facts["rows"]] == ["journal_is_listed"]


async def test_what_was_hidden_by_another_function_is_found_when_ours_is_back(library):
    """The index of entries that are listed elsewhere holds what the other one said.

    Planted bug: have whole verification ask that index.
    """
    position = await library.lend("a", "b")
    async with library.sessions() as db:
        ours = await db.scalar(sa.text("SELECT pg_get_functiondef('journal_is_listed'::regproc)"))
    await library.tamper(ALWAYS)
    await library.tamper("DELETE FROM loan")
    await library.tamper(f"UPDATE journal_entry SET tables = '{{}}' WHERE seq = {position}")  # noqa: S608
    await library.tamper(ours)
    assert await library.found() == [("loan", "missing", None, position)]
