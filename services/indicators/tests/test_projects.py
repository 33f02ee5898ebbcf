"""Projects of units: their nodes are milestones, each of one project, and have no state here."""

import pytest

PROJECT = {
    "project": "P1",
    "name": "北环路",
    "leader": "甲",
    "lead_unit": "X1",
    "units": ["X2"],
    "indicator": "C04",
    "starts_on": "2025-03-01",
    "completes_on": "2025-11-30",
    "nodes": [{"item": "路基", "due": "2025-06-30"}, {"item": "路面", "due": "2025-11-30"}],
}


@pytest.fixture(scope="session")
async def unit(service):
    async with service.caller("assessed_unit", unit="X1", subject="u", person="u") as client:
        yield client


async def post(caller, cycle, **over):
    return await caller.post(f"{cycle}/projects", json={"projects": [PROJECT | over]})


async def listed(caller, cycle, **query):
    return (await caller.get(f"{cycle}/projects", params=query)).json()["projects"]


async def test_a_project_is_kept_by_its_leading_unit_and_read_by_who_takes_part(
    service, office, unit, opened, problem
):
    """Planted bugs: overwrite the project; let a unit take over what another one leads."""
    assert (await post(unit, opened)).json()["rows"][0]["version"] == 1
    again = await unit.post(f"{opened}/projects?mode=partial", json={"projects": [PROJECT]})
    assert again.json()["unchanged"] == 1
    assert (await post(office, opened, leader="乙")).json()["rows"][0]["version"] == 2
    async with (
        service.caller("assessed_unit", unit="X2") as member,
        service.caller("assessed_unit", unit="X3") as other,
    ):
        (told,) = await listed(member, opened)
        assert await listed(other, opened) == []
        assert (await post(other, opened)).status_code == 403
        mine = {"lead_unit": "X3", "units": [], "nodes": [{"item": "桥", "due": "2025-06-30"}]}
        answer = await post(other, opened, **mine)
        assert problem(answer)[2] == [("/projects/0/project", "code-taken")]
        assert "X1" not in answer.text  # a rival's project is not told of
    assert (told["leader"], told["version"], told["nodes"]) == ("乙", 2, PROJECT["nodes"])
    query = "unit=X1&indicator=C04&kind=milestone"
    assert told["entries_at"] == f"{opened}/ledger-entries?{query}"
    assert [each["version"] for each in await listed(office, opened, former=True)] == [1, 2]


NODE = {"item": "路基", "due": "2025-06-30"}


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"indicator": "C01"}, [("indicator", "no-milestones")]),
        ({"units": ["X9", "X1"]}, [("units/0", "unknown-unit"), ("units", "lead-repeated")]),
        ({"nodes": [NODE, NODE]}, [("nodes/1/item", "named-twice")]),
        (
            {"nodes": [NODE | {"item": "A1"}, NODE | {"item": "ａ１"}]},
            [("nodes/1/item", "named-twice")],
        ),
        ({"nodes": [NODE | {"due": "2025-12-31"}]}, [("nodes/0/due", "outside-the-project")]),
        (
            {"completes_on": "2025-02-01", "nodes": [NODE]},
            [("completes_on", "before-its-start"), ("nodes/0/due", "outside-the-project")],
        ),
        ({"project": "P2"}, [("nodes/0/item", "of-another-project")] * 2),
        (
            {"project": "P2", "nodes": [NODE | {"item": "路 基"}]},
            [("nodes/0/item", "of-another-project")],
        ),
    ],
)
async def test_a_project_that_cannot_be_is_refused(
    office, opened, problem, untouched_after, over, faults
):
    """Planted bugs: let two projects have one node; compare nodes as they are written; take a day
    that is not in the project."""
    assert (await post(office, opened)).status_code == 201
    async with untouched_after():
        answer = await post(office, opened, **over)
    status, kind, found = problem(answer)
    assert (status, kind) == (422, "projects-faulty")
    assert [(at.rpartition("/projects/0/")[2], code) for at, code in found][:1] == faults[:1]
    assert len(found) == len(faults)


async def test_nodes_that_the_scheme_sets_are_those_and_on_their_days(
    office, cycle, document, problem
):
    """Planted bug: take any item although the scheme lists them."""
    params = "/categories/0/blocks/0/indicators/3/params"
    ratios = {"done": "1", "late": "0.5", "open": "0"}
    nodes = [{"item": "N1", "name": "路基", "due": "2025-06-30"}]
    by_day = {"on_time": "done", "late": "late"}
    set_by_scheme = {"status_ratio": ratios, "nodes": nodes, "by_day": by_day}
    for path, body in (
        ("scheme-versions", {"scheme": document({params: set_by_scheme})}),
        ("scheme-versions/1/publication", None),
    ):
        answer = await office.post(f"{cycle}/{path}", json=body)
        assert answer.status_code == 201, answer.text
    wanted = [NODE, {"item": "N1", "due": "2025-07-01"}]
    answer = await post(office, cycle, nodes=wanted)
    assert problem(answer)[2] == [
        ("/projects/0/nodes/0/item", "unknown-item"),
        ("/projects/0/nodes/1/due", "other-day"),
    ]
    fitting = [{"item": "N1", "due": "2025-06-30"}]
    assert (await post(office, cycle, nodes=fitting)).status_code == 201
