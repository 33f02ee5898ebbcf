"""A right that is taken in an emergency is loud, for its purpose alone, and over in time."""

import asyncio
import json
import re

import pytest

from chassis.authorisation import load
from gateway.api import emergency_grants
from gateway.rules.emergency import LONGEST
from gateway.rules.separation import AUDIT, SECURITY, SYSTEM

from .conftest import AUTHORISATION, in_process, new_account
from .test_separation import ACCOUNTS, change, confirm, entered, kind

GRANTS = "/api/v1/emergency-grants"
CARE, READING = "account-care", "incident-reading"
MATRIX = load(AUTHORISATION)
OVER = """
    DO $$ BEGIN
      SET LOCAL session_replication_role = replica;
      UPDATE emergency_grant SET taken_at = taken_at - interval '4 hours',
        ends_at = clock_timestamp() - interval '1 second' WHERE grant_id = '%s';
    END $$
    """


@pytest.fixture(scope="module")
async def apart(settings_for):
    """Give a gateway whose powers are apart, two system administrators among them."""
    async with in_process(settings_for) as run:
        door = await run(account_seconds=0.001)
        async with entered(door) as apart:
            yield apart


@pytest.fixture(autouse=True)
async def reviewed(apart):
    """Have no grant wait to be reviewed after a test."""
    yield
    for each in await waiting(apart.audit):
        at = f"{GRANTS}/{each['grant_id']}"
        await apart.system.post(f"{at}/end", json={"reason": "测试结束"})
        for reviewer in (apart.audit, apart.auditor):
            await reviewer.post(f"{at}/review", json={"finding": "justified", "remark": "测试"})
    assert await waiting(apart.audit) == []


async def waiting(client):
    return (await client.get(GRANTS, params={"reviewed": "false"})).json()["items"]


async def take(client, right=CARE, minutes=60, reason="安全管理员无法联系"):
    body = {"right": right, "minutes": minutes, "reason": reason}
    return await client.post(GRANTS, json=body)


async def taken(client, right=CARE):
    answer = await take(client, right)
    assert answer.status_code == 201, answer.text
    return answer.json()["grant"]["grant_id"]


async def token(client, grant):
    answer = await client.post(f"{GRANTS}/{grant}/token")
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["access_token"]


async def end(client, grant):
    return await client.post(f"{GRANTS}/{grant}/end", json={"reason": "不再需要"})


async def review(client, grant):
    body = {"finding": "unjustified", "remark": "可以等待"}
    return await client.post(f"{GRANTS}/{grant}/review", json=body)


async def kinds(client):
    told = (await client.get("/api/v1/me/tasks")).json()["tasks"]
    return sorted(each["kind"] for each in told if "emergency" in each["kind"])


async def test_a_right_is_taken_for_what_it_is_for_and_nothing_else(apart, monkeypatch):
    """Planted bugs: the token has the roles of its account; it opens what its role may; who reviews
    it is told of the first requests alone, and not that there are more."""
    grant = await taken(apart.system)
    subject, _ = await apart.propose("organiser", by=apart.other)
    async with apart.door.client(await token(apart.system, grant)) as care:
        assert (await confirm(care, subject)).json()["account"]["state"] == "effective"
        for method, path in (
            ("POST", ACCOUNTS), ("POST", f"{ACCOUNTS}/{subject}/changes"),
            ("GET", "/api/v1/events"), ("GET", "/api/v1/me/tasks"), ("POST", GRANTS),
            ("POST", f"{GRANTS}/{grant}/token"), ("POST", "/api/v1/me/password"),
            ("POST", "/api/v1/webhooks"), ("GET", "/api/v1/cycles/7/scheme"),
        ):  # fmt: skip
            answer = await care.request(method, path, json={})
            assert kind(answer) == (403, "not-in-an-emergency"), path
    read = (await apart.audit.get(f"{GRANTS}/{grant}")).json()
    assert [each["refused"] for each in read["requests"]] == [False, *[True] * 9]
    assert read["requests"][0]["asked"] == f"{ACCOUNTS}/{subject}/confirmation"
    for most in (10, 9):
        monkeypatch.setattr(emergency_grants, "_MOST_REQUESTS", most)
        told = (await apart.audit.get(f"{GRANTS}/{grant}")).json()
        assert told["requests"] == read["requests"][:most]
        assert told["requests_count"] == 10
        later = {"after_seq": told["requests"][4]["seq"]}
        told = (await apart.audit.get(f"{GRANTS}/{grant}", params=later)).json()
        assert told["requests"] == read["requests"][5:]


async def test_two_people_are_two_in_an_emergency_too(apart):
    """Planted bug: who acts by a right of another role is taken for another person."""
    grant = await taken(apart.system)
    subject, _ = await apart.propose("committee")
    async with apart.door.client(await token(apart.system, grant)) as care:
        assert kind(await confirm(care, subject)) == (403, "confirmed-by-another")


@pytest.mark.parametrize("right", MATRIX.emergency)
def test_nothing_is_published_sealed_or_decided_by_such_a_right(right):
    """Planted bug: a route of the office that seals."""
    told = MATRIX.emergency[right]
    assert {*told["taken_by"]} <= {SYSTEM, SECURITY, AUDIT}
    deciding = re.compile(r"POST /api/v1/(?!accounts/\{subject\}/)")
    assert not [route for route in told["routes"] if deciding.match(route)]
    marks = re.compile(r"score|rank|mark|satisfaction|surveys|release|consequence|linked|archive")
    assert not [route for route in told["routes"] if marks.search(route)]
    assert not {*told["routes"]} & MATRIX.logged
    for route in told["routes"]:
        assert {"any", told["role"]} & {row.role for row in MATRIX.routes[route]}, route


async def test_what_the_office_seals_or_publishes_is_refused_by_name(apart):
    grant = await taken(apart.system, READING)
    async with apart.door.client(await token(apart.system, grant)) as reading:
        assert (await reading.get("/api/v1/cycles/7/ledger-entries")).status_code == 200
        deciding = re.compile(
            r"POST .*/(seal|publication|decision|merge|review|release|opening)s?$"
        )
        routes = [route for route in MATRIX.routes if deciding.match(route)]
        assert len(routes) > 15
        for route in routes:
            path = re.sub(r"{[a-z_]+}", "7", route.removeprefix("POST "))
            answer = await reading.post(path, json={})
            assert kind(answer) == (403, "not-in-an-emergency"), route
        assert kind(await reading.get("/api/v1/cycles/7/score-sheets/1")) == (
            403, "not-in-an-emergency",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "right", "minutes", "expected"),
    [
        ("security", CARE, 60, (403, "not-allowed")),
        ("audit", READING, 60, (403, "right-not-yours")),
        ("system", "sealing", 60, (403, "right-not-yours")),
        ("system", CARE, 241, (422, "malformed-request")),
        ("system", CARE, 0, (422, "malformed-request")),
        ("auditor", CARE, 60, (403, "not-allowed")),
    ],
)
async def test_who_may_not_or_for_too_long_takes_nothing(apart, who, right, minutes, expected):
    assert LONGEST.total_seconds() == 4 * 3600
    assert kind(await take(getattr(apart, who), right, minutes)) == expected
    assert await waiting(apart.audit) == []


async def test_it_is_loud_and_waits_until_another_person_has_reviewed_it(apart):
    """Planted bugs: who took it reviews it, or a system does; it is reviewed while it goes on; a
    second one is taken before the first is reviewed."""
    grant = await taken(apart.audit)
    for client in (apart.system, apart.security):
        assert await kinds(client) == ["watch-emergency-grant"]
        heard = MATRIX.events["gateway.emergency-begun"]
        assert {SYSTEM, SECURITY, AUDIT, "auditor"} == {row.role for row in heard}
    at = "/api/v1/journals/gateway/chains/emergency"
    *_, last = (await apart.audit.get(at, params={"limit": 200})).json()["items"]
    assert (last["event"], json.loads(last["body"])["grant_id"]) == (
        "gateway.emergency-begun", grant,
    )  # fmt: skip
    assert await kinds(apart.audit) == []
    assert kind(await review(apart.auditor, grant)) == (409, "grant-goes-on")
    assert (await end(apart.security, grant)).json()["grant"]["state"] == "over"
    assert kind(await end(apart.security, grant)) == (409, "grant-over")
    assert await kinds(apart.auditor) == ["review-emergency-grant"]
    assert await kinds(apart.audit) == []
    assert kind(await review(apart.audit, grant)) == (403, "reviewed-by-another")
    assert kind(await review(apart.system, grant)) == (403, "not-allowed")
    assert kind(await take(apart.audit)) == (409, "grant-not-reviewed")
    subject, _ = await apart.propose("auditor", kind="client")
    secret = (await confirm(apart.security, subject)).json()["secret"]
    of = {"grant_type": "client_credentials", "client_id": subject, "client_secret": secret}
    async with apart.door.client() as client:
        given = (await client.post("/oauth/token", data=of)).json()["access_token"]
    async with apart.door.client(given) as system:
        assert kind(await review(system, grant)) == (409, "for-persons")
    done = (await review(apart.auditor, grant)).json()["grant"]
    assert (done["state"], done["finding"], done["reviewed_by"]) == (
        "reviewed", "unjustified", "auditor",
    )  # fmt: skip
    assert kind(await review(apart.auditor, grant)) == (409, "grant-reviewed")


async def test_what_was_issued_before_the_end_opens_nothing_after_it(apart, sql):
    """Ended early, over by itself, and with the account disabled or without its role.

    Planted bugs: what is known of a grant is remembered; the end of its time is not compared.
    """
    for how in ("ended", "over"):
        grant = await taken(apart.system)
        opened = await token(apart.system, grant)
        async with apart.door.client(opened) as care:
            assert (await care.get(ACCOUNTS)).status_code == 200
            if how == "ended":
                await end(apart.security, grant)
            else:
                await sql(apart.door, OVER % grant)
            assert kind(await care.get(ACCOUNTS)) == (401, "not-signed-in")
        assert kind(await apart.system.post(f"{GRANTS}/{grant}/token")) == (409, "grant-over")
        assert (await review(apart.audit, grant)).status_code == 201
    subject, _ = await apart.propose(SYSTEM, person="E-third")
    await apart.door.choose(subject, (await confirm(apart.security, subject)).json()["secret"])
    async with apart.door.client(await apart.door.sign_in(subject)) as third:
        grant = await taken(third)
        opened = await token(third, grant)
    assert (await change(apart.security, subject, enabled=False)).status_code == 201
    async with apart.door.client(opened) as care:
        assert kind(await care.get(ACCOUNTS)) == (401, "not-signed-in")


async def test_a_grant_is_its_takers_alone(apart):
    """Planted bug: a token for somebody else's grant."""
    grant = await taken(apart.system)
    for client in (apart.other, apart.security, apart.audit):
        assert kind(await client.post(f"{GRANTS}/{grant}/token")) == (403, "not-allowed")


async def test_of_two_that_are_taken_at_once_one_is(apart):
    """Planted bug: no lock while it is looked whether there is one."""
    answers = await asyncio.gather(*(take(apart.system) for _ in range(6)))
    assert sorted(each.status_code for each in answers) == [201, *[409] * 5]


async def test_without_anybody_to_review_nothing_is_taken(run_gateway):
    """Planted bug: a system counts as somebody who could."""
    door = await run_gateway()
    async with door.client(await door.sign_in()) as admin:
        made = [new_account("archive", "auditor", kind="client")]
        assert (await admin.post(ACCOUNTS, json={"accounts": made})).status_code == 201
        assert kind(await take(admin)) == (409, "nobody-to-review")
        made = [new_account("aud", AUDIT, person="E1")]
        assert (await admin.post(ACCOUNTS, json={"accounts": made})).status_code == 201
        assert (await take(admin)).status_code == 201
        async with door.client(await door.sign_in("aud")) as aud:
            assert kind(await take(aud)) == (409, "nobody-to-review")


async def test_what_cannot_be_recorded_is_not_answered(apart, sql):
    """Planted bug: a request goes on where the journal could not be written."""
    grant = await taken(apart.system)
    async with apart.door.client(await token(apart.system, grant)) as care:
        await sql(apart.door, "ALTER TABLE journal_entry RENAME TO journal_entry_away")
        try:
            assert (await care.get(ACCOUNTS)).status_code >= 500
        finally:
            await sql(apart.door, "ALTER TABLE journal_entry_away RENAME TO journal_entry")
        assert (await care.get(ACCOUNTS)).status_code == 200
