"""Changed codes (辖区代码变更): another jurisdiction takes the place of one from a day on."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permit
from chassis.conditions import Precondition
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Text
from indicators.api.jurisdictions import (
    ChangedCode,
    JurisdictionNotRegistered,
    changed_code,
    hold,
    jurisdiction_as_read,
    recorded,
    successions,
    unknown,
)
from indicators.rules.jurisdictions import (
    ChangedCodeRefused,
    Succession,
    SuccessionNotConfirmed,
    check_succession,
)
from indicators.tables import (
    JurisdictionConfirmationRow,
    JurisdictionRow,
    JurisdictionSuccessionRow,
    SuccessionConfirmationRow,
)

router = Router("/jurisdictions/{jurisdiction}/succession", tags=["jurisdictions"])


class NewSuccession(Incoming):
    """The code, registered and confirmed, that takes the place of the jurisdiction's from a day on,
    and the document by which it does."""

    succeeded_by: Code
    effective_on: dt.date
    document_no: Text


class CodeChanged(ChangedCode):
    """What was just proposed or confirmed, with the receipt of the journal."""

    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(JurisdictionNotRegistered, ChangedCodeRefused, StoredDataAltered),
)
async def propose_succession(
    jurisdiction: Code, new: NewSuccession, db: Transaction, permit: Permit
) -> CodeChanged:
    """Propose that another code takes the place of a jurisdiction's; another system administrator
    confirms it. What was proposed last counts."""
    permit.require_no_realm()
    await hold(db)
    if await db.get(JurisdictionRow, jurisdiction) is None:
        raise unknown(jurisdiction)
    founded, succeeded = await _confirmed(db)
    proposed = Succession(jurisdiction, new.succeeded_by, new.effective_on)
    check_succession(proposed, founded, succeeded)
    row = JurisdictionSuccessionRow
    last = await db.scalar(select(func.max(row.number)).where(row.code == jurisdiction))
    db.add(
        JurisdictionSuccessionRow(
            code=jurisdiction,
            number=(last or 0) + 1,
            proposed_by=permit.caller.subject,
            proposed_person=permit.caller.person,
            **new.model_dump(),
        )
    )
    return await _told(db, permit, "jurisdiction.succession-proposed", jurisdiction)


@router.post(
    "/confirmation",
    status_code=201,
    responses=documents(
        JurisdictionNotRegistered, ChangedCodeRefused, SuccessionNotConfirmed, StoredDataAltered
    ),
)
async def confirm_succession(
    jurisdiction: Code, db: Transaction, permit: Permit, same: Precondition
) -> CodeChanged:
    """Confirm that another code takes the place of a jurisdiction's. From its day on years are
    begun under that one; those of before, their accounts and units stay as they are.

    What was proposed last is confirmed: with `If-Match`, only what the caller has read.
    """
    permit.require_no_realm()
    await hold(db)
    if await db.get(JurisdictionRow, jurisdiction) is None:
        raise unknown(jurisdiction)
    await same.require(lambda: jurisdiction_as_read(db, jurisdiction, permit))
    row, confirmed = (await successions(db, {jurisdiction})).get(jurisdiction, (None, False))
    if row is None or confirmed:
        raise SuccessionNotConfirmed("There is nothing to confirm.", "没有待确认的变更。")
    if persons.is_same(row.proposed_person, permit.caller.person):
        raise SuccessionNotConfirmed("You proposed it.", "提议人与确认人为同一人。")
    founded, succeeded = await _confirmed(db)
    proposed = Succession(jurisdiction, row.succeeded_by, row.effective_on)
    check_succession(proposed, founded, succeeded)
    db.add(
        SuccessionConfirmationRow(
            code=jurisdiction,
            number=row.number,
            confirmed_by=permit.caller.subject,
            confirmed_person=permit.caller.person,
        )
    )
    return await _told(db, permit, "jurisdiction.succession-confirmed", jurisdiction)


async def _confirmed(db: AsyncSession) -> tuple[dict[str, dt.date], dict[str, str]]:
    """Return when each confirmed jurisdiction was founded, and by whom each was succeeded."""
    row, said = JurisdictionRow, JurisdictionConfirmationRow
    query = select(row.code, row.founded_on).join(said, said.code == row.code)
    founded = {code: day for code, day in await db.execute(query)}  # noqa: C416 - no typed Row
    changed = await successions(db, founded)
    return founded, {code: row.succeeded_by for code, (row, is_so) in changed.items() if is_so}


async def _told(db: AsyncSession, permit: Permit, event: str, code: str) -> CodeChanged:
    await db.flush()
    told = changed_code((await successions(db, {code}))[code], permit)
    assert told is not None  # noqa: S101 - it was just said, by one of the installation
    body: dict[str, object] = {"code": code, **told.model_dump(mode="json", exclude={"state"})}
    receipt = await recorded(db, permit, event, body)
    return CodeChanged(**dict(told), receipt=receipt)
