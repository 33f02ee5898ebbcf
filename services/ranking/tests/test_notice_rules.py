"""The rules of notices as tables: what the lists tell, when they end, what holds a step up."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.deadlines import Calendar
from ranking.rules.grade_lists import grade_lists
from ranking.rules.notices import (
    NoticeMissing,
    NoticeOpen,
    NoticePolicy,
    ObjectionsUnanswered,
    ObjectionUpheld,
    OwnObjection,
    StandingNotice,
    end_of,
    is_due,
    last_day,
    refuse_own,
    refuse_unnoticed,
)
from ranking.rules.results import UnitResult

UNITS = ("D", "A", "C", "B", "E")
DAY = dt.date(2026, 1, 30)
END = end_of(DAY, "Asia/Shanghai")


def result(unit, grade, rank, total):
    scores = {"blocks": {}, "base_total": Decimal(total), "adjustment": Decimal(0)}
    names = {"name": f"unit {unit}", "reasons": (), "demoted_by": ()}
    return UnitResult(unit, final_total=Decimal(total), rank=rank, grade=grade, **scores, **names)


def told(results, *, ranked):
    found = grade_lists(results, ("excellent", "good"), UNITS, ranked=ranked)
    return [(each.grade, [one.unit for one in each.units]) for each in found]


@given(st.permutations(UNITS), st.permutations(UNITS))
def test_lists_of_grades_tell_no_more_than_the_grades(one, other):
    """Planted bugs: the order of the ranking; the order of the codes."""
    worlds = []
    for order in (one, other):
        excellent = {"A", "D"}
        ranked = [*(u for u in order if u in excellent), *(u for u in order if u not in excellent)]
        worlds.append(
            [
                result(unit, "excellent" if unit in excellent else "good", n, 100 - n)
                for n, unit in enumerate(ranked, 1)
            ]
        )
    lists = [told(each, ranked=False) for each in worlds]
    assert lists[0] == lists[1] == [("excellent", ["D", "A"]), ("good", ["C", "B", "E"])]


def test_with_ranks_the_best_stand_first_and_who_is_not_rated_last():
    results = [
        result("B", "good", 3, 70), result("A", "excellent", 2, 80),
        result("D", "excellent", 1, 90), result("E", None, None, 0),
    ]  # fmt: skip
    assert told(results, ranked=True) == [
        ("excellent", ["D", "A"]), ("good", ["B"]), (None, ["E"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("opened", "days", "closes"),
    [
        ("2026-01-30", 5, "2026-02-06"),  # a Friday
        ("2026-01-31", 1, "2026-02-02"),  # on a Saturday
        ("2026-02-12", 3, "2026-02-24"),  # over a festival, with a Saturday that is worked
    ],
)
def test_the_last_day_is_counted_in_working_days(opened, days, closes):
    """Planted bug: count from the day itself."""
    resting = frozenset(dt.date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23))
    calendar = Calendar(working=frozenset({dt.date(2026, 2, 14)}), resting=resting)
    assert last_day(calendar, dt.date.fromisoformat(opened), days) == dt.date.fromisoformat(closes)


def test_it_ends_with_the_day_in_the_time_zone_of_the_scheme():
    assert end_of(DAY, "Asia/Shanghai") == dt.datetime(2026, 1, 30, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("notice", "moment", "refusal"),
    [
        (None, END, NoticeMissing),
        (StandingNotice(1, 1, DAY, END, {}), END, NoticeMissing),
        (StandingNotice(1, 2, DAY, END, {}), END - dt.timedelta(microseconds=1), NoticeOpen),
        (StandingNotice(1, 2, DAY, END, {"a": None, "b": "upheld"}), END, ObjectionsUnanswered),
        (StandingNotice(1, 2, DAY, END, {"a": "rejected", "b": "upheld"}), END, ObjectionUpheld),
        (StandingNotice(1, 2, DAY, END, {"a": "rejected"}), END, None),
        (StandingNotice(2, 2, DAY, END, {}, {1: ["a"]}), END, ObjectionsUnanswered),
        (StandingNotice(2, 2, DAY, END, {"b": "rejected"}, {1: []}), END, None),
        (StandingNotice(1, 2, DAY, END, {}), END, None),
    ],
)
def test_a_step_waits_for_the_notice_of_its_own_round(notice, moment, refusal):
    """Planted bugs: what was shown before a return is enough; the last moment is over early."""
    if refusal is None:
        refuse_unnoticed(notice, 2, moment)
    else:
        with pytest.raises(refusal):
            refuse_unnoticed(notice, 2, moment)


def test_a_notice_is_due_after_its_own_step_alone():
    policy = NoticePolicy(after="merge")
    assert [is_due(policy, step) for step in (None, "merge", "review")] == [False, True, False]
    assert not is_due(None, "merge")


@pytest.mark.parametrize(
    ("filed", "own"),
    [
        ([("A", "Wang"), ("B", "li")], True),
        ([("C", "wang")], True),
        ([("B", "li"), (None, None)], False),
    ],
)
def test_whoever_filed_does_not_answer(filed, own):
    """Planted bugs: only the first is looked at; accounts are compared."""
    if own:
        with pytest.raises(OwnObjection):
            refuse_own(filed, "wang", "A")
    else:
        refuse_own(filed, "wang", "A")
        refuse_own(filed, "wang", None)
