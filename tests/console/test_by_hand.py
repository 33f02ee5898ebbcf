"""What an office, its units and its survey centre do now and then: each command once by hand, and
its effect read back by the API."""

import datetime as dt
import re
from email.utils import format_datetime

import pytest
from playwright.sync_api import expect
from tests.console import works
from tests.console.works import BESIDE, OPEN, RANKED, at, choice, filled, sent, task, today

from kaoping.city.drawn_files import content_of
from kaoping.plan import EvidenceFile
from service_testing import trials


@pytest.fixture(scope="module")
def days(made):
    """The clock of the ledger's database, on which days pass."""
    with works.passing_days(made.installation.databases["scoring"]) as clock:
        yield clock


PAGES = {
    "works-office": [
        "supervision/items", "supervision/complaints", "supervision/complaint-ratings", "checks",
        "checks/check?check=SPOT", "checks/check/teams?check=SPOT", "periods", "hand-in",
        "self-evaluations", "scheme/letters", "scheme/target-conflicts", "decision/delegations",
        "survey/rectification",
    ],
    "works-organiser": ["hand-in"],
    "works-member": ["checks/frauds", "supervision/items", "supervision/inspections"],
    "works-unit": ["unit/replies/complaints", "awards", "awards/highlights"],
    "works-cadre": ["linked", "linked/second?unit=WORK1&result_id=x", "linked/readings"],
}  # fmt: skip
INSTEAD = ["survey/in-the-offices-place", "office/ledger", "office/claims", "office/vetoes"]
"""What somebody reads who decides about a unit in the office's place."""


@pytest.mark.parametrize("language", trials(["zh-CN"], ["zh-CN", "en-GB"]))
def test_its_pages_are_for_everybody(opened, made, language):
    """Planted bug: a field without a label."""
    for who, paths in PAGES.items():
        watched = opened(OPEN, who, language=language)
        watched.visit("/account")
        for path in paths:
            watched.turn_to(at(made, path))
            watched.require_accessible()
            watched.require_narrow()
    for year, who, paths in (
        (OPEN, "works-office", ["/calendar", at(made, "decision/consequences", RANKED)]),
        (BESIDE, "works-instead", [at(made, path, BESIDE) for path in INSTEAD]),
    ):
        watched = opened(year, who, language=language)
        for path in paths:
            watched.visit(path)
            watched.require_accessible()
            watched.require_narrow()


def test_an_item_is_registered_dispatched_replied_to_and_closed(opened, made):
    """Planted bugs: the shares are left out of what is registered; closing is offered to who
    dispatched nothing but also for a reply that is done in part."""
    page = opened(OPEN, "works-office").visit(at(made, "supervision/items"))
    page.get_by_role("button", name="登记督办事项").click()
    form = page.locator("form").last
    form.get_by_label("标题").fill("河道清理")
    form.get_by_label("交办内容").fill("月底前清理到位并答复。")
    form.get_by_label("第1个承办单位").select_option("WORK1")
    form.get_by_label("第1个单位的份额").fill("60")
    form.get_by_role("button", name="增加单位").click()
    form.get_by_label("第2个承办单位").select_option("WORK2")
    form.get_by_label("第2个单位的份额").fill("40")
    form.get_by_label("或者若干个工作日内").fill("10")
    sent(form, page, "预览并登记")
    expect(page.get_by_text("本人登记的1项待另一人交办。")).to_be_visible()

    colleague = opened(OPEN, "works-colleague")
    page = colleague.visit(at(made, "supervision/items"))
    page.get_by_role("row").filter(has_text="河道清理").get_by_role("checkbox").check()
    sent(page, page, "交办所选")
    expect(page.get_by_role("row").filter(has_text="河道清理")).to_contain_text("待签收")

    with made.client(OPEN, "works-unit") as unit:
        [item] = unit.pages(f"/cycles/{made.cycles[OPEN]}/supervised-items")
        assert [(each["unit"], each["share"]) for each in item["units"]] == [
            ("WORK1", 60), ("WORK2", 40)
        ]  # fmt: skip
        answers = f"/cycles/{made.cycles[OPEN]}/supervised-items/{item['item_id']}/answers"
        unit.post(answers, {"step": item["step"], "move": "sign"})
        reply = {"step": item["step"] + 1, "move": "reply", "text": "已清理。", "completion": 100}
        unit.post(answers, reply)
    page = opened(OPEN, "works-office").visit("/")
    task(page, "河道清理").click()
    sheet = page.get_by_role("dialog", name="河道清理")
    choice(sheet, "办理").select_option("close")
    colleague.require_accessible()
    sent(sheet, page, "预览并办理", title="销号")
    expect(sheet.get_by_text("已销号").first).to_be_visible()
    with made.client(OPEN, "works-auditor") as auditor:
        [item] = auditor.pages(f"/cycles/{made.cycles[OPEN]}/supervised-items")
    assert (item["state"], item["completion"]) == ("closed", 100)


def test_a_complaint_is_accepted_given_answered_revisited_and_closed(opened, made):
    """Planted bugs: whom it is about is left out; who revisited is offered to close it."""
    path = f"/cycles/{made.cycles[OPEN]}/complaints"
    office = opened(OPEN, "works-office")
    page = office.visit(at(made, "supervision/complaints"))
    page.get_by_role("button", name="登记投诉").click()
    page.get_by_label("反映的内容（请勿填写电话、证件号码等）").fill("窗口午间无人值守。")
    sent(page.locator("form").last, page, "预览并登记")
    page.get_by_role("row").filter(has_text="窗口午间").get_by_role("button").click()
    sheet = page.get_by_role("dialog").last
    choice(sheet, "办理").select_option("accept")
    sheet.get_by_label("所针对的单位").select_option(["WORK2"])
    sent(sheet, page, "预览并办理", title="受理并分类")
    choice(sheet, "办理").select_option("assign")
    sheet.get_by_label("第1个承办单位").select_option("WORK1")
    office.require_accessible()
    sent(sheet, page, "预览并办理", title="交办")

    unit = opened(OPEN, "works-unit")
    page = unit.visit("/")
    task(page, "投诉").click()
    page.get_by_role("row").filter(has_text="窗口午间").get_by_role("button").click()
    sheet = page.get_by_role("dialog").last
    choice(sheet, "办理").select_option("answer")
    sheet.get_by_label("说明（必填）").fill("已安排轮班。")
    unit.require_accessible()
    sent(sheet, page, "预览并办理", title="答复")

    page = office.visit(at(made, "supervision/complaints"))
    page.get_by_role("row").filter(has_text="窗口午间").get_by_role("button").click()
    sheet = page.get_by_role("dialog").last
    choice(sheet, "办理").select_option("revisit")
    sheet.get_by_label("对答复的评价").select_option("satisfied")
    sent(sheet, page, "预览并办理", title="回访")
    expect(choice(sheet, "办理").locator("option[value=close]")).to_have_count(0)

    page = opened(OPEN, "works-colleague").visit(at(made, "supervision/complaints"))
    page.get_by_role("row").filter(has_text="窗口午间").get_by_role("button").click()
    sheet = page.get_by_role("dialog").last
    choice(sheet, "办理").select_option("close")
    sheet.get_by_label("反映的情况是否属实").select_option("upheld")
    sent(sheet, page, "预览并办理", title="办结")
    with made.client(OPEN, "works-auditor") as auditor:
        [told] = auditor.pages(path)
        whole = auditor.get(f"{path}/{told['complaint_id']}")
    assert (whole["state"], whole["about"], whole["moves"][-1]["word"]) == (
        "closed", ["WORK2"], "upheld"
    )  # fmt: skip


def test_the_desk_is_opened_and_shut_and_says_how_it_is(opened, made):
    """Planted bug: it is opened where it should be shut."""
    page = opened(OPEN, "works-office").visit(at(made, "supervision/complaints"))
    desk = page.locator("section").filter(has=page.get_by_role("heading", name="受理窗口"))
    expect(desk.get_by_role("status")).to_contain_text("未开放")
    sent(desk, page, "开放受理窗口")
    expect(desk.get_by_role("status")).to_contain_text("已开放")
    sent(desk, page, "关闭受理窗口")
    expect(desk.get_by_role("status")).to_contain_text("未开放")
    with made.client(OPEN, "works-auditor") as auditor:
        told = auditor.get(f"/cycles/{made.cycles[OPEN]}/complaint-desk")
    assert (told["is_open"], told["since"] is not None) == (False, True)


def test_a_month_is_closed_and_leave_is_given_to_enter_about_it(opened, made):
    """Planted bug: the preview closes the month itself."""
    path = f"/cycles/{made.cycles[OPEN]}"
    watched = opened(OPEN, "works-office")
    page = watched.visit(at(made, "periods"))
    row = page.get_by_role("row").filter(has_text="2025年1月")
    row.get_by_role("button", name="关账").click()
    with made.client(OPEN, "works-auditor") as auditor:
        before = {
            each["period"]: each["state"] for each in auditor.get(f"{path}/periods")["periods"]
        }
        assert before["2025-01"] == "open"
        page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()
        expect(row).to_contain_text("已关账")
        told = {each["period"]: each["state"] for each in auditor.get(f"{path}/periods")["periods"]}
        assert {each for each in told if told[each] != before[each]} == {"2025-01"}
        page.get_by_text("许可补录", exact=True).click()
        page.get_by_label("录入单位").fill("WORKDATA 镇考核数据中心")
        page.get_by_label("录入单位").dispatch_event("change")
        page.get_by_label("截止日期").fill("2099-01-31")
        page.get_by_label("理由").fill("系统故障")
        page.get_by_label("文号").fill("试发〔2025〕3号")
        sent(page, page, "预览并许可")
        [leave] = auditor.get(f"{path}/period-permissions")["items"]
    assert (leave["period"], leave["unit"], leave["until"]) == ("2025-01", "WORKDATA", "2099-01-31")


def test_an_organiser_hands_its_category_in_with_what_lacks_said_before(opened, made):
    """Planted bug: the reason is left out."""
    watched = opened(OPEN, "works-organiser")
    page = watched.visit("/")
    of_year = page.get_by_role("row").filter(has_text="2025年河区考评")
    of_year.get_by_role("link", name=re.compile("上报")).first.click()
    watched.settle()
    page.get_by_label("尚缺内容仍予上报的理由").fill("调查尚未开展。")
    watched.require_accessible()
    sent(page, page, "预览并上报")
    expect(page.get_by_text("已上报").first).to_be_visible()
    with made.client(OPEN, "works-office") as office:
        told = office.get(f"/cycles/{made.cycles[OPEN]}/categories/TOWN/completeness")
    assert told["hand_in"]["state"] == "handed_in"
    assert told["hand_in"]["reason"] == "调查尚未开展。"


def survey(made, code):
    with made.client(OPEN, "works-auditor") as auditor:
        told = auditor.get(f"/cycles/{made.cycles[OPEN]}/surveys")
    return next(each for each in told["surveys"] if each["code"] == code)


def create(page, name):
    row = page.get_by_role("listitem").filter(has_text=name)
    sent(row, page, "设立", title=f"设立调查“{name}”")
    expect(page.get_by_role("link", name=f"{name} 第1轮")).to_be_visible()


def test_ballots_are_cast_sealed_and_counted_once_the_urn_is_opened(opened, made):
    """Planted bugs: the text of the key's file is sent as it is; the other seats' ballot is kept as
    that of who cast it."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = X25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    office = opened(OPEN, "works-office")
    page = office.visit(at(made, "survey"))
    create(page, "领导评价")
    page.get_by_role("link", name="领导评价 第1轮").click()
    office.settle()
    page.get_by_role("link", name="席位与票箱").click()
    office.settle()
    page.get_by_role("button", name="列出席位").click()
    holders = [("S1", "works-seat1", "WORK1"), ("S2", "works-seat2", "WORK2")]
    holders += [("S3", "works-seat3", "WORK3"), ("S4", "works-seat4", "")]
    rows = "\n".join("\t".join(each) for each in holders)
    page.get_by_label("席位、账户、单位代码、评议主体，每行一席").fill(rows)
    office.require_accessible()
    filled(page, "列出席位")
    expect(page.get_by_role("row")).to_have_count(5)

    eyes = opened(OPEN, "works-eyes")
    page = eyes.visit("/")
    task(page, "票箱").click()
    page.get_by_role("button", name="设立票箱").click()
    file = {"name": "urn.pub", "mimeType": "application/x-pem-file", "buffer": public}
    page.get_by_label("公钥 选择密钥文件").set_input_files(file)
    eyes.require_accessible()
    filled(page, "设立票箱")
    page = office.visit(at(made, "survey/wave?survey=LEADERS&wave=1"))
    sent(page, page, "开放")
    for n in (1, 2, 3, 4):
        seat = opened(OPEN, f"works-seat{n}")
        page = seat.visit("/")
        task(page, "投票").click()
        expect(page.locator("section.unit").first).to_be_visible()
        for card in page.locator("section.unit").all():
            card.get_by_label("好").check()
        if n == 1:
            seat.require_accessible()
            seat.require_narrow()
        sent(page, page, "投票")
        expect(page.get_by_text("选票已投出。")).to_be_visible()
    page = office.visit(at(made, "survey/wave?survey=LEADERS&wave=1"))
    sent(page, page, "停止接收")
    page = eyes.visit("/")
    task(page, "开启|票箱").click()
    page.get_by_role("button", name="开启票箱").click()
    page.get_by_label("私钥", exact=True).fill(private.decode())
    filled(page, "开启票箱")
    expect(page.get_by_text("票箱已开启，计入4张选票。")).to_be_visible()
    page = office.visit(at(made, "survey/wave?survey=LEADERS&wave=1"))
    page.get_by_role("button", name=re.compile("关闭")).click()
    filled(page, re.compile("关闭"))
    told = survey(made, "LEADERS")
    with made.client(OPEN, "works-office") as client:
        wave = client.get(f"/surveys/{told['survey_id']}/waves/1")
        found = client.get(f"/cycles/{made.cycles[OPEN]}/satisfaction")["surveys"]
    assert (wave["state"], wave["completed"]) == ("closed", 4)
    [peers] = [each for each in found if each["code"] == "LEADERS"]
    assert {each["satisfaction"] for each in peers["units"]} == {"100.00"}


def test_forms_of_a_meeting_are_counted_by_two_who_agree(opened, made):
    """Planted bug: the second count is what the first one was, and not what was typed."""
    office = opened(OPEN, "works-office")
    page = office.visit(at(made, "survey"))
    create(page, "会议测评")
    page = office.visit(at(made, "survey/wave?survey=MEETING&wave=1"))
    sent(page, page, "开放")
    for who, button, title in (
        ("works-centre", "上报计票结果", "上报计票结果"),
        ("works-second", "复计", "独立复计A1号计票"),
    ):
        centre = opened(OPEN, who)
        page = centre.visit("/")
        task(page, "会议测评").click()
        page.get_by_role("button", name=button).click()
        dialog = page.get_by_role("dialog", name=title)
        if who == "works-centre":
            dialog.get_by_label("计票编号").fill("A1")
        for label, value in (("应到人数", "10"), ("发出票数", "9"), ("收回票数", "8")):
            dialog.get_by_label(label).fill(value)
        for name in works.UNITS.values():
            dialog.get_by_label(f"{name} 好").fill("6")
            dialog.get_by_label(f"{name} 一般").fill("2")
        centre.require_accessible()
        filled(page, title)
    told = survey(made, "MEETING")
    with made.client(OPEN, "works-office") as client:
        counts = client.get(f"/surveys/{told['survey_id']}/waves/1/meeting-counts")["counts"]
    assert [(each["count_no"], each["state"]) for each in counts] == [("A1", "confirmed")]


def test_a_questionnaire_is_worded_in_a_language_by_its_name(opened, made):
    """Planted bug: the words of the scheme are sent for those that were typed."""
    watched = opened(OPEN, "works-office")
    page = watched.visit(at(made, "survey"))
    create(page, "群众问卷")
    page = watched.visit(at(made, "survey/questionnaire?survey=FORMS&wave=1"))
    page.get_by_role("button", name="制定问卷").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("语言").select_option("bo")
    dialog.get_by_label("问卷标题").fill("群众评议")
    dialog.get_by_label("题目", exact=True).fill("您对该镇工作是否满意？")
    watched.require_accessible()
    filled(page, re.compile("问卷"))
    told = survey(made, "FORMS")
    with made.client(OPEN, "works-office") as client:
        [wording] = client.get(f"/surveys/{told['survey_id']}/questionnaires/1")["languages"]
    assert (wording["language"], wording["title"]) == ("bo", "群众评议")
    assert wording["questions"][0]["text"] == "您对该镇工作是否满意？"


def test_a_signature_is_given_in_anothers_place_by_a_delegation(opened, made):
    """By somebody who has no role of the chain. Planted bugs: the delegation is left out of what
    is signed; it goes to an account that nobody has."""
    chair = opened(RANKED, "works-chair")
    page = chair.visit(at(made, "decision/delegations", RANKED))
    page.get_by_label("受托人账户").fill("works-seat5")
    page.get_by_label("委员会主任签署").check()
    page.get_by_label("截止日期").fill(str(today() + dt.timedelta(300)))
    page.get_by_label("文号").fill("委发〔2025〕1号")
    chair.require_accessible()
    chair.expects(422, "/delegations")
    page.get_by_label("受托人账户").fill("works-nobody")
    page.get_by_role("button", name="预览并委托").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("没有可以登录的该账户")
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    page.get_by_label("受托人账户").fill("works-seat5")
    sent(page, page, "预览并委托")
    delegate = opened(RANKED, "works-seat5")
    page = delegate.visit("/")
    task(page, "审批步骤").click()
    page.get_by_label("所凭委托").select_option(index=1)
    delegate.require_accessible()
    sent(page, page, "预览并办理")
    expect(page.get_by_text("代works-chair签署")).to_be_visible()
    with made.client(RANKED, "works-office") as office:
        told = office.get(f"/cycles/{made.cycles[RANKED]}/rankings/1/steps")
    last = told["said"][-1]
    assert (last["step"], last["subject"], last["behind"]) == (
        "sign", "works-seat5", "works-chair"
    )  # fmt: skip


def test_a_consequence_is_proposed_decided_and_carried_out(opened, made):
    """Planted bug: what it follows from is left out."""
    path = f"/cycles/{made.cycles[RANKED]}/consequences"
    office = opened(RANKED, "works-office")
    page = office.visit(at(made, "decision/consequences", RANKED))
    page.get_by_role("button", name="凭文件提出一项").click()
    form = page.locator("form").first
    choice(form, "单位").select_option("WORK3")
    choice(form, "事项").select_option("fault_notice")
    choice(form, "依据").select_option("indicator")
    form.get_by_label("所依据的事项").select_option("DONE")
    form.get_by_label("文号").fill("试发〔2025〕7号")
    form.get_by_label("起始日期").fill("2025-03-01")
    form.get_by_label("理由").fill("重点工作滞后")
    office.require_accessible()
    sent(form, page, "预览并提出")
    member = opened(RANKED, "works-member")
    page = member.visit("/")
    task(page, "结果运用").click()
    sheet = page.get_by_role("dialog").last
    sheet.get_by_label("决定文号").fill("委决〔2025〕7号")
    sent(sheet, page, "预览并办理")
    expect(sheet.get_by_text("已决定").first).to_be_visible()
    page = office.visit(at(made, "decision/consequences", RANKED))
    page.get_by_role("button", name=works.UNITS["WORK3"]).click()
    sheet = page.get_by_role("dialog").last
    choice(sheet, "办理").select_option("complete")
    sheet.get_by_role("textbox", name="文号", exact=True).fill("试发〔2025〕8号")
    sent(sheet, page, "预览并办理", title="登记执行")
    expect(sheet.get_by_text("已执行").first).to_be_visible()
    with made.client(RANKED, "works-auditor") as auditor:
        [told] = auditor.pages(path)
    assert (told["state"], told["cause"], told["cause_ref"]) == ("carried_out", "indicator", "DONE")
    assert told["steps"][-1]["document_no"] == "试发〔2025〕8号"


def test_a_correction_is_proposed_about_a_sealed_entry_that_was_chosen(opened, made):
    """Planted bug: another entry is named than was chosen."""
    office = opened(RANKED, "works-office")
    page = office.visit(at(made, "decision/corrections", RANKED))
    page.get_by_role("button", name="提请更正").click()
    form = page.locator("form").first
    choice(form, "单位").select_option("WORK2")
    choice(form, "指标").select_option("DONE")
    form.get_by_label("所更正的记录").select_option(index=1)
    form.get_by_label("应为数值").fill("91")
    form.get_by_label("发文机关").fill("县审计局")
    form.get_by_label("文号").fill("审〔2025〕2号")
    form.get_by_label("成文日期").fill("2025-04-01")
    form.get_by_label("理由").fill("决算数有变动")
    office.require_accessible()
    sent(form, page, "预览并提出")
    with made.client(RANKED, "works-auditor") as auditor:
        [told] = auditor.pages(f"/cycles/{made.cycles[RANKED]}/corrections")
    assert (told["unit"], told["value"], told["state"]) == ("WORK2", "91", "proposed")
    page.get_by_role("button", name=works.UNITS["WORK2"]).click()
    sheet = page.get_by_role("dialog").last
    sheet.get_by_label("撤回理由").fill("另行提请")
    sent(sheet, page, "撤回提请")
    with made.client(RANKED, "works-auditor") as auditor:
        [told] = auditor.pages(f"/cycles/{made.cycles[RANKED]}/corrections")
    assert told["state"] == "withdrawn"


def test_an_opinion_is_assigned_replied_to_and_accepted(opened, made):
    """Planted bugs: the reply is sent to another item; every reply is returned."""
    path = f"/cycles/{made.cycles[OPEN]}"
    item = _assigned(opened, made)
    unit = opened(OPEN, "works-unit")
    page = unit.visit("/")
    task(page, "整改").click()
    card = page.locator("article").filter(has_text="开放延时窗口")
    card.get_by_label("整改情况").fill("已延时至晚七时。")
    unit.require_accessible()
    card.get_by_role("button", name="答复").click()
    expect(card.get_by_text("已延时至晚七时。")).to_be_visible()
    office = opened(OPEN, "works-office")
    page = office.visit("/")
    task(page, "整改").click()
    page.get_by_role("button", name="审查答复").click()
    office.require_accessible()
    filled(page, "审查答复")
    with made.client(OPEN, "works-office") as client:
        [told] = client.pages(f"{path}/rectification-items")
    assert (told["item_id"], told["state"]) == (item, "accepted")
    assert told["steps"][0]["text"] == "已延时至晚七时。"


def _assigned(opened, made):
    """Have an opinion accepted, and assigned by hand; return the id of its item."""
    path = f"/cycles/{made.cycles[OPEN]}"
    with (
        made.client(OPEN, "works-office") as office,
        made.client(OPEN, "works-colleague") as colleague,
        made.client(OPEN, "works-centre") as centre,
    ):
        there = office.get(f"{path}/surveys")["surveys"]
        known = next((each for each in there if each["code"] == "FORMS"), None)
        survey_id = (known or office.post(f"{path}/surveys", {"code": "FORMS"}))["survey_id"]
        wave = f"/surveys/{survey_id}/waves/1"
        office.post(f"{wave}/opening")
        opinion = {"unit": "WORK1", "text": "窗口下班太早。", "channel": "hotline"}
        centre.post(f"{wave}/opinions", {"batch_no": "O-1", "rows": [opinion]})
        office.post(f"{wave}/stopping")
        office.post(f"{wave}/closing", {"below_minimum_because": "仅收意见"})
        [said] = office.pages(f"{wave}/opinions")
        review = {"opinion_id": said["opinion_id"], "verdict": "accept", "wording": said["text"]}
        office.post(f"{wave}/opinions/reviews", {"rows": [review]})
        [said] = office.pages(f"{wave}/opinions")
        confirmed = {"opinion_id": said["opinion_id"], "review_no": said["review"]["review_no"]}
        colleague.post(f"{wave}/opinions/confirmations", {"rows": [confirmed]})
    watched = opened(OPEN, "works-office")
    page = watched.visit(at(made, "survey/opinions?survey=FORMS&wave=1"))
    page.get_by_role("row").filter(has_text="窗口下班太早").get_by_role("checkbox").check()
    page.get_by_role("button", name="交办整改").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("整改要求").fill("开放延时窗口。")
    dialog.get_by_label("答复期限").fill("2099-12-31")
    watched.require_accessible()
    filled(page, "交办整改")
    with made.client(OPEN, "works-office") as office:
        [item] = office.pages(f"{path}/rectification-items")
    return item["item_id"]


def days_later(who, days):
    """Have each answer say that it is so many days later: the console goes by its date."""

    def dated(route):
        answer = route.fetch()
        later = dt.datetime.now(dt.UTC) + dt.timedelta(days)
        date = format_datetime(later, usegmt=True)
        route.fulfill(response=answer, headers={**answer.headers, "date": date})

    who.page.route("**/api/v1/**", dated)


def test_units_are_drawn_checked_heard_and_decided_on(opened, made, days):
    """Planted bugs: the form of the seed is sent for the seed; a signature is sent as an
    objection; a second mark is sent as a finding; what is fraud is sent as what is none."""
    path = f"/cycles/{made.cycles[OPEN]}"
    office = opened(OPEN, "works-office")
    page = office.visit("/")
    task(page, "抽查").click()
    tomorrow = today() + dt.timedelta(1)
    page.get_by_role("textbox", name="种子来源").fill("国家彩票开奖号码")
    page.get_by_label("书写格式").fill("99 99 99")
    page.get_by_label("公布日").fill(str(tomorrow))
    office.require_accessible()
    sent(page, page, "预览并固定")
    expect(page.get_by_text("自该日起由另一人填报并抽取")).to_be_visible()

    days.pass_(2)
    colleague = opened(OPEN, "works-colleague")
    days_later(colleague, 2)
    page = colleague.visit(at(made, "checks/check?check=SPOT"))
    page.get_by_label("种子（格式：99 99 99）").fill("01 07 23")
    page.get_by_label("出处").fill("国家彩票公告第88期")
    sent(page, page, "预览并抽取")
    expect(page.get_by_text("01 07 23（国家彩票公告第88期）")).to_be_visible()
    page.get_by_role("tab", name="检查组").click()
    page.get_by_label("抽中单位").select_option("WORK1")
    page.get_by_label("人员（账户所登记的）").fill("works-seat4")
    page.get_by_role("button", name="增加人员").click()
    page.get_by_label("人员（账户所登记的）").nth(1).fill("works-seat5")
    page.get_by_label("理由").fill("指定检查人员")
    colleague.require_accessible()
    sent(page, page, "预览并指定")

    member = opened(OPEN, "works-seat4")
    page = member.visit("/")
    task(page, "检查|核查|抽查").click()
    page.get_by_role("row").nth(1).get_by_role("button").click()
    sheet = page.get_by_role("dialog").last
    choice(sheet, "结论").select_option("differs")
    sheet.get_by_label("核查所得数值").fill("90")
    sheet.get_by_label("检查情况").fill("现场核查为90。")
    member.require_accessible()
    sent(sheet, page, "预览并登记")
    _marked_again(opened, made)

    unit = opened(OPEN, "works-unit")
    page = unit.visit("/")
    task(page, "检查结论|结论").click()
    expect(page.get_by_text("现场核查为90。")).to_be_visible()
    unit.require_accessible()
    page.get_by_role("button", name="签字认可").click()
    expect(page.get_by_text("单位已签字").first).to_be_visible()
    # The colleague verified the entry and has a part in it.
    page = office.visit(at(made, "checks/check/findings?check=SPOT"))
    page.get_by_role("row").nth(1).get_by_role("button").click()
    sheet = page.get_by_role("dialog").last
    expect(sheet.get_by_text("works-unit")).to_be_visible()
    sent(sheet, page, "预览并决定")
    expect(sheet.get_by_text("维持").first).to_be_visible()
    with made.client(OPEN, "works-auditor") as auditor:
        [found] = auditor.pages(f"{path}/checks/SPOT/findings")
        now = auditor.get(f"{path}/ledger-entries/{found['restated_by']}")
    assert [each["state"] for each in found["steps"]] == ["signed", "upheld"]
    assert (now["value"], now["state"]) == ("90", "verified")
    _found_to_be_fraud(opened, made, page, sheet)


def _marked_again(opened, made):
    """Another of the team marks the same entry, blind; the office sees how both agree."""
    other = opened(OPEN, "works-seat5")
    page = other.visit("/")
    task(page, "复评").click()
    page.get_by_role("row").nth(1).get_by_role("button").click()
    sheet = page.get_by_role("dialog").last
    expect(sheet.get_by_text("现场核查为90。")).to_have_count(0)
    choice(sheet, "结论").select_option("differs")
    sheet.get_by_label("核查所得数值").fill("91")
    sheet.get_by_label("检查情况").fill("复核为91。")
    expect(sheet.get_by_label("作为背靠背复评登记")).to_be_checked()
    other.require_accessible()
    sent(sheet, page, "预览并登记")
    office = opened(OPEN, "works-office")
    page = office.visit(at(made, "checks/check?check=SPOT"))
    page.get_by_role("tab", name=re.compile("复评")).click()
    expect(page.get_by_role("row").filter(has_text="works-seat5")).to_contain_text("1")
    office.require_accessible()


def _found_to_be_fraud(opened, made, page, sheet):
    """The office puts it forward, the unit says what there is to say, the committee decides."""
    sheet.get_by_label("提请的理由").fill("原始凭证系伪造。")
    sent(sheet, page, "预览并提请")
    unit = opened(OPEN, "works-unit")
    page = unit.visit("/")
    task(page, "弄虚作假").click()
    page.get_by_label("单位陈述").fill("系经办人笔误。")
    unit.require_accessible()
    page.get_by_role("button", name="提交陈述").click()
    expect(page.get_by_text("系经办人笔误。")).to_be_visible()
    member = opened(OPEN, "works-member")
    page = member.visit("/")
    task(page, "弄虚作假").click()
    sheet = page.get_by_role("dialog").last
    sheet.get_by_label("文号").fill("委决〔2026〕3号")
    sheet.get_by_label("理由").fill("凭证经鉴定为伪造")
    member.require_accessible()
    sent(sheet, page, "预览并决定")
    with made.client(OPEN, "works-auditor") as auditor:
        [found] = auditor.pages(f"/cycles/{made.cycles[OPEN]}/checks/SPOT/findings")
    assert (found["fraud"]["state"], found["second"]["value"]) == ("fraud", "91")


def test_a_unit_agrees_to_a_claim_that_another_has_filed_for_both(opened, made):
    """Planted bug: to agree is sent as to object."""
    path = f"/cycles/{made.cycles[OPEN]}/claims"
    award = {
        "claim_no": "J-1", "kind": "bonus", "level": "national", "authority": "国务院",
        "document_no": "国发〔2025〕11号", "document_date": "2025-06-18", "work_year": 2025,
        "event_key": "E-11", "unit": "WORK2", "holder_name": works.UNITS["WORK2"], "share": "0.6",
        "jointly_with": [{"unit": "WORK1", "holder_name": works.UNITS["WORK1"], "share": "0.4"}],
    }  # fmt: skip
    with made.client(OPEN, "works-other") as other:
        other.post(path, {"claims": [award]})
    unit = opened(OPEN, "works-unit")
    page = unit.visit("/")
    task(page, "共同申报").click()
    page.get_by_role("row").filter(has_text="国发〔2025〕11号").get_by_role("button").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("下河镇")).to_be_visible()
    unit.require_accessible()
    dialog.get_by_role("button", name="同意").click()
    expect(dialog.get_by_text("：同意")).to_be_visible()
    with made.client(OPEN, "works-unit") as client:
        [told] = client.pages(path)
    answers = {each["unit"]: each["agrees"] for each in told["filed_together"]}
    assert answers["WORK1"] is True


def test_a_target_is_offered_set_and_its_letter_signed_by_both_sides(opened, made):
    """Planted bugs: the letter is signed for the office on both sides; a target is offered as a
    baseline."""
    path = f"/cycles/{made.cycles[OPEN]}"
    unit = opened(OPEN, "works-unit")
    page = unit.visit(at(made, "unit/targets"))
    page.get_by_label(re.compile("招商引资.*目标值")).fill("120")
    unit.require_accessible()
    page.get_by_role("button", name="申报1项").click()
    expect(page.get_by_text("已申报1项。")).to_be_visible()
    with (
        made.client(OPEN, "works-office") as office,
        made.client(OPEN, "works-colleague") as colleague,
    ):
        [offered] = office.get(f"{path}/targets/history", unit="WORK1")["versions"]
        assert (offered["state"], offered["target"], offered["baseline"]) == (
            "proposed", "120", None
        )  # fmt: skip
        about = {"unit": "WORK1", "indicator": "GOAL"}
        decision = {**about, "version": offered["version"], "decision": "approve"}
        office.post(f"{path}/target-decisions", {"decisions": [decision]})
        new = {"targets": [{**about, "target": "120"}], "reason": "年初下达"}
        colleague.post(f"{path}/targets", new)
        agreed = {**about, "version": offered["version"] + 2, "decision": "confirm"}
        office.post(f"{path}/target-confirmations", {"decisions": [agreed]})
    office = opened(OPEN, "works-office")
    page = office.visit(at(made, "scheme/letters"))
    sent(page, page, "拟定责任书")
    page.get_by_role("row").filter(has_text="上河镇").get_by_role("checkbox").check()
    office.require_accessible()
    sent(page, page, "代表绩效办签署1份")
    page = unit.visit("/")
    task(page, "责任书").click()
    page.get_by_role("button", name="签署").click()
    expect(page.get_by_text("已签署。")).to_be_visible()
    with made.client(OPEN, "works-office") as client:
        [letter] = client.get(f"{path}/letters")["letters"]
    assert (letter["state"], {each["side"] for each in letter["signatures"]}) == (
        "signed", {"office", "unit"}
    )  # fmt: skip


def test_a_document_is_shown_beside_its_entry_as_what_the_service_found_it_to_be(opened, made):
    """Planted bug: the address has the type that the answer names, and not the page."""
    path = f"/cycles/{made.cycles[OPEN]}"
    with made.client(OPEN, "works-source") as source:
        pdf = content_of(EvidenceFile("决算表", "pdf", 7))
        added = source.put_up(f"{path}/evidence", pdf, {"name": "决算表.pdf"}, "application/pdf")
        entries = source.pages(f"{path}/ledger-entries")
        entry = next(each for each in entries if each["unit"] == "WORK2")
        named = {"evidence_ids": [added["evidence_id"]]}
        source.post(f"{path}/ledger-entries/{entry['entry_id']}/evidence", named)
    watched = opened(OPEN, "works-office")

    def otherwise(route):
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-type": "text/html"})

    watched.page.route("**/evidence/*/content", otherwise)
    page = watched.visit(at(made, "office/ledger?state=any&unit=WORK2"))
    page.locator("tbody th button").first.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name=re.compile("查看文档")).click()
    frame = sheet.locator("iframe")
    expect(frame).to_have_attribute("src", re.compile("^blob:"))
    watched.require_accessible()
    inside = next(each for each in page.frames if each.url.startswith("blob:"))
    assert inside.evaluate("document.contentType") == "application/pdf"
    sheet.get_by_role("button", name=re.compile("收起文档")).click()
    expect(frame).to_have_count(0)
