"""Next year's scheme: begun from this year's, and accepted as it stands."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from uuid import UUID

import pytest

from chassis.deadlines import Calendar
from indicators.api import next_schemes
from indicators.rules.differences import differences
from indicators.rules.draft import complete
from indicators.rules.next_year import a_year_on, days_of, next_year, to_decide

CYCLE = UUID(int=7)
FUNCTION = "/categories/0/blocks/0/indicators"
ANNOUNCED = Calendar(announced=frozenset({2025, 2026, 2027}))


def told(found):
    return [(each.code, each.pointer) for each in found]


def decided(scheme, calendar=ANNOUNCED, successors=None):
    return list(to_decide(scheme, next_year(scheme, CYCLE), calendar, successors or {}))


@pytest.mark.parametrize(
    ("day", "next_one"),
    [
        ("2025-06-30", "2026-06-30"),
        ("2023-06-30", "2024-06-30"),
        ("2024-02-29", "2025-02-28"),
        ("2023-02-28", "2024-02-28"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_day_is_the_same_day_of_the_next_year(day, next_one):
    """Planted bug: 365 days later, which of a leap year is the day before."""
    assert a_year_on(dt.date.fromisoformat(day)).isoformat() == next_one


def test_nothing_but_the_year_and_its_days_differ(stored):
    """Planted bugs: leave the days in parameters; write a parameter out that nobody gave."""
    window = {"opens": "2025-01-01", "closes": "2025-12-15", "carry_over": True}
    before = stored(
        {
            f"{FUNCTION}/0/succeeds": [{"code": "C99", "assessment_year": 2024}],
            f"{FUNCTION}/3/window": window,
        }
    )
    after = next_year(before, CYCLE)
    found = differences(before, after)
    changes = {(c.indicator, c.field) for each in found.categories for c in each.changes}
    names = {field.name for field in fields(before)}
    assert set(found.sections) < names
    assert set(found.sections) <= {"title", "code", "assessment_year", "calendar", "adjustments"}
    assert {each for each in changes if each[1] != "params/nodes"} == {
        ("C01", "succeeds"),
        (before.categories[0].blocks[0].indicators[3].code, "window"),
    }
    assert {policy for each in found.categories for policy in each.policies} <= {"adjustments"}
    days, was = days_of(after), days_of(before)
    assert days.keys() == was.keys()
    assert days == {at: a_year_on(day) for at, day in was.items()}
    assert after.categories[0].blocks[0].indicators[0].succeeds is None
    assert (after.assessment_year, after.code) == (2026, "SM-2026")


def test_what_was_begun_is_a_scheme_as_it_is_stored(stored, schemes):
    """Completed again it is the same, and so are its bytes."""
    after = next_year(stored(), CYCLE)
    assert complete(after) == after
    document = schemes.dump_python(after, mode="json")
    assert complete(schemes.validate_python(document)) == after


def test_what_is_read_of_the_year_before_is_read_of_this_one(stored):
    """Planted bug: leave the cycle that this year read."""
    key = {"key": "last_year_rank"}
    ranking = {"tie_break": [key], "ties": "same_rank_skip", "previous_cycle": str(UUID(int=1))}
    after = next_year(stored({"/ranking": ranking}), CYCLE)
    assert after.ranking.previous_cycle == CYCLE
    assert after.vetoes.previous_cycle is None
    items = [{"code": "V1", "name": "否决", "years": 2}]
    cap = stored().grades.order[-1]
    both = next_year(stored({"/vetoes": {"grade_cap": cap, "items": items}}), CYCLE)
    assert both.vetoes.previous_cycle == CYCLE


def test_a_window_of_late_results_opens_on_the_day_after_this_one_closes(stored):
    """Planted bug: open it a year after it opened."""
    system = {"late": "carry_over", "opens": "2025-02-15", "closes": "2025-12-31"}
    params = {"kind": "score", "scale": 100, "system": system}
    changes = {f"{FUNCTION}/0/method": "external_result", f"{FUNCTION}/0/params": params}
    before = stored({**changes, f"{FUNCTION}/0/per_unit_params": {}})
    after = next_year(before, CYCLE).categories[0].blocks[0].indicators[0].params["system"]
    assert (after["opens"], after["closes"]) == ("2026-01-01", "2026-12-31")


def test_targets_are_set_anew_of_all_that_is_held_against_them(stored):
    """Planted bug: name those of the methods alone, not of their parts."""
    found = [each for each in decided(stored()) if each.code == "targets-to-set"]
    assert found[0].pointer == f"{FUNCTION}/0"
    assert found[0].en.startswith("C01 needs of each of 3 units: target")
    assert {each.en[:3] for each in found} >= {"C01", "C06", "C08"}
    assert not {each.en[:3] for each in found} & {"C02", "C05", "C07"}


def test_days_that_are_not_worked_and_days_of_february_are_named(stored):
    """Planted bugs: name a Saturday that was one last year; ask no calendar."""
    calendar = [
        {"step": "A1", "name": "周五", "date": "2025-10-31"},  # in 2026 a Saturday
        {"step": "A2", "name": "周六", "date": "2025-11-01"},  # in 2026 a Sunday
        {"step": "A3", "name": "二月末", "date": "2027-02-28"},  # in 2028 not the last day
        {"step": "A4", "name": "节日", "date": "2025-10-08"},
    ]
    rests = Calendar(resting=frozenset({dt.date(2026, 10, 8)}), announced=ANNOUNCED.announced)
    at = "/calendar"
    days = [each for each in told(decided(stored({at: calendar}), rests)) if at in each[1]]
    assert days == [
        ("not-a-working-day", f"{at}/0/date"),
        ("leap-day", f"{at}/2/date"),
        ("not-a-working-day", f"{at}/3/date"),
    ]
    [unknown] = [e for e in decided(stored(), Calendar()) if e.code == "calendar-not-announced"]
    assert "2026" in unknown.en


def test_a_day_that_there_is_not_next_year_is_named(stored):
    leap = {
        "/assessment_year": 2024,
        "/calendar": [{"step": "A1", "name": "步骤", "date": "2024-02-29"}],
    }
    found = [each for each in told(decided(stored(leap))) if each[0] == "leap-day"]
    assert found == [("leap-day", "/calendar/0/date")]


def test_texts_that_name_the_year_and_units_that_are_others_now_are_named(stored):
    """Planted bug: rewrite the year in a clause, which quotes a rule book."""
    clause = {f"{FUNCTION}/0/clause": "依据2025年1号文件", f"{FUNCTION}/1/clause": "第12025条"}
    found = told(decided(stored(clause), successors={"X2": ("X9",)}))
    assert [at for code, at in found if code == "names-the-year"] == [f"{FUNCTION}/0/clause"]
    gone = [at for code, at in found if code == "unit-has-successors"]
    assert "/categories/0/units/1" in gone
    assert next_year(stored(clause), CYCLE).title == stored().title


async def test_the_answer_is_saved_and_published_as_it_stands(
    office, document, service, problem, monkeypatch
):
    """Planted bug: leave the assessment year."""

    async def post(path: str, body: object = None):
        answer = await office.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def cycle(year: int) -> str:
        new = {"name": f"{year}", "jurisdiction": "431095", "assessment_year": year}
        return f"/api/v1/cycles/{(await post('/api/v1/cycles', new))['cycle_id']}"

    now, after = await cycle(2025), await cycle(2026)
    assert problem(await office.get(f"{now}/next-scheme")) == (404, "scheme-not-published", [])
    await post(f"{now}/scheme-versions", {"scheme": document()})
    await post(f"{now}/scheme-versions/1/publication")
    read = await office.get(f"{now}/next-scheme")
    assert read.status_code == 200, read.text
    begun = read.json()
    assert isinstance(begun["scheme"], Mapping)
    assert begun["to_decide_count"] == len(begun["to_decide"]) > 0
    assert {"targets-to-set"} <= {each["code"] for each in begun["to_decide"]}
    for over in (0, 1):
        monkeypatch.setattr(next_schemes, "MOST_SHOWN", begun["to_decide_count"] - over)
        told = (await office.get(f"{now}/next-scheme")).json()
        assert told["to_decide"] == begun["to_decide"][: begun["to_decide_count"] - over]
        assert told["to_decide_count"] == begun["to_decide_count"]
    saved = await post(f"{after}/scheme-versions", {"scheme": begun["scheme"]})
    whole = (await office.get(f"{after}/scheme-versions/{saved['version']}")).json()
    assert whole["scheme"] == begun["scheme"]
    await post(f"{after}/scheme-versions/1/publication")
    for role in ("assessed_unit", "organiser", "committee", "auditor", "data_source_unit"):
        async with service.caller(role, unit="X1") as other:
            assert (await other.get(f"{now}/next-scheme")).status_code == 403
