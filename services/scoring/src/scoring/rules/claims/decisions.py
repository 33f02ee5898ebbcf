"""Which bonus and deduction claims (加减分申报) count, for how many points, and why.

A claim that another person has confirmed is checked by itself first, and is worth its share of
the award; those that pass compete within their event (就高不重复), and what is left of a unit's
bonus is capped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from scoring.rules.claims.checks import (
    AGAINST,
    BONUS,
    COUNTING,
    DEDUCTION,
    Claim,
    ClaimContext,
    ClaimDecision,
    Why,
    verdict,
)
from scoring.rules.claims.states import CONFIRMED, HANDED_IN, REJECTED, SAME, WITHDRAWN
from scoring.rules.columns.exact import half_up, show
from scoring.rules.ledger.writing import plain_event
from scoring.rules.scheme.document import Scheme, UnitName

CAPPED: Final = "accepted_capped"
SUPERSEDED: Final = "superseded_same_event"
UNCONFIRMED: Final = "unconfirmed"

NO_POINTS = Decimal(0)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a claim; `points` are added to the unit's total, below 0 for a deduction."""

    claim: Claim
    decision: ClaimDecision
    points: Decimal
    reason: Why


def decide(claims: Iterable[Claim], scheme: Scheme, names: Iterable[UnitName]) -> list[Decision]:
    """Return the decision on each claim, in the order of unit and claim number."""
    context = ClaimContext(scheme, names)
    decided = [_first_look(claim, context) for claim in sorted(claims, key=_order)]
    for kind in (BONUS, DEDUCTION):
        decided = _within_events(decided, kind, context)
    for kind in (BONUS, DEDUCTION):
        decided = _capped(decided, kind, context)
    return [replace(one, points=half_up(Fraction(one.points), scheme.places)) for one in decided]


def _first_look(claim: Claim, context: ClaimContext) -> Decision:
    standing = claim.standing
    if standing.state != CONFIRMED:
        return Decision(claim, *_not_confirmed(claim))
    word, why = verdict(claim, context)
    decided = standing.against is not None and context.counts(claim)
    if word not in COUNTING and not decided:
        return Decision(claim, word, NO_POINTS, why)
    if standing.share is None:
        return Decision(claim, *_not_counting(claim))
    if standing.against is not None:
        return _against_the_rules(claim, standing.against, standing.share)
    return Decision(claim, word, (context.worth(claim) or NO_POINTS) * standing.share, why)


def _against_the_rules(claim: Claim, points: Decimal, share: Decimal) -> Decision:
    """Return what was decided against the rules' proposal, which is told beside it."""
    standing = claim.standing
    params = {
        "points": show(points),
        "proposed": standing.proposed or "",
        "proposed_points": show(abs(standing.proposed_points or NO_POINTS)),
        "reason": standing.reason or "",
    }
    why = Why(
        "against_the_proposal",
        f"The rules proposed {params['proposed_points']} points; who examined it decided on "
        f"{params['points']}: {params['reason']}",
        f"规则建议{params['proposed_points']}分，认定时决定为{params['points']}分："
        f"{params['reason']}",
        params,
    )
    signed = points if claim.kind == BONUS else -points
    return Decision(claim, AGAINST, signed * share, why)


def _not_confirmed(claim: Claim) -> tuple[ClaimDecision, Decimal, Why]:
    """Say why a claim counts for nothing that nobody has confirmed, or not any more."""
    why = _WHY[claim.standing.state]
    if claim.standing.reason and claim.standing.state != HANDED_IN:
        said = f"{why.en[:-1]}: {claim.standing.reason}", f"{why.zh[:-1]}：{claim.standing.reason}"
        why = Why(why.code, *said, {"reason": claim.standing.reason})
    return _DECISIONS[claim.standing.state], NO_POINTS, why


_DECISIONS: Mapping[str, ClaimDecision] = {
    HANDED_IN: UNCONFIRMED,
    REJECTED: "rejected_by_confirmer",
    WITHDRAWN: "withdrawn",
}
_WHY = {
    HANDED_IN: Why("unconfirmed", "Nobody has confirmed the claim yet.", "申报尚未经他人认定。"),
    REJECTED: Why("rejected", "Who had to confirm it rejected it.", "认定时予以驳回。"),
    WITHDRAWN: Why("withdrawn", "The claim was taken back.", "申报已经撤回。"),
}


def _not_counting(claim: Claim) -> tuple[ClaimDecision, Decimal, Why]:
    """Say why a confirmed claim takes nothing of its award; never where else that counts."""
    standing = claim.standing
    if standing.counted_earlier:
        said = "It was counted in an earlier year; nothing counts twice."
        zh = "以前年度已经计算，不得重复计算。"
        return "rejected_counted_before", NO_POINTS, Why("counted_in_an_earlier_year", said, zh)
    if standing.award == SAME:
        said = "The same award counts in another claim; nothing counts twice."
        zh = "同一奖项或通报已在其他申报中计算，不得重复计算。"
        return "rejected_same_award", NO_POINTS, Why("counts_in_another_claim", said, zh)
    said = "It was confirmed by another scheme or under another name and must be confirmed again."
    zh = "认定后方案或单位名称有变，须重新认定。"
    return UNCONFIRMED, NO_POINTS, Why("confirmed_otherwise", said, zh)


def _within_events(decided: list[Decision], kind: str, context: ClaimContext) -> list[Decision]:
    """Let only the weightiest claim of a unit's event count (就高不重复), if its rules say so."""
    best: dict[tuple[str, str], Decision] = {}
    for one in decided:
        if one.claim.kind != kind or not one.points:
            continue
        event = _event(one.claim)
        if context.policy(one.claim).same_event == "highest" and _beats(one, best.get(event)):
            best[event] = one
    return [_superseded(one, best, kind) for one in decided]


def _beats(one: Decision, other: Decision | None) -> bool:
    # Equals keep their order, which is that of their numbers and not that of arrival.
    return other is None or abs(one.points) > abs(other.points)


def _superseded(one: Decision, best: Mapping[tuple[str, str], Decision], kind: str) -> Decision:
    winner = best.get(_event(one.claim))
    if one.claim.kind != kind or not one.points or winner is None or winner is one:
        return one
    number = winner.claim.claim_no
    why = Why(
        "same_event",
        f"Claim {number} on the same event is worth at least as much.",
        f"同一事件已按申报{number}计算，就高不重复。",
        {"claim_no": number},
    )
    return Decision(one.claim, SUPERSEDED, NO_POINTS, why)


def _event(claim: Claim) -> tuple[str, str]:
    return (claim.unit, plain_event(claim.event_key))


def _capped(decided: list[Decision], kind: str, context: ClaimContext) -> list[Decision]:
    """Cut what a unit gains or loses beyond its cap, from its lightest claims first."""
    left: dict[str, Decimal] = {}
    cut: dict[UUID, Decision] = {}
    for one in sorted(decided, key=lambda each: (-abs(each.points), _order(each.claim))):
        if one.claim.kind != kind or not one.points:
            continue
        cap = context.policy(one.claim).cap_total
        if cap is not None:
            room = left.get(one.claim.unit, cap)
            left[one.claim.unit] = max(room - abs(one.points), NO_POINTS)
            if abs(one.points) > room:
                cut[one.claim.claim_id] = _cut(one, room, cap)
    return [cut.get(one.claim.claim_id, one) for one in decided]


def _cut(one: Decision, room: Decimal, cap: Decimal) -> Decision:
    points = room.copy_sign(one.points) if room else NO_POINTS
    worth, most = show(abs(one.points)), show(cap)
    why = Why(
        "over_the_cap",
        f"{worth} points would pass the unit's cap of {most}.",
        f"该项{worth}分将超过单位累计上限{most}分。",
        {"points": worth, "cap": most},
    )
    return Decision(one.claim, CAPPED, points, why)


def _order(claim: Claim) -> tuple[str, str, str]:
    return (claim.unit, claim.claim_no, str(claim.claim_id))
