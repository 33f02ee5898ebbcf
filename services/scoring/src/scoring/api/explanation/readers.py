"""What a caller may read of a score sheet before its categories are released."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from scoring.api.sheet.editions import units_of
from scoring.peers import Peers
from scoring.queries.sheet import Edition, find_sheet
from scoring.rules.explanation.abstention import (
    DECIDERS,
    ORGANISER,
    ReadAfterRelease,
    hidden_units,
    is_limited,
    led_by,
)
from scoring.rules.ledger.states import REVIEWER, SECOND_BODY, Reviewers
from scoring.rules.scheme.document import Scheme
from scoring.tables.sheet import ScoreSheetRow

UNINVOLVED, MEASURED = "uninvolved", "measured"
"""The relations of those who read of all units but the own unit's competitors."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What the scheme names the caller's unit for, as far as the caller's roles go with it.

    `stands_in` are the units about which it decides in the office's place, `leads` the categories
    that it leads, with their units in `led_units`; `reviews` says whether it reviews entries first.
    `uninvolved` are the units of categories in which it is not assessed; `checks` those that the
    caller himself checks as one of their teams. `sources` are, of the same categories, the units
    and the indicators whose data it reports.
    """

    stands_in: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    led_units: frozenset[str] = frozenset()
    reviewers: Reviewers | None = None
    uninvolved: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    sources: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

    @property
    def relations(self) -> frozenset[str]:
        """The relations of the matrix that hold because of them."""
        held = {SECOND_BODY: self.stands_in, ORGANISER: self.leads, REVIEWER: self.reviewers}
        return frozenset(word for word, holds in held.items() if holds)


NO_DUTIES = Duties()


async def duties_of(ask: Peers, permit: Permission, cycle_id: UUID) -> Duties:
    """Return what the scheme names the caller's unit for; most roles need not ask for it."""
    caller = permit.caller
    relations = {row.relation for row in permit.rows}
    named = caller.organisation and relations & {ORGANISER, REVIEWER}
    if not named and SECOND_BODY not in caller.roles and not relations & {UNINVOLVED, MEASURED}:
        return NO_DUTIES
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    return _duties(scheme, permit)


def _duties(scheme: Scheme, permit: Permission) -> Duties:
    unit, roles = permit.caller.organisation, permit.caller.roles
    stands_in = (each.unit for each in scheme.recusals if each.body == unit)
    leads = led_by(scheme, unit) if ORGANISER in roles else frozenset[str]()
    reviewers = Reviewers(scheme) if any(row.relation == REVIEWER for row in permit.rows) else None
    return Duties(
        frozenset(stands_in if SECOND_BODY in roles else ()),
        leads,
        frozenset(scheme.units_of(leads)),
        reviewers if reviewers and reviewers.cells_of(unit) else None,
        uninvolved_units(scheme, unit),
        sources=tuple(_sources(scheme, unit)) if "data_source_unit" in roles else (),
    )


def _sources(scheme: Scheme, unit: str | None) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for category in scheme.categories:
        known = category.indicators().values()
        codes = tuple(each.code for each in known if each.data_source_unit == unit)
        if codes and unit not in category.units:
            yield tuple(category.units), codes


def uninvolved_units(scheme: Scheme, unit: str | None) -> frozenset[str]:
    """Return the units of the categories in which a unit is not assessed itself."""
    others = (each.units for each in scheme.categories if unit not in each.units)
    return frozenset(one for units in others for one in units)


def hidden_of(row: ScoreSheetRow, permit: Permission, duties: Duties = NO_DUTIES) -> frozenset[str]:
    """Return the units of an edition of which the caller reads nothing."""
    caller = permit.caller
    if not is_limited(caller.organisation, caller.roles):
        return frozenset()
    categories = {unit: each.category for unit, each in units_of(row).items()}
    own, led = duties.stands_in, duties.leads
    return hidden_units(categories, caller.organisation, caller.roles, own, led)


async def abstaining(
    db: AsyncSession,
    permit: Permission,
    cycle_id: UUID,
    edition: Edition,
    unit: str,
    duties: Duties = NO_DUTIES,
) -> Permission:
    """Return the permission without the roles in which the caller abstains about this unit.

    What is left is what its own people may: their own unit's, once it was fed back to them.
    """
    caller = permit.caller
    if not is_limited(caller.organisation, caller.roles):
        return permit
    if unit not in hidden_of(await find_sheet(db, cycle_id, edition), permit, duties):
        return permit
    barred = {*DECIDERS, SECOND_BODY, ORGANISER}
    rows = tuple(row for row in permit.rows if row.role not in barred)
    if unit != caller.organisation or not rows:
        raise ReadAfterRelease("Wait for its release.", "请待公布后查阅。")
    return replace(permit, rows=rows)
