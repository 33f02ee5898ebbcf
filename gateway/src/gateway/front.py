"""The ASGI app in front of all services: authorises, limits and forwards requests.

A raw ASGI app around the gateway's own and not a route of it: nothing is parsed, validated or kept
that is not needed to decide, and no large request or answer is ever held whole.
"""

import asyncio
import time
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.types import Message, Receive, Scope, Send

from chassis import identity, logs, metrics, problems, realms, traces
from chassis.identity import Caller, NotSignedIn, Verifier
from chassis.refusals import Refusal
from gateway.api.signing_in import NAMED
from gateway.asking import Services
from gateway.browser_sessions import BrowserSessions, TwoIdentities
from gateway.capacity import Capacity
from gateway.carriers import Carrier, ForwardedAnswer, ForwardedRequest, UpstreamDown
from gateway.compression import CompressedForms, Compressing
from gateway.exchange import ClientGone, Exchange
from gateway.messages.desk import LARGEST, Desk, Signing
from gateway.refusals import ServiceDown, TookTooLong, named_zh, no_such_method, no_such_path
from gateway.rules import addresses, encodings, headers, routing
from gateway.rules.encodings import Accepted
from gateway.rules.limits import too_many
from gateway.settings import Settings
from gateway.usage import Usage
from gateway.ways import UNPUBLISHED, Way, Ways

Pairs = list[tuple[bytes, bytes]]

_FORWARDED = b"x-forwarded-for"
# Counted by name and address where the name has been read, see `attempts.py`: one bucket for all
# behind an address would let any of them keep the others out. What names nobody has a bucket of
# its address, when that is known.
_SIGN_INS = frozenset({"POST /oauth/token", "POST /api/v1/session"})
# Answered with secrets, that nobody keeps.
_SECRETS = frozenset(
    {
        "POST /api/v1/surveys/{survey_id}/waves/{wave}/links",
        "POST /api/v1/cycles/{cycle_id}/complaints/{complaint_id}/contact-readings",
        "POST /api/v1/cycles/{cycle_id}/linked-readings",
        "POST /api/v1/cycles/{cycle_id}/notices/{notice}/objections/{reference}/contact-readings",
    }
)
# Of which no id tells whose it is.
_BY_LINK = frozenset({"GET /api/v1/open-form", "POST /api/v1/open-form"})
# Stored for whoever asks without an account: an address has few of these.
_SELDOM = frozenset(
    {
        "POST /api/v1/public/cycles/{cycle_id}/complaints",
        "POST /api/v1/public/cycles/{cycle_id}/notices/{notice}/objections",
    }
)
# What is asked of an address beside routes, each with an allowance of its own.
_PAGES, _NOTHING, _NOBODY = "pages", "nothing", "nobody"
# An answer of so many bytes at most is passed on in one piece.
_SMALL = 65_536
# And of so many where it may be compressed: documents of some length are asked for again and again.
_WHOLE = 2_000_000
_WITHOUT_BODY = frozenset({204, 304})


class BrokenOff(Exception):
    """An answer that had begun cannot be finished; the connection must not end as if it were."""


class Front:
    """Answers for every request: passes it to its service, to the gateway itself, or refuses."""

    def __init__(
        self, api: FastAPI, *, carrier: Carrier, settings: Settings, usage: Usage, seldom: Usage
    ) -> None:
        self.api = api
        self._carrier = carrier
        self._settings = settings
        self._ways: Ways | None = None
        limits = settings.at_once, settings.queue_places, settings.queue_seconds
        self._capacity = api.state.capacity = Capacity(*limits, lasts=settings.time_limit)
        api.state.services = Services(carrier, self._capacity, settings.part_seconds)
        self._forms = CompressedForms(settings.compressed_bytes)
        self._usage = usage
        self._seldom = seldom

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request within the time limit."""
        if scope["type"] != "http":
            return await self.api(scope, receive, send)
        exchange = Exchange(scope, receive, send)
        bound = logs.request_id.set(exchange.request_id.decode())
        span = traces.served(self._trace_of(exchange))
        try:
            await self._answer(exchange, receive)
        finally:
            exchange.log()
            span.end(*metrics.parted(exchange.route), exchange.status or metrics.GONE)
            logs.request_id.reset(bound)

    def _trace_of(self, exchange: Exchange) -> str:
        """Return the trace that a request belongs to: only one of our own services has any."""
        is_ours = self._capacity.knows(exchange.named.get(headers.DOOR_PASS))
        return exchange.header(traces.HEADER.encode()) if is_ours else ""

    async def _answer(self, exchange: Exchange, receive: Receive) -> None:
        seconds = self._settings.time_limit
        try:
            try:
                async with asyncio.timeout(seconds) as limit:
                    await self._handle(exchange, limit)
            except TimeoutError:
                if not limit.expired():
                    raise
                raise TookTooLong(
                    f"It took longer than the limit, usually {seconds:g} s. A command may have "
                    "been done all the same: repeat it with the same Idempotency-Key.",
                    f"超过时限（一般为 {seconds:g} 秒）未完成。写操作可能已生效，请用同一 "
                    "`Idempotency-Key` 重试。",
                ) from None
        except Refusal as refusal:
            if exchange.status is not None:
                raise BrokenOff from refusal
            await self._refuse(exchange, refusal)
        except ClientGone:
            return
        except Exception as error:
            if exchange.status is not None:
                raise
            await self._give(exchange, problems.crashed(Request(exchange.scope), error), receive)

    async def _handle(self, exchange: Exchange, limit: asyncio.Timeout) -> None:
        way = await self._admit(exchange)
        more, ends = way.seconds - self._settings.time_limit, limit.when()
        if more > 0 and ends is not None:
            limit.reschedule(ends + more)
        accepted = encodings.accepted(exchange.named.get(b"accept-encoding", b""))
        await self._take_message(exchange, way)
        # Tags of the document, in whichever form it was read.
        tagged = {b"if-match", b"if-none-match"} if accepted.gzip else {b"if-match"}
        onward = headers.onward(exchange.scope["headers"], exchange.request_id)
        if not tagged.isdisjoint(exchange.named):
            onward = [(n, encodings.untagged(v) if n in tagged else v) for n, v in onward]
        if trace := traces.parent.get():
            onward.append((traces.HEADER.encode(), trace.encode()))
        if exchange.bearer is not None:
            onward.append((b"authorization", f"Bearer {exchange.bearer}".encode()))
        if way.service == "gateway":
            await self._answer_ourselves(exchange, way, onward, accepted)
        else:
            await self._pass_on(exchange, way, onward, accepted)

    async def _take_message(self, exchange: Exchange, way: Way) -> None:
        """Verify a message whose account signs, and have its answer signed."""
        desk: Desk | None = self.api.state.desk
        if desk is None or not await desk.concerns(exchange.caller, exchange.method, way.route):
            return
        assert exchange.caller is not None  # noqa: S101 - narrows for mypy
        with desk.place(exchange.caller, exchange.named):
            # It is held and archived whole, whatever the route would take besides.
            body = await exchange.whole(min(way.body_limit, LARGEST))
            # What the gateway itself is told may be a secret, and so may what it says.
            keeps = way.service != "gateway" and way.route not in _SECRETS
            taken = await desk.take(exchange.caller, exchange.scope, body, keeps_bodies=keeps)
        exchange.signed_by(partial(Signing, desk, taken))

    async def _answer_ourselves(
        self, exchange: Exchange, way: Way, onward: Pairs, accepted: Accepted
    ) -> None:
        host = [pair for pair in exchange.scope["headers"] if pair[0] == b"host"]
        client = (self._origin(exchange), 0)
        scope = {**exchange.scope, "headers": onward + host, "client": client}
        send = self._compressing(exchange, accepted)
        if way.route in _SIGN_INS:
            scope["state"] = dict(scope.get("state", {}))
            send = self._naming_somebody(exchange, scope["state"], send)
        try:
            exchange.check_declared(way.body_limit)
            exchange.is_logged = True  # by the service that the gateway is as well
            await self.api(scope, exchange.counted(way.body_limit), send)
        except Refusal:
            if way.route in _SIGN_INS and exchange.status is None:
                self._take(exchange, _NOBODY)
            raise

    def _naming_somebody(self, exchange: Exchange, told: dict[str, Any], send: Send) -> Send:
        """Pass the answer to a sign-in on; one that named nobody is taken from the allowance of its
        address, and refused when that is used up."""
        is_refused = False

        async def passing(message: Message) -> None:
            nonlocal is_refused
            if message["type"] == "http.response.start" and NAMED not in told:
                try:
                    self._take(exchange, _NOBODY)
                except Refusal as refusal:
                    is_refused = True
                    await self._refuse(exchange, refusal)
            if not is_refused:
                await send(message)

        return passing

    def _compressing(self, exchange: Exchange, accepted: Accepted) -> Send:
        if exchange.method == "HEAD" or exchange.is_signed:
            return exchange.send
        tags = exchange.named.get(b"if-none-match", b"")
        target = exchange.scope["raw_path"] + b"?" + exchange.scope["query_string"]
        return Compressing(exchange.send, accepted, target, tags, self._forms)

    async def _admit(self, exchange: Exchange) -> Way:
        """Return where the request may go; raise the refusal that it meets instead."""
        state, path = self.api.state, exchange.path
        if routing.is_unpublished(path):
            # A supervisor has no address of its own: whoever floods from the same one must not
            # have a service that works taken for dead.
            if not routing.is_probe(path):
                self._take(exchange, _PAGES)
            return UNPUBLISHED
        ways = self._ways = self._ways or Ways(state.matrix, self._settings.body_limit)
        way = self._way(exchange, ways)
        exchange.route = way.route
        if way.is_open:
            await self._admit_anybody(exchange, way)
            return way
        try:
            exchange.caller = await _caller(exchange, state.verifier, state.browsers)
        finally:
            self._take(exchange)  # a wrong token costs as much as a right one
        if state.emergencies is not None and state.emergencies.concerns(exchange.caller):
            asked = exchange.scope["raw_path"].decode("latin-1")
            await state.emergencies.admit(exchange.caller, way.route, asked)
        # What a cookie opens has been looked up together with its account.
        elif state.standings is not None and exchange.bearer is None:
            await state.standings.check(exchange.caller)
        ways.admit(way, exchange.caller)
        return way

    async def _admit_anybody(self, exchange: Exchange, way: Way) -> None:
        """Refuse a caller without an account who asks too often, or gives a command about
        what is of a closed jurisdiction."""
        if way.route not in _SIGN_INS:
            self._take(exchange, way.route)
        closed = self.api.state.closed
        if way.route.startswith("POST ") and closed is not None:
            await closed.check(exchange.path)

    def _way(self, exchange: Exchange, ways: Ways) -> Way:
        """Return where the published route leads that is asked for; refuse what is none.

        Which paths and methods there are stands in the published document: whoever asks for
        another is told so before he is asked who he is.
        """
        way = ways.find(exchange.method, exchange.path)
        if way is not None:
            return way
        methods = ways.methods(exchange.path)
        self._take(exchange, _NOTHING)  # what is not there costs as much as an answer
        raise no_such_method(methods) if methods else no_such_path(exchange.path)

    def _take(self, exchange: Exchange, what: str = "") -> None:
        """Take one request from the caller's allowance; refuse when it is used up.

        Who has not signed in has an allowance apart for each `what`, an open route or what is no
        route: whoever floods one from an address does not keep a service there from reading the
        keys, nor others behind that address from being told that their token has expired.
        """
        now = time.monotonic()
        if exchange.caller:
            wait = self._usage.of_subject(exchange.caller.subject, now)
            exchange.told = self._usage.told(exchange.caller.subject)
        else:
            usage = self._seldom if what in _SELDOM else self._usage
            wait = usage.of_address(f"{self._origin(exchange)} {what}", now)
        if wait:
            raise too_many(wait)

    def _origin(self, exchange: Exchange) -> str:
        peer = (exchange.scope.get("client") or ("-", 0))[0]
        given = exchange.scope["headers"] if _FORWARDED in exchange.named else ()
        forwarded = [value.decode("latin-1") for name, value in given if name == _FORWARDED]
        return addresses.origin(peer, forwarded, self._settings.trusted_proxies)

    async def _pass_on(
        self, exchange: Exchange, way: Way, onward: Pairs, accepted: Accepted
    ) -> None:
        scope = exchange.scope
        body = await exchange.body(way.body_limit)
        who = exchange.caller.subject if exchange.caller else f"address {self._origin(exchange)}"
        shown = exchange.named.get(headers.DOOR_PASS)
        turn = await self._capacity.enter(way.service, who, shown)
        try:
            if b"cookie" in exchange.named:  # services know tokens alone
                onward = [pair for pair in onward if pair[0] != b"cookie"]
            onward.append((headers.DOOR_PASS, turn.door_pass))
            if way.route in _BY_LINK and (closed := self.api.state.closed) is not None:
                onward.append((headers.CLOSED, " ".join(sorted(await closed.codes())).encode()))
            target = routing.target(scope["raw_path"], scope["query_string"])
            order = ForwardedRequest(way.service, exchange.method, target, onward, body)
            answer = await self._carrier.carry(order)
            try:
                await self._give_back(exchange, answer, accepted)
            finally:
                await answer.close()
        except UpstreamDown as down:
            if exchange.failure:
                raise exchange.failure from None
            logs.say("upstream-down", peer=way.service, reason=str(down))
            raise ServiceDown(
                f"{way.service} did not answer. Repeat a command with the same Idempotency-Key.",
                f"{named_zh(way.service)}没有应答。重试写操作时请使用同一 `Idempotency-Key`。",
            ) from down
        finally:
            self._capacity.leave(turn)

    async def _give_back(
        self, exchange: Exchange, answer: ForwardedAnswer, accepted: Accepted
    ) -> None:
        back = headers.back(answer.headers, exchange.request_id)
        length = 0 if answer.status in _WITHOUT_BODY else headers.length_of(back)
        send: Send = exchange.send
        if length >= encodings.LEAST or answer.status == 304 or not accepted.plain:
            send = self._compressing(exchange, accepted)
        if length <= (_WHOLE if accepted.gzip else _SMALL):
            # Read before the answer begins: if the service breaks off now, that can still be said.
            body = await answer.read()
            await send(_start(answer.status, back))
            await send(_piece(body, more=False))
            return
        await send(_start(answer.status, back))
        async for piece in answer.pieces():
            await send(_piece(piece, more=True))
        await send(_piece(b"", more=False))

    async def _refuse(self, exchange: Exchange, refusal: Refusal) -> None:
        language = problems.language_of(exchange.header(b"accept-language"))
        name = exchange.request_id.decode()
        status, told = problems.body_of(
            refusal, language=language, instance=exchange.path, request_id=name
        )
        body = problems.encoded(told)
        more = getattr(refusal, "headers", {}).items()
        head = [
            (b"content-language", language.encode()),
            *((name.lower().encode(), value.encode("latin-1")) for name, value in more),
            (b"content-length", b"%d" % len(body)),
            (b"content-type", problems.MEDIA_TYPE.encode()),
            (headers.REQUEST_ID, exchange.request_id),
        ]
        await exchange.send(_start(status, head))
        await exchange.send(_piece(body, more=False))

    async def _give(self, exchange: Exchange, answer: Response, receive: Receive) -> None:
        answer.headers[logs.REQUEST_ID] = exchange.request_id.decode()
        await answer(exchange.scope, receive, exchange.send)


async def _caller(
    exchange: Exchange, verifier: Verifier, browsers: BrowserSessions | None
) -> Caller:
    """Return who asks, by a bearer token or by the cookie of a browser's session."""
    if browsers is not None and b"cookie" in exchange.named:
        secret = browsers.secret(exchange.scope["headers"])
        if secret is not None:
            exchange.bearer = await _exchanged(exchange, secret, browsers)
            return _of_somebody(await verifier.caller(exchange.bearer))
    token = identity.bearer_of(exchange.header(b"authorization"))
    if token is None:
        raise NotSignedIn("There is no bearer token.", "请求没有携带令牌。")
    return _of_somebody(await verifier.caller(token))


def _of_somebody(caller: Caller) -> Caller:
    """Return a caller; refuse one of every realm, which is the gateway itself, and never comes by
    this door: whatever an outside provider says of an account."""
    if caller.realm == realms.EVERY:
        raise NotSignedIn("The token's realm is none.", "令牌所载的归属范围无效。")
    return caller


async def _exchanged(exchange: Exchange, secret: str, browsers: BrowserSessions) -> str:
    if b"authorization" in exchange.named:
        told = f"{browsers.cookie.name} and Authorization.", f"`{browsers.cookie.name}` 与令牌。"
        raise TwoIdentities(*told)
    browsers.check_page(exchange.method, exchange.named)
    return await browsers.token(secret)


def _start(status: int, back: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": back}


def _piece(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}
