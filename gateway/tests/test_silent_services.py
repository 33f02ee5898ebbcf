"""A service that is slow is waited for; one that says nothing at all is not."""

import asyncio
import socket
import time
from contextlib import asynccontextmanager

import pytest

from gateway.carriers import ForwardedRequest, TcpCarrier, UpstreamDown

SILENCE = 0.3
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone"


@asynccontextmanager
async def service(answers, host="127.0.0.1", port=0, sock=None):
    """Serve at a port, or by a socket; `answers` gives the bytes to a path, or None for never."""
    handling = []

    async def handle(reader, writer):
        handling.append(asyncio.current_task())
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                answer = await answers(head.split(b" ")[1].decode())
                if answer is None:
                    await reader.read()
                    return
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    where = {"sock": sock} if sock else {"host": host, "port": port}
    server = await asyncio.start_server(handle, **where)
    try:
        yield server.sockets[0].getsockname()[1], handling
    finally:
        server.close()
        if handling:  # whoever asked has hung up by now
            await asyncio.wait(handling, timeout=5)


async def carried(carrier: TcpCarrier, method="GET", path="/work") -> bytes:
    answer = await carrier.carry(ForwardedRequest("one", method, path, [], None))
    try:
        return await answer.read()
    finally:
        await answer.close()


async def test_a_service_that_works_for_long_is_waited_for():
    """Planted bug: an answer is given up when it has not come in time."""

    async def answers(path):
        if path != "/health/live":
            await asyncio.sleep(3.5)  # in which it is doubted at least twice
        return ANSWER

    async with (
        service(answers) as (port, _),
        TcpCarrier({"one": f"http://127.0.0.1:{port}"}, silence=SILENCE) as carrier,
    ):
        assert await carried(carrier) == b"done"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_service_that_says_nothing_is_given_up_and_found_again(method):
    """An answer that has begun is given up as well. Planted bugs: only the head is waited for;
    a read is sent once more to where nobody answers; it is never asked again."""
    alive, begun = asyncio.Event(), []

    async def answers(path):
        if alive.is_set():
            return ANSWER
        if path == "/begun":
            begun.append(1)
            return ANSWER[:-2]
        return None

    async with (
        service(answers) as (port, connections),
        TcpCarrier({"one": f"http://127.0.0.1:{port}"}, silence=SILENCE) as carrier,
    ):
        started = time.monotonic()
        both = [carried(carrier, method), carried(carrier, path="/begun")]
        failed = await asyncio.gather(*both, return_exceptions=True)
        assert [type(each) for each in failed] == [UpstreamDown] * 2
        assert begun == [1]
        assert time.monotonic() - started < 4
        made = len(connections)
        with pytest.raises(UpstreamDown):
            await carried(carrier, method)
        assert len(connections) == made
        alive.set()
        async with asyncio.timeout(5):
            while True:
                try:
                    assert await carried(carrier, method) == b"done"
                    break
                except UpstreamDown:
                    await asyncio.sleep(0.05)


async def test_of_two_addresses_the_one_that_answers_is_used():
    """Planted bug: one address that is silent makes the name silent."""

    async def well(_):
        return ANSWER

    async def never(_):
        return None

    async def both(name, port):
        return ["127.0.0.2", "127.0.0.1"]

    async with (
        service(well) as (port, _),
        service(never, "127.0.0.2", port),
        TcpCarrier({"one": f"http://one:{port}"}, both, silence=SILENCE) as carrier,
    ):
        first = await asyncio.gather(*(carried(carrier) for _ in range(4)), return_exceptions=True)
        assert first.count(b"done") >= 2
        assert await asyncio.gather(*(carried(carrier) for _ in range(8))) == [b"done"] * 8


async def test_who_works_is_waited_for_beside_one_that_is_stopped(monkeypatch):
    """Two processes serve one port, as `kaoping up --instances 2` has it: the kernel leads each
    who comes to one of them.

    Planted bug: ask once whether anybody is there, and so half of the times who is stopped.
    """
    monkeypatch.setattr("chassis.silence._LOOK_SECONDS", 0.05)
    working = asyncio.Event()

    async def answers(path):
        if path != "/health/live":
            working.set()
            await asyncio.sleep(4)
        return ANSWER

    with socket.socket() as first, socket.socket() as stopped:
        for each in (first, stopped):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        first.bind(("127.0.0.1", 0))
        port = first.getsockname()[1]
        async with (
            service(answers, sock=first),
            TcpCarrier({"one": f"http://127.0.0.1:{port}"}, silence=0.2) as carrier,
        ):
            asked = asyncio.create_task(carried(carrier))
            await working.wait()
            stopped.bind(("127.0.0.1", port))
            stopped.listen(1024)  # and nobody takes what comes
            assert await asked == b"done"
