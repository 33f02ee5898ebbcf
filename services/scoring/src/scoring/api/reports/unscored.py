"""What is in the record and counts nowhere (未计分清单), each with its reason."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.pages import Page, PageQuery, PageRequest
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, OneOf, Outgoing
from scoring.api.explanation.readers import Duties, duties_of
from scoring.api.ledger.entries import knows, readable
from scoring.api.sheet import computing
from scoring.api.sheet.evidence import Evidence, gather
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.counted import counted_entries, counted_of_others, ledger_state
from scoring.queries.entries import ShownEntry, Wanted, Way
from scoring.queries.ledger import require_true_ledger, require_true_units
from scoring.queries.parked import ShownRow, waiting_rows
from scoring.queries.unscored import units_written_about, unscored_on_page
from scoring.rules.claims.checks import COUNTING, Claim
from scoring.rules.claims.checks import Kind as ClaimKind
from scoring.rules.claims.decisions import Decision
from scoring.rules.claims.states import CONFIRMED
from scoring.rules.claims.states import STATES as CLAIM_STATES
from scoring.rules.corrections.correcting import Correction
from scoring.rules.explanation.abstention import is_limited
from scoring.rules.ledger.entries import KINDS_ZH, Entry
from scoring.rules.ledger.parked import PARKED
from scoring.rules.ledger.seats import NAMED_SOURCE
from scoring.rules.ledger.states import STATES, SUBMITTED
from scoring.rules.reports.unscored import (
    OF_RECORD,
    OF_STATE,
    OWN_WORDS,
    REASONS,
    UNCONFIRMED,
    WAITING_REASON,
    ids_by_reason,
    uncounted,
    why_idle,
)
from scoring.rules.sheet.year import Computation
from scoring.tables.ledger import LedgerRow

router = Router("/cycles/{cycle_id}/unscored", tags=["ledger"])

UnscoredReason = Annotated[str, OneOf(*REASONS)]


class UnscoredItem(Outgoing):
    """Something in the record that counts nowhere: an entry, a claim, or a parked row.

    `en` and `zh` say the `reason` in words; `said` is what somebody wrote who returned, reversed or
    rejected it, told to whom that is told. A claim has a `claim_no` and no period; unit and
    indicator of a parked row are in the codes of another system.
    """

    record: Literal["entry", "claim", "parked_row"]
    id: UUID
    claim_no: str | None = None
    unit: str
    indicator: str | None
    kind: Annotated[str, OneOf(*KINDS_ZH, *get_args(ClaimKind))]
    key: str | None = None
    item: str | None = None
    period: str | None = None
    state: Annotated[str, OneOf(*dict.fromkeys((*STATES, *CLAIM_STATES, PARKED)))]
    reason: UnscoredReason
    en: str
    zh: str
    said: str | None = None


_CLAIMS = ("claim", "claim_state", "counted_award")


@dataclass(frozen=True, slots=True)
class Idle:
    """Verified entries that no score takes, with their reasons, and what became of the claims."""

    computation: Computation
    entries: Sequence[Entry]
    reasons: Mapping[UUID, str]
    claims: Sequence[Decision]

    @property
    def counts(self) -> dict[str, int]:
        """How many of them a seal has to decide about, by reason."""
        open_claims = sum(each.decision == UNCONFIRMED for each in self.claims)
        found = Counter(self.reasons.values()) + Counter({UNCONFIRMED: open_claims})
        return {each: found[each] for each in REASONS if found[each]}


@dataclass(frozen=True, slots=True)
class Material:
    """What is read to say what counts nowhere."""

    evidence: Evidence
    entries: Sequence[Entry]
    claims: Sequence[Claim]
    corrections: Sequence[Correction] = ()


async def material_of(
    db: AsyncSession,
    cycle_id: UUID,
    evidence: Evidence,
    units: Collection[str] | None = None,
    at: dt.datetime | None = None,
    *,
    told_only: bool = False,
) -> Material:
    """Read the entries and claims of all units or of some, as they stand or stood at a moment.

    Of some units nothing is read but their own: no other unit has a part in what is said. With
    `told_only` corrections of the sealed ledger are left out that no unit has been told.
    """
    members = [each for each in evidence.units if units is None or each in units]
    entries = await counted_entries(db, cycle_id, members, at, told_only=told_only)
    if units is None:
        entries += await counted_of_others(db, cycle_id, members)
    elif strangers := sorted({*units} - {*members}):
        entries += await counted_entries(db, cycle_id, strangers)
    state = await ledger_state(db, cycle_id, members, at, told_only=told_only)
    return Material(evidence, entries, state.claims, state.corrections)


async def idle_in(material: Material) -> Idle:
    """Return what counts nowhere although it was verified, by the score sheet's own account of
    what it takes; in a thread, so that other requests go on."""
    return await asyncio.to_thread(_idle, material)


def _idle(read: Material) -> Idle:
    evidence, entries = read.evidence, read.entries
    found = computing.computed(
        evidence, entries, read.claims, evidence.categories, corrections=read.corrections
    )
    reasons = ids_by_reason(uncounted(evidence.published.scheme, entries, found))
    idle = [each for each in entries if each.entry_id in reasons]
    dropped = [each for each in found.sheet.claims if each.decision not in COUNTING]
    return Idle(found, idle, reasons, dropped)


@router.get(
    "",
    responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def list_unscored(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="About this unit.")] = None,
    indicator: Annotated[Code | None, Query(description="For this indicator.")] = None,
    reason: Annotated[
        list[UnscoredReason] | None,
        Query(max_length=len(REASONS), description="For one of these reasons."),
    ] = None,
) -> Page[UnscoredItem]:
    """List what is in the record and counts nowhere, so that no achievement is missed and no
    mistake is passed over: entries in order of arrival, then claims, then parked rows.

    A unit gets its own, a data source unit what it entered and what was not verified of it, an
    organiser what is about the units of its categories; the performance office and auditors get
    everything. What the score sheet decides about a confirmed claim is told to the office and
    auditors alone.
    """
    duties = await duties_of(ask, permit, cycle_id)
    ways = readable(permit, duties, words=False)
    reader = _Reader(cycle_id, permit, duties, frozenset(reason or REASONS))
    units = reader.units()
    await require_true(db, cycle_id, await reader.touched(db, units))
    reasons, decisions = await _idle_of(db, ask, cycle_id, units)
    later = await reader.later(db, decisions, unit, indicator)
    at = next((n for n, each in enumerate(later, 1) if str(each.id) == page.after), 0)
    shown = [] if at else await reader.entries(db, page, reasons, ways, (unit, indicator))
    return Page.of([*shown, *later[at:]], page.limit, lambda each: str(each.id))


async def require_true(db: AsyncSession, cycle_id: UUID, units: Collection[str] | None) -> None:
    """Refuse to tell of entries or claims that are not what the journal recorded."""
    if await db.get(LedgerRow, cycle_id) is None:
        return
    if units is None:
        await require_true_ledger(db, cycle_id)
    else:
        await require_true_units(db, cycle_id, units)
    await require_intact(db, str(cycle_id), *_CLAIMS)


async def _idle_of(
    db: AsyncSession, ask: Peers, cycle_id: UUID, units: frozenset[str] | None
) -> tuple[Mapping[UUID, str], Sequence[Decision]]:
    """Return which verified entries about some units no score takes, with their reasons, and what
    became of their claims. Of no units nothing is read: their targets are not the caller's; of some
    without corrections that no unit has been told."""
    if units is not None and not units:
        return {}, ()
    evidence = await _evidence(ask, cycle_id, units)
    some = units is not None
    found = await idle_in(await material_of(db, cycle_id, evidence, units, told_only=some))
    return found.reasons, found.claims


async def _evidence(ask: Peers, cycle_id: UUID, units: frozenset[str] | None) -> Evidence:
    """Read what the categories of some units are scored by, or all."""
    if units is None:
        return await gather(ask, cycle_id, None)
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    codes = [each.code for each in scheme.categories if not units.isdisjoint(each.units)]
    # Of some units, whoever reads: what was answered has no part in what is told.
    return await gather(ask, cycle_id, codes, surveys=False)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who asks what counts nowhere, and for which reasons."""

    cycle_id: UUID
    permit: Permission
    duties: Duties
    reasons: frozenset[str]

    def units(self) -> frozenset[str] | None:
        """Return the units of which the caller is told what a score takes; None for all."""
        if self.permit.allows():
            return None
        own = self.permit.caller.organisation
        about = self.duties.led_units | self.duties.stands_in
        return about | {own} if own and self.permit.allows({"own_unit"}) else about

    async def touched(
        self, db: AsyncSession, units: frozenset[str] | None
    ) -> frozenset[str] | None:
        """Return these units, and those about which the caller's own unit has entered anything."""
        own = self.permit.caller.organisation
        if units is None or own is None or not self.permit.allows({NAMED_SOURCE}):
            return units
        return units | await units_written_about(db, self.cycle_id, own)

    async def later(
        self,
        db: AsyncSession,
        decisions: Sequence[Decision],
        unit: str | None,
        indicator: str | None,
    ) -> list[UnscoredItem]:
        """Return what comes after the entries: claims, and parked rows where all are asked for."""
        if indicator is not None:
            return []
        claims = self.claims(decisions, unit)
        return claims if unit is not None else [*claims, *await self.parked(db)]

    def states(self) -> list[str]:
        """Return the states in which entries count nowhere for these reasons."""
        found = [state for state, why in OF_STATE.items() if why in self.reasons]
        return list(dict.fromkeys([*found, SUBMITTED] if OWN_WORDS in self.reasons else found))

    @property
    def own_words(self) -> bool | None:
        """Say whether of what was handed in progress reports are asked for, or all but these; None
        where both are."""
        words = OWN_WORDS in self.reasons
        return None if words == (WAITING_REASON in self.reasons) else words

    async def entries(
        self,
        db: AsyncSession,
        page: PageRequest,
        reasons: Mapping[UUID, str],
        ways: Sequence[Way] | None,
        asked: tuple[str | None, str | None],
    ) -> list[UnscoredItem]:
        """Return the entries of a page that the caller may read, and one more where others follow,
        as they are told."""
        idle = [entry for entry, why in reasons.items() if why in self.reasons]
        states = self.states()
        if not states and not idle:
            if page.after is not None:
                raise page.no_such_place()
            return []
        wanted = Wanted(*asked, states, own_words=self.own_words)
        rows = await unscored_on_page(db, self.cycle_id, page, ways, wanted, idle)
        return [self.entry(each, reasons) for each in rows]

    def entry(self, row: ShownEntry, idle: Mapping[UUID, str]) -> UnscoredItem:
        """Return an entry as it is told."""
        reason = idle.get(row.entry_id) or why_idle(row.kind, row.state)
        en, zh = OF_RECORD[reason]
        told = {name: getattr(row, name) for name in _OF_ENTRY}
        said = row.state_reason if knows(self.permit, row, self.duties) else None
        return UnscoredItem(
            record="entry", id=row.entry_id, reason=reason, en=en, zh=zh, said=said, **told
        )

    def claims(self, found: Sequence[Decision], unit: str | None) -> list[UnscoredItem]:
        """Return the claims that the caller may read and that count nowhere, as they are told."""
        caller, whole = self.permit.caller, self.permit.allows()
        own = {caller.organisation} if self.permit.allows({"own_unit"}) else set()
        mine = own | self.duties.stands_in
        full = whole and not is_limited(caller.organisation, caller.roles)
        told = list[UnscoredItem]()
        for each in found:
            claim = each.claim
            if unit not in (None, claim.unit) or not (whole or claim.unit in mine):
                continue
            if not full and claim.standing.state == CONFIRMED:
                continue
            if each.decision in self.reasons:
                told.append(_claim(each))
        return told

    async def parked(self, db: AsyncSession) -> list[UnscoredItem]:
        """Return the rows that wait for a code and that the caller may read, as they are told."""
        own = self.permit.caller.organisation
        whole = self.permit.allows()
        if PARKED not in self.reasons or not (
            whole or (own and self.permit.allows({NAMED_SOURCE}))
        ):
            return []
        return [
            _parked(row) for row in await waiting_rows(db, self.cycle_id, None if whole else own)
        ]


_OF_ENTRY = ("unit", "indicator", "kind", "key", "item", "period", "state")


def _claim(found: Decision) -> UnscoredItem:
    claim = found.claim
    return UnscoredItem(
        record="claim",
        id=claim.claim_id,
        claim_no=claim.claim_no,
        unit=claim.unit,
        indicator=claim.linked_indicator,
        kind=claim.kind,
        state=claim.standing.state,
        reason=found.decision,
        en=found.reason.en,
        zh=found.reason.zh,
        said=claim.standing.reason,
    )


def _parked(row: ShownRow) -> UnscoredItem:
    en, zh = OF_RECORD[PARKED]
    return UnscoredItem(
        record="parked_row",
        id=row.parked_row_id,
        unit=row.unit,
        indicator=row.indicator,
        kind=row.kind,
        key=row.key,
        item=row.item,
        period=row.period,
        state=row.state,
        reason=PARKED,
        en=en,
        zh=zh,
    )
