"""How the gateway asks services for what it puts together itself, with the caller's own token.

A service that does not answer in time keeps nobody from reading what the others say.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import Request

from chassis import logs, traces
from gateway.capacity import Capacity
from gateway.carriers import Carrier, ForwardedRequest, UpstreamDown
from gateway.refusals import ServiceBusy
from gateway.rules import headers

_REFUSALS = frozenset({401, 403, 404, 409, 410})
"""By which a service says that there is no such document, or none for this caller."""

_CARRIED = ("authorization", "accept-language")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a service said: a document, or the status with which it refused one.

    With neither it did not answer: in time, or with anything that can be understood.
    """

    document: Any = None
    refusal: int | None = None

    @property
    def answered(self) -> bool:
        """Whether there is a document."""
        return self.document is not None


class Services:
    """Reads documents of services, each within `seconds`, as everybody else does: by its queue."""

    def __init__(self, carrier: Carrier, capacity: Capacity, seconds: float) -> None:
        self._carrier = carrier
        self._capacity = capacity
        self._seconds = seconds

    async def read(self, request: Request, who: str, service: str, target: str) -> Heard:
        """Ask a service for a document as the caller of a request, and say what came of it."""
        carried = {name: value for name in _CARRIED if (value := request.headers.get(name))}
        return await self.ask(who, service, target, carried)

    async def ask(self, who: str, service: str, target: str, told: Mapping[str, str]) -> Heard:
        """Ask a service for a document with these headers, and say what came of it."""
        carried = [(name.encode(), value.encode("latin-1")) for name, value in told.items()]
        carried.append((headers.REQUEST_ID, logs.request_id.get().encode()))
        if trace := traces.parent.get():
            carried.append((traces.HEADER.encode(), trace.encode()))
        try:
            async with asyncio.timeout(self._seconds):
                return await self._asked(who, service, target, carried)
        except (TimeoutError, UpstreamDown, ServiceBusy, ValueError) as error:
            logs.say("part-missing", peer=service, reason=type(error).__name__)
            return Heard()

    async def _asked(
        self, who: str, service: str, target: str, carried: list[tuple[bytes, bytes]]
    ) -> Heard:
        turn = await self._capacity.enter(service, who, None)
        try:
            onward = [*carried, (headers.DOOR_PASS, turn.door_pass)]
            order = ForwardedRequest(service, "GET", target, onward, None)
            answer = await self._carrier.carry(order)
            try:
                body = await answer.read()
            finally:
                await answer.close()
            if answer.status in _REFUSALS:
                return Heard(refusal=answer.status)
            if answer.status != 200:
                raise ValueError(f"status {answer.status}")
            return Heard(document=orjson.loads(body))
        finally:
            self._capacity.leave(turn)
