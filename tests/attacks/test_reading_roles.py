"""Offices that only read the results read what their purpose needs, and nothing of competitors."""

from contextlib import ExitStack

import pytest
from tests.attacks.test_identity_and_roles import MATRIX
from tests.attacks.test_leaks_before_release import measured, scheme
from tests.attacks.test_scope_escapes import System, post
from tests.system.harness import in_one_process

from chassis.authorisation import ANY, ANYONE

READING = ("personnel", "personnel_system", "budget", "statistics", "supervision")


def rows_of(role):
    return {route: row for route, rows in MATRIX.routes.items() for row in rows if row.role == role}


_WAVE = "POST /api/v1/surveys/{survey_id}/waves/{wave}"
LOGGED = "POST /api/v1/cycles/{cycle_id}/linked-readings"
"""A reading that is on record is a command; what it shows of results was released."""
EXAMINING = {f"{_WAVE}/attestations", f"{_WAVE}/urn", f"{_WAVE}/urn/opening", LOGGED}
"""What supervision does in a survey: it says what it saw, and keeps the key of an urn; of its own
category it is refused (`check_interest`)."""
BELOW = "GET /api/v1/inferior-cycles"
KNOWN_TO_ALL = {"GET /api/v1/cycles/{cycle_id}/surveys", "GET /api/v1/checkpoints", BELOW}
"""What a survey asks stands in the published scheme; a digest tells nothing of what it is of; of
years below it is told which have released something."""


@pytest.mark.parametrize("role", READING)
def test_a_reading_role_writes_nothing_and_reads_no_result_before_its_release(role):
    """Planted bug: a row of score sheets, rankings, claims or decisions for one of them."""
    rows = rows_of(role)
    assert {route for route in rows if not route.startswith("GET ")} <= EXAMINING
    closed = ("score-sheets", "rankings", "claims", "satisfaction", "vetoes", "demotions", "panel")
    assert not [route for route in rows if any(word in route for word in closed)]
    told = {route for route, row in rows.items() if row.relation} | EXAMINING | KNOWN_TO_ALL
    assert told >= rows.keys(), "each says how it spares competitors"


@pytest.mark.parametrize("role", ["personnel", "budget"])
def test_who_needs_what_was_released_reads_just_that(role):
    assert rows_of(role).keys() <= {BELOW}
    released = "GET /api/v1/cycles/{cycle_id}/releases/{release}"
    assert {row.role for row in MATRIX.routes[released]} <= {ANY, ANYONE}


@pytest.mark.parametrize(
    "pair",
    [
        ("supervision", "performance_office"), ("supervision", "standing_committee"),
        ("supervision", "data_source_unit"), ("supervision", "assessed_unit"),
        ("statistics", "assessed_unit"), ("system_administrator", "budget"),
        ("system_administrator", "personnel"),
    ],
)  # fmt: skip
def test_nobody_reads_what_he_takes_part_in(pair):
    assert any(set(pair) <= line for line in MATRIX.exclusive)


@pytest.fixture(scope="module")
def city(postgres, databases, tmp_path_factory):
    """Give a city with entries of two categories, verified and not, and doors for its readers."""
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, databases, keys) as running, ExitStack() as stack:
        city = System(running, stack)
        office, colleague = (city.door(city.make("performance_office")) for _ in range(2))
        units = [(each, "assessed") for each in ("A1", "A2", "A3", "A4", "B1", "B2")]
        units += [(each, "body") for each in ("S1", "S2", "R1", "C1", "D1", "O2")]
        told = [
            {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
            for code, kind in units
        ]
        post(office, "/units", {"units": told})
        begun = {"name": "读取", "jurisdiction": "439900", "assessment_year": 2025}
        at = f"/cycles/{post(office, '/cycles', begun)['cycle_id']}"
        version = post(office, f"{at}/scheme-versions", {"scheme": scheme()})["version"]
        post(office, f"{at}/scheme-versions/{version}/publication")
        values = {"item": None, "target": "10", "baseline": None, "pledge": None}
        targets = [{"unit": each, "indicator": "OWN", **values} for each in ("A1", "A2")]
        post(office, f"{at}/targets", {"targets": targets, "reason": None})
        grade = {"unit": "A2", "indicator": "GRADE", "kind": "grade", "word": "A"}
        by = {
            "S1": [measured("B1", "NEAR", "95"), measured("B2", "NEAR", "80")],
            "S2": [measured("A2", "SOLO", "80"), grade],
        }
        for unit, entries in by.items():
            source = city.door(city.make("data_source_unit", unit=unit))
            post(source, f"{at}/ledger-entries", {"entries": entries, "state": "submitted"})
            drafts = [measured("A3", "SOLO", "70")] if unit == "S2" else []
            if drafts:
                post(source, f"{at}/ledger-entries", {"entries": drafts, "state": "draft"})
        waiting = office.get(f"/api/v1{at}/ledger-entries?state=submitted").json()["items"]
        ids = [each["entry_id"] for each in waiting if each["unit"] not in ("B1", "B2")]
        post(colleague, f"{at}/ledger-entries/verification", {"entry_ids": ids})
        city.at, city.office = f"/api/v1{at}", office
        yield city


def entries(door, city, **query):
    answer = door.get(f"{city.at}/ledger-entries", params=query)
    assert answer.status_code == 200, answer.text
    return {(each["unit"], each["kind"], each["state"]) for each in answer.json()["items"]}


def test_statistics_reads_verified_measured_values_and_targets(city):
    """Planted bugs: grades with them; what is not verified yet; those of competitors."""
    door = city.door(city.make("statistics"))
    assert entries(door, city) == {("A2", "measured_value", "verified")}
    listed = door.get(f"{city.at}/ledger-entries").json()["items"]
    assert {each["state_by"] for each in listed} == {None}
    exported = door.get(f"{city.at}/ledger-entries/export?format=ndjson").text.splitlines()
    assert len(exported) == 1
    for each in city.office.get(f"{city.at}/ledger-entries").json()["items"]:
        status = 200 if (each["unit"], each["kind"]) == ("A2", "measured_value") else 404
        found = door.get(f"{city.at}/ledger-entries/{each['entry_id']}")
        assert found.status_code == status, each
    told = door.get(f"{city.at}/targets").json()["targets"]
    assert {each["unit"] for each in told} == {"A1", "A2"}
    competitor = city.door(city.make("statistics", unit="A1"))
    assert entries(competitor, city) == set()
    assert competitor.get(f"{city.at}/targets").json()["targets"] == []


def test_supervision_reads_entries_with_who_decided_and_no_competitors(city):
    """Planted bugs: of the own category too; without the reasons that it is there for."""
    door = city.door(city.make("supervision"))
    assert entries(door, city) == {
        ("A2", "measured_value", "verified"), ("A2", "grade", "verified"),
        ("B1", "measured_value", "submitted"),
        ("B2", "measured_value", "submitted"),
    }  # fmt: skip
    listed = door.get(f"{city.at}/ledger-entries?state=verified").json()["items"]
    assert all(each["state_by"] for each in listed)
    [one, *_] = listed
    assert door.get(f"{city.at}/ledger-entries/{one['entry_id']}").status_code == 200
    competitor = city.door(city.make("supervision", unit="A1"))
    assert {unit for unit, *_ in entries(competitor, city)} == {"B1", "B2"}
    assert competitor.get(f"{city.at}/ledger-entries/{one['entry_id']}").status_code == 404
    counted = competitor.get(f"{city.at}/progress?by=unit").json()
    assert {each["codes"]["unit"] for each in counted["items"]} == {"B1", "B2"}
    assert competitor.get(f"{city.at}/ledger").json()["entries"] is None


def test_supervision_verifies_journals_unless_it_belongs_to_a_unit(city):
    """Planted bug: how many entries a chain has is told to competitors."""
    cycle = city.at.rpartition("/")[2]
    at = f"/api/v1/journals/scoring/chains/{cycle}"
    door = city.door(city.make("supervision"))
    other = city.door(city.make("supervision", unit="A1"))
    assert door.get(f"{at}/verification").json()["holds"] is True
    assert other.get(f"{at}/verification").status_code == 403
    assert door.get(at).status_code == 403


@pytest.mark.parametrize("role", ["personnel", "budget"])
def test_before_a_release_there_is_nothing_for_them(city, role):
    door = city.door(city.make(role))
    assert door.get(f"{city.at}/releases").json()["items"] == []
    for end in ("ledger-entries", "targets", "progress", "score-sheets", "rankings", "vetoes"):
        assert door.get(f"{city.at}/{end}").status_code == 403
