"""A system is made of a backup, beside its place, and put there when it is whole."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from chassis.checkpoints import Checkpoint, Mark, read_all
from chassis.persons import are_two
from kaoping import revisions
from kaoping.backups import checking, folders, journals
from kaoping.backups import manifest as manifests
from kaoping.backups.archiving import Kept
from kaoping.backups.faults import BackupFault
from kaoping.backups.manifest import NAMES, Manifest
from kaoping.backups.sealing import Key
from kaoping.system import GATEWAY, System, home
from kaoping.system import NAMES as DATABASES
from postgres_supervisor import Postgres, PostgresUnavailable, recover, unpack, version

EXACTLY = {"recovery_target": "immediate", "recovery_target_timeline": "current"}
"""The databases as they were when the backup was made, and nothing later."""
END = "end"


@dataclass(frozen=True)
class Said:
    """Why a system is restored, and the two people who say so."""

    reason: str
    by: Sequence[str]

    def require(self) -> None:
        """Refuse no reason, and one person."""
        if not self.reason.strip() or not are_two(self.by):
            raise BackupFault(
                "a restore takes a --reason and two people: --by NAME --by NAME",
                "恢复须写明 --reason，并由两人以 --by 署名",
            )


@dataclass(frozen=True)
class Restored:
    """What came of it: the newest checkpoint that the databases reach, of how many; the number and
    the digest of the signed text which says that they were restored; and where what was replaced
    lies now."""

    back_to: int
    of: int
    signed: str
    aside: Path | None


def restore(
    folder: Path,
    var: Path,
    key: Key,
    said: Said,
    *,
    replace: bool = False,
    until: datetime | Literal["end"] | None = None,
) -> Restored:
    """Make a system of a backup in `var`, where there is none; with `replace` the one that is there
    is kept beside it. Until all is whole nothing stands in `var`.

    With an instant, or to the end, what was archived beside the backup is done again until then.
    """
    said.require()
    if occupied(var) and not replace:
        raise BackupFault(
            f"there is something in {var}; --replace keeps it aside",
            f"{var} 中已有内容；加 --replace 则移开保存",
        )
    _require_known(manifests.read(folder, key))
    checking.compared(folder, key)
    now = datetime.now(UTC).strftime(NAMES)
    new = var.absolute().with_name(f"{var.absolute().name}.restoring-{now}")
    with System(var).alone() as old:
        old.postgres.stop()
        for left in var.absolute().parent.glob(f"{var.absolute().name}.restoring-*"):
            System(left).remove()
        try:
            archive = Kept(folder.parent, key)
            found = _filled(new, folder, key, var / "checkpoints", archive if until else None)
            back_to = _caught_up(new, checking.about(folder, key), found, archive, until)
            signed = _signed(new, back_to, said)
        except BaseException:
            if new.exists():
                System(new).remove()
            raise
        aside = _put(new, var.absolute(), now)
    return Restored(back_to, len(found), signed, aside)


def instant(text: str) -> datetime | Literal["end"] | None:
    """Return until when changes are done again: an instant with its offset, to the end, or none."""
    if text in ("", END):
        return "end" if text else None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BackupFault(
            f"--until {text}: name an instant with its offset, such as 2025-12-01T08:30:00+08:00",
            f"--until {text}：请写明时刻和时区，如 2025-12-01T08:30:00+08:00",
        )
    return found


def occupied(var: Path) -> bool:
    """Whether there is anything in the folder but what a command that looked there left."""
    return var.exists() and any(each.name != "lock" for each in var.iterdir())


def _require_known(manifest: Manifest) -> None:
    """Refuse a backup of a newer version, or of another PostgreSQL, by name."""
    for name in DATABASES:
        known, had = revisions.revisions(home(name)), manifest.revisions.get(name)
        if had not in known:
            raise BackupFault(
                f"the backup was made by another version: {name} was at revision {had}, and this "
                f"version knows only {known[0]} to {known[-1]}",
                f"备份由其他版本制作：{name} 的修订号为 {had}，"
                f"本版本只认得 {known[0]} 至 {known[-1]}",
            )
    ours = version(Postgres(Path("unused")))
    if manifest.postgres.split(".")[0] != ours.split(".")[0]:
        raise BackupFault(
            f"the backup was made by PostgreSQL {manifest.postgres}, and here is {ours}",
            f"备份由 PostgreSQL {manifest.postgres} 制作，此处为 {ours}",
        )


def _filled(
    new: Path, folder: Path, key: Key, kept: Path, archive: Kept | None
) -> list[Checkpoint]:
    """Write everything that is no database; return the checkpoints: those of the backup, and those
    made since where they are still there."""
    new.mkdir(mode=0o711)
    for part in ("secrets", "checkpoints", "evidence"):
        with checking.opened(folder, key, part) as stream:
            folders.unpack(stream, new)
    if archive is not None:
        archive.lay_over(new)
    (new / "postgres").chmod(0o711)  # for PostgreSQL's own account to get in
    ours = read_all(new / "checkpoints")
    if kept.is_dir():
        theirs = read_all(kept)
        if [each.digest for each in theirs[: len(ours)]] == [each.digest for each in ours]:
            shutil.copytree(kept, new / "checkpoints", dirs_exist_ok=True)
            ours = theirs
    with checking.opened(folder, key, "database") as stream:
        try:
            unpack(System(new).postgres, stream)
        except PostgresUnavailable as error:
            raise _not_restored(error) from None
    return ours


def _caught_up(
    new: Path,
    about: Mapping[str, Any],
    found: Sequence[Checkpoint],
    archive: Kept,
    until: datetime | Literal["end"] | None,
) -> int:
    """Start the databases, hold them against what the backup says, and stop them; return which
    checkpoint they reach."""
    postgres = System(new, archive=archive.there).postgres
    told = {part: [Mark(*each) for each in marks] for part, marks in about["heads"].items()}
    try:
        recover(postgres, _target(until), archive.fetch)
        with postgres:
            journals.require_has(postgres, told)
            return journals.reached(postgres, found, DATABASES)
    except PostgresUnavailable as error:
        raise _not_restored(error) from None


def _target(until: datetime | Literal["end"] | None) -> Mapping[str, str]:
    if until is None:
        return EXACTLY
    return {"recovery_target_time": until.isoformat()} if isinstance(until, datetime) else {}


def _signed(new: Path, back_to: int, said: Said) -> str:
    """Have the gateway sign that all parts were taken back, and return what it said."""
    command = [sys.executable, "-m", "gateway.restoration", *DATABASES]
    told = ["--back-to", str(back_to), "--reason", said.reason]
    people = [word for each in said.by for word in ("--by", each)]
    settings = {
        "DATABASE_URL": "postgresql+asyncpg://127.0.0.1/unused",
        "GATEWAY_URL": "http://127.0.0.1",
        "AUTHORISATION_FILE": str(home(GATEWAY) / "authorisation.yaml"),
        "KEYS_DIR": str(new / "keys"),
        "CHECKPOINTS": str(new / "checkpoints"),
    }
    done = subprocess.run(  # noqa: S603 - our own program, no shell
        [*command, *told, *people], env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise _not_restored(Exception(done.stderr.strip()[-500:]))
    return done.stdout.strip()


def _put(new: Path, var: Path, now: str) -> Path | None:
    """Put what was restored in its place, and what is there beside it."""
    aside = var.with_name(f"{var.name}.replaced-{now}") if occupied(var) else None
    if aside is not None:
        var.rename(aside)
    else:
        shutil.rmtree(var)  # its lock alone
    new.rename(var)
    return aside


def _not_restored(error: Exception) -> BackupFault:
    return BackupFault(f"it was not restored: {error}", f"未能恢复：{error}")
