"""The event feed: events from the journals of all services and the gateway, merged for a caller.

Each part is asked for what comes after a position in each of its chains, and shows only what the
caller may know of (`chassis.feed`). A cursor holds these positions, sealed: where an event stands
in its chain counts the events of others. The same is true of the number in an event's id.
"""

import asyncio
import secrets
import time
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis.db import unavailable
from chassis.feed import Asked, Feed, as_told, by_clock, pulse_of, read_positions, written_positions
from chassis.identity import Caller, NotSignedIn
from chassis.leaving import LEAVING
from chassis.refusals import Invalid, TooManyRequests, Unavailable
from chassis.scopes import is_part
from gateway.asking import Services
from gateway.bounded_cache import BoundedCache
from gateway.documents import SERVICES
from gateway.sealed import Sealer, SealingKey

PARTS = ("gateway", *SERVICES)
END = "end"
"""The cursor of whoever wants what happens from now on."""
_PAD, _SALT = 256, 16
_HINTS = 10_000
_AT_ONCE = 4
_FIRST = 1.0
MOST_OF_ONE = 4
"""How many requests of one account may wait at one time."""

Positions = dict[str, dict[int, int]]


class CursorNotUnderstood(Invalid):
    """The cursor is none of this feed, or was given for another question."""

    zh = "游标无效，或不属于这一查询。"
    remedy = (
        "Send the `cursor` of the answer before with the same `types` and `cycle_id`; without "
        "`after` the feed begins with the first event.",
        "请使用上次应答中的 `cursor`，并保持 `types` 和 `cycle_id` 不变；不带 `after` 则从头开始。",
    )


class EventsTakenBack(Invalid):
    """The cursor lies behind what is recorded: the database was restored to an earlier moment."""

    zh = "游标超出现有记录：数据库已恢复到较早的时点。"
    remedy = (
        "Compare what you were told with what is there, and go on without `after`.",
        "请核对已收到的事件与现有记录，并不带 `after` 重新开始。",
    )
    status = 410


class TooManyWaiting(Unavailable):
    """As many wait for events as can."""

    zh = "等待事件的连接已满。"
    remedy = (
        "Ask again after the seconds in `Retry-After`, or without `wait`.",
        "请在 `Retry-After` 所示秒数后重试，或不带 `wait` 查询。",
    )
    headers = {"Retry-After": "5"}  # noqa: RUF012 - never written to


class PartSilent(Unavailable):
    """A part that has to be asked did not answer."""

    zh = "须查询的服务没有应答。"
    remedy = (
        "Ask again after the seconds in `Retry-After`; send a command with the same "
        "`Idempotency-Key`.",
        "请在 `Retry-After` 所示秒数后重试；重发命令时保持 `Idempotency-Key` 不变。",
    )
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


@dataclass(frozen=True, slots=True)
class Listener:
    """Who asks: the caller, and the headers by which services know him."""

    caller: Caller
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """Which events are wanted: of these types, or all, and of one cycle, or all."""

    types: frozenset[str] | None = None
    cycle_id: UUID | None = None
    limit: int = 100

    def mark(self) -> bytes:
        """Return what tells a cursor of this question from those of others."""
        types = None if self.types is None else sorted(self.types)
        return sha256(orjson.dumps([types, self.cycle_id])).digest()[:8]


class Happened(NamedTuple):
    """An event as a CloudEvent, and the cursor of whoever has read up to it."""

    event: dict[str, Any]
    cursor: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """The next events, and the cursor for those that follow: the one that was given, if none came.

    `silent` are the parts that did not answer: their events come later.
    """

    happened: Sequence[Happened]
    cursor: str
    silent: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Round:
    found: list[tuple[str, dict[str, Any]]]
    reached: Positions
    silent: frozenset[str]
    more: frozenset[str]

    def number_of(self, part: str) -> int:
        """Return how many events of a part were found."""
        return sum(each == part for each, _ in self.found)

    def and_then(self, further: "_Round") -> "_Round":
        """Return what was found in this round and in a further one."""
        reached = _merged(self.reached, further.reached)
        return _Round(self.found + further.found, reached, further.silent, further.more)


class Events:
    """The feed of all parts, and who waits for it."""

    def __init__(
        self,
        own: Feed,
        readings: async_sessionmaker[AsyncSession],
        services: Services,
        sealing_key: SealingKey,
        *,
        source: str,
        pulse: "Pulse",
    ) -> None:
        self._own = own
        self._readings = readings
        self._services = services
        self._cursors = Sealer(sealing_key, "cursors of events")
        self._ids = Sealer(sealing_key, "ids of events")
        self._source = source
        self.pulse = pulse
        self._few = asyncio.Semaphore(_AT_ONCE)
        # How far somebody looked who found nothing. The cursor does not say: it would tell that
        # something was there.
        self._looked: BoundedCache[tuple[Any, ...], Positions] = BoundedCache(_HINTS)

    async def read(
        self,
        listener: Listener,
        after: str | None,
        asked: Question,
        wait: float = 0.0,
        check: Callable[[], Awaitable[None]] | None = None,
    ) -> FeedPage:
        """Return the next events; where there are none, wait for them as many seconds at most.

        `check` raises where the caller may ask no longer; it is called whenever time has passed.
        """
        until = time.monotonic() + wait
        async with self.pulse.felt(listener.caller.subject, wait) as beat:
            seen = beat.now()
            page = await self._page(listener, after, asked)
            while not page.happened and after != END and (left := until - time.monotonic()) > 0:
                if LEAVING.is_told:  # nobody waits here for what another process can tell
                    break
                after = page.cursor
                parts = await beat.next(seen, left)
                if check is not None:
                    await check()
                if not parts:
                    continue
                # Few at a time: all who wait are woken at once, and others want to be answered.
                async with self._few:
                    seen = beat.now()
                    page = await self._page(listener, after, asked, parts)
            return page

    async def _page(
        self,
        listener: Listener,
        after: str | None,
        asked: Question,
        parts: Collection[str] = PARTS,
    ) -> FeedPage:
        if after == END:
            return await self._end(listener, asked)
        start = self._positions(after, asked)
        key = self._key(listener.caller, after, asked)
        looked = self._looked.get(key)
        at = _merged(start, looked or {})
        try:
            heard = await self._round(listener, at, asked, parts)
        except EventsTakenBack:
            # What counts is how far the caller has read, and not how far was looked for him.
            if looked is None:
                raise
            self._looked.forget(key)
            return await self._page(listener, after, asked, parts)
        silent, asking = heard.silent, list(heard.more)
        # Each part until it has as many as are wanted, or no more: what is told is in the order of
        # time then, as far as it can be.
        while asking := [part for part in asking if heard.number_of(part) < asked.limit]:
            further = await self._round(listener, _merged(at, heard.reached), asked, asking)
            heard, silent = heard.and_then(further), silent | further.silent
            asking = list(further.more)
        if heard.found:
            return self._told(at, heard, asked, sorted(silent))
        self._looked.keep(key, _merged(at, heard.reached))
        given = self._sealed(start, asked) if after is None else after
        return FeedPage((), given, sorted(silent))

    async def _end(self, listener: Listener, asked: Question) -> FeedPage:
        heard = await self._round(listener, {}, asked, frozenset(PARTS), end=True)
        if heard.silent:
            names = ", ".join(sorted(heard.silent))
            raise PartSilent(f"{names} did not answer.", "有服务没有应答，请稍后重试。")
        return FeedPage((), self._sealed(heard.reached, asked), ())

    async def _round(
        self,
        listener: Listener,
        at: Positions,
        asked: Question,
        parts: Collection[str],
        *,
        end: bool = False,
    ) -> _Round:
        """Ask each part once; what does not answer stays where it was."""
        names = [part for part in PARTS if part in parts]
        heard = await asyncio.gather(
            *(self._part(listener, part, at.get(part, {}), asked, end=end) for part in names)
        )
        found, reached = list[tuple[str, dict[str, Any]]](), Positions()
        silent, more = set[str](), set[str]()
        for part, told in zip(names, heard, strict=True):
            if told is None:
                silent.add(part)
                continue
            if told["behind"]:
                raise EventsTakenBack(f"So says {part}.", "游标所指的事件已不存在。")
            found += [(part, each) for each in told["events"]]
            reached[part] = read_positions(told["positions"])
            if told["more"]:
                more.add(part)
        return _Round(found, reached, frozenset(silent), frozenset(more))

    async def _part(
        self,
        listener: Listener,
        part: str,
        positions: Mapping[int, int],
        asked: Question,
        *,
        end: bool,
    ) -> Any:  # noqa: ANN401 - JSON
        if part == "gateway":
            return await self._ourselves(listener, positions, asked, end=end)
        about = {"after": written_positions(positions), "limit": asked.limit}
        about |= {} if asked.types is None else {"types": ",".join(sorted(asked.types))}
        about |= {} if asked.cycle_id is None else {"chain": asked.cycle_id}
        about |= {"end": "true"} if end else {}
        target = f"/internal/events?{urlencode(about)}"
        heard = await self._services.ask(listener.caller.subject, part, target, listener.told)
        if heard.refusal == NotSignedIn.status:
            raise NotSignedIn("The token has expired.", "令牌已过期。")
        return heard.document

    async def _ourselves(
        self, listener: Listener, positions: Mapping[int, int], asked: Question, *, end: bool
    ) -> Any:  # noqa: ANN401 - JSON
        chain = None if asked.cycle_id is None else str(asked.cycle_id)
        wanted = Asked(positions, asked.limit, asked.types, chain, end_only=end)
        try:
            async with self._readings() as db:
                heard = await self._own.read(db, listener.caller, wanted)
        except Exception as error:
            raise unavailable(error) or error from error
        return orjson.loads(orjson.dumps(as_told(heard)))  # as the others tell it

    def _told(
        self, at: Positions, heard: _Round, asked: Question, silent: Sequence[str]
    ) -> FeedPage:
        """Return the first events, each with the cursor of whoever has read so far.

        A cursor between two events says nothing of what was looked at without finding anything.
        """
        found = by_clock(heard.found, _place)
        shown, left = found[: asked.limit], found[asked.limit :]
        happened, so_far = list[Happened](), at
        for part, event in shown:
            so_far = _merged(so_far, {part: {event["number"]: event["seq"]}})
            happened.append(Happened(self._cloud_event(part, event), self._sealed(so_far, asked)))
        reached = heard.reached
        for part, event in reversed(left):
            reached = {**reached, part: reached[part] | {event["number"]: event["seq"] - 1}}
        cursor = self._sealed(_merged(at, reached), asked)
        happened[-1] = happened[-1]._replace(cursor=cursor)
        return FeedPage(happened, cursor, silent)

    def _cloud_event(self, part: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return an event by CloudEvents 1.0."""
        chain = event["chain"]
        cycle = {"cycle_id": chain} if is_part(chain) else {}
        return {
            "specversion": "1.0",
            "id": self._ids.name(f"{part} {chain} {event['seq']}".encode()),
            "source": f"{self._source}:{part}",
            "type": event["type"],
            "subject": f"cycles/{chain}" if cycle else chain,
            "time": event["time"].replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": {**cycle, **event["data"]},
        }

    def _key(self, caller: Caller, after: str | None, asked: Question) -> tuple[Any, ...]:
        who = caller.subject, caller.roles, caller.organisation, caller.scope, caller.realm
        return (*who, after, asked.types, asked.cycle_id)

    def _sealed(self, positions: Positions, asked: Question) -> str:
        """Return positions as a cursor, whose length tells little of how many there are.

        No two are alike: the same one would tell whoever asks for the end that nothing happened,
        and another one that something did.
        """
        plain = secrets.token_bytes(_SALT) + asked.mark() + packed(positions)
        return self._cursors.seal(plain + bytes(-len(plain) % _PAD))

    def _positions(self, cursor: str | None, asked: Question) -> Positions:
        if cursor is None:
            return {}
        plain = self._cursors.open(cursor)
        if plain is None or plain[_SALT : _SALT + 8] != asked.mark():
            said = "It is none, or one of other types or another cycle."
            raise CursorNotUnderstood(said, "游标无法识别，或属于其他事件类型或评估年度的查询。")
        return unpacked(plain[_SALT + 8 :])


def _place(found: tuple[str, dict[str, Any]]) -> tuple[tuple[str, int], int, str]:
    part, event = found
    return (part, event["number"]), event["seq"], event["time"]


def _merged(at: Positions, further: Positions) -> Positions:
    return {part: at.get(part, {}) | further.get(part, {}) for part in {**at, **further}}


def packed(positions: Positions) -> bytes:
    """Return positions in few bytes: of each part the number of its chains, and of each chain its
    number less the one before and how far; zeros at the end mean nothing."""
    numbers = list[int]()
    for part, chains in sorted(positions.items()):
        numbers += [PARTS.index(part) + 1, len(chains)]
        before = 0
        for number, seq in sorted(chains.items()):
            numbers += [number - before, seq]
            before = number
    return b"".join(map(_packed_number, numbers))


def unpacked(raw: bytes) -> Positions:
    """Return the positions that were packed."""
    numbers, positions = _numbers(raw), Positions()
    while part := next(numbers, 0):
        chains, number = dict[int, int](), 0
        for _ in range(next(numbers)):
            number += next(numbers)
            chains[number] = next(numbers)
        positions[PARTS[part - 1]] = chains
    return positions


def _packed_number(number: int) -> bytes:
    digits = bytearray()
    while number > 0x7F:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    digits.append(number)
    return bytes(digits)


def _numbers(raw: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in raw:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte <= 0x7F:
            yield number
            number = shift = 0


@dataclass(slots=True)
class Beat:
    """Counts the changes noticed in each part, and wakes whoever waits for the next one."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> dict[str, int]:
        """Return the present counts."""
        return dict(self.counts)

    def total(self) -> int:
        """Return the counts of all parts together."""
        return sum(self.counts.values())

    def tell(self, parts: Iterable[str]) -> None:
        """Wake whoever waits: something was recorded in these parts."""
        for part in parts:
            self.counts[part] += 1
        self.changed.set()
        self.changed = asyncio.Event()

    async def next(self, seen: Mapping[str, int], seconds: float) -> set[str]:
        """Wait until something was recorded since `seen`, so many seconds at most; return where."""
        if self.counts == seen:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.changed.wait()
        return {part for part in PARTS if self.counts[part] != seen[part]}


Asking = Callable[[], Awaitable[int | None]]


class Pulse:
    """Notices that something was recorded anywhere, by asking every part in short intervals.

    It asks only while somebody waits, once for all who wait. A part that does not answer is asked
    again; nobody misses anything by that, because whoever waits reads by positions.
    """

    def __init__(self, asked: Sequence[Asking], seconds: float, places: int) -> None:
        self._asked = asked
        self._seconds = seconds
        self._places = places
        self._waiting = dict[str, int]()
        self._beat = Beat()
        self._asking: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()

    @asynccontextmanager
    async def felt(self, who: str, seconds: float) -> AsyncIterator[Beat]:
        """Give the beat to somebody who may wait for it; refuse when as many wait as can."""
        if seconds <= 0:
            yield self._beat
            return
        with self._place(who):
            if self._asking is None:
                self._begun = asyncio.Event()
                self._asking = asyncio.create_task(self._ask())
            # What is recorded from here on is noticed; what was before is read now.
            await self._begun.wait()
            yield self._beat

    def check_room(self, who: str) -> None:
        """Refuse somebody who could not wait now."""
        if self._waiting.get(who, 0) >= MOST_OF_ONE:
            refusal = TooManyRequests(
                f"{MOST_OF_ONE} requests of this account wait for events already.",
                f"该账户已有{MOST_OF_ONE}个请求在等待事件。",
            )
            refusal.headers = {"Retry-After": "5"}
            raise refusal
        if sum(self._waiting.values()) >= self._places:
            raise TooManyWaiting("All places are taken.", "等待位置已满。")

    @contextmanager
    def _place(self, who: str) -> Iterator[None]:
        self.check_room(who)
        self._waiting[who] = self._waiting.get(who, 0) + 1
        try:
            yield
        finally:
            self._waiting[who] -= 1
            if not self._waiting[who]:
                del self._waiting[who]

    async def _ask(self) -> None:
        """Ask for as long as anybody waits, each part by itself: one that hangs holds up no other.

        Who waits for the first answers does so for a moment alone. What answers later, or again
        after a silence, counts as changed: nobody knows what was missed meanwhile.
        """
        begun, answered = self._begun, {part: asyncio.Event() for part in PARTS}
        asking = [
            asyncio.create_task(self._ask_part(part, ask, begun, answered[part]))
            for part, ask in zip(PARTS, self._asked, strict=True)
        ]
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_FIRST):
                    for each in answered.values():
                        await each.wait()
            begun.set()
            while self._waiting:
                await asyncio.sleep(self._seconds)
                if LEAVING.is_told:
                    self._beat.tell(())
        finally:
            # Now, before anything else runs: whoever comes to wait from here on begins anew.
            self._asking = None
            begun.set()
            for one in asking:
                one.cancel()
            await asyncio.wait(asking)

    async def _ask_part(
        self, part: str, ask: Asking, begun: asyncio.Event, answered: asyncio.Event
    ) -> None:
        before: int | None = None
        while True:
            now = await ask()
            if now not in {None, before} and begun.is_set():
                self._beat.tell([part])
            before = now
            answered.set()
            await asyncio.sleep(self._seconds)


def pulses_of(services: Services, own: async_sessionmaker[AsyncSession]) -> list[Asking]:
    """Return what asks each part how much it has recorded; None where it does not say."""

    async def ours() -> int | None:
        try:
            async with own() as db:
                return await pulse_of(db)
        except Exception as error:
            if unavailable(error) is None:
                raise
            return None

    def of(service: str) -> Asking:
        async def theirs() -> int | None:
            heard = await services.ask("pulse", service, "/internal/events/pulse", {})
            told = heard.document.get("pulse") if isinstance(heard.document, dict) else None
            return told if isinstance(told, int) else None

        return theirs

    return [ours, *map(of, SERVICES)]
