"""How the tests are shared out among processes: by file, and those of the whole system together."""

import pytest
from xdist.scheduler import LoadFileScheduling

SYSTEM = "tests/system"


class Scheduling(LoadFileScheduling):
    """Gives each file to one process, and all files about the whole system to the same one.

    They share a system and the year that was played in it. File by file each would start its own.
    """

    def _split_scope(self, nodeid: str) -> str:
        return SYSTEM if nodeid.startswith(f"{SYSTEM}/") else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    """Return how tests are shared out, where they are at all."""
    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None
