"""The whole system in one directory: PostgreSQL, five databases, five processes, one log."""

import fcntl
import json
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self

import httpx

from chassis.embedded import Postgres, PostgresUnavailable, Urls, provision
from kaoping.card import Card, card_file, write_private
from kaoping.client import Credentials
from kaoping.faults import KaopingFault
from kaoping.serving import Part

NAMES = ("indicators", "scoring", "survey", "ranking", "gateway")


class SystemDown(KaopingFault):
    """The system cannot be started or has ended; the message says why."""


@dataclass(frozen=True)
class Listener:
    """An open socket of a service to be, and the address that reaches it."""

    socket: socket.socket
    url: str


class System:
    """Starts everything in a directory and ends it; what is stored there stays.

    A port of 0 takes a free one. `postgres` are settings of the database server, `environment` of
    all five services.
    """

    def __init__(
        self,
        directory: Path,
        port: int = 0,
        *,
        postgres: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        fork: bool = sys.platform != "darwin",
    ) -> None:
        self.directory = directory.absolute()
        self.port = port
        self.environment = dict(environment or {})
        self.fork = fork
        self.postgres = Postgres(self.directory / "postgres", postgres)
        self.log = self.directory / "log/kaoping.log"
        self.databases: dict[str, Urls] = {}
        self.urls: dict[str, str] = {}
        self._lock: IO[str] | None = None
        self._zygote: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def gateway_url(self) -> str:
        """Where everybody asks."""
        return self.urls["gateway"]

    @property
    def card(self) -> Card:
        """Address and first account, with which all other accounts are made."""
        return Card(self.gateway_url, Credentials("admin", self._secret_file.read_text()))

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the services by name; they change when one was replaced."""
        try:
            pids: dict[str, int] = json.loads(self._pids_file.read_text())
        except FileNotFoundError:
            pids = {}
        return pids

    @property
    def running(self) -> bool:
        """Whether the supervisor of the services lives."""
        return self._zygote is not None and self._zygote.poll() is None

    @classmethod
    @contextmanager
    def temporary(
        cls,
        *,
        postgres: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Iterator[Self]:
        """Run a system in a directory of its own, which is removed with everything in it."""
        directory = Path(tempfile.mkdtemp(prefix="kaoping-"))
        directory.chmod(0o711)  # for PostgreSQL's own account to get in
        system = cls(directory, postgres=postgres, environment=environment)
        try:
            with system:
                yield system
        finally:
            system.remove()

    def start(self) -> None:
        """Bring everything up; return when all services are ready."""
        self._take_directory()
        try:
            self.postgres.start()
        except PostgresUnavailable as error:
            raise SystemDown(str(error)) from error
        self.databases = provision(self.postgres, NAMES)
        listeners = self._listen()
        self.urls = {name: listener.url for name, listener in listeners.items()}
        self._start_zygote(listeners)
        self._await_ready(time.monotonic() + 90)
        self.card.write(self.directory)

    def stop(self) -> None:
        """End the services, then PostgreSQL. Idempotent."""
        if self._zygote is not None:
            if self._zygote.stdin:
                self._zygote.stdin.close()  # its sign to end
            self._zygote.wait(60)
            self._zygote = None
        card_file(self.directory).unlink(missing_ok=True)
        if self._lock is not None:
            self.postgres.stop()
            self._lock.close()
            self._lock = None

    def remove(self) -> None:
        """Delete everything that is stored."""
        self._take_directory()
        self.postgres.remove()
        shutil.rmtree(self.directory)
        self.stop()

    @property
    def _pids_file(self) -> Path:
        return self.directory / "pids.json"

    @property
    def _secret_file(self) -> Path:
        """The first account's secret: drawn once, kept where only we can read it."""
        file = self.directory / "administrator.secret"
        if not file.exists():
            write_private(file, secrets.token_urlsafe(24))
        return file

    def _take_directory(self) -> None:
        """Make the directory ours alone, and enterable for PostgreSQL's account."""
        if self._lock is not None:
            return
        self.directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        lock = (self.directory / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise SystemDown(f"a system is running in {self.directory}; stop it first") from None
        self._lock = lock

    def _listen(self) -> dict[str, Listener]:
        """Open the sockets here: a service that dies leaves its callers waiting, not refused."""
        listeners = {}
        for name in NAMES:
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            port = self.port if name == "gateway" else 0
            try:
                listener.bind(("127.0.0.1", port))
            except OSError as error:
                raise SystemDown(f"port {port} is taken: {error.strerror}") from error
            listener.listen(2048)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            listeners[name] = Listener(listener, url)
        return listeners

    def _start_zygote(self, listeners: Mapping[str, Listener]) -> None:
        self.log.parent.mkdir(exist_ok=True)
        parts = [self._part(name, listener.socket) for name, listener in listeners.items()]
        plan = {
            "parts": [asdict(part) for part in parts],
            "pids": str(self._pids_file),
            "fork": self.fork,
        }
        with self.log.open("ab") as log:
            self._zygote = subprocess.Popen(
                [sys.executable, "-m", "kaoping.zygote"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=[part.listener for part in parts],
                start_new_session=True,  # Ctrl-C is for us, who then end it in order
            )
        assert self._zygote.stdin is not None  # noqa: S101 - it was asked for
        self._zygote.stdin.write(json.dumps(plan).encode() + b"\n")
        self._zygote.stdin.flush()
        for listener in listeners.values():
            listener.socket.close()

    def _part(self, name: str, listener: socket.socket) -> Part:
        is_gateway = name == "gateway"
        return Part(
            name=name,
            app=f"{name}.app:create_app",
            listener=listener.fileno(),
            environment={
                "DATABASE_URL": self.databases[name].app,
                "GATEWAY_URL": self.gateway_url,
                "AUTHORISATION_FILE": str(_home("gateway") / "authorisation.yaml"),
                **(self._gateway_settings() if is_gateway else {}),
                **self.environment,
            },
            migrations=str(_home(name) / "alembic.ini"),
            owner_url=self.databases[name].owner,
            bootstrap="gateway.bootstrap:main" if is_gateway else "",
        )

    def _gateway_settings(self) -> dict[str, str]:
        services = {name: url for name, url in self.urls.items() if name != "gateway"}
        return {
            "UPSTREAMS": json.dumps(services),
            "KEYS_DIR": str(self.directory / "keys"),
            "BOOTSTRAP_SUBJECT": self.card.administrator.name,
            "BOOTSTRAP_SECRET_FILE": str(self._secret_file),
        }

    def _await_ready(self, deadline: float) -> None:
        """Ask every service whether it is ready; callers wait on its socket while it starts."""
        for name, url in self.urls.items():
            while not _ready(url):
                if not self.running:
                    raise SystemDown(f"the services ended:\n{_tail(self.log)}")
                if time.monotonic() > deadline:
                    raise SystemDown(f"{name} is not ready in time:\n{_tail(self.log)}")
                time.sleep(0.05)


def _home(package: str) -> Path:
    """The project folder of a package, which holds its migrations beside its sources."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemDown(f"{package} is not installed; install kaoping[server]")
    return Path(spec.origin).parents[2]


def _ready(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{url}/health/ready", timeout=5, trust_env=False).is_success
    return False


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
