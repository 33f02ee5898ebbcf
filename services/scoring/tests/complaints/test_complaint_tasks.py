"""Whom complaints wait for: each is asked for what only he can do now."""

from services.scoring.tests.complaints.handling import LEAD, SUPPORT
from services.scoring.tests.items.test_moves import seal

ANSWER, DECIDE = "answer-complaint", "decide-on-complaint"


async def tasks(complaints, client) -> list[tuple[str, str, str | None]]:
    answer = await client.get(f"{complaints.cycle.path}/tasks/scoring")
    assert answer.status_code == 200, answer.text
    found = [each for each in answer.json()["tasks"] if "/complaints/" in each["path"]]
    return [(each["kind"], each["about"]["complaint_id"], each["deadline"]) for each in found]


async def test_a_complaint_is_asked_for_by_whom_it_waits_for(complaints):
    """Planted bugs: the support is asked to answer; who revisited is asked to close."""
    office, colleague = complaints.cycle.office, complaints.cycle.colleague
    complaint_id = await complaints.registered()
    due = (await complaints.now(complaint_id))["due"]
    for client in (office, colleague):
        assert await tasks(complaints, client) == [(DECIDE, complaint_id, due)]
    await complaints.must(await complaints.direct(complaint_id, "accept", kind="petition"))
    due = (await complaints.now(complaint_id))["due"]
    assert await tasks(complaints, complaints.of()) == []
    await complaints.must(await complaints.direct(complaint_id, "assign", units=[LEAD, SUPPORT]))
    assert await tasks(complaints, complaints.of()) == [(ANSWER, complaint_id, due)]
    for client in (office, complaints.of("XQ02"), complaints.of("XQ03")):
        assert await tasks(complaints, client) == []
    await complaints.must(await complaints.answer(complaint_id))
    assert await tasks(complaints, complaints.of()) == []
    own = complaints.cycle.caller("performance_office", unit="XQ02", subject="own")
    assert await tasks(complaints, own) == []
    said = await complaints.direct(complaint_id, "revisit", word="satisfied")
    await complaints.must(said)
    assert await tasks(complaints, colleague) == []
    assert await tasks(complaints, office) == [(DECIDE, complaint_id, None)]
    await complaints.must(await complaints.direct(complaint_id, "close", by=office))
    assert await tasks(complaints, office) == []


async def test_who_revisited_has_it_done_again(complaints):
    """Planted bug: closing is what each revisited complaint waits for."""
    complaint_id = await complaints.answered()
    said = await complaints.direct(complaint_id, "revisit", word="dissatisfied")
    await complaints.must(said)
    [(kind, which, _)] = await tasks(complaints, complaints.cycle.colleague)
    assert (kind, which) == (DECIDE, complaint_id)


async def test_of_complaints_about_the_office_its_body_is_asked_alone(complaints):
    """Planted bug: nobody is asked about what complains of the office."""
    complaint_id = await complaints.registered(about_office=True)
    assert await tasks(complaints, complaints.cycle.office) == []
    [(kind, which, _)] = await tasks(complaints, complaints.body)
    assert (kind, which) == (DECIDE, complaint_id)


async def test_after_the_seal_complaints_are_asked_for_still(complaints):
    """Planted bug: a sealed ledger has no tasks of complaints."""
    complaint_id = await complaints.assigned()
    await seal(complaints)
    assert [each[:2] for each in await tasks(complaints, complaints.of())] == [
        (ANSWER, complaint_id)
    ]
