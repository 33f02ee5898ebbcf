"""Which jurisdictions are closed: commands of callers without an account are refused there, too."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis.db import unavailable
from chassis.realms import realm_of
from gateway.bounded_cache import Remembered
from gateway.rules.closings import JurisdictionClosed
from gateway.tables import ClosingConfirmationRow


class ClosedJurisdictions:
    """Knows their codes; what was read of them holds for `seconds`."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], seconds: float) -> None:
        self._sessions = sessions
        self._codes = Remembered[None, frozenset[str]](self._read, seconds, 1)

    async def codes(self) -> frozenset[str]:
        """Return the codes of those that are closed."""
        return await self._codes.of(None)

    async def check(self, path: str) -> None:
        """Refuse a command about what is of a closed jurisdiction, as the ids in its path tell."""
        named = {realm_of(each) for each in path.split("/")} - {None}
        if named and named & await self.codes():
            raise JurisdictionClosed("Nothing of it is changed any more.", "不再受理任何变更。")

    async def _read(self, _: None) -> frozenset[str]:
        try:
            async with self._sessions() as db:
                return frozenset(await db.scalars(select(ClosingConfirmationRow.jurisdiction)))
        except Exception as error:
            raise unavailable(error) or error from error
