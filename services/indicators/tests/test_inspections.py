"""Units are inspected for what the scheme asks about, no more often than it says, and everybody can
count what a year asks of them."""

import datetime as dt

import pytest

from indicators import queries

POLICY = {
    "most_in_month": 1,
    "most_in_year": 2,
    "priorities": [{"code": "SAFE", "name": "安全生产"}],
}


@pytest.fixture
async def limited(office, cycle, document):
    """Give the path of a cycle whose scheme says how often units are inspected."""
    scheme = document({"/inspections": POLICY})
    for path, body in (("", {"scheme": scheme}), ("/1/publication", None)):
        answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    return cycle


def one(code="J1", **more):
    return {
        "inspection": code,
        "name": "核验",
        "kind": "on_site_verification",
        "body": "B01",
        "units": ["X1"],
        "starts_on": "2025-06-10",
        "ends_on": "2025-06-11",
        "indicators": ["C01"],
    } | more


async def register(caller, cycle, *inspections, **query):
    body = {"inspections": [*inspections]}
    return await caller.post(f"{cycle}/inspections", json=body, params=query)


async def calendar(service, cycle, role, own, **query):
    async with service.caller(role, unit=own, subject="r", person="r") as reader:
        answer = await reader.get(f"{cycle}/inspections", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["inspections"]


async def test_an_inspection_rests_on_what_the_scheme_asks_about(office, limited, problem):
    """Planted bugs: take any indicator of the scheme, also of units of another category; ask for no
    basis; let a rival inspect; let a priority that is not the scheme's do."""
    wrong = (
        (one(indicators=[]), "units/0", "rests-on-nothing"),
        (one(indicators=["C01"], units=["X1", "D1"]), "units/1", "rests-on-nothing"),
        (one(indicators=["D01"]), "indicators/0", "unknown-indicator"),
        (one(indicators=[], priority="FIRE"), "priority", "unknown-priority"),
        (one(kind="statutory"), "basis", "missing"),
        (one(kind="emergency", indicators=[]), "basis", "missing"),
        (one(units=["X9"], priority="SAFE", indicators=[]), "units/0", "unknown-unit"),
        (one(body="X1"), "units/0", "own-category"),
        (one(body="X2"), "units/0", "own-category"),
        (one(body="B99"), "body", "unknown-unit"),
        (one(starts_on="2024-12-31"), "starts_on", "day-outside"),
        (one(ends_on="2025-06-09"), "ends_on", "day-outside"),
    )
    for sent, at, code in wrong:
        status, kind, faults = problem(await register(office, limited, sent))
        assert (status, kind) == (422, "inspections-faulty"), (sent, faults)
        assert (f"/inspections/0/{at}", code) in faults, (sent, faults)
    twice = problem(await register(office, limited, one(), one(units=["X2"])))
    assert twice[2] == [("/inspections/1/inspection", "named-twice")]
    right = (
        one("J1"),
        one("J2", units=["D1"], indicators=[], priority="SAFE"),
        one("J3", kind="statutory", indicators=[], basis="安全生产法"),
    )
    answer = await register(office, limited, *right)
    assert (answer.status_code, answer.json()["stored"]) == (201, 3)
    again = await register(office, limited, *right, mode="partial")
    assert again.json()["unchanged"] == 3


async def test_no_unit_is_inspected_more_often_than_the_scheme_says(
    office, limited, problem, monkeypatch
):
    """Planted bugs: count by batch; count what is cancelled, or what a law asks for; count an
    inspection that is moved twice; let a month of the next year count for this one."""
    monkeypatch.setattr(queries, "local_day", lambda *_: dt.date(2025, 6, 1))
    assert (await register(office, limited, one("J1"))).status_code == 201
    june = one("J2", starts_on="2025-06-30", ends_on="2025-07-02")
    refused = problem(await register(office, limited, june))
    assert refused[2] == [("/inspections/0/units/0", "one-too-many")]
    law = one("L1", kind="emergency", basis="防汛指令", indicators=[])
    july = one("J2", starts_on="2025-07-01", ends_on="2025-07-01", units=["X1", "X2"])
    moved = one("J1", starts_on="2025-06-20", ends_on="2025-06-21")
    assert (await register(office, limited, law, july, moved)).status_code == 201
    august = one("J3", starts_on="2025-08-01", ends_on="2025-08-01", units=["X2", "X1"])
    refused = problem(await register(office, limited, august))
    assert refused[2] == [("/inspections/0/units/1", "one-too-many")]
    answer = await register(office, limited, july | {"cancelled_because": "合并"}, august)
    assert answer.status_code == 201, answer.text
    for month, status in (("01", 201), ("02", 201), ("03", 422)):
        day = f"2026-{month}-05"
        next_year = one(f"N{month}", starts_on=day, ends_on=day)
        assert (await register(office, limited, next_year)).status_code == status


async def test_what_has_begun_is_neither_moved_nor_called_off(
    office, limited, monkeypatch, problem
):
    """Planted bugs: let it be called off the day it begins; let it be moved; let a unit be left
    out, or a law be its reason afterwards; refuse the day before."""

    def on(day):
        monkeypatch.setattr(queries, "local_day", lambda *_: dt.date.fromisoformat(day))

    on("2025-06-09")
    both = one("J1", units=["X1", "X2"])
    for sent in (both, both | {"cancelled_because": "合并"}, both):
        assert (await register(office, limited, sent)).status_code == 201
    on("2025-06-10")
    for change, at in (
        ({"cancelled_because": "没有进行"}, "cancelled_because"),
        ({"starts_on": "2025-06-11"}, "starts_on"),
        ({"units": ["X1"]}, "units"),
        ({"kind": "statutory", "basis": "法"}, "kind"),
    ):
        refused = problem(await register(office, limited, both | change))
        assert refused[2] == [(f"/inspections/0/{at}", "has-begun")], change
    refused = problem(await register(office, limited, one("J2")))
    assert refused[2] == [("/inspections/0/units/0", "one-too-many")]
    longer = both | {"ends_on": "2025-06-13", "name": "核验（延长）"}
    assert (await register(office, limited, longer)).status_code == 201


async def test_a_unit_hears_of_its_own_and_of_an_unannounced_one_when_it_is_over(
    service, office, limited, monkeypatch
):
    """Planted bugs: tell a unit of the others that are inspected with it; tell of an unannounced
    one on its last day; show rivals' inspections; let who is of the committee read for his
    unit."""
    secret = one("U1", kind="unannounced_visit", units=["X2"], starts_on="2025-07-01")
    secret |= {"ends_on": "2025-07-03"}
    await register(office, limited, one("J1", units=["X1", "X3"]), secret)

    def on(day):
        monkeypatch.setattr(queries, "local_day", lambda *_: dt.date.fromisoformat(day))

    on("2025-07-03")
    [told] = await calendar(service, limited, "assessed_unit", "X1")
    assert (told["inspection"], told["units"]) == ("J1", ["X1"])
    for role in ("assessed_unit", "committee", "data_source_unit"):
        assert await calendar(service, limited, role, "X2") == []
    assert len(await calendar(service, limited, "data_source_unit", "B01")) == 2
    assert len(await calendar(service, limited, "committee", None)) == 2
    [told] = await calendar(service, limited, "auditor", None, unit="X3")
    assert told["units"] == ["X1", "X3"]
    [told] = await calendar(service, limited, "auditor", None, kind="unannounced_visit")
    assert told["inspection"] == "U1"
    on("2025-07-04")
    [told] = await calendar(service, limited, "assessed_unit", "X2")
    assert (told["inspection"], told["kind"]) == ("U1", "unannounced_visit")


async def test_the_burden_is_counted_from_the_scheme(
    service, office, limited, document, monkeypatch
):
    """Planted bugs: count a unit's fields for each unit that it reports about once; count marks of
    panels; count a cancelled inspection, or an unannounced one before it is over."""
    gone = one("J2", cancelled_because="合并")
    secret = one("U1", kind="unannounced_visit", units=["X2"])
    assert (await register(office, limited, one("J1"), gone, secret)).status_code == 201
    monkeypatch.setattr(queries, "local_day", lambda *_: dt.date(2025, 6, 11))
    answer = (await office.get(f"{limited}/burden")).json()
    units = {each["unit"]: each for each in answer["units"]}
    assert (units["X1"]["inspections"], units["X1"]["days"]) == (1, 2)
    assert (units["X2"]["inspections"], units["X2"]["days"]) == (1, 2)
    sources = {}
    times = {"monthly": 12, "quarterly": 4, "half_yearly": 2, "twice_a_year": 2, "yearly": 1}
    for category in document()["categories"]:
        tops = [top for block in category["blocks"] for top in block["indicators"]]
        for each in [*tops, *(child for top in tops for child in top.get("children", ()))]:
            sources[each["code"]] = (each, len(category["units"]))
    told = {(each["unit"], each["indicator"]): each for each in answer["indicators"]}
    assert len(told) > 5
    for (unit, code), each in told.items():
        indicator, members = sources[code]
        own = indicator["data_source_unit"] == "own_unit"
        assert own or unit == indicator["data_source_unit"]
        assert each["about"] == (1 if own else members)
        assert each["times"] == times.get(indicator["frequency"], 0)
        assert each["fields"] % max(each["about"] * each["times"], 1) == 0
        assert (each["uploads"] > 0) <= bool(indicator.get("evidence_for"))
    for unit, each in units.items():
        mine = [row for (of, _), row in told.items() if of == unit]
        assert each["fields"] == sum(row["fields"] for row in mine)
        assert each["indicators"] == len(mine)
    async with service.caller("assessed_unit", unit="X2", subject="r", person="r") as reader:
        own = (await reader.get(f"{limited}/burden")).json()
    assert {each["unit"] for each in [*own["units"], *own["indicators"]]} <= {"X2"}
    assert sum(each["inspections"] for each in own["units"]) == 0


async def test_a_year_has_at_most_ten_special_priorities(office, cycle, document, problem):
    """Planted bug: let there be eleven."""
    eleven = [{"code": f"P{n}", "name": "重点"} for n in range(11)]
    for named, fault in (
        (eleven, ("/inspections/priorities", "too-many")),
        ([eleven[0], eleven[0]], ("/inspections/priorities/1/code", "named-twice")),
    ):
        scheme = document({"/inspections": {"priorities": named}})
        saved = await office.post(f"{cycle}/scheme-versions", json={"scheme": scheme})
        version = saved.json()["version"]
        path = f"{cycle}/scheme-versions/{version}/publication"
        assert fault in problem(await office.post(path))[2]
