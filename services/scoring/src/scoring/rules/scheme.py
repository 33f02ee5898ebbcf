"""What scoring reads of a scheme and its surroundings: frozen values, in the scheme's own order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.rules.params import Params

OWN_UNIT = "own_unit"
"""The data source of an indicator that every unit reports itself."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured thing worth `points`; with children it is worth what they sum to."""

    code: str
    name: str
    points: Decimal
    method: str
    params: Params
    data_source_unit: str
    allow_exceed: bool = False
    children: "tuple[Indicator, ...]" = ()

    def walk(self) -> "Iterator[Indicator]":
        """Yield the indicator and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a category's total, such as the function part, in points."""

    code: str
    name: str
    points: Decimal
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """Units that are compared with one another, by the same indicators."""

    code: str
    name: str
    units: tuple[str, ...]
    blocks: tuple[Block, ...]

    def indicators(self) -> dict[str, Indicator]:
        """Return every indicator of the category by its code, parents and children."""
        tops = (indicator for block in self.blocks for indicator in block.indicators)
        return {each.code: each for top in tops for each in top.walk()}


@dataclass(frozen=True, slots=True)
class Composition:
    """Which blocks make the base total, and what is added to it; `max_total` in points."""

    parts: tuple[str, ...]
    bonus: bool
    deductions: bool
    max_total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BonusRule:
    """An award of this level by these authorities is worth `points`."""

    code: str
    level: str
    points: Decimal
    authorities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeductionRule:
    """A criticism of this kind costs `points`."""

    code: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Adjustments:
    """Bonus and deductions: the window of document dates (both ends included), rules and caps."""

    opens: date
    closes: date
    carry_over: str
    bonus_rules: tuple[BonusRule, ...]
    bonus_same_event: str
    bonus_cap: Decimal | None
    bonus_requires: frozenset[str]
    deduction_rules: tuple[DeductionRule, ...]
    deduction_same_event: str
    deduction_cap: Decimal | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """The published scheme, as far as scoring needs it."""

    assessment_year: int
    places: int
    zero_report_required: bool
    categories: tuple[Category, ...]
    composition: Composition
    adjustments: Adjustments

    def category_of(self) -> dict[str, Category]:
        """Return the category of every assessed unit."""
        return {unit: category for category in self.categories for unit in category.units}


@dataclass(frozen=True, slots=True)
class Target:
    """What a unit is to reach in an indicator, or in one `item` of it, and where it starts from."""

    unit: str
    indicator: str
    item: str | None
    target: Decimal | None
    baseline: Decimal | None


@dataclass(frozen=True, slots=True)
class UnitName:
    """A name of a unit, legal or alias, valid from a day until just before another."""

    unit: str
    name: str
    valid_from: date
    valid_to: date | None
