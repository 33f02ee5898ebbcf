"""Remarks of units on the open record: who answers, level by level, and by whose voice."""

import pytest
from services.scoring.tests.appeals.working import codes, value_of

from scoring.rules.appeals import moving

SOURCE = "data_source_unit"


@pytest.fixture
async def open_year(new_appeals):
    return await new_appeals(remarks={"answer_within": 2})


def source(appeals, unit="ZH02", **who):
    return appeals.cycle.caller(SOURCE, unit=unit, **{"subject": f"answers-{unit}"} | who)


async def remark(appeals, **more) -> str:
    return await appeals.filed(form="remark", **more)


async def test_a_remark_goes_up_from_who_entered_and_on_the_units_own_ladder(open_year, clock):
    """Planted bugs: the person who spoke before takes it further; the source's level is the
    office's; another source answers."""
    appeals = open_year
    objection_id = await remark(appeals)
    found = await appeals.now(objection_id)
    stands = {"form": "remark", "edition": None, "put_to": "ZH02", "score": None, "level": 1}
    assert {name: found[name] for name in stands} == stands
    assert (found["decided_by"], found["state"]) == (SOURCE, "pending")
    assert codes(await appeals.decide(objection_id, "reject")) == {"not-the-callers"}
    stranger = source(appeals, "ZH01")
    assert await appeals.listed(by=stranger) == []
    answer = await appeals.decide(objection_id, "reject", by=stranger)
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-objection")
    [read] = await appeals.listed(by=source(appeals))
    assert read["objection_id"] == objection_id
    answer = await appeals.decide(objection_id, "reject", by=source(appeals))
    assert answer.status_code == 201, answer.text
    assert codes(await appeals.answer(objection_id, "appeal")) == {"same-person"}
    head = appeals.of(subject="own-office")
    assert (await appeals.answer(objection_id, "appeal", by=head)).status_code == 201
    assert codes(await appeals.decide(objection_id, "reject", by=appeals.cycle.office)) == {
        "own-act"
    }
    answer = await appeals.decide(objection_id, "reject", by=source(appeals, subject="other"))
    assert codes(answer) == {"not-the-callers"}
    while await clock.today() <= (await appeals.now(objection_id))["due"]:
        await clock.pass_days(1)
    third = appeals.of(subject="head")
    assert (await appeals.answer(objection_id, "appeal", by=third)).status_code == 201
    found = await appeals.now(objection_id)
    assert (found["level"], found["decided_by"]) == (3, "committee")
    assert (await appeals.decide(objection_id, "uphold", by=appeals.decider(2))).status_code == 201
    new = await appeals.cycle.correct(appeals.entries[0], value_of("XQ01", "105"), "ZH02")
    assert (await appeals.carry_out(objection_id, new)).status_code == 201


async def test_what_nobody_entered_begins_at_the_office_and_one_waits_at_a_time(open_year):
    """Planted bug: a settled remark stands in the way of the next."""
    appeals = open_year
    wave = {"about": "wave", "indicator": None, "survey": "phone", "wave": 1}
    of_wave = await remark(appeals, **wave)
    found = await appeals.now(of_wave)
    assert (found["level"], found["decided_by"], found["put_to"]) == (2, "performance_office", None)
    assert codes(await appeals.file(form="remark", **wave)) == {"objected-before"}
    assert (await appeals.decide(of_wave, "reject")).status_code == 201
    await remark(appeals, **wave)
    await appeals.filed(**wave)  # an objection is another thing
    assert [each["objection_no"] for each in await appeals.listed()] == [1, 2, 3]


async def test_nobody_remarks_on_a_sealed_record_or_where_the_scheme_has_no_remarks(
    new_appeals, open_year
):
    """Planted bug: the phase is not looked at."""
    without = await new_appeals()
    answer = await without.file(form="remark")
    assert (answer.status_code, answer.json()["type"]) == (409, "objections-not-foreseen")
    cycle = open_year.cycle
    told = (await cycle.post(cycle.office, "ledger/seal?mode=check", {})).json()
    reason = {"reason": "x"}
    sealed = {"seen": told["seen"], "leaves": told["leaves"], "accept_unscored": reason}
    answer = await cycle.post(cycle.office, "ledger/seal", sealed)
    assert answer.status_code == 200, answer.text
    answer = await open_year.file(form="remark")
    assert (answer.status_code, answer.json()["type"]) == (409, "ledger-sealed")
    assert await open_year.listed() == []
    await open_year.filed()  # what was fed back is objected to all the same


async def test_the_unit_that_is_asked_has_it_among_its_tasks(open_year):
    """Planted bug: every source is told."""

    async def told(client) -> list[str]:
        answer = await client.get(f"{open_year.cycle.path}/tasks/scoring")
        tasks = [each for each in answer.json()["tasks"] if each["kind"] == "decide-objection"]
        return [each["about"]["objection_id"] for each in tasks]

    objection_id = await remark(open_year)
    assert await told(source(open_year)) == [objection_id]
    answer = await source(open_year).get(f"{open_year.cycle.path}/tasks/scoring")
    [task] = [each for each in answer.json()["tasks"] if each["kind"] == "decide-objection"]
    wanted = "复核XQ01的第1号意见（临近期限）", "Decide about remark 1 of XQ01 (due soon)"
    assert (task["zh"], task["en"]) == wanted
    for nobody in (source(open_year, "ZH01"), open_year.decider(), open_year.decider(2)):
        assert await told(nobody) == []


async def test_who_remarks_for_a_unit_does_not_answer_it_as_the_source(open_year):
    """Planted bug: whoever answers for what they entered is asked for nothing else."""
    objection_id = await remark(open_year, by=open_year.of(person="P"))
    answer = await open_year.decide(objection_id, "uphold", by=source(open_year, person="P"))
    assert codes(answer) == {"decided-before"}


async def test_remarks_leave_a_unit_its_objections(open_year, monkeypatch):
    """Planted bug: both are counted as one."""
    monkeypatch.setattr(moving, "MOST_REMARKS", 2)
    monkeypatch.setattr(moving, "MOST_OBJECTIONS", 1)
    for _ in range(2):
        objection_id = await remark(open_year)
        assert (await open_year.answer(objection_id, "withdraw")).status_code == 201
    assert codes(await open_year.file(form="remark")) == {"too-many-objections"}
    await open_year.filed()
    again = await open_year.file(about="wave", indicator=None, survey="phone", wave=1)
    assert codes(again) == {"too-many-objections"}


async def test_the_tasks_ask_as_many_questions_however_many_remarks_are_open(open_year):
    """Planted bug: who brought about what each is about is asked of each by itself."""
    cycle, asked_of = open_year.cycle, source(open_year)

    async def asked():
        with cycle.service.statements() as said:
            answer = await asked_of.get(f"{cycle.path}/tasks/scoring")
        assert answer.status_code == 200, answer.text
        kinds = [each["kind"] for each in answer.json()["tasks"]]
        return len(said), kinds.count("decide-objection")

    await remark(open_year)
    few = await asked()
    for unit in ("XQ02", "XQ03", "XQ04", "XQ05"):
        await remark(open_year, by=open_year.of(unit))
    assert (few[1], await asked()) == (1, (few[0], 5))
