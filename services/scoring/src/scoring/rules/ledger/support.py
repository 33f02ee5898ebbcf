"""Which entries count with evidence alone, as the scheme says of their kinds and keys."""

from collections.abc import Collection, Iterable
from typing import Protocol
from uuid import UUID

from chassis.refusals import Fault, pointer
from scoring.rules.ledger.entries import BY_OFFICE, REVERSAL, ZERO_REPORT
from scoring.rules.scheme.document import Scheme


class Supportable(Protocol):
    """An entry, as far as it matters whether it wants evidence."""

    @property
    def unit(self) -> str:
        """The unit that it is about."""

    @property
    def indicator(self) -> str:
        """The indicator that it is for."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def key(self) -> str | None:
        """What of its kind it is."""

    @property
    def author_unit(self) -> str:
        """The unit that made it."""


class Support:
    """The kinds and keys of entries for which a scheme wants evidence."""

    def __init__(self, scheme: Scheme) -> None:
        self._categories = scheme.category_of()
        self.is_wanted = any(
            each.evidence_for
            for category in scheme.categories
            for each in category.indicators().values()
        )

    @property
    def words(self) -> list[tuple[Collection[str], dict[str, Collection[str]]]]:
        """The units of each category, and by indicator the kinds and keys that want evidence."""
        categories = {each.code: each for each in self._categories.values()}
        return [
            (each.units, {c: i.evidence_for for c, i in each.indicators().items()})
            for each in categories.values()
        ]

    def wants(self, entry: Supportable) -> bool:
        """Say whether an entry counts with evidence alone: that nothing happened has none, unless
        the scheme names that; what takes an entry out, and a card, need none."""
        category = self._categories.get(entry.unit)
        indicator = category.indicators().get(entry.indicator) if category else None
        if indicator is None or entry.kind == REVERSAL or entry.author_unit == BY_OFFICE:
            return False
        words = indicator.evidence_for
        return entry.key in words or (entry.kind in words and entry.key != ZERO_REPORT)


def evidence_faults(ids: Iterable[UUID], lacking: Collection[UUID]) -> list[Fault]:
    """Return the faults of those of the named entries that lack the evidence they want."""
    return [
        Fault(
            pointer("entry_ids", place),
            "evidence-missing",
            f"Entry {entry_id} counts with evidence alone, and names none.",
            f"记录 {entry_id} 须有佐证材料方可计分，尚未引用。",
        )
        for place, entry_id in enumerate(ids)
        if entry_id in lacking
    ]
