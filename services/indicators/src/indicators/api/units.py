"""Units (单位): who is assessed and who measures, under which names over time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    DateTime,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.batches import IncomingBatch
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import HEAD, VERSIONS, kept_document
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.pages import (
    UNASKED,
    Change,
    ChangedAt,
    ChangedSince,
    Page,
    PageQuery,
    SoughtText,
    at,
    code_of,
)
from chassis.problems import documents
from chassis.realms import chain_of
from chassis.refusals import Fault, Invalid, Missing
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from indicators.queries import (
    KIND_OF_UNIT,
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    hold_units,
    owned,
    scheme_in_force,
    scheme_naming,
)
from indicators.rules.names import (
    NameEndsTooEarly,
    NameKind,
    NamesOverlap,
    legal_name,
    with_name,
)
from indicators.rules.names import UnitName as Name
from indicators.rules.registration import (
    Identity,
    UnitInUse,
    UnitOfThatKind,
    UnitsRefused,
    check_correction,
    check_registration,
)
from indicators.rules.succession import Succession, SuccessionRefused, check_succession
from indicators.tables import UnitKindCorrectionRow, UnitNameRow, UnitRow, UnitSuccessionRow

router = Router("/units", tags=["units"])

CHAIN = "units"

RECORDED = ("unit", "unit_kind_correction", "unit_name", "unit_succession")


class NoSuchUnit(Missing):
    """There is no such unit."""

    zh = "没有这个单位。"
    remedy = (
        "Look the unit's code up in the list of units, or have the unit registered.",
        "请在单位清单中查对单位编码，或先登记该单位。",
    )


class NewUnit(Incoming):
    """A unit to register under the legal name it bears from a day on.

    `kind` is `assessed` for a unit that is measured, `body` for one that only measures or is
    asked; `uscc` its unified social credit code, where it has one.
    """

    code: Code
    name: Text
    kind: Literal["assessed", "body"]
    uscc: Annotated[str, Field(max_length=64)] | None = None
    valid_from: dt.date


class NewUnits(IncomingBatch):
    """A batch of units."""

    ROWS: ClassVar = "units"

    units: list[NewUnit] = Field(min_length=1, max_length=1000)


class RegisteredUnit(RowOutcome):
    """What became of a unit of the batch; `unchanged` where it was registered just so."""

    code: str | None


class RegisteredUnits(BatchOutcome):
    """What became of a batch of units, unit by unit in its order."""

    rows: list[RegisteredUnit]


class NewName(Incoming):
    """A name that a unit bears from a day until just before another; a null end is open."""

    name: Text
    kind: NameKind
    valid_from: dt.date
    valid_to: dt.date | None = None


class UnitName(Outgoing):
    """A name of a unit from the day `valid_from` until just before `valid_to`; null is open."""

    name: str
    kind: NameKind
    valid_from: dt.date
    valid_to: dt.date | None


class NewKind(Incoming):
    """What a unit is, that was registered as something else, and why it is corrected."""

    kind: Literal["assessed", "body"]
    reason: Text


class NewPredecessors(Incoming):
    """The units that a unit goes on from, from a day on and by a document: several were merged into
    it, or it was split off one."""

    predecessors: list[Code] = Field(min_length=1, max_length=100)
    effective_on: dt.date
    document_no: Text


class UnitSuccession(Outgoing):
    """A unit that another goes on from, from when on, and by which document."""

    predecessor: str
    effective_on: dt.date
    document_no: str


class Unit(Outgoing):
    """A unit: its present legal name, all names it has had, and the units that it goes on from."""

    code: str
    name: str
    kind: Literal["assessed", "body"]
    uscc: str | None
    names: list[UnitName]
    succeeds: list[UnitSuccession]
    changed_at: ChangedAt = UNASKED


class RenamedUnit(Unit):
    """A unit that has just been given a name, predecessors or another kind, with the receipt of the
    journal."""

    receipt: Receipt | None


@router.post("", status_code=201, responses=documents(UnitsRefused, StoredDataAltered))
async def register_units(
    new: NewUnits, db: Transaction, permit: Permit, rows: Rows
) -> RegisteredUnits:
    """Register a batch of units, each under its first legal name.

    A unit that is registered already as it is sent is `unchanged`; one that shares a code with an
    earlier unit of the batch is refused.
    """
    await hold_units(db, permit.caller.realm)
    there = await _registered_so(db, permit, new.units) if rows.one_by_one else ()

    async def register(batch: NewUnits) -> Receipt | None:
        identities = [Identity(unit.code, unit.uscc) for unit in batch.units]
        check_registration(identities, await _registered(db, permit, batch.units))
        return await _record(db, permit, batch)

    rows.tell({"code": unit.code} for unit in new.units)
    receipt = await rows.keep(rows.besides(new, there), register)
    return RegisteredUnits(receipt=receipt, **rows.told(RegisteredUnit))


def _own(permit: Permission) -> dict[str, object]:
    """Return what says whose the caller's rows are."""
    return {"jurisdiction": permit.caller.realm or ""}


async def _require_intact(db: AsyncSession, permit: Permission) -> None:
    await require_intact(db, chain_of(CHAIN, permit.caller.realm), *RECORDED)


async def _record(db: AsyncSession, permit: Permission, new: NewUnits) -> Receipt | None:
    units = [{"code": u.code, "kind": u.kind, "uscc": u.uscc} for u in new.units]
    names = [
        {"unit": u.code, "name": u.name, "kind": "legal", "valid_from": u.valid_from}
        for u in new.units
    ]
    await db.execute(insert(UnitRow), [_own(permit) | each for each in units])
    await db.execute(insert(UnitNameRow), [_own(permit) | each for each in names])
    return await journal.record(
        db,
        chain=CHAIN,
        caller=permit.caller,
        event="units.registered",
        body=new.model_dump(mode="json"),
    )


class CycleNotNamed(Invalid):
    """A category is one of a cycle's scheme, and no cycle is named."""

    zh = "类别属于某一评估年度的方案，须同时指定评估年度。"
    remedy = ("Give `cycle_id` besides.", "请同时给出 `cycle_id`。")


@router.get(
    "",
    responses=documents(CycleNotNamed, NoSuchCycle, SchemeNotPublished, StoredDataAltered),
)
async def list_units(
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    kind: Annotated[
        Literal["assessed", "body"] | None, Query(description="Units of this kind.")
    ] = None,
    q: Annotated[
        SoughtText | None,
        Query(description="Part of the code, or of a name that the unit has or had."),
    ] = None,
    cycle_id: Annotated[
        UUID | None, Query(description="Units that the scheme in force of this year assesses.")
    ] = None,
    category: Annotated[
        Code | None, Query(description="Units of this category; with `cycle_id`.")
    ] = None,
    changed_since: ChangedSince = None,
) -> Page[Unit]:
    """Give the units in the order of their codes.

    A unit is changed when it is registered, named, corrected, or said to go on from others.
    """
    # The journal is asked when each of them changed for whoever asks for changes, and nobody else.
    moment = UnitRow.registered_at if changed_since is None else _MOMENT
    query = select(UnitRow, moment, KIND_OF_UNIT).limit(page.limit + 1)
    query = query.where(owned(UnitRow, permit.caller.realm), *_asked_for(kind, q))
    if cycle_id is not None or category is not None:
        query = query.where(UnitRow.code.in_(await _assessed(db, cycle_id, category)))
    if changed_since is None:
        query = query.where(UnitRow.code > page.after_code).order_by(UnitRow.code)
    else:
        place = page.after_change(changed_since, code_of, "")
        query = query.where(tuple_(_MOMENT, UnitRow.code) > tuple_(*map(literal, place)))
        query = query.order_by(_MOMENT, UnitRow.code)
    found = (await db.execute(query)).all()
    moments = {row.code: moment for row, moment, _ in found}
    await _require_intact(db, permit)
    shown = await _all_shown(db, permit, {row.code: (row, kind) for row, _, kind in found})
    units = [each.model_copy(update=at(moments[each.code], changed_since)) for each in shown]
    if changed_since is None:
        return Page[Unit].of(units, page.limit, lambda unit: unit.code)
    return Page[Unit].of(units, page.limit, lambda unit: str(Change(moments[unit.code], unit.code)))


async def _all_shown(
    db: AsyncSession, permit: Permission, rows: Mapping[str, tuple[UnitRow, str]]
) -> list[Unit]:
    """Return units with their kinds as they are told, in the order in which they are given."""
    names, today = await _names(db, permit, rows.keys()), await _today(db)
    successions = await _successions(db, permit, rows.keys())
    return [
        _shown(row, kind, names[code], successions[code], today)
        for code, (row, kind) in rows.items()
    ]


def _asked_for(kind: str | None, q: str | None) -> list[ColumnElement[bool]]:
    """Return what holds of the units of a kind, and with a part of a text in code or name.

    That serves no index; the register is compared whole in any case.
    """
    found = list[ColumnElement[bool]]()
    if kind is not None:
        found.append(KIND_OF_UNIT.in_([kind]))
    if q is not None:
        part, name = func.lower(q), func.lower(UnitNameRow.name)
        named = select(UnitNameRow).where(_is_of_unit(UnitNameRow), func.strpos(name, part) > 0)
        found.append(or_(func.strpos(func.lower(UnitRow.code), part) > 0, named.exists()))
    return found


_Of = type[UnitNameRow | UnitSuccessionRow | UnitKindCorrectionRow]


def _is_of_unit(row: _Of) -> ColumnElement[bool]:
    return and_(row.jurisdiction == UnitRow.jurisdiction, row.unit == UnitRow.code)


def _latest_of(row: _Of) -> ColumnElement[dt.datetime]:
    moment = func.max(journal.recorded_at(row.record, row.chain))
    return select(moment).where(_is_of_unit(row)).scalar_subquery()


_MOMENT = func.greatest(
    func.coalesce(journal.recorded_at(UnitRow.record, UnitRow.chain), UnitRow.registered_at),
    _latest_of(UnitNameRow),
    _latest_of(UnitSuccessionRow),
    _latest_of(UnitKindCorrectionRow),
    type_=DateTime(timezone=True),
)
"""When a unit was last changed."""


_OF_UNITS = "SELECT " + ", ".join(
    [HEAD.format("($1::text[])[1]"), "current_date::text"]
    + [VERSIONS.format(table, "t.jurisdiction = ($1::text[])[2]") for table in RECORDED]
)
"""Of what a unit is told: the register, and the day, on which it may be called otherwise."""


@router.get("/{unit}", response_model=Unit, responses=documents(NoSuchUnit, StoredDataAltered))
async def read_unit(unit: Code, request: Request, permit: Permit) -> Response:
    """Give one unit with all its names."""
    whose = permit.caller.realm

    async def build(db: AsyncSession) -> Unit:
        await _find(db, permit, unit)
        await _require_intact(db, permit)
        return await _as_read(db, permit, unit)

    asked = [chain_of(CHAIN, whose), whose or ""]
    return await kept_document(request, permit, (whose, unit), _OF_UNITS, asked, build)


async def _as_read(db: AsyncSession, permit: Permission, unit: str) -> Unit:
    names, successions = await _names(db, permit, [unit]), await _successions(db, permit, [unit])
    row, kind = await _find(db, permit, unit), await _kind(db, permit, unit)
    return _shown(row, kind, names[unit], successions[unit], await _today(db))


@router.post(
    "/{unit}/names",
    status_code=201,
    responses=documents(NoSuchUnit, NameEndsTooEarly, NamesOverlap),
)
async def name_unit(
    unit: Code, new: NewName, db: Transaction, permit: Permit, same: Precondition
) -> RenamedUnit:
    """Give a unit another name; a legal one closes the former legal name the day it begins."""
    await hold_units(db, permit.caller.realm)
    row = await _find(db, permit, unit)
    await same.require(lambda: _as_read(db, permit, unit))
    before = (await _names(db, permit, [unit]))[unit]

    after = with_name(before, Name(new.name, new.kind, new.valid_from, new.valid_to))

    for name in set(after[:-1]) - set(before):
        await db.execute(
            update(UnitNameRow)
            .where(
                owned(UnitNameRow, permit.caller.realm),
                UnitNameRow.unit == unit,
                UnitNameRow.name == name.name,
                UnitNameRow.valid_from == name.valid_from,
            )
            .values(valid_to=name.valid_to)
        )
    await db.execute(insert(UnitNameRow).values(unit=unit, **_own(permit), **new.model_dump()))
    successions = await _successions(db, permit, [unit])
    kind = await _kind(db, permit, unit)
    shown = _shown(row, kind, after, successions[unit], await _today(db))
    receipt = await journal.record(
        db,
        chain=CHAIN,
        caller=permit.caller,
        event="unit.named",
        body={"unit": unit, **new.model_dump(mode="json")},
    )
    return RenamedUnit(**dict(shown), receipt=receipt)


@router.post(
    "/{unit}/predecessors",
    status_code=201,
    responses=documents(NoSuchUnit, SuccessionRefused, StoredDataAltered),
)
async def succeed_units(
    unit: Code, new: NewPredecessors, db: Transaction, permit: Permit, same: Precondition
) -> RenamedUnit:
    """Say which units a unit was merged or split from: all of them or none."""
    await hold_units(db, permit.caller.realm)
    await _find(db, permit, unit)
    await _require_intact(db, permit)
    await same.require(lambda: _as_read(db, permit, unit))
    of = owned(UnitRow, permit.caller.realm), UnitRow.code.in_(new.predecessors)
    known = set(await db.scalars(select(UnitRow.code).where(*of)))

    check_succession(unit, new.predecessors, known, await _all_successions(db, permit))

    said = {"effective_on": new.effective_on, "document_no": new.document_no}
    told = {**_own(permit), **said}
    await db.execute(
        insert(UnitSuccessionRow),
        [{"unit": unit, "predecessor": each, **told} for each in new.predecessors],
    )
    shown = await _as_read(db, permit, unit)
    receipt = await journal.record(
        db,
        chain=CHAIN,
        caller=permit.caller,
        event="unit.succeeded",
        body={"unit": unit, **new.model_dump(mode="json")},
    )
    return RenamedUnit(**dict(shown), receipt=receipt)


@router.post(
    "/{unit}/kind",
    status_code=201,
    responses=documents(NoSuchUnit, UnitInUse, UnitOfThatKind, StoredDataAltered),
)
async def correct_unit_kind(
    unit: Code, new: NewKind, db: Transaction, permit: Permit, same: Precondition
) -> RenamedUnit:
    """Correct what a unit was registered as, assessed or a body, as long as no published scheme
    names it: nothing rests on it before."""
    await hold_units(db, permit.caller.realm)
    await _find(db, permit, unit)
    await _require_intact(db, permit)
    await same.require(lambda: _as_read(db, permit, unit))
    named = await scheme_naming(db, permit.caller.realm, unit)
    check_correction(unit, await _kind(db, permit, unit), new.kind, named)

    of = UnitKindCorrectionRow
    mine = of.jurisdiction == (permit.caller.realm or ""), of.unit == unit
    number = await db.scalar(select(func.count()).where(*mine))
    by = {"corrected_by": permit.caller.subject, "corrected_person": permit.caller.person}
    await db.execute(
        insert(of).values(
            unit=unit, number=1 + (number or 0), **_own(permit), **new.model_dump(), **by
        )
    )
    receipt = await journal.record(
        db,
        chain=CHAIN,
        caller=permit.caller,
        event="unit.kind-corrected",
        body={"unit": unit, **new.model_dump()},
    )
    return RenamedUnit(**dict(await _as_read(db, permit, unit)), receipt=receipt)


async def _assessed(db: AsyncSession, cycle_id: UUID | None, category: str | None) -> set[str]:
    """Return the units of a cycle's scheme in force, of one category or of all."""
    if cycle_id is None:
        en, zh = "Give `cycle_id` besides.", "请同时给出 `cycle_id`。"
        fault = Fault("/query/category", "cycle-not-named", en, zh)
        raise CycleNotNamed(en, zh, faults=[fault])
    await find_cycle(db, cycle_id)
    categories = (await scheme_in_force(db, cycle_id)).scheme.categories
    return {unit for each in categories if category in (None, each.code) for unit in each.units}


async def _registered(
    db: AsyncSession, permit: Permission, units: Sequence[NewUnit]
) -> list[Identity]:
    rows = await db.execute(
        select(UnitRow.code, UnitRow.uscc).where(
            owned(UnitRow, permit.caller.realm),
            or_(
                UnitRow.code.in_([unit.code for unit in units]),
                UnitRow.uscc.in_([unit.uscc for unit in units if unit.uscc]),
            ),
        )
    )
    return [Identity(code, uscc) for code, uscc in rows]


async def _registered_so(
    db: AsyncSession, permit: Permission, units: Sequence[NewUnit]
) -> list[int]:
    """Return the places of units that are registered already just as they are sent."""
    await _require_intact(db, permit)
    codes = {unit.code for unit in units}
    query = select(UnitRow, KIND_OF_UNIT).where(owned(UnitRow, permit.caller.realm))
    query = query.where(UnitRow.code.in_(codes))
    rows = {row.code: (kind, row.uscc) for row, kind in await db.execute(query)}
    names = await _names(db, permit, rows.keys())
    return [
        place
        for place, unit in enumerate(units)
        if (row := rows.get(unit.code)) is not None
        and row == (unit.kind, unit.uscc)
        and any(
            (each.name, each.kind, each.valid_from) == (unit.name, "legal", unit.valid_from)
            for each in names[unit.code]
        )
    ]


async def _find(db: AsyncSession, permit: Permission, unit: str) -> UnitRow:
    row = await db.get(UnitRow, (permit.caller.realm or "", unit))
    if row is None:
        raise NoSuchUnit(f"No unit has the code {unit}.", f"没有代码为 {unit} 的单位。")
    return row


async def _kind(db: AsyncSession, permit: Permission, unit: str) -> str:
    of = owned(UnitRow, permit.caller.realm), UnitRow.code == unit
    return str(await db.scalar(select(KIND_OF_UNIT).where(*of)))


async def _names(
    db: AsyncSession, permit: Permission, units: Collection[str]
) -> Mapping[str, Sequence[Name]]:
    rows = await db.scalars(
        select(UnitNameRow)
        .where(owned(UnitNameRow, permit.caller.realm), UnitNameRow.unit.in_(units))
        .order_by(UnitNameRow.valid_from, UnitNameRow.name)
    )
    names = defaultdict[str, list[Name]](list)
    for row in rows:
        kind: NameKind = "legal" if row.kind == "legal" else "alias"
        names[row.unit].append(Name(row.name, kind, row.valid_from, row.valid_to))
    return names


async def _all_successions(db: AsyncSession, permit: Permission) -> Mapping[str, Collection[str]]:
    row = UnitSuccessionRow
    query = select(row.unit, row.predecessor).where(owned(row, permit.caller.realm))
    rows = await db.execute(query)
    found = defaultdict[str, set[str]](set)
    for unit, predecessor in rows:
        found[unit].add(predecessor)
    return found


async def _successions(
    db: AsyncSession, permit: Permission, units: Collection[str]
) -> Mapping[str, Sequence[Succession]]:
    row = UnitSuccessionRow
    rows = await db.scalars(
        select(row)
        .where(owned(row, permit.caller.realm), row.unit.in_(units))
        .order_by(row.effective_on, row.predecessor)
    )
    found = defaultdict[str, list[Succession]](list)
    for each in rows:
        one = Succession(each.predecessor, each.effective_on, each.document_no)
        found[each.unit].append(one)
    return found


async def _today(db: AsyncSession) -> dt.date:
    today: dt.date = (await db.execute(select(func.current_date()))).scalar_one()
    return today


def _shown(
    row: UnitRow, kind: str, names: Sequence[Name], succeeds: Sequence[Succession], today: dt.date
) -> Unit:
    return Unit.model_validate(
        {
            "code": row.code,
            "name": legal_name(names, today),
            "kind": kind,
            "uscc": row.uscc,
            "names": [
                UnitName.model_validate(name)
                for name in sorted(names, key=lambda name: (name.valid_from, name.name))
            ],
            "succeeds": [UnitSuccession.model_validate(each) for each in succeeds],
        }
    )
