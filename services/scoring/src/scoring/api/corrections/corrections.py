"""Corrections of the sealed record (封存后更正): proposed with a document, decided by another."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, OneOf, Outgoing, Text
from scoring.api.ledger.entries import AnyKind, Authority, DocumentNo, Word
from scoring.api.sheet.evidence import corrections_digest
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries import hold
from scoring.queries.appeals import objections_of, require_true_objections
from scoring.queries.corrections import (
    StoredCorrection,
    corrections_of,
    hands_of,
    told_corrections,
)
from scoring.queries.counted import counted_entries
from scoring.queries.ledger import entry_rows, phase_of_ledger, today
from scoring.rules.appeals.states import PARTLY_UPHELD, UPHELD
from scoring.rules.corrections.correcting import (
    ADDS,
    APPROVED,
    CORRECTION_STATES,
    OBJECTION,
    ORIGINS,
    PROPOSED,
    REMOVES,
    REPLACES,
    WHATS,
    Correction,
    CorrectionBarred,
    CorrectionDecided,
    CorrectionRefused,
    LedgerNotSealed,
    NoSuchCorrection,
    check_decision,
    check_interest,
    clash_faults,
    refused,
    require_sealed,
    target_faults,
)
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.states import SEALED, SECOND_BODY
from scoring.rules.scheme.document import Scheme
from scoring.tables.corrections import CorrectionDecisionRow, CorrectionRow

router = Router("/cycles/{cycle_id}/corrections", tags=["corrections"])

Origin = Annotated[str, OneOf(*ORIGINS)]
What = Annotated[str, OneOf(*WHATS)]
CorrectionState = Annotated[str, OneOf(*CORRECTION_STATES)]


class NewCorrection(Incoming):
    """What the sealed record is to say instead, and the document that says so.

    What `replaces` or `removes` names in `corrects` the entry that counts, or the correction that
    counts in its place; what `adds` names unit, indicator and kind as an entry does. One that rests
    on an objection names it: upheld, in whole or in part, and of the same unit.
    """

    origin: Literal["court", "audit", "superior", "objection"]
    objection_id: UUID | None = None
    issuer: Authority
    document_no: DocumentNo
    document_date: dt.date
    reason: Text
    what: Literal["replaces", "removes", "adds"]
    corrects: UUID | None = None
    unit: Code | None = None
    indicator: Code | None = None
    kind: Literal["measured_value", "event", "milestone", "grade", "inspection_finding"] | None = (
        None
    )
    key: Word | None = None
    item: Word | None = None
    period: Word | None = None
    value: Exact | None = None
    word: Word | None = None
    occurred_on: dt.date | None = None


class NewCorrectionDecision(Incoming):
    """That a correction is approved, or refused, and then why."""

    decision: Literal["approved", "refused"]
    text: Text | None = None


class CorrectionDecision(Outgoing):
    """What was decided about a correction, when and by whom."""

    decision: Annotated[str, OneOf("approved", "refused")]
    text: str | None
    decided_by: str
    decided_at: dt.datetime


class SealedCorrection(Outgoing):
    """A correction of the sealed record, the document that it rests on, and what became of it.

    Once it is approved it counts, by its own id, in the place of what it `corrects`.
    """

    correction_id: UUID
    origin: Origin
    issuer: str
    document_no: str
    document_date: dt.date
    objection_id: UUID | None
    reason: str
    what: What
    corrects: UUID | None
    unit: str
    indicator: str
    kind: AnyKind
    key: str | None
    item: str | None
    period: str
    value: Exact | None
    word: str | None
    occurred_on: dt.date | None
    proposed_by: str
    proposed_at: dt.datetime
    state: CorrectionState
    decision: CorrectionDecision | None


class SealedCorrections(Page[SealedCorrection]):
    """A page of corrections; `digest` is that of all that count, as a score sheet names it, and
    null where none do, and to an assessed unit."""

    digest: str | None


class MovedCorrection(Outgoing):
    """The correction as it stands now, and the receipt of the journal."""

    correction: SealedCorrection
    receipt: Receipt | None


_REFUSALS = (
    *(CorrectionBarred, CorrectionRefused, LedgerNotSealed),
    *(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)


@router.post("", status_code=201, responses=documents(*_REFUSALS))
async def propose_correction(
    cycle_id: UUID, new: NewCorrection, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedCorrection:
    """Propose what a sealed ledger is to say instead, with the document of a court, an auditor or
    the superior, or that upheld an objection. It counts once somebody of the committee approved it.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    bodies = {each.body for each in scheme.recusals}
    own = permit.caller.organisation
    stored = await _hold(db, cycle_id, permit, {SECOND_BODY} if own in bodies else ())
    if new.document_date > await today(db, scheme.time_zone):
        raise refused([Fault("/document_date", "in-the-future", "It is to come.", "日期未到。")])
    before = await _before(db, cycle_id, new.corrects, stored)
    correction = _proposed(new, before)
    check_interest(correction.unit, scheme, own)
    _require_proposer(correction.unit, scheme, permit)
    await _require_upheld(db, cycle_id, new, correction.unit)
    await _check(db, cycle_id, correction, scheme, stored)
    document = new.model_dump(include={*_DOCUMENT})
    row = CorrectionRow(
        **correction._asdict(),
        **document,
        cycle_id=cycle_id,
        reason=new.reason,
        actor=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(row)
    return await _recorded(db, permit, StoredCorrection(row, None), "proposed")


@router.post(
    "/{correction_id}/decision",
    status_code=201,
    responses=documents(NoSuchCorrection, CorrectionDecided, *_REFUSALS),
)
async def decide_correction(
    cycle_id: UUID,
    correction_id: UUID,
    new: NewCorrectionDecision,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedCorrection:
    """Approve or refuse a correction, as one of the committee who did not propose it, had no part
    in what it corrects, and is of no unit of the category.

    From then on scores are computed with it; editions of before stay as they are.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    stored = await _hold(db, cycle_id, permit)
    found = next((each for each in stored if each.row.correction_id == correction_id), None)
    if found is None:
        raise NoSuchCorrection("There is no such correction.", "没有这项更正。")
    check_interest(found.row.unit, scheme, permit.caller.organisation)
    hands = await hands_of(db, cycle_id, found, stored)
    check_decision(found.state, hands, new.decision, new.text, permit.caller.person)
    if new.decision == APPROVED:
        others = [each for each in stored if each is not found]
        await _check(db, cycle_id, found.counted, scheme, others)
    decision = CorrectionDecisionRow(
        cycle_id=cycle_id,
        correction_id=correction_id,
        decision=new.decision,
        corrects=found.row.corrects,
        text=new.text,
        actor=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(decision)
    return await _recorded(db, permit, StoredCorrection(found.row, decision), "decided")


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_corrections(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="About this unit.")] = None,
    state: Annotated[
        list[CorrectionState] | None,
        Query(max_length=len(CORRECTION_STATES), description="In one of these states."),
    ] = None,
) -> SealedCorrections:
    """List the corrections of a sealed ledger in the order of their ids.

    Those about a unit's category are left out for whoever decides and is assessed in it. A unit
    gets those about itself, once they are in a score sheet that was fed back.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    stored = await corrections_of(db, cycle_id)
    readable = await _readable(db, cycle_id, stored, scheme, permit)
    wanted = [
        each
        for each in page.later_of(readable, lambda each: each.row.correction_id)
        if unit in (None, each.row.unit) and each.state in (state or CORRECTION_STATES)
    ]
    shown = [_told(each) for each in wanted[: page.limit + 1]]
    counted = [each.counted for each in stored if each.state == APPROVED]
    listed = Page[SealedCorrection].of(shown, page.limit, lambda each: str(each.correction_id))
    digest = corrections_digest(counted) if _is_at_work(permit, scheme) else None
    return SealedCorrections(items=listed.items, next=listed.next, digest=digest)


async def _hold(
    db: AsyncSession, cycle_id: UUID, permit: Permission, relations: Collection[str] = ()
) -> list[StoredCorrection]:
    """Keep other commands from the corrections of a sealed ledger until the commit."""
    phase = await phase_of_ledger(db, cycle_id)
    require_sealed(phase)
    permit.require(relations, phase)
    await hold(db, "corrections", cycle_id)
    return await corrections_of(db, cycle_id)


async def _before(
    db: AsyncSession, cycle_id: UUID, corrects: UUID | None, stored: Sequence[StoredCorrection]
) -> Entry | None:
    """Return what counts under the id that is to be corrected, if anything does."""
    if corrects is None:
        return None
    rows = await entry_rows(db, cycle_id, [corrects])
    units = {each.unit for each in rows.values()}
    units |= {each.row.unit for each in stored if each.row.correction_id == corrects}
    counted = await counted_entries(db, cycle_id, sorted(units)) if units else []
    return next((each for each in counted if each.entry_id == corrects), None)


async def _require_upheld(db: AsyncSession, cycle_id: UUID, new: NewCorrection, unit: str) -> None:
    """Refuse an objection that was not upheld or is another unit's, one that is missing, and one
    beside another origin."""
    at, fault = "/objection_id", None
    if new.origin != OBJECTION:
        if new.objection_id is not None:
            fault = Fault(at, "not-wanted", "It says nothing here.", "此处不得填写。")
    elif new.objection_id is None:
        fault = Fault(at, "missing", "It is wanted.", "不能为空。")
    else:
        await require_true_objections(db, cycle_id)
        listed = await objections_of(db, cycle_id, unit)
        states = {each.row.objection_id: each.moves[-1].state for each in listed}
        if states.get(new.objection_id) not in (UPHELD, PARTLY_UPHELD):
            en = f"{unit} has no such objection that was upheld."
            fault = Fault(at, "not-upheld", en, f"{unit} 没有这项成立的异议。")
    if fault is not None:
        raise refused([fault])


_DOCUMENT = ("origin", "issuer", "document_no", "document_date", "objection_id")
_ABOUT = ("unit", "indicator", "kind", "key", "item", "period")
_TOLD = ("value", "word", "occurred_on")


def _proposed(new: NewCorrection, before: Entry | None) -> Correction:
    """Return the correction that is asked for; refuse one that says too little or too much."""
    adds = new.what == ADDS
    needed = ("unit", "indicator", "kind", "period") if adds else ("corrects",)
    faults = [*_lacking(new, needed), *_unwanted(new, _EXTRA[new.what])]
    if not (adds or faults or before):
        faults = [Fault("/corrects", "not-counted", "It does not count.", "该记录未计入得分。")]
    if faults:
        raise refused(faults)
    told = {name: getattr(new, name) for name in _TOLD}
    about = {name: getattr(new if before is None else before, name) for name in _ABOUT}
    return Correction(uuid4(), new.what, new.corrects, **about, **told)


_EXTRA: Mapping[str, Sequence[str]] = {
    ADDS: ("corrects",),
    REPLACES: _ABOUT,
    REMOVES: (*_ABOUT, *_TOLD),
}
"""What is not to be said, by what becomes of the record."""


def _lacking(new: NewCorrection, names: Iterable[str]) -> Iterator[Fault]:
    for name in names:
        if getattr(new, name) is None:
            yield Fault(f"/{name}", "missing", "It is wanted.", "不能为空。")


def _unwanted(new: NewCorrection, names: Iterable[str]) -> Iterator[Fault]:
    for name in names:
        if getattr(new, name) is not None:
            yield Fault(f"/{name}", "not-wanted", "It says nothing here.", "此处不得填写。")


async def _check(
    db: AsyncSession,
    cycle_id: UUID,
    correction: Correction,
    scheme: Scheme,
    stored: Sequence[StoredCorrection],
) -> None:
    """Refuse a correction of what does not count, or that no score would read."""
    counted = await counted_entries(db, cycle_id, [correction.unit])
    faults = list[Fault]()
    before = next((each for each in counted if each.entry_id == correction.corrects), None)
    if correction.what == ADDS:
        faults += clash_faults(counted, correction)
    else:
        waiting = {each.row.corrects for each in stored if each.state == PROPOSED}
        faults += target_faults(before, correction, waiting)
    if correction.what in (ADDS, REPLACES):
        faults += EntryForms(scheme, await today(db, scheme.time_zone)).faults(
            _draft(correction, before), ""
        )
    if faults:
        raise refused(faults)


def _draft(correction: Correction, before: Entry | None) -> Draft:
    names = (*_ABOUT, *_TOLD)
    told = {name: getattr(correction, name) for name in names}
    listed = before.superior_list if before else None
    result = before.result_document if before else None
    for document in (listed, result):
        told |= document._asdict() if document else {}
    panel = before.panel if before else None
    return Draft(**told, panel=panel, note=_NOTED)


_NOTED = "-"
"""A correction says why in its reason: no form asks for another."""


def _require_proposer(unit: str, scheme: Scheme, permit: Permission) -> None:
    body, own = scheme.second_body_of(unit), permit.caller.organisation
    office = permit.allows((), SEALED)
    if not (office if body is None else own == body and permit.allows({SECOND_BODY}, SEALED)):
        raise CorrectionBarred(
            f"{body or 'The office'} proposes about {unit}.",
            f"{unit} 的事项由{body or '绩效办'}提请。",
            cause="recused",
        )


def _is_at_work(permit: Permission, scheme: Scheme) -> bool:
    """Say whether a caller reads corrections because of its work, and not as an assessed unit."""
    own = permit.caller.organisation
    bodies = {each.body for each in scheme.recusals}
    return permit.allows({SECOND_BODY} if own in bodies else ())


async def _readable(
    db: AsyncSession,
    cycle_id: UUID,
    stored: Sequence[StoredCorrection],
    scheme: Scheme,
    permit: Permission,
) -> list[StoredCorrection]:
    own, categories = permit.caller.organisation or "", scheme.category_of()
    competing = categories.get(own)
    at_work = _is_at_work(permit, scheme)
    if not at_work:
        permit.require({"own_unit"} if competing else ())
    found = list[StoredCorrection]()
    told = await told_corrections(db, cycle_id)
    for each in stored:
        unit = each.row.unit
        works = at_work and _works_on(unit, scheme, permit)
        if works or (unit == own and each.row.correction_id in told):
            found.append(each)
    return found


def _works_on(unit: str, scheme: Scheme, permit: Permission) -> bool:
    """Say whether corrections about a unit are read by the caller's roles: all by the office and
    the auditor, by the committee those of other categories, by a second body its own."""
    roles, own = permit.caller.roles, permit.caller.organisation
    if {"performance_office", "auditor"} & roles:
        return True
    category = scheme.category_of().get(unit)
    if category is not None and own in category.units:
        return False
    if {"committee", "standing_committee"} & roles:
        return True
    return own is not None and scheme.second_body_of(unit) == own


async def _recorded(
    db: AsyncSession, permit: Permission, found: StoredCorrection, what: str
) -> MovedCorrection:
    await db.flush()
    row = found.row
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=f"scoring.correction-{what}",
        body={"correction_id": str(row.correction_id), "state": found.state},
    )
    return MovedCorrection(correction=_told(found), receipt=receipt)


def _told(found: StoredCorrection) -> SealedCorrection:
    row, decision = found.row, found.decision
    names = SealedCorrection.model_fields.keys() - {"proposed_by", "state", "decision"}
    return SealedCorrection(
        **{name: getattr(row, name) for name in names},
        proposed_by=row.actor,
        state=found.state,
        decision=decision
        and CorrectionDecision(
            decision=decision.decision,
            text=decision.text,
            decided_by=decision.actor,
            decided_at=decision.decided_at,
        ),
    )
