"""Transitions of entries: submission, checking, verification, return, each for a list at once."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, persons
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing, Text
from scoring.api.ledger.entries import State
from scoring.events import about_rows
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.adoptions import outdated_among
from scoring.queries.clashes import entries_beside, sittings
from scoring.queries.evidence import backed_entries
from scoring.queries.ledger import (
    entry_rows,
    hold_entries,
    looked_up,
    require_true_entries,
    standing_of,
)
from scoring.queries.moves import entries_in, move_entries
from scoring.queries.periods import HeldPeriods, hold_periods, mark_late
from scoring.queries.signatures import signed_entries
from scoring.rules.ledger.adoption import outdated_faults
from scoring.rules.ledger.batch import misfits
from scoring.rules.ledger.entries import BY_OFFICE, LAST_YEAR, OF_A_DOCUMENT, REVERSAL
from scoring.rules.ledger.periods import Entering, Leave, admitted, moving
from scoring.rules.ledger.seats import AUTHORS, NAMED_SOURCE, SEAT, Author
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.signing import Signing, unsigned_faults
from scoring.rules.ledger.slots import StoredEntry
from scoring.rules.ledger.states import (
    CHECKED,
    KEPT_BACK,
    OPEN,
    RETURNED,
    REVIEWER,
    SECOND_BODY,
    SUBMITTED,
    VERIFIED,
    VOIDED,
    WAITING,
    Decider,
    EntriesRefused,
    EntryStanding,
    LedgerSealed,
    Reviewers,
    check_transitions,
    require_open,
)
from scoring.rules.ledger.support import Support, evidence_faults
from scoring.rules.scheme.document import Scheme
from scoring.tables.ledger import LedgerEntryRow

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])

MOST_NAMED = 5000

EntryIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST_NAMED)]


class Submission(Incoming):
    """Drafts or returned entries to be handed in."""

    entry_ids: EntryIds


class NewVerification(Incoming):
    """Entries to be found right or accepted: those named, or all that wait for the caller."""

    entry_ids: EntryIds | None = None
    all_submitted: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.entry_ids is None) == (self.all_submitted is None):
            raise ValueError("give either entry_ids or all_submitted")
        return self


class Return(Incoming):
    """Submitted or checked entries to be sent back, and why."""

    entry_ids: EntryIds
    reason: Text


class MovedEntries(Outgoing):
    """How many entries are now in `state`, with the receipt of the journal.

    `left` counts, by the second body that decides about them in the performance office's place,
    the submitted entries that were left to it (回避); `unchecked`, by the unit that the scheme
    names to review them first (初审), those that it has not; `unsupported`, by the unit that
    entered them, those that name no evidence though the scheme has them count with it alone.
    `unsigned` counts, by the unit that entered them, those that a second person of it has not
    signed off; `own_cards` the cards and item events that the caller had written, or decided about
    a supervised item, and another person verifies.
    `outdated` counts, by the unit that entered them, those that were taken over from an entry of
    another cycle that stands there no longer.
    """

    state: State
    count: int
    left: dict[str, int]
    own_cards: int
    unchecked: dict[str, int]
    unsupported: dict[str, int]
    unsigned: dict[str, int]
    outdated: dict[str, int]
    receipt: Receipt | None


@router.post(
    "/submission",
    responses=documents(
        EntriesRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def submit_entries(
    cycle_id: UUID, new: Submission, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedEntries:
    """Hand in drafts and returned entries of the caller's own unit, so that they can be
    verified. What was taken over from an entry that stands no longer is refused.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    held = await hold_ledger(db, cycle_id, permit, AUTHORS)
    # An entry of somebody else is as good as unknown.
    rows = await rows_to_move(db, cycle_id, new.entry_ids, partial(written_by, permit))
    late, closed = await admitted_rows(db, cycle_id, new.entry_ids, rows, held)
    misfits = await _misfits(db, cycle_id, scheme, new.entry_ids, rows, SUBMITTED)
    misfits += outdated_faults(new.entry_ids, await outdated_among(db, cycle_id, rows))
    found = await standing_of(db, cycle_id, rows.values())
    check_transitions(new.entry_ids, found, SUBMITTED, None, [*misfits, *closed])
    await mark_late(db, cycle_id, late)
    return await _record_transition(db, cycle_id, permit, rows, new.entry_ids, SUBMITTED)


@router.post(
    "/checking",
    responses=documents(
        EntriesRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def check_entries(
    cycle_id: UUID, new: NewVerification, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedEntries:
    """Pass submitted entries that the scheme has the caller's unit review first.

    The performance office still has to verify them.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    decider, moved = await _decider(db, cycle_id, permit, scheme), list[MovedEntries]()
    for ids, last in await _named(db, cycle_id, new, [SUBMITTED]):
        rows = await rows_to_move(db, cycle_id, ids, partial(_within, decider))
        found = await standing_of(db, cycle_id, rows.values())
        if new.entry_ids is None:
            ids = [each for each, standing in found.items() if decider.has_before_it(standing)]
        check_transitions(ids, found, CHECKED, decider)
        moved.append(await _record_transition(db, cycle_id, permit, rows, ids, CHECKED, last=last))
    return _together(moved)


@router.post(
    "/verification",
    responses=documents(
        EntriesRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def verify_entries(
    cycle_id: UUID, new: NewVerification, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedEntries:
    """Verify entries that somebody else entered about another unit than the caller's own: they
    count from then on.

    A reversal or a restatement that is verified takes its entry out. Entries that the scheme has
    somebody else verify, or review first, those that name no evidence though they count with it
    alone, those that a second person of their unit has to sign off first, and those that were taken
    over from an entry that stands no longer, are refused; of all that waits they are left out.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    decider, moved = await _decider(db, cycle_id, permit, scheme), list[MovedEntries]()
    for ids, last in await _named(db, cycle_id, new, WAITING):
        rows, left = await rows_to_move(db, cycle_id, ids, partial(_within, decider)), Left()
        found = await standing_of(db, cycle_id, rows.values())
        wants = {
            "unsupported": await _lacking_evidence(db, cycle_id, scheme, rows),
            "unsigned": await _unsigned(db, cycle_id, scheme, rows),
            "outdated": await _outdated(db, cycle_id, rows),
        }
        if new.entry_ids is None:
            ids, left = _own_to_decide(found, decider, wants)
        misfits = await _misfits(db, cycle_id, scheme, ids, rows, VERIFIED)
        misfits += _wanting_faults(ids, wants)
        check_transitions(ids, found, VERIFIED, decider, misfits)
        await take_out(db, cycle_id, ids, permit.caller.subject)
        about = db, cycle_id, permit, rows, ids, VERIFIED
        moved.append(await _record_transition(*about, left=left, last=last))
    return _together(moved)


@router.post(
    "/return",
    responses=documents(
        EntriesRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def return_entries(
    cycle_id: UUID, new: Return, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedEntries:
    """Send submitted or reviewed entries back to the unit that entered them, with a reason.

    Who reviews first may send back what it has not passed before.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    decider = await _decider(db, cycle_id, permit, scheme)
    rows = await rows_to_move(db, cycle_id, new.entry_ids, partial(_within, decider))
    found = await standing_of(db, cycle_id, rows.values())
    check_transitions(new.entry_ids, found, RETURNED, decider)
    return await _record_transition(db, cycle_id, permit, rows, new.entry_ids, RETURNED, new.reason)


async def hold_ledger(
    db: AsyncSession, cycle_id: UUID, permit: Permission, relations: Collection[str]
) -> HeldPeriods:
    """Lock the ledger and the states of its entries until the commit, and return its periods;
    refuse where it is sealed."""
    held = await hold_periods(db, cycle_id)
    require_open(held.phase)
    permit.require(relations if permit.caller.organisation else (), held.phase)
    await hold_entries(db, cycle_id)
    return held


async def admitted_rows(
    db: AsyncSession,
    cycle_id: UUID,
    ids: Sequence[UUID],
    rows: Mapping[UUID, LedgerEntryRow],
    held: HeldPeriods,
) -> tuple[dict[UUID, Leave], Collection[Fault]]:
    """Return which entries come in late by which permission, and those whose period is closed."""
    if not held.periods.closed:
        return {}, ()
    taken_out = list(filter(None, map(_takes_out, rows.values())))
    before = await entry_rows(db, cycle_id, taken_out) if taken_out else {}
    entering = {n: _entering(rows[each], before) for n, each in enumerate(ids) if each in rows}
    late, closed = admitted(held.periods, entering, held.moment, "entry_ids")
    return {ids[n]: leave for n, leave in late.items()}, closed.values()


def _takes_out(row: LedgerEntryRow) -> UUID | None:
    return row.reverses or row.restates


def _entering(row: LedgerEntryRow, before: Mapping[UUID, LedgerEntryRow]) -> list[Entering]:
    """Return what an entry is about, and what the one that it takes out is."""
    gone = _takes_out(row)
    both = [row] if gone is None else [row, before[gone]]
    return [moving(each) for each in both]


async def rows_to_move(
    db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID], visible: Callable[[LedgerEntryRow], bool]
) -> dict[UUID, LedgerEntryRow]:
    """Return those of the named entries that are visible, as the journal recorded them."""
    found = await entry_rows(db, cycle_id, ids)
    rows = {entry_id: row for entry_id, row in found.items() if visible(row)}
    await require_true_entries(db, cycle_id, rows.values())
    return rows


async def _named(
    db: AsyncSession, cycle_id: UUID, new: NewVerification, states: Collection[str]
) -> list[tuple[list[UUID], bool]]:
    """Return the entries that are named, or else all that wait, in as many parts as that many
    entries are named at most, each with whether it is the last: a part is an entry of the journal
    of its own.

    Whatever rests on one of them later compares the whole part with the journal.
    """
    if new.entry_ids is not None:
        return [(new.entry_ids, True)]
    ids = [entry_id for _, entry_id in await entries_in(db, cycle_id, states)]
    beginnings = range(0, max(1, len(ids)), MOST_NAMED)
    return [(ids[at : at + MOST_NAMED], at == beginnings[-1]) for at in beginnings]


_LEFT = ("left", "unchecked", "unsupported", "unsigned", "outdated")


def _together(moved: Sequence[MovedEntries]) -> MovedEntries:
    """Return what was moved part by part; the last receipt is of what came before as well."""
    told: dict[str, Any] = {name: Counter[str]() for name in _LEFT}
    for name, counted in told.items():
        for each in moved:
            counted.update(getattr(each, name))
    sums = {name: sum(getattr(each, name) for each in moved) for name in ("count", "own_cards")}
    return moved[-1].model_copy(update={**sums, **told})


def written_by(permit: Permission, row: LedgerEntryRow) -> bool:
    """Say whether an entry is the caller's to hand in, to change or to take back.

    The accounts of a data source unit do so for one another; for a seat nobody does. What was
    entered for the performance office (cards) is the office's.
    """
    caller = permit.caller
    if row.author_unit == BY_OFFICE:
        return permit.allows((), OPEN)
    relation, own = NAMED_SOURCE, True
    if row.panel is not None:
        relation, own = SEAT, row.author == caller.subject
    return row.author_unit == caller.organisation and own and permit.allows({relation}, OPEN)


async def _decider(db: AsyncSession, cycle_id: UUID, permit: Permission, scheme: Scheme) -> Decider:
    """Lock the ledger and return who decides."""
    await hold_ledger(db, cycle_id, permit, _deciding(permit, scheme))
    return decider_of(permit, scheme)


def _deciding(permit: Permission, scheme: Scheme) -> set[str]:
    """Return the relations by which the caller's unit decides, because the scheme names it."""
    unit = permit.caller.organisation
    relations = {SECOND_BODY} if unit in {each.body for each in scheme.recusals} else set[str]()
    if unit is not None and Reviewers(scheme).cells_of(unit):
        relations.add(REVIEWER)
    return relations


def decider_of(permit: Permission, scheme: Scheme) -> Decider:
    """Return the caller as who decides about entries of an open ledger: the performance office, a
    second body, or the unit that reviews first."""
    caller, relations = permit.caller, _deciding(permit, scheme)
    return Decider(
        caller.person,
        caller.organisation,
        {each.unit: each.body for each in scheme.recusals},
        Reviewers(scheme),
        office=permit.allows((), OPEN),
        stands_in=permit.allows(relations & {SECOND_BODY}, OPEN),
        reviews=permit.allows(relations & {REVIEWER}, OPEN),
    )


def _within(decider: Decider, row: LedgerEntryRow) -> bool:
    """Say whether an entry is visible to the decider: the office sees all, who reviews first what
    has been handed in, also what has been decided on since."""
    if decider.office or decider.decides(row.unit):
        return True
    named = decider.reviewers.of(row.unit, row.indicator, row.author_unit)
    handed_in = row.state not in KEPT_BACK
    return decider.reviews and handed_in and named is not None and named == decider.unit


@dataclass(frozen=True, slots=True)
class Left:
    """How many entries are left to whom: to each second body, to who reviews them first, and to the
    units that entered them and have something to do first, by what that is; and for cards to
    another person."""

    to_bodies: Mapping[str, int] = field(default_factory=dict)
    unchecked: Mapping[str, int] = field(default_factory=dict)
    wanting: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    own_cards: int = 0

    @property
    def told(self) -> dict[str, Any]:
        """The numbers by the names under which they are told."""
        return {
            "own_cards": self.own_cards,
            "left": dict(self.to_bodies),
            "unchecked": dict(self.unchecked),
            **{name: dict(self.wanting.get(name, {})) for name in _WANTING},
        }


_WANTING = ("unsupported", "unsigned", "outdated")
_Wanting = Mapping[str, Mapping[UUID, str]]
"""Which entries cannot be accepted yet, with who entered them, by what they want."""


def _own_to_decide(
    found: Mapping[UUID, EntryStanding], decider: Decider, wants: _Wanting
) -> tuple[list[UUID], Left]:
    """Return what is the caller's to accept now, and what is left to others."""
    ids, bodies, unchecked, own_cards = list[UUID](), Counter[str](), Counter[str](), 0
    wanting = {name: Counter[str]() for name in _WANTING}
    for entry_id, standing in found.items():
        lacks = next((name for name in _WANTING if entry_id in wants[name]), None)
        of_office = standing.persons | standing.deciders
        if standing.author_unit == BY_OFFICE and persons.is_among(decider.person, of_office):
            own_cards += 1
        elif not decider.decides(standing.unit):
            bodies[decider.recusals[standing.unit]] += 1
        elif (named := decider.reviewer_of(standing)) is not None:
            unchecked[named] += 1
        elif lacks is not None:
            wanting[lacks][wants[lacks][entry_id]] += 1
        else:
            ids.append(entry_id)
    return ids, Left(bodies, unchecked, wanting, own_cards)


def _wanting_faults(ids: Sequence[UUID], wants: _Wanting) -> list[Fault]:
    return [
        *evidence_faults(ids, wants["unsupported"]),
        *unsigned_faults(ids, wants["unsigned"]),
        *outdated_faults(ids, wants["outdated"]),
    ]


async def _outdated(
    db: AsyncSession, cycle_id: UUID, rows: Mapping[UUID, LedgerEntryRow]
) -> dict[UUID, str]:
    """Return which of the entries were taken over from one that stands no longer, with who entered
    them."""
    outdated = await outdated_among(db, cycle_id, rows)
    return {each: rows[each].author_unit for each in outdated}


async def _lacking_evidence(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, rows: Mapping[UUID, LedgerEntryRow]
) -> dict[UUID, str]:
    """Return which of the entries lack the evidence that they want, with who entered them."""
    support = Support(scheme)
    if not support.is_wanted:
        return {}
    wanting = {each: row.author_unit for each, row in rows.items() if support.wants(row)}
    backed = await backed_entries(db, cycle_id, wanting)
    return {each: unit for each, unit in wanting.items() if each not in backed}


async def _unsigned(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, rows: Mapping[UUID, LedgerEntryRow]
) -> dict[UUID, str]:
    """Return which of the entries lack the signature that they want, with who entered them."""
    signing = Signing(scheme)
    wanting = {each: row.author_unit for each, row in rows.items() if signing.wants(row)}
    signed = await signed_entries(db, cycle_id, wanting) if wanting else set[UUID]()
    return {each: unit for each, unit in wanting.items() if each not in signed}


async def _misfits(
    db: AsyncSession,
    cycle_id: UUID,
    scheme: Scheme,
    ids: Sequence[UUID],
    rows: Mapping[UUID, LedgerEntryRow],
    to: str,
) -> list[Fault]:
    """Return which entries no score would read, now that they are to become `to`.

    The scheme may have changed since they were entered, and others may have come before them.
    """
    entries = {n: rows[each] for n, each in enumerate(ids) if each in rows}
    written = {n: row for n, row in entries.items() if row.kind != REVERSAL}
    drafts = {n: draft_of(row) for n, row in written.items()}
    authors = {n: author_of(row) for n, row in written.items()}
    sat = await sittings(db, cycle_id, drafts.values())
    stored = await entries_beside(db, cycle_id, drafts.values(), scheme)
    if to == VERIFIED:
        stored = _counting_beside({*ids}, stored)
    leaving = {row.restates for row in entries.values() if row.restates}
    # In a thread: a whole year may be verified at once, and others must not wait.
    return await asyncio.to_thread(misfits, drafts, scheme, stored, authors, sat, leaving)


def _counting_beside(verified: Set[UUID], stored: Iterable[StoredEntry]) -> list[StoredEntry]:
    """Return what counts once these are verified: of the reversals only those among them.

    Others that were handed in wait, and have to fit beside these when their turn comes.
    """
    return [
        each
        for each in stored
        if (each.entry_id in verified if each.kind == REVERSAL else each.state not in WAITING)
    ]


async def _record_transition(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    rows: Mapping[UUID, LedgerEntryRow],
    ids: Sequence[UUID],
    state: str,
    reason: str | None = None,
    left: Left | None = None,
    *,
    last: bool = True,
) -> MovedEntries:
    caller, left = permit.caller, left or Left()
    count = await move_entries(db, cycle_id, ids, state, caller.subject, reason, caller.person)
    told: dict[str, Any] = {"entry_ids": sorted(map(str, ids)), "state": state, "reason": reason}
    told |= about_rows(rows[each] for each in ids)
    kept = left.told
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event=f"scoring.entries-{state}",
        body=told | {name: each for name, each in kept.items() if each},
        last=last,
    )
    return MovedEntries(state=state, count=count, **kept, receipt=receipt)


async def take_out(db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID], actor: str) -> None:
    """Void the entries that reversals and restatements among `ids` take out."""
    row = looked_up(cycle_id, ids)
    # Read first and then named: a join of the ledger with itself is planned by what is guessed of
    # its size, and can take the square of it.
    former = func.coalesce(row.reverses, row.restates)
    wanted = select(former).where(former.is_not(None))
    if taken_out := list(await db.scalars(wanted)):
        await move_entries(db, cycle_id, taken_out, VOIDED, actor)


def draft_of(row: LedgerEntryRow) -> Draft:
    """Return a stored entry as the rules look at one that is handed in."""
    return Draft(
        row.unit,
        row.indicator,
        row.kind,
        row.key,
        row.item,
        row.period,
        row.value,
        row.word,
        row.note,
        row.occurred_on,
        row.panel,
        row.source_ref,
        **{name: getattr(row, name) for name in OF_A_DOCUMENT},
        stands_in=row.item == LAST_YEAR,
    )


def author_of(row: LedgerEntryRow) -> Author:
    """Return who wrote a stored entry."""
    return Author(row.author_unit, row.author, row.author_person)
