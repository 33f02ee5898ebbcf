"""A release as open data (开放数据): tables, their dictionary, and a licence, as files.

What is in them is what the policy shows to everybody, and nothing else. The tables are described as
a Tabular Data Package (specs.frictionlessdata.io), with the rule and the unit of each column beside
it. A text that begins like a formula has `'` before it in the tables, and is as it is in the JSON.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

Told = Mapping[str, Any]
"""What is shown of a release, or of a unit in it."""

PACKAGE, RELEASE, DICTIONARY = "datapackage.json", "release.json", "dictionary.csv"

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Licence:
    """Under which licence open data may be used again: its code, its name, and where it stands."""

    name: str
    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, what it means in both languages, its type in the words of
    Table Schema, its unit, and by which rule it comes about.

    `key` is the field that it is read from, its own name where that is None.
    """

    name: str
    zh: str
    en: str
    type: str
    rule: str
    unit: str = ""
    key: str | None = None
    written: Callable[[Any], str] = str

    def cell(self, line: Told) -> str:
        """Return what stands in the table; nothing where there is nothing."""
        value = line.get(self.key or self.name)
        if value is None:
            return ""
        text = self.written(value)
        return f"'{text}" if self.type == "string" and text.startswith(_FORMULA) else text

    def described(self) -> dict[str, Any]:
        """Return the column as a data package describes it."""
        told = {"name": self.name, "title": self.zh, "description": self.en, "type": self.type}
        return told | {"unit": self.unit, "rule": self.rule}


def _joined(values: Iterable[str]) -> str:
    return "; ".join(values)


def _said(language: str) -> Callable[[Any], str]:
    return lambda reasons: _joined(each[language] for each in reasons)


def _codes(vetoes: Iterable[Told]) -> str:
    """Name vetoes by code and year, by the unit that had it where that is a predecessor, and by the
    block that it is of."""
    told = ((e["code"], e["year"], e.get("of_unit"), _of_block(e.get("block"))) for e in vetoes)
    return _joined(" ".join(str(part) for part in each if part is not None) for each in told)


def _of_block(block: str | None) -> str | None:
    return None if block is None else f"[{block}]"


_POINTS, _PLACE = "points", "places, 1 the best"
_SCHEME = "the scheme's composition, rounded half up to its places"

UNIT_COLUMNS = (
    Column("unit", "单位编码", "Code of the unit.", "string", "as the scheme names it"),
    Column("name", "单位名称", "Name of the unit.", "string", "its legal name when ranked"),
    Column(
        *("rank", "名次", "Rank in the category.", "integer", "the scheme's ranking and its ties"),
        unit=_PLACE,
    ),
    Column("grade", "等次编码", "Code of the grade.", "string", "the scheme's grades"),
    Column("grade_name", "等次", "Name of the grade.", "string", "as the scheme names it"),
    Column("subcategory", "子类别", "Code of the sub-category.", "string", "the scheme"),
    Column(
        *("rank_in_subcategory", "子类别内名次", "Rank in the sub-category.", "integer"),
        *("the scheme's ranking, among its units", _PLACE),
    ),
    Column("base_total", "基本得分", "Total before adjustment.", "number", _SCHEME, _POINTS),
    Column(
        *("adjustment", "加减分", "Bonus and deductions.", "number"),
        *("claims and deductions that count, rounded half up", _POINTS),
    ),
    Column("final_total", "总分", "Total that is ranked.", "number", _SCHEME, _POINTS),
    Column(
        *("reasons_zh", "理由（中文）", "Why the result is as it is, in Chinese.", "string"),
        *("told with the ranking", "", "reasons", _said("zh")),
    ),
    Column(
        *("reasons_en", "理由（英文）", "Why the result is as it is, in English.", "string"),
        *("told with the ranking", "", "reasons", _said("en")),
    ),
    Column(
        *("demoted_by", "降等涉及的指标", "Indicators that a demotion is about.", "string"),
        *("the scheme's demotions", "", None, _joined),
    ),
    Column(
        *("vetoes", "一票否决", "Vetoes that count: year, predecessor, [block].", "string"),
        *("reported, confirmed and not lifted", "", None, _codes),
    ),
    Column(
        *("vetoes_in_term", "任期内一票否决", "Vetoes of the term, told alike.", "string"),
        *("the scheme's term of office", "", None, _codes),
    ),
)
CASE_COLUMNS = (
    Column("unit", "单位编码", "Code of the unit.", "string", "as the scheme names it"),
    Column("title", "标题", "What the case is called.", "string", "as decided"),
    Column("text", "内容", "The negative case.", "string", "as decided"),
    Column("document_no", "文号", "Number of the document.", "string", "by its document"),
)
COEFFICIENT_COLUMNS = (
    Column("indicator", "指标编码", "Code of the indicator.", "string", "as the scheme names it"),
    Column("group", "评分主体", "Who gave the marks.", "string", "the scheme's normalisation"),
    Column("marks", "评分数", "How many marks it gave.", "integer", "counted", "marks"),
    Column(
        *("coefficient", "修正系数", "What the marks were multiplied by.", "number"),
        *("the scheme's normalisation, to four places; nothing where they were not", ""),
    ),
    Column(
        *("kept", "未作修正", "Whether they stay as given: they are too few.", "boolean"),
        *("the scheme's smallest group", "", None, lambda kept: "true" if kept else "false"),
    ),
)
RANGE_COLUMNS = (
    Column("unit", "单位编码", "Code of the unit.", "string", "as the scheme names it"),
    *(
        Column(name, zh, en, "integer", rule, _PLACE)
        for name, zh, en, rule in (
            ("rank", "名次", "Its rank.", "the scheme's ranking and its ties"),
            ("best", "名次区间上限", "Best rank of the range.", "`uncertainty` in the JSON"),
            ("worst", "名次区间下限", "Worst rank of the range.", "`uncertainty` in the JSON"),
        )
    ),
)
HIGHLIGHT_COLUMNS = (
    Column("unit", "单位编码", "Code of the unit.", "string", "as the scheme names it"),
    Column("title", "标题", "What is highlighted.", "string", "as accepted"),
    Column("text", "内容", "The highlight.", "string", "as accepted"),
    Column("adopted_by", "采纳机关", "Who adopted it.", "string", "by its document"),
    Column("level", "层级", "Level of that body.", "string", "by its document"),
    Column("document_no", "文号", "Number of the document.", "string", "by its document"),
)


_BESIDE = {
    "highlights": HIGHLIGHT_COLUMNS,
    "negative_cases": CASE_COLUMNS,
    "coefficients": COEFFICIENT_COLUMNS,
}
"""The tables beside that of the units, where anything of them is shown."""


def files_of(content: Told, digest: str, licence: Licence) -> dict[str, bytes]:
    """Return the files of a release as it is shown to everybody: the same for ever."""
    names = (content.get("names") or {}).get("blocks") or {}
    columns = {"units": [*_columns(content["units"], UNIT_COLUMNS, names)]}
    rows = {"units": content["units"]}
    for name, known in _BESIDE.items():
        if content.get(name):
            columns[name], rows[name] = [*known], content[name]
    if content.get("uncertainty"):
        columns["rank_ranges"] = [*RANGE_COLUMNS]
        rows["rank_ranges"] = content["uncertainty"]["units"]
    tables = {f"{name}.csv": _table(columns[name], rows[name]) for name in columns}
    tables[DICTIONARY] = _table(_OF_DICTIONARY, [*_dictionary(columns)])
    columns = columns | {"dictionary": [*_OF_DICTIONARY]}
    package = _package(content, digest, licence, columns, tables)
    package["resources"].append(_resource(RELEASE, _canonical(content), "data-resource"))
    return tables | {PACKAGE: _canonical(package), RELEASE: _canonical(content)}


def _columns(
    units: Sequence[Told], known: Sequence[Column], names: Mapping[str, Told]
) -> Iterator[Column]:
    """Yield the columns of which at least one unit has something, those of the blocks before the
    totals, by what blocks are called where that is known."""
    blocks = dict.fromkeys(chain.from_iterable(each.get("blocks") or () for each in units))
    for column in known:
        if column.name == "base_total":
            yield from (_block(each, names.get(each, {}).get("zh", each)) for each in blocks)
        if any(each.get(column.key or column.name) is not None for each in units):
            yield column


def _block(code: str, name: str) -> Column:
    return Column(
        *(f"block_{code}", f"板块 {name} 得分", f"Points of the block {code}.", "number"),
        *("the scheme's indicators of the block, rounded half up", _POINTS, "blocks"),
        lambda blocks: blocks.get(code, ""),
    )


_OF_DICTIONARY = tuple(
    Column(name, zh, en, "string", "this dictionary")
    for name, zh, en in (
        ("table", "表", "The table."),
        ("column", "列", "The column."),
        ("zh", "中文含义", "Its meaning in Chinese."),
        ("en", "英文含义", "Its meaning in English."),
        ("type", "类型", "Its type in the words of Table Schema."),
        ("unit", "计量单位", "Its unit."),
        ("rule", "规则", "By which rule it comes about."),
    )
)


def _dictionary(columns: Mapping[str, Sequence[Column]]) -> Iterator[Told]:
    for table, some in columns.items():
        for each in some:
            told = {"zh": each.zh, "en": each.en, "type": each.type, "unit": each.unit}
            yield {"table": table, "column": each.name, **told, "rule": each.rule}


def _table(columns: Sequence[Column], rows: Iterable[Told]) -> bytes:
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow([each.name for each in columns])
    writer.writerows([each.cell(row) for each in columns] for row in rows)
    return "".join(lines).encode()


class _Lines(list[str]):
    """What a writer of CSV writes into."""

    write = list.append


def _package(
    content: Told,
    digest: str,
    licence: Licence,
    columns: Mapping[str, Sequence[Column]],
    tables: Mapping[str, bytes],
) -> dict[str, Any]:
    """Return the description of all files, without what `RELEASE` is."""
    category, release = content["category"], content["release"]
    names = content.get("names")
    about = f"{names['assessment_year']}年度{names['category']['zh']}" if names else category
    resources = [
        _resource(name, each, "tabular-data-resource")
        | {"schema": _schema(columns[name.removesuffix(".csv")])}
        for name, each in tables.items()
    ]
    return {
        "profile": "data-package",
        "name": f"ranking-{content['cycle_id']}-{release}".lower(),
        "id": f"urn:uuid:{content['cycle_id']}#release-{release}",
        "title": f"{about} 公布稿第{release}号",
        "description": f"Release {release} of {category}, as it is shown to everybody: "
        f"{', '.join(content['shown'])}. `digest` is the SHA-256 of {RELEASE}.",
        "version": str(release),
        "created": content["published_at"],
        "licenses": [{"name": licence.name, "title": licence.title, "path": licence.path}],
        "release": release,
        "digest": digest,
        "resources": resources,
    }


def _resource(name: str, content: bytes, profile: str) -> dict[str, Any]:
    kind = name.rpartition(".")[2]
    return {
        "name": name.rpartition(".")[0],
        "path": name,
        "profile": profile,
        "format": kind,
        "mediatype": "text/csv" if kind == "csv" else "application/json",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _schema(columns: Sequence[Column]) -> dict[str, Any]:
    return {"fields": [each.described() for each in columns], "missingValues": [""]}


def _canonical(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()
