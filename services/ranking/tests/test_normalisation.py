"""Four ways of putting groups on one scale, against the published vectors."""

from decimal import Decimal
from typing import Any

import pytest

from ranking.rules.normalisation import (
    Normalised,
    grand_mean_ratio,
    rank_percentile,
    second_mean,
    z_score,
)

CLAMP = (Decimal("0.97"), Decimal("1.03"))


def numbers(found: list[Any]) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(one)) for one in found)


@pytest.fixture(scope="module")
def cases(vectors: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = vectors["normalisation"]
    return found


@pytest.fixture(scope="module")
def groups(cases: list[dict[str, Any]]) -> dict[str, tuple[Decimal, ...]]:
    return {name: numbers(marks) for name, marks in cases[0]["groups"].items()}


def scores(found: dict[str, Normalised]) -> dict[str, tuple[Decimal, ...]]:
    return {name: group.scores for name, group in found.items()}


def coefficients(case: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(str(one)) for name, one in case["coefficients"].items()}


def expected(case: dict[str, Any]) -> dict[str, tuple[Decimal, ...]]:
    return {name: numbers(marks) for name, marks in case["expected"].items()}


def test_the_vectors_are_the_four_that_are_compared(cases: list[dict[str, Any]]) -> None:
    assert [case["name"].split()[0] for case in cases] == [
        "second", "grand", "mean-ratio", "z-score"
    ]  # fmt: skip


def test_second_mean(cases: list[dict[str, Any]], groups: dict[str, Any]) -> None:
    found = second_mean(groups, 4)
    assert scores(found) == expected(cases[0])
    assert {name: one.coefficient for name, one in found.items()} == coefficients(cases[0])


def test_grand_mean_with_a_coefficient_of_two_decimals(
    cases: list[dict[str, Any]], groups: dict[str, Any]
) -> None:
    """Planted bug: leave the coefficient unrounded, or weigh the groups alike."""
    found = grand_mean_ratio(groups, 4)
    assert scores(found) == expected(cases[1])
    assert {name: one.coefficient for name, one in found.items()} == coefficients(cases[1])


def test_a_clamped_coefficient(cases: list[dict[str, Any]], groups: dict[str, Any]) -> None:
    found = second_mean(groups, 4, CLAMP)
    assert {name: one.coefficient for name, one in found.items()} == coefficients(cases[2])


def test_z_score_of_a_population(cases: list[dict[str, Any]], groups: dict[str, Any]) -> None:
    """Planted bug: divide by n - 1, as for a sample."""
    found = z_score(groups, 4, mean=Decimal(85), deviation=Decimal(5))
    assert scores(found) == expected(cases[3])


@pytest.mark.parametrize(
    ("marks", "placed"),
    [
        (["90"], ["100"]),
        (["70", "90", "80"], ["0", "100", "50"]),
        (["80", "80", "60"], ["75", "75", "0"]),
    ],
)
def test_rank_percentile(marks: list[str], placed: list[str]) -> None:
    found = rank_percentile({"A": numbers(marks)}, 2)["A"]
    assert (found.coefficient, found.scores) == (None, numbers(placed))


def test_equal_marks_get_the_common_mean() -> None:
    group = {"A": numbers(["80", "80"])}
    assert z_score(group, 2, mean=Decimal(85), deviation=Decimal(5))["A"].scores == (85, 85)


@pytest.mark.parametrize("group", [{}, {"A": ()}, {"A": (Decimal(0),)}])
def test_a_group_with_nothing_to_compare_is_refused(group: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="marks above zero"):
        second_mean(group, 4)
