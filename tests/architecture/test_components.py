"""What is installed is what the lock names, is named with its hash and licence, and is audited."""

import functools
import json
import os
import subprocess
import sys
import threading
import zipfile
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distributions
from pathlib import Path

import pytest
from deploy import audit, components, licences
from packaging.utils import canonicalize_name, parse_wheel_filename
from tests.contracts.publish import ROOT

UV = Path(sys.executable).parent / "uv"
FOUND = components.components()
HERE = [each for each in FOUND if each.here]
TODAY = datetime.now(UTC).date()


# --- hashes ---------------------------------------------------------------------------------------


def wheel(folder):
    """Write a package of one file as a wheel."""
    code, name = b"answer = 42\n", "tinypart-1.0.dist-info"
    files = {
        "tinypart.py": code,
        f"{name}/METADATA": b"Metadata-Version: 2.1\nName: tinypart\nVersion: 1.0\n",
        f"{name}/WHEEL": b"Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={urlsafe_b64encode(sha256(text).digest()).decode().rstrip('=')},{len(text)}\n"
        for path, text in files.items()
    )
    folder.mkdir()
    with zipfile.ZipFile(folder / "tinypart-1.0-py3-none-any.whl", "w") as archive:
        for path, text in {
            **files,
            f"{name}/RECORD": f"{record}{name}/RECORD,,\n".encode(),
        }.items():
            archive.writestr(path, text)


def asked_by_make(*given):
    """Return the commands of `make install` that bring packages in, as make writes them out."""
    done = subprocess.run(
        ["make", "-n", "-W", "uv.lock", f"UV={UV}", *given, ".venv/.installed"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    brings = (" sync ", " export ", " --requirements ")
    return [line for line in done.stdout.splitlines() if any(word in line for word in brings)]


def installs(project, commands):
    """Run commands in a new environment of a project; caches are new, and no network is asked."""
    kept = {each: os.environ[each] for each in ("PATH", "HOME", "LANG") if each in os.environ}
    # Whoever asks anything but the loopback is refused at once.
    nowhere = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY"), "http://127.0.0.1:9")
    place = {"VIRTUAL_ENV": str(project / ".venv"), "UV_PROJECT_ENVIRONMENT": ".venv"}
    places = {**nowhere, **place, "NO_PROXY": "127.0.0.1", "UV_CACHE_DIR": str(project / "cache")}
    new = ["set -e", "rm -rf .venv cache", f"{UV} venv --quiet --python {sys.executable} .venv"]
    return subprocess.run(
        ["bash", "-c", "\n".join([*new, *commands])], cwd=project, capture_output=True, text=True,
        check=False, env={**kept, **places},
    )  # fmt: skip


def is_installed(project):
    """Say whether the package is in the environment of a project."""
    return bool(list((project / ".venv").rglob("tinypart.py")))


@pytest.fixture
def project(tmp_path):
    """A project whose lock names one wheel of an index, that also lies beside it."""
    wheel(tmp_path / "wheels")
    page = tmp_path / "simple" / "tinypart"
    page.mkdir(parents=True)
    (file,) = (tmp_path / "wheels").iterdir()
    (page / file.name).write_bytes(file.read_bytes())
    link = f"{file.name}#sha256={sha256(file.read_bytes()).hexdigest()}"
    (page / "index.html").write_text(f'<a href="{link}">{file.name}</a>')
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "simple"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (tmp_path / "pyproject.toml").write_text(
            '[project]\nname = "tiny"\nversion = "0"\nrequires-python = ">=3.11"\n'
            'dependencies = ["tinypart"]\n[dependency-groups]\nbuild = []\n'
            "[tool.uv]\npackage = false\n[[tool.uv.index]]\n"
            f'url = "http://127.0.0.1:{server.server_port}/"\ndefault = true\n'
        )
        locked = installs(tmp_path, [f"{UV} lock --quiet"])
        assert locked.returncode == 0, locked.stderr
        yield tmp_path
        server.shutdown()


@pytest.mark.parametrize(
    "given", [("FROM=",), ("FROM=--no-index --find-links wheels",)], ids=["index", "folder"]
)
def test_one_flipped_digit_of_a_hash_ends_the_installation(project, given, figure):
    """By the commands of the Makefile. Planted bug: `--no-verify-hashes` in one of them."""
    commands = asked_by_make(*given)
    assert commands, "make writes out none"
    whole = installs(project, commands)
    assert whole.returncode == 0, whole.stderr
    assert is_installed(project)

    lock = project / "uv.lock"
    (digest,) = {sha256(each.read_bytes()).hexdigest() for each in project.glob("wheels/*.whl")}
    text = lock.read_text("utf-8")
    assert text.count(digest) == 1
    for place in (0, 31, 63):
        other = digest[:place] + f"{15 - int(digest[place], 16):x}" + digest[place + 1 :]
        lock.write_text(text.replace(digest, other), "utf-8")
        done = installs(project, commands)
        assert done.returncode != 0, "what the lock does not name was installed"
        assert "hash" in done.stderr.lower(), done.stderr
        assert other in done.stderr, done.stderr
        assert not is_installed(project)
        figure("flipped digits", 1)


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="asks an index: `make prove`")
@pytest.mark.parametrize("name", ["uv", "sniffio"])
def test_one_flipped_digit_in_our_own_lock_ends_make_install(tmp_path, name):
    """Of what installs, and of a small wheel that every part needs; caches are new.

    Planted bug: install uv by its version alone.
    """
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, stdout=-1, text=True, check=True)
    for path in filter(None, listed.stdout.split("\0")):
        if path.startswith(("docs/", "tests/", "examples/", "clients/")):
            continue
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((ROOT / path).read_bytes())
    (named,) = (each.wheel for each in HERE if each.name == name)
    other = f"{15 - int(named.sha256[0], 16):x}{named.sha256[1:]}"
    lock = tmp_path / "uv.lock"
    lock.write_text(lock.read_text("utf-8").replace(named.sha256, other), "utf-8")
    done = subprocess.run(
        ["make", "install", f"PYTHON={sys.executable}"], cwd=tmp_path, capture_output=True,
        text=True, check=False, env={**os.environ, "UV_CACHE_DIR": str(tmp_path / "cache")},
    )  # fmt: skip
    assert done.returncode != 0, "what the lock does not name was installed"
    assert name in done.stderr, done.stderr[-2000:]
    assert other in done.stderr, done.stderr[-2000:]


# --- the list of components -----------------------------------------------------------------------


def test_every_installed_distribution_is_named(figure):
    """Planted bug: only those that the lock names for production."""
    told = components.document(HERE)["components"]
    named = {(each["name"], each["version"]) for each in told}
    there = {(canonicalize_name(one.metadata["Name"]), one.version) for one in distributions()}
    assert there - named == set()
    assert len(named) == len(told)
    figure("distributions", len(there))


def test_each_is_named_with_the_hash_of_the_wheel_that_is_installed():
    """Planted bug: the last wheel of the lock that would do in the place of the best."""
    assert [each.name for each in HERE if each.locked and not each.own and not each.wheel] == []
    by_key = {(each.name, each.version): each for each in HERE if each.wheel}
    for one in distributions():
        key = (canonicalize_name(one.metadata["Name"]), one.version)
        # playwright says of itself that it is for any machine, and is not.
        if key[0] != "playwright" and key in by_key and (text := one.read_text("WHEEL")):
            told = {line[5:].strip() for line in text.splitlines() if line.startswith("Tag:")}
            tags = parse_wheel_filename(by_key[key].wheel.name)[3]
            assert {str(tag) for tag in tags} & told, by_key[key].wheel.name


def test_what_is_not_of_the_lock_is_named_too(monkeypatch, tmp_path):
    info = tmp_path / "stray-3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stray\nVersion: 3\n")
    monkeypatch.syspath_prepend(tmp_path)
    (told,) = (each for each in components.components() if each.name == "stray")
    assert (told.here, told.locked, told.production, told.wheel) == (True, False, False, None)
    assert licences.refused([(told.name, told.version, told.licence)]) == ["stray 3: not stated"]
    assert ("stray", "3") in audit.pins()


def test_the_document_holds_together():
    """Planted bug: a package that needs another twice, under two markers, is said to do so."""
    told = components.document(HERE)
    refs = [each["bom-ref"] for each in told["components"]]
    assert len(set(refs)) == len(refs)
    for each in told["dependencies"]:
        assert len(set(each["dependsOn"])) == len(each["dependsOn"])
        assert set(each["dependsOn"]) <= set(refs)
    assert {each["ref"] for each in told["dependencies"]} == {"kaoping", *refs}
    assert told == components.document(HERE), "the same installation gives the same bytes"
    needed = {each["name"] for each in told["components"] if each["scope"] == "required"}
    assert {"fastapi", "numpy", "gateway"} <= needed
    assert not needed & {"pytest", "ruff", "hypothesis", "service-testing", "schemathesis"}


# --- licences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("MIT", licences.Kind.PERMISSIVE),
        ("mit AND (Apache-2.0 OR GPL-3.0-only)", licences.Kind.PERMISSIVE),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", licences.Kind.WEAK),
        ("MIT AND LGPL-3.0-only", licences.Kind.WEAK),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", licences.Kind.WEAK),
        ("GPL-3.0-or-later", licences.Kind.REFUSED),
        ("MIT AND AGPL-3.0-only", licences.Kind.REFUSED),
        ("GPL-2.0-only OR AGPL-3.0-only", licences.Kind.REFUSED),
        ("SSPL-1.0", licences.Kind.REFUSED),
        ("a licence of our own", licences.Kind.REFUSED),
        ("not stated", licences.Kind.REFUSED),
        ("", licences.Kind.REFUSED),
    ],
)
def test_a_licence_is_judged_by_what_it_asks(expression, kind):
    """Planted bug: of `AND` the easier one."""
    assert licences.kind_of(expression) is kind


def test_nothing_comes_in_under_gpl_or_agpl_or_a_licence_that_nobody_has_judged():
    """Planted bug: take `pi-heif` by its field alone, or `ISC` out of the table."""
    assert licences.refused((each.name, each.version, each.licence) for each in FOUND) == []
    weak = {each.name for each in FOUND if licences.kind_of(each.licence) is licences.Kind.WEAK}
    assert {"pi-heif", "certifi", "orjson"} <= weak


def test_what_is_in_the_consoles_pages_is_named_with_its_hash_and_licence():
    """Planted bug: name what the pages are built with instead of what is in them."""
    [gateway] = [e for e in components.document(HERE)["components"] if e["name"] == "gateway"]
    inside = {each["name"]: each for each in gateway["components"]}
    assert {"@vue/runtime-core", "echarts"} <= inside.keys()
    assert "vite" not in inside
    assert all(len(each["hashes"][0]["content"]) == 128 for each in inside.values())
    assert licences.refused(licences.in_console()) == []


def test_every_library_inside_of_an_installed_wheel_has_a_licence():
    """Planted bug: leave out `libheif`."""
    inside = {
        (canonicalize_name(one.metadata["Name"]), file.name.partition(".")[0].partition("-")[0])
        for one in distributions()
        for file in one.files or ()
        if file.parts[0].endswith(".libs")
    }
    told = {(name, lib) for name, libs in licences.BUNDLED.items() for lib in libs}
    assert inside - told == set()
    rows = [(lib, name, licences.BUNDLED[name][lib]) for name, lib in sorted(told)]
    assert licences.refused(rows) == []


# --- the audit ------------------------------------------------------------------------------------


def advisory(name, *, day=TODAY, number="PYSEC-1", affected=None, **more):
    package = {"ecosystem": "PyPI", "name": name}
    events = [{"introduced": "0"}, {"fixed": "99"}]
    what = affected or {"ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return {"id": number, "modified": f"{day}T00:00:00Z", "affected": [{"package": package} | what],
            **more}  # fmt: skip


def database(folder, *advisories, day=TODAY, known=audit.KNOWN):
    """Write a database that knows what everybody knows, and some advisories besides."""
    folder.mkdir()
    old = (
        advisory(name, day=day, number=f"OLD-{name}", affected={"versions": [version]})
        for name, version in known
    )
    every = [*advisories, *old]
    for number, each in enumerate(every):
        (folder / f"{number}.json").write_text(json.dumps(each), "utf-8")
    return folder


PINS = {("planted", "1.2.3"), ("sound", "2.0")}


def test_a_planted_vulnerable_package_is_found_and_those_that_were_compared_are_counted(tmp_path):
    """Planted bug: only the list of versions is read, and not the ranges."""
    report = audit.audit(database(tmp_path / "db", advisory("Planted")), PINS, TODAY)
    assert (report.code, report.checked, report.asked) == (audit.VULNERABLE, 2, 2)
    assert report.found == [(("planted", "1.2.3"), "PYSEC-1")]
    assert list(report.lines())[-2].startswith("2 of 2 packages compared with 5 advisories")
    sound = audit.audit(database(tmp_path / "sound"), PINS, TODAY)
    assert (sound.code, sound.checked, sound.found) == (audit.CLEAN, 2, [])


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("none", "no database"),
        ("absent", "nothing at"),
        ("empty", "newest advisory is of None"),
        ("old", "newest advisory is of"),
        ("to come", "newest advisory is of"),
        ("other", "does not know jinja2 2.4.1"),
        ("broken", "cannot be read"),
    ],
)
def test_without_a_database_that_knows_of_today_it_is_not_audited(tmp_path, case, why):
    """Planted bug: 40 days in the place of 30."""
    before = TODAY - timedelta(days=31)
    folders = {
        "none": lambda: None,
        "absent": lambda: tmp_path / "absent",
        "empty": lambda: database(tmp_path / "db", known=()),
        "old": lambda: database(tmp_path / "db", day=before),
        "to come": lambda: database(
            tmp_path / "db", advisory("x", day=TODAY + timedelta(days=2)), day=before
        ),
        "other": lambda: database(tmp_path / "db", advisory("x"), known=()),
        "broken": lambda: database(tmp_path / "db"),
    }
    folder = folders[case]()
    if case == "broken":
        (folder / "half.json").write_text('{"id": ', "utf-8")
    report = audit.audit(folder, {("sound", "2.0")}, TODAY)
    assert report.code == audit.NOT_AUDITED
    *_, last = report.lines()
    assert last.startswith("not audited 未审计: ")
    assert why in last


def test_a_database_of_thirty_days_is_new_enough(tmp_path):
    folder = database(tmp_path / "db", day=TODAY - timedelta(days=30))
    assert audit.audit(folder, PINS, TODAY).code == audit.CLEAN


RANGE = [{"introduced": "1.0"}, {"fixed": "1.2"}, {"introduced": "2.0rc1"}, {"fixed": "2.10"}]


@pytest.mark.parametrize(
    ("version", "events", "named"),
    [
        ("0.9", RANGE, False),
        ("1.0", RANGE, True),
        ("1.2", RANGE, False),
        ("2.0", RANGE, True),
        ("2.9", RANGE[::-1], True),
        ("2.10", RANGE, False),
        ("1.2", [{"introduced": "0"}, {"last_affected": "1.2"}], True),
        ("1.2.1", [{"introduced": "0"}, {"last_affected": "1.2"}], False),
    ],
)
def test_a_range_names_the_versions_that_are_in_it(version, events, named):
    """Planted bug: compare versions as texts."""
    told = advisory("X", affected={"ranges": [{"type": "ECOSYSTEM", "events": events}]})
    assert audit.affects(told, ("x", version)) is named


def test_what_is_withdrawn_or_of_another_ecosystem_names_nothing(tmp_path):
    other = advisory("planted")
    other["affected"][0]["package"]["ecosystem"] = "npm"
    folder = database(tmp_path / "db", advisory("planted", withdrawn="2026-01-01T00:00:00Z"), other)
    assert audit.audit(folder, PINS, TODAY).found == []


def test_a_package_that_cannot_be_compared_is_not_called_clean(tmp_path):
    """Planted bug: count it among those that were compared."""
    strange = advisory("planted", affected={"ranges": [{"type": "ECOSYSTEM",
                       "events": [{"introduced": "one"}]}]})  # fmt: skip
    report = audit.audit(database(tmp_path / "db", strange), PINS, TODAY)
    assert (report.code, report.checked, report.asked) == (audit.NOT_AUDITED, 1, 2)
    assert "planted 1.2.3: cannot be compared with PYSEC-1 无法比对" in list(report.lines())


def test_an_archive_and_yaml_are_read_alike(tmp_path):
    """Planted bug: read YAML with its numbers, so that 2.10 is 2.1."""
    folder = database(tmp_path / "db")
    (folder / "more.yaml").write_text(
        f"id: PYSEC-9\nmodified: {TODAY}T00:00:00Z\naliases: [CVE-9]\naffected:\n"
        "- package: {name: planted, ecosystem: PyPI}\n  versions:\n  - 2.10\n"
    )
    file = tmp_path / "all.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    for given in (folder, file):
        report = audit.audit(given, {("planted", "2.10"), ("planted", "2.1")}, TODAY)
        assert report.found == [(("planted", "2.10"), "PYSEC-9 CVE-9")]


@pytest.mark.parametrize("case", ["none", "vulnerable", "clean"])
def test_the_command_ends_with_a_code_of_its_own(tmp_path, case, figure):
    """On what is really locked and installed."""
    planted = [advisory("fastapi")] if case == "vulnerable" else []
    given = [] if case == "none" else [str(database(tmp_path / "db", *planted))]
    done = subprocess.run(
        [sys.executable, "-m", "deploy.audit", *given], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    ends = {"none": (3, "not audited"), "vulnerable": (1, "1 packages"), "clean": (0, "no known")}
    code, last = ends[case]
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.splitlines()[-1].startswith(last)
    asked = len(audit.pins())
    assert f"{asked if given else 0} of {asked} packages compared" in done.stdout
    figure("packages audited", asked if case == "clean" else 0)
