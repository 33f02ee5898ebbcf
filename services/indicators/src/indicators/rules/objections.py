"""What a scheme says of objections must be something that can be done."""

from collections.abc import Iterator

from chassis.refusals import Fault, pointer
from indicators.rules.scheme import Scheme


def objection_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield objections that nobody decides, and levels that are named twice."""
    policy = scheme.objections
    if policy is None:
        return
    at = pointer("objections", "levels")
    if not policy.levels:
        yield Fault(at, "missing", "Nobody decides.", "没有列明由谁复核。")
    for n, level in enumerate(policy.levels):
        if level in policy.levels[:n]:
            yield Fault(
                f"{at}/{n}", "named-twice", f"{level} is listed before.", f"{level} 重复列出。"
            )
