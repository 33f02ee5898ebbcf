"""What a unit hands in is signed off by a second person of it, where the scheme wants that."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from counted_cards import with_cards
from leading import VALUE, happened, with_leaders

from scoring.rules.ledger.signing import Signing
from scoring.rules.scheme.document import DutyPolicy
from service_testing.lists import read_pages

SIGN = "ledger-entries/signatures"
VERIFY = "ledger-entries/verification"
ALL = {"all_submitted": True}


@pytest.fixture
def signed(cycle, others, document):
    """A cycle in which what is entered for C01 is signed off."""
    others.schemes[cycle.cycle_id] = document | {"duties": {"signed_off_for": ["C01"]}}
    return cycle


async def codes(cycle, who, path, *ids):
    answer = await cycle.post(who, path, {"entry_ids": list(ids)})
    return [each["code"] for each in answer.json().get("errors", [])]


async def test_an_entry_is_verified_once_a_second_person_of_its_unit_has_signed_it_off(signed):
    """Planted bugs: verified without; signed by its author, by somebody of another unit, twice; a
    signature in capitals of the same name."""
    [entry] = await signed.enter(VALUE)
    writer, second = signed.source(), signed.source(subject="second")
    office = signed.office
    assert await codes(signed, office, VERIFY, entry) == ["not-signed-off"]
    left = await signed.verify(**ALL)
    assert (left["count"], left["unsigned"]) == (0, {"ZH02": 1})
    assert await codes(signed, writer, SIGN, entry) == ["own-entry"]
    same = signed.source(subject="twin", person="SOMEBODY")
    again = signed.source(subject="other", person="somebody")
    [theirs] = (
        await signed.post(same, "ledger-entries", {"entries": [VALUE | {"unit": "XQ02"}]})
    ).json()["rows"]
    assert await codes(signed, again, SIGN, theirs["entry_id"]) == ["own-entry"]
    for who in (
        signed.source("ZH01", subject="foreign"),
        signed.caller("assessed_unit", unit="XQ01"),
    ):
        assert await codes(signed, who, SIGN, entry) == ["unknown-entry"]
    for who in (office, signed.caller("auditor"), signed.caller("committee")):
        answer = await signed.post(who, SIGN, {"entry_ids": [entry]})
        assert answer.status_code == 403, answer.text
    before = await signed.rows()
    assert before["entry_signature"] == 0

    done = await signed.post(second, SIGN, {"entry_ids": [entry]})
    assert (done.status_code, done.json()["count"]) == (201, 1), done.text
    assert await codes(signed, second, SIGN, entry) == ["signed-already"]
    assert (await signed.verify(entry_ids=[entry]))["count"] == 1
    third = signed.source(subject="third")
    assert await codes(signed, third, SIGN, entry) == ["signed-already"]
    listed = await read_pages(signed.source("ZH02"), f"{signed.path}/{SIGN}", limit=1)
    assert [each["signer"] for each in listed] == ["second", None]
    # What is signed is seen.
    what = {name: VALUE[name] for name in ("indicator", "kind", "key")} | {"evidence": 0}
    for each in listed:
        assert each.items() >= what.items()
        assert Decimal(each["value"]) == Decimal(VALUE["value"])
        assert each["indicator_name"]
    open_ = await read_pages(office, f"{signed.path}/{SIGN}", signed="false", limit=9)
    assert [each["entry_id"] for each in open_] == [theirs["entry_id"]]
    assert await read_pages(signed.source("ZH01"), f"{signed.path}/{SIGN}", limit=9) == []


async def test_who_signs_for_a_unit_decides_for_nobody_else(cycle, others, document):
    """Whoever it is by another account. Planted bugs: compare authors alone; forget who signed what
    is reversed; who reviewed an entry first signs it off for its unit; tasks that cannot be done.
    """
    led = with_leaders(document, C01="ZH40")
    others.schemes[cycle.cycle_id] = led | {"duties": {"signed_off_for": ["C01"]}}
    [entry] = await cycle.enter(VALUE)
    signer = cycle.source(subject="wang-unit", person="WANG")
    reviewer = cycle.source("ZH40", subject="wang-zh40", person="wang")
    office = cycle.caller("performance_office", subject="wang-office", person="Wang")
    checking, sent_back = "ledger-entries/checking", "ledger-entries/return"
    other = cycle.source("ZH40", subject="li-zh40", person="LI")

    async def tasks(who):
        answer = await who.get(f"{cycle.path}/tasks/scoring")
        return [each["kind"] for each in answer.json()["tasks"]]

    assert "check-entries" in await tasks(reviewer)
    assert (await cycle.post(signer, SIGN, {"entry_ids": [entry]})).is_success
    assert await codes(cycle, reviewer, checking, entry) == ["own-signature"]
    assert "check-entries" not in await tasks(reviewer)
    assert (await cycle.post(other, checking, {"entry_ids": [entry]})).is_success
    assert await codes(cycle, office, VERIFY, entry) == ["own-signature"]
    refused = await cycle.post(office, sent_back, {"entry_ids": [entry], "reason": "x"})
    assert [each["code"] for each in refused.json()["errors"]] == ["own-signature"]
    assert "verify-entries" not in await tasks(office)
    assert "verify-entries" in await tasks(cycle.office)
    assert (await cycle.verify(entry_ids=[entry]))["count"] == 1
    path = f"ledger-entries/{entry}/reversal"
    gone = (await cycle.post(cycle.source(), path, {"reason": "x"})).json()["entry_id"]
    assert (await cycle.post(other, checking, {"entry_ids": [gone]})).is_success
    twin = cycle.source(subject="li-unit", person="li")
    assert await codes(cycle, twin, SIGN, gone) == ["own-check"]
    assert (await cycle.post(cycle.source(subject="third"), SIGN, {"entry_ids": [gone]})).is_success
    assert await codes(cycle, office, VERIFY, gone) == ["own-signature"]
    assert (await cycle.verify(entry_ids=[gone]))["count"] == 1


async def test_what_takes_the_place_of_an_entry_is_signed_anew_and_what_comes_back_is_not(signed):
    """Planted bug: a restatement counts by the signature of what it restates."""
    [entry] = await signed.enter(VALUE)
    second = signed.source(subject="second")
    await signed.post(second, SIGN, {"entry_ids": [entry]})
    back = {"entry_ids": [entry], "reason": "?"}
    assert (await signed.post(signed.office, "ledger-entries/return", back)).is_success
    again = {"entry_ids": [entry]}
    assert (await signed.post(second, "ledger-entries/submission", again)).is_success
    assert (await signed.verify(entry_ids=[entry]))["count"] == 1
    body = {"value": "99", "reason": "统计修订"}
    path = f"ledger-entries/{entry}/restatement"
    restated = (await signed.post(signed.source(), path, body)).json()["entry_id"]
    assert await codes(signed, signed.office, VERIFY, restated) == ["not-signed-off"]
    assert (await signed.post(second, SIGN, {"entry_ids": [restated]})).is_success
    assert (await signed.verify(entry_ids=[restated]))["count"] == 1


async def test_what_nobody_has_to_sign_off_is_not_signed(cycle, others, document):
    """Planted bugs: a signature that is taken and means nothing; marks from seats, and cards, wait
    for one that nobody may give."""
    [entry] = await cycle.enter(VALUE)
    assert await codes(cycle, cycle.source(subject="second"), SIGN, entry) == ["not-wanted"]
    others.schemes[cycle.cycle_id] = with_cards(document, signed_off=True)
    await cycle.write_cards()
    verified = (await cycle.post(cycle.colleague, VERIFY, ALL)).json()
    assert (verified["unsigned"], verified["count"] > 1) == ({"ZH02": 1}, True)


def test_marks_from_seats_cards_and_own_words_are_not_signed_off(scheme):
    signing = Signing(replace(scheme, duties=DutyPolicy(signed_off=True)))
    entry = {"indicator": "C12", "kind": "finding", "panel": None, "author_unit": "ZH02"}
    no = {"panel": "P"}, {"author_unit": "-"}, {"kind": "progress_report"}
    for change, wants in (({}, True), *((each, False) for each in no)):
        assert signing.wants(SimpleNamespace(**entry | change)) == wants


async def moved(cycle, entry, signed_on, *days):
    """Have an entry come into its states on these days, and be signed off on another."""
    await happened(cycle, entry, *(f"{day}T09:00:00" for day in days))
    if signed_on is not None:
        moment = dt.datetime.fromisoformat(f"{signed_on}T09:00:00+08:00")
        async with cycle.service.superuser.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            text = "UPDATE entry_signature SET signed_at = $2 WHERE entry_id = $1"
            await connection.execute(text, UUID(entry), moment)


async def duty_on(cycle, day):
    asked = {"indicator": "C01", "about": "XQ01", "at": f"{day}T01:00:00Z"}
    [found] = (await cycle.office.get(f"{cycle.path}/duties", params=asked)).json()["items"]
    return found["handed_in_on"], found["light"]


async def late_of(cycle, entry):
    """Whether an entry is told to be late; None where it was not handed in."""
    found = dict[str, bool]()
    for late in ("true", "false"):
        asked = {"late": late, "indicator": "C01"}
        answer = await cycle.office.get(f"{cycle.path}/ledger-entries", params=asked)
        found |= {each["entry_id"]: each["late"] for each in answer.json()["items"]}
    return found.get(entry)


async def test_a_duty_is_done_from_the_signature_on(signed):
    """Planted bugs: from the day on which it was handed in; whoever asks of a day before the
    signature is told of it."""
    [entry] = await signed.enter(VALUE)
    answer = await signed.post(signed.source(subject="second"), SIGN, {"entry_ids": [entry]})
    assert answer.status_code == 201, answer.text
    await moved(signed, entry, "2026-02-03", "2026-01-05")
    assert await duty_on(signed, "2026-01-20") == (None, "none")
    assert await duty_on(signed, "2026-02-03") == ("2026-02-03", "yellow_card")
    assert await duty_on(signed, "2026-03-01") == ("2026-02-03", "yellow_card")


OUT = ("return", "submission")
HISTORIES = {
    "nobody signs": ((), None, ("2026-01-05",), (None, "red_card")),
    "signed in time": ((SIGN,), "2026-01-08", ("2026-01-05",), ("2026-01-08", "none")),
    "signed late": ((SIGN,), "2026-03-03", ("2026-01-05",), ("2026-03-03", "red_card")),
    "signed before": ((SIGN,), "2026-01-04", ("2026-01-05",), ("2026-01-05", "none")),
    "returned before anybody signed": (
        (*OUT, SIGN),
        "2026-01-15",
        ("2026-01-05", "2026-01-07", "2026-01-14"),
        ("2026-01-15", "none"),
    ),
    "returned after it was signed": (
        (SIGN, *OUT),
        "2026-01-06",
        ("2026-01-05", "2026-01-20", "2026-03-20"),
        ("2026-03-20", "red_card"),
    ),
}


@pytest.mark.parametrize("history", HISTORIES)
async def test_an_entry_is_as_late_as_its_duty_and_as_complete_as_progress_says(signed, history):
    """Planted bugs: look at when it was handed in alone; a return of what nobody had signed is a
    term of its own; what waits for a signature is received."""
    steps, signed_on, days, duty = HISTORIES[history]
    [entry] = await signed.enter(VALUE)
    told = (await signed.office.get(f"{signed.path}/ledger-entries/{entry}")).json()
    assert (told["handed_in_on"], told["late"]) == (None, None)
    by = {"return": signed.office, "submission": signed.source(), SIGN: signed.source(subject="b")}
    for step in steps:
        path = step if step == SIGN else f"ledger-entries/{step}"
        body = {"entry_ids": [entry]} | ({"reason": "x"} if step == "return" else {})
        answer = await signed.post(by[step], path, body)
        assert answer.is_success, answer.text
    if history == "returned before anybody signed":
        told = (await signed.office.get(f"{signed.path}/ledger-entries/{entry}")).json()
        assert told["due_on"] == "2026-02-02"
    await moved(signed, entry, signed_on, *days)
    assert await duty_on(signed, "2026-04-01") == duty
    assert await late_of(signed, entry) == (None if duty[0] is None else duty[1] != "none")
    asked = {"indicator": "C01", "unit": "XQ01"}
    counts = (await signed.office.get(f"{signed.path}/progress", params=asked)).json()
    done = int(duty[0] is not None)
    assert (counts["received"], counts["overdue"]) == (done, 1 - done)


async def test_what_takes_the_place_of_a_signed_entry_is_owed_until_it_is_signed(signed):
    """Planted bug: the new one goes on from the day of the former."""
    record = VALUE | {"source_ref": "r-1"}
    [entry] = await signed.enter(record)
    second = signed.source(subject="second")
    assert (await signed.post(second, SIGN, {"entry_ids": [entry]})).is_success
    [again] = await signed.enter(record | {"value": "105"})
    assert (await signed.post(second, SIGN, {"entry_ids": [again]})).is_success
    await moved(signed, entry, "2026-01-06", "2026-01-05", "2026-02-20")
    await moved(signed, again, "2026-03-20", "2026-02-20")
    assert await duty_on(signed, "2026-04-01") == ("2026-03-20", "red_card")
    assert await late_of(signed, again) is True


async def test_what_was_verified_before_signatures_were_wanted_counts_as_it_did(
    cycle, others, document
):
    """Planted bug: it is owed for ever, and nobody may sign it."""
    [entry] = await cycle.enter(VALUE)
    await cycle.verify(entry_ids=[entry])
    await moved(cycle, entry, None, "2026-01-05", "2026-01-06")
    others.schemes[cycle.cycle_id] = document | {"duties": {"signed_off": True}}
    assert await duty_on(cycle, "2026-04-01") == ("2026-01-05", "none")
    assert await late_of(cycle, entry) is False


async def test_a_progress_report_waits_for_no_signature(cycle, others, document):
    """Planted bugs: it is listed, counted as unsigned, or a task, for ever."""
    others.schemes[cycle.cycle_id] = document | {"duties": {"signed_off": True}}
    report = {"unit": "XQ01", "indicator": "C03", "kind": "progress_report", "period": "2025-03"}
    own = cycle.caller("assessed_unit", unit="XQ01")
    answer = await cycle.post(own, "ledger-entries", {"entries": [report | {"note": "x"}]})
    ids = [each["entry_id"] for each in answer.json()["rows"]]
    second = cycle.caller("assessed_unit", unit="XQ01", subject="second")
    assert await codes(cycle, second, SIGN, *ids) == ["not-wanted"]
    listed = (await cycle.office.get(f"{cycle.path}/{SIGN}?signed=false")).json()["items"]
    tasks = (await second.get(f"{cycle.path}/tasks/scoring")).json()["tasks"]
    kinds = [each["kind"] for each in tasks if each["kind"] == "sign-off-entries"]
    assert ((await cycle.verify(**ALL))["unsigned"], listed, kinds) == ({}, [], [])


async def test_a_second_person_is_told_what_to_sign_off_and_the_author_is_not(signed):
    """Nor is the office told to verify it before. Planted bug: what it could not verify."""
    await signed.enter(VALUE)

    async def told(who, kind="sign-off-entries"):
        answer = await who.get(f"{signed.path}/tasks/scoring")
        return [t["count"] for t in answer.json()["tasks"] if t["kind"] == kind]

    assert await told(signed.source(subject="second")) == [1]
    assert await told(signed.source()) == []
    assert await told(signed.source("ZH01")) == []
    assert await told(signed.office, "verify-entries") == []


async def test_the_office_is_told_to_verify_what_is_signed_off(signed):
    """Planted bug: what nobody can verify yet waits for the office."""
    [entry] = await signed.enter(VALUE)

    async def waits():
        answer = await signed.office.get(f"{signed.path}/tasks/scoring")
        return [t["count"] for t in answer.json()["tasks"] if t["kind"] == "verify-entries"]

    assert await waits() == []
    answer = await signed.post(signed.source(subject="second"), SIGN, {"entry_ids": [entry]})
    assert answer.status_code == 201, answer.text
    assert await waits() == [1]


async def test_several_at_once_sign_an_entry_off_once(signed):
    """Planted bug: look for signatures before the entries are held."""
    [entry] = await signed.enter(VALUE)
    who = (signed.source(subject=f"second{n}") for n in range(4))
    answers = await signed.at_once(
        *(signed.post(each, SIGN, {"entry_ids": [entry]}) for each in who)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert (await signed.rows())["entry_signature"] == 1
