"""What would be, what changed and what lies ahead, asked through the gateway in the played year."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from kaoping.client import Refused
from kaoping.plan import COLLEAGUE, OFFICE

# What is asked of several services is asked over TCP too, once for each way it may end; the rest
# is decided within them, where a wire makes no difference.
in_one_process = pytest.mark.parametrize("installation", ["one process"], indirect=True)


@pytest.fixture(scope="session")
def office(people, year):
    return people[OFFICE]  # who is there since the year was played


def value(unit: str, number: str | None) -> dict:
    about = {"unit": unit, "indicator": "C01", "kind": "measured_value", "key": "actual"}
    return about | {"value": number}


def simulate(office, year, **changed) -> dict[str, dict]:
    answer = office.post(f"{year.path}/simulations", {"category": "COUNTY", **changed})
    return {one["unit"]: one for one in answer["units"]}


def test_a_simulation_without_a_change_is_the_ranking(office, year, result, installation):
    """Planted bug: let ranking and scoring disagree on what they send each other."""
    before = installation.stored()
    found = simulate(office, year)
    for unit in result["units"]:
        one = found[unit["unit"]]
        assert one["before"] == one["after"]
        why = [reason["en"] for reason in one["after"]["reasons"]]
        place = (one["after"]["rank"], one["after"]["grade"], why)
        assert place == (unit["rank"], unit["grade"], unit["reasons"])
        assert Decimal(one["after"]["final_total"]) == unit["final_total"]
    assert installation.stored() == before


@in_one_process
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


def with_first_indicator(scheme: dict, change: Callable[[dict], Any]) -> dict:
    """Return the scheme with C01 of the counties changed."""
    changed = deepcopy(scheme)
    county = next(one for one in changed["categories"] if one["code"] == "COUNTY")
    change(next(one for one in county["blocks"][0]["indicators"] if one["code"] == "C01"))
    return changed


def with_difficulty(indicator: dict) -> None:
    """Score by a formula with a constant, which is another for XQ10: no more is said of it."""
    inputs = {"actual": {"from": "measured"}, "k": {"from": "constant", "value": "0.05"}}
    formula = {"inputs": inputs, "formula": "actual * k", "result": "points"}
    own = {"XQ10": {"inputs": {"k": {"value": "0.025"}}}}
    indicator |= {"method": "expression", "params": formula, "per_unit_params": own}


@pytest.fixture(scope="session")
def second(office, people, year):
    """Another cycle of the city, in which only C01 has been measured."""
    second = replace(year, cycle_id="", entry_ids=[])
    second.publish_scheme(lambda _: None)
    second.agree_targets(lambda _: None)
    for poster, posted in second.plan.entries.items():
        if some := [entry for entry in posted if entry["indicator"] == "C01"]:
            body = {"entries": some, "state": "submitted"}
            people[poster].post(f"{second.path}/ledger-entries", body)
    path = f"{second.path}/ledger-entries/verification"
    people[COLLEAGUE].post(path, {"all_submitted": True})
    return second


@in_one_process
def test_a_changed_scheme_is_simulated_as_it_is_scored_once_published(office, second):
    """Planted bug: simulate by the scheme as it came, with an override of a single constant."""
    published = office.get(f"{second.path}/scheme")["scheme"]
    changed = with_first_indicator(published, with_difficulty)
    asked = {"categories": ["COUNTY"], "scheme": changed}
    units = office.post(f"{second.path}/score-simulations", asked)["units"]

    versions = f"{second.path}/scheme-versions"
    new = {"scheme": changed, "reason": "难度系数"}
    version = office.post(versions, new)["version"]
    office.post(f"{versions}/{version}/publication")
    edition = office.post(f"{second.path}/score-sheets", {"categories": ["COUNTY"]})["edition"]
    sheet = office.get(f"{second.path}/score-sheets/{edition}")
    assert [one["after"] for one in units] == sheet["units"]

    measured = {
        entry["unit"]: Decimal(str(entry["value"]))
        for entry in office.pages(f"{second.path}/ledger-entries?indicator=C01")
    }
    factors = dict.fromkeys(measured, Decimal("0.05")) | {"XQ10": Decimal("0.025")}
    scored = {
        sheet["unit"]: Decimal(str(one["score"]))
        for sheet in sheet["units"]
        for one in sheet["indicator_scores"]
        if one["indicator"] == "C01"
    }
    assert scored == {unit: measured[unit] * factor for unit, factor in factors.items()}


@in_one_process
def test_a_changed_scheme_needs_no_more_than_one_that_is_saved(office, year):
    """Planted bug: read defaults from what was sent, in either service."""
    published = office.get(f"{year.path}/scheme")["scheme"]
    short = with_first_indicator(published, lambda c01: c01.pop("allow_exceed"))
    short["ranking"].pop("incomplete")
    found = simulate(office, year, scheme=short)
    assert all(one["before"] == one["after"] for one in found.values())


@in_one_process
def test_an_override_of_one_constant_halves_what_it_multiplies(office, year):
    """Planted bug: let ranking pass on the scheme without what it does not read."""
    scheme = with_first_indicator(office.get(f"{year.path}/scheme")["scheme"], with_difficulty)
    alike = with_first_indicator(scheme, lambda c01: c01.pop("per_unit_params"))
    own, same = (simulate(office, year, scheme=each)["XQ10"] for each in (scheme, alike))
    # As it is XQ10 has no points in C01, so that its gain is its score.
    assert Decimal(same["total_change"]) == 2 * Decimal(own["total_change"]) > 0


C01_AT = "/scheme/categories/0/blocks/0/indicators/0"


@in_one_process
@pytest.mark.parametrize("resource", ["simulations", "score-simulations"])
@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        (lambda c01: c01.update(method="guess"), {f"{C01_AT}/method"}),
        (
            lambda c01: c01.update(points="-1", precision=99, params={"cap": 1}),
            {f"{C01_AT}/points", f"{C01_AT}/precision", f"{C01_AT}/params/cap"},
        ),
        (lambda c01: c01.update(code="C02"), {f"{C01_AT[:-1]}1/code"}),
    ],
)
def test_the_faults_of_a_changed_scheme_are_all_named_where_they_stand(
    office, year, installation, resource, change, pointers
):
    """Planted bug: simulate what cannot be saved, or point into another body."""
    published = office.get(f"{year.path}/scheme")["scheme"]
    assert published["categories"][0]["code"] == "COUNTY"
    one = {"category": "COUNTY"} if resource == "simulations" else {"categories": ["COUNTY"]}
    before = installation.stored()
    body = one | {"scheme": with_first_indicator(published, change)}
    with pytest.raises(Refused) as refused:
        office.post(f"{year.path}/{resource}", body)
    assert (refused.value.status, refused.value.problem["type"]) == (422, "peer-rejected")
    assert pointers <= {error["pointer"] for error in refused.value.problem["errors"]}
    assert installation.stored() == before


def test_what_scoring_refuses_comes_back_with_its_place(office, year):
    with pytest.raises(Refused) as refused:
        simulate(office, year, values=[value("XQ10", "1"), value("XX99", "1")])
    assert refused.value.status == 422
    assert [error["pointer"] for error in refused.value.problem["errors"]] == ["/values/1/unit"]


@in_one_process
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


@in_one_process
def test_next_year_begins_from_this_one_and_what_it_showed(office, year):
    """What is given is saved and published as it stands, in the cycle of the next year.

    Planted bug: leave the nodes of milestones in the year that they were reached in.
    """
    begun = office.get(f"{year.path}/score-sheets/{year.sheet}/next-scheme")
    assert begun["same_scheme"] is True
    scheme, rows = begun["scheme"], begun["diagnosis"]
    now = office.get(f"{year.path}/scheme")["scheme"]
    assert scheme["assessment_year"] == now["assessment_year"] + 1
    codes = {each["code"] for each in begun["to_decide"]}
    assert "targets-to-set" in codes
    assert {row["category"] for row in rows} <= {each["code"] for each in scheme["categories"]}
    assert all(row["pointer"] for row in rows)
    assert any(row["findings"] for row in rows)
    new = {"name": "下一年", "jurisdiction": "431098", "assessment_year": scheme["assessment_year"]}
    path = f"/cycles/{office.post('/cycles', new)['cycle_id']}"
    office.post(f"{path}/scheme-versions", {"scheme": scheme})
    office.post(f"{path}/scheme-versions/1/publication")
    assert office.get(f"{path}/scheme")["scheme"] == scheme
