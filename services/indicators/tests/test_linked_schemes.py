"""What a scheme says of linked results is refused where a unit, team or person would have no
answer, or two."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.rules.linked import linked_faults
from indicators.rules.policies import (
    LinkedAssessment,
    LinkedPolicy,
    LinkedUnitGrade,
    LinkedVeto,
    TeamLevel,
    Veto,
    VetoPolicy,
)

D = Decimal
POLICY = LinkedPolicy(
    unit_weight=D("0.5"),
    assessments=(
        LinkedAssessment("cadre", ("ZZ01",), D("0.3")),
        LinkedAssessment("clean_government", ("U1", "JW01"), D("0.2")),
    ),
    team_levels=(TeamLevel("best", D(90)), TeamLevel("poor", D(0))),
    person_grades=("excellent", "unfit"),
    by_unit_grade=(
        LinkedUnitGrade("good", D(100), "best", D("0.3")),
        LinkedUnitGrade("bad", D(60), "poor", D(0)),
    ),
    vetoes=(LinkedVeto("V1", "poor"),),
)
CADRE, CLEAN = POLICY.assessments
BEST, POOR = POLICY.team_levels
GOOD, BAD = POLICY.by_unit_grade
TITLE = Veto("T1", "荣誉类", scope="title", title="文明单位")
BLOCK = Veto("B1", "板块类", scope="block", block="WORK")


class OneCategory:
    """As much of a scheme as is asked: a category of one unit, two grades, and a veto."""

    def __init__(self, linked):
        self.linked = linked
        self.categories = (type("Category", (), {"code": "C", "units": ("U1",)}),)
        self.vetoes = VetoPolicy("bad", (Veto("V1", "一票否决"), TITLE, BLOCK))

    def grades_of(self, _):
        return type("Grades", (), {"order": ("good", "bad")})


def test_a_policy_without_faults_has_none():
    assert [*linked_faults(OneCategory(POLICY))] == []
    assert [*linked_faults(OneCategory(None))] == []
    of_block = replace(POLICY, vetoes=(*POLICY.vetoes, LinkedVeto("B1", "poor")))
    assert [*linked_faults(OneCategory(of_block))] == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"unit_weight": D("0.4")}, "/linked/unit_weight weights-not-one"),
        ({"assessments": (), "unit_weight": D(1)}, "/linked/assessments no-assessments"),
        (
            {"assessments": (replace(CADRE, weight=D("0.5")), replace(CADRE, weight=D(0)))},
            "/linked/assessments/1 named-twice",
        ),
        (
            {"assessments": (CADRE, replace(CLEAN, bodies=("U1",)))},
            "/linked/assessments/1/bodies nobody-enters",
        ),
        (
            {"assessments": (replace(CADRE, bodies=()), CLEAN)},
            "/linked/assessments/0/bodies nobody-enters",
        ),
        (
            {"team_levels": (BEST, replace(POOR, from_score=D(1)))},
            "/linked/team_levels levels-leave-a-gap",
        ),
        (
            {"team_levels": (replace(BEST, from_score=D(0)), POOR)},
            "/linked/team_levels/1/from_score levels-do-not-fall",
        ),
        ({"team_levels": (BEST, POOR, replace(POOR))}, "/linked/team_levels/2 named-twice"),
        ({"person_grades": ()}, "/linked/person_grades no-grades"),
        ({"person_grades": ("a", "a")}, "/linked/person_grades/1 named-twice"),
        ({"by_unit_grade": (GOOD,)}, "/linked/by_unit_grade grade-left-out"),
        (
            {"by_unit_grade": (GOOD, BAD, replace(BAD, grade="x"))},
            "/linked/by_unit_grade/2/grade unknown-grade",
        ),
        (
            {"by_unit_grade": (GOOD, replace(BAD, best_team="x"))},
            "/linked/by_unit_grade/1/best_team unknown-team-grade",
        ),
        ({"vetoes": (LinkedVeto("V2", "poor"),)}, "/linked/vetoes/0/veto unknown-veto"),
        ({"vetoes": (LinkedVeto("T1", "poor"),)}, "/linked/vetoes/0/veto veto-of-a-title"),
        ({"vetoes": (LinkedVeto("V1", "x"),)}, "/linked/vetoes/0/best_team unknown-team-grade"),
    ],
)  # fmt: skip
def test_what_would_leave_somebody_without_an_answer_is_named(changed, expected):
    """Planted bugs: leave the weight of the unit out of the sum; look at the first level alone."""
    found = [*linked_faults(OneCategory(replace(POLICY, **changed)))]
    assert expected in [f"{each.pointer} {each.code}" for each in found]
