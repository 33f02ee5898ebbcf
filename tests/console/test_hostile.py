"""What others wrote, another tab did, or a clock says wrongly, does nothing to whoever looks at it.

Names with markup are text wherever they stand; what was typed outlives its session; a browser has
one cookie, and all its tabs know whose it is; deadlines are days of the city.
"""

import re

import pytest
from playwright.sync_api import expect
from tests.console.conftest import EXAMPLE, Watched, newest_of

from kaoping.card import Card
from kaoping.playing import play
from kaoping.playing import read_plan as plan_of
from kaoping.steps import Steps

YEAR = "hostile"
OFFICE = "performance_office"
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
HOSTILE = [
    MARKUP,
    "{{constructor.constructor('alert(3)')()}} @:key | {n} {a|b} $&",
    "__proto__",
    "长" * 80 + "W" * 100,
    "\"&'<b>粗</b>{a}{b}{c}",
]
"""Names of the first indicators of a scheme, as somebody writes them who means no good."""


@pytest.fixture(scope="module")
def hostile(city):
    """Play a whole year whose scheme has such names; return its id."""
    plan = plan_of(EXAMPLE, chinese=True)
    of = {each["code"]: each for each in plan.scheme["categories"]}
    category = of[plan.categories[0]]
    found = [each for block in category["blocks"] for each in block["indicators"]]
    for each, name in zip(found, HOSTILE, strict=False):
        each["name"] = name
    category["name"] = "县市区<iframe src=//evil.example></iframe>"
    card = Card(city.url, city.installation.administrator)
    with Steps() as steps:
        city.accounts[YEAR] = play(plan, card, steps, kept=True).accounts
    city.cycles[YEAR] = newest_of(card)
    return city.cycles[YEAR]


def _is_text(page):
    """Whether nothing of a name was read as markup."""
    return page.locator("img[src='x'], main script, iframe, main b").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "scheme", "office/year", "office/ledger", "results/score-sheet",
        "results/diagnostics", "results/simulation", "decision/rankings", "survey",
    ],
)  # fmt: skip
def test_names_are_text_wherever_they_stand(opened, hostile, path):
    """Planted bugs: look a code up as a property of an object; show names with `v-html`."""
    watched = opened(YEAR, OFFICE)
    watched.page.on("dialog", lambda dialog: watched.faults.append(dialog.message))
    page = watched.visit(f"/years/{hostile}/{path}")
    assert _is_text(page)
    watched.require_narrow()


def test_what_a_picture_tells_of_a_bar_is_text(opened, hostile):
    """Planted bug: say just once, as the picture begins, how tooltips are drawn: the next option
    begins from nothing."""
    watched = opened(YEAR, "assessed_unit", "XQ10")
    page = watched.visit(f"/years/{hostile}/unit/sheet")
    expect(page.locator("canvas")).to_be_visible()
    page.get_by_role("button", name="English").click()  # another option for the same picture
    watched.settle()
    box = page.locator(".chart").bounding_box()
    for part in range(1, 20):
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * part / 20)
        page.wait_for_timeout(30)
        assert page.locator(".chart > div").count() == 1  # the canvas; HTML would be another
    assert _is_text(page)


def test_what_everybody_reads_is_text(opened, hostile):
    watched = opened()
    page = watched.visit("/published")
    expect(page.get_by_text("<iframe").first).to_be_visible()
    page.get_by_role("link", name=re.compile("查看结果.*<iframe")).click()
    watched.settle()
    assert _is_text(page)
    watched.require_narrow()


def _end_sessions(city, watched, year, role):
    """End every session of somebody from elsewhere, and wait until the cookie opens nothing."""
    with city.client(year, role) as client:
        for each in client.get("/me/sessions")["sessions"]:
            if each["kind"] == "browser":
                client.post(f"/me/sessions/{each['session_id']}/end")
    asked = watched.page.context.request
    for _ in range(40):  # what a cookie opens is read again every five seconds
        if asked.get(f"{city.url}/api/v1/me").status == 401:
            return
        watched.page.wait_for_timeout(500)
    raise AssertionError("the session goes on")


def test_what_was_typed_outlives_the_session(opened, city):
    """Planted bug: lead to the page for signing in as soon as somebody is not known any more."""
    watched = opened("open", OFFICE)
    page = watched.visit(f"/years/{city.cycles['open']}/office/duties")
    page.locator("summary").filter(has_text="指定责任人").click()
    form = page.locator("details[open] form")
    form.get_by_label("责任单位").fill("ZH07")
    form.get_by_label("责任人", exact=True).fill("打了很久的姓名")
    form.get_by_label("副手").fill("另一人")
    _end_sessions(city, watched, "open", OFFICE)
    watched.expects(401, "/api/v1/")
    form.get_by_role("button", name="指定责任人").click()
    again = page.get_by_role("dialog", name="登录会话已结束")
    expect(again).to_be_visible()
    watched.require_accessible()
    again.get_by_label("密码").fill(city.who("open", OFFICE).secret)
    again.get_by_role("button", name="登录").click()
    expect(again).to_have_count(0)
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    expect(form.get_by_label("责任人", exact=True)).to_have_value("打了很久的姓名")
    form.get_by_role("button", name="指定责任人").click()
    expect(page.get_by_role("dialog")).to_contain_text("由打了很久的姓名负责，另一人为副手")


def _sign_in(page, who):
    page.get_by_label("账户", exact=True).fill(who.name)
    page.get_by_label("密码", exact=True).fill(who.secret)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()


def test_all_tabs_are_of_one_person(opened, city):
    """Planted bug: a tab goes on under the name of who has signed out in another."""
    watched = opened()
    page = watched.visit("/sign-in")
    _sign_in(page, city.who("open", OFFICE))
    other = Watched(page.context.new_page(), city.url)
    other.visit("/events")
    other.page.get_by_role("button", name="退出").click()
    other.page.wait_for_url("**/sign-in")
    page.wait_for_url("**/sign-in")
    auditor = city.who("open", "auditor")
    _sign_in(page, auditor)
    other.visit("/sign-in")  # of somebody who is signed in
    _sign_in(other.page, city.who("open", OFFICE))
    expect(page.get_by_role("link", name="年度一览")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in")
    page.go_back()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("待办事项")


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_deadlines_are_days_of_the_city(opened, city, browser, zone):
    """Planted bug: count the days by the clock of the reader's machine."""
    usual = opened("open", OFFICE).visit("/").locator("tbody").inner_text()
    assert re.search(r"还有\d+天|已逾期", usual)
    cookies = opened("open", OFFICE)
    with browser.new_context(
        locale="zh-CN", timezone_id=zone, storage_state=cookies.page.context.storage_state()
    ) as context:
        context.add_init_script("localStorage.setItem('kaoping.signed-in', '1')")
        watched = Watched(context.new_page(), city.url)
        watched.listen()
        watched.page.clock.set_fixed_time("2020-01-01T00:00:00Z")
        assert watched.visit("/").locator("tbody").inner_text() == usual
        assert watched.faults == []


def test_an_address_of_no_year_leads_to_the_desk(opened):
    """Planted bug: take whatever stands in the address for a year."""
    for path in ("/years/nothing/office/ledger", "/years/%2e%2e/scheme", "/years/1%22%3E/scheme"):
        page = opened("open", OFFICE).visit(path)
        expect(page.get_by_role("heading", name="待办事项")).to_be_visible()


def test_a_page_that_cannot_be_loaded_is_said_to_be_so(opened, city):
    """Planted bug: nothing happens."""
    watched = opened("open", OFFICE)
    page = watched.visit("/")
    page.route("**/assets/Versions-*.js", lambda route: route.abort())
    page.get_by_role("link", name="方案版本").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    page.unroute("**/assets/Versions-*.js")
    alert.get_by_role("link", name="重新读取").click()
    expect(page.get_by_role("heading", name="方案版本")).to_be_visible()
