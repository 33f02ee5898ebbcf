"""How many requests are at a service at one time, and what becomes of those who come then."""

import asyncio

import httpx
import pytest

from gateway.capacity import LATEST, Capacity, Pace, Queue, Returns
from gateway.refusals import ServiceBusy

from .conftest import until

UNITS = "/api/v1/units"
ENTRIES = "/api/v1/cycles/7/ledger-entries"
LONG = 8.0


class Slow:
    """A service that answers when it is told to."""

    def __init__(self):
        self.asked = []
        self.go_on = asyncio.Event()

    async def __call__(self, request):
        self.asked.append(request)
        await self.go_on.wait()
        return httpx.Response(200, json={})


@pytest.fixture(scope="module")
async def narrow(run_gateway):
    """Give a door that lets one request be at each service, and one wait."""
    slow, through = Slow(), {}
    transports = {
        "indicators": httpx.MockTransport(lambda r: slow(r)),
        "scoring": httpx.MockTransport(lambda r: through["scoring"](r)),
    }
    door = await run_gateway(transports, at_once=1, queue_places=1, queue_seconds=LONG)
    door.slow, door.through = slow, through
    return door


@pytest.fixture
async def door(narrow):
    narrow.slow.__init__()
    yield narrow
    narrow.slow.go_on.set()


async def ask(door, path=UNITS, token=None, **headers):
    async with door.client(token or door.token("performance_office"), **headers) as client:
        return await client.get(path)


async def test_who_finds_no_place_is_told_at_once_when_to_come_back(door):
    """Planted bugs: let everybody wait; leave out Retry-After."""
    inside, waiting = (asyncio.create_task(ask(door)) for _ in range(2))
    await until(lambda: door.slow.asked)
    await asyncio.sleep(0.05)
    refused = await ask(door)
    assert (refused.status_code, refused.json()["type"]) == (503, "service-busy")
    assert refused.headers["retry-after"] == "1"
    assert len(door.slow.asked) == 1
    door.slow.go_on.set()
    assert {(await one).status_code for one in (inside, waiting)} == {200}


async def test_a_service_is_not_held_up_by_whom_it_is_waited_for(door):
    """A command that reads from another service while that one is full.

    Planted bug: let a request wait whose pass says that somebody inside waits for it.
    """

    async def command(request):
        shown = {"X-Door-Pass": request.headers["x-door-pass"]}
        nested = asyncio.create_task(ask(door, "/api/v1/cycles", **shown))
        await until(lambda: len(door.slow.asked) == 2)
        door.slow.go_on.set()
        return httpx.Response((await nested).status_code, json={})

    door.through["scoring"] = command
    reader, waiting = (asyncio.create_task(ask(door)) for _ in range(2))
    await until(lambda: door.slow.asked)
    assert (await ask(door, ENTRIES)).status_code == 200
    assert {(await one).status_code for one in (reader, waiting)} == {200}


@pytest.mark.parametrize("is_old", [True, False])
async def test_a_pass_cannot_be_made_up_or_kept(door, is_old):
    """Planted bugs: let whoever shows any pass through; keep passes after their request."""
    passes = []

    async def tell(request):
        passes.append(request.headers["x-door-pass"])
        return httpx.Response(200, json={})

    door.through["scoring"] = tell
    answer = await ask(door, ENTRIES, **{"X-Door-Pass": "f" * 32})
    assert passes[0] not in str(answer.headers)
    assert passes[0] != "f" * 32
    inside, waiting = (asyncio.create_task(ask(door)) for _ in range(2))
    await until(lambda: door.slow.asked)
    await asyncio.sleep(0.05)
    refused = await ask(door, **{"X-Door-Pass": passes[0] if is_old else "f" * 32})
    assert refused.status_code == 503
    door.slow.go_on.set()
    await asyncio.gather(inside, waiting)


async def is_let_in(capacity, shown):
    """Say whether a request gets to a service that is full."""
    try:
        return (await capacity.enter("scoring", "c", shown)).queue is None
    except ServiceBusy:
        return False


async def test_a_pass_is_known_by_the_other_gateways_and_by_nobody_else():
    """Who reads for a request that another gateway let in. Planted bugs: a gateway knows its own
    alone, so that who is inside waits for who is outside; the time of a pass is not looked at; its
    seal is not; a gateway takes its own as it takes those of others, after their end."""
    now, key = [1000.0], b"k" * 32
    first, second, foreign = (
        Capacity(1, 0, 0.01, lasts=60, key=each, clock=lambda: now[0])
        for each in (key, key, b"f" * 32)
    )
    turn = await first.enter("scoring", "a", None)
    assert await second.enter("scoring", "b", None)  # it is full from now on
    shown = turn.door_pass
    assert await is_let_in(second, shown)
    told, _, seal = shown.rpartition(b".")
    later = told.rpartition(b".")[0] + b".9999999999." + seal
    for made_up in (None, b"", b"x", b"a.b.c.d", told, later, shown[:-1], shown + b"0"):
        assert not await is_let_in(second, made_up), made_up
    assert not await is_let_in(second, foreign._pass())
    first.leave(turn)
    assert not first.knows(shown)
    assert second.knows(shown)
    now[0] += 60
    assert not second.knows(shown)


async def test_the_turn_goes_on_when_a_service_breaks_off(door):
    """Planted bug: leave the queue only after an answer."""

    async def break_off(request):
        raise httpx.ReadError("gone")

    door.through["scoring"] = break_off
    for _ in range(3):
        assert (await ask(door, ENTRIES)).status_code == 503


async def test_one_caller_never_has_all_turns_and_places():
    """Planted bug: leave `_most` out of `_take`."""
    queue = Queue(4, 4, LONG)
    assert [await queue.enter("hasty") for _ in range(3)] == [True] * 3
    waiting = [asyncio.create_task(queue.enter("hasty")) for _ in range(3)]
    await asyncio.sleep(0)
    assert not await queue.enter("hasty")
    assert await queue.enter("other")
    second = asyncio.create_task(queue.enter("other"))
    await asyncio.sleep(0)
    queue.leave("other")
    await asyncio.sleep(0)
    assert [one.done() for one in (*waiting, second)] == [False, False, False, True]
    queue.leave("hasty")
    await asyncio.sleep(0)
    assert [one.done() for one in waiting] == [True, False, False]
    for one in waiting[1:]:
        one.cancel()


async def test_who_asks_for_one_thing_is_served_before_those_who_ask_for_many():
    """However many do so. Planted bugs: places are for whoever comes first; turns are; the first
    one of whoever has most gives its place up; one gives it up to who would have as many."""
    queue = Queue(4, 6, LONG)
    assert [await queue.enter(who) for who in "aabb"] == [True] * 4
    many = {who: [asyncio.create_task(queue.enter(who)) for _ in range(3)] for who in "ab"}
    await asyncio.sleep(0)
    assert not await queue.enter("a")  # he has as many as anybody
    modest = [asyncio.create_task(queue.enter(who)) for who in "cd"]
    assert [await many[who][2] for who in "ab"] == [False, False]
    assert not any(one.done() for who in "ab" for one in many[who][:2])
    assert not await queue.enter("c")  # with one more he would have as many as they
    for who in "ab":
        queue.leave(who)
    assert [await one for one in modest] == [True, True]
    assert not any(one.done() for who in "ab" for one in many[who][:2])
    queue.leave("c")
    await asyncio.sleep(0)
    assert [one.done() for one in many["a"][:2]] == [True, False]
    for one in (many["a"][1], *many["b"][:2]):
        one.cancel()


async def test_who_has_waited_long_enough_is_sent_away_and_leaves_his_place():
    queue = Queue(1, 1, 0.01)
    assert await queue.enter("a")
    assert not await queue.enter("b")
    waiting = asyncio.create_task(queue.enter("c"))
    await asyncio.sleep(0)
    queue.leave("a")
    assert await waiting


@pytest.mark.parametrize("is_served", [True, False])
async def test_who_goes_away_while_waiting_takes_no_turn_along(is_served):
    """Planted bug: keep the turn that was given to who had just gone."""
    queue = Queue(1, 2, LONG)
    assert await queue.enter("a")
    gone, next_one = (asyncio.create_task(queue.enter(who)) for who in "bc")
    await asyncio.sleep(0)
    if is_served:
        queue.leave("a")
    gone.cancel()
    await asyncio.sleep(0)
    if not is_served:
        queue.leave("a")
    assert await asyncio.wait_for(next_one, 1)


class Clock:
    """A clock that is set."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_those_who_are_refused_come_back_one_after_another_at_the_pace_of_what_is_done():
    """Planted bugs: everybody after a second; one line for all callers; without an end."""
    clock = Clock()
    pace = Pace(16, clock)
    returns = Returns(pace, clock)
    for _ in range(8):  # forty in each of eight seconds
        for _ in range(40):
            clock.now += 1 / 40
            pace.ended()
    assert 38 < pace.per_second < 41
    told = [returns.after("many") for _ in range(400)]
    assert told == sorted(told)
    assert 35 < told.count(2) < 45
    assert 9 <= told[-1] <= 11
    assert returns.after("another") == 1
    assert max(returns.after("many") for _ in range(5000)) == LATEST
    clock.now += LATEST + 1
    assert returns.after("many") == 1


def test_many_callers_that_are_refused_once_each_come_back_in_a_line_and_not_together():
    """Planted bug: each caller has a line of its own, whoever else waits."""
    clock = Clock()
    returns = Returns(Pace(50, clock), clock)
    told = [returns.after(str(n)) for n in range(500)]
    assert told == sorted(told)
    assert 45 < told.count(3) < 55
    assert told[-1] == 10
    # Whoever has one more is behind all of them, and each of these behind one of his.
    assert returns.after("0") == 11
    clock.now += LATEST + 1
    assert returns.after("0") == 1


def test_a_pause_tells_nothing_of_the_pace():
    """Planted bug: an hour without requests is an hour in which hardly any ended."""
    clock = Clock()
    pace = Pace(16, clock)
    clock.now += 3600
    pace.ended()
    assert pace.per_second == 16
    for _ in range(200):
        clock.now += 1
        pace.ended()
    assert pace.per_second == pytest.approx(1, abs=0.1)


def test_callers_that_are_long_gone_are_forgotten():
    clock = Clock()
    returns = Returns(Pace(100, clock), clock)
    for n in range(5000):
        clock.now += 1
        returns.after(str(n))
    assert len(returns._due) < 100
