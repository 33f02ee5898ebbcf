"""What stands on the papers that a ranking leads to: the list, the notice (通报), the committee's
paper, and a unit's own score sheet.

Each is made of one document alone, as its reader may see it: what is not in that is on no paper.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from chassis.papers.paper import NOTHING, Bar, Bars, Column, Heading, Paper, Paragraph, Part, Table

_BEIJING = dt.timezone(dt.timedelta(hours=8))
_NUMERALS = "一二三四五六七八九十"

Document = Mapping[str, Any]
"""A document as its reader gets it as JSON."""


@dataclass(frozen=True, slots=True)
class Names:
    """What people call a cycle, a category and its blocks, and the year that is assessed."""

    year: int
    category: str
    blocks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Explained:
    """How a unit's total came about in an edition of the score sheet: its tree of steps, and what
    the tree's words mean in Chinese."""

    edition: int
    tree: Document
    in_chinese: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Official:
    """What makes a paper an official document (公文): its issuer, its number, whom it is for."""

    issued_by: str
    document_no: str | None = None
    addressed_to: str | None = None


def ranking_list(release: Document, names: Names, attached: str) -> Paper:
    """Return the list of a released ranking, with whatever its reader sees of each unit."""
    units = release["document"]["units"]
    parts: list[Part] = [
        Paragraph(_how_many(units)),
        _table("排名表", units, names),
        *_chart_of_totals(units),
        *_reasons(units),
    ]
    title = f"{names.year}年度{names.category}综合绩效评估排名"
    return _released(release, "ranking", title, parts, attached)


def notice(release: Document, names: Names, official: Official, attached: str) -> Paper:
    """Return the notice (通报) of a release: the grades and whom they go to, what the units are
    proud of, and the list as its annex."""
    units = release["document"]["units"]
    parts: list[Part] = [
        Paragraph(
            f"{names.year}年度{names.category}综合绩效评估工作已经完成。{_how_many(units)}"
            "评估结果已按规定程序审核、审定，现予通报。"
        ),
        *_numbered(_grades(units), _highlights(release), _cases(release), _corrected(release)),
        _table("附件 评估结果", units, names),
    ]
    title = f"关于{names.year}年度{names.category}综合绩效评估结果的通报"
    paper = _released(release, "notice", title, parts, attached)
    dated = _day(release["manifest"]["published_at"])
    return replace(
        paper,
        issued_by=official.issued_by,
        document_no=official.document_no,
        addressed_to=official.addressed_to,
        dated=dated,
    )


def committee_paper(
    ranking: Document,
    names: Names,
    close: Mapping[str, Sequence[str]],
    at: dt.datetime,
    attached: str,
    checkpoint: Document | None = None,
) -> Paper:
    """Return what the committee has before it of an edition: the list, why each result is as it is,
    and `close`, whom no unit can be told apart from by what people were asked; and by which
    `checkpoint` of the journals it is verified."""
    units = ranking["units"]
    parts: list[Part] = [
        Paragraph(f"本件为第{ranking['edition']}版排名，供审议，不作公布之用。{_how_many(units)}"),
        *_numbered(_grades(units)),
        _table("排名表", units, names),
        *_chart_of_totals(units),
        *_reasons(units),
        *_not_told_apart(units, close),
    ]
    checks = (
        ("排名摘要", ranking["digest"]),
        ("版次", str(ranking["edition"])),
        ("得分表版次", str(ranking["score_sheet_edition"])),
        *_checkpoint(checkpoint),
    )
    title = f"{names.year}年度{names.category}综合绩效评估结果审议材料"
    return Paper(f"committee-{ranking['edition']}", title, tuple(parts), checks, at, attached)


def score_sheet(
    release: Document,
    names: Names,
    unit: str,
    explained: Explained,
    attached: str,
) -> Paper:
    """Return a unit's score sheet: what each indicator is worth and what it brought, added up to
    the total of the release, and how each score came about."""
    [found] = (each for each in release["document"]["units"] if each["unit"] == unit)
    tree, chinese = explained.tree, explained.in_chinese
    parts: list[Part] = [
        Paragraph(_own_result(found)),
        _waterfall(tree),
        Table("得分明细", _LINES, tuple(_lines(tree, chinese, 0))),
    ]
    title = f"{found['name']}{names.year}年度综合绩效评估得分单"
    paper = _released(release, f"score-sheet-{unit}", title, parts, attached)
    sheet = ("得分表版次", str(explained.edition))
    return replace(paper, checks=(*paper.checks, sheet))


def _released(
    release: Document, name: str, title: str, parts: Iterable[Part], attached: str
) -> Paper:
    manifest = release["manifest"]
    number, at = manifest["release"], dt.datetime.fromisoformat(manifest["published_at"])
    checks = [("发布摘要", release["digest"]), ("发布编号", str(number))]
    if manifest.get("predecessor") is not None:
        checks.append(("更正的发布", str(manifest["predecessor"])))
    checks.append(("公布时间（北京时间）", f"{at.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}"))
    checks.append(("查验地址", f"/api/v1/cycles/{manifest['cycle_id']}/releases/{number}"))
    checks += _checkpoint(manifest.get("checkpoint"))
    return Paper(f"{name}-{number}", title, tuple(parts), tuple(checks), at, attached)


def _checkpoint(made: Document | None) -> list[tuple[str, str]]:
    """Return how the journals are verified by a paper: by the checkpoint that was the newest."""
    if made is None:
        return []
    at = dt.datetime.fromisoformat(made["made_at"]).astimezone(_BEIJING)
    said = f"第{made['number']}个，{at:%Y-%m-%d %H:%M:%S}（北京时间）"
    return [("日志检查点", said), ("检查点摘要", made["digest"])]


def _how_many(units: Sequence[Document]) -> str:
    left_out = sum(each.get("rank") is None and each.get("grade") is None for each in units)
    besides = f"，其中未参加排名{left_out}个" if 0 < left_out < len(units) else ""
    return f"参评单位{len(units)}个{besides}。"


def _points(head: str) -> Column:
    return Column(head, 3, "right", is_number=True)


_PLACE = (
    (Column("名次", 2, "center", is_number=True), "rank"),
    (Column("单位", 6), "name"),
    (Column("代码", 2, "center"), "unit"),
    (Column("子类别", 2, "center"), "subcategory"),
    (Column("子类别名次", 2, "center", is_number=True), "rank_in_subcategory"),
)
_POINTS = (
    (_points("基础得分"), "base_total"),
    (_points("加减分"), "adjustment"),
    (_points("总分"), "final_total"),
    (Column("等次", 3, "center"), "grade"),
)
"""The columns of a ranking, before and after those of its blocks, and whose value stands in each.
"""


def _table(title: str, units: Sequence[Document], names: Names) -> Table:
    """Return a line for each unit, with a column for each thing that is seen of any of them."""
    columns = [*_PLACE, *_of_blocks(units, names), *_POINTS]
    values = ((column, [_cell(each, key) for each in units]) for column, key in columns)
    seen = [(column, cells) for column, cells in values if any(each is not None for each in cells)]
    rows = zip(*(cells for _, cells in seen), strict=True)
    return Table(title, tuple(column for column, _ in seen), tuple(rows))


def _of_blocks(units: Sequence[Document], names: Names) -> list[tuple[Column, str]]:
    codes = dict.fromkeys(code for each in units for code in each.get("blocks") or ())
    return [(_points(names.blocks.get(code, code)), f"{_BLOCK}{code}") for code in codes]


_BLOCK = "blocks/"
"""What a block is asked for by: it may be called like a field of the line."""


def _cell(unit: Document, key: str) -> str | None:
    if key.startswith(_BLOCK):
        return _text((unit.get("blocks") or {}).get(key.removeprefix(_BLOCK)))
    return _grade(unit) if key == "grade" else _text(unit.get(key))


def _text(value: Any) -> str | None:  # noqa: ANN401 - a number, a text or nothing
    return None if value is None else str(value)


def _grade(unit: Document) -> str | None:
    return unit.get("grade_name") or unit.get("grade")


def _chart_of_totals(units: Sequence[Document]) -> Iterator[Bars]:
    """Draw the totals, where the reader sees any."""
    totals = [(each["name"], each.get("final_total")) for each in units]
    found = [Bar(name, Decimal(0), Decimal(t), str(t)) for name, t in totals if t is not None]
    if found:
        yield Bars("总分", "分", tuple(found))


def _reasons(units: Sequence[Document]) -> Iterator[Table]:
    """Say why a result is as it is, where the reader sees reasons."""
    rows = [(each["name"], reason["zh"]) for each in units for reason in each.get("reasons") or ()]
    if rows:
        yield Table("结果说明", (Column("单位", 2), Column("说明", 5)), tuple(rows))


def _not_told_apart(
    units: Sequence[Document], close: Mapping[str, Sequence[str]]
) -> Iterator[Part]:
    name = {each["unit"]: each["name"] for each in units}
    rows = [
        (name[unit], "、".join(name.get(other, other) for other in others))
        for unit, others in close.items()
        if others and unit in name
    ]
    if rows:
        yield Paragraph("以下单位之间的差距，在民意调查的抽样误差之内（置信水平 95%）。")
        yield Table("调查误差内的相邻单位", (Column("单位", 2), Column("相邻单位", 4)), tuple(rows))


def _numbered(*parts: tuple[str, Sequence[str]] | None) -> Iterator[Part]:
    """Number the parts that say anything, and the sentences of each."""
    said = [each for each in parts if each is not None and each[1]]
    for numeral, (title, sentences) in zip(_NUMERALS, said, strict=False):
        yield Heading(f"{numeral}、{title}")
        for n, sentence in enumerate(sentences, 1):
            yield Paragraph(f"（{_numeral(n)}）{sentence}")


def _numeral(n: int) -> str:
    """Write a number as the paragraphs of official documents are numbered: 十二."""
    tens, ones = divmod(n, 10)
    if n > 99:
        return str(n)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return ten + (_NUMERALS[ones - 1] if ones else "")


def _grades(units: Sequence[Document]) -> tuple[str, list[str]] | None:
    by_grade = dict[str, list[str]]()
    for each in units:
        grade = _grade(each)
        if grade is not None:
            by_grade.setdefault(grade, []).append(each["name"])
    said = [f"{grade}（{len(n)}个）：{'、'.join(n)}。" for grade, n in by_grade.items()]
    return ("评估等次", said)


def _highlights(release: Document) -> tuple[str, list[str]] | None:
    name = {each["unit"]: each["name"] for each in release["document"]["units"]}
    told = release["manifest"].get("highlights") or ()
    said = [f"{name.get(each['unit'], each['unit'])}：{each['title']}。" for each in told]
    return ("亮点工作", said)


def _cases(release: Document) -> tuple[str, list[str]] | None:
    name = {each["unit"]: each["name"] for each in release["document"]["units"]}
    told = release["manifest"].get("negative_cases") or ()
    said = [f"{name.get(e['unit'], e['unit'])}：{e['title']}。{e['text']}" for e in told]
    return ("反面典型", said)


def _corrected(release: Document) -> tuple[str, list[str]] | None:
    before = release["manifest"].get("predecessor")
    said = [] if before is None else [f"本次通报更正第{before}号发布，以本次为准。"]
    return ("更正说明", said)


def _own_result(unit: Document) -> str:
    said = [
        (f"总分{unit['final_total']}分" if unit.get("final_total") is not None else ""),
        (f"名次第{unit['rank']}" if unit.get("rank") is not None else "未排名"),
        (f"等次为{_grade(unit)}" if _grade(unit) else ""),
    ]
    why = "".join(f"{reason['zh']}。" for reason in unit.get("reasons") or ())
    return f"{'，'.join(each for each in said if each)}。{why}"


_STEPS = ("block", "part", "adjustment")
"""The kinds of steps of which a total is made up: parts where blocks are converted or weighed."""


def _waterfall(tree: Document) -> Bars:
    """Draw the way from full marks down to the total: what each block cost, and what was added."""
    steps = [each for each in tree["children"] if each["kind"] in _STEPS]
    full = sum((Decimal(each["points"] or 0) for each in steps), Decimal(0))
    bars, at = [Bar("满分", Decimal(0), full, f"{full:f}")], full
    for each in steps:
        score = Decimal(each["score"] or 0)
        after = at + score - Decimal(each["points"] or 0)
        bars.append(Bar(_called(each), at, after, f"{after - at:+f}"))
        at = after
    total = Decimal(tree["score"] or 0)
    return Bars("得分构成", "分", (*bars, Bar("总分", Decimal(0), total, f"{total:f}")))


_INDENT = "　"
_OWN_NAMES = {"total": "总分", "adjustment": "加减分", "excess": "超出部分"}
"""What people call the steps that are none of the scheme's: their codes are words of ours."""


def _called(step: Document) -> str:
    """Return what people call a step."""
    return _OWN_NAMES.get(step["kind"]) or step["name"] or step["code"]


_LINES = (
    Column("代码", 3),
    Column("项目", 6),
    Column("分值", 3, "right", is_number=True),
    Column("得分", 3, "right", is_number=True),
    Column("失分", 3, "right", is_number=True),
    Column("如何得出", 9),
)


def _lines(
    node: Document, chinese: Mapping[str, str], depth: int
) -> Iterator[Sequence[str | None]]:
    """Yield a line for each step of the way to the total, those below it after it."""
    if node["kind"] != "component":
        lost = None
        if node["points"] is not None and node["score"] is not None:
            lost = f"{Decimal(node['points']) - Decimal(node['score']):f}"
        code = None if node["kind"] in _OWN_NAMES else node["code"]
        name = _INDENT * depth + _called(node)
        yield code, name, node["points"], node["score"], lost, _how(node, chinese)
    for child in node["children"]:
        yield from _lines(child, chinese, depth + 1)


def _how(node: Document, chinese: Mapping[str, str]) -> str:
    """Say how a score came about: rule and formula, what is missing, what was decided."""
    rule = node["rule"] and chinese.get(node["rule"], node["rule"])
    formula = node["formula"] and chinese.get(node["formula"], node["formula"])
    reason = node["reason"] and node["reason"]["zh"]
    gaps = [each["zh"] for each in (*node["missing"], *node["decisions"])]
    said = [each for each in (rule, formula, reason, *gaps) if each]
    return "；".join(dict.fromkeys(said)) or NOTHING


def _day(moment: str) -> str:
    read = dt.datetime.fromisoformat(moment).astimezone(_BEIJING)
    return f"{read.year}年{read.month}月{read.day}日"
