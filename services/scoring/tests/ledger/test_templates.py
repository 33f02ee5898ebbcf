"""A template has a row for what is still to be entered, and is sent back as it was filled in."""

import io

import openpyxl
import pytest

XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


async def template(cycle, client, **query):
    path = f"{cycle.path}/ledger-entries/template"
    return await client.get(path, params={"category": "COUNTY"} | query)


def opened(answer):
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return book, book.worksheets[0]


TITLES = {
    "Unit": "unit", "Name of the unit": "unit_name", "Indicator": "indicator", "Kind": "kind",
    "Key": "key", "Item": "item", "Period": "period", "Value": "value", "Word": "word",
}  # fmt: skip


def rows_of(sheet) -> list[dict]:
    """Return the rows that say what they are about, by fields, with the line in the sheet."""
    head = [TITLES.get(cell.value, cell.value) for cell in sheet[1]]
    found = []
    for line, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        told = {n: v for n, v in zip(head, row, strict=True) if v is not None}
        if told:
            found.append(told | {"line": line})
    return found


def fill(sheet, line: int, **values) -> None:
    head = {TITLES.get(cell.value, cell.value): cell.column for cell in sheet[1]}
    for name, value in values.items():
        sheet.cell(line, head[name]).value = value


async def send(cycle, client, book, key, mode="partial"):
    file = io.BytesIO()
    book.save(file)
    head = XLSX | {"Idempotency-Key": f"template-{key}"}
    path = f"{cycle.path}/ledger-entries?mode={mode}"
    return (await client.post(path, content=file.getvalue(), headers=head)).json()


def slots(rows) -> set[tuple]:
    names = ("unit", "indicator", "kind", "key", "item", "period")
    return {tuple(row.get(name) for name in names) for row in rows}


async def test_what_is_filled_in_is_entered_and_stands_there_no_more(cycle):
    """Planted bugs: rows of another source; a row again for what has been entered."""
    source = cycle.source()
    book, sheet = opened(await template(cycle, source))
    rows = rows_of(sheet)
    assert {row["indicator"] for row in rows} >= {"C01"}
    assert len(slots(rows)) == len(rows)
    first = [row for row in rows if row["indicator"] == "C01"][:3]
    for row in first:
        fill(sheet, row["line"], value=12.5)
    told = await send(cycle, source, book, "filled")
    assert [row["position"] + 2 for row in told["rows"] if row["outcome"] == "stored"] == [
        row["line"] for row in first
    ]
    # What was not filled in is said to be missing, row by row, and nothing is made up for it.
    left = [row for row in told["rows"] if row["outcome"] != "stored"]
    assert {row["outcome"] for row in left} == {"refused"}
    assert len(left) == len(rows) - 3
    _, again = opened(await template(cycle, source))
    assert slots(rows_of(again)) == slots(rows) - slots(first)


async def test_every_row_of_a_template_is_about_what_the_intake_takes(cycle):
    """Of rows without a value nothing but that is wrong. Planted bug: a key or a period that is not
    of the form."""
    for unit in ("ZH01", "ZH02", "ZH03"):
        source = cycle.source(unit)
        answer = await template(cycle, source)
        if answer.status_code == 403:
            continue
        book, sheet = opened(answer)
        if not rows_of(sheet):
            continue
        told = await send(cycle, source, book, unit, mode="check")
        errors = [error for row in told["rows"] for error in row["errors"]]
        wanting = [each for each in errors if each["detail"].startswith("Wanted is one of")]
        assert [e for e in errors if e not in wanting and e["code"] != "missing"] == []


async def test_a_template_is_of_one_scheme_and_cycle(cycle):
    """Planted bug: leave the hidden sheet out."""
    source = cycle.source()
    book, _ = opened(await template(cycle, source))
    about = {row[0].value: row[1].value for row in book["kaoping"].iter_rows()}
    assert book["kaoping"].sheet_state == "veryHidden"
    assert about["for_cycle"] == str(cycle.cycle_id)
    for name, code in (("for_cycle", "another-cycle"), ("scheme_digest", "another-scheme")):
        other, _ = opened(await template(cycle, source))
        for row in other["kaoping"].iter_rows():
            if row[0].value == name:
                row[1].value = "0" * 64 if name == "scheme_digest" else str(cycle.number).zfill(32)
        told = await send(cycle, source, other, name)
        assert [each["code"] for each in told["errors"]] == [code]


async def test_a_template_offers_what_a_cell_may_hold(cycle):
    """Planted bug: the list of another indicator."""
    source = cycle.source("ZH01")
    book, sheet = opened(await template(cycle, source))
    events = [row for row in rows_of(sheet) if row["kind"] == "event"]
    rules = {
        str(cell): rule
        for rule in sheet.data_validations.dataValidation
        for cells in rule.sqref.ranges
        for cell in [cells]
    }
    head = {TITLES.get(cell.value, cell.value): cell.column_letter for cell in sheet[1]}
    rule = rules[f"{head['key']}{events[0]['line']}"]
    name, _, cells = rule.formula1.partition("!")
    offered = [cell.value for row in book[name.lstrip("=")][cells.replace("$", "")] for cell in row]
    # Whatever is offered is taken: each choice by itself, for the row that it is offered in.
    line = events[0]["line"]
    for n, choice in enumerate(offered):
        fill(sheet, line, key=choice)
        answer = await send(cycle, source, book, f"offered-{n}", mode="check")
        row = answer["rows"][line - 2]
        assert [e["code"] for e in row["errors"] if e["pointer"].endswith("/key")] == [], choice


async def test_a_row_for_what_is_not_expected_takes_days_as_excel_has_them(cycle):
    """Planted bug: such cells hold text, and a day that is typed in as people write it is none."""
    _, sheet = opened(await template(cycle, cycle.source("ZH01")))
    head = {cell.value: cell.column for cell in sheet[1]}
    last = max(row["line"] for row in rows_of(sheet))
    days = [sheet.cell(line, head["Occurred on"]).number_format for line in (last + 1, last + 50)]
    assert days == ["yyyy-mm-dd"] * 2


@pytest.mark.parametrize("unit", ["ZH02", "XQ01"])
async def test_a_unit_gets_only_what_it_enters_itself(cycle, unit):
    """Planted bug: any unit's rows by its code."""
    other = await template(cycle, cycle.source(unit), data_source_unit="ZH01")
    assert other.status_code == 403
    office = await template(cycle, cycle.office, data_source_unit="ZH01")
    assert office.status_code == 200
    assert (await template(cycle, cycle.source("ZH99"))).status_code == 403
    auditor = cycle.caller("auditor", unit="ZH01")
    assert (await template(cycle, auditor)).status_code == 403


def offered_in(book) -> set:
    """Return what the cells of a workbook are offered."""
    lists = book.worksheets[1:]
    return {cell for sheet in lists for row in sheet.iter_rows(values_only=True) for cell in row}


async def test_a_unit_is_offered_words_about_its_progress_and_nobody_else_is(cycle):
    """And what is filled in is taken. Planted bugs: a unit that enters nothing itself gets no
    template; a source is offered the words of others."""
    own = cycle.caller("assessed_unit", unit="XQ01")
    book, sheet = opened(await template(cycle, own))
    assert offered_in(book) >= {"progress_report", "C03", "XQ01"}
    words = {"unit": "XQ01", "indicator": "C03", "kind": "progress_report", "period": "2025-03"}
    last = max((row["line"] for row in rows_of(sheet)), default=1)
    fill(sheet, last + 1, **words, Note="三月已完成主体工程。")
    told = await send(cycle, own, book, "words")
    assert [row["outcome"] for row in told["rows"] if row["errors"] == []] == ["stored"], told
    for answer in (
        await template(cycle, cycle.source("ZH01")),
        await template(cycle, own, category="PARK"),
    ):
        assert "progress_report" not in offered_in(opened(answer)[0])


async def test_a_category_that_there_is_not_is_refused_and_filters_hold(cycle):
    source = cycle.source()
    assert (await template(cycle, source, category="NONE")).status_code == 404
    _, sheet = opened(await template(cycle, source, indicator="C01"))
    assert {row["indicator"] for row in rows_of(sheet)} == {"C01"}
    _, sheet = opened(await template(cycle, source, period="1999"))
    assert rows_of(sheet) == []


async def test_more_than_a_table_takes_is_refused(cycle, monkeypatch):
    monkeypatch.setattr("scoring.api.ledger.templates.MOST_ROWS", 1)
    answer = await template(cycle, cycle.source())
    assert (answer.status_code, answer.json()["type"]) == (422, "too-many-rows")
