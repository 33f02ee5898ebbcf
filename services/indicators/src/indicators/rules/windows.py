"""Windows in which results of other systems come and count: those of one year and the next meet."""

import datetime as dt
from collections.abc import Iterator, Mapping

from chassis.refusals import Fault
from indicators.rules.methods.catalogue import method_of
from indicators.rules.methods.external import ExternalResult, OtherSystem
from indicators.rules.methods.parameters import unless
from indicators.rules.scheme import Place, Scheme, places

EXTERNAL = "external_result"


def window_faults(scheme: Scheme, before: Scheme | None) -> Iterator[Fault]:
    """Yield windows that do not open on the day after those of the year `before` close: a result
    that came between would count nowhere, and one that came in both in two years."""
    closed = {} if before is None else _closed(before)
    for place, system in _systems(scheme) if closed else ():
        closes = closed.get(_key(place))
        if closes is None or system.opens is None:
            continue
        follows = closes + dt.timedelta(days=1)
        yield from unless(
            system.opens == follows,
            f"{place.at}/params/system/opens",
            "window-does-not-follow",
            f"Last year's window closes on {closes}; this one opens on {follows}.",
            f"上年度收取期截止于 {closes}，本年度应自 {follows} 起。",
        )


def _closed(scheme: Scheme) -> Mapping[tuple[str, str], dt.date]:
    return {
        _key(place): system.closes
        for place, system in _systems(scheme)
        if system.opens is not None and system.closes is not None
    }


def _key(place: Place) -> tuple[str, str]:
    return place.category.code, place.indicator.code


def _systems(scheme: Scheme) -> Iterator[tuple[Place, OtherSystem]]:
    for place in places(scheme):
        if place.indicator.method != EXTERNAL:
            continue
        method = method_of(place.indicator, {})
        if isinstance(method, ExternalResult) and method.system is not None:
            yield place, method.system
