"""What a read costs of whoever hands in before a deadline, one at a time: milliseconds of the
processor by process, beside a query by a bare proxy that is asked in turns with it."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import count
from urllib.parse import quote

import benchmarks.handing_in as handing_in
import uvloop
from benchmarks.cities import City, established, founding
from benchmarks.deadline import SETTINGS, Bench
from benchmarks.handing_in import LOOKS, OF_THE_OFFICE, Errand, Handing, Stretch, files, piles_of
from benchmarks.open_loop import OpenLoop, Request, session
from benchmarks.reference_city import EXAMPLE
from benchmarks.requests import bare_app, bare_database
from benchmarks.rush import Owed, dues, heaviest

from kaoping.city import daily_plan, read_city
from kaoping.plan import COLLEAGUE, OFFICE
from kaoping.system import System

CITIES, BEFORE, WARM, TIMES = 2, 3, 20, 100
"""Of so many cities so many errands each come before, and so many reads of a kind unmeasured and
measured."""
RESTING = 4.0
_PARTS = ("gateway", "scoring", "indicators", "survey", "ranking", "postgres")
_BARE = ("bare proxy", "bare query", "postgres")


async def _asked(
    bench: Bench, loop: OpenLoop, kind: str, errands: Sequence[tuple[City, Owed]], times: int
) -> None:
    for n in range(times):
        city, owed = errands[n % len(errands)]
        after = f"&after={quote(city.cursor)}" if city.cursor else ""
        told = {"path": city.path, "period": owed.period, "indicator": owed.indicator}
        who = city.people[OF_THE_OFFICE.get(kind, owed.who)]
        who.tags.clear()  # as at the first time
        url = f"{bench.system.gateway_url}/api/v1{LOOKS[kind].format(after=after, **told)}"
        await loop.ask(0, Request(kind, "GET", url, who))


async def _measured(bench: Bench, loop: OpenLoop, errands: Sequence[tuple[City, Owed]]) -> None:
    bare = f"http://127.0.0.1:{bench.bare['proxy'][0]}/cycle"
    print(f"{'ms of the processor':<22}" + "".join(f"{each:>11}" for each in (*_PARTS, "all", "bare")))
    for kind in LOOKS:
        await _asked(bench, loop, kind, errands, WARM)
        before, began = bench.processor(), asyncio.get_running_loop().time()
        await _asked(bench, loop, kind, errands, TIMES)
        between, seconds = bench.processor(), asyncio.get_running_loop().time() - began
        for _ in range(TIMES):
            await loop.ask(0, Request("bare", "GET", bare))
        after = bench.processor()
        own = [between[p] - before[p] - bench.rest[p] * seconds for p in _PARTS]
        theirs = sum(after[each] - between[each] for each in _BARE)
        shown = [each * 1000 / TIMES for each in (*own, sum(own), theirs)]
        print(f"{kind:<22}" + "".join(f"{each:11.2f}" for each in shown), flush=True)
    for kind, told in loop.told.items():
        for fault, number in told.failed.most_common(2):
            print(f"{kind}: {number} × {fault}")


def measure() -> None:
    """Establish two cities, hand in a little, and measure each kind of read."""
    plan = daily_plan(read_city(EXAMPLE))
    due = heaviest(dues(plan.acts, plan.scheme))
    wanted = {OFFICE, COLLEAGUE, *(each.who for each in due.owed)}
    with ExitStack() as stack:
        system = stack.enter_context(System.temporary(postgres={}, environment=SETTINGS))
        with founding(system) as founders:
            cities = established(founders, plan, wanted, CITIES)
        url = bare_database(system)
        bare = {"query": stack.enter_context(bare_app("query", url))}
        target = f"http://127.0.0.1:{bare['query'][0]}"
        bare["proxy"] = stack.enter_context(bare_app("proxy", target))
        bench = Bench(system, bare, due, piles_of(cities, due), files())

        async def play() -> None:
            few = [Errand(0, c, next(pile)) for _ in range(BEFORE) for c, pile in bench.piles]
            errands = [(city, owed) for owed in due.owed[::4] for city in cities]
            await bench.warm()
            await bench._sign_in([*few, *(Errand(0, *each) for each in errands)])
            async with session() as opened:
                loop = OpenLoop(opened)
                handing = Handing(system.gateway_url, loop, Stretch("before", 1, 1), bench.files)
                for each in few:
                    await handing.hand_in(each)
                await _measured(bench, loop, errands)
            print(f"load {os.getloadavg()[0]:.1f}")

        uvloop.run(play())
