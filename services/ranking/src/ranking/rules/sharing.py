"""Whole numbers and money shared out exactly: by largest remainders, by months, over a budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Shared:
    """What each gets of a whole number, and who had equal remainders where not all got one more."""

    parts: dict[str, int]
    tied: tuple[str, ...] = ()


def largest_remainder(
    total: int, weights: Mapping[str, Decimal | Fraction], most: Mapping[str, int] | None = None
) -> Shared:
    """Return a whole number shared out in proportion to weights (最大余额法), no part above `most`.

    The parts sum to the number, or to all that there is room for. Of equal remainders the greater
    weight comes first, then the code; whoever is equal in both is named as tied. Without any weight
    all weigh alike.
    """
    room = {code: total if most is None else most[code] for code in weights}
    total = min(total, sum(room.values()))
    exact, full = _exact(weights), dict[str, int]()
    while True:
        free = {code: weight for code, weight in exact.items() if code not in full}
        found = _shared(total - sum(full.values()), free)
        over = {code: room[code] for code, part in found.parts.items() if part > room[code]}
        if not over:
            return Shared({c: (full | found.parts)[c] for c in weights}, found.tied)
        full |= over


def _exact(weights: Mapping[str, Decimal | Fraction]) -> dict[str, Fraction]:
    exact = {code: Fraction(weight) for code, weight in weights.items()}
    return exact if any(exact.values()) else dict.fromkeys(exact, Fraction(1))


def _shared(total: int, weights: Mapping[str, Fraction]) -> Shared:
    every = sum(weights.values())
    if not every:  # nothing weighs anything but what is full
        weights, every = dict.fromkeys(weights, Fraction(1)), Fraction(len(weights))
    exact = {code: total * weight / every for code, weight in weights.items()} if every else {}
    parts = {code: int(share) for code, share in exact.items()}
    left = total - sum(parts.values())

    def first(code: str) -> tuple[Fraction, Fraction]:
        return parts[code] - exact[code], -weights[code]

    order = sorted(exact, key=lambda code: (*first(code), code))
    for code in order[:left]:
        parts[code] += 1
    tied: tuple[str, ...] = ()
    if 0 < left < len(order) and _same(order[left - 1], order[left], exact, weights):
        at = order[left]
        tied = tuple(code for code in order if _same(code, at, exact, weights))
    return Shared(parts, tied)


def _same(
    one: str, other: str, exact: Mapping[str, Fraction], weights: Mapping[str, Fraction]
) -> bool:
    equal = exact[one] - int(exact[one]) == exact[other] - int(exact[other])
    return equal and weights[one] == weights[other]


@dataclass(frozen=True, slots=True)
class Claimant:
    """Money that a unit's people would get at coefficient 1 in a year, and for how many months of
    it they are the unit's: whoever moved counts in each unit for the months there."""

    unit: str
    base: Decimal
    coefficient: Decimal
    months: int = MONTHS


@dataclass(frozen=True, slots=True)
class Bonus:
    """What each claimant gets, in cents of the currency, in their order; what they would have got
    without a budget; and by how much the best differs from the worst, as a share of the best."""

    amounts: tuple[Decimal, ...]
    wanted: Decimal
    spread: Decimal | None
    scaled: bool = False

    @property
    def total(self) -> Decimal:
        """What is paid."""
        return sum(self.amounts, Decimal(0))


CENT = Decimal("0.01")


def bonus(claimants: Sequence[Claimant], budget: Decimal) -> Bonus:
    """Return the bonus of each: base by coefficient by months out of twelve, rounded down to
    cents; where they would exceed the budget, scaled down so that they sum to it."""
    exact = [
        Fraction(each.base) * Fraction(each.coefficient) * each.months / MONTHS
        for each in claimants
    ]
    every = sum(exact, Fraction(0))
    scaled = every > Fraction(budget)
    if not scaled:
        amounts = [Decimal(int(each * 100)) * CENT for each in exact]
    else:
        cents = int(budget * 100)
        names = {f"{place:09d}": share for place, share in enumerate(exact)}
        parts = largest_remainder(cents, names).parts
        amounts = [Decimal(parts[name]) * CENT for name in names]
    wanted = Decimal(int(every * 100)) * CENT
    return Bonus(tuple(amounts), wanted, _spread(claimants), scaled)


def _spread(claimants: Sequence[Claimant]) -> Decimal | None:
    paid = [each for each in claimants if each.base]
    held = {each.coefficient for each in paid}
    if len({each.unit for each in paid}) < 2 or not max(held):
        return None
    share = Fraction(max(held) - min(held)) / Fraction(max(held))
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal("0.0001"))


def quota(heads: int, rate: Decimal) -> int:
    """Return how many of so many people may be excellent (优秀等次名额), rounded down."""
    return int((rate * heads).to_integral_value(ROUND_FLOOR))
