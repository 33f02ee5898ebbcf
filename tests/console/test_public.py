"""Published results, notices and complaints: read and written by whoever has no account."""

import io
import json
import re
import zipfile
from contextlib import ExitStack
from hashlib import sha256

import pytest
from playwright.sync_api import expect
from tests.console.published import UNITS, begin, credentials, invite

CODES = {
    "zh-CN": re.compile(r"\b(TOWN|DONE|work|good|fair|grades|ranks|running)\b"),
    "en-GB": re.compile(r"\b(TOWN|DONE|first_places)\b"),
}
"""What a page for people would not say: codes, and in Chinese any word of the API."""


@pytest.fixture(scope="module")
def towns(city):
    with ExitStack() as doors:
        people = {
            who: doors.enter_context(city.installation.client(credentials(who)))
            for who in invite(city.installation)
        }
        yield begin(city.installation, people)


def pages(towns):
    released, noticed = (f"/published/{towns.years[year]}" for year in (2024, 2025))
    return [
        "/published",
        f"{released}/releases/1",
        f"{released}/releases/2",
        f"{released}/releases/2/units/TOWN1",
        f"{released}/releases/2/trends",
        f"{noticed}/notices/1",
        f"{noticed}/notices/1/objections",
        f"{noticed}/complaints",
    ]


def given(page):
    """Return the number and the token that are shown once."""
    return [page.locator(f"code.{name}").inner_text() for name in ("reference", "token")]


def matched(path):
    """Return what a path of the router fits."""
    return re.compile(re.sub(r":\w+", r"[^/]+", path) + "$")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_pages_for_the_public_are_for_everybody(opened, towns, language):
    """Planted bugs: show the code of a grade; a page that is not among those that are visited."""
    watched = opened(language=language)
    page = watched.visit("/published")
    routes = [path for path in watched.routes().values() if path.startswith("/published")]
    visited = pages(towns)
    assert [r for r in routes if not any(map(matched(r).match, visited))] == []
    for path in visited:
        watched.turn_to(path)
        watched.require_accessible()
        watched.require_narrow()
        said = page.locator("main").inner_text()
        assert not CODES[language].search(said), (path, said)


def test_somebody_without_an_account_finds_what_was_corrected_and_why(opened, towns):
    """Planted bug: link to the first release of a year."""
    page = opened().visit("/published")
    card = page.locator("section.card").filter(has_text="2024年度")
    card.get_by_role("link", name="查看结果：乡镇街道").click()
    expect(page.get_by_role("heading", name="2024年度乡镇街道评估结果")).to_be_visible()
    corrected = page.locator("section.card").filter(has_text="东乡发生安全事故")
    row = corrected.get_by_role("row").filter(has_text="等次")
    expect(row).to_contain_text("东乡")
    expect(row.get_by_role("cell")).to_have_text(["等次", "优秀", "合格"])
    listed = page.get_by_role("region", name="结果名单").get_by_role("row")
    expect(listed).to_have_count(1 + len(UNITS))
    expect(listed.nth(1)).to_contain_text("100.00")
    corrected.get_by_role("link", name="第1号公布稿").click()
    expect(page.get_by_role("status")).to_contain_text("已由第2号公布稿更正")
    page.get_by_role("link", name="查看更正后的结果").click()
    expect(page.get_by_text("东乡发生安全事故")).to_be_visible()


def test_years_are_compared_by_what_each_has_published(opened, towns):
    """Planted bug: take the same year twice."""
    page = opened().visit(f"/published/{towns.years[2024]}/releases/2/trends")
    row = page.get_by_role("row").filter(has_text="东乡")
    expect(row.get_by_role("cell")).to_have_text(["第2名 优秀", "第1名 合格"])
    heads = page.get_by_role("columnheader")
    expect(heads.nth(1)).to_contain_text("2023年度")
    page.goto(page.url.replace("/trends", "/units/TOWN1"))
    years = page.get_by_role("region", name="历年比较").get_by_role("row")
    expect(years).to_have_text([re.compile("年度"), "2023年度第2名 优秀", "2024年度第1名 合格"])


def test_the_open_data_that_is_taken_along_has_the_digest_that_is_shown(opened, towns):
    """Planted bug: download another release than the one that is shown."""
    page = opened().visit(f"/published/{towns.years[2024]}/releases/1")
    shown = page.locator("dd code").first.inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载开放数据").click()
    with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
        release = archive.read("release.json")
        described = json.loads(archive.read("datapackage.json"))
    assert sha256(release).hexdigest() == shown == described["digest"]
    assert "重点工作" in json.dumps(described, ensure_ascii=False)


def test_what_is_printed_is_the_list_and_nothing_to_press(opened, towns):
    """Planted bug: print the downloads."""
    page = opened().visit(f"/published/{towns.years[2024]}/releases/2")
    page.emulate_media(media="print")
    expect(page.get_by_role("region", name="结果名单")).to_be_visible()
    pressed = "button:not(.sort), a.button, input, select, textarea"  # a column's head is its name
    for hidden in (".bar", ".actions", ".arrow", ".no-print", pressed):
        assert page.locator(hidden).locator("visible=true").count() == 0, hidden
    assert len(page.pdf(format="A4")) > 1000


def test_an_objection_is_filed_followed_answered_and_withdrawn(opened, towns):
    """Planted bug: send no token."""
    at = f"/published/{towns.years[2025]}/notices/1"
    watched = opened()
    taken = []
    for text in ("西乡的等次与实际不符。", "南乡的名次有误。"):
        page = watched.visit(at)
        page.get_by_label("异议内容").fill(text)
        page.get_by_label("涉及的单位").select_option("西乡")
        page.get_by_role("button", name="提交").click()
        page.get_by_text("请记下编号和查询码").wait_for()
        watched.require_accessible()
        taken.append(given(page))
    answer = {"references": [taken[0][0]], "outcome": "rejected", "text": "经核实无误。"}
    path = f"/cycles/{towns.years[2025]}/notices/1"
    towns.people["town-office"].post(f"{path}/answers", answer)

    def follow(reference, token):
        page = watched.visit(f"{at}/objections")
        page.get_by_label("编号").fill(reference)
        page.get_by_label("查询码").fill(token)
        page.get_by_role("button", name="查询办理情况").click()
        return page

    expect(follow(*taken[0]).get_by_text("经核实无误。")).to_be_visible()
    page = follow(*taken[1])
    page.get_by_role("button", name="撤回异议").click()
    expect(page.get_by_text("已撤回")).to_be_visible()
    filed = towns.people["town-office"].get(f"{path}/objections")["items"]
    [withdrawn] = [each for each in filed if each["reference"] == taken[1][0]]
    assert withdrawn["withdrawn_at"]
    watched.expects(404, "/objections/")
    expect(follow(taken[0][0], taken[1][1]).get_by_role("alert")).to_be_visible()


def test_a_complaint_is_raised_and_followed_by_its_number_and_token(opened, towns):
    """Planted bug: send no token."""
    watched = opened()
    page = watched.visit(f"/published/{towns.years[2025]}/complaints")
    page.get_by_label("内容").fill("门前道路积水多日，无人处理。")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("请记下编号和查询码").wait_for()
    reference, token = given(page)
    page.get_by_label("编号").fill(reference)
    page.get_by_label("查询码").fill(token)
    page.get_by_role("button", name="查询办理情况").click()
    expect(page.get_by_text("待受理").first).to_be_visible()
    watched.require_accessible()
    complaints = towns.people["town-office"].get(f"/cycles/{towns.years[2025]}/complaints")
    assert [each["reference"] for each in complaints["items"]] == [reference]


def test_a_year_without_a_desk_says_so(opened, towns):
    watched = opened()
    watched.expects(404, "/complaints")
    page = watched.visit(f"/published/{towns.years[2024]}/complaints")
    page.get_by_label("内容").fill("门前道路积水多日。")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_be_visible()
