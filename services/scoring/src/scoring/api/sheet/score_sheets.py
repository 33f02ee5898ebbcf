"""Score sheets (得分表): computed by command from one reading of everything, never overwritten."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import orjson
from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import ColumnElement, Label, case, func, select

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.elsewhere import Beside
from chassis.journal import Receipt
from chassis.kept import document_of
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Conflict
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing
from scoring.api.explanation.readers import Duties, duties_of, hidden_of
from scoring.api.explanation.trees import digests_of, freeze, grown, material_of
from scoring.api.ledger.codes import ReadInScheme, beside_of
from scoring.api.sheet.computing import computed
from scoring.api.sheet.documents import (
    ComputedScoreSheet,
    ScoreSheet,
    ScoreSheetSummary,
    SheetInputs,
    SheetPhase,
    written_total,
)
from scoring.api.sheet.editions import Packed, content_of, keep, packed, tags_in, units_of
from scoring.api.sheet.evidence import (
    Evidence,
    NormalisedTogether,
    UnknownCategories,
    gather,
    require_together,
)
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.counted import LedgerState, counted_entries, ledger_state
from scoring.queries.ledger import require_true_ledger
from scoring.queries.sheet import (
    Edition,
    NoSuchScoreSheet,
    Number,
    editions_of,
    find_sheet,
    phase_of_sheet,
)
from scoring.rules.explanation.abstention import gets_no_digest, only_leads
from scoring.rules.ledger.codes import OWN_CODES, IdSchemeUnknown
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.states import COMPUTED, FED_BACK
from scoring.rules.reports.outlook import timetable_of
from scoring.rules.reports.tags import tag_totals
from scoring.tables.sheet import FeedbackRow, ScoreSheetRow

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])


class AlreadyFedBack(Conflict):
    """The edition was fed back before."""

    zh = "该版得分表已经反馈。"
    remedy = (
        "Nothing needs to be done.",
        "无需再作处理。",
    )


class NewScoreSheet(Incoming):
    """The categories to score; null means all of the scheme."""

    categories: Annotated[list[Code], Field(min_length=1)] | None = None


class FedBackScoreSheet(Outgoing):
    """An edition that the units may now read, each its own part."""

    edition: int
    phase: SheetPhase
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(
        NormalisedTogether, PeerDown, PeerMissing, PeerRefused, StoredDataAltered, UnknownCategories
    ),
)
async def compute_score_sheet(
    cycle_id: UUID,
    new: NewScoreSheet,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> ComputedScoreSheet:
    """Compute a new edition of the score sheet, from scheme, ledger and satisfaction as they stand
    at one moment.
    """
    evidence = await gather(ask, cycle_id, new.categories)
    require_together(evidence)

    entries = await counted_entries(reading, cycle_id, evidence.units)
    state = await ledger_state(reading, cycle_id, evidence.units)
    # The database holds the ledger against the journal while a thread computes what was read: the
    # event loop is free for other requests, and nothing is kept before both are done.
    arithmetic = asyncio.create_task(
        asyncio.to_thread(_computed, cycle_id, evidence, entries, state)
    )
    try:
        await require_true_ledger(reading, cycle_id)
        # Given back before the arithmetic is waited for: the server ends what is idle for long.
        await reading.close()
    finally:
        # Also where it is refused: what was altered may have failed in any way.
        await asyncio.wait([arithmetic])
    ready = arithmetic.result()
    timetable = timetable_of(evidence.published.scheme, evidence.categories)
    phase, inputs = state.phase, SheetInputs(**ready.basis["inputs"])
    edition = await keep(db, cycle_id, ready, timetable, phase, permit.caller.subject)
    told = {"edition": edition, "digest": ready.digest, "inputs": inputs.model_dump()}
    told |= {"ledger_phase": phase}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.score-sheet-computed",
        body={**told, "categories": evidence.categories},
    )
    return ComputedScoreSheet(
        edition=edition,
        categories=evidence.categories,
        inputs=inputs,
        ledger_phase=phase,
        phase=COMPUTED,
        digest=ready.digest,
        missing=ready.missing,
        receipt=receipt,
    )


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_score_sheets(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    category: Annotated[
        Code | None, Query(description="Editions that score this category.")
    ] = None,
    phase: Annotated[
        Literal["computed", "fed_back"] | None,
        Query(description="Fed back to the units, or only computed yet."),
    ] = None,
) -> Page[ScoreSheetSummary]:
    """List the editions of a cycle's score sheet in the order in which they were computed.

    To an assessed unit there are only those that were fed back and score it.
    """
    duties = await duties_of(ask, permit, cycle_id)
    told = await _told_to(db, cycle_id, permit, duties.relations)
    sheet, fed_back = ScoreSheetRow, FeedbackRow
    rows = await db.execute(
        select(
            sheet.edition,
            _either("categories"),
            _either("inputs"),
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
        .where(*_asked_for(category, phase), *told)
        .order_by(sheet.edition)
        .limit(page.limit + 1)
    )
    listed = rows.all()
    records = {row.record for row in listed}
    await require_intact(db, str(cycle_id), "score_sheet", records=records)
    await require_intact(db, str(cycle_id), "feedback")  # also those that are no longer there
    found = [ScoreSheetSummary.model_validate(row) for row in listed]
    caller = permit.caller
    if told or only_leads(caller.organisation, caller.roles):
        found = [_undigested(one, of_others=True) for one in found]
    elif gets_no_digest(caller.organisation, caller.roles, duties.stands_in):
        own = await editions_of(db, cycle_id, permit.caller.organisation)
        found = [_undigested(one) if one.edition in own else _uncorrected(one) for one in found]
    return Page.of(found, page.limit, lambda one: str(one.edition))


async def _told_to(
    db: Snapshot, cycle_id: UUID, permit: Permission, relations: Collection[str]
) -> list[ColumnElement[bool]]:
    """Return what holds of an edition, joined with its feedback, of which the caller may know: all
    of them, or a unit those that were fed back and score it."""
    if permit.allows(relations):
        return []
    permit.require({"own_unit"})
    scored = await editions_of(db, cycle_id, permit.caller.organisation)
    return [ScoreSheetRow.edition.in_(scored), FeedbackRow.edition.is_not(None)]


def _asked_for(category: str | None, phase: str | None) -> list[ColumnElement[bool]]:
    """Return what holds of an edition, joined with its feedback, that is asked for."""
    found = list[ColumnElement[bool]]()
    if category is not None:
        found.append(func.jsonb_exists(_either("categories").element, category))
    if phase is not None:
        untold = FeedbackRow.edition.is_(None)
        found.append(untold if phase == COMPUTED else ~untold)
    return found


def _computed(
    cycle_id: UUID, evidence: Evidence, entries: Sequence[Entry], state: LedgerState
) -> Packed:
    """Compute a score sheet, ready to be kept."""
    done = computed(
        evidence,
        entries,
        state.claims,
        evidence.categories,
        corrections=state.corrections,
        normalised=True,
    )
    inputs = evidence.inputs(entries, state.claims, state.corrections)
    scheme = evidence.published.scheme
    return packed(cycle_id, scheme, evidence.names, inputs, state, done, entries)


def _require_untold(phase: str, row: ScoreSheetRow, permit: Permission) -> None:
    if phase == FED_BACK:
        raise AlreadyFedBack("It can be fed back only once.", "只能反馈一次。", edition=row.edition)
    permit.require(phase=phase)


def _either(name: str) -> Label[Any]:
    """Return what an edition says under a name; those from before say it in their document."""
    return func.coalesce(ScoreSheetRow.basis[name], ScoreSheetRow.content[name]).label(name)


def _undigested(one: ScoreSheetSummary, *, of_others: bool = False) -> ScoreSheetSummary:
    inputs = without_digests(one.inputs.model_dump(), of_others=of_others)
    told = {"digest": None, "missing": None, "inputs": SheetInputs(**inputs)}
    return one.model_copy(update=told)


def _uncorrected(one: ScoreSheetSummary) -> ScoreSheetSummary:
    inputs = of_corrections_nothing(one.inputs.model_dump())
    return one.model_copy(update={"inputs": SheetInputs(**inputs)})


@router.get(
    "/{edition}",
    response_model=ScoreSheet,
    responses=documents(
        IdSchemeUnknown, NoSuchScoreSheet, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def read_score_sheet(
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
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """Give one edition of the score sheet with all its units, or the latest.

    Whoever takes part in decisions does not get the units of the own category, and `digest` is of
    the rest. The body that decides where the performance office is barred gets the categories that
    it decides about, an organiser those that it leads. With `unit` or `category` only these
    units are in it, and `digest` is still of all.
    """
    duties = await duties_of(ask, permit, cycle_id)
    permit.require(duties.relations)
    beside = await beside_of(ask, cycle_id, id_scheme)
    row = await find_sheet(db, cycle_id, edition)
    phase = await phase_of_sheet(db, row)
    hidden = hidden_of(row, permit, duties)
    content = await content_of(db, row, hidden)
    if phase == FED_BACK and row.basis is not None:
        told = await digests_of(db, row)
        content["explanations"] = {unit: told[unit] for unit in told if unit not in hidden}
    if "normalised" in content:
        content["normalised"] = _told_groups(content["normalised"], row, hidden)
    content["inputs"], digested = _told_inputs(content["inputs"], permit, hidden, duties)
    # A thread keeps the event loop free: a sheet may be some megabytes.
    wanted = Wanted(frozenset(unit or ()), frozenset(category or ()))
    sheet = await asyncio.to_thread(_document, row, phase, content, digested, wanted, beside)
    return document_of(sheet, request)


def _told_groups(
    groups: Iterable[dict[str, Any]], row: ScoreSheetRow, hidden: Collection[str]
) -> list[dict[str, Any]]:
    """Return the groups of marks of categories of which the caller reads all units."""
    unread = {units_of(row)[unit].category for unit in hidden}
    return [each for each in groups if each["category"] not in unread]


def _told_inputs(
    inputs: dict[str, Any], permit: Permission, hidden: Collection[str], duties: Duties
) -> tuple[dict[str, Any], bool]:
    """Return the digests that the caller gets, and whether the one of the whole is among them."""
    unit, roles = permit.caller.organisation, permit.caller.roles
    if only_leads(unit, roles):
        return without_digests(inputs, of_others=True), False
    if not gets_no_digest(unit, roles, duties.stands_in):
        return inputs, True
    return (without_digests if hidden else of_corrections_nothing)(inputs), not hidden


class Wanted(NamedTuple):
    """Which units of an edition are asked for; no codes are all of them."""

    units: frozenset[str]
    categories: frozenset[str]

    def units_of(self, content: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the parts of the units that are asked for."""
        return [
            each
            for each in content["units"]
            if (not self.units or each["unit"] in self.units)
            and (not self.categories or each["category"] in self.categories)
        ]

    def of(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return an edition with what is about these units alone."""
        if not self.units and not self.categories:
            return content
        units = self.units_of(content)
        names = {each["unit"] for each in units}
        claims = [each for each in content["claims"] if each["unit"] in names]
        told = content.get("explanations", {})
        explanations = {unit: digest for unit, digest in told.items() if unit in names}
        return content | {"units": units, "claims": claims, "explanations": explanations}


def _document(
    row: ScoreSheetRow,
    phase: str,
    content: dict[str, Any],
    digested: bool,
    wanted: "Wanted",
    beside: Beside | None,
) -> bytes:
    digest = row.digest
    if not digested:
        told = {} if row.basis is None else {"explanations"}
        digest = journal.sha256({n: each for n, each in content.items() if n not in told})
    sheet = {
        "explanations": {},
        **wanted.of(content),
        "edition": row.edition,
        "phase": phase,
        "ledger_phase": row.ledger_phase,
        "digest": digest,
        "tag_totals": _by_tag(row, wanted.units_of(content)),
    }
    return orjson.dumps(sheet if beside is None else beside.tell(sheet))


def _by_tag(row: ScoreSheetRow, units: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return what each unit's indicators of each tag come to."""
    tags = tags_in(row)
    if not tags.known:
        return {}
    return {
        each["unit"]: [
            written_total(one)
            for one in tag_totals(each["indicator_scores"], tags, each["category"])
        ]
        for each in units
    }


def without_digests(inputs: dict[str, Any], *, of_others: bool = False) -> dict[str, Any]:
    """Return the digests without those that are of nothing but what people said of all units, or
    what was corrected of any; with `of_others` without all in which units of other categories have
    a part."""
    names = {"satisfaction_digest"}
    if of_others:
        names |= {"targets_digest", "ledger_digest", "claims_digest"}
    return of_corrections_nothing(inputs) | dict.fromkeys(names, None)


def of_corrections_nothing(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the digests without the one of corrections: that there is one would tell that the
    record of some unit was corrected, and each new one that another was."""
    return {name: each for name, each in inputs.items() if name != "corrections_digest"}


@router.post(
    "/{edition}/feedback",
    status_code=201,
    responses=documents(NoSuchScoreSheet, AlreadyFedBack, StoredDataAltered),
)
async def feed_back_score_sheet(
    cycle_id: UUID, edition: Number, reading: Snapshot, db: Transaction, permit: Permit
) -> FedBackScoreSheet:
    """Let every unit read its own explanation of an edition.

    From then on explanations stay as they were told: no later version of the program changes them.
    """
    # An edition never changes: what is told of it is grown before anybody waits for the commit.
    row = await find_sheet(reading, cycle_id, edition)
    _require_untold(await phase_of_sheet(reading, row), row, permit)
    material = None if row.basis is None else await material_of(reading, row, units_of(row))
    await reading.close()
    told = {} if material is None else await grown(material)

    await journal.require_whole(db, str(cycle_id))
    _require_untold(await phase_of_sheet(db, row, alone=True), row, permit)
    if told:
        await freeze(db, row, told)
    actor = permit.caller.subject
    db.add(FeedbackRow(cycle_id=cycle_id, edition=edition, fed_back_by=actor))
    body: dict[str, Any] = {"edition": edition, "digest": row.digest}
    body["units"] = sorted(units_of(row))
    if told:
        body["explanations"] = journal.sha256({unit: each.digest for unit, each in told.items()})
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.score-sheet-fed-back",
        body=body,
    )
    return FedBackScoreSheet(edition=edition, phase=FED_BACK, receipt=receipt)
