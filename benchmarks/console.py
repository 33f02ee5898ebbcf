"""The console in Chromium, by its own performance API: the first page after signing in, each page
of the menu, and a list of 1,000 units.

Beside each page stand its answers alone: the same documents, asked for at once in the same browser
and shown nowhere. The longest task is held against 50 ms, from which on a browser calls it long;
beside it stands a bare table of the same rows that is made at once.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.measuring import heading, say
from benchmarks.reference_city import EXAMPLE, UNLIMITED
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from kaoping.card import Card, Credentials
from kaoping.client import Client
from kaoping.playing import Account, play, read_plan
from kaoping.steps import Steps
from kaoping.system import System

TIMES = 3
MANY = 1000
LONG_TASK = 0.05
FIRST_PAGE = 1.0
"""Seconds until the first page after signing in stands."""
ROLES = ("performance_office", "assessed_unit", "data_source_unit", "committee")
SECRET = "a-secret-that-is-long-enough"  # noqa: S105 - of accounts that live for a minute
PEOPLE = {
    "many-office": (None, "performance_office"),
    "many-colleague": (None, "performance_office"),
    "many-member": (None, "committee"),
    "many-standing": (None, "standing_committee"),
    "many-source": ("MANYDATA", "data_source_unit"),
}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
READING = "正在读取"

# When something on the page changed last, and which tasks were long: told by the browser itself.
NOTES = """
window.changed = 0; window.tasks = [];
new MutationObserver(() => { window.changed = performance.now() })
  .observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.tasks.push(each.duration);
}).observe({ type: "longtask", buffered: true });
"""
STANDS = f"""() => document.querySelector("main h1")
  && !document.querySelector("main").innerText.includes("{READING}")
  && performance.now() - window.changed > 400"""
TOLD = """() => {
  const asked = performance.getEntriesByType("resource");
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const all = [...performance.getEntriesByType("navigation"), ...asked];
  return {
    painted: paint ? paint.startTime : 0, stood: window.changed,
    longest: Math.max(0, ...window.tasks), bytes: all.reduce((sum, e) => sum + e.transferSize, 0),
    urls: asked.map((each) => each.name)
      .filter((name) => name.includes("/api/") && !name.includes("wait=2")),
  };
}"""
ALONE = """async (urls) => {
  const began = performance.now();
  await Promise.all(urls.map((url) => fetch(url, { cache: "no-store" }).then((a) => a.text())));
  return performance.now() - began;
}"""
# As many rows as plain as can be, in one task.
BARE = """(many) => {
  const table = document.createElement("table");
  for (let n = 1; n <= many; n++) {
    const row = table.insertRow();
    for (const text of [n, `第${n}社区居民委员会`, "优秀", "90.0000", "90.0000", "0", "90.0000"])
      row.insertCell().textContent = text;
  }
  document.querySelector("main").replaceChildren(table);
  return table.offsetHeight;
}"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page took, in seconds from the navigation on, and how many bytes it was sent."""

    painted: float
    stood: float
    longest: float
    size: float
    alone: float
    """The seconds that its answers take where nothing shows them."""


def measure() -> None:
    """Measure the pages of the menu for some roles, and a long list."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("\nthe console: there is no Chromium here")
        return
    with System.temporary(environment=UNLIMITED) as system, sync_playwright() as driver:
        card = system.card
        plan = read_plan(EXAMPLE, chinese=True)
        accounts = play(plan, card, Steps(), kept=True).accounts
        year = many_units(card)
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for role in ROLES:
            with signed_in(browser, system.gateway_url, _of(accounts, role)) as context:
                menu(context, system.gateway_url, role)
        office = Credentials("many-office", SECRET)
        with signed_in(browser, system.gateway_url, office, year) as context:
            menu(context, system.gateway_url, f"the office of {MANY:,} units")
        with browser.new_context(locale="zh-CN") as context:
            long_list(context, system.gateway_url, f"/published/{year}/releases/1")
        browser.close()


def _of(accounts: list[Account], role: str) -> Credentials:
    return next(each.credentials for each in accounts if role in each.roles)


@contextmanager
def signed_in(
    browser: Browser, url: str, who: Credentials, year: str | None = None
) -> Iterator[BrowserContext]:
    """Give a browser in which somebody is signed in, with a year chosen if that is said."""
    with browser.new_context(locale="zh-CN") as context:
        answer = context.request.post(
            f"{url}/api/v1/session",
            data={"username": who.name, "password": who.secret},
            headers={"X-CSRF-Protection": "1", "Origin": url},
        )
        assert answer.ok, answer.text()
        context.add_init_script("localStorage.setItem('kaoping.signed-in', '1')")
        if year is not None:
            context.add_init_script(f"localStorage.setItem('kaoping.cycle', '{year}')")
        yield context


def menu(context: BrowserContext, url: str, role: str) -> None:
    """Measure the first page and every place of the menu."""
    heading(f"the console as {role}: all of it stands")
    first = shown(context, f"{url}/console/", warm=False)
    say("first page after signing in, nothing kept", first.stood, FIRST_PAGE, "of what it may")
    say("  first content", first.painted, FIRST_PAGE, "of what it may")
    print(f"{'  bytes that it was sent':<46} {first.size / 1024:9.1f} KiB")
    long = _told_if_long(first)
    places = _places(context, url)
    for path in places:
        found = shown(context, url + path)
        name = path.removeprefix("/console").split("?")[0]
        name = "/".join(part if len(part) < 36 else "…" for part in name.split("/"))
        say(name, found.stood, found.alone, "of its answers alone")
        long += _told_if_long(found)
    print(f"pages with a task of over {LONG_TASK * 1000:.0f} ms: {long} of {len(places) + 1}")


def _told_if_long(found: Shown) -> bool:
    is_long = found.longest > LONG_TASK
    if is_long:
        say("  longest task", found.longest, LONG_TASK, "of what it may")
    return is_long


def _places(context: BrowserContext, url: str) -> list[str]:
    page = context.new_page()
    page.goto(f"{url}/console/")
    page.locator("nav.menu a").first.wait_for()
    links = page.locator("nav.menu a").all()
    found = [str(each.get_attribute("href")) for each in links]
    page.close()
    return list(dict.fromkeys(found))


def shown(context: BrowserContext, address: str, *, warm: bool = True) -> Shown:
    """Open a page some times, each in a tab of its own; return the medians, and of the longest
    tasks the least, which neighbours on the machine lengthen."""
    runs = [_once(context, address, warm=warm) for _ in range(TIMES)]
    stood, painted = (median(run[name] for run in runs) / 1000 for name in ("stood", "painted"))
    longest = min(run["longest"] for run in runs) / 1000
    alone = median(run["alone"] for run in runs) / 1000
    return Shown(painted, stood, longest, median(run["bytes"] for run in runs), alone)


def _once(context: BrowserContext, address: str, *, warm: bool) -> dict[str, Any]:
    page = context.new_page()
    page.add_init_script(NOTES)
    if not warm:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
    page.goto(address)
    told = _told(page)
    told["alone"] = page.evaluate(ALONE, told["urls"])
    page.close()
    return told


def _told(page: Page) -> dict[str, Any]:
    page.wait_for_function(STANDS, timeout=60_000)
    told: dict[str, Any] = page.evaluate(TOLD)
    return told


def long_list(context: BrowserContext, url: str, path: str) -> None:
    """Measure a page with 1,000 units in a table, as it comes and as it is sorted: the longest task
    by the processor time of the page's thread, which neighbours do not lengthen."""
    heading(f"a list of {MANY:,} units, longest task")
    page = context.new_page()
    page.add_init_script(NOTES)

    def comes() -> None:
        page.goto(f"{url}/console{path}")
        _told(page)

    say("as it comes", _longest(page, comes), LONG_TASK, "of what it may")
    assert page.get_by_role("row").count() > MANY
    for name in ("总分", "单位"):
        head = page.get_by_role("columnheader", name=name).get_by_role("button")

        def sorts(head: Locator = head) -> None:
            head.click()
            _told(page)

        say(f"sorted by {name}", _longest(page, sorts), LONG_TASK, "of what it may")
    bare = _longest(page, lambda: page.evaluate(BARE, MANY))
    say("the same rows bare, all at once", bare, LONG_TASK, "the reference")
    page.close()


def _longest(page: Page, work: Callable[[], object]) -> float:
    """Do something some times; return the least that the longest task of the page's thread took,
    in seconds of the processor."""
    return min(_longest_once(page, work) for _ in range(TIMES))


def _longest_once(page: Page, work: Callable[[], object]) -> float:
    browser = page.context.browser
    assert browser is not None
    categories = ["toplevel", "disabled-by-default-devtools.timeline"]
    browser.start_tracing(page=page, categories=[*categories, "__metadata"])
    work()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    # The browser has pages of its own, of which nothing is told here.
    own = {each["pid"] for each in events if "/console/assets/" in json.dumps(each.get("args"))}
    mains = {
        (each["pid"], each["tid"])
        for each in events
        if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"
        if each["pid"] in own
    }
    tasks = (e for e in events if e["name"].endswith("RunTask") and (e["pid"], e["tid"]) in mains)
    return max(each.get("tdur", 0) for each in tasks) / 1e6


def many_units(card: Card) -> str:
    """Have a year of 1,000 units released to everybody; return its id."""
    with ExitStack() as doors:
        administrator = doors.enter_context(card.client())
        accounts = [
            {"subject": who, "kind": "person", "name": who, "unit": unit, "roles": [role]}
            | {"secret": SECRET}
            for who, (unit, role) in PEOPLE.items()
        ]
        administrator.post("/accounts", {"accounts": accounts})
        clients = {
            who: doors.enter_context(Client(card.gateway_url, Credentials(who, SECRET)))
            for who in PEOPLE
        }
        return _released(clients, [f"MANY{n:04}" for n in range(MANY)])


def _released(people: dict[str, Client], units: list[str]) -> str:
    office, colleague = people["many-office"], people["many-colleague"]
    named = [(unit, f"第{n}社区居民委员会", "assessed") for n, unit in enumerate(units, 1)]
    told = [
        {"code": code, "name": name, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
        for code, name, kind in [*named, ("MANYDATA", "统计站", "body")]
    ]
    for begin in range(0, len(told), 100):
        office.post("/units", {"units": told[begin : begin + 100]})
    cycle = {"name": "社区考评", "jurisdiction": "439902", "assessment_year": 2024}
    cycle_id = office.post("/cycles", cycle)["cycle_id"]
    path = f"/cycles/{cycle_id}"
    version = office.post(f"{path}/scheme-versions", {"scheme": _scheme(units)})["version"]
    office.post(f"{path}/scheme-versions/{version}/publication")
    measured = {"indicator": "DONE", "kind": "measured_value", "key": "v"}
    entries = [{"unit": unit, "value": str(n % 100), **measured} for n, unit in enumerate(units)]
    for begin in range(0, MANY, 200):
        some = {"entries": entries[begin : begin + 200], "state": "submitted"}
        people["many-source"].post(f"{path}/ledger-entries", some)
    colleague.post(f"{path}/ledger-entries/verification", {"all_submitted": True})
    seen = office.post(f"{path}/ledger/seal?mode=check")
    office.post(f"{path}/ledger/seal", {"leaves": seen["leaves"], "seen": seen["seen"]})
    office.post(f"{path}/score-sheets", {"categories": ["MANY"]})
    office.post(f"{path}/score-sheets/1/feedback")
    office.post(f"{path}/rankings", {"category": "MANY", "score_sheet_edition": 1})
    office.post(f"{path}/rankings/1/merge", {})
    people["many-member"].post(f"{path}/rankings/1/review", {})
    people["many-standing"].post(f"{path}/rankings/1/decision", {})
    colleague.post(f"{path}/rankings/1/publication", {})
    return str(cycle_id)


def _scheme(units: list[str]) -> dict[str, Any]:
    tiers = [{"min": low, "points": low} for low in range(90, -1, -10)]
    done = {"code": "DONE", "name": "重点工作", "points": 100, "method": "tiers"}
    done |= {"params": {"input": "v", "tiers": tiers}, "data_source_unit": "MANYDATA"}
    block = {"code": "work", "name": "重点工作", "points": 100}
    block["indicators"] = [done | {"frequency": "yearly"}]
    category = {"code": "MANY", "name": "社区", "organiser": "MANYDATA", "total": 100}
    return {
        "title": "社区考评",
        "code": "MANY-2024",
        "assessment_year": 2024,
        "rounding": {"places": 4},
        "ledger": {"zero_report_required": True},
        "calendar": [],
        "surveys": [],
        "tags": [],
        "categories": [category | {"units": units, "blocks": [block]}],
        "composition": {"parts": ["work"], "bonus": False, "deductions": False},
        "vetoes": {"grade_cap": "fair", "limit": 2, "items": []},
        "demotions": [],
        "grades": {
            "order": ["good", "fair"],
            "names": {"good": "优秀", "fair": "合格"},
            "levels": [{"grade": "good", "rate": "0.3", "rounding": "floor", "min_score": 10}],
            "unqualified_below": 0,
            "vacancy": "leave",
        },
        "ranking": {"tie_break": [], "ties": "same_rank_skip"},
        "publication": {"public": dict.fromkeys(("grades", "ranks", "scores", "blocks"), True)},
    }
