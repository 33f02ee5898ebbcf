"""What is computed from what else of the category: that it is there, and no circle of scores."""

from collections.abc import Iterator, Mapping, Sequence

from chassis.refusals import Fault, pointer
from indicators.rules.methods.catalogue import method_of
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.sources import AIMS, RESULTS, Source
from indicators.rules.scheme import Indicator, Place, Scheme, places_by_category

_NAMED = 20

Found = Sequence[tuple[Place, ScoringMethod]]
"""The indicators of a category, each with its method to be asked."""

Asked = Mapping[str, tuple[Place, ScoringMethod]]
"""The same by their codes."""


def dependency_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield inputs from an indicator that the category does not have, or that has no such; then
    every circle of scores. The parameters have to be complete."""
    found = [
        [(place, method_of(place.indicator)) for place in inside]
        for _, inside in places_by_category(scheme)
    ]
    for category in found:
        yield from _reference_faults(category)
    for category in found:
        yield from _circle_faults(category)


def _reference_faults(found: Found) -> Iterator[Fault]:
    known = {place.indicator.code: (place, method) for place, method in found}
    for place, method in found:
        for each in method.computed():
            for name, source in each.inputs.items():
                if source.indicator is not None:
                    here = f"{place.at}/params{each.at}{pointer(name)}"
                    yield from _reference(place, method, source, known, here)


def _reference(
    place: Place, reader: ScoringMethod, source: Source, known: Asked, at: str
) -> Iterator[Fault]:
    code = source.indicator or ""
    if code not in known:
        yield Fault(
            f"{at}/indicator",
            "unknown-indicator",
            f"{place.category.code} has no indicator {code}.",
            f"{place.category.code} 没有指标 {code}。",
        )
    elif source.from_ in RESULTS:
        return
    elif code == place.indicator.code:
        yield Fault(
            f"{at}/indicator",
            "own-indicator",
            "An indicator reads what is entered for itself without naming itself.",
            "读取本指标的录入值时不写 `indicator`。",
        )
    elif known[code][0].indicator.children:
        yield Fault(
            f"{at}/indicator",
            "takes-no-entries",
            f"Nothing is entered for {code}, because it has children.",
            f"{code} 有下级指标，本身没有录入值。",
        )
    elif source.from_ in AIMS:
        yield from _aim(code, known[code][1], source.key, f"{at}/key")
    else:
        yield from _value(code, known[code][1], source.key or "", (place.indicator, reader), at)


def _first(names: Sequence[str]) -> list[str]:
    """Return the first of some names, and that there are more; each fault repeats them."""
    return [*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])]


def _aim(code: str, method: ScoringMethod, item: str | None, at: str) -> Iterator[Fault]:
    items = method.aims()
    if item not in items and (items or item is None):
        names = ", ".join(_first([each or "-" for each in items])) or "-"
        yield Fault(
            at,
            "unknown-item",
            f"The targets of {code} have the items: {names}.",
            f"{code} 的目标分项为：{names}。",
        )


def _value(
    code: str, method: ScoringMethod, key: str, reader: tuple[Indicator, ScoringMethod], at: str
) -> Iterator[Fault]:
    keys = method.lends()
    if key not in keys:
        names = ", ".join(first := _first(list(keys))) or "-"
        zh = "、".join(f"`{name}`" for name in first) or "无"
        yield Fault(
            f"{at}/key",
            "unknown-key",
            f"{code} takes no value {key}; it takes: {names}.",
            f"{code} 不录入 `{key}`；录入项为：{zh}。",
        )
    elif not set(reader[1].computed_for()) <= set(keys[key]):
        yield Fault(
            f"{at}/indicator",
            "other-periods",
            f"{key} of {code} is entered for other periods than {reader[0].code} computes.",
            f"{code} 的 `{key}` 与 {reader[0].code} 的计算期间不同。",
        )


def _circle_faults(found: Found) -> Iterator[Fault]:
    """Yield every circle of scores of which each is computed from the next, naming it once."""
    inside = {place.indicator.code: place for place, _ in found}
    needs = {place.indicator.code: _needs(place.indicator, method) for place, method in found}
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


def _needs(indicator: Indicator, method: ScoringMethod) -> tuple[str, ...]:
    """Return of which indicators results are inputs; what is entered for them makes no circle."""
    read = (code for each in method.computed() for code in each.others(*RESULTS))
    return (*(child.code for child in indicator.children), *read)


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
