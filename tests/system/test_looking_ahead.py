"""What would be, what changed and what lies ahead, asked through the gateway in the played year."""

from decimal import Decimal

import pytest

from kaoping.client import Refused
from kaoping.people import OFFICE


@pytest.fixture(scope="session")
def office(people, year):
    return people[OFFICE]  # who is there since the year was played


def value(unit: str, number: str | None) -> dict:
    about = {"unit": unit, "indicator": "C01", "kind": "measured_value", "key": "actual"}
    return about | {"value": number}


def simulate(office, year, **changed) -> dict[str, dict]:
    answer = office.post(f"{year.path}/simulations", {"category": year.city.category, **changed})
    return {one["unit"]: one for one in answer["units"]}


def test_a_simulation_without_a_change_is_the_ranking(office, year, result, installation):
    """Planted bug: let ranking and scoring disagree on what they send each other."""
    before = installation.stored()
    found = simulate(office, year)
    for unit in result["units"]:
        one = found[unit["unit"]]
        assert one["before"] == one["after"]
        place = (one["after"]["rank"], one["after"]["grade"], one["after"]["reasons"])
        assert place == (unit["rank"], unit["grade"], unit["reasons"])
        assert Decimal(one["after"]["final_total"]) == unit["final_total"]
    assert installation.stored() == before


def test_a_changed_value_moves_units_and_nothing_is_stored(office, year, installation):
    before = installation.stored()
    found = simulate(office, year, values=[value("XQ10", "100")])
    assert Decimal(found["XQ10"]["total_change"]) > 0
    assert found["XQ10"]["rank_change"] >= 0
    assert installation.stored() == before


def test_a_changed_scheme_is_read_by_both_services(office, year):
    published = office.get(f"{year.path}/scheme")["scheme"]
    levels = [{**level, "rate": "0", "min_count": 0} for level in published["grades"]["levels"]]
    changed = published | {"grades": published["grades"] | {"levels": levels}}
    found = simulate(office, year, scheme=changed)
    assert {one["after"]["grade"] for one in found.values()} <= {"qualified", "unqualified"}
    assert {one["rank_change"] for one in found.values()} == {0}


def test_what_scoring_refuses_comes_back_with_its_place(office, year):
    with pytest.raises(Refused) as refused:
        simulate(office, year, values=[value("XQ10", "1"), value("XX99", "1")])
    assert refused.value.status == 422
    assert [error["pointer"] for error in refused.value.problem["errors"]] == ["/values/1/unit"]


def test_an_outlook_agrees_with_the_ranking(office, year, result):
    for unit in result["units"]:
        path = f"{year.path}/score-sheets/{year.sheet}/units/{unit['unit']}/outlook"
        found = office.get(path)
        assert found["standing"]["place"] == unit["rank"]
        assert Decimal(found["total"]) == unit["final_total"]


def test_diagnostics_and_differences_are_read_through_the_gateway(office, year):
    sheet = f"{year.path}/score-sheets/{year.sheet}"
    [category] = office.get(f"{sheet}/diagnostics")["categories"]
    shares = [one["variance_share"] for one in category["indicators"]]
    assert sum(map(Decimal, [*shares, category["adjustment_share"]])) == 1
    same = office.get(f"{sheet}/differences", against=year.sheet)
    assert (same["units"], same["documents"]) == ([], [])
