"""Compound files (MS-CFB), in which older office programs and WPS write: their directory alone."""

import struct
from typing import IO

from scoring.rules.evidence.refusals import (
    EvidenceDamaged,
    EvidenceHasEmbedded,
    EvidenceHasMacros,
    EvidenceIsTwoThings,
    EvidenceKindNotTaken,
    EvidenceLocked,
)

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = frozenset({"vba", "_vba_project", "macros", "_vba_project_cur", "projectwm"})
_EMBEDDED = frozenset({"objectpool", "\x01ole10native", "\x01ole", "package", "mbd"})
_KINDS = (
    ("worddocument", "doc", "wps"),
    ("workbook", "xls", "et"),
    ("book", "xls", "et"),
    ("powerpoint document", "ppt", "dps"),
)
_LAST, _MOST_SECTORS = 0xFFFFFFFA, 8_192


def check(file: IO[bytes], size: int, ending: str) -> str:
    """Return of which kind a compound file is by the names in its directory; refuse macros,
    embedded objects and what is encrypted."""
    try:
        names = {name.lower() for name in _names(file, size)}
    except (struct.error, IndexError):
        raise _damaged() from None
    _refuse_parts(names)
    for stream, kind, of_wps in _KINDS:
        if stream in names:
            return of_wps if ending == of_wps else kind
    raise EvidenceKindNotTaken("It is no office document.", "不是办公文档。")


def _refuse_parts(names: set[str]) -> None:
    if names & _MACROS:
        raise EvidenceHasMacros("It has macros in it.", "文档含有宏。")
    if names & _EMBEDDED or any(name.startswith("mbd0") for name in names):
        raise EvidenceHasEmbedded("It has objects in it.", "文档含有内嵌对象。")
    if names & {"encryptedpackage", "encryptioninfo"}:
        raise EvidenceLocked("It is encrypted.", "文档已加密。")


def _names(file: IO[bytes], size: int) -> list[str]:
    file.seek(0)
    head = file.read(512)
    shift = struct.unpack("<H", head[30:32])[0]
    if shift not in (9, 12):
        raise _damaged()
    width, (first,) = 1 << shift, struct.unpack("<I", head[48:52])
    (tables,) = struct.unpack("<I", head[44:48])
    if size > (tables * (width // 4) + 1) * width:  # more than its tables tell of
        raise EvidenceIsTwoThings("Something follows the document.", "文档之后还有其他数据。")
    fat = _Fat(file, width, head)
    names, sector, seen = list[str](), first, set[int]()
    while sector < _LAST:
        if sector in seen or len(seen) >= _MOST_SECTORS:
            raise _damaged()
        seen.add(sector)
        data = fat.sector(sector)
        for at in range(0, width, 128):
            length = struct.unpack("<H", data[at + 64 : at + 66])[0]
            if data[at + 66] and 2 <= length <= 64:
                names.append(data[at : at + length - 2].decode("utf-16-le", "replace"))
        sector = fat.after(sector)
    return names


class _Fat:
    """Which sector follows which."""

    def __init__(self, file: IO[bytes], width: int, head: bytes) -> None:
        self._file, self._width = file, width
        self._tables = list(struct.unpack("<109I", head[76:512]))
        (following,), (number,) = struct.unpack("<I", head[68:72]), struct.unpack("<I", head[72:76])
        for _ in range(min(number, _MOST_SECTORS)):
            if following >= _LAST:
                break
            listed = struct.unpack(f"<{width // 4}I", self.sector(following))
            self._tables += listed[:-1]
            following = listed[-1]

    def sector(self, number: int) -> bytes:
        self._file.seek((number + 1) * self._width)
        data = self._file.read(self._width)
        if len(data) < self._width:
            raise _damaged()
        return data

    def after(self, number: int) -> int:
        table, place = divmod(number, self._width // 4)
        data = self.sector(self._tables[table])
        return int(struct.unpack("<I", data[place * 4 : place * 4 + 4])[0])


def _damaged() -> EvidenceDamaged:
    return EvidenceDamaged("Its directory cannot be read.", "文档目录无法读取。")
