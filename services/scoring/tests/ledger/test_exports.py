"""The ledger as a file: what is exported and sent back changes nothing, and what is changed in it
corrects just that entry."""

import csv
import io
import json
from dataclasses import dataclass

import openpyxl
import pytest

VALUE = {"unit": "XQ01", "indicator": "C01", "kind": "measured_value", "key": "actual"}
DIGITS = "123456789012345.123456789012"
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass
class Filled:
    """A ledger with an entry in nearly every state, and who made them."""

    cycle: object
    source: object

    async def export(self, client=None, **query):
        path = f"{self.cycle.path}/ledger-entries/export"
        answer = await (client or self.source).get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer

    async def rows(self, client=None, **query) -> list[dict]:
        answer = await self.export(client, format="ndjson", **query)
        return [json.loads(line) for line in answer.text.splitlines()]

    async def send(self, *rows, mode="partial", client=None):
        body = {"entries": [{k: v for k, v in row.items() if v is not None} for row in rows]}
        path = f"ledger-entries?mode={mode}"
        return (await self.cycle.post(client or self.source, path, body)).json()


async def posted(cycle, client, *rows, state="submitted"):
    answer = await cycle.post(client, "ledger-entries", {"entries": [*rows], "state": state})
    assert answer.status_code == 201, answer.text
    return [row["entry_id"] for row in answer.json()["rows"]]


@pytest.fixture
async def ledger(cycle):
    """Give a ledger of one source: verified, restated, returned, withdrawn, draft; with and without
    a name of the record, with long digits and notes that begin like formulas."""
    source = cycle.source()
    kept = {"value": DIGITS, "note": "=1+1，“复核”\n第二行"}
    [verified] = await posted(cycle, source, VALUE | kept)
    await cycle.verify(entry_ids=[verified])
    other = VALUE | {"unit": "XQ02", "value": "98.50", "source_ref": "stat/7", "note": "_x000D_"}
    [named] = await posted(cycle, source, other)
    await cycle.verify(entry_ids=[named])
    await posted(cycle, source, other | {"value": "99"})  # restates it
    [returned] = await posted(cycle, source, VALUE | {"unit": "XQ03", "value": "0.1"})
    body = {"entry_ids": [returned], "reason": "核对"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", body)).status_code == 200
    [draft] = await posted(cycle, source, VALUE | {"unit": "XQ04", "value": "1"}, state="draft")
    path = f"ledger-entries/{draft}/withdrawal"
    answer = await cycle.post(source, path, {"reason": "误录"})
    assert answer.status_code in (200, 201), answer.text
    await posted(cycle, source, VALUE | {"unit": "XQ05", "value": "123456789012"}, state="draft")
    return Filled(cycle, source)


async def test_what_is_exported_and_sent_back_changes_nothing(ledger):
    """Planted bugs: hand the draft in; enter what was withdrawn anew; compare digits as written;
    read `_x005F_` as it is written in a workbook."""
    before = await ledger.cycle.rows()
    rows = await ledger.rows()
    assert {row["state"] for row in rows} == {
        "verified", "submitted", "returned", "withdrawn", "draft"
    }  # fmt: skip
    files = {form: await ledger.export(format=form) for form in ("csv", "ndjson", "xlsx")}
    assert len([*csv.reader(io.StringIO(files["csv"].text, newline=""))]) == len(rows) + 1
    for mode in ("all", "partial", "check"):
        for form, file in files.items():
            path = f"{ledger.cycle.path}/ledger-entries?mode={mode}"
            head = {"Content-Type": file.headers["content-type"]}
            head["Idempotency-Key"] = f"back-{mode}-{form}"
            answer = await ledger.source.post(path, content=file.content, headers=head)
            told = answer.json()
            assert (answer.status_code, told["unchanged"]) == (200, len(rows)), told
            assert [row["entry_id"] for row in told["rows"]] == [row["entry_id"] for row in rows]
            assert told["receipt"] is None
    assert await ledger.cycle.rows() == before


async def test_in_excel_the_same_stands_as_texts_and_numbers(ledger):
    """Planted bug: the note becomes a formula; thirty digits become fifteen."""
    book = openpyxl.load_workbook(io.BytesIO((await ledger.export(format="xlsx")).content))
    [_, first, *_] = book.active.iter_rows()
    row = (await ledger.rows())[0]
    found = [None if cell.value is None else str(cell.value) for cell in first]
    assert found == [*row.values()]
    assert {cell.data_type for cell in first if cell.value is not None} == {"s"}


async def test_an_export_has_what_the_list_has_for_the_same_reader_and_filters(ledger):
    """Planted bug: read by nobody's rights; forget a filter."""
    cycle = ledger.cycle
    readers = [cycle.office, ledger.source, cycle.source("ZH01")]
    for reader in readers:
        for query in ({}, {"state": ["draft", "returned"]}, {"unit": "XQ02"}, {"period": "2025"}):
            listed = await reader.get(f"{cycle.path}/ledger-entries", params=query | {"limit": 200})
            items = listed.json()["items"]
            found = await ledger.rows(reader, **query)
            assert [row["entry_id"] for row in found] == [each["entry_id"] for each in items]
    assert await ledger.rows(cycle.source("ZH01")) == []
    wide = await ledger.source.get(f"{cycle.path}/ledger-entries/export", params={"q": "复核"})
    assert wide.status_code == 422


async def test_more_than_a_page_is_exported_whole(cycle, monkeypatch):
    """Planted bug: begin each page at the first entry."""
    monkeypatch.setattr("scoring.api.ledger.exports._ROWS_AT_ONCE", 2)
    source = cycle.source()
    units = [f"XQ{n:02}" for n in range(1, 8)]
    ids = await posted(cycle, source, *(VALUE | {"unit": u, "value": "1"} for u in units))
    assert [row["entry_id"] for row in await Filled(cycle, source).rows()] == ids


async def test_a_changed_row_corrects_the_entry_that_it_names(ledger):
    """Planted bugs: enter it beside the former; lose the name of the record."""
    rows = {row["unit"] + row["state"]: row for row in await ledger.rows()}
    changed = {
        "XQ01verified": {"value": "105"},
        "XQ03returned": {"value": "0.2"},
        "XQ05draft": {"note": "补充"},
        "XQ02submitted": {"value": "100"},
    }
    told = await ledger.send(*(rows[name] | change for name, change in changed.items()))
    assert [row["outcome"] for row in told["rows"]] == ["stored"] * 4, told
    new = {row["unit"] + row["state"]: row for row in await ledger.rows()}
    assert new["XQ01verified"]["value"] == DIGITS  # until another person has verified the new one
    assert new["XQ01submitted"]["value"] == "105"
    assert (new["XQ03replaced"]["value"], new["XQ03submitted"]["value"]) == ("0.1", "0.2")
    assert new["XQ05submitted"]["note"] == "补充"
    assert new["XQ02submitted"]["source_ref"] == "stat/7"
    assert new["XQ02submitted"]["value"] == "100"
    await ledger.cycle.verify(all_submitted=True)
    final = {row["unit"] + row["state"]: row["value"] for row in await ledger.rows()}
    assert (final["XQ01verified"], final["XQ01voided"]) == ("105", DIGITS)
    told = (await ledger.cycle.service.verification(str(ledger.cycle.cycle_id)))["holds"]
    assert told is True


@pytest.mark.parametrize(
    ("name", "change", "code", "field"),
    [
        ("XQ01verified", {"unit": "XQ06", "unit_name": None}, "entry-of-another", "entry_id"),
        ("XQ01verified", {"source_ref": "new"}, "entry-of-another", "entry_id"),
        ("XQ01verified", {"state": "submitted"}, "state-moved", "state"),
        ("XQ01verified", {"unit_name": "别的单位"}, "name-of-another", "unit_name"),
        ("XQ01verified", {"indicator_name": "别的指标"}, "name-of-another", "indicator_name"),
        ("XQ01verified", {"entry_id": None}, "not-wanted", "state"),
        ("XQ04withdrawn", {"value": "7"}, "entry-taken-out", "entry_id"),
        (
            "XQ01verified",
            {"entry_id": "00000000-0000-4000-8000-000000000000"},
            "no-such-entry",
            "entry_id",
        ),
    ],
)
async def test_a_row_that_no_longer_fits_its_entry_is_refused_by_name(
    ledger, name, change, code, field
):
    """Planted bug: take what a slipped column says."""
    rows = {row["unit"] + row["state"]: row for row in await ledger.rows()}
    before = await ledger.cycle.rows()
    for mode in ("partial", "all"):
        told = await ledger.send(rows[name] | change, mode=mode)
        errors = told["errors"] if mode == "all" else told["rows"][0]["errors"]
        assert [(each["pointer"], each["code"]) for each in errors] == [
            (f"/entries/0/{field}", code)
        ]
    assert await ledger.cycle.rows() == before


async def test_a_verified_entry_that_is_restated_already_is_changed_by_its_restatement(ledger):
    """Planted bug: two restatements at once, of one record under one number."""
    rows = {row["unit"] + row["state"]: row for row in await ledger.rows()}
    former = rows["XQ02verified"] | {"value": "5"}
    for mode in ("check", "all"):
        told = await ledger.send(former, rows["XQ02submitted"] | {"value": "6"}, mode=mode)
        errors = told["errors"] if mode == "all" else told["rows"][0]["errors"]
        assert [each["code"] for each in errors] == ["restated-already"]
    # One without a name of its record is held against the one that waits.
    [entry] = await posted(ledger.cycle, ledger.source, VALUE | {"unit": "XQ07", "value": "1"})
    await ledger.cycle.verify(entry_ids=[entry])
    row = VALUE | {"unit": "XQ07", "value": "2", "entry_id": entry}
    first, second = [await ledger.send(row | {"value": value}) for value in ("2", "3")]
    assert [each["rows"][0]["outcome"] for each in (first, second)] == ["stored", "refused"]


async def test_nobody_changes_or_finds_another_units_entry_by_its_id(ledger):
    """Planted bug: look the entry up without its author."""
    [row] = [row for row in await ledger.rows() if row["state"] == "verified"][:1]
    other = ledger.cycle.source("ZH01")
    for sent in (row, row | {"value": "1"}):
        told = await ledger.send(sent, client=other)
        assert [each["code"] for each in told["rows"][0]["errors"]] == ["no-such-entry"]


async def test_of_two_rows_that_name_one_entry_the_first_is_taken(ledger):
    """Planted bug: two corrections of one entry, both stored."""
    rows = {row["unit"] + row["state"]: row for row in await ledger.rows()}
    first, again = rows["XQ03returned"] | {"value": "2"}, rows["XQ03returned"] | {"value": "3"}
    told = await ledger.send(first, again, first)
    assert [row["outcome"] for row in told["rows"]] == ["stored", "refused", "unchanged"]
    assert told["rows"][1]["errors"][0]["code"] == "entry-id-twice"
    # By the entry, and by the name of its record.
    named = rows["XQ02submitted"]
    other = {k: v for k, v in named.items() if k not in ("entry_id", "state")} | {"value": "5"}
    told = await ledger.send(named | {"value": "4", "source_ref": None}, other)
    assert [row["outcome"] for row in told["rows"]] == ["stored", "refused"]
    assert told["rows"][1]["errors"][0]["code"] == "source-ref-twice"


async def test_a_workbook_is_corrected_where_a_person_changed_it(ledger):
    """Planted bugs: the number is read as text of fewer digits; the wrong row is told."""
    file = await ledger.export(format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    columns = {cell.value: cell.column for cell in book.active[1]}
    for line in range(2, book.active.max_row + 1):
        if book.active.cell(line, columns["State"]).value == "returned":
            book.active.cell(line, columns["Value"]).value = 0.25
        if book.active.cell(line, columns["State"]).value == "draft":
            book.active.cell(line, columns["Name of the unit"]).value = "别的单位"
            wrong = line
    changed = io.BytesIO()
    book.save(changed)
    path = f"{ledger.cycle.path}/ledger-entries?mode=partial"
    answer = await ledger.source.post(
        path, content=changed.getvalue(), headers=XLSX | {"Idempotency-Key": "a-workbook"}
    )
    told = answer.json()
    assert (told["stored"], told["refused"], answer.status_code) == (1, 1, 201), told
    [refused] = [row for row in told["rows"] if row["outcome"] == "refused"]
    assert refused["position"] + 2 == wrong
    assert refused["errors"][0]["code"] == "name-of-another"
    assert "0.25" in [row["value"] for row in await ledger.rows(state="submitted")]


@pytest.mark.parametrize(
    ("beside", "code"),
    [
        ({"for_cycle": "00000000-0000-4000-8000-000000000000"}, "another-cycle"),
        ({"scheme_digest": "0" * 64}, "another-scheme"),
    ],
)
async def test_a_table_that_was_made_for_something_else_is_refused_whole(ledger, beside, code):
    """Planted bug: read what a table says of itself, and compare it with nothing."""
    before = await ledger.cycle.rows()
    row = VALUE | {"unit": "XQ09", "value": "1"}
    answer = await ledger.cycle.post(ledger.source, "ledger-entries", {"entries": [row]} | beside)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, code)
    lines = json.dumps(row).encode()
    head = {"Content-Type": "application/x-ndjson", "Idempotency-Key": f"made-for-{code}"}
    path = f"{ledger.cycle.path}/ledger-entries"
    answer = await ledger.source.post(path, params=beside, content=lines, headers=head)
    assert (answer.status_code, answer.json()["type"]) == (409, "made-for-another")
    assert await ledger.cycle.rows() == before
    good = {"for_cycle": str(ledger.cycle.cycle_id)}
    answer = await ledger.cycle.post(ledger.source, "ledger-entries", {"entries": [row]} | good)
    assert answer.status_code == 201


async def test_how_late_each_entry_is_stands_in_a_file_for_reading_alone(ledger):
    """The same for every entry as the list of one unit tells; of what nobody handed in nothing.
    Planted bugs: the columns in every file; a file that says so is taken back."""
    rows = await ledger.rows(lateness=True)
    assert len(rows) == len(await ledger.rows())
    told = {row["entry_id"]: (row.get("late"), row.get("late_by_working_days")) for row in rows}
    path = f"{ledger.cycle.path}/ledger-entries"
    known = {}
    for row in rows:
        one = (await ledger.source.get(f"{path}/{row['entry_id']}")).json()
        late, by = one["late"], one["late_by_working_days"]
        known[row["entry_id"]] = (
            None if late is None else str(late).lower(),
            None if by is None else str(by),
        )
    assert told == known
    assert {late for late, _ in told.values()} == {"true", None}
    assert not {"late", "late_by_working_days"} & (await ledger.rows())[0].keys()
    draft = next(row for row in rows if row["state"] == "draft")
    lines = json.dumps(draft | {"late": "false"}).encode()
    head = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "late-sent-back"}
    answer = await ledger.source.post(f"{path}?mode=partial", content=lines, headers=head)
    assert [row["outcome"] for row in answer.json()["rows"]] == ["refused"]
