"""What is expected of the caller: the tasks of all services, and of whom nothing was heard."""

import asyncio

import httpx
import pytest

from .conftest import ADMIN
from .test_reference import part

TASKS = "/api/v1/me/tasks"
ONE, TWO = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
DRAFT = "00000000-0000-4000-8000-000000000003"
RECEIPTS = "/api/v1/journals/scoring/receipts/{hash}"
CYCLES = [
    {"cycle_id": DRAFT, "name": "二〇二六", "phase": "draft"},
    {"cycle_id": TWO, "name": "二〇二五", "phase": "open"},
    {"cycle_id": ONE, "name": "二〇二四", "phase": "open"},
]


def task(kind, deadline=None, **more):
    said = {"kind": kind, "zh": "办", "en": "do", "count": 2, "deadline": deadline, "about": {}}
    path = "/api/v1/units"
    return {**said, "method": "GET", "path": path, "route": path, "listed_at": None, **more}


class Service:
    """A service that says its tasks by cycle, or a status, or nothing; `asked` are the paths."""

    def __init__(self, name):
        self.name, self.said, self.asked, self.cycles = name, {}, [], CYCLES

    async def __call__(self, request):
        path = request.url.path
        if path == "/openapi.json":
            return httpx.Response(200, json=part(self.name))
        self.asked.append(path)
        assert request.headers["authorization"].startswith("Bearer ")
        if path == "/api/v1/cycles":
            return httpx.Response(200, json={"items": self.cycles, "next": None})
        if path.count("/") == 4 and "cycles" in path:
            [one] = [each for each in CYCLES if each["cycle_id"] == path.rpartition("/")[2]]
            return httpx.Response(200, json=one)
        cycle = path.split("/")[4] if "/cycles/" in path else None
        said = self.said.get(cycle, [])
        if said == "hang":
            await asyncio.Event().wait()
        if isinstance(said, int):
            return httpx.Response(said, json={"type": "x"})
        return httpx.Response(200, json=said if isinstance(said, dict) else {"tasks": said})


@pytest.fixture
def services():
    return {name: Service(name) for name in ("indicators", "scoring", "survey", "ranking")}


@pytest.fixture
async def behind(run_gateway, services):
    transports = {name: httpx.MockTransport(each) for name, each in services.items()}
    return await run_gateway(transports, part_seconds=60)


async def told(door, query="", *roles, **who):
    async with door.client(door.token(*(roles or ("auditor",)), **who)) as client:
        answer = await client.get(TASKS + query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def silent(own):
    return {(p["service"], p["cycle_id"], p["refusal"]) for p in own["parts"] if not p["answered"]}


async def test_tasks_of_all_services_and_open_cycles_come_together(behind, services):
    """Planted bugs: draft cycles are asked about; the order is that of the answers."""
    services["scoring"].said = {
        ONE: [task("late", "2025-01-31"), task("whenever")],
        TWO: [task("soon", "2025-12-31", about={"period": "2025"}, route=RECEIPTS)],
    }
    services["indicators"].said = {None: [task("outside")]}
    services["ranking"].said = {TWO: [task("next", "2025-06-30")]}
    own = await told(behind)
    assert [(t["kind"], t["service"], t["cycle_id"], t["cycle_name"]) for t in own["tasks"]] == [
        ("late", "scoring", ONE, "二〇二四"),
        ("next", "ranking", TWO, "二〇二五"),
        ("soon", "scoring", TWO, "二〇二五"),
        ("outside", "indicators", None, None),
        ("whenever", "scoring", ONE, "二〇二四"),
    ]
    assert own["tasks"][2]["about"] == {"cycle": "二〇二五", "period": "2025"}
    assert [t["about"].get("cycle") for t in own["tasks"][3:]] == [None, "二〇二四"]
    ids = [each["operation_id"] for each in own["tasks"]]
    assert ids == [None, None, "read_scoring", None, None]  # what no part publishes has none
    assert (silent(own), own["more"], own["cycles_left"]) == (set(), 0, 0)
    assert {(p["service"], p["cycle_id"]) for p in own["parts"]} == {
        ("gateway", None), ("indicators", None),
        *((name, cycle) for name in services for cycle in (ONE, TWO)),
    }  # fmt: skip


async def test_what_does_not_fit_is_counted(behind, services):
    services["scoring"].said = {ONE: [task(f"k{n}", f"2025-01-{n:02}") for n in range(10, 20)]}
    own = await told(behind, "?limit=3")
    assert ([t["kind"] for t in own["tasks"]], own["more"]) == (["k10", "k11", "k12"], 7)


@pytest.mark.parametrize(
    ("said", "refusal"), [("hang", None), (500, None), ({"tasks": [{"kind": 1}]}, None), (403, 403)]
)
async def test_a_part_that_said_nothing_is_marked_and_keeps_nobody_waiting(
    behind, services, said, refusal
):
    """Planted bugs: leave it out in silence; wait for it once for each cycle."""
    services["survey"].said = {TWO: said}
    services["scoring"].said = {TWO: [task("there")]}
    if said == "hang":  # long enough for the others, however busy this machine is
        behind.app.state.services._seconds = 2
    own = await told(behind)
    assert [t["kind"] for t in own["tasks"]] == ["there"]
    # one that refused is asked about other cycles, one that is silent is not
    left = set() if refusal else {("survey", ONE, None)}
    assert silent(own) == {("survey", TWO, refusal), *left}
    about_one = f"/api/v1/cycles/{ONE}/tasks/survey"
    assert (about_one in services["survey"].asked) == bool(refusal)


async def test_without_the_cycles_every_service_is_marked(behind, services):
    services["indicators"].cycles = None
    own = await told(behind)
    assert {name for name, *_ in silent(own)} == set(services)


async def test_only_the_newest_cycles_are_asked_about_unless_one_is_named(behind, services):
    """Planted bug: as many requests as there are years."""
    many = [{**CYCLES[1], "cycle_id": TWO[:-2] + f"{n:02}"} for n in range(12)]
    services["indicators"].cycles = many
    own = await told(behind)
    asked = [path for path in services["scoring"].asked if "/tasks/" in path]
    assert (len(asked), own["cycles_left"]) == (10, 2)
    services["scoring"].said = {ONE: [task("there")]}
    own = await told(behind, f"?cycle_id={ONE}")
    assert [t["kind"] for t in own["tasks"]] == ["there"]
    assert (await told(behind, f"?cycle_id={DRAFT}"))["tasks"] == []


async def test_accounts_with_powerful_roles_wait_for_another_administrator(behind):
    """Planted bugs: whoever created it confirms it, or whoever is to use it."""
    await behind.create("system_administrator", subject="second", person="second")
    await behind.create("performance_office", subject="big", person="big", name="要员")
    role = "system_administrator"
    other = await told(behind, "", role, subject="third", person="third")
    [one] = [t for t in other["tasks"] if t["about"].get("subject") == "big"]
    assert (one["kind"], one["path"]) == ("confirm-account", "/api/v1/accounts/big/confirmation")
    assert (one["service"], one["cycle_id"]) == ("gateway", None)
    for who in (
        {"subject": ADMIN},
        {"subject": "big2", "person": "Big"},
    ):
        mine = await told(behind, "", role, **who)
        assert "big" not in [t["about"].get("subject") for t in mine["tasks"]], who
    assert (await told(behind, "", "auditor"))["tasks"] == []
    async with behind.client(behind.token(role, subject="third", person="third")) as client:
        assert (await client.post(one["path"])).status_code == 201
    left = (await told(behind, "", role, subject="third", person="third"))["tasks"]
    assert {t["kind"] for t in left} == {"name-audit-administrator", "name-security-administrator"}
