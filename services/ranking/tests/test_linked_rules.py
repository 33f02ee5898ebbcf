"""What a team and its people come to beside their unit: worked by hand, and computed a second
time."""

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from ranking.rules.linked import (
    LinkedAssessment,
    LinkedPolicy,
    LinkedUnitGrade,
    LinkedVeto,
    Result,
    TeamLevel,
    entry_faults,
    erased_from,
    linked,
)

D = Decimal
TEAM = ("best", "good", "fair", "poor")
PEOPLE = ("excellent", "competent", "basic", "unfit")
POLICY = LinkedPolicy(
    unit_weight=D("0.5"),
    assessments=(
        LinkedAssessment("cadre", ("ZZ01", "ZZ02"), D("0.3")),
        LinkedAssessment("clean_government", ("JW01",), D("0.2")),
    ),
    team_levels=tuple(
        TeamLevel(grade, D(low)) for grade, low in zip(TEAM, (90, 80, 60, 0), strict=True)
    ),
    person_grades=PEOPLE,
    by_unit_grade=(
        LinkedUnitGrade("excellent", D(100), "best", D("0.3")),
        LinkedUnitGrade("good", D(85), "best", D("0.2")),
        LinkedUnitGrade("qualified", D(70), "good", D("0.15")),
        LinkedUnitGrade("unqualified", D(40), "fair", D(0)),
    ),
    vetoes=(LinkedVeto("V01", "poor"), LinkedVeto("V02", "fair", D("0.1"))),
)


def team(cadre, clean):
    kinds = {"cadre": cadre, "clean_government": clean}
    return [Result(k, None, score=D(v)) for k, v in kinds.items() if v is not None]


@pytest.mark.parametrize(
    ("unit_grade", "vetoes", "scores", "mean", "grade", "capped"),
    [
        ("excellent", (), ("90", "80"), "93.00", "best", ()),
        ("good", (), ("96", "94"), "90.10", "best", ()),
        # one level above the unit's own: 70 * 0.5 + 30 + 20 would be good anyway
        ("qualified", (), ("100", "100"), "85.00", "good", ()),
        ("unqualified", (), ("100", "100"), "70.00", "fair", ()),
        ("unqualified", (), ("50", "50"), "45.00", "poor", ()),
        # exactly on the line, and a hundredth below it, rounded half up
        ("good", (), ("95", "94.5"), "89.90", "good", ()),
        ("good", (), ("95", "95"), "90.00", "best", ()),
        ("good", (), ("95", "94.974"), "89.99", "good", ()),
        ("good", (), ("95", "94.975"), "90.00", "best", ()),
        ("excellent", ("V01",), ("100", "100"), "100.00", "poor", ("V01",)),
        ("excellent", ("V02", "V01"), ("100", "100"), "100.00", "poor", ("V01", "V02")),
        ("excellent", ("V09",), ("100", "100"), "100.00", "best", ()),
    ],
)
def test_a_team_has_the_grade_that_its_mean_reaches_and_its_unit_allows(
    unit_grade, vetoes, scores, mean, grade, capped
):
    """Planted bugs: round down; leave the cap of a veto out; compare with `>`."""
    found = linked(POLICY, unit_grade, vetoes, team(*scores)).team
    assert (found.mean, found.grade, set(found.capped_by)) == (D(mean), grade, {*capped})
    assert found.missing == ()


def test_a_team_is_no_better_than_its_units_grade_allows():
    strict = LinkedPolicy(
        **{
            **{name: getattr(POLICY, name) for name in POLICY.__slots__},
            "by_unit_grade": (LinkedUnitGrade("good", D(100), "fair", D(0)),),
        }
    )
    found = linked(strict, "good", (), team("100", "100")).team
    assert (found.grade, found.capped_by) == ("fair", ("unit_grade",))


@pytest.mark.parametrize(
    ("unit_grade", "scores", "missing"),
    [
        (None, ("90", "90"), ("unit",)),
        ("good", (None, "90"), ("cadre",)),
        (None, (None, None), ("unit", "cadre", "clean_government")),
    ],
)
def test_what_is_missing_is_named_and_never_a_zero(unit_grade, scores, missing):
    """Planted bug: take the mean of what is there."""
    found = linked(POLICY, unit_grade, (), team(*scores)).team
    assert (found.mean, found.grade, found.missing) == (None, None, missing)


def people(*grades):
    return [Result("cadre", f"P{n:02}", grade=each) for n, each in enumerate(grades)]


@pytest.mark.parametrize(
    ("unit_grade", "vetoes", "number", "most"),
    [
        ("excellent", (), 10, 3),
        ("excellent", (), 9, 2),  # 2.7
        ("good", (), 5, 1),
        ("unqualified", (), 50, 0),
        ("excellent", ("V02",), 10, 1),
        ("excellent", ("V01",), 10, 0),
        (None, (), 10, None),
    ],
)
def test_how_many_may_have_the_first_grade_follows_from_the_units(unit_grade, vetoes, number, most):
    """Planted bug: round the places up."""
    found = linked(POLICY, unit_grade, vetoes, people(*["excellent"] * number))
    assert (found.first, found.most_first) == (number, most)


def test_a_person_has_the_worst_grade_that_an_assessment_gave():
    """Planted bug: the cadre assessment alone."""
    clean = [Result("clean_government", "P00", grade="basic")]
    found = linked(POLICY, "good", (), [*people("excellent", "competent"), *clean])
    assert [(e.person, e.grade, e.missing) for e in found.people] == [
        ("P00", "basic", ()),
        ("P01", "competent", ("clean_government",)),
    ]
    assert found.first == 0


def test_drawn_teams_and_people_come_to_what_a_second_computation_says():
    """Fractions and counting, written without the rule's words. Planted bug: any of the weights."""
    drawn = random.Random(17)  # noqa: S311 - the same ones each time
    rows = {e.grade: e for e in POLICY.by_unit_grade}
    for _ in range(2_000):
        grade, vetoes = drawn.choice([*rows]), {v for v in ("V01", "V02") if drawn.random() < 0.2}
        cadre, clean = (D(drawn.randrange(0, 10_001)) / 100 for _ in range(2))
        marks = [drawn.choice(PEOPLE) for _ in range(drawn.randrange(30))]
        found = linked(POLICY, grade, vetoes, [*team(cadre, clean), *people(*marks)])

        exact = (Fraction(rows[grade].points) * 5 + Fraction(cadre) * 3 + Fraction(clean) * 2) / 10
        hundredths = (exact * 100 * 2 + 1) // 2
        place = sum(hundredths < line * 100 for line in (90, 80, 60))
        allowed = {"excellent": 0, "good": 0, "qualified": 1, "unqualified": 2}[grade]
        worst = max(place, allowed, 3 if "V01" in vetoes else 0, 2 if "V02" in vetoes else 0)
        assert (found.team.mean, found.team.grade) == (D(int(hundredths)) / 100, TEAM[worst])

        shares = {"excellent": 300, "good": 200, "qualified": 150, "unqualified": 0}
        least = min(
            [shares[grade], *(0 for _ in vetoes & {"V01"}), *(100 for _ in vetoes & {"V02"})]
        )
        assert found.most_first == len(marks) * least // 1000
        assert found.first == marks.count("excellent")


def test_who_enters_is_the_first_body_that_does_not_compete():
    """Planted bug: the first body, whoever it competes with."""
    assert POLICY.body_of("cadre", ("X1",)) == "ZZ01"
    assert POLICY.body_of("cadre", ("X1", "ZZ01")) == "ZZ02"
    assert POLICY.body_of("clean_government", ("JW01",)) is None
    assert POLICY.kinds_of("ZZ02", ("ZZ01",)) == ["cadre"]
    assert POLICY.kinds_of("ZZ02", ("X1",)) == POLICY.kinds_of(None, ("JW01",)) == []


@pytest.mark.parametrize(
    ("said", "more", "faults"),
    [
        (Result("cadre", None, score=D(90)), {}, []),
        (Result("cadre", "P1", grade="basic"), {}, []),
        (Result("cadre", "P1", score=D(90)), {}, ["/grade missing", "/score not-wanted"]),
        (Result("cadre", None, grade="basic"), {}, ["/score missing", "/grade not-wanted"]),
        (Result("cadre", "P1", grade="best"), {}, ["/grade unknown-grade"]),
        (Result("cadre", None, D(1)), {"day": date(2026, 3, 2)}, ["/document/day in-the-future"]),
        (Result("cadre", None, D(1)), {"corrects": True}, ["/reason missing"]),
        (Result("cadre", None, D(1)), {"reason": "x"}, ["/reason not-wanted"]),
    ],
)
def test_what_is_wrong_with_a_typed_result_is_named(said, more, faults):
    day = more.pop("day", date(2026, 3, 1))
    given = {"corrects": False, "reason": None, **more}
    found = entry_faults(POLICY, said, day, date(2026, 3, 1), **given)
    assert [f"{each.pointer} {each.code}" for each in found] == faults


@pytest.mark.parametrize(
    ("entered", "months", "over"),
    [
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2026, 11, 1), 1, date(2027, 1, 1)),
        (date(2026, 12, 31), 36, date(2030, 1, 1)),
    ],
)
def test_what_is_kept_about_people_is_kept_for_whole_months(entered, months, over):
    """Planted bug: December is the month 0 of the next year."""
    assert erased_from(entered, months) == over
