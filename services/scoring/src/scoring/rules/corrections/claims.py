"""Corrections of bonus and deduction claims of a sealed ledger (加减分申报的封存后更正).

What was decided about a claim stays what it was. A correction gives its award other points, takes
it out, or lets a claim count late of which nothing counted.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.refusals import Fault
from scoring.rules.claims.carrying import is_carried
from scoring.rules.claims.checks import COUNTING, Claim, ClaimContext, verdict
from scoring.rules.claims.sharing import CompetingClaim
from scoring.rules.claims.states import CONFIRMED, JOINT, WITHDRAWN, ClaimCorrection
from scoring.rules.corrections.correcting import ADDS, REPLACES, Correction
from scoring.rules.ledger.writing import plain_item

CLAIM = "claim"
"""The kind of what is corrected, where that is no entry."""


def claim_corrections(corrections: Sequence[Correction]) -> dict[UUID, ClaimCorrection]:
    """Return what corrections say of claims by their ids: of each what was approved last."""
    about = [each for each in corrections if each.claim_id is not None]
    over = {each.corrects: each for each in about}
    found = dict[UUID, ClaimCorrection]()
    for first in about:
        if first.claim_id is None or first.corrects != first.claim_id:
            continue
        last = first
        while last.correction_id in over:
            last = over[last.correction_id]
        late = first.what == ADDS
        found[first.claim_id] = ClaimCorrection(last.correction_id, last.value, late)
    return found


def with_corrections(claims: Sequence[Claim], corrections: Sequence[Correction]) -> list[Claim]:
    """Return claims with what corrections say of them laid over."""
    found = claim_corrections(corrections)
    return [
        replace(each, corrected=found[each.claim_id]) if each.claim_id in found else each
        for each in claims
    ]


@dataclass(frozen=True, slots=True)
class ClaimBesides:
    """What a claim that is corrected stands beside: the `others` on its document that count, the
    claims of later years that rest on it, and what waits for a decision already."""

    others: Sequence[CompetingClaim]
    later: Sequence[str]
    waiting: Collection[UUID | None]


def counts(claim: Claim) -> bool:
    """Say whether something of a claim counts, with what a correction says of it."""
    if claim.corrected is not None:
        return claim.corrected.points is not None
    return claim.standing.state == CONFIRMED and claim.standing.share is not None


def claim_faults(
    claim: Claim, correction: Correction, besides: ClaimBesides, context: ClaimContext
) -> Iterator[Fault]:
    """Yield why a claim cannot be corrected so."""
    at = "/claim_id"
    if correction.corrects in besides.waiting:
        yield Fault(at, "being-corrected", "Another correction waits.", "另有更正待决定。")
    for number in besides.later:
        en = f"Claim {number} of a later year rests on what this one brought: mend that one first."
        zh = f"以后年度的申报 {number} 以本项的结果为依据，须先处理该项。"
        yield Fault(at, "counts-in-a-later-year", en, zh)
    if correction.what == ADDS:
        yield from _late_faults(at, claim, correction, besides, context)
    elif not counts(claim):
        yield Fault(at, "not-counted", "It does not count.", "该项申报未计入得分。")
    if correction.what in (ADDS, REPLACES):
        yield from _points_faults(claim, correction, context)


def _late_faults(
    at: str, claim: Claim, correction: Correction, besides: ClaimBesides, context: ClaimContext
) -> Iterator[Fault]:
    if counts(claim):
        yield Fault(at, "counts-already", "It counts: replace it.", "该项申报已计入，请予替换。")
    if claim.standing.state == WITHDRAWN:
        yield Fault(at, "withdrawn", "It was taken back.", "该项申报已经撤回。")
    if is_carried(claim, context):
        en, zh = "It counts in the next year.", "该项申报顺延至下一年度计算。"
        yield Fault(at, "counts-in-a-later-year", en, zh)
    for other in taking(claim, correction.item, besides.others):
        en = f"Its award counts in claim {other.claim_no} of {other.unit}."
        zh = f"该奖项或通报已在 {other.unit} 的申报 {other.claim_no} 中计算。"
        yield Fault(at, "counted-already", en, zh)


def taking(
    claim: Claim, item: str | None, others: Sequence[CompetingClaim]
) -> Iterator[CompetingClaim]:
    """Yield the claims that take something of the award which a claim is to have: what a list
    names for another holder is another's."""
    named, holder = plain_item(item or ""), plain_item(claim.holder_name or "")
    for other in others:
        own = other.unit == claim.unit or bool(holder and other.holder == holder)
        if plain_item(other.item or "") == named and (own or not other.listed):
            yield other


def _points_faults(claim: Claim, correction: Correction, context: ClaimContext) -> Iterator[Fault]:
    at, points, most = "/value", correction.value, context.most(claim)
    if points is None:
        yield Fault(at, "missing", "It is wanted.", "不能为空。")
    elif points <= 0:
        en, zh = "Above 0; what is worth nothing is removed.", "须大于0；不计分的请不再计入。"
        yield Fault(at, "too-small", en, zh)
    elif not most:
        en, zh = "The total takes no such claims.", "该单位的总分构成不含此类申报。"
        yield Fault(at, "not-in-the-total", en, zh)
    elif points > most:
        en, zh = f"No rule gives more than {most} points.", f"方案各项规则最高为{most}分。"
        yield Fault(at, "more-than-any-rule", en, zh)
    elif correction.what == REPLACES and points == _worth(claim, context):
        yield Fault(at, "nothing-changes", "It is worth that already.", "与现计分值相同。")


def _worth(claim: Claim, context: ClaimContext) -> object:
    """Return the points of the whole award at present."""
    if claim.corrected is not None:
        return claim.corrected.points
    if claim.standing.against is not None:
        return claim.standing.against
    word, _ = verdict(claim, context)
    return abs(context.worth(claim) or 0) if word in COUNTING else None


def sharing(claim: Claim, others: Sequence[Claim]) -> list[Claim]:
    """Return the other claims that have shares of the same joint award, and count."""
    if claim.standing.award != JOINT:
        return []
    item = plain_item(claim.standing.item or "")
    return [
        each
        for each in others
        if each.claim_id != claim.claim_id and each.standing.award == JOINT and counts(each)
        if plain_item(each.standing.item or "") == item
    ]


def shared_with(of: Correction, claim: Claim, correction_id: UUID, corrects: UUID) -> Correction:
    """Return the correction of another share of the award whose points are corrected."""
    return of._replace(
        correction_id=correction_id,
        corrects=corrects,
        claim_id=claim.claim_id,
        unit=claim.unit,
        key=claim.claim_no,
    )


def reason_of_share(of: Correction) -> str:
    """Return why another share is corrected, which tells its unit of no other."""
    return f"共同奖项的分值更正为{of.value}分"
