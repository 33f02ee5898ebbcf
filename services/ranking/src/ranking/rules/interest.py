"""Who may decide about a category, and who may read of it before its release (回避).

Whoever belongs to a unit of a category competes in it: nobody decides about competitors, nor about
the own unit. Where the performance office's own unit is one of the category, the second body that
the scheme names takes the office's place.
"""

from collections.abc import Collection
from dataclasses import dataclass

from chassis.refusals import Forbidden
from ranking.rules.scheme import Scheme

OFFICE = "performance_office"
SECOND_BODY = "second_body"

DECIDERS = frozenset({"committee", "standing_committee", "vice_mayor"})
"""The roles that read every category before its release but the one of the own unit."""

READERS_AT_WORK = frozenset({OFFICE, "auditor"})
"""The roles that read every category before its release: one computes it, one checks it."""


class DeciderBarred(Forbidden):
    """The caller may not decide about some of these units, or about their category."""

    zh = "调用者须回避，不能对其中部分单位或该类别作出决定。"
    remedy = (
        "Have it decided by somebody of another unit, or by the body that the scheme names for "
        "recusals.",
        "请由其他单位的人员，或方案规定的回避事项办理机构办理。",
    )


class ReadAfterRelease(Forbidden):
    """The caller reads of this category once it has been released."""

    zh = "该类别的结果须待公布后，调用者方可查阅。"
    remedy = (
        "Ask again once the category has been released.",
        "请在该类别公布后查阅。",
    )


def category_units(scheme: Scheme, unit: str) -> tuple[str, ...]:
    """Return all units of the category that a unit is assessed in; none where it is in none."""
    category = scheme.category_of(unit)
    return category.units if category else ()


def second_bodies(scheme: Scheme, units: Collection[str] | None = None) -> frozenset[str]:
    """Return who takes the office's place about a category of these units, nobody mostly; without
    units whoever does about any."""
    named = scheme.recusals
    return frozenset(each.body for each in named if units is None or each.unit in units)


def relations_of(bodies: Collection[str], unit: str | None) -> frozenset[str]:
    """Return `second_body` when the caller's unit is one of the second bodies."""
    return frozenset({"second_body"} if unit in bodies else ())


def check_interest(units: Collection[str], unit: str | None) -> None:
    """Refuse a caller whose unit is one of the category."""
    if unit in units:
        raise DeciderBarred(
            f"The caller's unit {unit} is assessed in this category.",
            f"调用者所在单位{unit}参评该类别。",
            cause="own-category",
        )


def check_office(bodies: Collection[str], unit: str | None, roles: Collection[str]) -> None:
    """Refuse the office where a second body decides in its place."""
    if bodies and not (SECOND_BODY in roles and unit in bodies):
        named = ", ".join(sorted(bodies))
        raise DeciderBarred(
            f"In this category {named} decides in the office's place.",
            f"该类别的事项由{'、'.join(sorted(bodies))}办理。",
            cause="recused",
        )


@dataclass(frozen=True, slots=True)
class HiddenResults:
    """What a caller does not see before its release: categories by code, their units, and
    whatever the own unit was in when it was ranked."""

    categories: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    unit: str | None = None

    def check(self, category: str, units: Collection[str]) -> None:
        """Refuse to show a category that is hidden, or was of the own unit."""
        if category in self.categories or self.unit in units:
            raise ReadAfterRelease("Wait for its release.", "请待公布后查阅。")


def is_limited(unit: str | None, roles: Collection[str]) -> bool:
    """Say whether it depends on the scheme what a caller sees."""
    held = frozenset(roles)
    return not held & READERS_AT_WORK and (unit is not None or SECOND_BODY in held)


def sight_of(scheme: Scheme, unit: str | None, roles: Collection[str]) -> HiddenResults:
    """Return what such a caller does not see: who decides, the own category; a second body, all
    in which it does not take the office's place."""
    decides = DECIDERS & frozenset(roles)
    hidden = [
        each
        for each in scheme.categories
        if unit in each.units or not (decides or unit in second_bodies(scheme, each.units))
    ]
    return HiddenResults(
        frozenset(each.code for each in hidden),
        frozenset(one for each in hidden for one in each.units),
        unit,
    )
