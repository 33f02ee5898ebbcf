"""Surveys by the hands of their people: made, opened, filled, examined, closed; and a form."""

import csv
import io
import random
from copy import deepcopy
from dataclasses import replace

import pytest
from playwright.sync_api import Page, Request, expect
from tests.contracts.publish import ROOT

from kaoping.card import Card
from kaoping.playing import play_before
from kaoping.playing import read_plan as plan_of
from kaoping.steps import Steps
from service_testing import trials

YEAR = "asked"
COLLEAGUE = "asked-by-colleague"
"""The same year for the second person of the office."""
BODY = "B007"
QUESTIONS = ("OVERALL", "SAFETY", "SERVICES", "SURROUNDINGS", "CONDUCT")
MARKS = ("非常满意", "满意", "基本满意", "不满意")
INTERVIEWS = 40


@pytest.fixture(scope="module")
def asked(city):
    """A year whose surveys wait to be made: one by phone that a body attests, one by links."""
    plan = plan_of(ROOT / "examples" / "yunchuan-2025", chinese=True)
    scheme = deepcopy(plan.scheme)
    surveys = {each["code"]: each for each in scheme["surveys"]}
    surveys["phone"] |= {"attested_by": [BODY], "min_valid": 30}
    surveys["Z03"] |= {"mode": "online_form"}
    card = Card(city.url, city.installation.administrator)
    with Steps() as steps:
        made = play_before(replace(plan, scheme=scheme), card, steps, "targets")
    with card.client() as client:
        newest = max(client.pages("/cycles"), key=lambda each: each["created_at"])
    city.accounts |= {YEAR: made, COLLEAGUE: made[::-1]}
    city.cycles |= {YEAR: newest["cycle_id"], COLLEAGUE: newest["cycle_id"]}
    return city


def at(city, page: str, code: str, wave: int = 1) -> str:
    return f"/years/{city.cycles[YEAR]}/survey/{page}?survey={code}&wave={wave}"


def survey_of(city, code: str) -> dict:
    with city.client(YEAR, "auditor") as auditor:
        told = auditor.get(f"/cycles/{city.cycles[YEAR]}/surveys")
    return next(each for each in told["surveys"] if each["code"] == code)


def read(city, code: str, of: str, wave: int = 1) -> dict:
    """Ask as somebody who has no page open: too many sessions of one account end its first one."""
    survey_id = survey_of(city, code)["survey_id"]
    with city.client(YEAR, "auditor") as auditor:
        return auditor.get(f"/surveys/{survey_id}/waves/{wave}{of}")


def state_of(city, code: str, wave: int = 1) -> str:
    return read(city, code, "", wave)["state"]


def confirm(page: Page, title: str) -> None:
    """Look at the preview of a command, and send it."""
    dialog = page.get_by_role("dialog", name=title)
    preview = dialog.get_by_role("button", name="预览")
    if preview.count():
        preview.click()
    expect(dialog.locator(".previewed")).to_be_visible()
    dialog.get_by_role("button", name="确认").click()
    expect(dialog).to_be_hidden()


def create(watched, city, name: str) -> None:
    page = watched.visit(f"/years/{city.cycles[YEAR]}/survey")
    row = page.get_by_role("listitem").filter(has_text=name)
    row.get_by_role("button", name="设立").click()
    confirm(page, f"设立调查“{name}”")
    expect(page.get_by_role("link", name=f"{name} 第1轮")).to_be_visible()


def answers(city) -> list[list[str]]:
    """Return interviews as a centre exports them; about one unit all were told what to say."""
    drawn = random.Random(7)  # noqa: S311 - the same answers each time
    rows = [["受访者代号", "单位", "访问结果", "访员", *QUESTIONS]]
    with city.client(YEAR, "auditor") as auditor:
        names = auditor.get(f"/cycles/{city.cycles[YEAR]}/names")["units"]
    name_of = {each["code"]: each["name"] for each in names}
    units = survey_of(city, "phone")["units"]
    for number, unit in enumerate(units):
        for n in range(INTERVIEWS):
            token = "".join(drawn.choice("abcdefghijk") for _ in range(20))
            said = ["不满意"] * 5 if not number else drawn.choices(MARKS, (4, 5, 3, 1), k=5)
            rows.append([token, name_of[unit], "完成", f"F0{n % 8}", *said])
        rows.append([f"nobody-at-home-{unit.lower()}", name_of[unit], "拒访", "F01", *[""] * 5])
    rows.append(["somebody-elsewhere", "外地", "完成", "F01", *["满意"] * 5])
    return rows


def handed_in(page: Page, name: str, rows: list[list[str]]) -> None:
    """Choose a file, and have it checked."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    payload = {"name": name, "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    page.get_by_label("文件", exact=True).set_input_files(payload)


def test_a_survey_is_made_filled_examined_and_closed_by_its_people(opened, asked):
    """Planted bugs: a check is sent as a batch; the good rows of a file are sent with the others
    (`all`); the verdict is always that it is attested; a finding is proposed under another name."""
    city = asked
    office = opened(YEAR, "performance_office")
    create(office, city, "电话调查")
    assert read(city, "phone", "")["state"] == "planned"
    page = office.visit(at(city, "wave", "phone"))
    _plan_and_open(office, page)
    assert {each["quota"] for each in read(city, "phone", "")["units"]} == {INTERVIEWS}
    centre = opened(YEAR, "survey_centre")
    _send(centre, centre.visit(at(city, "batches", "phone")), city)
    survey_id = survey_of(city, "phone")["survey_id"]
    opinion = {"unit": "XQ02", "text": "张三办事窗口排队太久", "channel": "letter"}
    with city.client(YEAR, "survey_centre") as client:
        client.post(f"/surveys/{survey_id}/waves/1/opinions", {"batch_no": "O1", "rows": [opinion]})
    office.visit(at(city, "wave", "phone"))
    page.get_by_role("button", name="停止接收").click()
    confirm(page, "停止接收本轮次的应答")
    assert state_of(city, "phone") == "stopped"
    _decide_on_findings(opened, office, city)
    _attest(opened, office, city)
    office.visit(at(city, "wave", "phone"))
    page.get_by_role("button", name="关闭", exact=True).click()
    confirm(page, "关闭本轮次")
    assert state_of(city, "phone") == "closed"
    pages = ("wave", "questionnaire", "batches", "screens", "estimates", "samples")
    for each in trials((), pages):  # `test_every_page.py` sees them of another closed wave
        office.visit(at(city, each, "phone"))
        office.require_accessible()
        office.require_narrow()
    _review(opened, office, city)


def _plan_and_open(office, page: Page) -> None:
    page.get_by_role("button", name="制定抽样方案").click()
    page.get_by_label("每单位配额").fill(str(INTERVIEWS))
    office.require_accessible()
    confirm(page, "制定抽样方案")
    office.settle()
    page.get_by_role("button", name="开放", exact=True).click()
    confirm(page, "开放本轮次")
    expect(page.get_by_role("button", name="停止接收")).to_be_visible()


def _send(centre, page: Page, city) -> None:
    """The centre says what its columns are, sends what is good, and withdraws what was wrong."""
    rows = answers(city)
    handed_in(page, "export.csv", rows)
    page.get_by_text("说明各列的含义").click()
    page.get_by_role("button", name="保存对照").click()
    confirm(page, "保存对照")
    centre.require_accessible()
    page.get_by_role("button", name="检查").click()
    stored = len(rows) - 2
    told = page.get_by_text(f"可接收{stored}行，无变化0行，不接收1行")
    expect(told).to_be_visible()
    expect(page.get_by_role("region", name="不接收的行")).to_contain_text(str(stored + 1))
    assert read(city, "phone", "")["completed"] == 0
    centre.require_accessible()
    centre.require_narrow()
    page.get_by_role("button", name=f"报送无差错的{stored}行").click()
    expect(page.get_by_text(f"接收{stored}行，无变化0行，不接收1行")).to_be_visible()
    assert {each["completed"] for each in read(city, "phone", "")["units"]} == {INTERVIEWS}
    with page.expect_download() as loading:
        page.get_by_role("button", name="下载不接收的行").click()
    assert loading.value.path().read_bytes().startswith(b"PK")
    handed_in(page, "more.csv", [rows[0], ["somebody-asked-anew", *rows[1][1:]]])
    page.get_by_label("批次号").fill("more")
    page.get_by_role("button", name="检查").click()
    page.get_by_role("button", name="报送1行").click()
    row = page.get_by_role("region", name="已报送的批次").get_by_role("row").filter(has_text="more")
    row.get_by_role("button", name="撤回").click()
    page.get_by_label("理由").fill("误报上年数据")
    confirm(page, "撤回批次more")
    expect(row).to_contain_text("误报上年数据")
    assert {each["completed"] for each in read(city, "phone", "")["units"]} == {INTERVIEWS}


def _decide_on_findings(opened, office, city) -> None:
    """The office looks at what the screens found, and somebody of the committee confirms."""
    page = office.visit(at(city, "screens", "phone"))
    found = page.get_by_role("region", name="线索")
    expect(found).to_contain_text("答案组合雷同")
    office.require_accessible()
    office.require_narrow()
    found.get_by_label("全部").check()
    page.get_by_role("button", name="条提出处理意见").click()
    page.get_by_label("理由").fill("录音抽查属实")
    page.get_by_label("文号").fill("云绩办〔2026〕3号")
    confirm(page, "提出线索处理意见")
    [proposed] = read(city, "phone", "/screen-decisions")["decisions"]
    assert (proposed["verdict"], proposed["confirmation"]) == ("keep", None)
    assert {each["subject"] for each in proposed["findings"]} == {
        each["subject"] for each in read(city, "phone", "/screens")["findings"]
    }
    committee, page = _visited(opened, city, "committee", "screens")
    committee.require_accessible()
    page.get_by_role("button", name="确认这一决定").click()
    confirm(page, "确认这一决定")
    [decided] = read(city, "phone", "/screen-decisions")["decisions"]
    assert decided["confirmation"] is not None


def _visited(opened, city, role: str, page: str, unit: str | None = None):
    watched = opened(YEAR, role, unit)
    return watched, watched.visit(at(city, page, "phone"))


def _attest(opened, office, city) -> None:
    """The body that the scheme names objects, and attests the wave after it was open again."""
    body, page = _visited(opened, city, "supervision", "attestation", BODY)
    _say(page, city, "有异议", "objected")
    other = office.visit(at(city, "wave", "phone"))
    other.get_by_role("button", name="重新开放").click()
    other.get_by_label("理由").fill("补充核对录音")
    confirm(other, "重新开放本轮次")
    other.get_by_role("button", name="停止接收").click()
    confirm(other, "停止接收本轮次的应答")
    body.visit(at(city, "attestation", "phone"))
    _say(page, city, "见证", "attested")
    body.require_accessible()
    body.require_narrow()


def _say(page: Page, city, word: str, verdict: str) -> None:
    page.get_by_role("button", name="见证或提出异议").click()
    page.get_by_label(word, exact=True).check()
    page.get_by_label("审查了什么").fill("抽查录音")
    confirm(page, "对本轮次作出结论")
    expect(page.get_by_role("region", name="各监督单位的结论")).to_contain_text(word)
    assert read(city, "phone", "/attestations")["attestations"][-1]["verdict"] == verdict


def _review(opened, office, city) -> None:
    """One person takes the name out of an opinion, another confirms it, and it is published."""
    page = office.visit(at(city, "opinions", "phone"))
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="审核所选1条").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("办事窗口排队太久")
    confirm(page, "提出审核结果")
    office.require_accessible()
    colleague = opened(COLLEAGUE, "performance_office")
    page = colleague.visit(at(city, "opinions", "phone"))
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="确认所选1条").click()
    confirm(page, "确认他人提出的审核结果")
    expect(page.get_by_text("全部意见已审核")).to_be_visible()
    page.get_by_role("button", name="公布", exact=True).click()
    confirm(page, "公布采纳的意见")
    anyone = opened(YEAR, "survey_centre")
    page = anyone.visit(f"/years/{city.cycles[YEAR]}/survey/published-opinions")
    expect(page.get_by_role("region", name="已公布的意见")).to_contain_text("办事窗口排队太久")
    anyone.require_accessible()
    anyone.require_narrow()


def test_a_citizen_answers_by_a_link_and_the_wave_is_voided_and_repeated(opened, asked):
    """Planted bugs: the secret goes into the query of the address; a form is sent without what was
    chosen last; a refusal to void is sent as a consent."""
    city, name = asked, "群众安全感"
    office = opened(YEAR, "performance_office")
    create(office, city, name)
    page = office.visit(at(city, "links", "Z03"))
    page.get_by_role("button", name="生成链接").click()
    dialog = page.get_by_role("dialog", name="生成链接")
    dialog.get_by_label("评议哪些单位").select_option(index=[0, 1])
    dialog.get_by_label("链接数量").fill("2")
    office.require_accessible()
    confirm(page, "生成链接")
    page.get_by_text("查看前20个").click()
    links = page.get_by_role("link").filter(has_text="/console/form#").all_inner_texts()
    assert len(links) == 2
    office.visit(at(city, "wave", "Z03"))
    page.get_by_role("button", name="开放", exact=True).click()
    confirm(page, "开放本轮次")
    _answer(opened, links, city)
    for word, decision in (("不同意作废", "refuse"), ("同意作废", "confirm")):
        _void(opened, office, city, word)
        assert read(city, "Z03", "/voidings")["voidings"][-1]["decided"]["decision"] == decision
    office.visit(at(city, "wave", "Z03"))
    page.get_by_role("button", name="重做").click()
    confirm(page, "重做已作废的轮次")
    last = survey_of(city, "Z03")["waves"][-1]
    assert (last["state"], last["stands_for"]) == ("planned", 1)


def _answer(opened, links: list[str], city) -> None:
    for language, link in zip(("zh-CN", "en-GB"), links, strict=True):
        citizen = opened(language=language, width=320)
        asked_of: list[Request] = []
        citizen.page.on("request", lambda each, made=asked_of: made.append(each))
        secret = link.partition("#")[2]
        page = citizen.visit(f"/form#{secret}")
        unit = page.get_by_role("group").first
        unit.get_by_role("radio").last.check()
        chosen = unit.get_by_role("radio").first
        chosen.check()
        about = str(chosen.get_attribute("name")).partition("/")[0]
        judgement = {"unit": about, "answer": chosen.get_attribute("value")}
        citizen.require_accessible()
        citizen.require_narrow()
        page.locator("button.send").click()
        expect(page.get_by_role("status")).to_be_visible()
        assert not any(secret in each.url.partition("#")[0] for each in asked_of)
        [sent] = [each.post_data_json for each in asked_of if each.method == "POST"]
        assert sent == {"judgements": [judgement]}
        citizen.expects(409, "/api/v1/open-form")
        page.reload()
        expect(page.get_by_role("alert")).to_be_visible()
        citizen.require_accessible()
    assert read(city, "Z03", "")["completed"] == 2


def _void(opened, office, city, word: str) -> None:
    page = office.visit(at(city, "wave", "Z03"))
    page.get_by_role("button", name="提请作废").click()
    page.get_by_label("理由").fill("链接外泄")
    page.get_by_label("文号").fill("云绩办〔2026〕4号")
    confirm(page, "提请作废")
    committee = opened(YEAR, "committee")
    page = committee.visit(at(city, "wave", "Z03"))
    page.get_by_role("button", name="作出决定").click()
    page.get_by_label(word, exact=True).check()
    page.get_by_label("理由").fill("经核查")
    confirm(page, "决定是否作废")


@pytest.mark.parametrize("role", ["performance_office", "survey_centre", "committee", "auditor"])
def test_whoever_has_to_do_with_a_closed_wave_reads_it(opened, city, role):
    """Each page that the list leads to. Planted bug: a page is offered to who may not read it."""
    watched = opened("played", role)
    page = watched.visit(f"/years/{city.cycles['played']}/survey")
    page.get_by_role("table").get_by_role("link").first.click()
    watched.settle()
    tabs = page.locator("nav.pages a")
    expect(tabs.nth(1)).to_be_visible()
    for n in range(tabs.count()):
        tabs.nth(n).click()
        watched.settle()
        expect(page.get_by_role("alert")).to_have_count(0)
