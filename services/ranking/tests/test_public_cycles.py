"""Of which years everybody reads something: of what was released or noticed to all, and of nothing
that waits for its instant or is shown to nobody without an account."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from services.ranking.tests.conftest import Cycle
from services.ranking.tests.test_embargo import move, publish
from services.ranking.tests.test_notices import ANSWERER, NOTICE
from services.ranking.tests.test_shown_releases import told

SHOWN = {"publication": told(public={"grades": True})}
NAMES = {"COUNTY": {"name": "县市区", "name_en": "districts"}}
BLOCKS = {"publication": told(public={"ranks": True, "blocks": True})}


@pytest.fixture
def year(shifting, peers):
    """A factory of cycles whose scheme says who is shown what."""

    def make(**scheme):
        cycle = Cycle(shifting, uuid4())
        named = [each | NAMES.get(each["code"], {}) for each in peers.scheme["categories"]]
        peers.by_cycle[str(cycle.cycle_id)] = scheme | {"categories": named}
        return cycle

    return make


async def listed(cycle):
    """Read the whole list as somebody without an account; the years in it by their ids."""
    pages, found, after = [], {}, {}
    async with cycle.service.client({}) as stranger:
        while True:
            asked = {"limit": 200} | after
            answer = await stranger.get("/api/v1/public/cycles", params=asked)
            assert answer.status_code == 200, answer.text
            pages.append(answer.content)
            found |= {each["cycle_id"]: each for each in answer.json()["items"]}
            if (last := answer.json()["next"]) is None:
                return pages, found
            after = {"after": last}


async def later(cycle):
    [row] = await cycle.service.sql("SELECT clock_timestamp() AS now")
    return row["now"] + dt.timedelta(hours=1)


async def test_what_is_shown_to_nobody_or_waits_leaves_no_trace_of_its_year(year):
    """Two worlds: one in which nothing was published, and one in which something is held.

    Planted bugs: leave `~is_held()` out; leave the policy out.
    """
    silent, held = year(), year(**SHOWN)
    before, _ = await listed(silent)
    assert (await publish(silent, await silent.rank(), None)).status_code == 201
    assert (await publish(held, await held.rank(), await later(held))).status_code == 201
    assert (await listed(silent))[0] == before
    assert (await move(held, 1, None)).status_code == 201
    _, found = await listed(held)
    assert str(silent.cycle_id) not in found
    [category] = found[str(held.cycle_id)]["categories"]
    assert (category["category"], category["release"], category["notice"]) == ("COUNTY", 1, None)
    assert category["names"] == {
        "assessment_year": found[str(held.cycle_id)]["assessment_year"],
        "category": {"zh": "县市区", "en": "districts"},
    }


async def test_a_correction_that_waits_is_not_the_newest_yet(year):
    """Planted bug: take the newest release of all."""
    cycle = year(**SHOWN)
    assert (await publish(cycle, await cycle.rank(), None)).status_code == 201
    before, _ = await listed(cycle)
    again = await cycle.rank()
    await cycle.take(again, "merge", "review", "decision")
    body = {"publish_at": (await later(cycle)).isoformat(), "correction": {"zh": "更正。"}}
    office = {"role": "performance_office", "subject": "publication"}
    assert (await cycle.post(f"/rankings/{again}/publication", body, **office)).status_code == 201
    assert (await listed(cycle))[0] == before
    assert (await move(cycle, 2, None)).status_code == 201
    _, found = await listed(cycle)
    assert found[str(cycle.cycle_id)]["categories"][0]["release"] == 2


async def test_a_notice_is_listed_with_its_names_before_anything_is_released(year):
    """Planted bug: list releases alone."""
    cycle = year(notice=NOTICE)
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review")
    opened = await cycle.post(f"/rankings/{edition}/notice", **ANSWERER)
    assert opened.status_code == 201, opened.text
    _, found = await listed(cycle)
    [category] = found[str(cycle.cycle_id)]["categories"]
    assert (category["release"], category["notice"]) == (None, 1)
    assert category["names"]["category"]["zh"] == "县市区"


async def test_pages_of_years_go_on_and_an_altered_release_is_told_to_nobody(year):
    """Planted bugs: begin each page anew; leave `require_releases` out."""
    cycles = [year(**SHOWN), year(**SHOWN)]
    for each in cycles:
        assert (await publish(each, await each.rank(), None)).status_code == 201
    _, everything = await listed(cycles[0])
    seen, after = [], {}
    async with cycles[0].service.client({}) as stranger:
        while True:
            page = await stranger.get("/api/v1/public/cycles", params={"limit": 1} | after)
            seen += [each["cycle_id"] for each in page.json()["items"]]
            if (last := page.json()["next"]) is None:
                break
            after = {"after": last}
    assert seen == [*everything]
    assert {str(each.cycle_id) for each in cycles} <= {*seen}
    where = f"cycle_id = '{cycles[0].cycle_id}'"
    changed = "manifest = jsonb_set(manifest, '{names}', '{\"assessment_year\": 1999}')"
    service = cycles[0].service
    async with service.altered("release", changed, where), service.client({}) as stranger:
        before = UUID(int=cycles[0].cycle_id.int - 1)
        asked = {"limit": 1, "after": str(before)}
        answer = await stranger.get("/api/v1/public/cycles", params=asked)
    assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")


async def test_a_release_names_what_it_shows_and_no_more(year):
    """Planted bug: tell all names of the manifest."""
    shows, hides = year(**BLOCKS), year(**SHOWN)
    for each in (shows, hides):
        assert (await publish(each, await each.rank(), None)).status_code == 201
    async with shows.service.client({}) as stranger:
        one, other = [
            (await stranger.get(f"/api/v1/public/cycles/{each.cycle_id}/releases/1")).json()
            for each in (shows, hides)
        ]
    assert {*one["names"]["blocks"]} == {code for each in one["units"] for code in each["blocks"]}
    assert {*other["names"]} == {"assessment_year", "category"}
