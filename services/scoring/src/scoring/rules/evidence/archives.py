"""Archives of a year as they come back: read by their own words, member by member.

An archive is a tar of plain files with short names, as it is made here: nothing of a header is
believed beyond its 512 bytes, so that a hostile one cannot ask for memory.
"""

import hashlib
import json
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from chassis.refusals import Conflict, Invalid

FORMAT = "kaoping-archive/4"
SECOND_FORMAT, THIRD_FORMAT = "kaoping-archive/2", "kaoping-archive/3"
WITHOUT, CONFIDENTIAL = "without", "confidential_items"
"""How a manifest says that the archive does not tell of supervised items that are confidential."""
MANIFEST = "manifest.json"
BLOCK = 512
MOST_OF_A_MANIFEST = 64 << 20
"""How many bytes the list of files may have: that of some 380,000 contents of evidence."""
LONGEST_LINE = 16 << 20
"""How many bytes a row may have."""
_PIECE = 1 << 18
_LONGEST_ITEM = 1_000
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


class ArchiveBeyondLimits(Invalid):
    """The archive has a longer list of files, or a longer row, than any is made with."""

    zh = "归档文件的清单或其中的行超出上限。"
    remedy = (
        "Send an archive as `GET …/archive` gives it; `detail` says what is too long.",
        "请提交由 `GET …/archive` 下载的归档文件；超出之处见 `detail`。",
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
        """Yield its lines; refuse one that is longer than any row."""
        rest, held = list[bytes](), 0
        for piece in self.pieces(file):
            *whole, last = piece.split(b"\n")
            if whole:
                whole[0] = b"".join((*rest, whole[0]))
                yield from (self._bounded(each) for each in whole)
                rest, held = [], 0
            rest.append(last)
            held += len(last)
            if held > LONGEST_LINE:
                raise self._too_long()
        if held:
            yield b"".join(rest)

    def _bounded(self, line: bytes) -> bytes:
        if len(line) > LONGEST_LINE:
            raise self._too_long()
        return line

    def _too_long(self) -> ArchiveBeyondLimits:
        return ArchiveBeyondLimits(
            f"`{self.name}` has a line of more than {LONGEST_LINE} bytes.",
            f"`{self.name}` 有一行超过 {LONGEST_LINE} 字节。",
        )


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that is as its manifest says: lines by table, and the contents of evidence, which
    are found again by its headers, so that none of them is held."""

    file: IO[bytes]
    size: int
    cycle_id: str
    scheme: str
    tables: Mapping[str, Member]
    number: int

    def contents(self) -> Iterator[Member]:
        """Yield the contents of evidence, each with its digest."""
        for each in _members(self.file, self.size):
            if each.content is not None:
                yield Member(each.name, each.begin, each.size, each.content)


def opened(
    file: IO[bytes], size: int, digest: str, tables_of: Mapping[str, Sequence[str]]
) -> Archive:
    """Return an archive whose manifest has this SHA-256 and that holds the tables of its format;
    refuse one that differs from what it says of itself, by the first file that does."""
    members = _members(file, size)
    first = next(members, None)
    if first is None or first.name != MANIFEST:
        raise _damaged(f"`{MANIFEST}`", "is not the first file", "不是首个文件")
    require_bounded(first.size)
    if _digest(file, first) != digest:
        raise _damaged(f"`{MANIFEST}`", "has another digest than was given", "摘要与所给的不同")
    manifest = _Manifest(first, file)
    head = manifest.head()
    if WITHOUT in head:
        raise ArchiveNotRestorable(
            "It was made for somebody who may not read confidential items, and has none of these.",
            "该归档文件由无权查阅涉密督办事项的人下载，其中不含这些事项。",
        )
    tables, found, number = _tables_of(head["format"], tables_of), dict[str, Member](), 0
    for each in _all_compared(file, manifest, members):
        if each.content is not None:
            number += 1
        elif [*found, each.name.removesuffix(_LINES)] == tables[: len(found) + 1]:
            found[tables[len(found)]] = each
        else:
            raise _other_tables()
    if len(found) < len(tables):
        raise _other_tables()
    return Archive(file, size, head["cycle_id"], head["scheme"], found, number)


def _all_compared(
    file: IO[bytes], manifest: "_Manifest", members: Iterator[Member]
) -> Iterator[Member]:
    for told in manifest.files():
        yield _compared(file, told, next(members, None))
    if next(members, None) is not None:
        raise _damaged(f"`{MANIFEST}`", "does not name every file", "未列明全部文件")


def _tables_of(told: str, tables_of: Mapping[str, Sequence[str]]) -> list[str]:
    if told not in tables_of:
        known = ", ".join(tables_of)
        raise ArchiveOfAnotherVersion(
            f"Its format is none of {known}.", f"其格式不在 `{known}` 之列。"
        )
    return [*tables_of[told]]


def require_bounded(size: int) -> None:
    """Refuse a manifest that is longer than is read again."""
    if size > MOST_OF_A_MANIFEST:
        raise ArchiveBeyondLimits(
            f"`{MANIFEST}` has more than {MOST_OF_A_MANIFEST} bytes.",
            f"`{MANIFEST}` 超过 {MOST_OF_A_MANIFEST} 字节。",
        )


def _other_tables() -> ArchiveOfAnotherVersion:
    return ArchiveOfAnotherVersion("It holds other tables.", "其所含的数据表不同。")


class _Manifest:
    """A manifest that is read file by file: what it says of one is held, and nothing of others."""

    def __init__(self, member: Member, file: IO[bytes]) -> None:
        self._file, self._at, self._end = file, member.begin, member.begin + member.size
        self._text = ""

    def head(self) -> dict[str, str]:
        """Return what it says before its files."""
        self._more()
        begin = _FILES.search(self._text)
        if begin is None:
            raise _unreadable()
        told = _json(f"{self._text[: begin.start()]}}}")
        for name, form in (("format", _FORMAT), ("cycle_id", _UUID), ("scheme", _SHA_256)):
            _require(told, name, form)
        self._text = self._text[begin.end() :]
        return told

    def files(self) -> Iterator[Mapping[str, Any]]:
        """Yield what it says of each file."""
        while True:
            if len(self._text) < 2 * _LONGEST_ITEM:
                self._more()
            item = _ITEM.match(self._text)
            if item is None:
                raise _unreadable()
            told = _json(item["told"])
            _require(told, "name", _NAME)
            _require(told, "sha256", _SHA_256)
            yield told
            self._text = self._text[item.end() :]
            if item["after"] == "]":
                break
        if self._text.strip() != "}" or self._at != self._end:
            raise _unreadable()

    def _more(self) -> None:
        self._file.seek(self._at)
        piece = self._file.read(min(_TEXT_AT_ONCE, self._end - self._at))
        self._at += len(piece)
        try:
            self._text += piece.decode("ascii")
        except UnicodeDecodeError as error:
            raise _unreadable() from error


_TEXT_AT_ONCE = 1 << 16
_FORMAT = re.compile("kaoping-archive/[0-9]{1,3}").fullmatch
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_SHA_256 = re.compile("[0-9a-f]{64}").fullmatch
_NAME = re.compile(r"evidence/[0-9a-f]{64}|[a-z_]{1,60}\.ndjson").fullmatch
_FILES = re.compile(r',\s*"files"\s*:\s*\[')
_ITEM = re.compile(rf"\s*(?P<told>\{{[^{{}}]{{1,{_LONGEST_ITEM}}}\}})\s*(?P<after>[,\]])")


def _json(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(told, dict):
        raise _unreadable()
    return told


def _require(told: Mapping[str, Any], name: str, form: Callable[[str], object]) -> None:
    if not isinstance(told.get(name), str) or not form(told[name]):
        raise _unreadable()


def _unreadable() -> ArchiveDamaged:
    return _damaged(f"`{MANIFEST}`", "cannot be read", "无法读取")


def _digest(file: IO[bytes], member: Member) -> str:
    hashed = hashlib.sha256()
    for piece in member.pieces(file):
        hashed.update(piece)
    return hashed.hexdigest()


def _compared(file: IO[bytes], told: Mapping[str, Any], found: Member | None) -> Member:
    name = told["name"]
    if found is None or (found.name, found.size) != (name, told.get("size")):
        raise _damaged(f"`{name}`", "is missing, or of another size", "缺失或大小不同")
    digest = _digest(file, found)
    if digest != told["sha256"] or found.content not in (None, digest):
        raise _damaged(f"`{name}`", "is not what was archived", "内容与归档时不一致")
    return Member(name, found.begin, found.size, digest)


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
