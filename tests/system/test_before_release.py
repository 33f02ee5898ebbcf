"""Until the release a unit learns nothing of another: two worlds, which it cannot tell apart.

Planted bugs, seen to fail: `standing` in a unit's outlook, inputs of the source `group` or the
whole tree and its digest in its explanation, the sheet's digest in a header, `latest` of all
editions and 403 for one that is not fed back, counts of the ledger for everybody, pages by the
number of a row, findings about all units for each.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Literal

import httpx
import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import Installation, in_one_process
from tests.system.two_worlds import (
    BODY,
    FAR,
    KINDS,
    OTHER,
    OWN,
    SOURCE,
    UNITS,
    Answers,
    Told,
    Walk,
    World,
    play,
)

from chassis.authorisation import load
from kaoping.card import Credentials
from service_testing import trials

SECRET = "a-secret-that-is-long-enough"

# A second body lists editions, whose digests of ledger and claims rest on ids that are drawn: they
# differ between equal worlds, and nothing can be guessed by them. Its reading is tried apart.
OFFICES = {
    "second_body",
    "system_administrator",
    "security_administrator",
    "audit_administrator",
    "performance_office",
    "organiser",
    "committee",
    "standing_committee",
    "vice_mayor",
    "auditor",
    "statistics",
    "supervision",
    "personnel_system",
    "daily_round",
}
"""The roles that read of several units, or of all."""

MATRIX = load(ROOT / "gateway" / "authorisation.yaml")

ACCOUNTS = {
    "office": (None, ["performance_office"]),
    "colleague": (None, ["performance_office"]),
    SOURCE: (SOURCE, ["data_source_unit"]),
    BODY: (BODY, ["data_source_unit"]),
    **{unit: (unit, ["assessed_unit"]) for unit in UNITS},
    "source-of-its-own": (OWN, ["data_source_unit"]),
    "everything-a-unit-can-be": (OWN, sorted(set(MATRIX.roles) - OFFICES)),
    "statistics-of-its-own": (OWN, ["statistics", "personnel", "personnel_system", "budget"]),
    "supervision-of-its-own": (OWN, ["supervision"]),
}

OF_THE_UNIT = [OWN, "everything-a-unit-can-be"]
OF_THE_UNIT += ["source-of-its-own", "statistics-of-its-own", "supervision-of-its-own"]
# Who is everything has what the others have, and is soon told from them where something leaks.
OF_THE_UNIT = OF_THE_UNIT[: trials(2, len(OF_THE_UNIT))]


def kind_of(who: str) -> Literal["person", "client"]:
    """Return whether a person has the account, or another system."""
    return "client" if "personnel_system" in ACCOUNTS[who][1] else "person"


def value(code: str, number: str) -> Told:
    told = Told()
    told.values[code][OTHER] = number
    return told


def everything() -> Told:
    told = Told(authority="某某协会", restated="96", vetoed=True, computed_again=True, ranked=True)
    for code, number in {"SOLO": "95", "RANK": "8", "BEST": "5", "BAND": "11"}.items():
        told.values[code][OTHER] = number
    for code in ("AWAY", "SHARE"):  # neither mean nor sum is another by that
        told.values[code] |= {OTHER: "23", FAR: "17"}
    told.targets[OTHER] = "20"
    told.pieces += [(OTHER, "P-1"), (OTHER, "P-9")]
    told.grades[OTHER] = "A"
    told.findings = [OWN, OTHER, OTHER]
    return told


EVERYTHING = "everything that leaves the unit's scores alone"
WORLDS = {"as it was": Told, EVERYTHING: everything}
if trials(0, 1):
    # Each is a part of everything; which of them it was is soon found.
    WORLDS |= {
        "the same again": Told,
        "another value of another unit": lambda: value("SOLO", "95"),
        "another claim of another unit": lambda: Told(authority="某某协会"),
    }


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="module")
def people(installation):
    with installation.client(installation.administrator) as administrator:
        accounts = [
            {"subject": who, "kind": kind_of(who), "name": who, "unit": unit, "roles": roles}
            for who, (unit, roles) in ACCOUNTS.items()
        ]
        chosen = [account | {"secret": SECRET} for account in accounts]
        administrator.post("/accounts", {"accounts": chosen})
    with ExitStack() as doors:
        yield _signed_in(installation, doors)


def _signed_in(installation, doors):
    people = {
        who: doors.enter_context(installation.client(Credentials(who, SECRET, kind_of(who))))
        for who in ACCOUNTS
    }
    registered = [
        {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
        for code, kind in KINDS.items()
    ]
    people["office"].post("/units", {"units": registered})
    return people


@pytest.fixture(scope="module")
def worlds(people) -> dict[str, World]:
    return {name: play(told(), people) for name, told in WORLDS.items()}


@pytest.fixture(scope="module")
def routes() -> list[str]:
    """Every path that can be read, whoever may; a new one is among them by itself."""
    return [route.removeprefix("GET ") for route in MATRIX.routes if route.startswith("GET ")]


@pytest.fixture(scope="module")
def walk(installation, worlds, routes):
    """Ask everything as an account in a world; each is asked once."""
    doors: dict[str, httpx.Client] = {}
    queries, tagged = installation.queries(), installation.tagged()

    def door(who: str) -> httpx.Client:
        if who not in doors:
            form = Credentials(who, SECRET, kind_of(who)).form
            token = installation.raw().post("/oauth/token", data=form).json()["access_token"]
            headers = {"Authorization": f"Bearer {token}", "X-Request-ID": "a-walk"}
            doors[who] = installation.raw(**headers)
        return doors[who]

    def ask(who: str, world: str, some=None, change=lambda _, body: body) -> Answers:
        asked = routes if some is None else some
        return Walk(door(who), worlds[world], queries, tagged).answers(asked, change)

    yield ask
    for client in doors.values():
        client.close()


@pytest.fixture(scope="module")
def as_it_was(walk) -> dict[str, Answers]:
    return {who: walk(who, "as it was") for who in OF_THE_UNIT}


@pytest.mark.prove
@pytest.mark.parametrize("world", list(WORLDS)[1:])
@pytest.mark.parametrize("who", OF_THE_UNIT)
def test_a_unit_cannot_tell_two_worlds_apart_in_which_others_did_otherwise(
    walk, as_it_was, who, world
):
    """Status, headers, bytes, order and number of all answers on every path that can be read."""
    before, now = as_it_was[who], walk(who, world)
    assert list(before) == list(now)
    differing = {
        asked: (before[asked], now[asked]) for asked in before if before[asked] != now[asked]
    }
    assert differing == {}


SHEET = "/api/v1/cycles/{cycle_id}/score-sheets/{edition}/units/{unit}"


@pytest.mark.parametrize(
    ("route", "shown"),
    [
        (f"{SHEET}/outlook", "standing"),
        (f"{SHEET}/explanation", "digest"),
        (f"{SHEET}/explanation", "tree"),
        ("/api/v1/cycles/{cycle_id}/ledger", "entries"),
    ],
)
def test_what_the_office_reads_in_the_same_place_would_have_given_them_away(
    installation, walk, people, worlds, route, shown
):
    """Each put into the unit's answers; a walk that does not notice it notices nothing."""
    office = people["office"]

    def leaking(asked: str, body: bytes) -> bytes:
        told = json.loads(body)
        if shown not in told or "latest" in asked:
            return body
        whole = office.get(asked.removeprefix("/api/v1"))
        return json.dumps({**told, shown: whole[shown]}, default=str).encode()

    one, two = (walk(OWN, world, [route], leaking) for world in ("as it was", EVERYTHING))
    assert one != two


def test_the_unit_is_told_its_own_points(people, worlds):
    """That nothing differs is easily had by telling nothing."""
    path = f"/cycles/{worlds['as it was'].cycle_id}/score-sheets/latest/units/{OWN}"
    tree, outlook = (people[OWN].get(f"{path}/{what}") for what in ("explanation", "outlook"))
    assert outlook["total"] == tree["tree"]["score"] is not None
    told = {one["code"]: one for one in tree["tree"]["children"][0]["children"]}
    assert all(one["score"] is not None for one in told.values())
    assert told["OWN"]["formula"] == "15 × min(2 / 10, 1)"
    assert [used["value"] for used in told["BAND"]["inputs"]] == ["20"]
