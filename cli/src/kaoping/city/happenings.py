"""What happened in the year: targets, ledger entries, claims and vetoes, each as the API takes it.

Values come in the shapes that people write: a column of one value per unit, columns by name
(target, actual, …) or by period (q1 … q4), lists of a unit's nodes, marks or children, and
counts of events by name. One function per shape of cell; the indicator's method chooses it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kaoping.city.files import OWN_UNIT, City, CityFault, Document
from kaoping.city.scheme import responsible_units

Indicator = Mapping[str, Any]

# Columns that are agreed before the year, and their names in the API.
AGREED = {
    "target": "target",
    "targets": "target",
    "baseline": "baseline",
    "pledge": "pledge",
    "pledged": "pledge",
}
CLAIM = (
    "unit",
    "kind",
    "level",
    "authority",
    "holder_name",
    "document_no",
    "document_date",
    "work_year",
    "event_key",
    "linked_indicator",
    "rule",
)
# The input that a method with one number per unit takes it from, unless its params name one.
INPUTS = {
    "ratio_to_target": "actual",
    "stepped_deduction": "actual",
    "baseline_growth": "actual",
    "items_weighted": "actual",
    "count_points": "count",
    "inherit_superior": "superior_loss",
}


def targets(city: City) -> list[Document]:
    """Targets, baselines and pledges of every unit, per indicator and per item."""
    found: dict[tuple[str, str, str | None], Document] = {}
    for indicator, values in _columns(city):
        if not isinstance(values, Mapping):
            continue
        for name, field in AGREED.items():
            for unit, item, number in _agreed(city.order, indicator, values.get(name)):
                key = (unit, indicator["code"], item)
                blank = {"target": None, "baseline": None, "pledge": None}
                row = {"unit": unit, "indicator": indicator["code"], "item": item, **blank}
                found.setdefault(key, row)[field] = number
    return list(found.values())


def entries(city: City) -> dict[str, list[Document]]:
    """Ledger entries by the unit that posts them: the data source that the scheme names."""
    posted: dict[str, list[Document]] = defaultdict(list)
    for indicator, values in _columns(city):
        source = city.source(indicator["data_source_unit"]).unit
        for key, period, column in _happened(city, indicator, values):
            _check_length(city, indicator, column)
            for unit, cell in zip(city.order, column, strict=True):
                for told in [] if cell is None else _cell(indicator, key, cell):
                    entry = {"unit": unit, "indicator": indicator["code"], "period": period, **told}
                    posted[unit if source == OWN_UNIT else source].append(entry)
    return dict(posted)


def claims(city: City) -> list[Document]:
    """Bonus and deduction claims as they were written, without the results expected of them."""
    return [
        {"claim_no": claim["id"], **{field: claim[field] for field in CLAIM if field in claim}}
        for claim in city.year.get("claims") or []
    ]


def counted_before(city: City) -> dict[str, bool]:
    """By the number of a claim on earlier work: whether its award counted in the year before."""
    return {
        claim["id"]: bool(claim.get("counted_before", False))
        for claim in city.year.get("claims") or []
        if claim.get("counted_before")
        or (claim.get("work_year") or city.assessment_year) < city.assessment_year
    }


def vetoes(city: City) -> list[tuple[str, str, list[str]]]:
    """Each veto: the unit it falls on, its code, and who may report it (nobody: the office)."""
    return [
        (unit, veto, responsible_units(city, veto))
        for unit, of_unit in (city.year.get("vetoes") or {}).items()
        for veto in (of_unit if isinstance(of_unit, list) else [of_unit])
    ]


def _check_length(city: City, indicator: Indicator, column: list[Any]) -> None:
    if len(column) != len(city.order):
        raise CityFault(
            f"inputs.values.{indicator['code']}: {len(column)} values for {len(city.order)} units"
        )


def _columns(city: City) -> Iterator[tuple[Indicator, Any]]:
    """Each indicator that was reported on, with its values; children of a parent's rows apart."""
    unread = dict(city.values)
    for indicator in city.indicators(city.category):
        code = indicator["code"]
        if indicator["method"] == "blend":
            parts = {
                c["key"]: unread.pop(f"{code}_{c['key']}", None) for c in _components(indicator)
            }
            if any(column is not None for column in parts.values()):
                yield indicator, parts
        if code not in unread:
            continue
        values = unread.pop(code)
        if indicator["method"] == "sum_children":
            unread.update(_of_children(indicator, values))
        else:
            yield indicator, values
    if unread:
        raise CityFault(f"inputs.values: {', '.join(unread)} belong to no indicator")


def _components(indicator: Indicator) -> list[Mapping[str, Any]]:
    return indicator["params"]["components"]  # type: ignore[no-any-return]


def _of_children(parent: Indicator, rows: list[list[Any]]) -> dict[str, list[Any]]:
    """Turn a unit's row of its children's values, in their order, into a column per child."""
    columns = zip(*rows, strict=True)
    return {
        child["code"]: list(column)
        for child, column in zip(parent["children"], columns, strict=True)
    }


def _agreed(
    order: list[str],
    indicator: Indicator,
    column: Any,  # noqa: ANN401 - any of the shapes
) -> Iterator[tuple[str, str | None, Any]]:
    """Unit, item and number of a column; items are the same for all unless listed per unit."""
    if column is None:
        return
    shared = indicator["method"] == "items_weighted" and not isinstance(column[0], list)
    for unit, cell in zip(order, [column] * len(order) if shared else column, strict=True):
        if isinstance(cell, list):
            yield from ((unit, str(n), number) for n, number in enumerate(cell, 1))
        elif cell is not None:
            yield unit, None, cell


def _happened(
    city: City,
    indicator: Indicator,
    values: Any,  # noqa: ANN401 - any of the shapes
) -> Iterator[tuple[str, str, list[Any]]]:
    """Key, period and column of what was measured, without what was agreed before."""
    year, own_key = str(city.assessment_year), _input(indicator)
    if not isinstance(values, Mapping):
        yield own_key, year, values
        return
    for name, column in values.items():
        if name in AGREED or column is None:
            continue
        if period := _period(year, name):
            yield own_key, period, column
        else:
            yield (name if indicator["method"] == "blend" else own_key), year, column


def _input(indicator: Indicator) -> str:
    named = (indicator.get("params") or {}).get("input")
    return str(named or INPUTS.get(indicator["method"], "value"))


def _period(year: str, name: str) -> str | None:
    """Read q3, h1 or m07 as a period of the year; anything else is no period."""
    match re.fullmatch(r"([qhm])(\d{1,2})", name):
        case None:
            return None
        case found if found[1] == "m":
            return f"{year}-{int(found[2]):02}"
        case found:
            return f"{year}{found[1].upper()}{found[2]}"


def _number(key: str, cell: Any) -> Iterator[Document]:  # noqa: ANN401 - any number
    yield {"kind": "measured_value", "key": key, "value": cell}


def _items(key: str, cell: list[Any]) -> Iterator[Document]:
    for n, number in enumerate(cell, 1):
        yield {"kind": "measured_value", "key": key, "item": str(n), "value": number}


def _nodes(_: str, cell: list[str]) -> Iterator[Document]:
    for n, status in enumerate(cell, 1):
        yield {"kind": "milestone", "item": str(n), "word": status}


def _grade(_: str, cell: str) -> Iterator[Document]:
    yield {"kind": "grade", "word": cell}


def _marks(_: str, cell: list[Any]) -> Iterator[Document]:
    for n, mark in enumerate(cell, 1):
        yield {"kind": "panel_mark", "item": str(n), "value": mark}


def _events(_: str, cell: Mapping[str, int]) -> Iterator[Document]:
    """One entry per single event; when there was none, the report that there was none."""
    if not any(cell.values()):
        yield {"kind": "event", "key": "zero_report", "value": 0}
    for event, count in cell.items():
        for _one in range(count):
            yield {"kind": "event", "key": event, "value": 1}


CELLS: dict[str, Callable[[str, Any], Iterator[Document]]] = {
    "items_weighted": _items,
    "milestone": _nodes,
    "grade_map": _grade,
    "qualitative_panel": _marks,
    "deduct_events": _events,
}


def _cell(indicator: Indicator, key: str, cell: Any) -> Iterator[Document]:  # noqa: ANN401
    return CELLS.get(indicator["method"], _number)(key, cell)
