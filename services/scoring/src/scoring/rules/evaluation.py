"""What every indicator of a category comes to for every unit, in two passes and more.

Column by column: an indicator is computed for all units before the next one, in an order in which
each comes after what it reads. A column is what the scheme's policies for missing data and ties
look at, and ranks are places within one.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from scoring.rules.cells import combined, declared_out, scored_from
from scoring.rules.entries import NOT_APPLICABLE, Entry
from scoring.rules.facts import Facts
from scoring.rules.inputs import GROUP, Inputs, Scores, Used
from scoring.rules.methods.relative import ranks
from scoring.rules.methods.scored import Scored
from scoring.rules.outcomes import Moves, Outcome, Outcomes
from scoring.rules.plan import Plan
from scoring.rules.policies import settle_column
from scoring.rules.redistribution import moves_of
from scoring.rules.scheme import Indicator, Rounding

Declared = Mapping[str, Mapping[str, Entry]]
"""The entries that declare indicators not applicable, by unit and indicator."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The outcomes of a category by indicator and unit: `raw` before the policies, and `settled`.

    `moves` are those of the units of which points go to an indicator by name.
    """

    raw: Mapping[str, Outcomes]
    settled: Mapping[str, Outcomes]
    moves: Mapping[str, Moves]
    declared: Declared


@dataclass(frozen=True, slots=True)
class Touched:
    """What may have changed since columns were computed.

    `cells` are the units by indicator of which an entry, a target or a survey changed, `units`
    those for which another indicator is not applicable now.
    """

    cells: Mapping[str, Set[str]]
    units: Set[str]


@dataclass(slots=True)
class _Results:
    """What one unit has scored so far, for those indicators that read it."""

    unit: str
    settled: Mapping[str, Outcomes]
    places: dict[str, dict[str, int]]
    indicators: Mapping[str, Indicator]

    def score_of(self, indicator: str) -> Decimal | None:
        outcome = self.settled.get(indicator, {}).get(self.unit)
        return outcome.scored.score if outcome and outcome.scored else None

    def rank_of(self, indicator: str) -> int | None:
        if indicator not in self.places:
            column = self.settled.get(indicator, {})
            scores = {unit: each.scored.score for unit, each in column.items() if each.scored}
            self.places[indicator] = ranks(scores, "higher", "same_rank_skip")
        return self.places[indicator].get(self.unit)

    def is_undefined(self, indicator: str) -> bool:
        known = self.indicators.get(indicator)
        below = [] if known is None else [self.settled.get(each.code, {}) for each in known.walk()]
        outcomes = [column[self.unit] for column in below if self.unit in column]
        return any(not reason.absent for outcome in outcomes for reason in outcome.missing)


def _same(one: Outcome, other: Outcome) -> bool:
    """Say whether two outcomes are explained alike, which equal scores need not be."""
    return one is other or (one == other and _written(one.scored) == _written(other.scored))


def _written(scored: Scored | None) -> list[str]:
    if scored is None:
        return []
    return [scored.formula, *(line for _, part in scored.parts for line in _written(part))]


def declared_among(entries: Iterable[Entry], plan: Plan) -> Declared:
    """Return what is declared not applicable to the units of a category; of several the first.

    What lies below an indicator that is declared itself has nothing more to say.
    """
    found: dict[str, dict[str, Entry]] = {}
    units = frozenset(plan.category.units)
    for entry in sorted(entries, key=lambda each: each.entry_id.int):
        if (
            entry.kind == NOT_APPLICABLE
            and entry.unit in units
            and entry.indicator in plan.indicators
        ):
            found.setdefault(entry.unit, {}).setdefault(entry.indicator, entry)
    for declared in found.values():
        for code in list(declared):
            below = [each.code for each in plan.indicators[code].walk()][1:]
            for each in below:
                declared.pop(each, None)
    return found


@dataclass(slots=True)
class Evaluation:
    """One run through the columns of a category; `before` and `touched` when something is known."""

    plan: Plan
    rounding: Rounding
    facts: Facts
    declared: Declared
    before: Columns | None = None
    touched: Touched | None = None
    raw: dict[str, Outcomes] = field(default_factory=dict)
    settled: dict[str, Outcomes] = field(default_factory=dict)
    moves: dict[str, Moves] = field(default_factory=dict)
    changed: dict[str, frozenset[str]] = field(default_factory=dict)
    out: dict[str, frozenset[str]] = field(default_factory=dict)

    def run(self) -> Columns:
        """Return all columns; `changed` says afterwards which units have another outcome."""
        for unit, declared in self.declared.items():
            moves = moves_of(sorted(declared), self.plan.indicators, self.plan.receivers)
            if moves is not None:
                self.moves[unit] = moves
        for indicator in self.plan.order:
            self._column(indicator)
        return Columns(self.raw, self.settled, self.moves, self.declared)

    def _column(self, indicator: Indicator) -> None:
        code, places = indicator.code, indicator.places(self.rounding)
        evaluate = self._parent if indicator.children else self._leaf
        ranked: dict[str, dict[str, int]] = {}
        units = self._to_do(indicator)
        fresh = {unit: evaluate(indicator, unit, places, ranked) for unit in units}
        if self.before is None:
            self.raw[code] = fresh
        else:
            self.raw[code] = {**self.before.raw[code], **fresh} if fresh else self.before.raw[code]
        if self.before is not None and not fresh:
            self.settled[code] = self.before.settled[code]
            self.changed[code] = frozenset()
            return
        self.settled[code] = settle_column(indicator, places, self.raw[code])
        if self.before is not None:
            old, new = self.before.settled[code], self.settled[code]
            self.changed[code] = frozenset(u for u in new if not _same(new[u], old[u]))

    def _to_do(self, indicator: Indicator) -> Iterable[str]:
        """Return the units whose outcome has to be computed, in the category's order."""
        units = self.plan.category.units
        if self.before is None or self.touched is None:
            return units
        todo = {*self.touched.cells.get(indicator.code, ())}
        for child in indicator.children:
            todo |= self.changed[child.code]
        reads = self.plan.reads.get(indicator.code)
        if reads is not None:
            for each in self._read_scores(reads.scores):
                todo |= self.changed.get(each.code, frozenset())
            if (reads.group and todo) or any(self.changed.get(code) for code in reads.ranks):
                return units
        return [unit for unit in units if unit in todo] if todo else ()

    def _read_scores(self, codes: Iterable[str]) -> Iterator[Indicator]:
        """Yield the indicators that are read, and those below: of these only why there is none."""
        for code in codes:
            if (read := self.plan.indicators.get(code)) is not None:
                yield from read.walk()

    def _leaf(
        self, indicator: Indicator, unit: str, places: int, ranked: dict[str, dict[str, int]]
    ) -> Outcome:
        if (entry := self._declared(indicator.code, unit)) is not None:
            return declared_out(entry)
        outcome = scored_from(indicator, self._inputs(indicator, places, ranked, unit))
        return self._marked(outcome) if self.plan.reads[indicator.code].compares else outcome

    def _marked(self, outcome: Outcome) -> Outcome:
        """Return an outcome that rests on other units with an input that says so.

        A method that looks at others without telling would have its formula read by the unit.
        """
        own = outcome.scored is None and all(reason.absent for reason in outcome.missing)
        if own or any(used.source == GROUP for used in outcome.used):
            return outcome
        others = Used("units of the category", str(len(self.plan.category.units)), GROUP)
        return replace(outcome, used=(*outcome.used, others))

    def _inputs(
        self, indicator: Indicator, places: int, ranked: dict[str, dict[str, int]], unit: str
    ) -> Inputs:
        return Inputs(
            self.facts,
            self.plan.category.units,
            unit,
            indicator.code,
            points=indicator.points,
            params=indicator.parameters_of(unit),
            places=places,
            scores=self._scores(indicator, unit, ranked),
            out=self._out,
            peer=partial(self._inputs, indicator, places, ranked),
            period_params=indicator.period_params,
            carry_over=indicator.missing == "carry_over",
            frequency=indicator.frequency,
        )

    def _declared(self, code: str, unit: str) -> Entry | None:
        """Return the entry that declares the indicator, or one above it, not applicable."""
        declared = self.declared.get(unit, {})
        codes = self.plan.lines[code] if declared else ()
        return next((declared[each] for each in codes if each in declared), None)

    def _out(self, code: str) -> frozenset[str]:
        if code not in self.out:
            units = (unit for unit in self.declared if self._declared(code, unit))
            self.out[code] = frozenset(units)
        return self.out[code]

    def _scores(
        self, indicator: Indicator, unit: str, ranked: dict[str, dict[str, int]]
    ) -> Scores | None:
        reads = self.plan.reads[indicator.code]
        if not reads.others:
            return None
        return _Results(unit, self.settled, ranked, self.plan.indicators)

    def _parent(
        self, indicator: Indicator, unit: str, places: int, _: dict[str, dict[str, int]]
    ) -> Outcome:
        if (entry := self._declared(indicator.code, unit)) is not None:
            return declared_out(entry)
        outcomes = [self.settled[child.code][unit] for child in indicator.children]
        of_scheme = self.rounding.places
        return combined(indicator, outcomes, self.moves.get(unit), places, of_scheme=of_scheme)
