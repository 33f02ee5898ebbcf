"""The four zeros (四零): what complaints show of units takes points of theirs, by itself."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import in_one_process
from tests.system.passing_days import clock_of, whose_days_pass

from kaoping.people import People, Person
from kaoping.plan import COLLEAGUE, OFFICE
from kaoping.results import Release
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year

PRESET = ROOT / "examples" / "presets" / "zeros"


def nothing(*_):
    """Hear of no progress."""


def with_a_rate(plan):
    """The preset, with the share that a unit answers in time for the value of an indicator: it is
    entered by itself, of units with complaints; of the others their data source enters one."""
    policy = plan.scheme["complaints"] | {"rates": {"timely": "Z02"}, "least": 1}
    entries = {
        poster: [e for e in posted if e["indicator"] != "Z02" or e["unit"] == "Z4"]
        for poster, posted in plan.entries.items()
    }
    return replace(plan, scheme={**plan.scheme, "complaints": policy}, entries=entries)


@pytest.fixture(scope="module")
def year(postgres, databases, tmp_path_factory):
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, whose_days_pass(postgres, databases), keys) as running:
        administrator = running.client(running.administrator)
        with (
            clock_of(running.databases["scoring"]) as clock,
            administrator,
            People(administrator, running.client) as people,
        ):
            clock.begin(dt.date(2025, 3, 3))
            year = Year(with_a_rate(read_tables(PRESET)), people, Steps())
            people.invite([Person(u.lower(), u, ("assessed_unit",), u) for u in ("Z1", "Z2", "Z3")])
            for step in (year.invite, year.register_units, year.publish_scheme):
                step(nothing)
            yield year, clock


class Complaint:
    """A complaint of the year, and who moves it: another of the office asks how the answer was."""

    def __init__(self, year, **more):
        self.year, self.office = year, year.people[OFFICE]
        one = {"kind": "petition", "text": "窗口办事材料要求不一。"} | more
        raised = self.office.post(f"{year.path}/complaints", {"complaints": [one]})
        self.path = f"{year.path}/complaints/{raised['rows'][0]['complaint_id']}"

    def direct(self, move, by=OFFICE, **more):
        return self._move(self.year.people[by], "directions", move, more)

    def assign(self, unit):
        self.direct("assign", units=[{"unit": unit, "role": "lead"}])

    def by(self, unit, move, text="已按规定办理。"):
        return self._move(self.year.people[unit], "answers", move, {"text": text})

    def heard(self, word):
        self.direct("revisit", by=COLLEAGUE, word=word)

    def _move(self, client, where, move, more):
        step = self.office.get(self.path)["step"]
        return client.post(f"{self.path}/{where}", {"step": step, "move": move, **more})


def test_what_complaints_show_takes_points_by_itself(year):
    """Planted bugs: what is upheld costs who answered it; the event of one zero taken for that of
    another; a complaint that was answered well costs something."""
    year, clock = year
    upheld = Complaint(year, kind="efficiency_complaint")
    # All are of one category: nobody there handles one about efficiency.
    upheld.direct("accept", kind="petition", about=["Z1"])
    upheld.assign("Z2")
    upheld.by("Z2", "answer")
    upheld.heard("satisfied")
    upheld.direct("close", word="upheld")
    passed_on = Complaint(year)
    passed_on.direct("accept", kind="petition")
    passed_on.assign("Z3")
    passed_on.by("Z3", "return", "不属于本单位职责。")
    passed_on.assign("Z3")
    passed_on.by("Z3", "answer")
    passed_on.heard("satisfied")
    passed_on.direct("close")
    late = Complaint(year, kind="hotline")
    late.direct("accept", kind="hotline")
    late.assign("Z1")
    clock.begin(dt.date(2025, 4, 28))
    late.by("Z1", "answer")
    late.heard("dissatisfied")
    late.direct("redo", text="请重新办理。")
    late.by("Z1", "answer")
    late.heard("satisfied")
    late.direct("close")

    office, path = year.people[OFFICE], f"{year.path}/complaint-events"
    written = office.post(path)["written"]
    earned = {"overdue": 1, "redone": 1, "returned": 1, "upheld": 1}
    assert written == earned | {"timely_rate": 0}
    assert office.post(path)["entered"] == 0
    found = office.get(f"{year.path}/ledger-entries")["items"]
    assert {(each["unit"], each["key"]) for each in found} == {
        *(("Z1", "投诉属实"), ("Z1", "失约"), ("Z1", "差错")),
        ("Z3", "推诿"),
    }
    clock.begin(dt.date(2026, 1, 20))
    assert office.post(path)["written"]["timely_rate"] == 3
    found = office.get(f"{year.path}/ledger-entries")["items"]
    rates = {each["unit"]: each["value"] for each in found if each["indicator"] == "Z02"}
    assert rates == {"Z1": "50.00", "Z2": "100.00", "Z3": "100.00"}
    year.entry_ids = [each["entry_id"] for each in found]
    for step in (year.post_entries, year.verify_entries, year.score, year.rank, year.approve):
        step(nothing)
    [number] = year.releases.values()
    release = Release.read(office, year.cycle_id, number)
    totals = {each["unit"]: Decimal(each["final_total"]) for each in release.ranking["units"]}
    # What complaints cost is 5 + 2 + 3 of Z1 and 2 of Z3; half in time is worth nothing of 20.
    assert totals == {"Z1": 40 + 0 + 30, "Z2": 36 + 20 + 40, "Z3": 36 + 20 + 38, "Z4": 86}
