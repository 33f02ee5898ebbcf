"""What rankings and reports expect of whom: each step, for the right person, until it is taken."""

import pytest

VETO = {
    "unit": "XQ09",
    "code": "V02",
    "document_no": "云应急〔2026〕1号",
    "decided_on": "2026-02-10",
}
DEMOTION = {**VETO, "unit": "XQ05", "code": "DM02"}
LIFTING = {"reason": "x", "document_no": "云应急〔2026〕2号"}
STEPS = {
    "merge-ranking": ("merge", {"office", "colleague"}),
    "review-ranking": ("review", {"committee"}),
    "decide-ranking": ("decision", {"standing"}),
    "publish-ranking": ("publication", {"colleague"}),
}


@pytest.fixture(scope="session")
def everybody(service):
    """Give one of everybody who has to do with rankings, by name."""
    office = "performance_office"
    return {
        "office": service.caller(office, subject="o", person="o"),
        "colleague": service.caller(office, subject="c", person="c"),
        "competing": service.caller(office, unit="XQ01", subject="k", person="k"),
        "committee": service.caller("committee", subject="m", person="m"),
        "merged as well": service.caller("committee", subject="o2", person="O"),
        "own committee": service.caller("committee", unit="XQ02", subject="n", person="n"),
        "standing": service.caller("standing_committee", subject="s", person="s"),
        "body": service.caller("second_body", unit="ZF01", subject="b", person="b"),
        "responsible": service.caller("responsible_body", unit="ZH11", subject="r", person="r"),
        "auditor": service.caller("auditor"),
        "unit": service.caller("assessed_unit", unit="XQ09"),
        "organiser": service.caller("organiser", unit="ZH40"),
    }


@pytest.fixture
def others(peers):
    """The other services, as a test may change them for itself."""
    kept = ("phases", "untold", "scheme")
    before = {name: getattr(peers, name) for name in kept}
    yield peers
    for name, value in before.items():
        setattr(peers, name, value)


async def told(client, cycle):
    answer = await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")
    assert answer.status_code == 200, answer.text
    return answer.json()["tasks"]


async def who(everybody, cycle):
    """Who has which tasks."""
    found = dict[str, set[str]]()
    for name, client in everybody.items():
        for each in await told(client, cycle):
            found.setdefault(each["kind"], set()).add(name)
    return found


async def test_each_step_of_the_chain_waits_for_its_own_people_in_turn(cycle, everybody):
    """Planted bugs: who took a step takes another one; a competitor; another role's step."""
    assert await who(everybody, cycle) == {}
    edition = await cycle.rank()
    for kind, (step, people) in STEPS.items():
        assert await who(everybody, cycle) == {kind: people}
        one = everybody["office" if "office" in people else min(people)]
        [task] = await told(one, cycle)
        assert task["about"] == {"category": "COUNTY", "edition": str(edition)}
        assert task["path"].endswith(f"/rankings/{edition}/{step}")
        answer = await one.post(task["path"], json={})
        assert answer.status_code == 201, answer.text
    assert await who(everybody, cycle) == {}


async def test_reports_wait_for_another_person_and_hold_the_ranking_up(cycle, everybody):
    """Planted bugs: who reported confirms; a ranking from before a report is passed on."""
    await cycle.rank()
    answer = await everybody["office"].post(
        f"/api/v1/cycles/{cycle.cycle_id}/vetoes", json={**VETO, "code": "V01"}
    )
    assert answer.status_code == 201
    assert await who(everybody, cycle) == {"confirm-veto": {"colleague"}}
    [task] = await told(everybody["colleague"], cycle)
    assert task["about"] == {
        "unit": "XQ09", "code": "V01", "number": str(answer.json()["veto"]["number"])
    }  # fmt: skip
    confirm = {"of": "report", "decision": "confirm"}
    assert (await everybody["colleague"].post(task["path"], json=confirm)).status_code == 201
    assert await who(everybody, cycle) == {}  # ranked before it
    await cycle.rank()
    assert await who(everybody, cycle) == {"merge-ranking": {"office", "colleague"}}

    await cycle.report("/demotions", DEMOTION)
    number = cycle.reported[-1]
    path = f"/api/v1/cycles/{cycle.cycle_id}/demotions/{number}/lifting"
    assert (await everybody["office"].post(path, json=LIFTING)).status_code == 201
    assert await who(everybody, cycle) == {"confirm-demotion-lifting": {"colleague"}}


async def test_where_the_office_is_barred_the_second_body_is_told(cycle, everybody, others):
    """Planted bug: do not ask for recusals."""
    others.scheme = others.scheme | {"recusals": [{"unit": "XQ04", "body": "ZF01"}]}
    await cycle.rank()
    assert await who(everybody, cycle) == {"merge-ranking": {"body"}}
    await cycle.post("/vetoes", VETO, role="responsible_body", unit="ZH11", subject="he")
    assert await who(everybody, cycle) == {"confirm-veto": {"body"}}


async def test_what_is_not_told_or_not_sealed_is_not_to_be_merged_yet(cycle, everybody, others):
    await cycle.rank()
    others.untold = {3}
    assert await who(everybody, cycle) == {}
    others.untold, others.phases = set(), {3: "open"}
    assert await who(everybody, cycle) == {}


async def test_it_takes_as_many_statements_however_many_editions_there_are(
    service, cycle, everybody
):
    """Planted bug: read the steps edition by edition."""

    async def asked():
        with service.statements() as said:
            await told(everybody["office"], cycle)
        return len(said)

    await cycle.rank()
    await cycle.report("/vetoes", {**VETO, "code": "V01"})
    await cycle.rank()
    few = await asked()
    await cycle.report("/demotions", DEMOTION)
    await cycle.rank()
    await cycle.rank()
    assert await asked() == few
    assert few <= 26
