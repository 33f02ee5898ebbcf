"""A batch of which some rows cannot be kept: what becomes of each, and of those beside it."""

import pytest

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
}
TWO = VALUE | {"unit": "XQ02"}
UNKNOWN = VALUE | {"unit": "XX99"}
ODD_PERIOD = VALUE | {"unit": "XQ03", "period": "2024"}
FOREIGN = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}


async def sent(cycle, mode, *entries, client=None, **headers):
    path = f"ledger-entries?mode={mode}"
    body = {"entries": list(entries)}
    return await cycle.post(client or cycle.source(), path, body, headers=headers)


def outcomes(answer) -> list[str]:
    return [row["outcome"] for row in answer.json()["rows"]]


def codes(answer) -> list[list[str]]:
    return [[error["code"] for error in row["errors"]] for row in answer.json()["rows"]]


async def test_rows_without_fault_are_kept_and_the_others_told_why_not(cycle):
    """Planted bugs: pair the ids with the first rows; number the faults by what is left."""
    answer = await sent(cycle, "partial", UNKNOWN, VALUE, ODD_PERIOD, TWO)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert outcomes(answer) == ["refused", "stored", "refused", "stored"]
    assert (told["mode"], told["stored"], told["refused"]) == ("partial", 2, 2)
    assert (told["unchanged"], told["parked"]) == (0, 0)
    assert told["receipt"] is not None
    assert [row["position"] for row in told["rows"]] == [0, 1, 2, 3]
    for row in told["rows"]:
        assert (row["entry_id"] is None) == bool(row["errors"]) == (row["outcome"] == "refused")
        assert all(e["pointer"].startswith(f"/entries/{row['position']}") for e in row["errors"])
    kept = (await cycle.office.get(f"{cycle.path}/ledger-entries")).json()["items"]
    assert {entry["entry_id"]: entry["unit"] for entry in kept} == {
        told["rows"][1]["entry_id"]: "XQ01",
        told["rows"][3]["entry_id"]: "XQ02",
    }


async def test_what_clashes_only_with_a_row_that_is_left_out_is_kept(cycle):
    """The first without fault is kept of those that clash.

    Planted bug: hold a row against all that were sent before it.
    """
    wrong = VALUE | {"value": "104", "word": "A"}
    answer = await sent(cycle, "partial", wrong, VALUE, VALUE | {"value": "9"}, TWO)
    assert outcomes(answer) == ["refused", "stored", "refused", "stored"]
    assert codes(answer)[2] == ["duplicate-entry"]
    assert "Entry 1 " in answer.json()["rows"][2]["errors"][0]["detail"]
    # A row that clashes with what is there keeps nothing after it out either.
    silent = {"unit": "XQ03", "indicator": "C03", "kind": "event", "key": "zero_report"}
    other = silent | {"key": "overdue"}
    client = cycle.source("ZH01")
    answer = await sent(cycle, "partial", silent, other, other, client=client)
    assert outcomes(answer) == ["stored", "refused", "refused"]
    march, may = (other | {"unit": "XQ04", "period": f"2025-{month}"} for month in ("03", "05"))
    assert outcomes(await sent(cycle, "all", march, client=client)) == ["stored"]
    answer = await sent(cycle, "partial", silent | {"unit": "XQ04"}, may, client=client)
    assert outcomes(answer) == ["refused", "stored"]


async def test_of_rows_that_are_somebody_elses_nothing_is_told_of_what_is_there(cycle):
    """Planted bug: hold the rows of others against what is stored, too."""
    zero = FOREIGN | {"key": "zero_report"}
    assert (await sent(cycle, "all", zero, client=cycle.source("ZH01"))).status_code == 201
    before = await cycle.rows()
    answer = await sent(cycle, "partial", FOREIGN, zero)
    assert (answer.status_code, outcomes(answer)) == (200, ["refused", "refused"])
    assert codes(answer) == [["not-the-data-source"]] * 2
    assert answer.json()["receipt"] is None
    after = await cycle.rows()
    assert after == before
    mixed = await sent(cycle, "partial", FOREIGN, VALUE)
    assert outcomes(mixed) == ["refused", "stored"]


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_check_says_of_each_row_what_partial_would_and_keeps_nothing(cycle, language):
    """Planted bug: give ids of what a check does not keep."""
    rows = (UNKNOWN, VALUE, VALUE, TWO)
    before = await cycle.rows()
    spoken = {"Accept-Language": language}
    checked = await sent(cycle, "check", *rows, **spoken)
    assert (checked.status_code, checked.json()["receipt"]) == (200, None)
    assert await cycle.rows() == before
    done = await sent(cycle, "partial", *rows, **spoken)
    told, found = checked.json(), done.json()
    assert [row["entry_id"] for row in told["rows"]] == [None] * 4
    assert [row | {"entry_id": None} for row in found["rows"]] == told["rows"]
    assert (told["stored"], told["refused"], told["mode"]) == (2, 2, "check")
    detail = told["rows"][0]["errors"][0]["detail"]
    assert detail.isascii() == (language == "en")


async def test_what_stood_in_the_way_of_the_whole_is_no_fault_of_a_row(cycle):
    """Planted bug: a mode in which nobody asks whether the ledger is open."""
    assert (await cycle.post(cycle.office, "ledger/seal")).status_code == 200
    for mode in ("all", "partial", "check"):
        answer = await sent(cycle, mode, VALUE, UNKNOWN)
        assert answer.status_code in (409, 422), mode
    assert (await sent(cycle, "partial", VALUE)).json()["type"] == "ledger-sealed"
    assert (await sent(cycle, "check", FOREIGN)).json()["type"] == "ledger-sealed"


async def test_a_part_that_was_kept_is_answered_alike_under_its_key(cycle):
    key = {"Idempotency-Key": "part-by-part"}
    first = await sent(cycle, "partial", UNKNOWN, VALUE, **key)
    again = await sent(cycle, "partial", UNKNOWN, VALUE, **key)
    assert (first.status_code, again.json()) == (201, first.json())
    whole = await sent(cycle, "all", UNKNOWN, VALUE, **key)
    assert whole.json()["type"] == "idempotency-key-reused"
