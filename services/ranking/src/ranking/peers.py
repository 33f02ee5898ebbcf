"""What ranking asks of other services: the scheme, the units' names, a score sheet, a simulation.

A rule of the scheme that this service does not know makes the document unusable: it is refused
rather than misread.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Request

from chassis.calendars import CalendarYear, calendar_of
from chassis.deadlines import Calendar
from chassis.elsewhere import Beside, CodesElsewhere, KnownCode
from chassis.peers import Asked, Compute, Document, MaybeDocument, Peer, Read, ReadAll, View
from chassis.peers import PeerDown as PeerDown
from chassis.peers import PeerMissing as PeerMissing
from chassis.peers import PeerRefused as PeerRefused
from chassis.peers import PeerRejected as PeerRejected
from chassis.wire import Exact
from ranking.rules.errors import ErrorKind
from ranking.rules.lineage import Succession
from ranking.rules.scheme import Scheme
from ranking.rules.sheet import ClaimedPoints, NormalisedMarks, UnitSheet


class PublishedScheme(View):
    """The scheme in force, with its digest."""

    digest: str
    scheme: Scheme


class WholeScheme(View):
    """The scheme in force as it was published, of which its digest is."""

    digest: str
    scheme: Document


class SchemeVersion(View):
    """A version of the scheme, and the digest of what it says."""

    version: int
    digest: str


class WholeVersion(View):
    """A version of the scheme with what it says."""

    scheme: Document


class WholeSheet(View):
    """An edition of the score sheet as it was computed, of which its digest is."""

    digest: str
    cycle_id: str
    categories: list[str]
    inputs: Document
    units: list[Document]
    claims: list[Document]
    normalised: list[Document] | None = None


class Cycle(View):
    """A cycle, the year that it assesses, and where."""

    cycle_id: UUID
    assessment_year: int
    jurisdiction: str


class NewSchemeCheck(Asked):
    """A changed scheme, as the caller wrote it."""

    scheme: Document


class CheckedScheme(View):
    """A changed scheme without faults, complete as though it had been saved."""

    scheme: Scheme


class UnitSuccession(View):
    """A unit that another goes on from, and from when on."""

    predecessor: str
    effective_on: date


class Unit(View):
    """A unit, its present legal name, and the units that it goes on from."""

    code: str
    name: str
    succeeds: tuple[UnitSuccession, ...] = ()


class UnitCode(View):
    """The unit that a code means from a day until just before another; a null one is open."""

    code: str
    unit: str
    valid_from: date | None
    valid_to: date | None


class IndicatorCode(View):
    """The indicator that a code means from a day until just before another."""

    code: str
    indicator: str
    valid_from: date | None
    valid_to: date | None


class IdSchemeCodes(View):
    """What codes of another system mean; where it has none of `units`, or of `indicators`, those
    go by ours."""

    as_of: date
    units: bool
    unit_codes: list[UnitCode]
    indicators: bool
    indicator_codes: list[IndicatorCode]

    @cached_property
    def _of_units(self) -> CodesElsewhere:
        codes = self.unit_codes
        known = (KnownCode(e.code, e.unit, e.valid_from, e.valid_to) for e in codes)
        return CodesElsewhere(known if self.units else None)

    @cached_property
    def _of_indicators(self) -> CodesElsewhere:
        codes = self.indicator_codes
        known = (KnownCode(e.code, e.indicator, e.valid_from, e.valid_to) for e in codes)
        return CodesElsewhere(known if self.indicators else None)

    @property
    def beside(self) -> Beside:
        """What stands beside the codes of a document, by those of the year's last day."""
        told = {
            "unit": ("unit_in_scheme", self._of_units),
            "indicator": ("indicator_in_scheme", self._of_indicators),
        }
        return Beside(told, self.as_of)


class SheetInputs(View):
    """What a score sheet was computed from."""

    scheme_digest: str
    targets_digest: str | None
    satisfaction_digest: str | None
    corrections_digest: str | None = None


class DocumentDigest(View):
    """A document of which only the digest matters: whether it is still the same."""

    digest: str


class SealedCorrections(View):
    """The corrections of a sealed ledger: the digest of those that count, null where none do."""

    digest: str | None


class SheetSummary(View):
    """An edition of the score sheet, which categories it covers, and how the ledger stood.

    Its own `phase` is computed or fed_back.
    """

    edition: int
    categories: list[str]
    ledger_phase: str
    phase: str


class ScoreSheet(View):
    """One edition of the score sheet of a cycle, as far as it is ranked."""

    edition: int
    digest: str
    ledger_phase: str
    inputs: SheetInputs
    units: list[UnitSheet]
    claims: list[ClaimedPoints]
    normalised: list[NormalisedMarks] | None = None


class SimulatedValue(Asked):
    """An input as it would be; without value and word it would not have been entered."""

    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str | None
    value: Exact | None
    word: str | None
    listed: int | None


class NewScoreSimulation(Asked):
    """What is changed before scores are computed anew; null leaves scheme or categories alone."""

    categories: list[str] | None
    scheme: MaybeDocument
    values: list[SimulatedValue]


class SimulatedUnit(View):
    """One unit's part of the score sheet and its claims, as they are and as they would be."""

    before: UnitSheet | None
    after: UnitSheet | None
    claims_before: list[ClaimedPoints]
    claims_after: list[ClaimedPoints]


class ScoreSimulation(View):
    """What a change would do to the scores."""

    units: list[SimulatedUnit]


class Indicators(Peer):
    """The indicators service, as far as ranking needs it."""

    cycle = Read("/api/v1/cycles/{cycle_id}", Cycle)
    cycles = ReadAll("/api/v1/cycles?jurisdiction={jurisdiction}", Cycle)
    published_scheme = Read(
        "/api/v1/cycles/{cycle_id}/scheme",
        PublishedScheme,
        ("The cycle has no published scheme.", "本评估年度尚未公布方案。"),
    )
    whole_scheme = Read(
        "/api/v1/cycles/{cycle_id}/scheme",
        WholeScheme,
        ("The cycle has no published scheme.", "本评估年度尚未公布方案。"),
    )
    scheme_versions = ReadAll("/api/v1/cycles/{cycle_id}/scheme-versions", SchemeVersion)
    scheme_version = Read("/api/v1/cycles/{cycle_id}/scheme-versions/{version}", WholeVersion)
    targets = Read("/api/v1/cycles/{cycle_id}/targets", DocumentDigest)
    check_scheme = Compute("/api/v1/cycles/{cycle_id}/scheme-checks", NewSchemeCheck, CheckedScheme)
    id_scheme = Read("/api/v1/cycles/{cycle_id}/id-schemes/{id_scheme}", IdSchemeCodes)
    units = ReadAll("/api/v1/units", Unit)
    calendar = Read("/api/v1/calendars/{year}", CalendarYear)


class Highlight(View):
    """A highlight of a unit: whether it was accepted, and is to be published."""

    state: str
    unit: str
    title: str
    text: str
    adopted_by: str | None
    level: str | None
    document_no: str | None
    publish: bool


class FiledObjection(View):
    """An objection of a unit, to an edition of the score sheet; a remark on the open record is to
    none."""

    objection_id: UUID | None = None
    unit: str
    edition: int | None
    state: str
    to_carry_out: bool

    def is_of(self, unit: str) -> bool:
        """Say whether it is the unit's, and was decided."""
        return self.unit == unit and self.state != "pending"

    @property
    def is_open(self) -> bool:
        """Say whether it could still move a score that was fed back."""
        return self.edition is not None and (self.state == "pending" or self.to_carry_out)


class Explanation(View):
    """How a unit's total came about, as far as the caller may read it."""

    edition: int
    tree: Document
    in_chinese: dict[str, str]


class ItemOfUnit(View):
    """A unit that handles a supervised item."""

    unit: str


class SupervisedItem(View):
    """A supervised item: how it stands, and the units that it was given to."""

    state: str
    units: list[ItemOfUnit]


class ItemOfReport(View):
    """How the item that was opened for a rectification report stands, and of which cycle it is."""

    number: int
    cycle_id: UUID
    item_id: UUID
    state: str


class ItemsOfReports(View):
    """The items of the reports that were decided in a cycle."""

    items: list[ItemOfReport]


class KnownCorrection(View):
    """A correction of the sealed record: the unit that it is about, and what became of it."""

    correction_id: UUID
    unit: str
    state: str


class OrganiserHandIn(View):
    """What an organiser handed in: handed_in, or withdrawn since an entry moved."""

    state: str


class CategoryCompleteness(View):
    """What a category still lacks, as far as it was handed in."""

    organiser: str | None
    hand_in: OrganiserHandIn | None


class Scoring(Peer):
    """The scoring service, as far as ranking needs it."""

    score_sheets = ReadAll("/api/v1/cycles/{cycle_id}/score-sheets", SheetSummary)
    score_sheet = Read("/api/v1/cycles/{cycle_id}/score-sheets/{edition}", ScoreSheet)
    whole_sheet = Read("/api/v1/cycles/{cycle_id}/score-sheets/{edition}", WholeSheet)
    explanation = Read(
        "/api/v1/cycles/{cycle_id}/score-sheets/{edition}/units/{unit}/explanation", Explanation
    )
    vetoed_explanation = Read(
        "/api/v1/cycles/{cycle_id}/score-sheets/{edition}/units/{unit}/explanation?vetoed={vetoed}",
        Explanation,
    )
    corrections = Read("/api/v1/cycles/{cycle_id}/corrections", SealedCorrections)
    supervised_item = Read("/api/v1/cycles/{cycle_id}/supervised-items/{item_id}", SupervisedItem)
    report_items = Read("/api/v1/cycles/{cycle_id}/report-items", ItemsOfReports)
    known_corrections = ReadAll("/api/v1/cycles/{cycle_id}/corrections", KnownCorrection)
    completeness = Read(
        "/api/v1/cycles/{cycle_id}/categories/{category}/completeness", CategoryCompleteness
    )
    highlights = ReadAll("/api/v1/cycles/{cycle_id}/highlights", Highlight)
    objections = ReadAll("/api/v1/cycles/{cycle_id}/objections", FiledObjection)
    simulate_scores = Compute(
        "/api/v1/cycles/{cycle_id}/score-simulations", NewScoreSimulation, ScoreSimulation
    )


class SurveyVoided(View):
    """A survey, and how many of its waves were voided."""

    code: str
    voided: int = 0


class Satisfaction(DocumentDigest):
    """What people say about the units, as far as a ranking tells of it."""

    surveys: tuple[SurveyVoided, ...] = ()


class EstimatedIndex(View):
    """The standard error of an index, and whether it is one or the greatest that it may be."""

    se: Exact | None
    error: ErrorKind | None


class UnitEstimate(View):
    """What a survey says about a unit over its waves; null where none counts."""

    unit: str
    index: EstimatedIndex | None


class SurveyEstimates(View):
    """A survey over its waves; without units until all are closed."""

    code: str
    units: list[UnitEstimate]


class Estimates(View):
    """The surveys of a cycle, and how sure they are."""

    digest: str
    surveys: list[SurveyEstimates]


class Survey(Peer):
    """The survey service, as far as ranking needs it."""

    satisfaction = Read("/api/v1/cycles/{cycle_id}/satisfaction", Satisfaction)
    estimates = Read("/api/v1/cycles/{cycle_id}/estimates", Estimates)


class AccountName(View):
    """A person's account that is in effect."""

    subject: str


class Accounts(Peer):
    """Who has accounts, as far as ranking needs it."""

    named = Read("/api/v1/account-names?subject={subject}", AccountName)


@dataclass(frozen=True, slots=True)
class Peers:
    """The services that a ranking is computed from, and who may sign it."""

    indicators: Indicators
    scoring: Scoring
    survey: Survey
    accounts: Accounts

    async def working_days(self, *years: int) -> Calendar:
        """Return which days of some years are worked, as it is known now."""
        found = (self.indicators.calendar(year=each) for each in sorted({*years}))
        return calendar_of(await asyncio.gather(*found))

    async def has_account(self, subject: str) -> bool:
        """Say whether a person signs in by that account, in the caller's jurisdiction."""
        try:
            await self.accounts.named(subject=quote(subject, safe=""))
        except PeerMissing:
            return False
        return True

    async def explanation(
        self, cycle_id: UUID, edition: int, unit: str, vetoed: Iterable[str]
    ) -> Explanation:
        """Return how a unit's total came about; the one in which vetoed blocks count for nothing,
        where there are any."""
        blocks = "&vetoed=".join(quote(each, safe="") for each in sorted(vetoed))
        if not blocks:
            return await self.scoring.explanation(cycle_id=cycle_id, edition=edition, unit=unit)
        return await self.scoring.vetoed_explanation(
            cycle_id=cycle_id, edition=edition, unit=unit, vetoed=blocks
        )

    async def successions(self) -> list[Succession]:
        """Return which units go on from which others, and from when on."""
        return successions_of(await self.indicators.units())


def successions_of(units: Iterable[Unit]) -> list[Succession]:
    """Return who goes on from whom among units."""
    return [Succession(u.code, e.predecessor, e.effective_on) for u in units for e in u.succeeds]


async def _peers(request: Request) -> Peers:
    line = request.app.state.peer_connection
    return Peers(Indicators(line), Scoring(line), Survey(line), Accounts(line))


AskPeers = Annotated[Peers, Depends(_peers)]
"""The other services, asked with the caller's own token."""
