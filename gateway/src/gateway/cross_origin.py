"""The door where pages of other origins may ask as well (CORS): `ALLOWED_ORIGINS` names them.

They ask with a bearer token. No answer ever permits credentials, so that a page elsewhere cannot
act by the cookie of whoever looks at it, whatever is allowed here.
"""

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from chassis.refusals import Forbidden
from gateway.carriers import Carrier
from gateway.exchange import Exchange
from gateway.front import Front
from gateway.rules import headers, origins
from gateway.settings import Settings
from gateway.usage import Usage


class OriginNotAllowed(Forbidden):
    """Pages of this origin may not ask."""

    zh = "不允许该来源的网页调用。"
    remedy = (
        "Serve the page from the address of the system itself, or have its origin added to "
        "`ALLOWED_ORIGINS`, spelled exactly as in the header `Origin`.",
        "请将网页部署在本系统的地址下，或请运行人员把该来源加入 `ALLOWED_ORIGINS`，写法与请求头 "
        "`Origin` 完全一致。",
    )
    headers = {"Vary": "Origin"}  # noqa: RUF012 - never written to


class OpenFront(Front):
    """The door, with pages of some other origins let in."""

    def __init__(
        self, api: FastAPI, *, carrier: Carrier, settings: Settings, usage: Usage, seldom: Usage
    ) -> None:
        super().__init__(api, carrier=carrier, settings=settings, usage=usage, seldom=seldom)
        self._origins = frozenset(origin.encode() for origin in settings.allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or what a browser asks before it."""
        if scope["type"] != "http":
            return await super().__call__(scope, receive, send)
        named = headers.first_of(scope["headers"])
        origin = named.get(b"origin")
        allowed = origin if origin in self._origins else None
        if origins.is_preflight(scope["method"], named):
            return await self._permit(Exchange(scope, receive, send), allowed)
        told = origins.readable(allowed)

        async def readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *told]}
            await send(message)

        return await super().__call__(scope, receive, readable)

    async def _permit(self, exchange: Exchange, allowed: bytes | None) -> None:
        exchange.route = "OPTIONS"
        if allowed is None:
            said = exchange.header(b"origin")[:200]
            told = f"The page is of {said}.", f"网页来源：`{said}`。"
            await self._refuse(exchange, OriginNotAllowed(*told))
        else:
            head = [*origins.permission(allowed), (headers.REQUEST_ID, exchange.request_id)]
            await exchange.send({"type": "http.response.start", "status": 204, "headers": head})
            await exchange.send({"type": "http.response.body", "body": b""})
        exchange.log()
