"""A part that is told to end gives every request at work its answer, and takes no further one."""

import asyncio
import signal
import sys

import pytest

REQUESTS = 100
PART = """
import asyncio, socket, sys
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
run(configuration(app), [door])
"""


async def ask(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer


async def test_of_a_hundred_requests_at_work_each_is_answered_before_the_end(figure):
    """Planted bug: no time is given to them."""
    part = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PART, stdout=asyncio.subprocess.PIPE
    )
    try:
        port = int(await part.stdout.readline())
        asking = [asyncio.create_task(ask(port)) for _ in range(REQUESTS)]
        async with asyncio.timeout(60):
            assert await part.stdout.readline() == b"all at work\n"
            part.send_signal(signal.SIGTERM)
            answers = await asyncio.gather(*asking, return_exceptions=True)
            assert [a for a in answers if not isinstance(a, bytes) or b" 201 " not in a] == []
            assert await part.stdout.readline() == b"in order\n"
            # By the signal that it was sent, once everything is in order: its supervisor knows it.
            assert await part.wait() in (0, -signal.SIGTERM)
            with pytest.raises(OSError, match="Connect call failed"):
                await ask(port)
    finally:
        if part.returncode is None:
            part.kill()
            await part.wait()
    figure("requests in flight", REQUESTS)
