"""The reference city's year, from scheme to release, equals the published result to the digit."""

from collections import Counter
from decimal import Decimal

import pytest
import yaml
from tests.system.conftest import EXAMPLE

YEAR = yaml.load((EXAMPLE / "county-year.yaml").read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - it makes strings only
VETOES = YEAR["vetoes"]
EXPECTED = {unit["unit"]: unit for unit in YEAR["expected"]}
NUMBERS = [
    "satisfaction", "function", "public_review", "comprehensive", "base_total", "adjustment",
    "final_total",
]  # fmt: skip


@pytest.fixture(scope="session")
def units(result):
    return {unit["unit"]: unit for unit in result["units"]}


def test_the_expectation_is_whole():
    """A test of the test: 11 units, 220 indicator scores and 22 wave scores are compared."""
    assert len(EXPECTED) == 11
    assert sum(len(unit["indicator_scores"]) for unit in EXPECTED.values()) == 220
    assert sum(len(unit["wave_scores"]) for unit in EXPECTED.values()) == 22


@pytest.mark.parametrize("code", EXPECTED)
def test_every_indicator_score_and_wave_score_of(code, units):
    expected = EXPECTED[code]
    scores = {k: Decimal(v) for k, v in expected["indicator_scores"].items()}
    assert units[code]["indicator_scores"] == scores
    assert units[code]["wave_scores"] == [Decimal(wave) for wave in expected["wave_scores"]]


@pytest.mark.parametrize("code", EXPECTED)
def test_every_total_rank_grade_and_reason_of(code, units):
    expected, found = EXPECTED[code], units[code]
    assert {n: found[n] for n in NUMBERS} == {n: Decimal(expected[n]) for n in NUMBERS}
    assert (found["name_zh"], found["rank"]) == (expected["name_zh"], int(expected["rank"]))
    assert found["grade"] == expected["grade"]
    assert found["reasons"] == expected["reasons"]
    assert found["demoted_by"] == expected["demoted_by"]


def test_units_come_in_the_order_of_their_ranks(result):
    ranks = [unit["rank"] for unit in result["units"]]
    assert ranks == sorted(ranks)


def test_every_claim_is_decided_as_expected(result):
    found = {c["id"]: (c["decision"], c["points"]) for c in result["claims"]}
    expected = {
        c["id"]: (c["expect"]["decision"], Decimal(c["expect"]["points"])) for c in YEAR["claims"]
    }
    assert found == expected


def test_the_release_tells_the_vetoes_of_the_year_and_how_many_they_are(year, people):
    """Planted bugs: tell a veto of no unit in its line; count units that no release tells."""
    vetoes = {unit: code if isinstance(code, list) else [code] for unit, code in VETOES.items()}
    office = people["performance-office"]
    document = office.get(f"{year.path}/releases/{year.releases['COUNTY']}")["document"]
    lines = {line["unit"]: line.get("vetoes", []) for line in document["units"]}
    told = {unit: [each["code"] for each in of_unit] for unit, of_unit in lines.items() if of_unit}
    assert told == vetoes
    counted = office.get(f"{year.path}/veto-counts")
    assert (counted["units"], counted["categories"]) == (len(vetoes), ["COUNTY"])
    units = {each["code"]: each["units"] for each in counted["vetoes"] if each["units"]}
    assert units == Counter(code for codes in vetoes.values() for code in codes)


def test_an_explanation_leads_from_the_total_to_the_ledger(year, people):
    path = f"{year.path}/score-sheets/{year.sheet}/units/XQ08/explanation"
    explained = people["performance-office"].get(path)
    text = str(explained)
    assert "68.3877" in text
    assert any(entry in text for entry in year.entry_ids)


def test_a_new_computation_is_a_new_edition_with_the_same_digest(year, people):
    """Nothing computed is overwritten, and the same inputs give the same bytes."""
    office = people["performance-office"]
    first = office.get(f"{year.path}/score-sheets/{year.sheet}")
    again = office.post(f"{year.path}/score-sheets", {"categories": ["COUNTY"]})
    second = office.get(f"{year.path}/score-sheets/{again['edition']}")
    assert second["edition"] != first["edition"]
    assert second["digest"] == first["digest"]
    assert second["inputs"] == first["inputs"]


def test_every_journal_holds(installation, year, people):
    with installation.raw() as raw:
        secret = installation.administrator
        form = {"grant_type": "password", "username": secret.name, "password": secret.secret}
        token = raw.post("/oauth/token", data=form).json()["access_token"]
        account = {"subject": "auditor-1", "kind": "person", "name": "审计员", "unit": None}
        body = {"accounts": [{**account, "roles": ["auditor"], "secret": "a-long-enough-secret"}]}
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "the-auditor-of-journals"}
        assert raw.post("/api/v1/accounts", json=body, headers=headers).status_code == 201
        form = {
            "grant_type": "password",
            "username": "auditor-1",
            "password": "a-long-enough-secret",
        }
        raw.headers["Authorization"] = (
            "Bearer " + raw.post("/oauth/token", data=form).json()["access_token"]
        )
        for service in ("indicators", "scoring", "survey", "ranking"):
            found = raw.get(
                f"/api/v1/journals/{service}/chains/{year.cycle_id}/verification"
            ).json()
            assert found["holds"], service
            assert found["length"] > 0, service
