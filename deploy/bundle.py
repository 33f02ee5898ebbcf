"""`make bundle`: one file with the project and all wheels it needs, to install without any network.

    dist/kaoping-linux.tar          copy it behind the wall, then:
    tar xf kaoping-linux.tar && cd kaoping && make install

The wheels are those that `uv.lock` names, checked against its hashes, for CPython 3.11 to 3.14 on
Linux with glibc 2.28 or newer, x86-64 and arm64. What only a developer needs is not among them.
`--here` takes only those for this Python and machine; `--index URL` asks a company's mirror.
"""

import argparse
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from packaging import tags
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parents[1]
FILE = ROOT / "dist" / "kaoping-linux.tar"
REQUIREMENTS = "wheels/requirements.txt"
INSTALLED = ("--all-packages", "--group", "build")
"""What is installed where there is no network, in the words of `uv export`."""

GLIBC = 28
"""The oldest glibc (2.x) that is served: that of RHEL 8, openEuler 20.03 and Kylin V10."""


@dataclass(frozen=True, slots=True)
class Target:
    """A Python on a machine that the bundle is for."""

    python: tuple[int, int]
    machine: str

    def tags(self) -> list[tags.Tag]:
        """Return the tags of wheels that run there, the best first."""
        known = [f"manylinux_2_{minor}_{self.machine}" for minor in range(GLIBC, 4, -1)]
        known += [f"{old}_{self.machine}" for old in ("manylinux2014", "manylinux2010")]
        interpreter = f"cp{self.python[0]}{self.python[1]}"
        return [
            *tags.cpython_tags(self.python, platforms=known),
            *tags.compatible_tags(self.python, interpreter, known),
        ]

    def environment(self) -> dict[str, str]:
        """Return what the markers of requirements are evaluated with."""
        version = ".".join(map(str, self.python))
        return {
            "implementation_name": "cpython",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_system": "Linux",
            "python_full_version": f"{version}.99",
            "python_version": version,
            "sys_platform": "linux",
        }


TARGETS = [
    Target((3, minor), machine) for minor in range(11, 15) for machine in ("x86_64", "aarch64")
]
HERE = Target((sys.version_info[0], sys.version_info[1]), os.uname().machine)


@dataclass(frozen=True, slots=True)
class Wheel:
    """A file of the lock, with the hash that it must have."""

    url: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """The name of the file."""
        return urlsplit(self.url).path.rpartition("/")[2]


def requirements(*what: str) -> str:
    """Return what our packages need, with versions and hashes, as pip reads.

    `what` are options of `uv export`: which of ours, and which groups besides.
    """
    uv = [str(Path(sys.executable).parent / "uv"), "export", "--quiet", "--frozen", "--no-header"]
    shape = ["--all-extras", "--no-default-groups", "--no-emit-workspace", "--no-annotate"]
    return subprocess.run([*uv, *shape, *what], cwd=ROOT, check=True, text=True, stdout=-1).stdout


def wheels(wanted: str, lock: dict[str, Any], targets: Iterable[Target]) -> list[Wheel]:
    """Return the wheels of the lock that `wanted` requirements need on the targets.

    Raises `LookupError` where there is none for one of them.
    """
    known = {
        (canonicalize_name(each["name"]), each["version"]): [
            Wheel(w["url"], w["hash"].removeprefix("sha256:"), w["size"])
            for w in each.get("wheels", ())
        ]
        for each in lock["package"]
        if "version" in each
    }
    needed = list(pinned(wanted))
    found = {
        _best(known[name, version], target, name)
        for target in targets
        for name, version, marker in needed
        if marker is None or marker.evaluate(target.environment())
    }
    return sorted(found, key=lambda wheel: wheel.name)


def pinned(wanted: str) -> Iterator[tuple[str, str, Any]]:
    """Yield name, version and marker of each requirement of a file that pins all."""
    for line in wanted.replace("\\\n", " ").splitlines():
        text = re.sub(r"\s--hash=\S+", "", line).strip()
        if text and not text.startswith("#"):
            one = Requirement(text)
            yield canonicalize_name(one.name), str(one.specifier).removeprefix("=="), one.marker


def _best(known: list[Wheel], target: Target, name: str) -> Wheel:
    rank = {tag: place for place, tag in enumerate(target.tags())}
    fitting = [
        (min(places), wheel.name, wheel)
        for wheel in known
        if (places := [rank[tag] for tag in parse_wheel_filename(wheel.name)[3] if tag in rank])
    ]
    if not fitting:
        python = ".".join(map(str, target.python))
        raise LookupError(f"{name} has no wheel for Python {python} on {target.machine}")
    return min(fitting)[2]


def fetched(wheel: Wheel, http: httpx.Client, index: str | None) -> bytes:
    """Return the content of a wheel, from where the lock says or from another index."""
    url = wheel.url if index is None else _in_index(wheel, http, index)
    content = http.get(url).raise_for_status().content
    if hashlib.sha256(content).hexdigest() != wheel.sha256:
        raise ValueError(f"{wheel.name} is not what uv.lock names")
    return content


def _in_index(wheel: Wheel, http: httpx.Client, index: str) -> str:
    """Return where a simple index (PEP 503) has the file."""
    project = canonicalize_name(wheel.name.partition("-")[0])
    page = f"{index.rstrip('/')}/{project}/"
    for link in re.findall(r'href="([^"]+)"', http.get(page).raise_for_status().text):
        if urlsplit(link).path.rpartition("/")[2] == wheel.name:
            return urljoin(page, link.partition("#")[0])
    raise LookupError(f"{page} has no {wheel.name}")


def write(file: Path, targets: Iterable[Target], index: str | None = None) -> int:
    """Write the bundle and return how many wheels are in it; it appears when it is complete."""
    wanted = requirements(*INSTALLED)
    chosen = wheels(wanted, tomllib.loads((ROOT / "uv.lock").read_text("utf-8")), targets)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, text=True, stdout=-1)
    file.parent.mkdir(exist_ok=True)
    half = file.with_suffix(".half")
    with (
        tarfile.open(half, "w") as tar,
        httpx.Client(timeout=60, follow_redirects=True) as http,
    ):
        for path in sorted(filter(None, listed.stdout.split("\0"))):
            mode = 0o755 if os.access(ROOT / path, os.X_OK) else 0o644
            _add(tar, path, (ROOT / path).read_bytes(), mode)
        _add(tar, REQUIREMENTS, wanted.encode())
        for wheel in chosen:
            _add(tar, f"wheels/{wheel.name}", fetched(wheel, http, index))
    half.replace(file)
    return len(chosen)


def _add(tar: tarfile.TarFile, path: str, content: bytes, mode: int = 0o644) -> None:
    # No time, no owner: the same commit gives the same bytes.
    entry = tarfile.TarInfo(f"kaoping/{path}")
    entry.size, entry.mode = len(content), mode
    tar.addfile(entry, io.BytesIO(content))


def main() -> None:
    """Write the bundle that the command line asks for."""
    ask = argparse.ArgumentParser(description="Write dist/kaoping-linux.tar.")
    ask.add_argument("--here", action="store_true", help="only for this Python and machine")
    ask.add_argument("--index", help="a simple index (PEP 503) in the place of PyPI")
    ask.add_argument("--file", type=Path, default=FILE)
    given = ask.parse_args()
    count = write(given.file, [HERE] if given.here else TARGETS, given.index)
    print(f"{given.file}: {count} wheels, {given.file.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
