"""Outlooks: where a unit stands, what it lost, what lies ahead; and that no other unit is named."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from scoring.rules.explanation.steps import BilingualText, Step
from scoring.rules.reports.outlook import (
    chances,
    deadlines,
    losses,
    open_periods,
    rank_among,
    timetable_of,
)
from scoring.rules.scheme.document import CalendarStep

OTHERS = [
    "committee",
    "standing_committee",
    "auditor",
    "data_source_unit",
    "organiser",
    "responsible_body",
    "survey_centre",
]
WHY = BilingualText("why", "为何")


def step(kind: str, code: str, points, score, *children: Step, **more) -> Step:
    numbers = [None if each is None else Decimal(each) for each in (points, score)]
    told = {"method": "m", "rule": "r", "formula": "f", "excess": Decimal(0)}
    rest = {"inputs": (), "missing": (), "reason": None}
    return Step(kind, code, code, *numbers, **(told | rest | more), children=children)


def tree(*parts: Step) -> Step:
    block = step("block", "function", None, None, *(p for p in parts if p.kind == "indicator"))
    rest = step("adjustment", "a", None, None, *(p for p in parts if p.kind != "indicator"))
    return step("total", "XQ01", None, None, block, rest)


@pytest.mark.parametrize(
    ("own", "others", "found"),
    [
        ("90", ["80", "95", "92"], (4, 3, 2, 0, "2")),
        ("95", ["80", "90"], (3, 1, 0, 0, None)),
        ("90", ["90", "95", "90"], (4, 2, 1, 2, "5")),
        ("90", [None, "91", None], (2, 2, 1, 0, "1")),
        ("90", [], (1, 1, 0, 0, None)),
        (None, ["80", None], (1, None, 0, 0, None)),
    ],
)
def test_a_place_counts_who_is_above_and_the_next_total_is_the_nearest_of_them(own, others, found):
    """Planted bug: measure the distance to the best, or give equal totals different places."""
    totals = [None if each is None else Decimal(each) for each in others]
    one = rank_among(None if own is None else Decimal(own), totals)
    distance = None if one.to_next_above is None else str(one.to_next_above)
    assert (one.compared, one.rank, one.above, one.equal, distance) == found


def test_losses_are_named_with_their_reason_the_most_costly_first():
    deducted = step("claim", "D1", None, "-2", reason=WHY)
    given = tree(
        step("indicator", "C01", "5", "5"),
        step("indicator", "C02", "5", "4.5", formula="5 × 9/10"),
        step("indicator", "C03", "5", None),
        step("indicator", "C04", "0", "0"),
        step("claim", "B1", None, "1"),
        deducted,
        step("excess", "excess", None, "-0.1", rule="beyond"),
    )
    found = [(one.kind, one.code, str(one.lost)) for one in losses(given)]
    assert found == [("claim", "D1", "2"), ("indicator", "C02", "0.5"), ("excess", "excess", "0.1")]
    by_code = {one.code: one for one in losses(given)}
    assert by_code["D1"].reason == WHY
    assert by_code["C02"].reason.en == "4.5 of 5 points by r: 5 × 9/10."
    assert by_code["C02"].reason.zh == "得4.5分（满分5分）；规则：r；计算：5 × 9/10。"
    assert by_code["excess"].reason.en == "beyond: -0.1."


def test_why_points_were_lost_is_told_in_chinese_with_what_happened():
    """Planted bug: leave a formula out that has words of the scheme beside its numbers."""
    rule, formula = (
        "max(points - sum of events × cost of each, floor)",
        "max(0, 20 - 2 × 2 (general))",
    )
    [loss] = losses(tree(step("indicator", "C01", "20", "16", rule=rule, formula=formula)))
    assert loss.reason.zh == (
        "得16分（满分20分）；规则：max(分值 - Σ 事件次数 × 每次扣分，最低分)；"
        "计算：max(0, 20 - 2 × 2 (general))。"
    )


@pytest.mark.parametrize(
    ("frequency", "today", "periods"),
    [
        ("yearly", date(2025, 12, 31), ("2025",)),
        ("yearly", date(2026, 1, 1), ()),
        ("per_event", date(2025, 6, 1), ("2025",)),
        ("half_yearly", date(2025, 6, 30), ("2025H1", "2025H2")),
        ("half_yearly", date(2025, 7, 1), ("2025H2",)),
        ("twice_a_year", date(2025, 7, 1), ("2025H2",)),
        ("quarterly", date(2025, 9, 30), ("2025Q3", "2025Q4")),
        ("quarterly", date(2025, 10, 1), ("2025Q4",)),
        ("monthly", date(2025, 11, 30), ("2025-11", "2025-12")),
        ("monthly", date(2024, 2, 29), tuple(f"2025-{m:02}" for m in range(1, 13))),
    ],
)
def test_a_period_is_open_through_its_last_day(frequency, today, periods):
    assert open_periods(frequency, 2025, today) == periods


def still(indicator, *periods, rest="0"):
    return SimpleNamespace(open_periods=periods, open=Decimal(rest))


@pytest.mark.parametrize(
    ("given", "far", "found"),
    [
        (
            step("indicator", "C01", "5", "4"),
            still("C01", "2025Q4", rest="0.5"),
            [("C01", ("2025Q4",), "0.5", "4")],
        ),
        (step("indicator", "C01", "5", "4"), still("C01"), []),
        (step("indicator", "C01", "5", None), still("C01", rest="5"), [("C01", (), "5", "0")]),
        (
            step("indicator", "C01", "5", "6"),
            still("C01", "2025Q4"),
            [("C01", ("2025Q4",), "0", "6")],
        ),
        (step("indicator", "C01", "0", "0"), still("C01", "2025"), []),
    ],
)
def test_what_can_still_change_is_told_with_its_bounds(given, far, found):
    """Planted bug: all that the score lacks, in the place of what results so far call open."""
    told = chances(tree(given), {given.code: far})
    assert [
        (one.indicator, one.open_periods, str(one.to_win), str(one.to_lose)) for one in told
    ] == found
    assert chances(tree(given), {}) == []


def test_deadlines_are_those_from_today_on_the_next_first():
    day = date(2025, 10, 31)
    calendar = [
        CalendarStep("past", "p", date(2025, 10, 30), None, None, None),
        CalendarStep("wave", "w", None, date(2025, 10, 1), date(2025, 12, 15), None),
        CalendarStep("revision", "r", day, None, None, None),
        CalendarStep("scores", "s", None, None, None, date(2026, 1, 31)),
        CalendarStep("appeals", "a", None, None, None, None),
    ]
    assert [(one.step, one.what, one.days) for one in deadlines(calendar, day)] == [
        ("revision", "date", 0),
        ("wave", "closes", 45),
        ("scores", "due", 92),
    ]


def test_a_timetable_is_that_of_the_chosen_categories(scheme):
    kept = timetable_of(scheme, ["COUNTY"])
    assert (kept.assessment_year, len(kept.calendar)) == (2025, 17)
    assert list(kept.frequencies) == ["COUNTY"]
    assert kept.frequencies["COUNTY"]["C10A"] == "monthly"


# over HTTP


@pytest.fixture(scope="session")
async def year(new_year):
    """The reference year in two editions; only the second has been fed back."""
    cycle = await new_year()
    await cycle.score()
    await cycle.score()
    answer = await cycle.post(cycle.office, "score-sheets/2/feedback")
    assert answer.status_code == 201
    return cycle


async def look(client, cycle, unit: str, edition: int | str = 2):
    return await client.get(f"{cycle.path}/score-sheets/{edition}/units/{unit}/outlook")


async def test_standing_and_losses_of_the_reference_year(year, raw):
    lines = {line["unit"]: line for line in raw.year["expected"]}
    totals = sorted((Decimal(str(line["final_total"])) for line in lines.values()), reverse=True)
    for unit, line in lines.items():
        found = (await look(year.office, year, unit)).json()
        total = Decimal(str(line["final_total"]))
        above = [each for each in totals if each > total]
        assert Decimal(found["total"]) == total
        assert found["standing"]["compared"] == 11
        assert found["standing"]["place"] == len(above) + 1
        distance = found["standing"]["to_next_above"]
        assert (distance is None) == (not above)
        assert distance is None or Decimal(distance) == above[-1] - total
        assert Decimal(found["lost"]) == sum(Decimal(one["lost"]) for one in found["losses"])
        assert all(one["reason"]["en"] and one["reason"]["zh"] for one in found["losses"])


async def test_what_was_scored_and_what_was_lost_make_the_points(year):
    """Planted bug: leave out the losses below a plain sum."""
    tree = await year.office.get(f"{year.path}/score-sheets/2/units/XQ05/explanation")
    found = (await look(year.office, year, "XQ05")).json()
    gained = sum(
        max(Decimal(one["score"]) - Decimal(one["points"]), Decimal(0))
        for block in tree.json()["tree"]["children"]
        for one in block["children"]
        if one["kind"] == "indicator"
    )
    claims = sum(
        max(Decimal(one["score"]), Decimal(0))
        for one in tree.json()["tree"]["children"][-1]["children"]
    )
    whole = Decimal(found["points"]) - Decimal(found["lost"]) + gained + claims
    assert whole == Decimal(found["total"])


async def test_a_unit_reads_its_own_outlook_once_it_was_fed_back_and_it_names_nobody_else(year):
    """Planted bug: put the unit above by its code into the distance."""
    own = year.caller("assessed_unit", unit="XQ03")
    assert (await look(own, year, "XQ03", 1)).status_code == 404
    answer = await look(own, year, "XQ03")
    assert answer.status_code == 200
    others = {f"XQ{n:02}" for n in range(1, 12)} - {"XQ03"}
    assert [unit for unit in others if unit in answer.text] == []
    for unit in sorted(others | {"XX99"}):
        refused = await look(own, year, unit)
        assert refused.status_code == 403
        assert refused.json()["type"] == "not-allowed"
    assert answer.json()["phase"] == "fed_back"


async def test_a_missing_value_is_a_chance_until_the_ledger_is_sealed(new_year):
    """Planted bug: take the phase of the edition for that of the ledger."""
    cycle = await new_year()
    query = f"{cycle.path}/ledger-entries?unit=XQ01&indicator=C01"
    [entry] = (await cycle.office.get(query)).json()["items"]
    path = f"ledger-entries/{entry['entry_id']}/reversal"
    await cycle.post(cycle.source(entry["author_unit"]), path, {"reason": "x"})
    await cycle.verify(all_submitted=True)
    await cycle.score()
    found = (await look(cycle.office, cycle, "XQ01", 1)).json()
    assert (found["total"], found["standing"]["place"]) == (None, None)
    assert found["standing"]["compared"] == 10
    [chance] = [one for one in found["chances"] if one["score"] is None]
    assert (chance["indicator"], chance["to_win"]) == ("C01", chance["points"])
    current = f"{cycle.path}/stage-results/current?unit=XQ01"
    [far] = (await cycle.office.get(current)).json()["units"]
    still = {one["indicator"]: (one["open"], one["open_periods"]) for one in far["indicators"]}
    told = {one["indicator"]: (one["to_win"], one["open_periods"]) for one in found["chances"]}
    assert told == {code: still[code] for code in told}
    assert "C01" in told
    assert "actual" in chance["missing"][0]["en"]
    sealed = await cycle.post(cycle.office, "ledger/seal")
    assert sealed.status_code == 200, sealed.text
    assert (await look(cycle.office, cycle, "XQ01", 1)).json()["chances"] == []


async def test_what_points_depend_on_is_told_with_who_acts_and_until_when(new_year, others):
    """Planted bugs: the record of the edition in the place of that of now; who is in charge at
    another unit told to the unit; matters of other units."""
    cycle = await new_year()
    mine = f"{cycle.path}/ledger-entries?unit=XQ01&indicator=C01"
    [entry] = (await cycle.office.get(mine)).json()["items"]
    source = cycle.source(entry["author_unit"])
    await cycle.draw_cards()  # ZH02, which enters C01, has somebody in charge
    await cycle.score()
    assert (await cycle.post(cycle.office, "score-sheets/1/feedback")).status_code == 201
    path = f"ledger-entries/{entry['entry_id']}/reversal"
    assert (await cycle.post(source, path, {"reason": "x"})).status_code == 201
    await cycle.verify(all_submitted=True)
    others.items[cycle.cycle_id] = [
        {"deadline": "2199-01-01", "state": state, "is_void": is_void}
        for state, is_void in (("open", False), ("replied", False), ("open", True))
    ]
    told = (await look(cycle.office, cycle, "XQ01", 1)).json()
    assert told["open_matters"] == len(told["matters"])
    [owed] = [e for e in told["matters"] if e["what"] == "input" and e["indicator"] == "C01"]
    assert (owed["unit"], owed["count"], owed["lead"]) == (entry["author_unit"], 1, "张三")
    # The year is over, and what was taken out is due again two working days later.
    assert (owed["working_days_left"], owed["due"] > told["as_of"]) == (2, True)
    [reply] = [each for each in told["matters"] if each["what"] == "reply"]
    assert (reply["unit"], reply["count"], reply["due"]) == ("XQ01", 1, "2199-01-01")
    assert reply["working_days_left"] is None
    # They are a read of their own, too.
    alone = await cycle.office.get(f"{cycle.path}/stage-results/current/units/XQ01/matters")
    assert {name: told[name] for name in alone.json()} == alone.json()
    own = (await look(cycle.caller("assessed_unit", unit="XQ01"), cycle, "XQ01", 1)).json()
    assert own["matters"] == [
        each | ({"lead": None, "deputy": None} if each["unit"] != "XQ01" else {})
        for each in told["matters"]
    ]
    # Whatever happens to others, it is the same.
    here = date.fromisoformat(told["as_of"]).isoformat()
    named = {"unit": "ZH02", "lead": "王五", "deputy": "赵六", "from_day": here}
    assert (await cycle.post(cycle.office, "duty-persons", named)).status_code == 201
    [theirs] = (await cycle.office.get(mine.replace("XQ01", "XQ02"))).json()["items"]
    path = f"ledger-entries/{theirs['entry_id']}/reversal"
    assert (await cycle.post(source, path, {"reason": "x"})).status_code == 201
    await cycle.verify(all_submitted=True)
    again = await look(cycle.caller("assessed_unit", unit="XQ01"), cycle, "XQ01", 1)
    assert again.json() == own
    # What is entered anew waits, and is owed no more.
    right = {name: entry[name] for name in ("unit", "indicator", "kind", "key", "value")}
    await cycle.enter(right, unit=entry["author_unit"])
    again = (await look(cycle.office, cycle, "XQ01", 1)).json()["matters"]
    [waits] = [each for each in again if each["indicator"] == "C01"]
    assert (waits["what"], waits["count"], waits["unit"]) == ("verification", 1, None)
    other = (await look(cycle.office, cycle, "XQ02", 1)).json()["matters"]
    assert [each["what"] for each in other if each["indicator"] == "C01"] == ["input"]


async def test_the_day_is_that_of_the_database(year):
    found = (await look(year.office, year, "XQ01")).json()
    asked = "SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date AS day"
    today = (await year.service.sql(asked))[0]["day"]
    assert date.fromisoformat(found["as_of"]) <= today
    assert all(one["days"] >= 0 for one in found["deadlines"])


async def test_the_calendar_ahead_is_that_of_the_scheme_that_was_scored_by(
    run_service, document, raw, county, satisfaction, others
):
    """Planted bug: ask for the scheme in force when the outlook is read, or keep none."""
    from scoring.app import create_app
    from scoring.settings import Settings

    far = [{"step": "far", "name": "远", "opens": "2998-12-31", "closes": "2999-01-01"}]
    nothing = dict.fromkeys(["date", "opens", "closes", "due"])
    ahead = document | {
        "assessment_year": 2999,
        "calendar": [*document["calendar"], nothing | far[0]],
    }
    played = type(others)(ahead, raw, county.targets, satisfaction)
    running = await run_service("scoring", create_app, peers=played, settings=Settings)
    path = "/api/v1/cycles/00000000-0000-4000-8000-000000000001/score-sheets"
    office = running.caller("performance_office")
    answer = await office.post(path, json={"categories": ["PARK"]})
    assert answer.status_code == 201, answer.text
    played.asked.clear()
    played.document = document  # another one is in force since
    found = (await office.get(f"{path}/1/units/YQ01/outlook")).json()
    assert [each for each in played.asked if each.endswith("/targets")] == []
    assert [(one["step"], one["what"], one["on"]) for one in found["deadlines"]] == [
        ("far", "opens", "2998-12-31"),
        ("far", "closes", "2999-01-01"),
    ]
    periods = {one["indicator"]: one["open_periods"] for one in found["chances"]}
    assert ["2999Q1", "2999Q2", "2999Q3", "2999Q4"] in periods.values()


async def test_an_unchanged_outlook_is_not_sent_twice(year):
    answer = await look(year.office, year, "XQ01")
    headers = {"If-None-Match": answer.headers["etag"]}
    path = f"{year.path}/score-sheets/2/units/XQ01/outlook"
    assert (await year.office.get(path, headers=headers)).status_code == 304


async def test_what_was_not_scored_has_no_outlook(year):
    unit, edition = (
        (await look(year.office, year, "YQ01")),
        await look(year.office, year, "XQ01", 9),
    )
    assert (unit.status_code, unit.json()["type"]) == (404, "no-such-explanation")
    assert (edition.status_code, edition.json()["type"]) == (404, "no-such-score-sheet")


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_else_reads_an_outlook(year, role):
    assert (await look(year.caller(role, unit="XQ01"), year, "XQ01")).status_code == 403
