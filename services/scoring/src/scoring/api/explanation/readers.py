"""What a caller may read of a score sheet before its categories are released."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from scoring.api.sheet.editions import units_of
from scoring.peers import Peers
from scoring.queries.sheet import Edition, find_sheet
from scoring.rules.explanation.abstention import (
    DECIDERS,
    ReadAfterRelease,
    hidden_units,
    is_limited,
)
from scoring.rules.ledger.states import SECOND_BODY
from scoring.tables.sheet import ScoreSheetRow


async def stood_in_for(ask: Peers, permit: Permission, cycle_id: UUID) -> frozenset[str]:
    """Return the units about which the caller's unit decides in the office's place."""
    if SECOND_BODY not in permit.caller.roles:
        return frozenset()
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    return frozenset(
        each.unit for each in scheme.recusals if each.body == permit.caller.organisation
    )


def hidden_of(
    row: ScoreSheetRow, permit: Permission, own: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Return the units of an edition of which the caller reads nothing."""
    caller = permit.caller
    if not is_limited(caller.organisation, caller.roles):
        return frozenset()
    categories = {unit: each.category for unit, each in units_of(row).items()}
    return hidden_units(categories, caller.organisation, caller.roles, own)


async def abstaining(
    db: AsyncSession, permit: Permission, cycle_id: UUID, edition: Edition, unit: str
) -> Permission:
    """Return the permission without the roles in which the caller abstains about this unit.

    What is left is what its own people may: their own unit's, once it was fed back to them.
    """
    caller = permit.caller
    if not is_limited(caller.organisation, caller.roles):
        return permit
    if unit not in hidden_of(await find_sheet(db, cycle_id, edition), permit):
        return permit
    rows = tuple(row for row in permit.rows if row.role not in {*DECIDERS, SECOND_BODY})
    if unit != caller.organisation or not rows:
        raise ReadAfterRelease("Wait for its release.", "请待公布后查阅。")
    return replace(permit, rows=rows)
