"""What other teams point at the API document, pointed at it here first.

The tools come from npm and PyPI and stand in clients/tooling (`make tools`). Without node these
tests have nothing to run and are skipped; where CI is set, what is missing is installed.
"""

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml
from tests.contracts.publish import ROOT, reference

from gateway.rules.bounds import sent_schemas

TOOLING = ROOT / "clients" / "tooling"
PROGRAMS = TOOLING / "node_modules" / ".bin"
IN_CI = bool(os.environ.get("CI"))
LONG = bool(os.environ.get("PROVE"))
LANGUAGES = ["zh", "en"] if LONG else ["zh"]
"""Of one form but for the words, as another test has it: what is found in one is in both."""
ALLOWED = yaml.safe_load((TOOLING / "allowed.yaml").read_text("utf-8"))

pytestmark = pytest.mark.prove
long_form = pytest.mark.skipif(not LONG, reason="a minute of other people's programs: `make prove`")


@pytest.fixture(scope="module")
def tools():
    if shutil.which("node") is None:
        pytest.skip("there is no node here")
    # One at a time: npm begins by removing what another process is about to use.
    with (Path(tempfile.gettempdir()) / f"kaoping-tools-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PROGRAMS.is_dir():
            if not IN_CI:
                pytest.skip("`make tools` installs them")
            made = subprocess.run(["make", "tools"], cwd=ROOT, check=False)
            if made.returncode != 0:
                pytest.skip("`make tools` could not install them: is the registry reachable?")
    return PROGRAMS


@pytest.fixture(scope="module", params=LANGUAGES)
def document(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("document") / f"{request.param}.json"
    path.write_bytes(reference(request.param))
    return path


def run(*command: object, **more) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=TOOLING,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        **more,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def strictly_typed(folder: Path) -> None:
    """Have TypeScript look at all that was generated, with nothing switched off."""
    (folder / "node_modules").symlink_to(TOOLING / "node_modules")
    options = {
        "strict": True, "noEmit": True, "skipLibCheck": False, "types": [], "target": "ES2022",
        "module": "ESNext", "moduleResolution": "bundler", "lib": ["ES2022", "DOM", "DOM.Iterable"],
    }  # fmt: skip
    told = {"compilerOptions": options, "include": ["**/*.ts"], "exclude": ["node_modules"]}
    (folder / "tsconfig.json").write_text(json.dumps(told), "utf-8")
    assert run(PROGRAMS / "tsc", "-p", folder) == ""


def test_redocly_finds_nothing(tools, document):
    """Planted bug: publish `gt` and `le` beside an `anyOf`, which JSON Schema does not know."""
    found = TOOLING / "redocly.yaml"
    told = subprocess.run(
        [tools / "redocly", "lint", "--config", found, "--format", "json", document],
        cwd=TOOLING,
        text=True,
        capture_output=True,
        check=False,
    ).stdout
    findings = json.loads(told)
    assert findings["problems"] == []
    assert findings["totals"]["errors"] == 0


def is_bounded(node) -> bool:
    # A `{0,63}` ends; `*`, `+` and `{1,}` do not.
    pattern = re.sub(r"\\.|\[[^\]]*\]", "x", node.get("pattern", "*"))
    return (
        node.get("format") in {"uuid", "date", "date-time"}
        or {"minimum", "maximum"} <= node.keys()
        or re.search(r"[*+]|,\}", pattern) is None
    )


def is_answered(document, sent, path) -> bool:
    if path[:2] == ["components", "schemas"]:
        return path[2] not in sent
    return "responses" in path


def at(document, path):
    for step in path:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def allows(line, document, sent, finding) -> bool:
    path = [str(step) for step in finding["path"]]
    if line["rule"] != finding["code"] or not re.search(line.get("where", ""), ".".join(path)):
        return False
    match line.get("of"):
        case "bounded":
            return is_bounded(at(document, path))
        case "answers":
            return is_answered(document, sent, path)
    return True


@long_form
def test_spectral_with_the_rules_of_owasp_finds_nothing_without_a_written_reason(tools, document):
    """Planted bug: a text of a new account without `max_length`."""
    out = document.with_suffix(".spectral")
    options = ["-r", TOOLING / "spectral.json", "-f", "json", "-o", out, "--fail-severity", "hint"]
    subprocess.run([tools / "spectral", "lint", document, *options], cwd=TOOLING, check=False)
    findings, told = json.loads(out.read_text("utf-8")), json.loads(document.read_bytes())
    assert findings, "not even what is allowed: the rules were not read"
    sent, needed, left = sent_schemas(told), set[int](), []
    for finding in findings:
        lines = [n for n, line in enumerate(ALLOWED) if allows(line, told, sent, finding)]
        needed |= set(lines)
        if not lines:
            left.append((finding["code"], ".".join(map(str, finding["path"]))))
    assert left == []
    assert [ALLOWED[n] for n in range(len(ALLOWED)) if n not in needed] == [], "not needed"


@long_form
def test_openapi_typescript_makes_strict_types_without_a_warning(tools, document, tmp_path):
    told = run(tools / "openapi-typescript", document, "-o", tmp_path / "schema.ts")
    assert not re.search(r"(?i)warn|error", told), told
    strictly_typed(tmp_path)


@long_form
def test_hey_api_makes_a_strict_client_with_zod_without_a_warning(tools, document, tmp_path):
    plugins = ["@hey-api/typescript", "@hey-api/client-fetch", "zod", "@hey-api/sdk"]
    told = {"input": str(document), "output": str(tmp_path / "made"), "plugins": plugins}
    settings = tmp_path / "made.config.mjs"
    settings.write_text(f"export default {json.dumps(told)};", "utf-8")
    said = run(tools / "openapi-ts", "-f", settings)
    assert not re.search(r"(?i)warn|error", said), said
    settings.unlink()
    assert (tmp_path / "made" / "zod.gen.ts").exists()
    strictly_typed(tmp_path)


@long_form
def test_openapi_python_client_makes_a_client_without_a_warning(tools, document, tmp_path):
    """Planted bug: an answer whose schema it cannot read, of which it makes no function."""
    program = TOOLING / ".venv" / "bin" / "openapi-python-client"
    where = ["--path", document, "--output-path", tmp_path / "made", "--meta", "none"]
    where += ["--config", TOOLING / "python-client.yaml"]
    path = f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"  # it formats with ruff
    said = run(program, "generate", *where, "--fail-on-warning", env={**os.environ, "PATH": path})
    assert not re.search(r"(?i)warn|error", said), said
    made = [p for p in (tmp_path / "made" / "api").rglob("*.py") if p.name != "__init__.py"]
    paths = json.loads(document.read_bytes())["paths"].values()
    assert len(made) == sum(len(item) for item in paths)
