"""Formulas (综合指标) over named inputs, for what no other method says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from chassis.refusals import Fault
from indicators.rules.expressions import formula_faults
from indicators.rules.forms import ANY_PERIOD, YEAR, EntryForm
from indicators.rules.methods.method import OfOneValue, ScoringMethod
from indicators.rules.methods.parameters import Group, Params, unless
from indicators.rules.methods.sources import Computed, Formula, Source, Sources, sourced
from indicators.rules.values import AnyNumber, NumberOrNull, Word


@dataclass(frozen=True, slots=True)
class Composite(Params):
    """综合指标: the value that a method scores is what the formula gives for each unit.

    It has no gate: what a unit has that does not pass is a matter of points, and a composite is
    not in points.
    """

    inputs: Annotated[Mapping[str, Source], Sources()]
    formula: Annotated[str, Formula()]

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a formula that cannot be used."""
        yield from formula_faults(self.formula, self.inputs, f"{at}/formula")

    def fixed(self) -> object:
        """Return where the inputs come from, and what is made of them; the constants may differ."""
        return sourced(self.inputs), self.formula

    def computed(self) -> Computed:
        """Return the formula with its inputs."""
        return Computed("/composite/inputs", self.inputs, (self.formula,))


@dataclass(frozen=True, slots=True)
class OneValue(OfOneValue):
    """A method that scores one value of each unit: measured, or computed by its `composite`."""

    composite: Annotated[Composite | None, Group(Composite, null=True)] = field(
        default=None, kw_only=True
    )

    def fixed(self) -> object:
        """Return whether the value is computed, and how."""
        return self.composite and self.composite.fixed()

    def beside(self) -> tuple[str, ...]:
        """Return the keys of what is entered besides the value, or besides what it is made of."""
        return ()

    def takes(self) -> EntryForm | None:
        """Return the form of the value, or of the inputs of the composite: none of them may be
        entered for this indicator."""
        own = (self.key(),) if self.composite is None else self.composite.computed().takes()
        keys = tuple(dict.fromkeys((*own, *self.beside())))
        return EntryForm("measured_value", keys=keys, endings=self.computed_for()) if keys else None

    def computed(self) -> Iterator[Computed]:
        """Yield the composite."""
        if self.composite is not None:
            yield self.composite.computed()

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return the value; or the inputs of the composite, for the periods it is computed for."""
        if self.composite is None:
            return {self.key(): ANY_PERIOD}
        keys = (*self.composite.computed().lends(), *self.beside())
        return dict.fromkeys(keys, self.computed_for())

    def aims(self) -> Sequence[str | None]:
        """Return the items whose targets the composite reads."""
        return (None,) if self.composite is None else self.composite.computed().aims()


@dataclass(frozen=True, slots=True)
class Expression(ScoringMethod):
    """公式计分: what the formula gives, in points or as a ratio of the points, within `low` and
    `cap`; nothing where the `gate` does not hold."""

    inputs: Annotated[Mapping[str, Source], Sources()]
    formula: Annotated[str, Formula()]
    result: Annotated[str, Word(("points", "ratio"))]
    low: AnyNumber = Decimal(0)
    cap: NumberOrNull = None
    gate: Annotated[str | None, Formula(null=True)] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield formulas that cannot be used, and a cap under the lowest."""
        yield from formula_faults(self.formula, self.inputs, f"{at}/formula")
        if self.gate is not None:
            yield from formula_faults(self.gate, self.inputs, f"{at}/gate", "truth")
        yield from unless(
            self.cap is None or self.low <= self.cap,
            f"{at}/cap",
            "bounds-reversed",
            "The cap is under low.",
            "上限低于下限。",
        )

    def fixed(self) -> object:
        """Return where the inputs come from; the constants may differ."""
        return sourced(self.inputs)

    def takes(self) -> EntryForm | None:
        """Return the form of the measured inputs, none where all are entered elsewhere."""
        keys = self._computed().takes()
        return EntryForm("measured_value", keys=keys) if keys else None

    def compares(self) -> bool:
        """Say that other units have no part but by the ranks that it reads."""
        return False

    def computed(self) -> Iterator[Computed]:
        """Yield the formula and its gate."""
        yield self._computed()

    def _computed(self) -> Computed:
        texts = (self.formula,) if self.gate is None else (self.formula, self.gate)
        return Computed("/inputs", self.inputs, texts)

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return the measured inputs, for the year."""
        return dict.fromkeys(self._computed().lends(), YEAR)

    def aims(self) -> Sequence[str | None]:
        """Return the items whose targets the formula reads."""
        return self._computed().aims()


METHODS: Mapping[str, type[ScoringMethod]] = {
    "expression": Expression,
}
"""The methods of this file by their names in a scheme."""
