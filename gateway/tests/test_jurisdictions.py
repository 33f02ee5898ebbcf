"""Many jurisdictions in one installation: each keeps its own accounts and knows of no others."""

import json
from contextlib import AsyncExitStack
from itertools import permutations

import httpx
import pytest
from joserfc import jws

from .conftest import ADMIN, SECRET, new_account

ACCOUNTS, HOSTS = "/api/v1/accounts", "/api/v1/webhook-hosts"
CITY, COUNTY = "530100", "530102"
STATES = {CITY: "confirmed", COUNTY: "confirmed", "530103": "proposed"}


def indicators(request):
    """Answer as the service that keeps jurisdictions and units."""
    code = request.url.path.rsplit("/", 1)[-1]
    if code in STATES:
        return httpx.Response(200, json={"code": code, "state": STATES[code]})
    return httpx.Response(404)


SILENT = httpx.MockTransport(lambda request: httpx.Response(503))


async def create(client, *accounts, mode=""):
    return await client.post(f"{ACCOUNTS}{mode}", json={"accounts": list(accounts)})


def first_of(whose, **more):
    return new_account(f"{whose}.admin", "system_administrator", jurisdiction=whose, **more)


@pytest.fixture(scope="module")
async def door(run_gateway):
    parts = dict.fromkeys(("scoring", "survey", "ranking"), SILENT)
    parts["indicators"] = httpx.MockTransport(indicators)
    return await run_gateway(parts, account_seconds=0.001)


@pytest.fixture(scope="module")
async def admin(door):
    async with door.client(await door.sign_in()) as client:
        yield client


@pytest.fixture(scope="module")
async def inside(door, admin):
    """Give the first administrator of each jurisdiction, and that of the installation."""
    async with AsyncExitStack() as stack:
        found = {None: admin}
        for whose in (CITY, COUNTY):
            answer = await create(admin, first_of(whose))
            assert answer.status_code == 201, answer.text
            token = await door.sign_in(f"{whose}.admin")
            found[whose] = await stack.enter_async_context(door.client(token))
        yield found


async def every_page(client, path, limit=200):
    """Return all rows of a list."""
    rows, after = [], ""
    while after is not None:
        more = {"after": after} if after else {}
        answer = await client.get(path, params={"limit": limit, **more})
        assert answer.status_code == 200, answer.text
        rows += answer.json()["items"]
        after = answer.json()["next"]
    return rows


def faults(answer):
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


async def test_the_installation_makes_the_first_administrator_of_each_and_no_other(inside, admin):
    """Planted bugs: it makes another one; one with other roles; one of a jurisdiction that nobody
    confirmed."""
    again = first_of(CITY) | {"subject": f"{CITY}.second"}
    assert faults(await create(admin, again)) == [("/accounts", "not-the-first")]
    office = new_account("530103.lv", "performance_office", jurisdiction="530103")
    assert faults(await create(admin, office)) == [
        ("/accounts/0/roles", "first-administrator-only")
    ]
    for unknown in ("530103", "530199"):
        answer = await create(admin, first_of(unknown))
        assert faults(answer) == [("/accounts/0/jurisdiction", "jurisdiction-unknown")]


@pytest.mark.parametrize(
    ("whose", "subject", "more", "expected"),
    [
        (CITY, "lv", {}, "subject-of-jurisdiction"),
        (CITY, f"{COUNTY}.lv", {}, "subject-of-jurisdiction"),
        (CITY, f"{CITY}.lv", {"jurisdiction": COUNTY}, "of-another"),
        (None, f"{CITY}.lv", {}, "subject-of-jurisdiction"),
        (None, "530103001.lv", {}, "subject-of-jurisdiction"),
    ],
)
async def test_a_name_says_whose_the_account_is(inside, sql, door, whose, subject, more, expected):
    """Planted bug: a name is taken that another's account would have."""
    before = await sql(door, "SELECT count(*) FROM account")
    account = new_account(subject, "assessed_unit", unit="U1", **more)
    assert expected in [code for _, code in faults(await create(inside[whose], account))]
    assert await sql(door, "SELECT count(*) FROM account") == before


def claims_of(token):
    return json.loads(jws.extract_compact(token.encode()).payload)


@pytest.fixture(scope="module")
async def staffed(inside):
    """Have each administrator make accounts of one person's name and of one unit."""
    for whose, client in inside.items():
        name = f"{whose}." if whose else ""
        accounts = [
            new_account(f"{name}unit", "assessed_unit", unit="U1", person="E7"),
            new_account(f"{name}audit", "auditor", person="E8"),
            new_account(f"{name}system", "data_source_unit", kind="client", unit="U2"),
        ]
        accounts[2]["secret"] = None
        answer = await create(client, *accounts)
        assert answer.status_code == 201, answer.text
    return inside


async def test_administrators_see_and_keep_their_own_accounts_alone(staffed, door):
    """Planted bugs: the list is not limited; an account is found by its name alone; somebody of
    another jurisdiction is the second who confirms."""
    for whose, other in permutations(staffed, 2):
        client, name = staffed[whose], f"{other}." if other else ""
        listed = {each["subject"] for each in await every_page(client, ACCOUNTS, limit=2)}
        own = {
            each for each in listed if each.startswith(f"{whose}." if whose else ("a", "u", "s"))
        }
        firsts = {f"{CITY}.admin", f"{COUNTY}.admin"} if whose is None else set()
        assert (len(own), listed - own) == (4, firsts)
        there, nowhere = f"{ACCOUNTS}/{name}unit", f"{ACCOUNTS}/{name}nobody"
        for end in ("", "/changes", "/secrets", "/resets", "/message-keys"):
            answers = [await client.get(path + end) for path in (there, nowhere)]
            assert plain(answers[0], f"{name}unit") == plain(answers[1], f"{name}nobody")
        for end, body in (
            ("/changes", {"enabled": False, "reason": "x"}),
            ("/resets", {"what": ["password"], "reason": "x"}),
            ("/unlock", {"reason": "x"}),
            ("/secrets", {"reason": "x"}),
            ("/confirmation", None),
        ):
            answers = [await client.post(path + end, json=body) for path in (there, nowhere)]
            assert answers[0].status_code == 404, answers[0].text
            assert plain(answers[0], f"{name}unit") == plain(answers[1], f"{name}nobody")


def plain(answer, name):
    """Return an answer without the name that was asked for."""
    text = answer.text.replace(answer.json()["request_id"], "").replace(name, "NAME")
    return answer.status_code, text


async def test_a_token_says_whose_the_account_is_for_ever(staffed, door):
    """Planted bugs: the token does not say it; one that says another holds."""
    for whose in staffed:
        name = f"{whose}.unit" if whose else "unit"
        token = await door.sign_in(name)
        assert claims_of(token)["jurisdiction"] == whose
        async with door.client(token) as client:
            assert (await client.get("/api/v1/me")).json()["jurisdiction"] == whose
        for said in {*staffed} - {whose}:
            claims = claims_of(token) | {"jurisdiction": said}
            forged = door.app.state.keys.sign(claims)
            async with door.client(forged) as client:
                assert (await client.get("/api/v1/me")).status_code == 401


async def test_powers_are_apart_in_each_jurisdiction_for_itself(staffed, door):
    """Planted bug: the first security administrator of one ends the phase of all."""
    city, county = staffed[CITY], staffed[COUNTY]
    account = new_account(f"{CITY}.security", "security_administrator", person="E9")
    assert (await create(city, account)).status_code == 201
    pending = new_account(f"{CITY}.later", "assessed_unit", unit="U3")
    del pending["secret"]
    answer = await create(city, pending)
    assert answer.json()["accounts"][0]["state"] == "pending", answer.text
    usual = new_account(f"{COUNTY}.later", "assessed_unit", unit="U3")
    answer = await create(county, usual)
    assert answer.json()["accounts"][0]["state"] == "effective", answer.text
    kinds = [
        {each["kind"] for each in (await client.get("/api/v1/me/tasks")).json()["tasks"]}
        for client in (city, county)
    ]
    assert ["name-security-administrator" in each for each in kinds] == [False, True]
    async with door.client(await door.sign_in(f"{CITY}.security")) as security:
        done = await security.post(f"{ACCOUNTS}/{COUNTY}.later/confirmation")
        assert done.status_code == 404
        done = await security.post(f"{ACCOUNTS}/{CITY}.later/confirmation")
        assert done.status_code == 201, done.text


async def test_hosts_journals_and_events_are_each_jurisdictions_own(staffed, door):
    """Planted bugs: a host that another approved is approved, or known; what is done to accounts of
    one is told to the auditors of another."""
    for client in staffed.values():
        body = {"host": "push.example.gov.cn", "reason": "x"}
        assert (await client.post(HOSTS, json=body)).status_code == 201
        assert len(await every_page(client, HOSTS)) == 1
    for whose in staffed:
        async with door.client(await door.sign_in(f"{whose}.audit" if whose else "audit")) as audit:
            heads = await every_page(audit, "/api/v1/journals/gateway/heads")
            chains = {each["chain"] for each in heads}
            assert {each.partition(":")[2] for each in chains} == {whose or ""}
            own = f"accounts:{whose}" if whose else "accounts"
            assert {own, own.replace("accounts", "sessions")} <= chains
            for other in {*staffed} - {whose}:
                chain = f"accounts:{other}" if other else "accounts"
                read = await audit.get(f"/api/v1/journals/gateway/chains/{chain}")
                assert read.json()["items"] == []
            told = await audit.get("/api/v1/events?types=gateway.accounts-created")
            assert told.status_code == 200, told.text
            subjects = told.text
            others = {CITY, COUNTY} - {whose}
            assert not any(f"{each}.unit" in subjects for each in others)


async def test_a_checkpoint_tells_of_all_and_is_for_the_installation(staffed, door):
    """Planted bug: the auditor of a jurisdiction reads how far the others' journals have come."""
    async with door.client(await door.sign_in(f"{CITY}.audit")) as audit:
        for answer in (
            await audit.post("/api/v1/checkpoints"), await audit.get("/api/v1/checkpoints/1")
        ):  # fmt: skip
            assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def test_names_that_begin_so_from_before_keep_a_jurisdiction_from_accounts(run_gateway, sql):
    """Planted bug: whoever had such a name before is taken for an account of the jurisdiction."""
    door = await run_gateway({"indicators": httpx.MockTransport(indicators)})
    await sql(
        door,
        "INSERT INTO account (subject, kind, name, person, roles, secret_hash)"
        " VALUES ('530100.old', 'person', 'x', 'x', '[]', 'x')",
    )
    async with door.client(await door.sign_in(ADMIN, SECRET)) as client:
        assert faults(await create(client, first_of(CITY))) == [("/accounts", "names-taken")]
        read = await client.get(f"{ACCOUNTS}/{CITY}.old")
        assert (read.status_code, read.json()["jurisdiction"]) == (200, None)
