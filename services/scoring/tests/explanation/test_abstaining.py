"""Who belongs to a unit and decides about it reads nothing of its category before the release."""

from contextlib import asynccontextmanager

import pytest

from scoring.rules.explanation.abstention import hidden_units, is_limited

CATEGORIES = {"XQ01": "COUNTY", "XQ02": "COUNTY", "YQ01": "PARK", "ZF01": "DEPARTMENT"}
COUNTY = {"XQ01", "XQ02"}
DECIDERS = ["committee", "standing_committee"]


@pytest.mark.parametrize(
    ("unit", "roles", "limited"),
    [
        ("XQ01", {"committee"}, True),
        ("XQ01", {"standing_committee", "assessed_unit"}, True),
        (None, {"committee"}, False),
        ("XQ01", {"performance_office"}, False),
        ("XQ01", {"assessed_unit"}, False),
        (None, {"auditor"}, False),
        ("ZF01", {"second_body"}, True),
    ],
)
def test_who_decides_or_stands_in_may_have_to_abstain(unit, roles, limited):
    assert is_limited(unit, roles) is limited


@pytest.mark.parametrize(
    ("unit", "roles", "own", "hidden"),
    [
        ("XQ01", {"committee"}, set(), COUNTY),
        ("ZH99", {"committee"}, set(), set()),
        ("ZF01", {"second_body"}, {"XQ02"}, {"YQ01", "ZF01"}),
        ("ZF01", {"second_body"}, set(), set(CATEGORIES)),
        ("XQ01", {"second_body"}, {"XQ02"}, set(CATEGORIES)),
        ("XQ01", {"second_body", "committee"}, set(), COUNTY),
    ],
)
def test_the_own_category_is_hidden_and_to_a_second_body_all_but_those_it_decides_about(
    unit, roles, own, hidden
):
    """Planted bug: hide the own unit alone, so that the competitors are read."""
    assert hidden_units(CATEGORIES, unit, roles, own) == hidden


@pytest.fixture(scope="module")
async def year(new_year):
    """The reference year, scored twice with a correction of a county between, for two
    categories."""
    cycle = await new_year()
    body = {"categories": ["COUNTY", "PARK"]}
    assert (await cycle.post(cycle.office, "score-sheets", body)).status_code == 201
    query = f"{cycle.path}/ledger-entries?unit=XQ10&indicator=C01"
    [entry] = (await cycle.office.get(query)).json()["items"]
    right = {"unit": "XQ10", "indicator": "C01", "kind": "measured_value", "key": "actual"}
    await cycle.correct(entry["entry_id"], right | {"value": "80"}, entry["author_unit"])
    assert (await cycle.post(cycle.office, "score-sheets", body)).status_code == 201
    return cycle


@asynccontextmanager
async def reading(cycle, *roles, unit):
    async with cycle.service.caller(*roles, unit=unit) as client:
        yield lambda path: client.get(f"{cycle.path}/score-sheets/{path}")


def categories(sheet):
    return {unit["category"] for unit in sheet["units"]}


@pytest.mark.parametrize("role", DECIDERS)
async def test_of_a_sheet_the_own_category_is_left_out(year, role):
    """Planted bugs: leave in the claims, or the digests of the explanations."""
    async with reading(year, role, unit="XQ10") as read:
        sheet = (await read("latest")).json()
    assert categories(sheet) == {"PARK"}
    told = [*sheet["explanations"], *(claim["unit"] for claim in sheet["claims"])]
    assert not [unit for unit in told if unit.startswith("XQ")]
    async with reading(year, role, unit="YQ01") as read:
        assert categories((await read("latest")).json()) == {"COUNTY"}
    for unit in (None, "ZH01"):
        async with reading(year, role, unit=unit) as read:
            assert categories((await read("latest")).json()) == {"COUNTY", "PARK"}


@pytest.mark.parametrize("role", DECIDERS)
async def test_of_the_own_category_no_explanation_is_read(year, role):
    async with reading(year, role, unit="XQ10") as read:
        for unit in ("XQ10", "XQ01"):
            answer = await read(f"1/units/{unit}/explanation")
            assert (answer.status_code, answer.json()["type"]) == (403, "read-after-release")
        assert (await read("1/units/YQ01/explanation")).status_code == 200


async def test_as_its_people_read_it_the_own_explanation_is_read_by_who_decides_too(year):
    """Planted bug: let the committee's role open what the unit is not told yet."""
    both = ("committee", "assessed_unit")
    async with reading(year, *both, unit="XQ10") as read:
        assert (await read("1/units/XQ10/explanation")).status_code == 404
        feedback = await year.post(year.office, "score-sheets/1/feedback")
        assert feedback.status_code == 201
        assert (await read("1/units/XQ10/explanation")).status_code == 200
        assert (await read("1/units/XQ01/explanation")).status_code == 403


async def test_who_moved_in_the_own_category_is_neither_told_nor_counted(year):
    """Planted bug: count those that are left out among the units that did not change."""
    async with reading(year, "committee", unit="XQ01") as read:
        hidden = (await read("2/differences?against=1")).json()
    async with reading(year, "committee", unit="YQ01") as read:
        seen = (await read("2/differences?against=1")).json()
    assert (hidden["units"], hidden["entries"]) == ([], [])
    assert [unit["unit"] for unit in seen["units"]] == ["XQ10"]
    path = f"{year.path}/score-sheets/2/differences?against=1"
    whole = (await year.office.get(path)).json()
    assert hidden["same"] + seen["same"] == whole["same"]


async def test_the_own_category_is_not_diagnosed(year):
    async with reading(year, "committee", unit="XQ01") as read:
        found = (await read("2/diagnostics")).json()
    assert [each["category"] for each in found["categories"]] == ["PARK"]


async def test_a_second_body_reads_the_sheet_of_what_it_decides_about(year, others, document):
    """Planted bug: let whoever holds the role read everything."""
    others.schemes[year.cycle_id] = document | {"recusals": [{"unit": "XQ04", "body": "ZF01"}]}
    try:
        for unit, seen in (("ZF01", {"COUNTY"}), ("ZF02", set())):
            async with reading(year, "second_body", unit=unit) as read:
                assert categories((await read("latest")).json()) == seen
    finally:
        del others.schemes[year.cycle_id]
