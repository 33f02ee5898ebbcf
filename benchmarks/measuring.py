"""How the benchmarks measure and print: medians, ratios within one run, memory of a process."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]


def heading(what: str) -> None:
    """Print what the following lines are about."""
    print(f"\n{what:<46} {'ours':>12} {'theirs':>12}")


def say(name: str, ours: float, theirs: float, what: str) -> None:
    """Print one comparison of two times in seconds."""
    ratio = ours / theirs
    print(f"{name:<46} {ours * 1000:9.1f} ms {theirs * 1000:9.1f} ms   ×{ratio:.2f}  {what}")


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


def memory_of(module: str, *arguments: str) -> float:
    """Return the peak memory, in MiB, that a benchmark's module prints as its last line."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - this interpreter and our own modules
    return float(done.stdout.splitlines()[-1])
