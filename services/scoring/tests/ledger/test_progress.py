"""Progress: what is expected against what has come, counted a second way by walking the scheme."""

import json
from collections import Counter
from datetime import date
from types import SimpleNamespace

import pytest

from scoring.rules.ledger.entries import months_of
from scoring.rules.ledger.progress import Arrived, Cell, cells_of, progress_of, sum_of

CELLS = [
    Cell("C", "A", "I1", "2025Q1", "S1", is_marked=False),
    Cell("C", "A", "I1", "2025Q2", "S1", is_marked=False),
    Cell("C", "B", "I1", "2025Q1", "S1", is_marked=False),
    Cell("D", "E", "I2", "2025", "S2", is_marked=False),
]


def counted(by: str, *arrived: tuple, today=date(2025, 4, 1)):
    found = progress_of(CELLS, [Arrived(*each) for each in arrived], by, today)
    names = ("expected", "due", "received", "verified", "returned", "overdue")
    shown = {code: [getattr(part, n) for n in names] for code, part in found.items()}
    assert [getattr(sum_of(found.values()), n) for n in names] == [
        sum(column) for column in zip(*shown.values(), strict=True)
    ]
    return shown


def test_a_cell_is_received_verified_returned_or_overdue():
    """Planted bugs: a cell with one verified and one submitted entry is verified; one with nothing
    but a returned entry is received."""
    came = [
        ("A", "I1", "2025Q1", "measured_value", "verified"),
        ("A", "I1", "2025Q1", "measured_value", "submitted"),
        ("B", "I1", "2025Q1", "measured_value", "returned"),
        ("E", "I2", "2025", "measured_value", "locked"),
    ]
    assert counted("unit", *came) == {
        "A": [2, 1, 1, 0, 0, 0],
        "B": [1, 1, 0, 0, 1, 1],
        "E": [1, 0, 1, 1, 0, 0],
    }
    assert counted("period", *came) == {
        "2025Q1": [2, 2, 1, 0, 1, 1],
        "2025Q2": [1, 0, 0, 0, 0, 0],
        "2025": [1, 0, 1, 1, 0, 0],
    }


def test_a_period_is_due_from_the_day_after_its_last():
    assert counted("category", today=date(2025, 3, 31))["C"] == [3, 0, 0, 0, 0, 0]
    assert counted("category", today=date(2025, 4, 1))["C"] == [3, 2, 0, 0, 0, 2]


def test_that_an_indicator_does_not_apply_answers_all_its_cells():
    came = [("A", "I1", "2025", "not_applicable", "verified")]
    assert counted("data_source_unit", *came)["S1"] == [3, 2, 2, 2, 0, 1]


def test_an_entry_answers_the_cells_whose_months_its_period_shares():
    """Planted bug: hold periods against one another as texts."""
    came = [
        ("E", "I2", "2025-07", "milestone", "submitted"),
        ("A", "I1", "2025H1", "event", "locked"),
    ]
    found = counted("unit", *came)
    assert (found["E"][2], found["A"][2:4], found["B"][2]) == (1, [2, 2], 0)


def test_where_any_period_will_do_the_year_is_expected(scheme):
    """Planted bug: expect every period that is taken."""
    cells = [cell for cell in cells_of(scheme) if cell.unit == "XQ01"]
    by_indicator = Counter(cell.indicator for cell in cells)
    assert by_indicator["C02"] == 1
    for indicator in by_indicator:
        months = [m for c in cells if c.indicator == indicator for m in months_of(c.period)]
        assert len(months) == len(set(months))


# over HTTP, in the reference year


@pytest.fixture(scope="module")
async def begun(new_cycle):
    """A cycle in which two units have a value for C01, one of them verified, one sent back."""
    cycle = new_cycle()
    rows = [
        {"unit": unit, "indicator": "C01", "kind": "measured_value", "key": "actual", "value": "7"}
        for unit in ("XQ01", "XQ02", "XQ03")
    ]
    first, _, third = await cycle.enter(*rows)
    await cycle.verify(entry_ids=[first])
    await cycle.post(cycle.office, "ledger-entries/return", {"entry_ids": [third], "reason": "?"})
    return SimpleNamespace(cycle=cycle, path=f"{cycle.path}/progress")


async def test_what_is_expected_is_what_the_scheme_takes(begun, document):
    """Counted here from the scheme's own document: no compiled form, no code of ours."""
    answer = (await begun.cycle.office.get(f"{begun.path}?by=unit&indicator=C01")).json()
    having = [c for c in document["categories"] if '"C01"' in json.dumps(c)]
    units = [unit for category in having for unit in category["units"]]
    assert [part["code"] for part in answer["parts"]] == units
    assert {part["expected"] for part in answer["parts"]} == {1}
    assert (answer["expected"], answer["received"], answer["verified"], answer["returned"]) == (
        len(units), 2, 1, 1,
    )  # fmt: skip
    named = {part["code"]: part["name"] for part in answer["parts"]}
    assert all(named.values())


async def test_filters_and_parts_agree(begun):
    office = begun.cycle.office
    whole = (await office.get(begun.path)).json()
    for by in ("category", "unit", "indicator", "period", "data_source_unit"):
        parts = (await office.get(f"{begun.path}?by={by}")).json()["parts"]
        assert sum(part["expected"] for part in parts) == whole["expected"]
        code = parts[0]["code"]
        alone = (await office.get(f"{begun.path}?{by}={code}")).json()
        assert alone["expected"] == parts[0]["expected"] > 0


async def test_everybody_gets_what_is_theirs(begun):
    """Planted bug: an organiser, a source or a unit counts cells of others."""
    cycle = begun.cycle
    whole = (await cycle.office.get(f"{begun.path}?by=data_source_unit")).json()
    sent = {part["code"]: part["expected"] for part in whole["parts"]}
    source = (await cycle.source("ZH02").get(f"{begun.path}?by=data_source_unit")).json()
    assert [part["code"] for part in source["parts"]] == ["ZH02"]
    assert 0 < source["expected"] <= sent["ZH02"] < whole["expected"]
    unit = cycle.caller("assessed_unit", unit="XQ01")
    own = (await unit.get(f"{begun.path}?by=unit")).json()
    assert [part["code"] for part in own["parts"]] == ["XQ01"]
    others = (await unit.get(f"{begun.path}?by=unit&unit=XQ02")).json()
    assert (others["expected"], others["parts"]) == (0, [])
    assert (await cycle.caller("committee").get(begun.path)).status_code == 403


async def test_it_takes_as_many_statements_however_much_has_come(begun):
    """Planted bug: ask unit by unit."""
    with begun.cycle.service.statements() as said:
        await begun.cycle.office.get(begun.path)
    assert len(said) <= 4, said
