"""Points that an indicator does not count for go to a named one or to its siblings (分值转移).

Points are moved, never lost: what cannot be given to anybody is said.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import half_up, show
from scoring.rules.methods.scored import NOTHING, ONE, Scored, settle
from scoring.rules.outcomes import Group, Moves, Outcome, Place
from scoring.rules.scheme import Indicator

_NONE = Decimal(0)


def moves_of(
    declared: Sequence[str], indicators: Mapping[str, Indicator], receivers: Mapping[str, str]
) -> Moves | None:
    """Return where the points go of the indicators declared not applicable, if anywhere by name.

    A receiver that does not apply either passes them on; where nobody is named any more, they
    are shared among the siblings of the last.
    """
    incoming: dict[str, Fraction] = {}
    away = set[str]()
    for code in declared:
        receiver = _receiver(code, declared, receivers)
        if receiver != code:
            points = Fraction(indicators[code].points)
            incoming[receiver] = incoming.get(receiver, NOTHING) + points
            away.add(code)
    return Moves(incoming, frozenset(away)) if away else None


def _receiver(code: str, declared: Sequence[str], receivers: Mapping[str, str]) -> str:
    seen = {code}
    while code in declared:
        following = receivers.get(code)
        if following is None or following in seen:
            return code
        seen.add(following)
        code = following
    return code


def place(
    members: Sequence[Indicator],
    outcomes: Sequence[Outcome],
    moves: Moves | None,
    *,
    shared: bool,
    places: int,
) -> Group | None:
    """Return where siblings end up; None where no points move, which is nearly always.

    With `shared` the points of those that are out go to the scored ones in proportion; under a
    mean of children they need not, because the others' shares are what counts. What comes of
    moved points has the scheme's `places` at least: points that are no whole number have no whole
    number as full marks.
    """
    if moves is None and not any(each.out or each.worth is not None for each in outcomes):
        return None
    away = moves.away if moves else frozenset()
    own = [o.points(m) for m, o in zip(members, outcomes, strict=True)]
    base = [
        NOTHING if m.code in away else points + (moves.incoming.get(m.code, 0) if moves else 0)
        for m, points in zip(members, own, strict=True)
    ]
    given = sum((b for b, o in zip(base, outcomes, strict=True) if o.out), NOTHING)
    taking = sum((b for b, o in zip(base, outcomes, strict=True) if o.scored), NOTHING)
    share = ONE + given / taking if shared and taking else ONE
    rows = zip(outcomes, own, base, strict=True)
    found = tuple(_place(outcome, points, to * share, places) for outcome, points, to in rows)
    waiting = any(o.scored is None and not o.out for o in outcomes)
    return Group(found, NOTHING if taking or waiting else given)


def _place(outcome: Outcome, own: Fraction, to: Fraction, places: int) -> Place:
    scored = outcome.scored
    if outcome.out:
        return Place(NOTHING, _NONE)
    if scored is None or to == own or not own:
        return Place(to, scored.score if scored else None)
    moved = _moved(scored, own, to, places)
    return Place(to, moved.score, moved)


def _moved(scored: Scored, own: Fraction, to: Fraction, places: int) -> Scored:
    value = scored.rounding.value
    return settle(
        value * to / own,
        max(scored.rounding.places, places),
        "score before rounding × points it counts for / own points",
        lambda: f"{show(value)} × {_whole(to / own)}",
    )


def _whole(ratio: Fraction) -> str:
    return f"{ratio.numerator} / {ratio.denominator}"


def shown_points(points: Fraction, places: int) -> Decimal:
    """Return points as they are shown: exact where decimals can, else rounded."""
    finite = 10**12 % points.denominator == 0
    return half_up(points, places) if not finite else _trimmed(half_up(points, 12))


def _trimmed(value: Decimal) -> Decimal:
    return Decimal(show(value))
