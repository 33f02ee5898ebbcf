"""Deadlines by working days: the calendar, and what a deadline shows on each day."""

from datetime import date, timedelta

import pytest

from chassis.deadlines import PLAIN_WEEKS, Calendar, Deadline, Light, NoWorkingDay, deadline

# The Spring Festival of 2025: off from 28 January to 4 February, two weekend days worked for it.
RESTING = frozenset(date(2025, 1, 28) + timedelta(days=n) for n in range(8))
SPRING = Calendar(frozenset({date(2025, 1, 26), date(2025, 2, 8)}), RESTING, frozenset({2025}))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2025-01-31", 5, "2025-02-10"),  # 5, 6, 7, the worked Saturday 8, then Monday 10
        ("2025-01-24", 1, "2025-01-26"),
        ("2025-02-05", -2, "2025-01-26"),
        ("2025-02-01", 0, "2025-02-05"),
        ("2025-02-08", 0, "2025-02-08"),
    ],
)
def test_working_days_are_counted_around_a_holiday(day: str, count: int, expected: str) -> None:
    assert SPRING.after(date.fromisoformat(day), count) == date.fromisoformat(expected)


def test_plain_weeks_hold_where_nothing_is_announced() -> None:
    assert PLAIN_WEEKS.after(date(2027, 1, 29), 5) == date(2027, 2, 5)
    assert SPRING.unannounced(date(2025, 12, 30), date(2026, 1, 9)) == (2026,)


def test_days_between_are_counted_both_ways() -> None:
    first, last = date(2025, 1, 27), date(2025, 2, 10)
    assert SPRING.between(first, last) == 5
    assert SPRING.between(last, first) == -5
    assert SPRING.between(first, first) == 0


def test_a_calendar_without_working_days_is_refused() -> None:
    """Not looked through for ever."""
    never = Calendar(resting=frozenset(date(2025, 1, 1) + timedelta(days=n) for n in range(9000)))
    with pytest.raises(NoWorkingDay):
        never.after(date(2025, 1, 1), 1)


def test_what_a_deadline_shows_on_each_day() -> None:
    """Planted bug: a card on the due day itself, or none on the day after the last."""
    kept = deadline(SPRING, date(2025, 2, 10), warned=5, red=2)
    assert kept == Deadline(date(2025, 1, 27), date(2025, 2, 10), date(2025, 2, 12))
    shown = {date(2025, 1, 26) + timedelta(days=n): Light.NONE for n in range(1)}
    shown |= {date(2025, 1, 27) + timedelta(days=n): Light.WARNING for n in range(15)}
    shown |= {date(2025, 2, 11): Light.YELLOW, date(2025, 2, 12): Light.YELLOW}
    shown |= {date(2025, 2, 13): Light.RED, date(2025, 12, 31): Light.RED}
    assert {day: kept.light(day) for day in shown} == shown


@pytest.mark.parametrize(
    ("done", "expected"),
    [("2025-02-10", "none"), ("2025-02-11", "yellow_card"), ("2025-02-13", "red_card")],
)
def test_a_card_once_drawn_stays(done: str, expected: str) -> None:
    kept = deadline(SPRING, date(2025, 2, 10), warned=5, red=2)
    assert kept.light(date(2025, 3, 1), date.fromisoformat(done)) == expected
    assert kept.light(date(2025, 2, 10), date(2025, 2, 11)) == Light.WARNING
