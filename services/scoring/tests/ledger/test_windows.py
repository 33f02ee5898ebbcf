"""The days between which what happened counts (`window`): outside of them nothing is taken."""

import copy
import datetime as dt
from decimal import Decimal

import pytest
from compiling import compiled
from small_years import UNITS, Year, indicator, scheme_of

from scoring.rules.ledger.sources import Sources
from scoring.rules.scheme.document import FactWindow
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.category import score_category
from scoring.rules.sheet.totals import block_columns, unit_scores

# A statistical year, from December to November.
OPENS, CLOSES = "2024-12-01", "2025-11-30"
EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}


def windowed(document, **window):
    changed = copy.deepcopy(document)
    for category in changed["categories"]:
        for block in category["blocks"]:
            for each in block["indicators"]:
                if each["code"] == "C03":
                    each["window"] = {"opens": OPENS, "closes": CLOSES} | window
    return changed


async def refusals(cycle, *days):
    """Return why each day is refused, with the period that it is told for; None where it is not."""
    found = []
    for day, period in days:
        entry = EVENT | {"occurred_on": day, "period": period}
        body = {"entries": [entry], "state": "submitted"}
        answer = await cycle.post(cycle.source("ZH01"), "ledger-entries", body)
        errors = answer.json().get("errors", [])
        assert {each["pointer"] for each in errors} <= {"/entries/0/occurred_on"}
        found.append(errors[0]["code"] if errors else None)
    return found


async def test_what_happened_outside_of_the_window_is_refused(new_cycle, others, document):
    """Planted bugs: the assessment year in its place; the day after its last; what happened before
    the year told for any month; a day left out, by which nobody knows."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = windowed(document)
    days = {
        ("2024-11-30", "2025-01"): "outside-window",
        ("2024-12-01", "2025-01"): None,
        ("2024-12-31", "2025"): None,
        ("2024-12-31", "2025-02"): "outside-period",
        ("2025-03-09", "2025-03"): None,
        ("2025-03-09", "2025-04"): "outside-period",
        ("2025-11-30", "2025-11"): None,
        ("2025-12-01", "2025-12"): "outside-window",
        ("2199-01-01", "2025-12"): "in-the-future",
        (None, "2025-12"): "missing",
    }
    assert await refusals(cycle, *days) == [*days.values()]
    zero = {**EVENT, "unit": "XQ02", "key": "zero_report", "period": "2025-12"}
    await cycle.enter(zero, unit="ZH01")


async def test_what_was_not_counted_before_is_carried_over_where_the_scheme_says_so(
    new_cycle, others, document
):
    """Planted bug: what comes after the window is carried, too."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = windowed(document, carry_over=True)
    days = {
        ("2023-05-01", "2025-01"): None,
        ("2023-05-01", "2025-03"): "outside-period",
        ("2025-12-01", "2025-12"): "outside-window",
    }
    assert await refusals(cycle, *days) == [*days.values()]


async def test_without_a_window_days_are_those_of_the_year(new_cycle, others, document):
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document
    days = {("2024-12-31", "2025-01"): "another-year", ("2025-12-01", "2025-12"): None}
    assert await refusals(cycle, *days) == [*days.values()]


async def test_the_template_takes_the_days_of_the_window(new_cycle, others, document):
    """Planted bug: the days of the year."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = windowed(document)
    path = f"{cycle.path}/ledger-entries/template"
    answer = await cycle.source("ZH01").get(path, params={"category": "COUNTY"})
    assert answer.status_code == 200, answer.text
    assert _days_in(answer.content) >= {(OPENS, CLOSES)}


def _days_in(workbook: bytes) -> set[tuple[str, str]]:
    """Return between which days the cells of a workbook may lie."""
    import io

    import openpyxl

    begin = dt.date(1899, 12, 30)
    rules = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].data_validations
    return {
        tuple(str(begin + dt.timedelta(days=int(n))) for n in (each.formula1, each.formula2))
        for each in rules.dataValidation
        if each.type == "date"
    }


@pytest.mark.parametrize(
    ("window", "day", "left"),
    [
        (None, "2024-12-15", 10),
        (None, "2025-02-01", 8),
        (FactWindow(dt.date(2024, 12, 1), dt.date(2025, 11, 30)), "2024-12-15", 8),
        (FactWindow(dt.date(2024, 12, 1), dt.date(2025, 11, 30)), "2023-12-15", 10),
        (FactWindow(dt.date(2024, 12, 1), dt.date(2025, 11, 30), True), "2023-12-15", 8),
    ],
)
def test_an_event_of_the_window_is_scored_and_no_other(window, day, left):
    """Planted bug: what is taken and of another year counts nothing."""
    year = Year().enter("A", "event", "late", 1, occurred_on=dt.date.fromisoformat(day))
    own = indicator("deduct_events", {"per_event": {"late": "2"}}, window=window)
    scheme = compiled(scheme_of((own,), places=2, zero_report_required=False))
    sources = Sources(scheme, UNITS, group=UNITS, entries=year.entries, targets=(), satisfaction={})
    found = score_category(plan_of(scheme, scheme.categories[0]), scheme.rounding, sources)
    unit = unit_scores(scheme, found, block_columns(found), 0, ())
    assert unit.outcomes["X"].score == Decimal(left)
