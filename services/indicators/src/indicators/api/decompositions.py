"""The superior's scheme, decomposed (责任分解): whose its points are, version by version."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault, Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Exact, Incoming, OneOf, Outgoing, Text
from indicators.api.superior_cycles import LIST, SuperiorScheme, superior_scheme
from indicators.queries import (
    NoSuchCycle,
    decomposition_version,
    find_cycle,
    handing_up,
    jurisdiction_of,
    unit_kinds,
)
from indicators.rules.decomposition import (
    LEAD,
    SUPPORT,
    Decomposition,
    DecompositionFaulty,
    DecompositionStands,
    Part,
    Role,
    SuperiorIndicator,
    block_sums,
    check_decomposition,
    exposures,
    moved,
)
from indicators.rules.numbers import tidy
from indicators.rules.superior_schemes import drift_faults, drift_of
from indicators.tables import CycleRow, DecompositionRow

router = Router("/cycles/{cycle_id}/decomposition", tags=["decomposition"])

_LARGEST = 1_000_000_000

VersionNumber = Annotated[int, Field(ge=1, le=_LARGEST)]
Name = Annotated[Text, Field(max_length=200)]


class NoDecomposition(Missing):
    """The superior's scheme has not been decomposed in this cycle, or not in that version."""

    zh = "本评估年度没有责任分解，或没有该版本。"
    remedy = (
        "Ask for the latest version, or have the performance office set one.",
        "请查阅最新版本，或由绩效办先行分解。",
    )


class NewSuperiorIndicator(Incoming):
    """An indicator by which the superior assesses us, and the block of its total that it is in.

    `unowned` says why no unit here answers for it, such as a body outside our control.
    """

    code: Code
    name: Name
    block: Name
    points: Exact
    unowned: Name | None = None


class NewPart(Incoming):
    """The points of an indicator that a unit answers for, and whether it leads it."""

    indicator: Code
    unit: Code
    role: Role
    points: Exact


class NewContact(Incoming):
    """Whom to speak to in a unit, as people know him; no number is kept."""

    unit: Code
    contact: Name


class NewSuperiorCycle(Incoming):
    """The superior's cycle in the same installation that is decomposed, by its scheme in force."""

    cycle_id: UUID
    scheme_version: VersionNumber


class NewDecomposition(Incoming):
    """The superior's whole scheme, by its document, whose its points are, and a contact of each
    unit that answers for some.

    With a `superior_cycle` the indicators and their points are held against its scheme.
    """

    superior: Name
    document_no: Name
    document_date: dt.date
    superior_cycle: NewSuperiorCycle | None = None
    points: Exact
    indicators: list[NewSuperiorIndicator] = Field(min_length=1, max_length=300)
    shares: list[NewPart] = Field(max_length=3000)
    contacts: list[NewContact] = Field(max_length=1000)

    def exact(self) -> Decomposition:
        """Return the decomposition as the rules know it."""
        return Decomposition(
            self.superior,
            self.document_no,
            tidy(self.points),
            [
                SuperiorIndicator(each.code, each.name, each.block, tidy(each.points), each.unowned)
                for each in self.indicators
            ],
            [Part(e.indicator, e.unit, e.role, tidy(e.points)) for e in self.shares],
            [(each.unit, each.contact) for each in self.contacts],
        )


class DecomposedIndicator(Outgoing):
    """An indicator of the superior's; `unowned` says why no unit answers for it, null where some
    do."""

    code: str
    name: str
    block: str
    points: Exact
    unowned: str | None


class UnitShare(Outgoing):
    """The points of an indicator that a unit answers for."""

    indicator: str
    unit: str
    role: Annotated[str, OneOf(LEAD, SUPPORT)]
    points: Exact


class ExposedUnit(Outgoing):
    """A unit by what it answers for: its `points` are the sum of its shares.

    A unit of the kind `body` is not assessed here: the share is of somebody outside our control.
    """

    unit: str
    kind: Annotated[str, OneOf("assessed", "body")]
    contact: str
    points: Exact
    leads: Annotated[int, Field(ge=0, le=300)]
    supports: Annotated[int, Field(ge=0, le=300)]


class DecomposedBlock(Outgoing):
    """A block of the superior's total, and how many units have a share in it."""

    block: str
    points: Exact
    units: Annotated[int, Field(ge=0, le=3000)]


class DecompositionChange(Outgoing):
    """What is another than in the version before: of an indicator, of a share, or of a unit."""

    indicator: str | None
    unit: str | None
    field: Annotated[
        str, OneOf("superior", "points", "name", "block", "unowned", "role", "contact")
    ]
    before: str | None
    after: str | None


class SuperiorDrift(Outgoing):
    """An indicator that has other points in the superior's scheme in force; null where it is not in
    one of them."""

    indicator: str
    decomposed: Exact | None
    superior: Exact | None


class DecomposedCycle(Outgoing):
    """The superior's cycle that was decomposed, by which version of its scheme.

    `in_force` is the version by now, and `drift` what is another by that; where it does not assess
    us any more, there is none in force, and all is another. Both are for those who may read the
    superior's scheme, and null for others, and where its cycle is not kept here.
    """

    cycle_id: UUID
    scheme_version: int
    in_force: int | None
    drift: list[SuperiorDrift] | None


class HandingUp(Outgoing):
    """That a version was handed up to the superior, and by which document."""

    document_no: str
    document_date: dt.date
    handed_up_by: str
    handed_up_at: dt.datetime


class DecompositionVersion(Outgoing):
    """One version of the decomposition; the one with the highest number holds.

    `units` are the most exposed first; `changes` is empty for the first version. `superior_cycle`
    is null where the superior's is not kept here, `handed_up` until this version is.
    """

    cycle_id: UUID
    version: int
    superior: str
    document_no: str
    document_date: dt.date
    superior_cycle: DecomposedCycle | None
    handed_up: HandingUp | None
    points: Exact
    indicators: list[DecomposedIndicator]
    shares: list[UnitShare]
    units: list[ExposedUnit]
    blocks: list[DecomposedBlock]
    changes: list[DecompositionChange]
    set_by: str
    set_at: dt.datetime


class DecompositionSummary(Outgoing):
    """A version of the decomposition, by the document of the superior's that it is of."""

    version: int
    superior: str
    document_no: str
    document_date: dt.date
    points: Exact
    set_by: str
    set_at: dt.datetime


class DecompositionSet(Outgoing):
    """The version that was added, and the receipt of the journal."""

    version: int
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(
        DecompositionFaulty, DecompositionStands, NoDecomposition, NoSuchCycle, StoredDataAltered
    ),
)
async def set_decomposition(
    cycle_id: UUID, new: NewDecomposition, db: Transaction, permit: Permit, same: Precondition
) -> DecompositionSet:
    """Keep whose the superior's points are, as the next version.

    The shares of an indicator sum to its points, one unit leads it, and the indicators sum to the
    superior's total. What the superior changes in the year is another version, by its document.
    Where its cycle is named, its scheme in force says which indicators there are for how much.
    """
    cycle = await find_cycle(db, cycle_id, alone=True)
    last = await decomposition_version(db, cycle_id)
    await same.require(
        lambda: decomposition_as_read(db, cycle_id, permit),
        version=last.version if last else None,
    )
    link, own = new.superior_cycle, jurisdiction_of(cycle_id)
    theirs = None if link is None else await superior_scheme(db, own, link.cycle_id)
    faults = _link_faults(new, theirs, cycle)
    check_decomposition(new.exact(), await unit_kinds(db, own), faults)
    content = new.model_dump(mode="json")
    if last is not None and said_in(last) == new:
        n = last.version
        raise DecompositionStands(f"Version {n} says just this.", f"与第 {n} 版相同。", version=n)
    row = DecompositionRow(
        cycle_id=cycle_id,
        version=1 if last is None else last.version + 1,
        content=content,
        set_by=permit.caller.subject,
        set_by_person=permit.caller.person,
    )
    db.add(row)
    await db.flush()
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="decomposition.set",
        body={
            "version": row.version,
            "digest": journal.sha256(content),
            "document_no": new.document_no,
        },
    )
    return DecompositionSet(version=row.version, receipt=receipt)


@router.get(
    "",
    response_model=DecompositionVersion,
    responses=documents(NoDecomposition, NoSuchCycle, StoredDataAltered),
)
async def read_decomposition(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    version: Annotated[
        int | None, Query(ge=1, le=_LARGEST, description="That one; the latest if not given.")
    ] = None,
) -> Response:
    """Give who answers for which points of the superior's scheme, what each unit is exposed to, and
    what changed from the version before."""
    await find_cycle(db, cycle_id)
    return document(await decomposition_as_read(db, cycle_id, permit, version), request)


def said_in(row: DecompositionRow) -> NewDecomposition:
    """Return what was sent as a version."""
    return NewDecomposition.model_validate(row.content)


def _link_faults(
    new: NewDecomposition, theirs: SuperiorScheme | None, cycle: CycleRow
) -> Iterator[Fault]:
    """Yield what is wrong with the superior's cycle that is named; by its scheme, if nothing is."""
    link = new.superior_cycle
    if link is None:
        return
    if theirs is None:
        en = "By no such cycle with a scheme in force does the direct superior assess us."
        zh = "直接上级没有以此标识、方案已公布且考核本辖区的评估年度。"
        yield Fault("/superior_cycle/cycle_id", "not-a-superiors", en, zh)
    elif theirs.cycle.assessment_year != cycle.assessment_year:
        year = theirs.cycle.assessment_year
        en, zh = f"That cycle is of {year}.", f"该评估年度为 {year} 年。"
        yield Fault("/superior_cycle/cycle_id", "year-differs", en, zh)
    elif theirs.version != link.scheme_version:
        en = f"Version {theirs.version} is in force."
        zh = f"上级现行方案为第 {theirs.version} 版。"
        yield Fault("/superior_cycle/scheme_version", "not-in-force", en, zh)
    else:
        given = new.exact()
        yield from drift_faults(given, drift_of(given, theirs.asked))


async def decomposed_cycle(
    db: AsyncSession, cycle_id: UUID, said: NewDecomposition, permit: Permission
) -> DecomposedCycle | None:
    """Return of which of the superior's cycles a version is, and what is another there by now: all,
    where it does not assess us any more."""
    link = said.superior_cycle
    if link is None:
        return None
    theirs, drift = None, None
    if permit.of(LIST).allows() and await db.get(CycleRow, link.cycle_id) is not None:
        theirs = await superior_scheme(db, jurisdiction_of(cycle_id), link.cycle_id)
        drift = drift_of(said.exact(), [] if theirs is None else theirs.asked)
    return DecomposedCycle(
        cycle_id=link.cycle_id,
        scheme_version=link.scheme_version,
        in_force=None if theirs is None else theirs.version,
        drift=None if drift is None else [SuperiorDrift.model_validate(e) for e in drift],
    )


@router.get("/versions", responses=documents(NoSuchCycle, StoredDataAltered))
async def list_decomposition_versions(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[DecompositionSummary]:
    """List the versions of the decomposition, first to last; none where the superior's scheme has
    not been decomposed."""
    await find_cycle(db, cycle_id)
    await require_intact(db, str(cycle_id), DecompositionRow.__tablename__)
    row, after = DecompositionRow, min(page.after_number, _LARGEST)
    query = select(row).where(row.cycle_id == cycle_id, row.version > after)
    rows = await db.scalars(query.order_by(row.version).limit(page.limit + 1))
    shown = [_summary(each) for each in rows]
    return Page[DecompositionSummary].of(shown, page.limit, lambda each: str(each.version))


def _summary(row: DecompositionRow) -> DecompositionSummary:
    said = said_in(row)
    return DecompositionSummary(
        version=row.version,
        superior=said.superior,
        document_no=said.document_no,
        document_date=said.document_date,
        points=tidy(said.points),
        set_by=row.set_by,
        set_at=row.set_at,
    )


async def decomposition_as_read(
    db: AsyncSession, cycle_id: UUID, permit: Permission, version: int | None = None
) -> DecompositionVersion:
    """Return a version as the caller reads it, the latest one unless another is named."""
    row = await decomposition_version(db, cycle_id, version)
    if row is None:
        raise NoDecomposition("There is none.", "没有。")
    said, handed = said_in(row), await handing_up(db, cycle_id, row.version)
    given, contacts = said.exact(), {each.unit: each.contact for each in said.contacts}
    kinds, changes = await unit_kinds(db, jurisdiction_of(cycle_id)), []
    before = await decomposition_version(db, cycle_id, row.version - 1)
    if before is not None:
        changes = moved(said_in(before).exact(), given)
    return DecompositionVersion(
        cycle_id=cycle_id,
        version=row.version,
        document_date=said.document_date,
        superior=given.superior,
        document_no=given.document_no,
        superior_cycle=await decomposed_cycle(db, cycle_id, said, permit),
        handed_up=None if handed is None else HandingUp.model_validate(handed),
        points=given.points,
        indicators=[DecomposedIndicator.model_validate(each) for each in given.indicators],
        shares=[UnitShare.model_validate(each) for each in given.shares],
        units=[
            ExposedUnit(
                unit=each.unit,
                kind=kinds[each.unit],
                contact=contacts[each.unit],
                points=each.points,
                leads=each.leads,
                supports=each.supports,
            )
            for each in exposures(given)
        ],
        blocks=[DecomposedBlock.model_validate(each) for each in block_sums(given)],
        changes=[DecompositionChange.model_validate(each) for each in changes],
        set_by=row.set_by,
        set_at=row.set_at,
    )
