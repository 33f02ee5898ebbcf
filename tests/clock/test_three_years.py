"""Every rule of the clock on every day of 2024 to 2026, against a table of these days.

The table was typed from the State Council's notices (国办发明电〔2023〕7号, 〔2024〕12号 and
〔2025〕7号), and not taken from the calendar that is supplied. What follows from it is found by
counting down the table, and not by walking from day to day as the rules do. Beside the three years
lie plain weeks, of which nothing is announced.
"""

import csv
from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import pytest

from chassis.deadlines import Calendar, Light, deadline
from scoring.rules.duties.cards import cards_of
from scoring.rules.duties.owed import Duty, deadline_of, standings
from scoring.rules.duties.terms import HandedIn
from scoring.rules.scheme.document import USUAL_DUTIES

TABLE = Path(__file__).with_name("days-2024-2026.csv")
SUPPLIED = Path(__file__).parents[2] / "services" / "indicators" / "migrations" / "holidays.csv"
YEARS = (2024, 2025, 2026)
BESIDE = 60

WARNED, RED = 5, 2


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain_weeks(first):
    found = [first + timedelta(days=n) for n in range(BESIDE)]
    return [(day, day.isoweekday() <= 5) for day in found]


READ = [(date.fromisoformat(row["day"]), row["worked"] == "yes") for row in rows(TABLE)]
ALL = [
    *plain_weeks(READ[0][0] - timedelta(days=BESIDE)),
    *READ,
    *plain_weeks(READ[-1][0] + timedelta(days=1)),
]
DAYS = [day for day, _ in READ]
WORKED = [day for day, worked in ALL if worked]
AT = {day: n for n, (day, _) in enumerate(ALL)}
UNTIL = [0, *accumulate(int(worked) for _, worked in ALL)]
"""How many days are worked before each day of the table."""


def supplied():
    known = [(date.fromisoformat(row["day"]), row["kind"]) for row in rows(SUPPLIED)]
    of = {
        kind: frozenset(day for day, told in known if told == kind and day.year in YEARS)
        for kind in ("working", "resting")
    }
    return Calendar(of["working"], of["resting"], frozenset(YEARS))


CALENDAR = supplied()


def nth(day, count):
    """Return the working day so many places down the list of working days, or up."""
    if count == 0:
        return WORKED[bisect_left(WORKED, day)]
    if count > 0:
        return WORKED[bisect_right(WORKED, day) + count - 1]
    return WORKED[bisect_left(WORKED, day) + count]


def worked_within(first, last):
    """Return how many days are worked from a day until just before another."""
    return UNTIL[AT[last]] - UNTIL[AT[first]]


def shown(due, day):
    """Return what a deadline shows on a day while nothing is done, by counting worked days."""
    after = timedelta(days=1)
    if day > due:
        return Light.RED if worked_within(due + after, day) >= RED else Light.YELLOW
    if day == due:
        return Light.WARNING
    return Light.WARNING if worked_within(day + after, due) < WARNED else Light.NONE


def test_the_table_has_each_day_with_its_weekday_and_the_known_sums():
    """The sums are those of payrolls: 251, 248 and 248 working days."""
    expected = [date(2024, 1, 1) + timedelta(days=n) for n in range(1096)]
    assert expected == DAYS
    assert all(
        "一二三四五六日"[day.weekday()] == row["weekday"]
        for day, row in zip(DAYS, rows(TABLE), strict=True)
    )
    assert [sum(worked for day, worked in READ if day.year == y) for y in YEARS] == [251, 248, 248]
    adjusted = [
        sum(row["because"] == "调休上班" and row["day"].startswith(str(y)) for row in rows(TABLE))
        for y in YEARS
    ]
    assert adjusted == [8, 5, 6]


def test_what_is_supplied_is_what_the_notices_say():
    """Planted bug: a day of the supplied calendar left out, or worked instead of resting."""
    assert [(day, CALENDAR.is_worked(day)) for day in DAYS] == READ


@pytest.mark.parametrize("count", [*range(-12, 13), -22, 22])
def test_working_days_are_counted_from_each_day(count):
    """Planted bugs: a day of a weekend is never worked; a weekday always; none is counted twice."""
    assert [CALENDAR.after(day, count) for day in DAYS] == [nth(day, count) for day in DAYS]


def test_working_days_are_counted_between_each_day_and_those_around_it():
    after = timedelta(days=1)
    for day in DAYS:
        for other in (day + timedelta(days=n) for n in range(0, 45, 4)):
            expected = worked_within(day + after, other + after) if other > day else 0
            assert CALENDAR.between(day, other) == expected
            assert CALENDAR.between(other, day) == -expected


MONTHS = [f"{year}-{month:02}" for year in (2023, *YEARS) for month in range(1, 13)][11:]
QUARTERS = [f"{year}Q{n}" for year in YEARS for n in range(1, 5)]
HALVES = [f"{year}H{n}" for year in YEARS for n in (1, 2)]
OWED = [*MONTHS, *QUARTERS, *HALVES, *map(str, (2023, *YEARS))]


def last_day(period):
    """Return the last day of a period, found as the day before the next one begins."""
    year, ending = int(period[:4]), period[4:]
    month = {"-": lambda: int(ending[1:]), "Q": lambda: 3 * int(ending[1:])}.get(
        ending[:1], lambda: 6 if ending == "H1" else 12
    )()
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def due_day(period):
    """Return when what is owed for a period is due, by the table: monthly on the 5th working day,
    quarterly on the 10th, else on the 15th or 31st, or the next working day."""
    year, ending = int(period[:4]), period[4:]
    if ending[:1] in ("-", "Q"):
        return nth(last_day(period), 5 if ending[0] == "-" else 10)
    day = {"H1": date(year, 7, 15), "H2": date(year + 1, 1, 15), "": date(year + 1, 1, 31)}[ending]
    return nth(day, 0)


@pytest.mark.parametrize("period", OWED)
def test_what_is_owed_is_warned_of_and_carded_on_the_days_of_the_table(period):
    """On each day of the three years, for each period in them. Planted bugs: a warning six days
    before; a yellow card on the day itself; a red one a day early or late; the 15th that rests."""
    due, kept = due_day(period), deadline_of(USUAL_DUTIES, period, CALENDAR)
    assert (kept.warned_from, kept.due, kept.red_after) == (nth(due, -WARNED), due, nth(due, RED))
    assert [kept.light(day) for day in DAYS] == [shown(due, day) for day in DAYS]
    first = min(kept.warned_from, last_day(period) + timedelta(days=1))
    assert set(kept.unannounced) == {first.year, kept.red_after.year} - set(YEARS)


def test_what_is_handed_in_on_a_day_stands_as_by_the_table():
    """What is owed for each period, handed in by one unit on each of the days around its deadline,
    and by another a day before. Planted bugs: late days of the week instead of working days; the
    first that came is the day on which it is done."""
    for period in MONTHS:
        due, duty = due_day(period), Duty("S1", "C01", period)
        for done in (due + timedelta(days=n) for n in range(-8, 16)):
            came = [HandedIn("X1", "C01", period, done - timedelta(days=1))]
            came.append(HandedIn("X2", "C01", period, done))
            for today in (done, done + timedelta(days=5)):
                [found] = standings({duty: {"X1": (), "X2": ()}}, came, CALENDAR, today)
                card = shown(due, done) if done > due else Light.NONE
                after = timedelta(days=1)
                late = worked_within(due + after, done + after) if done > due else 0
                assert (found.light, found.late, found.done_on) == (card, late, done)
                assert found.on_time == (done <= due) + (done - after <= due)
            [still] = standings({duty: {"X1": (), "X2": ()}}, came[:1], CALENDAR, done)
            assert (still.light, still.missing) == (shown(due, done), ("X2",))


def first_days(due, done):
    """Return the first day of each light, read off day by day until something is done."""
    found = {}
    for day in (due + timedelta(days=n) for n in range(-20, 21)):
        if (light := shown(due, day)) is not Light.NONE and (done is None or day < done):
            found.setdefault(light, day)
    if done is not None and done > due:
        found.setdefault(shown(due, done), done)
    return found


@pytest.mark.parametrize("period", OWED)
def test_cards_are_those_that_were_shown_day_by_day(period):
    """Of what is handed in on each day around its deadline, or never. Planted bugs: a card of what
    was in time; the day on which it is written instead of the day that showed it; no card of a day
    on which nobody looked."""
    due, duty = due_day(period), Duty("S1", "C01", period)
    for done in (None, *(due + timedelta(days=n) for n in range(-14, 15))):
        came = [] if done is None else [HandedIn("X1", "C01", period, done)]
        for today in (due + timedelta(days=n) for n in (-20, -8, -7, 0, 1, 2, 3, 5, 20)):
            known = [each for each in came if each.on <= today]
            found = standings({duty: {"X1": ()}}, known, CALENDAR, today)
            given = {card.light: card.shown_on for card in cards_of(found, today)}
            expected = first_days(due, done)
            assert given == {light: day for light, day in expected.items() if day <= today}, done


def test_whatever_is_due_shows_the_same_as_the_table_before_and_after_it():
    """Each day of the three years as the day on which something is due, worked or not, and what is
    shown from a month before until a month after, done or not. Planted bugs: what is done late
    loses its card; what was done afterwards counts before."""
    around = [timedelta(days=n) for n in range(-16, 17)]
    for n, day in enumerate(DAYS):
        due = nth(day, 0) if n % 2 else day
        kept = deadline(CALENDAR, due, warned=WARNED, red=RED)
        told = {each: shown(due, each) for each in (due + step for step in around)}
        assert {each: kept.light(each) for each in told} == told
        for done in (due + timedelta(days=step) for step in (-9, -1, 0, 1, 3, 8)):
            card = told[done] if done > due else Light.NONE
            expected = {each: card if each >= done else told[each] for each in told}
            assert {each: kept.light(each, done) for each in told} == expected
