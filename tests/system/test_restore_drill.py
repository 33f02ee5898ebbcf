"""The commands of docs/operating.md, as they stand there: a system is destroyed and restored.

A city's year is played at its door while the first backup is made; of what it printed then, and of
every row, file and total at the end, nothing may differ once the machine is another.
"""

import hashlib
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.contracts.publish import PARTS, ROOT
from tests.system.harness import CHEAP, UNLIMITED, Installation

from kaoping.backups import checking, journals
from kaoping.backups.making import SECRETS
from kaoping.backups.manifest import backups_in
from kaoping.backups.sealing import Key
from kaoping.card import Card
from kaoping.city import plan_of, read_city
from kaoping.city.drawn_files import MEDIA_TYPES, content_of
from kaoping.people import People, Person
from kaoping.plan import OFFICE, EvidenceFile
from kaoping.results import Release, read_document
from kaoping.steps import Advance, Steps
from kaoping.system import System
from kaoping.year import Year
from service_testing import trials

PAGE = ROOT / "docs/operating.md"
EXAMPLE = ROOT / "examples" / "yunchuan-2025"
PAPER = content_of(EvidenceFile("paper.pdf", "pdf", 1))
SECTIONS = {
    "key": "The key",
    "night": "Each night",
    "lost": "The machine is lost",
    "instant": "Any point in time",
}


def commands(section: str) -> list[str]:
    """The commands of a section of the page, in their order."""
    _, _, rest = PAGE.read_text("utf-8").partition(f"\n## {SECTIONS[section]}")
    blocks = rest.partition("\n## ")[0].split("```")[1::2]
    return [line for block in blocks for line in block.strip().splitlines()]


class Machine:
    """A machine on which somebody types what the page says, with folders and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backups, self.safe = folder / "backup", folder / "safe"
        self.safe.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = {
            **os.environ,
            **{name.upper(): value for name, value in {**CHEAP, **UNLIMITED}.items()},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        self._up: subprocess.Popen[bytes] | None = None

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def words(self, command: str, **more: str) -> list[str]:
        for name, value in {
            "/backup/kaoping": str(self.backups),
            "/safe": str(self.safe),
            "8000": str(self.port),
            **more,
        }.items():
            command = command.replace(name, value)
        return shlex.split(command)

    def run(self, command: str, **more: str) -> str:
        words, secret = self.words(command, **more), more.get("secret", "")
        done = subprocess.run(
            words,
            cwd=self.folder,
            env={**self.environment, "KAOPING_SECRET": secret},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def up(self, command: str) -> Card:
        with (self.folder / "up.log").open("ab") as log:
            self._up = subprocess.Popen(
                self.words(command), cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 120
        while not (self.var / "system.json").is_file():
            said = (self.folder / "up.log").read_text()
            assert self._up.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
        return Card.read(self.var)

    def down(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._up is not None:
            self._up.send_signal(how)
            self._up.wait(60)
            self._up = None

    def destroy(self) -> None:
        """Let nothing be left of what was in `var`, wherever the data were."""
        System(self.var).remove()
        assert not self.var.exists()

    def stored(self) -> dict[str, str]:
        postgres = System(self.var).postgres
        databases = {part: postgres.url(part) for part in PARTS}
        return Installation("", None, System(self.var).administrator, databases, None).stored()

    def files(self) -> dict[str, str]:
        """A digest of every file outside of the databases that a backup has."""
        names = ("checkpoints", "evidence", *SECRETS[:-1])
        found = (p for name in names for p in (self.var / name, *(self.var / name).rglob("*")))
        return {
            str(path.relative_to(self.var)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in found
            if path.is_file()
        }


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path)
    try:
        yield found
    finally:
        found.down()
        for each in (
            found.var,
            *tmp_path.glob("var.*"),
            tmp_path / "under-load",
            tmp_path / "whole",
        ):
            if each.exists():
                System(each).remove()


class Between(Steps):
    """Has something done when a step of the year begins."""

    def __init__(self, before):
        super().__init__()
        self._before = before

    @contextmanager
    def step(self, name: str, total: int = 1) -> Iterator[Advance]:
        self._before.get(name, int)()
        with super().step(name, total) as advance:
            yield advance


@pytest.mark.prove
def test_a_destroyed_system_is_restored_by_the_commands_of_the_page(machine):
    """In the long form the backup that was made under load is restored as well. Planted bugs: the
    keys are not in the backup; evidence is read before the databases."""
    [draw], [night, check] = commands("key"), commands("night")
    restore, up, journals, verify = commands("lost")
    card = machine.up(up)
    machine.run(draw)
    told, papers = list[str](), list[str]()
    making = threading.Thread(target=lambda: told.append(machine.run(night)))
    with (
        card.client() as administrator,
        People(administrator, card.client) as people,
        Between({"ledger": making.start, "verification": lambda: put_up()}) as steps,
    ):
        year = Year(plan_of(read_city(EXAMPLE)), people, steps)

        def put_up() -> None:
            path, office = f"/cycles/{year.cycle_id}/evidence", people[OFFICE]
            answer = office.put_up(path, PAPER, {"name": "paper.pdf"}, MEDIA_TYPES["pdf"])
            papers.append(f"{path}/{answer['evidence_id']}/content")

        year.play()
        making.join(300)
        assert (len(told), len(papers)) == (1, 1)
        people.invite([Person("inspector", "核验员", ("auditor",), None)])
        auditor, office = people["inspector"], people[OFFICE]
        printed = auditor.post("/checkpoints")
        release = Release.read(office, year.cycle_id, year.releases["COUNTY"])
        result = read_document(office, year.cycle_id, [release], ["phone"])
        time.sleep(1.1)  # backups are named by the second
        machine.run(night)
        machine.run(check)
        before, files = machine.stored(), machine.files()

        machine.down()
        machine.destroy()
        said = machine.run(restore)
        assert f"it reaches checkpoint {printed['number']} of {printed['number']}" in said
        restored = machine.files()
        assert files.items() <= restored.items()
        assert set(restored) - set(files) == {f"checkpoints/{printed['number'] + 1:08d}.jws"}

        machine.up(up)
        assert machine.stored() == before
        again = Release.read(office, year.cycle_id, year.releases["COUNTY"])
        assert read_document(office, year.cycle_id, [again], ["phone"]) == result
        assert b"".join(office.stream(papers[0])) == PAPER
        secret = auditor.credentials.secret
        seen = machine.run(journals.replace("auditor", "inspector"), secret=secret)
        assert "by Zhang San and Li Si: disk failed" in seen
        assert seen.strip().endswith("OK")
        digest = {"NUMBER": str(printed["number"]), "SHA256": printed["digest"]}
        assert machine.run(verify, **digest).strip().endswith("OK")
        assert auditor.post("/checkpoints")["number"] == printed["number"] + 2
    machine.down()
    if trials(0, 1):
        _the_one_made_under_load(machine)


def _the_one_made_under_load(machine):
    """It restores as well, and every journal that it tells of is there and goes on."""
    first, last = backups_in(machine.backups)[1:]
    key = Key.read(machine.safe / "backup.key")
    early, late = (checking.about(each, key)["heads"]["scoring"] for each in (first, last))
    assert sum(seq for _, seq, _ in early) < sum(seq for _, seq, _ in late)
    var = machine.folder / "under-load"
    [restore] = [each for each in commands("lost") if each.startswith("kaoping restore")]
    machine.run(f"{restore.replace('/backup/kaoping', str(first))} --var {var}")
    with (
        System(var) as system,
        system.card.client() as administrator,
        People(administrator, system.card.client) as people,
    ):
        people.invite([Person("inspector", "核验员", ("auditor",), None)])
        auditor = people["inspector"]
        assert auditor.post("/checkpoints")["missing"] == []
        told = machine.run(
            f"kaoping journals under-load-journals --var {var} --account inspector",
            secret=auditor.credentials.secret,
        )
        assert "OK" in told


@pytest.mark.skipif("PROVE" not in os.environ, reason="archives for a minute: `make prove`")
def test_an_archived_system_is_brought_to_any_instant_and_goes_on_from_there(machine):
    """What came after the instant is not there, what came before is, with its files; what is done
    from then on is archived beside it, and is what comes back the next time.

    Planted bug: the new timeline has the name of the old one; files are archived after changes.
    """
    [draw], (up, to_instant, to_end) = commands("key"), commands("instant")
    machine.up(commands("lost")[1])
    machine.run(draw)
    machine.down()
    card = machine.up(up)
    machine.run(commands("night")[0])
    with card.client() as administrator, People(administrator, card.client) as people:
        people.invite([Person("inspector", "核验员", ("auditor",), None)])
        invited(people, "before")
        first = people["inspector"].post("/checkpoints")
        paper = machine.var / "evidence/ab/cd/abcd"
        paper.parent.mkdir(parents=True)
        paper.write_bytes(PAPER)
        time.sleep(0.5)
        instant = datetime.now(UTC).isoformat()
        time.sleep(0.5)
        invited(people, "after")
        second = people["inspector"].post("/checkpoints")
    machine.down()
    assert PAPER[:99] not in b"".join(p.read_bytes() for p in machine.backups.rglob("abcd"))
    whole = machine.folder / "whole"
    assert f"reaches checkpoint {second['number']} of 2" in machine.run(f"{to_end} --var {whole}")
    with System(whole).postgres as postgres:
        assert accounts(postgres) == {"before", "after"}

    machine.destroy()
    said = machine.run(to_instant, **{"2025-12-01T08:30:00+08:00": instant})
    assert f"reaches checkpoint {first['number']} of 2" in said
    assert paper.read_bytes() == PAPER
    card = machine.up(up)
    assert accounts(System(machine.var).postgres) == {"before"}
    with card.client() as administrator, People(administrator, card.client) as people:
        invited(people, "from-there")
    machine.down()
    machine.destroy()
    machine.run(to_end)
    with System(machine.var).postgres as postgres:
        assert accounts(postgres) == {"before", "from-there"}
    for until, told in ((instant[:10], "with its offset"), ("2199-01-01T00:00:00Z", "target")):
        done = subprocess.run(
            machine.words(f"{to_end.replace('--until end', f'--until {until}')} --var elsewhere"),
            cwd=machine.folder,
            env=machine.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert told in done.stderr
        assert not (machine.folder / "elsewhere/postgres").exists()


def invited(people, name):
    people.invite([Person(name, "甲", ("auditor",), None)])


def accounts(postgres):
    rows = journals.asked(postgres, {"gateway": ("SELECT subject FROM account_present",)})
    return {name for (name,) in rows["gateway"]} & {"before", "after", "from-there"}
