"""Diagnostics of a score sheet: which indicators separate units, how strict scorers are."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, OneOf, Outgoing
from scoring.api.explanation.readers import duties_of, hidden_of
from scoring.api.explanation.trees import StoredTree, read_trees, trees_of
from scoring.api.sheet.editions import tags_in, units_of
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.sheet import Edition, NoSuchScoreSheet, find_sheet
from scoring.rules.reports.diagnostics import CategoryDiagnosis, Sheet, diagnose
from scoring.rules.reports.strictness import SCORERS
from scoring.rules.reports.tags import touching
from scoring.rules.scheme.tags import UnknownTag
from scoring.tables.ledger import LedgerEntryRow
from scoring.tables.sheet import ScoreSheetRow

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])


class IndicatorDiagnostics(Outgoing):
    """How an indicator separates the units of its category; scores in points, shares from 0 to 1.

    `full_marks` of the `scored` units have all its points. `weight` is its share of the category's
    points, `effective_weight` its share of the points that separate: of the distances between
    highest and lowest score. `variance_share` is its covariance with the total over the variance of
    the totals; below 0 it evens out what the others separate.
    """

    indicator: str
    name: str
    points: Exact
    scored: int
    mean: Exact | None
    lowest: Exact | None
    highest: Exact | None
    full_marks: int
    full_marks_share: Exact | None
    weight: Exact | None
    effective_weight: Exact | None
    variance_share: Exact | None


class ScorerDiagnostics(Outgoing):
    """How strict a scorer is.

    A data source unit's or survey's marks are shares of points, `own_unit` standing for what units
    report themselves; `leniency` is their mean less that of all marks of the category. A seat's
    marks are those it gave; `leniency` is their mean distance from the mean of the panel.
    `spread` is the standard deviation over the units.
    """

    kind: Annotated[str, OneOf(*SCORERS)]
    scorer: str
    indicators: list[str]
    marks: int
    mean: Exact
    leniency: Exact
    spread: Exact


class CategoryDiagnostics(Outgoing):
    """A category; `complete` of its units have a total, of which `variance` is taken.

    The variance shares of the indicators and of bonus and deductions (`adjustment_share`) add up
    to 1. They are null where all totals are equal.
    """

    category: str
    units: int
    complete: int
    variance: Exact | None
    indicators: list[IndicatorDiagnostics]
    adjustment_share: Exact | None
    scorers: list[ScorerDiagnostics]


class SheetDiagnostics(Outgoing):
    """One edition, category by category; to whoever decides, without that of the own unit."""

    cycle_id: UUID
    edition: int
    categories: list[CategoryDiagnostics]


@router.get(
    "/{edition}/diagnostics",
    response_model=SheetDiagnostics,
    responses=documents(
        NoSuchScoreSheet, UnknownTag, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def diagnose_score_sheet(
    cycle_id: UUID,
    edition: Edition,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    tag: Annotated[Code | None, Query()] = None,
) -> Response:
    """Say what separates the units of an edition, and how strict each scorer is.

    An organiser gets the categories that it leads. With a `tag` only indicators that have it are
    listed; what they are held against stays whole.
    """
    duties = await duties_of(ask, permit, cycle_id)
    permit.require(duties.relations)
    row = await find_sheet(db, cycle_id, edition)
    only = None if tag is None else tags_in(row).indicators(tag)
    hidden = hidden_of(row, permit, duties)
    trees = await trees_of(db, row, units=units_of(row).keys() - hidden)
    authors = await authors_of(db, cycle_id)
    # In a thread: other requests of this process must not wait for the arithmetic.
    found = await asyncio.to_thread(diagnosed, row, trees, authors, hidden, only)
    answer = SheetDiagnostics(
        cycle_id=cycle_id,
        edition=row.edition,
        categories=[CategoryDiagnostics.model_validate(each) for each in found],
    )
    return document(answer, request)


def diagnosed(
    row: ScoreSheetRow,
    trees: dict[str, StoredTree],
    authors: dict[UUID, str],
    hidden: Collection[str] = (),
    only: Mapping[str, Collection[str]] | None = None,
) -> list[CategoryDiagnosis]:
    """Diagnose every category of an edition by the trees of its units, but for the hidden ones."""
    steps = read_trees(trees)
    read = {unit: each for unit, each in units_of(row).items() if unit not in hidden}
    sheets = (
        Sheet(unit, each.category, steps[unit].score, steps[unit]) for unit, each in read.items()
    )
    found = diagnose(sheets, authors)
    if only is None:
        return found
    shown: dict[str, set[str]] = {}
    for unit, each in read.items():
        codes = touching(steps[unit], only.get(each.category, ()))
        shown.setdefault(each.category, set()).update(codes)
    return [
        replace(
            one, indicators=tuple(i for i in one.indicators if i.indicator in shown[one.category])
        )
        for one in found
    ]


async def authors_of(db: AsyncSession, cycle_id: UUID) -> dict[UUID, str]:
    """Return which unit wrote each entry of a cycle."""
    row = LedgerEntryRow
    found = await db.execute(select(row.entry_id, row.author_unit).where(row.cycle_id == cycle_id))
    return {entry: unit for entry, unit in found}  # noqa: C416 - dict() takes no typed Row
