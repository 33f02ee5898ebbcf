"""A token reaches what its scope names, and nothing by any way round.

Two years of one city, A and B; the systems that attack may have A alone, or some routes alone.
"""

import base64
import json
import uuid
from contextlib import ExitStack
from importlib import import_module

import pytest
from tests.attacks.test_identity_and_roles import MATRIX, PUBLISHED, account, rows_in, url_of
from tests.attacks.test_leaks_before_release import scheme
from tests.contracts.publish import SERVICES
from tests.system.harness import in_one_process

from chassis.authorisation import ANY, ANYONE
from gateway.keys import KeyRing

SECRET = "a-secret-that-is-long-enough"
OTHER = str(uuid.UUID(int=77))
ROUTES = [route for route in MATRIX.routes if not MATRIX.is_open(route)]


def part_of(route):
    return next(part for part, paths in PUBLISHED.items() if route.partition(" ")[2] in paths)


@pytest.fixture(scope="module")
async def services(run_service):
    """Give all services, of which none knows another."""
    found = {}
    for each in SERVICES:
        settings = import_module(f"{each}.settings").Settings
        create = import_module(f"{each}.app").create_app
        found[each] = await run_service(each, create, settings=settings)
    return found


async def asked(service, route, scope, **more):
    """Ask for a route as somebody who may by his roles, with a token of that scope."""
    rows = sorted(MATRIX.routes[route], key=lambda row: (row.relation is not None, row.role))
    [role, *_] = [row.role for row in rows if row.role not in {ANY, ANYONE}] or ["auditor"]
    token = service.signer.token(role, unit="ZZ99", scopes=scope)
    method, _, path = route.partition(" ")
    async with service.client({"Authorization": f"Bearer {token}"}) as caller:
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        body = {"content": b"{"} if method == "POST" else {}
        return await caller.request(method, url_of(path), headers=headers, **body, **more)


def refused(answer, about):
    assert (answer.status_code, answer.json()["type"]) == (403, "outside-scope"), about
    assert answer.json()["missing"], about
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"], about


@pytest.mark.parametrize("part", SERVICES)
async def test_a_service_serves_no_route_outside_of_the_scope(services, part):
    """Planted bugs: the scope is looked at by the gateway alone; after the body."""
    before = await rows_in(services[part])
    always = {name for name, group in MATRIX.scopes.groups.items() if group.always}
    for route in (r for r in ROUTES if part_of(r) == part):
        group = MATRIX.scopes.of_route[route]
        others = " ".join(sorted({*MATRIX.scopes.groups} - {group}))
        answer = await asked(services[part], route, others)
        if group in always:
            assert answer.status_code != 403 or answer.json()["type"] != "outside-scope", route
        else:
            refused(answer, route)
            assert answer.json()["missing"] == [group]
        again = await asked(services[part], route, group)
        assert again.status_code != 403 or again.json()["type"] != "outside-scope", route
    assert await rows_in(services[part]) == before


@pytest.mark.parametrize("part", SERVICES)
async def test_a_service_serves_nothing_of_another_cycle(services, part):
    """Planted bugs: the cycle is compared as it is spelled; only the first of two is looked at."""
    before = await rows_in(services[part])
    for route in (r for r in ROUTES if part_of(r) == part):
        answer = await asked(services[part], route, f"cycle:{OTHER}")
        if "{cycle_id}" in route or route not in MATRIX.scopes.without_part | MATRIX.scopes.asking:
            refused(answer, route)
        else:
            told = route in MATRIX.scopes.without_part or "surveys" in route or "hash" in route
            told = told or "{unit}" in route  # of a unit, which the caller is not
            assert told or answer.is_success, (route, answer.text)
            two = {"params": [("cycle_id", OTHER), ("cycle_id", str(uuid.uuid4()))]}
            refused(await asked(services[part], route, f"cycle:{OTHER}", **two), route)
    assert await rows_in(services[part]) == before


@pytest.mark.parametrize("scope", ["", " ", "\t", 7, ["cycle:x"], "x" * 2001, True])
async def test_a_scope_that_is_none_opens_nothing(services, scope):
    """Planted bug: no words are taken for no limit."""
    answer = await asked(services["indicators"], "GET /api/v1/units", scope)
    assert (answer.status_code, answer.json()["type"]) == (401, "not-signed-in")


@pytest.mark.parametrize("scope", ["openid profile", "cycle:", "cycle:x", f"CYCLE:{OTHER}", "any"])
async def test_words_that_nobody_knows_reach_nothing_of_any_cycle(services, scope):
    answer = await asked(services["indicators"], "GET /api/v1/cycles/{cycle_id}/targets", scope)
    refused(answer, scope)


class System:
    """The whole system with two cycles, and systems whose accounts are limited."""

    def __init__(self, running, stack):
        self.running, self.stack, self.secrets = running, stack, dict[str, str]()
        self.administrator = stack.enter_context(running.client(running.administrator))
        self.limits = dict[str, str | None]()
        name = running.administrator.name
        self.limits[name], self.secrets[name] = None, running.administrator.secret

    def make(self, *roles, unit=None, scope=None):
        """Make an account: a client's, or for roles of persons a person's, whose tokens have the
        scope that an outside provider would give them."""
        subject = f"s-{uuid.uuid4().hex[:8]}"
        is_person = any(MATRIX.roles[role].get("held_by") == "person" for role in roles)
        limit = {"kind": "person"} if is_person else {"kind": "client", "scope": scope}
        made = account(subject, *roles, unit=unit, secret=None) | limit
        [told] = self.administrator.post("/accounts", {"accounts": [made]})["accounts"]
        self.secrets[subject] = told["secret"]
        if is_person:
            self.limits[subject] = scope
        return subject

    def token(self, subject, scope=None):
        if subject in self.limits:
            form = {"grant_type": "password", "username": subject}
            form |= {"password": self.secrets[subject]}
            return self.running.raw().post("/oauth/token", data=form)
        form = {"grant_type": "client_credentials", "client_id": subject}
        form |= {"client_secret": self.secrets[subject]}
        form |= {} if scope is None else {"scope": scope}
        return self.running.raw().post("/oauth/token", data=form)

    def door(self, subject, scope=None):
        answer = self.token(subject, scope)
        assert answer.status_code == 200, answer.text
        token = answer.json()["access_token"]
        if limit := subject in self.limits and (scope or self.limits[subject]):
            claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
            token = self.ring.sign(claims | {"scopes": limit})
        bearer = f"Bearer {token}"
        return self.stack.enter_context(self.running.raw(Authorization=bearer))


class Cycle:
    """A cycle with a scheme, a survey, an entry, a claim, and an entry of its journal."""

    def __init__(self, year, office, source, unit):
        told = {"name": f"{year}", "jurisdiction": "439900", "assessment_year": year}
        begun = post(office, "/cycles", told)
        self.id = begun["cycle_id"]
        self.receipt = begun["receipt"]["hash"]
        self.at = f"/api/v1/cycles/{self.id}"
        at = f"/cycles/{self.id}"
        told = {"scheme": scheme() | {"assessment_year": year}}
        version = post(office, f"{at}/scheme-versions", told)["version"]
        post(office, f"{at}/scheme-versions/{version}/publication")
        self.survey = post(office, f"{at}/surveys", {"code": "phone"})["survey_id"]
        entry = {"unit": "A1", "indicator": "SOLO", "kind": "measured_value", "key": "v"}
        sent = {"entries": [entry | {"value": "95"}], "state": "submitted"}
        self.entry = post(source, f"{at}/ledger-entries", sent)["rows"][0]["entry_id"]
        claim = {"claim_no": "N-1", "unit": "A1", "kind": "bonus", "level": "national"}
        claim |= {"authority": "国务院", "holder_name": "A1", "document_date": "2025-03-01"}
        claim |= {"document_no": "国发〔2025〕7号", "event_key": "A1-7"}
        post(unit, f"{at}/claims", {"claims": [claim]})


def post(client, path, body=None, key=None):
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    answer = client.post(f"/api/v1{path}", json=body, headers=headers)
    assert answer.is_success, (path, answer.text)
    return answer.json()


@pytest.fixture(scope="module")
def city(postgres, databases, tmp_path_factory):
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, databases, keys) as running, ExitStack() as stack:
        city = System(running, stack)
        city.ring = KeyRing(keys, "Ed25519")
        city.office = city.door(city.make("performance_office"))
        units = [(each, "assessed") for each in ("A1", "A2", "A3", "A4", "B1", "B2")]
        units += [(each, "body") for each in ("S1", "S2", "R1", "C1", "D1", "O2")]
        told = [
            {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
            for code, kind in units
        ]
        post(city.office, "/units", {"units": told})
        source = city.door(city.make("data_source_unit", unit="S2"))
        unit = city.door(city.make("assessed_unit", unit="A1"))
        city.b, city.a = (Cycle(year, city.office, source, unit) for year in (2024, 2025))
        limit = f"cycle:{city.a.id}"
        city.limited = {
            "office": city.door(city.make("performance_office", scope=limit)),
            "auditor": city.door(city.make("auditor", scope=limit)),
            "centre": city.door(city.make("survey_centre", unit="C1", scope=limit)),
            "administrator": city.door(running.administrator.name, limit),
        }
        yield city


WAYS = {
    "the path": ("office", "GET", "{b.at}/targets"),
    "the path in capitals": ("office", "GET", "/api/v1/cycles/{B}/targets"),
    "the path without hyphens": ("office", "GET", "/api/v1/cycles/{plain}/targets"),
    "the path with a prefix": ("office", "GET", "/api/v1/cycles/urn:uuid:{b.id}/targets"),
    "the path in braces": ("office", "GET", "/api/v1/cycles/%7B{b.id}%7D/targets"),
    "the path encoded": ("office", "GET", "/api/v1/cycles/{encoded}/targets"),
    "the path with both in the query": ("office", "GET", "{b.at}/progress?cycle_id={a.id}"),
    "an entry": ("office", "GET", "{b.at}/ledger-entries/{b.entry}"),
    "an export": ("office", "GET", "{b.at}/ledger-entries/export?format=csv"),
    "the scheme that everybody reads": ("office", "GET", "{b.at}/scheme"),
    "a cycle itself": ("office", "GET", "{b.at}"),
    "its tasks": ("office", "GET", "{b.at}/tasks/scoring"),
    "the query": ("office", "GET", "/api/v1/units?cycle_id={b.id}"),
    "the query twice": ("office", "GET", "/api/v1/units?cycle_id={a.id}&cycle_id={b.id}"),
    "the query in capitals": ("office", "GET", "/api/v1/units?cycle_id={B}"),
    "tasks of a cycle": ("office", "GET", "/api/v1/me/tasks?cycle_id={b.id}"),
    "events of a cycle": ("office", "GET", "/api/v1/events?cycle_id={b.id}"),
    "a survey": ("office", "GET", "/api/v1/surveys/{b.survey}/waves/1"),
    "a survey's decisions": (
        "office", "GET", "/api/v1/surveys/{b.survey}/waves/1/sample-decisions"),
    "a survey's plan": ("office", "GET", "/api/v1/surveys/{b.survey}/waves/1/plan"),
    "a survey's estimates": ("office", "GET", "/api/v1/surveys/{b.survey}/waves/1/estimates"),
    "a survey's weighting": ("office", "GET", "/api/v1/surveys/{b.survey}/waves/1/weighting"),
    "a survey's reconciliation": (
        "office", "GET", "/api/v1/surveys/{b.survey}/waves/1/reconciliation"),
    "a survey's mappings": ("office", "GET", "/api/v1/surveys/{b.survey}/mappings"),
    "opening a wave": ("office", "POST", "/api/v1/surveys/{b.survey}/waves/1/opening"),
    "trying to open a wave": (
        "office", "POST", "/api/v1/surveys/{b.survey}/waves/1/opening?mode=check"),
    "stopping a wave": ("office", "POST", "/api/v1/surveys/{b.survey}/waves/1/stopping"),
    "a wave's attestations": ("office", "GET", "/api/v1/surveys/{b.survey}/waves/1/attestations"),
    "a wave's screens": ("office", "GET", "/api/v1/surveys/{b.survey}/waves/1/screens"),
    "a wave's voidings": ("office", "GET", "/api/v1/surveys/{b.survey}/waves/1/voidings"),
    "closing a wave": ("office", "POST", "/api/v1/surveys/{b.survey}/waves/1/closing"),
    "a chain": ("auditor", "GET", "/api/v1/journals/scoring/chains/{b.id}"),
    "a chain verified": ("auditor", "GET", "/api/v1/journals/scoring/chains/{b.id}/verification"),
    "a receipt": ("auditor", "GET", "/api/v1/journals/indicators/receipts/{b.receipt}"),
    "sealing": ("office", "POST", "{b.at}/ledger/seal"),
    "confirming": ("office", "POST", "{b.at}/claims/confirmation"),
    "a new cycle": ("office", "POST", "/api/v1/cycles"),
    "units for all cycles": ("office", "POST", "/api/v1/units"),
    "an account without limits": ("administrator", "POST", "/api/v1/accounts"),
}  # fmt: skip
NOT_YET = {"wave-not-stopped", "wave-not-closed", "no-such-plan"}
"""What a wave that is planned is answered, within reach."""


@pytest.mark.parametrize("way", WAYS)
def test_another_cycle_is_not_reached(city, way):
    who, method, template = WAYS[way]
    encoded = "".join(f"%{ord(each):02x}" for each in city.b.id)
    names = {"a": city.a, "b": city.b, "B": city.b.id.upper(), "encoded": encoded}
    url = template.format(**names, plain=city.b.id.replace("-", ""))
    before = city.running.stored()
    headers = {"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {}
    answer = city.limited[who].request(method, url, headers=headers)
    refused(answer, way)
    assert city.running.stored() == before
    if method == "GET":  # the same of its own cycle is answered
        own = template.replace("{b.", "{a.").replace("{B}", "{a.id}").replace("{plain}", "{a.id}")
        own = own.replace("{encoded}", "{a.id}").replace("urn:uuid:", "")
        own = own.replace("%7B", "").replace("%7D", "").replace("?cycle_id={a.id}&", "?")
        own = own.replace("/progress?cycle_id={a.id}", "/progress?by=unit")
        answer = city.limited[who].get(own.format(**names))
        assert answer.status_code == 200 or answer.json()["type"] in NOT_YET, (own, answer.text)


def test_what_lists_all_cycles_leaves_the_others_out(city):
    """Planted bugs: in the list of cycles, tasks, events, earlier years, claims alike."""
    office, b = city.limited["office"], city.b.id
    cycles = office.get("/api/v1/cycles").json()["items"]
    assert [each["cycle_id"] for each in cycles] == [city.a.id]
    after = office.get(f"/api/v1/cycles?after={city.a.id}").json()
    assert after["items"] == []
    tasks = office.get("/api/v1/me/tasks").json()
    assert {each["cycle_id"] for each in tasks["tasks"]} == {city.a.id}
    assert {each["cycle_id"] for each in tasks["parts"]} == {city.a.id, None}
    events, at = [], "/api/v1/events?limit=200"
    while page := office.get(at).json()["events"]:
        events += page
        at = f"/api/v1/events?limit=200&after={office.get(at).json()['cursor']}"
    assert {each["data"].get("cycle_id") for each in events} == {city.a.id, None}
    [claim] = office.get(f"{city.a.at}/claims").json()["items"]
    assert claim["same_document"] == []
    lineage = office.get(f"{city.a.at}/indicators/SOLO/lineage?unit=A1")
    earlier = office.get(f"{city.a.at}/baselines?indicator=SOLO&previous={b}")
    assert b not in lineage.text + earlier.text
    assert earlier.status_code == 404
    # Whoever is not limited is told all that.
    [claim] = city.office.get(f"{city.a.at}/claims").json()["items"]
    assert [each["cycle_id"] for each in claim["same_document"]] == [b]
    assert len(city.office.get("/api/v1/cycles").json()["items"]) == 2
    assert b in city.office.get(f"{city.a.at}/indicators/SOLO/lineage?unit=A1").text


def test_a_cursor_of_a_narrow_token_leaves_nothing_out_for_a_wide_one(city):
    """Planted bug: chains that are not reached count as looked at."""
    subject = city.make("performance_office")
    narrow = city.door(subject, f"cycle:{OTHER}")
    cursor = narrow.get("/api/v1/events?types=scheme.published").json()["cursor"]
    wide = city.door(subject)
    for after in ("", f"&after={cursor}"):
        told = wide.get(f"/api/v1/events?types=scheme.published{after}").json()["events"]
        assert {each["data"]["cycle_id"] for each in told} == {city.a.id, city.b.id}


def test_an_answer_is_not_given_again_to_a_narrower_token(city):
    """Planted bug: the fingerprint of a request knows nothing of the scope."""
    subject = city.make("survey_centre", "performance_office", unit="C1")
    wide, narrow = city.door(subject), city.door(subject, f"cycle:{city.a.id}")
    path = f"/api/v1/surveys/{city.b.survey}/waves/1/opening"
    key = {"Idempotency-Key": uuid.uuid4().hex}
    assert wide.post(path, headers=key).status_code == 201
    again = narrow.post(path, headers=key)
    assert (again.status_code, again.json()["type"]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("own", "asked", "given"),
    [
        (None, None, None),
        (None, "ledger.read", "ledger.read"),
        ("ledger.read ledger.write", None, "ledger.read ledger.write"),
        ("ledger.read ledger.write", "ledger.read", "ledger.read"),
        ("ledger.read", "cycle:{a}", "cycle:{a} ledger.read"),
        ("cycle:{a} cycle:{b}", "cycle:{b}", "cycle:{b}"),
        ("cycle:{a}", "ledger.read", "cycle:{a} ledger.read"),
        ("cycle:{a} ledger.read", "cycle:{a}  ledger.read", "cycle:{a} ledger.read"),
        ("ledger.read", "ledger.write", 400),
        ("ledger.read", "ledger.read ledger.write", 400),
        ("cycle:{a}", "cycle:{b}", 400),
        ("cycle:{a}", "cycle:{a} cycle:{b}", 400),
        (None, "everything", 400),
        (None, "cycle:", 400),
        (None, "cycle:{A}", 400),
        (None, "ledger.*", 400),
        ("ledger.read", " ", 400),
    ],
)
def test_a_token_has_what_it_was_asked_for_within_its_account(city, own, asked, given):
    names = {"a": city.a.id, "b": city.b.id, "A": city.b.id.upper()}
    own, asked = (text and text.format(**names) for text in (own, asked))
    answer = city.token(city.make("data_source_unit", unit="S2", scope=own), asked)
    if given == 400:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
        assert "access_token" not in answer.json()
        return
    got = answer.json().get("scope")
    assert got == (given and given.format(**names))
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert city.running.raw(**bearer).get("/api/v1/me").json()["scope"] == got


def test_a_persons_token_has_no_scope(city):
    made = account("a-person", "data_source_unit", unit="S2")
    city.administrator.post("/accounts", {"accounts": [made]})
    form = {"grant_type": "password", "username": "a-person", "password": SECRET}
    answer = city.running.raw().post("/oauth/token", data=form | {"scope": "ledger.read"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_a_command_reads_of_other_services_what_the_scope_reaches(city):
    """Planted bug: a service reads for a limited token what the token may not."""
    at = f"{city.a.at}/score-sheets"
    subject = city.make("performance_office", scope="scores.write ledger.read")
    key = {"Idempotency-Key": uuid.uuid4().hex}
    answer = city.door(subject).post(at, json={}, headers=key)
    refused(answer, at)
    assert set(answer.json()["missing"]) <= {"targets.read", "surveys.read"}


def test_a_limited_token_is_shown_what_it_reaches_and_no_task_beyond(city):
    """Planted bugs: operations and tasks go by the roles alone."""
    door = city.door(city.make("performance_office", scope="claims.read tasks.read"))
    operations = {each["path"] for each in door.get("/api/v1/me").json()["operations"]}
    assert "/api/v1/cycles/{cycle_id}/claims" in operations
    assert "/api/v1/cycles/{cycle_id}/claims/confirmation" not in operations
    assert door.get("/api/v1/me/tasks").json()["tasks"] == []
    confirming = city.door(city.make("performance_office", scope="claims.confirm tasks.read"))
    kinds = {each["kind"] for each in confirming.get("/api/v1/me/tasks").json()["tasks"]}
    assert kinds == {"confirm-claims"}


def test_a_scope_adds_no_right(city):
    door = city.door(city.make("data_source_unit", unit="S2", scope="ledger.seal ledger.verify"))
    for end in ("ledger/seal", "ledger-entries/verification"):
        key = {"Idempotency-Key": uuid.uuid4().hex}
        answer = door.post(f"{city.a.at}/{end}", json={"all_submitted": True}, headers=key)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


def test_the_document_publishes_the_groups_and_where_each_operation_stands(city):
    for language, named in (("zh", "查看台账"), ("en", "read the ledger")):
        told = city.running.raw(**{"Accept-Language": language}).get("/api/v1/openapi.json").json()
        flow = told["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
        assert flow["scopes"]["ledger.read"] == named
        assert {*flow["scopes"]} == {*told["x-scopes"]} == {*MATRIX.scopes.groups}
        listed = told["paths"]["/api/v1/cycles/{cycle_id}/ledger-entries"]["get"]
        assert (listed["x-scope"], listed["x-scope-cycles"]) == ("ledger.read", True)
        assert told["paths"]["/api/v1/units"]["post"]["x-scope-cycles"] is False
