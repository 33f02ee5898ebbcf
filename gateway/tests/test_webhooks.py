"""A client's own webhooks: made, read, paused, resumed, ended, and given another secret."""

import asyncio
import base64

import pytest

from .webhook_world import CYCLE, SECRET, new_world

WEBHOOKS = "/api/v1/webhooks"
URL = "http://push.example.gov.cn:8080/take"
NOBODY = "00000000-0000-4000-8000-000000000009"


@pytest.fixture(scope="module")
async def world(run_gateway):
    world = await new_world(run_gateway, webhooks_per_client=3)
    await world.approve(8080, "push.example.gov.cn")
    for subject in ("own", "other", "crowd"):
        await world.account(subject)
    await world.account("person", kind="person")
    yield world
    await world.close()


@pytest.fixture
async def own(world):
    """Give a client without a webhook that has not ended."""
    client = world.clients["own"]
    yield client
    for each in (await client.get(WEBHOOKS)).json()["items"]:
        if each["state"] != "ended":
            await client.post(f"{WEBHOOKS}/{each['webhook_id']}/ending")


async def made(client, **more):
    answer = await client.post(WEBHOOKS, json={"url": URL, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def at(told, *steps):
    return "/".join([WEBHOOKS, told["webhook"]["webhook_id"], *steps])


async def refused(asked, status, kind, *codes):
    answer = await asked
    body = answer.json()
    assert (answer.status_code, body["type"]) == (status, kind), body
    assert [each["code"] for each in body.get("errors", ())] == [*codes]


async def test_a_client_makes_a_webhook_whose_secret_is_shown_once_and_kept_sealed(world, own, sql):
    """Planted bugs: the secret stands in the kept answer, or in the database."""
    body = {"url": URL, "types": ["ranking.publication"], "cycle_id": CYCLE}
    keyed = {"Idempotency-Key": "made-once-and-again"}
    answer = await own.post(WEBHOOKS, json=body, headers=keyed)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    secret = told["secret"]
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    webhook = told["webhook"]
    assert (webhook["state"], webhook["position"], webhook["subject"]) == ("active", 0, "own")
    assert [each["number"] for each in webhook["secrets"]] == [1]
    again = await own.post(WEBHOOKS, json=body, headers=keyed)
    assert again.json() == {**told, "secret": None}
    assert (await own.get(at(told))).json() == webhook
    [kept] = await sql(world.door, "SELECT sealed FROM webhook_secret")
    for statement in (
        "SELECT t::text AS row FROM webhook_secret t",
        "SELECT t::text AS row FROM journal_entry t",
        "SELECT convert_from(body, 'UTF8') AS row FROM idempotency_key",
    ):
        for row in await sql(world.door, statement):
            assert secret.removeprefix("whsec_")[:20] not in row["row"]
    assert len(kept["sealed"]) > 80


async def test_what_cannot_be_sent_or_heard_is_refused_by_name(own):
    """Planted bugs: the host's approval is not asked for; types are not compared with the roles."""
    for url, code in {
        "http://other.example.gov.cn:8080/": "host-not-approved",
        "http://push.example.gov.cn:8081/": "host-not-approved",
        "http://push.example.gov.cn/": "host-not-approved",
        "http://10.0.0.1:8080/": "address-not-allowed",
        "http://127.1:8080/": "no-such-host",
        "http://a@push.example.gov.cn:8080/": "address-not-understood",
        "ftp://push.example.gov.cn:8080/": "not-encrypted",
    }.items():
        await refused(own.post(WEBHOOKS, json={"url": url}), 422, "webhook-rejected", code)
    for more, codes in (
        ({"types": ["nothing.happened"]}, ["unknown-type"]),
        ({"types": ["survey.created", "ranking.publication"]}, ["not-heard"]),
        ({"cycle_id": NOBODY}, ["unknown-cycle"]),
        ({"cycle_id": NOBODY, "types": ["x.y"]}, ["unknown-type", "unknown-cycle"]),
    ):
        await refused(
            own.post(WEBHOOKS, json={"url": URL, **more}), 422, "webhook-rejected", *codes
        )
    for more in ({"types": []}, {"start": "then"}, {"secret": "mine"}, {"url": "x" * 3000}):
        answer = await own.post(WEBHOOKS, json={"url": URL, **more})
        assert answer.status_code == 422, more
    alive = [each for each in (await own.get(WEBHOOKS)).json()["items"] if each["state"] != "ended"]
    assert alive == []


async def test_a_person_and_whoever_has_made_enough_make_none(world):
    person, crowd = world.clients["person"], world.clients["crowd"]
    await refused(person.post(WEBHOOKS, json={"url": URL}), 403, "clients-only")
    answers = await asyncio.gather(*(crowd.post(WEBHOOKS, json={"url": URL}) for _ in range(6)))
    assert sorted(each.status_code for each in answers) == [201] * 3 + [409] * 3
    [first, *_] = [each.json() for each in answers if each.status_code == 201]
    await refused(crowd.post(WEBHOOKS, json={"url": URL}), 409, "too-many-webhooks")
    assert (await crowd.post(at(first, "ending"))).status_code == 201
    assert (await crowd.post(WEBHOOKS, json={"url": URL})).status_code == 201


async def test_a_webhook_is_there_for_its_account_and_for_who_watches_over_all(world, own):
    """Planted bugs: the list shows others' webhooks; an administrator makes himself a secret."""
    told, other = await made(own), world.clients["other"]
    assert (await other.get(WEBHOOKS)).json()["items"] == []
    for step in ("pause", "resumption", "ending"):
        await refused(other.post(at(told, step)), 404, "no-such-webhook")
    await refused(other.get(at(told)), 404, "no-such-webhook")
    rotate = {"json": {"overlap_hours": 0}}
    await refused(other.post(at(told, "secrets"), **rotate), 404, "no-such-webhook")
    async with await world.admin() as admin:
        listed = (await admin.get(WEBHOOKS, params={"state": "active"})).json()["items"]
        assert told["webhook"] in listed
        await refused(admin.post(at(told, "secrets"), **rotate), 404, "no-such-webhook")
        assert (await admin.post(at(told, "pause"))).status_code == 201
    assert (await own.get(at(told))).json()["state"] == "paused"


async def test_a_webhook_is_paused_resumed_and_ended_for_good(own, world, sql):
    told = await made(own)
    for step, status in (
        ("resumption", 409), ("pause", 201), ("pause", 409), ("resumption", 201), ("pause", 201),
        ("ending", 201), ("ending", 409), ("resumption", 409), ("pause", 409),
    ):  # fmt: skip
        answer = await own.post(at(told, step))
        assert answer.status_code == status, (step, answer.text)
        kind = None if status == 201 else "webhook-state-differs"
        assert answer.json().get("type") == kind
    await refused(
        own.post(at(told, "secrets"), json={"overlap_hours": 0}), 409, "webhook-state-differs"
    )
    own_id = told["webhook"]["webhook_id"]
    told = await sql(world.door, "SELECT event, body FROM journal_entry ORDER BY seq")
    entries = [each for each in told if own_id in each["body"]]
    steps = ["created", "paused", "resumed", "paused", "ended"]
    assert [each["event"] for each in entries] == [f"gateway.webhook-{step}" for step in steps]


async def test_of_several_steps_at_once_one_is_taken(own):
    """Planted bug: the state is read without the lock."""
    told = await made(own)
    answers = await asyncio.gather(*(own.post(at(told, "pause")) for _ in range(6)))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 5


async def test_two_secrets_sign_at_most_and_all_others_end_at_once_where_that_is_asked(own):
    """Planted bugs: a third one signs; an overlap of none leaves the others."""
    told = await made(own)
    second = (await own.post(at(told, "secrets"), json={})).json()
    assert second["secret"] not in (None, told["secret"])
    alive = second["webhook"]["secrets"]
    assert [(each["number"], each["ends_at"] is None) for each in alive] == [(2, True), (1, False)]
    await refused(own.post(at(told, "secrets"), json={}), 409, "two-secrets-sign")
    tries = [own.post(at(told, "secrets"), json={"overlap_hours": 1}) for _ in range(4)]
    assert {each.status_code for each in await asyncio.gather(*tries)} == {409}
    third = (await own.post(at(told, "secrets"), json={"overlap_hours": 0})).json()
    assert [each["number"] for each in third["webhook"]["secrets"]] == [3]
    tries = [own.post(at(told, "secrets"), json={"overlap_hours": 1}) for _ in range(4)]
    answers = await asyncio.gather(*tries)
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]


async def test_what_is_only_checked_is_not_there(own):
    answer = await own.post(f"{WEBHOOKS}?mode=check", json={"url": URL})
    assert (answer.status_code, answer.json()["secret"]) == (200, None)
    await refused(own.get(at(answer.json())), 404, "no-such-webhook")


async def test_while_a_part_is_silent_nobody_begins_with_what_happens_now(world, own):
    """Planted bug: the cursor is that of the parts which answered."""
    world.ranking.is_silent = True
    try:
        await refused(own.post(WEBHOOKS, json={"url": URL}), 503, "part-silent")
        assert (await own.post(WEBHOOKS, json={"url": URL, "start": "first"})).status_code == 201
    finally:
        world.ranking.is_silent = False


async def test_a_token_of_one_cycle_lists_the_webhooks_of_that_cycle_alone(world, own):
    """Planted bug: the list does not ask which cycles the token reaches, and fails."""
    await made(own)
    told = await made(own, cycle_id=CYCLE)
    form = {"grant_type": "client_credentials", "client_id": "own", "client_secret": SECRET}
    async with world.door.client() as client:
        scope = {"scope": f"webhooks.read cycle:{CYCLE}"}
        answer = await client.post("/oauth/token", data=form | scope)
    async with world.door.client(answer.json()["access_token"]) as narrow:
        items = (await narrow.get(WEBHOOKS)).json()["items"]
    assert told["webhook"]["webhook_id"] in {each["webhook_id"] for each in items}
    assert {each["cycle_id"] for each in items} == {CYCLE}
