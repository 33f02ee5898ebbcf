"""Points that an indicator does not count for go to a named one or to its siblings (分值转移).

Points are moved, never lost: what cannot be given to anybody is said.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import repeat

from scoring.rules.columns.exact import half_up, precise, show
from scoring.rules.methods.narration import AppliedRule, Narration, Rounding
from scoring.rules.methods.scores import NOTHING, ONE
from scoring.rules.scheme.document import Indicator
from scoring.rules.sheet.outcomes import Allotment, ColumnOutcome, Group, Moves, Outcome

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


def rows_to_allot(members: Iterable[ColumnOutcome], moves: Mapping[int, Moves]) -> list[int]:
    """Return the rows in which points may move among siblings; nearly always there are few."""
    found = set(moves)
    for each in members:
        found |= each.out
        found |= each.worth.keys()
    return sorted(found)


def allot(
    outcomes: Sequence[Outcome], moves: Moves | None, *, shared: bool, places: int
) -> Group | None:
    """Return where siblings end up; None where no points move.

    With `shared` the points of those that are out go to the scored ones in proportion; under a
    mean of children they need not, because the others' shares are what counts. What comes of
    moved points has the scheme's `places` at least: points that are no whole number have no whole
    number as full marks.
    """
    if moves is None:
        if not any(each.out or each.worth is not None for each in outcomes):
            return None
        moves = Moves()
    base = [moves.left(each.column.indicator.code, each.points()) for each in outcomes]
    given, taking, stranded = _given_and_taking(outcomes, base)
    share = ONE + given / taking if shared and taking else ONE
    found = tuple(map(_allotment, outcomes, [to * share for to in base], repeat(places)))
    return Group(found, stranded, all(each.out for each in outcomes))


def _given_and_taking(
    outcomes: Sequence[Outcome], points: Sequence[Fraction]
) -> tuple[Fraction, Fraction, Fraction]:
    """Return the points of those that are out, of those that are scored, and what nobody can take.

    One that is neither may yet get a score, and then takes points.
    """
    given = taking = NOTHING
    awaited = False
    for outcome, own in zip(outcomes, points, strict=True):
        if outcome.out:
            given += own
        elif outcome.score is not None:
            taking += own
        else:
            awaited = True
    return given, taking, NOTHING if taking or awaited else given


def _allotment(outcome: Outcome, to: Fraction, places: int) -> Allotment:
    if outcome.out:
        return Allotment(NOTHING, _NONE)
    score, own = outcome.score, outcome.points()
    if score is None or to == own or not own:
        return Allotment(to, score)
    moved = _moved(outcome, own, to, places)
    return Allotment(to, moved.score, moved)


def _moved(outcome: Outcome, own: Fraction, to: Fraction, places: int) -> Narration:
    value, places = outcome.value, max(outcome.column.scores.places, places)
    moved = value * to / own
    ratio = to / own
    line = AppliedRule(
        "score before rounding × points it counts for / own points",
        f"{precise(value)} × {ratio.numerator} / {ratio.denominator}",
    )
    return Narration(line, Rounding(moved, places, half_up(moved, places)))


def shown_points(points: Fraction, places: int) -> Decimal:
    """Return points as they are shown: exact where decimals can, else rounded."""
    finite = 10**12 % points.denominator == 0
    return half_up(points, places) if not finite else Decimal(show(half_up(points, 12)))
