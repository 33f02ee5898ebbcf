"""What a change of what was entered changes, and what it does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from compiling import compute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.api.sheet.documents import sheet_of
from scoring.rules.explanation.own_reading import own_reading
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.samples import Satisfaction
from scoring.rules.scheme.document import Indicator, Scheme, Target
from scoring.rules.sheet.totals import UnitScores
from service_testing import trials

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


@dataclass(frozen=True)
class Change:
    """Entries that come and go, targets that are set or withdrawn, what surveys now say."""

    entries: Iterable[Entry] = ()
    removed: Iterable[Entry] = ()
    targets: Iterable[Target] = ()
    withdrawn: Iterable[tuple[str, str, str | None]] = ()
    satisfaction: Mapping[tuple[str, str], Satisfaction] = field(default_factory=dict)


@dataclass(frozen=True)
class Happened:
    """A scheme and all that a year's sheet is computed from."""

    scheme: Scheme
    facts: dict[str, Any]

    def after(self, change: Change) -> "Happened":
        """The same year with a change in it."""
        gone = {each.entry_id for each in change.removed}
        kept = [each for each in self.facts["entries"] if each.entry_id not in gone]
        aims = {(t.unit, t.indicator, t.item): t for t in self.facts["targets"]}
        aims |= {(t.unit, t.indicator, t.item): t for t in change.targets}
        for place in change.withdrawn:
            aims.pop(place, None)
        changed = {
            "entries": [*kept, *change.entries],
            "targets": list(aims.values()),
            "satisfaction": {**self.facts["satisfaction"], **change.satisfaction},
        }
        return Happened(self.scheme, self.facts | changed)

    def units(self) -> dict[str, UnitScores]:
        """What every unit scores."""
        return {u.unit: u for u in compute(self.scheme, {"COUNTY"}, **self.facts).sheet.units}


@pytest.fixture(scope="session")
def start(scheme, county, satisfaction, claims, names) -> dict[str, Happened]:
    facts = {
        "entries": county.entries,
        "targets": county.targets,
        "satisfaction": satisfaction,
        "claims": claims,
        "names": names,
    }
    schemes = {"plain": scheme, "policies": with_policies(scheme)}
    return {name: Happened(each, facts) for name, each in schemes.items()}


numbers = st.decimals(-5, 200, places=2)


@st.composite
def changes(draw, county, satisfaction):
    """One change: entries that go, come or say something else, targets, surveys."""
    some = st.sampled_from(county.entries)
    some |= st.sampled_from([entry for entry in county.entries if entry.indicator in READ])
    units, codes = st.sampled_from(county.category.units), sorted(county.category.indicators())
    gone = draw(st.lists(some, max_size=3, unique=True))
    other = [
        entry._replace(entry_id=UUID(int=draw(st.integers(10**6, 10**9))), value=draw(numbers))
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
def among_others(scheme, names) -> Happened:
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
    return Happened(replace(scheme, categories=(small,)), facts)


@st.composite
def claims_of_units(draw):
    """An entry: a piece, a grade, a value, or a declaration for a leaf or for the branch."""
    unit, number = draw(st.sampled_from(SMALL)), draw(st.integers(1, 10**12))
    code = draw(st.sampled_from([*LEAVES, "BRANCH"]))
    silent = Entry(UUID(int=number), unit, code, "not_applicable", None, None, "2025", None, None)
    if code == "BRANCH" or draw(st.integers(0, 9)) == 0:
        return silent
    if code == "G":
        return silent._replace(kind="grade", word=draw(st.sampled_from("AB")))
    if code == "V":
        return silent._replace(kind="measured_value", key="value", value=draw(numbers))
    item = draw(st.sampled_from(["P-1", "p-1", "Ｐ-1", "Q", "R", None]))
    key, count = ("zero_report", 0) if item is None else ("count", 1)
    return silent._replace(kind="measured_value", key=key, item=item, value=Decimal(count))


def told_of(unit: UnitScores) -> dict[str, tuple]:
    """All that is told of each indicator of a unit, without what is above or below it."""
    return {
        code: (each.score, each.narration, each.used(), each.missing, each.decision)
        for code, each in unit.outcomes.items()
    }


def test_a_value_that_nobody_compares_changes_its_own_cell_and_no_other(start, county):
    entry = next(e for e in county.entries if (e.unit, e.indicator) == ("XQ03", "C07"))
    change = Change(
        entries=[entry._replace(entry_id=UUID(int=10**9), value=Decimal(1))], removed=[entry]
    )
    before, after = start["plain"].units(), start["plain"].after(change).units()

    other = [
        (code, unit)
        for unit in after
        for code, told in told_of(after[unit]).items()
        if told != told_of(before[unit])[code]
    ]
    assert other == [("C07", "XQ03")]
    assert {u for u in after if explain(after[u]) != explain(before[u])} == {"XQ03"}


def test_a_value_that_is_compared_moves_those_whom_it_overtakes_and_nobody_else(start, county):
    """Planted bug: ranks of the others that are those of before, or that skip a place."""
    entry = next(e for e in county.entries if (e.unit, e.indicator) == ("XQ03", "C16"))
    better = entry._replace(entry_id=UUID(int=10**9), value=Decimal(10**6))
    before = start["plain"].units()
    after = start["plain"].after(Change(entries=[better], removed=[entry])).units()

    assert {u for u in after if explain(after[u]) != explain(before[u])} == {
        "XQ03",
        "XQ04",
        "XQ05",
    }


# whatever is read


def without_first_name(names):
    """The first unit never had the name under which it won."""
    return [replace(name, name="另一单位") if name.unit == "XQ01" else name for name in names]


CHANGES = {
    "scheme": lambda scheme: replace(scheme, composition=replace(scheme.composition, bonus=False)),
    "entries": lambda entries: entries[3:],
    "targets": lambda targets: [replace(targets[0], target=Decimal(1)), *targets[1:]],
    "a target that went": lambda targets: targets[1:],
    "satisfaction": lambda found: dict.fromkeys(found, Decimal(50)),
    "a survey that went": lambda found: {},
    "claims": lambda claims: claims[2:],
    "names": without_first_name,
}
WHAT = {"a target that went": "targets", "a survey that went": "satisfaction"}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_is_read_has_its_part_in_the_sheet(what, start):
    """Planted bugs: any of the things read left out, or taken from the last computation."""
    name, first = WHAT.get(what, what), start["plain"]
    read = {"scheme": first.scheme, **first.facts}
    read[name] = CHANGES[what](read[name])
    other = Happened(read.pop("scheme"), read)
    before, after = told_whole(first), told_whole(other)

    assert after != before
    assert told_whole(first) == before


def told_whole(year: Happened) -> list:
    return [(sheet_of(unit), explain(unit)) for unit in year.units().values()]


# what a unit reads of it


def read_by_itself(unit: UnitScores) -> dict:
    """A unit's own reading of its explanation, as it is stored and given."""
    return own_reading(written_tree(explain(unit)))


def unmoved(
    before: Mapping[str, UnitScores], after: Mapping[str, UnitScores], touched: set[str]
) -> list[str]:
    """The units that nothing was said about and whose scores have all stayed."""
    return [
        unit
        for unit, was in before.items()
        if unit not in touched and scores_of(was) == scores_of(after[unit])
    ]


def scores_of(unit: UnitScores) -> list:
    return [sheet_of(unit).indicator_scores, unit.adjustment, unit.total]


@pytest.mark.parametrize("name", ["plain", "policies"])
@settings(
    max_examples=trials(12, 60),
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
    before, after = start[name].units(), start[name].after(change).units()
    touched = {each.unit for each in (*change.entries, *change.removed, *change.targets)}
    touched |= {unit for unit, *_ in change.withdrawn} | {unit for _, unit in change.satisfaction}

    for unit in unmoved(before, after, touched):
        assert read_by_itself(before[unit]) == read_by_itself(after[unit])


@settings(max_examples=trials(40, 200), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    first=st.lists(claims_of_units(), max_size=8), second=st.lists(claims_of_units(), max_size=6)
)
def test_what_others_entered_is_not_in_the_reading_of_a_unit_whose_scores_stay(
    first, second, among_others
):
    """Planted bugs: the number of units that claim a piece or have a grade, and the share that is
    left of one."""
    entered = among_others.after(Change(entries=first))
    before, after = entered.units(), entered.after(Change(entries=second)).units()

    for unit in unmoved(before, after, {entry.unit for entry in second}):
        assert read_by_itself(before[unit]) == read_by_itself(after[unit])
