"""Lists of reports, rankings and releases by their filters, against a filter in Python."""

from itertools import combinations, product

from service_testing.lists import Filter, Replica, differing, field, read_pages

OFFICE = {"role": "performance_office"}
STEPS = ("merge", "review", "decision", "publication")
STATES = ["reported", "confirmed", "refused", "lifting", "lifted"]
ABOUT = {"reason": "整改到位", "document_no": "云考〔2026〕7号"}


def some(values):
    """Return each value alone, and each two of them."""
    return [*([each] for each in values), *map(list, combinations(values, 2))]


async def reported(cycle, unit, code, state, n):
    """Report a veto and bring it into a state."""
    body = {"unit": unit, "code": code, "document_no": f"云应急〔2026〕{n}号"}
    answer = await cycle.post("/vetoes", {**body, "decided_on": "2026-02-10"}, **OFFICE)
    assert answer.status_code == 201, answer.text
    number = answer.json()["veto"]["number"]
    if state == "refused":
        await cycle.confirm("/vetoes", number, "refuse")
    elif state != "reported":
        await cycle.confirm("/vetoes", number)
    if state in ("lifting", "lifted"):
        asked = await cycle.post(f"/vetoes/{number}/lifting", ABOUT, **OFFICE)
        assert asked.status_code == 201, asked.text
    if state == "lifted":
        await cycle.confirm("/vetoes", number, of="lifting")


async def test_reports_are_listed_by_unit_code_and_state(cycle):
    """Planted bugs: take the first step of a report for its state; page by the number."""
    for n, (state, (unit, code)) in enumerate(
        product(STATES, [("XQ05", "V01"), ("XQ09", "V01"), ("XQ05", "V02")])
    ):
        await reported(cycle, unit, code, state, n)
    filters = {
        "unit": field("unit", ["XQ05"], ["XQ01"]),
        "code": field("code", ["V01"], ["V02"]),
        "state": field("state", *some(STATES)),
    }
    path = f"/api/v1/cycles/{cycle.cycle_id}/vetoes"
    async with cycle.service.caller("auditor") as auditor:
        assert await differing(auditor, path, filters) == []
        strange = await auditor.get(path, params={"state": "gone"})
        with cycle.service.statements() as asked:
            await auditor.get(path)
        with cycle.service.statements() as filtered:
            await auditor.get(path, params={"state": STATES, "code": "V01", "unit": "XQ05"})
    assert (strange.status_code, strange.json()["errors"][0]["pointer"]) == (422, "/query/state/0")
    assert len(filtered) == len(asked)


async def test_who_may_not_read_reports_of_a_unit_gets_none_by_any_filter(cycle):
    """Planted bug: look the wanted unit up without looking at who asks."""
    await reported(cycle, "XQ05", "V01", "confirmed", 1)
    path = f"/api/v1/cycles/{cycle.cycle_id}/vetoes"
    async with cycle.service.caller("committee", unit="XQ01") as rival:
        for query in ({}, {"unit": "XQ05"}, {"code": "V01"}, {"state": "confirmed"}):
            assert await read_pages(rival, path, limit=200, **query) == []


async def test_rankings_are_listed_by_category_and_state_and_releases_by_category(cycle):
    """Planted bug: any step that was taken for the state, and not the last."""
    for category, steps in product(["COUNTY", "PAIR"], range(len(STEPS) + 1)):
        await cycle.take(await cycle.rank(category), *STEPS[:steps])
    states = ["ranked", "merged", "reviewed", "approved", "published"]
    of_category = field("category", ["COUNTY"], ["PAIR"], ["NONE"])
    path = f"/api/v1/cycles/{cycle.cycle_id}"
    async with cycle.service.caller("auditor") as auditor:
        filters = {"category": of_category, "state": field("state", *some(states))}
        assert await differing(auditor, f"{path}/rankings", filters) == []
        assert await differing(auditor, f"{path}/releases", {"category": of_category}) == []
    rankings = f"{path}/rankings"
    async with cycle.service.caller("committee", unit="XQ01") as rival:
        # What is not released of the own categories is in none of the lists.
        for state in states[:-1]:
            assert await read_pages(rival, rankings, limit=200, state=state) == []


async def test_releases_are_kept_up_with(cycle):
    """Planted bug: begin after the last release that is known, whatever was committed meanwhile."""
    async with cycle.service.caller("auditor") as auditor:
        replica = Replica(auditor, f"/api/v1/cycles/{cycle.cycle_id}/releases", "release")
        for n, category in enumerate(["COUNTY", "PAIR", "COUNTY"], 1):
            await cycle.take(await cycle.rank(category), *STEPS)
            assert (await replica.catch_up())[-1] == n
        assert await replica.lacks() == []


def test_a_filter_that_lets_everything_through_would_be_found():
    assert not Filter([], lambda *_: False).passes({}, ["a"])
