"""Rankings: a category's units in order, with grades and reasons, edition by edition."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field, model_validator
from sqlalchemy import ColumnElement, or_, select, true, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.journal import Receipt
from chassis.kept import document, document_of
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Exact, Incoming, Outgoing
from ranking.api.codes import ReadInScheme, beside_of
from ranking.api.engine import this_engine
from ranking.api.evidence import gather
from ranking.api.readers import find_readable, sight_of
from ranking.api.signing import editions_to_sign, require_to_sign
from ranking.api.surveyed import gather_surveyed
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import (
    LARGEST,
    NoSuchRanking,
    Number,
    PreviousRankingMissing,
    after_number,
    approvals_of,
    chain_of,
    earlier_ranks,
    earlier_vetoes,
    hold_cycle,
    in_states,
    is_released,
    next_number,
    public_from,
    reports_of,
    state_of,
    states_of,
    steps_of,
)
from ranking.rules.chain import State, effective, next_step, rounds
from ranking.rules.codes import OWN_CODES, IdSchemeUnknown
from ranking.rules.delegations import DELEGATE
from ranking.rules.interest import HiddenResults, ReadAfterRelease
from ranking.rules.marks import VetoedTotalMissing
from ranking.rules.reasons import told_blocks
from ranking.rules.reports import Report
from ranking.rules.scheme import Scheme, UnknownCategory
from ranking.rules.sheet import SheetIncomplete, SheetOfAnotherScheme
from ranking.rules.vetoes import TooManyVetoedBlocks
from ranking.tables import ApprovalRow, DemotionRow, RankingRow, ReleaseRow, VetoRow

router = Router(prefix="/cycles/{cycle_id}/rankings", tags=["rankings"])


class NewRanking(Incoming):
    """Which category to rank, from which edition of the score sheet; null means the latest."""

    category: Code
    score_sheet_edition: Annotated[int, Field(ge=1, le=LARGEST)] | None = None


class Digests(Outgoing):
    """SHA-256 of everything that a ranking was computed from.

    Those of scheme and score sheet are their publishers' own; those of vetoes and demotions are of
    the canonical JSON of [unit, code, document number, day], in the order of reporting; one that
    is not confirmed, is to be lifted or is lifted has its state as a fifth, one of a place in a
    superior's list ends with rank and size, and one that expires with the day. Only where last
    year's ranks tell equal totals apart there is `previous_release`, the digest of the release that
    they are taken from, only where its vetoes may count `previous_vetoes`, that of the canonical
    JSON of the digests of last year's newest releases in the order of their categories, and
    `successions`, that of [unit, predecessor, day] of this year and last by which units of the
    category go on from others, in order, and only where indicators rest on surveys
    `survey_errors`, that of what `survey-errors` tells.
    """

    scheme: str
    score_sheet: str
    vetoes: str
    demotions: str
    previous_release: Annotated[str | None, Field(exclude_if=lambda value: value is None)] = None
    previous_vetoes: Annotated[str | None, Field(exclude_if=lambda value: value is None)] = None
    successions: Annotated[str | None, Field(exclude_if=lambda value: value is None)] = None
    survey_errors: Annotated[str | None, Field(exclude_if=lambda value: value is None)] = None
    normalised: Annotated[str | None, Field(exclude_if=lambda value: value is None)] = None


class RankedReason(Outgoing):
    """Why a result is as it is: `code` and `params` for programs, a sentence in each language.

    Of rankings computed before there were codes it is `as_told`, with the sentence of then.
    """

    code: str
    params: dict[str, str | list[str]]
    en: str
    zh: str

    @model_validator(mode="before")
    @classmethod
    def _as_told(cls, value: object) -> object:
        if isinstance(value, str):
            return {"code": "as_told", "params": {}, "en": value, "zh": value}
        return value


WHERE_GIVEN = Field(exclude_if=lambda value: value is None)
"""For what was not told always: without it a document is what it was, and has the same digest."""


class RankedVeto(Outgoing):
    """A veto of a unit that counts, of this year or of last; one of `all` caps the grade, one of a
    `block` has that count for nothing in the total, one of a `title` bars from that.

    It counts in the `next_year` too unless it `expires_on` a day before that begins. `of_unit` is
    the unit that was vetoed, where this one goes on from it.
    """

    code: str
    scope: Literal["all", "block", "title"]
    year: int
    block: Annotated[str | None, WHERE_GIVEN] = None
    title: str | None
    next_year: bool
    expires_on: dt.date | None
    of_unit: Annotated[str | None, WHERE_GIVEN] = None


class VetoInTerm(Outgoing):
    """A veto since the term of office began: its year and code, and of which unit if not of this
    one, which goes on from it."""

    year: int
    code: str
    of_unit: Annotated[str | None, WHERE_GIVEN] = None


class RankedUnit(Outgoing):
    """One unit's place: numbers in points; reasons which key told it from equal totals, and why the
    grade is not what the rank would give.

    `demoted_by` lists the indicators that a demotion of the scheme is about. A unit that
    lacks marks and is left out has no totals, no rank and no grade; its reason names what it lacks.
    Only where the category has sub-categories there is `subcategory`, and with a rank
    `rank_in_subcategory`.
    `blocks` are those that have a score, as they count: one that is only shown may lack it, and one
    that is vetoed has nothing. `vetoes` are those that count, where there are any, and
    `vetoes_in_term` those of the term of office, where the scheme counts them: what they propose is
    a reason, and people decide.
    """

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    name: str
    blocks: dict[str, Exact]
    base_total: Exact | None
    adjustment: Exact
    final_total: Exact | None
    rank: int | None
    grade: str | None
    grade_name: str | None
    reasons: list[RankedReason]
    demoted_by: list[str]
    subcategory: Annotated[str | None, WHERE_GIVEN] = None
    rank_in_subcategory: Annotated[int | None, WHERE_GIVEN] = None
    vetoes: Annotated[list[RankedVeto] | None, WHERE_GIVEN] = None
    vetoes_in_term: Annotated[list[VetoInTerm] | None, WHERE_GIVEN] = None


class RankingContent(Outgoing):
    """What a ranking says, and of what its digest is taken: equal inputs give an equal digest.

    `voided_waves` are how many waves of each survey that it rests on were voided, where any were.
    """

    cycle_id: UUID
    category: str
    score_sheet_edition: int
    digests: Digests
    units: list[RankedUnit]
    voided_waves: Annotated[dict[str, int] | None, WHERE_GIVEN] = None


class ChainPosition(Outgoing):
    """How far an edition has come in its scheme's own chain: the round, of which each return begins
    another, the steps that hold, and the one that is next."""

    round: int
    held: list[str]
    next: str | None


class Ranking(RankingContent):
    """One edition of a category's ranking, best unit first, those without a rank last.

    `digest` is the SHA-256 of the canonical JSON of this document without `edition`, `state`,
    `digest` itself and `chain`, which there is before a release where the scheme has its own chain.
    """

    edition: int
    state: State
    digest: str
    chain: Annotated[ChainPosition | None, WHERE_GIVEN] = None


class VetoWithoutEffect(Outgoing):
    """A veto of a block that is no part of the unit's total, and so changes nothing in it."""

    unit: str
    veto: str
    block: str


class RankingComputed(Outgoing):
    """A ranking that has just been computed; where vetoes of blocks change nothing, since scheme or
    year have no such block in the unit's total, `without_effect` names them."""

    ranking: Ranking
    receipt: Receipt | None
    without_effect: Annotated[list[VetoWithoutEffect] | None, WHERE_GIVEN] = None


class Embargo(Outgoing):
    """The release of an edition that waits, and from which instant on everybody may read it."""

    release: int
    public_from: dt.datetime


class RankingSummary(Outgoing):
    """An edition without its units; one that was published and waits for its instant says so."""

    edition: int
    category: str
    state: State
    score_sheet_edition: int
    digest: str
    ranked_by: str
    ranked_at: dt.datetime
    embargo: Annotated[Embargo | None, WHERE_GIVEN] = None


@router.post(
    "",
    status_code=201,
    responses=documents(
        PeerDown,
        PeerMissing,
        PeerRefused,
        PreviousRankingMissing,
        SheetIncomplete,
        SheetOfAnotherScheme,
        StoredDataAltered,
        TooManyVetoedBlocks,
        UnknownCategory,
        VetoedTotalMissing,
    ),
)
async def compute_ranking(
    cycle_id: UUID, new: NewRanking, db: Transaction, permit: Permit, ask: AskPeers
) -> RankingComputed:
    """Compute a new edition of the ranking of a category, from scheme, score sheet and reports as
    they stand at one moment.
    """
    evidence = await gather(ask, cycle_id, new.category, new.score_sheet_edition or "latest")
    surveyed = await gather_surveyed(ask, cycle_id, evidence)

    await hold_cycle(db, cycle_id)
    vetoes, demotions = await all_reports(db, cycle_id, evidence.category.units)
    last = await earlier_ranks(db, evidence.earlier, evidence.category.code)
    before = await earlier_vetoes(db, evidence.published.scheme, evidence.successions)
    units = evidence.results(vetoes, demotions, last.ranks, before.of)
    errors = None if surveyed is None else surveyed.errors(evidence, units)
    groups = evidence.normalised
    row = RankingRow(
        cycle_id=cycle_id,
        edition=await next_number(db, RankingRow.edition, cycle_id),
        category=evidence.category.code,
        score_sheet_edition=evidence.sheet.edition,
        digests={
            "scheme": evidence.published.digest,
            "score_sheet": evidence.sheet.digest,
            **digests_of(vetoes, demotions),
            **({} if last.digest is None else {"previous_release": last.digest}),
            **before.digests(evidence.category.units),
            **({} if errors is None else {"survey_errors": journal.sha256(errors)}),
            **({} if groups is None else {"normalised": journal.sha256(groups)}),
        },
        units=units,
        survey_errors=errors,
        voided_waves=surveyed.voided if surveyed else None,
        chain=own_chain(evidence.published.scheme),
        normalised=groups,
        engine=this_engine().model_dump(mode="json"),
        ranked_by=permit.caller.subject,
    )
    return await _keep(db, row, permit)


def own_chain(scheme: Scheme) -> list[dict[str, Any]] | None:
    """Return the steps of the scheme's own chain as an edition keeps them; None where it has
    none."""
    return None if scheme.approval is None else [asdict(each) for each in scheme.approval.steps]


async def _keep(db: AsyncSession, row: RankingRow, permit: Permit) -> RankingComputed:
    row.digest = journal.sha256(content_of(row).model_dump(mode="json"))
    db.add(row)
    told = {"edition": row.edition, "category": row.category, "digests": row.digests}
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event="ranking.computed",
        body={**told, "digest": row.digest},
    )
    idle = [
        VetoWithoutEffect(unit=line.unit, veto=veto, block=block)
        for line in row.units
        for veto, block in told_blocks(line.reasons, "block_veto_without_effect")
    ]
    return RankingComputed(
        ranking=ranking_of(row, "ranked"), receipt=receipt, without_effect=idle or None
    )


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_rankings(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    category: Annotated[Code | None, Query(description="Of this category.")] = None,
    state: Annotated[
        list[State] | None,
        Query(max_length=len(get_args(State)), description="In one of these states."),
    ] = None,
) -> Page[RankingSummary]:
    """List the editions of a cycle's rankings in the order in which they were computed.

    Whoever takes part in decisions does not get those of the own unit's category before their
    release; whoever signs in somebody's place gets those that wait for this signature, or have it.
    """
    to_sign = await editions_to_sign(db, ask, permit, cycle_id)
    if to_sign is not None:
        permit.require({DELEGATE} if to_sign else ())
    sight = HiddenResults() if to_sign else await sight_of(ask, permit, cycle_id)
    rows = list(
        await db.scalars(
            select(RankingRow)
            .where(RankingRow.cycle_id == cycle_id, RankingRow.edition > after_number(page))
            .where(_seen(sight), true() if category is None else RankingRow.category == category)
            .where(true() if to_sign is None else RankingRow.edition.in_(to_sign))
            .where(true() if not state else in_states(state))
            .order_by(RankingRow.edition)
            .limit(page.limit + 1)
        )
    )
    records = [row.record for row in rows]
    await require_intact(db, str(cycle_id), "ranking", records=records)
    states = await states_of(db, cycle_id, rows)
    waiting = await embargoes_of(db, cycle_id, states)
    found = [
        RankingSummary(
            edition=row.edition,
            category=row.category,
            state=states[row.edition],
            score_sheet_edition=row.score_sheet_edition,
            digest=row.digest,
            ranked_by=row.ranked_by,
            ranked_at=row.ranked_at,
            embargo=waiting.get(row.edition),
        )
        for row in rows
    ]
    return Page.of(found, page.limit, lambda one: str(one.edition))


@router.get(
    "/{edition}",
    response_model=Ranking,
    responses=documents(
        IdSchemeUnknown,
        NoSuchRanking,
        ReadAfterRelease,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def read_ranking(
    cycle_id: UUID,
    edition: Number,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """Give one edition of a ranking with all its units."""
    signs = await require_to_sign(db, ask, permit, cycle_id, edition)
    sight = HiddenResults() if signs else await sight_of(ask, permit, cycle_id)
    beside = await beside_of(ask, cycle_id, id_scheme)
    row, state = await find_readable(db, cycle_id, edition, sight)
    ranking = ranking_of(row, state)
    if row.chain is not None and state not in {"embargoed", "published"}:
        ranking = ranking_before(row, (await approvals_of(db, cycle_id, [edition]))[edition])
    if beside is None:
        return document(ranking, request)
    return document_of(beside.written(ranking), request)


async def embargoes_of(
    db: AsyncSession, cycle_id: UUID, states: Mapping[int, State]
) -> dict[int, Embargo]:
    """Return what those editions wait for that are under embargo."""
    held = [edition for edition, state in states.items() if state == "embargoed"]
    if not held:
        return {}
    row = ReleaseRow
    found = await db.execute(
        select(row.edition, row.release, public_from().label("public_from")).where(
            row.cycle_id == cycle_id, row.edition.in_(held)
        )
    )
    return {each.edition: Embargo.model_validate(each) for each in found}


def _seen(sight: HiddenResults) -> ColumnElement[bool]:
    """Say which editions a caller sees: those released, and those that are not hidden."""
    hidden: ColumnElement[bool] = RankingRow.category.in_(sight.categories)
    if sight.unit is not None:
        ranked = type_coerce(RankingRow.units, JSONB)
        hidden = or_(hidden, ranked.contains([{"unit": sight.unit}]))
    return or_(is_released(held=False), ~hidden)


def ranking_of(row: RankingRow, state: State) -> Ranking:
    """Return the document of an edition that is in this state."""
    return Ranking(**dict(content_of(row)), edition=row.edition, state=state, digest=row.digest)


def ranking_before(row: RankingRow, approvals: Collection[ApprovalRow]) -> Ranking:
    """Return the document of an edition as it stands in its chain after these approvals."""
    state = state_of(row, approvals)
    ranking = ranking_of(row, state)
    if row.chain is not None and state != "published":
        ranking = ranking.model_copy(update={"chain": position_of(row, approvals)})
    return ranking


def position_of(row: RankingRow, approvals: Collection[ApprovalRow]) -> ChainPosition:
    """Return how far an edition has come in its chain."""
    chain, taken = chain_of(row), steps_of(approvals)
    held = [each.step for each in effective(chain, taken)]
    return ChainPosition(round=rounds(taken), held=held, next=next_step(chain, taken))


def content_of(row: RankingRow) -> RankingContent:
    """Return what an edition says, of which its digest is taken."""
    return RankingContent(
        cycle_id=row.cycle_id,
        category=row.category,
        score_sheet_edition=row.score_sheet_edition,
        digests=Digests(**row.digests),
        units=[RankedUnit.model_validate(each) for each in row.units],
        voided_waves=row.voided_waves,
    )


async def all_reports(
    db: AsyncSession, cycle_id: UUID, units: Collection[str], until: dt.datetime | None = None
) -> tuple[list[Report], list[Report]]:
    """Return the vetoes and the demotions that have been reported of some units, by now or by an
    earlier moment."""
    vetoes = await reports_of(db, VetoRow, cycle_id, units, until)
    return vetoes, await reports_of(db, DemotionRow, cycle_id, units, until)


def digests_of(vetoes: Iterable[Report], demotions: Iterable[Report]) -> dict[str, str]:
    """Return the digests of reports as `Digests` names them."""
    return {"vetoes": _digest_of(vetoes), "demotions": _digest_of(demotions)}


def told_reports(reports: Iterable[Report]) -> list[list[str | int]]:
    """Return what the digest of reports is of."""
    return [
        [
            *(one.unit, one.code, one.document_no, one.decided_on.isoformat()),
            *([] if one.state == "confirmed" else [one.state]),
            *([] if one.place is None else [one.place.rank, one.place.of]),
            *([] if one.expires_on is None else [one.expires_on.isoformat()]),
        ]
        for one in reports
    ]


def _digest_of(reports: Iterable[Report]) -> str:
    return journal.sha256(told_reports(reports))
