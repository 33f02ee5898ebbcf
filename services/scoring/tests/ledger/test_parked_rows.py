"""Rows whose codes mean nothing yet wait, and become entries of who sent them once they do."""

from itertools import chain

import asyncpg
import pytest

EVENT = {
    "unit": "8001",
    "indicator": "C03",
    "kind": "event",
    "key": "overdue",
    "occurred_on": "2025-06-01",
    "source_ref": "case-1",
}
TWO = EVENT | {"unit": "8002", "source_ref": "case-2"}
KNOWN = EVENT | {"unit": "8000", "source_ref": "case-0"}
SOURCE = "ZH01"


def code(name, unit, since="2025-01-01"):
    return {"code": name, "unit": unit, "valid_from": since, "valid_to": None}


@pytest.fixture
def hr(others):
    """Give the codes of a personnel system, of which only one is mapped."""
    others.id_schemes["hr"] = {
        "as_of": "2025-12-31",
        "units": True,
        "indicators": False,
        "unit_codes": [code("8000", "XQ05")],
        "indicator_codes": [],
    }
    return others.id_schemes["hr"]["unit_codes"]


async def sent(cycle, *entries, mode="partial", client=None, scheme="hr", state="submitted"):
    path = f"ledger-entries?mode={mode}&id_scheme={scheme}"
    body = {"entries": list(entries), "state": state}
    answer = await cycle.post(client or cycle.source(SOURCE), path, body)
    assert answer.status_code in (200, 201, 422), answer.text
    return answer.json()


async def replay(cycle, client=None, path="replay", **body):
    answer = await cycle.post(client or cycle.source(SOURCE), f"parked-rows/{path}", body)
    return answer.json()


async def listed(cycle, client=None, **query):
    answer = await (client or cycle.office).get(f"{cycle.path}/parked-rows", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def states(cycle, client=None, **query):
    return [(row["unit"], row["state"]) for row in await listed(cycle, client, **query)]


async def entries(cycle):
    items = (await cycle.office.get(f"{cycle.path}/ledger-entries")).json()["items"]
    return [(each["unit"], each["state"], each["author"]) for each in items]


def outcomes(told):
    return [row["outcome"] for row in told["rows"]]


async def test_a_row_with_an_unknown_code_waits_and_the_others_are_kept(cycle, hr):
    """Planted bugs: refuse it; keep it without its position; give it an entry."""
    told = await sent(cycle, KNOWN, EVENT, TWO | {"unit": "XQ02"})
    assert outcomes(told) == ["stored", "parked", "parked"]
    assert (told["stored"], told["parked"], told["refused"]) == (1, 2, 0)
    assert [row["entry_id"] is None for row in told["rows"]] == [False, True, True]
    first, _ = await listed(cycle)
    assert first["parked_row_id"] == told["rows"][1]["parked_row_id"]
    shown = {name: first[name] for name in ("unit", "indicator", "id_scheme", "source_ref")}
    assert shown == {
        "unit": "8001", "indicator": "C03", "id_scheme": "hr", "source_ref": "case-1",
    }  # fmt: skip
    assert (first["position"], first["unknown"], first["author_unit"]) == (
        1, ["unknown-unit-code"], SOURCE,
    )  # fmt: skip
    assert (await cycle.service.verification(str(cycle.cycle_id)))["holds"]
    whole = await sent(cycle, EVENT | {"source_ref": "x"}, mode="all")
    assert whole["type"] == "codes-unknown"


async def test_a_check_parks_nothing(cycle, hr):
    await sent(cycle, EVENT)
    before = await cycle.rows()
    told = await sent(cycle, EVENT, TWO, KNOWN, mode="check")
    assert outcomes(told) == ["parked", "parked", "stored"]
    assert [row["parked_row_id"] is None for row in told["rows"]] == [False, True, True]
    assert await cycle.rows() == before


async def test_a_row_that_waits_is_not_parked_twice_and_another_takes_its_place(cycle, hr):
    """Planted bugs: park each time it is sent; keep both of two that differ."""
    first = await sent(cycle, EVENT, EVENT, EVENT | {"value": "2"})
    assert outcomes(first) == ["parked", "parked", "refused"]
    assert first["rows"][0]["parked_row_id"] == first["rows"][1]["parked_row_id"]
    before = await cycle.rows()
    again = await sent(cycle, EVENT)
    assert again["rows"][0] == first["rows"][0]
    assert (again["receipt"], await cycle.rows()) == (None, before)
    other = await sent(cycle, EVENT | {"value": "3"})
    assert outcomes(other) == ["parked"]
    assert await states(cycle) == [("8001", "replaced"), ("8001", "parked")]
    assert await states(cycle, state="parked") == [("8001", "parked")]


async def test_once_a_code_means_something_its_rows_are_entered_as_by_who_sent_them(cycle, hr):
    """Planted bugs: enter them as by who replays them; let the sender verify its own entry; forget
    those that stay."""
    await sent(cycle, EVENT, TWO)
    assert outcomes(await replay(cycle, all_known=True)) == []
    hr.append(code("8001", "XQ01"))
    checked = await cycle.post(cycle.office, "parked-rows/replay?mode=check", {"all_known": True})
    assert (checked.status_code, checked.json()["rows"][0]["entry_id"]) == (200, None)
    told = await replay(cycle, cycle.office, all_known=True)
    assert (outcomes(told), told["more"]) == (["stored"], 0)
    author = "data_source_unit@ZH01"
    assert await entries(cycle) == [("XQ01", "submitted", author)]
    assert await states(cycle) == [("8001", "entered"), ("8002", "parked")]
    [row, _] = await listed(cycle)
    assert row["entry_id"] == told["rows"][0]["entry_id"]
    ids = {"entry_ids": [row["entry_id"]]}
    writer = cycle.caller("performance_office", subject=author)
    refused = await cycle.post(writer, "ledger-entries/verification", ids)
    assert refused.json()["errors"][0]["code"] == "own-entry"
    # Sent again it is known; what still means nothing waits still.
    assert outcomes(await sent(cycle, EVENT, TWO)) == ["unchanged", "parked"]
    named = [each["parked_row_id"] for each in await listed(cycle, state="parked")]
    told = await replay(cycle, parked_row_ids=named)
    assert (outcomes(told), told["receipt"]) == (["parked"], None)
    gone = await replay(cycle, parked_row_ids=[row["parked_row_id"]])
    assert gone["type"] == "parked-rows-refused"


async def test_sent_again_with_a_code_that_is_known_by_now_it_waits_no_longer(cycle, hr):
    """Planted bug: leave the row to be replayed beside its entry."""
    await sent(cycle, EVENT)
    hr.append(code("8001", "XQ01"))
    assert outcomes(await sent(cycle, EVENT)) == ["stored"]
    assert await states(cycle) == [("8001", "entered")]
    assert outcomes(await replay(cycle, all_known=True)) == []
    assert len(await entries(cycle)) == 1


async def test_a_row_is_read_by_the_day_of_which_it_tells_else_on_which_it_was_sent(cycle, hr):
    """Planted bug: read it by a later day, such as that of the replay."""
    await sent(cycle, EVENT, EVENT | {"source_ref": "case-9", "occurred_on": None})
    hr.append(code("8001", "XQ01", since="2025-06-02"))
    told = await replay(cycle, all_known=True)
    assert outcomes(told) == ["stored"]
    assert await states(cycle) == [("8001", "parked"), ("8001", "entered")]
    await sent(cycle, TWO | {"occurred_on": None})
    hr.append(code("8002", "XQ02", since="2999-01-01"))
    assert outcomes(await replay(cycle, all_known=True)) == []


async def test_what_cannot_be_entered_waits_on_and_is_told_why(cycle, hr):
    """Planted bugs: a mapping opens what is another source's; drop what is refused."""
    foreign = cycle.source("ZH02")
    await sent(cycle, EVENT | {"source_ref": None}, client=foreign)
    await sent(cycle, EVENT | {"word": "A"})
    hr.append(code("8001", "XQ01"))
    told = await replay(cycle, cycle.office, all_known=True)
    assert outcomes(told) == ["refused", "refused"]
    errors = [row["errors"][0] for row in told["rows"]]
    assert [(each["pointer"], each["code"]) for each in errors] == [
        ("/rows/0/indicator", "not-the-data-source"), ("/rows/1/word", "not-wanted"),
    ]  # fmt: skip
    assert (told["receipt"], await entries(cycle)) == (None, [])
    assert await states(cycle, state="parked") == [("8001", "parked")] * 2


async def test_twice_at_once_is_entered_once(cycle, hr):
    """Planted bug: look at what waits before the sender's rows are held."""
    await sent(cycle, EVENT | {"source_ref": None}, TWO)
    hr.extend([code("8001", "XQ01"), code("8002", "XQ02")])
    offices = [cycle.office, cycle.colleague, cycle.source(SOURCE)]
    told = await cycle.at_once(
        *(replay(cycle, each, all_known=True) for each in offices), sent(cycle, TWO)
    )
    assert sorted(chain.from_iterable(map(outcomes, told[:3]))) in (
        ["stored", "stored"], ["stored", "unchanged"], ["stored"],
    )  # fmt: skip
    assert len(await entries(cycle)) == 2
    assert await states(cycle) == [("8001", "entered"), ("8002", "entered")]


async def test_a_row_is_discarded_for_a_reason_and_stays_to_be_read(cycle, hr):
    """Planted bugs: discard what is another unit's; forget who and why; enter it later."""
    await sent(cycle, EVENT, TWO)
    [one, _] = [row["parked_row_id"] for row in await listed(cycle)]
    before = await cycle.rows()
    body = {"parked_row_ids": [one], "reason": "重复"}
    for client in (cycle.source("ZH02"), cycle.caller("assessed_unit", unit="XQ01")):
        for path, sent_body in (("discard", body), ("replay", {"parked_row_ids": [one]})):
            told = await replay(cycle, client, path, **sent_body)
            assert told["type"] == "parked-rows-refused"
    empty = await replay(cycle, path="discard", parked_row_ids=[one])
    assert empty["type"] == "malformed-request"
    assert await cycle.rows() == before
    told = await replay(cycle, path="discard", **body)
    assert told["count"] == 1
    row, _ = await listed(cycle)
    assert (row["state"], row["reason"], row["settled_by"]) == (
        "discarded", "重复", "data_source_unit@ZH01",
    )  # fmt: skip
    hr.append(code("8001", "XQ01"))
    assert outcomes(await replay(cycle, all_known=True)) == []
    # Its system may send the record again.
    assert outcomes(await sent(cycle, EVENT)) == ["stored"]


async def test_only_its_sender_and_the_office_know_of_a_row(cycle, hr):
    """Planted bugs: show a unit the rows about it; answer another unit's sender by them."""
    await sent(cycle, EVENT)
    assert await states(cycle, cycle.source(SOURCE)) == [("8001", "parked")]
    for client in (
        cycle.source("ZH02"),
        cycle.caller("assessed_unit", unit="XQ01"),
        cycle.source("ZH02"),
    ):
        assert await listed(cycle, client) == []
        assert await listed(cycle, client, author_unit=SOURCE) == []
    for role in ("auditor", "organiser", "committee", "standing_committee", "panel_member"):
        path = f"{cycle.path}/parked-rows"
        assert (await cycle.caller(role, unit="ZH02").get(path)).status_code == 403
    # Under the same name another unit parks a row of its own.
    told = await sent(cycle, EVENT, client=cycle.source("ZH02"))
    assert outcomes(told) == ["parked"]
    assert await states(cycle, cycle.source("ZH02")) == [("8001", "parked")]
    place = (await listed(cycle, cycle.source(SOURCE)))[0]["parked_row_id"]
    path = f"{cycle.path}/parked-rows?after={place}"
    assert (await cycle.source("ZH02").get(path)).json()["type"] == "no-such-place"


async def test_marks_are_not_parked(cycle, hr):
    """Colleagues would read them.

    Planted bug: park them.
    """
    mark = {"unit": "8001", "indicator": "C15", "kind": "panel_mark", "item": "1", "value": "80"}
    told = await sent(cycle, mark)
    assert (outcomes(told), told["rows"][0]["errors"][0]["code"]) == (
        ["refused"], "unknown-unit-code",
    )  # fmt: skip


async def test_a_seal_names_what_waits_and_leaves_it_for_good(cycle, hr):
    """Planted bugs: seal over it in silence; leave it out of what was seen."""
    await sent(cycle, EVENT, TWO)
    answer = await cycle.post(cycle.office, "ledger/seal?mode=check")
    preview = answer.json()
    assert preview["leaves"] == {"parked": 2}
    assert [row["unit"] for row in preview["parked"]] == ["8001", "8002"]
    refused = await cycle.post(cycle.office, "ledger/seal")
    assert (refused.status_code, refused.json()["leaves"]) == (409, {"parked": 2})
    body = {"leaves": {"parked": 2}, "seen": preview["seen"]}
    [one, two] = [row["parked_row_id"] for row in await listed(cycle)]
    await replay(cycle, path="discard", parked_row_ids=[one], reason="x")
    await sent(cycle, EVENT)
    assert (await cycle.post(cycle.office, "ledger/seal", body)).status_code == 409
    body = {"leaves": {"parked": 2}}
    sealed = await cycle.post(cycle.office, "ledger/seal", body)
    assert (sealed.status_code, sealed.json()["leaves"]) == (200, {"parked": 2}), sealed.text
    before = await cycle.rows()
    for path, more in (("replay", {}), ("discard", {"reason": "x"})):
        told = await replay(cycle, path=path, parked_row_ids=[two], **more)
        assert told["type"] == "ledger-sealed"
    assert (await cycle.rows(), len(await states(cycle, state="parked"))) == (before, 2)


async def test_what_was_altered_is_not_entered(cycle, hr):
    """Planted bugs: enter what lies there; seal over what lies there no longer."""
    told = await sent(cycle, EVENT)
    row = told["rows"][0]["parked_row_id"]
    hr.append(code("8001", "XQ01"))
    superuser = await asyncpg.connect(cycle.service.superuser_url, ssl=False)
    try:
        await superuser.execute("SET session_replication_role = replica")
        change = "UPDATE parked_row SET value = $2 WHERE parked_row_id = $1"
        await superuser.execute(change, row, 9)
        for client, path in ((cycle.office, "parked-rows"),):
            answer = await client.get(f"{cycle.path}/{path}")
            assert answer.json()["type"] == "stored-data-altered"
        told = await replay(cycle, all_known=True)
        assert told["type"] == "stored-data-altered"
        sealed = await cycle.post(cycle.office, "ledger/seal", {"leaves": {"parked": 1}})
        assert sealed.json()["type"] == "stored-data-altered"
        await superuser.execute("DELETE FROM parked_row WHERE parked_row_id = $1", row)
        sealed = await cycle.post(cycle.office, "ledger/seal", {"leaves": {}})
        assert sealed.json()["type"] == "stored-data-altered"
    finally:
        await superuser.close()
