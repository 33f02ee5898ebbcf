"""The years in which the superior assesses one's own jurisdiction (上级评估年度)."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.realm_rows import is_of
from chassis.realms import chain_of, realm_of
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Exact, Outgoing
from indicators.api.cycles import AssessmentYear
from indicators.api.id_schemes import last_day
from indicators.api.jurisdictions import CHAIN
from indicators.queries import owned, scheme_in_force
from indicators.rules.id_schemes import DIVISIONS, MEANING
from indicators.rules.publication import CyclePhase
from indicators.rules.scheme import Category
from indicators.rules.superior_schemes import AskedOf, asked_of, category_of
from indicators.tables import CycleRow, JurisdictionRow, UnitMappingRow

router = Router("/superior-cycles", tags=["decomposition"])

LIST = "GET /api/v1/superior-cycles"
"""By whom the superior's scheme is read."""


class SuperiorIndicatorAsked(Outgoing):
    """An indicator by which the superior assesses the own jurisdiction; its points are divided
    among those whose `parent` it is, where there are any."""

    code: str
    name: str
    block: str
    points: Exact
    parent: str | None


class SuperiorCycle(Outgoing):
    """A year of the superior in whose scheme in force the own jurisdiction is a `unit`, with the
    indicators that make its total."""

    cycle_id: UUID
    jurisdiction: str
    name: str
    assessment_year: int
    scheme_version: int
    unit: str
    category: str
    category_name: str
    indicators: list[SuperiorIndicatorAsked]


@dataclass(frozen=True, slots=True)
class SuperiorScheme:
    """A superior's scheme in force as it assesses the own jurisdiction."""

    cycle: CycleRow
    version: int
    unit: str
    category: Category
    asked: list[AskedOf]


@router.get("", responses=documents(StoredDataAltered))
async def list_superior_cycles(
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    year: Annotated[AssessmentYear, Query(description="Of this assessment year.")],
) -> Page[SuperiorCycle]:
    """Give the years of the direct superior in which the caller's jurisdiction is assessed, in the
    order of their ids, with what it is asked for by the scheme in force; nothing else of them.

    Which unit it is there says the superior: by its division code, or by the mapping of that in
    the codes `gb2260`.
    """
    found = list[SuperiorCycle]()
    async for each in _assessing(db, permit.caller.realm, year, page.after_id):
        found.append(_shown(each))
        if len(found) > page.limit:
            break
    return Page[SuperiorCycle].of(found, page.limit, lambda each: str(each.cycle_id))


async def _assessing(
    db: AsyncSession, own: str | None, year: int, after: UUID | None
) -> AsyncIterator[SuperiorScheme]:
    """Yield the superior's schemes of a year by which a jurisdiction is assessed."""
    superior = await superior_of(db, own)
    if superior is None:
        return
    row = CycleRow
    query = select(row.cycle_id).where(is_of(row.cycle_id, superior), row.assessment_year == year)
    query = query if after is None else query.where(row.cycle_id > after)
    for cycle_id in (await db.scalars(query.order_by(row.cycle_id))).all():
        scheme = await superior_scheme(db, own, cycle_id)
        if scheme is not None:
            yield scheme


async def superior_of(db: AsyncSession, own: str | None) -> str | None:
    """Return the direct superior that a jurisdiction is registered with, if it has one."""
    if own is None:
        return None
    row = await db.get(JurisdictionRow, own)
    # Its own row alone is compared, however many there are; the whole register where it is missing.
    table, records = JurisdictionRow.__tablename__, None if row is None else [row.record]
    await require_intact(db, CHAIN, table, records=records)
    return None if row is None else row.superior


async def superior_scheme(
    db: AsyncSession, own: str | None, cycle_id: UUID
) -> SuperiorScheme | None:
    """Return the scheme in force of a cycle of the direct superior's by which a jurisdiction is
    assessed; None for any other cycle, and where there is none."""
    superior = await superior_of(db, own)
    if own is None or superior is None or realm_of(cycle_id) != superior:
        return None
    cycle = await db.get(CycleRow, cycle_id)
    if cycle is None or cycle.phase != CyclePhase.OPEN:
        return None
    await require_intact(db, str(cycle_id), "cycle")
    version = await scheme_in_force(db, cycle_id)
    unit = await _unit_there(db, superior, own, last_day(cycle))
    category = category_of(version.scheme, unit)
    if category is None:
        return None
    asked = asked_of(version.scheme, category)
    return SuperiorScheme(cycle, version.version, unit, category, asked)


async def _unit_there(db: AsyncSession, superior: str, own: str, day: dt.date) -> str:
    """Return which unit of a superior a jurisdiction is on a day: as two people of the superior's
    mapped its code, or else the one of that code."""
    await require_intact(db, chain_of("id-schemes", superior), "unit_mapping")
    row = UnitMappingRow
    mapped = select(row.meaning).where(
        owned(row, superior),
        row.id_scheme == DIVISIONS,
        row.code == own,
        row.state.in_(MEANING),
        row.valid_from <= day,
        or_(row.valid_to.is_(None), row.valid_to > day),
    )
    return await db.scalar(mapped) or own


def _shown(of: SuperiorScheme) -> SuperiorCycle:
    return SuperiorCycle(
        cycle_id=of.cycle.cycle_id,
        jurisdiction=realm_of(of.cycle.cycle_id) or "",
        name=of.cycle.name,
        assessment_year=of.cycle.assessment_year,
        scheme_version=of.version,
        unit=of.unit,
        category=of.category.code,
        category_name=of.category.name,
        indicators=[SuperiorIndicatorAsked.model_validate(each) for each in of.asked],
    )
