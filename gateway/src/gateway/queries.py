"""The statements behind signing in. All moments are the database's own."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.rules.accounts import FAILURES_ALLOWED, LOCKED_MINUTES
from gateway.tables import AccountRow


def _may_sign_in(subject: str, kind: str) -> list[ColumnElement[bool]]:
    return [
        AccountRow.subject == subject,
        AccountRow.kind == kind,
        AccountRow.disabled_at.is_(None),
        or_(
            AccountRow.locked_until.is_(None),
            AccountRow.locked_until <= func.clock_timestamp(),
        ),
    ]


async def hash_of(db: AsyncSession, subject: str, kind: str) -> str | None:
    """Return the hash of an account that may sign in, or None."""
    return await db.scalar(select(AccountRow.secret_hash).where(*_may_sign_in(subject, kind)))


async def admit(db: AsyncSession, subject: str, kind: str) -> AccountRow | None:
    """Forget earlier failures and return the account; None if it was locked in the meantime.

    Because failures and successes of one account queue for its row, no guess counts as a success
    after the failures that lock it, however many are made at once.
    """
    admitted: AccountRow | None = await db.scalar(
        update(AccountRow)
        .where(*_may_sign_in(subject, kind))
        .values(failures=0, locked_until=None)
        .returning(AccountRow)
    )
    return admitted


async def note_failure(db: AsyncSession, subject: str, kind: str) -> datetime | None:
    """Count a failure; return until when the account is locked, if this one locked it."""
    # A lock that has run out leaves its moment behind: counting begins anew.
    failures = case((AccountRow.locked_until.is_(None), AccountRow.failures + 1), else_=1)
    until = func.clock_timestamp() + timedelta(minutes=LOCKED_MINUTES)
    locked = case((failures >= FAILURES_ALLOWED, until), else_=None)
    return await db.scalar(
        update(AccountRow)
        .where(*_may_sign_in(subject, kind))
        .values(failures=failures, locked_until=locked)
        .returning(AccountRow.locked_until)
        .execution_options(synchronize_session=False)
    )
