"""Objections beside corrections of the sealed record: who decides, and what they rest on."""

import pytest
from services.scoring.tests.appeals.working import codes

DOCUMENT = {"issuer": "考评委员会", "document_no": "1号", "document_date": "2025-12-20"}


async def seal(appeals):
    cycle, reason = appeals.cycle, {"reason": "x"}
    told = (await cycle.post(cycle.office, "ledger/seal?mode=check", {})).json()
    sealed = {"seen": told["seen"], "leaves": told["leaves"], "accept_unscored": reason}
    answer = await cycle.post(cycle.office, "ledger/seal", sealed)
    assert answer.status_code == 200, answer.text


async def propose(appeals, objection_id, by=None, value="105"):
    cycle, new = appeals.cycle, DOCUMENT | {"what": "replaces", "reason": "异议成立"}
    new |= {"corrects": appeals.entries[0], "value": value, "origin": "audit"}
    if objection_id is not None:
        new |= {"origin": "objection", "objection_id": objection_id}
    return await cycle.post(by or cycle.colleague, "corrections", new)


async def decide(appeals, answer, **who):
    assert answer.status_code == 201, answer.text
    path = f"corrections/{answer.json()['correction']['correction_id']}/decision"
    by = appeals.cycle.caller("committee", **{"subject": "member"} | who)
    return await appeals.cycle.post(by, path, {"decision": "approved"})


@pytest.fixture
async def upheld(appeals):
    """A sealed cycle, with an objection that was upheld in part."""
    appeals.upheld = await appeals.filed()
    assert (await appeals.decide(appeals.upheld, "uphold_part")).status_code == 201
    await seal(appeals)
    return appeals


async def test_who_spoke_for_the_unit_neither_proposes_nor_decides_what_rests_on_it(upheld):
    """Planted bugs: the proposer is asked nothing; whoever filed is not among those with a part."""
    cycle = upheld.cycle
    his = cycle.caller("performance_office", subject="his", person="of-XQ01")
    answer = await propose(upheld, upheld.upheld, by=his)
    assert (answer.status_code, answer.json()["cause"]) == (403, "own-part")
    proposed = await propose(upheld, upheld.upheld)
    answer = await decide(upheld, proposed, person="OF-XQ01")
    assert (answer.status_code, answer.json()["cause"]) == (403, "own-part")
    assert (await decide(upheld, proposed)).status_code == 201


async def test_nothing_is_approved_for_an_objection_that_is_upheld_no_longer(upheld):
    """Planted bug: the objection is looked at when the correction is proposed, and not again."""
    proposed = await propose(upheld, upheld.upheld)
    assert (await upheld.answer(upheld.upheld, "appeal")).status_code == 201
    answer = await decide(upheld, proposed)
    assert (answer.status_code, codes(answer)) == (422, {"not-upheld"})
    by = upheld.decider(2)
    assert (await upheld.decide(upheld.upheld, "reject", by=by)).status_code == 201
    assert codes(await decide(upheld, proposed)) == {"not-upheld"}
    corrections = await upheld.cycle.office.get(f"{upheld.cycle.path}/corrections")
    assert [each["state"] for each in corrections.json()["items"]] == ["proposed"]


async def test_who_corrected_a_mark_does_not_decide_about_it(upheld):
    """Planted bug: they alone brought it about who entered and verified the entry."""
    proposed = await propose(upheld, None, value="90")
    assert (await decide(upheld, proposed)).status_code == 201
    await upheld.feed_back()
    again = await upheld.filed()
    proposer = upheld.decider(person="colleague")
    assert codes(await upheld.decide(again, "reject", by=proposer)) == {"own-act"}
    assert (await upheld.decide(again, "reject")).status_code == 201
    assert (await upheld.answer(again, "appeal")).status_code == 201
    member = upheld.decider(2, subject="member")
    assert codes(await upheld.decide(again, "reject", by=member)) == {"own-act"}
