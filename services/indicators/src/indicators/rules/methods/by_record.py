"""Methods that count what was recorded: events, pieces, nodes, marks, grades, answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from chassis.refusals import Fault
from indicators.rules.methods.parameters import Params
from indicators.rules.values import (
    InputName,
    NotNegative,
    Number,
    Positive,
    Ratio,
    Table,
    Whole,
    Word,
)


@dataclass(frozen=True, slots=True)
class Milestone(Params):
    """节点: points times the mean of the ratios that the statuses of the nodes are worth."""

    status_ratio: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=1))]


@dataclass(frozen=True, slots=True)
class CountPoints(Params):
    """按件计分: `per_item` points a piece up to `full_at` pieces; further ones give
    `extra_per_item`, together at most `extra_cap`."""

    full_at: Annotated[int, Whole(1, 1_000_000)]
    per_item: Positive
    extra_per_item: NotNegative = Decimal(0)
    extra_cap: NotNegative = Decimal(0)


@dataclass(frozen=True, slots=True)
class DeductEvents(Params):
    """扣分制: points minus what each event costs, down to zero (扣完为止)."""

    per_event: Annotated[Mapping[str, Decimal], Table(Number(low=0))]


@dataclass(frozen=True, slots=True)
class QualitativePanel(Params):
    """定性评分: points times the mean mark over `scale`, without the `trim` highest and the
    `trim` lowest of `panel_size` marks."""

    panel_size: Annotated[int, Whole(1, 1000)]
    scale: Positive = Decimal(100)
    trim: Annotated[int, Whole(0, 1000)] = 0

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield trimming that leaves no mark."""
        if 2 * self.trim >= self.panel_size:
            yield Fault(
                f"{at}/trim",
                "too-much-trimmed",
                f"Dropping {self.trim} at either end of {self.panel_size} marks leaves none.",
                f"{self.panel_size} 个评分两端各去 {self.trim} 个后无剩余。",
            )


@dataclass(frozen=True, slots=True)
class GradeMap(Params):
    """等级折算: points times the ratio of the grade."""

    grades: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=1))]


@dataclass(frozen=True, slots=True)
class ItemsWeighted(Params):
    """分项加权: points times the mean completion of the items, each at most `item_cap_ratio`.

    `items` is their number, or `unit_defined` where each unit sets its own.
    """

    items: Annotated[int | str, Whole(1, 1000, ("unit_defined",))]
    item_cap_ratio: Ratio = Decimal(1)


@dataclass(frozen=True, slots=True)
class SumChildren(Params):
    """The sum of the children's scores; the only method of an indicator that has children."""


@dataclass(frozen=True, slots=True)
class InheritSuperior(Params):
    """省考核结果挂钩: the superior's loss, on our scale, costs `multiplier` times as much; what
    exceeds the points becomes a deduction or is dropped."""

    scale: Positive
    multiplier: Positive
    excess_to: Annotated[str, Word(("deductions", "dropped"))]


@dataclass(frozen=True, slots=True)
class SurveyScore(Params):
    """Points times the satisfaction found by the survey, over `scale`."""

    survey: InputName
    scale: Positive = Decimal(100)
