"""Claims by rules that only generated categories have: of special targets, of leaders' words, and
such as look back at earlier years (专项目标、批示、跨年度).

How many a rule lets gain is not known here: so many claim as are just enough, or one too many.
"""

from typing import TYPE_CHECKING

from kaoping.city.particulars import GRADE, INSTRUCTION, LOSS, POINTS

if TYPE_CHECKING:
    from kaoping.city.awards import Hand


def of_points(hand: "Hand") -> None:
    """Criticise as many units as a special target asks for, or one too few, one of them more than
    its family's cap lets count; and have some claim what the target brings."""
    few = len(hand.units) * 15 // 100
    for unit in hand.some(few + hand.one_more):
        hand.criticism(unit, rule=LOSS, place=hand.random.choice(["较差", "差"]))
    for _ in range(3 * hand.one_more):
        hand.criticism(hand.last["unit"], rule=LOSS, place="差")
    for unit in hand.some(len(hand.units) * 20 // 100):
        hand.award(unit, POINTS)


def of_grade(hand: "Hand") -> None:
    """Claim what is excellent of a special target, for as many units as may, or for one more."""
    for unit in hand.some(len(hand.units) * 15 // 100 + hand.one_more):
        hand.award(unit, GRADE)


def of_leaders(hand: "Hand") -> None:
    """Claim more of what leaders wrote than the limit lets count."""
    unit = hand.one
    for _ in range(3):
        hand.award(unit, INSTRUCTION)


def of_two_years(hand: "Hand") -> None:
    """Claim for events that brought something in an earlier year: as much, and less."""
    for level in ("national", "provincial"):
        unit, event = hand.one, f"跨年-{hand.category}-{level}"
        hand.earlier_award(unit, level, event)
        hand.award(unit, "national", event_key=event)


def since_revoked(hand: "Hand") -> None:
    """Revoke an award that counted in an earlier year."""
    unit = hand.one
    hand.revocation(unit, hand.earlier_award(unit, "provincial", f"撤销-{hand.category}"))
