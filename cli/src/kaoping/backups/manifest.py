"""What a backup says of itself, and where backups are.

A place holds backups, each a folder named by the instant when it was made; a folder whose name ends
with `.partial` is none yet. The manifest can be read without any key, and tells nothing of what is
in the backup; only the key can have made it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kaoping.backups.faults import BackupFault
from kaoping.backups.sealing import Key

FORMAT = "kaoping-backup/1"
MANIFEST = "manifest.json"
NAMES = "%Y%m%dT%H%M%SZ"
ARCHIVE, LOG, FILES = "archive", "log-of-changes", "files"
"""Beside the backups, what came after them."""
PARTS = ("about", "checkpoints", "database", "evidence", "secrets")
_MOST = 1 << 20


@dataclass(frozen=True)
class Sealed:
    """One part of a backup: its name, and size and SHA-256 of the file that holds it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup is made of: by which version, of which PostgreSQL, at which revisions of the
    five databases, when it was begun and made, and which key opens it."""

    version: str
    postgres: str
    revisions: dict[str, str]
    began_at: str
    made_at: str
    key: str
    parts: list[Sealed]

    def part(self, name: str) -> Sealed:
        """Return what is said of a part."""
        return next(each for each in self.parts if each.name == name)

    def write(self, folder: Path, key: Key) -> None:
        """Write it into the folder, sealed by the key."""
        said = {"format": FORMAT, **asdict(self)}
        whole = {**said, "seal": key.seal_of(_canonical(said))}
        (folder / MANIFEST).write_text(json.dumps(whole, indent=1) + "\n", "utf-8")


def read(folder: Path, key: Key | None) -> Manifest:
    """Read the manifest of a backup; refuse another format, and with a key whatever the holder of
    that key did not write. What would be written to disk is named by nobody but ourselves."""
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            said: dict[str, Any] = json.loads(file.read(_MOST))
        found = said.pop("format")
        if found != FORMAT:
            raise BackupFault(
                f"{path}: its format is {found}, and this version restores {FORMAT}",
                f"{path}：格式为 {found}，本版本只能恢复 {FORMAT}",
            )
        seal = said.pop("seal")
        parts = [Sealed(**each) for each in said.pop("parts")]
        manifest = Manifest(**said, parts=parts)
        names = tuple(each.name for each in parts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupFault(
            f"{path}: it is no manifest of a backup ({type(error).__name__})",
            f"{path}：不是备份清单（{type(error).__name__}）",
        ) from None
    if key is not None:
        _require_sealed(path, manifest, seal, key)
    if names != PARTS:
        raise BackupFault(f"{path}: it names other parts", f"{path}：所列部分不符")
    return manifest


def _require_sealed(path: Path, manifest: Manifest, seal: object, key: Key) -> None:
    if manifest.key != key.name:
        raise BackupFault(
            f"{path}: key {manifest.key} opens it, and this is {key.name}",
            f"{path}：须用密钥 {manifest.key}，现用的是 {key.name}",
        )
    if not key.has_sealed(_canonical({"format": FORMAT, **asdict(manifest)}), seal):
        raise BackupFault(f"{path}: it is not as it was written", f"{path}：清单与备份时不一致")


def backups_in(place: Path) -> list[Path]:
    """Return the backups of a place, the oldest first."""
    found = (each for each in place.glob("*Z") if (each / MANIFEST).is_file() and _instant(each))
    return sorted(found, key=lambda each: each.name)


def chosen(place: Path, until: datetime | None = None) -> Path:
    """Return the backup that a folder is, or else the newest in it that was made until then."""
    if (place / MANIFEST).is_file():
        return place
    found = [each for each in backups_in(place) if until is None or _made(each) <= until]
    if not found:
        raise BackupFault(
            f"there is no backup in {place}" + (f" until {until}" if until else ""),
            f"{place} 中没有" + (f"截至 {until} 的" if until else "") + "备份",
        )
    return found[-1]


def _made(folder: Path) -> datetime:
    return datetime.fromisoformat(read(folder, None).made_at)


def _instant(folder: Path) -> bool:
    try:
        datetime.strptime(folder.name, NAMES)  # noqa: DTZ007 - the name alone is looked at
    except ValueError:
        return False
    return True


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
