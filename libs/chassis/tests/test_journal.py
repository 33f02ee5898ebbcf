"""The journal: what it promises against those who hold the database."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import asyncpg
import lending
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from chassis import journal
from chassis.identity import Caller
from chassis.journal import Head, JournalEntry
from chassis.migrations import UnknownRevision
from service_testing import migrate

WHO = Caller("li", frozenset(), "ZH01", "li")


@pytest.fixture(scope="module")
def urls(databases):
    return databases("lending", Path(lending.__file__).parent)


@pytest.fixture(scope="module")
async def sessions(urls):
    engine = create_async_engine(urls.app)
    yield async_sessionmaker(engine, info={"service": "lending"})
    await engine.dispose()


@pytest.fixture(scope="module")
async def kept(sessions, urls) -> list[JournalEntry]:
    """Forty entries of a chain, as an auditor reads them."""
    for n in range(40):
        async with sessions.begin() as session:
            body = {"book": f"书{n}", "days": str(Decimal(n) / 4), "more": [n, None, True]}
            await journal.record(session, chain="loans", caller=WHO, event="lent", body=body)
    async with sessions() as session:
        rows = await session.execute(
            journal.entries.select().where(journal.entries.c.chain == "loans").order_by("seq")
        )
        return [journal._entry(row) for row in rows]


async def test_a_database_of_an_unknown_revision_is_refused_and_left_as_it_is(databases):
    """Planted bug: leave `refuse_unknown` out of `migrations.run`, and Alembic names no range."""
    home = Path(lending.__file__).parent
    owner = databases("lending", home).owner
    connection = await asyncpg.connect(owner.replace("+asyncpg", ""), ssl=False)
    try:
        await connection.execute("UPDATE alembic_version SET version_num = '0000'")
        with pytest.raises(UnknownRevision, match=r"revision 0000, .* knows only 0001 to 0001"):
            migrate(home, owner)
        assert await connection.fetchval("SELECT version_num FROM alembic_version") == "0000"
    finally:
        await connection.close()


async def test_a_migration_that_is_killed_leaves_no_database_without_its_functions(sessions):
    """Planted bug: write them after the commit of the newest revision, which is not run again."""
    written = text(
        "SELECT proname, p.xmin::text = v.xmin::text FROM pg_proc p, alembic_version v WHERE"
        " proname IN ('journal_append', 'journal_altered_in', 'idempotency_claim')"
    )
    async with sessions() as session:
        rows = (await session.execute(written)).all()
    found = {name: at_once for name, at_once in rows}  # noqa: C416 - dict() takes no typed Row
    assert found == dict.fromkeys(
        ["journal_append", "journal_altered_in", "idempotency_claim"], True
    )


def head_of(kept: list[JournalEntry]) -> Head:
    return Head(len(kept), kept[-1].hash)


def test_python_and_the_database_compute_the_same_chain(kept):
    """Planted bug: concatenate the fields without their lengths on one side."""
    found = journal.verify("loans", kept, head_of(kept))
    assert (found.holds, found.length, found.head) == (True, 40, kept[-1].hash)


MUTATIONS = {
    "body": lambda e: {"body": e.body.replace("lent", "kept").replace("book", "bock")},
    "subject": lambda e: {"subject": "wang"},
    "organisation": lambda e: {"organisation": "ZH02"},
    "event": lambda e: {"event": "returned"},
    "recorded_at": lambda e: {"recorded_at": datetime(2025, 1, 1, tzinfo=UTC)},
    "rows": lambda e: {"rows": e.rows + " "},
    "no rows": lambda e: {"rows": None},
    "hash": lambda e: {"hash": "00" * 32},
    "previous": lambda e: {"previous": "11" * 32},
    "seq": lambda e: {"seq": e.seq + 1},
    "between fields": lambda e: {
        "subject": e.subject + e.organisation[:1],
        "organisation": e.organisation[1:],
    },
}


@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.parametrize("position", [0, 17, 39])
def test_a_change_of_any_field_is_found_and_its_number_named(kept, name, position):
    """Planted bug: compare with the stored hash instead of the recomputed one."""
    changed = list(kept)
    changed[position] = kept[position].model_copy(update=MUTATIONS[name](kept[position]))
    found = journal.verify("loans", changed, head_of(kept))
    assert (found.holds, found.broken_at) == (False, position + 1)


def test_any_of_a_thousand_drawn_edits_is_found(kept, figure):
    """Planted bug: compare with the stored hash instead of the recomputed one."""
    draw, edits = random.Random(10), 1_000  # noqa: S311 - repeatable
    fields = sorted({*JournalEntry.model_fields} - {"seq", "record"})
    for _ in range(edits):
        position, field = draw.randrange(len(kept)), draw.choice(fields)
        changed, old = list(kept), getattr(kept[position], field)
        new = old + timedelta(seconds=1) if isinstance(old, datetime) else spoilt(old, draw)
        changed[position] = kept[position].model_copy(update={field: new})
        found = journal.verify("loans", changed, head_of(kept))
        assert (found.holds, found.broken_at) == (False, position + 1), (field, old, new)
    figure("single-field edits", edits)


def spoilt(text: str | None, draw: random.Random) -> str:
    """Return a text with one sign changed."""
    text = text or "x"
    at = draw.randrange(len(text))
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def test_a_missing_an_added_and_two_swapped_entries_are_found(kept):
    head = head_of(kept)
    assert journal.verify("loans", kept[:5] + kept[6:], head).broken_at == 6
    assert journal.verify("loans", [*kept[:5], kept[4], *kept[5:]], head).broken_at == 6
    assert journal.verify("loans", [*kept[:5], kept[6], kept[5], *kept[7:]], head).broken_at == 6


@pytest.mark.parametrize(
    ("there", "head", "code", "broken_at"),
    [
        (39, 40, "entries-missing", 40),
        (0, 40, "entries-missing", 1),
        (40, None, "head-missing", None),
        (40, 39, "head-behind", None),
        (40, "another", "head", None),
    ],
)
def test_a_chain_that_its_head_contradicts_does_not_hold(kept, there, head, code, broken_at):
    """Planted bug: verify the entries and leave the head alone."""
    told = {None: None, "another": Head(40, "00" * 32)}.get(
        head, head_of(kept[:head]) if isinstance(head, int) else None
    )
    found = journal.verify("loans", kept[:there], told)
    assert (found.holds, found.broken_at, [f.code for f in found.faults]) == (
        False,
        broken_at,
        [code],
    )


def test_a_chain_that_was_never_written_to_holds():
    assert journal.verify("loans", [], None).holds


def test_a_cut_tail_with_a_head_to_match_is_betrayed_by_a_receipt(kept):
    """What the database alone cannot see; whoever holds the receipt of entry 40 can."""
    shorter = journal.verify("loans", kept[:39], head_of(kept[:39]))
    assert shorter.holds
    assert shorter.head != kept[-1].hash


FORBIDDEN = [
    "UPDATE journal_entry SET body = '{}' WHERE seq = 1",
    "DELETE FROM journal_entry WHERE seq = 1",
    "TRUNCATE journal_entry",
    "INSERT INTO journal_entry SELECT * FROM journal_entry",
    "UPDATE journal_head SET seq = 0",
    "SELECT * FROM journal_head FOR UPDATE",
    "DELETE FROM journal_head",
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "CREATE TABLE mine (x int)",
    "DELETE FROM idempotency_key",
    "UPDATE idempotency_key SET status = 200",
    "UPDATE loan SET days = 1",
    "DELETE FROM loan",
    "TRUNCATE loan",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_role_of_the_service_cannot(urls, kept, statement):
    """Planted bug: GRANT ALL to the service's role in `migrations.foundations`."""
    connection = await asyncpg.connect(urls.app.replace("+asyncpg", ""), ssl=False)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("statement", ["UPDATE loan SET days = 1", "DELETE FROM journal_entry"])
async def test_not_even_the_owner_changes_what_is_append_only(urls, kept, statement):
    connection = await asyncpg.connect(urls.owner.replace("+asyncpg", ""), ssl=False)
    await connection.execute("INSERT INTO loan VALUES ('owned', 1) ON CONFLICT DO NOTHING")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_role_enters_its_own_database_only(postgres, urls, databases):
    """Planted bug: leave CONNECT with PUBLIC in `postgres_supervisor`."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(postgres.url("postgres", "lending"), ssl=False)


async def test_what_is_rolled_back_leaves_no_entry(sessions, kept):
    async with sessions() as session:
        await journal.record(session, chain="other", caller=WHO, event="lent", body={})
        await session.rollback()
        rows = await session.execute(
            journal.entries.select().where(journal.entries.c.chain == "other")
        )
        assert rows.all() == []


@pytest.mark.parametrize("body", [{"x": 0.1}, [1, {"y": float("nan")}]])
def test_a_float_has_no_canonical_form(body):
    with pytest.raises(TypeError):
        journal.canonical(body)


def test_equal_values_have_equal_bytes():
    assert journal.canonical({"b": 1, "a": "中"}) == '{"a":"中","b":1}'.encode()


async def test_a_chain_that_goes_on_while_a_command_verifies_it_holds(sessions, monkeypatch):
    """Planted bug: the head read after the entries, so that what others record meanwhile is said to
    be missing."""

    async def recorded(session, n):
        await journal.record(session, chain="busy", caller=WHO, event="lent", body={"n": n})

    async with sessions.begin() as session:
        await recorded(session, 0)
    meanwhile, driver_of = [], journal.driver_of

    class Interrupted:
        """A connection beside which somebody else records an entry after each row that it reads."""

        def __init__(self, driver):
            self._driver = driver

        def __getattr__(self, name):
            return getattr(self._driver, name)

        async def cursor(self, *args, **more):
            async for row in self._driver.cursor(*args, **more):
                yield row
                meanwhile.append(row)
                async with sessions.begin() as other:
                    await recorded(other, len(meanwhile))

    async def interrupted(session, *, flush=True):
        # Where a chain is read nothing is flushed: rows would be there that it does not tell of.
        driver = await driver_of(session, flush=flush)
        return driver if flush else Interrupted(driver)

    monkeypatch.setattr(journal, "_AT_A_TIME", 1)
    async with sessions.begin() as command:
        monkeypatch.setattr(journal, "driver_of", interrupted)
        await journal.require_whole(command, "busy")
        found = await journal.verified(command, "busy")
    assert (found.holds, found.length, len(meanwhile)) == (True, 2, 3)
    async with sessions() as session:
        assert (await journal.verified(session, "never")).holds
