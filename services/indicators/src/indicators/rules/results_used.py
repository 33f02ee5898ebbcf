"""What a scheme says of the consequences of grades must be something that can be decided."""

from collections.abc import Iterator

from chassis.refusals import Fault, pointer
from indicators.rules.policies import GradeConsequence
from indicators.rules.scheme import Scheme

WITH_AMOUNT = ("bonus_coefficient", "headcount_quota")
WITH_AN_END = ("award_ban", "rectification_report")


def consequence_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield consequences of grades that there are not, and such as lack what they need."""
    policy = scheme.consequences
    if policy is None:
        return
    known = {each for c in scheme.categories for each in scheme.grades_of(c).order}
    for n, each in enumerate(policy.by_grade):
        at = pointer("consequences", "by_grade", n)
        if each.grade not in known:
            en, zh = f"No category has a grade {each.grade}.", f"没有等次{each.grade}。"
            yield Fault(f"{at}/grade", "unknown-grade", en, zh)
        if each in policy.by_grade[:n]:
            yield Fault(at, "named-twice", "It is listed before.", "重复列出。")
        yield from _lacking(each, at)


def _lacking(each: GradeConsequence, at: str) -> Iterator[Fault]:
    wanted = {
        "amount": (each.kind in WITH_AMOUNT, each.amount),
        "months": (each.kind in WITH_AN_END, each.months),
        "name": (each.kind == "title", each.name),
    }
    for field, (is_needed, value) in wanted.items():
        if is_needed and value is None:
            en, zh = f"{each.kind} needs it.", f"{each.kind} 须填写。"
            yield Fault(f"{at}/{field}", "missing", en, zh)
    if each.kind not in WITH_AMOUNT and each.amount is not None:
        en, zh = "Coefficients and quotas alone have one.", "只有系数和名额须填写数额。"
        yield Fault(f"{at}/amount", "not-wanted", en, zh)
    if each.kind == "headcount_quota" and each.amount is not None and each.amount > 1:
        en, zh = "It is a share of all people, 1 at most.", "名额是人数的比例，不超过 1。"
        yield Fault(f"{at}/amount", "quota-above-one", en, zh)
