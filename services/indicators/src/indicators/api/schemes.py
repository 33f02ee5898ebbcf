"""Schemes (实施方案): versions as they are saved, and what changed from one to the next."""

import asyncio
import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Request, Response
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault, Invalid
from chassis.routes import Router
from chassis.wire import Exact, Incoming, Outgoing, Text, adapter_of
from indicators.api.scheme_faults import Effects, effects_of
from indicators.queries import (
    NoSuchCycle,
    NoSuchVersion,
    find_cycle,
    find_version,
    scheme_versions,
    version_in_force,
)
from indicators.rules.compiled import CompiledScheme, CompiledTooLarge, compile_scheme
from indicators.rules.consultation import CONSULTED
from indicators.rules.differences import ChangeKind, SchemeDifferences, differences
from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.publication import ReasonMissing, check_reason
from indicators.rules.scheme import Scheme
from indicators.tables import CompiledSchemeRow, ConsultationRow, CycleRow, SchemeVersionRow

router = Router("/cycles/{cycle_id}/scheme-versions", tags=["schemes"])


_LARGEST = 1_000_000_000

Version = Annotated[int, Path(ge=1, le=_LARGEST)]
"""The number of a version; the first one is 1."""


class YearDiffers(Invalid):
    """The scheme is for another assessment year than the cycle."""

    zh = "方案的评估年度与本评估年度不一致。"
    remedy = (
        "Correct `assessment_year` of the scheme, or save it in the cycle of that year.",
        "请更正方案的 `assessment_year`，或将方案保存到对应的评估年度。",
    )


class NewSchemeVersion(Incoming):
    """A scheme to save as a draft; once one is published, every other needs a reason."""

    scheme: Scheme
    reason: Text | None = None


class SchemeVersion(Outgoing):
    """A version of a scheme without the scheme; `digest` is the SHA-256 of its canonical JSON."""

    cycle_id: UUID
    version: int
    state: Literal["draft", "published"]
    digest: str
    reason: str | None
    saved_by: str
    saved_at: dt.datetime
    published_at: dt.datetime | None


class SavedSchemeVersion(SchemeVersion, Effects):
    """A version that has just been saved, with the receipt of the journal.

    `without_effect` names what it holds that changes nothing.
    """

    receipt: Receipt | None


class WholeSchemeVersion(SchemeVersion):
    """A version of a scheme with the scheme, numbers exact and parameters complete."""

    scheme: Scheme


class Change(Outgoing):
    """One change of one indicator; `points_change` is its gain in points.

    `field` names what changed, null when the indicator itself came, went or moved; a move tells
    the places.
    """

    indicator: str
    name: str
    kind: ChangeKind
    field: str | None
    before: str | None
    after: str | None
    points_change: Exact


class Reclassed(Outgoing):
    """A unit that is in another sub-category than before; null is in none."""

    unit: str
    before: str | None
    after: str | None


class CategoryDifference(Outgoing):
    """What changed within one category; a total is null where the category does not exist.

    `policies` are those that its units go by and that are not what they were, its own or the
    scheme's.
    """

    category: str
    total_before: Exact | None
    total_after: Exact | None
    units_added: list[str]
    units_removed: list[str]
    units_reclassed: list[Reclassed]
    policies: list[str]
    changes: list[Change]


class Differences(Outgoing):
    """What a version changes of the published one before it; `previous` is null for the first.

    `sections` are the parts of the scheme beside its categories that differ.
    """

    cycle_id: UUID
    version: int
    previous: int | None
    reason: str | None
    categories: list[CategoryDifference]
    sections: list[str]


@router.post(
    "",
    status_code=201,
    responses=documents(SchemeFaulty, CompiledTooLarge, YearDiffers, ReasonMissing, NoSuchCycle),
)
async def save_scheme_version(
    cycle_id: UUID,
    new: NewSchemeVersion,
    db: Transaction,
    permit: Permit,
    same: Precondition,
) -> SavedSchemeVersion:
    """Save a scheme as the cycle's next version. It is a draft, may still be incomplete, and
    changes nothing before it is published. `If-Match` names the last version as it was read.
    """
    cycle = await find_cycle(db, cycle_id, alone=True)
    last = await _next(db, cycle_id) - 1
    await same.require(lambda: version_as_read(db, cycle_id, last), version=last or None)
    in_force = await version_in_force(db, cycle_id)

    # Thousands of formulas are read here: other requests must not wait for them.
    found = await asyncio.to_thread(storable, new.scheme, cycle)
    check_reason(new.reason, in_force)

    row = SchemeVersionRow(
        cycle_id=cycle_id,
        version=last + 1,
        scheme=found.scheme,
        digest=found.digest,
        reason=new.reason,
        saved_by=permit.caller.subject,
    )
    db.add(row)
    await db.flush()
    db.add(_compiled(row, found))
    await db.flush()
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scheme.saved",
        body={"version": row.version, "digest": row.digest, "reason": row.reason},
    )
    shown = dict(_shown(row, None)) | dict(found.effects)
    return SavedSchemeVersion(**shown, receipt=receipt)


@router.get("", responses=documents(NoSuchCycle))
async def list_scheme_versions(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[SchemeVersion]:
    """Give the versions of a cycle's scheme, first to last."""
    await find_cycle(db, cycle_id)
    after = min(page.after_number, _LARGEST)
    rows = await db.execute(
        scheme_versions(cycle_id)
        .options(defer(SchemeVersionRow.scheme))
        .where(SchemeVersionRow.version > after)
        .order_by(SchemeVersionRow.version)
        .limit(page.limit + 1)
    )
    shown = [_shown(row, published_at) for row, published_at in rows]
    return Page[SchemeVersion].of(shown, page.limit, lambda version: str(version.version))


@router.get(
    "/{version}", response_model=WholeSchemeVersion, responses=documents(NoSuchCycle, NoSuchVersion)
)
async def read_scheme_version(
    cycle_id: UUID, version: Version, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give one version as a whole document; a unit reads those that it is asked about."""
    await find_cycle(db, cycle_id)
    await _may_read(db, cycle_id, version, permit)
    return document(await version_as_read(db, cycle_id, version), request)


async def version_as_read(db: AsyncSession, cycle_id: UUID, version: int) -> WholeSchemeVersion:
    """Return one version as it is read."""
    row, published_at = await find_version(db, cycle_id, version)
    return WholeSchemeVersion(**dict(_shown(row, published_at)), scheme=row.scheme)


@router.get(
    "/{version}/differences",
    response_model=Differences,
    responses=documents(NoSuchCycle, NoSuchVersion),
)
async def read_differences(
    cycle_id: UUID, version: Version, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give what a version changes of the version that was published before it, in points."""
    await find_cycle(db, cycle_id)
    await _may_read(db, cycle_id, version, permit)
    row, _ = await find_version(db, cycle_id, version)
    previous = await version_in_force(db, cycle_id, before=version)
    before = None
    if previous is not None:
        before = (await find_version(db, cycle_id, previous))[0].scheme
    # Nothing more is read: the comparison must keep neither a connection nor other requests.
    await db.close()
    found = await asyncio.to_thread(differences, before, row.scheme)
    return document(_compared(row, previous, found), request)


async def _may_read(db: AsyncSession, cycle_id: UUID, version: int, permit: Permission) -> None:
    """Refuse a version to who is to read only those that units are asked about."""
    if not permit.allows():
        asked = await db.get(ConsultationRow, (cycle_id, version))
        permit.require(phase=CONSULTED if asked else "draft")


async def _next(db: AsyncSession, cycle_id: UUID) -> int:
    last = await db.scalar(
        select(func.max(SchemeVersionRow.version)).where(SchemeVersionRow.cycle_id == cycle_id)
    )
    return (last or 0) + 1


@dataclass(frozen=True, slots=True)
class Storable:
    """A scheme as it is stored, with its compiled form, the digest of each, and what of it has no
    effect."""

    scheme: Scheme
    digest: str
    compiled: CompiledScheme
    compiled_digest: str
    effects: Effects


def storable(scheme: Scheme, cycle: CycleRow) -> Storable:
    """Return a scheme sent as `scheme` as the cycle stores it, or refuse it with its faults."""
    exact = complete(scheme, at="/scheme")
    _check_year(exact, cycle.assessment_year)
    compiled = compile_scheme(exact, at="/scheme")
    return Storable(
        exact,
        journal.sha256(adapter_of(Scheme).dump_python(exact, mode="json")),
        compiled,
        journal.sha256(adapter_of(CompiledScheme).dump_python(compiled, mode="json")),
        effects_of(exact, "/scheme"),
    )


def _compiled(row: SchemeVersionRow, found: Storable) -> CompiledSchemeRow:
    return CompiledSchemeRow(
        cycle_id=row.cycle_id,
        version=row.version,
        format=found.compiled.format,
        digest=found.compiled_digest,
        compiled=found.compiled,
    )


def _check_year(scheme: Scheme, year: int) -> None:
    if scheme.assessment_year != year:
        en = f"The cycle is of {year}, the scheme of {scheme.assessment_year}."
        zh = f"本评估年度为 {year} 年，方案为 {scheme.assessment_year} 年。"
        fault = Fault("/scheme/assessment_year", "year-differs", en, zh)
        raise YearDiffers(en, zh, faults=[fault])


def _shown(row: SchemeVersionRow, published_at: dt.datetime | None) -> SchemeVersion:
    return SchemeVersion(
        cycle_id=row.cycle_id,
        version=row.version,
        state="draft" if published_at is None else "published",
        digest=row.digest,
        reason=row.reason,
        saved_by=row.saved_by,
        saved_at=row.saved_at,
        published_at=published_at,
    )


def _compared(row: SchemeVersionRow, previous: int | None, found: SchemeDifferences) -> Differences:
    return Differences(
        cycle_id=row.cycle_id,
        version=row.version,
        previous=previous,
        reason=row.reason,
        categories=[CategoryDifference.model_validate(each) for each in found.categories],
        sections=list(found.sections),
    )
