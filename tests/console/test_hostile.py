"""What others wrote, another tab did, or a clock says wrongly, does nothing to whoever looks at it.

Names with markup are text wherever they stand; what was typed outlives its session; a browser has
one cookie, and all its tabs know whose it is; deadlines are days of the city.
"""

import json
import re
import struct
import zlib

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
    """Whether nothing of a name was read as markup, nor as what all objects have."""
    changed = page.evaluate("(() => { for (const each in {}) return each })()")
    read = page.locator("img[src='x'], main script, iframe, main b").count()
    return (read, changed) == (0, None)


PAGES = (
    "scheme", "office/year", "office/ledger", "results/score-sheet", "results/diagnostics",
    "results/simulation", "decision/rankings", "survey", "plans/projects",
)  # fmt: skip


def test_names_are_text_wherever_they_stand(opened, hostile):
    """Planted bugs: show names with `v-html`; let what draws a picture have them as they are."""
    watched = opened(YEAR, OFFICE)
    watched.page.on("dialog", lambda dialog: watched.faults.append(dialog.message))
    watched.visit("/account")
    for path in PAGES:
        page = watched.turn_to(f"/years/{hostile}/{path}")
        assert _is_text(page), path
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
    """Planted bug: show names with `v-html`: its policy refuses the frame."""
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
    for _ in range(200):  # what a cookie opens is read again every five seconds
        if asked.get(f"{city.url}/api/v1/me").status == 401:
            return
        watched.page.wait_for_timeout(100)
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


def _png(width, height):
    """Return a picture that says that it is so large, with one pixel in it."""

    def part(name, data):
        told = name + data
        return struct.pack(">I", len(data)) + told + struct.pack(">I", zlib.crc32(told))

    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = part(b"IDAT", zlib.compress(b"\0\0")) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + body


def _pdf(action):
    """Return a PDF that does something when it is opened."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction " + action + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>",
    ]
    body = b"%PDF-1.7\n"
    for n, each in enumerate(objects, 1):
        body += b"%d 0 obj" % n + each + b"endobj\n"
    return body + b"trailer<</Root 1 0 R/Size 4>>\n%%EOF\n"


WICKED = {
    "page.pdf": b"<!doctype html><script>alert(1)</script>",
    "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "script.pdf": b"alert(1)",
    "acts.pdf": _pdf(b"<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    "starts.pdf": _pdf(b"<</S/Launch/F(calc.exe)>>"),
    "<b onmouseover=alert(1)>.pdf": b"%PDF-1.7\n%%EOF\n",
    '"quoted".pdf': b"%PDF-1.7\n%%EOF\n",
    "../../etc/passwd.pdf": b"%PDF-1.7\n%%EOF\n",
    "two\nlines.pdf": b"%PDF-1.7\n%%EOF\n",
    "huge.png": _png(30_000, 30_000),
    "\u202egpj.exe.pdf": b"%PDF-1.7\n%%EOF\n",
}
"""Files whose names or contents are not what they seem."""


@pytest.fixture(scope="module")
def named_so(city):
    """Add a file that is one, under a name that means no good, to an entry; return both."""
    from kaoping.city.drawn_files import content_of
    from kaoping.plan import EvidenceFile

    name = "it's ..%2f..%2fetc {{7-7}} ${8-8} &lt;b&gt;1&#x202e; דוח.pdf"
    cycle = f"/cycles/{city.cycles['open']}"
    with city.client("open", "data_source_unit", "DQ05") as source:
        body = content_of(EvidenceFile("决算表", "pdf", 5))
        added = source.put_up(f"{cycle}/evidence", body, {"name": name}, "application/pdf")
        entry = source.get(f"{cycle}/ledger-entries", author_unit="DQ05", limit=1)["items"][0]
        named = {"evidence_ids": [added["evidence_id"]]}
        source.post(f"{cycle}/ledger-entries/{entry['entry_id']}/evidence", named)
    return name, entry


def test_files_that_act_are_refused_by_name_and_nothing_of_them_runs(opened, city):
    """Planted bug: what was refused is said to have been added."""
    watched = opened("open", "assessed_unit", "XQ01")
    watched.page.on("dialog", lambda dialog: watched.faults.append(dialog.message))
    watched.expects(422, "/evidence")
    page = watched.visit(f"/years/{city.cycles['open']}/unit/claims")
    page.get_by_role("button", name="申报一项").click()
    for name, body in WICKED.items():
        file = {"name": name, "mimeType": "application/pdf", "buffer": body}
        page.get_by_label("上传文件").set_input_files(file)
        alert = page.locator("fieldset.files").get_by_role("alert")
        expect(alert).to_be_visible()
        assert not re.search(r"[A-Za-z]{12,}", alert.locator("strong").inner_text())
        expect(page.locator("fieldset.files li:not([role=alert] li)")).to_have_count(0)
    assert page.locator("iframe, embed, object, main script").count() == 0
    with city.client("open", "assessed_unit", "XQ01") as unit:
        kept = unit.get(f"/cycles/{city.cycles['open']}/evidence", unit="XQ01", limit=200)
    assert {each["name"] for each in kept["items"]}.isdisjoint(WICKED)


def test_a_name_that_leads_elsewhere_is_text_and_saved_where_files_are_saved(
    opened, city, named_so, tmp_path
):
    """Planted bugs: the name is shown as markup; the address of a file is its name."""
    name, entry = named_so
    watched = opened("open", OFFICE)
    asked = f"state=any&unit={entry['unit']}&indicator={entry['indicator']}"
    page = watched.visit(f"/years/{city.cycles['open']}/office/ledger?{asked}")
    page.locator("tbody th button").first.click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text(name, exact=True)).to_be_visible()
    assert sheet.locator("b").count() == 0
    with page.expect_download() as saving:
        sheet.get_by_role("button", name=f"下载 {name}").click()
    saved = saving.value
    assert saved.url.startswith("blob:")
    assert not re.search(r"[/\\]", saved.suggested_filename)
    saved.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes().startswith(b"%PDF")


def test_a_command_that_nobody_answered_is_given_again_under_its_key(opened, city):
    """Also where the session had ended meanwhile. Planted bug: each attempt has its own key."""
    watched = opened("open", OFFICE)
    page = watched.visit(f"/years/{city.cycles['open']}/office/duties")
    page.locator("summary").filter(has_text="指定责任人").click()
    form = page.locator("details[open] form")
    form.get_by_label("责任单位").fill("ZH07")
    form.get_by_label("责任人", exact=True).fill("同一键")
    form.get_by_label("副手").fill("另一人")
    keys = []
    watched.expects(401, "/duty-persons")

    def answer(route):
        if "mode=check" in route.request.url:
            route.continue_()
            return
        keys.append(route.request.headers["idempotency-key"])
        ended = {"type": "not-signed-in", "title": "登录会话已结束", "status": 401}
        body = json.dumps(ended)
        if len(keys) == 1:
            route.fulfill(status=401, body=body, content_type="application/problem+json")
        else:
            route.continue_()

    page.route("**/duty-persons**", answer)
    form.get_by_role("button", name="指定责任人").click()
    dialog = page.get_by_role("dialog").first
    dialog.get_by_role("button", name="确认", exact=True).click()
    again = page.get_by_role("dialog", name="登录会话已结束")
    expect(again).to_be_visible()
    page.keyboard.press("Escape")
    expect(again).to_be_visible()
    again.get_by_label("密码").fill(city.who("open", OFFICE).secret)
    again.get_by_role("button", name="登录").click()
    expect(again).to_have_count(0)
    dialog.get_by_role("button", name="确认", exact=True).click()
    expect(dialog).to_have_count(0)
    assert len(keys) == 2
    assert len(set(keys)) == 1
