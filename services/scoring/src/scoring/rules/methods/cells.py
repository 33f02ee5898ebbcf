"""What a scoring method asks: the points, the parameters and the columns of inputs of its rows.

A method takes its inputs by name. Each comes as a column with the reasons where it is wanting, so
that silence is never a zero; `given` keeps the rows that have all of them. What was taken is kept
in a log, so that it can be told of any row afterwards.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Protocol
from uuid import UUID

import numpy as np

from scoring.rules.columns.column import (
    NO_GAPS,
    Column,
    Gaps,
    Note,
    Reasons,
    Rows,
    joined,
    without,
)
from scoring.rules.columns.exact import show
from scoring.rules.columns.gaps import Gap, Reason
from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Array, Mask
from scoring.rules.ledger.entries import (
    EXTERNAL_RESULT,
    GRADE,
    LAST_YEAR,
    MEASURED_VALUE,
    SUPERIOR_RANK,
    Entry,
    ResultDocument,
    SuperiorList,
    combined_from,
    ending_of,
    natural,
    stands_in,
)
from scoring.rules.ledger.samples import CorrectedResult, ShortSample
from scoring.rules.ledger.sources import Slot, SlotKey, Sources, TargetsByRow
from scoring.rules.methods.chinese import name_zh
from scoring.rules.methods.combining import NOT_ENTERED, WHOLE, ShorterPeriods
from scoring.rules.methods.formulas import Formula
from scoring.rules.methods.group_facts import NO_CLASSES, Classes, Fact, Fellows, GroupFacts
from scoring.rules.methods.narration import AppliedRule, Tell
from scoring.rules.methods.scores import Unrounded, merged
from scoring.rules.scheme.document import Indicator, Target
from scoring.rules.scheme.params import Params

GROUP = "group"
"""The source of what comes from other units; it is left out where a unit reads about itself."""

SOURCES = ("ledger", "target", "survey", "score", "scheme", GROUP)
"""Where inputs come from; `score` is that of another indicator."""

COUNT = "count"
"""The key of a number of pieces, or of one piece that has an identity."""

VOLUME = "volume"
"""The key of how much lies behind a value that is ranked."""


@dataclass(frozen=True, slots=True)
class UsedInput:
    """An input that a score was computed from.

    `source` is one of `SOURCES`, `GROUP` for all that other units have a part in.
    `entries` are the ledger entries it came from. A target has a `version`, with its
    state and who set it. What was looked at and left out is not `counted`.
    """

    name: str
    value: str
    source: str
    entries: tuple[UUID, ...] = ()
    version: int | None = None
    state: str | None = None
    set_by: str | None = None
    counted: bool = True


@dataclass(slots=True, weakref_slot=True)
class Log:
    """What was taken for the cells of an indicator, in order, to be told of any of its rows.

    One that is not `kept` remembers nothing. Where the units of each sub-category are scored by
    themselves, what was taken for them is in a log of their own, by its code in `apart`.
    """

    taken: list[tuple[Rows, Callable[[int], Iterable[UsedInput]]]] = field(default_factory=list)
    kept: bool = True
    classes: Classes = NO_CLASSES
    apart: "dict[str, Log]" = field(default_factory=dict)

    def add(self, rows: Rows, find: Callable[[int], Iterable[UsedInput]]) -> None:
        """Remember what was taken for these rows; `find` gets the position among them."""
        if self.kept and len(rows):
            self.taken.append((rows, find))

    def used(self, row: int) -> Iterator[UsedInput]:
        """Yield what was taken for one row."""
        for rows, find in self.taken:
            at = int(np.searchsorted(rows, row))
            if at < len(rows) and rows[at] == row:
                yield from find(at)
        fellows = self.classes.of[row] if self.apart else None
        if fellows is not None and fellows.code in self.apart:
            yield from self.apart[fellows.code].used(row)


_UNTOLD = Log(kept=False)


class Results(Protocol):
    """What the units scored in indicators that were computed before, and the scheme's formulas."""

    def formula(self, text: str) -> Formula:
        """Return a formula of the scheme by its text."""

    def scores(self, indicator: str) -> Column:
        """Return the rounded scores of an indicator, by row, with a gap where there is none."""

    def ranks(self, indicator: str, among: Fellows | None) -> Mapping[int, Fact]:
        """Return the place of each score in the category, or in the sub-category given, 1 the
        highest, equal ones sharing."""

    def is_undefined(self, indicator: str, row: int) -> bool:
        """Say whether somebody has to settle that score before there can be any."""

    def out(self, indicator: str) -> Mapping[int, object]:
        """Return the rows to which an indicator does not apply, it or one above it."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one indicator for some rows, or of a component or a period of it.

    `rows` are positions among all rows of the sources, `params` those of these rows alone. Under
    `key` the values of a component are entered, and its targets itemised. With `borrowed_from` the
    inputs are those of that indicator, which is not scored here. Where only units of one
    sub-category are compared with one another the rows are of these `fellows`.
    """

    sources: Sources
    results: Results
    facts: GroupFacts
    log: Log
    indicator: Indicator
    rows: Rows
    params: Params
    places: int
    key: str | None = None
    borrowed_from: str | None = None
    period: str | None = None
    earlier: tuple[str, ...] = ()
    fellows: Fellows | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def code(self) -> str:
        """The indicator whose entries are read."""
        return self.borrowed_from or self.indicator.code

    @property
    def points(self) -> Fraction:
        """The indicator's points."""
        return Fraction(self.indicator.points)

    @property
    def competing(self) -> int:
        """How many units the rows are compared with, themselves among them."""
        return len(self.sources.group) if self.fellows is None else self.fellows.size

    @property
    def whole(self) -> str:
        """What is compared, as it is told: the category or the sub-category."""
        return "category" if self.fellows is None else "sub-category"

    # The same cells, seen otherwise.

    def by(self, params: Params) -> "Cells":
        """Return the same cells under other parameters."""
        return replace(self, params=params)

    def component(self, key: str, params: Params) -> "Cells":
        """Return the cells of a component: `key` keys its values and itemises its targets."""
        return replace(self, key=key, params=params)

    def only(self, rows: Rows) -> "Cells":
        """Return the cells at these positions among the rows."""
        return self if len(rows) == len(self.rows) else replace(self, rows=self.rows[rows])

    def elsewhere(self, indicator: str) -> "Cells":
        """Return the same units' cells of another indicator, out of which an input is taken."""
        return replace(self, borrowed_from=indicator, key=None)

    def during(self, name: str, before: Iterable[str]) -> "Cells":
        """Return the cells of a period by its name ("Q1", "FY"), `before` naming those before it.

        What the scheme sets for the period replaces the same parameters (分时段参数).
        """
        year, own = self.sources.year, self.indicator.period_params.get(name, {})
        return replace(
            self,
            params=self.params.with_(own),
            period=year + ending_of(name),
            earlier=tuple(year + ending_of(each) for each in before)[::-1],
        )

    def among(self, fellows: Fellows) -> "Cells":
        """Return those of the cells that are of a sub-category, compared with nobody else."""
        some = self.only(np.flatnonzero(fellows.mask[self.rows]))
        return replace(some, fellows=fellows, facts=self.facts.among(fellows))

    def everybody(self) -> "Cells":
        """Return the cells of all units to which the indicator applies, to compare them.

        What is taken for them is told of nobody: each tells it of itself.
        """
        rows = self.sources.rows_without(self.results.out(self.code))
        return self.quietly(rows if self.fellows is None else rows[self.fellows.mask[rows]])

    def records(self, kind: str) -> Mapping[int, Sequence[Entry]]:
        """Return what was entered of one kind for those that are compared, by row."""
        records, fellows = self.sources.records(self.code, kind), self.fellows
        if fellows is None:
            return records
        return {row: records[row] for row in fellows.rows if row in records}

    def quietly(self, rows: Rows) -> "Cells":
        """Return the cells of these of all rows; what is taken for them is told of nobody."""
        return replace(self, rows=rows, log=_UNTOLD)

    def by_own_params(self) -> "Iterator[tuple[Rows, Cells]]":
        """Yield positions among the rows with their cells under the units' own parameters.

        Units with the same parameters come together.
        """
        own = self.indicator.per_unit_params
        units, common = self.sources.units, list[int]()
        apart: dict[str, list[int]] = {}
        for at, row in enumerate(self.rows.tolist()):
            override = own.get(units[row])
            (common if not override else apart.setdefault(repr(override), [])).append(at)
        base = self.indicator.parameters
        for listed in (common, *apart.values()):
            if listed:
                rows = np.array(listed)
                override = own.get(units[int(self.rows[rows[0]])]) or {}
                params = base.with_(override) if override else base
                yield rows, replace(self.only(rows), params=params)

    # Inputs.

    def measured(self, name: str, item: str | None = None) -> Column:
        """Return the measured values of that name, for the year or the period.

        With `carry_over` the latest earlier period stands in for one without a value.
        """
        key = self.key or name
        return self._one(MEASURED_VALUE, key, item, key)

    def places_given(self) -> tuple[Column, Mapping[int, SuperiorList]]:
        """Return the places that the superior's lists give, for the year or the period, and these
        lists by position among the rows; of an earlier period with `carry_over`."""
        own = self.period or self.sources.year
        column = self._one(SUPERIOR_RANK, None, None, SUPERIOR_RANK)
        lists = dict[int, SuperiorList]()
        for at, row in enumerate(self.rows.tolist()):
            about = self._latest(row, (own, *self.earlier)) if at not in column.gaps else None
            if about is not None and about.superior_list is not None:
                lists[at] = about.superior_list
        self.log.add(self.rows, lambda at: self._told_of(lists.get(at)))
        return column, lists

    def found_elsewhere(self, name: str, late: str) -> tuple[Column, Mapping[int, Entry]]:
        """Return what another system found for the year, and the entries by position among the
        rows; where it has not come and is `late`, last year's result that stands in for it."""
        key = None if name == GRADE else name
        came = self._results(key, None)
        stood = self._results(key, LAST_YEAR) if late == LAST_YEAR else {}
        found, size = stood | came, range(len(self))
        used = _alone(found)
        left = _alone({at: stood[at] for at in used.keys() & came.keys() & stood.keys()})
        gaps = {at: _gap_of(name, len(found.get(at, ()))) for at in size if at not in used}
        notes = dict.fromkeys(used.keys() - came.keys(), (Note(_last_years(name), carried=True),))
        self.log.add(self.rows, lambda at: _told_of_results(name, used.get(at), left.get(at)))
        values = Quotients.of([_number_of(used.get(at)) for at in size])
        return Column(values, gaps, notes), used

    def _results(self, key: str | None, item: str | None) -> dict[int, list[Entry]]:
        """Return what another system found, by position among the rows that have any."""
        slot = self.sources.slot(self.code, EXTERNAL_RESULT, key, item, self.sources.year)
        if slot is None:
            return {}
        of_rows = ((at, slot.of(row)) for at, row in enumerate(self.rows.tolist()))
        said = ((at, [e for e in found if _says(e, key)]) for at, found in of_rows)
        return {at: entries for at, entries in said if entries}

    def _told_of(self, found: SuperiorList | None) -> Iterator[UsedInput]:
        if found is not None:
            document = f"{found.document_no}, {found.document_date}"
            for name, text in (("listed", str(found.listed)), ("document", document)):
                yield UsedInput(_label(name, None, self.period), text, "ledger")

    def _latest(self, row: int, periods: Iterable[str]) -> Entry | None:
        for period in periods:
            slot = self.sources.slot(self.code, SUPERIOR_RANK, None, None, period)
            if slot is not None and slot.of(row):
                return slot.of(row)[0]
        return None

    def _one(self, kind: str, key: str | None, item: str | None, name: str) -> Column:
        """Return the one number that is entered of a kind under a key, called by its name."""
        own = self.period or self.sources.year
        shown = f"{name} of {self.borrowed_from}" if self.borrowed_from else name
        wanted = SlotKey(key, item, own)
        carries = self.indicator.missing == "carry_over" and self.earlier
        column = self._number(kind, wanted, shown, _label(shown, item, self.period))
        if not (carries and column.gaps):
            return column
        return self._carried(column, shown, wanted, kind)

    def _number(self, kind: str, wanted: SlotKey, shown: str, label: str) -> Column:
        """Return the number of a period, its own or what those of shorter ones come to."""
        parts = self._parts(kind, wanted)
        if parts is not None:
            return self._combined(parts, wanted, shown, label)
        slot = self.sources.slot(self.code, kind, *wanted)
        return self.single(slot, label, _label(shown, wanted.item, wanted.period))

    def _parts(self, kind: str, wanted: SlotKey) -> ShorterPeriods | None:
        """Return what shorter periods make the value of a period; None where it is entered."""
        indicator = self.sources.indicators.get(self.code)
        if indicator is None or indicator.combine is None or kind != MEASURED_VALUE:
            return None
        periods = combined_from(indicator, wanted.period)
        slots = (self.sources.slot(self.code, kind, *wanted[:2], each) for each in periods)
        wants_all = indicator.combine_requires is not None
        if not periods:
            return None
        return ShorterPeriods(indicator.combine, wants_all, periods, tuple(slots))

    def _combined(self, parts: ShorterPeriods, wanted: SlotKey, shown: str, label: str) -> Column:
        """Return what the values of shorter periods come to; a row without any has a gap, one with
        several for a period as well, and where all are wanted one that lacks one."""
        names = [_label(shown, wanted.item, period) for period in parts.periods]
        whole = _label(shown, wanted.item, wanted.period)
        of_rows = enumerate(parts.counts(self.rows).T.tolist())
        found = ((at, _gaps_of_parts(parts, names, whole, counts)) for at, counts in of_rows)
        column = Column(parts.values(self.rows), {at: why for at, why in found if why})
        self._log_parts(parts, names, label, column)
        return column

    def _log_parts(
        self, parts: ShorterPeriods, names: Sequence[str], label: str, column: Column
    ) -> None:
        """Remember each part with its entry, the periods without one, and what they come to."""
        rows = self.rows

        def find(at: int) -> Iterator[UsedInput]:
            row = int(rows[at])
            for name, slot in zip(names, parts.slots, strict=True):
                for entry in slot.of(row) if slot is not None else ():
                    value = show(entry.value or Decimal(0))
                    yield UsedInput(name, value, "ledger", (entry.entry_id,))
            lacking = parts.lacking(row)
            if 0 < len(lacking) < len(names):
                yield UsedInput(f"{label}, {NOT_ENTERED}", ", ".join(lacking), "ledger")
            if at not in column.gaps:
                told = f"{label}, {WHOLE[parts.how]}"
                yield UsedInput(told, show(column.values.at(at)), "ledger")

        self.log.add(rows, find)

    def _counted(self, kind: str, wanted: SlotKey) -> Array:
        """Return how many entries the rows have for a period, or for those that make it."""
        parts = self._parts(kind, wanted)
        if parts is not None:
            return np.asarray(parts.counts(self.rows).sum(axis=0))
        slot = self.sources.slot(self.code, kind, *wanted)
        return np.zeros(len(self), dtype=np.intp) if slot is None else slot.counts[self.rows]

    def _carried(self, column: Column, shown: str, wanted: SlotKey, kind: str) -> Column:
        key, item, own = wanted
        absent = {row for row, why in column.gaps.items() if why[0].absent}
        for period in self.earlier:
            earlier = SlotKey(key, item, period)
            entered = self._counted(kind, earlier) if absent else ()
            rows = [row for row in absent if entered[row]]
            if not rows:
                continue
            absent.difference_update(rows)
            some = np.array(sorted(rows))
            label = f"{_label(shown, item, self.period)}, carried over from {period}"
            found = self.only(some)._number(kind, earlier, shown, label)
            note = Note(_carried_over(shown, own, period), carried=True)
            column = _laid(column, some, found, note)
        return column

    def single(
        self, slot: Slot | None, label: str, wanting: str, shown: Callable[[int], str] | None = None
    ) -> Column:
        """Return the one number that each row has in a slot; none and several are gaps."""
        if slot is None:
            gap = (missing(wanting),)
            return Column(Quotients.same(0, len(self)), dict.fromkeys(range(len(self)), gap))
        whole = len(self) == slot.size
        counts = slot.counts if whole else slot.counts[self.rows]
        values = slot.numbers if whole else slot.numbers.take(self.rows)
        self.log_slot(slot, label)
        return Column(values, _gaps_of(counts, wanting))

    def log_slot(self, slot: Slot, label: str) -> None:
        """Remember the one entry that rows have in a slot."""
        rows = self.rows

        def find(at: int) -> Iterator[UsedInput]:
            entries = slot.of(int(rows[at]))
            if len(entries) == 1:
                (entry,) = entries
                text = entry.word or "" if entry.value is None else show(entry.value)
                yield UsedInput(label, text, "ledger", (entry.entry_id,))

        self.log.add(rows, find)

    def entered(self, name: str) -> Mask:
        """Say for which rows a measured value of that name was entered, however often."""
        wanted = SlotKey(name, None, self.period or self.sources.year)
        return self._counted(MEASURED_VALUE, wanted) > 0

    def target(self, item: str | None = None) -> Column:
        """Return the targets of the indicator, or of one of its items."""
        return self._aim("target", item)

    def baseline(self, item: str | None = None) -> Column:
        """Return the baselines (基数)."""
        return self._aim("baseline", item)

    def pledge(self, item: str | None = None) -> Column:
        """Return what the units themselves have pledged (自报数)."""
        return self._aim("pledge", item)

    def lowered(self) -> Mask:
        """Say for which rows a revision has lowered the target (目标调低)."""
        mask = np.zeros(self.sources.size, dtype=np.bool_)
        for row, target in self._aims(None).of.items():
            mask[row] = target.lowered
        return mask[self.rows]

    def planned(self) -> dict[str, Mapping[int, Target]]:
        """Return the items that have targets, in natural order, with whose they are by row."""
        items = self.sources.targets(self.code)
        named = sorted((item for item in items if item is not None), key=natural)
        return {item: items[item].of for item in named}

    def _aims(self, item: str | None) -> TargetsByRow:
        """Return where targets are: a period's own (累计目标) come before those of the year."""
        targets = self.sources.targets(self.code)
        of_year = targets.get(item or self.key) or TargetsByRow({})
        ending = self.period and self.period.removeprefix(self.sources.year)
        own = targets.get(ending) if ending and item is None else None
        return of_year if own is None else TargetsByRow({**of_year.of, **own.of})

    def _aim(self, name: str, item: str | None) -> Column:
        aims = self._aims(item)
        shown = f"{name} of {self.borrowed_from}" if self.borrowed_from else name

        def used(at: int) -> Iterator[UsedInput]:
            target = aims.of.get(int(self.rows[at]))
            value = None if target is None else getattr(target, name)
            if target is not None and value is not None:
                standing = (target.version, target.state, target.set_by)
                yield UsedInput(
                    _label(shown, target.item, None), show(value), "target", (), *standing
                )

        self.log.add(self.rows, used)
        values, wanting = aims.column(name, self.sources.size)
        gaps, known = dict[int, Reasons](), dict[str | None, Reasons]()
        for row in wanting:
            target = aims.of.get(row)
            which = target.item if target else item or self.key
            known.setdefault(which, (missing(_label(shown, which, None)),))
            gaps[row] = known[which]
        return Column(values, gaps).take(self.rows)

    def satisfaction(self, survey: str) -> "tuple[Column, Gaps]":
        """Return what a survey found, and the rows that it does not rate."""
        found, notes = list[Decimal](), dict[int, tuple[Note, ...]]()
        gaps, not_rated = dict[int, Reasons](), dict[int, Reasons]()
        for at, row in enumerate(self.rows.tolist()):
            value = self.sources.satisfaction(survey, row)
            if isinstance(value, ShortSample | CorrectedResult):
                reasons = value.reasons(survey)
                if not value.rated:
                    not_rated[at] = reasons
                elif value.satisfaction is None:
                    gaps[at] = reasons
                else:
                    notes[at] = tuple(Note(reason, carried=False) for reason in reasons)
                value = value.satisfaction if value.rated else None
            elif value is None:
                gaps[at] = (_unsurveyed(survey, self.sources.units[row]),)
            found.append(value or Decimal(0))
        column = Column(Quotients.of(found), gaps, notes)
        self.log_numbers(f"satisfaction, {survey}", column, "survey", besides=not_rated)
        return column, not_rated

    def score_of(self, indicator: str) -> Column:
        """Return what the units have scored in another indicator."""
        name = f"score of {indicator}"
        found = self.results.scores(indicator)
        gaps = {
            row: (replace(missing(name), absent=not self.results.is_undefined(indicator, row)),)
            for row in found.gaps
        }
        column = Column(found.values, gaps).take(self.rows)
        self.log_numbers(name, column, "score")
        return column

    def rank_of(self, indicator: str) -> Column:
        """Return the places that their scores in another indicator give the units."""
        name, found = f"rank of {indicator}", self.results.ranks(indicator, self.fellows)
        numbers, gaps = list[int](), dict[int, Reasons]()
        for at, row in enumerate(self.rows.tolist()):
            if row not in found:
                undefined = self.results.is_undefined(indicator, row)
                gaps[at] = (replace(missing(name), absent=not undefined),)
            numbers.append(int(found.get(row) or 0))
        column = Column(Quotients.of(numbers), gaps)
        self.log_numbers(name, column, GROUP)
        return column

    # What is told.

    def note(self, name: str, value: Callable[[int], str], source: str = GROUP) -> None:
        """Remember something that the scores were computed from; `value` tells it of a row."""
        label = _label(name, None, self.period)
        self.log.add(self.rows, lambda at: (UsedInput(label, value(at), source),))

    def log_numbers(
        self, name: str, column: Column, source: str, besides: Mapping[int, object] = NO_GAPS
    ) -> None:
        """Remember the numbers of a column that the rows have."""

        def find(at: int) -> Iterator[UsedInput]:
            if at not in column.gaps and at not in besides:
                yield UsedInput(name, show(column.values.at(at)), source)

        self.log.add(self.rows, find)

    # Rows that have all inputs.

    def given(
        self, *columns: Column, gaps: Gaps = NO_GAPS, not_rated: Gaps = NO_GAPS
    ) -> "CompleteCells":
        """Keep the rows in which every column has a number and which have no other gap."""
        found = joined([gaps, *(column.gaps for column in columns)])
        notes = joined(column.notes for column in columns)
        everything = CompleteCells(
            self, self, None, tuple(c.values for c in columns), {}, notes, {}
        )
        return everything.without(found, not_rated)

    def apart(self, mask: Mask, *ways: "Callable[[Cells], Unrounded]") -> Unrounded:
        """Score the rows of a mask one way and the others another way."""
        pieces = []
        for rows, way in zip((np.flatnonzero(mask), np.flatnonzero(~mask)), ways, strict=True):
            if len(rows):
                pieces.append((rows, way(self.only(rows))))
        return merged(len(self), pieces)


@dataclass(frozen=True, slots=True)
class CompleteCells:
    """Rows that have all their inputs, and the inputs; those that fell out keep their reasons.

    `asked` are the cells that were asked for, `cells` those that are left, `rows` their positions
    among the asked ones, None where none has fallen out. Gaps and notes are by the positions asked
    for.
    """

    asked: Cells
    cells: Cells
    rows: Rows | None
    inputs: tuple[Quotients, ...]
    gaps: Gaps
    notes: Mapping[int, tuple[Note, ...]]
    not_rated: Gaps

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Quotients]:
        return iter(self.inputs)

    def without(self, gaps: Gaps, not_rated: Gaps = NO_GAPS) -> "CompleteCells":
        """Let rows fall out, by their position among those that are left, for these reasons."""
        if not gaps and not not_rated:
            return self
        size = len(self.cells)
        left = without(size, {**gaps, **not_rated})
        of = range(size) if self.rows is None else self.rows.tolist()
        return CompleteCells(
            self.asked,
            replace(self.cells, rows=self.cells.rows[left]),
            left if self.rows is None else self.rows[left],
            tuple(values.take(left) for values in self.inputs),
            {**self.gaps, **{of[at]: why for at, why in gaps.items() if at not in not_rated}},
            self.notes,
            {**self.not_rated, **{of[at]: why for at, why in not_rated.items()}},
        )

    def also(self, column: Column) -> "CompleteCells":
        """Take one more input of the rows that are left; those without it fall out."""
        return replace(self, inputs=(*self.inputs, column.values)).without(column.gaps)

    def undefined(self, mask: Mask, why: Callable[[int], Reason]) -> "CompleteCells":
        """Let the rows of a mask fall out: their inputs are there, but mean nothing here."""
        return self.without({at: (why(at),) for at in np.flatnonzero(mask).tolist()})

    def scored(self, values: Quotients, tell: Tell, excess: Quotients | None = None) -> Unrounded:
        """Return the scores of all cells that were asked for."""
        notes = {row: said for row, said in self.notes.items() if row not in self.gaps}
        if self.rows is None:
            return Unrounded(values, tell, notes=notes, excess=excess)
        size, rows = len(self.asked), self.rows
        position = {row: at for at, row in enumerate(rows.tolist())}
        return Unrounded(
            values.spread(rows, size),
            lambda row: tell(position[row]),
            self.gaps,
            notes,
            self.not_rated,
            None if excess is None else excess.spread(rows, size),
        )

    def scored_by(self, way: "Callable[[CompleteCells], Unrounded]") -> Unrounded:
        """Return the scores that a way gives for the rows that are left, if any is left.

        What has no meaning for all of them (the best value is 0) the way refuses.
        """
        if not len(self):
            return self.nothing()
        try:
            return way(self)
        except Gap as gap:
            return self.without(dict.fromkeys(range(len(self)), gap.reasons)).nothing()

    def nothing(self) -> Unrounded:
        """Return that no row has a score."""
        return self.scored(Quotients.same(0, len(self)), lambda _: AppliedRule("", ""))

    def pick(self, rows: Rows) -> "CompleteCells":
        """Return some of the rows that are left, with their inputs, asked for by themselves."""
        cells = self.cells.only(rows)
        return CompleteCells(
            cells, cells, None, tuple(v.take(rows) for v in self.inputs), {}, {}, {}
        )

    def apart(self, mask: Mask, *ways: "Callable[[CompleteCells], Unrounded]") -> Unrounded:
        """Score the rows of a mask one way and the others another way."""
        pieces = []
        for rows, way in zip((np.flatnonzero(mask), np.flatnonzero(~mask)), ways, strict=True):
            if len(rows):
                given = self if len(rows) == len(self) else self.pick(rows)
                pieces.append((rows, given, way(given)))
        if len(pieces) == 1 and pieces[0][1] is self:
            return pieces[0][2]
        found = merged(len(self), [(rows, scored) for rows, _, scored in pieces])
        whole = self.without(found.gaps, found.not_rated)
        if whole is self:
            return self.scored(found.values, found.tell, found.excess)
        left = without(len(self), {**found.gaps, **found.not_rated})
        return whole.scored(
            found.values.take(left),
            lambda at: found.tell(int(left[at])),
            None if found.excess is None else found.excess.take(left),
        )


def _laid(column: Column, rows: Rows, over: Column, note: Note) -> Column:
    """Return a column with the numbers of another in some rows, and a note where it has any."""
    size, listed = len(column.values), rows.tolist()
    mask = np.zeros(size, dtype=np.bool_)
    mask[rows] = True
    gaps = {row: why for row, why in column.gaps.items() if not mask[row]}
    gaps |= {listed[at]: why for at, why in over.gaps.items()}
    notes = {row: (note,) for at, row in enumerate(listed) if at not in over.gaps}
    values = over.values.spread(rows, size).where(mask, column.values)
    return Column(values, gaps, {**column.notes, **notes})


def _gaps_of(counts: Array, label: str) -> dict[int, Reasons]:
    """Return the gaps of rows that have no entry, or several where one is wanted."""
    single = counts == 1
    if single.all():
        return {}
    none, gaps = (missing(label),), dict[int, Reasons]()
    for row in np.flatnonzero(~single).tolist():
        number = int(counts[row])
        gaps[row] = none if number == 0 else (several(label, number),)
    return gaps


def _gaps_of_parts(
    parts: ShorterPeriods, names: Sequence[str], whole: str, counts: list[int]
) -> Reasons:
    """Return why a row with so many entries for each shorter period has no value, if it has none:
    for none of them there is one, for one there are several, or where all are wanted one lacks."""
    counted = list(zip(names, counts, strict=True))
    if not any(counts):
        return (missing(whole),)
    twice = tuple(several(name, number) for name, number in counted if number > 1)
    lacking = (missing(name) for name, number in counted if not number)
    return twice or (tuple(lacking) if parts.all_wanted else ())


def missing(label: str) -> Reason:
    """Return the reason that an input has not been entered."""
    return Reason(f"{label} is missing.", f"缺少{name_zh(label)}。")


def several(label: str, number: int) -> Reason:
    """Return the reason that there are several entries where one is wanted."""
    return Reason(
        f"{label}: {number} verified entries; reverse all but one.",
        f"{name_zh(label)}：有{number}条已审核记录，请冲销多余的记录。",
        absent=False,
    )


def _carried_over(name: str, period: str, taken_from: str) -> Reason:
    return Reason(
        f"{name} of {period} is that of {taken_from}.",
        f"{period}的{name_zh(name)}沿用{taken_from}。",
    )


def _says(entry: Entry, key: str | None) -> bool:
    """Say whether a result says something: a grade its word, all else a number."""
    return (entry.word if key is None else entry.value) is not None


def _alone(found: Mapping[int, Sequence[Entry]]) -> dict[int, Entry]:
    return {at: entries[0] for at, entries in found.items() if len(entries) == 1}


def _number_of(entry: Entry | None) -> Decimal:
    return Decimal(0) if entry is None or entry.value is None else entry.value


def _gap_of(name: str, number: int) -> Reasons:
    return (several(name, number) if number else missing(name),)


def _last_years(name: str) -> Reason:
    return Reason(
        f"{name} is last year's: this year's has not come.",
        f"{name_zh(name)}沿用上年结果，本年结果未到。",
    )


def _told_of_results(name: str, used: Entry | None, left: Entry | None) -> Iterator[UsedInput]:
    """Yield what a score was computed from, with its document, and last year's result that stood
    in for it until it came."""
    for entry in (used, left):
        if entry is None:
            continue
        label = f"{name}, last year's" if stands_in(entry) else name
        value = entry.word or "" if entry.value is None else show(entry.value)
        ids = (entry.entry_id,)
        yield UsedInput(label, value, "ledger", ids, counted=entry is used)
        if entry is used and entry.result_document is not None:
            yield from _told_of_document(entry.result_document)


def _told_of_document(found: ResultDocument) -> Iterator[UsedInput]:
    document = f"{found.authority}, {found.document_no}, {found.document_date}"
    yield UsedInput("document", document, "ledger")
    yield UsedInput("about", f"{found.about_from} – {found.about_until}", "ledger")
    if found.listed is not None:
        yield UsedInput("listed", str(found.listed), "ledger")


def _unsurveyed(survey: str, unit: str) -> Reason:
    return Reason(
        f"Survey {survey} has no satisfaction for {unit}.",
        f"调查“{survey}”没有{unit}的满意度。",
    )


def _label(name: str, item: str | None, period: str | None) -> str:
    if item is None and period is None:
        return name
    return ", ".join(part for part in (name, item and f"item {item}", period) if part)


Method = Callable[[Cells], Unrounded]
"""Scores cells of an indicator: a column of scores, and how to tell of each."""
