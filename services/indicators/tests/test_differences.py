from decimal import Decimal

import pytest

from indicators.rules.differences import Change, Reclassed, differences

FUNCTION = "/categories/0/blocks/0/indicators"


def changes(before, after):
    found = differences(before, after)
    return [change for category in found.categories for change in category.changes]


def test_a_scheme_does_not_differ_from_itself(stored):
    assert differences(stored(), stored()).categories == ()
    assert differences(stored(), stored()).sections == ()


def test_parameters_that_were_not_known_yet_do_not_differ(stored, schemes):
    """Planted bug: compare what is stored, where a default is written out only since."""
    usual = schemes.dump_python(stored(), mode="json")
    parts = usual["categories"][0]["blocks"][0]["indicators"][1]["params"]["components"]
    own = {f"{FUNCTION}/1/per_unit_params": {"X1": {"components": parts}}}
    document = schemes.dump_python(stored(own), mode="json")
    blend = document["categories"][0]["blocks"][0]["indicators"][1]
    for params in (blend["params"], blend["per_unit_params"]["X1"]):
        assert params["components"][0]["params"].pop("clamp") is True

    assert changes(schemes.validate_python(document), stored(own)) == []
    [change] = changes(schemes.validate_python(document), stored())
    assert (change.field, change.after) == ("per_unit_params", "{}")


def test_everything_is_added_where_there_was_no_scheme(stored):
    found = differences(None, stored())
    assert [(c.category, c.total_before, c.total_after) for c in found.categories] == [
        ("COUNTY", None, 100),
        ("DEPT", None, 100),
    ]
    assert found.categories[1].units_added == ("D1", "D2")
    assert {change.kind for change in found.categories[0].changes} == {"added"}
    assert "grades" in found.sections


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(
            {f"{FUNCTION}/0/points": "8.5"},
            [Change("C01", "投资", "changed", "points", "10", "8.5", Decimal("-1.5"))],
            id="points",
        ),
        pytest.param(
            {f"{FUNCTION}/3/window": {"opens": "2025-01-01", "closes": "2025-12-15"}},
            [
                Change(
                    "C04",
                    "节点",
                    "changed",
                    "window",
                    None,
                    '{"carry_over": false, "closes": "2025-12-15", "opens": "2025-01-01"}',
                    Decimal(),
                )
            ],
            id="days",
        ),
        pytest.param(
            {f"{FUNCTION}/6/params/step_ratio": "0.1"},
            [Change("C07", "投资增速", "changed", "params/step_ratio", "0.05", "0.1", Decimal())],
            id="a parameter",
        ),
        pytest.param(
            {f"{FUNCTION}/6/method": "relative_to_best", f"{FUNCTION}/6/params": {}},
            [
                Change("C07", "投资增速", "changed", field, before, after, Decimal())
                for field, before, after in (
                    ("method", "rank_points", "relative_to_best"),
                    ("params/step_ratio", "0.05", None),
                    ("params/from", "top", None),
                    ("params/rank_by", "higher", None),
                    ("params/tie", "same_rank_skip", None),
                    ("params/floor_ratio", "0", None),
                    ("params/allow_below_zero", "false", None),
                    ("params/period", "quarter", None),
                    ("params/period_combine", "mean", None),
                )
            ],
            id="the method, and its parameters with it",
        ),
        pytest.param(
            {f"{FUNCTION}/0/allow_exceed": False, f"{FUNCTION}/0/data_source_unit": "B02"},
            [
                Change("C01", "投资", "changed", "data_source_unit", "B01", "B02", Decimal()),
                Change("C01", "投资", "changed", "allow_exceed", "true", "false", Decimal()),
            ],
            id="who enters it, and what it may exceed",
        ),
        pytest.param(
            {f"{FUNCTION}/7": ...},
            [Change("C08", "招商引资", "removed", None, "COUNTY/function", None, Decimal(-5))],
            id="removed",
        ),
        pytest.param(
            {f"{FUNCTION}/7/code": "C99"},
            [
                Change("C99", "招商引资", "added", None, None, "COUNTY/function", Decimal(5)),
                Change("C08", "招商引资", "removed", None, "COUNTY/function", None, Decimal(-5)),
            ],
            id="another code is another indicator",
        ),
    ],
)
def test_a_change_is_told_in_points(stored, after, expected):
    assert changes(stored(), stored(after)) == expected


def test_a_renamed_category_is_another_one_and_units_come_and_go(stored):
    after = stored({"/categories/1/code": "BUREAU", "/categories/0/units/0": "X9"})
    county, bureau, dept = differences(stored(), after).categories
    assert (county.units_added, county.units_removed) == (("X9",), ("X1",))
    assert (bureau.category, bureau.total_before, bureau.total_after) == ("BUREAU", None, 100)
    assert (dept.category, dept.total_before, dept.total_after) == ("DEPT", 100, None)


def test_a_unit_of_another_class_than_before_is_told(stored):
    """Planted bug: a scheme in which nothing but the classes changed differs in nothing."""
    classes = [
        {"code": "A", "name": "甲类", "units": ["X1", "X2"]},
        {"code": "B", "name": "乙类", "units": ["X3"]},
    ]
    before = stored({"/categories/0/subcategories": classes})
    after = stored({"/categories/0/subcategories": [{**classes[0], "units": ["X1", "X2", "X3"]}]})
    (county,) = differences(before, after).categories
    assert county.units_reclassed == (Reclassed("X3", "B", "A"),)
    assert [each.unit for each in differences(stored(), after).categories[0].units_reclassed] == [
        "X1",
        "X2",
        "X3",
    ]


def test_an_indicator_that_moves_takes_its_points_along(stored):
    moving = stored().categories[0].blocks[0].indicators[7]
    as_sent = {
        "code": moving.code,
        "name": moving.name,
        "points": moving.points,
        "method": moving.method,
        "params": moving.params,
        "data_source_unit": moving.data_source_unit,
        "frequency": moving.frequency,
    }
    after = stored({f"{FUNCTION}/7": ..., "/categories/0/blocks/2/indicators/5": as_sent})
    moved = Change(
        "C08", "招商引资", "moved", None, "COUNTY/function", "COUNTY/comprehensive", Decimal()
    )
    assert changes(stored(), after) == [moved]


def test_sections_beside_the_indicators_are_named(stored):
    after = stored({"/grades/levels/0/rate": "0.25", "/vetoes/limit": 3})
    assert differences(stored(), after).sections == ("vetoes", "grades")
