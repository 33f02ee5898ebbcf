"""What is won and lost with the superior, and whom each loss is charged to."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.decomposition import Part
from indicators.rules.standings import Cause, Standing, by_share, charges

DECOMPOSITION = {
    "superior": "市",
    "document_no": "6号",
    "document_date": "2025-03-10",
    "points": "12",
    "indicators": [
        {"code": "C01", "name": "投资", "block": "b", "points": "6"},
        {"code": "C02", "name": "评议", "block": "b", "points": "5"},
        {"code": "C03", "name": "气象", "block": "b", "points": "1", "unowned": "垂直管理"},
    ],
    "shares": [
        {"indicator": "C01", "unit": "X1", "role": "lead", "points": "3"},
        {"indicator": "C01", "unit": "X2", "role": "support", "points": "1"},
        {"indicator": "C01", "unit": "B02", "role": "support", "points": "2"},
        {"indicator": "C02", "unit": "X2", "role": "lead", "points": "5"},
    ],
    "contacts": [{"unit": unit, "contact": "办公室"} for unit in ("X1", "X2", "B02")],
}
DAY = {"as_of": "2025-11-10", "basis": "三季度通报"}
STANDING = {"indicator": "C01", "won": "2", "lost": "1.2"} | DAY
THIRD = {"indicator": "C03", "won": "0.5", "lost": "0.5"} | DAY

WEIGHTS = st.lists(st.decimals("0.1", "30", places=1), min_size=1, max_size=30)


@given(st.decimals("0", "100", places=5), WEIGHTS)
def test_parts_come_to_the_amount_exactly_and_each_is_a_step_off_at_most(amount, weights):
    """Planted bug: leave what rounding down leaves over to nobody."""
    parts = by_share(amount, weights)
    assert sum(parts) == amount
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / whole) <= Decimal("0.0001")


def test_a_named_cause_is_charged_first_and_the_rest_by_share():
    """Planted bugs: charge the whole loss by share; forget a cause without a share."""
    shares = [
        Part("C", "A", "lead", Decimal(3)),
        Part("C", "B", "support", Decimal(1)),
    ]
    causes = [Cause("B", Decimal("0.5")), Cause("Z", Decimal("0.1"))]
    standing = Standing("C", date(2025, 11, 1), Decimal(4), Decimal(1), Decimal(1), causes)
    told = [(e.unit, str(e.lost), str(e.caused), str(e.open)) for e in charges(standing, shares)]
    assert told == [("A", "0.3", "0", "1.5"), ("B", "0.6", "0.5", "0.5"), ("Z", "0.1", "0.1", "0")]


@pytest.fixture
async def decomposed(office, cycle):
    answer = await office.post(f"{cycle}/decomposition", json=DECOMPOSITION)
    assert answer.status_code == 201, answer.text
    return cycle


@pytest.fixture(scope="session")
async def units(service):
    async with (
        service.caller("assessed_unit", unit="X1", subject="u1", person="u1") as one,
        service.caller("assessed_unit", unit="X2", subject="u2", person="u2") as two,
    ):
        yield one, two


async def post(caller, cycle, *standings, mode="all"):
    body = {"standings": list(standings)}
    return await caller.post(f"{cycle}/superior-standings?mode={mode}", json=body)


async def read(caller, cycle):
    answer = await caller.get(f"{cycle}/superior-standings")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_office_reads_who_loses_what_and_where_points_are_open(office, decomposed):
    """Planted bugs: count an indicator of which nothing is known as open; charge what nobody
    answers for."""
    told = await read(office, decomposed)
    assert {each["state"] for each in told["indicators"]} == {"missing"}
    assert (told["totals"]["unreported"], told["totals"]["open"]) == ("12", "0")
    causes = [{"unit": "X2", "points": "0.6"}]
    assert (await post(office, decomposed, STANDING | {"causes": causes}, THIRD)).status_code == 201
    told = await read(office, decomposed)
    assert told["totals"] == {
        "points": "12",
        "won": "2.5",
        "lost": "1.7",
        "open": "2.8",
        "unreported": "5",
        "uncharged": "0.5",
    }
    names = ("unit", "points", "lost", "caused", "open", "unreported")
    assert [tuple(each[name] for name in names) for each in told["units"]] == [
        ("X2", "6", "0.7", "0.6", "0.4667", "5"),
        ("X1", "3", "0.3", "0", "1.4", "0"),
        ("B02", "2", "0.2", "0", "0.9333", "0"),
    ]
    first = told["indicators"][0]
    assert (first["lead"], first["causes"], first["basis"]) == ("X1", causes, "三季度通报")


async def test_a_unit_reads_its_own_losses_and_no_others(office, units, decomposed):
    """Planted bugs: give a unit every charge; name it the causes among others; give it totals."""
    causes = [{"unit": "X2", "points": "0.6"}, {"unit": "B02", "points": "0.1"}]
    assert (await post(office, decomposed, STANDING | {"causes": causes}, THIRD)).status_code == 201
    one, two = [await read(unit, decomposed) for unit in units]
    assert (one["totals"], two["totals"]) == (None, None)
    (charge,) = one["charges"]
    assert (charge["indicator"], charge["unit"], charge["lost"]) == ("C01", "X1", "0.25")
    assert [each["unit"] for each in two["units"]] == ["X2"]
    assert [(e["indicator"], e["lost"], e["causes"]) for e in one["indicators"]] == [
        ("C01", "1.2", [])
    ]
    assert [(e["indicator"], e["lost"]) for e in two["indicators"]] == [("C02", None)]
    assert [(e["indicator"], e["caused"]) for e in two["charges"]] == [("C01", "0.6")]


async def test_a_unit_reports_what_it_leads_and_names_no_cause(units, decomposed, problem):
    """Planted bugs: let who supports report; let the lead blame a unit that supports."""
    one, two = units
    assert (await post(two, decomposed, STANDING)).status_code == 403
    assert (await post(one, decomposed, STANDING, THIRD)).status_code == 403
    blamed = STANDING | {"causes": [{"unit": "X2", "points": "1"}]}
    assert problem(await post(one, decomposed, blamed)) == (
        422,
        "standings-faulty",
        [("/standings/0/causes", "not-yours-to-name")],
    )
    assert (await post(one, decomposed, STANDING)).json()["stored"] == 1
    again = await post(one, decomposed, STANDING, mode="partial")
    assert (again.json()["unchanged"], again.json()["stored"]) == (1, 0)


async def test_the_causes_that_the_office_named_stay_until_it_says_otherwise(
    office, units, decomposed, problem
):
    """Planted bugs: let the report of a unit wipe the blame; of an empty list too; keep more blame
    than is lost; tell the lead how much others caused."""
    causes = [{"unit": "B02", "points": "0.6"}, {"unit": "X1", "points": "0.5"}]
    assert (await post(office, decomposed, STANDING | {"causes": causes})).status_code == 201
    lead, later = units[0], STANDING | {"as_of": "2025-11-11"}
    assert (await post(lead, decomposed, later)).status_code == 201
    assert (await read(office, decomposed))["indicators"][0]["causes"] == causes
    refused = await post(lead, decomposed, later | {"causes": []})
    assert problem(refused)[2] == [("/standings/0/causes", "not-yours-to-name")]
    less = await post(lead, decomposed, later | {"lost": "1"})
    assert problem(less)[2] == [("/standings/0/lost", "less-than-attributed")]
    assert "1.1" not in less.text
    assert "B02" not in less.text
    assert (await post(office, decomposed, later | {"won": "2.1"})).status_code == 201
    assert (await read(office, decomposed))["indicators"][0]["causes"] == causes
    assert (await post(office, decomposed, later | {"causes": []})).status_code == 201
    assert (await read(office, decomposed))["indicators"][0]["causes"] == []


@pytest.mark.parametrize(
    ("over", "at", "code"),
    [
        ({"indicator": "C9"}, "indicator", "unknown-indicator"),
        ({"won": "5"}, "", "more-than-the-points"),
        ({"won": "-1"}, "won", "negative"),
        ({"lost": "-1"}, "lost", "negative"),
        ({"as_of": "2024-12-31"}, "as_of", "day-outside"),
        ({"as_of": "2199-01-01"}, "as_of", "day-outside"),
        ({"as_of": "2025-10-01"}, "as_of", "older-than-known"),
        ({"causes": [{"unit": "X3", "points": "1"}]}, "causes/0/unit", "without-share"),
        ({"causes": [{"unit": "X1", "points": "0"}]}, "causes/0/points", "no-points"),
        ({"causes": [{"unit": "X1", "points": "1.3"}]}, "causes", "more-than-lost"),
        (
            {"causes": [{"unit": "X1", "points": "0.1"}, {"unit": "X1", "points": "0.1"}]},
            "causes/1/unit",
            "named-twice",
        ),
    ],
)
async def test_what_cannot_be_is_refused_by_name(
    office, decomposed, problem, untouched_after, over, at, code
):
    """Planted bug of each row: leave the check that it is about out."""
    assert (await post(office, decomposed, STANDING)).status_code == 201
    async with untouched_after():
        status, kind, found = problem(await post(office, decomposed, STANDING | over))
    assert (status, kind) == (422, "standings-faulty")
    assert found == [(f"/standings/0/{at}".rstrip("/"), code)]
    twice = problem(await post(office, decomposed, THIRD, THIRD))
    assert twice[2] == [("/standings/1/indicator", "named-twice")]


async def test_what_was_said_of_other_points_holds_no_longer(office, decomposed):
    """Planted bugs: go on counting it; forget that a cause has no share any more."""
    causes = [{"unit": "B02", "points": "0.6"}]
    assert (await post(office, decomposed, STANDING | {"causes": causes}, THIRD)).status_code == 201
    shares = [e for e in DECOMPOSITION["shares"] if e["unit"] != "B02"]
    shares[1] = shares[1] | {"points": "3"}
    contacts = [e for e in DECOMPOSITION["contacts"] if e["unit"] != "B02"]
    changed = DECOMPOSITION | {"shares": shares, "contacts": contacts}
    assert (await office.post(f"{decomposed}/decomposition", json=changed)).status_code == 201
    told = await read(office, decomposed)
    assert [each["state"] for each in told["indicators"]] == ["outdated", "missing", "known"]
    assert (told["totals"]["unreported"], told["totals"]["lost"]) == ("11", "0.5")
    assert (await post(office, decomposed, STANDING)).json()["stored"] == 1
    assert (await read(office, decomposed))["totals"]["lost"] == "1.7"


async def test_without_a_decomposition_nothing_stands(office, cycle, problem):
    read = await office.get(f"{cycle}/superior-standings")
    for answer in (await post(office, cycle, STANDING), read):
        assert problem(answer)[:2] == (404, "no-decomposition")
