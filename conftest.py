"""What holds for all tests of the workspace."""

from pathlib import Path

import pytest

import gateway as gateway  # a folder of this name must not hide the package from the tests

SERVICES = Path(__file__).parent / "services"


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark the tests of pure rules: those of a service that ask for no database."""
    for item in items:
        if item.path.is_relative_to(SERVICES) and "postgres" not in item.fixturenames:
            item.add_marker("rules")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files of tests over HTTP when only the rules are wanted: importing them costs."""
    is_test = collection_path.suffix == ".py" and collection_path.name.startswith("test_")
    if config.getoption("-m") == "rules" and is_test:
        return "async def test" in collection_path.read_text("utf-8") or None
    return None
