"""Who opens connections and says nothing further keeps nobody else from being answered."""

import asyncio
import sys

from service_testing import trials

PART = """
import resource, socket
from chassis.serving import configuration, run

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        for said in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{said}.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"told"})

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
door = socket.create_server(("127.0.0.1", 0), backlog=2_000)
print(door.getsockname()[1], flush=True)
run(configuration(app), [door])
"""
BEGUN = b"GET / HTTP/1.1\r\nHost: x\r\nX-Never: "


async def ask(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer


async def test_beside_half_open_connections_others_are_answered(figure):
    """1,000 of them in the long form. Planted bug: `limit_concurrency`, which counts them too."""
    part = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PART, stdout=asyncio.subprocess.PIPE
    )
    held = []
    try:
        async with asyncio.timeout(120):
            port = int(await part.stdout.readline())
            for _ in range(trials(200, 1_000)):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(BEGUN)
                held.append(writer)
            answers = await asyncio.gather(*(ask(port) for _ in range(50)))
        assert [a for a in answers if not a.startswith(b"HTTP/1.1 200")] == []
        assert not any(each.is_closing() for each in held)
    finally:
        for writer in held:
            writer.transport.abort()
        part.terminate()
        await part.wait()
    figure("half-open connections", len(held))
