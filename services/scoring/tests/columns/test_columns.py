"""Whole columns: exact in every row, whatever stands in the others, and never out of bounds."""

import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from compiling import compute, reads_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printed_formulas import gives
from small_years import Year, indicator, scheme_of

from scoring.rules.columns.exact import half_up
from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import LARGEST, Whole
from scoring.rules.ledger.entries import SuperiorList
from scoring.rules.methods.catalogue import METHODS
from scoring.rules.methods.chinese import rule_zh
from service_testing import trials

UNITS = tuple(f"U{n}" for n in range(6))
TIERS = [{"min": "5", "points": "4"}, {"min": "0", "points": "2.5"}]
OVER = {"per_pct_points": "3", "points": "0.7", "max_points": "1"}

few = st.sampled_from(["0", "1", "2", "2.5", "3", "-1", "10", "0.00005", "33.335"])
long = st.decimals(-(10**9), 10**9, places=6).map(str)
endless = st.sampled_from(["123456789012345678901.5", "-99999999999999999999"])
numbers = st.one_of(few, few, long, endless, st.none())
"""Few different values make ties; the long ones leave no room in 64 bits; None is missing."""


def measured(key, value, item=None, period="2025"):
    return {"kind": "measured_value", "key": key, "value": value, "item": item, "period": period}


def actual(row):
    return [measured("actual", row.a)], [(None, row.b, row.c, row.d)]


def value(row):
    return [measured("value", row.a)], []


def from_baseline(row):
    return [measured("value", row.a)], [(None, None, row.b, None)]


def counted(row):
    return [measured("count", row.a)], []


def pieces(row):
    found = [measured("count", "1", item) for item in (row.word, row.other) if item]
    return found or [{"kind": "measured_value", "key": "zero_report", "value": "0"}], []


def by_quarter(row):
    values = (row.a, row.b, row.c, row.d)
    return [measured("value", v, period=f"2025Q{n}") for n, v in enumerate(values, 1)], []


def by_half(row):
    return [measured("ratio", row.a, period="2025H1"), measured("ratio", row.b)], []


def items(row):
    entries = [measured("actual", row.a, "1"), measured("actual", row.b, "2")]
    return entries, [("1", row.c, None, None), ("2", row.d, None, None)]


def blended(row):
    entries = [measured("level", row.a), measured("growth", row.b)]
    return entries, [("growth", row.c, row.d, None)]


def superior(row):
    return [measured("superior_loss", row.a)], []


def events(row):
    happened = [("late", row.a), ("lost", row.b)]
    found = [{"kind": "event", "key": key, "value": v} for key, v in happened if v]
    return found or [{"kind": "event", "key": "zero_report", "value": "0"}] * bool(row.c), []


def nodes(row):
    words = (row.word, row.other)
    entries = [
        {"kind": "milestone", "item": str(n), "word": word} for n, word in enumerate(words) if word
    ]
    return entries, [("0", None, None, None)] if row.a == "1" else []


def set_nodes(row):
    """The nodes of the scheme, one by its status, one by a day."""
    entered = [{"kind": "milestone", "item": "first", "word": row.word}]
    if row.a is not None:
        day = date(2025, 1 + len(row.a) % 12, 1)
        entered.append({"kind": "milestone", "item": "second", "occurred_on": day})
    return entered, []


def grade(row):
    return [{"kind": "grade", "word": row.word}] if row.word else [], []


def panel(row):
    marks = (row.a, row.b, row.c, row.d)
    return [{"kind": "panel_mark", "item": str(n), "value": m} for n, m in enumerate(marks, 1)], []


def place_in(row, period="2025"):
    day = date(2025, 12, 31)
    found = SuperiorList(3, None, "通报〔2025〕1号", day)
    return {"kind": "superior_rank", "value": row.a, "period": period, "superior_list": found}


def placed(row):
    return [place_in(row)] if row.a is not None else [], []


def placed_twice(row):
    return [place_in(row, half) for half in ("2025H1", "2025H2")] if row.a is not None else [], []


def of_formula(row):
    return [measured("a", row.a), measured("b", row.b)], []


def satisfaction(row):
    return [], []


RATIO = {"direction": "higher"}
STEP = {"direction": "higher", "step": "0.3", "points_per_step": "0.25"}
FROM = STEP | {
    "reference": "mean", "step_mode": "proportional", "base_ratio": "0.8", "bonus_per_step": "0.15",
}  # fmt: skip
IN_PERCENT = {name: each for name, each in FROM.items() if name != "step"} | {"step_pct": "7"}
OPEN = {"base_ratio": "0.6", "bounds": "fixed", "low": "-1", "high": "7", "clamp": False}
RISING = [{"max": "-1", "points": "4"}, {"max": "2", "points": "3"}, {"max": "9", "points": "0.7"}]
BASE = {"base_ratio": "0.9", "step_pct": "0.3", "points_per_step": "0.1"}
COMPONENTS = [
    {"key": "level", "weight": "0.4", "method": "rank_points", "params": {"step_ratio": "0.07"}},
    {"key": "growth", "weight": "0.6", "method": "baseline_growth", "params": BASE},
]
INPUTS = {name: {"from": "measured", "key": name} for name in "ab"}
FORMULA = {"inputs": INPUTS, "formula": "a / b - round(b / 3, 2)"}
COMPOSITE = {"inputs": INPUTS, "formula": "max(a, b) / (a - b)"}
SET_NODES = {
    "status_ratio": {"A": "1", "B": "0.35", "C": "0"},
    "nodes": [
        {"item": "first", "name": "first", "due": "2025-03-31", "weight": "0.3"},
        {"item": "second", "name": "second", "due": "2025-06-30", "weight": "0.7"},
    ],
    "ordered": True,
    "by_day": {"on_time": "A", "late": "B"},
}
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
    "tiers, in a line": ("tiers", {"tiers": TIERS, "interpolate": True}, value),
    "tiers, max and in a line": ("tiers", {"tiers": RISING, "interpolate": True}, value),
    "tiers, rounded and in a line": (
        "tiers",
        {"tiers": TIERS, "compare": "rounded", "places": 0, "interpolate": True},
        value,
    ),
    "tiers, rounded": ("tiers", {"tiers": TIERS, "compare": "rounded", "places": 0}, value),
    "threshold": ("all_or_nothing", {"threshold": "2.5"}, value),
    "superior": ("inherit_superior", {"scale": "0.1", "multiplier": "2"}, superior),
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
    "efficacy, open": ("efficacy_linear", OPEN, value),
    "efficacy, open and lower": ("efficacy_linear", OPEN | {"direction": "lower"}, value),
    "efficacy, exponential and open": ("efficacy_exp", OPEN, value),
    "percentile, equal ones not": ("percentile_rank", {"ties": "low"}, value),
    "percentile, equal ones wholly": ("percentile_rank", {"ties": "high"}, value),
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
    "nodes of the scheme": ("milestone", SET_NODES, set_nodes),
    "grades": ("grade_map", {"grades": {"A": "1", "B": "0.333"}}, grade),
    "panel": ("qualitative_panel", {"panel_size": 4, "scale": "30", "trim": 1}, panel),
    "panel, all marks": ("qualitative_panel", {"panel_size": 4}, panel),
    "panel, enough marks": ("qualitative_panel", {"panel_size": 4, "min_marks": 2}, panel),
    "pledge": ("pledge", {"bonus_coef": "0.005", "deduct_coef": "0.004"}, actual),
    "efficacy, exponential": ("efficacy_exp", {"base_ratio": "0.6"}, value),
    "min-max, logarithmic": ("min_max", {"bounds": "group", "log": True}, value),
    "z-score": ("z_score", {}, value),
    "z-score of a sample, lower": (
        "z_score",
        {"direction": "lower", "deviation": "sample", "clamp": False},
        value,
    ),
    "steps from the mean": ("steps_from", FROM, value),
    "steps from the mean, no bonus": ("steps_from", FROM | {"bonus_per_step": "0"}, value),
    "steps from the median": (
        "steps_from",
        FROM | {"reference": "median", "step_mode": "whole_up", "cap_ratio": "1.2"},
        value,
    ),
    "steps from the best, lower": (
        "steps_from",
        FROM | {"reference": "best", "direction": "lower", "step_mode": "whole_down"},
        value,
    ),
    "steps from a baseline": ("steps_from", FROM | {"reference": "baseline"}, from_baseline),
    "steps in percent of the mean": ("steps_from", IN_PERCENT, value),
    "steps in percent of a baseline": (
        "steps_from",
        IN_PERCENT | {"reference": "baseline", "step_mode": "whole_down"},
        from_baseline,
    ),
    "share": ("share_of_sum", {}, value),
    "share, of their own": ("share_of_sum", {"full_share": "0.3", "cap_ratio": "1.5"}, value),
    "pieces": ("count_points", {"full_at": 1, "per_item": 2, "distinct": True}, pieces),
    "pieces, shared": (
        "count_points",
        {"full_at": 1, "per_item": 2, "distinct": True, "when_shared": "share"},
        pieces,
    ),
    "grades, with a quota": (
        "grade_map",
        {"grades": {"A": "1", "B": "0.333"}, "at_most": {"A": "0.5"}},
        grade,
    ),
    "superior's step": (
        "superior_rank",
        {"step_ratio": "0.07", "allow_below_zero": True},
        placed,
    ),
    "superior's tiers": ("superior_rank", {"tiers": TIERS, "period": "half_year"}, placed_twice),
    "superior's table": (
        "superior_rank",
        {"table": {"1": "7.7", "2": "3", "-1": "-2.5"}, "allow_below_zero": True},
        placed,
    ),
    "result": (
        "external_result",
        {"kind": "score", "scale": "7"},
        lambda row: ([measured("score", row.a)], []),
    ),
    "periods": (
        "periodic_weighted",
        {"periods": ["H1", "FY"], "weights": ["0.35", "0.65"]},
        by_half,
    ),
    "formula": ("expression", FORMULA, of_formula),
    "formula, gate": ("expression", FORMULA | {"gate": "a > 1", "low": "-3", "cap": 9}, of_formula),
    "composite": ("rank_points", {"step_ratio": "0.13", "composite": COMPOSITE}, of_formula),
}
"""Method, parameters, and which entries and targets a row of drawn numbers makes."""

word = st.sampled_from(["A", "B", "C", None])
rows = st.fixed_dictionaries(
    {"a": numbers, "b": numbers, "c": numbers, "d": numbers, "word": word, "other": word}
)
drawn = st.lists(rows, min_size=1, max_size=len(UNITS))
some = settings(
    max_examples=trials(8, 60),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


def year_of(rows, make) -> Year:
    """A year in which each of a few units enters what a row of drawn numbers makes."""
    year = Year(UNITS[: len(rows)])
    for unit, row in zip(year.units, rows, strict=True):
        entered, aims = make(SimpleNamespace(**row))
        year.satisfaction["phone", unit] = row["a"] and Decimal(row["a"])
        for fields in entered:
            if any(fields.get(name) is not None for name in ("value", "word", "occurred_on")):
                year.enter(unit, **fields)
        for item, *numbers in aims:
            named = zip(("target", "baseline", "pledge"), numbers, strict=True)
            year.aim(unit, item, **{name: number for name, number in named if number is not None})
    return year


ENGLISH = re.compile(r"[A-Za-z]{2,}")
OWN_WORDS = re.compile(
    r"\b(?:min|max|ln|round|late|lost|false|done|open|on_time)\b"
    r"|\b(?:plan|dredge|check|first|second):"
)
"""Functions, and the words that the schemes of these tests have themselves."""


@pytest.mark.prove
@pytest.mark.parametrize("case", CASES)
@some
@given(drawn=drawn, places=st.sampled_from([0, 2, 4, 12]), exceed=st.booleans())
def test_a_column_says_in_each_row_what_the_formula_of_that_row_says(case, drawn, places, exceed):
    """Planted bugs: half to even in `Quotients.settled`, an int64 product that wraps around, the
    numbers of one row scored or told in another, a rule without words in Chinese."""
    method, params, make = CASES[case]
    found = indicator(method, params, points=5, allow_exceed=exceed)
    for outcome in year_of(drawn, make).outcomes(found, places=places)["X"].values():
        if outcome.score is None:
            assert outcome.missing
            continue
        assert outcome.score == half_up(outcome.value, places)
        assert exceed or outcome.score <= 5
        assert gives(outcome.narration.formula, outcome.value), outcome.narration.formula
        rule, formula = outcome.narration.rule, outcome.narration.formula
        own = method == "expression"
        assert gives(rule_zh(formula, formula=own), outcome.value)
        assert not ENGLISH.findall(OWN_WORDS.sub("", rule_zh(rule, formula=own))), rule
        assert not ENGLISH.findall(OWN_WORDS.sub("", rule_zh(formula, formula=own))), formula


ALONE = [
    case
    for case, (method, params, _) in CASES.items()
    if not reads_of(indicator(method, params)).compares and method != "blend"
]


@pytest.mark.prove
@pytest.mark.parametrize("case", ALONE)
@some
@given(drawn=drawn)
def test_a_row_is_what_it_is_alone(case, drawn):
    """Planted bug: the reason or the score of the row before, where one falls out."""
    method, params, make = CASES[case]
    year, found = year_of(drawn, make), indicator(method, params, points=5)
    whole = year.outcomes(found)["X"]
    for unit, outcome in whole.items():
        alone = year.outcomes(found, units=[unit])["X"][unit]
        for name in ("score", "narration", "missing"):
            assert getattr(outcome, name) == getattr(alone, name), name
        assert outcome.used() == alone.used()


def test_every_method_has_its_case():
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


def test_blocks_means_and_totals_are_exact():
    """Caught: thirds rounded before they are weighed, or a block of finer scores not rounded."""
    posts = {"bounds": "goalposts", "low": "0", "high": "3"}
    thirds = tuple(indicator("min_max", posts, code, points=1) for code in ("I0", "I1", "I2"))
    weights = {"I0": "0.5", "I1": "0.25", "I2": "0.25"}
    mean = indicator(
        "mean_children", {"kind": "arithmetic", "weights": weights}, "M", children=thirds
    )
    plain = indicator("min_max", posts, "P", points=5, precision=1)
    year = Year(["U1", "U2", "U3"])
    entered = {"I0": [1, 2, 3], "I1": [1, 2, 3], "I2": [1, 2, 0], "P": [1, 2, 2]}
    for code, numbers in entered.items():
        year.values(code=code, **dict(zip(year.units, numbers, strict=True)))

    sheet = sheet_of(year, mean, plain)

    means = [unit.outcomes["M"].score for unit in sheet.units]
    assert list(map(str, means)) == ["3.3330", "6.6670", "7.5000"]
    assert [str(unit.base_total) for unit in sheet.units] == ["5.0330", "9.9670", "10.8000"]
    assert all(unit.base_total == unit.blocks["B1"] for unit in sheet.units)


def test_a_unit_without_a_score_has_no_total_and_no_rank():
    posts = {"bounds": "goalposts", "low": "0", "high": "3"}
    year = Year(["U1", "U2", "U3"]).values(U1=1, U3=2)
    leaf = indicator("min_max", posts, points=5)

    totals = [unit.total for unit in sheet_of(year, leaf).units]

    assert totals == [Decimal("1.6667"), None, Decimal("3.3333")]
    assert year.category(leaf).ranks("X") == {0: 2, 2: 1}


def sheet_of(year, *indicators):
    return compute(
        scheme_of(indicators, units=year.units),
        {"CAT"},
        entries=year.entries,
        targets=year.targets,
        satisfaction=year.satisfaction,
        claims=[],
        names=[],
    ).sheet
