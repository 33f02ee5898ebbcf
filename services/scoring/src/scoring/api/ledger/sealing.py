"""The ledger of a cycle as a whole: its phase, and the seal that closes it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Attempted, Snapshot
from chassis.deadlines import Calendar
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Incoming, OneOf, Outgoing, Text
from scoring.api.claims.arrivals import ToCome, WaitingClaim, carried_to_come, require_arrived
from scoring.api.explanation.readers import duties_of
from scoring.api.ledger.entries import AnyKind, State
from scoring.api.ledger.left_open import (
    GoneDrawnEntry,
    LeftOpenWord,
    MissingOfUnit,
    OpenItemLeft,
    OpenObjectionLeft,
    UndecidedFinding,
    calendar_of,
    left_open,
    missing_of,
)
from scoring.api.reports.unscored import Idle, idle_in, material_of
from scoring.api.sheet.documents import LedgerPhase
from scoring.api.sheet.evidence import Evidence, gather
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.adoptions import outdated_verified
from scoring.queries.claims import unconfirmed_claims
from scoring.queries.counted import digest_of_states
from scoring.queries.hand_ins import hand_ins
from scoring.queries.ledger import (
    begin,
    count_entries,
    count_reports,
    hold_entries,
    looked_up,
    open_ledger,
    phase_of_ledger,
    require_true_ledger,
    today,
)
from scoring.queries.moves import entries_in, move_all
from scoring.queries.parked import TABLES as PARKED_TABLES
from scoring.queries.parked import waiting_rows
from scoring.rules.claims.carrying import CarriedClaimsToCome
from scoring.rules.claims.checks import Kind as ClaimKind
from scoring.rules.ledger.completeness import HANDED_IN
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.sealing import (
    LedgerContents,
    NotAsSeen,
    NotSealable,
    OutdatedUndecided,
    YearNotOver,
    check_outdated,
    check_seal,
    check_year_over,
)
from scoring.rules.ledger.states import (
    LOCKED,
    OPEN,
    SEALED,
    STATES,
    SUBMITTED,
    UNDECIDED,
    VERIFIED,
    LedgerSealed,
    require_open,
)
from scoring.rules.reports.left_open import LeftOpen, SealUnseen, check_left_open
from scoring.rules.reports.unscored import (
    TO_DECIDE,
    Acceptance,
    UnscoredUndecided,
    check_unscored,
)
from scoring.rules.scheme.document import Scheme
from scoring.tables.ledger import LedgerRow

router = Router("/cycles/{cycle_id}/ledger", tags=["ledger"])

_ENTRIES = "GET /api/v1/cycles/{cycle_id}/ledger-entries"

MOST_SHOWN = 100
"""How many entries or missing scores a preview shows; it counts the others."""


class Ledger(Outgoing):
    """The phase of a cycle's ledger, `open` or `sealed`, and how many entries are in each state.

    `entries` is null for who may not read them: how many there are tells of other units. An
    organiser gets how many are about the units of its categories.
    """

    cycle_id: UUID
    phase: LedgerPhase
    sealed_at: dt.datetime | None
    entries: dict[str, int] | None


ReasonToDecide = Annotated[str, OneOf(*TO_DECIDE)]


class AcceptedUnscored(Incoming):
    """How many count nowhere for one reason, and why they are left so."""

    count: Annotated[int, Field(ge=0, le=10_000_000)]
    reason: Text


class AcceptedAsSeen(Incoming):
    """Why all that counts nowhere is left so, as a preview showed it."""

    reason: Text


class AcceptedOutdated(Incoming):
    """How many entries count though what they were taken over from stands no longer, and why."""

    count: Annotated[int, Field(ge=0, le=10_000_000)]
    reason: Text


class NewSeal(Incoming):
    """What the seal leaves behind, which can never count: how many entries, by `draft` and
    `returned`, and how many `parked` rows.

    `seen` is that of a preview: then the ledger must be just as it was. What was verified and no
    score takes, and claims that nobody has decided about, count nowhere either: `unscored` says how
    many for each reason and why they are left so, or `accept_unscored` why all of them are that the
    preview with that `seen` showed. `outdated` says how many entries count though their source
    stands no longer. With the `seen` of a preview alone is a year sealed that is not over, or with
    anything `left_open`: periods that nobody entered, items in hand, objections that are not
    settled, findings that nobody decided, rounds of self-evaluation that nobody compared, costs
    that nobody wrote.
    """

    leaves: dict[
        Literal["draft", "returned", "parked"], Annotated[int, Field(ge=0, le=10_000_000)]
    ] = Field(default_factory=dict)
    seen: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    unscored: dict[ReasonToDecide, AcceptedUnscored] = Field(default_factory=dict)
    accept_unscored: AcceptedAsSeen | None = None
    outdated: AcceptedOutdated | None = None

    @property
    def outdated_count(self) -> int:
        """How many entries it says to count though their source stands no longer."""
        return self.outdated.count if self.outdated else 0

    @property
    def acceptance(self) -> Acceptance:
        """What it says of what counts nowhere, as the rules see it."""
        counts = {reason: each.count for reason, each in self.unscored.items() if each.count}
        as_seen = self.seen is not None and not self.unscored
        return Acceptance(counts, whole=self.accept_unscored is not None and as_seen)


def _of_outdated(contents: LedgerContents, open_: LeftOpen, new: NewSeal) -> dict[str, Any]:
    """Return what the journal tells of what counts without its source, of an early seal, and of
    what it leaves open."""
    return {
        "outdated": len(contents.outdated),
        "outdated_digest": journal.sha256(contents.outdated),
        "outdated_because": new.outdated and new.outdated.reason,
        "year_not_over": contents.not_over and contents.not_over.isoformat(),
        "left_open": open_.counts,
    }


class LeftEntry(Outgoing):
    """An entry that is not locked by the seal, or that is locked although nothing reads it."""

    entry_id: UUID
    unit: str
    indicator: str
    kind: AnyKind
    item: str | None
    period: str
    state: State


class LeftClaim(Outgoing):
    """A claim that nobody has confirmed or rejected; after the seal nobody can, and it counts for
    nothing."""

    claim_no: str
    unit: str
    kind: ClaimKind


class LeftParkedRow(Outgoing):
    """A row with a code that means nothing yet; after the seal it can never be entered."""

    parked_row_id: UUID
    author_unit: str
    id_scheme: str
    unit: str
    indicator: str


class OpenCategory(Outgoing):
    """A category that is not handed in; `withdrawn` where it was, and an entry moved since."""

    category: str
    organiser: str | None
    withdrawn: bool


class SealPreview(Outgoing):
    """What a seal would do now; nothing was done.

    `year_not_over` is the last day of the assessment year while that is not over. `entries`
    counts them by state; submitted ones have to be decided about before. `leaves` is what the
    seal has to name, `left` which entries these are. `missing` are the scores that lack
    something, or count without periods that nobody entered; `open_items` the supervised items
    that are not closed, `open_objections` the objections that are not decided, or upheld and not
    carried out, `undrawn_checks` those whose lists were fixed and that nobody drew,
    `gone_entries` what was drawn, counts no longer, and was not found about,
    `undecided_findings` what checks found and nobody decided, `uncompared_rounds` the rounds of
    self-evaluation that nobody compared. `left_open` counts all of these, and the cards
    and events of items that count and nobody wrote: where there is any, the seal needs `seen`.
    `unread` are the entries that count and on which no score rests, `claims` those that nobody has
    decided about, which would never count. Before a seal the claims `to_arrive` have to arrive,
    which the year before carried over or may still, also those of a year that the scope of the
    caller's token does not reach (`to_arrive_out_of_scope`), and the cycles `open_before` have to
    be sealed, of the year before, which may still carry claims over. Of each list the first are
    given, and how many more there are. `not_handed_in` are the categories that their organisers
    have not declared complete (汇总上报), or had before an entry moved: no seal waits for it.
    `parked` are the rows whose codes mean nothing yet; the seal has to name how many. `unscored`
    counts by reason what was verified and counts nowhere, and the undecided claims: the seal has to
    accept them. `outdated` count, though what they were taken over from stands no longer: the seal
    has to say how many. `seen` stands for just this state of the ledger and its claims, for what
    counts nowhere, for what is outdated or left open, and for a year that is not over.
    """

    year_not_over: dt.date | None
    phase: LedgerPhase
    entries: dict[str, int]
    locks: int
    leaves: dict[str, int]
    left: list[LeftEntry]
    left_more: int
    missing: list[MissingOfUnit]
    missing_more: int
    open_items: list[OpenItemLeft]
    open_items_more: int
    open_objections: list[OpenObjectionLeft]
    open_objections_more: int
    undrawn_checks: list[str]
    gone_entries: list[GoneDrawnEntry]
    gone_entries_more: int
    undecided_findings: list[UndecidedFinding]
    undecided_findings_more: int
    uncompared_rounds: list[str]
    left_open: dict[LeftOpenWord, int]
    unread: list[LeftEntry]
    unread_more: int
    outdated: list[LeftEntry]
    outdated_more: int
    unscored: dict[ReasonToDecide, int]
    claims: list[LeftClaim]
    claims_more: int
    to_arrive: list[WaitingClaim]
    to_arrive_more: int
    to_arrive_out_of_scope: bool
    open_before: list[UUID]
    not_handed_in: list[OpenCategory]
    not_handed_in_more: int
    parked: list[LeftParkedRow]
    parked_more: int
    seen: str


class SealedLedger(Outgoing):
    """A ledger that was sealed: how many entries it locked, and left behind for good.

    `unconfirmed_claims` are those that nobody had decided about; they count for nothing. `unscored`
    counts by reason what counts nowhere and was accepted so, `outdated` the entries that count
    though their source stands no longer, `left_open` the periods that nobody entered, the items in
    hand, the objections that are not settled, the checks that nobody drew, the findings that nobody
    decided, the rounds of self-evaluation that nobody compared, and the costs that nobody wrote.
    `not_handed_in` counts the categories that their organisers had not declared complete.
    """

    phase: LedgerPhase
    locked: int
    leaves: dict[str, int]
    unconfirmed_claims: int
    unscored: dict[ReasonToDecide, int]
    outdated: int
    left_open: dict[LeftOpenWord, int]
    not_handed_in: int
    receipt: Receipt | None


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused))
async def read_ledger(cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers) -> Ledger:
    """Give the phase of a cycle's ledger; one that nobody has written to is open and empty."""
    row = await db.get(LedgerRow, cycle_id)
    entries = None
    reading = permit.of(_ENTRIES)
    duties = await duties_of(ask, reading, cycle_id)
    if reading.allows():
        entries = await _counts(db, cycle_id)
    elif duties.leads:
        entries = await _counts(db, cycle_id, duties.led_units)
    return Ledger(
        cycle_id=cycle_id,
        phase=row.phase if row else OPEN,
        sealed_at=row.sealed_at if row else None,
        entries=entries,
    )


async def _counts(
    db: AsyncSession, cycle_id: UUID, units: Collection[str] | None = None
) -> dict[str, int]:
    counts = await count_entries(db, cycle_id, units)
    return {state: counts.get(state, 0) for state in STATES}


@router.post(
    "/seal",
    responses=documents(
        LedgerSealed,
        NotSealable,
        NotAsSeen,
        YearNotOver,
        SealUnseen,
        OutdatedUndecided,
        UnscoredUndecided,
        CarriedClaimsToCome,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def seal_ledger(
    cycle_id: UUID,
    attempt: Attempted,
    reading: Snapshot,
    permit: Permit,
    ask: AskPeers,
    new: NewSeal | None = None,
) -> SealedLedger | SealPreview:
    """Close the ledger and lock what was verified, once nothing waits for verification.

    It cannot be taken back, so what is left behind has to be named. With `mode=check` the answer
    says what there is to lock, to leave behind and still to enter, and nothing is kept. What was
    verified and counts nowhere, claims that nobody decided about, and entries whose source stands
    no longer have to be accepted; periods of values that are put together and nobody entered,
    supervised items in hand, objections that are not settled, findings that nobody decided,
    self-evaluations that nobody compared, and costs that nobody wrote, to have been seen.
    """
    db, new = attempt.db, new or NewSeal()
    evidence = await gather(ask, cycle_id, None)
    scheme = evidence.published.scheme
    calendar = await calendar_of(ask, scheme)
    to_come = await carried_to_come(db, cycle_id, ask, permit, scheme)
    if attempt.checks:
        return await _preview(db, cycle_id, permit, evidence, to_come, calendar)
    require_arrived(to_come)
    await begin(db)
    states_before, idle = await _looked_before(reading, cycle_id, evidence)
    fresh = await open_ledger(db, cycle_id)
    phase = await phase_of_ledger(db, cycle_id, alone=True)
    await hold_entries(db, cycle_id)
    about = permit, phase, scheme, calendar
    states, contents, open_ = await _looked_at(db, cycle_id, *about, fresh=fresh)
    # The arithmetic comes before the lock; only where something moved since it is done again.
    if states != states_before:
        idle = await idle_in(await material_of(db, cycle_id, evidence))
    contents = _with(contents, idle)
    check_year_over(contents, new.seen)
    check_seal(contents, dict(new.leaves.items()), new.seen)
    check_left_open(open_, new.seen)
    check_unscored(idle.counts, new.acceptance)
    check_outdated(contents, new.outdated_count)

    left = [str(row.entry_id) for row in await entries_left(db, cycle_id)]
    claims = [str(row.claim_no) for row in await unconfirmed_claims(db, cycle_id)]
    not_handed_in = [each.category for each in await _open_categories(db, cycle_id, scheme)]
    locked = await move_all(db, cycle_id, VERIFIED, LOCKED, permit.caller.subject)
    await db.execute(
        update(LedgerRow)
        .where(LedgerRow.cycle_id == cycle_id)
        .values(phase=SEALED, sealed_at=func.statement_timestamp())
    )
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.ledger-sealed",
        body={
            "locked": locked,
            "leaves": contents.leaves,
            "left": left[:MOST_SHOWN],
            "left_digest": journal.sha256(left),
            "parked": contents.parked[:MOST_SHOWN],
            "parked_digest": journal.sha256(contents.parked),
            "unconfirmed_claims": len(claims),
            "unconfirmed": claims[:MOST_SHOWN],
            "not_handed_in": not_handed_in[:MOST_SHOWN],
            "unscored": idle.counts,
            "unscored_entries_digest": journal.sha256(sorted(map(str, idle.reasons))),
            "accepted_because": new.accept_unscored and new.accept_unscored.reason,
            "accepted": {reason: each.reason for reason, each in new.unscored.items()},
            **_of_outdated(contents, open_, new),
            "seen": contents.digest,
        },
    )
    return SealedLedger(
        phase=SEALED,
        locked=locked,
        leaves=contents.leaves,
        unconfirmed_claims=len(claims),
        unscored=idle.counts,
        outdated=len(contents.outdated),
        left_open=open_.counts,
        not_handed_in=len(not_handed_in),
        receipt=receipt,
    )


async def _looked_before(
    reading: AsyncSession, cycle_id: UUID, evidence: Evidence
) -> tuple[str, Idle]:
    """Return what counts nowhere before anything is locked, and how the ledger stood then."""
    states = await digest_of_states(reading, cycle_id)
    material = await material_of(reading, cycle_id, evidence)
    # The arithmetic must keep neither a connection nor other requests.
    await reading.close()
    return states, await idle_in(material)


def _with(contents: LedgerContents, idle: Idle) -> LedgerContents:
    """Return what is in a ledger, with a digest that stands for what counts nowhere too."""
    if not idle.counts:
        return contents
    ids = sorted(map(str, idle.reasons))
    return replace(contents, digest=journal.sha256([contents.digest, idle.counts, ids]))


async def _looked_at(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    phase: str,
    scheme: Scheme,
    calendar: Calendar | None,
    *,
    fresh: bool,
) -> tuple[str, LedgerContents, LeftOpen]:
    """Return how a ledger that may be sealed stands, what is in it, and what it leaves open; one
    that is `fresh` has no past to compare."""
    require_open(phase)
    permit.require(phase=phase)
    if not fresh:
        await journal.require_whole(db, str(cycle_id))
        await require_true_ledger(db, cycle_id)
        await require_intact(db, str(cycle_id), *PARKED_TABLES)
    counts, digest = await count_entries(db, cycle_id), await digest_of_states(db, cycle_id)
    parked = [str(row.parked_row_id) for row in await waiting_rows(db, cycle_id, None)]
    whole = journal.sha256([digest, parked]) if parked else digest
    reports = await count_reports(db, cycle_id) if counts.get(SUBMITTED) else 0
    outdated = [str(each) for each in await outdated_verified(db, cycle_id)]
    not_over = await _not_over(db, scheme)
    if outdated or not_over:
        whole = journal.sha256([whole, outdated, not_over and not_over.isoformat()])
    open_ = await left_open(db, cycle_id, scheme, calendar)
    if open_.counts:
        whole = journal.sha256([whole, open_.told()])
    return digest, LedgerContents(counts, whole, parked, reports, outdated, not_over), open_


async def _not_over(db: AsyncSession, scheme: Scheme) -> dt.date | None:
    """Return the last day of the assessment year while that is not over."""
    ends = dt.date(scheme.assessment_year, 12, 31)
    return ends if await today(db, scheme.time_zone) <= ends else None


async def _preview(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    evidence: Evidence,
    to_come: ToCome,
    calendar: Calendar | None,
) -> SealPreview:
    row = await db.get(LedgerRow, cycle_id)
    phase = row.phase if row else OPEN
    scheme = evidence.published.scheme
    about = permit, phase, scheme, calendar
    _, contents, open_ = await _looked_at(db, cycle_id, *about, fresh=row is None)
    outdated = await _shown_by_id(db, cycle_id, contents.outdated)
    left, waiting = await entries_left(db, cycle_id), await unconfirmed_claims(db, cycle_id)
    handing_in = await _open_categories(db, cycle_id, scheme)
    parked = await waiting_rows(db, cycle_id, None)
    material = await material_of(db, cycle_id, evidence)
    # Nothing more is read: the arithmetic must keep neither a connection nor other requests.
    await db.close()
    found = await idle_in(material)
    contents = _with(contents, found)
    items, findings, objections = open_.items, open_.findings, open_.objections
    missing = missing_of(found.computation, open_.unentered)
    idle = [shown_left(entry, VERIFIED) for entry in found.entries]
    return SealPreview(
        year_not_over=contents.not_over,
        phase=OPEN,
        entries={state: contents.counts.get(state, 0) for state in STATES},
        locks=contents.counts.get(VERIFIED, 0),
        leaves=contents.leaves,
        left=[shown_left(row, row.state) for row in left[:MOST_SHOWN]],
        left_more=max(0, len(left) - MOST_SHOWN),
        missing=missing[:MOST_SHOWN],
        missing_more=max(0, len(missing) - MOST_SHOWN),
        open_items=[OpenItemLeft(**each._asdict()) for each in items[:MOST_SHOWN]],
        open_items_more=max(0, len(items) - MOST_SHOWN),
        open_objections=[OpenObjectionLeft(**e._asdict()) for e in objections[:MOST_SHOWN]],
        open_objections_more=max(0, len(objections) - MOST_SHOWN),
        undrawn_checks=[*open_.undrawn],
        gone_entries=_gone(open_),
        gone_entries_more=max(0, len(open_.gone) - MOST_SHOWN),
        undecided_findings=[UndecidedFinding(**e._asdict()) for e in findings[:MOST_SHOWN]],
        undecided_findings_more=max(0, len(findings) - MOST_SHOWN),
        uncompared_rounds=[*open_.rounds],
        left_open=open_.counts,
        unread=idle[:MOST_SHOWN],
        unread_more=max(0, len(idle) - MOST_SHOWN),
        outdated=outdated,
        outdated_more=max(0, len(contents.outdated) - MOST_SHOWN),
        unscored=found.counts,
        claims=[LeftClaim.model_validate(row) for row in waiting[:MOST_SHOWN]],
        claims_more=max(0, len(waiting) - MOST_SHOWN),
        to_arrive=to_come.told[:MOST_SHOWN],
        to_arrive_more=max(0, len(to_come.told) - MOST_SHOWN),
        to_arrive_out_of_scope=to_come.has_others,
        open_before=to_come.open_before,
        not_handed_in=handing_in[:MOST_SHOWN],
        not_handed_in_more=max(0, len(handing_in) - MOST_SHOWN),
        parked=[LeftParkedRow.model_validate(row) for row in parked[:MOST_SHOWN]],
        parked_more=max(0, len(parked) - MOST_SHOWN),
        seen=contents.digest,
    )


def _gone(open_: LeftOpen) -> list[GoneDrawnEntry]:
    """Return the first drawn entries that are gone, as they are told."""
    return [GoneDrawnEntry(**each._asdict()) for each in open_.gone[:MOST_SHOWN]]


async def _shown_by_id(db: AsyncSession, cycle_id: UUID, ids: Sequence[str]) -> list[LeftEntry]:
    """Return the first of some entries as they are told."""
    row = looked_up(cycle_id, [UUID(each) for each in ids[:MOST_SHOWN]])
    columns = [getattr(row, name) for name in LeftEntry.model_fields]
    found = await db.execute(select(*columns).order_by(row.number))
    return [shown_left(each, each.state) for each in found]


async def _open_categories(db: AsyncSession, cycle_id: UUID, scheme: Scheme) -> list[OpenCategory]:
    """Return the categories that are not handed in as they stand, in the scheme's order."""
    handed = await hand_ins(db, cycle_id, scheme.categories)
    return [
        OpenCategory(category=each.code, organiser=each.organiser, withdrawn=each.code in handed)
        for each in scheme.categories
        if each.code not in handed or handed[each.code].state != HANDED_IN
    ]


async def entries_left(
    db: AsyncSession, cycle_id: UUID, units: Collection[str] | None = None
) -> list[Row[Any]]:
    """Return what a seal would leave behind of all units or of some, submitted entries among it,
    as they came."""
    ids = [entry_id for _, entry_id in await entries_in(db, cycle_id, UNDECIDED, units)]
    row = looked_up(cycle_id, ids)
    columns = [getattr(row, name) for name in LeftEntry.model_fields]
    return list(await db.execute(select(*columns).order_by(row.number)))


def shown_left(entry: Row[Any] | Entry, state: str) -> LeftEntry:
    """Return an entry that a seal does not lock, or that nothing reads, as it is told."""
    named = {name: getattr(entry, name) for name in LeftEntry.model_fields if name != "state"}
    return LeftEntry(**named, state=state)
