"""Grades that are given to some of those who have another (A+): what does not agree in them."""

from collections.abc import Collection, Iterable, Iterator

from chassis.refusals import Fault
from indicators.rules.policies import SUBCATEGORY, GradePolicy, GradeRaise
from indicators.rules.scheme import Category


def raise_faults(grades: GradePolicy, categories: Iterable[Category], at: str) -> Iterator[Fault]:
    """Yield grades above another that a rank gives too, that stand not just above it, that have not
    one quota, or that are given across sub-categories where ranks are not compared."""
    given = {level.grade for level in grades.levels}
    apart = any(each.subcategories for each in categories)
    for i, each in enumerate(grades.raised):
        where = f"{at}/raised/{i}"
        yield from _grade(grades, each, where, given)
        yield from _quota(each, where)
        yield from _within(grades, each, f"{where}/within", apart=apart)
        given.add(each.grade)


def _within(grades: GradePolicy, each: GradeRaise, where: str, *, apart: bool) -> Iterator[Fault]:
    if each.within == SUBCATEGORY and not apart:
        yield Fault(
            where,
            "no-subcategories",
            f"No category that is graded so has sub-categories within which {each.grade} is given.",
            f"按此评定等次的类别没有子类别，无从在子类别内授予 {each.grade}。",
        )
    if grades.scope == SUBCATEGORY and apart and each.within != SUBCATEGORY:
        yield Fault(
            where,
            "ranks-not-compared",
            "Quotas are of sub-categories, so that the ranks of the whole category decide nothing.",
            "名额按子类别分配，不得跨子类别授予。",
        )


def _grade(
    grades: GradePolicy, each: GradeRaise, where: str, given: Collection[str]
) -> Iterator[Fault]:
    if each.grade in given:
        yield Fault(
            f"{where}/grade",
            "raised-otherwise",
            f"{each.grade} is given otherwise too.",
            f"{each.grade} 另有授予办法。",
        )
    known = {code: place for place, code in reversed([*enumerate(grades.order)])}
    if {each.grade, each.of} <= known.keys() and known[each.grade] != known[each.of] - 1:
        yield Fault(
            f"{where}/of",
            "not-just-above",
            f"{each.grade} does not stand just above {each.of} in the order of the grades.",
            f"{each.grade} 不是 {each.of} 的上一等次。",
        )


def _quota(each: GradeRaise, where: str) -> Iterator[Fault]:
    by_rate = each.rate is not None and each.rounding is not None
    none_of_rate = each.rate is None and each.rounding is None
    if by_rate == (each.count is not None) or not (by_rate or none_of_rate):
        yield Fault(
            where,
            "level-quota",
            f"{each.grade} needs a rate with its rounding, or a count and nothing else.",
            f"{each.grade} 须填写比例及舍入方式，或只填写名额数。",
        )
