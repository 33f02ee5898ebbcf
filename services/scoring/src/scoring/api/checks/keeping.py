"""What the commands and lists of checks have in common: holding, finding and recording them."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission
from chassis.journal import Receipt
from chassis.problems import Responses
from chassis.stored import StoredDataAltered
from chassis.wire import Text
from scoring.api.ledger.holding import hold_open
from scoring.peers import PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.checks import HeldCheck, held_checks
from scoring.rules.checks.draw import NoSuchCheck, NoSuchList, NotCommitted
from scoring.rules.checks.teams import NotDrawn
from scoring.rules.ledger.entries import BY_OFFICE
from scoring.rules.scheme.document import Check, Scheme
from scoring.tables.checks import CheckListRow
from scoring.tables.ledger import LedgerEntryRow

PEERS = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)

OneLine = Annotated[Text, Field(max_length=200, pattern=r"^[^\n\t]+$")]
"""A text of one line: it stands as it is in what is hashed."""

UNITS = "units"
"""The readers of a check that assessed units know of."""

TEXT: Responses = {
    200: {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}},
}
"""An answer of plain text."""


def text_of(content: str) -> Response:
    """Return a text as it is hashed."""
    return Response(content, media_type="text/plain; charset=utf-8")


def of_scheme(scheme: Scheme, check: str) -> Check | None:
    """Return the check of that code in a scheme, if it has one."""
    return next((each for each in scheme.checks if each.code == check), None)


def no_such_check(check: str) -> NoSuchCheck:
    """Return the refusal of a check that the caller may not know of."""
    return NoSuchCheck(f"There is no check {check}.", f"没有检查 {check}。")


def reads_all_checks(permit: Permission, scheme: Scheme) -> bool:
    """Say whether the caller reads every check, or those that are for units."""
    if permit.allows():
        return True
    permit.require({"own_unit"} if permit.caller.organisation in scheme.category_of() else ())
    return False


async def readable_check(
    db: AsyncSession, cycle_id: UUID, check: str, permit: Permission, ask: Peers
) -> HeldCheck:
    """Return a check whose lists are fixed; refuse one that the caller may not know of."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reads_all = reads_all_checks(permit, scheme)
    held = (await held_checks(db, cycle_id)).get(check)
    if held is None or not (reads_all or held.row.readers == UNITS):
        raise no_such_check(check)
    return held


def list_of(held: HeldCheck, name: str) -> CheckListRow:
    """Return a list of a check by its name."""
    for each in held.lists:
        if each.name == name:
            return each
    raise NoSuchList("There is no such list.", "没有这份名单。")


def scorers_of(row: LedgerEntryRow, scheme: Scheme) -> frozenset[str]:
    """Return the units that entered an entry, review it first or collect its indicator."""
    category = scheme.category_of().get(row.unit)
    indicator = category.indicators().get(row.indicator) if category else None
    found = {row.author_unit}
    if indicator is not None:
        found |= {indicator.data_source_unit, indicator.reviewed_by or ""}
    return frozenset(found - {"", BY_OFFICE})


async def hold_checks(
    db: AsyncSession, cycle_id: UUID, permit: Permission, relations: Collection[str] = ()
) -> dict[str, HeldCheck]:
    """Keep the ledger open, and other commands from the checks, until the commit."""
    await hold_open(db, cycle_id, permit, "checks", relations)
    return dict(await held_checks(db, cycle_id))


def committed(held: dict[str, HeldCheck], check: str, scheme: Scheme) -> HeldCheck:
    """Return a check whose lists are fixed; refuse one that there is not, or not yet."""
    found = held.get(check)
    if found is None:
        if of_scheme(scheme, check) is None:
            raise no_such_check(check)
        raise NotCommitted(f"The lists of {check} are not fixed.", f"{check} 的名单尚未固定。")
    return found


def require_drawn(held: HeldCheck, unit: str) -> None:
    """Refuse a unit that a check has not drawn."""
    if unit not in held.drawn_units:
        en = f"{held.row.check_code} has not drawn {unit}."
        raise NotDrawn(en, f"{held.row.check_code} 未抽中 {unit}。")


async def record_check(
    db: AsyncSession, permit: Permission, cycle_id: UUID, event: str, body: dict[str, object]
) -> Receipt | None:
    """Write down in the journal what was done about a check."""
    await db.flush()
    chain, caller = str(cycle_id), permit.caller
    return await journal.record(db, chain=chain, caller=caller, event=event, body=body)
