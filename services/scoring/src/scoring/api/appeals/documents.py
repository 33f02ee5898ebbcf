"""Objections as they are published, and who reads which."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from chassis.authorisation import Permission
from chassis.deadlines import Calendar
from chassis.journal import Receipt
from chassis.wire import Code, Incoming, OneOf, Outgoing
from scoring.api.explanation.readers import UNINVOLVED, uninvolved_units
from scoring.api.ledger.entries import Word
from scoring.peers import PeerDown, PeerMissing, PeerRefused
from scoring.queries.appeals import EVERY_OBJECTION, Readable, StoredObjection
from scoring.rules.appeals.states import OBJECTION_MOVES, OBJECTION_STATES, PENDING
from scoring.rules.items.clock import ITEM_LIGHTS, Clock
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import ObjectionPolicy, Scheme

PEERS = (PeerDown, PeerMissing, PeerRefused)

ObjectionAbout = Literal["mark", "claim", "entry", "card", "wave"]
ObjectionForm = Literal["objection", "remark"]
ObjectionState = Annotated[str, OneOf(*OBJECTION_STATES)]
ObjectionMove = Annotated[str, OneOf(*OBJECTION_MOVES)]
ObjectionLight = Annotated[str, OneOf(*ITEM_LIGHTS)]
DutyLight = Literal["warning", "yellow_card", "red_card"]

MOST_FILES = 20

PUT_TO = "put_to"
"""The relation of the unit to which a remark is put."""


class NewObjectionFile(Incoming):
    """A file that a unit names with an objection, and a day on which it existed already."""

    evidence_id: UUID
    existed_on: dt.date


ObjectionFiles = Annotated[list[NewObjectionFile], Field(max_length=MOST_FILES)]


class ObjectionFile(Outgoing):
    """A file that a move names, and the day on which it existed by the unit's word."""

    evidence_id: UUID
    existed_on: dt.date


class MovedObjection(Outgoing):
    """How an objection stands after a move, with the receipt of the journal."""

    objection_id: UUID
    objection_no: int
    step: int
    state: ObjectionState
    level: int
    due: dt.date | None
    receipt: Receipt | None


class MadeObjectionMove(Outgoing):
    """A move that an objection made, who made it and why, what should stand by it, and which entry
    or claim has changed by it."""

    step: int
    move: ObjectionMove
    state: ObjectionState
    level: int
    due: dt.date | None
    text: str
    stands: str | None
    carried_out_by: UUID | None
    evidence: list[ObjectionFile]
    actor: str
    made_at: dt.datetime


class Objection(Outgoing):
    """An objection to an edition that was fed back, with all its moves; or a remark on the open
    record, which is to no edition and is put to the unit that entered what it is about (`put_to`).

    It is about a mark (`indicator`), a claim (`claim_id`), an entry (`entry_id`), a card
    (`indicator`, `period`, `card_light`) or a wave (`survey`, `wave`); `score` is what the edition
    gave, where it is about a mark or a claim. It `asks` for what should stand instead. While it is
    to be decided by `due`, it shows a `light`; `decided_by` is the role of its `level`. Once it is
    upheld, `to_carry_out` says that nothing of the record has changed by it yet.
    """

    objection_id: UUID
    objection_no: int
    unit: str
    form: ObjectionForm
    edition: int | None
    put_to: str | None
    about: ObjectionAbout
    indicator: str | None
    claim_id: UUID | None
    entry_id: UUID | None
    period: str | None
    card_light: str | None
    survey: str | None
    wave: int | None
    score: str | None
    asks: str
    author: str
    filed_at: dt.datetime
    state: ObjectionState
    step: int
    level: int
    decided_by: str
    due: dt.date | None
    light: ObjectionLight
    to_carry_out: bool
    moves: list[MadeObjectionMove]


_FILED = (
    "objection_id", "objection_no", "unit", "edition", "put_to", "about", "indicator",
    "claim_id", "entry_id", "period", "survey", "wave", "score", "asks", "author", "filed_at",
)  # fmt: skip
_OF_MOVE = ("step", "move", "state", "level", "due", "text", "stands", "carried_out_by", "actor")


def shown(
    found: StoredObjection,
    scheme: Scheme,
    policy: ObjectionPolicy,
    day: dt.date,
    calendar: Calendar,
) -> Objection:
    """Return an objection as it stands on a day."""
    last = found.moves[-1]
    due = last.due if last.state == PENDING else None
    moves = [
        MadeObjectionMove(
            **{name: getattr(each, name) for name in _OF_MOVE},
            evidence=[
                ObjectionFile(evidence_id=file.evidence_id, existed_on=file.existed_on)
                for file in found.files.get(each.step, ())
            ],
            made_at=each.entered_at,
        )
        for each in found.moves
    ]
    is_remark = found.row.edition is None
    # Where a later scheme has fewer levels, the last of them decides.
    levels = policy.for_form(is_remark=is_remark).levels
    role = levels[min(last.level, len(levels)) - 1]
    if role == "performance_office" and scheme.second_body_of(found.row.unit) is not None:
        role = SECOND_BODY
    return Objection(
        **{name: getattr(found.row, name) for name in _FILED},
        form="remark" if is_remark else "objection",
        card_light=found.row.light,
        state=last.state,
        step=last.step,
        level=last.level,
        decided_by=role,
        due=due,
        light=Clock(due).light(day, calendar),
        to_carry_out=found.now(scheme.time_zone).is_to_carry_out,
        moves=moves,
    )


def readable(permit: Permission, scheme: Scheme) -> Readable:
    """Return which objections the caller reads by the rows of the route."""
    if permit.allows():
        return EVERY_OBJECTION
    own = permit.caller.organisation or ""
    related = _related(own, scheme)
    permit.require({word for word, found in related.items() if found} | {PUT_TO})
    held = [found for word, found in related.items() if permit.allows({word})]
    put_to = own if permit.allows({PUT_TO}) else None
    return Readable(frozenset[str]().union(*held), put_to)


def _related(own: str, scheme: Scheme) -> dict[str, frozenset[str]]:
    """Return the units of which a unit may read by each relation."""
    bodies = {each.unit for each in scheme.recusals if each.body == own}
    return {
        "own_unit": frozenset({own} & scheme.category_of().keys()),
        SECOND_BODY: frozenset(bodies & scheme.category_of().keys()),
        UNINVOLVED: uninvolved_units(scheme, own or None),
    }


class ObjectionSubject(Incoming):
    """What an objection is about: `mark` of an `indicator`, a `claim` by its id, an `entry` that
    counts, such as an inspection's finding, a `card` by indicator, period and `card_light`, or a
    `wave` of a `survey`."""

    about: ObjectionAbout
    indicator: Code | None = None
    claim_id: UUID | None = None
    entry_id: UUID | None = None
    period: Word | None = None
    card_light: DutyLight | None = None
    survey: Code | None = None
    wave: Annotated[int, Field(ge=1, le=100)] | None = None
