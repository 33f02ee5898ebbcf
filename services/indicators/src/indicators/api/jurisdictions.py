"""Jurisdictions (辖区): whose years, units and accounts the installation keeps."""

import datetime as dt
from collections.abc import Collection
from typing import Literal

from fastapi import Request, Response
from sqlalchemy import ARRAY, Select, Text, any_, literal, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, persons
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing
from chassis.wire import Text as Line
from indicators.queries import today
from indicators.rules.jurisdictions import (
    JurisdictionNotConfirmed,
    JurisdictionRefused,
    JurisdictionSucceeded,
    JurisdictionTaken,
    Proposed,
    check_jurisdiction,
)
from indicators.tables import (
    JurisdictionConfirmationRow,
    JurisdictionRow,
    JurisdictionSuccessionRow,
    SuccessionConfirmationRow,
)

router = Router("/jurisdictions", tags=["jurisdictions"])

CHAIN = "jurisdictions"
_SUCCEEDED = ("jurisdiction_succession", "jurisdiction_succession_confirmation")
RECORDED = ("jurisdiction", "jurisdiction_confirmation", *_SUCCEEDED)


class JurisdictionNotRegistered(Missing):
    """No such jurisdiction is registered."""

    zh = "没有登记这个辖区。"
    remedy = (
        "Look the code up in the list of jurisdictions.",
        "请在辖区清单中查对代码。",
    )


class NewJurisdiction(Incoming):
    """A jurisdiction to register, by its division code (GB/T 2260; nine or twelve digits below a
    county). `superior` is the code of the one above it, null where the installation serves none."""

    code: Code
    name_zh: Line
    name_en: Line
    superior: Code | None = None
    founded_on: dt.date


class ChangedCode(Outgoing):
    """That another code takes the place of a jurisdiction's from a day on, once it is `confirmed`:
    from then on years are begun under that one, and those of before stay where they are."""

    succeeded_by: str
    effective_on: dt.date
    document_no: str
    state: Literal["proposed", "confirmed"]


class Jurisdiction(Outgoing):
    """A jurisdiction; it has accounts, years and units once it is `confirmed`.

    `changed_code` is null while its code stays; what is only proposed is for the installation.
    """

    code: str
    name_zh: str
    name_en: str
    superior: str | None
    founded_on: dt.date
    state: Literal["proposed", "confirmed"]
    changed_code: ChangedCode | None
    registered_by: str | None
    confirmed_by: str | None


class RegisteredJurisdiction(Jurisdiction):
    """A jurisdiction that was just registered or confirmed, with the receipt of the journal."""

    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(JurisdictionRefused, JurisdictionTaken, StoredDataAltered),
)
async def register_jurisdiction(
    new: NewJurisdiction, db: Transaction, permit: Permit
) -> RegisteredJurisdiction:
    """Register a jurisdiction; another system administrator confirms it. Its code is its own for
    ever."""
    permit.require_no_realm()
    await hold(db)
    if await db.get(JurisdictionRow, new.code) is not None:
        raise JurisdictionTaken(f"{new.code} is registered.", f"{new.code} 已登记。")
    confirmed = set(await db.scalars(select(JurisdictionConfirmationRow.code)))

    check_jurisdiction(Proposed(new.code, new.superior, new.founded_on), confirmed, await today(db))

    by = {"registered_by": permit.caller.subject, "registered_person": permit.caller.person}
    row = JurisdictionRow(**new.model_dump(), **by)
    db.add(row)
    await db.flush()
    shown = _shown(row, None, permit, None)
    receipt = await recorded(db, permit, "jurisdiction.registered", new.model_dump(mode="json"))
    return RegisteredJurisdiction(**dict(shown), receipt=receipt)


@router.post(
    "/{jurisdiction}/confirmation",
    status_code=201,
    responses=documents(JurisdictionNotRegistered, JurisdictionNotConfirmed, StoredDataAltered),
)
async def confirm_jurisdiction(
    jurisdiction: Code, db: Transaction, permit: Permit
) -> RegisteredJurisdiction:
    """Confirm a jurisdiction that somebody else registered: from now on it has accounts."""
    permit.require_no_realm()
    await hold(db)
    row = await db.get(JurisdictionRow, jurisdiction)
    if row is None:
        raise unknown(jurisdiction)
    if await db.get(JurisdictionConfirmationRow, jurisdiction) is not None:
        raise JurisdictionNotConfirmed("It is confirmed already.", "该辖区已确认。")
    if persons.is_same(row.registered_person, permit.caller.person):
        raise JurisdictionNotConfirmed("You registered it.", "登记人与确认人为同一人。")
    said = JurisdictionConfirmationRow(
        code=jurisdiction,
        confirmed_by=permit.caller.subject,
        confirmed_person=permit.caller.person,
    )
    db.add(said)
    await db.flush()
    shown = _shown(row, said, permit, None)
    receipt = await recorded(db, permit, "jurisdiction.confirmed", {"code": jurisdiction})
    return RegisteredJurisdiction(**dict(shown), receipt=receipt)


@router.get("", responses=documents(StoredDataAltered))
async def list_jurisdictions(page: PageQuery, db: Snapshot, permit: Permit) -> Page[Jurisdiction]:
    """Give the jurisdictions in the order of their codes; an account of one is told of its own and
    of those above it."""
    await require_intact(db, CHAIN, *RECORDED)
    query = _all().where(JurisdictionRow.code > page.after_code).order_by(JurisdictionRow.code)
    if permit.caller.realm is not None:
        query = query.where(JurisdictionRow.code.in_(_line(permit.caller.realm)))
    rows = (await db.execute(query.limit(page.limit + 1))).all()
    changed = await successions(db, {row.code for row, _ in rows})
    shown = [_shown(row, said, permit, changed.get(row.code)) for row, said in rows]
    return Page[Jurisdiction].of(shown, page.limit, lambda each: each.code)


@router.get(
    "/{jurisdiction}",
    response_model=Jurisdiction,
    responses=documents(JurisdictionNotRegistered, StoredDataAltered),
)
async def read_jurisdiction(
    jurisdiction: Code, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give one jurisdiction."""
    await require_intact(db, CHAIN, *RECORDED)
    return document(await jurisdiction_as_read(db, jurisdiction, permit), request)


async def jurisdiction_as_read(
    db: AsyncSession, jurisdiction: str, permit: Permission
) -> Jurisdiction:
    """Return a jurisdiction as the caller reads it."""
    query = _all().where(JurisdictionRow.code == jurisdiction)
    if permit.caller.realm is not None:
        query = query.where(JurisdictionRow.code.in_(_line(permit.caller.realm)))
    found = (await db.execute(query)).one_or_none()
    if found is None:
        raise unknown(jurisdiction)
    changed = await successions(db, {jurisdiction})
    return _shown(*found, permit, changed.get(jurisdiction))


async def hold(db: AsyncSession) -> None:
    """Let nobody else register or confirm any until the commit."""
    await db.execute(text("SELECT pg_advisory_xact_lock(hashtext('jurisdictions'))"))
    await require_intact(db, CHAIN, *RECORDED)


def _all() -> Select[JurisdictionRow, JurisdictionConfirmationRow | None]:
    said = JurisdictionConfirmationRow
    return select(JurisdictionRow, said).outerjoin(said, said.code == JurisdictionRow.code)


def _line(own: str) -> Select[str]:
    """Ask for a jurisdiction with all those above it."""
    row = JurisdictionRow
    line = select(row.code, row.superior).where(row.code == own).cte("line", recursive=True)
    above = select(row.code, row.superior).join(line, row.code == line.c.superior)
    return select(line.union(above).c.code)


Changed = tuple[JurisdictionSuccessionRow, bool]
"""A succession of a code, and whether another person confirmed it."""


async def successions(db: AsyncSession, codes: Collection[str]) -> dict[str, Changed]:
    """Return what was proposed last to take the place of each code, or was confirmed."""
    row, said = JurisdictionSuccessionRow, SuccessionConfirmationRow
    same = (said.code == row.code) & (said.number == row.number)
    query = select(row, said.number.is_not(None)).outerjoin(said, same)
    query = query.where(row.code == any_(literal(sorted(codes), ARRAY(Text)))).ext(
        distinct_on(row.code)
    )
    order = row.code, said.number.is_not(None).desc(), row.number.desc()
    return {
        each.code: (each, confirmed) for each, confirmed in await db.execute(query.order_by(*order))
    }


async def require_own_code(db: AsyncSession, code: str) -> None:
    """Refuse a jurisdiction in whose place another code stands by now."""
    await require_intact(db, CHAIN, *_SUCCEEDED)
    found = (await successions(db, {code})).get(code)
    if found is None or not found[1] or found[0].effective_on > await today(db):
        return
    row = found[0]
    raise JurisdictionSucceeded(
        f"{row.succeeded_by} stands in the place of {code} since {row.effective_on}.",
        f"自 {row.effective_on} 起，{code} 变更为 {row.succeeded_by}。",
        succeeded_by=row.succeeded_by,
    )


def unknown(code: str) -> JurisdictionNotRegistered:
    """Return the refusal of a jurisdiction that is not registered."""
    return JurisdictionNotRegistered(f"No jurisdiction {code}.", f"没有辖区 {code}。")


def changed_code(found: Changed | None, permit: Permission) -> ChangedCode | None:
    """Return by which code a jurisdiction goes on, as the caller is told."""
    if found is None or not (found[1] or permit.caller.realm is None):
        return None
    row, confirmed = found
    names = ("succeeded_by", "effective_on", "document_no")
    told = {name: getattr(row, name) for name in names}
    return ChangedCode(**told, state="confirmed" if confirmed else "proposed")


def _shown(
    row: JurisdictionRow,
    said: JurisdictionConfirmationRow | None,
    permit: Permission,
    changed: Changed | None,
) -> Jurisdiction:
    """Return a jurisdiction as it is told; who registered it is for the installation's to know."""
    is_ours = permit.caller.realm is None
    return Jurisdiction(
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        superior=row.superior,
        founded_on=row.founded_on,
        state="proposed" if said is None else "confirmed",
        changed_code=changed_code(changed, permit),
        registered_by=row.registered_by if is_ours else None,
        confirmed_by=said.confirmed_by if said is not None and is_ours else None,
    )


async def recorded(
    db: AsyncSession, permit: Permission, event: str, body: dict[str, object]
) -> Receipt | None:
    """Record what was done about a jurisdiction, and by which person."""
    told = body | {"person": permit.caller.person}
    return await journal.record(db, chain=CHAIN, caller=permit.caller, event=event, body=told)
