"""What a scheme says of linked results (三位一体) must give units, teams and people one answer."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from chassis.refusals import Fault, pointer
from indicators.rules.policies import LinkedPolicy
from indicators.rules.scheme import Scheme

AT = pointer("linked")


def linked_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield weights that are not one, assessments that nobody may enter, levels that do not fall,
    and grades and vetoes that there are not, or of which nothing is said."""
    policy = scheme.linked
    if policy is None:
        return
    yield from _assessments(scheme, policy)
    yield from _levels(policy)
    yield from _unit_grades(scheme, policy)
    yield from _vetoes(scheme, policy)


def _assessments(scheme: Scheme, policy: LinkedPolicy) -> Iterator[Fault]:
    at = f"{AT}/assessments"
    if not policy.assessments:
        yield Fault(at, "no-assessments", "It names none.", "未列考核。")
    yield from _twice(at, [each.kind for each in policy.assessments])
    total = policy.unit_weight + sum(each.weight for each in policy.assessments)
    if total != 1:
        en, zh = f"The weights add up to {total}, not to 1.", f"权重之和为{total}，应为 1。"
        yield Fault(f"{AT}/unit_weight", "weights-not-one", en, zh)
    for n, each in enumerate(policy.assessments):
        for category in scheme.categories:
            if {*each.bodies} <= {*category.units}:
                en = f"Whoever enters it is assessed in {category.code}, or there is nobody."
                zh = f"录入单位均在类别{category.code}参评，或未指定录入单位。"
                yield Fault(f"{at}/{n}/bodies", "nobody-enters", en, zh)


def _levels(policy: LinkedPolicy) -> Iterator[Fault]:
    levels, at = policy.team_levels, f"{AT}/team_levels"
    yield from _twice(at, [each.grade for each in levels])
    yield from _twice(f"{AT}/person_grades", policy.person_grades)
    if not policy.person_grades:
        yield Fault(f"{AT}/person_grades", "no-grades", "It names none.", "未列等次。")
    if not levels or levels[-1].from_score != 0:
        en, zh = "The last of them is from 0 on.", "最末等次须自 0 分起。"
        yield Fault(at, "levels-leave-a-gap", en, zh)
    for n, (better, worse) in enumerate(pairwise(levels), 1):
        if worse.from_score >= better.from_score:
            en, zh = "It is not below the one before.", "须低于前一等次。"
            yield Fault(f"{at}/{n}/from_score", "levels-do-not-fall", en, zh)


def _unit_grades(scheme: Scheme, policy: LinkedPolicy) -> Iterator[Fault]:
    at = f"{AT}/by_unit_grade"
    known = {each for c in scheme.categories for each in scheme.grades_of(c).order}
    said = [each.grade for each in policy.by_unit_grade]
    yield from _twice(at, said)
    for grade in sorted(known - {*said}):
        en, zh = f"It says nothing of {grade}.", f"未写等次{grade}。"
        yield Fault(at, "grade-left-out", en, zh)
    for n, each in enumerate(policy.by_unit_grade):
        if each.grade not in known:
            en, zh = f"No category has a grade {each.grade}.", f"没有等次{each.grade}。"
            yield Fault(f"{at}/{n}/grade", "unknown-grade", en, zh)
        yield from _best_team(policy, each.best_team, f"{at}/{n}/best_team")


def _vetoes(scheme: Scheme, policy: LinkedPolicy) -> Iterator[Fault]:
    at, known = f"{AT}/vetoes", {each.code: each for each in scheme.vetoes.items}
    yield from _twice(at, [each.veto for each in policy.vetoes])
    for n, each in enumerate(policy.vetoes):
        item = known.get(each.veto)
        if item is None:
            en, zh = f"There is no veto {each.veto}.", f"没有一票否决事项{each.veto}。"
            yield Fault(f"{at}/{n}/veto", "unknown-veto", en, zh)
        elif item.scope == "title":
            en = f"{each.veto} bars from a title and limits nobody's team or people."
            zh = f"{each.veto} 只取消荣誉资格，不限制领导班子和个人。"
            yield Fault(f"{at}/{n}/veto", "veto-of-a-title", en, zh)
        yield from _best_team(policy, each.best_team, f"{at}/{n}/best_team")


def _best_team(policy: LinkedPolicy, grade: str, at: str) -> Iterator[Fault]:
    if grade not in {each.grade for each in policy.team_levels}:
        en, zh = f"Teams have no grade {grade}.", f"领导班子没有等次{grade}。"
        yield Fault(at, "unknown-team-grade", en, zh)


def _twice(at: str, codes: Sequence[str]) -> Iterator[Fault]:
    for n, code in enumerate(codes):
        if code in codes[:n]:
            yield Fault(f"{at}/{n}", "named-twice", "It is listed before.", "重复列出。")
