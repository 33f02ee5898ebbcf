"""A pytest plugin that tells the runner what came of each test, by what, and whose code ran.

It is loaded by the runner alone (`-p tests.guarantees.watching`), which names the file to write.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TOLD_IN = "GUARANTEE_TOLD_IN"
OURS = {
    "chassis", "postgres_supervisor", "service_testing", "indicators", "survey", "scoring",
    "ranking", "gateway", "kaoping",
}  # fmt: skip
_outcomes: list[dict[str, Any]] = []


def by_assertion(error: BaseException) -> bool:
    """Return whether a test failed by what it asserts, and not for want of something."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(by_assertion, error.exceptions))
    return isinstance(error, AssertionError | pytest.fail.Exception)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Note what came of a test; that it was set up and taken down is nothing to note."""
    report = yield
    if report.when == "call" or report.outcome != "passed":
        error = call.excinfo and call.excinfo.value
        _outcomes.append(
            {
                "test": item.nodeid,
                "outcome": report.outcome,
                "asserted": bool(error) and by_assertion(error),
                "error": f"{type(error).__name__}: {error}"[:300] if error else None,
            }
        )
    return report


def elsewhere(root: Path) -> Iterator[str]:
    """Name modules of ours that were imported from another tree than that of the tests."""
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.partition(".")[0] in OURS and file and not Path(file).is_relative_to(root):
            yield f"{name} from {file}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what is told."""
    told = {"outcomes": _outcomes, "elsewhere": list(elsewhere(session.config.rootpath))}
    Path(os.environ[TOLD_IN]).write_text(json.dumps(told, ensure_ascii=False), "utf-8")
