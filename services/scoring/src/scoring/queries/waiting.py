"""Waiting until others have decided, for no longer than a statement waits for any lock."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency
from scoring.rules.claims.states import ClaimsBusy

_LOCK_NOT_AVAILABLE = "55P03"


async def hold_each(db: AsyncSession, kind: str, names: Iterable[str]) -> None:
    """Let nobody else pass here with any of these names until the commit, in one order for all;
    refuse who has waited too long for that (`ClaimsBusy`)."""
    try:
        for name in sorted({*names}):
            key = func.hashtext(kind), func.hashtext(name)
            await db.execute(select(func.pg_advisory_xact_lock(*key)))
    except DBAPIError as error:
        if idempotency.state_of(error) != _LOCK_NOT_AVAILABLE:
            raise
        raise ClaimsBusy(
            "Somebody else has been deciding about claims on the same document or event.",
            "他人正在办理同一文件或同一事件的申报。",
        ) from error
