"""What a receiver is sent: in order, signed, what its account may know of, at least once."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from .conftest import until
from .webhook_world import CYCLE, eventually, new_world, receiving

WEBHOOKS = "/api/v1/webhooks"


@pytest.fixture(scope="module")
async def world(run_gateway):
    world = await new_world(
        run_gateway,
        webhook_seconds_between=0.02,
        pulse_seconds=0.02,
        webhook_first_pause=0.02,
        webhook_tries=3,
        webhook_held_seconds=2.0,
        webhook_seconds=2.0,
        webhook_payload_days=0.0,
        webhooks_per_client=100,
    )
    for unit in ("A1", "A2"):
        await world.account(unit, unit=unit)
    yield world
    await world.close()


class Wired:
    """A webhook of a client, and the receiver that it is sent to."""

    def __init__(self, client, receiver, told):
        self.client, self.receiver, self.secret = client, receiver, told["secret"]
        self.at = f"{WEBHOOKS}/{told['webhook']['webhook_id']}"

    async def read(self):
        return (await self.client.get(self.at)).json()

    async def step(self, what, **body):
        answer = await self.client.post(f"{self.at}/{what}", json=body or None)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def deliveries(self, **asked):
        answer = await self.client.get(f"{self.at}/deliveries", params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def state(self, wanted):
        async def holds():
            return (await self.read())["state"] == wanted

        await eventually(holds)

    async def settled(self, position):
        async def holds():
            return (await self.read())["position"] >= position

        await eventually(holds)

    async def sent(self, number):
        await until(lambda: len(self.receiver.sent) >= number, 30.0)
        return self.receiver.sent


@asynccontextmanager
async def wired(world, subject="A1", **more):
    async with receiving() as receiver:
        await world.approve(receiver.port)
        client = world.clients[subject]
        answer = await client.post(WEBHOOKS, json={"url": receiver.url, **more})
        assert answer.status_code == 201, answer.text
        each = Wired(client, receiver, answer.json())
        try:
            yield each
        finally:
            receiver.answer = 204
            if (await each.read())["state"] != "ended":
                await each.step("ending")


async def worked(world):
    """Have the sender look once more, and wait until it has done what it found."""
    sender = world.door.app.state.sender
    await until(lambda: not sender.is_busy, 30.0)
    await sender.look(is_woken=True)
    await until(lambda: not sender.is_busy, 30.0)


def verified(secret, sent):
    return Webhook(secret).verify(sent.body, sent.headers)


async def test_events_come_signed_in_their_order_as_the_feed_tells_them(world):
    """Planted bugs: what is signed is not what is sent; a number of the feed in the place of the
    position."""
    async with wired(world) as own:
        before = (await own.client.get("/api/v1/events?after=end")).json()["cursor"]
        for n in range(5):
            world.ranking.happens(edition=n)
        sent = await own.sent(5)
        fed = (await own.client.get("/api/v1/events", params={"after": before})).json()["events"]
        assert [verified(own.secret, each) for each in sent] == fed
        assert [each.event["data"]["edition"] for each in sent] == [0, 1, 2, 3, 4]
        assert own.receiver.positions() == [1, 2, 3, 4, 5]
        assert [each.headers["webhook-id"] for each in sent] == [each["id"] for each in fed]
        assert sent[0].headers["content-type"] == "application/cloudevents+json"
        await own.settled(5)


async def test_what_was_altered_or_is_old_or_of_another_is_not_believed(world):
    """Planted bugs: the moment or the id is not signed."""
    async with wired(world) as own, wired(world) as other:
        world.ranking.happens()
        [sent], [strange] = await own.sent(1), await other.sent(1)
        for headers, body in (
            (sent.headers | {"webhook-id": "x"}, sent.body),
            (sent.headers | {"webhook-timestamp": str(int(sent.headers["webhook-timestamp"]) - 1)},
             sent.body),
            (sent.headers, sent.body.replace(b"publication", b"publicatiom")),
            (strange.headers, sent.body),
            (sent.headers | {"webhook-timestamp": "1"}, sent.body),
        ):  # fmt: skip
            with pytest.raises(WebhookVerificationError):
                Webhook(own.secret).verify(body, headers)
        assert verified(other.secret, strange) == verified(own.secret, sent)


async def test_each_hears_what_its_account_may_and_its_positions_tell_of_nothing_else(world):
    """Planted bug: positions count all events of the feed."""
    async with wired(world, "A1") as one, wired(world, "A2") as two:
        for unit in ("A2", "A1", "A2", "A2", None, "A1"):
            world.ranking.happens(unit, of=unit)
        assert [each.event["data"]["of"] for each in await one.sent(3)] == ["A1", None, "A1"]
        assert [each.event["data"]["of"] for each in await two.sent(4)] == ["A2", "A2", "A2", None]
        assert one.receiver.positions() == [1, 2, 3]
        assert two.receiver.positions() == [1, 2, 3, 4]
        assert "A2" not in json.dumps(await one.deliveries())


async def test_only_the_types_and_the_cycle_that_are_wanted_are_sent_also_from_the_first(world):
    async with wired(world, types=["cycle.begun"], cycle_id=CYCLE, start="first") as own:
        world.ranking.happens()
        world.ranking.happens(kind="cycle.begun", name="二〇二六")
        [sent] = await own.sent(1)
        assert (sent.event["type"], sent.event["data"]["name"]) == ("cycle.begun", "二〇二六")
    async with wired(world, start="first") as own:
        heard = sum(unit in (None, "A1") for unit, _, _ in world.ranking.events)
        assert len(await own.sent(heard)) == heard


async def test_a_message_that_is_not_taken_comes_again_before_those_behind_it(world):
    """Planted bug: the next message is sent while one waits to be tried again."""
    async with wired(world) as own:
        answers = [500, "hang up", 204]
        own.receiver.answer = lambda sent: answers.pop(0) if len(answers) > 1 else 204
        world.ranking.happens()
        world.ranking.happens()
        sent = await own.sent(4)
        assert own.receiver.positions() == [1, 1, 1, 2]
        assert len({each.headers["webhook-id"] for each in sent[:3]}) == 1
        assert all(verified(own.secret, each) for each in sent)
        await own.settled(2)
        first, second = await own.deliveries()
        assert (first["state"], first["tries"], first["status"]) == ("delivered", 3, 204)
        assert (second["state"], second["tries"]) == ("delivered", 1)
        told = (await own.client.get(f"{own.at}/deliveries/1")).json()["attempts"]
        assert [(each["outcome"], each["status"], each["reason"]) for each in told] == [
            ("failed", 500, "refused"), ("failed", None, "answer-not-understood"),
            ("taken", 204, None),
        ]  # fmt: skip


async def test_a_message_that_nobody_takes_is_given_up_and_does_not_block_the_others(world):
    """Planted bug: a message is tried for ever."""
    async with wired(world) as own:
        own.receiver.answer = lambda sent: 400 if sent.event["data"].get("bad") else 204
        for bad in (0, 1, 0):
            world.ranking.happens(bad=bad)
        await own.sent(5)
        assert own.receiver.positions() == [1, 2, 2, 2, 3]
        await own.settled(3)
        assert [each["position"] for each in await own.deliveries(state="dead")] == [2]
        assert [each["position"] for each in await own.deliveries(state="delivered")] == [1, 3]
        assert (await own.read())["failing_since"] is None


async def test_a_webhook_that_fails_for_long_is_disabled_and_goes_on_when_it_is_resumed(world, sql):
    """Planted bugs: it is tried for ever; what waits meanwhile is lost."""
    async with wired(world) as own:
        own.receiver.answer = 500
        sender = world.door.app.state.sender
        usual = sender.settings
        sender.settings = usual.model_copy(update={"webhook_disabled_after": 0.1})
        for _ in range(20):
            world.ranking.happens()
        await own.state("disabled")
        sender.settings = usual
        now = await own.read()
        assert (now["state_reason"], now["failing_since"] is None) == ("failing", False)
        tasks = (await own.client.get("/api/v1/me/tasks")).json()["tasks"]
        assert [each["kind"] for each in tasks] == ["resume-webhook"]
        assert tasks[0]["path"] == f"{own.at}/resumption"
        async with await world.admin() as admin:
            tasks = (await admin.get("/api/v1/me/tasks")).json()["tasks"]
            assert "resume-webhook" in [each["kind"] for each in tasks]
        world.ranking.happens(late=True)
        count, own.receiver.answer = len(own.receiver.sent), 204
        await own.step("resumption")
        sent = await own.sent(count + 1)
        await until(lambda: sent[-1].event["data"].get("late"), 30.0)
        positions = own.receiver.positions()
        assert positions == sorted(positions)
        assert set(positions) == set(range(1, 22))
    told = await sql(world.door, "SELECT body FROM journal_entry WHERE event LIKE '%-disabled'")
    assert '"why":"failing"' in told[-1]["body"]


async def test_a_receiver_that_is_gone_is_asked_no_more(world):
    async with wired(world) as own:
        own.receiver.answer = 410
        world.ranking.happens()
        await own.state("disabled")
        assert (await own.read())["state_reason"] == "gone"
        assert len(own.receiver.sent) == 1


async def test_while_two_secrets_are_alive_both_sign(world):
    """Planted bug: the newest alone signs."""
    async with wired(world) as own:
        second = (await own.step("secrets", overlap_hours=1))["secret"]
        world.ranking.happens()
        [sent] = await own.sent(1)
        assert verified(own.secret, sent) == verified(second, sent)
        third = (await own.step("secrets", overlap_hours=0))["secret"]
        world.ranking.happens()
        sent = (await own.sent(2))[1]
        assert verified(third, sent)
        for former in (own.secret, second):
            with pytest.raises(WebhookVerificationError):
                verified(former, sent)


async def test_a_receiver_that_never_answers_holds_up_nobody_else(world):
    """Planted bug: one message is sent after the other over all webhooks."""
    async with wired(world) as slow, wired(world) as quick:
        slow.receiver.answer = "hang"
        for _ in range(5):
            world.ranking.happens()
        await quick.sent(5)
        assert quick.receiver.positions() == [1, 2, 3, 4, 5]
        assert {*slow.receiver.positions()} <= {1}


async def test_an_account_that_is_disabled_or_narrowed_gets_nothing_more(world):
    """Planted bugs: what was frozen is sent whatever became of the account; the feed is read with
    the rights of before."""
    await world.account("mover", unit="A1")
    changes = "/api/v1/accounts/mover/changes"
    async with wired(world, "mover") as own, await world.admin() as admin:
        sender = world.door.app.state.sender
        own.receiver.answer = 500
        world.ranking.happens("A1", secret="of A1")
        world.ranking.happens(None, open="to all")
        await own.sent(1)
        await own.step("pause")
        await until(lambda: not sender.is_busy, 30.0)
        moved = await admin.post(changes, json={"unit": "A2", "reason": "调整"})
        assert moved.status_code == 201, moved.text
        count, own.receiver.answer = len(own.receiver.sent), 204
        own.client = await world.client("mover")
        await own.step("resumption")
        world.ranking.happens("A1", secret="also")
        world.ranking.happens("A2", open="to A2")
        late = [each.event["data"] for each in (await own.sent(count + 2))[count:]]
        assert [each.get("open") for each in late] == ["to all", "to A2"]
        assert own.receiver.positions()[count:] == [1, 2]
        stopped = await admin.post(changes, json={"enabled": False, "reason": "停用"})
        assert stopped.status_code == 201, stopped.text
        world.ranking.happens(None, open="too late")
        await worked(world)
        assert len(own.receiver.sent) == count + 2
        back = await admin.post(changes, json={"enabled": True, "reason": "恢复"})
        assert back.status_code == 201
        own.client = await world.client("mover")


async def test_nothing_is_missed_while_a_webhook_is_paused(world):
    async with wired(world) as own:
        await own.step("pause")
        world.ranking.happens(n=1)
        world.ranking.happens(n=2)
        await worked(world)
        assert own.receiver.sent == []
        await own.step("resumption")
        assert [each.event["data"]["n"] for each in await own.sent(2)] == [1, 2]


async def test_nothing_is_sent_to_a_host_that_was_withdrawn(world):
    """Planted bug: whether it is approved is asked when the webhook is made alone."""
    async with wired(world) as own, await world.admin() as admin:
        hosts = (await admin.get("/api/v1/webhook-hosts?limit=200")).json()["items"]
        [host] = [each for each in hosts if each["port"] == own.receiver.port]
        at = f"/api/v1/webhook-hosts/{host['host_id']}/withdrawal"
        assert (await admin.post(at, json={"reason": "停用"})).status_code == 201
        world.ranking.happens()

        async def tried():
            return any(each["tries"] for each in await own.deliveries())

        await eventually(tried)
        [told, *_] = await own.deliveries()
        assert told["reason"] == "host-not-approved"
        assert own.receiver.sent == []


async def test_deliveries_are_sent_again_by_event_or_range_before_those_that_wait(world):
    """Planted bugs: they get another id; one that was given up stays so when it was taken."""
    async with wired(world) as own:
        own.receiver.answer = lambda sent: 400 if sent.event["data"]["n"] == 2 else 204
        for n in (1, 2, 3):
            world.ranking.happens(n=n)
        await own.settled(3)
        [dead] = await own.deliveries(state="dead")
        own.receiver.answer = 204
        first, count = list(own.receiver.sent), len(own.receiver.sent)
        told = await own.step("redeliveries", event_id=dead["event_id"])
        assert (told["first"], told["last"]) == (2, 2)
        [again] = (await own.sent(count + 1))[count:]
        assert (again.position, again.headers["webhook-id"]) == (2, dead["event_id"])
        assert again.body == first[1].body
        assert verified(own.secret, again)
        assert (await own.step("redeliveries", first=1, last=3))["number"] == 2
        await own.sent(count + 4)
        assert own.receiver.positions()[count:] == [2, 1, 2, 3]
        world.ranking.happens(n=4)
        await own.settled(4)
        assert await own.deliveries(state="dead") == []
        told = (await own.client.get(f"{own.at}/deliveries/2")).json()["attempts"]
        assert [each["redelivery"] for each in told if each["outcome"] == "taken"] == [1, 2]


async def test_what_cannot_be_sent_again_is_refused_by_name(world):
    """Planted bug: what was made for other rights is sent again."""
    async with wired(world) as own:
        world.ranking.happens()
        await own.settled(1)
        for body, code in (
            ({"first": 1, "last": 2}, "not-sent-yet"),
            ({"first": 2, "last": 1}, "ends-before-it-begins"),
            ({"event_id": "nothing"}, "no-such-event"),
        ):
            answer = await own.client.post(f"{own.at}/redeliveries", json=body)
            assert (answer.status_code, answer.json()["type"]) == (422, "redelivery-rejected")
            assert [each["code"] for each in answer.json()["errors"]] == [code]
        for body in ({}, {"first": 1}, {"event_id": "x", "first": 1, "last": 1}, {"first": 0}):
            answer = await own.client.post(f"{own.at}/redeliveries", json=body)
            assert (answer.status_code, answer.json()["type"]) == (422, "malformed-request")
        assert (await own.client.get(f"{own.at}/deliveries/2")).status_code == 404
        await own.step("pause")
        for _ in range(10):
            await own.step("redeliveries", first=1, last=1)
        answer = await own.client.post(f"{own.at}/redeliveries", json={"first": 1, "last": 1})
        assert (answer.status_code, answer.json()["type"]) == (409, "too-many-redeliveries")


async def test_payloads_are_taken_away_when_they_were_kept_for_long_enough(world, sql):
    """Planted bugs: one that was not delivered loses its payload too; rows can be rewritten."""
    async with wired(world) as own:
        own.receiver.answer = lambda sent: 400 if sent.event["data"].get("bad") else 204
        world.ranking.happens()
        world.ranking.happens(bad=True)
        await own.settled(2)
        await world.door.app.state.sender.purge()
        assert [each["has_payload"] for each in await own.deliveries()] == [False, True]
        answer = await own.client.post(f"{own.at}/redeliveries", json={"first": 1, "last": 2})
        assert [each["code"] for each in answer.json()["errors"]] == ["payload-not-kept"]
    async with world.door.app.state.sessions() as db:
        for change in ("payload = 'x'", "event_id = 'x'", "position = 9"):
            with pytest.raises(DBAPIError):
                await db.execute(text(f"UPDATE webhook_message SET {change}"))  # noqa: S608 - ours
            await db.rollback()


async def test_a_test_is_sent_at_once_and_says_what_came_of_it(world):
    """Planted bugs: it takes a position; one that is only checked is sent; several are at once."""
    async with wired(world) as own:
        checked = await own.client.post(f"{own.at}/test?mode=check")
        assert (checked.status_code, checked.json()["outcome"]) == (200, "not-sent")
        assert own.receiver.sent == []
        tries = await asyncio.gather(*(own.client.post(f"{own.at}/test") for _ in range(5)))
        assert sorted(each.status_code for each in tries) == [201, 409, 409, 409, 409]
        [told] = [each.json() for each in tries if each.status_code == 201]
        assert (told["outcome"], told["status"], told["reason"]) == ("taken", 204, None)
        [sent] = own.receiver.sent
        assert verified(own.secret, sent)["type"] == "webhook.test"
        assert sent.position == 0
        again = await own.client.post(f"{own.at}/test")
        assert (again.status_code, again.json()["type"]) == (409, "tested-just-now")
        world.ranking.happens()
        assert (await own.sent(2))[1].position == 1
    async with wired(world) as own:
        own.receiver.answer = 302
        told = await own.step("test")
        assert (told["outcome"], told["reason"]) == ("failed", "redirected")


async def test_others_see_nothing_of_deliveries_and_send_nothing(world):
    async with wired(world) as own, await world.admin() as admin:
        world.ranking.happens()
        await own.settled(1)
        for client in (world.clients["A2"], admin):
            for path in ("deliveries", "deliveries/1"):
                assert (await client.get(f"{own.at}/{path}")).status_code == 404
            for path, body in (("redeliveries", {"first": 1, "last": 1}), ("test", None)):
                assert (await client.post(f"{own.at}/{path}", json=body)).status_code == 404
        assert len(own.receiver.sent) == 1


async def test_what_is_sent_is_within_the_scope_of_the_account_and_of_who_made_it(world):
    """Planted bugs: a token without `events.read` has all events sent; the feed is read without the
    scope of the account."""
    scope = f"events.read webhooks.read webhooks.write cycle:{CYCLE}"
    client = await world.account("scoped", unit="A1", scope=scope)
    changes = "/api/v1/accounts/scoped/changes"
    missed = await client.post(WEBHOOKS, json={"url": "http://127.0.0.1:1/"})
    assert (missed.status_code, missed.json()["type"]) == (403, "outside-scope")
    narrow = await world.client("scoped", scope=f"webhooks.write cycle:{CYCLE}")
    body = {"url": "http://127.0.0.1:1/", "cycle_id": CYCLE}
    missed = await narrow.post(WEBHOOKS, json=body)
    assert missed.json()["missing"] == ["events.read"]
    world.clients["scoped"] = client
    async with wired(world, "scoped", cycle_id=CYCLE) as own, await world.admin() as admin:
        world.ranking.happens(n=1)
        await own.settled(1)
        for less in ("cycle:00000000-0000-4000-8000-000000000009", "webhooks.read webhooks.write"):
            changed = await admin.post(changes, json={"scope": less, "reason": "调整"})
            assert changed.status_code == 201, changed.text
            world.ranking.happens(n=2)
            await worked(world)
            assert own.receiver.positions() == [1]
        changed = await admin.post(changes, json={"scope": scope, "reason": "调整"})
        assert changed.status_code == 201, changed.text
        own.client = await world.client("scoped")
    await narrow.aclose()
