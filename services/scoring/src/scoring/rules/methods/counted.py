"""Methods that count: events that cost or earn, items that earn, nodes that were reached."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import exactly, show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import NOTHING, Scored, settle
from scoring.rules.params import Params


def deduct_events(
    points: Decimal, params: Params, places: int, *, counts: Mapping[str, Decimal]
) -> Scored:
    """Start from all points, take off what each event costs, stop at `floor` (扣完为止).

    A floor below zero lets the loss spill into the total; one that is null is none. As many
    events of one name as `escalate` says leave nothing at all.
    """
    costs, happened = _worth(params, counts)
    left = Fraction(points) - _sum(costs, happened)
    limits = params.numbers("escalate")
    if escalated := [e for e in happened if e in limits and happened[e] >= limits[e]]:
        shown = ", ".join(f"{show(happened[e])} × {e}" for e in escalated)
        return settle(
            min(_floored(left, params), NOTHING),
            places,
            "0 when an event happens as often as `escalate` says",
            f"{show(min(_floored(left, params), NOTHING))} ({shown})",
        )
    return settle(
        _floored(left, params),
        places,
        "max(floor, points - sum of events × cost of each)",
        lambda: _lost(points, params, costs, happened),
    )


def _floored(left: Fraction, params: Params) -> Fraction:
    floor = _floor(params)
    return left if floor is None else max(left, Fraction(floor))


def _floor(params: Params) -> Decimal | None:
    """Return the fewest points: 0 where the scheme says nothing, none where it says null."""
    return params.optional("floor") if "floor" in params.given else Decimal(0)


def _lost(
    points: Decimal, params: Params, costs: Mapping[str, Decimal], happened: Mapping[str, Decimal]
) -> str:
    floor = _floor(params)
    shown = "".join(
        f" - {show(count)} × {show(costs[event])} ({event})" for event, count in happened.items()
    )
    left = f"{show(points)}{shown}"
    return left if floor is None else f"max({show(floor)}, {left})"


def _worth(
    params: Params, counts: Mapping[str, Decimal]
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return what each event is worth, and those that happened, by name in alphabetical order."""
    worth = params.numbers("per_event")
    happened = {event: count for event, count in sorted(counts.items()) if count}
    if unknown := sorted(set(happened) - set(worth)):
        raise Undefined(
            f"The scheme sets no points for {', '.join(unknown)}.",
            f"方案未规定“{'、'.join(unknown)}”的分值。",
        )
    return worth, happened


def _sum(worth: Mapping[str, Decimal], happened: Mapping[str, Decimal]) -> Fraction:
    each = (Fraction(happened[event]) * Fraction(worth[event]) for event in happened)
    return sum(each, NOTHING)


def base_plus_minus(
    points: Decimal, params: Params, places: int, *, counts: Mapping[str, Decimal]
) -> Scored:
    """Start from `base`, add and take off what each event is worth, from `low` to `cap`
    (基础加扣)."""
    worth, happened = _worth(params, counts)
    base, low = params.number("base"), params.number("low", Decimal(0))
    total, cap = Fraction(base) + _sum(worth, happened), params.optional("cap")
    capped = total if cap is None else min(total, Fraction(cap))

    def written() -> str:
        shown = show(base) + "".join(
            f" {'-' if worth[event] < 0 else '+'} "
            f"{show(count)} × {show(abs(Fraction(worth[event])))} ({event})"
            for event, count in happened.items()
        )
        most = shown if cap is None else f"min({shown}, {show(cap)})"
        return f"max({show(low)}, {most})"

    return settle(
        max(capped, Fraction(low)),
        places,
        "max(low, min(base + sum of events × points of each, cap))",
        written,
    )


def count_points(
    points: Decimal, params: Params, places: int, *, count: Decimal | Fraction
) -> Scored:
    """Give points per item up to the full number, extra points beyond it up to a cap (按件计分)."""
    full_at, each = Fraction(params.number("full_at")), Fraction(params.number("per_item"))
    more = Fraction(params.number("extra_per_item", Decimal(0)))
    most, items = Fraction(params.number("extra_cap", Decimal(0))), max(Fraction(count), NOTHING)
    whole = min(items, full_at) * each
    base = min(whole, Fraction(points))
    extra = min(max(items - full_at, NOTHING) * more, most)
    return settle(
        base + extra,
        places,
        "min(count, full_at) × per_item + min((count - full_at) × extra_per_item, extra_cap)",
        lambda: (
            f"min({exactly(items)}, {show(full_at)}) × {show(each)} + {exactly(extra)}"
            if whole == base
            else f"{show(points)} + {exactly(extra)}"
        ),
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

    def written() -> str:
        shown = " + ".join(
            f"{nodes.count(status)} × {show(ratio)} ({status})"
            for status, ratio in ratios.items()
            if status in nodes
        )
        return f"{show(points)} × ({shown}) / {len(nodes)}"

    return settle(
        Fraction(points) * total / len(nodes),
        places,
        "points × sum of the nodes' status ratios / number of nodes",
        written,
    )
