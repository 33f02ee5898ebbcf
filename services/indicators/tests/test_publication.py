from uuid import UUID

import pytest

from chassis.wire import adapter_of
from indicators.rules.publication import (
    ReasonMissing,
    SchemeUnsound,
    VersionOvertaken,
    check_reason,
    check_sound,
    check_turn,
)
from indicators.rules.scheme import Scheme

FUNCTION = "/categories/0/blocks/0/indicators"
CLASSES = "/categories/0/subcategories"
PLAIN = {"code": "A", "name": "甲类", "units": ["X1", "X2"]}
RANKING = {"tie_break": [], "ties": "dense"}
UNITS = {
    "B01": "body",
    "B02": "body",
    "X1": "assessed",
    "X2": "assessed",
    "X3": "assessed",
    "D1": "assessed",
    "D2": "assessed",
    "D3": "assessed",
}


LAST = {"list": "全市排名", "last": 2}
ONE = {"count": 1, "min_score": 75}
COUNTED = {"grade": "excellent", "count": 2, "min_score": 85}
GRADES = {
    "order": ["excellent", "good", "qualified", "unqualified"],
    "unqualified_below": 60,
    "vacancy": "backfill",
}
RAISE = {"grade": "star", "of": "excellent", "count": 1}
STARS = {"/grades/order": ["star", *GRADES["order"]]}
MANY_DEMOTIONS = [
    {"code": f"D{n}", "effect": "down_one_grade", "event": "fraud"} for n in range(201)
]


def faults_of(scheme, units=UNITS):
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(scheme, units, earlier=())
    return refused.value.faults


def test_a_scheme_that_adds_up_may_be_published(stored):
    check_sound(stored(), UNITS)
    check_sound(stored({**STARS, "/grades/raised": [RAISE]}), UNITS)
    check_sound(stored({"/grades/last_place": {"count": 1, "measure": "约谈"}}), UNITS)


@pytest.mark.parametrize(
    ("changes", "pointer", "en", "zh"),
    [
        (
            {f"{FUNCTION}/0/points": "9.9"},
            "/categories/0/blocks/0",
            "COUNTY/function: 60.9 of 61, 0.1 missing.",
            "COUNTY/function：合计 60.9 分，应为 61 分，少 0.1 分。",
        ),
        (
            {f"{FUNCTION}/0/points": "10.0001"},
            "/categories/0/blocks/0",
            "COUNTY/function: 61.0001 of 61, 0.0001 too many.",
            "COUNTY/function：合计 61.0001 分，应为 61 分，多 0.0001 分。",
        ),
        (
            {f"{FUNCTION}/2/children/0/points": "5.5"},
            f"{FUNCTION}/2",
            "COUNTY/function/C03: 9.5 of 10, 0.5 missing.",
            "COUNTY/function/C03：合计 9.5 分，应为 10 分，少 0.5 分。",
        ),
        (
            {"/categories/1/total": 101},
            "/categories/1",
            "DEPT: 100 of 101, 1 missing.",
            "DEPT：合计 100 分，应为 101 分，少 1 分。",
        ),
    ],
)
def test_points_that_do_not_sum_are_told_by_node_and_amount(stored, changes, pointer, en, zh):
    (fault,) = faults_of(stored(changes))
    assert (fault.pointer, fault.en, fault.zh) == (pointer, en, zh)


def test_every_node_that_does_not_sum_is_named_at_once(stored):
    changes = {"/categories/0/total": "99.9", "/categories/0/blocks/2/points": 24}
    assert [(fault.pointer, fault.code) for fault in faults_of(stored(changes))] == [
        ("/categories/0/blocks/2", "points-over"),
        ("/categories/0", "points-missing"),
    ]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        # every unit named exists, each assessed one stands in one category
        ({"/categories/0/organiser": "B09"}, {("/categories/0/organiser", "unknown-unit")}),
        (
            {f"{FUNCTION}/0/data_source_unit": "B09"},
            {(f"{FUNCTION}/0/data_source_unit", "unknown-unit")},
        ),
        (
            {f"{FUNCTION}/2/children/0/reviewed_by": "B09"},
            {(f"{FUNCTION}/2/children/0/reviewed_by", "unknown-unit")},
        ),
        (
            {f"{FUNCTION}/4/findings_by": ["B02", "B09"]},
            {(f"{FUNCTION}/4/findings_by/1", "unknown-unit")},
        ),
        # who finds something about others does not compete with them
        (
            {f"{FUNCTION}/4/findings_by": ["B02", "X1"]},
            {(f"{FUNCTION}/4/findings_by/1", "finder-is-a-competitor")},
        ),
        ({"/surveys/0/collector": "B09"}, {("/surveys/0/collector", "unknown-unit")}),
        (
            {"/vetoes/items/0/responsible_units/0": "B09"},
            {("/vetoes/items/0/responsible_units/0", "unknown-unit")},
        ),
        (
            {"/demotions/1/responsible_units/0": "B09"},
            {("/demotions/1/responsible_units/0", "unknown-unit")},
        ),
        ({"/categories/0/units/2": "X9"}, {("/categories/0/units/2", "unknown-unit")}),
        ({"/categories/0/units/2": "B01"}, {("/categories/0/units/2", "not-an-assessed-unit")}),
        ({"/categories/1/units/1": "X1"}, {("/categories/1/units/1", "named-twice")}),
        ({"/categories/0/units/2": "X1"}, {("/categories/0/units/2", "named-twice")}),
        ({"/categories/1/units": []}, {("/categories/1/units", "no-units")}),
        # codes stand for one thing
        ({"/categories/1/code": "COUNTY"}, {("/categories/1/code", "named-twice")}),
        ({f"{FUNCTION}/1/code": "C03A"}, {(f"{FUNCTION}/2/children/0/code", "named-twice")}),
        ({"/vetoes/items/1/code": "V01"}, {("/vetoes/items/1/code", "named-twice")}),
        ({"/demotions/1/code": "DM01"}, {("/demotions/1/code", "named-twice")}),
        (
            {"/adjustments/deductions/rules/0/code": "BON01"},
            {("/adjustments/deductions/rules/0/code", "named-twice")},
        ),
        ({"/calendar/1/step": "scheme_published"}, {("/calendar/1/step", "named-twice")}),
        # links lead somewhere
        ({f"{FUNCTION}/4/veto_link": "V09"}, {(f"{FUNCTION}/4/veto_link", "unknown-veto")}),
        (
            {"/demotions/0/indicators/0": "C99"},
            {("/demotions/0/indicators/0", "unknown-indicator")},
        ),
        ({"/vetoes/grade_cap": "fair"}, {("/vetoes/grade_cap", "unknown-grade")}),
        ({"/grades/levels/1/grade": "fair"}, {("/grades/levels/1/grade", "unknown-grade")}),
        ({"/grades/names/fair": "一般"}, {("/grades/names/fair", "unknown-grade")}),
        ({"/grades/outside_quota": ["D3"]}, {("/grades/outside_quota/0", "unknown-assessed")}),
        ({"/ranking/tie_break/1": "bonus"}, {("/ranking/tie_break/1", "unknown-block")}),
        (
            {"/composition/parts": ["function", "public_review", "daily"]},
            {("/composition/parts/2", "unknown-block"), ("/composition/parts", "block-left-out")},
        ),
        # redistribution stays within the category and ends
        (
            {"/categories/1/blocks/0/indicators/3/redistribute_to": "C01"},
            {("/categories/1/blocks/0/indicators/3/redistribute_to", "unknown-indicator")},
        ),
        (
            {"/categories/1/blocks/0/indicators/3/redistribute_to": "D04"},
            {("/categories/1/blocks/0/indicators/3/redistribute_to", "redistribution-circle")},
        ),
        (
            {"/categories/1/blocks/0/indicators/0/redistribute_to": "D04"},
            {
                ("/categories/1/blocks/0/indicators/0/redistribute_to", "redistribution-circle"),
                ("/categories/1/blocks/0/indicators/3/redistribute_to", "redistribution-circle"),
            },
        ),
        # points that are moved arrive, and points can be reached
        (
            {f"{FUNCTION}/2/redistribute_to": "C03A"},
            {(f"{FUNCTION}/2/redistribute_to", "redistribution-within")},
        ),
        (
            {f"{FUNCTION}/2/children/0/redistribute_to": "C03"},
            {(f"{FUNCTION}/2/children/0/redistribute_to", "redistribution-within")},
        ),
        (
            {f"{FUNCTION}/0/precision": 0, f"{FUNCTION}/0/points": "4.5"},
            {
                (f"{FUNCTION}/0/precision", "precision-too-low"),
                ("/categories/0/blocks/0", "points-missing"),
            },
        ),
        # nodes are reached in the year
        (
            {
                f"{FUNCTION}/3/params/nodes": [
                    {"item": "1", "name": "开工", "due": "2026-01-31"},
                    {
                        "item": "2",
                        "name": "清淤",
                        "season": {"opens": "2024-10-01", "closes": "2024-12-31"},
                    },
                    {
                        "item": "3",
                        "name": "验收",
                        "season": {"opens": "2024-10-01", "closes": "2025-03-31"},
                    },
                ]
            },
            {
                (f"{FUNCTION}/3/params/nodes/0/due", "another-year"),
                (f"{FUNCTION}/3/params/nodes/1/season", "another-year"),
            },
        ),
        (
            {
                f"{FUNCTION}/3/params/nodes": [{"item": "1", "name": "开工"}],
                f"{FUNCTION}/3/per_unit_params": {
                    "X1": {"nodes": [{"item": "1", "name": "开工", "due": "2024-12-31"}]}
                },
            },
            {(f"{FUNCTION}/3/per_unit_params/X1/nodes/0/due", "another-year")},
        ),
        (
            {
                "/rounding/by_points": [{"from_points": "4.5", "places": 0}],
                f"{FUNCTION}/0/points": "4.5",
                f"{FUNCTION}/1/points": "10.5",
                f"{FUNCTION}/1/precision": 1,
            },
            {
                (f"{FUNCTION}/0/precision", "precision-too-low"),
                ("/categories/0/blocks/0", "points-missing"),
            },
        ),
        # a plan of progress goes forward, to the whole target
        (
            {f"{FUNCTION}/0/progress_plan": {"Q1": "0.5", "-04": "0.4", "Q2": "0.6", "H1": "0.6"}},
            {
                (f"{FUNCTION}/0/progress_plan/-04", "plan-goes-back"),
                (f"{FUNCTION}/0/progress_plan/H1", "plan-goes-back"),
            },
        ),
        (
            {f"{FUNCTION}/0/progress_plan": {"March": "0.5", "Q4": "0.9"}},
            {
                (f"{FUNCTION}/0/progress_plan/March", "unknown-period"),
                (f"{FUNCTION}/0/progress_plan/Q4", "plan-ends-below"),
            },
        ),
        # the parts agree
        ({"/surveys/1/groups/peers": "0.2"}, {("/surveys/1/groups", "weights-off")}),
        (
            {"/surveys/0/unscored/0": "satisfied"},
            {("/surveys/0/unscored/0", "scored-and-unscored")},
        ),
        ({"/demotions/0/event": "fraud"}, {("/demotions/0", "demotion-cause")}),
        ({"/demotions/0/score_ratio_below": None}, {("/demotions/0", "demotion-cause")}),
        ({"/demotions/1/event": None}, {("/demotions/1", "demotion-cause")}),
        ({"/vetoes/limit": 1}, {("/vetoes/items", "too-many-vetoes")}),
        # what a veto does
        (
            {"/vetoes/items/0/scope": "block"},
            {("/vetoes/items/0/block", "veto-block")},
        ),
        ({"/vetoes/items/0/block": "function"}, {("/vetoes/items/0/block", "veto-block")}),
        (
            {"/vetoes/items/0/scope": "block", "/vetoes/items/0/block": "bonus"},
            {("/vetoes/items/0/block", "not-a-part")},
        ),
        ({"/vetoes/items/0/scope": "title"}, {("/vetoes/items/0/title", "veto-title")}),
        ({"/vetoes/items/0/title": "文明单位"}, {("/vetoes/items/0/title", "veto-title")}),
        ({"/vetoes/term": {"began": 2026}}, {("/vetoes/term/began", "term-not-begun")}),
        (
            {"/vetoes/previous_cycle": "00000000-0000-0000-0000-000000000009"},
            {("/vetoes/previous_cycle", "not-an-earlier-cycle")},
        ),
        ({"/grades/order/3": "good"}, {("/grades/order/3", "named-twice")}),
        ({"/demotions": MANY_DEMOTIONS}, {("/demotions", "too-many-demotions")}),
        (
            {"/grades/order": [*GRADES["order"], *(f"g{n}" for n in range(47))]},
            {("/grades/order", "too-many-grades")},
        ),
        (
            {"/recusals": [{"unit": "X1", "body": "X1"}, {"unit": "B01", "body": "B77"}]},
            {
                ("/recusals/0/body", "body-is-the-unit"),
                ("/recusals/1/unit", "unknown-assessed"),
                ("/recusals/1/body", "unknown-unit"),
            },
        ),
        (
            {"/recusals": [{"unit": "X1", "body": "B01"}, {"unit": "X1", "body": "B02"}]},
            {("/recusals/1/unit", "named-twice")},
        ),
        # sub-categories part the units of a category
        (
            {CLASSES: [{"code": "A", "name": "甲类", "units": ["X1", "X2"]}]},
            {(CLASSES, "in-no-subcategory")},
        ),
        (
            {CLASSES: [PLAIN, {"code": "B", "name": "乙类", "units": ["X2", "X3"]}]},
            {(f"{CLASSES}/1/units/0", "named-twice")},
        ),
        (
            {CLASSES: [PLAIN, {"code": "B", "name": "乙类", "units": ["X3", "D1"]}]},
            {(f"{CLASSES}/1/units/1", "other-category")},
        ),
        (
            {CLASSES: [{**PLAIN, "units": ["X1", "X2", "X3"]}, {**PLAIN, "units": []}]},
            {(f"{CLASSES}/1/units", "no-units"), (f"{CLASSES}/1/code", "named-twice")},
        ),
        (
            {
                CLASSES: [PLAIN, {"code": "B", "name": "乙类", "units": ["X3"]}],
                "/categories/1/subcategories": [{"code": "B", "name": "丙", "units": ["D1", "D2"]}],
            },
            {("/categories/1/subcategories/0/code", "named-twice")},
        ),
        (
            {CLASSES: [{**PLAIN, "code": f"S{n}", "units": ["X1"]} for n in range(101)]},
            {(CLASSES, "too-many-subcategories")},
        ),
        (
            {f"{FUNCTION}/6/compare_within": "subcategory"},
            {(f"{FUNCTION}/6/compare_within", "no-subcategories")},
        ),
        (
            {f"{FUNCTION}/{n}/missing": "subcategory_mean" for n in (0, 2)},
            {(f"{FUNCTION}/{n}/missing", "no-subcategories") for n in (0, 2)},
        ),
        (
            {"/ranking/within": "subcategory", "/grades/scope": "subcategory"},
            {("/ranking/within", "no-subcategories"), ("/grades/scope", "no-subcategories")},
        ),
        (
            {
                CLASSES: [PLAIN, {"code": "B", "name": "乙类", "units": ["X3"]}],
                "/ranking/within": "subcategory",
                "/categories/0/ranking": RANKING,
                "/categories/1/ranking": {**RANKING, "within": "subcategory"},
            },
            {
                ("/ranking/within", "no-subcategories"),
                ("/categories/1/ranking/within", "no-subcategories"),
            },
        ),
        ({"/demotions/0/superior_rank": LAST}, {("/demotions/0", "demotion-cause")}),
        ({"/demotions/1/superior_rank": LAST}, {("/demotions/1", "demotion-cause")}),
        (
            {"/demotions/1/event": None, "/demotions/1/superior_rank": {**LAST, "worse_than": 9}},
            {("/demotions/1/superior_rank", "superior-rank-line")},
        ),
        (
            {"/demotions/1/event": None, "/demotions/1/superior_rank": {"list": "全市"}},
            {("/demotions/1/superior_rank", "superior-rank-line")},
        ),
        (
            {"/demotions/1/event": None, "/demotions/1/superior_rank": {**LAST, "indicator": "N"}},
            {("/demotions/1/superior_rank/indicator", "unknown-indicator")},
        ),
        ({"/grades/levels/0/grade": "good"}, {("/grades/levels", "levels-out-of-order")}),
        (STARS, {("/grades/levels", "level-skips-a-grade")}),
        # a level has a rate that is rounded, or a number of places and nothing else
        ({"/grades/levels/0/rounding": None}, {("/grades/levels/0", "level-quota")}),
        ({"/grades/levels/0/rate": None}, {("/grades/levels/0", "level-quota")}),
        (
            {"/grades/levels/0/count": 1},
            {("/grades/levels/0", "level-quota"), ("/grades/levels", "counts-over-units")},
        ),
        (
            {"/grades/levels": [COUNTED | {"min_count": 1}]},
            {("/grades/levels/0", "level-quota")},
        ),
        ({"/grades/levels/0": COUNTED | {"count": None}}, {("/grades/levels/0", "level-quota")}),
        # two of three and 0.4 of three would be more than three
        ({"/grades/levels/0": COUNTED}, {("/grades/levels", "counts-over-units")}),
        # one for each of two classes, of which the second has one unit
        (
            {
                CLASSES: [PLAIN, {"code": "B", "name": "乙类", "units": ["X3"]}],
                "/categories/0/grades": {
                    **GRADES,
                    "levels": [COUNTED | {"count": 1}, {"grade": "good", **ONE}],
                    "scope": "subcategory",
                },
            },
            {("/categories/0/grades/levels", "counts-over-units")},
        ),
        # a grade above another
        *(
            ({**STARS, "/grades/raised": [RAISE | change]}, faults)
            for change, faults in (
                ({"of": "good"}, {("/grades/raised/0/of", "not-just-above")}),
                ({"grade": "N"}, {("/grades/raised/0/grade", "unknown-grade")}),
                ({"of": "N"}, {("/grades/raised/0/of", "unknown-grade")}),
                ({"count": None}, {("/grades/raised/0", "level-quota")}),
                ({"rate": "0.5"}, {("/grades/raised/0", "level-quota")}),
                ({"rate": "0.5", "rounding": "floor"}, {("/grades/raised/0", "level-quota")}),
                (
                    {"grade": "excellent", "of": "good"},
                    {("/grades/raised/0/grade", "raised-otherwise")},
                ),
                (
                    {"within": "subcategory"},
                    {("/grades/raised/0/within", "no-subcategories")},
                ),
            )
        ),
        (
            {**STARS, "/grades/raised": [RAISE, RAISE]},
            {("/grades/raised/1/grade", "raised-otherwise")},
        ),
        (
            {"/grades/tie_at_line": "tie_break", "/ranking/tie_break": []},
            {("/grades/tie_at_line", "no-tie-break-keys")},
        ),
        # keys that decide at the line alone leave ranks shared, and these are not
        (
            {"/grades/tie_at_line": "tie_break", "/ranking/ties": "ordinal"},
            {("/grades/tie_at_line", "ordinal-ranks-not-shared")},
        ),
        # what tells equal totals apart
        (
            {"/ranking/tie_break/1": {"key": "block", "code": "bonus"}},
            {("/ranking/tie_break/1", "unknown-block")},
        ),
        (
            {"/ranking/tie_break/1": {"key": "indicator", "code": "function"}},
            {("/ranking/tie_break/1/code", "unknown-indicator")},
        ),
        (
            {"/ranking/tie_break/1": {"key": "block", "code": "function"}},
            {("/ranking/tie_break/1", "named-twice")},
        ),
        (
            {"/ranking/tie_break": [{"key": "fewer_deductions"}] * 2},
            {("/ranking/tie_break/1", "named-twice")},
        ),
        ({"/ranking/tie_break": ["function"] * 21}, {("/ranking/tie_break", "too-many-keys")}),
        (
            {"/ranking/tie_break/1": {"key": "last_year_rank"}},
            {("/ranking/previous_cycle", "previous-cycle-missing")},
        ),
        (
            {"/ranking/previous_cycle": "00000000-0000-0000-0000-000000000009"},
            {("/ranking/previous_cycle", "not-an-earlier-cycle")},
        ),
        ({"/grades/levels/0/rate": "0.7"}, {("/grades/levels", "rates-over-one")}),
        (
            {"/adjustments/window/closes": "2024-12-31"},
            {("/adjustments/window/closes", "closes-before-it-opens")},
        ),
        (
            {f"{FUNCTION}/4/window": {"opens": "2025-12-01", "closes": "2025-11-30"}},
            {(f"{FUNCTION}/4/window/closes", "closes-before-it-opens")},
        ),
        ({"/calendar/1/closes": "2025-05-31"}, {("/calendar/1/closes", "closes-before-it-opens")}),
        (
            {"/adjustments/bonus/rules/0/by_place": {"一等奖": "2", "二等奖": "2.1"}},
            {("/adjustments/bonus/rules/0/by_place", "place-over-rule")},
        ),
        (
            {"/adjustments/bonus/rules/0/by_place": {"1": "2", "１": "1"}},
            {("/adjustments/bonus/rules/0/by_place", "place-twice")},
        ),
        (
            {"/adjustments/bonus/holders": {"person": "0.5", "a/b": "0.5"}},
            {("/adjustments/bonus/holders/a~1b", "unknown-holder")},
        ),
        (
            {
                "/adjustments/bonus/across_years": "excess",
                "/adjustments/bonus/same_event": "sum",
            },
            {("/adjustments/bonus/across_years", "years-of-a-sum")},
        ),
        (
            {
                "/adjustments/bonus/rules/0/special": {"deductions": ["NONE"]},
            },
            {
                ("/adjustments/bonus/rules/0/special/deductions/0", "unknown-rule"),
                ("/adjustments/bonus/rules/0/special/deductions", "deductions-unasked"),
            },
        ),
        (
            {"/adjustments/bonus/rules/0/special": {"hit_above": "0.15", "units_to": "0.1"}},
            {("/adjustments/bonus/rules/0/special/deductions", "missing")},
        ),
        (
            {"/adjustments/bonus/rules/0/special": {}},
            {("/adjustments/bonus/rules/0/special", "special-of-nothing")},
        ),
        (
            {"/adjustments/deductions/rules/0/family": "F"},
            {("/adjustments/deductions/rules/0/family", "unknown-family")},
        ),
        (
            {"/adjustments/bonus/families": [{"code": "F", "name": "批示", "cap": 1}]},
            {("/adjustments/bonus/families/0", "family-of-no-rule")},
        ),
        (
            {
                "/adjustments/bonus/families": [{"code": "F", "name": "批示", "cap": 1}] * 2,
                "/adjustments/bonus/rules/0/family": "F",
            },
            {("/adjustments/bonus/families/1", "named-twice")},
        ),
    ],
)
def test_what_a_scheme_names_exists_once_and_agrees(stored, changes, faults):
    assert {(fault.pointer, fault.code) for fault in faults_of(stored(changes))} == faults


def test_a_scheme_with_subcategories_may_be_published(stored):
    changes = {
        CLASSES: [PLAIN, {"code": "B", "name": "乙类", "name_en": "Hills", "units": ["X3"]}],
        f"{FUNCTION}/6/compare_within": "subcategory",
        "/ranking/within": "subcategory",
        "/grades/scope": "subcategory",
    }
    check_sound(stored(changes), UNITS)


def test_a_level_for_all_units_is_a_threshold_and_takes_no_share(stored):
    """Planted bug: count its rate of 1 with the quotas of the others."""
    check_sound(stored({"/grades/levels/0/rate": "1"}), UNITS)


def test_keys_of_every_kind_and_levels_of_both_may_be_published(stored):
    """Planted bug: hold the places of a count against each category's units one too strictly."""
    last_year = UUID(int=9)
    keys = ["function", {"key": "indicator", "code": "C01"}, {"key": "fewer_deductions"}]
    levels = [COUNTED | {"count": 1}, {"grade": "good", "count": 1, "min_score": 75}]
    changes = {
        "/ranking/tie_break": [*keys, {"key": "last_year_rank"}],
        "/ranking/previous_cycle": str(last_year),
        "/grades/levels": levels,
        "/grades/tie_at_line": "all",
        "/demotions/1/event": None,
        "/demotions/1/superior_rank": LAST | {"indicator": "C01"},
    }
    check_sound(stored(changes), UNITS, {last_year})


def test_the_key_of_a_block_is_stored_in_short(stored):
    """Planted bug: keep two writings of one scheme, with two digests."""
    key = {"key": "block", "code": "function"}
    assert stored({"/ranking/tie_break/0": key}) == stored()


def test_a_unit_reporting_itself_needs_no_registration_of_own_unit(stored):
    assert "own_unit" not in UNITS
    check_sound(stored(), UNITS)


def test_a_newer_version_takes_its_turn():
    check_turn(1, in_force=None)
    check_turn(3, in_force=1)


@pytest.mark.parametrize("version", [1, 2])
def test_a_version_that_is_not_newer_is_overtaken(version):
    with pytest.raises(VersionOvertaken):
        check_turn(version, in_force=2)


def test_the_first_scheme_needs_no_reason():
    check_reason(None, in_force=None)
    check_reason("省级目标调整", in_force=1)


def test_a_change_of_a_published_scheme_needs_a_reason():
    with pytest.raises(ReasonMissing):
        check_reason(None, in_force=1)


def test_a_scheme_without_places_families_or_holders_has_the_digest_from_before(stored):
    """Also where it says what holds by itself. Planted bug: leave `joint` out of `WHERE_GIVEN`."""

    def written(scheme):
        return adapter_of(Scheme).dump_python(scheme, mode="json")

    plain = written(stored())["adjustments"]
    bonus, costs = plain["bonus"], plain["deductions"]
    assert {*bonus} == {"rules", "same_event", "cap_total", "requires"}
    assert {*costs} == {"rules", "same_event", "cap_total"}
    assert {*bonus["rules"][0]} == {"code", "level", "points", "authorities"}
    assert {*costs["rules"][0]} == {"code", "name", "points"}
    usual = {"/adjustments/bonus/joint": "split", "/adjustments/bonus/holders": {}}
    usual |= {"/adjustments/bonus/families": [], "/adjustments/bonus/rules/0/by_place": {}}
    assert written(stored(usual))["adjustments"] == plain
    told = written(stored({"/adjustments/bonus/joint": "full"}))["adjustments"]["bonus"]
    assert told == bonus | {"joint": "full"}
