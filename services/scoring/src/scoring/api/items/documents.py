"""Supervised items as they are published, and what several of their endpoints do alike."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from chassis.authorisation import UNAFFILIATED, Permission
from chassis.deadlines import Calendar
from chassis.journal import Receipt
from chassis.wire import Code, Incoming, OneOf, Outgoing
from scoring.peers import PeerDown, PeerMissing, PeerRefused
from scoring.queries.items import ListedItem, Reach, StoredItem, clock_of
from scoring.rules.explanation.abstention import ORGANISER, led_by
from scoring.rules.items.clock import ITEM_LIGHTS
from scoring.rules.items.given import Share
from scoring.rules.items.intake import last_day
from scoring.rules.items.standing import Around
from scoring.rules.items.states import ITEM_MOVES, ITEM_STATES, READER
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import Scheme
from scoring.tables.items import ItemMoveRow, ItemRow

PEERS = (PeerDown, PeerMissing, PeerRefused)

ItemKind = Literal[
    "instruction", "supervised", "plan", "summary", "self_report", "rectification_report"
]
ItemRole = Literal["lead", "support"]
ReportEvery = Literal["monthly", "quarterly"]
ItemState = Annotated[str, OneOf(*ITEM_STATES)]
ItemLight = Annotated[str, OneOf(*ITEM_LIGHTS)]
ItemMove = Annotated[str, OneOf(*ITEM_MOVES)]

MOST_UNITS = 100
"""To how many units an item is given at most, and how many more may read it."""


class ItemShare(Incoming):
    """A unit that an item is given to: as its lead or a support, with a share in percent."""

    unit: Code
    role: ItemRole
    share: Annotated[int, Field(ge=1, le=100)]

    def told(self) -> Share:
        """Return it as the rules know it."""
        return Share(self.unit, self.role, self.share)


ItemUnits = Annotated[list[ItemShare], Field(min_length=1, max_length=MOST_UNITS)]
Within = Annotated[int, Field(ge=1, le=250)]
"""A term in working days."""


class ItemUnit(Outgoing):
    """A unit that an item is given to, and its share in percent."""

    unit: str
    role: Annotated[str, OneOf("lead", "support")]
    share: int


class ItemReport(Outgoing):
    """The rectification report that an item was opened for: the cycle in which it was decided, and
    its number there."""

    cycle_id: UUID
    number: int


class SupervisedItem(Outgoing):
    """An item as it was registered, and how it stands.

    `step` is the number of its latest move. It shows its `light` on the day that is asked about;
    there are `days_left` working days then, also while its clock stands still, less than nothing
    once it is overdue. `report_due` is when the next
    word about how far it is comes due. `changed_at` is when it was moved the last time.
    """

    item_id: UUID
    source_ref: str | None
    kind: ItemKind
    title: str
    text: str
    document_no: str | None
    document_date: dt.date | None
    meeting: str | None
    confidential: bool
    units: list[ItemUnit]
    readers: list[str]
    until: dt.date | None
    within: int | None
    report_every: ReportEvery | None
    author: str
    registered_at: dt.datetime
    report: ItemReport | None
    state: ItemState
    step: int
    due: dt.date | None
    days_left: int | None
    done_on: dt.date | None
    light: ItemLight
    completion: int
    report_due: dt.date | None
    changed_at: dt.datetime


class MadeMove(Outgoing):
    """A move that an item made, by whom, and what it came to; `source_ref` is how the system of a
    unit that sent it names it."""

    step: int
    move: ItemMove
    state: ItemState
    due: dt.date | None
    completion: int
    text: str | None
    asked: dt.date | None
    units: list[ItemUnit]
    evidence_ids: list[UUID]
    actor: str
    unit: str | None
    source_ref: str | None
    made_at: dt.datetime


class SupervisedItemHistory(SupervisedItem):
    """An item with all its moves in their order; `units` of a move are those that it was given to
    by it."""

    moves: list[MadeMove]


class MovedItem(Outgoing):
    """How an item stands after a move, with the receipt of the journal.

    Where the `ledger_sealed` is true, what the item costs from now on counts nowhere: it is written
    as what it is, without an event. The receipt is null where the move was made before under the
    same `source_ref`.
    """

    item_id: UUID
    step: int
    state: ItemState
    due: dt.date | None
    ledger_sealed: bool
    receipt: Receipt | None


_REGISTERED = (
    "item_id", "source_ref", "kind", "title", "text", "document_no", "document_date", "meeting",
    "confidential", "until", "within", "report_every", "author", "registered_at",
)  # fmt: skip
_STANDS = ("state", "step", "due", "done_on", "completion", "report_due")


def units_told(shares: Sequence[Share]) -> list[ItemUnit]:
    """Return the units of an item, the lead first."""
    return [
        ItemUnit(unit=each.unit, role=each.role, share=each.share)
        for each in shares
        if each.role != READER
    ]


def told(
    row: ItemRow, at: ItemMoveRow, shares: Sequence[Share], around: Around
) -> dict[str, object]:
    """Return the fields of an item as it stands."""
    return {
        **{name: getattr(row, name) for name in _REGISTERED},
        **{name: getattr(at, name) for name in _STANDS},
        "report": _report(row),
        "units": units_told(shares),
        "readers": [each.unit for each in shares if each.role == READER],
        "days_left": clock_of(at).left(around.day, around.calendar),
        "light": clock_of(at).light(around.day, around.calendar),
        "changed_at": at.entered_at,
    }


def _report(row: ItemRow) -> ItemReport | None:
    if row.report_cycle_id is None or row.report_number is None:
        return None
    return ItemReport(cycle_id=row.report_cycle_id, number=row.report_number)


def shown(item: ListedItem, around: Around) -> SupervisedItem:
    """Return an item as a list has it."""
    return SupervisedItem.model_validate(told(item.row, item.at, item.shares, around))


def history(item: StoredItem, around: Around) -> SupervisedItemHistory:
    """Return an item with its moves."""
    moves = [
        MadeMove(
            **{name: getattr(each, name) for name in _OF_MOVE},
            units=units_told(item.given.get(each.step, ())),
            evidence_ids=list(item.files.get(each.step, ())),
            made_at=each.entered_at,
        )
        for each in item.moves
    ]
    now = told(item.row, item.moves[-1], item.shares, around)
    return SupervisedItemHistory.model_validate(now | {"moves": moves})


_OF_MOVE = (
    "step",
    "move",
    "state",
    "due",
    "completion",
    "text",
    "asked",
    "actor",
    "unit",
    "source_ref",
)


def around_of(scheme: Scheme, day: dt.date, calendar: Calendar) -> Around:
    """Return what moves are judged by besides, on a day."""
    bodies = {each.unit: each.body for each in scheme.recusals}
    return Around(day, calendar, last_day(day), scheme.category_of().keys(), bodies)


def reach_of(permit: Permission, scheme: Scheme) -> Reach:
    """Return which items the caller reads, by the rows of its route; refuse who reads none."""
    caller, units = permit.caller, scheme.category_of()
    permit.require(relations_of(permit, scheme))
    roles = {row.role for row in permit.rows} - ({"committee"} if caller.organisation else set())
    stands_in = (each.unit for each in scheme.recusals if each.body == caller.organisation)
    led = scheme.units_of(led_by(scheme, caller.organisation))
    return Reach(
        office="performance_office" in roles,
        own=caller.organisation
        if caller.organisation in units and "assessed_unit" in roles
        else None,
        stands_in=frozenset(stands_in if SECOND_BODY in roles else ()),
        led=frozenset(led if ORGANISER in roles else ()),
        not_confidential=bool(roles & {"auditor", "committee"}),
        rules="committee" in roles,
    )


def relations_of(permit: Permission, scheme: Scheme) -> set[str]:
    """Return the relations that hold between the caller's unit and the items of a scheme."""
    own = permit.caller.organisation
    related: Mapping[str, bool] = {
        "own_unit": own in scheme.category_of(),
        SECOND_BODY: any(own and each.body == own for each in scheme.recusals),
        ORGANISER: bool(led_by(scheme, own)),
        UNAFFILIATED: own is None,
    }
    return {word for word, holds in related.items() if holds}
