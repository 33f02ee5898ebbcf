"""The alerts: each rests on figures that are told, and its section says what really helps."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.contracts import problems
from tests.contracts.publish import ROOT
from tests.system.alerting import (
    RULES,
    SECTIONS,
    Alerts,
    commands,
    eventually,
    run,
    stopped,
    watched,
)
from tests.system.harness import CHEAP, UNLIMITED, Prepared

from kaoping.backups.sealing import Key
from kaoping.card import Credentials
from kaoping.system import NAMES, System

SETTINGS = {
    **{name.upper(): value for name, value in (CHEAP | UNLIMITED).items()},
    "SILENCE_SECONDS": "1",
    "DOUBT_SECONDS": "1",
    "DUTY_ACCOUNT": "nobody",  # has the look at duties told
}


def test_each_alert_has_a_section_and_each_section_an_alert():
    """Planted bugs: an alert without a section; a section whose alert was renamed."""
    assert set(SECTIONS) == set(RULES)
    for name, rule in RULES.items():
        told = rule["annotations"]
        assert told["runbook"] == f"docs/watching.md#{name.lower()}"
        assert rule["labels"]["severity"] in {"now", "today"}
        assert told["meaning"].isascii()
        assert re.search("[一-龥]", told["meaning_zh"])
        assert re.search("[一-龥]", SECTIONS[name])


FIGURE = re.compile(r"\b((?:kaoping|process)_\w+|up)\b(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)=~?"([^"]*)"')


def figures_of(expression: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the figures that an expression asks for, with the labels that they are to have."""
    for name, labels in FIGURE.findall(expression):
        yield name, MATCHER.findall(labels)


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    folder = Path(tempfile.mkdtemp(prefix="kaoping-watched-"))
    folder.chmod(0o711)  # for the database server's own account to get in
    try:
        with Prepared(
            folder / "var", environment=SETTINGS, postgres={"fsync": "off"}, archive=True
        ) as running:
            yield running
    finally:
        shutil.rmtree(folder)


def told_by(system: System) -> list[tuple[str, dict[str, str]]]:
    """Return name and labels of all figures, with the part that tells them."""
    found = []
    for each in json.loads(system.targets.read_text()):
        text = httpx.get(f"http://{each['targets'][0]}/metrics", trust_env=False, timeout=20).text
        found += [
            (sample.name, sample.labels | each["labels"])
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        ]
    return found


KNOWN = {"type": set(problems.kinds()), "status": {"2xx", "3xx", "4xx", "5xx"}, "job": set(NAMES)}
"""Values of labels that are there once something happened."""


def test_every_figure_that_an_alert_asks_for_is_told(system):
    """Planted bugs: a figure that was renamed; a label that no part gives."""
    told, asked = told_by(system), set()
    for name, rule in RULES.items():
        for figure, matchers in figures_of(rule["expr"]):
            if figure == "up":  # Prometheus' own
                continue
            asked.add(figure)
            alike = [labels for other, labels in told if other == figure]
            assert alike, f"{name}: {figure} is told by nobody"
            for label, values in matchers:
                given = {labels.get(label) for labels in alike} | KNOWN.get(label, set())
                assert set(values.split("|")) <= given, (name, values, given)
    assert len(asked) > 15


# What follows breaks a running system, as each alert is about, and mends it as its section says.


@pytest.fixture(scope="module")
def fires(system, tmp_path_factory) -> Iterator[Alerts]:
    with watched(system, tmp_path_factory.mktemp("prometheus")) as alerts:
        yield alerts


@pytest.fixture(scope="module")
def auditor(system):
    account = {"subject": "sj", "kind": "person", "name": "审", "roles": ["auditor"]}
    with system.card.client() as administrator:
        [made] = administrator.post("/accounts", {"accounts": [account]})["accounts"]
    with system.card.client(Credentials("sj", made["secret"])) as client:
        client.get("/me")
        yield client


@pytest.mark.prove
def test_what_was_never_done_is_told_until_it_is(system, fires, auditor, tmp_path):
    assert eventually(lambda: all(map(fires, ("BackupOld", "CheckpointOld", "ArchiveStalled"))))
    Key.draw(tmp_path / "backup.key")
    [command] = commands("BackupOld", backup=str(tmp_path), safe=str(tmp_path))
    run(system, command)
    assert eventually(lambda: not fires("BackupOld"))
    with stopped(system.pids["survey"]):
        auditor.post("/checkpoints")
        assert eventually(lambda: fires("CheckpointIncomplete") and not fires("CheckpointOld"))
    assert eventually(lambda: not fires("PartSilent"))
    auditor.post("/checkpoints")
    assert eventually(lambda: not fires("CheckpointIncomplete"))


@pytest.mark.prove
def test_a_part_that_is_stopped_is_named_and_comes_back(system, fires, auditor):
    assert eventually(lambda: not fires("PartDown"))
    with stopped(system.pids["scoring"]):
        assert eventually(lambda: fires("PartDown") and fires("PartSilent"))
        shown = subprocess.run(
            [ROOT / ".venv/bin/kaoping", "status", "--var", system.directory],
            capture_output=True,
            text=True,
        )
        assert shown.returncode == 1
        assert re.search("scoring.*does not answer", shown.stdout)
        run(system, commands("PartDown")[0])
    assert eventually(lambda: not fires("PartDown") and not fires("PartSilent"))
    for _ in range(8):
        before = system.pids["indicators"]
        os.kill(before, signal.SIGKILL)
        assert eventually(lambda b=before: system.pids.get("indicators") not in (b, None))
        time.sleep(5)  # only a process that was asked is known to have been there
        if fires("ProcessEndsAgain"):
            break
    assert fires("ProcessEndsAgain")
    assert "signal 9" in run(system, commands("ProcessEndsAgain")[0])


@pytest.mark.prove
def test_a_database_that_does_not_answer_is_named_and_comes_back(system, fires, auditor):
    server = int((system.postgres.data / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    with stopped(server, *map(int, children)):
        assert eventually(lambda: fires("PartNotReady") and fires("NotLookedAt"))
        assert eventually(lambda: refused(system) and fires("RequestsFail"))
        assert "/oauth/token" in run(system, commands("RequestsFail")[0])
        run(system, commands("PartNotReady")[0])
        assert "not-looked" in run(system, commands("NotLookedAt")[0])

    def back() -> bool:
        system.heal()
        return not fires("PartNotReady") and not fires("NotLookedAt")

    assert eventually(back, 60)
    assert auditor.get("/me")["subject"] == "sj"


def refused(system: System) -> bool:
    """Ask for what only the database knows, and say whether that was refused."""
    form = {"grant_type": "password", "username": "sj", "password": "wrong-secret"}
    with httpx.Client(base_url=system.gateway_url, trust_env=False, timeout=60) as http:
        return http.post("/oauth/token", data=form).status_code == 503


@pytest.mark.prove
def test_a_transaction_that_stays_open_is_named_and_ended(system, fires):
    async def held() -> None:
        url = system.databases["survey"].app.replace("+asyncpg", "")
        own = await asyncpg.connect(url, ssl=False, server_settings=_PATIENT)
        await own.execute("BEGIN; SELECT 1")
        assert await asyncio.to_thread(eventually, lambda: fires("TransactionOpenForLong"), 100)
        shown, ending = commands("TransactionOpenForLong")[0].strip().split("\n")
        operator = await asyncpg.connect(system.postgres.url("survey"), ssl=False)
        assert [each["usename"] for each in await operator.fetch(shown)] == ["survey"]
        await operator.fetch(ending)
        while await operator.fetch(shown):
            pass  # it ends in a moment
        await operator.close()
        own.terminate()

    asyncio.run(held())
    assert eventually(lambda: not fires("TransactionOpenForLong"))


_PATIENT = {"idle_in_transaction_session_timeout": "0"}


@pytest.mark.prove
def test_checkpoints_that_were_altered_are_named_until_they_are_put_back(system, fires, auditor):
    auditor.post("/checkpoints")
    first = min((system.directory / "checkpoints").glob("*.jws"))
    kept = first.read_text()
    assert not fires("DatabaseBehind")
    first.write_text(kept.replace(".", ".x", 1))
    try:
        assert eventually(lambda: fires("DatabaseBehind"), 100)
        assert "CheckpointsBroken" in run(system, commands("DatabaseBehind")[0])
    finally:
        first.write_text(kept)
    assert eventually(lambda: not fires("DatabaseBehind"), 100)


@pytest.mark.prove
def test_guesses_are_told(system, fires):
    with httpx.Client(base_url=system.gateway_url, trust_env=False, timeout=60) as http:
        for n in range(60):
            form = {"grant_type": "password", "username": f"u{n}", "password": "wrong-secret"}
            http.post("/oauth/token", data=form)
    assert eventually(lambda: fires("SignInsFail"))
