"""The supervisor of the services: what dies comes back, what ends ends in order."""

import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import httpx
import pytest

from kaoping.serving import Part
from service_testing import trials

TOY = """
import os, pathlib, re, socket

def listening():
    # How many sockets of this process take connections.
    number = 0
    for descriptor in range(3, 1024):
        try:
            one = socket.socket(fileno=descriptor)
        except OSError:
            continue
        number += one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        one.detach()
    return number

def create_app():
    if os.environ.get("BROKEN"):
        raise RuntimeError("the secret is 4711")

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            while True:
                event = (await receive())["type"]
                await send({"type": event + ".complete"})
                if event == "lifespan.shutdown":
                    pathlib.Path(os.environ["FAREWELL"]).write_text("in order")
                    return
        if scope["path"] == "/spin":
            while True:
                pass
        if scope["path"] == "/backtrack":  # in C, where not even a signal is heard
            re.match("(a+)+b", "a" * 60)
        body = f"{os.environ['GREETING']} {os.getpid()} {listening()}"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body.encode()})
    return app

def prepare():
    with open(os.environ["FAREWELL"] + ".prepared", "a") as file:
        file.write("once ")
"""

# Each way to spin and each way to start a process once, or every one with every other.
SPINNING = list(product(["spin", "backtrack"], [True, False]))[:: trials(3, 1)]

# How processes are started where the way is the same of both: each by itself in the long form too.
STARTED = [True, False][: trials(1, 2)]

# A service as the supervisor brings it up, which tells what it has imported by its first answers.
AS_FORKED = """
import http.client, importlib, os, socket, sys, threading
from pathlib import Path

from kaoping.zygote import AS_IT_STARTS
from chassis.serving import configuration, run

for module in [*AS_IT_STARTS, "ranking.app"]:
    importlib.import_module(module)
app = sys.modules["ranking.app"].create_app()
before, listener = set(sys.modules), socket.create_server(("127.0.0.1", 0))

def ask():
    connection = http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1])
    for path in ("live", "ready"):
        connection.request("GET", f"/health/{path}")
        assert connection.getresponse().read() == b"", path
    # In one piece: the service writes its log there too, from another thread.
    os.write(1, f"{sorted(set(sys.modules) - before)}\\n".encode())
    os._exit(0)

threading.Thread(target=ask).start()
run(configuration(app), [listener])
"""


@dataclass
class Running:
    """A supervisor with one toy service."""

    process: subprocess.Popen[bytes]
    url: str
    directory: Path

    def greeting(self) -> list[str]:
        return httpx.get(self.url, timeout=60, trust_env=False).text.split()

    def pid(self) -> int:
        pids: dict[str, int] = json.loads((self.directory / "pids").read_text())
        return pids["toy"]

    def restart(self) -> dict[str, object]:
        """Have it begin anew, and return what it says of that at the end."""
        before = self._restarts()["number"]
        self.process.send_signal(signal.SIGHUP)
        assert eventually(lambda: self._restarts()["number"] != before, 30)
        assert eventually(lambda: self._restarts()["state"] != "goes-on", 30)
        return self._restarts()

    def _restarts(self) -> dict[str, object]:
        try:
            found: dict[str, object] = json.loads((self.directory / "supervisor.json").read_text())
        except FileNotFoundError:
            return {"number": -1, "state": "it has ended", "why": ""}
        return found

    @property
    def farewell(self) -> Path:
        return self.directory / "farewell"


@contextmanager
def supervised(
    directory: Path,
    fork: bool = True,
    silence: float = 20,
    neighbours: int = 0,
    **environment: str,
) -> Iterator[Running]:
    (directory / "toy.py").write_text(TOY)
    more = filter(None, [os.environ.get("PYTHONPATH")])
    address = ("127.0.0.1", 0)
    with (
        socket.create_server(address) as listener,
        socket.create_server(address) as other,
        socket.create_server(address) as metrics,
    ):
        settings = {"GREETING": "hello", "FAREWELL": str(directory / "farewell"), **environment}
        part = Part(
            "toy",
            "toy:create_app",
            listener.fileno(),
            settings,
            bootstrap="toy:prepare",
            silence=silence,
            service="toy",
        )
        neighbour = Part(
            "neighbour",
            "toy:create_app",
            other.fileno(),
            settings,
            service="neighbour",
            metrics=metrics.fileno(),
        )
        parts = [asdict(one) for one in [part, *[neighbour] * neighbours]]
        plan = {"parts": parts, "pids": str(directory / "pids"), "fork": fork}
        with (directory / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "kaoping.zygote"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=[listener.fileno(), other.fileno(), metrics.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join([str(directory), *more])},
            )
        assert process.stdin
        process.stdin.write(json.dumps(plan).encode() + b"\n")
        process.stdin.flush()
        port = listener.getsockname()[1]
    with process:
        try:
            yield Running(process, f"http://127.0.0.1:{port}", directory)
        finally:
            process.stdin.close()  # a service must not outlive its test
            process.wait(20)


def eventually(what: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("fork", [True, False])
def test_a_killed_service_is_replaced_and_its_callers_only_wait(tmp_path: Path, fork: bool) -> None:
    with supervised(tmp_path, fork) as running:
        _, first, *_ = running.greeting()
        os.kill(int(first), signal.SIGKILL)
        word, second, *_ = running.greeting()  # no retry: the connection waits in the queue
        assert word == "hello"
        assert int(second) == running.pid() != int(first)


@pytest.mark.prove
@pytest.mark.parametrize(("way", "fork"), SPINNING)
def test_a_service_that_spins_is_replaced(tmp_path: Path, way: str, fork: bool) -> None:
    """Planted bug: leave `on_tick` out of chassis.serving.Server, and nobody is answered again."""
    with supervised(tmp_path, fork, silence=3) as running:
        _, first, *_ = running.greeting()
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{running.url}/{way}", timeout=60, trust_env=False)
        word, second, *_ = running.greeting()
        assert word == "hello"
        assert int(second) == running.pid() != int(first)
    assert f'"pid":{first},"reason":"status 1"' in (tmp_path / "log").read_text()


def test_a_service_that_is_stopped_for_too_long_is_replaced(tmp_path: Path) -> None:
    """Planted bugs: `_end_stopped` kills nothing; what goes on again is still taken for stopped."""
    with supervised(tmp_path, silence=1.5) as running:
        _, first, *_ = running.greeting()
        os.kill(int(first), signal.SIGSTOP)
        log = tmp_path / "log"
        assert eventually(lambda: '"event":"stopped"' in log.read_text())
        os.kill(int(first), signal.SIGCONT)
        assert eventually(lambda: '"event":"goes-on"' in log.read_text())
        os.kill(int(first), signal.SIGSTOP)
        word, second, *_ = running.greeting()
        assert word == "hello"
        assert int(second) == running.pid() != int(first)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert [line["event"] for line in lines if line["service"] == "zygote"] == [
            "stopped", "goes-on", "stopped", "ended",
        ]  # fmt: skip


ON_LINUX = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits are one's own")


@ON_LINUX
def test_a_supervisor_for_which_there_is_no_room_goes_on(tmp_path: Path) -> None:
    """For a file of its own, or for another process. Planted bugs: it ends, and so does all that it
    supervises, where it cannot write down who serves; or where it cannot start who is due."""
    with supervised(tmp_path, neighbours=1) as running:
        (tmp_path / "pids.partial").mkdir()
        first = running.greeting()[1]
        os.kill(int(first), signal.SIGKILL)
        second = running.greeting()[1]
        assert second != first
        with without_descriptors(running.process.pid):
            os.kill(int(second), signal.SIGKILL)
            log = tmp_path / "log"
            assert eventually(lambda: '"event":"not-started"' in log.read_text())
            assert running.process.poll() is None
        assert running.greeting()[1] not in {first, second}


@contextmanager
def without_descriptors(pid: int) -> Iterator[None]:
    """Let a process open nothing meanwhile."""
    usual = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, usual[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, usual)


@pytest.mark.parametrize("fork", [True, False])
def test_a_service_has_no_listening_socket_but_its_own(tmp_path: Path, fork: bool) -> None:
    """Planted bugs: leave `_foreign` out of the supervisor; it forgets the sockets of metrics."""
    with supervised(tmp_path, fork, neighbours=1) as running:
        assert running.greeting()[2] == "1"


def ask(connection: http.client.HTTPConnection) -> tuple[list[str], str | None]:
    connection.request("GET", "/")
    answer = connection.getresponse()
    return answer.read().decode().split(), answer.headers.get("connection")


@pytest.mark.prove
@pytest.mark.parametrize("fork", STARTED)
def test_who_is_told_to_end_answers_each_connection_once_more(tmp_path: Path, fork: bool) -> None:
    """And another is there at once, for those who come. Planted bugs: it leaves at once, so that
    what is asked on a connection meets its end; it goes on to take connections; it says of no
    answer that it is the last; another is started only when it has ended."""
    with supervised(tmp_path, fork) as running:
        address = running.url.removeprefix("http://")
        with closing(http.client.HTTPConnection(address, timeout=20)) as kept:
            (_, first, *_), said = ask(kept)
            assert said is None
            os.kill(int(first), signal.SIGTERM)
            assert eventually(lambda: running.pid() != int(first))
            assert running.greeting()[1] == str(running.pid())
            (_, again, *_), said = ask(kept)
            assert (again, said) == (first, "close")
            assert alive(int(first))
        assert eventually(lambda: not alive(int(first)))


@pytest.mark.prove
@pytest.mark.parametrize("fork", STARTED)
def test_a_supervisor_that_begins_anew_has_the_code_of_now_and_keeps_nobody_waiting(
    tmp_path: Path, fork: bool
) -> None:
    """Planted bugs: it goes on with its own program; who serves is told to end before there is
    another; the supervisor loses sight of a process that it had before."""
    with supervised(tmp_path, fork, neighbours=1) as running:
        pids, slow = [running.greeting()[1]], list[float]()
        (tmp_path / "toy.py").write_text(re.sub("GREETING'\\]", "GREETING'].upper()", TOY))
        with ThreadPoolExecutor(1) as pool:
            restarting = pool.submit(running.restart)
            while not restarting.done():
                began = time.monotonic()
                pids.append(running.greeting()[1])
                slow.append(time.monotonic() - began)
        told = restarting.result()
        assert (told["state"], told["replaced"], told["left"]) == ("done", ["toy", "neighbour"], [])
        assert running.greeting()[:2] == ["HELLO", str(running.pid())]
        assert len(set(pids)) == 2
        assert max(slow) < 1, "somebody waited until another was there"
        os.kill(running.pid(), signal.SIGKILL)
        assert running.greeting()[0] == "HELLO"
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert not any(alive(int(pid)) for pid in pids)


def test_what_does_not_start_takes_nobodys_place(tmp_path: Path) -> None:
    """Planted bug: a successor takes over before it says that it is ready."""
    with supervised(tmp_path) as running:
        first = running.greeting()[1]
        (tmp_path / "toy.py").write_text("raise RuntimeError")
        told = running.restart()
        assert (told["state"], told["why"]) == ("given-up", "toy does not start")
        assert running.greeting()[1] == first
        (tmp_path / "toy.py").write_text(TOY)
        assert running.restart()["state"] == "done"
        assert running.greeting()[1] != first


@ON_LINUX
def test_a_supervisor_that_cannot_begin_anew_goes_on_as_it_is(tmp_path: Path) -> None:
    """For want of a descriptor, here. Planted bug: it ends, and all that it supervises."""
    with supervised(tmp_path) as running:
        first, log = running.greeting()[1], tmp_path / "log"
        with without_descriptors(running.process.pid):
            running.process.send_signal(signal.SIGHUP)
            assert eventually(lambda: "the program was not exchanged" in log.read_text())
        assert running.greeting()[1] == first
        assert running.restart()["state"] == "done"
        assert running.greeting()[1] != first


def test_a_version_with_new_migrations_is_not_begun_with(tmp_path: Path) -> None:
    """Planted bug: `begins` does not look; what serves still knows nothing of the new tables."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "0001_first.py").touch()
    with supervised(tmp_path, MIGRATIONS=str(versions.parent)) as running:
        first = running.greeting()[1]
        (versions / "0002_second.py").touch()
        told = running.restart()
        assert (told["state"], told["why"]) == ("given-up", "new migrations: toy")
        assert running.greeting()[1] == first


def test_a_service_that_was_forked_imports_nothing_to_get_ready(databases) -> None:  # type: ignore[no-untyped-def]
    """Planted bug: leave uvloop out of AS_IT_STARTS; it cost each process four megabytes."""
    matrix = Path(__file__).parents[2] / "gateway/authorisation.yaml"
    settings = {"DATABASE_URL": databases("ranking").app, "AUTHORISATION_FILE": str(matrix)}
    command = [sys.executable, "-c", AS_FORKED]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **settings})
    # The service's log shares this stream: its last line may come before ours or after it.
    assert "[]" in done.stdout.splitlines(), done.stdout + done.stderr


def test_what_must_be_done_once_is_done_before_the_service_starts(tmp_path: Path) -> None:
    with supervised(tmp_path) as running:
        os.kill(int(running.greeting()[1]), signal.SIGKILL)
        running.greeting()
        assert (tmp_path / "farewell.prepared").read_text() == "once "


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGINT", "closed input"])
def test_the_services_end_in_order(tmp_path: Path, ending: str) -> None:
    with supervised(tmp_path) as running:
        service = int(running.greeting()[1])
        if ending == "closed input":
            assert running.process.stdin
            running.process.stdin.close()
        else:
            running.process.send_signal(signal.Signals[ending])
        assert running.process.wait(10) == 0
        assert running.farewell.read_text() == "in order"
        assert not alive(service)
        assert not (tmp_path / "pids").exists()


@pytest.mark.parametrize(
    "fork",
    [pytest.param(True, marks=pytest.mark.skipif(sys.platform != "linux", reason="prctl")), False],
)
def test_services_do_not_outlive_a_killed_supervisor(tmp_path: Path, fork: bool) -> None:
    with supervised(tmp_path, fork) as running:
        service = int(running.greeting()[1])
        running.process.kill()
        assert eventually(lambda: not alive(service))


def test_a_service_that_cannot_start_is_given_up(tmp_path: Path) -> None:
    with supervised(tmp_path, BROKEN="yes") as running:
        assert running.process.wait(20) != 0
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert lines[-1]["reason"] == "toy does not start"
    assert {line.get("error") for line in lines} == {"RuntimeError", None}
    assert "4711" not in str(lines)
