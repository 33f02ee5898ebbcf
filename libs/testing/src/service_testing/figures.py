"""How many times something was tried: tests report it, and whoever runs them adds it up."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

FIGURES_FILE = "FIGURES_FILE"
"""The environment variable that names the file to which figures are added, a line for each."""

Figure = Callable[[str, int], None]


@pytest.fixture(scope="session")
def figure() -> Figure:
    """Give a function that reports how many of something a test has reached.

    ``figure("acknowledged writes", 10_234)``; what is reported under one key is added up. Without
    the environment variable nothing is kept.
    """

    def report(key: str, value: int) -> None:
        if path := os.environ.get(FIGURES_FILE):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps([key, value], ensure_ascii=False) + "\n")

    return report
