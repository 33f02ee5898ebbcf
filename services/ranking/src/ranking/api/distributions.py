"""How money and places are shared out by what was decided (结果运用测算); nothing is stored."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from ranking.api.consequences_stored import stored
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import today
from ranking.rules.consequences import (
    IN_FORCE,
    ConsequenceFaulty,
    ConsequencePolicy,
    holds_on,
    refuse_faulty,
)
from ranking.rules.sharing import MONTHS, Claimant, bonus, largest_remainder, quota
from ranking.tables import ConsequenceRow

router = Router(prefix="/cycles/{cycle_id}/distributions", tags=["consequences"])

Money = Annotated[Exact, Field(ge=0, le=1_000_000_000_000)]
Heads = Annotated[int, Field(ge=0, le=1_000_000)]


class NewClaimant(Incoming):
    """What people of a unit would get in a year at coefficient 1, and for how many months of it
    they were the unit's: whoever moved stands in each unit with the months there."""

    unit: Code
    base: Money
    months: Annotated[int, Field(ge=1, le=MONTHS)] = MONTHS


class NewBonus(Incoming):
    """A budget, and whom it is for."""

    budget: Money
    claimants: Annotated[list[NewClaimant], Field(min_length=1, max_length=2_000)]


class NewUnitPart(Incoming):
    """A part of a unit: its people, and the points of the unit that it won and lost."""

    name: Text
    heads: Heads
    won: Annotated[Exact, Field(ge=0, le=1_000_000)]
    lost: Annotated[Exact, Field(ge=0, le=1_000_000)] = Decimal(0)


class NewPlaces(Incoming):
    """A unit whose places for excellent people are shared out among its parts."""

    unit: Code
    parts: Annotated[list[NewUnitPart], Field(min_length=1, max_length=200)]


class NewDistribution(Incoming):
    """What is to be shared out by the coefficients and quotas that were decided; null for nothing
    of the kind. Coefficients and quotas are those that hold on a day, today by default."""

    on: dt.date | None = None
    bonus: NewBonus | None = None
    places: Annotated[list[NewPlaces], Field(max_length=200)] | None = None


class BonusAmount(Outgoing):
    """What one claimant gets: base by coefficient by months out of twelve, to the cent."""

    unit: str
    base: Exact
    months: int
    coefficient: Exact
    amount: Exact


class BonusDistribution(Outgoing):
    """What everybody gets; `unscaled` is what it would be without the budget, to which it is scaled
    down where it exceeds it.

    `spread` is how far the least coefficient is below the greatest, as a share of that, null
    without two units to compare; it is `flat` below `flat_below`: everybody gets about the same.
    """

    amounts: list[BonusAmount]
    unscaled: Exact
    total: Exact
    scaled: bool
    spread: Exact | None
    flat_below: Exact
    flat: bool


class PartPlaces(Outgoing):
    """How many people of a part may be excellent."""

    name: str
    heads: int
    contribution: Exact
    places: int


class UnitPlaces(Outgoing):
    """How many people of a unit may be excellent, by its quota rounded down, and how many of each
    part by its contribution; `tied` are parts of which lot or people have to say which is first."""

    unit: str
    rate: Exact
    places: int
    parts: list[PartPlaces]
    tied: list[str]


class Distribution(Outgoing):
    """What is shared out; null for what was not asked."""

    bonus: BonusDistribution | None
    places: list[UnitPlaces] | None


@router.post(
    "",
    responses=documents(ConsequenceFaulty, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def compute_distribution(
    cycle_id: UUID, new: NewDistribution, db: Snapshot, permit: Permit, ask: AskPeers
) -> Distribution:
    """Share a budget out by the bonus coefficients of units, and places for excellent people by
    their quotas, as they were decided; the sums are exact, and nothing is stored."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    policy = scheme.consequences or ConsequencePolicy()
    day = new.on or await today(db, scheme.time_zone)
    coefficients = await _decided(db, cycle_id, "bonus_coefficient", day)
    rates = await _decided(db, cycle_id, "headcount_quota", day)
    refuse_faulty([*_faults(new, coefficients, rates)])
    return Distribution(
        bonus=None if new.bonus is None else _bonus(new.bonus, coefficients, policy),
        places=None if new.places is None else [_places(each, rates) for each in new.places],
    )


async def _decided(db: AsyncSession, cycle_id: UUID, kind: str, day: dt.date) -> dict[str, Decimal]:
    """Return the amounts of a kind that are in force on a day, by unit; of several the least."""
    of = ConsequenceRow
    found: dict[str, Decimal] = {}
    for each in await stored(db, of.cycle_id == cycle_id, of.kind == kind):
        amount = each.row.amount
        if each.state in IN_FORCE and amount is not None and holds_on(each.said, day):
            found[each.row.unit] = min(amount, found.get(each.row.unit, amount))
    return found


def _faults(
    new: NewDistribution, coefficients: Mapping[str, Decimal], rates: Mapping[str, Decimal]
) -> Iterable[Fault]:
    if new.bonus is None and not new.places:
        en, zh = "Neither money nor places are to be shared out.", "没有要测算的奖金或名额。"
        yield Fault("", "nothing-asked", en, zh)
    for place, claimant in enumerate(new.bonus.claimants if new.bonus else ()):
        if claimant.unit not in coefficients:
            yield _missing(f"/bonus/claimants/{place}/unit", "no-coefficient", claimant.unit)
    if new.bonus and new.bonus.budget * 100 % 1:
        en, zh = "It has parts of a cent.", "预算不足一分的部分无法分配。"
        yield Fault("/bonus/budget", "parts-of-a-cent", en, zh)
    yield from _places_faults(new.places or (), rates)


def _places_faults(given: Sequence[NewPlaces], rates: Mapping[str, Decimal]) -> Iterable[Fault]:
    seen = set[str]()
    for place, one in enumerate(given):
        if one.unit in seen:
            en, zh = "All of its parts stand together.", "单位重复，内设机构须列在一起。"
            yield Fault(f"/places/{place}/unit", "named-twice", en, zh)
        seen.add(one.unit)
        yield from _place_faults(f"/places/{place}", one, rates)


def _place_faults(at: str, one: NewPlaces, rates: Mapping[str, Decimal]) -> Iterable[Fault]:
    if one.unit not in rates:
        yield _missing(f"{at}/unit", "no-quota", one.unit)
    elif rates[one.unit] > 1:
        en, zh = "Its quota is above all of its people.", "名额比例超过百分之百。"
        yield Fault(f"{at}/unit", "quota-above-one", en, zh)
    names = [each.name for each in one.parts]
    if len({*names}) < len(names):
        yield Fault(f"{at}/parts", "named-twice", "A part stands twice.", "内设机构重复。")


def _missing(at: str, code: str, unit: str) -> Fault:
    en, zh = f"None of {unit} was decided.", f"单位{unit}尚无已决定的系数或名额。"
    return Fault(at, code, en, zh)


def _bonus(
    new: NewBonus, coefficients: Mapping[str, Decimal], policy: ConsequencePolicy
) -> BonusDistribution:
    claimants = [
        Claimant(each.unit, each.base, coefficients[each.unit], each.months)
        for each in new.claimants
    ]
    found = bonus(claimants, new.budget)
    return BonusDistribution(
        amounts=_amounts(claimants, found.amounts),
        unscaled=found.wanted,
        total=found.total,
        scaled=found.scaled,
        spread=found.spread,
        flat_below=policy.flat_below,
        flat=found.spread is not None and found.spread < policy.flat_below,
    )


def _amounts(claimants: Sequence[Claimant], amounts: Sequence[Decimal]) -> list[BonusAmount]:
    return [
        BonusAmount(
            unit=each.unit,
            base=each.base,
            months=each.months,
            coefficient=each.coefficient,
            amount=amount,
        )
        for each, amount in zip(claimants, amounts, strict=True)
    ]


def _places(new: NewPlaces, rates: Mapping[str, Decimal]) -> UnitPlaces:
    rate, heads = rates[new.unit], sum(each.heads for each in new.parts)
    weights = {each.name: max(each.won - each.lost, Decimal(0)) for each in new.parts}
    most = {each.name: each.heads for each in new.parts}
    shared = largest_remainder(quota(heads, rate), weights, most)
    return UnitPlaces(
        unit=new.unit,
        rate=rate,
        places=sum(shared.parts.values()),
        parts=[
            PartPlaces(
                name=each.name,
                heads=each.heads,
                contribution=weights[each.name],
                places=shared.parts[each.name],
            )
            for each in new.parts
        ],
        tied=list(shared.tied),
    )
