"""What a ledger expects of whom: each kind of task, for the right person, until it is done."""

from datetime import date

import pytest
from leading import MARK, OTHER, SEATS, VALUE, give, member, organiser, with_leaders

from scoring.rules.ledger.progress import Arrived, Cell, wanting

CLAIM = {
    "claim_no": "1",
    "unit": "XQ01",
    "kind": "bonus",
    "level": "national",
    "authority": "国务院",
    "holder_name": "x",
    "document_no": "国发〔2025〕7号",
    "document_date": "2025-06-01",
    "event_key": "e",
}


async def tasks(cycle, client):
    answer = await client.get(f"{cycle.path}/tasks/scoring")
    assert answer.status_code == 200, answer.text
    return answer.json()["tasks"]


async def counts(cycle, client):
    """How many things of each kind wait for somebody."""
    found = dict[str, int]()
    for each in await tasks(cycle, client):
        found[each["kind"]] = found.get(each["kind"], 0) + each["count"]
    return found


async def who(cycle, kind, **people):
    """Who of some people has a task of a kind, and how many things wait."""
    found = {name: (await counts(cycle, each)).get(kind) for name, each in people.items()}
    return {name: count for name, count in found.items() if count is not None}


@pytest.fixture
def led(cycle, others, document):
    """A cycle led by ZH40, in which ZH42 reviews C01 first, and ZH50 decides about XQ05."""
    recusals = [{"unit": "XQ05", "body": "ZH50"}]
    others.schemes[cycle.cycle_id] = with_leaders(document, C01="ZH42") | {"recusals": recusals}
    return cycle


def people(cycle):
    """One of everybody who has to do with a ledger."""
    return {
        "office": cycle.office,
        "colleague": cycle.colleague,
        "source": cycle.source("ZH02"),
        "other source": cycle.source("ZH01"),
        "reviewer": cycle.source("ZH42"),
        "organiser": organiser(cycle),
        "body": cycle.caller("second_body", unit="ZH50"),
        "unit": cycle.caller("assessed_unit", unit="XQ01"),
        "seat": member(cycle),
        "committee": cycle.caller("committee"),
        "auditor": cycle.caller("auditor"),
        "administrator": cycle.caller("system_administrator"),
    }


# what is to be entered


def test_what_has_begun_and_about_which_nothing_has_come_is_to_be_entered():
    """Planted bugs: a period that has not begun; an entry of another period; a draft forgotten."""
    cells = [
        Cell("C", unit, "I", period, "S", is_marked=False)
        for unit in ("A", "B")
        for period in ("2025Q1", "2025Q2", "2025Q3")
    ]
    came = [
        Arrived("A", "I", "2025Q1", "measured_value", "draft"),
        Arrived("B", "I", "2025-05", "measured_value", "returned"),
        Arrived("B", "J", "2025Q1", "measured_value", "verified"),
    ]
    assert wanting(cells, came, date(2025, 6, 30)) == {"2025Q1": 1, "2025Q2": 1}
    assert wanting(cells, came, date(2025, 7, 1)) == {"2025Q1": 1, "2025Q2": 1, "2025Q3": 2}


async def test_a_source_is_told_what_it_lacks_and_only_the_source(led):
    """As many as progress expects and has not received; drafts are lacking no longer."""
    cycle, source = led, led.source("ZH02")
    path = f"{cycle.path}/progress?by=period&data_source_unit=ZH02"
    expected = {p["key"]: p for p in (await source.get(path)).json()["items"]}
    found = {t["about"]["period"]: t for t in await tasks(cycle, source)}
    assert {period: t["count"] for period, t in found.items()} == {
        period: part["expected"] - part["received"] for period, part in expected.items()
    }
    year = found["2025"]
    assert (year["method"], year["path"]) == ("POST", f"{cycle.path}/ledger-entries")
    assert year["deadline"] == "2026-02-02"
    assert year["zh"].startswith("录入2025")
    listed = (await source.get(year["listed_at"])).json()
    assert listed["expected"] - listed["received"] == year["count"]

    before = year["count"]
    await cycle.enter(VALUE, state="draft")
    await cycle.enter(OTHER)
    assert (await counts(cycle, source))["enter-entries"] == sum(
        t["count"] for t in found.values()
    ) - 2
    assert before > 2
    having = await who(cycle, "enter-entries", **people(cycle))
    assert set(having) == {"source", "other source"}


async def test_a_unit_enters_what_is_about_itself(led, document):
    """Planted bug: the cells of all units whose own indicators these are."""
    path = f"{led.path}/progress?by=data_source_unit&limit=200"
    sent = {p["key"]: p["expected"] for p in (await led.office.get(path)).json()["items"]}
    one = next(c["units"][0] for c in document["categories"] if c["units"][0] in sent)
    found, expected = await tasks(led, led.caller("assessed_unit", unit=one)), sent[one]
    assert sum(each["count"] for each in found) == expected > 0


# what was entered


async def test_drafts_and_returned_entries_are_their_sources_to_hand_in(led):
    cycle, everybody = led, people(led)
    [draft, sent] = await cycle.enter(VALUE, OTHER, state="draft")
    assert await who(cycle, "submit-drafts", **everybody) == {"source": 2}
    source = everybody["source"]
    assert (await cycle.post(source, "ledger-entries/submission", {"entry_ids": [sent]})).is_success
    assert await who(cycle, "submit-drafts", **everybody) == {"source": 1}
    back = {"entry_ids": [sent], "reason": "?"}
    assert (await cycle.post(everybody["reviewer"], "ledger-entries/return", back)).is_success
    assert await who(cycle, "mend-returned-entries", **everybody) == {"source": 1}
    [task] = [t for t in await tasks(cycle, source) if t["kind"] == "mend-returned-entries"]
    listed = (await source.get(task["listed_at"])).json()["items"]
    assert [each["entry_id"] for each in listed] == [sent]
    done = {"entry_ids": [draft, sent]}
    assert (await source.post(task["path"], json=done)).is_success
    assert await who(cycle, "mend-returned-entries", **everybody) == {}


async def test_entries_are_checked_first_and_then_verified(led):
    """Planted bugs: everything that waits is everybody's; a checker verifies; own entries count."""
    cycle, everybody = led, people(led)
    await cycle.enter(VALUE, OTHER, VALUE | {"unit": "XQ05"})
    assert await who(cycle, "check-entries", **everybody) == {"reviewer": 3}
    assert await who(cycle, "verify-entries", **everybody) == {}
    [task] = [t for t in await tasks(cycle, everybody["reviewer"]) if t["kind"] == "check-entries"]
    assert (await everybody["reviewer"].post(task["path"], json={"all_submitted": True})).is_success
    assert await who(cycle, "check-entries", **everybody) == {}
    assert await who(cycle, "verify-entries", **everybody) == {
        "office": 2,
        "colleague": 2,
        "body": 1,
    }
    checker = cycle.caller("performance_office", subject="x", person="Data_source_unit@ZH42")
    assert await who(cycle, "verify-entries", checker=checker) == {}
    assert (await cycle.verify(all_submitted=True))["count"] == 2
    assert await who(cycle, "verify-entries", **everybody) == {"body": 1}


async def test_nobody_is_told_to_verify_what_is_the_persons_or_the_units_own(led):
    """Planted bug: count what waits without asking by whom it was written."""
    cycle = led
    park = cycle.source("ZH01", person="twofold")
    event = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
    body = {"entries": [event], "state": "submitted"}
    assert (await cycle.post(park, "ledger-entries", body)).status_code == 201
    office = "performance_office"
    assert await who(
        cycle,
        "verify-entries",
        author=cycle.caller(office, subject="t2", person="Twofold"),
        same_source=cycle.caller(office, unit="ZH01", subject="t3"),
        concerned=cycle.caller(office, unit="XQ01", subject="t4"),
        another=cycle.caller(office, unit="ZH09", subject="t5"),
    ) == {"another": 1}


async def test_restatements_and_reversals_are_told_apart(led):
    """Planted bug: whoever wrote what is taken out may verify that it is."""
    cycle, everybody = led, people(led)
    event = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue", "value": "1"}
    first, second = await cycle.enter(event, event | {"unit": "XQ02"}, unit="ZH01")
    await cycle.verify(all_submitted=True)
    source = cycle.source("ZH01", person="reverser")
    for entry, path, more in ((first, "reversal", {}), (second, "restatement", {"value": "2"})):
        path = f"ledger-entries/{entry}/{path}"
        answer = await cycle.post(source, path, {"reason": "x", **more})
        assert answer.status_code == 201, answer.text
    both = {"office": 1, "colleague": 1}
    assert await who(cycle, "verify-reversals", **everybody) == both
    assert await who(cycle, "verify-restatements", **everybody) == both
    writer = cycle.caller("performance_office", subject="w", person="data_source_unit@ZH01")
    assert await who(cycle, "verify-reversals", writer=writer) == {}
    await cycle.verify(all_submitted=True)
    assert await who(cycle, "verify-restatements", **everybody) == {}


async def test_marks_of_a_seat_are_open_until_they_are_given(cycle, others, with_a_panel):
    """Planted bugs: marks of any seat; a unit is told twice, as a draft and as open."""
    others.schemes[cycle.cycle_id] = with_a_panel
    units = len(with_a_panel["categories"][0]["units"])
    wang = member(cycle, "wang", "XQ03")
    members = {"zhang": member(cycle), "wang": wang, "other": member(cycle, "zhang", "XQ01")}
    assert await who(cycle, "give-marks", **members) == {"zhang": units, "wang": units - 1}
    [task] = await tasks(cycle, wang)
    assert (task["about"]["seat"], task["about"]["indicator"]) == (SEATS[2]["seat"], "C12")
    assert (await give(cycle, MARK)).status_code == 201
    assert (await give(cycle, MARK | {"unit": "XQ02", "value": "70"}, state="draft")).is_success
    assert await counts(cycle, members["zhang"]) == {"give-marks": units - 2, "submit-drafts": 1}
    # who has sat elsewhere as well marks from there only
    twice = member(cycle, "li", person="zhang")
    assert await who(cycle, "give-marks", twice=twice, li=member(cycle, "li")) == {"li": units}


# claims, parked rows, categories


async def test_claims_wait_for_another_person_without_interest(led):
    """Planted bugs: the author's own; of a unit that claims the same document."""
    cycle, everybody = led, people(led)
    unit = cycle.caller("assessed_unit", unit="XQ01", person="claimant")
    body = {"claims": [CLAIM, CLAIM | {"claim_no": "2", "event_key": "f"}]}
    assert (await cycle.post(unit, "claims", body)).status_code == 201
    of_recused = CLAIM | {"unit": "XQ05", "document_no": "国发〔2025〕8号"}
    await cycle.claim(of_recused, by=cycle.caller("assessed_unit", unit="XQ05"))
    of_rival = CLAIM | {"unit": "XQ02"}
    await cycle.claim(of_rival, by=cycle.caller("assessed_unit", unit="XQ02"))
    office = "performance_office"
    everybody |= {
        "claimant": cycle.caller(office, subject="c", person="claimant"),
        "rival": cycle.caller(office, subject="r", unit="XQ02"),
    }
    assert await who(cycle, "confirm-claims", **everybody) == {
        "office": 3,
        "colleague": 3,
        "body": 1,
        "claimant": 1,
    }


async def test_parked_rows_wait_for_their_sender_and_the_office(cycle, others):
    await cycle.park(others, "x")
    everybody = people(cycle)
    sees = {"office": 1, "colleague": 1, "source": 1}
    assert await who(cycle, "replay-parked-rows", **everybody) == sees
    [row] = (await cycle.office.get(f"{cycle.path}/parked-rows?state=parked")).json()["items"]
    body = {"parked_row_ids": [row["parked_row_id"]], "reason": "x"}
    assert (await cycle.post(cycle.source(), "parked-rows/discard", body)).is_success
    assert await who(cycle, "replay-parked-rows", **everybody) == {}


async def test_a_category_waits_for_its_organiser_until_it_is_handed_in(led):
    everybody = people(led)
    assert await who(led, "hand-in-category", **everybody) == {"organiser": 1}
    path = "categories/COUNTY/hand-in"
    answer = await led.post(everybody["organiser"], path, {"reason": "x"})
    assert answer.status_code == 201, answer.text
    assert await who(led, "hand-in-category", **everybody) == {}
    await led.enter(VALUE)
    assert await who(led, "hand-in-category", **everybody) == {"organiser": 1}


async def test_nothing_is_expected_once_the_ledger_is_sealed(led):
    """Planted bug: do not ask for the phase."""
    await led.enter(VALUE, state="draft")
    answer = await led.post(led.office, "ledger/seal", {"leaves": {"draft": 1}})
    assert answer.status_code == 200, answer.text
    for name, each in people(led).items():
        assert await tasks(led, each) == [], name


async def test_it_takes_as_many_statements_however_much_waits(led):
    """Planted bug: look an entry up by itself."""

    async def asked(client):
        with led.service.statements() as said:
            await tasks(led, client)
        return len(said)

    everybody = people(led)
    await led.enter(VALUE, OTHER)
    few = {name: await asked(each) for name, each in everybody.items()}
    event = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
    await led.enter(*[event] * 40, unit="ZH01")
    await led.enter(*[event] * 40, unit="ZH01", state="draft")
    assert {name: await asked(each) for name, each in everybody.items()} == few
    assert max(few.values()) <= 17, few
