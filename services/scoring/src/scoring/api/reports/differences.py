"""Differences between two editions of a score sheet: who moved, by how much, because of what."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.identity import Caller
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, OneOf, Outgoing
from scoring.api.explanation.documents import PartKind
from scoring.api.explanation.readers import hidden_of
from scoring.api.explanation.trees import StoredTree, read_trees, trees_of
from scoring.api.ledger.entries import AnyKind
from scoring.api.sheet.editions import inputs_of, tags_in, units_of
from scoring.queries.counted import entries_by_id
from scoring.queries.ledger import entry_rows
from scoring.queries.sheet import Edition, NoSuchScoreSheet, find_sheet
from scoring.rules.explanation.abstention import gets_no_digest
from scoring.rules.explanation.steps import INDICATOR, Step
from scoring.rules.reports.differences import CAUSES, Side, UnitDifference, differences, entries_of
from scoring.rules.reports.tags import touching
from scoring.rules.scheme.tags import UnknownTag
from scoring.tables.sheet import ScoreSheetRow

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])

_LARGEST = 2**31 - 1

Against = Annotated[int, Query(ge=1, le=_LARGEST)]
"""The number of the edition that an edition is compared with, mostly the one before."""


class DocumentDifference(Outgoing):
    """Something that both editions were computed from and that is not the same, by its SHA-256.

    `document` is scheme, targets, satisfaction, names, ledger, claims or corrections; what one of
    them does not rest on is an empty text.
    """

    document: str
    before: str
    after: str


class DifferenceCause(Outgoing):
    """One thing that is not what it was, and its value on both sides."""

    what: Annotated[str, OneOf(*CAUSES)]
    name: str
    name_zh: str
    before: str | None
    after: str | None
    entry: UUID | None


class PartOfDifference(Outgoing):
    """An indicator, a claim or an excess that is not what it was, in points, and why."""

    kind: PartKind
    code: str
    name: str
    before: Exact | None
    after: Exact | None
    change: Exact | None
    causes: list[DifferenceCause]


class DifferenceOfUnit(Outgoing):
    """A unit of which anything changed: its total on both sides, in points."""

    unit: str
    category: str
    before: Exact | None
    after: Exact | None
    change: Exact | None
    parts: list[PartOfDifference]


class DifferingEntry(Outgoing):
    """A ledger entry that a difference names, or a correction of the sealed ledger that counts in
    the place of one."""

    entry_id: UUID
    unit: str
    indicator: str
    kind: AnyKind
    key: str | None
    item: str | None
    period: str
    value: Exact | None
    word: str | None
    author_unit: str


class SheetDifferences(Outgoing):
    """What changed from the edition `against` to `edition`; `same` units did not change at all.

    To whoever decides, the units of the own category are neither listed nor counted, nor is what
    tells that anything of theirs changed.
    """

    cycle_id: UUID
    edition: int
    against: int
    documents: list[DocumentDifference]
    same: int
    units: list[DifferenceOfUnit]
    entries: list[DifferingEntry]


@router.get(
    "/{edition}/differences",
    response_model=SheetDifferences,
    responses=documents(NoSuchScoreSheet, UnknownTag, StoredDataAltered),
)
async def compare_score_sheets(
    cycle_id: UUID,
    edition: Edition,
    against: Against,
    request: Request,
    db: Snapshot,
    permit: Permit,
    tag: Annotated[Code | None, Query()] = None,
) -> Response:
    """Say whose scores differ between two editions, by how much, and because of which entry.

    With a `tag`, only the parts of units that have it in the scheme of `edition`; units without
    such a part are not listed.
    """
    row, other = await find_sheet(db, cycle_id, edition), await find_sheet(db, cycle_id, against)
    # What both are known to explain alike is not even read.
    only = None if tag is None else tags_in(row).indicators(tag)
    same = _alike(row, other)
    new = await trees_of(db, row, units=_units(row) - same)
    old = await trees_of(db, other, units=_units(other) - same)
    # In a thread: other requests of this process must not wait for the comparison.
    hidden = hidden_of(row, permit) | hidden_of(other, permit)
    compared = await asyncio.to_thread(_compared, (other, old), (row, new))
    found = [unit for unit in compared if unit.unit not in hidden]
    listed = found if only is None else _of_tag(found, read_trees(old | new), only)
    answer = SheetDifferences(
        cycle_id=cycle_id,
        edition=row.edition,
        against=other.edition,
        documents=_told_documents(_documents(other, row), permit.caller, is_whole=not hidden),
        same=len((_units(row) | _units(other)) - hidden) - len(found),
        units=[DifferenceOfUnit.model_validate(unit) for unit in listed],
        entries=await _entries(db, cycle_id, entries_of(listed), _units(row) | _units(other)),
    )
    return document(answer, request)


def _compared(*sides: tuple[ScoreSheetRow, dict[str, StoredTree]]) -> list[UnitDifference]:
    before, after = (_side(row, trees) for row, trees in sides)
    return differences(before, after)


def _of_tag(
    found: Iterable[UnitDifference],
    trees: Mapping[str, Step],
    only: Mapping[str, Collection[str]],
) -> list[UnitDifference]:
    """Return the units with their parts among these indicators, or above one of them."""
    units = []
    for unit in found:
        shown = touching(trees[unit.unit], only.get(unit.category, ()))
        parts = tuple(p for p in unit.parts if p.kind == INDICATOR and p.code in shown)
        if parts:
            units.append(replace(unit, parts=parts))
    return units


def _side(row: ScoreSheetRow, trees: dict[str, StoredTree]) -> list[Side]:
    steps = read_trees(trees)
    return [
        Side(unit, each.category, steps[unit].score, steps[unit])
        for unit, each in units_of(row).items()
        if unit in steps
    ]


def _units(row: ScoreSheetRow) -> set[str]:
    return {*units_of(row)}


def _alike(row: ScoreSheetRow, other: ScoreSheetRow) -> set[str]:
    """Return the units of which both editions keep the same, by the same scheme and group."""
    one, two = row.basis, other.basis
    if one is None or two is None:
        return set()
    if any(one[name] != two[name] for name in ("engine", "scheme", "facts")):
        return set()
    digests = {unit: each.digest for unit, each in units_of(other).items()}
    return {unit for unit, each in units_of(row).items() if digests.get(unit) == each.digest}


_OF_NO_UNIT = frozenset({"scheme", "names"})
"""The documents in which units enter nothing and of which nothing is told before the release."""


_CORRECTIONS = "corrections"


def _told_documents(
    found: Sequence[DocumentDifference], caller: Caller, *, is_whole: bool
) -> list[DocumentDifference]:
    """Return the documents that changed as far as the caller may know of it."""
    if not is_whole:
        return [each for each in found if each.document in _OF_NO_UNIT]
    if gets_no_digest(caller.organisation, caller.roles, frozenset()):
        return [each for each in found if each.document != _CORRECTIONS]
    return [*found]


def _documents(before: ScoreSheetRow, after: ScoreSheetRow) -> list[DocumentDifference]:
    old, new = inputs_of(before), inputs_of(after)
    changed = [name for name in dict.fromkeys([*new, *old]) if old.get(name) != new.get(name)]
    named = {name: name.removesuffix("_digest") for name in changed}
    return [
        DocumentDifference(document=what, before=old.get(name, ""), after=new.get(name, ""))
        for name, what in named.items()
    ]


async def _entries(
    db: AsyncSession, cycle_id: UUID, ids: list[UUID], units: Collection[str]
) -> list[DifferingEntry]:
    found = await entry_rows(db, cycle_id, ids)
    others = [each for each in ids if each not in found]
    corrected = await entries_by_id(db, cycle_id, others, sorted(units)) if others else []
    return [DifferingEntry.model_validate(each) for each in (*found.values(), *corrected)]
