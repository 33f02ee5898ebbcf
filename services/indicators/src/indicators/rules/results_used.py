"""What a scheme says of the consequences of grades must be something that can be decided."""

from collections.abc import Iterator

from chassis.refusals import Fault, pointer
from indicators.rules.policies import GradeConsequence
from indicators.rules.scheme import Scheme

WITH_AMOUNT = ("bonus_coefficient", "headcount_quota")
WITH_AN_END = ("award_ban", "rectification_report")
AT_ONCE = ("commendation", "fault_notice", "public_criticism", "admonition_talk")
NAMED = ("commendation", "title")


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
        if any(_is_same(each, before) for before in policy.by_grade[:n]):
            yield Fault(at, "named-twice", "It is listed before.", "重复列出。")
        yield from _lacking(each, at)
        yield from _idle(each, at)
    if not policy.by_grade:
        at = pointer("consequences", "by_grade")
        en, zh = "Leave `consequences` out.", "没有规定的，不写 `consequences`。"
        yield Fault(at, "missing", en, zh)


def _is_same(one: GradeConsequence, other: GradeConsequence) -> bool:
    """Say whether two are the same but for how long and how much: of two coefficients, or two bans,
    one alone would ever count."""
    return (one.grade, one.kind, one.name) == (other.grade, other.kind, other.name)


def _idle(each: GradeConsequence, at: str) -> Iterator[Fault]:
    """Yield what changes nothing in a consequence of its kind."""
    if each.kind in AT_ONCE and each.months is not None:
        en, zh = "It is over once it is carried out.", "该事项一经办理即告完成，没有期限。"
        yield Fault(f"{at}/months", "not-wanted", en, zh)
    if each.kind not in NAMED and each.name is not None:
        en, zh = "Commendations and titles alone have one.", "只有表彰和荣誉称号须填写名称。"
        yield Fault(f"{at}/name", "not-wanted", en, zh)


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
