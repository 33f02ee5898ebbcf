"""Moves of supervised items: locks while they are decided on, new rows, and nothing changed."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.deadlines import local_day
from chassis.identity import Caller
from scoring.api.items.documents import (
    MovedItem,
    around_of,
    reach_of,
    relations_of,
)
from scoring.peers import Peers
from scoring.queries import hold
from scoring.queries.items import StoredItem, find_items, require_true_items
from scoring.queries.ledger import now, open_ledger, phase_of_ledger
from scoring.rules.duties.owed import years_of
from scoring.rules.items.after import After, after
from scoring.rules.items.given import Share, deciders, with_readers
from scoring.rules.items.standing import Around, ItemActor, Said
from scoring.rules.items.states import (
    ASK_EXTENSION,
    READER,
    REASSIGN,
    REGISTER,
    REGISTERED,
)
from scoring.rules.ledger.states import OPEN, SECOND_BODY, require_open
from scoring.rules.scheme.document import Scheme
from scoring.tables.items import ItemEvidenceRow, ItemMoveRow, ItemRow, ItemUnitRow

HELD = "supervised-items"
"""The word by which commands about items wait for one another."""


@dataclass(frozen=True, slots=True)
class Held:
    """Items that no other command moves until the commit, and what moves are judged by."""

    scheme: Scheme
    moment: dt.datetime
    around: Around
    found: dict[UUID, StoredItem]
    phase: str


def actor_of(
    shares: Sequence[Share], scheme: Scheme, caller: Caller, by: Collection[str]
) -> ItemActor:
    """Return a caller as who makes a move of an item that is given to some units; where the scheme
    names a body for one of these, that decides in the place of the office."""
    bodies = deciders(shares, {each.unit: each.body for each in scheme.recusals})
    stands_in = SECOND_BODY in caller.roles
    decides = bodies is None if not stands_in else caller.organisation in (bodies or ())
    return ItemActor(caller.person, caller.organisation, by, decides)


async def hold_items(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    ask: Peers,
    ids: Sequence[UUID],
    *,
    while_open: bool = False,
) -> Held:
    """Keep other commands from the items until the commit, and the ledger in its phase; refuse one
    that is sealed where a move is made `while_open` alone."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reach = reach_of(reading_of(permit), scheme)
    moment = await now(db)
    calendar = await ask.working_days(years_of(scheme.assessment_year), moment)
    await open_ledger(db, cycle_id)
    phase = await phase_of_ledger(db, cycle_id)
    if while_open:
        require_open(phase)
    permit.require(relations_of(permit, scheme), phase)
    await hold(db, HELD, cycle_id)
    await require_true_items(db, cycle_id)
    moment = await now(db)
    day = local_day(moment, scheme.time_zone)
    found = await find_items(db, cycle_id, ids, reach)
    return Held(scheme, moment, around_of(scheme, day, calendar), found, phase)


def reading_of(permit: Permission) -> Permission:
    """Return what the table lets the caller read of items, whatever the scope of their token."""
    caller, matrix = permit.caller, permit.matrix
    return Permission(caller, matrix.rows_for(_READS, caller.roles), matrix)


_READS = "GET /api/v1/cycles/{cycle_id}/supervised-items"


async def store_item(
    db: AsyncSession,
    cycle_id: UUID,
    caller: Caller,
    moment: dt.datetime,
    said: Mapping[str, object],
    shares: Sequence[Share],
) -> UUID:
    """Add an item as it is registered, and return its id; readers have a share of nothing."""
    key = {"cycle_id": cycle_id, "item_id": uuid4()}
    by = {"author": caller.subject, "author_person": caller.person, "registered_at": moment}
    db.add(ItemRow(**key, **said, **by))
    await db.flush()
    db.add(
        ItemMoveRow(
            **key,
            step=1,
            move=REGISTER,
            state=REGISTERED,
            completion=0,
            assigned=1,
            actor=caller.subject,
            person=caller.person,
            unit=caller.organisation,
            entered_at=moment,
        )
    )
    await db.flush()
    db.add_all(ItemUnitRow(**key, step=1, **each._asdict()) for each in shares)
    await db.flush()
    return key["item_id"]


async def store_move(
    db: AsyncSession,
    held: Held,
    item: StoredItem,
    said: Said,
    caller: Caller,
    files: Sequence[UUID] = (),
    source_ref: str | None = None,
) -> MovedItem:
    """Add a move of an item, and how it stands after it."""
    then = after(item.now(held.scheme.time_zone), said, held.around)
    last = item.moves[-1]
    key = {"cycle_id": item.row.cycle_id, "item_id": item.row.item_id, "step": last.step + 1}
    assigned = key["step"] if said.move == REASSIGN else last.assigned
    asked = last.asked
    if said.move == ASK_EXTENSION:
        asked = said.term.due(held.around.day, held.around.calendar)
    row = ItemMoveRow(
        **key,
        **_standing(then),
        move=said.move,
        asked=asked,
        assigned=assigned,
        text=said.text,
        actor=caller.subject,
        person=caller.person,
        unit=caller.organisation,
        source_ref=source_ref,
        entered_at=held.moment,
    )
    db.add(row)
    await db.flush()
    if said.move == REASSIGN:
        readers = [each.unit for each in item.shares if each.role == READER]
        shares = with_readers(said.shares, readers)
        db.add_all(ItemUnitRow(**key, **each._asdict()) for each in shares)
    db.add_all(ItemEvidenceRow(**key, evidence_id=each) for each in dict.fromkeys(files))
    await db.flush()
    return moved_item(row, held.phase)


def moved_item(row: ItemMoveRow, phase: str) -> MovedItem:
    """Return how an item stands after a move, in a phase of the ledger, without a receipt."""
    return MovedItem(
        item_id=row.item_id,
        step=row.step,
        state=row.state,
        due=row.due,
        ledger_sealed=phase != OPEN,
        receipt=None,
    )


def _standing(then: After) -> dict[str, object]:
    clock = then.clock
    return {
        "state": then.state,
        "due": clock.due,
        "days_left": clock.days_left,
        "term": clock.term,
        "done_on": clock.done_on,
        "completion": then.completion,
        "report_due": then.report_due,
    }
