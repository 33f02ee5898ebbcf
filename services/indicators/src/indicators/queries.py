"""The questions to the database that more than one resource asks."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar
from typing import cast as typed
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    and_,
    any_,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import realms
from chassis.db import driver_of
from chassis.deadlines import local_day
from chassis.kept import VERSIONS, BoundedBytes
from chassis.realm_rows import is_of
from chassis.refusals import Conflict, Missing
from chassis.stored import require_intact
from chassis.wire import adapter_of
from indicators.rules.compiled import CompiledScheme
from indicators.rules.consultation import NotConsulted
from indicators.rules.matters import Matter, Settlement, Settlements, SettlementState, Values
from indicators.rules.names import NameKind, UnitName, legal_name
from indicators.rules.publication import CyclePhase
from indicators.rules.references import named_units
from indicators.rules.scheme import TIME_ZONE, Scheme, places
from indicators.rules.target_moves import PENDING, SETTLING, Standing, State, Version, standings_of
from indicators.rules.targets import Key, Target
from indicators.tables import (
    CommentAnswerRow,
    ConsultationRow,
    CycleRow,
    DecompositionRow,
    HandingUpRow,
    IdSchemeRow,
    InspectionRow,
    LetterSignatureRow,
    ProjectRow,
    ResponsibilityLetterRow,
    SchemeCommentRow,
    SchemePublicationRow,
    SchemeVersionRow,
    SuperiorStandingRow,
    TargetCauseRow,
    TargetRow,
    TargetSettlementRow,
    UnitKindCorrectionRow,
    UnitMappingRow,
    UnitNameRow,
    UnitRow,
    UnitSuccessionRow,
    WorkPlanRow,
)

T = TypeVar("T")


class NoSuchCycle(Missing):
    """There is no such cycle."""

    zh = "没有这个评估年度。"
    remedy = (
        "Look the cycle's id up in the list of cycles.",
        "请在评估年度清单中查对标识。",
    )


class NoSuchVersion(Missing):
    """The cycle has no such version of its scheme."""

    zh = "本评估年度没有这一版方案。"
    remedy = (
        "Look the number up in the list of the scheme's versions.",
        "请在方案版本清单中查对版本号。",
    )


class VersionNotCompiled(Conflict):
    """This version of the scheme was saved before schemes were compiled, and cannot be now."""

    zh = "该版方案保存于启用编译之前，现无法编译。"
    remedy = (
        "Save the scheme as a new version, and use that.",
        "请将方案保存为新版本后使用新版本。",
    )


class SchemeNotPublished(Missing):
    """The cycle has no published scheme."""

    zh = "本评估年度尚未公布方案。"
    remedy = (
        "Have the performance office publish the scheme first.",
        "请先由绩效办公布方案。",
    )


async def find_cycle(db: AsyncSession, cycle_id: UUID, *, alone: bool = False) -> CycleRow:
    """Return a cycle; refuse an unknown one.

    A writer holds it `alone` until the commit, because versions of schemes and of targets are
    numbered one after the other. That leaves references to the cycle free to be checked.
    """
    query = select(CycleRow).where(CycleRow.cycle_id == cycle_id)
    if alone:
        query = query.with_for_update(key_share=True)
    cycle = await db.scalar(query)
    if cycle is None:
        raise NoSuchCycle(f"No cycle has the id {cycle_id}.", f"没有编号为 {cycle_id} 的评估年度。")
    await require_intact(db, str(cycle_id), "cycle")
    return cycle


async def today(db: AsyncSession) -> dt.date:
    """Return the day that it is here, by the clock of the database."""
    moment: dt.datetime = (await db.scalars(select(func.clock_timestamp()))).one()
    return local_day(moment, TIME_ZONE)


_CORRECTED = UnitKindCorrectionRow

KIND_OF_UNIT: ColumnElement[str] = func.coalesce(
    select(_CORRECTED.kind)
    .where(_CORRECTED.jurisdiction == UnitRow.jurisdiction, _CORRECTED.unit == UnitRow.code)
    .order_by(_CORRECTED.number.desc())
    .limit(1)
    .scalar_subquery(),
    UnitRow.kind,
)
"""The kind of a unit: as it was corrected last, or else as it was registered."""


async def hold_units(db: AsyncSession, jurisdiction: str | None) -> None:
    """Have nobody else of the jurisdiction register, name or correct units, or publish a scheme,
    until the commit."""
    # It is rare, and looks at what is there first: one at a time.
    lock = text("SELECT pg_advisory_xact_lock(hashtext(:chain))")
    await db.execute(lock, {"chain": realms.chain_of("units", jurisdiction)})


def owned(
    row: type[UnitRow | UnitNameRow | UnitSuccessionRow | IdSchemeRow | UnitMappingRow],
    jurisdiction: str | None,
) -> ColumnElement[bool]:
    """Return the condition that a row is of a jurisdiction, or of none."""
    return row.jurisdiction == (jurisdiction or "")


def jurisdiction_of(cycle: CycleRow | UUID) -> str | None:
    """Return the jurisdiction whose units a cycle has, None where it is of no one's."""
    return realms.realm_of(cycle.cycle_id if isinstance(cycle, CycleRow) else cycle)


async def unit_kinds(db: AsyncSession, jurisdiction: str | None) -> dict[str, str]:
    """Return the kind of every registered unit of a jurisdiction by its code."""
    query = select(UnitRow.code, KIND_OF_UNIT).where(owned(UnitRow, jurisdiction))
    rows = await db.execute(query)
    return {code: kind for code, kind in rows}  # noqa: C416 - dict() takes no typed Row


async def legal_names(
    db: AsyncSession, jurisdiction: str | None, units: Collection[str], on: dt.date | None = None
) -> dict[str, str]:
    """Return the legal names of some units of a jurisdiction on a day, today unless given, by their
    codes."""
    day: dt.date = on or (await db.execute(select(func.current_date()))).scalar_one()
    row = UnitNameRow
    query = select(row).where(
        owned(row, jurisdiction), row.unit == any_(literal(sorted(units), ARRAY(Text)))
    )
    found: dict[str, list[UnitName]] = {}
    for each in await db.scalars(query):
        kind: NameKind = "legal" if each.kind == "legal" else "alias"
        name = UnitName(each.name, kind, each.valid_from, each.valid_to)
        found.setdefault(each.unit, []).append(name)
    return {unit: legal_name(names, day) for unit, names in found.items()}


def _same_owner(cycle: CycleRow) -> ColumnElement[bool]:
    return is_of(CycleRow.cycle_id, jurisdiction_of(cycle))


async def earlier_cycles(db: AsyncSession, cycle: CycleRow) -> frozenset[UUID]:
    """Return the cycles of the same jurisdiction in earlier years."""
    query = select(CycleRow.cycle_id).where(
        _same_owner(cycle),
        CycleRow.jurisdiction == cycle.jurisdiction,
        CycleRow.assessment_year < cycle.assessment_year,
    )
    return frozenset(await db.scalars(query))


async def version_in_force(
    db: AsyncSession, cycle_id: UUID, *, before: int | None = None
) -> int | None:
    """Return the number of the published version in force, now or `before` another came."""
    query = select(func.max(SchemePublicationRow.version)).where(
        SchemePublicationRow.cycle_id == cycle_id
    )
    if before is not None:
        query = query.where(SchemePublicationRow.version < before)
    return await db.scalar(query)


def scheme_versions(cycle_id: UUID) -> Select[SchemeVersionRow, dt.datetime]:
    """Ask for the versions of a cycle's scheme, each with the moment of its publication."""
    # An outer join: of a draft the second column is null, which the type cannot say.
    return (
        select(SchemeVersionRow, SchemePublicationRow.published_at)
        .outerjoin(
            SchemePublicationRow,
            (SchemePublicationRow.cycle_id == SchemeVersionRow.cycle_id)
            & (SchemePublicationRow.version == SchemeVersionRow.version),
        )
        .where(SchemeVersionRow.cycle_id == cycle_id)
    )


async def find_version(
    db: AsyncSession, cycle_id: UUID, version: int
) -> tuple[SchemeVersionRow, dt.datetime | None]:
    """Return a version and when it was published, if it was; refuse an unknown one."""
    found = (
        await db.execute(scheme_versions(cycle_id).where(SchemeVersionRow.version == version))
    ).one_or_none()
    if found is None:
        raise NoSuchVersion(f"There is no version {version}.", f"没有第 {version} 版。")
    row, published_at = found
    await _require_true_scheme(db, row)
    return row, published_at


class SchemeInForce(NamedTuple):
    """The version of a cycle's scheme that is in force, and when it was published."""

    cycle_id: UUID
    version: int
    digest: str
    published_at: dt.datetime
    scheme: Scheme


class CompiledForm(NamedTuple):
    """The compiled form of a version, with the SHA-256 of its canonical form."""

    digest: str
    compiled: CompiledScheme


# The publications are told by their versions: each was looked at when the scheme was read.
_IN_FORCE = f"""
    SELECT v.version, v.digest, p.published_at, v.record,
      (v.xmin::text, {VERSIONS.format("scheme_publication", "t.cycle_id = $1")})::text
    FROM scheme_version v
    JOIN scheme_publication p ON p.cycle_id = v.cycle_id AND p.version = v.version
    WHERE v.cycle_id = $1 ORDER BY v.version DESC LIMIT 1
    """  # noqa: S608 - names of our own
_COMPILED = """
    SELECT digest, record, xmin::text FROM compiled_scheme WHERE cycle_id = $1 AND version = $2
    """
_TEXT = "SELECT {}::text FROM {} WHERE cycle_id = $1 AND version = $2"


async def scheme_in_force(db: AsyncSession, cycle_id: UUID) -> SchemeInForce:
    """Return the version in force; refuse a cycle that has none."""
    found = await (await driver_of(db)).fetchrow(_IN_FORCE, cycle_id)
    if found is None:
        raise SchemeNotPublished("Publish one first.", "请先公布方案。")
    version, digest, published_at, record, rows = found
    stored = _Stored("scheme_version", "scheme", cycle_id, version, rows)
    scheme = await _once_read(db, Scheme, stored, record, "scheme_publication")
    return SchemeInForce(cycle_id, version, digest, published_at, scheme)


async def find_compiled(
    db: AsyncSession, version: SchemeVersionRow | SchemeInForce
) -> CompiledForm:
    """Return the compiled form of a version; refuse one that has none."""
    about = version.cycle_id, version.version
    found = await (await driver_of(db)).fetchrow(_COMPILED, *about)
    if found is None:
        raise VersionNotCompiled("Save the scheme as a new version.", "请将方案另存为新版本。")
    digest, record, rows = found
    stored = _Stored("compiled_scheme", "compiled", *about, rows)
    return CompiledForm(digest, await _once_read(db, CompiledScheme, stored, record))


class _Stored(NamedTuple):
    """A document of a version of a scheme, and the versions of the rows that it is read of."""

    table: str
    column: str
    cycle_id: UUID
    version: int
    rows: str


_READ = BoundedBytes[_Stored, Any](16 << 20)
"""Documents as they were read, while their rows are the same: to read one of a hundred units takes
longer than to answer. Nobody changes them."""


async def _once_read(
    db: AsyncSession, shape: type[T], stored: _Stored, record: int, *besides: str
) -> T:
    """Return a document; what is not known yet is read, and refused unless it is what was saved and
    the rows of the cycle in other tables are."""
    known: T | None = _READ.get(stored)
    if known is None:
        chain = str(stored.cycle_id)
        await require_intact(db, chain, stored.table, records=[record])
        if besides:
            await require_intact(db, chain, *besides)
        asked = _TEXT.format(stored.column, stored.table)
        text: str = await (await driver_of(db)).fetchval(asked, stored.cycle_id, stored.version)
        known = adapter_of(shape).validate_json(text)
        _READ.keep(stored, known, len(text))
    return known


async def _require_true_scheme(db: AsyncSession, row: SchemeVersionRow) -> None:
    """Refuse a version that is not what was saved, or any publication that is not what it was."""
    chain = str(row.cycle_id)
    await require_intact(db, chain, "scheme_version", records=[row.record])
    await require_intact(db, chain, "scheme_publication")


async def published_schemes(db: AsyncSession, cycle_id: UUID) -> list[tuple[Scheme, dt.datetime]]:
    """Return the schemes of a cycle in the order in which they came into force, and when."""
    query = scheme_versions(cycle_id).where(SchemePublicationRow.version.is_not(None))
    rows = (await db.execute(query.order_by(SchemeVersionRow.version))).all()
    for row, _ in rows:
        await _require_true_scheme(db, row)
    return [(row.scheme, published_at) for row, published_at in rows]


async def scheme_naming(
    db: AsyncSession, jurisdiction: str | None, unit: str
) -> tuple[UUID, int] | None:
    """Return a published version of a scheme that names a unit of a jurisdiction, if there is
    one."""
    row, published = SchemeVersionRow, SchemePublicationRow
    found = await db.execute(
        select(row.cycle_id, row.version)
        .join(published, and_(row.cycle_id == published.cycle_id, row.version == published.version))
        # What does not have the code as a text has it nowhere, and needs no reading.
        .where(func.strpos(cast(row.scheme, Text), f'"{unit}"') > 0)
        .where(is_of(row.cycle_id, jurisdiction))
        .order_by(published.published_at.desc())
    )
    for cycle_id, version in found.all():
        if unit in named_units((await find_version(db, cycle_id, version))[0].scheme):
            return cycle_id, version
    return None


async def indicators_of_years(
    db: AsyncSession, cycle: CycleRow, years: Collection[int]
) -> dict[int, set[str]]:
    """Return the indicators of the schemes in force of a cycle's jurisdiction, of those years that
    have any."""
    if not years:
        return {}
    row = CycleRow
    rows = await db.execute(
        select(row.cycle_id, row.assessment_year).where(
            _same_owner(cycle),
            row.jurisdiction == cycle.jurisdiction,
            row.assessment_year.in_(years),
            row.phase == CyclePhase.OPEN,
        )
    )
    found: dict[int, set[str]] = {}
    for cycle_id, year in rows.all():
        scheme = (await scheme_in_force(db, cycle_id)).scheme
        found.setdefault(year, set()).update(each.indicator.code for each in places(scheme))
    return found


async def scheme_of_year_before(db: AsyncSession, cycle: CycleRow) -> Scheme | None:
    """Return the scheme in force of the year before, of the same jurisdiction, if there is one."""
    row = CycleRow
    query = select(row.cycle_id).where(
        _same_owner(cycle),
        row.jurisdiction == cycle.jurisdiction,
        row.assessment_year == cycle.assessment_year - 1,
        row.phase == CyclePhase.OPEN,
    )
    cycle_id = await db.scalar(query)
    return None if cycle_id is None else (await scheme_in_force(db, cycle_id)).scheme


async def successors_of(
    db: AsyncSession, jurisdiction: str | None, after: dt.date, until: dt.date
) -> dict[str, tuple[str, ...]]:
    """Return the units of a jurisdiction that went on from each unit after a day, up to another and
    with it."""
    row = UnitSuccessionRow
    query = select(row.predecessor, row.unit).where(
        owned(row, jurisdiction), row.effective_on > after, row.effective_on <= until
    )
    found: dict[str, tuple[str, ...]] = {}
    for predecessor, unit in await db.execute(query.order_by(row.predecessor, row.unit)):
        found[predecessor] = (*found.get(predecessor, ()), unit)
    return found


async def time_zone_of(db: AsyncSession, cycle_id: UUID) -> str:
    """Return the time zone of the scheme in force, without reading the whole scheme."""
    zone = func.jsonb_extract_path_text(SchemeVersionRow.scheme, "time_zone")
    query = (
        select(zone)
        .join(
            SchemePublicationRow,
            (SchemePublicationRow.cycle_id == SchemeVersionRow.cycle_id)
            & (SchemePublicationRow.version == SchemeVersionRow.version),
        )
        .where(SchemeVersionRow.cycle_id == cycle_id)
        .order_by(SchemeVersionRow.version.desc())
        .limit(1)
    )
    return await db.scalar(query) or TIME_ZONE


async def settled_targets(
    db: AsyncSession, cycle_id: UUID, *, units: Collection[str] | None = None
) -> Sequence[TargetRow]:
    """Return the version that decides whether each target of a cycle, or of some units, counts.

    What was proposed or asked for since, and is not confirmed, changes nothing yet.
    """
    await require_intact(db, str(cycle_id), "target")
    key = (TargetRow.unit, TargetRow.indicator, TargetRow.item)
    query = (
        select(TargetRow)
        .where(TargetRow.cycle_id == cycle_id, TargetRow.state.in_(SETTLING))
        .ext(distinct_on(*key))
        .order_by(*key, TargetRow.version.desc())
    )
    if units is not None:
        query = query.where(_of(units))
    return (await db.scalars(query)).all()


def _of(units: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a target is one of these units'; one parameter for all."""
    return TargetRow.unit == any_(literal(sorted(units), ARRAY(Text)))


async def target_versions(
    db: AsyncSession, cycle_id: UUID, units: Collection[str] | None, indicator: str | None
) -> Sequence[TargetRow]:
    """Return every version of the targets of a cycle, of some units, or of one indicator."""
    await require_intact(db, str(cycle_id), "target")
    key = (TargetRow.unit, TargetRow.indicator, TargetRow.item)
    query = select(TargetRow).where(TargetRow.cycle_id == cycle_id)
    if units is not None:
        query = query.where(_of(units))
    if indicator is not None:
        query = query.where(TargetRow.indicator == indicator)
    return (await db.scalars(query.order_by(*key, TargetRow.version))).all()


async def target_standings(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> dict[Key, Standing]:
    """Return where each target of some units stands."""
    await require_intact(db, str(cycle_id), "target")
    query = select(TargetRow).where(TargetRow.cycle_id == cycle_id, _of(units))
    rows = await db.scalars(query.order_by(TargetRow.version))
    return standings_of(_version(row) for row in rows)


async def awaiting_targets(
    db: AsyncSession, cycle_id: UUID, units: Collection[str] | None
) -> dict[Key, Standing]:
    """Return where the targets of a cycle, or of some units, stand that somebody has to do
    something about."""
    if units is not None and not units:
        return {}
    of = TargetRow
    key = (of.unit, of.indicator, of.item)
    asked = of.cycle_id == cycle_id if units is None else and_(of.cycle_id == cycle_id, _of(units))
    latest = (
        select(*key, of.state)
        .where(asked)
        .ext(distinct_on(*key))
        .order_by(*key, of.version.desc())
        .subquery()
    )
    mine = latest.c
    same = (mine.unit == of.unit) & (mine.indicator == of.indicator) & (mine.item == of.item)
    query = select(of).join(latest, same).where(asked)
    rows = await db.scalars(query.where(mine.state.in_(PENDING)).order_by(of.version))
    return standings_of(_version(row) for row in rows)


async def target_settlements(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> Sequence[TargetSettlementRow]:
    """Return every version of the settlements for some units, of each matter first to last."""
    await require_intact(db, str(cycle_id), "target_settlement")
    row = TargetSettlementRow
    named = any_(literal(sorted(units), ARRAY(Text)))
    query = select(row).where(row.cycle_id == cycle_id, row.unit == named)
    return (await db.scalars(query.order_by(row.unit, row.matter, row.item, row.version))).all()


async def latest_letters(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> dict[str, ResponsibilityLetterRow]:
    """Return the latest version of the responsibility letter of each unit that has one."""
    await require_intact(db, str(cycle_id), "responsibility_letter")
    row = ResponsibilityLetterRow
    named = any_(literal(sorted(units), ARRAY(Text)))
    query = select(row).where(row.cycle_id == cycle_id, row.unit == named)
    latest = query.ext(distinct_on(row.unit)).order_by(row.unit, row.version.desc())
    return {each.unit: each for each in await db.scalars(latest)}


async def letters_of(
    db: AsyncSession, cycle_id: UUID, unit: str
) -> Sequence[ResponsibilityLetterRow]:
    """Return every version of a unit's responsibility letter, first to last."""
    await require_intact(db, str(cycle_id), "responsibility_letter")
    row = ResponsibilityLetterRow
    query = select(row).where(row.cycle_id == cycle_id, row.unit == unit)
    return (await db.scalars(query.order_by(row.version))).all()


async def letter_signatures(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> Sequence[LetterSignatureRow]:
    """Return the signatures under the responsibility letters of some units, as they were given."""
    await require_intact(db, str(cycle_id), "letter_signature")
    row = LetterSignatureRow
    named = any_(literal(sorted(units), ARRAY(Text)))
    query = select(row).where(row.cycle_id == cycle_id, row.unit == named)
    return (await db.scalars(query.order_by(row.unit, row.version, row.signed_at))).all()


async def target_causes(
    db: AsyncSession, cycle_id: UUID, document_no: str | None
) -> Sequence[TargetCauseRow]:
    """Return what caused revisions of a cycle's targets, by one document or by any."""
    await require_intact(db, str(cycle_id), "target_cause")
    row = TargetCauseRow
    query = select(row).where(row.cycle_id == cycle_id)
    if document_no is not None:
        query = query.where(row.document_no == document_no)
    order = row.document_no, row.unit, row.indicator, row.item, row.version
    return (await db.scalars(query.order_by(*order))).all()


async def work_plans(
    db: AsyncSession, cycle_id: UUID, units: Collection[str] | None, indicator: str | None = None
) -> Sequence[WorkPlanRow]:
    """Return every version of the work plans of some units, or of all, of each first to last."""
    await require_intact(db, str(cycle_id), "work_plan")
    row = WorkPlanRow
    query = select(row).where(row.cycle_id == cycle_id)
    if units is not None:
        query = query.where(row.unit == any_(literal(sorted(units), ARRAY(Text))))
    if indicator is not None:
        query = query.where(row.indicator == indicator)
    return (await db.scalars(query.order_by(row.unit, row.indicator, row.item, row.version))).all()


async def project_versions(db: AsyncSession, cycle_id: UUID) -> Sequence[ProjectRow]:
    """Return every version of the projects of a cycle, of each first to last."""
    await require_intact(db, str(cycle_id), "project")
    row = ProjectRow
    query = select(row).where(row.cycle_id == cycle_id)
    return (await db.scalars(query.order_by(row.project, row.version))).all()


async def inspections_of(db: AsyncSession, cycle_id: UUID) -> dict[str, InspectionRow]:
    """Return the latest version of each inspection of a cycle, by their codes."""
    await require_intact(db, str(cycle_id), "inspection")
    row = InspectionRow
    query = select(row).where(row.cycle_id == cycle_id).ext(distinct_on(row.inspection))
    found = await db.scalars(query.order_by(row.inspection, row.version.desc()))
    return {each.inspection: each for each in found}


async def decomposition_version(
    db: AsyncSession, cycle_id: UUID, version: int | None = None
) -> DecompositionRow | None:
    """Return a version of the decomposition of a cycle, the latest one unless another is named;
    None where there is none."""
    await require_intact(db, str(cycle_id), "decomposition")
    row = DecompositionRow
    query = select(row).where(row.cycle_id == cycle_id)
    if version is not None:
        query = query.where(row.version == version)
    return (await db.scalars(query.order_by(row.version.desc()).limit(1))).first()


async def handing_up(db: AsyncSession, cycle_id: UUID, version: int) -> HandingUpRow | None:
    """Return how a version of the decomposition was handed up, None where it was not."""
    row = await db.get(HandingUpRow, (cycle_id, version))
    if row is not None:
        await require_intact(db, str(cycle_id), "handing_up", records=[row.record])
    return row


async def find_consultation(db: AsyncSession, cycle_id: UUID, version: int) -> ConsultationRow:
    """Return how units are asked about a version; refuse one that nobody is asked about."""
    row = await db.get(ConsultationRow, (cycle_id, version))
    if row is None:
        raise NotConsulted(f"Nobody is asked about {version}.", f"第 {version} 版未征求意见。")
    await require_intact(db, str(cycle_id), "consultation", records=[row.record])
    return row


def comments_on(
    cycle_id: UUID, version: int | None, unit: str | None
) -> Select[SchemeCommentRow, CommentAnswerRow | None]:
    """Ask for the comments on a version, or on all, each with its answer; of one unit, or of all
    with None."""
    said, answered = SchemeCommentRow, CommentAnswerRow
    same = (answered.cycle_id == said.cycle_id) & (answered.comment_id == said.comment_id)
    found = select(said, answered).outerjoin(answered, same)
    found = found.where(said.cycle_id == cycle_id)
    if version is not None:
        found = found.where(said.version == version)
    return found if unit is None else found.where(said.unit == unit)


async def superior_standings(db: AsyncSession, cycle_id: UUID) -> dict[str, SuperiorStandingRow]:
    """Return what was said last of how each indicator of the superior's stands, by their codes."""
    await require_intact(db, str(cycle_id), "superior_standing")
    row = SuperiorStandingRow
    query = select(row).where(row.cycle_id == cycle_id).ext(distinct_on(row.indicator))
    found = await db.scalars(query.order_by(row.indicator, row.number.desc()))
    return {each.indicator: each for each in found}


def settlements_of(rows: Iterable[TargetSettlementRow]) -> Settlements:
    """Return settlements as the rules know them, by matter, first to last."""
    found: dict[Matter, list[Settlement]] = {}
    for row in rows:
        key = row.unit, row.matter, row.item or None
        values = {code: _values(texts) for code, texts in row.targets.items()}
        state = typed(SettlementState, row.state)
        one = Settlement(key, row.version, state, values, row.set_by_person)
        found.setdefault(key, []).append(one)
    return found


def _values(texts: Sequence[str | None]) -> Values:
    target, baseline, pledge = (None if text is None else Decimal(text) for text in texts)
    return target, baseline, pledge


def target_of(row: TargetRow) -> Target:
    """Return what one version of a target says."""
    return Target(row.unit, row.indicator, row.item or None, row.target, row.baseline, row.pledge)


def _version(row: TargetRow) -> Version:
    target = target_of(row)
    told = {
        name: getattr(row, name)
        for name in ("reason", "document_no", "approved_by", "baseline_from")
    }
    person = row.set_by_person or row.set_by
    return Version(row.version, typed(State, row.state), target, row.set_by, person, told)
