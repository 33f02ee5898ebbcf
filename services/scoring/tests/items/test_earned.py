"""What items have earned: by the rules on drawn days, and over HTTP once each."""

import asyncio
import datetime as dt
from collections import Counter

import pytest
from services.scoring.tests.items.test_moves import seal

from chassis.deadlines import PLAIN_WEEKS
from scoring.rules.items.clock import Clock
from scoring.rules.items.earned import earned
from scoring.rules.items.given import Share
from scoring.rules.items.standing import Made

DAY = dt.date
EVENTS = "supervised-item-events"
GIVEN = {1: [Share("A", "lead", 60), Share("B", "support", 40), Share("R", "reader", 0)]}
DUE = Clock(DAY(2025, 3, 14), None, 2)  # a Friday
DONE = Clock(DAY(2025, 3, 14), 3, 2, DAY(2025, 3, 11))


def made(*moves):
    """Moves of an item: move, state, day of March, clock; B returns, disputes and reports."""
    found = []
    for n, (move, state, day, clock) in enumerate(moves, 1):
        unit = {"return": "B", "dispute": "B", "report": "B", "sign": "A"}.get(move)
        found.append(Made(n, move, state, clock, "x", unit, DAY(2025, 3, day)))
    return found


BEGUN = (("register", "registered", 3, Clock()), ("dispatch", "dispatched", 3, DUE))
RETURN = ("return", "returned", 5, Clock(DAY(2025, 3, 14), 7, 2))
INSIST = ("insist", "dispatched", 6, DUE)
STILL = Clock(DAY(2025, 3, 14), 5, 2)
LATE = Clock(DAY(2025, 3, 31), None, 2)
SUSPENDED = ("suspend", "suspended", 7, STILL)
DISPUTE = ("dispute", "disputed", 7, Clock(DAY(2025, 3, 14), 5, 2))


@pytest.mark.parametrize(
    ("moves", "today", "wanted"),
    [
        ((), 10, {}),
        ((), 11, {"due_soon": (2, 11)}),
        ((), 14, {"due_soon": (2, 11)}),
        ((), 15, {"due_soon": (2, 11), "overdue": (2, 15)}),
        ((), 31, {"due_soon": (2, 11), "overdue": (2, 15)}),
        ((("reply", "replied", 10, DONE),), 31, {}),
        ((("reply", "replied", 14, DONE),), 31, {"due_soon": (2, 11)}),
        ((("reply", "replied", 17, DONE),), 31, {"due_soon": (2, 11), "overdue": (2, 15)}),
        ((("urge", "dispatched", 20, DUE),), 31, {"due_soon": (2, 11), "overdue": (2, 15)}),
        (
            (
                ("reply", "replied", 10, DONE),
                ("redo", "handling", 12, Clock(DAY(2025, 3, 28), None, 4)),
            ),
            20,
            {"redone": (4, 12)},
        ),
        ((("suspend", "suspended", 10, Clock(DAY(2025, 3, 14), 4, 2)),), 31, {}),
        # Refused on the 18th: the day that there was has been missed since.
        (
            (
                ("ask_extension", "extension_asked", 13, Clock(DAY(2025, 3, 14), 1, 2)),
                ("refuse_extension", "handling", 18, DUE),
            ),
            19,
            {"due_soon": (2, 11), "overdue": (2, 18)},
        ),
        ((RETURN,), 31, {}),
        # The 6th is a Thursday; it can be disputed until the 11th.
        ((RETURN, INSIST), 11, {"due_soon": (2, 11)}),
        ((RETURN, INSIST), 12, {"due_soon": (2, 11), "returned": (3, 12)}),
        # What the lead does is nothing that B has accepted; what B itself does is.
        ((RETURN, INSIST, ("sign", "handling", 7, DUE)), 10, {}),
        (
            (RETURN, INSIST, ("sign", "handling", 7, DUE), ("report", "handling", 7, DUE)),
            7,
            {"returned": (3, 7)},
        ),
        # Days on which it stands still are none of the three.
        ((RETURN, INSIST, ("return", "returned", 7, STILL)), 31, {}),
        (
            (RETURN, INSIST, SUSPENDED, ("resume", "handling", 17, LATE)),
            18,
            {},
        ),
        (
            (RETURN, INSIST, SUSPENDED, ("resume", "handling", 17, LATE)),
            20,
            {"returned": (3, 20)},
        ),
        # Who replies before he is answered has no longer than he asked for.
        (
            (
                ("ask_extension", "extension_asked", 13, Clock(DAY(2025, 3, 14), 1, 2)),
                ("reply", "replied", 20, Clock(DAY(2025, 3, 18), None, 2, DAY(2025, 3, 20))),
            ),
            19,
            {"due_soon": (2, 11)},
        ),
        (
            (
                ("ask_extension", "extension_asked", 13, Clock(DAY(2025, 3, 14), 1, 2)),
                ("reply", "replied", 20, Clock(DAY(2025, 3, 18), None, 2, DAY(2025, 3, 20))),
            ),
            31,
            {"due_soon": (2, 11), "overdue": (2, 20)},
        ),
        ((RETURN, INSIST, DISPUTE), 31, {}),
        ((RETURN, INSIST, DISPUTE, ("insist", "dispatched", 10, DUE)), 10, {"returned": (3, 10)}),
        (
            (
                RETURN,
                INSIST,
                DISPUTE,
                ("reassign", "dispatched", 10, Clock(DAY(2025, 3, 31), None, 6)),
            ),
            20,
            {},
        ),
    ],
)
def test_what_an_item_has_earned_follows_from_its_moves_and_the_day(moves, today, wanted):
    """Planted bugs: what stands still goes overdue; a dispute that is won costs; one term twice."""
    found = list(earned(None, made(*BEGUN, *moves), GIVEN, DAY(2025, 3, today), PLAIN_WEEKS))
    told = {each.what: (each.step, each.shown_on.day) for each in found}
    assert told == wanted
    for what in told:
        shares = {each.unit: each.share for each in found if each.what == what}
        assert shares == ({"B": 100} if what == "returned" else {"A": 60, "B": 40})


def test_whoever_looks_each_day_finds_the_same_as_who_looks_once():
    """Planted bug: the day on which somebody looks taken for the day that earned it."""
    moves = made(*BEGUN, RETURN, INSIST, ("sign", "handling", 7, DUE))
    daily = set()
    for day in range(3, 32):
        daily |= set(earned(None, moves, GIVEN, DAY(2025, 3, day), PLAIN_WEEKS))
    assert daily == set(earned(None, moves, GIVEN, DAY(2025, 3, 31), PLAIN_WEEKS))


# Over HTTP


def with_items(document, **policy):
    """A scheme in which a percent of an overdue item costs 0.002 points of C15."""

    def indicator(each):
        if each["code"] != "C15":
            return each
        costs = {"item_overdue": "0.002", "item_redone": "0.001", "item_returned": "0.001"}
        return each | {"params": {"per_event": costs}, "frequency": "per_event"}

    county, *rest = document["categories"]
    blocks = [
        each | {"indicators": [indicator(one) for one in each["indicators"]]}
        for each in county["blocks"]
    ]
    items = {"indicator": "C15", "overdue": "item_overdue", "redone": "item_redone"} | policy
    return document | {"categories": [county | {"blocks": blocks}, *rest], "items": items}


@pytest.fixture
def counted(items, others, document):
    others.schemes[items.cycle.cycle_id] = with_items(document)
    return items


async def write(items) -> dict:
    answer = await items.cycle.post(items.cycle.office, EVENTS, None)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def listed(items, by=None, **query) -> list[dict]:
    client = by or items.cycle.office
    answer = await client.get(f"{items.cycle.path}/{EVENTS}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_what_was_overdue_counts_by_shares_and_once(counted, clock):
    """Planted bugs: without the key a second look enters it again; shares left out."""
    item_id = await counted.handled(within=2)
    assert (await write(counted))["written"]["due_soon"] == 2
    await clock.pass_days(7)
    told = await asyncio.gather(*[write(counted) for _ in range(4)])
    assert Counter(each["written"]["overdue"] for each in told) == {2: 1, 0: 3}
    assert sum(each["entered"] for each in told) == 2
    rows = await listed(counted, what="overdue")
    assert {each["unit"]: each["share"] for each in rows} == {"XQ01": 60, "XQ02": 40}
    path = f"{counted.cycle.path}/ledger-entries"
    entries = (await counted.cycle.office.get(path)).json()["items"]
    found = {each["unit"]: (each["key"], each["value"], each["state"]) for each in entries}
    assert found == {
        "XQ01": ("item_overdue", "60", "submitted"),
        "XQ02": ("item_overdue", "40", "submitted"),
    }
    assert {each["entry_id"] for each in rows} == {each["entry_id"] for each in entries}
    assert not any("内涝" in (each["note"] or "") for each in entries)
    # Another person of the office has it count.
    body = {"all_submitted": True}
    answer = await counted.cycle.post(counted.cycle.colleague, "ledger-entries/verification", body)
    assert answer.status_code == 200, answer.text
    await counted.answer(item_id, "reply", text="补办。")
    again = await write(counted)
    assert (again["written"]["overdue"], again["entered"]) == (0, 0)


async def test_what_is_done_again_counts_and_what_has_no_event_costs_nothing(counted):
    item_id = await counted.replied()
    answer = await counted.direct(item_id, "redo", text="未办实。", within=5)
    assert answer.status_code == 201
    returned = await counted.dispatched()
    await counted.answer(returned, "return", text="不属。")
    office = counted.cycle.office
    await counted.direct(returned, "insist", by=office, text="属。")
    assert (await counted.answer(returned, "sign")).status_code == 201
    told = await write(counted)
    assert (told["written"]["redone"], told["written"]["returned"]) == (2, 1)
    assert (told["entered"], told["kept_alone"]) == (2, {"costs-nothing": 1})
    [row] = await listed(counted, what="returned")
    assert (row["unit"], row["share"], row["kept_alone"]) == ("XQ01", 100, "costs-nothing")


async def test_a_scheme_that_says_nothing_of_items_has_none_count(items, clock):
    await items.handled(within=1)
    await clock.pass_days(7)
    told = await write(items)
    assert (told["written"]["overdue"], told["entered"], told["kept_alone"]) == (2, 0, {})
    assert {each["entry_id"] for each in await listed(items)} == {None}


async def test_a_unit_reads_what_its_own_items_have_earned(counted, clock):
    """Planted bug: the key of another unit begins a page."""
    await counted.handled(within=1)
    await clock.pass_days(7)
    await write(counted)
    own = await listed(counted, by=counted.of("XQ02"))
    assert {each["unit"] for each in own} == {"XQ02"}
    assert await listed(counted, by=counted.of("XQ02"), unit="XQ01") == []
    [other] = [
        each["key"] for each in await listed(counted, what="overdue") if each["unit"] == "XQ01"
    ]
    path = f"{counted.cycle.path}/{EVENTS}"
    answer = await counted.of("XQ02").get(path, params={"after": other})
    assert answer.status_code == 422
    pages, after = [], None
    while True:
        more = {"limit": 1} | ({"after": after} if after else {})
        page = (await counted.cycle.office.get(path, params=more)).json()
        pages += [each["key"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert pages == [each["key"] for each in await listed(counted)]
    assert (await counted.cycle.post(counted.of(), EVENTS, None)).status_code == 403


async def test_the_seal_names_items_in_hand_and_what_they_earned_and_nobody_wrote(counted, clock):
    """Planted bugs: take what has a written event for open; count reminders; seal without a word
    of it."""
    cycle = counted.cycle
    item_id = await counted.handled(within=2)
    closed = await counted.registered()
    assert (await counted.direct(closed[0], "call_off", text="重复立项")).status_code < 300

    async def preview():
        return (await cycle.post(cycle.office, "ledger/seal?mode=check", {})).json()

    told = await preview()
    assert told["left_open"] == {"open_items": 1}
    assert [(each["item_id"], each["state"]) for each in told["open_items"]] == [
        (item_id, "handling")
    ]
    await clock.pass_days(7)
    told = await preview()
    assert told["left_open"]["open_items"] == 1
    unwritten = told["left_open"]["unwritten_item_events"]
    refused = await cycle.post(cycle.office, "ledger/seal", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "seal-unseen")
    assert refused.json()["left_open"] == told["left_open"]
    assert (await write(counted))["entered"] == unwritten > 0
    assert (await preview())["left_open"] == {"open_items": 1}
    colleague = cycle.caller("performance_office", unit="ZF01", subject="colleague")
    by = {"all_submitted": True}
    await cycle.post(colleague, "ledger-entries/verification", by)
    sealed = await cycle.post(cycle.office, "ledger/seal", {"seen": (await preview())["seen"]})
    assert (sealed.status_code, sealed.json()["left_open"]) == (200, {"open_items": 1})


async def verify(items, client, ids=None) -> tuple:
    """What verification answers: how many counted, how many were left, or the faults."""
    body = {"all_submitted": True} if ids is None else {"entry_ids": ids}
    answer = await items.cycle.post(client, "ledger-entries/verification", body)
    if answer.status_code != 200:
        return {each["code"] for each in answer.json()["errors"]}
    return answer.json()["count"], answer.json()["own_cards"]


async def waiting(items, client) -> int:
    """How many entries the caller is asked to verify."""
    answer = await client.get(f"{items.cycle.path}/tasks/scoring")
    found = [each for each in answer.json()["tasks"] if each["kind"] == "verify-entries"]
    return sum(each["count"] for each in found)


@pytest.mark.parametrize("what", ["redone", "returned", "overdue"])
async def test_who_decided_what_it_costs_does_not_verify_it(counted, clock, others, document, what):
    """Planted bug: only who wrote the event is another person."""
    others.schemes[counted.cycle.cycle_id] = with_items(document, returned="item_returned")
    decider = counted.cycle.colleague
    if what == "redone":
        item = await counted.replied()
        await counted.direct(item, "redo", text="未办实。", within=5)
    elif what == "returned":
        [item] = await counted.registered(by=counted.cycle.colleague)
        await counted.dispatch(item, by=counted.cycle.office)
        await counted.answer(item, "return", text="不属。")
        await counted.direct(item, "insist", text="属。")
        await clock.pass_days(7)
    else:
        item = await counted.handled(within=2)
        await counted.answer(item, "ask_extension", text="请延期。", within=30)
        await clock.pass_days(14)
        await counted.direct(item, "refuse_extension", text="不同意。")
        await clock.pass_days(1)
    told = await write(counted)
    count = told["entered"]
    assert count == {"redone": 2, "returned": 1, "overdue": 2}[what], told
    ids = [each["entry_id"] for each in await listed(counted, what=what)]
    assert await verify(counted, decider, ids) == {"own-decision"}
    assert await verify(counted, decider) == (0, count)
    third = counted.cycle.caller("performance_office", subject="third", person="p-third")
    assert (await waiting(counted, decider), await waiting(counted, third)) == (0, count)
    assert await verify(counted, third, ids) == (count, 0)


async def test_what_would_cost_after_the_seal_is_written_by_name_and_counts_nowhere(counted, clock):
    """Planted bug: the command is refused, and nobody is told what is overdue."""
    await counted.handled(within=2)
    await seal(counted)
    await clock.pass_days(7)
    told = await write(counted)
    assert (told["written"]["overdue"], told["entered"]) == (2, 0)
    assert told["kept_alone"] == {"ledger-sealed": 2}
    rows = await listed(counted, what="overdue")
    assert {(each["entry_id"], each["kept_alone"]) for each in rows} == {(None, "ledger-sealed")}
    assert (await write(counted))["written"]["overdue"] == 0
    path = f"{counted.cycle.path}/ledger-entries"
    assert (await counted.cycle.office.get(path)).json()["items"] == []


async def test_an_item_in_hand_is_a_matter_of_its_units_until_it_is_closed(counted):
    """Planted bugs: told before it is dispatched; told to units that only read it."""
    cycle = counted.cycle

    async def told(unit):
        path = f"{cycle.path}/stage-results/current/units/{unit}/matters?what=item"
        answer = await counted.of(unit).get(path)
        assert answer.status_code == 200, answer.text
        found = answer.json()["matters"]
        return [(e["unit"], e["indicator"], e["count"], e["working_days_left"]) for e in found]

    await counted.registered(within=5)
    assert await told("XQ01") == []
    item_id = await counted.handled(within=5)
    due = (await counted.now(item_id))["due"]
    (one,) = await told("XQ01")
    assert one[:3] == ("XQ01", "C15", 1)
    assert await told("XQ02") == [one]
    assert await told("XQ03") == []
    assert due is not None
    assert one[3] == 5
    assert (await counted.answer(item_id, "reply", text="完成", completion=100)).is_success
    assert [(acts, count) for acts, _, count, _ in await told("XQ01")] == [(None, 1)]
    assert (await counted.direct(item_id, "close", text="同意")).is_success
    assert await told("XQ01") == []
