"""What targets and codes expect of whom: each kind of task, for the right person, until done."""

import pytest

PROPOSAL = {"unit": "X1", "indicator": "C01", "target": "80"}
NAMED = {"unit": "X1", "indicator": "C01"}
WHY = {"reason": "省定目标调整", "document_no": "省绩办〔2025〕7号"}


@pytest.fixture(scope="session")
def everybody(service):
    """Give one of everybody who has to do with targets, by name."""
    office = "performance_office"
    return {
        "office": service.caller(office, unit="B01", subject="o", person="o"),
        "colleague": service.caller(office, unit="B01", subject="c", person="c"),
        "concerned": service.caller(office, unit="X1", subject="k", person="k"),
        "unit": service.caller("assessed_unit", unit="X1", subject="u", person="u"),
        "both": service.caller(office, unit="B01", subject="u2", person="U"),
        "other unit": service.caller("assessed_unit", unit="X2"),
        "body": service.caller("second_body", unit="B02", subject="b", person="b"),
        "committee": service.caller("committee"),
        "auditor": service.caller("auditor"),
        "source": service.caller("data_source_unit", unit="X1"),
    }


async def told(client, path):
    answer = await client.get(f"{path}/tasks/indicators")
    assert answer.status_code == 200, answer.text
    # Codes of units are everybody's: mappings of other id schemes may wait too.
    tasks = [t for t in answer.json()["tasks"] if t["about"].get("id_scheme", "todo") == "todo"]
    return {each["kind"]: each for each in tasks}


async def who(everybody, path, kind):
    found = {name: (await told(client, path)).get(kind) for name, client in everybody.items()}
    return {name: each["count"] for name, each in found.items() if each is not None}


async def post(caller, cycle, what, **body):
    answer = await caller.post(f"{cycle}/target{what}", json=body)
    assert answer.status_code == 201, answer.text


async def test_a_target_goes_from_one_who_has_to_act_to_the_next(opened, everybody):
    """Planted bugs: the proposer's other account decides; a unit's own people; the one who asked
    confirms; what was sent back is everybody's."""
    unit, office = everybody["unit"], everybody["office"]
    others = {"office": 1, "colleague": 1}
    await post(unit, opened, "-proposals", targets=[PROPOSAL])
    assert await who(everybody, opened, "decide-on-targets") == others
    task = (await told(office, opened))["decide-on-targets"]
    assert (task["path"], task["deadline"]) == (f"{opened}/target-decisions", "2199-12-31")
    back = NAMED | {"version": 1, "decision": "return", "reason": "偏低"}
    await post(office, opened, "-decisions", decisions=[back])
    assert await who(everybody, opened, "decide-on-targets") == {}
    assert await who(everybody, opened, "propose-targets-again") == {"unit": 1}
    await post(unit, opened, "-proposals", targets=[PROPOSAL])
    assert await who(everybody, opened, "propose-targets-again") == {}
    approved = NAMED | {"version": 3, "decision": "approve"}
    await post(office, opened, "-decisions", decisions=[approved])
    assert await who(everybody, opened, "issue-targets") == others
    await post(office, opened, "s", targets=[PROPOSAL], reason="x")
    assert await who(everybody, opened, "issue-targets") == {}
    lower = [PROPOSAL | {"target": "70"}]
    await post(office, opened, "-revisions", targets=lower, approved_by="x", **WHY)
    assert await who(everybody, opened, "confirm-targets") == {"colleague": 1}
    confirm = NAMED | {"version": 6, "decision": "confirm"}
    await post(everybody["colleague"], opened, "-confirmations", decisions=[confirm])
    assert await who(everybody, opened, "confirm-targets") == {}


async def test_about_some_units_a_second_body_decides_and_nobody_else(
    office, cycle, document, everybody
):
    """Planted bug: do not ask for recusals."""
    scheme = document({"/recusals": [{"unit": "X1", "body": "B02"}]})
    for path, body in (("", {"scheme": scheme}), ("/1/publication", None)):
        answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    await post(everybody["unit"], cycle, "-proposals", targets=[PROPOSAL])
    assert await who(everybody, cycle, "decide-on-targets") == {"body": 1}


async def test_mappings_wait_for_somebody_else_than_who_proposed_them(opened, everybody):
    office = everybody["office"]
    new = {"id_scheme": "todo", "name_zh": "待办", "name_en": "to do", "system": "x"}
    new |= {"units": True, "indicators": True}
    assert (await office.post("/api/v1/id-schemes", json=new)).status_code == 201
    held = {"valid_from": "2025-01-01", "valid_to": None}
    for at, kind, path, meaning in (
        (opened, "confirm-indicator-mappings", f"{opened}/id-schemes/todo/indicator-mappings",
         [{"indicator": "C01"}, {"indicator": "C01"}]),
        ("/api/v1", "confirm-unit-mappings", "/api/v1/id-schemes/todo/unit-mappings",
         [{"unit": "X1"}, {"unit": "X2"}]),
    ):  # fmt: skip
        rows = [{"code": f"9{n}", **held, **each} for n, each in enumerate(meaning)]
        answer = await office.post(path, json={"mappings": rows})
        assert answer.status_code == 201, answer.text
        waiting = {"colleague": 2, "concerned": 2, "both": 2}
        assert await who(everybody, at, kind) == waiting
        task = (await told(everybody["colleague"], at))[kind]
        listed = (await everybody["colleague"].get(task["listed_at"])).json()["items"]
        body = {"mapping_ids": [m["mapping_id"] for m in listed], "decision": "confirm"}
        answer = await everybody["colleague"].post(task["path"], json=body)
        assert answer.status_code == 201, answer.text
        assert await who(everybody, at, kind) == {}


async def test_settlements_wait_for_another_person(office, cycle, document, everybody):
    """Planted bug: whoever asked may confirm."""
    first = "/categories/0/blocks/0/indicators/0"
    second = "/categories/0/blocks/0/indicators/2/children/0"
    same = {f"{first}/matter": "pm", f"{second}/matter": "pm", f"{second}/measure": "%"}
    for path, body in (("", {"scheme": document(same)}), ("/1/publication", None)):
        answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    aims = [{"indicator": "C01", "target": "10"}, {"indicator": "C03A", "target": "12"}]
    asked = {"settlements": [{"unit": "X1", "matter": "pm", "targets": aims}], **WHY}
    await post(everybody["office"], cycle, "-settlements", **asked)
    wanted = {"colleague": 1, "both": 1}
    assert await who(everybody, cycle, "confirm-settlements") == wanted
    word = {"unit": "X1", "matter": "pm", "version": 1, "decision": "confirm"}
    await post(everybody["colleague"], cycle, "-settlement-confirmations", decisions=[word])
    assert await who(everybody, cycle, "confirm-settlements") == {}


async def test_it_takes_as_many_statements_however_many_targets_wait(service, opened, everybody):
    """Planted bug: read the versions target by target."""

    async def asked():
        with service.statements() as said:
            await told(everybody["colleague"], opened)
        return len(said)

    await told(everybody["colleague"], opened)  # who comes first reads the scheme
    one = await asked()
    rows = [PROPOSAL | {"unit": unit} for unit in ("X1", "X2", "X3")]
    await post(everybody["office"], opened, "s", targets=rows, reason="x")
    lower = [each | {"target": "70"} for each in rows]
    await post(everybody["office"], opened, "-revisions", targets=lower, approved_by="x", **WHY)
    assert (await who(everybody, opened, "confirm-targets"))["colleague"] == 3
    assert await asked() == one <= 12
