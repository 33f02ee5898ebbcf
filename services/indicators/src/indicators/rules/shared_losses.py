"""Losses that several units answer for (加倍扣分的分担): their shares come to the whole at most.

What a superior took off is charged to each unit by its `share`. Those that answer for one loss are
the units with a share of the same thing: of one code, or of one `matter`, in whichever category.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chassis.refusals import Fault, pointer
from indicators.rules.numbers import plain, total
from indicators.rules.scheme import Place, Scheme, places

METHOD, SHARE = "inherit_superior", "share"

WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Given:
    """A share where it stands in the scheme, and for how many units."""

    at: str
    share: Decimal
    units: int


def share_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield shares of one loss that come to more than the whole, at each place where they are
    given; a unit that is given none answers for a loss of its own."""
    losses = dict[tuple[str, str], list[_Given]]()
    for place in places(scheme):
        if place.indicator.method == METHOD:
            losses.setdefault(_loss(place), []).extend(_given(place))
    for (_, name), given in losses.items():
        charged = total(each.share * each.units for each in given)
        if charged > WHOLE:
            yield from _too_much(name, charged, given)


def _loss(place: Place) -> tuple[str, str]:
    matter = place.indicator.matter
    return ("code", place.indicator.code) if matter is None else ("matter", matter)


def _given(place: Place) -> Iterator[_Given]:
    """Yield the shares of single units, and that of all others where it is a part of a loss."""
    indicator = place.indicator
    own = {unit: each for unit, each in indicator.per_unit_params.items() if SHARE in each}
    others = len({*place.category.units} - own.keys())
    usual = _share(indicator.params)
    if usual < WHOLE and others:
        yield _Given(f"{place.at}/params/{SHARE}", usual, others)
    for unit, params in own.items():
        yield _Given(f"{place.at}/per_unit_params{pointer(unit, SHARE)}", _share(params), 1)


def _share(params: Mapping[str, Any]) -> Decimal:
    return Decimal(str(params.get(SHARE, WHOLE)))


def _too_much(name: str, charged: Decimal, given: Iterable[_Given]) -> Iterator[Fault]:
    for each in given:
        yield Fault(
            each.at,
            "shares-over-one",
            f"The shares of the loss {name} come to {plain(charged)}, more than 1; make "
            "an indicator of each loss.",
            f"{name} 扣分的各单位份额之和为 {plain(charged)}，超过 1；不同的扣分事项应分设指标。",
        )
