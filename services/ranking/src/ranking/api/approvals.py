"""The approval chain: merged by the office, reviewed by the committee, decided by its superior."""

import datetime as dt
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
from ranking.api.rankings import Ranking, all_reports, digests_of, ranking_of
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import (
    NoSuchRanking,
    Number,
    PreviousRankingMissing,
    approvals_of,
    earlier_ranks,
    earlier_vetoes,
    find_ranking,
    hold_cycle,
    state_of,
    steps_of,
)
from ranking.rules.approval import (
    LedgerStillOpen,
    RankingOutdated,
    RoleNotOfStep,
    SamePersonTwice,
    SheetNotFedBack,
    State,
    StepName,
    StepOutOfOrder,
    advance,
    refuse_changed,
    refuse_outdated,
    refuse_unscored,
    refuse_unsettled,
    refuse_untold,
)
from ranking.rules.interest import (
    DeciderBarred,
    check_interest,
    check_office,
    relations_of,
    second_bodies,
)
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
from ranking.tables import ApprovalRow, RankingRow

router = Router(prefix="/cycles/{cycle_id}/rankings/{edition}", tags=["approvals"])

refusals = (
    DeciderBarred,
    NoSuchRanking,
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
)
unsettled = (
    LedgerStillOpen,
    SheetNotFedBack,
    PreviousRankingMissing,
    SheetIncomplete,
    SheetOfAnotherScheme,
    UnknownCategory,
)
"""What a step by the office may meet besides: it asks whether the edition is still true."""


class NewStep(Incoming):
    """What the person who takes a step has to say about it, if anything."""

    note: Text | None = None


class Approval(Outgoing):
    """A step of the chain, who took it, and when by the database's clock."""

    step: StepName
    subject: str
    taken_at: dt.datetime


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
    step: StepName,
    new: NewStep,
    same: IfMatch,
    scheme: Scheme,
    newest: NewestEvidence | None = None,
) -> StepTaken:
    row, approvals = await take_step(db, permit, cycle_id, edition, step, new, same, scheme, newest)
    receipt = await record_step(db, permit, row, approvals[-1])
    return StepTaken(
        edition=edition,
        category=row.category,
        state=state_of(approvals),
        digest=row.digest,
        approvals=[Approval.model_validate(each) for each in approvals],
        receipt=receipt,
    )


async def take_step(
    db: AsyncSession,
    permit: Permit,
    cycle_id: UUID,
    edition: int,
    step: StepName,
    new: NewStep,
    same: IfMatch,
    scheme: Scheme,
    newest: NewestEvidence | None = None,
) -> tuple[RankingRow, list[ApprovalRow]]:
    """Add a step to the chain of an edition; return the edition and all its steps.

    The cycle is held first: of two people who take the same step at once, the second finds it
    taken, and nothing is reported in between. Whoever takes a step stands by all that is known;
    `newest` is what the category would be ranked by now, for those steps that ask for it.
    """
    await hold_cycle(db, cycle_id)
    await journal.require_whole(db, str(cycle_id))
    row = await find_ranking(db, cycle_id, edition)
    approvals = (await approvals_of(db, cycle_id, [edition]))[edition]
    caller = permit.caller
    units = [result.unit for result in row.units]
    bodies, competing = frozenset[str](), set(units)
    if newest is not None:  # the office's steps; no second body takes another's
        competing |= set(newest.evidence.category.units)
        bodies = second_bodies(scheme, competing)
        check_office(bodies, caller.organisation, caller.roles)
    check_interest(competing, caller.organisation)

    async def as_read() -> Ranking:
        return ranking_of(row, state_of(approvals))

    await same.require(as_read)
    advance(steps_of(approvals), step, caller.person, caller.roles, recused=bool(bodies))
    permit.require(relations_of(bodies, caller.organisation), state_of(approvals))
    await require_noticed(db, cycle_id, edition, scheme.notice, approvals)
    reports = await all_reports(db, cycle_id, units)
    refuse_undecided({"veto": reports[0], "demotion": reports[1]})
    refuse_outdated(row.digests, digests_of(*reports))
    if newest is not None:
        found = newest.evidence
        refuse_untold(row.score_sheet_edition, fed_back=newest.fed_back)
        refuse_unsettled(newest.ledger_phases)
        refuse_unscored(found.sheet.edition, newest.changed)
        last = await earlier_ranks(db, found.earlier, row.category)
        before = await earlier_vetoes(db, found.published.scheme.vetoes.previous_cycle)
        now = found.results(*reports, last.ranks, before.of)
        refuse_changed(found.sheet.edition, differing(row.units, now))

    taken = ApprovalRow(
        cycle_id=cycle_id,
        edition=edition,
        step=step,
        subject=caller.subject,
        person=caller.person,
        note=new.note,
    )
    db.add(taken)
    await db.flush()
    return row, [*approvals, taken]


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
