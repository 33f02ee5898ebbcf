"""Every page that the router of the console lists, as somebody whom it is for: in both years, both
languages and both widths, with no finding of axe and nothing that is moved sideways but tables.

The short form sees each page once in each year, in one language and width of the two, and has axe
look at it in the year in which there is more on it. Whom the pages of an area are for is told once,
and what a page needs in its address; a new page is visited by itself. What everybody reads without
an account is visited in `test_public.py`.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Route, expect
from tests.console.conftest import City, Opening, Watched

from kaoping.playing import Account
from service_testing import trials

NOBODY = ""
OFFICE, AUDITOR, ADMINISTRATOR = "performance_office", "auditor", "system_administrator"
Who = tuple[str, str | None]
AREAS: Mapping[str, Who] = {
    "office": (OFFICE, None),
    "awards": (OFFICE, None),
    "codes": (OFFICE, None),
    "scheme": (OFFICE, None),
    "results": (OFFICE, None),
    "plans": (OFFICE, None),
    "superior": (OFFICE, None),
    "archive": (OFFICE, None),
    "jurisdictions": (ADMINISTRATOR, None),
    "survey": (OFFICE, None),
    "objections": (OFFICE, None),
    "checks": (OFFICE, None),
    "periods": (OFFICE, None),
    "hand-in": (OFFICE, None),
    "self-evaluations": (OFFICE, None),
    "calendar": (OFFICE, None),
    "supervision": (OFFICE, None),
    "decision": ("committee", None),
    "source": ("data_source_unit", "DQ05"),
    "unit": ("assessed_unit", "XQ01"),
    "linked": ("responsible_body", None),
    "administration": (ADMINISTRATOR, None),
}
"""By the folder in which its pages stand: the role that they are for, and of which unit."""
PAGES: Mapping[str, Who] = {
    "tasks": (OFFICE, None),
    "events": (OFFICE, None),
    "account": (OFFICE, None),
    "years": (OFFICE, None),
    "units": (OFFICE, None),
    "journals": (AUDITOR, None),
    "linked-log": (AUDITOR, None),
    "linked-erasure": (OFFICE, None),
    "sign-in": (NOBODY, None),
    "open-form": (NOBODY, None),
}
"""Pages of no area, and those that others than their area's people read."""
ASKS: Mapping[str, tuple[str, ...]] = {
    "account-of": ("?subject={auditor}",),
    "office-claims": ("", "?state=any"),
    "score-sheet": ("?block=function",),
    "ranking": ("?edition=1",),
    "source-entry": ("", "?indicator=C14", "?indicator=C15"),
    **{
        f"survey-{each}": ("?survey=phone&wave=1",)
        for each in (
            *("wave", "questions", "batches", "links", "votes", "ballot", "screens"),
            *("attestation", "estimates", "samples", "opinions"),
        )
    },
}
"""What stands behind the path of a page, each a visit of its own."""
MOST_AT_ONCE = 1500
"""Elements that a page may put in at once."""
MANY = 1000
TALLEST = "Math.max(0, ...[...document.querySelectorAll('canvas')].map(each => each.height))"
LOOKS: Mapping[str, list[tuple[str, int]]] = trials(
    {"played": [("zh", 1280)], "open": [("en", 320)]},
    {year: [*product(("zh", "en"), (1280, 320))] for year in ("played", "open")},
)
"""By year the languages and widths in which pages are looked at."""
WORKED_ON = {
    *("office", "codes", "source", "unit", "hand-in", "periods", "scheme", "plans", "superior"),
    *("checks", "self-evaluations", "supervision", "linked", "administration", "jurisdictions"),
}
"""Areas whose pages have more on them while a year goes on than once it is over."""
ENGLISH = re.compile(r"\b[a-z]{2,}(?:_[a-z]+)+\b")
"""Codes as only the API writes them."""


def of_area(path: str) -> str:
    """Return the folder in which a page stands."""
    return next((part for part in path.split("/") if part not in ("", "years", ":cycle")), "")


def whom(name: str, path: str) -> Who:
    """Return whom a page is for."""
    if name in PAGES:
        return PAGES[name]
    assert of_area(path) in AREAS, f"say whom {name} ({path}) is for"
    return AREAS[of_area(path)]


def of_people(city: City, year: str, routes: Mapping[str, str]) -> dict[Who, list[str]]:
    """Return the addresses of all pages but the public ones, by whom they are for."""
    found: dict[Who, list[str]] = {}
    auditor = city.who(year, AUDITOR).name
    for name, path in routes.items():
        if of_area(path) != "published":
            at = path.replace(":cycle", city.cycles[year])
            visits = [at + each.format(auditor=auditor) for each in ASKS.get(name, ("",))]
            found.setdefault(whom(name, path), []).extend(visits)
    return found


def is_searched(path: str, year: str) -> bool:
    """Say whether axe looks at a page in a year: in the one in which there is more on it."""
    return trials((of_area(path) in WORKED_ON) == (year == "open"), True)


def faults(watched: Watched, year: str, *, axe: bool) -> Iterator[str]:
    """Yield what is wrong with the page that is open. How its words stand out from what they are
    on is the same in every language and width, and takes longest to find: it is looked for once."""
    page = watched.page
    for n, (language, width) in enumerate(LOOKS[year]):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.lang.slice(0, 2)") != language:
            page.locator("button.bar-link[lang]").click()
            watched.settle()
        said = page.locator("main").inner_text() if language == "zh" else ""
        found = [
            *(watched.inaccessible(contrast=n == 0) if axe else ()),
            *watched.too_wide(),
            *ENGLISH.findall(said),
        ]
        yield from (f"{page.url} {language} {width}: {each}" for each in found)


def each_tab(watched: Watched, year: str, *, axe: bool) -> Iterator[str]:
    """Yield what is wrong with the page, and with each of its tabs."""
    yield from faults(watched, year, axe=axe)
    tabs = watched.page.get_by_role("tab")
    for n in range(1, tabs.count()):
        tabs.nth(n).click()
        watched.settle()
        yield from faults(watched, year, axe=axe)


def signed_in(opened: Opening, year: str, who: Who, path: str, **settings: Any) -> Watched:
    """Open a page as somebody, or as nobody."""
    role, unit = who
    watched = opened(year, role, unit, **settings) if role else opened(**settings)
    watched.visit(path)
    return watched


@pytest.fixture(scope="module")
def governed(city: City) -> City:
    """The city, with its administrator among the people of both years."""
    who = city.installation.administrator
    for year in ("played", "open"):
        administrator = Account(who.name, None, (ADMINISTRATOR,), who)
        city.accounts[year] = [*city.accounts[year], administrator]
    return city


@pytest.mark.parametrize("year", ["played", "open"])
def test_every_page_is_for_everybody(opened: Opening, governed: City, year: str):
    """Planted bugs: a label is left out of a form; the way past the menu leads nowhere; a code is
    shown as the API writes it; a list is drawn at once."""
    routes = signed_in(opened, year, (NOBODY, None), "/sign-in").routes()
    wrong, most = [], {}
    for who, paths in of_people(governed, year, routes).items():
        watched = signed_in(opened, year, who, paths[0])
        for path in paths:
            watched.turn_to(path)
            most[path] = watched.most_at_once()
            template = path.replace(governed.cycles[year], ":cycle")
            wrong += each_tab(watched, year, axe=is_searched(template, year))
    assert not wrong, "\n".join(wrong)
    assert {path: n for path, n in most.items() if n > MOST_AT_ONCE} == {}


def test_a_thousand_units_come_a_piece_at_a_time(opened: Opening, governed: City):
    """Planted bug: a table is drawn at once."""
    public = f"/published/{governed.cycles['played']}/releases/1"
    year = f"/years/{governed.cycles['played']}"
    visits: list[tuple[Who, str, str | None]] = [
        ((NOBODY, None), public, None),
        ((OFFICE, None), f"{year}/office/year", None),
        ((OFFICE, None), f"{year}/survey/estimates?survey=phone&wave=1", None),
        ((OFFICE, None), f"{year}/results/score-sheet?block=function", None),
        (("committee", None), f"{year}/decision/ranking?edition=1", "名次与等次"),
    ]
    most = {}
    for who, path, tab in visits:
        watched = signed_in(opened, "played", who, "/account" if who[0] else "/published")
        watched.page.route("**/api/v1/**", thousandfold)
        watched.turn_to(path)
        if tab:
            watched.page.get_by_role("tab", name=tab).click()
        whole = watched.page.get_by_text(re.compile(r"共1,\d{3}[行个]"))
        expect(whole.first).to_be_visible()
        watched.settle()
        most[path] = watched.most_at_once()
        tall = watched.page.evaluate(TALLEST)
        assert tall < 3000, (path, tall)
    assert {path: n for path, n in most.items() if n > MOST_AT_ONCE} == {}


def thousandfold(route: Route) -> None:
    """Answer as the API does, with the units of each list until there are a thousand."""
    if route.request.method != "GET" or "wait=" in route.request.url:
        route.continue_()
        return
    answer = route.fetch()
    told = answer.json() if "json" in answer.headers.get("content-type", "") else None
    if isinstance(told, dict):
        for name in ("units", "items"):
            told |= {name: of_many(told[name])} if isinstance(told.get(name), list) else {}
        route.fulfill(response=answer, json=told)
    else:
        route.fulfill(response=answer)


def of_many(rows: list[Any]) -> list[Any]:
    """Return rows for a thousand units; what is not about units stays as it is."""
    units = {unit_of(row) for row in rows}
    if not units or None in units:
        return rows
    return [renamed(row, n) for n in range(-(-MANY // len(units))) for row in rows]


def unit_of(row: Any) -> str | None:
    if not isinstance(row, dict):
        return None
    unit: str | None = row.get("unit") or row.get("codes", {}).get("unit")
    return unit


def renamed(row: dict[str, Any], n: int) -> dict[str, Any]:
    more = {name: f"{row[name]}{n}" for name in ("unit", "name", "key") if row.get(name)}
    codes = (
        {"codes": row["codes"] | {"unit": f"{row['codes']['unit']}{n}"}} if "codes" in row else {}
    )
    return row | more | codes
