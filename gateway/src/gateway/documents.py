"""The merged API document, made of what the services themselves say they publish.

The services are asked (at `/openapi.json`, which is not routed from outside) rather than files
read: a gateway that runs apart from them shares no files with them, and a document asked for is
that of the version which is running. It is kept for `reference_seconds`.
"""

import asyncio
import hashlib
import time
from asyncio import to_thread
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from chassis import logs
from chassis.authorisation import Matrix
from chassis.problems import documents, joined, slug, status_of
from chassis.refusals import Refusal, TooManyRequests, Unavailable
from chassis.scopes import Scope
from gateway import catalogue
from gateway.browser_sessions import NotFromOwnPage, TwoIdentities
from gateway.carriers import Carrier, ForwardedRequest, UpstreamDown
from gateway.messages.desk import MessageNotSigned
from gateway.refusals import NoSuchPath, ServiceBusy, ServiceDown, TookTooLong, named_zh
from gateway.rules import browsers
from gateway.rules.bounds import bound
from gateway.rules.closings import JurisdictionClosed
from gateway.rules.encodings import CodingNotAcceptable
from gateway.rules.headers import REQUEST_ID
from gateway.rules.merging import METHODS, Json, merge
from gateway.rules.routing import ROUTES
from gateway.rules.wording import LANGUAGES, operations, shared, worded
from gateway.settings import Settings

SERVICES = sorted({service for _, service in ROUTES} - {"gateway"})

# RFC 8725 says what a token must not be trusted for: an algorithm is fixed, audience and issuer are
# compared.
_JWT = "JWT (RFC8725)"
_BEARER: Json = {
    "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": _JWT,
}  # fmt: skip
_OAUTH: Json = {
    "type": "oauth2",
    "description": _JWT,
    "flows": {
        "password": {"tokenUrl": "/oauth/token", "scopes": {}},
        "clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}},
    },
}


class PartDown(Unavailable):
    """Part of the API document cannot be read at the moment."""

    zh = "暂时无法读取部分接口文档。"
    remedy = (
        "Ask again after the seconds in `Retry-After`.",
        "请在 `Retry-After` 所示秒数后重试。",
    )
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


_DOOR = documents(TooManyRequests, CodingNotAcceptable, ServiceBusy, ServiceDown, TookTooLong)
_PLACE = documents(
    TooManyRequests, CodingNotAcceptable, ServiceBusy, ServiceDown, TookTooLong, NoSuchPath
)
_COMMANDS = documents(MessageNotSigned)
_CLOSED = documents(JurisdictionClosed)
_SIGNED_IN = documents(TwoIdentities, NotFromOwnPage)
_LANGUAGE: Json = {
    "name": "Accept-Language",
    "in": "header",
    "schema": {"type": "string", "default": "zh", "maxLength": 200},
}
_RETRIED = {"429", "503"}
_SHORT: Json = {"type": "string", "maxLength": 200}
_LIMIT_HEADERS: Json = {
    "RateLimitPolicy": {"schema": {**_SHORT, "example": '"account";q=200;w=2'}},
    "RateLimit": {"schema": {**_SHORT, "example": '"account";r=199;t=1'}},
}
"""What whoever is signed in is told of his allowance (draft-ietf-httpapi-ratelimit-headers)."""
_LIMITS: Json = {
    "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
    "RateLimit": {"$ref": "#/components/headers/RateLimit"},
}
_RETRY: Json = {"Retry-After": {"schema": {"type": "integer", "minimum": 1, "maximum": 86_400}}}


def security_schemes(settings: Settings) -> dict[str, Json]:
    """Return how callers sign in, in the words of OpenAPI."""
    known: dict[str, Json] = {"oauth2": _OAUTH, "bearer": _BEARER}
    if settings.identity == "openid":
        discovery = settings.token_issuer.rstrip("/") + "/.well-known/openid-configuration"
        outside = {"type": "openIdConnect", "openIdConnectUrl": discovery}
        known = {"openid": outside, "bearer": _BEARER}
    if settings.public_origin:
        name = browsers.session_cookie(settings.public_origin).name
        known["browser"] = {"type": "apiKey", "in": "cookie", "name": name}
    return known


def whole(parts: dict[str, Json], matrix: Matrix, settings: Settings) -> Json:
    """Return the one document of all parts."""

    def roles(method: str, path: str) -> Sequence[str]:
        rows = matrix.routes.get(f"{method} {path}", ())
        return list(dict.fromkeys(row.role for row in rows))

    license_ = {"name": "Apache 2.0", "identifier": "Apache-2.0"}
    info = {"title": "Kaoping", "version": "1", "license": license_}
    merged = merge(parts, info=info, roles=roles, security_schemes=security_schemes(settings))
    merged["x-problems"] |= {
        kind: {"status": int(status), **told}
        for status, answer in joined(_PLACE, _COMMANDS, _SIGNED_IN, _CLOSED).items()
        for kind, told in answer["x-problems"].items()
    }
    for operation in operations(merged):
        _complete(operation)
        _tell_limits(operation)
    _tell_closed(merged)
    _tell_scopes(merged, matrix)
    merged["components"]["headers"] = _LIMIT_HEADERS
    bound(merged)
    return merged


def _tell_limits(operation: Json) -> None:
    """Say which answers tell whoever is signed in of his allowance: all do, and these are meant."""
    for status, answer in operation["responses"].items():
        if operation["security"] and (status == "429" or status.startswith("2")):
            answer["headers"] = {**answer.get("headers", {}), **_LIMITS}


def _tell_scopes(merged: Json, matrix: Matrix) -> None:
    """Say which groups of routes a token can be limited to, and in which each operation stands;
    with a scope that names cycles it may be asked where `x-scope-cycles` is true."""
    merged["x-emergency"] = dict(matrix.emergency)
    merged["x-scopes"] = {name: asdict(group) for name, group in matrix.scopes.groups.items()}
    a_part = Scope(frozenset({f"{matrix.scopes.part}:"}))
    for path, item in merged["paths"].items():
        for method in METHODS & item.keys():
            route = f"{method.upper()} {path}"
            if group := matrix.scopes.of_route.get(route):
                item[method]["x-scope"] = group
                item[method]["x-scope-cycles"] = matrix.scopes.reaches_route(route, a_part)


def refusing(document: Json, refusal: type[Refusal]) -> set[str]:
    """Return the routes of a published document that may be refused so, as `GET /api/v1/me`."""
    status, kind = str(int(status_of(refusal))), slug(refusal)
    return {
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method in METHODS & item.keys()
        if kind in item[method]["responses"].get(status, {}).get("x-problems", ())
    }


def _ids_of(document: Json) -> dict[str, str]:
    """Return the operation id of each route, which is written as in the matrix."""
    return {
        f"{method.upper()} {path}": operation["operationId"]
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def _complete(operation: Json) -> None:
    """Say what holds at every operation.

    Whatever the service answers, the door in front of it may have answered before.
    """
    known = operation.get("parameters", ())
    operation["parameters"] = [*known, dict(_LANGUAGE)]
    # What stands for a part of the path may be something of which no path is made.
    told = _PLACE if any(each["in"] == "path" for each in known) else _DOOR
    if any(each["name"] == "Idempotency-Key" for each in known):
        told = joined(told, _COMMANDS)
    if operation["security"]:
        told = joined(told, _SIGNED_IN)
    _add(operation, told)
    for status in _RETRIED & operation["responses"].keys():
        operation["responses"][status]["headers"] = _RETRY


def _add(operation: Json, told: Mapping[int | str, dict[str, Any]]) -> None:
    """Say that an operation may be refused so, too."""
    for status, answer in told.items():
        known = operation["responses"].setdefault(str(status), {"content": answer["content"]})
        known["x-problems"] = sorted({*known.get("x-problems", ()), *answer["x-problems"]})


def _tell_closed(merged: Json) -> None:
    """Say which commands of somebody without an account the door refuses of a closed
    jurisdiction."""
    for path, item in merged["paths"].items():
        if "{cycle_id}" in path and "post" in item and not item["post"]["security"]:
            _add(item["post"], _CLOSED)


class Reference:
    """Keeps the merged document in each language, and asks the services for their parts when it is
    old; `own` gives the gateway's part."""

    def __init__(
        self, own: Callable[[], Json], carrier: Carrier, matrix: Matrix, settings: Settings
    ) -> None:
        self._own = own
        self._carrier = carrier
        self._matrix = matrix
        self._settings = settings
        self._whole: Json = {}
        self._kept: dict[str, tuple[bytes, str]] = {}
        self._until = 0.0
        self._operations: dict[str, str] = {}
        self._lock = asyncio.Lock()
        self._asking: asyncio.Task[None] | None = None

    async def current(self, language: str) -> tuple[bytes, str]:
        """Return the document in a language and its ETag.

        One asks and the others wait for what it gets; it is put together off the loop. Once there
        is a document it is given until there is a newer one, also while a part cannot be read.
        """
        await self._fresh()
        async with self._lock:
            if language not in self._kept:
                self._kept[language] = await to_thread(written, self._whole, language)
            return self._kept[language]

    async def _fresh(self) -> None:
        """Have a document that is not old. It is put together by a task of its own: a request that
        waits no longer takes nothing from the others, nor from itself when it comes again."""
        if self._whole and time.monotonic() < self._until:
            return
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._refresh())
            self._asking.add_done_callback(_heard)
        try:
            await asyncio.shield(self._asking)
        except PartDown:
            if not self._whole:
                raise
            logs.say("part-missing", peer="reference")
            self._until = time.monotonic() + _ASKED_AGAIN

    async def _refresh(self) -> None:
        # At once: right after a start each of them first has to write its own.
        asked = to_thread(self._own), *map(self._part, SERVICES)
        told = dict(zip(("gateway", *SERVICES), await asyncio.gather(*asked), strict=True))
        self._whole = await to_thread(whole, told, self._matrix, self._settings)
        self._until = time.monotonic() + self._settings.reference_seconds
        self._kept = {}
        self._operations = _ids_of(self._whole)

    async def operations(self) -> dict[str, str]:
        """Return the operation id of each route, as they were last known.

        Once known they are not asked for again until the document is: they change with its version.
        """
        if self._operations:
            return self._operations
        try:
            async with asyncio.timeout(self._settings.part_seconds):
                await self._fresh()
        except (PartDown, TimeoutError):
            logs.say("part-missing", peer="reference")
        return self._operations

    async def _part(self, service: str) -> Any:  # noqa: ANN401 - JSON
        """Return what a service publishes; as long as there is no document at all, one that cannot
        be reached is asked again: it may be starting, or have much to do."""
        patience = 0.0 if self._whole else self._settings.reference_patience
        ends = time.monotonic() + patience
        while True:
            try:
                return await self._asked(service)
            except UpstreamDown:
                if time.monotonic() >= ends:
                    raise _missing(service) from None
            await asyncio.sleep(_BETWEEN)

    async def _asked(self, service: str) -> Any:  # noqa: ANN401 - JSON
        headers = [(b"accept", b"application/json"), (REQUEST_ID, logs.request_id.get().encode())]
        order = ForwardedRequest(service, "GET", "/openapi.json", headers, None)
        reply = await self._carrier.carry(order)
        try:
            body = await reply.read()
        finally:
            await reply.close()
        try:
            told = orjson.loads(body)
        except ValueError:
            told = {}
        if reply.status != 200 or "paths" not in told:
            raise _missing(service)
        return told


_BETWEEN = 0.25
"""Seconds between two questions to a part that cannot be reached."""
_ASKED_AGAIN = 2.0
"""Seconds for which an old document is given before its parts are asked again."""


def _missing(service: str) -> PartDown:
    zh = f"{named_zh(service)}没有给出接口文档。"
    return PartDown(f"{service} did not give its document.", zh)


def _heard(task: asyncio.Task[None]) -> None:
    """Hear what became of a task, though everybody who waited for it may have gone."""
    if not task.cancelled():
        task.exception()


def written(merged: Json, language: str) -> tuple[bytes, str]:
    """Return the document in a language, as it is read from outside, and its ETag."""
    words = catalogue.load()
    told = {each: worded(merged, words, each) for each in LANGUAGES}
    of = told.pop(language)
    schemes = of["components"].get("securitySchemes", {})
    if flow := schemes.get("oauth2", {}).get("flows", {}).get("clientCredentials"):
        flow["scopes"] = {name: group[language] for name, group in of["x-scopes"].items()}
    body = orjson.dumps(shared(of, [*told.values()]))
    return body, f'"{hashlib.sha256(body).hexdigest()}"'
