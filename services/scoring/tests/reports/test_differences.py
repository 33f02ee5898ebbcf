"""What changed between two editions: rules as tables, then over HTTP in the reference year."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from scoring.rules.explanation.steps import BilingualText, Step, StepInput
from scoring.rules.reports.differences import Cause, Side, differences, entries_of

READERS = ["performance_office", "committee", "standing_committee", "auditor"]
OTHERS = ["assessed_unit", "data_source_unit", "organiser", "responsible_body", "survey_centre"]


def step(kind: str, code: str, score: str | None, *children: Step, **more) -> Step:
    given = None if score is None else Decimal(score)
    empty = Step(kind, code, code, None, given, None, None, None, Decimal(0), (), (), None, ())
    return replace(empty, children=children, **more)


def indicator(code: str, score: str | None, *taken: StepInput, **more) -> Step:
    return step("indicator", code, score, points=Decimal(5), method="m", inputs=taken, **more)


def ledger(n: int, value: str, name: str = "actual") -> StepInput:
    return StepInput(name, value, "ledger", (UUID(int=n),))


def side(unit: str, total: str | None, *parts: Step) -> Side:
    block = step("block", "function", total, *(p for p in parts if p.kind == "indicator"))
    rest = step("adjustment", "adjustment", "0", *(p for p in parts if p.kind != "indicator"))
    given = None if total is None else Decimal(total)
    return Side(unit, "COUNTY", given, step("total", unit, total, block, rest))


def _cause(cause) -> tuple:
    return (cause.what, cause.name, cause.before, cause.after, cause.entry and cause.entry.int)


TARGET = StepInput("target", "10", "target", ())
GROUP = StepInput("highest of the category", "9", "group", ())


BEFORE = "value, before it was restated"


@pytest.mark.parametrize(
    ("before", "after", "change", "causes"),
    [
        (
            indicator("C01", "4", ledger(1, "8")),
            indicator("C01", "5", ledger(2, "10")),
            "1",
            [("entry_added", "actual", None, "10", 2), ("entry_removed", "actual", "8", None, 1)],
        ),
        (
            indicator("C01", "4", ledger(1, "8"), TARGET),
            indicator("C01", "4.5", ledger(1, "8"), replace(TARGET, value="9")),
            "0.5",
            [("target", "target", "10", "9", None)],
        ),
        (
            indicator("C01", "4", StepInput("satisfaction, phone", "80", "survey", ())),
            indicator("C01", "3", StepInput("satisfaction, phone", "60", "survey", ())),
            "-1",
            [("satisfaction", "satisfaction, phone", "80", "60", None)],
        ),
        (
            indicator("C01", "3", ledger(1, "8")),
            indicator("C01", "4", ledger(1, "8"), StepInput(BEFORE, "7", "ledger", ())),
            "1",
            [("record", BEFORE, None, "7", None)],
        ),
        (
            indicator("C01", "4"),
            indicator("C01", "8", rule="twice"),
            "4",
            [("rule", "rule", None, "twice", None)],
        ),
        (
            indicator("C01", "4", GROUP),
            indicator("C01", "2", replace(GROUP, value="18")),
            "-2",
            [("category", "highest of the category", "9", "18", None)],
        ),
        (
            indicator("C01", None, missing=(BilingualText("x", "x"),)),
            indicator("C01", "3", ledger(1, "6")),
            None,
            [("entry_added", "actual", None, "6", 1)],
        ),
        (
            step("claim", "B1", "0", method="rejected_holder"),
            step("claim", "B1", "2", method="accepted"),
            "2",
            [("claim", "B1", "rejected_holder", "accepted", None)],
        ),
    ],
)
def test_a_change_has_its_cause(before, after, change, causes):
    [unit] = differences([side("A", "4", before)], [side("A", "5", after)])
    [part] = unit.parts
    assert part.change == (None if change is None else Decimal(change))
    assert [_cause(cause) for cause in part.causes] == causes


def test_a_correction_of_equal_value_is_named_although_nobody_moves():
    """Planted bug: compare scores only, so that an exchanged entry leaves no trace."""
    old, new = indicator("C01", "4", ledger(1, "8")), indicator("C01", "4", ledger(2, "8"))
    [unit] = differences([side("A", "4", old)], [side("A", "4", new)])
    assert (unit.change, [cause.entry.int for cause in unit.parts[0].causes]) == (0, [2, 1])


def test_what_is_compared_with_others_names_the_entry_of_the_other():
    """Planted bug: leave a unit without a cause whose own entries did not change."""
    before = [
        side("A", "4", indicator("C01", "4", ledger(1, "8"), GROUP)),
        side("B", "5", indicator("C01", "5", ledger(2, "9"))),
    ]
    after = [
        side("A", "2", indicator("C01", "2", ledger(1, "8"), replace(GROUP, value="18"))),
        side("B", "5", indicator("C01", "5", ledger(3, "18"))),
    ]
    found = differences(before, after)
    assert [unit.unit for unit in found] == ["A", "B"]
    assert [(c.what, c.entry and c.entry.int) for c in found[0].parts[0].causes] == [
        ("category", None),
        ("entry_of_another_unit", 3),
        ("entry_of_another_unit", 2),
    ]
    assert {entry.int for entry in entries_of(found)} == {2, 3}


def test_units_come_in_the_order_of_how_far_they_moved_and_equal_ones_not_at_all():
    scores = {"A": ("4", "4"), "B": ("4", "3"), "C": ("4", "9"), "D": ("4", "4")}
    before, after = (
        [side(unit, pair[n], indicator("C01", pair[n])) for unit, pair in scores.items()]
        for n in (0, 1)
    )
    assert [(one.unit, one.change) for one in differences(before, after)] == [("C", 5), ("B", -1)]


def test_a_unit_that_only_one_edition_has_is_shown_with_what_it_has():
    one = side("A", "4", indicator("C01", "4", ledger(1, "8")))
    [gone], [new] = differences([one], []), differences([], [one])
    assert (gone.before, gone.after, gone.change) == (4, None, None)
    assert (new.before, new.after) == (None, 4)
    assert [cause.what for cause in new.parts[0].causes] == ["entry_added", "rule", "rule"]


@pytest.mark.parametrize(
    ("name", "told"),
    [(BEFORE, "数值，修订前"), ("formula", "算式"), ("highest of the category", "类别最高值")],
)
def test_what_differs_has_a_name_in_chinese(name, told):
    """Planted bug: the English name of a part that is none of the explanation's."""
    assert Cause("rule", name, None, None).name_zh == told


def test_a_plain_sum_is_told_by_its_children_and_a_mean_by_itself():
    child = indicator("C10A", "2", ledger(1, "1"))
    for method, code in (("sum_children", "C10A"), ("mean_children", "C10")):
        parent = replace(indicator("C10", "2"), method=method, children=(child,))
        changed = replace(
            parent, score=Decimal(1), children=(replace(child, score=Decimal(1), inputs=()),)
        )
        [unit] = differences([side("A", "2", parent)], [side("A", "1", changed)])
        assert [(part.code, part.change) for part in unit.parts] == [(code, -1)]
        assert [cause.what for cause in unit.parts[0].causes] == ["entry_removed"]


# over HTTP


@pytest.fixture(scope="session")
async def corrected(new_year):
    """A year scored twice: between the editions the value of XQ10 for C01 was corrected."""
    cycle = await new_year()
    await cycle.score()
    query = f"{cycle.path}/ledger-entries?unit=XQ10&indicator=C01"
    [entry] = (await cycle.office.get(query)).json()["items"]
    right = {"unit": "XQ10", "indicator": "C01", "kind": "measured_value", "key": "actual"}
    new = await cycle.correct(entry["entry_id"], right | {"value": "80"}, entry["author_unit"])
    assert await cycle.score() == 2
    return cycle, entry["entry_id"], new


async def compare(cycle, edition: int | str, against: int, role: str = "performance_office"):
    path = f"{cycle.path}/score-sheets/{edition}/differences?against={against}"
    return await cycle.caller(role).get(path)


async def test_the_one_corrected_entry_is_found_with_whom_it_moved_and_how_far(corrected):
    cycle, old, new = corrected
    found = (await compare(cycle, "latest", 1)).json()
    assert (found["edition"], found["against"], found["same"]) == (2, 1, 10)
    assert [one["document"] for one in found["documents"]] == ["ledger"]
    [unit] = found["units"]
    [part] = unit["parts"]
    assert (unit["unit"], part["code"]) == ("XQ10", "C01")
    assert unit["change"] == part["change"]
    assert Decimal(part["change"]) == Decimal(part["after"]) - Decimal(part["before"]) > 0
    assert [(cause["what"], cause["entry"]) for cause in part["causes"]] == [
        ("entry_added", new),
        ("entry_removed", old),
    ]
    assert [(entry["entry_id"], entry["value"]) for entry in found["entries"]] == [
        (old, "59"),
        (new, "80"),
    ]


async def test_turned_round_the_differences_turn_round(corrected):
    cycle, old, new = corrected
    there = (await compare(cycle, 2, 1)).json()["units"][0]
    back = (await compare(cycle, 1, 2)).json()["units"][0]
    assert Decimal(there["change"]) == -Decimal(back["change"])
    assert [cause["entry"] for cause in back["parts"][0]["causes"]] == [old, new]


async def test_an_edition_does_not_differ_from_itself(corrected):
    cycle, *_ = corrected
    found = (await compare(cycle, 2, 2)).json()
    assert (found["documents"], found["units"], found["entries"]) == ([], [], [])
    assert found["same"] == 11


async def test_unchanged_differences_are_not_sent_twice(corrected):
    cycle, *_ = corrected
    answer = await compare(cycle, 2, 1)
    headers = {"If-None-Match": answer.headers["etag"]}
    path = f"{cycle.path}/score-sheets/2/differences?against=1"
    assert (await cycle.office.get(path, headers=headers)).status_code == 304


@pytest.mark.parametrize(("edition", "against"), [(2, 9), (9, 1)])
async def test_an_edition_that_was_never_computed_is_missing(corrected, edition, against):
    cycle, *_ = corrected
    answer = await compare(cycle, edition, against)
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-score-sheet")


@pytest.mark.parametrize("against", ["", "?against=0", "?against=latest", "?against=99999999999"])
async def test_what_is_compared_with_is_the_number_of_an_edition(corrected, against):
    cycle, *_ = corrected
    answer = await cycle.office.get(f"{cycle.path}/score-sheets/2/differences{against}")
    assert answer.status_code == 422


async def test_those_who_decide_and_the_auditor_compare(corrected):
    cycle, *_ = corrected
    assert {(await compare(cycle, 2, 1, role)).status_code for role in READERS} == {200}


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_else_learns_who_moved(corrected, role):
    cycle, *_ = corrected
    assert (await compare(cycle, 2, 1, role)).status_code == 403
    assert (await compare(cycle, 9, 1, role)).status_code == 403
