"""Packages (zip): office documents of today and OFD; looked into, and hardly unpacked.

What is in one is told by its directory at the end. Of XML only what stands before its first element
is unpacked, and relationships whole, which are small.
"""

import io
import re
import struct
import zipfile
import zlib
from typing import IO

from scoring.rules.evidence.refusals import (
    EvidenceDamaged,
    EvidenceDeclaresEntities,
    EvidenceExpands,
    EvidenceHasEmbedded,
    EvidenceHasMacros,
    EvidenceIsArchive,
    EvidenceIsTwoThings,
    EvidenceLocked,
    EvidenceReachesOut,
)

KINDS = frozenset({"docx", "xlsx", "pptx", "ofd"})
_MAIN = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
    "ofd.xml": "ofd",
}
_MOST_ENTRIES, _LARGEST_DIRECTORY = 10_000, 4_000_000
_MOST_UNPACKED, _MOST_RATIO, _SMALL = 1_000_000_000, 100, 20_000_000
_MOST_RELATIONS, _PROLOG = 2_000_000, 65_536
_END = struct.Struct("<4s4H2LH")
_NESTED = (".zip", ".rar", ".7z", ".jar", ".gz", ".tar", ".ofd", ".docm", ".xlsm", ".pptm")
_ACTING = (".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".hta", ".scr", ".com", ".html")
_OF_OFFICE = (".docx", ".xlsx", ".pptx")
_LEADS_OUT = re.compile(r"^/|(^|/)\.\.(/|$)|:")
_MACROS = re.compile(r"vbaproject|vbadata|/macrosheets/")
_OBJECTS = re.compile(r"activex|oleobject")
_EXTERNAL = re.compile(rb"<[^<>]*TargetMode\s*=\s*[\"']External[\"'][^<>]*>")
_ELEMENT = re.compile(rb"<[A-Za-z_]")
_LINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")


def check(file: IO[bytes], size: int, depth: int = 0) -> str:
    """Return of which kind a package is; refuse what acts, reaches out, or expands."""
    at = _directory(file, size)
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            _check_layout(entries, at)
            kind = _kind(entries)
            _check_names(entries)
            for entry in entries:
                _check_entry(package, entry, depth)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, struct.error) as error:
        raise _damaged() from error
    return kind


def _directory(file: IO[bytes], size: int) -> int:
    """Return where the directory begins; refuse what is before or behind the package."""
    file.seek(max(0, size - _END.size - 65_536))
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) - found < _END.size:
        raise _damaged()
    told = _END.unpack(tail[found : found + _END.size])
    number, length, start = int(told[4]), int(told[5]), int(told[6])
    if len(tail) - found != _END.size + told[7] or told[7] > 1_000:
        raise EvidenceIsTwoThings("Something follows the package.", "文档之后还有其他数据。")
    if 0xFFFF in told[1:5] or 0xFFFFFFFF in (length, start):
        raise EvidenceExpands("It is larger than documents are.", "体积超出文档的正常范围。")
    if number > _MOST_ENTRIES or length > _LARGEST_DIRECTORY:
        raise EvidenceExpands(f"It has {number} parts.", f"其中有 {number} 个部分。")
    if start + length != size - (len(tail) - found):
        raise EvidenceIsTwoThings("Something is hidden in the package.", "文档中夹带其他数据。")
    return start


def _check_layout(entries: list[zipfile.ZipInfo], at: int) -> None:
    """Refuse parts that overlap, or do not begin with the file."""
    end, packed, unpacked = 0, 0, 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise EvidenceExpands("Parts of it overlap.", "其中各部分互相重叠。")
        if end == 0 and entry.header_offset != 0:
            raise EvidenceIsTwoThings("Something precedes the package.", "文档之前还有其他数据。")
        end = entry.header_offset + 30 + entry.compress_size
        packed, unpacked = packed + entry.compress_size, unpacked + entry.file_size
        if entry.flag_bits & 0x1:
            raise EvidenceLocked("A part of it is encrypted.", "其中有加密部分。")
    if end > at:
        raise _damaged()
    if unpacked > _MOST_UNPACKED or (unpacked > _SMALL and unpacked > _MOST_RATIO * packed):
        raise EvidenceExpands(
            f"Unpacked it would have {unpacked:,} bytes.", f"解压后有 {unpacked:,} 字节。"
        )


def _kind(entries: list[zipfile.ZipInfo]) -> str:
    names = [entry.filename.lower() for entry in entries]
    kinds = {kind for name, kind in _MAIN.items() if name in names}
    is_office = "[content_types].xml" in names
    if len(kinds) > 1 or len(set(names)) != len(names):
        raise EvidenceIsTwoThings("It is two documents at once.", "同时是两种文档。")
    if not kinds or (kinds != {"ofd"}) != is_office:
        raise EvidenceIsArchive("It is a zip archive, no document.", "是压缩包，不是文档。")
    return kinds.pop()


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename.lower()
        if _LEADS_OUT.search(name) or "\\" in entry.orig_filename:
            raise EvidenceIsTwoThings("A part has a path that leads out.", "其中有越界路径。")
        if _MACROS.search(name):
            raise EvidenceHasMacros("It has macros in it.", "文档含有宏。")
        is_object = "/embeddings/" in name and not name.endswith(_OF_OFFICE)
        if is_object or _OBJECTS.search(name) or name.endswith((*_NESTED, *_ACTING)):
            raise EvidenceHasEmbedded("It has objects in it.", "文档含有内嵌对象。")


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
    name = entry.filename.lower()
    if name.endswith(_OF_OFFICE):
        _check_inner(package, entry, depth)
    elif name == "[content_types].xml":
        if b"macroenabled" in _whole(package, entry).lower():
            raise EvidenceHasMacros("It is of a kind with macros.", "文档为启用宏的类型。")
    elif name.endswith(".rels"):
        _check_relations(_whole(package, entry))
    if name.endswith((".xml", ".rels", ".vml")):
        with package.open(entry) as part:
            _check_prolog(part)


def _check_inner(package: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
    """Look into a document within one, as charts have: one level, and small."""
    if depth or entry.file_size > _SMALL:
        raise EvidenceHasEmbedded("It has documents in it.", "文档含有内嵌文档。")
    with package.open(entry) as part:
        inner = part.read(_SMALL + 1)
    check(io.BytesIO(inner), len(inner), depth + 1)


def _whole(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with package.open(entry) as part:
        data = part.read(_MOST_RELATIONS + 1)
    if len(data) > _MOST_RELATIONS:
        raise EvidenceExpands("A list of its parts is too long.", "部件清单过长。")
    return _as_ascii(data)


def _as_ascii(data: bytes) -> bytes:
    """Return XML so that its markup can be found, in whichever encoding it is."""
    for bom, charset in (
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"<\0", "utf-16-le"),
        (b"\0<", "utf-16-be"),
    ):
        if data.startswith(bom):
            return data.decode(charset, "replace").encode("ascii", "replace")
    return data


def _check_relations(data: bytes) -> None:
    for found in _EXTERNAL.finditer(data):
        if not _LINK.search(found[0]):
            raise EvidenceReachesOut("It fetches something from outside.", "文档引用外部内容。")


def _check_prolog(part: IO[bytes]) -> None:
    """Refuse a declaration before the first element; it can stand nowhere else."""
    data = _as_ascii(part.read(_PROLOG))
    first = _ELEMENT.search(data)
    before = data[: first.start()] if first else data
    if b"<!DOCTYPE" in before or b"<!ENTITY" in data:
        raise EvidenceDeclaresEntities("It has a DOCTYPE.", "其中带有文档类型声明。")
    if first is None and data.strip():
        raise _damaged()


def _damaged() -> EvidenceDamaged:
    return EvidenceDamaged("The package cannot be read.", "文档包无法读取。")
