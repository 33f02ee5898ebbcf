"""What units of a category take from one another: bounds, means, ranks, and how many compete."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import cast

from scoring.rules.columns.whole import Mask

Fact = Fraction | int | None
Key = tuple[str, str]
"""The indicator that is compared, and what of it."""


@dataclass(frozen=True, slots=True)
class Fellows:
    """The units of a sub-category, which alone are compared with one another where the scheme says
    so: how many there are, and which rows are those of units that are here."""

    code: str
    name: str
    size: int
    rows: Sequence[int]
    mask: Mask


@dataclass(frozen=True, slots=True)
class Classes:
    """The sub-categories of a category, and by row the one that each unit is of."""

    all: tuple[Fellows, ...] = ()
    of: tuple[Fellows | None, ...] = ()


NO_CLASSES = Classes()
"""Those of an indicator that compares all units of the category, or nobody."""


@dataclass(slots=True)
class GroupFacts:
    """Facts about a category, found once from all of its units, or `given` from when they were.

    `shared` are the same for every unit, `own` each unit's, by its row. Those about a sub-category
    alone are named for it: its code is `of`.
    """

    given: bool = False
    shared: dict[Key, Fact] = field(default_factory=dict)
    own: dict[Key, Mapping[int, Fact]] = field(default_factory=dict)
    of: str | None = None

    def among(self, fellows: Fellows | None) -> "GroupFacts":
        """Return the same facts to be asked about a sub-category, or None for the category."""
        return self if fellows is None else replace(self, of=fellows.code)

    def one(self, key: Key, find: Callable[[], Fact]) -> Fraction:
        """Return a number that is the same for all units."""
        key = self._named(key)
        if key not in self.shared:
            self._require_own_finding(key)
            self.shared[key] = find()
        return cast(Fraction, self.shared[key])

    def each(self, key: Key, find: Callable[[], Mapping[int, Fact]]) -> Mapping[int, Fact]:
        """Return every unit's number by its row; a unit without one is not in it."""
        key = self._named(key)
        if key not in self.own:
            # Nobody's part in it was kept where nobody has one.
            self.own[key] = {} if self.given else find()
        return self.own[key]

    def _named(self, key: Key) -> Key:
        return key if self.of is None else (key[0], f"{key[1]}|in {self.of}")

    def _require_own_finding(self, key: Key) -> None:
        if self.given:
            raise LookupError(f"nothing is known of {key}")
