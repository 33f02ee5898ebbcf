"""Papers in English: every word of their own, and no name or text that was entered."""

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from lxml import etree

from chassis.papers.paper import Bars, Table
from ranking.rules.papers import (
    Explained,
    Names,
    Official,
    committee_paper,
    notice,
    ranking_list,
    score_sheet,
)

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
NAMES = Names(2025, "Counties", {"function": "Function"}, "en")
UNIT = {
    "unit": "XQ01",
    "name": "Anyuan",
    "rank": 1,
    "grade": "excellent",
    "grade_name": "Excellent",
    "blocks": {"function": "60"},
    "base_total": "60",
    "adjustment": "1",
    "final_total": "61",
    "subcategory": "HILLS",
    "rank_in_subcategory": 1,
    "reasons": [{"en": "V01: was vetoed", "zh": "被否决"}],
}
LAST = UNIT | {"unit": "XQ02", "name": "Beihu", "rank": None, "grade": None, "grade_name": None}
MANIFEST = {
    "cycle_id": "c",
    "release": 2,
    "predecessor": 1,
    "published_at": "2026-01-20T20:00:00+00:00",
    "checkpoint": {"number": 2, "made_at": "2026-01-20T19:00:00+00:00", "digest": "e"},
    "highlights": [{"unit": "XQ01", "title": "One window"}],
    "negative_cases": [{"unit": "XQ02", "title": "Arrears", "text": "Paid late."}],
    "coefficients": [
        {"indicator": "C13", "group": "SZ01", "marks": 5, "coefficient": "1.0250", "kept": False}
    ],
}
RELEASE = {"manifest": MANIFEST, "digest": "d", "document": {"units": [UNIT, LAST]}}
GAP = {"code": "x", "en": "C9 is missing", "zh": "缺少 C9"}


def step(kind, code, *children, **more):
    told = {"kind": kind, "code": code, "name": code, "points": "60", "score": "58"}
    rest = {"rule": "capped at 60", "formula": "58", "reason": None, "missing": [], "decisions": []}
    return told | rest | {"children": list(children)} | more


TREE = step(
    "total",
    "XQ01",
    step("block", "function", step("indicator", "C1", missing=[GAP], reason=GAP)),
    step("adjustment", "adjustment", step("excess", "excess")),
)
EXPLAINED = Explained(3, TREE, {"capped at 60": "不超过 60"})
RANKING = {"units": [UNIT, LAST], "edition": 2, "digest": "d", "score_sheet_edition": 3}
AT = dt.datetime(2026, 1, 20, tzinfo=dt.UTC)


def papers(names):
    official = Official("Performance Office", "No. 1", "All units")
    close = {"XQ01": ["XQ02"]}
    return {
        "ranking": ranking_list(RELEASE, names, ""),
        "notice": notice(RELEASE, names, official, ""),
        "committee": committee_paper(RANKING, names, close, AT, ""),
        "sheet": score_sheet(RELEASE, names, "XQ01", EXPLAINED, ""),
    }


def texts(paper):
    """Return all that stands on a paper."""
    yield from (paper.title, paper.dated or "", *(part for pair in paper.checks for part in pair))
    for part in paper.parts:
        match part:
            case Table(title, columns, rows):
                yield from (title, *(each.head for each in columns))
                yield from (cell or "" for row in rows for cell in row)
            case Bars(title, measure, bars):
                yield from (title, measure, *(each.name for each in bars))
            case _:
                yield part.text


@pytest.mark.parametrize("name", ["ranking", "notice", "committee", "sheet"])
def test_no_word_of_its_own_is_chinese(name):
    """But for the wide blank that sets lines in. Planted bugs: reasons, a chart or the columns of
    one table in Chinese."""
    paper = papers(NAMES)[name]
    assert [each for each in texts(paper) if HAN.search(each.replace("\u3000", ""))] == []
    assert paper.name.endswith("-en")
    assert paper.language == "en"


@pytest.mark.parametrize("name", ["ranking", "notice", "committee", "sheet"])
def test_in_either_language_it_says_as_much(name):
    """Planted bug: leave a part out that has no English."""
    english = papers(NAMES)[name]
    chinese = papers(Names(2025, "县市区", {}))[name]
    assert [type(each) for each in english.parts] == [type(each) for each in chinese.parts]
    tables = [[each for each in p.parts if isinstance(each, Table)] for p in (english, chinese)]
    for one, other in zip(*tables, strict=True):
        assert (len(one.columns), len(one.rows)) == (len(other.columns), len(other.rows))
    assert len({each.title for each in tables[0]}) == len(tables[0])


def test_the_notice_in_english_says_what_it_says():
    paper = papers(NAMES)["notice"]
    assert paper.dated == "21 January 2026"
    said = [each.text for each in paper.parts if hasattr(each, "text")]
    assert said[1:] == [
        *("1. Grades", "(1) Excellent (1): Anyuan."),
        *("2. Highlights", "(1) Anyuan: One window"),
        *("3. Negative cases", "(1) Beihu: Arrears. Paid late."),
        *("4. Correction", "(1) This notice corrects release 1; what it says holds."),
    ]


async def test_papers_are_asked_for_in_english(cycle):
    """Names stay as they are; Chinese is what comes unasked. Planted bug: keep the Chinese one."""
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review", "decision", "publication")
    path = "/releases/1/list?format=xlsx"
    book = openpyxl.load_workbook(
        io.BytesIO((await cycle.get(f"{path}&language=en", "auditor")).content)
    )
    assert book.sheetnames[:2] == ["About", "Ranking"]
    heads = [cell.value for cell in next(book["Ranking"].iter_rows())]
    assert {"Rank", "Unit", "Code", "Total"} <= {*heads}
    release = (await cycle.get("/releases/1", "auditor")).json()
    names = {row[heads.index("Unit")].value for row in [*book["Ranking"].iter_rows()][1:]}
    assert names == {each["name"] for each in release["document"]["units"]}
    unasked, chinese = [
        (await cycle.get(f"{path}{more}", "auditor")).content for more in ("", "&language=zh")
    ]
    assert unasked == chinese
    assert (await cycle.get(f"{path}&language=fr", "auditor")).status_code == 422


@pytest.mark.parametrize("form", ["pdf", "docx"])
async def test_the_other_forms_are_in_english_too(cycle, form):
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review", "decision", "publication")
    query = f"format={form}&language=en&issued_by=Office&addressed_to=All"
    answer = await cycle.get(f"/releases/1/notice?{query}", "auditor")
    assert answer.status_code == 200, answer.text
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            body = etree.fromstring(archive.read("word/document.xml"))
        said = "".join(body.itertext())
        assert "All:" in said
        assert "Notice of the results" in said
    else:
        assert answer.content.startswith(b"%PDF")


def test_english_sentences_begin_with_a_capital_letter():
    """Where the reader sees no total the grade comes first. Planted bug: the reasons alone."""
    said = {"total": None, "rank": 2, "reasons": [{"en": "total below 40", "zh": "总分低于40分"}]}
    graded = {name: UNIT[name] for name in ("unit", "name", "grade")} | said
    release = RELEASE | {"document": {"units": [graded]}}
    own = score_sheet(release, NAMES, "XQ01", EXPLAINED, "").parts[0].text
    assert own == "Rank 2, grade excellent. Total below 40."
    [rows] = [each.rows for each in ranking_list(release, NAMES, "").parts if is_of_reasons(each)]
    assert rows == (("Anyuan", "Total below 40"),)


def is_of_reasons(part):
    return isinstance(part, Table) and len(part.columns) == 2


@pytest.mark.parametrize(
    ("name", "title"),
    [("安源", "安源2025年度"), ("第一片区2", "第一片区2 2025年度"), ("1安", "1安2025年度")],
)
def test_a_name_that_ends_in_a_digit_does_not_run_into_the_year(name, title):
    names = Names(2025, "县", {}, "zh")
    release = RELEASE | {"document": {"units": [UNIT | {"name": name}]}}
    assert score_sheet(release, names, "XQ01", EXPLAINED, "").title.startswith(title)
