"""Score sheets (得分表): computed by command from one reading of everything, never overwritten."""

import asyncio
from collections.abc import Collection
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import case, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Conflict
from chassis.routes import Router
from chassis.service import document
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing
from scoring.api.evidence import UnknownCategories, gather
from scoring.api.readers import hidden_of, stood_in_for
from scoring.api.recent import Computed, KeptComputations
from scoring.api.sheet_documents import (
    ComputedScoreSheet,
    ScoreSheet,
    ScoreSheetSummary,
    SheetContent,
    SheetInputs,
    content_of,
    reasons_today,
)
from scoring.peers import (
    AskPeers,
    PeerDown,
    PeerMissing,
    PeerRefused,
)
from scoring.queries import (
    Edition,
    NoSuchScoreSheet,
    Number,
    claims_and_phase,
    counted_entries,
    editions_of,
    find_sheet,
    next_edition,
    phase_of_sheet,
    require_true_ledger,
)
from scoring.rules.abstention import gets_no_digest
from scoring.rules.outlook import Timetable, timetable_of
from scoring.rules.states import COMPUTED, FED_BACK
from scoring.tables import FeedbackRow, ScoreSheetRow

# One statement, however many units there are.
_EXPLAIN = text(
    "WITH grown AS ("
    "  INSERT INTO explanation_tree (cycle_id, digest, tree)"
    "  SELECT cast(:cycle_id AS uuid), new.digest, cast(new.tree AS jsonb)"
    "  FROM unnest(cast(:new AS text[]), cast(:trees AS text[])) AS new (digest, tree))"
    " INSERT INTO explanation (cycle_id, edition, unit, digest)"
    " SELECT cast(:cycle_id AS uuid), cast(:edition AS bigint), told.unit, told.digest"
    " FROM unnest(cast(:units AS text[]), cast(:digests AS text[])) AS told (unit, digest)"
)

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])


class AlreadyFedBack(Conflict):
    """The edition was fed back before."""

    zh = "该版得分表已经反馈。"


class NewScoreSheet(Incoming):
    """The categories to score; null means all of the scheme."""

    categories: Annotated[list[Code], Field(min_length=1)] | None = None


class FedBackScoreSheet(Outgoing):
    """An edition that the units may now read, each its own part."""

    edition: int
    phase: str
    receipt: Receipt


@router.post(
    "",
    status_code=201,
    responses=documents(UnknownCategories, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def compute_score_sheet(
    cycle_id: UUID,
    new: NewScoreSheet,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    recent: KeptComputations,
) -> ComputedScoreSheet:
    """Score the categories anew, from one reading of scheme, ledger and satisfaction."""
    evidence = await gather(ask, cycle_id, new.categories)

    await require_true_ledger(reading, cycle_id)
    entries = await counted_entries(reading, cycle_id, evidence.units)
    claims, phase = await claims_and_phase(reading, cycle_id, evidence.units)
    await reading.close()  # no connection waits for the arithmetic

    # In threads: nor do other requests of this process.
    inputs = await asyncio.to_thread(evidence.inputs, entries, claims)
    categories = evidence.categories
    done = await asyncio.to_thread(recent.computed, cycle_id, evidence, entries, claims, categories)
    content = await asyncio.to_thread(_written, cycle_id, categories, inputs, done)
    timetable = timetable_of(evidence.published.scheme, evidence.categories)

    row = await _store(db, content, done, timetable, phase, permit.caller.subject)
    told = {"edition": row.edition, "digest": row.digest, "inputs": inputs.model_dump()}
    told |= {"ledger_phase": phase}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.score-sheet-computed",
        body={**told, "categories": evidence.categories},
    )
    return ComputedScoreSheet(
        edition=row.edition,
        categories=evidence.categories,
        inputs=inputs,
        ledger_phase=phase,
        phase=COMPUTED,
        digest=row.digest,
        missing=row.missing,
        receipt=receipt,
    )


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_score_sheets(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit, ask: AskPeers
) -> Page[ScoreSheetSummary]:
    """Give the editions of a cycle in the order in which they were computed."""
    sheet, fed_back = ScoreSheetRow, FeedbackRow
    rows = await db.execute(
        select(
            sheet.edition,
            sheet.content["categories"].label("categories"),
            sheet.content["inputs"].label("inputs"),
            sheet.ledger_phase,
            case((fed_back.edition.is_(None), COMPUTED), else_=FED_BACK).label("phase"),
            sheet.digest,
            sheet.missing,
            sheet.computed_by,
            sheet.computed_at,
            sheet.record,
        )
        .outerjoin(
            fed_back,
            (fed_back.cycle_id == sheet.cycle_id) & (fed_back.edition == sheet.edition),
        )
        .where(sheet.cycle_id == cycle_id, sheet.edition > page.after_number)
        .order_by(sheet.edition)
        .limit(page.limit + 1)
    )
    listed = rows.all()
    records = {row.record for row in listed}
    await require_intact(db, str(cycle_id), "score_sheet", "feedback", records=records)
    found = [ScoreSheetSummary.model_validate(row) for row in listed]
    stands_in = await stood_in_for(ask, permit, cycle_id)
    if gets_no_digest(permit.caller.organisation, permit.caller.roles, stands_in):
        own = await editions_of(db, cycle_id, permit.caller.organisation)
        found = [_undigested(one) if one.edition in own else one for one in found]
    return Page.of(found, page.limit, lambda one: str(one.edition))


def _undigested(one: ScoreSheetSummary) -> ScoreSheetSummary:
    inputs = one.inputs.model_copy(update={"satisfaction_digest": None})
    return one.model_copy(update={"digest": None, "missing": None, "inputs": inputs})


@router.get(
    "/{edition}",
    response_model=ScoreSheet,
    responses=documents(NoSuchScoreSheet, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def read_score_sheet(
    cycle_id: UUID, edition: Edition, request: Request, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Give one edition with all its units, or the latest.

    To whoever decides, the units of the own category are left out, and `digest` is of the rest; to
    a second body, those of all categories but the ones it decides about.
    """
    own = await stood_in_for(ask, permit, cycle_id)
    row = await find_sheet(db, cycle_id, edition)
    phase = await phase_of_sheet(db, row)
    hidden = hidden_of(row, permit, own)
    # In a thread: other requests of this process must not wait for a sheet of some megabytes.
    caller = permit.caller
    undigested = bool(hidden) and gets_no_digest(caller.organisation, caller.roles, own)
    return await asyncio.to_thread(_document, row, phase, request, hidden, undigested)


def _document(
    row: ScoreSheetRow, phase: str, request: Request, hidden: Collection[str], undigested: bool
) -> Response:
    content = {"explanations": {}, **reasons_today(row.content)}  # editions from before list none
    if hidden:
        content = _without(content, hidden)
    if undigested:
        content |= {"inputs": without_digest(content["inputs"])}
    sheet = ScoreSheet(
        **content,
        edition=row.edition,
        phase=phase,
        ledger_phase=row.ledger_phase,
        digest=journal.sha256(content) if undigested else row.digest,
    )
    return document(sheet, request)


def without_digest(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the digests without the one that is of nothing but what people said of all units."""
    return inputs | {"satisfaction_digest": None}


def _without(content: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    digests = content["explanations"].items()
    return content | {
        "units": [each for each in content["units"] if each["unit"] not in hidden],
        "claims": [each for each in content["claims"] if each["unit"] not in hidden],
        "explanations": {unit: digest for unit, digest in digests if unit not in hidden},
    }


@router.post(
    "/{edition}/feedback",
    status_code=201,
    responses=documents(NoSuchScoreSheet, AlreadyFedBack, StoredDataAltered),
)
async def feed_back_score_sheet(
    cycle_id: UUID, edition: Number, db: Transaction, permit: Permit
) -> FedBackScoreSheet:
    """Let every unit read its own explanation of an edition (结果反馈)."""
    await journal.require_whole(db, str(cycle_id))
    row = await find_sheet(db, cycle_id, edition)
    phase = await phase_of_sheet(db, row, alone=True)
    if phase == FED_BACK:
        raise AlreadyFedBack("It can be fed back only once.", "只能反馈一次。", edition=edition)
    permit.require(phase=phase)
    actor = permit.caller.subject
    db.add(FeedbackRow(cycle_id=cycle_id, edition=edition, fed_back_by=actor))
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.score-sheet-fed-back",
        body={"edition": edition, "digest": row.digest},
    )
    return FedBackScoreSheet(edition=edition, phase=FED_BACK, receipt=receipt)


def _written(
    cycle_id: UUID, categories: list[str], inputs: SheetInputs, done: Computed
) -> SheetContent:
    explanations = {name: unit.tree_digest for name, unit in done.units.items()}
    sheets = [unit.sheet for unit in done.units.values()]
    return content_of(
        cycle_id, categories, inputs, sheets, done.computation.decisions, explanations
    )


def _plainly(content: SheetContent) -> tuple[dict[str, Any], str]:
    """Return the document as plain JSON, and the digest of its canonical form."""
    plainly = orjson.loads(content.model_dump_json())  # twice as fast as a dump into objects
    return plainly, journal.sha256(plainly)


async def _store(
    db: AsyncSession,
    content: SheetContent,
    done: Computed,
    timetable: Timetable,
    ledger_phase: str,
    author: str,
) -> ScoreSheetRow:
    plainly, digest = await asyncio.to_thread(_plainly, content)
    edition, known = await next_edition(db, content.cycle_id, content.explanations.values())
    row = ScoreSheetRow(
        cycle_id=content.cycle_id,
        edition=edition,
        digest=digest,
        content=plainly,
        missing=sum(len(unit.missing) for unit in content.units),
        timetable=timetable,
        ledger_phase=ledger_phase,
        computed_by=author,
    )
    db.add(row)
    await db.flush()
    units = done.units.values()
    new = {u.tree_digest: u.tree.decode() for u in units if u.tree_digest not in known}
    await db.execute(
        _EXPLAIN,
        {
            "cycle_id": row.cycle_id,
            "edition": row.edition,
            "new": list(new),
            "trees": list(new.values()),
            "units": list(content.explanations),
            "digests": list(content.explanations.values()),
        },
    )
    return row
