"""What a notice shows: which units are to have which grade, and nothing that would tell more.

Neither totals nor ranks follow from it where grades alone are shown: the units of a grade stand in
the order in which the scheme names them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ranking.rules.results import UnitResult


@dataclass(frozen=True, slots=True)
class GradeList:
    """The units that are to have one grade; null where they are not rated."""

    grade: str | None
    grade_name: str | None
    units: tuple[UnitResult, ...]


def grade_lists(
    results: Iterable[UnitResult], grades: Sequence[str], units: Sequence[str], *, ranked: bool
) -> list[GradeList]:
    """Return which units have which grade, the best first, and those that have none last.

    Unless they are shown `ranked`, the units of a grade stand in the order of the scheme: one that
    followed from the totals would tell the ranks.
    """
    order = {unit: place for place, unit in enumerate(units)}
    places = {grade: place for place, grade in enumerate(grades)}

    def place_of(one: UnitResult) -> tuple[int, int, str]:
        rank = one.rank if ranked and one.rank is not None else 0
        return rank, order.get(one.unit, len(order)), one.unit

    by_grade: dict[str | None, list[UnitResult]] = {}
    for each in sorted(results, key=place_of):
        by_grade.setdefault(each.grade, []).append(each)
    named = sorted(by_grade, key=lambda code: (code is None, places.get(code or "", len(places))))
    return [GradeList(c, by_grade[c][0].grade_name, tuple(by_grade[c])) for c in named]
