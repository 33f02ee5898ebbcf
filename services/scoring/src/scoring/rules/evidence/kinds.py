"""Which kind a file is by its content, and whether it may be evidence (佐证材料).

A file is of a kind of the allow-list or it is refused. What begins like one kind is walked to its
end as that kind: nothing may follow, and nothing else may be found in it. A file that only its name
tells apart (text) needs the name as well.
"""

import re
import zipfile
from typing import IO, NamedTuple

from scoring.rules.evidence import boxes, cfb, packages, pdf, pictures, texts
from scoring.rules.evidence.refusals import (
    EvidenceEmpty,
    EvidenceIsArchive,
    EvidenceIsMarkup,
    EvidenceIsProgram,
    EvidenceIsTwoThings,
    EvidenceKindNotTaken,
)

MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "tiff": "image/tiff",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "dps": "application/vnd.ms-powerpoint",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""The kinds that are taken, and the media type of each."""

PICTURES = frozenset({"jpeg", "png", "gif", "webp", "heic", "tiff"})
"""Of which a copy without location and device is made."""

_ENDINGS = {"jpeg": ("jpg", "jpeg", "jfif"), "tiff": ("tif", "tiff"), "heic": ("heic", "heif")}

_ARCHIVES = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"#!",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"dex\n",
)
_MARKUP = re.compile(
    rb"(?i)\s*(<(\?xml|!doctype|html|head|body|script|svg|\?php|%|!--|iframe|a[\s>])|mime-version:)"
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEAD = 4096
_TAR = slice(257, 262)


class Judged(NamedTuple):
    """What a file is, and of a picture how wide and high."""

    kind: str
    width: int | None = None
    height: int | None = None


def judge(file: IO[bytes], size: int, name: str) -> Judged:
    """Return of which kind a file is; refuse what is none of the list, or not only that."""
    if size == 0:
        raise EvidenceEmpty("It has 0 bytes.", "文件为 0 字节。")
    file.seek(0)
    head = file.read(_HEAD)
    refuse_what_acts(head)
    judged = _walked(file, size, name, head)
    if judged.kind not in packages.KINDS and zipfile.is_zipfile(file):
        raise EvidenceIsTwoThings(
            f"It is {judged.kind}, and a zip archive.", f"既是 `{judged.kind}`，又是压缩包。"
        )
    return judged


def _walked(file: IO[bytes], size: int, name: str, head: bytes) -> Judged:
    ending = name.rpartition(".")[2].lower()
    if (kind := pictures.kind_of(head)) is not None:
        width, height = pictures.walk(file, size, kind)
        return Judged(kind, width, height)
    if (kind := boxes.kind_of(head)) is not None:
        boxes.walk(file, size, kind)
        return Judged(kind)
    if head.startswith(b"%PDF-"):
        pdf.check(file, size)
        return Judged("pdf")
    if head.startswith(b"PK\x03\x04"):
        return Judged(packages.check(file, size))
    if head.startswith(cfb.MAGIC):
        return Judged(cfb.check(file, size, ending))
    if ending in texts.ENDINGS:
        texts.check(file, ending)
        return Judged(ending)
    raise EvidenceKindNotTaken(
        "Its content is none of the kinds that are taken.", "其内容不属于任何可接受的类型。"
    )


def refuse_what_acts(head: bytes) -> None:
    """Refuse what begins like a program, an archive or markup."""
    if head.startswith(_PROGRAMS):
        raise EvidenceIsProgram("It begins like a program.", "文件开头为程序。")
    if head.startswith(_ARCHIVES) or head[_TAR] == b"ustar":
        raise EvidenceIsArchive("It begins like an archive.", "文件开头为压缩包。")
    for bom in _BOMS:
        head = head.removeprefix(bom)
    if _MARKUP.match(head.replace(b"\x00", b"") if b"\x00" in head[:8] else head):
        raise EvidenceIsMarkup("It begins like markup.", "文件开头为标记语言。")


def file_name(name: str, kind: str) -> str:
    """Return under which name a file is given: one that ends as its kind does."""
    endings = _ENDINGS.get(kind, (kind,))
    return (
        name if name.lower().endswith(tuple(f".{e}" for e in endings)) else f"{name}.{endings[0]}"
    )
