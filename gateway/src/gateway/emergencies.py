"""Emergency grants as they are stored, and the door that each request under one passes.

A grant is looked at anew at each request, not remembered: what ended a moment ago opens nothing.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis import journal
from chassis.authorisation import Matrix
from chassis.db import unavailable
from chassis.identity import Caller, NotSignedIn
from chassis.persons import is_same
from chassis.realms import chain_of
from gateway import queries
from gateway.rules.emergency import KnownGrant, NotInAnEmergency
from gateway.tables import EmergencyEndRow, EmergencyGrantRow, EmergencyReviewRow

CHAIN = "emergency"
"""The chain of the gateway's journal that says what was done by which grant."""


_REQUEST = "gateway.emergency-request"


class KeptGrant(NamedTuple):
    """A grant, its end before its time and its review when there are any."""

    made: EmergencyGrantRow
    end: EmergencyEndRow | None
    review: EmergencyReviewRow | None

    def is_of(self, person: str) -> bool:
        """Say whether a person took it, by whichever account."""
        return is_same(self.made.person, person)

    @property
    def known(self) -> KnownGrant:
        """What the rules speak of."""
        made, end = self.made, self.end
        return KnownGrant(
            made.right,
            made.role,
            made.subject,
            made.person,
            made.ends_at,
            None if end is None else end.ended_at,
            self.review is not None,
        )


async def grants(
    db: AsyncSession, *wanted: ColumnElement[bool], most: int | None = None
) -> list[KeptGrant]:
    """Return emergency grants in the order of their ids."""
    query = (
        select(EmergencyGrantRow, EmergencyEndRow, EmergencyReviewRow)
        .outerjoin(EmergencyEndRow, EmergencyEndRow.grant_id == EmergencyGrantRow.grant_id)
        .outerjoin(EmergencyReviewRow, EmergencyReviewRow.grant_id == EmergencyGrantRow.grant_id)
        .where(*wanted)
        .order_by(EmergencyGrantRow.grant_id)
        .limit(most)
    )
    return [KeptGrant(*row) for row in await db.execute(query)]


async def grant(db: AsyncSession, grant_id: UUID) -> KeptGrant | None:
    """Return one emergency grant."""
    found = await grants(db, EmergencyGrantRow.grant_id == grant_id)
    return found[0] if found else None


def is_of(jurisdiction: str | None) -> ColumnElement[bool]:
    """Return the condition that a grant was taken in a jurisdiction, or in none."""
    return queries.of_accounts(EmergencyGrantRow.subject, jurisdiction)


async def not_reviewed(db: AsyncSession, jurisdiction: str | None) -> list[KeptGrant]:
    """Return the grants of a jurisdiction that go on or wait to be reviewed."""
    return await grants(db, EmergencyReviewRow.grant_id.is_(None), is_of(jurisdiction))


Of = tuple[str | None, UUID]
"""The jurisdiction in which a grant was taken, and its id."""


async def requests_of(db: AsyncSession, of: Of, after: int, most: int) -> Sequence[dict[str, Any]]:
    """Return what was asked for under a grant, as the journal has it, from behind an entry on."""
    entries = journal.entries.c
    body = cast(entries.body, JSONB)
    wanted = ("route", "asked", "refused")
    query = select(
        entries.seq, *(body[name].label(name) for name in wanted), entries.recorded_at
    ).where(*_of(of), entries.seq > after)
    rows = await db.execute(query.order_by(entries.seq).limit(most))
    return [dict(row._mapping) for row in rows]


async def count_of(db: AsyncSession, of: Of) -> int:
    """Return how often something was asked for under a grant."""
    query = select(func.count()).select_from(journal.entries).where(*_of(of))
    return (await db.execute(query)).scalar_one()


def _of(of: Of) -> list[ColumnElement[bool]]:
    entries, (jurisdiction, grant_id) = journal.entries.c, of
    named = cast(entries.body, JSONB)["grant_id"].astext == str(grant_id)
    return [*journal.of_chain(chain_of(CHAIN, jurisdiction)), entries.event == _REQUEST, named]


class Emergencies:
    """Lets requests through that are made by a right of an emergency, each on record first."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], matrix: Matrix) -> None:
        self._sessions = sessions
        self._matrix = matrix

    def concerns(self, caller: Caller) -> bool:
        """Say whether a token is of such a right."""
        return caller.purpose in self._matrix.emergency

    async def admit(self, caller: Caller, route: str, asked: str) -> None:
        """Record a request; refuse it when the grant is over or it is not what the right is for.

        What cannot be recorded is not answered either.
        """
        try:
            async with self._sessions() as db:
                found = await self._going(db, caller)
                opens = route in self._matrix.purposes.get(caller.purpose or "", ())
                body = {
                    "grant_id": str(found.made.grant_id),
                    "right": caller.purpose,
                    "route": route,
                    "asked": asked[:300],
                    "person": caller.person,
                    "refused": not opens,
                }
                await journal.record(db, chain=CHAIN, caller=caller, event=_REQUEST, body=body)
                await db.commit()
        except NotSignedIn:
            raise
        except Exception as error:
            raise unavailable(error) or error from error
        if not opens:
            raise NotInAnEmergency(f"{route} is not part of it.", f"`{route}` 不在其列。")

    async def _going(self, db: AsyncSession, caller: Caller) -> KeptGrant:
        """Return the grant of a token; refuse one that is over, or whose account is otherwise."""
        found = await grant(db, UUID(caller.session))
        account = await queries.account_in_effect(db, caller.subject)
        if account is not None and account.is_closed:
            account = None  # in a closed jurisdiction there is nothing to be done in an emergency
        if found is None or account is None or not self._holds(found, account, caller):
            raise NotSignedIn(
                "The emergency grant is over, or its account is not what it was.",
                "应急授权已经结束，或其账户已有变化。",
            )
        if found.known.state(await queries.now(db)) != "going":
            raise NotSignedIn("The emergency grant is over.", "应急授权已经结束。")
        return found

    def _holds(self, found: KeptGrant, account: queries.PresentAccount, caller: Caller) -> bool:
        known = found.known
        may = self._matrix.emergency.get(known.right, {}).get("taken_by", ())
        taken = known.subject, known.person, known.right, frozenset({known.role})
        asks = caller.subject, account.person, caller.purpose, caller.roles
        return taken == asks and not {*may}.isdisjoint(account.roles)
