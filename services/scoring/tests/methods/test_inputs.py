"""From ledger entries to scores: what each method takes, leaves out, and misses."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
import small_years
from small_years import UNITS, indicator

from scoring.rules.ledger.entries import Entry


class Year(small_years.Year):
    """A year of one indicator, which methods score."""

    def __init__(self, *, zero_report_required=True):
        super().__init__(zero_report_required=zero_report_required)

    def outcome(self, method, params, unit="A", *, beside=(), **more):
        return self.outcomes(indicator(method, params, **more), *beside)["X"][unit]

    def score(self, method, params, unit="A", **more):
        found = self.outcome(method, params, unit, **more)
        assert found.missing == ()
        return found.score

    def scores(self, method, params, **more):
        return [self.score(method, params, unit, **more) for unit in UNITS]

    def gap(self, method, params, unit="A", **more):
        found = self.outcome(method, params, unit, **more)
        assert found.score is None
        assert found.missing
        assert all(not reason.zh.isascii() for reason in found.missing)
        return [reason.en for reason in found.missing]


def used(outcome):
    """The names of what was taken, with the values."""
    return {each.name: each.value for each in outcome.used()}


def decimals(*values):
    return [Decimal(str(value)) for value in values]


STEP = {"step_ratio": "0.1"}


@pytest.mark.parametrize(
    ("why", "params", "expected"),
    [
        ("the best first", STEP, [10, 9, 9, 7]),
        ("nothing is skipped after a tie", STEP | {"tie": "dense"}, [10, 9, 9, 8]),
        ("the mean of the tied places", STEP | {"tie": "average"}, [10, "8.5", "8.5", 7]),
        ("the lowest first", STEP | {"rank_by": "lower"}, [7, 9, 9, 10]),
        ("counted from the bottom", STEP | {"from": "bottom"}, [7, 9, 9, 10]),
        ("the last lose points", {"table": {"1": -5, "2": -4, "3": -2}, "from": "bottom",
                                  "allow_below_zero": True, "tie": "average"}, [0, -3, -3, -5]),
    ],
)  # fmt: skip
def test_places_become_points(why, params, expected):
    year = Year().values(A=91, B=85, C="85.0", D=60)

    assert year.scores("rank_points", params) == decimals(*expected), why


def test_where_ties_are_forbidden_those_who_are_tied_have_no_score_and_the_others_do():
    year = Year().values(A=91, B=85, C=85, D=60)
    params = STEP | {"tie": "forbidden"}

    assert year.gap("rank_points", params, "B") == [
        "2 units share place 2; the scheme forbids ties."
    ]
    assert year.score("rank_points", params, "D") == 7


def test_a_unit_with_a_tiny_volume_is_not_ranked_and_takes_nobodys_place():
    """A zone with 22 cases scored 100.00 above a district with 6530."""
    year = Year().values(A=100, B=98, C=97, D=96).values("volume", A=22, B=6530, C=500, D=500)
    params = STEP | {"minimum_volume": 100}

    assert year.gap("rank_points", params) == [
        "The volume 22 is under 100: the unit is not ranked."
    ]
    assert year.score("rank_points", params, "B") == 10
    assert year.score("rank_points", params, "D") == 8


def test_a_unit_without_a_volume_is_missing_it():
    year = Year().values(A=100, B=98).values("volume", B=100)

    assert year.gap("rank_points", STEP | {"minimum_volume": 100}) == ["volume, 2025 is missing."]


QUARTERLY = STEP | {"period": "quarter"}


def quarters(*, without=()):
    year = Year()
    for number in range(1, 5):
        period = f"2025Q{number}"
        given = {"A": 90 - number, "B": 88, "C": 80, "D": 70}
        year.values(period=period, **{u: v for u, v in given.items() if (u, number) not in without})
    return year


def test_every_period_is_ranked_by_itself_and_the_year_is_their_mean():
    assert quarters().score("rank_points", QUARTERLY) == Decimal("9.5")


def test_twelve_months_are_ranked_and_the_year_is_their_mean():
    """Second from July on: the mean of six times 10 and six times 9."""
    year = Year()
    for month in range(1, 13):
        year.values(period=f"2025-{month:02}", A=90 - month, B=84 if month > 6 else 70)
    monthly = STEP | {"period": "month"}

    assert year.score("rank_points", monthly) == Decimal("9.5")


def test_top_and_bottom_of_a_province_are_two_tables_over_the_same_values():
    """前五名加分、后五名减分: two indicators, one of which only deducts."""
    year = Year().values(A=91, B=85, C=70, D=60)
    top = {"table": {"1": 5, "2": 4}}
    bottom = {"table": {"1": -5, "2": -4}, "from": "bottom", "allow_below_zero": True}

    assert year.scores("rank_points", top) == [5, 4, 0, 0]
    assert year.scores("rank_points", bottom, points=0) == [0, 0, -4, -5]


def test_a_missing_period_is_named_and_no_zero():
    year = quarters(without={("A", 3)})

    assert year.gap("rank_points", QUARTERLY) == ["value, 2025Q3 is missing."]


def test_a_missing_period_is_carried_over_from_the_latest_before_it_and_says_so():
    """Planted bug: carrying from the first period, or for the unit but not for those compared."""
    year = quarters(without={("A", 2), ("A", 3)})
    found = year.outcome("rank_points", QUARTERLY, missing="carry_over")

    assert found.score == Decimal("9.75")
    assert [reason.en for reason in found.because] == [
        "value of 2025Q2 is that of 2025Q1.",
        "value of 2025Q3 is that of 2025Q1.",
    ]
    assert "value, 2025Q3, carried over from 2025Q1" in used(found)
    assert year.score("rank_points", QUARTERLY, "B", missing="carry_over") == Decimal("9.25")


def test_nothing_is_carried_over_from_a_later_period():
    year = quarters(without={("A", 1)})

    assert year.gap("rank_points", QUARTERLY, missing="carry_over") == ["value, 2025Q1 is missing."]


def test_a_period_has_parameters_of_its_own():
    own = {"Q1": {"step_ratio": "0.5"}}

    assert quarters().score("rank_points", QUARTERLY, "B", period_params=own) == Decimal("8.75")


def test_only_units_of_the_category_are_compared():
    """Incomparable bases are in another category: Z never lowers the place of A."""
    year = Year().values(A=50, B=40, Z=99)

    assert year.score("rank_points", STEP) == 10
    assert year.score("relative_to_best", {}) == 10


def test_when_the_first_is_disqualified_the_next_is_the_best():
    """What a reversal takes out of the ledger is not among the entries any more."""
    before = Year().values(A=80, B=100)
    after = Year().values(A=80)

    assert before.score("relative_to_best", {}) == 8
    assert after.score("relative_to_best", {}) == 10


def test_a_unit_to_which_the_indicator_does_not_apply_is_compared_with_nobody():
    year = Year().values(A=80, B=100).enter("B", "not_applicable")

    assert year.score("relative_to_best", {}) == 10


FROM = {
    "direction": "higher", "step": 10, "points_per_step": 1, "base_ratio": "0.8",
    "bonus_per_step": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "params", "expected"),
    [
        ("efficacy_linear", {"base_ratio": "0.6"}, [10, 8, 8, 6]),
        ("efficacy_linear", {"base_ratio": "0.6", "direction": "lower"}, [6, 8, 8, 10]),
        ("efficacy_linear", {"base_ratio": 0, "bounds": "fixed", "low": 0, "high": 100},
         [9, 7, 7, 5]),
        ("min_max", {"bounds": "group"}, [10, 5, 5, 0]),
        ("min_max", {"bounds": "group", "direction": "lower"}, [0, 5, 5, 10]),
        ("min_max", {"bounds": "goalposts", "low": 50, "high": 70}, [10, 10, 10, 0]),
        ("z_score", {}, ["7.4142", 6, 6, "4.5858"]),
        ("percentile_rank", {}, [10, 5, 5, 0]),
        ("percentile_rank", {"direction": "lower"}, [0, 5, 5, 10]),
        ("percentile_rank", {"ties": "low"}, [10, "3.3333", "3.3333", 0]),
        ("percentile_rank", {"ties": "high", "direction": "lower"}, [0, "6.6667", "6.6667", 10]),
        ("z_score", {"direction": "lower", "deviation": "sample"}, ["4.7753", 6, 6, "7.2247"]),
        ("steps_from", FROM | {"reference": "mean"}, [10, 8, 8, 6]),
        ("steps_from", FROM | {"reference": "median", "direction": "lower"}, [6, 8, 8, 10]),
        ("steps_from", FROM | {"reference": "best"}, [8, 6, 6, 4]),
        ("steps_from", FROM | {"reference": "best", "direction": "lower"}, [4, 6, 6, 8]),
        ("share_of_sum", {}, [10, 10, 10, "7.1429"]),
        ("share_of_sum", {"full_share": "0.4"}, ["8.0357", "6.25", "6.25", "4.4643"]),
    ],
)  # fmt: skip
def test_a_value_is_placed_among_those_of_the_category(method, params, expected):
    year = Year().values(A=90, B=70, C=70, D=50)

    assert year.scores(method, params) == decimals(*expected)


@pytest.mark.parametrize("method", ["min_max", "z_score", "percentile_rank", "relative_to_best"])
def test_the_only_unit_with_a_value_has_a_score(method):
    expected = 6 if method == "z_score" else 10

    assert Year().values(A=7).score(method, {"bounds": "group"}) == expected


def test_what_lies_beyond_all_use_leaves_no_other_unit_without_a_score():
    """Planted bug: to compute the powers of a whole column in one go."""
    year = Year().values(A=90, B=10**9, C=-(10**9))
    params = {"base_ratio": "0.5", "bounds": "fixed", "low": 0, "high": 90, "clamp": False}

    found = [year.outcome("efficacy_exp", params, unit) for unit in "ABC"]

    assert [each.score for each in found] == [10, None, None]
    assert [each.missing[0].absent for each in found[1:]] == [False, False]


def test_within_a_blend_steps_and_shares_are_of_each_parts_own_values():
    """Planted bugs: the baseline of the indicator as a whole, or the sum of another part."""
    parts = [
        ("growth", "0.5", "steps_from", FROM | {"reference": "baseline"}),
        ("level", "0.3", "share_of_sum", {"full_share": "0.5"}),
        ("rate", "0.2", "steps_from", FROM | {"reference": "mean", "direction": "lower"}),
    ]
    names = ("key", "weight", "method", "params")
    year = Year().values("growth", A=130).values("level", A=30, B=70).values("rate", A=5, B=25)
    year.aim(baseline=1, target=1).aim(item="growth", baseline=120)
    params = {"components": [dict(zip(names, part, strict=True)) for part in parts]}

    # 8 + 1, 10 × 0.3 / 0.5 and 8 + 1.
    assert year.score("blend", params) == Decimal("8.1")


def test_by_period_steps_are_from_the_periods_own_baseline_and_mean():
    year = Year().values(A=30, B=10, period="2025H1").values(A=50, B=90)
    year.aim(baseline=40).aim(item="H1", baseline=20)

    def score(reference):
        component = {"method": "steps_from", "params": FROM | {"reference": reference}}
        params = {"periods": ["H1", "FY"], "weights": ["0.4", "0.6"], "component": component}
        return year.score("periodic_weighted", params)

    # 9 and 9; 9 and 6.
    assert [score("baseline"), score("mean")] == [9, Decimal("7.2")]


def test_each_unit_may_have_a_share_of_its_own_to_reach():
    year = Year().values(A=60, B=30, C=10)
    own = {"per_unit_params": {"B": {"full_share": "0.6"}, "C": {"full_share": "0.1"}}}
    params = {"full_share": "0.6"}

    assert [year.score("share_of_sum", params, unit, **own) for unit in "ABC"] == [10, 5, 10]


def test_two_units_may_have_parameters_of_their_own_and_share_the_comparison():
    year = Year().values(A=90, B=70)
    own = {"B": {"base_ratio": "0.2"}}

    def scores(**more):
        return [year.score("efficacy_linear", {"base_ratio": "0.6"}, u, **more) for u in "AB"]

    assert [scores(), scores(per_unit_params=own)] == [[10, 6], [10, 2]]


def test_orders_of_different_kinds_over_the_same_values_are_kept_apart():
    """Planted bug: remembering an order by the indicator that the values were entered for."""
    same = {"from": "measured", "indicator": "X", "key": "value"}
    params = STEP | {"composite": {"inputs": {"v": same}, "formula": "v"}}
    orders = {"P": {}, "Q": {"rank_by": "lower"}, "R": {"rank_by": "lower", "tie": "dense"}}
    ranked = [indicator("rank_points", params | order, code) for code, order in orders.items()]
    found = Year().values(A=90, B=70, C=70).outcomes(indicator("rank_points", STEP), *ranked)

    assert [column["A"].score for column in found.values()] == [10, 10, 8, 9]


def test_orders_of_components_and_periods_are_kept_apart():
    """Planted bugs: remembering an order without the component, or without the period."""
    ranked = {"weight": "0.5", "method": "rank_points", "params": STEP}
    blend = {"components": [ranked | {"key": "level"}, ranked | {"key": "growth"}]}
    year = Year().values("level", A=9, B=8).values("growth", A=7, B=8)
    halves = Year().values(period="2025H1", A=9, B=8).values(period="2025H2", A=7, B=8)

    assert year.score("blend", blend) == Decimal("9.5")
    assert halves.score("rank_points", STEP | {"period": "half_year"}) == Decimal("9.5")


def test_the_target_missing_and_the_value_missing_are_both_named():
    assert Year().gap("ratio_to_target", {}) == ["actual, 2025 is missing.", "target is missing."]


def test_a_target_lowered_by_a_revision_earns_no_extra():
    over = {"over_target": {"per_pct_points": 1, "points": "0.1", "max_points": 2}}
    lowered = Year().values("actual", A=110).aim(target=100, lowered=True)
    raised = Year().values("actual", A=110).aim(target=100)

    assert [year.score("ratio_to_target", over) for year in (lowered, raised)] == [10, 11]


def test_a_pledge_is_held_against_the_standard_and_the_own_word():
    year = Year().values("actual", A=110).aim(target=100, pledge=105)
    params = {"bonus_coef": "0.005", "deduct_coef": "0.004"}

    assert year.score("pledge", params) == Decimal("10.3095")


def test_who_has_not_pledged_has_no_score():
    year = Year().values("actual", A=110).aim(target=100)

    assert year.gap("pledge", {"bonus_coef": 1, "deduct_coef": 1}) == ["pledge is missing."]


@pytest.mark.parametrize("numbers", [{}, {"target": 5}])
def test_a_new_unit_without_a_baseline_has_no_growth(numbers):
    year = Year().values("actual", A=110).aim(**numbers)

    params = {"base_ratio": 1, "step_pct": 5, "points_per_step": 1}

    assert year.gap("baseline_growth", params) == ["baseline is missing."]


def test_a_baseline_restated_by_the_statistics_is_the_one_that_counts():
    params = {"base_ratio": "0.8", "step_pct": 5, "points_per_step": 1, "cap_ratio": 1}

    before = Year().values("actual", A=105).aim(baseline=105)
    after = Year().values("actual", A=105).aim(baseline=100)

    assert [year.score("baseline_growth", params) for year in (before, after)] == [8, 9]


def test_a_waived_node_leaves_the_plan_and_the_others_share_its_points():
    status = {"status_ratio": {"on_time": 1, "late": "0.5"}}
    year = Year().aim(item="1").aim(item="2")
    for node, word in (("1", "on_time"), ("2", "late"), ("3", "late")):
        year.enter("A", "milestone", item=node, word=word)

    assert year.score("milestone", status) == Decimal("7.5")


STATUSES = {"on_time": "1", "late": "0.5", "open": "0"}
WORKS = [
    {"item": "plan", "name": "方案", "due": "2025-03-31", "weight": "0.2"},
    {"item": "dredge", "name": "清淤", "due": "2025-11-30", "weight": "0.5"},
    {"item": "check", "name": "验收", "due": "2025-12-20", "weight": "0.3"},
]
BY_DAY = {"on_time": "on_time", "late": "late"}


def works(*reached, **more):
    """Ten points on the nodes that the scheme sets, each entered by its status or by its day."""
    year = Year()
    for node, how in zip(WORKS, reached, strict=False):
        told = {"word": how} if isinstance(how, str) else {"occurred_on": how}
        year.enter("A", "milestone", item=node["item"], **told)
    return year.outcome("milestone", {"status_ratio": STATUSES, "nodes": WORKS} | more)


@pytest.mark.parametrize(
    ("ordered", "reached", "score", "formula"),
    [
        (False, ["on_time", "late", "on_time"], "7.5",
         "10 × (1 × 0.2 (plan: on_time) + 0.5 × 0.5 (dredge: late)"
         " + 1 × 0.3 (check: on_time))"),
        (False, ["on_time", "open", "on_time"], "5",
         "10 × (1 × 0.2 (plan: on_time) + 0 × 0.5 (dredge: open)"
         " + 1 × 0.3 (check: on_time))"),
        (True, ["on_time", "open", "on_time"], "2",
         "10 × (1 × 0.2 (plan: on_time) + 0 × 0.5 (dredge: open)"
         " + 0 × 0.3 (check: on_time))"),
        (True, ["open", "on_time", "on_time"], "0",
         "10 × (0 × 0.2 (plan: open) + 0 × 0.5 (dredge: on_time)"
         " + 0 × 0.3 (check: on_time))"),
        (True, ["late", "late", "on_time"], "6.5",
         "10 × (0.5 × 0.2 (plan: late) + 0.5 × 0.5 (dredge: late)"
         " + 1 × 0.3 (check: on_time))"),
    ],
)  # fmt: skip
def test_a_node_counts_by_its_weight_and_in_order_only_after_all_before_it(
    ordered, reached, score, formula
):
    """Planted bugs: nodes alike; a node that counts although one long before it is not reached."""
    found = works(*reached, ordered=ordered)

    assert (found.score, found.narration.formula) == (Decimal(score), formula)


def test_the_day_on_which_a_node_was_reached_says_whether_it_was_on_time():
    """Planted bug: late on the due day itself."""
    found = works(date(2025, 3, 31), date(2025, 12, 1), "open", by_day=BY_DAY)

    assert found.score == Decimal("4.5")
    assert [(each.name, each.value) for each in found.used()] == [
        ("node plan", "on_time, 2025-03-31, due 2025-03-31"),
        ("node dredge", "late, 2025-12-01, due 2025-11-30"),
        ("node check", "open"),
    ]


def test_a_unit_has_days_of_its_own():
    year = small_years.Year(("A", "B"))
    for unit in year.units:
        year.enter(unit, "milestone", item="plan", occurred_on=date(2025, 4, 10))
    later = {"B": {"nodes": [WORKS[0] | {"due": "2025-04-30", "weight": None}]}}
    params = {"status_ratio": STATUSES, "nodes": [WORKS[0] | {"weight": None}], "by_day": BY_DAY}
    found = year.outcomes(indicator("milestone", params, per_unit_params=later))["X"]

    assert [each.score for each in found.values()] == [5, 10]


def test_a_node_of_the_scheme_that_was_not_entered_is_missing_and_named():
    found = works("on_time", "late")

    assert [reason.en for reason in found.missing] == ["node check is missing."]


COSTS = {"per_event": {"late": 1, "false": 5}}


def test_what_occurred_in_another_year_counts_only_by_the_day_of_discovery():
    year = Year().enter("A", "event", "late", 1, period="2025-02", occurred_on=date(2024, 12, 30))
    year.enter("A", "event", "late", 1, occurred_on=date(2025, 3, 1)).enter("A", "event", "late", 1)
    found = year.outcome("deduct_events", COSTS)

    assert found.score == 8
    assert found.used()[0].name == "late, 2025-02, occurred on 2024-12-30, not counted"
    assert [each.counted for each in found.used()] == [False, True, True]
    assert year.score("deduct_events", COSTS | {"by": "discovered"}) == 7


@pytest.mark.parametrize(("method", "full"), [("deduct_events", 10), ("base_plus_minus", 4)])
def test_silence_is_no_zero_report(method, full):
    params = COSTS | {"base": 4}

    assert Year().gap(method, params)
    assert Year().enter("A", "event", "zero_report", 0).score(method, params) == full
    assert Year(zero_report_required=False).score(method, params) == full


@pytest.mark.parametrize(
    ("frequency", "reports", "lacking"),
    [
        ("monthly", ["-01"], [f"-{month:02}" for month in range(2, 13)]),
        ("monthly", [""], []),
        ("monthly", ["Q1", "-04", "-06", "H2"], ["-05"]),
        ("quarterly", ["Q1", "Q2", "Q3"], ["Q4"]),
        ("quarterly", ["Q1", "Q2", "H2"], []),
        ("quarterly", ["Q1", "-04", "H2"], ["-05", "-06"]),
        ("half_yearly", ["H1"], ["H2"]),
        ("twice_a_year", ["H1", "H2"], []),
        ("yearly", ["-01"], [f"-{month:02}" for month in range(2, 13)]),
        ("yearly", [""], []),
        ("per_event", ["H1", "Q3"], ["-10", "-11", "-12"]),
        ("per_event", ["H1", "H2"], []),
    ],
)
@pytest.mark.parametrize("key", ["zero_report", "late"])
@pytest.mark.parametrize(("method", "full"), [("deduct_events", 10), ("base_plus_minus", 4)])
def test_a_report_covers_its_own_period_and_one_for_the_year_the_year(
    method, full, key, frequency, reports, lacking
):
    """Planted bug: any report at all completes the year."""
    year, happened = Year(), key == "late"
    for ending in reports:
        year.enter("A", "event", key, int(happened), period=f"2025{ending}")
    params = COSTS | {"base": 4}

    if lacking and not (happened and frequency == "per_event"):
        assert year.gap(method, params, frequency=frequency) == [
            "Neither an event nor a zero report has been entered for "
            + ", ".join(f"2025{ending}" for ending in lacking)
            + "."
        ]
    else:
        cost = year.score(method, params, frequency=frequency)
        assert (cost == full) is not happened
    assert Year(zero_report_required=False).score(method, params, frequency=frequency) == full


def test_one_event_entered_for_two_indicators_costs_in_each_of_them():
    year = Year().enter("A", "event", "late", 1)
    other = [Entry(UUID(int=99), "A", "Y", "event", "late", None, "2025", Decimal(1), None)]
    year.entries += other

    assert year.score("deduct_events", COSTS) == 9


def panel(*marks):
    year = Year()
    for seat, (mark, author) in enumerate(marks, 1):
        year.enter("A", "panel_mark", value=mark, item=str(seat), author_unit=author)
    return year


FIVE = {"panel_size": 3, "scale": 100, "trim": 0}


def test_a_mark_of_the_assessed_unit_itself_is_left_out_and_the_trace_says_so():
    year = panel((80, "P"), (100, "A"), (90, "P"))
    found = year.outcome("qualitative_panel", FIVE)

    assert found.score == Decimal("8.5")
    assert "mark 2, own unit, left out" in used(found)
    assert year.score("qualitative_panel", FIVE | {"exclude_own_unit": False}) == 9


def test_two_marks_of_the_assessed_unit_are_too_many():
    year = panel((80, "A"), (100, "A"), (90, "P"))

    assert year.gap("qualitative_panel", FIVE) == ["2 of 3 marks are by the assessed unit itself."]


def test_after_leaving_out_and_trimming_there_may_be_too_few_marks():
    year = panel((80, "A"), (100, "P"), (90, "P"))

    assert year.gap("qualitative_panel", FIVE | {"trim": 1})


KNOWING = {"panel_size": 4, "scale": 5, "min_marks": 2}


def knowing(*marks):
    year = Year()
    for seat, mark in enumerate(marks, 1):
        given = {"word": "dont_know"} if mark is None else {"value": mark}
        year.enter("A", "panel_mark", item=str(seat), author_unit="P", **given)
    return year


def test_who_does_not_know_gives_no_mark_and_lowers_none():
    """Planted bug: a don't know that counts as 0, or as the middle of the scale."""
    found = knowing(5, None, 4, None).outcome("qualitative_panel", KNOWING)

    assert found.score == 9
    assert used(found) == {
        "mark 1": "5",
        "seat 2, no mark": "dont_know",
        "mark 3": "4",
        "seat 4, no mark": "dont_know",
    }


def test_too_few_who_know_are_no_panel():
    assert knowing(5, None, None, None).gap("qualitative_panel", KNOWING) == [
        "1 of 4 seats gave a mark that counts; at least 2 are wanted."
    ]


def test_where_so_many_will_do_more_than_one_own_mark_may_be_left_out():
    year = panel((80, "A"), (100, "A"), (90, "P"))
    params = FIVE | {"min_marks": 1}

    assert year.score("qualitative_panel", params) == 9
    assert year.gap("qualitative_panel", params | {"min_marks": 2})


def test_silence_of_a_member_is_no_dont_know():
    assert knowing(5, 4, None).gap("qualitative_panel", KNOWING) == ["mark 4 is missing."]


@pytest.mark.parametrize("also", [None, "A"])
def test_an_empty_seat_of_a_panel_is_named(also):
    year = panel((80, also), (90, "P"))

    assert year.gap("qualitative_panel", FIVE) == ["mark 3 is missing."]


@pytest.mark.parametrize(
    ("params", "enter", "expected"),
    [
        ({"kind": "score", "scale": 1000}, {"key": "score", "value": 900}, 9),
        ({"kind": "rank_pct", "tiers": [{"max": 20, "points": 8}]},
         {"key": "rank_pct", "value": 20}, 8),
        ({"kind": "grade", "grades": {"B": "0.9"}}, {"word": "B"}, 9),
    ],
)  # fmt: skip
def test_a_result_of_another_system_is_converted(params, enter, expected):
    kind = "grade" if "word" in enter else "measured_value"

    assert Year().enter("A", kind, **enter).score("external_result", params) == expected


PIECES = {"full_at": 4, "per_item": 2, "extra_per_item": 1, "extra_cap": 1, "distinct": True}


def claimed(**by_unit):
    """A year in which units enter pieces, named in one text, each in a month of its own."""
    year = Year()
    for unit, items in by_unit.items():
        for month, item in enumerate(items.split(), 1):
            year.enter(unit, "measured_value", "count", 1, item=item, period=f"2025-{month:02}")
    return year


@pytest.mark.parametrize(
    "items", ["P-1 P-1", "P-1 p-1", "P-1 Ｐ－１", "ﬁ-9 FI-9", "Straße STRASSE"]
)
def test_a_piece_that_was_entered_twice_counts_once_however_it_was_written(items):
    """Planted bug: comparing the texts as they were typed."""
    year = claimed(A=items).enter("A", "measured_value", "count", 1, item="Q")
    found = year.outcome("count_points", PIECES)

    assert found.score == 4
    first, other, among = found.used()
    assert (among.name, among.source) == ("units of the category", "group")
    assert first.name == f"piece {items.split()[0]}, 2025-01, 2025-02"
    assert first.entries == (UUID(int=1), UUID(int=2))
    assert (other.name, other.value, other.entries) == ("piece Q, 2025", "1", (UUID(int=3),))


def test_a_piece_entered_twice_in_one_period_counts_once():
    year = Year()
    for item in ("P-1", " P-1 ", "P-1"):
        year.enter("A", "measured_value", "count", 1, item=item)

    assert year.score("count_points", PIECES) == 2


def test_pieces_that_differ_within_are_two_pieces():
    assert claimed(A="P-1 P-10 P1 项-1").score("count_points", PIECES) == 8


@pytest.mark.parametrize(
    ("why", "decision", "expected"),
    [
        ("a third of one piece, and one of its own", "share", ["2.6667", "4.6667", "0.6667"]),
        ("joint projects count for each of them", "each", [4, 6, 2]),
    ],
)
def test_a_piece_that_several_units_claim(why, decision, expected):
    year = claimed(A="P-1 a", B="p-1 b c", C="Ｐ－１", D="")
    params = PIECES | {"when_shared": decision}

    assert [year.score("count_points", params, unit) for unit in "ABC"] == decimals(*expected), why


def test_a_share_of_a_piece_is_printed_whole_and_scored_exactly():
    """Planted bug: a third printed to twelve places, which gives other digits again."""
    year = claimed(A="P-1 a", B="P-1", C="P-1")
    found = year.outcome("count_points", PIECES | {"when_shared": "share"})

    assert found.narration.formula == "min(1.333333333333… (= 4 / 3), 4) × 2 + 0"
    assert [(each.name, each.value, each.source) for each in found.used()] == [
        ("piece P-1, 2025-01", "1", "ledger"),
        ("units that claim P-1", "3", "group"),
        ("piece a, 2025-02", "1", "ledger"),
    ]


def test_a_piece_claimed_twice_is_nobodys_until_somebody_decides_and_no_unit_is_named():
    """Caught: telling a unit what others entered, or filling the gap as if nothing had been."""
    year = claimed(A="P-1 Q-1 a", B="p-1 q-1", C="ｐ-1", D="d")

    assert year.gap("count_points", PIECES) == [
        "Piece P-1 is claimed by 2 other units too; the scheme lets one have it.",
        "Piece Q-1 is claimed by 1 other unit too; the scheme lets one have it.",
    ]
    assert year.gap("count_points", PIECES, "C")[0].startswith("Piece ｐ-1 is claimed by 2 other")
    assert year.score("count_points", PIECES, "D") == 2
    assert not any(why.absent for why in year.outcome("count_points", PIECES).missing)


def test_a_unit_of_another_category_claims_nothing_here():
    assert claimed(A="P-1", Z="P-1").score("count_points", PIECES) == 2


def test_a_unit_to_which_the_indicator_does_not_apply_claims_nothing():
    year = claimed(A="P-1", B="P-1").enter("B", "not_applicable")

    assert year.score("count_points", PIECES) == 2


@pytest.mark.parametrize("compulsory", [True, False])
def test_no_piece_is_said_by_a_zero_report_and_silence_is_missing(compulsory):
    """Caught: one zero report, of January or of a quarter, that completes the year."""
    year = Year(zero_report_required=compulsory)
    reported = claimed(B="P-1").enter("A", "measured_value", "zero_report", 0, period="2025Q1")
    quarterly = {"frequency": "quarterly"}

    assert year.gap("count_points", PIECES) == [
        "Neither a piece nor a zero report has been entered."
    ]
    assert reported.gap("count_points", PIECES, **quarterly) == [
        "Neither a piece nor a zero report has been entered for 2025Q2, 2025Q3, 2025Q4."
    ]
    for period in ("2025Q2", "2025H2"):
        reported.enter("A", "measured_value", "zero_report", 0, period=period)
    assert reported.score("count_points", PIECES, **quarterly) == 0


def test_a_zero_report_of_one_period_does_not_undo_a_piece_of_another():
    year = claimed(A="P-1").enter("A", "measured_value", "zero_report", 0, period="2025Q4")

    assert year.score("count_points", PIECES) == 2


def test_pieces_over_the_full_number_earn_the_extra_and_stop_at_its_cap():
    """However many: quantity alone is not rewarded."""
    many = " ".join(f"P{n}" for n in range(9))

    assert claimed(A=many).score("count_points", PIECES, points=8) == 9


def test_a_number_of_pieces_is_entered_once_where_they_have_no_identity():
    counted = {"full_at": 4, "per_item": 2}

    assert Year().values("count", A=3).score("count_points", counted) == 6
    assert Year().gap("count_points", counted) == ["count, 2025 is missing."]


GRADED = {"grades": {"A": 1, "B": "0.9", "C": "0.5"}}


def grades(**by_unit):
    year = Year()
    for unit, word in by_unit.items():
        year.enter(unit, "grade", word=word)
    return year


@pytest.mark.parametrize(
    ("why", "share", "rounding", "most"),
    [
        ("a third of four is one", "0.34", "floor", 1),
        ("and one more by the nearest", "0.4", "half_up", 2),
        ("exactly half goes up", "0.375", "half_up", 2),
        ("or whatever is begun", "0.26", "ceiling", 2),
        ("what is whole stays so", "0.5", "ceiling", 2),
        ("less than one unit is none", "0.24", "floor", 0),
    ],
)
def test_only_so_many_may_have_a_grade(why, share, rounding, most):
    """强制分布: at the quota everybody has a score; one above it nobody of that grade has."""
    params = GRADED | {"at_most": {"A": share}, "rounding": rounding}
    units = "ABCD"
    within = grades(**{unit: "A" if n < most else "B" for n, unit in enumerate(units)})
    beyond = grades(**{unit: "A" if n <= most else "B" for n, unit in enumerate(units)})

    assert within.scores("grade_map", params) == [10] * most + [9] * (4 - most), why
    for unit in units[: most + 1]:
        assert beyond.gap("grade_map", params, unit) == [
            f"{most + 1} of 4 units are graded A; at most {most} may be."
        ]
    assert [beyond.score("grade_map", params, unit) for unit in units[most + 1 :]] == [9] * (
        3 - most
    )


def test_grades_without_a_quota_are_as_many_as_they_are():
    params = GRADED | {"at_most": {"A": "0.25"}}

    assert grades(A="A", B="B", C="B", D="B").scores("grade_map", params) == decimals(10, 9, 9, 9)
    assert grades(A="A", B="A", C="A", D="A").scores("grade_map", GRADED) == [10] * 4


def test_units_without_a_grade_and_those_it_does_not_apply_to_make_no_room_for_others():
    """Caught: half of the category's four units, where two of them have no grade at all."""
    params = GRADED | {"at_most": {"A": "0.5"}}
    twice = grades(A="A", B="A", C="B").enter("C", "grade", word="C")
    apart = grades(A="A", B="A", C="B", D="B").enter("C", "not_applicable")

    assert twice.gap("grade_map", params) == ["2 of 2 units are graded A; at most 1 may be."]
    assert apart.gap("grade_map", params) == ["2 of 3 units are graded A; at most 1 may be."]
    assert grades(A="A", B="A", C="B", D="B", Z="B").score("grade_map", params) == 10


def test_a_grade_with_a_quota_says_how_much_of_it_is_used_up():
    year = grades(A="A", B="B", C="B")

    last = year.outcome("grade_map", GRADED | {"at_most": {"A": "0.4"}}).used()[-1]

    assert (last.name, last.value) == ("units graded A", "1 of 3, at most 1")


PERIODS = {"periods": ["Q1", "H1", "Q3", "FY"], "weights": ["0.15", "0.25", "0.25", "0.35"]}
NAMES = ("2025Q1", "2025H1", "2025Q3", "2025")


def ratios(*numbers):
    year = Year()
    for period, number in zip(NAMES, numbers, strict=True):
        if number is not None:
            year.values("ratio", period=period, A=number)
    return year


def test_periods_count_by_their_weights():
    assert ratios("0.9", 1, "0.95", 1).score("periodic_weighted", PERIODS, points=4) == Decimal(
        "3.89"
    )


def test_a_missing_period_is_missing_or_carried_over():
    year = ratios("0.9", None, "0.95", None)

    assert year.gap("periodic_weighted", PERIODS) == [
        "ratio, 2025H1 is missing.",
        "ratio, 2025 is missing.",
    ]
    found = year.outcome("periodic_weighted", PERIODS, missing="carry_over")
    assert found.score == Decimal("9.3")
    assert [reason.en for reason in found.because] == [
        "ratio of 2025H1 is that of 2025Q1.",
        "ratio of 2025 is that of 2025Q3.",
    ]


def test_a_closed_period_is_restated_by_reversing_what_was_entered():
    """Until the old value is reversed there are two, and nobody knows which is meant."""
    year = ratios("0.9", 1, "0.95", 1).values("ratio", period="2025Q1", A=1)

    (reason,) = year.gap("periodic_weighted", PERIODS)
    assert reason == "ratio, 2025Q1: 2 verified entries; reverse all but one."


RATED = PERIODS | {"component": {"method": "ratio_to_target", "params": {}}}


def cumulative():
    year = Year()
    for period, number in zip(NAMES, (25, 40, 75, 120), strict=True):
        year.values("actual", period=period, A=number)
    return year


def test_every_period_is_scored_by_the_component_and_rounded():
    found = cumulative().aim(target=120).outcome("periodic_weighted", RATED)

    assert [part.score for _, part in found.narration.parts] == decimals(
        "2.0833", "3.3333", "6.25", 10
    )
    assert found.score == Decimal("6.2083")


def test_a_cumulative_value_is_held_against_the_target_of_its_period():
    year = cumulative().aim(target=120).aim(item="Q1", target=25).aim(item="H1", target=50)

    found = year.outcome("periodic_weighted", RATED)

    assert [part.score for _, part in found.narration.parts] == decimals(10, 8, "6.25", 10)


def test_a_period_may_be_scored_by_parameters_of_its_own():
    own = {"Q1": {"component": {"method": "ratio_to_target", "params": {"floor_ratio": "0.5"}}}}
    year = cumulative().aim(target=120)

    found = year.outcome("periodic_weighted", RATED, period_params=own)

    assert found.narration.parts[0][1].score == 0
    assert found.narration.parts[1][1].score == Decimal("3.3333")


def test_periods_without_weights_of_their_own_are_undefined():
    assert ratios(1, 1, 1, 1).gap("periodic_weighted", PERIODS | {"weights": ["0.5", "0.5"]})


def test_components_may_use_different_methods_and_targets():
    params = {
        "components": [
            {"key": "level", "weight": "0.4", "method": "relative_to_best", "params": {}},
            {"key": "growth", "weight": "0.6", "method": "ratio_to_target", "params": {}},
        ]
    }
    year = Year().values("level", A=50, B=100).values("growth", A=6).aim(item="growth", target=8)

    assert year.score("blend", params) == Decimal("6.5")


OF_TEN = {"kind": "score", "scale": 10}
OTHERS = [indicator("external_result", OF_TEN, code) for code in ("C01", "C02")]


def known(year, place, kept):
    """Let the unit have a place in C01 and a score in C02."""
    places = dict(zip("BCD", ("9", "8", "7"), strict=True))
    above = dict(list(places.items())[: place - 1])
    return year.values("score", "C01", A="6", **above).values("score", "C02", A=kept)


FORMULA = {
    "formula": "(rate + (gdp - goal) * 1.5) * difficulty - if(place > 3, unused / 0, 0) + kept",
    "result": "points",
    "inputs": {
        "rate": {"from": "measured"},
        "gdp": {"from": "measured", "key": "gdp_growth"},
        "goal": {"from": "target", "key": "gdp"},
        "difficulty": {"from": "constant", "value": "1.2"},
        "place": {"from": "rank", "indicator": "C01"},
        "kept": {"from": "score", "indicator": "C02"},
        "unused": {"from": "baseline"},
        "asked_by_nobody": {"from": "pledge"},
    },
}


def investment():
    year = Year().values("rate", A=5).values("gdp_growth", A=11)
    return year.aim(item="gdp", target=10).aim(baseline=1)


def test_a_formula_takes_its_inputs_from_where_the_scheme_says():
    found = known(investment(), 3, "0.25").outcome("expression", FORMULA, beside=OTHERS)

    assert found.score == Decimal("8.05")
    assert found.narration.formula == "(5 + (11 - 10) * 1.5) * 1.2 - if(3 > 3, 1 / 0, 0) + 0.25"
    assert {(each.name, each.source) for each in found.used()} >= {
        ("rate", "ledger"),
        ("target, item gdp", "target"),
        ("difficulty", "scheme"),
        ("score of C02", "score"),
        ("rank of C01", "group"),
    }


def test_a_unit_has_a_difficulty_of_its_own():
    inputs = FORMULA["inputs"] | {"difficulty": {"from": "constant", "value": "1.35"}}
    year = known(investment(), 1, "0.25")

    score = year.score("expression", FORMULA | {"inputs": inputs}, beside=OTHERS)

    assert score == Decimal("9.025")


def test_a_formula_names_all_that_it_lacks():
    year = Year().values("rate", A=5).aim(baseline=1)

    assert year.gap("expression", FORMULA, beside=OTHERS) == [
        "gdp_growth, 2025 is missing.",
        "target, item gdp is missing.",
        "score of C02 is missing.",
        "rank of C01 is missing.",
    ]


def test_a_unit_that_does_not_pass_the_gate_has_nothing():
    gated = FORMULA | {"gate": "rate >= 42"}

    assert known(investment(), 1, 1).score("expression", gated, beside=OTHERS) == 0


def test_what_the_superior_took_is_charged_once():
    """Entered twice it is no double charge: two entries of one thing are no value at all."""
    params = {"scale": "0.1", "multiplier": 2, "excess_to": "deductions"}
    once = Year().values("superior_loss", A=10)
    twice = Year().values("superior_loss", A=10).values("superior_loss", A=10)

    assert once.score("inherit_superior", params) == 8
    assert twice.gap("inherit_superior", params)


INHERITED = {
    "scale": "0.1",
    "multiplier": 2,
    "excess_to": "deductions",
    "otherwise": {"method": "all_or_nothing", "params": {"threshold": "50"}},
}


@pytest.mark.parametrize(
    ("why", "entered", "expected", "told"),
    [
        ("nothing was taken off", {"value": 60}, 10, "all_or_nothing, applied, no superior_loss"),
        ("a loss takes its place", {"superior_loss": 10}, 8,
         "all_or_nothing, not applied, the superior has judged"),
        ("never both (consumed once)", {"value": 10, "superior_loss": 10}, 8,
         "all_or_nothing, not applied, the superior has judged"),
        ("a loss of nothing is a judgement too", {"value": 10, "superior_loss": 0}, 10,
         "all_or_nothing, not applied, the superior has judged"),
    ],
)  # fmt: skip
def test_what_the_superior_has_judged_is_not_scored_by_the_ordinary_method_too(
    why, entered, expected, told
):
    """Planted bug: score by the ordinary method as well, and take off the loss from that."""
    year = Year()
    for key, value in entered.items():
        year.values(key, A=value)
    found = year.outcome("inherit_superior", INHERITED)

    assert found.score == expected, why
    assert used(found)["otherwise"] == told


def test_where_neither_has_been_entered_the_ordinary_value_is_missing():
    assert Year().gap("inherit_superior", INHERITED) == ["value, 2025 is missing."]


def test_a_loss_entered_twice_is_settled_by_nobody_and_not_by_the_ordinary_method():
    year = Year().values("superior_loss", A=10).values("superior_loss", A=20).values(A=60)

    assert year.gap("inherit_superior", INHERITED)


def test_units_that_answer_for_a_loss_together_are_charged_their_shares():
    """30 of the province's 1000 are 3 of our 100, doubled 6: 4.2 for the lead, 1.8 in support."""
    params = {"scale": "0.1", "multiplier": 2, "excess_to": "dropped"}
    year = Year().values("superior_loss", A=30, B=30)

    shares = [
        year.score("inherit_superior", params | {"share": share}, unit)
        for unit, share in (("A", "0.7"), ("B", "0.3"))
    ]
    assert shares == decimals("5.8", "8.2")
    assert sum(10 - score for score in shares) == 6


def test_an_unknown_method_is_undefined():
    assert Year().gap("sum_of_wishes", {}) == ["There is no method sum_of_wishes."]
