"""The statements behind accounts and signing in. All moments are the database's own."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.rules.persons import HeldRoles, State
from gateway.tables import AccountRow, ConfirmationRow


def _in_effect() -> list[ColumnElement[bool]]:
    confirmed = select(ConfirmationRow).where(ConfirmationRow.subject == AccountRow.subject)
    return [
        AccountRow.disabled_at.is_(None),
        or_(AccountRow.awaits_confirmation.is_(False), confirmed.exists()),
    ]


def asked_for(
    role: str | None, unit: str | None, state: State | None, part: str | None
) -> list[ColumnElement[bool]]:
    """Return the conditions on an account, outerly joined with its confirmation, that is asked
    for; `part` is a part of its subject or of its name.

    All accounts are looked through: there are as many as people.
    """
    is_pending = and_(AccountRow.awaits_confirmation, ConfirmationRow.subject.is_(None))
    found = list[ColumnElement[bool]]()
    if role is not None:
        found.append(AccountRow.roles.contains([role]))
    if unit is not None:
        found.append(AccountRow.unit == unit)
    if state is not None:
        found.append(is_pending if state == "pending" else not_(is_pending))
    if part is not None:
        texts = (AccountRow.subject, AccountRow.name)
        found.append(or_(*(func.strpos(func.lower(text), func.lower(part)) > 0 for text in texts)))
    return found


async def account_in_effect(db: AsyncSession, subject: str) -> AccountRow | None:
    """Return an account that may act: neither disabled nor waiting to be confirmed."""
    row: AccountRow | None = await db.scalar(
        select(AccountRow).where(AccountRow.subject == subject, *_in_effect())
    )
    return row


async def pending_accounts(db: AsyncSession) -> Sequence[AccountRow]:
    """Return the accounts that wait for a second person to confirm them, in order of creation."""
    confirmed = select(ConfirmationRow).where(ConfirmationRow.subject == AccountRow.subject)
    rows = await db.scalars(
        select(AccountRow)
        .where(
            AccountRow.awaits_confirmation,
            AccountRow.disabled_at.is_(None),
            not_(confirmed.exists()),
        )
        .order_by(AccountRow.created_at, AccountRow.subject)
    )
    return rows.all()


async def lock_accounts(db: AsyncSession) -> None:
    """Have whoever grants or confirms something wait for the others until the commit.

    What one person holds is spread over rows that do not exist yet: two requests at once would
    each find that nothing stands in the way.
    """
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtext("accounts"))))


async def holders(db: AsyncSession, roles: Collection[str]) -> set[str]:
    """Return the persons who hold any of `roles` through an account that is in effect."""
    held = or_(*(AccountRow.roles.contains([role]) for role in sorted(roles)))
    return set(await db.scalars(select(AccountRow.person).where(held, *_in_effect())))


async def holdings(db: AsyncSession, names: Collection[str]) -> list[HeldRoles]:
    """Return the accounts whose subject or person is among `names`, however they are spelled."""
    spelled = {name.casefold() for name in names}
    rows = await db.scalars(
        select(AccountRow)
        .where(
            or_(
                func.lower(AccountRow.person).in_(spelled),
                func.lower(AccountRow.subject).in_(spelled),
            )
        )
        .order_by(AccountRow.subject)
    )
    return [
        HeldRoles(row.subject, row.person, row.unit, tuple(row.roles), row.disabled_at is not None)
        for row in rows
    ]


async def account_and_confirmation(
    db: AsyncSession, subject: str
) -> tuple[AccountRow, ConfirmationRow | None] | None:
    """Return an account, and its confirmation when there is one."""
    found = await db.execute(
        select(AccountRow, ConfirmationRow)
        .outerjoin(ConfirmationRow, ConfirmationRow.subject == AccountRow.subject)
        .where(AccountRow.subject == subject)
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])
