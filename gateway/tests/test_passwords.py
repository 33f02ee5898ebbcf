"""Who knows a password chooses another, and nobody else does."""

import json
import uuid

import pytest

from .conftest import new_account

ACCOUNTS, PASSWORD = "/api/v1/accounts", "/api/v1/me/password"
SECRET, OTHER = "correct-horse-battery", "another-horse-and-cart"


@pytest.fixture
async def clerk(doors):
    """Give the name of a new clerk."""
    return await made(doors)


async def made(doors, **more):
    account = new_account(f"p-{uuid.uuid4().hex[:8]}", "data_source_unit", unit="ZH01", **more)
    answer = await doors[1].post(ACCOUNTS, json={"accounts": [account]})
    assert answer.status_code == 201, answer.text
    return account["subject"]


async def sign_in(doors, secret, subject):
    form = {"grant_type": "password", "username": subject, "password": secret}
    async with doors[0].client() as client:
        return (await client.post("/oauth/token", data=form)).status_code


async def change(client, current=SECRET, new=OTHER, **headers):
    return await client.post(PASSWORD, json={"current": current, "new": new}, headers=headers)


async def test_the_new_password_signs_in_and_the_old_one_no_more(doors, clerk, sql):
    """Planted bugs: the first hash is still compared; the password stands in the journal."""
    door, _ = doors
    async with door.client(await door.sign_in(clerk)) as client:
        key = {"Idempotency-Key": "my-new-password"}
        answer = await change(client, **key)
        assert (answer.status_code, answer.json()["subject"]) == (201, clerk), answer.text
        again = await change(client, current=OTHER, new="a-third-horse-and-cart", **key)
        assert again.headers["idempotent-replay"] == "true"
        assert (await change(client, current=OTHER, new="third-horse-and-cart")).status_code == 201
    assert await sign_in(doors, SECRET, clerk) == await sign_in(doors, OTHER, clerk) == 400
    assert await sign_in(doors, "third-horse-and-cart", clerk) == 200
    rows = await sql(door, "SELECT body FROM journal_entry WHERE event LIKE '%password%'")
    told = [json.loads(row["body"]) for row in rows if f'"{clerk}"' in row["body"]]
    assert [sorted(each) for each in told] == [["number", "person", "subject"]] * 2
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
async def test_a_password_is_refused_by_name(doors, clerk, current, new, pointer, code):
    async with doors[0].client(await doors[0].sign_in(clerk)) as client:
        answer = await change(client, current, new.replace("clerk", clerk))
        assert (answer.status_code, answer.json()["type"]) == (422, "password-rejected")
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
    assert await sign_in(doors, SECRET, clerk) == 200


async def test_a_stolen_token_does_not_guess_the_password_at_leisure(doors, clerk):
    """Planted bug: compare it beside the counting of failures."""
    async with doors[0].client(await doors[0].sign_in(clerk)) as client:
        answers = [await change(client, f"guess-number-{n:04}") for n in range(12)]
    assert [answer.status_code for answer in answers[:5]] == [422] * 5
    assert 429 in {answer.status_code for answer in answers[5:]}


async def test_a_client_does_not_change_its_secret(doors):
    door, system = doors[0], await made(doors, kind="client")
    form = {"grant_type": "client_credentials", "client_id": system, "client_secret": SECRET}
    async with door.client() as client:
        token = (await client.post("/oauth/token", data=form)).json()["access_token"]
    async with door.client(token) as system:
        assert (await change(system)).status_code == 422


async def test_a_preview_changes_nothing(doors, clerk):
    async with doors[0].client(await doors[0].sign_in(clerk)) as client:
        body = {"current": SECRET, "new": OTHER}
        answer = await client.post(f"{PASSWORD}?mode=check", json=body)
        assert (answer.status_code, answer.json()["receipt"]) == (200, None)
    assert await sign_in(doors, SECRET, clerk) == 200
