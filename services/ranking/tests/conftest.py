"""The reference city as the other services would publish it: scheme, units and score sheet."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from ranking.rules.scheme import Scheme

REFERENCE = Path(__file__).parents[3] / "examples" / "yunchuan-2025"
BLOCKS = ("function", "public_review", "comprehensive")


def _load(name: str) -> dict[str, Any]:
    """Read a YAML document; what YAML calls a float becomes the string that stands there."""
    read = yaml.load((REFERENCE / name).read_text(encoding="utf-8"), yaml.CSafeLoader)
    loaded: dict[str, Any] = json.loads(json.dumps(read), parse_float=str)
    return loaded


@pytest.fixture(scope="session")
def county_year() -> dict[str, Any]:
    """Give the counties' year: inputs, claims, vetoes and the expected results."""
    return _load("county-year.yaml")


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """Give the small cases with exact answers."""
    return _load("vectors.yaml")


@pytest.fixture(scope="session")
def scheme_document(county_year: dict[str, Any]) -> dict[str, Any]:
    """Give the reference scheme as the indicators service publishes it, as far as it is read."""
    city = _load("scheme.yaml")
    grades = city["grades"]
    return {
        "rounding": {"places": city["rounding"]["leaf_score_places"], "mode": "half_up"},
        "categories": [
            {
                "code": county_year["category"],
                "units": [line["unit"] for line in county_year["expected"]],
                "blocks": [{"code": block} for block in BLOCKS],
            }
        ],
        "composition": {"parts": BLOCKS, "bonus": True, "deductions": True, "max_total": None},
        "vetoes": {
            "grade_cap": city["veto_effect"]["grade_cap"],
            "limit": 2,
            "items": [
                {"code": veto["code"], "responsible_units": {"V02": ["ZH11"]}.get(veto["code"], [])}
                for veto in city["vetoes"]
            ],
        },
        "demotions": [
            {
                "code": rule["code"],
                "indicators": rule["when"].get("indicator_in", []),
                "score_ratio_below": rule["when"].get("score_ratio_below"),
                "event": rule["when"].get("event"),
                "effect": rule["effect"],
                "responsible_units": ["ZF04"] if "event" in rule["when"] else [],
            }
            for rule in city["demotions"]
        ],
        "grades": {
            "order": grades["order"],
            "levels": [
                {"grade": grade, "min_count": 0, **grades[grade]} for grade in ("excellent", "good")
            ],
            "unqualified_below": grades["unqualified_below"],
            "vacancy": "backfill",
            "outside_quota": grades["outside_quota"],
        },
        "ranking": {"tie_break": city["ranking"]["tie_break"], "ties": city["ranking"]["then"]},
    }


@pytest.fixture(scope="session")
def scheme(scheme_document: dict[str, Any]) -> Scheme:
    """Give the reference scheme as the rules see it."""
    return TypeAdapter(Scheme).validate_json(json.dumps(scheme_document))


@pytest.fixture(scope="session")
def sheet_units(county_year: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the units of the counties' score sheet: the expected scores, and nothing of ranks."""
    tree = _load("scheme.yaml")["indicators"][county_year["category"]]
    return [_sheet_of(line, tree) for line in county_year["expected"]]


def _sheet_of(line: dict[str, Any], tree: dict[str, Any]) -> dict[str, Any]:
    scores = [
        {
            "indicator": indicator["code"],
            "block": block,
            "points": str(indicator["points"]),
            "score": str(line["indicator_scores"][indicator["code"]]),
            "excess": "0",
            "children": [],
        }
        for block in BLOCKS
        for indicator in tree[block]
    ]
    blocks = {
        block: str(sum(Decimal(one["score"]) for one in scores if one["block"] == block))
        for block in BLOCKS
    }
    adjustment = str(line["adjustment"])
    return {
        "unit": line["unit"],
        "category": "COUNTY",
        "blocks": blocks,
        "adjustment": adjustment,
        "indicator_scores": scores,
        "missing": [],
    }
