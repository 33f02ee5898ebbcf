"""Records of another system are recognised by its own names for them, and never counted twice."""

import asyncio

import asyncpg
import pytest

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
    "source_ref": "stat/2025/0001",
}
OTHER = VALUE | {"value": "101.5"}
EVENT = {
    "unit": "XQ01",
    "indicator": "C03",
    "kind": "event",
    "key": "overdue",
    "source_ref": "工单-7",
}


async def sent(cycle, *entries, mode="partial", state="submitted", client=None, **headers):
    body = {"entries": list(entries), "state": state}
    path = f"ledger-entries?mode={mode}"
    answer = await cycle.post(client or cycle.source(), path, body, headers=headers)
    assert answer.status_code in (200, 201, 422), answer.text
    return answer.json()


def outcomes(told) -> list[str]:
    return [row["outcome"] for row in told["rows"]]


def codes(told) -> list[list[str]]:
    return [[error["code"] for error in row["errors"]] for row in told["rows"]]


async def listed(cycle, reader=None, **query) -> list[tuple[str, str]]:
    path = f"{cycle.path}/ledger-entries"
    answer = await (reader or cycle.office).get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [(each["value"], each["state"]) for each in answer.json()["items"]]


async def stored(cycle, entry=VALUE, **more) -> str:
    told = await sent(cycle, entry, **more)
    assert outcomes(told) == ["stored"], told
    return told["rows"][0]["entry_id"]


async def verified(cycle, entry=VALUE, **more) -> str:
    entry_id = await stored(cycle, entry, **more)
    await cycle.verify(entry_ids=[entry_id])
    return entry_id


@pytest.mark.parametrize("mode", ["all", "partial", "check"])
async def test_the_same_record_under_another_key_is_known_and_not_counted_twice(cycle, mode):
    """Planted bugs: look only for names within the batch; compare digits as they are written."""
    first = await sent(cycle, VALUE | {"note": "一月"})
    event = await sent(cycle, EVENT, client=cycle.source("ZH01"))
    before = await cycle.rows()
    again = await sent(cycle, VALUE | {"note": "一月", "value": "104.0"}, mode=mode)
    assert (outcomes(again), again["receipt"], again["unchanged"]) == (["unchanged"], None, 1)
    assert again["rows"][0]["entry_id"] == first["rows"][0]["entry_id"]
    # Nothing else would tell two events apart from one that is sent twice.
    twice = await sent(cycle, EVENT, mode=mode, client=cycle.source("ZH01"))
    assert twice["rows"][0] == event["rows"][0] | {"outcome": "unchanged"}
    assert await cycle.rows() == before


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
@pytest.mark.parametrize("mode", ["all", "partial"])
async def test_another_value_takes_the_place_of_what_does_not_count_yet(cycle, state, mode):
    """Planted bugs: leave the former one where it was; hold the new value against it."""
    entry = await stored(cycle, state="draft" if state == "draft" else "submitted")
    if state == "returned":
        body = {"entry_ids": [entry], "reason": "核对"}
        assert (await cycle.post(cycle.office, "ledger-entries/return", body)).status_code == 200
    told = await sent(cycle, OTHER, mode=mode)
    assert outcomes(told) == ["stored"]
    assert await listed(cycle) == [("104", "replaced"), ("101.5", "submitted")]
    new = await cycle.office.get(f"{cycle.path}/ledger-entries/{told['rows'][0]['entry_id']}")
    assert (new.json()["replaces"], new.json()["source_ref"]) == (entry, VALUE["source_ref"])
    assert outcomes(await sent(cycle, OTHER)) == ["unchanged"]
    await cycle.verify(all_submitted=True)
    assert await listed(cycle, state="verified") == [("101.5", "verified")]
    told = (await cycle.service.verification(str(cycle.cycle_id)))["holds"]
    assert told is True


async def test_a_verified_value_counts_until_another_person_has_verified_the_new_one(cycle):
    """Planted bugs: void the former when the new value comes; let its author verify it."""
    entry = await verified(cycle)
    told = await sent(cycle, OTHER | {"note": "修订"})
    new = told["rows"][0]["entry_id"]
    assert await listed(cycle) == [("104", "verified"), ("101.5", "submitted")]
    ids = {"entry_ids": [new]}
    author = cycle.caller("performance_office", subject="data_source_unit@ZH02")
    refused = await cycle.post(author, "ledger-entries/verification", ids)
    assert [each["code"] for each in refused.json()["errors"]] == ["own-entry"]
    assert await listed(cycle) == [("104", "verified"), ("101.5", "submitted")]
    # A third value takes the place of the second, and restates the same.
    third = (await sent(cycle, OTHER | {"value": "99"}))["rows"][0]["entry_id"]
    await cycle.verify(all_submitted=True)
    assert await listed(cycle) == [
        ("104", "voided"), ("101.5", "replaced"), ("99", "verified")
    ]  # fmt: skip
    path = f"{cycle.path}/ledger-entries/restatements"
    [_, last] = (await cycle.office.get(path)).json()["items"]
    assert (last["former"]["entry_id"], last["restated"]["entry_id"]) == (entry, third)
    assert last["reason"]
    # What was there before is another value again.
    assert outcomes(await sent(cycle, VALUE)) == ["stored"]


async def test_a_draft_sent_as_submitted_is_handed_in_and_a_returned_one_waits(cycle):
    """Planted bug: what was sent back is handed in again by a system that knows nothing of it."""
    draft = await stored(cycle, state="draft")
    assert outcomes(await sent(cycle, VALUE, state="draft")) == ["unchanged"]
    new = await stored(cycle)
    assert new != draft
    body = {"entry_ids": [new], "reason": "核对"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", body)).status_code == 200
    assert outcomes(await sent(cycle, VALUE)) == ["unchanged"]
    assert await listed(cycle) == [("104", "replaced"), ("104", "returned")]


@pytest.mark.parametrize(
    "change", [{"unit": "XQ02"}, {"period": "2025-03"}, {"indicator": "C02"}, {"key": "other"}]
)
async def test_a_record_that_is_about_something_else_now_is_refused_by_name(cycle, change):
    """Planted bug: look for the slot and not for the name."""
    await stored(cycle)
    before = await cycle.rows()
    told = await sent(cycle, VALUE | change)
    assert codes(told) == [["source-ref-of-another"]]
    assert told["rows"][0]["errors"][0]["pointer"] == "/entries/0/source_ref"
    whole = await sent(cycle, VALUE | change, mode="all")
    assert {e["code"] for e in whole["errors"]} == {"source-ref-of-another"}
    assert await cycle.rows() == before


async def test_what_was_withdrawn_or_reversed_is_entered_anew(cycle):
    """Planted bugs: never again; take the last entry under a name for the one that stands."""
    draft = await stored(cycle, state="draft")
    path = f"ledger-entries/{draft}/withdrawal"
    assert (await cycle.post(cycle.source(), path, {})).status_code == 200
    entry = await verified(cycle, VALUE | {"unit": "XQ02"})
    # A restatement that was given up leaves the verified one, which is not entered beside itself.
    late = await stored(cycle, OTHER | {"unit": "XQ02"})
    body = {"entry_ids": [late], "reason": "核对"}
    await cycle.post(cycle.office, "ledger-entries/return", body)
    await cycle.post(cycle.source(), f"ledger-entries/{late}/withdrawal", {})
    told = await sent(cycle, VALUE | {"unit": "XQ02"})
    assert (outcomes(told), told["rows"][0]["entry_id"]) == (["unchanged"], entry)
    answer = await cycle.post(cycle.source(), f"ledger-entries/{entry}/reversal", {"reason": "x"})
    assert answer.status_code == 201
    told = await sent(cycle, OTHER | {"unit": "XQ02"})
    assert codes(told) == [["being-taken-out"]]
    await cycle.verify(all_submitted=True)
    assert outcomes(await sent(cycle, OTHER)) == ["stored"]
    assert (await listed(cycle, state="submitted")) == [("101.5", "submitted")]


async def test_twice_in_one_batch_is_once(cycle):
    """Planted bugs: store both; take the second value."""
    told = await sent(cycle, EVENT, EVENT, EVENT | {"value": "2"}, client=cycle.source("ZH01"))
    assert outcomes(told) == ["stored", "unchanged", "refused"]
    assert told["rows"][0]["entry_id"] == told["rows"][1]["entry_id"]
    assert codes(told)[2] == ["source-ref-twice"]
    whole = await sent(cycle, VALUE, OTHER, mode="all")
    assert [e["code"] for e in whole["errors"]] == ["source-ref-twice"]
    # The first without a fault of its own counts.
    wrong = VALUE | {"word": "A"}
    told = await sent(cycle, wrong, VALUE, VALUE)
    assert outcomes(told) == ["refused", "stored", "unchanged"]
    # And what repeats a row that cannot be kept cannot be kept either, and says so of itself.
    clashing = VALUE | {"source_ref": "another"}
    told = await sent(cycle, clashing, clashing)
    assert codes(told) == [["duplicate-entry"]] * 2
    assert told["rows"][1]["errors"][0]["pointer"] == "/entries/1"


async def test_what_takes_the_place_of_an_entry_goes_first_and_leaves_it_where_it_cannot(cycle):
    """Planted bugs: let another row of the batch have the place; forget what does not go."""
    await stored(cycle)
    strange = VALUE | {"source_ref": None, "value": "7"}
    assert outcomes(await sent(cycle, strange, OTHER)) == ["refused", "stored"]
    wrong = VALUE | {"word": "A", "value": "8"}
    assert outcomes(await sent(cycle, strange, wrong)) == ["refused", "refused"]
    assert await listed(cycle) == [("104", "replaced"), ("101.5", "submitted")]


async def test_two_at_once_under_different_keys_store_a_record_once(cycle):
    """Planted bug: read what is known without waiting for one another: the key of the table then
    refuses the second with an error of the server."""
    await stored(cycle, VALUE | {"unit": "XQ05", "source_ref": "first"})
    for entry, expected in ((EVENT, "stored"), (EVENT | {"note": "更正"}, "stored")):
        told = await cycle.at_once(
            *(sent(cycle, entry, client=cycle.source("ZH01", subject=f"s{n}")) for n in range(2))
        )
        assert sorted(outcomes(each)[0] for each in told) == [expected, "unchanged"]
        assert len({each["rows"][0]["entry_id"] for each in told}) == 1
    held = await cycle.service.sql(
        "SELECT source_version FROM ledger_entry WHERE cycle_id = $1 AND source_ref = $2"
        " ORDER BY 1",
        cycle.cycle_id,
        EVENT["source_ref"],
    )
    assert [row["source_version"] for row in held] == [1, 2]


async def test_the_database_itself_keeps_a_record_once(cycle):
    """Planted bug: an index that is not unique."""
    entry = await stored(cycle)
    superuser = await asyncpg.connect(cycle.service.superuser_url, ssl=False)
    columns = (
        "unit, indicator, kind, key, period, value, author, author_unit, author_person, source_ref"
    )
    try:
        with pytest.raises(asyncpg.UniqueViolationError):
            await superuser.execute(
                f"INSERT INTO ledger_entry (cycle_id, entry_id, {columns}, source_version)"  # noqa: S608
                f" SELECT cycle_id, gen_random_uuid(), {columns}, 1 FROM ledger_entry"
                " WHERE entry_id = $1",
                entry,
            )
    finally:
        await superuser.close()


async def test_what_somebody_verifies_at_this_moment_is_restated(cycle):
    """The verification has done everything but tell the journal when the other value comes.

    Planted bug: read what stands before the states are held: two states are added at once then.
    """
    entry = await stored(cycle)
    holder = await asyncpg.connect(cycle.service.superuser_url, ssl=False)
    try:
        async with holder.transaction():
            await holder.execute(
                "SELECT 1 FROM journal_head WHERE chain = $1 FOR UPDATE", str(cycle.cycle_id)
            )
            verification = asyncio.ensure_future(cycle.verify(entry_ids=[entry]))
            await cycle.wait(1)
            other = asyncio.ensure_future(sent(cycle, OTHER))
            await cycle.wait(2)
        assert (await verification)["count"] == 1
        assert outcomes(await other) == ["stored"]
    finally:
        await holder.close()
    assert await listed(cycle) == [("104", "verified"), ("101.5", "submitted")]


async def test_of_two_units_each_has_its_own_records_and_reads_its_own(cycle):
    """Planted bugs: take a name for one of the whole cycle; find by it what is not to be read."""
    await stored(cycle)
    same = EVENT | {"source_ref": VALUE["source_ref"]}
    await stored(cycle, same, client=cycle.source("ZH01"))
    by = {"source_ref": VALUE["source_ref"]}
    assert await listed(cycle, **by) == [("104", "submitted"), ("1", "submitted")]
    assert await listed(cycle, cycle.source(), **by) == [("104", "submitted")]
    assert await listed(cycle, cycle.source("ZH07"), **by) == []
    assert await listed(cycle, **by, unit="XQ02") == []
    assert await listed(cycle, **by, state="draft") == []
    assert await listed(cycle, source_ref="nothing") == []


async def test_a_correction_by_hand_is_of_the_same_record(cycle):
    """Planted bugs: lose the name; count from what stands where a later one was given up."""
    entry = await stored(cycle, state="draft")
    path = f"ledger-entries/{entry}/correction"
    other = await cycle.post(cycle.source(), path, {"entry": OTHER | {"source_ref": "another"}})
    assert (other.status_code, other.json()["type"]) == (409, "not-changeable")
    answer = await cycle.post(cycle.source(), path, {"entry": OTHER | {"source_ref": None}})
    assert answer.status_code == 201, answer.text
    assert outcomes(await sent(cycle, OTHER)) == ["unchanged"]
    entry = answer.json()["entry_id"]
    await cycle.verify(all_submitted=True)
    for _ in range(2):
        body = {"value": "99", "reason": "修订"}
        answer = await cycle.post(cycle.source(), f"ledger-entries/{entry}/restatement", body)
        assert answer.status_code == 201, answer.text
        new = answer.json()["entry_id"]
        sent_back = {"entry_ids": [new], "reason": "核对"}
        await cycle.post(cycle.office, "ledger-entries/return", sent_back)
        await cycle.post(cycle.source(), f"ledger-entries/{new}/withdrawal", {})
    path = f"ledger-entries/{entry}/correction"
    answer = await cycle.post(cycle.source(), path, {"entry": VALUE})
    assert answer.json()["type"] == "not-changeable"


async def test_what_was_handed_in_is_not_corrected_by_hand(cycle):
    """Planted bug: what the system may do with its record everybody may do."""
    entry = await stored(cycle)
    path = f"ledger-entries/{entry}/correction"
    answer = await cycle.post(cycle.source(), path, {"entry": OTHER})
    assert (answer.status_code, answer.json()["type"]) == (409, "not-changeable")


async def test_nothing_is_known_of_what_was_altered_nor_after_the_seal(cycle):
    """Planted bugs: compare with what is stored without looking at the journal; answer "unchanged"
    for a ledger that is sealed."""
    entry = await verified(cycle)
    superuser = await asyncpg.connect(cycle.service.superuser_url, ssl=False)
    try:
        await superuser.execute("SET session_replication_role = replica")
        change = "UPDATE ledger_entry SET value = $2 WHERE entry_id = $1"
        await superuser.execute(change, entry, 105)
        body = {"entries": [VALUE | {"value": "105"}]}
        answer = await cycle.post(cycle.source(), "ledger-entries", body)
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
        await superuser.execute(change, entry, 104)
    finally:
        await superuser.close()
    assert (await cycle.post(cycle.office, "ledger/seal")).status_code == 200
    before = await cycle.rows()
    for value in (VALUE, OTHER):
        answer = await cycle.post(cycle.source(), "ledger-entries", {"entries": [value]})
        assert (answer.status_code, answer.json()["type"]) == (409, "ledger-sealed")
    assert await cycle.rows() == before


@pytest.mark.parametrize("ref", ["", " ", "a b", "x" * 129, "a\tb", "13812345678"])
async def test_a_name_is_a_word_that_can_be_seen_and_leads_to_nobody(cycle, ref):
    answer = await cycle.post(
        cycle.source(), "ledger-entries", {"entries": [VALUE | {"source_ref": ref}]}
    )
    assert answer.status_code == 422, answer.text
