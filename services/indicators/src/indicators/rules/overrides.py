"""Parameters that hold for one unit or one period only, laid over those of the method."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chassis.refusals import Fault, pointer
from indicators.rules.methods.catalogue import METHODS
from indicators.rules.methods.parameters import Params, fields_by_name, read, written
from indicators.rules.scheme import Indicator, Place


def overridden(
    indicator: Indicator, at: str, faults: list[Fault]
) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """Return the overrides of an indicator whose own parameters are complete, each parameter
    that is overridden complete too.

    An object is laid over the object it overrides, name by name; all else takes its place. So
    whoever reads an override may put it over the parameters one by one.
    """
    if not (indicator.per_unit_params or indicator.period_params):  # most have none
        return {"per_unit_params": {}, "period_params": {}}
    base = read(METHODS[indicator.method], indicator.params, f"{at}/params", [])
    if base is None:
        return {}
    faults += _periods(indicator, base, f"{at}/period_params")
    return {
        name: {
            of: _one(indicator, base, override, f"{at}/{name}{pointer(of)}", faults)
            for of, override in getattr(indicator, name).items()
        }
        for name in ("per_unit_params", "period_params")
    }


def unit_faults(place: Place, units: Collection[str]) -> Iterator[Fault]:
    """Yield parameters of units that the indicator does not measure; `units` is the set of those
    of its category."""
    for unit in place.indicator.per_unit_params:
        if unit not in units:
            yield Fault(
                f"{place.at}/per_unit_params{pointer(unit)}",
                "other-category",
                f"{place.indicator.code} does not measure {unit}.",
                f"指标 {place.indicator.code} 不用于评估 {unit}。",
            )


def work(indicator: Indicator) -> int:
    """Return how many values are read for the overrides: each is read with all parameters."""
    overrides = len(indicator.per_unit_params) + len(indicator.period_params)
    return overrides and overrides * _size(indicator.params)


def _size(value: object) -> int:
    if isinstance(value, Mapping):
        return 1 + sum(map(_size, value.values()))
    return 1 + sum(map(_size, value)) if isinstance(value, list | tuple) else 1


def _periods(indicator: Indicator, base: Params, at: str) -> Iterator[Fault]:
    known = base.periods()
    for period, override in indicator.period_params.items():
        if "composite" in override:
            # It would put the constants of all units in the place of those of each.
            yield Fault(
                f"{at}{pointer(period)}/composite",
                "not-overridable",
                "The constants of a composite may differ by unit, not by period.",
                "综合指标的常数可按单位设定，不可按期间设定。",
            )
        if period not in known:
            yield Fault(
                at + pointer(period),
                "unknown-period",
                f"{indicator.code} scores no period {period}; it scores: "
                f"{', '.join(known) or '-'}.",
                f"{indicator.code} 不对期间 {period} 单独计分；单独计分的期间："
                f"{'、'.join(known) or '无'}。",
            )


def _one(
    indicator: Indicator, base: Params, override: Mapping[str, Any], at: str, faults: list[Fault]
) -> Mapping[str, Any]:
    whole = read(METHODS[indicator.method], _laid(indicator.params, override), at, faults)
    if whole is None:
        return override
    if whole.fixed() != base.fixed():
        faults += (
            Fault(
                at + pointer(name),
                "not-overridable",
                f"{name}: what is entered, and who is compared with whom, is the same for all.",
                f"{name}：录入内容与比较方式对所有单位、期间须一致。",
            )
            for name in _fixed(indicator, base, override)
        )
    field_of = fields_by_name(type(whole))
    return {name: written(getattr(whole, field_of[name])) for name in override}


def _fixed(indicator: Indicator, base: Params, override: Mapping[str, Any]) -> Iterator[str]:
    """Yield which of the parameters may not differ; all where only their union does."""
    found = list[str]()
    for name, value in override.items():
        alone = read(METHODS[indicator.method], _laid(indicator.params, {name: value}), "", [])
        if alone is not None and alone.fixed() != base.fixed():
            found.append(name)
    yield from found or override


def _laid(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(base)
    for name, value in over.items():
        under = laid.get(name)
        both = isinstance(value, Mapping) and isinstance(under, Mapping)
        laid[name] = _laid(under, value) if both and under is not None else value
    return laid
