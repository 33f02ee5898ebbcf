"""Whether the account behind a token is still what the token says."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis.db import unavailable
from chassis.identity import Caller, NotSignedIn
from chassis.scopes import Scope, covers
from gateway import queries
from gateway.bounded_cache import Remembered
from gateway.rules.secrets import opening
from gateway.sessions import is_going_on

_SIZE = 10_000

Key = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """What an account that may act is at this moment: person, unit and roles, what it is limited
    to, and for a client the numbers of the secrets that open it."""

    person: str
    unit: str | None
    roles: frozenset[str]
    secrets: frozenset[int] | None = None
    scope: Scope | None = None
    jurisdiction: str | None = None

    def holds(self, caller: Caller) -> bool:
        """Say whether the account still is what a token says, and would still give it."""
        same = (self.person, self.unit, self.roles, self.jurisdiction)
        if same != (caller.person, caller.organisation, caller.roles, caller.realm):
            return False
        if not covers(self.scope, caller.scope):
            return False
        return self.secrets is None or caller.secret is None or caller.secret in self.secrets


Reader = Callable[[str, str | None], Awaitable[AccountStanding | None]]


def reader(sessions: async_sessionmaker[AsyncSession]) -> Reader:
    """Return what reads a standing from the accounts and sessions; None is nobody who may act."""

    async def read(subject: str, session: str | None) -> AccountStanding | None:
        try:
            async with sessions() as db:
                row = await queries.account_in_effect(db, subject)
                if row is None:
                    return None
                if session is not None and not await is_going_on(db, session, subject):
                    return None
                own = await queries.secrets_of(db, subject) if row.kind == "client" else None
        except Exception as error:
            raise unavailable(error) or error from error
        opens = None if own is None else frozenset(each.number for each in opening(row.kind, own))
        scope = None if row.scope is None else Scope.of(row.scope)
        told = row.person, row.unit, frozenset(row.roles), opens, scope, row.jurisdiction
        return AccountStanding(*told)

    return read


class AccountStandings:
    """Refuses tokens whose account is unknown, disabled, not confirmed, or another than it was, and
    those whose session has ended, or that a client got for a secret that was revoked or has ended.

    A signature says what was so when the token was issued. What was read of an account holds
    for `seconds`.
    """

    def __init__(self, read: Reader, seconds: float) -> None:
        self._standings = Remembered[Key, AccountStanding | None](
            lambda key: read(*key), seconds, _SIZE
        )

    async def check(self, caller: Caller) -> None:
        """Raise `NotSignedIn` unless the account is what the caller's token says."""
        standing = await self._standings.of((caller.subject, caller.session))
        if standing is None or not standing.holds(caller):
            raise NotSignedIn(
                "The account is not in effect, or not what the token says; sign in again.",
                "账户未生效，或与令牌所载不符，请重新登录。",
            )
