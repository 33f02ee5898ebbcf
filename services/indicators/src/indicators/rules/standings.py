"""How we stand in the superior's evaluation (上级计分情况): what is won, lost and still open, and
whom a loss is charged to.

It is what somebody knows or expects today, and scores nobody. A loss is charged to the units that
were named as its cause, and what is left of it by share.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from chassis.refusals import Fault, Invalid, pointer
from indicators.rules.decomposition import LEAD, Decomposition, Part, SuperiorIndicator
from indicators.rules.numbers import plain, tidy, total

STEP = Decimal("0.0001")
"""The smallest part of a point that is charged."""

KNOWN, OUTDATED, MISSING = "known", "outdated", "missing"
"""Whether how an indicator stands is known, was said of an earlier version of the decomposition, or
was never said."""


class StandingsFaulty(Invalid):
    """Some standings are of no indicator of the superior's, or say more than it has points."""

    zh = "部分计分情况与上级指标不符，或超过其分值。"
    remedy = (
        "Mend the standings that `errors` names by the decomposition, and send all of them again.",
        "请对照责任分解改正 `errors` 所指各项，然后整批重新提交。",
    )


@dataclass(frozen=True, slots=True)
class Cause:
    """A unit that brought a loss about, and how much of it."""

    unit: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an indicator of the superior's as of a day: points that nobody takes from us
    any more, and points that are lost; the rest of its `points` is open."""

    indicator: str
    as_of: dt.date
    points: Decimal | None
    won: Decimal
    lost: Decimal
    causes: Sequence[Cause]
    leaves_causes: bool = False
    """Whether its causes are those that were named before, and left as they are."""

    @property
    def open(self) -> Decimal:
        """What is neither won nor lost."""
        return tidy((self.points or Decimal()) - self.won - self.lost)


@dataclass(frozen=True, slots=True)
class Charge:
    """What a unit loses, brought about itself, and can still win of an indicator; `role` is None
    for a unit that has no share in it and brought a loss about."""

    indicator: str
    unit: str
    role: str | None
    points: Decimal
    lost: Decimal
    caused: Decimal
    open: Decimal


def check_standings(
    given: Sequence[Standing],
    known: Mapping[str, Standing],
    decomposition: Decomposition,
    days: tuple[dt.date, dt.date],
    *,
    names_causes: bool,
) -> None:
    """Refuse standings of what is not the superior's, of days outside `days`, older than the one
    that is `known`, or of more than the points; only the office names who caused a loss."""
    points = {each.code: each.points for each in decomposition.indicators}
    units = {each.unit for each in decomposition.shares}
    faults: list[Fault] = []
    seen: set[str] = set()
    for n, each in enumerate(given):
        at = pointer("standings", n)
        if each.indicator in seen:
            en, zh = "This indicator stands here twice.", "同一指标重复。"
            faults.append(Fault(f"{at}/indicator", "named-twice", en, zh, beside=True))
        seen.add(each.indicator)
        faults += _of_indicator(each, points, at)
        faults += _days(each, known.get(each.indicator), days, at)
        faults += _causes(each, units, at, names_causes=names_causes)
    if faults:
        n = len(faults)
        raise StandingsFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def causes_left(before: Standing | None, decomposition: Decomposition) -> list[Cause]:
    """Return the causes that were named before and still answer for something: they stay named
    until somebody who may says otherwise."""
    units = {each.unit for each in decomposition.shares}
    return [each for each in before.causes if each.unit in units] if before is not None else []


def leads_all(unit: str | None, indicators: Iterable[str], decomposition: Decomposition) -> bool:
    """Say whether a unit leads each of some indicators."""
    led = (each for each in decomposition.shares if (each.role, each.unit) == (LEAD, unit))
    return {*indicators} <= {each.indicator for each in led}


def state_of(
    indicator: SuperiorIndicator, standing: Standing | None, decomposition: Decomposition
) -> str:
    """Return whether a standing still fits the indicator and the units as they are decomposed."""
    if standing is None:
        return MISSING
    units = {each.unit for each in decomposition.shares}
    fits = standing.points == indicator.points and all(e.unit in units for e in standing.causes)
    return KNOWN if fits else OUTDATED


def charges(standing: Standing, shares: Sequence[Part]) -> list[Charge]:
    """Return what an indicator's `shares` are charged with: named causes first, the rest by share.

    What is charged comes to the loss exactly, wherever some unit has a share or is named.
    """
    caused = {each.unit: each.points for each in standing.causes}
    rest = standing.lost - total(caused.values())
    weights = [each.points for each in shares]
    lost, still = by_share(rest, weights), by_share(standing.open, weights)
    found = [
        Charge(
            each.indicator,
            each.unit,
            each.role,
            each.points,
            tidy(lost[n] + caused.get(each.unit, Decimal())),
            caused.pop(each.unit, Decimal()),
            still[n],
        )
        for n, each in enumerate(shares)
    ]
    nothing = Decimal()
    others = (
        Charge(standing.indicator, unit, None, nothing, points, points, nothing)
        for unit, points in caused.items()
    )
    return [*found, *others]


def by_share(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Return the parts of an amount in proportion to weights, to four decimals, that come to it
    exactly: the largest remainders get what is left over, among equal ones the first."""
    if not weights:
        return []
    whole, steps = Fraction(total(weights)), Fraction(amount) / Fraction(STEP)
    exact = [steps * Fraction(each) / whole for each in weights]
    parts = [floor(each) * STEP for each in exact]
    left = amount - total(parts)
    order = sorted(range(len(parts)), key=lambda n: (floor(exact[n]) - exact[n], n))
    for n in order:
        if left <= 0:
            break
        more = min(STEP, left)
        parts[n] += more
        left -= more
    return [tidy(each) for each in parts]


def _of_indicator(each: Standing, points: Mapping[str, Decimal], at: str) -> Iterator[Fault]:
    if each.indicator not in points:
        en = f"The superior's scheme has no {each.indicator}."
        zh = f"上级指标中没有 {each.indicator}。"
        yield Fault(f"{at}/indicator", "unknown-indicator", en, zh)
        return
    for name in ("won", "lost"):
        if getattr(each, name) < 0:
            en, zh = "Less than nothing is neither won nor lost.", "分值不得为负。"
            yield Fault(f"{at}/{name}", "negative", en, zh)
    most = points[each.indicator]
    if each.won + each.lost > most:
        en = f"Together {plain(each.won + each.lost)}; it has {plain(most)} points."
        zh = f"合计 {plain(each.won + each.lost)} 分，该指标为 {plain(most)} 分。"
        yield Fault(at, "more-than-the-points", en, zh)


def _days(
    each: Standing, before: Standing | None, days: tuple[dt.date, dt.date], at: str
) -> Iterator[Fault]:
    first, today = days
    if not first <= each.as_of <= today:
        en, zh = f"The day lies from {first} to {today}.", f"日期须在 {first} 至 {today} 之间。"
        yield Fault(f"{at}/as_of", "day-outside", en, zh)
    elif before is not None and each.as_of < before.as_of:
        en = f"How it stood on {before.as_of} is known; this is older."
        zh = f"已有 {before.as_of} 的情况，所报日期更早。"
        yield Fault(f"{at}/as_of", "older-than-known", en, zh)


def _causes(
    each: Standing, units: Iterable[str], at: str, *, names_causes: bool
) -> Iterator[Fault]:
    if not (names_causes or each.leaves_causes):
        en = "The performance office names who caused a loss."
        zh = "丢分的原因单位由绩效办认定。"
        yield Fault(f"{at}/causes", "not-yours-to-name", en, zh)
    seen: set[str] = set()
    for n, cause in enumerate(each.causes):
        here = f"{at}/causes/{n}"
        if cause.unit not in units:
            en, zh = f"{cause.unit} answers for nothing.", f"{cause.unit} 不是责任单位。"
            yield Fault(f"{here}/unit", "without-share", en, zh)
        if cause.unit in seen:
            en, zh = "This unit is named already.", "该单位重复。"
            yield Fault(f"{here}/unit", "named-twice", en, zh)
        if cause.points <= 0:
            en, zh = "A cause is of more than 0 points.", "所致丢分须大于 0。"
            yield Fault(f"{here}/points", "no-points", en, zh)
        seen.add(cause.unit)
    named = total(cause.points for cause in each.causes)
    if named <= max(each.lost, Decimal()):
        return
    if names_causes:
        en = f"The causes come to {plain(named)}; {plain(each.lost)} are lost."
        zh = f"各原因单位合计 {plain(named)} 分，丢分为 {plain(each.lost)} 分。"
        yield Fault(f"{at}/causes", "more-than-lost", en, zh)
    else:
        # Not who, nor how much: a lead does not read the causes among others.
        en = "More of the loss has named causes; the performance office reports this."
        zh = "已认定原因的丢分多于所报丢分，须由绩效办报告。"
        yield Fault(f"{at}/lost", "less-than-attributed", en, zh)
