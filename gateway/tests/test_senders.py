"""Whatever a process that sends is killed at, and however many there are, nothing is lost."""

import asyncio
import itertools
import random

import pytest

from gateway.app import sender_of
from gateway.webhooks.courier import Answer

from .conftest import until
from .webhook_world import new_world

WEBHOOKS = "/api/v1/webhooks"


class Killed(BaseException):
    """The process was killed; nothing that it would have done afterwards is done."""


class Courier:
    """Carries to a list, unless it is told to be killed before or after, or to wait."""

    def __init__(self, sent):
        self.sent, self.dies, self.waits, self.is_waiting = sent, None, None, asyncio.Event()

    async def send(self, to, headers, body):
        if self.dies == "before":
            raise Killed
        if self.waits is not None:
            self.is_waiting.set()
            await self.waits.wait()
        self.sent.append((int(headers["webhook-position"]), headers["webhook-id"], body))
        if self.dies == "after":
            raise Killed
        return Answer(1, 204)

    def close(self):
        """Let go of nothing."""


@pytest.fixture(scope="module")
async def world(run_gateway):
    """Give a world whose own sender is out of the way after its first look."""
    world = await new_world(
        run_gateway,
        webhook_seconds_between=3_600.0,
        webhook_held_seconds=0.3,
        webhooks_per_client=100,
    )
    await world.approve(8080, "push.example.gov.cn")
    await world.account("own")
    yield world
    await world.close()


@pytest.fixture
async def webhook(world):
    """Give the path of a webhook that begins with what happens now."""
    own = world.clients["own"]
    body = {"url": "http://push.example.gov.cn:8080/"}
    answer = await own.post(WEBHOOKS, json=body)
    assert answer.status_code == 201, answer.text
    at = f"{WEBHOOKS}/{answer.json()['webhook']['webhook_id']}"
    yield at
    await own.post(f"{at}/ending")


@pytest.fixture
async def process(world):
    """Give a factory of processes that send to one list."""
    made = []

    def new(sent, **settings):
        usual = world.door.app.state.settings
        sender = sender_of(world.door.app.state, usual.model_copy(update=settings))
        sender.courier.close()
        sender.courier = Courier(sent)
        made.append(sender)
        return sender

    yield new
    for each in made:
        each.courier.dies = None
        await each.leave()


async def works(*senders, until_sent, sent):
    """Have processes look again and again until so much was sent."""

    async def look(each):
        while len(sent) < until_sent:
            await each.look(is_woken=True)
            await asyncio.sleep(0.01)

    async with asyncio.timeout(60):
        await asyncio.gather(*map(look, senders))


async def position(world, webhook):
    return (await world.clients["own"].get(webhook)).json()["position"]


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_process_that_is_killed_is_taken_over_and_nothing_is_lost(
    world, webhook, process, moment
):
    """Planted bugs: a message moves on before it was sent; a webhook is held for ever."""
    for n in range(4):
        world.ranking.happens(n=n)
    sent = []
    first, second = process(sent), process(sent)
    first.courier.dies = moment
    await first.look(is_woken=True)
    await until(lambda: not first.is_busy, 30.0)
    assert [each[0] for each in sent] == ([] if moment == "before" else [1])
    assert await position(world, webhook) == 0
    again = len(sent)
    await works(second, until_sent=4 + again, sent=sent)
    assert [each[0] for each in sent] == [1] * again + [1, 2, 3, 4]
    assert len({each[1:] for each in sent}) == 4


async def test_what_is_killed_while_it_freezes_has_frozen_all_or_nothing(world, webhook, process):
    """Planted bug: the cursor moves on in a transaction of its own."""
    sent = []
    first = process(sent)
    read = first.hearing.read

    async def killed(*asked):
        page = await read(*asked)
        if page.happened:
            raise Killed
        return page

    first.hearing.read = killed
    world.ranking.happens(n="frozen")
    await first.look(is_woken=True)
    await until(lambda: not first.is_busy, 30.0)
    await works(process(sent), until_sent=1, sent=sent)
    assert [each[0] for each in sent] == [1]


async def test_several_processes_send_each_message_once_and_in_order(world, webhook, process):
    """Planted bug: what another one holds is taken too."""
    sent = []
    for n in range(30):
        world.ranking.happens(n=n)
    senders = [process(sent, webhook_held_seconds=30.0) for _ in range(4)]
    await works(*senders, until_sent=30, sent=sent)
    assert [each[0] for each in sent] == [*range(1, 31)]


async def test_one_that_was_believed_dead_moves_nothing_when_it_comes_back(world, webhook, process):
    """Three things keep it: who holds it, where it is, and the number of the try. Planted
    bug: none of them is looked at when it writes down."""
    sent = []
    slow, other = process(sent), process(sent)
    slow.courier.waits = asyncio.Event()
    world.ranking.happens(n=1)
    world.ranking.happens(n=2)
    await slow.look(is_woken=True)
    await slow.courier.is_waiting.wait()
    await works(other, until_sent=2, sent=sent)
    assert [each[0] for each in sent] == [1, 2]
    slow.courier.waits.set()
    await until(lambda: not slow.is_busy, 30.0)
    assert [each[0] for each in sent] == [1, 2, 1]
    deliveries = (await world.clients["own"].get(f"{webhook}/deliveries")).json()["items"]
    assert [(each["position"], each["tries"]) for each in deliveries] == [(1, 1), (2, 1)]


async def test_killed_again_and_again_at_any_moment_nothing_is_lost_or_overtakes(
    world, webhook, process
):
    """Planted bug: `settled` moves before the message was sent."""
    draw = random.Random(7)  # noqa: S311 - a draw that can be repeated
    sent = []
    for n in range(8):
        world.ranking.happens(n=n)
    async with asyncio.timeout(60):
        while not sent or max(each[0] for each in sent) < 8:
            sender = process(sent)
            sender.courier.dies = None
            await sender.look(is_woken=True)
            await asyncio.sleep(draw.random() / 5)
            sender.courier.dies = draw.choice(["before", "after"])
            await until(lambda sender=sender: not sender.is_busy, 30.0)
    seen = [each[0] for each in sent]
    firsts = list(dict.fromkeys(seen))
    assert firsts == [*range(1, 9)]
    assert all(later >= earlier for earlier, later in itertools.pairwise(seen))
