"""A load generator in a process of its own: closed-loop clients that speak bare HTTP/1.1.

A client library takes more of the processor than what is measured; this one writes ready bytes and
reads no more of an answer than its status and length.

`python -m benchmarks.load` reads a plan as JSON on standard input and prints what was measured.
"""

import asyncio
import json
import subprocess
import sys
import time
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

import uvloop
from benchmarks.measuring import ROOT


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask, of whom, how often, and by how many clients at once.

    They take turns with the bodies; `#` in one stands for a number that no other request has. After
    each answer a client waits for `pause` seconds.
    """

    port: int
    method: str
    target: str
    headers: dict[str, str]
    requests: int
    clients: int
    bodies: list[str] = field(default_factory=lambda: [""])
    salt: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    pause: float = 0.0

    def anew(self) -> "Plan":
        """Return the same plan with keys that nobody has used."""
        return replace(self, salt=uuid.uuid4().hex[:12])


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers by status, and how long they took, in seconds."""

    seconds: float
    statuses: dict[str, int]
    bytes_each: float
    median: float
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds


class _Client(asyncio.Protocol):
    """One connection that asks again as soon as it has been answered."""

    def __init__(self, plan: Plan, numbers: "_Numbers", done: asyncio.Future[None]) -> None:
        self._plan, self._numbers, self._done = plan, numbers, done
        self._buffer = b""
        self._began = 0.0

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - asyncio's own
        self._transport = transport
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error or ConnectionError("closed before it was answered"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.lower().split(b"\r\n")
        length = next((int(v[15:]) for v in lines if v.startswith(b"content-length:")), 0)
        if any(line.startswith(b"transfer-encoding: chunked") for line in lines):
            if not rest.endswith(b"0\r\n\r\n"):
                return
        elif len(rest) < length:
            return
        seconds = time.perf_counter() - self._began
        self._numbers.note(head[9:12].decode(), seconds, len(self._buffer))
        self._buffer = b""
        if self._plan.pause:
            asyncio.get_running_loop().call_later(self._plan.pause, self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        request = self._numbers.next(self._plan)
        if request is None:
            if not self._done.done():
                self._done.set_result(None)
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


class _Numbers:
    def __init__(self, most: int) -> None:
        self.asked, self.most = 0, most
        self.statuses: Counter[str] = Counter()
        self.spent: list[float] = []
        self.bytes = 0

    def note(self, status: str, seconds: float, length: int) -> None:
        self.statuses[status] += 1
        self.spent.append(seconds)
        self.bytes += length

    def next(self, plan: Plan) -> bytes | None:
        if self.asked == self.most:
            return None
        self.asked += 1
        template = plan.bodies[self.asked % len(plan.bodies)]
        body = template.replace("#", str(self.asked)).encode()
        head = [f"{plan.method} {plan.target} HTTP/1.1", "Host: bench"]
        head += [f"{name}: {value}" for name, value in plan.headers.items()]
        if plan.method == "POST":
            head += [
                f"Content-Length: {len(body)}",
                "Content-Type: application/json",
                f"Idempotency-Key: {plan.salt}-{self.asked}",
            ]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def _run(plan: Plan) -> Load:
    loop = asyncio.get_running_loop()
    numbers = _Numbers(plan.requests)
    ends = [loop.create_future() for _ in range(plan.clients)]
    began = time.perf_counter()
    for end in ends:
        client = partial(_Client, plan, numbers, end)
        await loop.create_connection(client, "127.0.0.1", plan.port)
    await asyncio.gather(*ends)
    seconds = time.perf_counter() - began
    spent = sorted(numbers.spent)

    def at(share: float) -> float:
        return spent[min(len(spent) - 1, int(len(spent) * share))]

    each = numbers.bytes / len(spent)
    return Load(seconds, dict(numbers.statuses), each, at(0.5), at(0.95), at(0.99))


def loaded(plan: Plan) -> Load:
    """Carry out a plan in a process of its own."""
    with started(plan) as process:
        return finished(process)


def started(plan: Plan) -> "subprocess.Popen[str]":
    """Begin to carry out a plan in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(plan)))
    process.stdin.close()
    return process


def finished(process: "subprocess.Popen[str]") -> Load:
    """Wait for a plan that was begun, and return what came of it."""
    assert process.stdout is not None
    said = process.stdout.read()
    if process.wait():
        raise RuntimeError("the load generator failed")
    return Load(**json.loads(said))


if __name__ == "__main__":
    uvloop.install()
    print(json.dumps(asdict(asyncio.run(_run(Plan(**json.load(sys.stdin)))))))
