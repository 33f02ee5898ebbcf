"""What a method tells of one unit: its rule, the numbers put in, and the one rounding."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.exact import precise

_BRACKETS = str.maketrans("()[]", "（）［］")


MEANS_OF_OTHERS = (
    "mean of the scores of the category's units that have one",
    "mean of the scores of the sub-category's units that have one",
)
"""The rules of a score that those of others stand in for: of the category, of the sub-category."""


def label(word: str) -> str:
    """Return a word of the scheme as it may stand in the brackets behind a number."""
    return word.translate(_BRACKETS)


@dataclass(frozen=True, slots=True)
class Rounding:
    """The one rounding of a score: the exact value before, to how many places, and after."""

    value: Fraction
    places: int
    rounded: Decimal

    @property
    def exact(self) -> str:
        """The value before the rounding, as a person writes it; whole where that is cut."""
        return precise(self.value)


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """How a number comes about: a formula in words of the scheme, and with the numbers put in.

    `parts` are scores that were rounded before they were weighted or averaged, by name.
    """

    rule: str
    formula: str
    parts: "tuple[tuple[str, Narration], ...]" = ()


@dataclass(frozen=True, slots=True)
class Narration:
    """How a rounded score came about; `excess` are points lost beyond the indicator's own."""

    line: AppliedRule
    rounding: Rounding
    excess: Decimal = Decimal(0)

    @property
    def score(self) -> Decimal:
        """The score in points, after its rounding."""
        return self.rounding.rounded

    @property
    def rule(self) -> str:
        """The formula in words of the scheme."""
        return self.line.rule

    @property
    def formula(self) -> str:
        """The formula with the numbers put in."""
        return self.line.formula

    @property
    def parts(self) -> "tuple[tuple[str, Narration], ...]":
        """The scores that were rounded before, by name."""
        return self.line.parts


Tell = Callable[[int], AppliedRule]
"""Tells of the unit in a row how its number comes about."""
