"""Delegated signatures: who may sign steps of the approval chain in whose place."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, persons
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault, pointer
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import after_number, delegations_of, hold_cycle, next_number, today
from ranking.rules.chain import Role
from ranking.rules.delegations import DELEGATE, LONGEST, DelegationFaulty, held_between
from ranking.rules.scheme import Scheme
from ranking.tables import DelegationRow

router = Router(prefix="/cycles/{cycle_id}/delegations", tags=["approvals"])


class NewDelegation(Incoming):
    """Whose account may sign which steps in the caller's place, to which day, by which document.

    The newest of a giver to an account holds: one without steps ends what was given before, and
    is refused where nothing is in force.
    """

    delegate: Text
    role: Role
    steps: Annotated[list[Code], Field(max_length=20)]
    until: dt.date
    document_no: Text


class DelegationGiven(Outgoing):
    """A delegation: `giver` and `delegate` are accounts, `role` the one that the steps are of."""

    number: int
    giver: str
    role: Role
    delegate: str
    steps: list[str]
    until: dt.date
    document_no: str
    given_at: dt.datetime


class DelegationRecorded(Outgoing):
    """A delegation that has just been given."""

    delegation: DelegationGiven
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(DelegationFaulty, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def delegate_signature(
    cycle_id: UUID, new: NewDelegation, db: Transaction, permit: Permit, ask: AskPeers
) -> DelegationRecorded:
    """Let another account sign steps of the own role in the caller's place, where the scheme lets
    them be delegated.

    A step under it names both, the interest of either bars it, and both have had a part in it. The
    account is one of a person, and in effect.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    # What was given to an account that is no more is ended like any other.
    is_there = not new.steps or await ask.has_account(new.delegate)
    await hold_cycle(db, cycle_id)
    day = await today(db, scheme.time_zone)
    faults = [*_faults(scheme, permit.caller, new, day)]
    if not is_there:
        en, zh = "Nobody signs in by this account.", "没有可以登录的该账户。"
        faults.append(Fault(pointer("delegate"), "account-unknown", en, zh))
    if not new.steps and not await _is_held(db, cycle_id, permit.caller.person, new.delegate, day):
        en, zh = "It names no step, and there is none to end.", "未列步骤，也没有可终止的委托。"
        faults.append(Fault(pointer("steps"), "ends-nothing", en, zh))
    if faults:
        raise DelegationFaulty(
            " ".join(each.en for each in faults[:5]),
            "".join(each.zh for each in faults[:5]),
            faults=faults,
        )
    row = DelegationRow(
        cycle_id=cycle_id,
        number=await next_number(db, DelegationRow.number, cycle_id),
        giver=permit.caller.subject,
        person=permit.caller.person,
        unit=permit.caller.organisation,
        **new.model_dump(),
    )
    db.add(row)
    await db.flush()
    told = new.model_dump(mode="json", exclude={"document_no"})
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="ranking.delegated",
        body={"number": row.number, **told},
    )
    return DelegationRecorded(delegation=DelegationGiven.model_validate(row), receipt=receipt)


async def _is_held(
    db: AsyncSession, cycle_id: UUID, giver: str, delegate: str, day: dt.date
) -> bool:
    """Say whether a person's delegation to an account is in force, so that it can be ended."""
    given = await delegations_of(db, cycle_id)
    return held_between(given, giver, delegate, today=day) is not None


def _faults(scheme: Scheme, caller: Caller, new: NewDelegation, day: dt.date) -> Iterator[Fault]:
    if persons.is_same(new.delegate, caller.subject):
        en, zh = "Name another account.", "须委托他人账户。"
        yield Fault(pointer("delegate"), "own-account", en, zh)
    if new.role not in caller.roles:
        en, zh = f"The caller has not the role {new.role}.", f"调用者没有角色 {new.role}。"
        yield Fault(pointer("role"), "not-own-role", en, zh)
    yield from _day_faults(new.until, day)
    may = {
        each.code
        for each in (scheme.approval.steps if scheme.approval else ())
        if each.delegates and each.role == new.role
    }
    for n, code in enumerate(new.steps):
        if code not in may:
            en = f"The scheme lets nobody with that role delegate {code}."
            yield Fault(
                pointer("steps", n), "not-delegated", en, f"方案未规定该角色可委托 {code}。"
            )


def _day_faults(until: dt.date, today: dt.date) -> Iterator[Fault]:
    at = pointer("until")
    if until < today:
        yield Fault(at, "day-is-over", f"{until} is over.", f"{until} 已过。")
    if until - today > dt.timedelta(LONGEST):
        yield Fault(at, "too-long", "It is for more than two years.", "委托期限超过两年。")


@router.get("", responses=documents(StoredDataAltered))
async def list_delegations(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[DelegationGiven]:
    """Give the delegations of a cycle in the order in which they were given; to whom no role of the
    chain lets read them, those to the own account."""
    row = DelegationRow
    own = true() if permit.allows() else row.delegate == permit.caller.subject
    found = (
        await db.scalars(
            select(row)
            .where(row.cycle_id == cycle_id, row.number > after_number(page), own)
            .order_by(row.number)
            .limit(page.limit + 1)
        )
    ).all()
    permit.require({DELEGATE} if found else ())
    await require_intact(db, str(cycle_id), "delegation", records=[e.record for e in found])
    given = [DelegationGiven.model_validate(each) for each in found]
    return Page.of(given, page.limit, lambda one: str(one.number))
