"""Marks of several scorers on one scale: only judged ones, of several groups, said before the year.

Planted bugs: a measured indicator let through because one category judges it; the panel looked for
where the organiser is asked; a later version that takes the scale back.
"""

import json

import pytest
from pydantic import TypeAdapter

from indicators.rules.compiled import compile_scheme
from indicators.rules.draft import complete
from indicators.rules.publication import SchemeUnsound, check_criteria, check_sound
from indicators.rules.scheme import Scheme
from indicators.rules.without_effect import without_effect

UNITS = dict.fromkeys(["X1", "X2", "X3", "D1", "D2"], "assessed") | {"B01": "body", "B02": "body"}
GRADES = {"A": 1, "B": "0.8"}
TEAM = {
    "code": "TEAM", "name": "班子建设", "points": 5, "data_source_unit": "B01",
    "frequency": "yearly", "method": "grade_map", "params": {"grades": GRADES},
}  # fmt: skip
SCALE = {
    "method": "second_mean", "by": "organiser", "of": ["TEAM"], "clamp": ["0.97", "1.03"],
    "smallest_group": 2,
}  # fmt: skip
COUNTY, DEPT = "/categories/0/blocks/2/indicators/4", "/categories/1/blocks/2/indicators"


def changes(scale=SCALE, **more):
    """Have both categories be judged by TEAM, and its marks put on one scale."""
    county = {COUNTY: TEAM | more.get("county", {})}
    dept = [TEAM | more.get("dept", {}), FILLER | {"points": 25 - _points(more)}]
    return county | {DEPT: dept, "/categories/1/organiser": "B02", "/normalisation": scale}


def _points(more):
    return more.get("dept", {}).get("points", 5)


FILLER = {
    "code": "D06", "name": "作风", "data_source_unit": "B01", "frequency": "yearly",
    "method": "deduct_events", "params": {"per_event": {"complaint": "0.3"}},
}  # fmt: skip


def test_judged_marks_of_two_organisers_may_be_put_on_one_scale(stored):
    scheme = stored(changes())
    check_sound(scheme, UNITS)
    found = {
        each.indicator: each.reads.compares
        for category in compile_scheme(scheme).categories
        for each in category.indicators
    }
    assert found["TEAM"], "marks rest on those of others"


MEASURED = {"method": "ratio_to_target", "params": {"direction": "higher"}}
AT = "/normalisation"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (changes(SCALE | {"of": ["NONE"]}), {(f"{AT}/of/0", "unknown-indicator")}),
        (changes(SCALE | {"of": []}), {(f"{AT}/of", "no-indicator")}),
        (changes(SCALE | {"of": ["TEAM", "TEAM"]}), {(f"{AT}/of/1", "named-twice")}),
        (changes(dept=MEASURED), {(f"{AT}/of/0", "not-judged")}),
        (changes(SCALE | {"of": ["C01"]}), {(f"{AT}/of/0", "not-judged")}),
        (changes(dept={"points": 6}), {(f"{AT}/of/0", "points-differ")}),
        (changes() | {"/categories/1/organiser": "B01"}, {(f"{AT}/of/0", "one-group")}),
        (changes(SCALE | {"by": "scorer"}), {(f"{AT}/of/0", "one-group")}),
        (
            changes(SCALE | {"by": "scorer"}, dept={"data_source_unit": "own_unit"}),
            {(f"{AT}/of/0", "marked-by-itself")},
        ),
        (changes(SCALE | {"clamp": ["1.01", "1.03"]}), {(f"{AT}/clamp", "no-bounds")}),
        (changes(SCALE | {"clamp": ["0.97"]}), {(f"{AT}/clamp", "no-bounds")}),
        (changes(SCALE | {"method": "z_score"}), {(f"{AT}/clamp", "no-coefficient")}),
        (changes(SCALE | {"mean": 4}), {(f"{AT}/mean", "of-no-z-score")}),
    ],
)
def test_what_cannot_be_put_on_one_scale_is_refused_by_name(stored, given, found):
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(stored(given), UNITS)
    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == found


def test_two_units_that_mark_are_two_groups(stored):
    given = changes(SCALE | {"by": "scorer"}, dept={"data_source_unit": "B02"})
    check_sound(stored(given), UNITS)


@pytest.mark.parametrize(
    ("scale", "told"),
    [
        (SCALE | {"method": "none"}, {(AT, "marks-stay")}),
        (SCALE | {"smallest_group": 3}, {(f"{AT}/of/0", "group-too-small")}),
    ],
)
def test_what_changes_no_mark_is_said(stored, scale, told):
    found = {(each.pointer, each.code) for each in without_effect(stored(changes(scale)))}
    assert {each for each in found if each[0].startswith(AT)} == told


def test_a_scale_that_was_published_stays(stored):
    """Also where a later version would take it back, or bring one."""
    with_scale, without = stored(changes()), stored(changes() | {AT: None})
    check_criteria(with_scale, [with_scale])
    check_criteria(with_scale, [])
    for now, before in ((without, with_scale), (with_scale, without)):
        with pytest.raises(SchemeUnsound) as refused:
            check_criteria(now, [before])
        assert [each.code for each in refused.value.faults] == ["normalisation-changed"]


def test_a_scheme_without_a_scale_is_written_as_ever(stored):
    scheme = TypeAdapter(Scheme)
    written = json.loads(scheme.dump_json(stored({}), by_alias=True))
    assert "normalisation" not in written
    again = complete(scheme.validate_python(written | {"normalisation": None}))
    assert "normalisation" not in json.loads(scheme.dump_json(again, by_alias=True))
