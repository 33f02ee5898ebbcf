"""Archives of a year as they come back: read by their own words, member by member.

An archive is a tar of plain files with short names, as it is made here: nothing of a header is
believed beyond its 512 bytes, so that a hostile one cannot ask for memory.
"""

import hashlib
import json
import tarfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from chassis.refusals import Conflict, Invalid

FORMAT = "kaoping-archive/2"
MANIFEST = "manifest.json"
BLOCK = 512
_PIECE = 1 << 20
_MOST_OF_A_MANIFEST = 64 << 20
_CONTENT = "evidence/"
_LINES = ".ndjson"


class ArchiveDamaged(Invalid):
    """The file is no archive, or not what was archived."""

    zh = "该文件不是归档文件，或与归档时不一致。"
    remedy = (
        "Compare it with `kaoping archive check`, and send the file that was fetched; `digest` is "
        "that of its manifest, as it was told then.",
        "请用 `kaoping archive check` 核对，并提交当时下载的文件；`digest` 为当时告知的清单摘要。",
    )


class ArchiveOfAnotherVersion(Invalid):
    """The archive was made by another version of the program than can restore it here."""

    zh = "该归档文件由其他版本的程序生成，本系统不能恢复。"
    remedy = (
        "Restore it with the version that made it, or a newer one.",
        "请使用生成该文件的版本或更新的版本恢复。",
    )


class ArchiveNotRestorable(Conflict):
    """The archive is whole, and cannot become the record of this cycle."""

    zh = "该归档文件完整，但不能恢复为本年度的记录。"
    remedy = (
        "Restore a sealed year into a cycle of the same scheme in which nothing has been recorded; "
        "`detail` says what stands against it.",
        "请将已封存的年度恢复到方案相同、尚无任何记录的评估年度；原因见 `detail`。",
    )


def not_empty() -> ArchiveNotRestorable:
    """Return the refusal of a cycle that has a record of its own."""
    return ArchiveNotRestorable("Something is recorded there.", "该年度已有记录。")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: where it begins, how long it is, and its SHA-256."""

    name: str
    begin: int
    size: int
    digest: str

    @property
    def content(self) -> str | None:
        """The digest by which it is named, where it is evidence."""
        return self.name.removeprefix(_CONTENT) if self.name.startswith(_CONTENT) else None

    def pieces(self, file: IO[bytes]) -> Iterator[bytes]:
        """Yield its bytes, some at once."""
        file.seek(self.begin)
        left = self.size
        while left and (piece := file.read(min(left, _PIECE))):
            left -= len(piece)
            yield piece

    def lines(self, file: IO[bytes]) -> Iterator[bytes]:
        """Yield its lines."""
        rest = b""
        for piece in self.pieces(file):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
        if rest:
            yield rest


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that is as its manifest says: lines by table, and the contents of evidence."""

    cycle_id: str
    scheme: str
    tables: Mapping[str, Member]
    contents: tuple[Member, ...]


def opened(file: IO[bytes], size: int, digest: str, tables: Collection[str]) -> Archive:
    """Return an archive whose manifest has this SHA-256 and that holds these tables; refuse one
    that differs from what it says of itself, by the first file that does."""
    members = _members(file, size)
    first = next(members, None)
    if first is None or first.name != MANIFEST or first.size > _MOST_OF_A_MANIFEST:
        raise _damaged(f"`{MANIFEST}`", "is not the first file", "不是首个文件")
    content = b"".join(first.pieces(file))
    if hashlib.sha256(content).hexdigest() != digest:
        raise _damaged(f"`{MANIFEST}`", "has another digest than was given", "摘要与所给的不同")
    told = _told(content)
    found = [_compared(file, each, next(members, None)) for each in told["files"]]
    if next(members, None) is not None:
        raise _damaged(f"`{MANIFEST}`", "does not name every file", "未列明全部文件")
    contents = tuple(each for each in found if each.content is not None)
    return Archive(told["cycle_id"], told["scheme"], _tables(found, tables), contents)


def _tables(found: Iterable[Member], tables: Collection[str]) -> dict[str, Member]:
    named = {each.name.removesuffix(_LINES): each for each in found if each.content is None}
    if [*named] != [*tables]:
        raise ArchiveOfAnotherVersion("It holds other tables.", "其所含的数据表不同。")
    return named


def _told(content: bytes) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(content)
        if told["format"] != FORMAT:
            raise ArchiveOfAnotherVersion(
                f"Its format is not {FORMAT}.", f"其格式不是 `{FORMAT}`。"
            )
        texts = (told["cycle_id"], told["scheme"], *(each["name"] for each in told["files"]))
        right = all(isinstance(each, str) for each in texts)
        right = right and all(isinstance(each["size"], int) for each in told["files"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _damaged(f"`{MANIFEST}`", "cannot be read", "无法读取") from error
    if not right:
        raise _damaged(f"`{MANIFEST}`", "cannot be read", "无法读取")
    return told


def _compared(file: IO[bytes], told: Mapping[str, Any], found: Member | None) -> Member:
    name = told["name"] if len(told["name"]) <= 100 else "?"
    if found is None or (found.name, found.size) != (told["name"], told["size"]):
        raise _damaged(f"`{name}`", "is missing, or of another size", "缺失或大小不同")
    hashed = hashlib.sha256()
    for piece in found.pieces(file):
        hashed.update(piece)
    digest = hashed.hexdigest()
    if digest != told.get("sha256") or found.content not in (None, digest):
        raise _damaged(f"`{name}`", "is not what was archived", "内容与归档时不一致")
    return Member(found.name, found.begin, found.size, digest)


def _members(file: IO[bytes], size: int) -> Iterator[Member]:
    """Yield the files of a tar, whose digests nobody has taken yet."""
    at = 0
    while True:
        file.seek(at)
        block = file.read(BLOCK)
        if block == bytes(BLOCK) and size == at + 2 * BLOCK and file.read(BLOCK) == block:
            return
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError) as error:
            raise _damaged("The file", "is no whole tar", "不是完整的 `tar`") from error
        end = at + BLOCK + info.size
        if not info.isreg() or info.size < 0 or end > size:
            raise _damaged("The file", "is no whole tar", "不是完整的 `tar`")
        yield Member(info.name, at + BLOCK, info.size, "")
        at = end + -info.size % BLOCK


def _damaged(what: str, en: str, zh: str) -> ArchiveDamaged:
    return ArchiveDamaged(f"{what} {en}.", f"{what.replace('The file', '该文件')}{zh}。")
