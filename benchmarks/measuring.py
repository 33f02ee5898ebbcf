"""How the benchmarks measure and print: medians, ratios within one run, memory of a process."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that a piece of work took: by the clock on the wall, and of the processor.

    Where neighbours spoil the first the second still tells.
    """

    wall: float
    processor: float

    @classmethod
    def median(cls, many: Iterable["Spent"]) -> "Spent":
        """Return the medians of several runs."""
        runs = list(many)
        return cls(median(one.wall for one in runs), median(one.processor for one in runs))


def heading(what: str) -> None:
    """Print what the following lines are about."""
    print(f"\n{what:<46} {'ours':>12} {'theirs':>12}")


def say(name: str, ours: float, theirs: float, what: str) -> None:
    """Print one comparison of two times in seconds."""
    ratio = ours / theirs
    print(f"{name:<46} {ours * 1000:9.1f} ms {theirs * 1000:9.1f} ms   ×{ratio:.2f}  {what}")


def say_both(name: str, ours: Spent, theirs: Spent, what: str) -> None:
    """Print one comparison by both clocks; the database's processor time is in the second."""
    say(name, ours.wall, theirs.wall, what)
    say("  of the processor", ours.processor, theirs.processor, what)


def timed(work: Callable[[], Any], times: int) -> float:
    """Return the median seconds of some runs, by the clock on the wall: others work for us too."""
    return _medians([work], times, time.perf_counter)[0]


def taking_turns(works: list[Callable[[], Any]], times: int) -> list[float]:
    """Return the median processor seconds of each of several works, run in turns.

    What is computed in this process alone is measured so that a neighbour does not slow it down.
    """
    return _medians(works, times, time.process_time)


def _medians(works: list[Callable[[], Any]], times: int, clock: Callable[[], float]) -> list[float]:
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, seconds in zip(works, spent, strict=True):
            started = clock()
            work()
            seconds.append(clock() - started)
    return [median(seconds) for seconds in spent]


def peak_memory() -> float:
    """Return the most memory that this process has had so far, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux counts in rusage also what the parent had when it forked
        said = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(said["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def processor_of_children(parent: int) -> float:
    """Return the processor seconds that a process's children have had so far, those that have ended
    to a hundredth.

    Only Linux tells; elsewhere it is none.
    """
    found = _of_the_ended(parent)
    for directory in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # one may end meanwhile
            after_name = (directory / "stat").read_text().rpartition(")")[2].split()
            if int(after_name[1]) == parent:
                found += int((directory / "schedstat").read_text().split()[0])
    return found / 1e9


def _of_the_ended(parent: int) -> int:
    own = Path(f"/proc/{parent}/stat")
    if not own.exists():
        return 0
    ticks = sum(map(int, own.read_text().rpartition(")")[2].split()[13:15]))
    return ticks * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def processor_of(pid: int) -> float:
    """Return the processor seconds that all threads of a process have had so far.

    Only Linux tells; elsewhere it is none.
    """
    found = 0
    for thread in Path(f"/proc/{pid}/task").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # one may end meanwhile
            found += int((thread / "schedstat").read_text().split()[0])
    return found / 1e9


def of_own_process(module: str, *arguments: str) -> list[float]:
    """Return the numbers in the last line that a benchmark's module prints."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - this interpreter and our own modules
    return [float(number) for number in done.stdout.splitlines()[-1].split()]


def memory_of(module: str, *arguments: str) -> float:
    """Return the peak memory, in MiB, that a benchmark's module prints."""
    return of_own_process(module, *arguments)[-1]
