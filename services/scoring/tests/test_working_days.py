"""Which days are worked, as scoring learns it from another service, as of a moment."""

from datetime import UTC, date, datetime

import httpx

from chassis.deadlines import Calendar
from chassis.peers import Client, PeerConnection
from scoring.peers import Indicators, Peers, Ranking, Survey

RECORDED = datetime(2026, 11, 5, 9, 30, 0, 1, tzinfo=UTC)
BEFORE = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
NEW_YEAR = {"day": "2027-01-01", "kind": "resting"}
SUNDAY = {"day": "2027-01-03", "kind": "working"}


async def asked(years, as_of):
    """Return the calendar, and what was asked for; 2027 was recorded at a moment, 2026 is supplied
    and 2028 not announced."""
    seen = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        path = str(request.url).removeprefix("http://gateway/api/v1/calendars/")
        seen.append(path)
        year = int(path[:4])
        known = {"year": year, "announced": year == 2026, "recorded_at": None, "days": []}
        if path == "2027":
            known |= {"announced": True, "recorded_at": RECORDED.isoformat()}
            known["days"] = [NEW_YEAR, SUNDAY]
        return httpx.Response(200, json=known, headers={"ETag": f'"{path}"'})

    async with Client("http://gateway", httpx.MockTransport(answer)) as client:
        line = PeerConnection(client)
        return await Peers(Indicators(line), Survey(line), Ranking(line)).working_days(
            years, as_of
        ), seen


async def test_a_calendar_is_that_of_all_years_and_says_which_are_announced():
    calendar, seen = await asked([2027, 2026, 2028, 2027], RECORDED)
    assert sorted(seen) == ["2026", "2027", "2028"]
    expected = (frozenset({date(2027, 1, 3)}), frozenset({date(2027, 1, 1)}))
    assert calendar == Calendar(*expected, announced=frozenset({2026, 2027}))


async def test_what_was_recorded_later_is_asked_as_of_the_moment():
    """Planted bug: take the calendar of today, whatever the moment."""
    calendar, seen = await asked([2027], BEFORE)
    assert seen == ["2027", "2027?as_of=2026-11-05T09:30:00Z"]
    assert calendar == Calendar()
