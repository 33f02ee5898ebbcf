"""Id schemes (代码体系): by which codes other systems name units and indicators, and what these
mean on which day."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.deadlines import local_day
from chassis.elsewhere import Beside, CodesElsewhere, KnownCode
from chassis.journal import Receipt
from chassis.kept import HEAD, VERSIONS, kept_document
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.realms import chain_of
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from indicators.queries import NoSuchCycle, find_cycle, jurisdiction_of, owned, time_zone_of
from indicators.rules.id_schemes import (
    BUILT_IN,
    MEANING,
    OWN_CODES,
    USCC,
    IdSchemeEmpty,
    IdSchemeTaken,
    NoSuchIdScheme,
    check_id_scheme,
)
from indicators.tables import (
    CodeMappingRow,
    CycleRow,
    IdSchemeRow,
    IndicatorMappingRow,
    UnitMappingRow,
    UnitRow,
)

router = Router(tags=["id schemes"])

CHAIN, UNITS = "id-schemes", "units"


class NewIdScheme(Incoming):
    """Codes by which another system names units, indicators, or both.

    `id_scheme` is how requests name it, such as `hr`; `system` who uses it. What it has no codes of
    goes by ours.
    """

    id_scheme: Code
    name_zh: Text
    name_en: Text
    system: Text
    units: bool = True
    indicators: bool = False


class IdScheme(Outgoing):
    """Codes by which units, indicators, or both are named; `code` are our own, `uscc` are unified
    social credit codes of units, and both are built in (`registered_at` is null)."""

    id_scheme: str
    name_zh: str
    name_en: str
    system: str | None
    units: bool
    indicators: bool
    registered_at: dt.datetime | None


class RegisteredIdScheme(IdScheme):
    """An id scheme that has just been registered, with the receipt of the journal."""

    receipt: Receipt | None


class UnitCode(Outgoing):
    """The unit that a code means from the day `valid_from` until just before `valid_to`; a null
    beginning or end is open."""

    code: str
    unit: str
    valid_from: dt.date | None
    valid_to: dt.date | None


class IndicatorCode(Outgoing):
    """The indicator that a code means from the day `valid_from` until just before `valid_to`; a
    null beginning or end is open."""

    code: str
    indicator: str
    valid_from: dt.date | None
    valid_to: dt.date | None


class IdSchemeCodes(Outgoing):
    """All that codes of an id scheme mean in a cycle: mappings that two people agreed on.

    Where `units` or `indicators` is false, those go by our codes. A code means one thing on one
    day. `as_of` is the last day of the assessment year: what is told of the whole year is told by
    the codes of that day.
    """

    cycle_id: UUID
    as_of: dt.date
    id_scheme: str
    units: bool
    indicators: bool
    unit_codes: list[UnitCode]
    indicator_codes: list[IndicatorCode]


@router.post("/id-schemes", status_code=201, responses=documents(IdSchemeTaken, IdSchemeEmpty))
async def register_id_scheme(
    new: NewIdScheme, db: Transaction, permit: Permit
) -> RegisteredIdScheme:
    """Register an id scheme: the codes of another system. None of them means anything before it has
    been mapped and confirmed.
    """
    whose = permit.caller.realm
    lock = text("SELECT pg_advisory_xact_lock(hashtext(:chain))")
    await db.execute(lock, {"chain": chain_of(CHAIN, whose)})
    taken = set(await db.scalars(select(IdSchemeRow.id_scheme).where(owned(IdSchemeRow, whose))))
    check_id_scheme(new.id_scheme, units=new.units, indicators=new.indicators, taken=taken)

    by = {"jurisdiction": whose or "", "registered_by": permit.caller.subject}
    row = IdSchemeRow(**new.model_dump(), **by)
    db.add(row)
    await db.flush()
    receipt = await journal.record(
        db,
        chain=CHAIN,
        caller=permit.caller,
        event="id-scheme.registered",
        body=new.model_dump(mode="json"),
    )
    return RegisteredIdScheme(**dict(IdScheme.model_validate(row)), receipt=receipt)


@router.get("/id-schemes", responses=documents(StoredDataAltered))
async def list_id_schemes(page: PageQuery, db: Snapshot, permit: Permit) -> Page[IdScheme]:
    """Give the id schemes in the order of their codes, those that are built in among them."""
    whose = permit.caller.realm
    rows = (await db.scalars(select(IdSchemeRow).where(owned(IdSchemeRow, whose)))).all()
    await require_intact(db, chain_of(CHAIN, whose), "id_scheme")
    found = [*map(IdScheme.model_validate, rows), *map(_built_in, BUILT_IN)]
    later = sorted((e for e in found if e.id_scheme > page.after_code), key=lambda e: e.id_scheme)
    return Page[IdScheme].of(later, page.limit, lambda each: each.id_scheme)


def _built_in(code: str) -> IdScheme:
    zh, en = BUILT_IN[code]
    return IdScheme(
        id_scheme=code,
        name_zh=zh,
        name_en=en,
        system=None,
        units=True,
        indicators=code == OWN_CODES,
        registered_at=None,
    )


# How far the journals have come that the document tells of, and which rows there are. The unit's
# codes of its registration are of no scheme.
_ASKED = "SELECT " + ", ".join(
    [
        HEAD.format("($1::text[])[1]"),
        VERSIONS.format("cycle", "t.cycle_id = ($1::text[])[1]::uuid"),
        HEAD.format("($1::text[])[3]"),
        "{versions}",
    ]
)
_OF_SCHEME = "t.id_scheme = ($1::text[])[2] AND t.chain = ($1::text[])[3]"
OF_MAPPINGS = _ASKED.format(
    versions=", ".join(
        [
            VERSIONS.format("id_scheme", _OF_SCHEME),
            VERSIONS.format("unit_mapping", _OF_SCHEME),
            VERSIONS.format(
                "indicator_mapping",
                "t.cycle_id = ($1::text[])[1]::uuid AND t.id_scheme = ($1::text[])[2]",
            ),
        ]
    ),
)
OF_UNITS = _ASKED.format(
    versions=VERSIONS.format("unit", "($1::text[])[2] <> '' AND t.chain = ($1::text[])[3]")
)


def asked_of(cycle_id: UUID, id_scheme: str) -> list[str]:
    """Return the parameters of both questions: the cycle, the id scheme, and the chain in which the
    codes of units are on record that the cycle has."""
    name = UNITS if id_scheme in BUILT_IN else CHAIN
    return [str(cycle_id), id_scheme, chain_of(name, jurisdiction_of(cycle_id))]


@router.get(
    "/cycles/{cycle_id}/id-schemes/{id_scheme}",
    response_model=IdSchemeCodes,
    responses=documents(NoSuchCycle, NoSuchIdScheme, StoredDataAltered),
)
async def read_id_scheme(
    cycle_id: UUID, id_scheme: Code, request: Request, permit: Permit
) -> Response:
    """Give all that the codes of an id scheme mean in a cycle, and on which days."""

    async def build(db: AsyncSession) -> IdSchemeCodes:
        return await codes_in(db, await find_cycle(db, cycle_id), id_scheme)

    question = OF_UNITS if id_scheme in BUILT_IN else OF_MAPPINGS
    asked = asked_of(cycle_id, id_scheme)
    return await kept_document(request, permit, (cycle_id, id_scheme), question, asked, build)


async def codes_in(db: AsyncSession, cycle: CycleRow, id_scheme: str) -> IdSchemeCodes:
    """Return all that the codes of an id scheme mean in a cycle."""
    if id_scheme in BUILT_IN:
        return await _registered_codes(db, cycle, id_scheme)
    row = await find_id_scheme(db, whose := jurisdiction_of(cycle), id_scheme)
    await require_intact(db, row.chain, "unit_mapping")
    await require_intact(db, str(cycle.cycle_id), "indicator_mapping")
    units, codes = UnitMappingRow, IndicatorMappingRow
    of_units = select(units).where(owned(units, whose), units.state.in_(MEANING))
    of_units = of_units.where(units.id_scheme == id_scheme)
    of_codes = select(codes).where(codes.id_scheme == id_scheme, codes.state.in_(MEANING))
    of_codes = of_codes.where(codes.cycle_id == cycle.cycle_id)
    return IdSchemeCodes(
        cycle_id=cycle.cycle_id,
        as_of=last_day(cycle),
        id_scheme=id_scheme,
        units=row.units,
        indicators=row.indicators,
        unit_codes=[
            UnitCode(unit=each.meaning, **_of_days(each))
            for each in await db.scalars(of_units.order_by(units.code, units.valid_from))
        ],
        indicator_codes=[
            IndicatorCode(indicator=each.meaning, **_of_days(each))
            for each in await db.scalars(of_codes.order_by(codes.code, codes.valid_from))
        ],
    )


async def beside_of(db: AsyncSession, cycle: CycleRow, id_scheme: str) -> Beside:
    """Return what stands beside the codes of a document, by the codes of the last day of the
    year."""
    found = await codes_in(db, cycle, id_scheme)
    units = [KnownCode(e.code, e.unit, e.valid_from, e.valid_to) for e in found.unit_codes]
    codes = [
        KnownCode(e.code, e.indicator, e.valid_from, e.valid_to) for e in found.indicator_codes
    ]
    told = {
        "unit": ("unit_in_scheme", CodesElsewhere(units if found.units else None)),
        "indicator": ("indicator_in_scheme", CodesElsewhere(codes if found.indicators else None)),
    }
    return Beside(told, found.as_of)


def last_day(cycle: CycleRow) -> dt.date:
    """Return the last day of the assessment year."""
    return dt.date(cycle.assessment_year, 12, 31)


def _of_days(row: CodeMappingRow) -> dict[Literal["code", "valid_from", "valid_to"], object]:
    return {"code": row.code, "valid_from": row.valid_from, "valid_to": row.valid_to}


async def _registered_codes(db: AsyncSession, cycle: CycleRow, id_scheme: str) -> IdSchemeCodes:
    """Return the codes that units are registered with; our own need no list."""
    rows = []
    if id_scheme == USCC:
        whose = jurisdiction_of(cycle)
        await require_intact(db, chain_of(UNITS, whose), "unit")
        query = select(UnitRow.uscc, UnitRow.code).where(UnitRow.uscc.is_not(None))
        query = query.where(owned(UnitRow, whose))
        rows = list(await db.execute(query.order_by(UnitRow.uscc)))
    codes = [UnitCode(code=uscc, unit=unit, valid_from=None, valid_to=None) for uscc, unit in rows]
    return IdSchemeCodes(
        cycle_id=cycle.cycle_id,
        as_of=last_day(cycle),
        id_scheme=id_scheme,
        units=id_scheme == USCC,
        indicators=False,
        unit_codes=codes,
        indicator_codes=[],
    )


ReadInScheme = Annotated[
    Code,
    Query(
        alias="id_scheme",
        description="Another system's codes, told beside ours as `unit_in_scheme` and "
        "`indicator_in_scheme`: `uscc` (unified social credit codes of units) or a registered id "
        "scheme; null where none means it, or several do.",
    ),
]
"""In whose codes units and indicators are told beside ours."""

IdSchemeQuery = Annotated[
    Code,
    Query(
        alias="id_scheme",
        description="By which codes units and indicators are named: `code` (ours), `uscc` "
        "(unified social credit codes of units), or a registered id scheme, such as `hr`.",
    ),
]
"""By whose codes units and indicators are named."""

Meant = Mapping[str, str]
"""Our codes, by those of another system."""


async def meant_today(
    db: AsyncSession, cycle_id: UUID, id_scheme: str
) -> tuple[Meant | None, Meant | None]:
    """Return what codes of units and of indicators mean on the day in the cycle's time zone; None
    where they are ours."""
    if id_scheme == OWN_CODES:
        return None, None
    if id_scheme == USCC:
        codes = await _registered_codes(db, await find_cycle(db, cycle_id), id_scheme)
        return {each.code: each.unit for each in codes.unit_codes}, None
    scheme = await find_id_scheme(db, whose := jurisdiction_of(cycle_id), id_scheme)
    moment: dt.datetime = (await db.execute(select(func.clock_timestamp()))).scalar_one()
    day = local_day(moment, await time_zone_of(db, cycle_id))
    own: dict[str, object] = {"id_scheme": id_scheme, "jurisdiction": whose or ""}
    units = await _meant(db, UnitMappingRow, own, scheme.chain, day)
    of_cycle = {"id_scheme": id_scheme, "cycle_id": cycle_id}
    codes_of = await _meant(db, IndicatorMappingRow, of_cycle, str(cycle_id), day)
    return units if scheme.units else None, codes_of if scheme.indicators else None


async def _meant(
    db: AsyncSession,
    row: type[UnitMappingRow] | type[IndicatorMappingRow],
    of: dict[str, object],
    chain: str,
    day: dt.date,
) -> Meant:
    await require_intact(db, chain, row.__tablename__)
    query = (
        select(row.code, row.meaning)
        .filter_by(**of)
        .where(row.state.in_(MEANING), row.valid_from <= day)
        .where(or_(row.valid_to.is_(None), row.valid_to > day))
    )
    return {code: meaning for code, meaning in await db.execute(query)}  # noqa: C416 - dict() takes no typed Row


async def find_id_scheme(db: AsyncSession, jurisdiction: str | None, id_scheme: str) -> IdSchemeRow:
    """Return an id scheme that was registered in a jurisdiction; refuse any other."""
    row = await db.get(IdSchemeRow, (jurisdiction or "", id_scheme))
    if row is None:
        en = f"{id_scheme} is built in." if id_scheme in BUILT_IN else f"There is no {id_scheme}."
        zh = f"{id_scheme} 为内置体系。" if id_scheme in BUILT_IN else f"没有 {id_scheme}。"
        raise NoSuchIdScheme(en, zh)
    await require_intact(db, row.chain, "id_scheme")
    return row
