"""Special targets (专项目标): bonuses that hang on how many units of the category lost or won.

Where a rule has such conditions its claims count only when enough units have lost points by the
deductions that it names, for few enough units, and for no more than was lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal
from uuid import UUID

from scoring.rules.claims.checks import NOTHING, Claim, ClaimContext, Why
from scoring.rules.columns.exact import show
from scoring.rules.scheme.document import BonusRule, Special

CONDITIONS_NOT_MET: Final = "rejected_conditions_not_met"
IN_PART: Final = "accepted_in_part"

Worth = tuple[Claim, Decimal]
"""A claim and what it is worth, below 0 for a deduction."""

Held = tuple[Literal["rejected_conditions_not_met", "accepted_in_part"], Decimal, Why]
"""What becomes of a claim that such a condition cuts."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The claims of a category by one rule, its deductions, and how many units there are."""

    rule: BonusRule
    claims: Sequence[Worth]
    deductions: Sequence[Worth]
    size: int


def conditions(
    bonus: Iterable[Worth], deductions: Iterable[Worth], context: ClaimContext
) -> dict[UUID, Held]:
    """Return what becomes of the claims for bonus that conditions of their rules cut."""
    lost, groups = list(deductions), dict[tuple[str, str], list[Worth]]()
    rules = dict[tuple[str, str], BonusRule]()
    for claim, worth in bonus:
        rule, category = context.rule_of(claim), context.category_of(claim.unit)
        if category and isinstance(rule, BonusRule) and rule.special:
            rules[category, rule.code] = rule
            groups.setdefault((category, rule.code), []).append((claim, worth))
    held = dict[UUID, Held]()
    for key, rule in rules.items():
        members = context.members(key[0])
        named = [each for each in lost if each[0].unit in members]
        held |= _held(_Group(rule, groups[key], named, len(members)), context.scheme.places)
    return held


def _lost(deductions: Iterable[Worth], special: Special) -> dict[str, Decimal]:
    found = dict[str, Decimal]()
    for claim, worth in deductions:
        if claim.rule in special.deductions and worth:
            found[claim.unit] = found.get(claim.unit, NOTHING) + abs(worth)
    return found


def _held(group: _Group, places: int) -> dict[UUID, Held]:
    """Return what a rule's conditions cut, one after the other: enough units that lost points, few
    enough that gain some, and no more than was lost."""
    special, kept = group.rule.special or Special(), list(group.claims)
    lost = _lost(group.deductions, special)
    if special.hit_above is not None and len(lost) <= special.hit_above * group.size:
        return _all_out(kept, _too_few(group.rule, special.hit_above))
    held = dict[UUID, Held]()
    if special.units_to is not None:
        winners = _within(kept, int(special.units_to * group.size))
        out = [each for each in kept if each[0].unit not in winners]
        held = _all_out(out, _too_many(group.rule, special.units_to))
        kept = [each for each in kept if each[0].unit in winners]
    if special.matching:
        held |= _matched(kept, sum(lost.values(), NOTHING), places)
    return held


def _within(claims: Iterable[Worth], most: int) -> set[str]:
    """Return the units that may gain: those with most, and of equal ones all or none."""
    worth = dict[str, Decimal]()
    for claim, points in claims:
        worth[claim.unit] = worth.get(claim.unit, NOTHING) + points
    if len(worth) <= most:
        return {*worth}
    line = sorted(worth.values(), reverse=True)[most]
    return {unit for unit, points in worth.items() if points > line}


def _matched(kept: Sequence[Worth], lost: Decimal, places: int) -> dict[UUID, Held]:
    """Return the claims each cut in the same part, where they come to more than was lost."""
    total = sum((points for _, points in kept), NOTHING)
    if total <= lost:
        return {}
    why = Why(
        "more_than_was_lost",
        "Bonuses by such a rule come to no more than its deductions together; each is cut in the "
        "same part.",
        "此类加分合计不超过相应扣分合计，超出的按同一比例核减。",
    )
    part, unit = Fraction(lost) / Fraction(total), Decimal(1).scaleb(-places)
    return {
        claim.claim_id: (IN_PART, Decimal(Fraction(points) * part // Fraction(unit)) * unit, why)
        for claim, points in kept
    }


def _all_out(claims: Iterable[Worth], why: Why) -> dict[UUID, Held]:
    return {claim.claim_id: (CONDITIONS_NOT_MET, NOTHING, why) for claim, _ in claims}


def _too_few(rule: BonusRule, above: Decimal) -> Why:
    most = show(above * 100)
    return Why(
        "too_few_units_lost",
        f"Rule {rule.code} gives points only where more than {most} % of the units lost some.",
        f"规则“{rule.code}”仅在被扣分单位超过{most}%时加分。",
        {"rule": rule.code, "percent": most},
    )


def _too_many(rule: BonusRule, to: Decimal) -> Why:
    most = show(to * 100)
    return Why(
        "too_many_units_gain",
        f"By rule {rule.code} at most {most} % of the units gain points; those with most, and of "
        "equal ones all or none.",
        f"规则“{rule.code}”加分单位不超过{most}%，按分值从高到低；分值相同的同进同退。",
        {"rule": rule.code, "percent": most},
    )
