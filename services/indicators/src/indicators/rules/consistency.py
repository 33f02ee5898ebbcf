"""What the parts of a scheme must agree on among themselves."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from chassis.refusals import Fault, pointer
from indicators.rules.adjustments import rule_faults
from indicators.rules.numbers import plain, total
from indicators.rules.policies import SUBCATEGORY, Demotion, GradeLevel, GradePolicy, Veto
from indicators.rules.raises import raise_faults
from indicators.rules.scheme import (
    Category,
    Place,
    Scheme,
    adjustments_in,
    graded_by,
    places,
    places_by_category,
    shown_blocks,
)


def redistribution_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield redistribution that leaves the category, or leads back to where it began."""
    for category, inside in places_by_category(scheme):
        others = {place.indicator.code: place for place in inside}
        circles = _circles(others)
        for place in others.values():
            if place.indicator.redistribute_to is not None:
                yield from _redistribution(place, others, category, circles)


def _circles(places: Mapping[str, Place]) -> dict[str, str | None]:
    """Return for each indicator to which one its points would come back, if to any.

    Each step is gone once: a chain of thousands would be gone thousands of times.
    """
    found: dict[str, str | None] = {}
    for start in places:
        way, code = dict[str, int](), start
        while code in places and code not in found and code not in way:
            way[code] = len(way)
            code = places[code].indicator.redistribute_to or ""
        ends = code if code in way else found.get(code)
        round_ = way.get(code, len(way))
        found |= {step: step if i >= round_ else ends for step, i in way.items()}
    return found


def _redistribution(
    place: Place,
    others: Mapping[str, Place],
    category: Category,
    circles: Mapping[str, str | None],
) -> Iterator[Fault]:
    indicator, at = place.indicator, f"{place.at}/redistribute_to"
    to = indicator.redistribute_to or ""
    if to not in others:
        yield Fault(
            at,
            "unknown-indicator",
            f"{category.code} has no indicator {indicator.redistribute_to}.",
            f"{category.code} 没有指标 {indicator.redistribute_to}。",
        )
    elif to in _above(place) or indicator.code in _above(others[to]):
        yield Fault(
            at,
            "redistribution-within",
            f"{indicator.redistribute_to} stands above or below {indicator.code}; the points would "
            "be lost.",
            f"{indicator.redistribute_to} 是 {indicator.code} 的上级或下级指标，分值会丢失。",
        )
    elif (code := circles[indicator.code]) is not None:
        yield Fault(
            at,
            "redistribution-circle",
            f"The points of {indicator.code} would come back to {code}.",
            f"{indicator.code} 的分值会转回 {code}。",
        )


def _above(place: Place) -> list[str]:
    """Return the codes of the indicators above one."""
    return place.path.split("/")[2:]


def precision_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield points that have more decimals than their scores: full marks could not be given."""
    for place in places(scheme):
        indicator = place.indicator
        most = indicator.places(scheme.rounding)
        if indicator.points * 10**most % 1:
            yield Fault(
                f"{place.at}/precision",
                "precision-too-low",
                f"{plain(indicator.points)} points cannot be scored to {most} decimals.",
                f"{plain(indicator.points)} 分不能按 {most} 位小数计分。",
            )


def excess_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield losses that shall be deducted from totals which nothing is deducted from, or beyond
    the points of what is only shown."""
    found = zip(shown_blocks(scheme), places_by_category(scheme), strict=True)
    for (category, shown), (_, inside) in found:
        deducted = scheme.composition_of(category).deductions
        for place in inside:
            if place.indicator.params.get("excess_to") != "deductions":
                continue
            if not deducted:
                yield Fault(
                    f"{place.at}/params/excess_to",
                    "no-deductions",
                    "The composition of this scheme takes no deductions.",
                    "本方案的总分构成不含减分。",
                )
            elif place.block.code in shown:
                yield Fault(
                    f"{place.at}/params/excess_to",
                    "excess-of-a-shown-block",
                    f"{place.block.code} is only shown; nothing lost in it is deducted.",
                    f"{place.block.code} 只列示不计分，其中的扣分不计入减分。",
                )


def plan_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield plans of progress that go back, end below the target, or name what is no period."""
    for place in places(scheme):
        plan = place.indicator.progress_plan
        at = f"{place.at}/progress_plan"
        for ending in plan:
            if ending not in LAST_MONTHS:
                known = ", ".join(LAST_MONTHS)
                yield Fault(
                    at + pointer(ending),
                    "unknown-period",
                    f"A plan goes by the ends of: {known}.",
                    f"进度计划按下列期间的期末填写：{known.replace(', ', '、')}。",
                )
        yield from _steps({e: s for e, s in plan.items() if e in LAST_MONTHS}, at)


def _steps(plan: Mapping[str, Decimal], at: str) -> Iterator[Fault]:
    steps = [*sorted(plan.items(), key=lambda step: LAST_MONTHS[step[0]])]
    for (before, less), (ending, share) in pairwise(steps):
        if LAST_MONTHS[before] == LAST_MONTHS[ending] or share < less:
            yield Fault(
                at + pointer(ending),
                "plan-goes-back",
                f"{before} plans {plain(less)}, and {ending} that ends no earlier {plain(share)}.",
                f"{before} 期末计划 {plain(less)}，{ending} 期末计划 {plain(share)}，前后不一致。",
            )
    if steps and LAST_MONTHS[steps[-1][0]] == 12 and steps[-1][1] != 1:
        yield Fault(
            at + pointer(steps[-1][0]),
            "plan-ends-below",
            "By the end of the year all of the target is to be reached: 1.",
            "到年末应完成全部目标，即 1。",
        )


LAST_MONTHS = {
    **{f"-{month:02}": month for month in range(1, 13)},
    **{f"Q{n}": 3 * n for n in (1, 2, 3, 4)},
    **{f"H{n}": 6 * n for n in (1, 2)},
}
"""The last month of each period shorter than a year, by how the period ends."""


def node_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield nodes that are due, or can be judged, in another year only: nothing can be entered."""
    for place in places(scheme):
        if place.indicator.method == "milestone":
            for at, node in _nodes(place):
                yield from _node(node, scheme.assessment_year, at)


def _nodes(place: Place) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the nodes of all units and of single ones, each with the pointer to it."""
    found = {"params": place.indicator.params} | {
        f"per_unit_params{pointer(unit)}": own
        for unit, own in place.indicator.per_unit_params.items()
    }
    for where, params in found.items():
        for n, node in enumerate(params.get("nodes") or ()):
            yield f"{place.at}/{where}/nodes/{n}", node


def _node(node: Mapping[str, Any], year: int, at: str) -> Iterator[Fault]:
    due, season = node["due"], node["season"]
    if due is not None and _year(due) != year:
        yield _another_year(f"{at}/due", node["item"], year)
    elif season is not None and not _year(season["opens"]) <= year <= _year(season["closes"]):
        yield _another_year(f"{at}/season", node["item"], year)


def _year(day: str) -> int:
    return dt.date.fromisoformat(day).year


def _another_year(at: str, node: str, year: int) -> Fault:
    return Fault(
        at,
        "another-year",
        f"{node} lies in another year; a node is reached in {year}.",
        f"节点 {node} 的日期不在 {year} 年度内。",
    )


MOST_DEMOTIONS = 200
"""The most demotions of a scheme; each is tried on every unit that is ranked."""


def demotion_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield demotions that have not exactly one cause, and places in a superior's list of which
    it is not said from which on they demote; or too many of them."""
    if len(scheme.demotions) > MOST_DEMOTIONS:
        n, most = len(scheme.demotions), MOST_DEMOTIONS
        yield Fault(
            pointer("demotions"),
            "too-many-demotions",
            f"There are {n} demotions; at most {most} are allowed.",
            f"降等情形有 {n} 项，最多 {most} 项。",
        )
        return
    for d, demotion in enumerate(scheme.demotions):
        of = demotion.superior_rank
        if of is not None and (of.worse_than is None) == (of.last is None):
            yield Fault(
                pointer("demotions", d, "superior_rank"),
                "superior-rank-line",
                f"{demotion.code} needs worse_than or last, one of the two.",
                f"{demotion.code} 须填写 `worse_than` 或 `last`，二者取一。",
            )
        if not _has_one_cause(demotion):
            yield Fault(
                pointer("demotions", d),
                "demotion-cause",
                f"{demotion.code} needs one of: an event, superior_rank, or indicators with "
                "score_ratio_below.",
                f"{demotion.code} 须由事件、上级名单中的名次、指标得分率三者之一引起。",
            )


def _has_one_cause(demotion: Demotion) -> bool:
    by_score = bool(demotion.indicators) and demotion.score_ratio_below is not None
    partly = bool(demotion.indicators) or demotion.score_ratio_below is not None
    causes = by_score, demotion.event is not None, demotion.superior_rank is not None
    return partly == by_score and sum(causes) == 1


MOST_VETOED = 8
"""The most blocks that vetoes may take out of totals: each choice of them is another total."""


def veto_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield more veto items than the scheme allows itself, those whose scope says nothing, too many
    blocks that they are of, and a term that has not begun."""
    vetoes = scheme.vetoes
    blocks = len({each.block for each in vetoes.items if each.block is not None})
    if blocks > MOST_VETOED:
        yield Fault(
            pointer("vetoes", "items"),
            "too-many-vetoed-blocks",
            f"The vetoes are of {blocks} blocks; at most {MOST_VETOED} are allowed.",
            f"一票否决事项涉及 {blocks} 个板块，最多 {MOST_VETOED} 个。",
        )
    for i, item in enumerate(vetoes.items):
        yield from _scope(item, pointer("vetoes", "items", i))
    if vetoes.term is not None and vetoes.term.began > scheme.assessment_year:
        yield Fault(
            pointer("vetoes", "term", "began"),
            "term-not-begun",
            f"The term begins in {vetoes.term.began}, after the year that is assessed.",
            f"任期自 {vetoes.term.began} 年起，晚于评估年度。",
        )
    if vetoes.limit is not None and len(vetoes.items) > vetoes.limit:
        n, most = len(vetoes.items), vetoes.limit
        yield Fault(
            pointer("vetoes", "items"),
            "too-many-vetoes",
            f"There are {n} veto items; at most {most} are allowed.",
            f"一票否决事项有 {n} 项，最多 {most} 项。",
        )


def _scope(item: Veto, at: str) -> Iterator[Fault]:
    if (item.scope == "block") != (item.block is not None):
        yield Fault(
            f"{at}/block",
            "veto-block",
            f"{item.code} names a block if, and only if, that is its scope.",
            f"{item.code} 的范围为某一板块的，须写明该板块；其他范围不填。",
        )
    if (item.scope == "title") != (item.title is not None):
        yield Fault(
            f"{at}/title",
            "veto-title",
            f"{item.code} names a title if, and only if, that is its scope.",
            f"{item.code} 的范围为某一荣誉的，须写明该荣誉；其他范围不填。",
        )


MOST_GRADES = 50
"""The most grades of a policy; every unit that is ranked tries them from the best one down."""


def grade_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield grade levels that are not in the order of the grades, have not one quota, or promise
    over 100 %; and a line of a quota where keys decide that are not there; or too many grades.

    A level for all units (rate 1) is a threshold without a quota, and promises nobody a place.
    """
    for at, grades, categories in graded_by(scheme):
        if len(grades.order) > MOST_GRADES:
            n, most = len(grades.order), MOST_GRADES
            yield Fault(
                f"{at}/order",
                "too-many-grades",
                f"There are {n} grades; at most {most} are allowed.",
                f"等次有 {n} 个，最多 {most} 个。",
            )
            continue
        yield from _grades(grades, at)
        yield from _quotas(grades.levels, at)
        yield from raise_faults(grades, categories, at)
        yield from _counts(grades, categories, at)
        if grades.tie_at_line == "tie_break":
            yield from _at_the_line(scheme, categories, f"{at}/tie_at_line")


def _at_the_line(scheme: Scheme, categories: Iterable[Category], at: str) -> Iterator[Fault]:
    """Yield why keys cannot decide at the line of a quota alone: there are none, or ranks are
    ordinal, which leaves no rank shared."""
    rankings = [(each.code, scheme.ranking_of(each)) for each in categories]
    keyless = next((code for code, ranking in rankings if not ranking.tie_break), None)
    if keyless is not None:
        yield Fault(
            at,
            "no-tie-break-keys",
            f"The ranking of {keyless} has no key that could decide at a quota's line.",
            f"{keyless} 的排名规则中没有可用于确定名额的区分依据。",
        )
    ordinal = next((code for code, ranking in rankings if ranking.ties == "ordinal"), None)
    if ordinal is not None:
        yield Fault(
            at,
            "ordinal-ranks-not-shared",
            f"Keys that decide at the line alone leave ranks shared; {ordinal} has ordinal ones.",
            f"仅在名额线上适用区分依据时名次并列，{ordinal} 的名次则逐一编排。",
        )


def _grades(grades: GradePolicy, at: str) -> Iterator[Fault]:
    order = {grade: i for i, grade in reversed([*enumerate(grades.order)])}
    standing = [order[level.grade] for level in grades.levels if level.grade in order]
    if any(later <= former for former, later in pairwise(standing)):
        yield Fault(
            f"{at}/levels",
            "levels-out-of-order",
            "The levels go from the best grade down, each once.",
            "等次应由高到低排列，各一次。",
        )
    yield from _skipped(grades, standing, order, at)
    rates = _rates(grades.levels)
    if rates > 1:
        yield Fault(
            f"{at}/levels",
            "rates-over-one",
            f"The rates of the levels sum to {plain(rates)}, more than 1.",
            f"各等次比例之和为 {plain(rates)}，超过 1。",
        )


def _skipped(
    grades: GradePolicy, standing: Sequence[int], order: Mapping[str, int], at: str
) -> Iterator[Fault]:
    """Yield levels that leave out a grade above one of them, unless that is raised to."""
    above = {each.grade for each in grades.raised}
    by_level = {level.grade for level in grades.levels}
    usual = [order[each] for each in grades.order if each not in above]
    sound = standing == sorted({*standing}) and above <= {*order} - by_level
    if sound and standing != usual[: len(standing)]:
        yield Fault(
            f"{at}/levels",
            "level-skips-a-grade",
            "The levels leave out a better grade, which whoever finds no place would get.",
            "等次规则跳过了较高的等次：没有名额的单位反而会得到该等次。",
        )


def _rates(levels: Sequence[GradeLevel]) -> Decimal:
    return total(level.rate for level in levels if level.rate and level.is_limited)


def _quotas(levels: Sequence[GradeLevel], at: str) -> Iterator[Fault]:
    """Yield levels that have neither a rate, rounded, nor a count alone."""
    for i, level in enumerate(levels):
        has_rate = level.rate is not None, level.rounding is not None
        by_rate = all(has_rate) and level.count is None
        by_count = not any(has_rate) and level.count is not None and not level.min_count
        if not (by_rate or by_count):
            yield Fault(
                f"{at}/levels/{i}",
                "level-quota",
                f"{level.grade} needs a rate with its rounding, or a count and nothing else.",
                f"{level.grade} 须填写比例及舍入方式，或只填写名额数。",
            )


def _counts(grades: GradePolicy, categories: Iterable[Category], at: str) -> Iterator[Fault]:
    """Yield levels that promise more places than there are units to share them, where places are
    counted."""
    counts, rates = sum(level.count or 0 for level in grades.levels), _rates(grades.levels)
    for code, size in _sharing(grades, categories) if counts else ():
        if counts + rates * size > size:
            yield Fault(
                f"{at}/levels",
                "counts-over-units",
                f"The levels promise more places than {code} has units ({size}).",
                f"各等次名额之和超过 {code} 的单位数（{size} 个）。",
            )


def _sharing(grades: GradePolicy, categories: Iterable[Category]) -> Iterator[tuple[str, int]]:
    """Yield the code and size of every category, or sub-category, whose units share places."""
    for category in categories:
        apart = grades.scope == SUBCATEGORY and category.subcategories
        for each in category.subcategories if apart else (category,):
            yield each.code, len(each.units)


def claim_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield what does not agree within each set of rules for claims (加减分)."""
    for at, rules in adjustments_in(scheme):
        yield from rule_faults(rules, at)


def date_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield spans of time that close before they open."""
    for at, adjustments in adjustments_in(scheme):
        window = adjustments.window
        yield from _span(f"{at}/window", window.opens, window.closes)
    for place in places(scheme):
        if (of_facts := place.indicator.window) is not None:
            yield from _span(f"{place.at}/window", of_facts.opens, of_facts.closes)
    for i, step in enumerate(scheme.calendar):
        yield from _span(pointer("calendar", i), step.opens, step.closes)


def _span(at: str, opens: dt.date | None, closes: dt.date | None) -> Iterator[Fault]:
    if opens is not None and closes is not None and closes < opens:
        yield Fault(
            f"{at}/closes",
            "closes-before-it-opens",
            f"It closes on {closes}, before it opens on {opens}.",
            f"截止日 {closes} 早于起始日 {opens}。",
        )
