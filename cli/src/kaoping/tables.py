"""A scheme beside tables as Excel saves them: units, targets and values, each only where needed.

`scheme.yaml` is the scheme as the API takes it. Beside it may lie `units.csv` (code, name, category
of every unit; those without a category are bodies), `targets.csv`, and `values.csv` with any
`values-….csv`. Headings may be
Chinese. Values stand in rows (unit, indicator, value, …) or in columns: a heading says what they
are, as `C05`, `C05/volume`, `C05/actual/2`, `C05//2` or `C05@Q1`: indicator, key, item, period.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kaoping.checking import SCHEME, look_over, read_scheme, told
from kaoping.faults import KaopingFault
from kaoping.plan import Document, Plan

UNITS, TARGETS, VALUES = "units.csv", "targets.csv", "values*.csv"

_CHINESE = {
    "编码": "code",
    "代码": "code",
    "名称": "name",
    "类别": "category",
    "统一社会信用代码": "uscc",
    "单位": "unit",
    "指标": "indicator",
    "种类": "kind",
    "录入项": "key",
    "分项": "item",
    "期间": "period",
    "数值": "value",
    "选项": "word",
    "说明": "note",
    "发生日期": "occurred_on",
    "目标值": "target",
    "基数": "baseline",
    "自报数": "pledge",
}
"""What a heading may be called in Chinese."""

_OF_UNITS = frozenset({"code", "name", "category", "uscc"})
_OF_TARGETS = frozenset({"unit", "indicator", "item", "target", "baseline", "pledge"})
_OF_VALUES = frozenset(
    {"unit", "indicator", "kind", "key", "item", "period", "value", "word", "note", "occurred_on"}
)
_OWN_UNIT = "own_unit"
_MOST_TOLD = 20
_ALWAYS = "1949-10-01"  # the tables date no name
_NOWHERE = "439900"  # a division that does not exist, in a province that does


class TableFault(KaopingFault):
    """Tables do not hold together; the message names file and line of each fault."""


class _Row(NamedTuple):
    """One line of a table: where it stands, and its cells that are not empty, by heading."""

    place: str
    cells: dict[str, str]


@dataclass
class _Faults:
    """Collects what is wrong, so that all of it is told at once."""

    found: list[str]

    def add(self, place: str, what: str) -> None:
        self.found.append(f"{place}: {what}")

    def refuse_any(self) -> None:
        if self.found:
            more = len(self.found) - _MOST_TOLD
            rest = [f"… and {more} more"] if more > 0 else []
            raise TableFault("\n".join(["", *self.found[:_MOST_TOLD], *rest]))


def read_tables(directory: Path) -> Plan:
    """Read a scheme with its tables, and make sure that the API will take all of it.

    Raises `TableFault` or `SchemeFault` with every fault.
    """
    scheme, listed = _with_units(directory)
    faults, found = _Faults([]), look_over(scheme)
    if found["faults"]:
        lines = "\n".join(told(scheme, found, chinese=False))
        raise TableFault(f"{directory / SCHEME} has faults:\n{lines}")
    entering = _Entering(found["scheme"], found["compiled"], faults)
    targets = [
        {name: row.cells.get(name) for name in sorted(_OF_TARGETS)}
        for row in _rows(directory / TARGETS, _OF_TARGETS, faults)
        if entering.knows(row)
    ]
    entries: dict[str, list[Document]] = {}
    for path in sorted(directory.glob(VALUES)):
        for row in _rows(path, _OF_VALUES, faults, wide=True):
            for poster, entry in entering.entries(row):
                entries.setdefault(poster, []).append(entry)
    faults.refuse_any()
    year = int(scheme["assessment_year"])
    cycle = {
        "name": f"{year} {scheme['title']}",
        "jurisdiction": str(_NOWHERE),
        "assessment_year": year,
    }
    categories = [category["code"] for category in scheme["categories"]]
    return Plan(cycle, scheme, _registered(found, listed), categories, targets, entries)


def look_over_all(path: Path) -> tuple[Document, Document]:
    """Return the scheme of a file or a directory, with its units, and what is found in it."""
    scheme = _with_units(path)[0] if (path / UNITS).is_file() else read_scheme(path)
    return scheme, look_over(scheme)


def _with_units(directory: Path) -> tuple[Document, list[_Row]]:
    """Return the scheme with the units of the table in their categories, and that table."""
    faults = _Faults([])
    scheme, listed = read_scheme(directory), _rows(directory / UNITS, _OF_UNITS, faults)
    _place(scheme, listed, faults)
    faults.refuse_any()
    return scheme, listed


def _rows(path: Path, known: frozenset[str], faults: _Faults, *, wide: bool = False) -> list[_Row]:
    """Return the lines of a table; a file that is not there has none."""
    if not path.is_file():
        return []
    reader = csv.reader(_text(path).splitlines())
    headings = [_CHINESE.get(name.strip(), name.strip()) for name in next(reader, [])]
    _check_headings(path.name, headings, known, faults, wide=wide)
    found = []
    for number, line in enumerate(reader, 2):
        place = f"{path.name} line {number}"
        cells = {h: c.strip() for h, c in zip(headings, line, strict=False) if h and c.strip()}
        if len(line) > len(headings):
            faults.add(place, "there are more cells than headings")
        found += [_Row(place, cells)] * bool(cells)
    return found


def _check_headings(
    table: str, headings: list[str], known: frozenset[str], faults: _Faults, *, wide: bool
) -> None:
    named = list(filter(None, headings))
    strange = [] if wide and "indicator" not in named else [n for n in named if n not in known]
    if strange:
        faults.add(table, f"there is no column {', '.join(strange)}")
    for name in sorted({name for name in named if named.count(name) > 1}):
        faults.add(table, f"the column {name} stands there twice")


def _text(path: Path) -> str:
    """Return a file's text: UTF-8, or GB 18030, as which Excel saves tables in China."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise TableFault(f"{path} is neither UTF-8 nor GB 18030") from error


def _place(scheme: Document, listed: list[_Row], faults: _Faults) -> None:
    """Put the units of the table into their categories, behind those that the scheme lists."""
    units = _units_by_category(scheme)
    for row in listed:
        code, category = row.cells.get("code"), row.cells.get("category")
        if code is None:
            faults.add(row.place, "the code is missing")
        elif category is not None and category not in units:
            faults.add(row.place, f"the scheme has no category {category}")
        elif category is not None and code not in units[category]:
            units[category].append(code)


def _units_by_category(scheme: Document) -> dict[str, list[str]]:
    """Return the lists that the units of the categories stand in; the check tells what is none."""
    categories = scheme.get("categories")
    if not isinstance(categories, list):
        return {}
    named = [each for each in categories if isinstance(each, dict) and "code" in each]
    units = {each["code"]: each.setdefault("units", []) for each in named}
    return {code: listed for code, listed in units.items() if isinstance(listed, list)}


def _registered(found: Document, listed: list[_Row]) -> list[Document]:
    """Return every unit that the scheme names, under the name in the table or its code."""
    known = {row.cells["code"]: row.cells for row in listed}
    return [
        {
            "code": code,
            "name": known.get(code, {}).get("name", code),
            "kind": kind,
            "uscc": known.get(code, {}).get("uscc"),
            "valid_from": _ALWAYS,
        }
        for code, kind in found["named_units"].items()
    ]


class _Entering:
    """Makes entries of cells, by the forms that the scheme's compiled form has."""

    def __init__(self, scheme: Document, compiled: Document, faults: _Faults) -> None:
        self._year, self._faults = str(scheme["assessment_year"]), faults
        self._category = {u: c["code"] for c in scheme["categories"] for u in c["units"]}
        self._indicators: dict[str, dict[str, Mapping[str, Any]]] = {
            each["category"]: {one["indicator"]: one for one in each["indicators"]}
            for each in compiled["categories"]
        }
        self._written = {
            category["code"]: {
                each["code"]: each
                for block in category["blocks"]
                for each in _walk(block["indicators"])
            }
            for category in scheme["categories"]
        }
        self._seats = {
            (panel["code"], seat["seat"]): seat["account"]
            for panel in scheme["panels"]
            for seat in panel["seats"]
        }

    def knows(self, row: _Row) -> bool:
        """Say whether the scheme has the unit and its indicator; name what it has not."""
        return self._known(row, row.cells.get("indicator")) is not None

    def entries(self, row: _Row) -> Iterator[tuple[str, Document]]:
        """Yield the entries of a line, each with the unit that posts it."""
        if "indicator" in row.cells:
            told = [(row.cells["indicator"], row.cells)]
        else:
            told = [_heading(h, c) for h, c in row.cells.items() if h not in ("unit", "name")]
        for indicator, cells in told:
            entry = self._entry(row, indicator, cells)
            if entry is not None:
                yield self._poster(entry), entry

    def _poster(self, entry: Document) -> str:
        """Return who posts an entry: the account of a seat, or the data source unit."""
        indicator = self._written[self._category[entry["unit"]]][entry["indicator"]]
        seat = (indicator["params"].get("panel"), entry.get("item"))
        if entry["kind"] == "panel_mark" and seat in self._seats:
            return str(self._seats[seat])
        source = indicator["data_source_unit"]
        return str(entry["unit"] if source == _OWN_UNIT else source)

    def _known(self, row: _Row, indicator: str | None) -> Mapping[str, Any] | None:
        unit = row.cells.get("unit")
        category = self._category.get(unit or "")
        if unit is None or category is None:
            what = "the unit is missing" if unit is None else f"{unit} stands in no category"
            self._faults.add(row.place, what)
            return None
        if indicator is None or indicator not in self._indicators[category]:
            self._faults.add(row.place, f"{category} has no indicator {indicator or '(empty)'}")
            return None
        return self._indicators[category][indicator]

    def _entry(self, row: _Row, indicator: str, cells: Mapping[str, str]) -> Document | None:
        known = self._known(row, indicator)
        if known is None:
            return None
        form = known["takes_of_unit"].get(row.cells["unit"], known["takes"])
        if form is None:
            self._faults.add(row.place, f"nothing is entered for {indicator}")
            return None
        only = form["keys"][0] if len(form["keys"]) == 1 else None
        key = cells.get("key", only)
        told = {
            "unit": row.cells["unit"],
            "indicator": indicator,
            "kind": form["kind"],
            "key": key,
            "period": self._period(form, key, cells.get("period")),
            **_value(form, cells),
            **{name: cells.get(name) for name in ("item", "note", "occurred_on")},
        }
        return {name: each for name, each in told.items() if each is not None}

    def _period(self, form: Mapping[str, Any], key: str | None, told: str | None) -> str:
        """Return the period: as it is told, without its year, or the only one that is read."""
        endings = form["endings_of_key"].get(key, form["endings"])
        if told is None:
            return self._year + (endings[0] if len(endings) == 1 else "")
        short = told if told.startswith(("Q", "H", "-")) else f"-{told.zfill(2)}"
        return self._year + short if short in endings else told


def _value(form: Mapping[str, Any], cells: Mapping[str, str]) -> dict[str, str | None]:
    """Return what a cell says as a number or as a word, as the form has one or the other."""
    value, word = cells.get("value"), cells.get("word")
    if value is not None and (form["words"] or value == form["instead"]):
        return {"value": None, "word": value}
    return {"value": value, "word": word}


def _heading(heading: str, cell: str) -> tuple[str, dict[str, str]]:
    """Read the heading of a column of values: `C05/actual/2@Q1`."""
    what, _, period = heading.partition("@")
    indicator, *rest = what.split("/", 2)
    named = {"period": period, **dict(zip(("key", "item"), rest, strict=False))}
    return indicator, {"value": cell, **{name: each for name, each in named.items() if each}}


def _walk(indicators: list[Document]) -> Iterator[Document]:
    for each in indicators:
        yield each
        yield from _walk(each["children"])
