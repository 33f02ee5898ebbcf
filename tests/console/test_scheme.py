"""The scheme: read, edited with its checks as one types, published, compared; and its targets."""

import datetime as dt
import json
import re

import pytest
from playwright.sync_api import expect

expect.set_options(timeout=20_000)


@pytest.fixture(scope="module", autouse=True)
def _written(city):
    """Have each part write its document, which holds up whatever else it is asked meanwhile."""
    with city.client("open", "performance_office") as office:
        office.get("/openapi.json")


def _file(document):
    """A file that holds a scheme."""
    content = json.dumps(document).encode()
    return {"name": "scheme.json", "mimeType": "application/json", "buffer": content}


def test_an_indicator_opens_to_its_whole_rule_for_a_unit(opened, city):
    """Planted bug: the cap of a ratio is left out of the parameters."""
    watched = opened("open", "assessed_unit")
    page = watched.visit(f"/years/{city.cycles['open']}/scheme")
    expect(
        page.get_by_role("row").filter(has_text="合计").or_(page.locator("tfoot"))
    ).to_contain_text("100")
    page.get_by_role("button", name="重点项目投资完成率").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("按完成值与目标值的比例计分")
    expect(drawer).to_contain_text("上限比例")
    expect(drawer).to_contain_text("每月结束后第5个工作日")
    assert not re.search(r"[A-Za-z]{4,}", drawer.inner_text().replace("C01", ""))
    watched.require_accessible()
    page.keyboard.press("Escape")
    page.get_by_label("查找指标").fill("C10")
    expect(page.get_by_text("找到3项指标")).to_be_visible()


def test_points_are_checked_as_one_types_saved_and_seen_as_moved(opened, city):
    """Planted bug: what is saved is the scheme as it was read."""
    watched = opened("open", "performance_office")
    cycle = city.cycles["open"]
    page = watched.visit(f"/years/{cycle}/scheme/editor")
    expect(page.get_by_text("格式和参数检查通过")).to_be_visible()
    # A value that no scheme may have is told beside its field before anything is saved.
    watched.expects(422, "/scheme-versions?mode=check")
    page.get_by_label("分值：C01", exact=True).fill("-6")
    expect(page.get_by_text(re.compile("有1处须改正"))).to_be_visible()
    assert page.get_by_label("分值：C01", exact=True).get_attribute("aria-invalid") == "true"
    expect(page.get_by_role("button", name="保存为草案")).to_be_disabled()
    watched.require_accessible()
    page.get_by_label("分值：C01", exact=True).fill("5.5")
    expect(page.get_by_text("合计60.5，应为61").first).to_be_visible()
    page.get_by_label("分值：C02", exact=True).fill("6.5")
    expect(page.get_by_text("格式和参数检查通过")).to_be_visible()
    # A parameter that is out of its bounds, in the drawer.
    page.get_by_role("button", name="参数与说明：重点项目投资完成率").click()
    cap = page.get_by_role("dialog").get_by_label("上限比例")
    cap.fill("99")
    expect(page.get_by_role("dialog").locator(".found")).to_be_visible()
    cap.fill("1")
    expect(page.get_by_role("dialog").locator(".found")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_label(re.compile("变更理由")).fill("两项指标分值对调半分")
    page.get_by_role("button", name="保存为草案").click()
    expect(page.get_by_text(re.compile(r"已保存为第\d+版草案"))).to_be_visible()
    watched.settle()
    with city.client("open", "performance_office") as office:
        versions = office.pages(f"/cycles/{cycle}/scheme-versions")
        newest = max(versions, key=lambda each: each["version"])
        assert newest["reason"] == "两项指标分值对调半分"
        saved = office.get(f"/cycles/{cycle}/scheme-versions/{newest['version']}")["scheme"]
    points = {i["code"]: i["points"] for i in saved["categories"][0]["blocks"][0]["indicators"]}
    assert (points["C01"], points["C02"]) == ("5.5", "6.5")
    page.get_by_role("link", name=f"分值变动 {newest['version']}").click()
    watched.settle()
    expect(page.get_by_text(re.compile("增加0.5分.*减少0.5分"))).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="C01")).to_contain_text("−0.5")
    watched.require_accessible()


def test_a_draft_that_somebody_overtook_is_not_saved(opened, city):
    """Planted bug: saving names no version."""
    cycle = city.cycles["open"]
    watched = opened("open", "performance_office")
    page = watched.visit(f"/years/{cycle}/scheme/editor")
    with city.client("open", "performance_office") as office:
        last = max(each["version"] for each in office.pages(f"/cycles/{cycle}/scheme-versions"))
        scheme = office.get(f"/cycles/{cycle}/scheme-versions/{last}")["scheme"]
        new = {"scheme": scheme | {"title": "同时保存的方案"}, "reason": "另一人同时保存"}
        office.post(f"/cycles/{cycle}/scheme-versions", new)
    page.get_by_label("方案名称").fill("未能保存的方案")
    page.get_by_label(re.compile("变更理由")).fill("较晚的保存")
    expect(page.get_by_text("格式和参数检查通过")).to_be_visible()
    watched.expects(412, "/scheme-versions")
    page.get_by_role("button", name="保存为草案").click()
    expect(page.get_by_text("在此期间已有人保存了新版本")).to_be_visible()
    page.get_by_role("button", name="以最新版本重新开始").click()
    expect(page.get_by_label("方案名称")).to_have_value("同时保存的方案")


def test_a_file_is_checked_saved_and_published(opened, city):
    """Planted bug: the file is saved without being checked."""
    cycle = city.cycles["open"]
    with city.client("open", "performance_office") as office:
        in_force = office.get(f"/cycles/{cycle}/scheme")
    watched = opened("open", "performance_office")
    page = watched.visit(f"/years/{cycle}/scheme/versions")
    scheme = in_force["scheme"]
    faulty = json.loads(json.dumps(scheme))
    faulty["categories"][0]["blocks"][0]["indicators"][0]["method"] = "guess"
    chooser = page.get_by_label("方案文件")
    watched.expects(422, "/scheme-checks")
    chooser.set_input_files(_file({"scheme": faulty}))
    expect(page.get_by_role("alert")).to_contain_text(
        "/scheme/categories/0/blocks/0/indicators/0/method"
    )
    expect(page.get_by_role("button", name="保存为草案")).to_have_count(0)
    chooser.set_input_files(_file(scheme | {"title": "由文件上传的方案"}))
    page.get_by_label(re.compile("变更理由")).fill("由文件上传")
    page.get_by_role("button", name="保存为草案").click()
    expect(page.get_by_role("row").filter(has_text="由文件上传").first).to_contain_text("草案")
    watched.require_accessible()
    row = page.get_by_role("row").filter(has_text="由文件上传").first
    row.get_by_role("button", name="公布").click()
    page.get_by_role("dialog").get_by_role("button", name="确认").click()
    expect(page.get_by_text(re.compile(r"第\d+版已公布"))).to_be_visible()
    with city.client("open", "performance_office") as office:
        now = office.get(f"/cycles/{cycle}/scheme")
    assert now["version"] > in_force["version"]
    assert now["scheme"]["title"] == "由文件上传的方案"


def test_a_unit_comments_on_a_draft_and_is_answered(opened, city):
    """Planted bug: the comment is about the whole scheme whatever was chosen."""
    with city.client("open", "performance_office") as office:
        # In a year of its own: nothing is published there while units are asked.
        read = office.get(f"/cycles/{city.cycles['open']}")
        begun = {name: read[name] for name in ("jurisdiction", "assessment_year")}
        cycle = office.post("/cycles", begun | {"name": "征求意见的年度"})["cycle_id"]
        scheme = office.get(f"/cycles/{city.cycles['open']}/scheme")["scheme"]
        new = {"scheme": scheme | {"title": "征求意见的草案"}}
        office.post(f"/cycles/{cycle}/scheme-versions", new)
    office_page = opened("open", "performance_office")
    page = office_page.visit(f"/years/{cycle}/scheme/consultations")
    page.get_by_role("button", name="发起征求意见").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("说明").fill("请就分值提出意见")
    dialog.get_by_label("截止日期").fill(
        str(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=20))
    )
    dialog.get_by_role("button", name="发起征求意见").click()
    expect(page.get_by_role("row").filter(has_text="请就分值提出意见")).to_contain_text("征求中")
    unit_page = opened("open", "assessed_unit")
    unit = unit_page.visit(f"/years/{cycle}/scheme/consultations")
    about = unit.get_by_label("针对")
    wanted = about.locator("option", has_text="新增城镇就业").get_attribute("value")
    about.select_option(wanted)
    unit.get_by_role("textbox", name="意见").fill("建议降低就业指标分值")
    unit.get_by_role("button", name="提交意见").click()
    expect(unit.get_by_text("意见已提交。")).to_be_visible()
    unit_page.require_accessible()
    unit_page.require_narrow()
    page = office_page.visit(f"/years/{cycle}/scheme/consultations")
    said = page.get_by_role("listitem").filter(has_text="建议降低就业指标分值")
    expect(said).to_contain_text("新增城镇就业")
    said.get_by_label("采纳情况").select_option("partly_adopted")
    said.get_by_label("答复内容").fill("下一年度调整")
    office_page.require_accessible()
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_text("已答复1条意见。")).to_be_visible()
    expect(said).to_contain_text("部分采纳")


def test_a_target_that_may_not_move_any_more_is_refused_in_the_preview(opened, city):
    """Planted bug: the preview is sent as the command."""
    cycle = city.cycles["open"]
    with city.client("open", "performance_office") as office:
        before = office.get(f"/cycles/{cycle}/targets")["targets"]
    watched = opened("open", "performance_office")
    page = watched.visit(f"/years/{cycle}/scheme/targets")
    page.get_by_role("table").get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="调整目标").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox").first.fill("12.5")
    form.get_by_label("理由").fill("上级调整")
    form.get_by_label("文号").fill("云绩办〔2025〕9号")
    form.get_by_label("批准人").fill("分管副市长")
    with page.expect_request(lambda each: each.method == "POST") as asked:
        form.get_by_role("button", name="预览").click()
    assert "mode=check" in asked.value.url
    expect(form.get_by_role("status")).to_contain_text("1项不予办理")
    expect(form.get_by_role("status")).to_contain_text("截止日期为")
    expect(form.get_by_role("button", name="确认")).to_be_disabled()
    with city.client("open", "performance_office") as office:
        assert office.get(f"/cycles/{cycle}/targets")["targets"] == before
