from decimal import Decimal

import pytest

from indicators.rules.targets import Counting, Target, TargetsFaulty, check_targets, is_lowered

HUNDRED = Decimal(100)
FUNCTION = "/categories/0/blocks/0/indicators"


def target(unit="X1", indicator="C01", item=None, target=HUNDRED, baseline=None, pledge=None):
    return Target(unit, indicator, item, target, baseline, pledge)


@pytest.mark.parametrize(
    "sound",
    [
        target(),
        target(indicator="C03A"),
        target(indicator="C06", item="3"),
        target(indicator="C08", target=None, baseline=Decimal(72)),
        target(unit="D1", indicator="D04"),
    ],
)
def test_a_target_of_the_scheme_may_be_set(stored, sound):
    check_targets([sound], stored())


def test_a_unit_may_have_targets_for_items_of_its_own(stored):
    scheme = stored({"/categories/0/blocks/0/indicators/5/params/items": "unit_defined"})
    check_targets([target(indicator="C06", item="城区管网")], scheme)


HALVES = {
    f"{FUNCTION}/0/method": "periodic_weighted",
    f"{FUNCTION}/0/params": {
        "periods": ["H1", "FY"],
        "weights": ["0.4", "0.6"],
        "component": {"method": "ratio_to_target", "params": {"direction": "lower"}},
    },
}
FORMULA = {
    f"{FUNCTION}/0/method": "expression",
    f"{FUNCTION}/0/params": {
        "inputs": {
            "growth": {"from": "measured"},
            "plan": {"from": "target", "key": "gdp"},
            "base": {"from": "baseline"},
        },
        "formula": "growth - plan - base",
        "result": "points",
    },
}


COMPOSITE = {
    f"{FUNCTION}/0/method": "relative_to_best",
    f"{FUNCTION}/0/params": {
        "composite": {
            "inputs": {
                "plan": {"from": "target", "key": "gdp"},
                "lent": {"from": "target", "indicator": "C08"},
            },
            "formula": "plan - lent",
        }
    },
}


@pytest.mark.parametrize(
    ("changes", "item", "known"),
    [
        (HALVES, None, True),
        (HALVES, "H1", True),
        (HALVES, "FY", False),
        (HALVES, "Q1", False),
        (FORMULA, "gdp", True),
        (FORMULA, "plan", False),
        (FORMULA, "growth", False),
        (COMPOSITE, "gdp", True),
        (COMPOSITE, "lent", False),
    ],
)
def test_periods_and_inputs_of_formulas_have_targets_of_their_own(stored, changes, item, known):
    """Planted bug: take the name of an input for the item."""
    scheme = stored(changes)
    if known:
        check_targets([target(item=item)], scheme)
        return
    with pytest.raises(TargetsFaulty) as refused:
        check_targets([target(item=item)], scheme)
    assert [fault.code for fault in refused.value.faults] == ["unknown-item"]


REFERENCE = {
    f"{FUNCTION}/0/method": "steps_from",
    f"{FUNCTION}/0/params": {
        "reference": "baseline",
        "direction": "higher",
        "points_per_step": "1",
        "step_mode": "proportional",
        "step": "1",
    },
}
OWN_NODES = {
    f"{FUNCTION}/0/method": "milestone",
    f"{FUNCTION}/0/params": {"status_ratio": {"done": 1}},
}
ENTERED = {f"{FUNCTION}/0/params": {"periods": ["H1", "FY"], "weights": ["0.4", "0.6"]}}


@pytest.mark.parametrize(
    ("changes", "sent", "unused"),
    [
        (HALVES, {"target": HUNDRED}, set()),
        (HALVES, {"baseline": HUNDRED}, {"baseline"}),
        (HALVES, {"item": "H1", "pledge": HUNDRED}, {"pledge"}),
        (HALVES | ENTERED, {"target": HUNDRED}, {"target"}),
        (FORMULA, {"baseline": HUNDRED}, set()),
        (FORMULA, {"target": HUNDRED}, {"target"}),
        (FORMULA, {"item": "gdp", "target": HUNDRED}, set()),
        (FORMULA, {"item": "gdp", "baseline": HUNDRED}, {"baseline"}),
        (COMPOSITE, {"indicator": "C08", "target": HUNDRED}, set()),
        (COMPOSITE, {"indicator": "C08", "pledge": HUNDRED}, {"pledge"}),
        (REFERENCE, {"baseline": HUNDRED}, set()),
        (REFERENCE, {"target": HUNDRED}, {"target"}),
        (OWN_NODES, {"item": "road", "target": HUNDRED}, set()),
        (OWN_NODES, {"item": "road", "baseline": HUNDRED}, {"baseline"}),
    ],
)
def test_a_value_that_no_score_reads_is_refused(stored, changes, sent, unused):
    """Planted bugs: ask the indicator's own method alone; take the target of one item for all."""
    asked = target(**{"target": None} | sent)
    found = Counting(stored(changes)).unused(asked)
    assert {each.value for each in found} == unused
    if not unused:
        check_targets([asked], stored(changes))
        return
    with pytest.raises(TargetsFaulty) as refused:
        check_targets([asked], stored(changes))
    assert {f.pointer.rsplit("/", 1)[1] for f in refused.value.faults} == unused
    (fault,) = refused.value.faults
    assert "没有任何得分使用" in fault.zh


@pytest.mark.parametrize("item", [None, "H1"])
def test_the_target_of_a_period_is_lowered_where_more_is_worse(stored, item):
    raised = target(item=item, target=HUNDRED + 1)
    assert is_lowered([target(item=item)], raised, stored(HALVES))


@pytest.mark.parametrize(
    ("faulty", "faults"),
    [
        (target(unit="X9"), {("/targets/0/unit", "unknown-unit")}),
        (target(unit="B01"), {("/targets/0/unit", "unknown-unit")}),
        (target(indicator="C99"), {("/targets/0/indicator", "unknown-indicator")}),
        (target(indicator="C03"), {("/targets/0/indicator", "unknown-indicator")}),
        (target(unit="D1"), {("/targets/0/indicator", "other-category")}),
        (target(item="1"), {("/targets/0/item", "item-unused")}),
        (target(indicator="C06"), {("/targets/0/item", "unknown-item")}),
        (target(indicator="C06", item="4"), {("/targets/0/item", "unknown-item")}),
        (target(indicator="C06", item="03"), {("/targets/0/item", "unknown-item")}),
        (target(indicator="C02", item="total"), {("/targets/0/item", "unknown-item")}),
        (target(target=None), {("/targets/0", "no-value")}),
        (target(pledge=HUNDRED), {("/targets/0/pledge", "value-unused")}),
        (target(baseline=HUNDRED), {("/targets/0/baseline", "value-unused")}),
        (target(indicator="C05"), {("/targets/0/target", "value-unused")}),
        (target(indicator="C02", item="growth"), {("/targets/0/target", "value-unused")}),
        (target(indicator="C08", baseline=HUNDRED), {("/targets/0/target", "value-unused")}),
    ],
)
def test_a_target_outside_the_scheme_is_refused(stored, faulty, faults):
    with pytest.raises(TargetsFaulty) as refused:
        check_targets([faulty], stored())
    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == faults


def test_all_faulty_targets_are_named_at_once(stored):
    rows = [target(), target(unit="X9"), target(), target(indicator="C99", target=None)]
    with pytest.raises(TargetsFaulty) as refused:
        check_targets(rows, stored())
    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == {
        ("/targets/1/unit", "unknown-unit"),
        ("/targets/2", "named-twice"),
        ("/targets/3/indicator", "unknown-indicator"),
        ("/targets/3", "no-value"),
    }


def test_a_target_that_lacks_its_reason_is_named(stored):
    with pytest.raises(TargetsFaulty) as refused:
        check_targets([target(unit="X2"), target()], stored(), needing={1})
    assert [(f.pointer, f.code) for f in refused.value.faults] == [("/targets/1", "reason-missing")]
