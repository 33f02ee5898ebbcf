"""SQL that deserves a name: the lock that numbers a cycle's rows, and what a chain has seen."""

import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Path
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Date, case, cast, exists, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from chassis import journal
from chassis.pages import PageRequest
from chassis.refusals import Conflict, Missing
from chassis.stored import require_intact
from ranking.rules.approval import CHAIN
from ranking.rules.chain import USUAL, ChainStep, State, TakenStep, holding, state_after
from ranking.rules.delegations import Delegation
from ranking.rules.demotions import PlaceInList
from ranking.rules.lineage import Lineage, Succession, concerning
from ranking.rules.reports import Report, ReportKind, ReportState
from ranking.rules.scheme import Scheme
from ranking.rules.vetoes import EarlierVetoes, carried_on
from ranking.tables import (
    ApprovalRow,
    ConsequenceRow,
    DelegationRow,
    DemotionRow,
    RankingRow,
    ReleaseInstantRow,
    ReleaseRow,
    ReportStepRow,
    VetoRow,
)

LARGEST = 2**31 - 1
"""The largest number that an edition, a release or a report can have."""

Number = Annotated[int, Path(ge=1, le=LARGEST)]
"""The number of an edition or a release, from 1."""

Row = TypeVar("Row", VetoRow, DemotionRow)

_ORDER = {step: place for place, step in enumerate(CHAIN)}


class NoSuchRanking(Missing):
    """The cycle has no ranking of this edition."""

    zh = "本评估年度没有该版次的排名。"
    remedy = (
        "Look the edition up in the list of rankings.",
        "请在排名版次清单中查对版次。",
    )


class NoSuchRelease(Missing):
    """The cycle has no release of this number."""

    zh = "本评估年度没有该编号的公布稿。"
    remedy = (
        "Look the number up in the list of releases.",
        "请在公布稿清单中查对编号。",
    )


class PreviousRankingMissing(Conflict):
    """Last year's ranks tell equal totals apart, or its vetoes count, and it has released none."""

    zh = "方案用到上年的名次或一票否决，但上年尚未公布任何排名。"
    remedy = (
        "Publish last year's ranking first, or leave last year out of the scheme.",
        "请先公布上年排名，或在方案中不再引用上年。",
    )


async def hold_cycle(db: AsyncSession, cycle_id: UUID) -> None:
    """Let no other command of this cycle past here until the transaction ends.

    The tables are append-only for the service's role, so no row of them can be locked; the lock
    also covers the numbers that are given out next.
    """
    key = func.hashtext("cycle"), func.hashtext(str(cycle_id))
    await db.execute(select(func.pg_advisory_xact_lock(*key)))


async def free_number(
    db: AsyncSession, table: type[Row] | type[ConsequenceRow], cycle_id: UUID
) -> int:
    """Return a number that no report of its kind has in the cycle, drawn by lot.

    Who reports is told it, and must not learn from it how much others have reported.
    """
    while True:
        number = 1 + secrets.randbelow(LARGEST)
        if await db.get(table, (cycle_id, number)) is None:
            return number


def reported_after(
    table: type[Row], page: PageRequest, readable: Sequence[ColumnElement[bool]]
) -> list[ColumnElement[bool]]:
    """Return the condition that reports came after the one that a page begins after.

    One that the caller may not read is no place to begin.
    """
    if page.after is None:
        return []
    begin = select(table.reported_at).where(*readable, table.number == after_number(page))
    at = begin.correlate(None).scalar_subquery()
    return [
        or_(at.is_(None), tuple_(table.reported_at, table.number) > tuple_(at, after_number(page)))
    ]


async def next_number(db: AsyncSession, column: InstrumentedAttribute[int], cycle_id: UUID) -> int:
    """Return one more than the largest number of that column in the cycle, or 1."""
    owner = column.class_.cycle_id
    last = await db.scalar(select(func.max(column)).where(owner == cycle_id))
    return (last or 0) + 1


def after_number(page: PageRequest) -> int:
    """Return the number after which a page begins, no larger than the columns can hold."""
    return min(page.after_number, LARGEST)


async def find_ranking(db: AsyncSession, cycle_id: UUID, edition: int) -> RankingRow:
    """Return an edition; raise `NoSuchRanking` when there is none."""
    row = await db.get(RankingRow, (cycle_id, edition))
    if row is None:
        raise NoSuchRanking(
            f"There is no edition {edition}.", f"没有第{edition}版。", edition=edition
        )
    await require_intact(db, str(cycle_id), "ranking", records=[row.record])
    return row


async def approvals_of(
    db: AsyncSession, cycle_id: UUID, editions: Collection[int]
) -> dict[int, list[ApprovalRow]]:
    """Return what was said in the chain of each edition, in the order in which it was said."""
    found = await db.scalars(
        select(ApprovalRow).where(
            ApprovalRow.cycle_id == cycle_id, ApprovalRow.edition.in_(editions)
        )
    )
    await require_intact(db, str(cycle_id), "approval")
    taken: dict[int, list[ApprovalRow]] = {edition: [] for edition in editions}
    for approval in sorted(found, key=_when):
        taken[approval.edition].append(approval)
    return taken


def _when(row: ApprovalRow) -> tuple[int, int]:
    # Rows of early days all have the number 1, and are of the usual chain.
    return row.number, _ORDER.get(row.step, len(_ORDER))


def steps_of(approvals: Collection[ApprovalRow]) -> list[TakenStep]:
    """Return approvals as the rules of the chain see them."""
    return [
        TakenStep(each.step, each.person or each.subject, each.word, each.sent_back_to, each.behind)
        for each in approvals
    ]


_STEPS = TypeAdapter(tuple[ChainStep, ...])


def chain_of(row: RankingRow) -> Sequence[ChainStep]:
    """Return the chain of an edition: the one that its scheme asked for, or the usual one."""
    return USUAL if row.chain is None else _STEPS.validate_python(row.chain)


def state_of(row: RankingRow, approvals: Collection[ApprovalRow]) -> State:
    """Return the state of an edition with these approvals, given in their order."""
    return state_after(steps_of(approvals), chain_of(row))


def last_held(row: RankingRow, approvals: Sequence[ApprovalRow]) -> tuple[str | None, int]:
    """Return the step that holds last, and how much had been said when it was taken."""
    held = holding(chain_of(row), steps_of(approvals))
    return (approvals[held[-1]].step, held[-1] + 1) if held else (None, 0)


def in_states(states: Collection[State]) -> ColumnElement[bool]:
    """Return the condition that an edition is in one of these states, as `states_of` tells it."""
    step, named = ApprovalRow.step, list(CHAIN)
    place = case({each: n for n, each in enumerate(named)}, value=step)
    ends = {each: CHAIN[each].after for each in named}
    latest = (
        select(func.coalesce(ApprovalRow.state, case(ends, value=step)))
        .where(
            ApprovalRow.cycle_id == RankingRow.cycle_id, ApprovalRow.edition == RankingRow.edition
        )
        .order_by(ApprovalRow.number.desc(), place.desc())
        .limit(1)
        .scalar_subquery()
    )
    state = case(
        (is_released(held=True), "embargoed"),
        (latest.is_(None), "ranked"),
        else_=latest,
    )
    return state.in_(states)


def reports_in(table: type[Row], states: Collection[ReportState]) -> ColumnElement[bool]:
    """Return the condition that reports are in one of these states, as `state_of_report` tells."""
    row = ReportStepRow
    latest = (
        select(row.state)
        .where(
            row.cycle_id == table.cycle_id, row.kind == kind_of(table), row.number == table.number
        )
        .order_by(row.step.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(latest, "reported").in_(states)


def came(table: type[Row]) -> tuple[InstrumentedAttribute[Any], ...]:
    """Return what reports are sorted by to stand in the order in which they came."""
    return table.reported_at, table.number


def kind_of(table: type[VetoRow] | type[DemotionRow]) -> ReportKind:
    """Return which kind of reports a table holds."""
    return "veto" if table is VetoRow else "demotion"


async def steps_of_reports(
    db: AsyncSession,
    kind: ReportKind,
    cycle_id: UUID,
    numbers: Collection[int] | None = None,
    until: dt.datetime | None = None,
) -> dict[int, list[ReportStepRow]]:
    """Return the steps of reports by their number, first to last: of some, or of all, by now or by
    an earlier moment."""
    await require_intact(db, str(cycle_id), "report_step")
    query = select(ReportStepRow).where(
        ReportStepRow.cycle_id == cycle_id, ReportStepRow.kind == kind
    )
    if numbers is not None:
        query = query.where(ReportStepRow.number.in_(numbers))
    if until is not None:
        query = query.where(ReportStepRow.taken_at <= until)
    steps: dict[int, list[ReportStepRow]] = {}
    for row in await db.scalars(query.order_by(ReportStepRow.number, ReportStepRow.step)):
        steps.setdefault(row.number, []).append(row)
    return steps


def state_of_report(steps: Collection[ReportStepRow]) -> ReportState:
    """Return the state of a report after these steps."""
    return list(steps)[-1].state if steps else "reported"


def place_of(row: VetoRow | DemotionRow) -> PlaceInList | None:
    """Return the place in a superior's list that was reported, if one was."""
    if not isinstance(row, DemotionRow) or row.rank is None or row.list_size is None:
        return None
    return PlaceInList(row.rank, row.list_size)


_LATEST = aliased(ReleaseInstantRow)


def _holds() -> ColumnElement[bool]:
    """Say that an instant of a release is the one that holds: the one named last."""
    row = ReleaseInstantRow
    later = _LATEST.cycle_id == row.cycle_id, _LATEST.release == row.release
    return ~exists().where(*later, _LATEST.step > row.step)


def is_held(of: type[ReleaseRow] = ReleaseRow) -> ColumnElement[bool]:
    """Return the condition that a release waits for its instant."""
    row = ReleaseInstantRow
    named = exists().where(row.cycle_id == of.cycle_id, row.release == of.release)
    return named.where(_holds(), row.public_from > func.now())


def public_from() -> ColumnElement[dt.datetime]:
    """Return the instant of a release, null where it was published at once."""
    row = ReleaseInstantRow
    of = row.cycle_id == ReleaseRow.cycle_id, row.release == ReleaseRow.release
    return select(row.public_from).where(*of, _holds()).scalar_subquery()


_NEXT = aliased(ReleaseRow)


def corrected_by() -> ColumnElement[int]:
    """Return which public release corrects a release, null while none does."""
    of = _NEXT.cycle_id == ReleaseRow.cycle_id, _NEXT.predecessor == ReleaseRow.release
    return select(func.min(_NEXT.release)).where(*of, ~is_held(_NEXT)).scalar_subquery()


def is_released(*, held: bool) -> ColumnElement[bool]:
    """Return the condition that an edition has been released, and is `held` or public."""
    return exists().where(
        ReleaseRow.cycle_id == RankingRow.cycle_id,
        ReleaseRow.edition == RankingRow.edition,
        is_held() if held else ~is_held(),
    )


async def states_of(
    db: AsyncSession, cycle_id: UUID, rows: Collection[RankingRow]
) -> dict[int, State]:
    """Return the states of editions: one that was published and waits for its instant is under
    embargo."""
    editions = [row.edition for row in rows]
    approvals = await approvals_of(db, cycle_id, editions)
    states = {row.edition: state_of(row, approvals[row.edition]) for row in rows}
    if "published" not in states.values():
        return states
    await require_intact(db, str(cycle_id), "release_instant")
    held = select(ReleaseRow.edition).where(
        ReleaseRow.cycle_id == cycle_id, ReleaseRow.edition.in_(editions), is_held()
    )
    return states | dict.fromkeys(await db.scalars(held), "embargoed")


def _last_day_of(row: VetoRow | DemotionRow) -> dt.date | None:
    return row.expires_on if isinstance(row, VetoRow) else None


@dataclass(frozen=True, slots=True)
class EarlierRanks:
    """Last year's ranks by unit, and the digest of the release that gave them, if there is one."""

    ranks: Mapping[str, int] = field(default_factory=dict)
    digest: str | None = None


async def earlier_ranks(db: AsyncSession, cycle_id: UUID | None, category: str) -> EarlierRanks:
    """Return the ranks of a category in the newest release of another cycle.

    A category that was not released there has none; a cycle that has released nothing is refused.
    Without a cycle nobody asks for them.
    """
    if cycle_id is None:
        return EarlierRanks()
    row = await newest_release(db, cycle_id, category)
    if row is None:
        released = exists().where(ReleaseRow.cycle_id == cycle_id, ~is_held())
        if await db.scalar(select(released)):
            return EarlierRanks()
        raise PreviousRankingMissing(
            f"Cycle {cycle_id} has released no ranking.",
            f"评估年度{cycle_id}没有已公布的排名。",
            previous_cycle=str(cycle_id),
        )
    units = row.document["units"]
    ranks = {one["unit"]: one["rank"] for one in units if one["rank"] is not None}
    return EarlierRanks(ranks, row.digest)


@dataclass(frozen=True, slots=True)
class VetoesBefore:
    """What last year's releases tell of vetoes, by unit of this year, the digest of what told it,
    and by which successions one carries on another's."""

    of: Mapping[str, EarlierVetoes] = field(default_factory=dict)
    digest: str | None = None
    successions: Sequence[Succession] = ()
    year: int = 0

    def digests(self, units: Iterable[str]) -> dict[str, str]:
        """Return the digests of what tells of these units, as a ranking names them."""
        if self.digest is None:
            return {}
        told = [each.told for each in concerning(units, self.successions, self.year)]
        return {"previous_vetoes": self.digest, "successions": journal.sha256(told)}


async def earlier_vetoes(
    db: AsyncSession, scheme: Scheme, successions: Sequence[Succession]
) -> VetoesBefore:
    """Return the vetoes that the newest release of each category of the cycle before tells, of each
    unit and of those that it goes on from; a cycle that has released nothing is refused. Without a
    cycle nobody asks."""
    cycle_id, year = scheme.vetoes.previous_cycle, scheme.assessment_year
    if cycle_id is None:
        return VetoesBefore()
    rows = await newest_releases(db, cycle_id)
    if not rows:
        raise PreviousRankingMissing(
            f"Cycle {cycle_id} has released no ranking.",
            f"评估年度{cycle_id}没有已公布的排名。",
            previous_cycle=str(cycle_id),
        )
    lines = [line for row in rows for line in row.document["units"]]
    lineage = Lineage(year, {line["unit"] for line in lines}, scheme.units, successions)
    digest = journal.sha256([row.digest for row in rows])
    return VetoesBefore(carried_on(_all_told(lines), lineage), digest, successions, year)


async def vetoes_so_far(
    db: AsyncSession, scheme: Scheme, successions: Sequence[Succession]
) -> VetoesBefore:
    """Return what `earlier_vetoes` does; nothing while the cycle before has released nothing."""
    try:
        return await earlier_vetoes(db, scheme, successions)
    except PreviousRankingMissing:
        return VetoesBefore()


def _all_told(lines: Iterable[Mapping[str, Any]]) -> dict[str, EarlierVetoes]:
    return {line["unit"]: _vetoes_told(line) for line in lines if "vetoes" in line or _TERM in line}


def _vetoes_told(line: Mapping[str, Any]) -> EarlierVetoes:
    told = {"vetoes": line.get("vetoes", ()), "in_term": line.get(_TERM, ())}
    return _VETOES.validate_python(told)


_TERM = "vetoes_in_term"
_VETOES = TypeAdapter(EarlierVetoes)


async def newest_releases(
    db: AsyncSession, cycle_id: UUID, until: dt.datetime | None = None
) -> Sequence[ReleaseRow]:
    """Return the newest public release of each category of a cycle, in the order of these, as they
    are now or were at an earlier moment."""
    of = ReleaseRow
    there = [of.cycle_id == cycle_id, ~is_held()]
    if until is not None:
        there += [of.published_at <= until, func.coalesce(public_from(), until) <= until]
    newest = select(of).where(*there).ext(distinct_on(of.category))
    rows = (await db.scalars(newest.order_by(of.category, of.release.desc()))).all()
    await require_releases(db, cycle_id, rows)
    return rows


async def newest_release(db: AsyncSession, cycle_id: UUID, category: str) -> ReleaseRow | None:
    """Return the newest public release of a category; None where there is none."""
    of = ReleaseRow
    query = select(of).where(of.cycle_id == cycle_id, of.category == category, ~is_held())
    row = await db.scalar(query.order_by(of.release.desc()).limit(1))
    await require_releases(db, cycle_id, [] if row is None else [row])
    return row


async def require_releases(db: AsyncSession, cycle_id: UUID, rows: Iterable[ReleaseRow]) -> None:
    """Refuse to go on if one of these releases was altered, or when any of the cycle is public."""
    chain = str(cycle_id)
    await require_intact(db, chain, "release", records=[row.record for row in rows])
    await require_intact(db, chain, "release_instant")


async def now(db: AsyncSession) -> dt.datetime:
    """Return the moment by the clock of the database; of a command that waited, the one by now."""
    moment: dt.datetime = (await db.scalars(select(func.clock_timestamp()))).one()
    return moment


async def today(db: AsyncSession, time_zone: str) -> dt.date:
    """Return the day in a scheme's time zone, by the clock of the database."""
    moment = func.timezone(time_zone, func.clock_timestamp())
    return (await db.scalars(select(cast(moment, Date)))).one()


async def reports_of(
    db: AsyncSession,
    table: type[Row],
    cycle_id: UUID,
    units: Collection[str] | None = None,
    until: dt.datetime | None = None,
) -> list[Report]:
    """Return what was reported of some units or of all, by now or by an earlier moment, in the
    order in which it came; what was refused never was."""
    await require_intact(db, str(cycle_id), table.__tablename__)
    query = select(table).where(table.cycle_id == cycle_id).order_by(*came(table))
    if units is not None:
        query = query.where(table.unit.in_(units))
    if until is not None:
        query = query.where(table.reported_at <= until)
    rows = (await db.scalars(query)).all()
    steps = await steps_of_reports(db, kind_of(table), cycle_id, until=until)
    found = [
        Report(
            row.unit,
            row.code,
            row.document_no,
            row.decided_on,
            row.note,
            state_of_report(steps.get(row.number, ())),
            place_of(row),
            _last_day_of(row),
        )
        for row in rows
    ]
    return [report for report in found if report.state != "refused"]


async def delegations_of(db: AsyncSession, cycle_id: UUID) -> list[Delegation]:
    """Return the delegations of a cycle, in the order in which they were given."""
    row = DelegationRow
    found = await db.scalars(select(row).where(row.cycle_id == cycle_id).order_by(row.number))
    await require_intact(db, str(cycle_id), "delegation")
    return [
        Delegation(
            each.number,
            each.person,
            each.unit,
            each.role,
            each.delegate,
            tuple(each.steps),
            each.until,
        )
        for each in found
    ]
