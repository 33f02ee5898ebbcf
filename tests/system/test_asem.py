"""The sustainable connectivity index of 51 countries, as a scheme of ours, is as published."""

import csv
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import Installation, in_one_process

from kaoping.exact import read_yaml
from kaoping.people import OFFICES, People, Person
from kaoping.plan import COLLEAGUE, OFFICE

ASEM = ROOT / "examples" / "asem-2018"
JRC = "JRC"


def rows(name):
    with (ASEM / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def walk(indicators):
    for each in indicators:
        yield each
        yield from walk(each.get("children", ()))


VALUES = rows("values.csv")
SCORES = {row.pop("unit"): row for row in rows("scores.csv")}
RANKS = {row.pop("unit"): row for row in rows("ranks.csv")}
SCHEME = read_yaml(ASEM / "scheme.yaml")
(INDEX,) = SCHEME["categories"][0]["blocks"][0]["indicators"]
LEAVES = {each["code"]: each for each in walk([INDEX]) if each["method"] == "min_max"}
MEANS = {each["code"]: each for each in walk([INDEX]) if each["method"] == "mean_children"}


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
                Person(JRC.lower(), JRC, ("data_source_unit",), JRC),
                *(
                    Person(who, zh, (role,), None)
                    for who, (zh, role) in OFFICES.items()
                    if who in (OFFICE, COLLEAGUE)
                ),
            ]
        )
        yield people


def scheme(index=INDEX):
    """The scheme with all its units, of the index or of what else is given."""
    (category,) = SCHEME["categories"]
    (block,) = category["blocks"]
    block = block | {"indicators": [index]}
    return SCHEME | {"categories": [category | {"units": list(SCORES), "blocks": [block]}]}


def ranks(found, when):
    return {each["unit"]: each[when]["rank"] for each in found["units"]}


@pytest.fixture(scope="module")
def path(people):
    """Where the cycle is: its values verified and sealed."""
    office = people[OFFICE]
    units = [{"code": JRC, "name": "欧盟联合研究中心", "kind": "body"}]
    units += [{"code": row["unit"], "name": row["name"], "kind": "assessed"} for row in VALUES]
    for unit in units:
        unit |= {"uscc": None, "valid_from": "2018-01-01"}
    office.post("/units", {"units": units})
    # The division is one that does not exist, in a province that does.
    cycle = {"name": "ASEM 2018", "jurisdiction": "439900", "assessment_year": 2018}
    path = f"/cycles/{office.post('/cycles', cycle)['cycle_id']}"
    version = office.post(f"{path}/scheme-versions", {"scheme": scheme()})["version"]
    office.post(f"{path}/scheme-versions/{version}/publication")
    body = {"entries": entries(), "state": "submitted"}
    people[JRC].post(f"{path}/ledger-entries", body)
    people[COLLEAGUE].post(f"{path}/ledger-entries/verification", {"all_submitted": True})
    office.post(f"{path}/ledger/seal")
    return path


def entries():
    """Every value, to the last digit; where twelve decimals do not hold it, as the measure says."""
    return [
        {
            "unit": row["unit"],
            "indicator": code,
            "kind": "measured_value",
            "key": "value",
            "value": f"{Decimal(row[code]).scaleb(12 if 'measure' in leaf else 0):f}",
        }
        for row in VALUES
        for code, leaf in LEAVES.items()
    ]


@pytest.fixture(scope="module")
def sheet(path, people):
    edition = people[OFFICE].post(f"{path}/score-sheets", {"categories": None})["edition"]
    return people[OFFICE].get(f"{path}/score-sheets/{edition}")


@pytest.fixture(scope="module")
def found(sheet):
    """Every score by unit and indicator, or what stands below the index."""
    return {
        unit["unit"]: {
            each["indicator"]: Decimal(each["score"]) for each in walk(unit["indicator_scores"])
        }
        for unit in sheet["units"]
    }


def to(places, number):
    return Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def test_the_expectation_is_whole():
    """A test of the test: 51 countries, 49 indicators, 11 means; 2,499 values."""
    assert len(VALUES) == len(SCORES) == len(RANKS) == 51
    assert (len(LEAVES), len(MEANS), len(entries())) == (49, 11, 2499)
    assert {len(row) for row in SCORES.values()} == {49 + 11}
    assert {len(row) for row in RANKS.values()} == {11 + 1}


def test_every_published_score(found):
    """Published are floats that were added up, ours have twelve decimals: ten are sure of both."""
    off = {
        (unit, code): away
        for unit, row in SCORES.items()
        for code, score in row.items()
        if (away := abs(found[unit][code] - Decimal(score))) > Decimal("1e-11")
    }
    assert off == {}


@pytest.mark.parametrize("mean", [mean for mean in MEANS if mean != INDEX["code"]])
def test_every_published_rank_below_the_index(mean, path, people):
    """The publisher ranks what is rounded to two decimals; otherwise two ranks are others."""
    body = {"category": "COUNTRY", "scheme": scheme(MEANS[mean])}
    found = people[OFFICE].post(f"{path}/simulations", body)
    assert ranks(found, "after") == {unit: int(row[mean]) for unit, row in RANKS.items()}


def test_every_published_rank_by_the_index(path, sheet, people):
    body = {"category": "COUNTRY", "score_sheet_edition": sheet["edition"]}
    ranking = people[OFFICE].post(f"{path}/rankings", body)["ranking"]["units"]
    assert {each["unit"]: each["rank"] for each in ranking} == {
        unit: int(row["Index"]) for unit, row in RANKS.items()
    }


def test_totals_are_the_index_to_two_decimals(sheet):
    totals = {unit["unit"]: Decimal(unit["total"]) for unit in sheet["units"]}
    assert totals == {unit: to(2, row["Index"]) for unit, row in SCORES.items()}
    # As printed where the index is presented.
    assert (totals["CHE"], totals["NLD"]) == (Decimal("68.38"), Decimal("64.82"))


def by_percentiles(indicator):
    """The indicator, or a mean with all below it, by ranks from the bottom; equal ones have the
    lower one."""
    if indicator["method"] == "mean_children":
        return indicator | {"children": [by_percentiles(each) for each in indicator["children"]]}
    table = {str(rank): 2 * (rank - 1) for rank in range(1, len(SCORES) + 1)}
    params = {"table": table, "from": "bottom", "rank_by": indicator["params"]["direction"]}
    return indicator | {"method": "rank_points", "params": params}


def test_another_normalisation_gives_its_published_ranks(path, people):
    body = {"category": "COUNTRY", "scheme": scheme(by_percentiles(INDEX))}
    found = people[OFFICE].post(f"{path}/simulations", body)

    assert ranks(found, "before") == {unit: int(row["Index"]) for unit, row in RANKS.items()}
    assert ranks(found, "after") == {
        unit: int(row["by_percentiles"]) for unit, row in RANKS.items()
    }


def test_a_score_leads_down_to_the_value_that_was_entered(path, sheet, people):
    """Each formula on the way was computed again before it is told."""
    tree = people[OFFICE].get(f"{path}/score-sheets/{sheet['edition']}/units/CHE/explanation")
    steps = {each["code"]: each for each in walk([tree["tree"]])}
    (value,) = (row["LPI"] for row in VALUES if row["unit"] == "CHE")
    assert {each["name"]: each["value"] for each in steps["LPI"]["inputs"]}["value"] == value
    assert steps["Physical"]["rounding"]["places"] == 12
