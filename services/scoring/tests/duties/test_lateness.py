"""How late entries came: by the clock of duties, for one, in lists and in files."""

import datetime as dt
from dataclasses import replace

import pytest
from leading import MARK, VALUE, give, happened, member

from chassis.deadlines import PLAIN_WEEKS
from scoring.api.ledger import clocks
from scoring.rules.duties.lateness import Lateness, Term, due_days, lateness_of
from scoring.rules.scheme.document import USUAL_DUTIES
from service_testing.lists import read_pages

MARCH = {"indicator": "C03", "kind": "event", "key": "zero_report", "period": "2025-03"}
EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
UNITS = ("XQ01", "XQ02", "XQ03", "XQ04")
DUE = dt.date(2025, 4, 7)
LATE = ("late", "late_by_working_days")


@pytest.mark.parametrize(
    ("period", "day", "by_leave", "late", "by"),
    [
        ("2025-03", "2025-04-07", False, False, 0),
        ("2025-03", "2025-04-08", False, True, 1),
        ("2025-03", "2025-04-12", False, True, 4),
        ("2025-03", "2025-03-20", False, False, 0),
        ("2025-03", "2025-04-03", True, True, 0),
        ("2025-03", "2025-04-09", True, True, 2),
        ("2025Q1", "2025-04-14", False, False, 0),
        ("2025H1", "2025-07-16", False, True, 1),
        ("2025", "2026-01-30", False, False, 0),
        ("2025", "2026-02-03", False, True, 1),
    ],
)
def test_an_entry_is_late_after_the_day_on_which_its_period_was_due(
    period, day, by_leave, late, by
):
    """Planted bugs: count days of the week; count those before the deadline."""
    terms = [Term(None, dt.date.fromisoformat(day))]
    found = lateness_of(period, terms, PLAIN_WEEKS, by_leave=by_leave)
    assert (found.late, found.by) == (late, by)
    assert found.due_on == due_days(2025, PLAIN_WEEKS)[period]
    assert lateness_of(period, [], PLAIN_WEEKS, by_leave=by_leave) == Lateness()


def test_what_was_returned_is_due_again_and_never_sooner():
    """Planted bugs: the first deadline for what comes again; forget that it was late before."""

    def late(*terms: tuple[str | None, str]) -> Lateness:
        read = dt.date.fromisoformat
        found = [Term(on and read(on), read(day)) for on, day in terms]
        return lateness_of("2025-03", found, PLAIN_WEEKS, by_leave=False)

    first = (None, "2025-04-02")
    assert late(first, ("2025-04-10", "2025-04-14"))[1:] == (dt.date(2025, 4, 14), False, 0)
    assert late(first, ("2025-04-10", "2025-04-16"))[1:] == (dt.date(2025, 4, 14), True, 2)
    assert late(first, ("2025-04-03", "2025-04-07"))[1:] == (DUE, False, 0)
    assert late((None, "2025-04-09"), ("2025-04-10", "2025-04-10"))[2:] == (True, 2)


def test_the_scheme_s_own_deadlines_hold():
    """Planted bug: the usual ones."""
    policy = replace(USUAL_DUTIES, monthly_within=3, returned_within=4)
    read = dt.date.fromisoformat
    terms = [Term(None, read("2025-04-04")), Term(read("2025-04-07"), read("2025-04-11"))]
    found = lateness_of("2025-03", terms, PLAIN_WEEKS, by_leave=False, policy=policy)
    assert found == Lateness(read("2025-04-11"), read("2025-04-11"), late=True, by=1)


def test_nothing_is_due_before_the_first_day_on_which_anything_is():
    """Where a scheme is published in spring its earlier months are due on that day, or the next
    working one. Planted bugs: months before it are late from the start, or have no day at all."""
    read = dt.date.fromisoformat
    days = due_days(2025, PLAIN_WEEKS, replace(USUAL_DUTIES, first_due=read("2025-05-10")))
    usual = due_days(2025, PLAIN_WEEKS)
    early = {"2025-01", "2025-02", "2025-03", "2025-04", "2025Q1"}
    assert {period for period, day in days.items() if day != usual[period]} == early
    assert {days[period] for period in early} == {read("2025-05-12")}


async def told(cycle, entry_id: str) -> tuple | None:
    """What the lists say of an entry, whose moments may have been altered behind the journal."""
    for word in ("true", "false"):
        path = f"{cycle.path}/ledger-entries?late={word}&unit={UNITS[0]}"
        for each in (await cycle.office.get(path)).json()["items"]:
            if each["entry_id"] == entry_id:
                return tuple(each[name] for name in LATE)
    return None


async def listed(cycle, query: str, client=None) -> list[str]:
    answer = await (client or cycle.office).get(f"{cycle.path}/ledger-entries?{query}")
    assert answer.status_code == 200, answer.text
    return [each["entry_id"] for each in answer.json()["items"]]


@pytest.fixture
async def three(cycle):
    """Zero reports for March: in time, a moment after that, and three working days after."""
    ids = await cycle.enter(*({"unit": unit} | MARCH for unit in UNITS[:3]), unit="ZH01")
    moments = ("2025-04-07T23:59:59.999999", "2025-04-08T00:00:00", "2025-04-10T09:00:00")
    for entry_id, moment in zip(ids, moments, strict=True):
        await happened(cycle, entry_id, moment)
    return ids


async def test_an_entry_says_when_it_was_due_and_when_it_came(cycle):
    """Planted bug: tell of a draft that it is late."""
    event, quiet = {"unit": UNITS[0]} | MARCH, {"unit": UNITS[1]} | MARCH
    [entry] = await cycle.enter(event, unit="ZH01")
    [draft] = await cycle.enter(quiet, unit="ZH01", state="draft")
    path = f"{cycle.path}/ledger-entries"
    found = (await cycle.office.get(f"{path}/{entry}")).json()
    day = dt.date.fromisoformat(found["handed_in_on"])
    assert (found["due_on"], found["late"]) == (str(DUE), True)
    assert found["late_by_working_days"] == PLAIN_WEEKS.between(DUE, day)
    asked = f"{cycle.path}/duties?indicator=C03&period=2025-03&about={UNITS[0]}"
    [duty] = (await cycle.office.get(asked)).json()["items"]
    assert (duty["due"], duty["late_by"]) == (str(DUE), found["late_by_working_days"])
    waits = (await cycle.office.get(f"{path}/{draft}")).json()
    told = ("handed_in_on", "due_on", *LATE)
    assert [waits[name] for name in told] == [None] * 4


async def test_lists_and_files_hold_what_was_late(cycle, three):
    """Planted bugs: the day in UTC; take what is not handed in for what came in time."""
    await cycle.enter({"unit": UNITS[3]} | MARCH, unit="ZH01", state="draft")
    for narrow in ("indicator=C03", "period=2025-03", "author_unit=ZH01"):
        assert await listed(cycle, f"late=true&{narrow}") == three[1:]
        assert await listed(cycle, f"late=false&{narrow}") == three[:1]
    assert await listed(cycle, f"late=true&unit={UNITS[2]}") == three[2:]
    path = f"{cycle.path}/ledger-entries"
    items = (await cycle.office.get(f"{path}?late=true&indicator=C03")).json()["items"]
    assert [tuple(each[name] for name in LATE) for each in items] == [(True, 1), (True, 3)]
    [plain, *_] = (await cycle.office.get(f"{path}?indicator=C03")).json()["items"]
    assert not plain.keys() & {*LATE}
    file = await cycle.office.get(f"{path}/export?format=ndjson&late=true&period=2025-03")
    assert file.text.count("entry_id") == 2
    for form in ("ndjson", "csv"):
        for late, found in (("true", three[1:]), ("false", three[:1])):
            file = await cycle.office.get(f"{path}/export?format={form}&late={late}")
            assert file.status_code == 200, file.text
            assert [each for each in three if each in file.text] == found, (form, late)
    for query in ("?lacks_evidence=false", "/export?format=ndjson&late=true&q=x", "?late=true&q=x"):
        refused = await cycle.office.get(f"{path}{query}")
        assert refused.json()["type"] == "search-too-wide"


async def test_who_was_late_in_a_whole_year_is_one_list(cycle, three, monkeypatch):
    """Planted bugs: what was in time; a page that ends before all were looked at says that nothing
    follows, or leaves out what it had no room for; what somebody may not read."""
    for at_once in (500, 2):
        monkeypatch.setattr(clocks, "_AT_ONCE", at_once)
        assert await listed(cycle, "late=true") == three[1:]
        assert await listed(cycle, "late=false&category=COUNTY") == three[:1]
        assert await listed(cycle, "late=true&category=PARK") == []
        assert await listed(cycle, "late=true&sort=-entered_at") == three[:0:-1]
        path = f"{cycle.path}/ledger-entries"
        pages = await read_pages(cycle.office, path, late="true", limit=1)
        assert [each["entry_id"] for each in pages] == three[1:]
        assert [each["late_by_working_days"] for each in pages] == [1, 3]
    monkeypatch.setattr(clocks, "MOST_LOOKED_AT", 2)
    first = (await cycle.office.get(f"{path}?late=true")).json()
    assert ([each["entry_id"] for each in first["items"]], first["next"]) == ([three[1]], three[1])
    pages = await read_pages(cycle.office, path, late="true", limit=9)
    assert [each["entry_id"] for each in pages] == three[1:]
    own = cycle.caller("assessed_unit", unit=UNITS[1])
    pages = await read_pages(own, path, late="true", limit=9)
    assert [each["entry_id"] for each in pages] == [three[1]]


async def test_what_was_returned_comes_when_it_comes_again(cycle):
    """Planted bug: the deadline of the period for what comes again."""
    [entry] = await cycle.enter({"unit": UNITS[0]} | MARCH, unit="ZH01")
    ids = {"entry_ids": [entry]}
    returned = await cycle.post(cycle.office, "ledger-entries/return", ids | {"reason": "x"})
    assert returned.status_code == 200
    assert await told(cycle, entry) is None
    again = await cycle.post(cycle.source("ZH01"), "ledger-entries/submission", ids)
    assert again.status_code == 200
    moments = ["2025-04-03T09:00:00", "2025-04-08T09:00:00", "2025-04-10T09:00:00"]
    await happened(cycle, entry, *moments)
    assert await told(cycle, entry) == (False, 0)
    await happened(cycle, entry, *moments[:2], "2025-04-11T09:00:00")
    assert await told(cycle, entry) == (True, 1)


async def test_what_takes_the_place_of_a_value_goes_on_from_its_day(cycle):
    """Planted bugs: the day of the restatement; go on from a draft."""
    [value] = await cycle.enter(VALUE | {"source_ref": "R-1"})
    [newer] = await cycle.enter(VALUE | {"source_ref": "R-1", "value": "105"})
    await cycle.verify(entry_ids=[newer])
    new = {"value": "99", "reason": "x"}
    answer = await cycle.post(cycle.source(), f"ledger-entries/{newer}/restatement", new)
    restated = answer.json()["entry_id"]
    [draft] = await cycle.enter(EVENT | {"note": "一"}, unit="ZH01", state="draft")
    body = {"entry": EVENT | {"note": "二"}}
    corrected = await cycle.post(cycle.source("ZH01"), f"ledger-entries/{draft}/correction", body)
    for entry_id, moment in (
        (value, "2026-01-20T09:00:00"),
        (newer, "2026-02-20T09:00:00"),
        (restated, "2026-03-20T09:00:00"),
        (draft, "2026-01-20T09:00:00"),
        (corrected.json()["entry_id"], "2026-02-03T09:00:00"),
    ):
        await happened(cycle, entry_id, moment)
    assert await told(cycle, newer) == await told(cycle, restated) == (False, 0)
    assert await told(cycle, corrected.json()["entry_id"]) == (True, 1)


async def test_what_came_by_leave_is_late_for_good(cycle):
    """Planted bug: judge it by its day alone."""
    await cycle.enter_late()
    [entry] = await cycle.enter(EVENT | {"occurred_on": "2025-01-08"}, unit="ZH01")
    await happened(cycle, entry, "2025-06-03T09:00:00")
    assert await told(cycle, entry) == (True, 0)


async def test_a_mark_from_a_seat_is_owed_by_nobody_and_not_late(new_cycle, others, with_a_panel):
    """Planted bug: tell of every entry."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = with_a_panel
    [row] = (await give(cycle, MARK)).json()["rows"]
    found = await member(cycle).get(f"{cycle.path}/ledger-entries/{row['entry_id']}")
    assert (found.json()["late"], found.json()["due_on"]) == (None, None)


async def test_whoever_changes_an_entry_as_read_names_its_lateness_too(cycle):
    """Planted bug: compare a document without it."""
    [entry] = await cycle.enter({"unit": UNITS[0]} | MARCH, unit="ZH01")
    source, path = cycle.source("ZH01"), f"ledger-entries/{entry}"
    body = {"entry_ids": [entry], "reason": "x"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", body)).status_code == 200
    etag = (await source.get(f"{cycle.path}/{path}")).headers["etag"]
    for tag, status in (('"none"', 412), (etag, 200)):
        answer = await cycle.post(source, f"{path}/withdrawal", {}, headers={"If-Match": tag})
        assert answer.status_code == status
