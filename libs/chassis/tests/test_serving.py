"""What the server does before any app hears of a request."""

import asyncio
import json
import subprocess
import sys
import time
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from chassis.serving import (
    HEAD_SECONDS,
    KEPT_SECONDS,
    LONGEST_HEAD,
    TURN,
    Protocol,
    configuration,
)


async def tell_the_address(scope, receive, send):
    """Answer with the address that the caller is believed to have, once the body has come."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    address = scope["client"][0].encode()
    length = [(b"content-length", b"%d" % len(address))]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": address})


@asynccontextmanager
async def served(protocol=Protocol):
    """Serve on a free port; give a function that sends bytes and returns what comes back."""
    config = configuration(tell_the_address, port=0)
    config.http = protocol
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    task = asyncio.create_task(server._serve())
    while not server.started:
        assert not task.done(), task.exception()
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]

    async def say(*pieces, pause=0):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause)
            return await asyncio.wait_for(reader.read(), 10)
        except ConnectionError:  # closed while we were still sending
            return b""
        finally:
            writer.close()

    try:
        yield say
    finally:
        server.should_exit = True
        await task


def read(answer):
    """Return status, media type and body of the last answer that came."""
    head, _, body = answer.rpartition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    fields = dict(header.split(": ", 1) for header in headers)
    assert int(fields["content-length"]) == len(body)
    return int(line.split()[1]), fields["content-type"], json.loads(body)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
async def test_what_is_no_http_is_refused_with_a_problem(nonsense):
    """Planted bug: `http="httptools"` in `configuration`: bare words in no language."""
    async with served() as say:
        status, media_type, problem = read(await say(nonsense))
    assert (status, media_type) == (400, "application/problem+json")
    assert (problem["status"], problem["title"]) == (400, "请求有误。")
    assert problem["request_id"]


@pytest.mark.parametrize("key", [b"eA==", b"dGhlIHNhbXBsZSBub25jZQ=="])
async def test_a_request_for_a_websocket_is_answered_like_any_other(key):
    """Planted bug: leave `ws` out of `configuration`. The library answers in words of its own, or
    hands the app what is no HTTP request, past all that looks at requests."""
    upgrade = b"Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    async with served() as say:
        answer = await say(
            b"GET / HTTP/1.1\r\nHost: x\r\n" + upgrade + b"Sec-WebSocket-Key: " + key + b"\r\n\r\n"
        )
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"127.0.0.1")


async def test_the_refusal_is_in_the_callers_language_as_far_as_it_has_been_heard():
    async with served() as say:
        answer = await say(b"GET / HTTP/1.1\r\nAccept-Language: en\r\nHost: x\r\nno colon\r\n\r\n")
    assert read(answer)[2]["title"] == "Bad Request"


@pytest.mark.parametrize(
    "head",
    [
        [b"GET /" + b"a" * LONGEST_HEAD, *[b"a" * 50_000] * 20],
        [b"GET / HTTP/1.1\r\nX: ", *[b"a" * 50_000] * 20],
        [b"GET / HTTP/1.1\r\n", *[b"X: a\r\n" * 5_000] * 20],
        [b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 40_000 + b"\r\n"],
        [
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
            *[b"X: a\r\n" * 5_000] * 20,
        ],
        [
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;",
            *[b"a" * 50_000] * 20,
        ],
    ],
    ids=["a path", "a header", "headers", "all at once", "trailers", "an extension of a chunk"],
)
async def test_a_head_without_end_is_refused(head):
    """Planted bug: count nothing, and the server keeps whatever comes."""
    async with served() as say:
        answer = await say(*head)
    assert not answer or read(answer)[:2] == (431, "application/problem+json")
    assert b"200 OK" not in answer


async def test_an_idle_connection_outlives_those_who_would_use_it_again(monkeypatch):
    """Planted bug: the server's own five seconds, after which libraries give one up as well: of
    600 who came at once some met a connection that was just being closed."""
    assert httpx.Limits().keepalive_expiry < 60 < KEPT_SECONDS
    assert configuration(tell_the_address).timeout_keep_alive == KEPT_SECONDS
    monkeypatch.setattr("chassis.serving.KEPT_SECONDS", 0.3)
    ask = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    async with served() as say:
        assert (await say(ask, ask, pause=0.1)).count(b"HTTP/1.1 200") == 2
        assert (await say(ask, ask, pause=0.6)).count(b"HTTP/1.1 200") == 1


class Hasty(Protocol):
    head_seconds = 0.5


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nX-Never: "], ids=["nothing", "half"])
async def test_a_head_that_does_not_end_in_time_ends_its_connection(said):
    """One byte each tenth of a second does not help. Planted bugs: the clock begins anew with each
    byte; it runs on while a body comes, or between two requests."""
    async with served(Hasty) as say:
        started = time.monotonic()
        answer = await say(said, *([b"a"] * 40 if said else []), pause=0.05)
        assert 0.4 < time.monotonic() - started < 1.9
        assert not answer or read(answer)[:2] == (408, "application/problem+json")
        head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 20\r\n\r\n"
        slow = await say(head, *[b"a"] * 20, pause=0.05)
        assert slow.startswith(b"HTTP/1.1 200")
        two = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert (await say(two, two, last, pause=0.35)).count(b"HTTP/1.1 200") == 3
    assert HEAD_SECONDS == Protocol.head_seconds == 30


async def test_a_large_body_in_small_pieces_is_no_head():
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n"
    async with served() as say:
        answer = await say(head, *[b"a" * 10_000] * 100)
    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("trusted", "believed"),
    [("", "127.0.0.1"), ("10.0.0.0/8", "127.0.0.1"), ("10.0.0.1, 127.0.0.1", "203.0.113.7")],
)
async def test_only_a_trusted_proxy_says_who_is_asking(monkeypatch, trusted, believed):
    """Planted bug: `proxy_headers=True` with uvicorn's own idea of whom to trust."""
    monkeypatch.setenv("TRUSTED_PROXIES", trusted)
    ask = b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n"
    async with served() as say:
        answer = await say(ask)
    assert answer.endswith(b"\r\n\r\n" + believed.encode())


TURNS = """
import os, sys
from chassis.serving import configuration, run

async def app(scope, receive, send):
    print(sys.getswitchinterval(), flush=True)
    os._exit(0)

run(configuration(app, port=0))
"""


def test_a_thread_that_computes_lets_the_event_loop_go_on_soon():
    """Planted bug: leave Python's own interval."""
    served = subprocess.run([sys.executable, "-c", TURNS], stdout=subprocess.PIPE, check=False)
    assert float(served.stdout) == pytest.approx(TURN)
