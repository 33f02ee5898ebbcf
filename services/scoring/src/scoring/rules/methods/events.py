"""Methods that count events: what each costs or earns (扣分制, 基础加扣)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

import numpy as np

from scoring.rules.columns.column import Column, Reasons
from scoring.rules.columns.exact import precise, show
from scoring.rules.columns.gaps import Reason
from scoring.rules.columns.quotients import Quotients
from scoring.rules.ledger.entries import (
    EVENT,
    INSPECTION_FINDING,
    PER_EVENT,
    ZERO_REPORT,
    Entry,
    unreported,
)
from scoring.rules.methods.cells import Cells, CompleteCells, Method, UsedInput
from scoring.rules.methods.narration import AppliedRule, label
from scoring.rules.methods.scores import NOTHING, Part, Unrounded

Counts = Mapping[str, Quotients]
"""How often each event happened in each row, by its name."""


def deduct_events(cells: Cells) -> Unrounded:
    """Start from all points, take off what each event costs, stop at `floor` (扣完为止).

    A floor below zero lets the loss spill into the total; one that is null is none. As many
    events of one name as `escalate` says leave nothing at all.
    """
    scored = _deducted(cells, *_counted(cells))

    @cache
    def left() -> Unrounded:
        quiet = cells.quietly(cells.rows)
        return _deducted(quiet, *_counted(quiet, reported=True))

    def parts(row: int) -> list[Part]:
        """Return what is left while a report is wanting: what has happened is lost already."""
        if row not in scored.gaps:
            return []
        most = NOTHING if row in left().gaps else max(left().values.at(row), NOTHING)
        return [Part(None, cells.points, None, most)]

    return replace(scored, parts=parts)


def _deducted(cells: Cells, given: CompleteCells, counts: Counts) -> Unrounded:
    params, points = cells.params, cells.points
    costs, limits = params.numbers("per_event"), params.numbers("escalate")
    floor = params.optional("floor") if "floor" in params.given else Decimal(0)
    left = Quotients.same(points, len(given))
    escalated = np.zeros(len(given), dtype=np.bool_)
    for event, count in counts.items():
        left = left + count * -Fraction(costs[event])
        if event in limits:
            escalated |= ~count.less_than(Fraction(limits[event]))
    left = left if floor is None else left.most(Fraction(floor))
    values = left.where(~escalated, left.least(NOTHING))

    def tell(row: int) -> AppliedRule:
        happened = _happened(counts, row)
        if escalated[row]:
            often = [e for e in happened if e in limits and happened[e] >= limits[e]]
            shown = ", ".join(f"{precise(happened[event])} × {label(event)}" for event in often)
            rule = "0 when an event happens as often as `escalate` says"
            return AppliedRule(rule, f"{precise(values.at(row))} ({shown})")
        shown = precise(points) + "".join(
            f" - {precise(number)} × {precise(costs[event])} ({label(event)})"
            for event, number in happened.items()
        )
        formula = shown if floor is None else f"max({precise(floor)}, {shown})"
        return AppliedRule("max(floor, points - sum of events × cost of each)", formula)

    return given.scored(values, tell)


def base_plus_minus(cells: Cells) -> Unrounded:
    """Start from `base`, add and take off what each event is worth, from `low` to `cap`
    (基础加扣)."""
    params = cells.params
    given, counts = _counted(cells)
    worth, base = params.numbers("per_event"), params.number("base")
    low, cap = params.number("low", Decimal(0)), params.optional("cap")
    whole = Quotients.same(Fraction(base), len(given))
    for event, count in counts.items():
        whole = whole + count * Fraction(worth[event])
    whole = whole if cap is None else whole.least(Fraction(cap))

    def tell(row: int) -> AppliedRule:
        shown = precise(base) + "".join(
            f" {'-' if worth[event] < 0 else '+'} "
            f"{precise(number)} × {precise(abs(Fraction(worth[event])))} ({label(event)})"
            for event, number in _happened(counts, row).items()
        )
        most = shown if cap is None else f"min({shown}, {precise(cap)})"
        rule = "max(low, min(base + sum of events × points of each, cap))"
        return AppliedRule(rule, f"max({precise(low)}, {most})")

    return given.scored(whole.most(Fraction(low)), tell)


def _happened(counts: Counts, row: int) -> dict[str, Fraction]:
    found = {event: counts[event].at(row) for event in sorted(counts)}
    return {event: number for event, number in found.items() if number}


def _counted(cells: Cells, *, reported: bool = False) -> tuple[CompleteCells, Counts]:
    """Return the rows whose events are known, and how often each event happened.

    Silence is missing where zero reports are compulsory. A report, of an event or of none, speaks
    for its own period and for no other. An event that was discovered this year but occurred in
    another is left out, unless the scheme counts by the day of discovery. What inspections found
    counts besides, and is no report. With `reported` it is taken that every period that says
    nothing will report that nothing happened.
    """
    events, worth = cells.sources.records(cells.code, EVENT), cells.params.numbers("per_event")
    given = cells.given(gaps=_silent(cells, events, reported=reported))
    records = _with_findings(cells, events)
    rows = given.cells.rows.tolist()
    given.cells.log.add(
        given.cells.rows, lambda at: (_used(cells, each) for each in records.get(rows[at], ()))
    )
    numbers: dict[str, list[Fraction | int]] = {event: [0] * len(rows) for event in worth}
    unknown: dict[int, set[str]] = {}
    for at, row in enumerate(rows):
        for record in records.get(row, ()):
            event, count = record.key or "", _count(cells, record)
            if event in worth:
                numbers[event][at] += count
            elif count:
                unknown.setdefault(at, set()).add(event)
    for column in numbers.values():
        given = given.also(Column(Quotients.of(column)))
    left = given.without({at: (_no_points(sorted(names)),) for at, names in unknown.items()})
    return left, dict(zip(numbers, left.inputs, strict=True))


def _with_findings(
    cells: Cells, events: Mapping[int, Sequence[Entry]]
) -> dict[int, Sequence[Entry]]:
    found = cells.sources.records(cells.code, INSPECTION_FINDING)
    return {row: [*events.get(row, ()), *found.get(row, ())] for row in {*events, *found}}


def _count(cells: Cells, record: Entry) -> Fraction | int:
    if record.value is None or _elsewhere(cells, record):
        return 0
    whole = int(record.value)
    return whole if whole == record.value else Fraction(record.value)


def _elsewhere(cells: Cells, record: Entry) -> bool:
    """Say whether an event occurred outside of the window, or where there is none in another year
    than it was discovered in, and so is out."""
    by_discovery = cells.params.word("by", "occurred") == "discovered"
    if record.occurred_on is not None and (window := cells.indicator.window) is not None:
        return not window.has(record.occurred_on)
    return not (
        record.occurred_on is None
        or by_discovery
        or str(record.occurred_on.year) == cells.sources.year
    )


def _used(cells: Cells, record: Entry) -> UsedInput:
    name, count = f"{record.key or ''}, {record.period}", record.value or Decimal(0)
    left_out = _elsewhere(cells, record)
    if left_out:
        name, count = f"{name}, occurred on {record.occurred_on}, not counted", Decimal(0)
    name = name if record.card is None else f"{name}, {record.card}"
    name = name if record.kind == EVENT else f"{name}, inspection finding"
    ids = (record.entry_id,)
    return UsedInput(name, show(count), "ledger", ids, counted=not left_out)


def _silent(
    cells: Cells, records: Mapping[int, Sequence[Entry]], *, reported: bool
) -> dict[int, Reasons]:
    """Return the rows for which nothing is reported in a period, not even that nothing happened."""
    if reported or not cells.sources.zero_report_required:
        return {}
    known: dict[frozenset[str], Reasons] = {}
    gaps = dict[int, Reasons]()
    for at, row in enumerate(cells.rows.tolist()):
        reports = records.get(row, ())
        happened = any(each.key != ZERO_REPORT for each in reports)
        if cells.indicator.frequency == PER_EVENT and happened:
            continue
        spoken = frozenset(each.period for each in reports)
        if spoken not in known:
            known[spoken] = tuple(silence(cells, spoken, "an event", "事件记录"))
        if known[spoken]:
            gaps[at] = known[spoken]
    return gaps


def silence(cells: Cells, reported: frozenset[str], what: str, zh: str) -> Iterator[Reason]:
    """Yield why it is no report for the whole year that something was reported for some periods."""
    lacking = unreported(sorted(reported), cells.indicator.frequency, cells.sources.year)
    if lacking:
        named = lacking if reported else []
        en = f" for {', '.join(named)}" if named else ""
        yield Reason(
            f"Neither {what} nor a zero report has been entered{en}.",
            f"{'、'.join(named)}既没有{zh}，也没有零报告。",
        )


def _no_points(events: Sequence[str]) -> Reason:
    return Reason(
        f"The scheme sets no points for {', '.join(events)}.",
        f"方案未规定“{'、'.join(events)}”的分值。",
        absent=False,
    )


METHODS: Mapping[str, Method] = {
    "deduct_events": deduct_events,
    "base_plus_minus": base_plus_minus,
}
"""The methods of this file by their names in a scheme."""
