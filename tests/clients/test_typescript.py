"""The TypeScript client: strictly typed, and as a front end uses it, run by node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.contracts.publish import ROOT
from tests.contracts.test_other_peoples_tools import PROGRAMS, TOOLING, run, tools

__all__ = ["tools"]

SECRET = "a-secret-that-is-long-enough"
CLIENT = ROOT / "clients" / "typescript"


def test_a_front_end_and_a_survey_centre_do_their_work_with_it(tools, place, tmp_path):
    """Planted bugs: a new key for each attempt; give up when an answer is lost; one page only."""
    shutil.copytree(CLIENT / "src", tmp_path / "src")
    (tmp_path / "tests").mkdir()
    shutil.copy(Path(__file__).parent / "front_end.mts", tmp_path / "tests" / "front_end.ts")
    (tmp_path / "node_modules").symlink_to(TOOLING / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    told = json.loads((CLIENT / "tsconfig.json").read_text("utf-8"))
    told["compilerOptions"] |= {"types": ["node"], "rootDir": ".", "outDir": "out"}
    (tmp_path / "tsconfig.json").write_text(json.dumps(told | {"include": ["src", "tests"]}))
    assert run(PROGRAMS / "tsc", "-p", tmp_path) == ""
    program = tmp_path / "out" / "tests" / "front_end.js"
    command = ["node", program, place.url, SECRET, place.cycle_id, place.survey_id]
    done = subprocess.run(command, text=True, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


@pytest.mark.parametrize("name", ["calls.ts", "index.ts", "operations.ts"])
def test_nothing_of_it_needs_more_than_fetch(name):
    """It runs in browsers and in node alike."""
    text = (CLIENT / "src" / name).read_text("utf-8")
    assert "process." not in text
    assert "node:" not in text
