"""Responsibility letters as PDF: the same bytes for the same version, texts as they are, the digest
to be checked without the system."""

import hashlib
from uuid import UUID

import pytest

from chassis import printer
from indicators.api.letter_contents import LetterContent
from indicators.rules.letters import differences
from service_testing.pdf import streams

TARGETS = [
    {"unit": "X1", "indicator": "C01", "target": "100"},
    {"unit": "X1", "indicator": "C08", "baseline": "72.5"},
]


@pytest.fixture(scope="session")
async def unit(service):
    async with service.caller("assessed_unit", unit="X1", subject="u", person="u") as client:
        yield client


@pytest.fixture
async def drawn(office, unit, opened):
    """Give a cycle in which a unit has planned a target and has a letter."""
    answer = await office.post(f"{opened}/targets", json={"targets": TARGETS})
    assert answer.status_code == 201, answer.text
    await plan(unit, opened, "张三")
    answer = await office.post(f"{opened}/letters", json={"units": None})
    assert answer.status_code == 201, answer.text
    return opened


async def plan(unit, cycle, person):
    persons = [{"person": person, "value": "100"}]
    plan = {"unit": "X1", "indicator": "C01", "persons": persons}
    answer = await unit.post(f"{cycle}/work-plans", json={"plans": [plan]})
    assert answer.status_code == 201, answer.text


async def sign(caller, cycle, side):
    letter = (await caller.get(f"{cycle}/letters/X1")).json()["versions"][-1]
    row = {"unit": "X1", "version": 1, "digest": letter["digest"], "side": side}
    answer = await caller.post(f"{cycle}/letter-signatures", json={"signatures": [row]})
    assert answer.status_code == 201, answer.text


async def document(caller, cycle, **query):
    answer = await caller.get(f"{cycle}/letters/X1/document", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


async def test_a_letter_is_the_same_bytes_until_somebody_signs(office, unit, drawn):
    """Planted bugs: print the time of printing; print the plan that stands now."""
    before = await document(unit, drawn)
    assert await document(office, drawn) == before
    await sign(office, drawn, "office")
    half = await document(office, drawn, version=1)
    await sign(unit, drawn, "unit")
    whole = await document(office, drawn)
    assert len({before, half, whole}) == 3
    await plan(unit, drawn, "李四")
    assert await document(unit, drawn, version=1) == whole


async def letters(office, cycle):
    return (await office.get(f"{cycle}/letters/X1")).json()["versions"]


async def test_a_plan_is_a_part_of_what_is_signed_and_does_not_change_behind_it(
    office, unit, drawn
):
    """Planted bugs: the letter has no plans; another plan leaves it as it is; the first plan of
    what was not divided when it was drawn up makes it outdated; so does any plan once it is
    signed."""
    [letter] = await letters(office, drawn)
    shares = [{"whose": "张三", "value": "100"}]
    of = {"indicator": "C01", "item": None, "version": 1, "combine": "sum", "months": []}
    assert letter["content"]["plans"] == [of | {"persons": shares, "measures": []}]
    measure = {"action": "走访", "person": "王五", "due": "2025-06-30"}
    first = {"unit": "X1", "indicator": "C08", "measures": [measure]}
    answer = await unit.post(f"{drawn}/work-plans", json={"plans": [first]})
    assert answer.status_code == 201, answer.text
    assert (await letters(office, drawn))[0]["outdated_by"] == []
    await plan(unit, drawn, "李四")
    [outdated] = await letters(office, drawn)
    assert (outdated["outdated_by"], outdated["content"]) == (["plans"], letter["content"])
    row = {"unit": "X1", "version": 1, "digest": letter["digest"], "side": "office"}
    refused = await office.post(f"{drawn}/letter-signatures", json={"signatures": [row]})
    assert refused.json()["errors"][0]["code"] == "outdated"
    answer = await office.post(f"{drawn}/letters", json={"units": None})
    assert answer.status_code == 201, answer.text
    [_, again] = await letters(office, drawn)
    said = again["content"]["plans"]
    assert [(each["indicator"], each["version"]) for each in said] == [("C01", 2), ("C08", 1)]
    # Who has signed goes by what the letter says: no other plan undoes that.
    for signs, side in ((office, "office"), (unit, "unit")):
        row |= {"version": 2, "digest": again["digest"], "side": side}
        answer = await signs.post(f"{drawn}/letter-signatures", json={"signatures": [row]})
        assert answer.status_code == 201, answer.text
        await plan(unit, drawn, f"赵{side}")
        signed = (await letters(office, drawn))[-1]
        assert (signed["outdated_by"], signed["content"]) == ([], again["content"])
    answer = await office.post(f"{drawn}/letters", json={"units": None})
    assert [each["outcome"] for each in answer.json()["letters"]] == ["unchanged"]


def test_a_letter_from_before_plans_were_a_part_of_it_is_what_it_was():
    """Planted bugs: give it plans, which its digest is not of; hold it against those of now."""
    of = {"name": "x", "points": "1", "measure": None, "item": None, "target": "1"}
    target = of | {"indicator": "C01", "baseline": None, "pledge": None, "version": 1}
    about = {"unit": "X1", "name": "x", "version": 1, "assessment_year": 2025, "scheme_version": 1}
    about |= {"cycle_id": str(UUID(int=1)), "scheme_digest": "0" * 64, "deadline": "2025-10-31"}
    before = about | {"targets": [target]}
    assert LetterContent.model_validate(before).model_dump(mode="json") == before
    plan = {"indicator": "C01", "item": None, "version": 1}
    assert [*differences(before, before | {"plans": [plan]})] == []


async def test_what_was_signed_is_in_the_document_and_has_its_digest(office, drawn):
    """Planted bug: attach what is shown in the place of what was frozen."""
    letter = (await office.get(f"{drawn}/letters/X1")).json()["versions"][0]
    attached = [hashlib.sha256(each).hexdigest() for each in streams(await document(office, drawn))]
    assert letter["digest"] in attached


async def test_only_readers_of_the_letter_get_it_and_only_what_there_is(
    service, office, drawn, problem
):
    """Planted bug: leave out the question whose letter it is."""
    async with service.caller("assessed_unit", unit="X2") as other:
        refused = await other.get(f"{drawn}/letters/X1/document")
    assert problem(refused)[:2] == (403, "not-allowed")
    for path in ("X2/document", "X1/document?version=2"):
        assert problem(await office.get(f"{drawn}/letters/{path}"))[:2] == (404, "no-such-letter")
    none = await office.get(f"{drawn}/letters/X1/document?version=0")
    assert none.status_code == 422


async def test_without_the_extra_it_says_so_and_all_else_works(
    office, drawn, problem, monkeypatch, tmp_path
):
    """Planted bug: import the library where the service starts."""
    bare = tmp_path / "printer.py"
    bare.write_text(f"import sys; sys.exit({printer.NOT_INSTALLED})")
    monkeypatch.setattr(printer, "__file__", str(bare))
    refused = await office.get(f"{drawn}/letters/X1/document")
    assert problem(refused)[:2] == (503, "printing-not-installed")
    assert (await office.get(f"{drawn}/letters/X1")).status_code == 200
