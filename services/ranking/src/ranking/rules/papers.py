"""What stands on the papers that a ranking leads to: the list, the notice (通报), the committee's
paper, and a unit's own score sheet.

Each is made of one document alone, as its reader may see it: what is not in that is on no paper.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from chassis.papers.paper import (
    NOTHING,
    Bar,
    Bars,
    Column,
    Heading,
    Language,
    Paper,
    Paragraph,
    Part,
    Table,
)
from ranking.rules.paper_words import IN_ENGLISH

_BEIJING = dt.timezone(dt.timedelta(hours=8))
_NUMERALS = "一二三四五六七八九十"

Document = Mapping[str, Any]
"""A document as its reader gets it as JSON."""


@dataclass(frozen=True, slots=True)
class Names:
    """What people call a cycle, a category and its blocks, the year that is assessed, and the
    language of the paper's own words. Names are as they are in either."""

    year: int
    category: str
    blocks: Mapping[str, str]
    language: Language = "zh"

    def say(self, zh: str) -> str:
        """Return one of the paper's own words in its language."""
        return zh if self.language == "zh" else IN_ENGLISH[zh]

    def put(self, zh: str, en: str) -> str:
        """Return one of two texts, by the language."""
        return zh if self.language == "zh" else en

    def begun(self, sentence: str) -> str:
        """Return what begins a sentence, which English does with a capital letter."""
        return self.put(sentence, sentence[:1].upper() + sentence[1:])

    def head(self, column: Column) -> Column:
        """Return a column with what stands above it in the language."""
        return replace(column, head=self.say(column.head))


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
        Paragraph(_how_many(units, names)),
        _table("排名表", units, names),
        *_chart_of_totals(units, names),
        *_reasons(units, names),
        *_coefficients(release, names),
    ]
    title = names.put(
        f"{names.year}年度{names.category}综合绩效评估排名",
        f"Comprehensive performance evaluation {names.year}: ranking, {names.category}",
    )
    return _released(release, "ranking", title, parts, attached, names)


def notice(release: Document, names: Names, official: Official, attached: str) -> Paper:
    """Return the notice (通报) of a release: the grades and whom they go to, what the units are
    proud of, and the list as its annex."""
    units = release["document"]["units"]
    parts: list[Part] = [
        Paragraph(_begun(units, names)),
        *_numbered(
            names,
            _grades(units, names),
            _highlights(release, names),
            _cases(release, names),
            _corrected(release, names),
        ),
        _table("附件 评估结果", units, names),
        *_coefficients(release, names),
    ]
    title = names.put(
        f"关于{names.year}年度{names.category}综合绩效评估结果的通报",
        f"Notice of the results of the comprehensive performance evaluation {names.year}: "
        f"{names.category}",
    )
    paper = _released(release, "notice", title, parts, attached, names)
    dated = _day(release["manifest"]["published_at"], names)
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
        Paragraph(_for_the_committee(ranking, names) + _how_many(units, names)),
        *_numbered(names, _grades(units, names)),
        _table("排名表", units, names),
        *_chart_of_totals(units, names),
        *_reasons(units, names),
        *_not_told_apart(units, close, names),
    ]
    checks = (
        (names.say("排名摘要"), ranking["digest"]),
        (names.say("版次"), str(ranking["edition"])),
        (names.say("得分表版次"), str(ranking["score_sheet_edition"])),
        *_checkpoint(checkpoint, names),
    )
    title = names.put(
        f"{names.year}年度{names.category}综合绩效评估结果审议材料",
        f"Results of the comprehensive performance evaluation {names.year} for deliberation: "
        f"{names.category}",
    )
    name = f"committee-{ranking['edition']}{names.put('', '-en')}"
    return Paper(name, title, tuple(parts), checks, at, attached, language=names.language)


def _for_the_committee(ranking: Document, names: Names) -> str:
    edition = ranking["edition"]
    return names.put(
        f"本件为第{edition}版排名，供审议，不作公布之用。",
        f"This is edition {edition} of the ranking, for deliberation and not for publication. ",
    )


def _begun(units: Sequence[Document], names: Names) -> str:
    year, category = names.year, names.category
    return names.put(
        f"{year}年度{category}综合绩效评估工作已经完成。{_how_many(units, names)}"
        "评估结果已按规定程序审核、审定，现予通报。",
        f"The comprehensive performance evaluation {year} of {category} is complete. "
        f"{_how_many(units, names)} The results were reviewed and decided as the rules ask, and "
        "are hereby made known.",
    )


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
    columns = tuple(map(names.head, _LINES))
    parts: list[Part] = [
        Paragraph(_own_result(found, names)),
        _waterfall(tree, names),
        Table(names.say("得分明细"), columns, tuple(_lines(tree, chinese, 0, names))),
    ]
    title = names.put(
        f"{found['name']}{_apart(found['name'])}{names.year}年度综合绩效评估得分单",
        f"Score sheet of the comprehensive performance evaluation {names.year}: {found['name']}",
    )
    paper = _released(release, f"score-sheet-{unit}", title, parts, attached, names)
    sheet = (names.say("得分表版次"), str(explained.edition))
    return replace(paper, checks=(*paper.checks, sheet))


def _apart(name: str) -> str:
    """Return what keeps a year apart from a name before it: a space where that ends in a digit."""
    return " " if name[-1:].isdigit() else ""


def _released(
    release: Document, name: str, title: str, parts: Iterable[Part], attached: str, names: Names
) -> Paper:
    manifest = release["manifest"]
    number, at = manifest["release"], dt.datetime.fromisoformat(manifest["published_at"])
    say = names.say
    checks = [(say("公布稿摘要"), release["digest"]), (say("公布稿编号"), str(number))]
    if manifest.get("predecessor") is not None:
        checks.append((say("更正的公布稿"), str(manifest["predecessor"])))
    checks.append((say("公布时间（北京时间）"), f"{at.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}"))
    checks.append((say("查验地址"), f"/api/v1/cycles/{manifest['cycle_id']}/releases/{number}"))
    checks += _checkpoint(manifest.get("checkpoint"), names)
    name = f"{name}-{number}{names.put('', '-en')}"
    return Paper(name, title, tuple(parts), tuple(checks), at, attached, language=names.language)


def _checkpoint(made: Document | None, names: Names) -> list[tuple[str, str]]:
    """Return how the journals are verified by a paper: by the checkpoint that was the newest."""
    if made is None:
        return []
    at = dt.datetime.fromisoformat(made["made_at"]).astimezone(_BEIJING)
    number, when = made["number"], f"{at:%Y-%m-%d %H:%M:%S}"
    said = names.put(f"第{number}个，{when}（北京时间）", f"No. {number}, {when} (Beijing time)")
    return [(names.say("日志检查点"), said), (names.say("检查点摘要"), made["digest"])]


def _how_many(units: Sequence[Document], names: Names) -> str:
    left_out = sum(each.get("rank") is None and each.get("grade") is None for each in units)
    some = 0 < left_out < len(units)
    zh = f"，其中未参加排名{left_out}个" if some else ""
    en = f", of which {left_out} not ranked" if some else ""
    return names.put(f"参评单位{len(units)}个{zh}。", f"Units assessed: {len(units)}{en}.")


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
    place, points = ([(names.head(c), key) for c, key in some] for some in (_PLACE, _POINTS))
    columns = [*place, *_of_blocks(units, names), *points]
    values = ((column, [_cell(each, key) for each in units]) for column, key in columns)
    seen = [(column, cells) for column, cells in values if any(each is not None for each in cells)]
    rows = zip(*(cells for _, cells in seen), strict=True)
    return Table(names.say(title), tuple(column for column, _ in seen), tuple(rows))


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


def _chart_of_totals(units: Sequence[Document], names: Names) -> Iterator[Bars]:
    """Draw the totals, where the reader sees any."""
    totals = [(each["name"], each.get("final_total")) for each in units]
    found = [Bar(name, Decimal(0), Decimal(t), str(t)) for name, t in totals if t is not None]
    if found:
        yield Bars(names.say("总分"), names.say("分"), tuple(found))


def _reasons(units: Sequence[Document], names: Names) -> Iterator[Table]:
    """Say why a result is as it is, where the reader sees reasons."""
    rows = [(each["name"], reason) for each in units for reason in _why(each, names)]
    if rows:
        heads = names.say("单位"), names.say("说明")
        columns = Column(heads[0], 2), Column(heads[1], 5)
        yield Table(names.say("结果说明"), columns, tuple(rows))


def _coefficients(release: Document, names: Names) -> Iterator[Table]:
    """Say by which coefficients marks were put on one scale, where the reader sees them."""
    rows = [
        (each["indicator"], each["group"], str(each["marks"]), _text(each["coefficient"]))
        for each in release["manifest"].get("coefficients") or ()
    ]
    if rows:
        yield Table(names.say("评分修正系数"), tuple(map(names.head, _SCALES)), tuple(rows))


_SCALES = (
    Column("指标", 3),
    Column("评分主体", 4),
    Column("评分数", 2, "right", is_number=True),
    Column("修正系数", 3, "right", is_number=True),
)


def _not_told_apart(
    units: Sequence[Document], close: Mapping[str, Sequence[str]], names: Names
) -> Iterator[Part]:
    name = {each["unit"]: each["name"] for each in units}
    listed = names.put("、", ", ")
    rows = [
        (name[unit], listed.join(name.get(other, other) for other in others))
        for unit, others in close.items()
        if others and unit in name
    ]
    if rows:
        yield Paragraph(
            names.put(
                "以下单位之间的差距，在民意调查的抽样误差之内（置信水平 95%）。",
                "What lies between these units is within the sampling error of the surveys "
                "(at a level of confidence of 95 %).",
            )
        )
        columns = Column(names.say("单位"), 2), Column(names.say("相邻单位"), 4)
        yield Table(names.say("调查误差内的相邻单位"), columns, tuple(rows))


def _numbered(names: Names, *parts: tuple[str, Sequence[str]] | None) -> Iterator[Part]:
    """Number the parts that say anything, and the sentences of each."""
    said = [each for each in parts if each is not None and each[1]]
    for part, (title, sentences) in enumerate(said, 1):
        yield Heading(names.put(f"{_numeral(part)}、{title}", f"{part}. {title}"))
        for n, sentence in enumerate(sentences, 1):
            yield Paragraph(names.put(f"（{_numeral(n)}）{sentence}", f"({n}) {sentence}"))


def _numeral(n: int) -> str:
    """Write a number as the paragraphs of official documents are numbered: 十二."""
    tens, ones = divmod(n, 10)
    if n > 99:
        return str(n)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return ten + (_NUMERALS[ones - 1] if ones else "")


def _grades(units: Sequence[Document], names: Names) -> tuple[str, list[str]] | None:
    by_grade = dict[str, list[str]]()
    for each in units:
        grade = _grade(each)
        if grade is not None:
            by_grade.setdefault(grade, []).append(each["name"])
    said = [
        names.put(
            f"{grade}（{len(n)}个）：{'、'.join(n)}。", f"{grade} ({len(n)}): {', '.join(n)}."
        )
        for grade, n in by_grade.items()
    ]
    return (names.say("评估等次"), said)


def _highlights(release: Document, names: Names) -> tuple[str, list[str]] | None:
    name = {each["unit"]: each["name"] for each in release["document"]["units"]}
    told = release["manifest"].get("highlights") or ()
    called = [(name.get(each["unit"], each["unit"]), each["title"]) for each in told]
    said = [names.put(f"{unit}：{title}。", f"{unit}: {title}") for unit, title in called]
    return (names.say("亮点工作"), said)


def _cases(release: Document, names: Names) -> tuple[str, list[str]] | None:
    name = {each["unit"]: each["name"] for each in release["document"]["units"]}
    told = release["manifest"].get("negative_cases") or ()
    called = [(name.get(e["unit"], e["unit"]), e["title"], e["text"]) for e in told]
    said = [
        names.put(f"{u}：{title}。{text}", f"{u}: {title}. {text}") for u, title, text in called
    ]
    return (names.say("反面典型"), said)


def _corrected(release: Document, names: Names) -> tuple[str, list[str]] | None:
    before = release["manifest"].get("predecessor")
    zh = f"本次通报更正第{before}号公布稿，以本次为准。"
    en = f"This notice corrects release {before}; what it says holds."
    return (names.say("更正说明"), [] if before is None else [names.put(zh, en)])


def _own_result(unit: Document, names: Names) -> str:
    total, rank, grade = unit.get("final_total"), unit.get("rank"), _grade(unit)
    said = [
        "" if total is None else names.put(f"总分{total}分", f"Total {total}"),
        names.put("未排名", "not ranked")
        if rank is None
        else names.put(f"名次第{rank}", f"rank {rank}"),
        names.put(f"等次为{grade}", f"grade {grade}") if grade else "",
    ]
    result = names.put("，", ", ").join(each for each in said if each)
    ended = names.put("{}。", "{}. ")
    sentences = names.begun(result), *_why(unit, names)
    return "".join(ended.format(each) for each in sentences).rstrip()


def _why(unit: Document, names: Names) -> list[str]:
    return [names.begun(reason[names.language]) for reason in unit.get("reasons") or ()]


_STEPS = ("block", "vetoed_block", "part", "adjustment")
"""The kinds of steps of which a total is made up: parts where blocks are converted or weighed."""


def _waterfall(tree: Document, names: Names) -> Bars:
    """Draw the way from full marks down to the total: what each block cost, and what was added."""
    steps = [each for each in tree["children"] if each["kind"] in _STEPS]
    full = sum((Decimal(each["points"] or 0) for each in steps), Decimal(0))
    bars, at = [Bar(names.say("满分"), Decimal(0), full, f"{full:f}")], full
    for each in steps:
        score = Decimal(each["score"] or 0)
        after = at + score - Decimal(each["points"] or 0)
        bars.append(Bar(_called(each, names), at, after, f"{after - at:+f}"))
        at = after
    total = Decimal(tree["score"] or 0)
    last = Bar(names.say("总分"), Decimal(0), total, f"{total:f}")
    return Bars(names.say("得分构成"), names.say("分"), (*bars, last))


_INDENT = "　"
_OWN_NAMES = {"total": "总分", "adjustment": "加减分", "excess": "超出部分"}
"""What people call the steps that are none of the scheme's: their codes are words of ours."""


def _called(step: Document, names: Names) -> str:
    """Return what people call a step."""
    own = _OWN_NAMES.get(step["kind"])
    return names.say(own) if own else step["name"] or step["code"]


_LINES = (
    Column("代码", 3),
    Column("项目", 6),
    Column("分值", 3, "right", is_number=True),
    Column("得分", 3, "right", is_number=True),
    Column("失分", 3, "right", is_number=True),
    Column("如何得出", 9),
)


def _lines(
    node: Document, chinese: Mapping[str, str], depth: int, names: Names
) -> Iterator[Sequence[str | None]]:
    """Yield a line for each step of the way to the total, those below it after it."""
    if node["kind"] != "component":
        lost = None
        if node["points"] is not None and node["score"] is not None:
            lost = f"{Decimal(node['points']) - Decimal(node['score']):f}"
        code = None if node["kind"] in _OWN_NAMES else node["code"]
        name = _INDENT * depth + _called(node, names)
        yield code, name, node["points"], node["score"], lost, _how(node, chinese, names)
    for child in node["children"]:
        yield from _lines(child, chinese, depth + 1, names)


def _how(node: Document, chinese: Mapping[str, str], names: Names) -> str:
    """Say how a score came about: rule and formula, what is missing, what was decided."""
    language = names.language
    known = chinese if language == "zh" else {}
    rule, formula = (node[name] and known.get(node[name], node[name]) for name in _WORKED_OUT)
    reason = node["reason"] and node["reason"][language]
    gaps = [each[language] for each in (*node["missing"], *node["decisions"])]
    said = [each for each in (rule, formula, reason, *gaps) if each]
    return names.put("；", "; ").join(dict.fromkeys(said)) or NOTHING


_WORKED_OUT = ("rule", "formula")


def _day(moment: str, names: Names) -> str:
    read = dt.datetime.fromisoformat(moment).astimezone(_BEIJING)
    day = f"{read.year}年{read.month}月{read.day}日"
    return names.put(day, f"{read.day} {_MONTHS[read.month - 1]} {read.year}")


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
"""By their English names, whatever the locale of the machine."""
