"""The whole year of the reference districts, by the hands of its people in a browser.

What thousands of rows say comes by the API, as from other systems; each kind of act is done by
hand once, and the release is digit for digit that of the same year played without a browser.
"""

import json
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from tests.console.conftest import EXAMPLE, City

from kaoping.card import Card
from kaoping.people import OFFICE, People
from kaoping.plan import COLLEAGUE
from kaoping.playing import Account, shown_to_everybody
from kaoping.playing import read_plan as plan_of
from kaoping.steps import Steps
from kaoping.year import Year
from service_testing import trials

YEAR, SECOND = "by hand", "by another hand"
SOURCE, CLAIMANT = "DQ07", "XQ05"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ByHand:
    """A year that is played in part by the API, in part in a browser."""

    def __init__(self, city: City, opened: Any, people: People) -> None:
        self.city, self.opened, self.people = city, opened, people
        plan = shown_to_everybody(plan_of(EXAMPLE, chinese=True))
        self.plan = replace(plan, scheme={**plan.scheme, "objections": {"remarks": {}}})
        self.year = Year(self.plan, people, Steps())

    def invite(self) -> None:
        self.year.invite(lambda _: None)
        accounts = [
            Account(person.name, person.unit, person.roles, how)
            for person, how in self.people.invited
        ]
        self.city.accounts[YEAR] = accounts
        self.city.accounts[SECOND] = [
            each for each in accounts if each.credentials.name.startswith(COLLEAGUE)
        ]

    def page(self, path: str, role: str, unit: str | None = None, year: str = YEAR) -> Page:
        """Open a page of the year as somebody; as `test_every_page.py` sees it with more on it, it
        is looked at by axe in the long form alone."""
        watched = self.opened(year, role, unit)
        page = watched.visit(path.replace("{year}", f"/years/{self.city.cycles.get(year, '')}"))
        if trials(0, 1):
            watched.require_accessible()
        return page

    def begin(self) -> None:
        """The office begins a year, hands its scheme in as a file, and publishes it."""
        cycles = self.city.cycles
        cycles[YEAR] = cycles[SECOND] = cycles["open"]  # until there is another
        page = self.page("/years", "performance_office")
        page.get_by_label("名称", exact=True).fill("2025 云川市（逐项办理）")
        page.get_by_label("评估年份").fill("2025")
        page.get_by_label("行政区划代码").fill(self.plan.cycle["jurisdiction"])
        page.get_by_role("button", name="设立评估年度").click()
        confirm(page)
        page.get_by_role("button", name="2025 云川市（逐项办理）").click()
        expect(page.get_by_role("heading", name="方案版本")).to_be_visible()
        cycles[YEAR] = cycles[SECOND] = page.url.partition("/years/")[2].partition("/")[0]
        self.year.cycle_id = cycles[YEAR]
        scheme = json.dumps(self.plan.scheme, default=str).encode()
        file = {"name": "scheme.json", "mimeType": "application/json", "buffer": scheme}
        page.get_by_label("方案文件").set_input_files(file)
        page.get_by_role("button", name="保存为草案").click()
        expect(page.get_by_text("已保存为第1版草案。")).to_be_visible()
        page.get_by_role("button", name="公布", exact=True).click()
        confirm(page)
        expect(page.get_by_role("cell", name="现行")).to_be_visible()

    def enter(self) -> None:
        """Sources enter what they measured."""
        self.year.agree_targets(lambda _: None)
        entries = {who: each for who, each in self.plan.entries.items() if who != SOURCE}
        part = Year(replace(self.plan, entries=entries), self.people, Steps())
        part.cycle_id = self.year.cycle_id
        part.post_entries(lambda _: None)

    def enter_by_workbook(self) -> None:
        """One source fills in a workbook, with a wrong word in it."""
        words = {each["unit"]: each["word"] for each in self.plan.entries[SOURCE]}
        page = self.page("{year}/source/excel", "data_source_unit", SOURCE)
        page.get_by_role("combobox", name="类别", exact=True).select_option("COUNTY")
        with page.expect_download() as download:
            page.get_by_role("button", name="下载模板").click()
        book = load_workbook(BytesIO(download.value.path().read_bytes()))
        sheet = book.active
        word = [cell.value for cell in sheet[1]].index("词语")
        for row in sheet.iter_rows(min_row=2):
            unit = next((str(cell.value) for cell in row if cell.value in words), None)
            if unit is not None:
                row[word].value = "C" if unit == "XQ01" else words[unit]
        content = BytesIO()
        book.save(content)
        filled = {"name": "filled.xlsx", "mimeType": WORKBOOK, "buffer": content.getvalue()}
        page.locator("input[type=file]").set_input_files(filled)
        expect(page.get_by_text("可接收11条")).to_be_visible()
        page.get_by_role("button", name="正式提交").click()
        expect(page.get_by_text("已保存11条")).to_be_visible()

    def verify(self) -> None:
        """The office sends one entry back, its source mends it, and everything is verified."""
        page = self.page("{year}/office/ledger?unit=XQ01&indicator=C18A", "performance_office")
        page.locator("tbody input[type=checkbox]").first.check()
        page.get_by_role("button", name="退回所选").click()
        dialog = page.get_by_role("dialog", name="退回")
        dialog.get_by_label("退回理由").fill("与文件不符")
        dialog.get_by_role("button", name="确认").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        mended = self.page("{year}/source/entries/returned", "data_source_unit", SOURCE)
        expect(mended.get_by_text("与文件不符")).to_be_visible()
        mended.locator("tbody th button").first.click()
        dialog = mended.get_by_role("dialog")
        dialog.get_by_label("状态或等级").select_option("A")
        dialog.get_by_role("button", name="提交", exact=True).click()
        expect(mended.get_by_text("没有记录。")).to_be_visible()
        page = self.page("{year}/office/ledger", "performance_office")
        page.get_by_role("button", name="审核全部待审核记录").click()
        confirm(page)
        expect(page.get_by_text("已办理649条。")).to_be_visible()

    def ask(self) -> None:
        """The office creates the survey and opens a wave, the centre sends its file."""
        page = self.page("{year}/survey", "performance_office")
        row = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="设立"))
        row.first.get_by_role("button", name="设立").click()
        confirm(page)
        page.get_by_role("link", name="第1轮").first.click()
        page.get_by_role("button", name="开放", exact=True).click()
        confirm(page)
        wave, *others = self.plan.waves
        at = f"{{year}}/survey/batches?survey={wave.survey}&wave=1"
        centre = self.page(at, "survey_centre")
        rows = "\n".join(json.dumps(each) for each in wave.rows).encode()
        file = {"name": "calls.jsonl", "mimeType": "application/x-ndjson", "buffer": rows}
        centre.get_by_label("文件", exact=True).set_input_files(file)
        centre.get_by_label("批次号").fill("W1-001")
        centre.get_by_role("button", name="检查", exact=True).click()
        count = f"{len(wave.rows):,}"
        centre.get_by_role("button", name=f"报送{count}行").click(timeout=60_000)
        expect(centre.get_by_text("已报送：")).to_be_visible(timeout=60_000)
        for name in ("停止接收", "关闭"):
            page.get_by_role("button", name=name, exact=True).click()
            preview = page.get_by_role("dialog").get_by_role("button", name="预览")
            if name == "关闭":
                preview.click()
            confirm(page)
        office = self.people[OFFICE]
        [survey] = office.get(f"/cycles/{self.year.cycle_id}/surveys")["surveys"]
        for other in others:
            self.year._hand_in(other, survey, lambda _: None)

    def claim(self) -> None:
        """A unit claims a bonus for which it has no ground, and the office rejects it."""
        self.year.claiming.hand_in(lambda _: None)
        self.year.claiming.examine(lambda _: None)
        self.year.report_vetoes(lambda _: None)
        page = self.page("{year}/unit/claims", "assessed_unit", CLAIMANT)
        page.get_by_role("button", name="申报一项").click()
        form = page.locator("form")
        form.get_by_label("申报编号").fill("T-1")
        form.get_by_label("奖项级别").select_option("provincial")
        form.get_by_label("发文机关").fill("省委省政府")
        form.get_by_label("文号").fill("省发〔2025〕虚构71号")
        form.get_by_label("发文日期").fill("2025-05-06")
        form.get_by_label("同一事件").fill("E-2025-071")
        form.get_by_label("工作所属年度").fill("2025")
        form.get_by_label("关联指标").select_option("C01")
        form.get_by_role("button", name="提交申报").click()
        expect(page.get_by_text("已提交：T-1。")).to_be_visible()
        page = self.page("{year}/office/claims", "performance_office")
        page.get_by_role("button", name="T-1", exact=True).click()
        drawer = page.get_by_role("dialog")
        drawer.get_by_label("驳回").check()
        drawer.get_by_label("理由（必填）").fill("证书所列单位不符。")
        drawer.get_by_role("button", name="预览并办理").click()
        page.get_by_role("dialog", name="办理").get_by_role("button", name="确认").click()
        expect(page.get_by_text("已办理1项申报。")).to_be_visible()

    def seal(self) -> None:
        """The office seals the ledger."""
        page = self.page("{year}/results", "performance_office")
        page.get_by_role("button", name="预览并封存").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("锁定已审核的记录")).to_be_visible()
        reason = dialog.get_by_label("上述未计分事项不再处理的理由")
        if reason.count():
            reason.fill("不再处理")
        confirm(page)
        expect(page.get_by_text("封存时间：")).to_be_visible()

    def score(self) -> None:
        """The office computes the scores and feeds them back."""
        page = self.page("{year}/results", "performance_office")
        page.get_by_role("combobox", name="计算范围").select_option("COUNTY")
        page.get_by_role("button", name="预览并计算").click()
        confirm(page)
        page.get_by_role("button", name="预览并反馈").click()
        confirm(page)
        expect(page.get_by_text("第1版已反馈。")).to_be_visible()

    def object(self) -> None:
        """A unit objects; whoever verified the entry does not decide."""
        unit = self.page("{year}/unit/sheet", "assessed_unit", CLAIMANT)
        expect(unit.locator(".chart canvas").first).to_be_visible()
        unit = self.page("{year}/unit/objections", "assessed_unit", CLAIMANT)
        unit.get_by_role("button", name="提出异议").click()
        unit.get_by_role("combobox", name="指标", exact=True).select_option("C01")
        unit.get_by_label("应当如何认定").fill("按决算数认定")
        unit.get_by_label("理由").fill("年末数据已经核定")
        unit.get_by_role("button", name="提交").click()
        expect(unit.get_by_role("row").filter(has_text="按决算数认定")).to_be_visible()
        page = self.page("{year}/objections", "performance_office", year=SECOND)
        page.get_by_role("button", name="1. ").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("理由").fill("与决算数一致，不予更正")
        dialog.get_by_role("button", name="预览并决定").click()
        page.get_by_role("dialog", name="决定").get_by_role("button", name="确认").click()
        expect(page.get_by_text("没有异议。")).to_be_visible()

    def approve(self) -> None:
        """The office ranks and merges, committee and standing committee approve, another of the
        office publishes."""
        page = self.page("{year}/results", "performance_office")
        for label in ("计算排名（1个类别）", "汇总（1个类别）"):
            page.get_by_role("checkbox", name="县市区", exact=False).check()
            page.get_by_role("button", name=label).click()
            confirm(page)
            expect(page.get_by_text("已办理1个类别，未办理0个。")).to_be_visible()
        for role in ("committee", "standing_committee"):
            page = self.page("{year}/decision/rankings", role)
            page.locator("tbody th button").first.click()
            page.get_by_role("button", name="预览并办理").click()
            confirm(page)
            expect(page.get_by_role("button", name="预览并办理")).to_have_count(0)
        page = self.page("{year}/decision/rankings", "performance_office", year=SECOND)
        page.locator("tbody th button").first.click()
        page.get_by_role("button", name="预览并办理").click()
        confirm(page)
        expect(page.get_by_text("已公布").first).to_be_visible()

    def totals(self, year: str) -> dict[str, tuple[str, int, str]]:
        cycle = self.city.cycles[year]
        with self.city.client(year, "performance_office") as office:
            units = office.get(f"/cycles/{cycle}/releases/1")["document"]["units"]
        return {each["unit"]: (each["final_total"], each["rank"], each["grade"]) for each in units}


def confirm(page: Page) -> None:
    """Send what was previewed, and wait until it is done."""
    dialog = page.get_by_role("dialog").last
    expect(dialog).to_be_visible()  # it waits for what is being read anew
    expect(dialog.get_by_role("status").filter(has_text="正在读取")).to_have_count(0)
    button = dialog.get_by_role("button", name="确认", exact=True)
    assert button.is_enabled(), dialog.inner_text()  # it says what hinders
    button.click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_year_is_played_by_the_hands_of_its_people(opened, city):
    """Planted bug: the page of a source sends the first word of a list for every row."""
    card = Card(city.url, city.installation.administrator)
    with ExitStack() as stack:
        administrator = stack.enter_context(card.client())
        people = stack.enter_context(People(administrator, card.client))
        hand = ByHand(city, opened, people)
        hand.invite()
        before_the_seal = (hand.begin, hand.enter, hand.enter_by_workbook, hand.verify, hand.ask)
        for act in (*before_the_seal, hand.claim, hand.seal, hand.score, hand.object, hand.approve):
            act()
        assert hand.totals(YEAR) == hand.totals("played")
        watched = opened()
        page = watched.visit("/published")
        page.locator(f"a[href*='{city.cycles[YEAR]}/releases/1']").first.click()
        best = min(hand.totals(YEAR).values(), key=lambda each: each[1])
        expect(page.get_by_text(best[0]).first).to_be_visible()
        watched.require_accessible()
