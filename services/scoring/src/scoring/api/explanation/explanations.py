"""Explanations (得分说明): how one unit's total came about, down to each ledger entry."""

from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.kept import document_of
from chassis.pages import PageRequest
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Outgoing
from scoring.api.explanation.documents import ExplainedNode
from scoring.api.explanation.readers import NO_DUTIES, Duties, abstaining, duties_of
from scoring.api.explanation.trees import StoredTree, trees_of, vetoed_tree
from scoring.api.sheet.documents import SheetPhase, TagTotal
from scoring.api.sheet.editions import tags_in, units_of
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.entries import NEWEST_FIRST, Wanted, entries_on_page
from scoring.queries.sheet import Asked, Edition, NoSuchScoreSheet, find_sheet, phase_of_sheet
from scoring.rules.explanation.abstention import ReadAfterRelease
from scoring.rules.explanation.in_chinese import in_chinese
from scoring.rules.explanation.own_reading import own_reading
from scoring.rules.explanation.vetoed import BlockNotVetoable
from scoring.rules.ledger.entries import PROGRESS_REPORT
from scoring.rules.ledger.states import FED_BACK, SUBMITTED
from scoring.rules.reports.tags import scored_in, tag_totals
from scoring.rules.sheet.composing import MOST_VETOED
from scoring.tables.sheet import ScoreSheetRow

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])


class NoSuchExplanation(Missing):
    """The edition has no such unit."""

    zh = "该版得分表中没有这个单位。"
    remedy = (
        "Look the unit's code up in that edition of the score sheet.",
        "请在该版得分表中查对单位编码。",
    )


class OwnWords(Outgoing):
    """What the unit itself has told of its progress on an indicator; nothing is scored by it."""

    entry_id: UUID
    indicator: str
    period: str
    note: str


class Explanation(Outgoing):
    """How one unit's total in one edition came about.

    `digest` is the SHA-256 of the canonical JSON of `tree`; from when the edition is fed back the
    score sheet lists it too, so that nobody can explain it otherwise afterwards. A unit gets of its
    own tree what is its own, and no digest: from one of the whole, what was left out could be
    guessed. `tag_totals` is what the indicators of each tag come to. `in_chinese` says in Chinese,
    by what stands in the tree, what its rules, formulas and names of inputs mean. Beside it stand
    the unit's own words of its progress as they stand now, the latest first, at most 100.
    """

    cycle_id: UUID
    edition: int
    phase: SheetPhase
    unit: str
    digest: str | None
    tree: ExplainedNode
    tag_totals: list[TagTotal]
    in_chinese: dict[str, str]
    progress_reports: list[OwnWords]


@dataclass(frozen=True, slots=True)
class ReadableSheet:
    """An edition with one unit's tree, `whole` or only what the unit itself may read of it."""

    sheet: ScoreSheetRow
    phase: str
    tree: StoredTree
    whole: bool


Vetoed = Annotated[
    list[Code] | None,
    Query(max_length=MOST_VETOED, description="Blocks that are taken to be vetoed."),
]


@router.get(
    "/{edition}/units/{unit}/explanation",
    response_model=Explanation,
    responses=documents(
        BlockNotVetoable,
        NoSuchScoreSheet,
        NoSuchExplanation,
        ReadAfterRelease,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def explain_score(
    cycle_id: UUID,
    edition: Edition,
    unit: str,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    vetoed: Vetoed = None,
) -> Response:
    """Explain how a unit's total came about, down to the entries.

    A unit gets its own once the edition was fed back, an organiser those of the units of its
    categories. With `vetoed` it is the total in which these blocks count for nothing: a ranking
    says which are vetoed.
    """
    duties = await duties_of(ask, permit, cycle_id)
    readable = await readable_sheet(
        db, permit, cycle_id, edition, unit, duties, vetoed=frozenset(vetoed or ())
    )
    tags, category = tags_in(readable.sheet), units_of(readable.sheet)[unit].category
    totals = tag_totals(scored_in(readable.tree.tree), tags, category)
    # The tree is plain JSON in the shape that is published: to validate its thousand numbers once
    # more would take a tenth of the whole request.
    explanation = {
        "cycle_id": str(cycle_id),
        "edition": readable.sheet.edition,
        "phase": readable.phase,
        "unit": unit,
        "digest": readable.tree.digest if readable.whole else None,
        "tree": readable.tree.tree,
        "tag_totals": [TagTotal.model_validate(each).model_dump(mode="json") for each in totals],
        "in_chinese": in_chinese(readable.tree.tree),
        "progress_reports": await _own_words(db, cycle_id, unit),
    }
    return document_of(orjson.dumps(explanation), request)


MOST_WORDS = 100
"""How many of a unit's latest progress reports stand beside its explanation."""


async def _own_words(db: AsyncSession, cycle_id: UUID, unit: str) -> list[dict[str, str]]:
    """Return what the unit has told of its progress and handed in, the latest first."""
    wanted = Wanted(unit=unit, kind=(PROGRESS_REPORT,), state=(SUBMITTED,))
    page = PageRequest(MOST_WORDS, None)
    found = await entries_on_page(db, cycle_id, page, None, wanted, NEWEST_FIRST)
    return [
        {
            "entry_id": str(each.entry_id),
            "indicator": each.indicator,
            "period": each.period,
            "note": each.note or "",
        }
        for each in found[:MOST_WORDS]
    ]


async def readable_sheet(
    db: AsyncSession,
    permit: Permission,
    cycle_id: UUID,
    edition: Asked,
    unit: str,
    duties: Duties = NO_DUTIES,
    *,
    vetoed: frozenset[str] = frozenset(),
) -> ReadableSheet:
    """Return an edition with the unit's tree, as far as the caller may read either; with `vetoed`
    blocks it is that of the total in which they count for nothing.

    For the unit itself only the editions exist that were fed back and score it, and `latest` is
    the latest of them: that others have been computed meanwhile would be told otherwise.
    """
    whole = permit.allows(duties.relations)
    if whole:  # unless the caller decides, and the unit is one of the own category
        permit = await abstaining(db, permit, cycle_id, edition, unit, duties)
        whole = permit.allows(duties.relations)
    if whole:
        sheet = await find_sheet(db, cycle_id, edition)
        phase = await phase_of_sheet(db, sheet)
    else:
        if unit != permit.caller.organisation:
            permit.require()
        sheet, phase = await find_sheet(db, cycle_id, edition, fed_back_to=unit), FED_BACK
        permit.require({"own_unit"}, phase)
    found = (await trees_of(db, sheet, units=[unit])).get(unit)
    if found is None:
        raise NoSuchExplanation(
            f"Edition {sheet.edition} does not score {unit}.",
            f"第{sheet.edition}版没有单位 {unit}。",
        )
    found = await vetoed_tree(db, sheet, unit, vetoed) if vetoed else found
    tree = found if whole else replace(found, tree=own_reading(found.tree))
    return ReadableSheet(sheet, phase, tree, whole)
