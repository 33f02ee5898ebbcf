"""A release under embargo: nobody knows of it before its instant, and everybody all of it after."""

import asyncio
import datetime as dt
from typing import Any

import httpx
import pytest

from ranking.queries import PreviousRankingMissing, earlier_ranks

STEPS = ("merge", "review", "decision")
OFFICE = {"role": "performance_office", "subject": "publication"}
SECOND = dt.timedelta(seconds=1)


async def clock(cycle) -> dt.datetime:
    """Give the moment by the clock of the database."""
    [row] = await cycle.service.sql("SELECT clock_timestamp() AS now")
    moment: dt.datetime = row["now"]
    return moment


async def publish(cycle, edition: int, at: dt.datetime | None) -> httpx.Response:
    """Take an edition through the chain, and publish it from an instant on."""
    await cycle.take(edition, *STEPS)
    body = {} if at is None else {"publish_at": at.isoformat()}
    return await cycle.post(f"/rankings/{edition}/publication", body, **OFFICE)


async def move(cycle, release: int, at: dt.datetime | None, **who: str) -> httpx.Response:
    """Have a release become public at another instant."""
    body = {"reason": "会议改期", "publish_at": at and at.isoformat()}
    return await cycle.post(f"/releases/{release}/embargo", body, **{**OFFICE, **who})


@pytest.fixture
async def held(cycle):
    """Give a cycle with a release that becomes public in an hour."""
    edition = await cycle.rank()
    answer = await publish(cycle, edition, await clock(cycle) + 3600 * SECOND)
    assert answer.status_code == 201, answer.text
    return cycle


async def events(client: httpx.AsyncClient, cycle, after: str = "") -> dict[str, Any]:
    """Read what happened in a cycle, as the gateway does for a caller."""
    about = {"chain": str(cycle.cycle_id), "after": after}
    told: dict[str, Any] = (await client.get("/internal/events", params=about)).json()
    return told


READERS = [("assessed_unit", "XQ05"), ("organiser", None), ("committee", "XQ05"), ("budget", None)]


@pytest.mark.parametrize(("role", "unit"), READERS)
async def test_before_its_instant_nobody_learns_that_there_is_a_release(
    held, another_cycle, role, unit
):
    """Planted bugs: leave `is_held` out of the list, of `find_release`, or of `_seen`; let the feed
    tell of the entry at its own place."""
    empty = another_cycle()
    async with held.service.caller(role, **({"unit": unit} if unit else {})) as reader:
        for path in ("/releases", "/releases/1", "/releases/1/differences?against=1"):
            at, other = [
                await reader.get(f"/api/v1/cycles/{each.cycle_id}{path}") for each in (held, empty)
            ]
            assert at.status_code == other.status_code
            if at.status_code == 200:
                assert at.content == other.content
        assert (await events(reader, held))["events"] == []
        if role == "committee":
            at = f"/api/v1/cycles/{held.cycle_id}/rankings"
            assert (await reader.get(at)).json()["items"] == []
            assert (await reader.get(f"{at}/1")).json()["type"] == "read-after-release"


async def test_who_saw_the_ranking_before_sees_that_it_waits(held):
    """Planted bug: tell the state by the steps of the chain alone."""
    for role in ("performance_office", "committee", "auditor"):
        [one] = (await held.get("/rankings?state=embargoed", role)).json()["items"]
        assert one["state"] == "embargoed"
        assert one["embargo"]["release"] == 1
        assert dt.datetime.fromisoformat(one["embargo"]["public_from"]) == await instant_of(held)
        assert (await held.get("/rankings/1", role)).json()["state"] == "embargoed"
        assert (await held.get("/rankings?state=published", role)).json()["items"] == []
        assert (await held.get("/releases", role)).json()["items"] == []


async def test_the_embargo_is_moved_with_a_reason_and_lifted_at_once(held):
    """Planted bug: let the first instant hold."""
    later = await clock(held) + 7200 * SECOND
    moved = await move(held, 1, later)
    assert moved.status_code == 201, moved.text
    assert dt.datetime.fromisoformat(moved.json()["public_from"]) == later
    assert (await held.get("/releases/1", "assessed_unit")).status_code == 404
    at_once = await move(held, 1, None)
    assert at_once.status_code == 201, at_once.text
    release = await held.get("/releases/1", "assessed_unit")
    assert release.status_code == 200
    [listed] = (await held.get("/releases", "assessed_unit")).json()["items"]
    assert listed["public_from"] == at_once.json()["public_from"]
    assert listed["digest"] == release.json()["digest"]
    [row] = await held.service.sql(
        "SELECT count(*) AS n FROM release_instant WHERE cycle_id = $1", held.cycle_id
    )
    assert row["n"] == 3


async def test_what_is_public_is_not_hidden_again(cycle):
    """Planted bug: leave `refuse_over` out."""
    await publish(cycle, await cycle.rank(), None)
    answer = await move(cycle, 1, await clock(cycle) + 3600 * SECOND)
    assert (answer.status_code, answer.json()["type"]) == (409, "embargo-over")


async def test_an_embargo_that_ends_in_moments_holds_fast(held):
    """Planted bug: compare with the instant, and not with the moments before it."""
    assert (await move(held, 1, await clock(held) + 1.2 * SECOND)).status_code == 201
    refused = httpx.Response(500)
    while await clock(held) < (await instant_of(held)) - 0.9 * SECOND:
        async with held.service.caller("auditor") as reader:
            assert (await reader.get(f"/api/v1/cycles/{held.cycle_id}/releases")).json() == {
                "items": [],
                "next": None,
            }
    async with held.unchanged():
        refused = await move(held, 1, await clock(held) + 60 * SECOND)
    assert (refused.status_code, refused.json()["type"]) == (409, "embargo-over")


async def instant_of(cycle) -> dt.datetime:
    [row] = await cycle.service.sql(
        "SELECT public_from FROM release_instant WHERE cycle_id = $1 ORDER BY step DESC LIMIT 1",
        cycle.cycle_id,
    )
    moment: dt.datetime = row["public_from"]
    return moment


@pytest.mark.parametrize("seconds", [-1, 0, 400 * 24 * 3600])
async def test_an_instant_that_is_not_ahead_or_too_far_is_refused(cycle, held, seconds):
    """Planted bug: leave `refuse_instant` out of one of the two."""
    edition = await cycle.rank("PAIR")
    await cycle.take(edition, *STEPS)
    at = await clock(cycle) + seconds * SECOND
    async with cycle.unchanged():
        body = {"publish_at": at.isoformat()}
        answer = await cycle.post(f"/rankings/{edition}/publication", body, **OFFICE)
        moved = await move(held, 1, at)
    for each in (answer, moved):
        assert (each.status_code, each.json()["type"]) == (422, "instant-not-possible")
        assert each.json()["errors"][0]["pointer"] == "/publish_at"


async def test_releases_of_a_category_become_public_in_their_order(held):
    """Planted bug: look at the release itself alone."""
    edition = await held.rank()
    await held.take(edition, *STEPS)
    sooner, later = await clock(held) + 60 * SECOND, await clock(held) + 7200 * SECOND
    path, note = f"/rankings/{edition}/publication", {"correction": {"zh": "更正"}}
    async with held.unchanged():
        for body in (note, note | {"publish_at": sooner.isoformat()}):
            answer = await held.post(path, body, **OFFICE)
            assert (answer.status_code, answer.json()["type"]) == (409, "before-predecessor")
    said = note | {"publish_at": later.isoformat()}
    assert (await held.post(path, said, **OFFICE)).status_code == 201
    async with held.unchanged():
        for release, at in ((1, later + SECOND), (2, sooner), (2, None)):
            answer = await move(held, release, at)
            assert (answer.status_code, answer.json()["type"]) == (409, "before-predecessor")


@pytest.mark.parametrize("role", ["committee", "standing_committee", "auditor", "assessed_unit"])
async def test_who_does_not_publish_moves_no_embargo(held, role):
    """Planted bug: name a further role in the row of the matrix."""
    async with held.unchanged():
        assert (await move(held, 1, None, role=role)).status_code == 403
        barred = await move(held, 1, None, unit="XQ05")
    assert (barred.status_code, barred.json()["type"]) == (403, "decider-barred")


async def test_an_embargo_needs_a_reason_and_a_release(held):
    async with held.unchanged():
        nothing = await held.post("/releases/1/embargo", {}, **OFFICE)
        assert nothing.status_code == 422
        assert (await move(held, 2, None)).json()["type"] == "no-such-release"


async def test_an_altered_instant_shows_no_release(held):
    """Planted bug: leave `require_intact` out of the list or of `find_release`."""
    where = f"cycle_id = '{held.cycle_id}'"
    async with held.service.altered("release_instant", "public_from = '2025-01-01'", where):
        for path, role in (("/releases", "budget"), ("/releases/1", "budget")):
            answer = await held.get(path, role)
            assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")


async def test_last_years_ranks_are_those_that_are_public(held):
    """Planted bug: read the newest release, whether public or not."""
    async with held.service.app.state.readings() as db:
        with pytest.raises(PreviousRankingMissing):
            await earlier_ranks(db, held.cycle_id, "COUNTY")


class Poller:
    """Reads all that tells of a release, over and over, and remembers when it saw what."""

    def __init__(self, cycle, role: str) -> None:
        self.cycle, self.role = cycle, role
        self.seen: list[tuple[dt.datetime, dt.datetime, str, bool]] = []
        self.heard: list[str] = []
        self.after = self.etag = ""
        self.before = self.until = dt.datetime.min.replace(tzinfo=dt.UTC)

    async def run(self, instant: dt.datetime) -> None:
        """Read until a whole round began after the instant."""
        unit = {"unit": "XQ05"} if self.role == "committee" else {}
        async with self.cycle.service.caller(self.role, **unit) as client:
            begun = await clock(self.cycle)
            while True:
                await self.round(client)
                if begun >= instant:
                    return
                begun = await clock(self.cycle)

    async def round(self, client: httpx.AsyncClient) -> None:
        at = f"/api/v1/cycles/{self.cycle.cycle_id}"
        listed = await self.get(client, f"{at}/releases")
        self.note("list", bool(listed.json()["items"]))
        one = await self.get(client, f"{at}/releases/1", self.etag)
        self.etag = one.headers.get("etag", self.etag)
        self.note("one", one.status_code in {200, 304})
        moved = await self.get(client, f"{at}/releases/1/differences?against=1")
        self.note("differences", moved.status_code == 200)
        self.before = await clock(self.cycle)
        told = await events(client, self.cycle, self.after)
        self.after = told["positions"]
        self.heard += [each["type"] for each in told["events"]]
        self.until = await clock(self.cycle)
        self.note("feed", "ranking.publication" in self.heard)
        if self.role == "committee":
            ranked = await self.get(client, f"{at}/rankings/1")
            assert ranked.json().get("state") in {None, "published"}
            self.note("ranking", ranked.status_code == 200)

    async def get(self, client: httpx.AsyncClient, path: str, etag: str = "") -> httpx.Response:
        self.before = await clock(self.cycle)
        answer = await client.get(path, headers={"If-None-Match": etag} if etag else {})
        self.until = await clock(self.cycle)
        return answer

    def note(self, what: str, shown: bool) -> None:
        self.seen.append((self.before, self.until, what, shown))


@pytest.mark.parametrize("pollers", [50])
async def test_across_the_instant_nobody_sees_a_mixture(cycle, pollers):
    """Planted bugs: decide by a clock of the process that is a second ahead; keep a document under
    a question that does not ask for the time; tell the event when it was recorded.

    Judged by the clock of the database, asked before and after each request: what was answered
    before the instant shows nothing, what was asked after it everything.
    """
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS)
    instant = await clock(cycle) + 8 * SECOND
    body = {"publish_at": instant.isoformat()}
    answer = await cycle.post(f"/rankings/{edition}/publication", body, **OFFICE)
    assert answer.status_code == 201, answer.text
    roles = ["assessed_unit", "organiser", "committee", "budget", "survey_centre"]
    everybody = [Poller(cycle, roles[n % len(roles)]) for n in range(pollers)]
    await asyncio.gather(*(each.run(instant) for each in everybody))
    early = late = 0
    for one in everybody:
        assert one.heard.count("ranking.publication") == 1, "told once, to each"
        has_seen = False
        for before, after, what, shown in one.seen:
            assert not (shown and after < instant), f"{what} before the instant"
            assert shown or before < instant, f"{what} was not there after the instant"
            assert shown or not has_seen, f"{what} of before, after something of after"
            has_seen |= shown
            early, late = early + (after < instant), late + (before >= instant)
    assert early > 0
    assert late > 0


async def test_who_comes_late_is_told_of_an_embargo_by_the_feed_as_well(held):
    """Planted bugs: leave the entry out of where the end of the feed is; tell it at both places."""
    async with held.service.caller("assessed_unit", unit="XQ05") as reader:
        at_end = (
            await reader.get(
                "/internal/events", params={"chain": str(held.cycle_id), "end": "true"}
            )
        ).json()["positions"]
        pulse = (await reader.get("/internal/events/pulse")).json()["pulse"]
        await move(held, 1, None)
        told = await events(reader, held, at_end)
        assert [each["type"] for each in told["events"]] == ["ranking.publication"]
        [event] = told["events"]
        assert dt.datetime.fromisoformat(event["time"]) == await instant_of(held)
        assert (await events(reader, held, told["positions"]))["events"] == []
        assert (await reader.get("/internal/events/pulse")).json()["pulse"] >= pulse + 2
        whole = await events(reader, held)
        assert [each["type"] for each in whole["events"]] == ["ranking.publication"]
