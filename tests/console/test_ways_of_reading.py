"""Not everybody has a mouse, sees colours as they were meant, or reads on a screen."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.console.conftest import City, Opening

FOCUSED = """() => {
  const on = document.activeElement
  return [on.localName, on.getAttribute('aria-label') ?? on.innerText?.trim() ?? '', on.id]
}"""
ON_SCREEN = """() => {
  const box = document.activeElement.getBoundingClientRect()
  const style = getComputedStyle(document.activeElement)
  return box.width > 0 && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
}"""
CUT = """() => [...document.querySelectorAll('main *')]
  .filter(each => each.getClientRects().length)
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => `${each.localName}.${each.className}`)"""
WITHIN = "['body', 'dialog *'].some(each => document.activeElement.matches(each))"
PAPER = {"width": 718, "height": 1047}
"""A4 at 96 dots per inch, without its margins."""


def tab_to(page: Page, name: str | re.Pattern[str], most: int = 80) -> None:
    """Press Tab until what is called so has the focus, and can be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        text = page.evaluate(FOCUSED)[1]
        if re.search(name, text) if isinstance(name, re.Pattern) else name == text:
            assert page.evaluate(ON_SCREEN), name
            return
    raise AssertionError(f"{name} is not reached")


def tabbed_within(page: Page, times: int) -> set[str]:
    """Press Tab that often; return what had the focus, which has to stay in what opened."""
    seen = set()
    for _ in range(times):
        page.keyboard.press("Tab")
        assert page.evaluate(WITHIN)
        seen.add(page.evaluate(FOCUSED)[1])
    return seen


def test_a_command_is_given_by_keyboard_alone(opened: Opening, city: City):
    """From signing in to what was done. Planted bugs: the way past the menu leads nowhere; a dialog
    lets the focus out; it does not give it back; a row is opened by the mouse alone."""
    who = city.who("open", "performance_office")
    watched = opened()
    page = watched.visit("/sign-in")
    page.locator("body").press("Tab")
    tab_to(page, re.compile("^(登录|考评.*)$"), 3)
    page.get_by_label("账户", exact=True).focus()
    page.keyboard.type(who.name)
    page.keyboard.press("Tab")
    page.keyboard.type(who.secret)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="待办事项")).to_be_focused()
    # Of all years the newest is shown first; others have made some since.
    watched.visit(f"/years/{city.cycles['open']}/office/year")
    watched.visit("/")
    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[1] == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED)[2] == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.reload()
    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()
    tab_to(page, "报送任务")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="报送任务", level=1)).to_be_focused()
    cards = page.get_by_role("button", name="登记黄牌、红牌")
    expect(cards).to_be_visible()
    tab_to(page, "登记黄牌、红牌")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading").first).to_be_focused()
    confirm = dialog.get_by_role("button", name="确认", exact=True)
    expect(confirm).to_be_visible()
    expect(dialog.get_by_text("正在读取……")).to_have_count(0)
    assert {"关闭", "取消"} <= tabbed_within(page, 12)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(cards).to_be_focused()
    expect(cards).to_be_enabled()
    page.keyboard.press("Enter")
    expect(confirm).to_be_visible()
    expect(dialog.get_by_text("正在读取……")).to_have_count(0)
    if confirm.is_enabled():
        tab_to(page, "确认", 12)
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
        with city.client("open", "auditor") as auditor:
            assert auditor.get(f"/cycles/{city.cycles['open']}/duty-cards", limit=5)["items"]
    page.goto(page.url.replace("office/duties", "office/ledger"))
    entry = page.locator("tbody th button").first
    expect(entry).to_be_visible()
    expect(page.get_by_text("正在读取……")).to_have_count(0)
    for _ in range(200):
        page.keyboard.press("Tab")
        if entry.evaluate("each => each === document.activeElement"):
            break
    expect(entry).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading").first).to_be_focused()
    expect(dialog.get_by_text("正在读取……")).to_have_count(0)
    tabbed_within(page, 40)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(entry).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_colours_tell_is_there_without_them(opened: Opening, city: City, scheme: str):
    """Where the reader's own colours are forced on a page. Planted bugs: the tab that is open is
    told by a colour alone; what a picture is drawn on is as dark as its words."""
    watched = opened("played", "committee")
    page = watched.page
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    year = f"/years/{city.cycles['played']}"
    watched.visit(f"{year}/decision/ranking?edition=1")
    expect(page.locator(".tag").nth(3)).to_be_visible()
    edges = page.get_by_role("tab").evaluate_all(
        "tabs => tabs.map(each => [each.getAttribute('aria-selected'),"
        " getComputedStyle(each).borderBottomColor])"
    )
    chosen, *others = sorted(edges, reverse=True)
    assert chosen[0] == "true"
    assert {color for _, color in others}.isdisjoint({chosen[1]})
    tags = page.locator(".tag")
    assert tags.count() > 3
    told = tags.evaluate_all(
        "all => all.map(each => [each.querySelector('[aria-hidden]').innerText.trim() !== '',"
        " parseFloat(getComputedStyle(each).borderTopWidth) > 0])"
    )
    assert {tuple(each) for each in told} == {(True, True)}
    for tone in ("good", "calm"):
        marks = page.locator(f".tag[data-tone={tone}] [aria-hidden]").all_inner_texts()
        assert len(set(marks)) <= 1
    page.get_by_role("tab", name="名次区间").click()
    page.get_by_role("button", name="推算").click()
    canvas = page.locator(".chart canvas").first
    expect(canvas).to_be_visible()
    ground = page.locator(".chart").first.evaluate("each => getComputedStyle(each).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    watched.visit(f"{year}/decision/rankings")
    here = page.locator("#menu a.router-link-active").first
    assert here.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"


def test_a_release_and_a_sheet_are_printed_whole(opened: Opening, city: City):
    """Planted bugs: the bar is printed; a table goes on beyond the edge of the paper; what leads
    elsewhere is printed as something to press."""
    public = opened()
    year = city.cycles["played"]
    public.visit(f"/published/{year}/releases/1")
    unit = opened("played", "assessed_unit", "XQ01")
    unit.visit(f"/years/{year}/unit/sheet")
    unit.page.get_by_role("button", name="全部展开").click()
    for watched, rows in ((public, 10), (unit, 5)):
        page = watched.page
        page.set_viewport_size(PAPER)
        page.emulate_media(media="print")
        for hidden in ("header.bar", "#menu", ".page-head .actions", ".filters"):
            for each in page.locator(hidden).all():
                assert not each.is_visible() or hidden == ".filters"
        assert page.evaluate(CUT) == []
        assert page.locator("tbody tr:visible, details[open].step:visible").count() >= rows
        links = page.locator("main a:visible, main button.link:visible")
        inks = links.evaluate_all(
            "all => all.map(each => [getComputedStyle(each).color,"
            " getComputedStyle(each.parentElement).color])"
        )
        assert all(ink == around for ink, around in inks)
        content = page.pdf(format="A4")
        assert content.startswith(b"%PDF")
