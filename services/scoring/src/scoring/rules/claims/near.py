"""Claims beside others with the same or a similar document, found without comparing pairs.

Of some claims alike each is shown a bounded number of the others, and told how many more there are.
What is done for that grows as the number of claims does, however many are alike.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from scoring.rules.claims.awards import Award, Likeness, likeness
from scoring.rules.claims.states import HANDED_IN, REJECTED, WITHDRAWN

MOST_SHOWN = 50
"""How many other claims are shown beside one, of each kind."""


@dataclass(frozen=True, slots=True)
class NearClaim:
    """A claim with its document, as far as it matters to others on documents like it."""

    award: Award
    cycle_id: UUID
    claim_id: UUID
    claim_no: str
    unit: str
    state: str
    share: Decimal | None
    item: str | None
    filed_with: UUID | None

    @property
    def stands(self) -> bool:
        """Whether it counts or may."""
        return self.state not in {REJECTED, WITHDRAWN}

    @property
    def holds(self) -> bool:
        """Whether others on its document wait until somebody has said how they relate."""
        return self.share is not None or self.state == HANDED_IN


class Shown(NamedTuple):
    """What is shown beside a claim: others on its document, others on similar ones with how these
    are alike, and how many more there are."""

    same: Sequence[NearClaim]
    similar: Sequence[tuple[NearClaim, Likeness]]
    more: int


def _marks(award: Award) -> Mapping[Likeness, tuple[Hashable, ...]]:
    """Return by what others are like a document, the likelier first."""
    found: dict[Likeness, tuple[Hashable, ...]] = {}
    if award.number:
        found["same_number"] = (award.kind, award.number)
    if award.authority and award.dated:
        found["same_authority_and_date"] = (award.kind, award.authority, award.dated)
    return found


class NearClaims:
    """An index of claims by their documents; `some` are in the order in which they are shown."""

    def __init__(self, some: Iterable[NearClaim]) -> None:
        self._on = defaultdict[str, list[NearClaim]](list)
        self._with = defaultdict[Hashable, list[NearClaim]](list)
        self._number = Counter[Hashable]()
        self._first = dict[Hashable, list[tuple[NearClaim, Likeness]]]()
        for each in some:
            award = each.award
            self._on[award.fingerprint].append(each)
            for way in _marks(award).values():
                self._with[way].append(each)
            for mark in _counted(award):
                self._number.update([mark, (mark, award.fingerprint)])

    def beside(self, award: Award, cycle_id: UUID, claim_id: UUID) -> Shown:
        """Return what is shown beside a claim on a document, which may be one of these itself."""
        on = self._on.get(award.fingerprint, [])
        others = (each for each in on if (each.cycle_id, each.claim_id) != (cycle_id, claim_id))
        few = [*islice(others, MOST_SHOWN + 1)]
        more = len(on) - MOST_SHOWN - 1 if len(few) > MOST_SHOWN else 0
        ways = _marks(award).items()
        similar = [each for like, mark in ways for each in self._by(like, mark, award)]
        more += max(self._how_many(award) - MOST_SHOWN, 0)
        return Shown(few[:MOST_SHOWN], similar[:MOST_SHOWN], more)

    def _by(self, like: Likeness, mark: Hashable, award: Award) -> list[tuple[NearClaim, Likeness]]:
        """Return the first that are like a document in a way, which are the same for all claims on
        documents of its fingerprint and number."""
        key = (mark, award.fingerprint, award.number)
        if key not in self._first:
            there = self._with.get(mark, ())
            alike = (each for each in there if likeness(award, each.award) == like)
            self._first[key] = [(each, like) for each in islice(alike, MOST_SHOWN)]
        return self._first[key]

    def _how_many(self, award: Award) -> int:
        """Return how many are like a document and not on it: those that are so in two ways once."""
        *ways, both = _counted(award) if len(_marks(award)) > 1 else (*_counted(award), None)
        others = [self._number[each] - self._number[each, award.fingerprint] for each in ways]
        twice = self._number[both] - self._number[both, award.fingerprint]
        return sum(others) - twice


def _counted(award: Award) -> Sequence[Hashable]:
    """Return by what the claims are counted that are like a document: in each way, and in both."""
    ways = tuple(_marks(award).values())
    return (*ways, ways) if len(ways) > 1 else ways


class HeldClaims:
    """Which claims wait until somebody has said how they relate to others on their document, which
    were not filed together with them."""

    def __init__(self, found: Iterable[NearClaim]) -> None:
        self._holding = Counter[Hashable]()
        for each in found:
            if each.holds:
                on = each.award.fingerprint
                self._holding.update([on, (on, each.filed_with)] if each.filed_with else [on])

    def is_held(self, claim: NearClaim) -> bool:
        """Say whether this one of them waits for that."""
        on = claim.award.fingerprint
        own = self._holding[on, claim.filed_with] if claim.filed_with else int(claim.holds)
        return claim.state == HANDED_IN and self._holding[on] > own
