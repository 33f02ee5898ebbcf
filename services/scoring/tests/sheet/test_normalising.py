"""Marks of several scorers on one scale: the published vectors, and years of three organisers."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from compiling import compiled
from hypothesis import given
from hypothesis import strategies as st
from printed_formulas import again
from small_years import Year, indicator, scheme_of

from chassis import journal
from scoring.rules.columns.exact import half_up
from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.growing import KeptUnit, grow
from scoring.rules.explanation.in_chinese import in_chinese
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import Entry, FoundFraud
from scoring.rules.scheme.document import Normalisation
from scoring.rules.sheet.normalising import (
    GroupScale,
    marks_of,
    percentiles,
    placed,
    scales,
    together,
)
from scoring.rules.sheet.record import own_facts, shared_facts, written, written_group
from scoring.rules.sheet.year import compute

EXAMPLE = Path(__file__).parents[4] / "examples" / "yunchuan-2025"
CLAMP = (Decimal("0.97"), Decimal("1.03"))
HUNDRED = Fraction(100)


def policy(method, **more):
    """Give a policy for the marks of X, of groups of any size."""
    return Normalisation(method, "organiser", ("X",), **({"smallest_group": 2} | more))


@pytest.fixture(scope="module")
def cases():
    vectors = yaml.load((EXAMPLE / "vectors.yaml").read_text("utf-8"), yaml.CSafeLoader)
    return vectors["normalisation"]


@pytest.fixture(scope="module")
def groups(cases):
    return {name: [Fraction(str(m)) for m in marks] for name, marks in cases[0]["groups"].items()}


@pytest.mark.parametrize(
    ("number", "given_policy"),
    [
        (0, policy("second_mean")),
        (1, policy("grand_mean_ratio")),
        (2, policy("second_mean", clamp=CLAMP)),
        (3, policy("z_score", mean=Decimal(85), deviation=Decimal(5))),
    ],
)
def test_the_published_vectors_hold(cases, groups, number, given_policy):
    """Planted bugs: the groups weighed alike where all marks are meant; a coefficient of two
    decimals left unrounded; n - 1, as for a sample."""
    found = scales(groups, given_policy)
    case = cases[number]
    for name, marks in case.get("expected", {}).items():
        told = [half_up(placed(m, found[name], HUNDRED, None), 4) for m in groups[name]]
        assert told == [Decimal(str(each)) for each in marks]
    for name, coefficient in case.get("coefficients", {}).items():
        assert half_up(found[name].coefficient, 4) == Decimal(str(coefficient))


@pytest.mark.parametrize(
    ("marks", "shares"),
    [
        (["90"], ["100"]),
        (["70", "90", "80"], ["0", "100", "50"]),
        (["80", "80", "60"], [75, 75, 0]),
    ],
)
def test_percentiles(marks, shares):
    found = percentiles({n: Fraction(each) for n, each in enumerate(marks)})
    assert [*found.values()] == [Fraction(each) for each in shares]


def test_a_small_group_stays_and_has_no_part_in_what_is_common():
    """Planted bug: its mean counted among the others'."""
    some = {"A": [Fraction(8), Fraction(6)], "B": [Fraction(6)] * 2, "C": [Fraction(1)]}
    found = scales(some, policy("second_mean"))
    assert (found["C"].kept, found["C"].coefficient) == (True, None)
    assert found["A"].coefficient == Fraction(13, 14)
    alone = scales({"A": some["A"], "C": some["C"]}, policy("second_mean"))
    assert all(each.kept for each in alone.values())


@pytest.mark.parametrize("method", ["second_mean", "grand_mean_ratio", "z_score"])
@pytest.mark.parametrize("marks", [["-5", "5"], ["-5", "1"], ["0", "0"]])
def test_a_group_whose_marks_come_to_nothing_stays(method, marks):
    """Points may be taken below 0. Planted bug: only a group without any mark above or below it
    left out, so that one is divided by a mean of 0, or turned round by one below it."""
    some = {"A": [Fraction(8), Fraction(6)], "B": [Fraction(6)] * 2, "C": [*map(Fraction, marks)]}
    found = scales(some, policy(method))
    assert (found["C"].kept, found["A"].kept) == (True, False)
    without = {name: some[name] for name in "AB"}
    assert {name: found[name] for name in "AB"} == scales(without, policy(method))


marks_of_groups = st.lists(
    st.lists(st.integers(1, 100).map(Fraction), min_size=2, max_size=6), min_size=2, max_size=4
)


@given(marks_of_groups, st.sampled_from(["second_mean", "grand_mean_ratio", "z_score"]))
def test_nobody_overtakes_in_the_own_group_and_nobody_passes_the_points(lists, method):
    some = {str(n): marks for n, marks in enumerate(lists)}
    for name, scale in scales(some, policy(method)).items():
        after = [placed(mark, scale, HUNDRED, None) for mark in sorted(some[name])]
        assert after == sorted(after)
        assert all(0 <= each <= 100 for each in after)


@given(marks_of_groups)
def test_after_the_second_mean_all_groups_have_one_mean(lists):
    some = {str(n): marks for n, marks in enumerate(lists)}
    found = scales(some, policy("second_mean"))
    means = {
        sum(mark * found[name].coefficient for mark in marks) / len(marks)
        for name, marks in some.items()
    }
    assert len(means) == 1


JUDGED = {"grades": {str(n): str(Decimal(n) / 100) for n in range(101)}}
GIVEN = {
    "A": 93, "B": 91, "C": 95, "D": 92,
    "E": 85, "F": 88, "G": 80, "H": 83, "I": 84,
    "J": 90, "K": 86,
}  # fmt: skip
"""The marks of the vectors, by unit: four of one organiser, five of another, two of a third."""

TEAMS = {"ONE": "ABCD", "TWO": "EFGHI", "THREE": "JK"}


@pytest.fixture(scope="module")
def three():
    """Three categories of three organisers, all judged by the same indicator, of 100 points."""
    one = scheme_of((indicator("grade_map", JUDGED, points=100, allow_exceed=False),))
    [category] = one.categories
    categories = tuple(
        replace(category, code=code, units=tuple(units), organiser=f"O-{code}")
        for code, units in TEAMS.items()
    )
    return replace(one, categories=categories)


ENTRIES = [
    Entry(UUID(int=n), unit, "X", "grade", None, None, "2025", None, str(mark))
    for n, (unit, mark) in enumerate(GIVEN.items(), 1)
]


def scored(scheme, given_policy, categories=TEAMS, *, normalised=True, entries=ENTRIES):
    scheme = compiled(replace(scheme, normalisation=given_policy))
    return scheme, compute(
        scheme,
        [*categories],
        entries=entries,
        targets=[],
        satisfaction={},
        claims=[],
        names=[],
        normalised=normalised,
    )


@pytest.mark.parametrize(
    ("number", "given_policy"),
    [
        (0, policy("second_mean")),
        (1, policy("grand_mean_ratio")),
        (3, policy("z_score", mean=Decimal(85), deviation=Decimal(5))),
    ],
)
def test_a_score_sheet_has_the_scores_of_the_vectors(cases, three, number, given_policy):
    """And every formula gives its score again. Planted bugs: the coefficient of another category;
    marks multiplied twice; the common mean of the chosen categories only."""
    scheme, done = scored(three, given_policy)
    found = [[unit.total for unit in done.sheet.units if unit.category == c] for c in TEAMS]
    assert found == [[Decimal(str(m)) for m in of] for of in cases[number]["expected"].values()]
    for unit in done.sheet.units:
        tree = explain(unit)
        assert [*contradictions(tree)] == []
        [mark] = tree.children[0].children
        assert half_up(Fraction(again(mark.formula)), 4) == mark.score
        assert mark.children[0].name == "before it was put on one scale"
        assert mark.children[0].score == GIVEN[unit.unit]
        said = in_chinese(written_tree(tree))
        assert "mark" not in said[mark.rule]
    # A category alone is scored the same: the others are scored with it.
    _, alone = scored(three, given_policy, ["TWO"])
    assert [each.total for each in alone.sheet.units] == found[1]
    assert together(scheme, ["TWO"]) == [*TEAMS]


def test_the_sheet_tells_the_coefficients_and_who_was_left_as_it_was(three):
    _, done = scored(three, policy("second_mean", smallest_group=3, clamp=CLAMP))
    told = [written_group(each) for each in done.normalised]
    assert [(e["group"], e["marks"], e["coefficient"], e["kept"]) for e in told] == [
        ("O-ONE", 4, "0.9700", False),
        ("O-TWO", 5, "1.0300", False),
        ("O-THREE", 2, None, True),
    ]
    [mark] = explain(done.sheet.units[-1]).children[0].children
    assert mark.rule == "too few were marked to put them on one scale: as it is"
    assert mark.score == GIVEN["K"]


def test_percentiles_are_shares_of_the_points(three):
    _, done = scored(three, policy("rank_percentile"))
    assert [each.total for each in done.sheet.units][:4] == [
        half_up(Fraction(each), 4) for each in (Fraction(200, 3), 0, 100, Fraction(100, 3))
    ]


def test_no_mark_passes_the_points(three):
    """Planted bug: the ceiling before the coefficient."""
    high = [each._replace(word="100") if each.unit == "F" else each for each in ENTRIES]
    _, done = scored(three, policy("second_mean"), entries=high)
    [unit] = [each for each in done.sheet.units if each.unit == "F"]
    assert unit.total == 100


@pytest.mark.parametrize("method", ["second_mean", "z_score", "rank_percentile"])
def test_an_explanation_is_grown_again_from_what_was_kept(three, method):
    """Of one unit alone, whose coefficient comes from all. Planted bug: facts not kept."""
    scheme, done = scored(three, policy(method))
    for category in done.categories:
        own = own_facts(category.facts, range(category.sources.size))
        for row, name in enumerate(category.sources.units):
            [unit] = [each for each in done.sheet.units if each.unit == name]
            kept = KeptUnit(
                written(unit), own[row], [], [e for e in ENTRIES if e.unit == name], [], {}
            )
            code = category.plan.category.code
            grown = grow(scheme, {code: shared_facts(category.facts)}, {name: kept})[name]
            assert grown.holds
            assert grown.scores.total == unit.total


def test_without_a_scale_marks_count_as_they_were_given(three):
    """And each category may be scored alone. Planted bug: `none` taken for a scale."""
    for given_policy, asked in [
        (None, True),
        (policy("none"), True),
        (policy("second_mean"), False),
    ]:
        scheme, done = scored(three, given_policy, normalised=asked)
        assert [each.total for each in done.sheet.units] == [*GIVEN.values()]
        assert done.normalised == ()
        alone = given_policy is None or given_policy.method == "none"
        assert together(scheme, ["TWO"]) == (["TWO"] if alone else [*TEAMS])


OUT = ENTRIES[4]._replace(kind="not_applicable", word=None)
FOUND = ENTRIES[4]._replace(fraud=FoundFraud("SPOT", voids=True, grade_cap="B"))


@pytest.mark.parametrize(
    ("missing", "said", "stands"),
    [
        ("zero", None, "0"),
        ("category_mean", None, "mean"),
        ("skip", None, None),
        ("refuse", OUT, None),
        ("refuse", FOUND, "0"),
    ],
)
@pytest.mark.parametrize("method", ["second_mean", "grand_mean_ratio", "z_score"])
def test_what_stands_in_for_a_mark_is_none(three, method, missing, said, stands):
    """Neither does it count among the marks, nor is it put on the scale itself. Planted bug: every
    row that has a score is a mark."""
    one = indicator("grade_map", JUDGED, points=100, allow_exceed=False, missing=missing)
    categories = [
        replace(each, blocks=(replace(each.blocks[0], indicators=(one,)),))
        for each in three.categories
    ]
    entries = [each for each in ENTRIES if each.unit != "E"]
    _, done = scored(
        replace(three, categories=tuple(categories)),
        policy(method),
        entries=[*entries, said] if said else entries,
    )
    given = {name: [Fraction(GIVEN[u]) for u in of if u != "E"] for name, of in TEAMS.items()}
    found = {each.category: each.scale for each in done.normalised}
    assert found == scales(given, policy(method))
    marks = {each.unit: each.outcomes["X"].score for each in done.sheet.units}
    others = [marks[each] for each in "FGHI"]
    wanted = half_up(Fraction(sum(others)) / 4, 4) if stands == "mean" else stands
    assert marks["E"] == (None if wanted is None else Decimal(wanted))


def test_a_value_that_is_carried_over_is_no_mark():
    """No method of judged marks carries any; what one says that does would be none."""
    ranked = {"rank_by": "higher", "step_ratio": "0.5", "tie": "dense", "period": "half_year"}
    year = Year().values(period="2025H1", A=9, B=8, C=7, D=6).values(period="2025H2", B=9, C=8, D=7)
    column = year.category(indicator("rank_points", ranked, missing="carry_over")).outcomes["X"]
    assert column.decisions == {0: "carried_over"}
    assert column.has_score.all()
    assert sorted(marks_of(column)) == [1, 2, 3]


def test_equal_marks_get_the_common_mean():
    scale = GroupScale(2, Fraction(80), deviation=Fraction(0), to_mean=Fraction(85))
    assert placed(Fraction(80), scale, HUNDRED, None) == 85


# over HTTP


@pytest.fixture
async def split(new_year, others, document):
    """The reference counties in two categories of two organisers, whose judged marks are put on one
    scale."""
    county = document["categories"][0]
    first, rest = county["units"][:6], county["units"][6:]
    two = [
        county | {"units": first, "organiser": "O-1"},
        county | {"units": rest, "organiser": "O-2", "code": "COUNTY2"},
    ]
    scale = {"method": "second_mean", "by": "organiser", "of": ["C14"], "clamp": ["0.97", "1.03"]}
    changed = document | {"categories": two, "normalisation": scale}

    async def publish(cycle):
        others.schemes[cycle.cycle_id] = changed

    cycle = await new_year(publish)
    yield cycle
    del others.schemes[cycle.cycle_id]


async def test_a_sheet_is_of_all_that_stand_on_one_scale_and_tells_their_coefficients(split):
    """Planted bugs: one category scored alone, by a coefficient of 1; a simulation of one category
    without the marks of the other; the groups left out of the digest."""
    cycle = split
    before = await cycle.rows()
    refused = await cycle.post(cycle.office, "score-sheets", {"categories": ["COUNTY"]})
    assert (refused.status_code, refused.json()["type"]) == (422, "normalised-together")
    assert [each["code"] for each in refused.json()["errors"]] == ["normalised-together"]
    assert "COUNTY2" in refused.json()["detail"]
    assert await cycle.rows() == before

    edition = await cycle.score("COUNTY", "COUNTY2")
    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    groups = {each["group"]: each for each in sheet["normalised"]}
    assert [groups[g]["marks"] for g in ("O-1", "O-2")] == [6, 5]
    means = [Decimal(groups[g]["mean"]) for g in ("O-1", "O-2")]
    assert means[0] != means[1]
    for group, mean in zip(("O-1", "O-2"), means, strict=True):
        exact = min(max(sum(means) / 2 / mean, Decimal("0.97")), Decimal("1.03"))
        assert abs(Decimal(groups[group]["coefficient"]) - exact) < Decimal("0.001")
    unsigned = {
        name: each
        for name, each in sheet.items()
        if name not in {"edition", "phase", "ledger_phase", "explanations", "tag_totals", "digest"}
    }
    assert sheet["digest"] == journal.sha256(unsigned)

    unit = sheet["units"][0]["unit"]
    path = f"{cycle.path}/score-sheets/{edition}/units/{unit}/explanation"
    told = await cycle.office.get(path)
    assert told.status_code == 200, told.text
    assert "the mark × coefficient" in told.text

    body = {"categories": ["COUNTY"], "values": []}
    simulated = await cycle.office.post(f"{cycle.path}/score-simulations", json=body)
    assert simulated.status_code == 200, simulated.text
    totals = {each["unit"]: each["total"] for each in sheet["units"]}
    assert {e["unit"]: e["after"]["total"] for e in simulated.json()["units"]} == {
        unit: total for unit, total in totals.items() if unit in _first(sheet)
    }


def _first(sheet):
    return {each["unit"] for each in sheet["units"] if each["category"] == "COUNTY"}
