"""How far projects are, told with them by what the ledger says of their nodes."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from scoring.rules.reports.projects import NodeEntry, node_state, project_state

DAY, RATIOS = date(2025, 7, 2), {"on_time": Decimal(1), "late": Decimal("0.5"), "no": Decimal(0)}


@pytest.mark.parametrize(
    ("entries", "due", "wanted"),
    [
        ([], "2025-07-02", "open"),
        ([], "2025-07-01", "overdue"),
        ([("submitted", "on_time")], "2025-07-01", "handed_in"),
        ([("verified", "late")], "2025-07-01", "reached"),
        ([("locked", None)], "2025-07-01", "reached"),
        ([("verified", "no")], "2025-12-01", "not_reached"),
        ([("verified", "no"), ("submitted", "on_time")], "2025-12-01", "not_reached"),
    ],
)
def test_a_node_stands_as_what_was_verified_of_it_says(entries, due, wanted):
    """Planted bugs: what only waits counts; a status that is worth nothing is reached."""
    told = [NodeEntry(*each) for each in entries]
    assert node_state(told, date.fromisoformat(due), DAY, RATIOS) == wanted


@pytest.mark.parametrize(
    ("nodes", "starts", "wanted"),
    [
        (["reached", "reached"], "2025-01-01", "complete"),
        (["reached", "overdue"], "2025-01-01", "overdue"),
        (["not_reached", "open"], "2025-01-01", "overdue"),
        (["open", "open"], "2025-07-02", "under_way"),
        (["open", "open"], "2025-07-03", "not_begun"),
        (["reached", "open"], "2025-07-03", "under_way"),
    ],
)
def test_a_project_stands_as_its_nodes_do(nodes, starts, wanted):
    assert project_state(nodes, date.fromisoformat(starts), DAY) == wanted


# Over HTTP


@pytest.fixture(scope="module")
async def led(new_cycle, others):
    """A cycle in which XQ01 leads a project with XQ02; one node was verified, one handed in, and
    one is past its day."""
    cycle = new_cycle()
    nodes = [{"item": str(n), "due": "2025-03-31"} for n in (1, 2, 3)]
    about = {"starts_on": "2025-02-01", "completes_on": "2025-11-30", "indicator": "C02"}
    project = {"project": "P-01", "version": 2, "name": "扩建", "leader": "张三", **about}
    project |= {"lead_unit": "XQ01", "units": ["XQ02"], "nodes": nodes}
    others.projects[cycle.cycle_id] = [project]
    node = {"unit": "XQ01", "indicator": "C02", "kind": "milestone", "word": "on_time"}
    [first] = await cycle.enter(node | {"item": "1"}, unit="ZH01")
    await cycle.verify(entry_ids=[first])
    await cycle.enter(node | {"item": "2"}, unit="ZH01")
    return SimpleNamespace(cycle=cycle, first=first)


async def read(cycle, client, status=200, **query):
    answer = await client.get(f"{cycle.path}/project-states", params=query)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_project_is_told_with_what_the_ledger_says_of_its_nodes(led):
    """Planted bug: the entry that waits is told in the place of the one that counts."""
    own = led.cycle.caller("assessed_unit", unit="XQ01")
    source, path = led.cycle.source("ZH01"), f"ledger-entries/{led.first}/restatement"
    answer = await led.cycle.post(source, path, {"reason": "更正", "word": "not_done"})
    assert answer.status_code == 201, answer.text
    for client in (led.cycle.office, own):
        [told] = (await read(led.cycle, client))["projects"]
        assert [each["state"] for each in told["nodes"]] == ["reached", "handed_in", "overdue"]
        assert (told["state"], told["reached"], told["version"]) == ("overdue", 1, 2)
        assert (told["nodes"][0]["entry_id"], told["nodes"][0]["word"]) == (led.first, "on_time")
    assert (await read(led.cycle, own, unit="XQ03"))["projects"] == []


async def test_nodes_are_the_same_however_written_and_many_projects_are_one_question(
    new_cycle, others
):
    """Planted bugs: nodes compared letter by letter; entries of one project told of another; a
    question for each project."""
    cycle = new_cycle()
    about = {"starts_on": "2025-02-01", "completes_on": "2025-11-30", "version": 1, "name": "x"}
    projects = [
        {"project": f"P-{unit}{indicator}", "lead_unit": unit, "indicator": indicator, **about}
        | {"leader": "张三", "units": [], "nodes": [{"item": "１", "due": "2025-03-31"}]}
        for unit, indicator in (("XQ01", "C02"), ("XQ02", "C02"), ("XQ01", "C01"))
    ]
    node = {"unit": "XQ01", "indicator": "C02", "kind": "milestone", "word": "on_time"}
    await cycle.enter(node | {"item": "1"}, unit="ZH01")
    asked = []
    for some in (projects[:1], projects):
        others.projects[cycle.cycle_id] = some
        await read(cycle, cycle.office)
        with cycle.service.statements() as heard:
            told = (await read(cycle, cycle.office))["projects"]
        asked.append(len(heard))
        states = {each["project"]: each["nodes"][0]["state"] for each in told}
        assert states.pop("P-XQ01C02") == "handed_in"
        assert {*states.values()} <= {"overdue"}
    assert asked[0] == asked[1]


async def test_who_does_not_read_the_leading_units_entries_is_not_told(led):
    """Planted bug: nodes whose entries are not read are shown as overdue."""
    other = led.cycle.caller("assessed_unit", unit="XQ02")
    [told] = (await read(led.cycle, other))["projects"]
    assert (told["state"], told["reached"]) == (None, None)
    for node in told["nodes"]:
        assert {node[name] for name in ("state", "entry_id", "entry_state", "word")} == {None}
    await read(led.cycle, led.cycle.caller("assessed_unit", unit="ZZ99"), 403)
