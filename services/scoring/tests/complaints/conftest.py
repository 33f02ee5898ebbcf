"""Complaints of cycles whose scheme has them, on a database whose clock days can pass on."""

from itertools import count
from uuid import uuid4

import pytest
from services.scoring.tests.complaints.handling import Complaints
from services.scoring.tests.conftest import COMPLAINTS, Cycle
from services.scoring.tests.items.conftest import clock, shifting

__all__ = ["clock", "shifting"]


@pytest.fixture(scope="session")
def new_complaints(shifting, others, document):
    numbers = count(1)

    def make(**policy) -> Complaints:
        cycle_id = uuid4()
        recusals = [{"unit": "XQ05", "body": "ZH31"}]
        more = {"complaints": COMPLAINTS | policy, "recusals": recusals}
        others.schemes[cycle_id] = document | more
        path = f"/api/v1/cycles/{cycle_id}"
        return Complaints(Cycle(shifting, cycle_id, path, next(numbers)))

    return make


@pytest.fixture
def complaints(new_complaints) -> Complaints:
    return new_complaints()
