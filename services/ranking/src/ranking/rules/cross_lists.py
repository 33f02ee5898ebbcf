"""Units of several categories in one order (跨类别名单), by the totals that they were ranked by.

It is no ranking of record: it gives no grade, and is used for what the scheme declared before the
year.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from chassis.refusals import Conflict, Forbidden, Missing
from ranking.rules.marks import Marks
from ranking.rules.order import NONE, Ranked, RankPolicy, rank


@dataclass(frozen=True, slots=True)
class CrossCategoryList:
    """A list across categories as the scheme declares it: what it may be used for, of which
    categories it is, and how equal totals are ordered; `tie_break` are codes of blocks."""

    code: str
    name: str
    use: str
    categories: tuple[str, ...]
    ties: Literal["same_rank_skip", "dense", "ordinal"]
    tie_break: tuple[str, ...] = ()


class NoSuchCrossCategoryList(Missing):
    """The scheme declares no such list across categories."""

    zh = "方案未规定该跨类别名单。"
    remedy = (
        "Look in `cross_category_lists` of the scheme in force; only what was declared before the "
        "year is listed across categories.",
        "请在现行方案的 `cross_category_lists` 中查对；只有年初公布的跨类别名单才能编制。",
    )


class ListNotRanked(Conflict):
    """A category of the list has not been ranked, or not been released."""

    zh = "名单中有的类别尚无排名或尚未公布。"
    remedy = (
        "Ask again once every category of the list has been ranked, and what is published once "
        "each has been released.",
        "请待名单中各类别均有排名后再查阅；已公布的名单待各类别均公布后查阅。",
    )


class ListOfSeveralScales(Conflict):
    """The categories of the list were ranked from marks that are not on one scale."""

    zh = "名单中各类别的得分不是按同一修正尺度计算。"
    remedy = (
        "Rank all of its categories from one edition of the score sheet.",
        "请用同一版得分表计算名单中各类别的排名。",
    )


class UnitListedTwice(Conflict):
    """A unit stands in the rankings of two categories of the list: it has no one total."""

    zh = "同一单位出现在名单的两个类别的排名中。"
    remedy = (
        "Rank the category that the unit left again by the scheme in force, and release it.",
        "请按现行方案重新计算并公布该单位原所在类别的排名。",
    )


class ListNotShown(Forbidden):
    """Scores and ranks of one of the categories are not shown to the caller."""

    zh = "名单中有的类别不向调用者公布得分和名次。"
    remedy = (
        "Read what is shown of each category: `…/releases/{release}/published`.",
        "请查阅各类别所公布的部分：`…/releases/{release}/published`。",
    )


@dataclass(frozen=True, slots=True)
class ListedTotal:
    """What a unit was ranked by in its category; without a total it was not ranked."""

    unit: str
    name: str
    category: str
    blocks: Mapping[str, Decimal]
    base_total: Decimal | None
    adjustment: Decimal
    final_total: Decimal | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit with its place in the list, None for one that was not ranked."""

    total: ListedTotal
    place: Ranked | None


@dataclass(frozen=True, slots=True)
class RankedFrom:
    """From which edition of the score sheet a category was ranked, and the digest of the groups
    of marks that this put on one scale; None where it put none, or did not tell."""

    category: str
    score_sheet_edition: int
    scale: str | None


def declared_list(declared: Iterable[CrossCategoryList], code: str) -> CrossCategoryList:
    """Return the list of that code; refuse one that the scheme did not declare."""
    found = next((each for each in declared if each.code == code), None)
    if found is None:
        raise NoSuchCrossCategoryList(f"No list {code} is declared.", f"没有规定名单 {code}。")
    return found


def refuse_unranked(declared: CrossCategoryList, there: Iterable[str]) -> None:
    """Refuse a list of which categories are not there."""
    missing = sorted({*declared.categories} - {*there})
    if missing:
        raise ListNotRanked(
            f"Not there yet: {', '.join(missing)}.",
            f"尚缺：{'、'.join(missing)}。",
            categories=missing,
        )


COEFFICIENTS = frozenset({"second_mean", "grand_mean_ratio"})
"""The ways of which the groups tell the whole scale; others rest on every single mark."""


def refuse_several_scales(method: str, sources: Sequence[RankedFrom]) -> None:
    """Refuse totals whose marks were not put on one scale together.

    Rankings from one edition of the score sheet are. So are those from several if by the method
    the groups of marks tell all of the scale, and are equal. Marks that count as they were given
    need no scale.
    """
    if method == "none":
        return
    told = {each.scale for each in sources}
    one_sheet = len({each.score_sheet_edition for each in sources}) == 1
    if None not in told and len(told) == 1 and (one_sheet or method in COEFFICIENTS):
        return
    named = ", ".join(f"{e.category} {e.score_sheet_edition}" for e in sources)
    raise ListOfSeveralScales(
        f"Editions of the score sheet: {named}.",
        f"得分表版次：{named.replace(', ', '、')}。",
        score_sheet_editions={each.category: each.score_sheet_edition for each in sources},
    )


def listed(
    declared: CrossCategoryList,
    totals: Iterable[ListedTotal],
    block_names: Mapping[str, str] = NONE,
) -> list[Listed]:
    """Order units of all categories of a list by their totals, best first, by the rules that order
    a category; units that were not ranked come last, without a place."""
    totals = [*totals]
    _refuse_twice(totals)
    every = {each.unit: each for each in totals}
    policy = RankPolicy(declared.tie_break, declared.ties)
    marks = [_marks(e, e.final_total) for e in every.values() if e.final_total is not None]
    ranked = rank(marks, policy, block_names=block_names)
    placed = [Listed(every[each.total.unit], each) for each in ranked]
    rest = sorted(unit for unit, each in every.items() if each.final_total is None)
    return placed + [Listed(every[unit], None) for unit in rest]


def _refuse_twice(totals: Iterable[ListedTotal]) -> None:
    found = Counter(each.unit for each in totals)
    if twice := sorted(unit for unit, times in found.items() if times > 1)[:_TOLD]:
        en, zh = f"Twice: {', '.join(twice)}.", f"重复的单位：{'、'.join(twice)}。"
        raise UnitListedTwice(en, zh, units=twice)


_TOLD = 100
"""How many units a refusal names at most."""


def _marks(one: ListedTotal, total: Decimal) -> Marks:
    return Marks(
        unit=one.unit,
        blocks=one.blocks,
        base_total=total if one.base_total is None else one.base_total,
        adjustment=one.adjustment,
        final_total=total,
    )


def show_to(parts: Iterable[tuple[str, bool]]) -> None:
    """Refuse a reader to whom scores and ranks are not shown of all categories, which come with
    whether they are."""
    hidden = sorted(category for category, shown in parts if not shown)
    if hidden:
        raise ListNotShown(
            f"Not shown: {', '.join(hidden)}.",
            f"不公布的类别：{'、'.join(hidden)}。",
            categories=hidden,
        )
