"""Evidence (佐证材料): files are judged, kept by their digest, and given to who may read them."""

import asyncio
import datetime as dt
import hashlib
import os
import unicodedata
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from chassis import journal, personal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction, work_of
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Refusal
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.uploads import SentAny, Upload
from chassis.wire import Outgoing
from scoring.api.evidence.reading import readable_evidence
from scoring.api.evidence.scanning import scan
from scoring.api.evidence.store import Content, EvidenceStore, spool, store_of
from scoring.api.explanation.readers import duties_of
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.evidence import hold_contents
from scoring.queries.ledger import open_ledger, phase_of_ledger, seen_phase
from scoring.rules.evidence import refusals
from scoring.rules.evidence.kinds import MEDIA_TYPES, PICTURES, Judged, file_name, judge
from scoring.rules.evidence.refusals import (
    EvidenceNameUnusable,
    EvidenceStoreDown,
    NoSuchEvidence,
)
from scoring.rules.ledger.states import LedgerSealed, require_open
from scoring.tables.evidence import EvidenceRow

if TYPE_CHECKING:
    from scoring.api.evidence.pictures import Seen

router = Router("/cycles/{cycle_id}/evidence", tags=["evidence"])

REFUSED: tuple[type[Refusal], ...] = tuple(
    each
    for name, each in vars(refusals).items()
    if name.startswith("Evidence") and name not in ("EvidenceNotNamed", "EvidenceStoreDown")
)
"""Everything that a file can be refused for."""


class Evidence(Outgoing):
    """A file as it was added: its kind by its content, its SHA-256, and who added it when.

    `taken_at` is what a camera's clock showed when the picture was taken, without a time zone.
    `served` says whether the caller is given the original, or a copy of the picture without its
    location and device.
    """

    evidence_id: UUID
    name: str
    kind: str
    size: int
    digest: str
    width: int | None
    height: int | None
    taken_at: str | None
    author: str
    author_unit: str | None
    added_at: dt.datetime
    served: Literal["original", "copy"]


class AddedEvidence(Outgoing):
    """A file that is kept now, and the receipt of the journal."""

    evidence_id: UUID
    kind: str
    size: int
    digest: str
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(
        *REFUSED, EvidenceStoreDown, LedgerSealed, PeerDown, PeerMissing, PeerRefused
    ),
)
async def add_evidence(
    cycle_id: UUID,
    sent: SentAny,
    request: Request,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    name: Annotated[str, Query(min_length=1, max_length=200, description="The name of the file.")],
) -> AddedEvidence:
    """Add a file as evidence while the ledger is open: the body is the file itself.

    What it is, is told by its content. It is judged before anything of it is kept, shown to the
    malware scanner where one is set, and kept once however often the same bytes are sent. Entries
    and claims name it afterwards.
    """
    name = _usable(name)
    await ask.indicators.published_scheme(cycle_id=cycle_id)  # there is such a cycle
    phase = await seen_phase(reading, cycle_id)
    permit.require((), phase)
    require_open(phase)
    await reading.close()  # nobody waits for its connection while the file is judged
    row, store = EvidenceRow(cycle_id=cycle_id, name=name), store_of(request)
    found = await _take(request, sent, row, store)

    await open_ledger(db, cycle_id)
    require_open(await phase_of_ledger(db, cycle_id))
    if found:
        await hold_contents(db)
        for content in found:
            await store.keep(*content)
    caller = permit.caller
    row.evidence_id = uuid.uuid4()
    row.author, row.author_person, row.author_unit = (
        caller.subject,
        caller.person,
        caller.organisation,
    )
    db.add(row)
    await db.flush()
    told = {"evidence_id": str(row.evidence_id), "kind": row.kind, "size": row.size}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event="scoring.evidence-added",
        body=told | {"digest": row.digest},
    )
    return AddedEvidence(
        evidence_id=row.evidence_id,
        kind=row.kind,
        size=row.size,
        digest=row.digest,
        receipt=receipt,
    )


async def _take(
    request: Request, sent: Upload, row: EvidenceRow, store: EvidenceStore
) -> list[Content]:
    """Judge the file and keep it, with its copy where it is a picture; return what of that lay
    there already."""
    sent.file.flush()
    row.digest, row.size = sent.content, os.fstat(sent.file.fileno()).st_size
    judged = await asyncio.to_thread(judge, sent.file, row.size, row.name)
    if scanner := request.app.state.evidence_scanner:
        await scan(scanner, sent.file)
    row.kind, row.width, row.height = judged
    contents = [Content(sent.file, row.digest, row.size)]
    if judged.kind in PICTURES:
        contents.append(await _copy_of(request, sent, judged, row))
    return [each for each in contents if not await store.keep(*each)]


async def _copy_of(request: Request, sent: Upload, judged: Judged, row: EvidenceRow) -> Content:
    copy = spool()
    work_of(request).afterwards.append(copy.close)
    loop = asyncio.get_running_loop()
    seen = await loop.run_in_executor(_ONE_AT_A_TIME, _look_at, sent.file, judged.kind, copy)
    row.width, row.height, row.taken_at = seen.width, seen.height, seen.taken_at
    row.picture_hash, row.copy_kind = seen.picture_hash, seen.copy_kind
    copy.flush()
    row.copy_size = os.fstat(copy.fileno()).st_size
    row.copy_digest = await asyncio.to_thread(_digest_of, copy)
    return Content(copy, row.copy_digest, row.copy_size)


_ONE_AT_A_TIME = ThreadPoolExecutor(1, "pictures")
"""Where pictures are decoded: each takes memory for all its pixels."""


def _look_at(file: IO[bytes], kind: str, copy: IO[bytes]) -> "Seen":
    from scoring.api.evidence.pictures import look_at  # here: a start does without its libraries

    return look_at(file, kind, copy)


def _digest_of(file: IO[bytes]) -> str:
    file.seek(0)
    hashed = hashlib.sha256()
    while piece := file.read(1 << 20):
        hashed.update(piece)
    return hashed.hexdigest()


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _usable(name: str) -> str:
    """Return a name as it is kept; refuse what would lead elsewhere, or to a person."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name or name.strip(".") == "" or set(name) & set('/\\:*?"<>|'):
        raise EvidenceNameUnusable("It is no name of a file.", "不是文件名。")
    if any(unicodedata.category(each) in _HIDDEN for each in name):
        raise EvidenceNameUnusable("It has hidden characters.", "含有不可见字符。")
    if personal.find_any(name) is not None:
        raise EvidenceNameUnusable("It leads to a person.", "含有能联系到个人的号码。")
    return name


_READ = documents(NoSuchEvidence, PeerDown, PeerMissing, PeerRefused, StoredDataAltered)


@router.get("/{evidence_id}", responses=_READ)
async def read_evidence(
    cycle_id: UUID, evidence_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers
) -> Evidence:
    """Give what is known of a file: to the unit that added it, and to whoever may read an entry or
    a claim that names it.
    """
    duties = await duties_of(ask, permit, cycle_id)
    found = await readable_evidence(db, cycle_id, evidence_id, permit, duties)
    told = {name: getattr(found.row, name) for name in Evidence.model_fields if name != "served"}
    return Evidence.model_validate({**told, "served": "copy" if found.is_copy else "original"})


@router.get(
    "/{evidence_id}/content",
    response_class=StreamingResponse,
    responses={
        **_READ,
        **documents(EvidenceStoreDown),
        200: {
            "description": "The file, as an attachment.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        },
    },
)
async def export_evidence(
    cycle_id: UUID,
    evidence_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
) -> StreamingResponse:
    """Give the content of a file as an attachment, to whoever may read the file.

    Who examines it (the performance office, the scorer, an auditor) and the unit that added it get
    the original; others of a picture a copy without location and device.
    """
    duties = await duties_of(ask, permit, cycle_id)
    found = await readable_evidence(db, cycle_id, evidence_id, permit, duties)
    row, store = found.row, store_of(request)
    kind, digest, size = row.kind, row.digest, row.size
    if found.is_copy:
        kind = row.copy_kind or kind
        digest, size = row.copy_digest or digest, row.copy_size or size
    pieces = await store.opened(digest, size)
    return _given(pieces, file_name(row.name, kind), MEDIA_TYPES[kind], size)


def _given(
    pieces: AsyncIterator[bytes], name: str, media_type: str, size: int
) -> StreamingResponse:
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return StreamingResponse(
        pieces,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": told,
            "Content-Length": str(size),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
        media_type=media_type,
    )
