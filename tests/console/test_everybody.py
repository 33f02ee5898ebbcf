"""Signing in, tasks, events, one's own account."""

from playwright.sync_api import expect
from tests.clients.test_screens import known_kinds

from kaoping.people import Person


def test_somebody_signs_in_finds_the_tasks_and_signs_out(opened, city):
    """Planted bug: the session's note stays after signing out."""
    watched = opened()
    page = watched.visit("/")
    assert page.url.endswith("/console/sign-in")
    watched.require_accessible()
    watched.require_narrow()
    who = city.who("open", "performance_office")
    page.get_by_label("账户", exact=True).fill(who.name)
    page.get_by_label("密码", exact=True).fill("wrong")
    watched.expects(400, "/api/v1/session")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("alert").wait_for()
    watched.require_accessible()
    page.get_by_label("密码", exact=True).fill(who.secret)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="待办事项").wait_for()
    watched.settle()
    assert page.get_by_role("row").count() > 1
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in")
    watched.visit("/events")
    assert "/sign-in" in page.url


def test_what_happens_is_shown_as_it_happens(opened, city, people):
    """Planted bug: what comes is put below what was there."""
    body = {"code": "NEWS", "name": "新闻办", "kind": "body", "uscc": None}
    with city.client("open", "performance_office") as office:  # the last may be of an account
        office.post("/units", {"units": [body | {"valid_from": "2025-01-01"}]})
    watched = opened("open", "auditor")
    page = watched.visit("/events")
    newest = page.locator("tbody tr").first
    expect(newest).to_be_visible()
    expect(newest).not_to_contain_text("新建账户。", timeout=30_000)
    people.invite([Person("newcomer", "新来的", ("auditor",), None)])
    expect(newest).to_contain_text("新建账户。", timeout=30_000)


def test_a_session_that_is_not_mine_is_ended(opened, city):
    opened("open", "performance_office")
    watched = opened("open", "performance_office")
    page = watched.visit("/account")
    buttons = page.get_by_role("button", name="结束")
    before = buttons.count()
    assert before >= 1
    buttons.first.click()
    expect(buttons).to_have_count(before - 1)


def test_a_system_that_does_not_answer_is_said_to_be_so(opened):
    """Planted bug: leave the page empty."""
    watched = opened("open", "performance_office")
    page = watched.page
    watched.expects(503, "/api/v1/me")
    problem = {"type": "service-down", "title": "有服务没有应答。", "status": 503}
    headers = {"Retry-After": "600"}  # longer than anybody waits
    page.route(
        "**/api/v1/me", lambda route: route.fulfill(status=503, json=problem, headers=headers)
    )
    page.goto(f"{watched.url}/console/events")
    expect(page.get_by_role("alert")).to_contain_text("有服务没有应答。")
    watched.require_accessible()
    page.unroute("**/api/v1/me")
    page.get_by_role("button", name="重新读取").click()
    expect(page.get_by_role("heading", name="动态")).to_be_visible()


def test_every_kind_of_task_leads_to_a_page(opened, city):
    """Planted bug: a kind whose page is called otherwise."""
    kinds = sorted(known_kinds())
    asked = {"cycle_id": city.cycles["open"], "cycle_name": "2025", "deadline": None, "about": {}}
    told = [{"kind": kind, "zh": kind, "en": kind, "count": 1, **asked} for kind in kinds]
    watched = opened("open", "performance_office")
    answer = {"tasks": told, "more": 0, "parts": []}
    watched.page.route("**/me/tasks**", lambda route: route.fulfill(json=answer))
    rows = watched.visit("/").locator("main tbody tr")
    expect(rows).to_have_count(len(kinds))
    ways = rows.evaluate_all("rows => rows.map(row => row.querySelector('a')?.pathname)")
    nowhere = (None, "/console/")
    assert [k for k, way in zip(kinds, ways, strict=True) if way in nowhere] == []
