"""Complaints as they are published, and what several of their endpoints do alike."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from chassis.authorisation import Permission
from chassis.deadlines import Calendar
from chassis.journal import Receipt
from chassis.wire import OneOf, Outgoing
from scoring.peers import PeerDown, PeerMissing, PeerRefused
from scoring.queries.complaints import ComplaintReach, StoredComplaint, done_of
from scoring.rules.complaints.earned import EARNED_BY_COMPLAINTS
from scoring.rules.complaints.limits import WAITS_FOR_OFFICE, accept_by, light_of
from scoring.rules.complaints.refusals import NoComplaintsHere
from scoring.rules.complaints.standing import Setting
from scoring.rules.complaints.states import COMPLAINT_MOVES, COMPLAINT_STATES, LEAD, SUPPORT, WORDS
from scoring.rules.items.clock import ITEM_LIGHTS
from scoring.rules.items.item_events import ITEMS_KEPT_ALONE
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import ComplaintPolicy, Scheme
from scoring.tables.complaints import ComplaintEventRow

PEERS = (PeerDown, PeerMissing, PeerRefused)

ComplaintKind = Literal["efficiency_complaint", "petition", "online_message", "hotline"]
ComplaintState = Annotated[str, OneOf(*COMPLAINT_STATES)]
ComplaintMove = Annotated[str, OneOf(*COMPLAINT_MOVES)]
ComplaintLight = Annotated[str, OneOf(*ITEM_LIGHTS)]
Word = Annotated[str, OneOf(*WORDS)]


class ComplaintUnit(Outgoing):
    """A unit that handles a complaint: as the one that answers, or as one that supports it."""

    unit: str
    role: Annotated[str, OneOf(LEAD, SUPPORT)]


class Complaint(Outgoing):
    """A complaint as it was raised, and how it stands.

    `reference` is the number that whoever raised it has. It is of the `kind` that the office found.
    `step` is the number of its latest move. While it waits to be accepted `due` is by when that is
    to be, then by when it is answered; `light` is what it shows today. `about` are the units that
    it complains of.
    """

    complaint_id: UUID
    reference: str
    source_ref: str | None
    channel: Literal["public", "office"]
    kind: ComplaintKind
    text: str
    about_office: bool
    about: list[str]
    units: list[ComplaintUnit]
    raised_at: dt.datetime
    state: ComplaintState
    step: int
    due: dt.date | None
    light: ComplaintLight
    changed_at: dt.datetime


class MadeComplaintMove(Outgoing):
    """A move that a complaint made, by whom, and what it came to.

    `late` says that it came after the day by which it was to be. `word` is what whoever raised it
    says of the answer, or as it is closed whether it was upheld; `first` the complaint that it
    repeats.
    """

    step: int
    move: ComplaintMove
    state: ComplaintState
    kind: ComplaintKind
    due: dt.date | None
    late: bool
    text: str | None
    word: Word | None
    first: UUID | None
    actor: str
    unit: str | None
    made_at: dt.datetime


class ComplaintEvent(Outgoing):
    """What a complaint has earned for a unit by its `step`: that it was overdue, had to be done
    again, was returned without ground, or was right about the unit, since the day `shown_on`.

    Where the scheme has complaints count, `entry_id` is the event that it was entered as, or
    `kept_alone` says why it is none.
    """

    what: Annotated[str, OneOf(*EARNED_BY_COMPLAINTS)]
    step: int
    unit: str
    due: dt.date | None
    shown_on: dt.date
    entry_id: UUID | None
    kept_alone: Annotated[str, OneOf(*ITEMS_KEPT_ALONE)] | None


class ComplaintHistory(Complaint):
    """A complaint with all its moves in their order, and the `events` that were written of it; a
    unit gets its own."""

    moves: list[MadeComplaintMove]
    events: list[ComplaintEvent]


class MovedComplaint(Outgoing):
    """How a complaint stands after a move, with the receipt of the journal."""

    complaint_id: UUID
    step: int
    state: ComplaintState
    due: dt.date | None
    receipt: Receipt | None


_RAISED = (
    "complaint_id", "reference", "source_ref", "channel", "text", "about_office", "raised_at",
)  # fmt: skip
_OF_MOVE = (
    *("step", "move", "state", "kind", "due", "late", "text", "word", "first", "actor", "unit"),
)


def policy_of(scheme: Scheme) -> ComplaintPolicy:
    """Return what a scheme says of complaints; refuse where it says nothing."""
    if scheme.complaints is None:
        raise NoComplaintsHere("The scheme has no `complaints`.", "方案未写 `complaints`。")
    return scheme.complaints


def setting_of(scheme: Scheme, day: dt.date, calendar: Calendar) -> Setting:
    """Return what moves are judged by besides, on a day."""
    scorers = {
        each.data_source_unit
        for category in scheme.categories
        for each in category.indicators().values()
    }
    assessed = {unit: category.code for unit, category in scheme.category_of().items()}
    return Setting(day, calendar, policy_of(scheme), assessed, scorers)


def told(found: StoredComplaint, scheme: Scheme, setting: Setting) -> dict[str, object]:
    """Return the fields of a complaint as it stands."""
    last, row = found.moves[-1], found.row
    due = last.due
    if last.state in WAITS_FOR_OFFICE:
        raised = done_of(found.moves[0], scheme.time_zone).day
        due = accept_by(raised, setting.limits(last.kind), setting.calendar)
    return {
        **{name: getattr(row, name) for name in _RAISED},
        "kind": last.kind,
        "about": found.about,
        "units": [ComplaintUnit(unit=each.unit, role=each.role) for each in found.handlers],
        "state": last.state,
        "step": last.step,
        "due": due,
        "light": light_of(due, last.state, setting.day, setting.calendar),
        "changed_at": last.entered_at,
    }


def shown(found: StoredComplaint, scheme: Scheme, setting: Setting) -> Complaint:
    """Return a complaint as a list has it."""
    return Complaint.model_validate(told(found, scheme, setting))


def history(
    found: StoredComplaint,
    scheme: Scheme,
    setting: Setting,
    written: Sequence[ComplaintEventRow],
) -> ComplaintHistory:
    """Return a complaint with its moves, and what was written of it."""
    names = ComplaintEvent.model_fields
    events = [ComplaintEvent(**{name: getattr(row, name) for name in names}) for row in written]
    moves = [
        MadeComplaintMove(
            **{name: getattr(each, name) for name in _OF_MOVE}, made_at=each.entered_at
        )
        for each in found.moves
    ]
    whole = told(found, scheme, setting) | {"moves": moves, "events": events}
    return ComplaintHistory.model_validate(whole)


def complaint_reach(permit: Permission, scheme: Scheme) -> ComplaintReach:
    """Return which complaints the caller reads, by the rows of its route; refuse who reads none."""
    caller = permit.caller
    permit.require(complaint_relations(permit, scheme))
    roles = {row.role for row in permit.rows}
    stands_in = (each.unit for each in scheme.recusals if each.body == caller.organisation)
    acts = SECOND_BODY in roles
    own = caller.organisation if "assessed_unit" in roles else None
    return ComplaintReach(
        everything="auditor" in roles,
        office="performance_office" in roles,
        about_office=acts and caller.organisation == _body_of(scheme),
        stands_in=frozenset(stands_in if acts else ()),
        own=own if own in scheme.category_of() else None,
    )


def complaint_relations(permit: Permission, scheme: Scheme) -> set[str]:
    """Return the relations that hold between the caller's unit and the complaints of a scheme."""
    own = permit.caller.organisation
    bodies = {each.body for each in scheme.recusals} | {_body_of(scheme)}
    related: Mapping[str, bool] = {
        "own_unit": own in scheme.category_of(),
        SECOND_BODY: own is not None and own in bodies,
    }
    return {word for word, holds in related.items() if holds}


def _body_of(scheme: Scheme) -> str | None:
    return None if scheme.complaints is None else scheme.complaints.body
