"""How far a year's entries are: expected against received, by whatever a board shows (进度)."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.elsewhere import NOT_ASKED, EachElsewhere
from chassis.pages import PageQuery, PageRequest
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Outgoing
from scoring.api.explanation.readers import UNINVOLVED, uninvolved_units
from scoring.api.ledger.codes import ReadInScheme, codes_of
from scoring.api.reports.deadlines import Deadline
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.ledger import today
from scoring.queries.progress import arrived
from scoring.rules.explanation.abstention import ORGANISER, led_by
from scoring.rules.ledger.codes import OWN_CODES, IdSchemeUnknown
from scoring.rules.ledger.progress import (
    ALL,
    COUNTED,
    EVERY_CELL,
    By,
    Progress,
    Reach,
    Sought,
    cells_of,
    progress_of,
    sum_of,
)
from scoring.rules.ledger.seats import NAMED_SOURCE
from scoring.rules.ledger.signing import Signing
from scoring.rules.reports.outlook import deadlines
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/progress", tags=["ledger"])

_OWN_UNIT = "own_unit"
_Beside = Callable[[str], str | None]


class CellCounts(Outgoing):
    """Cells counted: each is a unit, an indicator and one of the periods that values are taken for.

    Of the `expected` ones, `due` are those whose period is over, `received` those with an entry
    handed in, `verified` those of them in which nothing waits, `returned` those in which an entry
    was sent back, `overdue` those that are due and have no entry handed in.
    """

    expected: int
    due: int
    received: int
    verified: int
    returned: int
    overdue: int


class PartProgress(CellCounts):
    """The cells that have a category, unit, indicator, period or source in common, or two of them.

    `codes` are by what they have it in common, `codes_in_scheme` those that another system has for
    units and indicators among them, `names` those that have a name. `key` stands for them where a
    page begins.
    """

    key: str
    codes: dict[str, str]
    codes_in_scheme: EachElsewhere = NOT_ASKED
    names: dict[str, str]


class LedgerProgress(CellCounts):
    """How far the entries are that the caller may know of: counted in all, and a page of the parts.

    Marks of panels are counted for the performance office and auditors alone. `as_of` is the day in
    the scheme's time zone by which periods are over, `deadlines` are the days of the scheme's
    calendar that lie ahead of it, the next first. `next` is the `after` of the following page, or
    null.
    """

    cycle_id: UUID
    by: list[By]
    as_of: dt.date
    deadlines: list[Deadline]
    items: list[PartProgress]
    next: str | None


@router.get("", responses=documents(IdSchemeUnknown, PeerDown, PeerMissing, PeerRefused))
async def read_progress(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    by: Annotated[
        list[By] | None,
        Query(max_length=2, description="What the parts have in common; one or two of these."),
    ] = None,
    category: Annotated[Code | None, Query(description="Of this category alone.")] = None,
    unit: Annotated[Code | None, Query(description="About this unit alone.")] = None,
    indicator: Annotated[Code | None, Query(description="For this indicator alone.")] = None,
    period: Annotated[str | None, Query(max_length=8, description="For this period alone.")] = None,
    data_source_unit: Annotated[
        Code | None, Query(description="From this data source unit alone.")
    ] = None,
    id_scheme: ReadInScheme = OWN_CODES,
) -> LedgerProgress:
    """Count what is expected of the year against what has come, by category, unit, indicator,
    period or data source unit, or by two of these at once.

    A data source unit gets what it is to enter, an assessed unit what is about it, an organiser
    what is about the units of its categories; the performance office and auditors get everything.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reach, common = reach_of(permit, scheme), by or [_BY]
    names = {name: await _names(ask, cycle_id, scheme, name) for name in common}
    beside = await _beside(ask, cycle_id, id_scheme)
    day = await today(db, scheme.time_zone)
    sought = Sought(category, unit, indicator, period, data_source_unit)
    # In threads: a year of many units has some hundred thousand cells.
    cells = await asyncio.to_thread(lambda: [*cells_of(scheme, sought=sought, reach=reach)])
    whole = (sought, reach) == (EVERY_CELL, ALL)
    about = None if whole else {(each.unit, each.indicator) for each in cells}
    found = await arrived(db, cycle_id, COUNTED, Signing(scheme).indicators, about)
    parts = await asyncio.to_thread(progress_of, cells, found, common, day)
    shown, more = _on_page(page, list(parts))
    return LedgerProgress(
        cycle_id=cycle_id,
        by=common,
        as_of=day,
        deadlines=[Deadline.model_validate(each) for each in deadlines(scheme.calendar, day)],
        items=[
            _part(dict(zip(common, key, strict=True)), names, beside, parts[key]) for key in shown
        ],
        next=more,
        **_counts(sum_of(parts.values())),
    )


_BY: By = "category"
_BETWEEN = ","
"""What no code has in it."""


def _on_page(
    page: PageRequest, keys: list[tuple[str, ...]]
) -> tuple[list[tuple[str, ...]], str | None]:
    """Return the parts of a page, and where the following one begins."""
    begin = 0
    if page.after is not None:
        last = tuple(page.after.split(_BETWEEN))
        if last not in keys:
            raise page.no_such_place()
        begin = keys.index(last) + 1
    shown = keys[begin : begin + page.limit]
    return shown, _BETWEEN.join(shown[-1]) if keys[begin + page.limit :] else None


def _part(
    codes: dict[By, str],
    names: Mapping[By, Mapping[str, str]],
    beside: Mapping[By, _Beside] | None,
    progress: Progress,
) -> PartProgress:
    named = {by: name for by, code in codes.items() if (name := names[by].get(code))}
    told = {}
    if beside is not None:
        told["codes_in_scheme"] = {by: beside[by](c) for by, c in codes.items() if by in beside}
    return PartProgress.model_validate(
        {
            "key": _BETWEEN.join(codes.values()),
            "codes": codes,
            "names": named,
            **told,
            **_counts(progress),
        }
    )


async def _beside(ask: Peers, cycle_id: UUID, id_scheme: str) -> Mapping[By, _Beside] | None:
    """Return what stands beside codes: only units and indicators have other ones."""
    codes = await codes_of(ask, cycle_id, id_scheme)
    if codes is None:
        return None
    day, units, indicators = codes.as_of, codes.units_elsewhere, codes.indicators_elsewhere
    unit: _Beside = lambda code: units.of(code, day)  # noqa: E731 - two names for one
    return {
        "unit": unit,
        "data_source_unit": unit,
        "indicator": lambda code: indicators.of(code, day),
    }


def _counts(progress: object) -> dict[str, int]:
    return {name: getattr(progress, name) for name in CellCounts.model_fields}


def reach_of(permit: Permission, scheme: Scheme) -> Reach:
    """Return which cells the caller may know of; refuse who may know of none."""
    if permit.allows():
        return ALL
    unit = permit.caller.organisation
    units_by = _units_by(scheme, unit)
    held = {NAMED_SOURCE: unit, **units_by}
    permit.require({word for word, holds in held.items() if holds})
    readable = (own for word, own in units_by.items() if permit.allows({word}))
    units, sends = frozenset[str]().union(*readable), permit.allows({NAMED_SOURCE})
    # Which marks a unit has is told by its explanation, and to nobody before.
    return Reach(units, unit if sends else None)


def _units_by(scheme: Scheme, unit: str | None) -> dict[str, frozenset[str]]:
    """Return by which relation somebody of a unit may know of the cells of which units."""
    return {
        ORGANISER: frozenset(scheme.units_of(led_by(scheme, unit))),
        UNINVOLVED: uninvolved_units(scheme, unit),
        _OWN_UNIT: frozenset(() if unit is None else (unit,)),
    }


async def _names(ask: Peers, cycle_id: UUID, scheme: Scheme, by: By) -> Mapping[str, str]:
    if by == "category":
        return {each.code: each.name for each in scheme.categories}
    if by == "indicator":
        return {c: i.name for each in scheme.categories for c, i in each.indicators().items()}
    if by == "period":
        return {}
    return await ask.names_of_units(cycle_id)
