"""What a method by columns is asked with, and what it answers: as `Inputs` and `Scored` for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.values import BASELINE, TARGET, Column, NotByColumns, Slot, Values
from scoring.rules.columns.whole import Mask, Whole
from scoring.rules.composites import COMPOSITE
from scoring.rules.entries import MEASURED_VALUE
from scoring.rules.methods.scored import TOO_LARGE
from scoring.rules.params import Params


@dataclass(frozen=True, slots=True)
class Cells:
    """An indicator's points, parameters and columns; or those of a component or a period of it."""

    values: Values
    indicator: str
    points: Fraction
    params: Params
    places: int
    period_params: Mapping[str, Mapping[str, object]]
    frequency: str = "yearly"
    key: str | None = None
    period: str | None = None

    def component(self, key: str, params: Params) -> "Cells":
        """Return the cells of a component: `key` keys its values and itemises its targets."""
        return replace(self, key=key, params=params)

    def during(self, name: str) -> "Cells":
        """Return the cells of a period by its name, under the parameters set for it."""
        own = self.period_params.get(name, {})
        return replace(self, params=self.params.with_(own), period=name)

    def measured(self, name: str, item: str | None = None) -> Column:
        """Return the measured values of that name; a computed one is left to the other rules."""
        refuse(self.params.given.get(COMPOSITE) is not None, "a composite")
        slot = Slot(MEASURED_VALUE, self.key or name, item, self.period)
        return self.values.numbers(self.indicator, slot)

    def target(self, item: str | None = None) -> Column:
        """Return the targets, or those of an item."""
        return self.values.numbers(self.indicator, Slot(TARGET, self.key, item, self.period))

    def baseline(self) -> Column:
        """Return the baselines."""
        return self.values.numbers(self.indicator, Slot(BASELINE, self.key, None, self.period))

    def everyone(self) -> Mask:
        """Return the mask of all units."""
        return np.ones(self.values.units, dtype=np.bool_)

    def nothing(self) -> Quotients:
        """Return a column of zeros."""
        return Quotients(Whole.of(np.zeros(self.values.units, dtype=np.int64)))


@dataclass(frozen=True, slots=True)
class Unrounded:
    """The exact scores of all units `present`."""

    values: Quotients
    present: Mask

    def settled(self, places: int) -> "Scores":
        """Return the scores after their one rounding, half up; one beyond all use is none."""
        units, most = self.values.settled(places), 10 ** (TOO_LARGE + places) - 1
        fit = ~units.above(most) & ~(units * -1).above(most)
        return Scores(units, places, self.present & fit)


@dataclass(frozen=True, slots=True)
class Scores:
    """Rounded scores as whole numbers of the last of `places` decimals, of the units `present`."""

    units: Whole
    places: int
    present: Mask

    def exact(self) -> Quotients:
        """Return the scores in points."""
        return Quotients(self.units, 10**self.places)


Method = Callable[[Cells], Unrounded]


def positive(column: Column, also: Mask) -> tuple[Quotients, Mask]:
    """Return what can be divided by: where it cannot, or need not, 1, and who is not among it."""
    usable: Mask = column.present & also & ~column.values.less_than(Fraction(0)) & ~_zero(column)
    safe = column.values.where(usable, Fraction(1))
    # Looked at once more: the bounds of a column with its rows replaced still speak of the old.
    return Quotients(Whole.of(safe.above.array), safe.below), usable


def _zero(column: Column) -> Mask:
    return column.values.above.equal(0)


def span(column: Column) -> tuple[Fraction, Fraction]:
    """Return the lowest and the highest value of those present; there is at least one."""
    rows = column.values.above.rows(column.present)
    assert isinstance(column.values.below, int)  # noqa: S101 - a column has one denominator
    return Fraction(rows.low, column.values.below), Fraction(rows.high, column.values.below)


def refuse(asked: bool, what: str) -> None:
    """Leave to the rules for one unit what columns do not do."""
    if asked:
        raise NotByColumns(what)
