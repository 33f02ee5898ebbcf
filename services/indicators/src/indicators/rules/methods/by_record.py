"""Methods that count what was recorded: nodes, pieces, events, items."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from chassis.refusals import Fault, pointer
from indicators.rules.forms import (
    ANY_PERIOD,
    OCCURRED,
    ZERO_REPORT,
    EntryForm,
    numbered,
)
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.parameters import unless
from indicators.rules.values import (
    AnyNumber,
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

COUNT = "count"
"""The key of a number of pieces."""


@dataclass(frozen=True, slots=True)
class Milestone(ScoringMethod):
    """节点: points times the mean of the ratios that the statuses of the nodes are worth."""

    status_ratio: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=1))]

    def fixed(self) -> object:
        """Return which statuses are entered."""
        return frozenset(self.status_ratio)

    def takes(self) -> EntryForm:
        """Return the form of the nodes' statuses; each unit has nodes of its own."""
        words = tuple(sorted(self.status_ratio))
        return EntryForm("milestone", any_item=True, words=words, endings=ANY_PERIOD)

    def compares(self) -> bool:
        """Say that a score looks at one unit alone."""
        return False


@dataclass(frozen=True, slots=True)
class CountPoints(ScoringMethod):
    """按件计分: `per_item` points a piece up to `full_at` pieces; further ones give
    `extra_per_item`, together at most `extra_cap`.

    `distinct` pieces are entered one by one under an identity of their own, and count once a
    unit (去重计件). One that several units of the category claim leaves their scores open
    (`refuse`), is divided among them equally (`share`), or counts for `each`.
    """

    full_at: Annotated[int, Whole(1, 1_000_000)]
    per_item: Positive
    extra_per_item: NotNegative = Decimal(0)
    extra_cap: NotNegative = Decimal(0)
    distinct: YesNo = False
    when_shared: Annotated[str, Word(("refuse", "share", "each"))] = "refuse"

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a decision on shared pieces where pieces have no identity."""
        yield from unless(
            self.distinct or self.when_shared == "refuse",
            f"{at}/when_shared",
            "pieces-without-identity",
            "Only distinct pieces can be told to be shared; set distinct.",
            "只有去重计件（distinct）才能认定重复申报。",
        )

    def fixed(self) -> object:
        """Return whether pieces or their number are entered, and whose a shared piece is."""
        return self.distinct, self.when_shared

    def idle(self) -> Iterator[str]:
        """Yield what further pieces give where they may give nothing."""
        if self.extra_per_item and not self.extra_cap:
            yield "extra_per_item"
        if self.extra_cap and not self.extra_per_item:
            yield "extra_cap"

    def takes(self) -> EntryForm:
        """Return the form of the number of pieces, or of the pieces one by one."""
        if not self.distinct:
            return EntryForm("measured_value", keys=(COUNT,))
        keys, one = (COUNT, ZERO_REPORT), Decimal(1)
        return EntryForm(
            "measured_value", keys=keys, any_item=True, endings=ANY_PERIOD, low=one, high=one
        )

    def compares(self) -> bool:
        """Say whether pieces that other units claim decide the score."""
        return self.distinct

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return the number of pieces; pieces with an identity are items, of which none is lent."""
        return {} if self.distinct else {COUNT: ANY_PERIOD}


@dataclass(frozen=True, slots=True)
class DeductEvents(ScoringMethod):
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

    def takes(self) -> EntryForm:
        """Return the form of the events' numbers."""
        return _events(self.per_event, self.by)

    def compares(self) -> bool:
        """Say that a score looks at one unit alone."""
        return False


@dataclass(frozen=True, slots=True)
class BasePlusMinus(ScoringMethod):
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

    def takes(self) -> EntryForm:
        """Return the form of the events' numbers."""
        return _events(self.per_event, OCCURRED)

    def compares(self) -> bool:
        """Say that a score looks at one unit alone."""
        return False


def _events(per_event: Mapping[str, Decimal], dated: str) -> EntryForm:
    keys = (*sorted(per_event), ZERO_REPORT)
    low = Decimal(0)
    return EntryForm("event", keys=keys, endings=ANY_PERIOD, dated=dated, low=low, whole=True)


@dataclass(frozen=True, slots=True)
class ItemsWeighted(ScoringMethod):
    """分项加权: points times the mean completion of the items, each at most `item_cap_ratio`.

    `items` is their number, or `unit_defined` where each unit sets its own.
    """

    items: Annotated[int | str, Whole(1, 1000, ("unit_defined",))]
    item_cap_ratio: Ratio = Decimal(1)

    def fixed(self) -> object:
        """Return which items are entered."""
        return self.items

    def takes(self) -> EntryForm:
        """Return the form of what was reached in each item."""
        if isinstance(self.items, str):
            return EntryForm("measured_value", keys=("actual",), any_item=True)
        return EntryForm("measured_value", keys=("actual",), items=numbered(self.items))

    def compares(self) -> bool:
        """Say that a score looks at one unit alone."""
        return False

    def aims(self) -> Sequence[str | None]:
        """Return the items, none where each unit sets its own."""
        return () if isinstance(self.items, str) else numbered(self.items)


METHODS: Mapping[str, type[ScoringMethod]] = {
    "milestone": Milestone,
    "count_points": CountPoints,
    "deduct_events": DeductEvents,
    "base_plus_minus": BasePlusMinus,
    "items_weighted": ItemsWeighted,
}
"""The methods of this file by their names in a scheme."""
