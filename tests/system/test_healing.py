"""Services die at any moment; retrying ends in the same totals."""

import os
import signal
import threading
from decimal import Decimal

import yaml
from tests.system.conftest import EXAMPLE
from tests.system.harness import in_five_processes

from kaoping.city import read_city
from kaoping.people import OFFICE, People
from kaoping.results import Release
from kaoping.steps import Steps
from kaoping.year import Year


def kill_in_turn(system, stop: threading.Event, killed: list[str]) -> None:
    """Kill one service after another without warning, twice a second, until told to stop."""
    names = ["scoring", "survey", "gateway", "indicators", "ranking"]
    while not stop.wait(0.5):
        name = names[len(killed) % len(names)]
        if pid := system.pids.get(name):
            os.kill(pid, signal.SIGKILL)
            killed.append(name)


def test_kill_9_of_every_service_during_the_posting_changes_no_total():
    """Planted bug: leave the Idempotency-Key out of the client's posts, or make a new one for
    each try: entries are then stored twice, and totals change."""
    expected = yaml.load((EXAMPLE / "county-year.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - BaseLoader makes strings only
    totals = {unit["unit"]: Decimal(unit["final_total"]) for unit in expected["expected"]}
    stop, killed = threading.Event(), list[str]()
    with in_five_processes() as installation, Steps() as steps:
        administrator = installation.client(installation.administrator)
        with administrator, People(administrator, installation.client) as people:
            killer = threading.Thread(
                target=kill_in_turn, args=(installation.system, stop, killed), daemon=True
            )
            killer.start()
            year = Year(read_city(EXAMPLE), people, steps)
            try:
                year.play()
            finally:
                stop.set()
                killer.join()
            release = Release.read(people[OFFICE], year.cycle_id, year.release)
    found = {unit["unit"]: Decimal(unit["final_total"]) for unit in release.ranking["units"]}
    assert found == totals
    assert set(killed) == {"scoring", "survey", "gateway", "indicators", "ranking"}
