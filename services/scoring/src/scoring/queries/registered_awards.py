"""Questions about registered awards, who has them, and which claims rest on their documents."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, extract, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.pages import PageRequest
from chassis.refusals import Missing
from chassis.stored import require_intact
from scoring.queries.claims import latest_states
from scoring.queries.ledger import one_of
from scoring.rules.claims.registering import REGISTERED, STANDING, AwardParties
from scoring.rules.claims.states import WITHDRAWN
from scoring.tables.claims import ClaimRow, ClaimStateRow
from scoring.tables.registered_awards import (
    RegisteredAwardHolderRow,
    RegisteredAwardRow,
    RegisteredAwardStateRow,
)

TABLES = ("registered_award", "registered_award_holder", "registered_award_state")


class NoSuchAward(Missing):
    """The caller may not know of such a registered award in this cycle."""

    zh = "本年度没有调用者可以查阅的这一登记奖项。"
    remedy = "Look the id up in the register of awards.", "请在奖项登记册中查对标识。"


def no_such_award(award_id: UUID) -> NoSuchAward:
    """Return the refusal of a registered award that the caller may not know of."""
    return NoSuchAward(f"There is no award {award_id}.", f"没有登记的奖项 {award_id}。")


class StoredAward(NamedTuple):
    """A registered award and its latest state."""

    row: RegisteredAwardRow
    state: RegisteredAwardStateRow


class LinkedClaim(NamedTuple):
    """A claim that rests on the document of a registered award, of a unit that has it."""

    award_id: UUID
    claim_id: UUID
    claim_no: str
    unit: str


class AwardsAlike(NamedTuple):
    """How many registered awards of one kind, level and state a unit has; `outside` are given in
    the own name without any special priority."""

    unit: str
    level: str
    kind: str
    state: str
    outside: bool
    number: int


class Wanted(NamedTuple):
    """Which registered awards are asked for: of `unit`, `level` and `kind`, in one of the `states`,
    awarded in `year`; each where it is given."""

    unit: str | None = None
    level: str | None = None
    kind: str | None = None
    states: Collection[str] = ()
    year: int | None = None


class Readable(NamedTuple):
    """Which registered awards somebody reads: of these units, and those that a body gave or
    registered."""

    units: frozenset[str]
    body: str | None

    def part_of(
        self, row: RegisteredAwardRow, holders: Sequence[RegisteredAwardHolderRow]
    ) -> Sequence[RegisteredAwardHolderRow]:
        """Return those who have a registered award as far as they are read."""
        if self.body is not None and self.body in (row.granted_by, row.author_unit):
            return holders
        return [each for each in holders if each.unit in self.units]


async def require_true_awards(db: AsyncSession, cycle_id: UUID) -> None:
    """Refuse to tell of registered awards that are not what the journal recorded."""
    await require_intact(db, str(cycle_id), *TABLES)


async def find_award(db: AsyncSession, cycle_id: UUID, award_id: UUID) -> StoredAward:
    """Return a registered award as it stands; refuse one that there is not, or that was altered."""
    row = await db.get(RegisteredAwardRow, (cycle_id, award_id))
    if row is None:
        raise no_such_award(award_id)
    await require_true_awards(db, cycle_id)
    of = RegisteredAwardStateRow
    query = select(of).where(of.cycle_id == cycle_id, of.award_id == award_id)
    return StoredAward(row, (await db.scalars(query.order_by(of.step.desc()).limit(1))).one())


async def holders_of(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> Mapping[UUID, Sequence[RegisteredAwardHolderRow]]:
    """Return who has each of these registered awards, in the order in which they were named."""
    of = RegisteredAwardHolderRow
    query = select(of).where(of.cycle_id == cycle_id, of.award_id.in_(ids))
    found: dict[UUID, list[RegisteredAwardHolderRow]] = {each: [] for each in ids}
    for row in await db.scalars(query.order_by(of.holder_no)):
        found[row.award_id].append(row)
    return found


async def standing_holders(
    db: AsyncSession, fingerprint: str, name_key: str, besides: UUID | None = None
) -> set[tuple[str, str]]:
    """Return who has an award of a document by the registers of all cycles, as units and names in
    the form in which they are compared."""
    award, of, told = RegisteredAwardRow, RegisteredAwardHolderRow, RegisteredAwardStateRow
    same = (of.cycle_id == award.cycle_id) & (of.award_id == award.award_id)
    query = (
        select(of.unit, of.holder_key)
        .join(award, same)
        .join(told, _stands_so())
        .where(award.fingerprint == fingerprint, award.name_key == name_key)
        .where(one_of(told.state, STANDING))
    )
    if besides is not None:
        query = query.where(award.award_id != besides)
    return {(unit, key) for unit, key in await db.execute(query)}


async def awards_on_page(
    db: AsyncSession, cycle_id: UUID, page: PageRequest, readable: Readable | None, wanted: Wanted
) -> list[StoredAward]:
    """Return the readable awards of a page and one more where others follow, as they came."""
    of, told = RegisteredAwardRow, RegisteredAwardStateRow
    mine = [of.cycle_id == cycle_id, *_read(readable)]
    asked = [*mine, *_wanted(wanted)]
    if page.after is not None:
        begin = select(of.number).where(*mine, of.award_id == page.after_id)
        number = await db.scalar(begin)
        if number is None:
            raise page.no_such_place()
        asked.append(of.number > number)
    query = select(of, told).join(told, _stands_so()).where(*asked)
    rows = await db.execute(query.order_by(of.number).limit(page.limit + 1))
    return [StoredAward(*row) for row in rows]


def _read(readable: Readable | None) -> list[ColumnElement[bool]]:
    of = RegisteredAwardRow
    if readable is None:
        return []
    ways = [_held_by(readable.units)]
    if readable.body is not None:
        ways += [of.granted_by == readable.body, of.author_unit == readable.body]
    return [or_(*ways)]


def _wanted(wanted: Wanted) -> list[ColumnElement[bool]]:
    of, told, asked = RegisteredAwardRow, RegisteredAwardStateRow, list[ColumnElement[bool]]()
    if wanted.unit is not None:
        asked.append(_held_by([wanted.unit]))
    if wanted.level is not None:
        asked.append(of.level == wanted.level)
    if wanted.kind is not None:
        asked.append(of.kind == wanted.kind)
    if wanted.states:
        asked.append(one_of(told.state, wanted.states))
    if wanted.year is not None:
        asked.append(extract("year", of.awarded_on) == wanted.year)
    return asked


def _held_by(units: Collection[str]) -> ColumnElement[bool]:
    of, holder = RegisteredAwardRow, RegisteredAwardHolderRow
    same = (holder.cycle_id == of.cycle_id) & (holder.award_id == of.award_id)
    return select(holder.unit).where(same, one_of(holder.unit, units)).exists()


def _stands_so() -> ColumnElement[bool]:
    """Return the condition that a state is the present one of a registered award."""
    of, told, each = RegisteredAwardRow, RegisteredAwardStateRow, aliased(RegisteredAwardStateRow)
    last = select(func.max(each.step)).where(
        each.cycle_id == of.cycle_id, each.award_id == of.award_id
    )
    same = (told.cycle_id == of.cycle_id) & (told.award_id == of.award_id)
    return same & (told.step == last.correlate(of).scalar_subquery())


async def linked_claims(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID], units: Collection[str] | None
) -> list[LinkedClaim]:
    """Return the claims of the cycle that rest on the documents of these awards, of units that have
    them; with `units` those of these alone."""
    of, holder, claim = RegisteredAwardRow, RegisteredAwardHolderRow, ClaimRow
    same = (holder.cycle_id == of.cycle_id) & (holder.award_id == of.award_id)
    on_it = (claim.cycle_id == of.cycle_id) & (claim.fingerprint == of.fingerprint)
    query = (
        select(of.award_id, claim.claim_id, claim.claim_no, claim.unit)
        .join(holder, same)
        .join(claim, on_it & (claim.unit == holder.unit))
        .where(of.cycle_id == cycle_id, of.award_id.in_(ids))
        .distinct()
        .order_by(of.award_id, claim.unit, claim.claim_no)
    )
    if units is not None:
        query = query.where(one_of(claim.unit, units))
    rows = (await db.execute(query)).all()
    if rows:
        await require_intact(db, str(cycle_id), "claim")
    return [LinkedClaim(*row) for row in rows]


async def awards_by_unit(
    db: AsyncSession, cycle_id: UUID, units: Collection[str] | None, priorities: Collection[str]
) -> list[AwardsAlike]:
    """Return how many registered awards are alike, of some units or of all."""
    of, holder, told = RegisteredAwardRow, RegisteredAwardHolderRow, RegisteredAwardStateRow
    same = (holder.cycle_id == of.cycle_id) & (holder.award_id == of.award_id)
    rests = func.coalesce(one_of(of.priority, priorities), False)
    outside = (of.in_own_name & ~rests).label("outside")
    query = (
        select(holder.unit, of.level, of.kind, told.state, outside, of.award_id)
        .join(holder, same)
        .join(told, _stands_so())
        .where(of.cycle_id == cycle_id, one_of(told.state, STANDING))
        .distinct()
    )
    if units is not None:
        query = query.where(one_of(holder.unit, units))
    each = query.subquery().c
    alike = (each.unit, each.level, each.kind, each.state, each.outside)
    counted = select(*alike, func.count()).group_by(*alike)
    return [AwardsAlike(*row) for row in await db.execute(counted)]


async def claimed_besides(
    db: AsyncSession, cycle_id: UUID, units: Collection[str] | None
) -> Mapping[tuple[str, str], int]:
    """Return, by unit and level, how many claims for bonus that were not taken back rest on a
    document of which the register has no award of their unit."""
    claim, latest = ClaimRow, latest_states(ClaimStateRow.cycle_id == cycle_id)
    of, holder, told = RegisteredAwardRow, RegisteredAwardHolderRow, RegisteredAwardStateRow
    same = (holder.cycle_id == of.cycle_id) & (holder.award_id == of.award_id)
    there = (
        select(holder.unit, of.fingerprint)
        .join(of, same)
        .join(told, _stands_so())
        .where(one_of(told.state, STANDING))
    )
    query = (
        select(claim.unit, claim.level, func.count())
        .join(latest, latest.c.claim_id == claim.claim_id)
        .where(claim.cycle_id == cycle_id, claim.kind == "bonus", latest.c.state != WITHDRAWN)
        .where(tuple_(claim.unit, claim.fingerprint).not_in(there))
        .group_by(claim.unit, claim.level)
    )
    if units is not None:
        query = query.where(one_of(claim.unit, units))
    await require_intact(db, str(cycle_id), "claim", "claim_state")
    return {(unit, level or ""): number for unit, level, number in await db.execute(query)}


async def waiting_awards(db: AsyncSession, cycle_id: UUID) -> list[AwardParties]:
    """Return whom the registered awards of a cycle concern that nobody has examined."""
    of, told = RegisteredAwardRow, RegisteredAwardStateRow
    query = select(of, told).join(told, _stands_so())
    query = query.where(of.cycle_id == cycle_id, told.state == REGISTERED)
    found = [StoredAward(*row) for row in await db.execute(query)]
    holders = await holders_of(db, cycle_id, [each.row.award_id for each in found])
    return [parties_of(each, holders[each.row.award_id]) for each in found]


def parties_of(found: StoredAward, holders: Sequence[RegisteredAwardHolderRow]) -> AwardParties:
    """Return whom a registered award concerns."""
    row = found.row
    units = [each.unit for each in holders]
    return AwardParties(units, row.author_person, row.author_unit, found.state.state)
