"""The merged API document, made of what the services themselves say they publish.

The services are asked (at `/openapi.json`, which is not routed from outside) rather than files
read: a gateway that runs apart from them shares no files with them, and a document asked for is
that of the version which is running. It is kept for `reference_seconds`.
"""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from typing import Any

import orjson

from chassis import logs
from chassis.authorisation import Matrix
from chassis.problems import Responses, documents, joined
from chassis.refusals import Unavailable
from gateway.carriers import Carrier, ForwardedRequest, UpstreamDown
from gateway.refusals import ServiceBusy, ServiceDown, TookTooLong
from gateway.rules.encodings import CodingNotAcceptable
from gateway.rules.headers import REQUEST_ID
from gateway.rules.limits import TooManyRequests
from gateway.rules.merging import METHODS, Json, merge
from gateway.rules.routing import ROUTES
from gateway.settings import Settings

SERVICES = sorted({service for _, service in ROUTES} - {"gateway"})

_DESCRIPTION = (
    "政府绩效考评系统的全部接口。`x-roles` 列出可以调用的角色。"
    "较长的应答按 `Accept-Encoding` 以 gzip 压缩；429 和 503 的应答带有 `Retry-After`。\n\n"
    "All interfaces of the performance evaluation system. `x-roles` lists the roles that may ask. "
    "Long answers are compressed with gzip as `Accept-Encoding` says; "
    "a 429 or 503 says by `Retry-After` when to come back."
)
_BEARER: Json = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
_OAUTH: Json = {
    "type": "oauth2",
    "flows": {
        "password": {"tokenUrl": "/oauth/token", "scopes": {}},
        "clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}},
    },
}


class PartDown(Unavailable):
    """Part of the API document cannot be read at the moment."""

    zh = "暂时无法读取部分接口文档。"
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


_DOOR: Responses = {
    str(status): answer
    for status, answer in documents(
        TooManyRequests, CodingNotAcceptable, ServiceBusy, ServiceDown, TookTooLong
    ).items()
}


def security_schemes(settings: Settings) -> dict[str, Json]:
    """Return how callers sign in, in the words of OpenAPI."""
    if settings.identity == "embedded":
        return {"oauth2": _OAUTH, "bearer": _BEARER}
    discovery = settings.token_issuer.rstrip("/") + "/.well-known/openid-configuration"
    return {"openid": {"type": "openIdConnect", "openIdConnectUrl": discovery}, "bearer": _BEARER}


def whole(parts: dict[str, Json], matrix: Matrix, settings: Settings) -> Json:
    """Return the one document of all parts."""

    def roles(method: str, path: str) -> Sequence[str]:
        rows = matrix.routes.get(f"{method} {path}", ())
        return list(dict.fromkeys(row.role for row in rows))

    info = {"title": "考评系统 Kaoping", "version": "1", "description": _DESCRIPTION}
    merged = merge(parts, info=info, roles=roles, security_schemes=security_schemes(settings))
    for item in merged["paths"].values():
        for operation in item.values():
            # Whatever the service answers, the door in front of it may have answered before.
            operation["responses"] = joined(operation["responses"], _DOOR)
    return merged


def _ids_of(document: Json) -> dict[str, str]:
    """Return the operation id of each route, which is written as in the matrix."""
    return {
        f"{method.upper()} {path}": operation["operationId"]
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


class Reference:
    """Keeps the merged document, and asks the services for their parts when it is old."""

    def __init__(self, carrier: Carrier, matrix: Matrix, settings: Settings) -> None:
        self._carrier = carrier
        self._matrix = matrix
        self._settings = settings
        self._kept: tuple[bytes, str] | None = None
        self._until = 0.0
        self._operations: dict[str, str] = {}

    async def current(self, own: Json) -> tuple[bytes, str]:
        """Return the document and its ETag; `own` is the gateway's part."""
        if self._kept is None or time.monotonic() >= self._until:
            parts = {"gateway": own} | {name: await self._part(name) for name in SERVICES}
            document = whole(parts, self._matrix, self._settings)
            body = orjson.dumps(document)
            self._kept = body, f'"{hashlib.sha256(body).hexdigest()}"'
            self._until = time.monotonic() + self._settings.reference_seconds
            self._operations = _ids_of(document)
        return self._kept

    async def operations(self, own: Json) -> dict[str, str]:
        """Return the operation id of each route, as they were last known; `own` as above."""
        try:
            async with asyncio.timeout(self._settings.part_seconds):
                await self.current(own)
        except (PartDown, TimeoutError):
            logs.say("part-missing", peer="reference")
        return self._operations

    async def _part(self, service: str) -> Any:  # noqa: ANN401 - JSON
        headers = [(b"accept", b"application/json"), (REQUEST_ID, logs.request_id.get().encode())]
        order = ForwardedRequest(service, "GET", "/openapi.json", headers, None)
        try:
            reply = await self._carrier.carry(order)
            try:
                body = await reply.read()
            finally:
                await reply.close()
            if reply.status == 200 and "paths" in (told := orjson.loads(body)):
                return told
        except (UpstreamDown, ValueError):
            pass
        raise PartDown(f"{service} did not give its document.", f"{service} 没有给出接口文档。")
