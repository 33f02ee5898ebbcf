"""Findings of inspections (检查发现): entered by supervising bodies about other units, and scored
as the events of the indicator."""

import copy
from decimal import Decimal
from uuid import UUID

import pytest

from scoring.rules.ledger.entries import EVENT, INSPECTION_FINDING, Entry
from scoring.rules.methods.chinese import name_zh

FINDING = {
    "unit": "XQ01",
    "indicator": "C03",
    "kind": "inspection_finding",
    "key": "overdue",
    "period": "2025-03",
}
ZERO = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "zero_report"}
BODIES = ["ZH30", "XQ05"]


def supervised(document, **more):
    """The scheme in which ZH30 and XQ05 enter findings for C03, whose source is ZH01."""
    changed = copy.deepcopy(document)
    for category in changed["categories"]:
        for block in category["blocks"]:
            for each in block["indicators"]:
                if each["code"] == "C03":
                    each |= {"findings_by": BODIES} | more
    return changed


@pytest.fixture
def cycle(new_cycle, others, document):
    made = new_cycle()
    others.schemes[made.cycle_id] = supervised(document)
    return made


async def enter(cycle, unit, *entries, **more):
    client = cycle.source(unit)
    return await cycle.post(client, "ledger-entries", {"entries": [*entries], **more})


async def found(cycle, *entries, unit="ZH30"):
    answer = await enter(cycle, unit, *entries)
    assert answer.status_code == 201, answer.text
    return [row["entry_id"] for row in answer.json()["rows"]]


@pytest.mark.parametrize(
    ("entry", "unit", "pointer", "code"),
    [
        (FINDING, "ZH01", "/entries/0/indicator", "not-a-supervising-body"),
        (FINDING, "XQ01", "/entries/0/indicator", "not-a-supervising-body"),
        (FINDING | {"unit": "XQ05"}, "XQ05", "/entries/0/unit", "own-unit"),
        (FINDING, "XQ05", "/entries/0/unit", "own-category"),
        (FINDING | {"kind": "event"}, "ZH30", "/entries/0/indicator", "not-the-data-source"),
        (FINDING | {"key": "zero_report", "value": "0"}, "ZH30", "/entries/0/key", "not-one-of"),
        (FINDING | {"key": "unheard_of"}, "ZH30", "/entries/0/key", "not-one-of"),
        (FINDING | {"value": "-1"}, "ZH30", "/entries/0/value", "out-of-range"),
        (FINDING | {"indicator": "C01"}, "ZH30", "/entries/0/kind", "not-one-of"),
        (FINDING | {"period": "2024"}, "ZH30", "/entries/0/period", "wrong-period"),
    ],
)
async def test_only_a_supervising_body_finds_and_only_what_others_did(
    cycle, entry, unit, pointer, code
):
    """Planted bugs: ask for the data source; a body about itself, or about its competitor."""
    before = await cycle.rows()
    answer = await enter(cycle, unit, entry)
    assert answer.status_code in (403, 422), answer.text
    assert (pointer, code) in {(e["pointer"], e["code"]) for e in answer.json()["errors"]}
    assert await cycle.rows() == before


async def test_where_the_scheme_names_nobody_there_are_no_findings(new_cycle, others, document):
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document
    answer = await enter(cycle, "ZH30", FINDING)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "not-one-of"


async def earned(cycle):
    path = f"{cycle.path}/stage-results/current"
    answer = await cycle.office.get(path, params={"unit": "XQ01"})
    [unit] = answer.json()["units"]
    return next(each for each in unit["indicators"] if each["indicator"] == "C03")


async def test_a_finding_counts_beside_what_the_source_reports_once_another_verifies_it(cycle):
    """The source has reported that nothing happened in the year, and that neither keeps a finding
    out nor is kept out by one. Planted bugs: a finding contradicts the zero report; it counts
    before it is verified; it answers what the source owes."""
    [first] = await found(cycle, FINDING)
    query = "indicator=C03&period=2025-03"
    owed = (await cycle.office.get(f"{cycle.path}/duties?{query}&about=XQ01")).json()["items"]
    assert owed[0]["missing_units"] == ["XQ01"]
    progress = f"{cycle.path}/progress?by=indicator&{query}&unit=XQ01"
    assert (await cycle.office.get(progress)).json()["items"][0]["received"] == 0
    await cycle.enter(ZERO, unit="ZH01")
    await found(cycle, FINDING | {"key": "no_feedback", "occurred_on": "2025-03-09"})
    assert (await cycle.post(cycle.source("ZH30"), "ledger-entries/verification",
                             {"entry_ids": [first]})).status_code == 403  # fmt: skip
    await cycle.verify(entry_ids=[first])
    one = await earned(cycle)
    assert one["score"] is None  # the zero report is not verified yet
    await cycle.verify(all_submitted=True)
    # C03 has 4 points: 0.2 for what is overdue, 0.4 for what had no answer.
    assert Decimal((await earned(cycle))["score"]) == Decimal("3.4")
    answer = await cycle.post(cycle.source("ZH30"), f"ledger-entries/{first}/reversal",
                              {"reason": "核实有误"})  # fmt: skip
    assert answer.status_code == 201, answer.text
    await cycle.verify(all_submitted=True)
    assert Decimal((await earned(cycle))["score"]) == Decimal("3.6")


async def test_who_reads_it_and_that_nobody_waits_for_it(cycle):
    """The unit that it is about reads it as any entry about it, no other unit does; it is late for
    nobody. Planted bugs: told to the source, who entered nothing; a day on which it was due."""
    [made] = await found(cycle, FINDING)

    async def seen(client):
        answer = await client.get(f"{cycle.path}/ledger-entries?kind=inspection_finding")
        assert answer.status_code == 200, answer.text
        return len(answer.json()["items"])

    for client, number in (
        (cycle.office, 1),
        (cycle.source("ZH30"), 1),
        (cycle.caller("assessed_unit", unit="XQ01"), 1),
        (cycle.caller("assessed_unit", unit="XQ02"), 0),
        (cycle.source("ZH01"), 0),
    ):
        assert await seen(client) == number
    one = (await cycle.office.get(f"{cycle.path}/ledger-entries/{made}")).json()
    assert (one["late"], one["due_on"]) == (None, None)
    late = f"{cycle.path}/ledger-entries?unit=XQ01&late="
    for word in ("true", "false"):
        assert (await cycle.office.get(late + word)).json()["items"] == []


async def test_a_finding_is_kept_out_by_a_declaration_and_keeps_one_out(
    new_cycle, others, document
):
    """Planted bug: findings are compared with nothing."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = supervised(document, may_be_not_applicable=True)
    out = {"unit": "XQ02", "indicator": "C03", "kind": "not_applicable", "note": "无此业务"}
    await cycle.enter(out, unit="ZH01")
    answer = await enter(cycle, "ZH30", FINDING | {"unit": "XQ02"})
    assert [each["code"] for each in answer.json()["errors"]] == ["not-applicable"]
    await found(cycle, FINDING)
    answer = await enter(cycle, "ZH01", out | {"unit": "XQ01"})
    assert [each["code"] for each in answer.json()["errors"]] == ["entered-already"]


async def test_evidence_is_wanted_of_findings_where_the_scheme_says_so(new_cycle, others, document):
    """Planted bug: what is wanted of events is wanted of no finding, or the reverse."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = supervised(document, evidence_for=["inspection_finding"])
    [made] = await found(cycle, FINDING)
    answer = await cycle.post(cycle.office, "ledger-entries/verification", {"entry_ids": [made]})
    assert [each["code"] for each in answer.json()["errors"]] == ["evidence-missing"]


def test_an_explanation_says_which_event_an_inspection_found():
    assert name_zh("overdue, 2025-03, inspection finding").endswith("2025-03，检查发现")
    assert (
        Entry(UUID(int=1), "A", "X", INSPECTION_FINDING, "k", None, "2025", None, None).kind
        != EVENT
    )


async def test_an_event_and_a_finding_of_one_incident_are_likely_duplicates(cycle):
    """Whoever tells of it last: to the office, and to no sender what another body has entered.

    Planted bugs: compare kinds; look for the event of a finding, and not for the finding of an
    event; tell the source of what was found.
    """
    event = FINDING | {"kind": "event", "occurred_on": "2025-03-09"}
    other = {"period": "2025-04"}

    async def pairs():
        answer = await cycle.office.get(f"{cycle.path}/ledger-entries/likely-duplicates")
        return [(each["entry"]["entry_id"], each["like"]["entry_id"], each["by"])
                for each in answer.json()["items"]]  # fmt: skip

    async def entered(unit, entry):
        answer = await enter(cycle, unit, entry)
        [row] = answer.json()["rows"]
        assert row["likely_duplicates"] == [], unit
        return row["entry_id"]

    first = await entered("ZH01", event)
    second = await entered("ZH30", FINDING)
    third = await entered("ZH30", FINDING | other)
    fourth = await entered("ZH01", event | other | {"occurred_on": "2025-04-01"})
    assert await pairs() == [(second, first, "same_subject"), (fourth, third, "same_subject")]


async def test_events_of_one_batch_are_each_like_the_finding_and_not_like_one_another(cycle):
    """As they are where they come one by one. Planted bug: a row stands for the finding that it is
    like."""
    event = FINDING | {"kind": "event", "occurred_on": "2025-03-09"}
    [found] = (await enter(cycle, "ZH30", FINDING)).json()["rows"]
    rows = (await enter(cycle, "ZH01", event, event, event)).json()["rows"]
    answer = await cycle.office.get(f"{cycle.path}/ledger-entries/likely-duplicates")
    told = [(e["entry"]["entry_id"], e["like"]["entry_id"]) for e in answer.json()["items"]]
    assert told == [(each["entry_id"], found["entry_id"]) for each in rows]
