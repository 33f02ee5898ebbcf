"""Closing a jurisdiction (停用辖区): from then on everything of it is read, and nothing changed."""

from datetime import datetime
from typing import Literal

from fastapi import Request
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway import queries
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.rules.closings import ClosedAlready, ClosedByAnother, NoSuchClosing, check_confirmer
from gateway.tables import AccountRow, ClosingConfirmationRow, ClosingRow

router = Router("/jurisdiction-closings", tags=["jurisdictions"])


class NewJurisdictionClosing(Incoming):
    """A jurisdiction to close, and why."""

    jurisdiction: Code
    reason: Text


class JurisdictionClosing(Outgoing):
    """A jurisdiction that is closed, or `proposed` to be: by whom, when, and who confirmed it."""

    jurisdiction: str
    state: Literal["proposed", "closed"]
    reason: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


class ChangedJurisdictionClosing(Outgoing):
    """A closing after what was done about it."""

    closing: JurisdictionClosing
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(ClosedAlready, NoSuchClosing, SignInElsewhere),
)
async def propose_jurisdiction_closing(
    new: NewJurisdictionClosing, request: Request, db: Transaction, permit: Permit
) -> ChangedJurisdictionClosing:
    """Propose to close a jurisdiction that has accounts; another system administrator confirms it.

    Tokens of its accounts reach no more then than what reads. It is not opened again: whoever goes
    on elsewhere takes it there whole.
    """
    require_embedded(request)
    permit.require_no_realm()
    await queries.lock_accounts(db)
    known = select(AccountRow.subject).where(AccountRow.jurisdiction == new.jurisdiction).limit(1)
    if await db.scalar(known) is None:
        raise NoSuchClosing(
            f"{new.jurisdiction} has no accounts.", f"辖区 {new.jurisdiction} 没有账户。"
        )
    if await db.get(ClosingRow, new.jurisdiction) is not None:
        raise ClosedAlready(
            f"{new.jurisdiction} is closed, or proposed to be.",
            f"辖区 {new.jurisdiction} 已停用或已提议停用。",
        )
    by = {"proposed_by": permit.caller.subject, "proposed_by_person": permit.caller.person}
    await db.execute(insert(ClosingRow).values(**new.model_dump(), **by))
    return await _recorded(db, permit, new.jurisdiction, "proposed", reason=new.reason)


@router.post(
    "/{jurisdiction}/confirmation",
    status_code=201,
    responses=documents(NoSuchClosing, ClosedByAnother, SignInElsewhere),
)
async def confirm_jurisdiction_closing(
    jurisdiction: Code, request: Request, db: Transaction, permit: Permit
) -> ChangedJurisdictionClosing:
    """Close a jurisdiction, not as the person who proposed it: also for who is signed in, whose
    tokens are looked at again within seconds (`ACCOUNT_SECONDS`)."""
    require_embedded(request)
    permit.require_no_realm()
    await queries.lock_accounts(db)
    row, said = await _found(db, jurisdiction)
    check_confirmer(row.proposed_by_person, permit.caller.person, is_closed=said is not None)
    by = {"confirmed_by": permit.caller.subject, "confirmed_by_person": permit.caller.person}
    added = insert(ClosingConfirmationRow).values(jurisdiction=jurisdiction, **by)
    await db.execute(added)
    return await _recorded(db, permit, jurisdiction, "closed")


@router.get("", responses=documents(SignInElsewhere))
async def list_jurisdiction_closings(
    request: Request, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[JurisdictionClosing]:
    """Give the jurisdictions that are closed, or proposed to be, in the order of their codes."""
    require_embedded(request)
    query = _all().where(ClosingRow.jurisdiction > page.after_code)
    if permit.caller.realm is not None:
        query = query.where(ClosingRow.jurisdiction == permit.caller.realm)
    rows = await db.execute(query.order_by(ClosingRow.jurisdiction).limit(page.limit + 1))
    shown = [_shown(row, said) for row, said in rows]
    return Page.of(shown, page.limit, lambda each: each.jurisdiction)


def _all() -> Select[ClosingRow, ClosingConfirmationRow | None]:
    said = ClosingConfirmationRow
    return select(ClosingRow, said).outerjoin(said, said.jurisdiction == ClosingRow.jurisdiction)


async def _found(
    db: AsyncSession, jurisdiction: str
) -> tuple[ClosingRow, ClosingConfirmationRow | None]:
    found = (await db.execute(_all().where(ClosingRow.jurisdiction == jurisdiction))).one_or_none()
    if found is None:
        raise NoSuchClosing(
            f"Nobody has proposed to close {jurisdiction}.", f"没有停用辖区 {jurisdiction} 的提议。"
        )
    row, said = found
    return row, said


async def _recorded(
    db: AsyncSession, permit: Permission, jurisdiction: str, what: str, **more: str
) -> ChangedJurisdictionClosing:
    shown = _shown(*await _found(db, jurisdiction))
    receipt = await journal.record(
        db,
        chain="accounts",
        caller=permit.caller,
        event=f"gateway.jurisdiction-closing-{what}",
        body={"jurisdiction": jurisdiction, "person": permit.caller.person} | more,
    )
    return ChangedJurisdictionClosing(closing=shown, receipt=receipt)


def _shown(row: ClosingRow, said: ClosingConfirmationRow | None) -> JurisdictionClosing:
    return JurisdictionClosing(
        jurisdiction=row.jurisdiction,
        state="proposed" if said is None else "closed",
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        confirmed_by=said and said.confirmed_by,
        confirmed_at=said and said.confirmed_at,
    )
