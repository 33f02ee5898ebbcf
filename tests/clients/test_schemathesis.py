"""Requests that nobody wrote, sound and unsound, by each of six roles: none is answered as the
document does not say.

Everything an account may reach is asked, but signing in: it would lock the account out.
"""

import json
import re
import subprocess
import sys
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from service_testing import trials

SECRET = "a-secret-that-is-long-enough"
CONFIG = Path(__file__).with_name("schemathesis.toml")
ROLES = {
    "office": "performance_office",
    "organiser": "organiser",
    "source": "data_source_unit",
    "unit": "assessed_unit",
    "centre": "survey_centre",
    "auditor": "auditor",
}
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
]
PHASES = [*["coverage"][: trials(0, 1)], "fuzzing", "stateful"]
EXAMPLES = trials(1, 10)
SHARE = trials(12, 4)
"""Each role asks one in so many of its operations, and the next role others."""


@pytest.fixture(scope="module")
def document(place):
    with place.installation.raw() as http:
        return http.get("/api/v1/openapi.json").json()


def asked_by(document, role, turn):
    """Return the document with its share of what a role may ask."""
    own = deepcopy(document)
    may = [
        (path, method)
        for path, item in own["paths"].items()
        for method, operation in item.items()
        if {role, "any"} & set(operation["x-roles"])
    ]
    kept = set(may[turn % SHARE :: SHARE]) | LED_TO & set(may)
    own["paths"] = {
        path: {method: each for method, each in item.items() if (path, method) in kept}
        for path, item in own["paths"].items()
        if any((path, method) in kept for method in item)
    }
    return own


LED_TO = {("/api/v1/cycles", "get"), ("/api/v1/cycles/{cycle_id}", "get")}
"""What is asked by every role, so that each has something to go on from."""


# One process for all roles: starting takes it longer than asking.
RUNS = """
import contextlib, json, sys
from schemathesis.cli import schemathesis
for name, command in json.load(sys.stdin).items():
    with open(name + ".log", "w", encoding="utf-8") as log, contextlib.redirect_stdout(log):
        with contextlib.suppress(SystemExit):
            schemathesis.main(args=command, prog_name="schemathesis")
"""


@dataclass(frozen=True)
class Run:
    """What schemathesis asked as one role, and what it found."""

    operations: int
    report: dict[str, Any]
    log: str


@pytest.fixture(scope="module")
def runs(place, document, tmp_path_factory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("schemathesis")
    commands, asked = {}, {}
    for turn, (who, role) in enumerate(ROLES.items()):
        own = asked_by(document, role, turn)
        (folder / f"{who}.openapi.json").write_text(json.dumps(own), "utf-8")
        asked[who] = sum(map(len, own["paths"].values()))
        commands[who] = _command(place, who)
    done = subprocess.run(
        [sys.executable, "-c", RUNS],
        input=json.dumps(commands),
        cwd=folder,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {
        who: Run(
            asked[who],
            json.loads((folder / f"{who}.json").read_text("utf-8")),
            (folder / f"{who}.log").read_text("utf-8"),
        )
        for who in ROLES
    }


def _command(place, who):
    form = {"grant_type": "password", "username": who, "password": SECRET}
    token = httpx.post(f"{place.url}/oauth/token", data=form).json()["access_token"]
    command = ["--config-file", CONFIG, "run", f"{who}.openapi.json", "--url", place.url]
    command += ["-H", f"Authorization: Bearer {token}", "-H", "Accept-Language: en"]
    command += ["--checks", ",".join(CHECKS), "--phases", ",".join(PHASES), "-n", EXAMPLES]
    command += ["--generation-deterministic", "--continue-on-failure", "--no-shrink", "--no-color"]
    command += ["--report", "json", "--report-json-path", f"{who}.json"]
    return list(map(str, command))


@pytest.mark.prove
@pytest.mark.parametrize("who", ROLES)
def test_nothing_is_answered_that_the_document_does_not_say(who, runs):
    """Planted bugs: a 404 that is not declared; a 500; an answer with a field of another type; an
    unknown field that is taken."""
    report = runs[who].report
    assert (report["failures"], report["errors"]) == ([], []), runs[who].log[-6000:]
    assert report["exit_code"] == 0, runs[who].log[-2000:]


@pytest.mark.prove
@pytest.mark.parametrize("who", ROLES)
def test_every_phase_was_run_and_every_operation_asked(who, runs):
    """Planted bugs: a phase that is left out; a document without links from one to another."""
    report = runs[who].report
    assert {phase: report["phases"][phase]["status"] for phase in PHASES} == dict.fromkeys(
        PHASES, "success"
    ), report["phases"]
    assert report["complete"]
    assert report["operations"]["tested"] == runs[who].operations
    assert report["test_cases"]["generated"] > runs[who].operations
    # The report does not count what led from one operation to another; the log does.
    for counted in (r"Scenarios: +([0-9]+)", r"API Links: +([0-9]+) covered"):
        assert int(re.search(counted, runs[who].log)[1]) > 0, runs[who].log
