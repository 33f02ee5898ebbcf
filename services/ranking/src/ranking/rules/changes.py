"""What moved between two editions of a category's ranking (变动): totals, ranks and grades."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chassis.refusals import Invalid
from ranking.rules.results import UnitResult


class AnotherCategory(Invalid):
    """The two rank different categories."""

    zh = "两者不是同一类别的排名。"
    remedy = "Compare two of one category.", "请比较同一类别的两版。"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands: its total in points, its rank and its grade; null without them."""

    final_total: Decimal | None
    rank: int | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit that stands elsewhere than before; null on a side where it is not ranked."""

    unit: str
    before: Standing | None
    after: Standing | None


def moved(before: Iterable[UnitResult], after: Iterable[UnitResult]) -> list[Moved]:
    """Return exactly the units whose total, rank or grade is not what it was, in the order of the
    later edition, those that are no longer in it last."""
    was, now = _standings(before), _standings(after)
    units = dict.fromkeys([*now, *was])
    return [Moved(u, was.get(u), now.get(u)) for u in units if was.get(u) != now.get(u)]


def refuse_another_category(category: str, other: str) -> None:
    """Refuse to compare rankings of different categories."""
    if category != other:
        raise AnotherCategory(f"{category} is not {other}.", f"{category} 与 {other} 不同。")


def _standings(units: Iterable[UnitResult]) -> Mapping[str, Standing]:
    return {one.unit: Standing(one.final_total, one.rank, one.grade) for one in units}


def count_same(before: Sequence[UnitResult], after: Sequence[UnitResult], found: int) -> int:
    """Return how many units of both stand where they did, `found` being those that moved."""
    return len({one.unit for one in (*before, *after)}) - found
