"""What a client may reach is one of the terms of its account: narrowed by one, widened by two."""

import uuid

import pytest

from chassis.scopes import Scope

from .conftest import new_account

A = "00000000-0000-4000-8000-00000000000a"
ACCOUNTS, ME, CHOSEN = "/api/v1/accounts", "/api/v1/me", "chosen-horse-and-cart"
GIVEN: dict[str, str] = {}
"""The secrets of clients that were given to who confirmed them."""


async def make(doors, role="data_source_unit", **more):
    door, admin = doors
    subject = f"system-{uuid.uuid4().hex[:8]}"
    powerful = doors[0].app.state.matrix.roles[role].get("powerful")
    secret = None if powerful else CHOSEN
    made = new_account(subject, role, kind="client", secret=secret, **more)
    answer = await admin.post(ACCOUNTS, json={"accounts": [made]})
    assert answer.status_code == 201, answer.text
    if answer.json()["accounts"][0]["state"] == "pending":
        async with door.client(await door.sign_in("second")) as second:
            given = await second.post(f"{ACCOUNTS}/{subject}/confirmation")
        GIVEN[subject] = given.json()["secret"]
    return subject


async def token_of(door, subject, **form):
    form = {"grant_type": "client_credentials", "client_id": subject, **form}
    async with door.client() as client:
        secret = GIVEN.get(subject, CHOSEN)
        answer = await client.post("/oauth/token", data=form | {"client_secret": secret})
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


async def change(client, subject, scope):
    body = {"reason": "调整", "scope": scope}
    return await client.post(f"{ACCOUNTS}/{subject}/changes", json=body)


async def status_of(door, token):
    async with door.client(token) as client:
        return (await client.get(ME)).status_code


async def test_a_token_from_before_its_account_was_narrowed_ends(doors):
    """Planted bugs: only roles and unit are compared; a narrower token ends with the wider one."""
    door, admin = doors
    subject = await make(doors)
    wide = await token_of(door, subject)
    narrow = await token_of(door, subject, scope=f"ledger.read cycle:{A}")
    told = await change(admin, subject, "ledger.write ledger.read")
    assert told.status_code == 201, told.text
    assert told.json()["account"]["scope"] == told.json()["change"]["scope"]
    assert told.json()["account"]["scope"] == "ledger.read ledger.write"
    assert (await status_of(door, wide), await status_of(door, narrow)) == (401, 200)
    assert (await change(admin, subject, "ledger.write")).status_code == 201
    assert await status_of(door, narrow) == 401
    again = await token_of(door, subject)
    assert (await change(admin, subject, None)).status_code == 201
    assert await status_of(door, again) == 200  # what was given before is still in reach


async def test_a_wider_scope_of_a_powerful_account_waits_for_a_second_administrator(doors):
    """Planted bug: a scope is no power, and one administrator takes it away and gives it back."""
    door, admin = doors
    subject = await make(doors, "auditor", scope="rankings.read")
    wider = await change(admin, subject, "rankings.read rankings.approve")
    assert wider.json()["change"]["awaits_confirmation"] is True
    assert wider.json()["account"]["scope"] == "rankings.read"
    async with door.client(await door.sign_in("second")) as second:
        done = await second.post(f"{ACCOUNTS}/{subject}/changes/2/confirmation")
    assert done.json()["account"]["scope"] == "rankings.approve rankings.read"
    for narrower in (f"rankings.read cycle:{A}", f"cycle:{A} rankings.read releases.read"):
        answer = (await change(admin, subject, narrower)).json()
        assert answer["change"]["awaits_confirmation"] is ("releases" in narrower)


async def test_the_gateway_serves_no_route_of_its_own_outside_of_the_scope(doors):
    door, _ = doors
    subject = await make(doors, "auditor", scope="accounts.read")
    async with door.client(await token_of(door, subject)) as client:
        assert (await client.get(ACCOUNTS)).status_code == 200
        refused = await client.post("/api/v1/me/password", json={})
        assert (refused.status_code, refused.json()["missing"]) == (403, ["own-account.write"])
        assert (await client.get("/api/v1/units")).status_code == 200
        elsewhere = await client.get("/api/v1/events")
        assert elsewhere.json()["missing"] == ["events.read"]


@pytest.mark.parametrize(
    ("kind", "scope", "code"),
    [
        ("client", "everything", "unknown-scope"),
        ("client", "cycle:7", "unknown-scope"),
        ("client", f"cycle:{A.upper()}", "unknown-scope"),
        ("client", "cycle:", "unknown-scope"),
        ("client", " ", "scope-unreadable"),
        ("person", "ledger.read", "scope-of-clients"),
    ],
)
async def test_a_scope_is_refused_by_name(doors, kind, scope, code):
    _, admin = doors
    made = new_account("limited", "data_source_unit", kind=kind, scope=scope)
    answer = await admin.post(ACCOUNTS, json={"accounts": [made]})
    told = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert told == [("/accounts/0/scope", code)]
    subject = "clerk" if kind == "person" else await make(doors)
    answer = await change(admin, subject, scope)
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/scope", code)]


async def test_a_scope_that_was_on_the_token_alone_holds_at_once(door):
    """Planted bug: the gateway believes the roles of the token and forgets its scope."""
    subject = f"p-{uuid.uuid4().hex[:8]}"
    token = door.token("auditor", subject=subject, scopes="journals.read")
    async with door.client(token) as client:
        assert (await client.get(ACCOUNTS)).json()["type"] == "outside-scope"
        assert (await client.get(ME)).json()["scope"] == str(Scope.of("journals.read"))
