"""Values of shorter periods that make that of a longer one: the latest, their sum or their mean."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from small_years import Year, indicator

from scoring.rules.columns.exact import half_up
from scoring.rules.ledger.entries import parts_of
from scoring.rules.methods.chinese import name_zh

MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
RATIO = {"direction": "higher"}


def year_of(values, unit="A", key="actual", year=None):
    """A year in which these values were entered, by period."""
    year = year or Year()
    for period, value in values.items():
        year.values(key, period=period, **{unit: value})
    return year


def combining(how, method="ratio_to_target", params=RATIO, frequency="monthly", **more):
    return indicator(method, params, frequency=frequency, combine=how, **more)


def of_a(year, *indicators):
    return year.outcomes(*indicators)["X"]["A"]


@pytest.mark.parametrize(
    ("period", "frequency", "parts"),
    [
        ("2025", "monthly", MONTHS),
        ("2025", "quarterly", ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]),
        ("2025", "half_yearly", ["2025H1", "2025H2"]),
        ("2025H2", "quarterly", ["2025Q3", "2025Q4"]),
        ("2025Q2", "monthly", ["2025-04", "2025-05", "2025-06"]),
        ("2025Q2", "quarterly", []),
        ("2025-05", "quarterly", []),
        ("2025", "yearly", []),
        ("2025", "per_event", []),
    ],
)
def test_what_lies_within_a_longer_period_makes_its_value(period, frequency, parts):
    """Planted bug: a period as a part of itself."""
    assert parts_of(period, frequency) == tuple(parts)


@pytest.mark.parametrize("frequency", ["monthly", "quarterly", "half_yearly"])
@pytest.mark.parametrize("how", ["last", "sum", "mean"])
def test_a_drawn_year_comes_to_what_a_plain_loop_gives(how, frequency):
    """Two hundred units with values for some of the periods, against fractions in a loop. Planted
    bugs: the mean over all periods, or rounded before it is scored; the last period of all."""
    drawn = random.Random(f"{how}{frequency}")  # noqa: S311 - a fixed draw
    periods = parts_of("2025", frequency)
    units = [f"U{n}" for n in range(200)]
    year, expected = Year(units), {}
    for unit in units:
        held = {p: Decimal(drawn.randrange(-500, 90_000)).scaleb(-2) for p in periods
                if drawn.random() < 0.7}  # fmt: skip
        year_of(held, unit, year=year).aim(unit, target=drawn.randrange(1, 700))
        found = [Fraction(held[p]) for p in sorted(held)]
        if not found:
            expected[unit] = None
            continue
        value = {"last": found[-1], "sum": sum(found), "mean": sum(found) / len(found)}[how]
        target = Fraction(year.targets[-1].target)
        expected[unit] = half_up(10 * min(max(value / target, Fraction(0)), 1), 4)
    scored = year.outcomes(combining(how, frequency=frequency))["X"]
    assert {unit: scored[unit].score for unit in units} == expected
    assert None in expected.values() or frequency == "monthly"


def test_a_mean_is_exact_to_the_one_rounding():
    """A seventh of 0.00005 times seven points is half of the last place. Planted bug: a mean of
    decimals, which is a little less."""
    sevenths = dict(zip(MONTHS, ["0.00005", 0, 0, 0, 0, 0, 0], strict=False))
    found = of_a(year_of(sevenths).aim("A", target=1), combining("mean", points=7))
    assert found.score == Decimal("0.0001")
    shown = {each.name: each.value for each in found.used()}
    assert shown["actual, mean of its periods"] == "0.000007142857…"


def test_each_part_is_told_with_its_entry_and_what_is_missing():
    year = year_of({"2025Q1": "3", "2025Q3": "4.5"}).aim("A", target=10)
    found = of_a(year, combining("sum", frequency="quarterly"))
    told = [(each.name, each.value, [e.int for e in each.entries]) for each in found.used()]
    assert told[:4] == [
        ("actual, 2025Q1", "3", [1]),
        ("actual, 2025Q3", "4.5", [2]),
        ("actual, not entered", "2025Q2, 2025Q4", []),
        ("actual, sum of its periods", "7.5", []),
    ]
    assert [name_zh(name) for name, _, _ in told[1:4]] == [
        "实际值，2025Q3",
        "实际值，未录入的期间",
        "实际值，各期合计",
    ]
    assert found.score == Decimal("7.5")


def test_of_the_latest_value_only_what_came_after_it_is_told_as_missing():
    """Planted bugs: name what lies before it; nothing at all."""
    year = year_of({"2025Q1": "3", "2025Q3": "4.5"}).aim("A", target=10)
    found = of_a(year, combining("last", frequency="quarterly"))
    told = {each.name: each.value for each in found.used()}
    assert told["actual, not entered"] == "2025Q4"
    year_of({"2025Q4": "5"}, year=year)
    found = of_a(year, combining("last", frequency="quarterly"))
    assert "actual, not entered" not in {each.name for each in found.used()}


def test_where_all_are_wanted_a_missing_one_leaves_the_score_open():
    """Planted bug: `combine_requires` is not read."""
    quarters = combining("last", frequency="quarterly", combine_requires="all")
    year = year_of({"2025Q1": 1, "2025Q2": 2, "2025Q4": 4}).aim("A", target=10)
    found = of_a(year, quarters)
    assert found.score is None
    assert [reason.en for reason in found.missing] == ["actual, 2025Q3 is missing."]
    assert of_a(year_of({"2025Q3": 3}, year=year), quarters).score == Decimal(4)


def test_nothing_entered_and_two_of_a_period_are_gaps():
    none = of_a(Year().aim("A", target=10), combining("sum"))
    assert [reason.en for reason in none.missing] == ["actual, 2025 is missing."]
    year = year_of({"2025-01": 1}).aim("A", target=10)
    twice = of_a(year_of({"2025-01": 2, "2025-02": 5}, year=year), combining("sum"))
    assert twice.score is None
    assert [reason.absent for reason in twice.missing] == [False]


def test_without_a_word_on_it_a_months_value_is_no_years_value():
    year = year_of({"2025-01": 1}).aim("A", target=10)
    assert of_a(year, indicator("ratio_to_target", RATIO, frequency="monthly")).score is None


def test_quarters_that_are_scored_one_by_one_are_made_of_their_months():
    """By rank of each quarter's sum: A wins Q1 and B Q2. Planted bug: the year's months in each."""
    params = {"step_ratio": "0.5", "period": "quarter", "tie": "same_rank_skip"}
    year = Year(("A", "B"))
    for quarter, (a, b) in enumerate([(3, 1), (1, 3), (5, 2), (9, 9)]):
        for month in MONTHS[quarter * 3 : quarter * 3 + 3]:
            year.values("value", period=month, A=a, B=b)
    found = year.outcomes(combining("sum", "rank_points", params))["X"]
    assert (found["A"].score, found["B"].score) == (Decimal("8.75"), Decimal("7.5"))


def test_what_another_indicator_reads_of_it_is_put_together_as_well():
    """Planted bug: the borrowing indicator's own frequency."""
    inputs = {"sales": {"from": "measured", "indicator": "X", "key": "actual"}}
    reader = indicator(
        "expression", {"formula": "sales / 10", "result": "points", "inputs": inputs}, "Y"
    )
    year = year_of(dict.fromkeys(MONTHS[:6], 5)).aim("A", target=100)
    assert year.outcomes(combining("sum"), reader)["Y"]["A"].score == Decimal(3)


def test_a_period_without_any_part_is_that_of_the_one_before():
    """Planted bug: an earlier period is looked for by its own name alone."""
    params = {
        "periods": ["Q1", "Q2"],
        "weights": ["0.5", "0.5"],
        "component": {"method": "ratio_to_target", "params": {"direction": "higher"}},
    }
    year = year_of({"2025-01": 2, "2025-02": 3}).aim("A", target=10)
    carried = combining("sum", "periodic_weighted", params, missing="carry_over")
    assert of_a(year, carried).score == Decimal(5)
    assert of_a(year_of({"2025-05": 1}, year=year), carried).score == Decimal(3)
