"""What commands ask the database, once it holds earlier cycles and has statistics of them.

Nothing here is timed: the statements are counted, their plans are looked at, and so are the rows
that they read.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event, text

from chassis.pages import PageRequest
from scoring.queries.counted import counted_entries, entries_by_id
from scoring.queries.duties import handed_in
from scoring.queries.entries import Question, Wanted, entries_on_page
from scoring.queries.ledger import count_entries, entry_rows, standing_of
from scoring.queries.moves import entries_in, move_all
from scoring.queries.progress import arrived
from scoring.rules.ledger.progress import COUNTED
from scoring.rules.ledger.states import LOCKED, SUBMITTED, VERIFIED

EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}

_EARLIER_CYCLES = [
    "CREATE TEMP TABLE earlier AS SELECT c.cycle_id, gen_random_uuid() AS entry_id, n FROM"
    " (SELECT gen_random_uuid() AS cycle_id FROM generate_series(1, 20)) c,"
    " generate_series(1, 400) n",
    "INSERT INTO ledger SELECT DISTINCT cycle_id, 'sealed' FROM earlier",
    "INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, key, period, value,"
    " author, author_unit, author_person) SELECT cycle_id, entry_id, 'XQ' || n % 20, 'C01',"
    " 'measured_value', 'actual', '2025', n, 'zhang', 'ZH02', 'zhang' FROM earlier",
    "INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)"
    " SELECT cycle_id, entry_id, s.step, s.state, 'li' FROM earlier,"
    " (VALUES (1, 'submitted'), (2, 'verified'), (3, 'locked')) s (step, state)",
    "SELECT keep_latest_states(cycle_id, array_agg(entry_id)) FROM earlier GROUP BY cycle_id",
    "ANALYZE",
]

_READ = text(
    "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
    " WHERE relname IN ('ledger_entry', 'ledger_entry_state', 'ledger_entry_standing',"
    " 'ledger_count')"
)


@pytest.fixture(scope="module")
async def old(service):
    """The service after twenty cycles, with statistics of them and of nothing since."""
    superuser = await asyncpg.connect(service.superuser_url, ssl=False)
    try:
        for statement in _EARLIER_CYCLES:
            await superuser.execute(statement)
    finally:
        await superuser.close()
    return service


@contextmanager
def statements(service) -> Iterator[list[tuple[str, Any]]]:
    """Collect what the service asks its database meanwhile, with the parameters."""
    asked: list[tuple[str, Any]] = []

    def hear(_, __, statement, parameters, *___) -> None:
        asked.append((statement, parameters))

    engine = service.app.state.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", hear)


async def live(cycle, number: int) -> None:
    """Enter so many events, submit, return, verify, count, list, score and seal them."""
    source, office = cycle.source("ZH01"), cycle.office
    ids = {"entry_ids": await cycle.enter(*[EVENT] * number, unit="ZH01", state="draft")}
    for client, path, body in [
        (source, "ledger-entries/submission", ids),
        (office, "ledger-entries/return", ids | {"reason": "x"}),
        (source, "ledger-entries/submission", ids),
        (office, "ledger-entries/verification", {"all_submitted": True}),
        (source, f"ledger-entries/{ids['entry_ids'][0]}/reversal", {"reason": "x"}),
        (office, "ledger-entries/verification", {"all_submitted": True}),
        (office, "score-sheets", {"categories": ["COUNTY"]}),
        (office, "ledger/seal", None),
    ]:
        answer = await cycle.post(client, path, body)
        assert answer.status_code in (200, 201), answer.text
    ledger = await cycle.ledger()
    assert (ledger["entries"]["locked"], ledger["entries"]["voided"]) == (number, 1)
    listed = await office.get(f"{cycle.path}/ledger-entries", params={"state": "locked"})
    assert listed.status_code == 200


def is_lookup(node: dict) -> bool:
    """Say whether a plan looks up each of some texts or ids in an index: the only loops."""
    below = node.get("Plans", ())
    if node["Node Type"] != "Nested Loop" or below[0]["Node Type"] != "Function Scan":
        return False
    scan = below[1]
    while "Plans" in scan:  # what keeps each lookup apart
        [scan] = scan["Plans"]
    conditions = scan.get("Index Cond", "")
    by_key = "number >" in conditions or "entry_id =" in conditions
    return by_key and "each" in conditions


async def rows_in(db, cycle_id, state):
    """The entries that are in a state."""
    ids = [entry_id for _, entry_id in await entries_in(db, cycle_id, [state])]
    return await entry_rows(db, cycle_id, ids)


async def standing(db, cycle_id, state):
    """Where those entries stand."""
    return await standing_of(db, cycle_id, (await rows_in(db, cycle_id, state)).values())


def plans(node: dict) -> Iterator[dict]:
    """Give a plan and all below it."""
    yield node
    for below in node.get("Plans", ()):
        yield from plans(below)


async def test_commands_ask_as_many_questions_however_many_entries_they_move(old, new_cycle):
    """Planted bug: a statement for each entry."""
    with statements(old) as few:
        await live(new_cycle(), 3)
    with statements(old) as many:
        await live(new_cycle(), 300)
    assert len(few) == len(many)


async def test_an_edition_is_computed_and_kept_with_ten_questions(old, new_cycle):
    """Planted bugs: a statement for each unit's scores; one more for the documents."""
    cycle = new_cycle()
    for _ in range(2):  # the second finds its documents kept
        await cycle.enter(*[EVENT] * 20, unit="ZH01")
        await cycle.verify(all_submitted=True)
        with statements(old) as asked:
            answer = await cycle.post(cycle.office, "score-sheets", {"categories": ["COUNTY"]})
        assert answer.status_code == 201
        assert len(asked) <= 10, "\n".join(statement for statement, _ in asked)


@pytest.mark.one_machine("what the planner of one server guesses")
async def test_no_plan_about_entries_depends_on_what_the_database_guesses(old, new_cycle):
    """Planted bug: the latest state as a correlated subquery."""
    with statements(old) as asked:
        await live(new_cycle(), 30)
    about = [(s, p) for s, p in asked if "FROM ledger_entry" in s or "JOIN ledger_entry" in s]
    assert len(about) > 10
    engine = old.app.state.sessions.kw["bind"]
    async with engine.connect() as connection:
        for statement, parameters in about:
            explained = await connection.exec_driver_sql(
                f"EXPLAIN (FORMAT JSON) {statement}", parameters
            )
            plan = explained.scalar_one()
            if isinstance(plan, str):
                plan = json.loads(plan)
            for node in plans(plan[0]["Plan"]):
                if is_lookup(node):
                    continue
                told = f"{statement}\n{json.dumps(plan, indent=1, default=str)}"
                assert node["Node Type"] not in ("Nested Loop", "Seq Scan"), told
                assert node.get("Parent Relationship") != "SubPlan", told
        await connection.rollback()


@pytest.mark.one_machine("rows that are read are counted by one server alone")
async def test_what_a_command_reads_is_in_proportion_to_what_it_moves(old, new_cycle):
    """Planted bugs: the latest state as a correlated subquery; `keep_latest_states` that joins the
    ledger.

    The rows are counted by the database, those that its functions read among them.
    """
    read: dict[int, list[int]] = {}
    for number in (100, 400):
        cycle = new_cycle()
        await cycle.enter(*[EVENT] * number, unit="ZH01")
        async with old.app.state.sessions() as db:
            done = []
            for work in (
                lambda db=db, c=cycle.cycle_id: standing(db, c, SUBMITTED),
                lambda db=db, c=cycle.cycle_id: move_all(db, c, SUBMITTED, VERIFIED, "li"),
                lambda db=db, c=cycle.cycle_id: count_entries(db, c),
                lambda db=db, c=cycle.cycle_id: counted_entries(db, c, ["XQ01"]),
                lambda db=db, c=cycle.cycle_id: move_all(db, c, VERIFIED, LOCKED, "li"),
            ):
                before = await db.scalar(_READ)
                await work()
                done.append(int(await db.scalar(_READ) - before))
        read[number] = done
    for few, many in zip(*read.values(), strict=True):
        assert few <= 100 * 7 + 10, read
        assert many <= 400 * 7 + 10, read


async def test_an_entry_is_found_by_its_id_in_a_cycle_that_the_planner_has_not_met(old, cycle):
    """Planted bugs: the cycle as a uuid, so that an index of the cycle serves; no index on ids."""
    await cycle.enter(*[EVENT] * 400, unit="ZH01")
    async with old.app.state.sessions() as db:
        cycle_id = cycle.cycle_id
        some = list(await rows_in(db, cycle_id, SUBMITTED))[::100]
        before = await db.scalar(_READ)
        found = await entries_by_id(db, cycle_id, some, ["XQ01"])
        assert {each.entry_id for each in found} == set(some)
        assert int(await db.scalar(_READ) - before) <= len(some)


async def test_of_what_is_owed_no_more_is_read_than_was_entered_for_it(old, new_cycle):
    """Planted bugs: all that a unit has is read for one indicator of it; by an index of the cycle,
    which the planner has not met."""
    cycle, value = new_cycle(), {"kind": "measured_value", "key": "actual", "value": "7"}
    await cycle.enter(*[EVENT] * 400, unit="ZH01")
    await cycle.enter(*({"unit": f"XQ0{n}", "indicator": "C01"} | value for n in (1, 2)))
    about = {(f"XQ0{n}", "C01") for n in range(1, 6)}
    async with old.app.state.sessions() as db:
        later = datetime.now(UTC) + timedelta(minutes=1)
        before = await db.scalar(_READ)
        found = await handed_in(db, cycle.cycle_id, later, "Asia/Shanghai", about)
        assert {each.unit for each in found} == {"XQ01", "XQ02"}
        assert int(await db.scalar(_READ) - before) <= 4
        before = await db.scalar(_READ)
        came = await arrived(db, cycle.cycle_id, COUNTED, (), about)
        assert {each.unit for each in came} == {"XQ01", "XQ02"}
        assert int(await db.scalar(_READ) - before) <= 2
        assert len(await arrived(db, cycle.cycle_id, COUNTED, (), None)) == 3
        assert len(await handed_in(db, cycle.cycle_id, later, "Asia/Shanghai")) == 3


async def test_nobody_says_what_state_an_entry_is_in_but_its_history(cycle, service):
    """Planted bugs: UPDATE of the two columns for the service; INSERT of them as well."""
    [entry] = await cycle.enter(EVENT, unit="ZH01")
    engine = service.app.state.sessions.kw["bind"]
    for statement in (
        "UPDATE ledger_entry SET state = 'verified' WHERE entry_id = '{entry}'",
        "UPDATE ledger_entry SET step = 9 WHERE entry_id = '{entry}'",
        "INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, period, author,"
        " author_unit, author_person, state) SELECT cycle_id, gen_random_uuid(), unit, indicator,"
        " kind, period, author, author_unit, author_person, 'verified' FROM ledger_entry"
        " WHERE entry_id = '{entry}'",
    ):
        async with engine.connect() as connection:
            with pytest.raises(Exception, match="permission denied"):
                await connection.execute(text(statement.format(entry=entry)))
    async with service.altered("ledger_entry", "state = 'verified'", f"entry_id = '{entry}'"):
        found = await service.verification(str(cycle.cycle_id))
        assert {row["table"] for row in found["rows"]} == {"ledger_entry"}

    await cycle.verify(entry_ids=[entry])
    kept = await service.sql("SELECT state, step FROM ledger_entry WHERE entry_id = $1", entry)
    assert kept == [{"state": "verified", "step": 2}]


async def test_what_is_of_ten_thousand_categories_is_asked_by_two_parameters(cycle, service):
    """Planted bugs: a condition for each category, which the driver takes no longer; the
    indicators of any category."""
    entered = await cycle.enter(EVENT, EVENT | {"unit": "XQ02"}, unit="ZH01")
    groups = [([f"U{n}"], [f"I{n}"]) for n in range(17_000)]
    groups += [(["XQ01"], ["C01", "C03"]), (["XQ02"], ["C01"])]
    found, page = list[str](), PageRequest(10, None)
    async with service.app.state.sessions() as db:
        for unit in ("XQ01", "XQ02"):
            wanted = Wanted(unit, tagged=groups)
            rows = await entries_on_page(db, cycle.cycle_id, page, None, wanted)
            found += [str(row.entry_id) for row in rows]
    assert found == entered[:1]
    asked = Question()
    Wanted(tagged=groups).holds(asked)
    assert len(asked.values) == 2
