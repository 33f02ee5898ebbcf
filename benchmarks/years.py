"""What each command and each read of a year costs where an installation holds more years, has more
units, or runs in two instances: whole requests, through the gateway, over TCP."""

import asyncio
import json
import re
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
from benchmarks.reference_city import EXAMPLE, UNLIMITED

from kaoping.card import Credentials
from kaoping.city import plan_of, read_city
from kaoping.client import Client
from kaoping.people import People
from kaoping.plan import OFFICE, Plan
from kaoping.steps import Steps
from kaoping.system import NAMES, System
from kaoping.tables import read_tables
from kaoping.year import Year
from service_testing.multiplied import YEARS_APART, ids_of_cities

STAGES, SHORT = (1, 20, 200), (1, 10)
ENTRIES = 5_000_000
"""How many entries the ledgers of all years hold together in the last stage of the long form."""
UNITS, INDICATORS = (126, 1_000, 3_000), 10
AT_ONCE, TIMES = 20, 5
FEW = 5
"""Below so many requests there is no last hundredth to tell."""

Times = dict[str, list[float]]


@dataclass
class Timing(httpx.BaseTransport):
    """Carries requests as always, and notes how long each operation took."""

    routes: list[tuple[str, re.Pattern[str], str]]
    times: Times = field(default_factory=lambda: defaultdict(list))
    inner: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)
    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, system: System) -> "Timing":
        """Return one that knows the operations of a running system."""
        document = httpx.get(f"{system.gateway_url}/api/v1/openapi.json", timeout=60).json()
        listed = [
            (method.upper(), _pattern(path), f"{method.upper()} {path.removeprefix('/api/v1')}")
            for path, item in document["paths"].items()
            for method in item
            if method in {"get", "post", "put", "patch", "delete"}
        ]
        return cls(sorted(listed, key=lambda each: each[2].count("{")))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry it, to the last byte of its answer."""
        began = time.perf_counter()
        answer = self.inner.handle_request(request)
        answer.read()
        took = time.perf_counter() - began
        asked = (
            (name, found)
            for method, pattern, name in self.routes
            if method == request.method and (found := pattern.fullmatch(request.url.path))
        )
        name, found = next(asked, ("", None))
        if found is not None and answer.status_code < httpx.codes.BAD_REQUEST:
            self.times[name].append(took)
            self.known |= found.groupdict()
        return answer

    def taken(self) -> Times:
        """Return what was noted, and begin anew."""
        found, self.times = self.times, defaultdict(list)
        return found


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


@dataclass
class Playing:
    """A system in which years are played, and its people."""

    system: System
    timing: Timing
    people: People
    plan: Plan

    def play(self) -> tuple[uuid.UUID, Times]:
        """Play a year, read all of it that can be read, and return what each request took."""
        year = Year(self.plan, self.people, Steps())
        self.timing.known = {}
        year.play()
        self._read_all(year)
        return uuid.UUID(year.cycle_id), self.timing.taken()

    def _read_all(self, year: Year) -> None:
        """Ask some times for every document that the office may read, as far as a year has it."""
        known = self.timing.known | {"cycle_id": year.cycle_id, "edition": "1", "release": "1"}
        office = self.people[OFFICE]
        for method, _, name in self.timing.routes:
            path = name.partition(" ")[2]
            wanted = re.findall(r"\{(\w+)\}", path)
            if method != "GET" or not set(wanted) <= known.keys():
                continue
            for _ in range(TIMES):
                answer = office._signed("GET", path.format(**known), {})
                if not answer.is_success:
                    break


@contextmanager
def playing(plan: Plan, *, instances: int = 1) -> Iterator[Playing]:
    """Run a system, with nobody in it yet but the people of a plan."""
    with System.temporary(environment=UNLIMITED, instances=instances) as system:
        timing = Timing.of(system)

        def client(who: Credentials) -> Client:
            return Client(system.gateway_url, who, transport=timing)

        with client(system.administrator) as administrator, People(administrator, client) as people:
            yield Playing(system, timing, people, plan)


def _bare(system: System) -> float:
    """Return the median seconds of asking the database nothing."""

    async def ask() -> float:
        connection = await asyncpg.connect(system.postgres.url("scoring"), ssl=False)
        try:
            spent = []
            for _ in range(200):
                began = time.perf_counter()
                await connection.fetchval("SELECT 1")
                spent.append(time.perf_counter() - began)
            return median(spent)
        finally:
            await connection.close()

    return asyncio.run(ask())


async def _fill(system: System, first: uuid.UUID, number: int, after: int) -> None:
    """Have so many more years like the first one in all databases, and statistics of them."""
    for name in NAMES:
        for at in range(0, number, AT_ONCE):
            ids = ids_of_cities(min(AT_ONCE, number - at), after + at)
            await YEARS_APART.add(system.postgres.url(name), first, ids, after=after + at)


async def _fill_ledgers(system: System, first: uuid.UUID, entries: int, after: int) -> int:
    """Have more ledgers until there are so many entries; return how many there are."""
    url = system.postgres.url("scoring")
    connection = await asyncpg.connect(url, ssl=False)
    try:
        asked = "SELECT count(*) FROM ledger_entry"
        while (held := await connection.fetchval(asked)) < entries:
            ids = ids_of_cities(AT_ONCE, after)
            await YEARS_APART.add(url, first, ids, after=after)
            after += AT_ONCE
        return int(held)
    finally:
        await connection.close()


async def _analyse(system: System) -> None:
    for name in NAMES:
        connection = await asyncpg.connect(system.postgres.url(name), ssl=False)
        try:
            await connection.execute("ANALYZE")
        finally:
            await connection.close()


def measure_by_years(stages: tuple[int, ...] = STAGES, entries: int = ENTRIES) -> None:
    """Print what the reference year costs beside 1, 20 and 200 other years."""
    told: dict[str, Times] = {}
    with playing(plan_of(read_city(EXAMPLE))) as given:
        first, _ = given.play()
        held = 1
        for wanted in stages:
            asyncio.run(_fill(given.system, first, wanted - held, held))
            held = max(held, wanted)
            name = f"{wanted} years"
            if wanted == stages[-1] and entries:
                name += (
                    f", {asyncio.run(_fill_ledgers(given.system, first, entries, held)):,} entries"
                )
            asyncio.run(_analyse(given.system))
            given.play()  # the first after that finds nothing in memory
            _, told[name] = given.play()
            held += 2
            told[name]["(the database, asked for nothing)"] = [_bare(given.system)]
    show(told)


def measure_by_units(sizes: tuple[int, ...] = UNITS) -> None:
    """Print what a year costs that has 126, 1,000 and 3,000 units."""
    told: dict[str, Times] = {}
    for size in sizes:
        with TemporaryDirectory() as folder:
            write_tables(Path(folder), size, INDICATORS)
            plan = read_tables(Path(folder))
        with playing(plan) as given:
            _, told[f"{size:,} units"] = given.play()
    show(told)


def measure_instances() -> None:
    """Print what the reference year costs by one instance of everything, and by two."""
    told: dict[str, Times] = {}
    for number in (1, 2):
        with playing(plan_of(read_city(EXAMPLE)), instances=number) as given:
            given.play()
            _, told[f"{number} instances" if number > 1 else "1 instance"] = given.play()
    show(told)


def measure() -> None:
    """Print all of it, with few years."""
    measure_by_years(SHORT, 0)
    measure_by_units(UNITS[:2])
    measure_instances()


def measure_long() -> None:
    """Print all of it."""
    measure_by_years()
    measure_by_units()
    measure_instances()


def show(told: Mapping[str, Times]) -> None:
    """Print each operation: how often it was asked, median and last hundredth of each stage in
    milliseconds, and the last stage by the first."""
    first, *_, last = told.values()
    print(f"\n{'':<72} {'times':>6}  " + "  ".join(f"{name:>24}" for name in told))
    ratios = []
    for name in sorted(first.keys() & last.keys()):
        cells = [_cell(times.get(name, [])) for times in told.values()]
        ratio = median(last[name]) / median(first[name])
        ratios.append(ratio)
        print(f"{name:<72} {len(last[name]):>6}  {'  '.join(cells)}  ×{ratio:.2f}")
    print(
        f"{len(ratios)} operations: ×{median(ratios):.2f} in the middle, ×{max(ratios):.2f} at most"
    )
    left = sorted(first.keys() ^ last.keys())
    if left:
        print(f"not met in both: {', '.join(left)}")


def _cell(times: list[float]) -> str:
    if not times:
        return f"{'-':>24}"
    ordered = sorted(times)
    worst = f"{ordered[int(len(ordered) * 0.99)] * 1000:7.1f}" if len(ordered) >= FEW else " " * 7
    return f"{median(ordered) * 1000:10.1f} ms {worst} ms"


def write_tables(folder: Path, units: int, indicators: int) -> None:
    """Write a scheme of one category and its tables: so many units and indicators."""
    own = [
        {
            "code": f"I{n:02}",
            "name": f"第{n}项任务完成率",
            "points": 100 // indicators,
            "method": "ratio_to_target",
            "params": {"direction": "higher"},
            "data_source_unit": "SOURCE",
            "frequency": "yearly",
            "measure": "项",
        }
        for n in range(indicators)
    ]
    block = {"code": "duty", "name": "职能工作", "points": 100, "indicators": own}
    category = {"code": "ALL", "name": "全部单位", "organiser": "SOURCE", "total": 100}
    levels = [{"grade": "excellent", "rate": 0.3, "rounding": "floor", "min_score": 60}]
    grades: dict[str, Any] = {"order": ["excellent", "qualified", "unqualified"], "levels": levels}
    grades |= {"names": {"excellent": "优秀", "qualified": "合格", "unqualified": "不合格"}}
    scheme = {"title": "大规模考评方案", "code": "MANY-2025", "assessment_year": 2025}
    scheme |= {
        "rounding": {"places": 4},
        "grades": {**grades, "unqualified_below": 30, "vacancy": "backfill"},
    }
    scheme |= {"categories": [{**category, "blocks": [block]}]}
    (folder / "scheme.yaml").write_text(json.dumps(scheme, ensure_ascii=False), "utf-8")
    codes = [f"U{n:04}" for n in range(units)]
    lines = ["编码,名称,类别", "SOURCE,统计部门,", *(f"{code},单位{code},ALL" for code in codes)]
    (folder / "units.csv").write_text("\n".join(lines), "utf-8")
    names = [each["code"] for each in own]
    lines = ["单位,指标,目标值", *(f"{code},{name},100" for code in codes for name in names)]
    (folder / "targets.csv").write_text("\n".join(lines), "utf-8")
    lines = [",".join(["单位", *names])]
    for n, code in enumerate(codes):
        values = (str(60 + (n * 7 + i * 13) % 40) for i in range(indicators))
        lines.append(",".join([code, *values]))
    (folder / "values.csv").write_text("\n".join(lines), "utf-8")
