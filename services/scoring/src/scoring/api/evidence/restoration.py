"""Restoring an archive (归档恢复): an archived year becomes the record of an empty cycle."""

import asyncio
import os
from typing import IO, Annotated
from uuid import UUID

from fastapi import Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction, driver_of
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.uploads import SentAny
from chassis.wire import Outgoing
from scoring.api.evidence.scanning import scan
from scoring.api.evidence.store import EvidenceStore, spool, store_of
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.archive import TABLES_OF
from scoring.queries.evidence import hold_contents
from scoring.queries.ledger import open_ledger, phase_of_ledger, seen_phase
from scoring.queries.restoration import (
    proposal_of,
    require_restored,
    restore_rows,
    seal_as_archived,
    the_row,
)
from scoring.queries.stages import has_stages
from scoring.rules.evidence.archives import (
    Archive,
    ArchiveBeyondLimits,
    ArchiveDamaged,
    ArchiveNotRestorable,
    ArchiveOfAnotherVersion,
    Member,
    not_empty,
    opened,
)
from scoring.rules.evidence.refusals import (
    EvidenceInfected,
    EvidenceScannerDown,
    EvidenceStoreDown,
    EvidenceTooLargeToScan,
)
from scoring.rules.evidence.restoring import (
    AwardsStandElsewhere,
    RestorationBarred,
    RestorationNotProposed,
    SamePersonRestores,
    awards_stand_elsewhere,
    check_interest,
    check_second,
)
from scoring.rules.ledger.states import SEALED, LedgerSealed, require_open

router = Router("/cycles/{cycle_id}/archive/restoration", tags=["evidence"])

_LEDGER = "ledger"


class RestoredArchive(Outgoing):
    """What was restored: from which cycle's archive, as whom proposed, how many rows of each table,
    and how many contents of evidence."""

    archived_cycle: str
    proposed_by: str
    rows: dict[str, int]
    contents: int
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(
        ArchiveDamaged,
        ArchiveBeyondLimits,
        ArchiveOfAnotherVersion,
        ArchiveNotRestorable,
        EvidenceInfected,
        EvidenceScannerDown,
        EvidenceTooLargeToScan,
        EvidenceStoreDown,
        LedgerSealed,
        RestorationBarred,
        RestorationNotProposed,
        SamePersonRestores,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def restore_archive(
    cycle_id: UUID,
    sent: SentAny,
    request: Request,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    digest: Annotated[
        str,
        Query(
            pattern="^[0-9a-f]{64}$",
            description="SHA-256 of the archive's manifest, as it was told when it was made.",
        ),
    ],
) -> RestoredArchive:
    """Restore a sealed year out of its archive into a cycle in which nothing has been recorded and
    whose scheme in force is the archived one: the body is the archive itself. Another person of the
    office has proposed it by its digest before.

    Every file is compared with the manifest before anything is kept, and what was restored gives
    the very lines of the archive. The journal records from which digest and by whom, who proposed
    it too; it vouches for the rows from then on. The restored ledger is sealed as it was.
    """
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    cycles, reached = await ask.indicators.cycles(), permit.reached()
    years = {each.cycle_id: each.assessment_year for each in cycles if reached(each.cycle_id)}
    phase = await seen_phase(reading, cycle_id)
    permit.require((), phase)
    require_open(phase)
    check_interest(permit.caller.organisation, published.scheme.category_of())
    proposal = await proposal_of(reading, cycle_id, digest)
    check_second(proposal.proposed_person if proposal else None, permit.caller.person)
    assert proposal is not None  # noqa: S101 - else it was refused
    await reading.close()  # nobody waits for its connection while the file is compared
    sent.file.flush()
    size = os.fstat(sent.file.fileno()).st_size
    archive = await asyncio.to_thread(opened, sent.file, size, digest, TABLES_OF)
    _require_same_scheme(archive, published.digest)
    ledger = await asyncio.to_thread(_sealed_ledger, archive)
    store = store_of(request)
    await _keep(request, archive, store)

    if await has_stages(db, cycle_id) or not await open_ledger(db, cycle_id):
        raise not_empty()
    await phase_of_ledger(db, cycle_id, alone=True)
    await hold_contents(db)
    for each in archive.contents():  # one that lay there before may have been removed since
        await store.require(each.digest, each.size)
    try:
        rows = await _restored(db, cycle_id, archive, ledger, digest)
    except AwardsStandElsewhere as stands:
        raise awards_stand_elsewhere(stands.found, years) from stands
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.archive-restored",
        body={
            "archive": digest,
            "archived_cycle": archive.cycle_id,
            "rows": rows,
            "proposal_no": proposal.proposal_no,
            "proposed_by": proposal.proposed_by,
        },
    )
    return RestoredArchive(
        archived_cycle=archive.cycle_id,
        proposed_by=proposal.proposed_by,
        rows=rows,
        contents=archive.number,
        receipt=receipt,
    )


def _require_same_scheme(archive: Archive, digest: str) -> None:
    if archive.scheme != digest:
        raise ArchiveNotRestorable(
            f"It is of the scheme {archive.scheme[:64]}; in force is {digest}.",
            f"归档时的方案摘要为 `{archive.scheme[:64]}`，现行方案为 `{digest}`。",
        )


def _sealed_ledger(archive: Archive) -> dict[str, object]:
    """Return the ledger's own row; who wrote what is not archived, so that nobody could be kept
    from deciding about his own entries if it were open."""
    row = the_row(_LEDGER, archive.tables[_LEDGER].lines(archive.file))
    if row.get("phase") != SEALED or not isinstance(row.get("sealed_at"), str):
        raise ArchiveNotRestorable("Its ledger was not sealed.", "归档时台账尚未封存。")
    return row


async def _keep(request: Request, archive: Archive, store: EvidenceStore) -> None:
    """Keep the contents of evidence, each shown to the scanner before; none stays open."""
    for each in archive.contents():
        with spool() as copy:
            await asyncio.to_thread(_copy, each, archive.file, copy)
            if scanner := request.app.state.evidence_scanner:
                await scan(scanner, copy)
            await store.keep(copy, each.digest, each.size)


def _copy(member: Member, file: IO[bytes], copy: IO[bytes]) -> None:
    for piece in member.pieces(file):
        copy.write(piece)
    copy.flush()


async def _restored(
    db: AsyncSession, cycle_id: UUID, archive: Archive, ledger: dict[str, object], digest: str
) -> dict[str, int]:
    """Add all rows, seal the ledger as it was, and see that they are what was archived."""
    driver, rows, names = await driver_of(db), {_LEDGER: 1}, {_LEDGER: frozenset(ledger)}
    for table, member in archive.tables.items():
        if table != _LEDGER:
            lines = member.lines(archive.file)
            about = cycle_id, table, lines, digest
            rows[table], names[table] = await restore_rows(driver, *about)
    await seal_as_archived(db, cycle_id, ledger)
    for table, member in archive.tables.items():
        await require_restored(driver, cycle_id, table, names[table], member.digest)
    return rows
