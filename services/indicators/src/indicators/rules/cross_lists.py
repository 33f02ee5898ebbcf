"""Lists of units of several categories (跨类别名单), on marks of one scale: declared before the
year."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from chassis.refusals import Fault, pointer
from indicators.rules.composing import most_of
from indicators.rules.numbers import plain
from indicators.rules.policies import CrossCategoryList, Normalisation
from indicators.rules.scheme import Category, Scheme

AT = pointer("cross_category_lists")


def list_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield lists whose totals cannot stand beside one another, or that say nothing of their
    use."""
    if scheme.cross_category_lists and scheme.normalisation is None:
        yield Fault(
            AT,
            "no-scale",
            "The scheme does not say how marks are put on one scale; where they are to count as "
            "they were given it says the method `none`.",
            "方案未规定评分修正办法；确不修正的，须写明 `none`。",
        )
    known = {each.code: each for each in scheme.categories}
    seen = set[str]()
    for i, declared in enumerate(scheme.cross_category_lists):
        at = f"{AT}/{i}"
        if declared.code in seen:
            yield _twice(f"{at}/code", declared.code)
        seen.add(declared.code)
        if not declared.use.strip():
            yield Fault(f"{at}/use", "no-use", "It says nothing of its use.", "未说明名单的用途。")
        yield from _categories(declared, known, at)
        yield from _of_list(scheme, declared, known, at)


def changed_faults(scheme: Scheme, published: Iterable[Scheme]) -> Iterator[Fault]:
    """Yield lists that are not those that were published before."""
    for before in published:
        if before.cross_category_lists != scheme.cross_category_lists:
            yield Fault(
                AT,
                "lists-changed",
                "Which lists there are across categories has been published, and stays for the "
                "year.",
                "跨类别名单已经公布，本年度不再变更。",
            )
            return


def _twice(at: str, code: str) -> Fault:
    return Fault(at, "named-twice", f"{code} is named twice.", f"{code} 重复。")


def _categories(
    declared: CrossCategoryList, known: dict[str, Category], at: str
) -> Iterator[Fault]:
    if len(set(declared.categories)) < 2:
        yield Fault(
            f"{at}/categories",
            "one-category",
            "A list across categories is of at least two.",
            "跨类别名单至少包括两个类别。",
        )
    for i, code in enumerate(declared.categories):
        here = f"{at}/categories/{i}"
        if code in declared.categories[:i]:
            yield _twice(here, code)
        elif code not in known:
            yield Fault(
                here,
                "unknown-category",
                f"There is no category {code}.",
                f"方案中没有类别 {code}。",
            )


def _of_list(
    scheme: Scheme, declared: CrossCategoryList, known: dict[str, Category], at: str
) -> Iterator[Fault]:
    members = [known[code] for code in dict.fromkeys(declared.categories) if code in known]
    if scheme.normalisation is not None:
        yield from _off_the_scale(declared, members, scheme.normalisation, at)
    full = {plain(_full(scheme, each)) for each in members}
    if len(full) > 1:
        listed = ", ".join(sorted(full))
        yield Fault(
            f"{at}/categories",
            "totals-differ",
            f"Full marks are not the same in its categories: {listed}.",
            f"各类别的总分满分不同：{listed}。",
        )
    yield from _keys(declared, members, at)


def _off_the_scale(
    declared: CrossCategoryList, members: Sequence[Category], policy: Normalisation, at: str
) -> Iterator[Fault]:
    for category in members:
        held = {each.code for each in category.walk()} & {*policy.of}
        if policy.method != "none" and not held:
            yield Fault(
                f"{at}/categories/{declared.categories.index(category.code)}",
                "not-on-the-scale",
                f"No mark of {category.code} is put on the scale of the others.",
                f"{category.code} 没有统一修正的指标。",
            )


def _full(scheme: Scheme, category: Category) -> Decimal:
    composition = scheme.composition_of(category)
    parts = [each for each in category.blocks if each.code in composition.parts]
    return most_of(parts, composition, category)


def _keys(declared: CrossCategoryList, members: Sequence[Category], at: str) -> Iterator[Fault]:
    """Yield blocks that cannot tell equal totals apart, because a category has them otherwise."""
    for i, code in enumerate(declared.tie_break):
        points = {next((b.points for b in each.blocks if b.code == code), None) for each in members}
        if None in points or len(points) > 1:
            yield Fault(
                f"{at}/tie_break/{i}",
                "block-not-common",
                f"Not all categories have a block {code} of the same points.",
                f"各类别并非都有分值相同的板块 {code}。",
            )
