"""The command line: what it says when something is wrong, before anything is started."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kaoping.app import EXAMPLE, app
from kaoping.card import Card, Credentials, NotRunning
from kaoping.processes import SystemDown
from kaoping.system import System


def kaoping(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from kaoping.app import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_fault_is_one_line_on_standard_error(tmp_path: Path) -> None:
    done = kaoping("demo", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "KaopingFault" in done.stderr
    assert "scheme.yaml" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["load", "ranking"])
def test_a_system_that_is_not_running_is_named(tmp_path: Path, command: str) -> None:
    done = kaoping(command, "--var", str(tmp_path / "var"))
    assert done.returncode == 1
    assert "no system is running" in done.stderr


def test_every_command_is_listed() -> None:
    told = CliRunner().invoke(app, ["--help"]).stdout
    assert all(command in told for command in ("up", "demo", "load", "cycles", "ranking", "reset"))


def test_the_version_is_told() -> None:
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.stdout.split()[0]) == (0, "kaoping")
    assert re.fullmatch(r"kaoping \d+(\.\d+)*\n", told.stdout)


def test_a_port_that_is_taken_names_the_option_that_chooses_another(tmp_path: Path) -> None:
    """Planted bug: the message ends with the operating system's words."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = kaoping("up", "--port", str(taken.getsockname()[1]), "--var", str(tmp_path / "var"))
    assert done.returncode == 1
    assert "choose another with --port" in " ".join(done.stderr.split())


def test_a_place_that_backups_would_not_find_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted bug: pass over the setting; evidence is in `var`, where nobody wanted it."""
    monkeypatch.setenv("EVIDENCE_STORE", "s3://evidence/kaoping")
    monkeypatch.setenv("DATABASE_SPREAD", "1")
    for language, said in (("en", "where its backups find it"), ("zh", "备份也只取自该处")):
        var = tmp_path / language
        done = kaoping("up", "--port", "0", "--var", str(var), "--language", language)
        assert done.returncode == 1
        told = "".join(done.stderr.split())
        assert "EVIDENCE_STORE" in told
        assert "DATABASE_SPREAD" in told
        assert said.replace(" ", "") in told
        assert not var.exists()


def test_a_card_is_read_as_it_was_written_and_by_its_owner_only(tmp_path: Path) -> None:
    card = Card("http://127.0.0.1:8000", Credentials("admin", "secret-of-admin"))
    card.write(tmp_path)
    assert Card.read(tmp_path) == card
    assert (tmp_path / "system.json").stat().st_mode & 0o077 == 0
    with pytest.raises(NotRunning):
        Card.read(tmp_path / "elsewhere")


def test_a_directory_holds_one_system_at_a_time(tmp_path: Path) -> None:
    first, second = System(tmp_path / "var"), System(tmp_path / "var")
    first._take_directory()
    with pytest.raises(SystemDown, match="is running in"):
        second.start()
    with pytest.raises(SystemDown, match="is running in"):
        second.remove()
    first.stop()


def test_reset_asks_before_it_deletes(tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir()
    (var / "something").touch()
    refused = CliRunner().invoke(app, ["reset", "--var", str(var)], input="n\n")
    assert refused.exit_code == 1
    assert (var / "something").exists()
    assert CliRunner().invoke(app, ["reset", "--var", str(var), "--yes"]).exit_code == 0
    assert not var.exists()


def test_to_be_told_the_options_nobody_waits_for_a_library() -> None:
    """Planted bug: import the client at the top of the command."""
    script = (
        "import sys; from kaoping.app import app; from typer.testing import CliRunner; "
        "print(CliRunner().invoke(app, sys.argv[1:]).exit_code, "
        "[m for m in ('httpx', 'yaml', 'rich', 'chassis', 'asyncpg') if m in sys.modules])"
    )
    for arguments in (["--help"], ["up", "--help"], ["check", "--help"]):
        command = [sys.executable, "-c", script, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == "0 []\n"


def test_who_checks_a_scheme_waits_for_no_library_that_only_a_service_needs() -> None:
    """Planted bug: look over a scheme beside the endpoint that does so."""
    script = (
        "import sys; from kaoping.app import app; from typer.testing import CliRunner; "
        "print(CliRunner().invoke(app, sys.argv[1:]).exit_code, [m for m in ('aiohttp', 'asyncpg',"
        " 'fastapi', 'httpx', 'joserfc', 'numpy', 'sqlalchemy', 'starlette') if m in sys.modules])"
    )
    command = [sys.executable, "-c", script, "check", str(EXAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "0 []\n"


def test_whoever_starts_a_system_does_not_wait_for_what_only_its_services_need() -> None:
    """Planted bug: import asyncpg at the top of postgres_supervisor.databases."""
    script = (
        "import sys, kaoping.system; print([m for m in ('asyncio', 'asyncpg', 'chassis', 'fastapi',"
        " 'http.client', 'httpx', 'rich', 'uvicorn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "[]\n"
