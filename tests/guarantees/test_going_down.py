"""A part that is told to end gives every request at work its answer, and takes no further one."""

import asyncio
import signal
import sys
import time
from contextlib import asynccontextmanager

import pytest

from chassis.serving import LEAVING_SECONDS

REQUESTS = 100
PART = """
import asyncio, os, socket, sys
from chassis.serving import configuration, run

asked = 0

async def app(scope, receive, send):
    global asked
    if scope["type"] == "lifespan":
        for said in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{said}.complete"})
        print("in order", flush=True)
        return
    asked += 1
    if asked == 100:
        print("all at work", flush=True)
    await asyncio.sleep(2)
    await send({"type": "http.response.start", "status": 201, "headers": []})
    await send({"type": "http.response.body", "body": b"done"})

door = socket.create_server(("127.0.0.1", 0), backlog=200)
print(door.getsockname()[1], flush=True)
how = configuration(app)
if sys.argv[2]:
    how.timeout_graceful_shutdown = float(sys.argv[2])
line = os.open(os.devnull, os.O_WRONLY) if sys.argv[3:] else None
run(how, [door], leaving=float(sys.argv[1]), line=line)
"""
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def ask(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer


@asynccontextmanager
async def part(leaving: float, graceful: str = "", *more: str):
    """Run a part that leaves for so many seconds, and ends within so many; give its process and
    port."""
    command = sys.executable, "-c", PART, str(leaving), graceful, *more
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        yield process, int(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_of_a_hundred_requests_at_work_each_is_answered_before_the_end(figure):
    """Planted bug: no time is given to them."""
    async with part(0) as (process, port), asyncio.timeout(60):
        asking = [asyncio.create_task(ask(port)) for _ in range(REQUESTS)]
        assert await process.stdout.readline() == b"all at work\n"
        process.send_signal(signal.SIGTERM)
        answers = await asyncio.gather(*asking, return_exceptions=True)
        assert [a for a in answers if not isinstance(a, bytes) or b" 201 " not in a] == []
        assert await process.stdout.readline() == b"in order\n"
        # By the signal that it was sent, once everything is in order: its supervisor knows it.
        assert await process.wait() in (0, -signal.SIGTERM)
        with pytest.raises(OSError, match="Connect call failed"):
            await ask(port)
    figure("requests in flight", REQUESTS)


async def test_whoever_has_a_connection_or_comes_is_answered_while_a_part_leaves():
    """As those do who were not told yet. Planted bugs: connections on which nothing is asked are
    closed at once; the door is; no answer says that it was the last."""
    async with part(LEAVING_SECONDS) as (process, port), asyncio.timeout(60):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ASK)
        kept = await reader.readuntil(b"\r\n\r\n")
        assert b"connection: close" not in kept
        await reader.readuntil(b"0\r\n\r\n")
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.5)  # it has heard of it, and others have not
        writer.write(ASK)
        new = asyncio.create_task(ask(port))
        last = await reader.read()
        assert b" 201 " in last
        assert b"connection: close" in last
        writer.close()
        assert b" 201 " in await new
        assert await process.wait() in (0, -signal.SIGTERM)


@pytest.mark.parametrize("quickly", [False, True])
async def test_what_takes_long_is_answered_where_another_has_taken_the_place(quickly):
    """And a part that is hurried meanwhile ends. Planted bugs: it has as long as where nobody takes
    the place; a part at which nothing is left to do waits all the same; a signal changes nothing.
    """
    async with part(0.1, "0.2", "supervised") as (process, port), asyncio.timeout(20):
        began = time.monotonic()
        asking = asyncio.create_task(ask(port))
        await asyncio.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        if quickly:
            await asyncio.sleep(0.3)
            process.send_signal(signal.SIGINT)
        assert (b" 201 " in await asking) is not quickly
        await process.wait()
        assert (time.monotonic() - began < 1.9) is quickly


@pytest.mark.parametrize("other", [signal.SIGINT, signal.SIGTERM])
async def test_a_part_that_is_hurried_leaves_no_longer_and_ends_in_order(other):
    """Planted bug: the second signal gives up what is at work."""
    async with part(60) as (process, port), asyncio.timeout(30):
        asking = asyncio.create_task(ask(port))
        await asyncio.sleep(0.3)
        began = time.monotonic()
        if other is signal.SIGTERM:
            process.send_signal(other)
            await asyncio.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert b" 201 " in await asking
        assert await process.stdout.readline() == b"in order\n"
        await process.wait()
        assert time.monotonic() - began < 10
