"""Secrets drawn where two people give power or take a password back: neither knew one before."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.identity import Caller
from gateway import queries, sessions
from gateway.hashing import Hasher, generated
from gateway.queries import PresentAccount
from gateway.rules.resets import OPENS
from gateway.tables import SecretRevocationRow, SecretRow


class Fresh(NamedTuple):
    """A secret that was drawn, and its hash."""

    secret: str
    hashed: str


async def drawn(hasher: Hasher) -> Fresh:
    """Draw a secret; hashed before the accounts are locked, although not each is given."""
    secret = generated()
    return Fresh(secret, await hasher.hash(secret, is_generated=True))


async def take_the_place_of_all(
    db: AsyncSession, account: PresentAccount, fresh: Fresh, caller: Caller, days: int
) -> int:
    """Have no secret of before open an account any more, nor a session; return the number of the
    one that does.

    A person has it for once, to choose another by; a client for so many `days`.
    """
    subject = account.subject
    if account.kind == "client":
        alive = [each.number for each in await queries.secrets_of(db, subject) if each.is_alive]
        await _revoke(db, subject, alive, caller)
        return await _add(db, subject, fresh, caller, expires_on=func.current_date() + days)
    number = await give_for_once(db, subject, fresh, caller)
    await sessions.end_all(db, subject, "power-confirmed", caller)
    return number


async def give_for_once(db: AsyncSession, subject: str, fresh: Fresh, caller: Caller) -> int:
    """Put a secret in the place of a person's password that opens once, and not for long; return
    its number."""
    until = func.clock_timestamp() + OPENS
    return await _add(db, subject, fresh, caller, one_time_until=until)


async def _add(db: AsyncSession, subject: str, fresh: Fresh, caller: Caller, **ends: object) -> int:
    there = select(func.count()).where(SecretRow.subject == subject)
    number: int = (await db.execute(there)).scalar_one() + 2
    added = {
        "subject": subject,
        "number": number,
        "secret_hash": fresh.hashed,
        "made_by": caller.subject,
        "made_by_person": caller.person,
        **ends,
    }
    await db.execute(insert(SecretRow).values(added))
    return number


async def _revoke(db: AsyncSession, subject: str, numbers: Sequence[int], caller: Caller) -> None:
    values = [
        {
            "subject": subject,
            "number": number,
            "reason": "power-confirmed",
            "revoked_by": caller.subject,
            "revoked_by_person": caller.person,
        }
        for number in numbers
    ]
    if values:
        await db.execute(insert(SecretRevocationRow).values(values))
