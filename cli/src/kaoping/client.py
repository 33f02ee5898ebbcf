"""The API as one person or system uses it: signed in, retrying safely, refusals in plain words."""

import os
import ssl
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from kaoping.card import Credentials
from kaoping.exact import read_json, write_json
from kaoping.faults import KaopingFault

Clock = Callable[[], float]
Sleep = Callable[[float], None]

ATTEMPTS = 8
FIRST_PAUSE = 0.2  # seconds; doubled each time, so that eight attempts span half a minute
LONGEST_PAUSE = 10.0
_FILE_SECONDS = 600


class ApiFault(KaopingFault):
    """The API refused or did not answer; the message is for the person at the terminal."""


class Refused(ApiFault):
    """A problem document (RFC 9457) of the API, with every fault of the input."""

    def __init__(self, method: str, path: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        super().__init__("\n".join(_told(method, path, status, problem)))

    @property
    def codes(self) -> frozenset[str]:
        """The kinds of its faults; where it has none, the kind of problem that it is."""
        faults = self.problem.get("errors") or [{"code": self.problem.get("type")}]
        return frozenset(str(fault.get("code")) for fault in faults)

    def is_only(self, code: str) -> bool:
        """Whether there are faults and all of them are of this kind."""
        return bool(self.problem.get("errors")) and self.codes == {code}


class NoAnswer(ApiFault):
    """Nobody answered, however often we asked."""


@dataclass
class Client:
    """One identity's way to the API. Every post carries a key, so that a retry is the same post."""

    url: str
    credentials: Credentials
    transport: httpx.BaseTransport | None = None
    language: str = "en"
    clock: Clock = time.monotonic
    sleep: Sleep = time.sleep
    _http: httpx.Client = field(init=False, repr=False)
    _token: str = field(default="", init=False, repr=False)
    _expires: float = field(default=float("-inf"), init=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(
            base_url=self.url,
            transport=self.transport,
            timeout=60,
            trust_env=False,
            verify=_authorities(),
            headers={"Accept-Language": self.language},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 - a document is anything
        """Read a document."""
        return self._ask("GET", path, params=query)

    def file(self, path: str, **query: str) -> bytes:
        """Read a small file."""
        answer = self._signed("GET", path, {"params": query})
        if not answer.is_success:
            _read("GET", path, answer)
        return answer.content

    def post(self, path: str, body: Any = None) -> Any:  # noqa: ANN401
        """Give a command; however often it is sent, it is done once."""
        content = b"" if body is None else write_json(body).encode()
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        if content:
            headers["Content-Type"] = "application/json"
        return self._ask("POST", path, content=content, headers=headers)

    def post_openly(self, path: str, body: Any, **sent: str) -> Any:  # noqa: ANN401
        """Give a command as anybody does who has no account, with headers of its own."""
        headers = {"Content-Type": "application/json", **sent}
        content = write_json(body).encode()
        answer = self._send("POST", f"/api/v1{path}", content=content, headers=headers)
        return _read("POST", path, answer)

    def send_file(
        self, path: str, file: Iterable[bytes], query: Mapping[str, str], headers: dict[str, str]
    ) -> Any:  # noqa: ANN401
        """Send a file that can be read again; a large one takes longer than anything else."""
        request = {"params": query, "content": file, "headers": headers, "timeout": _FILE_SECONDS}
        return self._ask("POST", path, **request)

    def put_up(self, path: str, content: bytes, query: Mapping[str, str], kind: str) -> Any:  # noqa: ANN401
        """Send a small file of a media type; however often it is sent, it is taken once."""
        headers = {"Idempotency-Key": uuid.uuid4().hex, "Content-Type": kind}
        return self._ask("POST", path, params=query, content=content, headers=headers)

    def stream(self, path: str) -> Iterator[bytes]:
        """Read a file piece by piece; one that breaks off is a fault."""
        self._ask("GET", path.rpartition("/")[0])  # signed in, and there
        at, headers = f"/api/v1{path}", {"Authorization": f"Bearer {self._token}"}
        try:
            with self._http.stream("GET", at, headers=headers, timeout=_FILE_SECONDS) as answer:
                if not answer.is_success:
                    answer.read()
                    _read("GET", path, answer)
                yield from answer.iter_bytes()
        except httpx.TransportError as error:
            raise NoAnswer(f"{self.url}: the file broke off ({type(error).__name__})") from error

    def pages(self, path: str) -> Iterator[Any]:
        """Read every item of a paged collection."""
        query: dict[str, str | int] = {"limit": 200}
        while True:
            page = self.get(path, **query)
            yield from page["items"]
            if page["next"] is None:
                return
            query["after"] = page["next"]

    def _ask(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401
        answer = self._signed(method, path, request)
        if answer.status_code == 401:  # the keys were changed or the clock was
            self._expires = float("-inf")
            answer = self._signed(method, path, request)
        return _read(method, path, answer)

    def _signed(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
        if self.clock() >= self._expires:
            self._sign_in()
        headers = {**request.get("headers", {}), "Authorization": f"Bearer {self._token}"}
        return self._send(method, f"/api/v1{path}", **{**request, "headers": headers})

    def _sign_in(self) -> None:
        asked = self.clock()
        path = "/oauth/token"
        token = _read("POST", path, self._send("POST", path, data=self.credentials.form))
        self._token = token["access_token"]
        self._expires = asked + token["expires_in"] - 30

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401
        """Send until there is an answer that asking again would not change."""
        pause = FIRST_PAUSE
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._http.request(method, path, **request)
            except httpx.TransportError as error:
                if attempt == ATTEMPTS:
                    raise NoAnswer(
                        f"{self.url} does not answer ({type(error).__name__})"
                    ) from error
                wait = pause
            else:
                if not _is_passing(answer) or attempt == ATTEMPTS:
                    return answer
                wait = max(pause, _retry_after(answer))
            self.sleep(min(wait, LONGEST_PAUSE))
            pause *= 2
        raise AssertionError("unreachable")


def _authorities() -> ssl.SSLContext | bool:
    """Return by whom a system is believed: the authority that SSL_CERT_FILE names, or the usual."""
    named = os.environ.get("SSL_CERT_FILE")
    return ssl.create_default_context(cafile=named) if named else True


def _is_passing(answer: httpx.Response) -> bool:
    """Whether to ask again: too fast, somebody is down, or our first try is still at work."""
    still_at_work = answer.status_code == 409 and "retry-after" in answer.headers
    return answer.status_code == 429 or answer.status_code >= 500 or still_at_work


def _retry_after(answer: httpx.Response) -> float:
    value = answer.headers.get("retry-after", "")
    return float(value) if value.isdigit() else 0.0


def _read(method: str, path: str, answer: httpx.Response) -> Any:  # noqa: ANN401
    if answer.is_success:
        return read_json(answer.content) if answer.content else None
    try:
        problem = read_json(answer.content)
    except ValueError:
        problem = {"title": answer.reason_phrase or "No problem document"}
    raise Refused(method, path, answer.status_code, problem)


def _told(method: str, path: str, status: int, problem: Mapping[str, Any]) -> Iterator[str]:
    yield f"{problem.get('title', 'Refused')} ({status} for {method} {path})"
    if detail := problem.get("detail"):
        yield f"  {detail}"
    missing = problem.get("missing")  # some refusals count what is missing
    for gap in missing[:20] if isinstance(missing, list) else ():
        if isinstance(gap, dict) and gap.get("reason"):
            yield f"  {gap.get('unit')} {gap.get('indicator')}: {gap['reason']}"
    faults = problem.get("errors", [])
    for fault in faults[:20]:
        yield f"  {fault.get('pointer', '')}: {fault.get('detail') or fault.get('code')}"
    if len(faults) > 20:
        yield f"  … and {len(faults) - 20} more"
