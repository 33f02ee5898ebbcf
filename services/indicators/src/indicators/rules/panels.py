"""Panels (评委组) of a scheme: their seats, and what the indicators that name them ask of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from chassis import persons
from chassis.refusals import Fault, pointer
from indicators.rules.methods.catalogue import method_of
from indicators.rules.methods.judged import QualitativePanel
from indicators.rules.methods.parameters import unless
from indicators.rules.policies import Panel
from indicators.rules.scheme import Category, Place, Scheme, places, places_by_category

MOST_PANELS = 100
MOST_SEATS = 100

JUDGED = "qualitative_panel"
"""The method whose marks are given from seats."""


def panel_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield panels that nobody could mark from, and indicators that no panel could mark.

    Parameters that cannot be read are somebody else's to name.
    """
    yield from _too_many(scheme.panels, MOST_PANELS, "/panels")
    yield from _repeated((panel.code for panel in scheme.panels), "/panels", "code")
    for p, panel in enumerate(scheme.panels):
        yield from _seats(panel, pointer("panels", p, "seats"))
    known = {panel.code: len(panel.seats) for panel in scheme.panels}
    for place in places(scheme):
        wanted = place.indicator.params.get("panel")
        if place.indicator.method != JUDGED or not isinstance(wanted, str):
            continue
        at = f"{place.at}/params"
        yield from unless(
            wanted in known,
            f"{at}/panel",
            "unknown-panel",
            f"The scheme has no panel {wanted}.",
            f"方案中没有评委组 {wanted}。",
        )
        for params in (place.indicator.params, *place.indicator.per_unit_params.values()):
            method = _read(place, params)
            if method is not None and wanted in known:
                yield from method.too_few(known[wanted], at)


def marking_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield panels of which too few seats are left to mark one of the units, and rubrics that
    have too few marks to tell the units of a category apart."""
    panels = {panel.code: panel for panel in scheme.panels}
    for category, inside in places_by_category(scheme):
        own = {code: _most_of_one_unit(panel, category) for code, panel in panels.items()}
        for place in inside:
            if place.indicator.method == JUDGED:
                yield from _marking(place, category, panels, own)


def _most_of_one_unit(panel: Panel, category: Category) -> int:
    """Return how many seats at most belong to one and the same unit of a category."""
    units = frozenset(category.units)
    return max(Counter(s.unit for s in panel.seats if s.unit in units).values(), default=0)


def _marking(
    place: Place, category: Category, panels: Mapping[str, Panel], own: Mapping[str, int]
) -> Iterator[Fault]:
    method = cast(QualitativePanel, method_of(place.indicator))
    if method.panel is not None and method.exclude_own_unit and own[method.panel]:
        left = len(panels[method.panel].seats) - own[method.panel]
        yield from unless(
            left > 2 * method.trim and left >= (method.min_marks or 1),
            f"{place.at}/params/panel",
            "too-few-seats-left",
            f"A unit of {category.code} holds {own[method.panel]} seats of {method.panel} and is "
            f"not marked from them; the other {left} are too few.",
            f"{category.code} 中有单位占 {method.panel} 的 {own[method.panel]} 个席位，须回避，"
            f"其余 {left} 个席位不足以评分。",
        )
    marks, units = method.marks(), len(category.units)
    yield from unless(
        not method.distinct_marks or marks is None or marks >= units,
        f"{place.at}/params/distinct_marks",
        "too-few-marks",
        f"{marks} marks cannot tell {units} units apart.",
        f"评分标准只有 {marks} 个分值，不足以区分 {units} 个单位。",
    )


def criteria_faults(scheme: Scheme, published: Iterable[Scheme]) -> Iterator[Fault]:
    """Yield indicators whose criteria (评分标准) are not those that were published before.

    Marks are given by what was published: criteria that came after them would be made to fit.
    """
    before = dict[tuple[str, str], object]()
    for one in published:
        for place, method in _judged(one):
            if method.panel is not None or method.rubric is not None:
                before.setdefault(_key(place), method.criteria())
    for place, method in _judged(scheme) if before else ():
        code = place.indicator.code
        yield from unless(
            before.get(_key(place), method.criteria()) == method.criteria(),
            f"{place.at}/params",
            "criteria-changed",
            f"Scale and rubric of {code} have been published, and marks may rest on them; others "
            "need another indicator.",
            f"{code} 的满分与评分标准已经公布，可能已据以评分；如须变更，请另设指标。",
        )


def _key(place: Place) -> tuple[str, str]:
    return place.category.code, place.indicator.code


def _judged(scheme: Scheme) -> Iterator[tuple[Place, QualitativePanel]]:
    for place in places(scheme):
        if place.indicator.method == JUDGED and (method := _read(place, {})) is not None:
            yield place, method


def _read(place: Place, over: Mapping[str, object]) -> QualitativePanel | None:
    """Return the method as a unit's own parameters make it; None where they have faults."""
    try:
        return cast(QualitativePanel, method_of(place.indicator, over))
    except ValueError:
        return None


def _seats(panel: Panel, at: str) -> Iterator[Fault]:
    yield from _too_many(panel.seats, MOST_SEATS, at)
    yield from unless(
        bool(panel.seats),
        at,
        "no-seats",
        f"{panel.code} has no seats.",
        f"评委组 {panel.code} 没有席位。",
    )
    yield from _repeated((seat.seat for seat in panel.seats), at, "seat")
    # Accounts that differ in letters alone are one person's.
    yield from _repeated((persons.folded(seat.account) for seat in panel.seats), at, "account")


def _too_many(listed: tuple[object, ...], most: int, at: str) -> Iterator[Fault]:
    yield from unless(
        len(listed) <= most,
        at,
        "too-many",
        f"At most {most} are taken.",
        f"最多 {most} 项。",
    )


def _repeated(names: Iterable[str], at: str, field: str) -> Iterator[Fault]:
    seen = set[str]()
    for i, name in enumerate(names):
        yield from unless(
            name not in seen,
            f"{at}/{i}/{field}",
            "named-twice",
            f"The {field} {name} has been named before.",
            f"{name} 重复出现。",
        )
        seen.add(name)
