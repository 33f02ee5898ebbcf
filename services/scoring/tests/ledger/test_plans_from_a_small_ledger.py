"""What a connection planned while there were few entries serves when there are many."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.identity import Caller
from scoring.api.ledger.keeping import store_entries
from scoring.queries.clashes import entries_beside, hold_ledger_for
from scoring.queries.moves import move_entries
from scoring.rules.ledger.likeness import marks_of
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.states import SUBMITTED, VERIFIED

READ = text(
    "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
    " WHERE relname LIKE 'ledger%'"
)
SOURCE = Caller("clerk", frozenset({"data_source_unit"}), "ZH01", "clerk")
EVENT = Draft("XQ01", "C03", "event", "overdue", None, "2025", 1, None, None, date(2025, 1, 2))
VALUE = Draft("XQ01", "C01", "measured_value", "count", None, "2025", 1, None)


@pytest.fixture(scope="module")
async def fresh(run_service, others):
    from scoring.app import create_app
    from scoring.settings import Settings

    return await run_service("scoring", create_app, peers=others, settings=Settings)


async def entered(service, scheme, cycle_id, one: Draft, number: int) -> int:
    """Enter so many events, or values of so many items, and verify one of them; return how many
    rows were read for that."""
    drafts = [one if one is EVENT else replace(one, item=str(uuid4())) for _ in range(number)]
    async with service.app.state.sessions.begin() as db:
        before = await db.scalar(READ)
        marks = marks_of({0: drafts[0]}, EntryForms(scheme))
        held = await hold_ledger_for(db, cycle_id, drafts[:1], scheme, marks)
        assert held.phase == "open"
        assert not await entries_beside(db, cycle_id, drafts[:1], scheme, held)
        ids = await store_entries(db, cycle_id, drafts, SOURCE, SUBMITTED)
        await move_entries(db, cycle_id, ids[:1], VERIFIED, "li")
        return await db.scalar(READ) - before


@pytest.mark.one_machine("rows that are read are counted by one server alone")
@pytest.mark.parametrize("one", [EVENT, VALUE], ids=["events", "items"])
async def test_a_command_reads_as_little_after_many_as_after_few(fresh, scheme, one):
    """Planted bugs: look for the entry of a new state by cycle and id, or have a foreign key do so;
    read all entries that are about the same, or all items of the cell.

    The pool hands out the connection that was used last, so that all is done on one.
    """
    cycle_id = uuid4()
    await entered(fresh, scheme, cycle_id, one, 400)
    for _ in range(7):  # the fifth time a plan is made that is kept
        few = await entered(fresh, scheme, cycle_id, one, 1)
    await entered(fresh, scheme, cycle_id, one, 1000)
    assert await entered(fresh, scheme, cycle_id, one, 1) <= few + 5
