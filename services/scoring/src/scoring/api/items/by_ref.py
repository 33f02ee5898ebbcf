"""What was registered before under the names that other systems give it (来源记录号)."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

Stored = TypeVar("Stored")


async def known_by_ref(
    db: AsyncSession,
    cycle_id: UUID,
    refs: Iterable[str | None],
    require_true: Callable[[AsyncSession, UUID], Awaitable[None]],
    by_ref: Callable[[AsyncSession, UUID, Collection[str]], Awaitable[Mapping[str, Stored]]],
) -> Mapping[str, Stored]:
    """Return what is stored under some names; refuse it if it is not what the journal recorded."""
    named = {each for each in refs if each is not None}
    if not named:
        return {}
    await require_true(db, cycle_id)
    return await by_ref(db, cycle_id, named)
