"""What scoring reads from other services: scheme, targets, names of units, satisfaction."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid4

import httpx
from fastapi import Depends, Request
from pydantic import model_validator

from chassis import logs
from chassis.calendars import CalendarYear, calendar_of
from chassis.deadlines import Calendar
from chassis.elsewhere import Beside, CodesElsewhere, KnownCode
from chassis.peers import (
    Asked,
    Compute,
    Document,
    Peer,
    PeerConnection,
    Read,
    ReadAll,
    View,
    authorization,
)
from chassis.peers import PeerDown as PeerDown
from chassis.peers import PeerMissing as PeerMissing
from chassis.peers import PeerRefused as PeerRefused
from chassis.peers import PeerRejected as PeerRejected
from scoring.rules.items.reports import Report
from scoring.rules.ledger import samples
from scoring.rules.ledger.codes import CodeMeaning, Meanings
from scoring.rules.ledger.samples import Satisfaction, ShortWave
from scoring.rules.scheme import document as rules
from scoring.rules.scheme.compiled import CompiledScheme
from scoring.rules.scheme.document import Scheme, Target

ALWAYS = datetime(9999, 12, 31, tzinfo=UTC)
"""Later than whatever has been recorded: a calendar as of then is as it is known now."""

_FORMAT = 1
"""The version of the compiled form that is understood here."""


class CompiledView(View):
    """A scheme with what was compiled from it; read, the one holds the other."""

    scheme: Scheme
    compiled: CompiledScheme

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.compiled.format != _FORMAT:
            raise ValueError(f"a compiled form of version {self.compiled.format}")
        # Not by assignment: what a peer says is frozen.
        object.__setattr__(self, "scheme", replace(self.scheme, compiled=self.compiled))
        return self


class PublishedScheme(CompiledView):
    """The scheme in force, with its digest."""

    digest: str


class NewSchemeCheck(Asked):
    """A changed scheme, as the caller wrote it."""

    scheme: Document


class CheckedScheme(CompiledView):
    """A changed scheme without faults, complete as though it had been saved."""


class SchemeMatter(View):
    """Something in a scheme that people decide, and where."""

    pointer: str
    code: str
    en: str
    zh: str


class NextScheme(View):
    """Next year's scheme as it is begun from the one in force, which has this digest."""

    digest: str
    scheme: dict[str, Any]
    to_decide: list[SchemeMatter]
    to_decide_count: int


class Cycle(View):
    """A cycle of a division (区划); without a scheme version nothing has happened in it."""

    cycle_id: UUID
    jurisdiction: str
    assessment_year: int
    scheme_version: int | None

    def comes_after(self, other: "Cycle") -> bool:
        """Say whether another is the cycle of an earlier year, of the same division."""
        return (
            other.assessment_year < self.assessment_year
            and other.jurisdiction == self.jurisdiction
            and other.scheme_version is not None
        )

    def follows(self, other: "Cycle") -> bool:
        """Say whether another is the cycle of the year before, of the same division."""
        return self.comes_after(other) and other.assessment_year == self.assessment_year - 1


class CycleTargets(View):
    """The targets in force, with their digest."""

    digest: str
    targets: list[Target]


class UnitName(View):
    """A name of a unit, legal or alias, from `valid_from` until just before `valid_to`."""

    name: str
    kind: str
    valid_from: date
    valid_to: date | None


class UnitSuccession(View):
    """A unit that another goes on from, and from when on."""

    predecessor: str
    effective_on: date


class Unit(View):
    """A unit with its legal names and aliases over time, and the units that it goes on from."""

    code: str
    names: list[UnitName]
    succeeds: list[UnitSuccession]

    def name_on(self, day: date) -> str | None:
        """Return the legal name that the unit has on a day; the last one before, where it has
        none then."""
        legal = [each for each in self.names if each.kind == "legal" and each.valid_from <= day]
        return max(legal, key=lambda each: each.valid_from).name if legal else None

    def over_time(self) -> list[rules.UnitName]:
        """Return the names as the rules know them."""
        return [
            rules.UnitName(self.code, name.name, name.valid_from, name.valid_to)
            for name in self.names
        ]


class NamedUnit(View):
    """A unit, and what it is legally called on the last day of a cycle's year."""

    code: str
    name: str


class CycleNames(View):
    """What the codes of a cycle are called."""

    units: list[NamedUnit]

    @cached_property
    def of_units(self) -> Mapping[str, str]:
        """What units are called, by their codes. Put together once for a document."""
        return {each.code: each.name for each in self.units}


class UnitCode(View):
    """The unit that a code means from a day until just before another."""

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
    """What codes of another system mean in a cycle; where it has none of units or of indicators,
    those go by ours."""

    as_of: date
    units: bool
    indicators: bool
    unit_codes: list[UnitCode]
    indicator_codes: list[IndicatorCode]

    @cached_property
    def of_units(self) -> Meanings | None:
        """What codes of units mean; None where they are ours. Put together once for a document."""
        if not self.units:
            return None
        codes = self.unit_codes
        return Meanings(CodeMeaning(e.code, e.unit, e.valid_from, e.valid_to) for e in codes)

    @cached_property
    def of_indicators(self) -> Meanings | None:
        """What codes of indicators mean; None where they are ours."""
        if not self.indicators:
            return None
        codes = self.indicator_codes
        return Meanings(CodeMeaning(e.code, e.indicator, e.valid_from, e.valid_to) for e in codes)

    @cached_property
    def units_elsewhere(self) -> CodesElsewhere:
        """The codes that the other system has for ours of units."""
        codes = self.unit_codes
        known = (KnownCode(e.code, e.unit, e.valid_from, e.valid_to) for e in codes)
        return CodesElsewhere(known if self.units else None)

    @cached_property
    def indicators_elsewhere(self) -> CodesElsewhere:
        """The codes that the other system has for ours of indicators."""
        codes = self.indicator_codes
        known = (KnownCode(e.code, e.indicator, e.valid_from, e.valid_to) for e in codes)
        return CodesElsewhere(known if self.indicators else None)

    @property
    def beside(self) -> Beside:
        """What stands beside the codes of a document, by those of the year's last day."""
        told = {
            "unit": ("unit_in_scheme", self.units_elsewhere),
            "indicator": ("indicator_in_scheme", self.indicators_elsewhere),
        }
        return Beside(told, self.as_of)


class ShortSample(View):
    """A wave in which too few answered, or that was voided, and what counts instead, if that has
    been said."""

    wave: int
    valid_sample: int
    required: int
    was_voided: bool
    treatment: Literal["counted", "other_waves", "pooled", "category_mean", "not_rated"] | None
    decision: int | None
    document_no: str | None

    def ruled(self) -> ShortWave:
        """Return the wave as the rules know it."""
        return ShortWave(**dict(self))


class UnitSatisfaction(View):
    """What a survey found for one unit; null while nothing can be said."""

    unit: str
    standing: Literal["unfinished", "settled", "below_minimum", "not_rated"]
    below_minimum: list[ShortSample]
    questionnaires_differ: bool
    satisfaction: Decimal | None
    all_counted: Decimal | None

    def found(self) -> Satisfaction:
        """Return what is known as the rules know it; a short wave says nothing by itself.

        While waves are to come, one that nobody has decided on is undefined already.
        """
        waves = tuple(each.ruled() for each in self.below_minimum)
        undecided = tuple(wave for wave in waves if wave.treatment is None)
        if self.standing == "unfinished":
            return samples.ShortSample(None, True, None, undecided) if undecided else None
        if not waves:
            return self.satisfaction
        rated = self.standing != "not_rated"
        apart = self.questionnaires_differ
        return samples.ShortSample(self.satisfaction, rated, self.all_counted, waves, apart)


class SurveySatisfaction(View):
    """What a survey found."""

    code: str
    units: list[UnitSatisfaction]


class CycleSatisfaction(View):
    """What all surveys of a cycle found, with the digest."""

    digest: str
    surveys: list[SurveySatisfaction]

    def by_unit(self) -> dict[tuple[str, str], Satisfaction]:
        """Return the satisfaction by survey and unit."""
        return {
            (survey.code, found.unit): found.found()
            for survey in self.surveys
            for found in survey.units
        }


class RectificationItem(View):
    """What a unit was asked to mend by a day, and how far that is."""

    deadline: date
    state: Literal["open", "replied", "accepted", "returned"]
    is_void: bool


class ProjectNode(View):
    """A node of a project: the item of the milestone indicator that it is, and its day."""

    item: str
    due: date


class Project(View):
    """A project as it stands: who leads it, and which milestones are its nodes."""

    project: str
    version: int
    name: str
    leader: str
    lead_unit: str
    units: list[str]
    indicator: str
    starts_on: date
    completes_on: date
    nodes: list[ProjectNode]


class Projects(View):
    """The projects that the caller may know of."""

    projects: list[Project]


class Indicators(Peer):
    """The indicators service, as far as scoring needs it."""

    published_scheme = Read(
        "/api/v1/cycles/{cycle_id}/scheme",
        PublishedScheme,
        ("The cycle has no published scheme.", "本评估年度尚未公布方案。"),
    )
    names = Read("/api/v1/cycles/{cycle_id}/names", CycleNames)
    next_scheme = Read(
        "/api/v1/cycles/{cycle_id}/next-scheme",
        NextScheme,
        ("The cycle has no published scheme.", "本评估年度尚未公布方案。"),
    )
    check_scheme = Compute("/api/v1/cycles/{cycle_id}/scheme-checks", NewSchemeCheck, CheckedScheme)
    targets = Read("/api/v1/cycles/{cycle_id}/targets", CycleTargets)
    projects = Read("/api/v1/cycles/{cycle_id}/projects", Projects)
    id_scheme = Read("/api/v1/cycles/{cycle_id}/id-schemes/{id_scheme}", IdSchemeCodes)
    calendar = Read("/api/v1/calendars/{year}", CalendarYear)
    calendar_as_of = Read("/api/v1/calendars/{year}?as_of={as_of}", CalendarYear)
    units = ReadAll("/api/v1/units", Unit)
    cycles = ReadAll("/api/v1/cycles", Cycle)


class Survey(Peer):
    """The survey service, as far as scoring needs it."""

    satisfaction = Read("/api/v1/cycles/{cycle_id}/satisfaction", CycleSatisfaction)
    items = ReadAll("/api/v1/cycles/{cycle_id}/rectification-items?unit={unit}", RectificationItem)


class ReportStep(View):
    """A step of a consequence: the state that it led to, and by which document."""

    state: str
    document_no: str | None


class RectificationReport(View):
    """A rectification report that a result leads to, and what became of it."""

    number: int
    unit: str
    state: str
    cause: str
    cause_ref: str | None
    from_on: date
    until_on: date | None
    document_no: str | None
    reason: str | None
    steps: list[ReportStep]

    def ruled(self, cycle_id: UUID, year: int | None) -> Report:
        """Return it as the rules know it, by the document that decided on it; its `year` says of
        which one a release is, since the item may be another's."""
        decided = (e.document_no for e in reversed(self.steps) if e.state == "decided")
        document_no = next(filter(None, decided), self.document_no)
        of_year = "" if year is None else f"{year}年度"
        released = f"依据{of_year}第{self.cause_ref}号公布稿，提交整改报告。"
        text = self.reason or (released if self.cause == "release" else "提交整改报告。")
        days = self.from_on, self.until_on or date.max
        return Report((cycle_id, self.number), self.unit, self.state, *days, document_no, text)


class Ranking(Peer):
    """The ranking service, as far as scoring needs it."""

    reports = ReadAll(
        "/api/v1/cycles/{cycle_id}/consequences?kind=rectification_report", RectificationReport
    )


@dataclass(frozen=True, slots=True)
class Peers:
    """The services that scores are computed from, and the one that says what results lead to."""

    indicators: Indicators
    survey: Survey
    ranking: Ranking

    async def names_of_units(self, cycle_id: UUID) -> Mapping[str, str]:
        """Return what units are legally called on the last day of a cycle's year, by their
        codes."""
        return (await self.indicators.names(cycle_id=cycle_id)).of_units

    async def working_days(self, years: Collection[int], as_of: datetime) -> Calendar:
        """Return which days of some years are worked, as it was known at a moment.

        Of other years the plain weeks hold, and they count as unannounced.
        """
        found = await asyncio.gather(*(self._year(year, as_of) for year in sorted(set(years))))
        return calendar_of(found)

    async def _year(self, year: int, as_of: datetime) -> CalendarYear:
        """Return a year as it was known; what has not changed since then is one document for all
        moments."""
        now = await self.indicators.calendar(year=year)
        if now.recorded_at is None or now.recorded_at <= as_of:
            return now
        moment = f"{as_of.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
        return await self.indicators.calendar_as_of(year=year, as_of=moment)


async def _peers(request: Request) -> Peers:
    line = request.app.state.peer_connection
    return Peers(Indicators(line), Survey(line), Ranking(line))


AskPeers = Annotated[Peers, Depends(_peers)]
"""The other services, asked with the caller's own token."""


async def give_daily_commands(
    line: PeerConnection, account: str, secret: str
) -> dict[UUID, int | None]:
    """Have the cards of all cycles with a scheme written, the items of rectification reports opened
    and followed, what supervised items and complaints have earned, contacts erased whose time is
    over, and the claims received that the year before has carried over, by a client account with
    the role `daily_round`; return the status of each answer about cards, None where there was none.

    The service has no rights of its own: it signs in like everybody else.
    """
    credentials = {"client_id": account, "client_secret": secret}
    form = {"grant_type": "client_credentials", **credentials}
    answer = await line.http.post("/oauth/token", data=form)
    answer.raise_for_status()
    token = authorization.set(f"Bearer {answer.json()['access_token']}")
    try:
        cycles = await Indicators(line).cycles()
        open_ones = [each.cycle_id for each in cycles if each.scheme_version is not None]
        followed = [each.cycle_id for each in cycles if any(each.follows(one) for one in cycles)]
        for each in followed:
            if each in open_ones:
                await _command(line, each, "claims/arrivals", "carried-claims-not-received")
        written = {
            each: await _command(line, each, "duty-cards", "duty-cards-not-written")
            for each in open_ones
        }
        for (what, otherwise), each in product(_DAILY.items(), open_ones):
            await _command(line, each, what, otherwise)
        return written
    finally:
        authorization.reset(token)


_DAILY = {
    "supervised-items/reports": "report-items-not-opened",
    "consequences/reports": "reports-not-followed",
    "supervised-item-events": "item-events-not-written",
    "complaint-events": "complaint-events-not-written",
    "complaint-erasures": "contacts-not-erased",
}
"""What else is given in each cycle, and what is logged where it is not answered as it should be."""


async def _command(line: PeerConnection, cycle_id: UUID, what: str, otherwise: str) -> int | None:
    """Give a command in one cycle; what goes wrong there keeps no other cycle waiting."""
    path, key = f"/api/v1/cycles/{cycle_id}/{what}", {"Idempotency-Key": str(uuid4())}
    try:
        status = (await line.http.post(path, headers=key)).status_code
    except httpx.HTTPError as error:
        logs.say(otherwise, chain=str(cycle_id), reason=type(error).__name__)
        return None
    if status not in (httpx.codes.CREATED, httpx.codes.CONFLICT):  # a ledger may be sealed
        logs.say(otherwise, chain=str(cycle_id), status=status)
    return status
