"""The console in a browser: Debian's Chromium, driven by its people over a running city.

A page that says anything on its console, is refused a resource or asks another host fails its test;
what a test means to be refused it says beforehand (`watched.expects`).
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright
from tests.contracts.publish import ROOT
from tests.system.harness import Installation, in_five_processes

from kaoping.card import Card, Credentials
from kaoping.people import People
from kaoping.playing import Account, play, play_before
from kaoping.playing import read_plan as plan_of
from kaoping.steps import Steps
from service_testing import trials

EXAMPLE = ROOT / "examples" / "yunchuan-2025"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# It looks for news of itself, for which there is no way here, and has no sandbox as root.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# What shows PDFs is a part of the browser itself, at an address of its own.
VIEWER = "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/"
# A busy machine is slow before it is wrong.
expect.set_options(timeout=20_000)
_READING = re.compile(r"正在读取……|Reading …")
# Asked within the page, and not from here: a driver that finds it not ready looks again after half
# a second. What is not there for a moment is not yet read: three looks have to agree.
_SETTLED = """() => new Promise(settled => {
  let looks = 1300, times = 0
  const look = () => {
    const isThere = document.querySelector('main h1')?.getClientRects().length > 0
    const isRead = !/正在读取……|Reading …/.test(document.body?.textContent)
    times = isThere && isRead ? times + 1 : 0
    if (times === 3 || !--looks) settled(times === 3)
    else setTimeout(look, 15)
  }
  look()
})"""
_AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
ROUTER = "document.querySelector('#app').__vue_app__.config.globalProperties.$router"
_TOO_WIDE = """[...document.querySelectorAll('html, main *')]
  .filter(each => each.scrollWidth > each.clientWidth + 1 && !each.closest('.table'))
  .filter(each => each.localName === 'html'
    || ['auto', 'scroll'].includes(getComputedStyle(each).overflowX))
  .map(each => `${each.localName}.${each.className} ${each.scrollWidth} > ${each.clientWidth}`)"""

# How many elements came at once, at most: what a page puts in in one go, it draws in one task.
_COUNTED = """window.mostAtOnce = 0;
new MutationObserver(records => {
  const added = records.flatMap(each => [...each.addedNodes]).filter(each => each.isConnected);
  const inside = added.map(each => 1 + (each.querySelectorAll?.('*').length ?? 0));
  window.mostAtOnce = Math.max(window.mostAtOnce, inside.reduce((sum, each) => sum + each, 0));
}).observe(document, {subtree: true, childList: true});"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pass over what needs a browser where there is none; where everything has to run, fail. The
    long form of each looks at how words stand out from what they are on."""
    own = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in own:
        item.add_marker(pytest.mark.prove)
        if CHROMIUM is None and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@dataclass
class City:
    """A running city, with a year that goes on and one that is over; `cycles` says their ids.

    `open` is before its entries are verified, `played` is published.
    """

    installation: Installation
    accounts: dict[str, list[Account]] = field(default_factory=dict)
    cycles: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.installation.url

    def who(self, year: str, role: str, unit: str | None = None) -> Credentials:
        """Return the account of a role in one of the years, of a unit if that is said; or the one
        of that name."""
        for each in self.accounts[year]:
            if role in (*each.roles, each.credentials.name) and unit in (None, each.unit):
                return each.credentials
        raise LookupError(f"nobody is {role} of {unit} in {year}")

    def client(self, year: str, role: str, unit: str | None = None) -> Any:
        """Return a client of the API for somebody."""
        return self.installation.client(self.who(year, role, unit))


@pytest.fixture(scope="session")
def city() -> Iterator[City]:
    """The county districts of the reference city, twice."""
    # A browser beside five processes on two cores keeps each of them waiting now and then.
    patient = {"silence_seconds": "60", "queue_seconds": "30"}
    token = {"token_seconds": "7200", "longest_token_seconds": "7200"}
    with in_five_processes(**token, **patient) as installation:
        made = City(installation)
        # Each part writes its document when it is first asked; the first page waits for them.
        with installation.raw() as client:
            client.get("/api/v1/openapi.json")
        card = Card(installation.url, installation.administrator)
        with Steps() as steps:
            plan = plan_of(EXAMPLE, chinese=True)
            made.accounts["played"] = play(plan, card, steps, kept=True).accounts
            made.cycles["played"] = newest_of(card)
            made.accounts["open"] = play_before(plan, card, steps, "verification")
            made.cycles["open"] = newest_of(card)
        yield made


@pytest.fixture(scope="session")
def made(city: City) -> City:
    """The city with the years of the works besides, known to it by name."""
    from tests.console import works

    cycles, accounts = works.begin(city.installation)
    city.cycles |= cycles
    city.accounts |= dict.fromkeys(cycles, accounts)
    return city


def newest_of(card: Card) -> str:
    """Return the year that was begun last."""
    with card.client() as client:
        newest = max(client.pages("/cycles"), key=lambda each: each["created_at"])
    return str(newest["cycle_id"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one file: while it is driven no other test of the process can have a loop of its own."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass
class Watched:
    """A page of the console, and what went wrong on it."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    expected: list[tuple[int, str]] = field(default_factory=list)

    def expects(self, status: int, path: str) -> None:
        """Say that a request will be refused, before it is sent."""
        self.expected.append((status, path))

    def visit(self, path: str) -> Page:
        """Open a page of the console, and wait until it asks for nothing more."""
        self.page.goto(f"{self.url}/console{path}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until what is being read is there."""
        with suppress(Error):  # the page went on to another one; that is waited for below
            self.page.evaluate(_SETTLED)
        expect(self.page.locator("main h1").first).to_be_visible()
        expect(self.page.get_by_text(_READING)).to_have_count(0, timeout=20_000)

    def turn_to(self, path: str) -> Page:
        """Go to another page as a link does, without the console being loaded anew."""
        self.page.evaluate(f"path => {ROUTER}.push(path)", path)
        self.settle()
        return self.page

    def routes(self) -> dict[str, str]:
        """Return every page that the console has: its name, and its path with places for ids."""
        listed = self.page.evaluate(f"{ROUTER}.getRoutes().map(each => [each.name, each.path])")
        return {name: path for name, path in listed if name}

    def inaccessible(self, *, contrast: bool = True) -> list[str]:
        """Return what axe finds on the page as it is now, with or without how words stand out."""
        if not self.page.evaluate("'axe' in window"):
            session = self.page.context.new_cdp_session(self.page)
            # By the debugger and not by the page, whose policy lets in no script of others.
            session.send("Runtime.evaluate", {"expression": _AXE})
            session.detach()
        found: list[str] = self.page.evaluate(
            "contrast => axe.run(document, {resultTypes: ['violations'],"
            " rules: {'color-contrast': {enabled: contrast}}}).then(r => r.violations.map("
            "v => v.id + ' ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')))",
            contrast,
        )
        return found

    def too_wide(self) -> list[str]:
        """Return what is wider than the window, but for what stands in tables."""
        found: list[str] = self.page.evaluate(_TOO_WIDE)
        return found

    def most_at_once(self) -> int:
        """Return how many elements were put into the page at once, at most, since last asked."""
        most: int = self.page.evaluate("[window.mostAtOnce, window.mostAtOnce = 0][0]")
        return most

    def require_accessible(self) -> None:
        """Fail with what axe finds on the page as it is now. How words stand out takes it longest,
        and is told by the styles that all pages share: the short form looks for it on each page
        once (`test_every_page.py`), and not on each state of it."""
        found = self.inaccessible(contrast=trials(False, True))
        assert found == [], (self.page.url, found)

    def require_narrow(self) -> None:
        """Fail where the page is wider than a phone of 320 px; tables may be moved within."""
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": 320, "height": 720})
        found = self.too_wide()
        self.page.set_viewport_size(size or {"width": 1280, "height": 900})
        assert found == [], (self.page.url, found)

    def listen(self) -> None:
        """Take note of whatever goes wrong."""
        self.page.add_init_script(_COUNTED)
        self.page.on("response", self._answered)
        self.page.on("console", self._spoke)
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))

    def _answered(self, answer: Any) -> None:
        is_meant = any(answer.status == n and path in answer.url for n, path in self.expected)
        if answer.status >= 400 and not is_meant:
            self.faults.append(f"{answer.status} {answer.request.method} {answer.url}")

    def _spoke(self, message: Any) -> None:
        # Which request failed is told by its answer.
        is_told = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not is_told:
            self.faults.append(f"{message.type}: {message.text[:300]}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:", VIEWER, "chrome://resources/")):
            self.faults.append(f"asked another host: {request.url}")


Opening = Callable[..., Watched]
Contexts = dict[tuple[object, ...], BrowserContext]


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[Contexts]:
    """The browsers of a file, by who uses them and how: each has loaded the console once, and
    signs in anew for each test."""
    made: Contexts = {}
    yield made
    for context in made.values():
        context.close()


@pytest.fixture
def opened(city: City, browser: Browser, contexts: Contexts) -> Iterator[Opening]:
    """Open a page: `opened("open", "performance_office")`, or without anybody signed in. Nobody has
    a browser of a former test, and who opens a second page gets it in a browser of its own."""
    used: Contexts = {}
    pages: list[Watched] = []

    def open_page(
        year: str | None = None,
        role: str = "",
        unit: str | None = None,
        *,
        language: str = "zh-CN",
        width: int = 1280,
    ) -> Watched:
        who = None if year is None else city.who(year, role, unit)
        key = (who, year and city.cycles[year], language, width)
        if year is None or key in used:
            key = (*key, len(used))
        context = contexts.get(key) or browser.new_context(
            viewport={"width": width, "height": 900},
            locale=language,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",  # what is still fading in is read by nobody, nor by axe
        )
        used[key] = context
        if who is not None:
            context.clear_cookies()
            _sign_in(context, city.url, who)
        if year is not None and key not in contexts:
            # What shows a document within a page has no storage.
            kept = f"localStorage?.setItem('kaoping.cycle', '{city.cycles[year]}')"
            context.add_init_script(f"localStorage?.setItem('kaoping.signed-in', '1'); {kept}")
        made = Watched(context.new_page(), city.url)
        made.listen()
        pages.append(made)
        return made

    yield open_page
    for key, context in used.items():
        if len(key) == 4:
            contexts[key] = context
            _leave(context)
        else:
            context.close()
    assert [fault for each in pages for fault in each.faults] == []


def _leave(context: BrowserContext) -> None:
    """Close the pages of a browser, which keeps nothing of them but what it has loaded."""
    for page in context.pages:
        with suppress(Error):  # it has shown nothing
            page.evaluate("localStorage.clear()")
        page.close()


def _sign_in(context: BrowserContext, url: str, who: Credentials) -> None:
    """Give a browser the session's cookie: signing in by the page has tests of its own."""
    answer = context.request.post(
        f"{url}/api/v1/session",
        data={"username": who.name, "password": who.secret},
        headers={"X-CSRF-Protection": "1", "Origin": url},
    )
    assert answer.status == 201, answer.text()


@pytest.fixture
def people(city: City) -> Iterator[People]:
    """The administrator's way to make more accounts."""
    card = Card(city.url, city.installation.administrator)
    with card.client() as administrator, People(administrator, card.client) as people:
        yield people
