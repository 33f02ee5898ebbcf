"""Publishing a scheme: the version that was checked and frozen is in force from then on."""

import asyncio
import datetime as dt
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.conditions import Precondition
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.kept import kept_document, versions_of
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Outgoing
from indicators.api.consultations import check_all_heard
from indicators.api.scheme_faults import Effects, effects_of
from indicators.api.schemes import Version, version_as_read
from indicators.queries import (
    NoSuchCycle,
    NoSuchVersion,
    SchemeNotPublished,
    VersionNotCompiled,
    earlier_cycles,
    find_compiled,
    find_cycle,
    find_version,
    hold_units,
    indicators_of_years,
    jurisdiction_of,
    published_schemes,
    scheme_in_force,
    scheme_of_year_before,
    settled_targets,
    settlements_of,
    target_of,
    target_settlements,
    unit_kinds,
    version_in_force,
)
from indicators.rules.compiled import CompiledScheme
from indicators.rules.consultation import ConsultationPending
from indicators.rules.lineage import years_named
from indicators.rules.matters import TargetsInConflict, check_publication, matters_of
from indicators.rules.publication import (
    CyclePhase,
    ReasonMissing,
    SchemeUnsound,
    VersionOvertaken,
    check_criteria,
    check_predecessors,
    check_reason,
    check_recusals,
    check_sound,
    check_turn,
    check_windows,
)
from indicators.rules.scheme import Scheme
from indicators.rules.target_moves import IN_FORCE
from indicators.tables import SchemePublicationRow

router = Router("/cycles/{cycle_id}", tags=["schemes"])


class Publication(Effects):
    """A version that has just been published, with the receipt of the journal.

    `without_effect` names what it holds that changes nothing.
    """

    cycle_id: UUID
    version: int
    digest: str
    compiled_digest: str
    published_at: dt.datetime
    receipt: Receipt | None


class PublishedScheme(Outgoing):
    """The scheme in force; `digest` is the SHA-256 of its canonical JSON, sorted keys.

    `compiled` is what follows from the scheme for whoever enters, scores or shows, and
    `compiled_digest` its SHA-256. What was approved is the scheme.
    """

    cycle_id: UUID
    version: int
    digest: str
    published_at: dt.datetime
    scheme: Scheme
    compiled_digest: str
    compiled: CompiledScheme


@router.post(
    "/scheme-versions/{version}/publication",
    status_code=201,
    responses=documents(
        SchemeUnsound,
        ReasonMissing,
        VersionOvertaken,
        ConsultationPending,
        TargetsInConflict,
        VersionNotCompiled,
        NoSuchVersion,
        NoSuchCycle,
    ),
)
async def publish_scheme_version(
    cycle_id: UUID,
    version: Version,
    db: Transaction,
    permit: Permit,
    same: Precondition,
) -> Publication:
    """Check a version as a whole and put it in force; the cycle is open from the first one on."""
    cycle = await find_cycle(db, cycle_id, alone=True)
    permit.require(phase=cycle.phase)
    row, _ = await find_version(db, cycle_id, version)
    await same.require(lambda: version_as_read(db, cycle_id, version), version=version)
    compiled = await find_compiled(db, row)
    in_force = await version_in_force(db, cycle_id)

    check_turn(version, in_force)
    check_reason(row.reason, in_force)
    await check_all_heard(db, cycle_id, version, in_force)
    check_recusals(row.scheme, await _in_force(db, cycle_id, in_force))
    check_criteria(row.scheme, [scheme for scheme, _ in await published_schemes(db, cycle_id)])
    earlier = await earlier_cycles(db, cycle)
    await hold_units(db, jurisdiction_of(cycle))
    kinds = await unit_kinds(db, jurisdiction_of(cycle))
    await asyncio.to_thread(check_sound, row.scheme, kinds, earlier)
    await _check_conflicts(db, cycle_id, row.scheme)
    years = await indicators_of_years(db, cycle, years_named(row.scheme))
    check_predecessors(row.scheme, years)
    check_windows(row.scheme, await scheme_of_year_before(db, cycle))
    effects = await asyncio.to_thread(effects_of, row.scheme)

    published = SchemePublicationRow(
        cycle_id=cycle_id, version=version, published_by=permit.caller.subject
    )
    db.add(published)
    cycle.phase = CyclePhase.OPEN
    await db.flush()
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scheme.published",
        body={
            "version": version,
            "digest": row.digest,
            "compiled_digest": compiled.digest,
            "in_force_before": in_force,
        },
    )
    return Publication(
        cycle_id=cycle_id,
        version=version,
        digest=row.digest,
        compiled_digest=compiled.digest,
        published_at=published.published_at,
        receipt=receipt,
        **dict(effects),
    )


async def _check_conflicts(db: AsyncSession, cycle_id: UUID, scheme: Scheme) -> None:
    """Refuse a scheme by which targets in force would be of one matter and differ, unsettled."""
    if not matters_of(scheme).members:
        return
    rows = [row for row in await settled_targets(db, cycle_id) if row.state in IN_FORCE]
    settlements = settlements_of(await target_settlements(db, cycle_id, {r.unit for r in rows}))
    await asyncio.to_thread(check_publication, scheme, map(target_of, rows), settlements)


async def _in_force(db: AsyncSession, cycle_id: UUID, version: int | None) -> Scheme | None:
    return None if version is None else (await find_version(db, cycle_id, version))[0].scheme


OF_SCHEMES = versions_of("cycle", "scheme_version", "scheme_publication", "compiled_scheme")
"""What the scheme in force is made of."""


@router.get(
    "/scheme",
    response_model=PublishedScheme,
    responses=documents(NoSuchCycle, SchemeNotPublished),
)
async def read_scheme(cycle_id: UUID, request: Request, permit: Permit) -> Response:
    """Give the scheme in force as a whole document."""

    async def build(db: AsyncSession) -> PublishedScheme:
        await find_cycle(db, cycle_id)
        row = await scheme_in_force(db, cycle_id)
        compiled = await find_compiled(db, row)
        return PublishedScheme(
            cycle_id=cycle_id,
            version=row.version,
            digest=row.digest,
            published_at=row.published_at,
            scheme=row.scheme,
            compiled_digest=compiled.digest,
            compiled=compiled.compiled,
        )

    return await kept_document(request, permit, cycle_id, OF_SCHEMES, cycle_id, build)
