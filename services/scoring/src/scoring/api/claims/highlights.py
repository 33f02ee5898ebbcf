"""Highlights (亮点) of units: reported, examined by another person, told with the release."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Query
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, OneOf, Outgoing, Text
from scoring.api.claims.stand_ins import decided_about
from scoring.api.claims.transitions import actor_of
from scoring.api.evidence.named import MOST_NAMED, require_readable
from scoring.api.ledger.entries import Word
from scoring.api.ledger.holding import hold_open
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.highlights import (
    NoSuchHighlight,
    StoredHighlight,
    evidence_of_highlights,
    find_highlight,
    highlights_on_page,
    no_such_highlight,
    require_true_highlights,
    standing_by_unit,
)
from scoring.queries.ledger import open_ledger
from scoring.rules.claims.highlights import (
    ACCEPTED,
    FEWEST,
    HIGHLIGHT_STATES,
    MOST,
    REPORTED,
    STANDING,
    TAKEN_BACK,
    Examination,
    HighlightParties,
    HighlightRefused,
    TooManyHighlights,
    check_number,
    examination_faults,
    lacking,
    refuse_if,
    taking_back_faults,
)
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.states import SECOND_BODY, LedgerSealed
from scoring.rules.scheme.document import Scheme
from scoring.tables.highlights import HighlightEvidenceRow, HighlightRow, HighlightStateRow

router = Router("/cycles/{cycle_id}/highlights", tags=["claims"])

_HELD = "highlights"
"""The word by which commands about highlights wait for one another."""

HighlightState = Annotated[str, OneOf(*HIGHLIGHT_STATES)]


class Adoption(Incoming):
    """Who took a highlight up, at which level, and the document that says so."""

    adopted_by: Text
    level: Word
    document_no: Text


class NewHighlight(Incoming):
    """What the caller's unit is proud of in the year, with the files that support it."""

    title: Word
    text: Text
    adoption: Adoption | None = None
    evidence_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_NAMED)]


class NewExamination(Incoming):
    """Whether a highlight is accepted, whether it is published with the ranking, and why."""

    highlight_id: UUID
    decision: Literal["accepted", "not_accepted"]
    publish: bool = False
    reason: Text | None = None


class NewTakingBack(Incoming):
    """Which highlight is taken back, and why."""

    highlight_id: UUID
    reason: Text


class Highlight(Outgoing):
    """A highlight as its unit reported it, and how it stands; `reason` is that of its state."""

    highlight_id: UUID
    unit: str
    title: str
    text: str
    adopted_by: str | None
    level: str | None
    document_no: str | None
    evidence_ids: list[UUID]
    author: str
    reported_at: dt.datetime
    state: HighlightState
    publish: bool
    reason: str | None
    changed_by: str
    changed_at: dt.datetime


class LackingHighlights(Outgoing):
    """A unit that has fewer highlights than it is to report, and by how many."""

    unit: str
    short: int


class HighlightPage(Outgoing):
    """A page of highlights. A unit reports from `fewest` to `most` of them; `lacking` are the units
    that are short, of those that the caller reads of. `next` is the `after` of the following page,
    or null."""

    items: list[Highlight]
    fewest: int
    most: int
    lacking: list[LackingHighlights]
    next: str | None


class MovedHighlight(Outgoing):
    """A highlight, the state that it is in now, and the receipt of the journal."""

    highlight_id: UUID
    state: HighlightState
    publish: bool
    receipt: Receipt | None


_PEERS = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)


@router.post(
    "",
    status_code=201,
    responses=documents(TooManyHighlights, EvidenceNotNamed, LedgerSealed, *_PEERS),
)
async def report_highlight(
    cycle_id: UUID, new: NewHighlight, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedHighlight:
    """Report a highlight of the caller's own unit while the ledger is open; up to four stand in a
    year, and those that were taken back or not accepted are not counted."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    caller, unit = permit.caller, permit.caller.organisation or ""
    await open_ledger(db, cycle_id)
    relations = {"own_unit"} if unit in scheme.category_of() else ()
    await hold_open(db, cycle_id, permit, _HELD, relations)
    await require_readable(db, cycle_id, permit, ask, new.evidence_ids, "")
    check_number(unit, (await standing_by_unit(db, cycle_id))[unit])
    adoption = new.adoption.model_dump() if new.adoption else {}
    row = HighlightRow(
        cycle_id=cycle_id,
        highlight_id=uuid4(),
        unit=unit,
        title=new.title,
        text=new.text,
        author=caller.subject,
        author_person=caller.person,
        **adoption,
    )
    db.add(row)
    await db.flush()
    db.add_all(
        HighlightEvidenceRow(
            cycle_id=cycle_id, highlight_id=row.highlight_id, evidence_id=evidence_id
        )
        for evidence_id in dict.fromkeys(new.evidence_ids)
    )
    said = _Said(REPORTED, publish=False, reason=None)
    told = new.model_dump(mode="json")
    return await _moved(db, permit, row, 1, said, "scoring.highlight-reported", told)


@router.post(
    "/examination",
    responses=documents(
        HighlightRefused, NoSuchHighlight, TooManyHighlights, LedgerSealed, *_PEERS
    ),
)
async def examine_highlight(
    cycle_id: UUID,
    new: NewExamination,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedHighlight:
    """Accept a highlight or not, and say whether it is published with the ranking of its category.

    Never who reported it, nor somebody of its unit. While the ledger is open it may be examined
    anew, with a reason.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    bodies = {each.body for each in scheme.recusals}
    stands_in = permit.caller.organisation in bodies
    await hold_open(db, cycle_id, permit, _HELD, {SECOND_BODY} if stands_in else ())
    found = await find_highlight(db, cycle_id, new.highlight_id)
    said = Examination(new.decision, new.publish, new.reason)
    body, actor = scheme.second_body_of(found.row.unit), actor_of(permit.caller)
    refuse_if([*examination_faults(_parties(found), said, actor, body)])
    if said.to == ACCEPTED and found.state.state not in STANDING:
        check_number(found.row.unit, (await standing_by_unit(db, cycle_id))[found.row.unit])
    moved = _Said(new.decision, new.publish, new.reason)
    told = new.model_dump(mode="json")
    step = found.state.step + 1
    return await _moved(db, permit, found.row, step, moved, "scoring.highlight-examined", told)


@router.post(
    "/withdrawal",
    responses=documents(HighlightRefused, NoSuchHighlight, LedgerSealed, *_PEERS),
)
async def withdraw_highlight(
    cycle_id: UUID,
    new: NewTakingBack,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedHighlight:
    """Take a highlight of the caller's own unit back until it is examined."""
    await ask.indicators.published_scheme(cycle_id=cycle_id)
    unit = permit.caller.organisation
    await hold_open(db, cycle_id, permit, _HELD, {"own_unit"} if unit else ())
    found = await find_highlight(db, cycle_id, new.highlight_id)
    if found.row.unit != unit:  # as good as unknown
        raise no_such_highlight(new.highlight_id)
    refuse_if([*taking_back_faults(_parties(found))])
    said = _Said(TAKEN_BACK, publish=False, reason=new.reason)
    told = new.model_dump(mode="json")
    step = found.state.step + 1
    return await _moved(db, permit, found.row, step, said, "scoring.highlight-withdrawn", told)


def _parties(found: StoredHighlight) -> HighlightParties:
    return HighlightParties(found.row.unit, found.row.author_person, found.state.state)


@dataclass(frozen=True, slots=True)
class _Said:
    state: str
    publish: bool
    reason: str | None


async def _moved(
    db: AsyncSession,
    permit: Permission,
    row: HighlightRow,
    step: int,
    said: _Said,
    event: str,
    told: dict[str, object],
) -> MovedHighlight:
    """Record the state that a highlight enters, and answer with it."""
    caller = permit.caller
    db.add(
        HighlightStateRow(
            cycle_id=row.cycle_id,
            highlight_id=row.highlight_id,
            step=step,
            state=said.state,
            publish=said.publish,
            reason=said.reason,
            actor=caller.subject,
            person=caller.person,
        )
    )
    await db.flush()
    body = {"highlight_id": str(row.highlight_id), "units": {row.unit: 1}, **told}
    receipt = await journal.record(
        db, chain=str(row.cycle_id), caller=caller, event=event, body=body
    )
    return MovedHighlight(
        highlight_id=row.highlight_id, state=said.state, publish=said.publish, receipt=receipt
    )


@router.get("", responses=documents(*_PEERS))
async def list_highlights(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
    state: Annotated[
        list[HighlightState] | None,
        Query(max_length=len(HIGHLIGHT_STATES), description="In one of these states."),
    ] = None,
) -> HighlightPage:
    """List the highlights as they were reported, and which units are short of some.

    A unit gets its own; who decides in the place of the office those of the categories in which it
    does. Nobody else reads any before a release tells of those that are to be published.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    readable = _readable(permit, scheme)
    await require_true_highlights(db, cycle_id)
    states = state or ()
    found = await highlights_on_page(db, cycle_id, page, readable, unit, states)
    named = await evidence_of_highlights(db, cycle_id, [each.row.highlight_id for each in found])
    told = [_told(each, named.get(each.row.highlight_id, [])) for each in found]
    shown = Page[Highlight].of(told, page.limit, lambda each: str(each.highlight_id))
    units = [u for u in scheme.category_of() if readable is None or u in readable]
    short = lacking(units, await standing_by_unit(db, cycle_id))
    return HighlightPage(
        items=shown.items,
        fewest=FEWEST,
        most=MOST,
        lacking=[LackingHighlights(unit=code, short=number) for code, number in short.items()],
        next=shown.next,
    )


def _readable(permit: Permission, scheme: Scheme) -> frozenset[str] | None:
    """Return the units whose highlights the caller reads; None for all."""
    if permit.allows():
        return None
    own = permit.caller.organisation
    mine = {own} if own is not None and own in scheme.category_of() else set[str]()
    related = {"own_unit": mine, SECOND_BODY: decided_about(permit, scheme)}
    permit.require({word for word, units in related.items() if units})
    held = (units for word, units in related.items() if permit.allows({word}))
    return frozenset[str]().union(*held)


_AS_REPORTED = (
    "highlight_id", "unit", "title", "text", "adopted_by", "level", "document_no", "author",
    "reported_at",
)  # fmt: skip


def _told(found: StoredHighlight, files: list[UUID]) -> Highlight:
    state = found.state
    return Highlight(
        **{name: getattr(found.row, name) for name in _AS_REPORTED},
        evidence_ids=files,
        state=state.state,
        publish=state.publish,
        reason=state.reason,
        changed_by=state.actor,
        changed_at=state.entered_at,
    )
