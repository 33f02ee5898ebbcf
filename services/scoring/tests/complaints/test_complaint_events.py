"""What complaints have earned: by the rules, and over HTTP once each."""

import asyncio
import datetime as dt
from collections import Counter

import pytest
from services.scoring.tests.complaints.handling import LEAD, SUPPORT, codes
from services.scoring.tests.conftest import COMPLAINTS
from services.scoring.tests.items.test_earned import verify, with_items
from services.scoring.tests.items.test_moves import seal

from scoring.rules.complaints.earned import earned_of_complaint
from scoring.rules.complaints.standing import Done, Part

DAY = dt.date
DUE, LONGER = DAY(2025, 3, 14), DAY(2025, 3, 24)
A = [Part("A", "lead"), Part("B", "support")]
STATES = {
    "raise": "raised",
    "accept": "accepted",
    "assign": "assigned",
    "urge": "assigned",
    "return": "accepted",
    "answer": "answered",
    "ask_extension": "extension_asked",
    "grant_extension": "assigned",
    "refuse_extension": "assigned",
    "revisit": "revisited",
    "redo": "assigned",
}
BEGUN = [("raise", 3, None), ("accept", 3, DUE), ("assign", 4, DUE)]


def earned(moves, today, named=None):
    """What moves (move, day of March, due) of a complaint of A and B have earned by a day."""
    done = [
        Done(n, move, STATES[move], "hotline", due, None, "x", "B", DAY(2025, 3, day))
        for n, (move, day, due) in enumerate([*BEGUN, *moves], 1)
    ]
    found = earned_of_complaint(None, done, {3: A} | (named or {}), DAY(2025, 3, today))
    return {(each.what, each.step, each.unit): each.shown_on.day for each in found}


ASKED = ("ask_extension", 13, DUE)


@pytest.mark.parametrize(
    ("moves", "today", "named", "wanted"),
    [
        ([], 14, {}, {}),
        ([], 15, {}, {("overdue", 2, "A"): 15}),
        ([], 31, {}, {("overdue", 2, "A"): 15}),
        ([("answer", 14, DUE)], 31, {}, {}),
        ([("answer", 17, DUE)], 31, {}, {("overdue", 2, "A"): 15}),
        ([("urge", 20, DUE)], 31, {}, {("overdue", 2, "A"): 15}),
        ([ASKED], 31, {}, {}),
        ([ASKED, ("grant_extension", 18, LONGER)], 24, {}, {}),
        ([ASKED, ("grant_extension", 18, LONGER)], 25, {}, {("overdue", 2, "A"): 25}),
        ([ASKED, ("refuse_extension", 18, DUE)], 19, {}, {("overdue", 2, "A"): 18}),
        ([ASKED, ("answer", 18, DUE)], 31, {}, {("overdue", 2, "A"): 18}),
        # Whoever is given it after its day has missed nothing; who had it then has.
        (
            [("return", 5, DUE), ("assign", 17, DUE)],
            31,
            {5: [Part("C", "lead")]},
            {},
        ),
        (
            [("return", 16, DUE), ("assign", 17, DUE)],
            31,
            {5: [Part("C", "lead")]},
            {("overdue", 2, "A"): 15},
        ),
        # B returned it and is given it again: the return did not hold.
        (
            [("return", 5, DUE), ("assign", 6, DUE)],
            7,
            {5: A},
            {("returned", 4, "B"): 6},
        ),
        ([("return", 5, DUE)], 31, {}, {}),
        (
            [("answer", 10, DUE), ("revisit", 11, DUE), ("redo", 12, LONGER)],
            24,
            {},
            {("redone", 6, "A"): 12},
        ),
        (
            [("answer", 10, DUE), ("revisit", 11, DUE), ("redo", 12, LONGER)],
            25,
            {},
            {("redone", 6, "A"): 12, ("overdue", 6, "A"): 25},
        ),
    ],
)
def test_what_a_complaint_has_earned_follows_from_its_moves_and_the_day(
    moves, today, named, wanted
):
    """Planted bugs: the day itself is missed; who is given it late has missed it; each return
    costs; days on which the office has not said whether there is more time cost."""
    assert earned(moves, today, named) == wanted


def test_whoever_looks_each_day_finds_the_same_as_who_looks_once():
    """Planted bug: the day on which somebody looks taken for the day that earned it."""
    moves = [("return", 5, DUE), ("assign", 6, DUE), ("answer", 17, DUE)]
    moves += [("revisit", 18, DUE), ("redo", 19, LONGER)]
    whole = earned(moves, 31, {5: A})
    assert len(whole) == 4
    for day in range(19, 32):
        assert earned(moves, day, {5: A}).items() <= whole.items()


# Over HTTP


@pytest.fixture
def counted(complaints, others):
    cycle_id = complaints.cycle.cycle_id
    scheme = with_items(others.schemes[cycle_id])
    events = scheme.pop("items")
    others.schemes[cycle_id] = scheme | {"complaints": COMPLAINTS | {"events": events}}
    return complaints


async def write(complaints) -> dict:
    answer = await complaints.cycle.post(complaints.cycle.office, "complaint-events", None)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def entries(complaints) -> list[dict]:
    found = await complaints.cycle.office.get(f"{complaints.cycle.path}/ledger-entries")
    return found.json()["items"]


async def test_what_was_overdue_counts_once_for_the_lead(counted, clock):
    """Planted bugs: without the key a second look enters it again; the support is charged too."""
    complaint_id = await counted.assigned(LEAD, SUPPORT, kind="hotline")
    due = (await counted.now(complaint_id))["due"]
    nothing = dict.fromkeys(("overdue", "redone", "returned", "upheld"), 0)
    assert (await write(counted))["written"] == nothing
    await clock.pass_days(30)
    told = await asyncio.gather(*[write(counted) for _ in range(4)])
    assert Counter(each["written"]["overdue"] for each in told) == {1: 1, 0: 3}
    [entry] = await entries(counted)
    assert (entry["unit"], entry["key"], entry["value"], entry["state"]) == (
        *("XQ01", "item_overdue", "100"),
        "submitted",
    )
    assert complaint_id in entry["note"]
    [event] = (await counted.now(complaint_id))["events"]
    assert (event["what"], event["unit"], event["due"]) == ("overdue", "XQ01", due)
    assert event["entry_id"] == entry["entry_id"]
    # Who supports it reads it, and nothing of what it has earned for the lead.
    assert (await counted.now(complaint_id, counted.of("XQ02")))["events"] == []
    assert len((await counted.now(complaint_id, counted.of()))["events"]) == 1


async def test_whoever_had_it_done_again_does_not_verify_what_that_costs(counted):
    """Planted bug: only who entered an event is kept from verifying it."""
    complaint_id = await counted.answered()
    said = await counted.direct(complaint_id, "revisit", word="dissatisfied")
    await counted.must(said)
    third = counted.cycle.caller("performance_office", subject="third")
    await counted.must(await counted.direct(complaint_id, "redo", by=third, text="重办。"))
    assert (await write(counted))["written"]["redone"] == 1
    [entry] = await entries(counted)
    ids = [entry["entry_id"]]
    assert await verify(counted, third, ids) == {"own-decision"}
    assert (await verify(counted, counted.cycle.colleague, ids))[0] == 1
    assert [each["state"] for each in await entries(counted)] == ["verified"]


async def test_of_complaints_about_the_office_nothing_is_written(counted, clock):
    """Planted bug: an event tells the office of a complaint about itself."""
    body = counted.body
    complaint_id = await counted.registered(about_office=True, kind="hotline")
    by = {"by": body, "reader": body}
    await counted.must(await counted.direct(complaint_id, "accept", kind="hotline", **by))
    await counted.must(await counted.direct(complaint_id, "assign", units=[LEAD], **by))
    await clock.pass_days(30)
    assert (await write(counted))["written"]["overdue"] == 0
    assert await entries(counted) == []


async def test_a_seal_tells_what_was_not_written_and_afterwards_nothing_counts(counted, clock):
    """Planted bugs: the seal passes over it in silence; it is entered in a sealed ledger."""
    complaint_id = await counted.assigned(kind="hotline")
    await clock.pass_days(30)
    preview = await counted.cycle.post(counted.cycle.office, "ledger/seal?mode=check", {})
    assert preview.json()["left_open"]["unwritten_complaint_events"] == 1
    await seal(counted)
    told = await write(counted)
    assert (told["entered"], told["kept_alone"]) == (0, {"ledger-sealed": 1})
    [event] = (await counted.now(complaint_id))["events"]
    assert (event["entry_id"], event["kept_alone"]) == (None, "ledger-sealed")
    assert await entries(counted) == []


async def test_where_the_scheme_has_none_count_it_is_written_alone(complaints):
    """Planted bug: what costs nothing is written nowhere."""
    complaint_id = await complaints.assigned(LEAD)
    await complaints.must(await complaints.answer(complaint_id, "return"))
    await complaints.must(await complaints.direct(complaint_id, "assign", units=[LEAD]))
    assert (await write(complaints))["written"]["returned"] == 1
    [event] = (await complaints.now(complaint_id))["events"]
    assert (event["step"], event["entry_id"], event["kept_alone"]) == (4, None, None)
    assert codes(await complaints.answer(complaint_id, "return")) == {"returned-before"}


async def upheld(complaints, by, about=("XQ03",), word="upheld"):
    """A complaint about units that another one has answered, closed with a finding."""
    complaint_id = await complaints.accepted(about=about)
    await complaints.must(await complaints.direct(complaint_id, "assign", units=[LEAD]))
    await complaints.must(await complaints.answer(complaint_id))
    said = await complaints.direct(complaint_id, "revisit", word="satisfied")
    await complaints.must(said)
    return complaint_id, await complaints.direct(complaint_id, "close", by=by, word=word)


async def test_a_complaint_that_is_upheld_counts_once_for_whom_it_was_right_about(counted, others):
    """Planted bugs: the lead pays for it; what is unfounded costs; who found it verifies it."""
    cycle_id = counted.cycle.cycle_id
    policy = others.schemes[cycle_id]["complaints"]
    events = policy["events"] | {"upheld": "item_returned"}
    others.schemes[cycle_id] = others.schemes[cycle_id] | {
        "complaints": policy | {"events": events}
    }
    third = counted.cycle.caller("performance_office", subject="third")
    complaint_id, closed = await upheld(counted, third)
    assert closed.status_code == 201, closed.text
    await counted.must((await upheld(counted, third, word="unfounded"))[1])
    for _ in range(2):
        told = await write(counted)
    assert told["written"]["upheld"] == 0
    [entry] = await entries(counted)
    assert (entry["unit"], entry["key"], entry["value"]) == ("XQ03", "item_returned", "100")
    assert complaint_id in entry["note"]
    assert await verify(counted, third, [entry["entry_id"]]) == {"own-decision"}
    assert (await verify(counted, counted.cycle.colleague, [entry["entry_id"]]))[0] == 1


async def test_a_finding_is_given_with_the_closing_and_about_somebody(counted):
    """Planted bugs: upheld about nobody; a finding instead of what was said of an answer."""
    complaint_id, closed = await upheld(counted, counted.cycle.office, about=())
    assert codes(closed) == {"about-nobody"}
    wrong = await counted.direct(complaint_id, "close", by=counted.cycle.office, word="satisfied")
    assert codes(wrong) == {"not-wanted"}
    other = await counted.answered()
    assert codes(await counted.direct(other, "revisit", word="upheld")) == {"not-wanted"}
