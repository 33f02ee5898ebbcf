"""A backup is made while the system works, and older ones go."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import IO

from chassis.checkpoints import read_all
from kaoping import marks
from kaoping.backups import folders, journals
from kaoping.backups.checking import about
from kaoping.backups.faults import BackupFault
from kaoping.backups.manifest import ARCHIVE, LOG, NAMES, Manifest, Sealed, backups_in
from kaoping.backups.sealing import Key, Sealer
from kaoping.system import NAMES as DATABASES
from kaoping.system import System
from postgres_supervisor import Postgres, copied, version

SECRETS = (
    "administrator.secret",
    "keys",
    "complaint-keys",
    "linked-keys",
    "postgres/secrets.json",
)
CHECKPOINTS = ("checkpoints",)
EVIDENCE = ("evidence",)
_PIECE = 1 << 20


def make(place: Path, var: Path, key: Key, keep: int | None = None) -> Path:
    """Make a backup of the system in `var` in a folder of backups, and return where it is; of all
    that are there then the newest `keep` stay.

    Checkpoints are read first and files last: the databases have all that the checkpoints tell of,
    and for all that the databases name there are files and keys.
    """
    if not (var / "postgres/secrets.json").is_file():
        raise BackupFault(f"there is no system in {var}", f"{var} 中没有系统")
    with _alone(place), answering(var) as postgres:
        began = datetime.now(UTC)
        folder = place / began.strftime(NAMES)
        partial = folder.with_name(f"{folder.name}.partial")
        try:
            partial.mkdir(mode=0o700)
            _fill(partial, var, postgres, key, began)
            settle(partial)
            partial.rename(folder)
            settle(place)
        except FileExistsError:
            raise BackupFault(f"{folder} is there already", f"{folder} 已存在") from None
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        marks.leave(var / "marks", marks.BACKUP)
        if keep is not None:
            for each in backups_in(place)[:-keep]:
                shutil.rmtree(each)
            _forget(place, str(about(backups_in(place)[0], key)["segment"]))
    return folder


def _forget(place: Path, segment: str) -> None:
    """Remove of the archive what the oldest backup that is kept does not need: the names of pieces
    are in their order, after the timeline."""
    for path in (place / ARCHIVE / LOG).glob("*"):
        if len(path.name) == len(segment) and path.name[8:] < segment[8:]:
            path.unlink()


def _fill(folder: Path, var: Path, postgres: Postgres, key: Key, began: datetime) -> None:
    found = read_all(var / "checkpoints")
    checkpoints = _part(folder, key, "checkpoints", lambda out: folders.pack(var, CHECKPOINTS, out))
    revisions = journals.revisions(postgres, DATABASES)
    told = {
        "segment": journals.segment(postgres),
        "heads": {
            name: [[each.chain, each.seq, each.hash] for each in marks]
            for name, marks in journals.heads(postgres, DATABASES).items()
        },
        "checkpoint": {"number": found[-1].number, "digest": found[-1].digest} if found else None,
    }
    text = json.dumps(told, ensure_ascii=False).encode()
    parts = [
        _part(folder, key, "about", lambda out: out.write(text)),
        checkpoints,
        _part(folder, key, "database", lambda out: _copy(postgres, out)),
        _part(folder, key, "evidence", lambda out: folders.pack(var, EVIDENCE, out)),
        _part(folder, key, "secrets", lambda out: folders.pack(var, SECRETS, out)),
    ]
    manifest = Manifest(
        version=installed("kaoping"),
        postgres=version(postgres),
        revisions=revisions,
        began_at=began.isoformat(),
        made_at=datetime.now(UTC).isoformat(),
        key=key.name,
        parts=parts,
    )
    manifest.write(folder, key)


def _part(folder: Path, key: Key, name: str, write: Callable[[IO[bytes]], object]) -> Sealed:
    with (folder / name).open("xb") as file:
        sealer = Sealer(file, key, name)
        write(sealer)  # type: ignore[arg-type]
        sealer.finish()
        file.flush()
        os.fsync(file.fileno())
    return Sealed(name, sealer.size, sealer.digest)


def _copy(postgres: Postgres, out: IO[bytes]) -> None:
    with copied(postgres) as stream:
        while piece := stream.read(_PIECE):
            out.write(piece)


@contextmanager
def answering(var: Path) -> Iterator[Postgres]:
    """Give the database server of a system that runs, or run it for as long as this lasts; refuse
    one that has not all of its databases."""
    system = System(var)
    if system.postgres.running:
        journals.require_on_one_machine(system.postgres, DATABASES)
        yield system.postgres
        return
    with system.alone(), system.postgres:
        journals.require_on_one_machine(system.postgres, DATABASES)
        yield system.postgres


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Make the place where there is none, and let nobody else make backups in it meanwhile; what
    another left half made is removed."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in place.glob("*Z.partial"):
            shutil.rmtree(left)
        yield
    except BlockingIOError:
        raise BackupFault(
            f"another backup is being made in {place}", f"{place} 中正在进行另一次备份"
        ) from None
    finally:
        os.close(held)


def settle(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
