"""Services that are killed, one after another, while a year is posted."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from kaoping.steps import Advance, Steps
from kaoping.system import System

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
