"""Pages of the ledger: each reader gets what it may read and asks for, and no more is looked at.

Nothing here is timed: pages are compared with what a plain question finds, and the rows that are
read for them are counted by the database.
"""

import asyncio
import itertools
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest
from leading import OTHER, VALUE
from sqlalchemy import text

from chassis.identity import Caller
from chassis.pages import Page, PageRequest
from scoring.api.ledger import verification
from scoring.api.ledger.entries import LedgerEntry
from scoring.api.ledger.keeping import store_entries
from scoring.queries.clashes import entries_beside, sittings
from scoring.queries.entries import Wanted, Way, entries_on_page, no_mark, reviewed_by
from scoring.queries.ledger import count_entries, entry_rows, require_true_entries
from scoring.queries.moves import entries_in
from scoring.rules.ledger.seats import Sitting
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.states import SUBMITTED

EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
ZERO = EVENT | {"key": "zero_report"}
READ = text(
    "SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0) FROM pg_stat_xact_user_tables"
    " WHERE relname LIKE 'ledger%' OR relname LIKE 'journal%'"
)


@asynccontextmanager
async def indexed(service):
    """A session that takes indexes: of a table of a few pages the planner rather reads all, also
    by a plan that it keeps for ten ids where there is one."""
    async with service.app.state.sessions() as db:
        await db.execute(text("SET LOCAL enable_seqscan = off"))
        await db.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
        yield db


async def walked(client, path, params) -> list[str]:
    """The ids of all pages of two entries."""
    found, after = list[str](), None
    while True:
        asked = params | {"limit": "2"} | ({"after": after} if after else {})
        answer = await client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        found += [each["entry_id"] for each in answer.json()["items"]]
        after = answer.json()["next"]
        if after is None:
            return found


@pytest.mark.parametrize(
    "reader",
    ["office", "source", "other source", "organiser", "own unit", "reviewer", "stranger"],
)
async def test_every_reader_gets_what_a_plain_question_finds_with_every_filter(year, reader):
    """Planted bugs: a way to read that is looked up by another one's column; one of several ways
    left out; the states of one filter for all; the place of a page that is not looked at."""
    cycle, (client, condition) = year.cycle, year.readers[reader]
    filters = itertools.product(
        (None, "XQ02"), (None, "C03"), (None, "draft", "submitted", "verified", "withdrawn")
    )
    for unit, indicator, state in filters:
        named = {"unit": unit, "indicator": indicator, "state": state}
        params = {name: value for name, value in named.items() if value is not None}
        asked = "".join(f" AND {name} = '{value}'" for name, value in params.items())
        rows = await cycle.service.sql(
            f"SELECT entry_id FROM ledger_entry WHERE cycle_id = $1 AND ({condition}){asked}"  # noqa: S608
            " ORDER BY number",
            cycle.cycle_id,
        )
        got = await walked(client, f"{cycle.path}/ledger-entries", params)
        assert got == [str(row["entry_id"]) for row in rows], (reader, params)


@pytest.mark.parametrize("reader", ["office", "source", "organiser", "own unit", "reviewer"])
async def test_entries_of_a_category_or_a_source_are_those_that_a_plain_question_finds(
    year, reader
):
    """Planted bugs: all categories whichever is asked for; all sources; for a reviewer the source's
    entries for any one of the indicators."""
    cycle, (client, condition) = year.cycle, year.readers[reader]
    in_category = {None: "true", "COUNTY": "unit LIKE 'XQ%'", "PARK": "unit LIKE 'YQ%'"}
    filters = itertools.product(in_category, (None, "ZH01", "ZH02"), (None, "C03"))
    for category, source, indicator in filters:
        named = {"category": category, "author_unit": source, "indicator": indicator}
        params = {name: value for name, value in named.items() if value is not None}
        asked = "".join(
            f" AND {name} = '{value}'" for name, value in params.items() if name != "category"
        )
        rows = await cycle.service.sql(
            f"SELECT entry_id FROM ledger_entry WHERE cycle_id = $1 AND ({condition}){asked}"  # noqa: S608
            f" AND {in_category[category]} ORDER BY number",
            cycle.cycle_id,
        )
        got = await walked(client, f"{cycle.path}/ledger-entries", params)
        assert got == [str(row["entry_id"]) for row in rows], (reader, params)


async def test_a_category_that_the_scheme_lacks_is_refused(year):
    answer = await year.cycle.office.get(f"{year.cycle.path}/ledger-entries?category=NONE")
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-category")


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_what_one_source_has_made_is_found_without_what_others_made(cycle):
    """Planted bug: all entries in their order, of which those of the source are taken."""
    await cycle.enter(*[EVENT] * 300, unit="ZH01")
    [one] = await cycle.enter(VALUE)
    async with indexed(cycle.service) as db:
        before = await db.scalar(READ)
        wanted = Wanted(author_unit="ZH02")
        found = await entries_on_page(db, cycle.cycle_id, PageRequest(100, None), None, wanted)
        assert [str(row.entry_id) for row in found] == [one]
        assert await db.scalar(READ) - before <= 10


async def test_a_page_is_written_as_its_model_is(year):
    """Planted bugs: a number as the driver's class prints it; a moment with +00:00; a field less;
    the entry that comes after the page."""
    cycle = year.cycle
    for client, _ in year.readers.values():
        answer = await client.get(f"{cycle.path}/ledger-entries?limit=7")
        assert answer.headers["content-type"] == "application/json"
        page = Page[LedgerEntry].model_validate_json(answer.content)
        assert page.model_dump_json().encode() == answer.content
        assert len(page.items) <= 7


async def test_a_page_costs_few_statements_whoever_reads_it(year):
    """BEGIN, how it is planned, the page, and the end. Planted bug: ask for the states besides."""
    cycle = year.cycle
    for client, _ in year.readers.values():
        with cycle.service.statements() as asked:
            answer = await client.get(f"{cycle.path}/ledger-entries?limit=7&unit=XQ01")
        assert answer.status_code == 200
        assert len(asked) == 4, asked


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_what_is_rare_is_found_without_looking_through_the_rest(cycle):
    """Planted bugs: the entries in their order, until there are enough in that state; all entries
    of a unit or of an indicator, until there are."""
    await cycle.enter(*[EVENT] * 300, *[EVENT | {"unit": "XQ02"}] * 300, unit="ZH01")
    last = await cycle.enter(*[EVENT | {"unit": "XQ02"}] * 3, unit="ZH01", state="draft")
    everything = Way("author_unit", ["ZH01"], no_mark)
    for ways in (None, [everything]):
        for more in ({}, {"unit": "XQ02"}, {"indicator": "C03"}):
            async with indexed(cycle.service) as db:
                before = await db.scalar(READ)
                page, wanted = PageRequest(100, None), Wanted(state=["draft"], **more)
                found = await entries_on_page(db, cycle.cycle_id, page, ways, wanted)
                assert [str(row.entry_id) for row in found] == last
                # Where it stands, the entry, its latest state, and what it is compared with.
                assert await db.scalar(READ) - before <= 10 * len(last)


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_a_source_finds_no_entries_for_an_indicator_of_others_at_once(cycle):
    """Nor does who reviews others. Planted bugs: look through all entries of the indicator; through
    all of the source; through those of an indicator that is not the reviewer's."""
    await cycle.enter(*[EVENT] * 200, unit="ZH01")
    await cycle.enter(VALUE, OTHER)
    reviews = reviewed_by("ZH42", [(["XQ01"], ["C01"])])
    for way, code in (
        (Way("author_unit", ["ZH02"], no_mark), "C03"),
        (Way("author_unit", ["ZH01"], no_mark), "C01"),
        (Way("indicator", ["C01"], reviews), "C03"),
    ):
        async with indexed(cycle.service) as db:
            before = await db.scalar(READ)
            page, ways = PageRequest(100, None), [way]
            found = await entries_on_page(db, cycle.cycle_id, page, ways, Wanted(indicator=code))
            assert found == []
            assert await db.scalar(READ) - before < 5


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_what_waits_about_some_units_is_found_without_the_entries_of_others(cycle):
    """Planted bug: all entries in their order, of which those of the units are taken."""
    await cycle.enter(*[EVENT] * 300, unit="ZH01")
    [one] = await cycle.enter(EVENT | {"unit": "XQ02"}, unit="ZH01")
    async with indexed(cycle.service) as db:
        before = await db.scalar(READ)
        found = await entries_in(db, cycle.cycle_id, ["draft", "submitted"], ["XQ02", "XQ03"])
        assert [str(entry_id) for _, entry_id in found] == [one]
        assert await db.scalar(READ) - before < 5


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_a_first_page_is_as_much_work_in_a_large_ledger_as_in_a_small_one(cycle):
    """Planted bug: a page without a limit for each value and state that it is put together from."""
    read = []
    for _ in range(2):
        await cycle.enter(*[EVENT] * 250, unit="ZH01")
        async with indexed(cycle.service) as db:
            before = await db.scalar(READ)
            found = await entries_on_page(
                db, cycle.cycle_id, PageRequest(20, None), None, Wanted(unit="XQ01")
            )
            assert len(found) == 21
            read.append(await db.scalar(READ) - before)
    # A batch is compared whole with the journal.
    assert read[1] - read[0] < 5
    assert read[0] < 4 * 250


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_a_command_compares_what_it_moves_and_not_the_ledger(cycle):
    """Planted bug: the whole ledger of the cycle, whatever is moved."""
    await cycle.enter(*[EVENT] * 400, unit="ZH01")
    [one] = await cycle.enter(EVENT, unit="ZH01")
    async with indexed(cycle.service) as db:
        rows = await entry_rows(db, cycle.cycle_id, [one])
        before = await db.scalar(READ)
        await require_true_entries(db, cycle.cycle_id, rows.values())
        assert await db.scalar(READ) - before < 30


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_what_some_records_are_compared_with_is_not_looked_for_in_the_chain(cycle, service):
    """Without the index of records the journal is read whole, because no other serves: of a chain
    of a million that nobody has analysed the planner would take that of the chain.

    Planted bug: a condition on the chain that its index serves.
    """
    await cycle.enter(EVENT, unit="ZH01")
    rows = await service.sql("SELECT record FROM ledger_entry WHERE cycle_id = $1", cycle.cycle_id)
    about = str(cycle.cycle_id), [row["record"] for row in rows]
    read = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'journal_entry'"
    connection = await asyncpg.connect(service.superuser_url, ssl=False)
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute("DROP INDEX ix_journal_entry_record")
        before = await connection.fetchval(read)
        compared = "SELECT journal_altered_in($1, '{ledger_entry}', $2)"
        assert await connection.fetchval(compared, *about) is False
        assert await connection.fetchval(read) > before
    finally:
        await transaction.rollback()
        await connection.close()


async def test_what_a_command_takes_out_is_compared_too(cycle):
    """Planted bug: compare the reversal and not what it reverses."""
    [entry] = await cycle.enter(VALUE)
    await cycle.verify(all_submitted=True)
    answer = await cycle.post(cycle.source(), f"ledger-entries/{entry}/reversal", {"reason": "x"})
    body = {"entry_ids": [answer.json()["entry_id"]]}
    async with cycle.service.altered("ledger_entry", "value = 1", f"entry_id = '{entry}'"):
        answer = await cycle.post(cycle.office, "ledger-entries/verification", body)
    assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
    assert (await cycle.ledger())["entries"]["voided"] == 0


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_an_event_is_held_against_zero_reports_and_not_against_events(cycle, scheme):
    """Planted bugs: read all of the cell; leave out what is declared or reported there."""
    [zero] = await cycle.enter(ZERO | {"period": "2025Q1"}, unit="ZH01")
    await cycle.enter(*[EVENT | {"period": "2025Q3"}] * 100, unit="ZH01")
    draft = Draft("XQ01", "C03", "event", "overdue", None, "2025Q3", None, None)
    async with indexed(cycle.service) as db:
        before = await db.scalar(READ)
        found = await entries_beside(db, cycle.cycle_id, [draft], scheme)
        assert [str(each.entry_id) for each in found] == [zero]
        assert await db.scalar(READ) - before < 10


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_a_value_is_held_against_its_like_and_not_against_other_items(cycle, scheme):
    """Planted bugs: read all of the cell; leave out what takes an entry out."""
    await cycle.enter(EVENT, unit="ZH01")
    piece = Draft("XQ01", "C01", "measured_value", "count", "M3", "2025", 1, None)
    pieces = [replace(piece, item=f"M{n}") for n in range(100)]
    source = Caller("clerk", frozenset({"data_source_unit"}), "ZH01", "clerk")
    async with cycle.service.app.state.sessions.begin() as db:
        stored = [*pieces, replace(piece, kind="reversal")]
        ids = await store_entries(db, cycle.cycle_id, stored, source, SUBMITTED)
    async with indexed(cycle.service) as db:
        before = await db.scalar(READ)
        found = await entries_beside(db, cycle.cycle_id, [piece], scheme)
        assert [each.entry_id for each in found] == [ids[3], ids[100]]
        new = [replace(piece, item="M100"), replace(piece, period="2024")]
        assert not await entries_beside(db, cycle.cycle_id, new, scheme)
        assert not await entries_beside(db, uuid4(), [piece], scheme)
        assert await db.scalar(READ) - before < 10


async def test_the_counts_are_those_of_the_entries_whoever_writes_at_once(cycle):
    """Planted bug: a count that is read and then written."""
    units = ["XQ01", "XQ02", "XQ03"]
    bodies = [
        {"entries": [EVENT | {"unit": unit} for unit in order]}
        for order in itertools.permutations(units)
    ]
    await cycle.enter(EVENT, unit="ZH01")
    posts = (cycle.post(cycle.source("ZH01"), "ledger-entries", body) for body in bodies)
    assert [answer.status_code for answer in await asyncio.gather(*posts)] == [201] * 6
    async with cycle.service.app.state.sessions() as db:
        assert await count_entries(db, cycle.cycle_id) == {"submitted": 19}
        assert await count_entries(db, cycle.cycle_id, ["XQ01", "XQ03"]) == {"submitted": 13}


async def test_who_writes_about_one_unit_does_not_wait_for_who_does_so_too(cycle, service):
    """Planted bug: one count for each unit and state, for all who write."""
    [entry] = await cycle.enter(EVENT, unit="ZH01", state="draft")
    [other] = await cycle.enter(EVENT, unit="ZH01", state="draft")
    moving = (
        "INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)"
        " VALUES ($1, $2, 2, 'submitted', 'me')"
    )
    kept = "SELECT keep_latest_states($1, $2)"
    url = service.urls.app.replace("+asyncpg", "")
    one, another = [await asyncpg.connect(url, ssl=False) for _ in range(2)]
    try:
        async with asyncio.timeout(20):
            transactions = [one.transaction(), another.transaction()]
            await another.execute("SET lock_timeout = '3s'")
            for transaction in transactions:
                await transaction.start()
            for connection, moved in ((one, entry), (another, other)):
                await connection.execute(moving, cycle.cycle_id, moved)
                await connection.execute(kept, cycle.cycle_id, [moved])
            for transaction in transactions:
                await transaction.rollback()
    finally:
        await one.close()
        await another.close()


@pytest.mark.parametrize("table", ["ledger_entry_standing", "ledger_count"])
async def test_nobody_writes_what_the_database_keeps(cycle, service, table):
    """Planted bugs: rights of the service on them; the owner may empty them."""
    await cycle.enter(EVENT, unit="ZH01")
    before = await service.sql(f"SELECT * FROM {table} WHERE cycle_id = $1", cycle.cycle_id)  # noqa: S608
    writing = (f"DELETE FROM {table}", f"UPDATE {table} SET state = 'locked'")  # noqa: S608
    for url, refused in (
        (service.urls.app, (*writing, f"TRUNCATE {table}")),
        (service.urls.owner, (f"TRUNCATE {table}",)),
    ):
        connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
        try:
            for statement in refused:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
        finally:
            await connection.close()
    after = await service.sql(f"SELECT * FROM {table} WHERE cycle_id = $1", cycle.cycle_id)  # noqa: S608
    assert after == before


async def test_all_that_waits_is_verified_in_parts_that_are_each_on_record(cycle, monkeypatch):
    """Planted bugs: one part alone; the receipt of the first; all in one entry of the journal."""
    monkeypatch.setattr(verification, "MOST_NAMED", 2)
    await cycle.enter(*[EVENT] * 5, unit="ZH01")
    told = await cycle.verify(all_submitted=True)
    assert told["count"] == 5
    auditor = cycle.caller("auditor")
    chain = await auditor.get(f"/api/v1/journals/scoring/chains/{cycle.cycle_id}")
    entries = [e for e in chain.json()["items"] if e["event"] == "scoring.entries-verified"]
    assert [len(json.loads(e["body"])["entry_ids"]) for e in entries] == [2, 2, 1]
    assert told["receipt"]["hash"] == entries[-1]["hash"]
    found = await cycle.service.verification(str(cycle.cycle_id))
    assert (found["holds"], found["rows"]) == (True, [])


_MARKS = """
    WITH given AS (
      INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, item, period, value,
        author, author_unit, author_person, panel)
      SELECT $1, gen_random_uuid(), 'U' || n, 'C12', 'panel_mark', seat, '2025', 1, person, 'ZF01',
        person, 'P9'
      FROM generate_series(1, 200) n, (VALUES ('1', 'zhang'), ('2', 'li'), ('2', 'gone')) s (seat,
        person)
      WHERE person <> 'gone' OR n < 5
      RETURNING entry_id, author)
    INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)
    SELECT $1, entry_id, 1, CASE author WHEN 'gone' THEN 'withdrawn' ELSE 'submitted' END, author
    FROM given
    """
_KEPT = "SELECT keep_latest_states($1, array_agg(entry_id)) FROM ledger_entry WHERE cycle_id = $1"


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_who_sits_where_is_found_without_reading_all_marks_of_a_panel(cycle):
    """Planted bugs: read all marks of the panel; seats alone, or persons alone; who gave marks and
    took them all back."""
    await cycle.enter(EVENT, unit="ZH01")
    await cycle.service.on_record(str(cycle.cycle_id), _MARKS, cycle.cycle_id, then=_KEPT)
    mark = Draft("U9", "C12", "panel_mark", None, "1", "2025", None, None, panel="P9")
    async with indexed(cycle.service) as db:
        before = await db.scalar(READ)
        found = await sittings(db, cycle.cycle_id, [mark])
        assert await db.scalar(READ) - before < 100
    assert sorted(found) == [Sitting("P9", "1", "zhang"), Sitting("P9", "2", "li")]


@pytest.mark.parametrize(
    "reader",
    ["office", "source", "other source", "organiser", "own unit", "reviewer", "stranger"],
)
async def test_an_entry_is_read_alone_by_whoever_reads_it_in_the_list(year, reader):
    """Planted bugs: any entry for whoever knows its id; its history for whom it is not told."""
    cycle, (client, _) = year.cycle, year.readers[reader]
    path = f"{cycle.path}/ledger-entries"
    everything = (await cycle.office.get(f"{path}?limit=200")).json()["items"]
    listed = (await client.get(f"{path}?limit=200")).json()["items"]
    own = {each["entry_id"]: each for each in listed}
    for entry in everything:
        answer = await client.get(f"{path}/{entry['entry_id']}")
        if entry["entry_id"] not in own:
            assert (answer.status_code, answer.json()["type"]) == (404, "no-such-entry")
            continue
        told = answer.json()
        history = told.pop("history")
        assert told.pop("evidence") == []
        for name in ("handed_in_on", "due_on", "late", "late_by_working_days"):
            told.pop(name)
        assert told == own[entry["entry_id"]]
        assert (history is None) == (told["state_by"] is None)
        if history is not None:
            assert [each["step"] for each in history] == [*range(1, len(history) + 1)]
            assert history[-1]["state"] == told["state"]
            assert history[-1]["actor"] == told["state_by"]


async def test_an_entry_that_has_not_moved_is_not_sent_again(year):
    cycle, office = year.cycle, year.cycle.office
    [one] = (await office.get(f"{cycle.path}/ledger-entries?limit=1")).json()["items"]
    path = f"{cycle.path}/ledger-entries/{one['entry_id']}"
    first = await office.get(path)
    again = await office.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
