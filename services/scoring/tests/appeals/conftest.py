"""Cycles in which something was fed back, on a clock that days pass on."""

from itertools import count
from uuid import uuid4

import pytest
from services.scoring.tests.appeals.working import Appeals
from services.scoring.tests.conftest import Cycle
from services.scoring.tests.items.conftest import clock, shifting

__all__ = ["clock", "shifting"]

OBJECTIONS = {"file_within": 5, "decide_within": 10}


_MOMENTS = (
    ("feedback", "fed_back_at"),
    ("ledger_entry_state", "entered_at"),
    ("correction_decision", "decided_at"),
)


@pytest.fixture(scope="session")
async def shifted(shifting):
    """The service, whose feedback, entries' states and decisions on corrections are dated by the
    clock that days pass on, too."""
    for table, column in _MOMENTS:
        told = f"ALTER TABLE {table} ALTER {column} SET DEFAULT shifted.clock_timestamp()"
        await shifting.sql(told)
    return shifting


@pytest.fixture(scope="session")
def new_appeals(shifted, others, document):
    """A factory of cycles whose scheme has objections, with a value of XQ01 and one of XQ02 that
    were fed back."""
    numbers = count(1)

    async def make(**more: object) -> Appeals:
        cycle_id = uuid4()
        others.schemes[cycle_id] = document | {"objections": OBJECTIONS | more}
        path = f"/api/v1/cycles/{cycle_id}"
        appeals = Appeals(Cycle(shifted, cycle_id, path, next(numbers)))
        await appeals.feed_back()
        return appeals

    return make


@pytest.fixture
async def appeals(new_appeals) -> Appeals:
    return await new_appeals()
