"""A server as one stream of bytes, taken while it works, and a server made of such a stream."""

import os
import shlex
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from postgres_supervisor.binaries import PostgresUnavailable
from postgres_supervisor.server import ENVIRONMENT, SUPERUSER, Postgres

_SLOT = "SELECT pg_create_physical_replication_slot('copied', true, true);"
"""Reserved at once, and gone with the session that made it: the log of changes that is fetched at
the end of a copy is not removed before."""
_RECOVERY_SECONDS = 3600.0


def version(postgres: Postgres) -> str:
    """Return the version of the server's programs, such as 18.6."""
    told = postgres.run([str(postgres.binaries / "postgres"), "--version"])
    return told.stdout.split()[2]


@contextmanager
def copied(postgres: Postgres) -> Iterator[IO[bytes]]:
    """Give the tar of a running server as `pg_basebackup` sends it: all its databases as they are
    at one instant, which is when the copy ends.

    What is written meanwhile goes on. A copy that fails says so when the stream is left.
    """
    copy = ["pg_basebackup", "--pgdata=-", "--format=tar", "--wal-method=fetch", "--no-password"]
    options = ["--checkpoint=fast", "--manifest-checksums=SHA256"]
    with (
        _reserved(postgres),
        tempfile.TemporaryFile() as said,
        _running(postgres, [*copy, *options], stdout=subprocess.PIPE, stderr=said) as process,
    ):
        yield _piped(process.stdout)
        if process.wait() != 0:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise PostgresUnavailable(f"pg_basebackup failed: {words[-2000:]}")


def unpack(postgres: Postgres, stream: IO[bytes]) -> None:
    """Make the data directory of a server that has none of a tar that `copied` gave, and hold every
    file against the list in it; nothing is started."""
    unfinished = postgres.unfinished_directory()
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            tar.extractall(unfinished, filter="data")
        _give_to_account(postgres, unfinished)
        verify = [str(postgres.binaries / "pg_verifybackup"), "--quiet", str(unfinished)]
        done = postgres.run(verify)
        if done.returncode != 0:
            raise PostgresUnavailable(f"pg_verifybackup: {done.stderr.strip()[-2000:]}")
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    unfinished.rename(postgres.data)


Fetch = Callable[[str, Path], bool]
"""Writes a piece of the log of changes, by its name, into a file; says whether there is such a
piece."""


def recover(postgres: Postgres, settings: Mapping[str, str], fetch: Fetch) -> None:
    """Start a server that was unpacked, let it catch up as `settings` say with what it fetches, and
    stop it: from then on its changes are a timeline that nobody had before.

    Of one that archives the beginning of that timeline is put out.
    """
    signal = postgres.data / "recovery.signal"
    signal.touch()
    _give_to_account(postgres, signal)
    spool = postgres.make_spool()
    usual = {"hot_standby": "off", "recovery_target_action": "promote"}
    wanted = shlex.quote(f"{spool}/").replace("%", "%%") + "%f"
    asked = f"touch {wanted}.wanted; while [ -e {wanted}.wanted ]; do sleep 0.02; done"
    command = {"restore_command": f"{asked}; mv {wanted} %p"}
    recovering = Postgres(
        postgres.directory,
        {**postgres.settings, **usual, **command, **settings},
        archive=postgres.archive,
    )
    with _serving(postgres, fetch):
        try:
            recovering.start(_RECOVERY_SECONDS)
        finally:
            recovering.stop()
    if not postgres.archive:
        shutil.rmtree(spool)


@contextmanager
def _serving(postgres: Postgres, fetch: Fetch) -> Iterator[None]:
    """Fetch in a thread of our own what the server asks for: it reads no key."""
    ended, failed = threading.Event(), list[Exception]()

    def serve() -> None:
        while not ended.wait(0.02):
            for asked in postgres.spool.glob("*.wanted"):
                piece = asked.with_suffix("")
                try:
                    if not failed and fetch(piece.name, piece):
                        _give_to_account(postgres, piece)
                except Exception as error:  # the server then finds no such piece and ends
                    failed.append(error)
                    piece.unlink(missing_ok=True)
                asked.unlink()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        if failed:
            raise failed[0]


def _give_to_account(postgres: Postgres, path: Path) -> None:
    """Let the server's account have what was written by us, and nobody else."""
    if path.is_dir():
        path.chmod(0o700)
    if postgres.account is None:
        return
    for each in (path, *path.rglob("*")):
        os.chown(each, postgres.account.uid, postgres.account.gid, follow_symlinks=False)


@contextmanager
def _reserved(postgres: Postgres) -> Iterator[None]:
    """Have the server keep its log of changes while this lasts."""
    session = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--set=ON_ERROR_STOP=1"]
    with _running(
        postgres, session, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        asked, told = _piped(process.stdin), _piped(process.stdout)
        asked.write(_SLOT.encode() + b"\n")
        asked.flush()
        first = told.readline().decode(errors="replace").strip()
        if not first.startswith("(copied,"):
            raise PostgresUnavailable(f"The server gives no slot for a copy: {first}")
        yield


@contextmanager
def _running(
    postgres: Postgres, command: list[str], **streams: int | IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of the server's programs on it, and end it with us."""
    reached = {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(postgres.port),
        "PGUSER": SUPERUSER,
        "PGPASSWORD": postgres.password(SUPERUSER),
        "PGDATABASE": SUPERUSER,
    }
    program, *options = command
    with subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603 - our own binaries, no shell
        [str(postgres.binaries / program), *options], env={**ENVIRONMENT, **reached}, **streams
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def _piped(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise PostgresUnavailable("A program of the server has no pipe.")
    return stream
