"""The units of a category that are compared, and what each takes from all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.rules.columns.column import Column, Reasons, Rows, without
from scoring.rules.columns.exact import show
from scoring.rules.columns.quotients import Quotients
from scoring.rules.methods.cells import Cells
from scoring.rules.methods.group_facts import Fact


@dataclass(frozen=True, slots=True)
class Group:
    """Those units of the category, or of a sub-category, that have a value and to which the
    indicator applies.

    What is found of them is found once for all cells that compare the same.
    """

    cells: Cells
    compared: Callable[[], tuple[Rows, Quotients]]
    among: str = ""

    def one(self, name: str, find: Callable[[Quotients], Fact]) -> Fraction:
        """Return a number that is the same for all, found from the values compared."""
        return self.cells.facts.one(self._key(name), lambda: find(self.compared()[1]))

    def each(self, name: str, find: Callable[[Quotients], list[int]]) -> "list[int]":
        """Return a whole number for each of the cells' rows, found for all that are compared."""

        def found() -> Mapping[int, Fact]:
            rows, values = self.compared()
            return dict(zip(rows.tolist(), find(values), strict=True))

        known = self.cells.facts.each(self._key(name), found)
        return [int(known[row] or 0) for row in self.cells.rows.tolist()]

    def note_size(self) -> None:
        """Remember how many of the units that compete were compared."""
        number, size = self.one("compared", len), self.cells.competing
        self.cells.note("units compared", lambda _: f"{number} of {size}")

    def note(self, name: str, number: Fraction) -> None:
        """Remember a number of the group."""
        self.cells.note(name, lambda _: show(number))

    def of(self, cells: Cells) -> "Group":
        """Return the same group for other rows of the cells."""
        return replace(self, cells=cells)

    def _key(self, name: str) -> tuple[str, str]:
        cells = self.cells
        about = (cells.key or "", cells.period or "", self.among, name)
        return cells.code, "|".join(about)


def group_of(cells: Cells, take: Callable[[Cells], Column], *, own_params: bool) -> Group:
    """Return the group whose values `take` takes: by each unit's own parameters, if they matter.

    `take` gets the cells of everybody in the category, and what it takes is told of nobody.
    """
    found: list[tuple[Rows, Quotients]] = []

    def compared() -> tuple[Rows, Quotients]:
        if not found:
            everybody = cells.everybody()
            column = _by_own_params(everybody, take) if own_params else take(everybody)
            rows, values = everybody.rows, column.values
            if column.gaps:
                left = without(len(everybody), column.gaps)
                rows, values = rows[left], values.take(left)
            found.append((rows, values))
        return found[0]

    return Group(cells, compared)


def _by_own_params(cells: Cells, take: Callable[[Cells], Column]) -> Column:
    pieces = [(rows, take(some)) for rows, some in cells.by_own_params()]
    if len(pieces) == 1:
        return pieces[0][1]
    gaps, values = dict[int, Reasons](), [Fraction(0)] * len(cells)
    for rows, column in pieces:
        listed = rows.tolist()
        gaps |= {listed[at]: why for at, why in column.gaps.items()}
        for row, value in zip(listed, column.values.each(), strict=True):
            values[row] = value
    return Column(Quotients.of(values), gaps)
