"""What a scheme says of objections must be something that can be done."""

from collections.abc import Iterator, Sequence

from chassis.refusals import Fault, pointer
from indicators.rules.duties import counted_faults
from indicators.rules.scheme import Place, Scheme, places


def objection_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield objections that nobody decides, and levels that are named twice."""
    policy = scheme.objections
    if policy is None:
        return
    yield from _of_levels(policy.levels, pointer("objections", "levels"))
    if policy.remarks is not None:
        yield from _of_levels(policy.remarks.levels, pointer("objections", "remarks", "levels"))


def overturned_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield that what is overturned is counted by no indicator, or as no event that it has."""
    costs = scheme.corrections.overturned if scheme.corrections else None
    if costs is None:
        return
    found: dict[str, list[Place]] = {}
    for place in places(scheme):
        found.setdefault(place.indicator.code, []).append(place)
    at = pointer("corrections", "overturned")
    yield from counted_faults(at, costs.indicator, {"event": costs.event}, found)


def _of_levels(levels: Sequence[str], at: str) -> Iterator[Fault]:
    if not levels:
        yield Fault(at, "missing", "Nobody decides.", "没有列明由谁复核。")
    for n, level in enumerate(levels):
        if level in levels[:n]:
            yield Fault(
                f"{at}/{n}", "named-twice", f"{level} is listed before.", f"{level} 重复列出。"
            )
