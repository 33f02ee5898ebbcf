"""Files made of boxes (ISO 14496-12): MP4 and MOV videos, and HEIC photos."""

import struct
from typing import IO

from scoring.rules.evidence.refusals import EvidenceDamaged, EvidenceIsTwoThings

_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"})
_MP4 = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"3gp4",
        b"3gp5",
    }
)
_WANTED = {"heic": b"meta", "mp4": b"moov", "mov": b"moov"}
_KNOWN = frozenset(
    b"ftyp moov mdat free skip wide meta moof mfra styp sidx uuid udta pnot idat prft emsg".split()
)
_MOST_BOXES = 100_000


def kind_of(head: bytes) -> str | None:
    """Return which kind begins with such a box, None where none does."""
    if head[4:8] != b"ftyp":
        return "mov" if head[4:8] in (b"moov", b"wide") else None
    brand = head[8:12]
    if brand in _HEIC:
        return "heic"
    if brand == b"qt  ":
        return "mov"
    return "mp4" if brand in _MP4 else None


def walk(file: IO[bytes], size: int, kind: str) -> None:
    """Refuse a file whose boxes do not end where it ends, or that lacks what its kind has."""
    at, found = 0, set[bytes]()
    for _ in range(_MOST_BOXES):
        if at == size:
            break
        file.seek(at)
        length, name = _box(file.read(16), size - at)
        found.add(name)
        at += length
    if at != size or _WANTED[kind] not in found:
        raise EvidenceDamaged("It lacks what tells its content.", "文件缺少内容说明部分。")


def _box(head: bytes, left: int) -> tuple[int, bytes]:
    """Return the length of a box and its name, while so many bytes are left."""
    if len(head) < 8:
        raise EvidenceIsTwoThings("Something follows the last box.", "数据末尾夹带其他内容。")
    length, name = struct.unpack(">I4s", head[:8])
    if name not in _KNOWN:
        raise EvidenceIsTwoThings("It has a part of no known kind.", "文件含有未知部分。")
    if length == 1 and len(head) == 16:
        (length,) = struct.unpack(">Q", head[8:])
    length = length or left
    if not 8 <= length <= left:
        raise EvidenceDamaged("A part of it breaks off.", "文件数据中断。")
    return length, name
