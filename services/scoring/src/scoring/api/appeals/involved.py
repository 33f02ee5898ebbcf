"""Who brought about what objections are about: they decide about none of it."""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scoring.queries.appeal_hands import (
    Card,
    Pair,
    card_entries,
    entries_about,
    entries_and_after,
    hands_of_claims,
    hands_of_corrections,
    hands_of_entries,
)
from scoring.rules.appeals.standing import Involved
from scoring.rules.appeals.states import CARD, CLAIM, ENTRY, WAVE
from scoring.rules.scheme.document import Indicator, Scheme
from scoring.tables.appeals import ObjectionRow
from scoring.tables.ledger import LedgerEntryRow

NOBODY = Involved()


async def involved_in(
    db: AsyncSession, scheme: Scheme, rows: Sequence[ObjectionRow]
) -> dict[UUID, Involved]:
    """Return who brought about what each of some objections of a cycle is about, by what they
    entered or corrected; however many there are, as many questions are asked."""
    if not rows:
        return {}
    cycle_id, touched = rows[0].cycle_id, [_Touched(scheme, each) for each in rows]
    await _add_entries(db, cycle_id, touched)
    entries = chain.from_iterable(each.entries for each in touched)
    pairs = chain.from_iterable(each.pairs for each in touched)
    claims = {each.row.claim_id for each in touched} - {None}
    found = _Found(
        await hands_of_entries(db, cycle_id, entries),
        await hands_of_corrections(db, cycle_id, {*pairs}),
        await hands_of_claims(db, cycle_id, [each for each in claims if each is not None]),
    )
    return {each.row.objection_id: found.of(each) for each in touched}


class _Touched:
    """What an objection is about: the indicators of a mark or a wave, and entries for them, or of
    an entry or a card that one, with what took it out since."""

    def __init__(self, scheme: Scheme, row: ObjectionRow) -> None:
        self.row, self.codes = row, codes_of(scheme, row)
        self.scorers = _scorers(scheme, row.unit, self.codes)
        self.entries: list[LedgerEntryRow] = []

    @property
    def marks(self) -> list[Pair]:
        """The unit and each indicator of a mark."""
        return [] if self.row.about == WAVE else [(self.row.unit, each) for each in self.codes]

    @property
    def pairs(self) -> set[Pair]:
        """The unit and each indicator for which its record was touched."""
        return {*self.marks, *((self.row.unit, each.indicator) for each in self.entries)}

    @property
    def card(self) -> Card | None:
        """The card that it is about, where the event is not known that it has become."""
        row = self.row
        if row.about != CARD or row.entry_id is not None:
            return None
        return row.unit, row.indicator or "", row.period or "", row.light or ""

    def entry(self, cards: Mapping[Card, UUID]) -> UUID | None:
        """Return the entry that it is about, or that its card has become."""
        return self.row.entry_id or (cards.get(self.card) if self.card else None)


class _Found(NamedTuple):
    """Who had a hand in entries, corrections and claims."""

    entries: Mapping[UUID, Involved]
    corrected: Mapping[Pair, Collection[str]]
    claims: Mapping[UUID, tuple[str, Involved]]

    def of(self, touched: _Touched) -> Involved:
        """Return who brought about what an objection is about."""
        row = touched.row
        parts = [self.entries[each.entry_id] for each in touched.entries]
        unit, of_claim = self.claims.get(row.claim_id or row.cycle_id, ("", NOBODY))
        parts += [of_claim] if unit == row.unit else []
        corrected = (self.corrected.get(each, ()) for each in touched.pairs)
        persons = chain.from_iterable([*(each.persons for each in parts), *corrected])
        units = chain.from_iterable(each.units for each in parts)
        return Involved(frozenset(persons), frozenset(units) | touched.scorers)


async def _add_entries(db: AsyncSession, cycle_id: UUID, touched: Collection[_Touched]) -> None:
    """Add to each thing the entries that it rests on."""
    marks = chain.from_iterable(each.marks for each in touched)
    about = await entries_about(db, cycle_id, {*marks})
    cards = await card_entries(db, cycle_id, {each.card for each in touched if each.card})
    named = [each.entry(cards) for each in touched]
    after = await entries_and_after(db, cycle_id, {each for each in named if each})
    for each, entry in zip(touched, named, strict=True):
        each.entries += chain.from_iterable(about.get(pair, ()) for pair in each.marks)
        each.entries += after.get(entry or cycle_id, ())


def codes_of(scheme: Scheme, row: ObjectionRow) -> set[str]:
    """Return the indicators that an objection to a mark or a wave touches: with those below it, or
    those that read the survey; none of one that is about something else."""
    category = scheme.category_of().get(row.unit)
    code = category.code if category else ""
    if row.about in (CARD, CLAIM, ENTRY):
        return set()
    if row.about == WAVE:
        compiled = scheme.compiled_of.get(code, {})
        return {one for one, each in compiled.items() if row.survey in each.reads.surveys}
    lines = scheme.lines.get(code, {})
    return {one for one, line in lines.items() if row.indicator in line} | {row.indicator or ""}


def _scorers(scheme: Scheme, unit: str, codes: Collection[str]) -> frozenset[str]:
    """Return the units that enter and review what some indicators of a unit are scored by; none
    where a later version leaves the unit out."""
    category = scheme.category_of().get(unit)
    indicators: Mapping[str, Indicator] = category.indicators() if category else {}
    named = (indicators[code] for code in codes if code in indicators)
    return frozenset(
        each for one in named for each in (one.data_source_unit, one.reviewed_by) if each
    )
