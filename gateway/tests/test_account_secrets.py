"""A system changes its secret without standing still, and no secret outlives its end."""

import asyncio
import datetime as dt
import json
import uuid

import pytest

from .conftest import new_account, until
from .test_signing_in_under_attack import HeldUp

ACCOUNTS, OWN = "/api/v1/accounts", "/api/v1/me/secrets"
ENDED = """
    DO $$ BEGIN
      SET LOCAL session_replication_role = replica;
      UPDATE account SET secret_expires_on = current_date WHERE subject = '%s';
      UPDATE account_secret SET expires_on = current_date WHERE subject = '%s';
    END $$
    """
SECRET, CHOSEN = "correct-horse-battery", "chosen-horse-and-cart"


@pytest.fixture
async def system(doors):
    """Give the name of a new client, whose secret is `CHOSEN`."""
    return await client_of(doors, "data_source_unit")


async def client_of(doors, role, **more):
    subject = f"system-{uuid.uuid4().hex[:8]}"
    made = new_account(subject, role, kind="client", **({"secret": CHOSEN} | more))
    answer = await doors[1].post(ACCOUNTS, json={"accounts": [made]})
    assert answer.status_code == 201, answer.text
    return subject


async def token_of(door, subject, secret):
    """Return a client's token, or the status of the refusal."""
    form = {"grant_type": "client_credentials", "client_id": subject, "client_secret": secret}
    async with door.client() as client:
        answer = await client.post("/oauth/token", data=form)
    return answer.json()["access_token"] if answer.status_code == 200 else answer.status_code


async def opens(door, subject, secret):
    return not isinstance(await token_of(door, subject, secret), int)


async def make(client, subject, **more):
    answer = await client.post(f"{ACCOUNTS}/{subject}/secrets", json={"reason": "轮换"} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def revoke(client, subject, number):
    at = f"{ACCOUNTS}/{subject}/secrets/{number}/revocation"
    return await client.post(at, json={"reason": "已泄露"})


async def states(client, subject):
    answer = await client.get(f"{ACCOUNTS}/{subject}/secrets")
    assert answer.status_code == 200, answer.text
    assert "hash" not in answer.text
    return {each["number"]: each["state"] for each in answer.json()["secrets"]}


async def test_two_secrets_are_good_at_one_time_and_a_third_is_refused(doors, system, sql):
    """Planted bugs: the latest secret alone opens; revoked ones are counted as alive."""
    door, admin = doors
    made = await make(admin, system)
    assert made["kept"]["number"] == 2
    assert await opens(door, system, CHOSEN)
    assert await opens(door, system, made["secret"])
    third = await admin.post(f"{ACCOUNTS}/{system}/secrets", json={"reason": "轮换"})
    assert (third.status_code, third.json()["type"]) == (409, "two-secrets-alive")
    assert (await revoke(admin, system, 1)).status_code == 201
    assert not await opens(door, system, CHOSEN)
    assert await opens(door, system, made["secret"])
    later = await make(admin, system)
    assert later["kept"]["number"] == 3
    assert await states(admin, system) == {1: "revoked", 2: "effective", 3: "effective"}
    again = await revoke(admin, system, 1)
    assert (again.status_code, again.json()["type"]) == (409, "secret-over")
    assert (await revoke(admin, system, 9)).json()["type"] == "no-such-secret"
    entries = await sql(door, "SELECT event, body FROM journal_entry ORDER BY seq")
    told = [row for row in entries if f'"{system}"' in row["body"]]
    assert [row["event"] for row in told] == [
        "gateway.accounts-created",
        "gateway.secret-made",
        "gateway.secret-revoked",
        "gateway.secret-made",
    ]
    assert made["secret"] not in json.dumps([row["body"] for row in told])


async def test_of_many_at_once_one_gets_the_second_secret(doors, system):
    """Planted bug: the secrets are counted before the lock on accounts is held."""
    at = f"{ACCOUNTS}/{system}/secrets"
    asked = [doors[1].post(at, json={"reason": f"轮换 {n}"}) for n in range(8)]
    statuses = [answer.status_code for answer in await asyncio.gather(*asked)]
    assert sorted(statuses) == [201] + [409] * 7


async def test_a_repeated_request_makes_no_second_secret_and_shows_none(doors, system, sql):
    """Planted bug: the answer with the secret is what is kept under the key."""
    door, admin = doors
    body, key = {"reason": "轮换"}, {"Idempotency-Key": f"key-{uuid.uuid4().hex}"}
    at = f"{ACCOUNTS}/{system}/secrets"
    first = await admin.post(at, json=body, headers=key)
    again = await admin.post(at, json=body, headers=key)
    assert again.headers["idempotent-replay"] == "true"
    assert (first.json()["secret"] is not None, again.json()["secret"]) == (True, None)
    assert first.headers["cache-control"] == "no-store"
    assert first.json()["kept"] == again.json()["kept"]
    kept = await sql(door, "SELECT encode(body, 'escape') AS body FROM idempotency_key")
    assert not any(first.json()["secret"] in row["body"] for row in kept)


async def test_a_secret_ends_on_its_day_and_its_tokens_with_it(doors, system, sql):
    """Planted bugs: the day itself still counts; the end of the first secret is not looked at."""
    door, admin = doors
    today = (await sql(door, "SELECT current_date AS day"))[0]["day"]
    made = await make(admin, system, expires_on=(today + dt.timedelta(days=1)).isoformat())
    token = await token_of(door, system, made["secret"])
    assert (await states(admin, system))[2] == "effective"
    await sql(door, ENDED % (system, system))
    assert await states(admin, system) == {1: "expired", 2: "expired"}
    assert await token_of(door, system, CHOSEN) == await token_of(door, system, made["secret"])
    assert await token_of(door, system, CHOSEN) == 401
    async with door.client(token) as client:
        assert (await client.get("/api/v1/me")).status_code == 401
    assert (await make(admin, system))["kept"]["number"] == 3  # what has ended is not alive


@pytest.mark.parametrize("days", [-1, 0, 366])
async def test_a_secret_ends_within_a_year_and_not_before_tomorrow(doors, system, sql, days):
    door, admin = doors
    today = (await sql(door, "SELECT current_date AS day"))[0]["day"]
    end = (today + dt.timedelta(days=days)).isoformat()
    at = f"{ACCOUNTS}/{system}/secrets"
    answer = await admin.post(at, json={"reason": "轮换", "expires_on": end})
    assert (answer.status_code, answer.json()["type"]) == (422, "secret-rejected")
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/expires_on"]
    assert await states(admin, system) == {1: "effective"}


async def test_a_secret_ends_after_a_year_where_nobody_asked_otherwise(doors, system, sql):
    """Planted bug: the first secret of a client has no end."""
    door, admin = doors
    await make(admin, system)
    today = (await sql(door, "SELECT current_date AS day"))[0]["day"]
    listed = (await admin.get(f"{ACCOUNTS}/{system}/secrets")).json()["secrets"]
    year = (today + dt.timedelta(days=365)).isoformat()
    assert [each["expires_on"] for each in listed] == [year, year]
    own = (await admin.get(f"{ACCOUNTS}/clerk/secrets")).json()["secrets"]
    assert [each["expires_on"] for each in own] == [None]  # a person's password has none


async def test_the_tokens_of_a_revoked_secret_end_and_those_of_the_other_do_not(doors, system):
    """Planted bug: a token lives on until it expires, whatever became of its secret."""
    door, admin = doors
    made = await make(admin, system)
    old, new = [await token_of(door, system, s) for s in (CHOSEN, made["secret"])]
    async with door.client(old) as one, door.client(new) as other:
        assert (await one.get("/api/v1/me")).status_code == 200
        assert (await revoke(admin, system, 1)).status_code == 201
        assert (await one.get("/api/v1/me")).status_code == 401
        assert (await other.get("/api/v1/me")).status_code == 200


async def test_a_secret_of_a_powerful_account_opens_nothing_before_another_has_confirmed_it(doors):
    """Planted bugs: it opens at once; who made it confirms it; it is not counted as alive."""
    door, admin = doors
    office = await client_of(doors, "auditor", secret=None)
    async with door.client(await door.sign_in("second")) as second:
        first = (await second.post(f"{ACCOUNTS}/{office}/confirmation")).json()["secret"]
        assert await states(admin, office) == {1: "revoked", 2: "effective"}
        assert await opens(door, office, first)
        made = await make(admin, office)
        assert (made["kept"]["state"], made["secret"]) == ("pending", None)
        waiting = (await second.get("/api/v1/me/tasks")).json()["tasks"]
        assert [t["about"]["number"] for t in waiting if t["about"].get("subject") == office] == [
            "3"
        ]
        third = await admin.post(f"{ACCOUNTS}/{office}/secrets", json={"reason": "轮换"})
        assert third.json()["type"] == "two-secrets-alive"
        at, key = f"{ACCOUNTS}/{office}/secrets/3/confirmation", {"Idempotency-Key": f"k-{office}"}
        assert (await admin.post(at)).json()["type"] == "confirmed-by-another"
        assert (await second.post(at.replace("/3/", "/2/"))).json()["type"] == "secret-over"
        confirmed = await second.post(at, headers=key)
        again = await second.post(at, headers=key)
        assert again.json() == confirmed.json() | {"secret": None}
        assert confirmed.json()["kept"]["state"] == "effective", confirmed.text
        assert confirmed.json()["kept"]["confirmed_by"] == "second"
        assert await opens(door, office, confirmed.json()["secret"])
        assert await opens(door, office, first)
        assert (await second.post(at)).json()["type"] == "secret-over"


async def test_a_revoked_secret_is_not_confirmed(doors):
    door, admin = doors
    office = await client_of(doors, "auditor", secret=None)
    await make(admin, office)
    assert (await revoke(admin, office, 2)).status_code == 201
    async with door.client(await door.sign_in("second")) as second:
        answer = await second.post(f"{ACCOUNTS}/{office}/secrets/2/confirmation")
        assert (answer.status_code, answer.json()["type"]) == (409, "secret-over")
        tasks = (await second.get("/api/v1/me/tasks")).json()["tasks"]
        assert [t["kind"] for t in tasks if t["about"].get("subject") == office] == [
            "confirm-account"
        ]


async def test_a_client_makes_a_secret_of_its_own_by_the_one_it_has(doors, system):
    """Planted bug: a token alone is enough, so that who found one has a secret that lasts."""
    door, _ = doors
    async with door.client(await token_of(door, system, CHOSEN)) as client:
        wrong = await client.post(OWN, json={"current": "wrong-horse-battery"})
        assert (wrong.status_code, wrong.json()["type"]) == (422, "secret-rejected")
        assert [e["code"] for e in wrong.json()["errors"]] == ["wrong-secret"]
        key = {"Idempotency-Key": f"key-{uuid.uuid4().hex}"}
        made = await client.post(OWN, json={"current": CHOSEN}, headers=key)
        assert made.status_code == 201, made.text
        again = await client.post(OWN, json={"current": CHOSEN}, headers=key)
        assert again.json() == made.json() | {"secret": None}
        assert await opens(door, system, made.json()["secret"])
        done = await client.post(f"{OWN}/1/revocation", json={"reason": "已换用"})
        assert done.status_code == 201, done.text
    async with door.client(await token_of(door, system, made.json()["secret"])) as client:
        listed = (await client.get(OWN)).json()
        assert [each["state"] for each in listed["secrets"]] == ["revoked", "effective"]
        assert listed["last_used_at"] == max(s["last_used_at"] for s in listed["secrets"])


async def test_a_secret_that_is_revoked_meanwhile_makes_no_other(doors, system):
    """Planted bug: what was read before the secret was compared is believed."""
    door, admin = doors
    async with door.client() as client:
        form = {"grant_type": "client_credentials", "client_id": system, "client_secret": CHOSEN}
        token = (await client.post("/oauth/token", data=form)).json()["access_token"]
    usual = door.app.state.hasher
    door.app.state.hasher = held = HeldUp(door.app.state.settings)
    try:
        async with door.client(token) as client:
            making = asyncio.create_task(client.post(OWN, json={"current": CHOSEN}))
            await until(lambda: held.compared)
            assert (await revoke(admin, system, 1)).status_code == 201
            held.go_on.set()
            assert (await making).json()["type"] == "secret-rejected"
    finally:
        held.go_on.set()
        door.app.state.hasher = usual
    assert await states(admin, system) == {1: "revoked"}


async def test_a_stolen_token_does_not_guess_the_secret_at_leisure(doors, system):
    """Planted bug: compare it beside the counting of failures."""
    door, _ = doors
    async with door.client(await token_of(door, system, CHOSEN)) as client:
        answers = [await client.post(OWN, json={"current": f"guess-{n:04}"}) for n in range(7)]
    assert 429 in {answer.status_code for answer in answers}


async def test_a_person_has_a_password_and_no_secrets_of_this_kind(doors):
    """Planted bug: an administrator makes a secret that opens a person's account."""
    door, admin = doors
    for at, body in (("secrets", {"reason": "轮换"}), ("secrets/1/revocation", {"reason": "轮换"})):
        answer = await admin.post(f"{ACCOUNTS}/clerk/{at}", json=body)
        assert (answer.status_code, answer.json()["type"]) == (409, "secrets-of-clients")
    async with door.client(await door.sign_in("clerk")) as clerk:
        answer = await clerk.post(OWN, json={"current": SECRET})
        assert answer.json()["type"] == "secrets-of-clients"
        assert [each["state"] for each in (await clerk.get(OWN)).json()["secrets"]] == ["effective"]
        assert (await clerk.get(f"{ACCOUNTS}/second/secrets")).status_code == 403


async def test_the_last_use_is_noted_once_a_minute(doors, system, sql):
    """Planted bugs: every use is written; it is written when a wrong secret was sent."""
    door, admin = doors
    assert not await opens(door, system, "wrong-horse-battery")
    at = f"{ACCOUNTS}/{system}/secrets"
    assert (await admin.get(at)).json()["last_used_at"] is None
    versions = set()
    for _ in range(3):
        assert await opens(door, system, CHOSEN)
        rows = await sql(door, "SELECT subject, xmin::text AS version FROM secret_use")
        versions |= {row["version"] for row in rows if row["subject"] == system}
    assert len(versions) == 1
    used = (await admin.get(at)).json()
    assert used["last_used_at"] == used["secrets"][0]["last_used_at"] is not None
    await sql(door, "UPDATE secret_use SET last_used_at = last_used_at - interval '61 seconds'")
    assert await opens(door, system, CHOSEN)
    assert (await admin.get(at)).json()["last_used_at"] >= used["last_used_at"]


async def test_a_preview_makes_no_secret(doors, system):
    answer = await doors[1].post(f"{ACCOUNTS}/{system}/secrets?mode=check", json={"reason": "轮换"})
    assert (answer.status_code, answer.json()["secret"]) == (200, None)
    assert await states(doors[1], system) == {1: "effective"}
