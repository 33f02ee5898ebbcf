"""How a citizen is reached lies nowhere as it is, and once its time is over nowhere at all."""

import asyncio
import base64
import datetime as dt
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import asyncpg
import pytest
from tests.system.citizens import COMPLAINT, complaining_city, open_desk, public
from tests.system.harness import in_one_process
from tests.system.passing_days import clock_of, whose_days_pass

from chassis.sealing import SealingKeys
from kaoping.plan import COLLEAGUE, OFFICE

NAME, PHONE, MAIL = "欧阳鹊桥", "13799876541", "que-qiao@canary.example.cn"
CONTACT = f"{NAME} {PHONE} {MAIL}"


@pytest.fixture(scope="module")
def door(postgres, databases, tmp_path_factory):
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, whose_days_pass(postgres, databases), keys) as running:
        yield running, keys


@pytest.fixture(scope="module")
def clock(door):
    with clock_of(door[0].databases["scoring"]) as clock:
        yield clock


@pytest.fixture(scope="module")
def city(door, clock):
    with complaining_city(door[0]) as year:
        open_desk(year)
        yield year


def spelled(word: str) -> Iterator[bytes]:
    """A word in each way in which something may keep it."""
    plain = word.encode()
    yield from (plain, word.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode())
    yield from (json.dumps(word)[1:-1].encode(), quote(word).encode())
    for before in range(3):  # wherever in what was encoded it stands
        told = base64.b64encode(bytes(before) + plain)
        yield told[4 if before else 0 : len(told) // 4 * 4 - 4]


NEEDLES = {each for word in (NAME, PHONE, MAIL) for each in spelled(word)}


def copies(postgres, running, since: float) -> Iterator[tuple[str, bytes]]:
    """A backup of each database, and the files of the server, with its write-ahead log, which were
    written since a moment: those of the databases of other tests were not."""
    for part, url in running.databases.items():
        command = [str(postgres.binaries / "pg_dump"), "--no-owner", url]
        yield f"backup of {part}", subprocess.run(command, check=True, capture_output=True).stdout
    asyncio.run(sql(running, "CHECKPOINT"))
    yield from files_below("server", postgres.data, since)


def files_below(what: str, folder: Path, since: float = 0) -> Iterator[tuple[str, bytes]]:
    for where, _, names in os.walk(folder):
        for path in (Path(where, name) for name in names):
            try:
                if path.stat().st_mtime >= since:
                    yield f"{what}: {path.name}", path.read_bytes()
            except OSError:  # the server has just removed it, or it is no file
                continue


async def sql(running, statement: str):
    connection = await asyncpg.connect(running.databases["scoring"], ssl=False)
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()


def handed_out(city, complaint_id: str) -> Iterator[tuple[str, bytes]]:
    """What can be read of it and taken away: documents, the archive, the feed of events."""
    reader = city.people[OFFICE]
    here = f"{city.path}/complaints"
    for path in (here, f"{here}/{complaint_id}", "/me/tasks", "/events"):
        yield path, json.dumps(reader.get(path), ensure_ascii=False).encode()
    yield "archive", b"".join(reader.stream(f"{city.path}/archive"))


def found_in(kept: Iterator[tuple[str, bytes]]) -> list[str]:
    return [where for where, what in kept if any(needle in what for needle in NEEDLES)]


def opened(running, keys) -> list[str | None]:
    """What can be read of all contacts there are, by the keys there are."""
    rows = asyncio.run(sql(running, "SELECT complaint_id, sealed FROM complaint_contact"))
    folder = SealingKeys(str(keys / "contacts"))
    return [asyncio.run(folder.opened(UUID(str(row[0])), row[1])) for row in rows]


def test_how_a_citizen_is_reached_is_in_no_copy_log_or_export(door, city, clock, postgres, capfd):
    """Planted bugs: the contact is logged, stored as it came, kept with the answer under the key of
    the command, or told in the journal; the row says erased, and the key stays."""
    running, keys = door
    since = time.time() - 1
    office, colleague = city.people[OFFICE], city.people[COLLEAGUE]
    unit = next(c for c in city.plan.scheme["categories"] if c["code"] == "COUNTY")["units"][0]
    with running.raw() as citizen:
        wrong = citizen.post(public(city), json=COMPLAINT | {"contact": CONTACT, "phone": PHONE})
        assert wrong.status_code == 422
        raised = citizen.post(public(city), json=COMPLAINT | {"contact": CONTACT})
        assert raised.status_code == 201, raised.text
        mine = f"{public(city)}/{raised.json()['reference']}"
        secret = {"Complaint-Token": raised.json()["token"]}
        [one] = office.get(f"{city.path}/complaints")["items"]
        here = f"{city.path}/complaints/{one['complaint_id']}"

        def move(by, where, name, **more):
            step = office.get(here)["step"]
            return by.post(f"{here}/{where}", {"step": step, "move": name, **more})

        move(office, "directions", "accept", kind="petition")
        move(office, "directions", "assign", units=[{"unit": unit, "role": "lead"}])
        move(city.people[unit], "answers", "answer", text="积水已排除。")
        assert office.post(f"{here}/contact-readings", {"reason": "回访"})["contact"] == CONTACT
        yes = citizen.post(f"{mine}/verdict", json={"word": "satisfied"}, headers=secret)
        assert yes.status_code == 201
        move(colleague, "directions", "close")

    assert opened(running, keys) == [CONTACT]
    assert found_in(copies(postgres, running, since)) == []
    assert found_in(handed_out(city, one["complaint_id"])) == []
    clock.set(dt.datetime.now(dt.UTC) + dt.timedelta(days=31))
    [task] = [e for e in office.get("/me/tasks")["tasks"] if e["kind"] == "erase-contacts"]
    assert task["count"] == 1
    before = found_in(files_below("store", keys))
    assert office.post(task["path"].removeprefix("/api/v1"), None)["erased"] == 1

    assert opened(running, keys) == [None]
    assert [*(keys / "contacts").iterdir()] == []
    kept = [*copies(postgres, running, since), *files_below("store", keys)]
    assert [*before, *found_in(kept)] == []
    assert found_in(handed_out(city, one["complaint_id"])) == []
    said = capfd.readouterr()
    assert found_in([("log", (said.out + said.err).encode())]) == []
    assert "complaint" in said.out
