"""Questions about editions of the score sheet."""

import zlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path
from pydantic import Field
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    Text,
    any_,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.refusals import Missing
from chassis.stored import require_intact
from scoring.queries import hold
from scoring.rules.ledger.states import COMPUTED, FED_BACK
from scoring.tables.explanation import ExplanationRow
from scoring.tables.sheet import FeedbackRow, InputDocumentRow, ScoreSheetRow, UnitScoreRow

_LARGEST = 2**31 - 1


Number = Annotated[int, Path(ge=1, le=_LARGEST)]
"""The number of an edition, from 1."""


Asked = int | Literal["latest"]


Edition = Annotated[Annotated[int, Field(ge=1, le=_LARGEST)] | Literal["latest"], Path()]
"""The number of an edition, from 1, or the word `latest`."""


class NoSuchScoreSheet(Missing):
    """The cycle has no such edition of the score sheet."""

    zh = "本年度没有该版得分表。"
    remedy = (
        "Look the edition up in the list of score sheets, or have one computed.",
        "请在得分表版次清单中查对，或先计算得分表。",
    )


async def find_sheet(
    db: AsyncSession, cycle_id: UUID, edition: Asked, *, fed_back_to: str | None = None
) -> ScoreSheetRow:
    """Return an edition of a cycle's score sheet, or the latest; refuse an unknown one.

    With `fed_back_to` only those are known that were fed back and score that unit.
    """
    query = select(ScoreSheetRow).where(ScoreSheetRow.cycle_id == cycle_id)
    if fed_back_to is not None:
        told = ExplanationRow
        mine = select(told.edition).where(told.cycle_id == cycle_id, told.unit == fed_back_to)
        fed_back = select(FeedbackRow.edition).where(FeedbackRow.cycle_id == cycle_id)
        query = query.where(ScoreSheetRow.edition.in_(mine), ScoreSheetRow.edition.in_(fed_back))
    if edition != "latest":
        query = query.where(ScoreSheetRow.edition == edition)
    row = (await db.scalars(query.order_by(ScoreSheetRow.edition.desc()).limit(1))).one_or_none()
    if row is None and edition == "latest":
        raise NoSuchScoreSheet("There is none for the caller yet.", "尚无可供查阅的得分表。")
    if row is None:
        raise NoSuchScoreSheet(f"There is no edition {edition}.", f"没有第 {edition} 版得分表。")
    await require_intact(db, str(cycle_id), "score_sheet", records=[row.record])
    return row


async def editions_of(db: AsyncSession, cycle_id: UUID, unit: str | None) -> set[int]:
    """Return the editions of a cycle's score sheet that score a unit."""
    scored, row = UnitScoreRow, ExplanationRow  # editions from before have their explanations only
    queries = [
        select(each.edition).where(each.cycle_id == cycle_id, each.unit == unit)
        for each in (scored, row)
    ]
    return {edition for query in queries for edition in await db.scalars(query)}


async def phase_of_sheet(db: AsyncSession, row: ScoreSheetRow, *, alone: bool = False) -> str:
    """Return whether an edition has been fed back; with `alone` nobody else is feeding it back."""
    if alone:
        await hold(db, "score-sheets", row.cycle_id)
    fed_back = await db.get(FeedbackRow, (row.cycle_id, row.edition))
    if fed_back is None:
        # Nor was one removed: what was told once would be told otherwise.
        await require_intact(db, str(row.cycle_id), "feedback")
        return COMPUTED
    await require_intact(db, str(row.cycle_id), "feedback", records=[fed_back.record])
    return FED_BACK


async def next_edition(
    db: AsyncSession, cycle_id: UUID, documents: Iterable[str]
) -> tuple[int, set[str]]:
    """Return the number of the next edition, and keep it from others until the commit.

    Return also which of these input documents, by their digests, are kept already.
    """
    await hold(db, "score-sheets", cycle_id)
    sheet, kept = ScoreSheetRow, InputDocumentRow
    last = select(func.max(sheet.edition)).where(sheet.cycle_id == cycle_id).scalar_subquery()
    known = select(func.array_agg(kept.digest)).where(
        kept.cycle_id == cycle_id, kept.digest == any_(literal(list(documents), ARRAY(Text)))
    )
    edition, found = (await db.execute(select(last, known.scalar_subquery()))).one()
    return (edition or 0) + 1, set(found or ())


def unnested(kept: Mapping[str, bytes]) -> tuple[ColumnElement[str], ColumnElement[bytes]]:
    """Return the columns of a table of texts and what is kept under each, of any number."""
    pairs = (
        func.unnest(literal(list(kept), ARRAY(Text)), literal([*kept.values()], ARRAY(LargeBinary)))
        .table_valued(column("key", Text), column("packed", LargeBinary))
        .render_derived("kept")
    )
    return pairs.c.key, pairs.c.packed


def opened(packed: bytes | None) -> bytes:
    """Return what was kept compressed; nothing, of which no digest is, where it cannot be read."""
    try:
        return b"" if packed is None else zlib.decompress(packed)
    except zlib.error:
        return b""
