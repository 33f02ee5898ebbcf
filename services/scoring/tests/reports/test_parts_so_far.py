"""Results so far of what is decided part by part: periods, nodes, items, reports of nothing."""

from datetime import date

import pytest
from compiling import compiled
from small_years import UNITS, Year, indicator, scheme_of

from scoring.rules.ledger.periods import NO_PERIODS
from scoring.rules.ledger.sources import Sources
from scoring.rules.reports.so_far import Now, so_far, still_open
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.category import score_category
from scoring.rules.sheet.totals import block_columns, unit_scores

QUARTERS = {"periods": ["Q1", "Q2", "Q3", "Q4"], "weights": ["0.2", "0.2", "0.3", "0.3"]}
RATIO = {"component": {"method": "ratio_to_target", "params": {"cap_ratio": "1"}}}
NODES = {"status_ratio": {"done": "1", "begun": "0.5"},
         "nodes": [{"item": "a", "name": "a", "weight": "0.5"},
                   {"item": "b", "name": "b", "weight": "0.25"},
                   {"item": "c", "name": "c", "weight": "0.25"}]}  # fmt: skip
IN_TWO = {"items": "2", "item_cap_ratio": "1"}
BY_PLACE = {"step_ratio": "0.1"}


def quarterly(year, key, **by_quarter):
    for ending, value in by_quarter.items():
        year.values(key, period=f"2025{ending}", A=value)
    return year


def nodes(**by_node):
    year = Year()
    for node, word in by_node.items():
        year.enter("A", "milestone", item=node, word=word)
    return year


def items(**by_item):
    year = Year().aim(item="1", target=10).aim(item="2", target=10)
    for item, value in by_item.items():
        year.enter("A", "measured_value", "actual", value, item=item[1:])
    return year


def listed(**by_quarter):
    year = Year()
    for ending, place in by_quarter.items():
        year.enter("A", "superior_rank", value=place, period=f"2025{ending}")
    return year


def events(*reported):
    year = Year().enter("A", "event", "late", 3, period="2025Q1")
    for ending in reported:
        year.enter("A", "event", "zero_report", 0, period=f"2025{ending}")
    return year


LATE, QUARTERLY = {"per_event": {"late": "2"}}, {"frequency": "quarterly"}


def told(year, method, params, day, *, open_ledger=True, **more):
    """What is earned, open and out of reach of ten points of unit A on a day."""
    scheme = compiled(scheme_of((indicator(method, params, **more),), places=2))
    sources = Sources(
        scheme, UNITS, group=UNITS, entries=year.entries, targets=year.targets, satisfaction={}
    )
    found = score_category(plan_of(scheme, scheme.categories[0]), scheme.rounding, sources)
    unit = unit_scores(scheme, found, block_columns(found), 0, ())
    now = Now(2025, day, open_ledger, NO_PERIODS)
    [part] = so_far(scheme, unit, now)
    below = still_open(scheme, unit, now)
    assert below[part.indicator.code] == part
    whole = still_open(scheme, unit, now, {*below})[part.indicator.code]
    lacks = 10 - (part.score or 0) if whole.open_periods else 0
    assert (whole.open, whole.unreachable) == (lacks, 0)
    parts = part.earned, part.open, part.unreachable
    assert sum(parts) == part.points == 10
    return (*map(str, parts), part.open_periods)


OCTOBER, JUNE = date(2025, 10, 8), date(2025, 6, 30)


@pytest.mark.parametrize(
    ("why", "year", "method", "params", "more", "day", "expected"),
    [
        ("verified quarters are earned by their weights, the last is open",
         quarterly(Year().aim(target=10), "actual", Q1=10, Q2=5, Q3=10), "periodic_weighted",
         QUARTERS | RATIO, QUARTERLY, OCTOBER, ("6", "3", "1", ("2025Q4",))),
        ("a quarter that lacks is open as long as it is not closed",
         quarterly(Year().aim(target=10), "actual", Q1=10, Q3=10), "periodic_weighted",
         QUARTERS | RATIO, QUARTERLY, OCTOBER, ("5", "5", "0", ("2025Q2", "2025Q4"))),
        ("ratios of completion",
         quarterly(Year(), "ratio", Q1="0.5", Q2=1), "periodic_weighted", QUARTERS, QUARTERLY,
         date(2025, 7, 1), ("3", "6", "1", ("2025Q3", "2025Q4"))),
        ("the last day of a quarter is of it",
         quarterly(Year(), "ratio", Q1="0.5", Q2="0.5"), "periodic_weighted", QUARTERS, QUARTERLY,
         JUNE, ("2", "7", "1", ("2025Q2", "2025Q3", "2025Q4"))),
        ("places in a superior's quarterly lists",
         listed(Q1=1, Q2=3), "superior_rank", BY_PLACE | {"period": "quarter"}, QUARTERLY,
         date(2025, 7, 1), ("4.5", "5", "0.5", ("2025Q3", "2025Q4"))),
        ("only the last list counts: all is open until it is there",
         listed(Q1=3), "superior_rank", BY_PLACE | {"period": "quarter", "period_combine": "last"},
         QUARTERLY, date(2025, 7, 1), ("0", "10", "0", ("2025Q1", "2025Q2", "2025Q3", "2025Q4"))),
        ("nodes that were reached are earned, a half of one is half",
         nodes(a="done", b="begun"), "milestone", NODES, {}, OCTOBER,
         ("6.25", "3.75", "0", ("2025",))),
        ("in order, a node after one that lacks is not earned yet",
         nodes(b="done"), "milestone", NODES | {"ordered": True}, {}, OCTOBER,
         ("0", "10", "0", ("2025",))),
        ("items of one value each",
         items(i1=5), "items_weighted", IN_TWO, {}, OCTOBER, ("2.5", "7.5", "0", ("2025",))),
        ("what has happened is lost, whoever still has to report that nothing did",
         events(), "deduct_events", LATE, QUARTERLY, OCTOBER,
         ("0", "4", "6", ("2025Q1", "2025Q2", "2025Q3", "2025Q4"))),
        ("once all have reported what is left is earned",
         events("Q2", "Q3", "Q4"), "deduct_events", LATE, QUARTERLY, OCTOBER,
         ("4", "0", "6", ("2025Q4",))),
        ("0 for silence is no score yet", quarterly(Year(), "ratio", Q1=1), "periodic_weighted",
         QUARTERS, QUARTERLY | {"missing": "zero"}, date(2025, 4, 1),
         ("2", "8", "0", ("2025Q2", "2025Q3", "2025Q4"))),
    ],
)  # fmt: skip
def test_what_is_decided_part_by_part_is_earned_part_by_part(
    why, year, method, params, more, day, expected
):
    """Planted bugs: nothing is earned while any part lacks a score; each period has an equal share
    of the points; what a quarter that is over did not earn is open."""
    assert told(year, method, params, day, **more) == expected, why


MONTHLY = {"frequency": "monthly", "combine": "sum"}


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ({"01": 5}, ("1", "9", "0")),
        ({"01": 1, "02": 2, "03": 2}, ("1", "8", "1")),
        ({"01": 1, "02": 2, "03": 2, "04": 10, "05": 0, "06": 0}, ("3", "6", "1")),
    ],
)
def test_a_quarter_made_of_months_is_settled_once_none_of_them_is_missing(months, expected):
    """Planted bug: what two months would still add is lost as soon as the first has come."""
    year = Year().aim(target=10)
    for month, value in months.items():
        year.values("actual", period=f"2025-{month}", A=value)
    found = told(year, "periodic_weighted", QUARTERS | RATIO, OCTOBER, **MONTHLY)
    assert found[:3] == expected


def test_once_the_ledger_is_sealed_nothing_of_the_parts_is_open():
    year = quarterly(Year(), "ratio", Q1="0.5")
    found = told(year, "periodic_weighted", QUARTERS, OCTOBER, open_ledger=False, **QUARTERLY)
    assert found == ("1", "0", "9", ())


def test_of_a_sum_of_parts_that_lacks_one_the_others_are_earned():
    """Planted bug: a sum is worth nothing so far while one of its parts has no score."""
    year = Year().aim(code="X1", target=10).values("actual", code="X1", A=5)
    children = tuple(
        indicator("ratio_to_target", {"cap_ratio": "1"}, code=c, points=5) for c in ("X1", "X2")
    )
    found = told(year, "sum_children", {}, OCTOBER, children=children)
    assert found == ("2.5", "7.5", "0", ("2025",))
