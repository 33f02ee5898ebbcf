"""A composite index as a scheme: one block worth 1 point, three places, bands, two without data."""

import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from ranking.rules.results import UnitResult, differing, results
from ranking.rules.scheme import Scheme
from ranking.rules.sheet import UnitSheet, marks_to_rank

GAP = {"indicator": "income", "reason": "Too few answered.", "reason_zh": "有效样本不足。"}
BANDS = {"very_high": "0.8", "high": "0.7", "medium": "0.55"}


def scheme_of(units: Iterable[str], rate: str) -> Scheme:
    """Give the scheme of these countries; `rate` is that of every band but the last."""
    levels = [
        {"grade": band, "rate": rate, "rounding": "floor", "min_count": 0, "min_score": score}
        for band, score in BANDS.items()
    ]
    category = {"code": "WORLD", "units": list(units), "blocks": [{"code": "hdi"}]}
    document = SCHEME | {"categories": [category], "grades": GRADES | {"levels": levels}}
    return TypeAdapter(Scheme).validate_json(json.dumps(document))


SCHEME = {
    "rounding": {"places": 3, "mode": "half_up"},
    "composition": {"parts": ["hdi"], "bonus": False, "deductions": False, "max_total": None},
    "vetoes": {"grade_cap": "low", "limit": None, "items": []},
    "demotions": [],
    "ranking": {"tie_break": [], "ties": "same_rank_skip", "incomplete": "leave_out"},
}


GRADES = {
    "order": [*BANDS, "low"],
    "unqualified_below": "0",
    "vacancy": "backfill",
    "outside_quota": [],
}


def ranked(scores: dict[str, str | None], rate: str = "1") -> list[UnitResult]:
    """Rank countries by their unrounded scores."""
    scheme = scheme_of(scores, rate)
    category = scheme.category("WORLD")
    sheets = [_sheet(unit, score) for unit, score in scores.items()]
    marks = marks_to_rank(
        TypeAdapter(list[UnitSheet]).validate_json(json.dumps(sheets)),
        category,
        scheme.composition,
        leave_out=scheme.leaves_out(category),
    )
    return results(scheme, category, marks, {}, vetoes=[], demotions=[])


def _sheet(unit: str, score: str | None) -> dict[str, Any]:
    total = score
    return {
        "unit": unit,
        "blocks": {"hdi": score},
        "base_total": total,
        "adjustment": "0",
        "total": total,
        "indicator_scores": [
            {"indicator": "HDI", "block": "hdi", "points": "1", "score": score, "children": []},
        ],
        "missing": [] if score else [GAP],
    }


@pytest.mark.parametrize(
    ("score", "total", "band"),
    [
        ("0.966641234567", "0.967", "very_high"),
        ("0.799500000000", "0.800", "very_high"),
        ("0.799499999999", "0.799", "high"),
        ("0.700000000000", "0.700", "high"),
        ("0.550000000000", "0.550", "medium"),
        ("0.549499999999", "0.549", "low"),
        ("0.000000000000", "0.000", "low"),
    ],
)
def test_a_band_begins_at_its_bound_of_the_rounded_total(score: str, total: str, band: str) -> None:
    """Planted bug: compare the unrounded total, or leave the bound out of the band."""
    [line] = ranked({"AAA": score})
    assert (str(line.final_total), line.grade, line.reasons) == (total, band, ())


def test_equal_rounded_totals_share_a_rank_and_the_next_is_skipped() -> None:
    """Planted bug: rank the unrounded totals, which puts 27 countries elsewhere."""
    found = ranked({"A": "0.9001", "B": "0.8004", "C": "0.8001", "D": "0.7996", "E": "0.5"})
    assert [(one.unit, one.rank) for one in found] == [
        ("A", 1), ("B", 2), ("C", 2), ("D", 2), ("E", 5),
    ]  # fmt: skip


def test_whoever_lacks_data_is_named_last_and_shifts_nobody() -> None:
    """Planted bug: count the units without data into the quotas, or give them the last rank."""
    found = ranked({"PRK": None, "A": "0.9", "MCO": None, "B": "0.6"})
    assert [(one.unit, one.rank, one.grade) for one in found] == [
        ("A", 1, "very_high"),
        ("B", 2, "medium"),
        ("MCO", None, None),
        ("PRK", None, None),
    ]
    told = [(reason.en, reason.zh) for reason in found[2].reasons]
    assert told[0] == ("not ranked: income missing", "未参加排名：缺少income")
    assert told[1][1] == "income：有效样本不足。"
    assert (found[2].base_total, found[2].final_total) == (None, None)
    assert found[2].adjustment == Decimal(0)


def test_quotas_are_shares_of_the_units_that_are_ranked() -> None:
    """Planted bug: take the size of the category for that of the field."""
    found = ranked({"A": "0.9", "B": "0.85", "C": None, "D": None}, rate="0.5")
    assert [one.grade for one in found] == ["very_high", "high", None, None]


def test_who_has_another_result_is_named_and_a_new_name_is_none() -> None:
    """Planted bugs: a unit that is there on one side only is overlooked; names are compared."""
    one = UnitResult("A", "甲", {}, None, Decimal(0), None, None, None, (), ())
    moved, renamed = replace(one, unit="B", rank=2), replace(one, name="乙")

    assert differing([one], [renamed]) == []
    assert differing([one], [one, moved]) == ["B"]
    assert differing([one, moved], [one]) == ["B"]
    assert differing([one, moved], [one, replace(moved, rank=3)]) == ["B"]
