"""A row changed in the database is named, and neither told nor built upon."""

import datetime as dt

import asyncpg
import pytest

from indicators import queries
from indicators.tables import Base

TODAY = queries.local_day(dt.datetime.now(dt.UTC), queries.TIME_ZONE)

TARGET = {"unit": "X1", "indicator": "C01", "target": "80"}


FUNCTION = "/categories/0/blocks/0/indicators"
SAME = {
    f"{FUNCTION}/0/matter": "pm",
    f"{FUNCTION}/2/children/0/matter": "pm",
    f"{FUNCTION}/2/children/0/measure": "%",
}
SETTLEMENT = {
    "settlements": [
        {
            "unit": "X1",
            "matter": "pm",
            "targets": [
                {"indicator": "C01", "target": "80"},
                {"indicator": "C03A", "target": "81"},
            ],
        }
    ],
    "reason": "口径不同",
    "document_no": "9号",
}


PROJECT = {
    "project": "P1",
    "name": "路",
    "leader": "甲",
    "lead_unit": "X1",
    "indicator": "C04",
    "starts_on": "2025-01-01",
    "completes_on": "2025-12-31",
    "nodes": [{"item": "路基", "due": "2025-06-30"}],
}


DECOMPOSITION = {
    "superior": "市",
    "document_no": "6号",
    "document_date": "2025-03-10",
    "points": "1",
    "indicators": [{"code": "C1", "name": "x", "block": "b", "points": "1", "unowned": "x"}],
    "shares": [],
    "contacts": [],
}


HANDED_UP = """
    INSERT INTO handing_up (cycle_id, version, superior_cycle, scheme_version, unit, document_no,
        document_date, handed_up_by, handed_up_person)
      VALUES ('{chain}', 1, gen_random_uuid(), 1, 'X1', '1', '2025-03-20', 'x', 'x');
    SELECT journal_append('{chain}', 'x', '', 'decomposition.handed-up', '{{}}')
    """


async def signed(service, office, cycle):
    """Have the letter of a unit drawn up and signed for one side, its target revised because of the
    superior, and planned for."""
    answer = await office.post(f"{cycle}/letters", json={"units": ["X1"]})
    (letter,) = answer.json()["letters"]
    row = {name: letter[name] for name in ("unit", "version", "digest")} | {"side": "office"}
    answer = await office.post(f"{cycle}/letter-signatures", json={"signatures": [row]})
    assert answer.status_code == 201, answer.text
    why = {"reason": "x", "document_no": "7", "approved_by": "x", "caused_by": "superior"}
    body = {"targets": [TARGET | {"target": "70"}], **why}
    answer = await office.post(f"{cycle}/target-revisions", json=body)
    assert answer.status_code == 201, answer.text
    plan = {"unit": "X1", "indicator": "C01", "persons": [{"person": "a", "value": "80"}]}
    async with service.caller("assessed_unit", unit="X1") as unit:
        answers = [await unit.post(f"{cycle}/work-plans", json={"plans": [plan]})]
    answers.append(await office.post(f"{cycle}/projects", json={"projects": [PROJECT]}))
    answers.append(await office.post(f"{cycle}/decomposition", json=DECOMPOSITION))
    standing = {"indicator": "C1", "as_of": "2025-11-01", "won": "0", "lost": "1", "basis": "x"}
    standings = {"standings": [standing]}
    days = {"starts_on": "2025-06-01", "ends_on": "2025-06-01"}
    one = {"inspection": "J1", "name": "x", "kind": "emergency", "body": "B01", "basis": "x"}
    inspections = {"inspections": [one | days | {"units": ["X1"]}]}
    answers.append(await office.post(f"{cycle}/inspections", json=inspections))
    answers.append(await office.post(f"{cycle}/superior-standings", json=standings))
    assert {each.status_code for each in answers} == {201}, answers[-1].text


async def heard(service, office, cycle, monkeypatch):
    """Have a unit say something of the draft, which is answered, and publish it the day after."""
    draft = f"{cycle}/scheme-versions/1"
    async with service.caller("assessed_unit", unit="X1") as unit:
        answers = [await unit.post(f"{draft}/comments", json={"comments": [{"text": "x"}]})]
    comment = answers[0].json()["rows"][0]["comment_id"]
    word = {"comment_id": comment, "outcome": "adopted", "reason": "x"}
    answers.append(await office.post(f"{draft}/comment-answers", json={"answers": [word]}))
    day = TODAY + dt.timedelta(days=1)
    with monkeypatch.context() as patch:
        patch.setattr(queries, "local_day", lambda *_: day)
        answers.append(await office.post(f"{draft}/publication"))
    assert {each.status_code for each in answers} == {201}, answers[-1].text


@pytest.fixture
async def issued(service, office, cycle, document, monkeypatch):
    """Give the path of a cycle with a scheme, a target, and a settlement of two that differ."""
    for path, body in (
        ("scheme-versions", {"scheme": document(SAME)}),
        ("scheme-versions/1/consultation", {"about": "x", "closes_on": str(TODAY)}),
        ("targets", {"targets": [TARGET]}),
        ("target-settlements", SETTLEMENT),
    ):
        answer = await office.post(f"{cycle}/{path}", json=body)
        assert answer.status_code == 201, answer.text
        if path.endswith("consultation"):
            await heard(service, office, cycle, monkeypatch)
    await signed(service, office, cycle)
    return cycle


async def mapped(office, colleague, cycle):
    """Have two people say what codes of another system mean."""
    names = {"id_scheme": "ar", "name_zh": "甲", "name_en": "A", "system": "a"}
    await office.post("/api/v1/id-schemes", json=names | {"indicators": True})
    for path, name, meaning in (
        ("/api/v1/id-schemes/ar/unit-mappings", "unit", "X1"),
        (f"{cycle}/id-schemes/ar/indicator-mappings", "indicator", "C01"),
    ):
        one = {"code": "1", name: meaning, "valid_from": "2025-01-01"}
        answer = await office.post(path, json={"mappings": [one]})
        if answer.status_code == 201:  # once for all of these tests
            ids = [each["mapping_id"] for each in answer.json()["rows"]]
            word = {"mapping_ids": ids, "decision": "confirm"}
            answer = await colleague.post(f"{path}/confirmation", json=word)
            assert answer.status_code == 201, answer.text


async def test_a_change_of_any_stored_field_is_found_and_named(service, office, colleague, issued):
    """Planted bugs: leave a column out of the digest, or a table out of the register."""
    new = {"name": "新单位", "kind": "assessed", "valid_from": "2025-01-01"}
    await office.post(
        "/api/v1/units", json={"units": [new | {"code": "AR1"}, new | {"code": "AR2"}]}
    )
    merged = {"predecessors": ["AR2"], "effective_on": "2025-02-01", "document_no": "7号"}
    answer = await office.post("/api/v1/units/AR1/predecessors", json=merged)
    assert answer.status_code == 201, answer.text
    kind = {"kind": "body", "reason": "x"}
    answer = await office.post("/api/v1/units/AR2/kind", json=kind)
    assert answer.status_code == 201, answer.text
    await mapped(office, colleague, issued)
    chain = issued.rpartition("/")[2]
    await service.as_owner(HANDED_UP.format(chain=chain))  # as of a cycle of a jurisdiction
    assert (await service.verification(chain))["holds"]
    unnoticed = await service.unnoticed(chain, f"cycle_id = '{chain}'", chained=True)
    assert unnoticed == []
    assert (await service.verification("units"))["holds"]
    assert await service.unnoticed("units", "true", chained=False) == []
    assert (await service.verification("id-schemes"))["holds"]
    assert await service.unnoticed("id-schemes", "true", chained=False) == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("id_scheme", "units = false"),
        ("unit_mapping", "unit = 'X2'"),
        ("indicator_mapping", "valid_to = '2026-01-01'"),
        ("unit_mapping", "state = 'refused'"),
    ],
)
async def test_what_a_code_was_altered_to_mean_is_not_told(
    service, office, colleague, issued, table, change
):
    """Planted bug: keep the document without asking for the versions of these rows."""
    await mapped(office, colleague, issued)
    assert (await office.get(f"{issued}/id-schemes/ar")).status_code == 200
    where = "id_scheme = 'ar'"
    if table == "indicator_mapping":
        where += f" AND cycle_id = '{issued.rpartition('/')[2]}'"
    async with service.altered(table, change, where):
        answer = await office.get(f"{issued}/id-schemes/ar")
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
        assert answer.json()["rows"][0]["table"] == table


@pytest.mark.parametrize(
    ("table", "change", "path"),
    [
        ("cycle", "assessment_year = 2024", ""),
        ("scheme_version", "scheme = jsonb_set(scheme, '{rounding,places}', '9')", "/scheme"),
        ("scheme_version", "digest = 'x'", "/scheme"),
        ("compiled_scheme", "compiled = jsonb_set(compiled, '{format}', '9')", "/scheme"),
        ("compiled_scheme", "digest = 'x'", "/entry-forms"),
        ("scheme_publication", "version = 1, published_by = 'x'", "/scheme"),
        ("target", "target = 1", "/targets"),
        ("target", "state = 'withdrawn'", "/targets"),
        ("target", "set_by = 'x'", "/targets/history"),
        ("target", "target = 1", "/target-conflicts"),
        ("target", "target = 1", "/targets/missing"),
        ("responsibility_letter", "digest = 'x'", "/letters"),
        ("responsibility_letter", "content = '{}'", "/letters/X1"),
        ("letter_signature", "signed_person = 'x'", "/letters"),
        ("letter_signature", "side = 'unit'", "/letters/X1"),
        ("target_cause", "document_no = 'x'", "/target-cascades"),
        ("work_plan", "plan = '{}'", "/work-plans"),
        ("project", "content = '{}'", "/projects"),
        ("consultation", "about = 'y'", "/scheme-versions/1/comments"),
        ("scheme_comment", "text = 'y'", "/scheme-versions/1/comments"),
        ("comment_answer", "reason = 'y'", "/scheme-versions/1/comments"),
        ("inspection", "content = '{}'", "/inspections"),
        ("decomposition", "content = '{}'", "/decomposition"),
        ("superior_standing", "lost = 0", "/superior-standings"),
    ],
)
async def test_what_was_altered_is_not_told(service, office, issued, table, change, path):
    """Planted bugs: leave `require_intact` out of the questions, or the versions of rows out of
    what is asked before a kept document is told."""
    chain = issued.rpartition("/")[2]
    assert (await office.get(f"{issued}{path}")).status_code == 200
    async with service.altered(table, change, f"cycle_id = '{chain}'"):
        answer = await office.get(f"{issued}{path}")
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
        assert answer.json()["rows"][0]["table"] == table


async def test_an_altered_name_of_a_unit_is_not_told(service, office):
    async with service.altered("unit_name", "name = 'x'"):
        answer = await office.get("/api/v1/units")
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cycle SET phase = 'draft' WHERE phase = 'open'",
        "DELETE FROM cycle",
        "UPDATE unit_name SET valid_to = NULL",
        "DELETE FROM unit_name",
    ],
)
async def test_the_role_of_the_service_cannot_take_a_phase_back(service, issued, statement):
    """Planted bug: UPDATE of the phase without a trigger that lets it go forward only."""
    connection = await asyncpg.connect(service.urls.app.replace("+asyncpg", ""), ssl=False)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_journal_vouches_for_every_table(service):
    """Planted bug: a migration that adds a table and does not say that it is recorded."""
    known = await service.sql("SELECT relation FROM journal_table")
    assert {each["relation"] for each in known} == set(Base.metadata.tables)
