"""A cycle's record as one archive (归档): its ledger and claims as JSON lines, and all evidence.

A tar whose first member, `manifest.json`, names every other with its size and SHA-256, so that
whoever has the file alone finds out what in it is no longer what was archived.
"""

import asyncio
import hashlib
import tarfile
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import IO, NamedTuple
from uuid import UUID

import orjson
from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, driver_of
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from scoring.api.evidence.store import EvidenceStore, spool, store_of
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.archive import (
    ARCHIVED,
    confidential_evidence,
    has_confidential,
    lines_of,
    require_true_record,
)
from scoring.queries.evidence import all_evidence
from scoring.rules.evidence.archives import (
    BLOCK,
    CONFIDENTIAL,
    FORMAT,
    MANIFEST,
    WITHOUT,
    ArchiveBeyondLimits,
    require_bounded,
)
from scoring.rules.evidence.refusals import EvidenceStoreDown

router = Router("/cycles/{cycle_id}/archive", tags=["evidence"])

_PIECE = 1 << 20
_AT_ONCE = 16
"""How many contents are asked for at the same time, before the answer begins."""


class Member(NamedTuple):
    """A file of the archive: its name, size and SHA-256, and its lines where they lie here."""

    name: str
    size: int
    digest: str
    lines: IO[bytes] | None = None

    @property
    def head(self) -> bytes:
        """What stands before it in the tar: the same for the same file, whenever it is made."""
        info = tarfile.TarInfo(self.name)
        info.size, info.mode = self.size, 0o444
        return info.tobuf(tarfile.PAX_FORMAT)

    @property
    def padding(self) -> bytes:
        """What fills its last block."""
        return bytes(-self.size % BLOCK)


@router.get(
    "",
    response_class=StreamingResponse,
    responses={
        **documents(
            ArchiveBeyondLimits,
            EvidenceStoreDown,
            PeerDown,
            PeerMissing,
            PeerRefused,
            StoredDataAltered,
        ),
        200: {
            "description": "The archive, a tar.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        },
    },
)
async def export_archive(
    cycle_id: UUID, request: Request, db: Snapshot, permit: Permit, ask: AskPeers
) -> StreamingResponse:
    """Give the whole record of a cycle as an archive: entries with all their states and signatures,
    claims, closed periods, cards, supervised items with their moves, drawn checks, and every file
    of evidence, each by its SHA-256. Whoever may not read confidential items gets none of them,
    nor the evidence that they alone name, and the manifest says so (`without`).

    The first member, `manifest.json`, names the others in their order with size and SHA-256. What
    is stored is compared with the journal before the answer begins; content of evidence that is no
    longer what was stored breaks it off.
    """
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    permit.require()
    async with AsyncExitStack() as spooled:
        await require_true_record(db, cycle_id)
        # An auditor reads nothing of confidential items, in an archive either.
        partly = await has_confidential(db, cycle_id) and not _reads_all(permit)
        about = db, cycle_id, spooled, not partly
        members = [await _written(name, *about) for name in ARCHIVED]
        store, contents = store_of(request), await _contents(db, cycle_id, not partly)
        await _require_there(store, contents.values())
        members += contents.values()
        head = {"format": FORMAT, "cycle_id": str(cycle_id), "scheme": published.digest}
        head |= {WITHOUT: CONFIDENTIAL} if partly else {}
        members.insert(0, _manifest(head, members, spooled))
        held = spooled.pop_all()
    length = sum(len(each.head) + each.size + len(each.padding) for each in members)
    return StreamingResponse(
        _tar(members, store, held),
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'attachment; filename="{cycle_id}.tar"',
            "Content-Length": str(length + 2 * BLOCK),
        },
        media_type="application/octet-stream",
    )


async def _contents(db: AsyncSession, cycle_id: UUID, confidential: bool) -> dict[str, Member]:
    """Return the files of evidence by their digests; without those of confidential items alone."""
    hidden = set[UUID]() if confidential else await confidential_evidence(db, cycle_id)
    found = await all_evidence(db, cycle_id)
    rows = [row for row in found if row.evidence_id not in hidden]
    kept = {row.digest: row.size for row in rows}
    # Another program may make another copy of a picture.
    kept |= {row.copy_digest: row.copy_size or 0 for row in rows if row.copy_digest}
    return {digest: Member(_place(digest), size, digest) for digest, size in kept.items()}


def _place(digest: str) -> str:
    return f"evidence/{digest}"


def _reads_all(permit: Permission) -> bool:
    return any(row.role == "performance_office" for row in permit.rows)


async def _written(
    name: str, db: AsyncSession, cycle_id: UUID, spooled: AsyncExitStack, confidential: bool
) -> Member:
    """Write the rows of a table to the disk, a line each."""
    file, hashed, size = spooled.enter_context(spool()), hashlib.sha256(), 0
    async for some in lines_of(await driver_of(db), cycle_id, name, confidential=confidential):
        hashed.update(some)
        size += len(some)
        await asyncio.to_thread(file.write, some)
    return Member(f"{name}.ndjson", size, hashed.hexdigest(), file)


def _manifest(
    head: Mapping[str, str], members: Sequence[Member], spooled: AsyncExitStack
) -> Member:
    files = [{"name": each.name, "size": each.size, "sha256": each.digest} for each in members]
    told = {**head, "files": files}
    content = orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    require_bounded(len(content))
    file = spooled.enter_context(spool())
    file.write(content)
    return Member(MANIFEST, len(content), hashlib.sha256(content).hexdigest(), file)


async def _require_there(store: EvidenceStore, contents: Collection[Member]) -> None:
    """Refuse to begin where a content is not there."""
    asked = iter(contents)

    async def look() -> None:
        for each in asked:
            await store.require(each.digest, each.size)

    await asyncio.gather(*(look() for _ in range(_AT_ONCE)))


async def _tar(
    members: Sequence[Member], store: EvidenceStore, held: AsyncExitStack
) -> AsyncIterator[bytes]:
    async with held:
        for each in members:
            yield each.head
            if each.lines is None:
                async for piece in await store.opened(each.digest, each.size):
                    yield piece
            else:
                each.lines.seek(0)
                while piece := await asyncio.to_thread(each.lines.read, _PIECE):
                    yield piece
            yield each.padding
        yield bytes(2 * BLOCK)
