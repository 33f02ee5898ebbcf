"""Every route is asked by every role, bound to the thing and not, in each state of a year.

The oracle reads the table's file by itself, and not by the code that the door and the services
share: whoever has no row is refused for that; whoever has only rows that cannot hold gets nothing;
and whoever has a row without a condition is not refused for the role. Commands are sent with
`mode=check` and bodies that elsewhere succeed, so that a cell changes nothing for the next one.

Planted bugs, seen to fail: a phase that is not compared, a relation that holds for everybody, a
role that is left out of its row.
"""

import json
import os
from contextlib import ExitStack
from itertools import product

import pytest
import yaml
from tests.attacks.test_leaks_before_release import (
    ACCOUNTS,
    BEHIND,
    SECRET,
    World,
    begin,
    commands,
    enter,
    finish,
    happen,
    kind_of,
    names_in,
    places,
    routes_of,
    scheme,
)
from tests.contracts.publish import ROOT
from tests.system.harness import in_one_process

from chassis.realms import new_part
from kaoping.card import Credentials

TABLE = yaml.safe_load((ROOT / "gateway" / "authorisation.yaml").read_text("utf-8"))
EXAMPLES = yaml.safe_load((ROOT / "gateway/src/gateway/words/examples.yaml").read_text("utf-8"))[
    "examples"
]
ROLES = sorted(TABLE["roles"])
BONDS = {"of-it": "A1", "stranger": "Z9", "nobody": None}
"""The unit of an account: one that the year is about, one that it is not, or none."""
STATES = ["draft", "open", "sealed"]
PLACES = {route: n for n, route in enumerate(TABLE["routes"])}
LONG = bool(os.environ.get("PROVE"))
EVERY = 90
"""Of the cells of a state every so many are asked, and of the reads of those whose rows hold under
a condition one bond of each role, another one in each state; in the long form all."""


def drafted(people, like):
    """Make a cycle of which nothing is published."""
    cycle = {"name": "草稿", "jurisdiction": "439900", "assessment_year": 2025}
    world = World(people["office"].post("/cycles", cycle)["cycle_id"], like.survey, like.day)
    told = {"scheme": scheme() | {"time_zone": BEHIND}, "reason": "x"}
    people["office"].post(f"{world.at}/scheme-versions", told)
    world.ids = like.ids
    return world


def bodies(world):
    """Return what is sent to a command: by route its path and body."""
    found = {}
    for end, path, body in commands(world):
        found.setdefault(routes_of(end), (f"/api/v1{path}", body))
    return found


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory):
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="module")
def people(installation):
    """The accounts of the world, and one of each role and bond."""
    cells = {
        f"{role}-{bond}": (unit, [role]) for role, (bond, unit) in product(ROLES, BONDS.items())
    }
    with installation.client(installation.administrator) as administrator:
        accounts = [
            {"subject": who, "kind": kind_of(roles), "name": who, "unit": unit, "roles": roles}
            | {"secret": SECRET}
            for who, (unit, roles) in (ACCOUNTS | cells).items()
        ]
        administrator.post("/accounts", {"accounts": accounts})
    with ExitStack() as doors:
        people = {
            who: doors.enter_context(
                installation.client(Credentials(who, SECRET, kind_of(ACCOUNTS[who][1])))
            )
            for who in ACCOUNTS
        }
        units = [(each, "assessed") for each in ("A1", "A2", "A3", "A4", "B1", "B2")]
        units += [(each, "body") for each in ("S1", "S2", "R1", "C1", "D1", "O2", "O3", "Z9")]
        told = [
            {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
            for code, kind in units
        ]
        people["office"].post("/units", {"units": told})
        yield people


@pytest.fixture(scope="module")
def doors(installation, people):
    with ExitStack() as stack:
        found = {}
        for role, bond in product(ROLES, BONDS):
            form = Credentials(f"{role}-{bond}", SECRET, kind_of([role])).form
            answer = installation.raw().post("/oauth/token", data=form)
            assert answer.is_success, answer.text
            told = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            found[role, bond] = stack.enter_context(installation.raw(**told))
        yield found


def requests_of(world, document):
    """Yield each route with the request that is made of it."""
    known, sent = places(world), bodies(world)
    for route in TABLE["routes"]:
        method, _, template = route.partition(" ")
        path = template.format(**{name: known.get(name, ["x"])[0] for name in names_in(route)})
        operation = document["paths"][template][method.lower()]
        if method == "GET":
            yield route, method, path, None
            continue
        path, body = sent.get(route, (path, None))
        body = body or EXAMPLES.get(operation["operationId"], {}).get("body", {})
        modes = [each for each in operation.get("parameters", ()) if each.get("name") == "mode"]
        if modes:
            path += "&mode=check" if "?" in path else "?mode=check"
        yield route, method, path, json.dumps(body).encode() if modes else b"{"


OF_A_UNIT = {"own_unit", "named_source", "collector", "attesting_body", "responsible", "reviewer"}
OF_A_UNIT |= {"organiser", "put_to", "second_body", "seat"}
"""What holds for nobody whose unit has no part in the year."""

OF_THE_SCHEME = {
    f"{method.upper()} {path}"
    for path, of in json.loads((ROOT / "services/indicators/openapi.json").read_text())[
        "paths"
    ].items()
    for method in of
}
OF_A_CYCLE = {"draft", "consulted", "open", "sealed"}
ANYBODY = {"any", "anyone"}


def gives(answer):
    """Say whether an answer lets somebody do or read anything: all lists of a document, all rows of
    a table may be empty, and every row of a batch refused."""
    if not answer.is_success:
        return False
    if not answer.headers["content-type"].startswith("application/json"):
        return len(answer.text.splitlines()) > 1
    told = answer.json()
    if "stored" in told and "refused" in told:
        return told["stored"] + told["unchanged"] > 0
    # The days of a published scheme are no secret, and `by` is what was asked.
    lists = [v for k, v in told.items() if isinstance(v, list) and k not in {"deadlines", "by"}]
    return not lists or any(lists)


def may_hold(row, route, bond, state):
    """Say whether a row may hold for who is bound so, in that state of the year."""
    phases, is_known = {*row.get("phase", ())}, row.get("relation") not in OF_A_UNIT
    # Consulted is whoever has a unit, whether the draft knows it or not.
    is_bound = bond == "of-it" or (bond == "stranger" and "/consultations" in route)
    # A ledger is sealed, and the cycle that is its scheme and targets stays open.
    now = {state, "open"} if state == "sealed" and route in OF_THE_SCHEME else {state}
    return (not phases <= OF_A_CYCLE or not phases or bool(now & phases)) and (is_known or is_bound)


def on_condition(route, role):
    """Say whether all rows that a role has of a route depend on something."""
    rows = [row for row in TABLE["routes"][route] if row["role"] in {role, *ANYBODY}]
    return bool(rows) and all({"relation", "phase"} & {*row} for row in rows)


def fault(route, role, bond, state, answer):
    """Return what is wrong with the answer that a cell was given, None where nothing is."""
    rows = [row for row in TABLE["routes"][route] if row["role"] in {role, *ANYBODY}]
    refused = answer.status_code == 403 and answer.json()["type"] == "not-allowed"
    if answer.status_code == 401 or answer.status_code >= 500:
        return f"{answer.status_code} {answer.text[:200]}"
    if not rows:
        return None if refused else f"has no row and was answered {answer.status_code}"
    if not any(may_hold(row, route, bond, state) for row in rows) and gives(answer):
        return f"has no row that holds and was given {answer.text[:200]}"
    if refused and any(not {"relation", "phase"} & {*row} for row in rows):
        return f"has a row without a condition and was refused: {answer.text[:200]}"
    return None


def is_asked(n, state, route, role, bond):
    """Say whether the short form asks a cell: of those whose rows hold under a condition each route
    and role is asked in each state, by who is bound otherwise than in the other states."""
    turn = STATES.index(state) + PLACES[route] + ROLES.index(role)
    is_next = turn % len(BONDS) == [*BONDS].index(bond)
    return n % EVERY == 0 or (route.startswith("GET ") and is_next and on_condition(route, role))


def ask(state, cells, doors):
    """Ask every cell of a state; return how many, and what was wrong."""
    faults, asked = [], 0
    for n, ((route, method, path, body), (role, bond)) in enumerate(product(cells, doors)):
        if LONG or is_asked(n, state, route, role, bond):
            told = {"Idempotency-Key": f"{state}-{n}", "Content-Type": "application/json"}
            answer = doors[role, bond].request(method, path, content=body, headers=told)
            asked += 1
            if wrong := fault(route, role, bond, state, answer):
                faults.append((route, role, bond, wrong))
    return asked, faults


ELSEWHERE = "530100"
"""A jurisdiction that the year is not of."""


def signed_in(installation, stack, subject, kind="person", secret=SECRET):
    """Give a client for an account."""
    answer = installation.raw().post("/oauth/token", data=Credentials(subject, secret, kind).form)
    assert answer.is_success, answer.text
    told = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return stack.enter_context(installation.raw(**told))


def done(answer):
    assert answer.is_success, answer.text
    return answer.json()


def keyed(n):
    return {"Idempotency-Key": f"elsewhere-{n}"}


@pytest.fixture(scope="module")
def elsewhere(installation, doors):
    """An account of each role in another jurisdiction, which administrators have set up."""
    system, other = (doors["system_administrator", each] for each in ("nobody", "of-it"))
    security = doors["security_administrator", "nobody"]
    place = {"code": ELSEWHERE, "name_zh": "别处", "name_en": "x", "founded_on": "1949-10-01"}
    done(system.post("/api/v1/jurisdictions", json=place, headers=keyed("place")))
    at = f"/api/v1/jurisdictions/{ELSEWHERE}/confirmation"
    done(other.post(at, headers=keyed("confirmed")))
    first = {"subject": f"{ELSEWHERE}.admin", "kind": "person", "name": "x"}
    first |= {"roles": ["system_administrator"], "jurisdiction": ELSEWHERE}
    made = {"accounts": [first]}
    done(system.post("/api/v1/accounts", json=made, headers=keyed("first")))
    at = f"/api/v1/accounts/{ELSEWHERE}.admin/confirmation"
    once = done(security.post(at, headers=keyed("first")))["secret"]
    with ExitStack() as stack:
        admin = signed_in(installation, stack, f"{ELSEWHERE}.admin", secret=once)
        body = {"current": once, "new": SECRET}
        done(admin.post("/api/v1/me/password", json=body, headers=keyed("password")))
        admin = signed_in(installation, stack, f"{ELSEWHERE}.admin")
        accounts = [
            {"subject": f"{ELSEWHERE}.{role}", "kind": kind_of([role]), "name": role}
            | {"roles": [role], "unit": "A1" if role in BOUND else None, "secret": SECRET}
            for role in ROLES
            if role not in APART
        ]
        made = {"accounts": accounts}
        done(admin.post("/api/v1/accounts", json=made, headers=keyed("accounts")))
        yield {
            each["subject"]: signed_in(installation, stack, each["subject"], each["kind"])
            for each in accounts
        }


APART = {"system_administrator", "security_administrator", "audit_administrator"}
BOUND = {"assessed_unit", "data_source_unit", "organiser", "second_body", "responsible_body"}
OWNED = ("{cycle_id}", "{survey_id}")


def ask_from_elsewhere(cells, doors, world):
    """Ask each route with a cycle or a survey as accounts of another jurisdiction, and again with
    ids that nobody has; return how many cells, and where the answers differ."""
    nobodys = {each: str(new_part(ELSEWHERE)) for each in (world.cycle, world.survey)}
    faults, asked = [], 0
    cells = [each for each in cells if any(name in each[0] for name in OWNED)]
    for n, ((route, method, path, body), who) in enumerate(product(cells, doors)):
        if "/public/" in route or not (LONG or n % 29 == 0):
            continue
        asked += 1
        seen = []
        for known, ids in ((True, {}), (False, nobodys)):
            at, text = path, None if body is None else body.decode()
            for theirs, unknown in ids.items():
                at = at.replace(theirs, unknown)
                text = None if text is None else text.replace(theirs, unknown)
            told = {"Idempotency-Key": f"from-elsewhere-{n}-{known}"}
            told["Content-Type"] = "application/json"
            answer = doors[who].request(method, at, content=text, headers=told)
            seen.append(without_its_own(answer, {v: k for k, v in nobodys.items()}))
        if seen[0] != seen[1] or seen[0][0] == 401:
            faults.append((route, who, *seen))
    return asked, faults


def without_its_own(answer, as_asked):
    """Return what an answer says but for the id that was asked for and that of the request."""
    text = answer.text
    for unknown, theirs in as_asked.items():
        text = text.replace(unknown, theirs)
    if answer.headers.get("content-type", "").startswith("application/problem"):
        text = text.replace(answer.json()["request_id"], "")
    names = sorted({*answer.headers} - {"ratelimit", "ratelimit-policy"})
    return answer.status_code, names, text


def published(installation):
    """Return the API document: on a busy machine it is not there within the time of one request."""
    for _ in range(5):
        answer = installation.raw().get("/api/v1/openapi.json")
        if answer.is_success:
            return answer.json()
    pytest.fail(answer.text)


@pytest.fixture(scope="module")
def told(installation, people, doors, elsewhere):
    """What came of all cells, state by state of one year."""
    document = published(installation)
    world, found = begin(people, "2025-03-01"), {}
    enter(world, people, otherwise=True)
    happen(world, people, otherwise=True)
    found["draft"] = ask("draft", requests_of(drafted(people, world), document), doors)
    found["open"] = ask("open", requests_of(world, document), doors)
    found["elsewhere"] = ask_from_elsewhere(requests_of(world, document), elsewhere, world)
    # As `finish` expects it of the second body.
    at = f"/surveys/{world.survey}/waves/1/voidings"
    people["D1"].post(at, {"reason": "x", "document_no": "1"})
    finish(world, people, otherwise=True)
    for category in ("BOTH", "ALL"):
        people["office"].post(f"{world.at}/rankings", {"category": category})
    found["sealed"] = ask("sealed", requests_of(world, document), doors)
    return found


def test_whoever_is_of_another_jurisdiction_gets_what_an_unknown_cycle_gives(told, figure):
    """Planted bugs: realms are not looked at; a survey's id tells none."""
    asked, faults = told["elsewhere"]
    figure("cells", asked)
    assert asked > 100
    assert not faults, "\n".join(map(str, faults))


@pytest.mark.prove
@pytest.mark.parametrize("state", STATES)
def test_no_cell_lets_in_whom_the_table_does_not_name(told, state, figure):
    asked, faults = told[state]
    figure("cells", asked)
    assert asked > (1_000 if LONG else 300)
    assert not faults, "\n".join(map(str, faults))
