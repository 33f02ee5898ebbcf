"""A service whose database has a clock of its own, which days can pass on."""

from itertools import count
from uuid import uuid4

import pytest
from services.scoring.tests.conftest import Cycle
from services.scoring.tests.items.working import Items

from service_testing.clocks import Clock, shift


@pytest.fixture(scope="session")
async def shifting(run_service, databases, postgres, others, tmp_path_factory):
    from scoring.app import create_app
    from scoring.settings import Settings

    urls = databases("scoring")
    name = urls.app.rsplit("/", 1)[1].partition("?")[0]
    await shift(postgres.url(name), name)
    kept = tmp_path_factory.mktemp("evidence")
    stores = {"evidence_store": str(kept), "complaint_keys": str(kept / "complaint-keys")}
    more = {"settings": Settings, "urls": urls, **stores}
    return await run_service("scoring", create_app, peers=others, **more)


@pytest.fixture(scope="session")
def clock(shifting) -> Clock:
    return Clock(shifting)


@pytest.fixture(scope="session")
def new_items(shifting):
    """A factory of cycles with items, on the clock that days pass on."""
    numbers = count(1)

    def make() -> Items:
        cycle_id = uuid4()
        path = f"/api/v1/cycles/{cycle_id}"
        return Items(Cycle(shifting, cycle_id, path, next(numbers)))

    return make


@pytest.fixture
def items(new_items) -> Items:
    return new_items()
