"""The ASGI app in front of all services: authorises, limits and forwards requests as streams.

A raw ASGI middleware and not a route: nothing is parsed, validated or kept that is not needed to
decide, and neither a request nor an answer is ever held whole.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis import identity, logs, problems
from chassis.authorisation import Matrix
from chassis.identity import Caller, NotSignedIn, Verifier
from chassis.refusals import Refusal
from gateway.bounded_cache import BoundedCache
from gateway.carriers import Carrier, ForwardedRequest, UpstreamDown
from gateway.exchange import ClientGone, Exchange
from gateway.refusals import ServiceDown, TookTooLong, no_such_method, no_such_path
from gateway.rules import addresses, headers, routing
from gateway.rules.limits import Allowance, Bucket, too_many
from gateway.settings import Settings

_BUCKETS = 10_000
_FORWARDED = b"x-forwarded-for"
# Counted by name and address where the name has been read, see `attempts.py`: one bucket for all
# behind an address would let any of them keep the others out.
_SIGN_IN = "POST /oauth/token"
# What is asked of an address beside routes, each with an allowance of its own.
_PAGES, _NOTHING = "pages", "nothing"
# Nobody who has not signed in has reason to send more than a form with a name and a secret.
_ANONYMOUS_BODY = 65_536


class BrokenOff(Exception):
    """An answer that had begun cannot be finished; the connection must not end as if it were."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The outcome of checking a request: its service, and the largest body it may have."""

    service: str
    body_limit: int


class Front:
    """Answers for every request: passes it to its service, to the gateway itself, or refuses."""

    def __init__(self, app: ASGIApp, *, carrier: Carrier, settings: Settings) -> None:
        self._app = app
        self._carrier = carrier
        self._settings = settings
        self._templates: routing.Templates | None = None
        # Apart: a crowd of addresses must not push out what is known of those who signed in.
        self._subjects: BoundedCache[str, Bucket] = BoundedCache(_BUCKETS)
        self._addresses: BoundedCache[str, Bucket] = BoundedCache(_BUCKETS)
        self._usual = Allowance(settings.requests_per_second, settings.burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request within the time limit."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        exchange = Exchange(scope, receive, send)
        bound = logs.request_id.set(exchange.request_id.decode())
        try:
            await self._answer(exchange, receive)
        finally:
            exchange.log()
            logs.request_id.reset(bound)

    async def _answer(self, exchange: Exchange, receive: Receive) -> None:
        seconds = self._settings.time_limit
        try:
            try:
                async with asyncio.timeout(seconds) as limit:
                    await self._handle(exchange)
            except TimeoutError:
                if not limit.expired():
                    raise
                raise TookTooLong(
                    f"It was given up after {seconds:g} s. A command may have been done all the "
                    "same: repeat it with the same Idempotency-Key.",
                    f"超过 {seconds:g} 秒未完成。写操作可能已生效，请用同一 Idempotency-Key 重试。",
                ) from None
        except Refusal as refusal:
            if exchange.status is not None:
                raise BrokenOff from refusal
            await self._refuse(exchange, refusal, receive)
        except ClientGone:
            return
        except Exception as error:
            if exchange.status is not None:
                raise
            await self._give(exchange, problems.crashed(Request(exchange.scope), error), receive)

    async def _handle(self, exchange: Exchange) -> None:
        admission = await self._admit(exchange)
        if admission.service == "gateway":
            own = headers.onward(exchange.scope["headers"], exchange.request_id)
            host = [pair for pair in exchange.scope["headers"] if pair[0] == b"host"]
            client = (self._origin(exchange), 0)
            scope = {**exchange.scope, "headers": own + host, "client": client}
            exchange.check_declared(admission.body_limit)
            exchange.is_logged = True  # by the service that the gateway is as well
            await self._app(scope, exchange.counted(admission.body_limit), exchange.send)
        else:
            await self._pass_on(exchange, admission)

    async def _admit(self, exchange: Exchange) -> Admission:
        """Return where the request may go; raise the refusal that it meets instead."""
        state, path = exchange.scope["app"].state, exchange.path
        service = routing.service_for(path)
        if service is None:
            raise self._unpublished(exchange, no_such_path(path))
        if routing.is_unpublished(path):
            # A supervisor has no address of its own: whoever floods from the same one must not
            # have a service that works taken for dead.
            if not routing.is_probe(path):
                self._take(exchange, _PAGES)
            return Admission(service, _ANONYMOUS_BODY)
        matrix: Matrix = state.matrix
        exchange.route = self._route(matrix, exchange)
        if matrix.is_open(exchange.route):
            if exchange.route != _SIGN_IN:
                self._take(exchange)
            return Admission(service, _ANONYMOUS_BODY)
        try:
            exchange.caller = await _caller(exchange, state.verifier)
        finally:
            self._take(exchange)  # a wrong token costs as much as a right one
        if state.standings is not None:
            await state.standings.check(exchange.caller)
        matrix.admit(exchange.route, exchange.caller.roles)
        limit = min(matrix.body_limit(exchange.route), self._settings.body_limit)
        return Admission(service, limit)

    def _route(self, matrix: Matrix, exchange: Exchange) -> str:
        """Return the published route that is asked for; refuse what is none.

        Which paths and methods there are stands in the published document: whoever asks for
        another is told so before he is asked who he is.
        """
        if self._templates is None:
            self._templates = routing.Templates(matrix.routes)
        route = self._templates.find(exchange.method, exchange.path)
        if route is None:
            methods = self._templates.methods(exchange.path)
            refusal = no_such_method(methods) if methods else no_such_path(exchange.path)
            raise self._unpublished(exchange, refusal)
        return route

    def _unpublished(self, exchange: Exchange, refusal: Refusal) -> Refusal:
        """Return the refusal of what is not there; it costs as much as an answer."""
        self._take(exchange, _NOTHING)
        return refusal

    def _take(self, exchange: Exchange, what: str = "") -> None:
        """Take one request from the caller's allowance; refuse when it is used up.

        Who has not signed in has an allowance apart for each open route, and for `what` is no
        route: whoever floods one from an address does not keep a service there from reading the
        keys, nor others behind that address from being told that their token has expired.
        """
        if exchange.caller:
            buckets, who = self._subjects, exchange.caller.subject
        else:
            is_open = exchange.scope["app"].state.matrix.is_open(exchange.route)
            what = exchange.route if is_open else what
            buckets, who = self._addresses, f"{self._origin(exchange)} {what}"
        bucket, wait = self._usual.take(buckets.get(who), time.monotonic())
        buckets.keep(who, bucket)
        if wait:
            raise too_many(wait)

    def _origin(self, exchange: Exchange) -> str:
        peer = (exchange.scope.get("client") or ("-", 0))[0]
        forwarded = [v.decode("latin-1") for k, v in exchange.scope["headers"] if k == _FORWARDED]
        return addresses.origin(peer, forwarded, self._settings.trusted_proxies)

    async def _pass_on(self, exchange: Exchange, admission: Admission) -> None:
        scope = exchange.scope
        order = ForwardedRequest(
            admission.service,
            exchange.method,
            routing.target(scope["raw_path"], scope["query_string"]),
            headers.onward(scope["headers"], exchange.request_id),
            await exchange.body(admission.body_limit),
        )
        try:
            async with self._carrier.carry(order) as reply:
                back = headers.back(reply.headers, exchange.request_id)
                await exchange.send(_start(reply.status, back))
                async for piece in reply.pieces:
                    await exchange.send(_piece(piece, more=True))
                await exchange.send(_piece(b"", more=False))
        except UpstreamDown as down:
            if exchange.failure:
                raise exchange.failure from None
            logs.say("upstream-down", peer=admission.service, reason=str(down))
            raise ServiceDown(
                f"{admission.service} did not answer. Repeat a command with the same "
                "Idempotency-Key.",
                f"{admission.service} 没有应答。重试写操作时请使用同一 Idempotency-Key。",
            ) from down

    async def _refuse(self, exchange: Exchange, refusal: Refusal, receive: Receive) -> None:
        await self._give(exchange, problems.render(Request(exchange.scope), refusal), receive)

    async def _give(self, exchange: Exchange, answer: Response, receive: Receive) -> None:
        answer.headers[logs.REQUEST_ID] = exchange.request_id.decode()
        await answer(exchange.scope, receive, exchange.send)


async def _caller(exchange: Exchange, verifier: Verifier) -> Caller:
    token = identity.bearer_of(exchange.header(b"authorization"))
    if token is None:
        raise NotSignedIn("There is no bearer token.", "请求没有携带令牌。")
    return await verifier.caller(token)


def _start(status: int, back: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": back}


def _piece(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}
