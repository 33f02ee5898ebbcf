"""Values that a formula computes, compared: 综合指标, and what is entered once and used often."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
import small_years
from compiling import form_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_years import UNITS

from scoring.rules.columns.exact import ended
from scoring.rules.methods import values as values_of

METHODS = {
    "rank_points": {"step_ratio": "0.1", "tie": "average"},
    "relative_to_best": {},
    "efficacy_linear": {"base_ratio": "0.6"},
    "efficacy_exp": {"base_ratio": "0.6", "bounds": "fixed", "low": "0", "high": "100"},
    "min_max": {"bounds": "group"},
    "z_score": {},
    "percentile_rank": {"direction": "lower"},
    "steps_from": {
        "reference": "median",
        "direction": "lower",
        "step": "10",
        "points_per_step": "1",
        "step_mode": "whole_up",
        "bonus_per_step": "2",
        "base_ratio": "0.6",
    },
    "share_of_sum": {"full_share": "0.6"},
    "tiers": {"tiers": [{"min": "50", "points": "10"}, {"min": "0", "points": "4"}]},
    "all_or_nothing": {"threshold": "50"},
}
COMPARING = [method for method in METHODS if method not in ("tiers", "all_or_nothing")]


def measured(key=None, indicator=None):
    return {"from": "measured", "key": key, "indicator": indicator, "value": None}


def constant(value):
    return {"from": "constant", "key": None, "indicator": None, "value": str(value)}


def composite(formula, **inputs):
    return {"composite": {"inputs": inputs, "formula": formula}}


def indicator(method="relative_to_best", params=None, code="X", **more):
    return small_years.indicator(method, params, code, **{"allow_exceed": False} | more)


class Year(small_years.Year):
    """What was entered, line by line, for one indicator after another."""

    def aim(self, code="X", item=None, **by_unit):
        for unit, target in by_unit.items():
            super().aim(unit, item, code, target=target)
        return self

    def scores(self, *indicators, units=UNITS):
        """The scores of the first indicator, None where there is none."""
        column = self.outcomes(*indicators, units=units)[indicators[0].code]
        return {unit: each.score for unit, each in column.items()}

    def gaps(self, *indicators):
        column = self.outcomes(*indicators)[indicators[0].code]
        assert all(not why.zh.isascii() for each in column.values() for why in each.missing)
        return {u: [why.en for why in each.missing] for u, each in column.items() if each.missing}


@pytest.fixture
def year():
    return Year()


def points(*values):
    return dict(zip(UNITS, [v if v is None else Decimal(str(v)) for v in values], strict=True))


WENZHOU = composite(
    "(rate + (gdp - goal) * 1.5) * difficulty",
    rate=measured("rate"),
    gdp=measured("gdp"),
    goal={"from": "target", "key": "gdp", "indicator": None, "value": None},
    difficulty=constant(1),
)


def own(params, **difficulties):
    """Overrides of the difficulty, as they are stored: each with the whole composite."""
    whole = params["composite"]
    return {
        unit: {"composite": whole | {"inputs": whole["inputs"] | {"difficulty": constant(value)}}}
        for unit, value in difficulties.items()
    }


def invested(year):
    year.values("rate", A=50, B=60, C=70, D=10).values("gdp", A=12, B=10, C=8, D=10)
    return year.aim(item="gdp", A=10, B=10, C=10, D=10)


def test_composites_are_held_against_the_best_of_them(year):
    """53 × 1.35 = 71.55, 60, 67, 10: the second of the plain values is the best.

    Planted bug: the others' composites by the constants of the unit that is scored.
    """
    x = indicator(params=WENZHOU, per_unit_params=own(WENZHOU, A="1.35"), points=Decimal(400))

    assert invested(year).scores(x) == points(400, "335.4298", "374.5632", "55.9050")


def test_a_unit_that_lacks_an_input_names_it_and_is_compared_with_nobody(year):
    """Planted bug: zero in the place of what is missing."""
    year.values("rate", A=50, B=60, C=70).values("gdp", A=12, B=10, D=90)
    year.aim(item="gdp", A=10, B=10, C=10, D=10)
    x = indicator(params=WENZHOU)

    assert year.scores(x) == points("8.8333", 10, None, None)
    assert year.gaps(x) == {"C": ["gdp, 2025 is missing."], "D": ["rate, 2025 is missing."]}


@pytest.mark.parametrize("method", COMPARING)
def test_a_formula_without_a_value_is_the_gap_of_its_unit_alone(year, method):
    """Planted bug: the undefined composite of one raised in the name of all."""
    params = METHODS[method] | composite("a / b", a=measured("a"), b=measured("b"))
    year.values("a", A=80, B=60, C=70, D=60).values("b", A=1, B=2, C=0, D=4)
    without = Year().values(A=80, B=30, D=15)
    x = indicator(method, params)

    assert year.gaps(x) == {"C": ["The formula divides by 0."]}
    assert year.scores(x) == without.scores(indicator(method, METHODS[method]))
    refused = year.outcomes(x)["X"]["C"]
    assert [reason.absent for reason in refused.missing] == [False]
    assert {used.name for used in refused.used()} == {"a", "b", "units of the category"}


def test_a_unit_to_which_the_indicator_does_not_apply_is_out_of_the_comparison(year):
    x = indicator(params=WENZHOU)

    assert invested(year).out("C").scores(x) == points("8.8333", 10, None, "1.6667")


def test_by_quarters_each_computes_its_own(year):
    """Planted bug: the composites of the year, or of the first quarter, for all."""
    params = {"step_ratio": "0.1", "period": "quarter"} | composite(
        "a * difficulty", a=measured("a"), difficulty=constant(1)
    )
    for quarter, first in enumerate("ABBB", 1):
        values = dict.fromkeys(UNITS, 10) | {first: 50}
        year.values("a", period=f"2025Q{quarter}", **values)
    x = indicator("rank_points", params, per_unit_params=own(params, C=2))

    # C has 20 everywhere and is second; 3 of 4 quarters A and D share the third place.
    assert year.scores(x) == points("8.5", "9.5", 9, 8)
    parts = dict(year.outcomes(x)["X"]["C"].narration.parts)
    assert [name for name, _ in parts["2025Q2"].parts] == ["composite"]


def test_a_quarter_without_an_input_is_named_or_carried_over(year):
    params = {"step_ratio": "0.1", "period": "half_year"} | composite("a", a=measured("a"))
    year.values("a", period="2025H1", A=1, B=2, C=3, D=4)
    year.values("a", period="2025H2", A=5, B=2, C=3)
    x = indicator("rank_points", params)

    assert year.gaps(x) == {"D": ["a, 2025H2 is missing."]}
    carried = replace(x, missing="carry_over")
    assert year.scores(carried) == points("8.5", "7.5", "8.5", "9.5")
    assert [why.en for why in year.outcomes(carried)["X"]["D"].because] == [
        "a of 2025H2 is that of 2025H1."
    ]


def test_with_a_minimum_volume_the_volume_is_measured(year):
    params = {"step_ratio": "0.1", "minimum_volume": "100"}
    params |= composite("a / b", a=measured("a"), b=measured("b"))
    year.values("a", A=9, B=8, C=7).values("b", A=1, B=1, C=1, D=1)
    year.values("volume", A=22, B=6530, C=500)
    x = indicator("rank_points", params)

    assert year.scores(x) == points(None, 10, 9, None)
    assert year.gaps(x) == {
        "A": ["The volume 22 is under 100: the unit is not ranked."],
        "D": ["a, 2025 is missing.", "volume, 2025 is missing."],
    }


def test_values_are_compared_exactly(year):
    """A third is more than any of its digits, and as much as two sixths.

    Planted bug: the digits that are shown compared.
    """
    third = "0." + "3" * 28
    year.values("a", A=1, B=third[:14], C=2, D=third).values("b", A=3, B=1, C=6, D=1)
    x = indicator(
        "rank_points",
        METHODS["rank_points"] | composite("a / b", a=measured("a"), b=measured("b")),
    )

    assert year.scores(x) == points("9.5", 7, "9.5", 8)


def test_a_number_that_ends_is_a_decimal_and_another_stays_a_fraction():
    assert ended(Fraction(Decimal("1.250"))) == Decimal("1.25")
    assert str(ended(Fraction(1, 10))) == "0.1"
    assert str(ended(Fraction(-7))) == "-7"
    assert isinstance(ended(Fraction(1, 3)), Fraction)
    assert isinstance(ended(Fraction(1, 2**60)), Fraction)


def test_composites_are_computed_once_to_be_scored_and_once_to_be_compared(year, monkeypatch):
    """Planted bug: every unit computing everybody's, which is sixteen for four."""
    computed, real = [], values_of.evaluated
    monkeypatch.setattr(
        values_of,
        "evaluated",
        lambda read, inputs, size: computed.append(size) or real(read, inputs, size),
    )
    invested(year).scores(indicator(params=WENZHOU))

    assert computed == [len(UNITS)] * 2


def test_a_score_tells_how_its_composite_came_about(year):
    thirds = composite("a / b * difficulty", a=measured("a"), b=measured("b"),
                       difficulty=constant(2))  # fmt: skip
    year.values("a", A=1, B=-3).values("b", A=3, B=4)
    found = year.outcomes(indicator(params=thirds))["X"]["B"]
    first = year.outcomes(indicator(params=thirds))["X"]["A"]

    assert found.narration.formula == "10 × max(-1.5 / 0.666666666667… (= 2 / 3), 0)"
    ((name, told),) = found.narration.parts
    assert (name, told.score, told.formula) == ("composite", Decimal("-1.5"), "(-3) / 4 * 2")
    assert told.rule == "a / b * difficulty; compared before any rounding"
    ((_, told),) = first.narration.parts
    assert (told.score, told.rounding.exact) == (
        Decimal("0.666666666667"),
        "0.666666666667… (= 2 / 3)",
    )
    assert [(used.name, used.source) for used in first.used()] == [
        ("a", "ledger"),
        ("b", "ledger"),
        ("difficulty", "scheme"),
        ("units compared", "group"),
    ]


def test_scores_and_ranks_of_others_may_be_compared(year):
    """Planted bug: the score of the unit that is scored, for all."""
    first = indicator(code="Y", points=Decimal(5))
    of_results = composite(
        "kept * 2 - place",
        kept={"from": "score", "indicator": "Y"},
        place={"from": "rank", "indicator": "Y"},
    )
    year.values(code="Y", A=1, B=2, C=4)
    x = indicator("min_max", {"bounds": "group"} | of_results)

    # 1.25 × 2 − 3 = −0.5, 2.5 × 2 − 2 = 3, 5 × 2 − 1 = 9
    assert year.scores(x, first) == points(0, "3.6842", 10, None)
    assert year.gaps(x, first) == {"D": ["score of Y is missing.", "rank of Y is missing."]}


# What is entered for another indicator


OTHER = indicator("ratio_to_target", {"direction": "higher"}, code="Y")
LENT = {"y": measured("actual", "Y"), "goal": {"from": "target", "indicator": "Y"}}


@pytest.mark.parametrize("method", ["expression", "relative_to_best"])
def test_what_is_entered_once_is_used_by_others(year, method):
    """Planted bug: the entry looked for under the reader's code."""
    year.values("x", A=10, B=20).values("actual", code="Y", A=30, B=40)
    year.aim(code="Y", A=20, B=40).aim(A=99, B=99)
    given = {"inputs": LENT | {"x": measured("x")}, "formula": "x * y / goal"}
    params = given | {"result": "points"} if method == "expression" else {"composite": given}
    x = indicator(method, params, allow_exceed=True)
    expected = {
        "expression": points(15, 20, None, None),
        "relative_to_best": points("7.5", 10, None, None),
    }

    assert year.scores(x, OTHER) == expected[method]
    assert year.gaps(x, OTHER)["C"] == [
        "target of Y is missing.",
        "x, 2025 is missing.",
        "actual of Y, 2025 is missing.",
    ]
    used = {u.name: u.entries for u in year.outcomes(x, OTHER)["X"]["A"].used()}
    (lent,) = [e.entry_id for e in year.entries if (e.unit, e.indicator) == ("A", "Y")]
    assert used["actual of Y"] == (lent,)
    assert "target of Y" in used


def test_what_is_declared_not_applicable_lends_nothing(year):
    """Planted bug: the value of an indicator that was declared out afterwards."""
    year.values("x", A=10, B=20).values("actual", code="Y", A=30, B=40).aim(code="Y", A=20, B=40)
    year.out("A", "Y")
    x = indicator(params=composite("x * y", x=measured("x"), y=LENT["y"]))
    other = replace(OTHER, may_be_not_applicable=True)

    assert year.scores(x, other) == points(None, 10, None, None)
    assert year.gaps(x, other)["A"] == ["y is missing: Y is declared not applicable."]
    assert year.outcomes(x, other)["X"]["A"].missing[0].absent


def test_what_lies_below_a_declaration_lends_nothing_and_is_compared_with_nobody(year):
    """Planted bug: look for a declaration of the indicator itself only."""
    year.values("x", A=10, B=20, C=40).values("actual", code="Y", A=30, B=40, C=20)
    above = indicator("sum_children", code="ABOVE", children=(OTHER,))
    x = indicator(params=composite("x * y", x=measured("x"), y=LENT["y"]))
    assert year.aim(code="Y", A=20, B=40, C=1).scores(x, above) == points("3.75", 10, 10, None)
    year.out("B", "ABOVE")

    assert year.scores(x, above) == points("3.75", None, 10, None)
    assert year.gaps(x, above)["B"] == ["y is missing: Y is declared not applicable."]

    within = replace(above, children=(replace(x, code="X"), OTHER))
    column = year.outcomes(within)["X"]
    told = [used.value for used in column["A"].used() if used.name == "units compared"]
    assert (told, column["B"].decision) == (["2 of 4"], "not_applicable")


def test_a_quarter_reads_the_quarter_of_another(year):
    ranked = indicator("rank_points", {"step_ratio": "0.1", "period": "half_year"}, code="Y")
    params = {"step_ratio": "0.1", "period": "half_year"} | composite(
        "0 - y", y=measured("value", "Y")
    )
    year.values(code="Y", period="2025H1", A=1, B=2, C=3, D=4)
    year.values(code="Y", period="2025H2", A=1, B=2, C=3, D=4)

    assert year.scores(indicator("rank_points", params), ranked) == points(10, 9, 8, 7)
    assert year.scores(ranked) == points(7, 8, 9, 10)


@pytest.mark.parametrize(
    ("params", "keys", "endings"),
    [
        (WENZHOU, ("gdp", "rate"), ("",)),
        (composite("y", y=LENT["y"]), None, None),
        (composite("y + x", y=LENT["y"], x=measured("x")), ("x",), ("",)),
        (composite("x", x=measured("x")) | {"period": "half_year"}, ("x",), ("H1", "H2")),
        (composite("x", x=measured("x")) | {"minimum_volume": "1"}, ("x", "volume"), ("",)),
        (composite("v", v=measured("volume")) | {"minimum_volume": "1"}, ("volume",), ("",)),
    ],
)
def test_what_is_entered_are_the_measured_inputs(params, keys, endings):
    """Planted bug: `value` still wanted, or what another indicator takes."""
    form = form_of(indicator("rank_points", params))

    assert (form and form.keys, form and form.endings) == (keys, endings)


def test_a_component_cannot_have_one(year):
    """No scheme that was saved has it; here it is undefined and not another number."""
    part = {"key": "a", "weight": "1", "method": "relative_to_best"}
    params = {"components": [part | {"params": composite("a", a=measured("a"))}]}
    year.values("a", A=1)

    assert year.gaps(indicator("blend", params))["A"] == ["A component has no composite."]


# What holds for every input


few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
numbers = st.none() | st.sampled_from(["0", "1", "2", "-1", "50"]) | st.decimals(
    -1000, 1000, places=3
).map(str)  # fmt: skip
columns = st.lists(numbers, min_size=4, max_size=4).map(lambda v: dict(zip(UNITS, v, strict=True)))
QUOTIENT = composite("(a + 1) / b", a=measured("a"), b=measured("b"))


def written(outcome):
    """The score with all that is told of it, but for the composite itself."""
    return outcome.score, outcome.narration and outcome.narration.formula, outcome.missing


@pytest.mark.parametrize("method", METHODS)
@few
@given(values=columns)
def test_the_composite_of_a_plain_value_is_the_value(method, values):
    plain = Year().values(**values).outcomes(indicator(method, METHODS[method]))["X"]
    params = METHODS[method] | composite("value", value=measured("value"))
    same = Year().values(**values).outcomes(indicator(method, params))["X"]

    assert {u: written(o) for u, o in same.items()} == {u: written(o) for u, o in plain.items()}


@pytest.mark.parametrize("method", METHODS)
@few
@given(a=columns, b=columns)
def test_a_difficulty_of_1_changes_nothing(method, a, b):
    harder = composite("(a + 1) / b * difficulty", difficulty=constant(7),
                       **QUOTIENT["composite"]["inputs"])  # fmt: skip
    ones = own(harder, **dict.fromkeys(UNITS, 1))
    year = Year().values("a", **a).values("b", **b)

    assert year.scores(
        indicator(method, METHODS[method] | harder, per_unit_params=ones)
    ) == year.scores(indicator(method, METHODS[method] | QUOTIENT))


@pytest.mark.parametrize("method", METHODS)
@few
@given(a=columns, b=columns, data=st.data())
def test_the_order_of_entries_and_units_does_not_matter(method, a, b, data):
    year = Year().values("a", **a).values("b", **b)
    x = indicator(method, METHODS[method] | QUOTIENT)
    expected = {u: (written(o), o.used()) for u, o in year.outcomes(x)["X"].items()}

    year.entries = data.draw(st.permutations(year.entries))
    shuffled = year.outcomes(x, units=tuple(data.draw(st.permutations(UNITS))))["X"]

    assert {unit: (written(o), o.used()) for unit, o in shuffled.items()} == expected


@pytest.mark.parametrize("method", METHODS)
@few
@given(a=columns, b=columns)
def test_a_score_lies_between_nothing_and_all_points(method, a, b):
    year = Year().values("a", **a).values("b", **b)
    x = indicator(method, METHODS[method] | QUOTIENT)

    assert all(s is None or 0 <= s <= 10 for s in year.scores(x).values())


@pytest.mark.parametrize("method", COMPARING)
@few
@given(a=columns, b=columns)
def test_who_has_no_value_changes_nobodys_score(method, a, b):
    """As though the unit were not there."""
    year = Year().values("a", **a).values("b", **b)
    x = indicator(method, METHODS[method] | QUOTIENT)
    has = tuple(u for u in UNITS if None not in (a[u], b[u]) and Decimal(b[u]) != 0)
    scores = year.scores(x)

    assert {u: scores[u] for u in has} == (year.scores(x, units=has) if has else {})


# Over HTTP


@pytest.fixture
def invested_year(new_cycle, others, document):
    """A cycle whose scheme compares composites in P01, which also reads what P03 takes."""
    params = composite(
        "(rate + (plan - goal) * 1.5) * difficulty",
        rate=measured("rate"),
        plan=measured("actual", "P03"),
        goal=constant(10),
        difficulty=constant(1),
    )
    changed = {"params": params, "per_unit_params": own(params, YQ01="1.35")}
    parks = next(c for c in document["categories"] if c["code"] == "PARK")
    function = parks["blocks"][0]
    assert function["indicators"][0]["code"] == "P01"
    indicators = [function["indicators"][0] | changed, *function["indicators"][1:]]
    blocks = [function | {"indicators": indicators}, *parks["blocks"][1:]]
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document | {"categories": [parks | {"blocks": blocks}]}
    return SimpleNamespace(
        cycle=cycle,
        sources={i["code"]: i["data_source_unit"] for i in indicators},
    )


async def test_a_composite_is_entered_scored_and_explained(invested_year):
    cycle, sources = invested_year.cycle, invested_year.sources
    for code, key, values in (
        ("P01", "rate", {"YQ01": "50", "YQ02": "60", "YQ03": "70"}),
        ("P03", "actual", {"YQ01": "12", "YQ02": "10"}),
    ):
        entries = [
            {"unit": u, "indicator": code, "kind": "measured_value", "key": key, "value": value}
            for u, value in values.items()
        ]
        await cycle.enter(*(e | {"period": "2025"} for e in entries), unit=sources[code])
    await cycle.verify(all_submitted=True)
    edition = await cycle.score("PARK")

    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    scores = {u["unit"]: u["indicator_scores"][0]["score"] for u in sheet["units"]}
    assert [scores[f"YQ0{n}"] for n in (1, 2, 3)] == ["8.0000", "6.7086", None]
    gaps = {(m["indicator"], m["reason"]) for m in sheet["units"][2]["missing"]}
    assert ("P01", "actual of P03, 2025 is missing.") in gaps
    path = f"{cycle.path}/score-sheets/{edition}/units/YQ02/explanation"
    tree = (await cycle.office.get(path)).json()["tree"]
    first = tree["children"][0]["children"][0]
    assert first["formula"] == "8 × max(60 / 71.55, 0)"
    (told,) = first["children"]
    assert (told["kind"], told["code"], told["score"]) == ("component", "composite", "60")
    assert told["formula"] == "(60 + (10 - 10) * 1.5) * 1"


@pytest.mark.parametrize("key", ["value", "actual"])
async def test_neither_the_value_nor_what_is_entered_elsewhere_is_entered(invested_year, key):
    cycle, entry = invested_year.cycle, {"unit": "YQ01", "indicator": "P01", "key": key}
    source = cycle.source(invested_year.sources["P01"])
    body = {"entries": [entry | {"kind": "measured_value", "period": "2025", "value": "1"}]}
    answer = await cycle.post(source, "ledger-entries", body)

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/entries/0/key"]


@pytest.mark.parametrize(
    ("formula", "a", "b"),
    [("x / y * 1.35", "34.21", "40.96"), ("x ** 7", "1.23", "1.07"), ("x / 8192", "1", "3")],
)
def test_a_value_that_ends_late_can_be_told(year, formula, a, b):
    """Caught: a sheet of nobody, because one value has more decimals than an answer may have."""
    year.values("x", A=a, B=b).values("y", A=b, B=a)
    x = indicator(params=composite(formula, x=measured("x"), y=measured("y")))
    for outcome in year.outcomes(x)["X"].values():
        for _, part in outcome.narration.parts if outcome.narration else ():
            assert -int(part.score.as_tuple().exponent) <= 12
            assert "… (= " in part.rounding.exact


def test_a_value_beyond_all_use_is_a_gap(year):
    year.values("x", A="123456", B=2)
    x = indicator(params=composite("x ** 4", x=measured("x")))

    assert year.scores(x) == points(None, 10, None, None)
    assert year.gaps(x)["A"] == ["A number grows beyond all use."]
