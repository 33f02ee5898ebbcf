"""From a city's scheme file to the scheme document of the API, and the units it names."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kaoping.city.files import OWN_UNIT, City, Document
from kaoping.city.opinions import survey_of, surveys

# The API says in its own words what the files say in theirs.
CONDITIONS = {
    "holder_name_equals_unit_name": "holder_match",
    "linked_to_assessed_indicator": "indicator_link",
    "document_required_plaque_alone_not_enough": "document",
}
ALWAYS = "1949-10-01"  # the files date no name: each has been so before any document that counts
NOWHERE = "439900"  # a division that does not exist, in a province that does
BLOCK_NAMES = {"function": "职能指标", "public_review": "公众评议", "comprehensive": "综合项目"}
CALENDAR = {"date": "date", "from": "opens", "to": "closes", "due": "due"}
FLAGS = ("allow_exceed", "may_be_not_applicable", "external_result")


def cycle(city: City) -> Document:
    """The assessment year to begin, in the city's division of GB/T 2260 if it names one."""
    meta = city.scheme["meta"]
    return {
        "name": f"{city.assessment_year} {meta.get('city_zh', '')}".strip(),
        "jurisdiction": str(meta.get("jurisdiction", NOWHERE)),
        "assessment_year": city.assessment_year,
    }


def units(city: City) -> list[Document]:
    """Every assessed unit and every other named body, as the API registers them."""
    assessed = [(u["code"], u["name_zh"], "assessed") for u in city.scheme["units"]]
    bodies = [(code, name, "body") for name, code in city.bodies.items()]
    return [
        {"code": code, "name": name, "kind": kind, "uscc": None, "valid_from": ALWAYS}
        for code, name, kind in assessed + bodies
    ]


def scheme_document(city: City) -> Document:
    """The whole scheme as one document of the API."""
    scheme = city.scheme
    composition = _composition(scheme["composition"])
    return {
        "title": scheme["meta"]["title"],
        "code": scheme["meta"]["scheme_code"],
        "assessment_year": city.assessment_year,
        "rounding": {
            "places": scheme["rounding"]["leaf_score_places"],
            "mode": scheme["rounding"]["mode"],
            "by_points": scheme["rounding"].get("by_points") or [],
        },
        "ledger": {"zero_report_required": scheme["ledger"]["rules"]["zero_report_required"]},
        "calendar": [_step(step) for step in scheme["calendar"]],
        "surveys": surveys(city),
        "panels": [_panel(city, panel) for panel in scheme.get("panels", [])],
        "tags": [_named(tag, "zh", "en") for tag in scheme.get("tags") or []],
        "categories": [_category(city, category, composition) for category in scheme["categories"]],
        "composition": composition,
        "adjustments": _adjustments(scheme["adjustments"]),
        "vetoes": _vetoes(city),
        "demotions": [_demotion(demotion) for demotion in scheme.get("demotions") or []],
        "grades": _grades(scheme["grades"]),
        "ranking": {
            "tie_break": scheme["ranking"]["tie_break"],
            "ties": scheme["ranking"]["then"],
        },
        **_as_it_is(scheme),
    }


def _as_it_is(scheme: Mapping[str, Any]) -> Document:
    """What a city writes as the API has it, where it says anything of that."""
    return {name: scheme[name] for name in ("duties",) if name in scheme}


def responsible_units(city: City, veto: str) -> list[str]:
    """Who reports a veto: the data sources of the indicators that are linked to it."""
    linked = (
        city.source(indicator["data_source_unit"]).unit
        for category in city.scheme["indicators"]
        for indicator in city.indicators(category)
        if indicator.get("veto_link") == veto
    )
    return [unit for unit in dict.fromkeys(linked) if unit != OWN_UNIT]


def _step(step: Mapping[str, Any]) -> Document:
    dates = {field: step.get(word) for word, field in CALENDAR.items()}
    names = {"step": step["step"], "name": step["zh"]}
    return {**names, **dates, "working_days": step.get("working_days")}


def _named(thing: Mapping[str, Any], zh: str, en: str) -> Document:
    return {"code": thing["code"], "name": thing[zh], "name_en": thing.get(en)}


def _panel(city: City, panel: Mapping[str, Any]) -> Document:
    seats = [
        {
            "seat": seat["seat"],
            "account": seat["account"],
            "unit": city.codes[seat["unit"]],
            "name": seat["zh"],
        }
        for seat in panel["seats"]
    ]
    return {**_named(panel, "zh", "en"), "seats": seats}


def _category(city: City, category: Mapping[str, Any], usual: Document) -> Document:
    code = category["code"]
    own = [block for block in usual["parts"] if block in city.blocks(code)]
    return {
        "code": code,
        "name": category["name_zh"],
        "name_en": category.get("name_en"),
        "organiser": city.codes[category["organiser"]],
        "total": category["points"]["total"],
        "units": _units_of(city, "category", code),
        "blocks": [
            {
                "code": block,
                "name": _block_name(city, block),
                "points": category["points"][block],
                "indicators": [_indicator(city, code, indicator) for indicator in indicators],
            }
            for block, indicators in city.blocks(code).items()
        ],
        "composition": None if own == usual["parts"] else {**usual, "parts": own},
        "grades": _grades(category["grades"]) if "grades" in category else None,
        "subcategories": [
            {
                **_named(each, "name_zh", "name_en"),
                "units": _units_of(city, "subcategory", each["code"]),
            }
            for each in category.get("subcategories", [])
        ],
    }


def _units_of(city: City, kind: str, code: str) -> list[str]:
    return [unit["code"] for unit in city.scheme["units"] if unit.get(kind) == code]


def _block_name(city: City, block: str) -> str:
    described = city.scheme["composition"].get(f"{block}_block", {})
    return str(described.get("zh") or BLOCK_NAMES.get(block, block))


def _indicator(city: City, category: str, indicator: Mapping[str, Any]) -> Document:
    source = city.source(indicator["data_source_unit"])
    params = dict(indicator.get("params") or {})
    if indicator["method"] == "survey_score":
        params = {"survey": survey_of(city, category, indicator), "scale": params["scale"]}
    return {
        "code": indicator["code"],
        "name": indicator["name_zh"],
        "name_en": indicator.get("name_en"),
        "points": indicator["points"],
        "method": indicator["method"],
        "params": params,
        "data_source_unit": source.unit,
        "reviewed_by": source.reviewed_by,
        "frequency": indicator["frequency"],
        "measure": indicator.get("unit"),
        "tags": indicator.get("tags", []),
        **{flag: bool(indicator.get(flag, False)) for flag in FLAGS},
        "redistribute_to": indicator.get("redistribute_to"),
        "veto_link": indicator.get("veto_link"),
        "children": [_indicator(city, category, child) for child in indicator.get("children", [])],
    }


def _composition(composition: Mapping[str, Any]) -> Document:
    """Read a formula such as total = function + public_review + bonus - deductions."""
    words = re.findall(r"[a-z_]+", composition["formula"].partition("=")[2])
    unbounded = composition.get("may_exceed_100", True)
    return {
        "parts": [word for word in words if word not in ("bonus", "deductions")],
        "bonus": "bonus" in words,
        "deductions": "deductions" in words,
        "max_total": None if unbounded else composition["base_points"],
    }


def _adjustments(adjustments: Mapping[str, Any]) -> Document:
    window, bonus, deductions = (adjustments[key] for key in ("window", "bonus", "deductions"))
    return {
        "window": {"opens": window["from"], "closes": window["to"]},
        "carry_over": "once" if window.get("late_documents", "").endswith("once") else "none",
        "bonus": {
            "rules": [
                {key: rule[key] for key in ("code", "level", "points", "authorities")}
                for rule in bonus["rules"]
            ],
            "same_event": _first_word(bonus["same_event"]),
            "cap_total": bonus.get("cap_total"),
            "requires": [CONDITIONS[condition] for condition in bonus["conditions"]],
        },
        "deductions": {
            # A rule without points is carried by an indicator (inherit_superior), not by claims.
            "rules": [
                {"code": rule["code"], "name": rule["zh"], "points": rule["points"]}
                for rule in deductions["rules"]
                if "points" in rule
            ],
            "same_event": _first_word(deductions["same_event"]),
            "cap_total": deductions.get("cap_total"),
        },
    }


def _vetoes(city: City) -> Document:
    items = city.scheme.get("vetoes") or []
    # A scheme without vetoes need not say what they do; the document wants a cap all the same.
    none = {"grade_cap": city.scheme["grades"]["order"][-1]}
    effect = city.scheme["veto_effect"] if items else none
    return {
        "grade_cap": effect["grade_cap"],
        "limit": effect.get("max_special_items"),
        "items": [
            {
                "code": veto["code"],
                "name": veto["zh"],
                "responsible_units": responsible_units(city, veto["code"]),
            }
            for veto in items
        ],
    }


def _demotion(demotion: Mapping[str, Any]) -> Document:
    when = demotion["when"]
    return {
        "code": demotion["code"],
        "indicators": when.get("indicator_in", []),
        "score_ratio_below": when.get("score_ratio_below"),
        "event": when.get("event"),
        "superior_rank": when.get("superior_rank"),
        "at_least": when.get("at_least", 1),
        "categories": demotion.get("categories", []),
        "effect": demotion["effect"],
        "name": demotion.get("zh"),
        "responsible_units": [],
    }


def _grades(grades: Mapping[str, Any]) -> Document:
    return {
        "order": grades["order"],
        "names": grades["zh"],
        "levels": list(_levels(grades)),
        "unqualified_below": grades["unqualified_below"],
        "vacancy": _first_word(grades["vacancy"]),
        "outside_quota": grades.get("outside_quota", []),
        "tie_at_line": grades.get("tie_at_line", "none"),
        "quota_base": grades.get("quota_base", "all"),
    }


def _levels(grades: Mapping[str, Any]) -> Iterator[Document]:
    for grade in grades["order"]:
        if level := grades.get(grade):
            yield {
                "grade": grade,
                "rate": level.get("rate"),
                "rounding": level.get("rounding"),
                "count": level.get("count"),
                "min_count": level.get("min_count", 0),
                "min_score": level["min_score"],
            }


def _first_word(text: str) -> str:
    return text.partition("_")[0]
