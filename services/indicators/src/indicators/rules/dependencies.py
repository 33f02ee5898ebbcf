"""What is computed from what else of the category: that it is there, and no circle of scores."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chassis.refusals import Fault, pointer
from indicators.rules.entered import computed_for, formulas, values_of
from indicators.rules.methods.expression import RESULTS
from indicators.rules.scheme import Indicator, Place, Scheme, places, places_by_category
from indicators.rules.targets import AIMS, items_of

_NAMED = 20


def reference_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield inputs from an indicator that the category does not have, or that has no such."""
    known = {
        category.code: {p.indicator.code: p.indicator for p in inside}
        for category, inside in places_by_category(scheme)
    }
    for place in places(scheme):
        for at, inputs in formulas(place.indicator):
            for name, source in inputs.items():
                if source["indicator"] is not None:
                    here = f"{place.at}{at}{pointer(name)}"
                    yield from _reference(place, source, known[place.category.code], here)


def _reference(
    place: Place, source: Mapping[str, Any], known: Mapping[str, Indicator], at: str
) -> Iterator[Fault]:
    code = source["indicator"]
    if code not in known:
        yield Fault(
            f"{at}/indicator",
            "unknown-indicator",
            f"{place.category.code} has no indicator {code}.",
            f"{place.category.code} 没有指标 {code}。",
        )
    elif source["from"] in RESULTS:
        return
    elif code == place.indicator.code:
        yield Fault(
            f"{at}/indicator",
            "own-indicator",
            "An indicator reads what is entered for itself without naming itself.",
            "读取本指标的录入值时不写 indicator。",
        )
    elif known[code].children:
        yield Fault(
            f"{at}/indicator",
            "takes-no-entries",
            f"Nothing is entered for {code}, because it has children.",
            f"{code} 有下级指标，本身没有录入值。",
        )
    elif source["from"] in AIMS:
        yield from _aim(known[code], source["key"], f"{at}/key")
    else:
        yield from _value(known[code], source["key"], place.indicator, at)


def _first(names: Sequence[str]) -> list[str]:
    """Return the first of some names, and that there are more; each fault repeats them."""
    return [*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])]


def _aim(indicator: Indicator, item: str | None, at: str) -> Iterator[Fault]:
    items = items_of(indicator)
    if item not in items and (items or item is None):
        names = ", ".join(_first([each or "-" for each in items])) or "-"
        yield Fault(
            at,
            "unknown-item",
            f"The targets of {indicator.code} have the items: {names}.",
            f"{indicator.code} 的目标分项为：{names}。",
        )


def _value(indicator: Indicator, key: str, reader: Indicator, at: str) -> Iterator[Fault]:
    keys = values_of(indicator)
    if key not in keys:
        names = ", ".join(_first(list(keys))) or "-"
        yield Fault(
            f"{at}/key",
            "unknown-key",
            f"{indicator.code} takes no value {key}; it takes: {names}.",
            f"{indicator.code} 不录入 {key}；录入项为：{names}。",
        )
    elif not set(computed_for(reader)) <= set(keys[key]):
        yield Fault(
            f"{at}/indicator",
            "other-periods",
            f"{key} of {indicator.code} is entered for other periods than {reader.code} computes.",
            f"{indicator.code} 的 {key} 与 {reader.code} 的计算期间不同。",
        )


def circle_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield every circle of scores of which each is computed from the next, naming it once."""
    for _, found in places_by_category(scheme):
        inside = {p.indicator.code: p for p in found}
        needs = {code: _needs(place.indicator) for code, place in inside.items()}
        for circle in _circles(needs):
            yield _circle(inside[circle[0]], circle)


def _circle(place: Place, circle: tuple[str, ...]) -> Fault:
    around = " → ".join([*_first(circle), circle[0]])
    return Fault(
        place.at,
        "score-circle",
        f"These scores would be computed from one another: {around}.",
        f"以下指标的得分互为依据，形成循环：{around}。",
    )


def _results(indicator: Indicator) -> Iterator[str]:
    """Yield the indicators whose results are inputs; what is entered for them makes no circle."""
    for _, inputs in formulas(indicator):
        yield from (s["indicator"] for s in inputs.values() if s["from"] in RESULTS)


def _needs(indicator: Indicator) -> tuple[str, ...]:
    return (*(child.code for child in indicator.children), *_results(indicator))


def _circles(needs: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Walk depth first; a way back to where the walk still is closes a circle."""
    done = set[str]()
    for start in needs:
        way, open_ = [start], [iter(needs[start])]
        while open_ and start not in done:
            code = next(open_[-1], None)
            if code is None:
                done.add(way.pop())
                open_.pop()
            elif code in way:
                yield tuple(way[way.index(code) :])
            elif code in needs and code not in done:
                way.append(code)
                open_.append(iter(needs[code]))
