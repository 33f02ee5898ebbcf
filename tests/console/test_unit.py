"""What an assessed unit works with: its score sheet, what can still be won, claims, replies,
self-evaluation and objections, each used by hand and read back by the API.
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from playwright.sync_api import expect
from tests.console.conftest import EXAMPLE, newest_of

from kaoping.card import Card
from kaoping.plan import COLLEAGUE
from kaoping.playing import play_before
from kaoping.playing import read_plan as plan_of
from kaoping.steps import Steps

UNIT = "XQ01"
ROUND = {"code": "YEAR", "name": "年度自评", "until": "2026-06-30"}
ROUND |= {"indicators": ["C01", "C02", "C03"]}
ASKED_FOR = {
    "objections": {"remarks": {}},
    "self_evaluations": {"rounds": [ROUND]},
    "items": {"indicator": "C03", "overdue": "overdue"},
}
"""What the scheme of the reference districts does not ask of units."""


@pytest.fixture(scope="module")
def unit_year(city):
    """A year of the districts whose scheme has units object and evaluate themselves, before its
    claims are decided."""
    plan = plan_of(EXAMPLE, chinese=True)
    later = {"target_revision_deadline": {"date": "2099-12-31"}}
    calendar = [each | later.get(each["step"], {}) for each in plan.scheme["calendar"]]
    plan = replace(plan, scheme={**plan.scheme, **ASKED_FOR, "calendar": calendar})
    card = Card(city.url, city.installation.administrator)
    with Steps() as steps:
        city.accounts["unit"] = play_before(plan, card, steps, "confirmation")
    city.cycles["unit"] = newest_of(card)
    return city.cycles["unit"]


@pytest.fixture(scope="module", autouse=True)
def everything_is_told(city):
    """Ask until each part has said what it serves: making that document takes a part that has
    just started a while, in which it answers nothing else on a machine that is busy."""
    with city.client("played", "assessed_unit", UNIT) as client:
        for _ in range(100):
            operations = client.get("/me")["operations"]
            if all(each["operation_id"] for each in operations):
                return
    pytest.fail("not all parts say what they serve")


@pytest.fixture
def own(city, unit_year):
    """A client of the unit, and where its year is."""
    with city.client("unit", "assessed_unit", UNIT) as client:
        yield client, f"/cycles/{unit_year}"


def _colleague(city):
    """Return a client of the other person of the office."""
    for each in city.accounts["unit"]:
        if each.credentials.name.startswith(COLLEAGUE):
            return city.installation.client(each.credentials)
    raise LookupError(COLLEAGUE)


def test_a_unit_follows_its_total_from_full_marks_down_to_an_entry(opened, city):
    """Planted bug: a claim is left out of the waterfall, so that it comes to another total."""
    cycle = city.cycles["played"]
    with city.client("played", "assessed_unit", UNIT) as client:
        sheets = f"/cycles/{cycle}/score-sheets"
        [listed] = client.pages(sheets)
        tree = client.get(f"{sheets}/{listed['edition']}/units/{UNIT}/explanation")["tree"]
    watched = opened("played", "assessed_unit", UNIT)
    page = watched.visit(f"/years/{cycle}/unit/sheet")
    expect(page.locator("details.step").first).to_be_visible()
    changes = page.locator("details.step .change").all_inner_texts()
    assert Decimal(tree["points"]) + sum(map(_signed, changes)) == Decimal(tree["score"])
    expect(page.get_by_text("换算、封顶等")).to_have_count(0)
    node = next(
        each for block in tree["children"] for each in block["children"] if each["code"] == "C01"
    )
    page.locator("summary").filter(has_text="C01").press("Enter")
    step = page.locator("details.step[open]")
    expect(step).to_contain_text(node["formula"])
    expect(step).to_contain_text(node["rounding"]["exact"])
    watched.require_accessible()
    watched.require_narrow()
    step.get_by_role("button", name="：查看").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("已封存")
    watched.require_accessible()


def _signed(text):
    """Return what a change comes to: 失1.2分 takes 1.2 away, 加1分 adds 1."""
    if text in ("满分", "0"):
        return Decimal(0)
    return Decimal(text[1:-1]) * (-1 if text.startswith("失") else 1)


def test_whoever_reads_all_sheets_chooses_a_unit(opened, city):
    cycle = city.cycles["played"]
    watched = opened("played", "performance_office")
    page = watched.visit(f"/years/{cycle}/unit/sheet")
    page.get_by_label("单位").select_option("XQ03")
    watched.settle()
    expect(page.locator("details.step").first).to_be_visible()
    assert "unit=XQ03" in page.url


def test_before_anything_is_fed_back_nothing_is_asked_for(opened, city):
    """Planted bug: the latest edition is asked for without looking whether there is one."""
    watched = opened("open", "assessed_unit", UNIT)
    page = watched.visit(f"/years/{city.cycles['open']}/unit/sheet")
    expect(page.get_by_text("还没有反馈给本单位的得分表")).to_be_visible()
    watched.require_accessible()


def test_what_a_tried_value_would_earn_is_told(opened, own):
    """Planted bug: what is earned now is shown as what would be."""
    client, path = own
    tried = {"indicator": "C01", "kind": "measured_value", "key": "actual", "value": "1"}
    told = client.post(f"{path}/own-simulations", {"values": [tried]})
    assert told["change"].startswith("-")
    watched = opened("unit", "assessed_unit", UNIT)
    page = watched.visit(f"{path.replace('/cycles', '/years')}/unit/outlook")
    page.get_by_role("combobox", name="指标", exact=True).select_option("C01")
    page.get_by_label("数值").fill("1")
    page.get_by_role("button", name="加入试算").click()
    page.get_by_role("button", name="试算", exact=True).click()
    outcome = page.locator("dl.outcome")
    expect(outcome).to_contain_text(told["after"]["earned"])
    expect(outcome).to_contain_text(told["change"].replace("-", "−"))


def test_a_unit_asks_to_revise_a_target(opened, own):
    """Planted bug: the values in force are sent instead of those that were typed."""
    client, path = own
    watched = opened("unit", "assessed_unit", UNIT)
    page = watched.visit(f"{path.replace('/cycles', '/years')}/unit/targets")
    page.get_by_role("button", name="申请调整 重点项目投资完成率").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("目标值").fill("95")
    dialog.get_by_label("理由").fill("年中计划调整")
    dialog.get_by_label("依据文号").fill("试发〔2025〕3号")
    watched.require_accessible()
    dialog.get_by_role("button", name="提交申请").click()
    row = page.get_by_role("row").filter(has_text="重点项目投资完成率")
    expect(row).to_contain_text("单位申请调整")
    history = client.get(f"{path}/targets/history", unit=UNIT, indicator="C01")["versions"]
    assert (history[-1]["state"], history[-1]["target"]) == ("revision_requested", "95")


def test_a_claim_is_checked_as_it_is_typed_handed_in_and_withdrawn(opened, own):
    """Planted bug: what the check finds is not shown."""
    client, path = own
    watched = opened("unit", "assessed_unit", UNIT)
    page = watched.visit(f"{path.replace('/cycles', '/years')}/unit/claims")
    page.get_by_role("button", name="申报一项").click()
    form = page.locator("form")
    hand_in = form.get_by_role("button", name="提交申报")
    form.get_by_label("申报编号").fill("T-1")
    form.get_by_label("奖项级别").select_option("provincial")
    form.get_by_label("发文机关").fill("省委")
    form.get_by_label("文号").fill("试发〔2025〕1号")
    form.get_by_label("同一事件").fill("试验事件")
    form.get_by_label("工作所属年度").fill("1025")
    expect(form.locator(".note.warn")).to_be_visible()
    expect(hand_in).to_be_disabled()
    watched.require_accessible()
    watched.require_narrow()
    form.get_by_label("工作所属年度").fill("2025")
    form.get_by_label("发文日期").fill("2025-05-06")
    form.get_by_label("关联指标").select_option("C01")
    form.get_by_label("上传文件").set_input_files(
        {"name": "文件.txt", "mimeType": "text/plain", "buffer": "获奖文件。".encode()}
    )
    expect(form.get_by_text("文件.txt")).to_be_visible()
    hand_in.click()
    expect(page.get_by_text("已提交：T-1。")).to_be_visible()
    [claim] = [each for each in client.pages(f"{path}/claims") if each["claim_no"] == "T-1"]
    told = (claim["document_no"], claim["document_date"], claim["linked_indicator"])
    assert told == ("试发〔2025〕1号", "2025-05-06", "C01")
    assert [each["name"] for each in claim["evidence"]] == ["文件.txt"]
    page.get_by_role("button", name="T-1").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("理由").fill("重复申报")
    watched.require_accessible()
    dialog.get_by_role("button", name="撤回").click()
    expect(dialog.get_by_text("已撤回").first).to_be_visible()
    [claim] = [each for each in client.pages(f"{path}/claims") if each["claim_no"] == "T-1"]
    assert claim["state"] == "withdrawn"


def test_self_marks_are_given_and_handed_in_with_what_is_left_out_told_before(opened, own):
    """Planted bug: marks that nobody changed are sent too, without words."""
    client, path = own
    watched = opened("unit", "assessed_unit", UNIT)
    page = watched.visit(f"{path.replace('/cycles', '/years')}/unit/self-evaluation")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    for n, mark in enumerate(("5.5", "6")):
        rows.nth(n).locator("input").first.fill(mark)
        rows.nth(n).locator("textarea").fill("按目标完成")
    page.get_by_role("button", name="保存2项").click()
    expect(page.get_by_text("已保存2项。")).to_be_visible()
    watched.require_accessible()
    page.get_by_role("button", name="提交自评").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("尚未填报")
    dialog.get_by_role("button", name="确认").click()
    expect(page.get_by_text("已提交").first).to_be_visible()
    told = client.get(f"{path}/self-evaluations/YEAR/units/{UNIT}")
    assert told["state"] == "handed_in"
    assert [each["mark"] for each in told["marks"]] == ["5.5", "6", None]


def test_a_remark_on_the_record_is_filed_and_taken_back(opened, own):
    """Planted bug: an objection is filed where a remark was meant."""
    client, path = own
    watched = opened("unit", "assessed_unit", UNIT)
    page = watched.visit(f"{path.replace('/cycles', '/years')}/unit/objections")
    page.get_by_role("button", name="提出异议").click()
    page.get_by_role("combobox", name="指标", exact=True).select_option("C01")
    page.get_by_label("应当如何认定").fill("完成率按决算数认定")
    page.get_by_label("理由").fill("年末数据已经核定")
    watched.require_accessible()
    page.get_by_role("button", name="提交").click()
    row = page.get_by_role("row").filter(has_text="完成率按决算数认定")
    expect(row).to_contain_text("待复核")
    [filed] = client.pages(f"{path}/objections?unit={UNIT}")
    assert (filed["form"], filed["about"], filed["indicator"]) == ("remark", "mark", "C01")
    row.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("说明").fill("已与填报单位核对一致")
    watched.require_accessible()
    dialog.get_by_role("button", name="撤回").click()
    expect(dialog.get_by_text("已撤回").first).to_be_visible()
    [taken_back] = client.pages(f"{path}/objections?unit={UNIT}")
    assert taken_back["state"] == "withdrawn"


def test_a_supervised_item_is_signed_for_and_replied_to(opened, city, own):
    """Planted bug: a reply leaves out how much is done."""
    client, path = own
    item = {
        "kind": "supervised", "title": "整治占道经营", "text": "请于期限内办结并答复。",
        "units": [{"unit": UNIT, "role": "lead", "share": 100}], "within": 10,
    }  # fmt: skip
    with city.client("unit", "performance_office") as office:
        office.post(f"{path}/supervised-items", {"items": [item]})
    [registered] = client_items(city, path)
    with _colleague(city) as colleague:
        ids = {"item_ids": [registered["item_id"]]}
        colleague.post(f"{path}/supervised-items/dispatch", ids)
    watched = opened("unit", "assessed_unit", UNIT)
    page = watched.visit("/")
    page.get_by_role("link", name="办理：签收督办事项“整治占道经营”").click()
    page.get_by_role("button", name="整治占道经营").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("办理动作").select_option("sign")
    dialog.get_by_role("button", name="提交").click()
    expect(dialog.get_by_text("办理中")).to_be_visible()
    dialog.get_by_label("办理动作").select_option("reply")
    dialog.get_by_label("完成比例").fill("90")
    dialog.get_by_label("说明").fill("已清理到位")
    watched.require_accessible()
    dialog.get_by_role("button", name="提交").click()
    expect(dialog.get_by_text("待审核")).to_be_visible()
    [told] = client.pages(f"{path}/supervised-items?unit={UNIT}")
    assert (told["state"], told["completion"]) == ("replied", 90)


def client_items(city, path):
    """Return the supervised items of the unit, as the office reads them."""
    with city.client("unit", "performance_office") as office:
        return list(office.pages(f"{path}/supervised-items?unit={UNIT}"))


def test_a_unit_speaks_on_a_negative_case_before_it_is_decided(opened, city, own):
    """Planted bug: nothing is offered while it waits to be decided."""
    client, path = own
    case = {
        "unit": UNIT, "kind": "negative_case", "cause": "other", "document_no": "试发〔2025〕9号",
        "reason": "整改不力", "name": "整改不力", "from_on": "2025-11-01",
    }  # fmt: skip
    with city.client("unit", "performance_office") as office:
        office.post(f"{path}/consequences", case)
    watched = opened("unit", "assessed_unit", UNIT)
    page = watched.visit(f"{path.replace('/cycles', '/years')}/unit/replies/consequences")
    page.get_by_label("陈述意见").fill("问题已整改，请复核。")
    watched.require_accessible()
    page.get_by_role("button", name="提交意见").click()
    expect(page.get_by_text("已听取意见").first).to_be_visible()
    [told] = client.pages(f"{path}/consequences?unit={UNIT}")
    assert told["state"] == "heard"
    assert told["steps"][-1]["reason"] == "问题已整改，请复核。"
