"""Units, years, targets and mappings by their filters, against a filter in Python."""

from itertools import product

import pytest

from service_testing.lists import Filter, combinations, differing, field, read_pages

COUNTY = {"X1", "X2", "X3"}


async def test_years_are_listed_by_year_division_and_phase(office, opened, cycle):
    """Planted bug: filter after the page was cut."""
    for year, division in ((2031, "430000"), (2032, "430100"), (2031, "430100")):
        new = {"name": f"{year}年度", "jurisdiction": division, "assessment_year": year}
        assert (await office.post("/api/v1/cycles", json=new)).status_code == 201
    filters = {
        "year": field("assessment_year", ["2031"], ["2025", "2032"], ["2199"]),
        "jurisdiction": field("jurisdiction", ["430100"], ["431000"]),
        "phase": field("phase", ["draft"], ["open"]),
    }
    assert await differing(office, "/api/v1/cycles", filters) == []
    strange = await office.get("/api/v1/cycles", params={"phase": "closed"})
    assert strange.json()["errors"][0]["pointer"] == "/query/phase"


async def test_units_are_listed_by_the_category_that_assesses_them(office, opened, problem):
    """Planted bug: take a category without its year for one that is not asked for."""
    cycle_id = opened.rpartition("/")[2]
    [dept, none] = [
        await read_pages(office, "/api/v1/units", limit=1, cycle_id=cycle_id, category=category)
        for category in ("DEPT", "NONE")
    ]
    assert ([each["code"] for each in dept], none) == (["D1", "D2"], [])
    of_year = await read_pages(office, "/api/v1/units", limit=2, cycle_id=cycle_id)
    assert {each["code"] for each in of_year} == COUNTY | {"D1", "D2"}
    nameless = await office.get("/api/v1/units", params={"category": "DEPT"})
    assert problem(nameless) == (422, "cycle-not-named", [("/query/category", "cycle-not-named")])


@pytest.fixture(scope="module")
async def mapped(office, colleague):
    """Give the path of mappings in every state, on days that follow one another."""
    new = {"name_zh": "筛选", "name_en": "Filtered", "system": "filters.example"}
    answer = await office.post("/api/v1/id-schemes", json=new | {"id_scheme": "filtered"})
    assert answer.status_code == 201, answer.text
    path = "/api/v1/id-schemes/filtered/unit-mappings"
    rows = [
        {"code": f"F{n}", "unit": unit, "valid_from": f"{year}-01-01", "valid_to": f"{year}-12-31"}
        for n, (unit, year) in enumerate(product(("X1", "X2"), (2024, 2025, 2026)))
    ]
    proposed = (await office.post(path, json={"mappings": rows})).json()["rows"]
    ids = [each["mapping_id"] for each in proposed]
    for decision, of in (("confirm", ids[:3]), ("refuse", ids[3:4])):
        body = {"mapping_ids": of, "decision": decision, "reason": "核对"}
        assert (await colleague.post(f"{path}/confirmation", json=body)).status_code == 201
    ended = {"mapping_ids": ids[:1], "valid_to": "2024-06-01", "reason": "停用"}
    assert (await office.post(f"{path}/ending", json=ended)).status_code == 201
    return path


async def test_mappings_are_listed_by_code_unit_state_and_day(service, office, mapped):
    """Planted bug: hold the day of the end for one on which the mapping holds."""

    def holds(item, day):
        return item["valid_from"] <= day and (item["valid_to"] is None or day < item["valid_to"])

    filters = {
        "code": field("code", ["F1"], ["F0", "F4"]),
        "unit": field("unit", ["X1"], ["GONE"]),
        "state": field("state", ["proposed"], ["confirmed", "ended"], ["refused"]),
        "day": Filter([["2024-06-01"], ["2025-01-01"], ["2025-12-31"]], holds),
    }
    assert await differing(office, mapped, filters) == []
    with service.statements() as asked:
        await office.get(mapped)
    with service.statements() as filtered:
        await office.get(mapped, params={"code": ["F1", "F2"], "state": "confirmed"})
    assert len(filtered) == len(asked)


async def test_targets_are_listed_by_unit_indicator_and_state(service, office, confirm, opened):
    """Planted bugs: keep the document by its cycle alone; give a unit the target of another that
    it names."""
    targets = [
        {"unit": unit, "indicator": code, value: "80"}
        for unit, (code, value) in product(("X1", "X2"), (("C01", "target"), ("C08", "baseline")))
    ]
    assert (await office.post(f"{opened}/targets", json={"targets": targets})).status_code == 201
    why = {"reason": "省定目标调整", "document_no": "省绩办〔2025〕7号", "approved_by": "市领导"}
    revised = {"targets": [targets[0] | {"target": "90"}], **why}
    assert (await office.post(f"{opened}/target-revisions", json=revised)).status_code == 201
    assert (await confirm(opened)).status_code == 201

    async def listed(client, path, of, **query):
        answer = await client.get(f"{opened}/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()[of]

    filters = {
        "unit": field("unit", ["X1"], ["X1", "X2"], ["GONE"]),
        "indicator": field("indicator", ["C01"], ["C08", "C09"]),
        "state": field("state", ["issued"], ["revised"]),
    }
    whole = await listed(office, "targets", "targets")
    assert {each["state"] for each in whole} == {"issued", "revised"}
    for chosen in combinations(filters):
        query = {name: list(values) for name, values in chosen.items() if values}
        assert await listed(office, "targets", "targets", **query) == [
            item for item in whole if all(filters[n].passes(item, chosen[n]) for n in filters)
        ], chosen
    async with service.caller("assessed_unit", unit="X2") as unit:
        assert await listed(unit, "targets", "targets", unit="X1") == []
        both = await listed(unit, "targets", "targets", unit=["X1", "X2"])
        assert {each["unit"] for each in both} == {"X2"}
        assert await listed(unit, "targets/history", "versions", q="省绩办") == []
    told = await listed(office, "targets/history", "versions", q="省绩办", state=["revised"])
    assert [(each["unit"], each["state"]) for each in told] == [("X1", "revised")]
