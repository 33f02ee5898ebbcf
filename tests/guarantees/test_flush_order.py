"""PostgreSQL tells of a commit when it is on disk, as the system starts it, and not before.

A process that is killed shows nothing of that: what the kernel holds outlives it.
"""

import asyncio
import shutil
import subprocess

import asyncpg
import pytest

from postgres_supervisor import Postgres
from service_testing import trials

TRACED = "fdatasync,fsync,sendto"


@pytest.mark.prove
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
async def test_every_commit_is_flushed_before_it_is_told_of(tmp_path, figure):
    """1,000 commits in the long form. Planted bug: `synchronous_commit` is off."""
    commits, told = trials(20, 1_000), tmp_path / "told"
    with Postgres.temporary() as server:
        connection = await asyncpg.connect(server.url("postgres"), ssl=False)
        await connection.execute("CREATE TABLE kept (n int)")
        pid = connection.get_server_pid()
        command = ["strace", "-e", f"trace={TRACED}", "-s", "64", "-o", told, "-p", str(pid)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:  # noqa: ASYNC220 - nobody else waits
            said = tracer.stderr.readline()
            if "attached" in said:
                for n in range(commits):
                    await connection.execute("INSERT INTO kept VALUES ($1)", n)
            await connection.close()  # which ends the tracer too
        if "attached" not in said:
            pytest.skip(f"nothing may be traced here: {said}")
    flushed, found = False, 0
    for line in (await asyncio.to_thread(told.read_text, "utf-8")).splitlines():
        if "sync(" in line:
            flushed = True
        elif "INSERT 0 1" in line:
            assert flushed, f"told of commit {found + 1} before it was on disk"
            flushed, found = False, found + 1
    assert found == commits
    figure("commits", found)
