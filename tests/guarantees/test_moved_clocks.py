"""One clock is ahead or behind, of a part or of the database: nobody gets in by it, nothing is
decided by a part's own, and what is refused is said."""

import json
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from tests.guarantees.test_cut_parts import ACCOUNTS, SECRET, Callers
from tests.system.harness import CHEAP, UNLIMITED

from gateway.keys import KeyRing
from kaoping.card import Credentials
from kaoping.parts import Part
from kaoping.system import NAMES, System
from postgres_supervisor.server import ENVIRONMENT
from service_testing import trials

SHIM = Path(__file__).with_name("moved_clock.c")
DAY = 86_400
MOVED = trials([300, -3600], [300, -300, 3600, -3600, DAY, -DAY])
WHOSE = trials(["gateway", "scoring", "database"], [*NAMES, "database"])


class MovedSystem(System):
    """A system of which each part, and its database, has a clock that can be moved."""

    def __init__(self, directory: Path, clocks: Path) -> None:
        told = {name.upper(): value for name, value in (CHEAP | UNLIMITED).items()}
        super().__init__(directory, environment=told, postgres={"fsync": "off"}, keep=False)
        self.clocks, self.ahead = clocks, 0

    def _part(self, name: str, instance: int) -> Part:
        part = super()._part(name, instance)
        clock = {"CLOCK_FILE": str(self.clocks / name)}
        return replace(part, environment=part.environment | clock)

    @contextmanager
    def moved(self, whose: str, seconds: int) -> Iterator[None]:
        self._move(whose, seconds + (self.ahead if whose == "database" else 0))
        try:
            yield
        finally:
            self._move(whose, self.ahead if whose == "database" else 0)

    def move(self, whose: str, seconds: int) -> None:
        """Move a clock for good."""
        self.ahead = seconds
        self._move(whose, seconds)

    def _move(self, whose: str, seconds: int) -> None:
        half = self.clocks / "half"
        half.write_text(str(seconds))
        half.chmod(0o644)
        half.rename(self.clocks / whose)


@pytest.fixture(scope="module")
def system() -> Iterator[MovedSystem]:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no compiler is here to make a clock that can be moved")
    with (
        TemporaryDirectory(prefix="kaoping-clocks-") as folder,
        pytest.MonkeyPatch.context() as env,
    ):
        at = Path(folder)
        at.chmod(0o755)  # for the database server's own account to get in
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O2", "-o", at / "clock.so", SHIM], check=True
        )
        env.setitem(ENVIRONMENT, "LD_PRELOAD", str(at / "clock.so"))
        env.setitem(ENVIRONMENT, "CLOCK_FILE", str(at / "database"))
        env.setenv("LD_PRELOAD", str(at / "clock.so"))
        with MovedSystem(at / "var", at) as running:
            env.delenv("LD_PRELOAD")
            yield running


@pytest.fixture(scope="module")
def callers(system) -> Iterator[Callers]:
    found = Callers(system)
    yield found
    found.http.close()


def signed(system: MovedSystem, begins: int, ends: int) -> str:
    """Return a token of the office as the gateway would have signed it by then."""
    keys, now = KeyRing(system.directory / "keys", "Ed25519"), int(time.time())
    claims = {"iss": "kaoping", "aud": "kaoping", "sub": "office", "person": "office"}
    about = {"iat": now + begins, "exp": now + ends, "roles": ["performance_office"]}
    about["jti"] = uuid.uuid4().hex  # none that was seen before is remembered
    return f"Bearer {keys.sign(claims | about)}"


def ask(callers: Callers, token: str) -> httpx.Response:
    """Ask what scoring answers once it has read a cycle from indicators."""
    path = f"/api/v1{callers.path}/progress"
    return callers.http.get(path, headers={"Authorization": token})


def sign_in(callers: Callers) -> None:
    callers.tokens |= {who: callers._token(Credentials(who, SECRET)) for who in ACCOUNTS}


def told(answer: httpx.Response) -> None:
    """What is refused says so, to the one who asks, and nothing is a failure of ours."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    kinds = {401: "not-signed-in", 503: "database-unavailable"}
    assert kinds.get(answer.status_code) == answer.json()["type"], answer.text
    assert answer.json()["detail"]
    assert answer.json()["remedy"]


@pytest.mark.prove
@pytest.mark.parametrize("seconds", MOVED)
@pytest.mark.parametrize("whose", WHOSE)
def test_by_a_clock_that_differs_nobody_gets_in_and_nothing_is_done_in_part(
    callers, whose, seconds, figure
):
    """Planted bugs: a service does not look when a token ends; a journal that refuses a clock is
    a failure of ours."""
    system = callers.system
    sign_in(callers)
    good = ask(callers, signed(system, 0, 600))
    assert good.status_code == 200, good.text
    fresh, ended, future = (signed(system, *each) for each in ((-1, 899), (-600, -60), (120, 600)))
    name, command = callers.command("scoring")
    key = uuid.uuid4().hex
    with system.moved(whose, seconds):
        assert ask(callers, ended).status_code == 401
        assert ask(callers, future).status_code == 401
        answers = [ask(callers, fresh), callers.send(command, key)]
        if whose in ("gateway", "scoring", "indicators"):
            # For ten seconds' difference a token is not begun yet, and for fifteen minutes' over.
            wanted = 200 if -10 <= seconds < 890 else 401
            assert answers[0].status_code == wanted, answers[0].text
        for each in answers:
            each.is_success or told(each)
        # Who signs in now is refused or has a token for as long as it says, by the gateway's clock.
        form = Credentials("office", SECRET).form
        answer = callers.http.post("/oauth/token", data=form)
        assert answer.is_success or (answer.status_code == 503 and whose == "database")
        other = callers.read("ranking")  # by the clock of the database sessions may have ended
        assert other.is_success or whose in ("gateway", "ranking", "database")
        other.is_success or told(other)
    if whose == "database" and seconds > 0:
        # What is on record is of the future: nothing is recorded before it, and that is said.
        told(callers.send(callers.command("scoring")[1], uuid.uuid4().hex))
        system.move("database", system.ahead + seconds)  # as by then
    sign_in(callers)  # by the clock of the database sessions may have ended
    answer = callers.send(command, key)
    assert answer.is_success, answer.text
    assert callers.stored()["scoring"].count(name) == 1
    assert ask(callers, callers.tokens["office"]).status_code == 200
    assert ask(callers, ended).status_code == 401
    figure("clocks moved", 1)


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="figures are looked at now and then")
def test_clocks_that_differ_are_told(callers):
    """The figures by which ClocksDiffer and ClockWentBack are told, which is until they agree."""
    system = callers.system
    with system.moved("indicators", -3600):
        assert eventually(lambda: abs(figure_of(system, "indicators", DIFFERENCE)) > 5)
        assert abs(figure_of(system, "ranking", DIFFERENCE)) < 5 or system.ahead
        assert eventually(lambda: figure_of(system, "indicators", LAST) - (time.time() - 3600) > 5)
    assert eventually(lambda: abs(figure_of(system, "indicators", DIFFERENCE)) < 5 + system.ahead)


DIFFERENCE, LAST = (
    "kaoping_clock_difference_seconds",
    "kaoping_journal_last_entry_timestamp_seconds",
)


def figure_of(system: System, part: str, name: str) -> float:
    """Return a figure that a part tells."""
    targets = json.loads(system.targets.read_text())
    [at] = [each["targets"][0] for each in targets if each["labels"]["job"] == part]
    text = httpx.get(f"http://{at}/metrics", trust_env=False, timeout=20).text
    [line] = [each for each in text.splitlines() if each.startswith(f"{name} ")]
    return float(line.rpartition(" ")[2])


def eventually(what, seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.3)
    return True
