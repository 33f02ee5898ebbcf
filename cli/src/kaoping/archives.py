"""Archives of a year: fetched from a running system, compared with what they say of themselves, and
restored into a cycle in which nothing has been recorded.

The comparison needs the file alone, and holds nothing of it in memory but one piece.
"""

import hashlib
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kaoping.client import Client
from kaoping.faults import KaopingFault

FORMATS = tuple(f"kaoping-archive/{number}" for number in range(1, 5))
"""What is compared; the first one tells neither scheme nor copies of pictures, and is not restored
by this version, the second has no stages, signatures and cards, the third no supervised items."""
MANIFEST = "manifest.json"
_PIECE = 1 << 20
_MOST_OF_A_MANIFEST = 64 << 20
_TEXT_AT_ONCE, _LONGEST_ITEM = 1 << 16, 1_000
_FILES = re.compile(r',\s*"files"\s*:\s*\[')
_ITEM = re.compile(rf"\s*(?P<told>\{{[^{{}}]{{1,{_LONGEST_ITEM}}}\}})\s*(?P<after>[,\]])")
_END = re.compile(r"\s*\]?\s*\}\s*")


class ArchiveFault(KaopingFault):
    """The file is no archive, or not what was archived, in English and in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


@contextmanager
def told_in_chinese() -> Iterator[None]:
    """Tell faults of archives in Chinese."""
    try:
        yield
    except ArchiveFault as fault:
        raise ArchiveFault(fault.zh, fault.zh) from fault


def fetch(api: Client, cycle_id: str, file: Path) -> int:
    """Write the archive of a cycle to a file that there is not yet; return how many files it has.

    What did not come whole, or is not as it says, leaves no file behind.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with file.open("xb"):
            pass
    except FileExistsError:
        raise ArchiveFault(f"{file} is there already", f"{file} 已存在") from None
    try:
        with part.open("wb") as written:
            for piece in api.stream(f"/cycles/{cycle_id}/archive"):
                written.write(piece)
        number = compared(part)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        file.unlink(missing_ok=True)
        raise
    return number


def compared(file: Path) -> int:
    """Compare the files of an archive with its manifest, and return how many there are; name the
    first that differs. Of neither is more held than one file's part."""
    number = 0
    try:
        with tarfile.open(file, "r:") as tar:
            for each in _told(_first(tar)):
                _compare(tar, _next(tar), each)
                number += 1
            if (more := _next(tar)) is not None:
                raise ArchiveFault(
                    f"{more.name}: the manifest does not name it", f"{more.name}：清单未列该文件"
                )
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ArchiveFault(
            f"{file}: it is no whole tar ({type(error).__name__})",
            f"{file}：不是完整的 tar 文件（{type(error).__name__}）",
        ) from error
    return number


def _next(tar: tarfile.TarFile) -> tarfile.TarInfo | None:
    """Return the next file of a tar, which keeps all that it has read otherwise."""
    found = tar.next()
    tar.members.clear()  # type: ignore[attr-defined]
    return found


def _first(tar: tarfile.TarFile) -> IO[bytes]:
    """Return the manifest, opened."""
    first = _next(tar)
    if first is None or first.name != MANIFEST or first.size > _MOST_OF_A_MANIFEST:
        raise ArchiveFault(f"{MANIFEST}: it is not the first file", f"{MANIFEST}：不是第一个文件")
    return _opened(tar, first)


def _told(manifest: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Yield what a manifest says of each file, as it is read."""
    try:
        text = _more(manifest)
        begin = _FILES.search(text)
        head = json.loads(f"{text[: begin.start()]}}}" if begin else "")
        if head["format"] not in FORMATS:
            raise ArchiveFault(
                f"{MANIFEST}: its format is none of {', '.join(FORMATS)}",
                f"{MANIFEST}：格式不是 {'、'.join(FORMATS)} 之一",
            )
        yield from _items(manifest, text[begin.end() if begin else 0 :])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ArchiveFault(f"{MANIFEST}: it cannot be read", f"{MANIFEST}：无法读取") from error


def _items(manifest: IO[bytes], text: str) -> Iterator[dict[str, Any]]:
    """Yield the files of a manifest, of which a text is the first; a wrong one is a ValueError."""
    after = ","
    while after == "," and (item := _ITEM.match(text := text + _more(manifest, text))):
        told = json.loads(item["told"])
        yield {name: told[name] for name in ("name", "size", "sha256")}
        text, after = text[item.end() :], item["after"]
    if not _END.fullmatch(text) or _more(manifest):
        raise ValueError(text[:100])


def _more(manifest: IO[bytes], text: str = "") -> str:
    """Return the next piece, where a text may have too little left for one file."""
    wanted = len(text) < 2 * _LONGEST_ITEM
    return manifest.read(_TEXT_AT_ONCE).decode("ascii") if wanted else ""


def _compare(tar: tarfile.TarFile, found: tarfile.TarInfo | None, told: dict[str, Any]) -> None:
    name = told["name"]
    if found is None:
        raise ArchiveFault(f"{name}: it is missing", f"{name}：缺少该文件")
    if found.name != name:
        raise ArchiveFault(
            f"{name}: {found.name} stands in its place", f"{name}：该处为 {found.name}"
        )
    if found.size != told["size"]:
        raise ArchiveFault(
            f"{name}: it has {found.size} bytes; archived were {told['size']}",
            f"{name}：现为 {found.size} 字节，归档时为 {told['size']} 字节",
        )
    if _digest(_opened(tar, found)) != told["sha256"]:
        raise ArchiveFault(
            f"{name}: its content is not what was archived", f"{name}：内容与归档时不符"
        )


def _opened(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    opened = tar.extractfile(member) if member.isreg() else None
    if opened is None:
        raise ArchiveFault(f"{member.name}: it is no plain file", f"{member.name}：不是普通文件")
    return opened


def digest_of(file: Path) -> str:
    """Return the SHA-256 of an archive's manifest, which stands for all that it names."""
    with tarfile.open(file, "r:") as tar:
        return _digest(_first(tar))


def _digest(opened: IO[bytes]) -> str:
    hashed = hashlib.sha256()
    while piece := opened.read(_PIECE):
        hashed.update(piece)
    return hashed.hexdigest()


def propose(api: Client, cycle_id: str, file: Path, digest: str, reason: str) -> dict[str, Any]:
    """Compare an archive, and propose that somebody else restores it into a cycle."""
    _require_digest(file, digest)
    body = {"digest": digest, "reason": reason}
    told: dict[str, Any] = api.post(f"/cycles/{cycle_id}/archive/restoration-proposals", body)
    return told


def _require_digest(file: Path, digest: str) -> None:
    compared(file)
    if (found := digest_of(file)) != digest:
        raise ArchiveFault(
            f"{MANIFEST}: its digest is {found}, not {digest}",
            f"{MANIFEST}：摘要为 {found}，不是 {digest}",
        )


def restore(api: Client, cycle_id: str, file: Path, digest: str) -> dict[str, Any]:
    """Have an archive become the record of a cycle; compare it before, and return what was told."""
    _require_digest(file, digest)
    # The same file again is the same command.
    key = hashlib.sha256(f"restore {cycle_id} {digest}".encode()).hexdigest()
    headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": key}
    headers["Content-Length"] = str(file.stat().st_size)
    path = f"/cycles/{cycle_id}/archive/restoration"
    told: dict[str, Any] = api.send_file(path, Pieces(file), {"digest": digest}, headers)
    return told


class Pieces:
    """A file as it is sent, from its first byte on whenever it is sent again."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        with self._file.open("rb") as opened:
            while piece := opened.read(_PIECE):
                yield piece


def unpack(file: Path, into: Path) -> int:
    """Compare an archive, and then write its files into a folder that there is not yet: lines of
    the record by table, evidence by its number and name. Return how many files it has."""
    number = compared(file)
    try:
        into.mkdir(parents=True)
        with tarfile.open(file, "r:") as tar:
            names = _names(tar)
            for member in tar:
                for name in names.get(member.name, [_plain(member.name)]):
                    _write(_opened(tar, member), into / name)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ArchiveFault(
            f"{into}: it cannot be written ({type(error).__name__})",
            f"{into}：无法写入（{type(error).__name__}）",
        ) from error
    return number


def _names(tar: tarfile.TarFile) -> dict[str, list[str]]:
    """Return under which names each content is written: as often as it was added."""
    found = dict[str, list[str]]()
    for line in _opened(tar, tar.getmember("evidence.ndjson")):
        row = json.loads(line)
        place = found.setdefault(f"evidence/{row['digest']}", [])
        place.append(f"evidence/{row['number']:06d} {_plain(row['name'])}")
        if row.get("copy_digest"):
            copies = found.setdefault(f"evidence/{row['copy_digest']}", [])
            copies.append(f"evidence/{row['number']:06d} copy of {_plain(row['name'])}")
    return found


def _plain(name: str) -> str:
    """Return a name that leads nowhere, and that every file system takes."""
    told = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name)
    return f"_{told[-60:]}" if told.startswith(".") or len(told) > 60 else told


def _write(opened: IO[bytes], path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    opened.seek(0)
    with path.open("xb") as written:
        while piece := opened.read(_PIECE):
            written.write(piece)
