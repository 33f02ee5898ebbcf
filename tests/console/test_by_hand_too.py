"""What an office, its units and the bodies beside it do seldom: each command once by hand, and its
effect read back by the API."""

import datetime as dt
import re

from playwright.sync_api import expect
from tests.console import works
from tests.console.works import BESIDE, NEXT, OPEN, at, choice, filled, sent, task, today

FAR = "2031"
"""A year whose holidays nobody has told yet."""


def picture():
    """Return a file that says something."""
    from kaoping.city.drawn_files import content_of
    from kaoping.plan import EvidenceFile

    body = content_of(EvidenceFile("亮点材料", "pdf", 3))
    return {"name": "亮点材料.pdf", "mimeType": "application/pdf", "buffer": body}


def test_an_entry_of_another_year_is_taken_over_and_verified_by_who_stands_in(opened, made):
    """Planted bugs: what was chosen in the other year is not what is taken over; the office is
    offered what it is barred from."""
    source = opened(BESIDE, "works-source")
    page = source.visit(at(made, "source/entries/adopted", BESIDE))
    choice(page, "评估年度").last.select_option(label="2025年河区考评")
    row = page.get_by_role("row").filter(has_text="中河镇")
    row.get_by_role("checkbox").check()
    source.require_accessible()
    sent(page, page, re.compile("沿用所选"))
    expect(page.get_by_role("region", name="沿用的记录").get_by_text("中河镇")).to_be_visible()

    instead = opened(BESIDE, "works-instead")
    page = instead.visit("/")
    task(page, "审核").click()
    instead.settle()
    page.locator("tbody input[type=checkbox]").first.check()
    instead.require_accessible()
    sent(page, page, re.compile("审核所选"))
    with made.client(BESIDE, "works-auditor") as auditor:
        cycle = f"/cycles/{made.cycles[BESIDE]}"
        [entry] = auditor.get(f"{cycle}/ledger-entries", unit="WORK3")["items"]
        uses = auditor.get(f"{cycle}/ledger-entries/{entry['entry_id']}/uses")
    assert (entry["value"], entry["state"]) == ("40", "verified")
    assert made.cycles[OPEN] in str(uses)


def test_codes_of_another_system_are_mapped_and_what_waited_for_them_is_entered(opened, made):
    """Planted bugs: who proposed a mapping is offered to confirm it; rows that were chosen are not
    those that are entered; what stands unseen in a table makes the page wider than a phone."""
    office = opened(OPEN, "works-office")
    page = office.visit("/codes")
    for label, told in (
        ("代码", "hr"), ("中文名称", "人事系统代码"), ("英文名称", "codes of personnel"),
        ("使用的系统", "人事系统"),
    ):  # fmt: skip
        page.get_by_role("textbox", name=re.compile(f"^{label}")).fill(told)
    office.require_accessible()
    sent(page.locator("form"), page, "登记代码体系")
    expect(page.get_by_role("rowheader", name="人事系统代码")).to_be_visible()
    english = opened(OPEN, "works-office", language="en")
    english.visit("/codes")
    english.require_narrow()
    with made.client(OPEN, "works-source") as source:
        row = {"unit": "A-9", "indicator": "GOAL2", "kind": "measured_value"}
        told = source.post(
            f"/cycles/{made.cycles[OPEN]}/ledger-entries?mode=partial&id_scheme=hr",
            {"entries": [row | {"key": "actual", "value": "50"}]},
        )
    assert told["parked"] == 1
    page.get_by_role("link", name="单位代码对照").click()
    office.settle()
    page.get_by_label("对方代码").fill("A-9")
    page.get_by_label("本系统对象").fill("WORK1 上河镇")
    page.get_by_label("本系统对象").dispatch_event("change")
    page.get_by_label("生效日期").fill("2020-01-01")
    sent(page, page, "预览并提出")
    page.get_by_role("row").filter(has_text="A-9").get_by_role("checkbox").check()
    expect(page.get_by_role("button", name="确认所选", exact=True)).to_have_count(0)
    expect(page.get_by_text("本人提出的须由另一人确认。")).to_be_visible()
    office.require_accessible()

    colleague = opened(OPEN, "works-colleague")
    page = colleague.visit("/")
    task(page, "单位代码对照").click()
    page.get_by_role("row").filter(has_text="A-9").get_by_role("checkbox").check()
    sent(page, page, "确认所选")
    expect(page.get_by_role("row").filter(has_text="A-9")).to_contain_text("已确认")

    source = opened(OPEN, "works-source")
    page = source.visit("/")
    task(page, "待对照").click()
    page.get_by_role("row").filter(has_text="A-9").get_by_role("checkbox").check()
    source.require_accessible()
    sent(page, page, re.compile("录入所选"))
    with made.client(OPEN, "works-auditor") as auditor:
        [entry] = auditor.get(
            f"/cycles/{made.cycles[OPEN]}/ledger-entries", unit="WORK1", indicator="GOAL2"
        )["items"]
    assert (entry["value"], entry["unit"]) == ("50", "WORK1")


def test_an_award_is_registered_and_confirmed_by_another_person(opened, made):
    """Planted bugs: the holder's unit is left out; a rejection is sent as a confirmation."""
    unit = opened(OPEN, "works-unit")
    page = unit.visit(at(made, "awards"))
    page.get_by_role("button", name="登记奖项或称号").click()
    form = page.locator("form")
    for label, told in (
        ("名称", "全国文明村镇"), ("授予机关", "中央文明办"), ("文号", "文明办〔2025〕3号"),
        ("发文日期", "2025-05-20"), ("授予日期", "2025-05-20"),
    ):  # fmt: skip
        form.get_by_label(re.compile(f"^{label}")).fill(told)
    choice(form, "种类").select_option("title")
    choice(form, "级别").select_option(label="国家级")
    unit.require_accessible()
    unit.require_narrow()
    sent(form, page, "预览并登记")
    office = opened(OPEN, "works-office")
    page = office.visit("/")
    task(page, "奖项").click()
    page.get_by_role("button", name="全国文明村镇").click()
    sheet = page.get_by_role("dialog")
    office.require_accessible()
    sent(sheet, page, "预览并决定", title="决定")
    expect(sheet.get_by_text("已确认").first).to_be_visible()
    with made.client(OPEN, "works-unit") as client:
        [award] = client.pages(f"/cycles/{made.cycles[OPEN]}/awards")
    assert (award["state"], award["kind"], award["level"]) == ("confirmed", "title", "national")
    assert [each["unit"] for each in award["holders"]] == ["WORK1"]


def test_a_highlight_is_reported_with_its_file_and_accepted_to_be_published(opened, made):
    """Planted bugs: that it is published is left out; the file is not named."""
    unit = opened(OPEN, "works-unit")
    page = unit.visit(at(made, "awards/highlights"))
    page.get_by_role("button", name="申报亮点").click()
    page.get_by_label("标题").fill("河道清理机制")
    page.get_by_label(re.compile("^内容")).fill("建立长效机制。")
    page.get_by_label("上传文件").set_input_files(picture())
    expect(page.get_by_role("button", name="移除 亮点材料.pdf")).to_be_visible()
    unit.require_accessible()
    sent(page, page, "预览并申报")
    office = opened(OPEN, "works-office")
    page = office.visit("/")
    task(page, "亮点").click()
    page.get_by_role("button", name="河道清理机制").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("随排名结果公布").check()
    office.require_accessible()
    sent(sheet, page, "预览并决定", title="决定")
    expect(sheet.get_by_text("已采纳").first).to_be_visible()
    with made.client(OPEN, "works-unit") as client:
        [told] = client.pages(f"/cycles/{made.cycles[OPEN]}/highlights")
    assert (told["state"], told["publish"], len(told["evidence_ids"])) == ("accepted", True, 1)


def test_an_inspection_is_registered_moved_and_called_off(opened, made):
    """Planted bugs: what it rests on is left out; who is changed is registered as another one."""
    office = opened(NEXT, "works-office")
    page = office.visit(at(made, "supervision/inspections", NEXT))
    page.get_by_role("button", name="登记督查检查").click()
    page.get_by_label("名称", exact=True).fill("汛期巡查")
    page.get_by_label("实施单位").fill("WORKEYES 镇纪检监察组")
    page.get_by_label("实施单位").dispatch_event("change")
    begins = today() + dt.timedelta(10)
    page.get_by_label("开始日期").fill(str(begins))
    page.get_by_label("结束日期").fill(str(begins))
    page.get_by_label("被检查单位").select_option(["WORK1", "WORK2"])
    page.get_by_label("所依据的指标").select_option(["DONE"])
    office.require_accessible()
    office.require_narrow()
    sent(page, page, "预览并登记")
    path = f"/cycles/{made.cycles[NEXT]}/inspections"
    with made.client(NEXT, "works-auditor") as auditor:
        [before] = auditor.get(path)["inspections"]
        row = page.get_by_role("row").filter(has_text="汛期巡查")
        row.get_by_role("button", name="变更 汛期巡查").click()
        page.get_by_label("结束日期").fill(str(begins + dt.timedelta(1)))
        sent(page, page, "预览并登记")
        [moved] = auditor.get(path)["inspections"]
        row.get_by_role("button", name="取消", exact=True).click()
        page.get_by_role("dialog").get_by_label("取消原因").fill("汛情解除")
        filled(page, "取消")
        expect(row).to_contain_text("已取消：汛情解除")
        [off] = auditor.get(path)["inspections"]
    assert (before["units"], before["indicators"]) == (["WORK1", "WORK2"], ["DONE"])
    assert (moved["version"], moved["ends_on"]) == (2, str(begins + dt.timedelta(1)))
    assert off["cancelled_because"] == "汛情解除"


def test_targets_that_differ_may_stand_once_two_people_say_so(opened, made):
    """Planted bug: both indicators are given the value of the first one."""
    path = f"/cycles/{made.cycles[OPEN]}"
    office = opened(OPEN, "works-office")
    page = office.visit(at(made, "scheme/target-conflicts"))
    form = page.locator("section").filter(has_text="下达前提请并存").locator("form")
    choice(form, "单位").select_option("WORK2")
    form.get_by_label("招商引资：目标值").fill("100")
    form.get_by_label("外来投资：目标值").fill("90")
    form.get_by_label("理由").fill("统计口径不同")
    form.get_by_label("依据文号").fill("试发〔2025〕9号")
    office.require_accessible()
    office.require_narrow()
    sent(form, page, "提出并存")
    colleague = opened(OPEN, "works-colleague")
    page = colleague.visit("/")
    task(page, "协调").click()
    card = page.locator("article").filter(has_text="下河镇")
    sent(card, page, "同意并存")
    with made.client(OPEN, "works-office") as client:
        targets = [
            {"unit": "WORK2", "indicator": code, "target": value}
            for code, value in (("GOAL", "100"), ("GOAL2", "90"))
        ]
        told = client.post(f"{path}/targets", {"targets": targets, "reason": "年初下达"})
        found = client.get(f"{path}/target-conflicts")["conflicts"]
    assert told["stored"] == 2
    [settled] = [each for each in found if each["unit"] == "WORK2"]
    assert settled["settlements"][-1]["state"] == "settled"


def test_holidays_are_told_and_a_day_is_mended_after_it(opened, made):
    """Planted bug: a span is told by its first day alone."""
    administrator = made.installation.administrator
    made.accounts["calendar"] = [
        works.Account(administrator.name, None, ("system_administrator",), administrator)
    ]
    made.cycles["calendar"] = made.cycles[OPEN]
    watched = opened("calendar", "system_administrator")
    page = watched.visit(f"/calendar?year={FAR}")
    page.get_by_label("自", exact=True).fill(f"{FAR}-01-01")
    page.get_by_label("至（一天的不填）").fill(f"{FAR}-01-03")
    page.get_by_label("名称", exact=True).fill("元旦")
    page.get_by_label("名称", exact=True).blur()
    expect(page.get_by_label("英文名称")).to_have_value("New Year's Day")
    page.get_by_label("文号").fill(f"国办发明电〔{int(FAR) - 1}〕7号")
    watched.require_accessible()
    sent(page, page, re.compile("预览"))
    with made.client("calendar", "system_administrator") as client:
        told = client.get(f"/calendars/{FAR}")
    days = {each["day"]: each["kind"] for each in told["days"]}
    assert told["announced"] is True
    assert [days.get(f"{FAR}-01-0{n}") for n in (1, 2, 3)] == ["resting"] * 3


def test_a_round_that_is_over_is_compared_with_the_record(opened, made):
    """Planted bug: the preview compares."""
    path = f"/cycles/{made.cycles[OPEN]}/self-evaluations"
    office = opened(OPEN, "works-office")
    page = office.visit("/")
    task(page, "自评").click()
    with made.client(OPEN, "works-auditor") as auditor:
        page.get_by_role("button", name=re.compile("比对")).click()
        dialog = page.get_by_role("dialog")
        confirm = dialog.get_by_role("button", name="确认", exact=True)
        expect(confirm).to_be_enabled()
        assert auditor.get(path)["rounds"][0]["compared_at"] is None
        office.require_accessible()
        confirm.click()
        expect(page.get_by_role("row").filter(has_text="上河镇")).to_contain_text("逾期")
        assert auditor.get(path)["rounds"][0]["compared_at"] is not None


def test_a_result_is_typed_by_two_and_read_with_a_reason(opened, made):
    """Planted bugs: the second typing sends what the first one said; the reason is left out."""

    def typed(page, score):
        page.get_by_label("得分（0至100）").fill(score)
        page.get_by_label("发文机关").fill("县委组织部")
        page.get_by_label("文号").fill("组〔2025〕1号")
        page.get_by_label("成文日期").fill("2026-01-20")
        page.get_by_label("文件的摘要值（SHA-256）").fill("ab" * 32)

    first = opened(OPEN, "works-cadre")
    page = first.visit(at(made, "linked"))
    choice(page, "单位").select_option("WORK1")
    typed(page, "92.5")
    first.require_accessible()
    first.require_narrow()
    sent(page, page, "预览并录入")
    second = opened(OPEN, "works-second-cadre")
    page = second.visit("/")
    task(page, "再次录入").click()
    typed(page, "93")
    second.require_accessible()
    second.expects(409, "/decision")
    second.expects(422, "/decision")
    page.get_by_role("button", name="预览并办理").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    page.get_by_label("得分（0至100）").fill("92.5")
    sent(page, page, "预览并办理")
    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()
    page = first.visit(at(made, "linked/readings"))
    choice(page, "单位").select_option("WORK1")
    page.get_by_label("查阅理由").fill("核对")
    page.get_by_role("button", name="查阅", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="领导班子")).to_contain_text("92.5")
    first.require_accessible()
    page = opened(OPEN, "works-auditor").visit(at(made, "linked/log"))
    expect(page.get_by_role("row").filter(has_text="works-cadre")).to_contain_text("核对")


def test_a_veto_is_reported_confirmed_and_lifted(opened, made):
    """Planted bug: what is lifted is confirmed once more."""
    office = opened(NEXT, "works-office")
    page = office.visit(at(made, "office/vetoes", NEXT))
    page.get_by_role("button", name="报送一票否决、降等").click()
    form = page.locator("form")
    choice(form, "事项").select_option(index=0)
    choice(form, "单位").select_option("WORK2")
    form.get_by_label("文件").fill("调查报告〔2025〕4号")
    form.get_by_label("决定日期").fill(f"{today().year}-01-15")
    office.require_accessible()
    sent(form, page, "预览并报送")
    colleague = opened(NEXT, "works-colleague")
    page = colleague.visit(at(made, "office/vetoes", NEXT))
    sent(page, page, "确认")
    page.get_by_label("只看待办理的").uncheck()
    page.get_by_role("button", name="申请解除").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("理由").fill("复核后撤销")
    dialog.get_by_label("文件").fill("复核决定〔2025〕1号")
    colleague.require_accessible()
    filled(page, re.compile("申请解除"))
    with made.client(NEXT, "works-auditor") as auditor:
        [told] = auditor.pages(f"/cycles/{made.cycles[NEXT]}/vetoes")
    assert (told["state"], told["unit"]) == ("lifting", "WORK2")
    assert [each["state"] for each in told["steps"]] == ["confirmed", "lifting"]
