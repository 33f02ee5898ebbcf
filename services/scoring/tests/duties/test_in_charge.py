"""Who is in charge of what a unit owes: named, with a deputy, from a day on."""

from datetime import date, timedelta

import pytest

from scoring.rules.duties.in_charge import (
    Assignment,
    InCharge,
    PersonsRefused,
    check_assignment,
    in_charge_on,
    of_duty,
)
from service_testing.lists import read_pages

OWED = {("S", "I1"), ("S", "I2"), ("T", "I1")}
TODAY, LAST = date(2025, 4, 1), date(2026, 12, 31)
TWO = InCharge("张三", "李四")


def assignment(unit="S", indicator="I1", day=TODAY, people=TWO):
    return Assignment(unit, indicator, day, people)


def test_who_is_named_for_an_indicator_comes_before_who_is_named_for_all():
    """Planted bugs: the last one named whatever its day; one that has not begun."""
    others = [InCharge(str(n), "d") for n in range(4)]
    named = [
        assignment(indicator=None, day=TODAY, people=others[0]),
        assignment(day=TODAY + timedelta(2), people=others[1]),
        assignment(day=TODAY + timedelta(2), people=others[3]),
        assignment(day=TODAY + timedelta(1), people=others[2]),
    ]
    told = [of_duty(in_charge_on(named, TODAY + timedelta(n)), "S", "I1") for n in (-1, 0, 1, 2)]
    assert told == [None, others[0], others[2], others[3]]
    found = in_charge_on(named, LAST)
    assert (of_duty(found, "S", "I2"), of_duty(found, "T", "I1")) == (others[0], None)


@pytest.mark.parametrize(
    ("new", "pointer", "code"),
    [
        (assignment(unit="X"), "/unit", "owes-nothing"),
        (assignment(unit="T", indicator="I2"), "/indicator", "owes-nothing"),
        (assignment(day=TODAY - timedelta(1)), "/from_day", "day-outside"),
        (assignment(day=LAST + timedelta(1)), "/from_day", "day-outside"),
        (assignment(people=InCharge("Zhang", "ｚｈａｎｇ")), "/deputy", "same-person"),
        (assignment(people=InCharge("张\u200b三", "李四")), "/lead", "no-name"),
    ],
)
def test_persons_who_would_be_in_charge_of_nothing_are_refused(new, pointer, code):
    with pytest.raises(PersonsRefused) as refused:
        check_assignment(new, OWED, TODAY, LAST)
    assert [(f.pointer, f.code) for f in refused.value.faults] == [(pointer, code)]


async def test_a_unit_names_its_people_and_duties_show_them(cycle):
    """Planted bugs: another unit's; a moment before it was named; who lacks one is not listed; told
    to those about whom something is owed."""
    source, path = cycle.source("ZH01"), f"{cycle.path}/duty-persons"
    before = (await cycle.office.get(f"{cycle.path}/duties?unit=ZH01")).json()["at"]
    today = (await cycle.office.get(f"{cycle.path}/duties")).json()["as_of"]
    new = {"unit": "ZH01", "lead": "张三", "deputy": "李四", "from_day": today}
    answer = await cycle.post(source, "duty-persons", new)
    assert answer.status_code == 201, answer.text
    one = new | {"indicator": "C03", "lead": "王五"}
    assert (await cycle.post(cycle.office, "duty-persons", one)).status_code == 201

    duties = f"{cycle.path}/duties"
    owed = await read_pages(cycle.office, duties, unit="ZH01", limit=200)
    assert {(d["lead"], d["deputy"]) for d in owed if d["indicator"] == "C03"} == {("王五", "李四")}
    assert {d["lead"] for d in owed if d["indicator"] != "C03"} == {"张三"}
    assert {
        d["lead"] for d in await read_pages(cycle.office, duties, unit="ZH01", limit=200, at=before)
    } == {None}
    lacking = await read_pages(cycle.office, duties, limit=200, without_lead=True)
    assert {d["unit"] for d in lacking}.isdisjoint({"ZH01"})
    whole = await read_pages(cycle.office, duties, limit=200)
    assert lacking == [each for each in whole if not each["lead"]]
    tasks = (await source.get(f"{cycle.path}/tasks/scoring")).json()["tasks"]
    assert {t["about"].get("lead") for t in tasks if t["kind"] == "enter-entries"} == {"张三"}

    about = cycle.caller("assessed_unit", unit="XQ01")
    told = await read_pages(about, duties, unit="ZH01", limit=200)
    assert told
    assert {each["lead"] for each in told} == {None}
    assert await read_pages(about, duties, unit="ZH01", without_lead=True, limit=200) == []
    theirs = await read_pages(source, duties, unit="ZH01", indicator="C03", limit=200)
    assert {each["lead"] for each in theirs} == {"王五"}

    own = await read_pages(source, path, limit=1)
    assert [each["lead"] for each in own] == ["张三", "王五"]
    assert own == await read_pages(cycle.office, path, limit=50)
    assert await read_pages(cycle.source("ZH02"), path, limit=50) == []
    assert await read_pages(cycle.source("ZH02"), path, limit=50, unit="ZH01") == []
    other = await cycle.source("ZH02").get(f"{path}?after={own[0]['assignment_id']}")
    assert other.status_code == 422
    assert (await cycle.post(cycle.source("ZH02"), "duty-persons", new)).status_code == 403
    assert (await cycle.post(cycle.caller("auditor"), "duty-persons", new)).status_code == 403
    rows = await cycle.rows()
    refused = await cycle.post(source, "duty-persons", new | {"deputy": "张三"})
    assert (refused.status_code, refused.json()["type"]) == (422, "persons-refused")
    assert await cycle.rows() == rows
