"""Which bonus and deduction claims (加减分申报) count, for how many points, and why.

A claim that another person has confirmed is checked by itself first, and is worth its share of
the award; those that pass compete within their event (就高不重复), and what is left of a unit's
bonus is capped.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from scoring.rules.claims.checks import (
    AGAINST,
    BONUS,
    CARRIED_FORWARD,
    CORRECTED,
    COUNTING,
    DEDUCTION,
    TAKEN_OUT,
    Claim,
    ClaimContext,
    ClaimDecision,
    Rule,
    Why,
    verdict,
)
from scoring.rules.claims.special import Held, conditions
from scoring.rules.claims.states import (
    CONFIRMED,
    HANDED_IN,
    REJECTED,
    SAME,
    WITHDRAWN,
    ClaimCorrection,
    ClaimStanding,
)
from scoring.rules.columns.exact import half_up, show
from scoring.rules.ledger.writing import plain_event
from scoring.rules.scheme.document import BonusPolicy, DeductionPolicy, Scheme, UnitName

CAPPED: Final = "accepted_capped"
SUPERSEDED: Final = "superseded_same_event"
OVER_LIMIT: Final = "rejected_over_limit"
UNCONFIRMED: Final = "unconfirmed"

NO_POINTS = Decimal(0)

Policy = BonusPolicy | DeductionPolicy


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a claim; `points` are added to the unit's total, below 0 for a deduction."""

    claim: Claim
    decision: ClaimDecision
    points: Decimal
    reason: Why


def decide(claims: Iterable[Claim], scheme: Scheme, names: Iterable[UnitName]) -> list[Decision]:
    """Return the decision on each claim, in the order of unit and claim number."""
    return decide_in(ClaimContext(scheme, names), claims)


def decide_in(context: ClaimContext, claims: Iterable[Claim]) -> list[Decision]:
    """Return the decision on each claim by these rules, in the order of unit and claim number."""
    looked = [_look(claim, context) for claim in sorted(claims, key=_order)]
    looked = _with_what_counts_nowhere(looked)
    # What is taken back of an earlier year is no penalty: nothing stands against it.
    beside = [one for one in looked if one.claim.revokes is None]
    settled = _settled_of(beside, DEDUCTION, context)
    left = _as_others_fared(beside, settled, context)
    settled += _settled_of(left, BONUS, context)
    known = {one.claim.claim_id: one for one in settled}
    decided = [known.get(one.claim.claim_id, one) for one in looked]
    return [
        replace(one, points=half_up(Fraction(one.points), context.scheme.places)) for one in decided
    ]


def lost_without(
    context: ClaimContext, claims: Sequence[Claim], gone: Collection[UUID], claim_id: UUID
) -> Decimal:
    """Return how much less bonus a unit would have had without one of its claims, where those that
    are `gone` had not been either: what it outweighed, or kept from under a cap, would count."""
    unit = next(one.unit for one in claims if one.claim_id == claim_id)

    def bonus(without: Collection[UUID]) -> Decimal:
        left = [one for one in claims if one.claim_id not in without]
        found = decide_in(context, left)
        mine = [one.points for one in found if (one.claim.unit, one.claim.kind) == (unit, BONUS)]
        return sum(mine, NO_POINTS)

    return bonus(gone) - bonus({*gone, claim_id})


def _with_what_counts_nowhere(looked: list[Decision]) -> list[Decision]:
    """Return claims of which those have to be confirmed again whose award is to count in one that
    the rules reject since."""
    rejected = {one.claim.claim_id for one in looked if one.decision.startswith("rejected_")}
    rejected -= {one.claim.claim_id for one in looked if one.claim.standing.share is None}
    return [
        Decision(one.claim, UNCONFIRMED, NO_POINTS, _CONFIRMED_OTHERWISE)
        if _gives_way(one.claim) and one.claim.standing.counts in rejected
        else one
        for one in looked
    ]


def _gives_way(claim: Claim) -> bool:
    return claim.corrected is None and claim.standing.gave_way(claim.claim_id)


def _as_others_fared(
    looked: Iterable[Decision], deductions: Iterable[Decision], context: ClaimContext
) -> list[Decision]:
    """Return claims as the conditions of their rules leave them (专项目标)."""
    looked = list(looked)
    counting = [(one.claim, one.points) for one in looked if one.decision in COUNTING]
    held = conditions(counting, [(one.claim, one.points) for one in deductions], context)
    return [_held_to(one, held.get(one.claim.claim_id)) for one in looked]


def _held_to(one: Decision, told: Held | None) -> Decision:
    return one if told is None else Decision(one.claim, *told)


def _settled_of(looked: Iterable[Decision], kind: str, context: ClaimContext) -> list[Decision]:
    """Return the claims of one kind as those of each unit come to each other."""
    groups: dict[str, list[Decision]] = {}
    for one in looked:
        if one.claim.kind == kind:
            groups.setdefault(one.claim.unit, []).append(one)
    return [one for group in groups.values() for one in _settled(group, context)]


def _settled(group: list[Decision], context: ClaimContext) -> list[Decision]:
    """Return a unit's claims of one kind as they come to each other, in the scheme's order."""
    policy = context.policy(group[0].claim)
    if policy.order == "caps_then_highest":
        return _within_events(_capped(group, policy, context), policy)
    return _capped(_within_events(group, policy), policy, context)


def _look(claim: Claim, context: ClaimContext) -> Decision:
    """Return a claim by itself, as a correction of the sealed record says or as was decided."""
    if claim.corrected is None or not context.counts(claim):
        return _first_look(claim, context)
    one = _by_correction(claim, claim.corrected, context)
    return _beyond_earlier_years(one, context) if context.looks_back(claim) else one


def _first_look(claim: Claim, context: ClaimContext) -> Decision:
    standing = claim.standing
    if standing.state != CONFIRMED:
        return Decision(claim, *_not_confirmed(claim))
    word, why = verdict(claim, context)
    decided = standing.against is not None and context.counts(claim)
    if not decided and _is_told_by_the_rules(word, standing):
        return Decision(claim, word, NO_POINTS, why)
    if standing.share is None or _not_looked_back(claim, context):
        return Decision(claim, *_not_counting(claim))
    if standing.against is not None:
        one = _against_the_rules(claim, standing.against, standing.share)
    else:
        one = Decision(claim, word, (context.worth(claim) or NO_POINTS) * standing.share, why)
    # Rounded before anything is summed: no sum of what is shown passes what it was cut to.
    one = replace(one, points=half_up(Fraction(one.points), context.scheme.places))
    return _beyond_earlier_years(one, context) if context.looks_back(claim) else one


def _is_told_by_the_rules(word: ClaimDecision, standing: ClaimStanding) -> bool:
    """Say whether the rules' word is the last: of what counted earlier none is carried on."""
    return word not in COUNTING and not (word == CARRIED_FORWARD and standing.counted_earlier)


def _not_looked_back(claim: Claim, context: ClaimContext) -> bool:
    """Say whether a claim was confirmed before the scheme looked at earlier years."""
    return context.looks_back(claim) and claim.standing.earlier_points is None


def _beyond_earlier_years(one: Decision, context: ClaimContext) -> Decision:
    """Return a claim with what is left of it beside what its event brought in earlier years."""
    earlier, worth = one.claim.standing.earlier_points, abs(one.points)
    if not earlier or not worth:
        return one
    params = {"earlier": show(earlier), "points": show(worth)}
    if context.policy(one.claim).across_years == "excess" and worth > earlier:
        said = (
            f"The event brought {params['earlier']} points in earlier years; of "
            f"{params['points']} what is beyond that counts.",
            f"同一事件以前年度已计{params['earlier']}分，本项{params['points']}分只计超出部分。",
        )
        left = (worth - earlier).copy_sign(one.points)
        return replace(one, points=left, reason=Why("beyond_earlier_years", *said, params))
    said = (
        f"The event counted in an earlier year, for {params['earlier']} points.",
        f"同一事件以前年度已计{params['earlier']}分，不再计算。",
    )
    why = Why("same_event_in_an_earlier_year", *said, params)
    return Decision(one.claim, SUPERSEDED, NO_POINTS, why)


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


def _by_correction(claim: Claim, corrected: ClaimCorrection, context: ClaimContext) -> Decision:
    """Return what a correction of the sealed record says of a claim, which names it."""
    correction_id, points = str(corrected.correction_id), corrected.points
    params = {"correction_id": correction_id}
    if points is None:
        said = (
            f"By correction {correction_id} of the sealed record it counts no longer.",
            f"按封存后更正 {correction_id}，不再计入。",
        )
        return Decision(claim, TAKEN_OUT, NO_POINTS, Why("taken_out", *said, params))
    params["points"] = show(points)
    said = (
        f"By correction {correction_id} of the sealed record its award is worth {show(points)}.",
        f"按封存后更正 {correction_id}，该奖项或通报按{show(points)}分计算。",
    )
    signed = points if claim.kind == BONUS else -points
    exact = Fraction(signed * (corrected.over(claim.standing).share or NO_POINTS))
    rounded = half_up(exact, context.scheme.places)
    return Decision(claim, CORRECTED, rounded, Why("corrected", *said, params))


def _not_confirmed(claim: Claim) -> tuple[ClaimDecision, Decimal, Why]:
    """Say why a claim counts for nothing that nobody has confirmed, or not any more."""
    why = _WHY[claim.standing.state]
    if claim.standing.state == HANDED_IN and claim.standing.award == SAME:
        why = _COUNTS_NOWHERE
    if claim.standing.state == HANDED_IN and claim.standing.earlier_points is not None:
        why = _REVOKED_SINCE
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


_COUNTS_NOWHERE = Why(
    "same_award_counts_nowhere",
    "The claim in which its award was to count does not count; it must be confirmed again.",
    "拟计入该奖项或通报的另一项申报未予计算，本项须重新认定。",
)
_REVOKED_SINCE = Why(
    "earlier_years_changed",
    "What its event brought in earlier years has changed; it must be confirmed again.",
    "同一事件以前年度所计分值已有变化，本项须重新认定。",
)
_AWAITS = Why(
    "same_award_unconfirmed",
    "Nobody has confirmed the claim yet in which its award is to count.",
    "拟计入该奖项或通报的另一项申报尚未认定。",
)
_CONFIRMED_OTHERWISE = Why(
    "confirmed_otherwise",
    "It was confirmed by another scheme or under another name and must be confirmed again.",
    "认定后方案或单位名称有变，须重新认定。",
)


def _not_counting(claim: Claim) -> tuple[ClaimDecision, Decimal, Why]:
    """Say why a confirmed claim takes nothing of its award; never where else that counts."""
    standing = claim.standing
    if standing.counted_earlier:
        said = "It was counted in an earlier year; nothing counts twice."
        zh = "以前年度已经计算，不得重复计算。"
        return "rejected_counted_before", NO_POINTS, Why("counted_in_an_earlier_year", said, zh)
    if standing.awaits:
        return UNCONFIRMED, NO_POINTS, _AWAITS
    if standing.award == SAME:
        said = "The same award counts in another claim; nothing counts twice."
        zh = "同一奖项或通报已在其他申报中计算，不得重复计算。"
        return "rejected_same_award", NO_POINTS, Why("counts_in_another_claim", said, zh)
    return UNCONFIRMED, NO_POINTS, _CONFIRMED_OTHERWISE


def _within_events(group: list[Decision], policy: Policy) -> list[Decision]:
    """Let only the weightiest claim of an event count (就高不重复), if the rules say so."""
    if policy.same_event != "highest":
        return group
    best: dict[str, Decision] = {}
    for one in group:
        event = plain_event(one.claim.event_key)
        if one.points and _beats(one, best.get(event)):
            best[event] = one
    return [_superseded(one, best.get(plain_event(one.claim.event_key))) for one in group]


def _beats(one: Decision, other: Decision | None) -> bool:
    # Equals keep their order, which is that of their numbers and not that of arrival.
    return other is None or abs(one.points) > abs(other.points)


def _superseded(one: Decision, winner: Decision | None) -> Decision:
    if not one.points or winner is None or winner is one:
        return one
    number = winner.claim.claim_no
    why = Why(
        "same_event",
        f"Claim {number} on the same event is worth at least as much.",
        f"同一事件已按申报{number}计算，就高不重复。",
        {"claim_no": number},
    )
    return Decision(one.claim, SUPERSEDED, NO_POINTS, why)


def _capped(group: list[Decision], policy: Policy, context: ClaimContext) -> list[Decision]:
    """Cut what passes the limits and caps of rules, of families of rules, and of the unit, from the
    lightest claims first."""
    of = {one.claim.claim_id: context.rule_of(one.claim) for one in group}
    known = {rule.code: rule for rule in of.values() if rule is not None}
    places = context.scheme.places
    for code, rule in known.items():
        mine = _under([rule], group, of)
        kept = _cut_to(_counted_out(mine, rule), rule.cap, places, f"rule {code}", f"规则“{code}”")
        group = _with(group, kept)
    for family in policy.families:
        mine = _under([each for each in known.values() if each.family == family.code], group, of)
        said = f"family {family.code}", f"类别“{family.code}”"
        group = _with(group, _cut_to(mine, family.cap, places, *said))
    return _cut_to(group, policy.cap_total, places, "unit", "单位累计")


def _under(
    rules: Collection[Rule], group: Iterable[Decision], of: Mapping[UUID, Rule | None]
) -> list[Decision]:
    return [one for one in group if of[one.claim.claim_id] in rules]


def _with(group: list[Decision], changed: Iterable[Decision]) -> list[Decision]:
    new = {one.claim.claim_id: one for one in changed}
    return [new.get(one.claim.claim_id, one) for one in group]


def _weightiest(group: Iterable[Decision]) -> list[Decision]:
    counting = [one for one in group if one.points]
    return sorted(counting, key=lambda each: (-abs(each.points), _order(each.claim)))


def _counted_out(mine: list[Decision], rule: Rule) -> list[Decision]:
    """Let no more than the weightiest claims by a rule count than it has a limit for."""
    if rule.limit is None:
        return mine
    why = Why(
        "over_the_limit",
        f"Of a unit {rule.limit} claims by rule {rule.code} count, and others weigh as much.",
        f"规则“{rule.code}”每个单位最多计{rule.limit}项，已按分值较高的计算。",
        {"rule": rule.code, "limit": str(rule.limit)},
    )
    over = _weightiest(mine)[rule.limit :]
    return _with(mine, [Decision(one.claim, OVER_LIMIT, NO_POINTS, why) for one in over])


def _cut_to(
    group: list[Decision], cap: Decimal | None, places: int, en: str, zh: str
) -> list[Decision]:
    """Cut what claims come to beyond a cap together, in the places that are shown."""
    if cap is None:
        return group
    room, cut = cap.quantize(Decimal(1).scaleb(-places), ROUND_DOWN), list[Decision]()
    for one in _weightiest(group):
        if abs(one.points) > room:
            cut.append(_cut(one, room, cap, en, zh))
        room = max(room - abs(one.points), NO_POINTS)
    return _with(group, cut)


def _cut(one: Decision, room: Decimal, cap: Decimal, en: str, zh: str) -> Decision:
    points = room.copy_sign(one.points) if room else NO_POINTS
    worth, most = show(abs(one.points)), show(cap)
    why = Why(
        "over_the_cap",
        f"{worth} points would pass the cap of the {en}, {most}.",
        f"该项{worth}分将超过{zh}上限{most}分。",
        {"points": worth, "cap": most},
    )
    return Decision(one.claim, CAPPED, points, why)


def _order(claim: Claim) -> tuple[str, str, str]:
    return (claim.unit, claim.claim_no, str(claim.claim_id))
