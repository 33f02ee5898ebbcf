"""Which claims (加减分申报) may be handed in at all; what they are worth is decided later."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from chassis.refusals import Conflict, Fault, Invalid, pointer
from scoring.rules.claims.awards import award_of
from scoring.rules.claims.checks import BONUS, DEDUCTION, OF_UNIT, Claim, not_in_the_total, plain
from scoring.rules.scheme.document import (
    Adjustments,
    BonusRule,
    DeductionPolicy,
    DeductionRule,
    Scheme,
)

Numbered = tuple[str, str]
"""A unit, and the number that it gave one of its claims."""


class ClaimsRejected(Invalid):
    """Some of the claims cannot be taken; none was kept."""

    zh = "部分申报不能接收，全部未保存。"
    remedy = (
        "Mend or leave out the claims that `errors` names, and send the rest again.",
        "请改正或去掉 `errors` 所指的申报，然后重新提交。",
    )


class ClaimNumberTaken(Conflict):
    """A claim of this unit has that number already in the cycle; none was kept."""

    zh = "该单位本年度已有相同编号的申报，全部未保存。"
    remedy = (
        "Give another `claim_no`; if it is the same claim, nothing needs to be done but to name "
        "further evidence by its own address.",
        "请另取 `claim_no`；如为同一申报，无需重复提交，补充佐证材料请使用该申报的引用地址。",
    )


def check_claims(claims: Sequence[Claim], scheme: Scheme, beside: Iterable[Fault] = ()) -> None:
    """Refuse claims that no rule could ever decide, naming every fault and those found `beside`."""
    faults, seen = list[Fault](), set[Numbered]()
    for row, claim in enumerate(claims):
        at = pointer("claims", row)
        faults += faults_of_one(claim, scheme, at)
        faults += [*_fields(claim, at), *_holder_kind(claim, at)]
        if (numbered := (claim.unit, claim.claim_no)) in seen:
            en, zh = "An earlier claim here has the same number.", "与前面的申报编号相同。"
            faults.append(Fault(f"{at}/claim_no", "duplicate-number", en, zh, beside=True))
        seen.add(numbered)
    faults += beside
    if faults:
        raise ClaimsRejected(
            f"{len(faults)} faults in the claims.", f"申报有{len(faults)}处错误。", faults=faults
        )


def faults_of_one(claim: Claim, scheme: Scheme, at: str) -> Iterator[Fault]:
    """Yield why no rule of the unit's category could decide a claim."""
    category = scheme.category_of().get(claim.unit)
    if category is None:
        yield Fault(
            f"{at}/unit",
            "unknown-unit",
            f"{claim.unit} is not assessed in this cycle.",
            f"{claim.unit} 不是本年度的被评估单位。",
        )
    elif not scheme.composition_of(category).counts(claim.kind):
        why = not_in_the_total(claim)
        yield Fault(f"{at}/kind", "not-in-the-total", why.en, why.zh)
    else:
        rules = scheme.adjustments_of(category)
        yield from _rule(claim, rules.deductions, at)
        yield from _place(claim, rules, at)


def _rule(claim: Claim, deductions: DeductionPolicy, at: str) -> Iterator[Fault]:
    rules = {rule.code for rule in deductions.rules}
    if claim.revokes is not None:
        yield from _revocation(claim, at)
    elif claim.kind == DEDUCTION and claim.rule not in rules:
        yield Fault(
            f"{at}/rule",
            "unknown-rule",
            f"{claim.rule} is none of the deduction rules: {', '.join(sorted(rules))}.",
            f"{claim.rule} 不在减分规则之内：{', '.join(sorted(rules))}。",
        )


def _revocation(claim: Claim, at: str) -> Iterator[Fault]:
    """Yield what a deduction lacks, or has too much, that revokes an award of an earlier year."""
    if claim.kind != DEDUCTION:
        en, zh = "Only a deduction revokes an award.", "仅减分申报可撤销以前年度的奖项。"
        yield Fault(f"{at}/revokes", "not-a-deduction", en, zh)
    for name in ("rule", "work_year", "place"):
        if getattr(claim, name) is not None:
            en, zh = "What revokes an award has no use for it.", "撤销奖项的申报不填此项。"
            yield Fault(f"{at}/{name}", "unused", en, zh)
    for name in ("document_no", "document_date"):
        if getattr(claim, name) is None:
            en = f"What revokes an award names its {name}."
            yield Fault(f"{at}/{name}", "missing", en, f"撤销奖项的申报必须填写{_ZH[name]}。")


def not_revocable(at: str) -> Fault:
    """Return that a claim names none that it may revoke; for which reason stays untold."""
    return Fault(
        f"{at}/revokes",
        "not-revocable",
        "The office names a bonus claim of the same unit, of an earlier year whose ledger is "
        "sealed and fed back, without which the unit would have had fewer points.",
        "须由绩效办指明同一单位在以前已封存并反馈的年度中、没有该项即少得分的加分申报。",
    )


def revoked_with_others(at: str) -> Fault:
    """Return that what an award brought hangs on another one that is to be revoked too."""
    return Fault(
        f"{at}/revokes",
        "revocation-open",
        "What it brought hangs on another award of the unit and year that is to be revoked; decide "
        "on that one first.",
        "该奖项实得分值取决于同一单位同一年度另一项待撤销的奖项，须先就该项作出决定。",
    )


def _place(claim: Claim, rules: Adjustments, at: str) -> Iterator[Fault]:
    """Yield a place that no rule for such a claim lists, or one that is missing."""
    fitting = _fitting(claim, rules)
    known = list(dict.fromkeys(chain.from_iterable(rule.by_place for rule in fitting)))
    if claim.place is None and fitting and all(map(attrgetter("by_place"), fitting)):
        yield Fault(
            f"{at}/place",
            "missing",
            f"Such a claim names its place: one of {', '.join(known)}.",
            f"此类申报须填写名次或等次：{'、'.join(known)}。",
        )
    elif claim.place is not None and not _among(claim.place, known):
        yield Fault(
            f"{at}/place",
            "unknown-place",
            f"{claim.place} is none of the places of its rules: {', '.join(known) or 'none'}.",
            f"“{claim.place}”不在所适用规则的名次或等次之内：{'、'.join(known) or '无'}。",
        )


def _among(place: str, known: Sequence[str]) -> bool:
    return plain(place) in map(plain, known)


def _fitting(claim: Claim, rules: Adjustments) -> Sequence[BonusRule | DeductionRule]:
    """Return the rules of which one may fit a claim, whatever authority it names."""
    if claim.kind == BONUS:
        return [rule for rule in rules.bonus.rules if rule.level == claim.level]
    return [rule for rule in rules.deductions.rules if rule.code == claim.rule]


def _holder_kind(claim: Claim, at: str) -> Iterator[Fault]:
    if claim.kind == DEDUCTION and claim.holder_kind != OF_UNIT:
        yield Fault(
            f"{at}/holder_kind",
            "unused",
            "Who holds an award is said of a bonus only.",
            "仅加分申报填写获奖者的种类。",
        )


def _fields(claim: Claim, at: str) -> Iterator[Fault]:
    if claim.kind == BONUS:
        for name in ("level", "authority", "holder_name", "document_no", "document_date"):
            if getattr(claim, name) is None:
                yield Fault(
                    f"{at}/{name}",
                    "missing",
                    f"A bonus claim names its {name}.",
                    f"加分申报必须填写{_ZH[name]}。",
                )
    if claim.document_no is not None and not any(c.isdigit() for c in award_of(claim).number):
        yield Fault(
            f"{at}/document_no",
            "no-number",
            f"{claim.document_no} is no document number: it has no digit.",
            f"“{claim.document_no}”不是文号：没有数字。",
        )


_ZH = {
    "level": "级别",
    "authority": "授奖机关",
    "holder_name": "获奖单位名称",
    "document_no": "文号",
    "document_date": "文件日期",
}


def foreign(claims: Sequence[Claim], unit: str | None) -> dict[int, list[Fault]]:
    """Return the claims that are about another unit, by their places, each with what is wrong."""
    en, zh = "It is about another unit.", "涉及其他单位。"
    return {
        row: [Fault(pointer("claims", row, "unit"), "not-the-own-unit", en, zh)]
        for row, claim in enumerate(claims)
        if claim.unit != unit
    }


def refuse_taken(claims: Sequence[Claim], *, kept: Collection[Numbered]) -> None:
    """Refuse claims that were not kept because their number was taken, naming every one."""
    faults = [
        Fault(
            pointer("claims", row, "claim_no"),
            "number-taken",
            f"Claim {claim.claim_no} was handed in before.",
            f"申报 {claim.claim_no} 已经提交过。",
        )
        for row, claim in enumerate(claims)
        if (claim.unit, claim.claim_no) not in kept
    ]
    if faults:
        raise ClaimNumberTaken(
            f"{len(faults)} numbers are taken.", f"{len(faults)}个编号已被使用。", faults=faults
        )
