"""Weights of a plan, and what estimates make of them, without a database."""

from dataclasses import replace
from decimal import Decimal

import pytest

from survey.rules.definition import Option, Question, RespondentGroup, SurveyDefinition
from survey.rules.estimates.estimators import Estimate
from survey.rules.estimates.units import Answered, UnitAnswers, covariances
from survey.rules.estimates.waves import OfWave, over_waves, pooled
from survey.rules.plans import PlannedCell, attempts_of, population_of, quota_of
from survey.rules.weights import populations, unit_weights

OPTIONS = tuple(
    Option(code, code, None if score is None else Decimal(score))
    for code, score in {"good": 100, "fair": 60, "poor": 0, "dont_know": None}.items()
)
TWO = SurveyDefinition(
    code="asked",
    name="问卷",
    mode="questionnaire",
    collector="SC",
    waves=1,
    options=(),
    groups=(RespondentGroup("a", Decimal("0.6")), RespondentGroup("b", Decimal("0.4"))),
    min_valid=None,
    places=4,
    questions=(
        Question("one", "一", Decimal("0.7"), OPTIONS, ("good",)),
        Question("two", "二", Decimal("0.3"), OPTIONS),
    ),
)


def cell(stratum=None, group=None, quota=1, population=None, **more):
    return PlannedCell("U", quota, stratum, group, population, **more)


COMPLETED = {("urban", "a"): 30, ("urban", "b"): 20, ("rural", "a"): 10, ("rural", "b"): 40}
STRATA = [cell("urban", population=700), cell("rural", population=300)]
GROUPS = [cell(group="a", population=520), cell(group="b", population=480)]


def sums(found):
    totals = {}
    for each in found.cells:
        for name in each.stratum, each.group:
            totals[name] = totals.get(name, 0) + each.weight * each.completed
    return {name: round(total, 6) for name, total in totals.items()}


def test_two_layers_of_a_plan_are_raked_and_one_is_post_stratified():
    """Planted bug: only the first layer is met."""
    found = unit_weights("U", [*STRATA, *GROUPS], COMPLETED)
    assert (found.method, found.margins) == ("raked", ("stratum", "group"))
    assert (found.population, found.refused) == (1000, None)
    assert sums(found) == {"urban": 700, "rural": 300, "a": 520, "b": 480}
    one = unit_weights("U", STRATA, COMPLETED)
    assert (one.method, one.rounds) == ("post_stratified", 1)
    assert {str(each.weight) for each in one.cells} == {"14.000000000000", "6.000000000000"}
    whole = unit_weights("U", [cell(population=1000)], COMPLETED)
    assert {each.weight for each in whole.cells} == {10}


@pytest.mark.parametrize(
    ("planned", "refused"),
    [
        ([], None),
        ([cell("urban"), cell("rural", population=300)], None),
        ([*STRATA, cell("islands", population=5)], "margins-disagree"),
        ([*STRATA, cell(population=999)], "margins-disagree"),
    ],
)
def test_without_a_population_that_can_be_met_weights_are_equal(planned, refused):
    found = unit_weights("U", planned, COMPLETED)
    assert (found.method, found.refused) == ("equal", refused)
    assert {each.weight for each in found.cells} == {1}
    assert unit_weights("U", planned, {}).cells == ()


def test_weights_that_never_meet_both_margins_are_named():
    completed = {("urban", "a"): 30, ("rural", "b"): 40}
    assert unit_weights("U", [*STRATA, *GROUPS], completed).refused == "raking-diverges"


def test_a_plan_counts_by_its_finest_rows():
    joint = [cell("urban", "a", 3), cell("urban", "b", 2), cell(None, "a", 3, 50)]
    assert quota_of(joint) == 5
    assert population_of([*joint, cell(None, "b", 2, 70)]) == 120
    assert (quota_of([]), population_of(joint), populations(joint)) == (0, 50, {None: 50})
    assert populations([*STRATA, *GROUPS]) == {"urban": 700, "rural": 300}
    assert attempts_of([cell(attempts=4), cell("urban", attempts=3), cell("rural")]) == 3


def answered(rows, definition=TWO, planned=()):
    completed = {}
    for each in rows:
        kind = each.stratum, each.group
        completed[kind] = completed.get(kind, 0) + each.respondents
    weights = unit_weights("U", planned, completed)
    return UnitAnswers(definition, rows, weights, planned)


ROWS = [
    Answered(None, None, "a", "good,good", 12),
    Answered(None, None, "a", "fair,poor", 8),
    Answered(None, None, "a", "dont_know,fair", 5),
]


def test_a_group_in_which_nobody_answered_counts_as_the_scheme_says():
    """(0.7 × 84 + 0.3 × 60): rescaled, with nothing for the other group, or not at all."""
    rescaled = answered(ROWS).estimated_index()
    assert rescaled.value == pytest.approx(76.8)
    zero = answered(ROWS, replace(TWO, empty_group="zero")).estimated_index()
    assert (zero.value, zero.se) == pytest.approx((0.6 * 76.8, 0.6 * rescaled.se))
    assert answered(ROWS, replace(TWO, empty_group="void")).estimated_index() is None
    assert answered([]).estimated_index() is None


def test_an_answer_without_a_score_is_in_no_base():
    one, two = answered(ROWS).said()
    assert (one.mean.sample, two.mean.sample) == (20, 25)
    assert (one.mean.value, one.rate.value) == pytest.approx((84, 0.6))
    assert two.rate is None


def test_a_stratum_that_was_asked_as_a_whole_has_no_error():
    rows = [
        Answered("small", None, "a", "good,good", 3),
        Answered("small", None, "a", "poor,poor", 2),
        Answered("large", None, "a", "good,good", 20),
    ]
    planned = [cell("small", population=5), cell("large", population=900)]
    assert answered(rows, planned=planned).estimated_index().se == 0
    assert answered(rows).estimated_index().se > 0


def test_where_the_plan_counts_the_clusters_those_that_were_not_drawn_make_the_error():
    """Of 16 villages 4 were asked: the error is that of endless ones by √¾. Of strata each by its
    own. Planted bugs: people taken for clusters; the clusters of the plan not used."""
    said = ["good,good", "poor,poor", "fair,fair", "good,fair"]
    rows = [Answered(None, f"v{n}", "a", each, 10) for n, each in enumerate(said)]
    endless = answered(rows).estimated_index().se
    drawn = answered(rows, planned=[cell(population=40_000, clusters=16)])
    assert drawn.estimated_index().se == pytest.approx(endless * 0.75**0.5)
    asked = answered(rows, planned=[cell(population=40_000, clusters=4)])
    assert asked.estimated_index().se == 0
    both = rows + [replace(each, stratum="t", cluster=f"w{n}") for n, each in enumerate(rows)]
    planned = [cell(None, clusters=4)]
    assert answered(both, planned=planned).estimated_index().se > 0  # of t nothing is known
    people = answered(rows, planned=[cell(population=40)]).estimated_index()
    assert people.se == pytest.approx(endless)


def test_units_that_were_asked_in_the_same_villages_move_together():
    """Planted bug: clusters of the same name in another stratum taken for the same."""
    said = ["good,good", "poor,poor", "fair,fair", "good,fair"]
    first = [Answered("s", f"v{n}", "a", each, 10) for n, each in enumerate(said)]
    moved = [replace(each, stratum="t") for each in first]
    units = {"A": answered(first), "B": answered(first), "C": answered(moved)}
    found = covariances(units, [])
    assert found["A", "B"] == pytest.approx(answered(first).estimated_index().se ** 2)
    assert found["A", "C"] == found["B", "C"] == 0


def test_respondents_who_rated_one_unit_alone_have_nothing_in_common():
    """Two units, of which 12 respondents said the best of both; the rest rated only one."""
    units = {"A": answered(ROWS), "B": answered(ROWS)}
    together = [([["A", "", "a,good,good"], ["B", "", "a,good,good"]], 12)]
    [covariance] = covariances(units, together).values()
    error = units["A"].errors()[None, "a,good,good"]
    assert covariance == pytest.approx(12 * error**2)
    assert set(covariances(units, []).values()) == {0}


def test_waves_are_combined_by_the_weights_of_the_scheme():
    """Planted bugs: errors added, not their squares; the weight of a wave that is left out lost."""
    weighted = replace(
        TWO, waves=2, combine="weighted", wave_weights=(Decimal("0.2"), Decimal("0.8"))
    )
    first, second = Estimate(80.0, 100, 2.0, 99), Estimate(90.0, 200, 1.0, 199)
    both = over_waves(weighted, [OfWave(1, first), OfWave(2, second)])
    assert (both.value, both.sample) == (pytest.approx(88), 300)
    assert both.se == pytest.approx((0.4**2 + 0.8**2) ** 0.5)
    assert 199 < both.freedom < 298
    mean = over_waves(TWO, [OfWave(1, first), OfWave(2, second)])
    assert (mean.value, mean.se) == (pytest.approx(85), pytest.approx(5**0.5 / 2))
    assert over_waves(weighted, [OfWave(2, second)]).value == 90
    assert over_waves(weighted, [OfWave(1, replace(first, se=None)), OfWave(2, second)]).se is None
    assert over_waves(TWO, []) is None


def test_pooled_waves_are_one_sample_whose_strata_they_are():
    """Planted bug: the spread between waves taken for an error."""
    high, low = ([Answered(None, None, "a", said, 20)] for said in ("good,good", "poor,poor"))
    together = pooled({1: answered(high), 2: answered(low)}).estimated_index()
    assert (together.value, together.se, together.freedom) == (50, 0, 38)
    mixed = [Answered(None, None, "a", said, 10) for said in ("good,good", "poor,poor")]
    same = pooled({1: answered(mixed), 2: answered(mixed)}).estimated_index()
    assert (same.value, same.se) == pytest.approx((50, (2500 / 19 / 2) ** 0.5))
