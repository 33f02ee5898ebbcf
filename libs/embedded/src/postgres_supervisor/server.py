"""One PostgreSQL server and its directory."""

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from postgres_supervisor.binaries import (
    PostgresUnavailable,
    enterable,
    find_binaries,
    runnable_binaries,
    unprivileged_account,
)
from postgres_supervisor.claims import abandoned, claimed
from postgres_supervisor.state_file import StateFile

SUPERUSER = "postgres"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
HOMES = Path("/var/lib/embedded-postgres")
# PostgreSQL otherwise writes values of rows into its log, beside the error they caused.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


class Postgres:
    """One server with its data, log, passwords and port, all inside one directory.

    A server that outlived its supervisor (kill -9) is adopted at the next start; one that is not
    to be kept ends with its supervisor, however that ends. `settings` are written on the server's
    command line; `{"fsync": "off"}` is for data that need not survive the machine. With `archive`
    each piece of its log of changes is put into `spool`, every minute, and kept until it is taken.
    """

    def __init__(
        self,
        directory: Path,
        settings: Mapping[str, str] | None = None,
        *,
        keep: bool = True,
        archive: bool = False,
    ) -> None:
        self.keep = keep
        self.archive = archive
        self.directory = directory.absolute()
        self.settings = {**SETTINGS, **(settings or {})}
        self.account = unprivileged_account()
        self.log = self.directory / "postgres.log"
        self._state = StateFile(self.directory / "secrets.json")
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def temporary(
        cls, settings: Mapping[str, str] | None = None, *, within: Path | None = None
    ) -> Iterator[Self]:
        """Run a server in a temporary directory, of its own `within` another, and remove it.

        So are those of runs that were killed.
        """
        for left in abandoned(within):
            if not (server := cls(left)).running:
                server.remove()
        with claimed(within) as directory:
            server = cls(directory, settings, keep=False)
            try:
                server.start()
                yield server
            finally:
                server.remove()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @cached_property
    def binaries(self) -> Path:
        """Directory of the programs this server is run from."""
        return runnable_binaries(find_binaries(), self.account)

    @property
    def data(self) -> Path:
        """The data directory: inside ours, or behind a link when the account cannot enter ours."""
        return (self.directory / "data").resolve()

    @property
    def spool(self) -> Path:
        """Where pieces of the log of changes are put out, or given back to be recovered from."""
        return self.data.with_name(f"{self.data.name}.spool")

    @property
    def port(self) -> int:
        """TCP port on 127.0.0.1, kept over restarts while it is free."""
        return self._state.port

    def url(self, database: str = SUPERUSER, role: str | None = None) -> str:
        """Address of a database, for the superuser or for a role that `provision` made."""
        name = role or SUPERUSER
        password = quote(self.password(name), safe="")
        return f"postgresql://{name}:{password}@127.0.0.1:{self.port}/{database}"

    def password(self, role: str) -> str:
        """The role's password: remembered beside the data, or drawn now and remembered."""
        return self._state.password(role)

    @property
    def running(self) -> bool:
        """Whether the server lives; one that was started here and has ended is forgotten."""
        if self._process is None:
            return self._running_pid() is not None
        if self._process.poll() is None:
            return True
        self._process = None
        self._dismiss_guard()
        return False

    def start(self, timeout: float = 60) -> None:
        """Initialise if empty, start or adopt the server, and wait (seconds) until it answers."""
        self.directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.data.exists():
                self._initialise()
            if self.archive:  # one that was adopted may put out nothing
                self.stop()
            if self._running_pid() is None:
                self._launch()
            self._await_ready(time.monotonic() + timeout)

    def stop(self, timeout: float = 60) -> None:
        """Shut down fast: sessions are cut, everything committed is on disk. Idempotent."""
        self._end(signal.SIGINT, timeout)

    def remove(self) -> None:
        """Stop the server, without saving anything, and delete its data, passwords and log."""
        self._end(signal.SIGQUIT, timeout=60)
        for each in (self.data, self.spool):
            shutil.rmtree(each, ignore_errors=True)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _end(self, how: signal.Signals, timeout: float) -> None:
        pid = self._running_pid()
        if pid is not None:
            os.kill(pid, how)
        if self._process is not None:
            self._process.wait(timeout)
            self._process = None
            self._dismiss_guard()
            return
        deadline = time.monotonic() + timeout
        while self._running_pid() is not None:
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"PostgreSQL (pid {pid}) does not stop: {self.log}")
            time.sleep(0.02)

    def _initialise(self) -> None:
        """Make the data directory beside its place first: what was interrupted is begun anew."""
        unfinished = self.unfinished_directory()
        # Beside the data, where the account can go; created with mode 0600.
        with tempfile.NamedTemporaryFile("w", dir=unfinished.parent) as file:
            file.write(self.password(SUPERUSER))
            file.flush()
            if self.account:
                os.chown(file.name, self.account.uid, self.account.gid)
            command = [self.binaries / "initdb", "-D", unfinished, "-U", SUPERUSER, "-E", "UTF8"]
            options = ["--auth=scram-sha-256", f"--pwfile={file.name}", *self._locale_options()]
            if self.settings.get("fsync") == "off":
                options.append("--no-sync")
            done = self.run([*map(str, command), *options])
        if done.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise PostgresUnavailable(f"initdb failed: {done.stderr.strip()[-2000:]}")
        unfinished.rename(self.data)

    def unfinished_directory(self) -> Path:
        """Make an empty directory beside the place of the data; renamed to it, it is the data."""
        link = self.directory / "data"
        if self.account and not link.exists() and not enterable(link):
            name = hashlib.sha256(str(link).encode()).hexdigest()[:16]
            HOMES.mkdir(parents=True, exist_ok=True)
            HOMES.chmod(0o711)
            link.unlink(missing_ok=True)
            link.symlink_to(HOMES / name)
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self.account:
            os.chown(unfinished, self.account.uid, self.account.gid)
        return unfinished

    def _locale_options(self) -> list[str]:
        version = self.run([str(self.binaries / "postgres"), "--version"]).stdout
        major = re.search(r"\b(\d+)", version)
        if major and int(major[1]) >= 17:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C"]  # the provider that sorts alike everywhere came with 17

    def _launch(self) -> None:
        port = self._choose_port()
        self._state.port = port
        command = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(port)]
        archiving = self._archiving() if self.archive else {}
        for name, value in {**self.settings, **archiving}.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own binaries, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,  # Ctrl-C is for the supervisor
                **self._identity(),
            )
        if not self.keep:
            self._post_guard(self._process.pid)

    def make_spool(self) -> Path:
        """Make the spool, where there is none, for the server's account and us."""
        spool = self.spool
        spool.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(spool, self.account.uid, self.account.gid)
        return spool

    def _archiving(self) -> dict[str, str]:
        """Settings by which a piece of the log is in the spool whole, and on the disk, or not."""
        place = shlex.quote(f"{self.make_spool()}/").replace("%", "%%")
        half = f"{place}%f.half"
        put = f"cp %p {half} && sync {half} && mv {half} {place}%f"
        return {"archive_mode": "on", "archive_timeout": "60", "archive_command": put}

    def _post_guard(self, pid: int) -> None:
        """Have the server ended when we are gone: the guard's input then closes."""
        self._guard = subprocess.Popen(  # noqa: S603 - our own words, and a number
            ["/bin/sh", "-c", 'read _; kill -QUIT "$0"', str(pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def _dismiss_guard(self) -> None:
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None

    def _await_ready(self, deadline: float) -> None:
        while self._pid_file()[7:8] != ["ready"] or not _listening(self.port):
            if self._process is not None and self._process.poll() is not None:
                self._process = None
                self._dismiss_guard()
                raise PostgresUnavailable(f"PostgreSQL ended: {_tail(self.log)}")
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"PostgreSQL is not ready in time: {_tail(self.log)}")
            time.sleep(0.01)

    def _choose_port(self) -> int:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    def _pid_file(self) -> list[str]:
        """Lines of postmaster.pid: pid, directory, start, port, socket, address, memory, status."""
        try:
            text = (self.data / "postmaster.pid").read_text()
        except OSError:
            return []
        return [line.strip() for line in text.splitlines()]

    def _running_pid(self) -> int | None:
        lines = self._pid_file()
        if len(lines) < 4 or not _listening(int(lines[3])):
            return None  # no file, or one left over from a crash
        pid = int(lines[0])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return None
        self._state.port = int(lines[3])
        return pid

    def _identity(self) -> dict[str, Any]:
        return self.account.popen() if self.account else {}

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as the server's account, and give what it said."""
        return subprocess.run(  # noqa: S603 - our own binaries, no shell
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            **self._identity(),
        )


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _tail(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-2000:] if log.exists() else "no log"
