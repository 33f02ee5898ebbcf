"""Powerful roles are granted by two, and one person does not hold two steps."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

ACCOUNTS = "/api/v1/accounts"
SECRET = "correct-horse-battery"


def account(subject, *roles, **more):
    usual = {"subject": subject, "kind": "person", "name": "某人", "secret": SECRET}
    return {**usual, "roles": list(roles), **more}


def proposed(subject, *roles, **more):
    """Return an account that a second administrator has to confirm: no secret is chosen for it."""
    return account(subject, *roles, secret=None, **more)


async def create(client, *accounts, **headers):
    return await client.post(ACCOUNTS, json={"accounts": list(accounts)}, headers=headers)


async def confirm(client, subject, **headers):
    return await client.post(f"{ACCOUNTS}/{subject}/confirmation", headers=headers)


async def sign_in(door, subject):
    form = {"grant_type": "password", "username": subject, "password": SECRET}
    async with door.client() as client:
        return await client.post("/oauth/token", data=form)


@asynccontextmanager
async def signed_in(door, *subjects):
    """Give a client for each of these accounts."""
    clients = [door.client(await door.sign_in(subject)) for subject in subjects]
    try:
        yield clients
    finally:
        for client in clients:
            await client.aclose()


@pytest.fixture
async def alone(run_gateway):
    """Give a gateway with one administrator."""
    return await run_gateway()


@pytest.fixture
async def two(alone):
    """Give a gateway with two administrators; `second` is E2."""
    async with signed_in(alone, "admin") as [admin]:
        answer = await create(admin, account("second", "system_administrator", person="E2"))
    assert answer.json()["accounts"][0]["state"] == "effective", answer.text
    return alone


async def test_while_there_is_one_administrator_an_account_is_in_effect_at_once(alone, sql):
    async with signed_in(alone, "admin") as [admin]:
        answer = await create(admin, account("office", "performance_office"))
    assert (answer.status_code, answer.json()["accounts"][0]["state"]) == (201, "effective")
    assert (await sign_in(alone, "office")).status_code == 200
    rows = await sql(alone, "SELECT body FROM journal_entry ORDER BY seq DESC LIMIT 1")
    assert json.loads(rows[0]["body"])["accounts"][0]["grant"] == "granted-by-one"


@pytest.mark.parametrize(
    "role",
    ["performance_office", "committee", "standing_committee", "auditor", "system_administrator"],
)
async def test_a_powerful_account_waits_for_a_second_administrator(two, role):
    """Planted bug: leave `powerful` out of a role, or let a pending account sign in."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        created = await create(admin, proposed("new", role, person="E5"))
        assert created.json()["accounts"][0]["state"] == "pending"
        assert (await sign_in(two, "new")).json()["error"] == "invalid_grant"
        for client in (admin, second):
            listed = (await client.get(ACCOUNTS)).json()["items"]
            shown = next(a for a in listed if a["subject"] == "new")
            assert (shown["state"], shown["confirmed_by"]) == ("pending", None)
            assert (shown["created_by"], shown["person"]) == ("admin", "E5")
        for state, is_listed in (("pending", True), ("effective", False)):
            waiting = (await second.get(ACCOUNTS, params={"state": state})).json()["items"]
            assert ("new" in {each["subject"] for each in waiting}) == is_listed
        own = await confirm(admin, "new")
        assert (own.status_code, own.json()["type"]) == (403, "confirmed-by-another")
        confirmed = await confirm(second, "new")
        assert confirmed.status_code == 201
        assert confirmed.json()["account"]["state"] == "effective"
        assert confirmed.json()["account"]["confirmed_by"] == "second"
        again = await confirm(second, "new")
        assert (again.status_code, again.json()["type"]) == (409, "already-in-effect")
    await two.choose("new", confirmed.json()["secret"])
    assert (await sign_in(two, "new")).status_code == 200


async def test_whoever_creates_a_powerful_account_knows_nothing_that_opens_it(two, sql):
    """Planted bugs: the secret of its creation still opens it; the answer that is kept under the
    key has the new one; the journal has it."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        refused = await create(admin, account("unit", "assessed_unit"), account("new", "auditor"))
        assert (refused.status_code, refused.json()["type"]) == (422, "accounts-rejected")
        assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
            ("/accounts/1/secret", "secret-chosen-for-another")
        ]
        one, system = proposed("new", "auditor"), proposed("system", "auditor", kind="client")
        made = (await create(admin, one, system, proposed("x", "organiser"))).json()["accounts"]
        assert [each["state"] for each in made] == ["pending", "pending", "effective"]
        assert [each["secret"] is None for each in made] == [True, True, False]
        key = {"Idempotency-Key": "confirm-new-2"}
        assert (await second.post(f"{ACCOUNTS}/new/confirmation?mode=check")).json()[
            "secret"
        ] is None
        done = await confirm(second, "new", **key)
        assert done.headers["cache-control"] == "no-store"
        secret = done.json()["secret"]
        for again in (await confirm(second, "new", **key), await confirm(admin, "new", **key)):
            assert again.json().get("secret") is None
        of_system = (await confirm(second, "system")).json()["secret"]
    kept = await sql(
        two,
        "SELECT body::text FROM journal_entry UNION ALL SELECT encode(body, 'escape') AS body"
        " FROM idempotency_key UNION ALL SELECT a::text FROM account_secret a",
    )
    assert not any(each in row["body"] for row in kept for each in (secret, of_system))
    form = {"grant_type": "password", "username": "new", "password": secret}
    async with two.client() as client:
        assert (await client.post("/oauth/token", data=form)).json()["purpose"] == "new-password"
        given = {"client_id": "system", "client_secret": of_system}
        answer = await client.post(
            "/oauth/token", data={"grant_type": "client_credentials", **given}
        )
        assert answer.status_code == 200, answer.text


async def test_the_first_password_of_a_powerful_account_opens_for_a_day_and_once(two, sql):
    """Planted bugs: it has no end; it signs in for more than another password."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        await create(admin, proposed("new", "auditor"), proposed("late", "auditor"))
        secret, late = [(await confirm(second, who)).json()["secret"] for who in ("new", "late")]
    async with two.client(await two.sign_in("new", secret)) as token:
        assert (await token.get("/api/v1/accounts")).status_code == 403
    await two.choose("new", secret)
    form = {"grant_type": "password", "username": "new", "password": secret}
    await sql(
        two,
        "DO $$ BEGIN SET LOCAL session_replication_role = replica; UPDATE account_secret SET"
        " one_time_until = one_time_until - interval '24 hours' WHERE subject = 'late'; END $$",
    )
    async with two.client() as client:
        for gone in (form, form | {"username": "late", "password": late}):
            assert (await client.post("/oauth/token", data=gone)).status_code == 400


async def test_an_account_without_power_is_in_effect_at_once(two):
    async with signed_in(two, "admin") as [admin]:
        answer = await create(admin, account("unit", "assessed_unit", unit="CT01"))
        confirmed = await confirm(admin, "unit")
    assert answer.json()["accounts"][0]["state"] == "effective"
    assert confirmed.json()["type"] == "already-in-effect"


async def test_a_confirmation_is_recorded_and_repeated_under_its_key(two, sql):
    async with signed_in(two, "admin", "second") as [admin, second]:
        await create(admin, proposed("new", "committee", person="E5"))
        key = {"Idempotency-Key": "confirm-new-1"}
        first, again = await confirm(second, "new", **key), await confirm(second, "new", **key)
    assert again.headers["idempotent-replay"] == "true"
    assert first.json() | {"secret": None} == again.json()
    [entry] = await sql(two, "SELECT * FROM journal_entry WHERE event LIKE '%confirmed'")
    assert entry["subject"] == "second"
    assert json.loads(entry["body"]) == {
        "subject": "new", "person": "E5", "roles": ["committee"], "confirmed_by_person": "E2",
        "secret_number": 2,
    }  # fmt: skip


async def test_two_accounts_of_one_administrator_are_one_administrator(alone):
    """Planted bug: count or compare subjects in place of persons."""
    async with signed_in(alone, "admin") as [admin]:
        await create(admin, account("admin2", "system_administrator", person="admin"))
        first = await create(admin, account("office", "performance_office"))
        assert first.json()["accounts"][0]["state"] == "effective"
        await create(admin, account("second", "system_administrator", person="E2"))
        pending = await create(admin, proposed("board", "committee"))
        assert pending.json()["accounts"][0]["state"] == "pending"
    async with signed_in(alone, "admin2") as [myself]:
        assert (await confirm(myself, "board")).json()["type"] == "confirmed-by-another"


async def test_nobody_confirms_an_account_that_is_for_himself(two):
    async with signed_in(two, "admin", "second") as [admin, second]:
        mine = proposed("second2", "system_administrator", person="E2")
        assert (await create(admin, mine)).json()["accounts"][0]["state"] == "pending"
        assert (await confirm(second, "second2")).json()["type"] == "confirmed-by-another"


async def test_a_pending_administrator_is_nobody_yet(two):
    """Planted bug: count accounts that nobody has confirmed."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        await create(admin, proposed("third", "system_administrator", person="E3"))
        await create(admin, proposed("board", "committee", person="E4"))
        assert (await sign_in(two, "third")).status_code == 400
        await two.choose("third", (await confirm(second, "third")).json()["secret"])
    async with signed_in(two, "third") as [third]:
        assert (await confirm(third, "board")).status_code == 201


async def test_a_disabled_administrator_does_not_count(two, sql):
    await sql(two, "UPDATE account SET disabled_at = now() WHERE subject = 'second'")
    async with signed_in(two, "admin") as [admin]:
        answer = await create(admin, account("board", "committee"))
    assert answer.json()["accounts"][0]["state"] == "effective"


@pytest.mark.parametrize(
    ("roles", "status"),
    [(("performance_office",), 403), (("auditor",), 403), ((), 401)],
)
async def test_only_an_administrator_confirms(two, roles, status):
    async with signed_in(two, "admin") as [admin]:
        await create(admin, proposed("board", "committee"))
    async with two.client(two.token(*roles) if roles else None) as client:
        assert (await confirm(client, "board")).status_code == status
    assert (await sign_in(two, "board")).status_code == 400


async def test_what_does_not_exist_is_not_confirmed(two):
    async with signed_in(two, "second") as [second]:
        answers = [await confirm(second, subject) for subject in ("nobody", "a%20b")]
    assert [answer.status_code for answer in answers] == [404, 422]


async def test_two_confirmations_at_once_are_one(two, sql):
    async with signed_in(two, "admin", "second") as [admin, second]:
        await create(admin, proposed("board", "committee"))
        answers = await asyncio.gather(*(confirm(second, "board") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert len(await sql(two, "SELECT 1 FROM account_confirmation")) == 1
    [secret] = [found for answer in answers if (found := answer.json().get("secret"))]
    await two.choose("board", secret)


async def test_one_person_does_not_hold_two_steps_through_two_accounts(alone, sql):
    """Planted bug: judge each account alone."""
    async with signed_in(alone, "admin") as [admin]:
        await create(admin, account("office", "performance_office", person="E1"))
        body = [account("ok", "organiser"), account("board", "committee", person="E1")]
        answer = await create(admin, *body)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "accounts-rejected")
    [fault] = problem["errors"]
    assert fault["pointer"] == "/accounts/1/roles"
    assert fault["code"] == "person-roles-exclude-each-other"
    assert await sql(alone, "SELECT 1 FROM account WHERE subject IN ('ok', 'board')") == []


async def test_two_requests_at_once_do_not_give_one_person_two_steps(alone, sql):
    """Planted bug: look for the person's accounts without holding the lock."""
    steps = ["performance_office", "committee", "standing_committee", "auditor"]
    async with signed_in(alone, "admin") as [admin]:
        each = [account(f"a-{role}", role, person="E1") for role in steps]
        answers = await asyncio.gather(*(create(admin, one) for one in each))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    assert len(await sql(alone, "SELECT 1 FROM account WHERE person = 'E1'")) == 1


async def test_a_second_administrator_at_the_same_moment_does_not_get_by(alone):
    """Whichever comes first, an account created after the second administrator is pending."""
    async with signed_in(alone, "admin") as [admin]:
        many = [proposed(f"s-{i}", "system_administrator", person=f"E{i}") for i in range(4)]
        answers = await asyncio.gather(*(create(admin, one) for one in many))
    states = sorted(answer.json()["accounts"][0]["state"] for answer in answers)
    assert states == ["effective", "pending", "pending", "pending"]


async def test_the_person_behind_an_account_is_in_its_token(alone):
    async with signed_in(alone, "admin") as [admin]:
        await create(admin, account("li-office", "performance_office", person="E1"))
    async with signed_in(alone, "li-office", "admin") as clients:
        told = [(await client.get("/api/v1/me")).json() for client in clients]
    assert [(me["subject"], me["person"]) for me in told] == [
        ("li-office", "E1"),
        ("admin", "admin"),
    ]
