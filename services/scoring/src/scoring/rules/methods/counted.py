"""Methods that count: events that cost, items that earn, nodes that were reached."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import NOTHING, Scored, settle
from scoring.rules.params import Params


def deduct_events(
    points: Decimal, params: Params, places: int, *, counts: Mapping[str, Decimal]
) -> Scored:
    """Start from all points, take off what each event costs, stop at zero (扣完为止)."""
    costs = params.numbers("per_event")
    happened = {event: count for event, count in sorted(counts.items()) if count}
    if unknown := sorted(set(happened) - set(costs)):
        raise Undefined(
            f"The scheme sets no cost for {', '.join(unknown)}.",
            f"方案未规定“{'、'.join(unknown)}”的扣分标准。",
        )
    loss = sum((happened[event] * costs[event] for event in happened), Decimal(0))
    shown = "".join(
        f" - {show(count)} × {show(costs[event])} ({event})" for event, count in happened.items()
    )
    return settle(
        Fraction(max(points - loss, Decimal(0))),
        places,
        "max(0, points - sum of events × cost of each)",
        f"max(0, {show(points)}{shown})",
    )


def count_points(points: Decimal, params: Params, places: int, *, count: Decimal) -> Scored:
    """Give points per item up to the full number, extra points beyond it up to a cap (按件计分)."""
    full_at, each = params.number("full_at"), params.number("per_item")
    more, most = params.number("extra_per_item", Decimal(0)), params.number("extra_cap", Decimal(0))
    items = max(count, Decimal(0))
    base = min(min(items, full_at) * each, points)
    extra = min(max(items - full_at, Decimal(0)) * more, most)
    return settle(
        Fraction(base + extra),
        places,
        "min(count, full_at) × per_item + min((count - full_at) × extra_per_item, extra_cap)",
        f"min({show(items)}, {show(full_at)}) × {show(each)} + {show(extra)}",
    )


def milestone(points: Decimal, params: Params, places: int, *, nodes: Sequence[str]) -> Scored:
    """Share the points equally over the nodes; each counts by its status (形象进度)."""
    ratios = params.numbers("status_ratio")
    unknown = sorted(set(nodes) - set(ratios))
    if unknown or not nodes:
        raise Undefined(
            f"The scheme knows no status {', '.join(unknown)}." if unknown else "There is no node.",
            f"方案中没有节点状态“{'、'.join(unknown)}”。" if unknown else "没有节点。",
        )
    total = sum((Fraction(ratios[status]) for status in nodes), NOTHING)
    shown = " + ".join(
        f"{nodes.count(status)} × {show(ratio)} ({status})"
        for status, ratio in ratios.items()
        if status in nodes
    )
    return settle(
        Fraction(points) * total / len(nodes),
        places,
        "points × sum of the nodes' status ratios / number of nodes",
        f"{show(points)} × ({shown}) / {len(nodes)}",
    )
