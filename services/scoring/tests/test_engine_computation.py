"""Scoring again after a change: the bytes of a full computation, and nothing touched in vain."""

import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scoring.rules.computation import Change, Computation, change_since, compute, rescore

from scoring.api.explanation.explanations import tree_of
from scoring.api.sheet.documents import SheetInputs, content_of, sheet_of
from scoring.rules.explanation.own_reading import own_reading
from scoring.rules.ledger.entries import Entry
from scoring.rules.scheme.document import Indicator, Scheme, Target
from scoring.rules.sheet.totals import UnitScores

POLICIES = {
    "C01": {"missing": "skip"},
    "C02": {"missing": "zero"},
    "C05": {"missing": "category_mean"},
    "C08": {"missing": "carry_over"},
    "C09": {"redistribute_to": "C14"},
    "C10A": {"missing": "skip"},
    "C10B": {"missing": "skip"},
    "C16": {"must_differentiate": True, "missing": "category_mean"},
}
READER = {
    "inputs": {
        "place": {"from": "rank", "key": None, "indicator": "C05", "value": None},
        "score": {"from": "score", "key": None, "indicator": "C10", "value": None},
        "once": {"from": "measured", "key": "actual", "indicator": "C07", "value": None},
    },
    "formula": "score - place / 10 + once / 1000",
    "result": "points",
    "low": "0",
    "cap": None,
    "gate": None,
}


ACTUAL = {"from": "measured", "key": "actual", "indicator": "C09"}
COMPOSITES = {
    "C16": {  # compared, of what is entered here and elsewhere
        "inputs": {
            "v": {"from": "measured", "key": "value"},
            "grown": ACTUAL,
            "base": {"from": "baseline", "indicator": "C09"},
            "aim": {"from": "target", "indicator": "C07"},
            "difficulty": {"from": "constant", "value": "1"},
        },
        "formula": "(v + grown / base) * difficulty / (aim - 100)",
    },
    "C08": {  # compared, every quarter, of a score
        "inputs": {
            "v": {"from": "measured", "key": "value"},
            "s": {"from": "score", "indicator": "C10A"},
        },
        "formula": "v * (s + 1)",
    },
    "C19": {  # compared with nobody
        "inputs": {
            "x": {"from": "measured", "key": "actual", "indicator": "C10B"},
            "place": {"from": "rank", "indicator": "C08"},
        },
        "formula": "x + place",
    },
}
READ = {"C07", "C09", "C10A", "C10B"}
"""What is read by others; most changes are to be about them."""


def modified(each: Indicator) -> Indicator:
    children = tuple(modified(child) for child in each.children)
    each = replace(each, children=children, **POLICIES.get(each.code, {}))
    if (composite := COMPOSITES.get(each.code)) is not None:
        each = replace(each, params={**each.params, "composite": composite})
    if each.code == "C16":
        constant = {"difficulty": {"from": "constant", "value": "1.2"}}
        own = composite | {"inputs": composite["inputs"] | constant}
        each = replace(each, per_unit_params={"XQ03": {"composite": own}})
    if each.code == "C01":  # the first of the scheme reads what comes later
        return replace(each, code="C01X", method="expression", params=READER)
    return each


def with_policies(scheme: Scheme) -> Scheme:
    """The reference scheme in which much is decided about missing data, and C01 reads others."""
    (county,) = (category for category in scheme.categories if category.code == "COUNTY")
    blocks = tuple(
        replace(block, indicators=tuple(modified(each) for each in block.indicators))
        for block in county.blocks
    )
    return replace(scheme, categories=(replace(county, blocks=blocks),))


@pytest.fixture(scope="session")
def start(scheme, county, satisfaction, claims, names) -> dict[str, Computation]:
    facts = {
        "entries": county.entries,
        "targets": county.targets,
        "satisfaction": satisfaction,
        "claims": claims,
        "names": names,
    }
    schemes = {"plain": scheme, "policies": with_policies(scheme)}
    return {name: compute(each, {"COUNTY"}, **facts) for name, each in schemes.items()}


def bytes_of(computation: Computation) -> bytes:
    """All that is stored of a computation."""
    digests = dict.fromkeys(SheetInputs.model_fields, "")
    sheet = computation.sheet
    content = content_of(
        UUID(int=0),
        ["COUNTY"],
        SheetInputs(**digests),
        map(sheet_of, sheet.units),
        sheet.claims,
        {},
    )
    trees = [tree_of(unit.explanation).model_dump_json() for unit in sheet.units]
    return (content.model_dump_json() + json.dumps(trees)).encode()


def anew(computation: Computation, claims) -> Computation:
    """The same facts, computed from nothing."""
    return compute(
        computation.scheme,
        {"COUNTY"},
        entries=[entry for found in computation.entries.values() for entry in found],
        targets=[aim for items in computation.targets.values() for aim in items.values()],
        satisfaction=computation.satisfaction,
        claims=claims,
        names=computation.names,
    )


numbers = st.decimals(-5, 200, places=2)


@st.composite
def changes(draw, county, satisfaction):
    """One change: entries that go, come or say something else, targets, surveys."""
    some = st.sampled_from(county.entries)
    some |= st.sampled_from([entry for entry in county.entries if entry.indicator in READ])
    units, codes = st.sampled_from(county.category.units), sorted(county.category.indicators())
    gone = draw(st.lists(some, max_size=3, unique=True))
    other = [
        replace(entry, entry_id=UUID(int=draw(st.integers(10**6, 10**9))), value=draw(numbers))
        for entry in draw(st.lists(some, max_size=2, unique=True))
        if entry.kind == "measured_value"
    ]
    out = [
        Entry(
            UUID(int=draw(st.integers(10**9, 10**12))),
            draw(units),
            draw(st.sampled_from(codes)),
            "not_applicable",
            None,
            None,
            "2025",
            None,
            None,
        )
        for _ in range(draw(st.sampled_from([0, 0, 1, 2])))
    ]
    aims = [
        replace(aim, target=draw(numbers), version=2)
        for aim in draw(st.lists(_aims(county), max_size=1))
    ]
    left = [(t.unit, t.indicator, t.item) for t in draw(st.lists(_aims(county), max_size=1))]
    found = draw(st.sampled_from([None, *satisfaction]))
    score = draw(st.none() | st.decimals(0, 100, places=4))
    return Change(
        entries=(*other, *out),
        removed=gone + [e for e in other if draw(st.booleans()) and e in county.entries],
        targets=aims,
        withdrawn=left,
        satisfaction={} if found is None else {found: score},
    )


def _aims(county) -> st.SearchStrategy[Target]:
    read = [aim for aim in county.targets if aim.indicator in READ]
    return st.sampled_from(county.targets) | st.sampled_from(read)


@pytest.mark.parametrize("name", ["plain", "policies"])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_scoring_again_gives_the_bytes_of_a_full_computation(
    name, data, start, county, satisfaction, claims
):
    """Planted bugs: comparing methods, or readers of a rank, computed for the changed unit only; a
    score that is compared, by which only its own unit is computed; what a formula reads of another
    indicator, left out of what is touched or of the facts."""
    computation, kept = start[name], claims
    for _ in range(data.draw(st.integers(1, 3))):
        change = data.draw(changes(county, satisfaction))
        if data.draw(st.booleans()):
            kept = data.draw(st.lists(st.sampled_from(claims), unique=True))
            change = replace(change, claims=kept)
        computation = rescore(computation, change)

    assert bytes_of(computation) == bytes_of(anew(computation, kept))


def _told_apart(change: Change) -> bool:
    """Whether every entry has an id of its own, as in a ledger."""
    return len({entry.entry_id for entry in change.entries}) == len(change.entries)


def facts_of(computation: Computation) -> dict:
    """What a computation was made of, as it is read from outside."""
    return {
        "entries": [entry for found in computation.entries.values() for entry in found],
        "targets": [aim for items in computation.targets.values() for aim in items.values()],
        "satisfaction": computation.satisfaction,
        "claims": computation.claims,
    }


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_has_changed_is_found_by_comparing(data, start, county, satisfaction, claims):
    """Planted bugs: an entry that went, a target withdrawn, a survey emptied are not noticed."""
    first = start["plain"]
    change = data.draw(changes(county, satisfaction).filter(_told_apart))
    if data.draw(st.booleans()):
        change = replace(change, claims=data.draw(st.lists(st.sampled_from(claims), unique=True)))
    other = rescore(first, change)

    there = rescore(first, change_since(first, **facts_of(other)))
    back = rescore(there, change_since(there, **facts_of(first)))

    assert bytes_of(there) == bytes_of(other)
    assert bytes_of(back) == bytes_of(first)


def test_a_comparison_with_itself_finds_nothing(start):
    """Caught: a full computation each time, because something always seems to have changed."""
    for computation in start.values():
        assert change_since(computation, **facts_of(computation)) == Change(
            entries=[], removed=[], targets=[], withdrawn=[]
        )


CLAIMED = {"full_at": 3, "per_item": "3", "distinct": True}
SMALL = ("U1", "U2", "U3", "U4")
LEAVES = {
    "P1": ("count_points", CLAIMED),
    "P2": ("count_points", CLAIMED | {"when_shared": "share"}),
    "P3": ("count_points", CLAIMED | {"when_shared": "each"}),
    "G": ("grade_map", {"grades": {"A": "1", "B": "0.5"}, "at_most": {"A": "0.5"}}),
    "V": ("relative_to_best", {}),
}


@pytest.fixture(scope="session")
def among_others(scheme, names) -> Computation:
    """A category in which what one unit enters says what another scores, with nothing entered."""
    category = next(each for each in scheme.categories if each.code == "COUNTY")
    model = next(each for each in category.blocks[0].indicators if not each.children)
    leaves = tuple(
        replace(model, code=code, method=method, params=params, points=Decimal(10), missing="zero")
        for code, (method, params) in LEAVES.items()
    )
    branch = replace(
        model, code="BRANCH", method="sum_children", params={}, points=Decimal(50), children=leaves
    )
    other = replace(leaves[-1], code="W")
    block = replace(category.blocks[0], indicators=(branch, other))
    small = replace(category, units=SMALL, blocks=(block,))
    facts = {"entries": [], "targets": [], "satisfaction": {}, "claims": [], "names": names}
    return compute(replace(scheme, categories=(small,)), {"COUNTY"}, **facts)


@st.composite
def claims_of_units(draw):
    """An entry: a piece, a grade, a value, or a declaration for a leaf or for the branch."""
    unit, number = draw(st.sampled_from(SMALL)), draw(st.integers(1, 10**12))
    code = draw(st.sampled_from([*LEAVES, "BRANCH"]))
    silent = Entry(UUID(int=number), unit, code, "not_applicable", None, None, "2025", None, None)
    if code == "BRANCH" or draw(st.integers(0, 9)) == 0:
        return silent
    if code == "G":
        return replace(silent, kind="grade", word=draw(st.sampled_from("AB")))
    if code == "V":
        return replace(silent, kind="measured_value", key="value", value=draw(numbers))
    item = draw(st.sampled_from(["P-1", "p-1", "Ｐ-1", "Q", "R", None]))
    key, count = ("zero_report", 0) if item is None else ("count", 1)
    return replace(silent, kind="measured_value", key=key, item=item, value=Decimal(count))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.tuples(st.lists(claims_of_units(), max_size=6), st.integers(0, 5)),
        min_size=1,
        max_size=4,
    )
)
def test_what_one_unit_enters_moves_the_others_that_it_concerns(steps, among_others):
    """Planted bug: pieces and grades with a quota read for the changed unit alone."""
    computation, kept = among_others, dict[UUID, Entry]()
    for entered, gone in steps:
        removed = list(kept.values())[:gone]
        fresh = {entry.entry_id: entry for entry in entered if entry.entry_id not in kept}
        change = Change(entries=list(fresh.values()), removed=removed)
        computation = rescore(computation, change)
        kept = {i: e for i, e in (kept | fresh).items() if e not in removed}

    assert bytes_of(computation) == bytes_of(anew(computation, []))


def test_nothing_but_what_a_change_touches_is_computed(start, county):
    """Caught: an incremental computation that is a full one under another name."""
    entry = next(e for e in county.entries if (e.unit, e.indicator) == ("XQ03", "C07"))
    change = Change(
        entries=[replace(entry, entry_id=UUID(int=10**9), value=Decimal(1))], removed=[entry]
    )
    before = start["plain"]
    after = rescore(before, change)

    (old,), (new,) = before.columns, after.columns
    other = [
        (code, unit)
        for code, column in new.settled.items()
        for unit in column
        if column[unit] is not old.settled[code][unit]
    ]
    assert other == [("C07", "XQ03")]
    assert {u for u in after.units if after.units[u] is not before.units[u]} == {"XQ03"}


def test_a_value_that_is_compared_moves_those_whom_it_overtakes_and_nobody_else(start, county):
    """Caught: computing only the unit that has another value, which is first now."""
    entry = next(e for e in county.entries if (e.unit, e.indicator) == ("XQ03", "C16"))
    better = replace(entry, entry_id=UUID(int=10**9), value=Decimal(10**6))
    before = start["plain"]
    after = rescore(before, Change(entries=[better], removed=[entry]))
    moved = {unit for unit in after.units if after.units[unit] is not before.units[unit]}

    assert moved == {"XQ03", "XQ04", "XQ05"}
    old, new = before.columns[0].raw["C01"], after.columns[0].raw["C01"]
    assert all(new[unit] is old[unit] for unit in old)


def test_a_formula_is_written_anew_even_where_the_score_stays(scheme, county, names):
    """Caught: keeping "0 / 10 of the best" because nothing of the best is still nothing."""
    facts = {"targets": [], "satisfaction": {}, "claims": [], "names": names}
    category = county.category
    only = replace(category.blocks[0].indicators[0], method="relative_to_best", params={}, code="X")
    blocks = (replace(category.blocks[0], indicators=(only,)),)
    small = replace(scheme, categories=(replace(category, blocks=blocks),))
    entries = [
        Entry(UUID(int=n), unit, "X", "measured_value", "value", None, "2025", Decimal(n), None)
        for n, unit in enumerate(category.units)
    ]
    better = replace(entries[1], entry_id=UUID(int=99), value=Decimal(50))
    before = compute(small, {"COUNTY"}, entries=entries, **facts)
    after = rescore(before, Change(entries=[better], removed=[entries[1]]))

    assert bytes_of(after) == bytes_of(anew(after, []))


def test_a_change_of_nothing_changes_nothing(start):
    after = rescore(start["policies"], Change())

    assert all(unit is start["policies"].units[name] for name, unit in after.units.items())


# what a unit reads of it


def read_by_itself(unit: UnitScores) -> dict:
    """A unit's own reading of its explanation, as it is stored and given."""
    return own_reading(json.loads(tree_of(unit.explanation).model_dump_json()))


def unmoved(before: Computation, after: Computation, touched: set[str]) -> list[str]:
    """The units that nothing was said about and whose scores have all stayed."""
    return [
        unit
        for unit, was in before.units.items()
        if unit not in touched and scores_of(was) == scores_of(after.units[unit])
    ]


def scores_of(unit: UnitScores) -> list:
    return [sheet_of(unit).indicator_scores, unit.adjustment, unit.total]


@pytest.mark.parametrize("name", ["plain", "policies"])
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_others_did_is_not_in_the_reading_of_a_unit_whose_scores_stay(
    name, data, start, county, satisfaction
):
    """Planted bugs: the lowest and the highest value, a place, how many are compared, a formula or
    a rounding of theirs, left in."""
    change = data.draw(changes(county, satisfaction))
    after = rescore(start[name], change)
    touched = {each.unit for each in (*change.entries, *change.removed, *change.targets)}
    touched |= {unit for unit, *_ in change.withdrawn} | {unit for _, unit in change.satisfaction}

    for unit in unmoved(start[name], after, touched):
        was, is_ = start[name].units[unit], after.units[unit]
        assert read_by_itself(was) == read_by_itself(is_)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    first=st.lists(claims_of_units(), max_size=8), second=st.lists(claims_of_units(), max_size=6)
)
def test_what_others_entered_is_not_in_the_reading_of_a_unit_whose_scores_stay(
    first, second, among_others
):
    """Planted bugs: the number of units that claim a piece or have a grade, and the share that is
    left of one."""
    before = rescore(among_others, Change(entries=first))
    after = rescore(before, Change(entries=second))

    for unit in unmoved(before, after, {entry.unit for entry in second}):
        assert read_by_itself(before.units[unit]) == read_by_itself(after.units[unit])
