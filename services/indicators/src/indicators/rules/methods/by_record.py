"""Methods that count what was recorded: events, pieces, nodes, marks, grades, answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from chassis.refusals import Fault, pointer
from indicators.rules.methods.parameters import Group, Params, unless
from indicators.rules.values import (
    AnyNumber,
    InputName,
    NotNegative,
    Number,
    NumberOrNull,
    Positive,
    Ratio,
    Table,
    Whole,
    Word,
    YesNo,
)


@dataclass(frozen=True, slots=True)
class Milestone(Params):
    """节点: points times the mean of the ratios that the statuses of the nodes are worth."""

    status_ratio: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=1))]

    def fixed(self) -> object:
        """Return which statuses are entered."""
        return frozenset(self.status_ratio)


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
    """扣分制: points minus what each event costs, down to `floor` points (扣完为止).

    A floor below zero spills into the total; without one there is none. From the n-th event of
    a name that may `escalate` the score is zero. What counts is the day it occurred, or the day
    it was discovered.
    """

    per_event: Annotated[Mapping[str, Decimal], Table(Number(low=0))]
    floor: NumberOrNull = Decimal(0)
    escalate: Annotated[Mapping[str, int] | None, Table(Whole(1, 1_000_000), null=True)] = None
    by: Annotated[str, Word(("occurred", "discovered"))] = "occurred"

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield escalation of an event that costs nothing."""
        for event in self.escalate or {}:
            yield from unless(
                event in self.per_event,
                f"{at}/escalate{pointer(event)}",
                "unknown-event",
                f"{event} is none of the events in per_event.",
                f"per_event 中没有事件 {event}。",
            )

    def fixed(self) -> object:
        """Return which events are entered, and by which day."""
        return frozenset(self.per_event), self.by


@dataclass(frozen=True, slots=True)
class BasePlusMinus(Params):
    """基础加扣: `base` points, plus or minus what each event is worth, within `low` and `cap`."""

    base: NotNegative
    per_event: Annotated[Mapping[str, Decimal], Table(Number())]
    low: AnyNumber = Decimal(0)
    cap: NumberOrNull = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a base outside its bounds."""
        yield from unless(
            self.low <= self.base and (self.cap is None or self.base <= self.cap),
            f"{at}/base",
            "base-outside",
            "The base lies outside low and cap.",
            "基础分不在 low 与 cap 之间。",
        )

    def fixed(self) -> object:
        """Return which events are entered."""
        return frozenset(self.per_event)


@dataclass(frozen=True, slots=True)
class Extremes(Params):
    """Marks up to `low` or from `high` on need a comment."""

    low: AnyNumber
    high: AnyNumber

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield extremes that meet."""
        yield from unless(
            self.low < self.high,
            f"{at}/high",
            "bounds-reversed",
            "The bound high must be above low.",
            "上限须大于下限。",
        )


@dataclass(frozen=True, slots=True)
class QualitativePanel(Params):
    """定性评分: points times the mean mark over `scale`, without the `trim` highest and the
    `trim` lowest of `panel_size` marks.

    The mark of a member whose own unit is assessed is left out, so that one mark less will do.
    """

    panel_size: Annotated[int, Whole(1, 1000)]
    scale: Positive = Decimal(100)
    trim: Annotated[int, Whole(0, 1000)] = 0
    exclude_own_unit: YesNo = True
    comment_at_extremes: Annotated[Extremes | None, Group(Extremes, null=True)] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield trimming that leaves no mark."""
        if 2 * self.trim >= self.panel_size:
            yield Fault(
                f"{at}/trim",
                "too-much-trimmed",
                f"Dropping {self.trim} at either end of {self.panel_size} marks leaves none.",
                f"{self.panel_size} 个评分两端各去 {self.trim} 个后无剩余。",
            )

    def fixed(self) -> object:
        """Return what marks are entered."""
        return self.panel_size, self.scale, self.exclude_own_unit, self.comment_at_extremes


@dataclass(frozen=True, slots=True)
class GradeMap(Params):
    """等级折算: points times the ratio of the grade."""

    grades: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=1))]

    def fixed(self) -> object:
        """Return which grades are entered."""
        return frozenset(self.grades)


@dataclass(frozen=True, slots=True)
class ItemsWeighted(Params):
    """分项加权: points times the mean completion of the items, each at most `item_cap_ratio`.

    `items` is their number, or `unit_defined` where each unit sets its own.
    """

    items: Annotated[int | str, Whole(1, 1000, ("unit_defined",))]
    item_cap_ratio: Ratio = Decimal(1)

    def fixed(self) -> object:
        """Return which items are entered."""
        return self.items


@dataclass(frozen=True, slots=True)
class SurveyScore(Params):
    """Points times the satisfaction found by the survey, over `scale`."""

    survey: InputName
    scale: Positive = Decimal(100)

    def fixed(self) -> object:
        """Return which survey is asked."""
        return self.survey
