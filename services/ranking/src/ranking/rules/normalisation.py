"""Putting the marks of several organisers on one scale (修正系数), where a scheme asks for it.

Four ways that are in real use. All of them equalise groups of really different quality too, so a
scheme decides before the year, and only for judged marks; in small groups a coefficient is noise,
and is kept within bounds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from itertools import repeat

Groups = Mapping[str, Sequence[Decimal]]

# A root is irrational; no tie at a scheme's few places can hide behind fifty digits.
_MANY_DIGITS = Context(prec=50)


@dataclass(frozen=True, slots=True)
class Normalised:
    """One group's marks on the common scale, in the order given.

    `coefficient` is what they were multiplied by, to four places; null where marks are not
    multiplied but placed anew.
    """

    coefficient: Decimal | None
    scores: tuple[Decimal, ...]


def second_mean(
    groups: Groups, places: int, clamp: tuple[Decimal, Decimal] | None = None
) -> dict[str, Normalised]:
    """Multiply by the mean of the groups' means over the group's own mean (二次平均法).

    Every group weighs the same, however many it has. `clamp` bounds the coefficient, which is not
    rounded before it is applied.
    """
    means = _means(groups)
    common = _mean(list(means.values()))
    return {
        name: _multiplied(marks, _within(common / means[name], clamp), places)
        for name, marks in groups.items()
    }


def grand_mean_ratio(
    groups: Groups, places: int, clamp: tuple[Decimal, Decimal] | None = None
) -> dict[str, Normalised]:
    """Multiply by the mean of all marks over the group's mean, as a coefficient of two decimals.

    Unlike the second mean a large group weighs more.
    """
    means = _means(groups)
    common = _mean([Fraction(mark) for marks in groups.values() for mark in marks])
    return {
        name: _multiplied(
            marks, _within(Fraction(_half_up(common / means[name], 2)), clamp), places
        )
        for name, marks in groups.items()
    }


def z_score(
    groups: Groups, places: int, *, mean: Decimal, deviation: Decimal
) -> dict[str, Normalised]:
    """Give every group this mean and this standard deviation, that of a whole population.

    Where a group's marks are all equal, each is given the mean.
    """

    return {
        name: _placed(_standardised(marks, Fraction(mean), Fraction(deviation)), places)
        for name, marks in groups.items()
    }


def rank_percentile(groups: Groups, places: int) -> dict[str, Normalised]:
    """Give each mark the share, of 100, of the others in its group that it is not below.

    Equal marks count half for each other; a group of one has 100.
    """

    return {
        name: _placed(map(_percentile, marks, repeat(marks)), places)
        for name, marks in groups.items()
    }


def _standardised(
    marks: Sequence[Decimal], mean: Fraction, deviation: Fraction
) -> Iterator[Fraction]:
    centre, spread = _mean_of(marks), _deviation(marks)
    for mark in marks:
        off = (Fraction(mark) - centre) / spread if spread else Fraction(0)
        yield mean + off * deviation


def _percentile(mark: Decimal, marks: Sequence[Decimal]) -> Fraction:
    if len(marks) == 1:
        return Fraction(100)
    below = sum(other < mark for other in marks)
    equal = sum(other == mark for other in marks) - 1
    return 100 * (below + Fraction(equal, 2)) / (len(marks) - 1)


def _multiplied(marks: Sequence[Decimal], coefficient: Fraction, places: int) -> Normalised:
    scores = tuple(_half_up(Fraction(mark) * coefficient, places) for mark in marks)
    return Normalised(_half_up(coefficient, 4), scores)


def _placed(numbers: Iterable[Fraction], places: int) -> Normalised:
    return Normalised(None, tuple(_half_up(number, places) for number in numbers))


def _within(coefficient: Fraction, clamp: tuple[Decimal, Decimal] | None) -> Fraction:
    if clamp is None:
        return coefficient
    low, high = map(Fraction, clamp)
    return min(max(coefficient, low), high)


def _means(groups: Groups) -> dict[str, Fraction]:
    means = {name: _mean_of(marks) for name, marks in groups.items()}
    if not means or not all(means.values()):
        raise _nothing()
    return means


def _mean_of(marks: Sequence[Decimal]) -> Fraction:
    if not marks:
        raise _nothing()
    return _mean([Fraction(mark) for mark in marks])


def _mean(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)


def _deviation(marks: Sequence[Decimal]) -> Fraction:
    centre = _mean_of(marks)
    variance = _mean([(Fraction(mark) - centre) ** 2 for mark in marks])
    exact = _MANY_DIGITS.divide(Decimal(variance.numerator), Decimal(variance.denominator))
    return Fraction(_MANY_DIGITS.sqrt(exact))


def _nothing() -> ValueError:
    return ValueError("a group without marks above zero cannot be put on a common scale")


def _half_up(value: Fraction, places: int) -> Decimal:
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(f"{'-' if value < 0 and whole else ''}{whole}E-{places}")
