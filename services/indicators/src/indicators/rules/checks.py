"""What a scheme says of re-checks and spot checks must agree with its categories and indicators."""

from collections.abc import Iterator, Mapping

from chassis.refusals import Fault, pointer
from indicators.rules.duties import counted_faults
from indicators.rules.methods.catalogue import method_of
from indicators.rules.policies import CheckedUnits, Overstatement
from indicators.rules.scheme import Category, Place, Scheme, places


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


def overstatement_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield overstatements that no indicator counts, and indicators in which less cannot be said to
    be better: that there are not, are listed twice, or whose method says it itself."""
    placed: dict[str, list[Place]] = {}
    for place in places(scheme) if scheme.checks else ():
        placed.setdefault(place.indicator.code, []).append(place)
    for n, check in enumerate(scheme.checks):
        if check.overstatement is not None:
            at = pointer("checks", n, "overstatement")
            yield from _overstated(check.overstatement, at, placed)


def fraud_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield grades that fraud would cap at and that the grades of a checked category lack."""
    found = {each.code: each for each in scheme.categories}
    for n, check in enumerate(scheme.checks):
        for category in (found.get(each.category) for each in check.of if check.fraud):
            if check.fraud is None or category is None:
                continue
            cap = check.fraud.grade_cap
            grades = category.grades or scheme.grades
            if cap not in grades.order:
                at = pointer("checks", n, "fraud", "grade_cap")
                en = f"The grades of {category.code} have no {cap}."
                yield Fault(at, "unknown-grade", en, f"类别 {category.code} 没有等次 {cap}。")


def _overstated(
    costs: Overstatement, at: str, placed: Mapping[str, list[Place]]
) -> Iterator[Fault]:
    yield from counted_faults(at, costs.indicator, {"event": costs.event}, placed)
    for n, code in enumerate(costs.lower_is_better):
        here = f"{at}/lower_is_better/{n}"
        if code in costs.lower_is_better[:n]:
            yield _twice(here, code)
        elif code not in placed:
            en, zh = f"{code} is no indicator of this scheme.", f"本方案中没有指标 {code}。"
            yield Fault(here, "unknown-indicator", en, zh)
        elif any(_tells_direction(place) for place in placed[code]):
            en = f"The method of {code} says itself which values are better (`direction`)."
            yield Fault(here, "direction-told", en, f"{code} 的计分方法已写明方向（`direction`）。")


def _tells_direction(place: Place) -> bool:
    indicator = place.indicator
    return not indicator.children and hasattr(method_of(indicator), "direction")


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
