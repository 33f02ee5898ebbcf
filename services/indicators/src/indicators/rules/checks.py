"""What a scheme says of re-checks and spot checks must agree with its categories."""

from collections.abc import Iterator, Mapping

from chassis.refusals import Fault, pointer
from indicators.rules.policies import CheckedUnits
from indicators.rules.scheme import Category, Scheme


def check_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield checks of one code, of no category, of one that there is not or that is named twice,
    numbers of units that a category has not got, and lists of entries that units would read."""
    found = {each.code: each for each in scheme.categories}
    seen = set[str]()
    for n, check in enumerate(scheme.checks):
        at = pointer("checks", n)
        if check.code in seen:
            yield _twice(f"{at}/code", check.code)
        seen.add(check.code)
        if not check.of:
            yield Fault(f"{at}/of", "missing", "Nobody is checked.", "没有列明检查对象。")
        if check.entries is not None and check.readers == "units":
            yield Fault(
                f"{at}/readers",
                "entries-told",
                "Units do not read lists of entries: these tell how much others have.",
                "记录名单会透露其他单位的记录数，抽查记录的检查不能由参评单位查阅。",
            )
        named = set[str]()
        for i, each in enumerate(check.of):
            here = f"{at}/of/{i}"
            if each.category in named:
                yield _twice(f"{here}/category", each.category)
            named.add(each.category)
            yield from _of(each, here, found)


def _of(checked: CheckedUnits, at: str, found: Mapping[str, Category]) -> Iterator[Fault]:
    code, category = checked.category, found.get(checked.category)
    if category is None:
        yield Fault(
            f"{at}/category",
            "unknown-category",
            f"{code} is no category of this scheme.",
            f"本方案中没有类别 {code}。",
        )
    elif checked.number is not None and checked.number > len(category.units):
        units = len(category.units)
        yield Fault(
            f"{at}/number",
            "more-than-there-are",
            f"{code} has {units} units.",
            f"类别 {code} 只有{units}个单位。",
        )
    if checked.share is not None and checked.number is not None:
        yield Fault(
            f"{at}/share",
            "share-and-number",
            "Either a share of the units is checked or a number of them.",
            "按比例或按数量抽取，只能选择其一。",
        )


def _twice(at: str, code: str) -> Fault:
    return Fault(at, "named-twice", f"{code} is listed before.", f"{code} 重复列出。")
