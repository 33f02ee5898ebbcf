"""How many requests may be at each service at one time, and who waits before it or is sent away.

A service that is given more than it can do answers nobody: its requests queue for its database
until they are given up, and the work begun for them is lost. So they wait here, few and briefly.
"""

import asyncio
import hashlib
import hmac
import math
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.refusals import ServiceBusy, named_zh


def _share(of: int) -> int:
    """Return how much of something one caller may have: three quarters, and one in any case."""
    return max(1, of * 3 // 4)


LATEST = 30
"""The most seconds after which somebody who is refused is told to come back."""
_RATHER_LONG = 5.0


class Pace:
    """How many requests end in a second, as far as the last seconds tell."""

    def __init__(self, to_begin_with: float, clock: Callable[[], float]) -> None:
        self.per_second = to_begin_with
        self._clock = clock
        self._since, self._ended = clock(), 0

    def ended(self) -> None:
        """Say that one more has ended."""
        self._ended += 1
        passed = self._clock() - self._since
        if passed < 1:
            return
        if passed < _RATHER_LONG:  # else there was nothing to do, which tells nothing
            self.per_second = max(1.0, (self.per_second + self._ended / passed) / 2)
        self._since, self._ended = self._clock(), 0


class Returns:
    """When those who were refused are to come back: each caller in its turn, and of each caller one
    after another, at the pace at which a service answers.

    Were all told the same, they would come at once and be refused again, and to refuse them would
    be what there is to do: what was too much for a moment would stay too much.
    """

    def __init__(self, pace: Pace, clock: Callable[[], float]) -> None:
        self._pace, self._clock = pace, clock
        self._due: dict[str, float] = {}
        self._looked = 0.0

    def after(self, who: str) -> int:
        """Return after how many seconds the next one of a caller is to come, at most `LATEST`."""
        now = self._clock()
        if now - self._looked >= 1:
            self._due = {each: due for each, due in self._due.items() if due > now}
            self._looked = now
        # A caller with many in the line has the next one behind one of each other caller.
        callers = len(self._due) + (who not in self._due)
        due = max(self._due.get(who, now), now) + callers / self._pace.per_second
        self._due[who] = min(due, now + LATEST)
        return max(1, math.ceil(self._due[who] - now))


@dataclass(eq=False, slots=True)
class _Waiting:
    who: str
    turn: asyncio.Future[bool] = field(default_factory=asyncio.Future)


class Queue:
    """Lets `at_once` pass and `places` wait, each `seconds` at most; who comes then is refused.

    One caller never has all of either, so that another finds the door open whatever the first does.
    Nor do several: whoever has fewer requests here than another goes before, and finds a place that
    the other one has to give up. Who asks for one thing at a time is refused only where all places
    are taken by such as he.
    """

    def __init__(
        self,
        at_once: int,
        places: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pace = Pace(at_once, clock)
        self.returns = Returns(self._pace, clock)
        self._free = at_once
        self._places = places
        self._seconds = seconds
        self._most, self._most_waiting = _share(at_once), _share(places)
        self._inside: Counter[str] = Counter()
        self._waiting: list[_Waiting] = []

    async def enter(self, who: str) -> bool:
        """Wait for a turn; False when there is none. Whoever got one leaves it with `leave`."""
        if self._take(who):
            return True
        if not self._has_place(who):
            return False
        mine = _Waiting(who)
        self._waiting.append(mine)
        enough = asyncio.get_running_loop().call_later(self._seconds, self._send_away, mine)
        try:
            return await mine.turn
        except asyncio.CancelledError:
            if mine in self._waiting:
                self._waiting.remove(mine)
            elif not mine.turn.cancelled() and mine.turn.result():
                self.leave(who)  # it was given to somebody who had just gone
            raise
        finally:
            enough.cancel()

    def leave(self, who: str) -> None:
        """Give the turn to who has waited longest of those that have the fewest."""
        self._pace.ended()
        self._free += 1
        self._inside[who] -= 1
        if not self._inside[who]:
            del self._inside[who]
        waiting = (each for each in self._waiting if not each.turn.done())
        first = min(waiting, key=lambda each: self._inside[each.who], default=None)
        if first is not None and self._take(first.who):
            self._waiting.remove(first)
            first.turn.set_result(True)

    def _has_place(self, who: str) -> bool:
        """Say whether one more of a caller may wait; where there is no place, the last one of
        whoever has most of them is sent away for a caller who will have fewer."""
        places = Counter(each.who for each in self._waiting)
        if places[who] >= self._most_waiting:
            return False
        if len(self._waiting) < self._places:
            return True
        most, number = max(places.items(), key=lambda each: each[1], default=("", 0))
        if number <= places[who] + 1:
            return False
        self._send_away(next(each for each in reversed(self._waiting) if each.who == most))
        return True

    def _take(self, who: str) -> bool:
        if not self._free or self._inside[who] >= self._most:
            return False
        self._free -= 1
        self._inside[who] += 1
        return True

    def _send_away(self, one: _Waiting) -> None:
        if not one.turn.done():
            self._waiting.remove(one)
            one.turn.set_result(False)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a request at a service holds: its pass, and the queue that goes on when it ends."""

    door_pass: bytes
    who: str
    queue: Queue | None


class Capacity:
    """A queue before each service, which those pass by whom somebody inside is waiting for.

    A service reads from another with a request of its own through this door, while the request
    that it does this for has its turn. Were the second to wait behind such as the first, those who
    are inside would wait for those who are outside. The second is known by a pass: a secret that
    the first was sent on with, that a service repeats, and that ends with the first.

    With several gateways the second may come by another than the first. That one knows the pass by
    the `key` that all of them share; it is not told of its end, and takes it until its time is up,
    which is when the first has `lasts` seconds behind it.
    """

    def __init__(
        self,
        at_once: int,
        places: int,
        seconds: float,
        *,
        lasts: float = 0.0,
        key: bytes = b"",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._limits = at_once, places, seconds
        self._queues: dict[str, Queue] = {}
        self._passes: set[bytes] = set()
        self._lasts = lasts
        self._clock = clock
        self._me = secrets.token_hex(8).encode()
        self.key = key or secrets.token_bytes(32)
        """Of this process alone until it is told the one of all."""

    def knows(self, shown: bytes | None) -> bool:
        """Say whether somebody shows the pass of a request that has not ended."""
        return shown is not None and (shown in self._passes or self._is_of_another(shown))

    def _is_of_another(self, shown: bytes) -> bool:
        told, _, seal = shown.rpartition(b".")
        if not hmac.compare_digest(seal, self._seal(told)):
            return False
        maker, _, ends = told.split(b".")
        # Of our own we know whether they have ended.
        return maker != self._me and self._clock() < int(ends)

    def _seal(self, told: bytes) -> bytes:
        return hmac.new(self.key, told, hashlib.sha256).hexdigest().encode()

    def _pass(self) -> bytes:
        ends = int(self._clock() + self._lasts)
        told = b"%b.%b.%d" % (self._me, secrets.token_hex(16).encode(), ends)
        return told + b"." + self._seal(told)

    async def enter(self, service: str, who: str, shown: bytes | None) -> Turn:
        """Wait for a turn at `service`; refuse when there is none. It ends with `leave`."""
        queue = None
        if not self.knows(shown):
            queue = self._queues.get(service)
            if queue is None:
                queue = self._queues[service] = Queue(*self._limits)
            if not await queue.enter(who):
                busy = ServiceBusy(
                    f"{service} has as much to do as it can. Nothing was done; try again shortly.",
                    f"{named_zh(service)}当前请求过多，本次请求未被处理，请稍后重试。",
                )
                busy.headers = {"Retry-After": str(queue.returns.after(who))}
                raise busy
        turn = Turn(self._pass(), who, queue)
        self._passes.add(turn.door_pass)
        return turn

    def leave(self, turn: Turn) -> None:
        """End a turn, and its pass with it."""
        self._passes.discard(turn.door_pass)
        if turn.queue is not None:
            turn.queue.leave(turn.who)
