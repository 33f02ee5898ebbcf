"""The reference city as values: its scheme, and what happened in its county category's year."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
import yaml

from scoring.rules.claim_checks import Claim
from scoring.rules.entries import Entry
from scoring.rules.scheme import (
    Adjustments,
    Block,
    BonusPolicy,
    BonusRule,
    Category,
    Composition,
    DeductionPolicy,
    DeductionRule,
    Indicator,
    LedgerPolicy,
    Rounding,
    Scheme,
    Target,
    UnitName,
    Window,
)

EXAMPLE = Path(__file__).parents[3] / "examples" / "yunchuan-2025"


def number(value: object) -> Decimal:
    return Decimal(str(value))


@pytest.fixture(scope="session")
def raw():
    """The three files as they are written."""
    loaded = {
        path.stem: yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        for path in EXAMPLE.glob("*.yaml")
    }
    return SimpleNamespace(
        scheme=loaded["scheme"], year=loaded["county-year"], vectors=loaded["vectors"]
    )


@pytest.fixture(scope="session")
def scheme(raw) -> Scheme:
    """The scheme of all eight categories; names stand for unit codes where data come from."""
    units: dict[str, list[str]] = {}
    for unit in raw.scheme["units"]:
        units.setdefault(unit["category"], []).append(unit["code"])
    return Scheme(
        assessment_year=2025,
        rounding=Rounding(4, "half_up"),
        ledger=LedgerPolicy(zero_report_required=True),
        categories=tuple(
            Category(code, code, tuple(units[code]), _blocks(blocks))
            for code, blocks in raw.scheme["indicators"].items()
        ),
        composition=Composition(
            ("function", "public_review", "comprehensive"),
            bonus=True,
            deductions=True,
            max_total=None,
        ),
        adjustments=_adjustments(raw.scheme["adjustments"]),
    )


def _blocks(blocks: dict) -> tuple[Block, ...]:
    return tuple(
        Block(code, code, Decimal(0), tuple(map(_indicator, indicators)))
        for code, indicators in blocks.items()
    )


def _indicator(raw: dict) -> Indicator:
    params = dict(raw["params"])
    if raw["method"] == "survey_score":
        params["survey"] = "phone"
    source = raw["data_source_unit"]
    return Indicator(
        raw["code"],
        raw["name_zh"],
        number(raw["points"]),
        raw["method"],
        params,
        "own_unit" if source.startswith("本单位") else source,
        raw.get("allow_exceed", False),
        tuple(map(_indicator, raw.get("children", ()))),
    )


def _adjustments(raw: dict) -> Adjustments:
    window, bonus, deductions = raw["window"], raw["bonus"], raw["deductions"]
    return Adjustments(
        Window(date.fromisoformat(window["from"]), date.fromisoformat(window["to"])),
        "once",
        BonusPolicy(
            tuple(
                BonusRule(r["code"], r["level"], number(r["points"]), tuple(r["authorities"]))
                for r in bonus["rules"]
            ),
            "highest",
            number(bonus["cap_total"]),
            frozenset({"holder_match", "indicator_link", "document"}),
        ),
        DeductionPolicy(
            tuple(
                DeductionRule(r["code"], number(r["points"]))
                for r in deductions["rules"]
                if "points" in r
            ),
            "highest",
            None,
        ),
    )


@pytest.fixture(scope="session")
def names(raw) -> list[UnitName]:
    return [
        UnitName(unit["code"], unit["name_zh"], date(2000, 1, 1), None)
        for unit in raw.scheme["units"]
    ]


@pytest.fixture(scope="session")
def satisfaction(raw) -> dict[tuple[str, str], Decimal]:
    return {("phone", u["unit"]): number(u["satisfaction"]) for u in raw.year["expected"]}


@pytest.fixture(scope="session")
def claims(raw) -> list[Claim]:
    return [claim_of(n, c) for n, c in enumerate(raw.year["claims"])]


def claim_of(n: int, raw: dict) -> Claim:
    return Claim(
        claim_id=UUID(int=n),
        claim_no=raw["id"],
        unit=raw["unit"],
        kind=raw["kind"],
        level=raw["level"],
        authority=raw.get("authority"),
        holder_name=raw.get("holder_name"),
        document_no=raw["document_no"],
        document_date=date.fromisoformat(raw["document_date"]),
        work_year=raw.get("work_year"),
        event_key=raw["event_key"],
        linked_indicator=raw.get("linked_indicator"),
        rule=raw.get("rule"),
        counted_before=raw.get("counted_before", False),
    )


@pytest.fixture(scope="session")
def county(raw, scheme) -> SimpleNamespace:
    """The entries and targets of the county category's year."""
    order, values = raw.year["inputs"]["order"], raw.year["inputs"]["values"]
    category = next(c for c in scheme.categories if c.code == "COUNTY")
    ids, entries, targets = count(1), [], []
    for code, indicator in category.indicators().items():
        if indicator.children or indicator.method == "survey_score":
            continue
        for n, unit in enumerate(order):
            for kind, key, item, period, value, word in _facts(code, indicator, values, n):
                entry_id = UUID(int=next(ids))
                entries.append(Entry(entry_id, unit, code, kind, key, item, period, value, word))
            targets += _targets(code, unit, values, n)
    return SimpleNamespace(category=category, entries=entries, targets=targets)


def _facts(code: str, indicator: Indicator, values: dict, n: int) -> Iterator[tuple]:
    """What the ledger holds for unit `n`: kind, key, item, period, value, word."""
    make = _FACTS.get(indicator.method, _actual)
    return make(code, indicator, values, n)


def _actual(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    yield _measured("actual", values[code]["actual"][n])


def _named(code: str, indicator: Indicator, values: dict, n: int) -> Iterator[tuple]:
    yield _measured(indicator.params["input"], values[code][n])


def _blended(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    for key in ("level", "growth"):
        yield _measured(key, values[f"{code}_{key}"][n])


def _ranked(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    if isinstance(values[code], list):
        yield _measured("value", values[code][n])
        return
    for quarter, row in values[code].items():
        yield _measured("value", row[n], period=f"2025{quarter.upper()}")


def _itemised(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    for item, actual in enumerate(values[code]["actual"][n], 1):
        yield _measured("actual", actual, item=str(item))


def _nodes(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    for node, word in enumerate(values[code][n], 1):
        yield ("milestone", None, str(node), "2025", None, word)


def _marks(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    for seat, mark in enumerate(values[code][n], 1):
        yield ("panel_mark", None, str(seat), "2025", number(mark), None)


def _grades(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    # C18A, C18B, C18C stand as a row of three under C18.
    grade = values[code][n] if code in values else values[code[:-1]][n]["ABC".index(code[-1])]
    yield ("grade", None, None, "2025", None, grade)


def _events(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    happened = [(key, times) for key, times in values[code][n].items() if times]
    for key, times in happened:
        for _time in range(times):
            yield ("event", key, None, "2025", Decimal(1), None)
    if not happened:
        yield ("event", "zero_report", None, "2025", Decimal(0), None)


_FACTS = {
    "blend": _blended,
    "rank_points": _ranked,
    "deduct_events": _events,
    "milestone": _nodes,
    "grade_map": _grades,
    "qualitative_panel": _marks,
    "items_weighted": _itemised,
    "tiers": _named,
    "all_or_nothing": _named,
}


def _measured(key: str, value: object, item: str | None = None, period: str = "2025") -> tuple:
    return ("measured_value", key, item, period, number(value), None)


def _targets(code: str, unit: str, values: dict, n: int) -> list[Target]:
    given = values.get(code)
    if not isinstance(given, dict):
        return []
    if "targets" in given:
        return [
            Target(unit, code, str(item), number(aim), None)
            for item, aim in enumerate(given["targets"], 1)
        ]
    aim, base = given.get("target"), given.get("baseline")
    if aim is None and base is None:
        return []
    return [
        Target(unit, code, None, number(aim[n]) if aim else None, number(base[n]) if base else None)
    ]
