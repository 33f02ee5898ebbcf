"""Limits of the gateway at their last value, and one past it, where no other file tries them; and
callers who take what they asked for as slowly as they can."""

import asyncio
import socket

import pytest

from chassis.refusals import Fault
from gateway.messages.desk import MOST_HELD
from gateway.messages.signatures import _MOST_SIGNATURES, Message, NotVerified, _by_whom
from gateway.rules import attempts, destinations, encodings, returning
from gateway.rules.attempts import FailureCount
from gateway.rules.webhooks import MOST_SECRETS, TwoSecretsSign, check_secrets

PIECE = b"a" * 65_536


def test_an_address_and_a_path_are_as_long_as_they_may_be():
    """Planted bugs: `<` for `<=`; a name is not measured."""
    start = "https://a.gov.cn/"
    longest = start + "a" * (destinations.LONGEST - len(start))
    assert not isinstance(destinations.read(longest, "/url", plain=False), Fault)
    assert isinstance(destinations.read(longest + "a", "/url", plain=False), Fault)
    label = "a" * 61 + "."
    host = label * 4 + "b" * (destinations._LONGEST_NAME - 4 * len(label))
    assert len(host) == destinations._LONGEST_NAME
    assert not list(destinations.host_faults(host, "/host"))
    assert list(destinations.host_faults(host + "b", "/host"))
    assert returning.is_local("/" + "a" * (returning._LONGEST - 1))
    assert not returning.is_local("/" + "a" * returning._LONGEST)


def test_of_a_header_so_much_is_read():
    """Planted bug: all of it is."""
    within = b"a," * ((encodings._LONGEST - 4) // 2) + b"gzip"
    assert len(within) == encodings._LONGEST
    assert encodings.accepted(within).gzip
    assert not encodings.accepted(b"a," + within).gzip


def test_a_pause_grows_to_a_minute_and_no_further():
    """Planted bug: it doubles without end, and locks a name."""
    pauses = [attempts.wait(FailureCount(n, 0.0), 0.0) for n in range(40)]
    assert pauses[attempts.FREE - 1] == 0
    assert pauses[attempts.FREE] == 1
    assert max(pauses) == pauses[-1] == attempts.LONGEST_PAUSE == 60


def test_two_secrets_sign_and_a_third_is_refused():
    check_secrets(MOST_SECRETS - 1, 24)
    with pytest.raises(TwoSecretsSign):
        check_secrets(MOST_SECRETS, 24)


@pytest.mark.parametrize("number", [_MOST_SIGNATURES, _MOST_SIGNATURES + 1])
def test_of_many_signatures_the_first_are_looked_at(number):
    """Planted bug: each costs a verification, however many there are."""
    told = ", ".join(f'a{n}=("@method");keyid="k{n}"' for n in range(number))
    found = _by_whom(Message("POST", "http://x/", {"signature-input": told}))
    assert len(found) == _MOST_SIGNATURES
    with pytest.raises(NotVerified):
        _by_whom(Message("POST", "http://x/", {"signature-input": "((("}))
    assert MOST_HELD == 2


async def short(reader, writer):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/api/v1/units" in head:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            await writer.drain()
        else:
            await endless_from(writer)
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def endless_from(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while True:
        writer.write(PIECE)
        await writer.drain()


def not_reading(door, token, path):
    """Ask for much over a connection of our own, and take nothing of it."""
    host, port = door.url.removeprefix("http://").split(":")
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    held.connect((host, int(port)))
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    held.sendall(head.encode())
    return held


async def test_who_does_not_read_holds_up_nobody_and_is_given_up_in_time(serve_gateway):
    """Eight of them of one caller, who has all the turns that one caller may have. Planted bugs:
    the limit ends with the head of an answer; one caller may have every turn."""
    server = await asyncio.start_server(short, "127.0.0.1", 0)
    upstream = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        door = await serve_gateway(upstream, time_limit=2.0, at_once=4, queue_seconds=1.0)
        slow, quick = door.token("auditor"), door.token("auditor")
        path = "/api/v1/cycles/7/ledger-entries"
        held = [not_reading(door, slow, path) for _ in range(8)]
        try:
            async with asyncio.timeout(20):
                async with door.client(quick) as client:
                    answers = [await client.get("/api/v1/units") for _ in range(10)]
                assert [each.status_code for each in answers] == [200] * 10
                async with door.client(slow) as client:
                    again = [await client.get("/api/v1/units")]
                    while again[-1].status_code != 200:  # until the eight are given up
                        again.append(await client.get("/api/v1/units"))
                assert {each.status_code for each in again[:-1]} <= {503}
        finally:
            for each in held:
                each.close()
