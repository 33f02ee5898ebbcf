"""Where too few answered a survey nothing is scored, and no policy for missing data fills it."""

import copy
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
import small_years
from compiling import compute

from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.samples import ShortSample, ShortWave
from scoring.rules.scheme.document import Indicator, Scheme, Target

UNITS = ("U1", "U2", "U3")


def indicator(code: str, method: str = "ratio_to_target", **more) -> Indicator:
    given = {"params": {"cap_ratio": "1"}, "allow_exceed": False} | more
    return small_years.indicator(method, given.pop("params"), code, **given)


def scheme_of(*block: Indicator) -> Scheme:
    return small_years.scheme_of(block, units=UNITS)


def half(unit: str, code: str, number: int) -> Entry:
    """Half of what the unit is to reach."""
    fields = (unit, code, "measured_value", "actual", None, "2025", Decimal(50), None)
    return Entry(UUID(int=number), *fields)


def node_of(unit, code):
    stack = [explain(unit)]
    while stack:
        node = stack.pop()
        if node.code == code:
            return node
        stack += node.children
    raise KeyError(code)


PHONE = {"params": {"survey": "phone", "scale": "100"}}
UNDECIDED = ShortWave(2, 3, 400, None, None, None)


def short(treatment=None, satisfaction=None, *, decision=None, rated=True):
    wave = replace(UNDECIDED, treatment=treatment, decision=decision)
    if decision:
        wave = replace(wave, document_no="评委〔2025〕4号")
    found = satisfaction and Decimal(satisfaction)
    return ShortSample(found, rated, Decimal("90"), (wave,))


def facts(scheme, found):
    codes = [code for code in scheme.categories[0].indicators() if code.startswith("T")]
    return {
        "entries": [half(u, code, n) for n, u in enumerate(UNITS) for code in codes],
        "targets": [Target(u, code, None, Decimal(100), None) for u in UNITS for code in codes],
        "satisfaction": {("phone", "U1"): found, ("phone", "U2"): Decimal(80)},
        "claims": [],
        "names": [],
    }


def first(scheme, found):
    return compute(scheme, {"CAT"}, **facts(scheme, found)).sheet.units[0]


@pytest.mark.parametrize("policy", ["refuse", "zero", "skip", "category_mean", "carry_over"])
def test_no_policy_for_missing_data_fills_a_survey_in_which_too_few_answered(policy):
    """Planted bug: take a satisfaction below the minimum for one that is not there."""
    scheme = scheme_of(
        indicator("S", method="survey_score", missing=policy, **PHONE), indicator("T")
    )
    unit = first(scheme, short())
    assert (unit.total, unit.decisions) == (None, ())
    (missing,) = unit.missing
    assert "wave 2: 3 of 400 answers" in missing.reason
    assert "第2轮有效样本3份，不足400份" in missing.reason_zh
    assert node_of(unit, "S").missing[0].en == missing.reason


def test_a_survey_that_has_said_nothing_yet_is_missing_as_before():
    scheme = scheme_of(indicator("S", method="survey_score", missing="zero", **PHONE))
    assert first(scheme, None).total == 0


@pytest.mark.parametrize(
    ("found", "score", "said"),
    [
        (short("other_waves", "80"), "8", "按方案以其他轮次为准"),
        (short("counted", "90", decision=1), "9", "按第1号决定（评委〔2025〕4号）仍按实际样本计分"),
        (short("pooled", "81.5", decision=2), "8.15", "满意度为81.5；各轮全部计入时为90"),
    ],
)
def test_what_counts_instead_is_said_in_sheet_and_explanation(found, score, said):
    scheme = scheme_of(indicator("S", method="survey_score", **PHONE), indicator("T"))
    unit = first(scheme, found)
    assert unit.outcomes["S"].score == Decimal(score)
    (decision,) = unit.decisions
    assert (decision.indicator, decision.what) == ("S", "short_sample")
    assert said in decision.zh
    assert node_of(unit, "S").decisions == (decision,)


def test_the_points_of_a_survey_that_does_not_rate_a_unit_go_to_its_siblings():
    scheme = scheme_of(indicator("S", method="survey_score", **PHONE), indicator("T"))
    unit = first(scheme, short("not_rated", rated=False))
    assert (unit.total, unit.missing) == (Decimal(10), ())  # half of 20 points
    (decision,) = unit.decisions
    assert decision.what == "skipped"
    assert "不作评议" in decision.zh


@pytest.mark.parametrize("policy", ["zero", "category_mean", "skip"])
@pytest.mark.parametrize("within", [False, True])
def test_what_is_computed_from_an_undefined_score_is_undefined_itself(policy, within):
    """Planted bug: say that the score of another indicator is missing, and a policy fills it."""
    survey = indicator("S", method="survey_score", **PHONE)
    read = "P" if within else "S"
    formula = {
        "formula": "x",
        "result": "points",
        "inputs": {"x": {"from": "score", "indicator": read}},
        "constants": {},
    }
    reader = indicator("R", method="expression", missing=policy, params=formula)
    branch = indicator("P", method="sum_children", params={}, children=(survey,))
    scheme = scheme_of(branch if within else survey, reader, indicator("T"))
    unit = first(scheme, short())
    assert {gap.indicator for gap in unit.missing} == {"S", "R"}
    assert unit.decisions == ()


def test_a_decision_about_one_unit_changes_nothing_that_is_told_of_another():
    scheme = scheme_of(indicator("S", method="survey_score", **PHONE), indicator("T"))
    undecided, decided = (
        [explain(unit) for unit in compute(scheme, {"CAT"}, **facts(scheme, found)).sheet.units]
        for found in (short(), short("other_waves", "80", decision=1))
    )
    assert decided[0] != undecided[0]
    assert decided[1:] == undecided[1:]


@pytest.mark.parametrize(
    ("treatment", "decision", "en", "zh"),
    [
        (None, None, "before it is repeated", "第2轮已作废，重做或另有决定之前不予计分"),
        (
            "other_waves",
            3,
            "by decision 3, 1号 the other waves",
            "按第3号决定（1号）以其他轮次为准",
        ),
    ],
)
def test_a_voided_wave_is_named_for_what_it_is(treatment, decision, en, zh):
    """Planted bug: say that 0 of 400 answered, as though nobody had."""
    wave = ShortWave(2, 0, 400, treatment, decision, "1号", was_voided=True)
    said = wave.reason("phone")
    assert "wave 2 was voided" in said.en
    assert "第2轮已作废" in said.zh
    assert en in said.en
    assert zh in said.zh
    assert "400" not in said.en + said.zh


async def test_over_http_a_sheet_names_the_survey_in_which_too_few_answered(new_year, others):
    """Planted bug: read `satisfaction` alone, and the category's mean stands in for it."""
    cycle = await new_year()
    known = copy.deepcopy(others.surveys)
    wave = {"wave": 2, "valid_sample": 3, "required": 400, "was_voided": False}
    undecided = wave | {"treatment": None, "decision": None, "document_no": None}
    try:
        others.surveys[0]["units"][0] |= {
            "standing": "below_minimum",
            "satisfaction": None,
            "below_minimum": [undecided],
        }
        edition = await cycle.score()
        sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
        unit = sheet["units"][0]
        assert (unit["total"], unit["blocks"]["public_review"]) == (None, None)
        assert [gap["indicator"] for gap in unit["missing"]] == ["C13"]
        assert "第2轮有效样本3份，不足400份" in unit["missing"][0]["reason_zh"]
        decided = wave | {"treatment": "counted", "decision": 1, "document_no": "评委〔2025〕4号"}
        others.surveys[0]["units"][0] = known[0]["units"][0] | {"below_minimum": [decided]}
        edition = await cycle.score()
        path = f"{cycle.path}/score-sheets/{edition}"
        unit = (await cycle.office.get(path)).json()["units"][0]
        assert unit["total"] is not None
        assert [(each["indicator"], each["what"]) for each in unit["decisions"]] == [
            ("C13", "short_sample")
        ]
        told = await cycle.office.get(f"{path}/units/{unit['unit']}/explanation")
        assert "按第1号决定（评委〔2025〕4号）仍按实际样本计分" in told.text
    finally:
        others.surveys[:] = known
