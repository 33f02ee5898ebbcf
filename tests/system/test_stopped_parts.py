"""A part whose process is stopped takes connections and answers none: what its callers see."""

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from tests.system.harness import CHEAP, Prepared

from kaoping.system import System
from service_testing import trials

# Five seconds, as in life, where there is time for that.
SILENCE = trials(1, 5)
SETTINGS = {
    **{name.upper(): value for name, value in CHEAP.items()},
    "SILENCE_SECONDS": str(SILENCE),
}
MOST = 2 * SILENCE + 4
"""Silence is doubted, and doubted as long again; connections are looked at once a second."""


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with Prepared.temporary(environment=SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def asked(system: System) -> Iterator[Callable[[str], tuple[int, str, float]]]:
    """Give what asks for a path once, and says status and type of the answer and its seconds."""
    roles = {"office": "performance_office", "auditor": "auditor"}
    tokens = {}
    with (
        system.card.client() as administrator,
        httpx.Client(base_url=system.gateway_url, timeout=70, trust_env=False) as http,
    ):
        for subject, role in roles.items():
            account = {"subject": subject, "kind": "person", "name": subject, "roles": [role]}
            [made] = administrator.post("/accounts", {"accounts": [account]})["accounts"]
            form = {"grant_type": "password", "username": subject, "password": made["secret"]}
            answer = http.post("/oauth/token", data=form).raise_for_status()
            tokens[subject] = f"Bearer {answer.json()['access_token']}"

        def ask(path: str) -> tuple[int, str, float]:
            who = "auditor" if "journals" in path else "office"
            began = time.monotonic()
            told = http.get(f"/api/v1{path}", headers={"Authorization": tokens[who]})
            kind = told.json().get("type", "") if told.is_error else ""
            return told.status_code, kind, time.monotonic() - began

        yield ask


@contextmanager
def stopped(system: System, part: str) -> Iterator[None]:
    pid = system.pids[part]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


OWN, READ_BY_OTHERS = "/units", f"/cycles/{uuid.uuid4()}/progress"
"""What indicators answers itself, and what scoring does once it has read a cycle from there."""
ELSEWHERE = "/journals/survey/heads"


@pytest.mark.prove
def test_callers_of_a_stopped_part_are_told_in_time_and_all_others_are_served(system, asked):
    """Planted bugs: nobody doubts the silence; a part that is known to be silent is waited for
    again; it is never asked again."""
    assert asked(OWN)[0] == asked(ELSEWHERE)[0] == 200
    assert asked(READ_BY_OTHERS)[:2] == (404, "peer-missing")
    with stopped(system, "indicators"):
        with ThreadPoolExecutor(9) as pool:
            waiting = [pool.submit(asked, path) for path in [OWN, READ_BY_OTHERS] * 4]
            others = [asked(ELSEWHERE) for _ in range(5)]
            told = [each.result() for each in waiting]
        assert [(status, seconds < 2) for status, _, seconds in others] == [(200, True)] * 5
        assert {kind for _, kind, _ in told} == {"service-down", "peer-down"}
        assert {status for status, _, _ in told} == {503}
        assert max(seconds for _, _, seconds in told) < MOST
        # Whoever comes now waits for nothing.
        assert asked(OWN)[:2] == (503, "service-down")
        assert max(asked(path)[2] for path in (OWN, READ_BY_OTHERS)) < 1
    deadline = time.monotonic() + MOST
    while asked(OWN)[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)  # nobody has an allowance without end
    assert asked(READ_BY_OTHERS)[:2] == (404, "peer-missing")
