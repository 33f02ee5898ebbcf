"""Checks of confirmations of claims, and their outcome for all claims on the same document.

Whoever confirms says which award it is; nothing is guessed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from chassis import persons
from chassis.refusals import Fault, pointer
from scoring.rules.claims.awards import plain_item
from scoring.rules.claims.checks import CARRIED_OVER, COUNTING
from scoring.rules.claims.sharing import (
    ClaimCase,
    Ruling,
    already_counted,
    counted_claims,
    joint_faults,
    same_faults,
)
from scoring.rules.claims.states import (
    ANOTHER,
    CONFIRMED,
    HANDED_IN,
    JOINT,
    REJECTED,
    SAME,
    SOLE,
    ClaimStanding,
)

WHOLE_AWARD = Decimal(1)


@dataclass(frozen=True, slots=True)
class ConfirmationOutcome:
    """The standing that a confirmation gives a claim, and the changed shares of other claims.

    In `changed` a claim that takes nothing any more has None.
    """

    standing: ClaimStanding
    changed: Mapping[UUID, Decimal | None]


def confirmed(case: ClaimCase, ruling: Ruling) -> ConfirmationOutcome:
    """Return the outcome of a ruling that has no faults."""
    if ruling.decision == REJECTED:
        return ConfirmationOutcome(ClaimStanding(REJECTED, reason=ruling.reason), {})
    earlier = bool(ruling.counted_earlier) or _counts_in_another_cycle(case, ruling)
    share = None if earlier else _share(case, ruling)
    standing = ClaimStanding(
        CONFIRMED,
        ruling.award or SOLE,
        ruling.item,
        share,
        earlier,
        ruling.earlier_reason or ruling.reason,
    )
    return ConfirmationOutcome(standing, {} if share is None else _changed(case, ruling))


def _share(case: ClaimCase, ruling: Ruling) -> Decimal | None:
    """Return what the claim takes of an award that did not count before; None for nothing."""
    elsewhere = ruling.award == SAME and ruling.counts != case.claim_id
    if case.found not in COUNTING or elsewhere:
        return None
    return ruling.shares.get(case.claim_id, WHOLE_AWARD) if ruling.award == JOINT else WHOLE_AWARD


def faults_of(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield the faults of a ruling: missing reasons, and what does not fit the other claims."""
    if ruling.reason is None and (ruling.decision == REJECTED or case.state != HANDED_IN):
        yield Fault(
            f"{at}/reason", "missing", "This decision needs a reason.", "该决定须写明理由。"
        )
    if ruling.decision != REJECTED:
        yield from _earlier_faults(at, case, ruling)
        yield from _award_faults(at, case, ruling)


def _award_faults(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield the faults of what a ruling says of the award, given the other claims on it."""
    held = any(other.holds for other in case.others)
    if held and ruling.award in {None, SOLE}:
        yield Fault(
            f"{at}/award",
            "held",
            "The document has been claimed elsewhere; say whether the award is joint, another one "
            "in the document, or the same.",
            "该文件已有其他申报；须说明是共同获奖、同一文件中的另一奖项，还是同一奖项。",
        )
    elif not held and ruling.award in {JOINT, SAME}:
        yield Fault(
            f"{at}/award",
            "not-claimed-elsewhere",
            "No other claim is about this document.",
            "该文件没有其他申报。",
        )
    elif ruling.award == ANOTHER and not plain_item(ruling.item or ""):
        yield Fault(
            f"{at}/award/item",
            "missing",
            "Name the award by which it is told apart from the others in the document.",
            "须写明该奖项在文件中的名称，以便区分。",
        )
    else:
        faults = {SAME: same_faults, JOINT: joint_faults}.get(ruling.award or SOLE, already_counted)
        yield from faults(at, case, ruling)


def unused(at: str, ruling: Ruling, shares: Sequence[UUID]) -> Iterator[Fault]:
    """Yield the fields of a ruling that have no effect with its decision, or are given twice.

    `shares` are the claims that were given shares, as they stood. Whoever sends such a thing means
    something else than what would be done.
    """
    said = {
        "award": ruling.decision == REJECTED and ruling.award,
        "counted_earlier": ruling.decision == REJECTED and ruling.counted_earlier is not None,
        "award/item": ruling.award == SOLE and ruling.item,
        "award/shares": ruling.award != JOINT and shares,
        "award/counts": ruling.award != SAME and ruling.counts,
    }
    for name, given in said.items():
        if given:
            yield Fault(
                f"{at}/{name}",
                "unused",
                "This decision has no use for it.",
                "该决定不涉及此项，不应填写。",
            )
    for i, claim_id in enumerate(shares):
        if claim_id in shares[:i]:
            yield Fault(
                f"{at}/award/shares/{i}/claim_id",
                "named-twice",
                "This claim stands here twice.",
                "同一申报重复。",
            )


def _earlier_faults(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    where = f"{at}/counted_earlier"
    if ruling.counted_earlier is not None and case.earlier_known:
        yield Fault(
            where,
            "known",
            "The cycle of the year before is in the system; it knows what counted in it.",
            "上一年度在本系统内，是否已计算由系统判断，不必填写。",
        )
    if ruling.counted_earlier is None and case.found == CARRIED_OVER and not case.earlier_known:
        yield Fault(
            where,
            "missing",
            "The cycle of the year before is not in the system; say, with a reason, whether the "
            "award counted in it.",
            "上一年度不在本系统内，须说明该奖项当时是否已经计算及依据。",
        )


def _changed(case: ClaimCase, ruling: Ruling) -> dict[UUID, Decimal | None]:
    """Return the new shares of other claims that count, where they change."""
    if ruling.award == JOINT:
        return {
            other.claim_id: ruling.shares[other.claim_id]
            for other in counted_claims(case, ruling)
            if ruling.shares[other.claim_id] != other.share
        }
    if ruling.award == SAME:
        return {other.claim_id: None for other in counted_claims(case, ruling)}
    return {}


def _counts_in_another_cycle(case: ClaimCase, ruling: Ruling) -> bool:
    return ruling.award == SAME and any(
        other.claim_id == ruling.counts
        and other.cycle_id != case.cycle_id
        and other.share is not None
        for other in case.others
    )


def shares_of_others(
    at: str, case: ClaimCase, ruling: Ruling, person: str, barred: Collection[str]
) -> Iterator[Fault]:
    """Yield the claims whose shares the ruling would change though the person must not.

    Either the person handed them in, or somebody else decides about their unit (`barred`).
    """
    if ruling.decision != CONFIRMED:
        return
    changed = confirmed(case, ruling).changed
    for other in case.others:
        if other.claim_id not in changed:
            continue
        if other.unit in barred:
            yield Fault(
                f"{at}/award",
                "recused",
                f"Another body decides about the unit of claim {other.claim_no}.",
                f"申报 {other.claim_no} 所涉单位由方案指定的其他机构办理。",
            )
        if persons.is_same(other.author_person, person):
            yield Fault(
                f"{at}/award",
                "own-claim",
                f"Claim {other.claim_no} was handed in by the caller.",
                f"申报 {other.claim_no} 由调用者本人提交。",
            )


def unambiguous(at: int, fingerprints: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault when the document at one position of a list stands in it before."""
    if fingerprints[at] in fingerprints[:at]:
        yield Fault(
            pointer("decisions", at, "claim_id"),
            "same-document-twice",
            "Decide on two claims about one document one after the other.",
            "同一文件的两项申报须先后办理。",
        )
