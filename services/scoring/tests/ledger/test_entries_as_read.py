"""An entry is changed only while it is the one that its author read."""

import asyncio

import pytest
from leading import VALUE


async def read(cycle, entry):
    """The condition that an entry is as its author reads it."""
    answer = await cycle.source().get(f"{cycle.path}/ledger-entries/{entry}")
    return {"If-Match": answer.headers["etag"]}


CHANGES = {
    "withdrawal": ("draft", {}),
    "correction": ("draft", {"entry": VALUE | {"value": "3"}}),
    "reversal": ("submitted", {"reason": "x"}),
    "restatement": ("submitted", {"reason": "x", "value": "3"}),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_an_entry_is_changed_as_it_was_read_and_not_otherwise(cycle, change):
    """Planted bugs: another ETag for the command than for who reads; no look at the condition."""
    state, body = CHANGES[change]
    [entry] = await cycle.enter(VALUE, state=state)
    stale = await read(cycle, entry)
    if state == "submitted":
        await cycle.verify(all_submitted=True)
    else:
        stale = {"If-Match": '"x"'}
    before = await cycle.rows()
    path = f"ledger-entries/{entry}/{change}"
    refused = await cycle.post(cycle.source(), path, body, headers=stale)
    assert (refused.status_code, refused.json()["type"]) == (412, "precondition-failed")
    assert await cycle.rows() == before
    now = await read(cycle, entry)
    assert {"If-Match": refused.json()["etag"]} == now
    done = await cycle.post(cycle.source(), path, body, headers=now)
    assert done.status_code < 300, done.text


async def test_of_two_who_read_the_same_draft_one_changes_it(cycle):
    """Planted bug: compare before the entries are held."""
    [entry] = await cycle.enter(VALUE, state="draft")
    same = await read(cycle, entry)
    paths = [f"ledger-entries/{entry}/{change}" for change in ("withdrawal", "correction")]
    bodies = [CHANGES[change][1] for change in ("withdrawal", "correction")]
    answers = await asyncio.gather(
        *(
            cycle.post(cycle.source(), path, body, headers=same)
            for path, body in zip(paths, bodies, strict=True)
        )
    )
    first, second = sorted(answer.status_code for answer in answers)
    assert (first < 300, second) == (True, 412)


async def test_who_may_not_change_an_entry_learns_no_tag_of_it(cycle):
    """Planted bug: compare before it is known whose entry it is."""
    [entry] = await cycle.enter(VALUE, state="draft")
    path = f"ledger-entries/{entry}/withdrawal"
    other = cycle.source("ZH01")
    refused = await cycle.post(other, path, {}, headers={"If-Match": '"x"'})
    assert (refused.status_code, refused.json()["type"]) == (404, "no-such-entry")


async def test_a_draft_is_nobody_elses_to_read_before_it_is_handed_in(cycle):
    """Also by the unit that it is about, by what looks like it, and by events. Planted bugs: look
    at the state alone, so that what was taken back before or after is told alike; tell who enters
    something like it; count it in an event."""
    note = {"note": "据云政发〔2025〕12号"}
    ids = [await cycle.enter(VALUE | note, state="draft") for _ in range(3)]
    [gone], [kept], [draft] = ids
    unit, source = cycle.caller("assessed_unit", unit="XQ01"), cycle.source()
    await cycle.post(source, f"ledger-entries/{gone}/withdrawal", {})

    async def seen(who):
        answer = await who.get(f"{cycle.path}/ledger-entries")
        listed = {each["entry_id"] for each in answer.json()["items"]}
        for each in (gone, kept, draft):
            found = await who.get(f"{cycle.path}/ledger-entries/{each}")
            assert found.status_code == (200 if each in listed else 404)
        return listed

    async def heard():
        answer = await unit.get(f"/internal/events?chain={cycle.cycle_id}")
        assert answer.status_code == 200, answer.text
        return [each["type"] for each in answer.json()["events"]]

    assert await seen(source) == {gone, kept, draft}
    assert (await seen(unit), await heard()) == (set(), [])
    report = {"unit": "XQ01", "indicator": "C01", "kind": "progress_report", "period": "2025-03"}
    answer = await cycle.post(unit, "ledger-entries", {"entries": [report | note]})
    [row] = answer.json()["rows"]
    assert row["likely_duplicates"] == []
    assert (await cycle.post(source, "ledger-entries/submission", {"entry_ids": [kept]})).is_success
    assert await seen(unit) == {kept, row["entry_id"]}
    assert await heard() == ["scoring.entries-posted", "scoring.entries-submitted"]
    back = {"entry_ids": [kept], "reason": "x"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", back)).is_success
    assert (await cycle.post(source, f"ledger-entries/{kept}/withdrawal", {})).is_success
    assert await seen(unit) == {kept, row["entry_id"]}
