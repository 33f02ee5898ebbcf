"""What a scheme must be before it is stored: every value of its kind, every parameter known.

Whether the whole adds up is asked when it is published; a draft may still be incomplete.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from chassis.refusals import Fault, Invalid, pointer
from indicators.rules.methods.catalogue import method_params
from indicators.rules.policies import Part
from indicators.rules.scheme import Indicator, Place, Scheme, places
from indicators.rules.values import Prose, Word, kinds


class SchemeFaulty(Invalid):
    """The scheme has values or parameters that no version of it may have."""

    zh = "方案中存在不允许的取值或参数。"


def complete(scheme: Scheme, at: str = "") -> Scheme:
    """Return the scheme in its one exact form, or refuse it with all its faults at once.

    Numbers lose trailing zeros and parameters gain their defaults, so that equal schemes are
    equal documents. `at` is the JSON pointer to the scheme in what was sent.
    """
    faults: list[Fault] = []
    exact: Scheme = _checked(scheme, at, faults)
    for place in places(scheme):
        faults += _structure(place, at)
        faults += _survey(place, {survey.code for survey in scheme.surveys}, at)
    if faults:
        n = len(faults)
        raise SchemeFaulty(f"The scheme has {n} fault(s).", f"方案有 {n} 处错误。", faults=faults)
    return exact


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
    known = kinds(type(part))
    exact = {}
    for field in fields(part):
        value, here = getattr(part, field.name), at + pointer(field.name)
        reader = known.get(field.name)
        exact[field.name] = (
            reader.read(value, here, faults) if reader else _checked(value, here, faults)
        )
    if isinstance(part, Indicator):
        exact["params"] = method_params(part.method, part.params, f"{at}/params", faults)
    return replace(part, **exact)


def _structure(place: Place, at: str) -> Iterator[Fault]:
    indicator = place.indicator
    sums = indicator.method == "sum_children"
    if sums and not indicator.children:
        yield Fault(
            f"{at}{place.at}/children",
            "children-missing",
            f"{indicator.code} sums its children and has none.",
            f"{indicator.code} 按下级指标求和，但没有下级指标。",
        )
    if indicator.children and not sums:
        yield Fault(
            f"{at}{place.at}/method",
            "children-unused",
            f"{indicator.code} has children, so its method is sum_children.",
            f"{indicator.code} 有下级指标，计分办法应为 sum_children。",
        )


def _survey(place: Place, surveys: set[str], at: str) -> Iterator[Fault]:
    if place.indicator.method != "survey_score":
        return
    wanted = place.indicator.params.get("survey")
    if isinstance(wanted, str) and wanted not in surveys:
        yield Fault(
            f"{at}{place.at}/params/survey",
            "unknown-survey",
            f"The scheme has no survey {wanted}.",
            f"方案中没有调查 {wanted}。",
        )
