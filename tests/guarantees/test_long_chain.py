"""A chain of a million events: all that goes through it does so in time, and without having it
in memory."""

import asyncio
import os
import re
import resource
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import lending
import pytest
from tests.contracts.publish import ROOT
from tests.guarantees.long_chain import fill
from tests.system.harness import CHEAP, UNLIMITED, Prepared

from kaoping.card import Credentials
from service_testing import trials

EVENTS = trials(20_000, 1_000_000)
MOST_MORE = trials(12, 100)
"""Megabytes that a process may hold more while it goes through the chain."""
CHAIN = "00000000-0000-4000-8000-000000000001"
SETTINGS = {name.upper(): value for name, value in (CHEAP | UNLIMITED).items()}
SETTINGS |= {"TOKEN_SECONDS": "3600"}


def held(what: str, pid: int | str = "self") -> int:
    """Return megabytes that a process holds (VmRSS), or has held at most (VmHWM)."""
    told = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+)", told)[1]) // 1024


class Watch:
    """How much more a process came to hold at most, since this was made."""

    def __init__(self, pid: int | str = "self") -> None:
        self.pid = pid
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # begins anew with the most
        self.before = held("VmRSS", pid)

    @property
    def more(self) -> int:
        return held("VmHWM", self.pid) - self.before


async def heartbeats(found: list[float]) -> None:
    """Note for how long nothing else went on."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.01)
        found.append(time.monotonic() - began)


@pytest.mark.prove
async def test_a_long_chain_is_verified_beside_others_and_not_in_memory(
    run_service, tmp_path_factory, figure
):
    """With a row for each entry. Planted bugs: all entries are read before the first is looked at;
    rows are compared one by one, here."""
    service = await run_service(
        "lending",
        lending.create_app,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
    )
    await fill(service.superuser_url, "loans", EVENTS, loans=True)
    paused = list[float]()
    path = "/api/v1/journals/lending/chains/loans"
    async with service.caller("auditor") as auditor:
        assert (await auditor.get(path)).status_code == 200
        watch, beating = Watch(), asyncio.create_task(heartbeats(paused))
        answer = await auditor.get(f"{path}/verification", timeout=600)
        beating.cancel()
        found = answer.json()
        assert (found["holds"], found["length"], found["uncovered"]) == (True, EVENTS, 0)
        assert watch.more < MOST_MORE
        assert max(paused) < 1.5
        middle = EVENTS // 2
        await service.tamper(f"UPDATE journal_entry SET subject = 'x' WHERE seq = {middle}")  # noqa: S608
        altered = (await auditor.get(f"{path}/verification", timeout=600)).json()
        assert (altered["holds"], altered["broken_at"]) == (False, middle)
    figure("entries verified", found["length"])


@pytest.fixture(scope="module")
def system():
    with TemporaryDirectory(prefix="kaoping-long-") as folder:
        Path(folder).chmod(0o711)  # for the database server's own account to get in
        with Prepared(
            Path(folder) / "var", environment=SETTINGS, postgres={"fsync": "off"}
        ) as running:
            yield running


def run(*arguments: str | Path) -> tuple[str, float]:
    """Run a command of ours to its end, and return what it says and its seconds."""
    began = time.monotonic()
    command = [ROOT / ".venv/bin/kaoping", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, time.monotonic() - began


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="takes minutes")
def test_a_system_with_a_long_chain_is_exported_signed_backed_up_and_restored(
    system, tmp_path, figure
):
    """Planted bug: the last page is found by going through all before it."""
    url = system.postgres.url("scoring")
    asyncio.run(fill(url, CHAIN, EVENTS))
    with system.card.client() as administrator:
        account = {"subject": "sj", "kind": "person", "name": "审", "roles": ["auditor"]}
        [made] = administrator.post("/accounts", {"accounts": [account]})["accounts"]
    took, watch = dict[str, float](), Watch(system.pids["scoring"])

    def timed(what: str, ask):
        began = time.monotonic()
        found = ask()
        took[what] = time.monotonic() - began
        return found

    at = f"/journals/scoring/chains/{CHAIN}"
    with system.card.client(Credentials("sj", made["secret"])) as auditor:
        auditor.get(at, limit=1)  # a part that has just started makes its documents first
        page = timed("last page", lambda: auditor.get(at, after=EVENTS - 100, limit=200))
        assert [each["seq"] for each in page["items"]][-1] == EVENTS
        assert took["last page"] < 2
        whole = timed("verification", lambda: long(auditor, f"{at}/verification"))
        assert (whole["holds"], whole["length"]) == (True, EVENTS)
        timed("checkpoint", lambda: auditor.post("/checkpoints"))
        assert took["checkpoint"] < 10
        events = timed("last events", lambda: auditor.get("/events", limit=50))
        assert events["cursor"]
    assert watch.more < MOST_MORE
    secret = {"account": "sj", "secret": made["secret"]}
    told = [f"--{name}={value}" for name, value in secret.items()]
    var = f"--var={system.directory}"
    _, took["export and verification"] = run("journals", tmp_path / "out", *told, var)
    with (tmp_path / f"out/journals/scoring/{CHAIN}.jsonl").open("rb") as file:
        assert sum(1 for _ in file) == EVENTS
    key, backups = f"--key={tmp_path / 'safe.key'}", tmp_path / "backups"
    _, took["backup"] = run("backup", backups, key, "--new-key", var)
    _, took["backup read back"] = run("backup", backups, key, "--check", var)
    other = system.directory.parent / "restored"
    reason = ["--reason=disk failed", "--by=张三", "--by=李四"]
    _, took["restore"] = run("restore", backups, key, *reason, f"--var={other}")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    figure("MB that a command held at most", most)
    assert most < trials(400, 900)
    for what, seconds in took.items():
        figure(f"ms: {what}", round(seconds * 1000))


def long(auditor, path: str):
    """Read what may take as long as the gateway waits for it."""
    auditor._http.timeout = 600
    return auditor.get(path)
