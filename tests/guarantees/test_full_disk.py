"""With a full disk nothing is acknowledged, what is there is read, and afterwards all goes on."""

import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lending
import pytest

from postgres_supervisor import Postgres, provision
from service_testing import migrate, trials

LOANS = "/api/v1/loans"
MEGABYTES = 200


@contextmanager
def small_disk(megabytes: int = MEGABYTES) -> Iterator[Path]:
    """Give a file system of its own, which only an administrator of the machine may make.

    The account of the database server must be able to enter it, so that it is in no test's folder.
    """
    at = Path(tempfile.mkdtemp(prefix="kaoping-small-disk-"))
    at.chmod(0o755)
    options = f"size={megabytes}m,mode=0777"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(at)], capture_output=True, text=True
    )
    if done.returncode:
        at.rmdir()
        pytest.skip(f"no file system may be mounted here: {done.stderr.strip()}")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)
        at.rmdir()


def fill(disk: Path, name: str = "ballast") -> Path:
    """Leave no byte of a disk, by a file of this name."""
    ballast = disk / name
    with ballast.open("ab", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
    return ballast


@pytest.mark.prove
@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="mounts a file system")
async def test_with_a_full_disk_nothing_is_acknowledged_and_nothing_is_lost(
    run_service, tmp_path_factory, figure
):
    """300 commands in the long form. Planted bug: what the database cannot now is our mistake."""
    home = Path(lending.__file__).parent
    settings = {"wal_recycle": "off", "min_wal_size": "32MB", "max_wal_size": "48MB"}
    settings |= {"log_min_messages": "panic"}
    with small_disk() as disk, Postgres.temporary(settings, within=disk) as server:
        urls = provision(server, ["lending"])["lending"]
        migrate(home, urls.owner)
        service = await run_service(
            "lending",
            lending.create_app,
            home=home,
            authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
            urls=urls,
        )
        refused, asked, acknowledged = 0, trials(30, 300), []
        async with service.caller("librarian", subject="li") as librarian:

            async def lend(book: str):
                headers = {"Idempotency-Key": uuid.uuid4().hex}
                body = {"book": book, "days": 3, "note": "页" * 500}
                return await librarian.post(LOANS, json=body, headers=headers)

            async def stored() -> set[str]:
                books, after = set[str](), ""
                while True:
                    answer = await librarian.get(LOANS, params={"limit": 200} | after_of(after))
                    assert answer.status_code == 200, answer.text
                    page = answer.json()
                    books |= {each["book"] for each in page["items"]}
                    if not (after := page["next"]):
                        return books

            assert (await lend("before")).status_code == 201
            ballast = fill(disk)
            n = 0
            while refused < asked:
                assert n < 20_000
                answer = await lend(f"F{n}")
                assert answer.status_code in (201, 503), answer.text
                if answer.status_code == 201:
                    acknowledged.append(f"F{n}")  # the log had room for it
                else:
                    assert answer.headers["content-type"] == "application/problem+json"
                    refused += 1
                n += 1
            assert "before" in await stored()
            ballast.unlink()
            assert (await lend("after")).status_code == 201
            assert await stored() == {"before", "after", *acknowledged}
    figure("writes refused on a full disk", refused)


def after_of(after: str) -> dict[str, str]:
    return {"after": after} if after else {}
