"""Two years of three small units, with all that an office and its units do besides the ledger: one
goes on (items, complaints, checks, surveys by ballots and at meetings, targets), one is sealed and
ranked, and waits for a signature that may be given in another's place."""

import asyncio
import datetime as dt
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from playwright.sync_api import expect
from tests.console import published
from tests.system.harness import Installation
from tests.system.two_worlds import indicator, seal_as_seen

from kaoping.card import Credentials
from kaoping.client import Client
from kaoping.playing import Account
from service_testing.clocks import shift

OPEN, RANKED, BESIDE, NEXT = "works", "ranked", "beside", "next"
CITY = ZoneInfo("Asia/Shanghai")
UNITS = {"WORK1": "上河镇", "WORK2": "下河镇", "WORK3": "中河镇"}
SOURCE, BODY, EYES = "WORKDATA", "WORKBODY", "WORKEYES"
CADRE, INSTEAD = "WORKCADRE", "WORKINSTEAD"
BODIES = {
    SOURCE: "镇考核数据中心", BODY: "镇民意调查中心", EYES: "镇纪检监察组", CADRE: "镇组织办",
    INSTEAD: "镇审计组",
}  # fmt: skip
SECRET = "a-secret-that-is-long-enough"
PEOPLE: dict[str, tuple[str | None, str]] = {
    "works-office": (None, "performance_office"),
    "works-colleague": (None, "performance_office"),
    "works-member": (None, "committee"),
    "works-chair": (None, "committee"),
    "works-standing": (None, "standing_committee"),
    "works-auditor": (None, "auditor"),
    "works-source": (SOURCE, "data_source_unit"),
    "works-organiser": (SOURCE, "organiser"),
    "works-centre": (BODY, "survey_centre"),
    "works-second": (BODY, "survey_centre"),
    "works-eyes": (EYES, "supervision"),
    "works-cadre": (CADRE, "responsible_body"),
    "works-second-cadre": (CADRE, "responsible_body"),
    "works-instead": (INSTEAD, "second_body"),
    "works-unit": ("WORK1", "assessed_unit"),
    "works-other": ("WORK2", "assessed_unit"),
    **{f"works-seat{n}": (unit, "panel_member") for n, unit in enumerate((*UNITS, None, None), 1)},
}
OPTIONS = {"good": "100", "fair": "60", "poor": "0"}
ASKED = {
    "options": OPTIONS, "option_names": {"good": "好", "fair": "一般", "poor": "差"},
    "collector": BODY, "waves": 1,
}  # fmt: skip
SURVEYS = [
    {"code": "LEADERS", "name": "领导评价", "mode": "leader_evaluation", "min_valid": 3, **ASKED},
    {"code": "MEETING", "name": "会议测评", "mode": "meeting_count", "quorum": 0.5, **ASKED},
    {"code": "FORMS", "name": "群众问卷", "mode": "questionnaire", **ASKED},
]
CHAIN = {
    "steps": [
        {"code": "merge", "role": "performance_office"},
        {"code": "sign", "role": "committee", "name": "委员会主任签署", "delegates": True},
    ]
}
CLAIMED = {
    "window": {"opens": "2025-01-01", "closes": "2025-12-31"},
    "carry_over": "once",
    "bonus": {
        "rules": [{"code": "B1", "level": "national", "points": 2, "authorities": ["国务院"]}],
        "same_event": "highest",
        "requires": ["document"],
    },
    "deductions": {"rules": [], "same_event": "highest"},
}
GOAL = {"direction": "higher", "cap_ratio": 1}
MATTER = {"matter": "investment", "measure": "亿元"}
LINKED = {
    "unit_weight": "0.6",
    "assessments": [{"kind": "cadre", "bodies": [CADRE], "weight": "0.4"}],
    "team_levels": [{"grade": "best", "from_score": "90"}, {"grade": "fair", "from_score": "0"}],
    "person_grades": ["excellent", "competent", "unfit"],
    "by_unit_grade": [
        {"grade": grade, "points": points, "best_team": "best", "first_share": "0.5"}
        for grade, points in (("good", "95"), ("fair", "80"))
    ],
    "vetoes": [],
    "kept_months": 2,
}
"""What else a scheme of an office that works may have."""
CONSEQUENCES = {"by_grade": [{"grade": "good", "kind": "commendation"}], "flat_below": "0.1"}


def scheme(year: int, *, surveys: bool, **more: Any) -> dict[str, Any]:
    """Return a scheme of these units; by surveys they are assessed besides."""
    told = deepcopy(published.scheme(year, **more)) | {"code": f"WORKS-{year}"}
    [category] = told["categories"]
    category |= {"units": [*UNITS], "organiser": SOURCE, "name": "河区乡镇"}
    [block] = category["blocks"]
    [done] = block["indicators"]
    done |= {"name": "重点工作完成率", "data_source_unit": SOURCE}
    if surveys:
        told["surveys"] = SURVEYS
        told["composition"]["bonus"] = True
        told["adjustments"] = CLAIMED
        done["points"] = 30
        for code, name in (("GOAL", "招商引资"), ("GOAL2", "外来投资")):
            goal = indicator(code, 5, "ratio_to_target", GOAL, name=name)
            block["indicators"].append(goal | MATTER | {"data_source_unit": SOURCE})
        block["indicators"] += [
            indicator(each["code"], 20, "survey_score", {"survey": each["code"], "scale": 100})
            | {"data_source_unit": BODY, "name": each["name"]}
            for each in SURVEYS
        ]
    return told


def begin(installation: Installation) -> tuple[dict[str, str], list[Account]]:
    """Play both years as far as they are wanted; return where they are, and who is in them."""
    with installation.client(installation.administrator) as administrator:
        made = [
            {"subject": who, "kind": "person", "name": who, "unit": unit, "roles": [role]}
            | {"secret": SECRET}
            for who, (unit, role) in PEOPLE.items()
        ]
        units = [
            {"code": code, "name": name, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
            for kind, named in (("assessed", UNITS), ("body", BODIES))
            for code, name in named.items()
        ]
        administrator.post("/accounts", {"accounts": made})
    accounts = [
        Account(who, unit, (role,), Credentials(who, SECRET))
        for who, (unit, role) in PEOPLE.items()
    ]
    with ExitStack() as doors:
        people = {
            each.name: doors.enter_context(installation.client(each.credentials))
            for each in accounts[:7]
        }
        people["works-office"].post("/units", {"units": units})
        years = {OPEN: _going_on, RANKED: _ranked, BESIDE: _beside, NEXT: _next}
        begun = {name: play(people) for name, play in years.items()}
        return begun, accounts


def _year(people: dict[str, Client], name: str, told: dict[str, Any], *without: str) -> str:
    """Begin a year, and have its entries verified; return where it is."""
    office, year = people["works-office"], told["assessment_year"]
    cycle = {"name": name, "jurisdiction": "439902", "assessment_year": year}
    path = f"/cycles/{office.post('/cycles', cycle)['cycle_id']}"
    draft = office.post(f"{path}/scheme-versions", {"scheme": told})
    office.post(f"{path}/scheme-versions/{draft['version']}/publication")
    values = {"WORK1": "95", "WORK2": "85", "WORK3": "40"}
    entry = {"indicator": "DONE", "kind": "measured_value", "key": "v"}
    entries = [
        {"unit": unit, "value": value, **entry}
        for unit, value in values.items()
        if unit not in without
    ]
    people["works-source"].post(
        f"{path}/ledger-entries", {"entries": entries, "state": "submitted"}
    )
    people["works-colleague"].post(f"{path}/ledger-entries/verification", {"all_submitted": True})
    return path


def _going_on(people: dict[str, Client]) -> str:
    spot = {
        "code": "SPOT", "name": "年度抽查", "kind": "spot_check", "entries": 5,
        "of": [{"category": "TOWN"}], "second_marking": {"share": 1, "tolerance": "0.2"},
        "fraud": {"grade_cap": "fair", "indicator": "void", "hearing_days": 5},
    }  # fmt: skip
    spring = {"code": "SPRING", "name": "春季自评", "until": "2026-03-31", "indicators": ["DONE"]}
    told = scheme(
        2025,
        surveys=True,
        checks=[spot],
        complaints={"body": BODY},
        objections={"remarks": {}},
        self_evaluations={"rounds": [spring]},
        linked=LINKED,
    )
    return _year(people, "2025年河区考评", told).removeprefix("/cycles/")


def _beside(people: dict[str, Client]) -> str:
    """The same units are assessed beside it; about one of them the office decides nothing."""
    told = scheme(2025, surveys=False, recusals=[{"unit": "WORK3", "body": INSTEAD}])
    told["code"] = "BESIDE-2025"
    return _year(people, "2025年条线考评", told, "WORK3").removeprefix("/cycles/")


def _ranked(people: dict[str, Client]) -> str:
    told = scheme(2024, surveys=False, approval=CHAIN, consequences=CONSEQUENCES)
    path = _year(people, "2024年河区考评", told)
    office = people["works-office"]
    seal_as_seen(office, path)
    office.post(f"{path}/score-sheets", {"categories": ["TOWN"]})
    office.post(f"{path}/score-sheets/1/feedback")
    office.post(f"{path}/rankings", {"category": "TOWN", "score_sheet_edition": 1})
    people["works-colleague"].post(
        f"{path}/rankings/1/steps", {"step": "merge", "word": "approved"}
    )
    return path.removeprefix("/cycles/")


def _next(people: dict[str, Client]) -> str:
    year = dt.datetime.now(CITY).year
    more = {"most_in_year": 3, "priorities": [{"code": "SAFE", "name": "安全生产"}]}
    told = scheme(year, surveys=False, inspections=more)
    return _year(people, f"{year}年河区考评", told).removeprefix("/cycles/")


@dataclass
class Days:
    """The clock of a database that is in use; it only goes on, until it is set right."""

    url: str

    def pass_(self, days: int) -> None:
        """Let days pass."""
        self._run("UPDATE shifted.clock SET days = days + $1", days)

    def begin(self) -> None:
        """Have it told to whoever asks from now on: connections that are open know another."""
        name = self.url.rsplit("/", 1)[1].partition("?")[0]
        _apart(lambda: asyncio.run(shift(self.url, name)))
        self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
                  " AND pid <> pg_backend_pid()", name)  # fmt: skip

    def _run(self, sql: str, *told: object) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self.url, ssl=False)
            try:
                await connection.execute(sql, *told)
            finally:
                await connection.close()

        _apart(lambda: asyncio.run(run()))


def _apart(work: Callable[[], None]) -> None:
    """Do something in a thread: a browser that is driven has a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()


@contextmanager
def passing_days(url: str) -> Iterator[Days]:
    """Give the clock of the database of that URL, which is set right afterwards."""
    days = Days(url)
    days.begin()
    try:
        yield days
    finally:
        days._run("UPDATE shifted.clock SET days = 0")


def at(city, path, year=OPEN):
    return f"/years/{city.cycles[year]}/{path}"


def today():
    return dt.datetime.now(CITY).date()


def task(page, text):
    """Return what leads to a task: that of its text alone."""
    return page.locator("main").get_by_role("link", name=re.compile(text)).first


def choice(scope, name):
    return scope.get_by_role("combobox", name=name, exact=True)


def sent(scope, page, button, *, title=None):
    """Look at what would come of a command, and give it."""
    scope.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog", name=title) if title else page.get_by_role("dialog").last
    confirm = dialog.get_by_role("button", name="确认", exact=True)
    expect(confirm).to_be_enabled()
    confirm.click()
    expect(confirm).to_have_count(0)


def filled(page, title):
    """Look at the preview of a command that was filled in, and give it."""
    dialog = page.get_by_role("dialog", name=title)
    dialog.get_by_role("button", name="预览").click()
    expect(dialog.locator(".previewed[role=status]")).to_be_visible()
    dialog.get_by_role("button", name="确认", exact=True).click()
    expect(dialog).to_be_hidden()
