"""A scheme beside tables as Excel saves them: units, targets and values, each only where needed.

`scheme.yaml` is the scheme as the API takes it. Beside it may lie `units.csv` (code, name, category
of every unit; those without a category are bodies), `targets.csv`, `values.csv` with any
`values-….csv`, and `answers.csv` and `opinions.csv` (`kaoping.answers`). Headings may be Chinese.
Values stand in rows (unit, indicator, value, …) or in columns: a heading says what they are, as
`C05`, `C05/volume`, `C05/actual/2`, `C05//2` or `C05@Q1`: indicator, key, item, period.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kaoping.answers import ANSWERS, OPINIONS, waves_of
from kaoping.checking import SCHEME, look_over, read_scheme, told
from kaoping.plan import Document, Plan, walk
from kaoping.rows import Faults, Row, TableFault, folded, rows

UNITS, TARGETS, VALUES = "units.csv", "targets.csv", "values*.csv"

_OF_UNITS = frozenset({"code", "name", "category", "uscc"})
_OF_TARGETS = frozenset({"unit", "indicator", "item", "target", "baseline", "pledge"})
_OF_VALUES = frozenset(
    {"unit", "indicator", "kind", "key", "item", "period", "value", "word", "note", "occurred_on"}
)
_OWN_UNIT, _ZERO_REPORT = "own_unit", "zero_report"
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_ALWAYS = "1949-10-01"  # the tables date no name
_NOWHERE = "439900"  # a division that does not exist, in a province that does


def read_tables(directory: Path, *, chinese: bool = False) -> Plan:
    """Read a scheme with its tables, and make sure that the API will take all of it.

    Raises `TableFault` with every fault.
    """
    scheme, listed, found = _looked_over(directory, chinese)
    if found["faults"]:
        lines = "\n".join(told(scheme, found, chinese))
        raise TableFault(f"{directory / SCHEME}\n{lines}")
    faults = Faults(chinese)
    entering = _Entering(found["scheme"], found["compiled"], faults)
    targets = list(entering.targets(rows(directory / TARGETS, _OF_TARGETS, faults)))
    entries: dict[str, list[Document]] = {}
    for path in sorted(directory.glob(VALUES)):
        for row in rows(path, _OF_VALUES, faults, wide=True):
            for poster, entry in entering.entries(row):
                entries.setdefault(poster, []).append(entry)
    waves = waves_of(directory, found["scheme"], faults)
    faults.refuse_any()
    year = int(scheme["assessment_year"])
    cycle = {
        "name": f"{year} {scheme['title']}",
        "jurisdiction": _NOWHERE,
        "assessment_year": year,
    }
    categories = [category["code"] for category in scheme["categories"]]
    return Plan(cycle, scheme, _registered(found, listed), categories, targets, entries, waves)


def look_over_all(path: Path, *, chinese: bool = False) -> tuple[Document, Document]:
    """Return the scheme of a file or a directory, with its units, and what is found in it."""
    if (path / UNITS).is_file():
        scheme, _, found = _looked_over(path, chinese)
        return scheme, found
    scheme = read_scheme(path)
    return scheme, look_over(scheme)


def unread(directory: Path) -> list[str]:
    """Return the names of the tables in a directory that nothing is read from."""
    many = (path for pattern in (VALUES, ANSWERS, OPINIONS) for path in directory.glob(pattern))
    read = {directory / UNITS, directory / TARGETS, *many}
    kinds = (".csv", ".xlsx", ".xls")
    return sorted(p.name for p in directory.iterdir() if p.suffix in kinds and p not in read)


def _looked_over(directory: Path, chinese: bool) -> tuple[Document, list[Row], Document]:
    """Return the scheme with the units of the table in their categories, that table, and what is
    found: with a table of units, one that it does not have is unknown."""
    faults = Faults(chinese)
    scheme, listed = read_scheme(directory), rows(directory / UNITS, _OF_UNITS, faults)
    kinds = _place(scheme, listed, faults)
    faults.refuse_any()
    return scheme, listed, look_over(scheme, kinds if listed else None)


def _place(scheme: Document, listed: list[Row], faults: Faults) -> dict[str, str]:
    """Put the units of the table into their categories, behind those that the scheme lists; return
    the kind of every unit."""
    units = _units_by_category(scheme)
    kinds = {str(code): "assessed" for of in units.values() for code in of}
    seen = set[str]()
    for row in listed:
        code, category = row.cells.get("code", ""), row.cells.get("category")
        if not _CODE.fullmatch(code):
            what = code or "-"
            faults.add(
                row,
                f"{what} is no code: letters, digits, -, _ and ., up to 64",
                f"“{what}”不是编码：限字母、数字、-、_、.，最长 64 位",
            )
        elif code in seen:
            faults.add(row, f"{code} stands there twice", f"编码 {code} 重复")
        elif category is None:
            kinds.setdefault(code, "body")
        elif category not in units:
            en, zh = f"the scheme has no category {category}", f"方案中没有类别 {category}"
            faults.unknown(row, category, units, en, zh)
        else:
            kinds[code] = "assessed"
            units[category] += [code] * (code not in units[category])
        seen.add(code)
    return kinds


def _units_by_category(scheme: Document) -> dict[str, list[str]]:
    """Return the lists that the units of the categories stand in; the check tells what is none."""
    categories = scheme.get("categories")
    if not isinstance(categories, list):
        return {}
    named = [each for each in categories if isinstance(each, dict) and "code" in each]
    units = {each["code"]: each.setdefault("units", []) for each in named}
    return {code: listed for code, listed in units.items() if isinstance(listed, list)}


def _registered(found: Document, listed: list[Row]) -> list[Document]:
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
    """Makes targets and entries of cells, by the forms that the scheme's compiled form has."""

    def __init__(self, scheme: Document, compiled: Document, faults: Faults) -> None:
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
                for each in walk(block["indicators"])
            }
            for category in scheme["categories"]
        }
        self._seats = {
            (panel["code"], seat["seat"]): seat["account"]
            for panel in scheme["panels"]
            for seat in panel["seats"]
        }
        self._seen: dict[tuple[str | None, ...], Row] = {}

    def targets(self, listed: list[Row]) -> Iterator[Document]:
        """Yield the targets of the lines."""
        for row in listed:
            if self._category_of(row) and self._known(row, row.cells.get("indicator")):
                self._once(row, "target", row.cells["indicator"], row.cells.get("item"))
                numbers = {name: self._number(row, name) for name in _AIMS}
                named = {name: row.cells.get(name) for name in ("unit", "indicator", "item")}
                yield {**named, **numbers}

    def entries(self, row: Row) -> Iterator[tuple[str, Document]]:
        """Yield the entries of a line, each with the unit that posts it."""
        if self._category_of(row) is None:
            return
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

    def _category_of(self, row: Row) -> str | None:
        unit = row.cells.get("unit")
        if unit is None:
            self._faults.add(row, "the unit is missing", "缺少单位")
            return None
        if unit not in self._category:
            en, zh = f"{unit} stands in no category", f"{unit} 不在任何类别中"
            self._faults.unknown(row, unit, self._category, en, zh)
        return self._category.get(unit)

    def _known(self, row: Row, indicator: str | None) -> Mapping[str, Any] | None:
        category = self._category[row.cells["unit"]]
        known = self._indicators[category]
        if indicator not in known:
            what = indicator or "-"
            en, zh = f"{category} has no indicator {what}", f"类别 {category} 没有指标 {what}"
            self._faults.unknown(row, what, known, en, zh)
            return None
        return known[indicator]

    def _entry(self, row: Row, indicator: str, cells: Mapping[str, str]) -> Document | None:
        known = self._known(row, indicator)
        if known is None:
            return None
        form = known["takes_of_unit"].get(row.cells["unit"], known["takes"])
        if form is None:
            en, zh = f"nothing is entered for {indicator}", f"{indicator} 无需录入"
            self._faults.add(row, en, zh)
            return None
        only = form["keys"][0] if len(form["keys"]) == 1 else None
        key = cells.get("key", only)
        told = {
            "unit": row.cells["unit"],
            "indicator": indicator,
            "kind": cells.get("kind", form["kind"]),
            "key": key,
            "period": self._period(form, key, cells.get("period")),
            **_value(form, cells),
            **{name: cells.get(name) for name in ("item", "note", "occurred_on")},
        }
        if told["kind"] == form["kind"]:  # else it says that the indicator does not apply
            self._check(row, form, told)
        return {name: each for name, each in told.items() if each is not None}

    def _check(self, row: Row, form: Mapping[str, Any], told: Document) -> None:
        """Name what the form does not take: the API would, without the line of the table."""
        code, zero = told["indicator"], told["key"] == _ZERO_REPORT
        if not zero:
            self._one_of(row, code, "key", told["key"], form["keys"])
        if not zero and not form["any_item"]:
            self._one_of(row, code, "item", told["item"], form["items"])
        endings = form["endings_of_key"].get(told["key"], form["endings"])
        if told["period"].removeprefix(self._year) not in endings:
            listed = ", ".join(self._year + each for each in endings[:6])
            self._faults.add(
                row,
                f"{code}: {told['period']} is no period that is read, such as {listed}",
                f"{code}：不读取期间“{told['period']}”，可用如 {listed}",
            )
        self._check_said(row, form, told)
        if told["kind"] != "event":
            self._once(row, code, *(told[name] for name in ("key", "item", "period")))

    def _check_said(self, row: Row, form: Mapping[str, Any], told: Document) -> None:
        code = told["indicator"]
        if form["words"] and told["key"] != _ZERO_REPORT:
            self._one_of(row, code, "word", told["word"], form["words"])
        elif form["valued"] and told["word"] is None:
            told["value"] = self._number(row, code, told["value"] or "")
        if form["noted"] and told["note"] is None:
            en = f"{code}: a note is wanted, such as the document"
            self._faults.add(row, en, f"{code}：须填写说明（如文号）")

    def _one_of(self, row: Row, code: str, name: str, told: str | None, known: list[str]) -> None:
        if (told in known) if known else told is None:
            return
        names = {"key": "录入项", "item": "分项", "word": "选项"}
        listed = ", ".join(known[:8]) or "-"
        said = told or "-"
        self._faults.add(
            row,
            f"{code}: {said} is no {name} of it; there are: {listed}",
            f"{code}：没有{names[name]}“{said}”，可用：{listed}",
        )

    def _number(self, row: Row, name: str, cell: str | None = None) -> str | None:
        """Return a cell as plain digits; what is no number is named."""
        told = row.cells.get(name) if cell is None else cell
        digits = None if told is None else folded(told)
        if (digits is None and name in _AIMS) or (digits and _NUMBER.fullmatch(digits)):
            return digits
        said = told or "-"
        self._faults.add(
            row,
            f"{name}: {said} is no number; write digits alone, as 12480 or 0.985",
            f"{name}：“{said}”不是数字；只写数字，如 12480、0.985，不带千分位、百分号和单位",
        )
        return None

    def _once(self, row: Row, code: str, *what: str | None) -> None:
        about = (row.cells["unit"], code, *what)
        if (earlier := self._seen.setdefault(about, row)) is not row:
            self._faults.add(
                row,
                f"{code}: the same stands in {earlier.table} line {earlier.line}",
                f"{code}：与 {earlier.table} 第{earlier.line}行重复",
            )

    def _period(self, form: Mapping[str, Any], key: str | None, told: str | None) -> str:
        """Return the period: as it is told, without its year, or the only one that is read."""
        endings = form["endings_of_key"].get(key, form["endings"])
        if told is None:
            return self._year + (endings[0] if len(endings) == 1 else "")
        short = told if told.startswith(("Q", "H", "-")) else f"-{told.zfill(2)}"
        return self._year + short if short in endings else told


_AIMS = ("target", "baseline", "pledge")


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
