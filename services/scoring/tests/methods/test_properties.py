"""What holds for every input: bounds, monotony, exactness, and no word in it for order."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from compiling import compute, formula
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from small_years import Year, indicator, scheme_of, scored

from scoring.rules.columns.exact import half_up
from scoring.rules.columns.quotients import Quotients
from scoring.rules.explanation.tree import explain
from scoring.rules.methods.of_children import Child, mean_children, sum_children
from scoring.rules.methods.pieces import identity
from scoring.rules.scheme.params import Params

POINTS = Decimal(12)
PLACES = 4

# In a CI environment Hypothesis is deterministic by its own profile; few examples, many methods.
few = settings(max_examples=12, deadline=None)


def numbers(low=-1000, high=1000):
    return st.decimals(low, high, allow_nan=False, allow_infinity=False, places=3)


COSTS = {"per_event": {"late": "0.7", "false": "2.5"}}
TIERS = {"tiers": [{"min": 0, "points": 2}, {"min": 60, "points": 5}, {"min": 90, "points": 12}]}
GROWTH = {"base_ratio": "0.8", "step_pct": 5, "points_per_step": "0.2"}
COUNTS = {"full_at": 8, "per_item": "1.5", "extra_per_item": 1, "extra_cap": 0}
STEPS = {"direction": "higher", "step": "0.7", "points_per_step": "0.3"}
FROM_MEAN = STEPS | {"reference": "mean", "base_ratio": "0.8", "bonus_per_step": "0.1"}
OVER = {"over_target": {"per_pct_points": 1, "points": "0.1", "max_points": 2}}
SPREAD = [-300, 12, 15, 400]
HIGH, LOW = Decimal("87.3"), Decimal("-12.5")


def of(method: str, name: str, params: dict | None = None, **others):
    """What a method gives, as a function of one number, everything else fixed."""
    return lambda number: scored(method, POINTS, params or {}, **{name: number}, **others).score


LOWER = {"direction": "lower"}
BASE = {"base_ratio": "0.6"}
RANKED = {"step_ratio": "0.05", "floor_ratio": "0.1"}
WEIGHED = {"weights": ["0.3", "0.7"]}
BETWEEN = {"low": LOW, "high": HIGH}
MARKS = (Decimal("61.337"), Decimal("77.781"))
RISING = {
    "ratio_to_target": of("ratio_to_target", "actual", target=HIGH),
    "ratio_to_target over": of("ratio_to_target", "actual", OVER, target=HIGH),
    "ratio_to_target floor": of("ratio_to_target", "actual", {"floor_ratio": "0.6"}, target=HIGH),
    "stepped": of("stepped_deduction", "actual", STEPS, target=HIGH),
    "stepped up": of("stepped_deduction", "actual", STEPS | {"step_mode": "whole_up"}, target=HIGH),
    "stepped down": of(
        "stepped_deduction", "actual", STEPS | {"step_mode": "whole_down"}, target=HIGH
    ),
    "growth": of("baseline_growth", "actual", GROWTH, baseline=HIGH),
    "growth, symmetric": of(
        "baseline_growth", "actual", GROWTH | {"below_base": "symmetric"}, baseline=HIGH
    ),
    "tiers": of("tiers", "value", TIERS),
    "tiers, in a line": of("tiers", "value", TIERS | {"interpolate": True}),
    "tiers rounded": of("tiers", "value", TIERS | {"compare": "rounded", "places": 0}),
    "all_or_nothing": of("all_or_nothing", "value", {"threshold": 50}),
    "external": of("external_result", "result", {"kind": "score", "scale": 100}),
    "best": of("relative_to_best", "value", besides=[HIGH]),
    "panel": lambda mark: (
        scored("qualitative_panel", POINTS, {"scale": 1000}, scores=[mark, *MARKS]).score
    ),
    "efficacy": of("efficacy_linear", "value", BASE, **BETWEEN),
    "efficacy_exp": of("efficacy_exp", "value", BASE, **BETWEEN),
    "min_max": of("min_max", "value", **BETWEEN),
    "min_max log": of("min_max", "value", {"log": True}, low=Decimal("0.5"), high=HIGH),
    "z_score": of("z_score", "value", besides=SPREAD),
    "z_score of a sample": of("z_score", "value", {"deviation": "sample"}, besides=SPREAD),
    "percentile": of("percentile_rank", "value", besides=SPREAD),
    "percentile low": of("percentile_rank", "value", {"ties": "low"}, besides=SPREAD),
    "percentile high": of("percentile_rank", "value", {"ties": "high"}, besides=SPREAD),
    "steps from the mean": of("steps_from", "value", FROM_MEAN, besides=SPREAD),
    "steps from the median": of(
        "steps_from",
        "value",
        FROM_MEAN | {"reference": "median", "step_mode": "whole_up"},
        besides=SPREAD,
    ),
    "steps from a baseline": of(
        "steps_from",
        "value",
        FROM_MEAN | {"reference": "baseline", "step_mode": "whole_down"},
        baseline=HIGH,
    ),
    "share": of("share_of_sum", "value", besides=[Decimal(10**10), HIGH]),
    "rank": of("rank_points", "value", RANKED, besides=SPREAD),
    "count": of("count_points", "count", COUNTS),
    "survey": of("survey_score", "satisfaction", {"scale": 1000}),
    "pledge kept": of(
        "pledge",
        "actual",
        {"bonus_coef": "0.005", "deduct_coef": "0.004"},
        standard=HIGH,
        pledged=HIGH,
    ),
}
FALLING = {
    "ratio_to_target": of("ratio_to_target", "actual", LOWER, target=HIGH),
    "stepped": of("stepped_deduction", "actual", STEPS | LOWER, target=HIGH),
    "efficacy": of("efficacy_linear", "value", BASE | LOWER, **BETWEEN),
    "efficacy_exp": of("efficacy_exp", "value", BASE | LOWER, **BETWEEN),
    "min_max": of("min_max", "value", LOWER, **BETWEEN),
    "rank": of("rank_points", "value", RANKED | {"rank_by": "lower"}, besides=SPREAD),
    "percentile": of("percentile_rank", "value", LOWER, besides=SPREAD),
    "z_score": of("z_score", "value", LOWER, besides=SPREAD),
    "steps from the mean": of("steps_from", "value", FROM_MEAN | LOWER, besides=SPREAD),
    "steps from the best": of(
        "steps_from", "value", FROM_MEAN | LOWER | {"reference": "best"}, besides=SPREAD
    ),
    "superior": of("inherit_superior", "superior_loss", {"scale": "0.1", "multiplier": 2}),
}
UNBOUNDED = {"ratio_to_target over", "survey", "pledge kept", "panel"}
BOUNDED = [name for name in RISING if name not in UNBOUNDED]


@pytest.mark.parametrize("name", RISING)
@few
@given(pair=st.tuples(numbers(), numbers()))
def test_more_never_scores_less(name, pair):
    low, high = sorted(pair)

    assert RISING[name](low) <= RISING[name](high)


@pytest.mark.parametrize("name", FALLING)
@few
@given(pair=st.tuples(numbers(), numbers()))
def test_where_lower_is_better_more_never_scores_more(name, pair):
    low, high = sorted(pair)

    assert FALLING[name](low) >= FALLING[name](high)


@pytest.mark.parametrize("method", [*map(RISING.get, BOUNDED), *FALLING.values()])
@few
@given(number=numbers(-(10**9), 10**9))
def test_a_score_lies_between_nothing_and_all_points(method, number):
    assert 0 <= method(number) <= POINTS


@few
@given(
    counts=st.dictionaries(st.sampled_from(["late", "false"]), st.integers(0, 30)),
    more=st.integers(0, 9),
)
def test_another_event_never_helps_and_nothing_goes_below_the_floor(counts, more):
    params = COSTS | {"floor": "-1.5", "escalate": {"late": 3}}
    worse = counts | {"late": counts.get("late", 0) + more}

    before, after = (
        scored("deduct_events", POINTS, params, counts=each).score for each in (counts, worse)
    )

    assert Decimal("-1.5") <= after <= before <= POINTS


@few
@given(places=st.tuples(st.integers(1, 200), st.integers(1, 200)))
def test_a_lower_place_never_has_more_points(places):
    better, worse = sorted(places)

    first, second = (
        scored("rank_points", POINTS, RANKED, rank=rank).score for rank in (better, worse)
    )

    assert Decimal("1.2") <= second <= first <= POINTS


def of_units(values) -> Year:
    """A year in which each value is that of a unit."""
    year = Year([])
    for value in values:
        year.units += (f"U{len(year.units)}",)
        year.values(**{year.units[-1]: value})
    return year


def come_to(year: Year, method: str, params: dict | None = None) -> dict:
    """What each unit comes to by a method."""
    return year.outcomes(indicator(method, params, points=POINTS))["X"]


@few
@given(values=st.lists(numbers(0, 1), min_size=1, max_size=8))
def test_the_mean_of_tied_places_gives_away_as_many_points_as_no_ties_would(values):
    """Planted bug: the better place for everybody."""
    year = of_units(round(value, 1) for value in values)

    found = come_to(year, "rank_points", {"step_ratio": "0.05", "tie": "average"})
    given_away = sum(each.value for each in found.values())

    assert given_away == sum(points_of(rank) for rank in range(1, len(values) + 1))


ITEMS = ["P-1", "p-1", "Ｐ－１", "Q 1", " q 1 ", "R", "S"]
CLAIMING = ("A", "B", "C", "D")
claimed = st.lists(st.tuples(st.sampled_from(CLAIMING), st.sampled_from(ITEMS)), max_size=20)


def pieces_of(claims, decision):
    """What each unit scores, one point a piece, or None where there is no score."""
    year = Year(CLAIMING)
    for unit, item in claims:
        year.enter(unit, "measured_value", "count", 1, item=item)
    for unit in CLAIMING:
        year.enter(unit, "measured_value", "zero_report", 0)
    params = {"full_at": 99, "per_item": 1, "distinct": True, "when_shared": decision}
    return {
        unit: None if each.score is None else each.value
        for unit, each in come_to(year, "count_points", params).items()
    }


@few
@given(claims=claimed)
def test_shares_of_pieces_add_up_to_the_pieces(claims):
    """Planted bug: a share of 1 / entries instead of 1 / units, or a piece counted per writing."""
    shared, whole = pieces_of(claims, "share"), pieces_of(claims, "each")

    assert sum(shared.values()) == len({identity(item) for _, item in claims})
    assert sum(whole.values()) == len({(unit, identity(item)) for unit, item in claims})
    assert all(0 <= shared[unit] <= whole[unit] for unit in CLAIMING)


@few
@given(claims=claimed)
def test_a_piece_counts_for_one_unit_or_for_none(claims):
    """Where one is to have it, whoever has a score has it alone, and disputes nobody else's."""
    found = pieces_of(claims, "refuse")
    owned = {unit: {identity(i) for u, i in claims if u == unit} for unit in CLAIMING}
    alone = {
        unit: all(owned[unit].isdisjoint(owned[other]) for other in CLAIMING if other != unit)
        for unit in CLAIMING
    }

    assert found == {u: len(owned[u]) if alone[u] else None for u in CLAIMING}


@few
@given(claims=claimed, more=st.sampled_from(ITEMS), decision=st.sampled_from(["share", "each"]))
def test_another_piece_never_costs_the_unit_and_entering_it_again_changes_nothing(
    claims, more, decision
):
    once, twice = [*claims, ("A", more)], [*claims, ("A", more), ("A", f"{more} ".upper())]

    before, after, again = (pieces_of(each, decision) for each in (claims, once, twice))

    assert before["A"] <= after["A"] <= before["A"] + 1
    assert after == again


@few
@given(words=st.lists(st.sampled_from("AABC"), min_size=4, max_size=4), share=numbers(0, 1))
def test_of_a_grade_with_a_quota_all_who_have_it_have_a_score_or_none_of_them(words, share):
    limits = {"grades": {"A": 1, "B": "0.9", "C": 0}, "at_most": {"A": str(share)}}
    year = Year(CLAIMING)
    for unit, word in zip(CLAIMING, words, strict=True):
        year.enter(unit, "grade", word=word)
    found = come_to(year, "grade_map", limits)
    given_ = dict(zip(CLAIMING, words, strict=True))
    scored_ = {(unit, given_[unit]) for unit, each in found.items() if each.score is not None}

    assert {given_[unit] for unit, each in found.items() if each.score is None} <= {"A"}
    assert all(0 <= found[unit].score <= POINTS for unit, _ in scored_)
    best = sum(word == "A" for _, word in scored_)
    assert best in {0, words.count("A")}
    assert best <= 4 * share


def points_of(rank: int) -> Fraction:
    return Fraction(POINTS) * (1 - (rank - 1) * Fraction(1, 20))


@few
@given(
    shares=st.lists(st.fractions(0, 1, max_denominator=100), min_size=1, max_size=5),
    points=st.integers(1, 100),
)
def test_the_means_of_children_are_in_the_order_of_the_ancients(shares, points):
    """Harmonic ≤ geometric ≤ arithmetic, each between the smallest and the largest share."""
    ratios = [Child(str(n), Quotients.of([each]), Fraction(1)) for n, each in enumerate(shares)]
    low, high = (half_up(points * bound, PLACES) for bound in (min(shares), max(shares)))

    harmonic, geometric, arithmetic = (
        mean_children(Decimal(points), Params({"kind": kind}), ratios).rounded(PLACES).score(0)
        for kind in ("harmonic", "geometric", "arithmetic")
    )

    assert low <= harmonic <= geometric <= arithmetic <= high


@few
@given(
    scores=st.lists(numbers(-5, 30), min_size=1, max_size=6),
    caps=st.tuples(numbers(0, 40), numbers(0, 40)),
)
def test_capped_extras_lie_between_none_of_them_and_all_of_them(scores, caps):
    of_twelve = [Child(str(n), Quotients.of([each]), Fraction(12)) for n, each in enumerate(scores)]
    low, high = sorted(caps)

    def total(cap):
        return sum_children(of_twelve, extra_cap=cap).rounded(3).score(0)

    cut = sum(min(each, Decimal(12)) for each in scores)
    assert cut == total(Decimal(0)) <= total(low) <= total(high) <= total(None) == sum(scores)
    assert total(low) <= cut + low


@few
@given(ratios=st.tuples(numbers(0, 1), numbers(0, 1)), more=numbers(0, 1))
def test_a_better_period_never_lowers_the_year(ratios, more):
    before, after = (
        scored("periodic_weighted", POINTS, WEIGHED, period_ratios=[each, ratios[1]]).score
        for each in (ratios[0], ratios[0] + more)
    )

    assert 0 <= before <= after


@few
@given(values=st.lists(numbers(0, 3), min_size=1, max_size=12))
def test_percentile_ranks_are_half_on_average(values):
    found = [each.value for each in come_to(of_units(values), "percentile_rank").values()]

    assert sum(found) / len(found) == (POINTS if len(values) == 1 else Fraction(POINTS) / 2)


# Exactness


ties = st.integers(0, 10**6).map(lambda n: Decimal(10 * n + 5).scaleb(-5))
"""Numbers that lie exactly between two of four places: they round up."""


def up(tie: Decimal) -> Decimal:
    return half_up(Fraction(tie) + Fraction(1, 10**9), PLACES)


def is_exact(method: Callable[..., Decimal]) -> None:
    """Hold a method that computes 1 point × actual / target against scores that end in a tie."""

    @settings(
        max_examples=60, deadline=None, database=None, derandomize=True, phases=[Phase.generate]
    )
    @given(tie=ties, divisor=st.integers(1, 999))
    def ends_in_a_tie_and_rounds_up(tie, divisor):
        assert method(actual=tie * divisor, target=Decimal(divisor)) == up(tie)

    ends_in_a_tie_and_rounds_up()


WIDE = 10**9
QUOTIENTS = {
    "ratio_to_target": lambda actual, target: scored(
        "ratio_to_target", 1, {"cap_ratio": WIDE}, actual=actual, target=target
    ),
    "items_weighted": lambda actual, target: scored(
        "items_weighted", 1, {"item_cap_ratio": WIDE}, actuals=[actual] * 3, targets=[target] * 3
    ),
    "relative_to_best": lambda actual, target: scored(
        "relative_to_best", 101, {}, value=actual, besides=[target * 101]
    ),
    "min_max": lambda actual, target: scored(
        "min_max", 1, {"clamp": False}, value=actual, low=0, high=target
    ),
    "survey_score": lambda actual, target: scored(
        "survey_score", 1, {"scale": str(target)}, satisfaction=actual
    ),
}


@pytest.mark.parametrize("name", QUOTIENTS)
def test_a_score_that_ends_in_a_tie_rounds_up(name):
    is_exact(lambda actual, target: QUOTIENTS[name](actual, target).score)


def in_floats(*, actual: Decimal, target: Decimal) -> Decimal:
    """`ratio_to_target` as it must not be written."""
    return half_up(Fraction(float(actual) / float(target)), PLACES)


def in_short_decimals(*, actual: Decimal, target: Decimal) -> Decimal:
    """Three thirds, each divided before they are added, as decimals do it."""
    with localcontext(prec=28):
        third = actual / (target * 3)
        return half_up(Fraction(third + third + third), PLACES)


@pytest.mark.parametrize("planted", [in_floats, in_short_decimals])
def test_a_method_that_computes_in_floats_or_rounds_on_the_way_is_found_out(planted):
    """The test above would notice: here the bug is planted, and it does."""
    with pytest.raises(AssertionError):
        is_exact(planted)


@pytest.mark.parametrize("method", [*RISING.values(), *FALLING.values()])
@few
@example(number=Decimal("33.336"))
@example(number=Decimal("-512.367"))
@given(number=numbers(-(10**6), 10**6))
def test_the_precision_that_a_process_is_set_to_does_not_matter(method, number):
    """Caught: one product or sum of decimals, which rounds to the context's digits."""
    expected = method(number)

    with localcontext(prec=5):
        assert method(number) == expected


names = st.sampled_from(["a", "b", "c"])
terms = st.recursive(
    st.one_of(names, st.decimals(0, 100, places=2).map(lambda n: f"{n:f}")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"-({t})"),
        st.tuples(inner, inner).map(lambda t: f"max({t[0]}, {t[1]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"if({t[0]} < {t[1]}, {t[2]}, 1)"),
    ),
    max_leaves=8,
)


@few
@given(text=terms, values=st.tuples(numbers(), numbers(), numbers()))
def test_a_formula_with_its_numbers_put_in_gives_the_same_digits(text, values):
    inputs = dict(zip("abc", values, strict=True))
    read = formula(text)

    assert formula(read.filled(inputs)).value({}) == read.value(inputs)


# Order


MIXED = Year("ABC")
MIXED.values(A=7, B=9, C=7)
for number in range(1, 5):
    MIXED.values(period=f"2025Q{number}", A=number, B=number)
for name, times in (("late", 2), ("false", 1), ("late", 1)):
    MIXED.enter("A", "event", name, times)
for n in (1, 2, 3):
    MIXED.enter("A", "panel_mark", value=80 + n, item=str(n))
for n in (1, 2):
    MIXED.enter("A", "measured_value", "actual", n, item=str(n))
for whose, what in (("A", "P"), ("B", "p"), ("A", "Q"), ("A", "q")):
    for quarter in ("2025Q1", "2025Q2"):
        MIXED.enter(whose, "measured_value", "count", 1, item=what, period=quarter)
MIXED.enter("A", "grade", word="A").enter("B", "grade", word="B")
MIXED.enter("A", "milestone", item="1", word="done").enter("A", "milestone", item="2", word="late")
MIXED.out("B", "IDLE").out("B", "IDLE")
MIXED.aim("A", target=9, baseline=4).aim("A", "1", target=9).aim("A", "2", target=9)
ORDERS = [
    ("rank_points", {"step_ratio": "0.1", "tie": "average"}),
    ("rank_points", {"step_ratio": "0.1", "period": "quarter"}),
    ("relative_to_best", {}),
    ("z_score", {}),
    ("count_points", {"full_at": 8, "per_item": 1, "distinct": True, "when_shared": "share"}),
    ("grade_map", {"grades": {"A": 1, "B": 0}, "at_most": {"A": "0.5"}}),
    ("percentile_rank", {}),
    ("steps_from", STEPS | {"reference": "mean"}),
    ("share_of_sum", {}),
    ("items_weighted", {"items": 2}),
    ("deduct_events", COSTS),
    ("qualitative_panel", {"panel_size": 3, "scale": 100, "trim": 1}),
    ("milestone", {"status_ratio": {"done": 1, "late": "0.5"}}),
    ("expression", {"formula": "v * 2", "inputs": {"v": {"from": "measured", "key": "value"}}}),
]


def told_of(entries: list, targets: list) -> list:
    """All that is told of the units A and B, by every method of the list."""
    idle = indicator("survey_score", {"survey": "phone"}, "IDLE")
    plans = [
        scheme_of((indicator(method, params, points=POINTS), idle), units="ABC")
        for method, params in ORDERS
    ]
    sheets = [
        compute(
            scheme,
            {"CAT"},
            entries=entries,
            targets=targets,
            satisfaction={},
            claims=[],
            names=[],
        ).sheet
        for scheme in plans
    ]
    return [[explain(unit) for unit in sheet.units[:2]] for sheet in sheets]


@settings(max_examples=25, deadline=None)
@given(shuffled=st.permutations(MIXED.entries), aims=st.permutations(MIXED.targets))
def test_the_order_of_entries_changes_neither_a_score_nor_its_explanation(shuffled, aims):
    """Planted bug: entries in the order of arrival; it shows where one thing is declared twice."""
    expected = told_of(MIXED.entries, MIXED.targets)

    assert all(a.children[0].children[0].score is not None for a, _ in expected)
    assert told_of(shuffled, aims) == expected
