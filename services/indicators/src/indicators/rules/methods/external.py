"""What a superior or another system found: stored with its document, converted to points."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from chassis.refusals import Fault
from indicators.rules.forms import ANY_PERIOD, YEAR, EntryForm
from indicators.rules.methods.against_target import Tier, tier_faults
from indicators.rules.methods.blending import By, Each, alike
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.parameters import Rows, unless
from indicators.rules.values import Number, Positive, Table, Word

GRADE, RANK = "grade", "rank_pct"
CONVERSIONS = {"score": "scale", GRADE: "grades", RANK: "tiers"}
"""What converts each kind of result."""

LOSS = "superior_loss"
"""The key of what a superior has taken off."""


@dataclass(frozen=True, slots=True)
class ExternalResult(ScoringMethod):
    """系统考评结果: a score out of `scale`, a grade's share of the points, or the points of the
    tier that the rank lies in, in percent from the best (the 5th of 100 is 5)."""

    kind: Annotated[str, Word(tuple(CONVERSIONS))]
    scale: Annotated[Decimal | None, Number(above=0, null=True)] = None
    grades: Annotated[Mapping[str, Decimal] | None, Table(Number(low=0, to=1), null=True)] = None
    tiers: Annotated[tuple[Tier, ...] | None, Rows(Tier, null=True)] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a conversion that is missing or of another kind, and tiers that overlap."""
        for kind, name in CONVERSIONS.items():
            yield from unless(
                (kind == self.kind) == (getattr(self, name) is not None),
                f"{at}/{name}",
                "conversion",
                f"A result of kind {self.kind} is converted by {CONVERSIONS[self.kind]} alone.",
                f"结果类型 `{self.kind}` 只能由 `{CONVERSIONS[self.kind]}` 折算。",
            )
        yield from tier_faults(self.tiers or (), f"{at}/tiers")

    def fixed(self) -> object:
        """Return what is entered."""
        return self.kind, frozenset(self.grades or ())

    def takes(self) -> EntryForm:
        """Return the form of the result, which its document explains."""
        if self.kind == GRADE:
            return EntryForm("grade", words=tuple(sorted(self.grades or ())), noted=True)
        high = Decimal(100) if self.kind == RANK else self.scale
        low, keys = Decimal(0), (self.kind,)
        return EntryForm("measured_value", keys=keys, low=low, high=high, noted=True)

    def compares(self) -> bool:
        """Say that a score looks at one unit alone: whoever compared them is elsewhere."""
        return False

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return the number that was found, for the year."""
        return {} if self.kind == GRADE else {self.kind: YEAR}


@dataclass(frozen=True, slots=True)
class InheritSuperior(ScoringMethod):
    """省考核结果挂钩: the superior's loss, on our scale, costs `multiplier` times as much; of a
    loss that several units answer for each is charged its `share`. What exceeds the points
    becomes a deduction or is dropped.

    Where the superior has taken nothing off, the indicator is scored `otherwise`; never both.
    """

    scale: Positive
    multiplier: Positive
    excess_to: Annotated[str, Word(("deductions", "dropped"))]
    share: Annotated[Decimal, Number(above=0, to=1)] = Decimal(1)
    otherwise: Annotated[Each | None, By()] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield an ordinary method that would score the superior's loss."""
        yield from unless(
            self.otherwise is None or self.otherwise.scored().key() != LOSS,
            f"{at}/otherwise/params/input",
            "input-taken",
            "Where the superior has taken nothing off there is no superior_loss to score.",
            "上级未扣分时没有 `superior_loss`，不能据此计分。",
        )

    def fixed(self) -> object:
        """Return by what the indicator is scored where the superior has not judged, and how it is
        compared there."""
        each = self.otherwise
        return each and (each.method, alike(each.scored()))

    def takes(self) -> EntryForm:
        """Return the form of the superior's loss, and of what is scored where there is none."""
        return EntryForm("measured_value", keys=(LOSS, *self._otherwise()))

    def compares(self) -> bool:
        """Say whether the method does by which it is scored otherwise."""
        return self.otherwise is not None and self.otherwise.scored().compares()

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return what is entered, which may be so for any period that others compute."""
        return dict.fromkeys((LOSS, *self._otherwise()), ANY_PERIOD)

    def _otherwise(self) -> tuple[str, ...]:
        return () if self.otherwise is None else (self.otherwise.scored().key(),)


METHODS: Mapping[str, type[ScoringMethod]] = {
    "inherit_superior": InheritSuperior,
    "external_result": ExternalResult,
}
"""The methods of this file by their names in a scheme."""
