"""Questions about bonus and deduction claims, and how they stand."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Row,
    Select,
    Subquery,
    Text,
    case,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis import journal
from chassis.pages import PageRequest
from chassis.realm_rows import is_of
from chassis.spreading import unseen
from chassis.stored import require_intact
from scoring.rules.claims.awards import Award
from scoring.rules.claims.near import NearClaim
from scoring.rules.claims.states import CONFIRMED, HANDED_IN, ClaimStanding
from scoring.rules.corrections.correcting import ADDS, APPROVED
from scoring.rules.ledger.entries import SCORED_KINDS
from scoring.tables.claims import ClaimRow, ClaimStateRow, CountedAwardRow
from scoring.tables.corrections import CorrectionDecisionRow, CorrectionRow

Conditions = Sequence[ColumnElement[bool]]


async def in_order_of_arrival(
    db: AsyncSession, page: PageRequest, readable: Conditions, wanted: Conditions
) -> dict[UUID, dt.datetime]:
    """Return the claims of a page in the order in which they were handed in, and one more where
    others follow, each with the moment of that.

    They are ordered by a number that counts those of all cycles and units, so the page is known by
    an id. One that the caller may not read is refused like one that does not exist: its page would
    say where it lies among the caller's own.
    """
    row = ClaimRow
    query = select(row.claim_id, row.handed_in_at).where(*wanted).order_by(row.number)
    if page.after_id is not None:
        begin = await db.scalar(select(row.number).where(*readable, row.claim_id == page.after_id))
        if begin is None:
            raise page.no_such_place()
        query = query.where(row.number > begin)
    rows = await db.execute(query.limit(page.limit + 1))
    return {claim_id: moment for claim_id, moment in rows}  # noqa: C416 - dict() takes no typed Row


async def in_order_of_changes(
    db: AsyncSession, page: PageRequest, cycle_id: UUID, wanted: Conditions, since: dt.datetime
) -> dict[UUID, dt.datetime]:
    """Return the claims of a page that changed at a moment or later, in the order of these changes,
    and one more where others follow, each with the moment of its latest."""
    row, step = ClaimRow, ClaimStateRow
    latest = (
        select(step.record)
        .where(step.cycle_id == row.cycle_id, step.claim_id == row.claim_id)
        .order_by(step.step.desc())
        .limit(1)
        .correlate(row)
        .scalar_subquery()
    )
    moment = func.coalesce(journal.recorded_at(latest, str(cycle_id)), row.handed_in_at)
    place = page.after_change(since, UUID, UUID(int=0))
    query = select(row.claim_id, moment).where(*wanted).order_by(moment, row.claim_id)
    query = query.where(tuple_(moment, row.claim_id) > tuple_(*map(literal, place)))
    rows = await db.execute(query.limit(page.limit + 1))
    return {claim_id: when for claim_id, when in rows}  # noqa: C416 - dict() takes no typed Row


def asked_for(
    unit: str | None, kind: str | None, states: Collection[str] | None
) -> list[ColumnElement[bool]]:
    """Return the conditions that claims are of a unit, of a kind, and in one of some states."""
    row, step = ClaimRow, ClaimStateRow
    found: list[ColumnElement[bool]] = []
    if unit is not None:
        found.append(row.unit == unit)
    if kind is not None:
        found.append(row.kind == kind)
    if states:
        latest = (
            select(step.state)
            .where(step.cycle_id == row.cycle_id, step.claim_id == row.claim_id)
            .order_by(step.step.desc())
            .limit(1)
            .scalar_subquery()
        )
        found.append(func.coalesce(latest, HANDED_IN).in_(states))
    return found


async def unconfirmed_claims(db: AsyncSession, cycle_id: UUID) -> Sequence[Row[str, str, str]]:
    """Return the claims of a cycle that nobody has decided about, in the order of their numbers."""
    latest, claim = latest_states(ClaimStateRow.cycle_id == cycle_id), ClaimRow
    rows = await db.execute(
        select(claim.claim_no, claim.unit, claim.kind)
        .outerjoin(latest, latest.c.claim_id == claim.claim_id)
        .where(claim.cycle_id == cycle_id, func.coalesce(latest.c.state, HANDED_IN) == HANDED_IN)
        .order_by(claim.claim_no)
    )
    return rows.all()


async def author_units_of(db: AsyncSession, cycle_id: UUID, claim_id: UUID) -> set[str]:
    """Return the unit that handed a claim in, if a unit did."""
    of = ClaimRow.cycle_id == cycle_id, ClaimRow.claim_id == claim_id
    found = await db.scalars(select(ClaimRow.author_unit).where(*of))
    return {each for each in found if each is not None}


async def hands_of_filing(db: AsyncSession, cycle_id: UUID, claim_id: UUID) -> set[str]:
    """Return who handed a claim in, or what was filed together with it, answered for a unit of it,
    or decided about it."""
    row, mine, step = ClaimRow, aliased(ClaimRow), ClaimStateRow
    of = row.cycle_id == cycle_id
    led = select(mine.filed_with).where(mine.cycle_id == cycle_id, mine.claim_id == claim_id)
    together = of & or_(row.claim_id == claim_id, row.filed_with == led.scalar_subquery())
    authors = await db.scalars(select(row.author_person).where(together))
    same = (step.cycle_id == row.cycle_id) & (step.claim_id == row.claim_id)
    moved = await db.scalars(select(step.person).join(row, same).where(together).distinct())
    await require_intact(db, str(cycle_id), "claim", "claim_state")
    return {*authors, *moved}


async def claims_near(
    db: AsyncSession, awards: Collection[Award], whose: str | None
) -> list[NearClaim]:
    """Return the claims of all cycles of a jurisdiction, or of none, on these documents, or on such
    as may be like them, in the order in which they were handed in."""
    row = ClaimRow
    numbers = {each.number for each in awards if each.number}
    dated = {(each.authority, each.dated) for each in awards if each.authority and each.dated}
    alike = or_(
        row.fingerprint.in_({each.fingerprint for each in awards}),
        row.number_key.in_(numbers),
        tuple_(row.authority_key, row.document_date).in_(dated),
    )
    alike &= is_of(row.cycle_id, whose)
    latest = latest_states(ClaimStateRow.claim_id.in_(select(row.claim_id).where(alike)))
    told, share = latest.c, CountedAwardRow.share.expression
    document = (row.fingerprint, row.kind, row.number_key, row.authority_key, row.document_date)
    about = (row.cycle_id, row.claim_id, row.claim_no, row.unit)
    rows = await db.execute(
        select(*document, *about, told.state, share, told.item, row.filed_with)
        .join(latest, (told.cycle_id == row.cycle_id) & (told.claim_id == row.claim_id))
        .outerjoin(CountedAwardRow, counts_now())
        .where(alike)
        .order_by(row.number)
    )
    return [NearClaim(Award(*each[:5]), *each[5:]) for each in map(tuple, rows)]


class AwardsAlike(NamedTuple):
    """Claims for bonus of one unit, level, authority and place: how many nobody has decided about,
    and how many count. `authority_key` is the same however an authority is written."""

    unit: str
    level: str | None
    authority: str
    authority_key: str
    place: str | None
    waiting: int
    counting: int


async def awards_alike(
    db: AsyncSession, cycle_id: UUID, units: Collection[str] | None
) -> list[AwardsAlike]:
    """Return how many claims for bonus are alike, of some units or of all."""
    latest, row = latest_states(ClaimStateRow.cycle_id == cycle_id), ClaimRow
    of = (row.unit, row.level, row.authority, row.authority_key, row.place)
    state, share = func.coalesce(latest.c.state, HANDED_IN), CountedAwardRow.share.expression
    query = (
        select(
            *of,
            func.count().filter(state == HANDED_IN),
            func.count(share),
        )
        .outerjoin(latest, latest.c.claim_id == row.claim_id)
        .outerjoin(CountedAwardRow, counts_now())
        .where(row.cycle_id == cycle_id, row.kind == "bonus", row.authority.is_not(None))
        .group_by(*of)
        .order_by(*of)
    )
    if units is not None:
        query = query.where(row.unit.in_(units))
    return [AwardsAlike._make(told) for told in await db.execute(query)]


def latest_states(condition: ColumnElement[bool]) -> Subquery:
    """Select the present states of the claims whose states meet the condition."""
    state = ClaimStateRow
    return (
        select(state)
        .where(condition)
        .ext(postgresql.distinct_on(state.cycle_id, state.claim_id))
        .order_by(state.cycle_id, state.claim_id, state.step.desc())
        .subquery()
    )


def claim_standing_of(row: Any) -> ClaimStanding:  # noqa: ANN401 - a row of columns named as the fields
    """Return where a claim stands, told by a row that has `standing_columns`."""
    told = (row.state, row.award, row.item, row.share, row.counted_earlier, row.reason)
    proposed = (row.proposed, row.proposed_points, row.against)
    return ClaimStanding(*told, *proposed, row.earlier_points, row.counts, bool(row.awaits))


def standing_columns(latest: Subquery, at: dt.datetime | None = None) -> list[ColumnElement[Any]]:
    """Return the columns that tell where a claim stands, beside its latest state; or where it stood
    at a moment."""
    told, share = latest.c, CountedAwardRow.share.expression
    said = [told.proposed, told.proposed_points, told.against, told.earlier_points]
    said += [told.counts, _awaits(latest, at).label("awaits")]
    return [told.state, told.award, told.item, share, told.counted_earlier, told.reason, *said]


def _awaits(latest: Subquery, at: dt.datetime | None) -> ColumnElement[bool]:
    """Return whether nobody has decided about the claim in which the award of one is to count."""
    told, when = latest.c, literal(at, DateTime(timezone=True))
    # By its document, of which there is an index: it may be of any cycle.
    state = func.claim_stood(ClaimRow.fingerprint, told.counts, when)
    elsewhere = (told.state == CONFIRMED) & (told.counts != ClaimRow.claim_id)
    return case((elsewhere, state == HANDED_IN), else_=false())


def scored_in(at: dt.datetime | None = None) -> ColumnElement[str | None]:
    """Return the column that tells in which indicator an entry counts that names the document or
    the matter of a claim; with `at`, one that counted by then."""
    row = ClaimRow
    documents = func.array_remove(postgresql.array([row.number_key, row.matter_key]), "")
    kinds = literal([*SCORED_KINDS], postgresql.ARRAY(Text))
    when = literal(at, DateTime(timezone=True))
    return func.scored_already(row.cycle_id, row.unit, documents, kinds, when)


def answered_by() -> ColumnElement[list[str] | None]:
    """Return the column that tells who has ever answered for a unit of the filing of a claim; null
    for a claim that a unit has handed in by itself."""
    step, there = aliased(ClaimStateRow), aliased(ClaimRow)
    # By its document, of which there is an index, and which all of a filing are on.
    filed = (there.fingerprint == ClaimRow.fingerprint) & (there.filed_with == ClaimRow.filed_with)
    filed &= unseen(there.cycle_id, ClaimRow.cycle_id)
    of_claim = (step.cycle_id == there.cycle_id) & (step.claim_id == there.claim_id)
    told = select(func.array_agg(step.person)).join(there, of_claim).where(filed, _answers(step))
    return _of_filings(told).label("answered_by")


def last_answer() -> ColumnElement[str | None]:
    """Return the column that tells why a unit last answered as it did to a filing by another,
    whatever was decided since; null where it gave no reason."""
    step = aliased(ClaimStateRow)
    mine = (step.cycle_id == ClaimRow.cycle_id) & (step.claim_id == ClaimRow.claim_id)
    told = select(step.reason).where(mine, _answers(step)).order_by(step.step.desc()).limit(1)
    return _of_filings(told).label("last_answer")


def counts_late() -> ColumnElement[str | None]:
    """Return the column that tells by which name in its document a claim has an award since a
    correction of a sealed record let it count; null where none did."""
    row, decided = CorrectionRow, CorrectionDecisionRow
    same = (decided.cycle_id == row.cycle_id) & (decided.correction_id == row.correction_id)
    here = row.cycle_id == ClaimRow.cycle_id, row.claim_id == ClaimRow.claim_id
    added = *here, row.what == ADDS, decided.decision == APPROVED
    told = select(func.coalesce(row.item, "")).join(decided, same).where(*added)
    latest = told.order_by(decided.decided_at.desc()).limit(1).correlate(ClaimRow)
    return latest.scalar_subquery().label("late")


def _answers(step: type[ClaimStateRow]) -> ColumnElement[bool]:
    """Return whether a state is an answer: of all states that say what a unit agrees to, only that
    follows on one in which the claim waited (`TRANSITIONS`)."""
    before = aliased(ClaimStateRow)
    of_claim = (before.cycle_id == step.cycle_id) & (before.claim_id == step.claim_id)
    waited = of_claim & (before.step == step.step - 1) & (before.state == HANDED_IN)
    said = (step.state == HANDED_IN) & step.agreed.is_not(None)
    return said & select(literal(1)).where(waited).exists()


def _of_filings(told: Select[Any]) -> ColumnElement[Any]:
    """Return what is told of claims that several units filed together, and is asked of no other."""
    of = told.correlate(ClaimRow).scalar_subquery()
    return case((ClaimRow.filed_with.is_not(None), of))


def counts_now() -> ColumnElement[bool]:
    """Return the condition that joins what a claim takes of an award at present."""
    row = CountedAwardRow
    return (
        (row.cycle_id == ClaimRow.cycle_id)
        & (row.claim_id == ClaimRow.claim_id)
        & row.ended_at.is_(None)
    )


def counted_by(latest: Subquery) -> ColumnElement[bool]:
    """Return the condition that joins what a claim took of an award by the state that it was in:
    each state says anew what it takes."""
    row = CountedAwardRow
    return (
        (row.cycle_id == latest.c.cycle_id)
        & (row.claim_id == latest.c.claim_id)
        & (row.step == latest.c.step)
    )
