"""Pictures are walked from their first byte to their last: their size is read, nothing decoded."""

import struct
from typing import IO

from scoring.rules.evidence.refusals import (
    EvidenceDamaged,
    EvidenceIsTwoThings,
    EvidencePictureTooLarge,
)

MOST_PIXELS = 50_000_000
"""How many pixels a picture may have: a sheet of A4 at 600 dots per inch has 35 million."""
LONGEST_SIDE = 20_000

_MOST_PARTS = 100_000
_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def kind_of(head: bytes) -> str | None:
    """Return which picture begins so, None where none does."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return "tiff"
    return None


def walk(file: IO[bytes], size: int, kind: str) -> tuple[int, int]:
    """Return width and height; refuse what is damaged, too large, or followed by anything."""
    file.seek(0)
    walks = {"jpeg": _jpeg, "png": _png, "gif": _gif, "webp": _webp, "tiff": _tiff}
    try:
        width, height = walks[kind](file, size)
    except (struct.error, IndexError):
        raise _damaged() from None
    check_pixels(width, height)
    return width, height


def check_pixels(width: int, height: int) -> None:
    """Refuse a picture that nobody could open safely."""
    if not width or not height:
        raise _damaged()
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        told = f"{width} × {height}"
        raise EvidencePictureTooLarge(f"It is {told}.", f"图片为 {told} 像素。")


def _damaged() -> EvidenceDamaged:
    return EvidenceDamaged("The picture breaks off.", "图片数据中断。")


def _followed() -> EvidenceIsTwoThings:
    return EvidenceIsTwoThings("Something follows the picture.", "图片之后还有其他数据。")


def _read(file: IO[bytes], number: int) -> bytes:
    data = file.read(number)
    if len(data) < number:
        raise _damaged()
    return data


def _jpeg(file: IO[bytes], size: int) -> tuple[int, int]:
    """Further pictures may follow the first: cameras add smaller ones, or their brightness."""
    first = _one_jpeg(file)
    while file.tell() < size:
        rest = file.read(64).lstrip(b"\x00")
        if not rest:
            continue
        if not rest.startswith(b"\xff\xd8\xff"):
            raise _followed()
        file.seek(-len(rest), 1)
        check_pixels(*_one_jpeg(file))
    return first


def _one_jpeg(file: IO[bytes]) -> tuple[int, int]:
    if _read(file, 2) != b"\xff\xd8":
        raise _damaged()
    found, marker = (0, 0), _marker(file)
    for _ in range(_MOST_PARTS):
        if marker == 0xD9:
            return found
        if marker not in _ALONE:
            (length,) = struct.unpack(">H", _read(file, 2))
            data = _read(file, max(length - 2, 0))
            if marker in _SIZES:
                height, width = struct.unpack(">HH", data[1:5])
                check_pixels(width, height)
                found = width, height
        marker = _after_scan(file) if marker == 0xDA else _marker(file)
    raise _damaged()


def _marker(file: IO[bytes]) -> int:
    if _read(file, 1) != b"\xff":
        raise _damaged()
    while (marker := _read(file, 1)[0]) == 0xFF:
        pass
    return marker


def _after_scan(file: IO[bytes]) -> int:
    """Return the marker that ends a scan."""
    while chunk := file.read(65_536):
        at = chunk.find(b"\xff")
        while at >= 0:
            if at + 1 == len(chunk):
                chunk += _read(file, 1)
            following = chunk[at + 1]
            if following and following != 0xFF and not 0xD0 <= following <= 0xD7:
                file.seek(at + 2 - len(chunk), 1)
                return following
            at = chunk.find(b"\xff", at + (1 if following == 0xFF else 2))
    raise _damaged()


def _png(file: IO[bytes], size: int) -> tuple[int, int]:
    _read(file, 8)
    found = (0, 0)
    for number in range(_MOST_PARTS):
        length, kind = struct.unpack(">I4s", _read(file, 8))
        if (number == 0) != (kind == b"IHDR") or file.tell() + length + 4 > size:
            raise _damaged()
        if number == 0:
            found = struct.unpack(">II", _read(file, length)[:8])
            check_pixels(*found)
            length = 0
        file.seek(length + 4, 1)
        if kind == b"IEND":
            if file.tell() != size:
                raise _followed()
            return found
    raise _damaged()


def _gif(file: IO[bytes], size: int) -> tuple[int, int]:
    _read(file, 6)
    width, height, flags = struct.unpack("<HHB", _read(file, 7)[:5])
    _palette(file, flags)
    for _ in range(_MOST_PARTS):
        block = _read(file, 1)
        if block == b";":
            if file.tell() != size:
                raise _followed()
            return width, height
        if block == b",":
            _palette(file, _read(file, 9)[8])
        elif block != b"!":
            raise _damaged()
        _read(file, 1)
        while length := _read(file, 1)[0]:
            _read(file, length)
    raise _damaged()


def _palette(file: IO[bytes], flags: int) -> None:
    if flags & 0x80:
        _read(file, 3 << ((flags & 7) + 1))


def _webp(file: IO[bytes], size: int) -> tuple[int, int]:
    head = _read(file, 12)
    (length,) = struct.unpack("<I", head[4:8])
    if length + (length & 1) + 8 < size:
        raise _followed()
    kind, _, data = struct.unpack("<4sI10s", _read(file, 18))
    if kind == b"VP8X":
        extent = (
            struct.unpack("<I", data[4:7] + b"\0")[0],
            struct.unpack("<I", data[7:10] + b"\0")[0],
        )
        return extent[0] + 1, extent[1] + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", data[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _tiff(file: IO[bytes], size: int) -> tuple[int, int]:
    """Look at every page: each has a size of its own."""
    order = "<" if _read(file, 4).startswith(b"II") else ">"
    (at,) = struct.unpack(f"{order}I", _read(file, 4))
    first, seen = (0, 0), set[int]()
    while at:
        if at in seen or at >= size or len(seen) >= 2_000:
            raise _damaged()
        seen.add(at)
        file.seek(at)
        (number,) = struct.unpack(f"{order}H", _read(file, 2))
        page = dict[int, int]()
        for _ in range(number):
            tag, kind, _, raw = struct.unpack(f"{order}HHI4s", _read(file, 12))
            short = struct.unpack(f"{order}H", raw[:2])[0]
            page[tag] = short if kind == 3 else struct.unpack(f"{order}I", raw)[0]
        extent = page.get(256, 0), page.get(257, 0)
        check_pixels(*extent)
        first = first if first[0] else extent
        (at,) = struct.unpack(f"{order}I", _read(file, 4))
    return first
