"""Lists across categories: declared with their use, of marks on one scale and totals alike.

Planted bug: full marks compared by the points of blocks, not by what they come to in the total.
"""

import json

import pytest
from pydantic import TypeAdapter

from indicators.rules.publication import SchemeUnsound, check_criteria, check_sound
from indicators.rules.scheme import Scheme

UNITS = dict.fromkeys(["X1", "X2", "X3", "D1", "D2"], "assessed") | {"B01": "body", "B02": "body"}
TEAM = {
    "code": "TEAM", "name": "班子建设", "points": 5, "data_source_unit": "B01",
    "frequency": "yearly", "method": "grade_map", "params": {"grades": {"A": 1, "B": "0.8"}},
}  # fmt: skip
FILLER = {
    "code": "D06", "name": "作风", "points": 20, "data_source_unit": "B01", "frequency": "yearly",
    "method": "deduct_events", "params": {"per_event": {"complaint": "0.3"}},
}  # fmt: skip
SCALE = {"method": "second_mean", "by": "organiser", "of": ["TEAM"], "smallest_group": 2}


def changes():
    """Have both categories be judged by TEAM, each under an organiser of its own."""
    return {
        "/categories/0/blocks/2/indicators/4": TEAM,
        "/categories/1/blocks/2/indicators": [TEAM, FILLER],
        "/categories/1/organiser": "B02",
        "/normalisation": SCALE,
    }


AT = "/cross_category_lists"
DECLARED = {
    "code": "BOTH", "name": "综合名单", "use": "分配先进名额", "categories": ["COUNTY", "DEPT"],
    "ties": "same_rank_skip",
}  # fmt: skip


def with_list(*more, **said):
    """Give a scheme that declares a list, with what else is said of it."""
    return changes() | {AT: [DECLARED | said, *more]}


@pytest.fixture
def codes(stored):
    """Give the codes of the two categories and a block of each."""
    return [each.code for each in stored({}).categories]


def test_a_list_of_two_categories_is_sound(stored, codes):
    check_sound(stored(with_list(categories=codes)), UNITS)


def test_what_is_no_list_is_refused_by_name(stored, codes):
    given = with_list(
        DECLARED | {"categories": codes},
        categories=[codes[0], codes[0], "NONE"], use=" ", tie_break=["none"],
    )  # fmt: skip
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(stored(given), UNITS)
    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == {
        (f"{AT}/0/use", "no-use"),
        (f"{AT}/0/categories/1", "named-twice"),
        (f"{AT}/0/categories/2", "unknown-category"),
        (f"{AT}/0/tie_break/0", "block-not-common"),
        (f"{AT}/1/code", "named-twice"),
    }


def test_a_list_needs_two_categories_on_one_scale(stored, codes):
    """Without normalisation there is none, unless the scheme says `none` itself."""
    as_given = with_list(categories=codes) | {"/normalisation": SCALE | {"method": "none"}}
    check_sound(stored(as_given), UNITS)
    for scale, categories, found in (
        (SCALE, codes[:1], {(f"{AT}/0/categories", "one-category")}),
        (None, codes, {(AT, "no-scale")}),
    ):
        given = with_list(categories=categories) | {"/normalisation": scale}
        with pytest.raises(SchemeUnsound) as refused:
            check_sound(stored(given), UNITS)
        assert {(fault.pointer, fault.code) for fault in refused.value.faults} == found


def test_a_category_without_a_mark_on_the_scale_is_refused(stored, codes):
    given = with_list(categories=codes) | {"/categories/1/blocks/2/indicators/0/code": "OTHER"}
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(stored(given), UNITS)
    assert (f"{AT}/0/categories/1", "not-on-the-scale") in {
        (fault.pointer, fault.code) for fault in refused.value.faults
    }


def test_full_marks_are_compared_as_they_count(stored, codes):
    """A category whose blocks are 1000 points and count for 100 stands beside one of 100."""
    scheme = stored({})
    blocks = [each.code for each in scheme.categories[1].blocks]
    halved = {
        "parts": blocks, "bonus": True, "deductions": True, "max_total": None,
        "by_part": [
            {"block": blocks[0], "scale": 2 * scheme.categories[1].blocks[0].points,
             "points": scheme.categories[1].blocks[0].points}
        ],
    }  # fmt: skip
    given = with_list(categories=codes) | {"/categories/1/composition": halved}
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(stored(given), UNITS)
    assert f"{AT}/0/categories" in {
        fault.pointer for fault in refused.value.faults if fault.code == "totals-differ"
    }


def test_lists_that_were_published_stay(stored, codes):
    with_one, without = stored(with_list(categories=codes)), stored(changes())
    check_criteria(with_one, [with_one])
    for now, before in ((without, with_one), (with_one, without)):
        with pytest.raises(SchemeUnsound) as refused:
            check_criteria(now, [before])
        assert [each.code for each in refused.value.faults] == ["lists-changed"]


def test_a_scheme_without_lists_is_written_as_ever(stored):
    written = json.loads(TypeAdapter(Scheme).dump_json(stored({}), by_alias=True))
    assert "cross_category_lists" not in written
