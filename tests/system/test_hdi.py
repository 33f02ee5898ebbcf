"""The Human Development Index of 2022, as a scheme of ours, equals what UNDP has published."""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import Installation, in_one_process

from kaoping.exact import read_yaml
from kaoping.people import COLLEAGUE, OFFICE, OFFICES, People, Person

HDI = ROOT / "examples" / "hdi-2022"
UNDP = "UNDP"

COLUMNS = {
    "life_expectancy": "health",
    "expected_years_schooling": "expected_schooling",
    "mean_years_schooling": "mean_schooling",
    "gni_per_capita_ppp2017": "income",
}
"""The indicator that each column of the values measures."""


def rows(name):
    with (HDI / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


VALUES = rows("values.csv")
PUBLISHED = {row["unit"]: row for row in rows("published.csv")}
COUNTRIES = [row["unit"] for row in VALUES if row["category"] == "COUNTRY"]


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="module")
def people(installation):
    with (
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
    ):
        people.invite(
            [
                Person(UNDP.lower(), UNDP, ("data_source_unit",), UNDP),
                *(
                    Person(who, zh, (role,), None)
                    for who, (zh, role) in OFFICES.items()
                    if who in (OFFICE, COLLEAGUE)
                ),
            ]
        )
        yield people


@pytest.fixture(scope="module")
def path(people):
    """Where the cycle is: its values verified and sealed."""
    office = people[OFFICE]
    units = [{"code": UNDP, "name": "联合国开发计划署", "kind": "body"}]
    units += [{"code": row["unit"], "name": row["name"], "kind": "assessed"} for row in VALUES]
    for unit in units:
        unit |= {"uscc": None, "valid_from": "2022-01-01"}
    office.post("/units", {"units": units})
    # The division is one that does not exist, in a province that does.
    cycle = {"name": "HDI 2022", "jurisdiction": "439900", "assessment_year": 2022}
    path = f"/cycles/{office.post('/cycles', cycle)['cycle_id']}"
    version = office.post(f"{path}/scheme-versions", {"scheme": scheme()})["version"]
    office.post(f"{path}/scheme-versions/{version}/publication")
    body = {"entries": entries(), "state": "submitted"}
    people[UNDP].post(f"{path}/ledger-entries", body)
    people[COLLEAGUE].post(f"{path}/ledger-entries/verification", {"all_submitted": True})
    office.post(f"{path}/ledger/seal")
    return path


def scheme():
    document = read_yaml(HDI / "scheme.yaml")
    for category in document["categories"]:
        category["units"] = [r["unit"] for r in VALUES if r["category"] == category["code"]]
    return document


def entries():
    """Every value there is; what a country lacks is not entered."""
    return [
        {
            "unit": row["unit"],
            "indicator": indicator if row["category"] == "COUNTRY" else f"{indicator}_R",
            "kind": "measured_value",
            "key": "value",
            "value": row[column],
        }
        for row in VALUES
        for column, indicator in COLUMNS.items()
        if row[column]
    ]


@pytest.fixture(scope="module")
def sheet(path, people):
    edition = people[OFFICE].post(f"{path}/score-sheets", {"categories": None})["edition"]
    return people[OFFICE].get(f"{path}/score-sheets/{edition}")


@pytest.fixture(scope="module")
def ranked(path, sheet, people):
    """The ranking of the countries, by unit."""
    body = {"category": "COUNTRY", "score_sheet_edition": sheet["edition"]}
    answer = people[OFFICE].post(f"{path}/rankings", body)
    return {unit["unit"]: unit for unit in answer["ranking"]["units"]}


def test_the_expectation_is_whole():
    """A test of the test: 206 units, 204 indices, 193 ranks and groups."""
    assert len(VALUES) == len(PUBLISHED) == 206
    assert Counter(row["category"] for row in VALUES) == {"COUNTRY": 195, "AGGREGATE": 11}
    counts = {name: sum(bool(r[name]) for r in PUBLISHED.values()) for name in ("hdi", "rank")}
    assert counts == {"hdi": 204, "rank": 193}


def test_every_published_index(sheet):
    found = {unit["unit"]: unit["total"] for unit in sheet["units"]}
    expected = {unit: row["hdi"] or None for unit, row in PUBLISHED.items()}
    assert {u: t and Decimal(t) for u, t in found.items()} == {
        u: t and Decimal(t) for u, t in expected.items()
    }


def test_every_published_rank(ranked):
    """UNDP ranks the rounded index; ranking the unrounded one gives 27 other ranks."""
    expected = {unit: int(PUBLISHED[unit]["rank"] or 0) or None for unit in COUNTRIES}
    assert {unit: each["rank"] for unit, each in ranked.items()} == expected


def test_every_published_band(ranked):
    """Lower bounds are included: Belize is high with 0.700, Uganda medium with 0.550."""
    expected = {unit: PUBLISHED[unit]["grade"] or None for unit in COUNTRIES}
    assert {unit: each["grade"] for unit, each in ranked.items()} == expected
    bounds = {unit: (ranked[unit]["final_total"], ranked[unit]["grade"]) for unit in ("BLZ", "UGA")}
    assert bounds == {"BLZ": ("0.700", "high"), "UGA": ("0.550", "medium")}


def test_countries_without_data_come_last_without_index_rank_and_band(sheet, ranked):
    lacking = {unit: each for unit, each in ranked.items() if each["rank"] is None}
    assert set(lacking) == {"PRK", "MCO"} == set(list(ranked)[-2:])
    assert {(each["final_total"], each["grade"]) for each in lacking.values()} == {(None, None)}
    named = {u["unit"]: {gap["indicator"] for gap in u["missing"]} for u in sheet["units"]}
    assert named["MCO"] == {"mean_schooling", "income"}
    assert named["PRK"] == {"expected_schooling", "mean_schooling", "income"}
