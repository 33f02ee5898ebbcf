"""Which bonus and deduction claims (加减分申报) count, for how many points, and why.

A claim is checked by itself first; those that pass compete within their event (就高不重复), and
what is left of a unit's bonus is capped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from scoring.rules.claim_checks import (
    ACCEPTED,
    BONUS,
    CARRIED_OVER,
    DEDUCTION,
    Claim,
    Desk,
    verdict,
)
from scoring.rules.exact import half_up, show
from scoring.rules.scheme import Scheme, UnitName

CAPPED = "accepted_capped"
SUPERSEDED = "superseded_same_event"

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a claim; `points` are added to the unit's total, below 0 for a deduction."""

    claim: Claim
    decision: str
    points: Decimal
    reason_en: str
    reason_zh: str


def decide(claims: Iterable[Claim], scheme: Scheme, names: Iterable[UnitName]) -> list[Decision]:
    """Return the decision on each claim, in the order of unit and claim number."""
    desk = Desk(scheme, names)
    decided = [_first_look(claim, desk) for claim in sorted(claims, key=_order)]
    rules = scheme.adjustments
    decided = _within_events(decided, BONUS, rules.bonus.same_event)
    decided = _within_events(decided, DEDUCTION, rules.deductions.same_event)
    decided = _capped(decided, BONUS, rules.bonus.cap_total)
    decided = _capped(decided, DEDUCTION, rules.deductions.cap_total)
    return [replace(one, points=half_up(Fraction(one.points), scheme.places)) for one in decided]


def _first_look(claim: Claim, desk: Desk) -> Decision:
    word, en, zh = verdict(claim, desk)
    worth = desk.worth(claim) if word in {ACCEPTED, CARRIED_OVER} else None
    return Decision(claim, word, worth or NOTHING, en, zh)


def _within_events(decided: list[Decision], kind: str, same_event: str) -> list[Decision]:
    """Let only the weightiest claim of a unit's event count (就高不重复)."""
    if same_event != "highest":
        return decided
    best: dict[tuple[str, str], Decision] = {}
    for one in decided:
        event = (one.claim.unit, one.claim.event_key)
        if one.claim.kind == kind and one.points and _beats(one, best.get(event)):
            best[event] = one
    return [_superseded(one, best, kind) for one in decided]


def _beats(one: Decision, other: Decision | None) -> bool:
    # Equals keep their order, which is that of their numbers and not that of arrival.
    return other is None or abs(one.points) > abs(other.points)


def _superseded(one: Decision, best: Mapping[tuple[str, str], Decision], kind: str) -> Decision:
    winner = best.get((one.claim.unit, one.claim.event_key))
    if one.claim.kind != kind or not one.points or winner is None or winner is one:
        return one
    return Decision(
        one.claim,
        SUPERSEDED,
        NOTHING,
        f"Claim {winner.claim.claim_no} on the same event is worth at least as much.",
        f"同一事件已按申报{winner.claim.claim_no}计算，就高不重复。",
    )


def _capped(decided: list[Decision], kind: str, cap: Decimal | None) -> list[Decision]:
    """Cut what a unit gains or loses beyond the cap, from its lightest claims first."""
    if cap is None:
        return decided
    left: dict[str, Decimal] = {}
    cut: dict[UUID, Decision] = {}
    for one in sorted(decided, key=lambda each: (-abs(each.points), _order(each.claim))):
        if one.claim.kind == kind and one.points:
            room = left.get(one.claim.unit, cap)
            left[one.claim.unit] = max(room - abs(one.points), NOTHING)
            if abs(one.points) > room:
                cut[one.claim.claim_id] = _cut(one, room, cap)
    return [cut.get(one.claim.claim_id, one) for one in decided]


def _cut(one: Decision, room: Decimal, cap: Decimal) -> Decision:
    points = room.copy_sign(one.points) if room else NOTHING
    return Decision(
        one.claim,
        CAPPED,
        points,
        f"{show(abs(one.points))} points would pass the unit's cap of {show(cap)}.",
        f"该项{show(abs(one.points))}分将超过单位累计上限{show(cap)}分。",
    )


def _order(claim: Claim) -> tuple[str, str, str]:
    return (claim.unit, claim.claim_no, str(claim.claim_id))
