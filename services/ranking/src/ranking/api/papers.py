"""Papers: a release or an edition as people read it, print it and file it (PDF, Word, Excel).

A paper says what its reader may read as JSON, and nothing else. The same release is the same bytes,
and what its digest is of is attached to the PDF.
"""

from collections.abc import Mapping
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.checkpoints import CheckpointsBroken, newest
from chassis.db import Snapshot
from chassis.identity import Caller
from chassis.papers.paper import Language
from chassis.papers.printing import PAPER_ANSWER, PaperFormat, paper_answer
from chassis.printing import DocumentTooLong, PrintingFailed, PrintingNotInstalled
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Text
from ranking.api.rankings import content_of, ranking_of
from ranking.api.readers import find_readable, sight_of
from ranking.api.releases import Release, find_release, policy_in
from ranking.api.shown import digest_of, part_of
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import NoSuchRanking, NoSuchRelease, Number
from ranking.rules import papers
from ranking.rules.interest import ReadAfterRelease
from ranking.rules.papers import Explained, Names, Official
from ranking.rules.publication import Shown, audience_of, own_line
from ranking.rules.reasons import vetoed_in
from ranking.tables import RankingRow, ReleaseRow

router = Router(prefix="/cycles/{cycle_id}", tags=["papers"])


class NotInRelease(Missing):
    """The release has no such unit."""

    zh = "该公布稿中没有这个单位。"
    remedy = (
        "Look the unit's code up in the release.",
        "请在该公布稿中查对单位代码。",
    )


_PRINTED = (
    *(StoredDataAltered, PeerDown, PeerMissing, PeerRefused),
    *(PrintingNotInstalled, PrintingFailed, DocumentTooLong),
)
_OF_RELEASE = documents(NoSuchRelease, *_PRINTED)

Tongue = Annotated[
    Language,
    Query(description="The language of the paper's own words: Chinese (zh) or English (en)."),
]
Format = Annotated[
    PaperFormat,
    Query(alias="format", description="PDF, or for Word (docx) or Excel (xlsx)."),
]


@router.get(
    "/releases/{release}/list", response_class=Response, responses={**_OF_RELEASE, **PAPER_ANSWER}
)
async def print_ranking(
    cycle_id: UUID,
    release: Number,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    form: Format = "pdf",
    language: Tongue = "zh",
) -> Response:
    """Give the list of a released ranking as a document: places, points, grades and reasons, as far
    as the caller reads them, and a chart of the totals."""
    found = await _release(db, cycle_id, release, permit.caller)
    names = await _names(ask, cycle_id, found.category, language)
    paper = papers.ranking_list(found.said, names, found.attached)
    return await paper_answer(paper, form)


@router.get(
    "/releases/{release}/notice",
    response_class=Response,
    responses={**_OF_RELEASE, **PAPER_ANSWER},
)
async def print_notice(
    cycle_id: UUID,
    release: Number,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    issued_by: Annotated[Text, Query(max_length=60, description="Who issues the notice.")],
    document_no: Annotated[
        Text | None, Query(max_length=60, description="The number of the notice, if it has one.")
    ] = None,
    addressed_to: Annotated[
        Text | None, Query(max_length=200, description="To whom the notice is addressed.")
    ] = None,
    form: Format = "pdf",
    language: Tongue = "zh",
) -> Response:
    """Give the notice of a release, laid out as an official document (GB/T 9704): the units
    by grades, what they are proud of, and the list as its annex."""
    found = await _release(db, cycle_id, release, permit.caller)
    names = await _names(ask, cycle_id, found.category, language)
    official = Official(issued_by, document_no, addressed_to)
    paper = papers.notice(found.said, names, official, found.attached)
    return await paper_answer(paper, form)


@router.get(
    "/releases/{release}/units/{unit}/score-sheet",
    response_class=Response,
    responses={**documents(NoSuchRelease, NotInRelease, *_PRINTED), **PAPER_ANSWER},
)
async def print_score_sheet(
    cycle_id: UUID,
    release: Number,
    unit: Code,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    form: Format = "pdf",
    language: Tongue = "zh",
) -> Response:
    """Give a unit's score sheet as a document: what each indicator is worth, what it brought and
    how, added up to the released total.

    It says what the caller reads of the unit's explanation in the score sheet of the release, with
    blocks that are vetoed as they count in the released total.
    """
    found = await _release(db, cycle_id, release, permit.caller, own=True)
    if all(each["unit"] != unit for each in found.said["document"]["units"]):
        raise NotInRelease(f"Release {release} has no {unit}.", f"第{release}号公布稿没有 {unit}。")
    names = await _names(ask, cycle_id, found.category, language)
    edition = found.score_sheet_edition
    told = await ask.explanation(cycle_id, edition, unit, found.vetoed_of(unit))
    explained = Explained(told.edition, told.tree, told.in_chinese)
    paper = papers.score_sheet(found.said, names, unit, explained, found.attached)
    return await paper_answer(paper, form)


@router.get(
    "/rankings/{edition}/committee-paper",
    response_class=Response,
    responses={
        **documents(CheckpointsBroken, NoSuchRanking, ReadAfterRelease, *_PRINTED),
        **PAPER_ANSWER,
    },
)
async def print_committee_paper(
    cycle_id: UUID,
    edition: Number,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    form: Format = "pdf",
    language: Tongue = "zh",
) -> Response:
    """Give what the committee has before it of an edition: the list, a chart of the totals, why
    each result is as it is, and whom the surveys cannot tell apart."""
    sight = await sight_of(ask, permit, cycle_id)
    row, state = await find_readable(db, cycle_id, edition, sight)
    await db.close()  # nobody's snapshot waits for a printer
    names = await _names(ask, cycle_id, row.category, language)
    said = ranking_of(row, state).model_dump(mode="json")
    attached = journal.canonical(content_of(row).model_dump(mode="json")).decode()
    # That of the moment it was ranked: the same edition is the same bytes.
    last = await newest(request.app.state.checkpoints, until=row.ranked_at)
    checkpoint = None if last is None else last.model_dump(mode="json")
    close = _close(row)
    paper = papers.committee_paper(said, names, close, row.ranked_at, attached, checkpoint)
    return await paper_answer(paper, form)


class _Read(NamedTuple):
    """A release as its reader may see it, and the text that its digest is of."""

    said: papers.Document
    attached: str
    category: str
    score_sheet_edition: int
    vetoed: Mapping[str, frozenset[str]]

    def vetoed_of(self, unit: str) -> frozenset[str]:
        """Return the blocks of a unit that are vetoed, for whoever is told of them or of the total
        that they count nothing in."""
        told = next(each for each in self.said["document"]["units"] if each["unit"] == unit)
        known = "vetoes" in told or "final_total" in told
        return self.vetoed.get(unit, frozenset()) if known else frozenset()


def _vetoed(row: ReleaseRow) -> dict[str, frozenset[str]]:
    """Return the blocks that vetoes have count for nothing, by unit."""
    lines = ((line["unit"], vetoed_in(line)) for line in row.document["units"])
    return {unit: blocks for unit, blocks in lines if blocks}


async def _release(
    db: AsyncSession, cycle_id: UUID, release: int, caller: Caller, *, own: bool = False
) -> _Read:
    """Read a release, whole or the part that the caller is shown; with `own` of that the whole line
    of the caller's unit alone."""
    row = await find_release(db, cycle_id, release)
    await db.close()  # nobody's snapshot waits for a printer
    policy, sheet = policy_in(row), row.document["score_sheet_edition"]
    audience = audience_of(policy, caller.roles)
    if audience == "whole":
        said = Release.model_validate(row).model_dump(mode="json")
        whole = journal.canonical(said["manifest"]).decode()
        return _Read(said, whole, row.category, sheet, _vetoed(row))
    shown = policy.shown(audience) or Shown()
    content = part_of(row.manifest, row.document, shown)
    part = content.model_dump(mode="json")
    units = part["units"]
    if own:
        line = own_line(row.document["units"], caller.organisation, shown)
        units = [] if line is None else [line]
    said = {"manifest": part, "digest": digest_of(content), "document": {"units": units}}
    attached = journal.canonical(part).decode()
    return _Read(said, attached, row.category, sheet, _vetoed(row))


async def _names(ask: Peers, cycle_id: UUID, category: str, language: Language) -> Names:
    """Read what people call the year and the category; what has no name goes by its code."""
    cycle = await ask.indicators.cycle(cycle_id=cycle_id)
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    found = next((each for each in scheme.categories if each.code == category), None)
    if found is None:
        return Names(cycle.assessment_year, category, {}, language)
    return Names(cycle.assessment_year, found.name or category, found.block_names, language)


def _close(row: RankingRow) -> dict[str, list[str]]:
    """Return whom the surveys cannot tell apart in an edition; nobody where it rests on none."""
    told = (row.survey_errors or {}).get("units", ())
    return {each["unit"]: each["not_distinguishable"] for each in told}
