"""Whether marks of several scorers may be put on one scale: only judged ones, of several groups."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from chassis.refusals import Fault, pointer
from indicators.rules.numbers import plain
from indicators.rules.policies import Normalisation
from indicators.rules.scheme import OWN_UNIT, Place, Scheme, places

AT = pointer("normalisation")
JUDGED = frozenset({"qualitative_panel", "grade_map", "base_plus_minus"})
"""The methods by which somebody judges; what is counted or measured is never put on a scale."""

RATIOS = frozenset({"second_mean", "grand_mean_ratio"})
"""The ways that multiply by a coefficient."""


def normalisation_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield what cannot be put on one scale, and bounds that bound nothing."""
    policy = scheme.normalisation
    if policy is None:
        return
    yield from _bounds(policy)
    named = dict[str, list[Place]]()
    for place in places(scheme):
        named.setdefault(place.indicator.code, []).append(place)
    if not policy.of:
        yield Fault(f"{AT}/of", "no-indicator", "It names no indicator.", "未列指标。")
    for i, code in enumerate(policy.of):
        at = f"{AT}/of/{i}"
        if code in policy.of[:i]:
            yield Fault(at, "named-twice", f"{code} is named twice.", f"{code} 重复。")
        else:
            yield from _of_indicator(code, named.get(code, ()), policy, at)


def changed_faults(scheme: Scheme, published: Iterable[Scheme]) -> Iterator[Fault]:
    """Yield a scale that is not the one that was published before: marks may rest on it."""
    for before in published:
        if before.normalisation != scheme.normalisation:
            yield Fault(
                AT,
                "normalisation-changed",
                "How marks are put on one scale has been published, and stays for the year.",
                "评分修正办法已经公布，本年度不再变更。",
            )
            return


def _of_indicator(
    code: str, found: Sequence[Place], policy: Normalisation, at: str
) -> Iterator[Fault]:
    if not found:
        yield Fault(
            at,
            "unknown-indicator",
            f"No category has the indicator {code}.",
            f"没有类别设有指标 {code}。",
        )
        return
    objective = sorted({p.indicator.method for p in found if p.indicator.method not in JUDGED})
    if objective:
        yield Fault(
            at,
            "not-judged",
            f"{code} is scored by {', '.join(objective)}: only judged marks are put on one scale.",
            f"{code} 的计分办法为 {'、'.join(objective)}，只有评定的分数才能修正。",
        )
        return
    points = sorted({each.indicator.points for each in found})
    if len(points) > 1:
        listed = ", ".join(map(plain, points))
        yield Fault(
            at,
            "points-differ",
            f"{code} has different points in its categories: {listed}.",
            f"{code} 在各类别的分值不同：{listed}。",
        )
    yield from _groups(code, found, policy, at)


def _groups(code: str, found: Sequence[Place], policy: Normalisation, at: str) -> Iterator[Fault]:
    groups = _scorers(found, policy)
    if OWN_UNIT in groups:
        yield Fault(
            at,
            "marked-by-itself",
            f"{code} is marked by the units themselves, each a group of its own.",
            f"{code} 由各单位自行评定，不能分组修正。",
        )
    elif len(groups) < 2:
        yield Fault(
            at,
            "one-group",
            f"All marks of {code} are of one group: there is nothing to hold them against.",
            f"{code} 的评分均属同一组，无从修正。",
        )


def _scorers(found: Iterable[Place], policy: Normalisation) -> Mapping[str, int]:
    """Return who marks, and how many units each."""
    groups = dict[str, int]()
    for place in found:
        group = place.category.organiser or place.category.code
        if policy.by == "scorer":
            panel = place.indicator.params.get("panel")
            group = str(panel) if panel else place.indicator.data_source_unit
        groups[group] = groups.get(group, 0) + len(place.category.units)
    return groups


def _bounds(policy: Normalisation) -> Iterator[Fault]:
    """Yield bounds that are none, or of what has no such number."""
    if policy.clamp and (len(policy.clamp) != 2 or not policy.clamp[0] <= 1 <= policy.clamp[1]):
        yield Fault(
            f"{AT}/clamp",
            "no-bounds",
            "Bounds of a coefficient are two numbers, one not above 1 and one not below it.",
            "修正系数的界限须为两个数：一个不大于 1，一个不小于 1。",
        )
    elif policy.clamp and policy.method not in RATIOS:
        yield Fault(
            f"{AT}/clamp",
            "no-coefficient",
            f"{policy.method} multiplies by no coefficient.",
            f"{policy.method} 不使用修正系数。",
        )
    for name in ("mean", "deviation"):
        if getattr(policy, name) is not None and policy.method != "z_score":
            yield Fault(
                f"{AT}/{name}",
                "of-no-z-score",
                f"Only a z-score has a {name}.",
                f"只有标准分法使用 {name}。",
            )


def idle(scheme: Scheme) -> Iterator[Fault]:
    """Yield a scale that changes no mark, and groups that are always too small."""
    policy = scheme.normalisation
    if policy is None:
        return
    if policy.method == "none":
        yield Fault(
            AT,
            "marks-stay",
            "By the method `none` marks count as they were given.",
            "`none` 即不作修正，按原评分计入。",
        )
        return
    for i, code in enumerate(policy.of):
        found = [place for place in places(scheme) if place.indicator.code == code]
        for group, units in _scorers(found, policy).items():
            if units < policy.smallest_group:
                yield Fault(
                    f"{AT}/of/{i}",
                    "group-too-small",
                    f"{group} marks {units} units for {code}: too few, these marks stay.",
                    f"{group} 对 {code} 只评 {units} 个单位，数量不足，不作修正。",
                )
