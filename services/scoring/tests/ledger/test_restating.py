"""A source restates what was verified: both versions stay, and one of them counts at any time."""

import pytest

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
    "note": "快报",
}
OTHER = VALUE | {"unit": "XQ02"}
NEW = {"value": "101.5", "reason": "统计局修订 2025 年数据", "note": "统计〔2026〕4号"}


def restate(cycle, entry: str, body: dict = NEW, client=None):
    path = f"ledger-entries/{entry}/restatement"
    return cycle.post(client or cycle.source(), path, body)


async def restated(cycle, entry: str, body: dict = NEW) -> str:
    answer = await restate(cycle, entry, body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["restates"] == entry
    return answer.json()["entry_id"]


async def verified(cycle, *entries: dict) -> list[str]:
    ids = await cycle.enter(*(entries or [VALUE]))
    await cycle.verify(entry_ids=ids)
    return ids


async def listed(cycle, reader=None, **query) -> dict:
    path = f"{cycle.path}/ledger-entries/restatements"
    answer = await (reader or cycle.office).get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def states(cycle) -> list[tuple[str, str]]:
    items = (await cycle.office.get(f"{cycle.path}/ledger-entries")).json()["items"]
    return [(item["value"], item["state"]) for item in items]


async def explained(cycle) -> list[tuple[str, str]]:
    """What the score of C01 of XQ01 was computed from, by a new edition."""
    edition = await cycle.score()
    path = f"{cycle.path}/score-sheets/{edition}/units/XQ01/explanation"
    steps = [(await cycle.office.get(path)).json()["tree"]]
    for step in steps:
        if step["code"] == "C01":
            return [(i["name"], i["value"]) for i in step["inputs"] if i["source"] == "ledger"]
        steps += step["children"]
    raise AssertionError


async def test_a_restated_value_takes_the_place_of_the_former_when_it_is_verified(cycle):
    """Planted bugs: void the former when the restatement is handed in; leave it beside the new one;
    tell nothing of it."""
    [entry] = await verified(cycle)
    new = await restated(cycle, entry)

    assert await states(cycle) == [("104", "verified"), ("101.5", "submitted")]
    assert await explained(cycle) == [("actual", "104")]
    await cycle.verify(all_submitted=True)
    assert await states(cycle) == [("104", "voided"), ("101.5", "verified")]
    assert await explained(cycle) == [
        ("actual", "101.5"),
        ("actual, before it was restated", "104"),
    ]

    found = await listed(cycle)
    assert found["by_source"] == {"ZH02": 1}
    [told] = found["items"]
    former, now = told["former"], told["restated"]
    assert (told["reason"], told["author_unit"]) == (NEW["reason"], "ZH02")
    assert [told[name] for name in ("unit", "indicator", "key", "period")] == [
        "XQ01", "C01", "actual", "2025",
    ]  # fmt: skip
    assert (former["entry_id"], former["value"], former["note"]) == (entry, "104", "快报")
    assert (now["entry_id"], now["value"], now["note"]) == (new, "101.5", NEW["note"])
    assert former["counted_from"] < former["counted_until"] <= now["counted_from"]
    assert (now["counted_until"], now["verified_by"]) == (None, former["verified_by"])
    # The unit that it is about reads both, and not who verified them.
    own = await listed(cycle, cycle.caller("assessed_unit", unit="XQ01"))
    assert own["items"][0]["former"] == former | {"verified_by": None}
    assert await listed(cycle, cycle.caller("assessed_unit", unit="XQ02")) == {
        "items": [], "next": None, "by_source": {},
    }  # fmt: skip


async def test_a_restated_value_may_be_restated_again(cycle):
    [first] = await verified(cycle)
    second = await restated(cycle, first)
    await cycle.verify(entry_ids=[second])
    third = await restated(cycle, second, NEW | {"value": "102"})
    await cycle.verify(entry_ids=[third])

    assert [state for _, state in await states(cycle)] == ["voided", "voided", "verified"]
    page = await listed(cycle, limit=1, author_unit="ZH02")
    assert page["by_source"] == {"ZH02": 2}
    (last,) = (await listed(cycle, limit=1, after=page["next"]))["items"]
    assert (last["former"]["value"], last["restated"]["value"]) == ("101.5", "102")
    assert (await listed(cycle, unit="XQ02"))["items"] == []


async def test_a_returned_restatement_is_corrected_and_restates_the_same(cycle):
    """Planted bugs: a correction that stands beside the former, and forgets the reason; or that is
    about another unit."""
    [entry] = await verified(cycle)
    new = await restated(cycle, entry)
    body = {"entry_ids": [new], "reason": "与公报不符"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", body)).status_code == 200
    assert (await states(cycle))[0] == ("104", "verified")

    path, before = f"ledger-entries/{new}/correction", await cycle.rows()
    for wrong in (OTHER, VALUE):
        answer = await cycle.post(cycle.source(), path, {"entry": wrong})
        assert (answer.status_code, answer.json()["type"]) == (409, "not-restatable")
    assert await cycle.rows() == before
    answer = await cycle.post(cycle.source(), path, {"entry": VALUE | {"value": "103"}})
    assert answer.status_code == 201, answer.text
    await cycle.verify(all_submitted=True)

    assert await states(cycle) == [("104", "voided"), ("101.5", "replaced"), ("103", "verified")]
    told = (await listed(cycle))["items"]
    assert [each["reason"] for each in told] == [NEW["reason"]] * 2
    assert (await listed(cycle))["by_source"] == {"ZH02": 1}


async def test_what_was_given_up_leaves_the_former_where_it_was(cycle):
    [entry] = await verified(cycle)
    new = await restated(cycle, entry)
    body = {"entry_ids": [new], "reason": "与公报不符"}
    await cycle.post(cycle.office, "ledger-entries/return", body)
    assert (await restate(cycle, entry)).json()["type"] == "not-restatable"
    await cycle.post(cycle.source(), f"ledger-entries/{new}/withdrawal", {"reason": "无须修订"})

    assert await states(cycle) == [("104", "verified"), ("101.5", "withdrawn")]
    assert (await listed(cycle))["by_source"] == {}
    await restated(cycle, entry)


async def test_an_entry_is_restated_once_and_not_reversed_meanwhile(cycle):
    [entry] = await verified(cycle)
    new = await restated(cycle, entry)
    before = await cycle.rows()

    again = await restate(cycle, entry, NEW | {"value": "99"})
    assert (again.status_code, again.json()["type"]) == (409, "not-restatable")
    path = f"ledger-entries/{entry}/reversal"
    away = await cycle.post(cycle.source(), path, {"reason": "x"})
    assert (away.status_code, away.json()["type"]) == (409, "not-reversible")
    beside = await cycle.post(cycle.source(), "ledger-entries", {"entries": [VALUE]})
    assert beside.json()["errors"][0]["code"] == "duplicate-entry"
    # Who wrote the former does not verify what takes its place.
    author = cycle.caller("performance_office", subject="data_source_unit@ZH02")
    told = await cycle.post(author, "ledger-entries/verification", {"entry_ids": [new]})
    assert told.json()["errors"][0]["code"] == "own-entry"
    assert await cycle.rows() == before


@pytest.mark.parametrize(
    ("body", "status", "kind", "where"),
    [
        (NEW | {"value": "104.0"}, 409, "not-restatable", []),
        (NEW | {"value": None}, 422, "batch-rejected", [("/value", "missing")]),
        (NEW | {"word": "A"}, 422, "batch-rejected", [("/word", "not-wanted")]),
        (NEW | {"occurred_on": "2025-03-01"}, 422, "batch-rejected",
         [("/occurred_on", "not-wanted")]),
        ({"value": "99"}, 422, "malformed-request", None),
        (NEW | {"unit": "XQ02"}, 422, "malformed-request", None),
        (NEW | {"period": "2025Q1"}, 422, "malformed-request", None),
    ],
)  # fmt: skip
async def test_a_restatement_is_about_the_same_and_says_something_else(
    ready, body, status, kind, where
):
    cycle, entry = ready
    before = await cycle.rows()
    answer = await restate(cycle, entry, body)

    assert (answer.status_code, answer.json()["type"]) == (status, kind)
    if where is not None:
        told = [(e["pointer"], e["code"]) for e in answer.json().get("errors", [])]
        assert told == where
    assert await cycle.rows() == before


@pytest.mark.parametrize(
    ("roles", "unit", "refusal"),
    [
        (("data_source_unit",), "ZH07", (404, "no-such-entry")),
        (("assessed_unit",), "XQ01", (404, "no-such-entry")),
        (("performance_office",), "ZH02", (403, "not-allowed")),
    ],
)
async def test_nobody_else_restates_an_entry(ready, roles, unit, refusal):
    cycle, entry = ready
    answer = await restate(cycle, entry, client=cycle.caller(*roles, unit=unit))

    assert (answer.status_code, answer.json()["type"]) == refusal


async def test_what_does_not_count_or_is_sealed_is_not_restated(cycle):
    [entry] = await cycle.enter(VALUE)
    answer = await restate(cycle, entry)
    assert (answer.status_code, answer.json()["type"]) == (409, "not-restatable")
    await cycle.verify(all_submitted=True)
    await cycle.post(cycle.office, "ledger/seal")
    before = await cycle.rows()

    answer = await restate(cycle, entry)
    assert (answer.status_code, answer.json()["type"]) == (409, "ledger-sealed")
    assert await cycle.rows() == before


@pytest.fixture(scope="module")
async def ready(new_cycle):
    """A cycle with one verified entry, which nothing changes."""
    cycle = new_cycle()
    [entry] = await verified(cycle)
    return cycle, entry
