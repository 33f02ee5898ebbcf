"""What webhooks are tried with: parts in which something happens, and receivers of any temper."""

import asyncio
import base64
import json
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import parse_qs

import httpx

CYCLE = "00000000-0000-4000-8000-000000000001"
SECRET = "correct-horse-battery"
HERE = "127.0.0.0/8"


class Happening:
    """A part in whose one chain events happen; an event of a unit is heard by that unit alone."""

    def __init__(self):
        self.events, self.is_silent = [], False

    def happens(self, unit=None, kind="ranking.publication", **data):
        self.events.append((unit, kind, data))
        return len(self.events)

    async def __call__(self, request):
        if self.is_silent:
            raise httpx.ConnectError("silent")
        path, asked = request.url.path, parse_qs(request.url.query.decode())
        if path == "/internal/events/pulse":
            return httpx.Response(200, json={"pulse": len(self.events)})
        if path != "/internal/events":
            known = path.endswith(CYCLE)
            return httpx.Response(200 if known else 404, json={"cycle_id": CYCLE, "type": "x"})
        payload = request.headers["authorization"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        unit, cycles = claims["unit"], [w for w in claims.get("scopes", "").split() if ":" in w]
        at = dict(each.split(".") for each in asked.get("after", [""])[0].split(",") if each)
        after, limit = int(at.get("1", 0)), int(asked["limit"][0])
        types = asked.get("types", [None])[0]
        if "end" in asked:
            return self.told([], len(self.events))
        is_within = not cycles or f"cycle:{CYCLE}" in cycles
        heard = [
            self.event(seq, kind, data)
            for seq, (of, kind, data) in enumerate(self.events, start=1)
            if is_within
            and seq > after
            and of in (None, unit)
            and (types is None or kind in types.split(","))
        ]
        cut = len(heard) > limit
        return self.told(heard[:limit], heard[limit - 1]["seq"] if cut else len(self.events), cut)

    def event(self, seq, kind, data):
        at = f"2026-01-05T09:00:00.{seq:06}+00:00"
        return {"number": 1, "seq": seq, "chain": CYCLE, "time": at, "type": kind, "data": data}

    def told(self, events, upto, more=False):
        told = {"events": events, "positions": f"1.{upto}", "more": more, "behind": False}
        return httpx.Response(200, json=told)


class Quiet(Happening):
    """A part in which nothing happens."""


@dataclass
class Sent:
    """What a receiver was sent."""

    headers: dict
    body: bytes

    @property
    def position(self):
        return int(self.headers["webhook-position"])

    @property
    def event(self):
        return json.loads(self.body)


class Receiver:
    """A server of webhooks: what it was sent, and how it answers: a status, or what is written."""

    def __init__(self):
        self.sent, self.answer, self.url, self.port, self.came = [], 204, "", 0, asyncio.Event()

    async def __call__(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in head[1:] if line)
            body = await reader.readexactly(int(headers["content-length"]))
            self.sent.append(Sent(headers, body))
            self.came.set()
            answer = self.answer(self.sent[-1]) if callable(self.answer) else self.answer
            if asyncio.iscoroutine(answer):
                answer = await answer
            if answer == "hang":
                await reader.read()
            elif isinstance(answer, int):
                writer.write(f"HTTP/1.1 {answer} X\r\ncontent-length: 0\r\n\r\n".encode())
            elif answer:
                writer.write(answer)
            with suppress(OSError):
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def positions(self):
        return [each.position for each in self.sent]


async def eventually(condition, seconds=30.0):
    """Wait until `await condition()` holds."""
    end = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def receiving():
    receiver = Receiver()
    server = await asyncio.start_server(receiver, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    receiver.url = f"http://127.0.0.1:{receiver.port}/take"
    try:
        yield receiver
    finally:
        server.close()


class World:
    """A gateway with an administrator, its clients and the hosts that it may call."""

    def __init__(self, door, ranking):
        self.door, self.ranking, self.clients = door, ranking, {}

    async def admin(self):
        return self.door.client(await self.door.sign_in())

    async def approve(self, port, host="127.0.0.1"):
        async with await self.admin() as admin:
            body = {"host": host, "port": port, "reason": "试用"}
            answer = await admin.post("/api/v1/webhook-hosts", json=body)
        assert answer.status_code in (201, 409), answer.text

    async def account(self, subject, role="assessed_unit", kind="client", **more):
        body = {"subject": subject, "kind": kind, "name": "某系统", "secret": SECRET}
        async with await self.admin() as admin:
            accounts = {"accounts": [{**body, "roles": [role], **more}]}
            answer = await admin.post("/api/v1/accounts", json=accounts)
        assert answer.status_code == 201, answer.text
        return await self.client(subject, kind)

    async def client(self, subject, kind="client", **more):
        """Return a client that is signed in to an account."""
        names = ("username", "password") if kind == "person" else ("client_id", "client_secret")
        grant = "password" if kind == "person" else "client_credentials"
        form = {"grant_type": grant, **dict(zip(names, (subject, SECRET), strict=True)), **more}
        async with self.door.client() as client:
            answer = await client.post("/oauth/token", data=form)
        assert answer.status_code == 200, answer.text
        made = self.door.client(answer.json()["access_token"])
        self.clients[subject] = made
        return made

    async def close(self):
        for client in self.clients.values():
            await client.aclose()


async def new_world(run_gateway, **settings):
    """Return a world of its own."""
    ranking = Happening()
    transports = {
        name: httpx.MockTransport(Quiet()) for name in ("indicators", "scoring", "survey")
    }
    usual = {"webhook_networks": HERE, "webhook_plain_http": True, "account_seconds": 0.001}
    door = await run_gateway(
        transports={**transports, "ranking": httpx.MockTransport(ranking)}, **{**usual, **settings}
    )
    return World(door, ranking)
