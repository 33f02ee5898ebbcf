"""The evaluator of printed formulas: what it reads, what it refuses, and that it contradicts."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from compiling import compute
from printed_formulas import again
from small_years import Year, indicator, scheme_of

from scoring.rules.columns.exact import precise
from scoring.rules.explanation.evaluator import Unreadable, contradictions, value_of
from scoring.rules.explanation.nodes import Node
from scoring.rules.explanation.tree import explain


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1 + 2 × 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 - 2 - 1", "4"),
        ("8 / 2 / 2", "2"),
        ("2 ** 3 ** 2", "512"),
        ("2 ** -1", "1/2"),
        ("-2 ** 2", "-4"),
        ("5 × 0.0081 ^ (1 - 0.5)", "9/20"),
        ("(-3) / 4 * 2", "-3/2"),
        ("0.333333333333… (= 1 / 3) × 3", "1"),
        ("-0.333333333333… (= -1 / 3) × 3", "-1"),
        ("1 + -0.000122070313… (= -0.0001220703125)", "8191/8192"),
        ("min(1, 2) + max(3, 4, 5) + abs(0 - 2)", "8"),
        ("round(2.5) + round(1.005, 2)", "401/100"),
        ("if(2 < 3, 10, 1 / 0)", "10"),
        ("if(2 >= 3, 1 / 0, 20)", "20"),
        ("if(2 == 2, 1, 2) + if(2 != 2, 1, 2) + if(2 > 2, 1, 2) + if(2 <= 2, 1, 2)", "6"),
        ("sqrt(0.0625) + ln(1)", "1/4"),
        ("13 (A) + 12.5 (B, 5 of 6) + min(3 + 2.5, 4)", "59/2"),
        ("0 (0.5 < 0.6)", "0"),
        ("4 (85 ≤ 90 ≤ 95)", "4"),
        ("10 × (0.6 + (1 - 0.6) × 0.5) (8 between 7 and 9)", "8"),
        ("0 [unless 41.9 >= 42]", "0"),
        ("?", None),
        ("1 +", None),
        ("1 2", None),
        ("1 < 2 < 3", None),
        ("2 × 3 + 4 < 2 ** 3 + 3 × 1", "1"),
        ("2 ** -1 ** 2 × 3", "3/2"),
        ("-(2 - 3 - 4) - -1", "6"),
        ("(2 - 3) - (4 - 5) / (2 / 4 / 5)", "9"),
        ("-2 × -3 ** 2 / -1", "-18"),
        ("if((1 < 2), (1 < 2), 0) + ((3))", "4"),
        ("1)", None),
        ("1, 2", None),
        ("(1, 2)", None),
        ("1 - ", None),
        ("()", None),
        ("min(1, )", None),
        ("min 1", None),
        ("1 [open", None),
        ("", None),
        ("(1", None),
        ("a + 1", None),
        ("open(1)", None),
        ("0.333333333333…", None),
        ("0.333333333333… (about a third)", None),
    ],
)
def test_a_printed_formula_is_worth_what_it_says_or_is_not_read(printed, value):
    """Planted bugs: exponents from left to right, a cut number as it is shown, both branches."""
    if value is None:
        with pytest.raises(Unreadable):
            value_of(printed)
    else:
        assert value_of(printed) == Fraction(value)


@pytest.mark.parametrize(
    "number",
    [
        Fraction(1, 3),
        Fraction(-1, 3),
        Fraction(-6, 246913578024691357789),
        Fraction(1, 10**20),
        Fraction(-1, 2**200),
        Decimal("-0.0000000000001"),
        Decimal("-12.50"),
        Fraction(10**40, 7),
    ],
)
def test_a_number_that_was_printed_is_worth_itself(number):
    """Caught: a tiny number below zero, of which the shown digits are 0 and the sign was lost."""
    for printed in (precise(number), f"1 - {precise(number)}"):
        expected = number if printed == precise(number) else 1 - Fraction(number)
        assert value_of(printed) == again(printed) == expected


@pytest.mark.parametrize("printed", ["1 / 3 + 2 × -(4 - 5) ** 3", "max(7 / 3, 2) ^ 2 - 1 (x)"])
def test_two_evaluators_agree(printed):
    assert value_of(printed) == again(printed)


@pytest.fixture
def tree() -> Node:
    year = Year(["A", "B"]).values(A=1, B=3)
    sheet = compute(
        scheme_of((indicator("relative_to_best"),), units=year.units),
        {"CAT"},
        entries=year.entries,
        targets=[],
        satisfaction={},
        claims=[],
        names=[],
    ).sheet
    return explain(sheet.units[0])


def within(tree: Node, change) -> Node:
    """The tree with another step for its one indicator."""
    block = tree.children[0]
    other = replace(block, children=(change(block.children[0]),))
    return replace(tree, children=(other, *tree.children[1:]))


@pytest.mark.parametrize(
    "change",
    [
        lambda step: replace(step, score=Decimal("3.3334")),
        lambda step: replace(step, formula="10 × max(2 / 3, 0)"),
        lambda step: replace(step, formula="10 × max(1 / 0, 0)"),
        lambda step: replace(step, formula="as everybody knows"),
        lambda step: replace(step, rounding=replace(step.rounding, places=2)),
    ],
)
def test_whatever_does_not_give_the_digits_is_a_contradiction(tree, change):
    """Planted bug: a formula that cannot be read is believed."""
    assert list(contradictions(tree)) == []

    [found] = contradictions(within(tree, change))

    assert found.code == "X"


@pytest.mark.parametrize("word", ["late (twice)", "late)", "((", "× 5", "9 - 9", "[unless", "…"])
def test_a_word_of_the_scheme_says_what_a_number_is_and_is_never_computed(word):
    """Planted bug: a bracket in a word that closes the one around it."""
    costs = {"per_event": {word: "0.5"}, "base": 4}
    shares = {"status_ratio": {word: "0.5"}}
    year = Year(["A"]).enter("A", "event", word, 3).enter("A", "grade", word=word)
    year.enter("A", "milestone", item="1", word=word)
    for method, params in (
        ("deduct_events", costs),
        ("base_plus_minus", costs),
        ("grade_map", {"grades": {word: "0.5"}}),
        ("milestone", shares),
    ):
        found = year.outcomes(indicator(method, params))["X"]["A"]
        assert value_of(found.narration.formula) == found.value


def contradictions_of(year: Year, found) -> list:
    """Where the explanations of a small year do not hold."""
    sheet = compute(
        scheme_of((found,), units=year.units),
        {"CAT"},
        entries=year.entries,
        targets=year.targets,
        satisfaction={},
        claims=[],
        names=[],
    ).sheet
    assert not any(unit.missing for unit in sheet.units)
    return [each for unit in sheet.units for each in contradictions(explain(unit))]


@pytest.mark.parametrize("number", [1_000, 3_000])
def test_what_a_unit_has_thousands_of_is_explained_too(number):
    """Planted bugs: a sum that lies within itself, so deep that Python gives up; a longest formula.

    An item here has the most digits that a number may have.
    """
    items = Year(["A"])
    events = Year(["A"])
    most = "123456789012345.1234567891"
    for n in range(number):
        items.enter("A", "measured_value", "actual", most, item=f"{n}").aim(
            "A", f"{n}", target="999999999999999.9999999999"
        )
        events.enter("A", "event", f"event {n}", 3)
    costs = {"per_event": {f"event {n}": "0.0001" for n in range(number)}}

    assert contradictions_of(items, indicator("items_weighted", {"items": "unit_defined"})) == []
    assert contradictions_of(events, indicator("deduct_events", costs)) == []


DEEP = 89
"""So many terms lie within one another in the deepest formulas, and any number of parentheses."""


@pytest.mark.parametrize(
    "formula",
    [
        "abs(" * DEEP + "x" + ")" * DEEP,
        "(" * 490 + "-x" + ")" * 490,
        "abs((((((" * DEEP + "x" + "))))))" * DEEP,
        "-(" * (DEEP // 2) + "x" + ")" * (DEEP // 2),
        "1+(" * (DEEP // 2) + "x" + ")" * (DEEP // 2),
        "1 ** (" * (DEEP // 2) + "x" + ")" * (DEEP // 2),
        "if(x > 0, x, " * (DEEP - 1) + "1 / 3" + ")" * (DEEP - 1),
        "max(1, " * DEEP + "x" + ")" * DEEP,
        "+".join(["x"] * DEEP),
    ],
)
def test_a_formula_as_deep_as_any_may_be_is_explained_too(formula):
    params = {"inputs": {"x": {"from": "measured"}}, "formula": formula, "result": "ratio"}
    params |= {"low": "-1", "cap": "0.3"}
    year = Year(["A", "B"]).values("x", A="-0.3", B="0.7")

    assert contradictions_of(year, indicator("expression", params, allow_exceed=False)) == []


@pytest.mark.parametrize(
    "weights",
    [
        None,
        {"K": "0.3", "L": "0.7"},
        {"K": 33, "L": 67},
        {"K": "0.333", "L": "0.667"},
        {"K": "0.3333333333", "L": "0.6666666667"},
        {"K": 999999999999999, "L": 1},
    ],
)
@pytest.mark.parametrize("shares", [("1.2345", "1.2345"), ("1.2345", "3.4567"), ("7", "0.0003")])
@pytest.mark.parametrize("kind", ["arithmetic", "geometric", "harmonic"])
def test_a_mean_by_weights_of_many_digits_is_computed_as_it_is_printed(kind, shares, weights):
    """Planted bugs: powers of as many parts as the weights' digits make, which nobody can compute;
    roots of another number than the printed one, where half of the last place is to be rounded."""
    year, children = Year(["A"]), []
    for code, share in zip("KL", shares, strict=True):
        tier = {"tiers": [{"min": 0, "points": share}]}
        children.append(indicator("tiers", tier, code=code))
        year.values(code=code, A=1)
    params = {"kind": kind, "weights": weights}
    mean = indicator("mean_children", params, points=5, children=tuple(children))

    assert contradictions_of(year, mean) == []


@pytest.mark.parametrize("formula", ["0 ^ -1", "ln(0)", "2 ^ 100000", "round(1, 2, 3)", "if(1)"])
def test_a_formula_that_has_no_value_is_a_contradiction_and_no_failure(tree, formula):
    """Planted bug: what arithmetic refuses is not caught."""
    [found] = contradictions(within(tree, lambda step: replace(step, formula=formula)))

    assert found.code == "X"
