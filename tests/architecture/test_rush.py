"""What the benchmark of a deadline offers adds up: shares to one, minutes to the hour, errands to
what is owed."""

import datetime as dt
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from benchmarks.cities import City
from benchmarks.handing_in import CITIES, Stretch, piles_of
from benchmarks.rush import HOUR, READS, TYPED, Due, Owed, drawn, dues, fullest, heaviest, offered
from benchmarks.years import write_tables

from kaoping.plan import Act, Does
from kaoping.tables import read_tables

MONTHLY = 5 * 8 * 60
SCHEME = {
    "assessment_year": 2025,
    "categories": [
        {"blocks": [{"indicators": [{"code": "I1"}, {"code": "I2", "reviewed_by": "R"}]}]}
    ],
}


def event(indicator, unit, period=None, **more):
    return {"unit": unit, "indicator": indicator, "kind": "event", "period": period, **more}


def value(indicator, unit, number):
    return {"unit": unit, "indicator": indicator, "kind": "measured_value", "value": number}


def act(who, *entries, does=Does.POST):
    return Act(dt.date(2025, 4, 2), does, who, entries)


def due(owed=()):
    return Due("2025-03", dt.date(2025, 4, 7), float(MONTHLY), tuple(owed))


def owing(number, entries=1, files=0, *, reviewed=False):
    told = tuple(event("I1", f"U{n}", "2025-03") for n in range(entries))
    return [Owed(f"S{n}", "I1", "2025-03", told, files, reviewed) for n in range(number)]


def test_minutes_come_to_what_is_due_and_weigh_more_and_more():
    """Planted bugs: the weight of a minute without the one before it; of the time from the period
    on, and not of the time left."""
    minutes = due().by_minute(MONTHLY)
    assert sum(minutes) == pytest.approx(1)
    assert all(earlier < later for earlier, later in pairwise(minutes))
    # By hand: ln 61, ln 2 and ln 2401 are 4.1109, 0.6931 and 7.7836.
    assert sum(minutes[-60:]) == pytest.approx(0.5281, abs=1e-4)
    assert minutes[-1] == pytest.approx(0.0891, abs=1e-4)


def test_what_is_offered_minute_by_minute_comes_to_the_hour_of_all_cities():
    """Planted bug: a second of the hour is told as one of the minute."""
    told = due([*owing(3, entries=4, files=1), *owing(2, entries=TYPED + 1)])
    minutes = [offered(told, CITIES, left, left - 1) for left in range(60, 0, -1)]
    whole = offered(told, CITIES, HOUR)
    for field in ("requests", "writes", "entries"):
        assert sum(getattr(each, field) for each in minutes) * 60 == pytest.approx(
            getattr(whole, field) * 3600
        )
    share = told.coming(HOUR) * CITIES
    assert whole.requests * 3600 == pytest.approx(told.requests().total() * share)
    assert whole.entries * 3600 == pytest.approx((3 * 4 + 2 * (TYPED + 1)) * share)
    writes = 3 * (1 + 4 + 1 + 1) + 2 * (2 + 1)
    assert whole.writes * 3600 == pytest.approx(writes * share)


def test_who_comes_is_drawn_as_often_and_as_late_as_the_shares_say():
    """Planted bug: drawn evenly over the stretch."""
    number = 4_000
    came = drawn(number, HOUR, Random(7))  # noqa: S311 - a seed of ours
    assert len(came) == number
    assert came == sorted(came, reverse=True)
    assert 0 <= came[-1] <= came[0] <= HOUR
    counts, told = Counter(int(left) for left in came), due()
    for minute in range(60):
        expected = number * told.coming(minute + 1, minute) / told.coming(HOUR)
        assert abs(counts[minute] - expected) < 2, minute  # one at each end


def test_what_is_due_is_what_a_year_enters_for_a_period_each_once():
    """Planted bugs: an entry that was made anew counts twice; a mark from a seat is owed."""
    acts = [
        act("A", event("I1", "U1", "2025-03", evidence_ids=["f"]), event("I1", "U2", "2025-03")),
        act("A", event("I1", "U1", "2025-03", evidence_ids=["f", "g"]), does=Does.DRAFT),
        act("B", value("I2", "U1", "3"), value("I2", "U2", "4")),
        act("B", value("I2", "U1", "5")),
        act("seat", {**value("I1", "U1", "90"), "kind": "panel_mark"}),
        act("A", does=Does.VERIFY),
    ]
    found = dues(acts, SCHEME)
    assert {*found} == {"2025-03", "2025"}
    (march,), (year,) = found["2025-03"].owed, found["2025"].owed
    assert (march.who, len(march.entries), march.files, march.reviewed) == ("A", 3, 2, False)
    assert (year.who, len(year.entries), year.files, year.reviewed) == ("B", 2, 0, True)
    # The fifth working day after a Monday; the first one after the last of January, a Saturday.
    assert (found["2025-03"].day, found["2025-03"].window) == (dt.date(2025, 4, 7), MONTHLY)
    assert found["2025"].day == dt.date(2026, 2, 2)
    assert heaviest(found) is fullest(found) is found["2025-03"]


def test_most_is_asked_where_many_hand_in_little_and_most_entries_come_in_batches():
    """Planted bug: the deadline with most entries is taken for the one before which most is
    asked."""
    many, large = due(owing(20)), due(owing(2, entries=500))
    assert heaviest({"many": many, "large": large}) is many
    assert fullest({"many": many, "large": large}) is large


@pytest.mark.parametrize(
    ("entries", "files", "reviewed", "commands"),
    [
        (TYPED, 2, False, {"evidence": 2, "entry": TYPED, "submission": 1, "verification": 1}),
        (TYPED + 1, 0, False, {"check": 1, "batch": 1, "verification": 1}),
        (1, 0, True, {"entry": 1, "submission": 1}),
    ],
)
def test_an_errand_is_typed_or_sent_as_one_batch(entries, files, reviewed, commands):
    (owed,) = owing(1, entries, files, reviewed=reviewed)
    steps = Counter(owed.steps())
    assert {kind: number for kind, number in steps.items() if kind not in READS} == commands
    assert {kind: steps[kind] for kind in READS} == dict.fromkeys(READS, 1)


def test_a_share_of_a_hundred_cities_is_handed_in_by_those_that_there_are_each_thing_once():
    """Planted bugs: the share is one of the cities that there are; each stretch begins the piles
    anew."""
    told = due(owing(200))
    piles = piles_of([City(f"53{n:04}", f"/cycles/{n}", {}) for n in range(10)], told)
    stretches = [Stretch("one", 0.1, 60), Stretch("two", 0.05, 30)]
    came = [stretch.errands(told, piles) for stretch in stretches]
    assert [len(each) for each in came] == [
        round(200 * 10 * told.coming(1)), round(200 * 5 * told.coming(0.5))
    ]  # fmt: skip
    handed = Counter((each.city.code, each.owed.who) for errands in came for each in errands)
    assert set(handed.values()) == {1}
    by_city = Counter(each.city.code for errands in came for each in errands)
    assert max(by_city.values()) - min(by_city.values()) <= len(stretches)
    for stretch, errands in zip(stretches, came, strict=True):
        assert all(0 <= each.at <= stretch.seconds for each in errands)


def test_what_is_played_by_many_units_is_a_scheme(tmp_path):
    """Planted bug: it says no more what a scheme has to say."""
    write_tables(tmp_path, 126, 10)
    plan = read_tables(tmp_path)
    assert len(plan.units) == 126 + 1
