"""All marks of an edition as one file: for spreadsheets, and for other systems."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple, get_args
from uuid import UUID

import orjson
from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents, language_of
from chassis.routes import Router
from chassis.row_files import FILE_ANSWER, Column, FileFormat, answer
from chassis.stored import StoredDataAltered
from chassis.wire import Code
from scoring.api.explanation.readers import duties_of, hidden_of
from scoring.api.ledger.codes import ReadInScheme, beside_of
from scoring.api.sheet.editions import (
    checked_scores_of,
    content_of,
    input_documents,
    read_scheme,
)
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Unit
from scoring.queries.sheet import Edition, NoSuchScoreSheet, find_sheet
from scoring.rules.ledger.codes import OWN_CODES, IdSchemeUnknown
from scoring.rules.reports.marks import Mark, MarkState, asked_for, marks_of, named_by
from scoring.rules.scheme.document import Scheme
from scoring.tables.sheet import ScoreSheetRow

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])

_COLUMNS = (
    Column("unit", "单位代码", "Unit"),
    Column("unit_name", "单位", "Name of the unit"),
    Column("category", "类别代码", "Category"),
    Column("category_name", "类别", "Name of the category"),
    Column("block", "板块代码", "Block"),
    Column("indicator", "指标代码", "Indicator"),
    Column("indicator_name", "指标", "Name of the indicator"),
    Column("parent", "上级指标代码", "Indicator above"),
    Column("points", "分值", "Points", is_number=True),
    Column("score", "得分", "Score", is_number=True),
    Column("excess", "超出分值的扣分", "Excess", is_number=True),
    Column("state", "状态", "State"),
    Column("reason", "说明", "Reason"),
)
_IN_SCHEME = (
    Column("unit_in_scheme", "单位代码（所选体系）", "Unit in the id scheme"),
    Column("indicator_in_scheme", "指标代码（所选体系）", "Indicator in the id scheme"),
)
assert tuple(column.name for column in _COLUMNS) == Mark._fields  # noqa: S101 - one order of both


@router.get(
    "/{edition}/marks",
    response_class=StreamingResponse,
    responses=FILE_ANSWER
    | documents(
        IdSchemeUnknown, NoSuchScoreSheet, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def export_marks(
    cycle_id: UUID,
    edition: Edition,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[
        list[Code] | None, Query(max_length=100, description="Of one of these units.")
    ] = None,
    category: Annotated[
        list[Code] | None, Query(max_length=100, description="Of one of these categories.")
    ] = None,
    indicator: Annotated[
        list[Code] | None, Query(max_length=100, description="For one of these indicators.")
    ] = None,
    state: Annotated[
        list[MarkState] | None,
        Query(max_length=len(get_args(MarkState)), description="In one of these states."),
    ] = None,
    id_scheme: ReadInScheme = OWN_CODES,
    form: Annotated[FileFormat, Query(alias="format")] = "csv",
) -> StreamingResponse:
    """Give every indicator's score of every unit as a file, a row each: `unit`, `unit_name`,
    `category`, `category_name`, `block`, `indicator`, `indicator_name`, `parent`, `points`,
    `score`, `excess`, `state`, `reason`; with an `id_scheme` `unit_in_scheme` and
    `indicator_in_scheme` too.

    Of the units that the caller may read in the score sheet, in its order. A score that is missing
    is empty (null in JSON lines). The file is sent as it is made; one that ends without an error is
    whole.
    """
    duties = await duties_of(ask, permit, cycle_id)
    permit.require(duties.relations)
    beside = await beside_of(ask, cycle_id, id_scheme)
    row = await find_sheet(db, cycle_id, edition)
    hidden = hidden_of(row, permit, duties)
    language = language_of(request.headers.get("accept-language", ""))
    known = await _known(db, row, await ask.indicators.units())
    if row.basis is None:
        units = iter((await content_of(db, row, hidden))["units"])
    else:
        units = map(_part, await checked_scores_of(db, row, hidden))
    wanted = {"unit": unit, "category": category, "indicator": indicator, "state": state}
    marks = asked_for(_marks(units, known, language), wanted)
    name = f"marks-{row.edition}"
    if beside is None:
        return answer(request, name, _COLUMNS, marks, form)
    told = ((*mark, *beside.of(mark._asdict()).values()) for mark in marks)
    return answer(request, name, (*_COLUMNS, *_IN_SCHEME), told, form)


class Known(NamedTuple):
    """What names are taken from."""

    scheme: Scheme | None
    units: Mapping[str, str | None]


def _part(opened: bytes) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(opened)["sheet"]
    return found


def _marks(units: Iterable[dict[str, Any]], known: Known, language: str) -> Iterator[Mark]:
    named = named_by(known.scheme)
    for unit in units:
        yield from marks_of(unit, known.units.get(unit["unit"]), named, language)


async def _known(db: AsyncSession, row: ScoreSheetRow, units: Iterable[Unit]) -> Known:
    """Return the scheme of an edition, and the legal names of units when its year ended.

    Editions from before keep no scheme.
    """
    if row.basis is None:
        return Known(None, {})
    digest = row.basis["scheme"]
    found = await input_documents(db, row.cycle_id, [digest])
    scheme = await asyncio.to_thread(read_scheme, found[digest])
    last = dt.date(scheme.assessment_year, 12, 31)
    return Known(scheme, {unit.code: unit.name_on(last) for unit in units})
