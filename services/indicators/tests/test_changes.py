"""Another system keeps up with units, mappings and targets by what has changed."""

from service_testing.lists import Replica, read_pages

UNITS = "/api/v1/units"


async def test_units_are_kept_up_with(service, office):
    """Planted bugs: the moment of the registration alone; what changed at the moment itself left
    out; the moment at which a row was written for the one at which it was recorded."""
    replica = Replica(office, UNITS, "code")
    await replica.catch_up()
    assert await replica.lacks() == []
    new = [
        {"code": code, "name": f"单位{code}", "kind": "body", "valid_from": "2020-01-01"}
        for code in ("CH2", "CH1", "CH3")
    ]
    assert (await office.post(UNITS, json={"units": new})).status_code == 201
    # All of one command come at its moment, in the order of their codes.
    assert (await replica.catch_up())[-3:] == ["CH1", "CH2", "CH3"]
    name = {"name": "改名CH2", "kind": "legal", "valid_from": "2025-01-01"}
    assert (await office.post(f"{UNITS}/CH2/names", json=name)).status_code == 201
    assert (await replica.catch_up())[-1] == "CH2"
    from_ = {"predecessors": ["CH3"], "effective_on": "2025-01-01", "document_no": "1号"}
    assert (await office.post(f"{UNITS}/CH1/predecessors", json=from_)).status_code == 201
    assert (await replica.catch_up())[-1] == "CH1"
    assert await replica.lacks() == []
    [last] = (await read_pages(office, UNITS, limit=200, changed_since="2000-01-01T00:00:00Z"))[-1:]
    [told] = await service.sql(
        "SELECT max(recorded_at) AS at FROM journal_entry WHERE chain = 'units'"
    )
    assert last["changed_at"] == told["at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    later = await read_pages(office, UNITS, limit=2, changed_since="2999-01-01T00:00:00Z")
    assert later == []


async def test_mappings_are_kept_up_with(service, office, colleague):
    """Planted bug: the moment at which a mapping was proposed."""
    scheme = {
        "id_scheme": "changes",
        "name_zh": "变更",
        "name_en": "Changes",
        "system": "c.example",
    }
    assert (await office.post("/api/v1/id-schemes", json=scheme)).status_code == 201
    path = "/api/v1/id-schemes/changes/unit-mappings"
    replica = Replica(office, path, "mapping_id")
    rows = [
        {"code": f"C{n}", "unit": "X1", "valid_from": f"202{n}-01-01", "valid_to": f"202{n}-12-31"}
        for n in range(5)
    ]
    ids = [
        row["mapping_id"]
        for row in (await office.post(path, json={"mappings": rows})).json()["rows"]
    ]
    assert sorted(await replica.catch_up()) == sorted(ids)
    word = {"mapping_ids": ids[3:1:-1], "decision": "confirm"}
    assert (await colleague.post(f"{path}/confirmation", json=word)).status_code == 201
    assert (await replica.catch_up())[-2:] == sorted(ids[2:4])
    ended = {"mapping_ids": [ids[2]], "valid_to": "2022-06-01", "reason": "停用"}
    assert (await office.post(f"{path}/ending", json=ended)).status_code == 201
    assert (await replica.catch_up())[-1:] == [ids[2]]
    assert await replica.lacks() == []
    strange = await office.get(
        path, params={"changed_since": "2000-01-01T00:00:00Z", "after": ids[0]}
    )
    assert (strange.status_code, strange.json()["type"]) == (422, "no-such-place")


async def test_versions_of_targets_are_given_from_a_moment_on(office, confirm, opened):
    """Planted bugs: the versions in the order of their units; what was decided at the moment itself
    left out."""
    path = f"{opened}/targets/history"
    targets = [{"unit": unit, "indicator": "C01", "target": "80"} for unit in ("X2", "X1")]
    for one in targets:
        assert (await office.post(f"{opened}/targets", json={"targets": [one]})).status_code == 201

    async def since(moment):
        answer = await office.get(path, params={"changed_since": moment})
        assert answer.status_code == 200, answer.text
        return answer.json()["versions"]

    first = await since("2000-01-01T00:00:00Z")
    assert [each["unit"] for each in first] == ["X2", "X1"]
    why = {"reason": "调整", "document_no": "7号", "approved_by": "市领导"}
    revised = {"targets": [targets[0] | {"target": "90"}], **why}
    assert (await office.post(f"{opened}/target-revisions", json=revised)).status_code == 201
    assert (await confirm(opened)).status_code == 201
    after = await since(first[-1]["changed_at"])
    assert [(each["unit"], each["state"]) for each in after] == [
        ("X1", "issued"),
        ("X2", "revision_pending"),
        ("X2", "revised"),
    ]
