"""The states of a claim (加减分申报), the transitions between them, and who may make them.

The person who confirms is another than the one who handed it in, and has no interest in it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal
from uuid import UUID

from chassis import persons
from chassis.refusals import Conflict, Fault, Unavailable, pointer

HANDED_IN, CONFIRMED = "handed_in", "confirmed"
REJECTED, WITHDRAWN = "rejected", "withdrawn"
STATES = (HANDED_IN, CONFIRMED, REJECTED, WITHDRAWN)

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (HANDED_IN, HANDED_IN): "its unit agrees or objects to what another filed for both",
    (HANDED_IN, CONFIRMED): "another person confirms it, and says which award it is",
    (HANDED_IN, REJECTED): "another person rejects it with a reason",
    (HANDED_IN, WITHDRAWN): "the claimant, or the performance office, takes it back with a reason",
    (CONFIRMED, CONFIRMED): "its confirmation is given anew with a reason",
    (CONFIRMED, REJECTED): "its confirmation is given anew with a reason",
    (REJECTED, CONFIRMED): "its confirmation is given anew with a reason",
    (CONFIRMED, HANDED_IN): "what its confirmation rested on stands no longer",
    (CONFIRMED, WITHDRAWN): "the performance office takes it back with reason and document",
}
"""Every transition while the ledger is open, and what makes it. No other can happen."""

SOLE, JOINT, ANOTHER, SAME = "sole", "joint", "another_award", "same"
LISTED = "listed"
AS_FILED: Final = "as_filed"
AwardKind = Literal["joint", "another_award", "same", "sole", "listed"]
"""What a claim is among those on one document: the only one, one of several that share an award,
about another award in it, about the same, which counts in one claim only, or of a holder that the
document's list names among others."""

RuledAs = Literal[AwardKind, "as_filed"]
"""What may be said of it: one of these, or that it is what the units propose that filed it
together."""


class ClaimsRefused(Conflict):
    """Some of the claims cannot make this move; none was made."""

    zh = "部分申报不能这样变更状态，全部未变更。"
    remedy = (
        "Read the claims again and leave out those that `errors` names, or mend what it says of "
        "them.",
        "请重新查看申报，去掉 `errors` 所指各项，或按其说明改正。",
    )


class ClaimsBusy(Unavailable):
    """Others decide about claims on the same document or event at this moment; nothing was done."""

    zh = "他人正在办理同一文件或同一事件的申报，本次未作任何变更。"
    remedy = (
        "Send the same request again after the seconds in `Retry-After`, with the same "
        "`Idempotency-Key`.",
        "请在 `Retry-After` 所示秒数后以同一 `Idempotency-Key` 重发同一请求。",
    )
    headers: Mapping[str, str] = MappingProxyType({"Retry-After": "2"})


@dataclass(frozen=True, slots=True)
class ClaimStanding:
    """The state of a claim, and what the decision on it says of the award.

    `share` is what it takes of its award, None when it takes nothing.

    `item` is the award's name in its document where it was told apart; `counted_earlier` says that
    the award counted in an earlier year, `reason` why it was decided so. `against` are the points
    that were decided against the rules, whose decision was `proposed`. `earlier_points` is what
    its event brought in earlier years, None where the scheme did not look at them. `counts` is the
    claim in which one and the same award counts, by who confirmed it; it `awaits` that one until
    somebody has decided about it. A claim that was confirmed before, and has to be again, keeps
    what that rested on: that it was the `same`, or `earlier_points`.
    """

    state: str = HANDED_IN
    award: str | None = None
    item: str | None = None
    share: Decimal | None = None
    counted_earlier: bool = False
    reason: str | None = None
    proposed: str | None = None
    proposed_points: Decimal | None = None
    against: Decimal | None = None
    earlier_points: Decimal | None = None
    counts: UUID | None = None
    awaits: bool = False

    def gave_way(self, claim_id: UUID) -> bool:
        """Say whether the award of this claim counts in another one."""
        same = self.state == CONFIRMED and self.award == SAME and self.share is None
        return same and self.counts not in (None, claim_id)


@dataclass(frozen=True, slots=True)
class ClaimCorrection:
    """What a correction of a sealed record says of a claim: the points of its whole award, None
    where it counts no longer.

    `late` says that nothing of the claim had counted when the record was sealed.
    """

    correction_id: UUID
    points: Decimal | None
    late: bool

    def over(self, standing: ClaimStanding) -> ClaimStanding:
        """Return where a claim stands with it, beside where it stood when it was sealed."""
        if self.points is None:
            return replace(standing, state=REJECTED, share=None, against=None)
        share = WHOLE.share if self.late else standing.share
        return replace(standing, state=CONFIRMED, share=share, against=self.points, awaits=False)


AWAITING = ClaimStanding()
"""The standing of a claim that was handed in and that nobody has confirmed."""

WHOLE = ClaimStanding(CONFIRMED, SOLE, share=Decimal(1))
"""The standing of a confirmed claim that is the only one on its award."""


@dataclass(frozen=True, slots=True)
class ClaimParties:
    """The persons and units that a claim concerns, and its state: they decide who may change it.

    `answered_by` are all who ever said for a unit what it says of the filing that it is part of.
    """

    claim_id: UUID
    claim_no: str
    unit: str
    kind: str
    author_person: str
    author_unit: str | None
    confirmed_by: str | None
    state: str
    answered_by: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ClaimActor:
    """Who changes the state of claims: a person, their unit, and in which office they act."""

    person: str
    unit: str | None
    claimant: bool
    second_body: bool

    def decides(self, body: str | None) -> bool:
        """Say whether this person decides about a unit that has this second body (回避), or none.

        Where the scheme names one it decides, and nobody else; and it decides only there.
        """
        return body == self.unit if self.second_body and body else not (self.second_body or body)


def check_confirming(
    at: str,
    claim: ClaimParties | None,
    to: str,
    actor: ClaimActor,
    rivals: Collection[str],
    body: str | None,
) -> Iterator[Fault]:
    """Yield what keeps somebody from deciding on a claim.

    `rivals` are the units of all claims on the same document, `body` who decides about the unit
    in the office's place.
    """
    if claim is None:
        yield unknown_claim(at)
        return
    yield from _wrong_state(at, claim, to)
    if persons.is_same(actor.person, claim.author_person):
        yield Fault(
            at,
            "own-claim",
            f"Claim {claim.claim_no} was handed in by the caller; another person confirms it.",
            f"申报 {claim.claim_no} 由调用者本人提交，须由他人认定。",
        )
    else:
        yield from _answered(at, claim, actor)
    yield from _interest(at, claim, actor, rivals)
    yield from _barred(at, claim, actor, body)


def _answered(at: str, claim: ClaimParties, actor: ClaimActor) -> Iterator[Fault]:
    if any(persons.is_same(actor.person, each) for each in claim.answered_by):
        yield Fault(
            at,
            "own-claim",
            f"The caller said for a unit what it says of the filing of claim {claim.claim_no}; "
            "another person decides about it.",
            f"调用者曾代表单位答复申报 {claim.claim_no} 所属的共同申报，须由他人办理。",
        )


def check_withdrawing(
    at: str,
    claim: ClaimParties | None,
    actor: ClaimActor,
    document_no: str | None,
    body: str | None,
) -> Iterator[Fault]:
    """Yield what keeps somebody from taking a claim back.

    A unit takes back its own awards, and what it handed in itself, until they are confirmed.
    """
    if claim is None:
        yield unknown_claim(at)
        return
    yield from _wrong_state(at, claim, WITHDRAWN)
    own = claim.unit == actor.unit and (claim.kind == "bonus" or claim.author_unit == actor.unit)
    if own and actor.claimant and claim.state == HANDED_IN:
        return
    yield from _interest(at, claim, actor, ())
    yield from _barred(at, claim, actor, body)
    if claim.state == CONFIRMED:
        yield from _undoing(at, claim, actor, document_no)


def _undoing(
    at: str, claim: ClaimParties, actor: ClaimActor, document_no: str | None
) -> Iterator[Fault]:
    """Yield what a withdrawal of a confirmed claim lacks: another person than who confirmed it or
    answered for a unit of its filing, or its document."""
    yield from _answered(at, claim, actor)
    if persons.is_same(actor.person, claim.confirmed_by):
        yield Fault(
            at,
            "own-confirmation",
            f"Claim {claim.claim_no} was confirmed by the caller; another person takes it back.",
            f"申报 {claim.claim_no} 由调用者本人认定，须由他人撤回。",
        )
    if document_no is None:
        yield Fault(
            pointer("document_no"),
            "missing",
            f"Claim {claim.claim_no} is confirmed; a document is needed to take it back.",
            f"申报 {claim.claim_no} 已经认定，撤回须有文件依据。",
        )


def refuse_if(faults: Sequence[Fault], count: int) -> None:
    """Refuse the whole list of `count` claims when there is any fault."""
    if faults:
        raise ClaimsRefused(
            f"{len(faults)} faults in {count} claims.",
            f"{count}项申报中有{len(faults)}处不符。",
            faults=faults,
        )


def evidence_missing(at: str) -> Fault:
    """Return the fault of a claim that is to be confirmed and lacks the evidence it wants."""
    return Fault(
        at,
        "evidence-missing",
        "The scheme has such a claim count with evidence alone, and it names none.",
        "方案要求此类申报须有佐证材料方可计分，该申报尚未引用。",
    )


def rested_on(at: str, claim_no: str) -> Fault:
    """Return the fault of undoing the revocation of an award on which a later one rests."""
    return Fault(
        at,
        "revoked-since",
        f"Claim {claim_no} revokes another award of that unit and year, by what is left beside "
        "this one; take that one back first.",
        f"申报 {claim_no} 在此之后撤销了同一单位同一年度的另一奖项，须先撤回该项。",
    )


STATE_ZH = {HANDED_IN: "待认定", CONFIRMED: "已认定", REJECTED: "已驳回", WITHDRAWN: "已撤回"}


def unknown_claim(at: str) -> Fault:
    """Return that there is no such claim, or none that the caller may know of."""
    return Fault(at, "unknown-claim", "There is no such claim.", "没有该项申报。")


def _wrong_state(at: str, claim: ClaimParties, to: str) -> Iterator[Fault]:
    if (claim.state, to) not in TRANSITIONS:
        yield wrong_state(at, claim)


def wrong_state(at: str, claim: ClaimParties) -> Fault:
    """Return that a claim cannot be moved so from the state that it is in."""
    return Fault(
        at,
        "wrong-state",
        f"Claim {claim.claim_no} is {claim.state}.",
        f"申报 {claim.claim_no} 处于“{STATE_ZH[claim.state]}”状态。",
    )


def _interest(
    at: str, claim: ClaimParties, actor: ClaimActor, rivals: Collection[str]
) -> Iterator[Fault]:
    # A rival for the same document gains by the decision as much as the claimant.
    if actor.unit is not None and actor.unit in {claim.unit, *rivals}:
        yield Fault(
            at,
            "own-unit",
            f"Claim {claim.claim_no} concerns the caller's own unit; somebody else decides.",
            f"申报 {claim.claim_no} 涉及调用者所在单位，应当回避。",
        )


def _barred(at: str, claim: ClaimParties, actor: ClaimActor, body: str | None) -> Iterator[Fault]:
    if not actor.decides(body):
        yield Fault(
            at,
            "recused",
            f"Another body decides about the unit of claim {claim.claim_no}.",
            f"申报 {claim.claim_no} 所涉单位由方案指定的其他机构办理。",
        )
