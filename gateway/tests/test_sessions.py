"""Signing in once: tokens that are renewed, sessions that end, and copies that are noticed."""

import asyncio
import base64
import json
import re
import uuid

import httpx
import pytest

from gateway.sessions import MOST_OPEN

from .conftest import SECRET, answer_with

TOKEN, REVOKE = "/oauth/token", "/oauth/revoke"
OWN = "/api/v1/me/sessions"


@pytest.fixture(scope="module")
async def door(run_gateway):
    return await run_gateway(account_seconds=0.05)


async def person(door, **more):
    """Make a person and return the name; the password is SECRET."""
    made = await door.create("organiser", secret=SECRET, **more)
    return made["subject"]


async def signed_in(door, name, secret=SECRET, **headers):
    async with door.client(**headers) as client:
        form = {"grant_type": "password", "username": name, "password": secret}
        answer = await client.post(TOKEN, data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def renewed(door, token):
    async with door.client() as client:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return await client.post(TOKEN, data=form)


async def asks(door, tokens):
    """Return the status that whoever has these tokens gets."""
    async with door.client(tokens["access_token"]) as client:
        return (await client.get("/api/v1/me")).status_code


async def own(door, tokens):
    async with door.client(tokens["access_token"]) as client:
        answer = await client.get(OWN)
    assert answer.status_code == 200, answer.text
    return answer.json()["sessions"]


async def test_a_person_goes_on_without_the_password(door):
    name = await person(door)
    first = await signed_in(door, name)
    answer = await renewed(door, first["refresh_token"])
    second = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert second["refresh_token"] != first["refresh_token"]
    assert await asks(door, second) == 200
    [session] = await own(door, second)
    assert (session["is_this_one"], session["kind"]) == (True, "bearer")
    assert session["refreshed_at"] is not None


async def test_a_client_gets_no_refresh_token(door):
    made = await door.create("data_source_unit", kind="client", unit="ZH02")
    async with door.client() as client:
        form = {"client_id": made["subject"], "client_secret": made["secret"]}
        answer = await client.post(TOKEN, data={"grant_type": "client_credentials", **form})
    assert set(answer.json()) == {"access_token", "token_type", "expires_in"}


async def test_a_refresh_token_that_is_used_again_ends_the_session(door):
    """Planted bug: the use is looked up and not added by its key."""
    first = await signed_in(door, await person(door))
    second = (await renewed(door, first["refresh_token"])).json()
    again = await renewed(door, first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await renewed(door, second["refresh_token"])).status_code == 400
    await asyncio.sleep(0.1)
    assert await asks(door, first) == await asks(door, second) == 401


async def test_of_two_at_one_time_one_is_given_the_next_tokens(door):
    first = await signed_in(door, await person(door))
    answers = await asyncio.gather(*(renewed(door, first["refresh_token"]) for _ in range(8)))
    # Who tries the same one so often at once is slowed down as well.
    refused = sorted(each.status_code for each in answers)[1:]
    assert set(refused) <= {400, 429}
    assert refused[0] == 400
    [won] = [each.json() for each in answers if each.status_code == 200]
    await asyncio.sleep(0.1)
    assert await asks(door, won) == 401  # nobody can tell who has the copy


@pytest.mark.parametrize("token", ["", "x", "refresh_token" * 12, "A" * 43, "é", "' OR 1=1 --"])
async def test_what_is_no_refresh_token_opens_nothing(door, token):
    answer = await renewed(door, token)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_signing_out_ends_the_session_by_either_token(door):
    name = await person(door)
    for which in ("refresh_token", "access_token"):
        tokens, other = await signed_in(door, name), await signed_in(door, name)
        async with door.client() as client:
            for _ in range(2):  # a token that opens nothing is answered alike
                answer = await client.post(REVOKE, data={"token": tokens[which]})
                assert (answer.status_code, answer.json()) == (200, {"signed_out": True})
        await asyncio.sleep(0.1)
        assert (await asks(door, tokens), await asks(door, other)) == (401, 200)
        assert (await renewed(door, tokens["refresh_token"])).status_code == 400
    async with door.client() as client:
        assert (await client.post(REVOKE, data={"token": "nothing"})).status_code == 200
        for data in ({}, {"token": ""}, {"token_type_hint": "x"}, {"token": ["a", "b"]}):
            answer = await client.post(REVOKE, data=data)
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_the_token_of_a_system_is_not_said_to_be_revoked(door):
    """Planted bug: it is answered as though its session had ended, and goes on."""
    token = door.token("data_source_unit", unit="ZH02")
    async with door.client() as client:
        answer = await client.post(REVOKE, data={"token": token})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_token_type")


async def test_a_person_sees_and_ends_his_own_sessions_alone(door):
    """Planted bug: the session is looked for among those of all."""
    name, other = await person(door), await person(door)
    here = await signed_in(door, name, **{"User-Agent": "Firefox\n on the second floor" * 30})
    there, strange = await signed_in(door, name), await signed_in(door, other)
    found = await own(door, here)
    assert [each["is_this_one"] for each in found] == [False, True]
    assert len(found[1]["device"]) == 200
    [foreign] = await own(door, strange)
    async with door.client(here["access_token"]) as client:
        for wanted in (foreign["session_id"], str(uuid.uuid4())):
            answer = await client.post(f"{OWN}/{wanted}/end")
            assert (answer.status_code, answer.json()["type"]) == (404, "no-such-session")
        ended = await client.post(f"{OWN}/{found[0]['session_id']}/end")
        assert (ended.status_code, ended.json()["receipt"]["chain"]) == (201, "sessions")
        again = await client.post(f"{OWN}/{found[0]['session_id']}/end")
        assert again.status_code == 404
    await asyncio.sleep(0.1)
    assert [await asks(door, each) for each in (here, there, strange)] == [200, 401, 200]


async def test_another_password_ends_all_other_sessions(door):
    """Planted bug: sessions are left as they are."""
    name = await person(door)
    here, there = await signed_in(door, name), await signed_in(door, name)
    async with door.client(here["access_token"]) as client:
        body = {"current": SECRET, "new": "another-horse-and-cart"}
        assert (await client.post("/api/v1/me/password", json=body)).status_code == 201
    await asyncio.sleep(0.1)
    assert (await asks(door, here), await asks(door, there)) == (200, 401)
    assert (await renewed(door, there["refresh_token"])).status_code == 400
    assert (await renewed(door, here["refresh_token"])).status_code == 200


async def test_the_sessions_of_a_disabled_account_do_not_come_back(door):
    """Planted bug: disabling ends no session."""
    name = await person(door)
    tokens = await signed_in(door, name)
    admin = door.token("system_administrator", subject="admin")
    async with door.client(admin) as client:
        for enabled, expected in ((False, 401), (True, 401)):
            path = f"/api/v1/accounts/{name}"
            change = {"enabled": enabled, "reason": "休假"}
            tag = (await client.get(path)).headers["etag"]
            answer = await client.post(f"{path}/changes", json=change, headers={"If-Match": tag})
            assert answer.status_code == 201, answer.text
            await asyncio.sleep(0.1)
            assert await asks(door, tokens) == expected
            assert (await renewed(door, tokens["refresh_token"])).status_code == 400


async def test_a_session_ends_in_time(door, sql):
    """Planted bug: a refresh token holds for as long as its session."""
    idle, whole = [await signed_in(door, await person(door)) for _ in range(2)]
    await sql(door, "ALTER TABLE refresh_token DISABLE TRIGGER USER")
    await sql(door, "ALTER TABLE session DISABLE TRIGGER USER")
    for table, tokens in (("refresh_token", idle), ("session", whole)):
        [session] = await own(door, tokens)
        statement = "UPDATE {} SET expires_at = now() WHERE session_id = '{}'"
        await sql(door, statement.format(table, session["session_id"]))
    await asyncio.sleep(0.1)
    assert (await asks(door, idle), await asks(door, whole)) == (200, 401)
    for tokens in (idle, whole):
        assert (await renewed(door, tokens["refresh_token"])).status_code == 400


async def test_only_so_many_sessions_are_open(door):
    name = await person(door)
    tokens = [await signed_in(door, name) for _ in range(MOST_OPEN + 1)]
    await asyncio.sleep(0.1)
    assert [await asks(door, each) for each in tokens[:2]] == [401, 200]
    assert len(await own(door, tokens[-1])) == MOST_OPEN


async def test_whether_somebody_signed_in_is_in_the_journal_and_no_token_anywhere(door, sql):
    tokens = await signed_in(door, await person(door))
    await renewed(door, tokens["refresh_token"])
    async with door.client(door.token("auditor")) as client:
        path = "/api/v1/journals/gateway/chains/sessions"
        told = (await client.get(path, params={"limit": 200})).text
        assert (await client.get(f"{path}/verification")).json()["holds"]
    assert "gateway.session-opened" in told
    rows = "SELECT t::text AS row FROM refresh_token t UNION ALL SELECT s::text FROM session s"
    everything = str(await sql(door, rows))
    for secret in (tokens["refresh_token"], tokens["access_token"]):
        assert secret not in told + everything


async def test_who_has_a_session_is_not_held_back_by_others_of_the_same_address(run_gateway):
    """Planted bug: a try with a token is counted for nobody, and so for all."""
    door = await run_gateway(sign_in_failures=3)
    tokens = await signed_in(door, await person(door))
    answers = [await renewed(door, f"guess-{n}") for n in range(6)]
    assert answers[-1].status_code == 429
    assert (await renewed(door, tokens["refresh_token"])).status_code == 200


async def test_refreshing_is_slowed_down_for_who_guesses(run_gateway):
    door = await run_gateway(sign_in_failures=3)
    answers = [await renewed(door, f"guess-{n}") for n in range(6)]
    assert [each.status_code for each in answers][-1] == 429
    assert re.fullmatch("[0-9]+", answers[-1].headers["retry-after"])


async def test_a_request_that_runs_goes_on_and_the_next_one_finds_its_role_gone(run_gateway):
    """Planted bugs: what an account may do is read once for a session; a request that has been let
    in is asked for its rights again and broken off, while the service has done it already."""
    held, go_on = asyncio.Event(), asyncio.Event()

    async def slow(scope, receive, send):
        held.set()
        await go_on.wait()
        await answer_with(httpx.Response(201, json={}), send)

    door = await run_gateway({"indicators": httpx.ASGITransport(slow)}, account_seconds=0.001)
    name = await person(door)
    tokens = await signed_in(door, name)
    async with (
        door.client(tokens["access_token"]) as client,
        door.client(door.token("system_administrator", subject="admin")) as admin,
    ):
        running = asyncio.create_task(client.get("/api/v1/units"))
        await held.wait()
        change = {"roles": ["panel_member"], "reason": "调整"}
        changed = await admin.post(f"/api/v1/accounts/{name}/changes", json=change)
        assert changed.status_code == 201, changed.text
        go_on.set()
        assert (await running).status_code == 201
        assert (await client.get("/api/v1/units")).status_code == 401
    other = await renewed(door, tokens["refresh_token"])
    assert other.status_code == 200  # the session goes on, with what the account is now
    claims = json.loads(base64.urlsafe_b64decode(other.json()["access_token"].split(".")[1] + "=="))
    assert claims["roles"] == ["panel_member"]
