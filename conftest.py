"""What holds for all tests of the workspace."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import gateway as gateway  # a folder of this name must not hide the package from the tests
from chassis.serving import collect_garbage_rarely

SERVICES = Path(__file__).parent / "services"
INSTALLATIONS = ("one process", "five processes")
LONGEST = "tests/console/"
"""What one worker has to itself for longest: it comes first, so that none waits for it at the end.
"""
SLOW = ("async def test", "from hypothesis", "import subprocess")


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Put first what takes longest, and mark the tests of pure rules: those of a service that ask
    for no database; and leave out, on a cluster, those of what one server does alone.

    Properties that are tried on drawn data are not among them: they look for what nobody thought
    of, and take their time.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    for item in items:
        is_ours = item.path.is_relative_to(SERVICES) and "postgres" not in item.fixturenames
        is_drawn = getattr(item.obj, "is_hypothesis_test", False)
        if is_ours and not is_drawn:
            item.add_marker("rules")
        alone = item.get_closest_marker("one_machine")
        if alone is not None and os.environ.get("CITUS_BIN"):
            item.add_marker(pytest.mark.skip(reason=alone.args[0]))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what takes its time when only the rules are wanted.

    That is tests over HTTP, and properties tried on drawn data, shuffles and other processes.
    """
    is_test = collection_path.suffix == ".py" and collection_path.name.startswith("test_")
    if config.getoption("-m") == "rules" and is_test:
        text = collection_path.read_text("utf-8")
        return any(word in text for word in SLOW) or None
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # noqa: ANN401 - xdist's
    """Have `--dist loadfile` give all tests of one kind of installation to one worker.

    Otherwise every file of the system's tests would start the system and play the year anew.
    """
    from xdist.scheduler import LoadScopeScheduling

    if config.getoption("dist") != "loadfile":
        return None

    class ByInstallation(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            for kind in INSTALLATIONS:
                if nodeid.startswith("tests/system/") and f"[{kind}" in nodeid:
                    return kind
            # One system for all who come from outside, one for all browsers, one year that is
            # kept day by day, and one of all categories.
            path = nodeid.partition("::")[0]
            years = ("tests/system/whole_year/", "tests/system/all_categories/")
            shared = ("tests/clients/", LONGEST, *years)
            return next((folder for folder in shared if path.startswith(folder)), path)

    return ByInstallation(config, log)


def pytest_collection_finish() -> None:
    """Collect garbage as rarely as a service does, and not over modules, items and schemes."""
    collect_garbage_rarely()


@pytest.fixture(scope="session")
def distributing() -> Mapping[str, Any]:
    """Give what spreads the databases of services over a cluster, of those that have cycles."""
    if not os.environ.get("CITUS_BIN"):
        return {}
    from kaoping.distributing import distribute
    from kaoping.distribution import declared

    return {name: distribute for name, said in declared().items() if said.columns()}
