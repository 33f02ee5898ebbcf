"""Marking from seats over HTTP: who may, who reads it, and two marks at once."""

import pytest
from leading import MARK, SEATS, give, member


@pytest.fixture
def judged(cycle, others, with_a_panel):
    others.schemes[cycle.cycle_id] = with_a_panel
    return cycle


async def ids_of(answer):
    assert answer.status_code == 201, answer.text
    return [each["entry_id"] for each in answer.json()["rows"]]


def codes(answer):
    return [each["code"] for each in answer.json()["errors"]]


async def test_a_mark_is_given_verified_and_counts_from_its_seat(judged):
    [entry] = await ids_of(await give(judged, MARK))
    await judged.verify(entry_ids=[entry])
    told = "SELECT panel, item, author FROM ledger_entry WHERE entry_id = $1"
    row = await judged.service.sql(told, entry)
    assert row == [{"panel": "P1", "item": "1", "author": "zhang"}]


@pytest.mark.parametrize(
    ("roles", "subject", "unit", "problem"),
    [
        # another account of the unit, its data source, who is marked, the same name elsewhere
        (["panel_member"], "li", "ZF01", "not-the-seat"),
        (["data_source_unit"], "clerk", "ZF01", "not-the-seat"),
        (["assessed_unit"], "xq01", "XQ01", "not-the-seat"),
        (["panel_member"], "zhang", "XQ01", "not-the-seat"),
        # who holds the seat needs the role as well
        (["data_source_unit"], "zhang", "ZF01", "not-allowed"),
        (["performance_office"], "zhang", "ZF01", "not-allowed"),
    ],
)
async def test_another_account_enters_nothing_from_the_seat(judged, roles, subject, unit, problem):
    before = await judged.rows()
    answer = await give(judged, MARK, by=judged.caller(*roles, unit=unit, subject=subject))
    assert (answer.status_code, answer.json()["type"]) == (403, problem)
    assert await judged.rows() == before


async def test_a_member_enters_nothing_but_marks(judged):
    """Caught: the role of a member as good as that of the data source of the same unit."""
    value = {"unit": "XQ01", "indicator": "C01", "kind": "measured_value", "key": "actual"}
    by = member(judged, "zhang", "ZH02")
    answer = await give(judged, value | {"value": "1"}, by=by)
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def test_a_seat_does_not_mark_its_own_unit(judged):
    before = await judged.rows()
    wang = member(judged, "wang", "XQ03")
    answer = await give(judged, MARK | {"unit": "XQ03", "item": "3"}, by=wang)
    assert (answer.status_code, codes(answer)) == (422, ["own-unit"])
    assert await judged.rows() == before
    await ids_of(await give(judged, MARK | {"item": "3"}, by=wang))


async def test_one_person_with_two_accounts_sits_once(judged):
    """Planted bug: compare subjects."""
    await ids_of(await give(judged, MARK, by=member(judged, person="p-1")))
    second = member(judged, "li", person="P-1")
    elsewhere = MARK | {"item": "2", "unit": "XQ02"}
    answer = await give(judged, elsewhere, by=second)
    assert (answer.status_code, codes(answer)) == (403, ["second-seat"])
    [draft] = await ids_of(await give(judged, elsewhere, by=second, state="draft"))
    answer = await judged.post(second, "ledger-entries/submission", {"entry_ids": [draft]})
    assert (answer.status_code, codes(answer)) == (409, ["second-seat"])


async def test_one_person_does_not_sit_twice_by_asking_at_once(judged):
    await ids_of(await give(judged, MARK | {"item": "3"}, by=member(judged, "wang", "XQ03")))
    one, other = (member(judged, each, person="p-1") for each in ("zhang", "li"))
    answers = await judged.at_once(
        give(judged, MARK, by=one), give(judged, MARK | {"item": "2"}, by=other)
    )
    assert sorted(each.status_code for each in answers) == [201, 403]


async def test_two_units_get_the_same_mark_neither_later_nor_at_once(judged):
    """Planted bug: look at what is stored before the lock is taken."""
    await ids_of(await give(judged, MARK | {"item": "2"}, by=member(judged, "li")))
    marks = [MARK | {"unit": unit} for unit in ("XQ01", "XQ02")]
    answers = await judged.at_once(*(give(judged, mark) for mark in marks))
    assert sorted(each.status_code for each in answers) == [201, 422]
    (refused,) = [each for each in answers if each.status_code == 422]
    assert codes(refused) == ["same-mark"]
    third = await give(judged, MARK | {"unit": "XQ05"})
    assert codes(third) == ["same-mark"]
    # the marks of others are not looked at
    wang = member(judged, "wang", "XQ03")
    await ids_of(await give(judged, MARK | {"unit": "XQ05", "item": "3"}, by=wang))


async def test_drafts_alike_are_not_both_handed_in(judged):
    marks = [MARK | {"unit": unit} for unit in ("XQ01", "XQ02")]
    drafts = [await give(judged, mark, state="draft") for mark in marks]
    ids = [each for draft in drafts for each in await ids_of(draft)]
    answer = await judged.post(member(judged), "ledger-entries/submission", {"entry_ids": ids})
    assert (answer.status_code, codes(answer)) == (409, ["same-mark"])


async def test_marks_are_changed_and_taken_back_from_their_seat_alone(judged):
    """Caught: accounts of one unit that stand in for one another, as data source units do."""
    [entry, back] = await ids_of(
        await give(judged, MARK, MARK | {"unit": "XQ02", "value": "81"}, state="draft")
    )
    strangers = [
        judged.caller("data_source_unit", unit="ZF01"),
        member(judged, "li"),
        judged.caller("assessed_unit", unit="XQ01"),
    ]
    moves = [
        (f"ledger-entries/{entry}/correction", {"entry": MARK | {"value": "90"}}),
        (f"ledger-entries/{entry}/withdrawal", {}),
        (f"ledger-entries/{entry}/reversal", {"reason": "x"}),
    ]
    before = await judged.rows()
    for stranger in strangers:
        for path, body in moves:
            assert (await judged.post(stranger, path, body)).status_code == 404, path
        body = {"entry_ids": [entry]}
        answer = await judged.post(stranger, "ledger-entries/submission", body)
        assert codes(answer) == ["unknown-entry"]
    assert await judged.rows() == before
    zhang = member(judged)
    right = await judged.post(zhang, *moves[0])
    assert right.status_code == 201
    answer = await judged.post(zhang, f"ledger-entries/{back}/withdrawal", {})
    assert answer.status_code == 200
    await judged.verify(all_submitted=True)
    new = right.json()["entry_id"]
    path = f"ledger-entries/{new}/reversal"
    assert (await judged.post(strangers[0], path, {"reason": "x"})).status_code == 404
    answer = await judged.post(zhang, path, {"reason": "看错单位"})
    assert answer.status_code == 201
    await judged.verify(all_submitted=True)
    await ids_of(await give(judged, MARK | {"value": "90"}))


async def test_a_mark_of_a_seat_that_changed_hands_is_not_verified(judged, others, with_a_panel):
    [entry] = await ids_of(await give(judged, MARK))
    seats = [SEATS[0] | {"account": "zhao"}, *SEATS[1:]]
    panels = [*with_a_panel["panels"][:-1], {"code": "P1", "seats": seats}]
    others.schemes[judged.cycle_id] = with_a_panel | {"panels": panels}
    body = {"entry_ids": [entry]}
    answer = await judged.post(judged.office, "ledger-entries/verification", body)
    assert (answer.status_code, codes(answer)) == (409, ["not-the-seat"])
    zhao = member(judged, "zhao")
    [own] = (await zhao.get(f"{judged.path}/panel-marks/own")).json()["indicators"]
    assert own["marks"] == 0  # what a predecessor gave is not the own
    assert (await zhao.get(f"{judged.path}/ledger-entries")).json()["items"] == []


async def test_nobody_but_the_seat_and_who_decides_reads_a_mark(judged):
    await ids_of(await give(judged, MARK))

    async def read(client):
        answer = await client.get(f"{judged.path}/ledger-entries")
        return len(answer.json()["items"]) if answer.status_code == 200 else answer.status_code

    assert await read(member(judged)) == 1
    assert await read(judged.office) == 1
    assert await read(member(judged, "li")) == 0
    assert await read(judged.caller("data_source_unit", unit="ZF01", subject="clerk")) == 0
    assert await read(judged.caller("assessed_unit", unit="XQ01")) == 0
    assert await read(judged.caller("organiser", unit="ZH40")) == 0


async def test_a_distribution_is_the_callers_own_and_nobody_elses(judged):
    """Planted bugs: every seat of the unit; the marks of the seat and not of the account."""
    path = f"{judged.path}/panel-marks/own"
    before = (await member(judged).get(path)).content
    await ids_of(await give(judged, MARK | {"item": "2"}, by=member(judged, "li")))
    wang = member(judged, "wang", "XQ03")
    await ids_of(await give(judged, MARK | {"item": "3"}, by=wang))
    assert (await member(judged).get(path)).content == before

    await ids_of(await give(judged, MARK, MARK | {"unit": "XQ02", "value": "90"}))
    await ids_of(await give(judged, MARK | {"unit": "XQ05", "value": "7"}, state="draft"))
    answer = await member(judged).get(path)
    [own] = answer.json()["indicators"]
    assert (own["marks"], own["mean"], own["spread"]) == (2, "85.000000", "5.000000")
    assert (own["seat"], own["lowest"], own["highest"]) == ("1", "80", "90")
    assert "XQ05" in own["open"]
    assert "XQ01" not in own["open"]
    [of_wang] = (await wang.get(path)).json()["indicators"]
    assert "XQ03" not in of_wang["open"]
    for stranger in (
        member(judged, "nobody"),
        member(judged, "zhang", "XQ01"),
        judged.caller("data_source_unit", unit="ZF01"),
        judged.office,
    ):
        assert (await stranger.get(path)).status_code == 403


async def test_a_mark_is_restated_from_its_seat_alone(judged):
    """Caught: the former mark, which still counts, beside the one that takes its place."""
    [entry, _] = await ids_of(await give(judged, MARK, MARK | {"unit": "XQ02", "value": "90"}))
    await judged.verify(all_submitted=True)
    path = f"ledger-entries/{entry}/restatement"
    right = {"value": "85", "reason": "核对材料后更正"}
    for stranger in (member(judged, "li"), judged.caller("data_source_unit", unit="ZF01")):
        assert (await judged.post(stranger, path, right)).status_code == 404
    alike = await judged.post(member(judged), path, right | {"value": "90"})
    assert codes(alike) == ["same-mark"]
    assert (await judged.post(member(judged), path, right)).status_code == 201
    path = f"{judged.path}/ledger-entries/restatements"
    assert len((await member(judged).get(path)).json()["items"]) == 1
    for stranger in (member(judged, "li"), judged.caller("assessed_unit", unit="XQ01")):
        assert (await stranger.get(path)).json()["items"] == []
    [own] = (await member(judged).get(f"{judged.path}/panel-marks/own")).json()["indicators"]
    assert (own["marks"], own["lowest"]) == (2, "85")


async def test_a_reversed_mark_is_open_again(judged):
    [entry] = await ids_of(await give(judged, MARK))
    await judged.verify(entry_ids=[entry])
    zhang = member(judged)
    await judged.post(zhang, f"ledger-entries/{entry}/reversal", {"reason": "看错单位"})
    [own] = (await zhang.get(f"{judged.path}/panel-marks/own")).json()["indicators"]
    assert (own["marks"], "XQ01" in own["open"]) == (0, True)
