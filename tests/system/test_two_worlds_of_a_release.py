"""Two worlds that differ in another unit's points alone, while a notice is open, while a release is
held, and after it: a unit that is shown grades cannot tell which of them it is in.

Asked through the gateway, on every path of results, in the longer form on every one that can be
read. The other unit's target is another, its points with it, and its place and grade are the same.
Digests are of documents that name their cycle, and stand for themselves: that they are of what is
shown is tried apart.
"""

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import Installation, in_one_process
from tests.system.two_worlds import EVENTS, KINDS, OTHER, OWN, SOURCE, UNITS, Told, Walk, play

from chassis.authorisation import load
from chassis.journal import sha256
from kaoping.card import Credentials
from service_testing import trials

SECRET = "a-secret-that-is-long-enough"
MATRIX = load(ROOT / "gateway" / "authorisation.yaml")
OF_RESULTS = (
    *("/releases", "/releases/{release}", "/published", "/differences", "/rankings"),
    *("/rankings/{edition}", "/notices", "/notices/{notice}", "/consequences", "/veto-counts"),
    *("/cross-category-lists/{list_code}", "/tasks/ranking", "/public/cycles"),
)
"""What every run asks for; the longer form asks for all that can be read."""

ROUTES = [
    route.removeprefix("GET ")
    for route in MATRIX.routes
    if route.startswith("GET ") and (trials(0, 1) or route.endswith(OF_RESULTS))
]
ACCOUNTS = {
    "office": (None, ["performance_office"]),
    "colleague": (None, ["performance_office"]),
    "member": (None, ["committee"]),
    "standing": (None, ["standing_committee"]),
    SOURCE: (SOURCE, ["data_source_unit"]),
    "S3": ("S3", ["data_source_unit"]),
    **{unit: (unit, ["assessed_unit"]) for unit in UNITS},
}
GRADES = {"grades": True, "ranks": False, "scores": False, "blocks": False, "reasons": False}
SHOWN = {"publication": {"units": GRADES, "organisers": GRADES, "public": GRADES}}
NOTICED = SHOWN | {"notice": {"after": "review", "working_days": 5}}
LATER = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).isoformat()


def otherwise() -> Told:
    """Another unit is to reach a little more."""
    told = Told(ranked=True)
    told.targets[OTHER] = "10.5"
    return told


WORLDS = {"one": lambda: Told(ranked=True), "other": otherwise}


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="module")
def people(installation):
    with installation.client(installation.administrator) as administrator:
        accounts = [
            {"subject": who, "kind": "person", "name": who, "unit": unit, "roles": roles}
            | {"secret": SECRET}
            for who, (unit, roles) in ACCOUNTS.items()
        ]
        administrator.post("/accounts", {"accounts": accounts})
    with ExitStack() as doors:
        found = {
            who: doors.enter_context(installation.client(Credentials(who, SECRET)))
            for who in ACCOUNTS
        }
        registered = [
            {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
            for code, kind in KINDS.items()
        ]
        found["office"].post("/units", {"units": registered})
        yield found


def token(installation, who):
    """Sign in and return the token."""
    form = {"grant_type": "password", "username": who, "password": SECRET}
    return installation.raw().post("/oauth/token", data=form).json()["access_token"]


def without_digests(_asked, body):
    """Return a body with a word for each digest and moment; a workbook or a document of Word, which
    has them inside of what is compressed, as what its parts say."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"".join(name.encode() + parts.read(name) for name in parts.namelist())
    body = re.sub(rb"\b[0-9a-f]{64}\b", b"DIGEST", body)
    return re.sub(rb"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\b", b"MOMENT", body)


@pytest.fixture(scope="module")
def walk(installation, people):
    """Ask everything that can be read as a unit, or without an account, in a world."""
    queries, tagged = installation.queries(), installation.tagged()
    named = {"X-Request-ID": "a-walk"}
    with (
        installation.raw(Authorization=f"Bearer {token(installation, OWN)}", **named) as unit,
        installation.raw(**named) as nobody,
    ):
        public = [route for route in ROUTES if "/public/" in route]

        def ask(world):
            everything = Walk(unit, world, queries, tagged).answers(ROUTES, without_digests)
            return everything, Walk(nobody, world, queries, tagged).answers(public, without_digests)

        yield ask


@pytest.fixture(scope="module")
def noticed(people):
    """Both worlds while the notice of the proposed grades is open."""
    found = []
    for told in WORLDS.values():
        world = play(told(), people, NOTICED)
        at = f"/cycles/{world.cycle_id}/rankings/1"
        people["member"].post(f"{at}/review", {})
        people["office"].post(f"{at}/notice", {})
        found.append(world)
    return found


@pytest.fixture(scope="module")
def held(people):
    """Both worlds while a release waits for its instant."""
    found = []
    for told in WORLDS.values():
        world = play(told(), people, SHOWN)
        at = f"/cycles/{world.cycle_id}/rankings/1"
        people["member"].post(f"{at}/review", {})
        people["standing"].post(f"{at}/decision", {})
        people["colleague"].post(f"{at}/publication", {"publish_at": LATER})
        found.append(world)
    return found


def differing(walk, worlds):
    """Return what a unit and what nobody in particular is answered otherwise, and how much was
    answered at all."""
    (one, public), (other, others) = (walk(world) for world in worlds)
    assert (list(one), list(public)) == (list(other), list(others))
    apart = {asked: (one[asked], other[asked]) for asked in one if one[asked] != other[asked]}
    apart |= {
        asked: (public[asked], others[asked]) for asked in public if public[asked] != others[asked]
    }
    return apart, sum(status == 200 for status, *_ in one.values())


def places(office, world):
    """What the office reads: total, rank and grade of each unit."""
    units = office.get(f"/cycles/{world.cycle_id}/rankings/1")["units"]
    return {e["unit"]: (e["final_total"], e["rank"], e["grade"]) for e in units}


def test_the_worlds_differ_in_points_alone(people, held):
    """A test of the test: the other unit's points, and nobody's place or grade."""
    one, other = (places(people["office"], world) for world in held)
    assert {unit for unit in one if one[unit] != other[unit]} == {OTHER}
    assert one[OTHER][1:] == other[OTHER][1:]
    assert one[OTHER][0] != other[OTHER][0]


def test_while_a_notice_is_open(walk, noticed):
    apart, answered = differing(walk, noticed)
    assert apart == {}
    assert answered > 20


def test_while_a_release_is_held_and_after_its_instant(walk, held, people):
    """What is answered after it is another than before, and the same in both worlds."""
    apart, before = differing(walk, held)
    assert apart == {}
    for world in held:
        path = f"/cycles/{world.cycle_id}/releases/1/embargo"
        people["colleague"].post(path, {"publish_at": None, "reason": "提前公布"})
    apart, after = differing(walk, held)
    assert apart == {}
    assert after > before
    at = f"/cycles/{held[0].cycle_id}/releases"
    published = people[OWN].get(f"{at}/1/published")
    (listed,) = people[OWN].get(at)["items"]
    beside = ("digest", "public_from", "corrected_by", "corrections", "own")
    of_what_is_shown = sha256({k: v for k, v in published.items() if k not in beside})
    assert published["digest"] == listed["digest"] == of_what_is_shown
    assert {each["unit"] for each in published["units"]} == {*UNITS}
    assert "final_total" not in json.dumps(published["units"])


def seen_by(client, at, instant):
    """Read all that tells of a release, over and over, until a whole round began after the instant:
    between which moments something was asked, what, and whether it was shown."""
    seen, begun = [], dt.datetime.now(dt.UTC)
    while True:
        for what, path, shown in (
            ("list", f"{at}/releases", lambda told: bool(told.json()["items"])),
            ("one", f"{at}/releases/1", lambda told: told.status_code != 404),
            *(
                ()
                if "/public/" in at
                else (
                    ("part", f"{at}/releases/1/published", lambda told: told.status_code == 200),
                    ("feed", f"{EVENTS}?types=ranking.publication&wait=0", _names(at)),
                )
            ),
        ):
            before = dt.datetime.now(dt.UTC)
            answer = client.get(path)
            seen.append((before, dt.datetime.now(dt.UTC), what, shown(answer)))
        if begun >= instant:
            return seen
        begun = dt.datetime.now(dt.UTC)


def _names(at):
    """Say whether a page of the feed names the cycle."""
    return lambda told: at.rsplit("/", 1)[1] in told.text


def test_fifty_who_ask_at_the_door_see_nothing_before_the_instant_and_never_a_mixture(
    installation, people
):
    """Units, those who hand in data and people without an account, through the gateway: what was
    answered before the instant shows nothing, what was asked after it everything, and who has seen
    it misses it nowhere. The feed may tell a moment later."""
    world = play(Told(ranked=True), people, SHOWN)
    at = f"/cycles/{world.cycle_id}/rankings/1"
    people["member"].post(f"{at}/review", {})
    people["standing"].post(f"{at}/decision", {})
    instant = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=12)
    people["colleague"].post(f"{at}/publication", {"publish_at": instant.isoformat()})
    with ExitStack() as doors, ThreadPoolExecutor(50) as pollers:
        waiting = []
        for n in range(50):
            who = (OWN, SOURCE, None)[n % 3]
            named = {"Authorization": f"Bearer {token(installation, who)}"} if who else {}
            client = doors.enter_context(installation.raw(**named))
            where = f"/api/v1{'' if who else '/public'}/cycles/{world.cycle_id}"
            waiting.append(pollers.submit(seen_by, client, where, instant))
        everybody = [each.result(240) for each in waiting]
    for seen in everybody:
        had = set()
        for before, after, what, shown in seen:
            assert not (shown and after < instant), f"{what} before the instant"
            assert shown or what == "feed" or before < instant, f"{what} missing after it"
            assert shown or what not in had, f"{what} was there before"
            had |= {what} if shown else set()
    moments = [(after < instant, before >= instant) for s in everybody for before, after, *_ in s]
    assert any(early for early, _ in moments)
    assert any(late for _, late in moments)
