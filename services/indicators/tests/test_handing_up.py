"""Two cycles of two jurisdictions: the superior's scheme, decomposed below and handed up."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.realms import new_part

API = "/api/v1"
PROVINCE, CITY, COUNTY, OTHER, NOWHERE = "350000", "350100", "350102", "350103", "350104"
ABOVE = {PROVINCE: None, CITY: PROVINCE, COUNTY: CITY, OTHER: CITY, NOWHERE: CITY}
SMALL = (Path(__file__).parent / "small-scheme.json").read_text("utf-8")
SCHEME = json.loads(SMALL.replace('"X2"', f'"{OTHER}"'))
"""The city's scheme, in which a county is a unit by its own code, and another as X1."""
UNITS = {"body": ("B01", "B02"), "assessed": ("X1", OTHER, "X3", "X4", "D1", "D2")}


async def done(client, path, body=None):
    answer = await client.post(f"{API}{path}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
async def offices(service):
    """Give a client of the performance office of each jurisdiction, which two have registered."""
    async with AsyncExitStack() as stack:

        async def caller(role, whose, name):
            told = {"subject": f"{whose}.{name}", "person": name, "jurisdiction": whose}
            return await stack.enter_async_context(service.caller(role, **told))

        first, second = [await caller("system_administrator", None, each) for each in "ab"]
        for code, superior in ABOVE.items():
            new = {"name_zh": code, "name_en": code, "founded_on": "1949-10-01"}
            await done(first, "/jurisdictions", new | {"code": code, "superior": superior})
            await done(second, f"/jurisdictions/{code}/confirmation")
        found = {code: await caller("performance_office", code, "lv") for code in [*ABOVE, None]}
        await set_up(found[CITY], await caller("performance_office", CITY, "wu"))
        units = [unit("K1", "assessed"), unit("K2", "assessed")]
        await done(found[COUNTY], "/units", {"units": units})
        yield found


def unit(code, kind):
    return {"code": code, "name": f"单位{code}", "kind": kind, "valid_from": "2010-01-01"}


async def set_up(office, colleague):
    """Register the units of the city, and say by two people which of them the county is."""
    units = [unit(code, kind) for kind, codes in UNITS.items() for code in codes]
    await done(office, "/units", {"units": units})
    names = {"id_scheme": "gb2260", "name_zh": "区划", "name_en": "divisions", "system": "x"}
    await done(office, "/id-schemes", names)
    at, one = "/id-schemes/gb2260/unit-mappings", {"code": COUNTY, "unit": "X1"}
    told = {"mappings": [one | {"valid_from": "2020-01-01"}]}
    ids = [each["mapping_id"] for each in (await done(office, at, told))["rows"]]
    await done(colleague, f"{at}/confirmation", {"mapping_ids": ids, "decision": "confirm"})


async def begin(office, code, year=2025):
    new = {"name": f"{code}年度", "jurisdiction": code, "assessment_year": year}
    return (await done(office, "/cycles", new))["cycle_id"]


async def publish(office, cycle, scheme=SCHEME, **more):
    at = f"/cycles/{cycle}/scheme-versions"
    version = (await done(office, at, {"scheme": scheme, **more}))["version"]
    await done(office, f"{at}/{version}/publication")


@pytest.fixture
async def citys(offices):
    """The id of a cycle of the city, whose scheme is published."""
    cycle = await begin(offices[CITY], CITY)
    await publish(offices[CITY], cycle)
    return cycle


@pytest.fixture
async def countys(offices):
    """The id of a cycle of the county."""
    return await begin(offices[COUNTY], COUNTY)


async def asked_of(office, cycle, year=2025):
    """Return what a cycle of the superior's asks of an office's jurisdiction; None for none."""
    found, after = [], {}
    while after is not None:
        answer = await office.get(
            f"{API}/superior-cycles", params={"year": year, "limit": 2, **after}
        )
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        after = None if page["next"] is None else {"after": page["next"]}
    return next((each for each in found if each["cycle_id"] == cycle), None)


def decomposition(asked, *, points=(), without=(), version=None, cycle=None):
    """Return a decomposition of what is asked: all of it is led by K1, but one indicator that two
    units share; with other points of some, and without others."""
    points, named = dict(points), [each for each in asked["indicators"] if not each["parent"]]
    indicators = [
        {"code": e["code"], "name": e["name"], "block": e["block"]}
        | {"points": points.get(e["code"], e["points"])}
        for e in named
        if e["code"] not in without
    ]
    shares = [
        {"indicator": e["code"], "unit": "K1", "role": "lead", "points": e["points"]}
        for e in indicators
    ]
    link = {"cycle_id": cycle or asked["cycle_id"], "scheme_version": version or 1}
    return {
        "superior": "市",
        "document_no": "市发〔2025〕1号",
        "document_date": "2025-03-01",
        "superior_cycle": link,
        "points": str(sum(int(e["points"]) for e in indicators)),
        "indicators": indicators,
        "shares": shares,
        "contacts": [{"unit": "K1", "contact": "联系人甲"}],
    }


async def test_a_jurisdiction_is_told_what_its_superior_asks_of_it_and_nothing_else(
    service, offices, citys
):
    """Planted bugs: cycles of any superior; those that are drafts; those in which it is no unit;
    the first unit's category for all."""
    draft = await begin(offices[CITY], CITY)
    for whose, there in ((COUNTY, "X1"), (OTHER, OTHER)):
        told = await asked_of(offices[whose], citys)
        assert (told["unit"], told["jurisdiction"], told["category"]) == (there, CITY, "COUNTY")
        by_parent = [(e["code"], e["parent"]) for e in told["indicators"] if e["parent"]]
        assert by_parent == [("C03A", "C03"), ("C03B", "C03")]
        top = [int(e["points"]) for e in told["indicators"] if not e["parent"]]
        assert (len(top), sum(top)) == (14, 100)
        assert await asked_of(offices[whose], draft) is None
        assert await asked_of(offices[whose], citys, year=2024) is None
    for whose in (PROVINCE, CITY, NOWHERE, None):
        assert await asked_of(offices[whose], citys) is None
    async with service.caller("assessed_unit", unit="K1", jurisdiction=COUNTY) as reader:
        assert (await reader.get(f"{API}/superior-cycles?year=2025")).status_code == 403


async def post(office, cycle, body):
    return await office.post(f"{API}/cycles/{cycle}/decomposition", json=body)


async def test_a_decomposition_has_the_indicators_and_points_of_the_superiors_scheme(
    offices, citys, countys, problem, untouched_after
):
    """Planted bugs: points are not compared; what is missing is not told; a parent is named beside
    its children."""
    office, asked = offices[COUNTY], await asked_of(offices[COUNTY], citys)
    for change, faults in (
        ({"points": {"C01": "9"}}, [("/indicators/0/points", "not-the-superiors-points")]),
        ({"without": ("C02",)}, [("/indicators", "not-decomposed")]),
        ({"version": 2}, [("/superior_cycle/scheme_version", "not-in-force")]),
    ):
        async with untouched_after():
            answer = await post(office, countys, decomposition(asked, **change))
        assert problem(answer) == (422, "decomposition-faulty", faults)
    body = decomposition(asked)
    body["indicators"][0]["code"] = body["shares"][0]["indicator"] = "C99"
    faults = [("/indicators", "not-decomposed"), ("/indicators/0/code", "not-in-superiors-scheme")]
    assert problem(await post(office, countys, body))[2] == faults
    every = {**asked, "indicators": [{**e, "parent": None} for e in asked["indicators"]]}
    told = problem(await post(office, countys, decomposition(every)))[2]
    assert [code for _, code in told] == ["not-in-superiors-scheme"] * 2
    left = [e for e in asked["indicators"] if e["code"] != "C03"]
    divided = decomposition({**asked, "indicators": [{**e, "parent": None} for e in left]})
    assert (await post(office, countys, divided)).status_code == 201
    assert (await post(office, countys, decomposition(asked))).json()["version"] == 2
    assert problem(await post(office, countys, decomposition(asked)))[:2] == (
        409, "decomposition-stands",
    )  # fmt: skip


async def test_a_cycle_that_is_no_superiors_is_answered_as_what_there_is_not(
    offices, citys, countys, problem
):
    """Planted bugs: any cycle above by its code; a draft; who is no unit there; another year."""
    asked = await asked_of(offices[COUNTY], citys)
    units = [unit(code, kind) for kind, codes in UNITS.items() for code in codes]
    await done(offices[PROVINCE], "/units", {"units": units})
    provinces = await begin(offices[PROVINCE], PROVINCE)
    await publish(offices[PROVINCE], provinces)
    draft = await begin(offices[CITY], CITY)
    unknown = [str(new_part(CITY)), str(uuid4()), countys, provinces, draft]
    answers = [
        (await post(offices[COUNTY], countys, decomposition(asked, cycle=each))).json()
        for each in unknown
    ]
    for each in answers:
        del each["request_id"]
    assert all(each == answers[0] for each in answers)
    assert [e["code"] for e in answers[0]["errors"]] == ["not-a-superiors"]
    nobodys = await begin(offices[None], "350102")
    for whose, cycle in ((NOWHERE, await begin(offices[NOWHERE], NOWHERE)), (None, nobodys)):
        body = decomposition(asked)
        body["shares"], body["contacts"] = [], []
        body["indicators"] = [e | {"unowned": "x"} for e in body["indicators"]]
        answer = await post(offices[whose], cycle, body)
        assert problem(answer)[2] == [("/superior_cycle/cycle_id", "not-a-superiors")]
    earlier = await begin(offices[COUNTY], COUNTY, year=2024)
    answer = await post(offices[COUNTY], earlier, decomposition(asked))
    assert problem(answer)[2] == [("/superior_cycle/cycle_id", "year-differs")]


async def tasks_of(office, cycle):
    told = (await office.get(f"{API}/cycles/{cycle}/tasks/indicators")).json()["tasks"]
    return {each["kind"]: each["count"] for each in told}


async def test_what_the_superior_changes_is_told_until_it_is_decomposed(
    service, offices, citys, countys, problem
):
    """Planted bugs: compare with the version that was decomposed; tell everybody; hand up what the
    superior has changed."""
    office, asked = offices[COUNTY], await asked_of(offices[COUNTY], citys)
    assert (await post(office, countys, decomposition(asked))).status_code == 201
    at = f"{API}/cycles/{countys}/decomposition"
    link = (await office.get(at)).json()["superior_cycle"]
    assert link == {"cycle_id": citys, "scheme_version": 1, "in_force": 1, "drift": []}
    assert "follow-superior-scheme" not in await tasks_of(office, countys)

    changed = json.loads(json.dumps(SCHEME))
    first, second = changed["categories"][0]["blocks"][0]["indicators"][:2]
    first["points"], second["points"] = 11, 9
    await publish(offices[CITY], citys, changed, reason="x")

    link = (await office.get(at)).json()["superior_cycle"]
    drift = [tuple(each.values()) for each in link["drift"]]
    assert (link["scheme_version"], link["in_force"]) == (1, 2)
    assert drift == [("C01", "10", "11"), ("C02", "10", "9")]
    assert (await tasks_of(office, countys))["follow-superior-scheme"] == 2
    async with service.caller("assessed_unit", unit="K1", jurisdiction=COUNTY) as reader:
        told = (await reader.get(at)).json()["superior_cycle"]
        assert told == {"cycle_id": citys, "scheme_version": 1, "in_force": None, "drift": None}
        assert await tasks_of(reader, countys) == {}
    assert problem(await hand_up(office, countys, 1))[:2] == (409, "not-handed-up")
    again = await asked_of(office, citys)
    assert (await post(office, countys, decomposition(again, version=2))).status_code == 201
    assert (await office.get(at)).json()["superior_cycle"]["drift"] == []
    assert "follow-superior-scheme" not in await tasks_of(office, countys)
    assert (await hand_up(office, countys, 2)).status_code == 201


async def test_whom_the_superior_assesses_no_more_is_told(offices, citys, problem):
    """Planted bug: nothing is another where there is no scheme to be held against."""
    office, asked = offices[OTHER], await asked_of(offices[OTHER], citys)
    await office.post(f"{API}/units", json={"units": [unit("K1", "assessed")]})
    cycle = await begin(office, OTHER)
    assert (await post(office, cycle, decomposition(asked))).status_code == 201
    await done(offices[CITY], "/units", {"units": [unit("X9", "assessed")]})
    without = json.loads(json.dumps(SCHEME).replace(f'"{OTHER}"', '"X9"'))
    await publish(offices[CITY], citys, without, reason="x")
    at = f"{API}/cycles/{cycle}/decomposition"
    link = (await office.get(at)).json()["superior_cycle"]
    assert link["in_force"] is None
    assert {each["superior"] for each in link["drift"]} == {None}
    assert len(link["drift"]) == len([e for e in asked["indicators"] if not e["parent"]])
    assert (await tasks_of(office, cycle))["follow-superior-scheme"] == len(link["drift"])
    assert problem(await hand_up(office, cycle, 1))[:2] == (409, "not-handed-up")
    unlinked = decomposition(asked)
    del unlinked["superior_cycle"]
    assert (await post(office, cycle, unlinked)).status_code == 201
    assert "follow-superior-scheme" not in await tasks_of(office, cycle)


async def hand_up(office, cycle, version):
    body = {"version": version, "document_no": "县报〔2025〕1号", "document_date": "2025-03-20"}
    return await office.post(f"{API}/cycles/{cycle}/decomposition/handing-up", json=body)


async def seen_above(office, cycle):
    """Return everything that the city's office is answered about its cycle and those below."""
    paths = [f"/cycles/{cycle}{end}" for end in ("", "/handed-up", "/decomposition", "/names")]
    paths += [f"/cycles/{cycle}/handed-up/X1", "/cycles?year=2025&limit=200", "/jurisdictions"]
    paths += [f"/cycles/{cycle}/tasks/indicators", "/journals/indicators/heads?limit=200"]
    answers = [await office.get(f"{API}{path}") for path in paths]
    told = [await office.get("/internal/events?limit=200")]
    return [(each.status_code, strip(each)) for each in [*answers, *told]]


def strip(answer):
    found = answer.json()
    return {name: each for name, each in found.items() if name != "request_id"}


async def test_nothing_is_read_above_before_it_is_handed_up(
    service, offices, citys, countys, problem
):
    """Two worlds: what is linked below, or another version that is not handed up, changes no answer
    above. Planted bugs: the latest version is shown; contacts are; a version is handed up twice."""
    office, above = offices[COUNTY], offices[CITY]
    at = f"{API}/cycles/{citys}/handed-up"
    before = await seen_above(above, citys)
    body = decomposition(await asked_of(office, citys))
    assert problem(await hand_up(office, countys, 1))[:2] == (404, "no-decomposition")
    assert (await post(office, countys, body)).status_code == 201
    assert await seen_above(above, citys) == before
    assert problem(await above.get(f"{at}/X1"))[:2] == (404, "nothing-handed-up")

    told = (await hand_up(office, countys, 1)).json()
    assert (told["version"], told["superior_cycle"], told["unit"]) == (1, citys, "X1")
    own = (await office.get(f"{API}/cycles/{countys}/decomposition")).json()["handed_up"]
    assert own["document_no"] == "县报〔2025〕1号"
    (listed,) = (await above.get(at)).json()["items"]
    names = ("unit", "jurisdiction", "inferior_cycle", "version", "scheme_version")
    assert [listed[name] for name in names] == ["X1", COUNTY, countys, 1, 1]
    read = await above.get(f"{at}/X1")
    assert {**read.json(), **listed} == read.json()
    assert {e["unit_name"] for e in read.json()["shares"]} == {"单位K1"}
    assert "联系人甲" not in read.text
    assert f"{COUNTY}." not in read.text
    assert (await above.get(f"{at}/X1")).headers["etag"] == read.headers["etag"]

    handed = await seen_above(above, citys)
    moved = {**body, "document_no": "市发〔2025〕9号"}
    assert (await post(office, countys, moved)).json()["version"] == 2
    assert await seen_above(above, citys) == handed
    assert (await office.get(f"{API}/cycles/{countys}/decomposition")).json()["handed_up"] is None
    assert problem(await hand_up(office, countys, 1))[:2] == (409, "not-handed-up")
    assert (await hand_up(office, countys, 2)).status_code == 201
    assert problem(await hand_up(office, countys, 2))[:2] == (409, "not-handed-up")
    (listed,) = (await above.get(at)).json()["items"]
    assert listed["version"] == 2


async def test_of_several_who_hand_up_at_once_one_does(offices, citys, countys):
    """Planted bug: the cycle is not held, so that the database refuses who came second."""
    office = offices[COUNTY]
    assert (await post(office, countys, decomposition(await asked_of(office, citys)))).is_success
    answers = await asyncio.gather(*(hand_up(office, countys, 1) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]


async def test_only_the_superior_whose_cycle_it_is_reads_what_was_handed_up(
    service, offices, citys, countys, problem
):
    """Planted bugs: whoever is above by the code; a unit of the city."""
    office = offices[COUNTY]
    assert (await post(office, countys, decomposition(await asked_of(office, citys)))).is_success
    assert (await hand_up(office, countys, 1)).status_code == 201
    at = f"{API}/cycles/{citys}/handed-up"
    for end in ("", "/X1"):
        for whose in (PROVINCE, COUNTY, OTHER, None):
            assert problem(await offices[whose].get(f"{at}{end}"))[:2] == (404, "no-such-cycle")
        async with service.caller("assessed_unit", unit="X3", jurisdiction=CITY) as stranger:
            assert (await stranger.get(f"{at}{end}")).status_code == 403
        for role in ("committee", "standing_committee", "auditor"):
            async with service.caller(role, jurisdiction=CITY) as reader:
                assert (await reader.get(f"{at}{end}")).status_code == 200
    unlinked = decomposition(await asked_of(office, citys))
    del unlinked["superior_cycle"]
    assert (await post(office, countys, unlinked)).json()["version"] == 2
    assert problem(await hand_up(office, countys, 2))[:2] == (409, "not-handed-up")
    async with service.altered("handing_up", "document_no = 'x'", f"superior_cycle = '{citys}'"):
        for end in ("", "/X1"):
            altered = await offices[CITY].get(f"{at}{end}")
            assert (altered.status_code, altered.json()["type"]) == (500, "stored-data-altered")
