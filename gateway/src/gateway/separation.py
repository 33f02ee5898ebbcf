"""Whether the powers of administrators are apart in this system, and who confirms."""

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis import logs
from chassis.authorisation import Matrix
from chassis.db import unavailable
from gateway import queries
from gateway.queries import PresentAccount
from gateway.rules import accounts as rules
from gateway.rules.separation import SECURITY, SYSTEM, Confirming


async def confirming(db: AsyncSession, jurisdiction: str | None) -> Confirming:
    """Return who confirms in a jurisdiction what two people do: security administrators, once there
    was one."""
    is_separated = await queries.was_ever_held(db, jurisdiction, SECURITY)
    role = {SECURITY} if is_separated else {SYSTEM}
    former = set[str]() if is_separated else await queries.former_holders(db, jurisdiction, role)
    return Confirming(await queries.holders(db, jurisdiction, role), former, is_separated)


async def misheld(
    db: AsyncSession, matrix: Matrix, *conditions: ColumnElement[bool]
) -> list[PresentAccount]:
    """Return the accounts from before that are in effect with a role of a person for a system, or
    of a system for a person."""
    bound = {role for role, told in matrix.roles.items() if "held_by" in told}
    found = await queries.accounts_with(db, bound, *conditions) if bound else []
    return [each for each in found if rules.misheld(each.kind, each.roles, matrix.roles)]


async def name_misheld(sessions: async_sessionmaker[AsyncSession], matrix: Matrix) -> None:
    """Say in the log which accounts from before have roles that are not for such a holder.

    Tasks of administrators name them, too: a start without its database goes on.
    """
    try:
        async with sessions() as db:
            for account in await misheld(db, matrix):
                logs.say("account-misheld", subject=account.subject, kind=account.kind)
    except Exception as error:
        if unavailable(error) is None:
            raise
