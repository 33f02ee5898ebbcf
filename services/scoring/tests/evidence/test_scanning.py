"""The malware scanner: a server that speaks clamd's protocol, as much of it as is asked."""

import asyncio
import io
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from evidence_files import RIGHT, picture

from scoring.api.evidence.scanning import scan
from scoring.rules.evidence.refusals import (
    EvidenceInfected,
    EvidenceScannerDown,
    EvidenceTooLargeToScan,
)
from scoring.rules.evidence.scanner import Address
from scoring.settings import Settings

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SENT = {"Content-Type": "application/octet-stream"}


class Scanner:
    """Reads streams as clamd does, and says FOUND of what has the test signature in it."""

    def __init__(self) -> None:
        self.seen, self.largest, self.limit, self.answer = [], 0, 1 << 30, None
        self.early = self.then = None

    async def serve(self, reader, writer) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        try:
            if self.early is not None:
                await self.hasten(reader, writer)
                return
            while size := int.from_bytes(await reader.readexactly(4), "big"):
                self.largest = max(self.largest, size)
                content += await reader.readexactly(size)
                if len(content) > self.limit:
                    writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                    await writer.drain()
                    return
            self.seen.append(content)
            found = b"Win.Test.EICAR_HDB-1 FOUND" if EICAR in content else b"OK"
            writer.write(b"stream: " + found + b"\0" if self.answer is None else self.answer)
            await writer.drain()
        finally:
            writer.close()

    async def hasten(self, reader, writer) -> None:
        """Answer when ten bytes were read."""
        await reader.readexactly(10)
        writer.write(self.early)
        await writer.drain()
        if self.then == "reads on":
            while await reader.read(1 << 20):
                pass
        elif self.then == "resets":
            await asyncio.sleep(0.05)
            writer.transport.abort()
        else:
            await self.gone.wait()


@asynccontextmanager
async def scanning(path=None):
    scanner = Scanner()
    scanner.gone = asyncio.Event()
    if path is None:
        server = await asyncio.start_server(scanner.serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        scanner.address = f"tcp://{host}:{port}"
    else:
        server = await asyncio.start_unix_server(scanner.serve, path)
        scanner.address = f"unix:{path}"
    async with server:
        yield scanner


class Office:
    """A cycle of a service that shows its files to a scanner."""

    def __init__(self, service, store) -> None:
        self.service, self.store = service, store
        self.path = f"/api/v1/cycles/{uuid4()}/evidence"

    async def add(self, content: bytes, name: str = "a.txt"):
        source = self.service.caller("data_source_unit", unit="ZH02")
        return await source.post(self.path, params={"name": name}, content=content, headers=SENT)

    def kept(self) -> list[str]:
        return [each.name for each in self.store.glob("*/*/*")]


@pytest.fixture(scope="module")
async def office(run_service, others, tmp_path_factory):
    from scoring.app import create_app

    kept = tmp_path_factory.mktemp("scanned")
    async with scanning() as scanner:
        service = await run_service(
            "scoring",
            create_app,
            peers=others,
            settings=Settings,
            evidence_store=str(kept),
            evidence_scanner=scanner.address,
        )
        office = Office(service, kept)
        office.scanner = scanner
        yield office


async def refused(office, kind: str, status: int, content: bytes, name: str = "a.txt") -> None:
    before = office.kept()
    answer = await office.add(content, name)
    assert (answer.status_code, answer.json()["type"]) == (status, kind), answer.text
    assert answer.json()["remedy"]
    assert office.kept() == before


async def test_a_file_is_shown_whole_before_it_is_kept(office):
    """Planted bugs: send a length in the other order of bytes; leave the last piece out."""
    content = b"a line of text\n" * 60_000
    answer = await office.add(content)
    assert answer.status_code == 201, answer.text
    assert office.scanner.seen[-1] == content
    assert office.scanner.largest < len(content)
    assert (await office.add(picture(), "a.jpg")).status_code == 201
    assert office.scanner.seen[-1] == picture()


async def test_what_the_scanner_finds_is_refused_by_its_name(office):
    """Planted bug: keep the file before it is scanned."""
    await refused(office, "evidence-infected", 422, b"report\n" + EICAR)
    answer = await office.add(b"report\n" + EICAR)
    assert "Win.Test.EICAR_HDB-1" in answer.json()["detail"]


async def test_without_a_verdict_nothing_is_kept(office):
    """Planted bugs: take every answer that finds nothing for a verdict; let what breaks pass."""
    for said in (b"", b"stream: OK", b"stream: OK maybe\0", b"UNKNOWN COMMAND\0", b"x" * 9000):
        office.scanner.answer = said
        try:
            await refused(office, "evidence-scanner-down", 503, RIGHT["txt"])
        finally:
            office.scanner.answer = None
    office.scanner.limit = 1000
    try:
        await refused(office, "evidence-too-large-to-scan", 422, b"a line\n" * 400_000)
    finally:
        office.scanner.limit = 1 << 30


@pytest.mark.parametrize("then", ["resets", "reads on", "stops"])
@pytest.mark.parametrize(
    ("early", "refusal"),
    [
        (b"stream: OK\0", EvidenceScannerDown),
        (b"stream: Win.Test FOUND\0", EvidenceInfected),
        (b"INSTREAM size limit exceeded. ERROR\0", EvidenceTooLargeToScan),
    ],
)
async def test_what_is_said_before_the_end_counts_unless_it_is_clean(early, refusal, then):
    """Planted bugs: take an OK of what was not shown whole; look at the answer only when all is
    shown, so that of a scanner that stops reading no finding is told."""
    async with scanning() as scanner:
        scanner.early, scanner.then = early, then
        try:
            with pytest.raises(refusal):
                await scan(Address.of(scanner.address), io.BytesIO(bytes(30_000_000)))
        finally:
            scanner.gone.set()


async def test_a_scanner_that_is_not_there_lets_nothing_in(run_service, others, tmp_path):
    """Planted bug: go on without one that cannot be reached."""
    from scoring.app import create_app

    async with scanning(str(tmp_path / "clamd.ctl")) as scanner:
        service = await run_service(
            "scoring",
            create_app,
            peers=others,
            settings=Settings,
            evidence_store=str(tmp_path / "kept"),
            evidence_scanner=scanner.address,
        )
        office = Office(service, tmp_path / "kept")
        assert (await office.add(RIGHT["txt"])).status_code == 201
    (tmp_path / "clamd.ctl").unlink(missing_ok=True)
    answer = await office.add(b"other\n")
    assert answer.json()["type"] == "evidence-scanner-down"
    assert int(answer.headers["retry-after"]) > 0
    assert len(office.kept()) == 1


@pytest.mark.parametrize(
    "text", ["clamd:3310", "tcp://clamd", "tcp://clamd:0", "tcp://a:b:1", "unix:clamd", "tcp://:1"]
)
def test_an_address_that_is_none_is_refused_at_the_start(text):
    with pytest.raises(ValueError, match="tcp://host:port"):
        Address.of(text)


def test_an_address_is_read():
    assert Address.of("") is None
    assert Address.of("tcp://clamd:3310") == ("clamd", 3310, None)
    assert Address.of("tcp://[::1]:3310") == ("::1", 3310, None)
    assert Address.of("unix:/run/clamav/clamd.ctl").path == "/run/clamav/clamd.ctl"
