"""What a superior or another system found: stored with its document, converted to points."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from chassis.refusals import Fault
from indicators.rules.methods.against_target import Tier, tier_faults
from indicators.rules.methods.blending import By, Each
from indicators.rules.methods.parameters import Params, Rows, unless
from indicators.rules.values import Number, Positive, Table, Word

CONVERSIONS = {"score": "scale", "grade": "grades", "rank_pct": "tiers"}
"""What converts each kind of result."""


@dataclass(frozen=True, slots=True)
class ExternalResult(Params):
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
                f"结果类型 {self.kind} 只能由 {CONVERSIONS[self.kind]} 折算。",
            )
        yield from tier_faults(self.tiers or (), f"{at}/tiers")

    def fixed(self) -> object:
        """Return what is entered."""
        return self.kind, frozenset(self.grades or ())


@dataclass(frozen=True, slots=True)
class InheritSuperior(Params):
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
            self.otherwise is None or self.otherwise.params.get("input") != "superior_loss",
            f"{at}/otherwise/params/input",
            "input-taken",
            "Where the superior has taken nothing off there is no superior_loss to score.",
            "上级未扣分时没有 superior_loss，不能据此计分。",
        )

    def fixed(self) -> object:
        """Return by what the indicator is scored where the superior has not judged."""
        return self.otherwise and self.otherwise.method
