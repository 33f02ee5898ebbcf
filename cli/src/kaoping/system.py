"""The whole system in one directory: PostgreSQL, a database per service, its processes, one log."""

import fcntl
import json
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self

from kaoping import marks
from kaoping.card import Card, Credentials, card_file, write_private
from kaoping.log_files import Kept, LogFiles
from kaoping.marks import ARCHIVE, BACKUP
from kaoping.parts import Part
from kaoping.processes import Processes, SystemDown, process_name
from postgres_supervisor import Postgres, PostgresUnavailable, Urls, provision
from postgres_supervisor.databases import CONNECTIONS, OWNER_CONNECTIONS

GATEWAY = "gateway"
NAMES = ("indicators", "scoring", "survey", "ranking", GATEWAY)
BOOTSTRAP = "gateway.bootstrap:main"
USUAL_CONNECTIONS, RESERVED_CONNECTIONS = 100, 3
"""How many a PostgreSQL server takes unless told otherwise, and keeps for its administrator."""


class System:
    """Starts everything in a directory and ends it; what is stored there stays.

    A port of 0 takes a free one. `postgres` are settings of the database server, `environment` of
    all services, of each of which so many `instances` run. Processes are forked unless told
    otherwise; macOS forbids it. With `archive` the database server puts out its log of changes for
    whoever archives it. With `tls`, a folder of certificates, all parts speak TLS, and services
    answer nobody but one another and the gateway. Each process tells its metrics at a port of its
    own, from `metrics_port` on; `targets` names them all. What is not to be kept does not outlive
    us even when we are killed.
    """

    def __init__(
        self,
        directory: Path,
        port: int = 0,
        *,
        postgres: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        instances: int = 1,
        fork: bool = sys.platform != "darwin",
        keep: bool = True,
        archive: bool = False,
        tls: Path | None = None,
        metrics_port: int = 0,
        logs: Kept | None = None,
    ) -> None:
        self.directory = directory.absolute()
        self.instances = instances
        self.log = self.directory / "log/kaoping.log"
        self.targets = self.directory / "metrics.json"
        self.marks = self.directory / "marks"
        self._metrics_port = metrics_port
        self._expected = (BACKUP, ARCHIVE) if archive else (BACKUP,)
        limit = {"max_connections": str(_all_connections(instances))}
        self.postgres = Postgres(
            self.directory / "postgres", {**limit, **(postgres or {})}, keep=keep, archive=archive
        )
        self._logs = LogFiles(self.log, self.postgres.log, logs or Kept())
        self._tls = {} if tls is None else _secured(tls)
        secure = None
        if self._tls:
            from chassis.tls import Tls  # here: a system without TLS starts without it

            ca, certificate, key = (Path(self._tls[name]) for name in _TLS)
            secure = Tls(ca, certificate, key).asking()
        self.processes = Processes(self.log, self.directory / "pids.json", fork, secure)
        self.databases: dict[str, Urls] = {}
        self._behind: set[str] = set()
        self._administered = False
        self._ports = {name: port if name == GATEWAY else 0 for name in NAMES}
        self._environment = dict(environment or {})
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @classmethod
    @contextmanager
    def temporary(
        cls,
        *,
        postgres: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        instances: int = 1,
        tls: Path | None = None,
        port: int = 0,
    ) -> Iterator[Self]:
        """Run a system in a directory of its own, which is removed with everything in it.

        Its data need not survive the machine: unless `postgres` says otherwise, nothing waits
        for the disk.
        """
        directory = Path(tempfile.mkdtemp(prefix="kaoping-"))
        directory.chmod(0o711)  # for PostgreSQL's own account to get in
        settings = {"fsync": "off"} if postgres is None else postgres
        system = cls(
            directory,
            port,
            postgres=settings,
            environment=environment,
            instances=instances,
            keep=False,
            tls=tls,
        )
        try:
            system.start()
            yield system
        finally:
            system.remove()

    @property
    def gateway_url(self) -> str:
        """Where everybody asks."""
        return self.processes.urls[GATEWAY]

    @property
    def administrator(self) -> Credentials:
        """The first account, with which all others are made."""
        return Credentials("admin", self._secret_file.read_text())

    @property
    def card(self) -> Card:
        """Address and first account."""
        return Card(self.gateway_url, self.administrator)

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the services by name; they change when one was replaced.

        The second process of a service has the name of the service with `-2`, and so on.
        """
        return self.processes.pids

    @property
    def running(self) -> bool:
        """Whether the services are being kept alive."""
        return self.processes.running

    def heal(self) -> None:
        """Start PostgreSQL again, at the same address, if it has ended; services find it again."""
        if not self.postgres.running:
            # Processes of the dead server may hold its memory for a moment; the next call tries.
            with suppress(PostgresUnavailable):
                self.postgres.start()

    def turn_logs(self) -> None:
        """Go on in new files of the log where the present ones are large or old enough."""
        self._logs.turn()

    def start(self) -> None:
        """Bring everything up; return when all services are ready."""
        self._take_directory()
        modules = [f"{name}.app" for name in NAMES]
        self.processes.open(self._ports, modules, self.instances, metrics_port=self._metrics_port)
        marks.expect(self.marks, self._expected)
        from kaoping import revisions  # now, while the supervisor imports as well

        self.databases = self.provide()
        try:
            self._behind = revisions.behind(self.databases, {name: home(name) for name in NAMES})
        except revisions.Unknown as error:
            raise SystemDown(str(error)) from error
        self._administered = GATEWAY not in self._behind and revisions.administered(
            self.databases[GATEWAY]
        )
        # First one of each: a system is ready when every service can be asked.
        self.processes.begin([self._part(n, each) for each in range(self.instances) for n in NAMES])
        self.processes.await_ready(90)
        self.card.write(self.directory)
        self.targets.write_text(json.dumps(self.processes.watched, indent=1) + "\n", "utf-8")

    def provide(self) -> dict[str, Urls]:
        """Start the database server, and give each service its database there."""
        try:
            self.postgres.start()
        except PostgresUnavailable as error:
            raise SystemDown(str(error)) from error
        return provision(self.postgres, NAMES, connections=_connections(self.instances))

    def stop(self) -> None:
        """End the services, then PostgreSQL. Idempotent."""
        self.processes.close()
        if self._lock is not None:
            card_file(self.directory).unlink(missing_ok=True)
            self.targets.unlink(missing_ok=True)
            self.postgres.stop()
            self._leave_directory()

    def remove(self) -> None:
        """End everything and delete what is stored; refused while another process runs it."""
        self.processes.close()
        self._take_directory()
        self.postgres.remove()
        shutil.rmtree(self.directory)
        self._leave_directory()

    @contextmanager
    def alone(self) -> Iterator[Self]:
        """Hold the directory while nobody runs the system in it."""
        self._take_directory()
        try:
            yield self
        finally:
            self._leave_directory()

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

    def _leave_directory(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _part(self, name: str, instance: int) -> Part:
        """Return a process of a service; the first of them prepares the database for all."""
        is_gateway, is_first = name == GATEWAY, instance == 0
        return Part(
            name=process_name(name, instance),
            app=f"{name}.app:create_app",
            listener=self.processes.descriptor(name, instance),
            metrics=self.processes.metrics_descriptor(name, instance),
            environment=self.environment(name),
            service=name,
            migrations=str(home(name) / "alembic.ini") if is_first and name in self._behind else "",
            owner_url=self.databases[name].owner,
            bootstrap=BOOTSTRAP if is_gateway and is_first and not self._administered else "",
        )

    def environment(self, name: str) -> dict[str, str]:
        """Return the settings of every process of a service."""
        is_gateway = name == GATEWAY
        return {
            "DATABASE_URL": self.databases[name].app,
            "GATEWAY_URL": self.gateway_url,
            "AUTHORISATION_FILE": str(home(GATEWAY) / "authorisation.yaml"),
            **(self._gateway_settings() if is_gateway else {}),
            "CHECKPOINTS": str(self.directory / "checkpoints"),
            "MIGRATIONS": str(home(name) / "migrations"),
            "WATCHED_DISKS": json.dumps({"data": str(self.directory)}),
            "EVIDENCE_STORE": str(self.directory / "evidence"),
            "COMPLAINT_KEYS": str(self.directory / "complaint-keys"),
            "LINKED_KEYS": str(self.directory / "linked-keys"),
            **self._tls,
            **({} if is_gateway or not self._tls else {"TLS_CLIENTS": "certified"}),
            **self._environment,
        }

    def _gateway_settings(self) -> dict[str, str]:
        services = {name: url for name, url in self.processes.urls.items() if name != GATEWAY}
        return {
            "UPSTREAMS": json.dumps(services),
            "KEYS_DIR": str(self.directory / "keys"),
            "MARKS": str(self.marks),
            "PUBLIC_ORIGIN": self.gateway_url,
            "BOOTSTRAP_SUBJECT": self.administrator.name,
            "BOOTSTRAP_SECRET_FILE": str(self._secret_file),
        }


_TLS = ("TLS_CA", "TLS_CERTIFICATE", "TLS_KEY")


def _secured(folder: Path) -> dict[str, str]:
    """Return the settings of a folder that `python -m chassis.certificates` made for 127.0.0.1."""
    files = [folder.absolute() / name for name in ("ca.pem", "127.0.0.1.pem", "127.0.0.1.key")]
    if missing := [str(each) for each in files if not each.is_file()]:
        raise SystemDown(
            f"{', '.join(missing)}: not there; make it by"
            f" `python -m chassis.certificates {folder} 127.0.0.1`"
        )
    return dict(zip(_TLS, map(str, files), strict=True))


def _connections(instances: int) -> int:
    """How many connections the role of a service needs: a pool for each process and one to spare.

    The one to spare is for a process that replaces another, which the server still clears up after.
    """
    return CONNECTIONS // 2 * (instances + 1)


def _all_connections(instances: int) -> int:
    """How many connections the server must take, its own and those of the owners included."""
    roles = len(NAMES) * (_connections(instances) + OWNER_CONNECTIONS)
    return max(USUAL_CONNECTIONS, roles + RESERVED_CONNECTIONS)


def home(package: str) -> Path:
    """The project folder of a package, which holds its migrations beside its sources."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemDown(f"{package} is not installed; install kaoping[server]")
    return Path(spec.origin).parents[2]
