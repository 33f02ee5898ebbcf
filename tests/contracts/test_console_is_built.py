"""What the gateway serves as the console is what its sources make."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.contracts.publish import ROOT

BUILT = ROOT / "gateway" / "src" / "gateway" / "console"


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the files of a build but for their compressed forms, which a test of its own reads."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".gz"
    }


@pytest.mark.skipif(not os.environ.get("CI"), reason="takes packages of npm: in CI, with CI=true")
def test_the_sources_make_just_what_is_served(tmp_path):
    """Planted bug: change a page and build nothing."""
    for name in ("console", "clients/typescript"):
        hidden = shutil.ignore_patterns("node_modules")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=hidden)
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/uv").symlink_to(ROOT / ".venv/bin/uv")
    (tmp_path / ".venv/.installed").touch()
    made = subprocess.run(
        ["make", "-o", "install", "console"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    ours, theirs = files_of(BUILT), files_of(tmp_path / BUILT.relative_to(ROOT))
    assert sorted(theirs) == sorted(ours)
    assert [name for name, body in theirs.items() if ours[name] != body] == []
