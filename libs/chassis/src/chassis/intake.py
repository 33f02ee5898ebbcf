"""Reading request bodies: a size limit, strict decoding, and large ones validated in a thread.

A body that takes long to decode does so in a thread, so that whoever asks something small in the
meantime is answered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import problems
from chassis.batches import JSON, IncomingBatch, beside_rows, media_types, read_batch
from chassis.decoding import NotJson, decode
from chassis.faults import errors_in
from chassis.modes import ALL
from chassis.refusals import Fault, Invalid, pointer

LARGE = 65_536
"""From so many bytes on a body is decoded and validated in a thread."""

# Two, because a decoded body is ten times as large as it was, and more would not be faster.
_READERS = ThreadPoolExecutor(2, "intake")


class BodyTooLarge(Invalid):
    """The request body is larger than allowed."""

    zh = "请求体超过允许的大小。"
    remedy = (
        "Send less at once: several batches, each within the limit in `detail`.",
        "请减少一次提交的内容，分批提交，每批不超过 `detail` 所示上限。",
    )
    status = 413


class WrongMediaType(Invalid):
    """The request body has a content type that is not taken here, or is compressed."""

    zh = "请求体的内容类型不为此处所接受，或经过压缩。"
    remedy = (
        "Send one of the content types that `detail` names, in UTF-8 and without "
        "`Content-Encoding`.",
        "请以 `detail` 所列内容类型之一提交，采用 `UTF-8` 编码，不带 `Content-Encoding`。",
    )
    status = 415


class StrictRoute(APIRoute):
    """A route whose JSON body is decoded by `decode` before FastAPI sees it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler behind the strict decoder."""
        handle = super().get_route_handler()
        wants_json = self.body_field is not None and not any(
            type(p.field_info).__name__ in {"Form", "File"} for p in self.dependant.body_params
        )
        model = self._model()

        async def strictly(request: Request) -> Response:
            if model is not None and issubclass(model, IncomingBatch):
                request = await _take_in_rows(request, model)
            elif wants_json:
                await _take_in(request, model)
            return await handle(request)

        return strictly

    def _model(self) -> type[BaseModel] | None:
        """Return the model of the body, if the body as a whole is one."""
        kinds = [p.field_info.annotation for p in self.dependant.body_params]
        whole = kinds[0] if len(kinds) == 1 and not self._embed_body_fields else None
        return whole if isinstance(whole, type) and issubclass(whole, BaseModel) else None


async def _take_in(request: Request, model: type[BaseModel] | None) -> None:
    body = await request.body()
    if not body:
        return
    form_of(request, (JSON,))
    # Starlette keeps the decoded body here; FastAPI asks `request.json()` for it.
    if len(body) < LARGE:
        request._json = _document(body)
    else:
        # What has been validated is an instance of its model, which FastAPI takes as it is.
        loop = asyncio.get_running_loop()
        request._json = await loop.run_in_executor(_READERS, _validated, body, model)


async def _take_in_rows(request: Request, model: type[IncomingBatch]) -> Request:
    """Return the request with its batch as FastAPI takes it, in whatever form it came."""
    body, query = await request.body(), request.query_params
    if not body:
        return request
    media_type = form_of(request, media_types(model)).media_type
    if media_type == JSON:
        check_unsaid(query, beside_rows(model))
    asked = body, media_type, query, model, query.get("mode", ALL)
    # Of what is packed nobody knows how large it is.
    if len(body) < LARGE and not body.startswith(b"PK"):
        taken = read_batch(*asked)
    else:
        loop = asyncio.get_running_loop()
        taken = await loop.run_in_executor(_READERS, read_batch, *asked)
    request.state.batch = taken
    # FastAPI asks `request.json()` for what is declared to be JSON, and takes it as it is.
    others = [pair for pair in request.scope["headers"] if pair[0] != b"content-type"]
    headers = [*others, (b"content-type", b"application/json")]
    read = Request({**request.scope, "headers": headers}, request.receive)
    read._body, read._json = body, taken.body
    return read


class Form(NamedTuple):
    """In which form a body comes; `charset` is empty where it was not said."""

    media_type: str
    charset: str
    encoding: str


def form_of(
    request: Request,
    known: Sequence[str],
    charsets: Collection[str] = ("", "utf-8"),
    encodings: Collection[str] = ("identity",),
) -> Form:
    """Return in which of the forms that are `known` a body comes; refuse another one."""
    media_type, *told = request.headers.get("content-type", "").lower().split(";")
    media_type = media_type.strip()
    parameters = dict(each.strip().partition("=")[::2] for each in told)
    charset = parameters.get("charset", "").strip('" ')
    encoding = request.headers.get("content-encoding", "identity").lower()
    unlike = [charset] if charset not in charsets else []
    unlike += [encoding] if encoding not in encodings else []
    if media_type not in known or unlike:
        forms, named = ", ".join(known), "".join(f"; {each}" for each in unlike)
        given_zh = f"`{media_type}{named}`" if media_type else "空"
        forms_zh = "、".join(f"`{each}`" for each in known)
        raise WrongMediaType(
            f"Content-Type is {media_type or 'missing'}{named}; here it may be: {forms}.",
            f"`Content-Type` 为 {given_zh}，此处可用：{forms_zh}。",
        )
    return Form(media_type, charset, encoding)


def check_unsaid(query: Mapping[str, str], names: Iterable[str]) -> None:
    """Refuse what stands in the query although the JSON body says it."""
    said = [name for name in names if name in query]
    if said:
        en, zh = "With JSON it stands in the body.", "`JSON` 请求体中已有该项。"
        faults = [Fault(pointer("query", name), "said-in-body", en, zh) for name in said]
        raise problems.MalformedRequest(en, zh, faults=faults)


def _document(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    value = decode(body)
    if not isinstance(value, dict | list):
        # pydantic would take a Decimal for an object whose fields have all been left out.
        raise NotJson("An object or an array is wanted.", "应为 `JSON` 对象或数组。")
    return value


def _validated(body: bytes, model: type[BaseModel] | None) -> Any:  # noqa: ANN401 - JSON or a model
    value = _document(body)
    try:
        return value if model is None else model.model_validate(value)
    except ValidationError as error:
        raise problems.malformed(errors_in(error), value) from None


def too_large(limit: int) -> BodyTooLarge:
    """Return the refusal of a body of more than `limit` bytes."""
    return BodyTooLarge(
        f"A body may have at most {limit:,} bytes.", f"请求体最多 {limit:,} 字节。", limit=limit
    )


def limited(request: Request, limit: int) -> Request:
    """Return the request with a body that is refused where it exceeds `limit` bytes."""
    check_declared(request.headers.get("content-length", "0"), limit)
    return Request(request.scope, _counted(request.receive, limit))


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
        try:
            check_declared(declared.decode("latin-1"), self._limit)
            await self._app(scope, _counted(receive, self._limit), send)
        except BodyTooLarge as refusal:
            await self._refuse(scope, refusal)(scope, receive, send)


def check_declared(length: str, limit: int) -> None:
    """Refuse a Content-Length that is no number, or larger than `limit`."""
    is_number = length.isascii() and length.isdigit() and len(length) < 20
    if not is_number or int(length) > limit:
        raise too_large(limit)


def _counted(receive: Receive, limit: int) -> Callable[[], Awaitable[Message]]:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise too_large(limit)
        return message

    return counted
