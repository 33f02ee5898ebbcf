"""Services die at any moment; retrying ends in the same totals."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import yaml
from tests.system.conftest import EXAMPLE
from tests.system.harness import in_five_processes

from kaoping.city import read_city
from kaoping.people import OFFICE, People
from kaoping.results import Release
from kaoping.steps import Advance, Steps
from kaoping.system import System
from kaoping.year import Year

POSTING = {"ledger", "verification", "survey", "claims"}
NAMES = ["scoring", "survey", "gateway", "indicators", "ranking"]


class Murder(Steps):
    """Kills one service after another without warning, on every third piece of posting done."""

    def __init__(self, system: System) -> None:
        super().__init__()
        self._system = system
        self._pieces = 0
        self.killed: list[str] = []

    @contextmanager
    def step(self, name: str, total: int = 1) -> Iterator[Advance]:
        with super().step(name, total) as advance:

            def advance_and_kill(pieces: int) -> None:
                advance(pieces)
                self._pieces += 1
                if name in POSTING and self._pieces % 3 == 0:
                    victim = NAMES[len(self.killed) % len(NAMES)]
                    if pid := self._system.pids.get(victim):
                        os.kill(pid, signal.SIGKILL)
                        self.killed.append(victim)

            yield advance_and_kill


def test_kill_9_of_every_service_during_the_posting_changes_no_total():
    """Planted bug: make a new Idempotency-Key for each try in the client's posts. What was done
    before the kill is then posted again, and refused or doubled."""
    expected = yaml.load((EXAMPLE / "county-year.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - BaseLoader makes strings only
    totals = {unit["unit"]: Decimal(unit["final_total"]) for unit in expected["expected"]}
    with in_five_processes() as installation:
        assert installation.system is not None
        administrator = installation.client(installation.administrator)
        with (
            Murder(installation.system) as steps,
            administrator,
            People(administrator, installation.client) as people,
        ):
            year = Year(read_city(EXAMPLE), people, steps)
            year.play()
            release = Release.read(people[OFFICE], year.cycle_id, year.release)
    found = {unit["unit"]: Decimal(unit["final_total"]) for unit in release.ranking["units"]}
    assert found == totals
    assert set(steps.killed) == set(NAMES)
    assert len(steps.killed) >= 8
