"""What a ranking's order is tried on: its units with blocks and errors, as ranked together."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from chassis.refusals import Conflict, Invalid
from ranking.rules.results import UnitResult
from ranking.rules.scheme import Category, Scheme
from ranking.rules.uncertainty import Field, Standing

_NOTHING = Decimal(0)

MOST_RANKS = 2_000_000
"""How many ranks one answer is computed from at most: units times replications."""


class TooManyRanks(Invalid):
    """So many replications of so many units are more than one answer is computed from."""

    zh = "单位数与重复次数的乘积过大。"
    remedy = (
        "Ask for fewer replications.",
        "请减少重复次数。",
    )


class TotalsOtherwiseMade(Conflict):
    """The totals of the ranking are no plain sum of its blocks and the adjustment."""

    zh = "该版排名的总分不是各板块与加减分之和。"
    remedy = (
        "Blocks that are converted before they are added cannot be varied; read the survey errors.",
        "板块经换算后计入的，不能这样推算；请查看调查误差。",
    )


class BlocksNotComparable(Conflict):
    """The earlier scheme has no such category, or none of its blocks."""

    zh = "上一方案没有该类别，或该类别没有相同的板块。"
    remedy = (
        "Name a year whose scheme has the category with blocks of the same codes.",
        "请选择方案中有该类别且板块代码相同的年度。",
    )


def points_of_blocks(scheme: Scheme, category: Category) -> dict[str, Decimal]:
    """Return the points of the blocks that make the totals of a category, in its order."""
    parts = scheme.composition_of(category).parts
    return {b.code: b.points or _NOTHING for b in category.blocks if b.code in parts}


def earlier_points(scheme: Scheme, code: str, now: Iterable[str]) -> dict[str, Decimal]:
    """Return what an earlier scheme gave the blocks of the category of that code; refuse one that
    knows none of the blocks that there are `now`."""
    found = next((each for each in scheme.categories if each.code == code), None)
    points = {} if found is None else points_of_blocks(scheme, found)
    shared = {each: points[each] for each in now if points.get(each)}
    if not shared:
        raise BlocksNotComparable(
            f"Its blocks of {code} are: {', '.join(points) or 'none'}.",
            f"该方案{code}类别的板块：{'、'.join(points) or '无'}。",
        )
    return shared


def fields_of(
    scheme: Scheme,
    category: Category,
    lines: Sequence[UnitResult],
    errors: Mapping[str, Decimal | None],
) -> list[Field]:
    """Return the ranked units of a category as they are ranked together: all, or each of its
    sub-categories by itself where ranks are those within them. `errors` are of their surveys."""
    policy, composition = scheme.ranking_of(category), scheme.composition_of(category)
    points, most = points_of_blocks(scheme, category), composition.max_total
    groups: dict[str | None, list[Standing]] = {}
    for line in lines:
        if line.rank is not None and line.final_total is not None:
            group = line.subcategory if policy.within == "subcategory" else None
            groups.setdefault(group, []).append(_standing(line, points, most, errors))
    places = scheme.rounding.places
    return [Field(each, points, policy, places, most) for each in groups.values()]


def refuse_too_many(units: int, replications: int) -> None:
    """Refuse more ranks than one answer is computed from."""
    if units * replications > MOST_RANKS:
        most = MOST_RANKS // units
        raise TooManyRanks(
            f"{units} units in at most {most} replications.", f"{units}个单位至多重复{most}次。"
        )


def _standing(
    line: UnitResult,
    points: Mapping[str, Decimal],
    most: Decimal | None,
    errors: Mapping[str, Decimal | None],
) -> Standing:
    blocks = {code: line.blocks.get(code, _NOTHING) for code in points}
    total = sum(blocks.values(), line.adjustment)
    if (total if most is None else min(total, most)) != line.final_total:
        raise TotalsOtherwiseMade(
            f"{line.unit} has {line.final_total}, and its blocks and adjustment are {total}.",
            f"{line.unit} 总分 {line.final_total}，各板块与加减分之和为 {total}。",
        )
    return Standing(line.unit, line.rank or 0, total, blocks, errors.get(line.unit))
