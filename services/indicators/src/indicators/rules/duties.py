"""What a scheme says of duties must agree with its indicators: what is owed, what cards cost."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields

from chassis.refusals import Fault, pointer
from indicators.rules.forms import ENDINGS, YEAR, ZERO_REPORT, EntryForm
from indicators.rules.methods.catalogue import method_of
from indicators.rules.policies import (
    CardPolicy,
    ItemPolicy,
    SelfEvaluationPolicy,
    SelfEvaluationRound,
)
from indicators.rules.scheme import Place, Scheme, places

EVENT, MEASURED_VALUE = "event", "measured_value"
"""The kinds of the entries that cards, and that rates of complaints, become."""

HUNDRED = 100
"""The highest rate, in percent."""

LATEST = "06-30"
"""The last day of the following year on which something may be due for a year."""


def duty_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield indicators of the duties that there are not, cards that no indicator counts, and days
    on which nothing can be due for the year, or for the first time."""
    duties = scheme.duties
    if duties is None:
        return
    found: dict[str, list[Place]] = {}
    for place in places(scheme):
        found.setdefault(place.indicator.code, []).append(place)
    for name in ("exempt", "signed_off_for"):
        yield from _listed(getattr(duties, name), found, pointer("duties", name))
    year, following = scheme.assessment_year, scheme.assessment_year + 1
    if _is_outside(duties.yearly_by, f"{following}-01-01", following):
        yield Fault(
            pointer("duties", "yearly_by"),
            "day-outside",
            f"What is owed for the year is due from {following}-01-01 to {following}-{LATEST}.",
            f"年度数据的报送期限应在 {following}-01-01 至 {following}-{LATEST} 之间。",
        )
    # Before February nothing is due in any case.
    if _is_outside(duties.first_due, f"{year}-02-01", following):
        yield Fault(
            pointer("duties", "first_due"),
            "day-outside",
            f"Anything is due for the first time from {year}-02-01 to {following}-{LATEST}.",
            f"首个报送期限应在 {year}-02-01 至 {following}-{LATEST} 之间。",
        )
    if duties.cards is not None:
        yield from _cards(duties.cards, found)


def _is_outside(day: dt.date | None, first: str, following: int) -> bool:
    return day is not None and not first <= day.isoformat() <= f"{following}-{LATEST}"


def _listed(codes: tuple[str, ...], found: Mapping[str, object], at: str) -> Iterator[Fault]:
    for place, code in enumerate(codes):
        if code not in found:
            yield _unknown(f"{at}/{place}", code)
        elif code in codes[:place]:
            yield Fault(
                f"{at}/{place}", "named-twice", f"{code} is listed before.", f"{code} 重复列出。"
            )


def item_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield supervised items and complaints that no indicator counts, and events that it does not
    have."""
    complaints = scheme.complaints
    for at, items in (
        (pointer("items"), scheme.items),
        (pointer("complaints", "events"), complaints.events if complaints else None),
    ):
        if items is not None:
            yield from _item_faults(scheme, items, at)


def _item_faults(scheme: Scheme, items: ItemPolicy, at: str) -> Iterator[Fault]:
    found: dict[str, list[Place]] = {}
    for place in places(scheme):
        found.setdefault(place.indicator.code, []).append(place)
    names = [each.name for each in fields(items) if each.name != "indicator"]
    events = {name: getattr(items, name) for name in names}
    named = {name: event for name, event in events.items() if event is not None}
    yield from counted_faults(at, items.indicator, named, found)
    if not named:
        yield Fault(
            at,
            "costs-nothing",
            f"None of {', '.join(names)} has an event.",
            f"{'、'.join(f'`{name}`' for name in names)} 均未指定事件。",
        )


def rate_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield rates of complaints that are values of no indicator, or of one that does not take them:
    one value in percent for each of its periods, in whichever category it stands."""
    rates = scheme.complaints.rates if scheme.complaints else None
    if rates is None:
        return
    at, found, named = pointer("complaints", "rates"), dict[str, list[Place]](), rates.named()
    for place in places(scheme):
        found.setdefault(place.indicator.code, []).append(place)
    if not named:
        yield Fault(at, "missing", "No rate has an indicator.", "各项比率均未指定指标。")
    for n, (name, code) in enumerate(named.items()):
        here, before = f"{at}/{name}", [*named.values()][:n]
        if code in before:
            en, zh = f"{code} has another rate for its value.", f"{code} 已用于另一项比率。"
            yield Fault(here, "named-twice", en, zh)
        yield from _rate_faults(here, code, found)


def _rate_faults(at: str, code: str, found: Mapping[str, list[Place]]) -> Iterator[Fault]:
    if code not in found:
        yield _unknown(at, code)
    wrong = [each for each in found.get(code, ()) if not _takes_a_rate(_form(each))]
    for place in wrong[:1]:
        where = place.category.code
        yield Fault(
            at,
            "takes-no-rate",
            f"{code} does not take one value from 0 to 100 for each period in {where}.",
            f"{code} 在 {where} 中不是每期录入一个 0 至 100 的数值。",
        )


def _takes_a_rate(form: EntryForm | None) -> bool:
    """Say whether an indicator is scored by one number of each unit and period, of no items, which
    may be any percentage."""
    if form is None or form.kind != MEASURED_VALUE or len(form.keys) != 1:
        return False
    endings = form.endings_of_key.get(form.keys[0], form.endings)
    is_one_size = any({*endings} <= {*sizes} for sizes in (YEAR, *ENDINGS.values()))
    others = (form.items, form.any_item, form.words, form.whole, form.panel)
    return is_one_size and not any(others) and _takes_percents(form)


def _takes_percents(form: EntryForm) -> bool:
    is_low = form.low is None or form.low <= 0
    return is_low and (form.high is None or form.high >= HUNDRED)


def self_evaluation_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield rounds of self-evaluation that are named twice, end outside the year, or are of an
    indicator that there is not, and costs that no indicator counts."""
    policy = scheme.self_evaluations
    if policy is None:
        return
    at = pointer("self_evaluations")
    found: dict[str, list[Place]] = {}
    for place in places(scheme):
        found.setdefault(place.indicator.code, []).append(place)
    tops = {
        top.code for each in scheme.categories for block in each.blocks for top in block.indicators
    }
    if not policy.rounds:
        yield Fault(f"{at}/rounds", "missing", "There is no round.", "没有列明自评轮次。")
    yield from _listed_rounds(policy, at)
    for n, each in enumerate(policy.rounds):
        yield from _round(each, f"{at}/rounds/{n}", scheme.assessment_year, tops)
    yield from _self_evaluation_costs(policy, at, found)


def _round(
    each: SelfEvaluationRound, here: str, year: int, tops: Collection[str]
) -> Iterator[Fault]:
    if _is_outside(each.until, f"{year}-01-01", year + 1):
        yield Fault(
            f"{here}/until",
            "day-outside",
            f"A round ends from {year}-01-01 to {year + 1}-{LATEST}.",
            f"自评截止日应在 {year}-01-01 至 {year + 1}-{LATEST} 之间。",
        )
    for place, code in enumerate(each.indicators):
        if code not in tops:
            yield Fault(
                f"{here}/indicators/{place}",
                "not-scored-by-itself",
                f"{code} is no indicator that stands in a block.",
                f"{code} 不是板块直属的指标。",
            )


def _listed_rounds(policy: SelfEvaluationPolicy, at: str) -> Iterator[Fault]:
    codes = [each.code for each in policy.rounds]
    for n, code in enumerate(codes):
        if code in codes[:n]:
            told = f"{code} is listed before.", f"{code} 重复列出。"
            yield Fault(f"{at}/rounds/{n}/code", "named-twice", *told)


def _self_evaluation_costs(
    policy: SelfEvaluationPolicy, at: str, found: Mapping[str, list[Place]]
) -> Iterator[Fault]:
    events = {name: getattr(policy, name) for name in ("late", "unanswered", "gap")}
    named = {name: event for name, event in events.items() if event is not None}
    if policy.indicator is not None:
        yield from counted_faults(at, policy.indicator, named, found)
        if not named:
            yield Fault(
                f"{at}/indicator",
                "costs-nothing",
                "None of late, unanswered and gap has an event.",
                "`late`、`unanswered`、`gap` 均未指定事件。",
            )
    for name in named if policy.indicator is None else ():
        yield Fault(
            f"{at}/{name}",
            "counted-nowhere",
            "There is no indicator that counts it.",
            "没有指定计入的指标。",
        )
    if policy.tolerance and policy.gap is None:
        yield Fault(
            f"{at}/tolerance",
            "tolerance-unused",
            "Gaps cost nothing, so that there is nothing to tolerate.",
            "差距不计分，容许偏差没有作用。",
        )


def _cards(cards: CardPolicy, found: Mapping[str, list[Place]]) -> Iterator[Fault]:
    """Yield an indicator that takes no such events, in whichever category it stands."""
    events = {name: getattr(cards, name) for name in ("yellow", "red")}
    yield from counted_faults(pointer("duties", "cards"), cards.indicator, events, found)


def counted_faults(
    at: str, indicator: str, events: Mapping[str, str], found: Mapping[str, list[Place]]
) -> Iterator[Fault]:
    """Yield an indicator that there is not, or that takes no such events, in whichever category it
    stands, of what is `found` by its code."""
    if indicator not in found:
        yield _unknown(f"{at}/indicator", indicator)
    for place in found.get(indicator, ()):
        form, where = _form(place), place.category.code
        if form is None or form.kind != EVENT:
            yield Fault(
                f"{at}/indicator",
                "counts-no-events",
                f"{indicator} counts no events in {where}, so that none could count.",
                f"{indicator} 在 {where} 中不按事件计分，无法计入。",
            )
            return
        for name, event in events.items():
            if event == ZERO_REPORT or event not in form.keys:
                yield Fault(
                    f"{at}/{name}",
                    "unknown-event",
                    f"{indicator} has no event {event} in {where}.",
                    f"{indicator} 在 {where} 中没有事件 {event}。",
                )


def _form(place: Place) -> EntryForm | None:
    return None if place.indicator.children else method_of(place.indicator).takes()


def _unknown(at: str, code: str) -> Fault:
    return Fault(
        at,
        "unknown-indicator",
        f"{code} is no indicator of this scheme.",
        f"本方案中没有指标 {code}。",
    )
