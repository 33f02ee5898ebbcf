"""A release as people read it: list, notice, score sheet and committee's paper."""

import base64
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from lxml import etree

from chassis.papers.paper import Table
from ranking.rules.papers import (
    Explained,
    Names,
    Official,
    _numeral,
    _waterfall,
    notice,
    ranking_list,
    score_sheet,
)
from service_testing.pdf import streams

STEPS = ("merge", "review", "decision", "publication")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
async def released(cycle):
    """Give a cycle whose first release is published, and that release."""
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS)
    answer = await cycle.get("/releases/1", "auditor")
    return cycle, answer.json()


async def paper(cycle, path, role="auditor", **query):
    said = "&".join(f"{name}={value}" for name, value in query.items())
    return await cycle.get(f"{path}?{said}", role)


def book_of(answer):
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def rows_of(sheet):
    heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def words_of(answer):
    """Return what a Word document says."""
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    return ["".join(each.itertext(f"{W}t")) for each in body.iter(f"{W}p")]


async def test_the_list_has_every_unit_as_the_release_has_it(released):
    """Planted bugs: leave out the last unit; take the base total for the total; sort by name."""
    cycle, release = released
    book = book_of(await paper(cycle, "/releases/1/list", format="xlsx"))
    rows = rows_of(book["排名表"])
    told = [
        (each["rank"], each["unit"], each["name"], each["grade"], Decimal(each["final_total"]))
        for each in release["document"]["units"]
    ]
    found = [
        (row["名次"], row["代码"], row["单位"], row["等次"], Decimal(str(row["总分"])))
        for row in rows
    ]
    assert found == told
    blocks = [Decimal(str(row["function"])) for row in rows]
    assert blocks == [Decimal(e["blocks"]["function"]) for e in release["document"]["units"]]
    said = [cell.value for row in book["说明"].iter_rows() for cell in row]
    assert release["digest"] in said
    reasons = [(row["单位"], row["说明"]) for row in rows_of(book["结果说明"])]
    assert reasons == [
        (u["name"], r["zh"]) for u in release["document"]["units"] for r in u["reasons"]
    ]


async def test_the_same_release_is_the_same_bytes_to_everybody(released):
    """Planted bug: put the reader or the time of reading on the paper."""
    cycle, _ = released
    found = [
        (await paper(cycle, "/releases/1/list", role)).content
        for role in ("auditor", "assessed_unit", "auditor")
    ]
    assert len({*found}) == 1
    assert found[0].startswith(b"%PDF")


async def test_the_notice_names_the_units_of_each_grade(released):
    """Planted bugs: leave the best grade out; name units that have none under the last."""
    cycle, release = released
    query = {"format": "docx", "issued_by": "云川市绩效办", "document_no": "云绩办〔2026〕1号"}
    words = words_of(await paper(cycle, "/releases/1/notice", **query))
    by_grade = {}
    for each in release["document"]["units"]:
        by_grade.setdefault(each["grade"], []).append(each["name"])
    told = [f"{grade}（{len(n)}个）：{'、'.join(n)}。" for grade, n in by_grade.items()]
    numbers = "一二三四五"
    assert [w for w in words if w.startswith("（")] == [
        f"（{numbers[n]}）{each}" for n, each in enumerate(told)
    ]
    assert words.count("云川市绩效办") == 2
    assert "云绩办〔2026〕1号" in words
    assert any(release["digest"] in word for word in words)


async def test_a_notice_needs_an_issuer(released):
    cycle, _ = released
    answer = await paper(cycle, "/releases/1/notice")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/issued_by"


async def test_nothing_is_printed_before_it_is_released(cycle):
    """Planted bug: read the edition instead of the release."""
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS[:3])
    issuer = {"issued_by": "x"}
    for path, query in (("list", {}), ("notice", issuer), ("units/XQ01/score-sheet", {})):
        answer = await paper(cycle, f"/releases/1/{path}", **query)
        assert (answer.status_code, answer.json()["type"]) == (404, "no-such-release")


async def test_the_committee_has_the_edition_and_others_do_not(cycle):
    """Planted bugs: leave `sight.check` out; let units read it."""
    edition = await cycle.rank()
    path = f"/rankings/{edition}/committee-paper"
    book = book_of(await paper(cycle, path, "committee", format="xlsx"))
    ranking = (await cycle.get(f"/rankings/{edition}", "committee")).json()
    said = [cell.value for row in book["说明"].iter_rows() for cell in row]
    assert ranking["digest"] in said
    assert len(rows_of(book["排名表"])) == len(ranking["units"])
    assert (await paper(cycle, path, "assessed_unit")).status_code == 403
    async with cycle.service.caller("committee", unit="XQ01") as member:
        answer = await member.get(f"/api/v1/cycles/{cycle.cycle_id}{path}")
    assert (answer.status_code, answer.json()["type"]) == (403, "read-after-release")


def node(kind, code, points, score, *children, **more):
    said = {
        "kind": kind,
        "code": code,
        "name": f"{code}名",
        "points": points,
        "score": score,
        **dict.fromkeys(("rule", "formula", "reason")),
        "missing": [],
        "decisions": [],
        "children": [*children],
    }
    return said | more


@pytest.fixture
def explained(peers):
    """Have scoring explain one unit: two blocks, one of them with a lost point, and a bonus."""
    lost = node("indicator", "A1", "60", "58.5", rule="min(…)", formula="60 × 0.975")
    gone = node("indicator", "B1", "40", "40", missing=[{"en": "none", "zh": "缺数据"}])
    tree = node(
        "total",
        "total",
        "100",
        "99.5",
        node("block", "A", "60", "58.5", lost),
        node("block", "B", "40", "40", gone),
        node("adjustment", "adjustment", None, "1"),
    )
    chinese = {"min(…)": "按比例计分", "60 × 0.975": "60 乘以 0.975"}
    told = {"unit": "XQ01", "edition": 3, "tree": tree, "in_chinese": chinese}
    peers.explained = told
    yield told
    peers.explained = None


async def test_a_score_sheet_adds_up_and_says_how(released, explained):
    """Planted bugs: leave the adjustment out of the drawing; print the rule as it is in the
    tree."""
    cycle, _ = released
    path = "/releases/1/units/XQ01/score-sheet"
    book = book_of(await paper(cycle, path, format="xlsx"))
    rows = {row["代码"]: row for row in rows_of(book["得分明细"])}
    assert rows["A1"]["失分"] == 1.5
    assert rows["A1"]["如何得出"] == "按比例计分；60 乘以 0.975"
    assert rows["B1"]["如何得出"] == "缺数据"
    drawn = [(row["名称"], row["起点"], row["终点"]) for row in rows_of(book["得分构成"])]
    assert drawn == [
        ("满分", 0, 100),
        ("A名", 100, 98.5),
        ("B名", 98.5, 98.5),
        ("加减分", 98.5, 99.5),
        ("总分", 0, 99.5),
    ]


async def test_whose_explanation_is_not_readable_has_no_paper(released, explained):
    """Planted bug: ask scoring as the service itself."""
    cycle, _ = released
    answer = await paper(cycle, "/releases/1/units/XQ02/score-sheet")
    assert (answer.status_code, answer.json()["type"]) == (403, "peer-refused")
    answer = await paper(cycle, "/releases/1/units/ZZ99/score-sheet")
    assert (answer.status_code, answer.json()["type"]) == (404, "not-in-release")


NAMES = Names(2025, "县市区", {"function": "职能绩效"})


def release_of(*units, **manifest):
    told = {
        "cycle_id": "00000000-0000-0000-0000-000000000000",
        "release": 2,
        "predecessor": None,
        "published_at": "2026-01-20T20:00:00+00:00",
    }
    return {"manifest": told | manifest, "digest": "d", "document": {"units": units}}


def test_what_the_reader_does_not_see_is_on_no_paper():
    """Planted bug: a column for each field, empty where there is nothing to see."""
    seen = release_of(*({"unit": u, "name": u, "grade_name": "优秀"} for u in ("甲", "乙")))
    paper = ranking_list(seen, NAMES, "")
    [table] = [each for each in paper.parts if hasattr(each, "rows")]
    assert [each.head for each in table.columns] == ["单位", "代码", "等次"]
    assert not [each for each in paper.parts if hasattr(each, "bars")]


def test_a_notice_says_what_it_corrects_and_is_dated_in_beijing():
    """Planted bugs: take the day of UTC; leave the correction out."""
    unit = {"unit": "甲", "name": "甲", "grade": "excellent", "grade_name": "优秀"}
    told = [{"unit": "甲", "title": "一网通办"}]
    paper = notice(release_of(unit, predecessor=1, highlights=told), NAMES, Official("绩效办"), "")
    assert paper.dated == "2026年1月21日"
    texts = [each.text for each in paper.parts if hasattr(each, "text")]
    assert texts[1:] == [
        *("一、评估等次", "（一）优秀（1个）：甲。"),
        *("二、亮点工作", "（一）甲：一网通办。"),
        *("三、更正说明", "（一）本次通报更正第1号公布稿，以本次为准。"),
    ]


def test_a_unit_without_a_score_has_a_sheet_all_the_same():
    """Planted bug: subtract from nothing."""
    tree = node("total", "total", "60", None, node("block", "A", "60", None))
    unit = {"unit": "甲", "name": "甲", "rank": None, "final_total": None, "reasons": []}
    paper = score_sheet(release_of(unit), NAMES, "甲", Explained(1, tree, {}), "")
    assert paper.parts[0].text == "未排名。"


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")],
)
def test_paragraphs_are_numbered_as_in_official_documents(number, said):
    assert _numeral(number) == said


async def test_the_pdf_carries_what_the_digest_is_of(released):
    """Planted bug: attach the document instead of the manifest."""
    cycle, release = released
    answer = await paper(cycle, "/releases/1/list")
    digests = {hashlib.sha256(each).hexdigest() for each in streams(answer.content)}
    assert release["digest"] in digests


@pytest.mark.parametrize("code", ["rank", "final_total", "grade", "name", "unit", "adjustment"])
def test_a_block_is_no_other_column(code):
    """Planted bug: a block that is called like a field stands in its column."""
    line = {"unit": "U1", "name": "甲县", "blocks": {code: "12.34"}, "base_total": "80"}
    line |= {"adjustment": "1", "final_total": "81", "rank": 7, "grade": "good", "reasons": []}
    parts = ranking_list(release_of(line), Names(2025, "县", {}), "x").parts
    [table] = (p for p in parts if isinstance(p, Table) and p.title == "排名表")
    [row] = table.rows
    assert row.count("12.34") == 1, row


def test_the_chart_of_a_weighed_total_begins_at_full_marks():
    """Planted bug: blocks are drawn, and not the parts that they are converted into."""
    parts = [node("part", "task", "60", "55"), node("part", "review", "40", "38")]
    tree = node("total", "U", "100", "94", *parts, node("adjustment", "a", "0", "1"))
    assert [bar.said for bar in _waterfall(tree, NAMES).bars] == ["100", "-5", "-2", "+1", "94"]


async def test_what_is_published_and_printed_names_the_newest_checkpoint(cycle, checkpointed):
    """Planted bugs: that of the day on which it is printed, so that no two papers of a release are
    the same; the one before; what is shown in part names none."""
    now = datetime.now(UTC)
    checkpointed(now - timedelta(days=2))
    digest = checkpointed(now - timedelta(days=1))
    edition = await cycle.rank()
    committee = await paper(cycle, f"/rankings/{edition}/committee-paper", format="xlsx")
    await cycle.take(edition, *STEPS)
    checkpointed(datetime.now(UTC) + timedelta(seconds=1))
    release = (await cycle.get("/releases/1", "auditor")).json()
    named = release["manifest"]["checkpoint"]
    assert (named["number"], named["digest"]) == (2, digest)
    again = await paper(cycle, f"/rankings/{edition}/committee-paper", format="xlsx")
    assert again.content == committee.content
    papers = [
        await paper(cycle, "/releases/1/list", format="xlsx"),
        await paper(cycle, "/releases/1/notice", format="xlsx", issued_by="绩效办"),
        committee,
    ]
    for each in papers:
        said = [cell.value for row in book_of(each)["说明"].iter_rows() for cell in row]
        assert digest in said
        assert any(str(one).startswith("第2个，") for one in said)


async def test_nothing_is_published_on_checkpoints_that_were_altered(cycle, checkpointed, service):
    """Planted bug: what cannot be verified is left out in silence."""
    checkpointed(datetime.now(UTC) - timedelta(days=1))
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS[:-1])
    [kept] = service.app.state.checkpoints.glob("*.jws")
    header, payload, signature = kept.read_text().split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    forged = json.dumps(said | {"heads": {"ranking": []}}).encode()
    payload = base64.urlsafe_b64encode(forged).decode().rstrip("=")
    kept.write_text(f"{header}.{payload}.{signature}")
    path = f"/rankings/{edition}/publication"
    answer = await cycle.post(path, {}, role="performance_office", subject="publication")
    assert (answer.status_code, answer.json()["type"]) == (503, "checkpoints-broken")
    assert (await cycle.get("/releases", "auditor")).json()["items"] == []
