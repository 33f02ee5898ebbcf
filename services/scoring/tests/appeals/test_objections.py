"""Objections over HTTP: what units may object to and until when, who decides, and who reads it."""

import asyncio
from uuid import uuid4

import pytest
from services.scoring.tests.appeals.working import codes, value_of


async def test_an_objection_goes_up_its_levels_and_each_says_why(appeals, clock):
    """Planted bug: what is taken further stays at its level."""
    objection_id = await appeals.filed()
    found = await appeals.now(objection_id)
    stands = {"state": "pending", "level": 1, "decided_by": "performance_office", "light": "none"}
    assert {name: found[name] for name in stands} == stands
    assert (found["objection_no"], found["edition"], found["unit"]) == (1, 1, "XQ01")
    assert found["due"] > await clock.today()
    assert found["score"] is not None
    assert (await appeals.decide(objection_id, "reject")).status_code == 201
    assert (await appeals.answer(objection_id, "appeal", text="仍有异议。")).status_code == 201
    answer = await appeals.decide(objection_id, "uphold_part", by=appeals.decider(2))
    assert answer.status_code == 201, answer.text
    assert (await appeals.answer(objection_id, "appeal")).status_code == 201
    answer = await appeals.decide(objection_id, "uphold", by=appeals.decider(3), stands="105")
    assert answer.json()["state"] == "upheld"
    found = await appeals.now(objection_id)
    moves = ["file", "reject", "appeal", "uphold_part", "appeal", "uphold"]
    assert [each["move"] for each in found["moves"]] == moves
    assert [each["level"] for each in found["moves"]] == [1, 1, 2, 2, 3, 3]
    assert (found["decided_by"], found["due"]) == ("standing_committee", None)
    assert found["moves"][-1]["stands"] == "105"
    assert codes(await appeals.answer(objection_id, "appeal")) == {"wrong-state"}


async def test_nobody_decides_who_brought_about_what_it_is_about(appeals):
    """Planted bugs: persons who verified are let decide; the account is compared."""
    objection_id = await appeals.filed()
    verified = await appeals.decide(objection_id, "reject", by=appeals.cycle.office)
    assert (verified.status_code, codes(verified)) == (409, {"own-act"})
    person = "performance_office@-"
    other_account = appeals.decider(subject="second-account", person=person)
    assert codes(await appeals.decide(objection_id, "reject", by=other_account)) == {"own-act"}
    author = appeals.decider(subject="other", person="data_source_unit@ZH02")
    assert codes(await appeals.decide(objection_id, "reject", by=author)) == {"own-act"}
    scorer = appeals.decider(unit="ZH02")
    assert codes(await appeals.decide(objection_id, "reject", by=scorer)) == {"scorers-unit"}
    rival = appeals.decider(unit="XQ05")
    assert codes(await appeals.decide(objection_id, "reject", by=rival)) == {"own-category"}
    own = appeals.decider(unit="XQ01")
    assert codes(await appeals.decide(objection_id, "uphold", by=own)) == {"own-category"}
    above = appeals.decider(2)
    assert codes(await appeals.decide(objection_id, "reject", by=above)) == {"not-the-callers"}
    assert (await appeals.now(objection_id))["step"] == 1
    assert (await appeals.decide(objection_id, "reject")).status_code == 201


async def test_whoever_decided_or_objected_decides_at_no_further_level(appeals):
    """Planted bug: only the latest move is looked at."""
    objection_id = await appeals.filed()
    assert (await appeals.decide(objection_id, "reject")).status_code == 201
    assert (await appeals.answer(objection_id, "appeal")).status_code == 201
    again = appeals.decider(2, person="decider-1")
    assert codes(await appeals.decide(objection_id, "uphold", by=again)) == {"decided-before"}
    filed = appeals.decider(2, person="of-XQ01")
    assert codes(await appeals.decide(objection_id, "uphold", by=filed)) == {"decided-before"}
    assert (await appeals.decide(objection_id, "uphold", by=appeals.decider(2))).status_code == 201


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"indicator": "NONE"}, {"not-the-units"}),
        ({"indicator": None}, {"missing"}),
        ({"survey": "phone"}, {"not-wanted"}),
        ({"about": "claim", "indicator": None, "claim_id": str(uuid4())}, {"not-the-units"}),
        ({"about": "entry", "indicator": None, "entry_id": str(uuid4())}, {"not-the-units"}),
        ({"about": "wave", "indicator": None, "survey": "none", "wave": 1}, {"not-the-units"}),
        ({"about": "wave", "indicator": None, "survey": "phone"}, {"missing"}),
        ({"about": "card", "period": "2025-01"}, {"missing"}),
        (
            {"about": "card", "period": "2025-01", "card_light": "red_card"},
            {"not-the-units"},
        ),
    ],
)
async def test_what_an_objection_is_about_is_the_units_own_and_named_by_its_fields(
    appeals, change, wanted
):
    answer = await appeals.file(**change)
    assert (answer.status_code, codes(answer)) == (409, wanted)
    assert await appeals.listed() == []


async def test_entries_and_waves_are_objected_to_and_their_scorers_do_not_decide(appeals):
    """Planted bug: the entry of another unit is taken."""
    mine, others = appeals.entries
    about = {"about": "entry", "indicator": None}
    assert codes(await appeals.file(**about, entry_id=others)) == {"not-the-units"}
    of_entry = await appeals.filed(**about, entry_id=mine)
    answer = await appeals.decide(of_entry, "reject", by=appeals.cycle.office)
    assert codes(answer) == {"own-act"}
    wave = {"about": "wave", "indicator": None, "survey": "phone", "wave": 1}
    of_wave = await appeals.filed(**wave)
    assert (await appeals.decide(of_wave, "reject", by=appeals.cycle.office)).status_code == 201
    assert [each["about"] for each in await appeals.listed()] == ["entry", "wave"]
    assert [each["objection_no"] for each in await appeals.listed()] == [1, 2]


async def test_to_the_same_a_unit_objects_once_unless_its_score_has_changed(appeals):
    """Planted bugs: a withdrawn one stands in the way; the changed score is not looked at."""
    first = await appeals.filed()
    assert codes(await appeals.file()) == {"objected-before"}
    assert (await appeals.answer(first, "withdraw")).status_code == 201
    await appeals.filed()
    await appeals.feed_back()
    assert codes(await appeals.file()) == {"objected-before"}
    right = value_of("XQ01", "50")
    await appeals.cycle.correct(appeals.entries[0], right, "ZH02")
    await appeals.feed_back()
    assert (await appeals.now(await appeals.filed()))["edition"] == 3


async def test_of_five_at_once_one_is_filed(appeals):
    """Planted bug: nothing is held while it is looked for."""
    answers = await asyncio.gather(*[appeals.file() for _ in range(5)])
    assert sorted(each.status_code for each in answers) == [201] + [409] * 4
    assert len(await appeals.listed()) == 1


async def test_windows_are_working_days_of_what_was_told(new_appeals, clock):
    """Planted bugs: calendar days; the day after the last is in time."""
    appeals = await new_appeals(file_within=2, decide_within=3)
    objection_id = await appeals.filed()
    assert codes(await appeals.answer(objection_id, "appeal")) == {"not-overdue"}
    found = await appeals.now(objection_id)
    days = 0
    while await clock.today() < found["due"]:
        await clock.pass_days(1)
        days += 1
    assert days >= 3
    assert (await appeals.now(objection_id))["light"] == "yellow"
    assert codes(await appeals.answer(objection_id, "appeal")) == {"not-overdue"}
    assert codes(await appeals.file(indicator="C02")) == {"filed-too-late"}
    await clock.pass_days(1)
    assert (await appeals.now(objection_id))["light"] == "red"
    assert (await appeals.answer(objection_id, "appeal")).status_code == 201
    assert (await appeals.now(objection_id))["light"] in ("none", "yellow")
    assert (await appeals.decide(objection_id, "reject", by=appeals.decider(2))).status_code == 201
    await clock.pass_days(7)
    assert codes(await appeals.answer(objection_id, "appeal")) == {"appealed-too-late"}


async def test_at_the_last_level_it_ends(new_appeals):
    appeals = await new_appeals(levels=["committee"])
    objection_id = await appeals.filed()
    assert (await appeals.now(objection_id))["decided_by"] == "committee"
    assert (await appeals.decide(objection_id, "reject", by=appeals.decider(2))).status_code == 201
    assert codes(await appeals.answer(objection_id, "appeal")) == {"last-level"}


async def test_files_count_where_they_existed_in_the_year(appeals):
    """Planted bug: the day is stored and not looked at."""
    file = await appeals.upload()
    late = [{"evidence_id": file, "existed_on": "2026-01-01"}]
    answer = await appeals.file(evidence=late)
    assert codes(answer) == {"evidence-of-later"}
    there = [{"evidence_id": file, "existed_on": "2025-12-31"}]
    objection_id = await appeals.filed(evidence=there)
    assert (await appeals.now(objection_id))["moves"][0]["evidence"] == there
    unknown = [{"evidence_id": str(uuid4()), "existed_on": "2025-12-31"}]
    answer = await appeals.file(indicator="C02", evidence=unknown)
    assert (answer.status_code, codes(answer)) == (409, {"no-such-evidence"})
    assert (await appeals.decide(objection_id, "reject")).status_code == 201
    answer = await appeals.answer(objection_id, "appeal", evidence=late)
    assert codes(answer) == {"evidence-of-later"}


async def test_a_unit_reads_its_own_and_nothing_of_others(appeals):
    """Planted bug: the list is not narrowed to the caller's unit."""
    mine = await appeals.filed()
    other = appeals.of("XQ02")
    others = await appeals.filed(by=other)
    assert [each["objection_id"] for each in await appeals.listed(by=appeals.of())] == [mine]
    assert [each["objection_no"] for each in await appeals.listed(by=other)] == [1]
    assert await appeals.listed(by=appeals.of(), unit="XQ02") == []
    for where, move in (("answers", "withdraw"), ("answers", "appeal")):
        body = {"step": 1, "move": move, "text": "x"}
        answer = await appeals.cycle.post(appeals.of(), f"objections/{others}/{where}", body)
        assert (answer.status_code, answer.json()["type"]) == (404, "no-such-objection")
    assert len(await appeals.listed()) == 2
    assert len(await appeals.listed(by=appeals.decider(2))) == 2
    assert await appeals.listed(by=appeals.decider(2, unit="XQ05")) == []
    no_role = await appeals.cycle.caller("survey_centre").get(f"{appeals.cycle.path}/objections")
    assert no_role.status_code == 403


async def test_what_was_upheld_says_what_should_stand(appeals):
    objection_id = await appeals.filed()
    answer = await appeals.decide(objection_id, "uphold", stands=None)
    assert codes(answer) == {"missing"}
    answer = await appeals.decide(objection_id, "reject", stands="105")
    assert codes(answer) == {"not-wanted"}
    answer = await appeals.decide(objection_id, "reject", step=7)
    assert (answer.status_code, answer.json()["type"]) == (409, "objection-moved")


async def test_where_the_office_is_barred_the_second_body_decides(new_appeals, others):
    """Planted bug: the office decides all the same."""
    appeals = await new_appeals()
    scheme = others.schemes[appeals.cycle.cycle_id]
    recusals = [{"unit": "XQ01", "body": "B77"}]
    others.schemes[appeals.cycle.cycle_id] = scheme | {"recusals": recusals}
    objection_id = await appeals.filed()
    assert (await appeals.now(objection_id))["decided_by"] == "second_body"
    assert codes(await appeals.decide(objection_id, "reject")) == {"not-the-callers"}
    body = appeals.cycle.caller("second_body", unit="B77", subject="body")
    assert [each["unit"] for each in await appeals.listed(by=body)] == ["XQ01"]
    assert (await appeals.decide(objection_id, "reject", by=body)).status_code == 201


async def test_nobody_objects_where_the_scheme_has_none_or_nothing_was_fed_back(
    new_appeals, others, document
):
    appeals = await new_appeals()
    never = appeals.of("ZH05")
    answer = await appeals.file(by=never)
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-score-sheet")
    others.schemes[appeals.cycle.cycle_id] = document
    answer = await appeals.file()
    assert (answer.status_code, answer.json()["type"]) == (409, "objections-not-foreseen")


async def test_a_task_is_for_who_could_decide_now(appeals):
    """Planted bug: whoever has the role is told."""

    async def told(client) -> list[str]:
        answer = await client.get(f"{appeals.cycle.path}/tasks/scoring")
        tasks = [each for each in answer.json()["tasks"] if each["kind"] == "decide-objection"]
        return [each["about"]["objection_id"] for each in tasks]

    objection_id = await appeals.filed()
    assert await told(appeals.decider()) == [objection_id]
    for nobody in (appeals.cycle.office, appeals.decider(2), appeals.decider(unit="XQ02")):
        assert await told(nobody) == []
    assert (await appeals.decide(objection_id, "reject")).status_code == 201
    assert (await appeals.answer(objection_id, "appeal")).status_code == 201
    assert await told(appeals.decider()) == []
    assert await told(appeals.decider(2)) == [objection_id]
