"""What an upheld objection changes of the record, who says so, and what the seal names."""

from uuid import uuid4

import pytest
from services.scoring.tests.appeals.working import Appeals, codes, value_of


async def tasks_of(appeals: Appeals, client) -> list[str]:
    answer = await client.get(f"{appeals.cycle.path}/tasks/scoring")
    tasks = [each for each in answer.json()["tasks"] if each["kind"] == "carry-out-objection"]
    return [each["about"]["objection_id"] for each in tasks]


async def preview(appeals: Appeals) -> dict:
    answer = await appeals.cycle.post(appeals.cycle.office, "ledger/seal?mode=check", {})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("about", ["mark", "entry"])
async def test_it_is_carried_out_by_what_has_changed_since_and_touches_it(appeals, about):
    """Planted bugs: any entry is taken; what was verified before the decision is taken."""
    old, others = appeals.entries
    named = {"about": "entry", "indicator": None, "entry_id": old} if about == "entry" else {}
    objection_id = await appeals.filed(**named)
    assert codes(await appeals.carry_out(objection_id, old)) == {"wrong-state"}
    assert (await appeals.decide(objection_id, "uphold")).status_code == 201
    found = await appeals.now(objection_id)
    assert (found["to_carry_out"], await tasks_of(appeals, appeals.cycle.office)) == (
        True,
        [objection_id],
    )
    for wrong in (old, others, str(uuid4())):
        answer = await appeals.carry_out(objection_id, wrong)
        assert (answer.status_code, codes(answer)) == (409, {"not-changed-since"})
    assert codes(await appeals.carry_out(objection_id, None)) == {"missing"}
    new = await appeals.cycle.correct(old, value_of("XQ01", "105"), "ZH02")
    for nobody in (appeals.of(), appeals.decider(2)):
        assert not (await appeals.carry_out(objection_id, new, by=nobody)).is_success
    rival = appeals.decider(unit="XQ05")
    assert codes(await appeals.carry_out(objection_id, new, by=rival)) == {"own-category"}
    answer = await appeals.carry_out(objection_id, new, stands="105")
    assert codes(answer) == {"not-wanted"}
    answer = await appeals.carry_out(objection_id, new)
    assert (answer.status_code, answer.json()["state"]) == (201, "upheld")
    found = await appeals.now(objection_id)
    assert (found["to_carry_out"], found["moves"][-1]["carried_out_by"]) == (False, new)
    assert await tasks_of(appeals, appeals.cycle.office) == []
    assert codes(await appeals.carry_out(objection_id, new)) == {"named-twice"}
    assert (await appeals.carry_out(objection_id, old)).status_code == 201  # it was voided by it


async def test_who_spoke_for_the_unit_does_not_say_that_it_was_carried_out(appeals):
    """Planted bug: only role and category are looked at."""
    objection_id = await appeals.filed(by=appeals.of(person="P"))
    assert (await appeals.decide(objection_id, "uphold")).status_code == 201
    new = await appeals.cycle.correct(appeals.entries[0], value_of("XQ01", "105"), "ZH02")
    one = appeals.cycle.caller("performance_office", subject="one", person="P")
    assert codes(await appeals.carry_out(objection_id, new, by=one)) == {"decided-before"}
    assert (await appeals.carry_out(objection_id, new)).status_code == 201


async def test_the_seal_names_what_is_not_decided_or_not_carried_out(appeals):
    """Planted bugs: only what is pending is named; what was carried out is named still."""
    cycle = appeals.cycle
    first, second = await appeals.filed(), await appeals.filed(by=appeals.of("XQ02"))
    assert (await appeals.decide(first, "uphold_part")).status_code == 201
    told = await preview(appeals)
    left = {each["objection_id"]: each["state"] for each in told["open_objections"]}
    assert left == {first: "partly_upheld", second: "pending"}
    assert (told["left_open"]["open_objections"], told["open_objections_more"]) == (2, 0)
    refused = await cycle.post(cycle.office, "ledger/seal", {})
    assert refused.json()["type"] in ("seal-unseen", "year-not-over")
    new = await cycle.correct(appeals.entries[0], value_of("XQ01", "105"), "ZH02")
    assert (await appeals.carry_out(first, new)).status_code == 201
    again = await preview(appeals)
    assert again["seen"] != told["seen"]
    assert [each["objection_id"] for each in again["open_objections"]] == [second]
    assert (await appeals.decide(second, "reject")).status_code == 201
    assert (await preview(appeals))["open_objections"] == []


async def test_what_was_carried_out_may_go_further_within_the_days_of_its_decision(
    new_appeals, clock
):
    """Planted bug: the days begin anew with the carrying out; the next decision counts as carried
    out by what the one before changed."""
    appeals = await new_appeals(file_within=2)
    first = await appeals.filed(about="entry", indicator=None, entry_id=appeals.entries[0])
    second = await appeals.filed(by=appeals.of("XQ02"))
    for each in (first, second):
        assert (await appeals.decide(each, "uphold_part")).status_code == 201
    new = await appeals.cycle.correct(appeals.entries[0], value_of("XQ01", "105"), "ZH02")
    assert (await appeals.carry_out(first, new)).status_code == 201
    assert (await appeals.answer(first, "appeal")).status_code == 201
    verifier = appeals.decider(2, person="performance_office@-")
    refused = codes(await appeals.decide(first, "uphold", by=verifier))
    assert {"own-act"} <= refused  # of what took the entry out, too
    assert (await appeals.decide(first, "uphold", by=appeals.decider(2))).status_code == 201
    assert (await appeals.now(first))["to_carry_out"] is True
    assert codes(await appeals.carry_out(first, new)) == {"not-changed-since"}
    await clock.pass_days(7)
    late = await appeals.cycle.correct(appeals.entries[1], value_of("XQ02", "105"), "ZH02")
    assert (await appeals.carry_out(second, late)).status_code == 201
    answer = await appeals.answer(second, "appeal", by=appeals.of("XQ02"))
    assert codes(answer) == {"appealed-too-late"}


async def test_a_wave_has_nothing_in_the_record_to_name(appeals):
    wave = {"about": "wave", "indicator": None, "survey": "phone", "wave": 1}
    objection_id = await appeals.filed(**wave)
    assert (await appeals.decide(objection_id, "uphold")).status_code == 201
    answer = await appeals.carry_out(objection_id, appeals.entries[0])
    assert codes(answer) == {"not-wanted"}
    assert (await appeals.carry_out(objection_id, None, text="已重新调查。")).status_code == 201
    assert (await appeals.now(objection_id))["to_carry_out"] is False


async def test_once_sealed_a_correction_that_rests_on_it_carries_it_out(appeals):
    """Planted bugs: one that was not approved is taken; one that rests on another objection."""
    cycle = appeals.cycle
    first, second = await appeals.filed(), await appeals.filed(indicator="C02")
    for each in (first, second):
        assert (await appeals.decide(each, "uphold")).status_code == 201
    told = await preview(appeals)
    sealed = {"seen": told["seen"], "leaves": told["leaves"], "accept_unscored": {"reason": "x"}}
    answer = await cycle.post(cycle.office, "ledger/seal", sealed)
    assert (answer.status_code, answer.json()["left_open"]["open_objections"]) == (200, 2)
    new = {"origin": "objection", "objection_id": first, "what": "replaces", "value": "105"}
    new |= {"corrects": appeals.entries[0], "reason": "异议成立", "issuer": "考评委员会"}
    new |= {"document_no": "1号", "document_date": "2025-12-20"}
    answer = await cycle.post(cycle.colleague, "corrections", new)
    assert answer.status_code == 201, answer.text
    correction = answer.json()["correction"]["correction_id"]
    assert codes(await appeals.carry_out(first, correction)) == {"not-changed-since"}
    member = cycle.caller("committee", subject="member")
    path = f"corrections/{correction}/decision"
    assert (await cycle.post(member, path, {"decision": "approved"})).status_code == 201
    assert codes(await appeals.carry_out(second, correction)) == {"not-changed-since"}
    assert (await appeals.carry_out(first, correction)).status_code == 201
    assert await tasks_of(appeals, cycle.office) == [second]
