"""Panels of a scheme: their seats, the indicators that they mark, and criteria that stay."""

import pytest

from indicators.rules import panels
from indicators.rules.compiled import compile_scheme
from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.entry_forms import Asked, entry_forms
from indicators.rules.publication import SchemeUnsound, check_criteria, check_sound
from indicators.rules.without_effect import without_effect

FIRST = "/categories/0/blocks/0/indicators/0"
UNITS = {"B01": "body", "B02": "body"} | dict.fromkeys(("X1", "X2", "X3"), "assessed")
UNITS |= dict.fromkeys(("D1", "D2", "D3"), "assessed")
RUBRIC = [{"low": 0, "high": 59, "text": "未开展"}, {"low": 60, "high": 100, "text": "已开展"}]


def seat(name, unit="B01", account=None):
    return {"seat": name, "account": account or f"expert-{name}", "unit": unit}


def panel(*seats, code="P"):
    return {"code": code, "name": "评审组", "seats": list(seats)}


def marked(*seats, **params):
    """The small scheme, whose first indicator is marked by a panel."""
    return {
        "/panels": [panel(*(seats or (seat("A"), seat("B", "B02"), seat("C", "X1"))))],
        f"{FIRST}/method": "qualitative_panel",
        f"{FIRST}/params": {"panel": "P"} | params,
        f"{FIRST}/per_unit_params": {},
    }


def told(refused):
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"/panels": []}, (f"{FIRST}/params/panel", "unknown-panel")),
        (
            {"/panels": [panel(seat("A"), seat("A", account="x"))]},
            ("/panels/0/seats/1/seat", "named-twice"),
        ),
        (
            {"/panels": [panel(seat("A", account="zhang"), seat("B", account="Ｚhang"))]},
            ("/panels/0/seats/1/account", "named-twice"),
        ),
        (
            {"/panels": [panel(seat("A")), panel(seat("A"))]},
            ("/panels/1/code", "named-twice"),
        ),
        ({"/panels": [panel()]}, ("/panels/0/seats", "no-seats")),
        (
            {"/panels": [panel(*(seat(f"S{n}") for n in range(101)))]},
            ("/panels/0/seats", "too-many"),
        ),
        (
            {"/panels": [panel(seat("A"), code=f"P{n}") for n in range(100)] + [panel(seat("A"))]},
            ("/panels", "too-many"),
        ),
        ({"/panels": [panel(seat("a b"))]}, ("/panels/0/seats/0/seat", "not-a-code")),
        (
            {"/panels": [panel(seat("A", account="13812345678"))]},
            ("/panels/0/seats/0/account", "phone-number"),
        ),
        ({f"{FIRST}/params/trim": 2}, (f"{FIRST}/params/trim", "too-much-trimmed")),
        ({f"{FIRST}/params/min_marks": 4}, (f"{FIRST}/params/min_marks", "marks-out-of-reach")),
        (
            {f"{FIRST}/per_unit_params": {"X1": {"panel": None, "panel_size": 2}}},
            (f"{FIRST}/per_unit_params/X1/panel", "not-overridable"),
        ),
    ],
)
def test_a_panel_that_could_not_mark_is_refused_when_it_is_saved(scheme, changes, fault):
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme(marked() | changes))
    assert fault in told(refused)


def test_so_many_panels_and_seats_are_taken(stored):
    seats = [seat(f"S{n}") for n in range(100)]
    many = [panel(seat("A"), code=f"Q{n}") for n in range(99)]
    found = stored(marked(*seats) | {"/panels": [panel(*seats), *many]})
    assert (len(found.panels), len(found.panels[0].seats)) == (100, 100)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (marked(), set()),
        (marked(seat("A", "B77")), {("/panels/0/seats/0/unit", "unknown-unit")}),
        (marked(trim=1), {(f"{FIRST}/params/panel", "too-few-seats-left")}),
        (marked(trim=1, exclude_own_unit=False), set()),
        (marked(min_marks=3), {(f"{FIRST}/params/panel", "too-few-seats-left")}),
        # a unit of another category is not marked here
        (marked(seat("A"), seat("B"), seat("C", "D1"), trim=1), set()),
        (
            marked(seat("A", "X1"), seat("B", "X1")),
            {(f"{FIRST}/params/panel", "too-few-seats-left")},
        ),
        (
            marked(distinct_marks=True, only_steps=True, rubric=[{"low": 1, "text": "是"}]),
            {(f"{FIRST}/params/distinct_marks", "too-few-marks")},
        ),
        (marked(distinct_marks=True, only_steps=True, rubric=RUBRIC), set()),
        (marked(distinct_marks=True, rubric=[{"low": 1, "text": "是"}]), set()),
    ],
)
def test_a_scheme_is_published_when_every_unit_can_be_marked(stored, changes, faults):
    """Planted bugs: count the seats of the units of all categories; forget `exclude_own_unit`."""
    if not faults:
        check_sound(stored(changes), UNITS)
        return
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(stored(changes), UNITS)
    assert told(refused) == faults


@pytest.mark.parametrize(
    ("before", "now", "stays"),
    [
        ([marked(rubric=RUBRIC)], marked(rubric=RUBRIC), True),
        ([marked(rubric=RUBRIC)], marked(seat("A"), trim=0, rubric=RUBRIC), True),
        ([marked(rubric=RUBRIC)], marked(rubric=RUBRIC[:1]), False),
        ([marked(rubric=RUBRIC)], marked(rubric=RUBRIC, only_steps=True), False),
        ([marked(rubric=RUBRIC)], marked(rubric=RUBRIC, scale=120), False),
        ([marked()], marked(rubric=RUBRIC), False),
        # what was taken away meanwhile comes back as it was, or not at all
        ([marked(rubric=RUBRIC), {}], marked(), False),
        ([{}], marked(rubric=RUBRIC), True),
        ([], marked(rubric=RUBRIC), True),
        ([marked(rubric=RUBRIC)], {}, True),
    ],
)
def test_criteria_that_were_published_stay(stored, before, now, stays):
    """Planted bug: compare with the version in force alone."""
    published = [stored(changes) for changes in before]
    if stays:
        check_criteria(stored(now), published)
        return
    with pytest.raises(SchemeUnsound) as refused:
        check_criteria(stored(now), published)
    assert told(refused) == {(f"{FIRST}/params", "criteria-changed")}


def test_a_panel_of_before_there_were_any_is_free_to_get_a_rubric(stored):
    plain = {f"{FIRST}/method": "qualitative_panel", f"{FIRST}/params": {"panel_size": 3}}
    plain |= {f"{FIRST}/per_unit_params": {}}
    check_criteria(stored(marked(rubric=RUBRIC)), [stored(plain)])


def test_the_entry_form_shows_the_seats_and_the_rubric(stored):
    found = stored(marked(rubric=RUBRIC, only_steps=True))
    (county,) = entry_forms(found, compile_scheme(found), Asked(indicator="C01"))
    form = county.indicators[0].form
    assert (form.panel, form.items, form.excludes_own_unit) == ("P", ("A", "B", "C"), True)
    assert [(int(s.low), int(s.high), s.text) for s in form.rubric] == [
        (0, 59, "未开展"),
        (60, 100, "已开展"),
    ]
    assert form.only_steps


def test_seats_count_towards_what_a_form_may_list(stored, monkeypatch):
    from indicators.rules import compiled

    monkeypatch.setattr(compiled, "MOST_WORDS", 300)
    seats = [seat(f"S{n}") for n in range(100)]
    compile_scheme(stored(marked(*seats)))
    monkeypatch.setattr(compiled, "MOST_WORDS", 100)
    with pytest.raises(compiled.CompiledTooLarge):
        compile_scheme(stored(marked(*seats)))


OWN = {f"{FIRST}/data_source_unit": "own_unit", f"{FIRST}/may_be_not_applicable": True}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (marked(), {(f"{FIRST}/data_source_unit", "source-of-nothing")}),
        (marked() | {f"{FIRST}/may_be_not_applicable": True}, set()),
        ({"/panels": [panel(seat("A"))]}, {("/panels/0", "panel-marks-nothing")}),
        (
            marked(panel=None, panel_size=2, distinct_marks=True) | OWN | {"/panels": []},
            {(f"{FIRST}/params/distinct_marks", "marks-of-one-unit")},
        ),
        (marked(distinct_marks=True) | OWN, set()),
    ],
)
def test_what_of_a_panel_changes_nothing_is_named(stored, changes, named):
    usual = {(each.pointer, each.code) for each in without_effect(stored())}
    assert {(each.pointer, each.code) for each in without_effect(stored(changes))} - usual == named


def test_every_refusal_speaks_chinese(scheme):
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme(marked() | {"/panels": [panel(seat("A"), seat("A"))] * 2}))
    assert all(fault.zh for fault in refused.value.faults)
    assert panels.MOST_SEATS == panels.MOST_PANELS == 100
