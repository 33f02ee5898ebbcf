"""Mappings (代码对照): which of our units and indicators a code of another system means, and when.

Proposed by one person of the performance office, confirmed by another; ended by one.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import (
    ARRAY,
    Select,
    any_,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy import Text as TextType
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.batches import IncomingBatch
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.modes import CHECK
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.problems import documents, joined
from chassis.realms import chain_of
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.row_by_row import RowByRow, Rows
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from indicators.api.id_schemes import CHAIN, find_id_scheme
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    jurisdiction_of,
    owned,
    scheme_in_force,
)
from indicators.rules.id_schemes import (
    CodeMapping,
    MappingsNotMoved,
    MappingsRefused,
    MappingState,
    NoCodesOfThese,
    NoSuchIdScheme,
    StandingMapping,
    check_decision,
    check_ending,
    check_mappings,
)
from indicators.rules.scheme import places
from indicators.tables import (
    IdSchemeRow,
    IndicatorMappingRow,
    UnitMappingRow,
    UnitRow,
)

router = Router(tags=["id schemes"])

MOST_MAPPINGS = 5000

OF_UNITS = "/id-schemes/{id_scheme}/unit-mappings"
OF_INDICATORS = "/cycles/{cycle_id}/id-schemes/{id_scheme}/indicator-mappings"


class NewMapping(Incoming):
    """From which day on a code means something, until just before another; a null end is open."""

    code: Code
    valid_from: dt.date
    valid_to: dt.date | None = None


class NewUnitMapping(NewMapping):
    """Which unit a code means from a day until just before another; a null end is open."""

    unit: Code


class NewIndicatorMapping(NewMapping):
    """Which indicator a code means from a day until just before another; a null end is open."""

    indicator: Code


class NewUnitMappings(IncomingBatch):
    """A batch of mappings of codes to units, and why they are proposed."""

    ROWS: ClassVar = "mappings"

    mappings: list[NewUnitMapping] = Field(min_length=1, max_length=MOST_MAPPINGS)
    reason: Text | None = None


class NewIndicatorMappings(IncomingBatch):
    """A batch of mappings of codes to indicators, and why they are proposed."""

    ROWS: ClassVar = "mappings"

    mappings: list[NewIndicatorMapping] = Field(min_length=1, max_length=MOST_MAPPINGS)
    reason: Text | None = None


class MappingDecision(Incoming):
    """A word on mappings that were proposed; to refuse them needs a reason."""

    mapping_ids: list[UUID] = Field(min_length=1, max_length=MOST_MAPPINGS)
    decision: Literal["confirm", "refuse"]
    reason: Text | None = None


class MappingEnd(Incoming):
    """The day from which on mappings hold no longer, and why; the day of their beginning if they
    never held."""

    mapping_ids: list[UUID] = Field(min_length=1, max_length=MOST_MAPPINGS)
    valid_to: dt.date
    reason: Text


class ProposedMapping(RowOutcome):
    """What became of a mapping of the batch; `unchanged` where it stands just so, proposed or
    confirmed. `mapping_id` is null where none stands."""

    mapping_id: UUID | None


class ProposedMappings(BatchOutcome):
    """What became of a batch of mappings, mapping by mapping in its order."""

    rows: list[ProposedMapping]


class MappingsMoved(Outgoing):
    """The mappings that were decided on or ended, in the order in which they were named, with the
    receipt of the journal."""

    mapping_ids: list[UUID]
    receipt: Receipt | None


M = TypeVar("M", UnitMappingRow, IndicatorMappingRow)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[M]):
    """The mappings of one id scheme: those of units, or those of the indicators of a cycle."""

    row: type[M]
    jurisdiction: str | None
    id_scheme: str
    cycle_id: UUID | None = None

    @property
    def chain(self) -> str:
        """The chain of the journal that vouches for them."""
        own = chain_of(CHAIN, self.jurisdiction)
        return own if self.cycle_id is None else str(self.cycle_id)

    @property
    def own(self) -> dict[str, object]:
        """What all of them have in common."""
        whose: dict[str, object] = {"jurisdiction": self.jurisdiction or ""}
        of_cycle = whose if self.cycle_id is None else {"cycle_id": self.cycle_id}
        return {"id_scheme": self.id_scheme, **of_cycle}

    def all(self) -> Select[M]:
        """Ask for all of them."""
        return select(self.row).filter_by(**self.own)


def of_units(id_scheme: str, jurisdiction: str | None) -> Shelf[UnitMappingRow]:
    """Return the mappings of units of an id scheme of a jurisdiction, or of none."""
    return Shelf(UnitMappingRow, jurisdiction, id_scheme)


def of_indicators(id_scheme: str, cycle_id: UUID) -> Shelf[IndicatorMappingRow]:
    """Return the mappings of indicators of a cycle of an id scheme."""
    return Shelf(IndicatorMappingRow, jurisdiction_of(cycle_id), id_scheme, cycle_id)


N = TypeVar("N", NewUnitMappings, NewIndicatorMappings)


@dataclass(frozen=True, slots=True)
class Proposal(Generic[M]):
    """Where mappings are proposed, and what there is that they can mean."""

    shelf: Shelf[M]
    known: Collection[str]
    meaning: Callable[[Any], str]

    @property
    def field(self) -> Literal["unit", "indicator"]:
        """What a mapping says the meaning of."""
        return "unit" if self.shelf.cycle_id is None else "indicator"

    def mappings(self, new: NewUnitMappings | NewIndicatorMappings) -> list[CodeMapping]:
        """Return mappings as the rules know them."""
        return [
            CodeMapping(each.code, self.meaning(each), each.valid_from, each.valid_to)
            for each in new.mappings
        ]

    async def standing(
        self, db: AsyncSession, new: NewUnitMappings | NewIndicatorMappings
    ) -> list[StandingMapping]:
        """Return the mappings of these codes that were not refused."""
        codes = any_(literal(sorted({each.code for each in new.mappings}), ARRAY(TextType)))
        row = self.shelf.row
        query = self.shelf.all().where(row.code == codes, row.state != "refused")
        return [_standing(each) for each in await db.scalars(query)]


_PROPOSING = documents(MappingsRefused, NoCodesOfThese, NoSuchIdScheme, StoredDataAltered)
_MOVING = documents(MappingsNotMoved, NoSuchIdScheme, StoredDataAltered)
OF_CYCLE = documents(NoSuchCycle, SchemeNotPublished)


@router.post(OF_UNITS, status_code=201, responses=_PROPOSING)
async def propose_unit_mappings(
    id_scheme: Code, new: NewUnitMappings, db: Transaction, permit: Permit, rows: Rows
) -> ProposedMappings:
    """Propose which units codes of another system mean; another person confirms.

    A mapping that stands just as it is sent is `unchanged`; of a code that would mean two things on
    one day the first mapping of the batch is proposed.
    """
    shelf = of_units(id_scheme, permit.caller.realm)
    scheme = await _hold(db, shelf)
    if not scheme.units:
        raise NoCodesOfThese("Units go by our codes.", "单位直接使用本系统代码。")
    known = set(await db.scalars(select(UnitRow.code).where(owned(UnitRow, shelf.jurisdiction))))
    proposal = Proposal(shelf, known, lambda each: each.unit)
    return await _propose(db, permit, rows, proposal, new)


@router.post(OF_INDICATORS, status_code=201, responses=joined(_PROPOSING, OF_CYCLE))
async def propose_indicator_mappings(
    cycle_id: UUID,
    id_scheme: Code,
    new: NewIndicatorMappings,
    db: Transaction,
    permit: Permit,
    rows: Rows,
) -> ProposedMappings:
    """Propose which indicators of a cycle codes of another system mean; another person confirms.

    A mapping that stands just as it is sent is `unchanged`; of a code that would mean two things on
    one day the first mapping of the batch is proposed.
    """
    shelf = of_indicators(id_scheme, cycle_id)
    scheme = await _hold(db, shelf)
    if not scheme.indicators:
        raise NoCodesOfThese("Indicators go by our codes.", "指标直接使用本系统代码。")
    known = await indicator_names(db, cycle_id)
    proposal = Proposal(shelf, known, lambda each: each.indicator)
    return await _propose(db, permit, rows, proposal, new)


@router.post(f"{OF_UNITS}/confirmation", status_code=201, responses=_MOVING)
async def confirm_unit_mappings(
    id_scheme: Code, new: MappingDecision, db: Transaction, permit: Permit
) -> MappingsMoved:
    """Confirm mappings of units that another person proposed, or refuse them with a reason."""
    return await _decide(db, permit, of_units(id_scheme, permit.caller.realm), new)


@router.post(f"{OF_INDICATORS}/confirmation", status_code=201, responses=joined(_MOVING, OF_CYCLE))
async def confirm_indicator_mappings(
    cycle_id: UUID, id_scheme: Code, new: MappingDecision, db: Transaction, permit: Permit
) -> MappingsMoved:
    """Confirm mappings of indicators that another person proposed, or refuse them with a reason."""
    return await _decide(db, permit, of_indicators(id_scheme, cycle_id), new)


@router.post(f"{OF_UNITS}/ending", status_code=201, responses=_MOVING)
async def end_unit_mappings(
    id_scheme: Code, new: MappingEnd, db: Transaction, permit: Permit
) -> MappingsMoved:
    """End mappings of units on a day; what comes for later days is refused until they are mapped
    again."""
    return await _end(db, permit, of_units(id_scheme, permit.caller.realm), new)


@router.post(f"{OF_INDICATORS}/ending", status_code=201, responses=joined(_MOVING, OF_CYCLE))
async def end_indicator_mappings(
    cycle_id: UUID, id_scheme: Code, new: MappingEnd, db: Transaction, permit: Permit
) -> MappingsMoved:
    """End mappings of indicators on a day; what comes for later days is refused until they are
    mapped again."""
    return await _end(db, permit, of_indicators(id_scheme, cycle_id), new)


async def _hold(db: AsyncSession, shelf: Shelf[M]) -> IdSchemeRow:
    """Let nobody else move these mappings until the commit; refuse what there is not."""
    lock = text("SELECT pg_advisory_xact_lock(hashtext('id-scheme'), hashtext(:id_scheme))")
    await db.execute(lock, {"id_scheme": chain_of(shelf.id_scheme, shelf.jurisdiction)})
    if shelf.cycle_id is not None:
        await find_cycle(db, shelf.cycle_id)
    scheme = await find_id_scheme(db, shelf.jurisdiction, shelf.id_scheme)
    await require_intact(db, shelf.chain, shelf.row.__tablename__)
    return scheme


async def indicator_names(db: AsyncSession, cycle_id: UUID) -> dict[str, str]:
    """Return the names of the indicators of the scheme in force, by their codes."""
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    return {each.indicator.code: each.indicator.name for each in places(scheme)}


async def _propose(
    db: AsyncSession, permit: Permission, rows: RowByRow, to: Proposal[M], new: N
) -> ProposedMappings:
    standing = await to.standing(db, new)
    same = {each.mapping: each.mapping_id for each in standing}
    known = [same.get(each) for each in to.mappings(new)]

    async def propose(batch: N) -> tuple[list[UUID], Receipt | None]:
        mappings = to.mappings(batch)
        check_mappings(mappings, to.known, standing, to.field)
        ids = await _add(db, permit, to.shelf, mappings, batch.reason)
        return ids, await _told(db, permit, to.shelf, "proposed", batch)

    rows.tell({"mapping_id": each} for each in known)
    there = [place for place, mapping_id in enumerate(known) if mapping_id is not None]
    ids, receipt = await rows.keep(rows.besides(new, there), propose) or ([], None)
    if rows.mode != CHECK:
        rows.tell({"mapping_id": each} for each in ids)
    return ProposedMappings(receipt=receipt, **rows.told(ProposedMapping))


async def _add(
    db: AsyncSession,
    permit: Permission,
    shelf: Shelf[M],
    mappings: Sequence[CodeMapping],
    reason: str | None,
) -> list[UUID]:
    said = {
        **shelf.own,
        "state": "proposed",
        "reason": reason,
        "proposed_by": permit.caller.subject,
        "proposed_person": permit.caller.person,
    }
    added = [
        {
            "mapping_id": uuid4(),
            "code": each.code,
            "meaning": each.meaning,
            "valid_from": each.valid_from,
            "valid_to": each.valid_to,
            **said,
        }
        for each in mappings
    ]
    await db.execute(insert(shelf.row), added)
    return [cast(UUID, row["mapping_id"]) for row in added]


async def _decide(
    db: AsyncSession, permit: Permission, shelf: Shelf[M], new: MappingDecision
) -> MappingsMoved:
    await _hold(db, shelf)
    confirmed = new.decision == "confirm"
    if not confirmed and new.reason is None:
        faults = [Fault("/reason", "reason-missing", "Say why.", "须说明理由。")]
        raise MappingsNotMoved("1 fault(s).", "共 1 处错误。", faults=faults)
    standing = await _named(db, shelf, new.mapping_ids)

    check_decision(new.mapping_ids, standing, permit.caller.person, confirmed=confirmed)

    state = "confirmed" if confirmed else "refused"
    await _move(db, permit, shelf, new.mapping_ids, "decided", new.reason, {"state": state})
    return await _recorded(db, permit, shelf, state, new.mapping_ids, new)


async def _end(
    db: AsyncSession, permit: Permission, shelf: Shelf[M], new: MappingEnd
) -> MappingsMoved:
    await _hold(db, shelf)
    standing = await _named(db, shelf, new.mapping_ids)

    check_ending(new.mapping_ids, standing, new.valid_to)

    to = {"state": "ended", "valid_to": new.valid_to}
    await _move(db, permit, shelf, new.mapping_ids, "ended", new.reason, to)
    return await _recorded(db, permit, shelf, "ended", new.mapping_ids, new)


async def _named(
    db: AsyncSession, shelf: Shelf[M], ids: Sequence[UUID]
) -> Mapping[UUID, StandingMapping]:
    rows = await db.scalars(shelf.all().where(shelf.row.mapping_id.in_(ids)))
    return {row.mapping_id: _standing(row) for row in rows}


def _standing(row: UnitMappingRow | IndicatorMappingRow) -> StandingMapping:
    mapping = CodeMapping(row.code, row.meaning, row.valid_from, row.valid_to)
    return StandingMapping(
        row.mapping_id, mapping, cast(MappingState, row.state), row.proposed_person
    )


async def _move(
    db: AsyncSession,
    permit: Permission,
    shelf: Shelf[M],
    ids: Sequence[UUID],
    step: Literal["decided", "ended"],
    reason: str | None,
    to: Mapping[str, object],
) -> None:
    who = {
        f"{step}_by": permit.caller.subject,
        f"{step}_person": permit.caller.person,
        f"{step}_reason": reason,
        f"{step}_at": func.clock_timestamp(),
    }
    moved = update(shelf.row).filter_by(**shelf.own).where(shelf.row.mapping_id.in_(ids))
    moved = moved.execution_options(synchronize_session=False)
    await db.execute(moved.values(**to, **who))


async def _recorded(
    db: AsyncSession,
    permit: Permission,
    shelf: Shelf[M],
    step: str,
    ids: Sequence[UUID],
    new: Incoming,
) -> MappingsMoved:
    receipt = await _told(db, permit, shelf, step, new)
    return MappingsMoved(mapping_ids=list(ids), receipt=receipt)


async def _told(
    db: AsyncSession, permit: Permission, shelf: Shelf[M], step: str, new: Incoming
) -> Receipt | None:
    return await journal.record(
        db,
        chain=shelf.chain,
        caller=permit.caller,
        event=f"code-mappings.{step}",
        body={"id_scheme": shelf.id_scheme, **new.model_dump(mode="json")},
    )
