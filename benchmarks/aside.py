"""Small requests while something large is done: how much longer the slowest of a hundred take."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
from benchmarks.load import Load, Plan, loaded
from benchmarks.measuring import heading
from benchmarks.posting import Collector
from benchmarks.requests import Bench, events_of, running

from kaoping.plan import OFFICE

CLIENTS, PAUSE, REQUESTS = 8, 0.05, 800
"""Each client asks, and then waits as a person would, if shorter."""


@contextmanager
def _again_and_again(work: Callable[[int], object]) -> Iterator[list[int]]:
    """Do something over and over meanwhile; give how often it was done."""
    done, is_over = [0], threading.Event()

    def run() -> None:
        while not is_over.is_set():
            work(done[0])
            done[0] += 1

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield done
    finally:
        is_over.set()
        thread.join()


def _large(bench: Bench, http: httpx.Client) -> dict[str, Callable[[int], object]]:
    office, collector = bench.people[OFFICE], Collector(bench)
    # Made beforehand: to make one takes this process longer than the system takes to store it.
    batches = iter([(f"A{n}", collector.rows(20_000)) for n in range(60)])

    def post(_: int) -> object:
        return collector.post(http, *next(batches))

    return {
        "score sheets are computed": lambda _: office.post(f"{bench.year.path}/score-sheets", {}),
        "batches of 20,000 answers come in": post,
    }


def _small(bench: Bench) -> dict[str, Plan]:
    cycle = f"/cycles/{bench.year.cycle_id}"
    poster, bodies = events_of(bench.year)
    bench.people[poster].get(cycle)
    plans = {
        "read a cycle": bench.plan("GET", cycle, OFFICE, REQUESTS, clients=CLIENTS),
        "post a ledger entry": bench.plan(
            "POST", f"{cycle}/ledger-entries", poster, REQUESTS, clients=CLIENTS, bodies=bodies
        ),
    }
    return {name: replace(plan, pause=PAUSE) for name, plan in plans.items()}


def _told(load: Load) -> str:
    good = sum(n for status, n in load.statuses.items() if status in ("200", "201"))
    lost = sum(load.statuses.values()) - good
    return f"p50 {load.median * 1000:5.1f} p99 {load.p99 * 1000:6.1f} ms" + (
        f", {lost} refused" if lost else ""
    )


def measure() -> None:
    """Ask for something small, alone and beside each large thing, in turns."""
    with (
        running() as bench,
        httpx.Client(base_url=bench.system.gateway_url, timeout=120, trust_env=False) as http,
    ):
        bench.year.post_entries(lambda _: None)
        heading("small requests beside large ones")
        large = _large(bench, http)
        for small, plan in _small(bench).items():
            loaded(plan)
            alone = loaded(plan.anew())
            print(f"{small}, alone: {_told(alone)}", flush=True)
            for name, work in large.items():
                with _again_and_again(work) as done:
                    beside = loaded(plan.anew())
                ratio = beside.p99 / alone.p99
                told = f"{small}, while {name} ({done[0]} times): {_told(beside)}, ×{ratio:.1f}"
                print(told, flush=True)
