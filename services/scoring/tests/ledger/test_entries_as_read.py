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
