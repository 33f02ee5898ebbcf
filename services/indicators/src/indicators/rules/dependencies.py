"""Which scores are computed from which others, and that none depends on itself."""

from collections.abc import Iterator, Mapping

from chassis.refusals import Fault, pointer
from indicators.rules.methods.expression import RESULTS
from indicators.rules.scheme import Indicator, Place, Scheme, places


def reference_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield inputs that are results of an indicator the category does not have."""
    known = {
        category.code: {p.indicator.code for p in places(scheme) if p.category is category}
        for category in scheme.categories
    }
    for place in places(scheme):
        for name, code in _results(place.indicator):
            if code not in known[place.category.code]:
                yield Fault(
                    f"{place.at}/params/inputs{pointer(name)}/indicator",
                    "unknown-indicator",
                    f"{place.category.code} has no indicator {code}.",
                    f"{place.category.code} 没有指标 {code}。",
                )


def circle_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield every circle of scores of which each is computed from the next, naming it once."""
    for category in scheme.categories:
        inside = {p.indicator.code: p for p in places(scheme) if p.category is category}
        needs = {code: _needs(place.indicator) for code, place in inside.items()}
        for circle in _circles(needs):
            yield _circle(inside[circle[0]], circle)


def _circle(place: Place, circle: tuple[str, ...]) -> Fault:
    around = " → ".join([*circle, circle[0]])
    return Fault(
        place.at,
        "score-circle",
        f"These scores would be computed from one another: {around}.",
        f"以下指标的得分互为依据，形成循环：{around}。",
    )


def _results(indicator: Indicator) -> Iterator[tuple[str, str]]:
    if indicator.method == "expression":
        for name, source in indicator.params["inputs"].items():
            if source["from"] in RESULTS:
                yield name, source["indicator"]


def _needs(indicator: Indicator) -> tuple[str, ...]:
    return (*(child.code for child in indicator.children), *(c for _, c in _results(indicator)))


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
