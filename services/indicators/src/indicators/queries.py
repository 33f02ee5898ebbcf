"""The questions to the database that more than one resource asks."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.refusals import Missing
from indicators.tables import CycleRow, SchemePublicationRow, SchemeVersionRow


class NoSuchCycle(Missing):
    """There is no such cycle."""

    zh = "没有这个评估年度。"


class SchemeNotPublished(Missing):
    """The cycle has no published scheme."""

    zh = "本评估年度尚未公布方案。"


async def find_cycle(db: AsyncSession, cycle_id: UUID, *, alone: bool = False) -> CycleRow:
    """Return a cycle; refuse an unknown one.

    A writer holds it `alone` until the commit, because versions of schemes and of targets are
    numbered one after the other. That leaves references to the cycle free to be checked.
    """
    query = select(CycleRow).where(CycleRow.cycle_id == cycle_id)
    if alone:
        query = query.with_for_update(key_share=True)
    cycle = await db.scalar(query)
    if cycle is None:
        raise NoSuchCycle(f"No cycle has the id {cycle_id}.", f"没有编号为 {cycle_id} 的评估年度。")
    return cycle


async def version_in_force(
    db: AsyncSession, cycle_id: UUID, *, before: int | None = None
) -> int | None:
    """Return the number of the published version in force, now or `before` another came."""
    query = select(func.max(SchemePublicationRow.version)).where(
        SchemePublicationRow.cycle_id == cycle_id
    )
    if before is not None:
        query = query.where(SchemePublicationRow.version < before)
    return await db.scalar(query)


async def scheme_in_force(
    db: AsyncSession, cycle_id: UUID
) -> tuple[SchemeVersionRow, SchemePublicationRow]:
    """Return the published version in force; refuse a cycle that has none."""
    found = (
        await db.execute(
            select(SchemeVersionRow, SchemePublicationRow)
            .join(
                SchemePublicationRow,
                (SchemePublicationRow.cycle_id == SchemeVersionRow.cycle_id)
                & (SchemePublicationRow.version == SchemeVersionRow.version),
            )
            .where(SchemeVersionRow.cycle_id == cycle_id)
            .order_by(SchemeVersionRow.version.desc())
            .limit(1)
        )
    ).one_or_none()
    if found is None:
        raise SchemeNotPublished("Publish one first.", "请先公布方案。")
    version, publication = found
    return version, publication
