"""Values that are entered for one indicator and read by the formulas of others (多处使用)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from indicators.rules.forms import ANY_PERIOD, Endings
from indicators.rules.methods.method import ScoringMethod

Pair = tuple[str, str]
"""The key of a value, and how the period ends for which it is read."""

_PLACE = {ending: n for n, ending in enumerate(ANY_PERIOD)}


@dataclass(frozen=True, slots=True)
class Lent:
    """What the formulas of a category read of each indicator, and how many of them each value.

    Counted, because thousands may read the same value, and one unit have a formula of its own: what
    that changes is then found without asking all the others again.
    """

    methods: Mapping[str, ScoringMethod]
    read: Mapping[str, Counter[Pair]]

    @classmethod
    def by(cls, methods: Mapping[str, ScoringMethod]) -> "Lent":
        """Return what these methods read, by the indicators whose methods they are."""
        read: dict[str, Counter[Pair]] = {}
        for method in methods.values():
            for lender, pair in _read_by(method):
                read.setdefault(lender, Counter())[pair] += 1
        return cls(methods, read)

    def of(self, code: str) -> Endings:
        """Return what is read of an indicator for all units that have no formula of their own."""
        return _endings(self.read.get(code, ()))

    def otherwise(self, own: Mapping[str, ScoringMethod]) -> dict[str, Endings]:
        """Return what is read of a unit with methods of its own, by the indicators of which it is
        something else than for all."""
        more: dict[str, Counter[Pair]] = {}
        for code, method in own.items():
            for sign, each in ((1, method), (-1, self.methods[code])):
                for lender, pair in _read_by(each):
                    more.setdefault(lender, Counter())[pair] += sign
        changed = dict[str, Endings]()
        for lender, change in more.items():
            read = self.read.get(lender, Counter[Pair]())
            if any((read[pair] + n > 0) != (read[pair] > 0) for pair, n in change.items()):
                both = [p for p in {*read, *change} if read[p] + change[p] > 0]
                changed[lender] = _endings(both)
        return changed


def _read_by(method: ScoringMethod) -> Iterator[tuple[str, Pair]]:
    for each in method.computed():
        for lender, key in each.borrows():
            for ending in method.computed_for():
                yield lender, (key, ending)


def _endings(pairs: Iterable[Pair]) -> Endings:
    """Return how the periods end by key: the keys in their order, the endings in the year's."""
    found: dict[str, list[str]] = {}
    for key, ending in sorted(pairs, key=lambda pair: (pair[0], _PLACE[pair[1]])):
        found.setdefault(key, []).append(ending)
    return found
