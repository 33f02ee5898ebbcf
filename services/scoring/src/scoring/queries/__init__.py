"""The questions to the database that more than one resource asks, or that deserve a name."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def hold(db: AsyncSession, what: str, cycle_id: UUID) -> None:
    """Take the lock that a word names within a cycle, and keep it until the transaction ends."""
    # The tables are append-only for the service's role, so no row of them can be locked.
    key = func.hashtext(what), func.hashtext(str(cycle_id))
    await db.execute(select(func.pg_advisory_xact_lock(*key)))
