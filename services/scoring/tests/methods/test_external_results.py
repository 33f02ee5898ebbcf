"""What another system found, with its document and its calendar, and last year's in its place."""

from datetime import date
from decimal import Decimal

import pytest
from small_years import Year, indicator

from scoring.rules.ledger.entries import ResultDocument

SCORE = {"kind": "score", "scale": 1000, "system": {"late": "last_year", "closes": "2026-02-28"}}
RANK = {"kind": "rank_pct", "tiers": [{"max": 20, "points": 8}, {"max": 40, "points": 7}]} | {
    "system": {"late": "missing"}
}
GRADE = {"kind": "grade", "grades": {"A": 1, "B": "0.9"}, "system": {"late": "last_year"}}
DOCUMENT = ResultDocument(
    listed=None,
    document_no="湘税考〔2026〕3号",
    document_date=date(2026, 2, 1),
    authority="省税务局",
    about_from=date(2025, 1, 1),
    about_until=date(2025, 12, 31),
)
RANKED = DOCUMENT._replace(listed=14)


def year(*entries):
    found = Year()
    for key, value, word, item, document in entries:
        told = {"word": word, "item": item, "result_document": document}
        found.enter("A", "external_result", key, value, **told)
    return found


def score(value, item=None):
    return "score", value, None, item, DOCUMENT


def grade(word, item=None):
    return None, None, word, item, DOCUMENT


@pytest.mark.parametrize(
    ("params", "entries", "points"),
    [
        (SCORE, [score("912.5")], "9.125"),
        (SCORE, [score("800", "last_year")], "8"),
        (SCORE, [score("800", "last_year"), score("912.5")], "9.125"),
        (SCORE, [score("0"), score("800", "last_year")], "0"),
        (SCORE, [], None),
        (SCORE, [score("1"), score("2")], None),
        (SCORE, [score("1", "last_year"), score("2", "last_year")], None),
        (RANK, [("rank_pct", "20", None, None, RANKED)], "8"),
        (RANK, [("rank_pct", "40", None, None, RANKED)], "7"),
        (RANK, [("rank_pct", "41", None, None, RANKED)], "0"),
        (GRADE, [grade("B")], "9"),
        (GRADE, [grade("A", "last_year")], "10"),
        (GRADE, [grade("A", "last_year"), grade("B")], "9"),
        (GRADE, [grade("C")], None),
    ],
)
def test_a_result_is_converted_and_last_years_counts_only_until_it_comes(params, entries, points):
    """Planted bugs: last year's before this year's; last year's as zero; the lesser of several."""
    found = outcome(params, *entries)
    assert found.score == (None if points is None else Decimal(points))


def outcome(params, *entries):
    return year(*entries).outcomes(indicator("external_result", params, points=10))["X"]["A"]


def test_last_years_result_is_told_as_such_and_the_one_that_came_with_its_document():
    """Planted bugs: nothing is noted where last year's counts; the one that stood in is told as
    counted; the document is left out."""
    stood = outcome(SCORE, score("800", "last_year"))
    assert (stood.decision, [each.en for each in stood.because]) == (
        "carried_over",
        ["score is last year's: this year's has not come."],
    )
    came = outcome(SCORE, score("800", "last_year"), score("912.5"))
    assert came.decision is None
    assert [(each.name, each.value, each.counted) for each in came.used()] == [
        ("score", "912.5", True),
        ("document", "省税务局, 湘税考〔2026〕3号, 2026-02-01", True),
        ("about", "2025-01-01 – 2025-12-31", True),
        ("score, last year's", "800", False),
    ]
    ranked = outcome(RANK, ("rank_pct", "20", None, None, RANKED))
    assert ("listed", "14") in [(each.name, each.value) for each in ranked.used()]
