"""Names (名称): what the codes of a cycle are called, in one document for whatever shows codes."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.kept import HEAD, VERSIONS, kept_document
from chassis.problems import documents
from chassis.realms import chain_of
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Outgoing
from indicators.api.units import CHAIN, RECORDED
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    jurisdiction_of,
    legal_names,
    owned,
    scheme_in_force,
)
from indicators.rules.scheme import Category, Scheme
from indicators.tables import CycleRow, UnitRow

router = Router("/cycles/{cycle_id}/names", tags=["cycles"])


class NamedCode(Outgoing):
    """A code and what it is called; `name_en` is null where the scheme gives no English name."""

    code: str
    name: str
    name_en: str | None


class NamedCategory(NamedCode):
    """A category of the scheme, with its sub-categories, blocks and indicators.

    The indicators are all of the category, those with parts before their parts.
    """

    subcategories: list[NamedCode]
    blocks: list[NamedCode]
    indicators: list[NamedCode]


class NamedUnit(Outgoing):
    """A registered unit, and the legal name that it has on the day `as_of`."""

    code: str
    name: str


class CycleNames(Outgoing):
    """What the codes of a cycle are called: every registered unit, and what is in the scheme.

    `as_of` is the last day of the assessment year: by the names of that day units are ranked and
    published. Without a scheme in force `version` is null, and what schemes name is empty.
    """

    cycle_id: UUID
    as_of: dt.date
    version: int | None
    units: list[NamedUnit]
    categories: list[NamedCategory]
    surveys: list[NamedCode]
    vetoes: list[NamedCode]


_ROWS = {
    "t.cycle_id = ($1::text[])[1]::uuid": ("cycle", "scheme_version", "scheme_publication"),
    "t.jurisdiction = ($1::text[])[3]": ("unit", "unit_name"),
}
_OF_NAMES = "SELECT " + ", ".join(
    [HEAD.format(f"($1::text[])[{n}]") for n in (1, 2)]
    + [VERSIONS.format(table, its) for its, tables in _ROWS.items() for table in tables]
)
"""Of what the names of a cycle are made: its scheme in force, and the units that it has."""


@router.get("", response_model=CycleNames, responses=documents(NoSuchCycle, StoredDataAltered))
async def read_names(cycle_id: UUID, request: Request, permit: Permit) -> Response:
    """Give the names of all codes of a cycle, to be read once and shown beside the codes that other
    documents hold."""
    whose = jurisdiction_of(cycle_id)

    async def build(db: AsyncSession) -> CycleNames:
        return await _names(db, await find_cycle(db, cycle_id))

    asked = [str(cycle_id), chain_of(CHAIN, whose), whose or ""]
    return await kept_document(request, permit, cycle_id, _OF_NAMES, asked, build)


async def _names(db: AsyncSession, cycle: CycleRow) -> CycleNames:
    as_of, whose = dt.date(cycle.assessment_year, 12, 31), jurisdiction_of(cycle)
    await require_intact(db, chain_of(CHAIN, whose), *RECORDED)
    units = select(UnitRow.code).where(owned(UnitRow, whose))
    codes = (await db.scalars(units.order_by(UnitRow.code))).all()
    names = await legal_names(db, whose, codes, as_of)
    version, scheme = await _in_force(db, cycle.cycle_id)
    return CycleNames(
        cycle_id=cycle.cycle_id,
        as_of=as_of,
        version=version,
        units=[NamedUnit(code=code, name=names[code]) for code in codes],
        categories=[_category(each) for each in scheme.categories] if scheme else [],
        surveys=_named(scheme.surveys) if scheme else [],
        vetoes=_named(scheme.vetoes.items) if scheme else [],
    )


async def _in_force(db: AsyncSession, cycle_id: UUID) -> tuple[int | None, Scheme | None]:
    try:
        row = await scheme_in_force(db, cycle_id)
    except SchemeNotPublished:
        return None, None
    return row.version, row.scheme


class _HasName(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str | None: ...


def _named(parts: Iterable[_HasName]) -> list[NamedCode]:
    # Not every part of a scheme has room for an English name, and what has no name is its code.
    return [
        NamedCode(
            code=each.code, name=each.name or each.code, name_en=getattr(each, "name_en", None)
        )
        for each in parts
    ]


def _category(category: Category) -> NamedCategory:
    return NamedCategory(
        **dict(_named([category])[0]),
        subcategories=_named(category.subcategories),
        blocks=_named(category.blocks),
        indicators=_named(category.walk()),
    )
