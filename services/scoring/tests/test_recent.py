"""What a process keeps of its last computations: it saves work, and never shows in a result."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from scoring.rules.computation import Change

from scoring.api import recent
from scoring.api.sheet.evidence import Evidence


@pytest.fixture(scope="module")
async def year(new_year):
    """A cycle in which the reference year has happened, and one edition has been computed."""
    cycle = await new_year()
    await cycle.score()
    return cycle


@pytest.fixture
def remember(service):
    """Give the service another memory; without one, as though it had just been started."""
    before = service.app.state.recent

    def set_(memory: recent.Recent | None = None) -> recent.Recent:
        service.app.state.recent = memory or recent.Recent()
        return service.app.state.recent

    set_()
    yield set_
    service.app.state.recent = before


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
async def test_an_edition_after_a_change_is_that_of_a_new_process(
    year, remember, monkeypatch, indicator, value
):
    """Planted bug: `change_since` that finds nothing, so that the old numbers come out again."""
    kept = remember()
    before = await told(year, await year.score())
    await correct(year, indicator, value)
    after = await told(year, await year.score())
    remember()
    assert after == await told(year, await year.score())
    assert after[0] != before[0]
    assert after[1] != before[1]

    remember(kept)
    monkeypatch.setattr(recent, "change_since", lambda *_, **__: Change())
    await correct(year, indicator, str(Decimal(value) + 1))
    assert (await told(year, await year.score()))[1] == after[1]


async def test_nothing_is_computed_twice_for_one_state_of_affairs(year, remember, monkeypatch):
    """Caught: a memory that is never found again, and so a full computation each time."""
    first = await told(year, await year.score())

    def again(*_: object, **__: object) -> None:
        raise AssertionError("a full computation")

    monkeypatch.setattr(recent, "compute", again)
    assert await told(year, await year.score()) == first


@pytest.fixture
def given(scheme, county, satisfaction, claims, names):
    """What a sheet is computed from, as it was read."""
    return {
        "scheme": scheme,
        "entries": county.entries,
        "targets": county.targets,
        "satisfaction": satisfaction,
        "claims": claims,
        "names": names,
    }


def without_first_name(names):
    """The first unit never had the name under which it won."""
    return [replace(name, name="另一单位") if name.unit == "XQ01" else name for name in names]


CHANGES = {
    "scheme": lambda scheme: replace(scheme, composition=replace(scheme.composition, bonus=False)),
    "entries": lambda entries: entries[3:],
    "targets": lambda targets: [replace(targets[0], target=Decimal(1)), *targets[1:]],
    "a target that went": lambda targets: targets[1:],
    "satisfaction": lambda found: dict.fromkeys(found, Decimal(50)),
    "a survey that went": lambda found: {},
    "claims": lambda claims: claims[2:],
    "names": without_first_name,
}
WHAT = {"a target that went": "targets", "a survey that went": "satisfaction"}


CYCLE = UUID(int=1)


def asked(memory, given, cycle_id=CYCLE) -> list[bytes]:
    """All that is told of the sheet that a memory gives for what was read."""
    evidence = Evidence(
        SimpleNamespace(scheme=given["scheme"]),
        SimpleNamespace(targets=given["targets"]),
        SimpleNamespace(by_unit=lambda: given["satisfaction"]),
        list(given["names"]),
        ["COUNTY"],
    )
    found = memory.computed(cycle_id, evidence, given["entries"], given["claims"], ["COUNTY"])
    return [unit.sheet.model_dump_json().encode() + unit.tree for unit in found.units.values()]


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_was_read_is_compared_with_what_was_computed_from(given, what):
    """Planted bugs: any of the things read taken from the last computation instead."""
    memory, name = recent.Recent(), WHAT.get(what, what)
    other = given | {name: CHANGES[what](given[name])}
    before = asked(memory, given)
    after = asked(memory, other)

    assert after == asked(recent.Recent(), other)
    assert after != before
    assert asked(memory, given) == before


def test_cycles_are_kept_apart(given, monkeypatch):
    """Planted bug: a key without the cycle, so that each throws out the other."""
    memory, other = recent.Recent(), given | {"entries": given["entries"][3:]}
    first, second = asked(memory, given, UUID(int=1)), asked(memory, other, UUID(int=2))
    monkeypatch.setattr(recent, "change_since", lambda *_, **__: Change())

    assert asked(memory, given, UUID(int=1)) == first
    assert asked(memory, other, UUID(int=2)) == second


async def test_a_sheet_and_a_simulation_start_from_the_same(year, remember, monkeypatch):
    """Caught: each of the two throwing out what the other has computed."""
    await year.score()
    computed = []
    compute = recent.compute
    monkeypatch.setattr(recent, "compute", lambda *a, **k: computed.append(1) or compute(*a, **k))
    for _ in range(2):
        body = {"categories": ["COUNTY"]}
        answer = await year.office.post(f"{year.path}/score-simulations", json=body)
        assert answer.status_code == 200
        await year.score()
    assert computed == []


async def test_a_simulation_leaves_no_trace_in_the_next_edition(year, remember):
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


async def test_no_more_is_kept_than_there_is_room_for(year, remember):
    """Caught: a process that grows with every cycle it has ever scored."""
    small = remember(recent.Recent(most_cells=1))
    await year.score()
    await year.score("COUNTY", "PARK")
    assert [key[1:] for key in small.kept] == [("COUNTY", "PARK")]
