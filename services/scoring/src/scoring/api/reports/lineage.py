"""Lineage (沿革): an indicator of a unit over the years, and baselines from the last year."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.refusals import Fault, Invalid, Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Exact, Outgoing
from scoring.peers import AskPeers, Cycle, PeerDown, PeerMissing, PeerRefused, Peers, Unit
from scoring.queries.counted import annual_entries
from scoring.rules.reports.lineage import (
    Baseline,
    EarlierYear,
    OpenBaseline,
    OverTheYears,
    YearOfLine,
    ancestors_in,
    annual_values,
    baselines,
)
from scoring.rules.scheme.document import Scheme, Target
from scoring.rules.scheme.succession import Succession

router = Router("/cycles/{cycle_id}", tags=["lineage"])

MOST_BASELINES = 10_000
"""The most targets that are told at once, which is the most that a batch of them may have."""


class NoEarlierCycle(Missing):
    """There is no earlier cycle of the division with a published scheme."""

    zh = "本辖区没有已公布方案的以往评估年度。"
    remedy = (
        "There is nothing to take from earlier years: enter the baselines themselves.",
        "没有可沿用的以往年度数据，请直接填写基数。",
    )


class NotInScheme(Invalid):
    """The scheme has nothing of this name, or does not measure the unit by it."""

    zh = "方案中没有所指的对象，或不以其评估该单位。"
    remedy = (
        "Look the name up in the scheme in force, and use one that stands there.",
        "请在现行方案中查对，使用方案中已有的编码。",
    )


class TooManyBaselines(Invalid):
    """So many targets are not told at once; ask for fewer indicators."""

    zh = "一次所涉目标过多，请减少指标。"
    remedy = (
        "Name one `category`, `indicator` or `unit` and ask several times.",
        "请限定 `category`、`indicator` 或 `unit`，分次读取。",
    )


class EarlierValue(Outgoing):
    """A value that was verified for a whole year, and the entry that says it."""

    unit: str
    indicator: str
    key: str | None
    item: str | None
    value: Exact
    entry: UUID


class IndicatorOfYear(Outgoing):
    """What an indicator was in a year, the one of the later year that goes on from it, and the
    share of it that is that one's."""

    indicator: str
    name: str
    measure: str | None
    succeeded_by: str | None
    share: Exact


class YearOfLineage(Outgoing):
    """A year of an indicator and a unit: what they were, and what was reached.

    `units` became the unit since; the values are those that the caller may read.
    """

    cycle_id: UUID
    assessment_year: int
    indicators: list[IndicatorOfYear]
    units: list[str]
    values: list[EarlierValue]


class Lineage(Outgoing):
    """An indicator of a unit over the years, this one first."""

    cycle_id: UUID
    unit: str
    indicator: str
    years: list[YearOfLineage]


class BaselineTerm(Outgoing):
    """An earlier value that a baseline comes from, and how much of it."""

    unit: str
    indicator: str
    share: Exact
    value: Exact
    entry: UUID


class ComputedBaseline(Outgoing):
    """A baseline as the earlier values give it; `agrees` where the target in force has it."""

    unit: str
    indicator: str
    item: str | None
    baseline: Exact
    in_force: Exact | None
    agrees: bool
    terms: list[BaselineTerm]


class BaselineSource(Outgoing):
    """The earlier cycle, and the entries of its ledger, that a baseline was taken from."""

    cycle_id: UUID
    entries: list[UUID]


class BaselineTarget(Outgoing):
    """A target with its baseline, to be set as it stands here: what is in force of it is kept."""

    unit: str
    indicator: str
    item: str | None
    target: Exact | None
    baseline: Exact
    pledge: Exact | None
    baseline_from: BaselineSource


class UnsetBaseline(Outgoing):
    """What has no baseline by earlier values, or another one in force, and why."""

    unit: str
    indicator: str
    item: str | None
    code: str
    en: str
    zh: str


class Baselines(Outgoing):
    """The baselines of some indicators by the values of an earlier cycle, `previous`.

    `targets` can be set as they stand here (`POST …/targets`); those that are in force already are
    not among them. `open` is what must be set by hand.
    """

    cycle_id: UUID
    previous: UUID
    assessment_year: int
    targets: list[BaselineTarget]
    computed: list[ComputedBaseline]
    open: list[UnsetBaseline]


_PEERS = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)


@router.get(
    "/indicators/{indicator}/lineage",
    response_model=Lineage,
    responses=documents(NotInScheme, NoEarlierCycle, *_PEERS),
)
async def read_lineage(
    cycle_id: UUID,
    indicator: Code,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code, Query()],
    years: Annotated[int, Query(ge=1, le=10)] = 5,
) -> Response:
    """Give the scores of an indicator of a unit over the years; a unit gets its own."""
    whole = permit.allows()
    if not whole:
        permit.require({"own_unit"} if unit == permit.caller.organisation else ())
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    category = scheme.category_of().get(unit)
    if category is None or indicator not in category.indicators():
        raise _not_in_scheme(indicator, unit)
    earlier = await earlier_cycles(ask, cycle_id)
    line = OverTheYears(scheme, unit, indicator, successions_of(await ask.indicators.units()))
    told = [await _year(db, cycle_id, line.begin(), permit, whole=whole)]
    for cycle in earlier[: years - 1]:
        before = (await ask.indicators.published_scheme(cycle_id=cycle.cycle_id)).scheme
        if (found := line.back(before)) is not None:
            told.append(await _year(db, cycle.cycle_id, found, permit, whole=whole))
    return document(Lineage(cycle_id=cycle_id, unit=unit, indicator=indicator, years=told), request)


@router.get(
    "/baselines",
    response_model=Baselines,
    responses=documents(NotInScheme, NoEarlierCycle, TooManyBaselines, *_PEERS),
)
async def read_baselines(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    indicator: Annotated[list[Code], Query(min_length=1, max_length=50)],
    previous: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Give baselines of some indicators, from what was verified for an earlier year."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    codes = list(dict.fromkeys(indicator))
    _check(scheme, codes)
    cycle = _chosen(await earlier_cycles(ask, cycle_id), previous)
    before = (await ask.indicators.published_scheme(cycle_id=cycle.cycle_id)).scheme
    successions = successions_of(await ask.indicators.units())
    targets = (await ask.indicators.targets(cycle_id=cycle_id)).targets

    ancestors = ancestors_in(scheme, codes, before.assessment_year)
    await require_intact(db, str(cycle.cycle_id), "ledger_entry")
    entries = await annual_entries(db, cycle.cycle_id, ancestors, before.assessment_year)
    values = annual_values(entries, before.assessment_year)
    # In a thread: other requests of this process must not wait for the arithmetic.
    known = EarlierYear(before, values)
    found, without = await asyncio.to_thread(baselines, scheme, codes, known, successions)
    standing = {(each.unit, each.indicator, each.item): each for each in targets}
    answer = Baselines(
        cycle_id=cycle_id,
        previous=cycle.cycle_id,
        assessment_year=before.assessment_year,
        targets=[*_targets(found, standing, cycle.cycle_id)],
        computed=[_computed(each, standing.get(_key(each))) for each in found],
        open=[UnsetBaseline.model_validate(each) for each in (*without, *_others(found, standing))],
    )
    return document(answer, request)


def _key(found: Baseline) -> tuple[str, str, str | None]:
    return found.unit, found.indicator, found.item


_Standing = Mapping[tuple[str, str, str | None], Target]


def _targets(
    found: Sequence[Baseline], standing: _Standing, earlier: UUID
) -> Iterator[BaselineTarget]:
    for each in found:
        now = standing.get(_key(each))
        if now is not None and now.baseline is not None:
            continue
        yield BaselineTarget(
            unit=each.unit,
            indicator=each.indicator,
            item=each.item,
            target=None if now is None else now.target,
            baseline=each.value,
            pledge=None if now is None else now.pledge,
            baseline_from=BaselineSource(
                cycle_id=earlier, entries=[term.entry for term in each.terms]
            ),
        )


def _computed(found: Baseline, now: Target | None) -> ComputedBaseline:
    in_force = None if now is None else now.baseline
    return ComputedBaseline(
        unit=found.unit,
        indicator=found.indicator,
        item=found.item,
        baseline=found.value,
        in_force=in_force,
        agrees=in_force == found.value,
        terms=[BaselineTerm.model_validate(each) for each in found.terms],
    )


def _others(found: Sequence[Baseline], standing: _Standing) -> Iterator[OpenBaseline]:
    """Yield baselines that are in force and are not what the earlier values give."""
    for each in found:
        now = standing.get(_key(each))
        if now is not None and now.baseline is not None and now.baseline != each.value:
            yield OpenBaseline(
                *_key(each),
                "baseline-stands",
                f"Another baseline is in force: {now.baseline:f}, not {each.value:f}.",
                f"现行基数为 {now.baseline:f}，与 {each.value:f} 不同。",
            )


def _check(scheme: Scheme, codes: Sequence[str]) -> None:
    known = [(each, each.indicators()) for each in scheme.categories]
    for code in codes:
        if not any(code in indicators for _, indicators in known):
            raise _not_in_scheme(code, None)
    concerned = sum(
        len(category.units)
        for category, indicators in known
        for code in codes
        if code in indicators
    )
    if concerned > MOST_BASELINES:
        raise TooManyBaselines(
            f"There are {concerned:,}; at most {MOST_BASELINES:,} are told at once.",
            f"共 {concerned:,} 项，一次最多 {MOST_BASELINES:,} 项。",
        )


def _not_in_scheme(code: str, unit: str | None) -> NotInScheme:
    en, zh = f"The scheme has no indicator {code}.", f"方案中没有指标 {code}。"
    if unit is not None:
        en, zh = f"No indicator {code} measures {unit}.", f"没有指标 {code} 用于评估 {unit}。"
    return NotInScheme(en, zh, faults=[Fault("/indicator", "unknown-indicator", en, zh)])


async def earlier_cycles(ask: Peers, cycle_id: UUID) -> list[Cycle]:
    """Return the earlier cycles of the division that have a scheme, of each year the latest begun,
    the latest year first."""
    cycles = await ask.indicators.cycles()
    own = next((each for each in cycles if each.cycle_id == cycle_id), None)
    if own is None:
        return []
    found: dict[int, Cycle] = {}
    for each in cycles:
        earlier = each.assessment_year < own.assessment_year
        if earlier and each.jurisdiction == own.jurisdiction and each.scheme_version is not None:
            found.setdefault(each.assessment_year, each)
    return [found[year] for year in sorted(found, reverse=True)]


def _chosen(earlier: Sequence[Cycle], previous: UUID | None) -> Cycle:
    for each in earlier:
        if previous in (None, each.cycle_id):
            return each
    raise NoEarlierCycle("Publish its scheme first.", "请先公布以往年度的方案。")


def successions_of(units: Sequence[Unit]) -> list[Succession]:
    """Return which units go on from which."""
    return [
        Succession(unit.code, each.predecessor, each.effective_on)
        for unit in units
        for each in unit.succeeds
    ]


async def _year(
    db: AsyncSession, cycle_id: UUID, found: YearOfLine, permit: Permission, *, whole: bool
) -> YearOfLineage:
    codes = {each.indicator.code for each in found.indicators}
    await require_intact(db, str(cycle_id), "ledger_entry")
    readable = [unit for unit in found.units if whole or unit == permit.caller.organisation]
    entries = await annual_entries(db, cycle_id, codes, found.year, readable)
    values = annual_values(entries, found.year)
    return YearOfLineage(
        cycle_id=cycle_id,
        assessment_year=found.year,
        indicators=[
            IndicatorOfYear(
                indicator=each.indicator.code,
                name=each.indicator.name,
                measure=each.indicator.measure,
                succeeded_by=each.succeeded_by,
                share=each.share,
            )
            for each in found.indicators
        ],
        units=list(found.units),
        values=[
            EarlierValue(
                unit=unit,
                indicator=code,
                key=entry.key,
                item=entry.item,
                value=_number(entry.value),
                entry=entry.entry_id,
            )
            for unit in readable
            for code in sorted(codes)
            for entry in values.get((unit, code), ())
        ],
    )


def _number(value: Decimal | None) -> Decimal:
    assert value is not None  # noqa: S101 - only entries with a value are annual values
    return value
