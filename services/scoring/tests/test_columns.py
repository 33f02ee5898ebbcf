"""Whole columns against the rules for one unit: every digit of every score is the same."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import count
from types import SimpleNamespace
from uuid import UUID

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scoring.rules.columns.ledger import Ledger
from scoring.rules.columns.methods import METHODS
from scoring.rules.columns.sheet import decimals, score_columns
from scoring.rules.columns.values import Column, NotByColumns, Slot, Table
from scoring.rules.inputs import Facts, Inputs
from scoring.rules.scorers import score

from scoring.rules.columns.exact import half_up
from scoring.rules.columns.gaps import Gap
from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import LARGEST, Whole
from scoring.rules.ledger.entries import Entry
from scoring.rules.scheme.document import Block, Category, Indicator, Rounding, Target

UNITS = tuple(f"U{n}" for n in range(6))
TIERS = [{"min": "5", "points": "4"}, {"min": "0", "points": "2.5"}]
OVER = {"per_pct_points": "3", "points": "0.7", "max_points": "1"}

few = st.sampled_from(["0", "1", "2", "2.5", "3", "-1", "10", "0.00005", "33.335"])
long = st.decimals(-(10**9), 10**9, places=6).map(str)
endless = st.sampled_from(["123456789012345678901.5", "-99999999999999999999"])
numbers = st.one_of(few, few, long, endless, st.none())
"""Few different values make ties; the long ones leave no room in 64 bits; None is missing."""


def measured(indicator, unit, key, value, item=None, period="2025"):
    return (unit, indicator, "measured_value", key, item, period, value, None)


def worded(kind, word, unit, item=None):
    return (unit, "I1", kind, None, item, "2025", None, word)


def actual(row, *_):
    return [measured("I1", row.unit, "actual", row.a)], [(row.unit, None, row.b, row.c)]


def value(row, *_):
    return [measured("I1", row.unit, "value", row.a)], []


def counted(row, *_):
    return [measured("I1", row.unit, "count", row.a)], []


def by_quarter(row, *_):
    values = (row.a, row.b, row.c, row.d)
    return [
        measured("I1", row.unit, "value", v, period=f"2025Q{n}") for n, v in enumerate(values, 1)
    ], []


def items(row, *_):
    entries = [
        measured("I1", row.unit, "actual", row.a, "1"),
        measured("I1", row.unit, "actual", row.b, "2"),
    ]
    return entries, [(row.unit, "1", row.c, None), (row.unit, "2", row.d, None)]


def blended(row, *_):
    entries = [
        measured("I1", row.unit, "level", row.a),
        measured("I1", row.unit, "growth", row.b),
    ]
    return entries, [(row.unit, "growth", row.c, row.d)]


def events(row, *_):
    happened = [("late", row.a), ("lost", row.b)]
    return [(row.unit, "I1", "event", key, None, "2025", v, None) for key, v in happened if v] or [
        (row.unit, "I1", "event", "zero_report", None, "2025", "0", None)
    ] * bool(row.c), []


def nodes(row, *_):
    words = (row.word, row.other)
    entries = [worded("milestone", word, row.unit, str(n)) for n, word in enumerate(words) if word]
    return entries, [(row.unit, "0", None, None)] if row.a == "1" else []


def grade(row, *_):
    return [worded("grade", row.word, row.unit)] if row.word else [], []


def panel(row, *_):
    marks = (row.a, row.b, row.c, row.d)
    return [
        (row.unit, "I1", "panel_mark", None, str(n), "2025", mark, None)
        for n, mark in enumerate(marks, 1)
    ], []


def satisfaction(row, *_):
    return [], []


RATIO = {"direction": "higher"}
STEP = {"direction": "higher", "step": "0.3", "points_per_step": "0.25"}
BASE = {"base_ratio": "0.9", "step_pct": "0.3", "points_per_step": "0.1"}
COMPONENTS = [
    {"key": "level", "weight": "0.4", "method": "rank_points", "params": {"step_ratio": "0.07"}},
    {"key": "growth", "weight": "0.6", "method": "baseline_growth", "params": BASE},
]
CASES = {
    "ratio": ("ratio_to_target", RATIO, actual),
    "ratio, lower": ("ratio_to_target", {"direction": "lower"}, actual),
    "ratio, floor": ("ratio_to_target", RATIO | {"floor_ratio": "0.6"}, actual),
    "ratio, cap": ("ratio_to_target", RATIO | {"cap_ratio": "1.3"}, actual),
    "ratio, over": ("ratio_to_target", RATIO | {"over_target": OVER}, actual),
    "ratio, lower and over": (
        "ratio_to_target",
        {"direction": "lower", "over_target": OVER, "floor_ratio": "1.2", "cap_ratio": "1"},
        actual,
    ),
    "ratio, zero is full": ("ratio_to_target", RATIO | {"when_target_zero": "full"}, actual),
    "ratio, zero is zero": ("ratio_to_target", RATIO | {"when_target_zero": "zero"}, actual),
    "steps": ("stepped_deduction", STEP | {"step_mode": "proportional"}, actual),
    "steps up": ("stepped_deduction", STEP | {"step_mode": "whole_up"}, actual),
    "steps down": ("stepped_deduction", STEP | {"step_mode": "whole_down"}, actual),
    "steps, lower": ("stepped_deduction", STEP | {"direction": "lower"}, actual),
    "growth": ("baseline_growth", BASE, actual),
    "growth, symmetric": ("baseline_growth", BASE | {"below_base": "symmetric"}, actual),
    "growth, cap": ("baseline_growth", BASE | {"cap_ratio": "1.2"}, actual),
    "tiers": ("tiers", {"tiers": TIERS}, value),
    "tiers, max": ("tiers", {"tiers": [{"max": "2", "points": "3"}], "else_points": "1"}, value),
    "tiers, rounded": ("tiers", {"tiers": TIERS, "compare": "rounded", "places": 0}, value),
    "threshold": ("all_or_nothing", {"threshold": "2.5"}, value),
    "superior": (
        "inherit_superior",
        {"scale": "0.1", "multiplier": "2"},
        lambda r: ([measured("I1", r.unit, "superior_loss", r.a)], []),
    ),
    "survey": ("survey_score", {"survey": "phone", "scale": "90"}, satisfaction),
    "rank": ("rank_points", {"step_ratio": "0.13"}, value),
    "rank, lower": ("rank_points", {"step_ratio": "0.3", "rank_by": "lower"}, value),
    "rank, dense": ("rank_points", {"step_ratio": "0.13", "tie": "dense"}, value),
    "rank, mean of places": ("rank_points", {"step_ratio": "0.13", "tie": "average"}, value),
    "rank, no ties": ("rank_points", {"step_ratio": "0.13", "tie": "forbidden"}, value),
    "rank, bottom": ("rank_points", {"step_ratio": "0.13", "from": "bottom"}, value),
    "rank, floor": ("rank_points", {"step_ratio": "0.3", "floor_ratio": "0.4"}, value),
    "rank, below zero": ("rank_points", {"step_ratio": "0.3", "allow_below_zero": True}, value),
    "rank, table": ("rank_points", {"table": {"1": "5", "2": "3.3", "4": "1"}}, value),
    "rank, table and means": (
        "rank_points",
        {"table": {"1": "5", "2": "3.3", "4": "1"}, "tie": "average"},
        value,
    ),
    "rank, table from the bottom": (
        "rank_points",
        {"table": {"1": "-5", "2": "-3"}, "from": "bottom", "allow_below_zero": True},
        value,
    ),
    "rank by quarter": ("rank_points", {"step_ratio": "0.13", "period": "quarter"}, by_quarter),
    "best": ("relative_to_best", {}, value),
    "efficacy": ("efficacy_linear", {"base_ratio": "0.6"}, value),
    "percentile": ("percentile_rank", {}, value),
    "percentile, lower": ("percentile_rank", {"direction": "lower"}, value),
    "min-max": ("min_max", {"bounds": "goalposts", "low": "-1", "high": "7"}, value),
    "min-max, lower": (
        "min_max",
        {"bounds": "goalposts", "low": "-1", "high": "7", "direction": "lower"},
        value,
    ),
    "min-max, open": (
        "min_max",
        {"bounds": "goalposts", "low": "0", "high": "3", "clamp": False},
        value,
    ),
    "min-max of the group": ("min_max", {"bounds": "group"}, value),
    "min-max of the group, lower": ("min_max", {"bounds": "group", "direction": "lower"}, value),
    "count": ("count_points", {"full_at": 3, "per_item": "0.7"}, counted),
    "count, extra": (
        "count_points",
        {"full_at": 2, "per_item": "1.5", "extra_per_item": "0.35", "extra_cap": "2"},
        counted,
    ),
    "items": ("items_weighted", {"items": 2, "item_cap_ratio": "1.1"}, items),
    "own items": ("items_weighted", {"items": "unit_defined"}, items),
    "blend": ("blend", {"components": COMPONENTS}, blended),
    "events": ("deduct_events", {"per_event": {"late": "0.3", "lost": "1.005"}}, events),
    "events, unknown": ("deduct_events", {"per_event": {"late": "0.3"}}, events),
    "events, floor": (
        "deduct_events",
        {"per_event": {"late": "3", "lost": "1"}, "floor": "-2", "escalate": {"lost": 2}},
        events,
    ),
    "events, no floor": (
        "deduct_events",
        {"per_event": {"late": "3", "lost": "1"}, "floor": None},
        events,
    ),
    "plus and minus": (
        "base_plus_minus",
        {"base": "3", "per_event": {"late": "-1.5", "lost": "0.5"}, "cap": "4"},
        events,
    ),
    "nodes": ("milestone", {"status_ratio": {"A": "1", "B": "0.35"}}, nodes),
    "grades": ("grade_map", {"grades": {"A": "1", "B": "0.333"}}, grade),
    "panel": ("qualitative_panel", {"panel_size": 4, "scale": "30", "trim": 1}, panel),
    "panel, all marks": ("qualitative_panel", {"panel_size": 4}, panel),
}
"""Method, parameters, and which entries and targets a row of drawn numbers makes."""

word = st.sampled_from(["A", "B", "C", None])
rows = st.fixed_dictionaries(
    {"a": numbers, "b": numbers, "c": numbers, "d": numbers, "word": word, "other": word}
)
drawn = st.lists(rows, min_size=1, max_size=len(UNITS))


def indicator_of(method, params, **more):
    given = {"points": Decimal("5"), "allow_exceed": True} | more
    return Indicator(
        code="I1",
        name="I1",
        method=method,
        params=params,
        data_source_unit="own_unit",
        children=(),
        **given,
    )


def known_of(rows, make):
    ids, entries, targets, found = count(1), [], [], {}
    for unit, row in zip(UNITS, rows, strict=False):
        entered, aims = make(SimpleNamespace(unit=unit, **row))
        found["phone", unit] = row["a"] and Decimal(row["a"])
        for *facts, amount, said in entered:
            if amount is not None or said is not None:
                amount = None if amount is None else Decimal(amount)
                entries.append(Entry(UUID(int=next(ids)), *facts, amount, said))
        targets += [
            Target(who, "I1", item, t and Decimal(t), b and Decimal(b)) for who, item, t, b in aims
        ]
    return {
        "zero_report_required": True,
        "entries": entries,
        "targets": targets,
        "satisfaction": found,
    }


def one_by_one(indicator, known, group, places):
    found, facts = [], Facts(2025, **known)
    for unit in group:
        inputs = Inputs(
            facts,
            group,
            unit,
            indicator.code,
            points=indicator.points,
            params=indicator.parameters,
            places=places,
        )
        try:
            scored = score(indicator.method, inputs).score
        except Gap:
            found.append(None)
            continue
        if scored > indicator.points and not indicator.allow_exceed:
            scored = half_up(Fraction(indicator.points), places)
        found.append(scored)
    return found


def category_of(*indicators, units=UNITS):
    block = Block("function", "function", Decimal(100), tuple(indicators))
    return Category("C", "C", units, (block,))


def by_columns(indicator, known, group, places):
    category = category_of(indicator, units=group)
    sheet = score_columns(category, Rounding(places, "half_up"), Ledger(group, year=2025, **known))
    return decimals(sheet.indicators[indicator.code])


@pytest.mark.parametrize("case", CASES)
@given(drawn=drawn, places=st.sampled_from([0, 2, 4, 12]), exceed=st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_a_column_says_what_the_rule_says_for_each_unit(case, drawn, places, exceed):
    """Planted bug: half to even in `Quotients.settled`, or an int64 product that wraps around."""
    method, params, make = CASES[case]
    indicator = indicator_of(method, params, allow_exceed=exceed)
    known, group = known_of(drawn, make), UNITS[: len(drawn)]
    assert by_columns(indicator, known, group, places) == one_by_one(
        indicator, known, group, places
    )


def test_every_method_by_columns_is_compared():
    assert {method for method, _, _ in CASES.values()} == set(METHODS)


@given(st.lists(st.fractions(), min_size=1), st.integers(0, 6))
@settings(deadline=None)
def test_a_column_is_rounded_as_single_numbers_are(fractions, places):
    above = Whole.of([each.numerator for each in fractions])
    below = Whole.of([each.denominator for each in fractions])
    found = Quotients(above, below).settled(places)
    assert [Decimal(f"{n}E-{places}") for n in found.array.tolist()] == [
        half_up(each, places) for each in fractions
    ]


@pytest.mark.parametrize(("above", "rounded"), [(5, 1), (4, 0), (-5, -1), (15, 2), (25, 3)])
def test_exactly_half_goes_away_from_zero(above, rounded):
    """Planted bug: half to even."""
    assert Quotients(Whole.of([above]), 10).settled(0).array.tolist() == [rounded]


wholes = st.lists(
    st.one_of(st.integers(-9, 9), st.integers(-(2**70), 2**70)), min_size=3, max_size=3
)


@given(wholes, wholes, st.integers(-(2**65), 2**65))
@settings(deadline=None)
def test_no_step_wraps_around_and_no_bound_is_wrong(one, other, number):
    """Planted bug: the bound of a product taken from its high ends only."""
    a, b = Whole.of(one), Whole.of(other)
    above_zero = [abs(number) + 1 for number in other]
    d = Whole.of(above_zero)
    steps = {
        "+": (a + b, [x + y for x, y in zip(one, other, strict=True)]),
        "-": (a - b, [x - y for x, y in zip(one, other, strict=True)]),
        "*": (a * b, [x * y for x, y in zip(one, other, strict=True)]),
        "* n": (a * number, [x * number for x in one]),
        "least": (a.least(number), [min(x, number) for x in one]),
        "most": (a.most(b), [max(x, y) for x, y in zip(one, other, strict=True)]),
        "//": (a // d, [x // y for x, y in zip(one, above_zero, strict=True)]),
        "%": (a % d, [x % y for x, y in zip(one, above_zero, strict=True)]),
    }
    for name, (column, expected) in steps.items():
        assert column.array.tolist() == expected, name
        assert column.low <= min(expected), name
        assert max(expected) <= column.high, name
        assert (column.array.dtype == np.int64) == (max(-column.low, column.high) <= LARGEST)


def test_a_divisor_must_be_known_to_be_above_zero():
    with pytest.raises(ValueError, match="above zero"):
        Whole.of([1, 2]) // Whole.of([0, 1])


def test_a_float_is_no_column():
    with pytest.raises(TypeError):
        Whole.of(np.array([0.1, 0.2]))


@pytest.mark.parametrize(
    ("method", "params", "more"),
    [
        ("efficacy_exp", {"base_ratio": "0.6"}, {}),
        ("count_points", {"full_at": 3, "per_item": 1, "distinct": True}, {}),
        ("grade_map", {"grades": {"A": 1}, "at_most": {"A": "0.3"}}, {}),
        ("qualitative_panel", {"panel_size": 3, "min_marks": 2}, {}),
        ("min_max", {"bounds": "group", "log": True}, {}),
        ("min_max", {"bounds": "group"}, {"must_differentiate": True}),
        ("min_max", {"bounds": "group"}, {"per_unit_params": {"U1": {"direction": "lower"}}}),
        ("min_max", {"bounds": "group"}, {"missing": "category_mean"}),
    ],
)
def test_what_columns_cannot_say_they_leave_to_the_rules_for_one_unit(method, params, more):
    row = {"a": "1", "b": None, "c": None, "d": None, "word": None, "other": None}
    known = known_of([row, row | {"a": None}], value)
    with pytest.raises(NotByColumns):
        by_columns(indicator_of(method, params, **more), known, UNITS[:2], 4)


def test_a_sum_whose_extras_are_capped_is_left_to_the_rules_for_one_unit():
    leaf = indicator_of("min_max", {"bounds": "goalposts", "low": "0", "high": "3"})
    column = Column.of([Decimal(1), Decimal(2)])
    values = Table(2, {("I1", Slot("measured_value", "value")): column})
    whole = replace(leaf, code="S", method="sum_children", children=(leaf,))
    for params, refused in (({"extra_cap": None}, False), ({"extra_cap": "1"}, True)):
        category = category_of(replace(whole, params=params), units=UNITS[:2])
        try:
            score_columns(category, Rounding(4, "half_up"), values)
        except NotByColumns:
            assert refused
        else:
            assert not refused


def test_columns_of_the_reference_year_are_its_score_sheet(county, scheme, satisfaction, raw):
    values = Ledger(
        county.category.units,
        year=2025,
        zero_report_required=True,
        entries=county.entries,
        targets=county.targets,
        satisfaction=satisfaction,
    )
    units = county.category.units
    sheet = score_columns(
        county.category,
        scheme.rounding,
        values,
        parts=scheme.composition.parts,
        otherwise=None,
    )
    expected = {one["unit"]: one for one in raw.year["expected"]}
    assert len(units) == len(expected)
    for unit, total, *parts in zip(
        units, decimals(sheet.base), *(map(decimals, sheet.blocks.values())), strict=True
    ):
        given = expected[unit]
        assert total == sum(parts)
        assert total == Decimal(str(given["base_total"])), unit


def test_points_that_would_have_to_move_are_left_to_the_rules_for_one_unit():
    entry = Entry(UUID(int=1), "U0", "I1", "not_applicable", None, None, "2025", None, None)
    with pytest.raises(NotByColumns):
        Ledger(
            UNITS,
            year=2025,
            zero_report_required=True,
            entries=[entry],
            targets=[],
            satisfaction={},
        )


@pytest.mark.parametrize(
    "case", [case for case, (_, _, make) in CASES.items() if make in (value, by_quarter)]
)
def test_a_composite_is_left_to_the_rules_for_one_unit(case):
    """Planted bug: the measured `value`, if there is one, in the place of what is computed."""
    method, params, _ = CASES[case]
    inputs = {"value": {"from": "measured", "key": None, "indicator": None, "value": None}}
    params = params | {"composite": {"inputs": inputs, "formula": "value * 2"}}
    column = Column.scaled(np.array([1, 2]), 0)
    columns = {
        ("I1", Slot("measured_value", "value", None, period)): column
        for period in (None, "Q1", "Q2", "Q3", "Q4")
    }
    category = category_of(indicator_of(method, params), units=UNITS[:2])
    with pytest.raises(NotByColumns, match="composite"):
        score_columns(category, Rounding(4, "half_up"), Table(2, columns))


def test_blocks_means_and_totals_are_exact_and_ranked():
    leaf = indicator_of("min_max", {"bounds": "goalposts", "low": "0", "high": "3"})
    thirds = [replace(leaf, code=f"I{n}", points=Decimal(1)) for n in range(3)]
    mean = replace(
        leaf,
        code="M",
        method="mean_children",
        points=Decimal(10),
        params={"kind": "arithmetic", "weights": {"I0": "0.5", "I1": "0.25", "I2": "0.25"}},
        children=tuple(thirds),
    )
    plain = replace(leaf, code="P", precision=1)
    raw = {"I0": [1, 2, 3], "I1": [1, 2, 3], "I2": [1, 2, 0], "P": [1, 2, 2]}
    columns = {
        (code, Slot("measured_value", "value")): Column.scaled(np.array(numbers), 0)
        for code, numbers in raw.items()
    }
    units = UNITS[:3]
    category = category_of(mean, plain, units=units)
    sheet = score_columns(category, Rounding(4, "half_up"), Table(3, columns))
    assert list(map(str, decimals(sheet.indicators["M"]))) == ["3.3330", "6.6670", "7.5000"]
    assert list(map(str, decimals(sheet.base))) == ["5.0330", "9.9670", "10.8000"]
    assert sheet.ranks().tolist() == [3, 2, 1]


def test_a_unit_without_a_score_has_no_total_and_no_rank():
    leaf = indicator_of("min_max", {"bounds": "goalposts", "low": "0", "high": "3"})
    column = Column.of([Decimal(1), None, Decimal(2)])
    values = Table(3, {("I1", Slot("measured_value", "value")): column})
    sheet = score_columns(category_of(leaf, units=UNITS[:3]), Rounding(4, "half_up"), values)
    assert decimals(sheet.base) == [Decimal("1.6667"), None, Decimal("3.3333")]
    assert sheet.ranks().tolist() == [2, 0, 1]
