"""Months that make the year's value, through the service: entered, owed, told, lit and scored."""

import copy
import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import openpyxl
import pytest
from leading import VALUE

from scoring.rules.columns.exact import half_up
from scoring.rules.reports.lights import Milestone, StandingValue, reached_by
from scoring.rules.scheme.document import Indicator

PLAN = {"Q1": "0.2", "H1": "0.5"}
MONTHS = {"2025-01": "10", "2025-02": "11.5", "2025-03": "0.25", "2025-05": "7"}


def combining(document):
    """The scheme in which C01 is the sum of its months."""
    changed = copy.deepcopy(document)
    for category in changed["categories"]:
        for block in category["blocks"]:
            for each in block["indicators"]:
                if each["code"] == "C01":
                    each |= {"frequency": "monthly", "combine": "sum", "progress_plan": PLAN}
                    each["params"] = {"direction": "higher", "cap_ratio": 1, "floor_ratio": 0}
    return changed


def month(period, value, unit="XQ01"):
    return VALUE | {"unit": unit, "period": period, "value": value}


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A cycle in which XQ01 has four months and XQ02 one, all of them verified."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = combining(document)
    ids = await cycle.enter(*(month(*each) for each in MONTHS.items()))
    await cycle.enter(month("2025-01", "3", "XQ02"))
    await cycle.verify(all_submitted=True)
    return SimpleNamespace(cycle=cycle, ids=dict(zip(MONTHS, ids, strict=True)))


async def read(client, path, **query):
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_year_and_a_second_value_of_a_month_are_refused_by_name(year, cycle):
    """And, where nothing says how months are put together, a month. Planted bug: the year beside
    its months."""

    async def refusal(of, entry):
        body = {"entries": [entry], "state": "submitted"}
        answer = await of.post(of.source(), "ledger-entries", body)
        [fault] = answer.json()["errors"]
        return answer.status_code, fault["pointer"], fault["code"]

    assert await refusal(year.cycle, VALUE) == (422, "/entries/0/period", "not-one-of")
    twice = await refusal(year.cycle, month("2025-01", "1"))
    assert twice == (422, "/entries/0", "duplicate-entry")
    assert await refusal(cycle, month("2025-01", "1")) == (422, "/entries/0/period", "not-one-of")


async def earned(year, unit="XQ01"):
    path = f"{year.cycle.path}/stage-results/current"
    [found] = (await read(year.cycle.office, path, unit=unit))["units"]
    return next(each for each in found["indicators"] if each["indicator"] == "C01")


async def test_so_far_it_is_worth_what_its_months_come_to(year, others):
    """Computed here from the months alone, by the rule of C01 (完成率). Planted bug: of twelve
    months the eight that are missing as open points of a scored period each."""
    found, lit = await earned(year), await light(year)
    points, target = Fraction(found["points"]), Fraction(lit["target"])
    ratio = sum(Fraction(value) for value in MONTHS.values()) / target
    assert Decimal(found["earned"]) == half_up(points * min(ratio, Fraction(1)), 4)
    # As long as a month may still be entered, all the rest is open.
    lacking = [f"2025-{n:02}" for n in range(1, 13) if f"2025-{n:02}" not in MONTHS]
    assert (found["unreachable"], found["open_periods"]) == ("0", lacking)
    idle = await read(year.cycle.office, f"{year.cycle.path}/unscored", indicator="C01")
    assert idle["items"] == []


async def test_each_month_is_asked_for_and_owed_by_itself(year):
    path = f"{year.cycle.path}/ledger-entries/template"
    answer = await year.cycle.source().get(path, params={"category": "COUNTY"})
    rows = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(min_row=2)
    cells = [[cell.value for cell in row] for row in rows]
    own = [row for row in cells if {"XQ01", "C01"} <= {*row}]
    asked = {value for row in own for value in row if str(value).startswith("2025-")}
    assert asked == {f"2025-{n:02}" for n in range(1, 13)} - MONTHS.keys()
    owed = await read(year.cycle.office, f"{year.cycle.path}/duties", indicator="C01", limit=200)
    periods = {each["period"] for each in owed["items"]}
    assert periods == {f"2025-{n:02}" for n in range(1, 13)}


async def light(year):
    query = {"unit": "XQ01", "indicator": "C01"}
    found = await read(year.cycle.office, f"{year.cycle.path}/progress-lights", **query)
    return found["items"][0]


async def test_the_light_goes_by_what_the_months_come_to(year):
    """Planted bug: the value of the year alone, of which there is none."""
    found = await light(year)
    assert (found["period"], found["value"], found["state"]) == ("2025", "28.75", "verified")
    assert found["light"] is not None


def test_a_light_counts_the_periods_that_are_over_with_the_step_of_the_plan():
    """Planted bugs: all that has come; a mean over the year's months; the first as the last."""
    q1 = Milestone("2025Q1", dt.date(2025, 3, 31), Decimal("0.2"))
    values = {
        period: StandingValue("A", "X", period, Decimal(value), "verified", n)
        for n, (period, value) in enumerate({**MONTHS, "2025": "999"}.items())
    }

    def reached(how, step=q1, frequency="monthly"):
        own = Indicator("X", "X", Decimal(1), "ratio_to_target", {}, "B", False, (),
                        frequency=frequency, combine=how)  # fmt: skip
        found = reached_by(own, 2025, values, step)
        return found and found.value

    assert reached("sum") == Fraction("21.75")
    assert reached("mean") == Fraction("21.75") / 3
    assert reached("last") == Fraction("0.25")
    assert reached(None) == Decimal(999)
    assert reached("sum", None) is None
    assert reached("sum", Milestone("2025", dt.date(2025, 12, 31), Decimal(1))) == Fraction("28.75")
    assert reached("sum", frequency="quarterly") is None
    waiting = values | {"2025-01": values["2025-01"].__class__("A", "X", "2025-01", Decimal(1),
                                                               "submitted", 9)}  # fmt: skip
    own = Indicator("X", "X", Decimal(1), "ratio_to_target", {}, "B", False, (),
                    frequency="monthly", combine="sum")  # fmt: skip
    assert reached_by(own, 2025, waiting, q1).state == "submitted"


async def test_a_restated_month_counts_in_the_place_of_the_former(year):
    """The last test to change the year. Planted bug: both versions summed."""
    cycle, before = year.cycle, Decimal((await earned(year))["earned"])
    body = {"value": "20", "reason": "年报修订"}
    path = f"ledger-entries/{year.ids['2025-01']}/restatement"
    answer = await cycle.post(cycle.source(), path, body)
    assert answer.status_code == 201, answer.text
    assert Decimal((await earned(year))["earned"]) == before
    await cycle.verify(all_submitted=True)
    after = Decimal((await earned(year))["earned"])
    ratio = Fraction("38.75") / Fraction("28.75")
    assert abs(Fraction(after) / Fraction(before) - ratio) < Fraction(1, 1000)


async def test_a_closed_month_is_open_by_a_permission_and_all_that_is_read_agrees(
    new_cycle, others, document
):
    """Planted bugs: a closed month stays open; a permission opens it for one reading alone, or
    for any unit."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = combining(document)
    await cycle.enter(month("2025-01", "10"))
    await cycle.verify(all_submitted=True)
    path = f"{cycle.path}/stage-results/current/units/XQ01/matters"

    async def readings():
        told = await read(cycle.office, path, indicator="C01", what="input")
        open_ = (await earned(SimpleNamespace(cycle=cycle)))["open_periods"]
        return {each["period"]: each["due"] for each in told["matters"]}, open_

    inputs, open_ = await readings()
    assert "2025-02" in inputs
    assert "2025-02" in open_
    assert (await cycle.post(cycle.office, "periods/2025-02/closing", None)).status_code == 201
    inputs, open_ = await readings()
    assert "2025-02" not in {*inputs, *open_}
    assert "2025-03" in inputs
    assert "2025-03" in open_
    leave = {"period": "2025-02", "until": "2099-12-31", "reason": "晚到", "document_no": "5号"}
    source = (await read(cycle.office, path, indicator="C01", what="input"))["matters"][0]["unit"]
    other = "ZH01" if source == "ZH02" else "ZH02"
    for unit, lets_in in ((other, False), (source, True)):
        given = await cycle.post(cycle.office, "period-permissions", leave | {"unit": unit})
        assert given.status_code == 201, given.text
        inputs, open_ = await readings()
        assert (inputs.get("2025-02") == "2099-12-31") is lets_in
        assert ("2025-02" in open_) is lets_in
