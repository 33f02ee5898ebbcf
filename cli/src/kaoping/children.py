"""The processes of a part that its supervisor knows of: the one that serves, those before it, and
the one after it."""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from kaoping.parts import Part


@dataclass(eq=False)
class Process:
    """A process that was started to serve."""

    pid: int
    line: int | None
    """Where it says how it is, until it has hung up."""
    started: float
    is_ready: bool = False
    killed_at: float = math.inf
    """When it is killed if it is still there, or still stopped, then."""

    def hang_up(self) -> None:
        """Listen to it no longer."""
        if self.line is not None:
            os.close(self.line)
            self.line = None


@dataclass(eq=False)
class Child:
    """A part, and its processes."""

    part: Part
    now: Process | None = None
    """The one that serves."""
    successor: Process | None = None
    """The one that takes its place when it is ready."""
    leaving: list[Process] = field(default_factory=list)
    due: float = 0.0
    deaths: int = 0
    was_steady: bool = False

    def all(self) -> Iterator[Process]:
        """Return every process of the part that has not ended."""
        return (each for each in (self.now, self.successor, *self.leaving) if each is not None)
