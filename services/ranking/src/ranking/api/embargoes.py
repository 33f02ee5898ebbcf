"""Embargo (禁发): from which instant on a release is public, and who moves it before it comes."""

import datetime as dt
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.pages import Moment
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Incoming, Outgoing, Text
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import NoSuchRelease, Number, hold_cycle, now, public_from
from ranking.rules.embargo import (
    BeforePredecessor,
    EmbargoOver,
    InstantNotPossible,
    refuse_instant,
    refuse_over,
    refuse_unordered,
)
from ranking.rules.interest import (
    DeciderBarred,
    check_interest,
    check_office,
    relations_of,
    second_bodies,
)
from ranking.tables import ReleaseInstantRow, ReleaseRow

router = Router(prefix="/cycles/{cycle_id}/releases/{release}", tags=["releases"])


class NewInstant(Incoming):
    """From when on a release is public instead, at once where no instant is named, and why."""

    publish_at: Moment | None = None
    reason: Annotated[Text, Field(min_length=1)]


class InstantMoved(Outgoing):
    """A release that becomes public at another instant than was said before."""

    release: int
    public_from: dt.datetime
    receipt: Receipt | None


class Instants(NamedTuple):
    """When a release becomes public, the one that it replaces, and the one that replaces it."""

    own: dt.datetime | None
    before: dt.datetime | None
    after: dt.datetime | None


@router.post(
    "/embargo",
    status_code=201,
    responses=documents(
        *(BeforePredecessor, DeciderBarred, EmbargoOver, InstantNotPossible, NoSuchRelease),
        *(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
    ),
)
async def move_embargo(
    cycle_id: UUID,
    release: Number,
    new: NewInstant,
    request: Request,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> InstantMoved:
    """Have a release become public earlier or later than was said, or at once.

    It is moved until shortly before its instant: whoever has read a release reads it again.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await hold_cycle(db, cycle_id)
    row = await db.get(ReleaseRow, (cycle_id, release))
    if row is None:
        raise NoSuchRelease(f"There is no release {release}.", f"没有第{release}号公布稿。")
    found = await instants_of(db, cycle_id, release, row.predecessor)
    await require_intact(db, str(cycle_id), "release", records=[row.record])
    caller, units = permit.caller, [each["unit"] for each in row.document["units"]]
    bodies = second_bodies(scheme, units)
    check_office(bodies, caller.organisation, caller.roles)
    check_interest(units, caller.organisation)
    permit.require(relations_of(bodies, caller.organisation))
    moment, lead = await now(db), request.app.state.embargo_lead
    refuse_over(found.own or row.published_at, moment, lead)
    refuse_instant(new.publish_at, moment, lead)
    instant = new.publish_at or moment
    refuse_unordered(instant, found.before, found.after)
    await name_instant(db, caller, cycle_id, release, instant, new.reason)
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event="ranking.embargo-moved",
        body={"release": release, "public_from": instant.isoformat(), "reason": new.reason},
    )
    return InstantMoved(release=release, public_from=instant, receipt=receipt)


async def check_instant(
    db: AsyncSession,
    lead: dt.timedelta,
    cycle_id: UUID,
    predecessor: int | None,
    named: dt.datetime | None,
) -> None:
    """Refuse to publish from an instant on that cannot be, or before what is replaced by it."""
    moment = await now(db)
    refuse_instant(named, moment, lead)
    found = await instants_of(db, cycle_id, predecessor, None) if predecessor else None
    refuse_unordered(named or moment, found and found.own, None)


async def name_instant(
    db: AsyncSession,
    caller: Caller,
    cycle_id: UUID,
    release: int,
    instant: dt.datetime,
    reason: str | None = None,
) -> None:
    """Add the instant from which on a release is public."""
    row = ReleaseInstantRow
    of = row.cycle_id == cycle_id, row.release == release
    last = await db.scalar(select(func.max(row.step)).where(*of))
    db.add(
        ReleaseInstantRow(
            cycle_id=cycle_id,
            release=release,
            step=(last or 0) + 1,
            public_from=instant,
            reason=reason,
            subject=caller.subject,
            person=caller.person,
        )
    )


async def instants_of(
    db: AsyncSession, cycle_id: UUID, release: int, predecessor: int | None
) -> Instants:
    """Return when a release and its neighbours become public; None at once, or without one."""
    await require_intact(db, str(cycle_id), "release_instant")
    near = or_(
        ReleaseRow.release == release,
        ReleaseRow.release == predecessor,
        ReleaseRow.predecessor == release,
    )
    rows = await db.execute(
        select(ReleaseRow.release, public_from().label("instant")).where(
            ReleaseRow.cycle_id == cycle_id, near
        )
    )
    named = {each.release: each.instant for each in rows}
    after = next((n for n in sorted(named) if n > release), None)
    return Instants(named.get(release), named.get(predecessor or 0), named.get(after or 0))
