"""`python -m gateway.bootstrap`: create the first system administrator, if there is none.

The subject is BOOTSTRAP_SUBJECT ("admin" by default). The secret is BOOTSTRAP_SECRET, or what
stands in the file BOOTSTRAP_SECRET_FILE, or a generated one that is printed once.
"""

import asyncio
import os
import sys
from pathlib import Path

from sqlalchemy.ext.asyncio import async_sessionmaker

from chassis.authorisation import load
from chassis.identity import Caller
from chassis.service import engine_for
from gateway import queries
from gateway.api.accounts import NewAccount, add_accounts, grant, record_creation, wishes_of
from gateway.hashing import Hasher, generated
from gateway.rules.accounts import check
from gateway.rules.separation import SYSTEM
from gateway.settings import Settings

ROLE = SYSTEM


async def bootstrap(settings: Settings, subject: str, secret: str | None) -> str | None:
    """Create the account unless an administrator exists; return a secret that was generated."""
    account = NewAccount(
        subject=subject, kind="person", name="系统管理员", roles=[ROLE], secret=secret
    )
    matrix = load(settings.authorisation_file)
    check(wishes_of([account]), matrix.roles, matrix.exclusive)
    made = generated() if secret is None else None
    engine = engine_for(settings)
    sessions = async_sessionmaker(engine, info={"service": "gateway"})
    try:
        # Every start asks, and all but the first find somebody: hashing a secret that nobody needs
        # was the longest part of a start.
        async with sessions() as db:
            if await queries.holders(db, None, {ROLE}):
                return None
        hashed = await Hasher(settings).hash(made or secret or "", is_generated=made is not None)
        async with sessions.begin() as db:
            # Two at once would both find nobody; the lock is held until the commit.
            await queries.lock_accounts(db)
            if await queries.holders(db, None, {ROLE}):
                return None
            nobody = Caller("bootstrap", frozenset(), None, "bootstrap")
            grants = await grant(db, wishes_of([account]), matrix, nobody)
            days = settings.client_secret_days
            await add_accounts(db, [account], [hashed], grants, nobody, days)
            await record_creation(db, [account], grants, nobody)
            return made
    finally:
        await engine.dispose()


def given_secret() -> str | None:
    """Return the secret that the environment gives, itself or in a file, if any."""
    if file := os.environ.get("BOOTSTRAP_SECRET_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get("BOOTSTRAP_SECRET") or None


def main() -> None:
    """Create the account and print a generated secret, once."""
    subject = os.environ.get("BOOTSTRAP_SUBJECT", "admin")
    made = asyncio.run(bootstrap(Settings(), subject, given_secret()))
    if made:
        sys.stdout.write(f"{subject} {made}\n")


if __name__ == "__main__":
    main()
