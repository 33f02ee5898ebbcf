"""Rows against the journal: what was changed, added or removed in the database is named."""

from decimal import Decimal
from pathlib import Path

import asyncpg
import lending
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from chassis import journal
from chassis.identity import Caller
from chassis.migrations import write_out
from chassis.stored import StoredDataAltered, differences, require_intact

WHO = Caller("li", frozenset(), "ZH01", "li")


class Library:
    """A database of its own, which somebody with all rights may change behind the journal."""

    def __init__(self, urls, superuser: str) -> None:
        self.engine = create_async_engine(urls.app)
        self.sessions = async_sessionmaker(self.engine, info={"service": "lending"})
        self.superuser = superuser
        self.owner = urls.owner

    async def lend(self, *books: str) -> int:
        """Lend some books by one command and return its position in the journal."""
        async with self.sessions.begin() as db:
            for book in books:
                row = {"book": book, "days": Decimal("1.50"), "note": None}
                await db.execute(sa.insert(lending.loan).values(row))
            done = await journal.record(db, chain="loans", caller=WHO, event="lent", body={})
        return done.seq

    async def shelve(self, statement: str) -> int:
        async with self.sessions.begin() as db:
            await db.execute(sa.text(statement))
            done = await journal.record(db, chain="loans", caller=WHO, event="shelved", body={})
        return done.seq

    async def tamper(self, statement: str) -> None:
        connection = await asyncpg.connect(self.superuser, ssl=False)
        try:
            await connection.execute(f"SET session_replication_role = replica; {statement}")
        finally:
            await connection.close()

    async def migrate(self, statement: str) -> None:
        """Change a table as a migration does, after which functions are written for it anew."""
        engine = create_async_engine(self.owner)
        async with engine.begin() as connection:
            await connection.execute(sa.text(statement))
            await connection.run_sync(write_out)
        await engine.dispose()

    async def found(self, *tables: str) -> list[tuple]:
        async with self.sessions() as db:
            rows, _ = await differences(db, "loans", tables or None)
        return [(each.table, each.what, each.key, each.position) for each in rows]


@pytest.fixture
async def library(databases, postgres):
    urls = databases("lending", Path(lending.__file__).parent)
    database = urls.app.rsplit("/", 1)[1].partition("?")[0]
    made = Library(urls, postgres.url(database))
    yield made
    await made.engine.dispose()


async def test_rows_are_as_the_journal_recorded_them(library):
    await library.lend("a", "b", "c")
    await library.lend("d")
    assert await library.found() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE loan SET days = 2 WHERE book = 'b'",
        "UPDATE loan SET days = 1.5 WHERE book = 'b'",  # not even another way to write the number
        "UPDATE loan SET days = NULL WHERE book = 'b'",
        "UPDATE loan SET note = '' WHERE book = 'b'",  # not nothing
        "UPDATE loan SET book = 'x' WHERE book = 'b'",
    ],
)
async def test_a_change_of_any_column_is_named_with_its_row_and_its_position(library, change):
    """Planted bug: leave a column out of the digest."""
    await library.lend("z")
    position = await library.lend("a", "b", "c")
    await library.tamper(change)

    key = '["x"]' if "'x'" in change else '["b"]'
    assert await library.found() == [("loan", "changed", key, position)]


async def test_a_row_that_was_removed_and_one_that_was_added_are_named(library):
    """Planted bug: believe the list of tables of an entry, which no hash covers."""
    position = await library.lend("a", "b", "c")
    await library.tamper("DELETE FROM loan WHERE book = 'b'")
    await library.tamper("INSERT INTO loan (book, days) VALUES ('x', 1)")

    assert await library.found() == [
        ("loan", "missing", None, position),
        ("loan", "added", '["x"]', None),
    ]
    await library.tamper("DELETE FROM loan; UPDATE journal_entry SET tables = '{}'")
    assert await library.found() == [("loan", "missing", None, position)]


async def test_a_row_that_is_slipped_into_a_recorded_batch_is_named(library):
    position = await library.lend("a", "b")
    await library.tamper(
        "INSERT INTO loan (book, days, record) SELECT 'x', 1, record FROM loan WHERE book = 'a'"
    )
    assert await library.found() == [("loan", "changed", '["x"]', position)]


async def test_rows_whose_entry_was_deleted_are_nobodys(library):
    await library.lend("a")
    await library.lend("b")
    await library.tamper("DELETE FROM journal_entry WHERE seq = 2")

    assert await library.found() == [("loan", "added", '["b"]', None)]


async def test_of_a_row_that_may_change_the_last_word_counts(library):
    """Planted bug: compare with the first entry that names the row."""
    await library.shelve("INSERT INTO shelf VALUES ('north', 'open'), ('south', 'open')")
    assert await library.found() == []
    position = await library.shelve("UPDATE shelf SET state = 'closed' WHERE name = 'north'")
    assert await library.found() == []

    await library.tamper("UPDATE shelf SET state = 'open' WHERE name = 'north'")
    assert await library.found() == [("shelf", "changed", '["north"]', position)]


async def test_a_row_put_back_as_it_was_once_recorded_is_found(library):
    """Planted bug: accept any entry that once recorded the row so."""
    await library.shelve("INSERT INTO shelf VALUES ('north', 'open')")
    await library.tamper("CREATE TABLE kept AS SELECT * FROM shelf")
    position = await library.shelve("UPDATE shelf SET state = 'closed'")
    await library.tamper("DELETE FROM shelf; INSERT INTO shelf SELECT * FROM kept")

    assert await library.found() == [("shelf", "changed", '["north"]', position)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shelf SET state = 'open' WHERE name = 'north'",
        "UPDATE shelf SET state = 'closed' WHERE name = 'north'",
        "UPDATE shelf SET name = 'x'",
        "DELETE FROM shelf",
        "TRUNCATE shelf",
        "UPDATE journal_table SET changing = true",
        "INSERT INTO journal_table VALUES ('x', 'y', NULL, false, '{}', NULL, '', '')",
        "SELECT journal_write('loans', '', '', '', '', 1, '')",
        "SELECT journal_adopt(NULL)",
        "SELECT setval('journal_record_number', 1)",
        "SELECT setval('journal_record_salt', 1)",
    ],
)
async def test_the_role_of_the_service_cannot_go_back(library, statement):
    """Planted bug: no trigger `forward_only`; EXECUTE for everybody on what writes the journal."""
    await library.shelve("INSERT INTO shelf VALUES ('north', 'open')")
    await library.shelve("UPDATE shelf SET state = 'closed'")
    async with library.engine.connect() as connection:
        with pytest.raises(sa.exc.DBAPIError, match=r"permission denied|only goes forward"):
            await connection.execute(sa.text(statement))
    assert await library.found() == []


async def test_what_follows_an_entry_in_its_transaction_is_in_another(library):
    """Planted bug: keep the number of the record after the journal was written."""
    async with library.sessions.begin() as db:
        for book in ("a", "b"):
            await db.execute(sa.insert(lending.loan).values(book=book, days=1))
            await journal.record(db, chain="loans", caller=WHO, event="lent", body={})
    assert await library.found() == []


async def test_a_refusal_names_what_was_altered_in_two_languages(library):
    """And of what is not asked for nothing is opened: a hundred such tables took longer than the
    one that is read. Planted bug: one condition of the name of a table and of its rows."""
    position = await library.lend("a", "b")
    opened = sa.text(
        "SELECT relation::regclass::text FROM pg_locks"
        " WHERE pid = pg_backend_pid() AND locktype = 'relation'"
    )
    async with library.sessions() as db:
        asked = "SELECT journal_altered_in('loans', ARRAY['loan'], ARRAY[1::bigint])"
        assert await db.scalar(sa.text(asked)) is False
        assert {"loan", "shelf"} & {*await db.scalars(opened)} == {"loan"}
    await library.tamper("UPDATE loan SET days = 9 WHERE book = 'a'")
    async with library.sessions() as db:
        await require_intact(db, "loans", "shelf")
        with pytest.raises(StoredDataAltered) as refused:
            await require_intact(db, "loans", "loan")
    assert refused.value.detail_en == (
        f'Loan ["a"]: not as entry {position} of the journal recorded it.'
    )
    assert refused.value.detail_zh == f'借阅 ["a"]：与日志第{position}条的记录不符。'
    assert refused.value.facts["rows"] == [
        {"position": position, "table": "loan", "what": "changed", "key": '["a"]'}
    ]


async def test_a_column_that_came_later_makes_no_difference_to_what_was_recorded(library):
    """Planted bug: take the digest of all columns of today."""
    await library.lend("a", "b")
    await library.migrate("ALTER TABLE loan ADD COLUMN copies int NOT NULL DEFAULT 7")
    await library.lend("c")
    assert await library.found() == []
    await library.tamper("UPDATE loan SET days = 9 WHERE book IN ('a', 'c')")
    assert {key for _, _, key, _ in await library.found()} == {'["a"]', '["c"]'}


async def test_digests_do_not_depend_on_the_settings_of_a_session(library, postgres):
    await library.migrate("ALTER TABLE loan ADD COLUMN at timestamptz DEFAULT now()")
    await library.lend("a")
    async with library.sessions() as db:
        await db.execute(sa.text("SET timezone = 'Asia/Shanghai'"))
        await db.execute(sa.text("SET datestyle = 'German'"))
        assert (await differences(db, "loans"))[0] == []


FILL = """
    DO $$ BEGIN
      FOR n IN 1..1000 LOOP
        INSERT INTO loan (book, days) VALUES (n, 1);
        PERFORM journal_append('loans', 'li', '', 'lent', '{}');
        PERFORM journal_append('others', 'li', '', 'looked', '{}');
      END LOOP;
    END $$
    """


async def test_what_is_said_of_a_table_is_found_without_reading_the_chain(library):
    """Asked by a connection that made its plans when the chain was short, and was analysed so.

    Planted bugs: read the entries of the chain; leave `enable_seqscan = off` out.
    """
    asked = "SELECT journal_altered('loans', '{shelf}', NULL)"

    async def blocks(db) -> int:
        explained = sa.text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {asked}")
        [told] = (await db.execute(explained)).scalar_one()
        return told["Plan"]["Shared Hit Blocks"] + told["Plan"]["Shared Read Blocks"]

    await library.tamper("ALTER TABLE journal_entry SET (autovacuum_enabled = off)")
    await library.shelve("INSERT INTO shelf VALUES ('north', 'open'), ('south', 'open')")
    await library.tamper("ANALYZE journal_entry")
    async with library.sessions() as db:
        short = [await blocks(db) for _ in range(8)][-1]
        await library.tamper(FILL)
        position = await library.shelve("UPDATE shelf SET state = 'closed' WHERE name = 'north'")
        assert await blocks(db) < short + 30
        assert not await db.scalar(sa.text(asked))
        await library.tamper("UPDATE shelf SET state = 'open' WHERE name = 'north'")
        assert await db.scalar(sa.text(asked))
    assert await library.found("shelf") == [("shelf", "changed", '["north"]', position)]
    assert await library.found() == await library.found("shelf")


@pytest.mark.parametrize("at", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("more", ["a loan", "a shelf"])
async def test_what_others_commit_meanwhile_is_not_taken_for_altered(library, at, more):
    """Planted bug: compare what was read before a commit with what was read after it."""
    await library.lend("a")
    await library.shelve("INSERT INTO shelf VALUES ('north', 'open'), ('south', 'open')")
    names = iter(("north", "south"))

    class Interrupted:
        """A session in which somebody else commits before the statement number `at`."""

        def __init__(self, db) -> None:
            self.db, self.left = db, at

        async def execute(self, *args, **more):
            await self.meanwhile()
            return await self.db.execute(*args, **more)

        async def scalars(self, *args, **more):
            await self.meanwhile()
            return await self.db.scalars(*args, **more)

        async def scalar(self, *args, **more):
            await self.meanwhile()
            return await self.db.scalar(*args, **more)

        async def meanwhile(self):
            self.left -= 1
            if self.left == -1 and more == "a loan":
                await library.lend(f"about the {next(names)}")
            elif self.left == -1:
                name = next(names)
                close = f"UPDATE shelf SET state = 'closed' WHERE name = '{name}'"  # noqa: S608
                await library.shelve(close)

    async with library.sessions() as db:
        assert (await differences(Interrupted(db), "loans"))[0] == []
        await library.tamper("UPDATE loan SET days = 9 WHERE book = 'a'")
        found, _ = await differences(Interrupted(db), "loans")
        assert [(each.what, each.key) for each in found] == [("changed", '["a"]')]
