"""Checks of what is said of an award that several claims on one document are about.

An award counts once: for one claim, or in shares for several that come to no more than the whole.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from chassis.refusals import Fault
from scoring.rules.claims.awards import shares_fit
from scoring.rules.claims.checks import CARRIED_FORWARD
from scoring.rules.claims.states import (
    CONFIRMED,
    HANDED_IN,
    LISTED,
    WITHDRAWN,
    ClaimStanding,
)
from scoring.rules.ledger.writing import plain_item


@dataclass(frozen=True, slots=True)
class CompetingClaim:
    """Another claim on the same document; `share` is what it takes now, None for nothing.

    `listed` says that it counts because the document's list names its `holder`.
    """

    cycle_id: UUID
    claim_id: UUID
    claim_no: str
    unit: str
    state: str
    author_person: str
    item: str | None
    share: Decimal | None
    holder: str = ""
    listed: bool = False

    @property
    def holds(self) -> bool:
        """Whether it counts or may count, so that a confirmation has to say how the two relate."""
        return self.share is not None or self.state == HANDED_IN


@dataclass(frozen=True, slots=True)
class FiledClaim:
    """A claim of several that units filed together (共同申报), with the share proposed for it.

    `agrees` is what its unit says of that, None until it says so; the unit that `leads` agrees.
    """

    claim_id: UUID
    unit: str
    state: str
    share: Decimal | None
    agrees: bool | None
    leads: bool


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision on a claim as its confirmer gave it.

    `shares` are by claim, `counts` is the claim in which one and the same award counts.
    `counted_earlier` is stated only where the earlier year is not in the system. `against` are the
    points that it is worth against what the rules propose.
    """

    decision: str
    reason: str | None = None
    award: str | None = None
    item: str | None = None
    shares: Mapping[UUID, Decimal] = field(default_factory=dict)
    counts: UUID | None = None
    counted_earlier: bool | None = None
    earlier_reason: str | None = None
    against: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EarlierYears:
    """What the event of a claim brought its unit in earlier years, the claims on it there of which
    that is not settled (`open`), and those that revoke such an award, on which nobody has decided
    (`revoking`)."""

    points: Decimal = Decimal(0)
    open: tuple[str, ...] = ()
    revoking: tuple[str, ...] = ()

    def beside(self, claim_no: str, worth: Decimal | None, back: "TakenBack") -> "EarlierYears":
        """Return it with another claim on the event, of which None says that nothing is settled,
        and with what is taken back of that."""
        waiting = (*self.revoking, *back.waiting)
        if worth is None:
            return replace(self, open=(*self.open, claim_no), revoking=waiting)
        left = max(worth - back.points, Decimal(0))
        return replace(self, points=self.points + left, revoking=waiting)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What is taken back of an award that was revoked, and the claims `waiting` that would."""

    points: Decimal = Decimal(0)
    waiting: tuple[str, ...] = ()

    def by(self, claim_no: str, standing: ClaimStanding, brought: Decimal) -> "TakenBack":
        """Return it with another claim that revokes the award, which brought so much."""
        if standing.state == HANDED_IN:
            return replace(self, waiting=(*self.waiting, claim_no))
        worth = brought if standing.against is None else standing.against
        return replace(self, points=self.points + worth * (standing.share or Decimal(0)))


NOTHING_BACK = TakenBack()


NO_EARLIER_YEAR = EarlierYears()


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """A claim to be decided on, with the other claims on its document.

    `found` is the decision by the rules alone, worth `points`; `most` is what their dearest rule
    gives, 0 where the total takes no such claim. `earlier_known` says whether the cycle of the year
    before is in the system, so that nobody needs to say what counted in it. `holder` is the name
    that holds the award, in the form in which names are compared. `earlier` is what its event
    brought in earlier years, None where the scheme does not look at them. `later` are the claims
    in which its event counts in a later year.
    What `revokes` an award does so once. `filed` are the claims, this one among them, that units
    filed together.
    """

    cycle_id: UUID
    claim_id: UUID
    unit: str
    state: str
    found: str
    others: Sequence[CompetingClaim]
    earlier_known: bool
    points: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    holder: str = ""
    joint: str = "split"
    earlier: EarlierYears | None = None
    revokes: bool = False
    later: Sequence[str] = ()
    filed: Sequence[FiledClaim] = ()

    def concerns(self, other: CompetingClaim) -> bool:
        """Say whether another claim is of the same unit, or of the same named holder."""
        return other.unit == self.unit or bool(self.holder and other.holder == self.holder)


def left_alone(standings: Mapping[UUID, ClaimStanding]) -> set[UUID]:
    """Return the claims on a document that gave way to one in which their award does not count."""
    return {
        claim_id
        for claim_id, standing in standings.items()
        if standing.gave_way(claim_id) and _counts_nowhere(standing.counts, standings)
    }


def _counts_nowhere(claim_id: UUID | None, standings: Mapping[UUID, ClaimStanding]) -> bool:
    """Say whether an award is lost in the claim in which it was to count, or where that gave way
    to."""
    there = standings.get(claim_id) if claim_id else None
    if claim_id is None or there is None or there.state == HANDED_IN:
        return False
    if there.gave_way(claim_id):  # to one that counted or waited then, so that no way leads back
        return _counts_nowhere(there.counts, standings)
    later = there.proposed == CARRIED_FORWARD
    counts = there.share is not None or there.counted_earlier or later
    return there.state != CONFIRMED or not counts


def rivals(others: Sequence[CompetingClaim]) -> set[str]:
    """Return the units that gain or lose by what is decided about the document."""
    return {other.unit for other in others if other.state != WITHDRAWN}


def counted_claims(case: ClaimCase, ruling: Ruling) -> list[CompetingClaim]:
    """Return the claims that take something of the award that is ruled about.

    Where the list of a document names several, what another of them has is nothing of this one's.
    """
    takers = _takers(case, plain_item(ruling.item or ""))
    own = [other for other in takers if case.concerns(other)]
    if ruling.award == LISTED or any(other.listed for other in own):
        return own
    return [other for other in takers if other in own or not other.listed]


def _takers(case: ClaimCase, item: str) -> list[CompetingClaim]:
    """Return the claims that take something of the award of a name, whoever it is given to."""
    taking = [other for other in case.others if other.share is not None]
    return [other for other in taking if plain_item(other.item or "") == item]


def same_faults(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield faults of a ruling that claims are the same, of which one counts."""
    named = {other.claim_id for other in case.others if other.holds} | {case.claim_id}
    if ruling.counts not in named:
        yield Fault(
            f"{at}/award/counts",
            "unknown-claim",
            "Name the claim in which the award counts: this one, or another on the document.",
            "须指明以哪一项申报计算：本项，或该文件的其他申报。",
        )
    if ruling.counts == case.claim_id:
        yield from _counted_in_other_cycles(at, case, ruling)
        if not counted_claims(case, ruling):
            yield from _for_another_award(at, [one for one in case.others if one.share is not None])


def _for_another_award(at: str, others: Iterable[CompetingClaim]) -> Iterator[Fault]:
    """Yield the claims that take another award of the document than the one ruled about.

    What is shared, or is the same, with such a claim would count there as before and here too.
    """
    for other in others:
        yield Fault(
            f"{at}/award/item",
            "another-award",
            f"Claim {other.claim_no} counts for another award of the document: "
            f"{other.item or 'the one without a name'}.",
            f"申报 {other.claim_no} 按该文件中的另一奖项（{other.item or '未列名称'}）计算。",
        )


def _counted_in_other_cycles(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield the claims of other cycles that count already: no decision here can change them."""
    for other in counted_claims(case, ruling):
        if other.cycle_id != case.cycle_id:
            yield _counts_already(at, other)


def already_counted(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield the claims in which the award counts already."""
    for other in counted_claims(case, ruling):
        yield _counts_already(at, other)


def _counts_already(at: str, other: CompetingClaim) -> Fault:
    return Fault(
        f"{at}/award",
        "counts-already",
        f"This award counts in claim {other.claim_no} already.",
        f"该奖项已在申报 {other.claim_no} 中计算。",
    )


def joint_faults(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield faults of a ruling that claims have an award together, in the shares given."""
    yield from _joint_otherwise(at, case.joint)
    where, takers = f"{at}/award/shares", counted_claims(case, ruling)
    others = {other.claim_id: other for other in case.others}
    yield from _sharing_faults(where, case, ruling, others)
    shared = [others[each] for each in ruling.shares if each in others]
    yield from _for_another_award(
        at, [one for one in shared if one.share is not None and one not in takers]
    )
    left_out = {one.claim_id for one in takers} - ruling.shares.keys()
    if left_out or not shares_fit(ruling.shares.values()):
        yield Fault(
            where,
            "shares-do-not-fit",
            "Shares are above 0, name every claim that counts, and come to no more than 1.",
            "份额须大于0，包括所有已计算的申报，合计不超过1。",
        )
    yield from _fixed_shares(at, case, ruling)


def _joint_otherwise(at: str, joint: str) -> Iterator[Fault]:
    """Yield that by its scheme a joint award is not shared, and what is decided instead."""
    said = {
        "full": (
            "By the scheme each has a joint award in full: decide `listed`.",
            "方案规定共同获奖各按全额计算，请按名单列名（`listed`）认定。",
        ),
        "lead_only": (
            "By the scheme a joint award counts for who leads: decide `same`, in the leader's.",
            "方案规定共同获奖只计牵头单位，请按同一奖项（`same`）认定，以牵头单位的申报计算。",
        ),
    }
    if joint in said:
        yield Fault(f"{at}/award/kind", "joint-not-shared", *said[joint])


def _sharing_faults(
    where: str, case: ClaimCase, ruling: Ruling, others: Mapping[UUID, CompetingClaim]
) -> Iterator[Fault]:
    """Yield what is wrong with who is given a share: this claim and others, each unit once."""
    if case.claim_id not in ruling.shares or not ruling.shares.keys() - {case.claim_id}:
        yield Fault(
            where,
            "missing",
            "Give the share of this claim and of every other that has a part in the award.",
            "须写明本项申报和其他各项申报各占的份额。",
        )
    if ruling.shares.keys() - others.keys() - {case.claim_id}:
        yield Fault(
            where,
            "unknown-claim",
            "A share is given to a claim that is not about this document.",
            "份额中有不属于该文件的申报。",
        )
    named = [others[each].unit for each in ruling.shares.keys() & others.keys()]
    if len({case.unit, *named}) <= len(named):
        yield Fault(
            where,
            "one-unit-twice",
            "A unit has one share of an award; two of its claims are the same.",
            "一个单位在一个奖项中只有一份；其余申报属同一奖项。",
        )


def _fixed_shares(at: str, case: ClaimCase, ruling: Ruling) -> Iterator[Fault]:
    """Yield the claims of other cycles that are given another share than they take there."""
    for other in counted_claims(case, ruling):
        told = ruling.shares.get(other.claim_id)
        if other.cycle_id != case.cycle_id and told not in {None, other.share}:
            yield _counts_already(at, other)
