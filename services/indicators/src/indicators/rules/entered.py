"""What is entered for an indicator by the unit's data source: under which keys, for which periods.

Only measured values: they are what a formula of another indicator may use once more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from indicators.rules.methods.blending import FULL_YEAR
from indicators.rules.methods.within_group import ENDINGS
from indicators.rules.scheme import Indicator

Inputs = Mapping[str, Mapping[str, Any]]
"""The inputs of a formula by their names, as they are stored."""

YEAR = ("",)
"""How the one period of what is entered for the whole year ends."""

_ANY: Sequence[str] = (
    *YEAR,
    *(ending for endings in ENDINGS.values() for ending in endings),
)


def formulas(indicator: Indicator) -> Iterator[tuple[str, Inputs]]:
    """Yield the inputs of the indicator's formula, if it has one, with the pointer to them."""
    if indicator.method == "expression":
        yield "/params/inputs", indicator.params["inputs"]
    if (composite := indicator.params.get("composite")) is not None:
        yield "/params/composite/inputs", composite["inputs"]


def formula_texts(indicator: Indicator) -> Iterator[str]:
    """Yield the formulas of an indicator as they were sent, before anything is known of them."""
    params = [indicator.params, *indicator.per_unit_params.values()]
    params += indicator.period_params.values()
    for each in (*params, *(p.get("composite") for p in params)):
        if isinstance(each, Mapping):
            texts = (each.get(name) for name in ("formula", "gate"))
            yield from (text for text in texts if isinstance(text, str))


def computed_for(indicator: Indicator) -> Sequence[str]:
    """Return how the periods end for which the indicator's formula is computed."""
    ranked = indicator.method == "rank_points"
    return (ranked and ENDINGS[indicator.params["period"]]) or YEAR


def values_of(indicator: Indicator) -> Mapping[str, Sequence[str]]:
    """Return the keys of the values without an item that are entered for an indicator, with how
    the periods end for which they are."""
    if indicator.children:
        return {}
    own = [name for _, inputs in formulas(indicator) for name in _measured(inputs)]
    if indicator.method == "expression" or indicator.params.get("composite") is not None:
        return dict.fromkeys((*own, *_volume(indicator)), computed_for(indicator))
    read = _VALUES.get(indicator.method)
    return {} if read is None else read(indicator)


def _measured(inputs: Inputs) -> Iterator[str]:
    for source in inputs.values():
        if source["from"] == "measured" and source["indicator"] is None:
            yield source["key"]


def _volume(indicator: Indicator) -> Sequence[str]:
    return () if indicator.params.get("minimum_volume") is None else ("volume",)


def _under(key: str) -> Callable[[Indicator], Mapping[str, Sequence[str]]]:
    return lambda _: {key: _ANY}


def _named(indicator: Indicator) -> Mapping[str, Sequence[str]]:
    return {indicator.params["input"]: _ANY}


def _ranked(indicator: Indicator) -> Mapping[str, Sequence[str]]:
    return dict.fromkeys(("value", *_volume(indicator)), computed_for(indicator))


def _blended(indicator: Indicator) -> Mapping[str, Sequence[str]]:
    return {component["key"]: _ANY for component in indicator.params["components"]}


def _by_period(indicator: Indicator) -> Mapping[str, Sequence[str]]:
    component, key = indicator.params["component"], "ratio"
    if component is not None:
        key = _key_of(component)
    endings = [("" if name == FULL_YEAR else name) for name in indicator.params["periods"]]
    return {key: endings}


def _inherited(indicator: Indicator) -> Mapping[str, Sequence[str]]:
    ordinary = indicator.params["otherwise"]
    keys = () if ordinary is None else (_key_of(ordinary),)
    return dict.fromkeys(("superior_loss", *keys), _ANY)


def _counted(indicator: Indicator) -> Mapping[str, Sequence[str]]:
    """Return the number of pieces; pieces with an identity are items, of which none is lent."""
    return {} if indicator.params["distinct"] else {"count": _ANY}


def _key_of(component: Mapping[str, Any]) -> str:
    key: str = component["params"].get("input") or _ACTUAL.get(component["method"], "value")
    return key


def _external(indicator: Indicator) -> Mapping[str, Sequence[str]]:
    kind = indicator.params["kind"]
    return {} if kind == "grade" else {kind: YEAR}


_ACTUAL: Mapping[str, str] = dict.fromkeys(
    ("ratio_to_target", "stepped_deduction", "baseline_growth", "pledge"), "actual"
)

_VALUES: Mapping[str, Callable[[Indicator], Mapping[str, Sequence[str]]]] = {
    **{method: _under(key) for method, key in _ACTUAL.items()},
    **dict.fromkeys(
        (
            "relative_to_best",
            "efficacy_linear",
            "efficacy_exp",
            "min_max",
            "z_score",
            "percentile_rank",
        ),
        _under("value"),
    ),
    "tiers": _named,
    "all_or_nothing": _named,
    "rank_points": _ranked,
    "blend": _blended,
    "periodic_weighted": _by_period,
    "count_points": _counted,
    "inherit_superior": _inherited,
    "external_result": _external,
}
