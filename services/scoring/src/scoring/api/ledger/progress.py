"""How far a year's entries are: expected against received, by whatever a board shows (进度)."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Outgoing
from scoring.api.ledger.codes import ReadInScheme, codes_of
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.ledger import today
from scoring.queries.progress import arrived
from scoring.rules.explanation.abstention import ORGANISER, led_by
from scoring.rules.ledger.codes import OWN_CODES, IdSchemeUnknown
from scoring.rules.ledger.progress import COUNTED, By, Cell, cells_of, progress_of, sum_of
from scoring.rules.ledger.seats import NAMED_SOURCE
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/progress", tags=["ledger"])

_OWN_UNIT = "own_unit"
_May = Callable[[Cell], bool]


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
    """The cells that have one category, unit, indicator, period or source in common."""

    code: str
    code_in_scheme: Elsewhere = NOT_ASKED
    name: str | None


class LedgerProgress(CellCounts):
    """How far the entries are that the caller may know of, in all and part by part.

    Marks of panels are counted for the performance office and auditors alone. `as_of` is the day in
    the scheme's time zone by which periods are over.
    """

    cycle_id: UUID
    by: By
    as_of: dt.date
    parts: list[PartProgress]


@router.get("", responses=documents(IdSchemeUnknown, PeerDown, PeerMissing, PeerRefused))
async def read_progress(
    cycle_id: UUID,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    by: Annotated[By, Query(description="What the parts have in common.")] = "category",
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
    period or data source unit.

    A data source unit gets what it is to enter, an assessed unit what is about it, an organiser
    what is about the units of its categories; the performance office and auditors get everything.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    may = _readable(permit, scheme)
    names = await _names(ask, scheme, by)
    codes_in = await _codes_in(ask, cycle_id, id_scheme, by)
    day = await today(db, scheme.time_zone)
    found = await arrived(db, cycle_id, COUNTED)
    wanted = {
        "category": category,
        "unit": unit,
        "indicator": indicator,
        "period": period,
        "data_source_unit": data_source_unit,
    }
    asked = [(name, value) for name, value in wanted.items() if value is not None]
    cells = (
        cell
        for cell in cells_of(scheme)
        if may(cell) and all(getattr(cell, name) == value for name, value in asked)
    )
    # In a thread: a year of many units has some hundred thousand cells.
    parts = await asyncio.to_thread(progress_of, cells, found, by, day)
    return LedgerProgress(
        cycle_id=cycle_id,
        by=by,
        as_of=day,
        parts=[
            PartProgress(code=code, **codes_in(code), name=names.get(code), **_counts(part))
            for code, part in parts.items()
        ],
        **_counts(sum_of(parts.values())),
    )


async def _codes_in(
    ask: Peers, cycle_id: UUID, id_scheme: str, by: By
) -> Callable[[str], dict[str, str | None]]:
    """Return what stands beside the code of a part: only units and indicators have other codes."""
    codes = await codes_of(ask, cycle_id, id_scheme)
    if codes is None or by in ("category", "period"):
        return lambda _: {}
    elsewhere = codes.indicators_elsewhere if by == "indicator" else codes.units_elsewhere
    return lambda code: {"code_in_scheme": elsewhere.of(code, codes.as_of)}


def _counts(progress: object) -> dict[str, int]:
    return {name: getattr(progress, name) for name in CellCounts.model_fields}


def _readable(permit: Permission, scheme: Scheme) -> _May:
    """Return which cells the caller may know of; refuse who may know of none."""
    if permit.allows():
        return lambda _: True
    unit = permit.caller.organisation
    led = scheme.units_of(led_by(scheme, unit)) if unit and permit.allows({ORGANISER}) else ()
    sends, is_measured = permit.allows({NAMED_SOURCE}), permit.allows({_OWN_UNIT})
    held = {ORGANISER: led, NAMED_SOURCE: unit, _OWN_UNIT: unit}
    permit.require({word for word, holds in held.items() if holds})
    units = {*led, *([unit] if is_measured else ())}
    # Which marks a unit has is told by its explanation, and to nobody before.
    return lambda cell: (
        not cell.is_marked and (cell.unit in units or (sends and cell.data_source_unit == unit))
    )


async def _names(ask: Peers, scheme: Scheme, by: By) -> dict[str, str | None]:
    if by == "category":
        return {each.code: each.name for each in scheme.categories}
    if by == "indicator":
        return {c: i.name for each in scheme.categories for c, i in each.indicators().items()}
    if by == "period":
        return {}
    return await ask.names_of_units(scheme.assessment_year)
