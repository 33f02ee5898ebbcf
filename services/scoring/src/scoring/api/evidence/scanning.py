"""The malware scanner that files are shown to before they are kept: clamd, by its INSTREAM command.

Where none is set nothing is scanned; where one is set nothing is kept that it has not seen whole.
"""

import asyncio
import re
from contextlib import suppress
from typing import IO

from scoring.rules.evidence.refusals import (
    EvidenceInfected,
    EvidenceScannerDown,
    EvidenceTooLargeToScan,
)
from scoring.rules.evidence.scanner import Address

_PIECE = 1 << 18
_END = bytes(4)
_ANSWER = 4096
"""The most that is read of an answer: it is one line."""
_CONNECT_SECONDS = 5.0
_STEP_SECONDS = 60.0
"""How long the scanner may take to take a piece."""
_VERDICT_SECONDS = 600.0
"""How long it may take to judge what it has whole."""

_CLEAN = re.compile(rb"stream: OK")
_FOUND = re.compile(rb"stream: (.{1,200}) FOUND")


async def scan(address: Address, file: IO[bytes]) -> None:
    """Show a file to the scanner in pieces; refuse it where something is found, or no verdict is
    given."""
    try:
        answer, was_whole = await _asked(address, file)
    except (OSError, asyncio.IncompleteReadError) as error:
        raise EvidenceScannerDown("It gave no verdict.", "扫描程序没有给出结论。") from error
    if found := _FOUND.fullmatch(answer):
        name = "".join(c for c in found[1].decode("ascii", "replace") if c.isprintable())
        raise EvidenceInfected(f"Found: {name}.", f"检出：`{name.replace('`', '_')}`。")
    if b"size limit exceeded" in answer:
        raise EvidenceTooLargeToScan("It is too large.", "文件过大。")
    if not was_whole or not _CLEAN.fullmatch(answer):
        raise EvidenceScannerDown("Its answer is no verdict.", "扫描程序的答复不是结论。")


async def _asked(address: Address, file: IO[bytes]) -> tuple[bytes, bool]:
    """Return what the scanner says, and whether it had the file whole before it said so."""
    async with asyncio.timeout(_CONNECT_SECONDS):
        if address.path is not None:
            reader, writer = await asyncio.open_unix_connection(address.path, limit=_ANSWER)
        else:
            reader, writer = await asyncio.open_connection(
                address.host, address.port, limit=_ANSWER
            )
    # Read from the beginning: what it finds, or that it is too large, it may say in between, and
    # read no further.
    answer = asyncio.ensure_future(reader.readuntil(b"\0"))
    showing = asyncio.ensure_future(_show(writer, file))
    was_whole = False
    try:
        await asyncio.wait({answer, showing}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            with suppress(ConnectionError):
                await showing
                writer.write(_END)
                was_whole = True
        async with asyncio.timeout(_VERDICT_SECONDS):
            return (await answer)[:-1], was_whole
    except asyncio.LimitOverrunError as error:
        raise OSError from error
    finally:
        answer.cancel()
        showing.cancel()
        writer.transport.abort()
        await asyncio.gather(answer, showing, return_exceptions=True)


async def _show(writer: asyncio.StreamWriter, file: IO[bytes]) -> None:
    """Show all pieces of a file; the end is not told before the last of them is taken."""
    writer.transport.set_write_buffer_limits(high=0)
    writer.write(b"zINSTREAM\0")
    file.seek(0)
    while piece := await asyncio.to_thread(file.read, _PIECE):
        writer.write(len(piece).to_bytes(4, "big") + piece)
        async with asyncio.timeout(_STEP_SECONDS):
            await writer.drain()
