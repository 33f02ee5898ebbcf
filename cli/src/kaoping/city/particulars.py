"""What the generated categories of a whole city have beside what its scheme file tells of: values
of shorter periods, findings of inspections, and rules for claims of their own (分期数值、检查发现、
类别自定的加减分规则).

What comes of any of it nothing here knows.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

Document = dict[str, Any]

COMBINED: Mapping[str, Document] = {
    "P03": {"combine": "last"},
    "P04": {"combine": "sum"},
    "P05": {"combine": "sum"},
    "P07": {"combine": "mean", "combine_requires": "all"},
    "Z02A": {"combine": "last"},
    "Z04": {"combine": "mean", "combine_requires": "all"},
}
"""How the value of the year is put together of those of shorter periods, by indicator."""

INSPECTED: Mapping[str, str] = {"P10": "DQ01", "Z13": "ZH11"}
"""Who inspects besides, by the indicator of which events it may find some."""

SUPERVISED = "SUP"
"""The indicator, of several categories, that scores how supervised items were handled."""

ITEM_EVENTS: Mapping[str, Decimal] = {
    "item_overdue": Decimal("0.002"),
    "item_redone": Decimal("0.001"),
    "item_returned": Decimal("0.0015"),
}
"""What a percent of a supervised item costs that was overdue, done again, or returned without
ground."""

QUALITY = "G09"
"""The indicator of the quality of what units report."""

SELF_EVENTS: Mapping[str, Decimal] = {
    "self_late": Decimal("0.2"),
    "self_unanswered": Decimal("0.01"),
    "self_gap": Decimal("0.02"),
}
"""What a self-evaluation costs that is late, and each indicator that it leaves out or marks far
from the record."""

BY_ITSELF = frozenset({*ITEM_EVENTS, *SELF_EVENTS})
"""The events that nobody but the system enters."""

ITEMS: Document = {
    "indicator": SUPERVISED,
    "overdue": "item_overdue",
    "redone": "item_redone",
    "returned": "item_returned",
}

ENDINGS = {
    "monthly": [f"-{month:02}" for month in range(1, 13)],
    "quarterly": ["Q1", "Q2", "Q3", "Q4"],
    "half_yearly": ["H1", "H2"],
}
"""How the periods end of which values are put together, by the frequency."""

POINTS, GRADE, INSTRUCTION = "special_points", "special_grade", "instruction"
"""The levels of what a special target brings, by points or by grade, and of what leaders write."""

LOSS = "ZX"
"""The deduction of a special target, and the family that caps it."""

OWN_BONUS: tuple[Document, ...] = (
    {
        "code": "ZXP",
        "level": POINTS,
        "points": Decimal("1.0"),
        "authorities": ["专项目标办"],
        "special": {
            "deductions": [LOSS],
            "hit_above": Decimal("0.15"),
            "units_to": Decimal("0.2"),
            "matching": True,
        },
    },
    {
        "code": "ZXG",
        "level": GRADE,
        "points": Decimal("0.5"),
        "authorities": ["专项目标办"],
        "special": {"units_to": Decimal("0.15")},
    },
    {
        "code": "PSJ",
        "level": INSTRUCTION,
        "points": Decimal("0.2"),
        "authorities": ["省领导"],
        "limit": 2,
    },
)
OWN_LOSS: Document = {
    "code": LOSS,
    "name": "专项目标扣分",
    "points": Decimal("0.5"),
    "by_place": {"较差": Decimal("0.3"), "差": Decimal("0.5")},
    "family": LOSS,
}
OWN_FAMILY: Document = {"code": LOSS, "name": "专项目标", "cap": Decimal("1.0")}


def with_particulars(scheme: Document, told: str) -> Document:
    """Return a scheme of which every category but the one that files tell of has these too, and in
    which supervised items count."""
    scheme["items"] = dict(ITEMS)
    for category in scheme["categories"]:
        if category["code"] != told:
            category["adjustments"] = _own_rules(scheme["adjustments"], category["code"])
    return scheme


def _own_rules(usual: Document, code: str) -> Document:
    rules = deepcopy(usual)
    rules["bonus"]["across_years"] = "once" if "_" in code else "excess"
    rules["bonus"]["rules"] += deepcopy(OWN_BONUS)
    rules["deductions"]["rules"].append(deepcopy(OWN_LOSS))
    rules["deductions"]["families"] = [deepcopy(OWN_FAMILY)]
    return rules


def rules_of(scheme: Mapping[str, Any], category: Mapping[str, Any]) -> Document:
    """Return the rules for bonus and deductions that a category goes by: its own, or the usual."""
    rules: Document = category.get("adjustments") or scheme["adjustments"]
    return rules


def own_of(leaf: Mapping[str, Any]) -> Document:
    """Return what an indicator says besides, of values of shorter periods, of inspections and of
    supervised items."""
    code = leaf["code"]
    found = dict(COMBINED.get(code, {}))
    if code == SUPERVISED:
        found["params"] = {"per_event": {**leaf["params"]["per_event"], **ITEM_EVENTS}}
    if code in INSPECTED:
        found["findings_by"] = [INSPECTED[code]]
    return found


def by_periods(leaf: Mapping[str, Any], unit: str, told: Document) -> Iterator[Document]:
    """Yield what is told of a year as it is told period by period: parts that come to the whole,
    but for some units of which nothing is told of one period."""
    how, year = leaf.get("combine"), Decimal(str(told.get("value", 0)))
    if how is None:
        yield told
        return
    random = Random(f"periods {leaf['code']} {unit}")  # noqa: S311 - nothing here is a secret
    endings = ENDINGS[leaf["frequency"]]
    values = PARTS[how](year, len(endings), random)
    wanted = leaf.get("combine_requires") == "all"
    silent = None if wanted or random.random() >= 0.2 else random.choice(endings)
    for ending, value in zip(endings, values, strict=True):
        if ending != silent:
            yield {**told, "period": f"2025{ending}", "value": f"{value:f}"}


def _growing(year: Decimal, number: int, random: Random) -> list[Decimal]:
    """Return values that run up to that of the year, more or less evenly."""
    step = _step(year)
    shares = [Decimal(n * 100 + random.randint(-40, 40)) / (100 * number) for n in range(1, number)]
    return [*((year * share).quantize(step) for share in shares), year]


def _shared(year: Decimal, number: int, random: Random) -> list[Decimal]:
    """Return values that come to that of the year together."""
    step, weights = _step(year), [random.randint(8, 12) for _ in range(number)]
    parts = [(year * weight / sum(weights)).quantize(step) for weight in weights[1:]]
    return [*parts, year - sum(parts, Decimal(0))]


def _around(year: Decimal, number: int, random: Random) -> list[Decimal]:
    """Return values of which the one of the year is the mean."""
    step = _step(year)
    away = [(year * random.randint(-8, 8) / 100).quantize(step) for _ in range(number - 1)]
    return [*(year + each for each in away), year - sum(away, Decimal(0))]


def _step(value: Decimal) -> Decimal:
    return Decimal(1).scaleb(int(value.as_tuple().exponent))


PARTS = {"last": _growing, "sum": _shared, "mean": _around}


def found_by_inspections(leaf: Mapping[str, Any], unit: str) -> Iterator[tuple[str, Document]]:
    """Yield what inspections found about a unit, and who found it."""
    random = Random(f"inspections {leaf['code']} {unit}")  # noqa: S311 - nothing here is a secret
    for body in leaf.get("findings_by", ()):
        for month in random.sample(range(1, 13), random.choice([0, 0, 1, 2])):
            found = {
                "kind": "inspection_finding",
                "key": random.choice(list(leaf["params"]["per_event"])),
                "value": "1",
                "period": f"2025-{month:02}",
                "note": "明察暗访发现",
            }
            if body != unit:
                yield body, found
