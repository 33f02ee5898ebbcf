"""Entries that look like others: pointed out to who enters, within what it may read, and listed
for the office over the whole cycle."""

import pytest
from leading import VALUE

from scoring.rules.ledger.likeness import alike, documents_of, marks_of, numbers_in
from scoring.rules.ledger.shapes import Draft, EntryForms

EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
NUMBER = "云政发〔2025〕12号"
LIST = "ledger-entries/likely-duplicates"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("依据云政发〔2025〕12号", ["云政发202512"]),
        ("见云政发[2025]012号文", ["云政发202512"]),
        ("云政发（２０２５）第 12 号", ["云政发202512"]),
        ("云政发2025年第12号", ["云政发202512"]),
        ("云 政 发〔二〇二五〕十二号", ["云政发202512"]),
        ("云政发〔2025〕3号、云政发〔2025〕4号", ["云政发20253", "云政发20254"]),
        ("按市府办文件云政办发〔2025〕12号", ["云政办发202512"]),
        ("督办单 DB-2025-0131，逾期", ["db2025131"]),
        ("ＤＢ－2025－131", ["db2025131"]),
        ("2025-03-01 至 2025-03-31，第3号", []),
        ("Q1-2025", []),
        ("根据〔2025〕12号", []),
        ("3月12号开会", []),
        ("", []),
    ],
)
def test_a_number_is_found_however_it_is_written(text, numbers):
    """Planted bug: compare what is written."""
    assert list(numbers_in(text)) == numbers


def test_a_hostile_note_is_read_in_one_pass():
    """Planted bug: let the letters before a number be as many as there are."""
    for piece in ("云", "云〔", "A-1", "A-", "〔2025〕", "一", "－", " "):
        note = piece * 4000
        draft = Draft("XQ01", "C03", "event", "overdue", None, "2025", None, None, note)
        assert len(documents_of(draft, any_item=False)) <= 5


@pytest.mark.parametrize(("item", "named"), [("3", 0), ("12", 0), ("DB-3", 1), ("20250131", 1)])
def test_an_ordinal_is_the_number_of_nothing(item, named):
    """Planted bug: the third node of one indicator is the third of another."""
    draft = Draft("XQ01", "C05", "milestone", None, item, "2025", None, "done", None)
    assert len(documents_of(draft, any_item=True)) == named


def test_what_a_row_takes_the_place_of_is_no_duplicate_of_it(scheme):
    """Planted bug: hold a correction against what it corrects."""
    event = Draft("XQ01", "C03", "event", "overdue", None, "2025", None, None)
    marks = marks_of({0: event, 1: event}, EntryForms(scheme))
    found = alike(marks, {0: event, 1: event}, {}, {})
    assert [each.row for each in found.told(1, lambda _: False)] == [0]
    assert found.told(0, lambda _: True) == []


def test_a_place_in_a_list_is_recognised_by_its_document_but_not_beside_its_other_places(scheme):
    """Planted bugs: look at notes alone; point out each indicator by which a list ranks a unit."""
    forms, period = EntryForms(scheme), {"period": "2025Q1", "document_no": NUMBER}

    def draft(kind, indicator, **more):
        told = {"key": None, "item": None, "period": "2025", "value": None, "word": None}
        return Draft("XQ01", indicator, kind, **(told | {"note": None} | more))

    rows = {
        0: draft("superior_rank", "C01", **period),
        1: draft("superior_rank", "C02", **period),
        2: draft("superior_rank", "C01", **period | {"period": "2025Q2"}),
        3: draft("event", "C03", note=f"见{NUMBER}"),
    }
    found = alike(marks_of(rows, forms), rows, {}, {})
    like = {row: [each.row for each in found.told(row, lambda _: True)] for row in rows}
    assert like == {0: [], 1: [], 2: [0], 3: [2, 1, 0]}


async def post(cycle, *entries, unit="ZH01", query="", **more):
    body = {"entries": list(entries), **more}
    answer = await cycle.post(cycle.source(unit), f"ledger-entries{query}", body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()["rows"]


def told(row: dict) -> list[tuple]:
    return [
        (e["by"], e["document"], e["entry_id"], e["position"]) for e in row["likely_duplicates"]
    ]


async def listed(cycle, query="") -> list[tuple]:
    answer = await cycle.office.get(f"{cycle.path}/{LIST}{query}")
    assert answer.status_code == 200, answer.text
    return [
        (e["by"], e["document"], e["entry"]["entry_id"], e["like"]["entry_id"])
        for e in answer.json()["items"]
    ]


async def test_a_second_entry_about_the_same_is_pointed_out_and_taken(cycle):
    """Planted bugs: look at events of the whole cell; look at what was withdrawn."""
    [first] = await post(cycle, EVENT)
    assert told(first) == []
    [second] = await post(cycle, EVENT)
    assert second["outcome"] == "stored"
    assert told(second) == [("same_subject", None, first["entry_id"], None)]
    [other, month] = await post(cycle, EVENT | {"unit": "XQ02"}, EVENT | {"period": "2025Q1"})
    assert told(other) == told(month) == []
    rows = await post(cycle, EVENT, EVENT, query="?mode=check")
    ids = [second["entry_id"], first["entry_id"]]
    assert [each[2] for each in told(rows[0])] == ids
    assert told(rows[1])[0] == ("same_subject", None, None, 0)
    [third] = await post(cycle, EVENT, state="draft")
    gone = f"ledger-entries/{third['entry_id']}/withdrawal"
    assert (await cycle.post(cycle.source("ZH01"), gone, {})).status_code == 200
    [fourth] = await post(cycle, EVENT)
    assert [each[2] for each in told(fourth)] == ids


async def test_an_event_of_one_day_is_the_same_in_whichever_period_it_is_entered(cycle):
    """Also in one batch, and in the list; another day, key or unit is another event. Planted bugs:
    compare within a period alone; by the day, whatever happened on it."""
    event = EVENT | {"occurred_on": "2025-01-15"}
    [year, month] = await post(cycle, event, event | {"period": "2025Q1"})
    assert told(year) == []
    assert told(month) == [("same_subject", None, year["entry_id"], 0)]
    [again] = await post(cycle, event | {"period": "2025Q1"})
    like = ("same_subject", None, month["entry_id"], None)
    assert told(again) == [like, ("same_subject", None, year["entry_id"], None)]
    other = event | {"period": "2025Q2", "occurred_on": "2025-04-15"}
    rows = await post(cycle, other, event | {"unit": "XQ02", "period": "2025Q1"})
    assert [told(row) for row in rows] == [[], []]
    pairs = [(month["entry_id"], year["entry_id"]), (again["entry_id"], month["entry_id"])]
    assert [each[2:] for each in await listed(cycle)] == pairs


async def test_no_text_is_looked_through_for_a_ledger_that_is_sealed(cycle):
    """Planted bug: hold the ledger first, by what the texts name."""
    assert (await cycle.post(cycle.office, "ledger/seal", {})).is_success
    with cycle.service.statements() as asked:
        body = {"entries": [EVENT | {"note": NUMBER}]}
        answer = await cycle.post(cycle.source("ZH01"), "ledger-entries", body)
    assert (answer.status_code, answer.json()["type"]) == (409, "ledger-sealed"), answer.text
    assert not [said for said in asked if "entries_alike" in said]


async def test_a_batch_is_held_against_itself_and_tells_few(cycle):
    """Planted bug: tell each row of all before it."""
    rows = await post(cycle, *[EVENT] * 8)
    assert [len(told(row)) for row in rows] == [0, 1, 2, 3, 4, 5, 5, 5]
    assert [each[3] for each in told(rows[7])] == [6, 5, 4, 3, 2]
    assert told(rows[1])[0][2] == rows[0]["entry_id"]
    assert len(await listed(cycle, "?limit=50")) == 7
    assert (await listed(cycle))[0][2:] == (rows[1]["entry_id"], rows[0]["entry_id"])


async def test_one_document_is_known_over_indicators_within_what_may_be_read(cycle):
    """Planted bug: tell of what another unit has entered."""
    [value] = await post(cycle, VALUE | {"note": f"依据{NUMBER}"}, unit="ZH02")
    written = EVENT | {"note": "见云政发[2025]012号文"}
    event, other = await post(cycle, written, EVENT | {"unit": "XQ02", "note": NUMBER})
    assert told(event) == told(other) == []
    [again] = await post(cycle, written | {"period": "2025Q1"})
    assert told(again) == [("same_document", "云政发202512", event["entry_id"], None)]
    pairs = [
        ("same_document", "云政发202512", event["entry_id"], value["entry_id"]),
        ("same_document", "云政发202512", again["entry_id"], event["entry_id"]),
    ]
    assert await listed(cycle) == await listed(cycle, "?unit=XQ01&indicator=C03") == pairs
    assert await listed(cycle, "?unit=XQ02") == await listed(cycle, "?indicator=C01") == []


async def test_the_list_goes_page_by_page_and_leaves_out_what_no_longer_stands(cycle):
    """Planted bug: look at the later one alone."""
    note = {"note": f"{NUMBER}；DB-2025-0131"}
    rows = await post(cycle, *[EVENT | note] * 3, state="draft")
    ids = [row["entry_id"] for row in rows]
    whole = await listed(cycle)
    assert {each[2:] for each in whole} == {(ids[1], ids[0]), (ids[2], ids[1])}
    assert len(whole) == 6  # by what they are about, and by two documents
    found, after = [], ""
    while after is not None:
        path = f"{cycle.path}/{LIST}?limit=1{after and f'&after={after}'}"
        page = (await cycle.office.get(path)).json()
        found += [(e["by"], e["document"]) for e in page["items"]]
        after = page["next"]
    assert found == [each[:2] for each in whole]
    gone = f"ledger-entries/{ids[1]}/withdrawal"
    assert (await cycle.post(cycle.source("ZH01"), gone, {})).status_code == 200
    assert await listed(cycle) == []
    for after in ("x", "2025_", f"{ids[2]}_none", f"{ids[0]}_"):
        answer = await cycle.office.get(f"{cycle.path}/{LIST}?after={after}")
        assert (answer.status_code, answer.json()["type"]) == (422, answer.json()["type"])
    for role in ("data_source_unit", "assessed_unit", "organiser", "second_body"):
        answer = await cycle.caller(role, unit="ZH01").get(f"{cycle.path}/{LIST}")
        assert answer.status_code == 403


async def test_corrections_restatements_and_replayed_rows_are_looked_at_too(cycle, others):
    """Planted bug: tell a correction of the entry that it corrects."""
    [first, draft] = await post(cycle, EVENT | {"note": NUMBER}) + await post(
        cycle, EVENT | {"period": "2025Q1"}, state="draft"
    )
    right = {"entry": EVENT | {"period": "2025Q1", "note": NUMBER}, "state": "draft"}
    path = f"ledger-entries/{draft['entry_id']}/correction"
    corrected = await cycle.post(cycle.source("ZH01"), path, right)
    assert corrected.status_code == 201, corrected.text
    assert told(corrected.json()) == [("same_document", "云政发202512", first["entry_id"], None)]
    [value] = await post(cycle, VALUE | {"note": NUMBER}, unit="ZH02")
    await cycle.verify(all_submitted=True)
    [other] = await post(
        cycle, VALUE | {"indicator": "C02", "note": NUMBER}, unit="ZH02", query="?mode=partial"
    )
    restated = await cycle.post(
        cycle.source("ZH02"),
        f"ledger-entries/{value['entry_id']}/restatement",
        {"value": "99", "note": NUMBER, "reason": "x"},
    )
    assert restated.status_code == 201, restated.text
    ids = [each[2] for each in told(restated.json())]
    assert value["entry_id"] not in ids
    assert ids == ([other["entry_id"]] if other["entry_id"] else [])
    unit = {"unit": "7001", "valid_from": "2025-01-01", "valid_to": None}
    none = {"as_of": "2025-12-31", "units": True, "indicators": False, "indicator_codes": []}
    others.id_schemes["hr"] = none | {"unit_codes": []}
    rows = EVENT | {"unit": "7001", "note": NUMBER}
    [parked] = await post(cycle, rows, query="?mode=partial&id_scheme=hr")
    assert (parked["outcome"], told(parked)) == ("parked", [])
    others.id_schemes["hr"] = none | {"unit_codes": [unit | {"code": "7001", "unit": "XQ01"}]}
    answer = await cycle.post(cycle.source("ZH01"), "parked-rows/replay", {"all_known": True})
    [row] = answer.json()["rows"]
    assert row["outcome"] == "stored"
    assert told(row)[0] == ("same_subject", None, first["entry_id"], None)


async def test_a_restatement_names_its_evidence(cycle):
    """Planted bug: let it name what its author may not read."""
    [value] = await post(cycle, VALUE, unit="ZH02")
    await cycle.verify(all_submitted=True)
    source, path = cycle.source("ZH02"), f"ledger-entries/{value['entry_id']}/restatement"
    headers = {"Content-Type": "text/plain"}

    async def added(client) -> str:
        where = f"{cycle.path}/evidence?name=a.txt"
        answer = await client.post(where, content=b"text", headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()["evidence_id"]

    new = {"value": "99", "reason": "x"}
    foreign = {"evidence_ids": [await added(cycle.source("ZH01"))]}
    before = await cycle.rows()
    refused = await cycle.post(source, path, new | foreign)
    assert refused.status_code == 409
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/evidence_ids/0"]
    assert await cycle.rows() == before
    own = await added(source)
    answer = await cycle.post(source, path, new | {"evidence_ids": [own]})
    assert answer.status_code == 201, answer.text
    restated = f"{cycle.path}/ledger-entries/{answer.json()['entry_id']}"
    found = (await cycle.office.get(restated)).json()
    assert [each["evidence_id"] for each in found["evidence"]] == [own]
