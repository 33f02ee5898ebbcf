"""The owner of a database writes a whole journal anew; checkpoints and the export say so."""

import asyncio
import json
import subprocess
import sys
from types import SimpleNamespace

import asyncpg
import pytest
from tests.system.harness import in_one_process

from chassis import journal
from chassis.checkpoints import DatabaseBehind
from chassis.journal import JournalEntry
from kaoping.client import Refused
from kaoping.journals import fetch
from kaoping.people import People, Person
from kaoping.verify_journals import verify

CHAIN = "accounts"


@pytest.fixture
def running(postgres, databases, tmp_path):
    settings = {"checkpoints": tmp_path / "checkpoints"}
    with in_one_process(postgres, databases, tmp_path / "keys", **settings) as found:
        administrator = found.client(found.administrator)
        with administrator, People(administrator, found.client) as people:
            people.invite([Person("auditor", "审计员", ("auditor",), None)])
            yield SimpleNamespace(installation=found, people=people, folder=tmp_path)


async def _written_anew(url, changed):
    """Change what an entry says, and recompute every hash from there on, and the head."""
    db = await asyncpg.connect(url, ssl=False)
    try:
        await db.execute("SET session_replication_role = replica")
        rows = await db.fetch("SELECT * FROM journal_entry WHERE chain = $1 ORDER BY seq", CHAIN)
        previous = journal.START
        for row in rows:
            body = row["body"] + (" " if row["seq"] == changed else "")
            said = {**row, "body": body, "previous": previous.hex(), "hash": ""}
            hashed = journal.digest(CHAIN, JournalEntry.model_validate(said), previous)
            await db.execute(
                "UPDATE journal_entry SET body = $3, previous = $4, hash = $5"
                " WHERE chain = $1 AND seq = $2",
                *(CHAIN, row["seq"], body, previous, hashed),
            )
            previous = hashed
        await db.execute("UPDATE journal_head SET hash = $2 WHERE chain = $1", CHAIN, previous)
    finally:
        await db.close()


def test_a_journal_that_was_written_anew_agrees_with_itself_and_with_no_checkpoint(
    running, postgres, databases
):
    """Planted bug: the chain alone is verified, and holds."""
    auditor, folder = running.people["auditor"], running.folder
    made = auditor.post("/checkpoints")
    assert fetch(auditor, folder / "before") > 0
    assert verify(folder / "before", None, {made["number"]: made["digest"]}) == []
    entries = (folder / "before" / "journals" / "gateway" / f"{CHAIN}.jsonl").read_text()
    last = len(entries.splitlines())
    assert last > 1

    asyncio.run(_written_anew(running.installation.databases["gateway"], 1))
    held = auditor.get(f"/journals/gateway/chains/{CHAIN}/verification")
    assert held["faults"] == []  # the chain agrees with itself
    fetch(auditor, folder / "after")
    program = folder / "after" / "verify_journals.py"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", program, folder / "after"], capture_output=True, text=True
    )
    assert ran.returncode == 1
    assert f"gateway/{CHAIN}: entry 1" in ran.stdout
    assert "was written anew" in ran.stdout
    with pytest.raises(Refused, match="tells of entry"):
        auditor.post("/checkpoints")

    # Nobody starts on it.
    url = running.installation.databases["gateway"]
    names = SimpleNamespace(app=url.replace("postgresql://", "postgresql+asyncpg://"))
    again = {part: databases(part) for part in ("indicators", "ranking", "scoring", "survey")}
    settings = {"checkpoints": folder / "checkpoints"}
    with (
        pytest.raises(DatabaseBehind, match=f"of {CHAIN} in gateway"),
        in_one_process(
            postgres, {**again, "gateway": names}.__getitem__, folder / "keys", **settings
        ),
    ):
        raise AssertionError("it started")


def test_the_export_is_what_the_journals_say(running):
    """Planted bug: a page of a long chain is left out."""
    auditor, folder = running.people["auditor"], running.folder
    auditor.post("/checkpoints")
    fetch(auditor, folder / "all")
    for path in (folder / "all" / "journals").glob("*/*.jsonl"):
        part, lines = path.parent.name, path.read_text().splitlines()
        told = auditor.get(f"/journals/{part}/chains/{path.stem}/verification")
        assert len(lines) == told["length"]
        assert json.loads(lines[-1])["hash"] == told["head"]
