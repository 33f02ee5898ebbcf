"""How the API is asked: signed in, again where that is safe, refusals as exceptions."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote

import httpx

ATTEMPTS = 6
LONGEST_PAUSE = 30.0
"""Seconds; who is asked to wait for longer is told so."""
_AGAIN = {429, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in by name and password."""

    name: str
    password: str

    def form(self) -> dict[str, str]:
        """Return what is sent to sign in."""
        return {"grant_type": "password", "username": self.name, "password": self.password}


@dataclass(frozen=True, slots=True)
class System:
    """A system that signs in by its id and secret."""

    client_id: str
    client_secret: str

    def form(self) -> dict[str, str]:
        """Return what is sent to sign in."""
        own = {"client_id": self.client_id, "client_secret": self.client_secret}
        return {"grant_type": "client_credentials", **own}


class Problem(Exception):
    """A refusal (RFC 9457): `type` for programs, the others for people.

    Of a 412, `etag` is that of the document as it is by now.
    """

    def __init__(self, status: int, told: Mapping[str, Any], etag: str | None = None) -> None:
        self.status = status
        self.etag = etag
        self.type: str = told.get("type") or told.get("error") or "about:blank"
        self.title: str = told.get("title") or ""
        self.detail: str = told.get("detail") or told.get("error_description") or ""
        self.remedy: str = told.get("remedy") or ""
        self.errors: list[dict[str, Any]] = told.get("errors") or []
        self.request_id: str = told.get("request_id") or ""
        self.document = told
        super().__init__(f"{status} {self.type}: {self.title} {self.detail}".rstrip())


class NoAnswer(Exception):
    """Nobody answered, however often we asked."""


@dataclass(frozen=True, slots=True)
class _Saving:
    """A request whose good answer goes into a file, piece by piece."""

    request: httpx.Request
    file: Path

    @contextmanager
    def writing(self) -> Iterator[IO[bytes]]:
        """Write beside the file and put it in its place at the end: it is there whole, or as it
        was before."""
        part = self.file.with_name(f"{self.file.name}.{uuid.uuid4().hex}.part")
        try:
            with part.open("xb") as opened:
                yield opened
            part.replace(self.file)
        finally:
            part.unlink(missing_ok=True)


_Step = httpx.Request | _Saving | float
_Steps = Generator[_Step, httpx.Response | httpx.TransportError | None, Any]
"""What a caller does in turn: sends a request, or waits for so many seconds."""


class _Asking:
    """What is alike for who waits and who awaits: it yields what to do, and does nothing."""

    def __init__(self, identity: Person | System | None, language: str) -> None:
        self._identity = identity
        self._language = language
        self._token = ""
        self._until = 0.0

    @staticmethod
    def part(value: object) -> str:
        """Write a value as one part of a path."""
        return quote(str(value), safe="")

    @staticmethod
    def key(own: str | None) -> str:
        """Return the caller's key, or a new one: the same in every attempt of one call."""
        return own or uuid.uuid4().hex

    def _answer(
        self,
        http: httpx.Client | httpx.AsyncClient,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        rows: Iterable[object] | Path | None = None,
        content: bytes | Path | None = None,
        key: str | None = None,
        if_match: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        raw: bool = False,
        file: Path | None = None,
    ) -> _Steps:
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        own = {name: value for name, value in (headers or {}).items() if value}
        told = {"Accept-Language": self._language, **own}
        if key and asked.get("mode") != "check":
            told["Idempotency-Key"] = key
        if if_match is not None:
            told["If-Match"] = if_match
        sent, kind = _content(body, rows, content)
        if sent is not None:
            told["Content-Type"] = kind
        for is_last in (False, True):
            if self._identity and path != "/oauth/token":
                yield from self._sign_in(http)
                told["Authorization"] = f"Bearer {self._token}"
            request = http.build_request(method, path, params=asked, headers=told, content=sent)
            answer = yield from self._sent(request, file)
            if answer.status_code != 401 or is_last or not self._identity:
                break
            self._until = 0.0  # the keys were changed, or a clock was
        if file is not None and answer.is_success:
            return None
        return answer.content if raw and answer.is_success else _read(answer)

    def _sign_in(self, http: httpx.Client | httpx.AsyncClient) -> _Steps:
        if time.monotonic() < self._until or self._identity is None:
            return
        now = time.monotonic()
        headers = {"Accept-Language": self._language}
        form = self._identity.form()
        request = http.build_request("POST", "/oauth/token", data=form, headers=headers)
        token = _read((yield from self._sent(request)))
        self._token = token["access_token"]
        self._until = now + max(token["expires_in"] - 30, token["expires_in"] / 2)

    def _sent(
        self, request: httpx.Request, file: Path | None = None
    ) -> Generator[Any, Any, httpx.Response]:
        """Send until asking again would change nothing.

        Everything may be asked again: reading changes nothing, and a command has a key, or has
        none because it stores nothing.
        """
        for attempt in range(1, ATTEMPTS + 1):
            answer = yield _Saving(request, file) if file else request
            pause = 0.2 * 2**attempt
            if isinstance(answer, httpx.Response):
                told = answer.headers.get("Retry-After", "")
                pause = float(told) if told.isdecimal() else pause
                # 409 with Retry-After: the same command is still at work.
                is_busy = answer.status_code in _AGAIN or (answer.status_code == 409 and told)
                if not is_busy or attempt == ATTEMPTS or pause > LONGEST_PAUSE:
                    return answer
            elif attempt == ATTEMPTS:
                raise NoAnswer(f"{request.method} {request.url.path}") from answer
            yield min(pause, LONGEST_PAUSE)
        raise AssertionError("the last attempt ends it")


FORMS = {
    ".csv": "text/csv",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What a file of rows is, by the ending of its name."""


def _content(
    body: object, rows: Iterable[object] | Path | None, content: bytes | Path | None
) -> tuple[bytes | None, str]:
    """Return what is sent, and what it is: it may be sent again, so that it is read to its end."""
    if content is not None:
        whole = content.read_bytes() if isinstance(content, Path) else content
        return whole, "application/octet-stream"
    if isinstance(rows, Path):
        if rows.suffix.lower() not in FORMS:
            raise ValueError(f"{rows.name}: the name ends in one of {', '.join(FORMS)}")
        return rows.read_bytes(), FORMS[rows.suffix.lower()]
    if rows is not None:
        lines = (json.dumps(row, default=str).encode() + b"\n" for row in rows)
        return b"".join(lines), FORMS[".ndjson"]
    return None if body is None else json.dumps(body, default=str).encode(), "application/json"


class _Document(dict[str, Any]):
    """A document that remembers its ETag."""

    etag: str | None = None


def etag_of(document: Mapping[str, Any]) -> str | None:
    """Return the ETag of a document that was read, for `if_match`."""
    return document.etag if isinstance(document, _Document) else None


def _read(answer: httpx.Response) -> Any:  # noqa: ANN401 - a document is anything
    try:
        told = answer.json()
    except ValueError:
        told = {"detail": answer.text[:200]}
    etag = answer.headers.get("ETag")
    if answer.is_success and isinstance(told, dict) and etag:
        told = _Document(told)
        told.etag = etag
    if answer.is_success:
        return told
    raise Problem(answer.status_code, told if isinstance(told, dict) else {}, etag)


class Calls(_Asking):
    """A client that waits for its answers."""

    def __init__(
        self,
        url: str,
        identity: Person | System | None = None,
        *,
        language: str = "zh",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(identity, language)
        self._http = httpx.Client(base_url=url, transport=transport, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(self, method: str, path: str, **asked: Any) -> Any:  # noqa: ANN401 - any JSON
        """Ask by method and path; what has a method of its own is typed there."""
        steps = self._answer(self._http, method, path, **asked)
        told: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = steps.send(told)
            except StopIteration as done:
                return done.value
            told = self._done(step)

    def _done(self, step: _Step) -> httpx.Response | httpx.TransportError | None:
        if isinstance(step, float):
            time.sleep(step)
            return None
        try:
            return self._save(step) if isinstance(step, _Saving) else self._http.send(step)
        except httpx.TransportError as error:
            return error

    def _save(self, step: _Saving) -> httpx.Response:
        answer = self._http.send(step.request, stream=True)
        try:
            if not answer.is_success:
                answer.read()
                return answer
            with step.writing() as file:
                for piece in answer.iter_bytes():
                    file.write(piece)
            return answer
        finally:
            answer.close()

    def pages(self, path: str, query: Mapping[str, Any]) -> Iterator[Any]:
        """Read every item of every page."""
        after = None
        while True:
            page = self.call("GET", path, query={**query, "after": after})
            yield from page["items"]
            if (after := page["next"]) is None:
                return


class AsyncCalls(_Asking):
    """A client whose answers are awaited."""

    def __init__(
        self,
        url: str,
        identity: Person | System | None = None,
        *,
        language: str = "zh",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(identity, language)
        self._http = httpx.AsyncClient(base_url=url, transport=transport, timeout=60)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def call(self, method: str, path: str, **asked: Any) -> Any:  # noqa: ANN401 - any JSON
        """Ask by method and path; what has a method of its own is typed there."""
        steps = self._answer(self._http, method, path, **asked)
        told: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = steps.send(told)
            except StopIteration as done:
                return done.value
            told = await self._done(step)

    async def _done(self, step: _Step) -> httpx.Response | httpx.TransportError | None:
        if isinstance(step, float):
            await asyncio.sleep(step)
            return None
        try:
            if isinstance(step, _Saving):
                return await self._save(step)
            return await self._http.send(step)
        except httpx.TransportError as error:
            return error

    async def _save(self, step: _Saving) -> httpx.Response:
        answer = await self._http.send(step.request, stream=True)
        try:
            if not answer.is_success:
                await answer.aread()
                return answer
            with step.writing() as file:
                async for piece in answer.aiter_bytes():
                    await asyncio.to_thread(file.write, piece)
            return answer
        finally:
            await answer.aclose()

    async def pages(self, path: str, query: Mapping[str, Any]) -> AsyncIterator[Any]:
        """Read every item of every page."""
        after = None
        while True:
            page = await self.call("GET", path, query={**query, "after": after})
            for item in page["items"]:
                yield item
            if (after := page["next"]) is None:
                return
