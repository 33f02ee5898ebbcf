"""Which figures of a closed wave are told (统计披露控制): none that leads to the answers of few.

A row holds the answers to one question about one unit by one respondent group, option by option.
How many were asked and, of what is scored, the valid sample and the score are told elsewhere; they
are taken for known. No total over groups or units is ever told, so that each row stands by itself:

* Fewer than ten (`LEAST_COUNT`) who gave an answer are not told. Where a row has such an option,
  those that nobody named are not told either, nor the next smallest ones, until each that is left
  out may be nothing and may be ten or more. Why a count is left out is not told.
* Of a scored row the mean is known. With it a single count may give the others away, so that such
  a row tells all counts or none; and a mean or a rate only where the counts below ten stay hidden
  beside them.
* A mean and a rate need thirty answers (`LEAST_SAMPLE`). What is scored of one unit is told of all
  groups and questions or of none, because the score of the unit would give the one that is left
  out away. So it is with the waves beside their mean (`waves_apart`).
* A question that was put to those alone who had given a certain answer before tells how many those
  were: it is told only where all counts of the earlier one are.

What a score and a sample say by themselves no table can take back: if 400 answers come to 99 of
100, at most four were worth nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

LEAST_COUNT = 10
"""The least number of people of whom it is told that they gave an answer."""

LEAST_SAMPLE = 30
"""The least number of answers of which a mean or a rate is told."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to a question by one group: how many gave each option, whether anybody did or
    not.

    `values` are what the options that carry a score count for, `satisfied` those that the rate
    counts. It is `scored` where its mean has a part in the score of the unit. Where it was put to
    some alone, `asked_if` names an earlier question.
    """

    question: str
    group: str | None
    counts: Mapping[str, int]
    values: Mapping[str, Decimal]
    satisfied: Collection[str] = ()
    scored: bool = False
    asked_if: str | None = None

    @property
    def answers(self) -> int:
        """How many answers there are, whether they carry a score or not."""
        return sum(self.counts.values())

    @property
    def sample(self) -> int:
        """How many answers carry a score."""
        return sum(self.counts[option] for option in self.values)

    @property
    def mean(self) -> Fraction:
        """The mean of what the answers count for."""
        total = sum(self.counts[each] * Fraction(value) for each, value in self.values.items())
        return Fraction(total) / self.sample

    @property
    def rate(self) -> Fraction | None:
        """How many of 100 answers that carry a score are satisfied ones."""
        if not self.satisfied:
            return None
        return Fraction(100 * sum(self.counts[each] for each in self.satisfied), self.sample)

    @property
    def is_plain(self) -> bool:
        """Say whether all counts may be told: none is below the least, and not all said the
        same."""
        given = [count for count in self.counts.values() if count]
        return len(given) > 1 and min(given) >= LEAST_COUNT


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of the answers to a question by one group; what is None is not told."""

    question: str
    group: str | None
    answers: int | None
    counts: Mapping[str, int | None]
    mean: Fraction | None = None
    rate: Fraction | None = None

    @property
    def is_whole(self) -> bool:
        """Say whether all counts are told."""
        return None not in self.counts.values()


def waves_apart(required: int, waves: int, samples: Sequence[int]) -> bool:
    """Say whether the scores of a unit's single waves may be told, besides what they come to.

    `samples` are the valid samples of those that are closed, of so many `waves`. Two of two scores
    and their mean always give the third away: all are told, or the mean alone. Before the last
    wave is closed nobody knows its sample, unless the scheme requires enough.
    """
    enough = all(sample >= LEAST_SAMPLE for sample in samples)
    return enough and (len(samples) == waves or required >= LEAST_SAMPLE)


def told_of(rows: Sequence[Answered], *, apart: bool) -> list[Told]:
    """Return what is told of all rows of one unit and wave, row by row.

    Unless the waves are told `apart`, nothing is told of what is scored.
    """
    together = apart and all(_may_have_mean(row) for row in rows if row.scored and row.answers)
    told = dict[tuple[str, str | None], Told]()
    for row in rows:
        earlier = None if row.asked_if is None else told[row.asked_if, row.group]
        is_told = earlier is None or earlier.is_whole
        told[row.question, row.group] = _of_row(row, together=together) if is_told else _told(row)
    return list(told.values())


def _of_row(row: Answered, *, together: bool) -> Told:
    if row.scored and not together:
        return _told(row, answers=True)
    if row.is_plain:
        return _plain(row)
    return _figures(row) if row.scored else _told(row, _counts(row.counts), answers=True)


def _told(
    row: Answered,
    counts: Mapping[str, int | None] | None = None,
    *,
    answers: bool = False,
    mean: bool = False,
    rate: bool = False,
) -> Told:
    answers = answers and row.answers >= LEAST_COUNT
    return Told(
        question=row.question,
        group=row.group,
        answers=row.answers if answers else None,
        counts=dict.fromkeys(row.counts) if counts is None else counts,
        mean=row.mean if mean else None,
        rate=row.rate if rate else None,
    )


def _plain(row: Answered) -> Told:
    enough = row.sample >= LEAST_SAMPLE
    return _told(row, row.counts, answers=True, mean=enough, rate=enough)


def _figures(row: Answered) -> Told:
    """Tell the mean of a scored row, and the rate where both leave the counts hidden."""
    some = bool(row.answers)
    return _told(row, answers=True, mean=some, rate=some and _stay_hidden(row, with_rate=True))


def _counts(counts: Mapping[str, int]) -> Mapping[str, int | None]:
    """Leave out the counts below the least, and the next smallest ones until nothing is told of
    any of them but their sum, and that is enough for each."""
    rising = sorted(counts, key=lambda option: counts[option])
    below = sum(counts[option] < LEAST_COUNT for option in rising)
    given = sum(count > 0 for count in counts.values())
    least = below if given > 1 else len(rising)
    hidden = next(
        (
            rising[:many]
            for many in range(max(2, least), len(rising))
            if sum(counts[option] for option in rising[:many]) >= LEAST_COUNT
        ),
        rising,
    )
    return {option: None if option in hidden else count for option, count in counts.items()}


def _may_have_mean(row: Answered) -> bool:
    """Say whether the mean of a scored row may be known: it is, where that of the others is."""
    if row.sample < LEAST_SAMPLE:
        return False
    return row.is_plain or _stay_hidden(row, with_rate=False)


def _stay_hidden(row: Answered, *, with_rate: bool) -> bool:
    """Say whether every count below the least may still be nothing and may be the least, and no
    other is known much better, for whoever knows the sample and the mean, and the rate or not."""
    if with_rate and not row.satisfied:
        return False
    without_score = len(row.counts) - len(row.values)
    # Whoever is told a mean knows that there are thirty answers: what is left may be the least.
    if without_score and row.answers < LEAST_SAMPLE + LEAST_COUNT:
        return False
    for option, (low, high) in _bounds(row, with_rate=with_rate):
        if high - low < LEAST_COUNT or (low and row.counts[option] < LEAST_COUNT):
            return False
    return True


def _bounds(row: Answered, *, with_rate: bool) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    """Yield how few and how many may have given each scored option: exact, and reached by whole
    and broken numbers of people that have the same sample and mean, and rate."""
    parts = _parts(row, with_rate=with_rate)
    whole = row.mean * row.sample
    for part in parts:
        low, high = part.levels(whole, [each for each in parts if each is not part])
        for option, value in part.values.items():
            rest = [each for other, each in part.values.items() if other != option]
            few, many = _least_share(value, rest, low, high), _most_share(value, rest, low, high)
            yield option, (few * part.size, many * part.size)


def _parts(row: Answered, *, with_rate: bool) -> "list[_Part]":
    """Part the scored options into the satisfied ones and the others where the rate is known."""
    kinds = [list(row.values)]
    if with_rate:
        kinds = [[o for o in row.values if (o in row.satisfied) is each] for each in (True, False)]
    return [_Part.of(row, kind) for kind in kinds if kind]


@dataclass(frozen=True, slots=True)
class _Part:
    """Options of which it is known how many gave one of them."""

    values: Mapping[str, Fraction]
    size: int

    @classmethod
    def of(cls, row: Answered, options: Iterable[str]) -> "_Part":
        values = {option: Fraction(row.values[option]) for option in options}
        return cls(values, sum(row.counts[option] for option in values))

    @property
    def reach(self) -> tuple[Fraction, Fraction]:
        """The least and the greatest sum of values that so many answers can have."""
        return self.size * min(self.values.values()), self.size * max(self.values.values())

    def levels(self, whole: Fraction, others: Sequence["_Part"]) -> tuple[Fraction, Fraction]:
        """Return between what the mean of these answers lies, where `whole` is the sum of all."""
        low, high = self.reach
        if self.size:
            low = max(low, whole - sum(each.reach[1] for each in others)) / self.size
            high = min(high, whole - sum(each.reach[0] for each in others)) / self.size
        return low, high


def _most_share(
    value: Fraction, rest: Sequence[Fraction], low: Fraction, high: Fraction
) -> Fraction:
    """Return the greatest share of answers with a value, whose mean lies between two levels."""
    level = min(max(value, low), high)
    if level == value:
        return Fraction(1)
    end = min(rest) if level < value else max(rest)
    return (level - end) / (value - end)


def _least_share(
    value: Fraction, rest: Sequence[Fraction], low: Fraction, high: Fraction
) -> Fraction:
    """Return the least share of answers with a value, whose mean lies between two levels."""
    if not rest:
        return Fraction(1)
    level = low if low > max(rest) else high
    if min(rest) <= high and low <= max(rest):
        return Fraction(0)
    end = max(rest) if low > max(rest) else min(rest)
    return (level - end) / (value - end)
