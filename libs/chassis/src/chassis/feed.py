"""The events of one service, read from its journal, as far as a caller may know of them.

The journal is written in the transaction of every change and has no gap within a chain: whoever
reads each chain by its numbers misses nothing, and hears of nothing that was rolled back. There is
no second list. Reading by the clock would lose what is committed later than what was read.

An event says that something happened and to whom, never a value, a result or a reason: of the body
of an entry only what its `EventType` names is told. Who may know of it stands in the authorisation
matrix (`events:`), like who may use a route; what has no row there, or is not declared by its
service, is told to nobody.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, starmap
from typing import Annotated, Any, NamedTuple, TypeVar

import orjson
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import ANY, UNAFFILIATED, Matrix, Row
from chassis.db import driver_of
from chassis.identity import Caller, SignedIn
from chassis.realm_rows import OF_REALM, told_of
from chassis.realms import EVERY
from chassis.refusals import Invalid

OWN_PART, NAMED_SOURCE = "own_unit", "named_source"
OWN_ACT, OWN_ACCOUNT = "own_act", "own_account"

MOST_NAMED = 100
"""How many ids or parties an event names; how many more there are stands beside them."""
MOST_EVENTS = 200
_WINDOW = 10_000
_BYTES = 4_000_000

_ROUTE = "GET /api/v1/events"
"""Where events are read from outside: who may not ask there by the scope of a token may neither ask
a service itself."""

Body = Mapping[str, Any]
Parts = Mapping[str, int]
T = TypeVar("T")
C = TypeVar("C", "_Window", "Entry")


def parties_of(body: Body) -> Parts:
    """Return how many things of a change each party has, as its entry in the journal says."""
    match body.get("units"):
        case dict() as told:
            return told
        case list() as told:
            return dict.fromkeys(map(str, told), 1)
    return _counted([body]) if isinstance(body.get("unit"), str) else {}


def parties_in(*names: str) -> Callable[[Body], Parts]:
    """Return what counts parties in lists of the entry's body, where each thing names its own."""

    def counted(body: Body) -> Parts:
        return _counted(thing for name in names for thing in body.get(name) or ())

    return counted


def _counted(things: Iterable[Any]) -> Parts:
    found = dict[str, int]()
    for thing in things:
        party = (thing.get("unit") or thing.get("code")) if isinstance(thing, dict) else None
        if isinstance(party, str):
            found[party] = found.get(party, 0) + 1
    return found


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event, as its service records it in the journal.

    `told` are the fields of the entry's body that whoever may know of the event is told, `whole`
    those that only who may know of all of it is told besides. `parties` finds the organisations
    that it is about: who may know of the part of his own is told of that alone, and who knows of
    it because he did it himself, or without a relation, of all.
    """

    name: str
    zh: str
    en: str
    told: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    parties: Callable[[Body], Parts] = field(default=parties_of)


class Entry(NamedTuple):
    """An entry of the journal with where it stands; its body is read when it is asked for."""

    number: int
    seq: int
    chain: str
    recorded_at: datetime
    subject: str
    organisation: str
    event: str
    size: int


class HeardEvent(NamedTuple):
    """An event as one caller may know it, and where in which chain it stands."""

    number: int
    seq: int
    chain: str
    time: datetime
    type: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """Events in the order of each chain, and how far each chain has been looked at.

    Behind `positions` there is nothing unseen that the caller may know of. `more` says that not
    everything has been looked at; `behind` that a position lies beyond the end of its chain, as
    after a restore from an older backup.
    """

    events: Sequence[HeardEvent]
    positions: Mapping[int, int]
    more: bool
    behind: bool = False


class Head(NamedTuple):
    """How far a chain has come; an entry that is told later stands alone, after `first`."""

    number: int
    chain: str
    seq: int
    first: int = 0


class _Window(NamedTuple):
    number: int
    chain: str
    after: int
    upto: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted: events after these positions, of some types or of one chain, so many."""

    positions: Mapping[int, int]
    limit: int
    types: frozenset[str] | None = None
    chain: str | None = None
    end_only: bool = False


class Feed:
    """Reads of one service's journal what a caller may know of.

    `later` is SQL for the entries of which nothing is told before a moment of their own: (number,
    chain, seq, at). Its number is one that no chain has: such an entry is told as if it were a
    chain by itself that begins at that moment, so nobody who has read past it misses it.
    """

    def __init__(
        self, declared: Iterable[EventType], matrix: Matrix, later: str | None = None
    ) -> None:
        self._declared = {each.name: each for each in declared}
        self._matrix = matrix
        self._later = later or _NONE_LATER

    async def read(self, db: AsyncSession, caller: Caller, asked: Asked) -> Heard:
        """Return the next events of every chain; an unfinished change has none.

        Whoever writes to a chain holds its head until the commit: all up to the head is there.
        """
        driver = await driver_of(db)
        reaches = self._matrix.reaches_chain
        question = _HEADS.replace(_LATER, self._later)
        of_realm = (None, None) if caller.realm == EVERY else told_of(caller.realm)
        found = await driver.fetch(question, asked.chain, *of_realm)
        heads = [head for head in starmap(Head, found) if reaches(head.chain, caller)]
        if any(asked.positions.get(head.number, 0) > head.seq for head in heads):
            return Heard((), {}, more=False, behind=True)
        if asked.end_only:
            return Heard((), {head.number: head.seq for head in heads}, more=False)
        return await self._after(driver, heads, caller, asked)

    async def pulse(self, db: AsyncSession) -> int:
        """Return a number that grows with every change that is committed, and with every entry
        that was to be told later."""
        return await pulse_of(db, self._later)

    async def _after(
        self,
        driver: Any,  # noqa: ANN401 - asyncpg's
        heads: Sequence[Head],
        caller: Caller,
        asked: Asked,
    ) -> Heard:
        rows = self._rows(caller, asked.types)
        windows, more = _windows(heads, asked.positions)
        reached = {each.number: each.upto for each in windows}
        if not rows or not windows:
            return Heard((), reached, more=more and bool(rows))
        most = 2 * asked.limit
        question = _ENTRIES.replace(_LATER, self._later)
        found = await _entries(driver, question, windows, rows, caller, most)
        cut = _cut_off(windows, found, most)
        found = by_clock(found, _place)
        events, left = await self._told(driver, found, rows, caller, asked.limit)
        # The first of a chain is the last to be looked at.
        reached |= cut | {entry.number: entry.seq - 1 for entry in reversed(left)}
        return Heard(events, reached, more=more or bool(cut) or bool(left))

    def _rows(self, caller: Caller, types: frozenset[str] | None) -> dict[str, tuple[Row, ...]]:
        if not self._matrix.scopes.reaches_route(_ROUTE, caller.scope):
            return {}
        known = self._declared.keys() & (self._declared.keys() if types is None else types)
        rows = {name: self._matrix.rows_for_event(name, caller.roles) for name in sorted(known)}
        return {name: each for name, each in rows.items() if each}

    async def _told(
        self,
        driver: Any,  # noqa: ANN401 - asyncpg's
        found: Sequence[Entry],
        rows: Mapping[str, tuple[Row, ...]],
        caller: Caller,
        limit: int,
    ) -> tuple[list[HeardEvent], Sequence[Entry]]:
        """Return the first events among `found`, and the entries that were not looked at."""
        events, at = list[HeardEvent](), 0
        while at < len(found) and len(events) < limit:
            part = _within(found[at:], limit)
            bodies = await _bodies(driver, part)
            for entry in part:
                if len(events) == limit:
                    return events, found[at:]
                at += 1
                body = orjson.loads(bodies[entry.number, entry.seq])
                kind = self._declared[entry.event]
                data = _data(kind, _Sight(entry, body, rows[entry.event], caller))
                if data is not None:
                    told = entry.number, entry.seq, entry.chain, entry.recorded_at, entry.event
                    events.append(HeardEvent(*told, data))
        return events, found[at:]


@dataclass(frozen=True, slots=True)
class _Sight:
    """An entry and a caller: what holds between the two."""

    entry: Entry
    body: Body
    rows: Sequence[Row]
    caller: Caller

    @property
    def by_caller(self) -> bool:
        """Whether the caller did it, or somebody of the same organisation.

        Who sat on a seat is for nobody else to know, not even of the same organisation.
        """
        own = self.caller.organisation
        by_own = bool(own and self.entry.organisation == own) and not self.body.get("by_seat")
        return by_own or self.entry.subject == self.caller.subject

    @property
    def is_whole(self) -> bool:
        """Whether the caller may know of all of it."""
        relations = {row.relation for row in self.rows}
        own = OWN_ACCOUNT in relations and self.entry.subject == self.caller.subject
        acts = OWN_ACT in relations and self.by_caller
        return own or acts or _is_whole(self.rows, self.caller.organisation)

    def own_parts(self, kind: EventType) -> dict[str, Parts]:
        """Return what of it concerns the caller's own organisation, as far as he may know."""
        own = self.caller.organisation
        relations = {row.relation for row in self.rows}
        parts = {"units": kind.parties(self.body)} if OWN_PART in relations else {}
        if NAMED_SOURCE in relations:
            parts["sources"] = self.body.get("sources") or {}
        return {name: {own: part[own]} for name, part in parts.items() if own and own in part}


def _data(kind: EventType, seen: _Sight) -> dict[str, Any] | None:
    """Return what a caller is told of an event, None where he may not know of it."""
    entry, body = seen.entry, seen.body
    told = _of(body, kind.told)
    if not seen.is_whole:
        parts = seen.own_parts(kind)
        return _bounded({**told, **parts}) if parts else None
    told |= {"units": kind.parties(body), "sources": body.get("sources")}
    # Who did what everybody may know of is not for everybody to know.
    if seen.by_caller or any(row.role != ANY for row in seen.rows):
        told |= {"by": entry.subject, "by_unit": entry.organisation, **_of(body, kind.whole)}
    return _bounded(told)


def _is_whole(rows: Iterable[Row], own: str | None) -> bool:
    """Say whether a caller of this organisation knows all events of a type that has these rows."""
    relations = {row.relation for row in rows}
    return None in relations or (UNAFFILIATED in relations and own is None)


def _of(body: Body, names: Iterable[str]) -> dict[str, Any]:
    return {name: body[name] for name in names if name in body}


def _bounded(told: Body) -> dict[str, Any]:
    """Return what is told with at most so many ids and parties, and how many more there are."""
    shown = dict[str, Any]()
    for name, value in told.items():
        if value is None or value in ({}, [], ""):
            continue
        shown[name] = value
        if isinstance(value, list) and len(value) > MOST_NAMED:
            shown[name] = value[:MOST_NAMED]
        elif isinstance(value, dict) and len(value) > MOST_NAMED:
            shown[name] = {each: value[each] for each in sorted(value)[:MOST_NAMED]}
        else:
            continue
        shown[f"{name}_left"] = len(value) - MOST_NAMED
    return shown


def _windows(heads: Sequence[Head], positions: Mapping[int, int]) -> tuple[list[_Window], bool]:
    """Return which numbers of which chains are looked at now, and whether there are more."""
    windows, room = list[_Window](), _WINDOW
    ahead = [head for head in heads if head.seq > positions.get(head.number, 0)]
    for head in ahead:
        if not room:
            return windows, True
        after = max(positions.get(head.number, 0), head.first)
        upto = min(head.seq, after + room)
        windows.append(_Window(head.number, head.chain, after, upto))
        room -= upto - after
    return windows, bool(windows) and windows[-1].upto < ahead[-1].seq


def by_clock(found: Iterable[T], place: Callable[[T], tuple[Any, int, Any]]) -> list[T]:
    """Merge the events of several chains into one order: by time, but within a chain always by
    number, even where its clock went back, because a reader's place in a chain is a number.

    `place` names the chain of each, its number there, and the moment; those of a chain come in its
    order.
    """
    latest, placed = dict[Any, Any](), list[tuple[tuple[Any, Any, int], T]]()
    for each in found:
        chain, number, moment = place(each)
        latest[chain] = max(moment, latest.get(chain, moment))
        placed.append(((latest[chain], chain, number), each))
    return [each for _, each in sorted(placed, key=lambda pair: pair[0])]


def _place(entry: Entry) -> tuple[int, int, datetime]:
    return entry.number, entry.seq, entry.recorded_at


def _cut_off(windows: Sequence[_Window], found: Sequence[Entry], most: int) -> dict[int, int]:
    """Return how far those chains were looked at of which there was more than could be fetched."""
    last = dict[int, int]()
    for window in windows:
        own = [entry.seq for entry in found if entry.number == window.number]
        if len(own) == most and own[-1] < window.upto:
            last[window.number] = own[-1]
    return last


def _within(entries: Sequence[Entry], limit: int) -> Sequence[Entry]:
    """Return the first of these whose bodies are small enough together to be read at once."""
    size = 0
    for number, entry in enumerate(entries[:limit]):
        size += entry.size
        if size > _BYTES and number:
            return entries[:number]
    return entries[:limit]


async def _entries(
    driver: Any,  # noqa: ANN401 - asyncpg's
    question: str,
    windows: Sequence[_Window],
    rows: Mapping[str, Sequence[Row]],
    caller: Caller,
    most: int,
) -> list[Entry]:
    """Return the entries that a caller may know of, or nearly so, at most so many of a chain."""
    own = caller.organisation
    whole = [name for name, each in rows.items() if _is_whole(each, own)]
    in_part = [name for name in rows if name not in whole]
    about = whole, in_part, caller.subject, own, None if own is None else f'"{own}"', most
    found = list[Entry]()
    for part in _asked_at_once(driver, windows):
        columns = [list(each) for each in zip(*part, strict=True)]
        said = _said(driver, question)
        found += [Entry(*each) for each in await driver.fetch(said, *columns, *about)]
    return found


def _asked_at_once(driver: Any, asked: Sequence[C]) -> Iterator[list[C]]:  # noqa: ANN401 - asyncpg's
    """Yield what is asked by one statement: all of it, or that of one chain after the other where
    each may lie on another machine."""
    if driver.is_spread:
        yield from (list(each) for _, each in groupby(asked, key=lambda each: each.chain))
    elif asked:
        yield list(asked)


def _said(driver: Any, question: str) -> str:  # noqa: ANN401 - asyncpg's
    """Return a question as it says where the entries of the one chain lie that it is about."""
    if not driver.is_spread:
        return question
    return question.replace("journal_home(c.chain)", "journal_home(($2::text[])[1])")


async def _bodies(driver: Any, entries: Sequence[Entry]) -> dict[tuple[int, int], str]:  # noqa: ANN401 - asyncpg's
    bodies = dict[tuple[int, int], str]()
    for part in _asked_at_once(driver, entries):
        columns = [[e.number for e in part], [e.chain for e in part], [e.seq for e in part]]
        said = _said(driver, _BODIES)
        bodies |= {(n, seq): body for n, seq, body in await driver.fetch(said, *columns)}
    return bodies


_LATER = "told_later"
_NONE_LATER = """
    SELECT NULL::bigint AS number, NULL::text AS chain, NULL::bigint AS seq, NULL::timestamptz AS at
    WHERE false
    """
# The moment is that of the transaction: all of one answer is of one side of it. Chains of a realm
# that is not the caller's are left where they are: there may be thousands.
_HEADS = f"""
    SELECT * FROM (SELECT number, chain, seq, 0::bigint FROM journal_head
      UNION ALL SELECT number, chain, seq, seq - 1 FROM ({_LATER}) l WHERE at <= now()) h
    WHERE ($1::text IS NULL OR chain = $1)
      AND ($2::text IS NULL OR {OF_REALM.format(chain="chain", realm="$2", begin="$3")})
    ORDER BY number
    """  # noqa: S608 - no value
# Each chain by its key, whatever is guessed of their length. Of what is a caller's only in part
# nothing is fetched in which neither he nor his organisation stands, whose code is between quotes.
_ENTRIES = f"""
    WITH later AS ({_LATER})
    SELECT c.number, j.seq, j.chain, coalesce(t.at, j.recorded_at), j.subject, j.unit, j.event,
      j.size
    FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[])
      c(number, chain, after, upto)
    LEFT JOIN later t ON t.number = c.number
    CROSS JOIN LATERAL (
      SELECT seq, chain, recorded_at, subject, unit, event, octet_length(body) AS size
      FROM journal_entry e
      WHERE e.home = journal_home(c.chain) AND e.chain = c.chain
        AND e.seq > c.after AND e.seq <= c.upto
        AND (e.event = ANY ($5) OR (e.event = ANY ($6)
          AND (e.subject = $7 OR e.unit = $8 OR strpos(e.body, $9) > 0)))
        AND NOT EXISTS (SELECT FROM later l
          WHERE l.chain = e.chain AND l.seq = e.seq AND l.number <> c.number)
      ORDER BY e.chain, e.seq LIMIT $10) j
    ORDER BY c.number, j.seq
    """  # noqa: S608 - no value
_PULSE = f"""
    SELECT coalesce((SELECT sum(seq) FROM journal_head), 0)::bigint
      + (SELECT count(*) FROM ({_LATER}) l WHERE at <= now())
    """  # noqa: S608 - no value
_BODIES = """
    SELECT c.number, c.seq, j.body FROM unnest($1::bigint[], $2::text[], $3::bigint[])
      c(number, chain, seq)
    CROSS JOIN LATERAL (SELECT body FROM journal_entry e
      WHERE e.home = journal_home(c.chain) AND e.chain = c.chain AND e.seq = c.seq OFFSET 0) j
    """


class PositionsNotUnderstood(Invalid):
    """The positions that the gateway asks from are none."""

    zh = "位置参数无法识别。"
    remedy = ("Read events through the gateway.", "请通过网关读取事件。")


router = APIRouter(prefix="/internal", include_in_schema=False)
"""What the gateway asks, and passes on to nobody: where an event stands counts others' events."""


@router.get("/events")
async def read_events(
    request: Request,
    caller: SignedIn,
    after: Annotated[str, Query(max_length=200_000)] = "",
    types: Annotated[str | None, Query(max_length=10_000)] = None,
    chain: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 100,
    end: bool = False,
) -> Response:
    """Give the events after these positions that the caller may know of."""
    matrix: Matrix = request.app.state.matrix
    matrix.check_purpose(_ROUTE, caller.purpose)
    asked = Asked(
        positions=read_positions(after),
        limit=limit,
        types=None if types is None else frozenset(types.split(",")),
        chain=chain,
        end_only=end,
    )
    feed: Feed = request.app.state.feed
    async with request.app.state.readings() as db:
        heard = await feed.read(db, caller, asked)
    return Response(orjson.dumps(as_told(heard)), media_type="application/json")


@router.get("/events/pulse")
async def read_pulse(request: Request) -> Response:
    """Give a number that grows with every change that anybody may know of."""
    feed: Feed = request.app.state.feed
    async with request.app.state.readings() as db:
        number = await feed.pulse(db)
    return Response(orjson.dumps({"pulse": number}), media_type="application/json")


async def pulse_of(db: AsyncSession, later: str | None = None) -> int:
    """Return a number that grows with every change that is committed, and with every entry that
    was to be told `later`."""
    number = await (await driver_of(db)).fetchval(_PULSE.replace(_LATER, later or _NONE_LATER))
    return int(number or 0)


def as_told(heard: Heard) -> dict[str, Any]:
    """Return what was heard as the gateway reads it."""
    return {
        "events": [each._asdict() for each in heard.events],
        "positions": written_positions(heard.positions),
        "more": heard.more,
        "behind": heard.behind,
    }


def written_positions(positions: Mapping[int, int]) -> str:
    """Return positions in one line."""
    return ",".join(f"{number}.{seq}" for number, seq in sorted(positions.items()))


def read_positions(text: str) -> dict[int, int]:
    """Return the positions of a line."""
    try:
        pairs = [each.split(".") for each in text.split(",") if each]
        return {int(number): int(seq) for number, seq in pairs}
    except ValueError:
        raise PositionsNotUnderstood("They are not understood.", "无法识别。") from None
