"""The rules of supervised items as tables: who may make a move, its clock, its lights, its days."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.deadlines import Calendar
from scoring.rules.items.after import after
from scoring.rules.items.clock import (
    ITEM_LIGHTS,
    Clock,
    next_report,
    report_due,
    yellow_until,
)
from scoring.rules.items.given import Share, Term
from scoring.rules.items.moving import move_faults
from scoring.rules.items.standing import Around, ItemActor, ItemNow, Made, Said
from scoring.rules.items.states import (
    ITEM_MOVES,
    ITEM_STATES,
    LEADER_MOVES,
    OFFICE_MOVES,
    STEPS,
    TRANSITIONS,
    UNIT_MOVES,
)

DAY = dt.date
MAY = Calendar(
    # 1 May 2025 is a Thursday and rests with the days to the 5th; 27 April is worked for it.
    working=frozenset({DAY(2025, 4, 27)}),
    resting=frozenset({DAY(2025, 5, 1), DAY(2025, 5, 2), DAY(2025, 5, 5)}),
    announced=frozenset({2025}),
)
SHARES = [Share("A", "lead", 60), Share("B", "support", 40), Share("R", "reader", 0)]
UNITS = {"A", "B", "C", "R"}
GIVEN, NEXT = DAY(2025, 4, 21), DAY(2025, 4, 22)


def item(*states, clock=None, completion=0, on=GIVEN, person="x", unit=None):
    """An item that made these moves, each with its state, by somebody on a day."""
    clock = clock or Clock(DAY(2025, 5, 6), None, 2, None)
    made = [
        Made(n, move, state, clock, person, unit, on) for n, (move, state) in enumerate(states, 1)
    ]
    return ItemNow(Term(within=5), None, SHARES, made, completion)


def codes(it, move, by, unit=None, person="y", day=NEXT, decides=True, **said):
    around = Around(day, MAY, DAY(2026, 12, 31), UNITS)
    actor = ItemActor(person, unit, {by}, decides)
    return [each.code for each in move_faults(it, Said(move, **said), actor, around)]


REPLIED = item(("register", "registered"), ("reply", "replied"), completion=100)


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        ({}, []),
        ({"person": "x"}, ["own-act"]),
        ({"person": "Ｘ"}, ["own-act"]),
        ({"unit": "A"}, ["own-unit"]),
        ({"unit": "B"}, ["own-unit"]),
        ({"unit": "R"}, []),
        ({"unit": "C"}, []),
        ({"decides": False}, ["recused"]),
        ({"by": "lead", "unit": "A"}, ["not-the-callers"]),
        ({"by": "leader"}, ["not-the-callers"]),
    ],
)
def test_another_person_without_a_part_in_it_closes(who, wanted):
    """Planted bugs: names compared letter by letter; a support may decide on its own item."""
    assert codes(REPLIED, "close", **{"by": "office"} | who) == wanted


def test_what_is_no_step_cannot_happen():
    for state, move in itertools.product(ITEM_STATES, ITEM_MOVES):
        it = item(("register", state))
        by = STEPS[state, move].by if (state, move) in STEPS else "office"
        found = codes(it, move, by, text="x")
        assert ("wrong-state" in found) == ((state, move) not in STEPS), (state, move)


def test_every_move_is_told_and_every_state_is_reached():
    assert {move for _, move in STEPS} | {"register"} == {*ITEM_MOVES}
    assert {to for _, to in TRANSITIONS} | {"registered"} == {*ITEM_STATES}
    offered = {*UNIT_MOVES, *OFFICE_MOVES, *LEADER_MOVES, "dispatch", "register", "withdraw"}
    assert offered == {*ITEM_MOVES}


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        # Sunday the 27th is worked: the seventh working day after the 21st is the 29th.
        (DAY(2025, 4, 29), []),
        (DAY(2025, 4, 30), ["return-too-late"]),
        (DAY(2025, 5, 4), ["return-too-late"]),
    ],
)
def test_seven_working_days_are_counted_by_the_calendar(day, wanted):
    """Planted bugs: calendar days; the plain week."""
    it = item(("dispatch", "dispatched"))
    assert codes(it, "return", "unit", "B", day=day, text="x") == wanted


@pytest.mark.parametrize(
    ("clock", "day", "light"),
    [
        (Clock(), DAY(2025, 4, 21), "none"),
        (Clock(DAY(2025, 5, 6)), DAY(2025, 4, 27), "none"),
        (Clock(DAY(2025, 5, 6)), DAY(2025, 4, 28), "yellow"),  # 28, 29, 30 are worked before it
        (Clock(DAY(2025, 5, 6)), DAY(2025, 5, 6), "yellow"),
        (Clock(DAY(2025, 5, 6)), DAY(2025, 5, 7), "red"),
        (Clock(DAY(2025, 5, 6), 3), DAY(2025, 5, 30), "none"),
        (Clock(DAY(2025, 5, 6), None, 2, DAY(2025, 5, 6)), DAY(2025, 5, 30), "none"),
        (Clock(DAY(2025, 5, 6), None, 2, DAY(2025, 5, 7)), DAY(2025, 5, 30), "red"),
    ],
)
def test_the_light_is_yellow_three_working_days_before_and_then_red(clock, day, light):
    """Planted bugs: calendar days; red on the day itself; what was late turns green once done."""
    assert clock.light(day, MAY) == light
    assert light in ITEM_LIGHTS


days = st.integers(0, 400).map(lambda n: DAY(2025, 1, 1) + dt.timedelta(days=n))


@given(days, st.integers(-2, 14))
def test_what_a_list_takes_for_yellow_is_what_the_clock_shows(day, ahead):
    """Planted bug: `yellow_until` goes one day too far."""
    due = day + dt.timedelta(days=ahead)
    is_yellow = Clock(due).light(day, MAY) == "yellow"
    assert is_yellow == (day <= due <= yellow_until(day, MAY))


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_at_the_ends_of_the_calendar_nothing_is_counted(day):
    """Planted bug: the working days before the first day of all are counted."""
    assert yellow_until(day, MAY) == day


@given(days, st.integers(0, 90), st.integers(0, 90))
def test_time_in_which_the_clock_stands_still_is_not_counted(start, ahead, still):
    """Planted bug: the days of waiting are taken off."""
    due = MAY.after(start, ahead % 40)
    clock = Clock(due, None, 2)
    paused = clock.paused(start, MAY)
    later = start + dt.timedelta(days=still)
    resumed = paused.resumed(later, MAY)
    assert resumed.due is not None
    assert resumed.due >= due
    assert resumed.runs
    if MAY.is_worked(start) and MAY.is_worked(later):
        assert MAY.between(later, resumed.due) == MAY.between(start, due)
    assert clock.paused(start, MAY).resumed(start, MAY).due == due


def test_what_is_overdue_stays_overdue_when_it_is_suspended():
    clock = Clock(DAY(2025, 5, 6), None, 2)
    assert clock.paused(DAY(2025, 5, 7), MAY) == clock
    assert clock.resumed(DAY(2025, 6, 7), MAY) == clock


@pytest.mark.parametrize(
    ("every", "due", "day", "wanted"),
    [
        ("monthly", DAY(2025, 3, 31), DAY(2025, 3, 12), DAY(2025, 4, 30)),
        ("monthly", DAY(2025, 4, 30), DAY(2025, 3, 20), DAY(2025, 4, 30)),
        ("monthly", DAY(2025, 3, 31), DAY(2025, 4, 2), DAY(2025, 4, 30)),
        ("monthly", DAY(2025, 12, 31), DAY(2025, 12, 31), DAY(2026, 1, 31)),
        ("quarterly", DAY(2025, 6, 30), DAY(2025, 4, 1), DAY(2025, 9, 30)),
        ("quarterly", DAY(2025, 6, 30), DAY(2025, 3, 31), DAY(2025, 6, 30)),
    ],
)
def test_one_word_a_month_or_a_quarter_is_enough(every, due, day, wanted):
    """Planted bug: two words in one month do for two months."""
    assert next_report(every, due, day) == wanted


def test_the_first_word_comes_due_at_the_end_of_the_period_of_its_dispatch():
    assert report_due("monthly", DAY(2024, 2, 10)) == DAY(2024, 2, 29)
    assert report_due("quarterly", DAY(2025, 11, 10)) == DAY(2025, 12, 31)


def moved(it, move, day, **said):
    around = Around(day, MAY, DAY(2026, 12, 31), UNITS)
    return after(it, Said(move, **said), around)


def test_waiting_for_an_answer_to_a_request_costs_nothing_but_what_was_refused():
    """Planted bugs: a reply that comes while the office is silent is late; a refusal extends."""
    handling = item(("sign", "handling"))
    asked = moved(handling, "ask_extension", DAY(2025, 4, 29), term=Term(DAY(2025, 6, 3)))
    assert (asked.clock.due, asked.clock.days_left) == (DAY(2025, 5, 6), 2)
    waiting = item(("ask_extension", "extension_asked"), clock=asked.clock)
    replied = moved(waiting, "reply", DAY(2025, 5, 20), text="x")
    assert replied.clock.light(DAY(2025, 5, 21), MAY) == "none"
    refused = moved(waiting, "refuse_extension", DAY(2025, 5, 20), text="x")
    assert (refused.clock.due, refused.clock.light(DAY(2025, 5, 20), MAY)) == (
        DAY(2025, 5, 6),
        "red",
    )


def test_what_is_accepted_in_part_has_the_days_that_were_left():
    handling = item(("sign", "handling"))
    replied = moved(handling, "reply", DAY(2025, 4, 28), text="x", completion=50)
    assert (replied.clock.days_left, replied.completion) == (3, 50)
    again = item(("reply", "replied"), clock=replied.clock, completion=50)
    part = moved(again, "accept_part", DAY(2025, 5, 12), text="x")
    assert (part.clock.due, part.clock.done_on) == (DAY(2025, 5, 15), None)
