"""The last minutes before a deadline, of a hundred cities, against five processes on this machine.

Cities are jurisdictions with the reference city's scheme, and their people hand in what
`benchmarks.rush` says is due, at the pace that it says: the real one, of a part of a hundred cities
(`share`) where the machine is small. Nobody waits for another's answer (`benchmarks.open_loop`).
Reads and commands alone tell what each costs; a bare stack that is asked as often, in the same run,
tells what the machine is.
"""

import asyncio
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import uvloop
from benchmarks.cities import City, established, founding
from benchmarks.handing_in import CITIES, Errand, Handing, Stretch, files, piles_of
from benchmarks.measuring import processor_of, processor_of_children
from benchmarks.open_loop import OpenLoop, Person, Request, at_most, session
from benchmarks.reference_city import EXAMPLE, UNLIMITED
from benchmarks.requests import bare_app, bare_database
from benchmarks.rush import HOUR, Due, Owed, dues, fullest, heaviest, offered

from kaoping.city import daily_plan, read_city
from kaoping.plan import COLLEAGUE, OFFICE, EvidenceFile
from kaoping.system import System

SHARES, SECONDS = (0.0625, 0.125, 0.25), 60
FEW, SHORT_SECONDS = 10, 30
PATIENCE = 180.0
"""Seconds after the deadline that answers are waited for."""
RESTING = 10.0
"""Seconds for which a system is looked at while nobody asks anything."""
SIGNING_IN = 4
"""From one address so many may wait to be signed in."""
# Years are played in minutes: nobody signs in anew, and hashing is cheap, as it is no part of this.
SETTINGS = UNLIMITED | {
    "TOKEN_SECONDS": "14400",
    "LONGEST_TOKEN_SECONDS": "14400",
    "ARGON2_MEMORY": "64",
    "ARGON2_PASSES": "1",
    "ARGON2_LANES": "1",
}


@dataclass
class Bench:
    """A system, its cities, and the bare apps on its database server."""

    system: System
    bare: Mapping[str, tuple[int, int]]
    due: Due
    piles: Sequence[tuple[City, Iterator[Owed]]]
    files: Iterator[EvidenceFile]
    rest: dict[str, float] = field(default_factory=dict)
    """Seconds of a processor that each process takes in a second while nobody asks anything."""

    def processor(self) -> dict[str, float]:
        """Return the processor seconds of each process so far."""
        server = int((self.system.postgres.data / "postmaster.pid").read_text().split()[0])
        return {
            **{name: processor_of(pid) for name, pid in self.system.pids.items()},
            **{f"bare {name}": processor_of(pid) for name, (_, pid) in self.bare.items()},
            "postgres": processor_of_children(server),
            "asking": time.process_time(),
        }

    async def play(self, stretch: Stretch) -> OpenLoop:
        """Play a stretch and print what came of it."""
        errands = stretch.errands(self.due, self.piles)
        await self._sign_in(errands)
        before = self.processor()
        async with session() as opened:
            loop = OpenLoop(opened)
            handing = Handing(self.system.gateway_url, loop, stretch, self.files)
            tasks = [asyncio.create_task(handing.hand_in(each)) for each in errands]
            left = await _waited(tasks, stretch.seconds + PATIENCE)
            seconds = asyncio.get_running_loop().time() - loop.began
        spent = _spent(before, self.processor())
        title = (
            f"{stretch.name}: the last {stretch.seconds} s of {stretch.share:g} of {CITIES} cities,"
            f" {len(errands)} errands"
        )
        told(title, loop, seconds, self.beyond_rest(spent, seconds), left)
        return loop

    async def warm(self) -> None:
        """Have somebody of each city look at everything once, unmeasured; then see what a system
        takes at rest."""
        stretch = Stretch("warming", 0, 0, commands=False)
        errands = [Errand(0, city, next(pile)) for city, pile in self.piles]
        await self._sign_in(errands)
        places = asyncio.Semaphore(SIGNING_IN)
        async with session() as opened:
            loop = OpenLoop(opened)
            handing = Handing(self.system.gateway_url, loop, stretch, self.files)

            async def look(errand: Errand) -> None:
                async with places:
                    await handing.hand_in(errand)

            await asyncio.gather(*map(look, errands))
        before = self.processor()
        await asyncio.sleep(RESTING)
        self.rest = {k: s / RESTING for k, s in _spent(before, self.processor()).items()}
        shown = ", ".join(f"{name} {each:.3f}" for name, each in self.rest.items())
        print(f"cores at rest: {shown}", flush=True)

    async def play_bare(self, begun: Sequence[tuple[float, bool]]) -> None:
        """Ask the bare stack as often, at the same moments."""
        before = self.processor()
        body = b'{"unit": "X", "indicator": "C01", "kind": "event", "note": "bare"}'
        post = f"http://127.0.0.1:{self.bare['insert'][0]}/promised"
        get = f"http://127.0.0.1:{self.bare['proxy'][0]}/cycle"
        async with session() as opened:
            loop = OpenLoop(opened)
            asks = (
                Request("insert, promised", "POST", post, None, body, key=f"bare-{n}")
                if is_command
                else Request("one query, by a proxy", "GET", get)
                for n, (_, is_command) in enumerate(begun)
            )
            tasks = [
                asyncio.create_task(loop.ask(at, request))
                for (at, _), request in zip(begun, asks, strict=True)
            ]
            left = await _waited(tasks, begun[-1][0] + PATIENCE)
            seconds = asyncio.get_running_loop().time() - loop.began
        spent = self.beyond_rest(_spent(before, self.processor()), seconds)
        told("the bare stack, asked as often", loop, seconds, spent, left)

    def beyond_rest(self, spent: Mapping[str, float], seconds: float) -> dict[str, float]:
        """Return what processes took beyond what they take at rest."""
        return {name: each - self.rest[name] * seconds for name, each in spent.items()}

    async def _sign_in(self, errands: Sequence[Errand]) -> None:
        wanted = {
            (each.city.code, who): each.city
            for each in errands
            for who in (each.owed.who, OFFICE, COLLEAGUE)
        }
        places = asyncio.Semaphore(SIGNING_IN)
        url = f"{self.system.gateway_url}/oauth/token"
        async with session() as opened:

            async def sign_in(city: City, who: str) -> None:
                async with places, opened.post(url, data=city.credentials[who].form) as answer:
                    answer.raise_for_status()
                    city.people[who] = Person((await answer.json())["access_token"])

            await asyncio.gather(
                *(sign_in(city, who) for (_, who), city in wanted.items() if who not in city.people)
            )


async def _waited(tasks: Sequence["asyncio.Task[Any]"], seconds: float) -> int:
    """Wait for all of them, so long at most; return how many were not done."""
    done, pending = await asyncio.wait(tasks, timeout=seconds)
    for each in pending:
        each.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for each in done:
        each.result()
    return len(pending)


def _spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after}


def told(title: str, loop: OpenLoop, seconds: float, spent: Mapping[str, float], left: int) -> None:
    """Print a stretch: each kind, all together, and what each process took."""
    print(f"\n{title}")
    print(f"{'':<24} {'offered':>8} {'a second':>9} {'answered':>9} {'p50':>9} {'p99':>9}  refused")
    everything = list(loop.told.items())
    for kind, each in sorted(everything):
        answered = len(each.took) - each.failed.total()
        print(
            f"{kind:<24} {each.offered:>8} {each.offered / seconds:>9.1f} {answered:>9}"
            f" {at_most(each.took, 50) * 1000:>6.0f} ms {at_most(each.took, 99) * 1000:>6.0f} ms"
            f"  {each.refused or ''}"
        )
        for fault, number in each.failed.most_common(2):
            print(f"  {number} × {fault}")
    number = len(loop.begun)
    commands = sum(is_command for _, is_command in loop.begun)
    begun = sorted(at for at, _ in loop.begun)
    print(
        f"{seconds:.0f} s, {number} requests, {commands} of them commands; {number / seconds:.0f} a"
        f" second, {busiest(begun):.0f} in the busiest ten; errands without an end: {left};"
        f" load {os.getloadavg()[0]:.1f}"
    )
    cores = ((name, each / seconds) for name, each in spent.items())
    shown = ", ".join(f"{name} {each:.2f}" for name, each in cores if each >= 0.005)
    print(f"cores beyond rest: {shown}; {sum(spent.values()) / seconds:.2f} together")
    each = ((name, whole * 1000 / number) for name, whole in spent.items())
    shown = ", ".join(f"{name} {ms:.2f}" for name, ms in each if ms >= 0.005)
    print(f"core-milliseconds a request: {shown}", flush=True)


def busiest(begun: Sequence[float], seconds: float = 10.0) -> float:
    """Return how many begin a second in the stretch of so many seconds in which most do."""
    last, most = 0, 0
    for n, at in enumerate(begun):
        while begun[last] <= at - seconds:
            last += 1
        most = max(most, n - last + 1)
    return most / seconds


def say_due(due: Due) -> None:
    """Print what is due, when it comes, and what cities offer then."""
    requests, errands = due.requests(), len(due.owed)
    print(
        f"\n{due.period}, due {due.day}: {due.entries:,} entries in {errands:,} errands of a city,"
        f" {requests.total():,} requests; {due.window:,.0f} working minutes; of it"
        f" {due.coming(HOUR):.1%} in the last hour, {due.coming(1):.1%} in the last minute"
    )
    print(", ".join(f"{kind} {number:,}" for kind, number in requests.items()))
    for name, cities in (("a city", 1), ("a hundred", CITIES), ("three thousand", 3000)):
        hour, minute = offered(due, cities, HOUR), offered(due, cities, 1)
        print(
            f"{name:<16} in the last hour {hour.requests:9.1f} requests a second,"
            f" {hour.writes:8.1f} commands, {hour.entries:8.1f} entries; in the last minute"
            f" {minute.requests:10.1f}, {minute.writes:9.1f}, {minute.entries:9.1f}"
        )


def run(number: int, stretches: Sequence[Stretch]) -> None:
    """Establish so many cities and play stretches, then the bare stack as the first of them."""
    plan = daily_plan(read_city(EXAMPLE))
    found = dues(plan.acts, plan.scheme)
    due = heaviest(found)
    say_due(fullest(found))
    say_due(due)
    wanted = {OFFICE, COLLEAGUE, *(each.who for each in due.owed)}
    # Durable, as an installation is: what is answered has reached the disk.
    with ExitStack() as stack:
        system = stack.enter_context(System.temporary(postgres={}, environment=SETTINGS))
        began = time.perf_counter()
        with founding(system) as founders:
            cities = established(founders, plan, wanted, number)
        print(f"{number} cities established in {time.perf_counter() - began:.0f} s", flush=True)
        bare, url = {}, bare_database(system)
        for name in ("insert", "query"):
            bare[name] = stack.enter_context(bare_app(name, url))
        target = f"http://127.0.0.1:{bare['query'][0]}"
        bare["proxy"] = stack.enter_context(bare_app("proxy", target))
        bench = Bench(system, bare, due, piles_of(cities, due), files())

        async def play() -> None:
            await bench.warm()
            loops = [await bench.play(each) for each in stretches]
            await bench.play_bare(sorted(loops[0].begun))

        uvloop.run(play())


def measure() -> None:
    """Play the last half minute of ten cities: so many are a tenth."""
    run(FEW, [Stretch("all", FEW / CITIES, SHORT_SECONDS)])


def measure_long() -> None:
    """Play the last minute of shares of a hundred cities, and reads and commands alone."""
    alone = [
        Stretch("reads alone", SHARES[0], SECONDS, commands=False),
        Stretch("commands alone", SHARES[0], SECONDS, reads=False),
    ]
    run(CITIES, [*(Stretch(f"all at {each:g}", each, SECONDS) for each in SHARES), *alone])
