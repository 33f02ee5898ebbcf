"""One feed over all parts: cursors that tell nothing, waiting, streams, and silent parts."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from chassis.leaving import Leaving
from gateway.api.events import wants_stream
from gateway.feed import MOST_OF_ONE, packed, unpacked
from gateway.standing import AccountStanding

from .conftest import until

EVENTS = "/api/v1/events"
CYCLE, OTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
MINE, SEALED = "scoring.entries-posted", "scoring.ledger-sealed"


class Part:
    """A service that keeps chains of events, some of them hidden from whoever asks."""

    def __init__(self):
        self.forget()

    def forget(self):
        self.chains, self.asked, self.once = {}, [], 10_000
        self.is_silent = self.hangs = False
        self.begun = 0

    def happens(self, minute, *, chain=CYCLE, hidden=False, kind=MINE):
        self.chains.setdefault(chain, []).append((BEGAN + timedelta(minutes=minute), hidden, kind))

    async def __call__(self, request):
        asked = dict(request.url.params)
        self.begun += request.url.path == "/internal/events"
        if self.hangs:
            await asyncio.Event().wait()
        if self.is_silent:
            return httpx.Response(503, json={})
        if request.url.path == "/internal/events/pulse":
            return httpx.Response(200, json={"pulse": sum(map(len, self.chains.values()))})
        assert request.url.path == "/internal/events"
        assert request.headers["authorization"].startswith("Bearer ")
        self.asked.append(asked)
        return httpx.Response(200, json=self._told(asked))

    def _told(self, asked):
        at = dict(each.split(".") for each in asked.get("after", "").split(",") if each)
        types, events, reached, more = asked.get("types"), [], {}, False
        for number, (chain, told) in enumerate(self.chains.items(), 1):
            if asked.get("chain", chain) != chain:
                continue
            after = int(at.get(str(number), 0))
            if after > len(told):
                return {"events": [], "positions": "", "more": False, "behind": True}
            upto = len(told) if asked.get("end") else min(len(told), after + self.once)
            more, reached[number] = more or upto < len(told), upto
            for seq, (moment, hidden, kind) in enumerate(told[after:upto], after + 1):
                if not hidden and (types is None or kind in types.split(",")):
                    about = {"number": number, "seq": seq, "chain": chain, "type": kind}
                    events.append({**about, "time": moment.isoformat(), "data": {"n": seq}})
        events = [] if asked.get("end") else sorted(events, key=lambda each: each["time"])
        for left in events[int(asked["limit"]) :][::-1]:
            reached[left["number"]], more = left["seq"] - 1, True
        positions = ",".join(f"{n}.{seq}" for n, seq in reached.items())
        told = events[: int(asked["limit"])]
        return {"events": told, "positions": positions, "more": more, "behind": False}


@pytest.fixture(scope="module")
def all_parts():
    return {name: Part() for name in ("indicators", "scoring", "survey", "ranking")}


@pytest.fixture
def parts(all_parts):
    for each in all_parts.values():
        each.forget()
    return all_parts


@pytest.fixture(scope="module")
async def running(run_gateway, all_parts):
    transports = {name: httpx.MockTransport(each) for name, each in all_parts.items()}
    quick = {"pulse_seconds": 0.02, "account_seconds": 0.02, "waiting_places": 6}
    return await run_gateway(transports, **quick, stream_seconds=0.2, part_seconds=1)


@pytest.fixture
def token(running):
    return running.token("assessed_unit", unit="XQ08")


async def ask(running, token, expect=200, **query):
    async with running.client(token) as client:
        answer = await client.get(EVENTS, params=query)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def all_of(running, token, **query):
    """Return the pages until nothing comes any more."""
    pages, at = [], {}
    while True:
        page = await ask(running, token, **query, **at)
        if not page["events"]:
            return pages
        pages.append(page)
        at = {"after": page["cursor"]}


def minutes(pages):
    found = [each for page in pages for each in page["events"]]
    moments = (datetime.fromisoformat(each["time"]) for each in found)
    return [int((moment - BEGAN).total_seconds() // 60) for moment in moments]


async def test_events_of_all_parts_come_once_and_in_the_order_of_time(running, token, parts):
    """Planted bugs: what is left over is passed; a part with more waits for the next page."""
    for minute in range(40):
        part = list(parts.values())[minute % 4]
        part.happens(minute, chain=(CYCLE, OTHER)[minute % 3 == 0], hidden=minute % 7 == 0)
    expected = [minute for minute in range(40) if minute % 7]
    for limit in (1, 3, 200):
        for once in (1, 4, 10_000):
            for part in parts.values():
                part.once = once
            assert minutes(await all_of(running, token, limit=limit)) == expected
    ids = {each["id"] for page in await all_of(running, token) for each in page["events"]}
    assert len(ids) == len(expected)


async def test_an_event_is_a_cloud_event(running, token, parts):
    parts["scoring"].happens(1)
    parts["indicators"].happens(2, chain="units")
    first, second = (await ask(running, token))["events"]
    assert first | {"id": ""} == {
        "specversion": "1.0",
        "id": "",
        "source": "urn:kaoping:scoring",
        "type": MINE,
        "subject": f"cycles/{CYCLE}",
        "time": "2026-01-05T09:01:00Z",
        "datacontenttype": "application/json",
        "data": {"cycle_id": CYCLE, "n": 1},
    }
    assert (second["subject"], second["data"]) == ("units", {"n": 1})
    assert len(first["id"]) == 32


async def test_an_empty_answer_gives_back_the_cursor_that_was_given(running, token, parts):
    """Planted bug: it holds how far was looked, and tells that something was hidden there."""
    parts["scoring"].happens(1)
    cursor = (await ask(running, token))["cursor"]
    for minute in range(2, 9):
        parts["scoring"].happens(minute, hidden=True)
        assert await ask(running, token, after=cursor) == {
            "events": [], "cursor": cursor, "silent": [],
        }  # fmt: skip
    # What was looked at once is not looked at again.
    assert parts["scoring"].asked[-1]["after"] == "1.7"
    parts["scoring"].happens(9)
    assert minutes([await ask(running, token, after=cursor)]) == [9]


async def test_hidden_events_change_no_byte(running, token, parts):
    """Two worlds: one with hidden events, one without. Planted bug: ids or cursors count them."""
    told = []
    for hidden in (False, True):
        for part in parts.values():
            part.forget()
        parts["scoring"].happens(1)
        if hidden:
            parts["scoring"].happens(2, chain=OTHER, hidden=True)
            parts["ranking"].happens(2, hidden=True)
        first = await ask(running, token)
        again = await ask(running, token, after=first["cursor"])
        told.append((first["events"], len(first["cursor"]), again["events"], again["silent"]))
    assert told[0] == told[1]


async def test_a_cursor_belongs_to_its_question(running, token, parts):
    """Planted bug: it is taken for another, and what was passed for the one is lost for that."""
    parts["scoring"].happens(1)
    parts["scoring"].happens(2, kind=SEALED)
    of_one = (await ask(running, token, types=SEALED))["cursor"]
    of_all = (await ask(running, token))["cursor"]
    for query in (
        {"after": of_one},
        {"after": of_all, "types": SEALED},
        {"after": of_all, "cycle_id": CYCLE},
        {"after": of_all[:-1]},
        {"after": of_all + "A"},
        {"after": "1"},
        {"after": ""},
    ):
        told = await ask(running, token, 422, **query)
        assert told["type"] == "cursor-not-understood"
    assert minutes([await ask(running, token, types=SEALED)]) == [2]
    assert minutes([await ask(running, token, types=[MINE, SEALED])]) == [1, 2]
    assert (await ask(running, token, 422, types="score"))["type"] == "unknown-event-type"


async def test_of_one_cycle_alone(running, token, parts):
    parts["scoring"].happens(1)
    parts["scoring"].happens(2, chain=OTHER)
    pages = await all_of(running, token, cycle_id=OTHER)
    assert minutes(pages) == [2]
    parts["scoring"].happens(3, chain=OTHER)
    page = await ask(running, token, cycle_id=OTHER, after=pages[-1]["cursor"])
    assert minutes([page]) == [3]


async def test_from_the_end(running, token, parts):
    parts["scoring"].happens(1)
    page = await ask(running, token, after="end")
    assert page["events"] == []
    parts["scoring"].happens(2)
    parts["survey"].happens(3)
    assert minutes([await ask(running, token, after=page["cursor"])]) == [2, 3]
    parts["survey"].is_silent = True  # where its end is cannot be said
    await ask(running, token, 503, after="end")


async def test_a_silent_part_keeps_nobody_from_the_others_and_loses_nothing(running, token, parts):
    """Planted bug: its positions are set as though it had been looked at."""
    parts["scoring"].happens(1)
    parts["ranking"].happens(2)
    parts["ranking"].is_silent = True
    page = await ask(running, token)
    assert (minutes([page]), page["silent"]) == ([1], ["ranking"])
    parts["ranking"].is_silent = False
    page = await ask(running, token, after=page["cursor"])
    assert (minutes([page]), page["silent"]) == ([2], [])


async def test_what_was_taken_back_by_a_restore_is_said(running, token, parts):
    parts["scoring"].happens(1)
    parts["scoring"].happens(2)
    cursor = (await ask(running, token))["cursor"]
    parts["scoring"].chains[CYCLE].pop()
    told = await ask(running, token, 410, after=cursor)
    assert told["type"] == "events-taken-back"


async def test_after_a_restore_whoever_begins_anew_is_answered(running, token, parts):
    """Planted bug: how far was looked without finding anything counts like the caller's cursor, and
    nobody who begins anew, as he is told to, gets beyond the refusal."""
    parts["scoring"].happens(1, hidden=True)
    parts["scoring"].happens(2, hidden=True)
    assert (await ask(running, token))["events"] == []
    parts["scoring"].chains[CYCLE].pop()
    assert (await ask(running, token))["events"] == []
    parts["scoring"].happens(3)
    assert minutes([await ask(running, token)]) == [3]


async def test_who_waits_is_answered_when_something_happens(running, token, parts):
    cursor = (await ask(running, token, after="end"))["cursor"]
    waiting = asyncio.create_task(ask(running, token, after=cursor, wait=30))
    await asyncio.sleep(0.1)
    parts["survey"].happens(1, hidden=True)
    await asyncio.sleep(0.1)
    assert not waiting.done()  # what is hidden wakes nobody
    parts["ranking"].happens(2)
    async with asyncio.timeout(5):
        assert minutes([await waiting]) == [2]


async def test_who_waits_in_vain_gets_the_cursor_back(running, token, parts):
    cursor = (await ask(running, token, after="end"))["cursor"]
    page = await ask(running, token, after=cursor, wait=1)
    assert (page["events"], page["cursor"]) == ([], cursor)


async def test_who_waits_at_a_process_that_is_about_to_end_is_answered(running, token, monkeypatch):
    """With what there is, so that he asks another. Planted bug: he waits until he is cut."""
    leaving = Leaving()
    for module in ("gateway.feed", "gateway.api.events"):
        monkeypatch.setattr(f"{module}.LEAVING", leaving)
    cursor = (await ask(running, token, after="end"))["cursor"]
    waiting = asyncio.create_task(ask(running, token, after=cursor, wait=30))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    leaving.tell()
    async with asyncio.timeout(5):
        page = await waiting
        assert (page["events"], page["cursor"]) == ([], cursor)
        # Nor does anybody begin to wait there.
        assert (await ask(running, token, after=cursor, wait=30))["cursor"] == cursor


async def test_who_was_disabled_while_he_waited_hears_nothing(running, parts):
    """Planted bug: the account is looked at when the request comes, and not again."""
    token = running.token("assessed_unit", unit="XQ08", subject="to-be-disabled")
    cursor = (await ask(running, token, after="end"))["cursor"]
    waiting = asyncio.create_task(ask(running, token, 401, after=cursor, wait=30))
    await asyncio.sleep(0.1)
    running.made_up["to-be-disabled"] = AccountStanding("to-be-disabled", None, frozenset())
    parts["scoring"].happens(1)
    async with asyncio.timeout(5):
        assert (await waiting)["type"] == "not-signed-in"


async def test_only_so_many_wait(running, parts):
    """One account cannot take the places of all. Planted bug: a place is not given back."""
    one, other = (running.token("auditor", subject=name) for name in ("one", "other"))
    cursor = (await ask(running, one, after="end"))["cursor"]
    waiting = [
        asyncio.create_task(ask(running, one, after=cursor, wait=30)) for _ in range(MOST_OF_ONE)
    ]
    await asyncio.sleep(0.1)
    refused = await ask(running, one, 429, after=cursor, wait=30)
    assert refused["type"] == "too-many-requests"
    await ask(running, one, after=cursor)  # who does not wait needs no place
    waiting += [asyncio.create_task(ask(running, other, after=cursor, wait=30)) for _ in range(2)]
    await asyncio.sleep(0.1)
    assert (await ask(running, other, 503, after=cursor, wait=30))["type"] == "too-many-waiting"
    parts["scoring"].happens(1)
    async with asyncio.timeout(5):
        assert [len(page["events"]) for page in await asyncio.gather(*waiting)] == [1] * 6
    await ask(running, other, after=cursor, wait=1)


async def streamed(running, token, **headers):
    """Return the messages of a stream, each as its fields, until it ends."""
    async with running.client(token, Accept="text/event-stream", **headers) as client:
        answer = await client.get(EVENTS)
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [
        dict(line.partition(": ")[::2] for line in message.splitlines() if line[0] != ":")
        for message in answer.text.split("\n\n")
        if message
    ]


async def test_the_same_comes_as_a_stream_that_can_be_taken_up_again(running, token, parts):
    """Planted bug: every event of a page has the cursor of the whole page."""
    for minute in range(3):
        parts["scoring"].happens(minute)
    asking = asyncio.create_task(streamed(running, token))
    await asyncio.sleep(0.1)
    parts["ranking"].happens(3)
    messages = await asking
    assert messages[0] == {"retry": "1000"}
    told = [each for each in messages if "data" in each]
    pages = [{"events": [json.loads(each["data"]) for each in told]}]
    assert minutes(pages) == [0, 1, 2, 3]
    for n, message in enumerate(told):
        rest = await streamed(running, token, **{"Last-Event-ID": message["id"]})
        later = [json.loads(each["data"]) for each in rest if "data" in each]
        assert minutes([{"events": later}]) == list(range(n + 1, 4))


async def test_a_stream_is_refused_like_any_request(running, token):
    async with running.client(token, Accept="text/event-stream") as client:
        answer = await client.get(EVENTS, params={"after": "nonsense"})
        assert (answer.status_code, answer.json()["type"]) == (422, "cursor-not-understood")
    async with running.client(Accept="text/event-stream") as client:
        assert (await client.get(EVENTS)).status_code == 401


async def test_what_only_the_gateway_may_ask_is_not_to_be_had(running, token):
    """Planted bug: `/internal/**` among the routes."""
    async with running.client(token) as client:
        for path in ("/internal/events", "/internal/events/pulse"):
            assert (await client.get(path)).status_code == 404


async def test_the_asking_ends_when_nobody_waits(running, token, parts):
    page = await ask(running, token, wait=1)
    pulse = running.app.state.events.pulse
    assert (page["events"], pulse._waiting) == ([], {})
    await until(lambda: pulse._asking is None)


def test_positions_are_packed():
    at = {"gateway": {1: 5}, "scoring": {1: 127, 2: 128, 300: 16_384, 301: 2**40}, "survey": {}}
    raw = packed(at)
    assert unpacked(raw + bytes(40)) == at
    many = {"scoring": dict.fromkeys(range(1, 1001), 5_000)}
    assert len(packed(many)) == 3_003


async def test_who_hung_up_takes_no_place_any_more(serve_gateway):
    """Planted bug: who has gone waits on, and keeps the account's own places from it."""
    door = await serve_gateway("http://127.0.0.1:9", part_seconds=0.2)
    token = door.token("auditor", subject="impatient")
    async with door.client(token) as client:
        cursor = (await client.get(EVENTS)).json()["cursor"]
        for _ in range(MOST_OF_ONE + 2):
            with pytest.raises(httpx.ReadTimeout):
                await client.get(EVENTS, params={"after": cursor, "wait": 30}, timeout=0.5)
        await until(lambda: not door.app.state.events.pulse._waiting)
        assert (await client.get(EVENTS, params={"after": cursor, "wait": 1})).status_code == 200


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/event-stream", True),
        ("TEXT/Event-Stream", True),
        ("text/event-stream, application/json;q=0.5", True),
        ("application/json, text/event-stream;q=0.1", False),
        ("text/event-stream;q=0", False),
        ("text/event-stream-x", False),
        ("*/*", False),
        ("", False),
        ("text/event-stream;q=nan", False),
    ],
)
def test_a_stream_is_for_who_would_rather_have_one(accept, expected):
    """Planted bug: look for the word anywhere in the header."""
    assert wants_stream(accept) is expected


async def test_a_stream_for_which_there_is_no_place_is_refused(running, parts):
    """Planted bug: it is answered 200 and ends at once, and a browser asks again for ever."""
    token = running.token("auditor", subject="many-tabs")
    cursor = (await ask(running, token, after="end"))["cursor"]
    waiting = [
        asyncio.create_task(ask(running, token, after=cursor, wait=30)) for _ in range(MOST_OF_ONE)
    ]
    await asyncio.sleep(0.1)
    async with running.client(token, Accept="text/event-stream") as client:
        assert (await client.get(EVENTS)).status_code == 429
    parts["scoring"].happens(1)
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting)


async def test_a_part_that_hangs_holds_up_nobody_who_waits_for_the_others(running, token, parts):
    """Planted bug: whoever is woken asks the one that hangs again, and waits for it."""
    cursor = (await ask(running, token, after="end"))["cursor"]
    parts["survey"].hangs, asked = True, parts["survey"].begun
    waiting = asyncio.create_task(ask(running, token, after=cursor, wait=30))
    await until(lambda: parts["survey"].begun > asked)
    before = parts["survey"].begun
    await asyncio.sleep(2.5)  # the first reading has given up waiting for it
    parts["ranking"].happens(1)
    async with asyncio.timeout(10):
        assert minutes([await waiting]) == [1]
    assert parts["survey"].begun == before
    parts["survey"].hangs = False
    parts["survey"].happens(2)
    waiting = asyncio.create_task(ask(running, token, after=cursor, wait=30))
    async with asyncio.timeout(5):
        assert minutes([await waiting])[:1] == [1]


async def test_what_a_silent_part_has_is_told_once_it_answers_again(running, token, parts):
    """Planted bug: it is asked again only when something further happens there."""
    parts["survey"].happens(1)
    cursor = (await ask(running, token))["cursor"]
    parts["survey"].happens(2)
    parts["survey"].is_silent = True
    waiting = asyncio.create_task(ask(running, token, after=cursor, wait=30))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    parts["survey"].is_silent = False
    async with asyncio.timeout(5):
        assert minutes([await waiting]) == [2]


async def test_who_waits_with_a_token_that_ends_is_told_so(running, parts):
    """Planted bug: the parts refuse it, and are taken for silent."""
    now = int(time.time())
    token = running.token("assessed_unit", unit="XQ08", iat=now - 10, exp=now + 2)
    cursor = (await ask(running, token, after="end"))["cursor"]
    waiting = asyncio.create_task(ask(running, token, 401, after=cursor, wait=30))
    await asyncio.sleep(2.2)
    parts["scoring"].happens(1)
    async with asyncio.timeout(5):
        assert (await waiting)["type"] == "not-signed-in"


async def test_who_comes_when_another_goes_is_woken(running, token, parts):
    """Planted bug: some parts are no longer asked, because for a moment nobody waited."""
    cursor = (await ask(running, token, after="end"))["cursor"]
    for n in range(10):
        waiting = asyncio.create_task(ask(running, token, after=cursor, wait=30))
        await asyncio.sleep(0.01 * n)
        parts[list(parts)[n % 4]].happens(n)
        async with asyncio.timeout(10):
            cursor = (await waiting)["cursor"]
