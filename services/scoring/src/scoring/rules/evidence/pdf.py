"""PDF: what would act when it is opened is found by its names, also in compressed objects.

Actions are named by words of the format. They are looked for in the bytes of the file, and in the
streams that hold objects (`/ObjStm`), which are unpacked, within bounds. Names may be written with
`#xx` for any sign. What cannot be unpacked, or is encrypted, is refused: nobody could look into it.
Of files inside a PDF only data is taken (`attachments`), and none that such a stream names.
"""

import mmap
import re
import zlib
from typing import IO

from scoring.rules.evidence import attachments
from scoring.rules.evidence.attachments import refused
from scoring.rules.evidence.refusals import (
    EvidenceDamaged,
    EvidenceExpands,
    EvidenceIsTwoThings,
    EvidenceLocked,
)

_FILES = (b"EmbeddedFile", b"EmbeddedFiles")
ACTS = (
    b"JavaScript",
    b"Launch",
    b"RichMedia",
    b"XFA",
    b"ImportData",
    b"SubmitForm",
    b"GoToE",
    b"Rendition",
)
_ACTS = re.compile(rb"/(" + b"|".join((*ACTS, *_FILES)) + rb")(?![A-Za-z0-9])")
_WRITTEN_OTHERWISE = re.compile(rb"/(" + b"|".join((*ACTS, *_FILES, b"EF")) + rb")(?![A-Za-z0-9])")
# Three signs stand by chance in what is compressed; a name of a form does not stand alone.
_XFA = re.compile(rb"/XFA(?=\s*[\[(<0-9])")
_LONG = re.compile(rb"/(" + b"|".join(a for a in ACTS if len(a) > 4) + rb")(?![A-Za-z0-9])")
_ESCAPED = re.compile(rb"/[A-Za-z]{0,30}#[0-9A-Fa-f]{2}[A-Za-z0-9#]{0,60}")
_ENCRYPT = re.compile(rb"/Encrypt(?=\s+\d+\s+\d+\s+R|\s*<<)")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
_STREAM = re.compile(rb"stream\r?\n")
_MOST_UNPACKED, _MOST_OF_ONE = 64_000_000, 16_000_000
_TAIL, _DICTIONARY = 2_048, 2_048
_END = re.compile(rb"%%EOF[\x00\s]*\Z")


def check(file: IO[bytes], size: int) -> None:
    """Refuse a PDF that acts, is encrypted, breaks off, or has something behind its end."""
    with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as view:
        tail = view[max(0, size - _TAIL) :]
        if not _END.search(tail):
            if b"%%EOF" in tail or view.rfind(b"%%EOF") >= 0:
                raise EvidenceIsTwoThings("Something follows its end.", "文件结尾之后还有数据。")
            raise EvidenceDamaged("It has no end.", "文件没有结尾。")
        _look(view, _LONG)
        if _XFA.search(view):
            raise refused("XFA")
        if _ENCRYPT.search(view):
            raise EvidenceLocked("It is encrypted.", "`PDF` 已加密。")
        attachments.check(view)
        _check_objects(view)


def _look(view: bytes | mmap.mmap, names: re.Pattern[bytes]) -> None:
    if found := names.search(view):
        raise refused(found[1].decode())
    for escaped in _ESCAPED.finditer(view):
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), escaped[0])
        if found := _WRITTEN_OTHERWISE.match(plain):
            raise refused(found[1].decode())


def _check_objects(view: mmap.mmap) -> None:
    """Unpack the streams that hold objects, and look into each."""
    left = _MOST_UNPACKED
    for found in _OBJECTS.finditer(view):
        begins = view.rfind(b"obj", max(0, found.start() - _DICTIONARY), found.start())
        stream = _STREAM.search(view, found.end(), found.end() + _DICTIONARY)
        if begins < 0 or stream is None:
            raise EvidenceDamaged("Its objects cannot be found.", "对象流无法读取。")
        told = view[begins : stream.start()]
        if b"/Filter" not in told:
            continue  # it was looked at as it is
        if not re.search(rb"/Filter\s*(?:\[\s*)?/FlateDecode\s*(?:\]\s*)?[/>\s]", told):
            raise EvidenceLocked("Its objects cannot be looked into.", "对象流的编码无法检查。")
        unpacked = _unpacked(view, stream.end())
        left -= len(unpacked)
        if left < 0:
            raise _expands()
        _look(unpacked, _ACTS)
        if attachments.IN_USE.search(unpacked):
            raise refused("EF")


def _unpacked(view: mmap.mmap, at: int) -> bytes:
    unpacker, pieces, size = zlib.decompressobj(), list[bytes](), 0
    try:
        while not unpacker.eof and at < len(view):
            chunk = view[at : at + 65_536]
            at += len(chunk)
            pieces.append(unpacker.decompress(chunk, _MOST_OF_ONE - size + 1))
            size += len(pieces[-1])
            if size > _MOST_OF_ONE:
                raise _expands()
    except zlib.error:
        raise EvidenceDamaged("Its objects cannot be unpacked.", "对象流无法解压。") from None
    return b"".join(pieces)


def _expands() -> EvidenceExpands:
    return EvidenceExpands("Its objects would be too large.", "对象流解压后过大。")
