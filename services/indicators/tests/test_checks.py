"""What a scheme says of re-checks and spot checks agrees with its categories."""

import pytest

from chassis import journal
from chassis.wire import adapter_of
from indicators.rules.checks import check_faults, fraud_faults, overstatement_faults
from indicators.rules.draft import SchemeFaulty
from indicators.rules.scheme import Scheme, places


def written(scheme):
    return adapter_of(Scheme).dump_python(scheme, mode="json")


def check(**more):
    return {"code": "R", "name": "复检", "kind": "recheck", "of": [{"category": "COUNTY"}]} | more


def faults(scheme):
    return {(each.pointer, each.code) for each in check_faults(scheme)}


def test_an_overstatement_costs_by_what_is_counted(stored):
    """Planted bugs: an indicator that counts no events; one twice; a direction told two times."""
    events = next(p.indicator for p in places(stored()) if p.indicator.method == "deduct_events")
    code, first = events.code, next(iter(events.params["per_event"]))
    right = {"indicator": code, "event": first, "tolerance": "0.1"}
    at = "/checks/0/overstatement"
    for more, expected in (
        ({}, None),
        ({"lower_is_better": [code]}, None),
        ({"indicator": "NONE"}, (f"{at}/indicator", "unknown-indicator")),
        ({"indicator": "C01"}, (f"{at}/indicator", "counts-no-events")),
        ({"event": "another"}, (f"{at}/event", "unknown-event")),
        ({"lower_is_better": ["NONE"]}, (f"{at}/lower_is_better/0", "unknown-indicator")),
        ({"lower_is_better": [code, code]}, (f"{at}/lower_is_better/1", "named-twice")),
        ({"lower_is_better": ["C01"]}, (f"{at}/lower_is_better/0", "direction-told")),
    ):
        told = stored({"/checks": [check(overstatement=right | more)]})
        found = {(each.pointer, each.code) for each in overstatement_faults(told)}
        assert found == ({expected} if expected else set()), more


def test_fraud_caps_at_a_grade_that_the_checked_units_may_have(stored):
    """Planted bugs: the grades of another category looked at; fraud told where there is none."""
    scheme = stored()
    county, grade = scheme.categories[0], scheme.grades_of(scheme.categories[0]).order[-1]
    of = [{"category": county.code}]
    assert "fraud" not in written(stored({"/checks": [check(of=of)]}))["checks"][0]
    for cap, expected in (
        (grade, set()),
        ("NONE", {("/checks/0/fraud/grade_cap", "unknown-grade")}),
    ):
        told = stored({"/checks": [check(of=of, fraud={"grade_cap": cap})]})
        assert {(each.pointer, each.code) for each in fraud_faults(told)} == expected
        rule = told.checks[0].fraud
        assert (rule.indicator, rule.hearing_days) == ("void", 5)


def test_a_check_that_has_nothing_overstated_is_written_as_before(stored):
    """Planted bug: null where there was nothing, which is another digest."""
    assert "overstatement" not in written(stored({"/checks": [check()]}))["checks"][0]


def test_a_scheme_without_checks_has_the_digest_from_before(stored):
    """Planted bug: an empty list where there was nothing."""
    plain = written(stored())
    assert "checks" not in plain
    told = written(stored({"/checks": [check()]}))
    assert told.pop("checks")[0]["readers"] == "office"
    assert journal.sha256(told) == journal.sha256(plain)


def test_checks_are_of_categories_that_there_are_once_each(stored):
    """Planted bugs: more units than there are; a share and a number."""
    county = stored().categories[0]
    of = [{"category": county.code}]
    assert faults(stored({"/checks": [check(of=of), check(code="S", of=of)]})) == set()
    number = [{"category": county.code, "number": len(county.units)}]
    assert faults(stored({"/checks": [check(of=number)]})) == set()
    for wrong, at, code in (
        ([{"category": "NONE"}], "0/of/0/category", "unknown-category"),
        (of * 2, "0/of/1/category", "named-twice"),
        ([of[0] | {"number": len(county.units) + 1}], "0/of/0/number", "more-than-there-are"),
        ([of[0] | {"number": 1, "share": "0.5"}], "0/of/0/share", "share-and-number"),
        ([], "0/of", "missing"),
    ):
        assert faults(stored({"/checks": [check(of=wrong)]})) == {(f"/checks/{at}", code)}
    told = check(of=of, entries=3, readers="units")
    assert faults(stored({"/checks": [told]})) == {("/checks/0/readers", "entries-told")}
    assert faults(stored({"/checks": [told | {"readers": "office"}]})) == set()
    twice = stored({"/checks": [check(of=of), check(of=of)]})
    assert faults(twice) == {("/checks/1/code", "named-twice")}


@pytest.mark.parametrize(
    "wrong",
    [
        {"entries": 0},
        {"of": [{"category": "C", "share": "1.1"}]},
        {"of": [{"category": "C", "number": 0}]},
    ],
)
def test_numbers_out_of_their_bounds_are_refused(stored, wrong):
    with pytest.raises(SchemeFaulty):
        stored({"/checks": [check(**wrong)]})
