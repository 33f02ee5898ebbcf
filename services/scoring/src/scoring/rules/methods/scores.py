"""Columns of scores: exact ones as a method returns them, and those rounded once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import numpy as np

from scoring.rules.columns.column import Column, Gaps, Note, Notes, Reasons, Rows
from scoring.rules.columns.gaps import Undefined
from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Whole
from scoring.rules.methods.narration import AppliedRule, Narration, Rounding, Tell

NOTHING, ONE = Fraction(0), Fraction(1)

_Said = TypeVar("_Said")

TOO_LARGE = 12
"""A score has at most so many digits before the point."""

_BEYOND = Undefined("A score grows beyond all use.", "得分过大，无法使用。").reasons


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an indicator's points that is decided by itself, such as a period's or a node's.

    Before rounding, in points. `earned` is None while the part has no score; `most` is what it can
    come to. Without a `period` it is decided when the year is.
    """

    period: str | None
    points: Fraction
    earned: Fraction | None
    most: Fraction


PartsOf = Callable[[int], Sequence[Part]]
"""Returns the parts of a row, also of one whose score is wanting because a part has none; nothing
for a row that is scored in one piece."""


def parts_of(
    points: Fraction,
    periods: Sequence[str | None],
    scores: Sequence[Column],
    weights: Sequence[Decimal | Fraction],
) -> PartsOf:
    """Return the parts of a weighted sum of scores, each of which is out of all points."""
    exact = [Fraction(weight) for weight in weights]

    def parts(row: int) -> list[Part]:
        return [
            Part(
                period,
                points * weight,
                None if row in column.gaps else column.values.at(row) * weight,
                points * weight,
            )
            for period, column, weight in zip(periods, scores, exact, strict=True)
        ]

    return parts


@dataclass(frozen=True, slots=True)
class Unrounded:
    """The exact scores that a method gives, in points; those of rows with a gap mean nothing.

    Rows in `not_rated` count for nothing. `excess` are points lost beyond the indicator's own.
    What is decided in `parts` is scored as soon as all of them are.
    """

    values: Quotients
    tell: Tell
    gaps: Gaps = field(default_factory=dict)
    notes: Notes = field(default_factory=dict)
    not_rated: Gaps = field(default_factory=dict)
    excess: Quotients | None = None
    parts: PartsOf | None = None

    def rounded(self, places: int) -> "Rounded":
        """Return the scores after their one rounding, half up (四舍五入).

        One of a trillion points and more is undefined: it could be neither told nor added up.
        """
        units, most = self.values.settled(places), 10 ** (TOO_LARGE + places) - 1
        found = self
        spilt = None if self.excess is None else self.excess.settled(places)
        widest = [units] if spilt is None else [units, spilt]
        if any(each.low < -most or each.high > most for each in widest):
            over = units.above(most) | (units * -1).above(most)
            if spilt is not None:
                over |= spilt.above(most)
            gaps = {row: _BEYOND for row in np.flatnonzero(over).tolist() if row not in self.gaps}
            found = replace(self, gaps={**self.gaps, **gaps})
        return Rounded(found, units, places, spilt)


@dataclass(frozen=True, slots=True)
class Rounded:
    """Rounded scores as whole numbers of the last of `places` decimals, and where they come from.

    `spilt` is the rounded excess in the same unit.
    """

    of: Unrounded
    units: Whole
    places: int
    spilt: Whole | None = None

    def __len__(self) -> int:
        return len(self.units)

    @property
    def gaps(self) -> Gaps:
        """Why rows have no score."""
        return self.of.gaps

    def exact(self) -> Quotients:
        """Return the rounded scores in points, to be computed with."""
        return Quotients(self.units, 10**self.places)

    def column(self) -> Column:
        """Return the rounded scores as an input to be computed with, with their gaps and notes."""
        return Column(self.exact(), self.gaps, self.of.notes)

    def score(self, row: int) -> Decimal:
        """Return the score of one row."""
        return decimal(int(self.units.array[row]), self.places)

    def texts(self) -> list[str]:
        """Return the scores of all rows as the texts of their digits."""
        return _texts(self.units, self.places)

    def excess_texts(self) -> list[str]:
        """Return the points that the rows lost beyond the indicator's own, as texts."""
        if self.spilt is None:
            return [digits(0, self.places)] * len(self)
        return _texts(self.spilt, self.places)

    def excess(self, row: int) -> Decimal:
        """Return the points that one row lost beyond the indicator's own."""
        return decimal(0 if self.spilt is None else int(self.spilt.array[row]), self.places)

    def narrated(self, row: int) -> Narration:
        """Tell how the score of one row came about."""
        rounding = Rounding(self.of.values.at(row), self.places, self.score(row))
        return Narration(self.of.tell(row), rounding, self.excess(row))


def decimal(units: int, places: int) -> Decimal:
    """Return a whole number of the last of so many decimals as a decimal."""
    return Decimal(f"{units}E-{places}")


def digits(units: int, places: int) -> str:
    """Return a whole number of the last of so many decimals as the text of its digits."""
    if not places:
        return str(units)
    text = str(abs(units)).rjust(places + 1, "0")
    return f"{'-' if units < 0 else ''}{text[:-places]}.{text[-places:]}"


def _texts(column: Whole, places: int) -> list[str]:
    listed = column.array.tolist()
    if column.low < 0 or not places:
        return [digits(units, places) for units in listed]
    written, scale = f"%d.%0{places}d", 10**places
    return [written % divmod(units, scale) for units in listed]


def merged(size: int, pieces: Sequence[tuple[Rows, Unrounded]]) -> Unrounded:
    """Put together the scores of some rows each, into a column of so many rows."""
    if len(pieces) == 1 and len(pieces[0][0]) == size:
        return pieces[0][1]
    where: dict[int, tuple[Unrounded, int]] = {}
    gaps, not_rated = dict[int, Reasons](), dict[int, Reasons]()
    notes = dict[int, tuple[Note, ...]]()
    for rows, piece in pieces:
        listed = rows.tolist()
        where |= {row: (piece, at) for at, row in enumerate(listed)}
        gaps |= _spread(piece.gaps, listed)
        notes |= _spread(piece.notes, listed)
        not_rated |= _spread(piece.not_rated, listed)
    values = _laid_out(size, [(rows, piece.values) for rows, piece in pieces])
    spilling = [(rows, piece.excess) for rows, piece in pieces if piece.excess is not None]
    excess = _laid_out(size, spilling) if spilling else None

    def tell(row: int) -> AppliedRule:
        piece, at = where[row]
        return piece.tell(at)

    def parts(row: int) -> Sequence[Part]:
        piece, at = where.get(row, (None, 0))
        return () if piece is None or piece.parts is None else piece.parts(at)

    return Unrounded(values, tell, gaps, notes, not_rated, excess, parts)


def _spread(said: Mapping[int, _Said], rows: Sequence[int]) -> dict[int, _Said]:
    return {rows[at]: each for at, each in said.items()}


def _laid_out(size: int, parts: Sequence[tuple[Rows, Quotients]]) -> Quotients:
    """Return a column of so many rows with the parts' numbers in their rows, and 0 elsewhere."""
    values = Quotients.same(0, size)
    for rows, part in parts:
        mine = np.zeros(size, dtype=np.bool_)
        mine[rows] = True
        values = part.spread(rows, size).where(mine, values)
    return values
