"""What lies in the store without a name in the record: parts, and contents that no file names."""

import asyncio
import datetime as dt
import hashlib
import os
import sys
import time
from pathlib import Path

import asyncpg
import pytest
from evidence_files import RIGHT, picture

from scoring.settings import Settings

OLD = 30 * 3600
SENT = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def store(tmp_path):
    """A folder in which contents and parts lie, each since so many seconds."""

    def lie(name: str, content: bytes, seconds: float) -> Path:
        path = tmp_path / name[:2] / name[2:4] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (then := time.time() - seconds, then))
        return path

    lie.folder = tmp_path
    return lie


def named(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_only_parts_that_nobody_can_be_writing_are_removed(store):
    """Planted bug: remove every part at the start of another process."""
    from scoring.api.evidence.store import EvidenceStore

    whole = store("aabbcc", b"whole", OLD)
    left, written = store("aabbcc#1", b"half", OLD), store("aabbcc#2", b"half", 60)
    objects = EvidenceStore(Settings.model_construct(evidence_store=str(store.folder))).objects
    assert not left.exists()
    assert written.exists()
    assert whole.exists()
    assert objects.remove_parts() == 0


def test_the_service_starts_without_the_library_of_its_store():
    """Planted bug: import it at the head of a module."""
    import subprocess

    code = "import sys, scoring.app; sys.exit('obstore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture(scope="module")
async def cleaned(run_service, others, tmp_path_factory):
    """A service with a store of its own."""
    from scoring.app import create_app

    kept = str(tmp_path_factory.mktemp("cleaned"))
    return await run_service(
        "scoring", create_app, peers=others, settings=Settings, evidence_store=kept
    )


async def add(service, cycle, content: bytes, name: str = "a.txt"):
    source = service.caller("data_source_unit", unit="ZH02")
    return await source.post(
        f"{cycle.path}/evidence", params={"name": name}, content=content, headers=SENT
    )


def older(service) -> Path:
    """Let everything in the store be of the day before yesterday."""
    folder = Path(service.app.state.evidence._settings.evidence_store)
    then = time.time() - 2 * OLD
    for path in folder.glob("??/??/*"):
        os.utime(path, (then, then))
    return folder


def orphan(folder: Path, content: bytes, seconds: float = OLD) -> Path:
    name = named(content)
    path = folder / name[:2] / name[2:4] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (then := time.time() - seconds, then))
    return path


async def clean(service, *, removes: bool):
    from sqlalchemy.ext.asyncio import create_async_engine

    from scoring.api.evidence.cleaning import clean as cleaning

    engine = create_async_engine(service.urls.app)
    try:
        now, objects = dt.datetime.now(dt.UTC), service.app.state.evidence.objects
        return await cleaning(objects, engine, now, removes=removes)
    finally:
        await engine.dispose()


async def test_what_no_file_names_is_removed_and_nothing_else(cleaned, cycle):
    """Planted bugs: forget the copies of pictures; ask one cycle alone; leave the age out."""
    for name, content in (("a.txt", b"text\n"), ("a.jpg", picture())):
        assert (await add(cleaned, cycle, content, name)).status_code == 201
    folder = older(cleaned)
    before = {each.name for each in folder.glob("??/??/*")}
    gone, young = orphan(folder, b"left behind"), orphan(folder, b"on its way", 60)
    (folder / "README").write_text("not ours")
    told = await clean(cleaned, removes=False)
    assert told == (1, 11, 3, 1, 1)
    assert gone.exists()
    assert await clean(cleaned, removes=True) == told
    assert not gone.exists()
    assert young.exists()
    assert {each.name for each in folder.glob("??/??/*")} == before | {young.name}
    assert (await clean(cleaned, removes=True)).orphans == 0


async def test_a_content_that_comes_to_be_named_while_others_are_removed_stays(cleaned, cycle):
    """Planted bug: do not look again, in the command, whether a content lies there that did."""
    content = b"nobody named it yet"
    folder = older(cleaned)
    path, other = orphan(folder, content), orphan(folder, b"nobody ever will")
    holder = await asyncpg.connect(cleaned.superuser_url, ssl=False)
    try:
        async with holder.transaction():
            # The upload waits for its ledger with the content at hand, and then holds it.
            await holder.execute("LOCK ledger IN SHARE ROW EXCLUSIVE MODE")
            upload = asyncio.ensure_future(add(cleaned, cycle, content))
            await waits(cleaned, 1)
            await clean(cleaned, removes=True)
        answer = await upload
    finally:
        await holder.close()
    assert answer.status_code == 201, answer.text
    assert not other.exists()
    assert path.read_bytes() == content
    facts = f"{cycle.path}/evidence/{answer.json()['evidence_id']}/content"
    source = cleaned.caller("data_source_unit", unit="ZH02")
    assert (await source.get(facts)).content == content


async def waits(service, number: int) -> None:
    waiting = (
        "SELECT count(*) AS n FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(500):
        if (await service.sql(waiting))[0]["n"] == number:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def test_it_is_a_command(cleaned, cycle):
    assert (await add(cleaned, cycle, RIGHT["csv"], "a.csv")).status_code == 201
    folder = older(cleaned)
    gone = orphan(folder, b"left by a killed process")
    of = cleaned.app.state.evidence._settings
    given = {
        "DATABASE_URL": of.database_url,
        "AUTHORISATION_FILE": str(of.authorisation_file),
        "EVIDENCE_STORE": str(folder),
    }
    command = sys.executable, "-m", "scoring.api.evidence.cleaning", "--remove"
    made = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **given}, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await made.communicate()
    assert made.returncode == 0
    assert b'"removed":true,"orphans":1' in out
    assert not gone.exists()
