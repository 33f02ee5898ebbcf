"""Files of a folder as a stream, and back again."""

import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from kaoping.backups.faults import BackupFault

_AT_ONCE = 1 << 20


def pack(root: Path, names: Iterable[str], stream: IO[bytes]) -> None:
    """Write files and folders below a root; what goes away meanwhile is left out."""
    with tarfile.open(fileobj=stream, mode="w|", bufsize=_AT_ONCE, dereference=False) as tar:
        for path in _all(root, names):
            try:
                _add(tar, root, path)
            except FileNotFoundError:  # a key that was destroyed, content that nobody names
                continue


def unpack(stream: IO[bytes], root: Path) -> None:
    """Write what was packed below a root, with its rights, and as ours."""
    with tarfile.open(fileobj=stream, mode="r|", bufsize=_AT_ONCE) as tar:
        tar.extractall(root, filter=_ours)  # noqa: S202 - sealed by our key, and filtered


def look_through(stream: IO[bytes]) -> int:
    """Read a packed stream to its end and return how many files there are."""
    with tarfile.open(fileobj=stream, mode="r|", bufsize=_AT_ONCE) as tar:
        number = sum(each.isfile() for each in tar)
    while stream.read(_AT_ONCE):
        continue
    return number


def _all(root: Path, names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = root / name
        if path.exists():
            yield path
            yield from sorted(path.rglob("*"))


def _add(tar: tarfile.TarFile, root: Path, path: Path) -> None:
    name = str(path.relative_to(root))
    if path.is_symlink():
        raise _strange(name)
    if path.is_dir():
        tar.addfile(_ours(tar.gettarinfo(path, name), ""))
    elif path.is_file():
        with path.open("rb") as file:
            tar.addfile(_ours(tar.gettarinfo(fileobj=file, arcname=name), ""), file)


def _ours(member: tarfile.TarInfo, root: str) -> tarfile.TarInfo:
    """Let a file or folder belong to nobody in particular, and lie below the root."""
    if not (member.isfile() or member.isdir()):
        raise _strange(member.name)
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return tarfile.tar_filter(member, root) if root else member


def _strange(name: str) -> BackupFault:
    return BackupFault(f"{name}: it is neither file nor folder", f"{name}：不是文件或文件夹")
