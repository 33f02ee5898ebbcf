"""How one service reads from another: through the gateway, in few and typed reads.

A read carries the caller's own token onwards: a service has no rights of its own, and what the
caller may not read it cannot have read for it. Documents are kept with their ETag and asked for
again with If-None-Match, so that an unchanged one costs one small answer.

What has to be computed from something sent along is a `Compute`: a POST that stores nothing on
the other side, and therefore needs no Idempotency-Key and may be repeated.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, overload

import httpx
import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis import logs, metrics, traces
from chassis.connections import Broken, Connection, Connections, at_most
from chassis.identity import NotSignedIn
from chassis.kept import BoundedBytes
from chassis.refusals import Conflict, Fault, Invalid, Missing, TooManyRequests, Unavailable
from chassis.scopes import OutsideScope

DOOR_PASS = "X-Door-Pass"  # noqa: S105 - the name of a header
authorization: ContextVar[str] = ContextVar("authorization", default="")
door_pass: ContextVar[str] = ContextVar("door_pass", default="")
"""What the gateway sent a request on with: who asks for something because of it shows it again,
and does not wait behind others for what that request is waiting for."""

_KEPT_BYTES = 24 << 20
_LONG = 100_000
_LONGEST_ELSEWHERE = 1_000_000
_PATIENCE = 10.0
_PATIENT = {"timeout": {"read": _PATIENCE}}
"""How long to wait for an answer, as httpx tells its transports."""
_DIGITS = 6
_REJECTED = frozenset({400, 413, 422})


class View(BaseModel):
    """The fields a consumer needs of a producer's document; it ignores the rest."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Asked(BaseModel):
    """What is sent along for another service to compute with; it says every field."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


_AS_IT_CAME = {"x-as-it-came": True}

Document = Annotated[dict[str, Any], Field(json_schema_extra=_AS_IT_CAME)]
"""A field of `Asked`: a JSON object from our own caller, passed on unread. A number stays a number,
digit for digit: whoever reads it there must not take `1.5` for the text "1.5"."""

MaybeDocument = Annotated[dict[str, Any] | None, Field(json_schema_extra=_AS_IT_CAME)]
"""A `Document`, or null."""


T = TypeVar("T")
V = TypeVar("V", bound=View)
A = TypeVar("A", bound=Asked)


class _Error(View):
    pointer: str
    code: str
    detail: str


class _Problem(View):
    title: str
    detail: str = ""
    errors: tuple[_Error, ...] = ()
    more: int = 0

    @property
    def sentence(self) -> str:
        return f"{self.title} {self.detail}".strip()


class _Lacking(View):
    missing: tuple[str, ...] = ()


_TYPE = b'"outside-scope"'


class PeerDown(Unavailable):
    """Another service did not give a usable answer."""

    zh = "另一服务没有给出可用的应答。"
    remedy = (
        "Send the same request again after the seconds in `Retry-After`, a command with the same "
        "`Idempotency-Key`.",
        "请在 `Retry-After` 所示秒数后重发同一请求；命令须保持 `Idempotency-Key` 不变。",
    )
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


class PeerMissing(Missing):
    """Something that this rests on is not there."""

    zh = "所依据的内容尚不存在。"
    remedy = (
        "Make first what `detail` names, such as a published scheme or a score sheet; or correct "
        "its name.",
        "请先办理 `detail` 所指的内容（如公布方案、计算得分表），或更正所写的名称。",
    )


class PeerRefused(Conflict):
    """Another service does not let this caller read what is needed."""

    zh = "另一服务不允许该调用者读取所需内容。"
    remedy = (
        "Ask somebody whose role may read all that is needed for this.",
        "请由有权读取所需全部内容的人员办理。",
    )
    status = 403


class PeerRejected(Invalid):
    """Another service cannot compute with what was sent."""

    zh = "另一服务无法用所提交的内容进行计算。"
    remedy = (
        "Change what `detail` and `errors` name, and send it again.",
        "请按 `detail` 和 `errors` 所指修改后重新提交。",
    )


@dataclass(frozen=True)
class Read(Generic[V]):
    """One GET that we rely on. `tests/contracts` checks it against the producer's OpenAPI.

    `absent` says in English and Chinese what is missing where there is no such thing.
    """

    path: str
    view: type[V]
    absent: tuple[str, str] | None = None

    @overload
    def __get__(self, peer: None, owner: type) -> "Read[V]": ...
    @overload
    def __get__(self, peer: "Peer", owner: type) -> Callable[..., Awaitable[V]]: ...
    def __get__(self, peer: "Peer | None", owner: type) -> Any:
        """Bind to a peer: ``await catalogue.book(isbn=...)``."""
        if peer is None:
            return self
        return lambda **where: self._read(peer, self.path.format(**where))

    async def _read(self, peer: "Peer", path: str) -> V:
        try:
            return await peer.get(path, self.view)
        except PeerMissing:
            if self.absent is None:
                raise
            raise PeerMissing(*self.absent) from None


@dataclass(frozen=True)
class ReadAll(Generic[V]):
    """Every item of a paged GET that we rely on; `view` is one item."""

    path: str
    view: type[V]

    @overload
    def __get__(self, peer: None, owner: type) -> "ReadAll[V]": ...
    @overload
    def __get__(self, peer: "Peer", owner: type) -> Callable[..., Awaitable[list[V]]]: ...
    def __get__(self, peer: "Peer | None", owner: type) -> Any:
        """Bind to a peer: ``await catalogue.branches()``."""
        if peer is None:
            return self
        return lambda **where: peer.get_all(self.path.format(**where), self.view)


@dataclass(frozen=True)
class Compute(Generic[A, V]):
    """One POST that stores nothing and that we rely on, with what we send.

    `tests/contracts` checks both directions against the producer's OpenAPI.
    """

    path: str
    asked: type[A]
    view: type[V]

    @overload
    def __get__(self, peer: None, owner: type) -> "Compute[A, V]": ...
    @overload
    def __get__(self, peer: "Peer", owner: type) -> Callable[..., Awaitable[V]]: ...
    def __get__(self, peer: "Peer | None", owner: type) -> Any:
        """Bind to a peer: ``await pricing.offer(NewOffer(...), customer=...)``."""
        if peer is None:
            return self

        async def compute(asked: A, **where: object) -> V:
            return await peer.compute(self.path.format(**where), asked, self.view)

        return compute


@dataclass
class PeerConnection:
    """The HTTP client of one service for all others, with a cache of documents by their ETags.

    `asking` are questions that are under way, and `next` those that wait until they are answered.
    """

    http: "Client"
    remembered: BoundedBytes[tuple[str, type[View]], tuple[str, View]] = field(
        default_factory=lambda: BoundedBytes(_KEPT_BYTES)
    )
    asking: dict[Hashable, asyncio.Task[Any]] = field(default_factory=dict)
    next: dict[Hashable, asyncio.Task[Any]] = field(default_factory=dict)

    async def together(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Ask once for all who want to know the same at the same moment.

        What is told was asked after everybody of them began to wait: who finds a question under
        way waits for the one after it.
        """
        running = self.asking.get(key)
        if running is None:
            return await asyncio.shield(self._begin(key, ask))
        if key not in self.next:
            self.next[key] = asyncio.create_task(self._after(running, key, ask))
        found: T = await asyncio.shield(self.next[key])
        return found

    def _begin(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T]:
        def over(done: asyncio.Task[T]) -> None:
            if self.asking.get(key) is done:
                del self.asking[key]

        task = self.asking[key] = asyncio.create_task(ask())
        task.add_done_callback(over)
        return task

    async def _after(
        self, running: asyncio.Task[Any], key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]
    ) -> T:
        await asyncio.wait([running])
        del self.next[key]
        return await self._begin(key, ask)

    def remember(self, path: str, etag: str | None, view: View, size: int) -> None:
        """Keep a document of so many bytes; what was not asked for longest makes room for it."""
        if etag is not None:
            self.remembered.keep((path, type(view)), (etag, view), size)


class Peer:
    """Base of a service's declared reads from one other service."""

    def __init__(self, connection: PeerConnection) -> None:
        self._connection = connection

    async def get(self, path: str, view: type[V]) -> V:
        """Read one document, or refuse in our own words.

        Callers that ask at once with the same token share an answer.
        """
        key = path, view, authorization.get()
        return await self._connection.together(key, lambda: self._read(path, view))

    async def _read(self, path: str, view: type[V]) -> V:
        etag, kept = self._connection.remembered.get((path, view)) or (None, None)
        answer = await self._ask(path, {"If-None-Match": etag} if etag else {})
        if answer.status_code == httpx.codes.NOT_MODIFIED and isinstance(kept, view):
            return kept
        try:
            document = await _understood(view, answer.content)
        except ValidationError as error:
            raise _down(path, "its document lacks what we need") from error
        size = len(answer.content)
        self._connection.remember(path, answer.headers.get("etag"), document, size)
        return document

    async def get_all(self, path: str, view: type[V]) -> list[V]:
        """Read every page of a collection, or refuse in our own words."""
        found: list[V] = []
        after: str | None = None
        while True:
            query = httpx.QueryParams({"limit": 200} | ({"after": after} if after else {}))
            answer = await self._ask(f"{path}{'&' if '?' in path else '?'}{query}", {})
            try:
                page = answer.json()
                found += [view.model_validate(item) for item in page["items"]]
                after = page["next"]
            except (ValidationError, ValueError, KeyError) as error:
                raise _down(path, "its page lacks what we need") from error
            if after is None:
                return found

    async def compute(self, path: str, asked: Asked, view: type[V]) -> V:
        """Have something computed that is not kept, or refuse in our own words."""
        answer = await self._send(path, asked, "en")
        if answer.status_code in _REJECTED:
            # Nothing was stored, so asking again is harmless, and tells it in the other language.
            raise _rejected(path, answer, await self._send(path, asked, "zh"))
        _check(path, answer)
        try:
            return await _understood(view, answer.content)
        except ValidationError as error:
            raise _down(path, "its document lacks what we need") from error

    async def _send(self, path: str, asked: Asked, language: str) -> httpx.Response:
        headers = {"Content-Type": "application/json", "Accept-Language": language}
        body = _written(asked)
        try:
            return await self._connection.http.post(path, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise _down(path, type(error).__name__, str(error)) from error

    async def _ask(self, path: str, headers: dict[str, str]) -> "Answer | httpx.Response":
        try:
            answer = await self._connection.http.read(path, headers)
        except httpx.HTTPError as error:
            raise _down(path, type(error).__name__, str(error)) from error
        _check(path, answer)
        return answer


@lru_cache(maxsize=1024)
def _address(door: str, path: str) -> httpx.URL:
    """Return the whole address of a path; to take one apart costs as much as to send a request."""
    return httpx.URL(door).join(path)


def _written(asked: Asked) -> bytes:
    fields = type(asked).model_fields.items()
    kept = {name for name, known in fields if known.json_schema_extra == _AS_IT_CAME}
    told = asked.model_dump(mode="json", exclude=kept)
    return orjson.dumps(told | {name: _as_it_came(getattr(asked, name)) for name in kept})


def _as_it_came(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, dict):
        return {name: _as_it_came(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_it_came(one) for one in value]
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return orjson.Fragment(str(value))  # orjson knows no Decimal, and no int over 64 bits
    return value


async def _understood(view: type[V], content: bytes) -> V:
    if len(content) < _LONG:
        return view.model_validate_json(content)
    # Parsing some megabytes takes long: a thread keeps the event loop free for other requests.
    return await asyncio.to_thread(view.model_validate_json, content)


def _check(path: str, answer: "Answer | httpx.Response") -> None:
    if answer.status_code == httpx.codes.FORBIDDEN and _TYPE in answer.content:
        # What is read for a command is read with the caller's token, and its scope.
        raise OutsideScope.lacking(*_Lacking.model_validate_json(answer.content).missing)
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        # It ended meanwhile, or the clocks of the two differ: who signs in anew may go on.
        raise NotSignedIn(f"For {path} the token does not hold.", f"令牌对 {path} 无效。")
    if answer.status_code == httpx.codes.FORBIDDEN:
        raise PeerRefused(f"{path} may not be read.", f"无权读取 {path}。")
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise PeerMissing(f"{path} does not exist.", f"{path} 不存在。")
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        # What is asked for a caller counts as his; how long he is to wait the other side knows.
        raise TooManyRequests.after(_seconds(answer.headers.get("retry-after")))
    if answer.is_error:
        raise _down(path, str(answer.status_code))


def _seconds(told: str | None) -> int:
    """Return how long somebody who was turned away is to wait; 2 s where nothing usable is told."""
    is_number = told is not None and told.isascii() and told.isdigit() and len(told) < _DIGITS
    return max(1, int(told)) if told is not None and is_number else 2


def _rejected(path: str, english: httpx.Response, chinese: httpx.Response) -> PeerRejected:
    """Return the other service's refusal as ours, its faults in both languages."""
    try:
        en, zh = (_Problem.model_validate_json(each.content) for each in (english, chinese))
        both = list(zip(en.errors, zh.errors, strict=True))
    except (ValidationError, ValueError) as error:
        raise _down(path, "its refusal cannot be read") from error
    faults = [Fault(one.pointer, one.code, one.detail, other.detail) for one, other in both]
    return PeerRejected(en.sentence, zh.sentence, faults=faults, more=en.more)


def _down(path: str, why: str, because: str = "") -> PeerDown:
    """Return the refusal; what was at the bottom of it stands in the log alone."""
    metrics.PEERS_DOWN.inc()
    reason = f"{why}: {because}" if because else why
    logs.say("peer-down", peer=path.partition("?")[0], reason=reason)
    return PeerDown(f"{path} failed: {why}.", f"请求 {path} 失败。")


class Client(httpx.AsyncClient):
    """The HTTP client of a service. It carries request id and token onwards.

    Our own door is believed by `secure`, others by the authorities of the machine; with `silence`
    it is doubted after so many seconds (`Connections`). Tests pass a `transport` to stand in for
    the network.
    """

    def __init__(
        self,
        gateway_url: str,
        transport: httpx.AsyncBaseTransport | None = None,
        secure: ssl.SSLContext | None = None,
        silence: float | None = None,
    ) -> None:
        self._door = httpx.URL(gateway_url)
        self._sender = transport or _OwnTransport(_origin(self._door), secure, silence)
        super().__init__(
            base_url=gateway_url,
            # Between neighbours compressing costs more than it saves.
            headers={"Accept-Encoding": "identity"},
            transport=self._sender,
            timeout=httpx.Timeout(_PATIENCE),
            event_hooks={"request": [self._carry_on]},
            trust_env=False,
        )

    async def read(self, path: str, headers: Mapping[str, str]) -> "Answer | httpx.Response":
        """Send a GET to our own gateway.

        Without cookies, redirects and all else that a client does for the whole world, and that
        takes longer than to ask.
        """
        told = {"Accept-Encoding": "identity", **headers, **_carried()}
        address = _address(str(self._door), path)
        if isinstance(self._sender, _OwnTransport):
            return await self._sender.read(address, told)
        request = httpx.Request("GET", address, headers=told, extensions=_PATIENT)
        answer = await self._sender.handle_async_request(request)
        await answer.aread()
        return answer

    async def _carry_on(self, request: httpx.Request) -> None:
        # Only to our own door: keys may be published elsewhere, and a token is nobody else's.
        ours = _origin(request.url) == _origin(self._door)
        request.headers.update(_carried() if ours else {logs.REQUEST_ID: logs.request_id.get()})


def _origin(url: httpx.URL) -> tuple[str, bytes]:
    return url.scheme, url.netloc


def _carried() -> dict[str, str]:
    """Return the headers that everything is asked with at our own door."""
    told = {logs.REQUEST_ID: logs.request_id.get()}
    if token := authorization.get():
        told["Authorization"] = token
    if shown := door_pass.get():
        told[DOOR_PASS] = shown
    if trace := traces.parent.get():
        told[traces.HEADER] = trace
    return told


class Answer(NamedTuple):
    """What was answered to a read at our own door: no more of it than readers want."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_error(self) -> bool:
        """Whether it was refused."""
        return self.status_code >= httpx.codes.BAD_REQUEST

    def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        """Return what the body says."""
        return orjson.loads(self.content)


class _OwnTransport(httpx.AsyncBaseTransport):
    """Sends requests of httpx over connections of our own, and reads each answer whole."""

    def __init__(
        self, door: tuple[str, bytes], secure: ssl.SSLContext | None, silence: float | None
    ) -> None:
        self._door = door
        at = f"{door[0]}://{door[1].decode()}"
        own = Connections(at, secure=secure, silence=silence)
        self._known: dict[tuple[str, bytes], Connections] = {door: own}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raise as httpx's own transports do."""
        body = await request.aread()
        patience = request.extensions["timeout"]["read"]
        status, headers, content = await self._sent(
            request.method, request.url, request.headers.raw, body or None, patience
        )
        return httpx.Response(status, headers=headers, content=content)

    async def read(self, url: httpx.URL, headers: Mapping[str, str]) -> Answer:
        """Send a GET; raise as httpx's own transports do."""
        told = [(b"Host", url.netloc), *((n.encode(), v.encode()) for n, v in headers.items())]
        status, back, content = await self._sent("GET", url, told, None, _PATIENCE)
        named = {name.decode("latin-1"): value.decode("latin-1") for name, value in back}
        return Answer(status, named, content)

    async def _sent(
        self,
        method: str,
        url: httpx.URL,
        headers: Iterable[tuple[bytes, bytes]],
        body: bytes | None,
        patience: float,
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        origin = _origin(url)
        connections = self._known.get(origin)
        if connections is None:
            at = f"{origin[0]}://{origin[1].decode()}"
            connections = self._known[origin] = Connections(at)
        parts = [method.encode("ascii"), b" ", url.raw_path, b" HTTP/1.1\r\n"]
        for name, value in headers:
            parts += (name, b": ", value, b"\r\n")
        head = b"".join([*parts, b"\r\n"])
        try:
            async with asyncio.timeout(patience):
                connection = await connections.asked(method, head, body)
                try:
                    content = await self._whole(origin, connection)
                finally:
                    connections.give_back(connection)
        except TimeoutError as error:
            raise httpx.ReadTimeout("no answer in time") from error
        except Broken as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        except OSError as error:
            raise httpx.ConnectError(type(error).__name__) from error
        return connection.status, connection.headers, content

    async def _whole(self, origin: tuple[str, bytes], connection: Connection) -> bytes:
        """Return a body; of others than our own door only as much as keys are published in."""
        if origin == self._door:
            return await connection.read()
        return await at_most(_LONGEST_ELSEWHERE, connection.pieces())

    async def aclose(self) -> None:
        """Close what is idle."""
        for connections in self._known.values():
            connections.close()
