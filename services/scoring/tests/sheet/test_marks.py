"""All marks of an edition as a file: CSV and JSON lines exactly, Excel as people read it."""

import csv
import io
import json
from decimal import Decimal

import openpyxl
import pytest

from scoring.rules.reports.marks import Mark
from service_testing.lists import Filter, combinations, differing, field


@pytest.fixture(scope="session")
async def year(new_year):
    """The reference year, scored."""
    cycle = await new_year()
    await cycle.score()
    return cycle


@pytest.fixture(scope="session")
async def sheet(year):
    return (await year.office.get(f"{year.path}/score-sheets/1")).json()


def expected_marks(sheet: dict) -> dict[tuple[str, str], tuple]:
    """Return points, score and excess by unit and indicator, found by walking the sheet."""
    found = {}
    for unit in sheet["units"]:
        waiting = [(score, None) for score in unit["indicator_scores"]]
        while waiting:
            score, parent = waiting.pop()
            numbers = tuple(score[name] for name in ("points", "score", "excess"))
            found[unit["unit"], score["indicator"]] = (*numbers, score["block"], parent)
            waiting += [(child, score["indicator"]) for child in score["children"]]
    return found


async def export(cycle, client, **query):
    return await client.get(f"{cycle.path}/score-sheets/latest/marks", params=query)


async def test_csv_and_json_lines_say_what_the_sheet_says(year, sheet):
    """Planted bug: leave children out, or write a missing score as 0."""
    as_csv = await export(year, year.office)
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.headers["content-disposition"] == 'attachment; filename="marks-1.csv"'
    lines = (await export(year, year.office, format="ndjson")).text.splitlines()
    rows = [json.loads(line) for line in lines]
    assert [*csv.DictReader(io.StringIO(as_csv.text))] == [
        {name: value or "" for name, value in row.items()} for row in rows
    ]
    numbers = ("points", "score", "excess", "block", "parent")
    assert {(r["unit"], r["indicator"]): tuple(r[n] for n in numbers) for r in rows} == (
        expected_marks(sheet)
    )
    assert [*rows[0]] == [*Mark._fields]
    assert {row["state"] for row in rows} == {"scored"}
    assert all(row["unit_name"] and row["indicator_name"] for row in rows)


async def test_excel_has_the_same_numbers_and_chinese_heads(year, sheet):
    answer = await year.office.get(
        f"{year.path}/score-sheets/latest/marks?format=xlsx", headers={"Accept-Language": "zh"}
    )
    assert answer.headers["content-language"] == "zh"
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    head, *rows = book.active.iter_rows(values_only=True)
    assert head[:2] == ("单位代码", "单位")
    found = {(row[0], row[5]): tuple(row[8:11]) for row in rows}
    assert {key: tuple(Decimal(str(each)) for each in told) for key, told in found.items()} == {
        key: tuple(map(Decimal, told[:3])) for key, told in expected_marks(sheet).items()
    }


async def test_what_is_missing_is_told_with_its_reason(cycle):
    """Nothing was entered: most marks are missing, each with the reason that the sheet gives."""
    await cycle.score()
    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/latest")).json()
    for language, name in (("zh", "reason_zh"), ("en", "reason")):
        answer = await cycle.office.get(
            f"{cycle.path}/score-sheets/latest/marks?format=ndjson",
            headers={"Accept-Language": language},
        )
        rows = map(json.loads, answer.text.splitlines())
        missing = {(r["unit"], r["indicator"]): r for r in rows if r["state"] == "missing"}
        told = {
            (unit["unit"], gap["indicator"]): gap[name]
            for unit in sheet["units"]
            for gap in unit["missing"]
        }
        # A parent is missing because of its children, which say why.
        above = {(row["unit"], row["parent"]) for row in missing.values()}
        assert {key: row["reason"] for key, row in missing.items()} == {
            **dict.fromkeys(missing.keys() & above),
            **told,
        }
        assert {row["score"] for row in missing.values()} == {None}
        assert len(missing) > 20


async def test_who_may_not_read_the_sheet_gets_no_marks(year):
    path = f"{year.path}/score-sheets/1/marks"
    assert (await year.caller("assessed_unit", unit="XQ01").get(path)).status_code == 403
    committee = year.caller("committee", "assessed_unit", unit="XQ01")
    assert (await committee.get(path)).text.count("\r\n") == 1  # the head: all are of its category


async def test_another_format_is_refused_by_name(year):
    answer = await export(year, year.office, format="pdf")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/format")


async def test_an_altered_score_is_refused_before_anything_is_sent(year):
    """Planted bug: look at each unit's digest only when its turn comes: half a file with 200."""
    change, where = "packed = 'x'", f"cycle_id = '{year.cycle_id}'"
    async with year.service.altered("unit_score", change, where):
        answer = await export(year, year.office)
    assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")


async def test_marks_are_exported_by_unit_category_indicator_and_state(year, cycle):
    """Planted bugs: a parent takes its children along."""
    await cycle.score()

    async def rows(of, **query):
        answer = await export(of, of.office, format="ndjson", **query)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    for of in (year, cycle):
        whole = await rows(of)
        first, last = whole[0], whole[-1]
        filters = {
            "unit": field("unit", [first["unit"], last["unit"]], ["GONE"]),
            "category": field("category", [last["category"]]),
            "indicator": field("indicator", [first["indicator"]], [last["indicator"]]),
            "state": field("state", ["scored", "zero"], ["missing"]),
        }
        for chosen in combinations(filters):
            query = {name: list(values) for name, values in chosen.items() if values}
            assert await rows(of, **query) == [
                row for row in whole if all(filters[n].passes(row, chosen[n]) for n in filters)
            ], chosen
    strange = await export(year, year.office, state="strange")
    assert strange.json()["errors"][0]["pointer"] == "/query/state/0"


async def test_score_sheets_are_listed_by_category_and_phase(cycle):
    """Planted bug: an edition that was never fed back is none of those that are only computed."""
    for categories in (["PARK"], ["COUNTY", "PARK"], ["COUNTY"]):
        body = {"categories": categories}
        assert (await cycle.post(cycle.office, "score-sheets", body)).status_code == 201
    fed_back = await cycle.post(cycle.office, "score-sheets/2/feedback")
    assert fed_back.status_code == 201, fed_back.text
    filters = {
        "category": Filter([["PARK"], ["GONE"]], lambda item, code: code in item["categories"]),
        "phase": field("phase", ["computed"], ["fed_back"]),
    }
    path = f"{cycle.path}/score-sheets"
    assert await differing(cycle.office, path, filters, limit=1) == []


async def test_a_sheet_has_the_units_that_are_asked_for_and_the_digest_of_all(year, sheet):
    """Planted bugs: the digest of what is left; the claims and explanations of other units."""
    first, last = sheet["units"][0], sheet["units"][-1]
    cases = [
        ({"unit": first["unit"]}, {first["unit"]}),
        ({"unit": [first["unit"], last["unit"]]}, {first["unit"], last["unit"]}),
        ({"category": first["category"]}, {each["unit"] for each in sheet["units"]}),
        ({"unit": first["unit"], "category": "NONE"}, set()),
    ]
    for query, units in cases:
        answer = await year.office.get(f"{year.path}/score-sheets/1", params=query)
        assert answer.json() == sheet | {
            "units": [each for each in sheet["units"] if each["unit"] in units],
            "claims": [each for each in sheet["claims"] if each["unit"] in units],
            "explanations": {u: d for u, d in sheet["explanations"].items() if u in units},
            "tag_totals": {u: d for u, d in sheet["tag_totals"].items() if u in units},
        }
    assert {each["unit"] for each in sheet["claims"]} - {first["unit"]}
