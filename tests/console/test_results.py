"""From the open ledger to the published ranking, and how it is decided, by its people's hands."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.console.conftest import EXAMPLE, City, Opening, Watched

from kaoping.card import Card
from kaoping.playing import play_before
from kaoping.playing import read_plan as plan_of
from kaoping.steps import Steps

OFFICE, COMMITTEE, STANDING = "performance_office", "committee", "standing_committee"
CATEGORY = "COUNTY"
MINUTES = "纪要〔2026〕7号"
CHAIN: list[dict[str, Any]] = [
    {"code": "merge", "role": OFFICE, "needs": "document"},
    {
        "code": "review",
        "name": "委员会会议审核",
        "role": COMMITTEE,
        "kind": "meeting",
        "members": [
            {"code": "A", "name": "主任"},
            {"code": "B", "name": "云湖区负责人", "unit": "XQ01"},
            {"code": "C", "name": "副主任"},
        ],
        "quorum": "two_thirds",
        "at_least": 2,
        "send_back_to": ["merge"],
    },
    {"code": "decision", "role": STANDING, "send_back_to": ["review"]},
]
SHOWN = {"after": "review", "working_days": 2, "shows": "grades"}


def _played(city: City, name: str, before: str, own: Mapping[str, Any]) -> str:
    """Play another year up to a step, with what its scheme has of its own; return its name.

    Whoever has a role second goes by the name of the year with `second`.
    """
    plan = plan_of(EXAMPLE, chinese=True)
    card = Card(city.url, city.installation.administrator)
    with card.client() as client:
        known = {each["cycle_id"] for each in client.pages("/cycles")}
    with Steps() as steps:
        accounts = play_before(replace(plan, scheme={**plan.scheme, **own}), card, steps, before)
    with card.client() as client:
        made = next(each for each in client.pages("/cycles") if each["cycle_id"] not in known)
    city.accounts[name] = accounts
    city.accounts[f"{name} second"] = accounts[::-1]
    city.cycles[name] = city.cycles[f"{name} second"] = str(made["cycle_id"])
    return name


@pytest.fixture(scope="module")
def unsealed(city: City) -> str:
    """A year of which everything is verified and nothing sealed, under the usual chain."""
    return _played(city, "unsealed", "score sheet", {})


@pytest.fixture(scope="module")
def ranked(city: City) -> str:
    """A year that is ranked, with a chain and a notice of its scheme's own."""
    return _played(city, "ranked", "approval", {"approval": {"steps": CHAIN}, "notice": SHOWN})


def _read(city: City, year: str, path: str, role: str = OFFICE) -> Any:
    with city.client(year, role) as client:
        return client.get(f"/cycles/{city.cycles[year]}{path}")


def _newest(city: City, year: str) -> Any:
    """Return the newest ranking of the category, as the office reads it."""
    with city.client(year, OFFICE) as office:
        rows = office.pages(f"/cycles/{city.cycles[year]}/rankings?category={CATEGORY}")
        newest = max(rows, key=lambda each: int(each["edition"]))
        return office.get(f"/cycles/{city.cycles[year]}/rankings/{newest['edition']}")


def _at(city: City, year: str, path: str) -> str:
    return f"/years/{city.cycles[year]}/{path}"


def _dialog(page: Page) -> Locator:
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text("正在读取……")).to_have_count(0, timeout=30_000)
    return dialog


def _confirm(watched: Watched) -> None:
    """Look at what a command would do, and have it done."""
    dialog = _dialog(watched.page)
    watched.require_accessible()
    dialog.get_by_role("button", name="确认").click()
    expect(dialog).to_be_hidden(timeout=30_000)
    watched.settle()


def _chosen(page: Page) -> None:
    page.get_by_role("checkbox", name="县市区", exact=True).check()


def _ranking(city: City, opened: Opening, year: str, role: str, edition: int = 1) -> Watched:
    watched = opened(year, role)
    watched.visit(_at(city, year.removesuffix(" second"), f"decision/ranking?edition={edition}"))
    return watched


def test_nothing_is_asked_that_is_not_there_yet(opened, city):
    watched = opened("open", OFFICE)
    for path in ("results", "results/score-sheet", "results/diagnostics", "decision/rankings"):
        watched.visit(_at(city, "open", path))
    expect(watched.page.get_by_text("还没有计算排名")).to_be_visible()
    page = watched.visit(_at(city, "open", "results"))
    expect(page.get_by_text(re.compile(r"待审核的记录\d+条"))).to_be_visible()


def test_the_office_and_who_decides_publish_a_year_by_hand(opened, city, unsealed):
    """Planted bug: what was previewed is sent once more as a preview."""
    watched = opened(unsealed, OFFICE)
    page = watched.visit(_at(city, unsealed, "results"))
    page.get_by_role("button", name="预览并封存").click()
    expect(_dialog(page)).to_contain_text("封存不能撤销")
    locks = _read(city, unsealed, "/ledger")["entries"]["verified"]
    expect(_dialog(page)).to_contain_text(str(locks))
    _confirm(watched)
    assert _read(city, unsealed, "/ledger")["phase"] == "sealed"

    page.get_by_label("计算范围").select_option(CATEGORY)
    page.get_by_role("button", name="预览并计算").click()
    _confirm(watched)
    page.get_by_role("button", name=re.compile("^预览并反馈")).click()
    _confirm(watched)
    [sheet] = _read(city, unsealed, "/score-sheets")["items"]
    assert (sheet["categories"], sheet["phase"]) == ([CATEGORY], "fed_back")

    for command, state in (("计算排名", "ranked"), ("汇总", "merged")):
        _chosen(page)
        page.get_by_role("button", name=f"{command}（1个类别）").click()
        _confirm(watched)
        expect(page.get_by_text("已办理1个类别，未办理0个。")).to_be_visible()
        assert _newest(city, unsealed)["state"] == state

    for role, step in ((COMMITTEE, "审核"), (STANDING, "审定")):
        deciding = _ranking(city, opened, unsealed, role)
        deciding.page.get_by_role("heading", name=f"办理：{step}").wait_for()
        deciding.page.get_by_label("备注").fill(f"{step}无异议")
        deciding.page.get_by_role("button", name="预览并办理").click()
        _confirm(deciding)
    assert [each["subject"] for each in _read(city, unsealed, "/rankings/1/steps")["said"]] == [
        city.who(unsealed, role).name for role in (OFFICE, COMMITTEE, STANDING)
    ]

    page = watched.visit(_at(city, unsealed, "decision/ranking?edition=1"))
    expect(page.get_by_text("须由另一人办理")).to_be_visible()
    expect(page.get_by_role("button", name="预览并办理")).to_have_count(0)
    assert city.who(unsealed, OFFICE) != city.who(f"{unsealed} second", OFFICE)
    publishing = _ranking(city, opened, f"{unsealed} second", OFFICE)
    publishing.page.get_by_role("button", name="预览并办理").click()
    expect(_dialog(publishing.page)).to_contain_text("第1号公布稿")
    _confirm(publishing)
    assert _newest(city, unsealed)["state"] == "published"


def _enter_minutes(watched: Watched, held_on: str) -> None:
    page = watched.page
    page.get_by_label("会议纪要文号").fill(MINUTES)
    page.get_by_label("会议日期").fill(held_on)
    page.get_by_label("赞成票").fill("2")
    page.get_by_role("button", name="预览并办理").click()


def test_a_meeting_decides_is_shown_objected_to_answered_and_sent_back(opened, city, ranked):
    """Planted bug: whose unit competes is said to have been there."""
    year = int(_read(city, ranked, "/scheme")["scheme"]["assessment_year"])
    held_on = f"{year + 1}-01-20"
    office = opened(ranked, OFFICE)
    page = office.visit(_at(city, ranked, "results"))
    _chosen(page)
    expect(page.get_by_role("button", name="汇总（1个类别）")).to_be_disabled()
    page.get_by_label(re.compile("^汇总所依据的文件文号")).fill("云绩〔2026〕3号；云绩〔2026〕4号")
    page.get_by_role("button", name="汇总（1个类别）").click()
    _confirm(office)
    [merged] = _read(city, ranked, "/rankings/1/steps")["said"]
    assert merged["basis"]["document_nos"] == ["云绩〔2026〕3号", "云绩〔2026〕4号"]

    first = _ranking(city, opened, ranked, COMMITTEE)
    expect(first.page.get_by_label("出席情况：云湖区负责人")).to_have_value("recused")
    _enter_minutes(first, held_on)
    expect(_dialog(first.page)).to_contain_text("须由另一人再次录入")
    _confirm(first)
    second = _ranking(city, opened, f"{ranked} second", COMMITTEE)
    second.expects(409, "/rankings/1/steps")
    _enter_minutes(second, f"{year + 1}-01-21")
    expect(_dialog(second.page).get_by_role("alert")).to_be_visible()
    second.page.keyboard.press("Escape")
    _enter_minutes(second, held_on)
    _confirm(second)
    position = _read(city, ranked, "/rankings/1/steps")["position"]
    assert (position["held"], position["next"]) == (["merge", "review"], "decision")

    page = office.visit(_at(city, ranked, "decision/ranking?edition=1"))
    page.get_by_role("tab", name="公示与异议").click()
    page.get_by_label(re.compile("^公示说明")).fill("异议请向绩效办提出")
    page.get_by_role("button", name="开始公示").click()
    _confirm(office)
    with city.client(ranked, "assessed_unit", "XQ02") as unit:
        path = f"/cycles/{city.cycles[ranked]}/notices/1/objections"
        unit.post(path, {"text": "数据有误", "about": "XQ02"})
    page = office.visit(_at(city, ranked, "decision/notice?notice=1"))
    page.locator("tbody input[type=checkbox]").check()
    page.get_by_label("答复内容").fill("经复核，数据无误")
    page.get_by_role("button", name="答复所选异议（1件）").click()
    _confirm(office)
    [objection] = _read(city, ranked, "/notices/1/objections")["items"]
    assert objection["answer"]["outcome"] == "rejected"
    assert objection["answer"]["text"] == "经复核，数据无误"

    standing = _ranking(city, opened, ranked, STANDING)
    page = standing.page
    standing.expects(409, "/rankings/1/steps")
    page.get_by_role("button", name="预览并办理").click()
    expect(_dialog(page).get_by_role("alert")).to_contain_text("公示")
    page.keyboard.press("Escape")
    page.get_by_label("退回", exact=True).check()
    expect(page.get_by_role("button", name="预览并办理")).to_be_disabled()
    page.get_by_label("退回至").select_option("review")
    page.get_by_label("退回理由").fill("请说明降等情形")
    page.get_by_role("button", name="预览并办理").click()
    _confirm(standing)
    told = _read(city, ranked, "/rankings/1/steps")
    assert (told["position"]["round"], told["position"]["next"]) == (2, "review")
    assert told["said"][-1]["reason"] == "请说明降等情形"
    expect(page.get_by_text("请说明降等情形")).to_be_visible()


def test_sliders_by_keyboard_say_what_another_weight_would_bring(opened, city):
    """Planted bug: a block counts by its own points, whatever its slider says."""
    edition = _read(city, "played", "/rankings/1")
    watched = opened("played", OFFICE)
    page = watched.visit(_at(city, "played", "results/simulation"))
    page.get_by_label("其余板块按比例调整").uncheck()
    slider = page.get_by_role("slider", name="公众评议的分值")
    slider.focus()
    was = Decimal(page.get_by_role("textbox", name="公众评议的分值").input_value())
    for _ in range(8):  # half a point each
        page.keyboard.press("ArrowLeft")
    now = Decimal(page.get_by_role("textbox", name="公众评议的分值").input_value())
    assert was - now == 4
    page.get_by_role("button", name="模拟计算").click()
    table = page.get_by_role("region", name="模拟前后对照")
    expect(table).to_be_visible(timeout=30_000)
    for unit in edition["units"]:
        share = Decimal(unit["blocks"]["public_review"]) * now / was
        lost = Decimal(unit["blocks"]["public_review"]) - share
        row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=unit["name"]))
        shown = row.get_by_role("cell").nth(5).inner_text().replace("−", "-")
        assert abs(Decimal(shown) + lost) <= Decimal("0.0001"), (unit["name"], shown, lost)
    watched.require_accessible()
    watched.require_narrow()


def test_diagnoses_and_ranges_are_those_of_the_api(opened, city):
    """Planted bug: shares of full marks are those of the indicator before."""
    told = _read(city, "played", "/score-sheets/1/diagnostics")["categories"]
    [category] = [each for each in told if each["category"] == CATEGORY]
    watched = opened("played", OFFICE)
    page = watched.visit(_at(city, "played", f"results/diagnostics?category={CATEGORY}"))
    page.get_by_text("数据表").first.click()
    rows = page.get_by_role("region", name="数据表").locator("tbody tr")
    expect(rows).to_have_count(len(category["indicators"]))
    for n, each in enumerate(category["indicators"]):
        expect(rows.nth(n)).to_contain_text(each["highest"])
        expect(rows.nth(n).locator("td").nth(5)).to_have_text(str(each["full_marks"]))
    page = watched.visit(_at(city, "played", "decision/ranking?edition=1"))
    page.get_by_role("tab", name="名次区间").click()
    page.get_by_role("button", name="推算").click()
    expect(page.get_by_text("随机种子1，推算1,000次")).to_be_visible(timeout=30_000)
    told = _read(city, "played", "/rankings/1/uncertainty")
    rows = page.get_by_role("region", name="名次区间").locator("tbody tr")
    for n, unit in enumerate(told["units"]):
        best, worst = unit["best"], unit["worst"]
        text = f"第{best}名" if best == worst else f"第{best}至第{worst}名"
        expect(rows.nth(n).locator("td").nth(1)).to_have_text(text)
    watched.require_accessible()


def test_the_order_says_totals_in_full_and_why_a_grade_is_another(opened, city):
    """Planted bug: totals are cut to fewer places."""
    edition = _read(city, "played", "/rankings/1")
    watched = opened("played", COMMITTEE)
    page = watched.visit(_at(city, "played", "decision/ranking?edition=1"))
    page.get_by_role("tab", name="名次与等次").click()
    for unit in edition["units"]:
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=unit["name"]))
        expect(row).to_contain_text(unit["final_total"].replace("-", "−"))
        expect(row).to_contain_text(unit["grade_name"])
        for reason in unit["reasons"]:
            expect(row).to_contain_text(reason["zh"])
