"""How a command keeps the ledger open, and others of its kind waiting, until it is committed."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from scoring.queries import hold
from scoring.queries.ledger import phase_of_ledger
from scoring.rules.ledger.states import require_open


async def hold_open(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    what: str,
    relations: Collection[str] = (),
) -> None:
    """Keep the ledger open, and other commands from what a word names, until the commit.

    Refuses a sealed ledger (`LedgerSealed`), and a caller who has no right in this phase by these
    relations.
    """
    phase = await phase_of_ledger(db, cycle_id)
    require_open(phase)
    permit.require(relations, phase)
    await hold(db, what, cycle_id)
