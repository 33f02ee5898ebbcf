"""Months, quarters and half-years close: what is about them, or happened in them, needs leave."""

import asyncio
import copy
import datetime as dt

import asyncpg
import pytest
from counted_cards import with_cards
from cutting import cut

from scoring.api.ledger import periods
from scoring.rules.ledger.periods import Closing, Entering, Leave, Periods, admitted, check_over
from service_testing import trials

NOON = dt.datetime(2025, 4, 10, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2025, 4, 20, tzinfo=dt.UTC)


def entering(period: str, day: str | None = None, indicator="C01", unit="B1") -> Entering:
    return Entering(indicator, period, day and dt.date.fromisoformat(day), unit)


@pytest.mark.parametrize(
    ("closed", "period", "day", "is_closed"),
    [
        ("2025-03", "2025-03", None, True),
        ("2025-03", "2025-04", None, False),
        ("2025-03", "2025Q1", None, False),
        ("2025Q1", "2025-03", None, True),
        ("2025Q1", "2025Q1", None, True),
        ("2025H1", "2025Q2", None, True),
        ("2025H1", "2025H2", None, False),
        ("2025-03", "2025", None, False),
        ("2025-03", "2025", "2025-03-31", True),
        ("2025-03", "2025", "2025-04-01", False),
        ("2025-03", "2025-04", "2025-03-01", True),
        ("2025-03", "2024-03", None, False),
        ("2025-03", "nonsense", None, False),
    ],
)
def test_a_closing_is_about_its_months_and_its_days(closed, period, day, is_closed):
    periods = Periods((Closing(closed, NOON),))
    assert (periods.closing_of(entering(period, day)) is not None) is is_closed


@pytest.mark.parametrize(
    ("leave", "moment", "about", "is_let_in"),
    [
        (("2025-03", "B1", None), NOON, entering("2025-03"), True),
        (("2025-03", "B1", "C01"), NOON, entering("2025-03"), True),
        (("2025-03", "B1", "C02"), NOON, entering("2025-03"), False),
        (("2025-03", "B2", None), NOON, entering("2025-03"), False),
        (("2025-03", "B1", None), LATER, entering("2025-03"), False),
        (("2025-03", "B1", None), NOON, entering("2025", "2025-03-09"), True),
        (("2025Q1", "B1", None), NOON, entering("2025-03"), True),
        (("2025-02", "B1", None), NOON, entering("2025-03"), False),
        # Both its own period and the day of what happened are closed.
        (("2025-03", "B1", None), NOON, entering("2025-02", "2025-03-09"), False),
        (("2025Q1", "B1", None), NOON, entering("2025-02", "2025-03-09"), True),
    ],
)
def test_leave_is_for_a_unit_a_period_and_a_time(leave, moment, about, is_let_in):
    periods = Periods(
        (Closing("2025-03", NOON), Closing("2025-02", NOON)), (Leave(1, *leave, LATER),)
    )
    late, faults = admitted(periods, {7: [about]}, moment)
    assert (set(late), set(faults)) == (({7}, set()) if is_let_in else (set(), {7}))


def test_a_period_closes_only_once_it_is_over():
    check_over("2025Q1", dt.date(2025, 4, 1))
    with pytest.raises(Exception, match="2025-03-31"):
        check_over("2025Q1", dt.date(2025, 3, 31))


EVENT = {
    "unit": "XQ01",
    "indicator": "C03",
    "kind": "event",
    "key": "overdue",
    "occurred_on": "2025-03-09",
}
APRIL = EVENT | {"occurred_on": "2025-04-09"}
LEAVE = {
    "period": "2025-03",
    "unit": "ZH01",
    "until": "2099-01-01",
    "reason": "数据晚到 late",
    "document_no": "云考办〔2026〕5号",
}


def close(cycle, period="2025-03", client=None):
    return cycle.post(client or cycle.office, f"periods/{period}/closing", None)


def permit(cycle, **leave):
    return cycle.post(cycle.office, "period-permissions", LEAVE | leave)


async def closed(cycle, period="2025-03"):
    answer = await close(cycle, period)
    assert answer.status_code == 201, answer.text
    return answer.json()


def post(cycle, *entries, client=None, **more):
    client = client or cycle.source("ZH01")
    return cycle.post(client, "ledger-entries", {"entries": [*entries]} | more)


async def test_what_comes_into_a_closed_month_has_leave_and_is_late_for_good(
    cycle,
):
    [before] = await cycle.enter(EVENT, unit="ZH01")
    [draft] = await cycle.enter(EVENT | {"note": "draft"}, unit="ZH01", state="draft")
    said = await closed(cycle)
    assert said["undecided"] == {"submitted": 1, "draft": 1}
    source = cycle.source("ZH01")

    refused = await post(cycle, APRIL, EVENT)
    assert refused.status_code == 422, refused.text
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/entries/1", "period-closed")
    ]
    partly = await cycle.post(source, "ledger-entries?mode=partial", {"entries": [APRIL, EVENT]})
    assert [each["outcome"] for each in partly.json()["rows"]] == ["stored", "refused"]
    handed_in = await cycle.post(source, "ledger-entries/submission", {"entry_ids": [draft]})
    assert handed_in.status_code == 409
    assert handed_in.json()["errors"][0]["code"] == "period-closed"

    await cycle.verify(entry_ids=[before])  # it was in before
    reversal = f"ledger-entries/{before}/reversal"
    answer = await cycle.post(source, reversal, {"reason": "重复 twice"})
    assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (409, "period-closed")

    assert (await permit(cycle)).json()["permission_no"] == 1
    [late] = [each["entry_id"] for each in (await post(cycle, EVENT)).json()["rows"]]
    answer = await cycle.post(source, "ledger-entries/submission", {"entry_ids": [draft]})
    assert answer.status_code == 200, answer.text
    answer = await cycle.post(source, reversal, {"reason": "重复 twice"})
    assert answer.status_code == 201, answer.text
    reversed_ = answer.json()["entry_id"]
    for reader in (cycle.office, source):
        [told] = (await reader.get(f"{cycle.path}/period-permissions")).json()["items"]
        assert told["late_entries"] == sorted([late, draft, reversed_])
    others = await cycle.source("ZH02").get(f"{cycle.path}/period-permissions")
    assert others.json()["items"] == []


async def test_what_happened_in_a_closed_month_is_not_moved_out_of_it(cycle):
    """Planted bug: only the new day of an event is looked at, not that of what it takes out."""
    source, named = cycle.source("ZH01"), {"source_ref": "R-1"}
    [plain, known] = await cycle.enter(EVENT, EVENT | named, unit="ZH01")
    await cycle.verify(entry_ids=[plain, known])
    await closed(cycle)
    moved = {"value": "1", "occurred_on": "2025-04-09", "reason": "日期有误 another day"}
    path = f"ledger-entries/{plain}/restatement"
    restated, again = await cycle.post(source, path, moved), await post(cycle, APRIL | named)
    assert [restated.status_code, again.status_code] == [422, 422]
    errors = [*restated.json()["errors"], *again.json()["errors"]]
    assert {each["code"] for each in errors} == {"period-closed"}
    assert (await permit(cycle)).status_code == 201
    restated, again = await cycle.post(source, path, moved), await post(cycle, APRIL | named)
    assert [restated.status_code, again.status_code] == [201, 201]
    [told] = (await source.get(f"{cycle.path}/period-permissions")).json()["items"]
    assert len(told["late_entries"]) == 2


async def test_what_is_wrong_with_closing_and_leave_is_named(cycle):
    assert (await close(cycle, "2099-01")).status_code == 422
    assert (await close(cycle, "2025")).status_code == 422
    assert (await close(cycle, client=cycle.source("ZH01"))).status_code == 403
    assert (await permit(cycle)).status_code == 409  # it is open
    await closed(cycle, "2025Q1")
    assert (await close(cycle)).status_code == 409  # with its quarter
    wrong = await permit(cycle, unit="NONE", indicator="C99", until="2026-01-01")
    assert wrong.status_code == 422, wrong.text
    codes = {each["code"] for each in wrong.json()["errors"]}
    assert codes == {"over", "unknown-unit", "unknown-indicator"}
    shown = (await cycle.source("ZH02").get(f"{cycle.path}/periods")).json()["periods"]
    assert len(shown) == 18
    assert {each["period"]: each["by"] for each in shown if each["state"] == "closed"} == {
        "2025-01": "2025Q1",
        "2025-02": "2025Q1",
        "2025-03": "2025Q1",
        "2025Q1": "2025Q1",
    }


async def test_a_closing_names_what_is_owed_and_was_not_handed_in(cycle):
    """Before, by `mode=check`, and in its answer; a draft is not handed in, and a month is part of
    its quarter.

    Planted bugs: the preview closes the month; what is owed for other periods is told; a draft
    counts as handed in; what others have handed in is told as missing.
    """
    zero = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "zero_report"}
    await cycle.enter(zero | {"period": "2025-03"}, unit="ZH01")
    await cycle.enter(zero | {"unit": "XQ02", "period": "2025-03"}, unit="ZH01", state="draft")

    async def told(period, query=""):
        answer = await cycle.post(cycle.office, f"periods/{period}/closing{query}", None)
        assert answer.is_success, answer.text
        body = answer.json()
        assert body["missing"] >= sum(each["missing"] for each in body["owed"])
        assert {each["period"] for each in body["owed"]} <= {period, *MONTHS.get(period, ())}
        return body, next(e for e in body["owed"] if (e["indicator"], e["period"]) == OF)

    preview, duty = await told("2025-03", "?mode=check")
    assert (duty["unit"], duty["expected"] - duty["missing"]) == ("ZH01", 1)
    assert "XQ01" not in duty["missing_units"]
    assert "XQ02" in duty["missing_units"]
    assert (await permit(cycle)).status_code == 409  # it is open
    after, _ = await told("2025-03")
    names = {"undecided", "missing", "owed", "owed_more"}
    assert {n: after[n] for n in names} == {n: preview[n] for n in names}
    quarter, again = await told("2025Q1")
    assert again == duty
    assert quarter["missing"] > after["missing"]


OF = ("C03", "2025-03")
MONTHS = {"2025Q1": ("2025-01", "2025-02", "2025-03")}


async def test_leave_is_given_to_who_enters(cycle, others, document, with_a_panel):
    """Planted bugs: any unit that is registered; whoever is assessed by it; nobody but the data
    source."""
    await closed(cycle)

    async def given(unit, indicator=None):
        answer = await permit(cycle, unit=unit, indicator=indicator)
        return answer.status_code, [each["code"] for each in answer.json().get("errors", [])]

    none = (422, ["does-not-enter"])
    assert await given("ZH02", "C03") == none  # who enters C01
    assert await given("XQ01", "C03") == none  # about whom it is
    assert await given("ZH01", "C03") == (201, [])
    assert await given("XQ01") == (201, [])  # what it says of its own progress
    finding = {"findings_by": ["ZH02"]}
    for changed, unit, indicator in (
        (replaced(document, "C03", finding), "ZH02", "C03"),
        (with_a_panel, "XQ03", "C12"),  # which sits on its panel
        (with_cards(document), "XQ01", "C15"),  # whose cards are about it
        (with_cards(document), "XQ02", "C03"),  # which it enters itself
    ):
        assert await given(unit, indicator) == none
        before, others.schemes[cycle.cycle_id] = others.schemes.get(cycle.cycle_id), changed
        assert await given(unit, indicator) == (201, []), (unit, indicator)
        others.schemes[cycle.cycle_id] = before or document


def replaced(document, code, more):
    """The scheme in which an indicator says more."""
    changed = copy.deepcopy(document)
    for block in (block for category in changed["categories"] for block in category["blocks"]):
        for each in block["indicators"]:
            each |= more if each["code"] == code else {}
    return changed


@pytest.mark.prove
async def test_writers_who_race_with_a_closing_are_in_or_refused(new_cycle, figure):
    """1,000 writers in the long form. Planted bugs: read the closed periods by a plain SELECT, or
    from rows beside the ledger's."""
    years = trials(1, 17)
    for _ in range(years):
        await race(new_cycle())
    figure("writers who raced", years * 12 * 5)


async def race(cycle):
    for month in (f"2025-{number:02}" for number in range(1, 13)):
        event = EVENT | {"occurred_on": f"{month}-09"}
        writers = [post(cycle, event) for _ in range(5)]
        closing, *answers = await asyncio.gather(close(cycle, month), *writers)
        assert closing.status_code == 201, closing.text
        assert {answer.status_code for answer in answers} <= {201, 422}
        entries = (await cycle.office.get(f"{cycle.path}/ledger-entries?limit=200")).json()["items"]
        came = [each for each in entries if each["occurred_on"].startswith(month)]
        assert len(came) == sum(answer.status_code == 201 for answer in answers)
        assert all(each["entered_at"] < closing.json()["closed_at"] for each in came)


async def test_no_closing_is_taken_back_in_the_database(cycle):
    await closed(cycle)
    connection = await asyncpg.connect(cycle.service.superuser_url, ssl=False)
    try:
        for periods in (None, '{"closed": [], "leaves": []}'):
            with pytest.raises(asyncpg.PostgresError, match="only goes forward"):
                await connection.execute(
                    "UPDATE ledger SET periods = $1 WHERE cycle_id = $2", periods, cycle.cycle_id
                )
    finally:
        await connection.close()


async def test_what_a_closing_leaves_is_told_up_to_a_limit_and_counted(cycle, monkeypatch):
    async def preview():
        answer = await cycle.post(cycle.office, "periods/2025-03/closing?mode=check", None)
        return answer.json()

    def of(told):
        return [(each["unit"], each["indicator"], each["period"]) for each in told["owed"]]

    rest = await cut(monkeypatch, periods, "MOST_SHOWN", preview, of)
    assert rest["owed_more"] == 1
