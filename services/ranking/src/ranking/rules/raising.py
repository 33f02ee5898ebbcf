"""What follows from grades and ranks together: a grade above (A+), and measures for the last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from ranking.rules import reasons
from ranking.rules.grades import Candidate, Graded, GradePolicy, LastPlace, Raise
from ranking.rules.reasons import Reason


def raised(
    policy: GradePolicy,
    cap: str,
    graded: Sequence[Graded],
    candidates: Mapping[str, Candidate],
    class_of: Mapping[str, str],
) -> list[Graded]:
    """Give the best of those who have a grade the one above, as the scheme says, and say so.

    Nobody outside the quota is raised, nor anybody whom a veto, fraud or a demotion bars from the
    best grade; `cap` is the best that a veto leaves.
    """
    found = {one.unit: one for one in graded}
    for each in policy.raised:
        have = [candidates[one.unit] for one in found.values() if one.grade == each.of]
        groups: dict[str | None, list[Candidate]] = {}
        for one in have:
            group = class_of.get(one.unit) if each.within == "subcategory" else None
            groups.setdefault(group, []).append(one)
        for some in groups.values():
            found |= _raised(policy, cap, each, some, found)
    return [found[one.unit] for one in graded]


def _raised(
    policy: GradePolicy,
    cap: str,
    rule: Raise,
    have: Sequence[Candidate],
    found: Mapping[str, Graded],
) -> dict[str, Graded]:
    """Return who of a group gets the grade, and who is tied for its last place and does not."""
    places = free = rule.places(len(have))
    by_key = policy.tie_at_line == "tie_break"
    ranked = [
        (one.rank, one.order * by_key, one) for one in have if _may_rise(policy, cap, rule, one)
    ]
    ranked.sort(key=lambda each: (*each[:2], each[2].unit))
    changed = dict[str, Graded]()
    name, of = policy.name(rule.grade), policy.name(rule.of)
    for _, tied in groupby(ranked, lambda each: each[:2]):
        if not free:
            break
        units = [one.unit for *_, one in tied]
        if len(units) > free and policy.tie_at_line != "all":
            told = reasons.tied_at_the_line(rule.grade, name)
            changed |= {unit: _told(found[unit], told) for unit in units}
            break
        told = reasons.raised((rule.grade, name), (rule.of, of), places, len(have))
        changed |= {unit: replace(_told(found[unit], told), grade=rule.grade) for unit in units}
        free = max(free - len(units), 0)
    return changed


def _may_rise(policy: GradePolicy, cap: str, rule: Raise, one: Candidate) -> bool:
    caps = [*([cap] if one.vetoes else []), *(each.grade for each in one.caps)]
    of_best = policy.lowest(rule.grade, policy.best) != rule.grade
    barred = of_best and any(each.effect == "not_excellent" for each in one.demotions)
    outside = one.unit in policy.outside_quota
    return not (barred or outside) and policy.lowest(rule.grade, *caps) == rule.grade


def _told(one: Graded, reason: Reason) -> Graded:
    return replace(one, reasons=(*one.reasons, reason))


def last_told(
    rule: LastPlace | None, graded: Iterable[Graded], candidates: Mapping[str, Candidate]
) -> list[Graded]:
    """Say of the last units what the scheme proposes for them: nothing where it allows no such
    measure, where all reach its score, and never of a unit that nobody is ranked before.

    A unit is among the last so many where fewer than that are ranked behind it: those who share the
    last rank are all last.
    """
    lines = list(graded)
    if rule is None or all(_reaches(rule, each) for each in candidates.values()):
        return lines
    ranks = sorted(each.rank for each in candidates.values())
    best, size = ranks[0], len(ranks)
    behind = {rank: size - at - 1 for at, rank in enumerate(ranks)}  # of a rank, the last one's

    def is_last(unit: str) -> bool:
        rank = candidates[unit].rank
        return rank != best and behind[rank] < rule.count

    told = reasons.last_place(rule.measure, rule.count, size)
    return [_told(one, told) if is_last(one.unit) else one for one in lines]


def _reaches(rule: LastPlace, one: Candidate) -> bool:
    return rule.unless_all_at_least is not None and one.total >= rule.unless_all_at_least
