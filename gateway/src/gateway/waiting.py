"""The waiting room in front of the costly comparison of secrets: bounded, and fair.

Without it a few dozen connections with wrong secrets stand in front of everybody else: each costs
64 MiB and a tenth of a second, and the thread pool's own queue has no end.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from chassis.refusals import Unavailable
from gateway.rules.limits import too_many


class SignInBusy(Unavailable):
    """Too many people are signing in at this moment."""

    zh = "当前登录的人过多。"
    remedy = (
        "Sign in again after the seconds in `Retry-After`.",
        "请在 `Retry-After` 所示秒数后重新登录。",
    )
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


@dataclass(eq=False, slots=True)
class _Ticket:
    queue: str
    suspicion: int
    number: int
    turn: asyncio.Future[None] = field(default_factory=asyncio.Future)

    @property
    def rank(self) -> tuple[int, int]:
        return self.suspicion, self.number


class WaitingRoom:
    """At most `slots` are served at one time and at most `places` wait; who finds no place goes.

    The one whose address has failed least is served first, and the one whose address has failed
    most leaves the place to a better one. Of one queue (an address) at most `share` are inside.
    """

    def __init__(self, slots: int, places: int, share: int) -> None:
        self._slots = slots
        self._places = places
        self._share = share
        self._served = 0
        self._waiting: list[_Ticket] = []
        self._inside: Counter[str] = Counter()
        self._number = 0

    @asynccontextmanager
    async def place(self, queue: str, suspicion: int) -> AsyncIterator[None]:
        """Wait for a slot and hold it; raise a refusal at once when there is no place."""
        if self._inside[queue] >= self._share:
            raise too_many(0)
        self._number += 1
        ticket = _Ticket(queue, suspicion, self._number)
        self._inside[queue] += 1
        self._waiting.append(ticket)
        try:
            self._serve()
            self._send_away()
            await ticket.turn
            yield
        finally:
            self._leave(ticket)

    def _serve(self) -> None:
        while self._waiting and self._served < self._slots:
            ticket = min(self._waiting, key=lambda waiting: waiting.rank)
            self._waiting.remove(ticket)
            if not ticket.turn.done():  # cancelled, and about to leave
                self._served += 1
                ticket.turn.set_result(None)

    def _send_away(self) -> None:
        if len(self._waiting) > self._places:
            ticket = max(self._waiting, key=lambda waiting: waiting.rank)
            self._waiting.remove(ticket)
            if not ticket.turn.done():
                ticket.turn.set_exception(SignInBusy("Try again shortly.", "请稍后再试。"))

    def _leave(self, ticket: _Ticket) -> None:
        self._inside[ticket.queue] -= 1
        if not self._inside[ticket.queue]:
            del self._inside[ticket.queue]
        if ticket in self._waiting:  # the one who waited gave up
            self._waiting.remove(ticket)
        elif not ticket.turn.cancelled() and ticket.turn.exception() is None:
            self._served -= 1
            self._serve()
