"""Checks of confirmations of claims, and their outcome for all claims on the same document.

Whoever confirms says which award it is; nothing is guessed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from chassis import persons
from chassis.refusals import Fault
from scoring.rules.claims.checks import CARRIED_OVER, COUNTING
from scoring.rules.claims.filings import agreeing, not_as_filed
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
    AS_FILED,
    CONFIRMED,
    HANDED_IN,
    JOINT,
    LISTED,
    REJECTED,
    SAME,
    SOLE,
    ClaimStanding,
)
from scoring.rules.ledger.writing import plain_item

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
        standing = ClaimStanding(REJECTED, reason=ruling.reason, proposed=case.found)
        return ConfirmationOutcome(replace(standing, proposed_points=case.points), {})
    earlier, share = _counted_before(case, ruling), _share(case, ruling)
    taken = share is not None and _takes_a_listed_place(case, ruling)
    award = LISTED if taken else ruling.award or SOLE
    standing = ClaimStanding(
        CONFIRMED,
        award,
        ruling.item,
        share,
        earlier,
        ruling.earlier_reason or ruling.reason,
        case.found,
        case.points,
        ruling.against,
        None if case.earlier is None else case.earlier.points,
        ruling.counts,
    )
    return ConfirmationOutcome(standing, {} if share is None else _changed(case, ruling))


def _takes_a_listed_place(case: ClaimCase, ruling: Ruling) -> bool:
    """Say whether a claim is the same as one that counts by a list, and counts in its place."""
    return ruling.award == SAME and any(each.listed for each in counted_claims(case, ruling))


def _share(case: ClaimCase, ruling: Ruling) -> Decimal | None:
    """Return what the claim takes of its award; None for nothing."""
    elsewhere = ruling.award == SAME and ruling.counts != case.claim_id
    counts = case.found in COUNTING or ruling.against is not None
    if not counts or elsewhere or _counted_before(case, ruling):
        return None
    return ruling.shares.get(case.claim_id, WHOLE_AWARD) if ruling.award == JOINT else WHOLE_AWARD


def _counted_before(case: ClaimCase, ruling: Ruling) -> bool:
    return bool(ruling.counted_earlier) or _counts_in_another_cycle(case, ruling)


def faults_of(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield the faults of a ruling: missing reasons, and what does not fit the other claims."""
    if ruling.reason is None and (ruling.decision == REJECTED or case.state != HANDED_IN):
        yield Fault(
            f"{at}/reason", "missing", "This decision needs a reason.", "该决定须写明理由。"
        )
    if ruling.decision != REJECTED:
        if ruling.against is not None:
            yield from _against_faults(at, case, ruling, ruling.against)
        yield from _earlier_faults(at, case, ruling)
        yield from _open_years(at, case)
        yield from _later_years(at, case, ruling)
        yield from list(_revoked_once(at, case, ruling)) or _award_faults(at, case, ruling)


def _revoked_once(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    if case.revokes and ruling.award not in {None, SOLE, SAME}:
        yield Fault(
            f"{at}/award/kind",
            "revoked-once",
            "An award is revoked once; another claim that revokes it is the same.",
            "一个奖项只撤销一次；另有撤销同一奖项的申报，属同一事项（`same`）。",
        )


def _against_faults(at: str, case: ClaimCase, ruling: Ruling, points: Decimal) -> Iterator[Fault]:
    """Yield what keeps a claim from points that its rules do not propose."""
    if ruling.reason is None:
        yield Fault(
            f"{at}/reason",
            "missing",
            "A decision against what the rules propose needs a reason.",
            "与规则建议不一致的决定须写明理由。",
        )
    if not case.most:
        yield Fault(
            f"{at}/against",
            "not-in-the-total",
            "The total of the unit takes no such claims, whoever decides so.",
            "该单位的总分构成不含此类申报，不得另行决定计分。",
        )
    elif points > case.most:
        yield Fault(
            f"{at}/against/points",
            "more-than-any-rule",
            f"No rule of the scheme gives more than {case.most} points.",
            f"方案各项规则最高为{case.most}分，不得超过。",
        )
    elif case.found in COUNTING and points == abs(case.points):
        yield Fault(
            f"{at}/against",
            "as-proposed",
            "These are the points that the rules propose; leave them out.",
            "与规则建议的分值相同，不必填写。",
        )


def _award_faults(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield the faults of what a ruling says of the award, given the other claims on it."""
    if ruling.award == AS_FILED:
        yield from not_as_filed(at, case.filed)
        return
    held = _is_held(case, ruling)
    if held and ruling.award in {None, SOLE}:
        yield Fault(
            f"{at}/award",
            "held",
            "The document has been claimed elsewhere; say whether the award is joint, another one "
            "in the document, the same, or whether its list names the holder too.",
            "该文件已有其他申报；须说明是共同获奖、同一文件中的另一奖项、同一奖项，还是名单同时列名。",
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


def _is_held(case: ClaimCase, ruling: Ruling) -> bool:
    """Say whether others on the document have to be told apart from this one.

    What its list names counts beside what others have, and is told apart by the name.
    """
    return ruling.award != LISTED and any(other.holds for other in case.others)


def unused(at: str, ruling: Ruling, shares: Sequence[UUID]) -> Iterator[Fault]:
    """Yield the fields of a ruling that have no effect with its decision, or are given twice.

    `shares` are the claims that were given shares, as they stood. Whoever sends such a thing means
    something else than what would be done.
    """
    rejected = ruling.decision == REJECTED
    said = {
        "award": rejected and ruling.award,
        "counted_earlier": rejected and ruling.counted_earlier is not None,
        "against": (rejected or ruling.award == AS_FILED) and ruling.against is not None,
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
    yield from _named_twice(at, shares)


def _named_twice(at: str, shares: Sequence[UUID]) -> Iterator[Fault]:
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


def _open_years(at: str, case: ClaimCase) -> Iterator[Fault]:
    """Yield the claims of earlier years on the same event of which it is not known what they bring,
    or whether that is taken back, though the scheme looks at that."""
    for claim_no in case.earlier.open if case.earlier else ():
        yield Fault(
            f"{at}/claim_id",
            "earlier-year-open",
            f"Claim {claim_no} of an earlier year is about the same event; seal that year's ledger "
            "and feed its score sheet back first.",
            f"以前年度的申报 {claim_no} 属同一事件，须先封存该年度台账并反馈得分表。",
        )
    for claim_no in case.earlier.revoking if case.earlier else ():
        yield Fault(
            f"{at}/claim_id",
            "revocation-open",
            f"Claim {claim_no} revokes an award of an earlier year on the same event; decide on "
            "that one first.",
            f"申报 {claim_no} 撤销以前年度同一事件的奖项，须先就该项作出决定。",
        )


def _later_years(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield the claims of later years in which the event counts, beside what it brought until then:
    if it counted here too, nobody would have looked at that there."""
    if _share(case, ruling) is None:
        return
    for claim_no in case.later:
        yield Fault(
            f"{at}/claim_id",
            "counts-in-a-later-year",
            f"The event counts in claim {claim_no} of a later year; reject or take back that one "
            "first, confirm this one, and decide on that one again once this year is fed back.",
            f"同一事件已在以后年度的申报 {claim_no} 中计算；须先驳回或撤回该项，再认定本项，"
            "待本年度反馈后重新认定该项。",
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


def unambiguous(
    at: int, decided: Sequence[tuple[ClaimCase, Ruling] | None], where: str
) -> Iterator[Fault]:
    """Yield a fault when the document at one position of a list stands in it before.

    What its list names stands apart from one another: each of them is decided about by itself. And
    what units filed together is decided about together, in one way.
    """
    here = decided[at]
    before = [each for each in decided[:at] if each and here and _one_document(each[0], here[0])]
    if here and any(not _apart(each, here) for each in before):
        yield Fault(
            where,
            "same-document-twice",
            "Decide on two claims about one document one after the other.",
            "同一文件的两项申报须先后办理。",
        )


def _one_document(one: ClaimCase, other: ClaimCase) -> bool:
    return one.claim_id == other.claim_id or any(
        each.claim_id == other.claim_id for each in one.others
    )


def _apart(one: tuple[ClaimCase, Ruling], other: tuple[ClaimCase, Ruling]) -> bool:
    """Say whether two rulings are about holders that one list names, and concern neither other, or
    are one about what units filed together."""
    if one[0].claim_id == other[0].claim_id:
        return False
    together = {each.claim_id for each in one[0].filed}
    if other[0].claim_id in together and agreeing(one[1], other[1]):
        return True
    listed = {one[1].award, other[1].award} <= {LISTED}
    return listed and not any(
        one[0].concerns(each) for each in one[0].others if each.claim_id == other[0].claim_id
    )
