"""Signing in while others try in vain: who is refused at once, and who still gets in.

No test asks how fast anything is: the comparison of secrets is held up until it may go on, and
pauses are held against the time that has passed.
"""

import asyncio
import json
import math
import threading
import time
from collections.abc import Sequence

import pytest

from gateway.attempts import Attempts
from gateway.hashing import Hasher
from gateway.rules.attempts import FREE
from gateway.rules.limits import Allowance
from gateway.settings import Settings
from gateway.waiting import SignInBusy, WaitingRoom

from .conftest import until

SECRET = "correct-horse-battery"
WRONG = "wrong-wrong-wrong"
BEHIND_A_PROXY = {"trusted_proxies": ["127.0.0.0/8"], "sign_in_failures": 20}


class HeldUp(Hasher):
    """Compares nothing until it is told to go on, and counts what it was asked to compare."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.compared = 0
        self.go_on = threading.Event()

    async def matching(self, secret: str, kept: Sequence[str]) -> int | None:
        self.compared += 1
        await asyncio.get_running_loop().run_in_executor(None, self.go_on.wait, 30)
        return await super().matching(secret, kept)


async def ask(door, subject="admin", secret=WRONG, address=None, **headers):
    if address:
        headers["X-Forwarded-For"] = address
    form = {"grant_type": "password", "username": subject, "password": secret}
    async with door.client(**headers) as client:
        return await client.post("/oauth/token", data=form)


def count(answers):
    statuses = [answer.status_code for answer in answers]
    return {status: statuses.count(status) for status in sorted(set(statuses))}


async def guessed(door, address):
    """Guess twelve times, each from an address, and return the refusals: after five in a row there
    is a pause of one second, then two, then four, and this machine may be busy meanwhile."""
    began = time.monotonic()
    answers = [await ask(door, address=address(n)) for n in range(12)]
    paused = int(math.log2(1 + time.monotonic() - began))
    statuses = count(answers)
    assert statuses.keys() == {400, 429}
    assert FREE <= statuses[400] <= FREE + paused
    return [answer for answer in answers if answer.status_code == 429]


async def test_forty_eight_wrong_secrets_at_once_do_not_stand_in_front_of_a_right_one(run_gateway):
    """Planted bug: no bound in front of the hasher; all 48 are compared first."""
    door = await run_gateway(**BEHIND_A_PROXY)
    hasher = door.app.state.hasher = HeldUp(door.app.state.settings)
    attack = [asyncio.create_task(ask(door, f"p-{i}", address="203.0.113.66")) for i in range(48)]
    await until(lambda: sum(task.done() for task in attack) >= 44)
    refused = [task.result() for task in attack if task.done()]
    assert count(refused) == {429: 44}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    right = asyncio.create_task(ask(door, secret=SECRET, address="203.0.113.7"))
    await asyncio.sleep(0)
    hasher.go_on.set()
    assert (await right).status_code == 200
    assert count(await asyncio.gather(*attack)) == {400: 4, 429: 44}
    assert hasher.compared == 5


async def test_a_crowd_of_addresses_leaves_its_places_to_one_that_has_not_failed(run_gateway):
    """Planted bug: first come, first served; the crowd has all places."""
    door = await run_gateway(**BEHIND_A_PROXY)
    crowd = [f"198.51.100.{i}" for i in range(40)]
    for some in (crowd[:16], crowd[16:32], crowd[32:]):
        failures = [ask(door, f"p-{address}", address=address) for address in some]
        assert count(await asyncio.gather(*failures)) == {400: len(some)}
    hasher = door.app.state.hasher = HeldUp(door.app.state.settings)
    attack = [asyncio.create_task(ask(door, f"q-{a}", address=a)) for a in crowd]
    await until(lambda: sum(task.done() for task in attack) >= 22)
    refused = [task.result() for task in attack if task.done()]
    assert count(refused) == {503: 22}
    assert all(answer.headers["retry-after"] == "2" for answer in refused)
    assert refused[0].json()["type"] == "sign-in-busy"
    right = asyncio.create_task(ask(door, secret=SECRET, address="203.0.113.7"))
    await until(lambda: sum(task.done() for task in attack) == 23)
    hasher.go_on.set()
    assert (await right).status_code == 200
    assert count(await asyncio.gather(*attack)) == {400: 17, 503: 23}


async def test_wrong_secrets_lock_nobody_out(run_gateway, sql):
    """Planted bug: lock the account after five failures."""
    door = await run_gateway(**BEHIND_A_PROXY)
    refused = await guessed(door, lambda _: "203.0.113.66")
    assert {answer.json()["type"] for answer in refused} == {"too-many-requests"}
    assert (await ask(door, secret=SECRET, address="203.0.113.7")).status_code == 200
    notes = await sql(door, "SELECT body FROM journal_entry WHERE event LIKE '%slowed'")
    assert [json.loads(note["body"]) for note in notes] == [{"subject": "admin"}]


async def test_a_header_gives_nobody_a_new_address(run_gateway):
    """Planted bug: believe X-Forwarded-For whoever says it."""
    door = await run_gateway(sign_in_failures=20)
    await guessed(door, lambda n: f"203.0.113.{n}")


async def test_who_signs_in_has_a_smaller_allowance_than_who_has_signed_in(run_gateway):
    """Planted bug: one allowance for both, of the larger size."""
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    assert defaults["sign_in_burst"] < defaults["burst"]
    assert defaults["sign_ins_per_second"] < defaults["requests_per_second"]
    door = await run_gateway()
    door.app.state.attempts = Attempts(10**9, Allowance(rate=1e-9, burst=3))
    token = door.token("organiser")
    answers = [await ask(door, f"p-{i}") for i in range(6)]
    assert count(answers) == {400: 3, 429: 3}
    async with door.client(token) as client:
        assert (await client.get("/api/v1/me")).status_code == 200
    async with door.client() as client:
        assert (await client.get("/.well-known/jwks.json")).status_code == 200


async def test_a_try_that_is_given_up_frees_its_place():
    room = WaitingRoom(slots=1, places=2, share=9)
    inside, left = asyncio.Event(), asyncio.Event()

    async def stay():
        async with room.place("a", 0):
            inside.set()
            await left.wait()

    async def pass_through(queue, suspicion):
        async with room.place(queue, suspicion):
            return queue

    first = asyncio.create_task(stay())
    await inside.wait()
    waiting = [asyncio.create_task(pass_through("b", 0)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(SignInBusy):
        await pass_through("c", 0)
    waiting[0].cancel()
    later = asyncio.create_task(pass_through("c", 1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    left.set()
    await first
    assert [await waiting[1], await later] == ["b", "c"]
    assert await pass_through("d", 0) == "d"


async def test_the_least_suspicious_is_served_first():
    room = WaitingRoom(slots=1, places=3, share=9)
    served, inside, left = [], asyncio.Event(), asyncio.Event()

    async def stay():
        async with room.place("a", 0):
            inside.set()
            await left.wait()

    async def pass_through(queue, suspicion):
        async with room.place(queue, suspicion):
            served.append(queue)

    first = asyncio.create_task(stay())
    await inside.wait()
    order = {"worst": 9, "bad": 5, "good": 0}
    tasks = [asyncio.create_task(pass_through(*each)) for each in order.items()]
    await asyncio.sleep(0)
    late = asyncio.create_task(pass_through("newcomer", 0))
    await asyncio.sleep(0)
    left.set()
    outcomes = await asyncio.gather(first, *tasks, late, return_exceptions=True)
    assert served == ["good", "newcomer", "bad"]
    assert isinstance(outcomes[1], SignInBusy)


async def test_a_failure_of_ours_is_nobodys_failure(run_gateway):
    """Planted bug: a try that could not be compared counts against who made it."""
    door = await run_gateway(**BEHIND_A_PROXY)
    usual = door.app.state.hasher

    class Broken(Hasher):
        async def matching(self, secret, kept):
            raise ConnectionError

    door.app.state.hasher = Broken(door.app.state.settings)
    answers = [await ask(door, secret=SECRET, address="203.0.113.7") for _ in range(30)]
    assert count(answers) == {503: 30}
    door.app.state.hasher = usual
    assert (await ask(door, secret=SECRET, address="203.0.113.7")).status_code == 200
