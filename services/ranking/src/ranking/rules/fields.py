"""What a ranking's order is tried on: its units with blocks and errors, as ranked together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from chassis.refusals import Conflict, Invalid
from ranking.rules.results import UnitResult
from ranking.rules.scheme import Category, Scheme
from ranking.rules.sheet import UnitSheet
from ranking.rules.uncertainty import Draw, Field, Standing

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
    """The totals of the ranking are not those that its blocks and the adjustment make, a block is
    not what its indicators come to, or a part of a total is cut at its own cap."""

    zh = "总分与各板块、加减分合成的不符，板块得分与指标得分合计不符，或板块超出封顶分值。"
    remedy = (
        "A block that is cut at its cap cannot be varied; read the survey errors.",
        "板块得分超出封顶分值的，不能这样推算；请查看调查误差。",
    )


class BlocksNotComparable(Conflict):
    """The earlier scheme has no such category, or none of its blocks."""

    zh = "上一方案没有该类别，或该类别没有相同的板块。"
    remedy = (
        "Name a year whose scheme has the category with blocks of the same codes.",
        "请选择方案中有该类别且板块代码相同的年度。",
    )


def points_of_blocks(scheme: Scheme, category: Category) -> dict[str, Decimal]:
    """Return the points of the blocks that make the totals of a category, in its order, as many as
    they are worth in a total."""
    worths = scheme.composition_of(category).worths([each.code for each in category.blocks])
    blocks = [each for each in category.blocks if each.code in worths]
    return {each.code: _exact((each.points or _NOTHING), worths[each.code]) for each in blocks}


def _exact(points: Decimal, worth: Fraction) -> Decimal:
    """Return so many points as they count in a total."""
    return points if worth == 1 else points * worth.numerator / worth.denominator


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
    points, made = points_of_blocks(scheme, category), _Made(scheme, category)
    groups: dict[str | None, list[Standing]] = {}
    for line in lines:
        if line.rank is not None and line.final_total is not None:
            group = line.subcategory if policy.within == "subcategory" else None
            groups.setdefault(group, []).append(made.standing(line, errors))
    places, most = scheme.rounding.places, composition.max_total
    return [Field(each, points, policy, places, most) for each in groups.values()]


def by_indicator(
    scheme: Scheme, category: Category, fields: Iterable[Field], sheets: Iterable[UnitSheet]
) -> list[Field]:
    """Return the same units with the indicators of each block, as many points as they count for in
    a total, in the place of the blocks; refuse those that do not make their block."""
    worths = scheme.composition_of(category).worths([each.code for each in category.blocks])
    parts = [
        (block.code, indicator)
        for block in category.blocks
        if block.code in worths
        for indicator in block.indicators
    ]
    points = {each.code: _exact(each.points or _NOTHING, worths[of]) for of, each in parts}
    of_unit = {each.unit: each for each in sheets}

    def scored(one: Standing) -> Standing:
        sheet = of_unit[one.unit]
        scores = {each.indicator: each.score or _NOTHING for each in sheet.indicator_scores}
        made_of = dict[str, Decimal]()
        for block in worths:
            made = sum((scores.get(e.code, _NOTHING) for of, e in parts if of == block), _NOTHING)
            if scheme.rounding.apply(made) != (sheet.blocks.get(block) or _NOTHING):
                raise TotalsOtherwiseMade(
                    f"{one.unit}: the indicators of {block} come to {made}.",
                    f"{one.unit}：板块{block}各指标得分合计为{made}。",
                )
            made_of[block] = made
        for of, each in parts:
            if of in one.vetoed:  # as in its total, nothing counts of what is vetoed
                scores[each.code] = _NOTHING if made_of[of] > 0 else scores.get(each.code, _NOTHING)
        own = {each.code: _exact(scores.get(each.code, _NOTHING), worths[of]) for of, each in parts}
        return replace(one, blocks=own)

    return [replace(f, units=[*map(scored, f.units)], points=points) for f in fields]


def refuse_too_many(units: int, replications: int) -> None:
    """Refuse more ranks than one answer is computed from."""
    if units * replications > MOST_RANKS:
        most = MOST_RANKS // units
        raise TooManyRanks(
            f"{units} units in at most {most} replications.", f"{units}个单位至多重复{most}次。"
        )


def published_draw(units: int) -> Draw:
    """Return the replications that a release of so many units keeps: nobody chooses a seed."""
    return Draw(
        seed=1, replications=max(100, min(1000, MOST_RANKS // max(units, 1))), weights_by=10
    )


class _Made:
    """How the totals of a category are made of its blocks."""

    def __init__(self, scheme: Scheme, category: Category) -> None:
        self._of, self._rounding = scheme.composition_of(category), scheme.rounding
        self._worths = self._of.worths([each.code for each in category.blocks])

    def standing(self, line: UnitResult, errors: Mapping[str, Decimal | None]) -> Standing:
        """Return where a unit stands; refuse totals that its blocks do not make."""
        most, into = self._of.max_total, self._of.into
        blocks = {c: _exact(line.blocks.get(c, _NOTHING), w) for c, w in self._worths.items()}
        inside = _exact(line.adjustment, self._weight(into)) if into else line.adjustment
        total = self._summed(blocks, inside)
        cut = any(self._is_cut(code, line) for code in self._worths)
        if cut or (total if most is None else min(total, most)) != line.final_total:
            raise TotalsOtherwiseMade(
                f"{line.unit} has {line.final_total}, and its blocks and adjustment are {total}.",
                f"{line.unit} 总分 {line.final_total}，各板块与加减分合成为 {total}。",
            )
        error, vetoed = errors.get(line.unit), line.vetoed_blocks
        return Standing(line.unit, line.rank or 0, total, blocks, error, vetoed)

    def _summed(self, blocks: Mapping[str, Decimal], adjustment: Decimal) -> Decimal:
        """Return the total, rounded as the scheme says, before it is cut at the most."""
        parts, into = dict(blocks), self._of.into
        if into in parts:
            parts[into] += adjustment
        if self._of.rounding == "each_part":
            parts = {code: self._rounding.apply(each) for code, each in parts.items()}
        beside = _NOTHING if into else adjustment
        return self._rounding.apply(sum(parts.values(), beside))

    def _weight(self, code: str) -> Fraction:
        """Return what a point of a part counts for once it is converted."""
        return self._worths.get(code, Fraction(0)) / self._of.settings_of(code).ratio

    def _is_cut(self, code: str, line: UnitResult) -> bool:
        """Tell whether a part has more points than its cap lets count."""
        settings = self._of.settings_of(code)
        inside = line.adjustment if code == self._of.into else _NOTHING
        converted = _exact(line.blocks.get(code, _NOTHING), settings.ratio) + inside
        return settings.cap is not None and converted > settings.cap
