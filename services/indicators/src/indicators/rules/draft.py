"""What a scheme must be before it is stored: every value of its kind, every parameter known.

Whether the whole adds up is asked when it is published; a draft may still be incomplete.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import islice, pairwise
from typing import Any

from chassis.refusals import Fault, Invalid, pointer
from indicators.rules import lineage, surveys, tags
from indicators.rules.defaults import filled
from indicators.rules.dependencies import dependency_faults
from indicators.rules.methods.catalogue import METHODS, method_params
from indicators.rules.overrides import overridden, unit_faults, work
from indicators.rules.panels import panel_faults
from indicators.rules.policies import Part, PlacesByPoints, Survey
from indicators.rules.questions import completed
from indicators.rules.scheme import (
    Indicator,
    Place,
    Scheme,
    places,
    places_by_category,
)
from indicators.rules.values import Prose, Word, kinds

ENOUGH = 1_000
"""After so many faults no more are looked for: nobody reads them, and they fill the memory."""

MOST_ROWS = 100
"""The most rows of places by points; each indicator is looked up in them."""

MOST_OVERRIDDEN = 300_000
"""How many values may be read for overrides; a hundred units in fifty indicators take 75,000."""

MOST_FORMULAS = 100_000
"""The most characters of all formulas together, each counted once; a thousand take a twentieth of
a second to read, and a large scheme has some ten thousand."""


class SchemeFaulty(Invalid):
    """The scheme has values or parameters that no version of it may have."""

    zh = "方案中存在不允许的取值或参数。"
    remedy = (
        "Mend the places that `errors` names; `scheme-checks` tries a scheme without keeping it.",
        "请改正 `errors` 所指各处；可先用 `scheme-checks` 检查方案而不保存。",
    )


def complete(scheme: Scheme, at: str = "") -> Scheme:
    """Return the scheme in its one exact form, or refuse it with all its faults at once.

    Numbers lose trailing zeros and parameters gain their defaults, so that equal schemes are
    equal documents. `at` is the JSON pointer to the scheme in what was sent.
    """
    scheme = filled(scheme)
    _check_overrides(scheme, at)
    _check_formulas(scheme, at)
    faults: list[Fault] = []
    exact: Scheme = _checked(scheme, at, faults)
    faults += (_from(at, fault) for fault in islice(_built(scheme), ENOUGH))
    if not faults:
        # Only complete parameters tell what a formula is computed from.
        found = islice(dependency_faults(exact), ENOUGH)
        faults += (_from(at, fault) for fault in found)
    if faults:
        raise _faulty(faults)
    return exact


def _faulty(faults: list[Fault]) -> SchemeFaulty:
    n, some = len(faults), len(faults) >= ENOUGH
    return SchemeFaulty(
        f"The scheme has {'at least ' if some else ''}{n} fault(s).",
        f"方案有{'至少' if some else ''} {n} 处错误。",
        faults=faults,
    )


def _check_overrides(scheme: Scheme, at: str) -> None:
    """Refuse more overrides than can be read while somebody waits."""
    if sum(work(place.indicator) for place in places(scheme)) > MOST_OVERRIDDEN:
        en = f"Overrides and what lies below come to more than {MOST_OVERRIDDEN:,} values."
        zh = f"按单位、按期间设定的参数及其覆盖的参数合计超过 {MOST_OVERRIDDEN:,} 项。"
        raise SchemeFaulty(en, zh, faults=[Fault(at, "too-many-overrides", en, zh)])


def _check_formulas(scheme: Scheme, at: str) -> None:
    """Refuse more formulas than can be read while somebody waits; one that recurs is read once."""
    written = {text for place in places(scheme) for text in _formulas(place.indicator)}
    if sum(map(len, written)) > MOST_FORMULAS:
        en = f"The formulas come to more than {MOST_FORMULAS:,} characters."
        zh = f"公式合计超过 {MOST_FORMULAS:,} 个字符。"
        raise SchemeFaulty(en, zh, faults=[Fault(at, "too-many-formulas", en, zh)])


def _formulas(indicator: Indicator) -> Iterator[str]:
    """Yield the formulas of an indicator as they were sent, before anything is known of them."""
    params = [indicator.params, *indicator.per_unit_params.values()]
    params += indicator.period_params.values()
    for each in (*params, *(p.get("composite") for p in params)):
        if isinstance(each, Mapping):
            texts = (each.get(name) for name in ("formula", "gate"))
            yield from (text for text in texts if isinstance(text, str))


def _built(scheme: Scheme) -> Iterator[Fault]:
    yield from _rounding(scheme.rounding.by_points, pointer("rounding", "by_points"))
    yield from tags.limit_faults(scheme)
    yield from lineage.limit_faults(scheme)
    yield from panel_faults(scheme)
    yield from surveys.shape_faults(scheme)
    known = {survey.code for survey in scheme.surveys}
    for category, inside in places_by_category(scheme):
        units = frozenset(category.units)
        for place in inside:
            yield from _structure(place)
            yield from _survey(place, known)
            yield from unit_faults(place, units)


def _from(at: str, fault: Fault) -> Fault:
    return replace(fault, pointer=at + fault.pointer)


def _checked(value: Any, at: str, faults: list[Fault]) -> Any:  # noqa: ANN401 - any part
    if isinstance(value, Part):
        return _part(value, at, faults)
    if isinstance(value, tuple):
        return tuple(_checked(item, at + pointer(i), faults) for i, item in enumerate(value))
    if isinstance(value, Mapping):
        return {
            _key(key, at, faults): _checked(v, at + pointer(key), faults)
            for key, v in value.items()
        }
    return Prose().read(value, at, faults)


def _key(key: str, at: str, faults: list[Fault]) -> str:
    Word().read(key, at + pointer(key), faults)
    return key


def _part(part: Any, at: str, faults: list[Fault]) -> Any:  # noqa: ANN401 - any part
    if len(faults) >= ENOUGH:
        raise _faulty(faults)
    if isinstance(part, Survey):
        part = completed(part, at, faults)
    known = kinds(type(part))
    exact = {}
    for field in fields(part):
        value, here = getattr(part, field.name), at + pointer(field.name)
        reader = known.get(field.name)
        exact[field.name] = (
            reader.read(value, here, faults) if reader else _checked(value, here, faults)
        )
    if isinstance(part, Indicator):
        params = method_params(part.method, part.params, f"{at}/params", faults)
        exact |= {"params": params, **overridden(replace(part, params=params), at, faults)}
    return replace(part, **exact)


def _rounding(rows: Sequence[PlacesByPoints], at: str) -> Iterator[Fault]:
    """Yield rows of places by points that a former one hides, or too many of them."""
    if len(rows) > MOST_ROWS:
        yield Fault(at, "too-many", f"At most {MOST_ROWS} are taken.", f"最多 {MOST_ROWS} 项。")
        return
    for i, (former, later) in enumerate(pairwise(rows), 1):
        if later.from_points >= former.from_points:
            yield Fault(
                f"{at}/{i}",
                "rows-out-of-order",
                "The rows go from many points to few, each once.",
                "各行须按起始分值由高到低排列，不得重复。",
            )


def _structure(place: Place) -> Iterator[Fault]:
    indicator = place.indicator
    over_children = METHODS[indicator.method].of_children
    if over_children and not indicator.children:
        yield Fault(
            f"{place.at}/children",
            "children-missing",
            f"{indicator.code} is scored by its children and has none.",
            f"{indicator.code} 按下级指标计分，但没有下级指标。",
        )
    if indicator.children and not over_children:
        yield Fault(
            f"{place.at}/method",
            "children-unused",
            f"{indicator.code} has children, so its method is sum_children or mean_children.",
            f"{indicator.code} 有下级指标，计分办法应为 `sum_children` 或 `mean_children`。",
        )
    yield from _weights(place)


def _weights(place: Place) -> Iterator[Fault]:
    weights = place.indicator.params.get("weights")
    if place.indicator.method != "mean_children" or not isinstance(weights, Mapping):
        return
    if set(weights) != {child.code for child in place.indicator.children}:
        yield Fault(
            f"{place.at}/params/weights",
            "weights-of-children",
            "Each child has a weight, and nothing else has one.",
            "每个下级指标须有且仅有一个权重。",
        )


def _survey(place: Place, surveys: set[str]) -> Iterator[Fault]:
    if place.indicator.method != "survey_score":
        return
    wanted = place.indicator.params.get("survey")
    if isinstance(wanted, str) and wanted not in surveys:
        yield Fault(
            f"{place.at}/params/survey",
            "unknown-survey",
            f"The scheme has no survey {wanted}.",
            f"方案中没有调查 {wanted}。",
        )
