"""What changed between two versions of a scheme, in points."""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any, Literal, cast

from indicators.rules.methods.catalogue import METHODS
from indicators.rules.methods.parameters import read, written
from indicators.rules.numbers import plain
from indicators.rules.scheme import OWN_POLICIES, Category, Indicator, Place, Scheme, places

ChangeKind = Literal["added", "removed", "moved", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one indicator.

    `field` is what changed ("points", "params/step_ratio"), null for an indicator that came,
    went or moved; `before` and `after` are texts, for a move the places. `points_change` is the
    gain of the indicator in points, negative for a loss.
    """

    indicator: str
    name: str
    kind: ChangeKind
    field: str | None
    before: str | None
    after: str | None
    points_change: Decimal


@dataclass(frozen=True, slots=True)
class Reclassed:
    """A unit that is in another sub-category than before; null is in none."""

    unit: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CategoryDifference:
    """What changed within one category; its totals are null where it does not exist.

    `policies` are those that its units go by and that are not what they were, its own or the
    scheme's.
    """

    category: str
    total_before: Decimal | None
    total_after: Decimal | None
    units_added: tuple[str, ...]
    units_removed: tuple[str, ...]
    units_reclassed: tuple[Reclassed, ...]
    policies: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class SchemeDifferences:
    """What changed between two versions: per category, and which other sections differ."""

    categories: tuple[CategoryDifference, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _CategoryVersion:
    """A category as one of the two versions has it, and its indicators by code; null where it is
    not in that version."""

    category: Category | None
    placed: Mapping[str, Place]

    @property
    def total(self) -> Decimal | None:
        """The points of the category."""
        return self.category.total if self.category else None

    @property
    def units(self) -> tuple[str, ...]:
        """The units of the category."""
        return self.category.units if self.category else ()

    @property
    def classes(self) -> dict[str, str]:
        """The sub-category of each unit that is in one."""
        named = self.category.subcategories if self.category else ()
        return {unit: each.code for each in named for unit in each.units}


_ABSENT = _CategoryVersion(None, {})


def differences(before: Scheme | None, after: Scheme) -> SchemeDifferences:
    """Return what changed from `before` (null: there was no scheme) to `after`."""
    old, new = _versions(before) if before else {}, _versions(after)
    sections = tuple(
        field.name
        for field in fields(Scheme)
        if field.name != "categories"
        and (before is None or getattr(before, field.name) != getattr(after, field.name))
    )
    found = []
    for code in dict.fromkeys([*new, *old]):
        was, is_ = old.get(code, _ABSENT), new.get(code, _ABSENT)
        policies: tuple[str, ...] = ()
        if before is not None and was.category and is_.category:
            policies = tuple(
                _policies((before, was.category), (after, is_.category), usual=sections)
            )
        found.append(_category(code, was, is_, policies))
    return SchemeDifferences(tuple(filter(_is_change, found)), sections)


def _versions(scheme: Scheme) -> dict[str, _CategoryVersion]:
    """Return the categories of a version by code."""
    placed: dict[str, dict[str, Place]] = {}
    for place in places(scheme):
        placed.setdefault(place.category.code, {})[place.indicator.code] = place
    return {
        each.code: _CategoryVersion(each, placed.get(each.code, {})) for each in scheme.categories
    }


def _policies(
    before: tuple[Scheme, Category], after: tuple[Scheme, Category], usual: Collection[str]
) -> Iterator[str]:
    """Yield the policies that a category goes by and that are not what they were.

    `usual` are those that differ between the schemes: compared for each of thousands of
    categories again, they would take as long as there are categories.
    """
    for name in OWN_POLICIES:
        was, is_ = getattr(before[1], name), getattr(after[1], name)
        if was is None and is_ is None:
            differs = name in usual
        else:
            differs = (was or getattr(before[0], name)) != (is_ or getattr(after[0], name))
        if differs:
            yield name


def _is_change(difference: CategoryDifference) -> bool:
    return bool(
        difference.total_before != difference.total_after
        or difference.units_added
        or difference.units_removed
        or difference.policies
        or difference.units_reclassed
        or difference.changes
    )


def _category(
    code: str, old: _CategoryVersion, new: _CategoryVersion, policies: tuple[str, ...]
) -> CategoryDifference:
    had, has = dict.fromkeys(old.units), dict.fromkeys(new.units)
    of_old, of_new = old.classes, new.classes
    return CategoryDifference(
        category=code,
        total_before=old.total,
        total_after=new.total,
        units_added=tuple(unit for unit in has if unit not in had),
        units_removed=tuple(unit for unit in had if unit not in has),
        policies=policies,
        units_reclassed=tuple(
            Reclassed(unit, of_old.get(unit), of_new.get(unit))
            for unit in has
            if unit in had and of_old.get(unit) != of_new.get(unit)
        ),
        changes=tuple(
            change
            for indicator in dict.fromkeys([*new.placed, *old.placed])
            for change in _indicator(old.placed.get(indicator), new.placed.get(indicator))
        ),
    )


def _indicator(old: Place | None, new: Place | None) -> Iterator[Change]:
    if old is None and new is not None:
        points = new.indicator.points
        yield _change(new.indicator, "added", None, None, new.path, points)
    elif new is None and old is not None:
        points = old.indicator.points
        yield _change(old.indicator, "removed", None, old.path, None, -points)
    elif old is not None and new is not None:
        if old.path != new.path:
            yield _change(new.indicator, "moved", None, old.path, new.path, Decimal())
        yield from _fields(old.indicator, new.indicator)


def _change(
    indicator: Indicator,
    kind: ChangeKind,
    field: str | None,
    before: str | None,
    after: str | None,
    points: Decimal,
) -> Change:
    return Change(indicator.code, indicator.name, kind, field, before, after, points)


def _fields(old: Indicator, new: Indicator) -> Iterator[Change]:
    if any(getattr(old, name) != getattr(new, name) for name in ("params", *OVERRIDES)):
        old, new = _completed(old), _completed(new)
    before, after = _facts(old), _facts(new)
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            gain = new.points - old.points if name == "points" else Decimal()
            was, now = _text(before.get(name)), _text(after.get(name))
            yield _change(new, "changed", name, was, now, gain)


OVERRIDES = ("per_unit_params", "period_params")


def _completed(indicator: Indicator) -> Indicator:
    """Return it with parameters that were not known yet when it was stored, as they are by default.

    Otherwise a version that is saved again would seem to change all that it now writes out.
    """
    own: Mapping[str, Any] = indicator.params

    def whole(over: Mapping[str, Any]) -> Mapping[str, Any]:
        method = read(METHODS[indicator.method], {**own, **over}, "", [])
        return {**own, **over} if method is None else cast(Mapping[str, Any], written(method))

    def each(overrides: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
        found = {of: (over, whole(over)) for of, over in overrides.items()}
        return {of: {name: known[name] for name in over} for of, (over, known) in found.items()}

    return replace(
        indicator,
        params=whole({}),
        per_unit_params=each(indicator.per_unit_params),
        period_params=each(indicator.period_params),
    )


def _facts(indicator: Indicator) -> dict[str, Any]:
    facts = {
        field.name: getattr(indicator, field.name)
        for field in fields(indicator)
        if field.name not in {"code", "params", "children"}
    }
    return facts | {f"params/{name}": value for name, value in indicator.params.items()}


def _text(value: Any) -> str | None:  # noqa: ANN401 - any fact of an indicator
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any part of an indicator
    if isinstance(value, dt.date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else asdict(value)
