"""What units of a category take from one another: bounds, means, ranks, and how many compete."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

Fact = Fraction | int | None
Key = tuple[str, str]
"""The indicator that is compared, and what of it."""


@dataclass(slots=True)
class GroupFacts:
    """Facts about a category, found once from all of its units, or `given` from when they were.

    `shared` are the same for every unit, `own` each unit's, by its row.
    """

    given: bool = False
    shared: dict[Key, Fact] = field(default_factory=dict)
    own: dict[Key, Mapping[int, Fact]] = field(default_factory=dict)

    def one(self, key: Key, find: Callable[[], Fact]) -> Fraction:
        """Return a number that is the same for all units."""
        if key not in self.shared:
            self._require_own_finding(key)
            self.shared[key] = find()
        return cast(Fraction, self.shared[key])

    def each(self, key: Key, find: Callable[[], Mapping[int, Fact]]) -> Mapping[int, Fact]:
        """Return every unit's number by its row; a unit without one is not in it."""
        if key not in self.own:
            # Nobody's part in it was kept where nobody has one.
            self.own[key] = {} if self.given else find()
        return self.own[key]

    def _require_own_finding(self, key: Key) -> None:
        if self.given:
            raise LookupError(f"nothing is known of {key}")
