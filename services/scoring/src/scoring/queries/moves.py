"""Statements that move entries from state to state, and the questions which there are to move."""

import typing
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CursorResult,
    Text,
    insert,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of, numbered, record_for
from scoring.queries.ledger import looked_up
from scoring.queries.planning import AS_ALWAYS, IN_ORDER
from scoring.rules.ledger.entries import PROGRESS_REPORT
from scoring.rules.ledger.states import SUBMITTED
from scoring.tables.ledger import (
    LedgerEntryStateRow,
)

MOST_AT_ONCE = 20_000
"""How many entries one statement moves: the server stops one that takes half a minute."""


async def keep_states(db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID]) -> None:
    """Keep beside these entries, and in the order of arrival, the states that were added to them.

    Whoever adds a state says so next: no question needs the whole history, and a state that was
    forgotten here contradicts it (`contradicting_entries`).
    """
    await (await driver_of(db)).execute("SELECT keep_latest_states($1, $2)", cycle_id, [*ids])


async def move_all(db: AsyncSession, cycle_id: UUID, former: str, state: str, actor: str) -> int:
    """Add a state to every entry of a cycle that is in the `former` one; count them."""
    driver, moved, last = await driver_of(db), 0, 0
    # As they came: they are not collected and sorted anew for each part.
    await driver.execute(IN_ORDER)
    move_part = await numbered(db, _MOVE_PART, "ledger_entry_state")
    while last is not None:
        about = cycle_id, former, last, MOST_AT_ONCE, state, actor
        part = cycle_id, former, last
        last, number = await driver.fetchrow(move_part, *about)
        if last is not None:
            await driver.execute(_KEEP_PART, *part, last)
        moved += number
    await driver.execute(AS_ALWAYS)
    return moved


# The number by which the journal vouches for the rows is asked for once, and not for each of them.
_MOVE_PART = """
    WITH part AS MATERIALIZED (
      SELECT s.number, s.entry_id FROM ledger_entry_standing s
      WHERE s.cycle_id = $1 AND s.state = $2 AND s.number > $3 ORDER BY s.number LIMIT $4),
    moved AS (
      INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor, record)
      SELECT $1, e.entry_id, e.step + 1, $5, $6, (SELECT journal_record('ledger_entry_state'))
      FROM part CROSS JOIN LATERAL (SELECT * FROM ledger_entry l
        WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = part.entry_id OFFSET 0) e
      RETURNING 1)
    SELECT max(number), (SELECT count(*) FROM moved) FROM part
    """
# They stand as they did until this is said of them.
_KEEP_PART = """
    SELECT keep_latest_states($1, ARRAY(SELECT s.entry_id FROM ledger_entry_standing s
      WHERE s.cycle_id = $1 AND s.state = $2 AND s.number > $3 AND s.number <= $4))
    """


async def move_entries(
    db: AsyncSession,
    cycle_id: UUID,
    ids: Sequence[UUID],
    state: str,
    actor: str,
    reason: str | None = None,
    person: str | None = None,
) -> int:
    """Add a state to each of these entries; count them.

    `person` is the human being behind the account `actor`, where it is a decision.
    """
    entry = looked_up(cycle_id, ids)
    words = {"state": state, "actor": actor, "person": person, "reason": reason}
    told = [literal(word, Text()) for word in words.values()]
    record = await record_for(db, "ledger_entry_state")
    following = select(entry.cycle_id, entry.entry_id, entry.step + 1, *told, record)
    columns = ["cycle_id", "entry_id", "step", *words, "record"]
    done = await db.execute(insert(LedgerEntryStateRow).from_select(columns, following))
    await keep_states(db, cycle_id, ids)
    return typing.cast(CursorResult[Any], done).rowcount


async def entries_in(
    db: AsyncSession,
    cycle_id: UUID,
    states: Collection[str],
    units: Collection[str] | None = None,
) -> list[tuple[int, UUID]]:
    """Return numbers and ids of the entries that are in one of these states, of all units or of
    some, as they came; without progress reports that were handed in, which wait for nobody."""
    if units is None:
        statement, keys = _IN_STATES.format("s.state"), list(states)
    else:
        # The expression of the index, so that no other one serves.
        statement = _IN_STATES.format("s.unit || ' ' || s.state")
        keys = [f"{unit} {state}" for unit in units for state in states]
    rows = await (await driver_of(db)).fetch(statement, cycle_id, keys)
    return [(number, entry_id) for number, entry_id in rows]


# Looked up one by one, whatever is guessed of their number: for an order that an index has, the
# planner would look through all entries of the cycle.
_IN_STATES = f"""
    SELECT found.number, found.entry_id FROM unnest($2::text[]) each CROSS JOIN LATERAL (
      SELECT s.number, s.entry_id FROM ledger_entry_standing s
      WHERE s.cycle_id = $1 AND {{}} = each
        AND NOT (s.kind = '{PROGRESS_REPORT}' AND s.state = '{SUBMITTED}') OFFSET 0) found
    ORDER BY found.number
    """  # noqa: S608 - names of our own
