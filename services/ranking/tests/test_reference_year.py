"""The eleven counties of the reference city, from their indicator scores to rank and grade."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from ranking.rules.composition import Composition, Marks, Rounding
from ranking.rules.demotions import DemotionRule, IndicatorScore
from ranking.rules.grades import GradePolicy, Level
from ranking.rules.order import RankPolicy
from ranking.rules.results import Policy, UnitInput, UnitResult, results


def policy_of(scheme: dict[str, Any]) -> Policy:
    grades = scheme["grades"]
    return Policy(
        rounding=Rounding(scheme["rounding"]["leaf_score_places"], scheme["rounding"]["mode"]),
        composition=Composition(("function", "public_review", "comprehensive"), True, True),
        ranking=RankPolicy(scheme["ranking"]["tie_break"], scheme["ranking"]["then"]),
        grades=GradePolicy(
            order=grades["order"],
            levels=[
                Level(
                    name,
                    grades[name]["rate"],
                    grades[name]["rounding"],
                    grades[name].get("min_count", 0),
                    Decimal(grades[name]["min_score"]),
                )
                for name in ("excellent", "good")
            ],
            unqualified_below=Decimal(grades["unqualified_below"]),
            vacancy="backfill",
        ),
        grade_cap=scheme["veto_effect"]["grade_cap"],
        demotions=[
            DemotionRule(
                rule["code"],
                rule["when"].get("indicator_in", ()),
                rule["when"].get("score_ratio_below"),
                rule["when"].get("event"),
                rule["effect"],
            )
            for rule in scheme["demotions"]
        ],
    )


def inputs_of(scheme: dict[str, Any], year: dict[str, Any]) -> list[UnitInput]:
    blocks = scheme["indicators"][year["category"]]
    units = []
    for expected in year["expected"]:
        scores = {code: Decimal(score) for code, score in expected["indicator_scores"].items()}
        claimed = [
            Decimal(claim["expect"]["points"])
            for claim in year["claims"]
            if claim["unit"] == expected["unit"]
        ]
        marks = Marks(
            expected["unit"],
            {
                block: sum((scores[each["code"]] for each in indicators), Decimal(0))
                for block, indicators in blocks.items()
            },
            bonus=sum((points for points in claimed if points > 0), Decimal(0)),
            deductions=-sum((points for points in claimed if points < 0), Decimal(0)),
        )
        points = {
            each["code"]: Decimal(each["points"])
            for indicators in blocks.values()
            for each in indicators
        }
        units.append(
            UnitInput(
                marks,
                {code: IndicatorScore(points[code], score) for code, score in scores.items()},
                vetoes=[year["vetoes"][expected["unit"]]]
                if expected["unit"] in year["vetoes"]
                else [],
            )
        )
    return units


def test_the_reference_year_has_exactly_the_expected_totals_ranks_grades_and_reasons(
    reference_scheme: dict[str, Any], county_year: dict[str, Any]
) -> None:
    """Would fail if one digit were lost, or a demoted unit took an excellent place."""
    ranking = results(policy_of(reference_scheme), inputs_of(reference_scheme, county_year))
    found = {line.unit: _words(line) for line in ranking}
    assert found == {line["unit"]: _expected(line) for line in county_year["expected"]}


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_inputs_never_shows(
    seed: int, reference_scheme: dict[str, Any], county_year: dict[str, Any]
) -> None:
    policy, units = policy_of(reference_scheme), inputs_of(reference_scheme, county_year)
    shuffled = units.copy()
    Random(seed).shuffle(shuffled)  # noqa: S311 - a fixed seed, no secret
    assert results(policy, shuffled) == results(policy, units)


def _words(line: UnitResult) -> dict[str, Any]:
    return {
        **line.blocks,
        "base_total": line.base_total,
        "adjustment": line.adjustment,
        "final_total": line.final_total,
        "rank": line.rank,
        "grade": line.grade,
        "reasons": list(line.reasons),
        "demoted_by": list(line.demoted_by),
    }


def _expected(line: dict[str, Any]) -> dict[str, Any]:
    names = ["function", "public_review", "comprehensive", "base_total", "adjustment"]
    names += ["final_total", "rank", "grade", "reasons", "demoted_by"]
    return {name: line[name] for name in names}
