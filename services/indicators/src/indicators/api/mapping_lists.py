"""Lists of mappings (代码对照): what codes of another system mean, in the order of the codes or of
the latest changes."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Annotated, Any, Generic, NamedTuple, get_args
from uuid import UUID

from fastapi import Query
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    any_,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy import Text as TextType
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.pages import (
    UNASKED,
    Change,
    ChangedAt,
    ChangedSince,
    Page,
    PageQuery,
    PageRequest,
    at,
)
from chassis.problems import documents, joined
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Outgoing
from indicators.api.code_mappings import (
    OF_CYCLE,
    OF_INDICATORS,
    OF_UNITS,
    M,
    Shelf,
    indicator_names,
    of_indicators,
    of_units,
)
from indicators.api.id_schemes import find_id_scheme
from indicators.queries import (
    find_cycle,
    legal_names,
)
from indicators.rules.id_schemes import (
    MappingState,
    NoSuchIdScheme,
)
from indicators.tables import (
    CodeMappingRow,
)

router = Router(tags=["id schemes"])

_LISTING = documents(NoSuchIdScheme, StoredDataAltered)


class MappingStep(Outgoing):
    """What somebody decided about a mapping, why, and when."""

    by: str
    reason: str | None
    at: dt.datetime


class ListedMapping(Outgoing):
    """What a code means from the day `valid_from` until just before `valid_to`, and by whose word.

    It counts once it is `confirmed`, and until its end where it is `ended`.
    """

    mapping_id: UUID
    code: str
    valid_from: dt.date
    valid_to: dt.date | None
    state: MappingState
    reason: str | None
    proposed_by: str
    proposed_at: dt.datetime
    decided: MappingStep | None
    ended: MappingStep | None
    changed_at: ChangedAt = UNASKED


class UnitMapping(ListedMapping):
    """The unit that a code means, with its present name, on which days, and by whose word."""

    unit: str
    unit_name: str


class IndicatorMapping(ListedMapping):
    """The indicator that a code means, with its name in the scheme in force, null where that has
    none of it; on which days, and by whose word."""

    indicator: str
    indicator_name: str | None


Codes = Annotated[
    list[Code] | None,
    Query(max_length=100, description="Mappings of one of these codes of the other system."),
]
States = Annotated[
    list[MappingState] | None,
    Query(max_length=len(get_args(MappingState)), description="In one of these states."),
]
Day = Annotated[
    dt.date | None,
    Query(description="Those whose days have this one in them, in whatever state they are."),
]


@router.get(OF_UNITS, responses=_LISTING)
async def list_unit_mappings(
    id_scheme: Code,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    code: Codes = None,
    unit: Annotated[Code | None, Query()] = None,
    state: States = None,
    day: Day = None,
    changed_since: ChangedSince = None,
) -> Page[UnitMapping]:
    """List which units codes of another system are mapped to, in the order of the codes."""
    whose = permit.caller.realm
    rows, more = await _page(
        db, page, of_units(id_scheme, whose), Wanted(code, unit, state, day), changed_since
    )
    names = await legal_names(db, whose, {row.meaning for row, _ in rows})
    items = [
        UnitMapping(
            **_listed(row),
            **at(moment, changed_since),
            unit=row.meaning,
            unit_name=names[row.meaning],
        )
        for row, moment in rows
    ]
    return Page[UnitMapping](items=items, next=more)


@router.get(OF_INDICATORS, responses=joined(_LISTING, OF_CYCLE))
async def list_indicator_mappings(
    cycle_id: UUID,
    id_scheme: Code,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    code: Codes = None,
    indicator: Annotated[Code | None, Query()] = None,
    state: States = None,
    day: Day = None,
    changed_since: ChangedSince = None,
) -> Page[IndicatorMapping]:
    """List which indicators of a cycle codes of another system are mapped to, in the order of the
    codes.
    """
    await find_cycle(db, cycle_id)
    shelf = of_indicators(id_scheme, cycle_id)
    rows, more = await _page(db, page, shelf, Wanted(code, indicator, state, day), changed_since)
    names = await indicator_names(db, cycle_id) if rows else {}
    items = [
        IndicatorMapping(
            **_listed(row),
            **at(moment, changed_since),
            indicator=row.meaning,
            indicator_name=names.get(row.meaning),
        )
        for row, moment in rows
    ]
    return Page[IndicatorMapping](items=items, next=more)


class Changed(NamedTuple, Generic[M]):
    """A mapping, and when it came into its present state."""

    row: M
    changed_at: dt.datetime


class Wanted(NamedTuple):
    """Which mappings are asked for: of these codes, with this meaning, in these states, and those
    that hold on a day."""

    codes: Collection[str] | None
    meaning: str | None
    states: Collection[MappingState] | None
    day: dt.date | None

    def conditions(self, row: type[M]) -> list[ColumnElement[bool]]:
        """Return what holds of the mappings that are asked for."""
        found = list[ColumnElement[bool]]()
        if self.codes:
            found.append(row.code == any_(literal(sorted(self.codes), ARRAY(TextType))))
        if self.meaning is not None:
            found.append(row.meaning == self.meaning)
        if self.states:
            found.append(row.state.in_(self.states))
        if self.day is not None:
            found.append(row.valid_from <= self.day)
            found.append(or_(row.valid_to.is_(None), row.valid_to > self.day))
        return found


async def _page(
    db: AsyncSession,
    page: PageRequest,
    shelf: Shelf[M],
    wanted: "Wanted",
    since: dt.datetime | None,
) -> tuple[Sequence[Changed[M]], str | None]:
    """Return a page of mappings and where the following one begins."""
    await find_id_scheme(db, shelf.jurisdiction, shelf.id_scheme)
    await require_intact(db, shelf.chain, shelf.row.__tablename__)
    row = shelf.row
    moment = func.coalesce(journal.recorded_at(row.record, shelf.chain), row.proposed_at)
    own = [getattr(row, name) == value for name, value in shelf.own.items()]
    query = select(row, moment).where(*own, *wanted.conditions(row))
    query = query.limit(page.limit + 1)
    if since is None:
        query = await _in_order_of_codes(db, page, shelf, query)
    else:
        place = page.after_change(since, UUID, UUID(int=0))
        query = query.where(tuple_(moment, row.mapping_id) > tuple_(*map(literal, place)))
        query = query.order_by(moment, row.mapping_id)
    rows = [Changed(each, at) for each, at in await db.execute(query)]
    shown = rows[: page.limit]
    if len(rows) <= page.limit:
        return shown, None
    last = shown[-1].row.mapping_id
    return shown, str(last if since is None else Change(shown[-1].changed_at, last))


async def _in_order_of_codes(
    db: AsyncSession, page: PageRequest, shelf: Shelf[M], query: Select[M, dt.datetime]
) -> Select[M, dt.datetime]:
    """Return the question for mappings in the order of their codes, from where a page begins."""
    row = shelf.row
    order = (row.code, row.valid_from, row.mapping_id)
    if page.after is not None:
        last = select(*order).filter_by(**shelf.own).where(row.mapping_id == page.after_id)
        found = (await db.execute(last)).first()
        if found is None:
            raise page.no_such_place()
        query = query.where(tuple_(*order) > tuple_(*map(literal, found)))
    return query.order_by(*order)


def _listed(row: CodeMappingRow) -> dict[str, Any]:
    stored = {name: getattr(row, name) for name in _STORED}
    return stored | {step: _step(row, step) for step in ("decided", "ended")}


_STORED = ListedMapping.model_fields.keys() - {"decided", "ended", "changed_at"}


def _step(row: CodeMappingRow, step: str) -> MappingStep | None:
    by, reason, at = (getattr(row, f"{step}_{what}") for what in ("by", "reason", "at"))
    return None if by is None else MappingStep(by=by, reason=reason, at=at)
