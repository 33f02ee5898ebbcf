"""Hosts that webhooks may be sent to: two administrators approve one, one takes it back."""

import asyncio

import pytest

from .test_account_changes import account, create, signed_in

HOSTS = "/api/v1/webhook-hosts"
NAME = "push.example.gov.cn"


async def approve(client, host=NAME, **more):
    return await client.post(HOSTS, json={"host": host, "reason": "督查平台", **more})


async def step(client, host_id, what, **body):
    return await client.post(f"{HOSTS}/{host_id}/{what}", json=body or None)


async def states(client):
    """Return the hosts with their states; each is found by its state alone."""
    found = {}
    for state in ("effective", "pending", "withdrawn"):
        items = (await client.get(HOSTS, params={"state": state})).json()["items"]
        assert {each["state"] for each in items} <= {state}
        found |= {(each["host"], each["port"]): state for each in items}
    assert len((await client.get(HOSTS)).json()["items"]) == len(found)
    return found


@pytest.fixture
async def two(run_gateway):
    """Give a gateway with the administrators `admin` and `second`, and an auditor."""
    door = await run_gateway(account_seconds=0.001)
    async with signed_in(door, "admin") as [admin]:
        await create(admin, account("auditor", "auditor", person="E3"))
        await create(admin, account("second", "system_administrator", person="E2"))
    return door


async def test_a_host_is_in_effect_when_a_second_administrator_has_confirmed_it(two, sql):
    """Planted bugs: one administrator is enough; the one who approved confirms."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        answer = await approve(admin)
        assert answer.status_code == 201, answer.text
        told = answer.json()["host"]
        assert (told["state"], told["port"], told["approved_by"]) == ("pending", 443, "admin")
        tasks = [(await each.get("/api/v1/me/tasks")).json()["tasks"] for each in (admin, second)]
        waiting = [[t["kind"] for t in each if "host" in t["about"]] for each in tasks]
        assert waiting == [[], ["confirm-webhook-host"]]
        assert tasks[1][0]["path"] == f"{HOSTS}/{told['host_id']}/confirmation"
        own = await step(admin, told["host_id"], "confirmation")
        assert (own.status_code, own.json()["type"]) == (403, "host-confirmed-by-another")
        assert await states(admin) == {(NAME, 443): "pending"}
        done = await step(second, told["host_id"], "confirmation")
        assert done.status_code == 201, done.text
        assert done.json()["host"]["confirmed_by"] == "second"
        twice = await step(second, told["host_id"], "confirmation")
        assert (twice.status_code, twice.json()["type"]) == (409, "host-not-pending")
    events = await sql(
        two, "SELECT event FROM journal_entry WHERE event LIKE '%host%' ORDER BY seq"
    )
    assert [each["event"].rpartition("-")[2] for each in events] == ["approved", "confirmed"]


async def test_while_there_is_one_administrator_a_host_is_in_effect_at_once(run_gateway, sql):
    door = await run_gateway()
    async with signed_in(door, "admin") as [admin]:
        answer = await approve(admin)
        assert answer.json()["host"]["state"] == "effective"
    [entry] = await sql(door, "SELECT body FROM journal_entry WHERE event LIKE '%host-approved'")
    assert '"grant":"granted-by-one"' in entry["body"]


async def test_one_administrator_withdraws_a_host_and_it_may_be_approved_anew(two):
    """Planted bug: a host that was withdrawn is still known."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        first = (await approve(admin)).json()["host"]["host_id"]
        known = await approve(second)
        assert (known.status_code, known.json()["type"]) == (409, "host-known")
        assert (await approve(admin, port=8443)).status_code == 201
        gone = await step(second, first, "withdrawal", reason="停用")
        assert gone.status_code == 201, gone.text
        assert gone.json()["host"]["withdrawal_reason"] == "停用"
        late = await step(second, first, "confirmation")
        assert late.json()["type"] == "host-not-pending"
        assert await states(admin) == {(NAME, 443): "withdrawn", (NAME, 8443): "pending"}
        twice = await step(admin, first, "withdrawal", reason="停用")
        assert (twice.status_code, twice.json()["type"]) == (409, "host-withdrawn")
        assert (await approve(admin)).status_code == 201
        nobody = await step(admin, "00000000-0000-4000-8000-000000000009", "confirmation")
        assert (nobody.status_code, nobody.json()["type"]) == (404, "no-such-host")


async def test_a_host_that_nobody_confirmed_for_seven_days_is_withdrawn_by_itself(two, sql):
    """Planted bugs: it waits for ever, and is in the way of whoever approves it anew."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        first = (await approve(admin)).json()["host"]["host_id"]
        await sql(
            two,
            "DO $$ BEGIN SET LOCAL session_replication_role = replica;"
            " UPDATE webhook_host SET approved_at = approved_at - interval '7 days'; END $$",
        )
        assert await states(admin) == {(NAME, 443): "withdrawn"}
        late = await step(second, first, "confirmation")
        assert (late.status_code, late.json()["type"]) == (409, "host-not-pending")
        tasks = (await second.get("/api/v1/me/tasks")).json()["tasks"]
        assert "confirm-webhook-host" not in {each["kind"] for each in tasks}
        anew = (await approve(admin)).json()["host"]["host_id"]
        assert (await step(second, anew, "confirmation")).status_code == 201


async def test_of_several_who_approve_a_host_at_once_one_does(two):
    """Planted bug: whether it is known is asked without the lock."""
    async with signed_in(two, "admin", "second") as clients:
        answers = await asyncio.gather(*(approve(each) for each in clients * 4))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 7


async def test_only_a_host_that_can_be_called_is_approved(two, sql):
    async with signed_in(two, "admin", "auditor") as [admin, auditor]:
        for host, code in {
            "127.0.0.1": "address-not-allowed",
            "10.0.0.1": "address-not-allowed",
            "::1": "address-not-allowed",
            "127.1": "no-such-host",
            "localhost": "no-such-host",
            "a.localhost": "address-not-allowed",
            "例子.中国": "no-such-host",
            f"{NAME}/x": "no-such-host",
            f"{NAME}:443": "no-such-host",
            f"a@{NAME}": "no-such-host",
        }.items():
            answer = await approve(admin, host)
            assert (answer.status_code, answer.json()["type"]) == (422, "host-rejected"), host
            assert [each["code"] for each in answer.json()["errors"]] == [code], host
        assert (await approve(admin, port=0)).status_code == 422
        assert (await approve(auditor)).status_code == 403
        assert await states(auditor) == {}
    assert await sql(two, "SELECT * FROM webhook_host") == []
