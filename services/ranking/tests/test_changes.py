"""What moved between editions and releases: exactly those whose total, rank or grade is another."""

from decimal import Decimal

import pytest

from ranking.rules.changes import Moved, Standing, count_same, moved
from ranking.rules.results import UnitResult

from .test_releases import STEPS, with_points


def line(unit, total, rank, grade="B", **more):
    number = None if total is None else Decimal(total)
    told = {"reasons": (), "demoted_by": ()} | more
    return UnitResult(unit, unit, {}, number, Decimal(0), number, rank, grade, **told)


A, B, C = line("A", "90", 1, "A"), line("B", "80", 2), line("C", "70", 3)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([A, B, C], []),
        ([A, B, line("C", "70", 3, reasons=("x",))], []),
        ([A, B, line("C", "70.0", 3)], []),
        ([A, line("B", "80.0001", 2), C], ["B"]),
        ([A, line("C", "81", 2), line("B", "80", 3)], ["C", "B"]),
        ([A, B, line("C", "70", 3, "C")], ["C"]),
        ([A, B], ["C"]),
        ([A, B, C, line("D", None, None, None)], ["D"]),
    ],
)
def test_exactly_those_that_moved_are_listed(after, expected):
    """Planted bugs: ranks left out; grades left out; a unit that is no longer ranked; other reasons
    taken for a move."""
    before = [A, B, C]
    found = moved(before, after)
    assert [each.unit for each in found] == expected
    assert count_same(before, after, len(found)) == len({e.unit for e in before + after}) - len(
        found
    )
    assert moved([A], [line("A", "89", 2, "B")]) == [
        Moved("A", Standing(Decimal(90), 1, "A"), Standing(Decimal(89), 2, "B"))
    ]


@pytest.fixture
def others(peers):
    """The other services, as a test may change them for itself."""
    kept = ("sheet_units", "present", "used")
    before = {name: getattr(peers, name) for name in kept}
    yield peers
    for name, value in before.items():
        setattr(peers, name, value)


def standings(ranking):
    names = ("final_total", "rank", "grade")
    return {each["unit"]: {name: each[name] for name in names} for each in ranking["units"]}


async def test_a_new_release_says_exactly_who_moved_and_the_old_one_stays(cycle, others):
    """Planted bugs: the first release changed by the second; a unit left out that was overtaken."""
    first = await cycle.rank()
    await cycle.take(first, *STEPS)
    old = (await cycle.get("/releases/1", "auditor")).json()
    others.sheet_units = with_points(others.sheet_units, "XQ05", "function", "1.0001")
    others.present = others.present | {"corrections": "of-a-correction"}
    others.used = "of-a-correction"
    second = await cycle.rank()
    await cycle.take(second, *STEPS)
    assert (await cycle.get("/releases/1", "auditor")).json() == old
    listed = (await cycle.get("/releases", "auditor")).json()["items"]
    assert [(each["release"], each["predecessor"]) for each in listed] == [(1, None), (2, 1)]

    was = standings((await cycle.get(f"/rankings/{first}", "auditor")).json())
    now = standings((await cycle.get(f"/rankings/{second}", "auditor")).json())
    expected = {u: {"before": was[u], "after": now[u]} for u in was if was[u] != now[u]}
    assert len(expected) > 1  # others moved too
    for path, role in (
        (f"/rankings/{second}/differences?against={first}", "committee"),
        ("/releases/2/differences?against=1", "assessed_unit"),
    ):
        answer = await cycle.get(path, role)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        found = {e["unit"]: {"before": e["before"], "after": e["after"]} for e in told["units"]}
        assert found == expected
        assert told["same"] == len(was) - len(expected)
    refused = await cycle.get(f"/rankings/{second}/differences?against={first}", "assessed_unit")
    assert refused.status_code == 403
    assert (await cycle.get("/releases/9/differences?against=1", "auditor")).status_code == 404


async def test_different_categories_are_not_compared(cycle):
    """Planted bug: the category not looked at."""
    one, other = await cycle.rank(), await cycle.rank("PAIR")
    answer = await cycle.get(f"/rankings/{other}/differences?against={one}", "auditor")
    assert (answer.status_code, answer.json()["type"]) == (422, "another-category")
