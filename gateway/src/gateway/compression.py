"""Answers on their way to the caller, compressed where he takes it and it is worth it.

Who may read an answer was decided before it came here; what is kept is only how a document that
came just now looks when it is compressed.
"""

import asyncio
import zlib
from concurrent.futures import ThreadPoolExecutor

from starlette.types import Message, Send

from chassis.kept import BoundedBytes
from gateway.rules import encodings, headers
from gateway.rules.encodings import Accepted

# Six and more take half as long again, and save two in a hundred.
_LEVEL = 5
_GZIP = 31  # with the head and the checksum of gzip, no date in it
# What takes longer than about half a millisecond is done beside the event loop.
_LONG = 32_768
_THREADS = ThreadPoolExecutor(1, "compress")

Key = tuple[bytes, bytes, int]


class CompressedForms:
    """The compressed forms of documents that have an ETag, `most` bytes of them at most."""

    def __init__(self, most: int) -> None:
        self._kept: BoundedBytes[Key, bytes] = BoundedBytes(most)

    async def of(self, body: bytes, key: Key | None) -> bytes:
        """Return the compressed form of `body`; a `key` names it and no other document."""
        if key is not None and (kept := self._kept.get(key)):
            return kept
        packed = await _packed(zlib.compressobj(_LEVEL, wbits=_GZIP), body, zlib.Z_FINISH)
        if key is not None:
            self._kept.keep(key, packed, len(packed))
        return packed


class Compressing:
    """The way of one answer to its caller: `send` for an ASGI app or for the door itself."""

    def __init__(
        self, send: Send, accepted: Accepted, target: bytes, tags: bytes, forms: CompressedForms
    ) -> None:
        self._send = send
        self._accepted = accepted
        self._target = target
        self._tags = tags
        self._forms = forms
        self._head: Message | None = None
        self._etag = b""
        self._packer: zlib._Compress | None = None

    async def __call__(self, message: Message) -> None:
        """Send part of the answer on, or keep it until it is known how it goes on."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._packer is not None:
            await self._go_on(message.get("body", b""), more=message.get("more_body", False))
        elif self._head is not None:
            await self._first(message.get("body", b""), more=message.get("more_body", False))
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        given = message["headers"] = [(n.lower(), v) for n, v in message.get("headers", ())]
        named = headers.first_of(given)
        if message["status"] == 304:
            message["headers"] = encodings.varying(self._retagged(given))
            return await self._send(message)
        is_worth_it = encodings.is_worth_it(named, headers.length_of(given))
        if encodings.can_change(message["status"], named) and (
            is_worth_it or not self._accepted.plain
        ):
            message["headers"] = encodings.varying(given)
            if self._accepted.gzip:
                self._head, self._etag = message, named.get(b"etag", b"")
                return None
        return await self._send(message)

    def _retagged(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Return the headers of a 304 with the tag of the form that the caller has."""
        return [
            (n, encodings.tag(v) if n == b"etag" and encodings.tag(v) in self._tags else v)
            for n, v in given
        ]

    async def _first(self, body: bytes, *, more: bool) -> None:
        assert self._head is not None  # noqa: S101 - narrows for mypy
        if more:
            await self._send(self._packed_head(None))
            self._packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
            await self._go_on(body, more=True)
            return
        is_named = self._etag and not self._etag.startswith(b"W/")
        key = (self._target, self._etag, len(body)) if is_named else None
        packed = await self._forms.of(body, key)
        await self._send(self._packed_head(len(packed)))
        await self._send({"type": "http.response.body", "body": packed, "more_body": False})

    async def _go_on(self, body: bytes, *, more: bool) -> None:
        assert self._packer is not None  # noqa: S101 - narrows for mypy
        end = zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH
        packed = await _packed(self._packer, body, end)
        await self._send({"type": "http.response.body", "body": packed, "more_body": more})

    def _packed_head(self, length: int | None) -> Message:
        assert self._head is not None  # noqa: S101 - narrows for mypy
        changed = (b"content-length", b"accept-ranges")
        kept = [
            (name, encodings.tag(value) if name == b"etag" else value)
            for name, value in self._head["headers"]
            if name not in changed
        ]
        if length is not None:
            kept.append((b"content-length", b"%d" % length))
        return {**self._head, "headers": [*kept, (b"content-encoding", b"gzip")]}


async def _packed(packer: "zlib._Compress", body: bytes, end: int) -> bytes:
    def pack() -> bytes:
        return packer.compress(body) + packer.flush(end)

    if len(body) < _LONG:
        return pack()
    return await asyncio.get_running_loop().run_in_executor(_THREADS, pack)
