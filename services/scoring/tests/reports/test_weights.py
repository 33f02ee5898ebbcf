"""Next year's scheme: what is conspicuous about each weight, by which figure."""

from decimal import Decimal
from fractions import Fraction

import pytest
from small_sheets import indicator, marks, sheet

from scoring.rules.reports.diagnostics import diagnose
from scoring.rules.reports.weights import FIGURES, findings

OTHERS = ["standing_committee", "auditor", "assessed_unit", "data_source_unit", "organiser"]


def found(rows, taken=None):
    """Return what is conspicuous by indicator; each row is one unit's scores out of 10."""
    sheets = [
        sheet(
            f"U{n:02}",
            *(
                indicator(f"C{m}", "10", score, taken=(taken or {}).get((n, m), ()))
                for m, score in enumerate(row)
            ),
        )
        for n, row in enumerate(rows)
    ]
    [category] = diagnose(sheets, {})
    return {one.indicator: [e.code for e in findings(one, category)] for one in category.indicators}


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        pytest.param(["10"] * 9 + ["5"], "nearly-all-full", id="nine of ten have all"),
        pytest.param(["10"] * 8 + ["5"] * 2, None, id="eight of ten have all"),
        pytest.param(["0"] * 9 + ["5"], "nearly-all-none", id="nine of ten have none"),
        pytest.param(["7"] * 10, "separates-nobody", id="all have the same"),
        pytest.param(["4", "6"] * 4 + [None, "5"], "often-missing", id="one of ten is missing"),
    ],
)
def test_what_is_conspicuous_of_a_column(column, expected):
    """Planted bugs: a line at all units, or above nine of ten; the missing among the scored."""
    other = [str(n) for n in range(10)]
    codes = found(list(zip(column, other, strict=True)))["C0"]
    ends = {"nearly-all-full", "nearly-all-none", "separates-nobody", "often-missing"}
    assert [each for each in codes if each in ends] == ([expected] if expected else [])


def test_a_weight_is_held_against_what_separates():
    """Each has a third of the points; by hand the ranges are 10, 1 and 3 of 14."""
    rows = [(f"{n}", "9" if n else "10", f"{4 - n % 4}") for n in range(11)]
    codes = found(rows)
    assert "counts-for-more" in codes["C0"]  # 10/14 are more than 2/3
    assert "counts-for-less" in codes["C1"]  # 1/14 is less than 1/6
    assert not {"counts-for-less", "counts-for-more"} & {*codes["C2"]}
    assert "against-the-total" in codes["C1"]


def test_two_units_say_nothing():
    assert found([("10", "1"), ("10", "2")]) == {"C0": [], "C1": []}


def test_a_seat_that_marks_far_from_its_panel_is_named():
    """Planted bug: name the scorers of other indicators as well."""
    given = [("9", "5"), ("8", "5"), ("9", "4"), ("8", "4")]
    taken = {
        (n, 0): (marks("U", 2 * n, lenient, "mark 1"), marks("U", 2 * n + 1, strict, "mark 2"))
        for n, (lenient, strict) in enumerate(given)
    }
    codes = found([("7", "5"), ("6", "6"), ("7", "7"), ("6", "1")], taken)
    assert {"scorer-lenient", "scorer-strict"} <= {*codes["C0"]}
    assert not {"scorer-lenient", "scorer-strict"} & {*codes["C1"]}


@pytest.fixture(scope="session")
async def year(new_year):
    cycle = await new_year()
    await cycle.score()
    return cycle


async def begun(cycle, role="performance_office", edition="latest"):
    return await cycle.caller(role).get(f"{cycle.path}/score-sheets/{edition}/next-scheme")


async def test_each_weight_of_the_year_stands_beside_its_diagnosis(year):
    """Planted bug: count the rows of another category for a pointer."""
    answer = await begun(year)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    scheme, weights = told["scheme"], told["diagnosis"]
    assert (told["to_decide_count"], told["to_decide"][0]["code"]) == (1, "lapses")
    [category] = (await year.office.get(f"{year.path}/score-sheets/latest/diagnostics")).json()[
        "categories"
    ]
    assert len(weights) == len(category["indicators"])
    for row, one in zip(weights, category["indicators"], strict=True):
        assert {name: row[name] for name in one} == one
        place = scheme
        for step in row["pointer"].split("/")[1:]:
            place = place[int(step) if step.isdigit() else step]
        assert place["code"] == row["indicator"]
        assert Decimal(place["points"]) == Decimal(row["points"])
        if row["unscored"] == 0:
            assert Fraction(row["unscored_share"]) == 0
        for each in row["findings"]:
            assert each["figure"] in FIGURES
            if each["scorer"] is None:
                assert Decimal(row[each["figure"]]) == Decimal(each["value"])
    codes = {each["code"] for row in weights for each in row["findings"]}
    assert codes & {"nearly-all-full", "counts-for-less", "counts-for-more"}


async def test_a_year_that_was_never_scored_begins_no_other(cycle):
    answer = await begun(cycle)
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-score-sheet")


@pytest.mark.parametrize("role", [*OTHERS, "committee"])
async def test_the_performance_office_alone_begins_the_next_scheme(year, role):
    assert (await begun(year, role)).status_code == 403
