"""What happened, as the caller may know of it: asked for, waited for, or as a stream."""

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator, Collection, Coroutine
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.requests import ClientDisconnect

from chassis import logs
from chassis.authorisation import Matrix, Permit
from chassis.identity import NotSignedIn, signed_in
from chassis.leaving import LEAVING
from chassis.problems import documents
from chassis.refusals import Fault, Invalid, Refusal, TooManyRequests, pointer
from chassis.routes import Router
from chassis.wire import Outgoing
from gateway.feed import (
    CursorNotUnderstood,
    Events,
    EventsTakenBack,
    FeedPage,
    Listener,
    PartSilent,
    Question,
    TooManyWaiting,
)
from gateway.settings import Settings
from gateway.standing import AccountStandings

router = Router("/events", tags=["events"])

LONGEST_WAIT = 30
STREAM = "text/event-stream"
_CARRIED = ("authorization", "accept-language")
_HEARTBEAT = 15.0
_LAST = "last-event-id"


class CloudEvent(Outgoing):
    """Something that happened, by CloudEvents 1.0 (docs/events.md has the types).

    `source` is the part that recorded it; `id` is unique within a `source`. `subject` is the cycle
    (`cycles/{cycle_id}`) or the collection that it is about. `data` names ids and units, never a
    value, a score or a reason: those are read by those who may.
    """

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: dt.datetime
    datacontenttype: Literal["application/json"]
    data: dict[str, Any]


class EventsRead(Outgoing):
    """The next events that the caller may know of, in the order of each chain of the journals.

    `cursor` is the `after` of the next request; where nothing came it is the one that was given.
    `silent` are the parts that did not answer: their events come later.
    """

    events: list[CloudEvent] = Field(max_length=200)
    cursor: str
    silent: list[str]


class UnknownEventType(Invalid):
    """There is no such type of event."""

    zh = "没有这种事件类型。"
    remedy = (
        "Name types of docs/events.md, or leave `types` out.",
        "请使用事件目录（`docs/events.md`）所列的类型，或不带 `types`。",
    )


@router.get(
    "",
    response_model=EventsRead,
    responses={
        200: {
            "content": {
                STREAM: {"schema": {"type": "string"}},
            }
        },
        **documents(
            UnknownEventType,
            CursorNotUnderstood,
            EventsTakenBack,
            PartSilent,
            TooManyWaiting,
            TooManyRequests,
        ),
    },
)
async def read_events(
    request: Request,
    permit: Permit,
    after: Annotated[
        str | None,
        Query(
            max_length=60_000,
            description="The `cursor` of the answer before; `end` for what happens from now on; "
            "without it from the first event.",
        ),
    ] = None,
    types: Annotated[
        list[Annotated[str, Field(max_length=100)]] | None,
        Query(max_length=100, description="Events of these types alone."),
    ] = None,
    cycle_id: Annotated[UUID | None, Query(description="Events of this cycle alone.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    wait: Annotated[
        int,
        Query(
            ge=0,
            le=LONGEST_WAIT,
            description="Seconds to wait for an event where none is; of a stream, after how many a "
            "line comes at the latest.",
        ),
    ] = 0,
) -> Response:
    """Give the events after a cursor, or wait for the next ones.

    Whoever reads on from each `cursor` misses no event and hears of none that was taken back. With
    `Accept: text/event-stream` the same comes as server-sent events, each with its cursor as `id`.
    """
    wanted = Question(_known(request, types), cycle_id, limit)
    told = {name: value for name in _CARRIED if (value := request.headers.get(name))}
    listener = Listener(permit.caller_with_scope(), told)
    events: Events = request.app.state.events
    if wants_stream(request.headers.get("accept", "")):
        start = request.headers.get(_LAST) or after
        # Read before the answer begins: what is refused can still be said.
        events.pulse.check_room(listener.caller.subject)
        first = await events.read(listener, start, wanted)
        pieces = _stream(request, listener, wanted, first, wait or _HEARTBEAT)
        return StreamingResponse(pieces, media_type=STREAM, headers={"Cache-Control": "no-store"})
    reading = events.read(listener, after, wanted, wait, _checking(request, listener))
    page = await (reading if not wait else _unless_gone(request, reading))
    body = {
        "events": [each.event for each in page.happened],
        "cursor": page.cursor,
        "silent": list(page.silent),
    }
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(body), media_type="application/json", headers=headers)


def wants_stream(accept: str) -> bool:
    """Say whether a caller would rather have a stream than a document (RFC 9110, 12.5.1)."""
    wanted = {"text/event-stream": 0.0, "application/json": 0.0}
    for each in accept.lower().split(","):
        kind, *told = (part.strip() for part in each.split(";"))
        quality = next((part[2:] for part in told if part.startswith("q=")), "1")
        if kind in wanted and re.fullmatch(r"[01](\.[0-9]{0,3})?", quality):
            wanted[kind] = float(quality)
    stream = wanted["text/event-stream"]
    return stream > 0 and stream >= wanted["application/json"]


async def _unless_gone(request: Request, reading: Coroutine[Any, Any, FeedPage]) -> FeedPage:
    """Return what is read, unless the caller hangs up first: nobody waits for who is not there."""
    read, gone = asyncio.create_task(reading), asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait({read, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not read.done():
            raise ClientDisconnect
        return read.result()
    finally:
        for each in (read, gone):
            each.cancel()
        await asyncio.wait({read, gone})


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _known(request: Request, types: Collection[str] | None) -> frozenset[str] | None:
    if types is None:
        return None
    matrix: Matrix = request.app.state.matrix
    faults = [
        Fault(pointer("query", "types"), "unknown-type", f"{one[:64]} is none.", "没有这种类型。")
        for one in types
        if one not in matrix.events
    ]
    if faults:
        said = f"{len(faults)} type(s).", f"共{len(faults)}种。"
        raise UnknownEventType(*said, faults=faults[:20])
    return frozenset(types)


def _checking(request: Request, listener: Listener) -> Any:  # noqa: ANN401 - a coroutine function
    standings: AccountStandings | None = request.app.state.standings

    async def check() -> None:
        """Refuse whoever was disabled while he waited, or whose token has ended."""
        await signed_in(request)  # it may have expired meanwhile
        if standings is not None:
            await standings.check(listener.caller)

    return check


async def _stream(
    request: Request,
    listener: Listener,
    wanted: Question,
    page: FeedPage,
    heartbeat: float,
) -> AsyncIterator[bytes]:
    """Yield events as they happen, until it is time to ask again: a token holds no longer.

    A browser asks again by itself, after the last event that it has seen.
    """
    settings: Settings = request.app.state.settings
    events: Events = request.app.state.events
    check = _checking(request, listener)
    loop = asyncio.get_running_loop()
    until = loop.time() + settings.stream_seconds
    yield b"retry: 1000\n\n"
    while True:
        for happened in page.happened:
            data = orjson.dumps(happened.event)
            yield b"id: %b\ndata: %b\n\n" % (happened.cursor.encode(), data)
        if not page.happened:
            # Also a place to go on from, for whoever began at the end.
            yield b"id: %b\n: nothing\n\n" % page.cursor.encode()
        left = until - loop.time()
        if left <= 0 or LEAVING.is_told:
            return
        try:
            wait = min(heartbeat, left)
            page = await events.read(listener, page.cursor, wanted, wait, check)
        except (Refusal, NotSignedIn) as refusal:
            logs.say("stream-ended", reason=type(refusal).__name__)
            yield b"retry: 5000\n\n"  # the next request is told why
            return
