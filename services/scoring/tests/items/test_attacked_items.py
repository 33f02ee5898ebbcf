"""Supervised items, attacked: each test says what docs/items.md promises."""

from datetime import datetime, timedelta

import pytest
from services.scoring.tests.items.test_earned import write
from services.scoring.tests.items.working import PLACE, codes, later

ONE = [{"unit": "XQ03", "role": "lead", "share": 100}]
BODY = {"recusals": [{"unit": "XQ05", "body": "XQ02"}]}


async def tasks(items, client) -> list[dict]:
    answer = await client.get(f"{items.cycle.path}/tasks/scoring")
    assert answer.status_code == 200, answer.text
    return [each for each in answer.json()["tasks"] if PLACE in each["path"]]


async def done(answer) -> None:
    """A move that is made."""
    got = await answer
    assert got.status_code in (200, 201), got.text


async def returned_and_kept(items, item, unit: str = "XQ02") -> None:
    await done(items.answer(item, "return", by=items.of(unit), text="不属本单位。"))
    await done(items.direct(item, "insist", by=items.cycle.office, text="属。"))


async def test_a_support_that_returned_may_dispute_though_the_lead_signs(items):
    """Planted bug: a dispute is taken only while the item waits to be signed for."""
    item, two = await items.handled(), items.of("XQ02")
    await returned_and_kept(items, item)
    await done(items.answer(item, "sign"))
    assert (await write(items))["written"]["returned"] == 0
    await done(items.answer(item, "dispute", by=two, text="不属本单位。"))
    await done(items.rule(item, "insist", text="属。"))
    assert (await write(items))["written"]["returned"] == 1


async def test_who_goes_on_with_an_item_has_accepted_the_answer(items):
    """Planted bug: a dispute is taken of who has reported since."""
    item, two = await items.handled(), items.of("XQ02")
    await returned_and_kept(items, item)
    await done(items.answer(item, "sign"))
    await done(items.answer(item, "report", by=two, text="已办理。"))
    assert (await write(items))["written"]["returned"] == 1
    answer = await items.answer(item, "dispute", by=two, text="不属。")
    assert codes(answer) == {"went-on-already"}


async def test_a_unit_may_dispute_though_another_returns_it_meanwhile(items):
    """Planted bug: the latest return of anybody is the one that may be disputed."""
    item = await items.dispatched()
    await returned_and_kept(items, item, "XQ01")
    await returned_and_kept(items, item, "XQ02")
    await done(items.answer(item, "dispute", text="不属。"))
    # Who answered that very return rules on it under no other account.
    office = "performance_office@-"
    same = items.cycle.caller("committee", subject="as-leader", person=office)
    told = await items.cycle.office.get(f"{items.cycle.path}/{PLACE}/{item}")
    insisted = [each["actor"] for each in told.json()["moves"] if each["move"] == "insist"]
    assert len(set(insisted)) == 1
    assert codes(await items.rule(item, "insist", by=same, text="属。")) == {"own-act"}
    await done(items.rule(item, "insist", text="属。"))
    await done(items.answer(item, "dispute", by=items.of("XQ02"), text="不属。"))
    # A leader who ruled for one unit may rule for the next.
    await done(items.rule(item, "insist", text="属。"))


async def test_days_in_which_an_item_stands_still_are_none_of_the_three(items, clock):
    """Planted bug: all working days since the answer are counted."""
    item = await items.handled()
    await returned_and_kept(items, item)
    await done(items.answer(item, "sign"))
    await done(items.direct(item, "suspend", text="等待批复。"))
    await clock.pass_days(14)
    assert (await write(items))["written"]["returned"] == 0
    await done(items.direct(item, "resume"))
    await done(items.answer(item, "dispute", by=items.of("XQ02"), text="不属。"))


async def test_what_was_closed_before_it_could_be_disputed_was_not_wrongly_returned(items, clock):
    item = await items.handled()
    await returned_and_kept(items, item)
    await done(items.answer(item, "sign"))
    await done(items.answer(item, "reply", text="办结。"))
    await done(items.direct(item, "close"))
    await clock.pass_days(14)
    assert (await write(items))["written"]["returned"] == 0


async def test_a_reply_waits_for_a_decision_though_the_caller_registered_500_others(items):
    """Planted bugs: the first of a part alone are looked through; what is more is not counted."""
    await items.replied()
    before = {each["kind"] for each in await tasks(items, items.cycle.office)}
    assert before
    await items.registered(*[{"title": f"事项{n}"} for n in range(500)])
    await items.replied()
    found = await tasks(items, items.cycle.office)
    assert {each["kind"] for each in found} == before
    assert sum(each["count"] for each in found) == 2


async def test_of_more_tasks_than_are_told_one_by_one_the_number_is_told(items):
    """Planted bug: what comes after the two-hundredth is left out."""
    ids = await items.registered(*[{"title": f"事项{n}"} for n in range(230)])
    await done(items.dispatch(*ids))
    found = await tasks(items, items.of())
    assert (len(found), sum(each["count"] for each in found)) == (200, 230)


async def test_a_unit_learns_nothing_of_an_item_that_was_called_off_before_dispatch(items):
    """Planted bug: the journal names the units of what was called off."""
    [item] = await items.registered(confidential=True)
    await done(items.direct(item, "call_off", text="不办。"))
    rows = await items.cycle.service.sql(
        "SELECT event, body::text AS body FROM journal_entry WHERE chain = $1 ORDER BY seq",
        str(items.cycle.cycle_id),
    )
    told = [each["body"] for each in rows if each["event"] == "scoring.supervised-item-moved"]
    assert told
    assert not any("XQ01" in each for each in told), told


async def test_a_unit_from_which_it_was_taken_reads_it_no_more_at_an_earlier_moment(items):
    """Planted bug: who reads it is judged by the moment alone that is asked about."""
    lead = [{"unit": "XQ01", "role": "lead", "share": 100}]
    item = await items.dispatched(confidential=True, units=lead)
    before = (await items.now(item))["changed_at"]
    assert (await items.read(item, by=items.of(), at=before)).status_code == 200
    await done(items.answer(item, "return", text="不属。"))
    more = {"text": "改派。", "within": 5, "units": ONE}
    await done(items.direct(item, "reassign", by=items.cycle.office, **more))
    assert (await items.read(item, by=items.of())).status_code == 404
    assert (await items.read(item, by=items.of(), at=before)).status_code == 404
    assert await items.listed(by=items.of(), at=before) == []
    # Nor does who has it now read how it stood with who had it before.
    assert await items.listed(by=items.of("XQ03"), at=before) == []
    assert await items.listed(by=items.cycle.office, at=before) == [item]
    # A moment just before it was registered has none.
    ago = datetime.fromisoformat(before) - timedelta(days=1)
    assert await items.listed(at=ago.isoformat()) == []


async def test_who_replies_before_he_is_answered_has_no_longer_than_he_asked_for(items, clock):
    """Planted bug: all time of waiting is added to the day that there was."""
    until = later(await clock.today(), 2)
    item = await items.handled(within=None, until=until)
    other = await items.handled(within=None, until=until)
    for each in (item, other):
        await done(items.answer(each, "ask_extension", text="请延期。", within=20))
    await clock.pass_days(21)
    await done(items.answer(other, "reply", text="办结。"))
    assert (await items.now(other))["light"] == "none"
    await clock.pass_days(39)
    await done(items.answer(item, "reply", text="办结。"))
    now = await items.now(item)
    assert now["light"] == "red", (now["due"], now["done_on"], now["light"])
    assert (await write(items))["written"]["overdue"] == 2


async def test_registering_or_moving_with_years_far_away_does_not_fail(items):
    """Planted bug: working days are counted at the ends of the calendar."""
    for until in ("9999-12-31", "0001-01-01", "2024-02-29"):
        answer = await items.register(within=None, until=until)
        assert answer.status_code == 422, answer.text
    for at in ("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"):
        answer = await items.cycle.office.get(f"{items.cycle.path}/{PLACE}", params={"at": at})
        assert answer.status_code < 500, answer.text
    assert (await items.register(within=250)).status_code == 201


@pytest.mark.parametrize("where", ["registration", "reassignment"])
async def test_an_item_on_which_nobody_may_decide_is_not_taken(items, others, document, where):
    """Planted bug: the bodies that decide are not held against the units of the item."""
    others.schemes[items.cycle.cycle_id] = document | BODY
    units = [
        {"unit": "XQ05", "role": "lead", "share": 50},
        {"unit": "XQ02", "role": "support", "share": 50},
    ]
    if where == "registration":
        answer = await items.register(units=units)
        assert (answer.status_code, codes(answer)) == (422, {"nobody-decides"})
        assert await items.listed() == []
        return
    item = await items.dispatched(units=ONE)
    await done(items.answer(item, "return", by=items.of("XQ03"), text="不属。"))
    more = {"text": "改派。", "within": 5, "units": units, "by": items.cycle.office}
    answer = await items.direct(item, "reassign", **more)
    assert (answer.status_code, codes(answer)) == (409, {"nobody-decides"})


async def test_a_unit_that_only_reads_an_item_takes_no_decision_from_the_office(
    items, others, document
):
    """Planted bug: a body stands in for readers, whose items it does not see."""
    others.schemes[items.cycle.cycle_id] = document | BODY
    await items.dispatched(readers=["XQ05"])
