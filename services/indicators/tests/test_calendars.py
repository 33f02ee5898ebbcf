"""Calendars: which days are worked, by whose word, and as they were known at a moment."""

import asyncio
import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import chinese_calendar
import pytest
from chinese_calendar.constants import Holiday, holidays, workdays

from chassis.refusals import Refusal
from indicators.rules.calendars import (
    CalendarDay,
    CalendarRevision,
    check_announcement,
    check_correction,
    known_year,
    year_wanting,
)

SUPPLIED = Path(__file__).parents[1] / "migrations" / "holidays.csv"
WHOLE_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
YEAR = "/api/v1/calendars/{}"
MONDAY = {"day": "2031-01-06", "kind": "resting", "name_zh": "元旦", "name_en": "New Year's Day"}
SUNDAY = {"day": "2031-01-05", "kind": "working", "name_zh": "元旦", "name_en": "New Year's Day"}
TUESDAY = MONDAY | {"day": "2031-01-07"}
INTO_DAYS = "INSERT INTO calendar_day (year, revision, day, kind, name_zh, name_en)"
NOTICE = "国办发明电〔2030〕1号"


def supplied():
    with SUPPLIED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_supplied_is_what_the_library_knows():
    """Planted bugs: leave a day of the file out; name another holiday."""
    expected = [
        (day.isoformat(), kind, WHOLE_NAMES.get(holiday.chinese, holiday.chinese), holiday.value)
        for kind, days in (("resting", holidays), ("working", workdays))
        for day, holiday in ((day, Holiday(name)) for day, name in days.items())
        if (day.weekday() < 5) == (kind == "resting")
    ]
    rows = supplied()
    assert [tuple(row.values()) for row in rows] == sorted(expected)[: len(rows)]
    differing = {date.fromisoformat(row["day"]): row["kind"] for row in rows}
    day, last = date(2004, 1, 1), date(2026, 12, 31)
    while day <= last:
        worked = differing.get(day) == "working" or (day.weekday() < 5 and day not in differing)
        assert worked == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def day(text, kind="resting", zh="元旦", en="New Year's Day"):
    return CalendarDay(date.fromisoformat(text), kind, zh, en)


def revision(number, kind, *days, hour=0):
    moment = datetime(2030, 12, 1, hour, tzinfo=UTC)
    return CalendarRevision(number, kind, f"{number}号", moment, days)


REVISIONS = [
    revision(1, "announcement", day("2031-01-01"), day("2031-01-06"), hour=1),
    revision(2, "correction", day("2031-01-06", "plain", None, None), hour=2),
    revision(3, "correction", day("2031-01-05", "working"), hour=3),
    revision(4, "announcement", day("2031-01-02"), hour=4),
]


@pytest.mark.parametrize(
    ("hour", "known", "document_no", "days"),
    [
        (0, 0, None, []),
        (1, 1, "1号", ["2031-01-01", "2031-01-06"]),
        (2, 2, "1号", ["2031-01-01"]),
        (3, 3, "1号", ["2031-01-01", "2031-01-05"]),
        (4, 4, "4号", ["2031-01-02"]),
        (9, 4, "4号", ["2031-01-02"]),
    ],
)
def test_a_year_is_known_as_it_was_recorded_at_a_moment(hour, known, document_no, days):
    """Planted bugs: an announcement that leaves earlier corrections; a correction that counts an
    hour early."""
    found = known_year(REVISIONS, datetime(2030, 12, 1, hour, tzinfo=UTC))
    assert (found.announced, found.revision, found.document_no) == (known > 0, known, document_no)
    assert [each.isoformat() for each in found.days or ()] == days


def test_what_is_supplied_was_known_always():
    found = known_year(
        [revision(1, "supplied", day("2031-01-01"))], datetime(1990, 1, 1, tzinfo=UTC)
    )
    assert (found.announced, found.recorded_at) == (True, None)


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ([day("2031-01-06", "working")], "works-already"),
        ([day("2031-01-05")], "rests-already"),
        ([day("2032-01-06")], "not-of-this-year"),
        ([day("2031-01-06"), day("2031-01-06")], "named-twice"),
        ([day("2031-01-06", zh="New Year's Day")], "not-chinese"),
        ([day("2031-01-06", en="元旦")], "not-english"),
    ],
)
def test_days_that_cannot_be_are_refused_by_name(days, code):
    none, known = known_year([]), known_year(REVISIONS)
    for check in (
        lambda: check_announcement(2031, days, none, None),
        lambda: check_correction(2031, days, known),
    ):
        with pytest.raises(Refusal) as refused:
            check()
        assert code in {fault.code for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ([day("2031-01-02")], "unchanged"),
        ([day("2031-01-01", "plain", None, None)], "unchanged"),
        ([day("2031-01-02", "plain")], "name-unused"),
        ([day("2031-01-03", "resting", None, None)], "name-missing"),
    ],
)
def test_corrections_that_say_nothing_are_refused(days, code):
    with pytest.raises(Refusal) as refused:
        check_correction(2031, days, known_year(REVISIONS))
    assert {fault.code for fault in refused.value.faults} == {code}


def test_corrections_do_not_add_up_to_half_a_year():
    weekdays = [
        each for n in range(90) if (each := date(2031, 2, 3) + timedelta(days=n)).weekday() < 5
    ]
    days = [day(each.isoformat()) for each in weekdays[:60]]
    with pytest.raises(Refusal, match="61 days"):
        check_correction(2031, days, known_year(REVISIONS))


async def read(client, year, **params):
    answer = await client.get(YEAR.format(year), params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_year_that_is_supplied_is_read_and_one_that_is_not_announced_says_so(office):
    """Planted bug: tell a year without rows as announced."""
    known = await read(office, 2025, as_of="2024-01-01T00:00:00Z")
    assert known == await read(office, 2025)
    assert (known["announced"], known["revision"], known["recorded_at"]) == (True, 1, None)
    assert known["days"] == [
        {**row, "revision": 1} for row in supplied() if row["day"].startswith("2025")
    ]
    unknown = await read(office, 2027)
    assert (unknown["announced"], unknown["revision"], unknown["days"]) == (False, 0, [])


async def test_a_later_word_does_not_change_what_was_known_before(office, service):
    """Planted bugs: an answer kept by its year alone; a correction without its moment."""
    path = YEAR.format(2031)
    body = {"days": [MONDAY, SUNDAY], "document_no": NOTICE}
    early = await office.post(f"{path}/corrections", json={"days": [MONDAY], "reason": "早"})
    assert (early.status_code, early.json()["type"]) == (409, "year-not-announced")
    announced = await office.post(f"{path}/announcement", json=body)
    assert announced.status_code == 201, announced.text
    first = await office.get(path)
    etag = first.headers["etag"]
    assert [each["day"] for each in first.json()["days"]] == [SUNDAY["day"], MONDAY["day"]]
    assert first.json()["document_no"] == NOTICE
    assert announced.json() == first.json() | {"receipt": announced.json()["receipt"]}
    assert (await office.get(path, headers={"If-None-Match": etag})).status_code == 304

    change = {"days": [TUESDAY, {"day": MONDAY["day"], "kind": "plain"}], "reason": "改放一日"}
    stale = await office.post(f"{path}/corrections", json=change, headers={"If-Match": '"x"'})
    assert stale.status_code == 412
    done = await office.post(f"{path}/corrections", json=change, headers={"If-Match": etag})
    assert done.status_code == 201, done.text
    after = await office.get(path, headers={"If-None-Match": etag})
    assert [each["day"] for each in after.json()["days"]] == [SUNDAY["day"], TUESDAY["day"]]
    assert [each["revision"] for each in after.json()["days"]] == [1, 2]
    assert after.json()["document_no"] == NOTICE
    assert await read(office, 2031, as_of=first.json()["recorded_at"]) == first.json()
    assert await read(office, 2031, as_of=after.json()["recorded_at"]) == after.json()
    assert not (await read(office, 2031, as_of="2026-01-01T00:00:00Z"))["announced"]
    assert (await service.verification("calendars"))["holds"]


async def test_a_second_announcement_says_why_and_takes_the_place_of_all(office):
    path = YEAR.format(2032)
    first = {"day": "2032-01-01", "kind": "resting", "name_zh": "元旦", "name_en": "New Year"}
    body = {"days": [first], "document_no": NOTICE}
    assert (await office.post(f"{path}/announcement", json=body)).status_code == 201
    local = {"days": [first | {"day": "2032-03-03"}], "reason": "本市放假"}
    assert (await office.post(f"{path}/corrections", json=local)).status_code == 201
    other = {"days": [first | {"day": "2032-01-02"}], "document_no": NOTICE}
    again = await office.post(f"{path}/announcement", json=other)
    assert (again.status_code, again.json()["type"]) == (422, "reason-missing")
    assert (await read(office, 2032))["revision"] == 2
    again = await office.post(f"{path}/announcement", json=other | {"reason": "调整"})
    assert [each["day"] for each in again.json()["days"]] == ["2032-01-02"]


async def test_the_same_announcement_again_is_no_revision_and_answers_what_is_there(office):
    """Planted bugs: compared day by day in the order in which they came; the same days of another
    notice, or after a correction, are the same."""
    path = YEAR.format(2036)
    days = [each | {"day": each["day"].replace("2031", "2036")} for each in (MONDAY, SUNDAY)]
    days = [days[0] | {"day": "2036-01-01"}, days[1] | {"day": "2036-01-05"}]
    body = {"document_no": NOTICE, "days": days}
    first = await office.post(f"{path}/announcement", json=body)
    assert first.status_code == 201, first.text
    for again in (body, body | {"days": days[::-1]}, body | {"reason": "再登"}):
        answer = await office.post(f"{path}/announcement", json=again)
        assert (answer.status_code, answer.json()["receipt"]) == (200, None), answer.text
        assert answer.json() == first.json() | {"receipt": None}
    other = body | {"document_no": f"{NOTICE}之二", "reason": "改号"}
    assert (await office.post(f"{path}/announcement", json=other)).json()["revision"] == 2
    plain = {"days": [{"day": "2036-01-01", "kind": "plain"}], "reason": "误登"}
    assert (await office.post(f"{path}/corrections", json=plain)).status_code == 201
    assert (await office.post(f"{path}/announcement", json=other)).json()["revision"] == 4


@pytest.mark.parametrize(
    ("today", "announced", "year"),
    [
        ("2026-10-31", {2026}, None),
        ("2026-11-01", {2026}, 2027),
        ("2026-12-31", {2026, 2027}, None),
        ("2027-01-01", {2026}, 2027),
        ("2026-11-01", set(), 2026),
    ],
)
def test_from_november_on_the_next_year_is_missed(today, announced, year):
    """Planted bug: only from the first day of the year itself on."""
    assert year_wanting(date.fromisoformat(today), announced) == year


async def test_who_keeps_the_calendar_is_told_of_a_year_that_is_missing(service):
    """Whatever the day is on which this runs: a year that is missing is told of, or none is."""
    now = (await service.sql("SELECT timezone('Asia/Shanghai', now())::date AS day"))[0]["day"]
    rows = await service.sql("SELECT DISTINCT year FROM calendar_revision")
    year = year_wanting(now, {row["year"] for row in rows})
    expected = [] if year is None else [f"/api/v1/calendars/{year}/announcement"]
    for roles, told in (
        (("performance_office",), expected),
        (("system_administrator",), expected),
        (("assessed_unit",), []),
    ):
        async with service.caller(*roles) as client:
            answer = await client.get("/api/v1/tasks/indicators")
        found = answer.json().get("tasks", [])
        assert [t["path"] for t in found if t["kind"] == "announce-calendar"] == told, roles


async def test_corrections_that_come_at_once_are_each_a_revision(office):
    """Planted bug: look which revision is the last one before the others are held off."""
    path = YEAR.format(2035)
    days = [MONDAY | {"day": f"2035-01-0{n}"} for n in range(1, 6)]
    first = {"days": days[:1], "document_no": NOTICE}
    assert (await office.post(f"{path}/announcement", json=first)).status_code == 201
    answers = await asyncio.gather(
        *(
            office.post(f"{path}/corrections", json={"days": [each], "reason": "同时"})
            for each in days[1:]
        )
    )
    assert [each.status_code for each in answers] == [201] * 4
    assert sorted(each.json()["revision"] for each in answers) == [2, 3, 4, 5]
    assert [each["day"] for each in (await read(office, 2035))["days"]] == [d["day"] for d in days]


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ([MONDAY, MONDAY], "named-twice"),
        ([MONDAY | {"kind": "working"}], "works-already"),
        ([MONDAY | {"kind": "plain"}], None),
        ([MONDAY] * 61, None),
        ([], None),
    ],
)
async def test_nothing_is_recorded_of_what_is_refused(office, days, code):
    path = YEAR.format(2033)
    days = [each | {"day": each["day"].replace("2031-01-06", "2033-01-03")} for each in days]
    answer = await office.post(f"{path}/announcement", json={"days": days, "document_no": NOTICE})
    assert answer.status_code == 422
    assert code is None or answer.json()["errors"][0]["code"] == code
    assert (await read(office, 2033))["revision"] == 0


async def test_who_keeps_accounts_may_record_and_others_only_read(service):
    path = YEAR.format(2034)
    body = {"days": [MONDAY | {"day": "2034-01-02"}], "document_no": NOTICE}
    for role in ("assessed_unit", "organiser", "auditor"):
        async with service.caller(role, unit="X1") as other:
            assert (await other.get(path)).status_code == 200
            assert (await other.post(f"{path}/announcement", json=body)).status_code == 403
            only = {"days": body["days"], "reason": "x"}
            assert (await other.post(f"{path}/corrections", json=only)).status_code == 403
    async with service.caller("system_administrator") as keeper:
        assert (await keeper.post(f"{path}/announcement", json=body)).status_code == 201


async def test_what_was_altered_is_found_and_not_told(service, office):
    """Planted bugs: tell a kept document without asking for these rows; leave a table out of the
    register."""
    assert await service.unnoticed("calendars", "year = 2024", chained=False) == []
    assert (await office.get(YEAR.format(2024))).status_code == 200
    where = "day = '2024-02-12'"
    async with service.altered("calendar_day", "day = '2024-02-19'", where):
        answer = await office.get(YEAR.format(2024))
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")


async def test_the_database_takes_no_day_that_cannot_be(service):
    for what in (
        "(2024, 1, '2024-03-04', 'working', 'x', 'x')",
        "(2024, 1, '2024-03-03', 'resting', 'x', 'x')",
        "(2024, 1, '2025-03-03', 'resting', 'x', 'x')",
        "(2024, 1, '2024-03-04', 'resting', NULL, NULL)",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await service.sql(f"{INTO_DAYS} VALUES {what}")
