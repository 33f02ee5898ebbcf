"""One edition after another: each of what is in the ledger then, and of nothing from before."""

import asyncio
from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
async def year(new_year):
    """A cycle in which the reference year has happened, and one edition has been computed."""
    cycle = await new_year()
    await cycle.score()
    return cycle


async def told(year, edition: int) -> tuple[str, list]:
    """The digest of an edition, and how it explains every unit."""
    path = f"{year.path}/score-sheets/{edition}"
    sheet = (await year.office.get(path)).json()
    answers = [
        await year.office.get(f"{path}/units/{unit['unit']}/explanation") for unit in sheet["units"]
    ]
    return sheet["digest"], [answer.json()["tree"] for answer in answers]


async def some_entry(year, indicator: str) -> dict:
    """A counted entry of XQ03."""
    after = ""
    while True:
        page = (await year.office.get(f"{year.path}/ledger-entries?limit=200{after}")).json()
        for entry in page["items"]:
            about = (entry["indicator"], entry["state"], entry["unit"], entry["kind"])
            if about == (indicator, "verified", "XQ03", "measured_value"):
                return entry
        after = f"&after={page['next']}"


async def correct(year, indicator: str, value: str) -> None:
    entry = await some_entry(year, indicator)
    names = ("unit", "indicator", "kind", "key", "item", "period", "word")
    right = {name: entry[name] for name in names} | {"value": value}
    await year.correct(entry["entry_id"], right, unit=entry["author_unit"])


@pytest.mark.parametrize(("indicator", "value"), [("C07", "1"), ("C16", "987")])
async def test_an_edition_after_a_change_is_another_and_back_again_the_first(
    year, indicator, value
):
    """Planted bug: numbers kept from the last edition, so that the old ones come out again."""
    before = await told(year, await year.score())
    entered = (await some_entry(year, indicator))["value"]
    await correct(year, indicator, value)
    after = await told(year, await year.score())

    assert after[0] != before[0]
    assert after[1] != before[1]
    assert after[1] == (await told(year, await year.score()))[1]
    await correct(year, indicator, entered)
    back = await year.office.get(f"{year.path}/score-sheets/{await year.score()}")
    first = await year.office.get(f"{year.path}/score-sheets/1")
    assert totals(back.json()) == totals(first.json())


def totals(sheet: dict) -> dict[str, Decimal]:
    return {unit["unit"]: Decimal(unit["total"]) for unit in sheet["units"]}


async def test_a_simulation_leaves_no_trace_in_the_next_edition(year):
    """Planted bug: keep the simulated computation as the last one."""
    before = await told(year, await year.score())
    entry = await some_entry(year, "C07")
    names = ("unit", "indicator", "kind", "key", "item", "period")
    changed = {name: entry[name] for name in names} | {"value": "3"}
    body = {"categories": ["COUNTY"], "values": [changed]}
    answers = await asyncio.gather(
        *(year.office.post(f"{year.path}/score-simulations", json=body) for _ in range(3))
    )
    assert [answer.status_code for answer in answers] == [200] * 3
    assert any(unit["change"] != "0.0000" for unit in answers[0].json()["units"])
    assert await told(year, await year.score()) == before
