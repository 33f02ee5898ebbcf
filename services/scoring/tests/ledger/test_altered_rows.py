"""A row changed in the database is named, and nothing is computed, sealed or told from it."""

import re

import asyncpg
import pytest
from counted_cards import COUNTED
from leading import organiser, with_leaders
from services.scoring.tests.conftest import Cycle

from scoring.tables import Base

_EN, _ZH = "journal|history|vouches|computed", "不符|不一致|无法按原计算过程"

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
    "note": "三月",
}

_ADDED = (
    "INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, key, period, value,"
    " author, author_unit, author_person, state, step) SELECT cycle_id, gen_random_uuid(), 'XQ02',"
    " indicator, kind, key, period, 999, author, author_unit, author_person, 'verified', 2"
    " FROM ledger_entry"
    " WHERE cycle_id = '{}'"
)


def one_of(year, table: str) -> str:
    """Which row of a table is altered: of the ledger one of XQ01 with a value, of the latest
    edition that is not fed back that of XQ01 or of the sheet itself, of inputs what it rests on."""
    of = f"cycle_id = '{year.cycle_id}'"
    entries = f"{of} AND unit = 'XQ01' AND kind = 'measured_value'"
    scheme = f"SELECT basis ->> 'scheme' FROM score_sheet WHERE {of} AND edition = 2"  # noqa: S608
    return {
        "claim": f"{of} AND unit = 'XQ01'",
        "ledger_entry": f"number = (SELECT min(number) FROM ledger_entry WHERE {entries})",  # noqa: S608
        "unit_score": f"{of} AND edition = 2 AND unit = 'XQ01'",
        "score_sheet": f"{of} AND edition = 2",
        "input_document": f"{of} AND digest = ({scheme})",
    }.get(table, of)


@pytest.fixture(scope="module")
async def year(new_year, new_cycle, others, document):
    """A year of two editions, the first fed back, of which every change is undone again."""
    cycle = await new_year(after=Cycle.propose_restoration)
    others.schemes[cycle.cycle_id] = with_leaders(document) | COUNTED
    handed_in = await cycle.post(organiser(cycle), "categories/COUNTY/hand-in", {"reason": "齐全"})
    assert handed_in.status_code == 201, handed_in.text
    await cycle.enter_late()
    await cycle.park(others, "重复")
    await cycle.support()
    await cycle.shine()
    await cycle.award()
    await cycle.supervise()
    await cycle.complain(others)
    await cycle.adopt(new_cycle())
    await cycle.draw_cards()
    await cycle.release((await cycle.freeze())["stage_no"], "category")
    await cycle.sign(others)
    await cycle.check_units(others)
    await cycle.evaluate_itself(others)
    await cycle.correct_as_though_sealed()
    edition = await cycle.score()
    answer = await cycle.post(cycle.office, f"score-sheets/{edition}/feedback")
    assert answer.status_code == 201, answer.text
    await cycle.object(others)
    assert await cycle.score() == 2
    found = await cycle.service.verification(str(cycle.cycle_id))
    assert (found["holds"], found["rows"], found["faults"], found["uncovered"]) == (True, [], [], 0)
    return cycle


async def test_a_change_of_any_stored_field_is_found_and_named(year):
    """Planted bugs: leave a column out of the digest, or a table out of the register."""
    unnoticed = await year.service.unnoticed(str(year.cycle_id), f"cycle_id = '{year.cycle_id}'")
    assert unnoticed == []


@pytest.mark.parametrize(
    ("table", "change", "requests"),
    [
        (
            "ledger_entry",
            "occurred_on = '2024-01-01'",
            ["POST score-sheets", "POST ledger/seal", "GET ledger-entries"],
        ),
        ("ledger_entry", "state = 'voided'", ["POST score-sheets", "POST ledger/seal"]),
        ("ledger_entry_state", "state = 'voided'", ["POST score-sheets", "POST ledger/seal"]),
        ("claim", "unit = 'XQ02'", ["POST score-sheets", "GET claims"]),
        ("supervised_item", "text = 'x'", ["GET supervised-items"]),
        ("supervised_item_move", "completion = 99", ["GET supervised-items"]),
        ("supervised_item_unit", "share = 99", ["GET supervised-items"]),
        ("complaint", "text = 'x'", ["GET complaints"]),
        ("complaint_move", "late = NOT late", ["GET complaints"]),
        ("complaint_unit", "unit = 'XQ09'", ["GET complaints"]),
        ("complaint_event", "unit = 'XQ09'", ["GET complaints"]),
        ("objection", "asks = '106'", ["GET objections"]),
        ("objection_move", "state = 'rejected'", ["GET objections"]),
        ("ledger", "phase = 'sealed'", ["POST score-sheets"]),
        (
            "score_sheet",
            "units = jsonb_set(units, '{0,2}', '\"12.3456\"')",
            [
                "GET score-sheets",
                "GET score-sheets/2",
                "GET score-sheets/latest",
                "GET score-sheets/2/units/XQ01/explanation",
                "GET score-sheets/2/units/XQ01/outlook",
                "GET score-sheets/2/diagnostics",
                "GET score-sheets/2/differences?against=1",
                "POST score-sheets/2/feedback",
            ],
        ),
        (
            "unit_score",
            "packed = (SELECT packed FROM unit_score WHERE unit = 'XQ02' LIMIT 1)",
            ["GET score-sheets/2", "GET score-sheets/2/units/XQ01/explanation"],
        ),
        ("unit_score", "packed = ''", ["GET score-sheets/2", "GET score-sheets/2/diagnostics"]),
        (
            "input_document",
            "packed = (SELECT packed FROM input_document other"
            " WHERE other.packed <> input_document.packed LIMIT 1)",
            [
                "GET score-sheets/2/units/XQ01/explanation",
                "GET score-sheets/2/diagnostics",
                "POST score-sheets/2/feedback",
            ],
        ),
        (
            "ledger_entry",
            "value = value / 2",
            ["GET score-sheets/2/units/XQ01/explanation", "POST score-sheets/2/feedback"],
        ),
        (
            "explanation_tree",
            "packed = (SELECT packed FROM explanation_tree other"
            " WHERE other.packed <> explanation_tree.packed LIMIT 1)",
            ["GET score-sheets/1/diagnostics"],
        ),
        ("explanation_tree", "packed = ''", ["GET score-sheets/1/diagnostics"]),
        (
            "input_document",
            "packed = ''",
            ["GET score-sheets/2/units/XQ01/explanation", "POST score-sheets/2/feedback"],
        ),
        (
            "explanation",
            "digest = 'x'",
            ["GET score-sheets/1/diagnostics"],
        ),
        ("feedback", "fed_back_by = 'x'", ["GET score-sheets/1"]),
    ],
)
async def test_nothing_rests_on_what_was_altered(year, table, change, requests):
    """Planted bug: leave `require_intact` out of any of them."""
    before = await year.rows()
    async with year.service.altered(table, change, one_of(year, table)):
        for request in requests:
            method, path = request.split(" ")
            body = {"categories": ["COUNTY"]} if request == "POST score-sheets" else None
            for language, word in (("en", _EN), ("zh", _ZH)):
                answer = await year.office.request(
                    method, f"{year.path}/{path}", json=body, headers={"Accept-Language": language}
                )
                told = (answer.status_code, answer.json().get("type"))
                assert told == (500, "stored-data-altered"), (request, answer.text[:300])
                assert re.search(word, answer.json()["detail"])
    assert await year.rows() == before


@pytest.mark.parametrize("path", ["", "/1", "/1/units/XQ01/explanation", "/1/units/XQ01/outlook"])
async def test_an_edition_that_was_fed_back_is_never_taken_for_one_that_was_not(year, path):
    """Planted bug: look at the row that says so only where there is one."""
    async with year.service.altered("feedback", "edition = 7", one_of(year, "feedback")):
        answer = await year.office.get(f"{year.path}/score-sheets{path}")
    told = (answer.status_code, answer.json().get("type"))
    assert told == (500, "stored-data-altered"), answer.text[:300]


@pytest.mark.parametrize(
    ("statement", "code", "broken_at"),
    [
        (
            "DELETE FROM journal_entry WHERE chain = '{chain}' AND seq = {last}",
            "entries-missing",
            1,
        ),
        ("DELETE FROM journal_entry WHERE chain = '{chain}' AND seq = 1", "entry", 1),
        ("DELETE FROM journal_entry WHERE chain = '{chain}'", "entries-missing", 1),
        ("DELETE FROM journal_head WHERE chain = '{chain}'", "head-missing", None),
        ("UPDATE journal_head SET seq = seq + 1 WHERE chain = '{chain}'", "entries-missing", 1),
        ("UPDATE journal_head SET seq = seq - 1 WHERE chain = '{chain}'", "head-behind", None),
        ("UPDATE journal_head SET hash = '\\x00' WHERE chain = '{chain}'", "head", None),
        ("UPDATE journal_entry SET rows = NULL WHERE chain = '{chain}' AND seq = 1", "entry", 1),
    ],
)
async def test_a_journal_that_was_cut_is_not_said_to_hold(cycle, statement, code, broken_at):
    """Planted bug: verify the entries and leave the head alone."""
    await cycle.enter(VALUE)
    await cycle.verify(all_submitted=True)
    last = (await cycle.service.verification(str(cycle.cycle_id)))["length"]
    await cycle.service.tamper(statement.format(chain=cycle.cycle_id, last=last))

    found = await cycle.service.verification(str(cycle.cycle_id))
    assert (found["holds"], [each["code"] for each in found["faults"]]) == (False, [code])
    if broken_at is None:
        assert found["broken_at"] is None
    else:
        assert found["broken_at"] is not None
    answer = await cycle.post(cycle.office, "ledger/seal")
    assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
    assert (await cycle.ledger())["phase"] == "open"


async def test_an_entry_that_no_command_entered_is_not_scored(cycle):
    """Planted bug: compare only what the journal speaks of."""
    await cycle.enter(VALUE)
    await cycle.verify(all_submitted=True)
    await cycle.service.tamper(_ADDED.format(cycle.cycle_id))
    answer = await cycle.post(cycle.office, "score-sheets", {"categories": ["COUNTY"]})
    assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
    assert {row["what"] for row in answer.json()["rows"]} == {"added", "contradicted"}


async def test_the_journal_holds_what_was_entered_field_by_field(cycle):
    """The digest of a batch is of every column, the day of an event among them."""
    await cycle.enter(VALUE)
    auditor = cycle.caller("auditor")
    entries = await auditor.get(f"/api/v1/journals/scoring/chains/{cycle.cycle_id}")
    rows = entries.json()["items"][0]["rows"]
    for column in ("occurred_on", "note", "author", "author_unit", "unit", "value"):
        assert f'"{column}"' in rows


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET phase = 'open'",
        "UPDATE ledger SET phase = 'open', sealed_at = NULL",
        "UPDATE ledger SET sealed_at = now()",
        "DELETE FROM ledger",
        "TRUNCATE ledger CASCADE",
    ],
)
async def test_the_role_of_the_service_cannot_reopen_a_ledger(cycle, service, statement):
    """Planted bug: UPDATE of the phase without a trigger that lets it go forward only."""
    await cycle.enter(VALUE)
    await cycle.verify(all_submitted=True)
    await cycle.post(cycle.office, "ledger/seal")
    url = service.urls.app.replace("+asyncpg", "")
    connection = await asyncpg.connect(url, ssl=False)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()
    assert (await cycle.ledger())["phase"] == "sealed"


async def test_the_journal_vouches_for_every_table(service):
    """Planted bug: a migration that adds a table and does not say that it is recorded.

    What follows from other tables is compared with these (`test_altered_at_once.py`).
    """
    known = await service.sql("SELECT relation FROM journal_table")
    tables = {each.local_table.name for each in Base.registry.mappers}
    assert {each["relation"] for each in known} == tables
    assert set(Base.metadata.tables) - tables == {"ledger_entry_standing", "ledger_count"}
