"""An outside provider that is down, slow, silent, answers nonsense, or has changed its keys.

Who is signed in goes on, who signs in is told in time, and nobody gets in.
"""

import asyncio
import json
import math
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from service_testing import trials

HERE = "http://127.0.0.1:8000"
OURS = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", "X-CSRF-Protection": "1"}
BEGIN, CALLBACK = "/api/v1/session/openid", "/api/v1/session/openid/callback"
ME = "/api/v1/me"
NONSENSE = {
    "garbage": b"<html>down for maintenance</html>",
    "list": b"[1, 2]",
    "nothing": b"",
    "keyless": b'{"keys": []}',
    "other": b'{"issuer": "https://elsewhere.example", "keys": []}',
}
WAYS = trials(
    ["reset", "drips", "keyless", "endless"],
    ["reset", "silent", "drips", "endless", "failing", "led", *NONSENSE],
)
MOST = 6.5
"""Whatever he does, one question to him is given up after five seconds."""
ENDLESS = 2.5
"""What is longer than a document of a provider is not read to its end, however fast it comes."""


class Outside:
    """A provider that answers as one does, or as `state` says."""

    def __init__(self):
        self.state, self.codes, self.handling = "right", {}, set()
        self.turn_keys()

    def turn_keys(self):
        self.number = getattr(self, "number", 0) + 1
        self.key = ECKey.generate_key("P-256", parameters={"kid": f"k{self.number}"})

    def token(self, key=None, **claims):
        now = int(time.time())
        said = {"iss": self.issuer, "sub": "office", "iat": now, "exp": now + 900, **claims}
        key = key or self.key
        return jwt.encode({"alg": "ES256", "kid": key.kid}, said, key, algorithms=["ES256"])

    def access(self, key=None):
        return self.token(key, aud="kaoping", roles=["performance_office"])

    async def serve(self, reader, writer):
        self.handling.add(asyncio.current_task())
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = await reader.readexactly(length_in(head))
                if not await self.answer(head.split(b" ")[1].decode(), body.decode(), writer):
                    break
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def answer(self, path, body, writer):
        if self.state == "silent":
            await asyncio.sleep(60)
        elif self.state in ("drips", "endless"):
            many = b"x" * 65_536 if self.state == "endless" else b" "
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n")
            while True:
                writer.write(many)
                await writer.drain()
                await asyncio.sleep(0 if self.state == "endless" else 0.2)
        elif self.state in NONSENSE:
            self.write(writer, 200, NONSENSE[self.state])
        elif self.state == "failing":
            self.write(writer, 500, b'{"error": "server_error"}')
        elif self.state == "led":
            self.write(writer, 302, b"", b"location: https://elsewhere.example/\r\n")
        elif self.state == "right":
            self.write(writer, 200, json.dumps(self.said(path, body)).encode())
        return self.state != "reset"

    def write(self, writer, status, body, more=b""):
        head = b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n%b\r\n" % (status, len(body), more)
        writer.write(head + body)

    def said(self, path, body):
        if path == "/jwks":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/token":
            given = parse_qs(body)
            told = {"token_type": "Bearer", "expires_in": 900, "access_token": self.access()}
            told["refresh_token"] = "a-refresh-token"
            if "code" in given:
                nonce = self.codes.pop(given["code"][0])
                told["id_token"] = self.token(aud="kaoping", nonce=nonce)
            return told
        paths = ("authorization_endpoint", "/auth"), ("token_endpoint", "/token")
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["ES256"],
            **{name: self.issuer + at for name, at in paths},
        }


def length_in(head):
    told = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(told[0].partition(b":")[2]) if told else 0


@pytest.fixture(scope="module")
async def outside():
    found = Outside()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.issuer = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield found
    server.close()
    for task in found.handling:
        task.cancel()
    await asyncio.gather(*found.handling, return_exceptions=True)


@pytest.fixture(scope="module")
async def door(outside, run_gateway):
    return await run_gateway(
        identity="openid",
        token_issuer=outside.issuer,
        jwks_url=f"{outside.issuer}/jwks",
        public_origin=HERE,
        openid_client_id="kaoping",
    )


class Browser:
    def __init__(self, door, outside):
        self.ours, self.outside = door.client(), outside

    async def begun(self):
        """Begin to sign in; return what the provider would lead back with."""
        answer = await self.ours.get(BEGIN)
        if answer.status_code != 303:
            return answer
        asked = parse_qs(urlsplit(answer.headers["location"]).query)
        code = f"c{len(self.outside.codes)}-{time.monotonic_ns()}"
        self.outside.codes[code] = asked["nonce"][0]
        return {"code": code, "state": asked["state"][0]}

    async def back(self, led):
        return await self.ours.get(CALLBACK, params=led)

    async def signed_in(self):
        answer = await self.back(await self.begun())
        assert answer.status_code == 303, answer.text
        return self

    async def me(self):
        return await self.ours.get(ME, headers=OURS)


async def timed(asked):
    began = time.monotonic()
    return await asked, time.monotonic() - began


def refused(answer):
    assert (answer.status_code, answer.json()["type"]) == (503, "provider-unavailable")
    assert answer.headers["retry-after"]
    assert "kaoping=" not in str(answer.headers.get_list("set-cookie"))


@pytest.mark.prove
@pytest.mark.parametrize("state", WAYS)
async def test_who_is_signed_in_goes_on_and_who_signs_in_is_told_in_time(
    door, outside, state, figure
):
    """Planted bugs: an answer is waited for as long as a byte of it comes now and then; it is kept
    however long it is."""
    browser = await Browser(door, outside).signed_in()
    late = Browser(door, outside)
    led = await late.begun()
    token, stranger = outside.access(), ECKey.generate_key("P-256", parameters={"kid": "k1"})
    async with door.client(token) as program, door.client(outside.access(stranger)) as thief:
        outside.state, most = state, ENDLESS if state == "endless" else MOST
        try:
            answer, seconds = await timed(late.back(led))
            refused(answer)
            assert seconds < most
            door.app.state.provider._known = None  # as ten minutes later
            answer, seconds = await timed(Browser(door, outside).begun())
            refused(answer)
            assert seconds < most
            # The keys are read again while he is so; until they are, the last ones are good.
            verifier = door.app.state.verifier
            verifier._read_at, verifier._tried_at = verifier._read_at - 10, -math.inf
            for asked in (browser.me(), program.get(ME), browser.me(), program.get(ME)):
                answer, seconds = await timed(asked)
                assert (answer.status_code, seconds < min(3.5, most)) == (200, True), answer.text
            assert (await thief.get(ME)).status_code == 401
            # At the longest for as long as is set: then nobody is let in.
            verifier._read_at -= 300
            answer, seconds = await timed(program.get(ME))
            assert (answer.json()["type"], seconds < MOST) == ("keys-unavailable", True)
            assert (await thief.get(ME)).status_code == 503
        finally:
            outside.state = "right"
        async with asyncio.timeout(2 * MOST):
            while isinstance(led := await late.begun(), httpx.Response):
                refused(led)
                await asyncio.sleep(0.1)
            while (answer := await late.back(led)).status_code == 503:
                await asyncio.sleep(0.1)
                led = await late.begun()
        assert answer.status_code == 303, answer.text
        assert (await late.me()).status_code == (await program.get(ME)).status_code == 200
        assert (await thief.get(ME)).status_code == 401
    figure("ways in which a provider fails", 1)


async def test_keys_that_were_changed_are_read_again(door, outside):
    """Planted bug: they are read again when they are old, and not when a token wants it."""
    await Browser(door, outside).signed_in()
    former, old = outside.key, outside.access()
    outside.turn_keys()
    until, browser = time.monotonic() + 12, Browser(door, outside)
    while (await browser.back(await browser.begun())).status_code != 303:
        assert time.monotonic() < until
        await asyncio.sleep(0.2)
    async with door.client(outside.access()) as new, door.client(old) as with_old:
        assert (await new.get(ME)).status_code == 200
        assert (await with_old.get(ME)).status_code == 401
    async with door.client(outside.access(former)) as forged:
        assert (await forged.get(ME)).status_code == 401


async def test_many_whose_tokens_end_keep_nobody_from_the_database(door, outside, sql):
    """Planted bugs: each who renews holds a connection while he waits; one who was silent is asked
    by everybody again."""
    browsers = [await Browser(door, outside).signed_in() for _ in range(12)]
    await sql(door, "ALTER TABLE provided_token DISABLE TRIGGER USER")
    moved = "UPDATE provided_token SET expires_at = clock_timestamp() + interval '40 s'"
    await sql(door, moved)
    await sql(door, "ALTER TABLE provided_token ENABLE TRIGGER USER")
    outside.state = "silent"
    try:
        asked = [asyncio.create_task(timed(each.me())) for each in browsers]
        await asyncio.sleep(0.5)
        door.app.state.readiness._asked_at -= 60
        async with door.client() as anybody:
            ready, seconds = await timed(anybody.get("/health/ready"))
        assert (ready.status_code, seconds < 1) == (204, True)
        told = await asyncio.gather(*asked)
        assert {answer.status_code for answer, _ in told} == {200}
        assert max(seconds for _, seconds in told) < MOST + 3  # and the keys are asked for
        again = await asyncio.gather(*(timed(each.me()) for each in browsers))
        assert {answer.status_code for answer, _ in again} == {200}
        assert max(seconds for _, seconds in again) < 2
    finally:
        outside.state = "right"


async def test_nobody_comes_from_outside_as_of_every_jurisdiction(door, outside):
    """Which is as whom the gateway itself reads. Planted bug: whatever the provider says holds."""
    told = {"aud": "kaoping", "roles": ["auditor"]}
    for whose, status in ((None, 200), ("530102", 200), ("*", 401), ("5301", 401), (530102, 401)):
        token = outside.token(**told, jurisdiction=whose)
        async with door.client(token) as client:
            assert (await client.get(ME)).status_code == status, whose
