"""The tables that are compared over cities and years: their columns, rows and exact numbers.

Engines differ in how they divide and round decimals, and not in whole numbers: every score, share
and error is kept in millionths. What has more digits than that is refused, never rounded.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kaoping.faults import KaopingFault

MILLION = 1_000_000
LARGEST = 2**53 - 1
"""The largest whole number: every engine computes with those below exactly, whatever it divides
by."""

Value = str | int | None
Row = Sequence[Value]

TEXT, WHOLE = "text", "bigint"
"""The two types of columns; `TEXT` compares byte by byte."""


class TooFine(KaopingFault):
    """A number has more digits than are kept, or is too large."""


class Table(NamedTuple):
    """A table: its columns with their types, by which of them a row is found, what it is."""

    columns: Mapping[str, str]
    key: tuple[str, ...]
    zh: str
    en: str


_YEAR = {"jurisdiction": TEXT, "assessment_year": WHOLE, "cycle_id": TEXT}
_UNIT = {**_YEAR, "category": TEXT, "unit": TEXT}

TABLES: Mapping[str, Table] = {
    "release": Table(
        {**_YEAR, "category": TEXT, "release": WHOLE, "published_at": TEXT, "digest": TEXT},
        ("cycle_id", "category"),
        "各类别最新公布稿",
        "the newest release of each category",
    ),
    "unit_result": Table(
        {
            **_UNIT,
            "name": TEXT,
            "subcategory": TEXT,
            "base_total": WHOLE,
            "adjustment": WHOLE,
            "final_total": WHOLE,
            "rank_no": WHOLE,
            "rank_in_subcategory": WHOLE,
            "grade": TEXT,
        },
        ("cycle_id", "category", "unit"),
        "各单位公布的结果（百万分之一分）",
        "released results of units, in millionths of a point",
    ),
    "block_result": Table(
        {**_UNIT, "block": TEXT, "score": WHOLE},
        ("cycle_id", "category", "unit", "block"),
        "各单位公布的板块得分",
        "released scores by block",
    ),
    "indicator": Table(
        {
            **_YEAR,
            "category": TEXT,
            "category_points": WHOLE,
            "block": TEXT,
            "indicator": TEXT,
            "name": TEXT,
            "method": TEXT,
            "points": WHOLE,
            "leaf": WHOLE,
        },
        ("cycle_id", "category", "indicator"),
        "方案的指标及分值",
        "indicators of the schemes, with their points",
    ),
    "indicator_score": Table(
        {**_UNIT, "block": TEXT, "indicator": TEXT, "points": WHOLE, "score": WHOLE, "leaf": WHOLE},
        ("cycle_id", "category", "unit", "indicator"),
        "公布所依据的各指标得分",
        "scores by indicator that a release rests on",
    ),
    "survey_estimate": Table(
        {
            **_YEAR,
            "survey": TEXT,
            "unit": TEXT,
            "value": WHOLE,
            "standard_error": WHOLE,
            "low": WHOLE,
            "high": WHOLE,
            "sample": WHOLE,
            "design_effect": WHOLE,
        },
        ("cycle_id", "survey", "unit"),
        "各单位调查指数及其误差；人数过少的不提供",
        "survey indices of units with their errors, null where too few were asked to tell",
    ),
    "entry": Table(
        {
            **_YEAR,
            "unit": TEXT,
            "indicator": TEXT,
            "kind": TEXT,
            "period": TEXT,
            "value": TEXT,
            "state": TEXT,
            "occurred_on": TEXT,
            "entered_on": TEXT,
            "late": WHOLE,
            "entry_id": TEXT,
        },
        ("cycle_id", "entry_id"),
        "台账记录，不含人员、说明、文号和材料",
        "ledger entries, without persons, notes, documents and evidence",
    ),
}
RELEASED = frozenset({"release", "unit_result", "block_result", "indicator"})
"""What whoever may read a release has; the others are told to those who may read the record."""


def millionths(number: str | Decimal | None) -> int | None:
    """Return a decimal in millionths; raise `TooFine` where it would not be exact."""
    if number is None:
        return None
    scaled = Decimal(number) * MILLION
    if scaled != (whole := int(scaled)) or abs(whole) > LARGEST:
        raise TooFine(f"{number} is no whole number of millionths below {LARGEST}")
    return whole
