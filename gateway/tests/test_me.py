"""Who the caller is, and what the matrix lets that caller ask for."""

import httpx
import pytest

from chassis import authorisation
from service_testing import AUTHORISATION

from .test_reference import part

ME = "/api/v1/me"
MATRIX = authorisation.load(AUTHORISATION)


def indicators(request):
    if request.url.path == "/openapi.json":
        return httpx.Response(200, json=part("indicators"))
    assert request.headers["authorization"].startswith("Bearer ")
    names = {"ZH01": "某县", "ZH02": None}
    name = names.get(request.url.path.rpartition("/")[2])
    return httpx.Response(200, json={"name": name}) if name else httpx.Response(503)


def others(name):
    return httpx.MockTransport(lambda _: httpx.Response(200, json=part(name)))


@pytest.fixture(scope="module")
async def parts_door(run_gateway):
    services = {name: others(name) for name in ("scoring", "survey", "ranking")}
    return await run_gateway(services | {"indicators": httpx.MockTransport(indicators)})


async def read(door, *roles, **more):
    async with door.client(door.token(*roles, **more)) as client:
        answer = await client.get(ME)
    assert answer.status_code == 200, answer.text
    return answer


def routes(me):
    return {f"{one['method']} {one['path']}": one for one in me["operations"]}


async def test_a_caller_is_told_name_unit_and_roles(parts_door):
    created = await parts_door.create("organiser", subject="chen", name="陈某", unit="ZH01")
    token = await parts_door.sign_in("chen", created["secret"])
    async with parts_door.client(token) as client:
        answer = await client.get(ME)
        again = await client.get(ME, headers={"If-None-Match": answer.headers["etag"]})
    me = answer.json()
    told = {name: me[name] for name in ("subject", "person", "name", "unit", "unit_name", "roles")}
    assert told == {
        "subject": "chen",
        "person": "chen",
        "name": "陈某",
        "unit": "ZH01",
        "unit_name": "某县",
        "roles": [{"code": "organiser", "zh": "组织单位", "en": "organiser"}],
    }
    assert (again.status_code, again.content) == (304, b"")


async def test_no_connection_waits_for_a_service(run_gateway):
    """Right after a start each takes its time, and the database gives up who keeps it waiting.

    Planted bug: ask them while the caller's name is read.
    """
    held, doors = list[int](), []

    def asked(of):
        def answer(request):
            held.extend(each.app.state.sessions.kw["bind"].pool.checkedout() for each in doors)
            return indicators(request) if of == "indicators" else httpx.Response(200, json=part(of))

        return httpx.MockTransport(answer)

    names = ("scoring", "survey", "ranking", "indicators")
    doors.append(await run_gateway({name: asked(name) for name in names}))
    await read(doors[0], "organiser", unit="ZH01")
    assert len(held) >= len(names)
    assert set(held) == {0}


@pytest.mark.parametrize("role", sorted(MATRIX.roles))
async def test_a_caller_is_told_exactly_what_the_matrix_lets_the_caller_ask(parts_door, role):
    """Planted bugs: leave out what everybody may; tell of every row, whoever it speaks of."""
    me = (await read(parts_door, role)).json()
    wanted = {route for route in MATRIX.routes if MATRIX.rows_for(route, [role])}
    assert set(routes(me)) == wanted
    for route, told in routes(me).items():
        rows = MATRIX.rows_for(route, [role])
        always = any(row.relation is None and not row.phases for row in rows)
        assert [
            (c["role"], c["relation"] and c["relation"]["code"], {p["code"] for p in c["phases"]})
            for c in told["conditions"]
        ] == ([] if always else [(row.role, row.relation, row.phases) for row in rows])


async def test_a_condition_is_named_in_both_languages(parts_door):
    told = routes((await read(parts_door, "assessed_unit", unit="ZH01")).json())
    [condition] = told["POST /api/v1/cycles/{cycle_id}/target-proposals"]["conditions"]
    assert condition == {
        "role": "assessed_unit",
        "relation": {"code": "own_unit", **MATRIX.relations["own_unit"]},
        "phases": [{"code": "open", "zh": "开放", "en": "open"}],
    }


async def test_two_roles_may_what_either_may_and_always_what_one_may_always(parts_door):
    """Planted bug: only the first role's rows."""
    both = routes((await read(parts_door, "panel_member", "performance_office")).json())
    assert "GET /api/v1/cycles/{cycle_id}/panel-marks/own" in both
    assert both["GET /api/v1/cycles/{cycle_id}/ledger-entries"]["conditions"] == []


async def test_what_callers_may_is_found_once_for_a_set_of_roles_and_a_scope(parts_door):
    """Planted bugs: leave the scope out of what it is kept by; find it with each request."""
    kept = parts_door.app.state.reached
    await parts_door.app.state.reference.current("zh")  # the ids are known from here on

    async def reached(*roles, **more):
        told = routes((await read(parts_door, *roles, **more)).json())
        return told, kept.items()[-1][1].operations

    whole, first = await reached("panel_member", "performance_office")
    assert await reached("performance_office", "panel_member", unit="ZH01") == (whole, first)
    assert (await reached("performance_office", "panel_member"))[1] is first
    narrow, other = await reached("panel_member", "performance_office", scopes="accounts.read")
    assert other is not first
    assert narrow.keys() < whole.keys()
    assert (await reached("panel_member"))[0].keys() <= whole.keys()


async def test_operations_bear_the_ids_of_the_published_document(parts_door):
    told = routes((await read(parts_door, "auditor")).json())
    assert told[f"GET {ME}"]["operation_id"] == "read_me"
    receipts = "GET /api/v1/journals/scoring/receipts/{hash}"
    assert told[receipts]["operation_id"] == "read_scoring"
    # What its part does not publish has no id.
    assert told["GET /api/v1/units"]["operation_id"] is None


@pytest.mark.parametrize("unit", ["ZH02", None])
async def test_who_the_caller_is_is_told_where_no_service_answers(parts_door, unit):
    """Planted bug: pass the refusal of the service on."""
    me = (await read(parts_door, "organiser", unit=unit)).json()
    assert (me["unit"], me["unit_name"], me["name"]) == (unit, None, None)


async def test_a_service_that_hangs_keeps_nobody_from_reading(run_gateway):
    """Planted bug: no limit on the time that a part may take."""

    async def hang(request):
        import asyncio

        await asyncio.Event().wait()

    door = await run_gateway({"indicators": httpx.MockTransport(hang)}, part_seconds=0.05)
    me = (await read(door, "organiser", unit="ZH01")).json()
    assert (me["unit"], me["unit_name"]) == ("ZH01", None)
