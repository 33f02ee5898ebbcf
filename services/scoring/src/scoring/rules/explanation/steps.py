"""An explanation as it was stored: the steps from a total down to the ledger, to be read again."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from scoring.rules.methods.narration import MEANS_OF_OTHERS
from scoring.rules.methods.of_children import CAPPED_SUM

ONE = Fraction(1)

INDICATOR = "indicator"
SUM_OF_CHILDREN = "sum_children"

PART = "part"
"""What a block comes to in a total that is more than a plain sum of blocks."""

SHOWN_BLOCK = "shown_block"
"""A block that is scored and shown, and counts for nothing in the total."""

VETOED_BLOCK = "vetoed_block"
"""A block of the total that a veto has count for nothing, above the block as it was scored."""

WEIGHTS_THERE = "weights of the parts that are there"
"""What the weights of a category's parts come to, where they are scaled up to 1."""

CLAIM, EXCESS = "claim", "excess"

PART_KINDS = (INDICATOR, CLAIM, EXCESS)
"""The kinds of the steps that a total adds up."""

KINDS = (
    *("total", PART, "block", SHOWN_BLOCK, VETOED_BLOCK, "component", "adjustment"),
    *PART_KINDS,
)
"""The kinds of the steps of an explanation."""

_SUMS = frozenset({"total", PART, "block", SHOWN_BLOCK, "adjustment"})


@dataclass(frozen=True, slots=True)
class StepInput:
    """An input that a step took: from the ledger, a target, the category, a survey, the scheme."""

    name: str
    value: str
    source: str
    entries: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class BilingualText:
    """What is to be said, in English and in Chinese."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a stored explanation; `points` and `score` as the sheet shows them."""

    kind: str
    code: str
    name: str
    points: Decimal | None
    score: Decimal | None
    method: str | None
    rule: str | None
    formula: str | None
    excess: Decimal
    inputs: tuple[StepInput, ...]
    missing: tuple[BilingualText, ...]
    reason: BilingualText | None
    children: "tuple[Step, ...]"

    def walk(self) -> "Iterator[Step]":
        """Yield the step and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def indicators(self) -> "tuple[Step, ...]":
        """The indicators directly below."""
        return tuple(child for child in self.children if child.kind == INDICATOR)

    def entries(self) -> frozenset[UUID]:
        """Return the ledger entries that this step and those below rest on."""
        return frozenset(
            entry for step in self.walk() for one in step.inputs for entry in one.entries
        )

    def scoring(self) -> "Iterator[Step]":
        """Yield the steps here or below whose scores add up to this one's.

        Below a plain sum these are the children; a mean of its children adds up to nothing but
        itself, as do a sum with a cap or one that others stand in for, claims, and what a method is
        made of.
        """
        return (step for step, _ in self.weighed())

    def weighed(self, worth: Fraction = ONE) -> "Iterator[tuple[Step, Fraction]]":
        """Yield the same, each with what a point of it is worth here, as long as no cap cuts it."""
        parts = self.indicators if self.kind == INDICATOR else self.children
        if self.kind in _SUMS or (parts and self._adds_up()):
            for part in parts:
                if part.kind not in {SHOWN_BLOCK, VETOED_BLOCK}:
                    yield from part.weighed(worth * self._worth_of(part))
        else:
            yield self, worth

    def _worth_of(self, child: "Step") -> Fraction:
        """Return what a point of a child is worth here: in a part it is converted and weighed."""
        if self.kind != PART:
            return ONE
        said = {each.name: Fraction(each.value) for each in self.inputs}
        weight = said.get("weight", ONE) / said.get(WEIGHTS_THERE, ONE)
        if child.kind == "adjustment":
            return weight
        return weight * said.get("points", ONE) / said.get("scale", ONE)

    def _adds_up(self) -> bool:
        # Where points were moved, how it was scored stands one step below.
        ways = [self, *(step for step in self.children if step.kind != INDICATOR)]
        otherwise = (CAPPED_SUM, *MEANS_OF_OTHERS)
        apart = any((step.rule or "").startswith(otherwise) for step in ways)
        return self.method == SUM_OF_CHILDREN and not apart


def nothing(kind: str, code: str) -> Step:
    """Return a step that stands for one that is not there."""
    return Step(kind, code, "", None, None, None, None, None, Decimal(0), (), (), None, ())
