"""The approval chain: merged by the office, reviewed by the committee, decided by its superior.

A scheme may have a chain of its own; its steps are taken at `steps`, whatever they are called.
"""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.conditions import IfMatch, Precondition
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing, Text
from ranking.api.evidence import NewestEvidence, gather_newest
from ranking.api.noticed import require_noticed
from ranking.api.rankings import WHERE_GIVEN, Ranking, all_reports, digests_of, ranking_before
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import (
    NoSuchRanking,
    Number,
    PreviousRankingMissing,
    approvals_of,
    chain_of,
    earlier_ranks,
    earlier_vetoes,
    find_ranking,
    hold_cycle,
    state_of,
    steps_of,
)
from ranking.rules.approval import (
    LedgerStillOpen,
    NoSuchStep,
    RankingOutdated,
    RoleNotOfStep,
    SamePersonTwice,
    SheetNotFedBack,
    StepOutOfOrder,
    TakenAtSteps,
    advance,
    refuse_another_chain,
    refuse_changed,
    refuse_outdated,
    refuse_own_chain,
    refuse_unscored,
    refuse_unsettled,
    refuse_untold,
)
from ranking.rules.chain import State, Word, holding
from ranking.rules.interest import (
    DeciderBarred,
    check_interest,
    check_office,
    relations_of,
    second_bodies,
)
from ranking.rules.marks import VetoedTotalMissing
from ranking.rules.notices import (
    NoticeMissing,
    NoticeOpen,
    ObjectionsUnanswered,
    ObjectionUpheld,
)
from ranking.rules.reports import ReportsUndecided, refuse_undecided
from ranking.rules.results import differing
from ranking.rules.scheme import Scheme, UnknownCategory
from ranking.rules.sheet import SheetIncomplete, SheetOfAnotherScheme
from ranking.rules.vetoes import TooManyVetoedBlocks
from ranking.tables import ApprovalRow, RankingRow

router = Router(prefix="/cycles/{cycle_id}/rankings/{edition}", tags=["approvals"])

refusals = (
    DeciderBarred,
    NoSuchRanking,
    NoSuchStep,
    NoticeMissing,
    NoticeOpen,
    ObjectionsUnanswered,
    ObjectionUpheld,
    PeerDown,
    PeerMissing,
    PeerRefused,
    RankingOutdated,
    ReportsUndecided,
    RoleNotOfStep,
    SamePersonTwice,
    StepOutOfOrder,
    StoredDataAltered,
    TakenAtSteps,
)
unsettled = (
    LedgerStillOpen,
    SheetNotFedBack,
    PreviousRankingMissing,
    SheetIncomplete,
    SheetOfAnotherScheme,
    TooManyVetoedBlocks,
    UnknownCategory,
    VetoedTotalMissing,
)
"""What a step by the office may meet besides: it asks whether the edition is still true."""


class NewStep(Incoming):
    """What the person who takes a step has to say about it, if anything."""

    note: Text | None = None


class Approval(Outgoing):
    """A step of the chain, who took it, and when by the database's clock.

    A step in the usual chain says no more. `word` is `sent_back` or `entered` where it is not an
    approval, `behind` the person in whose place it was said, `basis` what it rests on.
    """

    step: str
    subject: str
    taken_at: dt.datetime
    word: Annotated[Word | None, WHERE_GIVEN] = None
    sent_back_to: Annotated[str | None, WHERE_GIVEN] = None
    reason: Annotated[str | None, WHERE_GIVEN] = None
    behind: Annotated[str | None, WHERE_GIVEN] = None
    basis: Annotated[dict[str, Any] | None, WHERE_GIVEN] = None


class StepTaken(Outgoing):
    """The state that an edition has reached, and all steps that led there."""

    edition: int
    category: str
    state: State
    digest: str
    approvals: list[Approval]
    receipt: Receipt | None


@router.post("/merge", status_code=201, responses=documents(*refusals, *unsettled))
async def merge_ranking(
    cycle_id: UUID,
    edition: Number,
    new: NewStep,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> StepTaken:
    """Hand the edition to the committee: the performance office answers for it; where it is barred
    from the category, the body that the scheme names does.

    The ledger must have been sealed, and the newest score sheet must rest on all that is known and
    give every unit the same result.
    """
    newest = await newest_of(reading, ask, cycle_id, edition)
    scheme = newest.evidence.published.scheme
    return await _take(db, permit, cycle_id, edition, "merge", new, same, scheme, newest)


@router.post("/review", status_code=201, responses=documents(*refusals))
async def review_ranking(
    cycle_id: UUID,
    edition: Number,
    new: NewStep,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> StepTaken:
    """Record that the committee has examined the edition."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    return await _take(db, permit, cycle_id, edition, "review", new, same, scheme)


@router.post("/decision", status_code=201, responses=documents(*refusals))
async def decide_ranking(
    cycle_id: UUID,
    edition: Number,
    new: NewStep,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> StepTaken:
    """Record that the standing committee has approved the edition."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    return await _take(db, permit, cycle_id, edition, "decision", new, same, scheme)


async def newest_of(
    reading: AsyncSession, ask: Peers, cycle_id: UUID, edition: int
) -> NewestEvidence:
    """Read what the edition's category would be ranked by now."""
    row = await find_ranking(reading, cycle_id, edition)
    await reading.close()  # no connection waits for other services
    return await gather_newest(ask, cycle_id, row.category, row.score_sheet_edition)


async def _take(
    db: AsyncSession,
    permit: Permit,
    cycle_id: UUID,
    edition: int,
    step: str,
    new: NewStep,
    same: IfMatch,
    scheme: Scheme,
    newest: NewestEvidence | None = None,
) -> StepTaken:
    row, approvals = await take_step(db, permit, cycle_id, edition, step, new, same, scheme, newest)
    return step_taken(row, approvals, await record_step(db, permit, row, approvals[-1]))


def step_taken(row: RankingRow, approvals: list[ApprovalRow], receipt: Receipt | None) -> StepTaken:
    """Return how an edition stands after these approvals."""
    return StepTaken(
        edition=row.edition,
        category=row.category,
        state=state_of(row, approvals),
        digest=row.digest,
        approvals=[approval_of(each) for each in approvals],
        receipt=receipt,
    )


def approval_of(row: ApprovalRow) -> Approval:
    """Return what was said in a step; of a plain approval its word is not told."""
    found = Approval.model_validate(row)
    return found.model_copy(update={"word": None}) if row.word == "approved" else found


def that_hold(row: RankingRow, approvals: list[ApprovalRow]) -> list[ApprovalRow]:
    """Return the approvals that no return of the edition has taken back."""
    return [approvals[n] for n in holding(chain_of(row), steps_of(approvals))]


async def take_step(
    db: AsyncSession,
    permit: Permit,
    cycle_id: UUID,
    edition: int,
    step: str,
    new: NewStep,
    same: IfMatch,
    scheme: Scheme,
    newest: NewestEvidence | None = None,
) -> tuple[RankingRow, list[ApprovalRow]]:
    """Add a step to the chain of an edition; return the edition and all that was said of it.

    The cycle is held first: of two people who take the same step at once, the second finds it
    taken, and nothing is reported in between. Whoever takes a step stands by all that is known;
    `newest` is what the category would be ranked by now, for those steps that ask for it.
    """
    row, approvals = await held_edition(db, cycle_id, edition)
    caller = permit.caller
    bodies, competing = competing_of(row, newest)
    if bodies:  # the office's steps; no second body takes another's
        check_office(bodies, caller.organisation, caller.roles)
    check_interest(competing, caller.organisation)
    await require_same(same, row, approvals)
    refuse_own_chain(step, own=row.chain is not None)
    taken, chain = steps_of(approvals), chain_of(row)
    after = advance(taken, step, caller.person, caller.roles, recused=bool(bodies), chain=chain)
    permit.require(relations_of(bodies, caller.organisation), state_of(row, approvals))
    await require_noticed(db, row, scheme.notice, approvals)
    await refuse_untrue(db, row, newest)
    said = ApprovalRow(
        cycle_id=cycle_id,
        edition=edition,
        step=step,
        number=len(approvals) + 1,
        word="approved",
        state=after,
        subject=caller.subject,
        person=caller.person,
        note=new.note,
    )
    db.add(said)
    await db.flush()
    return row, [*approvals, said]


async def held_edition(
    db: AsyncSession, cycle_id: UUID, edition: int
) -> tuple[RankingRow, list[ApprovalRow]]:
    """Return an edition and all that was said of it, of which nobody else says anything until the
    transaction ends."""
    await hold_cycle(db, cycle_id)
    await journal.require_whole(db, str(cycle_id))
    row = await find_ranking(db, cycle_id, edition)
    return row, (await approvals_of(db, cycle_id, [edition]))[edition]


def competing_of(row: RankingRow, newest: NewestEvidence | None) -> tuple[frozenset[str], set[str]]:
    """Return who takes the office's place, nobody mostly, and the units that compete in a category:
    those that were ranked, and where the newest is known those that are in it now."""
    units = {result.unit for result in row.units}
    if newest is None:
        return frozenset(), units
    units |= set(newest.evidence.category.units)
    return second_bodies(newest.evidence.published.scheme, units), units


async def require_same(same: IfMatch, row: RankingRow, approvals: list[ApprovalRow]) -> None:
    """Refuse a step on an edition that went forward or back since the caller read it."""

    async def as_read() -> Ranking:
        return ranking_before(row, approvals)

    await same.require(as_read)


async def refuse_untrue(db: AsyncSession, row: RankingRow, newest: NewestEvidence | None) -> None:
    """Refuse an edition that no longer says what is known."""
    reports = await all_reports(db, row.cycle_id, [result.unit for result in row.units])
    refuse_undecided({"veto": reports[0], "demotion": reports[1]})
    refuse_outdated(row.digests, digests_of(*reports))
    if newest is None:
        return
    found = newest.evidence
    own = found.published.scheme.approval
    refuse_another_chain(chain_of(row), own.steps if own else None)
    refuse_untold(row.score_sheet_edition, fed_back=newest.fed_back)
    refuse_unsettled(newest.ledger_phases)
    refuse_unscored(found.sheet.edition, newest.changed)
    last = await earlier_ranks(db, found.earlier, row.category)
    before = await earlier_vetoes(db, found.published.scheme, found.successions)
    now = found.results(*reports, last.ranks, before.of)
    refuse_changed(found.sheet.edition, differing(row.units, now))


async def record_step(
    db: AsyncSession, permit: Permit, row: RankingRow, taken: ApprovalRow, **more: object
) -> Receipt | None:
    """Put a step on record in the journal, with the digest of what it was taken on."""
    return await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=f"ranking.{taken.step}",
        body={"edition": row.edition, "digest": row.digest, "note": taken.note, **more},
    )
