"""A service of which several containers run under one name: each is asked, and one may go."""

import asyncio
import sys
from contextlib import asynccontextmanager

import pytest

from gateway.carriers import ForwardedRequest, TcpCarrier

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a second loopback address")


async def two_containers(name, port):
    """Know one name, of two containers."""
    return ["127.0.0.1", "127.0.0.2"]


class Container(asyncio.Protocol):
    """Answers every request with two letters."""

    def __init__(self, answered, connections):
        self.answered, self.connections = answered, connections

    def connection_made(self, transport):
        self.connections.append(transport)
        self.transport = transport

    def data_received(self, data):
        self.answered.append(data)
        self.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")


@asynccontextmanager
async def container(address, port=0):
    """Serve on an address; give its port, what it answered, and a way to end it."""
    answered, connections = [], []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Container(answered, connections), address, port)

    def end():
        server.close()
        for connection in connections:
            connection.close()

    yield server.sockets[0].getsockname()[1], answered, end
    end()


async def ask(carrier):
    answer = await carrier.carry(ForwardedRequest("scoring", "GET", "/", [], None))
    try:
        return answer.status, await answer.read()
    finally:
        await answer.close()


async def test_all_containers_of_a_service_are_asked_and_one_that_goes_is_left_out():
    """Planted bug: resolve the name once and keep to the first address."""
    async with (
        container("127.0.0.1") as (port, first, _),
        container("127.0.0.2", port) as (_, second, end),
        TcpCarrier({"scoring": f"http://scoring:{port}"}, two_containers) as carrier,
    ):
        assert set(await asyncio.gather(*(ask(carrier) for _ in range(20)))) == {(200, b"ok")}
        assert first
        assert second
        end()
        await asyncio.sleep(0.05)  # for the ends of its connections to be heard of
        before = len(first)
        assert set(await asyncio.gather(*(ask(carrier) for _ in range(20)))) == {(200, b"ok")}
        assert len(first) - before == 20
