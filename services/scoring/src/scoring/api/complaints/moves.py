"""Moves of complaints (投诉办理): by the units that handle them, and by the office."""

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.deadlines import local_day
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Text
from scoring.api.complaints.documents import (
    PEERS,
    ComplaintKind,
    MovedComplaint,
    complaint_reach,
    complaint_relations,
    setting_of,
)
from scoring.api.complaints.keeping import (
    HELD_COMPLAINTS,
    acting,
    add_complaint_move,
    record_move,
)
from scoring.peers import AskPeers, Peers
from scoring.queries import hold
from scoring.queries.complaints import (
    ComplaintReach,
    StoredComplaint,
    find_complaint,
    first_of,
    require_true_complaints,
)
from scoring.queries.ledger import now
from scoring.rules.complaints.after import ThenStands, stands_after
from scoring.rules.complaints.moving import complaint_faults
from scoring.rules.complaints.refusals import (
    ComplaintMoved,
    ComplaintRefused,
    NoComplaintsHere,
    NoSuchComplaint,
    refuse_move_if,
)
from scoring.rules.complaints.standing import Part, Setting, Spoken
from scoring.rules.complaints.states import BY_LEAD, BY_OFFICE, BY_UNIT, STATES_ZH
from scoring.rules.duties.owed import years_of
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/complaints", tags=["complaints"])

SeenStep = Annotated[int, Field(ge=1, le=1_000)]
MOST = 20
"""To how many units a complaint is given at most, and of how many it complains."""


class NewComplaintAnswer(Incoming):
    """What a unit does about a complaint that is given to it, as it stood after the move `step`.

    `answer` it, in words that whoever raised it reads; `return` it once, because it is not ours;
    `ask_extension` once, before it is due.
    """

    step: SeenStep
    move: Literal["answer", "return", "ask_extension"]
    text: Text | None = None


class ComplaintUnitNamed(Incoming):
    """A unit that is to handle a complaint: as the one that answers, or as one that supports it."""

    unit: Code
    role: Literal["lead", "support"]


class NewComplaintDirection(Incoming):
    """What the office does about a complaint, as it stood after the move `step`.

    It accepts it, and says of which `kind` it is and `about` which units; refuses it; links it to
    the `first` that it repeats; calls it malicious, which another person confirms or clears. It
    assigns it to `units`, urges, grants or refuses the extension that was asked for. Of an answer
    it asks whoever raised it (`revisit`, with the `word` that was given); then it is closed, with a
    `word` on whether it was `upheld` about these units where that was looked into, or to be done
    again (`redo`).
    """

    step: SeenStep
    move: Literal[
        "accept",
        "refuse",
        "link",
        "call_malicious",
        "confirm_malice",
        "clear",
        "assign",
        "urge",
        "grant_extension",
        "refuse_extension",
        "revisit",
        "close",
        "redo",
    ]
    text: Text | None = None
    kind: ComplaintKind | None = None
    about: Annotated[list[Code], Field(max_length=MOST)] = Field(default_factory=list)
    units: Annotated[list[ComplaintUnitNamed], Field(max_length=MOST)] = Field(default_factory=list)
    first: UUID | None = None
    word: Literal["satisfied", "dissatisfied", "not_reached", "upheld", "unfounded"] | None = None


_REFUSALS = documents(
    *(ComplaintRefused, ComplaintMoved, NoSuchComplaint, NoComplaintsHere, StoredDataAltered),
    *PEERS,
)


@router.post("/{complaint_id}/answers", status_code=201, responses=_REFUSALS)
async def answer_complaint(
    cycle_id: UUID,
    complaint_id: UUID,
    new: NewComplaintAnswer,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedComplaint:
    """Answer a complaint that is given to the caller's unit, return it, or ask for more time."""
    said, by = Spoken(new.move, new.text), {BY_UNIT, BY_LEAD}
    return await _move(db, permit, ask, (cycle_id, complaint_id, new.step), said, by)


@router.post("/{complaint_id}/directions", status_code=201, responses=_REFUSALS)
async def direct_complaint(
    cycle_id: UUID,
    complaint_id: UUID,
    new: NewComplaintDirection,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedComplaint:
    """Accept, refuse, link, assign, extend, revisit, close a complaint or have it done again.

    Whoever acted for one of its units, or belongs to one, does none of it; of those about the
    office itself the body does all of it that the scheme names.
    """
    units = [Part(each.unit, each.role) for each in new.units]
    said = Spoken(new.move, new.text, new.kind, new.about, units, new.first, new.word)
    return await _move(db, permit, ask, (cycle_id, complaint_id, new.step), said, {BY_OFFICE})


async def _move(
    db: AsyncSession,
    permit: Permission,
    ask: Peers,
    which: tuple[UUID, UUID, int],
    said: Spoken,
    by: Collection[str],
) -> MovedComplaint:
    cycle_id, complaint_id, step = which
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    calendar = await ask.working_days(years_of(scheme.assessment_year), await now(db))
    permit.require(complaint_relations(permit, scheme))
    await hold(db, HELD_COMPLAINTS, cycle_id)
    moment = await now(db)
    setting = setting_of(scheme, local_day(moment, scheme.time_zone), calendar)
    await require_true_complaints(db, cycle_id)
    reach = complaint_reach(reading_complaints(permit), scheme)
    found = await find_complaint(db, cycle_id, complaint_id, reach)
    _require_seen(found, step)
    setting = await _with_first(db, found, said, setting, reach)
    then = _judged(found, scheme, permit, said, by, setting)
    row = await add_complaint_move(db, found, said, then, permit.caller, moment)
    units = {each.unit for each in (*found.handlers, *then.handlers)}
    receipt = await record_move(db, found, row, units, permit.caller)
    return MovedComplaint(
        complaint_id=complaint_id, step=row.step, state=row.state, due=row.due, receipt=receipt
    )


def _judged(
    found: StoredComplaint,
    scheme: Scheme,
    permit: Permission,
    said: Spoken,
    by: Collection[str],
    setting: Setting,
) -> ThenStands:
    """Return how a complaint stands after a move; refuse one that may not be made."""
    now_, actor = found.now(scheme.time_zone), acting(found, scheme, permit.caller, by)
    refuse_move_if([*complaint_faults(now_, said, actor, setting)])
    return stands_after(now_, said, setting)


async def _with_first(
    db: AsyncSession,
    found: StoredComplaint,
    said: Spoken,
    setting: Setting,
    reach: ComplaintReach,
) -> Setting:
    if said.first is None:
        return setting
    firsts = await first_of(db, found.row.cycle_id, found.row, said.first, reach)
    return replace(setting, firsts=firsts)


def _require_seen(found: StoredComplaint, step: int) -> None:
    last = found.moves[-1]
    if step != last.step:
        raise ComplaintMoved(
            f"Its latest move is {last.step}, and it is {last.state}.",
            f"其最近一步为第{last.step}步，处于“{STATES_ZH[last.state]}”状态。",
            step=last.step,
            state=last.state,
        )


def reading_complaints(permit: Permission) -> Permission:
    """Return what the table lets the caller read of complaints, whatever the scope of their
    token."""
    caller, matrix = permit.caller, permit.matrix
    return Permission(caller, matrix.rows_for(_READS, caller.roles), matrix)


_READS = "GET /api/v1/cycles/{cycle_id}/complaints"
