"""Cards that cost points: each becomes one event of the indicator that scores whoever enters."""

from collections import Counter

import pytest
from counted_cards import OWN, exempt_but, with_cards
from leading import source_of

from scoring.rules.ledger.entries import BY_OFFICE
from service_testing.lists import read_pages

MONTHS = [f"2025-{month:02}" for month in range(1, 13)]


@pytest.fixture
def counted(cycle, others, document):
    """A year in which two counties report one indicator each month, and nothing has come."""
    only = exempt_but(document, "C03")
    others.schemes[cycle.cycle_id] = with_cards(document, exempt=only)
    return cycle


async def cards_of(cycle, unit="XQ01", client=None):
    found = await read_pages(client or cycle.office, f"{cycle.path}/duty-cards", limit=200)
    return [each for each in found if each["unit"] == unit and each["light"] != "warning"]


async def entries_of(cycle, **query):
    path = f"{cycle.path}/ledger-entries"
    return await read_pages(cycle.office, path, indicator="C15", limit=200, **query)


async def test_a_card_becomes_one_event_about_the_unit_that_owed(counted):
    """Planted bugs: an event of a warning; the month that was owed in the place of the day on which
    the card was earned; a day of the next year; a link that leads nowhere."""
    done = await counted.write_cards()
    assert (done["entered"], done["kept_alone"]) == (len(OWN) * 24, {})
    assert done["written"] == dict.fromkeys(("warning", "yellow_card", "red_card"), 24)
    cards, entries = await cards_of(counted), await entries_of(counted, unit="XQ01")
    assert len(cards) == len(entries) == 24
    by_id = {each["entry_id"]: each for each in entries}
    for card in cards:
        entry = by_id[card["entry_id"]]
        assert (entry["source_ref"], entry["state"]) == (card["key"], "submitted")
        assert entry["key"] == card["light"].removesuffix("_card")
        assert (entry["value"], entry["author_unit"]) == ("1", BY_OFFICE)
        in_year = card["shown_on"] < "2026"
        assert entry["occurred_on"] == (card["shown_on"] if in_year else None)
        assert entry["period"] == (card["shown_on"][:7] if in_year else "2025-12")
    [june] = [e for e in entries if e["source_ref"] == "XQ01,C03,2025-06,yellow_card"]
    assert june["note"] == "2025-06 期间指标 C03 黄牌：应于 2025-07-07 报送，至 2025-07-08 未报送"
    # The unit reads both; another unit neither.
    own = counted.caller("assessed_unit", unit="XQ01")
    assert await cards_of(counted, client=own) == cards
    answer = await counted.caller("assessed_unit", unit="XQ03").get(
        f"{counted.path}/ledger-entries/{june['entry_id']}"
    )
    assert answer.status_code in (403, 404)


async def test_an_event_counts_once_another_person_has_verified_it_and_says_which_card_it_is(
    counted,
):
    """Planted bugs: whoever had the cards written verifies them; the office's own unit bars its
    people; a card wants evidence."""
    await counted.write_cards()
    by = {"all_submitted": True}
    own = await counted.verify(**by)
    assert (own["count"], own["own_cards"]) == (0, 48)
    one = (await cards_of(counted))[0]["entry_id"]
    refused = await counted.post(
        counted.office, "ledger-entries/verification", {"entry_ids": [one]}
    )
    assert refused.json()["errors"][0]["code"] == "own-entry"
    colleague = counted.caller("performance_office", unit="ZF01", subject="colleague")
    done = await counted.post(colleague, "ledger-entries/verification", by)
    assert done.json()["count"] == 48, done.text
    await counted.score()
    sheet = (await counted.office.get(f"{counted.path}/score-sheets/1")).json()
    found = {
        score["indicator"]: score["score"]
        for unit in sheet["units"]
        for score in unit["indicator_scores"]
        if unit["unit"] == "XQ01"
    }
    assert found["C15"] == "2.4000"  # 6 - 12 × 0.1 - 12 × 0.2
    path = f"{counted.path}/score-sheets/1/units/XQ01/explanation"
    told = (await counted.office.get(path)).json()
    inputs = [each["name"] for each in walk(told) if each["source"] == "ledger"]
    name = (
        "yellow, 2025-07, yellow card of 2025-06 for C03, due 2025-07-07, not handed in by "
        "2025-07-08"
    )
    assert name in inputs
    assert told["in_chinese"][name] == (
        "`yellow`，2025-07，2025-06 期间指标 C03 黄牌，应于 2025-07-07 报送，至 2025-07-08 未报送"
    )


def walk(tree):
    if isinstance(tree, dict):
        yield from tree.get("inputs", ())
        for each in tree.values():
            yield from walk(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from walk(each)


async def test_what_cannot_be_an_event_stays_a_card_and_says_why(cycle, others, document):
    """Planted bugs: entered into a closed month; beside a zero report; about a unit that nobody
    scores; left out without a word."""
    only = exempt_but(document, "C03", "C01")
    others.schemes[cycle.cycle_id] = with_cards(document, exempt=only)
    source = source_of(document, "C15")
    zero = {"unit": "XQ02", "indicator": "C15", "kind": "event", "key": "zero_report"}
    await cycle.enter(zero | {"period": "2025-07", "value": "0"}, unit=source)
    answer = await cycle.post(cycle.office, "periods/2025-03/closing", None)
    assert answer.status_code == 201, answer.text
    done = await cycle.write_cards()
    # ZH02 owes C01, and is assessed by nobody. What was earned in March is about a closed month.
    expected = {"not-assessed": 2, "period-closed": 4, "zero-report-contradicted": 2}
    assert done["kept_alone"] == expected
    assert done["entered"] == 48 - 6
    found = await read_pages(cycle.office, f"{cycle.path}/duty-cards", limit=200)
    assert Counter(each["kept_alone"] for each in found if each["kept_alone"]) == expected
    closed = [each for each in found if each["kept_alone"] == "period-closed"]
    assert {(each["period"], each["shown_on"][:7]) for each in closed} == {("2025-02", "2025-03")}
    assert all(each["entry_id"] is None for each in closed)
    assert {e["entry_id"] for e in found if e["light"] == "warning"} == {None}


async def test_a_wrong_card_is_reversed_by_the_office_and_by_two_people(counted):
    """Planted bugs: a unit reverses its card; a card of a closed month that nobody can take back;
    the same person reverses and verifies."""
    await counted.write_cards()
    by = {"all_submitted": True}
    await counted.post(counted.colleague, "ledger-entries/verification", by)
    entry = next(e for e in await cards_of(counted) if e["shown_on"][:7] == "2025-03")["entry_id"]
    path = f"ledger-entries/{entry}/reversal"
    for who in (counted.source("XQ01"), counted.caller("assessed_unit", unit="XQ01")):
        answer = await counted.post(who, path, {"reason": "?"})
        assert answer.status_code in (403, 404), answer.text
    await counted.post(counted.office, "periods/2025-03/closing", None)
    answer = await counted.post(counted.office, path, {"reason": "平台故障"})
    assert (answer.status_code, answer.json()["type"]) == (409, "period-closed")
    leave = {"period": "2025-03", "unit": "XQ01", "until": "2099-12-31", "reason": "平台故障"}
    leave |= {"document_no": "云考办〔2025〕9号"}
    assert (await counted.post(counted.office, "period-permissions", leave)).status_code == 201
    answer = await counted.post(counted.colleague, path, {"reason": "平台故障"})
    assert answer.status_code == 201, answer.text
    reversal = {"entry_ids": [answer.json()["entry_id"]]}
    own = await counted.post(counted.colleague, "ledger-entries/verification", reversal)
    assert own.json()["errors"][0]["code"] == "own-entry"
    third = counted.caller("performance_office", subject="third")
    assert (await counted.post(third, "ledger-entries/verification", reversal)).is_success
    [voided] = await entries_of(counted, state="voided")
    assert voided["entry_id"] == entry
    # The card itself stays, and is not written again.
    assert (await counted.write_cards())["entered"] == 0
    assert len(await cards_of(counted)) == 24


async def test_several_at_once_enter_each_event_once(counted):
    """Planted bug: look for the cards that are there before the ledger is held alone."""
    await counted.post(counted.office, "ledger-entries/verification", {"all_submitted": True})
    await counted.enter(
        {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}, unit="XQ01"
    )
    posts = (counted.post(counted.office, "duty-cards", None) for _ in range(8))
    answers = await counted.at_once(*posts)
    assert {answer.status_code for answer in answers} == {201}
    sums = sorted(answer.json()["entered"] for answer in answers)
    assert sums[:7] == [0] * 7
    refs = Counter(each["source_ref"] for each in await entries_of(counted))
    assert len(refs) == sums[-1] > 0
    assert set(refs.values()) == {1}


async def test_cards_of_a_scheme_that_says_nothing_of_them_are_no_events(cycle):
    done = await cycle.write_cards()
    assert (done["entered"], done["kept_alone"]) == (0, {})
    assert done["written"]["red_card"] > 0
