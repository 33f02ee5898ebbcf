"""What a month says of how complaints are handled (月度评价): by unit how well, never how many.

How many there are is told and is part of no rate: whoever is complained of more often is heard more
often. A rate of too few is none.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from scoring.rules.complaints.earned import Named, earned_of_complaint
from scoring.rules.complaints.standing import Done
from scoring.rules.complaints.states import (
    ACCEPT,
    ANSWER,
    ASSIGN,
    DISSATISFIED,
    ENDED,
    LEAD,
    NOT_REACHED,
    RATE,
    RETURN,
    REVISIT,
    SATISFIED,
)
from scoring.rules.items.earned import OVERDUE, REDONE

GIVEN, RETURNED, TIMELY = "given", "returned", "timely"
COUNTED = (GIVEN, RETURNED, TIMELY, OVERDUE, REDONE, SATISFIED, DISSATISFIED, NOT_REACHED)
"""What is counted of a unit in a month."""

MOST_LISTED = 5
"""How many units a list has, but for those that are equal to the last one."""


class Whole(NamedTuple):
    """A complaint with all its moves, and the units that each step names."""

    complaint_id: UUID
    moves: Sequence[Done]
    named: Named


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a unit, exact; None where there are too few to tell."""

    satisfaction: Fraction | None
    timely: Fraction | None
    returned: Fraction | None
    redone: Fraction | None

    @property
    def mean(self) -> Fraction | None:
        """The mean of the four, where what is returned or redone takes away; None where one of
        them is none."""
        parts = self.satisfaction, self.timely, self.returned, self.redone
        if None in parts:
            return None
        good, prompt, back, again = (each or Fraction(0) for each in parts)
        return (good + prompt + (1 - back) + (1 - again)) / 4


class Answers(NamedTuple):
    """Of the complaints that were raised in a month: how many there are, were `accepted`, `given`
    to units and `answered` by now, and how many ended without (`put_aside`)."""

    raised: int
    accepted: int
    given: int
    answered: int
    put_aside: int


def month_of(day: dt.date) -> str:
    """Return the month of a day."""
    return f"{day:%Y-%m}"


def tallies(
    complaints: Iterable[Whole], month: str, today: dt.date
) -> Mapping[str, Mapping[str, int]]:
    """Return by unit what counts of a month, as it is known on a day."""
    days = ((d, unit, what) for each in complaints for d, unit, what in _counted(each, today))
    return _by_unit((unit, what) for day, unit, what in days if month_of(day) == month)


def tallies_of(
    complaints: Iterable[Whole], first: dt.date, last: dt.date
) -> Mapping[str, Mapping[str, int]]:
    """Return by unit what counts of the days of a period, as it was known at the end of the last:
    whenever that is asked afterwards, it is the same."""
    by_then = (
        each._replace(moves=[made for made in each.moves if made.day <= last])
        for each in complaints
        if each.moves[0].day <= last
    )
    days = ((d, unit, what) for each in by_then for d, unit, what in _counted(each, last))
    return _by_unit((unit, what) for day, unit, what in days if first <= day <= last)


def _by_unit(counted: Iterable[tuple[str, str]]) -> Mapping[str, Mapping[str, int]]:
    found = dict[str, Counter[str]]()
    for unit, what in counted:
        found.setdefault(unit, Counter())[what] += 1
    return found


def _counted(each: Whole, today: dt.date) -> Iterator[tuple[dt.date, str, str]]:
    """Yield what a complaint counts as: a term once, in the month in which it was answered in time
    or else in which its day was missed; a word in the month in which it was first given."""
    lead: str | None = None
    for made in each.moves:
        if made.move == ASSIGN:
            roles = {part.role: part.unit for part in each.named.get(made.step, ())}
            lead = roles.get(LEAD)
            yield from _given(made, each.named)
        elif made.move == RETURN:
            yield made.day, made.unit or "", RETURNED
        elif made.move == ANSWER:
            yield from ((day, lead or "", what) for day, what in _by_answer(each.moves, made))
    yield from _costs(each, today)


def _costs(each: Whole, today: dt.date) -> Iterator[tuple[dt.date, str, str]]:
    for found in earned_of_complaint(each.complaint_id, each.moves, each.named, today):
        if found.what in (OVERDUE, REDONE):
            yield found.shown_on, found.unit, found.what


def _given(made: Done, named: Named) -> Iterator[tuple[dt.date, str, str]]:
    yield from ((made.day, part.unit, GIVEN) for part in named.get(made.step, ()))


def _by_answer(moves: Sequence[Done], answer: Done) -> Iterator[tuple[dt.date, str]]:
    """Yield that an answer came in time, and what was said of it."""
    if answer.due is not None and answer.day <= answer.due:
        yield answer.day, TIMELY
    yield from _word(moves, answer)


def _word(moves: Sequence[Done], answer: Done) -> Iterator[tuple[dt.date, str]]:
    """Yield what was said of an answer, if anything was: who raised it goes before who asked
    him."""
    said = list[Done]()
    for made in moves:
        if made.step > answer.step:
            if made.move not in (RATE, REVISIT):
                break
            said.append(made)
    own = [each for each in said if each.move == RATE]
    if said:
        yield said[0].day, (own or said)[-1].word or NOT_REACHED


def rates_of(tally: Mapping[str, int], least: int) -> Rates:
    """Return the rates of a unit, each of as many things as there have to be at `least`."""
    spoken = tally.get(SATISFIED, 0) + tally.get(DISSATISFIED, 0)
    ended = tally.get(TIMELY, 0) + tally.get(OVERDUE, 0)
    given = tally.get(GIVEN, 0)

    def rate(what: str, of: int) -> Fraction | None:
        return Fraction(min(tally.get(what, 0), of), of) if of >= max(least, 1) else None

    return Rates(
        rate(SATISFIED, spoken), rate(TIMELY, ended), rate(RETURNED, given), rate(REDONE, ended)
    )


def shown_rate(rate: Fraction | None) -> Decimal | None:
    """Return a rate as it is shown: to four places, halves up."""
    if rate is None:
        return None
    exact = Decimal(rate.numerator) / Decimal(rate.denominator)
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


class Lists(NamedTuple):
    """The red list of the best and the black list of the worst, in groups of equals; a unit stands
    in one of them at most."""

    red: Sequence[Collection[str]]
    black: Sequence[Collection[str]]


def lists_of(means: Mapping[str, Fraction]) -> Lists:
    """Return both lists: equals have no order among each other, and are listed together or not at
    all."""
    groups = dict[Fraction, list[str]]()
    for unit, mean in sorted(means.items()):
        groups.setdefault(mean, []).append(unit)
    best = [groups[mean] for mean in sorted(groups, reverse=True)]
    if len(best) == 1:
        return Lists([], [])
    red = _first(best[: (len(best) + 1) // 2])
    rest = [each for each in reversed(best) if each not in red]
    return Lists(red, _first(rest))


def _first(groups: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return as many groups as begin before the list is full."""
    found, count = list[Sequence[str]](), 0
    for each in groups:
        if count >= MOST_LISTED:
            break
        found.append(each)
        count += len(each)
    return found


def answers_of(complaints: Iterable[Whole], month: str) -> Answers:
    """Return what has become of the complaints that were raised in a month: whether they could be
    raised, whether somebody handles them, whether an answer came."""
    mine = [each.moves for each in complaints if month_of(each.moves[0].day) == month]

    def number(move: str) -> int:
        return sum(any(made.move == move for made in moves) for moves in mine)

    aside = sum(
        moves[-1].state in ENDED and not any(made.move == ANSWER for made in moves)
        for moves in mine
    )
    return Answers(len(mine), number(ACCEPT), number(ASSIGN), number(ANSWER), aside)
