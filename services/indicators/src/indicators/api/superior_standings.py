"""How we stand in the superior's evaluation (上级计分情况), and whom what is lost is charged to."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.batches import IncomingBatch
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, OneOf, Outgoing
from indicators.api.decompositions import Name, NoDecomposition, said_in
from indicators.queries import (
    NoSuchCycle,
    decomposition_version,
    find_cycle,
    superior_standings,
    today,
)
from indicators.rules.decomposition import LEAD, SUPPORT, Decomposition, SuperiorIndicator
from indicators.rules.numbers import plain, tidy, total
from indicators.rules.standings import (
    KNOWN,
    MISSING,
    OUTDATED,
    Cause,
    Charge,
    Standing,
    StandingsFaulty,
    causes_left,
    charges,
    check_standings,
    leads_all,
    state_of,
)
from indicators.tables import DecompositionRow, SuperiorStandingRow

router = Router("/cycles/{cycle_id}/superior-standings", tags=["decomposition"])

_REFUSED = (NoDecomposition, NoSuchCycle, StoredDataAltered)


class NewCause(Incoming):
    """A unit that brought a loss about, and how many of the points."""

    unit: Code
    points: Exact


class NewStanding(Incoming):
    """How many points of an indicator are won for good and how many are lost, as of a day, and on
    which basis that is known or expected.

    What `causes` do not come to is charged by share; the office alone names them. Where they are
    not given, those that were named before stay; an empty list takes them back.
    """

    indicator: Code
    as_of: dt.date
    won: Exact
    lost: Exact
    basis: Name
    causes: list[NewCause] | None = Field(default=None, max_length=100)

    def exact(self, left: Sequence[Cause]) -> Standing:
        """Return the standing as the rules know it; `left` are the causes named before."""
        given = self.causes
        causes = left if given is None else [Cause(e.unit, tidy(e.points)) for e in given]
        about = (self.indicator, self.as_of, None, tidy(self.won), tidy(self.lost), causes)
        return Standing(*about, leaves_causes=given is None)


class NewStandings(IncomingBatch):
    """A batch of standings."""

    ROWS: ClassVar = "standings"

    standings: list[NewStanding] = Field(min_length=1, max_length=300)


class StandingOutcome(RowOutcome):
    """What became of a standing."""


class StandingsReported(BatchOutcome):
    """What became of a batch of standings, row by row in its order."""

    rows: list[StandingOutcome]


class CauseOfLoss(Outgoing):
    """A unit that brought a loss about, and how many of the points."""

    unit: str
    points: Exact


class IndicatorStanding(Outgoing):
    """How an indicator of the superior's stands.

    What is neither won nor lost is `open`. It is all null where nothing is known (`missing`) or
    what was said is of an earlier version of the decomposition (`outdated`). A unit reads of the
    causes itself alone.
    """

    indicator: str
    name: str
    block: str
    points: Exact
    lead: str | None
    unowned: str | None
    state: Annotated[str, OneOf(KNOWN, OUTDATED, MISSING)]
    as_of: dt.date | None
    won: Exact | None
    lost: Exact | None
    open: Exact | None
    basis: str | None
    causes: list[CauseOfLoss]
    reported_by: str | None
    reported_at: dt.datetime | None


class ChargedShare(Outgoing):
    """What a unit loses and can still win of an indicator, and how much of the loss it was named to
    have `caused`; `role` is null where it has no share in it."""

    indicator: str
    unit: str
    role: Annotated[str, OneOf(LEAD, SUPPORT)] | None
    points: Exact
    lost: Exact
    caused: Exact
    open: Exact


class UnitStanding(Outgoing):
    """A unit by all its shares: what it answers for, loses, has caused, and can still win; what is
    `unreported` are its shares of indicators of which nothing is known."""

    unit: str
    points: Exact
    lost: Exact
    caused: Exact
    open: Exact
    unreported: Exact


class StandingTotals(Outgoing):
    """The superior's total: won, lost, open, and of which nothing is known; what is lost of
    indicators that nobody answers for is `uncharged`."""

    points: Exact
    won: Exact
    lost: Exact
    open: Exact
    unreported: Exact
    uncharged: Exact


class SuperiorStandings(Outgoing):
    """How we stand in the superior's evaluation, by the latest version of the decomposition.

    Those who have lost most are the first of `units`. A unit gets the indicators that it leads, and
    of the rest its own; it gets no `totals`.
    """

    cycle_id: UUID
    version: int
    superior: str
    totals: StandingTotals | None
    indicators: list[IndicatorStanding]
    charges: list[ChargedShare]
    units: list[UnitStanding]


@router.post("", status_code=201, responses=documents(StandingsFaulty, *_REFUSED))
async def report_standings(
    cycle_id: UUID, new: NewStandings, db: Transaction, permit: Permit, rows: Rows
) -> StandingsReported:
    """Say how indicators of the superior's stand: won, lost, still open.

    The office does, for any, and names who caused a loss; a unit for those that it leads, and the
    causes that the office named stay. What stands just so is `unchanged`.
    """
    cycle = await find_cycle(db, cycle_id, alone=True)
    version, given = await _decomposed(db, cycle_id)
    led = leads_all(permit.caller.organisation, (e.indicator for e in new.standings), given)
    permit.require({"own_unit"} if led else set())
    latest = await superior_standings(db, cycle_id)
    known = {code: _read(row) for code, row in latest.items()}
    days = dt.date(cycle.assessment_year, 1, 1), await today(db)
    points = {each.code: each.points for each in given.indicators}
    names_causes = permit.allows()

    def exact(new: NewStanding) -> Standing:
        return new.exact(causes_left(known.get(new.indicator), given))

    async def keep(batch: NewStandings) -> Receipt | None:
        standings = [exact(each) for each in batch.standings]
        check_standings(standings, known, given, days, names_causes=names_causes)
        told = zip(batch.standings, standings, strict=True)
        stored = (_stored(each, found, latest, points) for each, found in told)
        caller = permit.caller
        by = {"reported_by": caller.subject, "reported_person": caller.person}
        about = {"cycle_id": cycle_id, "version": version.version, **by}
        await db.execute(insert(SuperiorStandingRow), [{**each, **about} for each in stored])
        return await journal.record(
            db,
            chain=str(cycle_id),
            caller=caller,
            event="superior-standings.reported",
            body={"indicators": [each.indicator for each in batch.standings]},
        )

    there = [
        n for n, each in enumerate(new.standings) if _stands(each, exact(each), latest, points)
    ]
    receipt = await rows.keep(rows.besides(new, there), keep)
    return StandingsReported(receipt=receipt, **rows.told(StandingOutcome))


@router.get("", response_model=SuperiorStandings, responses=documents(*_REFUSED))
async def read_standings(
    cycle_id: UUID, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give what is won, lost and still open of the superior's points, whom each loss is charged to,
    and of which indicators nothing is known.

    A unit reads of the losses its own, and of the indicators those that it leads.
    """
    await find_cycle(db, cycle_id)
    version, given = await _decomposed(db, cycle_id)
    latest = await superior_standings(db, cycle_id)
    unit = _reader(permit)
    found = [_Found.of(each, latest.get(each.code), given) for each in given.indicators]
    told = _told(cycle_id, version.version, given, found, unit)
    return document(told, request)


def _reader(permit: Permission) -> str | None:
    """Return the unit as which the caller reads; None for who reads all."""
    if permit.allows():
        return None
    unit = permit.caller.organisation
    permit.require({"own_unit"} if unit else set())
    return unit


def _told(
    cycle_id: UUID,
    version: int,
    given: Decomposition,
    found: "Sequence[_Found]",
    unit: str | None,
) -> SuperiorStandings:
    own = [each for of in found for each in of.charges if unit in (None, each.unit)]
    return SuperiorStandings(
        cycle_id=cycle_id,
        version=version,
        superior=given.superior,
        totals=_totals(found, given) if unit is None else None,
        indicators=[each.shown(unit) for each in found if unit in (None, each.lead)],
        charges=[ChargedShare.model_validate(each) for each in own],
        units=_units(found, own, unit),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """An indicator of the superior's, who leads it, and how it stands if that is known."""

    indicator: SuperiorIndicator
    lead: str | None
    row: SuperiorStandingRow | None
    state: str
    charges: Sequence[Charge]
    shares: Mapping[str, Decimal]

    @classmethod
    def of(
        cls, indicator: SuperiorIndicator, row: SuperiorStandingRow | None, given: Decomposition
    ) -> "_Found":
        """Return an indicator with how it stands."""
        shares = [each for each in given.shares if each.indicator == indicator.code]
        standing = None if row is None else _read(row)
        state = state_of(indicator, standing, given)
        charged = charges(standing, shares) if standing is not None and state == KNOWN else []
        lead = next((each.unit for each in shares if each.role == LEAD), None)
        by_unit = {each.unit: each.points for each in shares}
        return cls(indicator, lead, row, state, charged, by_unit)

    @property
    def standing(self) -> Standing | None:
        """How it stands, where that is known."""
        return _read(self.row) if self.row is not None and self.state == KNOWN else None

    def shown(self, unit: str | None) -> IndicatorStanding:
        """Return the indicator as a unit reads it, or as the office does (None)."""
        said: dict[str, object] = dict.fromkeys(IndicatorStanding.model_fields)
        said |= {name: getattr(self.indicator, name) for name in _OF_INDICATOR}
        if self.row is not None:
            said |= {name: getattr(self.row, name) for name in _OF_ROW}
        standing, causes = self.standing, list[Cause]()
        if standing is not None:
            said |= {name: getattr(standing, name) for name in ("won", "lost", "open")}
            causes = [each for each in standing.causes if unit in (None, each.unit)]
        said |= {"indicator": self.indicator.code, "lead": self.lead, "state": self.state}
        told = [CauseOfLoss.model_validate(each) for each in causes]
        return IndicatorStanding.model_validate(said | {"causes": told})


_OF_INDICATOR = frozenset({"name", "block", "points", "unowned"})
_OF_ROW = frozenset({"as_of", "basis", "reported_by", "reported_at"})


def _totals(found: Iterable[_Found], given: Decomposition) -> StandingTotals:
    known = [(each, each.standing) for each in found]
    sums = {
        name: tidy(total(getattr(standing, name) for _, standing in known if standing))
        for name in ("won", "lost", "open")
    }
    charged = total(charge.lost for each, _ in known for charge in each.charges)
    left = tidy(total(each.indicator.points for each, standing in known if standing is None))
    uncharged = tidy(sums["lost"] - charged)
    return StandingTotals(points=given.points, **sums, unreported=left, uncharged=uncharged)


def _units(
    found: Sequence[_Found], charged: Iterable[Charge], unit: str | None
) -> list[UnitStanding]:
    """Return what each unit answers for, loses and can still win, or one alone."""
    exposed: dict[str, list[Decimal]] = {}
    unreported: dict[str, list[Decimal]] = {}
    by_unit: dict[str, list[Charge]] = {}
    for each in found:
        for code, points in each.shares.items():
            exposed.setdefault(code, []).append(points)
            if each.state != KNOWN:
                unreported.setdefault(code, []).append(points)
    for charge in charged:
        by_unit.setdefault(charge.unit, []).append(charge)
    told = [
        UnitStanding(
            unit=code,
            points=tidy(total(points)),
            unreported=tidy(total(unreported.get(code, ()))),
            **{
                name: tidy(total(getattr(each, name) for each in by_unit.get(code, ())))
                for name in ("lost", "caused", "open")
            },
        )
        for code, points in exposed.items()
        if unit in (None, code)
    ]
    return sorted(told, key=lambda each: (-each.lost, -each.open, each.unit))


async def _decomposed(db: AsyncSession, cycle_id: UUID) -> tuple[DecompositionRow, Decomposition]:
    row = await decomposition_version(db, cycle_id)
    if row is None:
        raise NoDecomposition("There is none.", "没有。")
    return row, said_in(row).exact()


def _read(row: SuperiorStandingRow) -> Standing:
    causes = [Cause(unit, Decimal(points)) for unit, points in row.causes]
    numbers = (tidy(row.points), tidy(row.won), tidy(row.lost))
    return Standing(row.indicator, row.as_of, *numbers, causes)


def _causes(exact: Standing) -> list[list[str]]:
    return [[each.unit, plain(each.points)] for each in exact.causes]


def _stored(
    new: NewStanding,
    exact: Standing,
    latest: Mapping[str, SuperiorStandingRow],
    points: Mapping[str, Decimal],
) -> dict[str, object]:
    before = latest.get(new.indicator)
    return {
        "indicator": new.indicator,
        "number": 1 if before is None else before.number + 1,
        "as_of": new.as_of,
        "points": points[new.indicator],
        "won": new.won,
        "lost": new.lost,
        "causes": _causes(exact),
        "basis": new.basis,
    }


def _stands(
    new: NewStanding,
    exact: Standing,
    latest: Mapping[str, SuperiorStandingRow],
    points: Mapping[str, Decimal],
) -> bool:
    """Say whether this was said last, and of as many points."""
    row = latest.get(new.indicator)
    if row is None:
        return False
    said = (row.as_of, row.points, row.won, row.lost, row.causes, row.basis)
    now = (new.as_of, points.get(new.indicator), new.won, new.lost, _causes(exact), new.basis)
    return said == now
