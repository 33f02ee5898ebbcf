"""Who owes what by when: deadlines against days counted by hand, lights day by day."""

from datetime import date, timedelta

import pytest
from calendars import YEARS, announced

from chassis.deadlines import PLAIN_WEEKS, Calendar, Light
from scoring.rules.duties.cards import cards_of
from scoring.rules.duties.counts import counts_of
from scoring.rules.duties.owed import Duty, deadline_of, duties_of, standings
from scoring.rules.duties.terms import HandedIn
from scoring.rules.ledger.entries import ANY_PERIOD, span_of
from scoring.rules.ledger.progress import Cell
from scoring.rules.scheme.document import USUAL_DUTIES, DutyPolicy

# Read off the printed calendars by hand: what is owed for a period, the first day of the warning,
# the last day on time, the last day before the red card.
BY_HAND = [
    # 清明 2025: 4 April rests; 6 April is a Sunday.
    ("2025-03", "2025-03-31", "2025-04-08", "2025-04-10"),
    # 劳动节 2025: 1 to 5 May rest, 27 April (a Sunday) is worked.
    ("2025-04", "2025-04-30", "2025-05-12", "2025-05-14"),
    # 国庆与中秋 2025: 1 to 8 October rest, 28 September and 11 October are worked.
    ("2025-09", "2025-09-30", "2025-10-14", "2025-10-16"),
    ("2025Q3", "2025-10-14", "2025-10-21", "2025-10-23"),
    # 15 July 2025 is a Tuesday.
    ("2025H1", "2025-07-08", "2025-07-15", "2025-07-17"),
    # 31 January 2026 is a Saturday, and worked by nobody; 元旦 rests from the 1st to the 3rd, the
    # 4th (a Sunday) is worked.
    ("2025", "2026-01-26", "2026-02-02", "2026-02-04"),
    ("2025-12", "2025-12-31", "2026-01-08", "2026-01-12"),
    ("2025H2", "2026-01-08", "2026-01-15", "2026-01-19"),
    # 春节 2024: 10 to 17 February rest, 4 and 18 February (Sundays) are worked.
    ("2024-01", "2024-01-31", "2024-02-06", "2024-02-08"),
]


@pytest.mark.parametrize(("period", "warned", "due", "red"), BY_HAND)
def test_a_period_is_due_by_the_printed_calendar(period, warned, due, red):
    """Planted bugs: days of weekends that are worked rest; holidays are worked; the first day after
    the period is no day."""
    found = deadline_of(USUAL_DUTIES, period, YEARS)
    days = found.warned_from, found.due, found.red_after
    assert tuple(map(str, days)) == (warned, due, red)


@pytest.mark.parametrize("year", [2024, 2025])
@pytest.mark.parametrize("ending", ANY_PERIOD)
def test_every_period_is_due_as_walking_day_by_day_finds(year, ending):
    """A second way, which knows no counting: walk, and strike off what is worked."""
    period = f"{year}{ending}"
    day = span_of(period)[1]
    if ending.startswith(("-", "Q")):
        left = 5 if ending.startswith("-") else 10
        while left:
            day += timedelta(1)
            left -= YEARS.is_worked(day)
    else:
        day = date(year, 7, 15) if ending == "H1" else date(year + 1, 1, 15 if ending else 31)
        while not YEARS.is_worked(day):
            day += timedelta(1)
    assert deadline_of(USUAL_DUTIES, period, YEARS).due == day


def test_a_year_that_is_not_announced_is_named_wherever_a_deadline_reaches_into_it():
    """Planted bug: only the year of the last day."""
    unannounced = {
        p: deadline_of(USUAL_DUTIES, p, announced(2025)).unannounced for p in ("2025-11", "2025-12")
    }
    assert unannounced == {"2025-11": (), "2025-12": (2026,)}
    assert deadline_of(USUAL_DUTIES, "2025-11", announced(2026)).unannounced == (2025,)
    assert deadline_of(USUAL_DUTIES, "2025", announced(2025, 2026)).unannounced == ()


def test_a_scheme_may_have_deadlines_of_its_own():
    policy = DutyPolicy(3, 4, 20, date(2026, 1, 10), warned_before=1, red_after=1)
    days = {p: deadline_of(policy, p, PLAIN_WEEKS) for p in ("2025-03", "2025Q1", "2025H1", "2025")}
    assert {p: str(d.due) for p, d in days.items()} == {
        "2025-03": "2025-04-03",
        "2025Q1": "2025-04-04",
        "2025H1": "2025-07-21",
        "2025": "2026-01-12",
    }
    assert (str(days["2025-03"].warned_from), str(days["2025-03"].red_after)) == (
        "2025-04-02",
        "2025-04-04",
    )


CELLS = [
    Cell("C", "A", "I1", "2025-03", "S", is_marked=False),
    Cell("C", "B", "I1", "2025-03", "S", is_marked=False),
    Cell("D", "E", "I1", "2025-03", "S", is_marked=False),
    Cell("C", "A", "I2", "2025", "A", is_marked=False),
    Cell("C", "A", "I3", "2025", "S", is_marked=True),
]
MARCH, YEAR = Duty("S", "I1", "2025-03"), Duty("A", "I2", "2025")


def standing(duty, today, *came):
    handed = [
        HandedIn(unit, duty.indicator, period, date.fromisoformat(d)) for unit, period, d in came
    ]
    found = standings(duties_of(CELLS), handed, YEARS, date.fromisoformat(today))
    return next(each for each in found if each.duty == duty)


def test_what_a_source_is_to_enter_about_several_units_is_one_duty_and_marks_are_none():
    """Planted bugs: a duty for each category; marks from seats are owed by the source."""
    assert duties_of(CELLS) == {
        MARCH: {"A": (), "B": (), "E": ()},
        YEAR: {"A": ()},
    }


@pytest.mark.parametrize(
    ("today", "light", "late"),
    [
        ("2025-03-30", Light.NONE, 0),
        ("2025-03-31", Light.WARNING, 0),
        ("2025-04-01", Light.WARNING, 0),
        ("2025-04-08", Light.WARNING, 0),
        ("2025-04-09", Light.YELLOW, 1),
        ("2025-04-10", Light.YELLOW, 2),
        ("2025-04-11", Light.RED, 3),
        ("2025-04-14", Light.RED, 4),
    ],
)
def test_a_light_goes_on_day_by_day_until_the_last_unit_is_in(today, light, late):
    """Planted bugs: done with the first unit; the yellow card on the day itself."""
    two = ("A", "2025-03", "2025-04-01"), ("B", "2025-03", "2025-04-02")
    found = standing(MARCH, today, *two)
    assert (found.light, found.late, found.missing, found.done_on) == (light, late, ("E",), None)


def test_days_are_counted_after_a_day_that_is_due_and_never_before(monkeypatch):
    """Planted bug: count from the day asked for, of the year 1, to the day that is due."""
    monkeypatch.setattr(Calendar, "between", only_forward)
    duty = {Duty("ZH01", "C03", "2025-03"): {"XQ01": ()}}
    [found] = standings(duty, [], YEARS, date(1, 1, 1))
    assert (found.late, found.missing) == (0, ("XQ01",))


def only_forward(_: Calendar, first: date, last: date) -> int:
    assert first <= last
    return (last - first).days


@pytest.mark.parametrize(
    ("on", "light", "late", "on_time"),
    [
        ("2025-04-08", Light.NONE, 0, 3),
        ("2025-04-09", Light.YELLOW, 1, 2),
        ("2025-04-10", Light.YELLOW, 2, 2),
        ("2025-04-11", Light.RED, 3, 2),
    ],
)
def test_what_came_late_keeps_the_card_that_it_had_by_then(on, light, late, on_time):
    came = [(unit, "2025-03", "2025-04-01") for unit in "AB"]
    for today in ("2025-04-30", "2026-04-30"):
        found = standing(MARCH, today, *came, ("E", "2025-03", on))
        assert (found.light, found.late, found.on_time) == (light, late, on_time)
        assert (found.missing, str(found.done_on)) == ((), on)


def test_the_first_of_several_entries_counts_and_one_of_a_longer_period_answers_its_months():
    """Planted bugs: the last one; periods held against one another as texts."""
    came = [(u, "2025-03", "2025-04-08") for u in "AB"]
    found = standing(
        MARCH, "2025-05-01", *came, ("E", "2025-03", "2025-04-30"), ("E", "2025Q1", "2025-04-07")
    )
    assert str(found.done_on) == "2025-04-08"


def test_duties_come_as_they_are_due_and_parts_add_up():
    found = [*standings(duties_of(CELLS), [], YEARS, date(2025, 4, 9))]
    assert [each.duty for each in found] == [MARCH, YEAR]
    whole = counts_of(found, None)[""]
    for by in ("unit", "indicator", "period", "day", "light"):
        parts = counts_of(found, by)
        assert len(parts) == 2
        for name in ("duties", "done", "expected", "handed_in", "on_time"):
            assert sum(getattr(part, name) for part in parts.values()) == getattr(whole, name)
    assert whole.lights == {"none": 1, "warning": 0, "yellow_card": 1, "red_card": 0}
    assert [*counts_of(found, "day")] == ["2025-04-08", "2026-02-02"]


def test_what_is_written_is_what_was_read_on_each_day():
    """Planted bugs: only the light of today; a warning of what was done on its first day."""
    first = date(2025, 3, 20)
    for done in (None, *(first + timedelta(n) for n in range(30))):
        came = [] if done is None else [HandedIn(u, "I1", "2025-03", done) for u in "ABE"]
        seen = set[tuple[Light, date]]()
        for n in range(40):
            today = first + timedelta(n)
            found = [*standings(duties_of(CELLS), came, YEARS, today)]
            [march] = [each for each in found if each.duty == MARCH]
            if march.light is not Light.NONE and march.light not in {light for light, _ in seen}:
                seen.add((march.light, today))
            cards = {(c.light, c.shown_on) for c in cards_of(found, today) if c.duty == MARCH}
            assert cards == seen, (done, today)
