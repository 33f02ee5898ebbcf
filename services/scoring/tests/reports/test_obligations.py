"""What a unit owes in all the cycles that it is in, told to itself and to the office alone."""

from types import SimpleNamespace

import pytest
from cutting import cut

from scoring.api.reports import obligations


def listed(cycle, jurisdiction, year=2025, version=1):
    told = {"cycle_id": str(cycle.cycle_id), "jurisdiction": jurisdiction}
    return told | {"assessment_year": year, "scheme_version": version}


@pytest.fixture(scope="module")
async def two(new_cycle, others, document):
    """A city's and a district's cycle, which XQ02 is not in; an event of the city's was taken over;
    and one without a scheme."""
    city, district, begun = new_cycle(), new_cycle(), new_cycle()
    categories = [
        each | {"units": [unit for unit in each["units"] if unit != "XQ02"]}
        for each in document["categories"]
    ]
    others.schemes[district.cycle_id] = document | {"categories": categories}
    about = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
    [entry] = await city.enter(about, unit="ZH01")
    body = {"from_cycle_id": str(city.cycle_id), "entry_id": entry}
    answer = await district.post(district.source("ZH01"), "ledger-entries/adoptions", body)
    assert answer.status_code == 201, answer.text
    await city.enter({**about, "indicator": "C01", "kind": "measured_value", "key": "actual",
                      "value": "98"})  # fmt: skip
    cycles = [listed(city, "439900"), listed(district, "439901"), listed(begun, "1", version=None)]
    before, others.cycles = others.cycles, cycles
    yield SimpleNamespace(city=city, district=district, taken=answer.json()["entry_id"])
    others.cycles = before


async def read(two, client, unit="XQ01", status=200):
    answer = await client.get(f"/api/v1/units/{unit}/obligations")
    assert answer.status_code == status, answer.text
    return answer.json()


def scoped(cycle, role):
    told = {"subject": role, "scopes": f"cycle:{cycle.cycle_id}"}
    token = cycle.service.signer.token(role, **told)
    return cycle.service.client({"Authorization": f"Bearer {token}"})


async def test_a_unit_reads_what_it_owes_in_each_open_cycle(two):
    """Planted bugs: the duties about the unit for its own; a cycle that it is not in."""
    own = two.city.caller("assessed_unit", unit="XQ01")
    told = await read(two, own)
    found = {each["cycle_id"]: each for each in told["cycles"]}
    assert found.keys() == {str(two.city.cycle_id), str(two.district.cycle_id)}
    assert told["cycles_left"] == 0
    for each in found.values():
        assert each["category"] == "COUNTY"
        assert "C03" in [one["indicator"] for one in each["indicators"]]
        assert {duty["unit"] for duty in each["owed"]} <= {"XQ01"}
    here = found[str(two.district.cycle_id)]
    assert [(s["entry_id"], s["outdated"]) for s in here["shared"]] == [(two.taken, False)]
    assert found[str(two.city.cycle_id)]["shared"] == []
    assert await read(two, two.city.office) == told
    other = two.city.caller("assessed_unit", unit="XQ02")
    [only] = (await read(two, other, "XQ02"))["cycles"]
    assert only["cycle_id"] == str(two.city.cycle_id)


async def test_cycles_of_others_are_neither_told_nor_counted(new_cycle, others, document, two):
    """A unit is in twelve cycles behind eleven newer ones of others: it is told of ten, and of two
    that are left. Planted bugs: the newest are looked into, whoever is in them; all are counted."""
    elsewhere = [
        each | {"units": [unit for unit in each["units"] if unit != "XQ02"]}
        for each in document["categories"]
    ]
    theirs, own = ([new_cycle() for _ in range(number)] for number in (11, 12))
    for each in theirs:
        others.schemes[each.cycle_id] = document | {"categories": elsewhere}
    before = others.cycles
    others.cycles = [listed(each, str(n), 2026) for n, each in enumerate(theirs)]
    others.cycles += [listed(each, str(20 + n)) for n, each in enumerate(own)]
    unit = two.city.caller("assessed_unit", unit="XQ02")
    try:
        told = await read(two, unit, "XQ02")
        assert {each["cycle_id"] for each in told["cycles"]} <= {str(e.cycle_id) for e in own}
        assert (len(told["cycles"]), told["cycles_left"]) == (10, 2)
        others.cycles = others.cycles[:12]
        told = await read(two, unit, "XQ02")
        assert (len(told["cycles"]), told["cycles_left"]) == (1, 0)
    finally:
        others.cycles = before


async def test_a_source_owes_what_it_enters_about_others(two):
    told = await read(two, two.city.source("ZH02"), "ZH02")
    [city] = [e for e in told["cycles"] if e["cycle_id"] == str(two.city.cycle_id)]
    [other] = [e for e in told["cycles"] if e["cycle_id"] == str(two.district.cycle_id)]
    owed = {duty["indicator"]: duty for duty in city["owed"]}
    assert city["open"] == len(city["owed"]) > 0
    assert owed["C01"]["missing"] == owed["C01"]["expected"] - 1
    assert {duty["unit"] for duty in city["owed"]} == {"ZH02"}
    assert [d["missing"] for d in other["owed"] if d["indicator"] == "C01"] == [
        owed["C01"]["expected"] - 1
    ]


async def test_nobody_else_reads_it_and_a_limited_token_reads_its_cycles_alone(two):
    """Planted bugs: the relation is not asked for; the scope is not."""
    for client in (two.city.source("ZH02"), two.city.caller("assessed_unit", unit="XQ02")):
        await read(two, client, status=403)
    told = await read(two, scoped(two.district, "auditor"))
    assert [each["cycle_id"] for each in told["cycles"]] == [str(two.district.cycle_id)]


async def test_a_sealed_cycle_is_over(new_cycle, others):
    cycle = new_cycle()
    before, others.cycles = others.cycles, [listed(cycle, "1")]
    try:
        assert len((await read(None, cycle.office))["cycles"]) == 1
        await cycle.service.sql(
            "INSERT INTO ledger (cycle_id, phase) VALUES ($1, 'sealed')", cycle.cycle_id
        )
        assert (await read(None, cycle.office))["cycles"] == []
    finally:
        others.cycles = before


async def test_years_and_what_is_owed_in_them_are_told_up_to_a_limit_and_counted(two, monkeypatch):
    async def whole():
        return await read(two, two.city.office)

    rest = await cut(monkeypatch, obligations, "MOST_CYCLES", whole, lambda told: told["cycles"])
    assert rest["cycles_left"] == 1

    async def here():
        of_source = await read(two, two.city.office, "ZH02")
        return next(e for e in of_source["cycles"] if e["cycle_id"] == str(two.city.cycle_id))

    rest = await cut(monkeypatch, obligations, "MOST_SHOWN", here, lambda told: told["owed"])
    assert rest["open"] == len(rest["owed"]) + 1
