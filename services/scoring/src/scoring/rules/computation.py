"""Scoring: everything from nothing, or again after a change, touching only what it touches.

What comes out after a change is, to the last byte, what a computation of everything would give:
the same rules run, in the same order, over fewer units and indicators. Neither depends on the
order in which anything was entered.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scoring.rules.claim_checks import Claim
from scoring.rules.claims import Decision
from scoring.rules.entries import NOT_APPLICABLE, Entry
from scoring.rules.evaluation import Columns, Evaluation, Touched, declared_among
from scoring.rules.plan import Plan, plan_of
from scoring.rules.samples import Satisfaction
from scoring.rules.scheme import Scheme, Target, UnitName
from scoring.rules.score_sheet import ScoreSheet, by_unit, decided, facts_of
from scoring.rules.unit_scores import UnitScores, unit_scores

_Cell = tuple[str, str]
"""A unit and an indicator."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is not as it was. Entries are added or `removed`; a target replaces that of its item.

    `withdrawn` are targets by unit, indicator and item, `satisfaction` is by survey and unit, and
    `claims` are all of them if they changed at all.
    """

    entries: Sequence[Entry] = ()
    removed: Sequence[Entry] = ()
    targets: Sequence[Target] = ()
    withdrawn: Sequence[tuple[str, str, str | None]] = ()
    satisfaction: Mapping[tuple[str, str], Satisfaction] = field(default_factory=dict)
    claims: Sequence[Claim] | None = None


@dataclass(frozen=True, slots=True)
class Computation:
    """A score sheet with all that it was computed from and through, to be scored again."""

    scheme: Scheme
    plans: tuple[Plan, ...]
    entries: Mapping[_Cell, tuple[Entry, ...]]
    targets: Mapping[_Cell, Mapping[str | None, Target]]
    satisfaction: Mapping[tuple[str, str], Satisfaction]
    names: tuple[UnitName, ...]
    claims: tuple[Claim, ...]
    decisions: Sequence[Decision]
    columns: tuple[Columns, ...]
    units: Mapping[str, UnitScores]

    @property
    def sheet(self) -> ScoreSheet:
        """The score sheet."""
        return ScoreSheet(tuple(self.units.values()), tuple(self.decisions))


def compute(
    scheme: Scheme,
    categories: Collection[str],
    *,
    entries: Iterable[Entry],
    targets: Iterable[Target],
    satisfaction: Mapping[tuple[str, str], Satisfaction],
    claims: Iterable[Claim],
    names: Iterable[UnitName],
) -> Computation:
    """Return the computation of the categories' score sheet, from nothing.

    `entries` are the counted ones only, `satisfaction` is by survey and unit. Units come in the
    scheme's order, claims in that of unit and number.
    """
    entries, names, claims = list(entries), tuple(names), tuple(claims)
    plans = tuple(plan_of(each) for each in scheme.categories if each.code in categories)
    by_cell: dict[_Cell, list[Entry]] = {}
    for entry in entries:
        by_cell.setdefault((entry.unit, entry.indicator), []).append(entry)
    aims: dict[_Cell, dict[str | None, Target]] = {}
    for target in targets:
        aims.setdefault((target.unit, target.indicator), {})[target.item] = target
    known = [target for items in aims.values() for target in items.values()]
    facts = facts_of(scheme, entries, known, satisfaction)
    decisions = decided(scheme, [plan.category for plan in plans], claims, names)
    of_unit = by_unit(decisions)
    columns = tuple(
        Evaluation(plan, scheme.rounding, facts, declared_among(entries, plan)).run()
        for plan in plans
    )
    return Computation(
        scheme,
        plans,
        {cell: tuple(found) for cell, found in by_cell.items()},
        aims,
        satisfaction,
        names,
        claims,
        decisions,
        columns,
        {
            unit: unit_scores(scheme, plan, unit, found, of_unit)
            for plan, found in zip(plans, columns, strict=True)
            for unit in plan.category.units
        },
    )


def rescore(previous: Computation, change: Change) -> Computation:
    """Return the computation after a change; what the change does not touch is not computed."""
    now = _known(previous, change)
    decisions: Sequence[Decision] = previous.decisions
    handed_in = previous.claims if change.claims is None else tuple(change.claims)
    if change.claims is not None:
        categories = [plan.category for plan in previous.plans]
        decisions = decided(previous.scheme, categories, handed_in, previous.names)
    old_claims, claims = by_unit(previous.decisions), by_unit(decisions)
    columns, units = list[Columns](), dict(previous.units)
    for plan, before in zip(previous.plans, previous.columns, strict=True):
        run = _evaluation(previous.scheme, plan, before, change, now)
        columns.append(run.run())
        again = {unit for code in run.changed for unit in run.changed[code]} | _touched_units(run)
        again |= {u for u in plan.category.units if old_claims.get(u) != claims.get(u)}
        for unit in sorted(again):
            units[unit] = unit_scores(previous.scheme, plan, unit, columns[-1], claims)
    return Computation(
        previous.scheme,
        previous.plans,
        now.entries,
        now.targets,
        now.satisfaction,
        previous.names,
        handed_in,
        decisions,
        tuple(columns),
        units,
    )


def change_since(
    previous: Computation,
    *,
    entries: Iterable[Entry],
    targets: Iterable[Target],
    satisfaction: Mapping[tuple[str, str], Satisfaction],
    claims: Iterable[Claim],
) -> Change:
    """Return what is not as it was when `previous` was computed; scheme and names have to be."""
    aims = {(aim.unit, aim.indicator, aim.item): aim for aim in targets}
    old_aims = {
        (*cell, item): aim for cell, of in previous.targets.items() for item, aim in of.items()
    }
    found = {key: satisfaction.get(key) for key in {**previous.satisfaction, **satisfaction}}
    handed_in = tuple(claims)
    return replace(
        entries_since(previous, entries),
        targets=[aim for key, aim in aims.items() if old_aims.get(key) != aim],
        withdrawn=[key for key in old_aims if key not in aims],
        satisfaction={k: v for k, v in found.items() if previous.satisfaction.get(k) != v},
        claims=None if handed_in == previous.claims else handed_in,
    )


def entries_since(previous: Computation, entries: Iterable[Entry]) -> Change:
    """Return which entries are not those that `previous` was computed from."""
    old = {entry.entry_id: entry for found in previous.entries.values() for entry in found}
    new = {entry.entry_id: entry for entry in entries}
    return Change(
        entries=[entry for entry_id, entry in new.items() if old.get(entry_id) != entry],
        removed=[entry for entry_id, entry in old.items() if new.get(entry_id) != entry],
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """All entries, targets and survey results after the change."""

    entries: Mapping[_Cell, tuple[Entry, ...]]
    targets: Mapping[_Cell, Mapping[str | None, Target]]
    satisfaction: Mapping[tuple[str, str], Satisfaction]


def _known(previous: Computation, change: Change) -> _Known:
    entries, targets = dict(previous.entries), dict(previous.targets)
    gone = {entry.entry_id for entry in change.removed}
    for entry in change.removed:
        cell = (entry.unit, entry.indicator)
        entries[cell] = tuple(e for e in entries.get(cell, ()) if e.entry_id not in gone)
    for entry in change.entries:
        cell = (entry.unit, entry.indicator)
        entries[cell] = (*entries.get(cell, ()), entry)
    for unit, indicator, item in change.withdrawn:
        kept = targets.get((unit, indicator), {})
        targets[unit, indicator] = {key: aim for key, aim in kept.items() if key != item}
    for target in change.targets:
        cell = (target.unit, target.indicator)
        targets[cell] = {**targets.get(cell, {}), target.item: target}
    return _Known(entries, targets, {**previous.satisfaction, **change.satisfaction})


def _evaluation(
    scheme: Scheme, plan: Plan, before: Columns, change: Change, now: _Known
) -> Evaluation:
    """Return the run over one category, with the facts of no more than it may have to read."""
    touched = _touched(plan, change)
    codes = {*touched.cells, *(code for code, reads in plan.reads.items() if reads.others)}
    codes |= {each for code in codes if code in plan.reads for each in plan.reads[code].entries}
    cells = [(unit, code) for code in codes for unit in plan.category.units]
    facts = facts_of(
        scheme,
        (entry for cell in cells for entry in now.entries.get(cell, ())),
        (target for cell in cells for target in now.targets.get(cell, {}).values()),
        now.satisfaction,
    )
    declared = before.declared
    if touched.units:
        declared = declared_among(
            (entry for found in now.entries.values() for entry in found), plan
        )
    return Evaluation(plan, scheme.rounding, facts, declared, before, touched)


def _touched(plan: Plan, change: Change) -> Touched:
    units = frozenset(plan.category.units)
    readers: dict[str, list[str]] = {}
    for reader, reads in plan.reads.items():
        for code in reads.entries:
            readers.setdefault(code, []).append(reader)
    entries = (*change.entries, *change.removed)
    changed = [(entry.unit, entry.indicator) for entry in entries]
    changed += [(target.unit, target.indicator) for target in change.targets]
    changed += [(unit, indicator) for unit, indicator, _ in change.withdrawn]
    changed += [
        (unit, code)
        for survey, unit in change.satisfaction
        for code, reads in plan.reads.items()
        if survey in reads.surveys
    ]
    cells: dict[str, set[str]] = {}
    for unit, code in changed:
        if unit in units and code in plan.indicators:
            for each in (code, *readers.get(code, ())):
                cells.setdefault(each, set()).add(unit)
    declared = {entry.unit for entry in entries if entry.kind == NOT_APPLICABLE}
    if declared & units:
        # What is declared above an indicator silences it, and the other way round.
        for code in plan.indicators:
            cells.setdefault(code, set()).update(declared & units)
    return Touched(cells, declared & units)


def _touched_units(run: Evaluation) -> frozenset[str]:
    return frozenset(run.touched.units) if run.touched else frozenset()
