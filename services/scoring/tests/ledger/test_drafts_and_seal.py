"""What its author may still change, and what a seal shows before it cannot be taken back."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from scoring.queries import moves

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
}
OTHER = VALUE | {"unit": "XQ02"}
FIELDS = ("state", "value", "replaces")


async def listed(cycle):
    items = (await cycle.office.get(f"{cycle.path}/ledger-entries")).json()["items"]
    return [tuple(item[name] for name in FIELDS) for item in items]


async def returned(cycle):
    [entry] = await cycle.enter(VALUE)
    body = {"entry_ids": [entry], "reason": "照片没有日期"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", body)).status_code == 200
    return entry


async def draft(cycle):
    [entry] = await cycle.enter(VALUE, state="draft")
    return entry


def correct(cycle, entry, right, state="submitted", client=None):
    path = f"ledger-entries/{entry}/correction"
    return cycle.post(client or cycle.source(), path, {"entry": right, "state": state})


@pytest.mark.parametrize("make", [draft, returned])
async def test_a_draft_or_a_returned_entry_is_corrected_and_what_it_was_stays(cycle, make):
    entry = await make(cycle)
    before = (await listed(cycle))[0][0]

    answer = await correct(cycle, entry, VALUE | {"value": "99"})

    assert answer.status_code == 201, answer.text
    assert answer.json()["replaces"] == entry
    assert before in ("draft", "returned")
    assert await listed(cycle) == [("replaced", "104", None), ("submitted", "99", entry)]
    await cycle.verify(all_submitted=True)
    again = await correct(cycle, entry, VALUE)
    assert (again.status_code, again.json()["type"]) == (409, "not-changeable")


@pytest.mark.parametrize("make", [draft, returned])
async def test_a_draft_or_a_returned_entry_is_taken_back_and_stays_to_be_read(cycle, make):
    entry = await make(cycle)
    path = f"ledger-entries/{entry}/withdrawal"

    answer = await cycle.post(cycle.source(), path, {"reason": "填错单位"})
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert await listed(cycle) == [("withdrawn", "104", None)]
    again = await cycle.post(cycle.source(), "ledger-entries/submission", {"entry_ids": [entry]})
    assert again.json()["errors"][0]["code"] == "wrong-state"
    # Nothing is in the way of the right one, and nothing is left behind.
    await cycle.verify(entry_ids=await cycle.enter(VALUE))
    assert (await cycle.post(cycle.office, "ledger/seal")).status_code == 200


@pytest.mark.parametrize("state", ["submitted", "verified"])
async def test_what_was_handed_in_is_changed_by_nobody(cycle, state):
    [entry] = await cycle.enter(VALUE)
    if state == "verified":
        await cycle.verify(entry_ids=[entry])
    before = await cycle.rows()

    answers = [
        await correct(cycle, entry, VALUE | {"value": "99"}),
        await cycle.post(cycle.source(), f"ledger-entries/{entry}/withdrawal", {}),
    ]
    assert {(a.status_code, a.json()["type"]) for a in answers} == {(409, "not-changeable")}
    assert await cycle.rows() == before


@pytest.mark.parametrize(
    ("roles", "unit", "refusal"),
    [
        (("data_source_unit",), "ZH07", (404, "no-such-entry")),
        (("assessed_unit",), "XQ01", (404, "no-such-entry")),
        (("performance_office",), "ZH02", (403, "not-allowed")),
    ],
)
async def test_nobody_else_changes_a_draft(cycle, roles, unit, refusal):
    entry = await draft(cycle)
    client, before = cycle.caller(*roles, unit=unit), await cycle.rows()

    answers = [
        await correct(cycle, entry, VALUE, client=client),
        await cycle.post(client, f"ledger-entries/{entry}/withdrawal", {}),
    ]
    assert {(a.status_code, a.json()["type"]) for a in answers} == {refusal}
    assert await cycle.rows() == before


async def test_a_correction_is_an_entry_like_any_other(cycle):
    entry = await draft(cycle)
    before = await cycle.rows()
    answer = await correct(cycle, entry, VALUE | {"period": "2025-03"})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not-one-of")
    assert await cycle.rows() == before


# The seal


async def preview(cycle):
    answer = await cycle.post(cycle.office, "ledger/seal?mode=check")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def mixed(cycle):
    """Two verified, one draft, one returned, one withdrawn."""
    await cycle.verify(entry_ids=await cycle.enter(VALUE, OTHER))
    [one] = await cycle.enter(VALUE | {"unit": "XQ03"}, state="draft")
    [two] = await cycle.enter(VALUE | {"unit": "XQ04"})
    body = {"entry_ids": [two], "reason": "x"}
    await cycle.post(cycle.office, "ledger-entries/return", body)
    [three] = await cycle.enter(VALUE | {"unit": "XQ05"}, state="draft")
    await cycle.post(cycle.source(), f"ledger-entries/{three}/withdrawal", {})
    return one, two


async def test_a_preview_of_the_seal_shows_what_it_leaves_and_keeps_nothing(cycle):
    one, two = await mixed(cycle)
    before = await cycle.rows()

    seen = await preview(cycle)

    assert (seen["phase"], seen["locks"], seen["leaves"]) == (
        "open",
        2,
        {"draft": 1, "returned": 1},
    )
    assert [(e["entry_id"], e["state"]) for e in seen["left"]] == [
        (one, "draft"),
        (two, "returned"),
    ]
    assert (seen["left_more"], seen["unread"], seen["unread_more"]) == (0, [], 0)
    assert len(seen["missing"]) == 100
    assert seen["missing_more"] > 0
    assert await cycle.rows() == before
    assert (await cycle.ledger())["phase"] == "open"
    assert await preview(cycle) == seen


@pytest.mark.parametrize("at_once", [2, 1])
async def test_nobody_seals_by_surprise(cycle, monkeypatch, at_once):
    """However many entries one statement locks. Planted bugs: a seal that does not ask what it
    leaves; entries that the first statement had no room for stay open."""
    await mixed(cycle)
    seen, before = await preview(cycle), await cycle.rows()

    for body in (
        None,
        {},
        {"leaves": {"draft": 1}},
        {"leaves": {"draft": 2, "returned": 1}},
        {"leaves": seen["leaves"], "seen": "0" * 64},
    ):
        answer = await cycle.post(cycle.office, "ledger/seal", body)
        assert (answer.status_code, answer.json()["type"]) == (409, "not-as-seen")
        assert answer.json()["leaves"] == {"draft": 1, "returned": 1}
    assert await cycle.rows() == before

    named = {"leaves": seen["leaves"], "seen": seen["seen"]}
    monkeypatch.setattr(moves, "MOST_AT_ONCE", at_once)
    answer = await cycle.post(cycle.office, "ledger/seal", named)
    assert (answer.status_code, answer.json()["locked"], answer.json()["leaves"]) == (
        200,
        2,
        {"draft": 1, "returned": 1},
    )
    auditor = cycle.caller("auditor")
    chain = await auditor.get(f"/api/v1/journals/scoring/chains/{cycle.cycle_id}")
    told = json.loads(chain.json()["items"][-1]["body"])
    assert (told["locked"], told["leaves"], len(told["left"])) == (
        2,
        {"draft": 1, "returned": 1},
        2,
    )


async def test_a_ledger_that_has_changed_since_the_preview_is_not_sealed(cycle):
    """As many drafts as before, and others."""
    one, _ = await mixed(cycle)
    seen = await preview(cycle)
    await cycle.post(cycle.source(), f"ledger-entries/{one}/withdrawal", {})
    await cycle.enter(VALUE | {"unit": "XQ06"}, state="draft")

    answer = await cycle.post(
        cycle.office, "ledger/seal", {"leaves": seen["leaves"], "seen": seen["seen"]}
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "not-as-seen")


async def test_a_preview_names_what_counts_and_is_read_by_nobody(cycle):
    """A node beyond the planned ones; the plan is made apart from the ledger."""
    item = {"unit": "ZH05", "indicator": "G03", "kind": "measured_value", "key": "actual"}
    own = cycle.caller("assessed_unit", unit="ZH05")
    body = {"entries": [item | {"item": "unplanned", "value": "1"}]}
    posted = (await cycle.post(own, "ledger-entries", body)).json()["rows"]
    await cycle.verify(all_submitted=True)

    seen = await preview(cycle)
    assert [each["entry_id"] for each in seen["unread"]] == [posted[0]["entry_id"]]


async def test_a_year_that_is_not_over_is_sealed_by_who_has_seen_that_alone(
    new_cycle, others, document
):
    """The preview says when it ends, and its token stands for that. Planted bugs: sealed without a
    preview; by the preview of a year that was over; the day is not named."""
    cycle = new_cycle()
    seen = (await cycle.post(cycle.office, "ledger/seal?mode=check", {})).json()
    assert seen["year_not_over"] is None
    others.schemes[cycle.cycle_id] = document | {"assessment_year": 2998}
    refused = await cycle.post(cycle.office, "ledger/seal", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "year-not-over"), refused.text
    assert refused.json()["ends_on"] == "2998-12-31"
    now = (await cycle.post(cycle.office, "ledger/seal?mode=check", {})).json()
    assert (next(iter(now)), now["year_not_over"]) == ("year_not_over", "2998-12-31")
    stale = await cycle.post(cycle.office, "ledger/seal", {"seen": seen["seen"]})
    assert stale.json()["type"] == "not-as-seen", stale.text
    answer = await cycle.post(cycle.office, "ledger/seal", {"seen": now["seen"]})
    assert answer.status_code == 200, answer.text


async def test_only_who_may_seal_looks_at_it_before(cycle):
    answer = await cycle.post(cycle.source(), "ledger/seal?mode=check")
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
    answer = await cycle.post(cycle.office, "ledger/seal?mode=try")
    assert answer.status_code == 422
    assert (await cycle.ledger())["phase"] == "open"


async def test_a_preview_needs_no_key_and_leaves_none(cycle):
    url = f"{cycle.path}/ledger/seal?mode=check"
    answer = await cycle.office.post(url, headers={"Idempotency-Key": f"look-{cycle.cycle_id}"})
    assert answer.status_code == 200
    kept = await cycle.service.sql(
        "SELECT 1 FROM idempotency_key WHERE key = $1", f"look-{cycle.cycle_id}"
    )
    assert kept == []
    # The same key is free for the seal itself.
    sealed = await cycle.office.post(
        f"{cycle.path}/ledger/seal", headers={"Idempotency-Key": f"look-{cycle.cycle_id}"}
    )
    assert sealed.status_code == 200


@asynccontextmanager
async def over_tcp(client):
    """Give a client that asks as this one does, over TCP, and gives up soon."""
    config = uvicorn.Config(client._transport.app, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    given = {"headers": client.headers, "event_hooks": client.event_hooks, "timeout": 0.3}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server._serve([listening]))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(base_url=url, **given) as hasty:
                yield hasty
        finally:
            server.should_exit = True
            await task


async def test_a_seal_that_is_asked_for_again_while_it_computes_computes_once(cycle):
    """What computes reads the entries: while nobody can, the first has its key already. Planted
    bug: the key is taken after what counts nowhere has been computed."""
    await cycle.enter(VALUE)
    await cycle.verify(all_submitted=True)
    key = {"Idempotency-Key": f"again-{cycle.cycle_id}"}
    async with cycle.service.superuser.acquire() as holder:
        async with holder.transaction():
            await holder.execute("LOCK ledger_entry")
            first = asyncio.create_task(cycle.post(cycle.office, "ledger/seal", headers=key))
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            async with asyncio.timeout(5):
                while True:
                    if await holder.fetchval(waiting):
                        break
                    await asyncio.sleep(0.01)
            async with asyncio.timeout(5):
                again = await cycle.post(cycle.office, "ledger/seal", headers=key)
        assert (again.status_code, again.json()["type"]) == (409, "still-at-work")
        assert (await first).json()["locked"] == 1


async def test_a_seal_that_outlasts_its_callers_patience_is_told_to_the_same_key(cycle):
    """The gateway closes the connection after its time limit, and says 504.

    Planted bugs: a request that ends with its connection; an answer that is not kept.
    """
    await cycle.enter(VALUE)
    await cycle.verify(all_submitted=True)
    key = {"Idempotency-Key": f"seal-{cycle.cycle_id}"}
    held = "SELECT FROM ledger WHERE cycle_id = $1 FOR UPDATE"
    async with over_tcp(cycle.office) as hasty:
        async with cycle.service.superuser.acquire() as holder, holder.transaction():
            await holder.execute(held, cycle.cycle_id)
            with pytest.raises(httpx.ReadTimeout):
                await cycle.post(hasty, "ledger/seal", headers=key)
            meanwhile = await cycle.post(cycle.office, "ledger/seal", headers=key)
            assert (meanwhile.status_code, meanwhile.json()["type"]) == (409, "still-at-work")
            assert meanwhile.headers["retry-after"] == "1"
        async with asyncio.timeout(20):
            while True:
                told = await cycle.post(cycle.office, "ledger/seal", headers=key)
                if told.status_code != 409:
                    break
                await asyncio.sleep(0.02)
    assert (told.status_code, told.json()["locked"]) == (200, 1)
    again = await cycle.post(cycle.office, "ledger/seal", headers=key)
    assert again.content == told.content
    events = await cycle.service.sql(
        "SELECT seq FROM journal_entry WHERE chain = $1 AND event = 'scoring.ledger-sealed'",
        str(cycle.cycle_id),
    )
    assert [row["seq"] for row in events] == [told.json()["receipt"]["seq"]]
