"""The steps of long work: a progress bar each on standard error, and how long each took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

Advance = Callable[[int], None]


class Steps:
    """Shows and times one step after another."""

    def __init__(self) -> None:
        self.seconds: dict[str, Decimal] = {}
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description:<16}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    @contextmanager
    def step(self, name: str, total: int = 1) -> Iterator[Advance]:
        """Time a step of `total` pieces; what is given back says that some are done."""
        task = self._progress.add_task(name, total=total)
        started = time.perf_counter()
        yield lambda pieces: self._progress.advance(task, pieces)
        spent = Decimal(f"{time.perf_counter() - started:.3f}")
        self.seconds[name] = self.seconds.get(name, Decimal(0)) + spent
        self._progress.update(task, completed=total)

    @property
    def total_seconds(self) -> Decimal:
        """How long all steps took together."""
        return sum(self.seconds.values(), Decimal(0))
