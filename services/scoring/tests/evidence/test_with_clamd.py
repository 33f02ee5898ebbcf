"""Evidence shown to a real clamd, which knows one signature of our own and asks no other server."""

import asyncio
import contextlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from evidence_files import RIGHT, picture
from services.scoring.tests.evidence.test_scanning import EICAR, Office, refused

from scoring.settings import Settings

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
pytestmark = pytest.mark.skipif(CLAMD is None, reason="`apt-get install clamav-daemon` brings it")

SETTINGS = """
Foreground yes
DatabaseDirectory {folder}
LocalSocket {folder}/clamd.ctl
PidFile {folder}/clamd.pid
LogFile {folder}/clamd.log
StreamMaxLength 1M
SelfCheck 0
"""


@pytest.fixture(scope="module")
def clamd():
    """Start the scanner with a database of one line; give its process and its socket."""
    # A path of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    (folder / "own.ndb").write_text(f"Kaoping.Test:0:*:{EICAR.hex()}\n")
    (folder / "clamd.conf").write_text(SETTINGS.format(folder=folder))
    with (folder / "out").open("wb") as out:
        told = [CLAMD, f"--config-file={folder / 'clamd.conf'}"]
        server = subprocess.Popen(told, stdout=out, stderr=out)
    try:
        yield server, folder / "clamd.ctl"
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
async def office(clamd, run_service, others, tmp_path_factory):
    from scoring.app import create_app

    server, socket = clamd
    kept = tmp_path_factory.mktemp("shown-to-clamd")
    service = await run_service(
        "scoring",
        create_app,
        peers=others,
        settings=Settings,
        evidence_store=str(kept),
        evidence_scanner=f"unix:{socket}",
    )
    await answers(server, socket)
    return Office(service, kept)


async def answers(server, socket) -> None:
    for _ in range(300):
        assert server.poll() is None, (socket.parent / "out").read_text()
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_unix_connection(str(socket))
            writer.write(b"zPING\0")
            answer = await reader.read(16)
            writer.close()
            assert answer == b"PONG\0"
            return
        await asyncio.sleep(0.1)
    raise AssertionError((socket.parent / "clamd.log").read_text())


async def test_clamd_lets_in_what_it_finds_nothing_in(office):
    for content, name in ((RIGHT["txt"], "a.txt"), (picture(), "a.jpg"), (RIGHT["xlsx"], "a.xlsx")):
        answer = await office.add(content, name)
        assert answer.status_code == 201, answer.text


async def test_clamd_finds_its_signature_and_the_file_is_refused_by_its_name(office):
    """Planted bug: take `stream: … FOUND` for a verdict that nothing was found."""
    await refused(office, "evidence-infected", 422, b"report\n" + EICAR)
    answer = await office.add(b"report\n" + EICAR)
    assert "Kaoping.Test.UNOFFICIAL" in answer.json()["detail"]


async def test_clamd_is_shown_no_more_than_it_takes(office):
    """Planted bug: its refusal of the size taken for a breakdown."""
    await refused(office, "evidence-too-large-to-scan", 422, b"a line\n" * 400_000)
