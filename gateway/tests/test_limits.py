"""Limits of the gateway at their last value, and one past it, where no other file tries them; and
callers who take what they asked for as slowly as they can."""

import asyncio
import ipaddress
import socket
import threading
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from chassis.refusals import Fault, Refusal, TooManyRequests
from gateway import checkpoints, neighbours, registered_units, usage
from gateway.api.signing_in import LONGEST_SECRET
from gateway.checkpoints import Notary
from gateway.hashing import Hasher
from gateway.messages.desk import MOST_HELD, Desk
from gateway.messages.signatures import _MOST_SIGNATURES, Message, NotVerified, _by_whom
from gateway.rules import attempts, destinations, encodings, returning
from gateway.rules.attempts import FailureCount
from gateway.rules.limits import Allowance
from gateway.rules.webhooks import MOST_SECRETS, TwoSecretsSign, check_secrets
from gateway.sessions import _LONGEST_DEVICE
from gateway.waiting import WaitingRoom
from gateway.webhooks import queue, store
from gateway.webhooks.courier import _MOST_TRIED, Courier, _Failed
from gateway.webhooks.sender import Sender

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


def test_an_account_has_so_many_messages_held():
    """Planted bug: the place of a message that was refused is never given back."""
    desk, caller = Desk(None, None, None), SimpleNamespace(subject="a")
    signed = {b"signature": b"", b"signature-input": b""}
    places = [desk.place(caller, signed) for _ in range(MOST_HELD)]
    for each in places:
        each.__enter__()
    with pytest.raises(Refusal), desk.place(caller, signed):
        pass
    with desk.place(SimpleNamespace(subject="b"), signed):
        pass
    for each in places:
        each.__exit__(None, None, None)
    with desk.place(caller, signed):
        pass


def pages(number):
    """A part that tells as many pages, one thing on each."""
    asked = []

    async def read(*_):
        asked.append(1)
        n = len(asked)
        item = {"code": f"A{n}", "chain": f"c{n}", "seq": n, "hash": "00"}
        return SimpleNamespace(document={"items": [item], "next": str(n) if n < number else None})

    return SimpleNamespace(read=read, ask=read)


async def test_a_part_tells_so_many_pages(monkeypatch):
    """Planted bugs: a list that is longer is taken for whole; the last page is left out."""
    monkeypatch.setattr(registered_units, "_MOST_PAGES", 3)
    monkeypatch.setattr(checkpoints, "_MOST_PAGES", 3)
    for number in (3, 4):
        state = SimpleNamespace(services=pages(number))
        request = SimpleNamespace(app=SimpleNamespace(state=state))
        if number == 3:
            assert await registered_units.all_registered(request, "a") == ["A1", "A2", "A3"]
        else:
            with pytest.raises(Refusal):
                await registered_units.all_registered(request, "a")
        whole = object.__new__(Notary)
        whole._services = pages(number)
        found = await whole._heads("scoring", None)
        assert (len(found) if found else None) == (3 if number == 3 else None)


async def test_of_what_was_counted_so_much_is_told_at_once(monkeypatch):
    """What does not fit is told the next time, what is too old is lost, and never in the middle."""
    counted = usage.Usage(Allowance(100, 20))
    for n in range(usage._MOST_TOLD + 1):
        counted.of_address(f"10.0.{n // 256}.{n % 256}", 0)
    assert len(list(counted.untold())) == usage._MOST_TOLD
    assert len(list(counted.untold())) == 1
    sessions = SimpleNamespace(kw={"bind": SimpleNamespace(execution_options=lambda **_: None)})
    told = SimpleNamespace(KIND="k", untold=lambda: ([n] for n in range(neighbours._MOST_KEPT + 1)))
    each = neighbours.Neighbours(sessions, [told])

    async def nothing():
        pass

    each._write = each._learn = nothing
    await each.exchange()
    assert len(each._told) == neighbours._MOST_KEPT
    assert (each._told[0][1], each._told[-1][1]) == (2, neighbours._MOST_KEPT + 1)
    for n in range(neighbours._MOST_PROCESSES + 1):
        each._read.keep(n, n)
    assert each._read.get(0) is None
    assert each._read.get(1) == 1


@pytest.mark.parametrize("slots", [1, 2])
async def test_so_many_secrets_are_compared_at_one_time(settings_for, slots):
    """Planted bug: the hasher borrows threads of others."""
    settings, _ = settings_for(hashing_slots=slots)
    hasher, inside, most = Hasher(settings), [], []
    barrier = threading.Barrier(slots)

    def compare(*_):
        inside.append(1)
        most.append(len(inside))
        barrier.wait(10)
        inside.pop()

    hasher._compare = compare
    await asyncio.gather(*(hasher.matching("x", []) for _ in range(4 * slots)))
    assert max(most) <= slots


async def test_of_one_queue_so_many_wait():
    """Planted bug: one address takes every place."""
    room = WaitingRoom(slots=1, places=9, share=2)
    inside, left = asyncio.Event(), asyncio.Event()

    async def stay():
        async with room.place("z", 0):
            inside.set()
            await left.wait()

    async def through(queue):
        async with room.place(queue, 0):
            return queue

    tasks = [asyncio.create_task(stay())]
    await inside.wait()
    tasks += [asyncio.create_task(through("a")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests):
        await through("a")
    tasks.append(asyncio.create_task(through("b")))
    await asyncio.sleep(0)
    left.set()
    assert await asyncio.gather(*tasks) == [None, "a", "a", "b"]


@pytest.mark.parametrize("number", [_MOST_TRIED, _MOST_TRIED + 1])
async def test_so_many_addresses_of_a_receiver_are_tried(number):
    """Planted bug: all that a name has, each for seconds."""
    tried = []

    async def resolve(*_):
        return [f"10.0.0.{n}" for n in range(number)]

    async def opened(_, address):
        tried.append(address)
        raise OSError

    courier = object.__new__(Courier)
    courier.resolve, courier._opened = resolve, opened
    courier._networks, courier._seconds = [ipaddress.ip_network("10.0.0.0/8")], 10
    with pytest.raises(_Failed, match="not-connected"):
        await courier._connected(SimpleNamespace(host="x", port=1))
    assert len(tried) == _MOST_TRIED


async def test_a_device_is_known_by_so_many_signs(door):
    """And a secret has so many: one that is longer is nobody's, and is not compared."""
    secret = "".join(f"{n:02x}-" for n in range(99))[:LONGEST_SECRET]
    person = await door.create("auditor", secret=secret)
    form = {"grant_type": "password", "username": person["subject"], "password": secret}
    devices = []
    for over in (0, 1):
        name = "d" * (_LONGEST_DEVICE + over)
        async with door.client(**{"User-Agent": name}) as client:
            answer = await client.post("/oauth/token", data=form)
            assert answer.status_code == 200, answer.text
            longer = await client.post("/oauth/token", data=form | {"password": secret + "s"})
            assert longer.status_code == 400
        async with door.client(answer.json()["access_token"]) as client:
            told = (await client.get("/api/v1/me/sessions")).json()["sessions"]
            devices = [each["device"] for each in told]
    assert {len(each) for each in devices} == {_LONGEST_DEVICE}


async def test_so_many_webhooks_are_served_at_one_time(monkeypatch):
    """Planted bug: each look begins as many again."""
    sender, left = object.__new__(Sender), asyncio.Event()

    @asynccontextmanager
    async def transaction():
        yield None

    async def claim(_, __, ___, busy, free, ____):
        return [object() for _ in range(free)]

    async def nothing(*_):
        return None

    async def turn(_):
        await left.wait()

    monkeypatch.setattr(queue, "claim", claim)
    monkeypatch.setattr(queue, "hold", nothing)
    monkeypatch.setattr(store, "is_any_active", nothing)
    sender.transaction, sender.turn, sender.purge = transaction, turn, nothing
    sender._tasks, sender._is_used, sender._purged_at, sender.me = {}, True, 1e12, "me"
    sender.settings = SimpleNamespace(webhook_held_seconds=6, webhooks_at_once=3)
    sender._over = lambda _: None
    for _ in range(2):
        await sender.look()
        assert len(sender._tasks) == 3
    left.set()
    await asyncio.gather(*sender._tasks.values())
