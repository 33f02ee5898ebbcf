"""The Human Development Index of 2022, as a scheme of ours, equals what UNDP has published."""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import Installation, in_one_process

from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year

HDI = ROOT / "examples" / "hdi-2022"


def rows(name):
    with (HDI / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


VALUES = rows("values.csv")
PUBLISHED = {row["unit"]: row for row in rows("published.csv")}
COUNTRIES = [row["code"] for row in rows("units.csv") if row["category"] == "COUNTRY"]


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="module")
def year(installation):
    """The index, computed and published as `kaoping load` does."""
    with (
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
        Steps() as steps,
    ):
        year = Year(read_tables(HDI), people, steps)
        year.play()
        yield year


@pytest.fixture(scope="module")
def sheet(year):
    return year.people[OFFICE].get(f"{year.path}/score-sheets/{year.sheet}")


@pytest.fixture(scope="module")
def ranked(year):
    """The ranking of the countries, by unit."""
    path = f"{year.path}/releases/{year.releases['COUNTRY']}"
    document = year.people[OFFICE].get(path)["document"]
    return {unit["unit"]: unit for unit in document["units"]}


def test_the_expectation_is_whole():
    """A test of the test: 206 units, 204 indices, 193 ranks and groups."""
    assert len(VALUES) == len(PUBLISHED) == 206
    assert Counter(row["category"] for row in rows("units.csv")) == {
        "COUNTRY": 195,
        "AGGREGATE": 11,
        "": 1,
    }
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
