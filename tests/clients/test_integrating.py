"""docs/integrating.md: from the first key to the first verified webhook, as it is written there."""

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest
from tests.contracts.publish import ROOT

PAGE = (ROOT / "docs" / "integrating.md").read_text("utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder like that of the project, from which the commands are given."""
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


def script(port: int, receiver: int) -> str:
    """Return all commands of the page in their order, at other ports, ending what they started."""
    told = "\n".join(BLOCKS)
    for written, instead in (
        ("kaoping up &", f"kaoping up --port {port} &"),
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("9000", str(receiver)),
    ):
        assert written in told
        told = told.replace(written, instead)
    return "set -eu\ntrap 'kill $(jobs -p); wait' EXIT\n" + told


def test_the_commands_of_the_page_lead_to_a_verified_webhook(place: Path) -> None:
    """Planted bugs: another name for the signature's header; a message that is signed otherwise."""
    assert len(BLOCKS) >= 6
    environment = {**os.environ, "ARGON2_MEMORY": "64", "ARGON2_PASSES": "1", "ARGON2_LANES": "1"}
    done = subprocess.run(
        ["bash", "-c", script(free_port(), free_port())],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout.splitlines()
    assert "cycle.begun" in said
    [verified] = [line for line in said if line.startswith("verified 1 ")]
    assert '"type":"cycle.begun"' in verified.replace(" ", "")
    assert said[-1] == "delivered"


def test_it_is_short() -> None:
    """Whoever connects a system types this: ten minutes, and no page of code."""
    assert sum(block.count("\n") for block in BLOCKS) < 60
