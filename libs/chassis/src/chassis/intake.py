"""Strict JSON intake: a body is decoded once, and what is ambiguous in it is refused.

Python's decoder keeps the last of two equal keys, reads `NaN`, turns 0.1 into a binary
float and lets half a surrogate pair through to crash whoever encodes it next. Here each of
them is a refusal, numbers become `Decimal` digit for digit, and depth and size have limits.
"""

import json
import re
from collections.abc import Awaitable, Callable, Coroutine
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.refusals import Invalid

MAX_DEPTH = 32
MAX_DIGITS = 40

# Unrolled, because it runs over every byte: one step per run of plain characters.
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")


class BodyTooLarge(Invalid):
    """The request body is larger than allowed."""

    zh = "请求体超过允许的大小。"
    status = 413


class NotJson(Invalid):
    """The request body is not acceptable JSON."""

    zh = "请求体不是可接受的 JSON。"
    status = 400


class WrongMediaType(Invalid):
    """The request body must be application/json in UTF-8, not compressed."""

    zh = "请求体必须是未压缩的 UTF-8 编码 application/json。"
    status = 415


def _refuse(en: str, zh: str) -> NoReturn:
    raise NotJson(en, zh)


def _check_depth(body: bytes) -> None:
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            _refuse(f"Nested deeper than {MAX_DEPTH} levels.", f"嵌套超过 {MAX_DEPTH} 层。")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse("An object has the same key twice.", "对象中有重复的键。")
    return found


def _number(digits: str) -> Decimal:
    if len(digits) > MAX_DIGITS:
        _refuse(f"A number is longer than {MAX_DIGITS} characters.", "数字过长。")
    try:
        number = Decimal(digits)
    except InvalidOperation:  # an exponent beyond what even Decimal holds
        _refuse_size()
    # Whoever turns 1e999999999 into a whole number is busy with it for hours.
    if abs(number.adjusted()) > MAX_DIGITS:
        _refuse_size()
    return number


def _refuse_size() -> NoReturn:
    _refuse(
        f"A number has more than {MAX_DIGITS} digits when written out.",
        f"数字完整写出后超过 {MAX_DIGITS} 位。",
    )


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        _refuse(f"A number is longer than {MAX_DIGITS} characters.", "数字过长。")
    return int(digits)


def decode(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """Return the JSON value in `body`, decimals exact; raise `NotJson` naming what is wrong."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("The body is not UTF-8.", "请求体不是 UTF-8 编码。")
    if text.startswith("\ufeff"):
        _refuse("The body begins with a byte order mark.", "请求体以字节顺序标记开头。")
    _check_depth(body)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_float=_number,
            parse_int=_whole,
            parse_constant=lambda word: _refuse(
                f"{word} is not a JSON number.", f"{word} 不是 JSON 数字。"
            ),
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        _refuse(f"Not JSON at {where}.", f"第 {error.lineno} 行第 {error.colno} 列不是 JSON。")
    # A lone surrogate or a NUL can only come from an escape; both are refused wherever they stand.
    if "\\u" in text:
        _check_escapes(value)
    return value


def _check_escapes(value: Any) -> None:  # noqa: ANN401 - JSON is anything
    match value:
        case str():
            if "\x00" in value:
                _refuse("A string contains NUL.", "字符串中含有 NUL。")
            if any("\ud800" <= c <= "\udfff" for c in value):
                _refuse("A string contains half a surrogate pair.", "字符串中含有不成对的代理项。")
        case list():
            for item in value:
                _check_escapes(item)
        case dict():
            for key, item in value.items():
                _check_escapes(key)
                _check_escapes(item)


class StrictRoute(APIRoute):
    """A route whose JSON body is decoded by `decode` before FastAPI sees it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler behind the strict decoder."""
        handle = super().get_route_handler()
        wants_json = self.body_field is not None and not any(
            type(p.field_info).__name__ in {"Form", "File"} for p in self.dependant.body_params
        )

        async def strictly(request: Request) -> Response:
            if wants_json:
                await _take_in(request)
            return await handle(request)

        return strictly


async def _take_in(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").lower()
    body = await request.body()
    if body and (media_type != "application/json" or encoding != "identity"):
        raise WrongMediaType(
            f"Content-Type is {media_type or 'missing'}.", f"Content-Type 为 {media_type or '空'}。"
        )
    if body:
        # Starlette keeps the decoded body here; FastAPI asks `request.json()` for it.
        request._json = value = decode(body)
        if not isinstance(value, dict | list):
            # pydantic would take a Decimal for an object whose fields have all been left out.
            _refuse("An object or an array is wanted.", "应为 JSON 对象或数组。")


class BodyLimit:
    """Stop reading a request body at `limit` bytes, whatever its Content-Length says."""

    def __init__(
        self, app: ASGIApp, limit: int, refuse: Callable[[Scope, BodyTooLarge], Response]
    ) -> None:
        self._app = app
        self._limit = limit
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app with a counted body."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self._limit:
            return await self._refuse(scope, self._too_large())(scope, receive, send)
        try:
            await self._app(scope, _counted(receive, self._limit, self._too_large), send)
        except BodyTooLarge as refusal:
            await self._refuse(scope, refusal)(scope, receive, send)

    def _too_large(self) -> BodyTooLarge:
        n = self._limit
        return BodyTooLarge(
            f"A body may have at most {n:,} bytes.", f"请求体最多 {n:,} 字节。", limit=n
        )


def _counted(
    receive: Receive, limit: int, too_large: Callable[[], BodyTooLarge]
) -> Callable[[], Awaitable[Message]]:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise too_large()
        return message

    return counted
