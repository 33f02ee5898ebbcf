"""An earlier year of a city, of which no more is told than the awards on which claims of the year
look back (以前年度已计的奖项).

It is the year before the last one: of last year's awards people say what counted, because that year
is in no system.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kaoping.city.particulars import rules_of
from kaoping.plan import Document, Plan

YEARS_BACK = 2

EVERYTHING = "E01"
"""The one indicator of the earlier year."""


def earlier_year(plan: Plan, claims: Sequence[Document]) -> Plan | None:
    """Return the year in which some claims counted; None where there is none."""
    if not claims:
        return None
    year, categories = plan.assessment_year - YEARS_BACK, list[Document]()
    claiming = {claim["unit"] for claim in claims}
    for category in plan.scheme["categories"]:
        if claiming.intersection(category["units"]):
            categories.append(_category(plan.scheme, category, year))
    name = plan.cycle["name"].replace(str(plan.assessment_year), str(year))
    return Plan(
        {**plan.cycle, "assessment_year": year, "name": name},
        _scheme(plan.scheme, categories, year),
        plan.units,
        [category["code"] for category in categories],
        claims=list(claims),
    )


def _scheme(later: Mapping[str, Any], categories: list[Document], year: int) -> Document:
    usual = {name: later[name] for name in ("rounding", "grades")}
    return {
        "title": f"{year}年度综合绩效评估方案",
        "code": f"{year}",
        "assessment_year": year,
        **usual,
        "ledger": {"zero_report_required": False},
        "categories": categories,
        "composition": {"parts": ["function"], "bonus": True, "deductions": True},
        "adjustments": _as_of(year, later["adjustments"]),
        "vetoes": {**later["vetoes"], "items": []},
        "ranking": {"tie_break": [], "ties": later["ranking"]["ties"]},
    }


def _category(scheme: Mapping[str, Any], category: Mapping[str, Any], year: int) -> Document:
    told = {name: category[name] for name in ("code", "name", "organiser", "units")}
    everything = {
        "code": EVERYTHING,
        "name": "综合表现",
        "points": 100,
        "method": "grade_map",
        "params": {"grades": {"好": 1}},
        "data_source_unit": category["organiser"],
        "frequency": "yearly",
        "children": [],
    }
    block = {"code": "function", "name": "职能指标", "points": 100, "indicators": [everything]}
    own = _as_of(year, rules_of(scheme, category))
    return {**told, "total": 100, "blocks": [block], "adjustments": own}


def _as_of(year: int, rules: Mapping[str, Any]) -> Document:
    window = {"opens": f"{year}-01-01", "closes": f"{year}-12-31"}
    return {**rules, "window": window}
