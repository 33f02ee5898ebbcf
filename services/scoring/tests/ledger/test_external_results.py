"""Results of other systems: entered with document and calendar, each counted in one year, last
year's in the place of one that is late."""

import asyncio
from copy import deepcopy
from types import SimpleNamespace
from uuid import UUID

import asyncpg
import pytest

WINDOW = {2024: ("2024-03-01", "2025-02-28"), 2025: ("2025-03-01", "2199-12-31")}
LAST_YEAR = {"late": "last_year", "closes": "2025-02-01"}


def by_system(document, system, year=2025):
    """The scheme with an indicator of ZH02 that is scored by another system's results."""
    made = deepcopy(document) | {"assessment_year": year}
    (county,) = [each for each in made["categories"] if each["code"] == "COUNTY"]
    found = (each for block in county["blocks"] for each in block["indicators"])
    indicator = next(each for each in found if each["code"] == "C01")
    params = {"kind": "score", "scale": "1000", "system": system}
    indicator |= {"method": "external_result", "params": params, "frequency": "yearly"}
    return made


def carrying(year):
    opens, closes = WINDOW[year]
    return {"late": "carry_over", "opens": opens, "closes": closes}


def result(value="900", year=2025, came="2025-04-02", number="3", **more):
    """A result as it is entered: about the calendar year before the one in which it came."""
    told = {"unit": "XQ01", "indicator": "C01", "kind": "external_result", "key": "score"}
    told |= {"value": value, "period": str(year), "occurred_on": came, "authority": "省税务局"}
    told |= {"document_no": f"湘税考〔2025〕{number}号", "document_date": "2025-02-10"}
    return told | {"about_from": "2024-01-01", "about_until": "2024-12-31"} | more


@pytest.fixture
def years(new_cycle, others, document):
    """Make two years of one division, by what becomes of a late result."""
    kept = others.cycles

    def made(last_system, system):
        last, now = new_cycle(), new_cycle()
        for cycle, year, how in ((last, 2024, last_system), (now, 2025, system)):
            others.schemes[cycle.cycle_id] = by_system(document, how, year)
        others.cycles = [
            {
                "cycle_id": str(cycle.cycle_id),
                "jurisdiction": "431000",
                "assessment_year": year,
                "scheme_version": 1,
            }
            for cycle, year in ((last, 2024), (now, 2025))
        ]
        return SimpleNamespace(last=last, now=now)

    yield made
    others.cycles = kept


async def send(cycle, *entries, state="submitted"):
    body = {"entries": list(entries), "state": state}
    return await cycle.post(cycle.source(), "ledger-entries", body)


def faults(answer, status=422):
    assert answer.status_code == status, answer.text
    told = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    return [(pointer.removeprefix("/entries/0/"), code) for pointer, code in told]


async def adopt(years, entry, **more):
    body = {"from_cycle_id": str(years.last.cycle_id), "entry_id": entry} | more
    return await years.now.post(years.now.source(), "ledger-entries/adoptions", body)


async def scored(cycle):
    """What a new edition says of the indicator of XQ01."""
    edition = await cycle.score()
    answer = await cycle.office.get(f"{cycle.path}/score-sheets/{edition}?unit=XQ01")
    (unit,) = answer.json()["units"]
    decisions = {each["indicator"]: each["what"] for each in unit["decisions"]}
    (one,) = [each for each in unit["indicator_scores"] if each["indicator"] == "C01"]
    return one["score"], decisions.get("C01")


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"authority": None}, ("authority", "missing")),
        ({"document_no": None}, ("document_no", "missing")),
        ({"document_date": None}, ("document_date", "missing")),
        ({"about_from": None}, ("about_from", "missing")),
        ({"about_until": None}, ("about_until", "missing")),
        ({"occurred_on": None}, ("occurred_on", "missing")),
        ({"listed": 14}, ("listed", "not-wanted")),
        ({"published_value": "1"}, ("published_value", "not-wanted")),
        ({"item": "last_year"}, ("item", "not-wanted")),
        ({"value": "1001"}, ("value", "out-of-range")),
        ({"kind": "measured_value"}, ("kind", "not-one-of")),
        ({"occurred_on": "2025-02-09"}, ("document_date", "after-its-arrival")),
        ({"about_until": "2023-12-31"}, ("about_until", "ends-before-it-begins")),
        ({"about_from": "2025-03-01", "about_until": "2025-03-31"}, ("about_from", "not-begun")),
        ({"occurred_on": "2199-01-01"}, ("occurred_on", "in-the-future")),
    ],
)
async def test_a_result_lacks_nothing_of_its_document_and_its_days(years, more, wanted):
    """Planted bugs: leave each of the checks out."""
    now = years({"late": "missing"}, {"late": "missing"}).now
    assert wanted in faults(await send(now, result(**more)))


async def test_a_result_is_shown_with_its_document_and_scored(years):
    """Planted bug: store the document without its authority."""
    now = years({"late": "missing"}, {"late": "missing"}).now
    [entry] = await now.enter(result())
    told = (await now.office.get(f"{now.path}/ledger-entries/{entry}")).json()
    names = ("authority", "document_no", "document_date", "about_from", "about_until")
    assert [told[name] for name in names] == [
        "省税务局", "湘税考〔2025〕3号", "2025-02-10", "2024-01-01", "2024-12-31",
    ]  # fmt: skip
    await now.verify(entry_ids=[entry])
    score, decision = await scored(now)
    assert (score is not None, decision) == (True, None)


async def test_a_late_result_counts_in_the_year_of_its_arrival_and_in_no_other(years):
    """Planted bugs: the window of arrival is not looked at; the other year's ledger is not; two
    spellings of a number are two results."""
    both = years(carrying(2024), carrying(2025))
    early = result(year=2024, came="2025-02-20", number="21")
    assert faults(await send(both.last, result(year=2024, number="21"))) == [
        ("occurred_on", "counts-next-year")
    ]
    assert faults(await send(both.now, result(came="2025-02-20", number="21"))) == [
        ("occurred_on", "counts-the-year-before")
    ]
    assert (await send(both.last, early, state="draft")).status_code == 201
    again = result(document_no="湘税考[2025]第021号 ", authority="省 税务局")
    assert faults(await send(both.now, again)) == [("document_no", "counts-in-another-year")]
    assert (await send(both.now, result(number="22"))).status_code == 201


async def test_of_two_at_once_one_year_has_the_result(years):
    """Planted bug: do not hold the results of a unit."""
    both = years({"late": "missing"}, {"late": "missing"})
    sent = send(both.last, result(year=2024, number="31")), send(both.now, result(number="31"))
    holder = await asyncpg.connect(both.now.service.superuser_url, ssl=False)
    try:
        async with holder.transaction():
            held = "results about XQ01", str(UUID(int=0))
            lock = "SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))"
            await holder.execute(lock, *held)
            tasks = [asyncio.ensure_future(each) for each in sent]
            await both.now.wait(len(tasks))
            assert not any(each.done() for each in tasks)
    finally:
        await holder.close()
    answers = await asyncio.gather(*tasks)
    assert sorted(each.status_code for each in answers) == [201, 422]


async def test_last_years_result_stands_in_until_this_years_comes(years):
    """Planted bugs: last year's stays although this year's has come; it is told as this year's."""
    both = years({"late": "missing"}, LAST_YEAR)
    [entry] = await both.last.enter(
        result("800", 2024, number="40", about_from="2023-01-01", about_until="2023-12-31")
    )
    assert faults(await adopt(both, entry), 409) == [("/entry_id", "not-counted")]
    await both.last.verify(entry_ids=[entry])
    assert (await scored(both.now))[0] is None
    answer = await adopt(both, entry)
    assert answer.status_code == 201, answer.text
    stood = answer.json()["entry_id"]
    told = (await both.now.office.get(f"{both.now.path}/ledger-entries/{stood}")).json()
    assert (told["period"], told["item"], told["value"]) == ("2025", "last_year", "800")
    await both.now.verify(entry_ids=[stood])
    before, decision = await scored(both.now)
    assert decision == "carried_over"
    [own] = await both.now.enter(result("900", number="41"))
    await both.now.verify(entry_ids=[own])
    after, decision = await scored(both.now)
    assert (decision, float(after) / float(before)) == (None, pytest.approx(900 / 800))
    unscored = (await both.now.office.get(f"{both.now.path}/unscored")).json()
    reasons = {each["id"]: each["reason"] for each in unscored["items"]}
    assert (reasons.get(stood), own in reasons) == ("stood_in", False)


async def to_take_over(years, **who):
    """What a source is told that it may take over."""
    told = (await years.now.source(**who).get(f"{years.now.path}/tasks/scoring")).json()["tasks"]
    kind = "take-over-last-years-results"
    return [(each["about"]["indicator"], each["count"]) for each in told if each["kind"] == kind]


async def test_the_source_is_told_that_last_years_result_may_be_taken_over(years):
    """Planted bugs: told before the day; of what does not count there; of what another unit has
    entered; still told once it has been taken over, or this year's has come."""
    both = years({"late": "missing"}, LAST_YEAR)
    first, other = await both.last.enter(
        result("800", 2024, number="60"), result("700", 2024, number="61", unit="XQ02")
    )
    assert await to_take_over(both) == []
    await both.last.verify(entry_ids=[first, other])
    assert await to_take_over(both) == [("C01", 2)]
    assert await to_take_over(both, unit="ZH03") == []
    assert (await adopt(both, first, state="draft")).status_code == 201
    assert await to_take_over(both) == [("C01", 1)]
    await both.now.enter(result("900", number="62", unit="XQ02"))
    assert await to_take_over(both) == []
    waiting = years({"late": "missing"}, {"late": "last_year", "closes": "2199-12-31"})
    await waiting.last.verify(entry_ids=await waiting.last.enter(result("800", 2024, number="63")))
    assert await to_take_over(waiting) == []


async def test_nothing_else_stands_in(years):
    """Planted bugs: the scheme is not asked; the day is not; the year before is not; the state is
    not; another indicator's result is taken."""
    both = years({"late": "missing"}, {"late": "missing"})
    [entry] = await both.last.enter(result("800", 2024, number="50"))
    await both.last.verify(entry_ids=[entry])
    assert faults(await adopt(both, entry)) == [("/item", "not-wanted")]
    waiting = years({"late": "missing"}, {"late": "last_year", "closes": "2199-12-31"})
    [entry] = await waiting.last.enter(result("800", 2024, number="51"))
    assert faults(await adopt(waiting, entry, indicator="C02"), 409) == [
        ("/entry_id", "not-counted"),
        ("/indicator", "another-result"),
    ]
    await waiting.last.verify(entry_ids=[entry])
    assert faults(await adopt(waiting, entry)) == [("/item", "not-late-yet")]
    early = years({"late": "missing"}, LAST_YEAR)
    there = SimpleNamespace(last=early.now, now=early.last)
    [entry] = await early.now.enter(result("800", number="52"))
    await early.now.verify(entry_ids=[entry])
    assert ("/from_cycle_id", "not-the-year-before") in faults(await adopt(there, entry), 409)
