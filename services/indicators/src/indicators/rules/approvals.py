"""An approval chain must lead somewhere: every step has somebody who can take it."""

from collections.abc import Collection, Iterator

from chassis.refusals import Fault, pointer
from indicators.rules.policies import MOST_MEMBERS, MOST_STEPS, ApprovalStep
from indicators.rules.scheme import Category, Scheme

RESERVED = ("publication", "ranked")
"""What a step may not be called: publication follows every chain."""

SECOND_BODY = "second_body"


def approval_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield what is wrong with the steps of a chain, and where nobody could ever decide."""
    if scheme.approval is None:
        return
    steps = scheme.approval.steps
    at = pointer("approval", "steps")
    if not steps:
        yield Fault(at, "no-steps", "A chain has a step at least.", "审批链至少有一个步骤。")
    if len(steps) > MOST_STEPS:
        en, zh = f"There are at most {MOST_STEPS} steps.", f"步骤不超过 {MOST_STEPS} 个。"
        yield Fault(at, "too-many", en, zh)
        return
    for n, step in enumerate(steps):
        yield from _code_faults(step, [each.code for each in steps[:n]], f"{at}/{n}")
        yield from _kind_faults(step, f"{at}/{n}")
        yield from _deadlocks(step, scheme, f"{at}/{n}")


def _code_faults(step: ApprovalStep, earlier: Collection[str], at: str) -> Iterator[Fault]:
    if step.code in RESERVED:
        yield Fault(f"{at}/code", "reserved", f"No step is {step.code}.", "步骤不得使用此代码。")
    if step.code in earlier:
        en, zh = f"{step.code} is listed before.", f"{step.code} 重复列出。"
        yield Fault(f"{at}/code", "named-twice", en, zh)
    for n, code in enumerate(step.send_back_to):
        if code not in earlier:
            en, zh = f"{code} is no earlier step.", f"{code} 不是此前的步骤。"
            yield Fault(f"{at}/send_back_to/{n}", "not-an-earlier-step", en, zh)


def _kind_faults(step: ApprovalStep, at: str) -> Iterator[Fault]:
    if step.needs == "hand_in" and step.role != "vice_mayor":
        en = "The vice mayor signs what is handed in."
        zh = "汇总上报由分管副市长签署。"
        yield Fault(f"{at}/needs", "not-of-this-role", en, zh)
    if step.kind == "meeting":
        yield from _meeting_faults(step, at)
    else:
        plain = ApprovalStep(code=step.code, role=step.role)
        names = ("members", "at_least", "instead", "quorum", "majority")
        for name in (each for each in names if getattr(step, each) != getattr(plain, each)):
            en, zh = "This is for a meeting only.", "仅适用于会议决定的步骤。"
            yield Fault(f"{at}/{name}", "for-a-meeting-only", en, zh)


def _meeting_faults(step: ApprovalStep, at: str) -> Iterator[Fault]:
    yield from _member_faults(step, at)
    if step.delegates:
        en, zh = "Nobody signs for a meeting.", "会议决定的步骤不得委托。"
        yield Fault(f"{at}/delegates", "meeting-delegated", en, zh)
    if step.needs == "minutes":
        en, zh = "A meeting always needs them.", "会议决定的步骤必须注明会议纪要。"
        yield Fault(f"{at}/needs", "always-needed", en, zh)
    if step.instead == step.role:
        en, zh = "Name another role.", "须为其他角色。"
        yield Fault(f"{at}/instead", "instead-of-itself", en, zh)


def _member_faults(step: ApprovalStep, at: str) -> Iterator[Fault]:
    members = [each.code for each in step.members]
    if not members:
        yield Fault(f"{at}/members", "no-members", "Name the members.", "须列出会议成员。")
    if len(members) > MOST_MEMBERS:
        en, zh = f"There are at most {MOST_MEMBERS} members.", f"成员不超过 {MOST_MEMBERS} 名。"
        yield Fault(f"{at}/members", "too-many", en, zh)
        return
    for n, code in enumerate(members):
        if code in members[:n]:
            en, zh = f"{code} is listed before.", f"{code} 重复列出。"
            yield Fault(f"{at}/members/{n}/code", "named-twice", en, zh)
    if step.at_least is not None and step.at_least > len(members):
        en = f"{len(members)} members are fewer than {step.at_least}."
        zh = f"成员 {len(members)} 名，少于 {step.at_least} 名。"
        yield Fault(f"{at}/at_least", "quorum-above-members", en, zh)


def _deadlocks(step: ApprovalStep, scheme: Scheme, at: str) -> Iterator[Fault]:
    """Yield the categories about which too few members may vote, and nobody decides instead."""
    if step.kind != "meeting" or not step.members:
        return
    stuck = [each.code for each in scheme.categories if not _may_decide(step, each, scheme)]
    if stuck:
        some = ", ".join(stuck[:5])
        en = f"Too few members may vote about {some}, and nobody who could decides instead."
        zh = f"对 {some} 有表决权的成员不足，又无可代为决定者。"
        yield Fault(f"{at}/instead", "deadlock", en, zh)


def _may_decide(step: ApprovalStep, category: Category, scheme: Scheme) -> bool:
    units = frozenset(category.units)
    may = sum(each.unit not in units for each in step.members)
    if may >= (step.at_least or 1):
        return True
    if step.instead == SECOND_BODY:
        return any(each.body not in units for each in scheme.recusals)
    return step.instead is not None
