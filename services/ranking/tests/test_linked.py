"""Linked results over HTTP: typed by two, sealed, read by few, each reading on record, erased."""

import asyncio
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from services.ranking.tests.conftest import Cycle

from ranking.api import linked, linked_tasks

STEPS = ("merge", "review", "decision", "publication")
NAME = "欧阳鹊桥"
POLICY = {
    "unit_weight": "0.5",
    "assessments": [
        {"kind": "cadre", "bodies": ["ZZ01"], "weight": "0.3"},
        {"kind": "clean_government", "bodies": ["XQ03", "JW01"], "weight": "0.2"},
    ],
    "team_levels": [
        {"grade": "best", "from_score": "90"},
        {"grade": "good", "from_score": "80"},
        {"grade": "poor", "from_score": "0"},
    ],
    "person_grades": ["excellent", "competent", "unfit"],
    "by_unit_grade": [
        {"grade": grade, "points": points, "best_team": "best", "first_share": "0.5"}
        for grade, points in (
            ("excellent", "100"),
            ("good", "90"),
            ("qualified", "70"),
            ("unqualified", "40"),
        )
    ],
    "vetoes": [{"veto": "V02", "best_team": "poor"}],
    "kept_months": 2,
}
DOCUMENT = {"issuer": "云川市委组织部", "number": "云组〔2026〕7号", "day": "2026-01-20"}
DOCUMENT |= {"digest": "ab" * 32}
CADRE = {"role": "responsible_body", "unit": "ZZ01"}
CLEAN = {"role": "responsible_body", "unit": "JW01"}
READER = {"role": "personnel_system", "subject": "hr"}
TEAM = {"unit": "XQ01", "kind": "cadre", "score": "95", "document": DOCUMENT}
PERSON = {
    "unit": "XQ01",
    "kind": "cadre",
    "person": {"code": "C-1024", "name": NAME},
    "grade": "excellent",
    "document": DOCUMENT,
}


class LinkedCycle(Cycle):
    """A cycle of which results are linked."""

    async def enter(self, body, **who):
        return await self.post("/linked-results", body, **{**CADRE, "subject": "first", **who})

    async def entered(self, body, **who):
        answer = await self.enter(body, **who)
        assert answer.status_code == 201, answer.text
        return answer.json()["result_id"]

    async def type_again(self, result_id, body, **who):
        said = {"decision": "confirm", "typed": typed(body)}
        return await self.decide(result_id, said, **who)

    async def decide(self, result_id, said, **who):
        who = {**CADRE, "subject": "second", **who}
        return await self.post(f"/linked-results/{result_id}/decision", said, **who)

    async def holds(self, body, **who):
        result_id = await self.entered(body, **who)
        answer = await self.type_again(result_id, body, **who, subject="second")
        assert answer.status_code == 201, answer.text
        return result_id

    async def read(self, of="XQ01", **who):
        body = {"unit": of, "reason": "干部任用考察"}
        return await self.post("/linked-readings", body, **{**READER, **who})

    async def shown(self, **who):
        answer = await self.read(**who)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def log(self):
        answer = await self.get("/linked-readings", "auditor")
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]


def typed(body):
    return {n: v for n, v in body.items() if n in ("person", "score", "grade", "document")}


@pytest.fixture
def linking(service, peers):
    """A factory of cycles whose scheme links results."""

    def make(of=service):
        cycle = LinkedCycle(of, uuid4())
        peers.by_cycle[str(cycle.cycle_id)] = {"linked": POLICY}
        return cycle

    return make


def codes(answer):
    return {f"{each['pointer']} {each['code']}" for each in answer.json().get("errors", ())}


def refused(answer):
    return answer.status_code, answer.json()["type"]


async def test_a_result_holds_once_another_person_has_typed_the_same(linking):
    """Planted bugs: the same person types twice; compare no names; tell what stood there first."""
    cycle = linking()
    result_id = await cycle.entered(PERSON)
    async with cycle.unchanged():
        same = await cycle.type_again(result_id, PERSON, subject="other", person="First")
        assert refused(same) == (409, "same-person-types")
        other = {**PERSON, "grade": "competent", "person": {"code": "C-1024", "name": "欧阳雀桥"}}
        answer = await cycle.type_again(result_id, other | {"document": DOCUMENT | {"number": "7"}})
        assert refused(answer) == (422, "typed-otherwise")
        assert codes(answer) == {
            f"/typed/{each} typed-otherwise" for each in ("person", "grade", "document/number")
        }
        assert NAME not in answer.text
        assert "excellent" not in answer.text
        answer = await cycle.decide(result_id, {"decision": "confirm"})
        assert codes(answer) == {"/typed missing"}
        answer = await cycle.decide(result_id, {"decision": "refuse"})
        assert codes(answer) == {"/reason missing"}
    told = (await cycle.shown())["results"][0]
    assert (told["state"], told["name"], told["grade"], told["issuer"]) == ("entered", *[None] * 3)
    answer = await cycle.type_again(result_id, PERSON)
    assert (answer.status_code, answer.json()["state"]) == (201, "confirmed")
    assert refused(await cycle.type_again(result_id, PERSON)) == (409, "result-not-open")
    told = (await cycle.shown())["results"][0]
    assert (told["state"], told["name"], told["grade"]) == ("confirmed", NAME, "excellent")


async def test_results_are_corrected_by_successors_and_never_overwritten(linking):
    """Planted bugs: a correction takes effect when it is entered; two corrections wait."""
    cycle = linking()
    first = await cycle.holds(TEAM)
    assert refused(await cycle.enter(TEAM)) == (409, "result-there")
    better = {**TEAM, "score": "97", "corrects": first, "reason": "复核更正"}
    async with cycle.unchanged():
        assert codes(await cycle.enter({**better, "reason": None})) == {"/reason missing"}
        wrong = await cycle.enter({**better, "corrects": str(uuid4())})
        assert codes(wrong) == {"/corrects unknown-result"}
    after = await cycle.entered(better)
    assert refused(await cycle.enter(better)) == (409, "result-there")
    assert [each["corrected_by"] for each in (await cycle.shown())["results"]] == [None, None]
    assert (await cycle.type_again(after, better)).status_code == 201
    told = (await cycle.shown())["results"]
    assert [(e["score"], e["corrected_by"], e["corrects"]) for e in told] == [
        ("95", after, None),
        ("97", None, first),
    ]
    again = await cycle.enter(better)
    assert codes(again) == {"/corrects unknown-result"}


@pytest.mark.parametrize(
    ("body", "who", "expected"),
    [
        (TEAM, CLEAN, (403, "not-allowed")),  # of another body
        ({**TEAM, "unit": "NO1"}, CADRE, (422, "linked-faulty")),
        ({**TEAM, "score": "100.5"}, CADRE, (422, "malformed-request")),
        ({**TEAM, "kind": "clean_government"}, CLEAN | {"unit": "XQ03"}, (403, "not-allowed")),
        (TEAM, {"role": "performance_office"}, (403, "not-allowed")),
        (TEAM, {"role": "personnel_system"}, (403, "not-allowed")),
    ],
)
async def test_what_is_entered_by_others_or_faulty_is_refused(linking, body, who, expected):
    """XQ03 is assessed among those units, so it enters nothing of them. Planted bug: let the first
    body of the scheme enter."""
    cycle = linking()
    async with cycle.unchanged():
        assert refused(await cycle.enter(body, **who)) == expected


async def test_a_scheme_that_links_nothing_takes_nothing(cycle):
    linked = LinkedCycle(cycle.service, cycle.cycle_id)
    async with cycle.unchanged():
        assert refused(await linked.enter(TEAM)) == (409, "nothing-linked")
        assert refused(await linked.read()) == (409, "nothing-linked")


@pytest.mark.parametrize("scope", [{}, {"scope": "block", "block": "function"}])
async def test_unit_team_and_people_come_together_once_the_unit_was_released(
    linking, peers, monkeypatch, scope
):
    """Planted bugs: read the ranking before its release; count a superseded result; leave the veto
    out, or one of a block."""
    cycle, vetoes = linking(), peers.scheme["vetoes"]
    items = [each | scope if each["code"] == "V02" else each for each in vetoes["items"]]
    monkeypatch.setitem(peers.scheme, "vetoes", vetoes | {"items": items})
    veto = {"unit": "XQ02", "code": "V02", "document_no": "云应急〔2026〕1号"}
    await cycle.report("/vetoes", veto | {"decided_on": "2026-02-10"}, role="performance_office")
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS[:-1])
    for unit in ("XQ01", "XQ02"):
        await cycle.holds({**TEAM, "unit": unit})
        clean = {**TEAM, "unit": unit, "kind": "clean_government", "score": "100"}
        await cycle.holds(clean, **CLEAN)
        for n, grade in enumerate(("excellent", "excellent", "competent")):
            person = {"code": f"C-{n}", "name": f"{NAME}{n}"}
            await cycle.holds({**PERSON, "unit": unit, "person": person, "grade": grade})
    before = (await cycle.shown())["together"]
    assert (before["release"], before["unit_grade"], before["most_first"]) == (None, None, None)
    assert before["team"] == {"mean": None, "grade": None, "capped_by": [], "missing": ["unit"]}

    await cycle.take(edition, STEPS[-1])
    released = (await cycle.get("/releases/1", "observer")).json()["document"]["units"]
    grade = {each["unit"]: each["grade"] for each in released}
    points = {each["grade"]: Decimal(each["points"]) for each in POLICY["by_unit_grade"]}
    for unit in ("XQ01", "XQ02"):
        found = (await cycle.shown(of=unit))["together"]
        mean = points[grade[unit]] / 2 + Decimal(95 * 3) / 10 + Decimal(100) / 5
        reached = next(g for g, low in (("best", 90), ("good", 80), ("poor", 0)) if mean >= low)
        vetoed = unit == "XQ02"
        assert (found["release"], found["unit_grade"]) == (1, grade[unit])
        assert Decimal(found["team"]["mean"]) == mean.quantize(Decimal("0.01"))
        assert found["team"]["grade"] == ("poor" if vetoed else reached)
        capped = vetoed and reached != "poor"  # as it is by its points
        assert found["team"]["capped_by"] == (["V02"] if capped else [])
        assert (found["first"], found["most_first"]) == (2, 0 if vetoed else 1)
        assert [each["name"] for each in found["people"]] == [f"{NAME}{n}" for n in range(3)]


async def test_who_enters_reads_what_it_enters_and_nothing_else(linking):
    """Planted bug: show a body what results come to."""
    cycle = linking()
    await cycle.holds(PERSON)
    await cycle.holds({**TEAM, "kind": "clean_government"}, **CLEAN)
    for who, kind in ((CADRE, "cadre"), (CLEAN, "clean_government")):
        found = await cycle.shown(**{"subject": "x", **who})
        assert ({each["kind"] for each in found["results"]}, found["together"]) == ({kind}, None)


@pytest.mark.parametrize(
    "who",
    [
        *({"role": each} for each in ("performance_office", "committee", "auditor", "personnel")),
        {"role": "standing_committee"},
        {"role": "assessed_unit", "unit": "XQ01"},
        {"role": "responsible_body", "unit": "ZH11"},
        {"role": "responsible_body", "unit": "XQ03"},
        {"role": "supervision"},
    ],
)
async def test_nobody_else_reads_a_result(linking, who):
    """Planted bug: a row for the office."""
    cycle = linking()
    await cycle.holds(PERSON)
    async with cycle.unchanged():
        assert refused(await cycle.read(subject="reader", **who)) == (403, "not-allowed")


async def test_each_reading_is_on_record_before_it_is_answered(service, linking):
    """Planted bugs: answer first; log under another transaction; keep what was shown under the
    key; show what is only checked."""
    cycle = linking()
    result_id = await cycle.holds(PERSON)
    key = {"Idempotency-Key": f"reading-{uuid4()}"}
    path = f"/api/v1/cycles/{cycle.cycle_id}/linked-readings"
    body = {"unit": "XQ01", "reason": "干部任用考察"}
    async with service.caller("personnel_system", subject="hr") as client:
        first, again = [await client.post(path, json=body, headers=key) for _ in range(2)]
        checked = await client.post(f"{path}?mode=check", json=body)
    assert first.headers["cache-control"] == "no-store"
    assert first.json()["results"][0]["name"] == NAME
    for answer in (again, checked):
        assert (answer.json()["results"], answer.json()["together"]) == (None, None)
    [logged] = await cycle.log()
    assert (logged["subject"], logged["unit"], logged["reason"]) == ("hr", "XQ01", "干部任用考察")
    assert (logged["results"], logged["combined"]) == ([result_id], True)
    for role in ("personnel_system", "performance_office", "responsible_body"):
        assert (await cycle.get("/linked-readings", role)).status_code == 403


async def test_what_cannot_be_logged_is_not_shown(service, linking):
    """Planted bug: log on a best effort, and answer whatever became of it."""
    cycle = linking()
    await cycle.holds(PERSON)
    await service.tamper(
        "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'disk full'; END $$"
    )
    await service.tamper(
        "CREATE TRIGGER full_up BEFORE INSERT ON linked_reading"
        " FOR EACH ROW EXECUTE FUNCTION full_up()"
    )
    try:
        answer = await cycle.read()
        assert answer.status_code >= 500
        assert NAME not in answer.text
    finally:
        await service.tamper("DROP TRIGGER full_up ON linked_reading")
        await service.tamper("DROP FUNCTION full_up")
    assert await cycle.log() == []


async def test_neither_name_nor_grade_of_a_person_lies_in_the_database(service, linking):
    """Planted bug: a column with the name; a journal body with it."""
    cycle = linking()
    await cycle.holds(PERSON)
    await cycle.shown()
    tables = await service.sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    )
    for each in tables:
        rows = await service.sql(f'SELECT t::text AS row FROM "{each["tablename"]}" t')  # noqa: S608
        for row in rows:
            assert NAME not in row["row"], each
            assert NAME.encode().hex() not in row["row"], each


async def test_two_who_enter_the_same_at_once_are_one(linking):
    """Planted bug: look for what is there without holding the cycle."""
    cycle = linking()
    answers = await asyncio.gather(*(cycle.enter(PERSON, subject=f"typist-{n}") for n in range(6)))
    assert sorted(each.status_code for each in answers) == [201, *[409] * 5]


async def test_what_is_kept_about_people_is_unreadable_after_its_time(
    shifting, clock, linking, hasty
):
    """Planted bugs: erase the row alone; show what is over while nobody has erased it."""
    cycle = linking(shifting)
    person = {**PERSON, "document": DOCUMENT | {"day": await clock.today()}}
    result_id = await cycle.holds(person)
    folder = Path(hasty.model_fields["linked_keys"].default)
    key = folder / f"{UUID(result_id).hex}.key"
    assert key.exists()

    async def erase(**who):
        path = f"/api/v1/cycles/{cycle.cycle_id}/linked-erasures"
        async with cycle.service.caller(who.pop("role", "performance_office")) as client:
            return await client.post(path)

    assert (await erase()).json()["erased"] == 0
    await clock.pass_days(95)
    told = (await cycle.shown())["results"][0]
    assert (told["person_code"], told["name"], told["grade"]) == ("C-1024", None, None)
    tasks = await cycle.get("/tasks/ranking", "performance_office")
    assert ("erase-linked-results", 1) in [(e["kind"], e["count"]) for e in tasks.json()["tasks"]]
    assert refused(await erase(role="auditor")) == (403, "not-allowed")
    assert ((await erase()).json()["erased"], key.exists()) == (1, False)
    assert (await erase()).json()["erased"] == 0
    assert (await cycle.shown())["together"]["people"] == []


async def test_whoever_may_type_it_again_is_told_so(linking):
    """Planted bug: tell whoever typed it first."""
    cycle = linking()
    result_id = await cycle.entered(TEAM)

    async def tasks(subject, unit="ZZ01"):
        async with cycle.service.caller("responsible_body", unit=unit, subject=subject) as client:
            answer = await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")
        return [(e["kind"], e["about"]["result_id"]) for e in answer.json()["tasks"]]

    assert await tasks("second") == [("decide-linked-result", result_id)]
    assert await tasks("first") == await tasks("second", "JW01") == []


async def test_a_unit_has_so_many_results_and_so_many_are_asked_about(linking, monkeypatch):
    """Planted bugs: results of other units count; one more than may be is taken."""
    cycle = linking()
    people = [PERSON | {"person": {"code": f"C-{n}", "name": NAME}} for n in range(4)]
    for each in people[:2]:
        await cycle.entered(each)

    async def tasks():
        async with cycle.service.caller("responsible_body", unit="ZZ01", subject="x") as client:
            answer = await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")
        return len(answer.json()["tasks"])

    for most in (2, 1):
        monkeypatch.setattr(linked_tasks, "_MOST", most)
        assert await tasks() == most
    monkeypatch.setattr(linked, "MOST_RESULTS", 3)
    await cycle.entered(people[2])
    answer = await cycle.enter(people[3])
    assert answer.status_code == 422, answer.text
    assert [e["code"] for e in answer.json()["errors"]] == ["too-many-results"]
