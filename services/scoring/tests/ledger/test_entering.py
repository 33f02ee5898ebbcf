"""Entering into the ledger over HTTP: who may, what is kept, and what every refusal leaves."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from scoring.api.ledger.posting import NewLedgerEntry

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104.50",
}
EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
GRADE = {"unit": "XQ02", "indicator": "C14", "kind": "grade", "word": "A"}
INDICATORS_DOWN, NO_SCHEME = UUID(int=503), UUID(int=404)


async def test_a_batch_is_kept_and_its_receipt_stands_in_the_journal(cycle):
    body = {"entries": [VALUE, VALUE | {"unit": "XQ02"}], "state": "submitted"}
    answer = await cycle.post(cycle.source(), "ledger-entries", body)

    assert answer.status_code == 201
    posted = answer.json()
    assert [entry["position"] for entry in posted["rows"]] == [0, 1]
    assert posted["receipt"]["journal"] == "scoring"
    assert posted["receipt"]["chain"] == str(cycle.cycle_id)
    known = await cycle.office.get(f"/api/v1/journals/scoring/receipts/{posted['receipt']['hash']}")
    assert known.json() == posted["receipt"]


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        (EVENT, 1),
        (EVENT | {"key": "zero_report"}, 0),
        (VALUE | {"key": "zero_report", "value": None}, 0),
        (VALUE | {"key": "count", "item": "P-1", "value": None}, None),
    ],
)
def test_an_event_is_one_and_a_zero_report_none_unless_it_says_otherwise(entry, value):
    """A piece says that it is one, so that a forgotten number is not taken for it."""
    assert NewLedgerEntry(**entry).draft(2025).value == value


async def test_what_was_entered_is_read_back_digit_for_digit(cycle):
    entry = EVENT | {"period": "2025-03", "occurred_on": "2025-03-03", "note": "三月"}
    entry |= {"value": "2", "item": None, "word": None}
    await cycle.enter(entry, unit="ZH01", state="draft")

    read = (await cycle.office.get(f"{cycle.path}/ledger-entries")).json()["items"][0]
    assert {name: read[name] for name in entry} == entry
    assert (read["state"], read["author_unit"], read["reverses"]) == ("draft", "ZH01", None)
    value = VALUE | {"value": "104.50"}
    await cycle.enter(value)
    read = (await cycle.office.get(f"{cycle.path}/ledger-entries")).json()["items"][1]
    assert read["value"] == "104.50"


async def test_an_event_counts_once_and_a_zero_report_nothing_unless_told(cycle):
    zero = EVENT | {"key": "zero_report", "unit": "XQ02"}
    await cycle.enter(EVENT, EVENT | {"value": 3}, zero, unit="ZH01")

    items = (await cycle.office.get(f"{cycle.path}/ledger-entries")).json()["items"]
    assert [(item["value"], item["period"]) for item in items] == [
        ("1", "2025"),
        ("3", "2025"),
        ("0", "2025"),
    ]


async def test_a_batch_with_one_bad_row_is_refused_whole_and_every_fault_is_named(cycle):
    """Caught: keeping the good rows, or stopping at the first fault."""
    rows = [VALUE, VALUE | {"unit": "XX99"}, VALUE | {"indicator": "C13"}]
    before = await cycle.rows()

    answer = await cycle.post(cycle.source(), "ledger-entries", {"entries": rows})

    assert answer.status_code == 422
    assert answer.json()["type"] == "batch-rejected"
    assert ("/entries/1/unit", "unknown-unit") in {
        (error["pointer"], error["code"]) for error in answer.json()["errors"]
    }
    assert ("/entries/2/indicator", "takes-no-entries") in {
        (error["pointer"], error["code"]) for error in answer.json()["errors"]
    }
    assert await cycle.rows() == before


async def test_a_refusal_speaks_chinese_unless_english_is_preferred(cycle):
    answer = await cycle.post(
        cycle.source(),
        "ledger-entries",
        {"entries": [VALUE | {"unit": "XX99"}]},
        headers={"Accept-Language": "zh-CN"},
    )

    assert answer.json()["title"] == "该批中有不能接收的行，全部未保存。"
    assert "不是本年度的被评估单位" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("roles", "unit", "status", "problem"),
    [
        (["data_source_unit"], "ZH07", 403, "not-the-data-source"),
        (["assessed_unit"], "XQ01", 403, "not-the-data-source"),
        (["data_source_unit"], None, 403, "not-the-data-source"),
        (["performance_office"], "ZH02", 403, "not-allowed"),
        (["auditor"], "ZH02", 403, "not-allowed"),
    ],
)
async def test_only_the_named_source_enters(cycle, roles, unit, status, problem):
    """Caught: trusting the role alone, so that any data source unit writes any value."""
    before = await cycle.rows()
    answer = await cycle.post(
        cycle.caller(*roles, unit=unit), "ledger-entries", {"entries": [VALUE]}
    )

    assert (answer.status_code, answer.json()["type"]) == (status, problem)
    assert await cycle.rows() == before


async def test_without_a_token_nothing_is_entered(cycle):
    client = cycle.service.client({})
    answer = await cycle.post(client, "ledger-entries", {"entries": [VALUE]})

    assert answer.status_code == 401
    assert (await cycle.rows())["ledger_entry"] == 0


async def test_a_unit_that_reports_itself_enters_its_own_and_nobody_elses(cycle):
    own = VALUE | {"unit": "ZH05", "indicator": "G03", "item": "1"}
    client = cycle.caller("assessed_unit", unit="ZH05")

    assert (await cycle.post(client, "ledger-entries", {"entries": [own]})).status_code == 201
    other = own | {"unit": "ZH06"}
    assert (await cycle.post(client, "ledger-entries", {"entries": [other]})).status_code == 403


async def test_the_same_batch_under_one_key_is_kept_once_and_answered_alike(cycle):
    """Caught: a key that is looked at after the rows were written."""
    key = {"Idempotency-Key": f"batch-{cycle.cycle_id}"}
    body = {"entries": [VALUE]}
    first = await cycle.post(cycle.source(), "ledger-entries", body, headers=key)
    again = await cycle.post(cycle.source(), "ledger-entries", body, headers=key)
    other = await cycle.post(cycle.source(), "ledger-entries", {"entries": [GRADE]}, headers=key)

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert other.status_code in {403, 422}
    assert (await cycle.rows())["ledger_entry"] == 1


@pytest.mark.parametrize(
    ("cycle_id", "status", "problem"),
    [(INDICATORS_DOWN, 503, "peer-down"), (NO_SCHEME, 404, "peer-missing")],
)
async def test_without_a_scheme_nothing_is_entered(service, cycle_id, status, problem):
    client = service.caller("data_source_unit", unit="ZH02")
    answer = await client.post(
        f"/api/v1/cycles/{cycle_id}/ledger-entries", json={"entries": [VALUE]}
    )

    assert (answer.status_code, answer.json()["type"]) == (status, problem)
    assert "/api/v1/cycles/" not in answer.json()["detail"] or status == 503
    assert await service.sql("SELECT 1 FROM ledger WHERE cycle_id = $1", cycle_id) == []


@pytest.mark.parametrize(
    "row",
    [
        VALUE | {"value": 1.5, "extra": 1},
        VALUE | {"value": "1e3"},
        VALUE | {"value": True},
        VALUE | {"kind": "reversal"},
        VALUE | {"unit": "XQ 01"},
        VALUE | {"note": ""},
    ],
)
async def test_a_row_of_another_shape_is_malformed(cycle, row):
    answer = await cycle.post(cycle.source(), "ledger-entries", {"entries": [row]})

    assert (answer.status_code, answer.json()["type"]) == (422, "malformed-request")


async def test_nan_is_no_number(cycle):
    answer = await cycle.source().post(
        f"{cycle.path}/ledger-entries",
        content='{"entries": [{"unit": "XQ01", "value": NaN}]}',
        headers={"Content-Type": "application/json"},
    )

    assert (answer.status_code, answer.json()["type"]) == (400, "not-json")


async def test_entries_are_read_page_by_page_in_the_order_of_their_arrival(cycle):
    units = [f"XQ{n:02}" for n in range(1, 6)]
    ids = await cycle.enter(*(VALUE | {"unit": unit} for unit in units))

    read, after = [], ""
    while after is not None:
        query = f"limit=2{f'&after={after}' if after else ''}"
        page = (await cycle.office.get(f"{cycle.path}/ledger-entries?{query}")).json()
        read += [item["entry_id"] for item in page["items"]]
        after = page["next"]
    assert read == ids


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("unit=XQ02", 1),
        ("indicator=C01", 2),
        ("state=submitted", 2),
        ("state=verified", 0),
        ("unit=XQ02&indicator=C02", 0),
    ],
)
async def test_entries_are_filtered(cycle, query, count):
    await cycle.enter(VALUE, VALUE | {"unit": "XQ02"})

    answer = await cycle.office.get(f"{cycle.path}/ledger-entries?{query}")
    assert len(answer.json()["items"]) == count


@pytest.mark.parametrize(
    ("role", "unit", "read"),
    [
        ("auditor", None, {"C01", "C03"}),
        ("data_source_unit", "ZH02", {"C01"}),
        ("data_source_unit", "ZH07", set()),
        ("assessed_unit", "XQ01", {"C01", "C03"}),
        ("assessed_unit", "XQ02", set()),
    ],
)
async def test_a_caller_reads_what_its_unit_made_or_what_is_about_it(cycle, role, unit, read):
    """Caught: a filter by unit that an empty unit, or another role, falls through."""
    await cycle.enter(VALUE)
    await cycle.enter(EVENT, unit="ZH01")

    answer = await cycle.caller(role, unit=unit).get(f"{cycle.path}/ledger-entries")
    assert {item["indicator"] for item in answer.json()["items"]} == read


async def test_a_caller_without_a_unit_reads_nothing(cycle):
    answer = await cycle.caller("assessed_unit").get(f"{cycle.path}/ledger-entries")

    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("ledger_entry", "value"),
        ("ledger_entry_state", "state"),
        ("claim", "unit"),
        ("score_sheet", "content"),
        ("explanation", "digest"),
        ("explanation_tree", "tree"),
        ("feedback", "fed_back_by"),
    ],
)
async def test_the_database_itself_refuses_to_change_a_fact(service, statement, table, column):
    sessions = service.app.state.sessions

    async with sessions() as session:
        with pytest.raises(DBAPIError, match="permission denied"):
            await session.execute(text(statement.format(table, column)))
