"""Lists of entries by every filter, and in the order of changes, of which none is missed.

Nothing here is timed: pages are compared with what a filter in Python leaves of all entries, and
the rows that are read for them are counted by the database.
"""

import random
from datetime import datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from leading import VALUE
from sqlalchemy import text

from chassis.pages import PageRequest
from scoring.queries import changes
from scoring.queries.changes import changes_on_page
from scoring.queries.entries import NEWEST_FIRST, Wanted, Way, anything, entries_on_page

EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
READERS = ["office", "source", "other source", "organiser", "own unit", "reviewer", "stranger"]
READ = text(
    "SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0) FROM pg_stat_xact_user_tables"
    " WHERE relname LIKE 'ledger%' OR relname LIKE 'journal%'"
)
CHOICES = {
    "unit": ("XQ01", "XQ02", "NONE"),
    "indicator": ("C01", "C03"),
    "author_unit": ("ZH01", "ZH02"),
    "state": ("draft", "submitted", "verified", "withdrawn", "returned"),
    "kind": ("event", "measured_value", "grade"),
    "period": ("2025", "2025Q3", "2024"),
    "q": ("迟报", "LATE", "%", "_", "overdue", "late\\", "迟报 late"),
    "sort": ("entered_at", "-entered_at"),
}
SEVERAL = ("state", "kind")


async def walked(client, path, params) -> list[dict]:
    """What stands on all pages of three."""
    found, after = list[dict](), None
    while True:
        asked = params | {"limit": 3} | ({"after": after} if after else {})
        answer = await client.get(f"{path}/ledger-entries", params=asked)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        after = answer.json()["next"]
        if after is None:
            return found


def drawn(draw: random.Random) -> dict:
    params = {}
    for name, choices in CHOICES.items():
        if draw.random() < 0.35:
            number = draw.randint(1, 3) if name in SEVERAL else 1
            params[name] = sorted(draw.sample(choices, number))
    if "q" in params and not params.keys() & {"unit", "indicator", "author_unit"}:
        params["indicator"] = ["C03"]
    return params


def left_by(params: dict, entries: list[dict]) -> list[str]:
    """The ids of the entries that are asked for, in the order that is asked for."""

    def is_asked(entry: dict) -> bool:
        texts = (entry[name] or "" for name in ("note", "word", "key", "item"))
        sought = params.get("q", [""])[0].lower()
        told = any(sought in each.lower() for each in texts)
        names = params.keys() - {"q", "sort"}
        return told and all(entry[name] in params[name] for name in names)

    found = [entry["entry_id"] for entry in entries if is_asked(entry)]
    return found[::-1] if params.get("sort") == ["-entered_at"] else found


@pytest.mark.parametrize("reader", READERS)
async def test_a_list_has_what_a_filter_in_python_leaves(year, reader):
    """Planted bugs: each filter left out; a filter that is asked of where entries stand and not of
    them; the first of several states alone; a percent sign that stands for any text; a part that is
    sought over the end of one text into the next; pages of the latest that go on forwards."""
    path, (client, _) = year.cycle.path, year.readers[reader]
    draw = random.Random(reader)  # noqa: S311 - the same filters each time
    entries = await walked(client, path, {})
    # Over the end of the note into the key.
    over = {"indicator": ["C03"], "q": ["late overdue"]}
    for params in (over, *(drawn(draw) for _ in range(25))):
        got = [each["entry_id"] for each in await walked(client, path, params)]
        assert got == left_by(params, entries), params


@pytest.mark.parametrize("many", [5_000, -1])
@pytest.mark.parametrize("reader", READERS)
async def test_what_changed_is_given_in_the_order_of_its_changes(year, reader, many, monkeypatch):
    """Sought among the changes, and where these are more than so many, among the reader's entries.
    Planted bugs: the moment that a state names itself; an entry once for each of its states; the
    moment itself left out; the entries of one command in the order of arrival, of which a page that
    begins among them leaves some out; filters left out."""
    monkeypatch.setattr(changes, "_MANY", many)
    path, (client, _) = year.cycle.path, year.readers[reader]
    draw = random.Random(reader)  # noqa: S311 - the same filters each time
    entries = await walked(client, path, {})
    entries.sort(key=lambda each: (each["changed_at"], each["entry_id"]))
    moments = [each["changed_at"] for each in entries] or ["2025-01-01T00:00:00Z"]
    for _ in range(8):
        since, params = draw.choice(["2025-01-01T08:00:00+08:00", *moments]), drawn(draw)
        params.pop("sort", None)
        changed = [e for e in entries if e["changed_at"] >= since or since.endswith("+08:00")]
        got = await walked(client, path, params | {"changed_since": since})
        assert [each["entry_id"] for each in got] == left_by(params, changed), params


async def test_the_moment_of_a_change_is_the_one_of_the_journal(year):
    """Planted bug: when the state was written."""
    cycle = year.cycle
    [entry] = await cycle.enter(EVENT, unit="ZH01")
    answer = await cycle.office.get(f"{cycle.path}/ledger-entries/{entry}")
    chain = "SELECT max(recorded_at) AS moment FROM journal_entry WHERE chain = $1"
    [told] = await cycle.service.sql(chain, str(cycle.cycle_id))
    assert datetime.fromisoformat(answer.json()["changed_at"]) == told["moment"]


ENTERED = (
    "INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, key, period, value,"
    " author, author_unit, author_person)"
    " VALUES ($1, $2, 'XQ01', 'C03', 'event', 'overdue', '2025', 1, 'me', 'ZH01', 'me')"
)
IN_STATE = (
    "INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)"
    " VALUES ($1, $2, 1, 'submitted', 'me')"
)
KEPT = "SELECT keep_latest_states($1, ARRAY[$2::uuid])"


@pytest.mark.parametrize("is_recorded", [False, True])
async def test_what_is_committed_late_is_not_missed(cycle, is_recorded):
    """A command has written its rows, and also the journal, when another system reads; it is
    committed afterwards. Planted bugs: what was written at a moment or later; the moment of
    asking, to go on from."""
    slow, chain = uuid4(), str(cycle.cycle_id)
    recorded = "SELECT journal_append($1, 'me', '', 'test', '{}')"
    await cycle.enter(EVENT, unit="ZH01")
    connection = await asyncpg.connect(cycle.service.superuser_url, ssl=False)
    try:
        async with connection.transaction():
            await connection.execute(ENTERED, cycle.cycle_id, slow)
            await connection.execute(IN_STATE, cycle.cycle_id, slow)
            await connection.execute(KEPT, cycle.cycle_id, slow)
            if is_recorded:
                await connection.execute(recorded, chain)
            else:
                await cycle.enter(EVENT, unit="ZH01")
            since = {"changed_since": "2025-01-01T00:00:00Z"}
            before = await walked(cycle.office, cycle.path, since)
            assert str(slow) not in [each["entry_id"] for each in before]
            if not is_recorded:
                await connection.execute(recorded, chain)
    finally:
        await connection.close()
    since = {"changed_since": before[-1]["changed_at"]}
    after = await walked(cycle.office, cycle.path, since)
    assert [each["entry_id"] for each in after] == [before[-1]["entry_id"], str(slow)]


async def test_an_entry_that_moves_while_it_is_read_comes_again_and_hides_no_other(cycle):
    """Planted bug: a page that goes on after where the last entry stands by now."""
    ids = await cycle.enter(*[EVENT] * 4, unit="ZH01")
    asked = {"changed_since": "2025-01-01T00:00:00Z", "limit": 2}
    path = f"{cycle.path}/ledger-entries"
    first = (await cycle.office.get(path, params=asked)).json()
    await cycle.verify(entry_ids=[first["items"][-1]["entry_id"]])
    rest = (
        await cycle.office.get(path, params=asked | {"limit": 5, "after": first["next"]})
    ).json()
    assert [each["entry_id"] for each in rest["items"]] == [
        *sorted(ids)[2:],
        first["items"][-1]["entry_id"],
    ]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("state=draft&state=draft", "query-not-understood"),
        ("state=draft,submitted", "malformed-request"),
        ("state=gone", "malformed-request"),
        ("kind=", "malformed-request"),
        ("period=2025&period=2024", "query-not-understood"),
        ("q=late", "search-too-wide"),
        ("q=late&period=2025", "search-too-wide"),
        ("sort=unit", "malformed-request"),
        ("sort=entered_at&changed_since=2025-01-01T00:00:00Z", "order-not-possible"),
        ("changed_since=2025-01-01", "malformed-request"),
        ("changed_since=2025-01-01T00:00:00", "malformed-request"),
        ("changed_since=1700000000", "malformed-request"),
        ("changed_since=0001-01-01T00:00:00%2B08:00", "malformed-request"),
        ("changed_since=2025-01-01T00:00:00 08:00", "malformed-request"),
        (f"changed_since=2025-01-01T00:00:00Z&after={UUID(int=1)}", "no-such-place"),
        (
            f"changed_since=2025-01-01T00:00:00Z&after=2024-01-01T00:00:00.000000Z_{UUID(int=1)}",
            "no-such-place",
        ),
        (
            f"changed_since=2025-01-01T00:00:00Z&after=2025-13-01T00:00:00.000000Z_{UUID(int=1)}",
            "no-such-place",
        ),
    ],
)
async def test_what_no_list_knows_is_refused_by_name(year, query, kind):
    answer = await year.cycle.office.get(f"{year.cycle.path}/ledger-entries?{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, kind)
    assert answer.json()["errors"][0]["pointer"].startswith("/query/")


async def test_a_unit_learns_nothing_of_others_by_any_filter(year):
    """An assessed unit asks for a rival's. Planted bug: a condition of the reader that is left out
    where changes are read."""
    client, path = year.readers["own unit"][0], year.cycle.path
    for asked in ({}, {"changed_since": "2025-01-01T00:00:00Z"}, {"sort": "-entered_at"}):
        for more in (
            {"unit": "XQ01"},
            {"indicator": "C03", "q": "迟报"},
            {"kind": "measured_value"},
        ):
            found = await walked(client, path, asked | more)
            assert {each["unit"] for each in found} <= {"XQ02"}


async def read_for(cycle, wanted, since=None, *, order=None, ways=None) -> int:
    """How many rows are read for a page of twenty."""
    page = PageRequest(20, None)
    async with cycle.service.app.state.sessions() as db:
        before = await db.scalar(READ)
        if since is None:
            await entries_on_page(db, cycle.cycle_id, page, ways, wanted, order)
        else:
            await changes_on_page(db, cycle.cycle_id, page, ways, wanted, since)
        return await db.scalar(READ) - before


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_a_page_reads_as_little_of_a_large_ledger_whatever_is_asked(cycle):
    """Of a ledger that nobody has analysed. Planted bugs: all entries in their order until there
    are enough of a kind or a period; changes that are collected before they are shown; all states
    of a record, sorted; the journal from its beginning."""
    await cycle.enter(VALUE)
    [late] = await cycle.enter(EVENT | {"period": "2025Q3"}, unit="ZH01")
    found = await cycle.office.get(f"{cycle.path}/ledger-entries/{late}")
    asked = [
        (Wanted(kind=["measured_value"]), None, None),
        (Wanted(period="2025Q3"), None, None),
        (Wanted(), None, NEWEST_FIRST),
        (Wanted(), datetime.fromisoformat(found.json()["changed_at"]), None),
        (Wanted(state=["submitted"], kind=["event"]), datetime(2025, 1, 1).astimezone(), None),
        (Wanted(), datetime(2100, 1, 1).astimezone(), None),
    ]
    read = []
    for _ in range(2):
        await cycle.enter(*[EVENT] * 400, unit="ZH01")
        for _ in range(10):
            await cycle.enter(EVENT, unit="ZH01")
        read.append([await read_for(cycle, *one[:2], order=one[2]) for one in asked])
    few, many = read
    # Changes are read ahead into the next command, by no more than a page.
    for before, after in zip(few, many, strict=True):
        assert after - before < 100, (few, many)
    assert many[-1] - few[-1] < 8, (few, many)


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_what_changed_of_a_few_entries_is_not_sought_among_all_changes(cycle):
    """The marks of one seat in a large ledger. Planted bugs: look through all changes; count all
    of them before."""
    await cycle.enter(VALUE)
    since = datetime(2025, 1, 1).astimezone()
    mine = [Way("author_unit", ["ZH02"], anything)]
    read = []
    for number in (6_000, 3_000):
        await cycle.enter(*[EVENT] * (number // 2), unit="ZH01")
        await cycle.enter(*[EVENT] * (number // 2), unit="ZH01")
        read.append(await read_for(cycle, Wanted(), since, ways=mine))
    assert read[1] - read[0] < 100, read
    assert read[1] < 7_000, read
