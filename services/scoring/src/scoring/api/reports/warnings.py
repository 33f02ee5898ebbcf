"""What looks wrong in a year (异常提示), told to whoever has to look; nothing depends on it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.deadlines import local_day
from chassis.journal import sha256
from chassis.pages import Page, PageQuery, PageRequest
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, OneOf, Outgoing
from scoring.api.explanation.readers import UNINVOLVED, duties_of
from scoring.api.explanation.trees import trees_of
from scoring.api.reports.diagnostics import authors_of, diagnosed
from scoring.api.reports.lineage import earlier_cycles
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.evidence import all_evidence
from scoring.queries.ledger import now, require_true_ledger, require_true_units
from scoring.queries.progress import standing_values
from scoring.queries.sheet import NoSuchScoreSheet, find_sheet
from scoring.queries.warnings import read_entered
from scoring.rules.columns.exact import half_up
from scoring.rules.evidence.likeness import USUALLY_APART, alike
from scoring.rules.ledger.signing import Signing
from scoring.rules.reports.entered import Collected, entered_warnings
from scoring.rules.reports.lights import planned, progressing
from scoring.rules.reports.warnings import (
    BEHIND,
    EVIDENCE,
    FROM_LAST_PERIOD,
    FROM_LAST_YEAR,
    PLACES,
    PROVES_NOTHING,
    SCORER,
    WARNINGS,
    Warned,
    apart,
    behind,
    duplicates,
    in_order,
    repeated,
)
from scoring.rules.scheme.document import Scheme, Target

router = Router("/cycles/{cycle_id}/warnings", tags=["ledger"])

WarningKind = Annotated[str, OneOf(*WARNINGS)]
ABOUT_SCORES = frozenset({SCORER, EVIDENCE, BEHIND})
"""The kinds that rest on scores, targets or files, which the office and auditors alone read."""


class YearWarning(Outgoing):
    """Something that looks wrong: what was `measured`, the `threshold` beyond which it is told, and
    of a `sample` of how many; `expected` is what it would be where nothing is unusual, null where
    that is not known. `en` and `zh` say so in words.

    It proves nothing: it is a reason to look. `scorer` is the unit that entered, or the unit,
    survey or seat that gave marks; a seat's warning names its indicator. `key`, `item` and
    `period` are those of the entries.
    """

    warning_id: str
    kind: WarningKind
    unit: str | None
    indicator: str | None
    scorer: str | None
    key: str | None
    item: str | None
    period: str | None
    measured: Exact
    expected: Exact | None
    threshold: Exact
    sample: int
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which warnings are asked for."""

    kinds: frozenset[str]
    unit: str | None
    indicator: str | None
    scorer: str | None

    def has(self, one: Warned) -> bool:
        """Say whether one is asked for."""
        pairs = ((self.unit, one.unit), (self.indicator, one.indicator), (self.scorer, one.scorer))
        return one.kind in self.kinds and all(want in (None, has) for want, has in pairs)


async def _wanted(
    kind: Annotated[
        list[WarningKind] | None,
        Query(max_length=len(WARNINGS), description="Of one of these kinds."),
    ] = None,
    unit: Annotated[Code | None, Query(description="About this unit.")] = None,
    indicator: Annotated[Code | None, Query(description="About this indicator.")] = None,
    scorer: Annotated[Code | None, Query(description="About what this one entered or marked.")] = (
        None
    ),
) -> Wanted:
    return Wanted(frozenset(kind or WARNINGS), unit, indicator, scorer)


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_warnings(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    wanted: Annotated[Wanted, Depends(_wanted)],
) -> Page[YearWarning]:
    """List what looks wrong in the record of a year, each with what was measured and where the line
    is: entries that came in bulk at its end, last digits that are not even, values that jumped,
    scorers whose marks are far from the others', files used twice, units behind their plan, and
    small deductions that repeat.

    No score depends on one. Of scorers the latest score sheet tells; a year without one has no such
    warnings. Supervision gets what rests on entries about the units of categories in which its own
    unit is not assessed, and nothing about scorers, files, plans and the year before.
    """
    duties = await duties_of(ask, permit, cycle_id)
    whole = permit.allows()
    if not whole:
        permit.require({UNINVOLVED} if duties.uninvolved else ())
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    units = None if whole else duties.uninvolved
    before = await _last_year(ask, permit, cycle_id, scheme, wanted.kinds) if whole else None
    targets = await _targets(ask, cycle_id, wanted.kinds) if whole else []
    reading = _Reading(db, cycle_id, scheme, wanted.kinds)
    found = await reading.of_entries(units, before)
    if whole:
        found += await reading.of_scorers()
        found += await reading.of_evidence()
        found += await reading.of_plans(targets)
    told = [_told(each) for each in in_order(each for each in found if wanted.has(each))]
    return _on_page(page, told)


def _on_page(page: PageRequest, told: Sequence[YearWarning]) -> Page[YearWarning]:
    begin = 0
    if page.after is not None:
        begin = next((n for n, w in enumerate(told, 1) if w.warning_id == page.after), 0)
        if not begin:
            raise page.no_such_place()
    return Page.of(told[begin : begin + page.limit + 1], page.limit, lambda w: w.warning_id)


_JUMPS = frozenset({FROM_LAST_PERIOD, FROM_LAST_YEAR})


async def _last_year(
    ask: Peers, permit: Permission, cycle_id: UUID, scheme: Scheme, kinds: frozenset[str]
) -> UUID | None:
    """Return the cycle of the year before, where the caller reaches one and it is looked at."""
    if kinds.isdisjoint(_JUMPS):
        return None
    year, reached = scheme.assessment_year - 1, permit.reached()
    earlier = await earlier_cycles(ask, cycle_id)
    known = (each for each in earlier if each.assessment_year == year and reached(each.cycle_id))
    return next((each.cycle_id for each in known), None)


async def _targets(ask: Peers, cycle_id: UUID, kinds: frozenset[str]) -> Sequence[Target]:
    """Return the targets in force, where they are looked at."""
    return (await ask.indicators.targets(cycle_id=cycle_id)).targets if BEHIND in kinds else []


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read of a year to see what looks wrong in it: no more than the wanted kinds need."""

    db: AsyncSession
    cycle_id: UUID
    scheme: Scheme
    kinds: frozenset[str]

    async def of_entries(self, units: frozenset[str] | None, before: UUID | None) -> list[Warned]:
        """Return what looks wrong in the entries about some units, or about all."""
        if self.kinds <= ABOUT_SCORES:
            return []
        if units is None:
            await require_true_ledger(self.db, self.cycle_id)
        else:
            await require_true_units(self.db, self.cycle_id, units)
        now = await self._collected(self.cycle_id, self.scheme.assessment_year, units)
        earlier = None
        if before is not None:
            await require_true_ledger(self.db, before)
            earlier = await self._collected(before, self.scheme.assessment_year - 1, None)
        return await asyncio.to_thread(self._entered, now, earlier)

    async def _collected(
        self, cycle_id: UUID, year: int, units: frozenset[str] | None
    ) -> Collected:
        found = Collected(year)
        await read_entered(self.db, cycle_id, self.scheme.time_zone, units, found.take)
        return found

    def _entered(self, year: Collected, before: Collected | None) -> list[Warned]:
        return [*entered_warnings(year, before), *repeated(self.scheme, year.events)]

    async def of_scorers(self) -> list[Warned]:
        """Return whose marks are far from those of the others, by the latest score sheet."""
        if SCORER not in self.kinds:
            return []
        try:
            row = await find_sheet(self.db, self.cycle_id, "latest")
        except NoSuchScoreSheet:
            return []
        trees, authors = await trees_of(self.db, row), await authors_of(self.db, self.cycle_id)
        categories = await asyncio.to_thread(diagnosed, row, trees, authors)
        return [one for each in categories for one in apart(each.scorers)]

    async def of_evidence(self) -> list[Warned]:
        """Return that files were used twice; which, the list of duplicates tells."""
        if EVIDENCE not in self.kinds:
            return []
        rows = await all_evidence(self.db, self.cycle_id)
        told = [each.digest for each in rows], [each.picture_hash for each in rows]
        pairs = await asyncio.to_thread(alike, *told, USUALLY_APART)
        return [*duplicates(len(rows), len(pairs))]

    async def of_plans(self, targets: Sequence[Target]) -> list[Warned]:
        """Return who is behind the plan of an indicator."""
        if BEHIND not in self.kinds:
            return []
        scheme = self.scheme
        codes = {each.code for category in scheme.categories for each in planned(category)}
        if not codes:
            return []
        moment, period = await now(self.db), str(scheme.assessment_year)
        values = await standing_values(
            self.db,
            self.cycle_id,
            moment,
            period,
            [*scheme.category_of()],
            codes,
            Signing(scheme).indicators,
        )
        day = local_day(moment, scheme.time_zone)
        return [*behind(progressing(scheme, targets, values, day))]


_AS_COMPUTED = ("kind", "unit", "indicator", "scorer", "key", "item", "period", "sample")


def _told(found: Warned) -> YearWarning:
    expected = None if found.expected is None else half_up(found.expected, PLACES)
    return YearWarning(
        warning_id=sha256([*found.about]),
        measured=half_up(found.measured, PLACES),
        expected=expected,
        threshold=half_up(found.threshold, PLACES),
        en=f"{found.en} {PROVES_NOTHING[0]}",
        zh=f"{found.zh}{PROVES_NOTHING[1]}",
        **{name: getattr(found, name) for name in _AS_COMPUTED},
    )
