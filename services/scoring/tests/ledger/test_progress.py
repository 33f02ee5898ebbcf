"""Progress: what is expected against what has come, counted a second way by walking the scheme."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from types import SimpleNamespace

import pytest
from leading import OTHER, VALUE, organiser, with_leaders

from scoring.rules.ledger.entries import months_of
from scoring.rules.ledger.progress import (
    ALL,
    NONE,
    Arrived,
    Cell,
    Reach,
    Sought,
    cells_of,
    progress_of,
    sum_of,
)
from scoring.rules.scheme.document import OWN_UNIT
from service_testing.lists import read_pages

CELLS = [
    Cell("C", "A", "I1", "2025Q1", "S1", is_marked=False),
    Cell("C", "A", "I1", "2025Q2", "S1", is_marked=False),
    Cell("C", "B", "I1", "2025Q1", "S1", is_marked=False),
    Cell("D", "E", "I2", "2025", "S2", is_marked=False),
]


def counted(by: str, *arrived: tuple, today=date(2025, 4, 1)):
    parts = progress_of(CELLS, [Arrived(*each) for each in arrived], [by], today)
    found = {code: part for (code,), part in parts.items()}
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


def varied(scheme):
    """The scheme, in which every unit of a category reports one indicator itself, one takes nothing
    of the first unit and something else of the second, and one is marked from seats."""
    category = scheme.categories[0]
    forms = {c: each for c, each in scheme.compiled_of[category.code].items() if each.takes}
    own, special, marked, other = list(forms)[:4]
    first, second = category.units[:2]
    new = {
        special: replace(forms[special], takes_of_unit={first: None, second: forms[other].takes}),
        marked: replace(forms[marked], takes=replace(forms[marked].takes, panel="P")),
    }

    def reported(each):
        source = OWN_UNIT if each.code == own else each.data_source_unit
        children = tuple(map(reported, each.children))
        return replace(each, data_source_unit=source, children=children)

    blocks = tuple(
        replace(block, indicators=tuple(map(reported, block.indicators)))
        for block in category.blocks
    )
    compiled = tuple(
        replace(each, indicators=tuple(new.get(one.indicator, one) for one in each.indicators))
        if each.category == category.code
        else each
        for each in scheme.compiled.categories
    )
    return replace(
        scheme,
        categories=(replace(category, blocks=blocks), *scheme.categories[1:]),
        compiled=replace(scheme.compiled, categories=compiled),
    )


def test_no_cell_is_made_but_those_that_are_asked_for_and_may_be_known(scheme):
    """Held against all cells, looked through one by one. Planted bugs: a unit that reports itself
    is no source; what a unit takes by parameters of its own is that of all; marks are told to
    whoever may know of a unit."""
    scheme = varied(scheme)
    whole = [*cells_of(scheme)]
    unit, other = scheme.categories[0].units[1:3]
    source = next(each.data_source_unit for each in whole if each.unit == unit)
    last = whole[-1]
    of_units = [each for each in whole if each.unit in (unit, other)]
    values = {
        "category": (None, last.category),
        "unit": (None, unit, last.unit, "none"),
        "indicator": (None, *{each.indicator for each in of_units[:200:40]}),
        "period": (None, whole[0].period, "2025Q2"),
        "data_source_unit": (None, source, unit, ""),
    }
    reaches = [ALL, NONE, Reach(frozenset({unit}), None), Reach(frozenset({other}), unit)]
    reaches += [Reach(frozenset(), source), Reach(frozenset({unit, last.unit}), source)]
    found = 0
    for sought in map(Sought._make, product(*values.values())):
        asked = [c for c in whole if all(s in (None, v) for s, v in zip(sought, c, strict=False))]
        for reach in reaches:
            known = [
                cell
                for cell in asked
                if reach.units is None
                or (
                    not cell.is_marked
                    and (cell.unit in reach.units or cell.data_source_unit == reach.source)
                )
            ]
            assert [*cells_of(scheme, None, sought, reach)] == known, (sought, reach)
            found += bool(known)
    assert found > 100


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
    assert [part["codes"]["unit"] for part in answer["items"]] == units
    assert {part["expected"] for part in answer["items"]} == {1}
    assert (answer["expected"], answer["received"], answer["verified"], answer["returned"]) == (
        len(units), 2, 1, 1,
    )  # fmt: skip
    assert all(part["names"]["unit"] for part in answer["items"])


async def test_filters_and_parts_agree(begun):
    office = begun.cycle.office
    whole = (await office.get(begun.path)).json()
    assert whole["by"] == ["category"]
    for by in ("category", "unit", "indicator", "period", "data_source_unit"):
        parts = await read_pages(office, begun.path, by=by, limit=200)
        assert sum(part["expected"] for part in parts) == whole["expected"]
        code = parts[0]["codes"][by]
        alone = (await office.get(f"{begun.path}?{by}={code}")).json()
        assert alone["expected"] == parts[0]["expected"] > 0


@pytest.mark.parametrize("both", [("unit", "indicator"), ("period", "data_source_unit")])
async def test_by_two_each_part_is_what_both_filters_leave(begun, both):
    """Planted bugs: the second is left out; the parts of a page are those of the first one."""
    one, two = both
    office = begun.cycle.office
    parts = await read_pages(office, begun.path, by=both, category="COUNTY", limit=7)
    whole = (await office.get(f"{begun.path}?category=COUNTY")).json()
    for count in ("expected", "due", "received", "verified", "returned", "overdue"):
        assert sum(part[count] for part in parts) == whole[count]
    keys = [(part["codes"][one], part["codes"][two]) for part in parts]
    assert len(set(keys)) == len(keys) > 7
    code, other = keys[-1]
    alone = f"{begun.path}?category=COUNTY&{one}={code}&{two}={other}"
    alone = (await office.get(alone)).json()
    assert alone["expected"] == parts[-1]["expected"] > 0


async def test_a_page_begins_after_a_part_that_there_is(begun):
    office = begun.cycle.office
    for after in ("XQ01", "COUNTY,XQ01", "", "no-such"):
        answer = await office.get(f"{begun.path}?by=category&after={after}")
        assert (answer.status_code, answer.json()["type"]) == (422, "no-such-place"), after
    three = await office.get(f"{begun.path}?by=category&by=unit&by=period")
    assert three.status_code == 422


async def test_the_days_that_lie_ahead_are_told_the_next_first(begun, others, document):
    """Planted bugs: days that are over; the order of the calendar."""
    day = {"date": None, "opens": None, "closes": None, "due": None}
    steps = [
        {"step": "late", "name": "晚", **day, "due": "2199-12-31"},
        {"step": "season", "name": "期间", **day, "opens": "2000-01-01", "closes": "2199-01-01"},
        {"step": "over", "name": "早", **day, "date": "2000-01-01"},
    ]
    before = others.schemes.get(begun.cycle.cycle_id)
    others.schemes[begun.cycle.cycle_id] = document | {"calendar": steps}
    answer = (await begun.cycle.office.get(begun.path)).json()
    assert [(d["step"], d["what"], d["on"]) for d in answer["deadlines"]] == [
        ("season", "closes", "2199-01-01"),
        ("late", "due", "2199-12-31"),
    ]
    if before is None:
        del others.schemes[begun.cycle.cycle_id]


async def test_everybody_gets_what_is_theirs(begun):
    """Planted bug: an organiser, a source or a unit counts cells of others."""
    cycle = begun.cycle
    whole = (await cycle.office.get(f"{begun.path}?by=data_source_unit&limit=200")).json()
    sent = {part["codes"]["data_source_unit"]: part["expected"] for part in whole["items"]}
    source = (await cycle.source("ZH02").get(f"{begun.path}?by=data_source_unit")).json()
    assert [part["key"] for part in source["items"]] == ["ZH02"]
    assert 0 < source["expected"] <= sent["ZH02"] < whole["expected"]
    unit = cycle.caller("assessed_unit", unit="XQ01")
    own = (await unit.get(f"{begun.path}?by=unit")).json()
    assert [part["key"] for part in own["items"]] == ["XQ01"]
    others = (await unit.get(f"{begun.path}?by=unit&unit=XQ02")).json()
    assert (others["expected"], others["items"]) == (0, [])
    assert (await cycle.caller("committee").get(begun.path)).status_code == 403


async def test_an_organiser_gets_its_categories_without_marks_and_an_auditor_everything(
    cycle, others, with_a_panel
):
    """Planted bugs: the categories of all; where the organiser is assessed itself; marks."""
    others.schemes[cycle.cycle_id] = with_a_panel
    await cycle.enter(VALUE)
    path = f"{cycle.path}/progress"
    whole = (await cycle.office.get(path)).json()
    audited = (await cycle.caller("auditor").get(path)).json()
    assert audited == whole
    led = (await organiser(cycle).get(path)).json()
    assert [part["key"] for part in led["items"]] == ["COUNTY"]
    county = next(part for part in whole["items"] if part["key"] == "COUNTY")
    marks = (await cycle.office.get(f"{path}?indicator=C12")).json()
    assert led["expected"] == county["expected"] - marks["expected"] > 0
    assert led["received"] == county["received"] == 1
    assert (await organiser(cycle, "ZH99").get(path)).status_code == 403


async def test_what_has_not_come_is_what_the_score_sheet_lacks(cycle, others, document):
    """Progress and completeness say the same of each unit and indicator, by two ways of their own:
    one holds cells against entries, the other computes the sheet.

    Planted bugs: an entry that is not verified counts for the sheet; a cell is received by the
    entry of another unit.
    """
    others.schemes[cycle.cycle_id] = with_leaders(document)
    value, other = await cycle.enter(VALUE, OTHER)
    await cycle.verify(entry_ids=[value])
    path = f"{cycle.path}/progress?category=COUNTY&by=unit&by=indicator&limit=200"
    complete = f"{cycle.path}/categories/COUNTY/completeness"
    for who in (organiser(cycle), cycle.caller("auditor")):
        parts = (await who.get(path)).json()["items"]
        lacking = (await who.get(complete)).json()
        # The first hundred scores that lack something are named: of whole units but for the last.
        named = [(each["unit"], each["indicator"]) for each in lacking["missing"]]
        told = {unit for unit, _ in named} - {named[-1][0]}
        assert len(told) >= 2
        cells = {
            (part["codes"]["unit"], part["codes"]["indicator"]): part
            for part in parts
            if part["codes"]["unit"] in told
        }
        unverified = {key for key, part in cells.items() if part["verified"] < part["expected"]}
        assert unverified == {key for key in named if key in cells}
        assert ("XQ01", "C01") in cells.keys() - unverified
        assert cells["XQ02", "C01"]["received"] == 1
        assert ("XQ02", "C01") in unverified
        assert {each["entry_id"] for each in lacking["waiting"]} == {other}


async def test_it_takes_as_many_statements_however_much_has_come(begun):
    """Planted bug: ask unit by unit."""
    with begun.cycle.service.statements() as said:
        await begun.cycle.office.get(begun.path)
    assert len(said) <= 4, said
