"""Stages (阶段评估): results so far frozen at a cut-off by command, never overwritten."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Request, Response
from pydantic import Field

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document_of
from chassis.pages import Moment, Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, OneOf, Outgoing, Text
from scoring.api.reports.so_far import (
    OfCategory,
    OfUnit,
    StageResults,
    frame,
    judged_at,
    units_so_far,
)
from scoring.api.reports.unscored import Material, material_of
from scoring.api.sheet.documents import LedgerPhase, SheetInputs
from scoring.api.sheet.evidence import gather
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import require_true_ledger
from scoring.queries.sheet import Number
from scoring.queries.stages import (
    FoundStage,
    NoSuchStage,
    find_stage,
    keep,
    parts_of,
    settled,
    stages_on_page,
)
from scoring.rules.explanation.abstention import READERS_AT_WORK
from scoring.rules.reports.so_far import Now
from scoring.rules.reports.stages import (
    FROZEN,
    PROPOSED,
    RELEASED,
    STATES,
    CutOffRefused,
    StageReaders,
    check_cut_off,
    ranked_for,
)

router = Router("/cycles/{cycle_id}/stage-results", tags=["score sheets"])

StagePhase = Annotated[str, OneOf(*STATES)]

_LONGEST_LABEL = 100


class NewStage(Incoming):
    """A name for the stage, such as a half-year's, and the moment as of which the record counts."""

    label: Annotated[Text, Field(max_length=_LONGEST_LABEL)]
    cut_off: Moment


class StageRelease(Outgoing):
    """The latest step to the release of a stage's ranks: proposed, released, or with a `reason`
    refused; and who reads them by it. Who took it is told to the office and auditors."""

    readers: StageReaders
    document_no: str | None
    reason: str | None
    by: str | None
    at: dt.datetime


class Stage(Outgoing):
    """Results so far that were frozen as they stood at a moment. To whom the stage is not the
    work, it is frozen until it is released; who froze it and its digest are told to the office. One
    that was `restored` was frozen elsewhere, and came here out of an archive."""

    stage_no: int
    label: str
    cut_off: dt.datetime
    as_of: dt.date
    ledger_phase: LedgerPhase
    phase: StagePhase
    digest: str | None
    frozen_by: str | None
    frozen_at: dt.datetime
    restored: bool
    release: StageRelease | None


class FrozenStage(Outgoing):
    """A stage that has just been frozen, and the digests of everything it was computed from."""

    stage_no: int
    cut_off: dt.datetime
    as_of: dt.date
    ledger_phase: LedgerPhase
    digest: str
    inputs: SheetInputs
    receipt: Receipt | None


class StageRank(Outgoing):
    """The rank of a unit in its category, by what it had earned."""

    unit: str
    category: str
    rank: int


class StageResult(StageResults):
    """Results so far as they were frozen, of the units that the caller may read.

    `digest` is the SHA-256 of the canonical JSON of the office's document without `digest`,
    `stage_no`, `label`, `phase`, `restored`, `ranks` and `release`: the same record at the same
    cut-off gives the same. It and the `inputs` are told to the office and auditors. `ranks` are
    those that were released to the caller. One that was `restored` came here out of an archive,
    and `cycle_id` is that of the cycle in which it was frozen.
    """

    stage_no: int
    label: str
    cut_off: dt.datetime
    phase: StagePhase
    restored: bool
    digest: str | None
    inputs: SheetInputs | None
    release: StageRelease | None
    ranks: list[StageRank]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A stage, ready to be kept."""

    digest: str
    head: dict[str, Any]
    units: list[list[Any]]
    parts: dict[str, bytes]


@router.post(
    "",
    status_code=201,
    responses=documents(CutOffRefused, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def freeze_stage_results(
    cycle_id: UUID, new: NewStage, db: Transaction, permit: Permit, ask: AskPeers
) -> FrozenStage:
    """Freeze the results so far of all units as they stood at a moment.

    What counted then counts: entries verified by the cut-off and claims as they were decided by
    then, whatever became of them since; and the scheme, targets, names and satisfaction that are
    in force when it is frozen. The same record frozen later at the same cut-off has the same
    digest.
    """
    evidence = await gather(ask, cycle_id, None)
    scheme, caller = evidence.published.scheme, permit.caller
    moment = await settled(db, cycle_id)
    check_cut_off(new.cut_off, moment, scheme.assessment_year, scheme.time_zone)
    units = frozenset(evidence.units)
    material = await material_of(db, cycle_id, evidence, units, new.cut_off, told_only=True)
    judged = await judged_at(db, cycle_id, scheme, new.cut_off)
    # The database holds the ledger against the journal while a thread computes what was read.
    arithmetic = asyncio.create_task(
        asyncio.to_thread(_frozen, cycle_id, new.cut_off, material, judged)
    )
    try:
        await require_true_ledger(db, cycle_id)
    finally:
        # Also where it is refused: what was altered may have failed in any way.
        await asyncio.wait([arithmetic])
    ready = arithmetic.result()
    row = {"cycle_id": cycle_id, "label": new.label, "cut_off": new.cut_off}
    row |= {"digest": ready.digest, "head": ready.head, "units": ready.units}
    row |= {"frozen_by": caller.subject, "frozen_person": caller.person}
    stage_no = await keep(db, row, ready.parts)
    told = {"stage_no": stage_no, "label": new.label, "cut_off": new.cut_off.isoformat()}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event="scoring.stage-frozen",
        body={**told, "digest": ready.digest, "inputs": ready.head["inputs"]},
    )
    return FrozenStage(
        stage_no=stage_no,
        cut_off=new.cut_off,
        as_of=judged.today,
        ledger_phase=ready.head["ledger_phase"],
        digest=ready.digest,
        inputs=SheetInputs(**ready.head["inputs"]),
        receipt=receipt,
    )


def _frozen(cycle_id: UUID, cut_off: dt.datetime, material: Material, judged: Now) -> _Ready:
    """Return how far all units were, for the office and for each of them."""
    evidence = material.evidence
    scheme, units = evidence.published.scheme, frozenset(evidence.units)
    whole = units_so_far(scheme, material, judged, units, is_whole=True)
    own = units_so_far(scheme, material, judged, units, is_whole=False)
    rests_on = material.entries, material.claims, material.corrections
    inputs = evidence.inputs(*rests_on).model_dump()
    answer = StageResults(cycle_id=cycle_id, units=[], **frame(scheme, judged))
    head = answer.model_dump(mode="json", exclude={"units"}) | {"inputs": inputs}
    head["cut_off"] = _plain(cut_off)
    parts, listed, documents_ = dict[str, bytes](), list[list[Any]](), list[bytes]()
    for office, alone in zip(whole, own, strict=True):
        documents_.append(journal.canonical(office.model_dump(mode="json")))
        told = alone.model_dump(mode="json")
        part = journal.encoded({"whole": orjson.Fragment(documents_[-1]), "own": told})
        parts[office.unit] = part
        digest = hashlib.sha256(part).hexdigest()
        listed.append([office.unit, office.category, office.rank, digest])
    fragments = [orjson.Fragment(each) for each in documents_]
    digest = hashlib.sha256(journal.encoded({**head, "units": fragments})).hexdigest()
    return _Ready(digest, head, listed, parts)


def _plain(moment: dt.datetime) -> str:
    """Return a moment as it stands in documents."""
    text: str = orjson.loads(orjson.dumps(moment, option=orjson.OPT_UTC_Z))
    return text


@router.get("", responses=documents(StoredDataAltered))
async def list_stages(cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit) -> Page[Stage]:
    """List the stages of a cycle in the order in which they were frozen."""
    permit.require()
    at_work = is_at_work(permit)
    found = await stages_on_page(db, cycle_id, page)
    shown = [_listed(each, at_work=at_work) for each in found]
    return Page[Stage].of(shown, page.limit, lambda each: str(each.stage_no))


def is_at_work(permit: Permission) -> bool:
    """Say whether the stage is the caller's work, and not a result to be awaited."""
    return not READERS_AT_WORK.isdisjoint(permit.caller.roles)


def _listed(stage: FoundStage, *, at_work: bool) -> Stage:
    row = stage.row
    return Stage(
        stage_no=row.stage_no,
        label=row.label,
        cut_off=row.cut_off,
        as_of=row.head["as_of"],
        ledger_phase=row.head["ledger_phase"],
        phase=_phase(stage, at_work=at_work),
        digest=row.digest if at_work else None,
        frozen_by=row.frozen_by if at_work else None,
        frozen_at=row.frozen_at,
        restored=row.restored_from is not None,
        release=release_of(stage, at_work=at_work),
    )


def _phase(stage: FoundStage, *, at_work: bool) -> str:
    return FROZEN if stage.phase == PROPOSED and not at_work else stage.phase


def release_of(stage: FoundStage, *, at_work: bool) -> StageRelease | None:
    """Return the latest step to a release, as it is told."""
    latest = stage.latest
    if latest is None or not (at_work or latest.state == RELEASED):
        return None
    return StageRelease(
        readers=StageReaders(latest.readers),
        document_no=latest.document_no,
        reason=latest.reason,
        by=latest.actor if at_work else None,
        at=latest.entered_at,
    )


@router.get(
    "/{stage_no}",
    response_model=StageResult,
    responses=documents(NoSuchStage, StoredDataAltered),
)
async def read_stage(
    cycle_id: UUID,
    stage_no: Number,
    request: Request,
    db: Snapshot,
    permit: Permit,
    category: OfCategory = None,
    unit: OfUnit = None,
) -> Response:
    """Give a stage as it was frozen: to the office whole, to an assessed unit its own.

    What others have a part in is withheld from a unit, as in the results so far of today. Once its
    ranks are released they are told to whom the release names: a unit its own, or those of its
    category, or everybody those of all. Nothing else is released by it.
    """
    stage = await find_stage(db, cycle_id, stage_no)
    read = _read_by(permit, stage)
    asked = [
        each.unit
        for each in stage.units.values()
        if unit in (None, each.unit) and category in (None, each.category)
    ]
    shown = [each for each in asked if read.is_whole or each == read.own]
    parts = await parts_of(db, stage, shown)
    answer = await asyncio.to_thread(_document, stage, read, asked, parts)
    return document_of(answer, request)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Who reads a stage: whoever works on it, or a unit its own; and whose ranks are told."""

    is_whole: bool
    own: str | None
    ranked: frozenset[str]


def _read_by(permit: Permission, stage: FoundStage) -> _Reading:
    """Return what the caller reads of a stage; refuse who reads nothing."""
    units = stage.units
    if permit.allows():
        return _Reading(True, None, frozenset(units))
    organisation = permit.caller.organisation
    own = organisation if permit.allows({"own_unit"}) and organisation in units else None
    readers = stage.latest.readers if stage.latest and stage.phase == RELEASED else None
    categories = {each.unit: each.category for each in units.values()}
    ranked = frozenset(ranked_for(readers, own, categories))
    relations = {"own_unit"} if own else set()
    permit.require(relations | ({"released"} if ranked else set()))
    return _Reading(False, own, ranked)


def _document(
    stage: FoundStage, read: _Reading, asked: list[str], parts: Mapping[str, bytes]
) -> bytes:
    row, units, head = stage.row, stage.units, stage.row.head
    view = "whole" if read.is_whole else "own"
    told = [orjson.loads(part)[view] for part in parts.values()]
    for each in told:
        each["rank"] = units[each["unit"]].rank if each["unit"] in read.ranked else None
    ranks = [units[each] for each in asked if each in read.ranked]
    release = release_of(stage, at_work=read.is_whole)
    answer = {
        **head,
        "stage_no": row.stage_no,
        "label": row.label,
        "phase": _phase(stage, at_work=read.is_whole),
        "restored": row.restored_from is not None,
        "release": release and release.model_dump(mode="json"),
        "ranks": [{"unit": e.unit, "category": e.category, "rank": e.rank} for e in ranks],
        "units": told,
        "digest": row.digest,
    }
    # By what is of all units, those of others could be guessed.
    return orjson.dumps(answer if read.is_whole else answer | {"digest": None, "inputs": None})
