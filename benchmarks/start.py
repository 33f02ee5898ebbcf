"""A start, from nothing and again: seconds, the processor and memory, beside bare libraries.

The reference is what nobody can do without: one process that imports the bare libraries once, and a
PostgreSQL server of its own, initialised and started, or only started.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import ROOT, Spent, heading, say_both
from benchmarks.reference_city import EXAMPLE

from kaoping.card import Card
from kaoping.city import plan_of, read_city
from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.steps import Steps
from kaoping.system import System
from kaoping.year import Year
from postgres_supervisor import Postgres

BARE = (
    "import fastapi, uvicorn, uvloop, httptools, sqlalchemy, sqlalchemy.ext.asyncio, asyncpg,"
    " httpx, pydantic, pydantic_settings, alembic.command, joserfc.jwt, joserfc.jwk"
)
# What `kaoping up` does, but ends when its standard input closes.
UP = """
import sys
from pathlib import Path
from kaoping.system import System
directory, how, instances = sys.argv[1:]
with System(Path(directory), instances=int(instances), fork=how == "fork") as system:
    print("ready", flush=True)
    sys.stdin.read()
"""
HELP = "from kaoping.app import main; main()"
# The bare libraries imported once, and as many processes of them as there are parts of a system,
# each with an app of one table that has stored and read one row.
BARE_PARTS = (
    BARE
    + """
import asyncio, gc, os, signal, sys, time
from benchmarks.bare import with_database
async def serve(url):
    app = with_database(url)
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(
        transport=transport, base_url="http://bare"
    ) as http:
        row = {"unit": "X", "indicator": "C01", "kind": "event"}
        (await http.post("/entries", json=row)).raise_for_status()
        (await http.get("/cycle")).raise_for_status()
        print(os.getpid(), flush=True)
        await asyncio.Event().wait()
gc.freeze()
parts = []
for place in range(5):
    parts.append(os.fork())
    if not parts[-1]:
        time.sleep(2 * place)  # tables are made by the first
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        asyncio.run(serve(sys.argv[1]))
sys.stdin.read()
for part in parts:
    os.kill(part, signal.SIGTERM)
"""
)
WAYS = {"forked": ("fork", "1"), "spawned": ("spawn", "1"), "two of each": ("fork", "2")}
TIMES = 3
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Started:
    """A system that is ready, in processes of its own."""

    directory: Path
    spent: Spent
    system: int
    """The process that started everything."""

    @property
    def supervised(self) -> list[int]:
        """The supervisor of the services, and the services."""
        [supervisor] = [pid for pid in _children(self.system) if "kaoping.zygote" in _command(pid)]
        return [supervisor, *_children(supervisor)]


def measure() -> None:
    """Start from nothing and again, forked and spawned, and with two processes of each service."""
    heading("start, until the first answer")
    bare = Spent.median(_of_command("-c", BARE) for _ in range(TIMES))
    new, again = zip(*(_server() for _ in range(TIMES)), strict=True)
    references = [_sum(bare, Spent.median(new)), _sum(bare, Spent.median(again))]
    for name, how in WAYS.items():
        runs = [_new_and_again(how) for _ in range(TIMES)]
        each = zip(("new", "again"), zip(*runs, strict=True), references, strict=True)
        for what, ours, reference in each:
            say_both(f"{name}, {what}", Spent.median(ours), reference, "bare imports, PostgreSQL")
    help_ = Spent.median(_of_command("-c", HELP, "--help") for _ in range(TIMES))
    say_both("kaoping --help", help_, bare, "bare imports")
    heading("memory (PSS) once the city's scheme was published and read, in MiB")
    _tell_bare_memory()
    for name, how in WAYS.items():
        _tell_memory(name, how)


def _tell_bare_memory() -> None:
    with _directory() as directory, Postgres(directory) as server:
        url = server.url().replace("postgresql://", "postgresql+asyncpg://")
        url += ("&" if "?" in url else "?") + "ssl=disable"
        with subprocess.Popen(  # noqa: S603 - this interpreter and our own words
            [sys.executable, "-c", BARE_PARTS, url],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        ) as bare:  # fmt: skip
            assert bare.stdin is not None
            assert bare.stdout is not None
            parts = [int(bare.stdout.readline()) for _ in range(5)]
            each, parent = [_pss(pid) for pid in parts], _pss(bare.pid)
            bare.stdin.close()
    told = f"parent {parent:.0f}; " + ", ".join(f"{mib:.0f}" for mib in each)
    print(f"{'bare, forked':<46} {sum(each) + parent:9.0f}  {told}", flush=True)


def _tell_memory(name: str, how: tuple[str, str]) -> None:
    with _directory() as directory, _started(directory, how) as started:
        ready = sum(map(_pss, started.supervised))
        _publish_and_read(Card.read(directory))
        each = {_name(pid, directory): _pss(pid) for pid in started.supervised}
    told = ", ".join(f"{name} {mib:.0f}" for name, mib in each.items())
    print(f"{name:<46} {sum(each.values()):9.0f}  ready {ready:.0f}; {told}", flush=True)


def _publish_and_read(card: Card) -> None:
    with card.client() as administrator, People(administrator, card.client) as people:
        year = Year(plan_of(read_city(EXAMPLE)), people, Steps())
        for step in (year.invite, year.register_units, year.publish_scheme):
            step(lambda _: None)
        people[OFFICE].get(f"/cycles/{year.cycle_id}/scheme")


def _new_and_again(how: tuple[str, str]) -> tuple[Spent, Spent]:
    found = []
    with _directory() as directory:
        for _ in range(2):
            with _started(directory, how) as started:
                found.append(started.spent)
    return found[0], found[1]


@contextmanager
def _started(directory: Path, how: tuple[str, str]) -> Iterator[Started]:
    command = [sys.executable, "-c", UP, str(directory), *how]
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - this interpreter and our own words
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as us:
        assert us.stdin is not None
        assert us.stdout is not None
        us.stdout.readline()
        wall = time.perf_counter() - began
        processor = sum(map(_processor, [us.pid, *_descendants(us.pid)]))
        yield Started(directory, Spent(wall, processor), us.pid)
        us.stdin.close()


@contextmanager
def _directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kaoping-start-") as name:
        Path(name).chmod(0o711)  # for PostgreSQL's own account to get in
        yield Path(name, "var")


def _server() -> tuple[Spent, Spent]:
    """Initialise and start a server, and start it again."""
    found = []
    with _directory() as directory:
        for _ in range(2):
            began, before = time.perf_counter(), _of_children()
            with Postgres(directory) as server:
                wall = time.perf_counter() - began
                process = int((server.data / "postmaster.pid").read_text().split()[0])
                running = sum(map(_processor, [process, *_descendants(process)]))
                found.append(Spent(wall, _of_children() - before + running))
    return found[0], found[1]


def _of_command(*arguments: str) -> Spent:
    began, before = time.perf_counter(), _of_children()
    subprocess.run(  # noqa: S603 - this interpreter and our own words
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True
    )
    return Spent(time.perf_counter() - began, _of_children() - before)


def _sum(one: Spent, other: Spent) -> Spent:
    return Spent(one.wall + other.wall, one.processor + other.processor)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _processor(pid: int) -> float:
    """Return the seconds of a process and of those of its children that have ended."""
    try:
        return sum(map(int, _stat(pid)[11:15])) / _TICK
    except (FileNotFoundError, ProcessLookupError):  # it has ended, and counts as its parent's
        return 0.0


def _children(pid: int) -> list[int]:
    found = []
    for number in sorted(int(each.name) for each in Path("/proc").glob("[0-9]*")):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended
            if int(_stat(number)[1]) == pid:
                found.append(number)
    return found


def _descendants(pid: int) -> list[int]:
    return [n for child in _children(pid) for n in (child, *_descendants(child))]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _name(pid: int, directory: Path) -> str:
    names = {number: name for name, number in System(directory).pids.items()}
    return names.get(pid, "supervisor")
