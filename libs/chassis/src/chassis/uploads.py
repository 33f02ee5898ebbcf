"""Files that come in one request: of rows, CSV or JSON lines, also gzipped; or of any other kind.

A file is written to the disk as it comes, nameless, so that nothing of it stays whatever happens.
What its sender says of its bytes is verified over all of them before the first row is read. Then
it is read in pieces, each by column: how many rows it has makes no difference to the memory.
"""

import asyncio
import base64
import csv
import gzip
import hashlib
import io
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Annotated, Any

from fastapi import Depends, Request

from chassis.authorisation import admit
from chassis.batches import JSON
from chassis.db import work_of
from chassis.decoding import NotJson, decode
from chassis.intake import Form, WrongMediaType, form_of
from chassis.problems import MOST_FAULTS
from chassis.refusals import Fault, Invalid, Unavailable, pointer
from chassis.row_readers import CSV, JSON_LINES, NotCsv, unlike_a_row

MEDIA_TYPES = (CSV, JSON_LINES)
CHARSETS = {"": None, "utf-8": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}
"""As which of the charsets that are read those are taken that a sender may name."""
MOST_UNPACKED = 500_000_000
"""How many bytes a file may have once it is unpacked."""
AT_ONCE = 4
"""How many files a process takes at one time, and half as many of one account: each lies on the
disk until it is answered."""
LONGEST_RECORD = 262_144
"""The most signs of one row; without such a bound a file of one line would be held whole."""
ROWS_AT_ONCE = 5_000
_SIGNS_AT_ONCE = 4_000_000
_CHUNK = 1 << 18
_BOM = "\ufeff"
_DIGEST = re.compile(r"([a-z0-9-]+)=:([A-Za-z0-9+/=]*):")


class UploadsBusy(Unavailable):
    """As many files are being taken as can be."""

    zh = "正在接收的文件已达上限。"
    remedy = (
        "Send the same file again after the seconds in `Retry-After`, with the same "
        "`Idempotency-Key`.",
        "请在 `Retry-After` 所示秒数后重发同一文件，并保持 `Idempotency-Key` 不变。",
    )
    headers = {"Retry-After": "5"}  # noqa: RUF012 - never written to


class FileDamaged(Invalid):
    """The file is not what its sender says it is: another digest, or no whole gzip."""

    zh = "文件与报送方所述不符：摘要不同，或压缩文件不完整。"
    remedy = (
        "Send the file again as it is; `detail` says what differs.",
        "请按原样重新发送；差异见 `detail`。",
    )
    status = 400


@dataclass(slots=True)
class Upload:
    """A file that came whole. `digest` is the SHA-256 of the bytes that were sent, `content` that
    of the file, unpacked, in hexadecimal."""

    file: IO[bytes]
    media_type: str
    charset: str | None
    is_packed: bool
    digest: bytes = b""
    content: str = ""

    def unpacked(self) -> IO[bytes]:
        """Return the file from its first byte on, unpacked."""
        self.file.seek(0)
        return gzip.GzipFile(fileobj=self.file) if self.is_packed else self.file  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a file by column, at `positions` in it; those that are `broken` are no rows."""

    positions: Sequence[int]
    columns: Mapping[str, Sequence[str]]
    broken: Mapping[int, list[Fault]] = field(default_factory=dict)


_taking = Counter[str]()
"""How many files of each account are being taken: the process has one disk."""


def _place(who: str) -> Callable[[], None]:
    """Take a place for a file, and return what gives it back; refuse where there is none."""
    if _taking.total() >= AT_ONCE or _taking[who] >= AT_ONCE // 2:
        raise UploadsBusy(f"{AT_ONCE} at one time.", f"同时至多{AT_ONCE}个。")
    _taking[who] += 1

    def give_back() -> None:
        _taking[who] -= 1

    return give_back


async def _upload(request: Request) -> Upload:
    """Take the file of a request; refuse it where it is not what it is said to be."""
    form = form_of(request, MEDIA_TYPES, CHARSETS, ("identity", "gzip"))
    return await _spooled(request, form)


async def _any_upload(request: Request) -> Upload:
    """Take a file of any kind; what it is, is told by its content, and not by `Content-Type`."""
    told = request.headers.get("content-type", "").lower().partition(";")[0].strip()
    if told == JSON:  # a command for which somebody forgot the file
        raise WrongMediaType("It wants the file itself.", "请求体应为文件本身。")
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding != "identity":
        raise WrongMediaType("Send it without Content-Encoding.", "请勿压缩请求体。")
    return await _spooled(request, Form(told, "", "identity"))


async def _spooled(request: Request, form: Form) -> Upload:
    who = (await admit(request)).caller.subject
    work = work_of(request)
    work.afterwards.append(_place(who))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the request is answered
    work.afterwards.append(file.close)
    upload = Upload(file, form.media_type, CHARSETS[form.charset], form.encoding == "gzip")
    hashes = {"sha-256": hashlib.sha256(), "sha-512": hashlib.sha512()}
    async for chunk in request.stream():
        for each in hashes.values():
            each.update(chunk)
        file.write(chunk)
    upload.digest = hashes["sha-256"].digest()
    _check_digest(request.headers.get("content-digest"), hashes)
    upload.content = await asyncio.to_thread(_content, upload)
    request.state.upload = upload
    return upload


Sent = Annotated[Upload, Depends(_upload)]
"""The file of a request, for an endpoint that takes one: before its `Transaction`."""

SentAny = Annotated[Upload, Depends(_any_upload)]
"""The file of a request, of whatever kind: its bytes as they came, in `file`."""

PUBLISHED_ANY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""How a file of any kind is published that an endpoint takes."""

PUBLISHED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {each: {"schema": {"type": "string"}} for each in MEDIA_TYPES},
    }
}
"""How a file is published that an endpoint takes."""


def _check_digest(told: str | None, hashes: Mapping[str, Any]) -> None:
    """Refuse a body that is not the one of which `Content-Digest` (RFC 9530) speaks."""
    if told is None:
        return
    given = [_DIGEST.fullmatch(each.strip()) for each in told.split(",")]
    if not all(given):
        raise FileDamaged("Content-Digest is not understood.", "摘要请求头无法识别。")
    digests = {each[1]: each[2] for each in given if each and each[1] in hashes}
    if not digests:
        raise FileDamaged("Content-Digest names no SHA-256 and no SHA-512.", "摘要算法不受支持。")
    is_so = {name: base64.b64encode(each.digest()).decode() for name, each in hashes.items()}
    if not digests.items() <= is_so.items():
        raise FileDamaged("Content-Digest is of other bytes.", "内容与所附摘要不符。")


def _content(upload: Upload) -> str:
    """Return the SHA-256 of the file, unpacked once and bounded; nothing is kept of it."""
    if not upload.is_packed:
        upload.file.flush()
        return upload.digest.hex()
    found, size, unpacked = hashlib.sha256(), 0, upload.unpacked()
    try:
        while chunk := unpacked.read(_CHUNK):
            size += len(chunk)
            if size > MOST_UNPACKED:
                raise FileDamaged(
                    f"Unpacked it has more than {MOST_UNPACKED:,} bytes.",
                    f"解压后超过 {MOST_UNPACKED:,} 字节。",
                )
            found.update(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise FileDamaged("It is not gzip, or not whole.", "不是完整的压缩文件。") from error
    return found.hexdigest()


def content_digest(digest: bytes) -> str:
    """Return a SHA-256 as `Content-Digest` tells it."""
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def pieces(
    upload: Upload, charset: str, known: Collection[str], wanted: Collection[str]
) -> Iterator[Piece]:
    """Yield the rows of a file in pieces of columns, by name; each cell is a text, empty where
    there is none.

    `known` are the columns that there may be, `wanted` those that there must be. A CSV that has
    others is refused, as a row is of JSON lines. What cannot be read on raises `NotCsv` or
    `NotJson`.
    """
    text = io.TextIOWrapper(upload.unpacked(), charset, newline="")
    try:
        if upload.media_type == CSV:
            yield from _csv_pieces(text, known, wanted)
        else:
            yield from _json_pieces(text, known)
    except UnicodeDecodeError:
        raise NotCsv(f"It is not {charset}.", f"文件不是 `{charset}` 编码。") from None
    finally:
        text.detach()  # the file is closed by whoever took it


class _Bounded:
    """The lines of a text, none of them longer than a row may be; several may make one row."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.signs = 0
        """How many signs have been read since somebody set it to 0."""
        self._of_row = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_RECORD + 1):
            self.signs += len(line)
            self._of_row += len(line)
            if self._of_row > LONGEST_RECORD:
                en = f"A row has more than {LONGEST_RECORD:,} signs."
                raise NotCsv(en, f"有一行超过 {LONGEST_RECORD:,} 个字符。")
            if "\x00" in line:
                raise NotCsv("The file contains NUL.", "文件含有空字符。")
            yield line

    def next_row(self) -> None:
        """Note that a row is read to its end."""
        self._of_row = 0


def _csv_pieces(
    text: io.TextIOWrapper, known: Collection[str], wanted: Collection[str]
) -> Iterator[Piece]:
    lines = _Bounded(text)
    reader = csv.reader(lines, strict=True)
    try:
        names = [each.strip() for each in next(reader, [])]
        names[:1] = [each.removeprefix(_BOM) for each in names[:1]]
        _check_header(names, known, wanted)
        lines.next_row()
        positions, rows, broken, number = list[int](), list[list[str]](), _Faults(), 0
        for row in reader:
            lines.next_row()
            if not row:  # an empty line, as at the end of many files
                continue
            if faults := [*unlike_a_row(row, names, pointer("rows", number))]:
                broken[number] = faults
            else:
                positions.append(number)
                rows.append(row)
            number += 1
            if len(rows) + len(broken) >= ROWS_AT_ONCE or lines.signs >= _SIGNS_AT_ONCE:
                yield _piece(names, positions, rows, broken)
                positions, rows, broken, lines.signs = [], [], _Faults(), 0
        yield _piece(names, positions, rows, broken)
    except csv.Error as error:
        en = f"Not CSV at line {reader.line_num}: {error}."
        raise NotCsv(en, f"第 {reader.line_num} 行不合 `text/csv` 的格式。") from None


_Faults = dict[int, list[Fault]]


def _piece(
    names: Sequence[str], positions: list[int], rows: list[list[str]], broken: _Faults
) -> Piece:
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return Piece(positions, dict(zip(names, columns, strict=True)), broken)


def _check_header(names: Sequence[str], known: Collection[str], wanted: Collection[str]) -> None:
    faults, seen = list[Fault](), set[str]()
    for at, name in enumerate(names):
        where = pointer("header", at)
        if name in seen:
            said = f"{name[:64]} stands there twice.", f"`{name[:64]}` 重复出现。"
            faults.append(Fault(where, "column-twice", *said))
        elif name not in known:
            said = f"Nobody said what {name[:64]!r} is.", f"没有说明 `{name[:64]}` 是什么列。"
            faults.append(Fault(where, "unknown-column", *said))
        seen.add(name)
    for name in sorted({*wanted} - seen):
        said = f"There is no column {name!r}.", f"缺少列 `{name}`。"
        faults.append(Fault("/header", "column-missing", *said))
    if faults or not names:
        n = max(1, len(faults))
        en, zh = f"{n} fault(s) in the names of the columns.", f"首行列名有 {n} 处错误。"
        told = faults[:MOST_FAULTS]
        raise NotCsv(en, zh, faults=told, more=len(faults) - len(told))


def _json_pieces(text: io.TextIOWrapper, known: Collection[str]) -> Iterator[Piece]:
    lines, names = _Bounded(text), sorted(known)
    positions, rows, broken = list[int](), list[list[str]](), _Faults()
    for number, line in enumerate(lines):
        lines.next_row()
        try:
            cells = _cells(decode(line.strip().encode()))
            if beside := sorted(cells.keys() - {*known}):
                en = f"Nobody said what {beside[0][:64]!r} is."
                zh = f"没有说明 `{beside[0][:64]}` 是什么列。"
                broken[number] = [Fault(pointer("rows", number), "unknown-column", en, zh)]
            else:
                positions.append(number)
                rows.append([cells.get(name, "") for name in names])
        except NotJson as refusal:
            told = refusal.detail_en, refusal.detail_zh
            broken[number] = [Fault(pointer("rows", number), "not-json", *told)]
        if len(rows) + len(broken) >= ROWS_AT_ONCE or lines.signs >= _SIGNS_AT_ONCE:
            yield _piece(names, positions, rows, broken)
            positions, rows, broken, lines.signs = [], [], _Faults(), 0
    yield _piece(names, positions, rows, broken)


def _cells(row: object) -> dict[str, str]:
    """Return the texts of an object by name, those of an object in it by both names."""
    if not isinstance(row, dict):
        raise NotJson("A row is an object.", "每行应为一个对象。")
    found = dict[str, str]()
    for name, each in row.items():
        inner = each.items() if isinstance(each, dict) else [("", each)]
        for below, value in inner:
            if value is None:
                continue
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value)
            if not isinstance(value, str):
                raise NotJson("A cell is a text or a whole number.", "单元格应为文本或整数。")
            found[f"{name}.{below}" if below else name] = value
    return found
