import dataclasses
from decimal import Decimal

import pytest
from pydantic import ValidationError

from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.policies import Part

FUNCTION = "/categories/0/blocks/0/indicators"
BY_POINTS = "/rounding/by_points"


def faults_of(scheme):
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme)
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


def test_a_stored_scheme_is_its_own_exact_form(stored, schemes):
    once = stored()
    again = schemes.validate_python(schemes.dump_python(once, mode="json"))
    assert complete(again) == again == once


def test_schemes_that_differ_only_in_how_numbers_are_written_are_equal(stored, schemes):
    written = {"/categories/0/total": Decimal("100.00"), f"{FUNCTION}/0/points": "10.0"}
    assert schemes.dump_json(stored(written)) == schemes.dump_json(stored())


def test_a_draft_need_not_add_up(stored):
    assert stored({"/categories/0/total": 99}).categories[0].total == 99


def test_a_scheme_cannot_be_altered(stored):
    with pytest.raises(dataclasses.FrozenInstanceError):
        stored().title = "another"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"/extra": 1}, ("extra",)),
        ({"/title": ""}, ("title",)),
        ({"/rounding/mode": "bankers"}, ("rounding", "mode")),
        (
            {f"{FUNCTION}/0/method": "guess"},
            ("categories", 0, "blocks", 0, "indicators", 0, "method"),
        ),
        ({f"{FUNCTION}/0/points": ...}, ("categories", 0, "blocks", 0, "indicators", 0, "points")),
        (
            {f"{FUNCTION}/0/points": "NaN"},
            ("categories", 0, "blocks", 0, "indicators", 0, "points"),
        ),
    ],
)
def test_a_document_of_another_shape_is_no_scheme(schemes, document, changes, pointer):
    with pytest.raises(ValidationError) as refused:
        schemes.validate_python(document(changes))
    assert [error["loc"] for error in refused.value.errors()] == [pointer]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"/rounding/places": 9}, {("/rounding/places", "out-of-range")}),
        (
            {BY_POINTS: [{"from_points": -1, "places": 13}]},
            {
                (f"{BY_POINTS}/0/from_points", "out-of-range"),
                (f"{BY_POINTS}/0/places", "out-of-range"),
            },
        ),
        (
            {BY_POINTS: [{"from_points": n, "places": 4} for n in (5, "5.0", 10)]},
            {(f"{BY_POINTS}/{i}", "rows-out-of-order") for i in (1, 2)},
        ),
        (
            {BY_POINTS: [{"from_points": n, "places": 4} for n in range(101, 0, -1)]},
            {(BY_POINTS, "too-many")},
        ),
        ({"/assessment_year": 1900}, {("/assessment_year", "out-of-range")}),
        ({"/code": "小城"}, {("/code", "not-a-code")}),
        ({"/title": "小\u200e\x07城"}, {("/title", "unclean-text")}),
        ({"/categories/0/units/1": "X 2"}, {("/categories/0/units/1", "not-a-code")}),
        ({"/categories/0/total": 0}, {("/categories/0/total", "out-of-range")}),
        ({f"{FUNCTION}/0/points": -1}, {(f"{FUNCTION}/0/points", "out-of-range")}),
        (
            {f"{FUNCTION}/0/points": Decimal("1E+999999999")},
            {(f"{FUNCTION}/0/points", "too-many-digits")},
        ),
        (
            {f"{FUNCTION}/0/params/cap": 1, f"{FUNCTION}/6/params/step_ratio": "1.5"},
            {
                (f"{FUNCTION}/0/params/cap", "unknown-parameter"),
                (f"{FUNCTION}/6/params/step_ratio", "out-of-range"),
            },
        ),
        (
            {f"{FUNCTION}/2/children/1/params/tiers/0/min": 70},
            {(f"{FUNCTION}/2/children/1/params/tiers/1", "tiers-overlap")},
        ),
        ({f"{FUNCTION}/2/children": []}, {(f"{FUNCTION}/2/children", "children-missing")}),
        (
            {f"{FUNCTION}/2/method": "relative_to_best"},
            {(f"{FUNCTION}/2/method", "children-unused")},
        ),
        (
            {"/categories/1/blocks/1/indicators/0/params/survey": "mail"},
            {("/categories/1/blocks/1/indicators/0/params/survey", "unknown-survey")},
        ),
        ({"/surveys/0/options/satisfied": 101}, {("/surveys/0/options/satisfied", "out-of-range")}),
        ({"/surveys/0/options": {}}, {("/surveys/0/options", "no-options")}),
        ({"/surveys/0/waves": 0}, {("/surveys/0/waves", "out-of-range")}),
        ({"/grades/levels/0/rate": "1.1"}, {("/grades/levels/0/rate", "out-of-range")}),
        ({"/vetoes/limit": -1}, {("/vetoes/limit", "out-of-range")}),
        ({"/vetoes/items/0/years": 3}, {("/vetoes/items/0/years", "out-of-range")}),
        (
            {"/vetoes/term": {"began": 2025, "removal_at": 1}},
            {("/vetoes/term/removal_at", "out-of-range")},
        ),
        ({"/grades/names": {"x" * 65: "优秀"}}, {(f"/grades/names/{'x' * 65}", "not-a-word")}),
    ],
)
def test_values_no_scheme_may_have_are_named_all_at_once(scheme, changes, faults):
    assert faults_of(scheme(changes)) == faults


def test_pointers_lead_from_where_the_scheme_was_sent(scheme):
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme({"/rounding/places": 9}), at="/scheme")
    assert [fault.pointer for fault in refused.value.faults] == ["/scheme/rounding/places"]


def below(part):
    """The classes that are made of one, and of those."""
    for each in part.__subclasses__():
        yield each
        yield from below(each)


def test_whoever_reads_a_scheme_may_rely_on_every_field_that_was_there_from_the_start(schemes):
    """Planted bug: a field that nobody declares as one that came later, and that may be wanting."""
    later = {each.__name__: each.WHERE_GIVEN for each in below(Part)}
    for part in schemes.json_schema(mode="serialization")["$defs"].values():
        wanting = set(part["properties"]) - set(part["required"])
        assert wanting == later.get(part["title"], frozenset()), part["title"]
