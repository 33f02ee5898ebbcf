"""Who knows a password chooses another, and nobody else does."""

import json

import pytest

ACCOUNTS, PASSWORD = "/api/v1/accounts", "/api/v1/me/password"
SECRET, OTHER = "correct-horse-battery", "another-horse-and-cart"


@pytest.fixture
async def door(run_gateway):
    """Give a gateway with a clerk, and a client of another system."""
    running = await run_gateway()
    async with running.client(await running.sign_in("admin")) as admin:
        accounts = [
            {"subject": "clerk", "kind": "person", "name": "某人", "unit": "ZH01",
             "roles": ["data_source_unit"], "secret": SECRET},
            {"subject": "system", "kind": "client", "name": "系统", "unit": "ZH01",
             "roles": ["data_source_unit"], "secret": SECRET},
        ]  # fmt: skip
        answer = await admin.post(ACCOUNTS, json={"accounts": accounts})
        assert answer.status_code == 201, answer.text
    return running


async def sign_in(door, secret, subject="clerk"):
    form = {"grant_type": "password", "username": subject, "password": secret}
    async with door.client() as client:
        return (await client.post("/oauth/token", data=form)).status_code


async def change(client, current=SECRET, new=OTHER, **headers):
    return await client.post(PASSWORD, json={"current": current, "new": new}, headers=headers)


async def test_the_new_password_signs_in_and_the_old_one_no_more(door, sql):
    """Planted bugs: the first hash is still compared; the password stands in the journal."""
    async with door.client(await door.sign_in("clerk")) as clerk:
        key = {"Idempotency-Key": "my-new-password"}
        answer = await change(clerk, **key)
        assert (answer.status_code, answer.json()["subject"]) == (201, "clerk"), answer.text
        again = await change(clerk, current=OTHER, new="a-third-horse-and-cart", **key)
        assert again.headers["idempotent-replay"] == "true"
        assert (await change(clerk, current=OTHER, new="third-horse-and-cart")).status_code == 201
    assert await sign_in(door, SECRET) == await sign_in(door, OTHER) == 400
    assert await sign_in(door, "third-horse-and-cart") == 200
    rows = await sql(door, "SELECT body FROM journal_entry WHERE event LIKE '%password%'")
    assert [sorted(json.loads(row["body"])) for row in rows] == [
        ["number", "person", "subject"]
    ] * 2
    kept = await sql(door, "SELECT encode(body, 'escape') AS body FROM idempotency_key")
    assert not any("horse" in row["body"] for row in kept)


@pytest.mark.parametrize(
    ("current", "new", "pointer", "code"),
    [
        ("wrong-horse-battery", OTHER, "/current", "wrong-password"),
        (SECRET, SECRET, "/new", "same-password"),
        (SECRET, "short", "/new", "weak-secret"),
        (SECRET, "clerk-horse-battery", "/new", "weak-secret"),
    ],
)
async def test_a_password_is_refused_by_name(door, current, new, pointer, code):
    async with door.client(await door.sign_in("clerk")) as clerk:
        answer = await change(clerk, current, new)
        assert (answer.status_code, answer.json()["type"]) == (422, "password-rejected")
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
    assert await sign_in(door, SECRET) == 200


async def test_a_stolen_token_does_not_guess_the_password_at_leisure(door):
    """Planted bug: compare it beside the counting of failures."""
    async with door.client(await door.sign_in("clerk")) as clerk:
        answers = [await change(clerk, f"guess-number-{n:04}") for n in range(7)]
    assert [answer.status_code for answer in answers[:5]] == [422] * 5
    assert 429 in {answer.status_code for answer in answers[5:]}


async def test_a_client_does_not_change_its_secret(door):
    form = {"grant_type": "client_credentials", "client_id": "system", "client_secret": SECRET}
    async with door.client() as client:
        token = (await client.post("/oauth/token", data=form)).json()["access_token"]
    async with door.client(token) as system:
        assert (await change(system)).status_code == 422


async def test_a_preview_changes_nothing(door):
    async with door.client(await door.sign_in("clerk")) as clerk:
        body = {"current": SECRET, "new": OTHER}
        answer = await clerk.post(f"{PASSWORD}?mode=check", json=body)
        assert (answer.status_code, answer.json()["receipt"]) == (200, None)
    assert await sign_in(door, SECRET) == 200
