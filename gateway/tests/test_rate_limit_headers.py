"""Whoever is signed in is told with every answer how much he may still ask, and of nobody else."""

import re

import pytest

from gateway.rules.limits import Allowance, Bucket
from gateway.usage import Usage

UNITS, ACCOUNTS = "/api/v1/units", "/api/v1/accounts"
LEFT = re.compile(r'"account";r=(\d+);t=(\d+)')


@pytest.fixture(scope="module")
async def slow(run_gateway):
    """Give a gateway where everybody may ask ten times, and hours later once more."""
    door = await run_gateway()
    door.transport.app._usage = Usage(Allowance(0.0001, 10))
    return door


def told(answer):
    assert answer.headers["ratelimit-policy"] == '"account";q=10;w=100000'
    [(left, seconds)] = LEFT.findall(answer.headers["ratelimit"])
    return int(left), int(seconds)


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        (10.0, '"account";r=10;t=0'),
        (9.0, '"account";r=9;t=1'),
        (0.5, '"account";r=0;t=5'),
        (0.0, '"account";r=0;t=5'),
        (-3.0, '"account";r=0;t=7'),
    ],
)
def test_what_is_left_is_whole_requests_and_when_all_are_there_again(tokens, said):
    """Planted bugs: a part of a request counts as one; what is owed is told as less than none."""
    assert Allowance(2, 10).standing("account", Bucket(tokens, 0.0)) == said
    assert Allowance(2, 9).policy("account") == '"account";q=9;w=5'


async def test_every_answer_tells_a_caller_what_is_left(slow):
    """Planted bugs: refusals do not tell; an answer of a service keeps what the service said."""
    async with slow.client(slow.token("performance_office")) as caller:
        passed = told(await caller.get(UNITS))
        refused = await caller.get(ACCOUNTS)
        ours = await caller.get("/api/v1/me")
        missing = await caller.get("/api/v1/nowhere")
    assert (refused.status_code, ours.status_code, missing.status_code) == (403, 200, 404)
    assert [passed[0], told(refused)[0], told(ours)[0]] == [9, 8, 7]
    assert "ratelimit" not in missing.headers  # nobody is signed in where there is no route
    assert len(ours.headers["ratelimit"]) + len(ours.headers["ratelimit-policy"]) < 70


async def test_who_asked_too_often_is_told_until_when(slow):
    async with slow.client(slow.token("performance_office")) as caller:
        answers = [await caller.get(UNITS) for _ in range(12)]
    last = answers[-1]
    assert last.status_code == 429
    left, seconds = told(last)
    assert (left, int(last.headers["retry-after"]) > 1000, seconds > 90_000) == (0, True, True)
    assert [told(each)[0] for each in answers[:10]] == [*range(9, -1, -1)]


async def test_nobody_is_told_of_anybody_elses_allowance(slow):
    """Planted bugs: the allowance of the address; a stranger is told one at all."""
    async with slow.client(slow.token("performance_office")) as busy:
        for _ in range(5):
            await busy.get(UNITS)
    async with slow.client(slow.token("performance_office")) as other, slow.client() as stranger:
        assert told(await other.get(UNITS))[0] == 9
        for path in (UNITS, "/api/v1/openapi.json", "/.well-known/jwks.json", "/docs"):
            assert "ratelimit" not in (await stranger.get(path)).headers
    forged = slow.token("performance_office")[:-4] + "AAAA"
    async with slow.client(forged) as nobody:
        answer = await nobody.get(UNITS)
        assert (answer.status_code, "ratelimit" in answer.headers) == (401, False)
