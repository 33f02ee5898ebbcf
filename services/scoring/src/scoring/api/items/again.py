"""Moves of supervised items that the system of a unit sends again (重复报送)."""

from collections.abc import Sequence
from uuid import UUID

from chassis.deadlines import Calendar, local_day
from chassis.refusals import Fault
from scoring.api.items.documents import MovedItem
from scoring.api.items.keeping import Held, moved_item
from scoring.queries.items import StoredItem
from scoring.rules.items.given import WHOLE
from scoring.rules.items.refusals import refuse_if
from scoring.rules.items.standing import Said
from scoring.rules.items.states import REPLY


def sent_before(
    held: Held, item_id: UUID, unit: str | None, ref: str, said: Said, files: Sequence[UUID]
) -> MovedItem | None:
    """Return how an item stood after the move that a unit has sent under a name before, None where
    it has not; refuse where it says something else now."""
    item = held.found.get(item_id)
    moves = [] if item is None else item.moves
    named = (n for n, each in enumerate(moves) if each.source_ref == ref and each.unit == unit)
    at = next(named, None)
    if item is None or at is None:
        return None
    calendar, zone = held.around.calendar, held.scheme.time_zone
    stored = [*item.files.get(moves[at].step, ())] == [*dict.fromkeys(files)]
    if not stored or not _says(item, at, said, calendar, zone):
        refuse_if([_sent_otherwise(ref)])
    return moved_item(moves[at], held.phase)


def _says(item: StoredItem, at: int, said: Said, calendar: Calendar, zone: str) -> bool:
    """Say whether a move said the very same, but for its files."""
    row, completion = item.moves[at], said.completion
    if completion is None:
        completion = WHOLE if said.move == REPLY else item.moves[at - 1].completion
    before = item.moves[at - 1].asked
    day = local_day(row.entered_at, zone)
    asked = said.term.due(day, calendar) if said.term.is_given else before
    told = said.move, said.text, completion, asked
    return told == (row.move, row.text, row.completion, row.asked)


def _sent_otherwise(ref: str) -> Fault:
    return Fault(
        "/source_ref",
        "sent-before",
        f"Under {ref} the unit has sent something else about the item.",
        f"本单位已以来源记录号 {ref} 报送过不同的内容。",
    )
