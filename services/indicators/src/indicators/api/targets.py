"""Targets (目标值): what each unit is to reach, version by version, never overwritten."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Literal, NamedTuple, get_args
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.deadlines import local_day
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.kept import VERSIONS, document, document_of, kept_document, versions_of
from chassis.pages import UNASKED, ChangedAt, ChangedSince, SoughtText
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Outgoing
from indicators.api.id_schemes import (
    OF_MAPPINGS,
    OF_UNITS,
    ReadInScheme,
    asked_of,
    beside_of,
)
from indicators.api.target_versions import whose
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    scheme_in_force,
    settled_targets,
    target_of,
    target_versions,
    time_zone_of,
)
from indicators.rules.entry_forms import NotInScheme, check_tag
from indicators.rules.expected_targets import missing_targets
from indicators.rules.id_schemes import BUILT_IN, OWN_CODES, NoSuchIdScheme
from indicators.rules.methods.method import AimedValue
from indicators.rules.scheme import Scheme
from indicators.rules.tags import tagged
from indicators.rules.target_moves import IN_FORCE, State
from indicators.rules.targets import Counting, Target
from indicators.tables import TargetRow

router = Router("/cycles/{cycle_id}/targets", tags=["targets"])


class BaselineOrigin(Outgoing):
    """The earlier cycle and the entries that a baseline was taken from, as whoever set it said."""

    cycle_id: UUID
    entries: list[UUID]


class TargetVersion(Outgoing):
    """One version of a target: the state it came into, who moved it there, why, and when.

    `lowered` says whether it asks less of the unit than any version that was in force before.
    `effective_from` is the day of `set_at` in the city's time zone.
    """

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    indicator: str
    indicator_in_scheme: Elsewhere = NOT_ASKED
    item: str | None
    target: Exact | None
    baseline: Exact | None
    pledge: Exact | None
    version: int
    state: State
    lowered: bool
    reason: str | None
    document_no: str | None
    approved_by: str | None
    set_by: str
    set_at: dt.datetime
    effective_from: dt.date
    baseline_from: BaselineOrigin | None
    changed_at: ChangedAt = UNASKED


REACHED = {
    "unit", "indicator", "item", "target", "baseline", "pledge", "version", "state", "lowered",
}  # fmt: skip
"""What the digest is of: what is to be reached, and not when and by whom that was said."""


class CycleTargets(Outgoing):
    """The targets in force, issued or revised, that the caller may see.

    `digest` is the SHA-256 of what is to be reached; every change of it is another version.
    """

    cycle_id: UUID
    digest: str
    targets: list[TargetVersion]


class TargetHistory(Outgoing):
    """Every version of the targets that were asked for, of each target first to last."""

    cycle_id: UUID
    versions: list[TargetVersion]


class Wanted(NamedTuple):
    """Which targets are asked for; no indicators are all of them."""

    tag: str | None = None
    indicators: frozenset[str] = frozenset()
    state: str | None = None

    def holds(self, row: TargetRow) -> bool:
        """Say whether a target is asked for, but for its tag."""
        named = not self.indicators or row.indicator in self.indicators
        return named and self.state in (None, row.state)


EVERYTHING = Wanted()

Units = Annotated[list[Code] | None, Query(max_length=100, description="Of one of these units.")]
Indicators = Annotated[
    list[Code] | None, Query(max_length=100, description="For one of these indicators.")
]

_OF_TARGETS = versions_of(
    "cycle", "scheme_version", "scheme_publication", "target", "target_settlement"
)

_BY_TAG = (NoSuchCycle, SchemeNotPublished, NotInScheme)


# The same with the codes of another system.
_BESIDE_CODES = ", ".join(
    VERSIONS.format(table, "t.cycle_id = ($1::text[])[1]::uuid")
    for table in ("scheme_version", "scheme_publication", "target", "target_settlement")
)


def _question(cycle_id: UUID, id_scheme: str) -> tuple[str, object]:
    if id_scheme == OWN_CODES:
        return _OF_TARGETS, cycle_id
    of_codes = OF_UNITS if id_scheme in BUILT_IN else OF_MAPPINGS
    of_cycle = VERSIONS.format("cycle", "t.cycle_id = ($1::text[])[1]::uuid")
    return f"{of_codes}, {of_cycle}, {_BESIDE_CODES}", asked_of(cycle_id, id_scheme)


_READ = (*_BY_TAG, NoSuchIdScheme, StoredDataAltered)


@router.get("", response_model=CycleTargets, responses=documents(*_READ))
async def read_targets(
    cycle_id: UUID,
    request: Request,
    permit: Permit,
    unit: Units = None,
    indicator: Indicators = None,
    state: Annotated[
        Literal["issued", "revised"] | None, Query(description="As issued, or revised since.")
    ] = None,
    tag: Code | None = None,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """Give the targets in force; `digest` is of those that are listed.

    An assessed unit gets its own, an organiser those of the categories that it leads.
    """

    async def build(db: AsyncSession) -> CycleTargets | bytes:
        cycle = await find_cycle(db, cycle_id)
        units = await whose(db, cycle_id, permit, None)
        if unit:
            units = frozenset(unit) if units is None else units & frozenset(unit)
        wanted = Wanted(tag, frozenset(indicator or ()), state)
        found = await targets_as_read(db, cycle_id, units, wanted)
        if id_scheme == OWN_CODES:
            return found
        return (await beside_of(db, cycle, id_scheme)).written(found)

    key = (cycle_id, tag, frozenset(unit or ()), frozenset(indicator or ()), state, id_scheme)
    return await kept_document(request, permit, key, *_question(cycle_id, id_scheme), build)


async def targets_as_read(
    db: AsyncSession,
    cycle_id: UUID,
    units: frozenset[str] | None = None,
    wanted: Wanted = EVERYTHING,
) -> CycleTargets:
    """Return the targets in force, of some units or of all, as they are read."""
    zone = await time_zone_of(db, cycle_id)
    settled = await settled_targets(db, cycle_id, units=units)
    listed = await _of_tag(db, cycle_id, wanted.tag, settled)
    in_force = (row for row in listed if row.state in IN_FORCE)
    targets = [_shown(row, zone) for row in in_force if wanted.holds(row)]
    reached = [target.model_dump(mode="json", include=REACHED) for target in targets]
    return CycleTargets(cycle_id=cycle_id, digest=journal.sha256(reached), targets=targets)


class MissingTargetValue(Outgoing):
    """A value that an indicator of a unit is held against, and that is not in force; `item` is
    `*` where the unit sets its items itself and has none."""

    unit: str
    indicator: str
    name: str
    item: str | None
    value: AimedValue


class UnusedTargetValue(Outgoing):
    """A value of a target in force on which no score rests by the scheme in force; `name` is null
    where it does not assess the unit by the indicator any more."""

    unit: str
    indicator: str
    name: str | None
    item: str | None
    value: AimedValue


class MissingTargets(Outgoing):
    """What units need of targets and have not in force, unit by unit in the scheme's order; and as
    `unused` what is in force and counts nowhere, as a later version of the scheme may leave it."""

    cycle_id: UUID
    missing: list[MissingTargetValue]
    unused: list[UnusedTargetValue]


@router.get("/missing", response_model=MissingTargets, responses=documents(*_READ))
async def list_missing_targets(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    unit: Code | None = None,
    indicator: Code | None = None,
) -> Response:
    """List the targets that the scheme needs and that are not in force: without them there is no
    score. Beside them what is in force and no score reads.

    What was proposed or asked for and is not confirmed is missing still. An assessed unit gets its
    own, an organiser those of the categories that it leads.
    """
    await find_cycle(db, cycle_id)
    units = await whose(db, cycle_id, permit, unit)
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    settled = await settled_targets(db, cycle_id, units=units)
    targets = [target_of(row) for row in settled if row.state in IN_FORCE]
    found = missing_targets(scheme, targets)
    listed = [
        MissingTargetValue(
            unit=each.unit,
            indicator=each.indicator,
            name=each.name,
            item=each.need.item,
            value=each.need.value,
        )
        for each in found
        if (units is None or each.unit in units) and indicator in (None, each.indicator)
    ]
    unused = [*_unused(scheme, targets, indicator)]
    return document(MissingTargets(cycle_id=cycle_id, missing=listed, unused=unused), request)


def _unused(
    scheme: Scheme, targets: Sequence[Target], indicator: str | None
) -> Iterator[UnusedTargetValue]:
    counting = Counting(scheme)
    for target in targets:
        if indicator in (None, target.indicator):
            for each in counting.unused(target):
                yield UnusedTargetValue(
                    unit=target.unit,
                    indicator=target.indicator,
                    name=each.name,
                    item=target.item,
                    value=each.value,
                )


@router.get("/history", response_model=TargetHistory, responses=documents(*_READ))
async def read_target_history(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    unit: Code | None = None,
    indicator: Code | None = None,
    state: Annotated[
        list[State] | None,
        Query(max_length=len(get_args(State)), description="Versions in one of these states."),
    ] = None,
    q: Annotated[
        SoughtText | None,
        Query(description="Part of the reason, of the document's number, or of who approved."),
    ] = None,
    tag: Code | None = None,
    changed_since: ChangedSince = None,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """Give every version of the targets of a unit, an indicator, a tag, or all.

    An assessed unit gets its own, an organiser those of the categories that it leads.
    """
    cycle = await find_cycle(db, cycle_id)
    rows = await target_versions(db, cycle_id, await whose(db, cycle_id, permit, unit), indicator)
    zone = await time_zone_of(db, cycle_id)
    asked = [e for e in await _of_tag(db, cycle_id, tag, rows) if _is_asked_for(e, state, q)]
    if changed_since is None:
        listed = [_shown(row, zone) for row in asked]
    else:
        listed = await _changed(db, cycle_id, asked, zone, changed_since)
    told = TargetHistory(cycle_id=cycle_id, versions=listed)
    if id_scheme == OWN_CODES:
        return document(told, request)
    return document_of((await beside_of(db, cycle, id_scheme)).written(told), request)


async def _changed(
    db: AsyncSession, cycle_id: UUID, rows: Sequence[TargetRow], zone: str, since: dt.datetime
) -> list[TargetVersion]:
    """Return the versions that the journal recorded at a moment or later, in that order."""
    records = select(TargetRow.record).where(TargetRow.cycle_id == cycle_id).distinct().subquery()
    moment = journal.recorded_at(records.c.record, str(cycle_id))
    found = await db.execute(select(records.c.record, moment))
    moments = {record: at for record, at in found if at is not None}
    dated = [(moments.get(row.record, row.set_at), row) for row in rows]
    later = sorted((each for each in dated if each[0] >= since), key=lambda each: each[0])
    return [_shown(row, zone).model_copy(update={"changed_at": at}) for at, row in later]


def _is_asked_for(row: TargetRow, states: Collection[str] | None, q: str | None) -> bool:
    said = "\n".join(filter(None, (row.reason, row.document_no, row.approved_by)))
    return (not states or row.state in states) and (q is None or q.lower() in said.lower())


async def _of_tag(
    db: AsyncSession, cycle_id: UUID, tag: str | None, rows: Sequence[TargetRow]
) -> Sequence[TargetRow]:
    """Return the targets of indicators that have a tag in the scheme in force; all without one."""
    if tag is None:
        return rows
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    check_tag(scheme, tag)
    codes = tagged(scheme, tag)
    return [row for row in rows if row.indicator in codes.get(row.unit, ())]


def _shown(row: TargetRow, zone: str) -> TargetVersion:
    made = {"item", "effective_from", "unit_in_scheme", "indicator_in_scheme", "changed_at"}
    stored = TargetVersion.model_fields.keys() - made
    return TargetVersion(
        **{name: getattr(row, name) for name in stored},
        item=row.item or None,
        effective_from=local_day(row.set_at, zone),
    )
