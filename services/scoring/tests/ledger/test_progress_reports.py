"""Progress reports (进展情况): a unit's own words about its indicators, which are never scored."""

import copy

import pytest
from cutting import cut
from leading import VALUE

from scoring.api.explanation import explanations

REPORT = {
    "unit": "XQ01",
    "indicator": "C03",
    "kind": "progress_report",
    "period": "2025-03",
    "note": "三月已完成主体工程。",
}
EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
ZERO = EVENT | {"key": "zero_report", "period": "2025-03"}


def own(cycle, unit="XQ01", **who):
    return cycle.caller("assessed_unit", unit=unit, **who)


async def enter(cycle, client, *entries, **more):
    return await cycle.post(client, "ledger-entries", {"entries": list(entries), **more})


@pytest.fixture
async def told(cycle):
    """A cycle in which XQ01 has told of March; the id of what it told."""
    answer = await enter(cycle, own(cycle), REPORT)
    assert answer.status_code == 201, answer.text
    return answer.json()["rows"][0]["entry_id"]


@pytest.mark.parametrize(
    ("report", "unit", "fault"),
    [
        (REPORT | {"unit": "XQ02"}, "XQ01", ("/entries/0/unit", "not-the-own-unit")),
        (REPORT, "ZH01", ("/entries/0/unit", "not-the-own-unit")),
        (REPORT | {"note": None}, "XQ01", ("/entries/0/note", "note-missing")),
        (REPORT | {"value": "1"}, "XQ01", ("/entries/0/value", "not-wanted")),
        (REPORT | {"key": "overdue"}, "XQ01", ("/entries/0/key", "not-wanted")),
        (REPORT | {"period": "2024"}, "XQ01", ("/entries/0/period", "wrong-period")),
        (REPORT | {"indicator": "P01"}, "XQ01", ("/entries/0/indicator", None)),
        (REPORT | {"occurred_on": "2025-03-01"}, "XQ01", ("/entries/0/occurred_on", "not-wanted")),
    ],
)
async def test_only_the_unit_itself_tells_of_its_progress_and_in_words(cycle, report, unit, fault):
    """Planted bug: ask who the data source is."""
    before = await cycle.rows()
    answer = await enter(cycle, own(cycle, unit), report)
    assert answer.status_code in (403, 422), answer.text
    [found] = answer.json()["errors"]
    assert found["pointer"] == fault[0]
    assert fault[1] in (None, found["code"])
    assert await cycle.rows() == before


async def test_it_is_about_any_indicator_even_one_that_takes_no_entries(cycle, document):
    """Planted bug: ask for the form of the indicator."""
    parent = next(
        each["code"]
        for block in document["categories"][0]["blocks"]
        for each in block["indicators"]
        if each["children"] or each["method"] == "survey_score"
    )
    answer = await enter(cycle, own(cycle), REPORT | {"indicator": parent, "period": "2025"})
    assert answer.status_code == 201, answer.text


async def test_words_stand_in_the_way_of_nothing_and_answer_nothing(cycle, told):
    """Planted bugs: a zero report is contradicted by words; what is owed is answered by them."""
    path = f"{cycle.path}/duties?indicator=C03&period=2025-03&about=XQ01"
    assert (await cycle.office.get(path)).json()["items"][0]["missing_units"] == ["XQ01"]
    progress = f"{cycle.path}/progress?by=indicator&indicator=C03&unit=XQ01&period=2025-03"
    before = (await cycle.office.get(progress)).json()
    await cycle.enter(ZERO, unit="ZH01")
    after = (await cycle.office.get(progress)).json()
    assert before["items"][0] != after["items"][0]
    more = await enter(cycle, own(cycle), REPORT | {"note": "又及"})
    assert more.status_code == 201, more.text
    [found] = ((await cycle.office.get(f"{cycle.path}/ledger-entries/{told}")).json(),)
    assert (found["late"], found["due_on"]) == (None, None)


async def test_nobody_verifies_words_and_the_office_may_return_them(cycle, told):
    """Planted bug: verify all that was handed in."""
    await cycle.enter(VALUE)
    moved = await cycle.verify(all_submitted=True)
    assert moved["count"] == 1
    path = "ledger-entries/verification"
    refused = await cycle.post(cycle.office, path, {"entry_ids": [told]})
    assert refused.status_code == 409
    assert [each["code"] for each in refused.json()["errors"]] == ["never-scored"]
    body = {"entry_ids": [told], "reason": "请写明数量"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", body)).status_code == 200
    right = {"entry": REPORT | {"note": "三月完成主体工程 3 栋。"}}
    answer = await cycle.post(own(cycle), f"ledger-entries/{told}/correction", right)
    assert answer.status_code == 201, answer.text


async def test_words_are_listed_as_never_scored_and_by_no_other_reason(cycle, told):
    """Planted bugs: say that they wait; leave out drafts of other kinds."""
    [draft] = await cycle.enter(EVENT, unit="ZH01", state="draft")
    [waits] = await cycle.enter(VALUE)

    async def listed(*reasons) -> dict[str, str]:
        query = "&".join(f"reason={each}" for each in reasons)
        found = (await cycle.office.get(f"{cycle.path}/unscored?{query}")).json()["items"]
        return {each["id"]: each["reason"] for each in found}

    words, wait, not_in = {told: "own_words"}, {waits: "awaits_verification"}, {draft: "draft"}
    assert await listed("own_words") == words
    assert await listed("awaits_verification") == wait
    assert await listed("own_words", "draft") == words | not_in
    assert await listed("awaits_verification", "draft") == wait | not_in
    assert await listed() == words | wait | not_in


async def test_a_ledger_is_sealed_while_words_are_not_decided_about(cycle, told):
    """Planted bugs: count them as waiting; take others for them."""
    await cycle.enter(VALUE)
    seal = f"{cycle.path}/ledger/seal"
    refused = await cycle.office.post(seal, json={})
    assert (refused.status_code, refused.json()["waiting"]) == (409, 1)
    await cycle.verify(all_submitted=True)
    preview = (await cycle.office.post(f"{seal}?mode=check", json={})).json()
    assert preview["left"] == []
    body = {"leaves": preview["leaves"], "seen": preview["seen"]}
    answer = await cycle.office.post(seal, json=body)
    assert answer.status_code == 200, answer.text
    found = (await cycle.office.get(f"{cycle.path}/ledger-entries/{told}")).json()
    assert found["state"] == "submitted"


async def test_words_are_read_by_whoever_reads_of_the_unit_and_exported_as_they_came(cycle, told):
    """Planted bug: tell another unit."""
    query = f"{cycle.path}/ledger-entries?kind=progress_report"
    for client, seen in (
        (cycle.office, 1),
        (own(cycle), 1),
        (own(cycle, "XQ02"), 0),
        (cycle.source("ZH77"), 0),
    ):
        assert len((await client.get(query)).json()["items"]) == seen
    path = f"{cycle.path}/ledger-entries/export?format=csv&kind=progress_report"
    file = (await own(cycle).get(path)).content
    sent = {"Content-Type": "text/csv"}
    again = await own(cycle).post(
        f"{cycle.path}/ledger-entries?mode=partial", content=file, headers=sent
    )
    assert [row["outcome"] for row in again.json()["rows"]] == ["unchanged"]


async def test_words_stand_beside_the_number_and_change_nothing_of_it(new_year, monkeypatch):
    """The latest of them, up to a limit. Planted bugs: drafts; words of another unit."""
    cycle = await new_year()
    await cycle.verify(all_submitted=True)
    await cycle.score()
    path = f"{cycle.path}/score-sheets/1/units/XQ01/explanation"
    before = (await cycle.office.get(path)).json()
    assert before["progress_reports"] == []
    april = REPORT | {"period": "2025-04", "note": "四月竣工。"}
    for unit, entry, state in (
        ("XQ01", REPORT, "submitted"),
        ("XQ01", april, "submitted"),
        ("XQ01", REPORT | {"period": "2025-05"}, "draft"),
        ("XQ02", REPORT | {"unit": "XQ02"}, "submitted"),
    ):
        answer = await enter(cycle, own(cycle, unit), entry, state=state)
        assert answer.status_code == 201, answer.text
    after = (await cycle.office.get(path)).json()
    told = [(each["indicator"], each["note"]) for each in after.pop("progress_reports")]
    assert told == [("C03", april["note"]), ("C03", REPORT["note"])]
    before.pop("progress_reports")
    assert after == before
    assert (await cycle.post(cycle.office, "score-sheets/1/feedback")).status_code == 201
    mine = (await own(cycle).get(path)).json()["progress_reports"]
    assert [each["note"] for each in mine] == [april["note"], REPORT["note"]]

    async def read():
        return (await cycle.office.get(path)).json()

    await cut(monkeypatch, explanations, "MOST_WORDS", read, lambda it: it["progress_reports"])


async def test_the_source_of_an_indicator_reads_what_units_say_of_it_and_no_more(
    cycle, told, others, document
):
    """Planted bugs: of other indicators; before it is handed in; who competes with the unit; told
    as something of the source's own that counts nowhere."""
    [draft] = (
        await enter(cycle, own(cycle), REPORT | {"period": "2025-04"}, state="draft")
    ).json()["rows"]
    other = REPORT | {"indicator": "C01", "period": "2025-05"}
    assert (await enter(cycle, own(cycle), other)).status_code == 201

    async def read(unit, path="ledger-entries"):
        answer = await cycle.source(unit).get(f"{cycle.path}/{path}", params={"limit": 100})
        assert answer.status_code == 200, answer.text
        return {e["entry_id"]: e["kind"] for e in answer.json()["items"] if "entry_id" in e}

    assert await read("ZH01") == {told: "progress_report"}
    assert told not in await read("ZH03")
    assert draft["entry_id"] not in await read("ZH01")
    one = await cycle.source("ZH01").get(f"{cycle.path}/ledger-entries/{told}")
    assert (one.status_code, one.json()["note"]) == (200, REPORT["note"])
    file = await cycle.source("ZH01").get(f"{cycle.path}/ledger-entries/export?format=ndjson")
    assert (file.text.count("entry_id"), told in file.text) == (1, True)
    unscored = await cycle.source("ZH01").get(f"{cycle.path}/unscored")
    assert unscored.json()["items"] == []

    competes = copy.deepcopy(document)
    for category in competes["categories"]:
        for block in category["blocks"]:
            for each in block["indicators"]:
                each |= {"data_source_unit": "XQ02"} if each["code"] == "C03" else {}
    others.schemes[cycle.cycle_id] = competes
    assert told not in await read("XQ02")
