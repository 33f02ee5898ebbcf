"""Files inside a PDF: taken where each is data for programs to read, and carries nothing out, such
as the content of a responsibility letter that is attached to it.

They are told by what is in them, and taken in the one plain form in which they can be looked at: a
name that ends in .json, a content that is JSON, and no second object in its place.
"""

import io
import json
import mmap
import re
import zlib
from collections.abc import Sequence
from itertools import islice

from scoring.rules.evidence import texts
from scoring.rules.evidence.refusals import EvidenceExpands, EvidencePdfActs

_MOST, _MOST_OF_ONE = 20, 4_000_000
_DICTIONARY = 2_048
_REFERENCE = rb"\d{1,10}\s+\d{1,10}\s+R"
_NAME = rb"\([A-Za-z0-9._-]{1,100}\.json\)"

IN_USE = re.compile(rb"/EF(?=\s*(?:<<|" + _REFERENCE + rb"))")
"""Where an object says for which file it stands; two signs alone stand by chance in packed data."""

_FILES = re.compile(rb"/EF\s*<<([^<>]{1,200})>>")
_FILE = re.compile(rb"/U?F\s+" + _REFERENCE)
_NUMBERS = re.compile(rb"(\d{1,10})\s+\d{1,10}\s+R")
_STREAMS = re.compile(rb"/EmbeddedFile(?![A-Za-z0-9])")
_TREES = re.compile(rb"/EmbeddedFiles(?![A-Za-z0-9])")
_TREE = re.compile(rb"/EmbeddedFiles\s*<<\s*/Names\s*\[([^\[\]]{1,2000})\]\s*>>")
_LISTED = re.compile(_NAME + rb"\s*" + _REFERENCE)
_NAMED = re.compile(rb"/(?:U?F|DOS|Mac|Unix)(?![A-Za-z0-9])\s*(" + _NAME + rb")?")
_KEYS = re.compile(rb"/([A-Za-z0-9#]+)")
_OF_STREAM = {
    *(b"Type", b"EmbeddedFile", b"Subtype", b"application#2Fjson", b"Length"),
    *(b"Filter", b"FlateDecode", b"Params", b"Size", b"ModDate", b"CreationDate"),
}
_OBJECT = re.compile(rb"(?<!\d)0*(\d{1,10})\s+\d{1,10}\s+obj\b")
_LENGTH = re.compile(rb"/Length\s+(\d{1,10})\s*(?=/|>>)")
_STREAM = re.compile(rb"stream\r?\n")
_END = re.compile(rb"\s*endstream\b")


def check(view: mmap.mmap) -> None:
    """Refuse files inside a PDF of which one is no data, or that cannot be looked at."""
    refers = {number for found in _few(IN_USE, view) for number in _files(view, found.start())}
    for found in _few(_TREES, view):
        if not _is_made_of(_LISTED, _TREE.match(view, found.start())):
            raise refused("EmbeddedFiles")
    if len(_few(_STREAMS, view)) != len(refers):
        raise refused("EmbeddedFile")
    objects = dict[int, list[int]]((each, []) for each in refers)
    for found in _OBJECT.finditer(view) if refers else ():
        objects.get(int(found[1]), []).append(found.end())
    for places in objects.values():
        _check_stream(view, places)


def refused(name: str) -> EvidencePdfActs:
    """Return that a PDF has something of this name in it which is not taken."""
    return EvidencePdfActs(f"It has /{name} in it.", f"其中含有 `/{name}`。")


def _few(pattern: re.Pattern[bytes], view: mmap.mmap) -> list[re.Match[bytes]]:
    # All of them first: while one is sought, the file cannot be closed.
    found = [*islice(pattern.finditer(view), _MOST + 1)]
    if len(found) > _MOST:
        raise refused("EmbeddedFiles")
    return found


def _is_made_of(part: re.Pattern[bytes], whole: re.Match[bytes] | None) -> bool:
    return whole is not None and not part.sub(b"", whole[1]).strip()


def _files(view: mmap.mmap, at: int) -> list[int]:
    """Return which objects stand at a place as files; refuse one of which a name ends otherwise, or
    is not written as it is shown."""
    files = _FILES.match(view, at)
    if files is None or not _is_made_of(_FILE, files):
        raise refused("EF")
    begins = view.rfind(b"obj", max(0, files.start() - _DICTIONARY), files.start())
    ends = view.find(b"endobj", files.end(), files.end() + _DICTIONARY)
    if begins < 0 or ends < 0:
        raise refused("EF")
    told = view[begins : files.start()] + view[files.end() : ends]
    names = [each[1] for each in _NAMED.finditer(told)]
    if not names or None in names:
        raise refused("EF")
    return [int(each[1]) for each in _NUMBERS.finditer(files[0])]


def _check_stream(view: mmap.mmap, objects: Sequence[int]) -> None:
    """Refuse a file whose object is not the only one of its number, or that is no JSON."""
    at = objects[0] if len(objects) == 1 else 0
    begins = _STREAM.search(view, at, at + _DICTIONARY) if at else None
    if begins is None:
        raise refused("EmbeddedFile")
    told = view[at : begins.start()]
    lengths = _LENGTH.findall(told)
    if len(lengths) != 1 or not _STREAMS.search(told) or {*_KEYS.findall(told)} - _OF_STREAM:
        raise refused("EmbeddedFile")
    ends = begins.end() + int(lengths[0])
    if not _END.match(view, ends):
        raise refused("EmbeddedFile")
    content = view[begins.end() : ends]
    _check_content(_unpacked(content) if b"/Filter" in told else content)


def _unpacked(content: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(content, _MOST_OF_ONE + 1)
    except zlib.error:
        raise refused("EmbeddedFile") from None
    if len(found) <= _MOST_OF_ONE and (not unpacker.eof or unpacker.unused_data):
        raise refused("EmbeddedFile")
    return found


def _check_content(content: bytes) -> None:
    if len(content) > _MOST_OF_ONE:
        raise EvidenceExpands("A file inside it is too large.", "所附文件过大。")
    try:
        told = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict | list):
        raise refused("EmbeddedFile")
    texts.check(io.BytesIO(content), "json")
