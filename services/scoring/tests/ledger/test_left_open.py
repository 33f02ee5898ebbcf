"""What a seal closes besides entries: months that nobody entered, and cards that nobody wrote."""

import copy

import pytest
from counted_cards import with_cards
from leading import VALUE, organiser
from services.scoring.tests.ledger.test_completeness import hand_in, looked, tiny


def monthly(document, **more):
    """The small scheme in which C01 is the sum of its months."""
    changed = copy.deepcopy(tiny(document))
    for category in changed["categories"]:
        for block in category["blocks"]:
            for each in block["indicators"]:
                if each["code"] == "C01":
                    each |= {"frequency": "monthly", "combine": "sum"} | more
                    each["params"] = {"direction": "higher", "cap_ratio": 1, "floor_ratio": 0}
    return changed


@pytest.fixture
def small(cycle, others, document):
    others.schemes[cycle.cycle_id] = monthly(document)
    return cycle


def months(unit, *numbers):
    return [VALUE | {"unit": unit, "period": f"2025-{n:02}", "value": "3"} for n in numbers]


async def preview(cycle):
    answer = await cycle.post(cycle.office, "ledger/seal?mode=check", {})
    assert answer.status_code == 200, answer.text
    return answer.json()


def without(told):
    return {(m["unit"], m["indicator"]): m["periods"] for m in told["missing"] if m["periods"]}


async def test_months_that_nobody_entered_are_named_before_they_are_closed(small):
    """Planted bugs: count what is scored as there; ask only for months that are due; take one
    unit's months for all."""
    await small.enter(*months("XQ01", *range(1, 11)), *months("XQ02", *range(1, 13)))
    await small.verify(all_submitted=True)
    left = {("XQ01", "C01"): ["2025-11", "2025-12"]}
    assert without(await looked(small)) == left
    refused = await hand_in(small)
    assert (refused.status_code, refused.json()["type"]) == (409, "category-not-complete")
    assert refused.json()["missing"] == 1
    assert "2025-11, 2025-12" in refused.json()["errors"][0]["detail"]
    done = await hand_in(small, reason="年底前数据未出")
    assert (done.status_code, done.json()["missing"]) == (201, 1)

    told = await preview(small)
    assert without(told) == left
    assert told["left_open"] == {"unentered": 2}
    (row,) = [each for each in told["missing"] if each["periods"]]
    assert row["reason_zh"] == "2025-11、2025-12 未录入，得分未计入这些期间。"
    duties = await small.office.get(f"{small.path}/duties?about=XQ01&indicator=C01")
    owed = [each["period"] for each in duties.json()["items"] if each["missing"]]
    assert owed == left["XQ01", "C01"]  # one source of truth

    before = await small.rows()
    zh = {"Accept-Language": "zh"}
    refused = await small.post(small.office, "ledger/seal", {}, headers=zh)
    assert (refused.status_code, refused.json()["type"]) == (409, "seal-unseen")
    assert refused.json()["left_open"] == {"unentered": 2}
    assert "期间数值未录入2项" in refused.json()["detail"]
    assert await small.rows() == before
    await small.enter(*months("XQ01", 11))
    await small.verify(all_submitted=True)
    stale = await small.post(small.office, "ledger/seal", {"seen": told["seen"]})
    assert stale.json()["type"] == "not-as-seen"
    seen = (await preview(small))["seen"]
    sealed = await small.post(small.office, "ledger/seal", {"seen": seen})
    assert (sealed.status_code, sealed.json()["left_open"]) == (200, {"unentered": 1})


@pytest.mark.parametrize(
    ("more", "left"),
    [({}, []), ({"combine_requires": "all"}, ["2025-01", "2025-02"])],
)
async def test_where_the_latest_counts_earlier_months_cost_nothing(
    cycle, others, document, more, left
):
    """Those after the latest do: the score is of an earlier one. Planted bugs: name every month;
    none; none either where all are wanted."""
    others.schemes[cycle.cycle_id] = monthly(document, combine="last", **more)
    full = months("XQ02", *range(1, 13))
    await cycle.enter(*months("XQ01", *range(3, 11)), *full)
    await cycle.verify(all_submitted=True)
    late = ["2025-11", "2025-12"]
    assert without(await looked(cycle)) == {("XQ01", "C01"): left + late}
    await cycle.enter(*months("XQ01", 11, 12))
    await cycle.verify(all_submitted=True)
    told = await preview(cycle)
    assert without(told) == ({("XQ01", "C01"): left} if left else {})
    assert told["left_open"] == ({"unentered": 2} if left else {})


async def test_where_all_months_are_there_nothing_has_to_be_seen(small):
    await small.enter(*months("XQ01", *range(1, 13)), *months("XQ02", *range(1, 13)))
    await small.verify(all_submitted=True)
    assert (await hand_in(small)).status_code == 201
    assert (await preview(small))["left_open"] == {}
    assert (await small.post(small.office, "ledger/seal", {})).status_code == 200


async def test_a_unit_without_any_month_has_no_score_and_its_months_are_named_beside(small):
    """Planted bug: name one indicator twice."""
    told = await looked(small, organiser(small))
    assert [(m["unit"], len(m["periods"])) for m in told["missing"]] == [("XQ01", 12), ("XQ02", 12)]
    assert (await preview(small))["left_open"] == {"unentered": 24}


async def test_cards_that_count_and_nobody_wrote_are_named_and_written_are_not(
    cycle, others, document
):
    """Planted bugs: count warnings; count what is written already."""
    others.schemes[cycle.cycle_id] = with_cards(document)
    told = await preview(cycle)
    unwritten = told["left_open"]["unwritten_cards"]
    refused = await cycle.post(cycle.office, "ledger/seal", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "seal-unseen")
    written = (await cycle.post(cycle.office, "duty-cards", None)).json()
    assert written["entered"] == unwritten > 0
    assert "unwritten_cards" not in (await preview(cycle))["left_open"]
