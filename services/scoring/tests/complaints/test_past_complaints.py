"""What units read of complaints that they no longer handle."""

import pytest
from services.scoring.tests.complaints.handling import LEAD, SUPPORT, codes
from services.scoring.tests.complaints.test_complaint_events import counted, write

__all__ = ["counted"]

OTHERS = [{"unit": "XQ03", "role": "lead"}, {"unit": "XQ04", "role": "support"}]


async def passed_on(counted, clock):
    """A complaint that XQ01 let lapse and returned, and its event."""
    complaint_id = await counted.assigned(LEAD, SUPPORT, kind="hotline")
    await clock.pass_days(30)
    await counted.must(await counted.answer(complaint_id, "return", text="不属本单位"))
    await write(counted)
    return complaint_id


async def test_whoever_is_charged_for_a_complaint_reads_its_part_of_it_and_nothing_after(
    counted, clock
):
    """Planted bugs: 404 for whoever returned it; its present state; what others answered; who has
    it now; it can be moved again."""
    complaint_id = await passed_on(counted, clock)
    before = await counted.now(complaint_id, counted.of())
    moves = [(each["move"], each["text"]) for each in before["moves"]]
    assert [move for move, _ in moves] == ["raise", "accept", "assign", "return"]
    assert moves[-1] == ("return", "不属本单位")
    assert [(each["what"], each["unit"]) for each in before["events"]] == [("overdue", "XQ01")]
    assert before["text"].startswith("门前")
    assert (before["state"], before["units"], before["light"]) == ("accepted", [], "none")

    await counted.must(await counted.direct(complaint_id, "assign", units=OTHERS))
    await counted.must(await counted.answer(complaint_id, by=counted.of("XQ03"), text="另一单位"))
    said = await counted.direct(complaint_id, "revisit", word="dissatisfied")
    await counted.must(said)
    await counted.must(await counted.direct(complaint_id, "redo", text="须重办"))
    await write(counted)
    assert await counted.now(complaint_id, counted.of()) == before
    assert await counted.listed(by=counted.of()) == []
    for step in (4, 8):
        moved = await counted.answer(complaint_id, step=step)
        assert (moved.status_code, moved.json()["type"]) == (404, "no-such-complaint")
    # Whoever only supported it and did nothing, or never had it, has no part.
    for stranger in ("XQ02", "XQ05"):
        assert (await counted.read(complaint_id, counted.of(stranger))).status_code == 404


async def test_what_one_unit_said_of_a_complaint_the_other_does_not_read_afterwards(complaints):
    """Planted bug: all moves up to the unit's own last one."""
    complaint_id = await complaints.assigned(LEAD, SUPPORT)
    asked = await complaints.answer(complaint_id, "ask_extension", text="牵头单位的理由")
    await complaints.must(asked)
    await complaints.must(await complaints.direct(complaint_id, "grant_extension"))
    mine = complaints.of("XQ02")
    await complaints.must(await complaints.answer(complaint_id, "return", by=mine, text="不属我"))
    told = await complaints.now(complaint_id, mine)
    moves = ["raise", "accept", "assign", "grant_extension", "return"]
    assert [each["move"] for each in told["moves"]] == moves
    assert "牵头单位的理由" not in str(told)


async def test_a_silent_unit_reads_why_it_was_taken_back_once_that_has_cost_it_something(
    counted, clock
):
    """Planted bugs: the units that were given it then; what they did with it."""
    complaint_id = await counted.assigned(LEAD, kind="hotline")
    await counted.must(await counted.direct(complaint_id, "urge", text="请抓紧"))
    await clock.pass_days(40)
    told = {"units": OTHERS, "text": "逾期未答复"}
    await counted.must(await counted.direct(complaint_id, "assign", **told))
    await write(counted)
    before = await counted.now(complaint_id, counted.of())
    assert [each["text"] for each in before["moves"][-2:]] == ["请抓紧", "逾期未答复"]
    assert (before["units"], before["about"]) == ([], [])
    await counted.must(await counted.answer(complaint_id, by=counted.of("XQ03")))
    assert await counted.now(complaint_id, counted.of()) == before
    assert "XQ03" not in str(before)


@pytest.mark.parametrize("word", ["upheld", "unfounded"])
async def test_about_whom_it_was_upheld_reads_that_and_nothing_of_who_handled_it(counted, word):
    """Planted bug: what others were asked and answered on the way."""
    complaint_id = await counted.accepted(kind="efficiency_complaint", about=("XQ03", "XQ04"))
    elsewhere = {"unit": "BM01", "role": "lead"}
    await counted.must(await counted.direct(complaint_id, "assign", units=[elsewhere]))
    await counted.must(await counted.answer(complaint_id, by=counted.of("BM01"), text="查实"))
    said = await counted.direct(complaint_id, "revisit", word="satisfied", text="满意")
    await counted.must(said)
    office = counted.cycle.office
    assert (await counted.read(complaint_id, counted.of("XQ03"))).status_code == 404
    closed = await counted.direct(complaint_id, "close", by=office, word=word, text="情况说明")
    await counted.must(closed)
    await write(counted)
    answer = await counted.read(complaint_id, counted.of("XQ03"))
    if word == "unfounded":
        assert answer.status_code == 404
        return
    told = answer.json()
    assert [each["move"] for each in told["moves"]] == ["raise", "accept", "close"]
    assert (told["about"], told["units"]) == (["XQ03"], [])
    assert not {each for each in ("查实", "满意", "BM01", "XQ04") if each in str(told)}


async def test_where_nobody_could_handle_it_the_kind_is_refused(complaints, others):
    """Planted bug: a complaint about efficiency that can be given to nobody."""
    cycle_id = complaints.cycle.cycle_id
    [first, *_] = others.schemes[cycle_id]["categories"]
    others.schemes[cycle_id] = others.schemes[cycle_id] | {"categories": [first]}
    complaint_id = await complaints.registered(kind="efficiency_complaint")
    wanted = {"about": [first["units"][0]]}
    answer = await complaints.direct(complaint_id, "accept", kind="efficiency_complaint", **wanted)
    assert codes(answer) == {"nobody-handles"}
    await complaints.must(
        await complaints.direct(complaint_id, "accept", kind="petition", **wanted)
    )
