"""Lineage: what indicators and units were in earlier years, and the baselines that follow."""

import re
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from compiling import compiled
from small_years import indicator, scheme_of

from scoring.api.reports import lineage
from scoring.queries.counted import annual_entries
from scoring.rules.ledger.entries import Entry
from scoring.rules.reports.lineage import (
    EarlierYear,
    OverTheYears,
    annual_values,
    baselines,
)
from scoring.rules.scheme.document import Predecessor
from scoring.rules.scheme.succession import Succession

PAGE = Path(__file__).parents[4] / "docs/schemes.md"
SECTION = re.search(r"^## Lineage .*?```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.M | re.S)
EXAMPLE = yaml.load(SECTION[1], yaml.BaseLoader)  # noqa: S506 - texts only
RATIO = {"direction": "higher", "cap_ratio": "1", "floor_ratio": "0"}
HUNDRED = {"X1": {"A": "100"}}


def before(code, year=2024, share="1"):
    return {"code": code, "assessment_year": year, "share": share}


def scheme(year, units, indicators):
    """A scheme of one category whose indicators are held against a target."""
    made = []
    for each in indicators:
        told = dict(each) if isinstance(each, dict) else {"code": each}
        succeeds = told.pop("succeeds", None)
        if succeeds is not None:
            told["succeeds"] = tuple(
                Predecessor(
                    one["code"], int(one["assessment_year"]), Decimal(one.get("share", "1"))
                )
                for one in succeeds
            )
        made.append(indicator("ratio_to_target", RATIO, **told))
    return compiled(replace(scheme_of(tuple(made), units=units), assessment_year=int(year)))


def entries(values, year="2024", item=None):
    ids, kind = count(1), ("measured_value", "actual")
    return [
        Entry(UUID(int=next(ids)), unit, code, *kind, item, year, Decimal(value), None)
        for unit, of_unit in values.items()
        for code, value in of_unit.items()
    ]


def successions(*rows, on=date(2025, 2, 1)):
    return [Succession(unit, each, on) for unit, *others in rows for each in others]


def computed(now, then, values, units=(), year=2024):
    codes = [each for category in now.categories for each in category.indicators()]
    earlier = EarlierYear(then, annual_values(values, year))
    found, without = baselines(now, codes, earlier, units)
    return (
        {(each.unit, each.indicator): f"{each.value:f}" for each in found},
        {(each.unit, each.indicator): each.code for each in without},
    )


def test_the_example_of_the_page_comes_to_what_it_says():
    """Planted bugs: forget the share; sum what is to be a mean; take an old code for a new one."""
    earlier, now = EXAMPLE["earlier"], EXAMPLE["scheme"]
    found = computed(
        scheme(now["year"], now["units"], now["indicators"]),
        scheme(earlier["year"], earlier["units"], earlier["indicators"]),
        entries(earlier["values"]),
        [
            Succession(each["unit"], one, date.fromisoformat(each["effective_on"]))
            for each in EXAMPLE["successions"]
            for one in each["predecessors"]
        ],
    )
    told = [
        {
            (unit, code): one
            for unit, of_unit in EXAMPLE[name].items()
            for code, one in of_unit.items()
        }
        for name in ("baselines", "open")
    ]
    assert found == tuple(told)


SUM = {"code": "A", "aggregate": "sum"}


@pytest.mark.parametrize(
    ("now", "then", "values", "units", "found", "without"),
    [
        # the unit goes on, and takes another in
        ((["X1"], [SUM]), (["X1", "M1"], ["A"]), HUNDRED | {"M1": {"A": "5"}},
         successions(("X1", "M1")), {("X1", "A"): "105"}, {}),
        # a merger of a merger
        ((["X1"], [SUM]), (["M1", "M2"], ["A"]), {"M1": {"A": "1"}, "M2": {"A": "2"}},
         successions(("X1", "M1", "N"), ("N", "M2")), {("X1", "A"): "3"}, {}),
        # one of the merged has no value: nothing is made up
        ((["X1"], [SUM]), (["M1", "M2"], ["A"]), {"M1": {"A": "1"}},
         successions(("X1", "M1", "M2")), {}, {("X1", "A"): "no-value"}),
        # what was merged before the year counts no more, nor what will be after this one
        ((["X1"], [SUM]), (["X1", "M1"], ["A"]), HUNDRED | {"M1": {"A": "5"}},
         successions(("X1", "M1"), on=date(2024, 1, 1)), {("X1", "A"): "100"}, {}),
        ((["X1"], [SUM]), (["X1", "M1"], ["A"]), HUNDRED | {"M1": {"A": "5"}},
         successions(("X1", "M1"), on=date(2026, 1, 1)), {("X1", "A"): "100"}, {}),
        # split: neither part, nor what is left, has the whole
        ((["X1", "X2"], ["A"]), (["X1"], ["A"]), HUNDRED, successions(("X2", "X1")),
         {}, {("X1", "A"): "unit-split", ("X2", "A"): "unit-split"}),
        ((["X2", "X3"], ["A"]), (["X1"], ["A"]), HUNDRED, successions(("X2", "X1"), ("X3", "X1")),
         {}, {("X2", "A"): "unit-split", ("X3", "A"): "unit-split"}),
        # a unit that is new, an indicator that is
        ((["X9"], ["A"]), (["X1"], ["A"]), HUNDRED, (), {}, {("X9", "A"): "not-measured"}),
        ((["X1"], ["B"]), (["X1"], ["A"]), HUNDRED, (), {}, {("X1", "B"): "not-measured"}),
        # another measure
        ((["X1"], [{"code": "A", "measure": "万元"}]), (["X1"], [{"code": "A", "measure": "亿元"}]),
         HUNDRED, (), {}, {("X1", "A"): "measured-otherwise"}),
        # what was put together of months may lack some of them
        ((["X1"], ["A"]), (["X1"], [{"code": "A", "frequency": "monthly", "combine": "sum"}]),
         HUNDRED, (), {}, {("X1", "A"): "of-shorter-periods"}),
        # the predecessor of another year is none of this one; what another names is taken
        ((["X1"], [{"code": "A", "succeeds": [before("A", 2023)]}]), (["X1"], ["A"]), HUNDRED, (),
         {}, {("X1", "A"): "indicator-new"}),
        ((["X1"], ["A", {"code": "B", "succeeds": [before("A")]}]), (["X1"], ["A"]), HUNDRED, (),
         {("X1", "B"): "100"}, {("X1", "A"): "indicator-new"}),
        # thirds are rounded once, to twelve places
        ((["X1"], [{"code": "A", "aggregate": "mean"}]), (["X1", "M1", "M2"], ["A"]),
         {"X1": {"A": "1"}, "M1": {"A": "0"}, "M2": {"A": "1"}}, successions(("X1", "M1", "M2")),
         {("X1", "A"): "0.666666666667"}, {}),
    ],
)  # fmt: skip
def test_a_baseline_is_what_was_reached_before_or_open_with_its_reason(
    now, then, values, units, found, without
):
    told = computed(scheme(2025, *now), scheme(2024, *then), entries(values), units)
    assert told == (found, without)


def test_only_the_one_value_of_the_whole_year_is_taken():
    """Planted bug: take the last of several, or that of a month."""
    now = then = (["X1"], ["A"])
    monthly = entries(HUNDRED, "2024-12")
    assert computed(scheme(2025, *now), scheme(2024, *then), monthly)[1] == {
        ("X1", "A"): "no-value"
    }
    twice = [*entries(HUNDRED), *entries({"X1": {"A": "90"}})]
    assert computed(scheme(2025, *now), scheme(2024, *then), twice)[1] == {
        ("X1", "A"): "several-values"
    }
    of_an_item = entries(HUNDRED, item="1")
    assert computed(scheme(2025, *now), scheme(2024, *then), of_an_item)[1] == {
        ("X1", "A"): "taken-otherwise"
    }


def test_an_indicator_is_followed_over_the_years_through_its_names():
    """Planted bugs: go on by the code after a rename; lose what is named two years back."""
    line = OverTheYears(
        scheme(2025, ["X1"], [{"code": "C", "succeeds": [before("B"), before("Z", 2022, "0.5")]}]),
        "X1",
        "C",
        successions(("X1", "M1"), on=date(2024, 6, 1)),
    )
    years = [line.begin()]
    for one in (
        scheme(2024, ["X1", "M1"], [{"code": "B", "succeeds": [before("A", 2023)]}, "C"]),
        scheme(2023, ["M1"], ["A", "B", "C"]),
        scheme(2022, ["X1", "M1"], ["A", "Z"]),
        scheme(2021, ["X9"], ["A"]),
    ):
        years.append(line.back(one))
    assert [
        None
        if each is None
        else (
            each.year,
            [(one.indicator.code, one.succeeded_by, str(one.share)) for one in each.indicators],
            each.units,
        )
        for each in years
    ] == [
        (2025, [("C", None, "1")], ("X1",)),
        (2024, [("B", "C", "1")], ("M1", "X1")),
        (2023, [("A", "B", "1")], ("M1",)),
        (2022, [("Z", "C", "0.5"), ("A", "A", "1")], ("M1", "X1")),
        None,
    ]


# over HTTP


@pytest.fixture(scope="session")
async def years(new_cycle, others, document):
    """Two cycles of a division: what was P03 of the parks is P03B now, and YQ02 became YQ01."""
    last, now = new_cycle(), new_cycle()
    old, new = deepcopy(document), deepcopy(document)
    old["assessment_year"] = 2024
    (park,) = [each for each in new["categories"] if each["code"] == "PARK"]
    park["units"] = [unit for unit in park["units"] if unit != "YQ02"]
    for block in park["blocks"]:
        for each in block["indicators"]:
            if each["code"] == "P03":
                source = each["data_source_unit"]
                each |= {"code": "P03B", "aggregate": "sum", "succeeds": [before("P03")]}
    others.schemes |= {last.cycle_id: old, now.cycle_id: new}
    kept_cycles, kept_units = others.cycles, others.units
    others.cycles = [
        {
            "cycle_id": str(each.cycle_id),
            "jurisdiction": "431000",
            "assessment_year": year,
            "scheme_version": 1,
        }
        for each, year in ((now, 2025), (last, 2024))
    ]
    merged = [{"predecessor": "YQ02", "effective_on": "2025-03-01"}]
    others.units = [
        each | {"succeeds": merged} if each["code"] == "YQ01" else each for each in kept_units
    ]
    one = {"indicator": "P03", "kind": "measured_value", "key": "actual", "period": "2024"}
    values = {"YQ01": "90", "YQ02": "10", "YQ03": "70", "YQ04": "60"}
    batch = [one | {"unit": unit, "value": value} for unit, value in values.items()]
    await last.enter(*batch[:3], unit=source)
    await last.verify(all_submitted=True)
    await last.enter(batch[3], unit=source)  # submitted, not verified
    yield last, now
    others.cycles, others.units = kept_cycles, kept_units


async def test_baselines_are_those_of_verified_values_and_ready_to_be_set(years):
    """Planted bug: take what nobody has verified."""
    last, now = years
    answer = await now.office.get(f"{now.path}/baselines?indicator=P03B")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["previous"], told["assessment_year"]) == (str(last.cycle_id), 2024)
    assert {each["unit"]: each["baseline"] for each in told["targets"]} == {
        "YQ01": "100",
        "YQ03": "70",
    }
    first = told["targets"][0]
    assert first["baseline_from"]["cycle_id"] == str(last.cycle_id)
    assert len(first["baseline_from"]["entries"]) == 2
    assert [each["agrees"] for each in told["computed"]] == [False, False]
    assert {"YQ04": "no-value"}.items() <= {e["unit"]: e["code"] for e in told["open"]}.items()


async def test_a_baseline_that_is_in_force_is_not_set_again(years, others):
    """Planted bug: leave the targets in force out of sight."""
    _, now = years
    kept = others._targets
    in_force = {"indicator": "P03B", "item": None, "target": "120"}
    others._targets = [
        *kept,
        in_force | {"unit": "YQ01", "baseline": "100"},
        in_force | {"unit": "YQ03", "baseline": "71"},
    ]
    try:
        told = (await now.office.get(f"{now.path}/baselines?indicator=P03B")).json()
    finally:
        others._targets = kept
    assert told["targets"] == []
    assert [(e["unit"], e["in_force"], e["agrees"]) for e in told["computed"]] == [
        ("YQ01", "100", True),
        ("YQ03", "71", False),
    ]
    assert {"YQ03": "baseline-stands"}.items() <= {
        e["unit"]: e["code"] for e in told["open"]
    }.items()


async def test_a_line_over_the_years_is_read_with_the_values_that_one_may_read(years):
    """Planted bug: give a unit the values of those that became it."""
    last, now = years
    path = f"{now.path}/indicators/P03B/lineage?unit=YQ01"
    told = (await now.office.get(path)).json()["years"]
    assert [each["assessment_year"] for each in told] == [2025, 2024]
    assert told[1]["cycle_id"] == str(last.cycle_id)
    assert [(e["indicator"], e["succeeded_by"]) for e in told[1]["indicators"]] == [("P03", "P03B")]
    assert [(e["unit"], e["value"]) for e in told[1]["values"]] == [("YQ01", "90"), ("YQ02", "10")]
    own = now.caller("assessed_unit", unit="YQ01")
    mine = (await own.get(path)).json()["years"]
    assert [(e["unit"], e["value"]) for e in mine[1]["values"]] == [("YQ01", "90")]
    other = await now.caller("assessed_unit", unit="YQ03").get(path)
    assert other.status_code == 403


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("baselines?indicator=X99", 422, "not-in-scheme"),
        (f"baselines?indicator=P03B&previous={UUID(int=1)}", 404, "no-earlier-cycle"),
        ("baselines", 422, "malformed-request"),
        ("indicators/P03/lineage?unit=YQ01", 422, "not-in-scheme"),
        ("indicators/P03B/lineage?unit=XQ01", 422, "not-in-scheme"),
        ("indicators/P03B/lineage?unit=YQ01&years=11", 422, "malformed-request"),
    ],
)  # fmt: skip
async def test_what_is_not_there_is_refused(years, path, status, kind):
    _, now = years
    answer = await now.office.get(f"{now.path}/{path}")
    assert (answer.status_code, answer.json()["type"]) == (status, kind)


async def test_a_unit_that_reads_its_line_has_no_other_units_entries_read(years, service):
    """Planted bug: the entries of all units are read, and those of one told."""
    last, _ = years
    async with service.app.state.sessions() as db:
        found = await annual_entries(db, last.cycle_id, ["P03"], 2024, ["YQ03"])
    assert [(each.unit, each.value) for each in found] == [("YQ03", Decimal(70))]


async def test_units_read_no_baselines(years):
    _, now = years
    own = now.caller("assessed_unit", unit="YQ01")
    assert (await own.get(f"{now.path}/baselines?indicator=P03B")).status_code == 403


async def test_so_many_baselines_are_told_at_once(years, monkeypatch):
    """Planted bug: `>=` for `>`."""
    _, now = years
    path = f"{now.path}/baselines?indicator=P03B"
    monkeypatch.setattr(lineage, "MOST_BASELINES", 0)
    refused = (await now.office.get(path)).json()
    assert refused["type"] == "too-many-baselines"
    number = int(refused["detail"].split()[2].strip(";"))
    for most, status in ((number, 200), (number - 1, 422)):
        monkeypatch.setattr(lineage, "MOST_BASELINES", most)
        assert (await now.office.get(path)).status_code == status
