"""Many decide about claims on one document at once: who waits is answered by name, and others are
answered meanwhile."""

import asyncio
import contextlib

import pytest

from service_testing import trials

from .test_confirming_claims import award

__all__ = ["award"]

LOCK = """
    SELECT pg_advisory_lock(hashtext('award'), hashtext(fingerprint)) FROM claim WHERE claim_id = $1
    """


@contextlib.asynccontextmanager
async def somebody_decides(cycle, claim):
    async with cycle.service.superuser.acquire() as other:
        await other.fetch(LOCK, claim)
        try:
            yield
        finally:
            await other.fetch("SELECT pg_advisory_unlock_all()")


async def waiting(cycle) -> int:
    """How many wait for a lock that others have."""
    [row] = await cycle.service.sql(
        "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    )
    return row["n"]


async def until(cycle, number):
    async with asyncio.timeout(30):
        while await waiting(cycle) < number:
            pass


async def test_of_many_who_wait_half_of_the_connections_do_and_others_are_answered(cycle, award):
    """Planted bugs: all wait with a connection, and a reader finds none; a turn is kept by who is
    answered."""
    claims = await cycle.claim(*(award(f"XQ0{n}", claim_no=f"W{n}") for n in range(1, 9)))

    async def reject(claim):
        return (await cycle.confirm(claim, decision="rejected", reason="x")).status_code

    for status in (200, 409):
        async with somebody_decides(cycle, claims[0]):
            waiters = [asyncio.create_task(reject(each)) for each in claims]
            await until(cycle, 4)
            assert (await cycle.office.get(f"{cycle.path}/claims")).status_code == 200
            assert await waiting(cycle) == 4
        assert await asyncio.gather(*waiters) == [status] * 8


@pytest.mark.prove
async def test_who_has_waited_as_long_as_for_any_lock_is_refused_by_name(cycle, award):
    """With its turn; in the long form one besides who gets it when the others are refused, and
    waits as long again. Planted bugs: the words of the database; a turn is never given back; what
    was refused changed something."""
    units = range(1, trials(5, 6))
    claims = await cycle.claim(*(award(f"XQ0{n}", claim_no=f"W{n}") for n in units))
    before = await cycle.rows()
    async with somebody_decides(cycle, claims[0]):
        reject = (cycle.confirm(each, decision="rejected", reason="x") for each in claims)
        told = await asyncio.gather(*reject)
    assert {(each.status_code, each.json()["type"]) for each in told} == {(503, "claims-busy")}
    assert {each.headers["Retry-After"] for each in told} == {"2"}
    assert await cycle.rows() == before
    done = [await cycle.confirm(each, decision="rejected", reason="x") for each in claims]
    assert {each.status_code for each in done} == {200}
