"""How totals become ranks within one category, and what is said of equal ones.

Equal totals are told apart by the keys of the scheme, in turn; whom no key tells apart share a
rank. Every unit of such a tie is told which key put it before or after its neighbours.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, groupby, pairwise
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from ranking.rules import reasons
from ranking.rules.marks import Marks
from ranking.rules.reasons import Reason

_NOTHING = Decimal(0)

MOST_NAMED = 10
"""How many units of a tie are named to each of the others: a thousand may be tied."""

NONE: Mapping[str, Any] = MappingProxyType({})
"""No ranks of last year, or no names."""

KeyName = Literal["block", "indicator", "fewer_deductions", "last_year_rank"]


@dataclass(frozen=True, slots=True)
class TieBreakKey:
    """What tells equal totals apart: more points in a block or an indicator of that `code`, fewer
    points deducted, or a better rank in last year's release."""

    key: KeyName
    code: str | None = None

    @property
    def high(self) -> bool:
        """Whether more is better."""
        return self.key in {"block", "indicator"}


@dataclass(frozen=True, slots=True)
class RankPolicy:
    """How the scheme resolves equal totals.

    `tie_break` are the keys, a text being the code of a block; the first that differs decides.
    `ties` says what follows a tie that remains: `same_rank_skip` counts 1224, `dense` 1223, and
    `ordinal` 1234, by the codes of the units.
    `incomplete` says what becomes of a category in which marks are missing: it is refused whole, or
    the units that lack them are left out and the others are ranked among themselves. Ranks are
    those `within` the category, or within each of its sub-categories. `previous_cycle` is the year
    whose release gives last year's ranks.
    """

    tie_break: tuple[str | TieBreakKey, ...]
    ties: Literal["same_rank_skip", "dense", "ordinal"]
    incomplete: Literal["refuse", "leave_out"] = "refuse"
    within: Literal["category", "subcategory"] = "category"
    previous_cycle: UUID | None = None

    @property
    def keys(self) -> tuple[TieBreakKey, ...]:
        """The keys, those of blocks too."""
        return tuple(
            TieBreakKey("block", each) if isinstance(each, str) else each for each in self.tie_break
        )

    @property
    def earlier(self) -> UUID | None:
        """The year whose ranks are asked for, None where no key needs them."""
        asked = any(each.key == "last_year_rank" for each in self.keys)
        return self.previous_cycle if asked else None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit's total and its place in the category, 1 being the best.

    `tied` is the rank of all whom nothing tells apart from it: the grades go by it, so that a code
    wins nobody a grade. It is another than `rank` only where ranks are ordinal.
    `told` is what is to be said where others have the same total. Where the keys order places of a
    grade only, the rank is shared all the same: `order` counts the places that the keys give within
    a rank, from 0, and `by_key` tells how.
    """

    total: Marks
    rank: int
    tied: int
    told: tuple[Reason, ...] = ()
    order: int = 0
    by_key: tuple[Reason, ...] = ()


def rank(
    totals: Iterable[Marks],
    policy: RankPolicy,
    last_ranks: Mapping[str, int] = NONE,
    block_names: Mapping[str, str] = NONE,
    *,
    at_line_only: bool = False,
) -> list[Ranked]:
    """Order the totals, best first; units equal in total and in every key share a rank.

    Totals are compared as the scheme rounds them, so that no digit decides which nobody can see.
    Units that share a rank are listed by code: the order of the input never shows. A unit without
    a value comes after those that have one. `last_ranks` are last year's by unit. With
    `at_line_only` equal totals share a rank whatever the keys say, which then only order those who
    meet at the line of a grade's quota.
    """
    keys = _Keys(policy.keys, last_ranks, block_names)
    ranked: list[Ranked] = []
    place = distinct = 0
    for order, same, by_key in _groups(totals, keys):
        if not (order and at_line_only):
            distinct += 1
            place = distinct if policy.ties == "dense" else len(ranked) + 1
        apart = policy.ties == "ordinal"
        ranked += (
            Ranked(one, place + nth * apart, place, (), order, by_key)
            for nth, one in enumerate(same)
        )
    return [*_all_told(ranked, at_line_only, bool(keys.keys))]


def _groups(
    totals: Iterable[Marks], keys: "_Keys"
) -> Iterator[tuple[int, list[Marks], tuple[Reason, ...]]]:
    """Yield the units that nothing tells apart, best first: which group of their tie they are, from
    0, and how the keys part them from the groups before and after.

    Only those of equal totals are asked for their keys: mostly nobody has the total of another.
    """
    ordered = sorted(totals, key=_TOTAL, reverse=True)
    for _, equal in groupby(ordered, _TOTAL):
        tied = list(equal)
        if len(tied) == 1:
            yield 0, tied, ()
            continue
        tied.sort(key=lambda one: (keys.order(one), one.unit))
        tie = [list(same) for _, same in groupby(tied, keys.order)]
        yield from zip(count(), tie, keys.told(tie), strict=False)


_TOTAL: Callable[[Marks], Decimal] = attrgetter("final_total")
_TIED: Callable[["Ranked"], int] = attrgetter("tied")


def _all_told(ranked: Iterable[Ranked], at_line_only: bool, keys: bool) -> Iterator[Ranked]:
    """Yield the units with what is to be said of their ranks: mostly nothing."""
    for _, same in groupby(ranked, _TIED):
        sharing = list(same)
        if len(sharing) == 1 and not sharing[0].by_key:
            yield sharing[0]
        else:
            yield from (_told(one, sharing, at_line_only, keys) for one in sharing)


def _told(one: Ranked, sharing: Sequence[Ranked], at_line_only: bool, keys: bool) -> Ranked:
    """Say what is to be said of a unit's rank: which key gave it, and who shares it."""
    told = () if at_line_only else one.by_key
    if len(sharing) > 1:
        some = (each.total.unit for each in sharing[: MOST_NAMED + 1])
        others = [unit for unit in some if unit != one.total.unit][:MOST_NAMED]
        equal_keys = keys and not at_line_only
        apart = sharing[0].rank != sharing[-1].rank
        say = reasons.rank_by_code if apart else reasons.shared_rank
        told = (*told, say(others, len(sharing) - 1, equal_keys=equal_keys))
    kept = (one.order, one.by_key) if at_line_only else (0, ())
    return Ranked(one.total, one.rank, one.tied, told, *kept)


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of a scheme with what they are read from besides the totals."""

    keys: Sequence[TieBreakKey]
    last_ranks: Mapping[str, int]
    block_names: Mapping[str, str]

    def order(self, one: Marks) -> list[tuple[bool, Decimal]]:
        """Return what sorts equal totals, best first."""
        values = [(key, self._value(key, one)) for key in self.keys]
        return [
            (value is None, _NOTHING if value is None else -value if key.high else value)
            for key, value in values
        ]

    def told(self, tie: Sequence[Sequence[Marks]]) -> list[tuple[Reason, ...]]:
        """Return for each group of a tie, best first, which key parts it from its neighbours."""
        found: list[tuple[Reason, ...]] = [()] * len(tie)
        for at, (better, worse) in enumerate(pairwise(tie)):
            key = next(
                each
                for each in self.keys
                if self._value(each, better[0]) != self._value(each, worse[0])
            )
            found[at] += (self._by_key(key, better[0], worse, ahead=True),)
            found[at + 1] += (self._by_key(key, worse[0], better, ahead=False),)
        return found

    def _by_key(
        self, key: TieBreakKey, one: Marks, others: Sequence[Marks], *, ahead: bool
    ) -> Reason:
        return reasons.by_key(
            [each.unit for each in others[:MOST_NAMED]],
            len(others),
            (key.key, key.code, self.block_names.get(key.code or "")),
            (self._value(key, one), self._value(key, others[0])),
            ahead=ahead,
        )

    def _value(self, key: TieBreakKey, one: Marks) -> Decimal | None:
        """Return what a key compares; a block that the category lacks has no points."""
        code = key.code or ""
        if key.key == "block":
            return one.blocks.get(code, _NOTHING)
        if key.key == "indicator":
            found = one.scores.get(code)
            return None if found is None else found.score
        if key.key == "fewer_deductions":
            return one.deductions
        last = self.last_ranks.get(one.unit)
        return None if last is None else Decimal(last)
