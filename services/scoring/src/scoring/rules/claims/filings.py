"""One claim that several units hand in together (共同申报).

Each unit that is named has a claim of its own on the document, in one filing. It agrees or objects,
and what all agree to may be decided about as it was filed: for all of them at once.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chassis import persons
from chassis.refusals import Fault, pointer
from scoring.rules.claims.awards import shares_fit
from scoring.rules.claims.checks import BONUS, Claim
from scoring.rules.claims.intake import faults_of_one
from scoring.rules.claims.sharing import FiledClaim, Ruling
from scoring.rules.claims.states import (
    HANDED_IN,
    JOINT,
    LISTED,
    SAME,
    ClaimActor,
    ClaimParties,
    unknown_claim,
    wrong_state,
)
from scoring.rules.ledger.writing import plain_item
from scoring.rules.scheme.document import Scheme

SPLIT, LEAD_ONLY = "split", "lead_only"

MOST_FILED = 1_000
"""How many claims the filings of one batch come to at most."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A unit that a claim names beside its own, with the name by which the document names it.

    `share` is what it shall have of the award, None where the scheme does not share it.
    """

    unit: str
    holder_name: str
    share: Decimal | None = None
    linked_indicator: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """A claim with the units that have its award too, and the share of its own unit."""

    claim: Claim
    share: Decimal | None
    partners: Sequence[Partner]

    def claim_of(self, partner: Partner) -> Claim:
        """Return the claim as it is one of a partner's, under the id and number of this one."""
        return replace(
            self.claim,
            unit=partner.unit,
            holder_name=partner.holder_name,
            linked_indicator=partner.linked_indicator,
        )

    def number(self, unit: str, taken: Collection[tuple[str, str]]) -> str:
        """Return the number of a partner's claim, which tells whose it was; none that is taken."""
        first = told = f"{self.claim.unit}-{self.claim.claim_no}"
        n = 1
        while (unit, told) in taken:
            n += 1
            told = f"{first}-{n}"
        return told


# Handing it in.


def filing_faults(filings: Mapping[int, Filing], scheme: Scheme) -> Iterator[Fault]:
    """Yield what is wrong with the filings of a batch, by the places of their claims."""
    if sum(1 + len(each.partners) for each in filings.values()) > MOST_FILED:
        yield Fault(
            pointer("claims"),
            "too-many-claims",
            f"With the units that they name they are more than {MOST_FILED} claims; send them in "
            "parts.",
            f"连同所列单位超过{MOST_FILED}项申报，请分批提交。",
        )
        return
    for row, filing in filings.items():
        at = pointer("claims", row)
        if filing.partners and filing.claim.kind != BONUS:
            en, zh = "Only an award is claimed jointly.", "仅加分申报可由多个单位共同提交。"
            yield Fault(f"{at}/jointly_with", "unused", en, zh)
        elif filing.partners:
            yield from _partners(filing, scheme, at)
        yield from _shares(filing, _joint(filing.claim.unit, scheme), at)


def _joint(unit: str, scheme: Scheme) -> str | None:
    category = scheme.category_of().get(unit)
    return scheme.adjustments_of(category).bonus.joint if category else None


def _partners(filing: Filing, scheme: Scheme, at: str) -> Iterator[Fault]:
    """Yield units that stand in a claim twice, that could not claim it by themselves, or for which
    a joint award is ruled otherwise."""
    own, joint = filing.claim, _joint(filing.claim.unit, scheme)
    units = Counter([own.unit, *(each.unit for each in filing.partners)])
    names = [own.holder_name or "", *(each.holder_name for each in filing.partners)]
    holders = Counter(map(plain_item, names))
    for n, partner in enumerate(filing.partners):
        where = f"{at}/jointly_with/{n}"
        if units[partner.unit] > 1:
            en, zh = "Each unit stands in a claim once.", "一项申报中每个单位只列一次。"
            yield Fault(f"{where}/unit", "named-twice", en, zh)
        if holders[plain_item(partner.holder_name)] > 1:
            yield Fault(
                f"{where}/holder_name",
                "named-twice",
                "Name each unit as the document does; another has this name here.",
                "请按文件所列名称填写各单位；此名称已用于另一单位。",
            )
        faults = list(faults_of_one(filing.claim_of(partner), scheme, where))
        yield from (_of_partner(each, where) for each in faults)
        if not faults and _joint(partner.unit, scheme) != joint:
            yield Fault(
                f"{where}/unit",
                "joint-otherwise",
                f"What a joint award brings is ruled otherwise for {partner.unit}; each claims it "
                "by itself.",
                f"{partner.unit} 所适用的共同获奖计分规定不同，请分别申报。",
            )


def _of_partner(fault: Fault, where: str) -> Fault:
    """Return a fault of a partner's claim at what was said of the partner."""
    said = fault.pointer.removeprefix(where) in {"/unit", "/holder_name", "/linked_indicator"}
    return fault if said else replace(fault, pointer=where)


def _shares(filing: Filing, joint: str | None, at: str) -> Iterator[Fault]:
    """Yield shares that are missing, or not asked for, or come to more than the whole."""
    said = {f"{at}/jointly_with/{n}/share": each.share for n, each in enumerate(filing.partners)}
    said = {f"{at}/share": filing.share} | said
    if not filing.partners or joint != SPLIT:
        yield from (_no_share(where) for where, share in said.items() if share is not None)
        return
    yield from (_share_missing(where) for where, share in said.items() if share is None)
    if not shares_fit(filter(None, said.values())):
        en, zh = "Shares come to no more than 1.", "份额合计不得超过1。"
        yield Fault(f"{at}/share", "shares-do-not-fit", en, zh)


def _share_missing(where: str) -> Fault:
    return Fault(where, "missing", "Propose the share of each unit.", "须提出各单位的份额。")


def _no_share(where: str) -> Fault:
    return Fault(
        where,
        "unused",
        "Shares are proposed only where several units claim together and the scheme shares a joint "
        "award.",
        "仅在多个单位共同申报且方案规定共同获奖按份额计分时填写份额。",
    )


# What the units say of it.


def answer_faults(
    at: str, claim: ClaimParties | None, filed: FiledClaim | None, actor: ClaimActor
) -> Iterator[Fault]:
    """Yield what keeps somebody from saying for a unit whether it agrees to a filing.

    The unit that leads has said so by filing it, and its person does not answer for another.
    """
    if claim is None or claim.unit != actor.unit:
        yield unknown_claim(f"{at}/claim_id")
        return
    if claim.state != HANDED_IN:
        yield wrong_state(f"{at}/claim_id", claim)
    if filed is None or filed.leads:
        yield Fault(
            f"{at}/claim_id",
            "not-filed-by-another",
            "No other unit has filed this claim for the own one.",
            "该申报不是由其他单位共同提交的。",
        )
    elif persons.is_same(actor.person, claim.author_person):
        yield Fault(
            f"{at}/claim_id",
            "own-claim",
            f"Claim {claim.claim_no} was handed in by the caller.",
            f"申报 {claim.claim_no} 由调用者本人提交。",
        )


# Deciding about it.


def as_filed(ruling: Ruling, filed: Sequence[FiledClaim], joint: str) -> Ruling:
    """Return what a ruling that a claim is as it was filed says of each claim of the filing, by
    what the scheme says of joint awards."""
    if joint == SPLIT:
        shares = {each.claim_id: each.share for each in filed if each.share is not None}
        return replace(ruling, award=JOINT, shares=shares)
    if joint == LEAD_ONLY:
        leads = next((each.claim_id for each in filed if each.leads), None)
        return replace(ruling, award=SAME, counts=leads)
    return replace(ruling, award=LISTED)


def not_as_filed(at: str, filed: Sequence[FiledClaim]) -> Iterator[Fault]:
    """Yield why a claim cannot be decided about as it was filed: by one unit alone, or not all that
    stand agree."""
    if not filed:
        yield Fault(
            f"{at}/award/kind",
            "not-filed-jointly",
            "One unit has filed this claim; say which award it is.",
            "该申报不是共同申报，须说明属于哪一奖项。",
        )
    open_ = [each for each in filed if each.state == HANDED_IN and not each.agrees]
    for each in open_:
        code, en, zh = _OBJECTS if each.agrees is False else _SILENT
        yield Fault(
            f"{at}/award/kind",
            code,
            f"{each.unit} {en}; say which award each claim is about.",
            f"{each.unit} {zh}；请就各项申报分别说明属于哪一奖项。",
        )


_OBJECTS = "objected", "objects to the filing", "对共同申报有异议"
_SILENT = "not-agreed", "has not agreed to the filing yet", "尚未同意共同申报"


def agreeing(one: Ruling, other: Ruling) -> bool:
    """Say whether two rulings about one filing are one: the same shares, or counting in one."""
    told = (one.decision, one.award, one.item, one.counts, dict(one.shares))
    return one.award in (JOINT, SAME) and told == (
        other.decision,
        other.award,
        other.item,
        other.counts,
        dict(other.shares),
    )
