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
* An estimate is told of a row where its mean is, and of several rows together where it is told of
  each (`estimable`): it says then no more than these do. A standard error gives the sum of squares
  away, and is told only where the counts below ten stay hidden beside that as well.

What a score and a sample say by themselves no table can take back: if 400 answers come to 99 of
100, at most four were worth nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import lcm
from typing import Literal

from survey.rules.definition import SurveyDefinition
from survey.rules.minimum import WaveSample

LEAST_COUNT = 10
"""The least number of people of whom it is told that they gave an answer."""

LEAST_SAMPLE = 30
"""The least number of answers of which a mean or a rate is told."""

MOST_OPTIONS = 12
"""Of how many scored options at most it is looked at what a standard error would give away."""

Withheld = Literal["fewer_than_30", "leads_to_few"]
"""Why an estimate is not told: too few answers, or it would lead to the answers of few."""


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


Given = Mapping[str, Mapping[str | None, Mapping[str, int]]]
"""How many gave each option, by question and group; where nobody did there may be nothing."""


def rows_of(definition: SurveyDefinition, unit: str, given: Given) -> Iterator[Answered]:
    """Yield the rows of one unit: each question of a survey, each of the unit's groups."""
    for question in definition.asked:
        counts = given.get(question.code, {})
        for group, share in definition.shares_of(unit).items():
            here = counts.get(group, {})
            yield Answered(
                question=question.code,
                group=group,
                counts={each.code: here.get(each.code, 0) for each in question.options},
                values=definition.values[question.code],
                satisfied=question.satisfied,
                scored=bool(question.weight and share),
                asked_if=question.asked_if.question if question.asked_if else None,
            )


def waves_apart(required: int, waves: int, samples: Sequence[int]) -> bool:
    """Say whether the scores of a unit's single waves may be told, besides what they come to.

    `samples` are the valid samples of those that are closed, of so many `waves`. Two of two scores
    and their mean always give the third away: all are told, or the mean alone. Before the last
    wave is closed nobody knows its sample, unless the scheme requires enough.
    """
    enough = all(sample >= LEAST_SAMPLE for sample in samples)
    return enough and (len(samples) == waves or required >= LEAST_SAMPLE)


def apart_of(definition: SurveyDefinition, samples: Sequence[WaveSample]) -> bool:
    """Say the same of a unit by what its closed waves have."""
    valid = [each.valid_sample for each in samples]
    return waves_apart(definition.required, definition.waves, valid)


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


@dataclass(frozen=True, slots=True)
class Estimable:
    """Which estimates are told of a row, or of several together: the mean of what is scored, the
    rate, the standard error of both; how many answers they rest on (`sample`), where that is told;
    and everything where all counts are (`whole`)."""

    sample: bool = True
    whole: bool = True
    mean: bool = True
    rate: bool = True
    error: bool = True

    def __and__(self, other: "Estimable") -> "Estimable":
        """Return what both tell."""
        return Estimable(
            self.sample and other.sample,
            self.whole and other.whole,
            self.mean and other.mean,
            self.rate and other.rate,
            self.error and other.error,
        )


NOTHING = Estimable(sample=False, whole=False, mean=False, rate=False, error=False)
"""What is told where nothing is."""


@dataclass(frozen=True, slots=True)
class EstimatesTold:
    """Which estimates of one unit and wave are told: by question and group, and of the strata of a
    question, of which all tell the same."""

    rows: Mapping[tuple[str, str | None], Estimable]
    strata: Mapping[str, Estimable]

    def of(self, question: str) -> Estimable:
        """Return what is told of the answers of all groups to a question."""
        return _all(each for (asked, _), each in self.rows.items() if asked == question)


def estimable(
    strata: Sequence[Sequence[Answered]], *, apart: bool, by_stratum: bool
) -> EstimatesTold:
    """Return which estimates of one unit and wave are told, given its rows stratum by stratum.

    The strata of a question sum to the rows of the tables, and one of them is the others' rest: all
    are told or none. With weights that differ `by_stratum` each estimate is another sum of them,
    and with several strata so is each standard error.
    """
    whole = [_together(rows) for rows in zip(*strata, strict=True)]
    told = told_of(whole, apart=apart)
    rows = {
        (row.question, row.group): _of_told(row, each)
        for row, each in zip(whole, told, strict=True)
    }
    if len(strata) < 2:
        found = EstimatesTold(rows, {})
        return EstimatesTold(rows, {row.question: found.of(row.question) for row in whole})
    by_question = _of_strata(strata, whole, told, apart=apart)
    for key, each in rows.items():
        part = by_question[key[0]]
        both = each & part
        rows[key] = both if by_stratum else replace(each, whole=both.whole, error=both.error)
    return EstimatesTold(rows, by_question)


def _of_strata(
    strata: Sequence[Sequence[Answered]],
    whole: Sequence[Answered],
    told: Sequence[Told],
    *,
    apart: bool,
) -> dict[str, Estimable]:
    """Return what is told of each stratum: what is told of all, of each group. Where all counts of
    a row are told they are of each stratum, or they would bound those of the others."""
    found = dict.fromkeys((row.question for row in whole), Estimable())
    for rows in strata:
        parts = zip(rows, told_of(rows, apart=apart), told, strict=True)
        for row, part, of_all in parts:
            if _is_there(row):
                may = part.is_whole or not of_all.is_whole
                found[row.question] &= _of_told(row, part) if may else NOTHING
    for row, of_all in zip(whole, told, strict=True):
        if _is_there(row):
            found[row.question] &= _of_told(row, of_all)
    return found


def _together(rows: Sequence[Answered]) -> Answered:
    """Return the answers of all strata to one question by one group."""
    counts = {option: sum(row.counts[option] for row in rows) for option in rows[0].counts}
    return replace(rows[0], counts=counts)


def _of_told(row: Answered, told: Told) -> Estimable:
    """Return which estimates are told beside what the tables tell of a row."""
    if not _is_there(row):
        return Estimable()
    mean = told.mean is not None
    error = mean and (
        told.is_whole or _stay_hidden(row, with_rate=told.rate is not None, with_error=True)
    )
    whole = mean and told.is_whole
    return Estimable(row.scored or whole, whole, mean, told.rate is not None, error)


def _is_there(row: Answered) -> bool:
    """Say whether a row has answers, or that it has none would tell of an earlier question."""
    return bool(row.answers or row.asked_if)


def _all(each: Iterable[Estimable]) -> Estimable:
    found = Estimable()
    for one in each:
        found &= one
    return found


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


def _stay_hidden(row: Answered, *, with_rate: bool, with_error: bool = False) -> bool:
    """Say whether every count below the least may still be nothing and may be the least, and no
    other is known much better, for whoever knows the sample and the mean, and the rate or not, and
    the sum of squares or not."""
    too_many = with_error and len(row.values) > MOST_OPTIONS
    if too_many or (with_rate and not row.satisfied):
        return False
    without_score = len(row.counts) - len(row.values)
    # Whoever is told a mean knows that there are thirty answers: what is left may be the least.
    if without_score and row.answers < LEAST_SAMPLE + LEAST_COUNT:
        return False
    find = _bounds_by_squares if with_error else _bounds
    return all(
        _is_wide(row.counts[option], low, high)
        for option, (low, high) in find(row, with_rate=with_rate)
    )


def _is_wide(count: int, low: Fraction, high: Fraction) -> bool:
    """Say whether a count that is known to lie between bounds is known well enough by nobody."""
    return high - low >= LEAST_COUNT and not (low and count < LEAST_COUNT)


def _bounds(row: Answered, *, with_rate: bool) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    """Yield how few and how many may have given each scored option: exact, and reached by whole
    and broken numbers of people that have the same sample and mean, and rate."""
    parts = _parts(row, with_rate=with_rate)
    whole = row.mean * row.sample
    for part in parts:
        low, high = part.levels(whole, [each for each in parts if each is not part])
        for option, value in part.values.items():
            ends = part.ends_besides(option)
            few, many = _least_share(value, ends, low, high), _most_share(value, ends, low, high)
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

    def ends_besides(self, option: str) -> Sequence[Fraction]:
        """Return the least and the greatest value of the other options; nothing of none."""
        rising = sorted(self.values, key=self.values.__getitem__)
        ends = [each for each in (*rising[:2], *rising[-2:]) if each != option]
        return [self.values[each] for each in (*ends[:1], *ends[-1:])]

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


def _bounds_by_squares(
    row: Answered, *, with_rate: bool
) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    """Yield the same as `_bounds` where the sum of the squares is known besides.

    What is known are three or four sums; each extreme is reached with as many options.
    """
    sums = _sums(row, with_rate=with_rate)
    lines, corners = _corners(sums)
    counts = [row.counts[option] for option in row.values]
    known = [_product(line, counts) for line in lines]
    found = [(Fraction(row.sample), Fraction(0)) for _ in counts]
    for places, inverse, divisor in corners:
        shares = [_product(line, known) for line in inverse]
        if min(shares) >= 0:
            at = dict(zip(places, shares, strict=True))
            for place, (low, high) in enumerate(found):
                people = Fraction(at.get(place, 0), divisor)
                found[place] = min(low, people), max(high, people)
    yield from zip(row.values, found, strict=True)


def _sums(row: Answered, *, with_rate: bool) -> "tuple[_Line, ...]":
    """Return what each scored option adds to the sums that are known: one, its value, the square of
    it, and where the rate is known whether it is a satisfied one."""
    values = [Fraction(value) for value in row.values.values()]
    scale = lcm(*(value.denominator for value in values))
    whole = _times(scale, values)
    sums = (1,) * len(whole), whole, tuple(value * value for value in whole)
    satisfied = tuple(int(option in row.satisfied) for option in row.values)
    return (*sums, satisfied) if with_rate else sums


def _product(line: Sequence[int], numbers: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(line, numbers, strict=True))


_Line = tuple[int, ...]


@lru_cache(maxsize=256)
def _corners(sums: tuple[_Line, ...]) -> tuple[list[_Line], list[tuple[_Line, list[_Line], int]]]:
    """Return those of some sums that the others do not give, and for each choice of as many options
    what gives their counts if nobody gave another: an inverse, over one divisor."""
    lines = list[_Line]()
    for line in sums:
        if _rank([*lines, line]) > len(lines):
            lines.append(line)
    found = []
    for places in combinations(range(len(sums[0])), len(lines)):
        inverse = _inverse([[Fraction(line[place]) for place in places] for line in lines])
        if inverse is not None:
            divisor = lcm(*(each.denominator for line in inverse for each in line))
            found.append((places, [_times(divisor, line) for line in inverse], divisor))
    return lines, found


def _times(number: int, line: Sequence[Fraction]) -> _Line:
    return tuple(int(each * number) for each in line)


def _rank(lines: Sequence[_Line]) -> int:
    return len(_reduced([[Fraction(each) for each in line] for line in lines])[1])


def _inverse(square: Sequence[Sequence[Fraction]]) -> list[list[Fraction]] | None:
    size = len(square)
    beside = [[*line, *(Fraction(n == k) for k in range(size))] for n, line in enumerate(square)]
    reduced, led = _reduced(beside)
    return [line[size:] for line in reduced] if led == list(range(size)) else None


def _reduced(lines: list[list[Fraction]]) -> tuple[list[list[Fraction]], list[int]]:
    """Return a matrix in reduced row echelon form, and the columns that lead its rows."""
    led = list[int]()
    for column in range(len(lines[0])):
        top = len(led)
        at = next((n for n in range(top, len(lines)) if lines[n][column]), None)
        if at is not None:
            lines[top], lines[at] = lines[at], lines[top]
            lines[top] = [each / lines[top][column] for each in lines[top]]
            for n, line in enumerate(lines):
                if n != top and line[column]:
                    by = line[column]
                    lines[n] = [a - by * b for a, b in zip(line, lines[top], strict=True)]
            led.append(column)
    return lines, led
