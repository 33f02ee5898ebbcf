"""Methods that count what was recorded: nodes, pieces, events, items."""

import datetime as dt
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
    NodeForm,
    numbered,
)
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.parameters import Group, Params, Rows, unless
from indicators.rules.numbers import plain, total
from indicators.rules.values import (
    AnyNumber,
    Day,
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

COUNT = "count"
"""The key of a number of pieces."""


@dataclass(frozen=True, slots=True)
class Season(Params):
    """The days, both included, from which to which a node can be judged (施工季、枯水期)."""

    opens: Annotated[dt.date, Day()]
    closes: Annotated[dt.date, Day()]

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a season that closes before it opens."""
        yield from unless(
            self.opens <= self.closes,
            f"{at}/closes",
            "closes-before-it-opens",
            f"It closes on {self.closes}, before it opens on {self.opens}.",
            f"截止日 {self.closes} 早于起始日 {self.opens}。",
        )


@dataclass(frozen=True, slots=True)
class Node(Params):
    """A node that the scheme sets; its `weight` is a share of the points, or that of all alike.

    It is on time up to the day it is `due`. With a `season` it is judged within that alone, and
    with `evidence` a note names the document that shows its status.
    """

    item: InputName
    name: InputName
    due: Annotated[dt.date | None, Day(null=True)] = None
    weight: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    season: Annotated[Season | None, Group(Season, null=True)] = None
    evidence: YesNo = False

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a node that would be late before, or after, anybody can judge it."""
        due, season = self.due, self.season
        if due is not None and season is not None and not season.opens <= due <= season.closes:
            yield Fault(
                f"{at}/due",
                "due-out-of-season",
                f"{self.item} is due on {due}, and can be judged from {season.opens} to "
                f"{season.closes} only.",
                f"节点 {self.item} 的期限 {due} 不在可评定的时段 {season.opens} 至 {season.closes} "
                "之内。",
            )

    def form(self) -> NodeForm:
        """Return what is to be known by whoever enters its status."""
        season = self.season
        opens, closes = (season.opens, season.closes) if season else (None, None)
        return NodeForm(self.item, self.name, self.due, opens, closes, self.evidence)


@dataclass(frozen=True, slots=True)
class ByDay(Params):
    """The statuses that follow from the day on which a node was reached: up to its due day, and
    after it."""

    on_time: InputName
    late: InputName


@dataclass(frozen=True, slots=True)
class Milestone(ScoringMethod):
    """节点: points times the mean of the ratios that the statuses of the nodes are worth.

    The scheme may set the `nodes`: then these are entered, and no others. Where they are `ordered`
    a node counts for nothing while one before it is not reached. `by_day` the day on which a node
    was reached says its status.
    """

    status_ratio: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=1))]
    nodes: Annotated[tuple[Node, ...] | None, Rows(Node, null=True, weights=True)] = None
    ordered: YesNo = False
    by_day: Annotated[ByDay | None, Group(ByDay, null=True)] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield what the nodes, their order and their days do not agree on."""
        if self.nodes is None:
            for name in ("ordered", "by_day"):
                yield from unless(
                    not getattr(self, name),
                    f"{at}/{name}",
                    "nodes-not-set",
                    "Only of nodes that the scheme sets is the order, or the last day, known.",
                    "只有方案列明节点（`nodes`）时，才有先后次序和期限。",
                )
            return
        yield from _named_twice(self.nodes, f"{at}/nodes")
        yield from _weighted(self.nodes, f"{at}/nodes")
        if self.by_day is not None:
            yield from self._days(self.by_day, at)

    def _days(self, by_day: ByDay, at: str) -> Iterator[Fault]:
        for name in ("on_time", "late"):
            word = getattr(by_day, name)
            yield from unless(
                word in self.status_ratio,
                f"{at}/by_day/{name}",
                "unknown-status",
                f"status_ratio has no status {word}.",
                f"`status_ratio` 中没有状态 {word}。",
            )
        yield from unless(
            by_day.on_time != by_day.late,
            f"{at}/by_day/late",
            "same-status",
            "On time and late are two statuses.",
            "按时与逾期应为两种状态。",
        )
        for n, node in enumerate(self.nodes or ()):
            yield from unless(
                node.due is not None,
                f"{at}/nodes/{n}/due",
                "due-missing",
                f"By the day, {node.item} is on time or late; it needs a day on which it is due.",
                f"按日期判定时，节点 {node.item} 须有期限（`due`）。",
            )

    def fixed(self) -> object:
        """Return which statuses of which nodes are entered, and in which order they count."""
        items = None if self.nodes is None else tuple(node.item for node in self.nodes)
        return frozenset(self.status_ratio), items, self.ordered, self.by_day

    def idle(self) -> Iterator[str]:
        """Yield days by which nothing is on time or late: they are only shown in the form."""
        if self.by_day is None:
            for n, node in enumerate(self.nodes or ()):
                if node.due is not None:
                    yield f"nodes/{n}/due"

    def takes(self) -> EntryForm:
        """Return the form of the nodes' statuses; each unit has nodes of its own, or all those of
        the scheme."""
        words, by_day = sorted(self.status_ratio), self.by_day
        if self.nodes is None:
            return EntryForm("milestone", any_item=True, words=tuple(words), endings=ANY_PERIOD)
        if by_day is not None:
            words = [word for word in words if word not in (by_day.on_time, by_day.late)]
        return EntryForm(
            "milestone",
            items=tuple(node.item for node in self.nodes),
            words=tuple(words),
            endings=ANY_PERIOD,
            valued=False,
            nodes=tuple(node.form() for node in self.nodes),
            by_day=by_day is not None,
        )

    def aims(self) -> Sequence[str | None]:
        """Return that each unit plans its own nodes, unless the scheme sets them."""
        return () if self.nodes is None else (None,)

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
            "只有去重计件（`distinct`）才能认定重复申报。",
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
                f"`per_event` 中没有事件 {event}。",
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
            "基础分不在 `low` 与 `cap` 之间。",
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


def _named_twice(nodes: Sequence[Node], at: str) -> Iterator[Fault]:
    seen = set[str]()
    for n, node in enumerate(nodes):
        yield from unless(
            node.item not in seen,
            f"{at}/{n}/item",
            "named-twice",
            f"{node.item} is listed twice.",
            f"节点 {node.item} 重复列出。",
        )
        seen.add(node.item)


def _weighted(nodes: Sequence[Node], at: str) -> Iterator[Fault]:
    """Yield weights of some nodes only, or that do not sum to 1."""
    given = [node.weight for node in nodes if node.weight is not None]
    if given and len(given) < len(nodes):
        for n, node in enumerate(nodes):
            yield from unless(
                node.weight is not None,
                f"{at}/{n}/weight",
                "weight-missing",
                f"{node.item} has no weight, and others have one.",
                f"其他节点设有权重，节点 {node.item} 没有。",
            )
    elif given:
        yield from unless(
            total(given) == 1,
            at,
            "weights-off",
            f"The weights of the nodes sum to {plain(total(given))}, not to 1.",
            f"节点权重之和为 {plain(total(given))}，应为 1。",
        )


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
